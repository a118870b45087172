/* SPDX-License-Identifier: MIT
 *
 * event - where people are met: it begins, ends, is looked at, written to a file, forgotten.
 */
#include <kith/cards.h>
#include <kith/people.h>
#include <stdlib.h>

#include "base/auto.h"
#include "base/text.h"
#include "cli/args.h"
#include "cli/eventfile.h"
#include "cli/leftover.h"
#include "cli/lines.h"
#include "cli/people.h"
#include "cli/person.h"
#include "cli/roster.h"
#include "cli/sure.h"
#include "cli/when.h"
#include "cli/words.h"

#define NAMED_MAX 4 /* people in a sentence */

/* For a command that only looks: it writes that an event is over where it can, and looks all the same where not. */
static bool open_to_look(struct kith_cli *cli, struct kith_store **ret, int *ret_status)
{
	return kith_store_open(cli->home, KITH_STORE_USE, ret, NULL) == KITH_OK ||
	       kith_cli_store(cli, KITH_STORE_READ, ret, ret_status);
}

/* The event as the answer of a program. */
static int tell(struct kith_cli *cli, const struct kith_gathering *g)
{
	if (cli->json) {
		json_t *o = kith_gathering_json(g);
		kith_json_tell(cli, o);
	}
	return 0;
}

/* The words from argv[1] on as one name; false with the status set when there is none. */
static bool name_of(
	int argc, char **argv, const char *example, struct kith_buf *name, int *ret_status)
{
	if (argc < 2)
		*ret_status = kith_cli_usage(argv[0], "say which event: %s", example);
	else if (!kith_cli_join(argc, argv, name))
		*ret_status = kith_cli_fail(KITH_ERR_NOMEM, NULL);
	else
		return true;
	return false;
}

/* --- start ------------------------------------------------------------------------------------ */

struct start {
	const char *place, *until, *card;
	int32_t day;
	struct kith_mine mine;
};

static void start_end(struct start *s)
{
	kith_mine_free(&s->mine);
}

static bool read_until(const char *command, struct start *s, int *ret_status)
{
	char day[KITH_DAY_CHARS + 1];

	s->day = KITH_DAY_NONE;
	if (!s->until)
		return true;
	if (!kith_when_read(command, s->until, KITH_DAY_AHEAD, &s->day, ret_status))
		return false;
	if (s->day >= kith_when_today())
		return true;
	kith_day_write(s->day, day);
	*ret_status = kith_cli_usage(command, "%s is past; the last day is today or later", day);
	return false;
}

static bool read_card(struct kith_store *store, struct start *s, int *ret_status)
{
	char shown[4 * KITH_CARD_NAME_MAX + 16];

	if (!s->card)
		return true;
	enum kith_err err = kith_store_card_named(store, kith_span_str(s->card), &s->mine);
	if (err == KITH_ERR_MISSING)
		*ret_status = kith_cli_error(err,
			"there is no card of yours called %s; kith card list shows them",
			kith_quote_in(
				shown, sizeof shown, kith_span_str(s->card), KITH_CARD_NAME_MAX));
	else if (err)
		*ret_status = kith_cli_fail_store(err, store);
	return !err;
}

/* What began, and what it takes the place of. */
static int say_started(
	struct kith_cli *cli, const struct kith_gathering *before, const struct kith_gathering *g)
{
	char name[KITH_GATHERING_SHOWN], date[KITH_DATE_CHARS], card[4 * KITH_CARD_NAME_MAX + 16];
	bool until = g->until != KITH_DAY_NONE;

	if (before->row && before->row != g->row)
		kith_cli_say(cli, "%s has ended.", kith_gathering_quoted(before, name));
	kith_cli_say(cli, "%s runs%s%s: whoever you meet stands with it.",
		kith_gathering_quoted(g, name), until ? ", until " : "",
		until ? kith_words_date(kith_day_begins(g->until), date) : "");
	if (*g->card)
		kith_cli_say(cli, "They are given your card %s.",
			kith_show_in(
				card, sizeof card, kith_span_str(g->card), KITH_CARD_NAME_MAX));
	return tell(cli, g);
}

