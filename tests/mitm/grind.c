/* SPDX-License-Identifier: MIT */
#include "grind.h"

#include <sodium.h>

#include "weak.h"

/* --- the page's hash, begun once and finished many times -------------------------------------- */

static void add(crypto_generichash_state *h, struct kith_span part)
{
	uint8_t be[4] = {(uint8_t)(part.n >> 24), (uint8_t)(part.n >> 16), (uint8_t)(part.n >> 8),
		(uint8_t)part.n};

	(void)crypto_generichash_update(h, be, sizeof be);
	(void)crypto_generichash_update(h, part.p, part.n);
}

static void begin(crypto_generichash_state *h, const char *label)
{
	(void)crypto_generichash_init(h, NULL, 0, 32);
	add(h, kith_span_str(label));
}

/* th without S2 and S3. */
static void begin_th(crypto_generichash_state *h, const struct stranger *s)
{
	const struct person *dialler = s->dials ? s->me : s->victim;
	const struct person *listener = s->dials ? s->victim : s->me;

	begin(h, "kith/1 th");
	add(h, kith_span_str("stranger"));
	add(h, kith_span(listener->key, 32));
	add(h, kith_span(dialler->key, 32));
	add(h, kith_buf_span(&s->hi));
	add(h, kith_buf_span(&s->hr));
	add(h, kith_buf_span(&s->s1));
}

static unsigned end_code(crypto_generichash_state h, struct kith_span s3)
{
	crypto_generichash_state sas;
	uint8_t th[32], digest[32];
	uint64_t v = 0;

	add(&h, s3);
	(void)crypto_generichash_final(&h, th, sizeof th);
	begin(&sas, "kith/1 sas");
	add(&sas, kith_span(th, sizeof th));
	(void)crypto_generichash_final(&sas, digest, sizeof digest);
	for (size_t i = 0; i < 8; i++)
		v = v << 8 | digest[i];
	return (unsigned)(v % CODES); /* 1000 divides 10^12 */
}

unsigned grind_code(const struct stranger *s, struct kith_span s3)
{
	crypto_generichash_state h;

	begin_th(&h, s);
	add(&h, kith_buf_span(&s->s2));
	return end_code(h, s3);
}

/* --- candidates ------------------------------------------------------------------------------- */

/* In REVEAL and in ACCEPT: behind map, type, key and head and bytes of e, key and head of r. */
#define R_AT (1 + 2 + 3 + 32 + 3)

/* The n-th: every other one has a key more that everybody must ignore, all have another r. */
static struct kith_span candidate(struct kith_span from, size_t n, uint8_t *to)
{
	static const uint8_t head[] = {70, 0xc4, 8}; /* key 70, eight bytes */
	size_t end = from.n;

	memcpy(to, from.p, from.n);
	for (size_t i = 0; i < 8; i++)
		to[R_AT + i] = (uint8_t)(n >> i * 8);
	if (n % 2 == 0)
		return kith_span(to, end);
	to[0]++;
	memcpy(to + end, head, sizeof head);
	memset(to + end + sizeof head, (uint8_t)n, 8);
	return kith_span(to, end + sizeof head + 8);
}

static void becomes_it(struct kith_buf *b, struct kith_span bytes)
{
	kith_buf_clear(b);
	expect(kith_buf_add(b, bytes.p, bytes.n) == KITH_OK);
}

bool grind_reveal(struct stranger *s, unsigned code, size_t budget)
{
	crypto_generichash_state h;
	uint8_t space[256];

	begin_th(&h, s);
	add(&h, kith_buf_span(&s->s2));
	for (size_t n = 0; n < budget; n++) {
		struct kith_span s3 = candidate(kith_buf_span(&s->s3), n, space);
		if (end_code(h, s3) != code)
			continue;
		becomes_it(&s->s3, s3);
		return true;
	}
	return false;
}

/* An ACCEPT like any other, not sent. */
static void make_accept(struct stranger *s, struct kith_buf *out)
{
	uint8_t r[32] = {0};
	struct kith_session_accept m = {.e = kith_span(s->e, 32),
		.r = kith_span(r, 32),
		.ik = kith_span(kith_identity_ik(s->me->id), 32),
		.xk = kith_span(kith_identity_xk(s->me->id), 32),
		.label = kith_span_str(s->me->name),
		.gives = true,
		.attended = true};

	new_key(s->me->w, s->e_secret);
	(void)crypto_scalarmult_base(s->e, s->e_secret);
	expect(kith_pack(&kith_session_accept_schema, &m, out) == KITH_OK);
}

bool grind_accept(struct stranger *s, struct kith_span s3, unsigned code, size_t budget)
{
	crypto_generichash_state begun, h;
	struct kith_buf accept = {0};
	uint8_t space[512];
	struct kith_span s2;
	bool found = false;

	begin_th(&begun, s);
	make_accept(s, &accept);
	for (size_t n = 0; n < budget && !found; n++) {
		s2 = candidate(kith_buf_span(&accept), n, space);
		h = begun;
		add(&h, s2);
		found = end_code(h, s3) == code;
	}
	becomes_it(&s->s2, s2);
	kith_buf_free(&accept);
	return found;
}
