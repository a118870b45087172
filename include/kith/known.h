/* SPDX-License-Identifier: MIT
 *
 * known.h - people who are recognised: whom I can know again, what they brought, what changed, and
 * who is not to be heard.  UNSTABLE until 1.0.  Source: proto/known.md, proto/store.md.
 *
 * Threads, transactions and store errors as in kith/store.h.
 */
#ifndef KITH_KNOWN_H
#define KITH_KNOWN_H

#include <kith/store.h>

/* --- whom I can recognise --------------------------------------------------------------------- */

/* Somebody whose key and xk I hold, neither blocked nor frozen. */
struct kith_tied {
	int64_t contact;
	uint8_t ik[KITH_KEY_BYTES];
	uint8_t xk[KITH_KEY_BYTES];
	uint64_t
		acknowledged; /* the number of my latest rotation that they have taken, 0 for none */
};

/* Return false to stop. */
typedef bool (*kith_tied_fn)(void *ctx, const struct kith_tied *tied);

/* All of them, those met or recognised last first.  Store errors. */
enum kith_err kith_store_ties(struct kith_store *store, kith_tied_fn fn, void *ctx) KITH_MUST_CHECK;

/* How I stand to somebody, and what they told last. */
struct kith_stance {
	uint8_t ik[KITH_KEY_BYTES]; /* their key now */
	bool blocked;               /* nothing is due, nothing is taken */
	bool frozen;                /* the same */
	bool agreed;                /* I said "same" to them, or count as having done so */
	bool they_agreed;           /* the same of them, as they told last */
	bool has_card;              /* I hold a card of theirs, not a pocket card: */
	uint8_t card[8];            /* which */
	uint64_t rev;               /* its number */
	uint64_t number;            /* the highest that I signed with */
	bool told;                  /* they hold a card of mine: */
	uint8_t told_card[8];       /* which */
	uint64_t told_rev;          /* its number */
	bool foreign;               /* and it was not signed here, or is of no card of mine */
	int64_t told_at;            /* since when I know, Unix seconds; 0 while nothing is known */
	uint64_t refused;           /* the highest number of a card of mine that they refused */
};

/* KITH_ERR_NOPERSON (nobody, or nobody with a key); store errors. */
enum kith_err kith_store_stance(
	struct kith_store *store, int64_t contact, struct kith_stance *ret) KITH_MUST_CHECK;

/* --- what a session settles ------------------------------------------------------------------- */

/* What somebody told in a session in which they proved to be the owner of `ik`. */
struct kith_recognised {
	int64_t contact;
	uint8_t ik[KITH_KEY_BYTES];
	bool current; /* not under a key that I have left: my rotations have arrived */
	uint8_t mine[KITH_KEY_BYTES]; /* the key of mine under which it was */
	bool agreed;                  /* they said "same" to me once */
	bool has_card;                /* they hold a card of mine: */
	uint8_t card[8];              /* which */
	uint64_t rev;                 /* its number */
	uint8_t hash[32];             /* and the hash of its envelope */
	int64_t at;                   /* Unix seconds */
};

/*
 * It is they.  Where both agreed, meetings without their word count as confirmed without comparing, what I owe of that
 * card up to that number is cleared, if it was signed here.  A card is given to them only where I chose one.  A number above the greatest of that card counts as
 * that one.  My rotations count as taken if `mine` is still the key of my cards.  A key that the person has now is settled.
 * KITH_ERR_NOPERSON; store errors.
 */
enum kith_err kith_store_known_met(
	struct kith_store *store, const struct kith_recognised *r) KITH_MUST_CHECK;

/*
 * Their card came, verified: taken as one that its owner hands over (proto/card.md, "Revisions").  xk is that of the tie.
 * KITH_ERR_ROLLBACK: older than one by the same key that is kept; KITH_ERR_SUBJECT: of another key or xk, a pocket card, or from somebody
 * who is frozen; KITH_ERR_CONFLICT: the first is kept, marked, told once; KITH_ERR_LIMIT: a jump too far, told once;
 * KITH_ERR_NOPERSON; store errors.
 */
enum kith_err kith_store_known_card(struct kith_store *store, int64_t contact,
	const uint8_t xk[static KITH_KEY_BYTES], const struct kith_card *card,
	struct kith_span envelope, int64_t now) KITH_MUST_CHECK;

/* Their verified receipt came in a known session, at that event (n == 0: none) and on that network (n == 0: unknown).  A
 * second one for the same envelope is not kept.  Store errors, KITH_ERR_NOPERSON. */
enum kith_err kith_store_known_receipt(struct kith_store *store, int64_t contact,
	const struct kith_receipt *r, struct kith_span event,
	struct kith_span network) KITH_MUST_CHECK;

/* They refused my cards up to that number: none of these is due any more.  Store errors. */
enum kith_err kith_store_known_refused(
	struct kith_store *store, int64_t contact, uint64_t rev) KITH_MUST_CHECK;

/* The hash of the envelope of theirs that I hold, not of a pocket card.  KITH_ERR_MISSING: none; store errors. */
enum kith_err kith_store_held_hash(
	struct kith_store *store, int64_t contact, uint8_t ret_hash[static 32]) KITH_MUST_CHECK;

/* The envelope with that hash, of those that I hold of theirs or had from them in a session, appended: what somebody handed on
 * beside is not theirs to know.  KITH_ERR_MISSING: none; store errors. */
enum kith_err kith_store_held_hashed(struct kith_store *store, int64_t contact,
	const uint8_t hash[static 32], struct kith_buf *envelope) KITH_MUST_CHECK;

