/* SPDX-License-Identifier: MIT
 *
 * due.h - what is ripe: one list.  UNSTABLE until 1.0.  Source: proto/people.md "Due".
 *
 * Threads, transactions and store errors as in kith/store.h.
 */
#ifndef KITH_DUE_H
#define KITH_DUE_H

#include <kith/people.h>

/* In the order of the list: all that is ripe, then what only comes, each so. */
enum kith_due_kind {
	KITH_DUE_OVERDUE,    /* a promise of mine whose day is past */
	KITH_DUE_PROMISE,    /* one whose day comes */
	KITH_DUE_PROPOSED,   /* an introduction waits for my answer */
	KITH_DUE_ASKED_BACK, /* a card that they ask back does */
	KITH_DUE_BIRTHDAY,   /* of theirs */
	KITH_DUE_SOON,       /* I wanted to be in touch soon */
	KITH_DUE_DRIFTING,   /* longer without contact than their ring says */
	KITH_DUE_THEIRS,     /* a promise of theirs whose day is here */
	KITH_DUE_REVIEW,     /* so many people are not reviewed; about nobody */
	KITH_DUE_PENDING,    /* a swap that has not completed */
	KITH_DUE_OPEN,       /* a promise without a day, of mine or theirs, from long ago */
	KITH_DUE_KINDS
};

/* "overdue", "promise" and so on; static. */
const char *kith_due_name(enum kith_due_kind kind);

/* One line.  Spans are valid until fn returns. */
struct kith_due {
	enum kith_due_kind kind;
	int64_t contact;                 /* 0: KITH_DUE_REVIEW */
	struct kith_span name;           /* what they are called */
	struct kith_span ik, uuid, fold; /* who it is; ik n == 0: without a key */
	int64_t row; /* the number of a promise, a proposal, or what is asked back; else 0 */
	int32_t day; /* of a promise its day, of a birthday when it is kept; else from when on it is ripe */
	int64_t since; /* Unix seconds: last contact, last meeting, when it was made, asked or decided; 0: never */
	uint32_t rhythm; /* drifting: the days of the ring; else 0 */
	size_t people;   /* KITH_DUE_REVIEW: how many */
	bool leap;       /* a birthday on 29 February */
	bool theirs;     /* a promise: they said they would */
	bool thing;      /* a promise: a thing that was lent */
	struct kith_span
		text; /* of the promise, words of a proposal, name of the ring; n == 0: none */
};

/* Return false to stop. */
typedef bool (*kith_due_fn)(void *ctx, const struct kith_due *due);

/*
 * The list, at `now` (Unix seconds) of the day `today`: what is ripe, the most pressing first, then in the same order what
 * becomes so within so many days more (0: nothing of that).  Each promise, birthday and person stands in it once.  Nothing about people who were let go or are blocked, but for promises of
 * mine.  KITH_ERR_LIMIT: ahead is more than DUE_DAYS_MAX; store errors.
 */
enum kith_err kith_store_due(struct kith_store *store, int64_t now, int32_t today, uint32_t ahead,
	kith_due_fn fn, void *ctx) KITH_MUST_CHECK;

/* The same for a calendar, which drops what it is no longer told: with DUE_DAYS_MAX of ahead also the birthdays that are settled or
 * passed over, on the next day on which they are told. */
enum kith_err kith_store_due_calendar(struct kith_store *store, int64_t now, int32_t today,
	uint32_t ahead, kith_due_fn fn, void *ctx) KITH_MUST_CHECK;

/* kith_store_who_of for the person of that line, with what the line knows of them.  Store errors. */
enum kith_err kith_due_who(struct kith_store *store, const struct kith_due *due,
	char out[static KITH_ID_CHARS + 1]) KITH_MUST_CHECK;

#endif
