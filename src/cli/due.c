/* SPDX-License-Identifier: MIT */
#include "cli/due.h"

#include <stdlib.h>

#include <kith/due.h>

#include "base/auto.h"
#include "base/text.h"
#include "book/held.h"
#include "cli/when.h"

#define TEXT_COLUMNS 400 /* shown of a promise: more is a note */
#define WEEK         7
#define YEAR         365

void kith_due_lines_free(struct kith_due_lines *lines)
{
	for (size_t i = 0; i < lines->n; i++)
		free(lines->at[i].memory);
	free(lines->at);
	*lines = (struct kith_due_lines){0};
}

/* --- reading ---------------------------------------------------------------------------------- */

/* Whether a command about it names the person. */
static bool names_person(enum kith_due_kind kind)
{
	return kind == KITH_DUE_BIRTHDAY || kind == KITH_DUE_SOON || kind == KITH_DUE_DRIFTING ||
	       kind == KITH_DUE_PENDING;
}

/* `swap` finds somebody by what they are called there, not by an id. */
static enum kith_err find_who(
	struct kith_store *store, const struct kith_due *d, struct kith_due_line *line)
{
	enum kith_err err = kith_due_who(store, d, line->who);
	size_t n = strlen(line->who);

	if (!err && d->kind == KITH_DUE_PENDING &&
		(d->fold.n < n || memcmp(d->fold.p, line->who, n) != 0))
		line->who[0] = 0;
	return err;
}

/* The numbers of promises are their rows. */
static int64_t number_of(const struct kith_due *d)
{
	bool promise = d->kind == KITH_DUE_OVERDUE || d->kind == KITH_DUE_PROMISE ||
		       d->kind == KITH_DUE_THEIRS || d->kind == KITH_DUE_OPEN;

	return promise ? d->row : 0;
}

static char *copy(const struct kith_due *d)
{
	char *memory = malloc(d->name.n + d->text.n + 2);

	if (!memory)
		return NULL;
	if (d->name.n)
		memcpy(memory, d->name.p, d->name.n);
	memory[d->name.n] = 0;
	if (d->text.n)
		memcpy(memory + d->name.n + 1, d->text.p, d->text.n);
	memory[d->name.n + 1 + d->text.n] = 0;
	return memory;
}

static enum kith_err fill(
	struct kith_due_lines *lines, const struct kith_due *d, struct kith_due_line *line)
{
	char *memory = copy(d);

	if (!memory)
		return KITH_ERR_NOMEM;
	*line = (struct kith_due_line){.kind = (int)d->kind,
		.row = d->row ? d->row : d->contact,
		.name = kith_span(memory, d->name.n),
		.text = kith_span(memory + d->name.n + 1, d->text.n),
		.day = d->day,
		.since = d->since,
		.rhythm = d->rhythm,
		.people = d->people,
		.number = number_of(d),
		.leap = d->leap,
		.theirs = d->theirs,
		.thing = d->thing,
		.ahead = d->day > lines->today,
		.memory = memory};
	if ((line->has_key = d->ik.n == KITH_KEY_BYTES))
		memcpy(line->ik, d->ik.p, KITH_KEY_BYTES);
	else if (d->uuid.n == KITH_UID_BYTES)
		memcpy(line->uuid, d->uuid.p, KITH_UID_BYTES);
	return names_person(d->kind) ? find_who(lines->store, d, line) : KITH_OK;
}

static bool take(void *ctx, const struct kith_due *d)
{
	struct kith_due_lines *lines = ctx;

	if (lines->n == lines->cap) {
		size_t cap = lines->cap ? lines->cap * 2 : 32;
		void *more = reallocarray(lines->at, cap, sizeof *lines->at);
		if (!more) {
			lines->err = KITH_ERR_NOMEM;
			return false;
		}
		lines->at = more;
		lines->cap = cap;
	}
	lines->at[lines->n] = (struct kith_due_line){0};
	lines->err = fill(lines, d, &lines->at[lines->n++]);
	return !lines->err;
}

enum kith_err kith_due_read(
	struct kith_due_lines *lines, struct kith_store *store, uint32_t ahead, bool calendar)
{
	lines->store = store;
	lines->now = kith_when_now();
	lines->today = kith_day_at(lines->now);
	enum kith_err err = (calendar ? kith_store_due_calendar : kith_store_due)(
		store, lines->now, lines->today, ahead, take, lines);
	return err ? err : lines->err;
}

static bool count_one(void *ctx, const struct kith_due *d)
{
	(void)d;
	++*(size_t *)ctx;
	return true;
}

enum kith_err kith_due_count(struct kith_store *store, size_t *ret_n)
{
	int64_t now = kith_when_now();

	*ret_n = 0;
	return kith_store_due(store, now, kith_day_at(now), 0, count_one, ret_n);
}

/* --- in words --------------------------------------------------------------------------------- */

