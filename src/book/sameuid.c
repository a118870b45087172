/* SPDX-License-Identifier: MIT */
#include "book/sameuid.h"

#include <ctype.h>

#include "base/auto.h"
#include "base/text.h"
#include "vcard/value.h"

/* REV as YYYYMMDDhhmmss, of the basic or the extended form; what is not told is 0.  False: no date. */
static bool read_rev(const struct kith_vcard *v, char out[static 15])
{
	size_t n, used = 0;
	const struct kith_vcard_property *p = kith_vcard_properties(v, &n);
	struct kith_span s = kith_span("", 0);

	for (size_t i = 0; i < n; i++)
		if (kith_vcard_is(&p[i], "REV"))
			s = p[i].value;
	memset(out, '0', 14);
	out[14] = 0;
	for (size_t i = 0; i < s.n && used < 14 && s.p[i] != '.'; i++) {
		if (isdigit(s.p[i]))
			out[used++] = (char)s.p[i];
		else if (used >= 8 &&
			 (s.p[i] == 'Z' || s.p[i] == '+' || (s.p[i] == '-' && used > 8)))
			break;
		else if (!strchr("-:Tt ", s.p[i]))
			return false;
	}
	return used >= 8;
}

enum kith_age kith_sameuid_age(const struct kith_vcard *v, const struct kith_vcard *held)
{
	char a[15], b[15];

	if (!read_rev(v, a) || !read_rev(held, b))
		return KITH_AGE_UNKNOWN;
	int d = strcmp(a, b);
	return d < 0 ? KITH_AGE_OLDER : d > 0 ? KITH_AGE_NEWER : KITH_AGE_EQUAL;
}

/* A word of a folded name: letters, digits and whatever is not ASCII. */
static bool in_word(uint8_t c)
{
	return c >= 0x80 || isalnum(c);
}

/* Whether the text has the word, at the beginning of one of its words or, where it is not all
 * ASCII, anywhere: some scripts know no blanks. */
static bool has_word(struct kith_span text, struct kith_span word)
{
	bool wide = false;

	for (size_t i = 0; i < word.n; i++)
		wide |= word.p[i] >= 0x80;
	for (size_t i = 0; i + word.n <= text.n; i++)
		if ((wide || i == 0 || !in_word(text.p[i - 1])) &&
			memcmp(text.p + i, word.p, word.n) == 0)
			return true;
	return false;
}

static bool share_word(struct kith_span a, struct kith_span b)
{
	for (size_t i = 0, n; i < a.n; i += n + 1) {
		for (n = 0; i + n < a.n && in_word(a.p[i + n]); n++)
			;
		if (n > 0 && has_word(b, kith_span(a.p + i, n)))
			return true;
	}
	return false;
}

/* All that a person is called, folded. */
static enum kith_err names_of(const struct kith_fields *fields, struct kith_buf *out)
{
	enum kith_err err = KITH_OK;

	for (size_t i = 0; !err && i < fields->n; i++) {
		const struct kith_field *f = &fields->at[i];
		if (f->kind != KITH_FIELD_NAME && f->kind != KITH_FIELD_NICKNAME &&
			f->kind != KITH_FIELD_GIVEN && f->kind != KITH_FIELD_FAMILY)
			continue;
		err = kith_buf_add_str(out, " ");
		if (!err)
			err = kith_fold(out, f->part[0]);
	}
	return err;
}

/* The last digits of a number, of which there must be six; else "". */
static void number_of(struct kith_span s, char out[static 7])
{
	size_t n = 6;

	out[6] = 0;
	for (size_t i = s.n; i > 0 && n > 0; i--)
		if (isdigit(s.p[i - 1]))
			out[--n] = (char)s.p[i - 1];
	if (n > 0)
		out[0] = 0;
}

static enum kith_err same_address(
	const struct kith_field *a, const struct kith_field *b, bool *ret_same)
{
	KITH_AUTO_BUF struct kith_buf x = {0};
	KITH_AUTO_BUF struct kith_buf y = {0};
	char m[7], n[7];
	enum kith_err err = KITH_OK;

	if (a->kind != b->kind)
		return KITH_OK;
	if (a->kind == KITH_FIELD_TEL) {
		number_of(a->part[0], m);
		number_of(b->part[0], n);
		*ret_same |= *m && strcmp(m, n) == 0;
	} else if (a->kind == KITH_FIELD_EMAIL) {
		if (!(err = kith_fold(&x, a->part[0])) && !(err = kith_fold(&y, b->part[0])))
			*ret_same |= kith_span_eq(kith_buf_span(&x), kith_buf_span(&y));
	}
	return err;
}

enum kith_err kith_sameuid_other(
	const struct kith_fields *a, const struct kith_fields *b, bool *ret_other)
{
	KITH_AUTO_BUF struct kith_buf x = {0};
	KITH_AUTO_BUF struct kith_buf y = {0};
	bool same = false;
	enum kith_err err = names_of(a, &x);

	if (!err)
		err = names_of(b, &y);
	if (err)
		return err;
	same = share_word(kith_buf_span(&x), kith_buf_span(&y)) ||
	       share_word(kith_buf_span(&y), kith_buf_span(&x));
	for (size_t i = 0; !err && !same && i < a->n; i++)
		for (size_t k = 0; !err && !same && k < b->n; k++)
			err = same_address(&a->at[i], &b->at[k], &same);
	*ret_other = !same;
	return err;
}
