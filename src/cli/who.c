/* SPDX-License-Identifier: MIT */
#include "base/auto.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/people.h"
#include "cli/person.h"

static int ambiguous(struct kith_cli *cli, struct kith_store *store,
	const struct kith_people *people, const char *who)
{
	int status = kith_cli_error(KITH_ERR_AMBIGUOUS,
		"%zu people match \"%s\"; say more of the name, or the beginning of an id",
		people->n, who);

	if (cli->json) {
		json_t *array = kith_people_json(people, store);
		if (array)
			kith_json_line(stdout, array);
		json_decref(array);
	} else {
		kith_people_print(people, true, false, stderr);
	}
	return status;
}

bool kith_cli_who(struct kith_cli *cli, struct kith_store *store, const char *who, int64_t *ret_row,
	int *ret_status)
{
	KITH_AUTO(kith_people_free) struct kith_people people = {0};
	char shown[256];
	enum kith_err err = kith_store_who(store, kith_span_str(who), kith_people_add, &people);

	kith_show_in(shown, sizeof shown, kith_span_str(who), 40);
	if (people.err)
		*ret_status = kith_cli_fail(people.err, NULL);
	else if (err == KITH_ERR_NOPERSON)
		*ret_status = kith_cli_error(
			err, "nobody here is called \"%s\"; kith list shows everybody", shown);
	else if (err == KITH_ERR_AMBIGUOUS)
		*ret_status = ambiguous(cli, store, &people, shown);
	else if (err)
		*ret_status = kith_cli_fail_store(err, store);
	else
		*ret_row = people.at[0].row;
	return !err && !people.err;
}
