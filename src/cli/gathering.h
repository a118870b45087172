/* SPDX-License-Identifier: MIT
 *
 * gathering - an event as commands hold it: the one that runs, the one that is named, the one that a meeting carries.
 * Source: proto/people.md, "Events".
 */
#ifndef KITH_CLI_GATHERING_H
#define KITH_CLI_GATHERING_H

#include <jansson.h>

#include "base/limits.h"
#include "cli/cli.h"

/* One event.  A plain value; row 0: none. */
struct kith_gathering {
	int64_t row;
	char name[KITH_EVENT_MAX + 1];
	char place[KITH_EVENT_MAX + 1]; /* empty: not said */
	int64_t began;                  /* its first moment, Unix seconds */
	int64_t since;                  /* when it was started last, else the same */
	int32_t until;                  /* its last day; KITH_DAY_NONE of kith/people.h: not said */
	int64_t ended;                  /* Unix seconds; 0: not, as far as is written */
	bool runs;
	char card[KITH_CARD_NAME_MAX + 1]; /* which of mine is given there; empty: not said */
	bool card_gone;                    /* it was removed since */
	size_t people;
};

/* The one that runs now; row 0: none does.  One whose time is over is ended, where the store is open for it.  False with
 * the status set and told: store errors. */
bool kith_gathering_running(struct kith_store *store, struct kith_gathering *ret, int *ret_status);

/* The one of that name, case and accents ignored; row 0 and the name when there is none.  False as above. */
bool kith_gathering_known(
	struct kith_store *store, const char *name, struct kith_gathering *ret, int *ret_status);

/* The one of that name; unless the whole name is asked for, else the one that alone begins so (gathering_named.c).  False with
 * the status set, and told, with the names that are like it, when there is none. */
bool kith_gathering_named(struct kith_store *store, const char *name, bool whole,
	struct kith_gathering *ret, int *ret_status);

/* All, the one that began last first, to be freed with free.  False as above. */
bool kith_gathering_all(
	struct kith_store *store, struct kith_gathering **ret, size_t *ret_n, int *ret_status);

/* Whether that may be the name, or the place, of an event: it is told why not, with the status set. */
bool kith_gathering_may(const char *command, const char *what, const char *text, int *ret_status);

/*
 * What a meeting carries: asked is the argument of --event ("" for none, then the name is empty), NULL: the one that runs,
 * if one does.  One that nobody has heard of has row 0 and the name.  False as above.
 */
bool kith_gathering_carried(struct kith_store *store, const char *command, const char *asked,
	struct kith_gathering *ret, int *ret_status);

/*
 * Which card of mine is given there: asked is the argument of --card, else that of the event, else NULL: "me".  *ret borrows
 * from either.  False with the status set, and told: the one of the event was removed since, and a fuller one must not go
 * out in its place.
 */
bool kith_gathering_card(
	const struct kith_gathering *g, const char *asked, const char **ret, int *ret_status);

/* "FOSDEM" between quotation marks, inert.  Returns out. */
#define KITH_GATHERING_SHOWN (4 * KITH_SHOWN_NAME + 32)
const char *kith_gathering_quoted(
	const struct kith_gathering *g, char out[static KITH_GATHERING_SHOWN]);

/* "1 February 2026", "1 February 2026 to 2 February 2026", "since 1 February 2026", with "until 2 February 2026".  Returns out. */
#define KITH_GATHERING_WHEN 128
const char *kith_gathering_when(
	const struct kith_gathering *g, char out[static KITH_GATHERING_WHEN]);

/* {"name", "place", "began", "started", "until", "ended", "runs", "card", "people"}: place, until, ended and card null where there is
 * none, people a number.  NULL: memory ran out. */
json_t *kith_gathering_json(const struct kith_gathering *g);

#endif
