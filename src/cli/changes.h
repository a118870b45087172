/* SPDX-License-Identifier: MIT
 *
 * changes - what differs between two signed cards of a person, field by field.  Nothing is guessed: what
 * has another kind or label is one that went and one that came.
 */
#ifndef KITH_CLI_CHANGES_H
#define KITH_CLI_CHANGES_H

#include <jansson.h>

#include <kith/card.h>

/* Called with a line that is inert: "title Engineer -> CTO", "new email.work jo@example.org", "tel.home is gone".
 * Return an error to stop. */
typedef enum kith_err (*kith_change_fn)(void *ctx, const char *line);

/* Every change from before to now, in the order of the fields; what of the card itself is another thing comes first.
 * When nothing differs, one line says so.  Errors of fn, KITH_ERR_NOMEM. */
enum kith_err kith_changes_each(const struct kith_card *before, const struct kith_card *now,
	kith_change_fn fn, void *ctx) KITH_MUST_CHECK;

/* The same on standard output, an indented line each. */
enum kith_err kith_changes_print(
	const struct kith_card *before, const struct kith_card *now) KITH_MUST_CHECK;

/*
 * The same as an array of {"change": "new" | "gone" | "other", "kind", "label", "before", "now"}, where a value that is
 * not there, or is a picture, is null.  NULL: no memory.
 */
json_t *kith_changes_json(const struct kith_card *before, const struct kith_card *now);

#endif
