/* SPDX-License-Identifier: MIT
 *
 * Whose asks meet whose offers.
 */
#include "people_world.h"

#include <math.h>

#include "base/auto.h"
#include "people/match.h"

/* What of me counts; text as for world_card, NULL: nothing. */
static void match(struct kith_store *store, const char *mine, const char *who, struct kith_ties *t,
	struct kith_matches *m)
{
	struct kith_fields fields = {0};
	uint32_t number = KITH_TIES_NOBODY;

	while (mine && *mine) {
		size_t n = strcspn(mine, "\n");
		assert_ok(kith_field_parse(kith_span(mine, n), &fields.at[fields.n++], NULL));
		mine += n + (mine[n] ? 1 : 0);
	}
	kith_matches_free(m);
	kith_ties_free(t);
	assert_ok(kith_ties_read(store, t));
	if (who)
		number = people_number(t, who);
	assert_ok(kith_matches_make(t, store, &fields, number, m));
}

static struct kith_span called(const struct kith_ties *t, uint32_t person)
{
	return person == KITH_MATCH_ME ? kith_span_str("me") : t->people[person].name;
}

/* "Grace<Ada: compilers, cobol|..." */
static void assert_pairs(const struct kith_ties *t, const struct kith_matches *m, const char *text)
{
	KITH_AUTO_BUF struct kith_buf all = {0};

	for (size_t i = 0; i < m->n; i++) {
		const struct kith_match_pair *p = &m->at[i];
		struct kith_span a = called(t, p->asker), b = called(t, p->offerer);
		assert_ok(kith_buf_printf(&all, "%s%.*s<%.*s:", i ? "|" : "", (int)a.n,
			(const char *)a.p, (int)b.n, (const char *)b.p));
		for (size_t k = 0; k < p->words; k++)
			assert_ok(kith_buf_printf(
				&all, " %.*s", (int)p->word[k].n, (const char *)p->word[k].p));
	}
	assert_string_equal(kith_buf_cstr(&all), text);
}

#define WORLD                                                                                      \
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);                           \
	KITH_AUTO(kith_ties_free) struct kith_ties t = {0};                                        \
	KITH_AUTO(kith_matches_free) struct kith_matches m = {0}

static void fields_notes_and_mine(void **state)
{
	WORLD;
	int64_t ada = people_add(store, "Ada", "offers=Compilers, looms");
	int64_t grace = people_add(store, "Grace", "asks=somebody who knows a compiler");
	int64_t joan = people_add(store, "Joan", "");

	match(store, NULL, NULL, &t, &m);
	assert_pairs(&t, &m, "Grace<Ada: compilers");
	assert_true(m.at[0].ask_noted); /* nobody but me has said it */
	people_note(store, joan, "ASKS: a Loom\nfor her daughter");
	people_note(store, joan, "she asks: nothing");
	people_note(store, grace, "Offers:  sailing");
	match(store, "asks=sailing\noffers=daughters\nnote=asks: looms", NULL, &t, &m);
	assert_pairs(&t, &m,
		"Joan<me: daughters|me<Grace: sailing|Grace<Ada: compilers|Joan<Ada: looms");
	assert_true(m.at[1].offer_noted);
	assert_false(m.at[1].ask_noted);
	assert_true(m.at[3].ask_noted);
	assert_true(kith_span_eq(m.at[3].ask, kith_span_str("a Loom\nfor her daughter")));
	assert_true(kith_span_eq(m.at[3].offer, kith_span_str("Compilers, looms")));
	match(store, "asks=sailing", "Ada", &t, &m);
	assert_pairs(&t, &m, "Grace<Ada: compilers|Joan<Ada: looms");
	match(store, "asks=sailing", "Grace", &t, &m);
	assert_pairs(&t, &m, "me<Grace: sailing|Grace<Ada: compilers");
	(void)ada;
	kith_store_close(store);
}

/* In other scripts, with accents, in one field; nobody matches himself. */
static void words(void **state)
{
	WORLD;
	(void)people_add(store, "Ada",
		"offers=R\xc3\xa9"
		"daction (C++)\xe2\x80\x94\xe7\xbf\xbb\xe8\xa8\xb3\nasks=redaction");
	(void)people_add(store, "Bob", "asks=REDACTION?");
	(void)people_add(store, "Cid", "asks=\xe7\xbf\xbb\xe8\xa8\xb3 c");
	(void)people_add(store, "Dan", "asks=the help of who knows this");
	match(store, NULL, NULL, &t, &m);
	assert_pairs(&t, &m, "Cid<Ada: c \xe7\xbf\xbb\xe8\xa8\xb3|Bob<Ada: redaction");
	kith_store_close(store);
}

