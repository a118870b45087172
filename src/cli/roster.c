/* SPDX-License-Identifier: MIT */
#include "cli/roster.h"

#include <kith/people.h>

#include <time.h>

#include "base/auto.h"
#include "base/text.h"
#include "cli/lines.h"
#include "cli/people.h"
#include "cli/person.h"
#include "cli/when.h"
#include "cli/words.h"

#define HANG         6    /* columns before what does not fit on a line */
#define NOTE_COLUMNS 2000 /* of a note, which is shown on one line */

/* --- what belongs to a person and the event --------------------------------------------------- */

struct visit {
	struct kith_store *store;
	const struct kith_gathering *g;
	struct kith_buf fold; /* its name, as names are compared */
	int32_t first, last;  /* the days it took */
	json_t *met, *tags, *notes, *promises;
	int64_t ring;
	json_t *ring_name;
	struct kith_buf days;      /* int32_t, on which they were met there */
	struct kith_buf elsewhere; /* so too, at other events */
	enum kith_err err;
};

static void visit_end(struct visit *v)
{
	kith_buf_free(&v->fold);
	kith_buf_free(&v->days);
	kith_buf_free(&v->elsewhere);
	json_decref(v->met);
	json_decref(v->tags);
	json_decref(v->notes);
	json_decref(v->promises);
	json_decref(v->ring_name);
}

/* Appends the object, which is taken over; false: memory ran out. */
static bool append(struct visit *v, json_t *array, json_t *o)
{
	if (json_array_append_new(array, o))
		v->err = KITH_ERR_NOMEM;
	return !v->err;
}

static json_t *iso(int64_t at)
{
	char text[KITH_DATE_CHARS];

	return json_string(kith_words_iso(at, text));
}

static json_t *day_or_null(int32_t day)
{
	char text[KITH_DAY_CHARS + 1];

	if (day == KITH_DAY_NONE)
		return json_null();
	kith_day_write(day, text);
	return json_string(text);
}

static bool is_this(struct visit *v, struct kith_span name)
{
	KITH_AUTO_BUF struct kith_buf fold = {0};

	if (name.n > 0 && (v->err = kith_fold(&fold, name)))
		return false;
	return fold.n > 0 && fold.n == v->fold.n && memcmp(fold.p, v->fold.p, fold.n) == 0;
}

static bool take_met(void *ctx, const struct kith_met *met)
{
	struct visit *v = ctx;
	int32_t day = kith_day_at(met->at);

	if (!is_this(v, met->event)) {
		if (!v->err && met->event.n)
			v->err = kith_buf_add(&v->elsewhere, &day, sizeof day);
		return !v->err;
	}
	v->err = kith_buf_add(&v->days, &day, sizeof day);
	return !v->err &&
	       append(v, v->met,
		       json_pack("{s:o,s:s}", "at", iso(met->at), "how", kith_how_name(met->how)));
}

static bool take_tag(void *ctx, struct kith_span tag, size_t people)
{
	struct visit *v = ctx;

	(void)people;
	return append(v, v->tags, kith_json_text(tag));
}

/* Whether one of the days lies there. */
static bool has_day(const struct kith_buf *days, int32_t first, int32_t last)
{
	int32_t day;

	for (size_t i = 0; i < days->n; i += sizeof day) {
		memcpy(&day, days->p + i, sizeof day);
		if (day >= first && day <= last)
			return true;
	}
	return false;
}

static bool is_of_a_day(const struct visit *v, int32_t day)
{
	return (day >= v->first && day <= v->last) || has_day(&v->days, day, day);
}

/* Whether it is soon after they were there, and they were at no other event since. */
static bool is_soon_after(const struct visit *v, int32_t day)
{
	for (int32_t there = day - 1; there >= day - KITH_EVENT_AFTER; there--) {
		if (has_day(&v->elsewhere, there + 1, there + 1))
			return false;
		if (there == v->last || has_day(&v->days, there, there))
			return true;
	}
	return false;
}

