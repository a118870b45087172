/* SPDX-License-Identifier: MIT
 *
 * room - everybody who is here, and every session with them, without I/O.
 * proto/session.md "Course" and "Both dial at once", proto/known.md "Who dials".
 *
 * The room takes events (somebody was seen, bytes came, a person decided, time passed) and calls its
 * host for what must happen outside (dial, send, close, keep, tell).  One thread; the host's
 * functions must not call back into the room.
 */
#ifndef KITH_SESSION_ROOM_H
#define KITH_SESSION_ROOM_H

#include "base/limits.h"
#include "session/failures.h"
#include "session/session.h"

/* Where somebody is, as far as it counts for him: an address, or a network of his. */
#define KITH_SOURCE_BYTES 16

/* What a person is told. */
enum kith_news_kind {
	KITH_NEWS_SEEN,        /* a row is here (again, when the name changed) */
	KITH_NEWS_GONE,        /* the row went */
	KITH_NEWS_CALLING,     /* the row of an invitation was picked */
	KITH_NEWS_REQUEST,     /* they ask; answer with kith_room_answer */
	KITH_NEWS_WITHDRAWN,   /* the request that was shown is void */
	KITH_NEWS_ASKING,      /* my pick reached them; they are being asked */
	KITH_NEWS_UNREACHABLE, /* seen, but not reached; stays wanted for WANTED_MS */
	KITH_NEWS_CODE,        /* compare; answer with kith_room_compared */
	KITH_NEWS_SWAPPED,  /* done: their card is kept, or mine was taken by one who gives none */
	KITH_NEWS_FAILED,   /* it ended otherwise: error, pending */
	KITH_NEWS_CUT,      /* the line broke under a code: it may still be answered */
	KITH_NEWS_MIDDLE,   /* FAILURES_MAX failed comparisons: somebody may be in the middle */
	KITH_NEWS_HELD,     /* requests are held back; see waiting */
	KITH_NEWS_KNOWN,    /* the row is somebody I know, proven: contact */
	KITH_NEWS_STRANGER, /* the row that was known is of nobody any more: the tie is gone */
};

/* One piece of news.  Spans and texts are valid during the call. */
struct kith_news {
	enum kith_news_kind kind;
	const char *peer;      /* the row's handle */
	struct kith_span name; /* as they call themselves; n == 0 when they do not say */
	bool gives;            /* REQUEST, CODE: they will give a card */
	bool attended;         /* REQUEST, CODE: a person compares there */
	const char *code;      /* CODE: 6 or 12 digits */
	bool scanned;          /* CODE: their key was scanned; it is shown for their eyes only */
	const uint8_t *ik;     /* SWAPPED: whose card */
	bool delivered;        /* SWAPPED: their receipt for mine came, or I gave none */
	enum kith_err error;   /* FAILED */
	bool pending;          /* FAILED: I confirmed, and the row waits in the store */
	bool waiting;          /* HELD: somebody waits to be shown; false: nobody does any more */
	int64_t contact;       /* KNOWN, STRANGER: row of the store */
};

/* The outside. */
struct kith_room_host {
	void *ctx;
	struct kith_failures *failures; /* outlives the room; NULL: the room's own */
	/* One more was counted, at that time, for a memory beyond the process.  May be NULL. */
	void (*failed)(void *ctx, uint64_t at);
	/* Connect to the listener with that CURVE key; answer with kith_room_opened or _closed. */
	void (*dial)(void *ctx, uint32_t conn, const uint8_t key[static 32]);
	void (*send)(void *ctx, uint32_t conn, struct kith_span message);
	/* End it after what was sent has left; kith_room_closed need not follow. */
	void (*close)(void *ctx, uint32_t conn);
	/* Who is on it waits for my person, or has their yes: not to be given up for a newcomer.  May be NULL. */
	void (*keep)(void *ctx, uint32_t conn);
	void (*tell)(void *ctx, const struct kith_news *news);
	/* The transactions of kith/store.h. */
	enum kith_err (*confirm)(void *ctx, const struct kith_meeting *m);
	enum kith_err (*confirmed)(
		void *ctx, const uint8_t session[static 32], enum kith_how theirs);
	enum kith_err (*card)(void *ctx, const uint8_t session[static 32],
		const struct kith_card *card, struct kith_span envelope);
	enum kith_err (*receipt)(void *ctx, const struct kith_receipt *r);
	enum kith_err (*mismatch)(void *ctx, const uint8_t session[static 32]);
	/* My person wants nothing of who has that ik: whoever comes with it in a swap hears nothing more, and my
	 * person is told FAILED, KITH_ERR_DECLINED.  May be NULL: of nobody is that said. */
	bool (*blocked)(void *ctx, const uint8_t ik[static KITH_KEY_BYTES]);
};

struct kith_room;

