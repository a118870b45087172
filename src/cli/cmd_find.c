/* SPDX-License-Identifier: MIT
 *
 * find - who fulfils a query.  proto/people.md, "The language of find".
 */
#include "base/auto.h"
#include "base/limits.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/gone.h"
#include "cli/people.h"
#include "cli/when.h"
#include "cli/words.h"
#include "people/query.h"

/* Takes --all and "--" out; what else begins with one dash is a term that must not hold. */
static bool take_options(int *argc, char **argv, bool *ret_all, int *ret_status)
{
	bool options = true;
	char shown[64];
	int n = 1;

	for (int i = 1; i < *argc; i++) {
		if (options && strcmp(argv[i], "--") == 0) {
			options = false;
		} else if (options && strcmp(argv[i], "--all") == 0) {
			*ret_all = true;
		} else if (options && strncmp(argv[i], "--", 2) == 0) {
			*ret_status = kith_cli_usage(argv[0], "unknown option %s",
				kith_show_in(shown, sizeof shown, kith_span_str(argv[i]), 40));
			return false;
		} else {
			argv[n++] = argv[i];
		}
	}
	*argc = n;
	return true;
}

static bool read_query(
	char **argv, int argc, struct kith_buf *words, struct kith_find *ret_find, int *ret_status)
{
	struct kith_diag diag = {0};

	if (argc > 1 && !kith_cli_join(argc, argv, words)) {
		*ret_status = kith_cli_fail(KITH_ERR_NOMEM, NULL);
		return false;
	}
	enum kith_err err =
		kith_find_read(kith_buf_span(words), kith_when_today(), ret_find, &diag);
	if (!err)
		return true;
	*ret_status = err == KITH_ERR_NOMEM ? kith_cli_fail(err, NULL)
					    : kith_cli_usage(argv[0], "%s", diag.text);
	return false;
}

static int find(struct kith_cli *cli, struct kith_store *store, const struct kith_find *query,
	bool everybody, struct kith_people *people)
{
	struct kith_selection asked = {.terms = query->at,
		.n = query->n,
		.today = kith_when_today(),
		.best = everybody ? 0 : KITH_FIND_BEST};
	size_t count = 0;
	enum kith_err err = kith_store_look(store);

	if (!err)
		err = kith_store_select(store, &asked, kith_people_add, people, &count);
	if (!err && !people->err && !cli->json)
		err = kith_people_hits(people, store, query->at, query->n);
	if (err == KITH_ERR_LIMIT)
		return kith_cli_usage("find", "%s", KITH_WORDS_TOO_MUCH);
	if (err)
		return kith_cli_fail_store(err, store);
	int status = kith_people_report(cli, store, people);
	kith_store_look_end(store);
	if (!status && count > people->n)
		kith_cli_note(
			cli, "The first %zu of %zu; --all shows everybody.", people->n, count);
	return status;
}

/* Somebody who was let go is not forgotten: nobody is sent away from them. */
static int found_nobody(
	struct kith_store *store, const struct kith_find *query, const struct kith_buf *words)
{
	KITH_AUTO_BUF struct kith_buf but = {0};
	char shown[256];
	size_t n;
	enum kith_err err = kith_gone_count(store, query, &n);

	if (err)
		return kith_cli_fail_store(err, store);
	if (kith_gone_tell(&but, n, kith_buf_span(words)))
		return kith_cli_fail(KITH_ERR_NOMEM, NULL);
	kith_show_in(shown, sizeof shown, kith_buf_span(words), 60);
	return kith_cli_error(
		KITH_ERR_NOPERSON, "nobody here has \"%s\"%s", shown, (const char *)but.p);
}

int kith_cmd_find(struct kith_cli *cli, int argc, char **argv)
{
	KITH_AUTO(kith_people_free) struct kith_people people = {0};
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	KITH_AUTO(kith_find_free) struct kith_find query = {0};
	KITH_AUTO_BUF struct kith_buf words = {0};
	bool everybody = false;
	int status;

	if (!take_options(&argc, argv, &everybody, &status))
		return status;
	if (argc < 2)
		return kith_cli_usage(argv[0], "say what to look for: kith find navy compilers");
	if (!read_query(argv, argc, &words, &query, &status))
		return status;
	if (!kith_cli_store(cli, KITH_STORE_READ, &store, &status))
		return status;
	status = find(cli, store, &query, everybody, &people);
	if (status || people.n > 0)
		return status;
	return found_nobody(store, &query, &words);
}
