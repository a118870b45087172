/* SPDX-License-Identifier: MIT
 *
 * select.h - who fulfils conditions: what the language of `find` comes to.  UNSTABLE until 1.0.
 * Source: proto/people.md "The language of find".
 *
 * Threads, transactions and store errors as in kith/store.h.
 */
#ifndef KITH_SELECT_H
#define KITH_SELECT_H

#include <kith/people.h>

enum kith_term_key {
	KITH_TERM_WORD,  /* text, anywhere in what is known of them */
	KITH_TERM_TAG,   /* text: the whole tag */
	KITH_TERM_EVENT, /* text: a word of its name begins so */
	KITH_TERM_RING,  /* text: its name; "none" */
	KITH_TERM_ORG,   /* text: a word begins so; and the next five */
	KITH_TERM_TITLE,
	KITH_TERM_OFFERS,
	KITH_TERM_ASKS,
	KITH_TERM_NOTE,    /* notes and touches */
	KITH_TERM_BY,      /* text: a word of the name of who introduced them begins so */
	KITH_TERM_MET,     /* days */
	KITH_TERM_TOUCHED, /* days */
	KITH_TERM_IS,      /* text: a word of kith_term_states */
	KITH_TERM_PROMISE, /* text: open, mine, theirs, or a word of it */
	KITH_TERM_KEYS
};

/* "tag" and so on, "" for KITH_TERM_WORD; static. */
const char *kith_term_name(enum kith_term_key key);

/* One term.  Text is folded. */
struct kith_term {
	enum kith_term_key key;
	bool not ;             /* must not hold */
	bool whole;            /* in quotes: these words side by side */
	struct kith_span text; /* n == 0: none, for days */
	int32_t first, last; /* days from - to; KITH_DAY_NONE: from the beginning, or to the end */
	bool never;          /* no such day at all */
};

/* What is asked.  Terms borrow. */
struct kith_selection {
	const struct kith_term *terms;
	size_t n;
	int32_t today;
	size_t best; /* at most so many are handed over; 0: everybody */
};

/*
 * Everybody for whom every term holds; *ret_count says how many they are.  With a term of words that must hold, the best match
 * first, as kith_store_find; else by folded name.  People who were let go are left out, unless a term is: asks for them.
 * Where nobody has a word at the beginning of one of theirs, who has it inside: of notes only for scripts without blanks.
 * KITH_ERR_LIMIT: the words stand in more than QUERY_HITS places; store errors; KITH_ERR_NOMEM.
 */
enum kith_err kith_store_select(struct kith_store *store, const struct kith_selection *selection,
	kith_contact_fn fn, void *ctx, size_t *ret_count) KITH_MUST_CHECK;

/* From here to the end everything that is read is of one moment, and costs less: many small readings make one.  Nothing may be
 * written in between; where something is being written already, nothing is done.  Store errors. */
enum kith_err kith_store_look(struct kith_store *store) KITH_MUST_CHECK;
void kith_store_look_end(struct kith_store *store);

/* --- where a word stands ---------------------------------------------------------------------- */

/* Places in what is known of somebody, one bit each. */
enum kith_place {
	KITH_PLACE_NAME = 1 << 0,
	KITH_PLACE_OFFERS = 1 << 1,
	KITH_PLACE_ASKS = 1 << 2, /* a note that begins with "asks:", too */
	KITH_PLACE_TITLE = 1 << 3,
	KITH_PLACE_ORG = 1 << 4,
	KITH_PLACE_TAG = 1 << 5,
	KITH_PLACE_SAID = 1 << 6, /* other notes, touches, promises */
	KITH_PLACE_REST = 1 << 7,
};

/* Return false to stop. */
typedef bool (*kith_stands_fn)(void *ctx, int64_t contact, uint32_t places);

/* Everybody of whom a word begins so, or (whole) is so, with the places; somebody may come more than once.  The word is folded.
 * Store errors. */
enum kith_err kith_store_stands(struct kith_store *store, struct kith_span word, bool whole,
	kith_stands_fn fn, void *ctx) KITH_MUST_CHECK;

typedef bool (*kith_vocabulary_fn)(void *ctx, struct kith_span word, size_t people);

/* The words that are known and begin so, or the one that is so, with how many people or notes have it; a word may come twice.
 * Store errors. */
enum kith_err kith_store_vocabulary(struct kith_store *store, struct kith_span word, bool whole,
	kith_vocabulary_fn fn, void *ctx) KITH_MUST_CHECK;

/* How somebody stands to me, as far as it is not "in no ring, and met". */
struct kith_standing {
	int64_t contact;
	uint32_t ring;   /* its place, from 1; 0: in none */
	bool left_out;   /* let go, or blocked */
	bool let_go;     /* and not blocked */
	bool introduced; /* and never met */
};

typedef bool (*kith_standing_fn)(void *ctx, const struct kith_standing *standing);

/* *ret_people: how many there are; *ret_most: no row of theirs is greater.  Somebody may come more than once.  Store errors. */
enum kith_err kith_store_standings(struct kith_store *store, kith_standing_fn fn, void *ctx,
	size_t *ret_people, int64_t *ret_most) KITH_MUST_CHECK;

/* One text that is known of somebody.  Spans are valid until fn returns. */
struct kith_told {
	enum kith_place place;
	const char *what;      /* "offers", "note", "promise"; static */
	struct kith_span text; /* n > 0 */
	int64_t at;            /* when it was said or promised, Unix seconds; 0: no telling */
	int64_t other;         /* a relation: the row of the other one; else 0 */
};

typedef bool (*kith_told_fn)(void *ctx, const struct kith_told *told);

/* All that is known of a person but the name and pictures: fields, notes and touches (newest first), tags, promises, events,
 * relations, introductions, and what an import has beside fields.  Store errors. */
enum kith_err kith_store_told(
	struct kith_store *store, int64_t contact, kith_told_fn fn, void *ctx) KITH_MUST_CHECK;

#endif
