/* SPDX-License-Identifier: MIT */
#include <kith/select.h>

#include "base/day.h"
#include "base/limits.h"
#include "base/text.h"
#include "store/memory.h"
#include "store/people.h"
#include "store/rank.h"
#include "store/rows.h"
#include "store/stands.h"
#include "store/words.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

/* What is worked out: one set of people after the other. */
struct choice {
	struct kith_store *store;
	const struct kith_selection *asked;
	int64_t most;            /* no row is greater */
	int64_t believed;        /* the last moment of today: what is later a wrong clock wrote */
	struct kith_rows rows;   /* who fulfils all terms so far */
	bool begun;              /* one has been looked at */
	struct kith_worth worth; /* of words, by row */
	bool inside;             /* words may stand inside of others */
	size_t hits;             /* of words, so far, */
	bool over;               /* and there are more than are looked at */
};

static void choice_end(struct choice *c)
{
	kith_rows_free(&c->rows);
	kith_worth_free(&c->worth);
}

/* --- a set of rows ---------------------------------------------------------------------------- */

static enum kith_err all(struct choice *c, struct kith_rows *rows)
{
	struct kith_query q = kith_query(
		c->store, "SELECT row FROM contact INDEXED BY contact_standing WHERE review >= 0");

	return kith_rows_query(rows, &q);
}

static enum kith_err let_go(struct choice *c, struct kith_rows *rows)
{
	struct kith_query q = kith_query(c->store, "SELECT row FROM contact WHERE review = 3");

	return kith_rows_query(rows, &q);
}

/* Everybody but those of a query that says who has one. */
static enum kith_err without(struct choice *c, struct kith_query *q, struct kith_rows *rows)
{
	KITH_AUTO(kith_rows_free) struct kith_rows with = {0};
	enum kith_err err = kith_rows_make(&with, c->most);
	enum kith_err done = err ? kith_query_end(q) : kith_rows_query(&with, q);

	if (err || done || (err = all(c, rows)))
		return err ? err : done;
	kith_rows_keep(rows, &with, true);
	return KITH_OK;
}

static enum kith_err of_text(
	struct choice *c, const char *sql, const struct kith_term *term, struct kith_rows *rows)
{
	struct kith_query q = kith_query(c->store, sql);

	kith_bind_text(&q, term->text);
	return kith_rows_query(rows, &q);
}

/* --- words ------------------------------------------------------------------------------------ */

struct standing {
	struct choice *choice;
	struct kith_rows *rows;
	struct kith_worth *worth; /* NULL: nothing is ranked by it */
	uint32_t only;            /* places that count; 0: all */
};

static bool stands(void *ctx, int64_t contact, uint32_t places)
{
	struct standing *s = ctx;

	s->choice->over = s->choice->hits == KITH_QUERY_HITS;
	if (s->choice->over)
		return false;
	s->choice->hits++;
	if (s->only && !(places & s->only))
		return true;
	kith_rows_add(s->rows, contact);
	if (s->worth)
		kith_worth_see(s->worth, contact, places);
	return true;
}

static enum kith_err of_word(struct choice *c, const struct kith_term *term, struct kith_rows *rows)
{
	struct standing s = {.choice = c, .rows = rows};
	bool run_on = kith_words_run_on(term->text);
	enum kith_err err;

	/* inside of words one place is as good as another */
	if (run_on || (c->inside && !term->not ))
		return kith_stands_inside(c->store, term->text, run_on, stands, &s);
	s.worth = term->not ? NULL : &c->worth;
	err = kith_stands(c->store, NULL, term->text, false, stands, &s);

	if (!err && s.worth)
		kith_worth_next(s.worth);
	return err;
}

/* In one part of what is known. */
static enum kith_err of_part(struct choice *c, const struct kith_term *term, const char *column,
	enum kith_place place, struct kith_rows *rows)
{
	struct standing s = {.choice = c, .rows = rows, .only = place};

	if (kith_words_run_on(term->text))
		return kith_stands_inside(c->store, term->text, false, stands, &s);
	return kith_stands(c->store, column, term->text, false, stands, &s);
}

/* A field, or a note that begins so (people.md, "Match"). */
static enum kith_err of_wish(struct choice *c, const struct kith_term *term, const char *column,
	enum kith_place place, struct kith_rows *rows)
{
	struct standing s = {.choice = c, .rows = rows};
	enum kith_err err = of_part(c, term, column, place, rows);

