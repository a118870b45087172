/* SPDX-License-Identifier: MIT */
#include "cli/progress.h"

#include <stdarg.h>
#include <unistd.h>

#include "base/text.h"

#define SILENT_MS 1000 /* what is over sooner needs no words */
#define AGAIN_MS  200  /* a screen reader speaks every change */
#define COLUMNS   78   /* a line that wraps cannot be rewritten */

static uint64_t ticks(void)
{
	const struct kith_env *env = kith_env_default();

	return env->ticks(env->ctx);
}

void kith_progress_begin(struct kith_progress *p, const struct kith_cli *cli)
{
	*p = (struct kith_progress){.on = !cli->quiet && !cli->json && isatty(STDERR_FILENO)};
	p->begun = ticks();
}

bool kith_progress_due(struct kith_progress *p)
{
	if (!p->on)
		return false;
	uint64_t now = ticks();
	return now - p->begun >= SILENT_MS && now - p->last >= AGAIN_MS;
}

void kith_progress_tell(struct kith_progress *p, const char *fmt, ...)
{
	char text[512], shown[4 * COLUMNS];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	kith_show_in(shown, sizeof shown, kith_span_str(text), COLUMNS);
	size_t columns = kith_text_columns(kith_span_str(shown));
	(void)fflush(stdout);
	(void)fprintf(
		stderr, "\r%s%*s", shown, columns < p->shown ? (int)(p->shown - columns) : 0, "");
	(void)fflush(stderr);
	p->shown = columns;
	p->last = ticks();
}

void kith_progress_clear(struct kith_progress *p)
{
	if (p->shown == 0)
		return;
	(void)fprintf(stderr, "\r%*s\r", (int)p->shown, "");
	(void)fflush(stderr);
	p->shown = 0;
}
