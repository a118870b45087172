/* SPDX-License-Identifier: MIT
 *
 * people.h - what I remember of people: events, notes, touches, tags, rings, reviews, promises, relations.
 * UNSTABLE until 1.0.  Source: proto/people.md, proto/store.md.
 *
 * Nothing of this is ever sent.  A day is a number of days since 1970-01-01 by the local calendar (KITH_DAY_NONE:
 * none); a moment is Unix seconds.  Texts are not looked at, but for their limits: who prints them makes them inert.
 *
 * Threads, transactions and store errors as in kith/store.h.
 */
#ifndef KITH_PEOPLE_H
#define KITH_PEOPLE_H

#include <kith/store.h>

#define KITH_DAY_NONE INT32_MIN

/* --- events ----------------------------------------------------------------------------------- */

/* One event.  Spans are valid until the callback returns. */
struct kith_event {
	int64_t row;
	struct kith_span name;  /* as it was written first */
	struct kith_span place; /* n == 0 for none */
	int64_t began;          /* its first moment, Unix seconds */
	int64_t started;        /* when it was started last; 0: it came with a meeting alone */
	int32_t until;          /* its last day; KITH_DAY_NONE: not said */
	int64_t ended;          /* Unix seconds; 0 while it runs */
	bool has_card;          /* a card of mine is given there: */
	uint8_t card[8];        /* which */
	size_t people;          /* who were met there, or added */
};

/* Return false to stop; may read from the store with other functions. */
typedef bool (*kith_event_fn)(void *ctx, const struct kith_event *event);

/*
 * It begins: row, started, ended and people are not looked at, a name that there is already begins again; place and card stay
 * unless they are said, and of the one that runs the last day, too.  Another one that runs ends now.  KITH_ERR_VALUE: the name shows nothing; KITH_ERR_LIMIT: name or place has more than EVENT_MAX bytes;
 * KITH_ERR_MISSING: no such card of mine; store errors.
 */
enum kith_err kith_store_event_start(
	struct kith_store *store, const struct kith_event *event) KITH_MUST_CHECK;

/* Ends the one that runs; where its time was over, with that.  KITH_ERR_MISSING: none does; store errors. */
enum kith_err kith_store_event_stop(struct kith_store *store, int64_t now) KITH_MUST_CHECK;

/* The one that runs, handed to fn, or nothing.  One whose time is over (people.md, "Events") has ended, and is written so where
 * the store is open for it.  now in seconds, today the day it is in.  Store errors. */
enum kith_err kith_store_event_running(struct kith_store *store, int64_t now, int32_t today,
	kith_event_fn fn, void *ctx) KITH_MUST_CHECK;

/* All, the one that began last first; or the one of that name (folded).  KITH_ERR_MISSING; store errors. */
enum kith_err kith_store_events(
	struct kith_store *store, kith_event_fn fn, void *ctx) KITH_MUST_CHECK;
enum kith_err kith_store_event_named(struct kith_store *store, struct kith_span name,
	kith_event_fn fn, void *ctx) KITH_MUST_CHECK;

/* Who was there: by the first meeting in it, who was added last.  Store errors. */
enum kith_err kith_store_event_roster(
	struct kith_store *store, int64_t event, kith_contact_fn fn, void *ctx) KITH_MUST_CHECK;

/* Those whom a meeting there brought, whom nothing else holds, and about whom I wrote and decided nothing (people.md, "Events").  Store errors. */
enum kith_err kith_store_event_only(
	struct kith_store *store, int64_t event, kith_contact_fn fn, void *ctx) KITH_MUST_CHECK;

/* Adds a person to it by hand, or takes them out: it goes from their meetings and receipts, too.
 * KITH_ERR_NOPERSON; KITH_ERR_MISSING: no such event, or they were not there; store errors. */
enum kith_err kith_store_event_add(
	struct kith_store *store, int64_t event, int64_t contact, bool there) KITH_MUST_CHECK;

/* That person was there, without a meeting: the event of that name is made where there is none, at that time; one that
 * there is stays as long as it was.
 * KITH_ERR_VALUE: the name shows nothing; KITH_ERR_LIMIT; KITH_ERR_NOPERSON; store errors. */
enum kith_err kith_store_event_there(struct kith_store *store, struct kith_span name,
	int64_t contact, int64_t at) KITH_MUST_CHECK;

/* What a review of that person is about: asked, if they are on that roster; with asked 0, of somebody who waits for one, the
 * event of their last meeting in one, else the last whose roster they are on.  *ret_event 0: none.  Store errors. */
