/* SPDX-License-Identifier: MIT
 *
 * partner - a session with the victim over a line of curve.h: kith's own session code, whose person
 * says yes to everything, with at most one bend.
 */
#ifndef KITH_HOSTILE_PARTNER_H
#define KITH_HOSTILE_PARTNER_H

#include "bend.h"
#include "curve.h"
#include "session/session.h"

/* How it ended. */
enum fate {
	FATE_STOPPED, /* here, at the step that was asked for */
	FATE_ABORTED, /* the victim sent ABORT */
	FATE_DECLINED,
	FATE_CLOSED, /* the line went without a word */
	FATE_SILENT, /* nothing came in time */
	FATE_DONE,   /* everything was swapped */
	FATE_OWN,    /* this side found a fault in what came */
};

extern const char *const fate_names[];

struct partner {
	struct curve *line;
	struct kith_session *session;
	struct kith_identity *id;
	struct kith_buf envelope;
	struct kith_self self;
	const struct bend *bend; /* borrowed; NULL: honest */
	bool dials;              /* role I */
	bool broken;             /* the line took no more */
	bool mute;               /* nothing leaves any more */
	bool turned;             /* the message out of turn has left */
	size_t sent, got;        /* messages */
	size_t cards;            /* CARD messages that came */
};

/* Somebody of that name (at most LABEL_MAX bytes) with a new identity, on that line.  dials: he is
 * I.  False: no memory. */
bool partner_start(struct partner *p, struct curve *line, const char *name, bool dials);

/* Goes on until the session has reached that step, or its end. */
enum fate partner_goes(struct partner *p, enum kith_step until);

void partner_end(struct partner *p);

#endif