static int start(struct kith_cli *cli, int argc, char **argv)
{
	KITH_AUTO(start_end) struct start s = {0};
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	KITH_AUTO_BUF struct kith_buf name = {0};
	const struct kith_option options[] = {{.name = "place", .value = &s.place},
		{.name = "until", .value = &s.until}, {.name = "card", .value = &s.card}};
	struct kith_gathering before, g;
	int status;

	if (!kith_args(options, 3, &argc, argv, &status) ||
		!name_of(argc, argv, "kith event start FOSDEM", &name, &status) ||
		!kith_gathering_may(argv[0], "name", kith_buf_cstr(&name), &status) ||
		(s.place && !kith_gathering_may(argv[0], "place", s.place, &status)) ||
		!read_until(argv[0], &s, &status) ||
		!kith_cli_store(cli, KITH_STORE_USE, &store, &status) ||
		!read_card(store, &s, &status) || !kith_gathering_running(store, &before, &status))
		return status;
	struct kith_event event = {.name = kith_span_str(kith_buf_cstr(&name)),
		.place = kith_span_str(s.place ? s.place : ""),
		.began = kith_when_now(),
		.until = s.day,
		.has_card = s.card != NULL};
	memcpy(event.card, s.mine.card, sizeof event.card);
	enum kith_err err = kith_store_event_start(store, &event);
	if (err)
		return kith_cli_fail_store(err, store);
	return kith_gathering_running(store, &g, &status) ? say_started(cli, &before, &g) : status;
}

/* --- stop, list, show ------------------------------------------------------------------------- */

static int stop(struct kith_cli *cli, int argc, char **argv)
{
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	struct kith_gathering g, ended;
	char name[KITH_GATHERING_SHOWN];
	int status;

	if (!kith_args(NULL, 0, &argc, argv, &status))
		return status;
	if (argc > 1)
		return kith_cli_usage(argv[0], "stop takes no name: one event runs at most");
	if (!kith_cli_store(cli, KITH_STORE_USE, &store, &status) ||
		!kith_gathering_running(store, &g, &status))
		return status;
	enum kith_err err =
		g.row ? kith_store_event_stop(store, kith_when_now()) : KITH_ERR_MISSING;
	if (err == KITH_ERR_MISSING)
		return kith_cli_error(err, "no event runs");
	if (err)
		return kith_cli_fail_store(err, store);
	if (!kith_gathering_known(store, g.name, &ended, &status))
		return status;
	kith_cli_say(cli, "%s has ended: %zu %s.", kith_gathering_quoted(&ended, name),
		ended.people, ended.people == 1 ? "person" : "people");
	return tell(cli, &ended);
}

static int say_all(const struct kith_gathering *all, size_t n)
{
	size_t wide = 0;

	for (size_t i = 0; i < n; i++) {
		char name[4 * KITH_SHOWN_NAME];
		kith_show_in(name, sizeof name, kith_span_str(all[i].name), KITH_SHOWN_NAME);
		size_t columns = kith_text_columns(kith_span_str(name));
		wide = columns > wide ? columns : wide;
	}
	for (size_t i = 0; i < n; i++) {
		char name[4 * KITH_SHOWN_NAME], place[4 * KITH_SHOWN_NAME],
			when[KITH_GATHERING_WHEN];
		kith_show_in(name, sizeof name, kith_span_str(all[i].name), KITH_SHOWN_NAME);
		kith_show_in(place, sizeof place, kith_span_str(all[i].place), KITH_SHOWN_NAME);
		kith_lines_print(wide + 2, "%s%*s  %s%s%s, %zu %s%s\n", name,
			(int)(wide - kith_text_columns(kith_span_str(name))), "", place,
			*place ? ", " : "", kith_gathering_when(&all[i], when), all[i].people,
			all[i].people == 1 ? "person" : "people", all[i].runs ? "; it runs" : "");
	}
	return 0;
}

