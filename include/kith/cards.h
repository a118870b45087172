/* SPDX-License-Identifier: MIT
 *
 * cards.h - my cards by name, who is given which, and who holds what: the part of the store that is about
 * what I gave away.  UNSTABLE until 1.0.  Source: proto/store.md "My cards", proto/known.md.
 *
 * Threads, transactions and store errors as in kith/store.h.
 */
#ifndef KITH_CARDS_H
#define KITH_CARDS_H

#include <kith/store.h>

/* --- my cards --------------------------------------------------------------------------------- */

/* One of them.  Spans are valid until the callback returns. */
struct kith_my_card {
	uint8_t card[8];        /* its id */
	struct kith_span name;  /* "me", "work" */
	struct kith_span shows; /* "email.work,tel"; n == 0: everything */
	bool gone;              /* removed: given to nobody any more */
	uint64_t rev;           /* its present number */
	size_t given;           /* to so many people, those who are blocked not counted: they get nothing */
	struct kith_span envelope;
};

typedef bool (*kith_my_card_fn)(void *ctx, const struct kith_my_card *card);

/* All of them, "me" first, then by folded name, then what was removed.  fn returns false to stop, and may
 * read from the store, but not with this function.  Store errors. */
enum kith_err kith_store_cards(
	struct kith_store *store, kith_my_card_fn fn, void *ctx) KITH_MUST_CHECK;

/* As kith_store_mine, with the card of that name (case and accents ignored) in place of "me"; one that was
 * removed is not found.  KITH_ERR_MISSING; store errors. */
enum kith_err kith_store_card_named(struct kith_store *store, struct kith_span name,
	struct kith_mine *ret_mine) KITH_MUST_CHECK;

/* What is to be signed.  Start with {0}. */
struct kith_cards_signing {
	const struct kith_identity *id; /* who signs: the key of the cards */
	bool rekey;       /* another key than that of the cards, which they have from then on */
	int64_t now;      /* Unix seconds, for `issued` */
	uint64_t had_rev; /* the counter in the store must be that still; 0: whatever it is */
	uint64_t above;   /* the next number is greater than this, too */
	uint64_t jump;    /* and leaves out so many */
	const struct kith_fields *profile; /* my new fields; NULL: as they are */
	bool all;                          /* every card, else those alone whose fields change */
};

/*
 * Signs my cards with the next numbers of the counter and keeps them, together with the profile, in one
 * transaction; inside kith_store_batch it is part of that.  Those that were removed stay as they are.
 * *ret_signed says how many were; 0: nothing was different.
 * KITH_ERR_MISSING: there is no card yet; KITH_ERR_BUSY: the counter is another; KITH_ERR_STALEKEY: the cards are by
 * another key, since somebody has rotated it meanwhile; errors of kith_card_sign; store errors.
 */
enum kith_err kith_store_cards_sign(struct kith_store *store, const struct kith_cards_signing *s,
	size_t *ret_signed) KITH_MUST_CHECK;

/*
 * Makes a card of that name, with the card id `card`, which shows those fields (card/shown.h) and the name; or, when
 * `replace`, changes what the one of that name shows.  It signs as kith_store_cards_sign does; s->profile
 * must be NULL.  What a name may be is NOT checked.
 * KITH_ERR_EXISTS, or with replace KITH_ERR_MISSING; KITH_ERR_LIMIT: CARDS_MAX are there; the errors above.
 */
enum kith_err kith_store_card_put(struct kith_store *store, const struct kith_cards_signing *s,
	struct kith_span name, struct kith_span shows, const uint8_t card[static 8],
	bool replace) KITH_MUST_CHECK;

/* Removes it: nobody is given it any more; who holds it keeps it as it is.  KITH_ERR_MISSING; KITH_ERR_VALUE ("me"
 * stays); store errors. */
enum kith_err kith_store_card_remove(
	struct kith_store *store, struct kith_span name) KITH_MUST_CHECK;

/* --- cards of mine that were not made here ------------------------------------------------------ */

/*
 * Whether there is nothing to ask about a card of mine with that number and hash of its envelope: it was signed here, or
 * came back already, or RETURNED_MAX that came back wait for a word of mine and no more are wanted.  Source:
 * proto/known.md "What I did not sign here".  Store errors.
 */
enum kith_err kith_store_mine_known(struct kith_store *store, uint64_t rev,
	const uint8_t hash[static 32], bool *ret_known) KITH_MUST_CHECK;

