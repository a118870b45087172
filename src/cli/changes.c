/* SPDX-License-Identifier: MIT */
#include "cli/changes.h"

#include "base/auto.h"
#include "base/limits.h"
#include "base/text.h"
#include "cli/person.h"

/* One change: either side may be NULL. */
typedef enum kith_err (*pair_fn)(
	void *ctx, const struct kith_field *before, const struct kith_field *now);

static bool same_name(const struct kith_field *a, const struct kith_field *b)
{
	return a->kind == b->kind && kith_span_eq(a->label, b->label);
}

static bool same_field(const struct kith_field *a, const struct kith_field *b)
{
	if (!same_name(a, b) || a->parts != b->parts || a->flags != b->flags)
		return false;
	for (size_t i = 0; i < a->parts; i++)
		if (!kith_span_eq(a->part[i], b->part[i]))
			return false;
	return true;
}

/* Which of the fields of one card have their like in the other; each counts once. */
static void match(const struct kith_fields *a, const struct kith_fields *b, bool *in_a, bool *in_b)
{
	for (size_t i = 0; i < a->n; i++)
		for (size_t j = 0; !in_a[i] && j < b->n; j++)
			if (!in_b[j] && same_field(&a->at[i], &b->at[j]))
				in_a[i] = in_b[j] = true;
}

/* Those of one kind and label that remain belong together in their order. */
static enum kith_err each_pair(
	const struct kith_fields *before, const struct kith_fields *now, pair_fn fn, void *ctx)
{
	bool done_before[KITH_CARD_FIELDS] = {false};
	bool done_now[KITH_CARD_FIELDS] = {false};
	enum kith_err err = KITH_OK;

	match(before, now, done_before, done_now);
	for (size_t i = 0; !err && i < before->n; i++) {
		const struct kith_field *to = NULL;
		if (done_before[i])
			continue;
		for (size_t j = 0; !to && j < now->n; j++)
			if (!done_now[j] && same_name(&before->at[i], &now->at[j])) {
				to = &now->at[j];
				done_now[j] = true;
			}
		err = fn(ctx, &before->at[i], to);
	}
	for (size_t j = 0; !err && j < now->n; j++)
		if (!done_now[j])
			err = fn(ctx, NULL, &now->at[j]);
	return err;
}

/* --- in words --------------------------------------------------------------------------------- */

struct telling {
	const struct kith_fields *before;
	kith_change_fn fn;
	void *ctx;
	bool any;
	bool newer; /* something that this kith does not know was told of already */
};

static enum kith_err add_value(struct kith_buf *line, const struct kith_field *f)
{
	KITH_AUTO_BUF struct kith_buf value = {0};
	enum kith_err err = kith_field_value(f, &value);

	return err ? err : kith_show(line, kith_buf_span(&value), KITH_SHOWN_LINE);
}

/* "email.work" */
static enum kith_err add_name(struct kith_buf *line, const struct kith_field *f)
{
	enum kith_err err = kith_buf_add_str(line, kith_field_info(f->kind)->name);

	if (!err && f->label.n && !(err = kith_buf_add_str(line, ".")))
		err = kith_show(line, f->label, KITH_FIELD_LABEL_MAX);
	return err;
}

static enum kith_err add_photo(
	struct kith_buf *line, const struct kith_field *before, const struct kith_field *now)
{
	return kith_buf_add_str(line, !now      ? "the picture is gone"
				      : !before ? "has a picture now"
						: "has another picture");
}

/* Whether the card before had several that are called so: then it must be said which. */
static bool several(const struct telling *t, const struct kith_field *f)
{
	size_t n = 0;

	for (size_t i = 0; i < t->before->n; i++)
		n += same_name(&t->before->at[i], f);
	return n > 1;
}

static enum kith_err add_gone(
	struct kith_buf *line, const struct telling *t, const struct kith_field *f)
{
	enum kith_err err = add_name(line, f);

	if (!err && several(t, f) && !(err = kith_buf_add_str(line, " ")))
		err = add_value(line, f);
	return err ? err : kith_buf_add_str(line, " is gone");
}

static bool same_value(const struct kith_field *a, const struct kith_field *b)
{
	struct kith_field like = *a;

	like.flags = b->flags;
	return same_field(&like, b);
}

static enum kith_err add_other(
	struct kith_buf *line, const struct kith_field *before, const struct kith_field *now)
{
	enum kith_err err = add_name(line, now);

