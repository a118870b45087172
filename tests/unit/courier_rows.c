/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "courier/rows.h"
#include "courier_nets.h"

#define TTL_MS (KITH_RECORD_TTL * UINT64_C(1000))

static struct kith_nets nets;

static int make(void **state)
{
	nets = sample_nets();
	*state = kith_sightings_new(&nets);
	return *state ? 0 : -1;
}

static int unmake(void **state)
{
	kith_sightings_free(*state);
	return 0;
}

/* Number n says it is at text, heard by IPv4 on index. */
static struct kith_candidate candidate(
	unsigned n, enum kith_heard heard, int index, const char *text)
{
	struct kith_candidate c = {
		.heard = heard, .index = index, .port = 4711, .ips = {ip(text)}, .ips_n = 1};

	c.txt.key[0] = 1;
	c.txt.key[1] = (uint8_t)n;
	c.txt.key[2] = (uint8_t)(n >> 8);
	(void)snprintf(c.instance, sizeof c.instance, "k-%u", n);
	return c;
}

static void put(struct kith_sightings *s, const struct kith_candidate *c)
{
	kith_sightings_put(s, c, 1000);
}

static void is_seen(
	struct kith_sightings *s, unsigned n, const char *label, size_t count, const char *first)
{
	struct kith_sighting out;

	assert_true(kith_sightings_next(s, &out));
	assert_false(out.gone);
	assert_int_equal(out.key[1] | out.key[2] << 8, n);
	assert_string_equal(out.label, label);
	assert_int_equal(out.endpoints_n, count);
	assert_string_equal(out.endpoints[0], first);
}

static void is_gone(struct kith_sightings *s, unsigned n)
{
	struct kith_sighting out;

	assert_true(kith_sightings_next(s, &out));
	assert_true(out.gone);
	assert_int_equal(out.key[1] | out.key[2] << 8, n);
}

static void nothing(struct kith_sightings *s)
{
	struct kith_sighting out;

	assert_false(kith_sightings_next(s, &out));
}

static void a_row_comes_and_goes(void **state)
{
	struct kith_candidate c = candidate(1, KITH_HEARD_BROWSE, ETH, "192.0.2.7");

	(void)strcpy(c.txt.label, "Ada");
	nothing(*state);
	put(*state, &c);
	is_seen(*state, 1, "Ada", 1, "192.0.2.7:4711");
	nothing(*state);
	put(*state, &c);
	nothing(*state);
	kith_sightings_withdraw(*state, "k-1", ETH, true);
	kith_sightings_withdraw(*state, "k-1", LO, false);
	kith_sightings_withdraw(*state, "k-2", ETH, false);
	nothing(*state);
	kith_sightings_withdraw(*state, "k-1", ETH, false);
	is_gone(*state, 1);
	nothing(*state);
	put(*state, &c);
	is_seen(*state, 1, "Ada", 1, "192.0.2.7:4711");
}

static void what_was_never_told_is_not_taken_back(void **state)
{
	struct kith_candidate c = candidate(1, KITH_HEARD_BROWSE, ETH, "192.0.2.7");

	put(*state, &c);
	kith_sightings_withdraw(*state, "k-1", ETH, false);
	nothing(*state);
}

static void a_row_is_one_key(void **state)
{
	struct kith_candidate a = candidate(1, KITH_HEARD_BROWSE, ETH, "192.0.2.7");
	struct kith_candidate b = candidate(1, KITH_HEARD_BROWSE, ETH, "fe80::7");
	struct kith_candidate c = candidate(1, KITH_HEARD_ONESHOT, LO, "127.0.0.1");
	struct kith_sighting out;

	b.v6 = true;
	put(*state, &a);
	put(*state, &b);
	put(*state, &c);
	assert_true(kith_sightings_next(*state, &out));
	assert_int_equal(out.endpoints_n, 3);
	assert_string_equal(out.endpoints[0], "127.0.0.1:4711");
	assert_string_equal(out.endpoints[1], "192.0.2.7:4711");
	assert_string_equal(out.endpoints[2], "[fe80::7%eth0]:4711");
	assert_string_equal(out.network, "lo 127.0.0.0/8");
	kith_sightings_withdraw(*state, "k-1", ETH, false);
	is_seen(*state, 1, "", 2, "127.0.0.1:4711");
	kith_sightings_withdraw(*state, "k-1", LO, false);
	is_seen(*state, 1, "", 1, "[fe80::7%eth0]:4711");
	kith_sightings_withdraw(*state, "k-1", ETH, true);
	is_gone(*state, 1);
}

