/* SPDX-License-Identifier: MIT */
#include "vcard/value.h"

#include <strings.h>

#include "base/limits.h"
#include "vcard/inside.h"
#include "vcard/property.h"
#include "vcard/utf8.h"

bool kith_vcard_is(const struct kith_vcard_property *p, const char *name)
{
	return kith_span_is(p->name, name);
}

void *kith_vcard_alloc(struct kith_vcard *v, size_t n)
{
	return kith_memory_take(&v->memory, n);
}

bool kith_vcard_param(
	const struct kith_vcard_property *p, const char *name, size_t i, struct kith_span *ret)
{
	struct kith_span params = p->params, word, values, value;
	if (params.n == 0)
		return false;
	bool types = strcasecmp(name, "TYPE") == 0;
	while (i < KITH_VCARD_PARAMETERS_MAX && kith_params_next(&params, &word, &values)) {
		if (word.n > 0 ? !kith_span_is(word, name)
			       : strcasecmp(kith_param_of_word(values), name) != 0)
			continue;
		while (kith_values_next(&values, types, &value)) {
			if (value.n == 0)
				continue;
			if (i == 0) {
				*ret = value;
				return true;
			}
			i--;
		}
	}
	return false;
}

/* --- text ------------------------------------------------------------------------------------- */

/* How the text of a property is written. */
struct writing {
	bool quoted;
	struct kith_span charset; /* n == 0 for none */
};

static void note(struct writing *w, struct kith_span param, struct kith_span values)
{
	struct kith_span s;

	if (kith_span_is(param, "CHARSET")) {
		if (w->charset.n == 0)
			(void)kith_values_next(&values, false, &w->charset);
	} else if (kith_span_is(param, "ENCODING")) {
		while (kith_values_next(&values, false, &s))
			w->quoted |= kith_span_is(s, "QUOTED-PRINTABLE");
	} else if (param.n == 0) {
		w->quoted |= kith_span_is(values, "QUOTED-PRINTABLE");
	}
}

static struct writing writing_of(const struct kith_vcard_property *p)
{
	struct writing w = {false, {NULL, 0}};
	struct kith_span params = p->params, name, values;

	while (kith_params_next(&params, &name, &values))
		note(&w, name, values);
	return w;
}

static int hex(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Quoted-printable in place; what is no =XX stays, but for a "=" at the end. */
static size_t unquote(uint8_t *p, size_t n)
{
	size_t to = 0;

	for (size_t i = 0; i < n; i++) {
		int high = p[i] == '=' && n - i > 2 ? hex(p[i + 1]) : -1;
		int low = high >= 0 ? hex(p[i + 2]) : -1;
		if (p[i] == '=' && i + 1 == n)
			break;
		p[to++] = (uint8_t)(low >= 0 ? high << 4 | low : p[i]);
		i += low >= 0 ? 2 : 0;
	}
	return to;
}

static bool has(struct kith_span s, uint8_t c)
{
	return s.n > 0 && memchr(s.p, c, s.n);
}

/* The value in UTF-8, as its version writes it; *ret_quoted: out of quoted-printable. */
static enum kith_err plain(struct kith_vcard *v, const struct kith_vcard_property *p,
	struct kith_span *ret, bool *ret_quoted)
{
	struct kith_span s = p->value;
	bool guessed = false;

	*ret = s;
	*ret_quoted = false;
	if (p->params.n == 0 || !kith_params_may_code(p->params))
		return KITH_OK;
	struct writing w = writing_of(p);
	const char *charset = w.charset.n ? kith_charset_known(w.charset) : NULL;
	*ret_quoted = w.quoted;
	if (w.quoted) {
		enum kith_err err = kith_memory_copy(&v->memory, s, &s);
		if (err)
			return err;
		s.n = unquote((uint8_t *)(uintptr_t)s.p, s.n);
	}
	bool stateful = charset && kith_charset_is_7bit(charset) && has(s, 0x1b);
	if (!stateful && (!w.quoted || (kith_utf8_ascii(s) == s.n && !has(s, 0)))) {
		*ret = s;
		return KITH_OK;
	}
	kith_buf_clear(&v->scratch);
	enum kith_err err = kith_charset_text(&v->charset, charset, s, &v->scratch, &guessed);
	return err ? err : kith_memory_copy(&v->memory, kith_buf_span(&v->scratch), ret);
}

/* What an escape in the last value stands for, 0 when it stands for itself. */
static uint8_t unescaped(const struct kith_vcard *v, uint8_t c)
{
	switch (c) {
	case 'n':
	case 'N':
		/* 2.1 has no such escape, but many write it where they cannot quote */
		return v->last.quoted && v->version == KITH_VCARD_21 ? 0 : '\n';
	case '\\':
	case ';':
	case ',':
	case ':':
		return c;
	default:
		return 0;
	}
}

/* The escapes of s undone, in memory of v if there are some. */
static enum kith_err unescape(struct kith_vcard *v, struct kith_span s, struct kith_span *ret)
{
	if (!has(s, '\\')) {
		*ret = s;
		return KITH_OK;
	}
	uint8_t *p = kith_memory_take(&v->memory, s.n);
	if (!p)
		return KITH_ERR_NOMEM;
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++) {
		uint8_t c = s.p[i] == '\\' && i + 1 < s.n ? unescaped(v, s.p[i + 1]) : 0;
		p[n++] = c ? c : s.p[i];
		i += c != 0;
	}
	*ret = kith_span(p, n);
	return KITH_OK;
}

