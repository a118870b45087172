/* SPDX-License-Identifier: MIT */
#include "cli/people.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/limits.h"
#include "base/text.h"
#include "cli/person.h"
#include "cli/words.h"

enum { COL_ID, COL_NAME, COL_ORG, COL_KNOWN, COL_STATE, COLUMNS };

#define ID_MIN         4   /* characters of an id that kith_store_who takes at least */
#define ID_LONG        16  /* characters of ids that are too many to compare with each other */
#define ID_FEW         64  /* people whose ids are compared with each other */
#define NARROWEST 10 /* columns that a name keeps */
#define CELL_MAX       128 /* columns of one cell */
#define GAP            2   /* blanks between columns */
#define SCREEN_UNKNOWN 80  /* columns of a terminal that does not tell */

void kith_people_free(struct kith_people *people)
{
	if (!people)
		return;
	for (size_t i = 0; i < people->n; i++) {
		free(people->at[i].name);
		free(people->at[i].org);
		free(people->at[i].known);
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
	r->row = c->row;
	memcpy(r->ik, c->ik, sizeof r->ik);
	r->name = shown(c->name, KITH_SHOWN_NAME);
	if (r->name && !*r->name) {
		free(r->name);
		r->name = strdup(KITH_PEOPLE_UNSEEN);
	}
	r->org = shown(c->org, KITH_SHOWN_NAME);
	r->known = known(c);
	r->state = strdup(kith_words_state(c));
	if (!r->name || !r->org || !r->known || !r->state)
		people->err = KITH_ERR_NOMEM;
	return !people->err;
}

/* How many characters of the ids tell these people apart. */
static size_t id_chars(const struct kith_people *people)
{
	size_t chars = ID_MIN;

	if (people->n > ID_FEW)
		return ID_LONG;
	for (size_t i = 0; i < people->n; i++) {
		for (size_t j = 0; j < i; j++) {
			char a[KITH_ID_CHARS + 1], b[KITH_ID_CHARS + 1];
			size_t same = 0;
			kith_id_text(people->at[i].ik, a);
			kith_id_text(people->at[j].ik, b);
			while (same < KITH_ID_CHARS - 1 && a[same] == b[same])
				same++;
			if (same >= chars)
				chars = same + 1;
		}
	}
	return chars;
}

struct table {
	size_t width[COLUMNS];
	size_t id_chars; /* 0: no ids */
	size_t screen;   /* columns of the terminal, 0: not a terminal */
	FILE *out;
};

static const char *cell(const struct table *t, const struct kith_people_row *r, int column,
	char id[static KITH_ID_CHARS + 1])
{
	switch (column) {
	case COL_ID:
		kith_id_text(r->ik, id);
		id[t->id_chars] = 0;
		return id;
	case COL_NAME:
		return r->name;
	case COL_ORG:
		return r->org;
	case COL_KNOWN:
		return r->known;
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
	static const int giving[] = {COL_ORG, COL_NAME};
	size_t total = 0;

	for (int c = 0; c < COLUMNS; c++)
		total += c != COL_STATE && t->width[c] ? t->width[c] + GAP : 0;
	for (size_t i = 0; t->screen && i < 2 && total > t->screen; i++) {
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
	struct winsize size;

	if (isatty(fileno(t->out)) && ioctl(fileno(t->out), TIOCGWINSZ, &size) == 0)
		t->screen = size.ws_col ? size.ws_col : SCREEN_UNKNOWN;
	for (int c = t->id_chars ? COL_ID : COL_NAME; c < COLUMNS; c++) {
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
	static const char *const heads[COLUMNS] = {"ID", "NAME", "ORGANISATION", "KNOWN", "NOTE"};

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
	struct table t = {.id_chars = ids ? id_chars(people) : 0, .out = out};

	if (people->n == 0)
		return;
	measure(&t, people);
	if (t.screen)
		print_heading(&t, color);
	for (size_t i = 0; i < people->n; i++) {
		char id[KITH_ID_CHARS + 1] = "";
		const char *cells[COLUMNS] = {ids ? cell(&t, &people->at[i], COL_ID, id) : ""};
		for (int c = COL_NAME; c < COLUMNS; c++)
			cells[c] = cell(&t, &people->at[i], c, id);
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

int kith_people_report(
	struct kith_cli *cli, struct kith_store *store, const struct kith_people *people)
{
	if (people->err)
		return kith_cli_fail(people->err, NULL);
	if (!cli->json) {
		kith_people_print(people, false, cli->color, stdout);
		return 0;
	}
	json_t *array = kith_people_json(people, store);
	if (!array)
		return kith_cli_fail_store(KITH_ERR_STORE, store);
	kith_json_line(stdout, array);
	json_decref(array);
	return 0;
}
