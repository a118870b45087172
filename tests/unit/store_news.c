/* SPDX-License-Identifier: MIT */
#include "store_world.h"

#include <kith/known.h>

#include "base/limits.h"
#include "store/news.h"

enum { GRACE = 2 };

static int64_t row_of(struct kith_store *store, uint8_t seed)
{
	uint8_t ik[32];
	uint8_t xk[32];
	struct kith_contact c = {0};

	world_keys(seed, ik, xk);
	assert_ok(kith_store_contact_of(store, ik, &c));
	int64_t row = c.row;
	kith_contact_free(&c);
	return row;
}

/* Lines as "kind:before>now", by the numbers of the cards. */
struct lines {
	char text[512];
	int64_t last;
	size_t n;
	size_t text_bytes;
	bool live;
};

static unsigned rev_of(struct kith_span envelope)
{
	struct kith_card card;

	return envelope.n && !kith_card_verify(envelope, &card) ? (unsigned)card.rev : 0;
}

static bool add(void *ctx, const struct kith_notice *n)
{
	struct lines *l = ctx;
	size_t at = strlen(l->text);

	(void)snprintf(l->text + at, sizeof l->text - at, "%s%s:%u>%u", at ? "|" : "",
		kith_notice_name(n->kind), rev_of(n->before), rev_of(n->now));
	l->last = n->row;
	l->live = n->live;
	l->text_bytes = n->text.n;
	l->n++;
	return true;
}

static struct lines news(struct kith_store *store, int64_t after)
{
	struct lines l = {.n = 0};

	assert_ok(kith_store_news_each(store, after, add, &l));
	return l;
}

static void hand_card(struct kith_store *store, uint8_t session, uint64_t rev, const char *text)
{
	struct kith_meeting m = world_meeting(session, GRACE, "Grace", 1);
	struct world_card card;

	world_card(&card, GRACE, 1, rev, text);
	assert_ok(kith_store_card(
		store, m.session, &card.card, kith_buf_span(&card.envelope), 1700000000));
	world_card_free(&card);
}

static void a_swap_is_news(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	struct kith_meeting m = world_meeting(1, GRACE, "Grace", 1);

	assert_ok(kith_store_confirm(store, &m));
	assert_ok(kith_store_confirmed(store, m.session, KITH_HOW_COMPARED));
	assert_int_equal(news(store, 0).n, 0); /* until the card is there */
	hand_card(store, 1, 3, "name=Grace");
	assert_string_equal(news(store, 0).text, "met:0>3");
	hand_card(store, 1, 3, "name=Grace"); /* again: nothing new */
	assert_string_equal(news(store, 0).text, "met:0>3");
	m = world_meeting(2, GRACE, "Grace", 1);
	assert_ok(kith_store_confirm(store, &m));
	hand_card(store, 2, 4, "name=Grace\ntitle=Admiral");
	assert_string_equal(news(store, 0).text, "met:0>3|card:3>4");
	kith_store_close(store);
}

static void one_who_gives_no_card(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	struct kith_meeting m = world_meeting(1, GRACE, "Grace", 1);

	m.they_give = false;
	assert_ok(kith_store_confirm(store, &m));
	assert_ok(kith_store_confirmed(store, m.session, KITH_HOW_COMPARED));
	assert_ok(kith_store_confirmed(store, m.session, KITH_HOW_COMPARED));
	assert_string_equal(news(store, 0).text, "met:0>0");
	kith_store_close(store);
}

static void by_file(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);

	/* who is new was brought in by hand, just now */
	assert_ok(world_import(store, GRACE, 1, 1, "name=Grace", NULL));
	assert_int_equal(news(store, 0).n, 0);
	assert_ok(world_import(store, GRACE, 1, 2, "name=Grace Hopper", NULL));
	assert_ok(world_import(store, GRACE, 2, 3, "name=Other card", NULL)); /* beside: no news */
	struct lines l = news(store, 0);
	assert_string_equal(l.text, "card:1>2");
	assert_false(l.live);
	/* T15: told once */
	assert_err(world_import(store, GRACE, 1, 2, "name=Another Grace", NULL), CONFLICT);
	assert_err(world_import(store, GRACE, 1, 2, "name=Another Grace", NULL), CONFLICT);
	assert_string_equal(news(store, 0).text, "card:1>2|conflict:0>0");
	kith_store_close(store);
}

