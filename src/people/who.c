/* SPDX-License-Identifier: MIT */
#include "people/who.h"

#include <math.h>
#include <stdlib.h>

#include "base/auto.h"
#include "base/text.h"
#include "people/reason.h"

#define PLURAL 5 /* letters from which on an s at the end is left out */

void kith_who_free(struct kith_who *who)
{
	for (size_t i = 0; i < who->words; i++)
		kith_nearest_free(&who->word[i].near);
	kith_buf_free(&who->text);
	free(who->at);
	*who = (struct kith_who){0};
}

/* --- the question ----------------------------------------------------------------------------- */

/* What people say around what they ask for. */
static const char *const common[] = {"a", "about", "all", "am", "an", "and", "any", "anybody",
	"anyone", "are", "ask", "at", "be", "been", "by", "can", "could", "do", "does", "else",
	"expert", "experts", "familiar", "find", "for", "from", "get", "give", "good", "has",
	"have", "help", "here", "how", "i", "in", "into", "is", "it", "its", "know", "knows",
	"like", "lives", "me", "my", "need", "of", "off", "on", "or", "our", "people", "person",
	"please", "should", "some", "somebody", "someone", "something", "tell", "that", "the",
	"their", "them", "there", "they", "thing", "things", "this", "to", "understands", "us",
	"want", "was", "we", "what", "when", "where", "which", "who", "whom", "whose", "why",
	"will", "with", "work", "works", "would", "you", "your"};

static bool is_common(struct kith_span word)
{
	for (size_t i = 0; i < sizeof common / sizeof common[0]; i++)
		if (kith_span_eq(word, kith_span_str(common[i])))
			return true;
	return false;
}

static bool is_mark(uint8_t c)
{
	return c < 0x80 && memchr(".,;:!?\"'()[]{}<>/-_", c, 19);
}

/* Without marks at both ends, and what belongs to somebody without its 's. */
static struct kith_span bare(struct kith_span s)
{
	while (s.n && is_mark(s.p[0]))
		s = kith_span(s.p + 1, s.n - 1);
	while (s.n && is_mark(s.p[s.n - 1]))
		s.n--;
	if (s.n > 2 && s.p[s.n - 1] == 's' && s.p[s.n - 2] == '\'')
		s.n -= 2;
	return s;
}

/* "databases" is looked for as "database"; what begins so is found by both. */
static struct kith_span single(struct kith_span s)
{
	if (s.n >= PLURAL && s.p[s.n - 1] == 's' && s.p[s.n - 2] != 's')
		s.n--;
	return s;
}

static void add_word(struct kith_who *who, struct kith_span word)
{
	for (size_t i = 0; i < who->words; i++)
		if (kith_span_eq(who->word[i].text, single(word)))
			return;
	if (who->words == KITH_WHO_WORDS)
		who->cut = true;
	else
		who->word[who->words++] =
			(struct kith_who_word){.text = single(word), .asked = word};
}

static void split(struct kith_who *who, bool with_common)
{
	struct kith_span rest = kith_buf_span(&who->text);

	while (rest.n) {
		const uint8_t *blank = memchr(rest.p, ' ', rest.n);
		size_t n = blank ? (size_t)(blank - rest.p) : rest.n;
		struct kith_span word = bare(kith_span(rest.p, n));
		if (word.n && (with_common || !is_common(word)))
			add_word(who, word);
		n += blank != NULL;
		rest = kith_span(rest.p + n, rest.n - n);
	}
}

static enum kith_err read_question(struct kith_who *who, struct kith_span question)
{
	enum kith_err err;

	if (!kith_text_valid(question))
		return KITH_ERR_UTF8;
	if ((err = kith_fold(&who->text, question)))
		return err;
	split(who, false);
	if (who->words == 0) /* "who" alone asks for whatever is called so */
		split(who, true);
	return who->words ? KITH_OK : KITH_ERR_MISSING;
}