static bool names_it(struct visit *v, struct kith_span text)
{
	KITH_AUTO_BUF struct kith_buf fold = {0};

	v->err = kith_fold(&fold, text);
	return !v->err && fold.n > 0 && v->fold.n > 0 &&
	       memmem(fold.p, fold.n, v->fold.p, v->fold.n) != NULL;
}

/* people.md, "Events" */
static bool is_of_it(struct visit *v, const struct kith_remark *r)
{
	int32_t day = kith_day_at(r->at);

	if (r->event)
		return r->event == v->g->row || names_it(v, r->text);
	return is_of_a_day(v, day) || (r->kind == KITH_REMARK_NOTE && is_soon_after(v, day)) ||
	       names_it(v, r->text);
}

static bool take_remark(void *ctx, const struct kith_remark *r)
{
	static const char *const kinds[] = {"note", "call", "met", "wrote"};
	struct visit *v = ctx;

	if (!is_of_it(v, r))
		return !v->err;
	return append(v, v->notes,
		json_pack("{s:I,s:s,s:o,s:o}", "number", (json_int_t)r->row, "kind", kinds[r->kind],
			"at", iso(r->at), "text", kith_json_text(r->text)));
}

static bool take_promise(void *ctx, const struct kith_promise *p)
{
	struct visit *v = ctx;

	return append(v, v->promises,
		json_pack("{s:I,s:o,s:b,s:b,s:o,s:o}", "number", (json_int_t)p->row, "text",
			kith_json_text(p->text), "theirs", p->theirs, "thing", p->thing, "made",
			iso(p->made), "by", day_or_null(p->by)));
}

static bool take_ring(void *ctx, const struct kith_ring *ring)
{
	struct visit *v = ctx;

	if (ring->row != v->ring)
		return true;
	if (!(v->ring_name = kith_json_text(ring->name)))
		v->err = KITH_ERR_NOMEM;
	return false;
}

/* The days that the event took when it was last; of one that is still to end up to today. */
static void set_days(struct visit *v)
{
	const struct kith_gathering *g = v->g;

	v->first = kith_day_at(g->since);
	v->last = g->ended && !g->runs ? kith_day_at(g->ended) : kith_when_today();
	if (g->until != KITH_DAY_NONE && g->until < v->last)
		v->last = g->until;
}

static enum kith_err read_ring(struct visit *v, int64_t row)
{
	struct kith_memory memory;
	enum kith_err err = kith_store_memory(v->store, row, kith_when_now(), &memory);

	if (err || memory.ring == 0)
		return err;
	v->ring = memory.ring;
	return kith_store_rings(v->store, take_ring, v);
}

static enum kith_err read_all(struct visit *v, int64_t row)
{
	enum kith_err err = kith_fold(&v->fold, kith_span_str(v->g->name));

	v->met = json_array();
	v->tags = json_array();
	v->notes = json_array();
	v->promises = json_array();
	if (!v->met || !v->tags || !v->notes || !v->promises)
		return KITH_ERR_NOMEM;
	set_days(v);
	if (!err)
		err = kith_store_met(v->store, row, take_met, v);
	if (!err && !v->err)
		err = kith_store_tags(v->store, row, take_tag, v);
	if (!err && !v->err)
		err = read_ring(v, row);
	if (!err && !v->err)
		err = kith_store_remarks(v->store, row, take_remark, v);
	if (!err && !v->err)
		err = kith_store_promises(v->store, row, false, take_promise, v);
	return err ? err : v->err;
}

enum kith_err kith_roster_person(
	struct kith_store *store, const struct kith_gathering *g, int64_t row, json_t **ret)
{
	KITH_AUTO(visit_end) struct visit v = {.store = store, .g = g};
	enum kith_err err = read_all(&v, row);

	if (err)
		return err;
	*ret = json_pack("{s:O,s:b,s:O,s:O?,s:O,s:O}", "met", v.met, "added",
		json_array_size(v.met) == 0, "tags", v.tags, "ring", v.ring_name, "notes", v.notes,
		"promises", v.promises);
	return *ret ? KITH_OK : KITH_ERR_NOMEM;
}

/* --- for reading ------------------------------------------------------------------------------ */

