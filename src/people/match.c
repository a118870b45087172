/* SPDX-License-Identifier: MIT */
#include "people/match.h"

#include <kith/introduction.h>

#include <math.h>
#include <stdlib.h>

#include "base/auto.h"
#include "base/text.h"
#include "people/array.h"

/* Words that say nothing about a thing; in the order of strcmp. */
static const char *const common[] = {"a", "about", "advice", "all", "also", "am", "an", "and",
	"any", "anybody", "anyone", "anything", "are", "as", "ask", "at", "be", "been", "but", "by",
	"can", "could", "do", "etc", "experience", "for", "from", "get", "give", "good", "has",
	"have", "help", "here", "how", "i", "if", "in", "into", "is", "it", "know", "like",
	"looking", "make", "may", "me", "more", "most", "my", "need", "new", "no", "not", "of",
	"offer", "on", "one", "or", "other", "our", "out", "over", "people", "person", "question",
	"seek", "should", "so", "some", "somebody", "someone", "something", "than", "that", "the",
	"their", "them", "there", "they", "thing", "this", "to", "up", "use", "very", "want", "we",
	"what", "when", "where", "which", "who", "will", "with", "work", "would", "you", "your"};

#define COMMON_MIN   5  /* offers that must have a word before it can pass for nothing, */
#define COMMON_SHARE 20 /* and then one in so many */
#define EXACT_BITS   30 /* behind the point of what a word weighs: their sums are exact; */
#define EQUAL_BITS   20 /* and of a sum: as rare is equal, however it came about */
#define EAGER        16 /* so many times as many offers as words are asked for: these are looked up */
#define NO_RING      1000

/* Pairs are told as long as both people have room.  At most so many people have none while pairs are still told, so of one
 * person the pairs beyond so many are never reached: some are told, the others, in each direction, are with people without
 * room. */
#define SPENT_MAX (2 * KITH_MATCHES_MAX / KITH_MATCHES_OF_MAX)
#define WORTHY    (KITH_MATCHES_OF_MAX + 2 * SPENT_MAX)

/* Choosing so from some of the pairs 2 * MATCHES_MAX proves that from all of them MATCHES_MAX as good can be chosen: one that
 * is told keeps at most two others out.  Those and what they keep out: */
#define PROOF     (2 * KITH_MATCHES_MAX)
#define CLEAR_MAX (PROOF + 2 * SPENT_MAX * WORTHY)
#define FOUND_MAX (2 * CLEAR_MAX)

static int compare(struct kith_span a, struct kith_span b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int c = n ? memcmp(a.p, b.p, n) : 0;

	return c ? c : (a.n > b.n) - (a.n < b.n);
}

/* A plural is the same word. */
static struct kith_span stem(struct kith_span word)
{
	bool plural = word.n >= 4 && word.p[word.n - 1] == 's' && word.p[word.n - 2] != 's';

	return kith_span(word.p, word.n - plural);
}

