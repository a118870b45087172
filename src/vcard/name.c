/* SPDX-License-Identifier: MIT */
#include "vcard/name.h"

#include "vcard/point.h"

static struct kith_span part_of(const struct kith_fields *fields, uint32_t kind)
{
	const struct kith_field *f = kith_fields_first(fields, kind);

	return f ? f->part[0] : kith_span("", 0);
}

static struct kith_span trim(struct kith_span s)
{
	while (s.n > 0 && s.p[0] == ' ')
		s = kith_span(s.p + 1, s.n - 1);
	while (s.n > 0 && s.p[s.n - 1] == ' ')
		s.n--;
	return s;
}

/* The bytes before its last blank, 0 when the name is not one to be taken apart. */
static size_t before_last_word(struct kith_span name)
{
	size_t blank = 0;

	for (struct kith_span s = name; s.n > 0;) {
		size_t n;
		uint32_t c = kith_point(s, &n);
		if (c == ',' || kith_point_east(c) || kith_point_breaks(c))
			return 0;
		if (c == ' ')
			blank = (size_t)(s.p - name.p);
		s = kith_span(s.p + n, s.n - n);
	}
	return blank;
}

/* Neither part was given. */
static void split(struct kith_span name, struct kith_name *parts)
{
	size_t left = before_last_word(name);

	parts->given = left ? trim(kith_span(name.p, left)) : name;
	if (left)
		parts->family = trim(kith_span(name.p + left, name.n - left));
}

/* One part was given: the other is what is left of the name beside it, if it stands at an end. */
static struct kith_span rest(struct kith_span name, struct kith_span part, bool part_first)
{
	size_t n = part.n;

	if (name.n <= n + 1)
		return kith_span("", 0);
	if (part_first && memcmp(name.p, part.p, n) == 0 && name.p[n] == ' ')
		return trim(kith_span(name.p + n, name.n - n));
	if (!part_first && memcmp(name.p + name.n - n, part.p, n) == 0 &&
		name.p[name.n - n - 1] == ' ')
		return trim(kith_span(name.p, name.n - n));
	return kith_span("", 0);
}

struct kith_name kith_name_parts(const struct kith_fields *fields)
{
	struct kith_span name = trim(part_of(fields, KITH_FIELD_NAME));
	struct kith_name parts = {
		.family = part_of(fields, KITH_FIELD_FAMILY),
		.given = part_of(fields, KITH_FIELD_GIVEN),
		.additional = part_of(fields, KITH_FIELD_ADDITIONAL),
		.prefix = part_of(fields, KITH_FIELD_PREFIX),
		.suffix = part_of(fields, KITH_FIELD_SUFFIX),
	};

	if (parts.given.n == 0 && parts.family.n == 0)
		split(name, &parts);
	else if (parts.family.n == 0)
		parts.family = rest(name, parts.given, true);
	else if (parts.given.n == 0)
		parts.given = rest(name, parts.family, false);
	return parts;
}
