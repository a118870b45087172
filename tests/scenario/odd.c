/* SPDX-License-Identifier: MIT
 *
 * odd - calls that a courier or a node in order would not make, keys and handles that collide, and a
 * host that leaves out what it may: the room answers each, and nothing is lost over it.
 */
#include <stdlib.h>

#include "crypto/hash.h"
#include "pair.h"

/* --- a room without a network ----------------------------------------------------------------- */

struct bare {
	struct kith_room *room;
	unsigned dials, closes, sends, news[KITH_NEWS_HELD + 1];
	uint32_t conn;                     /* of the last dial or close */
	char peer[2][KITH_HANDLE_MAX + 1]; /* rows that were told last, the last first */
	enum kith_err error;
};

static void bare_dial(void *ctx, uint32_t conn, const uint8_t key[static 32])
{
	struct bare *b = ctx;

	(void)key;
	b->dials++;
	b->conn = conn;
}

static void bare_send(void *ctx, uint32_t conn, struct kith_span message)
{
	(void)conn;
	(void)message;
	((struct bare *)ctx)->sends++;
}

static void bare_close(void *ctx, uint32_t conn)
{
	struct bare *b = ctx;

	b->closes++;
	b->conn = conn;
}

static void bare_tell(void *ctx, const struct kith_news *news)
{
	struct bare *b = ctx;

	b->news[news->kind]++;
	b->error = news->error;
	if (news->kind == KITH_NEWS_SEEN) {
		strcpy(b->peer[1], b->peer[0]);
		strcpy(b->peer[0], news->peer);
	}
}

static const uint8_t mine[32] = {9, 1}, theirs[32] = {9, 2}, nobodys[32] = {9, 3};
static const uint8_t here[KITH_SOURCE_BYTES];

/* Only what a host must have. */
static void bare_starts(struct bare *b, struct world *w, const struct kith_self *self)
{
	struct kith_room_host host = {.ctx = b,
		.dial = bare_dial,
		.send = bare_send,
		.close = bare_close,
		.tell = bare_tell};

	*b = (struct bare){0};
	expect(kith_room_new(&w->env, self, &host, &b->room) == KITH_OK);
	kith_room_key(b->room, mine);
}

static enum kith_err opened(
	struct bare *b, uint32_t conn, const uint8_t *far, const uint8_t *own, bool inbound)
{
	return kith_room_opened(b->room, conn, far, own, inbound, kith_span_str("eth0"), here);
}

static void sees_them(struct bare *b)
{
	kith_room_seen(b->room, theirs, kith_span_str("Grace"));
}

static struct kith_span them(const struct bare *b)
{
	return kith_span_str(b->peer[0]);
}

/* --- what the courier says -------------------------------------------------------------------- */

static void numbers_that_are_nobodys(void **state)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct person *ada = comes(w, "Ada");
	struct bare b;

	(void)state;
	bare_starts(&b, w, &ada->self);
	sees_them(&b);
	size_t before = w->live;
	expect(opened(&b, 77, theirs, mine, false) == KITH_OK); /* nobody dialled that */
	kith_room_bytes(b.room, 77, kith_span_str("x"));
	kith_room_closed(b.room, 77);
	kith_room_gone(b.room, nobodys);
	expect(w->live == before && b.closes == 0 && b.sends == 0);
	expect(opened(&b, 2, theirs, mine, true) == KITH_OK);
	expect(opened(&b, 2, theirs, mine, true) == KITH_ERR_STATE); /* again */
	expect(opened(&b, 2, theirs, mine, false) == KITH_OK);       /* no dial of mine */
	expect(b.closes == 0);
	kith_room_closed(b.room, 2);
	expect(w->live == before);
	kith_room_free(b.room);
	world_ends(w);
}

static void a_dial_that_is_answered_by_another(void **state)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct person *ada = comes(w, "Ada");

	(void)state;
	for (int n = 0; n < 2; n++) {
		struct bare b;
		bare_starts(&b, w, &ada->self);
		sees_them(&b);
		expect(kith_room_pick(b.room, them(&b)) == KITH_OK && b.dials == 1);
		kith_room_bytes(b.room, b.conn, kith_span_str("x")); /* before it is open */
		expect(opened(&b, b.conn, n ? theirs : nobodys, n ? nobodys : mine, false) ==
			KITH_OK);
		expect(b.closes == 1 && b.sends == 0 && b.news[KITH_NEWS_UNREACHABLE] == 1);
		kith_room_free(b.room);
	}
	world_ends(w);
}

static void opened_twice(void **state)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct person *ada = comes(w, "Ada");
	struct bare b;

	(void)state;
	bare_starts(&b, w, &ada->self);
	sees_them(&b);
	expect(kith_room_pick(b.room, them(&b)) == KITH_OK);
	expect(opened(&b, b.conn, theirs, mine, false) == KITH_OK && b.sends == 1);
	expect(opened(&b, b.conn, theirs, mine, false) == KITH_OK && b.sends == 1);
	expect(kith_room_pick(b.room, them(&b)) == KITH_OK && b.dials == 1); /* again */
	kith_room_free(b.room);
	world_ends(w);
}

