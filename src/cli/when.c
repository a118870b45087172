/* SPDX-License-Identifier: MIT */
#include "cli/when.h"

#include <kith/env.h>

#include "base/text.h"
#include "cli/cli.h"
#include "cli/words.h"

#define NEAR_DAYS 14

int64_t kith_when_now(void)
{
	const struct kith_env *env = kith_env_default();

	return env->wall(env->ctx);
}

int32_t kith_when_today(void)
{
	return kith_day_at(kith_when_now());
}

bool kith_when_read(const char *command, const char *text, enum kith_day_way way, int32_t *ret_day,
	int *ret_status)
{
	char shown[128];
	int32_t last;

	if (kith_day_read(kith_span_str(text), kith_when_today(), way, ret_day, &last) == KITH_OK)
		return true;
	*ret_status = kith_cli_usage(command,
		"\"%s\" is no day; a day is 2026-05-03, today, %s, friday, or 3d, 2w, 6m, 1y %s",
		kith_show_in(shown, sizeof shown, kith_span_str(text), 40),
		way == KITH_DAY_AHEAD ? "tomorrow" : "yesterday",
		way == KITH_DAY_AHEAD ? "from now" : "ago");
	return false;
}

const char *kith_when_words(int32_t day, int32_t today, char out[static KITH_WHEN_CHARS])
{
	char date[KITH_DATE_CHARS];
	int64_t far = (int64_t)day - today;

	if (far >= -1 && far <= 1)
		return strcpy(out, far < 0 ? "yesterday" : far > 0 ? "tomorrow" : "today");
	if (far >= NEAR_DAYS || far <= -NEAR_DAYS) {
		(void)snprintf(out, KITH_WHEN_CHARS, "on %.*s", KITH_WHEN_CHARS - 4,
			kith_words_day(day, date));
	} else if (far > 0) {
		(void)snprintf(out, KITH_WHEN_CHARS, "in %d days", (int)far);
	} else {
		(void)snprintf(out, KITH_WHEN_CHARS, "%d days ago", (int)-far);
	}
	return out;
}