enum kith_err kith_store_event_reviewed(struct kith_store *store, int64_t contact, int64_t asked,
	int64_t *ret_event) KITH_MUST_CHECK;

/* Removes it, and its name from all meetings and receipts' memory of where they were; with people: those of _only, too.
 * *ret_people says how many went.  KITH_ERR_MISSING; store errors. */
enum kith_err kith_store_event_forget(
	struct kith_store *store, int64_t event, bool people, size_t *ret_people) KITH_MUST_CHECK;

/* --- notes and touches ------------------------------------------------------------------------ */

/* Kept in the store by number: never change one. */
enum kith_remark_kind {
	KITH_REMARK_NOTE = 0,
	KITH_REMARK_CALL,
	KITH_REMARK_MET,
	KITH_REMARK_WROTE
};

struct kith_remark {
	int64_t row;     /* names it; 0: not in the store yet */
	int64_t contact; /* about whom */
	enum kith_remark_kind kind;
	int64_t at;            /* when it was, Unix seconds */
	int64_t edited;        /* when it was changed last; 0: never */
	struct kith_span text; /* at most NOTE_MAX bytes; a touch may have none */
	int64_t event; /* what was talked about there, whenever it was written down; 0: of none */
};

typedef bool (*kith_remark_fn)(void *ctx, const struct kith_remark *remark);

/* Keeps a new one (row 0; *ret_row is then its number), or changes text, kind and at of the one there is (now: edited),
 * whose event stays.  An event that there is not is none.
 * Somebody who was let go is called back.  KITH_ERR_LIMIT; KITH_ERR_VALUE: a note without a text; KITH_ERR_NOPERSON;
 * KITH_ERR_MISSING: no such row; store errors. */
enum kith_err kith_store_remark_put(struct kith_store *store, const struct kith_remark *remark,
	int64_t now, int64_t *ret_row) KITH_MUST_CHECK;

/* Removes and overwrites it.  KITH_ERR_MISSING; store errors. */
enum kith_err kith_store_remark_remove(struct kith_store *store, int64_t row) KITH_MUST_CHECK;

/* Those about a person, oldest first; or the one with that number (KITH_ERR_MISSING).  Store errors. */
enum kith_err kith_store_remarks(
	struct kith_store *store, int64_t contact, kith_remark_fn fn, void *ctx) KITH_MUST_CHECK;
enum kith_err kith_store_remark(
	struct kith_store *store, int64_t row, kith_remark_fn fn, void *ctx) KITH_MUST_CHECK;

/* --- tags ------------------------------------------------------------------------------------- */

/* Puts it on, which calls back who was let go, or takes it off; either may be so already.  KITH_ERR_VALUE: what is no tag; KITH_ERR_LIMIT: TAGS_OF_MAX;
 * KITH_ERR_NOPERSON; store errors. */
enum kith_err kith_store_tag(struct kith_store *store, int64_t contact, struct kith_span tag,
	bool on, int64_t now) KITH_MUST_CHECK;

/* people: how many have it, 1 when one person was asked about. */
typedef bool (*kith_tag_fn)(void *ctx, struct kith_span tag, size_t people);

/* Those of a person, or (contact 0) all there are, who was let go not counted; by folded name.  Store errors. */
enum kith_err kith_store_tags(
	struct kith_store *store, int64_t contact, kith_tag_fn fn, void *ctx) KITH_MUST_CHECK;

/* --- rings ------------------------------------------------------------------------------------ */

struct kith_ring {
	int64_t row;
	struct kith_span name;
	uint32_t place;  /* from the nearest, 1, outwards */
	uint32_t room;   /* for so many people, 1 to RING_ROOM_MAX */
	uint32_t rhythm; /* days, at most RHYTHM_MAX; 0: none */
	size_t people;   /* in it now, but for those who were let go */
};

typedef bool (*kith_ring_fn)(void *ctx, const struct kith_ring *ring);

/* From the nearest outwards.  Store errors. */
enum kith_err kith_store_rings(
	struct kith_store *store, kith_ring_fn fn, void *ctx) KITH_MUST_CHECK;

/* Makes the ring of that name (place 0: outermost), or changes place (0: as it is), room and rhythm of it; the others make way.
 * KITH_ERR_VALUE: what is no name; KITH_ERR_LIMIT: RINGS_MAX, or an amount; store errors. */
enum kith_err kith_store_ring_put(
	struct kith_store *store, const struct kith_ring *ring) KITH_MUST_CHECK;

/* Removes it; who was in it is in none.  KITH_ERR_MISSING; store errors. */
enum kith_err kith_store_ring_remove(
	struct kith_store *store, struct kith_span name) KITH_MUST_CHECK;

