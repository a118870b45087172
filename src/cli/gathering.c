/* SPDX-License-Identifier: MIT */
#include "cli/gathering.h"

#include <kith/cards.h>
#include <kith/people.h>
#include <stdlib.h>

#include "base/auto.h"
#include "base/text.h"
#include "cli/person.h"
#include "cli/when.h"
#include "cli/words.h"

static void copy(char *out, size_t cap, struct kith_span s)
{
	size_t n = s.n < cap ? s.n : cap - 1;

	if (n)
		memcpy(out, s.p, n);
	out[n] = 0;
}

/* --- reading ---------------------------------------------------------------------------------- */

struct reading {
	struct kith_store *store;
	struct kith_gathering *at;
	size_t n;
	size_t cap;      /* may grow when it is 0 at first */
	bool one;        /* at has room for one alone */
	bool running;    /* those that are read run, by the clock of now */
	uint8_t card[8]; /* that is looked for, and goes to the last of them */
	enum kith_err err;
};

static bool take_card(void *ctx, const struct kith_my_card *card)
{
	struct reading *r = ctx;
	struct kith_gathering *g = &r->at[r->n - 1];

	if (memcmp(card->card, r->card, sizeof r->card) != 0)
		return true;
	copy(g->card, sizeof g->card, card->name);
	g->card_gone = card->gone;
	return false;
}

static bool make_room(struct reading *r)
{
	if (r->one || r->n < r->cap)
		return true;
	size_t cap = r->cap ? r->cap * 2 : 16;
	void *more = reallocarray(r->at, cap, sizeof *r->at);
	if (!more) {
		r->err = KITH_ERR_NOMEM;
		return false;
	}
	r->at = more;
	r->cap = cap;
	return true;
}

static bool take(void *ctx, const struct kith_event *event)
{
	struct reading *r = ctx;

	if (!make_room(r))
		return false;
	struct kith_gathering *g = &r->at[r->n++];
	*g = (struct kith_gathering){.row = event->row,
		.began = event->began,
		.since = event->started ? event->started : event->began,
		.until = event->until,
		.ended = event->ended,
		.runs = r->running,
		.people = event->people};
	copy(g->name, sizeof g->name, event->name);
	copy(g->place, sizeof g->place, event->place);
	memcpy(r->card, event->card, sizeof r->card);
	if (event->has_card)
		r->err = kith_store_cards(r->store, take_card, r);
	return !r->err && !r->one;
}

static bool told(const struct reading *r, enum kith_err err, int *ret_status)
{
	if (!err)
		err = r->err;
	if (err)
		*ret_status = kith_cli_fail_store(err, r->store);
	return !err;
}

bool kith_gathering_running(struct kith_store *store, struct kith_gathering *ret, int *ret_status)
{
	struct reading r = {.store = store, .at = ret, .one = true, .running = true};

	*ret = (struct kith_gathering){0};
	return told(&r,
		kith_store_event_running(store, kith_when_now(), kith_when_today(), take, &r),
		ret_status);
}

bool kith_gathering_known(
	struct kith_store *store, const char *name, struct kith_gathering *ret, int *ret_status)
{
	struct reading r = {.store = store, .at = ret, .one = true};

	*ret = (struct kith_gathering){0};
	enum kith_err err = kith_store_event_named(store, kith_span_str(name), take, &r);
	if (err == KITH_ERR_MISSING) {
		copy(ret->name, sizeof ret->name, kith_span_str(name));
		err = KITH_OK;
	}
	return told(&r, err, ret_status);
}

bool kith_gathering_all(
	struct kith_store *store, struct kith_gathering **ret, size_t *ret_n, int *ret_status)
{
	struct reading r = {.store = store};
	struct kith_gathering running;

	if (!kith_gathering_running(store, &running, ret_status))
		return false;
	if (!told(&r, kith_store_events(store, take, &r), ret_status)) {
		free(r.at);
		return false;
	}
	for (size_t i = 0; i < r.n; i++)
		r.at[i].runs = r.at[i].row == running.row;
	*ret = r.at;
	*ret_n = r.n;
	return true;
}

/* --- what a meeting carries ------------------------------------------------------------------- */

