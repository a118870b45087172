/* SPDX-License-Identifier: MIT
 *
 * rows - who is here: one row a key, over every interface, protocol and way of hearing of it.
 * Pure: time and interfaces come from the caller.
 */
#ifndef KITH_COURIER_ROWS_H
#define KITH_COURIER_ROWS_H

#include "courier/dns.h"
#include "courier/txt.h"

#define KITH_ANSWER_MS 31000 /* how long an answer stands: three queries may get lost */

/* How a record came. */
enum kith_heard {
	KITH_HEARD_BROWSE,  /* stands until the responder library takes it back */
	KITH_HEARD_ONESHOT, /* stands for KITH_ANSWER_MS */
};

/* One instance as heard on one interface. */
struct kith_candidate {
	enum kith_heard heard;
	int index;       /* interface it came in on */
	bool v6;         /* protocol it came in by */
	bool first_hand; /* came from one of the addresses that it names */
	char instance[KITH_LABEL_BYTES];
	struct kith_txt txt;
	uint16_t port;
	struct kith_ip ips[KITH_ADDRESSES_MAX * 2]; /* as claimed, unchecked */
	size_t ips_n;
};

/* What changed about a row, ready to be told. */
struct kith_sighting {
	bool gone; /* only the key counts then */
	uint8_t key[KITH_CURVE_KEY_BYTES];
	char label[KITH_TXT_LABEL_MAX + 1];
	char endpoints[KITH_ADDRESSES_MAX][KITH_ENDPOINT_BYTES]; /* best first */
	size_t endpoints_n;
	char network[KITH_NETWORK_BYTES];
};

struct kith_sightings; /* the table */

/* nets is borrowed for the table's life; say kith_sightings_nets when it changed.
 * NULL: no memory. */
struct kith_sightings *kith_sightings_new(const struct kith_nets *nets);
void kith_sightings_free(struct kith_sightings *s);

/* A key of our own, present or earlier: never a row.  The last 64 are remembered. */
void kith_sightings_own(struct kith_sightings *s, const uint8_t key[KITH_CURVE_KEY_BYTES]);
bool kith_sightings_is_own(const struct kith_sightings *s, const uint8_t key[KITH_CURVE_KEY_BYTES]);

/*
 * Takes a candidate, or the newer state of one.  What proto/discovery.md does not allow is left
 * out: own keys, ports below KITH_PORT_MIN, unbelievable addresses, addresses that already stand in
 * KITH_ROWS_PER_ADDRESS_MAX rows, rows past KITH_ROWS_MAX.  What is known at first hand is counted
 * apart from hearsay, and takes the place of a row of hearsay when the table is full: that one goes
 * now, the newcomer is in when it is put again.  now is in ms.
 */
void kith_sightings_put(struct kith_sightings *s, const struct kith_candidate *c, uint64_t now);

/* The instance was taken back on that interface and protocol.  What one-shot replies said about it
 * on that interface goes as well. */
void kith_sightings_withdraw(struct kith_sightings *s, const char *instance, int index, bool v6);

/* Nobody watches the browsed rows any more: they stand for KITH_RECORD_TTL from now. */
void kith_sightings_unwatched(struct kith_sightings *s, uint64_t now);

/* What one-shot replies said stands until then at most, unless it is said again. */
void kith_sightings_doubt(struct kith_sightings *s, uint64_t until);

/* Is there a row that stands by one-shot replies alone? */
bool kith_sightings_unsure(const struct kith_sightings *s);

/* The browse is behind: it holds many instances that nobody answers for, and Avahi's memory may be
 * full of them.  A newcomer then is found by one-shot queries. */
void kith_sightings_behind(struct kith_sightings *s, bool behind);
bool kith_sightings_is_behind(const struct kith_sightings *s);

/*
 * A machine that lost its link, or whose courier died, said no goodbye for its old key: a new row
 * with an address of an older one puts the older under suspicion, provided that it has answered
 * before; an answer clears it.  The first says whether there are suspects; the second drops those
 * who were suspected by `since` (ms) and have not answered.
 */
bool kith_sightings_suspects(const struct kith_sightings *s);
void kith_sightings_silent(struct kith_sightings *s, uint64_t since);

/* The machine's interfaces changed: what came in on one that is gone goes. */
void kith_sightings_nets(struct kith_sightings *s);

/* Drops what is too old; returns when to call again, UINT64_MAX for never. */
uint64_t kith_sightings_expire(struct kith_sightings *s, uint64_t now);

/* The next change to tell; it counts as told.  False when there is none. */
bool kith_sightings_next(struct kith_sightings *s, struct kith_sighting *ret);

#endif
