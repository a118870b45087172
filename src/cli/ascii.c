/* SPDX-License-Identifier: MIT */
#include "cli/ascii.h"

#include "base/latin.h"

/* Appends a text to memory, which may move, and puts its length into *s. */
static enum kith_err add_text(struct kith_span *s, struct kith_buf *memory)
{
	size_t before = memory->n;
	enum kith_err err = kith_latin(*s, memory);

	s->n = memory->n - before;
	return err;
}

static enum kith_err add_field(struct kith_field *f, struct kith_buf *memory)
{
	enum kith_err err = KITH_OK;

	for (size_t i = 0; !err && i < f->parts; i++)
		err = add_text(&f->part[i], memory);
	return err;
}

/* The next text of memory, without the blanks that were between signs that went. */
static struct kith_span take(const uint8_t **at, size_t n)
{
	struct kith_span s = kith_span(*at, n);

	*at += n;
	while (s.n > 0 && s.p[0] == ' ')
		s = kith_span(s.p + 1, s.n - 1);
	while (s.n > 0 && s.p[s.n - 1] == ' ')
		s.n--;
	return s;
}

enum kith_err kith_ascii_fields(const struct kith_fields *fields, struct kith_buf *memory,
	struct kith_fields *ret_fields, struct kith_diag *diag)
{
	struct kith_fields made = *fields;
	enum kith_err err = KITH_OK;

	for (size_t i = 0; !err && i < made.n; i++)
		if (made.at[i].kind != KITH_FIELD_PHOTO)
			err = add_field(&made.at[i], memory);
	if (err)
		return err == KITH_ERR_MISSING
			       ? kith_fail(diag, err,
					 "--ascii needs the library ICU, which is not installed here")
			       : err;
	const uint8_t *at = memory->p;
	for (size_t i = 0; i < made.n; i++)
		for (size_t k = 0; made.at[i].kind != KITH_FIELD_PHOTO && k < made.at[i].parts; k++)
			made.at[i].part[k] = take(&at, made.at[i].part[k].n);
	const struct kith_field *name = kith_fields_first(&made, KITH_FIELD_NAME);
	if (!name || name->part[0].n == 0)
		return kith_fail(diag, KITH_ERR_VALUE,
			"nothing of the name can be said in letters of ASCII");
	*ret_fields = made;
	return KITH_OK;
}