/* --- keys, rows, handles ---------------------------------------------------------------------- */

static void many_keys_of_mine(void **state)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct person *ada = comes(w, "Ada");
	struct bare b;
	uint8_t key[32] = {9};

	(void)state;
	bare_starts(&b, w, &ada->self);
	kith_room_key(b.room, mine); /* no news */
	for (key[1] = 10; key[1] < 30; key[1]++) {
		kith_room_key(b.room, key);
		kith_room_seen(b.room, key, kith_span_str("me"));
	}
	expect(b.news[KITH_NEWS_SEEN] == 0);
	kith_room_seen(b.room, mine, kith_span_str("long ago"));
	expect(b.news[KITH_NEWS_SEEN] == 1); /* only so many are remembered */
	kith_room_free(b.room);
	world_ends(w);
}

static void no_randomness(void *ctx, uint8_t *p, size_t n)
{
	(void)ctx;
	memset(p, 0, n);
}

/* The first KITH_HANDLE_MIN characters of a handle, of five bits each, without salt. */
static uint32_t short_handle(const uint8_t key[static 32])
{
	static const uint8_t salt[32];
	struct kith_span parts[] = {kith_span(salt, sizeof salt), kith_span(key, 32)};
	uint8_t h[KITH_HASH_BYTES];

	kith_hash(h, "kith/1 handle", parts, 2);
	return (uint32_t)h[0] << 12 | (uint32_t)h[1] << 4 | h[2] >> 4;
}

static void key_of(uint32_t n, uint8_t key[static 32])
{
	memset(key, 0, 32);
	key[0] = 9;
	memcpy(key + 1, &n, sizeof n);
}

/* Two rows whose handles begin alike: the second is told with a longer one, and both can be picked. */
static void handles_that_begin_alike(void **state)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct person *ada = comes(w, "Ada");
	uint32_t *by = calloc(1 << 20, sizeof *by), n = 1000;
	struct bare b;
	uint8_t key[32];

	(void)state;
	expect(by);
	key_of(n, key);
	while (!by[short_handle(key)]) {
		by[short_handle(key)] = n;
		key_of(++n, key);
	}
	w->env.random = no_randomness;
	bare_starts(&b, w, &ada->self);
	kith_room_seen(b.room, key, kith_span_str("Ada"));
	key_of(by[short_handle(key)], key);
	kith_room_seen(b.room, key, kith_span_str("Ada"));
	expect(strlen(b.peer[1]) == KITH_HANDLE_MIN && strlen(b.peer[0]) == KITH_HANDLE_MIN + 1);
	expect(strncmp(b.peer[0], b.peer[1], KITH_HANDLE_MIN) == 0);
	expect(kith_room_pick(b.room, kith_span_str(b.peer[1])) == KITH_OK);
	expect(kith_room_pick(b.room, kith_span_str(b.peer[0])) == KITH_OK && b.dials == 2);
	kith_room_free(b.room);
	free(by);
	world_ends(w);
}

static void so_many_rows(void **state)
{
	enum { FIRST = 1000 }; /* of keys that are not mine */
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct person *ada = comes(w, "Ada");
	struct bare b;
	uint8_t key[32];

	(void)state;
	bare_starts(&b, w, &ada->self);
	for (uint32_t n = 0; n <= KITH_ROWS_MAX; n++) {
		key_of(FIRST + n, key);
		kith_room_seen(b.room, key, kith_span_str("somebody"));
	}
	expect(b.news[KITH_NEWS_SEEN] == KITH_ROWS_MAX);
	kith_room_gone(b.room, key); /* the one that found no place */
	expect(b.news[KITH_NEWS_GONE] == 0);
	key_of(FIRST, key);
	kith_room_seen(b.room, key, kith_span_str("somebody")); /* no news */
	expect(b.news[KITH_NEWS_SEEN] == KITH_ROWS_MAX);
	kith_room_gone(b.room, key);
	kith_room_gone(b.room, key);
	expect(b.news[KITH_NEWS_GONE] == 1);
	kith_room_free(b.room);
	world_ends(w);
}

/* --- sessions --------------------------------------------------------------------------------- */

static void nobody_is_here_any_more(void **state)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct person *ada = comes(w, "Ada");
	struct bare b;

	(void)state;
	bare_starts(&b, w, &ada->self);
	sees_them(&b);
	expect(kith_room_pick(b.room, them(&b)) == KITH_OK);
	expect(opened(&b, b.conn, theirs, mine, false) == KITH_OK);
	kith_room_lost(b.room);
	expect(b.news[KITH_NEWS_GONE] == 1);
	expect(b.news[KITH_NEWS_SEEN] == 1);
	kith_room_free(b.room);
	kith_room_free(NULL);
	kith_session_free(NULL);
	world_ends(w);
}

