/* SPDX-License-Identifier: MIT
 *
 * row - one person in the room, by CURVE key, and the connections with them.
 * Inside of the room: shared by room.c, lines.c, picks.c, meets.c, queue.c and rows.c only.
 */
#ifndef KITH_SESSION_ROW_H
#define KITH_SESSION_ROW_H

#include "session/room.h"

struct row;

/* One connection and its session. */
struct line {
	struct line *next;
	struct kith_room *room;       /* for the session's host functions */
	struct kith_session *session; /* NULL while an own dial is not open */
	struct row *row;              /* NULL for an incoming one before REQUEST, and when over */
	struct row *meets; /* whom it is to recognise, or has; NULL in a swap, and when over */
	uint32_t conn;     /* the courier's number */
	uint8_t key[32];   /* their CURVE key */
	uint8_t source[KITH_SOURCE_BYTES]; /* where they are; zero before it is open */
	bool inbound;
	bool again;        /* it meets a row whose last dial had failed */
	bool standing;     /* the connection stands; a code may outlive it */
	bool told_code;    /* the code is, or was, on the screen */
	bool known;        /* it is they: proven, and told */
	bool over;         /* there is nothing more to say; waits for the other side to hang up */
	uint64_t deadline; /* ticks, of the present step */
	uint64_t ends;     /* ticks, of the whole session */
};

/* How a REQUEST of theirs waits. */
enum asking {
	ASKING_NO,     /* there is none */
	ASKING_QUEUED, /* for its turn to be shown */
	ASKING_SHOWN,  /* for my person's answer */
	ASKING_KEPT,   /* for the end of my own attempt with the same person */
};

/* One person. */
struct row {
	struct row *next;
	uint8_t key[32];                    /* S */
	char peer[KITH_HANDLE_MAX + 1];     /* handle */
	char name[KITH_FIELD_NAME_MAX + 1]; /* as announced, or as REQUEST said */
	bool seen;                          /* announced now */
	bool invited;                       /* I have an invitation to it: ik is theirs */
	uint8_t ik[32];                     /* the key that has to be proven, when invited */
	bool told;                          /* the person was told SEEN, and not yet GONE */
	bool picked;                        /* my person wants them; not spent by an ACCEPT */
	uint64_t wanted_until; /* ticks: the pick outlives a failed dial; 0: it does not */
	uint64_t redial_at;    /* ticks: next try while wanted */
	struct line *dial;     /* my own attempt, up to ACCEPT */
	struct line *asker;    /* their REQUEST, up to my ACCEPT */
	enum asking asking;    /* what it waits for */
	uint64_t asked_at;     /* place in the queue */
	bool known;            /* it was proven to be contact */
	bool here;             /* that was told, and neither gone nor stranger since */
	int64_t contact;       /* row of the store */
	uint64_t met_at;       /* ticks: when the last session with them ended */
	uint64_t used_at;  /* ticks: when the last one ended in which something was sent; 0: none */
	bool retired;      /* that was under a key that one of us had left */
	bool tried;        /* under my present key: there is nothing to find out any more */
	bool failed;       /* the last try did */
	bool waits;        /* it answered as waits_for while another dial was with them */
	int64_t waits_for; /* row of the store; a claim */
	bool due;          /* something is due to contact */
	uint64_t meet_at;  /* ticks: not to be dialled for it before */
};

/* A request that was shown. */
struct shown {
	uint64_t at; /* ticks */
	uint8_t source[KITH_SOURCE_BYTES];
	bool welcome; /* my person said yes */
};

#define ASKERS_MAX (KITH_PROMPTS_MAX + 2) /* rows beside ROWS_MAX for who asks without being seen */
#define SHOWN_KEPT 64   /* requests that were shown and may count against their source */
#define OWN_KEYS   8    /* earlier CURVE keys that are still known as mine */
#define REDIAL_MS  4000 /* between two tries of a pick that is wanted */