/* Moves a person there, who may be in it already; ring 0: into none.  KITH_ERR_LIMIT: it is full, nothing has changed; KITH_ERR_NOPERSON;
 * KITH_ERR_MISSING: no such ring; store errors. */
enum kith_err kith_store_ring_move(
	struct kith_store *store, int64_t contact, int64_t ring, int64_t now) KITH_MUST_CHECK;

/* Who is in it and was not let go, longest without a contact first.  Store errors. */
enum kith_err kith_store_ring_people(
	struct kith_store *store, int64_t ring, kith_contact_fn fn, void *ctx) KITH_MUST_CHECK;

/* No drifting before that day; KITH_DAY_NONE: as the ring says.  KITH_ERR_NOPERSON; store errors. */
enum kith_err kith_store_snooze(
	struct kith_store *store, int64_t contact, int32_t until) KITH_MUST_CHECK;

/* --- how I stand to somebody ------------------------------------------------------------------ */

/* Kept in the store by number: never change one. */
enum kith_review { KITH_REVIEW_WAITS = 0, KITH_REVIEW_KEEP, KITH_REVIEW_SOON, KITH_REVIEW_LETGO };

struct kith_memory {
	int64_t contact;
	int64_t ring;    /* 0: none */
	int64_t ring_at; /* since when, Unix seconds */
	int64_t touched; /* last real contact not after `now`, Unix seconds; 0: none */
	int32_t snoozed; /* KITH_DAY_NONE: not */
	enum kith_review review;
	int64_t reviewed_at; /* Unix seconds; 0: never */
	unsigned step; /* which question of a review was answered last; 0: none, or it is over */
	uint32_t used_since; /* let go: on so many days kith was used since */
};

/* In a session with somebody known something was handed over: a real contact.  KITH_ERR_NOPERSON; store errors. */
enum kith_err kith_store_handed(
	struct kith_store *store, int64_t contact, int64_t now) KITH_MUST_CHECK;

/* KITH_ERR_NOPERSON; store errors. */
enum kith_err kith_store_memory(struct kith_store *store, int64_t contact, int64_t now,
	struct kith_memory *ret) KITH_MUST_CHECK;

/* What a last contact was; those of a touch have its number. */
enum kith_touched {
	KITH_TOUCHED_NEVER = 0,
	KITH_TOUCHED_CALL,
	KITH_TOUCHED_MET, /* a touch, a swap, or compared */
	KITH_TOUCHED_WROTE,
	KITH_TOUCHED_NODES, /* a session in which something was handed over */
};

/* Of that moment, which is `touched` of their memory.  Store errors. */
enum kith_err kith_store_touched(struct kith_store *store, int64_t contact, int64_t at,
	enum kith_touched *ret) KITH_MUST_CHECK;

/* --- review ----------------------------------------------------------------------------------- */

/* Who waits for it: who was left in the middle, then by the first meeting, behind them who is on a roster without a meeting; nobody who is blocked; event 0: any, since 0: whenever.
 * Store errors. */
enum kith_err kith_store_unreviewed(struct kith_store *store, int64_t event, int64_t since,
	kith_contact_fn fn, void *ctx) KITH_MUST_CHECK;

/* What was decided, on the day `now` is in; KITH_REVIEW_WAITS calls back and asks again.  The questions begin anew.
 * KITH_ERR_NOPERSON; store errors. */
enum kith_err kith_store_reviewed(struct kith_store *store, int64_t contact, enum kith_review what,
	int64_t now) KITH_MUST_CHECK;

/* The questions up to that one are answered, and the rest is asked later.  KITH_ERR_NOPERSON; store errors. */
enum kith_err kith_store_review_step(
	struct kith_store *store, int64_t contact, unsigned step) KITH_MUST_CHECK;

/* --- days of use ------------------------------------------------------------------------------ */

/* When kith is used, by the wall clock, which may be wrong, and by how long this machine runs, which is not. */
struct kith_use {
	int32_t today;
	uint8_t boot[16]; /* another one after each start of the machine; zero: not known */
	int64_t up;       /* seconds since then, sleep included */
};

/* Whether it is a new day of use: people.md "Review".  Store errors. */
enum kith_err kith_store_use_is_new(
	struct kith_store *store, const struct kith_use *use, bool *ret_new) KITH_MUST_CHECK;

/* Kith is used then.  Where that is a new day of use, those go whose time is over, and of whom that was told on an earlier
 * day: each is handed to fn before, in the
 * transaction in which they go, so what was heard holds once this returned KITH_OK.  Store errors. */
