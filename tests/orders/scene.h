/* SPDX-License-Identifier: MIT
 *
 * scene - Ada's session, or her room, with one connection to a stranger: started, led along a path of
 * letters, looked at, ended.
 *
 * DIGEST.  Two paths are one state when scene_digest is the same.  It covers everything that can have
 * a say in what follows:
 * - every byte that the session or the room has in memory (they have no other: all of it comes from
 *   env, and there are no variables of files), with pointers into the world as offsets;
 * - what their env and host would answer: the clock, both sources of randomness, what is kept;
 * - the partner: what he knows, said and read, and both ends of the line;
 * - what the checks of this test have counted.
 * Session and room are functions of these and of the next letter, so equal digests mean equal
 * futures, and one of the two paths is enough.  Digests are 256 bits of BLAKE2b.
 */
#ifndef KITH_ORDERS_SCENE_H
#define KITH_ORDERS_SCENE_H

#include "scenario/stranger.h"

enum level {
	LEVEL_SESSION, /* session.h alone */
	LEVEL_ROOM,    /* room.h, with the session in it */
};

/* What Ada has scanned of the stranger before. */
enum scanned {
	SCANNED_NOTHING,
	SCANNED_KEY,   /* his key */
	SCANNED_OTHER, /* an invitation to his machine with another key */
};

/* What a search holds fixed. */
struct setting {
	enum level level;
	bool ada_dials; /* her role is I */
	bool ada_gives;
	enum scanned scanned;
};

struct scene {
	struct setting setting;
	struct world *w;
	struct person *ada;
	struct stranger s;
	struct kith_session *session; /* LEVEL_SESSION */
	size_t baseline;              /* bytes in use without any session */
	bool said_same;               /* Ada did, and it was taken */
	bool closed;                  /* LEVEL_SESSION: the line is down */
	bool ended;                   /* LEVEL_SESSION: the session was over before this letter */
	size_t taken;                 /* LEVEL_SESSION: messages of Ada's inbox handed on */
	size_t looked;                /* messages of the partner's inbox that were checked */
	size_t codes, prompts;        /* LEVEL_SESSION: times that step was reached */
};

/* A new world up to the moment the connection stands (the room's Ada, if she dials, has picked). */
void scene_starts(struct scene *c, const struct setting *setting);

/* Hands on what is under way, lets the partner read, and holds the rules: no card early, nowhere in
 * clear, no second prompt. */
void scene_goes_on(struct scene *c);

/* LEVEL_SESSION: Ada's side closes the line. */
void scene_hangs_up(struct scene *c);

/* Whether what the partner says now can reach Ada. */
bool scene_hears(const struct scene *c);

/* Nothing of the session is left: the line is down and nobody has to answer anything. */
bool scene_is_over(const struct scene *c);

/* The step of the session; for the room what can be told from outside, -1. */
int scene_step(const struct scene *c);

void scene_digest(const struct scene *c, uint8_t digest[static 32]);

/* Messages that Ada has sent. */
size_t scene_sent(const struct scene *c);

/* Expects, if the scene is over, that memory is back to the start; frees everything. */
void scene_ends(struct scene *c);

#endif
