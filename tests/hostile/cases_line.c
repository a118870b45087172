/* SPDX-License-Identifier: MIT
 *
 * Attacks around the CURVE handshake, and on the line that it makes.
 */
#include <sodium.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#include "case.h"
#include "crowd.h"
#include "message/message.h"

#define TIMEOUT_MS  3000
#define BATCH_BYTES (1u << 20) /* sent at once */

bool line_open(const struct order *o, size_t who, const struct kith_pair *keys,
	const struct property *more, size_t n, struct curve *ret)
{
	int fd = target_connect(&o->target, who, 0, TIMEOUT_MS);

	if (fd < 0)
		return false;
	if (curve_join(ret, fd, keys, o->target.key, more, n))
		return true;
	(void)close(fd);
	return false;
}

static bool fresh_line(const struct order *o, size_t who, struct kith_pair *keys, struct curve *ret)
{
	kith_pair_new(kith_env_default(), keys);
	return line_open(o, who, keys, NULL, 0, ret);
}

/* --- what never ends -------------------------------------------------------------------------- */

/* Sends batches of frames until the line breaks, or `most` bytes have left. */
static uint64_t pour(struct curve *c, uint8_t flags, struct kith_span body, uint64_t most)
{
	struct kith_buf batch = {0};
	uint64_t sent = 0;
	bool good = true;

	while (good && sent < most) {
		kith_buf_clear(&batch);
		while (good && batch.n + body.n + 64 < BATCH_BYTES)
			good = curve_put(c, flags, body, &batch);
		/* Piece by piece, to know how much was taken when it breaks. */
		for (size_t at = 0; good && at < batch.n; at += 16384) {
			size_t n = batch.n - at < 16384 ? batch.n - at : 16384;
			good = wire_send(c->fd, batch.p + at, n);
			sent += good ? n : 0;
		}
	}
	kith_buf_free(&batch);
	return sent;
}

/* Case 52: frames of one message that never ends; `how`: big or empty, and whole: messages without
 * end instead, at the same pace.  count: MiB at most. */
bool case_multipart(const struct order *o)
{
	static uint8_t big[32000];
	bool empty = strcmp(o->how, "empty") == 0, whole = strcmp(o->how, "whole") == 0;
	struct kith_span body = kith_span(big, empty ? 0 : sizeof big);
	struct kith_pair keys;
	struct curve c;

	if (!fresh_line(o, 0, &keys, &c))
		return false;
	uint64_t sent = pour(&c, whole ? 0 : ZMTP_MORE, body, (uint64_t)o->count << 20);
	printf("{\"sent\": %llu, \"open\": %d}\n", (unsigned long long)sent, wire_fate(c.fd, 500));
	curve_close(&c);
	return true;
}

/* Case 58, in part: PING after PING, and the PONGs are never read. */
bool case_pings(const struct order *o)
{
	static const uint8_t ping[] = "\x04PING\0\0"
				      "0123456789abcdef";
	struct kith_pair keys;
	struct curve c;

	if (!fresh_line(o, 0, &keys, &c))
		return false;
	uint64_t sent =
		pour(&c, ZMTP_COMMAND, kith_span(ping, sizeof ping - 1), (uint64_t)o->count << 20);
	printf("{\"sent\": %llu, \"open\": %d}\n", (unsigned long long)sent, wire_fate(c.fd, 500));
	curve_close(&c);
	return true;
}

/* --- routing ids and frames ------------------------------------------------------------------- */

struct tally {
	const struct order *o;
	uint32_t from; /* first guess */
	_Atomic size_t opened, refused, cut, held;
};

static void guess(void *ctx, size_t who)
{
	struct tally *t = ctx;
	uint32_t id = t->from + (uint32_t)who;
	uint8_t route[5] = {
		0, (uint8_t)(id >> 24), (uint8_t)(id >> 16), (uint8_t)(id >> 8), (uint8_t)id};
	struct property identity = {"Identity", route, sizeof route};
	struct kith_pair keys;
	struct curve c;

	kith_pair_new(kith_env_default(), &keys);
	if (!line_open(t->o, who, &keys, &identity, 1, &c)) {
		t->refused++;
		return;
	}
	t->opened++;
	crowd_until(crowd_now() + t->o->seconds * UINT64_C(1000));
	t->cut += wire_fate(c.fd, 0) == 0;
	curve_close(&c);
}

/* Case 53: the routing ids that an unseeded libzmq gives out next, or (how: random) any run of
 * them; held for `seconds`, in which honest people come. */
bool case_guess(const struct order *o)
{
	struct tally t = {.o = o, .from = 0x6b8b4567};

	if (strcmp(o->how, "random") == 0)
		t.from = randombytes_random();
	(void)crowd_run(o->count, o->rate, guess, &t);
	printf("{\"opened\": %zu, \"refused\": %zu, \"cut\": %zu}\n", t.opened, t.refused, t.cut);
	return t.opened > 0;
}

