/* SPDX-License-Identifier: MIT
 *
 * promise - what I said I would do, what they said, and things that were lent.  Nothing is counted.
 */
#include "base/auto.h"
#include "base/limits.h"
#include "base/text.h"
#include "cli/about.h"
#include "cli/args.h"
#include "cli/person.h"
#include "cli/remembered.h"
#include "cli/when.h"

#define COMMAND "promise"

/* What is asked for. */
struct wish {
	const char *by;
	bool from;
	bool lent;
	bool borrowed;
	bool all;
};

/* --- the list --------------------------------------------------------------------------------- */

struct list {
	struct kith_store *store;
	json_t *array; /* NULL: as lines */
	size_t n;
	enum kith_err err;
};

static bool list_one(void *ctx, const struct kith_promise *p)
{
	struct list *l = ctx;

	l->n++;
	if (!l->array)
		l->err = kith_promise_print(l->store, p, stdout);
	else if (json_array_append_new(l->array, kith_promise_json(l->store, p)))
		l->err = KITH_ERR_NOMEM;
	return !l->err;
}

/* who NULL: everybody's. */
static int list(struct kith_cli *cli, const char *who, bool all)
{
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	struct kith_about about = {0};
	struct list l = {0};
	int status;

	if (!kith_cli_store(cli, KITH_STORE_READ, &store, &status) ||
		(who && !kith_about_who(cli, store, who, &about, &status)))
		return status;
	l.store = store;
	if (cli->json && !(l.array = json_array()))
		return kith_cli_fail(KITH_ERR_NOMEM, NULL);
	enum kith_err err = kith_store_promises(store, about.row, all, list_one, &l);
	if (!err)
		err = l.err;
	if (err) {
		json_decref(l.array);
		return kith_cli_fail_store(err, store);
	}
	kith_json_tell(cli, l.array);
	if (l.n == 0)
		kith_cli_say(cli, "There is no %spromise.", all ? "" : "open ");
	return 0;
}

/* --- one of them ------------------------------------------------------------------------------ */

struct copy {
	struct kith_promise promise;
	struct kith_buf text;
	bool failed;
};

static bool take_copy(void *ctx, const struct kith_promise *p)
{
	struct copy *c = ctx;

	kith_buf_clear(&c->text);
	c->promise = *p;
	c->failed = kith_buf_add(&c->text, p->text.p, p->text.n) != KITH_OK;
	c->promise.text = kith_buf_span(&c->text);
	return false;
}

static int read_one(struct kith_store *store, int64_t row, struct copy *ret)
{
	enum kith_err err = kith_store_promise(store, row, take_copy, ret);

	if (err == KITH_ERR_MISSING)
		return kith_cli_error(err,
			"there is no promise %lld; kith promise --all lists them with their numbers",
			(long long)row);
	if (!err && ret->failed)
		err = KITH_ERR_NOMEM;
	return err ? kith_cli_fail_store(err, store) : 0;
}

/* Tells what it is now. */
static int tell(struct kith_cli *cli, struct kith_store *store, int64_t row)
{
	struct copy c = {0};
	int status = read_one(store, row, &c);
	enum kith_err err = KITH_OK;

	if (!status && cli->json) {
		kith_json_tell(cli, kith_promise_json(store, &c.promise));
	} else if (!status && !cli->quiet) {
		err = kith_promise_print(store, &c.promise, stdout);
		status = err ? kith_cli_fail_store(err, store) : 0;
	}
	kith_buf_free(&c.text);
	return status;
}

/* "none", or a day.  False with the status set, and told. */
static bool read_by(const char *text, bool none, int32_t *ret, int *ret_status)
{
	if (none && strcmp(text, "none") == 0) {
		*ret = KITH_DAY_NONE;
		return true;
	}
	return kith_when_read(COMMAND, text, KITH_DAY_AHEAD, ret, ret_status);
}

static int make(struct kith_cli *cli, const struct wish *w, int argc, char **argv)
{
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	KITH_AUTO_BUF struct kith_buf text = {0};
	struct kith_promise p = {.theirs = w->from || w->lent,
		.thing = w->lent || w->borrowed,
		.made = kith_when_now(),
		.by = KITH_DAY_NONE};
	struct kith_about about;
	int status;

	if (w->from + w->lent + w->borrowed > 1)
		return kith_cli_usage(COMMAND, "say one of --from, --lent, --borrowed");
	if ((w->by && !read_by(w->by, false, &p.by, &status)) ||
		!kith_about_text(argc, argv, 2, KITH_NOTE_MAX, &text, &status) ||
		!kith_cli_store(cli, KITH_STORE_USE, &store, &status) ||
		!kith_about_who(cli, store, argv[1], &about, &status))
		return status;
	p.contact = about.row;
	p.text = kith_buf_span(&text);
	enum kith_err err = kith_store_promise_put(store, &p, &p.row);
	if (err)
		return kith_about_fail(err, store, "a promise", KITH_NOTE_MAX);
	kith_about_back(cli, &about);
	return tell(cli, store, p.row);
}

