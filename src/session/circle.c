/* SPDX-License-Identifier: MIT */
#include "session/circle.h"

#include "crypto/exchange.h"
#include "crypto/mac.h"

#define FIRST_CAP   16
#define LABEL_I     "kith/1 tag I"
#define LABEL_R     "kith/1 tag R"
#define LABEL_BYTES 12
#define RADIX       256

struct kith_circle {
	const struct kith_env *env;
	struct kith_tie *ties; /* in order */
	size_t n;
	size_t cap;
};

/* --- the ties --------------------------------------------------------------------------------- */

enum kith_err kith_circle_new(const struct kith_env *env, struct kith_circle **ret)
{
	struct kith_circle *circle = env->alloc(env->ctx, sizeof *circle);

	if (!circle)
		return KITH_ERR_NOMEM;
	circle->env = env;
	*ret = circle;
	return KITH_OK;
}

static void give_back(struct kith_circle *circle)
{
	if (!circle->ties)
		return;
	kith_wipe(circle->ties, circle->cap * sizeof *circle->ties);
	circle->env->release(circle->env->ctx, circle->ties, circle->cap * sizeof *circle->ties);
}

void kith_circle_free(struct kith_circle *circle)
{
	if (!circle)
		return;
	give_back(circle);
	circle->env->release(circle->env->ctx, circle, sizeof *circle);
}

static enum kith_err reserve_one(struct kith_circle *circle)
{
	size_t cap = circle->cap ? circle->cap * 2 : FIRST_CAP;

	if (circle->n < circle->cap)
		return KITH_OK;
	struct kith_tie *ties = circle->env->alloc(circle->env->ctx, cap * sizeof *ties);
	if (!ties)
		return KITH_ERR_NOMEM;
	if (circle->n)
		memcpy(ties, circle->ties, circle->n * sizeof *ties);
	give_back(circle);
	circle->ties = ties;
	circle->cap = cap;
	return KITH_OK;
}

enum kith_err kith_circle_add(struct kith_circle *circle, const struct kith_identity *id,
	const uint8_t *xk_secret, const uint8_t *old_ik, struct kith_tie *tie)
{
	const uint8_t *secret = xk_secret ? xk_secret : kith_identity_xk_secret(id);
	const uint8_t *mine = old_ik ? old_ik : kith_identity_ik(id);

	if (circle->n >= KITH_TIES_MAX)
		return KITH_ERR_LIMIT;
	if (memcmp(mine, tie->theirs, KITH_KEY_BYTES) == 0)
		return KITH_ERR_VALUE;
	enum kith_err err = reserve_one(circle);
	if (!err)
		err = kith_tie_key(secret, mine, tie->theirs, tie->their_xk, tie->k);
	if (err)
		return err;
	memcpy(tie->mine, mine, KITH_KEY_BYTES);
	tie->retired = old_ik != NULL;
	circle->ties[circle->n++] = *tie;
	return KITH_OK;
}

void kith_circle_remove(struct kith_circle *circle, int64_t contact)
{
	size_t kept = 0;

	for (size_t i = 0; i < circle->n; i++)
		if (circle->ties[i].contact != contact)
			circle->ties[kept++] = circle->ties[i];
	if (kept < circle->n)
		kith_wipe(&circle->ties[kept], (circle->n - kept) * sizeof *circle->ties);
	circle->n = kept;
}

size_t kith_circle_size(const struct kith_circle *circle)
{
	return circle ? circle->n : 0;
}

const struct kith_tie *kith_circle_at(const struct kith_circle *circle, size_t i)
{
	return &circle->ties[i];
}

/* --- what is said about them ------------------------------------------------------------------ */

/* What a tag of HELLO_I is made from: the same for all ties. */
struct about {
	uint8_t bytes[LABEL_BYTES + 3 * 32];
};

static struct about about_hello(const uint8_t listener[static 32], const uint8_t dialler[static 32],
	const uint8_t nonce[static 32])
{
	struct about a;

	memcpy(a.bytes, LABEL_I, LABEL_BYTES);
	memcpy(a.bytes + LABEL_BYTES, listener, 32);
	memcpy(a.bytes + LABEL_BYTES + 32, dialler, 32);
	memcpy(a.bytes + LABEL_BYTES + 64, nonce, 32);
	return a;
}

static uint64_t tag_of(const struct kith_tie *tie, const struct about *a)
{
	uint8_t h[32];
	uint64_t tag;

	kith_mac(h, sizeof h, tie->k, kith_span(a->bytes, sizeof a->bytes));
	memcpy(&tag, h, sizeof tag);
	return tag;
}

void kith_tie_answer(const struct kith_tie *tie, const uint8_t listener[static 32],
	const uint8_t dialler[static 32], const uint8_t nonce_i[static 32],
	const uint8_t nonce_r[static 32], uint8_t out[static 16])
{
	uint8_t a[LABEL_BYTES + 4 * 32];

	memcpy(a, LABEL_R, LABEL_BYTES);
	memcpy(a + LABEL_BYTES, listener, 32);
	memcpy(a + LABEL_BYTES + 32, dialler, 32);
	memcpy(a + LABEL_BYTES + 64, nonce_i, 32);
	memcpy(a + LABEL_BYTES + 96, nonce_r, 32);
	kith_mac(out, 16, tie->k, kith_span(a, sizeof a));
}

/* --- the dialler's list ----------------------------------------------------------------------- */

/* The smallest size of a list that holds n. */
static size_t size_class(size_t n)
{
	size_t size = KITH_TAGS_MIN;

	while (size < n)
		size *= 4;
	return size;
}