static int list_json(const struct kith_gathering *all, size_t n)
{
	json_t *array = json_array();
	bool bad = !array;

	for (size_t i = 0; !bad && i < n; i++)
		bad = json_array_append_new(array, kith_gathering_json(&all[i]));
	if (!bad)
		kith_json_line(stdout, array);
	json_decref(array);
	return bad ? kith_cli_fail(KITH_ERR_NOMEM, NULL) : 0;
}

static int list(struct kith_cli *cli, int argc, char **argv)
{
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	KITH_AUTO_FREE struct kith_gathering *all = NULL;
	size_t n = 0;
	int status;

	if (!kith_args(NULL, 0, &argc, argv, &status))
		return status;
	if (argc > 1)
		return kith_cli_usage(
			argv[0], "list takes no name; kith event show NAME looks at one");
	if (!open_to_look(cli, &store, &status) || !kith_gathering_all(store, &all, &n, &status))
		return status;
	if (cli->json)
		return list_json(all, n);
	if (n == 0)
		kith_cli_say(cli, "No event yet.  Where you are: kith event start NAME");
	return cli->quiet ? 0 : say_all(all, n);
}

/* The one that is named, else the one that runs. */
static bool find(struct kith_store *store, int argc, char **argv, struct kith_gathering *ret,
	int *ret_status)
{
	KITH_AUTO_BUF struct kith_buf name = {0};

	if (argc > 1)
		return name_of(argc, argv, "", &name, ret_status) &&
		       kith_gathering_named(store, kith_buf_cstr(&name), false, ret, ret_status);
	if (!kith_gathering_running(store, ret, ret_status))
		return false;
	if (!ret->row)
		*ret_status = kith_cli_error(
			KITH_ERR_MISSING, "no event runs; kith event list shows those that did");
	return ret->row != 0;
}

static int show(struct kith_cli *cli, int argc, char **argv)
{
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	struct kith_gathering g;
	int status;

	if (!kith_args(NULL, 0, &argc, argv, &status) || !open_to_look(cli, &store, &status) ||
		!find(store, argc, argv, &g, &status))
		return status;
	return kith_roster_show(cli, store, &g);
}

static int export(struct kith_cli *cli, int argc, char **argv)
{
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	struct kith_eventfile_wish wish = {0};
	const struct kith_option options[] = {{.name = "format", .value = &wish.format},
		{.name = "output", .letter = 'o', .value = &wish.path},
		{.name = "private", .flag = &wish.private}};
	struct kith_gathering g;
	int status;

	if (!kith_args(options, 3, &argc, argv, &status) ||
		!kith_eventfile_may(cli, argv[0], &wish, &status) ||
		!open_to_look(cli, &store, &status) || !find(store, argc, argv, &g, &status))
		return status;
	return kith_eventfile_write(cli, store, &g, &wish);
}

/* --- by hand ---------------------------------------------------------------------------------- */

static int say_put(struct kith_cli *cli, struct kith_store *store, const struct kith_gathering *g,
	int64_t row, bool there)
{
	KITH_AUTO(kith_contact_free) struct kith_contact c = {0};
	char who[KITH_QUOTED_BYTES], name[KITH_GATHERING_SHOWN];
	enum kith_err err = kith_store_contact(store, row, &c);

	if (err)
		return kith_cli_fail_store(err, store);
	kith_cli_say(cli, there ? "%s is on the roster of %s." : "%s is off the roster of %s.",
		kith_held_quoted(c.name, who), kith_gathering_quoted(g, name));
	return cli->json ? kith_person_tell(store, row) : 0;
}

/* add EVENT WHO, remove EVENT WHO */
static int put(struct kith_cli *cli, int argc, char **argv, bool there)
{
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	KITH_AUTO_BUF struct kith_buf who = {0};
	struct kith_gathering g;
	int64_t row;
	int status;

	if (!kith_args(NULL, 0, &argc, argv, &status))
		return status;
	if (argc < 3)
		return kith_cli_usage(argv[0],
			"say which event, and whom: kith event %s FOSDEM grace",
			there ? "add" : "remove");
	if (!kith_cli_join(argc - 1, argv + 1, &who))
		return kith_cli_fail(KITH_ERR_NOMEM, NULL);
	if (!kith_cli_store(cli, KITH_STORE_USE, &store, &status) ||
		!kith_gathering_named(store, argv[1], false, &g, &status) ||
		!kith_cli_who(cli, store, kith_buf_cstr(&who), &row, &status))
		return status;
	enum kith_err err = kith_store_event_add(store, g.row, row, there);
	if (err == KITH_ERR_MISSING && !there)
		return kith_cli_error(err, "they were not there; kith event show lists who was");
	return err ? kith_cli_fail_store(err, store) : say_put(cli, store, &g, row, there);
}