	return err || c->over ? err : kith_stands_wished(c->store, column, term->text, stands, &s);
}

static enum kith_err of_note(struct choice *c, const struct kith_term *term, struct kith_rows *rows)
{
	struct standing s = {.choice = c, .rows = rows};

	return kith_stands_said(c->store, term->text, stands, &s);
}

/* --- keys ------------------------------------------------------------------------------------- */

static bool is(const struct kith_term *term, const char *word)
{
	return kith_span_eq(term->text, kith_span_str(word));
}

static enum kith_err of_event(
	struct choice *c, const struct kith_term *term, struct kith_rows *rows)
{
	enum kith_err err = of_text(c,
		"SELECT met.contact FROM event CROSS JOIN met ON met.happening = event.row WHERE "
		"begins(event.fold, ?1)",
		term, rows);

	return err ? err
		   : of_text(c,
			     "SELECT event_guest.contact FROM event CROSS JOIN event_guest ON "
			     "event_guest.event = event.row WHERE begins(event.fold, ?1)",
			     term, rows);
}

static enum kith_err of_ring(struct choice *c, const struct kith_term *term, struct kith_rows *rows)
{
	if (is(term, "none")) {
		struct kith_query q =
			kith_query(c->store, "SELECT row FROM contact WHERE ring IS NOT NULL");
		return without(c, &q, rows);
	}
	return of_text(c,
		"SELECT contact.row FROM ring CROSS JOIN contact ON contact.ring = ring.row WHERE "
		"ring.fold = ?1",
		term, rows);
}

static enum kith_err of_promise(
	struct choice *c, const struct kith_term *term, struct kith_rows *rows)
{
	if (is(term, "open") || is(term, "mine") || is(term, "theirs")) {
		struct kith_query q = kith_query(c->store,
			"SELECT contact FROM promise WHERE state = 0 AND (?1 OR theirs = ?2)");
		kith_bind_int(&q, is(term, "open"));
		kith_bind_int(&q, is(term, "theirs"));
		return kith_rows_query(rows, &q);
	}
	return of_part(c, term, "promised", KITH_PLACE_SAID, rows);
}

_Static_assert(KITH_PROMISE_OPEN == 0 && KITH_REVIEW_WAITS == 0 && KITH_REVIEW_KEEP == 1 &&
		       KITH_REVIEW_SOON == 2 && KITH_CONTACT_PENDING == 0 &&
		       KITH_CONTACT_INTRODUCED == 2 && KITH_CONTACT_TYPED == 4,
	"stand in the statements of this file");

/* --- days ------------------------------------------------------------------------------------- */

/* From the first moment of one day to before the first of another.  What a clock of now does not believe is not there. */
static void bind_days(struct kith_query *q, const struct choice *c, const struct kith_term *term)
{
	int64_t from = term->first == KITH_DAY_NONE ? 1 : kith_day_begins(term->first);
	int64_t upto =
		term->last == KITH_DAY_NONE ? INT64_MAX : kith_day_begins(term->last + 1) - 1;

	kith_bind_int(q, from);
	kith_bind_int(q, upto < c->believed ? upto : c->believed);
}

static enum kith_err of_met(struct choice *c, const struct kith_term *term, struct kith_rows *rows)
{
	if (term->never) {
		struct kith_query never = kith_query(c->store, "SELECT contact FROM met");
		return without(c, &never, rows);
	}
	struct kith_query q =
		kith_query(c->store, "SELECT contact FROM met WHERE at BETWEEN ?1 AND ?2");
	bind_days(&q, c, term);
	return kith_rows_query(rows, &q);
}

/* `touched`, unless a clock that was wrong wrote it (memory.c) */
#define BELIEVED                                                                                    \
	"max(coalesce((SELECT max(at) FROM met WHERE met.contact = contact.row AND at <= ?3), 0), " \
	"coalesce((SELECT max(at) FROM remark WHERE remark.contact = contact.row AND kind <> 0 "    \
	"AND at <= ?3), 0), iif(handed <= ?3, handed, 0))"

static enum kith_err of_touched(
	struct choice *c, const struct kith_term *term, struct kith_rows *rows)
{
	struct kith_query q = kith_query(c->store,
		"SELECT row FROM contact WHERE touched BETWEEN ?1 AND ?2 UNION ALL SELECT row FROM "
		"contact WHERE touched > ?3 AND " BELIEVED " BETWEEN ?1 AND ?2");