/* What was taken back with its transaction is not told. */
static void with_the_change_or_not_at_all(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);

	assert_ok(world_import(store, GRACE, 1, 1, "name=Grace", NULL));
	assert_ok(kith_store_batch(store));
	assert_ok(world_import(store, GRACE, 1, 2, "name=Grace Hopper", NULL));
	assert_int_equal(news(store, 0).n, 1);
	assert_ok(kith_store_batch_end(store, false));
	assert_int_equal(news(store, 0).n, 0);
	kith_store_close(store);
}

static void looked_at(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	int64_t last;
	int64_t seen;

	assert_ok(kith_store_news_upto(store, &last, &seen));
	assert_int_equal(last + seen, 0);
	for (uint64_t rev = 1; rev < 4; rev++)
		assert_ok(world_import(store, GRACE, 1, rev, "name=Grace", NULL));
	assert_ok(kith_store_news_upto(store, &last, &seen));
	assert_int_equal(last * 10 + seen, 20);
	assert_ok(kith_store_news_read(store, 1));
	assert_ok(kith_store_news_read(store, 2));
	assert_ok(kith_store_news_read(store, 1)); /* never back */
	assert_ok(kith_store_news_upto(store, &last, &seen));
	assert_int_equal(last * 10 + seen, 22);
	assert_string_equal(news(store, 1).text, "card:2>3");
	/* with the person goes what was told of them */
	assert_ok(kith_store_forget(store, row_of(store, GRACE)));
	assert_int_equal(news(store, 0).n, 0);
	kith_store_close(store);
}

static void put_line(struct kith_store *store, struct kith_span text)
{
	struct kith_news_line line = {.kind = KITH_NOTICE_PROPOSED, .text = text, .at = 5};
	enum kith_err err = kith_db_begin(store);

	if (!err)
		err = kith_db_end(store, kith_store_news_add(store, &line));
	assert_ok(err);
}

static void no_more_than_news_max(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	char sql[256];

	(void)snprintf(sql, sizeof sql,
		"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) "
		"INSERT INTO news (at, kind) SELECT i, 3 FROM n",
		KITH_NEWS_MAX - 1);
	world_sql(*state, sql);
	put_line(store, kith_span("", 0));
	assert_int_equal(world_number(*state, "SELECT count(*) * 10 + min(row) FROM news"),
		KITH_NEWS_MAX * 10 + 1);
	put_line(store, kith_span("", 0));
	assert_int_equal(world_number(*state, "SELECT count(*) * 10 + min(row) FROM news"),
		KITH_NEWS_MAX * 10 + 2);
	kith_store_close(store);
}

/* One more about one person: their own oldest goes, and of nobody else. */
static void no_more_than_news_each(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);

	assert_ok(world_import(store, 3, 1, 1, "name=Cyd", NULL));
	assert_ok(world_import(store, 3, 1, 2, "name=Cyd", NULL));
	for (uint64_t rev = 1; rev <= KITH_NEWS_EACH + 1; rev++)
		assert_ok(world_import(store, GRACE, 1, rev, "name=Grace", NULL));
	struct lines l = news(store, 0);
	assert_memory_equal(l.text, "card:1>2|card:1>2|card:2>3|", 27);
	assert_int_equal(l.n, KITH_NEWS_EACH + 1);
	assert_ok(world_import(store, GRACE, 1, KITH_NEWS_EACH + 2, "name=Grace", NULL));
	l = news(store, 0);
	assert_memory_equal(l.text, "card:1>2|card:2>3|", 18);
	assert_int_equal(l.n, KITH_NEWS_EACH + 1);
	kith_store_close(store);
}