static const char *text_of(const json_t *o, const char *key)
{
	const char *text = json_string_value(json_object_get(o, key));

	return text ? text : "";
}

/* One line that may hold what others, or I, have written. */
static enum kith_err say_line(const char *before, const char *text)
{
	KITH_AUTO_BUF struct kith_buf shown = {0};
	enum kith_err err = kith_show(&shown, kith_span_str(text), NOTE_COLUMNS);

	if (!err)
		kith_lines_print(HANG, "    %s%.*s\n", before, (int)shown.n,
			shown.n ? (const char *)shown.p : "");
	return err;
}

static bool say_met(void *ctx, const struct kith_met *met)
{
	struct visit *v = ctx;
	char when[KITH_DATE_CHARS];

	if (is_this(v, met->event))
		kith_lines_print(HANG, "    %s, %s\n", kith_words_how(met->how),
			kith_words_time(met->at, when));
	return !v->err;
}

/* How they were met there; of who was added, how they are known. */
static enum kith_err say_how(struct kith_store *store, const struct kith_gathering *g,
	const struct kith_people_row *row, const json_t *here)
{
	struct visit v = {.store = store, .g = g};

	if (json_is_true(json_object_get(here, "added"))) {
		kith_lines_print(HANG, "    %s\n", row->known);
		return KITH_OK;
	}
	enum kith_err err = kith_fold(&v.fold, kith_span_str(g->name));
	if (!err)
		err = kith_store_met(store, row->row, say_met, &v);
	kith_buf_free(&v.fold);
	return err ? err : v.err;
}

static enum kith_err say_tags(const json_t *tags)
{
	KITH_AUTO_BUF struct kith_buf all = {0};
	enum kith_err err = KITH_OK;
	size_t i;
	json_t *tag;

	json_array_foreach(tags, i, tag) if (!err) err =
		kith_buf_printf(&all, "%s%s", i ? " " : "", json_string_value(tag));
	if (err || all.n == 0)
		return err;
	const char *text = kith_buf_cstr(&all);
	return text ? say_line("tags: ", text) : KITH_ERR_NOMEM;
}

/* A moment as iso() has written it, in words of this place. */
static const char *date_of(const char *moment, char out[static KITH_DATE_CHARS])
{
	struct tm tm = {0};

	(void)strptime(moment, "%Y-%m-%dT%H:%M:%SZ", &tm);
	return kith_words_date(timegm(&tm), out);
}

static enum kith_err say_notes(const json_t *notes)
{
	enum kith_err err = KITH_OK;
	char before[64], date[KITH_DATE_CHARS];
	size_t i;
	json_t *note;

	json_array_foreach(notes, i, note)
	{
		const char *kind = text_of(note, "kind"), *text = text_of(note, "text");
		bool plain = strcmp(kind, "note") == 0;
		(void)snprintf(before, sizeof before, "%s%s%s%s",
			date_of(text_of(note, "at"), date), plain ? "" : " ", plain ? "" : kind,
			*text ? ": " : "");
		if (!err)
			err = say_line(before, text);
	}
	return err;
}

/* ", by 3 May 2026" for a day as day_or_null() has written it, "" for none. */
static const char *by_of(const char *day, char out[static KITH_DATE_CHARS + 8])
{
	char date[KITH_DATE_CHARS];
	int32_t first, last;

	*out = 0;
	if (*day && !kith_day_read(kith_span_str(day), 0, KITH_DAY_AHEAD, &first, &last))
		(void)snprintf(out, KITH_DATE_CHARS + 8, ", by %s", kith_words_day(first, date));
	return out;
}

static enum kith_err say_promises(const json_t *promises)
{
	static const char *const words[2][2] = {
		{"promise", "their promise"}, {"borrowed, promise", "lent, promise"}};
	enum kith_err err = KITH_OK;
	char before[128], by[KITH_DATE_CHARS + 8];
	size_t i;
	json_t *p;

