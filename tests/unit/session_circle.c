/* SPDX-License-Identifier: MIT
 *
 * circle - ties and tags: who is found, in which order, up to which number; and that nothing in the list tells
 * which of its tags are of somebody.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "session/circle.h"

static struct kith_identity *ada, *bob;
static uint8_t s_key[32] = {1}, c_key[32] = {2}, n_i[32] = {3}, n_r[32] = {4};

static int start(void **state)
{
	uint8_t seed[32] = {1};

	(void)state;
	if (kith_crypto_start() || kith_identity_from_seed(seed, &ada))
		return -1;
	seed[0] = 2;
	return kith_identity_from_seed(seed, &bob) ? -1 : 0;
}

static int stop(void **state)
{
	(void)state;
	kith_identity_free(ada);
	kith_identity_free(bob);
	return 0;
}

static struct kith_tie tie_to(const struct kith_identity *id, int64_t contact)
{
	struct kith_tie tie = {.contact = contact};

	memcpy(tie.theirs, kith_identity_ik(id), 32);
	memcpy(tie.their_xk, kith_identity_xk(id), 32);
	return tie;
}

/* One of many whom nobody meets. */
static void add_nobody(struct kith_circle *circle, size_t i)
{
	struct kith_tie tie = {.contact = 1000 + (int64_t)i};

	memcpy(tie.theirs, &i, sizeof i);
	memcpy(tie.their_xk, &i, sizeof i);
	tie.their_xk[16] = 9; /* none of the weak ones */
	assert_int_equal(kith_circle_add(circle, ada, NULL, NULL, &tie), KITH_OK);
}

static struct kith_circle *circle_of(size_t nobodies)
{
	struct kith_circle *circle = NULL;

	assert_int_equal(kith_circle_new(kith_env_default(), &circle), KITH_OK);
	for (size_t i = 0; i < nobodies; i++)
		add_nobody(circle, i);
	return circle;
}

static const struct kith_tie *match(const struct kith_circle *circle, struct kith_span tags)
{
	const struct kith_tie *found = NULL;

	assert_int_equal(kith_circle_match(circle, s_key, c_key, n_i, tags, &found), KITH_OK);
	return found;
}

static struct kith_buf tags_of(const struct kith_circle *circle)
{
	struct kith_buf tags = {0};

	assert_int_equal(
		kith_circle_tags(circle, kith_env_default(), s_key, c_key, n_i, &tags), KITH_OK);
	return tags;
}

/* Both find each other, wherever they stand, and by nothing else: not another S, C or nonce. */
static void found_by_each_other(void **state)
{
	(void)state;
	for (size_t before = 0; before < 200; before += 50) {
		struct kith_circle *a = circle_of(before), *b = circle_of(0);
		struct kith_tie to_bob = tie_to(bob, 7), to_ada = tie_to(ada, 8);
		for (size_t i = 0; i < before / 2; i++)
			add_nobody(b, 10000 + i);
		assert_int_equal(kith_circle_add(a, ada, NULL, NULL, &to_bob), KITH_OK);
		assert_int_equal(kith_circle_add(b, bob, NULL, NULL, &to_ada), KITH_OK);
		add_nobody(a, 500);
		struct kith_buf tags = tags_of(a);
		const struct kith_tie *hers = match(b, kith_buf_span(&tags));
		assert_non_null(hers);
		assert_int_equal(hers->contact, 8);
		uint8_t answer[16];
		kith_tie_answer(hers, s_key, c_key, n_i, n_r, answer);
		const struct kith_tie *his =
			kith_circle_answered(a, s_key, c_key, n_i, n_r, answer);
		assert_non_null(his);
		assert_int_equal(his->contact, 7);
		assert_memory_equal(his->k, hers->k, 32);
		assert_null(kith_circle_answered(a, s_key, c_key, n_r, n_r, answer));
		assert_null(kith_circle_answered(a, c_key, s_key, n_i, n_r, answer));
		const struct kith_tie *found = hers;
		assert_int_equal(
			kith_circle_match(b, s_key, c_key, n_r, kith_buf_span(&tags), &found), 0);
		assert_null(found);
		assert_int_equal(
			kith_circle_match(b, c_key, s_key, n_i, kith_buf_span(&tags), &found), 0);
		assert_null(found);
		kith_buf_free(&tags);
		kith_circle_free(a);
		kith_circle_free(b);
	}
}

/* Of several that match, the first: the one that was met last. */
static void the_first_counts(void **state)
{
	struct kith_circle *a = circle_of(10);
	struct kith_buf tags = tags_of(a);

	(void)state;
	assert_int_equal(match(a, kith_buf_span(&tags))->contact, 1000);
	kith_circle_remove(a, 1000);
	assert_int_equal(kith_circle_size(a), 9);
	assert_int_equal(match(a, kith_buf_span(&tags))->contact, 1001);
	for (int64_t i = 1; i < 10; i++)
		kith_circle_remove(a, 1000 + i);
	assert_null(match(a, kith_buf_span(&tags)));
	kith_buf_free(&tags);
	kith_circle_free(a);
}

