/* SPDX-License-Identifier: MIT */
#include "cli/remembered.h"

#include "base/auto.h"
#include "base/text.h"
#include "book/held.h"
#include "cli/about.h"
#include "cli/introfile.h"
#include "cli/person.h"
#include "cli/rings.h"
#include "cli/when.h"
#include "cli/words.h"

#define LAST 5 /* notes and touches that are shown at first */

/* --- notes and touches ------------------------------------------------------------------------ */

const char *kith_remark_name(enum kith_remark_kind kind)
{
	switch (kind) {
	case KITH_REMARK_CALL:
		return "call";
	case KITH_REMARK_MET:
		return "met";
	case KITH_REMARK_WROTE:
		return "wrote";
	case KITH_REMARK_NOTE:
		break;
	}
	return "note";
}

enum kith_err kith_remark_print(const struct kith_remark *r, FILE *out)
{
	KITH_AUTO_BUF struct kith_buf value = {0};
	char label[48], date[KITH_DATE_CHARS];
	enum kith_err err = kith_buf_printf(&value, "%s%s%.*s", kith_words_date(r->at, date),
		r->text.n ? ": " : "", (int)r->text.n, r->text.n ? (const char *)r->text.p : "");

	(void)snprintf(
		label, sizeof label, "%s %lld", kith_remark_name(r->kind), (long long)r->row);
	return err ? err : kith_person_line(label, kith_buf_span(&value), out);
}

/* A moment, null for none. */
static json_t *moment(int64_t at)
{
	char iso[KITH_DATE_CHARS];

	return at ? json_string(kith_words_iso(at, iso)) : json_null();
}

static json_t *day(int32_t d)
{
	char text[KITH_DAY_CHARS + 1];

	if (d == KITH_DAY_NONE)
		return json_null();
	kith_day_write(d, text);
	return json_string(text);
}

json_t *kith_remark_json(const struct kith_remark *r)
{
	json_t *o = json_pack("{s:I,s:s,s:o}", "number", (json_int_t)r->row, "kind",
		kith_remark_name(r->kind), "at", moment(r->at));
	int bad = r->edited ? json_object_set_new(o, "edited", moment(r->edited)) : 0;

	bad |= json_object_set_new(o, "text", kith_json_text(r->text));
	if (!bad)
		return o;
	json_decref(o);
	return NULL;
}

/* --- promises --------------------------------------------------------------------------------- */

static const char *direction(const struct kith_promise *p)
{
	if (p->thing)
		return p->theirs ? "lent to" : "borrowed from";
	return p->theirs ? "from" : "to";
}

static enum kith_err promise_words(
	const char *name, const struct kith_promise *p, struct kith_buf *out)
{
	char date[KITH_DATE_CHARS];
	enum kith_err err = kith_buf_printf(out, "%s %s", direction(p), name);

	if (!err && p->state != KITH_PROMISE_OPEN)
		err = kith_buf_printf(out, ", %s %s",
			p->state == KITH_PROMISE_DONE ? "done" : "let go",
			kith_words_date(p->ended, date));
	else if (!err && p->by != KITH_DAY_NONE)
		err = kith_buf_printf(
			out, ", by %s", kith_words_date(kith_day_begins(p->by), date));
	if (!err)
		err = kith_buf_add_str(out, ": ");
	return err ? err : kith_buf_add(out, p->text.p, p->text.n);
}

enum kith_err kith_promise_print(struct kith_store *store, const struct kith_promise *p, FILE *out)
{
	KITH_AUTO(kith_contact_free) struct kith_contact c = {0};
	KITH_AUTO_BUF struct kith_buf value = {0};
	char label[48], name[KITH_QUOTED_BYTES];
	enum kith_err err = kith_store_contact(store, p->contact, &c);

	if (!err)
		err = promise_words(kith_held_quoted(c.name, name), p, &value);
	(void)snprintf(label, sizeof label, "promise %lld", (long long)p->row);
	return err ? err : kith_person_line(label, kith_buf_span(&value), out);
}

json_t *kith_promise_json(struct kith_store *store, const struct kith_promise *p)
{
	static const char *const states[] = {"open", "done", "let-go"};
	json_t *o = kith_person_brief(store, p->contact);

	int bad = json_object_set_new(o, "number", json_integer((json_int_t)p->row));
	bad |= json_object_set_new(o, "theirs", json_boolean(p->theirs));
	bad |= json_object_set_new(o, "thing", json_boolean(p->thing));
	bad |= json_object_set_new(o, "text", kith_json_text(p->text));
	bad |= json_object_set_new(o, "made", moment(p->made));
	bad |= json_object_set_new(o, "by", day(p->by));
	bad |= json_object_set_new(
		o, "state", json_string(states[(unsigned)p->state < 3 ? (unsigned)p->state : 0]));
	bad |= json_object_set_new(o, "ended", moment(p->ended));
	if (!bad)
		return o;
	json_decref(o);
	return NULL;
}