static void the_first_label_stays(void **state)
{
	struct kith_candidate a = candidate(1, KITH_HEARD_BROWSE, ETH, "192.0.2.7");
	struct kith_candidate b = candidate(1, KITH_HEARD_BROWSE, ETH, "192.0.2.7");

	(void)strcpy(a.txt.label, "Ada");
	(void)strcpy(b.txt.label, "Eve");
	(void)strcpy(b.instance, "k-evil");
	put(*state, &a);
	put(*state, &b);
	is_seen(*state, 1, "Ada", 1, "192.0.2.7:4711");
	(void)strcpy(a.txt.label, "Ada L."); /* the same instance may change its mind */
	put(*state, &a);
	is_seen(*state, 1, "Ada L.", 1, "192.0.2.7:4711");
}

static void one_shot_rows_grow_old(void **state)
{
	struct kith_candidate c = candidate(1, KITH_HEARD_ONESHOT, ETH, "192.0.2.7");
	struct kith_candidate b = candidate(2, KITH_HEARD_BROWSE, ETH, "192.0.2.8");

	put(*state, &c);
	put(*state, &b);
	is_seen(*state, 1, "", 1, "192.0.2.7:4711");
	is_seen(*state, 2, "", 1, "192.0.2.8:4711");
	assert_int_equal(kith_sightings_expire(*state, 2000), 1000 + KITH_ANSWER_MS);
	kith_sightings_put(*state, &c, 5000); /* a fresh reply */
	assert_int_equal(
		kith_sightings_expire(*state, 1000 + KITH_ANSWER_MS), 5000 + KITH_ANSWER_MS);
	nothing(*state);
	assert_int_equal(kith_sightings_expire(*state, 5000 + KITH_ANSWER_MS), UINT64_MAX);
	is_gone(*state, 1);
	nothing(*state);
	kith_sightings_unwatched(*state, 9000);
	assert_int_equal(kith_sightings_expire(*state, 9000), 9000 + TTL_MS);
	assert_int_equal(kith_sightings_expire(*state, 9000 + TTL_MS), UINT64_MAX);
	is_gone(*state, 2);
}

/* Who was known by answers alone and does not answer again goes soon; the browse stands. */
static void an_answer_in_doubt_is_renewed_or_goes(void **state)
{
	struct kith_candidate a = candidate(1, KITH_HEARD_ONESHOT, ETH, "192.0.2.7");
	struct kith_candidate b = candidate(2, KITH_HEARD_ONESHOT, ETH, "192.0.2.8");
	struct kith_candidate c = candidate(3, KITH_HEARD_BROWSE, ETH, "192.0.2.9");

	put(*state, &a);
	put(*state, &b);
	put(*state, &c);
	is_seen(*state, 1, "", 1, "192.0.2.7:4711");
	is_seen(*state, 2, "", 1, "192.0.2.8:4711");
	is_seen(*state, 3, "", 1, "192.0.2.9:4711");
	kith_sightings_doubt(*state, 5000);
	kith_sightings_put(*state, &b, 4000);
	assert_int_equal(kith_sightings_expire(*state, 4999), 5000);
	nothing(*state);
	assert_int_equal(kith_sightings_expire(*state, 5000), 4000 + KITH_ANSWER_MS);
	is_gone(*state, 1);
	nothing(*state);
	kith_sightings_doubt(*state, UINT64_MAX); /* no doubt makes anything stand longer */
	assert_int_equal(kith_sightings_expire(*state, 5000), 4000 + KITH_ANSWER_MS);
}

static void a_row_the_browse_knows_is_sure(void **state)
{
	struct kith_candidate a = candidate(1, KITH_HEARD_ONESHOT, ETH, "192.0.2.7");
	struct kith_candidate b = candidate(1, KITH_HEARD_BROWSE, ETH, "192.0.2.7");

	assert_false(kith_sightings_unsure(*state));
	put(*state, &a);
	assert_true(kith_sightings_unsure(*state));
	b.v6 = true;
	put(*state, &b);
	assert_false(kith_sightings_unsure(*state));
	a = candidate(2, KITH_HEARD_ONESHOT, ETH, "192.0.2.8");
	put(*state, &a);
	assert_true(kith_sightings_unsure(*state));
	(void)kith_sightings_expire(*state, 1000 + KITH_ANSWER_MS);
	assert_false(kith_sightings_unsure(*state));
}

