/* SPDX-License-Identifier: MIT
 *
 * world - up to PEOPLE_MAX people with their rooms, on a clock that jumps and a network in memory.
 *
 * One world at a time.  Everything random comes from its seed, so a failure can be run again.  At
 * every message the world checks what proto/session.md promises in every run: network.c, "rules".
 * KITH_SCENARIO_LOUD=1 prints every event, KITH_SCENARIO_SEED=n runs that seed alone.
 */
#ifndef KITH_SCENARIO_WORLD_H
#define KITH_SCENARIO_WORLD_H

#include "base/limits.h"
#include "keeping.h"
#include "message/message.h"
#include "mind.h"
#include "session/room.h"
#include "story.h"

#define PEOPLE_MAX 24
#define HEARD_MAX  256
#define TYPES_MAX  27 /* message types of a session are below */
#define INBOX_MAX  80

struct world;
struct person;
struct wire;

/* What a person does when asked. */
enum habit {
	HABIT_NONE,      /* the story decides */
	HABIT_AGREES,    /* says yes, and that the codes are the same */
	HABIT_COMPARES,  /* does not answer who asks, but says that the codes are the same */
	HABIT_DISAGREES, /* says yes, and that the codes differ */
};

/* How a person swaps; all zero is the usual way. */
struct manner {
	bool receives_only;
	bool unattended;
	bool long_code;
	bool hidden;               /* announced without a name */
	bool looks_only;           /* room without self */
	bool minds;                /* has a mind: recognises whom he knows (knows) */
	bool idle;                 /* does not swap: is met, or recognised, and nothing else */
	bool stranger;             /* has no kith: the story reads and writes the messages */
	const struct person *twin; /* uses the identity of that one */
};

/* One piece of news, copied. */
struct heard {
	enum kith_news_kind kind;
	struct person *about; /* NULL when nobody goes by that handle */
	char code[KITH_CODE_DIGITS + 1];
	bool gives, attended, scanned, delivered, pending, waiting;
	enum kith_err error;
	int64_t contact;
	uint64_t at; /* on the world's clock */
};

/* The host functions that write, for counting and for failing. */
enum writing {
	WRITING_CONFIRM,
	WRITING_CONFIRMED,
	WRITING_CARD,
	WRITING_RECEIPT,
	WRITING_MISMATCH,
	WRITINGS,
};

struct person {
	struct world *w;
	const char *name;
	struct manner manner;
	enum habit habit;
	struct kith_identity *id;
	struct kith_buf envelope;
	struct kith_self self;
	struct kith_room *room;         /* NULL: not here */
	struct kith_failures failures;  /* of his node: they outlive the room */
	const struct person *neighbour; /* asks from the address of that one; NULL: has his own */
	bool courierless;               /* nobody reaches him, and he nobody */
	bool mute;                      /* is being killed: nothing he does reaches anybody */
	uint8_t key[32];                /* CURVE key, S */
	uint64_t tick_at;               /* when the room wants to be woken */
	uint32_t next_conn;             /* of incoming connections, even */
	struct keeping *keeping;
	struct mind *mind;            /* manner.minds */
	const struct person *blocked; /* of whom he wants nothing; NULL: there is nobody */
	size_t dials;                 /* that his room asked for */
	char handle[PEOPLE_MAX][KITH_HANDLE_MAX + 1]; /* of the others in my room */
	struct person *shown;                         /* who is being announced just now */
	struct heard heard[HEARD_MAX];
	size_t heard_n;
	unsigned called[WRITINGS], wrote[WRITINGS];
	unsigned fails_at[WRITINGS]; /* that call fails, from 1; 0: none */
	enum kith_err fails_with;
	unsigned sent[TYPES_MAX];         /* messages handed to the network, by type */
	unsigned got[TYPES_MAX];          /* messages that arrived, by type */
	unsigned failures_told;           /* to the node */
	unsigned consents;                /* picks and yeses that the room took */
	struct wire *wire;                /* stranger: the connection opened last */
	size_t side;                      /* and which end is his */
	struct kith_buf inbox[INBOX_MAX]; /* stranger: what came, oldest first */
	size_t inbox_n;
};

