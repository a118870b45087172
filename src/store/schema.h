/* SPDX-License-Identifier: MIT
 *
 * schema - the tables, and how an older store becomes a newer one.  The reasons: proto/store.md.
 */
#ifndef KITH_STORE_SCHEMA_H
#define KITH_STORE_SCHEMA_H

#include "store/db.h"

#define KITH_SCHEMA_APPLICATION 0x4B495448 /* "KITH", PRAGMA application_id */
#define KITH_SCHEMA_VERSION     5          /* PRAGMA user_version that this kith writes */

/* Looks at what was opened, changing nothing.
 * *ret_version: 0 to KITH_SCHEMA_VERSION.  Store errors, KITH_ERR_STORE_NEWER. */
enum kith_err kith_schema_check(struct kith_store *store, int64_t *ret_version) KITH_MUST_CHECK;

/* Brings the tables up to date, each step in a transaction of its own; several processes may do so
 * at once.  Store errors. */
enum kith_err kith_schema_migrate(struct kith_store *store) KITH_MUST_CHECK;

/* Appends the bytes of a new, empty store, up to date and in WAL mode.  KITH_ERR_STORE, _NOMEM. */
enum kith_err kith_schema_image(struct kith_buf *out) KITH_MUST_CHECK;

#endif
