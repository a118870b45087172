/* SPDX-License-Identifier: MIT */
#include <kith/card.h>

#include <strings.h>

#include "base/diag.h"
#include "base/limits.h"
#include "base/text.h"

_Static_assert(KITH_CARD_FIELDS == KITH_CARD_FIELDS_MAX, "card.h and limits.def");
_Static_assert(KITH_FIELD_PARTS == KITH_FIELD_PARTS_MAX, "card.h and limits.def");

static const struct kith_field_info infos[] = {
#define KITH_FIELD(NAME, kind, name, parts, max, single, what)                                     \
	{kind, name, parts, max, single, what},
#include "proto/fields.def"
#undef KITH_FIELD
};

const struct kith_field_info *kith_field_all(size_t *ret_n)
{
	*ret_n = sizeof infos / sizeof infos[0];
	return infos;
}

const struct kith_field_info *kith_field_info(uint32_t kind)
{
	for (size_t i = 0; i < sizeof infos / sizeof infos[0]; i++)
		if (infos[i].kind == kind)
			return &infos[i];
	return NULL;
}

const struct kith_field_info *kith_field_named(struct kith_span name)
{
	for (size_t i = 0; i < sizeof infos / sizeof infos[0]; i++)
		if (strlen(infos[i].name) == name.n &&
			strncasecmp(infos[i].name, (const char *)name.p, name.n) == 0)
			return &infos[i];
	return NULL;
}

const struct kith_field *kith_fields_first(const struct kith_fields *fields, uint32_t kind)
{
	const struct kith_field *first = NULL;

	for (size_t i = 0; i < fields->n; i++) {
		const struct kith_field *f = &fields->at[i];
		if (f->kind != kind)
			continue;
		if (f->flags & KITH_FIELD_PREFERRED)
			return f;
		if (!first)
			first = f;
	}
	return first;
}

static bool digits(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (s[i] < '0' || s[i] > '9')
			return false;
	return true;
}

static int number(const char *s, size_t n)
{
	int v = 0;

	for (size_t i = 0; i < n; i++)
		v = v * 10 + s[i] - '0';
	return v;
}

/* "1815-12-10" or "--12-10", and a day that the month has. */
static bool is_date(struct kith_span s)
{
	static const int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	const char *p = (const char *)s.p;
	int year = 0; /* unknown: it may have been a leap year */

	if (s.n == 10 && digits(p, 4) && p[4] == '-') {
		year = number(p, 4);
		p += 5;
	} else if (s.n == 7 && p[0] == '-' && p[1] == '-') {
		p += 2;
	} else {
		return false;
	}
	if (!digits(p, 2) || p[2] != '-' || !digits(p + 3, 2))
		return false;
	int month = number(p, 2);
	int day = number(p + 3, 2);
	if (month == 2 && day == 29 && (year % 4 != 0 || (year % 100 == 0 && year % 400 != 0)))
		return false;
	return month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1];
}

/* Something, one "@", something, and no blank: more would refuse addresses that work. */
static bool is_email(struct kith_span s)
{
	const uint8_t *at = memchr(s.p, '@', s.n);

	return at && at > s.p && at < s.p + s.n - 1 && !memchr(s.p, ' ', s.n) &&
	       !memchr(at + 1, '@', (size_t)(s.p + s.n - at - 1));
}

enum kith_err kith_field_check(const struct kith_field *field, struct kith_diag *diag)
{
	const struct kith_field_info *info = kith_field_info(field->kind);
	size_t bytes = 0;

	if (!info || field->parts != info->parts)
		return kith_fail(diag, KITH_ERR_VALUE, "this kith does not know such a field");
	if (field->label.n > KITH_FIELD_LABEL_MAX)
		return kith_fail(diag, KITH_ERR_LIMIT, "the label of %s is longer than %d bytes",
			info->name, KITH_FIELD_LABEL_MAX);
	if (!kith_text_valid(field->label))
		return kith_fail(
			diag, KITH_ERR_UTF8, "the label of %s is not valid UTF-8", info->name);
	for (size_t i = 0; i < field->parts; i++) {
		bytes += field->part[i].n;
		if (field->part[i].n > info->max)
			return kith_fail(diag, KITH_ERR_LIMIT,
				"%s is %zu bytes long; at most %zu fit", info->name,
				field->part[i].n, info->max);
		if (field->kind != KITH_FIELD_PHOTO && !kith_text_valid(field->part[i]))
			return kith_fail(diag, KITH_ERR_UTF8, "%s is not valid UTF-8", info->name);
	}
	if (bytes == 0 && field->kind == KITH_FIELD_NAME)
		return kith_fail(diag, KITH_ERR_VALUE, "a name cannot be empty");
	if (bytes == 0)
		return kith_fail(diag, KITH_ERR_VALUE,
			"%s is empty; to remove it, use kith card unset", info->name);
	if (field->kind == KITH_FIELD_BDAY && !is_date(field->part[0]))
		return kith_fail(diag, KITH_ERR_VALUE,
			"bday must be a date like 1815-12-10, or --12-10 without the year");
	if (field->kind == KITH_FIELD_EMAIL && !is_email(field->part[0]))
		return kith_fail(diag, KITH_ERR_VALUE,
			"email must look like name@example.org, without blanks");
	return KITH_OK;
}

