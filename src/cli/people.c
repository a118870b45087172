/* SPDX-License-Identifier: MIT */
#include "cli/people.h"

#include <ctype.h>
#include <stdlib.h>
#include <strings.h>

#include "base/auto.h"
#include "base/limits.h"
#include "base/text.h"
#include "book/hit.h"
#include "cli/lines.h"
#include "cli/person.h"
#include "cli/words.h"

enum { COL_ID, COL_NAME, COL_TWIN, COL_ORG, COL_KNOWN, COL_HIT, COL_STATE, COLUMNS };

#define ID_MIN    4   /* characters of an id that kith_store_who takes at least */
#define ID_LONG   16  /* of ids that cannot be compared with each other for want of memory */
#define NARROWEST 10  /* columns that a name keeps */
#define CELL_MAX  128 /* columns of one cell */
#define GAP       2   /* blanks between columns */

void kith_people_free(struct kith_people *people)
{
	if (!people)
		return;
	for (size_t i = 0; i < people->n; i++) {
		free(people->at[i].name);
		free(people->at[i].org);
		free(people->at[i].known);
		free(people->at[i].hit);
		free(people->at[i].state);
	}
	free(people->at);
	*people = (struct kith_people){0};
}

static char *shown(struct kith_span s, size_t columns)
{
	KITH_AUTO_BUF struct kith_buf text = {0};

	if (kith_show(&text, s, columns))
		return NULL;
	return strndup(text.n ? (const char *)text.p : "", text.n);
}

static char *known(const struct kith_contact *c)
{
	KITH_AUTO_BUF struct kith_buf text = {0};

	if (kith_words_known(&text, c))
		return NULL;
	return shown(kith_buf_span(&text), CELL_MAX);
}

bool kith_people_add(void *ctx, const struct kith_contact *c)
{
	struct kith_people *people = ctx;

	if (people->n == people->cap) {
		size_t cap = people->cap ? people->cap * 2 : 64;
		void *more = reallocarray(people->at, cap, sizeof *people->at);
		if (!more) {
			people->err = KITH_ERR_NOMEM;
			return false;
		}
		people->at = more;
		people->cap = cap;
	}
	struct kith_people_row *r = &people->at[people->n++];
	*r = (struct kith_people_row){.row = c->row};
	(void)kith_person_id(c, r->id);
	r->name = shown(c->name, KITH_SHOWN_NAME);
	if (r->name && !*r->name) {
		free(r->name);
		r->name = strdup(KITH_UNSEEN);
	}
	r->org = shown(c->org, KITH_SHOWN_NAME);
	r->known = known(c);
	r->state = strdup(kith_words_state(c));
	if (!r->name || !r->org || !r->known || !r->state)
		people->err = KITH_ERR_NOMEM;
	return !people->err;
}

static int by_id(const void *a, const void *b)
{
	const struct kith_people_row *const *x = a, *const *y = b;

	return strcasecmp((*x)->id, (*y)->id);
}

/* Characters that both ids begin with, whatever their case. */
static size_t common(const char *a, const char *b)
{
	size_t n = 0;

	while (a[n] && tolower((unsigned char)a[n]) == tolower((unsigned char)b[n]))
		n++;
	return n;
}

/* How many characters of the ids tell these people apart; if not all of them, each of the twins from
 * everybody else.  Put in order, an id has most in common with one beside it. */
static size_t id_chars(const struct kith_people *people, bool all)
{
	KITH_AUTO_FREE const struct kith_people_row **rows = calloc(people->n + 1, sizeof(*rows));
	size_t chars = ID_MIN;

	if (!rows)
		return ID_LONG;
	for (size_t i = 0; i < people->n; i++)
		rows[i] = &people->at[i];
	qsort(rows, people->n, sizeof(*rows), by_id);
	for (size_t i = 1; i < people->n; i++) {
		size_t same = common(rows[i - 1]->id, rows[i]->id);
		if ((all || rows[i - 1]->twin || rows[i]->twin) && same >= chars)
			chars = same + 1;
	}
	return chars;
}