/* Looks at the part that begins at `at`: where it ends, and whether there are escapes in it. */
static void look_at(struct kith_vcard_last *last, size_t at)
{
	const uint8_t *p = last->text.p;
	size_t n = last->text.n, end = at;

	last->escaped = false;
	for (; end < n && p[end] != (uint8_t)last->separator; end++) {
		if (p[end] != '\\')
			continue;
		last->escaped = true;
		end += end + 1 < n;
	}
	last->at = at;
	last->end = end;
}

/* Goes to the i-th part.  False: there is none. */
static bool go_to(struct kith_vcard_last *last, char separator, size_t i)
{
	if (last->separator != separator || last->i > i) {
		last->separator = separator;
		last->i = 0;
		look_at(last, 0);
	}
	for (; last->i < i; last->i++) {
		if (last->end == last->text.n)
			return false;
		look_at(last, last->end + 1);
	}
	return true;
}

/* Makes v->last one of that property. */
static enum kith_err turn_to(struct kith_vcard *v, const struct kith_vcard_property *p)
{
	struct kith_vcard_last *last = &v->last;

	if (last->value == p->value.p)
		return KITH_OK;
	last->value = NULL;
	enum kith_err err = plain(v, p, &last->text, &last->quoted);
	if (err)
		return err;
	last->value = p->value.p;
	last->simple = kith_utf8_simple(last->text);
	last->separator = '\0';
	return KITH_OK;
}

enum kith_err kith_vcard_text(struct kith_vcard *v, const struct kith_vcard_property *p,
	char separator, size_t i, struct kith_span *ret)
{
	struct kith_vcard_last *last = &v->last;
	enum kith_err err = turn_to(v, p);

	if (err)
		return err;
	if (separator == '\0') {
		*ret = last->text;
		if (i > 0)
			return KITH_ERR_MISSING;
		return last->simple ? KITH_OK : unescape(v, last->text, ret);
	}
	if (!go_to(last, separator, i))
		return KITH_ERR_MISSING;
	struct kith_span part = kith_span(last->text.p + last->at, last->end - last->at);
	if (last->escaped)
		return unescape(v, part, ret);
	*ret = part;
	return KITH_OK;
}

/* The parts of a text that has no escapes. */
static size_t split(struct kith_span s, uint8_t separator, size_t max, struct kith_span *ret)
{
	size_t n = 0;

	while (n < max) {
		const uint8_t *end = s.n ? memchr(s.p, separator, s.n) : NULL;
		if (!end) {
			ret[n++] = s;
			break;
		}
		size_t part = (size_t)(end - s.p);
		ret[n++] = kith_span(s.p, part);
		s = kith_span(end + 1, s.n - part - 1);
	}
	return n;
}

enum kith_err kith_vcard_parts(struct kith_vcard *v, const struct kith_vcard_property *p,
	char separator, size_t max, struct kith_span *ret, size_t *ret_n)
{
	size_t n = 0;
	enum kith_err err = turn_to(v, p);

	if (!err && v->last.simple)
		n = split(v->last.text, (uint8_t)separator, max, ret);
	else if (!err && max > 0 && !has(v->last.text, (uint8_t)separator))
		n = (err = unescape(v, v->last.text, ret)) == KITH_OK;
	else
		while (!err && n < max && !(err = kith_vcard_text(v, p, separator, n, &ret[n])))
			n++;
	if (err && err != KITH_ERR_MISSING)
		return err;
	*ret_n = n;
	return KITH_OK;
}
