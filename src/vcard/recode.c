/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "base/text.h"
#include "vcard/inside.h"
#include "vcard/logical.h"
#include "vcard/utf8.h"

struct recoder {
	struct kith_vcard *v;
	const struct kith_place *place;
	struct kith_remarks *remarks;
	struct kith_buf *out;
	uint64_t line;       /* of the file */
	const char *common;  /* charset of other lines, NULL for none */
	const char *charset; /* of the present line, NULL for none that is known */
	bool guessed;
};

/* The value of CHARSET; n == 0 for none. */
static struct kith_span named_by(const struct kith_logical *l)
{
	struct kith_span name, values, value = {NULL, 0};
	struct kith_span params =
		kith_span(l->s.p + l->parts.params, l->parts.colon - l->parts.params);

	while (l->kind == KITH_LOGICAL_PROPERTY && kith_params_next(&params, &name, &values))
		if (kith_span_is(name, "CHARSET"))
			(void)kith_values_next(&values, false, &value);
	return value;
}

static bool is_foreign(const char *charset)
{
	return charset && strcmp(charset, "UTF-8") != 0;
}

/* The first charset but UTF-8 that some line names: the others are hardly in another. */
static const char *common_charset(struct kith_logical_text t)
{
	struct kith_logical l;

	while (kith_logical_next(&t, &l) == KITH_OK) {
		struct kith_span name = named_by(&l);
		const char *known = name.n ? kith_charset_known(name) : NULL;
		if (is_foreign(known))
			return known;
	}
	return NULL;
}

/* The charset that a property names, NULL for none that is known; with a remark then. */
static const char *charset_of(struct recoder *r, const struct kith_logical *l)
{
	struct kith_span value = named_by(l);
	const char *known = value.n ? kith_charset_known(value) : NULL;

	if (value.n > 0 && !known) {
		char shown[64];
		kith_remark(r->remarks, r->line, "the charset %s is not known here",
			kith_quote_in(shown, sizeof shown, value, 24));
	}
	return known;
}

static enum kith_err add_text(struct recoder *r, struct kith_span s)
{
	return kith_charset_text(&r->v->charset, r->charset, s, r->out, &r->guessed);
}

/* All parameters but CHARSET, which would no longer be true; with quoted-printable it is. */
static enum kith_err add_params(struct recoder *r, struct kith_span params, bool all)
{
	struct kith_span name, values;
	enum kith_err err = KITH_OK;

	for (const uint8_t *from = params.p; !err && kith_params_next(&params, &name, &values);
		from = params.p)
		if (all || !kith_span_is(name, "CHARSET"))
			err = add_text(r, kith_span(from, (size_t)(params.p - from)));
	return err;
}

static enum kith_err add_quoted(struct recoder *r, struct kith_span s)
{
	enum kith_err err = KITH_OK;

	while (!err && s.n > 0) {
		size_t n = kith_utf8_ascii(s);
		if (n > 0)
			err = kith_buf_add(r->out, s.p, n);
		else
			err = kith_buf_printf(r->out, "=%02X", s.p[0]);
		n = n ? n : 1;
		s = kith_span(s.p + n, s.n - n);
	}
	return err;
}

static enum kith_err add_property(struct recoder *r, const struct kith_logical *l)
{
	const struct kith_parts *parts = &l->parts;
	struct kith_span value = kith_span(l->s.p + parts->colon, l->s.n - parts->colon);
	bool quoted = parts->coding == KITH_CODING_QUOTED;
	enum kith_err err = kith_buf_add(r->out, l->s.p, parts->params);

	if (!err)
		err = add_params(
			r, kith_span(l->s.p + parts->params, parts->colon - parts->params), quoted);
	if (!err)
		err = quoted ? add_quoted(r, value) : add_text(r, value);
	return err;
}

/* Whether the line can stay, byte for byte. */
static bool stays(struct recoder *r, const struct kith_logical *l, struct kith_span raw)
{
	r->charset = NULL;
	r->guessed = false;
	if (kith_utf8_ascii(raw) == raw.n)
		return true;
	r->charset = charset_of(r, l);
	if (is_foreign(r->charset))
		return false;
	if (kith_utf8_valid(raw))
		return true;
	if (!r->charset && r->common && !kith_utf8_valid(l->s)) {
		kith_remark(r->remarks, r->line, "this line is taken for %s, which others name",
			r->common);
		r->charset = r->common;
	}
	return false;
}

static enum kith_err add_line(struct recoder *r, const struct kith_logical *l, uint32_t lines)
{
	struct kith_shift shift = {.at = r->out->n, .lines = lines - 1};
	enum kith_err err = KITH_OK;

	if (lines > 1)
		err = kith_buf_add(r->place->shifts, &shift, sizeof shift);
	if (!err)
		err = l->kind == KITH_LOGICAL_PROPERTY ? add_property(r, l) : add_text(r, l->s);
	if (r->guessed)
		kith_remark(r->remarks, r->line,
			"bytes that are in no charset named here were taken for windows-1252");
	return err;
}

enum kith_err kith_vcard_recode(struct kith_vcard *v, struct kith_span text,
	const struct kith_place *place, struct kith_remarks *remarks, struct kith_buf *out)
{
	struct recoder r = {.v = v, .place = place, .remarks = remarks, .out = out};
	struct kith_logical_text t;
	size_t done = 0;

	kith_logical_init(&t, text, v->version, place->plain, &v->scratch);
	r.common = common_charset(t);
	for (;;) {
		struct kith_logical l;
		enum kith_err err = kith_logical_next(&t, &l);
		if (err == KITH_ERR_MISSING)
			return kith_buf_add(out, text.p + done, text.n - done);
		if (err)
			return err;
		r.line = place->line + l.line - 1;
		if (stays(&r, &l, kith_span(text.p + l.from, l.to - l.from)))
			continue;
		err = kith_buf_add(out, text.p + done, l.from - done);
		done = l.to;
		if (!err)
			err = add_line(&r, &l, t.line - l.line);
		if (err)
			return err;
	}
}
