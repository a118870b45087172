/* SPDX-License-Identifier: MIT */
#include "vcard/date.h"

#include "vcard/clean.h"
#include "vcard/param.h"
#include "vcard/value.h"

bool kith_date_valid(struct kith_span s)
{
	const struct kith_field f = {.kind = KITH_FIELD_BDAY, .parts = 1, .part[0] = s};

	return s.n > 0 && kith_field_check(&f, NULL) == KITH_OK;
}

static bool digits(struct kith_span s, size_t at, size_t n)
{
	if (at + n > s.n)
		return false;
	for (size_t i = at; i < at + n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return true;
}

/* Month and day from there on, with a "-" between them or without; where they end, 0 for neither. */
static size_t month_day(struct kith_span s, size_t at, uint8_t *to)
{
	size_t day = at + 2;

	if (!digits(s, at, 2))
		return 0;
	if (day < s.n && s.p[day] == '-')
		day++;
	if (!digits(s, day, 2))
		return 0;
	memcpy(to, s.p + at, 2);
	to[2] = '-';
	memcpy(to + 3, s.p + day, 2);
	return day + 2;
}

/* The year that stands for none: Apple's parameter says which. */
static bool omits_year(const struct kith_vcard_property *p, const uint8_t *year)
{
	struct kith_span s;

	return kith_vcard_param(p, "X-APPLE-OMIT-YEAR", 0, &s) &&
	       kith_span_eq(s, kith_span(year, 4));
}

enum kith_err kith_date_read(struct kith_vcard *v, const struct kith_vcard_property *p,
	struct kith_span *ret, bool *ret_more)
{
	struct kith_span s;
	uint8_t *to;
	size_t end;
	enum kith_err err = kith_vcard_text(v, p, 0, 0, &s);

	if (err)
		return err == KITH_ERR_MISSING ? KITH_ERR_VALUE : err;
	if ((err = kith_clean(v, s, &s)))
		return err;
	if (!(to = kith_vcard_alloc(v, 10)))
		return KITH_ERR_NOMEM;
	bool yearless = s.n > 2 && s.p[0] == '-' && s.p[1] == '-';
	size_t n = yearless ? 2 : 5;
	if (yearless) {
		to[0] = to[1] = '-';
		end = month_day(s, 2, to + n);
	} else {
		if (!digits(s, 0, 4))
			return KITH_ERR_VALUE;
		memcpy(to, s.p, 4);
		to[4] = '-';
		end = month_day(s, s.n > 4 && s.p[4] == '-' ? 5 : 4, to + n);
	}
	bool more = end > 0 && end < s.n;
	if (end == 0 || (more && s.p[end] != 'T' && s.p[end] != 't' && s.p[end] != ' '))
		return KITH_ERR_VALUE;
	*ret = kith_span(to, n + 5);
	if (!yearless && omits_year(p, to)) {
		to[3] = '-';
		to[4] = '-';
		memmove(to + 5, to + n, 5);
		*ret = kith_span(to + 3, 7);
	}
	if (!kith_date_valid(*ret))
		return KITH_ERR_VALUE;
	if (ret_more)
		*ret_more = more;
	return KITH_OK;
}