/* --- relations -------------------------------------------------------------------------------- */

struct related {
	struct kith_store *store;
	int64_t of, other; /* other 0: to all */
	const char *label; /* of the next line */
	FILE *out;
	json_t *array;
	size_t n;
	enum kith_err err;
};

/* How the other one is related to the person asked about: what stands before the words. */
static const char *why_words(const struct kith_relation *r, int64_t of)
{
	switch (r->kind) {
	case KITH_RELATION_INTRODUCED:
		return r->a == of ? "introduced to you by them" : "introduced them to you";
	case KITH_RELATION_BROUGHT:
		return "you introduced them to each other";
	case KITH_RELATION_EVENT:
		return "both were at";
	case KITH_RELATION_ORG:
		return "both are of";
	case KITH_RELATION_SAID:
		break;
	}
	return "you say";
}

static enum kith_err related_words(const struct kith_relation *r, const struct kith_contact *c,
	int64_t of, struct kith_buf *out)
{
	bool named = r->kind == KITH_RELATION_EVENT || r->kind == KITH_RELATION_ORG;
	char name[KITH_QUOTED_BYTES];
	enum kith_err err =
		kith_buf_printf(out, "%s: %s", kith_held_quoted(c->name, name), why_words(r, of));

	if (!err && r->words.n)
		err = kith_buf_add_str(out, named ? " " : ": ");
	return err ? err : kith_buf_add(out, r->words.p, r->words.n);
}

static int64_t other_of(const struct related *to, const struct kith_relation *r)
{
	return r->a == to->of ? r->b : r->a;
}

static bool is_asked(const struct related *to, const struct kith_relation *r)
{
	return to->other == 0 || to->other == other_of(to, r);
}

static bool print_related(void *ctx, const struct kith_relation *r)
{
	struct related *to = ctx;
	KITH_AUTO(kith_contact_free) struct kith_contact c = {0};
	KITH_AUTO_BUF struct kith_buf text = {0};

	if (!is_asked(to, r))
		return true;
	to->err = kith_store_contact(to->store, other_of(to, r), &c);
	if (!to->err)
		to->err = related_words(r, &c, to->of, &text);
	if (!to->err)
		to->err = kith_person_line(to->label, kith_buf_span(&text), to->out);
	to->n++;
	return !to->err;
}

enum kith_err kith_relations_print(struct kith_store *store, int64_t contact, int64_t other,
	const char *label, size_t *ret_n, FILE *out)
{
	struct related to = {
		.store = store, .of = contact, .other = other, .label = label, .out = out};
	enum kith_err err = kith_store_relations(store, contact, print_related, &to);

	if (!err)
		err = to.err;
	if (!err)
		*ret_n = to.n;
	return err;
}

static const char *why_name(const struct kith_relation *r, int64_t of)
{
	switch (r->kind) {
	case KITH_RELATION_INTRODUCED:
		return r->a == of ? "introduced" : "introduced-by";
	case KITH_RELATION_BROUGHT:
		return "brought";
	case KITH_RELATION_EVENT:
		return "event";
	case KITH_RELATION_ORG:
		return "org";
	case KITH_RELATION_SAID:
		break;
	}
	return "said";
}

static bool add_related(void *ctx, const struct kith_relation *r)
{
	struct related *to = ctx;

	if (!is_asked(to, r))
		return true;
	json_t *o = kith_person_brief(to->store, other_of(to, r));
	if (json_object_set_new(o, "why", json_string(why_name(r, to->of))) ||
		json_object_set_new(o, "words", kith_json_text(r->words))) {
		json_decref(o);
		o = NULL;
	}
	if (json_array_append_new(to->array, o))
		to->err = KITH_ERR_NOMEM;
	return !to->err;
}

json_t *kith_relations_json(struct kith_store *store, int64_t contact, int64_t other)
{
	struct related to = {.store = store, .of = contact, .other = other, .array = json_array()};

	if (to.array && !kith_store_relations(store, contact, add_related, &to) && !to.err)
		return to.array;
	json_decref(to.array);
	return NULL;
}

/* --- tags ------------------------------------------------------------------------------------- */

static bool add_tag(void *ctx, struct kith_span tag, size_t people)
{
	(void)people;
	return json_array_append_new(ctx, kith_json_text(tag)) == 0;
}

json_t *kith_tags_json(struct kith_store *store, int64_t contact)
{
	json_t *array = json_array();

	if (array && !kith_store_tags(store, contact, add_tag, array))
		return array;
	json_decref(array);
	return NULL;
}

