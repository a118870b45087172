/* SPDX-License-Identifier: MIT
 *
 * Attacks by somebody who speaks kith.
 */
#include <arpa/inet.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "case.h"
#include "crowd.h"
#include "partner.h"
#include "z85.h"

#define FATES (FATE_OWN + 1)

/* --- requests --------------------------------------------------------------------------------- */

struct requests {
	const struct order *o;
	struct kith_pair *keys;
	_Atomic uint64_t until;
	_Atomic size_t opened, refused, asked, tried;
	_Atomic size_t fates[FATES];
};

/* The last one to have tried says so and begins the time for which the requests are held. */
static void tried(struct requests *r)
{
	if (++r->tried < r->o->count)
		return;
	r->until = crowd_now() + r->o->seconds * UINT64_C(1000);
	printf("{\"tried\": %zu}\n", r->tried);
	(void)fflush(stdout);
}

static void request(void *ctx, size_t who)
{
	struct requests *r = ctx;
	struct partner p;
	struct curve c;
	char name[64];

	(void)snprintf(name, sizeof name, "%s %zu", r->o->name, who);
	if (!line_open(r->o, who, &r->keys[who % r->o->keys], NULL, 0, &c)) {
		r->refused++;
		tried(r);
		return;
	}
	r->opened++;
	bool started = partner_start(&p, &c, name, true);
	enum fate fate = started ? partner_goes(&p, KITH_STEP_ASKED) : FATE_OWN;
	r->asked += fate == FATE_STOPPED;
	tried(r);
	if (started) {
		/* Asked; what comes is read but never gone on with. */
		while (strcmp(r->o->how, "cancel") != 0 && crowd_now() < r->until &&
			wire_fate(c.fd, 100))
			continue;
		r->fates[fate]++;
		partner_end(&p);
	}
	curve_close(&c);
}

/* T5: `count` REQUESTs from `keys` keys, `rate` a second, each held until `seconds` after the last
 * was tried, when a line says so; how: cancel - withdrawn as soon as it was made. */
bool case_requests(const struct order *o)
{
	struct requests r = {.o = o,
		.keys = calloc(o->keys, sizeof *r.keys),
		.until = crowd_now() + 2 * 60 * UINT64_C(1000)}; /* should not all be tried */

	if (!r.keys)
		return false;
	for (unsigned i = 0; i < o->keys; i++)
		kith_pair_new(kith_env_default(), &r.keys[i]);
	(void)crowd_run(o->count, o->rate, request, &r);
	printf("{\"opened\": %zu, \"refused\": %zu, \"asked\": %zu}\n", r.opened, r.refused,
		r.asked);
	free(r.keys);
	return r.opened + r.refused > 0;
}

/* Case 55: metadata that claims to be somebody else; then an honest request under the own key,
 * shown for `seconds`. */
bool case_metadata(const struct order *o)
{
	char user[Z85_KEY_CHARS + 1];
	struct kith_pair keys;
	struct partner p;
	struct curve c;

	z85_key(o->other, user);
	const struct property claims[] = {{"User-Id", user, Z85_KEY_CHARS},
		{"Identity", o->other, 20}, {"Peer-Address", "10.99.0.1", 9}};
	kith_pair_new(kith_env_default(), &keys);
	if (!line_open(o, 0, &keys, claims, 3, &c))
		return false;
	enum fate fate = FATE_OWN;
	if (partner_start(&p, &c, o->name, true)) {
		fate = partner_goes(&p, KITH_STEP_ASKED);
		int open = wire_fate(c.fd, (int)o->seconds * 1000);
		printf("{\"fate\": \"%s\", \"open\": %d}\n", fate_names[fate], open);
		partner_end(&p);
	}
	curve_close(&c);
	return fate == FATE_STOPPED;
}

/* Asks, by the who-th address, and is gone when the ACCEPT comes; STOPPED: that is what he did. */
static enum fate asks_and_leaves(const struct order *o, size_t who)
{
	struct kith_pair keys;
	struct partner p;
	struct curve c;
	enum fate fate = FATE_OWN;

	kith_pair_new(kith_env_default(), &keys);
	if (!line_open(o, who, &keys, NULL, 0, &c))
		return FATE_CLOSED;
	/* A person may take a while to say yes. */
	struct timeval patient = {.tv_sec = o->seconds};
	(void)setsockopt(c.fd, SOL_SOCKET, SO_RCVTIMEO, &patient, sizeof patient);
	if (partner_start(&p, &c, o->name, true)) {
		fate = partner_goes(&p, KITH_STEP_ASKED);
		p.mute = true;
		if (fate == FATE_STOPPED)
			fate = partner_goes(&p, KITH_STEP_PROVING);
		partner_end(&p);
	}
	curve_close(&c);
	return fate;
}

