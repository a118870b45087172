/* SPDX-License-Identifier: MIT
 *
 * tag - words that somebody is found by.  A word with "-" before it is no option here, so kith_args has no say.
 */
#include "base/auto.h"
#include "base/limits.h"
#include "base/text.h"
#include "cli/about.h"
#include "cli/introfile.h"
#include "cli/lines.h"
#include "cli/person.h"
#include "cli/remembered.h"
#include "cli/when.h"

#define COMMAND "tag"
#define HANG    22 /* columns before what does not fit on a line */

/* --- lists ------------------------------------------------------------------------------------ */

struct every {
	json_t *array; /* NULL: as lines */
	size_t n;
	enum kith_err err;
};

static bool every_one(void *ctx, struct kith_span tag, size_t people)
{
	struct every *e = ctx;
	char shown[4 * KITH_TAG_MAX + 8];

	e->n++;
	if (!e->array)
		kith_lines_print(HANG, "%-20s  %zu\n",
			kith_show_in(shown, sizeof shown, tag, KITH_TAG_MAX), people);
	else if (json_array_append_new(e->array, json_pack("{s:o,s:I}", "tag", kith_json_text(tag),
							 "people", (json_int_t)people)))
		e->err = KITH_ERR_NOMEM;
	return !e->err;
}

/* All tags that there are. */
static int list_all(struct kith_cli *cli)
{
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	struct every e = {0};
	int status;

	if (!kith_cli_store(cli, KITH_STORE_READ, &store, &status))
		return status;
	if (cli->json && !(e.array = json_array()))
		return kith_cli_fail(KITH_ERR_NOMEM, NULL);
	enum kith_err err = kith_store_tags(store, 0, every_one, &e);
	if (!err)
		err = e.err;
	if (err) {
		json_decref(e.array);
		return kith_cli_fail_store(err, store);
	}
	kith_json_tell(cli, e.array);
	if (e.n == 0)
		kith_cli_say(cli, "There is no tag yet.");
	return 0;
}

static bool join(void *ctx, struct kith_span tag, size_t people)
{
	struct kith_buf *out = ctx;

	(void)people;
	return !kith_buf_printf(out, "%s%.*s", out->n ? ", " : "", (int)tag.n, (const char *)tag.p);
}

/* The tags of one person. */
static int tell(struct kith_cli *cli, struct kith_store *store, const struct kith_about *about)
{
	KITH_AUTO_BUF struct kith_buf tags = {0};
	enum kith_err err = KITH_OK;
	json_t *o;

	if (cli->json) {
		o = kith_person_brief(store, about->row);
		if (json_object_set_new(o, "tags", kith_tags_json(store, about->row))) {
			json_decref(o);
			return kith_cli_fail_store(KITH_ERR_STORE, store);
		}
		kith_json_tell(cli, o);
		return 0;
	}
	if ((err = kith_store_tags(store, about->row, join, &tags)))
		return kith_cli_fail_store(err, store);
	if (!kith_buf_cstr(&tags))
		return kith_cli_fail(KITH_ERR_NOMEM, NULL);
	if (tags.n)
		kith_cli_say(cli, "%s: %s", about->name, (const char *)tags.p);
	else
		kith_cli_say(cli, "%s has no tag.", about->name);
	return 0;
}

/* --- on and off ------------------------------------------------------------------------------- */

/* "+a" and "a" put it on, "-b" takes it off. */
static enum kith_err put(struct kith_store *store, const struct kith_about *about, const char *arg,
	struct kith_diag *diag)
{
	bool on = *arg != '-';
	const char *word = *arg == '-' || *arg == '+' ? arg + 1 : arg;
	char shown[4 * KITH_TAG_MAX + 8];
	enum kith_err err =
		kith_store_tag(store, about->row, kith_span_str(word), on, kith_when_now());

	kith_show_in(shown, sizeof shown, kith_span_str(word), 40);
	if (err == KITH_ERR_VALUE)
		return kith_fail(diag, KITH_ERR_USAGE,
			"\"%s\" is no tag: one word of letters, digits, - and _, at most %d bytes; "
			"nothing was changed",
			shown, KITH_TAG_MAX);
	if (err == KITH_ERR_LIMIT)
		return kith_fail(diag, KITH_ERR_BUSY,
			"%s would have more than %d tags; nothing was changed", about->name,
			KITH_TAGS_OF_MAX);
	return err ? kith_fail(diag, err, "%s", kith_store_why(store)) : KITH_OK;
}

/* Those that go come first, so that others have room; all of it, or nothing. */
static enum kith_err change(struct kith_store *store, const struct kith_about *about, int argc,
	char **argv, struct kith_diag *diag)
{
	enum kith_err err = kith_store_batch(store);

	if (err)
		return kith_fail(diag, err, "%s", kith_store_why(store));
	for (int i = 0; !err && i < argc; i++)
		if (*argv[i] == '-')
			err = put(store, about, argv[i], diag);
	for (int i = 0; !err && i < argc; i++)
		if (*argv[i] != '-')
			err = put(store, about, argv[i], diag);
	enum kith_err ended = kith_store_batch_end(store, !err);
	if (!err && ended)
		return kith_fail(diag, ended, "%s", kith_store_why(store));
	return err;
}

static bool puts_on(int argc, char **argv)
{
	for (int i = 0; i < argc; i++)
		if (*argv[i] != '-')
			return true;
	return false;
}

int kith_cmd_tag(struct kith_cli *cli, int argc, char **argv)
{
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	struct kith_diag diag = {0};
	struct kith_about about;
	char shown[128];
	int kept = 1, status;

	for (int i = 1; i < argc; i++) /* one "--" may keep "-q" from being an option of kith */
		if (kept < i || strcmp(argv[i], "--") != 0)
			argv[kept++] = argv[i];
	argc = kept;
	if (argc > 1 && argv[1][0] == '-')
		return kith_cli_usage(COMMAND, "there is no option %s",
			kith_show_in(shown, sizeof shown, kith_span_str(argv[1]), 40));
	if (argc == 1)
		return list_all(cli);
	if (!kith_cli_store(cli, argc == 2 ? KITH_STORE_READ : KITH_STORE_USE, &store, &status) ||
		!kith_about_who(cli, store, argv[1], &about, &status))
		return status;
	enum kith_err err = argc > 2 ? change(store, &about, argc - 2, argv + 2, &diag) : KITH_OK;
	if (err)
		return kith_cli_fail(err, &diag);
	if (puts_on(argc - 2, argv + 2))
		kith_about_back(cli, &about);
	return tell(cli, store, &about);
}