/* One that came back.  Spans are valid until the callback returns. */
struct kith_returned {
	uint8_t hash[32]; /* of the envelope */
	uint64_t rev;     /* its number */
	uint8_t card[8];  /* its card id, maybe of no card that is known here */
	struct kith_span envelope;
	int64_t contact; /* who held it; 0: forgotten since */
	int64_t at;      /* when it came, Unix seconds */
	/* not looked at by kith_store_returned_put */
	struct kith_span person; /* what they are called */
	size_t nth, of;          /* of so many with this number; the one that came first is 1 */
};

/* Keeps it, which is news, once.  One that is kept already is KITH_OK, and so is one too many, which is not kept; what is
 * behind a later one of the same card is kept as settled and no news.  It is NOT verified here.  Inside
 * kith_store_batch it is part of that.  Store errors. */
enum kith_err kith_store_returned_put(
	struct kith_store *store, const struct kith_returned *r) KITH_MUST_CHECK;

/* That one was taken over: it is settled, with those of the same card that have a smaller number.  Of what is settled
 * RETURNED_MAX hashes stay, by which it is not asked for again.  Store errors. */
enum kith_err kith_store_returned_settle(
	struct kith_store *store, const uint8_t hash[static 32]) KITH_MUST_CHECK;

typedef bool (*kith_returned_fn)(void *ctx, const struct kith_returned *r);

/* Those that are not settled, the greatest number first.  fn returns false to stop.  Store errors. */
enum kith_err kith_store_returned(
	struct kith_store *store, kith_returned_fn fn, void *ctx) KITH_MUST_CHECK;

/* --- who is given which ------------------------------------------------------------------------ */

/* The card that this person is given now: its id, number and envelope (appended).  KITH_ERR_MISSING: none is chosen,
 * it was removed, or they are to let go of it; KITH_ERR_NOPERSON; store errors. */
enum kith_err kith_store_given(struct kith_store *store, int64_t contact,
	uint8_t ret_card[static 8], uint64_t *ret_rev, struct kith_buf *envelope) KITH_MUST_CHECK;

/*
 * Chooses it; card NULL: nothing any more, and what was owed is not owed.  What is owed to them since a meeting
 * is then that card.  A wish to have it back that was not handed over is withdrawn.
 * KITH_ERR_NOPERSON (nobody, or somebody without a key); KITH_ERR_MISSING: there is no such card; store errors.
 */
enum kith_err kith_store_give(
	struct kith_store *store, int64_t contact, const uint8_t *card) KITH_MUST_CHECK;

/* --- taking back: a request, never more --------------------------------------------------------- */

/* What became of it; kept in the store by number. */
enum kith_letgo {
	KITH_LETGO_NOT_ASKED = -1,
	KITH_LETGO_OPEN = 0, /* no answer yet */
	KITH_LETGO_GONE = 1, /* they say that they have let go of it */
	KITH_LETGO_KEPT = 2, /* they keep it */
	KITH_LETGO_NONE = 3, /* their kith has no such card, or does not do this */
};

/*
 * Asks this person to let go of every card of mine that they hold as far as I know, when they are met next,
 * and gives them none any more.  *ret_n: how many were asked for now; what was asked for already is not asked for twice.
 * KITH_ERR_NOPERSON; KITH_ERR_MISSING: they hold none; store errors.
 */
enum kith_err kith_store_takeback(
	struct kith_store *store, int64_t contact, int64_t now, size_t *ret_n) KITH_MUST_CHECK;

/* A card of mine that they have not been asked for yet, the one behind `skip` others.  KITH_ERR_MISSING: none;
 * store errors. */
enum kith_err kith_store_takeback_due(struct kith_store *store, int64_t contact, size_t skip,
	uint8_t ret_card[static 8]) KITH_MUST_CHECK;

/* They were asked (KITH_LETGO_OPEN), or answered, which is news.  KITH_ERR_MISSING: I did not ask them for
 * that; store errors. */
enum kith_err kith_store_takeback_told(struct kith_store *store, int64_t contact,
	const uint8_t card[static 8], enum kith_letgo answer, int64_t now) KITH_MUST_CHECK;

/* They ask me for a card of theirs, which is news once; what I answered already is answered again.
 * KITH_ERR_MISSING: I hold no such card; store errors. */
enum kith_err kith_store_letgo_asked(struct kith_store *store, int64_t contact,
	const uint8_t card[static 8], int64_t now) KITH_MUST_CHECK;

