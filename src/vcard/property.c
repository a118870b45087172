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
	struct kith_span s = behind(*params, 1);
	size_t end = 0, name = SIZE_MAX;
	bool marks = true;
	for (; end < s.n && s.p[end] != ';'; end++) {
		if (s.p[end] > '=') /* most are letters */
			continue;
		if (s.p[end] == '=' && name == SIZE_MAX)
			name = end;
		if (s.p[end] != '"' || !marks)
			continue;
		const uint8_t *close = memchr(s.p + end + 1, '"', s.n - end - 1);
		marks = close != NULL;
		end = close ? (size_t)(close - s.p) : end;
	}
	*params = behind(s, end);
	*ret_name = kith_span(s.p, name == SIZE_MAX ? 0 : name);
	*ret_values =
		name == SIZE_MAX ? kith_span(s.p, end) : kith_span(s.p + name + 1, end - name - 1);
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

bool kith_params_may_code(struct kith_span params)
{
	while (params.n > 1) {
		uint8_t c = params.p[1] | 0x20;
		if (c == 'b' || c == 'c' || c == 'e' || c == 'q')
			return true;
		const uint8_t *next = memchr(params.p + 1, ';', params.n - 1);
		params = next ? behind(params, (size_t)(next - params.p)) : kith_span("", 0);
	}
	return false;
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

enum { NAME = 1, DOT = 2 };

/* Bytes of a name, and the dot. */
static const uint8_t may_name[256] = {
	['-'] = NAME,
	['.'] = DOT,
	['/'] = NAME,
	['_'] = NAME,
#define LETTERS(c)                                                                                 \
	[(c)] = NAME, [(c) + 1] = NAME, [(c) + 2] = NAME, [(c) + 3] = NAME, [(c) + 4] = NAME
	LETTERS('0'),
	LETTERS('5'),
	LETTERS('A'),
	LETTERS('F'),
	LETTERS('K'),
	LETTERS('P'),
	LETTERS('U'),
	['Z'] = NAME,
	LETTERS('a'),
	LETTERS('f'),
	LETTERS('k'),
	LETTERS('p'),
	LETTERS('u'),
	['z'] = NAME,
#undef LETTERS
};

static enum kith_coding coding_of(struct kith_span params)
{
	struct kith_span name, values, value;

	if (!kith_params_may_code(params))
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
	unsigned seen = 0;

	for (unsigned c; i < line.n && (c = may_name[line.p[i]]); i++)
		seen |= c;
	if (seen & DOT) {
		const uint8_t *at = memchr(line.p + 1, '.', i - 1);
		dot = at ? (size_t)(at - line.p) : 0;
	}
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