/* A single text is the street; two to five are street; place; region; code; country. */
static void place_address(struct kith_field *f, const struct kith_span *texts, size_t n)
{
	size_t first = n == KITH_FIELD_PARTS ? 0 : 2;

	for (size_t i = 0; i < KITH_FIELD_PARTS; i++)
		f->part[i] = i >= first && i - first < n ? texts[i - first] : kith_span("", 0);
	f->parts = KITH_FIELD_PARTS;
}

static enum kith_err parse_address(
	struct kith_span value, struct kith_field *f, struct kith_diag *diag)
{
	struct kith_span texts[KITH_FIELD_PARTS];
	size_t n = 0;

	for (;;) {
		const uint8_t *semi = value.n ? memchr(value.p, ';', value.n) : NULL;
		size_t len = semi ? (size_t)(semi - value.p) : value.n;
		if (n == KITH_FIELD_PARTS)
			break;
		texts[n++] = kith_span(value.p, len);
		if (!semi) {
			if (n == 6)
				break;
			place_address(f, texts, n);
			return KITH_OK;
		}
		value = kith_span(semi + 1, value.n - len - 1);
	}
	return kith_fail(diag, KITH_ERR_USAGE,
		"an address is street;place;region;code;country, "
		"or seven parts with box and extension in front");
}

enum kith_err kith_field_parse(
	struct kith_span text, struct kith_field *ret_field, struct kith_diag *diag)
{
	const uint8_t *equals = text.n ? memchr(text.p, '=', text.n) : NULL;
	size_t left = equals ? (size_t)(equals - text.p) : 0;
	const uint8_t *dot = left ? memchr(text.p, '.', left) : NULL;
	struct kith_span name = kith_span(text.p, dot ? (size_t)(dot - text.p) : left);
	const struct kith_field_info *info = equals ? kith_field_named(name) : NULL;
	struct kith_field f = {0};
	char shown[64];

	if (!equals && text.n > 0 && !kith_field_named(text)) {
		kith_show_in(shown, sizeof shown, text, 40);
		return kith_fail(diag, KITH_ERR_USAGE,
			"\"%s\" is not FIELD=VALUE; did you mean name=\"%s\"?", shown, shown);
	}
	if (!equals)
		return kith_fail(diag, KITH_ERR_USAGE, "\"%s\" is not FIELD=VALUE",
			kith_show_in(shown, sizeof shown, text, 40));
	if (!info)
		return kith_fail(diag, KITH_ERR_USAGE,
			"there is no field \"%s\"; kith help card lists them",
			kith_show_in(shown, sizeof shown, name, 40));
	f.kind = info->kind;
	if (dot)
		f.label = kith_span(dot + 1, left - name.n - 1);
	if (f.label.n > KITH_FIELD_LABEL_MAX)
		return kith_fail(diag, KITH_ERR_LIMIT, "the label of %s is longer than %d bytes",
			info->name, KITH_FIELD_LABEL_MAX);
	struct kith_span value = kith_span(equals + 1, text.n - left - 1);
	if (info->parts == KITH_FIELD_PARTS) {
		enum kith_err err = parse_address(value, &f, diag);
		if (err)
			return err;
	} else {
		f.part[0] = value;
		f.parts = 1;
	}
	*ret_field = f;
	return KITH_OK;
}

enum kith_err kith_field_value(const struct kith_field *field, struct kith_buf *out)
{
	size_t first = 0;
	size_t last = field->parts;
	enum kith_err err = KITH_OK;

	/* The short form of an address where nothing would be lost by it. */
	if (field->parts == KITH_FIELD_PARTS && field->part[0].n == 0 && field->part[1].n == 0)
		first = 2;
	for (size_t i = first; !err && i < last; i++) {
		if (i > first)
			err = kith_buf_add(out, ";", 1);
		if (!err)
			err = kith_buf_add(out, field->part[i].p, field->part[i].n);
	}
	return err;
}
