/* SPDX-License-Identifier: MIT
 *
 * show - one person, whole.
 */
#include "base/auto.h"
#include "cli/args.h"
#include "cli/cli.h"
#include "cli/history.h"
#include "cli/person.h"
#include "cli/photo.h"
#include "cli/remembered.h"

/* The picture, as wished.  "Who" is known by then. */
static int show_photo(struct kith_cli *cli, struct kith_store *store, int64_t row,
	const struct kith_photo_wish *wish)
{
	KITH_AUTO_BUF struct kith_buf photo = {0};
	enum kith_err err = kith_photo_find(store, row, &photo);

	if (err == KITH_ERR_MISSING)
		return kith_cli_error(err, "there is no picture of that person");
	if (err)
		return kith_cli_fail_store(err, store);
	return kith_photo_show(cli, wish, kith_buf_span(&photo));
}

/* The contact object, with what I remember. */
static int tell(struct kith_cli *cli, struct kith_store *store, int64_t row)
{
	json_t *o = kith_person_json(store, row);

	if (!o || !kith_remembered_set(store, row, o)) {
		json_decref(o);
		return kith_cli_fail_store(KITH_ERR_STORE, store);
	}
	kith_json_tell(cli, o);
	return 0;
}

int kith_cmd_show(struct kith_cli *cli, int argc, char **argv)
{
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	KITH_AUTO_BUF struct kith_buf who = {0};
	struct kith_photo_wish wish = {0};
	bool history = false, all = false;
	const struct kith_option options[] = {{.name = "photo", .flag = &wish.draw},
		{.name = "save-photo", .value = &wish.path}, {.name = "history", .flag = &history},
		{.name = "all", .flag = &all}};
	int64_t row;
	int status;

	if (!kith_args(options, sizeof options / sizeof options[0], &argc, argv, &status))
		return status;
	if (cli->json && wish.draw)
		return kith_cli_usage(argv[0], "--photo is for a screen, --json is not");
	if (history && (wish.draw || wish.path))
		return kith_cli_usage(argv[0], "--history shows no picture; say one of them");
	if (argc < 2)
		return kith_cli_usage(argv[0], "say whom: kith show ada");
	if (!kith_cli_join(argc, argv, &who))
		return kith_cli_fail(KITH_ERR_NOMEM, NULL);
	if (!kith_cli_store(cli, KITH_STORE_READ, &store, &status))
		return status;
	if (!kith_cli_who(cli, store, kith_buf_cstr(&who), &row, &status))
		return status;
	if (history)
		return kith_history_print(cli, store, row);
	if (wish.path && !wish.draw)
		return show_photo(cli, store, row, &wish);
	if (cli->json)
		return tell(cli, store, row);
	enum kith_err err = kith_person_print(store, row, stdout);
	if (!err)
		err = kith_remembered_print(store, row, all, stdout);
	if (err)
		return kith_cli_fail_store(err, store);
	return wish.draw ? show_photo(cli, store, row, &wish) : 0;
}
