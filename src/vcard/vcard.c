/* SPDX-License-Identifier: MIT */
#include "vcard/vcard.h"

#include <stdlib.h>

#include "base/limits.h"
#include "vcard/cut.h"
#include "vcard/inside.h"
#include "vcard/logical.h"

#define PROPERTIES 32 /* room at first; the median vCard has 13 */

struct filler {
	struct kith_vcard *v;
	struct kith_logical_text t;
	const struct kith_place *place;
	struct kith_remarks *remarks;
	size_t shift;  /* of those in place, the next */
	uint32_t more; /* lines that are no longer in the text up to there */
};

enum kith_vcard_version kith_vcard_version(const struct kith_vcard *v)
{
	return v->version;
}

const struct kith_vcard_property *kith_vcard_properties(const struct kith_vcard *v, size_t *ret_n)
{
	*ret_n = v->n;
	return v->properties;
}

void kith_vcard_reset(struct kith_vcard *v)
{
	v->n = 0;
	v->last.value = NULL;
	kith_memory_reset(&v->memory);
}

void kith_vcard_settle(struct kith_vcard *v)
{
	void *less = v->n > 0 ? realloc(v->properties, v->n * sizeof *v->properties) : NULL;

	if (less) {
		v->properties = less;
		v->room = v->n;
	}
	kith_buf_free(&v->scratch);
	kith_charset_free(&v->charset);
}

void kith_vcard_clean(struct kith_vcard *v)
{
	free(v->properties);
	v->properties = NULL;
	kith_memory_free(&v->memory);
	kith_buf_free(&v->scratch);
	kith_charset_free(&v->charset);
}

/* --- properties ------------------------------------------------------------------------------- */

/* The line of the file on which one of the text lies. */
static uint32_t line_of(struct filler *f, const struct kith_logical *l)
{
	if (f->place->shifts->n == 0)
		return (uint32_t)(f->place->line + l->line - 1);
	const struct kith_shift *s = (const struct kith_shift *)(const void *)f->place->shifts->p;
	size_t n = f->place->shifts->n / sizeof *s;

	while (f->shift < n && s[f->shift].at < l->from)
		f->more += s[f->shift++].lines;
	return (uint32_t)(f->place->line + l->line - 1 + f->more);
}

static enum kith_err over(struct filler *f, const char *name, unsigned limit, const char *unit)
{
	kith_remark_limit(f->remarks, f->place->line, name, limit, unit);
	return KITH_ERR_LIMIT;
}

static enum kith_err add(struct filler *f, const struct kith_vcard_property *p)
{
	struct kith_vcard *v = f->v;

	if (v->n == KITH_VCARD_PROPERTIES_MAX)
		return over(f, "VCARD_PROPERTIES_MAX", KITH_VCARD_PROPERTIES_MAX, "properties");
	if (v->n == v->room) {
		size_t room = v->room ? v->room * 2 : PROPERTIES;
		void *more = realloc(v->properties, room * sizeof *v->properties);
		if (!more)
			return KITH_ERR_NOMEM;
		v->properties = more;
		v->room = room;
	}
	v->properties[v->n++] = *p;
	return KITH_OK;
}

static bool has_too_many_parameters(struct kith_span params)
{
	struct kith_span name, values;
	size_t n = 0;

	if (params.n <= KITH_VCARD_PARAMETERS_MAX)
		return false;
	while (n <= KITH_VCARD_PARAMETERS_MAX && kith_params_next(&params, &name, &values))
		n++;
	return n > KITH_VCARD_PARAMETERS_MAX;
}

static struct kith_span trim(struct kith_span s)
{
	while (s.n > 0 && kith_is_blank(s.p[0]))
		s = kith_span(s.p + 1, s.n - 1);
	while (s.n > 0 && kith_is_blank(s.p[s.n - 1]))
		s.n--;
	return s;
}

/* Whether another reader could take the property for the frame of a vCard. */
static bool is_frame(const struct kith_vcard_property *p)
{
	return (kith_span_is(p->name, "BEGIN") || kith_span_is(p->name, "END")) &&
	       kith_span_is(trim(p->value), "VCARD");
}

static void leave_out(struct filler *f, uint32_t line)
{
	kith_remark(f->remarks, line, "this line is no property and was left out");
}