/* Where an answer is asked for, the command is the one that says what each does: none is chosen for anybody. */
/* A birthday is settled on the day itself; until then it can be put off to it. */
static bool comes_yet(const struct kith_due_line *line, int32_t on)
{
	return line->kind == KITH_DUE_BIRTHDAY && line->day > on &&
	       line->day - on <= KITH_DUE_AHEAD;
}

size_t kith_due_settle(const struct kith_due_line *line, int32_t on, char buf[static 24],
	const char *ret_words[static KITH_DUE_ARGS])
{
	size_t n = 0;

	ret_words[n++] = "kith";
	switch ((enum kith_due_kind)line->kind) {
	case KITH_DUE_PROPOSED:
	case KITH_DUE_ASKED_BACK:
		ret_words[n++] = "inbox";
		break;
	case KITH_DUE_BIRTHDAY:
	case KITH_DUE_SOON:
	case KITH_DUE_DRIFTING:
		ret_words[n++] = comes_yet(line, on) ? "snooze" : "touch";
		ret_words[n++] = line->who;
		if (comes_yet(line, on)) {
			kith_day_write(line->day, buf);
			ret_words[n++] = buf;
		}
		break;
	case KITH_DUE_REVIEW:
		ret_words[n++] = "review";
		break;
	case KITH_DUE_PENDING:
		ret_words[n++] = "swap";
		if (line->who[0])
			ret_words[n++] = line->who;
		break;
	default:
		(void)snprintf(buf, 24, "%lld", (long long)line->number);
		ret_words[n++] = "promise";
		ret_words[n++] = "done";
		ret_words[n++] = buf;
	}
	return n;
}

enum kith_err kith_due_when(
	struct kith_buf *out, const struct kith_due_lines *lines, const struct kith_due_line *line)
{
	char words[KITH_WHEN_CHARS];
	bool by_day = line->kind == KITH_DUE_OVERDUE || line->kind == KITH_DUE_PROMISE ||
		      line->kind == KITH_DUE_THEIRS || line->kind == KITH_DUE_BIRTHDAY ||
		      line->ahead;

	if (!by_day && line->since == 0)
		return kith_buf_add_str(out, "not yet");
	return kith_buf_add_str(out, kith_when_words(by_day ? line->day : kith_day_at(line->since),
					     lines->today, words));
}

static enum kith_err add_text(struct kith_buf *out, const char *before, struct kith_span text)
{
	enum kith_err err = kith_buf_add_str(out, before);

	return err ? err : kith_show(out, text, TEXT_COLUMNS);
}

static enum kith_err add_rhythm(struct kith_buf *out, uint32_t days)
{
	if (days == 1 || days == WEEK || days == YEAR)
		return kith_buf_printf(out, ", every %s",
			days == 1      ? "day"
			: days == WEEK ? "week"
				       : "year");
	if (days % WEEK == 0)
		return kith_buf_printf(out, ", every %u weeks", (unsigned)days / WEEK);
	return kith_buf_printf(out, ", every %u days", (unsigned)days);
}

static enum kith_err add_drifting(struct kith_buf *out, const struct kith_due_line *line)
{
	enum kith_err err = add_text(out,
		line->ahead        ? "next contact: "
		: line->since == 0 ? "first contact: "
				   : "last contact: ",
		line->text);

	return err ? err : add_rhythm(out, line->rhythm);
}

static enum kith_err add_promise(struct kith_buf *out, const struct kith_due_line *line)
{
	return add_text(out,
		line->thing ? (line->theirs ? "to come back: " : "to give back: ")
			    : (line->theirs ? "they said: " : "you said: "),
		line->text);
}

static enum kith_err add_proposed(struct kith_buf *out, const struct kith_due_line *line)
{
	char words[4 * KITH_SHOWN_LINE * 2];

	return kith_buf_printf(out, "would introduce you to somebody: %s",
		kith_quote_in(words, sizeof words, line->text, KITH_SHOWN_LINE));
}

enum kith_err kith_due_what(struct kith_buf *out, const struct kith_due_line *line)
{
	switch ((enum kith_due_kind)line->kind) {
	case KITH_DUE_PROPOSED:
		return add_proposed(out, line);
	case KITH_DUE_ASKED_BACK:
		return kith_buf_add_str(out, "asks for their card back");
	case KITH_DUE_BIRTHDAY:
		return kith_buf_add_str(out, "birthday");
	case KITH_DUE_SOON:
		return kith_buf_add_str(out, "you wanted to be in touch soon");
	case KITH_DUE_DRIFTING:
		return add_drifting(out, line);
	case KITH_DUE_REVIEW:
		return kith_buf_printf(out, "%zu %s met, to go through", line->people,
			line->people == 1 ? "person" : "people");
	case KITH_DUE_PENDING:
		return kith_buf_add_str(out, "the swap lacks their card");
	default:
		return add_promise(out, line);
	}
}