/*
 * A room.  self->swaps: for one swap.  Else requests are closed and nothing can be picked, and whoever
 * comes in is answered if self->known is set; self NULL: nobody comes in, it is for looking only.  env,
 * self and host->ctx must outlive it.  KITH_ERR_NOMEM.
 */
enum kith_err kith_room_new(const struct kith_env *env, const struct kith_self *self,
	const struct kith_room_host *host, struct kith_room **ret) KITH_MUST_CHECK;

/* Aborts what is under way (ABORT cancel) and frees; NULL allowed. */
void kith_room_free(struct kith_room *room);

/* --- what happens ----------------------------------------------------------------------------- */

/* My CURVE key from now on; earlier ones stay known as mine. */
void kith_room_key(struct kith_room *room, const uint8_t key[static 32]);

/* A service with that key is announced under that name (n == 0: hidden), at least one address. */
void kith_room_seen(struct kith_room *room, const uint8_t key[static 32], struct kith_span name);
void kith_room_gone(struct kith_room *room, const uint8_t key[static 32]);

/*
 * A connection carries messages.  key: the far CURVE key; own: mine that it was opened to or from;
 * source: where it comes from, for counting.  Refused (closed) when the far key is mine or weak, own
 * is not mine, or too many are open.  KITH_ERR_STATE: there is one with that number, which can only
 * be the courier's fault.
 */
enum kith_err kith_room_opened(struct kith_room *room, uint32_t conn, const uint8_t key[static 32],
	const uint8_t own[static 32], bool inbound, struct kith_span network,
	const uint8_t source[static KITH_SOURCE_BYTES]);
void kith_room_bytes(struct kith_room *room, uint32_t conn, struct kith_span message);
void kith_room_closed(struct kith_room *room, uint32_t conn);

/* The courier died: no connection and no row stands; picks stay wanted. */
void kith_room_lost(struct kith_room *room);

/* --- known people (proto/known.md) ------------------------------------------------------------ */

/*
 * on: the rows are dialled and whoever comes in is looked for in self->circle, as "Who dials" says; off, as
 * at first: nobody is dialled, and HELLOs are those of one without ties.  What is under way goes on.
 */
void kith_room_recognise(struct kith_room *room, bool on);

/*
 * self->circle was changed: rows that were strangers may be tried again, and one whose tie is gone is a
 * stranger (KITH_NEWS_STRANGER): a session with them, which is no swap, ends as if the line had broken.
 * Once after many changes, not after each.
 */
void kith_room_ties_changed(struct kith_room *room);

/* Something is due to that contact: the row where they were recognised is dialled again, at most once in
 * UPDATE_MS.  Without such a row nothing happens, since whoever comes is met anyway. */
void kith_room_due(struct kith_room *room, int64_t contact);

/* Time passed.  Returns the milliseconds until it must be called again, at most 60000. */
uint64_t kith_room_tick(struct kith_room *room);

/* --- what the person decides ------------------------------------------------------------------ */

/*
 * All take a handle.  KITH_ERR_NOPERSON: no such row; KITH_ERR_BUSY: finish first what is on the
 * screen; KITH_ERR_STATE: there is nothing to answer; KITH_ERR_NOMEM.
 */
enum kith_err kith_room_pick(struct kith_room *room, struct kith_span peer) KITH_MUST_CHECK;

/*
 * My person has scanned an invitation: the listener with that CURVE key is said to be ik.  It has a
 * row from now on, whether anybody announces it or not, and is picked.  A session with it that proves
 * ik is confirmed by itself, as scanned; one that proves another key is ended as mismatch.
 * KITH_ERR_OWNKEY: it is my own; KITH_ERR_VALUE: the CURVE key is weak; KITH_ERR_LIMIT: no place for
 * another row; KITH_ERR_STATE, KITH_ERR_BUSY: as of a pick.
 */
enum kith_err kith_room_invited(struct kith_room *room, const uint8_t key[static 32],
	const uint8_t ik[static 32]) KITH_MUST_CHECK;
enum kith_err kith_room_answer(
	struct kith_room *room, struct kith_span peer, bool yes) KITH_MUST_CHECK;
enum kith_err kith_room_compared(
	struct kith_room *room, struct kith_span peer, bool same) KITH_MUST_CHECK;
enum kith_err kith_room_cancel(struct kith_room *room, struct kith_span peer) KITH_MUST_CHECK;

/* Requests that are held back (KITH_NEWS_HELD) are shown from now on, until the next failure. */
void kith_room_show(struct kith_room *room);

/* Sessions that my person is in: past ACCEPT, or asked for; and those with people who have proven that
 * I know them.  A node waits for 0 before it changes its key; strangers do not keep it waiting. */
size_t kith_room_busy(const struct kith_room *room);

/* Of these the swaps alone, which give the card that self names: while there is none it may be another one.  Somebody whom
 * I know must not keep an old card of mine in use by keeping a line. */
size_t kith_room_swaps(const struct kith_room *room);

#endif