struct kith_room {
	const struct kith_env *env;
	const struct kith_self *self; /* NULL: looking only */
	struct kith_room_host host;
	uint8_t own[OWN_KEYS][32]; /* my CURVE keys, the present one first */
	size_t owns;
	uint8_t salt[32]; /* of handles */
	struct row *rows;
	size_t row_count;
	struct line *lines;
	size_t line_count;
	struct line *current; /* the one session past ACCEPT that has the screen */
	uint32_t next_conn;   /* odd */
	uint64_t next_place;  /* in the queue of requests */
	uint64_t crowd;       /* requests since the queue was last not full */
	struct shown shown[SHOWN_KEPT];
	size_t shown_n;                /* ever */
	struct kith_failures failures; /* when the host has none */
	bool insists;                  /* my person asked to see what is held back */
	bool held;                     /* and was told that something is */
	bool recognises;
	uint64_t next_meet; /* ticks: no row is dialled for recognising before */
};

uint64_t room_luck(struct kith_room *room, uint64_t n); /* below n; its bias is nothing beside n */

static inline uint64_t now_of(const struct kith_room *room)
{
	return room->env->ticks(room->env->ctx);
}

/* There is an address to dial. */
static inline bool row_reachable(const struct row *row)
{
	return row->seen || row->invited;
}

/* rows.c: the list */
struct row *row_find(struct kith_room *room, const uint8_t key[static 32]);
struct row *row_named(struct kith_room *room, struct kith_span peer);
struct row *row_make(
	struct kith_room *room, const uint8_t key[static 32]); /* NULL: full, no memory */
void row_name(struct row *row, struct kith_span name);
void row_tell(struct kith_room *room, struct row *row, enum kith_news_kind kind);
void row_tell_failed(struct kith_room *room, struct row *row, enum kith_err err, bool pending);
void row_unseen(struct kith_room *room, struct row *row);
void rows_sweep(struct kith_room *room); /* drops idle rows; at the end of every event */

/* lines.c: connections and what their sessions say */
struct line *line_find(struct kith_room *room, uint32_t conn);
struct line *line_new(
	struct kith_room *room, uint32_t conn, const uint8_t key[static 32], bool inbound);
enum kith_err line_open(struct line *line, const uint8_t own[static 32], struct kith_span network);
void line_expect(struct line *line); /* the key of an invitation, if it has one */
void line_wait(struct line *line, uint64_t ms);
void line_keep(struct line *line); /* it waits for my person, or has their yes */
struct line *line_dial(struct kith_room *room, struct row *row); /* NULL: no place, no memory */
void line_free(struct line *line);                   /* forgets it; the connection may stand */
void line_close(struct line *line);                  /* hangs up, too; tells nothing */
void line_end(struct line *line, enum kith_err err); /* tells and counts, too */
void line_rest(struct line *line, uint64_t ms); /* over: it is left to them to hang up, so long */
void line_look(struct line *line);              /* acts on the step the session has reached */
void line_late(struct line *line);              /* its deadline has passed */

/* picks.c: who dials whom, and whose turn it is */
void pick_dial(struct kith_room *room, struct row *row);
void pick_drop(struct row *row); /* silently */
void pick_failed(struct kith_room *room, struct row *row, enum kith_err err);
void request_crossed(struct kith_room *room, struct row *row); /* by whom my person picked */
void request_accept(struct kith_room *room, struct row *row);

/* meets.c: whom of those who are here I know */
void meet_seen(struct kith_room *room, struct row *row); /* before row->seen is set */
void meet_key(struct kith_room *room);                   /* I have a new one */
void meet_next(struct kith_room *room);                  /* dials whose turn it is */
uint64_t meet_due(
	struct kith_room *room);      /* when it is somebody's turn, ticks; UINT64_MAX: never */
bool meet_greeted(struct line *line); /* both HELLOs are here; false: it is to be closed */
void meet_known(struct line *line);   /* it is they */
void meet_tell(struct kith_room *room, struct row *row, enum kith_news_kind kind);
void meet_over(
	struct line *line, enum kith_err err); /* the session has ended; nothing without one */
bool meet_remembered(
	const struct kith_room *room, const struct row *row); /* though it may be gone */

/* queue.c: requests that wait for my person */
void request_came(struct line *line);
void request_next(struct kith_room *room); /* shows what may be shown */
void request_welcome(
	struct line *line); /* my person said yes: it does not count against its source */
uint64_t request_due(
	struct kith_room *room); /* when one may be shown that may not yet, ticks; 0: none */
void failure_count(struct line *line);

#endif
