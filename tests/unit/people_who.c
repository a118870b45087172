/* SPDX-License-Identifier: MIT */
#include "people/who.h"

#include "base/auto.h"
#include "people/reason.h"
#include "store_world.h"

static bool a_ring(void *ctx, const struct kith_ring *ring)
{
	((int64_t *)ctx)[ring->place - 1] = ring->row;
	return ring->place < 3;
}

static void into_ring(struct kith_store *store, int64_t who, int place)
{
	int64_t rings[3] = {0};

	assert_ok(kith_store_rings(store, a_ring, rings));
	assert_ok(kith_store_ring_move(store, who, rings[place - 1], 1));
}

static void note(struct kith_store *store, int64_t who, const char *text)
{
	int64_t row;
	struct kith_remark r = {.contact = who, .at = 1777832411, .text = kith_span_str(text)};

	assert_ok(kith_store_remark_put(store, &r, r.at, &row));
}

static int64_t add(struct kith_store *store, const char *text)
{
	static int number;
	char uid[16];

	(void)snprintf(uid, sizeof uid, "%d", ++number);
	return world_entry(store, 0, uid, text);
}

/* Names in order, as "Ada|Bob", "!" before them when they were only introduced. */
static void expect(struct kith_store *store, const char *question, const char *names)
{
	KITH_AUTO(kith_who_free) struct kith_who who = {0};
	char text[512] = "";

	assert_ok(kith_who_ask(store, kith_span_str(question), 0, &who));
	for (size_t i = 0; i < who.n; i++) {
		struct kith_contact c;
		assert_ok(kith_store_contact(store, who.at[i].contact, &c));
		(void)world_names(text, &c);
		kith_contact_free(&c);
	}
	if (strcmp(text, names) != 0)
		fail_msg("%s: %s, not %s", question, text, names);
	assert_int_equal(who.people, who.n);
}

static void expect_words(struct kith_store *store, const char *question, const char *words)
{
	KITH_AUTO(kith_who_free) struct kith_who who = {0};
	KITH_AUTO_BUF struct kith_buf out = {0};

	assert_ok(kith_who_ask(store, kith_span_str(question), 0, &who));
	for (size_t i = 0; i < who.words; i++) {
		const struct kith_who_word *w = &who.word[i];
		assert_ok(kith_buf_printf(&out, "%s%.*s", i ? " " : "", (int)w->text.n, w->text.p));
		for (size_t j = 0; j < w->near.n; j++)
			assert_ok(kith_buf_printf(&out, "%s%.*s", j ? "," : "~",
				(int)w->near.at[j].text.n, w->near.at[j].text.p));
	}
	assert_string_equal(kith_buf_cstr(&out), words);
}

/* As people type them. */
static void questions(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);

	expect_words(store, "who knows about database replication in Zurich?",
		"database replication zurich");
	expect_words(store, "Who's good with C++ and C#?", "c++ c#");
	expect_words(store, "databases", "database");
	expect_words(store, "glass", "glass");
	expect_words(store, "database databases DATABASE", "database");
	expect_words(store, "Ada's \"compilers\", (Rust)", "ada compiler rust");
	expect_words(store, "who", "who"); /* nothing else is asked: then that */
	expect_words(store, "1 2 3 4 5 6 7 8", "1 2 3 4 5 6 7 8");
	struct kith_who who;
	assert_ok(kith_who_ask(store, kith_span_str("1 2 3 4 5 6 7 8"), 0, &who));
	assert_false(who.cut);
	kith_who_free(&who);
	assert_ok(
		kith_who_ask(store, kith_span_str("1 2 3 4 5 6 7 8 9"), 0, &who)); /* one past it */
	assert_true(who.cut);
	assert_int_equal(who.words, KITH_WHO_WORDS);
	kith_who_free(&who);
	assert_err(kith_who_ask(store, kith_span_str(" ?! "), 0, &who), MISSING);
	assert_err(kith_who_ask(store, kith_span_str("a\xff"), 0, &who), UTF8);
	kith_store_close(store);
}

static void places_count(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);

	(void)add(store, "name=Rest\nnote=loom");
	(void)add(store, "name=Loom");
	note(store, add(store, "name=Note"), "has a loom");
	(void)add(store, "name=Org\norg=Loom Ltd");
	int64_t tagged = add(store, "name=Tag");
	assert_ok(kith_store_tag(store, tagged, kith_span_str("loom"), true, 1));
	(void)add(store, "name=Offer\noffers=looms");
	expect(store, "who has a loom", "Offer|Tag|Org|Note|Loom|Rest");
	kith_store_close(store);
}