/* Fisher and Yates; the bias of a remainder is at most size / 2^32. */
static enum kith_err shuffle(const struct kith_env *env, uint8_t *tags, size_t size)
{
	uint32_t *dice = env->alloc(env->ctx, size * sizeof *dice);

	if (!dice)
		return KITH_ERR_NOMEM;
	env->random(env->ctx, (uint8_t *)dice, size * sizeof *dice);
	for (size_t i = size - 1; i > 0; i--) {
		uint8_t *a = tags + i * KITH_TAG_BYTES;
		uint8_t *b = tags + dice[i] % (i + 1) * KITH_TAG_BYTES;
		uint64_t x, y;
		memcpy(&x, a, sizeof x);
		memcpy(&y, b, sizeof y);
		memcpy(a, &y, sizeof y);
		memcpy(b, &x, sizeof x);
	}
	kith_wipe(dice, size * sizeof *dice); /* they tell which tags are of somebody */
	env->release(env->ctx, dice, size * sizeof *dice);
	return KITH_OK;
}

enum kith_err kith_circle_tags(const struct kith_circle *circle, const struct kith_env *env,
	const uint8_t listener[static 32], const uint8_t dialler[static 32],
	const uint8_t nonce[static 32], struct kith_buf *out)
{
	size_t n = kith_circle_size(circle);
	size_t size = size_class(n);
	struct about a = about_hello(listener, dialler, nonce);
	uint8_t *tags;
	enum kith_err err = kith_buf_more(out, size * KITH_TAG_BYTES, &tags);

	if (err)
		return err;
	for (size_t i = 0; i < n; i++) {
		uint64_t tag = tag_of(&circle->ties[i], &a);
		memcpy(tags + i * KITH_TAG_BYTES, &tag, sizeof tag);
	}
	env->random(env->ctx, tags + n * KITH_TAG_BYTES, (size - n) * KITH_TAG_BYTES);
	if (n && (err = shuffle(env, tags, size)))
		out->n -= size * KITH_TAG_BYTES;
	return err;
}

/* --- the listener's match --------------------------------------------------------------------- */

/* Sorts by one byte of the numbers, from a to b. */
static void sort_byte(const uint64_t *a, uint64_t *b, size_t n, unsigned shift)
{
	size_t at[RADIX + 1] = {0};

	for (size_t i = 0; i < n; i++)
		at[(a[i] >> shift & (RADIX - 1)) + 1]++;
	for (size_t i = 1; i < RADIX; i++)
		at[i] += at[i - 1];
	for (size_t i = 0; i < n; i++)
		b[at[a[i] >> shift & (RADIX - 1)]++] = a[i];
}

/* Sorts n numbers, with room for as many in spare; in the same time whatever they are, since a stranger
 * chooses them. */
static void sort(uint64_t *a, uint64_t *spare, size_t n)
{
	for (unsigned shift = 0; shift < 64; shift += 16) {
		sort_byte(a, spare, n, shift);
		sort_byte(spare, a, n, shift + 8);
	}
}

/* Whether x is among n sorted numbers, n > 0; in as many steps either way. */
static bool among(const uint64_t *a, size_t n, uint64_t x)
{
	size_t first = 0;

	while (n > 1) {
		size_t half = n / 2;
		first += (size_t)(a[first + half - 1] < x) * half;
		n -= half;
	}
	return a[first] == x;
}

/* The place of the first tie whose tag is among these, or n for none. */
static size_t first_among(
	const struct kith_circle *circle, const struct about *a, const uint64_t *tags, size_t n)
{
	size_t found = circle->n;

	for (size_t i = circle->n; i-- > 0;) {
		size_t hit = (size_t)0 - (size_t)among(tags, n, tag_of(&circle->ties[i], a));
		found = (found & ~hit) | (i & hit);
	}
	return found;
}

enum kith_err kith_circle_match(const struct kith_circle *circle, const uint8_t listener[static 32],
	const uint8_t dialler[static 32], const uint8_t nonce[static 32], struct kith_span tags,
	const struct kith_tie **ret_tie)
{
	size_t n = tags.n / KITH_TAG_BYTES;
	size_t bytes = 2 * n * sizeof(uint64_t);
	struct about a = about_hello(listener, dialler, nonce);

	*ret_tie = NULL;
	if (kith_circle_size(circle) == 0 || n == 0)
		return KITH_OK;
	uint64_t *theirs = circle->env->alloc(circle->env->ctx, bytes);
	if (!theirs)
		return KITH_ERR_NOMEM;
	memcpy(theirs, tags.p, n * KITH_TAG_BYTES);
	sort(theirs, theirs + n, n);
	size_t found = first_among(circle, &a, theirs, n);
	circle->env->release(circle->env->ctx, theirs, bytes);
	if (found < circle->n)
		*ret_tie = &circle->ties[found];
	return KITH_OK;
}

/* --- the dialler's match ---------------------------------------------------------------------- */

const struct kith_tie *kith_circle_answered(const struct kith_circle *circle,
	const uint8_t listener[static 32], const uint8_t dialler[static 32],
	const uint8_t nonce_i[static 32], const uint8_t nonce_r[static 32],
	const uint8_t tag[static 16])
{
	const struct kith_tie *found = NULL;

	for (size_t i = kith_circle_size(circle); i-- > 0;) {
		const struct kith_tie *tie = &circle->ties[i];
		uint8_t answer[16];
		kith_tie_answer(tie, listener, dialler, nonce_i, nonce_r, answer);
		if (kith_same_bytes(answer, tag, sizeof answer))
			found = tie;
	}
	return found;
}
