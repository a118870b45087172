/* SPDX-License-Identifier: MIT
 *
 * news - what changed of the people I know, since it was last looked at.
 */
#include <time.h>

#include "base/auto.h"
#include "base/limits.h"
#include "base/text.h"
#include "book/held.h"
#include "cli/args.h"
#include "cli/changes.h"
#include "cli/cli.h"
#include "cli/newsline.h"
#include "cli/person.h"
#include "cli/words.h"

/* One line to print, of one person. */
struct item {
	int64_t contact;
	char *text;   /* inert; without the name, when it is about a card */
	json_t *json; /* with --json instead */
};

struct items {
	struct item *at;
	size_t n;
	size_t cap;
	const struct kith_notice *notice; /* that is being read */
	bool json;
	bool dates;
	int64_t since;
	int64_t last; /* the row that was read last */
	enum kith_err err;
};

static void items_free(struct items *items)
{
	for (size_t i = 0; i < items->n; i++) {
		free(items->at[i].text);
		json_decref(items->at[i].json);
	}
	free(items->at);
}

/* Takes text and json over, also when it fails. */
static enum kith_err add(struct items *items, char *text, json_t *json)
{
	if (items->n == items->cap) {
		size_t cap = items->cap ? items->cap * 2 : 32;
		void *more = reallocarray(items->at, cap, sizeof *items->at);
		if (!more) {
			free(text);
			json_decref(json);
			return KITH_ERR_NOMEM;
		}
		items->at = more;
		items->cap = cap;
	}
	items->at[items->n++] =
		(struct item){.contact = items->notice->contact, .text = text, .json = json};
	return KITH_OK;
}

/* "Jo: title Engineer -> CTO" */
static enum kith_err add_change(void *ctx, const char *line)
{
	struct items *items = ctx;
	char date[KITH_DATE_CHARS];
	char name[4 * KITH_SHOWN_NAME + 16];
	char *text = NULL;

	kith_show_in(name, sizeof name, items->notice->name, KITH_SHOWN_NAME);
	if (asprintf(&text, "%s: %s%s%s%s", *name ? name : KITH_UNSEEN, line,
		    items->dates ? "  (" : "",
		    items->dates ? kith_words_date(items->notice->at, date) : "",
		    items->dates ? ")" : "") < 0)
		return KITH_ERR_NOMEM;
	return add(items, text, NULL);
}

static enum kith_err add_sentence(struct items *items)
{
	KITH_AUTO_BUF struct kith_buf text = {0};
	char date[KITH_DATE_CHARS];
	enum kith_err err = kith_newsline_text(items->notice, &text);

	if (!err && items->dates)
		err = kith_buf_printf(&text, "  (%s)", kith_words_date(items->notice->at, date));
	if (err)
		return err;
	char *line = strndup((const char *)text.p, text.n);
	return line ? add(items, line, NULL) : KITH_ERR_NOMEM;
}

/* Both cards, where there are two and both can still be read. */
static bool both_cards(const struct kith_notice *n, struct kith_card *before, struct kith_card *now)
{
	return n->before.n && n->now.n && !kith_card_verify(n->before, before) &&
	       !kith_card_verify(n->now, now);
}

static enum kith_err add_text(struct items *items)
{
	struct kith_card before;
	struct kith_card now;

	if (items->notice->kind == KITH_NOTICE_CARD && both_cards(items->notice, &before, &now))
		return kith_changes_each(&before, &now, add_change, items);
	return add_sentence(items);
}

static enum kith_err add_json(struct items *items)
{
	struct kith_card before;
	struct kith_card now;
	json_t *o = kith_newsline_json(items->notice);

