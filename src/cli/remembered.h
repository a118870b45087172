/* SPDX-License-Identifier: MIT
 *
 * remembered - what I remember of people, as lines and as JSON.  proto/people.md.  Nothing of it is sent.
 */
#ifndef KITH_CLI_REMEMBERED_H
#define KITH_CLI_REMEMBERED_H

#include <jansson.h>
#include <stdio.h>

#include <kith/people.h>

/* "note", "call", "met", "wrote"; static. */
const char *kith_remark_name(enum kith_remark_kind kind);

/* Prints "note 3    3 May 2026: text".  KITH_ERR_NOMEM. */
enum kith_err kith_remark_print(const struct kith_remark *remark, FILE *out) KITH_MUST_CHECK;

/* {"number", "kind", "at", "edited" where it was, "text"}.  NULL: memory ran out. */
json_t *kith_remark_json(const struct kith_remark *remark);

/* Prints "promise 2    to "Ada", by 10 May 2026: text".  KITH_ERR_NOMEM; store errors. */
enum kith_err kith_promise_print(
	struct kith_store *store, const struct kith_promise *promise, FILE *out) KITH_MUST_CHECK;

/* {"number", "id", "name", "theirs", "thing", "text", "made", "by", "state", "ended"}.  NULL: memory ran out, or the
 * store failed. */
json_t *kith_promise_json(struct kith_store *store, const struct kith_promise *promise);

/* Why somebody is related to others, or to that one (0: to all): a line each, beginning "\"Grace\": "; under a label, NULL:
 * none.  KITH_ERR_NOMEM; store errors. */
enum kith_err kith_relations_print(struct kith_store *store, int64_t contact, int64_t other,
	const char *label, size_t *ret_n, FILE *out) KITH_MUST_CHECK;

/* The same as an array of {"id", "name", "why", "words"}; why is "said", "introduced" (by this person to me), "introduced-by" (this
 * person to me, by that one), "brought" (I introduced them), "event", "org".  NULL as above. */
json_t *kith_relations_json(struct kith_store *store, int64_t contact, int64_t other);

/* The names of the tags of a person, as an array.  NULL as above. */
json_t *kith_tags_json(struct kith_store *store, int64_t contact);

/* Prints all of it about a person under a heading, if there is any; of notes and touches the last ones unless all.
 * KITH_ERR_NOMEM; store errors. */
enum kith_err kith_remembered_print(
	struct kith_store *store, int64_t contact, bool all, FILE *out) KITH_MUST_CHECK;

/* Sets "tags", "ring", "touched", "snoozed", "notes", "promises" (open ones), "relations" and "review" of a contact
 * object.  False: memory ran out, or the store failed. */
bool kith_remembered_set(struct kith_store *store, int64_t contact, json_t *object);

#endif
