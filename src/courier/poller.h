/* SPDX-License-Identifier: MIT
 *
 * poller - the one loop: descriptors, ZeroMQ sockets, timers, and Avahi's view of them.
 *
 * Single-threaded.  Everything may be added and removed from inside a callback; what was removed is
 * not called any more and its memory goes at the next turn.
 */
#ifndef KITH_COURIER_POLLER_H
#define KITH_COURIER_POLLER_H

#include <avahi-common/watch.h>
#include <stdbool.h>
#include <stdint.h>

struct kith_source;
struct kith_timer;

typedef void kith_ready(void *ctx);

struct kith_poller {
	AvahiPoll avahi;   /* hand this to Avahi */
	bool stop;         /* set to leave kith_poller_run */
	int status;        /* what the process shall exit with */
	bool hold;         /* sources that can wait are not looked at */
	kith_ready *after; /* called after every turn; NULL allowed */
	void *after_ctx;
	struct kith_source *sources; /* the rest is private */
	struct kith_timer *timers;
	bool dirty;
};

void kith_poller_init(struct kith_poller *p);

/* Frees what is left, sources and timers of others included. */
void kith_poller_free(struct kith_poller *p);

/* Turns until p->stop.  False when the loop itself failed. */
bool kith_poller_run(struct kith_poller *p);

/* Ends the run with an exit status; the first one counts. */
void kith_poller_stop(struct kith_poller *p, int status);

/* Milliseconds of a clock that never goes back. */
uint64_t kith_poller_now(void);

/* Watches a descriptor, or a ZeroMQ socket when `socket` is not NULL, for POLLIN.  ready(ctx) is
 * called while there is something to read.  NULL: no memory. */
struct kith_source *kith_poller_add(
	struct kith_poller *p, void *socket, int fd, kith_ready *ready, void *ctx);
void kith_source_events(struct kith_source *s, short events); /* of poll(2) */
void kith_source_can_wait(struct kith_source *s);             /* see hold */
void kith_source_first(struct kith_source *s);                /* called before the others */
void kith_source_remove(struct kith_source *s);               /* NULL allowed */

/* A timer that is off.  fire(ctx) is called once for every kith_timer_in. */
struct kith_timer *kith_poller_timer(struct kith_poller *p, kith_ready *fire, void *ctx);
void kith_timer_in(struct kith_timer *t, uint64_t ms);
void kith_timer_off(struct kith_timer *t);
bool kith_timer_on(const struct kith_timer *t);
void kith_timer_remove(struct kith_timer *t); /* NULL allowed */

#endif