static void who_knows_each_other(void **state)
{
	WORLD;
	int64_t ada = people_add(store, "Ada", "offers=looms");
	int64_t bob = people_add(store, "Bob", "asks=looms");

	match(store, NULL, NULL, &t, &m);
	assert_pairs(&t, &m, "Bob<Ada: looms");
	people_relate(store, bob, ada);
	match(store, NULL, NULL, &t, &m);
	assert_pairs(&t, &m, "");
	assert_ok(kith_store_relate(store, ada, bob, kith_span("", 0), 1));
	match(store, NULL, NULL, &t, &m);
	assert_pairs(&t, &m, "Bob<Ada: looms");
	kith_store_close(store);
}

/* Who were at the same events can be brought together there: the smallest is named, for others alone. */
static void at_the_same_event(void **state)
{
	WORLD;
	int64_t ada = people_add(store, "Ada", "offers=looms");
	int64_t bob = people_add(store, "Bob", "asks=looms");
	int64_t cid = people_add(store, "Cid", "");

	people_event(store, "Alone", "", (const int64_t[]){ada, cid, 0});
	match(store, "asks=looms", NULL, &t, &m);
	assert_pairs(&t, &m, "me<Ada: looms|Bob<Ada: looms");
	assert_int_equal(m.at[0].event.n + m.at[1].event.n, 0);
	people_event(store, "Ball", "", (const int64_t[]){ada, bob, cid, 0});
	people_event(store, "Choir", "", (const int64_t[]){ada, bob, 0});
	match(store, "asks=looms", NULL, &t, &m);
	assert_pairs(&t, &m, "me<Ada: looms|Bob<Ada: looms");
	assert_int_equal(m.at[0].event.n, 0);
	assert_true(kith_span_eq(m.at[1].event, kith_span_str("Choir")));
	people_relate(store, bob, ada);
	match(store, NULL, NULL, &t, &m);
	assert_pairs(&t, &m, "");
	kith_store_close(store);
}

/* An organisation of CROWD_MAX people excludes, one of one more does not. */
static void crowds(void **state)
{
	WORLD;
	int64_t rows[KITH_CROWD_MAX + 2] = {0};
	char name[32];

	for (int i = 0; i < KITH_CROWD_MAX; i++) {
		(void)snprintf(name, sizeof name, "P%02d", i);
		rows[i] = people_add(store, name,
			i == 0   ? "org=Big Ltd\nasks=looms"
			: i == 1 ? "org=Big Ltd\noffers=looms"
				 : "org=Big Ltd");
	}
	match(store, NULL, NULL, &t, &m);
	assert_pairs(&t, &m, "");
	rows[KITH_CROWD_MAX] = people_add(store, "One more", "org=Big Ltd");
	match(store, NULL, NULL, &t, &m);
	assert_pairs(&t, &m, "P00<P01: looms");
	people_event(store, "Fair", "", rows); /* a crowd, too: it ties nobody, and is named */
	match(store, NULL, NULL, &t, &m);
	assert_true(m.n == 1 && kith_span_eq(m.at[0].event, kith_span_str("Fair")));
	kith_store_close(store);
}

/* By what is kept of an introduction of mine in whatever stage, and of their organisations. */
static void who_was_introduced(void **state)
{
	WORLD;
	int64_t ada = people_add(store, "Ada", "offers=looms");
	int64_t bob = people_add(store, "Bob", "asks=looms");
	char sql[1024];

	(void)snprintf(sql, sizeof sql,
		"INSERT INTO introduction (id, ik, words, at) VALUES (zeroblob(16), zeroblob(32), 'x', 1);"
		"INSERT INTO introduction_side (introduction, contact, ik, salt, at) VALUES "
		"(1, %lld, zeroblob(32), zeroblob(32), 1), (1, %lld, zeroblob(32), zeroblob(32), 1)",
		(long long)bob, (long long)ada);
	match(store, NULL, NULL, &t, &m);
	assert_int_equal(m.n, 1);
	world_sql(*state, sql);
	match(store, NULL, NULL, &t, &m);
	assert_int_equal(m.n, 0);
	world_sql(*state, "DELETE FROM introduction_side; DELETE FROM introduction");
	(void)people_add(store, "Cid", "asks=silk\norg=Initech Ltd");
	(void)people_add(store, "Dan", "offers=silk\norg=INITECH");
	match(store, NULL, NULL, &t, &m);
	assert_pairs(&t, &m, "Bob<Ada: looms");
	kith_store_close(store);
}