	if (term->never) {
		kith_bind_int(&q, 0);
		kith_bind_int(&q, 0);
	} else {
		bind_days(&q, c, term);
	}
	kith_bind_int(&q, c->believed);
	return kith_rows_query(rows, &q);
}

/* --- is: -------------------------------------------------------------------------------------- */

/* As `due` has them today; soon on the day of the decision already. */
static const char soon[] =
	"SELECT row FROM contact WHERE " KITH_MEMORY_SOON " AND " KITH_MEMORY_AWAKE("?3");
static const char drifting[] =
	"SELECT contact.row FROM ring CROSS JOIN contact ON contact.ring = ring.row WHERE " KITH_MEMORY_DRIFTING(
		"?2", "?3");

static enum kith_err of_now(struct choice *c, const char *sql, struct kith_rows *rows)
{
	struct kith_query q = kith_query(c->store, sql);

	kith_bind_int(&q, c->believed + 1);
	kith_bind_int(&q, kith_day_begins(c->asked->today));
	kith_bind_int(&q, c->asked->today);
	return kith_rows_query(rows, &q);
}

static enum kith_err of_is(struct choice *c, const struct kith_term *term, struct kith_rows *rows)
{
	static const struct {
		const char *word, *sql;
	} states[] = {
		{"unreviewed", "SELECT row FROM " KITH_MEMORY_WAITING},
		{"kept", "SELECT row FROM contact WHERE review = 1"},
		{"let-go", "SELECT row FROM contact WHERE review = 3"},
		{"met", "SELECT row FROM contact WHERE met_at IS NOT NULL"},
		{"introduced", "SELECT row FROM contact WHERE state = 2"},
		{"typed", "SELECT row FROM contact WHERE state = 4"},
		{"pending", "SELECT row FROM contact WHERE state = 0"},
		{"blocked", "SELECT row FROM contact WHERE blocked"},
	};

	for (size_t i = 0; i < COUNT(states); i++)
		if (is(term, states[i].word)) {
			struct kith_query q = kith_query(c->store, states[i].sql);
			return kith_rows_query(rows, &q);
		}
	return of_now(c, is(term, "soon") ? soon : drifting, rows);
}

/* --- the terms -------------------------------------------------------------------------------- */

static enum kith_err of_term(struct choice *c, const struct kith_term *term, struct kith_rows *rows)
{
	switch (term->key) {
	case KITH_TERM_TAG:
		return of_text(c, "SELECT contact FROM tag WHERE fold = ?1", term, rows);
	case KITH_TERM_EVENT:
		return of_event(c, term, rows);
	case KITH_TERM_RING:
		return of_ring(c, term, rows);
	case KITH_TERM_ORG:
		return of_part(c, term, "org", KITH_PLACE_ORG, rows);
	case KITH_TERM_TITLE:
		return of_part(c, term, "title", KITH_PLACE_TITLE, rows);
	case KITH_TERM_OFFERS:
		return of_wish(c, term, "offers", KITH_PLACE_OFFERS, rows);
	case KITH_TERM_ASKS:
		return of_wish(c, term, "asks", KITH_PLACE_ASKS, rows);
	case KITH_TERM_NOTE:
		return of_note(c, term, rows);
	case KITH_TERM_BY:
		return of_text(c,
			"SELECT introduced.contact FROM introduced CROSS JOIN contact AS who ON "
			"who.row = introducer WHERE begins(who.fold, ?1)",
			term, rows);
	case KITH_TERM_MET:
		return of_met(c, term, rows);
	case KITH_TERM_TOUCHED:
		return of_touched(c, term, rows);
	case KITH_TERM_IS:
		return of_is(c, term, rows);
	case KITH_TERM_PROMISE:
		return of_promise(c, term, rows);
	default:
		return of_word(c, term, rows);
	}
}

static enum kith_err apply(struct choice *c, const struct kith_term *term)
{
	KITH_AUTO(kith_rows_free) struct kith_rows rows = {0};
	enum kith_err err = kith_rows_make(&rows, c->most);

	if (!err && !c->begun && term->not )
		err = all(c, &c->rows);
	if (!err)
		err = of_term(c, term, &rows);
	if (err || c->over)
		return err ? err : KITH_ERR_LIMIT;
	if (!c->begun && !term->not ) {
		struct kith_rows none = c->rows;
		c->rows = rows;
		rows = none;
	} else {
		kith_rows_keep(&c->rows, &rows, term->not );
	}
	c->begun = true;
	return KITH_OK;
}

