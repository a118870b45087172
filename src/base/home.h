/* SPDX-License-Identifier: MIT
 *
 * home - where a person's kith lives on disk.
 */
#ifndef KITH_BASE_HOME_H
#define KITH_BASE_HOME_H

#include <kith/bytes.h>

#define KITH_HOME_KEY       "identity.key" /* the secret, crypto/keyfile.h */
#define KITH_HOME_STORE     "kith.db"      /* the store, store.h */
#define KITH_HOME_NODE_LOCK "node.lock"    /* held by the one node of this home */
#define KITH_HOME_INIT_LOCK "init.lock"    /* held during the first run */

/*
 * Puts the home folder's path into the empty buffer out: chosen if not NULL or "", else $KITH_HOME,
 * else $XDG_DATA_HOME/kith, else $HOME/.local/share/kith; made absolute, not created.
 * KITH_ERR_USAGE: nothing of that is set; KITH_ERR_NOMEM.
 */
enum kith_err kith_home_path(
	const char *chosen, struct kith_buf *out, struct kith_diag *diag) KITH_MUST_CHECK;

/*
 * Puts the path of the node's control socket for that home into the empty buffer out and makes the
 * folder that holds it (0700): $XDG_RUNTIME_DIR/kith/ID, else TMPDIR/kith-UID/ID, where ID is a
 * 64-bit FNV-1a hash of the home's real path, since a Unix socket path holds only 107 bytes.
 * The home must exist.  Errors: KITH_ERR_MISSING, KITH_ERR_PERMISSION, KITH_ERR_LIMIT (the runtime
 * folder's path is too long), KITH_ERR_NOMEM.
 */
enum kith_err kith_home_socket(
	const char *home, struct kith_buf *out, struct kith_diag *diag) KITH_MUST_CHECK;

#endif