static void set_aside_and_again(void **state)
{
	WORLD;
	int64_t ada = people_add(store, "Ada", "offers=looms\nasks=silk");
	int64_t bob = people_add(store, "Bob", "asks=looms");

	assert_ok(kith_store_aside(store, ada, bob, true, 1));
	match(store, "offers=silk", NULL, &t, &m);
	assert_pairs(&t, &m, "Ada<me: silk");
	assert_ok(kith_store_aside(store, ada, ada, true, 1));
	match(store, "offers=silk", NULL, &t, &m);
	assert_pairs(&t, &m, "");
	assert_ok(kith_store_aside(store, bob, ada, false, 1));
	assert_ok(kith_store_aside(store, ada, ada, false, 1));
	match(store, "offers=silk", NULL, &t, &m);
	assert_int_equal(m.n, 2);
	assert_ok(kith_store_reviewed(store, ada, KITH_REVIEW_LETGO, 1));
	match(store, "offers=silk", NULL, &t, &m);
	assert_int_equal(m.n, 0);
	kith_store_close(store);
}

/* The rarer the word the better the pair; of equal ones the nearer ring. */
static void the_best_first(void **state)
{
	WORLD;
	(void)people_add(store, "Offers all", "offers=looms silk");
	(void)people_add(store, "Offers silk", "offers=silk");
	(void)people_add(store, "Asks far", "asks=silk");
	int64_t near = people_add(store, "Asks near", "asks=silk");
	(void)people_add(store, "Asks rare", "asks=looms");
	(void)people_add(store, "Asks two", "asks=looms of silk");

	people_ring(store, near, "outer");
	match(store, NULL, NULL, &t, &m);
	assert_pairs(&t, &m,
		"Asks two<Offers all: looms silk|Asks rare<Offers all: looms|"
		"Asks near<Offers all: silk|Asks near<Offers silk: silk|"
		"Asks far<Offers silk: silk|Asks two<Offers silk: silk");
	assert_true(m.passed_over); /* "Asks far" and "Offers all", who has three */
	match(store, NULL, "Offers all", &t, &m);
	assert_pairs(&t, &m,
		"Asks two<Offers all: looms silk|Asks rare<Offers all: looms|"
		"Asks near<Offers all: silk|Asks far<Offers all: silk");
	assert_false(m.passed_over);
	kith_store_close(store);
}

/* MATCHES_OF_MAX pairs of one, asker or offerer; one more is told with that person alone.  Mine are all told. */
static void of_one_person(void **state)
{
	WORLD;
	char name[32];

	(void)people_add(store, "Eager", "asks=looms silk\noffers=hats");
	(void)people_add(store, "L", "offers=looms");
	(void)people_add(store, "S", "offers=silk");
	(void)people_add(store, "H0", "asks=hats");
	match(store, NULL, NULL, &t, &m);
	assert_pairs(&t, &m, "Eager<L: looms|Eager<S: silk|H0<Eager: hats");
	assert_false(m.passed_over);
	(void)people_add(store, "H1", "asks=hats");
	match(store, NULL, NULL, &t, &m);
	assert_pairs(&t, &m, "Eager<L: looms|Eager<S: silk|H0<Eager: hats");
	assert_true(m.passed_over);
	match(store, NULL, "Eager", &t, &m);
	assert_int_equal(m.n, 4);
	(void)people_add(store, "Other", "offers=hats");
	match(store, NULL, NULL, &t, &m);
	assert_pairs(&t, &m,
		"Eager<L: looms|Eager<S: silk|H0<Eager: hats|H0<Other: hats|H1<Other: hats");
	for (int i = 0; i < KITH_MATCHES_OF_MAX + 1; i++) {
		(void)snprintf(name, sizeof name, "Z%d", i);
		(void)people_add(store, name, i ? "offers=tea" : "offers=tea\nasks=maps");
	}
	match(store, "asks=tea\noffers=maps", NULL, &t, &m);
	size_t mine = 0;
	for (size_t i = 0; i < m.n; i++)
		mine += m.at[i].asker == KITH_MATCH_ME || m.at[i].offerer == KITH_MATCH_ME;
	assert_int_equal(mine, KITH_MATCHES_OF_MAX + 2);
	kith_store_close(store);
}

