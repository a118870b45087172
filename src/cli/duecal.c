/* SPDX-License-Identifier: MIT
 *
 * duecal - what is due, and what is to come, as a calendar.
 */
#include <stdlib.h>

#include <kith/due.h>

#include "base/auto.h"
#include "base/module.h"
#include "base/text.h"
#include "book/held.h"
#include "calendar/calendar.h"
#include "cli/due.h"
#include "cli/paste.h"

#define SUMMARY_COLUMNS 120
#define UID_CHARS       64

/* An entry, and what it borrows from. */
struct entry {
	char uid[UID_CHARS];
	struct kith_buf summary, description;
};

/* Kinds that are one thing at different times have one name. */
static const char *uid_name(int kind)
{
	switch ((enum kith_due_kind)kind) {
	case KITH_DUE_OVERDUE:
	case KITH_DUE_PROMISE:
	case KITH_DUE_THEIRS:
	case KITH_DUE_OPEN:
		return "promise";
	default:
		return kith_due_name((enum kith_due_kind)kind);
	}
}

/* "Ada Lovelace: birthday" */
static enum kith_err summarize(struct kith_buf *out, const struct kith_due_line *line)
{
	KITH_AUTO_BUF struct kith_buf text = {0};
	enum kith_err err = KITH_OK;

	if (line->kind != KITH_DUE_REVIEW) {
		err = kith_show(&text, line->name, KITH_SHOWN_NAME);
		if (!err)
			err = kith_buf_add_str(&text, text.n ? ": " : KITH_UNSEEN ": ");
	}
	if (!err)
		err = kith_due_what(&text, line);
	if (!err)
		err = kith_show(out, kith_buf_span(&text), SUMMARY_COLUMNS);
	return err || kith_buf_cstr(out) ? err : KITH_ERR_NOMEM;
}

/* The whole text, line by line and inert. */
static enum kith_err add_lines(struct kith_buf *out, struct kith_span text)
{
	enum kith_err err = KITH_OK;

	while (!err && text.n) {
		const uint8_t *end = memchr(text.p, '\n', text.n);
		size_t n = end ? (size_t)(end - text.p) : text.n;
		err = kith_show(out, kith_span(text.p, n), 4 * n);
		if (!err)
			err = kith_buf_add(out, "\n", 1);
		n += end ? 1 : 0;
		text = kith_span(text.p + n, text.n - n);
	}
	return err;
}

static enum kith_err describe(struct kith_buf *out, const struct kith_due_line *line)
{
	char buf[24];
	const char *words[KITH_DUE_ARGS];
	size_t n = kith_due_settle(line, line->day, buf, words);
	enum kith_err err = add_lines(out, line->text);

	return err ? err : kith_paste(out, words, n);
}

/* What was ripe before today is so today. */
static enum kith_err make(const struct kith_due_lines *lines, const struct kith_due_line *line,
	const char *mine, struct entry *e, struct kith_calendar_entry *ret)
{
	int32_t day = line->day > lines->today ? line->day : lines->today;
	enum kith_err err = summarize(&e->summary, line);

	if (!err)
		err = describe(&e->description, line);
	if (err)
		return err;
	(void)snprintf(e->uid, sizeof e->uid, "kith-%s-%lld-%s", uid_name(line->kind),
		(long long)line->row, mine);
	*ret = (struct kith_calendar_entry){.uid = e->uid,
		.date = kith_day_date(day),
		.yearly = line->kind == KITH_DUE_BIRTHDAY,
		.leap_day = line->leap,
		.summary = (const char *)e->summary.p,
		.description = (const char *)e->description.p};
	return KITH_OK;
}

/* My card's id: it stays when my key changes, and nobody else has it. */
static enum kith_err read_mine(struct kith_store *store, char out[static 17])
{
	KITH_AUTO(kith_mine_free) struct kith_mine mine = {0};
	enum kith_err err = kith_store_mine(store, &mine);

	for (size_t i = 0; i < sizeof mine.card; i++)
		(void)snprintf(out + 2 * i, 3, "%02x", mine.card[i]);
	return err;
}

struct made {
	struct entry *own;
	struct kith_calendar_entry *at;
	size_t n;
};

static void made_free(struct made *m)
{
	for (size_t i = 0; m->own && i < m->n; i++) {
		kith_buf_free(&m->own[i].summary);
		kith_buf_free(&m->own[i].description);
	}
	free(m->own);
	free(m->at);
}

static enum kith_err make_all(struct made *m, const struct kith_due_lines *lines, const char *mine)
{
	enum kith_err err = KITH_OK;

	m->own = calloc(lines->n + 1, sizeof *m->own);
	m->at = calloc(lines->n + 1, sizeof *m->at);
	if (!m->own || !m->at)
		return KITH_ERR_NOMEM;
	m->n = lines->n;
	for (size_t i = 0; !err && i < lines->n; i++)
		err = make(lines, &lines->at[i], mine, &m->own[i], &m->at[i]);
	return err;
}

enum kith_err kith_due_calendar(struct kith_buf *out, const struct kith_due_lines *lines,
	size_t *ret_n, struct kith_diag *diag)
{
	KITH_AUTO(made_free) struct made made = {0};
	char mine[17] = "";
	const void *module;
	enum kith_err err = kith_module(KITH_CALENDAR_MODULE, KITH_CALENDAR_SYMBOL, &module, diag);

	if (!err)
		err = read_mine(lines->store, mine);
	if (!err)
		err = make_all(&made, lines, mine);
	if (err)
		return err;
	KITH_AUTO_FREE char *text =
		((const struct kith_calendar *)module)->write(made.at, made.n, lines->now);
	if (!text)
		return KITH_ERR_NOMEM;
	*ret_n = made.n;
	return kith_buf_add_str(out, text);
}