/* A name as it is compared, and whose. */
struct folded {
	struct kith_buf name;
	struct kith_people_row *row;
};

static int by_name(const void *a, const void *b)
{
	struct kith_span x = kith_buf_span(&((const struct folded *)a)->name);
	struct kith_span y = kith_buf_span(&((const struct folded *)b)->name);
	int order = memcmp(x.n ? x.p : (const uint8_t *)"", y.n ? y.p : (const uint8_t *)"",
		x.n < y.n ? x.n : y.n);

	return order ? order : (x.n > y.n) - (x.n < y.n);
}

/* kith_fold of a shown name, which most of the time is ASCII and needs no tables. */
static enum kith_err fold(struct kith_buf *out, const char *name)
{
	char low[KITH_SHOWN_NAME + 1];
	size_t n = 0;

	for (const char *c = name; *c; c++) {
		if (*c & 0x80 || n == KITH_SHOWN_NAME)
			return kith_fold(out, kith_span_str(name));
		if (*c != ' ' || (n > 0 && low[n - 1] != ' '))
			low[n++] = (char)tolower((unsigned char)*c);
	}
	return kith_buf_add(out, low, n);
}

/* Marks those whose names, as they are shown, are the same but for case and accents. */
static enum kith_err mark_twins(struct kith_people *people)
{
	struct folded *all = calloc(people->n ? people->n : 1, sizeof *all);
	enum kith_err err = all ? KITH_OK : KITH_ERR_NOMEM;

	for (size_t i = 0; !err && i < people->n; i++) {
		all[i].row = &people->at[i];
		err = fold(&all[i].name, people->at[i].name);
	}
	if (!err)
		qsort(all, people->n, sizeof *all, by_name);
	for (size_t i = 1; !err && i < people->n; i++)
		if (by_name(&all[i - 1], &all[i]) == 0)
			people->twins = all[i - 1].row->twin = all[i].row->twin = true;
	for (size_t i = 0; all && i < people->n; i++)
		kith_buf_free(&all[i].name);
	free(all);
	return err;
}

enum kith_err kith_people_hits(struct kith_people *people, struct kith_store *store,
	const struct kith_term *terms, size_t n)
{
	for (size_t i = 0; i < people->n; i++) {
		KITH_AUTO_BUF struct kith_buf hit = {0};
		enum kith_err err = kith_hit_find(store, people->at[i].row, terms, n, &hit);
		if (err)
			return err;
		if (hit.n > 0 && !(people->at[i].hit = strndup((const char *)hit.p, hit.n)))
			return KITH_ERR_NOMEM;
	}
	return KITH_OK;
}

struct table {
	size_t width[COLUMNS];
	bool ids;        /* of everybody, in front */
	size_t id_chars; /* how much of them */
	size_t screen;   /* columns of the terminal, 0: not a terminal */
	FILE *out;
};

static const char *cell(const struct table *t, const struct kith_people_row *r, int column,
	char id[static KITH_ID_CHARS + 1])
{
	switch (column) {
	case COL_ID:
	case COL_TWIN:
		if (column != (t->ids ? COL_ID : COL_TWIN) || !(t->ids || r->twin))
			return "";
		(void)snprintf(id, KITH_ID_CHARS + 1, "%.*s", (int)t->id_chars, r->id);
		return id;
	case COL_NAME:
		return r->name;
	case COL_ORG:
		return r->org;
	case COL_KNOWN:
		return r->known;
	case COL_HIT:
		return r->hit ? r->hit : "";
	default:
		return r->state;
	}
}

static size_t columns_of(const char *text)
{
	return kith_text_columns(kith_span_str(text));
}

