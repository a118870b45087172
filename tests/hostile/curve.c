/* SPDX-License-Identifier: MIT */
#include "curve.h"

#include <sodium.h>
#include <unistd.h>

#define HELLO_BYTES   200
#define WELCOME_BYTES 168
#define BOX           ((size_t)crypto_box_MACBYTES) /* what a box adds */

static void put64(uint8_t *out, uint64_t v)
{
	for (int i = 0; i < 8; i++)
		out[i] = (uint8_t)(v >> (56 - 8 * i));
}

/* A nonce of 24 bytes: a prefix, and the rest counted or given. */
static void nonce_of(uint8_t out[24], const char *prefix, const uint8_t *rest)
{
	size_t n = strlen(prefix);

	memcpy(out, prefix, n);
	memcpy(out + n, rest, 24 - n);
}

void curve_start(struct curve *c, int fd, const struct kith_pair *keys, const uint8_t far[32])
{
	*c = (struct curve){.fd = fd, .keys = keys};
	if (far)
		memcpy(c->far, far, 32);
	kith_pair_new(kith_env_default(), &c->brief);
}

/* With a weak key there is nothing to send but noughts, and nobody takes them. */
static void box(uint8_t *out, struct kith_span plain, const uint8_t nonce[24],
	const uint8_t key[32], const uint8_t secret[32])
{
	if (crypto_box_easy(out, plain.p, plain.n, nonce, key, secret) != 0)
		memset(out, 0, plain.n + BOX);
}

/* --- client ----------------------------------------------------------------------------------- */

void curve_hello_bytes(struct curve *c, uint8_t out[202])
{
	static const uint8_t zero[64];
	uint8_t nonce[24], *p = out + 2;

	(void)zmtp_head(out, ZMTP_COMMAND, HELLO_BYTES);
	memset(p, 0, HELLO_BYTES);
	memcpy(p, "\x05HELLO\1\0", 8);
	memcpy(p + 80, c->brief.key, 32);
	put64(p + 112, ++c->nonce);
	nonce_of(nonce, "CurveZMQHELLO---", p + 112);
	box(p + 120, kith_span(zero, sizeof zero), nonce, c->far, c->brief.secret);
}

bool curve_hello(struct curve *c)
{
	uint8_t frame[2 + HELLO_BYTES];

	curve_hello_bytes(c, frame);
	return wire_send(c->fd, frame, sizeof frame);
}

bool curve_welcome(struct curve *c)
{
	static _Thread_local uint8_t body[FRAME_MAX];
	uint8_t flags, nonce[24], plain[128];

	if (zmtp_read(c->fd, &flags, body) != WELCOME_BYTES || memcmp(body, "\x07WELCOME", 8) != 0)
		return false;
	nonce_of(nonce, "WELCOME-", body + 8);
	if (crypto_box_open_easy(plain, body + 24, 128 + BOX, nonce, c->far, c->brief.secret) != 0)
		return false;
	memcpy(c->far_brief, plain, 32);
	memcpy(c->cookie, plain + 32, 96);
	return crypto_box_beforenm(c->shared, c->far_brief, c->brief.secret) == 0;
}

static size_t put_property(uint8_t *out, const struct property *p)
{
	size_t n = strlen(p->name);
	uint32_t size = (uint32_t)p->n;

	out[0] = (uint8_t)n;
	memcpy(out + 1, p->name, n);
	for (int i = 0; i < 4; i++)
		out[1 + n + (size_t)i] = (uint8_t)(size >> (24 - 8 * i));
	if (p->n)
		memcpy(out + 5 + n, p->value, p->n);
	return 5 + n + p->n;
}

/* The client's permanent key vouches for the brief one. */
static void vouch(struct curve *c, uint8_t out[16 + 80])
{
	uint8_t both[64], nonce[24];

	randombytes_buf(out, 16);
	nonce_of(nonce, "VOUCH---", out);
	memcpy(both, c->brief.key, 32);
	memcpy(both + 32, c->far, 32);
	box(out + 16, kith_span(both, sizeof both), nonce, c->far_brief, c->keys->secret);
}

bool curve_initiate(struct curve *c, const struct property *properties, size_t n)
{
	static _Thread_local uint8_t plain[FRAME_MAX], body[FRAME_MAX + 200];
	uint8_t nonce[24];
	size_t size = 128;

	memcpy(plain, c->keys->key, 32);
	vouch(c, plain + 32);
	for (size_t i = 0; i < n; i++)
		size += put_property(plain + size, &properties[i]);
	memcpy(body, "\x08INITIATE", 9);
	memcpy(body + 9, c->cookie, 96);
	put64(body + 105, ++c->nonce);
	nonce_of(nonce, "CurveZMQINITIATE", body + 105);
	(void)crypto_box_easy_afternm(body + 113, plain, size, nonce, c->shared);
	return zmtp_send(c->fd, ZMTP_COMMAND, body, 113 + size + BOX);
}

bool curve_ready(struct curve *c)
{
	static _Thread_local uint8_t body[FRAME_MAX];
	uint8_t flags;
	ssize_t n = zmtp_read(c->fd, &flags, body);

	return n > 14 && memcmp(body, "\x05READY", 6) == 0;
}

bool curve_join(struct curve *c, int fd, const struct kith_pair *keys, const uint8_t far[32],
	const struct property *more, size_t n)
{
	struct property all[1 + PROPERTIES_MAX] = {{"Socket-Type", "DEALER", 6}};

	for (size_t i = 0; i < n && i < PROPERTIES_MAX; i++)
		all[1 + i] = more[i];
	curve_start(c, fd, keys, far);
	return zmtp_greet(fd, false) && curve_hello(c) && curve_welcome(c) &&
	       curve_initiate(c, all, 1 + n) && curve_ready(c);
}