/* Case 67: accepted, and gone, `count` times; one after the other, `rate` a second at most. */
bool case_cut(const struct order *o)
{
	size_t accepted = 0;

	for (size_t i = 0; i < o->count; i++) {
		uint64_t begin = crowd_now();
		enum fate fate = asks_and_leaves(o, i);
		accepted += fate == FATE_STOPPED;
		printf("{\"try\": %zu, \"fate\": \"%s\"}\n", i, fate_names[fate]);
		(void)fflush(stdout);
		if (o->rate)
			crowd_until(begin + 1000 / o->rate);
	}
	return accepted > 0;
}

/* Case 58: asks with the smallest window there is, and after that reads nothing at all for
 * `seconds`, whatever is sent to it. */
bool case_deaf(const struct order *o)
{
	int fd = target_connect(&o->target, 0, 1, 3000);
	struct kith_pair keys;
	struct partner p;
	struct curve c;
	enum fate fate = FATE_OWN;

	kith_pair_new(kith_env_default(), &keys);
	if (fd < 0 || !curve_join(&c, fd, &keys, o->target.key, NULL, 0))
		return false;
	if (partner_start(&p, &c, o->name, true)) {
		fate = partner_goes(&p, KITH_STEP_ASKED);
		printf("{\"fate\": \"%s\"}\n", fate_names[fate]);
		(void)fflush(stdout);
		crowd_until(crowd_now() + o->seconds * UINT64_C(1000));
		partner_end(&p);
	}
	curve_close(&c);
	return fate == FATE_STOPPED;
}

/* --- bends ------------------------------------------------------------------------------------ */

static bool role_of(const struct order *o)
{
	return strcmp(o->how, "R") != 0;
}

/* The names of all bends of a role (how: I, the usual, or R). */
bool case_bends(const struct order *o)
{
	char name[BEND_NAME_MAX];
	struct bend b;

	for (size_t i = 0; bend_nth(role_of(o), i, &b); i++) {
		bend_name(&b, name);
		puts(name);
	}
	return true;
}

static bool bend_named(bool dialler, const char *name, struct bend *ret)
{
	char its[BEND_NAME_MAX];

	for (size_t i = 0; bend_nth(dialler, i, ret); i++) {
		bend_name(ret, its);
		if (strcmp(its, name) == 0)
			return true;
	}
	return false;
}

/* A whole session with one bend; says how it ended, and whether a card came. */
static void play(struct curve *c, const struct order *o, const char *name, const struct bend *b)
{
	struct timeval patient = {.tv_sec = o->seconds};
	struct partner p;

	(void)setsockopt(c->fd, SOL_SOCKET, SO_RCVTIMEO, &patient, sizeof patient);
	if (!partner_start(&p, c, o->name, role_of(o)))
		return;
	p.bend = b;
	enum fate fate = partner_goes(&p, KITH_STEP_DONE);
	/* Done here: the last word may still be refused there. */
	int open = fate == FATE_DONE ? wire_fate(c->fd, 300) : 0;
	printf("{\"bend\": \"%s\", \"fate\": \"%s\", \"cards\": %zu, \"open\": %d}\n", name,
		fate_names[fate], p.cards, open);
	(void)fflush(stdout);
	partner_end(&p);
}

/* One session for every bend that is named on the command line ("honest": none), each under a key
 * and from an address of its own, as the dialler. */
bool case_bend(const struct order *o)
{
	for (int i = 0; i < o->words_n; i++) {
		bool honest = strcmp(o->words[i], "honest") == 0;
		struct kith_pair keys;
		struct bend b;
		struct curve c;
		if (!honest && !bend_named(true, o->words[i], &b)) {
			(void)fprintf(stderr, "no bend is called %s\n", o->words[i]);
			return false;
		}
		kith_pair_new(kith_env_default(), &keys);
		if (!line_open(o, (size_t)i, &keys, NULL, 0, &c)) {
			printf("{\"bend\": \"%s\", \"fate\": \"refused\", \"cards\": 0, \"open\": "
			       "0}\n",
				o->words[i]);
			(void)fflush(stdout);
			continue;
		}
		play(&c, o, o->words[i], honest ? NULL : &b);
		curve_close(&c);
	}
	return true;
}

/* --- as the one who is picked ----------------------------------------------------------------- */

static int listen_any(uint16_t *ret_port)
{
	struct sockaddr_in at = {.sin_family = AF_INET};
	socklen_t n = sizeof at;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd >= 0 && bind(fd, (struct sockaddr *)&at, sizeof at) == 0 && listen(fd, 16) == 0 &&
		getsockname(fd, (struct sockaddr *)&at, &n) == 0) {
		*ret_port = ntohs(at.sin_port);
		return fd;
	}
	if (fd >= 0)
		(void)close(fd);
	return -1;
}