/* Cells from the left, padded where another one follows, cut at the edge of the screen. */
static void print_row(const struct table *t, const char *const cells[static COLUMNS])
{
	size_t left = t->screen ? t->screen : SIZE_MAX;
	size_t pad = 0;

	for (int c = 0; c < COLUMNS; c++) {
		char cut[CELL_MAX * 8];
		if (t->width[c] == 0)
			continue;
		if (*cells[c] && left > pad) {
			size_t room = left - pad < t->width[c] ? left - pad : t->width[c];
			const char *text = cells[c];
			if (t->screen) /* it is inert already, and only has to fit */
				text = kith_show_in(cut, sizeof cut, kith_span_str(text), room);
			size_t wide = columns_of(text);
			left -= pad + wide;
			for (; pad > 0; pad--)
				(void)putc_unlocked(' ', t->out);
			(void)fputs(text, t->out);
			pad = t->width[c] + GAP - wide;
		} else {
			pad += t->width[c] + GAP;
		}
	}
	(void)fputc('\n', t->out);
}

/* On a narrow screen organisation and name give way: how somebody is known must be seen. */
static void make_room(struct table *t)
{
	static const int giving[] = {COL_ORG, COL_HIT, COL_NAME};
	size_t total = 0;

	for (int c = 0; c < COLUMNS; c++)
		total += c != COL_STATE && t->width[c] ? t->width[c] + GAP : 0;
	for (size_t i = 0; t->screen && i < 3 && total > t->screen; i++) {
		size_t *w = &t->width[giving[i]];
		size_t over = total - t->screen;
		size_t give = *w > NARROWEST ? *w - NARROWEST : 0;
		give = give < over ? give : over;
		*w -= give;
		total -= give;
	}
}

static void measure(struct table *t, const struct kith_people *people)
{
	char id[KITH_ID_CHARS + 1];

	t->screen = kith_lines_columns(t->out);
	for (int c = 0; c < COLUMNS; c++) {
		for (size_t i = 0; i < people->n; i++) {
			size_t w = columns_of(cell(t, &people->at[i], c, id));
			if (w > t->width[c])
				t->width[c] = w;
		}
	}
	make_room(t);
}

static void print_heading(struct table *t, bool color)
{
	static const char *const heads[COLUMNS] = {
		"ID", "NAME", "ID", "ORGANISATION", "KNOWN", "FOUND", "NOTE"};

	for (int c = 0; c < COLUMNS; c++)
		if (t->width[c] > 0 && t->width[c] < strlen(heads[c]))
			t->width[c] = strlen(heads[c]);
	if (color)
		(void)fputs("\033[1m", t->out);
	print_row(t, heads);
	if (color)
		(void)fputs("\033[0m", t->out);
}

void kith_people_print(const struct kith_people *people, bool ids, bool color, FILE *out)
{
	struct table t = {.ids = ids, .out = out};

	if (ids || people->twins)
		t.id_chars = id_chars(people, ids);
	if (people->n == 0)
		return;
	measure(&t, people);
	if (t.screen)
		print_heading(&t, color);
	for (size_t i = 0; i < people->n; i++) {
		char id[2][KITH_ID_CHARS + 1];
		const char *cells[COLUMNS];
		for (int c = 0; c < COLUMNS; c++)
			cells[c] = cell(&t, &people->at[i], c, id[c == COL_TWIN]);
		print_row(&t, cells);
	}
}

json_t *kith_people_json(const struct kith_people *people, struct kith_store *store)
{
	json_t *array = json_array();

	for (size_t i = 0; array && i < people->n; i++) {
		if (json_array_append_new(array, kith_person_json(store, people->at[i].row)) == 0)
			continue;
		json_decref(array);
		return NULL;
	}
	return array;
}

int kith_people_report(struct kith_cli *cli, struct kith_store *store, struct kith_people *people)
{
	if (people->err)
		return kith_cli_fail(people->err, NULL);
	if (!cli->json) {
		enum kith_err err = mark_twins(people);
		if (err)
			return kith_cli_fail(err, NULL);
		kith_people_print(people, false, cli->color, stdout);
		return 0;
	}
	struct kith_json_array array = {.out = stdout};
	for (size_t i = 0; i < people->n; i++) {
		json_t *o = kith_person_json(store, people->at[i].row);
		if (!o)
			return kith_cli_fail_store(KITH_ERR_STORE, store);
		if (!kith_json_add(&array, o))
			return 0;
	}
	kith_json_end(&array);
	return 0;
}
