/* SPDX-License-Identifier: MIT */
#include "vectors/script.h"

#include <sodium.h>
#include <stdlib.h>

static struct kith_span next_header;

static const char *name(void)
{
	return "script";
}

static uint32_t some(void)
{
	uint32_t r;

	kith_env_default()->random(NULL, (uint8_t *)&r, sizeof r);
	return r;
}

/* A stream begins with a header of 24 random bytes: those of the vector. */
static void fill(void *const p, const size_t n)
{
	if (next_header.p && n == next_header.n) {
		memcpy(p, next_header.p, n);
		next_header = kith_span(NULL, 0);
	} else {
		kith_env_default()->random(NULL, p, n);
	}
}

void kith_script_header(struct kith_span header)
{
	static randombytes_implementation own = {
		.implementation_name = name,
		.random = some,
		.buf = fill,
	};

	(void)randombytes_set_implementation(&own);
	next_header = header;
}

static void draw(void *ctx, uint8_t *p, size_t n)
{
	struct kith_script *c = ctx;

	if (c->drawn == c->draws || c->draw[c->drawn].n != n) {
		c->ran_dry = true;
		memset(p, 0, n);
		return;
	}
	memcpy(p, c->draw[c->drawn++].p, n);
}

static void *take_memory(void *ctx, size_t n)
{
	(void)ctx;
	return kith_env_default()->alloc(NULL, n);
}

static void give_memory(void *ctx, void *p, size_t n)
{
	(void)ctx;
	kith_env_default()->release(NULL, p, n);
}

static uint64_t no_ticks(void *ctx)
{
	(void)ctx;
	return 0;
}

static int64_t no_wall(void *ctx)
{
	(void)ctx;
	return 0;
}

static void keep_sent(void *ctx, struct kith_span message)
{
	struct kith_script *c = ctx;

	if (c->sent_n == KITH_SCRIPT_SENT ||
		kith_buf_add(&c->sent[c->sent_n++], message.p, message.n))
		abort();
}

static enum kith_err keep_meeting(void *ctx, const struct kith_meeting *m)
{
	(void)ctx;
	(void)m;
	return KITH_OK;
}

static enum kith_err keep_how(void *ctx, const uint8_t session[static 32], enum kith_how how)
{
	(void)ctx;
	(void)session;
	(void)how;
	return KITH_OK;
}

static enum kith_err keep_card(void *ctx, const uint8_t session[static 32],
	const struct kith_card *card, struct kith_span envelope)
{
	(void)ctx;
	(void)session;
	(void)card;
	(void)envelope;
	return KITH_OK;
}

static enum kith_err keep_receipt(void *ctx, const struct kith_receipt *r)
{
	(void)ctx;
	(void)r;
	return KITH_OK;
}

static enum kith_err keep_mismatch(void *ctx, const uint8_t session[static 32])
{
	(void)ctx;
	(void)session;
	return KITH_OK;
}

void kith_script_draw(struct kith_script *c, struct kith_span bytes)
{
	if (c->draws < KITH_SCRIPT_DRAWS)
		c->draw[c->draws++] = bytes;
}

bool kith_script_start(struct kith_script *c, enum kith_role role, const uint8_t seed[static 32],
	const uint8_t listener[static 32], const uint8_t dialler[static 32])
{
	struct kith_session_host host = {.ctx = c,
		.send = keep_sent,
		.confirm = keep_meeting,
		.confirmed = keep_how,
		.card = keep_card,
		.receipt = keep_receipt,
		.mismatch = keep_mismatch};

	c->env = (struct kith_env){c, take_memory, give_memory, draw, no_ticks, no_wall};
	if (kith_identity_from_seed(seed, &c->id))
		return false;
	c->self.id = c->id;
	return !kith_session_new(
		&c->env, &c->self, &host, role, listener, dialler, kith_span_str("lo"), &c->s);
}

void kith_script_free(struct kith_script *c)
{
	kith_session_free(c->s);
	kith_identity_free(c->id);
	for (size_t i = 0; i < c->sent_n; i++)
		kith_buf_free(&c->sent[i]);
}

struct kith_span kith_script_sent(const struct kith_script *c, size_t i)
{
	return i < c->sent_n ? kith_buf_span(&c->sent[i]) : kith_span(NULL, 0);
}
