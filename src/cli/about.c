/* SPDX-License-Identifier: MIT */
#include "cli/about.h"

#include <stdlib.h>

#include "base/auto.h"
#include "base/text.h"
#include "cli/person.h"
#include "cli/when.h"

#define NOON (12 * 60 * 60)

bool kith_about_row(struct kith_store *store, int64_t row, struct kith_about *ret, int *ret_status)
{
	KITH_AUTO(kith_contact_free) struct kith_contact c = {0};
	struct kith_memory memory;
	enum kith_err err = kith_store_contact(store, row, &c);

	if (!err)
		err = kith_store_memory(store, row, kith_when_now(), &memory);
	if (err) {
		*ret_status = kith_cli_fail_store(err, store);
		return false;
	}
	ret->row = row;
	ret->let_go = memory.review == KITH_REVIEW_LETGO;
	kith_held_quoted(c.name, ret->name);
	(void)kith_person_id(&c, ret->id);
	return true;
}

bool kith_about_who(struct kith_cli *cli, struct kith_store *store, const char *who,
	struct kith_about *ret, int *ret_status)
{
	int64_t row;

	return kith_cli_who(cli, store, who, &row, ret_status) &&
	       kith_about_row(store, row, ret, ret_status);
}

void kith_about_back(const struct kith_cli *cli, const struct kith_about *about)
{
	if (about->let_go)
		kith_cli_note(
			cli, "You had let go of %s, who is called back by this.", about->name);
}

bool kith_about_number(const char *command, const char *text, int64_t *ret, int *ret_status)
{
	char shown[128];
	char *end;
	long long n = strtoll(text, &end, 10);

	if (*text >= '1' && *text <= '9' && !*end && n < INT64_MAX) {
		*ret = n;
		return true;
	}
	*ret_status = kith_cli_usage(command, "\"%s\" is no number of a %s",
		kith_show_in(shown, sizeof shown, kith_span_str(text), 40), command);
	return false;
}

bool kith_about_when(const char *command, const char *date, int64_t *ret_at, int *ret_status)
{
	char shown[KITH_DAY_CHARS + 1];
	int32_t day;

	*ret_at = kith_when_now();
	if (!date)
		return true;
	if (!kith_when_read(command, date, KITH_DAY_BACK, &day, ret_status))
		return false;
	kith_day_write(day, shown);
	if (day > kith_when_today())
		*ret_status = kith_cli_usage(
			command, "%s has not come yet; --on is the day on which it was", shown);
	else if (day < 0) /* moments from 0 down mean never, to all that counts contacts */
		*ret_status = kith_cli_usage(
			command, "%s is too long ago; --on takes days from 1970-01-01 on", shown);
	else if (
		day <
		kith_when_today()) /* by a far eastern calendar noon of the first day is before 0 */
		*ret_at = kith_day_begins(day) > -NOON ? kith_day_begins(day) + NOON : 1;
	return day >= 0 && day <= kith_when_today();
}

/* All of standard input, but no more than one byte over max. */
static bool read_input(size_t max, struct kith_buf *out)
{
	char part[4096];
	size_t n;

	while (out->n <= max && (n = fread(part, 1, sizeof part, stdin)) > 0)
		if (kith_buf_add(out, part, n))
			return false;
	while (out->n > 0 && (out->p[out->n - 1] == '\n' || out->p[out->n - 1] == '\r'))
		out->n--;
	return true;
}

static bool join(int argc, char **argv, int from, struct kith_buf *out)
{
	for (int i = from; i < argc; i++)
		if (kith_buf_printf(out, "%s%s", i > from ? " " : "", argv[i]))
			return false;
	return true;
}

bool kith_about_text(
	int argc, char **argv, int from, size_t max, struct kith_buf *ret, int *ret_status)
{
	bool input = argc == from + 1 && strcmp(argv[from], "-") == 0;

	*ret_status = 0;
	if (!(input ? read_input(max, ret) : join(argc, argv, from, ret)))
		*ret_status = kith_cli_fail(KITH_ERR_NOMEM, NULL);
	else if (ret->n > max)
		*ret_status = kith_cli_error(
			KITH_ERR_USAGE, "that is too long: it may have %zu bytes", max);
	else if (!kith_text_valid(kith_buf_span(ret)))
		*ret_status = kith_cli_error(KITH_ERR_UTF8, "that is no text (UTF-8)");
	return *ret_status == 0;
}

int kith_about_fail(enum kith_err err, const struct kith_store *store, const char *what, size_t max)
{
	if (err == KITH_ERR_VALUE)
		return kith_cli_error(KITH_ERR_USAGE, "%s needs words that can be seen", what);
	if (err == KITH_ERR_LIMIT)
		return kith_cli_error(
			KITH_ERR_USAGE, "%s may have %zu bytes, and that is longer", what, max);
	return kith_cli_fail_store(err, store);
}

const char *kith_about_every(uint32_t days, char out[static KITH_EVERY_CHARS])
{
	const struct {
		uint32_t days;
		const char *name;
	} units[] = {{365, "year"}, {7, "week"}, {1, "day"}};

	(void)strcpy(out, "no rhythm");
	for (size_t i = 0; days && i < sizeof units / sizeof units[0]; i++) {
		uint32_t n = days / units[i].days;
		if (days % units[i].days)
			continue;
		if (n == 1)
			(void)snprintf(out, KITH_EVERY_CHARS, "every %s", units[i].name);
		else
			(void)snprintf(
				out, KITH_EVERY_CHARS, "every %u %ss", (unsigned)n, units[i].name);
		break;
	}
	return out;
}