/* One who dials: a session with the bend, or (bend "cut") ACCEPT and then nothing but the end. */
static bool serve_one(const struct order *o, int listener, const struct kith_pair *keys,
	const char *name, const struct bend *b)
{
	struct pollfd wait = {.fd = listener, .events = POLLIN};
	struct timeval most = {.tv_sec = 3};
	struct partner p;
	struct curve c;

	if (poll(&wait, 1, (int)o->seconds * 1000) <= 0)
		return false;
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	if (fd < 0)
		return false;
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &most, sizeof most);
	bool served = curve_serve(&c, fd, keys);
	if (served && strcmp(name, "cut") == 0) {
		served = partner_start(&p, &c, o->name, false);
		enum fate fate = served ? partner_goes(&p, KITH_STEP_REVEALING) : FATE_OWN;
		printf("{\"bend\": \"cut\", \"fate\": \"%s\"}\n", fate_names[fate]);
		(void)fflush(stdout);
		partner_end(&p);
	} else if (served) {
		play(&c, o, name, b);
	}
	(void)close(fd);
	return true;
}

/* Listens, says where ("port", "key"), and is whoever is picked: one session for every bend that is
 * named on the command line; "honest" and "cut" as well. */
bool case_serve(const struct order *o)
{
	struct kith_pair keys;
	uint16_t port = 0;
	int listener = listen_any(&port);
	struct order as_r = *o;

	if (listener < 0)
		return false;
	as_r.how = "R";
	kith_pair_new(kith_env_default(), &keys);
	printf("{\"port\": %u, \"key\": \"", port);
	for (size_t i = 0; i < 32; i++)
		printf("%02x", keys.key[i]);
	printf("\"}\n");
	(void)fflush(stdout);
	bool good = true;
	for (int i = 0; good && i < o->words_n; i++) {
		const char *word = o->words[i];
		struct bend b;
		bool plain = strcmp(word, "honest") == 0 || strcmp(word, "cut") == 0;
		good = (plain || bend_named(false, word, &b)) &&
		       serve_one(&as_r, listener, &keys, word, plain ? NULL : &b);
	}
	(void)close(listener);
	return good;
}

/* --- case 54 ---------------------------------------------------------------------------------- */

struct thief {
	const struct order *o;
	struct property identity;
	_Atomic bool start, stop;
	_Atomic size_t tries, joined, frames, clear;
};

/* Does it hold a word of a card? */
static bool legible(const struct kith_buf *b)
{
	return memmem(b->p, b->n, "KITHCARD", 8) || memmem(b->p, b->n, "@example.org", 12);
}

/* Joins under the other's routing id, again and again, and reads what comes for him. */
static void steal(void *ctx, size_t who)
{
	struct thief *t = ctx;
	struct timeval brief = {.tv_usec = 200000};

	while (!t->start && !t->stop)
		crowd_until(crowd_now() + 5);
	while (!t->stop) {
		struct kith_buf in = {0};
		struct kith_pair keys;
		struct curve c;
		t->tries++;
		kith_pair_new(kith_env_default(), &keys);
		if (!line_open(t->o, who, &keys, &t->identity, 1, &c)) {
			crowd_until(crowd_now() + 20);
			continue;
		}
		t->joined++;
		/* libzmq takes the next frame for the id when the first one was somebody's. */
		(void)curve_send(&c, 0, kith_span(t->identity.value, t->identity.n));
		(void)setsockopt(c.fd, SOL_SOCKET, SO_RCVTIMEO, &brief, sizeof brief);
		while (curve_receive(&c, &in)) {
			t->frames++;
			t->clear += legible(&in);
		}
		kith_buf_free(&in);
		curve_close(&c);
	}
}

/* The partner whose place is taken: he confirms and is gone that instant. */
static void lure(struct thief *t, size_t who)
{
	struct timeval patient = {.tv_sec = t->o->seconds};
	struct kith_pair keys;
	struct partner p;
	struct curve c;

	kith_pair_new(kith_env_default(), &keys);
	if (!line_open(t->o, who, &keys, &t->identity, 1, &c)) {
		printf("{\"fate\": \"refused\"}\n");
		return;
	}
	(void)setsockopt(c.fd, SOL_SOCKET, SO_RCVTIMEO, &patient, sizeof patient);
	if (partner_start(&p, &c, t->o->name, true)) {
		(void)partner_goes(&p, KITH_STEP_ASKED);
		t->start = true; /* the id is his; from now on they want it */
		enum fate fate = partner_goes(&p, KITH_STEP_CONFIRMED);
		printf("{\"fate\": \"%s\"}\n", fate_names[fate]);
		(void)fflush(stdout);
		partner_end(&p);
	}
	curve_close(&c);
}

static void take_part(void *ctx, size_t who)
{
	struct thief *t = ctx;

	if (who > 0) {
		steal(t, who);
		return;
	}
	lure(t, who);
	crowd_until(crowd_now() + 2000); /* a CARD would leave at once */
	t->stop = true;
}

/* Case 54: between CONFIRM and CARD the routing id changes hands; `count` thieves wait for it. */
bool case_takeover(const struct order *o)
{
	struct thief t = {.o = o, .identity = {"Identity", "a routing id", 12}};

	(void)crowd_run(1 + o->count, 0, take_part, &t);
	printf("{\"tries\": %zu, \"joined\": %zu, \"frames\": %zu, \"clear\": %zu}\n", t.tries,
		t.joined, t.frames, t.clear);
	return t.tries > 0;
}