static bool join_tag(void *ctx, struct kith_span tag, size_t people)
{
	struct kith_buf *out = ctx;

	(void)people;
	return !kith_buf_printf(out, "%s%.*s", out->n ? ", " : "", (int)tag.n, (const char *)tag.p);
}

/* --- all of it, as lines ---------------------------------------------------------------------- */

/* A page that is being written; the heading comes before the first line. */
struct page {
	struct kith_store *store;
	FILE *out;
	size_t skip; /* so many of the oldest remarks are not shown */
	size_t n;    /* remarks */
	enum kith_err err;
};

static void line(struct page *p, const char *label, const struct kith_buf *value)
{
	if (!p->err)
		p->err = kith_person_line(label, kith_buf_span(value), p->out);
}

static void print_tags(struct page *p, int64_t contact)
{
	KITH_AUTO_BUF struct kith_buf tags = {0};

	p->err = kith_store_tags(p->store, contact, join_tag, &tags);
	if (!p->err && tags.n)
		line(p, "tags", &tags);
}

static void print_ring(struct page *p, const struct kith_memory *m)
{
	KITH_AUTO_BUF struct kith_buf text = {0};
	struct kith_ring_copy in;
	char every[KITH_EVERY_CHARS], date[KITH_DATE_CHARS];

	if (p->err || !m->ring || (p->err = kith_ring_of_row(p->store, m->ring, &in)))
		return;
	p->err = kith_buf_printf(&text, "%s, %s, since %s", in.name,
		kith_about_every(in.ring.rhythm, every), kith_words_date(m->ring_at, date));
	if (!p->err && m->snoozed > kith_when_today()) /* KITH_DAY_NONE is not */
		p->err = kith_buf_printf(&text, "; snoozed until %s",
			kith_words_date(kith_day_begins(m->snoozed), date));
	line(p, "ring", &text);
}

static void print_touched(struct page *p, const struct kith_memory *m)
{
	static const char *const words[] = {
		"", ", a call", ", you met", ", you wrote", ", your nodes met"};
	KITH_AUTO_BUF struct kith_buf text = {0};
	enum kith_touched what = KITH_TOUCHED_NEVER;
	char date[KITH_DATE_CHARS];

	if (p->err || !m->touched)
		return;
	p->err = kith_store_touched(p->store, m->contact, m->touched, &what);
	if (!p->err)
		p->err = kith_buf_printf(
			&text, "%s%s", kith_words_date(m->touched, date), words[what]);
	line(p, "last contact", &text);
}

static bool count_remark(void *ctx, const struct kith_remark *r)
{
	(void)r;
	((struct page *)ctx)->n++;
	return true;
}

static bool print_remark(void *ctx, const struct kith_remark *r)
{
	struct page *p = ctx;

	if (p->skip) {
		p->skip--;
		return true;
	}
	p->err = kith_remark_print(r, p->out);
	return !p->err;
}

static void print_remarks(struct page *p, int64_t contact, bool all)
{
	enum kith_err err = p->err;

	if (!err)
		err = kith_store_remarks(p->store, contact, count_remark, p);
	size_t earlier = p->skip = all || p->n <= LAST ? 0 : p->n - LAST;
	if (!err && earlier)
		(void)fprintf(p->out, "%-20s  %zu earlier; with --all they are shown\n", "notes",
			earlier);
	if (!err)
		err = kith_store_remarks(p->store, contact, print_remark, p);
	p->err = err ? err : p->err;
}

static bool print_promise(void *ctx, const struct kith_promise *promise)
{
	struct page *p = ctx;

	p->err = kith_promise_print(p->store, promise, p->out);
	return !p->err;
}

/* What was decided; NULL: nothing, and nothing is asked. */
static const char *review_words(const struct kith_memory *m, bool met)
{
	switch (m->review) {
	case KITH_REVIEW_KEEP:
		return m->reviewed_at ? "kept" : NULL;
	case KITH_REVIEW_SOON:
		return "soon";
	case KITH_REVIEW_LETGO:
		return "let go";
	case KITH_REVIEW_WAITS:
		break;
	}
	return met ? "waits" : NULL;
}

static void print_review(struct page *p, const struct kith_memory *m, bool met)
{
	KITH_AUTO_BUF struct kith_buf text = {0};
	char date[KITH_DATE_CHARS];
	const char *words = review_words(m, met);

	if (p->err || !words)
		return;
	p->err = kith_buf_add_str(&text, words);
	if (!p->err && m->reviewed_at)
		p->err = kith_buf_printf(&text, ", %s", kith_words_date(m->reviewed_at, date));
	line(p, "review", &text);
}

static enum kith_err print_all(
	struct page *p, const struct kith_contact *c, const struct kith_memory *m, bool all)
{
	enum kith_err err;
	size_t n;

