/* SPDX-License-Identifier: MIT */
#include "node/listing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* What a client believes. */
struct belief {
	char peer[2 * KITH_ROWS_MAX][KITH_HANDLE_MAX + 1];
	char name[2 * KITH_ROWS_MAX][KITH_LABEL_MAX + 1];
	size_t n;
};

static struct listing list;
static struct belief beliefs[KITH_CLIENTS_MAX];

static int setup(void **state)
{
	(void)state;
	memset(&list, 0, sizeof list);
	memset(beliefs, 0, sizeof beliefs);
	return 0;
}

static void seen(unsigned i, unsigned turn)
{
	char peer[KITH_HANDLE_MAX + 1], name[KITH_LABEL_MAX + 1];

	(void)snprintf(peer, sizeof peer, "P%05u", i);
	(void)snprintf(name, sizeof name, "%u in turn %u", i, turn);
	listing_seen(&list, peer, kith_span_str(name));
}

static void gone(unsigned i)
{
	char peer[KITH_HANDLE_MAX + 1];

	(void)snprintf(peer, sizeof peer, "P%05u", i);
	listing_gone(&list, peer);
}

static size_t place(const struct belief *b, const char *peer)
{
	size_t i = 0;

	while (i < b->n && strcmp(b->peer[i], peer) != 0)
		i++;
	return i;
}

/* Believes a word; a row that ends was known, and never are there too many. */
static void believe(struct belief *b, const struct listing_word *w)
{
	size_t i = place(b, w->peer);

	if (w->here) {
		b->n += i == b->n;
		memcpy(b->peer[i], w->peer, sizeof b->peer[i]);
		memcpy(b->name[i], w->name, sizeof b->name[i]);
	} else {
		assert_true(i < b->n);
		b->n--;
		memcpy(b->peer[i], b->peer[b->n], sizeof b->peer[i]);
		memcpy(b->name[i], b->name[b->n], sizeof b->name[i]);
	}
	assert_true(b->n <= KITH_ROWS_MAX);
}

static size_t tell(size_t client, size_t most)
{
	struct listing_word w;
	size_t n = 0;

	while (n < most && listing_next(&list, client, &w)) {
		believe(&beliefs[client], &w);
		n++;
	}
	return n;
}

static void assert_knows(size_t client)
{
	const struct belief *b = &beliefs[client];
	size_t here = 0;

	for (size_t i = 0; i < KITH_ROWS_MAX; i++) {
		const struct listing_row *row = &list.rows[i];
		if (!row->peer[0])
			continue;
		here++;
		size_t at = place(b, row->peer);
		assert_true(at < b->n);
		assert_string_equal(b->name[at], row->name);
	}
	assert_int_equal(b->n, here);
}

static void only_the_last_name_is_told(void **state)
{
	(void)state;
	for (unsigned turn = 0; turn < 1000; turn++)
		seen(1, turn);
	assert_int_equal(tell(0, SIZE_MAX), 1);
	assert_string_equal(beliefs[0].name[0], "1 in turn 999");
	assert_int_equal(tell(0, SIZE_MAX), 0);
}

static void who_was_not_told_of_is_not_gone(void **state)
{
	(void)state;
	seen(1, 0);
	assert_int_equal(tell(0, SIZE_MAX), 1);
	gone(1);
	seen(2, 0);
	gone(2);
	assert_int_equal(tell(0, SIZE_MAX), 1);
	assert_int_equal(tell(1, SIZE_MAX), 0);
	assert_int_equal(beliefs[0].n, 0);
}

static void the_limit_and_one_past_it(void **state)
{
	(void)state;
	for (unsigned i = 0; i <= KITH_ROWS_MAX; i++)
		seen(i, 0);
	assert_int_equal(tell(0, SIZE_MAX), KITH_ROWS_MAX);
}

/* Rows in front that change all the time do not keep the others from being told. */
static void everybody_has_a_turn(void **state)
{
	(void)state;
	for (unsigned i = 0; i < KITH_ROWS_MAX; i++)
		seen(i, 0);
	for (unsigned turn = 1; turn <= KITH_ROWS_MAX / 4; turn++) {
		for (unsigned i = 0; i < 8; i++)
			seen(i, turn);
		assert_int_equal(tell(0, 4), 4);
	}
	assert_int_equal(beliefs[0].n, KITH_ROWS_MAX);
}