/* When a term is looked at: keys, which name few people, before words; of those the long before the short, which more people
 * have; and what is not to be at the end, since it only leaves out. */
static size_t turn_of(const struct kith_term *term)
{
	if (term->not )
		return SIZE_MAX;
	if (term->key != KITH_TERM_WORD)
		return 0;
	return term->text.n < KITH_QUERY_MAX ? KITH_QUERY_MAX - term->text.n : 1;
}

/* The index behind `last` in the order of turns; n: there is none. */
static size_t next_of(const struct kith_selection *asked, size_t last)
{
	size_t best = asked->n;
	size_t done = last < asked->n ? turn_of(&asked->terms[last]) : 0;

	for (size_t i = 0; i < asked->n; i++) {
		size_t turn = turn_of(&asked->terms[i]);
		if (last < asked->n && (turn < done || (turn == done && i <= last)))
			continue;
		if (best == asked->n || turn < turn_of(&asked->terms[best]))
			best = i;
	}
	return best;
}

/* Nobody comes back who is out. */
static bool nobody_left(const struct choice *c)
{
	return c->begun && kith_rows_count(&c->rows) == 0;
}

static bool asks_for_let_go(const struct kith_selection *asked)
{
	for (size_t i = 0; i < asked->n; i++)
		if (asked->terms[i].key == KITH_TERM_IS &&
			!asked->terms[i].not &&is(&asked->terms[i], "let-go"))
			return true;
	return false;
}

static enum kith_err leave_out(struct choice *c)
{
	KITH_AUTO(kith_rows_free) struct kith_rows gone = {0};
	enum kith_err err = kith_rows_make(&gone, c->most);

	if (!err)
		err = let_go(c, &gone);
	if (!err)
		kith_rows_keep(&c->rows, &gone, true);
	return err;
}

static enum kith_err work_out(struct choice *c)
{
	enum kith_err err;

	kith_rows_free(&c->rows);
	kith_worth_free(&c->worth);
	c->begun = false;
	if ((err = kith_rows_make(&c->rows, c->most)) ||
		(err = kith_worth_make(&c->worth, c->most)))
		return err;
	for (size_t i = next_of(c->asked, c->asked->n); !err && i < c->asked->n && !nobody_left(c);
		i = next_of(c->asked, i))
		err = apply(c, &c->asked->terms[i]);
	if (!err && !c->begun)
		err = all(c, &c->rows);
	return err || asks_for_let_go(c->asked) ? err : leave_out(c);
}

static enum kith_err greatest(struct kith_store *store, int64_t *ret)
{
	struct kith_query q = kith_query(store, "SELECT coalesce(max(row), 0) FROM contact");

	*ret = kith_query_row(&q) ? kith_column_int(&q, 0) : 0;
	return kith_query_end(&q);
}

static bool has_word(const struct kith_selection *asked)
{
	for (size_t i = 0; i < asked->n; i++)
		if (asked->terms[i].key == KITH_TERM_WORD && !asked->terms[i].not )
			return true;
	return false;
}

enum kith_err kith_store_select(struct kith_store *store, const struct kith_selection *selection,
	kith_contact_fn fn, void *ctx, size_t *ret_count)
{
	KITH_AUTO(choice_end)
	struct choice c = {.store = store,
		.asked = selection,
		.believed = kith_day_begins(selection->today + 1) - 1};
	bool ranked = has_word(selection);
	enum kith_err err = greatest(store, &c.most);

	if (!err)
		err = work_out(&c);
	if (!err && ranked && kith_rows_count(&c.rows) == 0) {
		c.inside = true;
		err = work_out(&c);
	}
	if (err)
		return err;
	*ret_count = kith_rows_count(&c.rows);
	return kith_rank(store, selection, &c.rows, ranked ? &c.worth : NULL, fn, ctx);
}

enum kith_err kith_store_look(struct kith_store *store)
{
	if (!sqlite3_get_autocommit(store->db))
		return KITH_OK;
	struct kith_query q = kith_query(store, "BEGIN");
	enum kith_err err = kith_query_run(&q);
	store->looking = !err;
	return err;
}

void kith_store_look_end(struct kith_store *store)
{
	if (!store->looking)
		return;
	struct kith_query q = kith_query(store, "COMMIT");
	(void)kith_query_run(&q); /* nothing was written that could be lost */
	store->looking = false;
}
