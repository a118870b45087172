/* SPDX-License-Identifier: MIT */
#include "people/near.h"

#include "base/auto.h"

#define ONE   4 /* letters from which on a word may be one letter off, */
#define TWO   8 /* and two */
#define ALIKE 2 /* letters in which two words that are two off begin alike */

void kith_nearest_free(struct kith_nearest *near)
{
	for (size_t i = 0; i < near->n; i++)
		kith_buf_free(&near->at[i].text);
	*near = (struct kith_nearest){0};
}

/* --- how far ---------------------------------------------------------------------------------- */

/* Where each letter begins, and behind the last one where the text ends. */
struct letters {
	const uint8_t *at[KITH_NEAR_LETTERS + 1];
	size_t n; /* NEAR_LETTERS + 1: too many */
};

static void read_letters(struct letters *l, struct kith_span s)
{
	l->n = 0;
	for (size_t i = 0; i < s.n; i++) {
		if ((s.p[i] & 0xc0) == 0x80)
			continue;
		if (l->n == KITH_NEAR_LETTERS) {
			l->n++;
			return;
		}
		l->at[l->n++] = s.p + i;
	}
	l->at[l->n] = s.p + s.n;
}

static bool same(const struct letters *a, size_t i, const struct letters *b, size_t j)
{
	size_t n = (size_t)(a->at[i + 1] - a->at[i]);

	return n == (size_t)(b->at[j + 1] - b->at[j]) && memcmp(a->at[i], b->at[j], n) == 0;
}

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* rows of the table: this one, the one before, and the one before that */
static unsigned cell(const struct letters *a, size_t i, const struct letters *b, size_t j,
	unsigned (*row)[KITH_NEAR_LETTERS + 1])
{
	unsigned d = least(row[1][j] + 1, row[0][j - 1] + 1);

	d = least(d, row[1][j - 1] + !same(a, i - 1, b, j - 1));
	if (i > 1 && j > 1 && same(a, i - 1, b, j - 2) && same(a, i - 2, b, j - 1))
		d = least(d, row[2][j - 2] + 1);
	return d;
}

static unsigned distance(const struct letters *a, const struct letters *b, unsigned most)
{
	unsigned row[3][KITH_NEAR_LETTERS + 1];

	for (size_t j = 0; j <= b->n; j++)
		row[0][j] = (unsigned)j;
	for (size_t i = 1; i <= a->n; i++) {
		unsigned best = (unsigned)i;
		memcpy(row[2], row[1], sizeof row[1]);
		memcpy(row[1], row[0], sizeof row[0]);
		row[0][0] = (unsigned)i;
		for (size_t j = 1; j <= b->n; j++)
			best = least(best, row[0][j] = cell(a, i, b, j, row));
		if (best > most)
			return most + 1;
	}
	return row[0][b->n];
}

unsigned kith_distance(struct kith_span a, struct kith_span b, unsigned most)
{
	struct letters x, y;

	read_letters(&x, a);
	read_letters(&y, b);
	if (x.n > KITH_NEAR_LETTERS || y.n > KITH_NEAR_LETTERS || x.n > y.n + most ||
		y.n > x.n + most)
		return most + 1;
	return least(distance(&x, &y, most), most + 1);
}

/* --- the nearest ------------------------------------------------------------------------------ */

struct hunt {
	struct kith_span word;
	unsigned most;
	struct kith_nearest *near;
	enum kith_err err;
};

/* The place of a word that is there already, else of the one that has to give way, else a new one; n: none. */
static size_t place(
	const struct kith_nearest *near, struct kith_span word, unsigned far, size_t people)
{
	size_t worst = near->n;

	for (size_t i = 0; i < near->n; i++)
		if (kith_span_eq(kith_buf_span(&near->at[i].text), word))
			return i;
	if (near->n < KITH_WHO_NEAR)
		return near->n;
	for (size_t i = 0; i < near->n; i++) {
		const struct kith_near_word *w = &near->at[i];
		const struct kith_near_word *v = worst < near->n ? &near->at[worst] : NULL;
		bool worse = w->distance > far || (w->distance == far && w->people < people);
		if (worse && (!v || w->distance > v->distance ||
				     (w->distance == v->distance && w->people < v->people)))
			worst = i;
	}
	return worst;
}