/* One end of a connection. */
struct wire_end {
	struct person *who;
	uint32_t conn;            /* as his room calls it */
	bool open;                /* his room has it */
	uint64_t last_at;         /* when the last message on its way arrives here */
	unsigned sent[TYPES_MAX]; /* handed to the network by this end */
	unsigned got[TYPES_MAX];  /* arrived here */
};

struct wire {
	struct wire *next;
	struct wire_end end[2]; /* 0 the dialler, 1 the listener */
	uint8_t key[2][32];     /* their CURVE keys */
	bool cut;               /* nothing arrives any more */
};

/* How a port is closed. */
enum way {
	WAY_OPEN,
	WAY_REFUSED, /* answered at once */
	WAY_SILENT,  /* never answered */
};

/* What becomes of a message on its way (world.meddles). */
enum fate {
	FATE_ARRIVES,
	FATE_LOST,
	FATE_TWICE,
	FATE_LATER, /* behind the next one in that direction */
	FATE_BACK,  /* whoever sent it gets it, too */
};

struct event;

struct world {
	uint64_t seed;
	uint64_t luck; /* state of the delays' generator */
	uint64_t dice; /* state of env's randomness */
	uint64_t now;  /* ms */
	struct kith_env env;
	enum keeping_kind keeping;
	struct person *people[PEOPLE_MAX];
	size_t n;
	struct event *events;                 /* by time, then by order */
	struct wire *wires;                   /* newest first */
	enum way way[PEOPLE_MAX][PEOPLE_MAX]; /* from the dialler to the listener */
	uint64_t delay_min, delay_max;        /* ms, of a message */
	uint64_t settle_ms;                   /* how long settles() waits */
	/* Somebody on the wire: he sees each message before it arrives at that side, may change its
	 * bytes, and says what becomes of it.  NULL: nobody. */
	enum fate (*meddles)(
		struct world *w, struct wire *wire, size_t side, uint8_t *bytes, size_t n);
	void *meddler;      /* his */
	struct event *held; /* FATE_LATER: it waits */
	size_t delivered;   /* messages that arrived */
	long after;         /* once so many have arrived, this happens; < 0: never */
	void (*happens)(struct world *w, struct wire *wire); /* wire: of that message */
	size_t allocs;                                       /* so far */
	size_t live;                                         /* bytes that were not given back */
	size_t blocks;                                       /* and in how many pieces */
	size_t scarce_at; /* that allocation fails, from 1; 0: none */
	bool loud;
};

/* --- the world -------------------------------------------------------------------------------- */

/* The present world starts; ends.  Ending frees every room and expects all memory back. */
struct world *world_starts(uint64_t seed, enum keeping_kind keeping);
void world_ends(struct world *w);

/* Whether a story should run with that seed: always, unless KITH_SCENARIO_SEED names another. */
bool world_wanted(uint64_t seed);

/* A number below n from the seed, apart from what the people's own randomness is. */
uint64_t world_luck(struct world *w, uint64_t n);

/* Somebody comes, with a room, an identity of that name's own and card revision 1. */
struct person *comes(struct world *w, const char *name);
struct person *comes_as(struct world *w, const char *name, struct manner manner);

/* The room is freed, connections end; the keeping stays.  Then a new room, with a new key. */
void leaves(struct person *p);
void returns(struct person *p);

/* Like leaves, but as a killed process does: without a word. */
void crashes(struct person *p);

/* A new revision of the card; before or after a room, not during. */
void rewrites(struct person *p, uint64_t rev);

/* Takes the identity of another, as with a copied key file. */
void becomes(struct person *p, const struct person *other);

/* A new CURVE key, with the room going on; others see it when the story says so. */
void changes_key(struct person *p);

/* The room's courier dies: every wire with it.  Then a new one, with a new key. */
void courier_dies(struct person *p);
void courier_returns(struct person *p);

/* a's discovery shows b; takes b away. */
void sees(struct person *a, struct person *b);
void loses(struct person *a, struct person *b);
void all_see_each_other(struct world *w);

/* So much time passes; or just enough for messages that are under way, and no person's step. */
void passes(struct world *w, uint64_t ms);
void settles(struct world *w);

/* A CURVE key of the present world's randomness. */
void new_key(struct world *w, uint8_t key[static 32]);

/* --- the network (network.c) ------------------------------------------------------------------ */