static void no_more_text_than_that(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	char text[KITH_NEWS_TEXT_MAX + 2];

	memset(text, 'a', sizeof text);
	put_line(store, kith_span(text, KITH_NEWS_TEXT_MAX));
	assert_int_equal(news(store, 0).text_bytes, KITH_NEWS_TEXT_MAX);
	put_line(store, kith_span(text, KITH_NEWS_TEXT_MAX + 1));
	assert_int_equal(news(store, 1).text_bytes, KITH_NEWS_TEXT_MAX);
	/* no half of a character */
	memcpy(text + KITH_NEWS_TEXT_MAX - 1, "\xc3\xa9", 2);
	put_line(store, kith_span(text, KITH_NEWS_TEXT_MAX + 1));
	assert_int_equal(news(store, 2).text_bytes, KITH_NEWS_TEXT_MAX - 1);
	kith_store_close(store);
}

/* --- history ---------------------------------------------------------------------------------- */

struct past {
	size_t n;
	uint64_t first;
	uint64_t last;
	uint64_t held;
};

static bool note(void *ctx, const struct kith_revision *r)
{
	struct past *past = ctx;
	struct kith_card card;

	assert_ok(kith_card_verify(r->envelope, &card));
	assert_int_equal(card.rev, r->rev);
	if (past->n++ == 0)
		past->first = r->rev;
	past->last = r->rev;
	if (r->held)
		past->held = r->rev;
	return true;
}

static struct past history(struct kith_store *store)
{
	struct past past = {0};

	assert_ok(kith_store_history(store, row_of(store, GRACE), note, &past));
	return past;
}

static void no_more_than_history_max(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);

	/* the one held stays, and the newest of another card, by which an old one is known for old: both came
	 * first */
	assert_ok(world_import(store, GRACE, 7, 1, "name=Work", NULL));
	assert_ok(world_import(store, GRACE, 8, 2, "name=Friends", NULL));
	assert_ok(kith_store_batch(store));
	for (uint64_t rev = 3; rev <= KITH_HISTORY_MAX; rev++)
		assert_ok(world_import(store, GRACE, 1, rev, "name=Grace", NULL));
	assert_ok(kith_store_batch_end(store, true));
	struct past past = history(store);
	assert_int_equal(past.n, KITH_HISTORY_MAX);
	assert_int_equal(world_number(*state, "SELECT count(*) FROM card WHERE rev < 4"), 3);
	assert_ok(world_import(store, GRACE, 1, KITH_HISTORY_MAX + 1, "name=Grace", NULL));
	past = history(store);
	assert_int_equal(past.n, KITH_HISTORY_MAX);
	assert_int_equal(past.first, 1);
	assert_int_equal(past.last, KITH_HISTORY_MAX + 1);
	assert_int_equal(past.held, 1);
	assert_int_equal(world_number(*state, "SELECT sum(rev) FROM card WHERE rev < 4"), 3);
	assert_err(world_import(store, GRACE, 8, 1, "name=Friends", NULL), ROLLBACK);
	assert_err(world_import(store, GRACE, 1, 3, "name=Grace", NULL), ROLLBACK);
	world_sound(*state);
	kith_store_close(store);
}

/* A line about a card that is gone stays, without it, whoever gets its row. */
static void news_of_a_card_that_went(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);

	assert_ok(world_import(store, GRACE, 1, 1, "name=Grace", NULL));
	assert_ok(world_import(store, GRACE, 1, 2, "name=Grace", NULL));
	for (uint64_t rev = 3; rev <= KITH_HISTORY_MAX; rev++) /* beside: no news */
		assert_ok(world_import(store, GRACE, 2, rev, "name=Work", NULL));
	assert_string_equal(news(store, 0).text, "card:1>2");
	assert_ok(world_import(store, GRACE, 2, KITH_HISTORY_MAX + 1, "name=Work", NULL));
	assert_string_equal(news(store, 0).text, "card:0>2");
	kith_store_close(store);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, world_make, world_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_swap_is_news),
		TEST(one_who_gives_no_card),
		TEST(by_file),
		TEST(with_the_change_or_not_at_all),
		TEST(looked_at),
		TEST(no_more_than_news_max),
		TEST(no_more_than_news_each),
		TEST(no_more_text_than_that),
		TEST(no_more_than_history_max),
		TEST(news_of_a_card_that_went),
	};
	return cmocka_run_group_tests_name("store_news", tests, NULL, NULL);
}