/* Who comes back under a new key without having said goodbye is not listed twice for long. */
static void an_older_row_at_the_address_must_answer(void **state)
{
	struct kith_candidate old = candidate(1, KITH_HEARD_BROWSE, ETH, "192.0.2.7");
	struct kith_candidate answer = candidate(1, KITH_HEARD_ONESHOT, ETH, "192.0.2.7");
	struct kith_candidate mute = candidate(2, KITH_HEARD_BROWSE, ETH, "192.0.2.7");
	struct kith_candidate far = candidate(3, KITH_HEARD_ONESHOT, ETH, "192.0.2.8");
	struct kith_candidate new = candidate(4, KITH_HEARD_BROWSE, ETH, "192.0.2.7");

	put(*state, &mute); /* has never answered: perhaps it cannot */
	put(*state, &old);
	put(*state, &answer);
	put(*state, &far);
	assert_false(kith_sightings_suspects(*state));
	kith_sightings_put(*state, &new, 5000);
	assert_true(kith_sightings_suspects(*state));
	is_seen(*state, 2, "", 1, "192.0.2.7:4711");
	is_seen(*state, 1, "", 1, "192.0.2.7:4711");
	is_seen(*state, 3, "", 1, "192.0.2.8:4711");
	is_seen(*state, 4, "", 1, "192.0.2.7:4711");
	kith_sightings_silent(*state, 4999); /* not asked since */
	nothing(*state);
	kith_sightings_put(*state, &answer, 5001);
	assert_false(kith_sightings_suspects(*state));
	kith_sightings_silent(*state, 5001);
	nothing(*state);
	new = candidate(5, KITH_HEARD_BROWSE, ETH, "192.0.2.7");
	kith_sightings_put(*state, &new, 6000);
	is_seen(*state, 5, "", 1, "192.0.2.7:4711");
	kith_sightings_put(*state, &old, 6001); /* a record is no answer: others keep them, too */
	kith_sightings_silent(*state, 6000);
	is_gone(*state, 1);
	nothing(*state);
	assert_false(kith_sightings_suspects(*state));
}

static void own_keys_are_no_rows(void **state)
{
	struct kith_candidate c = candidate(1, KITH_HEARD_BROWSE, ETH, "192.0.2.7");

	kith_sightings_own(*state, c.txt.key);
	put(*state, &c);
	nothing(*state);
	assert_true(kith_sightings_is_own(*state, c.txt.key));
	for (unsigned i = 2; i < 65; i++) { /* 63 later ones, and it is still known */
		struct kith_candidate later = candidate(i, KITH_HEARD_BROWSE, ETH, "192.0.2.7");
		kith_sightings_own(*state, later.txt.key);
	}
	assert_true(kith_sightings_is_own(*state, c.txt.key));
	/* a row that turns out to be our own goes */
	struct kith_candidate late = candidate(99, KITH_HEARD_BROWSE, ETH, "192.0.2.7");
	assert_false(kith_sightings_is_own(*state, late.txt.key));
	put(*state, &late);
	is_seen(*state, 99, "", 1, "192.0.2.7:4711");
	kith_sightings_own(*state, late.txt.key);
	is_gone(*state, 99);
}

static void bad_candidates_are_left_out(void **state)
{
	struct kith_candidate c = candidate(1, KITH_HEARD_BROWSE, ETH, "192.0.2.7");
	struct kith_candidate d = candidate(2, KITH_HEARD_BROWSE, ETH, "127.0.0.1");
	struct kith_candidate e = candidate(3, KITH_HEARD_BROWSE, 77, "192.0.2.7");
	struct kith_candidate f = candidate(4, KITH_HEARD_BROWSE, ETH, "224.0.0.1");

	c.port = KITH_PORT_MIN - 1;
	put(*state, &c);
	put(*state, &d);
	put(*state, &e);
	put(*state, &f);
	nothing(*state);
	c.port = KITH_PORT_MIN;
	put(*state, &c);
	is_seen(*state, 1, "", 1, "192.0.2.7:1024");
}