/* One asks for as many words as each offered by so many people come to before, and behind them for one that "A0" to "A5" offer,
 * all equally rare. */
static void assert_found_last(void **state, int each, int words, const char *pairs)
{
	WORLD;
	char name[32], fields[32], asks[512] = "asks=zz";

	for (int w = 0; w < words; w++) {
		(void)snprintf(asks + strlen(asks), sizeof asks - strlen(asks), " w%02d", w);
		(void)snprintf(fields, sizeof fields, "offers=w%02d", w);
		for (int i = 0; i < each; i++) {
			(void)snprintf(name, sizeof name, "P%02d%d", w, i);
			(void)people_add(store, name, fields);
		}
	}
	for (int i = 0; i < each; i++) {
		(void)snprintf(name, sizeof name, "A%d", i);
		(void)people_add(store, name, "offers=zz");
	}
	(void)people_add(store, "Q", asks);
	match(store, NULL, NULL, &t, &m);
	assert_pairs(&t, &m, pairs);
	kith_store_close(store);
}

/* The MATCH_FINDS-th is compared, and no further one. */
static void compared_with_so_many(void **state)
{
	_Static_assert(KITH_MATCH_FINDS == 128, "21 times 6 and two; 32 times 4");
	assert_found_last(state, 6, 21, "Q<A0: zz|Q<A1: zz|Q<P000: w00");
}

static void compared_with_no_more(void **state)
{
	assert_found_last(state, 4, 32, "Q<P000: w00|Q<P001: w00|Q<P002: w00");
}

/* Four offers of twenty may have a word, and five of a hundred; one more says nothing. */
static void words_of_many(void **state)
{
	WORLD;
	char name[32];

	(void)people_add(store, "Asker", "asks=looms");
	for (int i = 0; i < 4; i++) {
		(void)snprintf(name, sizeof name, "P%03d", i);
		(void)people_add(store, name, "offers=looms");
	}
	match(store, NULL, "Asker", &t, &m);
	assert_int_equal(m.n, 4);
	(void)people_add(store, "P004", "offers=looms");
	match(store, NULL, "Asker", &t, &m);
	assert_int_equal(m.n, 0);
	for (int i = 5; i < 100; i++) {
		(void)snprintf(name, sizeof name, "P%03d", i);
		(void)people_add(store, name, "offers=silk");
	}
	match(store, NULL, "Asker", &t, &m);
	assert_int_equal(m.n, 5);
	(void)people_add(store, "P100", "offers=looms");
	match(store, NULL, "Asker", &t, &m);
	assert_int_equal(m.n, 0);
	kith_store_close(store);
}

/* MATCHES_MAX, and one more: the worst is not told. */
static void as_many_as_are_told(void **state)
{
	WORLD;
	char name[32], fields[64];

	for (int i = 0; i <= KITH_MATCHES_MAX; i++) {
		/* what the first two have is offered by both, and so is less rare */
		(void)snprintf(name, sizeof name, "A%02d", i);
		(void)snprintf(fields, sizeof fields, "asks=thing%02d", i == 1 ? 0 : i);
		(void)people_add(store, name, fields);
		(void)snprintf(name, sizeof name, "B%02d", i);
		(void)snprintf(fields, sizeof fields, "offers=thing%02d", i == 1 ? 0 : i);
		(void)people_add(store, name, fields);
		match(store, NULL, NULL, &t, &m);
		/* two ask for what two offer */
		size_t n = i ? (size_t)i + 3 : 1;
		assert_int_equal(m.n, n < KITH_MATCHES_MAX ? n : KITH_MATCHES_MAX);
	}
	assert_true(kith_span_eq(m.at[0].word[0], kith_span_str("thing02")));
	for (size_t i = 1; i < m.n; i++)
		assert_true(m.at[i].weight <= m.at[i - 1].weight);
	assert_pairs(&t, &(struct kith_matches){.at = {m.at[m.n - 1]}, .n = 1}, "A00<B00: thing00");
	kith_store_close(store);
}

/* --- the same without any short way ----------------------------------------------------------- */

enum { PEOPLE = 120, VOCABULARY = 60 };

struct all {
	bool asks[PEOPLE][VOCABULARY], offers[PEOPLE][VOCABULARY];
	double weight[VOCABULARY];
	struct any_pair {
		int64_t weight; /* in parts of which 1 << 20 are one */
		int a, b;
	} pair[PEOPLE * PEOPLE];
	size_t n;
	int lines[PEOPLE];
};

