/* SPDX-License-Identifier: MIT
 *
 * home - where a person's kith lives on disk.
 */
#ifndef KITH_BASE_HOME_H
#define KITH_BASE_HOME_H

#include <kith/bytes.h>

#define KITH_HOME_KEY        "identity.key" /* the secret, crypto/keyfile.h */
#define KITH_HOME_STORE      "kith.db"      /* the store, store.h */
#define KITH_HOME_NODE_LOCK  "node.lock"    /* held by the one node of this home */
#define KITH_HOME_NODE_LOG   "node.log"     /* what a node says that was started with --detach */
#define KITH_HOME_INIT_LOCK  "init.lock"    /* held during the first run, and while keys change */
#define KITH_HOME_NEXT       "next"         /* a folder: keys that are to come, crypto/keyring.h */
#define KITH_HOME_RETIRED    "retired.key"  /* secrets of keys that were left, the same */
#define KITH_HOME_REVOCATION "revocation.kith" /* made with the key, for when it is lost */
#define KITH_HOME_DEVICE     "device"          /* which machine this is; never leaves it */

/*
 * Puts the home folder's path into the empty buffer out: chosen if not NULL or "", else $KITH_HOME,
 * else $XDG_DATA_HOME/kith, else $HOME/.local/share/kith; made absolute, not created.
 * KITH_ERR_USAGE: nothing of that is set; KITH_ERR_NOMEM.
 */
enum kith_err kith_home_path(
	const char *chosen, struct kith_buf *out, struct kith_diag *diag) KITH_MUST_CHECK;

/*
 * Puts the path of the node's control socket for that home into the empty buffer out and makes the
 * folder that holds it (0700, not a symbolic link): the first of $XDG_RUNTIME_DIR/kith/ID,
 * $TMPDIR/kith-UID/ID and /tmp/kith-UID/ID that fits, since a Unix socket path holds only 107
 * bytes.  ID is a 64-bit FNV-1a hash of the home's real path.
 * The home must exist.  Errors: KITH_ERR_MISSING (it does not), KITH_ERR_PERMISSION (the folder is
 * somebody else's, open to others, or a link), KITH_ERR_NOMEM, and those of kith_file_fail.
 */
enum kith_err kith_home_socket(
	const char *home, struct kith_buf *out, struct kith_diag *diag) KITH_MUST_CHECK;

#endif