static void a_row_has_the_best_addresses(void **state)
{
	struct kith_candidate c = candidate(1, KITH_HEARD_BROWSE, ETH, "2a00::1");
	struct kith_sighting out;

	c.ips[1] = ip("8.8.8.8");
	c.ips[2] = ip("2001:db8::1");
	c.ips[3] = ip("fe80::1");
	c.ips[4] = ip("192.0.2.1");
	c.ips[5] = ip("192.0.2.1");
	c.ips[6] = ip("255.255.255.255");
	c.ips[7] = ip("192.0.2.2");
	c.ips_n = 8;
	put(*state, &c);
	assert_true(kith_sightings_next(*state, &out));
	assert_int_equal(out.endpoints_n, KITH_ADDRESSES_MAX);
	assert_string_equal(out.endpoints[0], "192.0.2.1:4711");
	assert_string_equal(out.endpoints[1], "192.0.2.2:4711");
	assert_string_equal(out.endpoints[2], "[fe80::1%eth0]:4711");
	assert_string_equal(out.endpoints[3], "[2001:db8::1]:4711");
	assert_string_equal(out.network, "eth0 192.0.2.0/24");
}

static void one_address_has_few_rows(void **state)
{
	struct kith_sighting out;
	size_t n = 0;

	for (unsigned i = 0; i < KITH_ROWS_PER_ADDRESS_MAX + 1; i++) {
		struct kith_candidate c = candidate(i, KITH_HEARD_BROWSE, ETH, "192.0.2.7");
		put(*state, &c);
	}
	while (kith_sightings_next(*state, &out))
		n++;
	assert_int_equal(n, KITH_ROWS_PER_ADDRESS_MAX);
	/* the rows that are there may still change, and one that goes makes room */
	struct kith_candidate c = candidate(0, KITH_HEARD_BROWSE, ETH, "192.0.2.7");
	c.port = 4712;
	put(*state, &c);
	is_seen(*state, 0, "", 1, "192.0.2.7:4712");
	kith_sightings_withdraw(*state, "k-0", ETH, false);
	is_gone(*state, 0);
	c = candidate(KITH_ROWS_PER_ADDRESS_MAX, KITH_HEARD_BROWSE, ETH, "192.0.2.7");
	put(*state, &c);
	is_seen(*state, KITH_ROWS_PER_ADDRESS_MAX, "", 1, "192.0.2.7:4711");
	/* the same link-local address on two interfaces is two */
	for (unsigned i = 0; i < 2 * KITH_ROWS_PER_ADDRESS_MAX; i++) {
		c = candidate(500 + i, KITH_HEARD_BROWSE, i % 2 ? ETH : TUN, "fe80::7");
		put(*state, &c);
	}
	for (n = 0; kith_sightings_next(*state, &out);)
		n++;
	assert_int_equal(n, 2 * KITH_ROWS_PER_ADDRESS_MAX);
}

static void the_table_has_an_end(void **state)
{
	struct kith_sighting out;
	size_t n = 0;

	for (unsigned i = 0; i < KITH_ROWS_MAX + 1; i++) {
		char text[32];
		(void)snprintf(text, sizeof text, "10.%u.%u.7", i / 200, i % 200);
		struct kith_candidate c = candidate(i, KITH_HEARD_BROWSE, ETH, text);
		put(*state, &c);
	}
	while (kith_sightings_next(*state, &out))
		n++;
	assert_int_equal(n, KITH_ROWS_MAX);
}

/* Case 41: names for somebody's address, as many as one likes, do not shut him out. */
static void hearsay_does_not_use_up_an_address(void **state)
{
	struct kith_sighting out;
	size_t n = 0;

	for (unsigned i = 0; i < KITH_ROWS_PER_ADDRESS_MAX; i++) {
		struct kith_candidate c = candidate(i, KITH_HEARD_BROWSE, ETH, "192.0.2.7");
		put(*state, &c);
	}
	while (kith_sightings_next(*state, &out))
		n++;
	assert_int_equal(n, KITH_ROWS_PER_ADDRESS_MAX);
	for (unsigned i = 100; i < 100 + KITH_ROWS_PER_ADDRESS_MAX + 1; i++) {
		struct kith_candidate c = candidate(i, KITH_HEARD_ONESHOT, ETH, "192.0.2.7");
		put(*state, &c);
		nothing(*state);
		c.first_hand = true;
		put(*state, &c);
		if (i < 100 + KITH_ROWS_PER_ADDRESS_MAX)
			is_seen(*state, i, "", 1, "192.0.2.7:4711");
		else
			nothing(*state); /* the same number for what comes from there */
	}
}

