/* SPDX-License-Identifier: MIT
 *
 * latin - a text in letters of ASCII, for readers that know no others: "Grüße" is "Grusse", "Ада" is
 * "Ada".  By ICU, whose tables are loaded when the first text comes.  Not thread-safe.
 * ICU, unlike kith, does not outlive memory that runs out here: only for who asks for it.
 */
#ifndef KITH_BASE_LATIN_H
#define KITH_BASE_LATIN_H

#include <kith/bytes.h>

/*
 * Appends it; what has no likeness among printable ASCII is left out, so nothing may remain.  Text that
 * is ASCII stays as it is, but for control characters.
 * KITH_ERR_MISSING: there is no ICU here; KITH_ERR_UTF8; KITH_ERR_LIMIT (a text of a gigabyte);
 * KITH_ERR_NOMEM.
 */
enum kith_err kith_latin(struct kith_span text, struct kith_buf *out) KITH_MUST_CHECK;

#endif