/* They brought a card of mine whose number is too far above my counter, and it was refused: told once.  Store errors. */
enum kith_err kith_store_beyond(
	struct kith_store *store, int64_t contact, uint64_t rev, int64_t now) KITH_MUST_CHECK;

/* --- who is not to be heard ------------------------------------------------------------------- */

/* Neither recognised nor answered from now on; or again.  KITH_ERR_NOPERSON (nobody, or nobody with a key); store errors. */
enum kith_err kith_store_block(
	struct kith_store *store, int64_t contact, bool blocked, int64_t now) KITH_MUST_CHECK;

/* Whether the owner of that key, of now or before, is blocked.  Store errors. */
enum kith_err kith_store_is_blocked(struct kith_store *store,
	const uint8_t ik[static KITH_KEY_BYTES], bool *ret_blocked) KITH_MUST_CHECK;

/* --- what changed ----------------------------------------------------------------------------- */

/* Kept in the store by number: never change one. */
enum kith_notice_kind {
	KITH_NOTICE_MET = 1,       /* swapped with them; cards: now */
	KITH_NOTICE_CARD = 2,      /* another card of theirs is the one held; cards: before, now */
	KITH_NOTICE_DELIVERED = 3, /* they have the card that was owed to them; number: its rev */
	KITH_NOTICE_ROTATED = 4,   /* they go on under another key */
	KITH_NOTICE_FROZEN =
		5, /* they are frozen; number: why (kith/keys.h); text: why the key was revoked */
	KITH_NOTICE_THAWED = 6,   /* and no more */
	KITH_NOTICE_CONFLICT = 7, /* another card with the number of one that is kept was seen */
	KITH_NOTICE_RETURNED =
		8, /* they have a card of mine that I did not sign here; number: its rev */
	KITH_NOTICE_EVIDENCE = 9, /* a second rotation of a key was kept, and changes nothing */
	KITH_NOTICE_PROPOSED =
		10, /* they propose an introduction; number: of it; text: their words */
	KITH_NOTICE_INTRODUCED =
		11, /* this person was introduced; number: the row of who did; text: their words */
	KITH_NOTICE_TAKEBACK = 12,  /* they ask for a card of theirs back */
	KITH_NOTICE_RESPONSE = 13,  /* their answer to the same of mine; number: 1 let go, 2 kept */
	KITH_NOTICE_COMPLETED = 14, /* what was missing of a swap has come; cards: now */
	KITH_NOTICE_JUMP =
		15, /* a card of theirs was refused, its number is too far ahead; number: it */
	KITH_NOTICE_BEYOND = 16, /* the same of a card of mine that they brought back */
	KITH_NOTICE_ACQUAINTED =
		17, /* I introduced them: both have the other's card; number: the row of the other one */
	KITH_NOTICE_REVOKED =
		18, /* a key that they had left already was revoked: nothing follows */
};

/* "met", "card" and so on; static. */
const char *kith_notice_name(enum kith_notice_kind kind);

/* One line of news.  Spans are valid until fn returns. */
struct kith_notice {
	int64_t row; /* counts up */
	int64_t at;  /* Unix seconds */
	enum kith_notice_kind kind;
	int64_t contact;       /* whom it is about; 0: nobody, or somebody who was forgotten */
	struct kith_span name; /* what they are called now */
	bool has_key;
	uint8_t ik[KITH_KEY_BYTES];
	struct kith_span before; /* the envelopes; n == 0: there is, or was, none */
	struct kith_span now;
	bool live;             /* `now` came from its owner, else from a file */
	uint64_t number;       /* see the kinds */
	struct kith_span text; /* see the kinds; from others */
	bool settled;          /* PROPOSED, TAKEBACK: it does not wait for my answer any more */
	/* INTRODUCED: who did; ACQUAINTED: the other one */
	int64_t other;               /* 0: forgotten since */
	struct kith_span other_name; /* what they are called now */
	bool other_has_key;
	uint8_t other_ik[KITH_KEY_BYTES];
};

/* Return false to stop.  It may read from the same store with other functions. */
typedef bool (*kith_notice_fn)(void *ctx, const struct kith_notice *notice);

/* The lines behind that row, oldest first.  Store errors. */
enum kith_err kith_store_news_each(
	struct kith_store *store, int64_t after, kith_notice_fn fn, void *ctx) KITH_MUST_CHECK;

/* The row of the last line there is, and of the last one that was looked at; 0 for none.  Store errors. */
enum kith_err kith_store_news_upto(
	struct kith_store *store, int64_t *ret_last, int64_t *ret_read) KITH_MUST_CHECK;

/* It was looked at up to that row; never goes back.  Store errors. */
enum kith_err kith_store_news_read(struct kith_store *store, int64_t upto) KITH_MUST_CHECK;

/* --- the cards of a person over time ---------------------------------------------------------- */

/* One revision that is kept.  Spans are valid until fn returns. */
struct kith_revision {
	int64_t row;
	uint8_t card[8];
	enum kith_card_variant variant;
	uint64_t rev;
	int64_t at; /* when it came, Unix seconds */
	bool live;  /* from its owner, else from a file */
	bool held;  /* it is the one that counts */
	struct kith_span envelope;
};

typedef bool (*kith_revision_fn)(void *ctx, const struct kith_revision *revision);

/* All that are kept of a person, in the order in which they came.  Store errors. */
enum kith_err kith_store_history(
	struct kith_store *store, int64_t contact, kith_revision_fn fn, void *ctx) KITH_MUST_CHECK;

#endif