/* Case 41 */
static void a_full_table_lets_in_who_answers(void **state)
{
	struct kith_candidate c = candidate(1000, KITH_HEARD_ONESHOT, ETH, "192.0.2.7");
	struct kith_sighting out;

	for (unsigned i = 0; i < KITH_ROWS_MAX; i++) {
		char text[32];
		(void)snprintf(text, sizeof text, "10.%u.%u.7", i / 200, i % 200);
		struct kith_candidate false_one = candidate(i, KITH_HEARD_BROWSE, ETH, text);
		put(*state, &false_one);
	}
	while (kith_sightings_next(*state, &out))
		;
	put(*state, &c);
	nothing(*state); /* hearsay pushes nobody out */
	c.first_hand = true;
	put(*state, &c);
	is_gone(*state, 0);
	nothing(*state);
	put(*state, &c);
	is_seen(*state, 1000, "", 1, "192.0.2.7:4711");
	for (unsigned i = 2001; i < 2000 + KITH_ROWS_MAX; i++) {
		char text[32];
		(void)snprintf(text, sizeof text, "10.%u.%u.8", i / 200 % 200, i % 200);
		c = candidate(i, KITH_HEARD_ONESHOT, ETH, text);
		c.first_hand = true;
		put(*state, &c);
		assert_true(kith_sightings_next(*state, &out) && out.gone);
		put(*state, &c);
		assert_true(kith_sightings_next(*state, &out) && !out.gone);
	}
	c = candidate(3000, KITH_HEARD_ONESHOT, ETH, "192.0.2.9");
	c.first_hand = true;
	put(*state, &c);
	nothing(*state); /* nor do those who answer push each other out */
}

static void one_row_has_few_sources(void **state)
{
	struct kith_candidate c = candidate(1, KITH_HEARD_ONESHOT, ETH, "192.0.2.7");

	put(*state, &c);
	is_seen(*state, 1, "", 1, "192.0.2.7:4711");
	for (unsigned i = 0; i < 100; i++) {
		(void)snprintf(c.instance, sizeof c.instance, "k-evil-%u", i);
		put(*state, &c);
	}
	nothing(*state);
	for (unsigned i = 0; i < 100; i++) {
		(void)snprintf(c.instance, sizeof c.instance, "k-evil-%u", i);
		kith_sightings_withdraw(*state, c.instance, ETH, false);
	}
	nothing(*state); /* the true one was not pushed out */
}

static void an_interface_takes_its_rows_along(void **state)
{
	struct kith_candidate a = candidate(1, KITH_HEARD_BROWSE, ETH, "192.0.2.7");
	struct kith_candidate b = candidate(2, KITH_HEARD_ONESHOT, TUN, "10.7.0.7");
	struct kith_candidate c = candidate(3, KITH_HEARD_ONESHOT, LO, "127.0.0.1");

	put(*state, &a);
	put(*state, &b);
	put(*state, &c);
	is_seen(*state, 1, "", 1, "192.0.2.7:4711");
	is_seen(*state, 2, "", 1, "10.7.0.7:4711");
	is_seen(*state, 3, "", 1, "127.0.0.1:4711");
	nets.at[1] = nets.at[2];
	nets.n = 2;
	kith_sightings_nets(*state);
	is_gone(*state, 1);
	nothing(*state);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, make, unmake)
	const struct CMUnitTest tests[] = {
		TEST(a_row_comes_and_goes),
		TEST(what_was_never_told_is_not_taken_back),
		TEST(a_row_is_one_key),
		TEST(the_first_label_stays),
		TEST(one_shot_rows_grow_old),
		TEST(an_answer_in_doubt_is_renewed_or_goes),
		TEST(a_row_the_browse_knows_is_sure),
		TEST(an_older_row_at_the_address_must_answer),
		TEST(own_keys_are_no_rows),
		TEST(bad_candidates_are_left_out),
		TEST(a_row_has_the_best_addresses),
		TEST(one_address_has_few_rows),
		TEST(the_table_has_an_end),
		TEST(hearsay_does_not_use_up_an_address),
		TEST(a_full_table_lets_in_who_answers),
		TEST(one_row_has_few_sources),
		TEST(an_interface_takes_its_rows_along),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