static bool is_listed(struct kith_span word)
{
	size_t low = 0, high = sizeof common / sizeof common[0];

	while (low < high) {
		size_t middle = (low + high) / 2;
		int c = compare(word, kith_span_str(common[middle]));
		if (c == 0)
			return true;
		if (c < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return false;
}

bool kith_match_common(struct kith_span word)
{
	return is_listed(word) || is_listed(stem(word));
}

void kith_matches_free(struct kith_matches *m)
{
	kith_buf_free(&m->text);
	*m = (struct kith_matches){0};
}

/* --- what is wished --------------------------------------------------------------------------- */

/* Texts are places in the text until all of it stands. */
struct wish {
	size_t text, n;
	bool noted;
};

/* That somebody asks for a word, or offers it. */
struct use {
	uint32_t word;
	uint32_t person;
	uint32_t wish;
	uint32_t n; /* of the word, folded, as it stands there: */
	size_t at;
	bool offers;
};

struct word {
	size_t at, n;      /* its stem */
	size_t start, end; /* uses of those who offer it */
	double weight;     /* 0: passes for nothing */
};

/* A pair that may be told. */
struct found {
	double weight;
	uint32_t ring; /* of both, added */
	uint32_t asker, offerer;
};

struct matching {
	const struct kith_ties *ties;
	uint32_t me; /* my number here: one more than the last */
	uint32_t who;
	uint32_t *ring; /* of each person; 0: me */
	struct kith_matches *out;
	struct kith_buf text;
	struct wish *wishes;
	size_t wishes_n, wishes_cap;
	struct use *uses;
	size_t uses_n, uses_cap;
	struct word *words;
	size_t words_n, words_cap;
	uint32_t *table; /* of words, from 1; a power of two */
	size_t table_n;
	struct pair {
		uint32_t a, b;
	} * apart; /* by a, then b */
	size_t apart_n, apart_cap;
	size_t *place_start; /* of the places of each person; n + 1 */
	uint32_t *place;
	size_t *offer_start; /* of the words that each person offers; n + 2 */
	uint32_t *offer;
	double *asked;   /* what each word weighs for the asker at hand; 0: not asked for */
	uint32_t *seen;  /* by person: the asker, from 1, with whom they were compared last */
	uint16_t *count; /* by person, of pairs; zero between uses */
	struct found *found;
	size_t found_n;
	bool enough; /* only what is better than this one is looked at: */
	struct found least;
	enum kith_err err;
};

static void matching_end(struct matching *m)
{
	kith_buf_free(&m->text);
	free(m->wishes);
	free(m->uses);
	free(m->words);
	free(m->table);
	free(m->apart);
	free(m->place_start);
	free(m->place);
	free(m->ring);
	free(m->offer_start);
	free(m->offer);
	free(m->asked);
	free(m->seen);
	free(m->count);
	free(m->found);
}

static struct kith_span text_at(const struct matching *m, size_t at, size_t n)
{
	return kith_span(m->text.p + at, n);
}

static uint64_t hash(struct kith_span s)
{
	uint64_t h = 14695981039346656037u;

	for (size_t i = 0; i < s.n; i++)
		h = (h ^ s.p[i]) * 1099511628211u;
	return h ^ h >> 32;
}

/* Where the word is in the table, or would be. */
static size_t slot_of(const struct matching *m, struct kith_span key)
{
	size_t i = hash(key) & (m->table_n - 1);

	for (; m->table[i]; i = (i + 1) & (m->table_n - 1)) {
		const struct word *w = &m->words[m->table[i] - 1];
		if (kith_span_eq(text_at(m, w->at, w->n), key))
			break;
	}
	return i;
}

/* Half of the table stays empty. */
static enum kith_err table_room(struct matching *m)
{
	size_t n = m->table_n ? m->table_n * 2 : 256;

	if (m->table && m->words_n * 2 < m->table_n)
		return KITH_OK;
	uint32_t *table = calloc(n, sizeof *table);
	if (!table)
		return KITH_ERR_NOMEM;
	free(m->table);
	m->table = table;
	m->table_n = n;
	for (size_t i = 0; i < m->words_n; i++)
		m->table[slot_of(m, text_at(m, m->words[i].at, m->words[i].n))] = (uint32_t)i + 1;
	return KITH_OK;
}

static enum kith_err word_number(struct matching *m, size_t at, size_t n, uint32_t *ret)
{
	enum kith_err err = table_room(m);

	if (err)
		return err;
	size_t slot = slot_of(m, text_at(m, at, n));
	if (!m->table[slot]) {
		err = kith_array_room(&m->words, &m->words_cap, m->words_n, sizeof *m->words);
		if (err)
			return err;
		m->words[m->words_n++] = (struct word){.at = at, .n = n};
		m->table[slot] = (uint32_t)m->words_n;
	}
	*ret = m->table[slot] - 1;
	return KITH_OK;
}

/* Bytes of the character that begins there. */
static size_t character(const uint8_t *p, size_t n)
{
	size_t len = 1;

	while (len < n && (p[len] & 0xc0) == 0x80)
		len++;
	return len;
}

static bool is_letter(struct kith_span c)
{
	uint8_t b = c.p[0];

	if (b < 0x80)
		return (b >= 'a' && b <= 'z') || (b >= '0' && b <= '9');
	return kith_text_is_word(c);
}

static enum kith_err add_use(struct matching *m, uint32_t person, bool offers, size_t at, size_t n)
{
	struct use u = {.person = person,
		.wish = (uint32_t)m->wishes_n - 1,
		.at = at,
		.n = (uint32_t)n,
		.offers = offers};
	enum kith_err err;

	if (kith_match_common(text_at(m, at, n)))
		return KITH_OK;
	if ((err = word_number(m, at, stem(text_at(m, at, n)).n, &u.word)) ||
		(err = kith_array_room(&m->uses, &m->uses_cap, m->uses_n, sizeof u)))
		return err;
	m->uses[m->uses_n++] = u;
	return KITH_OK;
}

/* Every word of the folded text from there on. */
static enum kith_err add_words(struct matching *m, uint32_t person, bool offers, size_t at)
{
	size_t end = m->text.n, start = at;
	enum kith_err err = KITH_OK;

	while (!err && at < end) {
		size_t n = character(m->text.p + at, end - at);
		bool letter = is_letter(text_at(m, at, n));
		if (!letter && at > start)
			err = add_use(m, person, offers, start, at - start);
		at += n;
		if (!letter)
			start = at;
	}
	return !err && at > start ? add_use(m, person, offers, start, at - start) : err;
}

static struct kith_span trim(struct kith_span s)
{
	while (s.n && (s.p[0] == ' ' || s.p[0] == '\n' || s.p[0] == '\t'))
		s = kith_span(s.p + 1, s.n - 1);
	return s;
}

static enum kith_err add_wish(
	struct matching *m, uint32_t person, bool offers, bool noted, struct kith_span text)
{
	struct wish w = {.text = m->text.n, .noted = noted};
	enum kith_err err;

	text = trim(text);
	w.n = text.n;
	if (m->wishes_n == UINT32_MAX)
		return KITH_ERR_LIMIT;
	if ((err = kith_array_room(&m->wishes, &m->wishes_cap, m->wishes_n, sizeof w)) ||
		(err = kith_buf_add(&m->text, text.p, text.n)))
		return err;
	m->wishes[m->wishes_n++] = w;
	size_t at = m->text.n;
	if ((err = kith_fold(&m->text, text)))
		return err;
	return add_words(m, person, offers, at);
}

static bool take_wish(void *ctx, const struct kith_wish *w)
{
	struct matching *m = ctx;
	uint32_t person = kith_ties_find(m->ties, w->contact);

	if (person != KITH_TIES_NOBODY)
		m->err = add_wish(m, person, w->offers, w->noted, w->text);
	return !m->err;
}

static enum kith_err read_wishes(
	struct matching *m, struct kith_store *store, const struct kith_fields *mine)
{
	enum kith_err err = kith_store_wishes(store, take_wish, m);

	if (err || m->err)
		return err ? err : m->err;
	for (size_t i = 0; !err && i < mine->n; i++)
		if (mine->at[i].kind == KITH_FIELD_ASKS || mine->at[i].kind == KITH_FIELD_OFFERS)
			err = add_wish(m, m->me, mine->at[i].kind == KITH_FIELD_OFFERS, false,
				mine->at[i].part[0]);
	return err;
}

/* --- how rare words are ----------------------------------------------------------------------- */

/* By side: offers by word, then the nearer ring, then person; asks by person. */
static int by_use(const void *x, const void *y, void *ctx)
{
	const struct use *a = x, *b = y;
	const uint32_t *ring = ctx;

	if (a->offers != b->offers)
		return a->offers ? -1 : 1;
	if (!a->offers && a->person != b->person)
		return a->person < b->person ? -1 : 1;
	uint32_t p[3] = {a->word, ring[a->person], a->person};
	uint32_t q[3] = {b->word, ring[b->person], b->person};
	for (int i = 0; i < 3; i++)
		if (p[i] != q[i])
			return p[i] < q[i] ? -1 : 1;
	return a->wish != b->wish ? (a->wish < b->wish ? -1 : 1)
				  : (a->at > b->at) - (a->at < b->at);
}

/* Somebody who says a word twice says it once, in the first wish with it. */
static void sort_uses(struct matching *m)
{
	size_t n = 0;

	if (m->uses_n)
		qsort_r(m->uses, m->uses_n, sizeof *m->uses, by_use, m->ring);
	for (size_t i = 0; i < m->uses_n; i++) {
		const struct use *u = &m->uses[i], *last = n ? &m->uses[n - 1] : NULL;
		if (!last || u->offers != last->offers || u->word != last->word ||
			u->person != last->person)
			m->uses[n++] = *u;
	}
	m->uses_n = n;
}

/* How many people offer something; their uses come first. */
static size_t count_offerers(const struct matching *m, size_t offers, uint8_t *seen)
{
	size_t n = 0;

	for (size_t i = 0; i < offers; i++)
		if (!seen[m->uses[i].person]) {
			seen[m->uses[i].person] = 1;
			n++;
		}
	return n;
}

static double cut(double weight, int bits)
{
	return ldexp(round(ldexp(weight, bits)), -bits);
}

static enum kith_err weigh_words(struct matching *m, size_t *ret_offers)
{
	KITH_AUTO_FREE uint8_t *seen = calloc((size_t)m->me + 1, 1);
	size_t offers = 0;

	if (!seen)
		return KITH_ERR_NOMEM;
	while (offers < m->uses_n && m->uses[offers].offers)
		offers++;
	size_t offerers = count_offerers(m, offers, seen);
	for (size_t i = 0, end; i < offers; i = end) {
		struct word *w = &m->words[m->uses[i].word];
		for (end = i + 1; end < offers && m->uses[end].word == m->uses[i].word; end++)
			continue;
		w->start = i;
		w->end = end;
		if (end - i < COMMON_MIN || (end - i) * COMMON_SHARE <= offerers)
			w->weight = cut(log((m->me + 2.) / (double)(end - i)), EXACT_BITS);
	}
	*ret_offers = offers;
	return KITH_OK;
}

/* --- who is no pair --------------------------------------------------------------------------- */

static int by_pair(const void *x, const void *y)
{
	const struct pair *p = x, *q = y;

	if (p->a != q->a)
		return p->a < q->a ? -1 : 1;
	return (p->b > q->b) - (p->b < q->b);
}

static bool add_apart(void *ctx, int64_t a, int64_t b)
{
	struct matching *m = ctx;
	uint32_t p = kith_ties_find(m->ties, a);
	uint32_t q = a == b ? m->me : kith_ties_find(m->ties, b);

	if (p == KITH_TIES_NOBODY || q == KITH_TIES_NOBODY)
		return true;
	if ((m->err = kith_array_room(&m->apart, &m->apart_cap, m->apart_n, sizeof *m->apart)))
		return false;
	m->apart[m->apart_n++] = (struct pair){p < q ? p : q, p < q ? q : p};
	return true;
}

static enum kith_err read_apart(struct matching *m, struct kith_store *store)
{
	enum kith_err err = kith_store_aparts(store, add_apart, m);

	if (err || m->err)
		return err ? err : m->err;
	for (size_t i = 0; !err && i < m->ties->ties_n; i++)
		if (!(err = kith_array_room(
			      &m->apart, &m->apart_cap, m->apart_n, sizeof *m->apart)))
			m->apart[m->apart_n++] =
				(struct pair){m->ties->ties[i].a, m->ties->ties[i].b};
	if (m->apart_n)
		qsort(m->apart, m->apart_n, sizeof *m->apart, by_pair);
	return err;
}

/* Which events and organisations each is of. */
static enum kith_err index_places(struct matching *m)
{
	const struct kith_ties *t = m->ties;

	m->place_start = calloc(t->n + 3, sizeof *m->place_start);
	m->place = calloc(t->members_n + 1, sizeof *m->place);
	if (!m->place_start || !m->place)
		return KITH_ERR_NOMEM;
	for (size_t i = 0; i < t->members_n; i++)
		m->place_start[t->member[i] + 2]++;
	for (size_t i = 2; i < t->n + 2; i++)
		m->place_start[i] += m->place_start[i - 1];
	for (size_t i = 0; i < t->places_n; i++)
		for (size_t j = t->places[i].start; j < t->places[i].end; j++)
			m->place[m->place_start[t->member[j] + 1]++] = (uint32_t)i;
	return KITH_OK;
}

/* The smallest of the organisations, or of the events, that both are of; NULL: there is none. */
static const struct kith_ties_place *shared(
	const struct matching *m, bool org, uint32_t a, uint32_t b)
{
	size_t i = m->place_start[a], j = m->place_start[b];
	const struct kith_ties_place *best = NULL;

	while (i < m->place_start[a + 1] && j < m->place_start[b + 1]) {
		const struct kith_ties_place *p = &m->ties->places[m->place[i]];
		if (m->place[i] == m->place[j] && p->org == org &&
			(!best || p->end - p->start < best->end - best->start))
			best = p;
		if (m->place[i] <= m->place[j])
			i++;
		else
			j++;
	}
	return best;
}

static bool is_no_pair(const struct matching *m, uint32_t a, uint32_t b)
{
	struct pair key = {a < b ? a : b, a < b ? b : a};

	if (m->apart_n && bsearch(&key, m->apart, m->apart_n, sizeof key, by_pair))
		return true;
	if (a == m->me || b == m->me)
		return false;
	const struct kith_ties_place *org = shared(m, true, a, b);
	return org && !org->crowd;
}

/* --- the best pairs --------------------------------------------------------------------------- */

static int by_worth(const void *x, const void *y)
{
	const struct found *a = x, *b = y;

	if (a->weight != b->weight)
		return a->weight > b->weight ? -1 : 1;
	if (a->ring != b->ring)
		return a->ring < b->ring ? -1 : 1;
	if (a->asker != b->asker)
		return a->asker < b->asker ? -1 : 1;
	return (a->offerer > b->offerer) - (a->offerer < b->offerer);
}

/* Whether that many pairs of one person are enough; of mine, and of whom the question is about, there are never. */
static bool is_at(const struct matching *m, uint32_t person, size_t most)
{
	return person != m->me && person != m->who && m->count[person] >= most;
}

static void count(struct matching *m, const struct found *f)
{
	m->count[f->asker]++;
	m->count[f->offerer]++;
}

static void count_nothing(struct matching *m)
{
	for (size_t i = 0; i < m->found_n; i++)
		m->count[m->found[i].asker] = m->count[m->found[i].offerer] = 0;
}

/* Of those in their order each as long as both have room: where they are.  *ret_passed: how many had none before the last. */
static size_t choose(struct matching *m, size_t most, size_t *ret, size_t *ret_passed)
{
	size_t n = 0;

	*ret_passed = 0;
	for (size_t i = 0; i < m->found_n && n < most; i++) {
		const struct found *f = &m->found[i];
		if (is_at(m, f->asker, KITH_MATCHES_OF_MAX) ||
			is_at(m, f->offerer, KITH_MATCHES_OF_MAX)) {
			++*ret_passed;
			continue;
		}
		count(m, f);
		ret[n++] = i;
	}
	count_nothing(m);
	return n;
}

/* What is never told goes. */
static void clear(struct matching *m)
{
	size_t chosen[PROOF], passed, n = 0;

	qsort(m->found, m->found_n, sizeof *m->found, by_worth);
	if (choose(m, PROOF, chosen, &passed) == PROOF) {
		m->enough = true;
		m->least = m->found[chosen[PROOF - 1]];
		m->found_n = chosen[PROOF - 1] + 1;
	}
	for (size_t i = 0; i < m->found_n; i++) {
		struct found f = m->found[i];
		if (is_at(m, f.asker, WORTHY) || is_at(m, f.offerer, WORTHY))
			continue;
		count(m, &f);
		m->found[n++] = f;
	}
	count_nothing(m);
	m->found_n = n;
}

/* What is known of it is the most that it can be worth. */
static bool may_be_told(const struct matching *m, const struct found *f)
{
	return !m->enough || by_worth(f, &m->least) < 0;
}

static void consider(struct matching *m, const struct found *f)
{
	if (f->asker == f->offerer || f->weight <= 0 || !may_be_told(m, f) ||
		is_no_pair(m, f->asker, f->offerer))
		return;
	if (m->found_n == FOUND_MAX)
		clear(m);
	m->found[m->found_n++] = *f;
}

/* The use of a word by somebody who offers it, or NULL. */
static const struct use *offer_of(const struct matching *m, uint32_t word, uint32_t person)
{
	size_t low = m->words[word].start, high = m->words[word].end;
	uint32_t ring = m->ring[person];

	while (low < high) {
		size_t middle = (low + high) / 2;
		uint32_t other = m->uses[middle].person, far = m->ring[other];
		if (other == person)
			return &m->uses[middle];
		if (far < ring || (far == ring && other < person))
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* What the words weigh that are asked for, in m->asked, too, and that somebody offers. */
static double weigh(const struct matching *m, const struct use *asks, size_t n, uint32_t offerer)
{
	size_t start = m->offer_start[offerer], end = m->offer_start[offerer + 1];
	double weight = 0;

	if ((end - start) / EAGER > n)
		for (size_t i = 0; i < n; i++)
			weight += offer_of(m, asks[i].word, offerer) ? m->words[asks[i].word].weight
								     : 0;
	else
		for (size_t i = start; i < end; i++)
			weight += m->asked[m->offer[i]];
	return cut(weight, EQUAL_BITS);
}

/* Offerers are found by the words in their order, the rarest first, and then by the nearer ring: as long as one may still be told
 * (Turtle and Flood, "Query evaluation: strategies and optimizations", 1995), and MATCH_FINDS at most. */
static void find_offerers(struct matching *m, const struct use *asks, size_t n)
{
	size_t left = asks->person == m->who ? SIZE_MAX : KITH_MATCH_FINDS;
	struct found f = {.asker = asks->person};
	double rest = 0;

	for (size_t i = 0; i < n; i++)
		rest += m->words[asks[i].word].weight;
	for (size_t i = 0; i < n && m->words[asks[i].word].weight > 0; i++) {
		const struct word *w = &m->words[asks[i].word];
		for (size_t j = w->start; j < w->end; j++) {
			f.offerer = m->uses[j].person;
			f.ring = m->ring[f.asker] + m->ring[f.offerer];
			f.weight = cut(rest, EQUAL_BITS);
			if (m->seen[f.offerer] == f.asker + 1 || f.offerer == f.asker)
				continue;
			if (left-- == 0 || !may_be_told(m, &f))
				return;
			m->seen[f.offerer] = f.asker + 1;
			f.weight = weigh(m, asks, n, f.offerer);
			consider(m, &f);
		}
		rest -= w->weight;
	}
}

static void match_asker(struct matching *m, const struct use *asks, size_t n)
{
	struct found f = {.asker = asks->person, .offerer = m->who};

	for (size_t i = 0; i < n; i++)
		m->asked[asks[i].word] = m->words[asks[i].word].weight;
	if (m->who == KITH_TIES_NOBODY || f.asker == m->who) {
		find_offerers(m, asks, n);
	} else {
		f.ring = m->ring[f.asker] + m->ring[f.offerer];
		f.weight = weigh(m, asks, n, f.offerer);
		consider(m, &f);
	}
	for (size_t i = 0; i < n; i++)
		m->asked[asks[i].word] = 0;
}

static int by_weight(const void *x, const void *y, void *ctx)
{
	const struct use *a = x, *b = y;
	const struct matching *m = ctx;
	const struct word *v = &m->words[a->word], *w = &m->words[b->word];

	if (v->weight != w->weight)
		return v->weight > w->weight ? -1 : 1;
	return compare(text_at(m, v->at, v->n), text_at(m, w->at, w->n));
}

/* What each offers. */
static enum kith_err index_offers(struct matching *m, size_t offers)
{
	size_t people = (size_t)m->me + 1;

	m->offer_start = calloc(people + 2, sizeof *m->offer_start);
	m->offer = calloc(offers + 1, sizeof *m->offer);
	if (!m->offer_start || !m->offer)
		return KITH_ERR_NOMEM;
	for (size_t i = 0; i < offers; i++)
		m->offer_start[m->uses[i].person + 2]++;
	for (size_t i = 2; i < people + 2; i++)
		m->offer_start[i] += m->offer_start[i - 1];
	for (size_t i = 0; i < offers; i++)
		m->offer[m->offer_start[m->uses[i].person + 1]++] = m->uses[i].word;
	return KITH_OK;
}

static void tell_best(struct matching *m)
{
	struct kith_matches *out = m->out;
	size_t chosen[KITH_MATCHES_MAX], passed;

	clear(m);
	out->n = choose(m, KITH_MATCHES_MAX, chosen, &passed);
	out->passed_over = passed > 0;
	for (size_t i = 0; i < out->n; i++) {
		const struct found *f = &m->found[chosen[i]];
		out->at[i] = (struct kith_match_pair){.asker = f->asker,
			.offerer = f->offerer,
			.weight = f->weight,
			.ring = f->ring};
	}
}

static enum kith_err match_all(struct matching *m, size_t offers)
{
	enum kith_err err = index_offers(m, offers);

	m->asked = calloc(m->words_n + 1, sizeof *m->asked);
	m->seen = calloc((size_t)m->me + 1, sizeof *m->seen);
	m->count = calloc((size_t)m->me + 1, sizeof *m->count);
	m->found = calloc(FOUND_MAX, sizeof *m->found);
	if (err || !m->asked || !m->seen || !m->count || !m->found)
		return KITH_ERR_NOMEM;
	for (size_t i = offers, end; i < m->uses_n; i = end) {
		for (end = i + 1; end < m->uses_n && m->uses[end].person == m->uses[i].person;
			end++)
			continue;
		qsort_r(m->uses + i, end - i, sizeof *m->uses, by_weight, m);
		match_asker(m, m->uses + i, end - i);
	}
	tell_best(m);
	return KITH_OK;
}

/* --- why -------------------------------------------------------------------------------------- */

static struct kith_span wish_text(const struct matching *m, const struct use *u)
{
	return text_at(m, m->wishes[u->wish].text, m->wishes[u->wish].n);
}

/* The words of a pair, and the wishes with the rarest of them.  Asks of one person stand together, the rarest word first. */
static void say_why(struct matching *m, size_t offers, struct kith_match_pair *pair)
{
	const struct kith_ties_place *event = NULL;
	size_t i = offers;

	if (pair->asker != m->me && pair->offerer != m->me)
		event = shared(m, false, pair->asker, pair->offerer);
	if (event)
		pair->event = event->name;
	while (i < m->uses_n && m->uses[i].person != pair->asker)
		i++;
	for (; i < m->uses_n && m->uses[i].person == pair->asker; i++) {
		const struct use *ask = &m->uses[i];
		const struct use *offer = offer_of(m, ask->word, pair->offerer);
		if (!offer || m->words[ask->word].weight <= 0)
			continue;
		if (pair->words == 0) {
			pair->ask = wish_text(m, ask);
			pair->offer = wish_text(m, offer);
			pair->ask_noted = m->wishes[ask->wish].noted;
			pair->offer_noted = m->wishes[offer->wish].noted;
		}
		if (pair->words == KITH_MATCH_WORDS)
			continue;
		pair->noted[pair->words] =
			m->wishes[ask->wish].noted || m->wishes[offer->wish].noted;
		pair->word[pair->words++] = text_at(m, offer->at, offer->n);
	}
	if (pair->asker == m->me)
		pair->asker = KITH_MATCH_ME;
	if (pair->offerer == m->me)
		pair->offerer = KITH_MATCH_ME;
}

static enum kith_err read_rings(struct matching *m)
{
	m->ring = calloc((size_t)m->me + 1, sizeof *m->ring);
	if (!m->ring)
		return KITH_ERR_NOMEM;
	for (uint32_t i = 0; i < m->me; i++)
		m->ring[i] = m->ties->people[i].ring ? m->ties->people[i].ring : NO_RING;
	return KITH_OK;
}

static enum kith_err make(
	struct matching *m, struct kith_store *store, const struct kith_fields *mine)
{
	size_t offers;
	enum kith_err err = read_wishes(m, store, mine);

	if (err || (err = read_rings(m)))
		return err;
	sort_uses(m);
	if (!(err = weigh_words(m, &offers)) && !(err = read_apart(m, store)) &&
		!(err = index_places(m)))
		err = match_all(m, offers);
	for (size_t i = 0; !err && i < m->out->n; i++)
		say_why(m, offers, &m->out->at[i]);
	return err;
}

enum kith_err kith_matches_make(const struct kith_ties *ties, struct kith_store *store,
	const struct kith_fields *mine, uint32_t who, struct kith_matches *ret)
{
	struct matching m = {.ties = ties, .me = (uint32_t)ties->n, .who = who, .out = ret};
	enum kith_err err;

	*ret = (struct kith_matches){0};
	if (!(err = kith_buf_add(&m.text, "", 1)))
		err = make(&m, store, mine);
	if (!err) { /* the spans of the pairs lie in it */
		ret->text = m.text;
		m.text = (struct kith_buf){0};
	}
	matching_end(&m);
	if (err)
		kith_matches_free(ret);
	return err;
}
