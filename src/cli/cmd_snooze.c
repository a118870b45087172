/* SPDX-License-Identifier: MIT
 *
 * snooze - somebody is not due before a day: soon, drifting, or by a birthday.
 */
#include "base/auto.h"
#include "cli/about.h"
#include "cli/args.h"
#include "cli/person.h"
#include "cli/when.h"
#include "cli/words.h"

/* "off", or a day that comes.  False with the status set, and told. */
static bool read_until(const char *text, int32_t *ret, int *ret_status)
{
	*ret = KITH_DAY_NONE;
	if (strcmp(text, "off") == 0)
		return true;
	if (!kith_when_read("snooze", text, KITH_DAY_AHEAD, ret, ret_status))
		return false;
	if (*ret > kith_when_today())
		return true;
	*ret_status =
		kith_cli_usage("snooze", "that is no day to come; to end it: kith snooze WHO off");
	return false;
}

static void say(struct kith_cli *cli, const struct kith_about *about, int32_t until)
{
	char date[KITH_DATE_CHARS];

	if (until == KITH_DAY_NONE)
		kith_cli_say(cli, "%s is no longer put off.", about->name);
	else
		kith_cli_say(cli, "%s is not due before %s.", about->name,
			kith_words_date(kith_day_begins(until), date));
}

/* Who is in no ring does not drift. */
static enum kith_err note_no_ring(
	struct kith_cli *cli, struct kith_store *store, const struct kith_about *about)
{
	struct kith_memory m;
	enum kith_err err = kith_store_memory(store, about->row, kith_when_now(), &m);

	if (!err && !m.ring && m.review != KITH_REVIEW_SOON)
		kith_cli_note(cli, "%s is in no ring; only a birthday is put off.", about->name);
	return err;
}

int kith_cmd_snooze(struct kith_cli *cli, int argc, char **argv)
{
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	struct kith_about about;
	char day[KITH_DAY_CHARS + 1] = "";
	int32_t until;
	int status;

	if (!kith_args(NULL, 0, &argc, argv, &status))
		return status;
	if (argc != 3)
		return kith_cli_usage(argv[0], "say whom and until when: kith snooze ada 2w");
	if (!read_until(argv[2], &until, &status) ||
		!kith_cli_store(cli, KITH_STORE_USE, &store, &status) ||
		!kith_about_who(cli, store, argv[1], &about, &status))
		return status;
	enum kith_err err = kith_store_snooze(store, about.row, until);
	if (!err && until != KITH_DAY_NONE)
		err = note_no_ring(cli, store, &about);
	if (err)
		return kith_cli_fail_store(err, store);
	say(cli, &about, until);
	if (until != KITH_DAY_NONE)
		kith_day_write(until, day);
	if (cli->json)
		kith_json_tell(cli, json_pack("{s:s,s:o}", "id", about.id, "snoozed",
					    *day ? json_string(day) : json_null()));
	return 0;
}