static int add(struct kith_cli *cli, int argc, char **argv)
{
	return put(cli, argc, argv, true);
}

static int remove_person(struct kith_cli *cli, int argc, char **argv)
{
	return put(cli, argc, argv, false);
}

/* --- forget ----------------------------------------------------------------------------------- */

struct forgetting {
	struct kith_cli *cli;
	struct kith_store *store;
	struct kith_gathering g;
	bool people, yes;
	struct kith_people who; /* goes with it */
};

static void forgetting_end(struct forgetting *f)
{
	kith_people_free(&f->who);
	kith_store_close(f->store);
}

/* With --people: that not everybody of the roster goes, and why. */
static void say_who_stays(const struct forgetting *f)
{
	size_t n = f->g.people > f->who.n ? f->g.people - f->who.n : 0;

	if (f->people && n)
		kith_cli_say(f->cli,
			"%zu of its roster %s: not met only there, or you wrote about them.", n,
			n == 1 ? "stays" : "stay");
}

/* Shows what goes and asks; false with the status set when it stays. */
static bool may_forget(const struct forgetting *f, int *ret_status)
{
	char name[KITH_GATHERING_SHOWN], question[KITH_GATHERING_SHOWN + 80];

	if (f->yes)
		return true;
	if (!f->cli->tty || f->cli->json) {
		*ret_status =
			kith_cli_usage("event", "without a terminal to ask at, forget needs --yes");
		return false;
	}
	kith_gathering_quoted(&f->g, name);
	(void)printf("%s goes, and its name from the meetings of %zu %s.\n", name, f->g.people,
		f->g.people == 1 ? "person" : "people");
	if (f->who.n) {
		(void)printf("With it all that is known of those who were met only there:\n\n");
		kith_people_print(&f->who, false, f->cli->color, stdout);
		(void)printf("\n");
	}
	say_who_stays(f);
	(void)snprintf(question, sizeof question,
		f->who.n ? "Forget %s, and %zu %s? [y/N] " : "Forget %s? [y/N] ", name, f->who.n,
		f->who.n == 1 ? "person" : "people");
	if (kith_sure(question))
		return true;
	*ret_status = kith_cli_error(KITH_ERR_DECLINED, "nothing was forgotten");
	return false;
}

/* Whether those who would go now are those who were shown. */
static enum kith_err still_the_same(const struct forgetting *f)
{
	KITH_AUTO(kith_people_free) struct kith_people now = {0};
	enum kith_err err = kith_store_event_only(f->store, f->g.row, kith_people_add, &now);

	if (err || now.err)
		return err ? err : now.err;
	if (now.n != f->who.n)
		return KITH_ERR_BUSY;
	for (size_t i = 0; i < now.n; i++) {
		size_t j = 0;
		while (j < f->who.n && f->who.at[j].row != now.at[i].row)
			j++;
		if (j == f->who.n)
			return KITH_ERR_BUSY;
	}
	return KITH_OK;
}

static enum kith_err forget_it(struct forgetting *f, size_t *ret_people)
{
	enum kith_err err = kith_store_batch(f->store);

	if (err)
		return err;
	if (f->people)
		err = still_the_same(f);
	if (!err)
		err = kith_store_event_forget(f->store, f->g.row, f->people, ret_people);
	enum kith_err done = kith_store_batch_end(f->store, !err);
	return err ? err : done;
}

