/* SPDX-License-Identifier: MIT */
#include "store/rank.h"

#include <stdlib.h>

#include "store/people.h"
#include "store/words.h"

#define PLACES    8
#define RANKED    256   /* people whose texts are read to put them into order */
#define UNREAD    4096  /* bytes that count for a text that is not read */
#define WORTH_MAX 32768 /* of all words: one more cannot overflow */

/* By column of the index: a word of the name counts as ten elsewhere, what one asks people about as two. */
static const uint8_t worths[PLACES] = {10, 2, 2, 2, 2, 2, 1, 1};

void kith_worth_free(struct kith_worth *worth)
{
	free(worth->sum);
	free(worth->now);
	*worth = (struct kith_worth){0};
}

enum kith_err kith_worth_make(struct kith_worth *worth, int64_t most)
{
	size_t rows = (size_t)(most < 0 ? 0 : most) + 1;

	*worth = (struct kith_worth){.sum = calloc(rows, sizeof *worth->sum),
		.now = calloc(rows, sizeof *worth->now),
		.rows = rows};
	return worth->sum && worth->now ? KITH_OK : KITH_ERR_NOMEM;
}

void kith_worth_see(struct kith_worth *worth, int64_t row, uint32_t places)
{
	uint8_t best = 0;

	if (row < 0 || (size_t)row >= worth->rows)
		return;
	for (unsigned i = 0; i < PLACES; i++)
		if ((places >> i & 1) && worths[i] > best)
			best = worths[i];
	if (best <= worth->now[row] || worth->sum[row] >= WORTH_MAX)
		return;
	worth->sum[row] = (uint16_t)(worth->sum[row] + best - worth->now[row]);
	worth->now[row] = best;
}

void kith_worth_next(struct kith_worth *worth)
{
	memset(worth->now, 0, worth->rows);
}

/* --- in the order of names -------------------------------------------------------------------- */

struct telling {
	struct kith_store *store;
	kith_contact_fn fn;
	void *ctx;
	bool more;
};

static enum kith_err tell(struct telling *t, int64_t row)
{
	struct kith_contact contact;
	struct kith_query q =
		kith_query(t->store, "SELECT " KITH_CONTACT_COLUMNS " FROM contact WHERE row = ?1");

	kith_bind_int(&q, row);
	if (kith_query_row(&q)) {
		kith_contact_read(&q, &contact);
		t->more = t->fn(t->ctx, &contact);
	}
	return kith_query_end(&q);
}

/* By an index that holds both, and nothing else. */
#define BY_NAME "SELECT row FROM contact INDEXED BY contact_fold ORDER BY fold, row"

static enum kith_err by_name(struct telling *t, const struct kith_rows *rows, size_t best)
{
	enum kith_err err = KITH_OK;
	size_t left = kith_rows_count(rows);

	if (best && left > best)
		left = best;
	struct kith_query q = kith_query(t->store, BY_NAME);
	while (!err && left && t->more && kith_query_row(&q)) {
		int64_t row = kith_column_int(&q, 0);
		if (!kith_rows_has(rows, row))
			continue;
		left--;
		err = tell(t, row);
	}
	enum kith_err done = kith_query_end(&q);
	return err ? err : done;
}

/* --- the best first --------------------------------------------------------------------------- */

struct candidate {
	int64_t row;
	size_t at;      /* in the order of names */
	uint32_t worth; /* of the places */
	uint32_t whole; /* words that are there, and not only begin so */
	size_t text;    /* bytes of the texts in which they stand: less of them is more about it */
};

static int by_worth(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	if (x->worth != y->worth)
		return x->worth > y->worth ? -1 : 1;
	if (x->whole != y->whole)
		return x->whole > y->whole ? -1 : 1;
	if (x->text != y->text)
		return x->text < y->text ? -1 : 1;
	return (x->at > y->at) - (x->at < y->at);
}