	print_tags(p, c->row);
	print_ring(p, m);
	print_touched(p, m);
	print_remarks(p, c->row, all);
	if (!p->err && (err = kith_store_promises(p->store, c->row, all, print_promise, p)))
		p->err = err;
	if (!p->err)
		p->err = kith_relations_print(p->store, c->row, 0, "relation", &n, p->out);
	print_review(p, m, c->met_at != 0);
	return p->err;
}

/* The page is made in memory: the heading stands only where there is something under it. */
enum kith_err kith_remembered_print(struct kith_store *store, int64_t contact, bool all, FILE *out)
{
	KITH_AUTO(kith_contact_free) struct kith_contact c = {0};
	KITH_AUTO_FREE char *text = NULL;
	struct page p = {.store = store};
	struct kith_memory m;
	size_t n = 0;
	enum kith_err err = kith_store_contact(store, contact, &c);

	if (!err)
		err = kith_store_memory(store, contact, kith_when_now(), &m);
	if (err)
		return err;
	if (!(p.out = open_memstream(&text, &n)))
		return KITH_ERR_NOMEM;
	err = print_all(&p, &c, &m, all);
	if (fclose(p.out) != 0 && !err)
		err = KITH_ERR_NOMEM;
	if (!err && n)
		(void)fprintf(out, "\nWhat you remember, sent to nobody\n%s", text);
	return err;
}

/* --- all of it, as JSON ----------------------------------------------------------------------- */

struct list {
	struct kith_store *store;
	json_t *array;
	bool failed;
};

static bool list_remark(void *ctx, const struct kith_remark *r)
{
	struct list *l = ctx;

	l->failed = json_array_append_new(l->array, kith_remark_json(r)) != 0;
	return !l->failed;
}

static bool list_promise(void *ctx, const struct kith_promise *p)
{
	struct list *l = ctx;

	l->failed = json_array_append_new(l->array, kith_promise_json(l->store, p)) != 0;
	return !l->failed;
}

/* Takes the array of a list that was read with that outcome. */
static int set_list(json_t *o, const char *name, struct list *l, enum kith_err err)
{
	if (!err && !l->failed)
		return json_object_set_new(o, name, l->array);
	json_decref(l->array);
	return -1;
}

static json_t *ring_json(struct kith_store *store, const struct kith_memory *m)
{
	struct kith_ring_copy in;

	if (!m->ring)
		return json_null();
	if (kith_ring_of_row(store, m->ring, &in))
		return NULL;
	return json_pack("{s:o,s:o,s:o}", "name", kith_json_text(in.ring.name), "since",
		moment(m->ring_at), "rhythm",
		in.ring.rhythm ? json_integer(in.ring.rhythm) : json_null());
}

static json_t *review_json(const struct kith_memory *m, bool met)
{
	const char *words = review_words(m, met);

	if (!words)
		return json_null();
	return json_string(m->review == KITH_REVIEW_LETGO ? "let-go" : words);
}

static json_t *touched_json(struct kith_store *store, const struct kith_memory *m)
{
	static const char *const words[] = {NULL, "call", "met", "wrote", "nodes"};
	enum kith_touched what = KITH_TOUCHED_NEVER;

	if (m->touched && kith_store_touched(store, m->contact, m->touched, &what))
		return NULL;
	return words[what] ? json_string(words[what]) : json_null();
}

bool kith_remembered_set(struct kith_store *store, int64_t contact, json_t *o)
{
	KITH_AUTO(kith_contact_free) struct kith_contact c = {0};
	struct list notes = {.store = store}, promises = {.store = store};
	struct kith_memory m;

	if (kith_store_contact(store, contact, &c) ||
		kith_store_memory(store, contact, kith_when_now(), &m) ||
		!(notes.array = json_array()) || !(promises.array = json_array())) {
		json_decref(notes.array);
		return false;
	}
	int bad = json_object_set_new(o, "tags", kith_tags_json(store, contact));
	bad |= json_object_set_new(o, "ring", ring_json(store, &m));
	bad |= json_object_set_new(o, "touched", moment(m.touched));
	bad |= json_object_set_new(o, "touched_by", touched_json(store, &m));
	if (m.snoozed != KITH_DAY_NONE)
		bad |= json_object_set_new(o, "snoozed", day(m.snoozed));
	bad |= set_list(
		o, "notes", &notes, kith_store_remarks(store, contact, list_remark, &notes));
	bad |= set_list(o, "promises", &promises,
		kith_store_promises(store, contact, false, list_promise, &promises));
	bad |= json_object_set_new(o, "relations", kith_relations_json(store, contact, 0));
	bad |= json_object_set_new(o, "review", review_json(&m, c.met_at != 0));
	return !bad;
}