enum kith_err kith_store_used(struct kith_store *store, const struct kith_use *use,
	kith_contact_fn fn, void *ctx) KITH_MUST_CHECK;

/* left: after so many new days of use they are forgotten, 1: on the next. */
typedef bool (*kith_fading_fn)(void *ctx, const struct kith_contact *contact, uint32_t left);

/* Who was let go and has at most `within` days left; who goes first comes first.  Not whom a promise keeps, or who is
 * blocked.  Store errors. */
enum kith_err kith_store_fading(
	struct kith_store *store, uint32_t within, kith_fading_fn fn, void *ctx) KITH_MUST_CHECK;

/* A person was told today of all who have at most LETGO_SOON days left: on a later day they may go.  Store errors. */
enum kith_err kith_store_fading_told(struct kith_store *store, int32_t today) KITH_MUST_CHECK;

/* --- promises --------------------------------------------------------------------------------- */

/* Kept in the store by number: never change one. */
enum kith_promise_state { KITH_PROMISE_OPEN = 0, KITH_PROMISE_DONE, KITH_PROMISE_LETGO };

struct kith_promise {
	int64_t row;           /* its number; 0: not in the store yet */
	int64_t contact;       /* to whom, or whose */
	bool theirs;           /* they said they would */
	bool thing;            /* a thing that was lent, and is to come back */
	struct kith_span text; /* what; at most NOTE_MAX bytes, not empty */
	int64_t made;          /* Unix seconds */
	int32_t by;            /* KITH_DAY_NONE: whenever */
	enum kith_promise_state state;
	int64_t ended; /* Unix seconds; 0 while it is open */
};

typedef bool (*kith_promise_fn)(void *ctx, const struct kith_promise *promise);

/* Keeps a new one (row 0), which calls back who was let go, or changes text, theirs, thing and by.
 * KITH_ERR_VALUE; KITH_ERR_LIMIT; KITH_ERR_NOPERSON; KITH_ERR_MISSING; store errors. */
enum kith_err kith_store_promise_put(struct kith_store *store, const struct kith_promise *promise,
	int64_t *ret_row) KITH_MUST_CHECK;

/* Ends it, or opens it again.  KITH_ERR_MISSING; store errors. */
enum kith_err kith_store_promise_end(struct kith_store *store, int64_t row,
	enum kith_promise_state state, int64_t now) KITH_MUST_CHECK;

/* Those of a person (0: of all), open ones alone or every one: by day, those without one last, then by number.  Store errors. */
enum kith_err kith_store_promises(struct kith_store *store, int64_t contact, bool all,
	kith_promise_fn fn, void *ctx) KITH_MUST_CHECK;

/* The one with that number.  KITH_ERR_MISSING; store errors. */
enum kith_err kith_store_promise(
	struct kith_store *store, int64_t row, kith_promise_fn fn, void *ctx) KITH_MUST_CHECK;

/* --- relations -------------------------------------------------------------------------------- */

/* Why two people are related. */
enum kith_relation_kind {
	KITH_RELATION_SAID,       /* I say so; words */
	KITH_RELATION_INTRODUCED, /* b was introduced to me by a; words: theirs */
	KITH_RELATION_EVENT,      /* both were there; words: its name */
	KITH_RELATION_ORG,        /* both are of it; words: its name */
	KITH_RELATION_BROUGHT,    /* I introduced them to each other; words: mine */
};

struct kith_relation {
	int64_t a, b;
	enum kith_relation_kind kind;
	struct kith_span words;
};

typedef bool (*kith_relation_fn)(void *ctx, const struct kith_relation *relation);

/* What I say about two people, in either order; words n == 0: no more.  KITH_ERR_VALUE: both are one, or the words show nothing; KITH_ERR_LIMIT;
 * KITH_ERR_NOPERSON; store errors. */
enum kith_err kith_store_relate(struct kith_store *store, int64_t a, int64_t b,
	struct kith_span words, int64_t now) KITH_MUST_CHECK;

/* Those of a person (0: what was said or introduced, of all): people who were let go left out.  Store errors. */
enum kith_err kith_store_relations(
	struct kith_store *store, int64_t contact, kith_relation_fn fn, void *ctx) KITH_MUST_CHECK;

/* These two are no match, or may be one again; both the same: that person and me.  KITH_ERR_NOPERSON; KITH_ERR_MISSING: they
 * were not set aside; store errors. */
enum kith_err kith_store_aside(
	struct kith_store *store, int64_t a, int64_t b, bool aside, int64_t now) KITH_MUST_CHECK;

#endif