struct frames {
	const char *what;
	size_t id;    /* bytes of the routing id */
	size_t parts; /* frames of the message; the first one holds a HELLO_I */
	bool empty;   /* no: each of them is empty */
};

/* A HELLO_I that nobody could object to. */
static bool good_hello(struct kith_buf *out)
{
	static const uint8_t some[KITH_TAGS_MIN * KITH_TAG_BYTES];
	const struct kith_session_hello_i m = {
		.version = 1, .nonce = kith_span(some, 32), .tags = kith_span(some, sizeof some)};

	return kith_pack(&kith_session_hello_i_schema, &m, out) == KITH_OK;
}

static void send_frames(struct curve *c, const struct frames *f, struct kith_span hello)
{
	for (size_t i = 0; i < f->parts; i++) {
		struct kith_span body = f->empty ? kith_span("", 0)
					: i      ? kith_span("more", 4)
						 : hello;
		(void)curve_send(c, i + 1 < f->parts ? ZMTP_MORE : 0, body);
	}
}

static void odd_frames(const struct order *o, size_t who, const struct frames *f)
{
	static const uint8_t many[300] = "a routing id, and some bytes";
	struct property identity = {"Identity", many, f->id};
	struct kith_buf hello = {0}, in = {0};
	struct kith_pair keys;
	struct curve c;
	bool joined, answered = false;

	kith_pair_new(kith_env_default(), &keys);
	joined = line_open(o, who, &keys, &identity, 1, &c);
	if (joined && good_hello(&hello)) {
		send_frames(&c, f, kith_buf_span(&hello));
		answered = curve_receive(&c, &in);
	}
	printf("{\"frames\": \"%s\", \"joined\": %d, \"answered\": %d, \"open\": %d}\n", f->what,
		joined, answered, joined && wire_fate(c.fd, (int)o->seconds * 1000));
	(void)fflush(stdout);
	kith_buf_free(&hello);
	kith_buf_free(&in);
	if (joined)
		curve_close(&c);
}

/* Case 57.  `seconds`: how long the line is looked at afterwards. */
bool case_frames(const struct order *o)
{
	static const struct frames all[] = {{"three frames", 0, 3, false},
		{"two frames", 0, 2, false}, {"an empty payload", 0, 1, true},
		{"three empty frames", 0, 3, true}, {"an id of 256", 256, 1, false},
		{"an id of 255", 255, 1, false}, {"no id", 0, 1, false}};

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		odd_frames(o, i, &all[i]);
	return true;
}

/* --- those who hold a place ------------------------------------------------------------------- */

static void silent(void *ctx, size_t who)
{
	struct tally *t = ctx;
	struct kith_pair keys;
	struct curve c;
	uint64_t until = crowd_now() + t->o->seconds * UINT64_C(1000);

	if (!fresh_line(t->o, who, &keys, &c)) {
		t->refused++;
		return;
	}
	t->opened++;
	while (crowd_now() < until && wire_fate(c.fd, 100))
		continue;
	t->held += wire_fate(c.fd, 0) == 1;
	curve_close(&c);
}

/* Handshakes in full, and then not a word. */
bool case_silent(const struct order *o)
{
	struct tally t = {.o = o};

	(void)crowd_run(o->count, o->rate, silent, &t);
	printf("{\"opened\": %zu, \"refused\": %zu, \"held\": %zu}\n", t.opened, t.refused, t.held);
	return t.opened > 0;
}

static void half(void *ctx, size_t who)
{
	struct tally *t = ctx;
	struct kith_pair keys;
	struct curve c;
	int fd = target_connect(&t->o->target, who, 0, TIMEOUT_MS);

	if (fd < 0)
		return;
	kith_pair_new(kith_env_default(), &keys);
	curve_start(&c, fd, &keys, t->o->target.key);
	bool welcome = zmtp_greet(fd, false) && curve_hello(&c) && curve_welcome(&c);
	t->opened += welcome;
	t->refused += !welcome;
	crowd_until(crowd_now() + t->o->seconds * UINT64_C(1000));
	(void)close(fd);
}

/* Handshakes up to WELCOME; what the victim has to compute for is all that it gets.  Each is held
 * for `seconds`. */
bool case_half(const struct order *o)
{
	struct tally t = {.o = o};

	(void)crowd_run(o->count, o->rate, half, &t);
	printf("{\"opened\": %zu, \"refused\": %zu}\n", t.opened, t.refused);
	return t.opened + t.refused > 0;
}

static void join(void *ctx, size_t who)
{
	struct tally *t = ctx;
	struct kith_pair keys;
	struct curve c;

	if (!fresh_line(t->o, who, &keys, &c)) {
		t->refused++;
		return;
	}
	t->opened++;
	curve_close(&c);
}

/* Handshakes in full, and gone at once. */
bool case_joins(const struct order *o)
{
	struct tally t = {.o = o};

	(void)crowd_run(o->count, o->rate, join, &t);
	printf("{\"opened\": %zu, \"refused\": %zu}\n", t.opened, t.refused);
	return t.opened + t.refused > 0;
}