/* The worth from which on everybody is a candidate, and how many of exactly that there is room for. */
static enum kith_err threshold(const struct kith_rows *rows, const struct kith_worth *worth,
	size_t room, uint32_t *ret_worth, size_t *ret_room)
{
	size_t *count = calloc((size_t)UINT16_MAX + 1, sizeof *count);
	uint32_t at = UINT16_MAX;

	if (!count)
		return KITH_ERR_NOMEM;
	for (size_t row = 0; row < worth->rows; row++)
		if (kith_rows_has(rows, (int64_t)row))
			count[worth->sum[row]]++;
	while (at > 0 && count[at] < room)
		room -= count[at--];
	*ret_worth = at;
	*ret_room = room;
	free(count);
	return KITH_OK;
}

static enum kith_err gather(struct kith_store *store, const struct kith_rows *rows,
	const struct kith_worth *worth, struct candidate *at, size_t *n, size_t cap)
{
	uint32_t least;
	size_t room;
	enum kith_err err = threshold(rows, worth, cap, &least, &room);

	if (err)
		return err;
	struct kith_query q = kith_query(store, BY_NAME);
	for (*n = 0; *n < cap && kith_query_row(&q);) {
		int64_t row = kith_column_int(&q, 0);
		if (!kith_rows_has(rows, row) || worth->sum[row] < least ||
			(worth->sum[row] == least && room == 0))
			continue;
		room -= worth->sum[row] == least;
		at[*n] = (struct candidate){.row = row, .at = *n, .worth = worth->sum[row]};
		++*n;
	}
	return kith_query_end(&q);
}

/* One word in the parts of what is known of somebody, at the best of them. */
static void look_for(
	struct candidate *c, struct kith_span word, const struct kith_span part[static PLACES])
{
	uint8_t best = 0;
	int how = 0;
	size_t text = UNREAD;

	for (size_t i = 0; i < PLACES; i++) {
		int begins = worths[i] > best ? kith_words_begin(part[i], word) : 0;
		if (!begins)
			continue;
		best = worths[i];
		how = begins;
		text = part[i].n;
	}
	c->whole += how == 2;
	c->text += text;
}

static enum kith_err read_texts(
	struct kith_store *store, const struct kith_selection *asked, struct candidate *c)
{
	struct kith_span part[PLACES];
	struct kith_query q = kith_query(store,
		"SELECT name, offers, asks, title, org, tags, promised, text FROM search WHERE "
		"contact = ?1");

	kith_bind_int(&q, c->row);
	if (kith_query_row(&q)) {
		for (int i = 0; i < PLACES; i++)
			part[i] = kith_column_span(&q, i);
		for (size_t i = 0; i < asked->n; i++)
			if (asked->terms[i].key == KITH_TERM_WORD && !asked->terms[i].not )
				look_for(c, asked->terms[i].text, part);
	}
	return kith_query_end(&q);
}

static enum kith_err the_best(struct telling *t, const struct kith_selection *asked,
	const struct kith_rows *rows, const struct kith_worth *worth)
{
	size_t n = kith_rows_count(rows);
	size_t most = asked->best > RANKED ? asked->best : RANKED;
	size_t cap = asked->best && n > most ? most : n;
	KITH_AUTO_FREE struct candidate *at = calloc(cap + 1, sizeof *at);
	enum kith_err err = at ? KITH_OK : KITH_ERR_NOMEM;

	if (!err)
		err = gather(t->store, rows, worth, at, &n, cap);
	for (size_t i = 0; !err && i < n && at[i].worth; i++)
		err = read_texts(t->store, asked, &at[i]);
	if (err)
		return err;
	qsort(at, n, sizeof *at, by_worth);
	if (asked->best && n > asked->best)
		n = asked->best;
	for (size_t i = 0; !err && t->more && i < n; i++)
		err = tell(t, at[i].row);
	return err;
}

enum kith_err kith_rank(struct kith_store *store, const struct kith_selection *asked,
	const struct kith_rows *rows, const struct kith_worth *worth, kith_contact_fn fn, void *ctx)
{
	struct telling t = {.store = store, .fn = fn, .ctx = ctx, .more = true};

	return worth ? the_best(&t, asked, rows, worth) : by_name(&t, rows, asked->best);
}
