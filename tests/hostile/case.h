/* SPDX-License-Identifier: MIT
 *
 * case - what every attack gets, and the list of them (main.c).
 *
 * A case prints one JSON object a line about what it saw: what the victim's machine answered.  What
 * the victim did and how it fared is measured from outside (tests/hostile/NN_NAME.py).  Returns
 * false when the attack itself could not be made, so that no test passes without one.
 */
#ifndef KITH_HOSTILE_CASE_H
#define KITH_HOSTILE_CASE_H

#include "curve.h"
#include "target.h"

struct order {
	struct target target;
	unsigned count;       /* how many */
	unsigned rate;        /* a second; 0: as fast as can be */
	unsigned seconds;     /* how long */
	unsigned keys;        /* from how many CURVE keys */
	const char *name;     /* what the attacker calls himself */
	const char *how;      /* which form of the case; "" for the usual */
	const char *instance; /* DNS-SD instance of the victim, without the service type */
	const char *host;     /* its host, without ".local" */
	uint8_t other[32];    /* somebody else's CURVE key */
	char *const *words;   /* what follows on the command line */
	int words_n;
};

typedef bool hostile_case(const struct order *o);

/* cases_open.c: before the handshake */
hostile_case case_half_open, case_drip, case_giant, case_strange, case_scan;
/* cases_line.c: around the handshake and on the line it makes */
hostile_case case_multipart, case_guess, case_frames, case_pings, case_silent, case_half,
	case_joins;
/* cases_session.c: as a partner */
hostile_case case_requests, case_metadata, case_cut, case_deaf, case_bend, case_bends,
	case_takeover, case_serve;
/* cases_mdns.c */
hostile_case case_flood, case_txt, case_claim, case_goodbye, case_places, case_broken, case_name,
	case_announce, case_decoys;

/* A line of own connection number who: TCP, greeting, CURVE, with any more properties.  False:
 * refused on the way; nothing is left open. */
bool line_open(const struct order *o, size_t who, const struct kith_pair *keys,
	const struct property *more, size_t n, struct curve *ret);

#endif
