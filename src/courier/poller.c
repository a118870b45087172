/* SPDX-License-Identifier: MIT */
#include "courier/poller.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <zmq.h>

#define US_A_MS 1000

struct kith_source {
	struct kith_poller *poller;
	void *socket; /* ZeroMQ, or NULL */
	int fd;
	short events; /* of poll(2); 0 while nothing is wanted */
	short happened;
	bool can_wait;
	bool first;
	bool dead;
	kith_ready *ready;
	void *ctx;
	struct kith_source *next;
};

struct kith_timer {
	struct kith_poller *poller;
	bool on;
	bool dead;
	uint64_t due; /* us */
	kith_ready *fire;
	void *ctx;
	struct kith_timer *next;
};

/* Avahi's names for the two.  The first member lets them share the lists. */
struct AvahiWatch {
	struct kith_source source;
	AvahiWatchCallback callback;
	void *userdata;
};

struct AvahiTimeout {
	struct kith_timer timer;
	AvahiTimeoutCallback callback;
	void *userdata;
};

static uint64_t now_us(void)
{
	struct timespec t = {0};

	(void)clock_gettime(CLOCK_BOOTTIME, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

uint64_t kith_poller_now(void)
{
	return now_us() / US_A_MS;
}

static void link_source(struct kith_poller *p, struct kith_source *s)
{
	s->poller = p;
	s->next = p->sources;
	p->sources = s;
}

static void link_timer(struct kith_poller *p, struct kith_timer *t)
{
	t->poller = p;
	t->next = p->timers;
	p->timers = t;
}

struct kith_source *kith_poller_add(
	struct kith_poller *p, void *socket, int fd, kith_ready *ready, void *ctx)
{
	struct kith_source *s = calloc(1, sizeof *s);

	if (!s)
		return NULL;
	*s = (struct kith_source){
		.socket = socket, .fd = fd, .events = POLLIN, .ready = ready, .ctx = ctx};
	link_source(p, s);
	return s;
}

void kith_source_events(struct kith_source *s, short events)
{
	s->events = events;
}

void kith_source_can_wait(struct kith_source *s)
{
	s->can_wait = true;
}

void kith_source_first(struct kith_source *s)
{
	s->first = true;
}

void kith_source_remove(struct kith_source *s)
{
	if (!s)
		return;
	s->dead = true;
	s->poller->dirty = true;
}

struct kith_timer *kith_poller_timer(struct kith_poller *p, kith_ready *fire, void *ctx)
{
	struct kith_timer *t = calloc(1, sizeof *t);

	if (!t)
		return NULL;
	*t = (struct kith_timer){.fire = fire, .ctx = ctx};
	link_timer(p, t);
	return t;
}

void kith_timer_in(struct kith_timer *t, uint64_t ms)
{
	t->on = true;
	t->due = now_us() + ms * US_A_MS;
}

void kith_timer_off(struct kith_timer *t)
{
	t->on = false;
}

bool kith_timer_on(const struct kith_timer *t)
{
	return t->on;
}

void kith_timer_remove(struct kith_timer *t)
{
	if (!t)
		return;
	t->dead = true;
	t->poller->dirty = true;
}

static void watch_ready(void *ctx)
{
	AvahiWatch *w = ctx;

	w->callback(w, w->source.fd, (AvahiWatchEvent)w->source.happened, w->userdata);
}

static AvahiWatch *watch_new(const AvahiPoll *api, int fd, AvahiWatchEvent event,
	AvahiWatchCallback callback, void *userdata)
{
	AvahiWatch *w = calloc(1, sizeof *w);

	if (!w)
		return NULL;
	w->source = (struct kith_source){
		.fd = fd, .events = (short)event, .ready = watch_ready, .ctx = w};
	w->callback = callback;
	w->userdata = userdata;
	link_source(api->userdata, &w->source);
	return w;
}

static void watch_update(AvahiWatch *w, AvahiWatchEvent event)
{
	w->source.events = (short)event;
}

static AvahiWatchEvent watch_events(AvahiWatch *w)
{
	return (AvahiWatchEvent)w->source.happened;
}

static void watch_free(AvahiWatch *w)
{
	kith_source_remove(&w->source);
}

static void timeout_fire(void *ctx)
{
	AvahiTimeout *t = ctx;

	t->callback(t, t->userdata);
}

/*
 * Avahi's times are what this function says, and a step of the wall clock would make it forget
 * everybody, or stand still.  So the one that is found before the C library's, by every library that
 * the courier loads, tells the time that timers run on.
 */
__attribute__((visibility("default"))) int gettimeofday(
	struct timeval *restrict tv, void *restrict zone)
{
	uint64_t us = now_us();

	(void)zone;
	*tv = (struct timeval){
		.tv_sec = (time_t)(us / 1000000), .tv_usec = (suseconds_t)(us % 1000000)};
	return 0;
}

static void timeout_update(AvahiTimeout *t, const struct timeval *tv)
{
	struct timeval now = {0};

	t->timer.on = tv != NULL;
	if (!tv)
		return;
	(void)gettimeofday(&now, NULL);
	int64_t left = ((int64_t)tv->tv_sec - now.tv_sec) * 1000000 + tv->tv_usec - now.tv_usec;
	t->timer.due = now_us() + (left > 0 ? (uint64_t)left : 0);
}

static AvahiTimeout *timeout_new(const AvahiPoll *api, const struct timeval *tv,
	AvahiTimeoutCallback callback, void *userdata)
{
	AvahiTimeout *t = calloc(1, sizeof *t);

	if (!t)
		return NULL;
	t->timer = (struct kith_timer){.fire = timeout_fire, .ctx = t};
	t->callback = callback;
	t->userdata = userdata;
	link_timer(api->userdata, &t->timer);
	timeout_update(t, tv);
	return t;
}

static void timeout_free(AvahiTimeout *t)
{
	kith_timer_remove(&t->timer);
}

void kith_poller_init(struct kith_poller *p)
{
	*p = (struct kith_poller){0};
	p->avahi = (AvahiPoll){
		.userdata = p,
		.watch_new = watch_new,
		.watch_update = watch_update,
		.watch_get_events = watch_events,
		.watch_free = watch_free,
		.timeout_new = timeout_new,
		.timeout_update = timeout_update,
		.timeout_free = timeout_free,
	};
}

/* Frees what was removed, or everything. */
static void sweep(struct kith_poller *p, bool everything)
{
	struct kith_source **s = &p->sources;
	struct kith_timer **t = &p->timers;

	while (*s) {
		struct kith_source *it = *s;
		if (it->dead || everything) {
			*s = it->next;
			free(it);
		} else {
			s = &it->next;
		}
	}
	while (*t) {
		struct kith_timer *it = *t;
		if (it->dead || everything) {
			*t = it->next;
			free(it);
		} else {
			t = &it->next;
		}
	}
	p->dirty = false;
}

void kith_poller_free(struct kith_poller *p)
{
	sweep(p, true);
}

void kith_poller_stop(struct kith_poller *p, int status)
{
	if (p->stop)
		return;
	p->stop = true;
	p->status = status;
}

/* Until the next timer, rounded up so that the loop never spins; -1: none. */
static long wait_ms(const struct kith_poller *p)
{
	uint64_t now = now_us(), best = UINT64_MAX;

	for (const struct kith_timer *t = p->timers; t; t = t->next)
		if (t->on && !t->dead && t->due < best)
			best = t->due;
	if (best == UINT64_MAX)
		return -1;
	return best <= now ? 0 : (long)((best - now + US_A_MS - 1) / US_A_MS);
}

static void fire_due(struct kith_poller *p)
{
	uint64_t now = now_us();

	/* A timer that is set anew from a callback lies behind `now` or waits for the next turn. */
	for (struct kith_timer *t = p->timers; t && !p->stop; t = t->next) {
		if (!t->on || t->dead || t->due > now)
			continue;
		t->on = false;
		t->fire(t->ctx);
	}
}

/* ZeroMQ numbers its events otherwise than poll(2) does, and folds hang-up into error. */
static short to_zmq(short events)
{
	return (short)((events & POLLIN ? ZMQ_POLLIN : 0) | (events & POLLOUT ? ZMQ_POLLOUT : 0) |
		       ZMQ_POLLERR);
}

static short from_zmq(short events)
{
	return (short)((events & ZMQ_POLLIN ? POLLIN : 0) | (events & ZMQ_POLLOUT ? POLLOUT : 0) |
		       (events & ZMQ_POLLERR ? POLLERR : 0));
}

/* What the poll looks at; kept over the turns. */
struct items {
	zmq_pollitem_t *at;
	struct kith_source **of;
	int n, room;
};

static bool grow(struct items *items)
{
	int room = items->room ? items->room * 2 : 32;
	zmq_pollitem_t *at = realloc(items->at, (size_t)room * sizeof *at);

	if (!at)
		return false;
	items->at = at;
	struct kith_source **of = realloc(items->of, (size_t)room * sizeof(struct kith_source *));
	if (!of)
		return false;
	items->of = of;
	items->room = room;
	return true;
}

static bool collect(struct kith_poller *p, struct items *items)
{
	items->n = 0;
	for (struct kith_source *s = p->sources; s; s = s->next) {
		if (!s->events || (p->hold && s->can_wait))
			continue;
		if (items->n == items->room && !grow(items))
			return false;
		items->at[items->n] = (zmq_pollitem_t){s->socket, s->fd, to_zmq(s->events), 0};
		items->of[items->n++] = s;
	}
	return true;
}

static void call(struct kith_poller *p, const struct items *items, bool first)
{
	for (int i = 0; i < items->n && !p->stop; i++) {
		struct kith_source *s = items->of[i];
		if (!items->at[i].revents || s->dead || s->first != first)
			continue;
		s->happened = from_zmq(items->at[i].revents);
		s->ready(s->ctx);
		s->happened = 0;
	}
}

static bool turn(struct kith_poller *p, struct items *items)
{
	if (p->dirty)
		sweep(p, false);
	if (!collect(p, items))
		return false;
	int n = zmq_poll(items->at, items->n, wait_ms(p));
	if (n < 0 && errno != EINTR)
		return false;
	fire_due(p);
	if (n > 0) {
		call(p, items, true);
		call(p, items, false);
	}
	if (p->after && !p->stop)
		p->after(p->after_ctx);
	return true;
}

bool kith_poller_run(struct kith_poller *p)
{
	struct items items = {0};
	bool ok = true;

	while (ok && !p->stop)
		ok = turn(p, &items);
	free(items.at);
	free(items.of);
	return ok;
}
