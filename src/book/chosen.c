/* SPDX-License-Identifier: MIT */
#include "book/chosen.h"

#include "base/auto.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/diag.h"

#define LABEL_BYTES (4 * KITH_FIELD_LABEL_MAX) /* a byte that is replaced takes three */

/* Marks what one word of the list means; KITH_ERR_MISSING, without a sentence: nothing. */
static enum kith_err take(struct kith_span word, const struct kith_fields *fields, bool *taken,
	struct kith_diag *diag)
{
	KITH_AUTO_BUF struct kith_buf text = {0};
	struct kith_field wanted;
	bool any_label = !memchr(word.p, '.', word.n), found = false;
	enum kith_err err;

	if (word.n == 0 || memchr(word.p, '=', word.n))
		return kith_fail(diag, KITH_ERR_USAGE,
			"--show takes fields with commas between: name,email.work,tel");
	if ((err = kith_buf_add(&text, word.p, word.n)) || (err = kith_buf_add_str(&text, "=")) ||
		(err = kith_field_parse(kith_buf_span(&text), &wanted, diag)))
		return err;
	for (size_t i = 0; i < fields->n; i++) {
		const struct kith_field *f = &fields->at[i];
		if (f->kind != wanted.kind || (!any_label && !kith_span_eq(f->label, wanted.label)))
			continue;
		taken[i] = found = true;
	}
	return found ? KITH_OK : KITH_ERR_MISSING;
}

/* The next word of a list, and past it; false: there was none. */
static bool next_word(const char **list, struct kith_span *ret_word)
{
	if (!*list)
		return false;
	*ret_word = kith_span(*list, strcspn(*list, ","));
	*list += ret_word->n;
	*list = **list ? *list + 1 : NULL;
	return true;
}

enum kith_err kith_chosen(const char *list, const struct kith_fields *fields,
	struct kith_fields *ret_fields, struct kith_diag *diag)
{
	bool taken[KITH_CARD_FIELDS] = {false};
	char shown[128];
	struct kith_span word;
	enum kith_err err = KITH_OK;

	while (!err && next_word(&list, &word))
		err = take(word, fields, taken, diag);
	if (err == KITH_ERR_MISSING)
		return kith_fail(diag, err, "the card has no %s",
			kith_show_in(shown, sizeof shown, word, 40));
	if (err)
		return err;
	ret_fields->n = 0;
	for (size_t i = 0; i < fields->n; i++)
		if (taken[i] || fields->at[i].kind == KITH_FIELD_NAME)
			ret_fields->at[ret_fields->n++] = fields->at[i];
	return KITH_OK;
}

enum kith_err kith_chosen_kept(const char *list, const struct kith_fields *fields,
	struct kith_buf *missing, struct kith_diag *diag)
{
	bool taken[KITH_CARD_FIELDS] = {false};
	bool any = false;
	char shown[128];
	struct kith_span word;
	enum kith_err err = KITH_OK;

	while (!err && next_word(&list, &word)) {
		err = take(word, fields, taken, diag);
		any = any || !err;
		if (err == KITH_ERR_MISSING)
			err = kith_buf_printf(missing, "%s%s", missing->n ? ", " : "",
				kith_show_in(shown, sizeof shown, word, 40));
	}
	if (err || any)
		return err;
	return kith_fail(diag, KITH_ERR_MISSING,
		"you have none of these fields: %.*s; kith card set adds them", (int)missing->n,
		(const char *)missing->p);
}

/* Whether it is the very field: the same bytes in memory, not equal ones. */
static bool is_among(const struct kith_field *f, const struct kith_fields *some)
{
	for (size_t i = 0; i < some->n; i++)
		if (some->at[i].kind == f->kind &&
			memcmp(some->at[i].part, f->part, sizeof f->part) == 0)
			return true;
	return false;
}

enum kith_err kith_chosen_without(
	const struct kith_fields *fields, const struct kith_fields *some, struct kith_buf *out)
{
	enum kith_err err = KITH_OK;

	for (size_t i = 0; !err && i < fields->n; i++) {
		const struct kith_field *f = &fields->at[i];
		const struct kith_field_info *info = kith_field_info(f->kind);
		char label[LABEL_BYTES];
		if (!info || is_among(f, some))
			continue;
		kith_show_in(label, sizeof label, f->label, KITH_FIELD_LABEL_MAX);
		err = kith_buf_printf(out, "%s%s%s%s", out->n > 0 ? ", " : "", info->name,
			*label ? "." : "", label);
	}
	return err;
}