/* The node is told of every failed comparison, and of none else. */
static void every_failure_is_told(void **state)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct pair p = two(w);

	(void)state;
	up_to_the_code(p);
	says_different(p.grace, p.ada);
	settles(w);
	expect(p.ada->failures_told == 1 && p.grace->failures_told == 1);
	whole_swap(p);
	expect(p.ada->failures_told == 1 && p.grace->failures_told == 1);
	world_ends(w);
}

/* The courier repeats itself about a line that is gone, while its code may still be answered. */
static void a_number_from_before(void **state)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct pair p = two(w);

	(void)state;
	up_to_the_code(p);
	uint32_t conn = wire_of(w, p.ada, p.grace)->end[0].conn;
	cuts(p.ada, p.grace);
	settles(w);
	kith_room_bytes(p.ada->room, conn, kith_span_str("x"));
	kith_room_closed(p.ada->room, conn);
	expect(told(p.ada, KITH_NEWS_CUT, p.grace) == 1);
	says_same(p.ada, p.grace);
	expect(holds(p.ada, p.grace).state == KITH_CONTACT_PENDING);
	world_ends(w);
}

/* What is on the screen stays there when Ada cancels somebody else, or cannot pick her. */
static void another_row_is_left_alone(void **state)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct pair p = two(w);
	struct person *edith = comes(w, "Edith");

	(void)state;
	all_see_each_other(w);
	way_is(p.ada, edith, WAY_REFUSED);
	picks(p.ada, edith);
	settles(w);
	expect(told(p.ada, KITH_NEWS_UNREACHABLE, edith) == 1);
	loses(p.ada, edith);
	up_to_the_code(p); /* Edith is wanted no more */
	sees(p.ada, edith);
	expect(cancel(p.ada, edith) == KITH_OK);
	both_say_same(p.ada, p.grace);
	settles(w);
	expect(both_have_swapped(p));
	world_ends(w);
}

/* Somebody who was never announced asks, and then the courier dies: there is no row to take away. */
static void an_unseen_one_is_lost(void **state)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct person *ada = comes(w, "Ada"), *grace = comes(w, "Grace");

	(void)state;
	sees(ada, grace);
	picks(ada, grace);
	settles(w);
	expect(told(grace, KITH_NEWS_REQUEST, ada) == 1);
	courier_dies(grace);
	expect(told(grace, KITH_NEWS_WITHDRAWN, ada) == 1);
	expect(told(grace, KITH_NEWS_GONE, NULL) == 0);
	world_ends(w);
}

static void count_send(void *ctx, struct kith_span message)
{
	(void)message;
	((struct bare *)ctx)->sends++;
}

static void greeting_twice(void **state)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct person *ada = comes(w, "Ada");
	struct kith_session_host host = {.send = count_send};
	struct kith_session *s;
	struct bare b = {0};

	(void)state;
	host.ctx = &b;
	expect(kith_session_new(&w->env, &ada->self, &host, KITH_ROLE_I, theirs, mine,
		       kith_span_str(""), &s) == KITH_OK);
	expect(kith_session_greet(s) == KITH_OK && kith_session_greet(s) == KITH_ERR_STATE);
	kith_session_abort(s, KITH_ABORT_CANCEL, KITH_ERR_BROKEN);
	expect(kith_session_greet(s) == KITH_ERR_STATE && b.sends == 2);
	kith_session_abort(s, KITH_ABORT_CANCEL, KITH_ERR_BROKEN);
	expect(b.sends == 2 && kith_session_error(s) == KITH_ERR_BROKEN);
	kith_session_free(s);
	world_ends(w);
}

/* Somebody hidden asks: what he calls himself then is his name, and hiding again does not take it. */
static void a_hidden_one_asks(void **state)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct person *ada = comes(w, "Ada");
	struct person *grace = comes_as(w, "Grace", (struct manner){.hidden = true});

	(void)state;
	all_see_each_other(w);
	picks(ada, grace);
	settles(w);
	says_yes(grace, ada);
	settles(w);
	expect(same_code(ada, grace));
	both_say_same(ada, grace);
	settles(w);
	expect(has_swapped(ada, grace));
	picks(grace, ada);
	settles(w);
	sees(ada, grace); /* announced again, hidden, while she asks */
	expect(told(ada, KITH_NEWS_REQUEST, grace) == 1);
	says_yes(ada, grace);
	settles(w);
	expect(same_code(ada, grace));
	world_ends(w);
}

int main(void)
{
	const struct CMUnitTest stories[] = {
		cmocka_unit_test(numbers_that_are_nobodys),
		cmocka_unit_test(a_dial_that_is_answered_by_another),
		cmocka_unit_test(opened_twice),
		cmocka_unit_test(many_keys_of_mine),
		cmocka_unit_test(handles_that_begin_alike),
		cmocka_unit_test(so_many_rows),
		cmocka_unit_test(nobody_is_here_any_more),
		cmocka_unit_test(every_failure_is_told),
		cmocka_unit_test(a_number_from_before),
		cmocka_unit_test(another_row_is_left_alone),
		cmocka_unit_test(an_unseen_one_is_lost),
		cmocka_unit_test(greeting_twice),
		cmocka_unit_test(a_hidden_one_asks),
	};

	return stories_run("odd", stories);
}
