/* SPDX-License-Identifier: MIT */
#include "book/private.h"

#include <stdio.h>

#include "base/auto.h"
#include "base/limits.h"
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

/* A kith_vcard_drop_fn. */
static bool is_marked(void *ctx, const struct kith_vcard_property *p)
{
	(void)ctx;
	return mark_of(p).n > 0;
}

enum kith_err kith_private_strip(struct kith_vcard *v, struct kith_buf *out, bool *ret_some)
{
	size_t n, i = 0;
	const struct kith_vcard_property *p = kith_vcard_properties(v, &n);

	while (i < n && !is_marked(NULL, &p[i]))
		i++;
	*ret_some = i < n && kith_vcard_version(v) != KITH_VCARD_21;
	return *ret_some ? kith_vcard_write_without(v, is_marked, NULL, out) : KITH_OK;
}
