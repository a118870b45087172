/* SPDX-License-Identifier: MIT */
#include "book/familiar.h"

#include <stdlib.h>

#include "base/auto.h"
#include "base/text.h"
#include "book/held.h"

void kith_familiar_free(struct kith_familiar *f)
{
	for (size_t i = 0; i < f->n; i++)
		free(f->at[i].text);
	free(f->at);
	*f = (struct kith_familiar){0};
}

static enum kith_err add(struct kith_familiar *f, struct kith_span text, int64_t row)
{
	KITH_AUTO_BUF struct kith_buf folded = {0};

	if (f->n == f->cap) {
		size_t cap = f->cap ? f->cap * 2 : 64;
		void *more = reallocarray(f->at, cap, sizeof *f->at);
		if (!more)
			return KITH_ERR_NOMEM;
		f->at = more;
		f->cap = cap;
	}
	if (kith_fold(&folded, text) || !kith_buf_cstr(&folded))
		return KITH_ERR_NOMEM;
	if (folded.n == 0)
		return KITH_OK;
	char *copy = strdup((const char *)folded.p);
	if (!copy)
		return KITH_ERR_NOMEM;
	f->at[f->n++] = (struct kith_familiar_text){copy, row};
	return KITH_OK;
}

/* The rows of those who have a key; what is on their cards is asked for afterwards. */
static bool add_name(void *ctx, const struct kith_contact *c)
{
	struct kith_familiar *f = ctx;

	if (c->has_key && c->name.n > 0)
		f->err = add(f, c->name, c->row);
	return !f->err;
}

static enum kith_err add_emails(struct kith_familiar *f, struct kith_store *store, int64_t row)
{
	KITH_AUTO(kith_contact_free) struct kith_contact c = {0};
	struct kith_card card;
	enum kith_err err = kith_store_contact(store, row, &c);

	if (err || c.envelope.n == 0)
		return err;
	if ((err = kith_held_card(&c, &card)))
		return err;
	for (size_t i = 0; !err && i < card.fields.n; i++)
		if (card.fields.at[i].kind == KITH_FIELD_EMAIL)
			err = add(f, card.fields.at[i].part[0], row);
	return err;
}

static int by_text(const void *a, const void *b)
{
	const struct kith_familiar_text *x = a, *y = b;

	return strcmp(x->text, y->text);
}

static enum kith_err read_all(struct kith_familiar *f, struct kith_store *store)
{
	enum kith_err err = kith_store_each(store, add_name, f);
	size_t people = f->n;

	if (!err)
		err = f->err;
	for (size_t i = 0; !err && i < people; i++)
		err = add_emails(f, store, f->at[i].row);
	if (f->n)
		qsort(f->at, f->n, sizeof *f->at, by_text);
	f->read = !err;
	return err;
}

static enum kith_err look(const struct kith_familiar *f, struct kith_span text, int64_t *ret_row)
{
	KITH_AUTO_BUF struct kith_buf folded = {0};

	if (kith_fold(&folded, text) || !kith_buf_cstr(&folded))
		return KITH_ERR_NOMEM;
	const struct kith_familiar_text key = {(char *)folded.p, 0};
	const struct kith_familiar_text *found =
		f->n ? bsearch(&key, f->at, f->n, sizeof *f->at, by_text) : NULL;
	if (found)
		*ret_row = found->row;
	return KITH_OK;
}

enum kith_err kith_familiar_who(struct kith_familiar *f, struct kith_store *store,
	const struct kith_fields *fields, int64_t *ret_row)
{
	enum kith_err err = f->read ? KITH_OK : read_all(f, store);
	int64_t row = 0;

	for (size_t i = 0; !err && !row && i < fields->n; i++)
		if (fields->at[i].kind == KITH_FIELD_NAME || fields->at[i].kind == KITH_FIELD_EMAIL)
			err = look(f, fields->at[i].part[0], &row);
	if (!err)
		*ret_row = row;
	return err;
}