/* TIES_MAX, and no more; mine and weak keys are none. */
static void who_is_no_tie(void **state)
{
	struct kith_circle *a = circle_of(KITH_TIES_MAX - 1);
	struct kith_tie self = tie_to(ada, 1), weak = tie_to(bob, 1), good = tie_to(bob, 1);

	(void)state;
	memset(weak.their_xk, 0, 32);
	assert_int_equal(kith_circle_add(a, ada, NULL, NULL, &self), KITH_ERR_VALUE);
	assert_int_equal(kith_circle_add(a, ada, NULL, NULL, &weak), KITH_ERR_VALUE);
	assert_int_equal(kith_circle_size(a), KITH_TIES_MAX - 1);
	assert_int_equal(kith_circle_add(a, ada, NULL, NULL, &good), KITH_OK);
	assert_int_equal(kith_circle_add(a, ada, NULL, NULL, &good), KITH_ERR_LIMIT);
	struct kith_buf tags = tags_of(a);
	assert_int_equal(tags.n, KITH_TIES_MAX * KITH_TAG_BYTES);
	kith_buf_free(&tags);
	kith_circle_free(a);
}

/* A retired xk makes the tie that the other still has, under the ik of that time. */
static void a_retired_key(void **state)
{
	struct kith_circle *a = circle_of(0), *b = circle_of(0);
	uint8_t secret[32] = {5}, ik[32] = {6};
	struct kith_tie now = tie_to(bob, 1), then = tie_to(bob, 1);

	(void)state;
	assert_int_equal(kith_circle_add(a, ada, NULL, NULL, &now), KITH_OK);
	assert_int_equal(kith_circle_add(b, ada, secret, ik, &then), KITH_OK);
	assert_false(now.retired);
	assert_true(then.retired);
	assert_memory_equal(then.mine, ik, 32);
	assert_memory_not_equal(then.k, now.k, 32);
	kith_circle_free(a);
	kith_circle_free(b);
}

/* The tag of a tie is anywhere in the list, about equally often; those around it are another time others. */
static void nothing_tells_the_place(void **state)
{
	struct kith_circle *a = circle_of(1);
	unsigned quarter[4] = {0};
	uint8_t tag[KITH_TAG_BYTES] = {0};

	(void)state;
	for (int round = 0; round < 400; round++) {
		struct kith_buf x = tags_of(a), y = tags_of(a);
		size_t both = 0;
		for (size_t i = 0; i < x.n; i += KITH_TAG_BYTES) {
			for (size_t j = 0; j < y.n; j += KITH_TAG_BYTES) {
				if (memcmp(x.p + i, y.p + j, KITH_TAG_BYTES) != 0)
					continue;
				both++;
				memcpy(tag, x.p + i, sizeof tag);
				quarter[i / KITH_TAG_BYTES / 16]++;
			}
		}
		assert_int_equal(both, 1);
		kith_buf_free(&x);
		kith_buf_free(&y);
	}
	for (int i = 0; i < 4; i++)
		assert_in_range(quarter[i], 50, 150); /* of 100, eight deviations away */
	kith_circle_free(a);
}

/* A list that somebody chose to be awkward: all tags the same, in order, in reverse. */
static void lists_on_purpose(void **state)
{
	struct kith_circle *a = circle_of(300);
	struct kith_buf good = tags_of(a);
	static uint8_t tags[KITH_TIES_MAX * KITH_TAG_BYTES];

	(void)state;
	for (int how = 0; how < 3; how++) {
		for (size_t i = 0; i < KITH_TIES_MAX; i++) {
			uint64_t v = how == 0 ? 0 : how == 1 ? i : KITH_TIES_MAX - i;
			memcpy(tags + i * KITH_TAG_BYTES, &v, sizeof v);
		}
		assert_null(match(a, kith_span(tags, sizeof tags)));
		for (size_t at = 0; at < KITH_TIES_MAX; at += KITH_TIES_MAX - 1) {
			memcpy(tags + at * KITH_TAG_BYTES, good.p, good.n < 8 ? good.n : 8);
			for (size_t i = 0; i < good.n && !match(a, kith_span(tags, sizeof tags));
				i += 8)
				memcpy(tags + at * KITH_TAG_BYTES, good.p + i, 8);
			assert_non_null(match(a, kith_span(tags, sizeof tags)));
			memset(tags + at * KITH_TAG_BYTES, 0, KITH_TAG_BYTES);
		}
	}
	kith_buf_free(&good);
	kith_circle_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(found_by_each_other),
		cmocka_unit_test(the_first_counts),
		cmocka_unit_test(who_is_no_tie),
		cmocka_unit_test(a_retired_key),
		cmocka_unit_test(nothing_tells_the_place),
		cmocka_unit_test(lists_on_purpose),
	};

	return cmocka_run_group_tests_name("circle", tests, start, stop);
}