/* More words, then the nearer ring, then what counts more. */
static void order(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);

	(void)add(store, "name=Offers\noffers=replication");
	int64_t outer = add(store, "name=Outer\nnote=replication");
	int64_t inner = add(store, "name=Inner\nnote=replication");
	note(store, add(store, "name=Both\nnote=replication"), "lives in Z\xc3\xbcrich");
	expect(store, "replication", "Offers|Outer|Inner|Both");
	into_ring(store, outer, 3);
	into_ring(store, inner, 1);
	expect(store, "replication", "Inner|Outer|Offers|Both");
	expect(store, "replication ZURICH", "Both|Inner|Outer|Offers");
	KITH_AUTO(kith_who_free) struct kith_who who = {0};
	assert_ok(kith_who_ask(store, kith_span_str("replication"), 2, &who));
	assert_int_equal(who.n, 2);
	assert_int_equal(who.people, 4);
	assert_int_equal(who.at[0].contact, inner);
	assert_int_equal(who.at[1].contact, outer);
	kith_store_close(store);
}

/* Neither a field nor a note makes who looks for something somebody to ask; another note of theirs does. */
static void who_asks_is_nobody_to_ask(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);

	(void)add(store, "name=Field\nasks=statistics, \xe7\xb5\xb1\xe8\xa8\x88");
	int64_t noted = add(store, "name=Noted");
	note(store, noted, "Asks: statistics help, C++, \xe7\xb5\xb1\xe8\xa8\x88");
	expect(store, "statistics", "");
	expect(store, "statistcs", ""); /* near to it */
	expect(store, "C++", "");
	expect(store, "\xe7\xb5\xb1\xe8\xa8\x88", "");
	note(store, noted, "taught statistics, C++ and \xe7\xb5\xb1\xe8\xa8\x88");
	note(store, add(store, "name=Talk"),
		"asks about statistics, and knows C++ and \xe7\xb5\xb1\xe8\xa8\x88");
	expect(store, "statistics", "Noted|Talk");
	expect(store, "C++", "Noted|Talk");
	expect(store, "\xe7\xb5\xb1\xe8\xa8\x88", "Noted|Talk");
	kith_store_close(store);
}

/* A word that few have says more than one that many have. */
static void rare_words_say_more(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);

	(void)add(store, "name=Common\nnote=alpha");
	(void)add(store, "name=Rare\nnote=beta");
	for (int i = 0; i < 5; i++)
		(void)add(store, "name=X\nnote=alpha");
	expect(store, "alpha beta", "Rare|Common|X|X|X|X|X");
	kith_store_close(store);
}

static void who_is_left_out(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);

	int64_t gone = add(store, "name=Gone\nnote=gamma");
	(void)add(store, "name=Blocked\nnote=gamma");
	(void)add(store, "name=Here\nnote=gamma");
	assert_ok(kith_store_reviewed(store, gone, KITH_REVIEW_LETGO, 5));
	world_sql(*state, "UPDATE contact SET blocked = 1 WHERE name = 'Blocked'");
	expect(store, "gamma", "Here");
	assert_ok(kith_store_reviewed(store, gone, KITH_REVIEW_WAITS, 5));
	expect(store, "gamma", "Gone|Here");
	kith_store_close(store);
}

static void typos(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);

	(void)add(store, "name=Ada\noffers=compilers, database");
	note(store, add(store, "name=Bob"), "knows replication");
	expect_words(store, "compliers", "complier~compilers");
	expect_words(store, "replicatoin", "replicatoin~replication");
	expect_words(store, "xatabase", "xatabase~database");   /* the first letter */
	expect_words(store, "adtabase", "adtabase~database");   /* the first two swapped */
	expect_words(store, "atabase", "atabase~database");     /* one less */
	expect_words(store, "ddatabase", "ddatabase~database"); /* one more */
	expect_words(store, "dtabase", "dtabase~database");
	expect_words(store, "dqatabase", "dqatabase~database");
	expect_words(store, "daatbase", "daatbase~database");
	expect_words(store, "repplicatoin", "repplicatoin~replication"); /* two of them */
	expect_words(store, "repqlicxtoin", "repqlicxtoin");             /* three */
	expect_words(store, "bbo", "bbo");                               /* too short */
	expect_words(store, "comp", "comp");                             /* begins so: no typo */
	expect(store, "compliers", "Ada");
	expect(store, "replicatoin", "Bob");
	expect(store, "who knows the databse?", "Ada");
	kith_store_close(store);
}