static void a_row_comes_before_what_is_said_of_it(void **state)
{
	struct listing_word w;

	(void)state;
	assert_false(listing_before(&list, 0, "", &w));
	for (unsigned i = 0; i < KITH_ROWS_MAX; i++)
		seen(i, 0);
	assert_int_equal(tell(0, SIZE_MAX), KITH_ROWS_MAX);
	gone(0);
	seen(KITH_ROWS_MAX, 0);
	assert_true(listing_before(&list, 0, "P00256", &w) && !w.here);
	believe(&beliefs[0], &w);
	assert_true(listing_before(&list, 0, "P00256", &w) && w.here);
	believe(&beliefs[0], &w);
	assert_false(listing_before(&list, 0, "P00256", &w));
	gone(1);
	gone(2);
	seen(2, 1);
	assert_true(listing_before(&list, 0, "P00002", &w) && !w.here);
	assert_string_equal(w.peer, "P00002");
	believe(&beliefs[0], &w);
	assert_true(listing_before(&list, 0, "P00002", &w) && w.here);
	believe(&beliefs[0], &w);
	(void)tell(0, SIZE_MAX);
	assert_knows(0);
}

/* Somebody I know: told with the row, again when it changes, and not when it does not; gone with the row. */
static void who_is_known_is_told(void **state)
{
	static const uint8_t ada[32] = {1}, grace[32] = {2};
	struct listing_word w;

	(void)state;
	listing_known(&list, "P00001", kith_span_str("Ada"), ada); /* no such row */
	assert_false(listing_next(&list, 0, &w));
	seen(1, 0);
	assert_true(listing_next(&list, 0, &w) && w.here && !w.known);
	listing_known(&list, "P00001", kith_span_str("Ada"), ada);
	assert_true(listing_next(&list, 0, &w) && w.here && w.known);
	assert_string_equal(w.known_as, "Ada");
	assert_memory_equal(w.ik, ada, sizeof ada);
	listing_known(&list, "P00001", kith_span_str("Ada"), ada);
	assert_false(listing_next(&list, 0, &w));
	listing_known(&list, "P00001", kith_span_str("Ada"), grace);
	assert_true(listing_next(&list, 0, &w) && w.known && w.ik[0] == 2);
	seen(1, 1); /* another name of theirs: still they */
	assert_true(listing_next(&list, 0, &w) && w.known);
	assert_string_equal(w.name, "1 in turn 1");
	listing_known(&list, "P00001", kith_span("", 0), NULL);
	assert_true(listing_next(&list, 0, &w) && !w.known);
	assert_string_equal(w.known_as, "");
	listing_known(&list, "P00001", kith_span_str("Ada"), ada);
	gone(1);
	seen(1, 2);
	assert_true(listing_next(&list, 0, &w) && !w.here);
	assert_true(listing_next(&list, 0, &w) && w.here && !w.known);
}

/* Whatever happens in whatever order, who is told everything knows what is. */
static void any_order(void **state)
{
	(void)state;
	srand(1);
	for (unsigned step = 0; step < 200000; step++) {
		unsigned i = (unsigned)rand() % 600;
		size_t client = (size_t)rand() % KITH_CLIENTS_MAX;
		int what = rand() % 1000;
		if (what < 400) {
			seen(i, step);
		} else if (what < 650) {
			gone(i);
		} else if (what < 995) {
			(void)tell(client, (size_t)rand() % 8);
		} else if (what < 999) {
			listing_join(&list, client);
			beliefs[client].n = 0;
		} else {
			listing_clear(&list);
		}
	}
	for (size_t client = 0; client < KITH_CLIENTS_MAX; client++) {
		(void)tell(client, SIZE_MAX);
		assert_knows(client);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(only_the_last_name_is_told, setup),
		cmocka_unit_test_setup(who_was_not_told_of_is_not_gone, setup),
		cmocka_unit_test_setup(the_limit_and_one_past_it, setup),
		cmocka_unit_test_setup(everybody_has_a_turn, setup),
		cmocka_unit_test_setup(a_row_comes_before_what_is_said_of_it, setup),
		cmocka_unit_test_setup(who_is_known_is_told, setup),
		cmocka_unit_test_setup(any_order, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