static int change(struct kith_cli *cli, const struct wish *w, int argc, char **argv)
{
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	KITH_AUTO_BUF struct kith_buf text = {0};
	struct copy old = {0};
	int64_t row;
	int32_t by = KITH_DAY_NONE;
	int status;

	if (argc < 3 && !w->by)
		return kith_cli_usage(
			COMMAND, "say what changes: kith promise change 3 TEXT, or --by DATE|none");
	if (!kith_about_number(COMMAND, argv[1], &row, &status) ||
		(w->by && !read_by(w->by, true, &by, &status)) ||
		!kith_about_text(argc, argv, 2, KITH_NOTE_MAX, &text, &status) ||
		!kith_cli_store(cli, KITH_STORE_USE, &store, &status))
		return status;
	if (!(status = read_one(store, row, &old))) {
		if (argc > 2)
			old.promise.text = kith_buf_span(&text);
		if (w->by)
			old.promise.by = by;
		enum kith_err err = kith_store_promise_put(store, &old.promise, &row);
		status = err ? kith_about_fail(err, store, "a promise", KITH_NOTE_MAX)
			     : tell(cli, store, row);
	}
	kith_buf_free(&old.text);
	return status;
}

static int end(struct kith_cli *cli, enum kith_promise_state state, const char *number)
{
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	struct copy c = {0};
	int64_t row;
	int status;

	if (!kith_about_number(COMMAND, number, &row, &status) ||
		!kith_cli_store(cli, KITH_STORE_USE, &store, &status))
		return status;
	status = read_one(store, row, &c);
	kith_buf_free(&c.text);
	if (status)
		return status;
	/* said a second time it ended when it did */
	enum kith_err err = c.promise.state == state
				    ? KITH_OK
				    : kith_store_promise_end(store, row, state, kith_when_now());
	return err ? kith_cli_fail_store(err, store) : tell(cli, store, row);
}

/* --- the command ------------------------------------------------------------------------------ */

/* A word that says what becomes of one. */
static const struct {
	const char *name;
	enum kith_promise_state state;
} ends[] = {
	{"done", KITH_PROMISE_DONE}, {"let-go", KITH_PROMISE_LETGO}, {"again", KITH_PROMISE_OPEN}};

static int run(struct kith_cli *cli, const struct wish *w, int argc, char **argv)
{
	const char *what = argv[1];
	bool plain = !w->by && !w->from && !w->lent && !w->borrowed && !w->all;

	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
		if (strcmp(what, ends[i].name) != 0)
			continue;
		if (argc != 3 || !plain)
			return kith_cli_usage(COMMAND,
				"%s takes the number of a promise, and nothing else", what);
		return end(cli, ends[i].state, argv[2]);
	}
	if (w->all && argc > 2)
		return kith_cli_usage(COMMAND, "--all is for a list");
	if (strcmp(what, "change") == 0) {
		if (argc < 3 || w->from || w->lent || w->borrowed)
			return kith_cli_usage(COMMAND,
				"change takes the number of a promise, and a text or --by");
		return change(cli, w, argc - 1, argv + 1);
	}
	if (argc > 2)
		return make(cli, w, argc, argv);
	if (w->by || w->from || w->lent || w->borrowed)
		return kith_cli_usage(COMMAND, "say what: kith promise ada \"send the paper\"");
	return list(cli, what, w->all);
}

int kith_cmd_promise(struct kith_cli *cli, int argc, char **argv)
{
	struct wish w = {0};
	const struct kith_option options[] = {{.name = "by", .value = &w.by},
		{.name = "from", .flag = &w.from}, {.name = "lent", .flag = &w.lent},
		{.name = "borrowed", .flag = &w.borrowed}, {.name = "all", .flag = &w.all}};
	int status;

	if (!kith_args(options, sizeof options / sizeof options[0], &argc, argv, &status))
		return status;
	if (argc > 1)
		return run(cli, &w, argc, argv);
	if (w.by || w.from || w.lent || w.borrowed)
		return kith_cli_usage(
			argv[0], "say whom and what: kith promise ada \"send the paper\"");
	return list(cli, NULL, w.all);
}
