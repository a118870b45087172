/* SPDX-License-Identifier: MIT */
#include "book/private.h"

#include <stdio.h>

#include "base/auto.h"
#include "base/limits.h"
#include "base/text.h"
#include "vcard/line.h"
#include "vcard/map.h"
#include "vcard/param.h"
#include "vcard/value.h"
#include "vcard/write.h"

#define MARK "X-KITH-REMEMBERED" /* of a note its moment, Unix seconds; of tags "tags" */
#define TAGS "tags"
#define END  "END:VCARD\r\n"

/* --- out -------------------------------------------------------------------------------------- */

struct adding {
	struct kith_line line;
	size_t tags, notes;
	kith_private_fn wanted;
	void *ctx;
	enum kith_err err;
};

static bool add_tag(void *ctx, struct kith_span tag, size_t people)
{
	struct adding *a = ctx;

	(void)people;
	kith_line_raw(&a->line, a->tags++ ? "," : "CATEGORIES;" MARK "=" TAGS ":");
	kith_line_text(&a->line, tag);
	return true;
}

static bool add_note(void *ctx, const struct kith_remark *r)
{
	struct adding *a = ctx;
	char head[64];

	if (a->wanted && !a->wanted(a->ctx, r))
		return true;
	if (r->kind != KITH_REMARK_NOTE)
		return true;
	if (++a->notes > KITH_PRIVATE_NOTES_MAX) {
		a->err = KITH_ERR_LIMIT;
		return false;
	}
	(void)snprintf(head, sizeof head, "NOTE;" MARK "=%lld:", (long long)r->at);
	kith_line_raw(&a->line, head);
	kith_line_text(&a->line, r->text);
	kith_line_end(&a->line);
	return true;
}

enum kith_err kith_private_add(struct kith_store *store, int64_t contact, kith_private_fn wanted,
	void *ctx, struct kith_buf *out)
{
	KITH_AUTO_BUF struct kith_buf lines = {0};
	struct adding a = {.line = {.out = &lines}, .wanted = wanted, .ctx = ctx};
	const size_t end = sizeof END - 1;
	enum kith_err err = kith_store_tags(store, contact, add_tag, &a);

	if (a.tags)
		kith_line_end(&a.line);
	if (!err)
		err = kith_store_remarks(store, contact, add_note, &a);
	if (!err)
		err = a.err ? a.err : a.line.err;
	if (err || lines.n == 0)
		return err;
	if (out->n < end || memcmp(out->p + out->n - end, END, end) != 0)
		return KITH_ERR_INTERNAL;
	out->n -= end;
	err = kith_buf_add(out, lines.p, lines.n);
	return err ? err : kith_buf_add_str(out, END);
}

/* --- and in again ----------------------------------------------------------------------------- */

/* What the mark of a property says; n == 0: it has none. */
static struct kith_span mark_of(const struct kith_vcard_property *p)
{
	struct kith_span rest = p->params;
	struct kith_param param;

	if (kith_vcard_is(p, "NOTE") || kith_vcard_is(p, "CATEGORIES"))
		while (kith_param_next(&rest, &param))
			if (kith_word_is(param.name, MARK))
				return param.value;
	return kith_span("", 0);
}

static bool is_marked(struct kith_vcard *v)
{
	size_t n;
	const struct kith_vcard_property *p = kith_vcard_properties(v, &n);

	for (size_t i = 0; i < n; i++)
		if (mark_of(&p[i]).n)
			return true;
	return false;
}

/* What is being looked for among what I remember of the person. */
struct search {
	struct kith_store *store;
	struct kith_vcard *v;
	int64_t contact;
	struct kith_span wanted; /* a moment in digits, or a tag, folded */
	bool found;
	size_t dropped;
	enum kith_err err;
};

static bool is_then(void *ctx, const struct kith_remark *r)
{
	struct search *s = ctx;
	char at[32];

	(void)snprintf(at, sizeof at, "%lld", (long long)r->at);
	s->found = r->kind == KITH_REMARK_NOTE && kith_span_eq(s->wanted, kith_span_str(at));
	return !s->found;
}

static bool is_tag(void *ctx, struct kith_span tag, size_t people)
{
	struct search *s = ctx;
	KITH_AUTO_BUF struct kith_buf fold = {0};

	(void)people;
	s->err = kith_fold(&fold, tag);
	s->found = !s->err && kith_span_eq(s->wanted, kith_buf_span(&fold));
	return !s->err && !s->found;
}

/* Whether the person has every tag of the list. */
static bool has_tags(struct search *s, const struct kith_vcard_property *p)
{
	enum kith_err err = KITH_OK;
	struct kith_span tag;

	s->found = true;
	for (size_t i = 0; !err && s->found; i++) {
		KITH_AUTO_BUF struct kith_buf fold = {0};
		if ((err = kith_vcard_text(s->v, p, ',', i, &tag)) || (err = kith_fold(&fold, tag)))
			break;
		s->wanted = kith_buf_span(&fold);
		s->found = false;
		err = kith_store_tags(s->store, s->contact, is_tag, s);
	}
	if (err && err != KITH_ERR_MISSING)
		s->err = err;
	return !s->err && s->found;
}

/* A kith_vcard_drop_fn. */
static bool is_mine(void *ctx, const struct kith_vcard_property *p)
{
	struct search *s = ctx;
	struct kith_span mark = mark_of(p);
	bool mine = false;

	if (mark.n == 0 || s->err)
		return false;
	if (kith_vcard_is(p, "CATEGORIES")) {
		mine = kith_word_is(mark, TAGS) && has_tags(s, p);
	} else {
		s->wanted = mark;
		s->found = false;
		s->err = kith_store_remarks(s->store, s->contact, is_then, s);
		mine = !s->err && s->found;
	}
	s->dropped += mine;
	return mine;
}

enum kith_err kith_private_strip(struct kith_store *store, struct kith_vcard *v,
	const struct kith_fields *fields, struct kith_buf *out, bool *ret_some)
{
	KITH_AUTO_BUF struct kith_buf made = {0};
	struct search s = {.store = store, .v = v};
	enum kith_match match;
	int64_t entry;

	*ret_some = false;
	if (kith_vcard_version(v) == KITH_VCARD_21 || !is_marked(v))
		return KITH_OK;
	enum kith_err err =
		kith_store_match(store, kith_vcard_uid(v), fields, &match, &s.contact, &entry);
	if (err || (match != KITH_MATCH_UID && match != KITH_MATCH_SIGNED))
		return err;
	err = kith_vcard_write_without(v, is_mine, &s, &made);
	if (!err)
		err = s.err;
	if (err || s.dropped == 0)
		return err;
	*ret_some = true;
	return kith_buf_add(out, made.p, made.n);
}