static enum kith_err add_property(struct filler *f, const struct kith_logical *l)
{
	const struct kith_parts *parts = &l->parts;
	struct kith_span s = l->s;
	enum kith_err err = l->joined ? kith_memory_copy(&f->v->memory, s, &s) : KITH_OK;

	if (err)
		return err;
	struct kith_vcard_property p = {
		.group = kith_span(s.p, parts->group),
		.name = kith_span(s.p + parts->name, parts->name_n),
		.params = kith_span(s.p + parts->params, parts->colon - parts->params),
		.value = kith_span(s.p + parts->colon + 1, s.n - parts->colon - 1),
		.line = line_of(f, l),
	};
	if (has_too_many_parameters(p.params))
		return over(f, "VCARD_PARAMETERS_MAX", KITH_VCARD_PARAMETERS_MAX, "parameters");
	if (is_frame(&p)) {
		leave_out(f, p.line);
		return KITH_OK;
	}
	return add(f, &p);
}

/* --- a vCard inside --------------------------------------------------------------------------- */

/* Reads up to the END that belongs to a BEGIN that was read; how many END are missing. */
static enum kith_err read_inner(struct filler *f, size_t *ret_open)
{
	struct kith_logical l;
	enum kith_err err;

	*ret_open = 1;
	while (*ret_open > 0 && !(err = kith_logical_next(&f->t, &l))) {
		*ret_open += l.kind == KITH_LOGICAL_BEGIN;
		*ret_open -= l.kind == KITH_LOGICAL_END;
	}
	return *ret_open > 0 && err != KITH_ERR_MISSING ? err : KITH_OK;
}

/* The inner text with the END that are missing, so that it can be written again. */
static enum kith_err complete(struct filler *f, size_t open, struct kith_span *inner)
{
	struct kith_buf *b = &f->v->scratch;

	if (open == 0)
		return KITH_OK;
	kith_buf_clear(b);
	enum kith_err err = kith_buf_add(b, inner->p, inner->n);
	for (; !err && open > 0; open--)
		err = kith_buf_add_str(b, "\r\nEND:VCARD");
	return err ? err : kith_memory_copy(&f->v->memory, kith_buf_span(b), inner);
}

/* The vCard whose BEGIN was read becomes the value of the AGENT that stands directly before it, or of
 * one that was left out.  Begins with the line end before it, which stood at `before`. */
static enum kith_err add_inner(
	struct filler *f, const struct kith_logical *begin, size_t before, bool after_property)
{
	struct kith_vcard *v = f->v;
	uint32_t line = line_of(f, begin);
	size_t open;
	enum kith_err err = read_inner(f, &open);
	struct kith_span inner = kith_span(f->t.s.p + before, f->t.ended - before);

	if (!err)
		err = complete(f, open, &inner);
	if (err)
		return err;
	struct kith_vcard_property *last = v->n > 0 ? &v->properties[v->n - 1] : NULL;
	if (after_property && last && kith_span_is(last->name, "AGENT") &&
		trim(last->value).n == 0) {
		last->value = inner;
		return KITH_OK;
	}
	kith_remark(f->remarks, line, "a vCard begins inside another; it is kept as its AGENT");
	return add(f, &(const struct kith_vcard_property){
			      .name = kith_span_str("AGENT"), .value = inner, .line = line});
}

enum kith_err kith_vcard_fill(struct kith_vcard *v, struct kith_span text,
	const struct kith_place *place, struct kith_remarks *remarks)
{
	struct filler f = {.v = v, .place = place, .remarks = remarks};
	struct kith_logical l;
	kith_logical_init(&f.t, text, v->version, place->plain, &v->scratch);
	enum kith_err err = kith_logical_next(&f.t, &l); /* BEGIN */
	bool after_property = false;

	while (!err) {
		size_t before = f.t.ended;
		err = kith_logical_next(&f.t, &l);
		if (err || l.kind == KITH_LOGICAL_END)
			break;
		if (l.kind == KITH_LOGICAL_PROPERTY)
			err = add_property(&f, &l);
		else if (l.kind == KITH_LOGICAL_BEGIN)
			err = add_inner(&f, &l, before, after_property);
		else
			leave_out(&f, line_of(&f, &l));
		after_property = l.kind == KITH_LOGICAL_PROPERTY;
	}
	return err == KITH_ERR_MISSING ? KITH_OK : err;
}
