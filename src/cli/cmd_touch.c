/* SPDX-License-Identifier: MIT
 *
 * touch - a real contact: a call, a meeting, a letter.
 */
#include "base/auto.h"
#include "base/limits.h"
#include "base/text.h"
#include "cli/about.h"
#include "cli/args.h"
#include "cli/person.h"
#include "cli/remembered.h"
#include "cli/when.h"
#include "cli/words.h"

#define COMMAND "touch"

/* False with the status set, and told. */
static bool read_how(const char *how, enum kith_remark_kind *ret, int *ret_status)
{
	static const enum kith_remark_kind kinds[] = {
		KITH_REMARK_CALL, KITH_REMARK_MET, KITH_REMARK_WROTE};
	char shown[128];

	*ret = KITH_REMARK_MET;
	if (!how)
		return true;
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		*ret = kinds[i];
		if (strcmp(how, kith_remark_name(kinds[i])) == 0)
			return true;
	}
	*ret_status = kith_cli_usage(COMMAND, "--how is call, met or wrote, and not \"%s\"",
		kith_show_in(shown, sizeof shown, kith_span_str(how), 40));
	return false;
}

static int put(struct kith_cli *cli, struct kith_store *store, const struct kith_about *about,
	struct kith_remark *r)
{
	static const char *const done[] = {
		"", "a call with", "a meeting with", "a message to or from"};
	char date[KITH_DATE_CHARS];
	enum kith_err err = kith_store_remark_put(store, r, kith_when_now(), &r->row);

	if (err)
		return kith_about_fail(err, store, "a text", KITH_NOTE_MAX);
	kith_about_back(cli, about);
	kith_cli_say(cli, "Kept: %s %s, %s.  (To take it back: kith touch --remove %lld)",
		done[r->kind], about->name, kith_words_date(r->at, date), (long long)r->row);
	if (cli->json)
		kith_json_tell(cli, kith_remark_json(r));
	return 0;
}

static int add(struct kith_cli *cli, const char *how, const char *on, int argc, char **argv)
{
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	KITH_AUTO_BUF struct kith_buf text = {0};
	struct kith_remark r = {0};
	struct kith_about about;
	int status;

	if (!read_how(how, &r.kind, &status) || !kith_about_when(COMMAND, on, &r.at, &status) ||
		!kith_about_text(argc, argv, 2, KITH_NOTE_MAX, &text, &status) ||
		!kith_cli_store(cli, KITH_STORE_USE, &store, &status) ||
		!kith_about_who(cli, store, argv[1], &about, &status))
		return status;
	r.contact = about.row;
	r.text = kith_buf_span(&text);
	return put(cli, store, &about, &r);
}

static bool take_contact(void *ctx, const struct kith_remark *r)
{
	*(int64_t *)ctx = r->kind == KITH_REMARK_NOTE ? 0 : r->contact;
	return false;
}

static int remove_one(struct kith_cli *cli, const char *number)
{
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	struct kith_about about;
	int64_t row, contact = 0;
	int status;

	if (!kith_about_number(COMMAND, number, &row, &status) ||
		!kith_cli_store(cli, KITH_STORE_USE, &store, &status))
		return status;
	enum kith_err err = kith_store_remark(store, row, take_contact, &contact);
	if (err == KITH_ERR_MISSING || (!err && !contact))
		return kith_cli_error(KITH_ERR_MISSING,
			"there is no touch %lld; kith note WHO lists them with their numbers",
			(long long)row);
	if (err)
		return kith_cli_fail_store(err, store);
	if (!kith_about_row(store, contact, &about, &status))
		return status;
	if ((err = kith_store_remark_remove(store, row)))
		return kith_cli_fail_store(err, store);
	kith_cli_say(cli, "Touch %lld of %s is removed.", (long long)row, about.name);
	if (cli->json)
		kith_json_tell(
			cli, json_pack("{s:I,s:s}", "number", (json_int_t)row, "id", about.id));
	return 0;
}

int kith_cmd_touch(struct kith_cli *cli, int argc, char **argv)
{
	const char *how = NULL, *on = NULL, *gone = NULL;
	const struct kith_option options[] = {{.name = "how", .value = &how},
		{.name = "on", .value = &on}, {.name = "remove", .value = &gone}};
	int status;

	if (!kith_args(options, sizeof options / sizeof options[0], &argc, argv, &status))
		return status;
	if (gone && (argc > 1 || how || on))
		return kith_cli_usage(
			argv[0], "--remove takes the number of a touch, and nothing else");
	if (gone)
		return remove_one(cli, gone);
	if (argc < 2)
		return kith_cli_usage(argv[0], "say whom: kith touch ada --how call");
	return add(cli, how, on, argc, argv);
}