static bool consider(void *ctx, struct kith_span word, size_t people)
{
	struct hunt *h = ctx;
	unsigned far = kith_distance(h->word, word, h->most);

	if (far > h->most || far == 0)
		return true;
	size_t i = place(h->near, word, far, people);
	if (i == KITH_WHO_NEAR)
		return true;
	struct kith_near_word *w = &h->near->at[i];
	if (i == h->near->n) {
		h->near->n++;
	} else if (kith_span_eq(kith_buf_span(&w->text), word)) {
		w->people += people;
		return true;
	}
	kith_buf_clear(&w->text);
	w->people = people;
	w->distance = far;
	h->err = kith_buf_add(&w->text, word.p, word.n);
	if (!h->err && !kith_buf_cstr(&w->text))
		h->err = KITH_ERR_NOMEM;
	return !h->err;
}

static enum kith_err try(
	struct kith_store *store, struct hunt *h, struct kith_span word, bool whole)
{
	enum kith_err err = kith_store_vocabulary(store, word, whole, consider, h);

	return err ? err : h->err;
}

/* The word with another beginning: from `cut` on it goes on behind those letters. */
static enum kith_err try_with(
	struct kith_store *store, struct hunt *h, const char *first, size_t n, size_t cut)
{
	KITH_AUTO_BUF struct kith_buf word = {0};
	enum kith_err err = kith_buf_add(&word, first, n);

	if (!err)
		err = kith_buf_add(&word, h->word.p + cut, h->word.n - cut);
	return err ? err : try(store, h, kith_buf_span(&word), true);
}

/* Everything that is one off within the first letters, where no range of the vocabulary would hold it.  Of words in ASCII. */
static enum kith_err other_beginnings(struct kith_store *store, struct hunt *h)
{
	const char *w = (const char *)h->word.p;
	enum kith_err err = KITH_OK;

	for (char c = 'a'; !err && c <= 'z'; c++) {
		const char one[] = {c}, two[] = {w[0], c};
		if (!(err = try_with(store, h, one, 1, 0)) &&
			!(err = try_with(store, h, one, 1, 1)) &&
			!(err = try_with(store, h, two, 2, 1)))
			err = try_with(store, h, two, 2, 2);
	}
	const char swapped[] = {w[1], w[0]}, later[] = {w[0], w[2], w[1]};
	if (!err)
		err = try_with(store, h, "", 0, 1);
	if (!err)
		err = try_with(store, h, w, 1, 2);
	if (!err)
		err = try_with(store, h, swapped, 2, 2);
	return err ? err : try_with(store, h, later, 3, 3);
}

static bool is_ascii(struct kith_span s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] >= 0x80)
			return false;
	return true;
}

static int by_people(const void *a, const void *b)
{
	const struct kith_near_word *x = a, *y = b;

	if (x->people != y->people)
		return x->people > y->people ? -1 : 1;
	return strcmp((const char *)x->text.p, (const char *)y->text.p);
}

static void drop_farther(struct kith_nearest *near)
{
	unsigned best = UINT32_MAX;
	size_t n = 0;

	for (size_t i = 0; i < near->n; i++)
		best = least(best, near->at[i].distance);
	for (size_t i = 0; i < near->n; i++) {
		struct kith_near_word w = near->at[i];
		if (w.distance > best)
			kith_buf_free(&w.text);
		else
			near->at[n++] = w;
	}
	near->n = n;
	qsort(near->at, near->n, sizeof near->at[0], by_people);
}

enum kith_err kith_nearest_find(
	struct kith_store *store, struct kith_span word, struct kith_nearest *ret)
{
	struct letters l;
	struct hunt h = {.word = word, .near = ret};
	enum kith_err err;

	*ret = (struct kith_nearest){0};
	read_letters(&l, word);
	if (l.n < ONE || l.n > KITH_NEAR_LETTERS)
		return KITH_OK;
	h.most = l.n < TWO ? 1 : 2;
	err = try(store, &h, kith_span(word.p, (size_t)(l.at[ALIKE] - word.p)), false);
	if (!err && is_ascii(word))
		err = other_beginnings(store, &h);
	if (err)
		kith_nearest_free(ret);
	else
		drop_farther(ret);
	return err;
}