	json_array_foreach(promises, i, p)
	{
		bool thing = json_is_true(json_object_get(p, "thing"));
		bool theirs = json_is_true(json_object_get(p, "theirs"));
		(void)snprintf(before, sizeof before, "%s %lld%s: ", words[thing][theirs],
			(long long)json_integer_value(json_object_get(p, "number")),
			by_of(text_of(p, "by"), by));
		if (!err)
			err = say_line(before, text_of(p, "text"));
	}
	return err;
}

static enum kith_err say_person(struct kith_store *store, const struct kith_gathering *g,
	const struct kith_people_row *row, const json_t *here)
{
	kith_lines_print(HANG, "\n%s%s%s\n", row->name, *row->org ? ", " : "", row->org);
	if (*row->state)
		kith_lines_print(HANG, "    %s\n", row->state);
	enum kith_err err = say_how(store, g, row, here);
	if (!err)
		err = say_tags(json_object_get(here, "tags"));
	if (!err)
		err = say_notes(json_object_get(here, "notes"));
	return err ? err : say_promises(json_object_get(here, "promises"));
}

static void say_event(const struct kith_gathering *g)
{
	char name[4 * KITH_SHOWN_NAME], place[4 * KITH_SHOWN_NAME], card[4 * KITH_SHOWN_NAME],
		when[KITH_GATHERING_WHEN];

	kith_show_in(name, sizeof name, kith_span_str(g->name), KITH_SHOWN_NAME);
	kith_show_in(place, sizeof place, kith_span_str(g->place), KITH_SHOWN_NAME);
	kith_show_in(card, sizeof card, kith_span_str(g->card), KITH_CARD_NAME_MAX);
	kith_lines_print(HANG, "%s%s%s\n", name, *g->place ? ", " : "", place);
	kith_lines_print(HANG, "%s, %zu %s%s%s%s%s\n", kith_gathering_when(g, when), g->people,
		g->people == 1 ? "person" : "people", *g->card ? ", your card " : "", card,
		*g->card && g->card_gone ? ", which was removed" : "", g->runs ? "; it runs" : "");
}

/* --- all of it -------------------------------------------------------------------------------- */

static enum kith_err add_person(struct kith_store *store, int64_t row, json_t *here, json_t *array)
{
	json_t *person = kith_person_json(store, row);

	if (!person)
		return KITH_ERR_STORE;
	if (json_object_set_new(here, "contact", person) || json_array_append(array, here))
		return KITH_ERR_NOMEM;
	return KITH_OK;
}

static enum kith_err each(struct kith_cli *cli, struct kith_store *store,
	const struct kith_gathering *g, const struct kith_people *people, json_t *array)
{
	enum kith_err err = KITH_OK;

	for (size_t i = 0; !err && i < people->n; i++) {
		json_t *here = NULL;
		err = kith_roster_person(store, g, people->at[i].row, &here);
		if (!err && cli->json)
			err = add_person(store, people->at[i].row, here, array);
		else if (!err && !cli->quiet)
			err = say_person(store, g, &people->at[i], here);
		json_decref(here);
	}
	return err;
}

static enum kith_err tell_json(struct kith_cli *cli, struct kith_store *store,
	const struct kith_gathering *g, const struct kith_people *people)
{
	json_t *array = json_array(), *o = kith_gathering_json(g);
	enum kith_err err = array && o ? each(cli, store, g, people, array) : KITH_ERR_NOMEM;

	if (!err && json_object_set(o, "roster", array))
		err = KITH_ERR_NOMEM;
	if (!err)
		kith_json_line(stdout, o);
	json_decref(array);
	json_decref(o);
	return err;
}

int kith_roster_show(struct kith_cli *cli, struct kith_store *store, const struct kith_gathering *g)
{
	KITH_AUTO(kith_people_free) struct kith_people people = {0};
	enum kith_err err = kith_store_event_roster(store, g->row, kith_people_add, &people);

	if (!err)
		err = people.err;
	if (!err && cli->json) {
		err = tell_json(cli, store, g, &people);
	} else if (!err) {
		if (!cli->quiet)
			say_event(g);
		err = each(cli, store, g, &people, NULL);
	}
	return err ? kith_cli_fail_store(err, store) : 0;
}