static void distances(void **state)
{
	static const struct {
		const char *a, *b;
		unsigned most, far;
	} pairs[] = {{"", "", 2, 0}, {"a", "", 2, 1}, {"", "abc", 2, 3}, {"abc", "abc", 0, 0},
		{"abc", "acb", 2, 1}, {"ca", "abc", 3, 3}, {"kitten", "sitting", 3, 3},
		{"kitten", "sitting", 2, 3}, {"kitten", "sitting", 1, 2}, {"ab", "ba", 1, 1},
		{"\xc3\xbc", "u", 1, 1}, {"\xd0\xb0\xd0\xb1", "\xd0\xb1\xd0\xb0", 1, 1}};
	char long_one[KITH_NEAR_LETTERS + 2];

	(void)state;
	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
		struct kith_span a = kith_span_str(pairs[i].a), b = kith_span_str(pairs[i].b);
		assert_int_equal(kith_distance(a, b, pairs[i].most), pairs[i].far);
		assert_int_equal(kith_distance(b, a, pairs[i].most), pairs[i].far);
	}
	memset(long_one, 'x', sizeof long_one); /* NEAR_LETTERS: at it, and one past */
	assert_int_equal(kith_distance(kith_span(long_one, KITH_NEAR_LETTERS),
				 kith_span(long_one, KITH_NEAR_LETTERS), 2),
		0);
	assert_int_equal(kith_distance(kith_span(long_one, KITH_NEAR_LETTERS + 1),
				 kith_span(long_one, KITH_NEAR_LETTERS + 1), 2),
		3);
}

/* At most WHO_NEAR words, the nearest, and those that most people have. */
static void the_nearest(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);

	(void)add(store, "name=A\nnote=slate slave skate spate");
	(void)add(store, "name=B\nnote=slave skate state slate");
	(void)add(store, "name=C\nnote=skate stake state slate");
	expect_words(store, "slaqe", "slaqe~slate,slave");
	expect_words(store, "sqate", "sqate~skate,slate,state"); /* spate is one too many */
	kith_store_close(store);
}

static void reasons(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	KITH_AUTO(kith_who_free) struct kith_who who = {0};
	KITH_AUTO(kith_reasons_free) struct kith_reasons why = {0};
	int64_t ada = add(store, "name=Ada\noffers=compilers\nnote=compilers of old");

	note(store, ada, "knows LLVM");
	assert_ok(kith_who_ask(store, kith_span_str("llvm compilers ada"), 0, &who));
	assert_int_equal(who.n, 1);
	assert_ok(kith_reasons_find(store, &who, &who.at[0], &why));
	assert_int_equal(why.n, 3);
	assert_string_equal(why.at[0].what, "offers");
	assert_string_equal(kith_buf_cstr(&why.at[0].text), "compilers");
	assert_string_equal(why.at[1].what, "note");
	assert_string_equal(kith_buf_cstr(&why.at[1].text), "knows LLVM");
	assert_int_equal(why.at[1].at, 1777832411);
	assert_string_equal(why.at[2].what, "name");
	kith_store_close(store);
}

/* So many notes with every word make QUERY_HITS; one more is too many. */
static void words_that_stand_everywhere(void **state)
{
	static const char question[] = "b d f g k l m n";
	KITH_AUTO(kith_who_free) struct kith_who who = {0};
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	int64_t row = add(store, "name=999");
	char sql[512];

	(void)snprintf(sql, sizeof sql,
		"INSERT INTO remark (contact, kind, at, text, fold) WITH RECURSIVE n (i) AS (SELECT 1 "
		"UNION ALL SELECT i + 1 FROM n WHERE i < %d) SELECT %lld, 0, 1, 'x', '%s' FROM n; "
		"INSERT INTO said (said) VALUES ('rebuild')",
		KITH_QUERY_HITS / KITH_WHO_WORDS, (long long)row, question);
	world_sql(*state, sql);
	expect(store, question, "999");
	note(store, row, "b");
	assert_int_equal(kith_who_ask(store, kith_span_str(question), 0, &who), KITH_ERR_LIMIT);
	assert_int_equal(who.n, 0);
	expect(store, "b d", "999");
	kith_store_close(store);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, world_make, world_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {TEST(questions), TEST(places_count), TEST(order),
		TEST(who_asks_is_nobody_to_ask), TEST(who_is_left_out), TEST(typos),
		TEST(rare_words_say_more), TEST(who_is_left_out), TEST(typos),
		cmocka_unit_test(distances), TEST(the_nearest), TEST(reasons),
		TEST(words_that_stand_everywhere)};

	return cmocka_run_group_tests_name("people_who", tests, NULL, NULL);
}