/* A question of theirs that waits for me.  Spans are valid until the callback returns. */
struct kith_letgo_item {
	int64_t row;             /* for kith_store_letgo_answer; never another question's */
	int64_t contact;         /* who asks */
	struct kith_span person; /* what they are called */
	int64_t at;              /* since when, Unix seconds */
	uint64_t rev; /* number of the card that I hold, of the one they ask for; 0: none */
	enum kith_letgo answer; /* mine; KITH_LETGO_OPEN: it waits */
};

typedef bool (*kith_letgo_fn)(void *ctx, const struct kith_letgo_item *item);

/* Those that wait, oldest first.  One is over when a newer revision of that card has come.  Store errors. */
enum kith_err kith_store_letgo_each(
	struct kith_store *store, kith_letgo_fn fn, void *ctx) KITH_MUST_CHECK;

/* Those that I have answered, oldest first.  Store errors. */
enum kith_err kith_store_letgo_answered(
	struct kith_store *store, kith_letgo_fn fn, void *ctx) KITH_MUST_CHECK;

/*
 * My answer.  Letting go removes every revision of that card, also from the file's free space; the name, the key, the
 * meetings and what I wrote myself stay.  KITH_ERR_MISSING: nothing like that waits; store errors.
 */
enum kith_err kith_store_letgo_answer(
	struct kith_store *store, int64_t row, bool let_go, int64_t now) KITH_MUST_CHECK;

/* An answer of mine that they have not got yet, the one behind `skip` others; and that they have it now.
 * KITH_ERR_MISSING: none; store errors. */
enum kith_err kith_store_letgo_due(struct kith_store *store, int64_t contact, size_t skip,
	uint8_t ret_card[static 8], enum kith_letgo *ret_answer) KITH_MUST_CHECK;
enum kith_err kith_store_letgo_sent(
	struct kith_store *store, int64_t contact, const uint8_t card[static 8]) KITH_MUST_CHECK;

/* --- who holds what ---------------------------------------------------------------------------- */

/* How I know what somebody holds. */
enum kith_proof {
	KITH_PROOF_NONE,    /* not confirmed yet */
	KITH_PROOF_TOLD,    /* they said so when we met */
	KITH_PROOF_RECEIPT, /* a receipt signed by their key */
};

/* What one person holds of me.  Spans are valid until the callback returns. */
struct kith_holding {
	int64_t contact;
	struct kith_span person; /* their name */
	struct kith_span given;  /* name of the card they are given; n == 0: none */
	uint64_t given_rev;      /* its present number */
	bool owed;               /* it was promised, has not arrived, and was not refused */
	bool refused;            /* they refused that number, and are not sent it again */
	bool blocked;            /* nothing goes to them */
	bool frozen;             /* the same */
	enum kith_proof proof;
	struct kith_span
		card; /* name of the card they hold; n == 0: none, or one that is not mine here */
	uint64_t rev; /* its number; 0: none */
	bool foreign; /* what they told of is a card of mine that was not signed here */
	int64_t at;   /* since when that is known, Unix seconds */
	struct kith_span event;     /* where; n == 0 when unknown */
	struct kith_span envelope;  /* the bytes that they hold; n == 0 when unknown */
	enum kith_letgo asked_back; /* what became of asking it back */
	int64_t asked_at;           /* and since when that is so */
};

typedef bool (*kith_holding_fn)(void *ctx, const struct kith_holding *holding);

/* Everybody who is given a card, or holds one as far as I know, by folded name; contact: only that person (0: all).
 * Store errors. */
enum kith_err kith_store_ledger(
	struct kith_store *store, int64_t contact, kith_holding_fn fn, void *ctx) KITH_MUST_CHECK;

/* A receipt that is kept, with the bytes it is about and the keys that may have signed it.  Spans are valid until
 * the callback returns. */
struct kith_receipt_kept {
	int64_t contact;
	struct kith_span person;
	struct kith_receipt receipt;
	struct kith_span event;
	struct kith_span network;
	struct kith_span envelope; /* mine; n == 0: not kept */
	struct kith_span keys;     /* KITH_KEY_BYTES each: theirs, and those they had before */
};

typedef bool (*kith_receipt_fn)(void *ctx, const struct kith_receipt_kept *kept);

/* The receipts of a person, by number.  They are NOT verified.  Store errors. */
enum kith_err kith_store_receipts(
	struct kith_store *store, int64_t contact, kith_receipt_fn fn, void *ctx) KITH_MUST_CHECK;

#endif