	if (!err)
		err = kith_buf_add_str(line, " ");
	if (!err)
		err = add_value(line, before);
	if (!err && same_value(before, now))
		return kith_buf_add_str(line, now->flags & KITH_FIELD_PREFERRED
						      ? " is the first choice now"
						      : " is not the first choice any more");
	if (!err)
		err = kith_buf_add_str(line, " -> ");
	return err ? err : add_value(line, now);
}

static enum kith_err tell_line(struct telling *t, struct kith_buf *line)
{
	const char *text = kith_buf_cstr(line);

	t->any = true;
	return text ? t->fn(t->ctx, text) : KITH_ERR_NOMEM;
}

static enum kith_err tell_pair(
	void *ctx, const struct kith_field *before, const struct kith_field *now)
{
	struct telling *t = ctx;
	KITH_AUTO_BUF struct kith_buf line = {0};
	enum kith_err err;

	if (!kith_field_info(now ? now->kind : before->kind)) {
		if (t->newer)
			return KITH_OK;
		t->newer = true;
		err = kith_buf_add_str(&line, "something that a newer kith can show");
	} else if ((now ? now : before)->kind == KITH_FIELD_PHOTO) {
		err = add_photo(&line, before, now);
	} else if (!now) {
		err = add_gone(&line, t, before);
	} else if (before) {
		err = add_other(&line, before, now);
	} else {
		err = kith_buf_add_str(&line, "new ");
		if (!err)
			err = add_name(&line, now);
		if (!err)
			err = kith_buf_add_str(&line, " ");
		if (!err)
			err = add_value(&line, now);
	}
	return err ? err : tell_line(t, &line);
}

static enum kith_err tell_text(struct telling *t, const char *text)
{
	t->any = true;
	return t->fn(t->ctx, text);
}

enum kith_err kith_changes_each(
	const struct kith_card *before, const struct kith_card *now, kith_change_fn fn, void *ctx)
{
	struct telling t = {.before = &before->fields, .fn = fn, .ctx = ctx};
	enum kith_err err = KITH_OK;

	if (memcmp(before->card, now->card, sizeof now->card) != 0)
		err = tell_text(&t, "another of their cards");
	if (!err && before->pass != now->pass)
		err = tell_text(&t, now->pass == 0   ? "not to be handed on any more"
				    : now->pass == 1 ? "may be handed on when asked"
						     : "may be handed on");
	if (!err)
		err = each_pair(&before->fields, &now->fields, tell_pair, &t);
	return err || t.any ? err : tell_text(&t, "signed anew, and says the same");
}

static enum kith_err print_line(void *ctx, const char *line)
{
	(void)ctx;
	(void)printf("    %s\n", line);
	return KITH_OK;
}

enum kith_err kith_changes_print(const struct kith_card *before, const struct kith_card *now)
{
	return kith_changes_each(before, now, print_line, NULL);
}

/* --- as JSON ---------------------------------------------------------------------------------- */

static json_t *value_json(const struct kith_field *f)
{
	KITH_AUTO_BUF struct kith_buf value = {0};

	if (!f || f->kind == KITH_FIELD_PHOTO)
		return json_null();
	return kith_field_value(f, &value) ? NULL : kith_json_text(kith_buf_span(&value));
}

static enum kith_err add_pair(
	void *ctx, const struct kith_field *before, const struct kith_field *now)
{
	const struct kith_field *f = now ? now : before;
	const struct kith_field_info *info = kith_field_info(f->kind);
	json_t *o;

	if (!info)
		return KITH_OK;
	if (!(o = json_object()) || json_array_append_new(ctx, o))
		return KITH_ERR_NOMEM;
	int bad = json_object_set_new(o, "change",
		json_string(!before ? "new"
			    : !now  ? "gone"
				    : "other"));
	bad |= json_object_set_new(o, "kind", json_string(info->name));
	bad |= json_object_set_new(o, "label", f->label.n ? kith_json_text(f->label) : json_null());
	bad |= json_object_set_new(o, "before", value_json(before));
	bad |= json_object_set_new(o, "now", value_json(now));
	return bad ? KITH_ERR_NOMEM : KITH_OK;
}

json_t *kith_changes_json(const struct kith_card *before, const struct kith_card *now)
{
	json_t *array = json_array();

	if (!array || !each_pair(&before->fields, &now->fields, add_pair, array))
		return array;
	json_decref(array);
	return NULL;
}
