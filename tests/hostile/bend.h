/* SPDX-License-Identifier: MIT
 *
 * bend - one mistake in one message of an otherwise honest session.
 *
 * The program is linked with --wrap for the library's packing and sealing, so a bent message is
 * bent before it is hashed, signed over or sealed: the liar's own transcript agrees with what he
 * sends, and it is the bend that must be noticed, nothing else.
 */
#ifndef KITH_HOSTILE_BEND_H
#define KITH_HOSTILE_BEND_H

#include "message/message.h"

enum bend_kind {
	BEND_NONE,
	/* of one field */
	BEND_MISSING, /* left out */
	BEND_TYPE,    /* of another type */
	BEND_NIL,     /* nil in its place */
	BEND_TWICE,   /* the pair stands there twice */
	BEND_SHORT,   /* one byte less than it may have */
	BEND_OVER,    /* one more than it may have; of a number too */
	/* of the whole message */
	BEND_EXTRA,    /* key 63, which nobody knows */
	BEND_LATER,    /* key 70, which everybody skips: not a mistake */
	BEND_UNSORTED, /* key 0 comes last */
	BEND_WIDE,     /* key 0's value in two bytes where one does */
	BEND_NUMBER,   /* a type that there is not */
	BEND_CUT,      /* without its last byte */
	BEND_TAIL,     /* one byte behind its end */
	BEND_EMPTY,    /* nothing */
	BEND_NOISE,    /* random bytes */
	BEND_BOMB,     /* an array of four thousand million */
	BEND_GIANT,    /* one byte more than MESSAGE_MAX */
	/* of the seal */
	BEND_KEY,   /* sealed with another key */
	BEND_AD,    /* sealed as another type */
	BEND_FINAL, /* marked as the last one, or not */
	/* of the order */
	BEND_REPEAT, /* sent twice */
	BEND_TURN,   /* another message (number `key`) comes first */
	BEND_COUNT
};

struct bend {
	enum bend_kind kind;
	const struct kith_schema *schema; /* which message */
	bool inner;                       /* the inside of a sealed one */
	uint64_t key;                     /* of the field; of TURN: the type that comes first */
};

#define BEND_NAME_MAX 64

/* The bend of this thread, NULL for none; the pointer is borrowed. */
extern _Thread_local const struct bend *bend_now;

/* Every bend there is of messages that one role sends: the i-th, false past the last. */
bool bend_nth(bool dialler, size_t i, struct bend *ret);

/* "REQUEST.label.over", "CONFIRM.seal-key". */
void bend_name(const struct bend *b, char out[BEND_NAME_MAX]);

/* The messages of a session, by type; NULL: none. */
const struct kith_schema *bend_schema(uint64_t type);

#endif