/* --- who has the words ------------------------------------------------------------------------ */

struct person {
	double weight;   /* of the words so far */
	uint8_t words;   /* a bit each */
	uint8_t places;  /* of all words */
	uint8_t now;     /* of the present one */
	uint8_t ring;    /* 0: in none */
	bool left_out;   /* let go, or blocked */
	bool let_go;     /* and not blocked */
	bool introduced; /* and never met */
};

_Static_assert(KITH_WHO_WORDS <= 8 && KITH_PLACE_REST < 256 && KITH_RINGS_MAX < 256,
	"stand in one byte each");

struct search {
	struct kith_store *store;
	struct kith_who *who;
	struct person *at; /* by row */
	int64_t most;      /* no row is greater */
	size_t people;     /* there are in all */
	size_t hits;       /* of the words, so far, */
	bool over;         /* and there are more than are looked at */
};

static bool take_standing(void *ctx, const struct kith_standing *s)
{
	struct search *search = ctx;

	if (s->contact < 0 || s->contact > search->most)
		return true;
	struct person *p = &search->at[s->contact];
	if (s->ring)
		p->ring = (uint8_t)s->ring;
	p->left_out |= s->left_out;
	p->let_go |= s->let_go;
	p->introduced |= s->introduced;
	return true;
}

static bool count_row(void *ctx, const struct kith_standing *s)
{
	(void)ctx;
	(void)s;
	return false;
}

static enum kith_err look_at_people(struct search *s)
{
	enum kith_err err = kith_store_standings(s->store, count_row, s, &s->people, &s->most);

	if (err)
		return err;
	if (!(s->at = calloc((size_t)s->most + 1, sizeof *s->at)))
		return KITH_ERR_NOMEM;
	int64_t most = s->most;
	err = kith_store_standings(s->store, take_standing, s, &s->people, &s->most);
	s->most = most; /* who came since is not asked */
	return err;
}

/* Who asks for something is nobody to ask. */
static bool take_place(void *ctx, int64_t contact, uint32_t places)
{
	struct search *search = ctx;

	search->over = search->hits == KITH_QUERY_HITS;
	if (search->over)
		return false;
	search->hits++;
	places &= ~(uint32_t)KITH_PLACE_ASKS;
	if (contact >= 0 && contact <= search->most)
		search->at[contact].now |= (uint8_t)places;
	return true;
}

static size_t count_people(const struct search *s)
{
	size_t count = 0;

	for (int64_t row = 0; row <= s->most; row++)
		count += s->at[row].now && !s->at[row].left_out;
	return count;
}

static size_t count_let_go(const struct search *s)
{
	size_t count = 0;

	for (int64_t row = 0; row <= s->most; row++)
		count += s->at[row].now && s->at[row].let_go;
	return count;
}

/* What only people who were left out have of a word is not taken for the next one. */
static void forget(struct search *s)
{
	for (int64_t row = 0; row <= s->most; row++)
		s->at[row].now = 0;
}

double kith_who_worth(uint32_t places)
{
	return places & KITH_PLACE_OFFERS                     ? 8
	       : places & KITH_PLACE_TAG                      ? 6
	       : places & (KITH_PLACE_TITLE | KITH_PLACE_ORG) ? 4
	       : places & KITH_PLACE_SAID                     ? 3
	       : places & KITH_PLACE_NAME                     ? 2
							      : 1;
}

/* What was found of a word counts, by how rare the word is. */
static void weigh(struct search *s, size_t word)
{
	double rare = log(1 + (double)s->people / (double)s->who->word[word].people);

	for (int64_t row = 0; row <= s->most; row++) {
		struct person *p = &s->at[row];
		if (p->now) {
			p->weight += rare * kith_who_worth(p->now);
			p->words |= (uint8_t)(1u << word);
			p->places |= p->now;
		}
		p->now = 0;
	}
}

static enum kith_err look_for_near(struct search *s, struct kith_who_word *w)
{
	enum kith_err err = kith_nearest_find(s->store, w->asked, &w->near);

