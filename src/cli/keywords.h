/* SPDX-License-Identifier: MIT
 *
 * keywords - what a key says about itself, in words.
 */
#ifndef KITH_CLI_KEYWORDS_H
#define KITH_CLI_KEYWORDS_H

#include <jansson.h>
#include <kith/keys.h>

#include "book/intake.h"

/* Appends "on 3 May 2026 the key was followed by another one, signed with both", "on 3 May 2026 the
 * owner has revoked the key (stolen)".  KITH_ERR_NOMEM. */
enum kith_err kith_keywords_says(
	const struct kith_statement *s, struct kith_buf *out) KITH_MUST_CHECK;

/* Appends what came of one that was imported, and what that means.  KITH_ERR_NOMEM. */
enum kith_err kith_keywords_came(
	const struct kith_intake_result *r, struct kith_buf *out) KITH_MUST_CHECK;

/* "rotate", "revoke"; static. */
const char *kith_keywords_kind(enum kith_statement_kind kind);

/* "rotated", "frozen" and so on; static. */
const char *kith_keywords_what(enum kith_keys_what what);

/* The statement as an object: kind, id, new_id, reason, issued.  NULL without memory. */
json_t *kith_keywords_json(const struct kith_statement *s);

#endif