/* Whether a can connect to b. */
void way_is(struct person *a, struct person *b, enum way way);

/* All wires between a and b are cut now; or the one, as something that happens. */
void cuts(struct person *a, struct person *b);
void cut_happens(struct world *w, struct wire *wire);

/* The newest wire between a and b, whoever dialled; NULL when there was none. */
struct wire *wire_of(struct world *w, const struct person *a, const struct person *b);

/* How many wires stand between a and b. */
size_t wires_standing(struct world *w, const struct person *a, const struct person *b);

/* A stranger connects (to whom, under which key of his), writes, hangs up. */
void stranger_dials(struct person *stranger, struct person *to);
void dials_as(struct person *stranger, struct person *to, const uint8_t key[static 32],
	const uint8_t own[static 32]); /* the room is told that these are the far and its own key */
void stranger_says(struct person *stranger, struct kith_span message);
void stranger_hangs_up(struct person *stranger);

/* Parts of the room's host, and events; for world.c. */
void network_host(struct kith_room_host *host);
void network_drop(struct person *p); /* his wires, as when a process dies */
void network_free(struct world *w);
bool network_event(struct world *w);          /* handles the first event that is due, if any */
uint64_t network_next(const struct world *w); /* when the next is due; UINT64_MAX for none */
void decides_later(struct person *p, struct person *about, bool code, bool yes);
void tends(struct person *p); /* asks the room when it wants to be woken */

/* --- whom they know --------------------------------------------------------------------------- */

/* a has a tie to b from now on, and none any more.  Both need a mind to recognise each other. */
void knows(struct person *a, struct person *b);
void forgets(struct person *a, struct person *b);
void all_know_each_other(struct world *w);

/* a has something for b, of that kind, and a's room is told. */
void owes(struct person *a, struct person *b, uint64_t kind, struct kith_span bytes);

/* How often it was proven to a that it is b; how many sessions of them ended well for a, and otherwise. */
size_t met(const struct person *a, const struct person *b);
size_t parted(const struct person *a, const struct person *b);
size_t broke(const struct person *a, const struct person *b);

/* What b has for a and could not hand over. */
size_t waiting_for(const struct person *a, const struct person *b);

/* Connections that were ever made, among everybody, and between two. */
size_t connections(const struct world *w);
size_t connections_of(const struct world *w, const struct person *a, const struct person *b);

/* --- what people decide ----------------------------------------------------------------------- */

/* As in session/room.h, with people for handles. */
enum kith_err pick(struct person *a, struct person *b);
enum kith_err answer(struct person *a, struct person *b, bool yes);
enum kith_err compare(struct person *a, struct person *b, bool same);
enum kith_err cancel(struct person *a, struct person *b);

/* a comes with b's invitation, which says that b is that one (NULL: who b is). */
enum kith_err scan(struct person *a, struct person *b, const struct person *as);

/* The same, expected to be KITH_OK. */
void scans(struct person *a, struct person *b);
void picks(struct person *a, struct person *b);
void says_yes(struct person *a, struct person *b);
void says_no(struct person *a, struct person *b);
void says_same(struct person *a, struct person *b);
void says_different(struct person *a, struct person *b);
void both_say_same(struct person *a, struct person *b);

/* --- what can be expected --------------------------------------------------------------------- */

/* How often a was told that about b (b NULL: about anybody). */
size_t told(const struct person *a, enum kith_news_kind kind, const struct person *b);

/* The last such news; NULL for none. */
const struct heard *last_told(
	const struct person *a, enum kith_news_kind kind, const struct person *b);

/* a was told FAILED about b, last with that error. */
bool failed_with(const struct person *a, const struct person *b, enum kith_err err);

/* Both have a code on the screen, and it is the same. */
bool same_code(const struct person *a, const struct person *b);

/* What a's keeping holds about b. */
struct holding holds(const struct person *a, const struct person *b);

/* a holds b's card in that revision, and b has a's (or a gives none). */
bool has_swapped(const struct person *a, const struct person *b);

/* What a was told last about b is what a's keeping holds; true too when nothing was told. */
bool claims_hold(const struct person *a, const struct person *b);

/* a's keeping is empty about b. */
bool knows_nothing(const struct person *a, const struct person *b);

#endif
