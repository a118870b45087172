/* SPDX-License-Identifier: MIT */
#include "cli/given.h"

#include "base/auto.h"
#include "base/diag.h"
#include "book/mine.h"

void kith_given_free(struct kith_given *given)
{
	if (given)
		kith_photo_free(&given->photo);
}

static enum kith_err too_many(struct kith_diag *diag)
{
	return kith_fail(diag, KITH_ERR_LIMIT, "there can be at most %d fields", KITH_CARD_FIELDS);
}

/* "email=" or "email.work=". */
static enum kith_err take_gone(struct kith_given *g, const char *text, struct kith_diag *diag)
{
	struct kith_field f;
	enum kith_err err = kith_field_parse(kith_span_str(text), &f, diag);

	if (err)
		return err;
	if (g->n_gone == KITH_CARD_FIELDS)
		return too_many(diag);
	g->any_label[g->n_gone] = !memchr(text, '.', strlen(text));
	g->gone[g->n_gone++] = f;
	return KITH_OK;
}

/* "photo=FILE". */
static enum kith_err take_photo(struct kith_given *g, struct kith_field *f, struct kith_diag *diag)
{
	KITH_AUTO_BUF struct kith_buf path = {0};
	enum kith_err err = kith_buf_add(&path, f->part[0].p, f->part[0].n);

	if (!err && !kith_buf_cstr(&path))
		err = KITH_ERR_NOMEM;
	if (!err)
		err = kith_photo_read((const char *)path.p, &g->photo, diag);
	if (!err)
		f->part[0] = kith_buf_span(&g->photo.small);
	return err;
}

enum kith_err kith_given_take(struct kith_given *g, const char *text, struct kith_diag *diag)
{
	size_t n = strlen(text);
	struct kith_field f;
	enum kith_err err;

	if (n > 0 && strchr(text, '=') == text + n - 1)
		return take_gone(g, text, diag);
	if ((err = kith_field_parse(kith_span_str(text), &f, diag)))
		return err;
	if (kith_field_info(f.kind)->single && kith_fields_first(&g->set, f.kind))
		return kith_fail(diag, KITH_ERR_USAGE, "%s can be given once",
			kith_field_info(f.kind)->name);
	if (g->set.n == KITH_CARD_FIELDS)
		return too_many(diag);
	err = f.kind == KITH_FIELD_PHOTO ? take_photo(g, &f, diag) : kith_my_check(&f, diag);
	if (err)
		return err;
	g->set.at[g->set.n++] = f;
	return KITH_OK;
}

bool kith_given_same(const struct kith_field *a, const struct kith_field *b)
{
	const struct kith_field_info *info = kith_field_info(a->kind);

	return a->kind == b->kind && ((info && info->single) || kith_span_eq(a->label, b->label));
}

static void remove_at(struct kith_fields *fields, size_t i)
{
	memmove(&fields->at[i], &fields->at[i + 1], (fields->n - i - 1) * sizeof fields->at[0]);
	fields->n--;
}

enum kith_err kith_given_set(
	const struct kith_fields *set, struct kith_fields *fields, struct kith_diag *diag)
{
	bool put[KITH_CARD_FIELDS] = {false}; /* there just now */

	for (size_t i = 0; i < set->n; i++) {
		size_t j = 0;
		while (j < fields->n && (put[j] || !kith_given_same(&fields->at[j], &set->at[i])))
			j++;
		if (j == KITH_CARD_FIELDS)
			return too_many(diag);
		uint32_t flags = j < fields->n ? fields->at[j].flags : 0;
		if (j == fields->n)
			fields->n++;
		fields->at[j] = set->at[i];
		fields->at[j].flags = flags;
		put[j] = true;
	}
	for (size_t i = 0; i < set->n; i++) {
		for (size_t j = fields->n; j-- > 0;) {
			if (put[j] || !kith_given_same(&fields->at[j], &set->at[i]))
				continue;
			remove_at(fields, j);
			memmove(&put[j], &put[j + 1], KITH_CARD_FIELDS - j - 1);
		}
	}
	return KITH_OK;
}

size_t kith_given_remove(const struct kith_given *g, size_t i, struct kith_fields *fields)
{
	size_t removed = 0;

	for (size_t j = fields->n; j-- > 0;) {
		const struct kith_field *f = &fields->at[j];
		if (f->kind != g->gone[i].kind ||
			(!g->any_label[i] && !kith_span_eq(f->label, g->gone[i].label)))
			continue;
		remove_at(fields, j);
		removed++;
	}
	return removed;
}