static int by_any(const void *x, const void *y)
{
	const struct any_pair *p = x, *q = y;

	if (p->weight != q->weight)
		return p->weight > q->weight ? -1 : 1;
	return p->a != q->a ? p->a - q->a : p->b - q->b;
}

static void compare_all(struct all *all)
{
	for (int w = 0; w < VOCABULARY; w++) {
		int n = 0;
		for (int i = 0; i < PEOPLE; i++)
			n += all->offers[i][w];
		all->weight[w] = n && (n < 5 || n * 20 <= PEOPLE) ? log((PEOPLE + 2.) / n) : 0;
	}
	for (int a = 0; a < PEOPLE; a++)
		for (int b = 0; b < PEOPLE; b++) {
			double weight = 0;
			for (int w = 0; w < VOCABULARY; w++)
				if (all->asks[a][w] && all->offers[b][w])
					weight += all->weight[w];
			if (a != b && weight > 0)
				all->pair[all->n++] =
					(struct any_pair){llround(ldexp(weight, 20)), a, b};
		}
	qsort(all->pair, all->n, sizeof *all->pair, by_any);
}

/* A few ask for and offer many words, as a card may. */
static void fill(struct kith_store *store, struct all *all, uint32_t dice)
{
	for (int i = 0; i < PEOPLE; i++) {
		char name[16], text[500] = "asks=x";
		(void)snprintf(name, sizeof name, "P%03d", i);
		for (int side = 0; side < 2; side++) {
			if (side)
				(void)strcat(text, "\noffers=y");
			for (int k = 0; k < (i % 20 ? 4 : 40); k++) {
				dice = dice * 1664525 + 1013904223;
				int word = (int)((dice >> 16) % VOCABULARY *
						 ((dice >> 4) % VOCABULARY) / VOCABULARY);
				(side ? all->offers : all->asks)[i][word] = true;
				(void)snprintf(text + strlen(text), sizeof text - strlen(text),
					" w%02dw", word);
			}
		}
		(void)people_add(store, name, text);
	}
}

/* The best of all pairs, one after the other, as long as both have room. */
static void as_by_comparing_all(void **state)
{
	WORLD;
	struct all *all = calloc(1, sizeof *all);
	size_t n = 0;

	assert_non_null(all);
	fill(store, all, 7);
	compare_all(all);
	match(store, NULL, NULL, &t, &m);
	for (size_t i = 0; i < all->n && n < KITH_MATCHES_MAX; i++) {
		const struct any_pair *p = &all->pair[i];
		if (all->lines[p->a] == KITH_MATCHES_OF_MAX ||
			all->lines[p->b] == KITH_MATCHES_OF_MAX)
			continue;
		all->lines[p->a]++;
		all->lines[p->b]++;
		assert_true(n < m.n);
		assert_int_equal(m.at[n].asker, p->a);
		assert_int_equal(m.at[n].offerer, p->b);
		assert_true(fabs(m.at[n++].weight - ldexp((double)p->weight, -20)) < 1e-5);
	}
	assert_int_equal(n, KITH_MATCHES_MAX);
	assert_int_equal(m.n, n);
	free(all);
	kith_store_close(store);
}

static void common_words(void **state)
{
	static const char *const common[] = {"a", "about", "advice", "help", "helps", "needs",
		"this", "somebody", "has", "is", "knows", "your", "you", "would", "with", "offers"};
	static const char *const words[] = {
		"", "c", "r", "compiler", "aa", "yours1", "zurich", "hel"};

	(void)state;
	for (size_t i = 0; i < sizeof common / sizeof common[0]; i++)
		if (!kith_match_common(kith_span_str(common[i])))
			fail_msg("%s", common[i]);
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (kith_match_common(kith_span_str(words[i])))
			fail_msg("%s", words[i]);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, world_make, world_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(fields_notes_and_mine),
		TEST(words),
		TEST(who_knows_each_other),
		TEST(at_the_same_event),
		TEST(crowds),
		TEST(who_was_introduced),
		TEST(set_aside_and_again),
		TEST(the_best_first),
		TEST(of_one_person),
		TEST(compared_with_so_many),
		TEST(compared_with_no_more),
		TEST(words_of_many),
		TEST(as_many_as_are_told),
		TEST(as_by_comparing_all),
		cmocka_unit_test(common_words),
	};
	return cmocka_run_group_tests_name("people_match", tests, NULL, NULL);
}