bool kith_gathering_may(const char *command, const char *what, const char *text, int *ret_status)
{
	char shown[16];

	if (strlen(text) > KITH_EVENT_MAX)
		*ret_status = kith_cli_usage(
			command, "the %s of an event has at most %d bytes", what, KITH_EVENT_MAX);
	else if (!kith_text_valid(kith_span_str(text)))
		*ret_status = kith_cli_error(
			KITH_ERR_UTF8, "the %s of the event is not valid UTF-8", what);
	else if (!*kith_show_in(shown, sizeof shown, kith_span_str(text), 1))
		*ret_status = kith_cli_usage(command, "the %s of the event shows nothing", what);
	else
		return true;
	return false;
}

bool kith_gathering_carried(struct kith_store *store, const char *command, const char *asked,
	struct kith_gathering *ret, int *ret_status)
{
	*ret = (struct kith_gathering){0};
	if (!asked)
		return kith_gathering_running(store, ret, ret_status);
	if (!*asked)
		return true;
	return kith_gathering_may(command, "name", asked, ret_status) &&
	       kith_gathering_known(store, asked, ret, ret_status);
}

bool kith_gathering_card(
	const struct kith_gathering *g, const char *asked, const char **ret, int *ret_status)
{
	char name[KITH_GATHERING_SHOWN], card[4 * KITH_CARD_NAME_MAX + 16];

	*ret = asked ? asked : *g->card ? g->card : NULL;
	if (asked || !g->card_gone)
		return true;
	*ret_status = kith_cli_error(KITH_ERR_MISSING,
		"your card %s, which is given at %s, was removed; say which one instead: --card NAME, "
		"or kith event start with --card for all that come",
		kith_quote_in(card, sizeof card, kith_span_str(g->card), KITH_CARD_NAME_MAX),
		kith_gathering_quoted(g, name));
	return false;
}

/* --- telling ---------------------------------------------------------------------------------- */

const char *kith_gathering_quoted(
	const struct kith_gathering *g, char out[static KITH_GATHERING_SHOWN])
{
	return kith_quote_in(out, KITH_GATHERING_SHOWN, kith_span_str(g->name), KITH_SHOWN_NAME);
}

/* A moment of the day that was its last: at the end of a last day that was said, the next one has begun. */
static int64_t last_moment(const struct kith_gathering *g)
{
	bool whole = g->until != KITH_DAY_NONE && g->ended == kith_day_begins(g->until + 1);

	return g->ended - whole;
}

const char *kith_gathering_when(
	const struct kith_gathering *g, char out[static KITH_GATHERING_WHEN])
{
	char began[KITH_DATE_CHARS], other[KITH_DATE_CHARS];

	kith_words_date(g->runs ? g->since : g->began, began);
	if (!g->runs && g->ended) {
		kith_words_date(last_moment(g), other);
		(void)snprintf(out, KITH_GATHERING_WHEN, "%s%s%s", began,
			strcmp(began, other) != 0 ? " to " : "",
			strcmp(began, other) != 0 ? other : "");
	} else if (g->runs && g->until != KITH_DAY_NONE) {
		kith_words_date(kith_day_begins(g->until), other);
		(void)snprintf(out, KITH_GATHERING_WHEN, "since %s, until %s", began, other);
	} else {
		(void)snprintf(
			out, KITH_GATHERING_WHEN, "since %s%s", began, g->runs ? "" : ", and over");
	}
	return out;
}

static json_t *text_or_null(const char *text)
{
	return *text ? kith_json_text(kith_span_str(text)) : json_null();
}

json_t *kith_gathering_json(const struct kith_gathering *g)
{
	char at[KITH_DATE_CHARS], day[KITH_DAY_CHARS + 1] = "";
	json_t *o = json_object();

	if (!o)
		return NULL;
	if (g->until != KITH_DAY_NONE)
		kith_day_write(g->until, day);
	int bad = json_object_set_new(o, "name", kith_json_text(kith_span_str(g->name)));
	bad |= json_object_set_new(o, "place", text_or_null(g->place));
	bad |= json_object_set_new(o, "began", json_string(kith_words_iso(g->began, at)));
	bad |= json_object_set_new(o, "started", json_string(kith_words_iso(g->since, at)));
	bad |= json_object_set_new(o, "until", text_or_null(day));
	bad |= json_object_set_new(
		o, "ended", g->ended ? json_string(kith_words_iso(g->ended, at)) : json_null());
	bad |= json_object_set_new(o, "runs", json_boolean(g->runs));
	bad |= json_object_set_new(o, "card", text_or_null(g->card));
	bad |= json_object_set_new(o, "people", json_integer((json_int_t)g->people));
	if (!bad)
		return o;
	json_decref(o);
	return NULL;
}
