/* SPDX-License-Identifier: MIT
 *
 * review - the morning after: goes through those whom I met and have not decided about; calls back who was let go.
 */
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/text.h"
#include "book/held.h"
#include "cli/args.h"
#include "cli/gathering.h"
#include "cli/person.h"
#include "cli/review.h"
#include "cli/use.h"
#include "cli/when.h"

struct wish {
	const char *event;
	const char *since;
	bool back;
	bool plain;
};

/* --- called back ------------------------------------------------------------------------------ */

static int call_back(struct kith_cli *cli, struct kith_store *store, int64_t row)
{
	KITH_AUTO(kith_contact_free) struct kith_contact c = {0};
	char name[KITH_QUOTED_BYTES];
	enum kith_err err = kith_store_contact(store, row, &c);

	if (!err && c.faded)
		err = kith_store_reviewed(store, row, KITH_REVIEW_KEEP, kith_when_now());
	if (err)
		return kith_cli_fail_store(err, store);
	kith_cli_say(cli, c.faded ? "%s is back, and kept." : "%s was not let go.",
		kith_held_quoted(c.name, name));
	return cli->json ? kith_person_tell(store, row) : 0;
}

/* --- whom to ask about ------------------------------------------------------------------------ */

static int add_waiting(struct kith_walk *w, const struct wish *wish)
{
	struct kith_gathering g = {0};
	int64_t since = 0;
	int32_t day;
	int status = 0;

	if (wish->event && !kith_gathering_named(w->store, wish->event, false, &g, &status))
		return status;
	w->event = g.row;
	if (wish->since && !kith_when_read("review", wish->since, KITH_DAY_BACK, &day, &status))
		return status;
	if (wish->since)
		since = kith_day_begins(day);
	if (since > kith_when_now()) /* an event that runs has no end, but none of it lies there */
		return 0;
	enum kith_err err = kith_store_unreviewed(w->store, w->event, since, kith_walk_add, w);
	if (err)
		return kith_cli_fail_store(err, w->store);
	return w->err ? kith_cli_fail(w->err, NULL) : 0;
}

static int add_one(struct kith_walk *w, int64_t row)
{
	KITH_AUTO(kith_contact_free) struct kith_contact c = {0};
	enum kith_err err = kith_store_contact(w->store, row, &c);

	if (err)
		return kith_cli_fail_store(err, w->store);
	return kith_walk_add(w, &c) ? 0 : kith_cli_fail(w->err, NULL);
}

/* --- how -------------------------------------------------------------------------------------- */

static bool is_set(const char *name)
{
	const char *value = getenv(name);

	return value && *value && strcmp(value, "0") != 0;
}

/* Whether a screen of text can be drawn on, and is not read aloud: what a screen reader sets, and Emacs. */
static bool may_draw(const struct kith_cli *cli)
{
	const char *term = getenv("TERM");

	return cli->tty && term && *term && strcmp(term, "dumb") != 0 &&
	       !is_set("ACCESSIBILITY_ENABLED") && !is_set("INSIDE_EMACS");
}

/* Of an event, or some days, it may be that all who were met were asked about before. */
static int say_nobody(const struct kith_walk *w, const struct wish *wish)
{
	kith_cli_say(w->cli, "Nobody waits for a review.");
	if (wish->event || wish->since)
		kith_cli_say(w->cli,
			"Who was reviewed before is not asked about again: kith review WHO asks all "
			"the same, kith note WHO TEXT writes down what you talked about.");
	return 0;
}

static int go(struct kith_walk *w, const struct wish *wish)
{
	int status = -1;

	if (w->cli->json)
		return kith_review_json(w);
	if (w->n == 0)
		return say_nobody(w, wish);
	kith_walk_begin(w);
	if (!wish->plain && may_draw(w->cli))
		status = kith_review_screen(w);
	return status < 0 ? kith_review_lines(w) : status;
}

static int ask(struct kith_cli *cli, struct kith_store *store, const struct wish *wish, int64_t row)
{
	KITH_AUTO(kith_walk_free) struct kith_walk w = {.cli = cli, .store = store};
	int status = row ? add_one(&w, row) : add_waiting(&w, wish);

	if (status)
		return status;
	status = go(&w, wish);
	if (w.err)
		return kith_cli_fail_store(w.err, store);
	enum kith_err err =
		kith_use_counts(cli, "review") ? KITH_OK : kith_use_tell_fading(cli, store);
	return err ? kith_cli_fail_store(err, store) : status;
}

int kith_cmd_review(struct kith_cli *cli, int argc, char **argv)
{
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	KITH_AUTO_BUF struct kith_buf who = {0};
	struct wish wish = {0};
	const struct kith_option options[] = {{.name = "event", .value = &wish.event},
		{.name = "since", .value = &wish.since}, {.name = "back", .flag = &wish.back},
		{.name = "plain", .flag = &wish.plain}};
	int64_t row = 0;
	int status;

	if (!kith_args(options, sizeof options / sizeof options[0], &argc, argv, &status))
		return status;
	if (wish.back && argc < 2)
		return kith_cli_usage(argv[0], "say whom: kith review --back ada");
	if ((wish.event != NULL) + (wish.since != NULL) + (argc > 1) > 1)
		return kith_cli_usage(argv[0], "say one of them: --event, --since, or who");
	if (argc > 1 && !kith_cli_join(argc, argv, &who))
		return kith_cli_fail(KITH_ERR_NOMEM, NULL);
	if (!kith_cli_store(cli, KITH_STORE_USE, &store, &status))
		return status;
	if (argc > 1 && !kith_cli_who(cli, store, kith_buf_cstr(&who), &row, &status))
		return status;
	return wish.back ? call_back(cli, store, row) : ask(cli, store, &wish, row);
}