	for (size_t i = 0; !err && i < w->near.n; i++)
		err = kith_store_stands(
			s->store, kith_buf_span(&w->near.at[i].text), true, take_place, s);
	w->people = count_people(s);
	if (!err && w->people == 0) /* only people who were left out have those */
		kith_nearest_free(&w->near);
	return err;
}

static enum kith_err look_for(struct search *s, size_t word)
{
	struct kith_who_word *w = &s->who->word[word];
	enum kith_err err = kith_store_stands(s->store, w->text, false, take_place, s);

	w->people = count_people(s);
	if (!err && w->people == 0) {
		w->let_go = count_let_go(s);
		forget(s);
		err = look_for_near(s, w);
	}
	if (!err && w->people)
		weigh(s, word);
	return !err && s->over ? KITH_ERR_LIMIT : err;
}

/* --- the best --------------------------------------------------------------------------------- */

static int by_rank(const void *a, const void *b)
{
	const struct kith_who_hit *x = a, *y = b;
	int words = __builtin_popcount(y->words) - __builtin_popcount(x->words);

	if (words)
		return words;
	if (x->ring != y->ring) /* 0, in none, is the farthest: it wraps around to the greatest */
		return x->ring - 1 < y->ring - 1 ? -1 : 1;
	if (x->weight > y->weight || x->weight < y->weight)
		return x->weight > y->weight ? -1 : 1;
	return (x->contact > y->contact) - (x->contact < y->contact);
}

/* Into the place where it belongs; what has no room falls off the end. */
static void insert(struct kith_who *who, size_t room, struct kith_who_hit hit)
{
	size_t i = who->n;

	if (i == room && by_rank(&hit, &who->at[i - 1]) > 0)
		return;
	if (i < room)
		who->n++;
	else
		i--;
	for (; i > 0 && by_rank(&hit, &who->at[i - 1]) < 0; i--)
		who->at[i] = who->at[i - 1];
	who->at[i] = hit;
}

static bool fits(const struct search *s, int64_t row, bool introduced)
{
	const struct person *p = &s->at[row];

	return p->words && !p->left_out && p->introduced == introduced;
}

static enum kith_err choose(struct search *s, size_t best, bool introduced)
{
	struct kith_who *who = s->who;

	who->people = 0;
	for (int64_t row = 0; row <= s->most; row++)
		who->people += fits(s, row, introduced);
	size_t room = best && best < who->people ? best : who->people;
	who->introduced = introduced && room;
	if (room == 0)
		return KITH_OK;
	if (!(who->at = calloc(room, sizeof *who->at)))
		return KITH_ERR_NOMEM;
	for (int64_t row = 0; row <= s->most; row++) {
		const struct person *p = &s->at[row];
		struct kith_who_hit hit = {row, p->words, p->places, p->ring, p->weight};
		if (!fits(s, row, introduced))
			continue;
		if (room < who->people)
			insert(who, room, hit);
		else
			who->at[who->n++] = hit;
	}
	qsort(who->at, who->n, sizeof *who->at, by_rank);
	return KITH_OK;
}

static enum kith_err ask(struct search *s, struct kith_span question, size_t best)
{
	enum kith_err err = read_question(s->who, question);

	if (!err)
		err = look_at_people(s);
	for (size_t i = 0; !err && i < s->who->words; i++)
		err = look_for(s, i);
	if (!err)
		err = choose(s, best, false);
	if (!err && s->who->n == 0)
		err = choose(s, best, true);
	return err;
}

enum kith_err kith_who_ask(
	struct kith_store *store, struct kith_span question, size_t best, struct kith_who *ret)
{
	struct search s = {.store = store, .who = ret};

	*ret = (struct kith_who){0};
	enum kith_err err = ask(&s, question, best);
	free(s.at);
	if (err)
		kith_who_free(ret);
	return err;
}
