/* SPDX-License-Identifier: MIT */
#include "vcard/property.h"

#include "vcard/cut.h"

static struct kith_span behind(struct kith_span s, size_t n)
{
	return kith_span(s.p + n, s.n - n);
}

/* --- parameters ------------------------------------------------------------------------------- */

/* The first c of s outside quotation marks, s.n for none.  A mark without a second one is a
 * character like others. */
static size_t find(struct kith_span s, uint8_t c)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == c)
			return i;
		if (s.p[i] != '"')
			continue;
		const uint8_t *close = memchr(s.p + i + 1, '"', s.n - i - 1);
		if (!close) {
			const uint8_t *at = memchr(s.p + i, c, s.n - i);
			return at ? (size_t)(at - s.p) : s.n;
		}
		i = (size_t)(close - s.p);
	}
	return s.n;
}

bool kith_params_next(
	struct kith_span *params, struct kith_span *ret_name, struct kith_span *ret_values)
{
	if (params->n == 0)
		return false;
	struct kith_span one = behind(*params, 1);
	one.n = find(one, ';');
	*params = behind(*params, 1 + one.n);
	size_t equals = find(one, '=');
	*ret_name = kith_span(one.p, equals < one.n ? equals : 0);
	*ret_values = equals < one.n ? behind(one, equals + 1) : one;
	return true;
}

static struct kith_span unquoted(struct kith_span s)
{
	if (s.n > 0 && s.p[0] == '"')
		s = behind(s, 1);
	if (s.n > 0 && s.p[s.n - 1] == '"')
		s.n--;
	return s;
}

bool kith_values_next(struct kith_span *values, bool inside, struct kith_span *ret)
{
	if (!values->p)
		return false;
	const uint8_t *comma = inside && values->n ? memchr(values->p, ',', values->n) : NULL;
	size_t n = comma ? (size_t)(comma - values->p) : inside ? values->n : find(*values, ',');
	*ret = unquoted(kith_span(values->p, n));
	*values = n < values->n ? behind(*values, n + 1) : (struct kith_span){NULL, 0};
	return true;
}

const char *kith_param_of_word(struct kith_span word)
{
	static const struct {
		const char *word, *param;
	} words[] = {
		{"QUOTED-PRINTABLE", "ENCODING"},
		{"BASE64", "ENCODING"},
		{"8BIT", "ENCODING"},
		{"7BIT", "ENCODING"},
		{"INLINE", "VALUE"},
		{"URL", "VALUE"},
		{"CONTENT-ID", "VALUE"},
		{"CID", "VALUE"},
	};

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (kith_span_is(word, words[i].word))
			return words[i].param;
	return "TYPE";
}

/* --- a line ----------------------------------------------------------------------------------- */

/* Bytes of a name, and the dot. */
static const bool may_name[256] = {
	['-'] = true,
	['.'] = true,
	['/'] = true,
	['_'] = true,
#define LETTERS(c)                                                                                 \
	[(c)] = true, [(c) + 1] = true, [(c) + 2] = true, [(c) + 3] = true, [(c) + 4] = true
	LETTERS('0'),
	LETTERS('5'),
	LETTERS('A'),
	LETTERS('F'),
	LETTERS('K'),
	LETTERS('P'),
	LETTERS('U'),
	['Z'] = true,
	LETTERS('a'),
	LETTERS('f'),
	LETTERS('k'),
	LETTERS('p'),
	LETTERS('u'),
	['z'] = true,
#undef LETTERS
};

/* Whether a value could be B, BASE64 or QUOTED-PRINTABLE: most parameters are soon done. */
static bool may_code(struct kith_span params)
{
	for (size_t i = 0; i + 1 < params.n; i++) {
		uint8_t c = params.p[i + 1] | 0x20;
		if ((c == 'q' || c == 'b' || c == ('"' | 0x20)) &&
			(params.p[i] == ';' || params.p[i] == '=' || params.p[i] == ','))
			return true;
	}
	return false;
}

static enum kith_coding coding_of(struct kith_span params)
{
	struct kith_span name, values, value;

	if (!may_code(params))
		return KITH_CODING_PLAIN;
	while (kith_params_next(&params, &name, &values)) {
		const uint8_t c = values.n ? values.p[0] | 0x20 : 0;
		if (c != 'q' && c != 'b' && c != '"')
			continue;
		bool codes = name.n ? kith_span_is(name, "ENCODING")
				    : strcmp(kith_param_of_word(values), "ENCODING") == 0;
		while (codes && kith_values_next(&values, false, &value)) {
			if (kith_span_is(value, "QUOTED-PRINTABLE"))
				return KITH_CODING_QUOTED;
			if (kith_span_is(value, "BASE64") || kith_span_is(value, "B"))
				return KITH_CODING_BASE64;
		}
	}
	return KITH_CODING_PLAIN;
}

/* Behind a name: the colon, past the parameters if there are some; s.n for none. */
static size_t colon_of(struct kith_span s, size_t from)
{
	const uint8_t *colon = memchr(s.p + from, ':', s.n - from);

	if (!colon || s.p[from] == ':')
		return colon ? from : s.n;
	size_t first = (size_t)(colon - s.p);
	if (!memchr(s.p + from, '"', first - from))
		return first;
	size_t quoted = from + find(behind(s, from), ':');
	return quoted < s.n ? quoted : first;
}

bool kith_parts_of(struct kith_span line, struct kith_parts *ret)
{
	size_t i = 0, dot = 0;

	for (; i < line.n && may_name[line.p[i]]; i++)
		if (line.p[i] == '.' && dot == 0)
			dot = i;
	size_t name = dot > 0 ? dot + 1 : 0, name_n = i - name;
	while (i < line.n && kith_is_blank(line.p[i]))
		i++;
	if (name_n == 0 || i == line.n || (line.p[i] != ':' && line.p[i] != ';'))
		return false;
	size_t colon = colon_of(line, i);
	if (colon == line.n)
		return false;
	*ret = (struct kith_parts){
		.group = dot, .name = name, .name_n = name_n, .params = i, .colon = colon};
	if (i < colon)
		ret->coding = coding_of(kith_span(line.p + i, colon - i));
	return true;
}
