/* SPDX-License-Identifier: MIT */
#include "card/shown.h"

#include <string.h>

/* Whether one word of the list names the field. */
static bool names(struct kith_span word, const struct kith_field *f)
{
	const uint8_t *dot = word.n > 0 ? memchr(word.p, '.', word.n) : NULL;
	struct kith_span kind = kith_span(word.p, dot ? (size_t)(dot - word.p) : word.n);
	const struct kith_field_info *info = kith_field_named(kind);

	if (!info || info->kind != f->kind)
		return false;
	return !dot || kith_span_eq(f->label, kith_span(dot + 1, word.n - kind.n - 1));
}

static bool among(struct kith_span list, const struct kith_field *f)
{
	for (;;) {
		const uint8_t *comma = list.n > 0 ? memchr(list.p, ',', list.n) : NULL;
		size_t n = comma ? (size_t)(comma - list.p) : list.n;
		if (names(kith_span(list.p, n), f))
			return true;
		if (!comma)
			return false;
		list = kith_span(comma + 1, list.n - n - 1);
	}
}

void kith_fields_shown(
	struct kith_span list, const struct kith_fields *fields, struct kith_fields *ret_fields)
{
	size_t n = 0;

	for (size_t i = 0; i < fields->n; i++) {
		const struct kith_field *f = &fields->at[i];
		if (list.n == 0 || f->kind == KITH_FIELD_NAME || among(list, f))
			ret_fields->at[n++] = *f;
	}
	ret_fields->n = n;
}