/* ", with "Ada Lovelace", "Bob" and 3 more". */
static enum kith_err name_gone(const struct kith_people *who, struct kith_buf *out)
{
	size_t named = who->n > NAMED_MAX ? NAMED_MAX - 1 : who->n; /* never "1 more" */
	char name[4 * KITH_SHOWN_NAME + 16];
	enum kith_err err = KITH_OK;

	for (size_t i = 0; !err && i < named; i++) {
		const char *before = i == 0 ? ", with " : i + 1 == who->n ? " and " : ", ";
		err = kith_buf_printf(out, "%s%s", before,
			kith_quote_in(name, sizeof name, kith_span_str(who->at[i].name),
				KITH_SHOWN_NAME));
	}
	return err || named == who->n ? err : kith_buf_printf(out, " and %zu more", who->n - named);
}

static int say_forgotten(struct forgetting *f, json_t *gone)
{
	KITH_AUTO_BUF struct kith_buf with = {0};
	char name[KITH_GATHERING_SHOWN];

	kith_leftover_sweep(f->cli, f->store);
	if (name_gone(&f->who, &with))
		with.n = 0; /* it is done; only the sentence is shorter */
	kith_cli_say(f->cli, "%s is forgotten%.*s.", kith_gathering_quoted(&f->g, name),
		(int)with.n, with.n ? (const char *)with.p : "");
	if (f->yes)
		say_who_stays(f);
	if (f->cli->json) {
		json_t *o = kith_gathering_json(&f->g);
		if (o && json_object_set(o, "forgotten", gone)) {
			json_decref(o);
			o = NULL;
		}
		kith_json_tell(f->cli, o);
	}
	return 0;
}

static int forget_now(struct forgetting *f)
{
	json_t *gone = f->cli->json ? kith_people_json(&f->who, f->store) : NULL;
	size_t people;
	enum kith_err err = f->cli->json && !gone ? KITH_ERR_NOMEM : forget_it(f, &people);
	int status;

	if (err == KITH_ERR_BUSY)
		status = kith_cli_error(err,
			"those who would go with it are others meanwhile; nothing was forgotten, look "
			"again");
	else
		status = err ? kith_cli_fail_store(err, f->store) : say_forgotten(f, gone);
	json_decref(gone);
	return status;
}

static int forget(struct kith_cli *cli, int argc, char **argv)
{
	KITH_AUTO(forgetting_end) struct forgetting f = {.cli = cli};
	KITH_AUTO_BUF struct kith_buf name = {0};
	const struct kith_option options[] = {{.name = "people", .flag = &f.people},
		{.name = "yes", .letter = 'y', .flag = &f.yes}};
	int status;

	if (!kith_args(options, 2, &argc, argv, &status) ||
		!name_of(argc, argv, "kith event forget FOSDEM", &name, &status) ||
		!kith_cli_store(cli, KITH_STORE_USE, &f.store, &status) ||
		!kith_gathering_named(f.store, kith_buf_cstr(&name), true, &f.g, &status))
		return status;
	enum kith_err err = KITH_OK;
	if (f.people)
		err = kith_store_event_only(f.store, f.g.row, kith_people_add, &f.who);
	if (err || f.who.err)
		return kith_cli_fail_store(err ? err : f.who.err, f.store);
	return may_forget(&f, &status) ? forget_now(&f) : status;
}

/* --- which of them ---------------------------------------------------------------------------- */

int kith_cmd_event(struct kith_cli *cli, int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*run)(struct kith_cli *cli, int argc, char **argv);
	} all[] = {{"start", start}, {"stop", stop}, {"list", list}, {"show", show}, {"add", add},
		{"remove", remove_person}, {"export", export}, {"forget", forget}};
	char shown[128];

	if (argc < 2)
		return list(cli, argc, argv);
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		if (strcmp(argv[1], all[i].name) != 0)
			continue;
		argv[1] = argv[0];
		return all[i].run(cli, argc - 1, argv + 1);
	}
	return kith_cli_usage(argv[0],
		"%s is none of start, stop, list, show, add, remove, export and forget",
		kith_quote_in(shown, sizeof shown, kith_span_str(argv[1]), 20));
}