	if (!o)
		return KITH_ERR_NOMEM;
	int bad = json_object_set_new(o, "row", json_integer(items->notice->row));
	if (items->notice->now.n)
		bad |= json_object_set_new(
			o, "how", json_string(items->notice->live ? "live" : "file"));
	if (both_cards(items->notice, &before, &now)) {
		bad |= json_object_set_new(
			o, "revision_before", json_integer((json_int_t)before.rev));
		bad |= json_object_set_new(o, "revision", json_integer((json_int_t)now.rev));
		bad |= json_object_set_new(o, "changes", kith_changes_json(&before, &now));
	}
	if (bad) {
		json_decref(o);
		return KITH_ERR_NOMEM;
	}
	return add(items, NULL, o);
}

static bool take(void *ctx, const struct kith_notice *notice)
{
	struct items *items = ctx;

	items->last = notice->row;
	if (notice->at < items->since)
		return true;
	items->notice = notice;
	items->err = items->json ? add_json(items) : add_text(items);
	return !items->err;
}

/* Person by person, in the order in which each comes first. */
static void print(struct items *items, FILE *out)
{
	for (size_t i = 0; i < items->n; i++) {
		if (!items->at[i].text)
			continue;
		for (size_t j = i; j < items->n; j++)
			if (items->at[j].text && items->at[j].contact == items->at[i].contact) {
				(void)fprintf(out, "%s\n", items->at[j].text);
				if (j > i) {
					free(items->at[j].text);
					items->at[j].text = NULL;
				}
			}
	}
}

static bool print_json(struct items *items)
{
	json_t *array = json_array();
	int bad = array ? 0 : -1;

	for (size_t i = 0; !bad && i < items->n; i++)
		bad = json_array_append(array, items->at[i].json);
	if (!bad)
		kith_json_line(stdout, array);
	json_decref(array);
	return !bad;
}

/* A day of this place's calendar: its first second. */
static bool read_day(const char *text, int64_t *ret)
{
	struct tm tm = {.tm_isdst = -1};
	const char *end = strptime(text, "%Y-%m-%d", &tm);

	if (!end || *end)
		return false;
	tm.tm_isdst = -1;
	*ret = (int64_t)mktime(&tm);
	return true;
}

/* Prints what is behind that row.  What was not printed was not looked at. */
static int tell(struct kith_cli *cli, struct kith_store *store, struct items *items, int64_t after,
	bool mark)
{
	enum kith_err err = kith_store_news_each(store, after, take, items);

	if (err || items->err)
		return err ? kith_cli_fail_store(err, store) : kith_cli_fail(items->err, NULL);
	if (items->n == 0)
		kith_cli_say(cli, "Nothing new.");
	if (cli->json && !print_json(items))
		return kith_cli_fail(KITH_ERR_NOMEM, NULL);
	if (!cli->json)
		print(items, stdout);
	if (fflush(stdout) || ferror(stdout) || kith_json_failed())
		return kith_cli_error(
			KITH_ERR_IO, "the news could not be written, and are kept as new");
	if (mark && items->last > after && (err = kith_store_news_read(store, items->last)))
		return kith_cli_fail_store(err, store);
	return 0;
}

int kith_cmd_news(struct kith_cli *cli, int argc, char **argv)
{
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	KITH_AUTO(items_free) struct items items = {.since = INT64_MIN, .json = cli->json};
	const char *since = NULL;
	bool all = false;
	const struct kith_option options[] = {
		{.name = "since", .value = &since}, {.name = "all", .flag = &all}};
	int64_t last;
	int64_t seen;
	int status;

	if (!kith_args(options, sizeof options / sizeof options[0], &argc, argv, &status))
		return status;
	if (argc > 1)
		return kith_cli_usage(argv[0], "news takes no arguments; of one person: kith show "
					       "WHO --history");
	if (since && all)
		return kith_cli_usage(argv[0], "--all is since ever; say one of them");
	if (since && !read_day(since, &items.since))
		return kith_cli_usage(argv[0], "a day is written 2026-05-03");
	if (!kith_cli_store(cli, KITH_STORE_USE, &store, &status))
		return status;
	enum kith_err err = kith_store_news_upto(store, &last, &seen);
	if (err)
		return kith_cli_fail_store(err, store);
	items.dates = all || since;
	return tell(cli, store, &items, all || since ? 0 : seen, !since);
}
