/* SPDX-License-Identifier: MIT
 *
 * steps - the statements that lead from one version of the schema to the next.
 */
#ifndef KITH_STORE_STEPS_H
#define KITH_STORE_STEPS_H

#include "store/schema.h"

/* steps[n] leads from version n to n + 1.  A step that was released is never changed.  They run inside
 * a transaction, with foreign keys off, and may call what functions.h adds. */
extern const char *const kith_schema_steps[KITH_SCHEMA_VERSION];

#endif
