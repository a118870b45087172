/* SPDX-License-Identifier: MIT
 *
 * reveals - REVEAL and ACCEPT with other bytes than those that were promised, or with points that
 * make no secret (T10; cases 61, 62).
 */
#include "stranger.h"

struct scene {
	struct world *w;
	struct person *ada;
	struct stranger s;
};

static struct scene starts(bool dials)
{
	struct scene c = {.w = world_starts(1, KEEPING_LEDGER)};

	c.ada = comes(c.w, "Ada");
	c.s = stranger_meets(c.w, "Mallory", c.ada, dials);
	return c;
}

/* No code was shown, nothing is kept, and the person was told. */
static void ends(struct scene *c)
{
	expect(told(c->ada, KITH_NEWS_CODE, NULL) == 0);
	expect(told(c->ada, KITH_NEWS_FAILED, c->s.me) == 1);
	expect(knows_nothing(c->ada, c->s.me));
	expect(c->ada->sent[KITH_TYPE_CARD] == 0);
	stranger_free(&c->s);
	world_ends(c->w);
}

/* --- other bytes ------------------------------------------------------------------------------ */

static void reveals_instead(struct kith_span s3, uint64_t reason)
{
	struct scene c = starts(true);

	stranger_goes(&c.s, STAGE_ACCEPTED);
	stranger_bytes(&c.s, s3);
	expect(stranger_was_aborted(&c.s, reason));
	expect(failed_with(c.ada, c.s.me,
		reason == KITH_ABORT_COMMIT ? KITH_ERR_COMMIT
					    : last_told(c.ada, KITH_NEWS_FAILED, c.s.me)->error));
	ends(&c);
}

/* The REVEAL that the same stranger commits to in each of these worlds. */
static void promised(struct kith_buf *ret)
{
	struct scene c = starts(true);

	stranger_goes(&c.s, STAGE_ACCEPTED);
	expect(kith_buf_add(ret, c.s.s3.p, c.s.s3.n) == KITH_OK);
	stranger_reveal(&c.s);
	stranger_auth(&c.s, stranger_role(&c.s), c.s.me->id);
	expect(told(c.ada, KITH_NEWS_CODE, NULL) == 1); /* it would do */
	stranger_free(&c.s);
	world_ends(c.w);
}

/* T10: every byte of e, r, ik and xk. */
static void every_byte_of_every_field(void **state)
{
	static const size_t fields[] = {6, 41, 76, 111};
	struct kith_buf s3 = {0};

	(void)state;
	promised(&s3);
	for (size_t f = 0; f < 4; f++) {
		for (size_t i = 0; i < 32; i++) {
			s3.p[fields[f] + i] ^= 0x80;
			reveals_instead(kith_buf_span(&s3), KITH_ABORT_COMMIT);
			s3.p[fields[f] + i] ^= 0x80;
		}
	}
	kith_buf_free(&s3);
}

/* Case 61: the right fields, said otherwise. */
static void the_same_in_other_bytes(void **state)
{
	static const uint8_t extra[] = {70, 0xc3};             /* key 70, true */
	static const uint8_t critical[] = {20, 0xc3};          /* key 20 */
	static const uint8_t longer[] = {0x85, 0xcc, 0, 0x0d}; /* key 0 as two bytes */
	struct kith_buf s3 = {0}, other = {0};

	(void)state;
	promised(&s3);
	expect(kith_buf_add(&other, s3.p, s3.n) == KITH_OK);
	other.p[0]++;
	expect(kith_buf_add(&other, extra, sizeof extra) == KITH_OK);
	reveals_instead(kith_buf_span(&other), KITH_ABORT_COMMIT);

	memcpy(other.p + s3.n, critical, sizeof critical);
	reveals_instead(kith_buf_span(&other), KITH_ABORT_PROTOCOL);

	kith_buf_clear(&other);
	expect(kith_buf_add(&other, longer, sizeof longer) == KITH_OK);
	expect(kith_buf_add(&other, s3.p + 3, s3.n - 3) == KITH_OK);
	reveals_instead(kith_buf_span(&other), KITH_ABORT_PROTOCOL);

	kith_buf_clear(&other);
	expect(kith_buf_add(&other, s3.p, s3.n) == KITH_OK);
	expect(kith_buf_add(&other, "\0", 1) == KITH_OK); /* one byte behind the map */
	reveals_instead(kith_buf_span(&other), KITH_ABORT_PROTOCOL);
	reveals_instead(kith_span(s3.p, s3.n - 1), KITH_ABORT_PROTOCOL);
	kith_buf_free(&s3);
	kith_buf_free(&other);
}

/* Case 61: her own eR back. */
static void her_own_point_back(void **state)
{
	struct scene c = starts(true);

	(void)state;
	stranger_goes(&c.s, STAGE_ACCEPTED);
	memcpy(c.s.s3.p + 6, c.s.their_e, 32);
	stranger_bytes(&c.s, kith_buf_span(&c.s.s3));
	expect(stranger_was_aborted(&c.s, KITH_ABORT_COMMIT));
	ends(&c);
}

/* --- points ----------------------------------------------------------------------------------- */

/* All points with which X25519 makes zero (RFC 7748 section 6.1; the list of libsodium and others),
 * the last two not reduced. */
static const uint8_t weak[][32] = {
	{0},
	{1},
	{0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3, 0xfa, 0xf1, 0x9f, 0xc4,
		0x6a, 0xda, 0x09, 0x8d, 0xeb, 0x9c, 0x32, 0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f,
		0x49, 0xb8, 0x00},
	{0x5f, 0x9c, 0x95, 0xbc, 0xa3, 0x50, 0x8c, 0x24, 0xb1, 0xd0, 0xb1, 0x55, 0x9c, 0x83, 0xef,
		0x5b, 0x04, 0x44, 0x5c, 0xc4, 0x58, 0x1c, 0x8e, 0x86, 0xd8, 0x22, 0x4e, 0xdd, 0xd0,
		0x9f, 0x11, 0x57},
	{0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		0xff, 0xff, 0x7f},
	{0xed, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		0xff, 0xff, 0x7f},
	{0xee, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		0xff, 0xff, 0x7f},
};

/* As dialler he commits to the point, and keeps his word; as listener he sends it in ACCEPT.  With
 * the highest bit, which X25519 does not look at, too. */
static void a_weak_point(const uint8_t point[static 32], bool dials, bool high)
{
	struct scene c = starts(dials);
	uint8_t e[32];

	memcpy(e, point, 32);
	e[31] |= high ? 0x80 : 0;
	c.s.claims = e;
	if (dials) {
		stranger_goes(&c.s, STAGE_ACCEPTED);
		stranger_bytes(&c.s, kith_buf_span(&c.s.s3));
	} else {
		stranger_goes(&c.s, STAGE_GREETED);
		stranger_accept(&c.s);
		(void)stranger_gets(&c.s, KITH_TYPE_REVEAL);
	}
	expect(stranger_was_aborted(&c.s, KITH_ABORT_PROTOCOL));
	expect(c.ada->sent[KITH_TYPE_AUTH] == 0);
	ends(&c);
}

/* Case 61 */
static void points_that_make_no_secret(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof weak / sizeof weak[0]; i++)
		for (int n = 0; n < 4; n++)
			a_weak_point(weak[i], n % 2, n / 2);
}

int main(void)
{
	const struct CMUnitTest stories[] = {
		cmocka_unit_test(every_byte_of_every_field),
		cmocka_unit_test(the_same_in_other_bytes),
		cmocka_unit_test(her_own_point_back),
		cmocka_unit_test(points_that_make_no_secret),
	};

	return stories_run("reveals", stories);
}
