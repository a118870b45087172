/* SPDX-License-Identifier: MIT */
#include "vcard/param.h"

#include <strings.h>

#include "vcard/property.h"

static struct kith_span behind(struct kith_span s, size_t n)
{
	return n < s.n ? kith_span(s.p + n, s.n - n) : kith_span("", 0);
}

bool kith_param_next(struct kith_span *rest, struct kith_param *ret)
{
	const uint8_t *from = rest->p;

	if (!kith_params_next(rest, &ret->name, &ret->value))
		return false;
	ret->whole = kith_span(from + 1, (size_t)(rest->p - from) - 1);
	return true;
}

bool kith_param_value(struct kith_span *list, struct kith_span *ret)
{
	if (list->n == 0)
		return false;
	size_t n = 0;

	/* TYPE="work,voice" is a list as well */
	while (n < list->n && list->p[n] != ',')
		n++;
	struct kith_span s = kith_span(list->p, n);
	*list = behind(*list, n + 1);
	while (s.n > 0 && (s.p[0] == '"' || s.p[0] == ' '))
		s = kith_span(s.p + 1, s.n - 1);
	while (s.n > 0 && (s.p[s.n - 1] == '"' || s.p[s.n - 1] == ' '))
		s.n--;
	*ret = s;
	return true;
}

bool kith_word_eq(struct kith_span a, struct kith_span b)
{
	return a.n == b.n &&
	       (a.n == 0 || strncasecmp((const char *)a.p, (const char *)b.p, a.n) == 0);
}

bool kith_word_is(struct kith_span s, const char *word)
{
	return kith_word_eq(s, kith_span_str(word));
}

bool kith_param_codes(const struct kith_param *p)
{
	static const char *const words[] = {"QUOTED-PRINTABLE", "BASE64", "8BIT", "7BIT"};

	if (p->name.n > 0)
		return kith_span_is(p->name, "ENCODING") || kith_span_is(p->name, "CHARSET");
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (kith_span_is(p->value, words[i]))
			return true;
	return false;
}