/* --- server ----------------------------------------------------------------------------------- */

static bool send_welcome(struct curve *c)
{
	uint8_t body[WELCOME_BYTES], nonce[24], plain[128];

	randombytes_buf(c->cookie, sizeof c->cookie);
	memcpy(body, "\x07WELCOME", 8);
	randombytes_buf(body + 8, 16);
	nonce_of(nonce, "WELCOME-", body + 8);
	memcpy(plain, c->brief.key, 32);
	memcpy(plain + 32, c->cookie, 96);
	box(body + 24, kith_span(plain, sizeof plain), nonce, c->far_brief, c->keys->secret);
	return zmtp_send(c->fd, ZMTP_COMMAND, body, sizeof body);
}

static bool take_initiate(struct curve *c, const uint8_t *body, size_t n)
{
	static _Thread_local uint8_t plain[FRAME_MAX];
	uint8_t nonce[24];

	if (n < 113 + 128 + BOX || memcmp(body, "\x08INITIATE", 9) != 0)
		return false;
	nonce_of(nonce, "CurveZMQINITIATE", body + 105);
	if (crypto_box_open_easy_afternm(plain, body + 113, n - 113, nonce, c->shared) != 0)
		return false;
	memcpy(c->far, plain, 32);
	return true;
}

static bool send_ready(struct curve *c)
{
	static const struct property properties[] = {
		{"Socket-Type", "ROUTER", 6}, {"Identity", "", 0}};
	uint8_t body[128], plain[64], nonce[24];
	size_t n = put_property(plain, &properties[0]);

	n += put_property(plain + n, &properties[1]);
	memcpy(body, "\x05READY", 6);
	put64(body + 6, ++c->nonce);
	nonce_of(nonce, "CurveZMQREADY---", body + 6);
	(void)crypto_box_easy_afternm(body + 14, plain, n, nonce, c->shared);
	return zmtp_send(c->fd, ZMTP_COMMAND, body, 14 + n + BOX);
}

bool curve_serve(struct curve *c, int fd, const struct kith_pair *keys)
{
	static _Thread_local uint8_t body[FRAME_MAX];
	uint8_t flags;

	curve_start(c, fd, keys, NULL);
	c->server = true;
	if (!zmtp_greet(fd, true) || zmtp_read(fd, &flags, body) != HELLO_BYTES)
		return false;
	memcpy(c->far_brief, body + 80, 32);
	if (!send_welcome(c) || crypto_box_beforenm(c->shared, c->far_brief, c->brief.secret) != 0)
		return false;
	ssize_t n = zmtp_read(fd, &flags, body);
	return n > 0 && take_initiate(c, body, (size_t)n) && send_ready(c);
}

/* --- messages --------------------------------------------------------------------------------- */

bool curve_put(struct curve *c, uint8_t flags, struct kith_span body, struct kith_buf *out)
{
	size_t n = 16 + 1 + body.n + BOX;
	uint8_t head[9], nonce[24], *p = NULL;
	size_t h = zmtp_head(head, 0, n);

	if (kith_buf_add(out, head, h) || kith_buf_more(out, n, &p))
		return false;
	memcpy(p, "\x07MESSAGE", 8);
	put64(p + 8, ++c->nonce);
	nonce_of(nonce, c->server ? "CurveZMQMESSAGES" : "CurveZMQMESSAGEC", p + 8);
	/* In place: libsodium allows overlap. */
	p[16 + BOX] = flags;
	if (body.n)
		memcpy(p + 17 + BOX, body.p, body.n);
	return crypto_box_easy_afternm(p + 16, p + 16 + BOX, 1 + body.n, nonce, c->shared) == 0;
}

bool curve_send(struct curve *c, uint8_t flags, struct kith_span body)
{
	struct kith_buf out = {0};
	bool good = curve_put(c, flags, body, &out) && wire_send(c->fd, out.p, out.n);

	kith_buf_free(&out);
	return good;
}

/* "\4PING" ttl context is answered by "\4PONG" context. */
static bool pong(struct curve *c, struct kith_span ping)
{
	uint8_t out[5 + 16] = "\x04PONG";
	size_t n = ping.n > 7 ? ping.n - 7 : 0;

	if (ping.n < 7 || n > 16 || memcmp(ping.p, "\x04PING", 5) != 0)
		return true;
	memcpy(out + 5, ping.p + 7, n);
	return curve_send(c, ZMTP_COMMAND, kith_span(out, 5 + n));
}

bool curve_receive(struct curve *c, struct kith_buf *out)
{
	static _Thread_local uint8_t body[FRAME_MAX], plain[FRAME_MAX];
	uint8_t flags, nonce[24];

	for (;;) {
		ssize_t n = zmtp_read(c->fd, &flags, body);
		if (n < (ssize_t)(17 + BOX))
			return false;
		nonce_of(nonce, c->server ? "CurveZMQMESSAGEC" : "CurveZMQMESSAGES", body + 8);
		if (crypto_box_open_easy_afternm(
			    plain, body + 16, (size_t)n - 16, nonce, c->shared) != 0)
			return false;
		struct kith_span inside = kith_span(plain + 1, (size_t)n - 17 - BOX);
		if (plain[0] & ZMTP_COMMAND) {
			if (!pong(c, inside))
				return false;
			continue;
		}
		kith_buf_clear(out);
		return kith_buf_add(out, inside.p, inside.n) == KITH_OK;
	}
}

void curve_close(struct curve *c)
{
	if (c->fd >= 0)
		(void)close(c->fd);
	c->fd = -1;
}
