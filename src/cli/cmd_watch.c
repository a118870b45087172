/* SPDX-License-Identifier: MIT
 *
 * watch - what happens, as it happens: who of my people comes and goes, and what is new of them.  With
 * --act, which the node in the background starts, for the hook and the desktop.
 */
#include <errno.h>
#include <kith/client.h>
#include <kith/known.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/text.h"
#include "cli/args.h"
#include "cli/changes.h"
#include "cli/newsline.h"
#include "cli/passphrase.h"
#include "cli/person.h"
#include "cli/signals.h"
#include "notify/desktop.h"
#include "notify/hook.h"
#include "notify/pace.h"

struct watch {
	struct kith_cli *cli;
	struct kith_client *client;
	struct kith_store *store;
	int64_t seen; /* the last row of the news that was told */
	bool act;     /* for hook and desktop, not for the screen */
	struct kith_hook hook;
	struct kith_pace pace;
	bool end;
	int status;
};

/* --- telling ---------------------------------------------------------------------------------- */

/* Nobody is before the screen: it goes into the log of the node. */
static void say_hook(void *ctx, const char *path, enum kith_hook_trouble trouble)
{
	struct watch *w = ctx;
	char shown[4 * KITH_SHOWN_LINE];

	kith_cli_note(w->cli, "the hook %s %s",
		kith_show_in(shown, sizeof shown, kith_span_str(path), KITH_SHOWN_LINE),
		kith_hook_words(trouble));
}

/* The very line that --json prints. */
static void tell_hook(struct watch *w, const char *kind, json_t *object)
{
	KITH_AUTO_FREE char *text = NULL;
	size_t n = 0;
	FILE *out = object ? open_memstream(&text, &n) : NULL;

	if (!out)
		return;
	kith_json_line(out, object);
	if (fclose(out) == 0)
		kith_hook_tell(&w->hook, kind, kith_span(text, n));
}

/* Takes the object; NULL: memory ran out.  quiet: not for the desktop. */
static void tell(struct watch *w, const char *kind, json_t *object, const char *text, bool quiet)
{
	if (w->act) {
		tell_hook(w, kind, object);
		if (!quiet)
			kith_desktop_show(text);
	} else if (w->cli->json && object) {
		kith_json_line(stdout, object);
	} else if (!w->cli->json) {
		(void)printf("%s\n", text);
		(void)fflush(stdout);
	}
	json_decref(object);
	if (!w->act && ferror(stdout))
		w->end = true; /* nobody reads any more */
}

static void tell_here(struct watch *w, const struct kith_client_event *ev)
{
	const char *kind = ev->kind == KITH_EVENT_HERE ? "here" : "gone";
	char id[KITH_ID_CHARS + 1], name[4 * KITH_SHOWN_NAME + 16], text[sizeof name + 32];

	kith_id_text(ev->ik, id);
	kith_quote_in(name, sizeof name, kith_span_str(ev->whom), KITH_SHOWN_NAME);
	(void)snprintf(text, sizeof text, "%s is %s.", name,
		ev->kind == KITH_EVENT_HERE ? "here" : "gone");
	tell(w, kind,
		json_pack("{s:s,s:s,s:o}", "event", kind, "id", id, "name",
			kith_json_text(kith_span_str(ev->whom))),
		text, true);
}

static enum kith_err add_change(void *ctx, const char *line)
{
	struct kith_buf *out = ctx;

	return kith_buf_printf(out, "%s%s", out->n ? "; " : "", line);
}

/* What differs between two cards, where there are two: "Jo: title Engineer -> CTO; tel.home is gone". */
static enum kith_err add_changes(
	const struct kith_notice *notice, json_t *object, struct kith_buf *text)
{
	KITH_AUTO_BUF struct kith_buf lines = {0};
	struct kith_card before, now;
	char name[4 * KITH_SHOWN_NAME + 16];

	if (notice->kind != KITH_NOTICE_CARD || notice->before.n == 0 || notice->now.n == 0 ||
		kith_card_verify(notice->before, &before) || kith_card_verify(notice->now, &now))
		return kith_newsline_text(notice, text);
	(void)json_object_set_new(object, "changes", kith_changes_json(&before, &now));
	kith_show_in(name, sizeof name, notice->name, KITH_SHOWN_NAME);
	enum kith_err err = kith_changes_each(&before, &now, add_change, &lines);
	return err ? err
		   : kith_buf_printf(text, "%s: %.*s", name[0] ? name : "Somebody you know",
			     (int)lines.n, (const char *)lines.p);
}

static bool tell_notice(void *ctx, const struct kith_notice *notice)
{
	struct watch *w = ctx;
	KITH_AUTO_BUF struct kith_buf text = {0};
	json_t *object = kith_newsline_json(notice);
	const struct kith_env *env = kith_env_default();

	w->seen = notice->row;
	if (!add_changes(notice, object, &text) && kith_buf_cstr(&text))
		tell(w, kith_notice_name(notice->kind), object, (const char *)text.p,
			!w->act || !kith_pace_may(&w->pace, notice->contact, env->ticks(env->ctx)));
	else
		json_decref(object);
	return !w->end;
}

static void tell_news(struct watch *w)
{
	enum kith_err err = kith_store_news_each(w->store, w->seen, tell_notice, w);

	if (err && !w->act) {
		w->status = kith_cli_fail_store(err, w->store);
		w->end = true;
	}
}

/* --- the loop --------------------------------------------------------------------------------- */

/* From here on nothing is missed; and why nothing may come. */
static void is_ready(struct watch *w)
{
	const char *trouble = kith_client_state(w->client)->trouble;
	char shown[4 * KITH_SHOWN_LINE];

	if (w->cli->json)
		tell(w, "ready", json_pack("{s:s}", "event", "ready"), "", true);
	else if (w->cli->tty)
		kith_cli_note(w->cli, "Who comes and goes, and what is new; Ctrl-C ends it.");
	if (*trouble)
		kith_cli_note(w->cli, "%s",
			kith_show_in(
				shown, sizeof shown, kith_span_str(trouble), 4 * KITH_SHOWN_LINE));
}

static void take(struct watch *w, const struct kith_client_event *ev)
{
	struct kith_diag diag = {0};

	switch (ev->kind) {
	case KITH_EVENT_HERE:
	case KITH_EVENT_AWAY:
		tell_here(w, ev);
		break;
	case KITH_EVENT_STATE:
		if (!w->act)
			is_ready(w);
		tell_news(w); /* what came while we were coming */
		break;
	case KITH_EVENT_CHANGED:
		tell_news(w);
		break;
	case KITH_EVENT_REFUSED:
		(void)kith_fail(&diag, ev->error, "%s", ev->text);
		w->status = kith_cli_fail(ev->error, &diag);
		w->end = true;
		break;
	default:
		break;
	}
}

static void take_events(struct watch *w)
{
	struct kith_client_event ev;
	enum kith_err err;

	while (!w->end && !(err = kith_client_next(w->client, &ev)))
		take(w, &ev);
	if (w->end || err == KITH_ERR_MISSING)
		return;
	/* its end is mine, as it should be for the hook */
	w->status =
		w->act ? 0
		: err == KITH_ERR_NODE
			? kith_cli_error(err, "the node has ended, and nothing is told any more")
			: kith_cli_fail(err, NULL);
	w->end = true;
}

static void loop(struct watch *w, int signals)
{
	while (!w->end) {
		uint64_t ms = kith_hook_tick(&w->hook);
		struct pollfd p[] = {{kith_client_fd(w->client), POLLIN, 0}, {signals, POLLIN, 0},
			{w->hook.fd, POLLIN, 0}};
		int n = poll(p, 3, ms > 60000 ? -1 : (int)ms);
		if (n < 0 && errno != EINTR)
			return;
		if (n > 0 && p[1].revents && kith_signals_take(signals))
			return;
		if (n > 0 && p[0].revents)
			take_events(w);
	}
}

/* News from now on: what was before is for kith news. */
static bool begin(struct watch *w, const char *interface)
{
	struct kith_client_options o = {.home = w->cli->home,
		.interface = interface,
		.running = w->act,
		.passphrase = kith_cli_passphrase,
		.ctx = w->cli};
	struct kith_diag diag = {0};
	int64_t read;
	enum kith_err err;

	if (!kith_cli_store(w->cli, KITH_STORE_READ, &w->store, &w->status))
		return false;
	if ((err = kith_store_news_upto(w->store, &w->seen, &read))) {
		w->status = kith_cli_fail_store(err, w->store);
		return false;
	}
	err = kith_client_open(&o, &w->client, &diag);
	kith_cli_passphrase_forget(w->cli);
	if (!err)
		err = kith_client_watch(w->client);
	if (err)
		w->status = kith_cli_fail(err, &diag);
	return !err;
}

int kith_cmd_watch(struct kith_cli *cli, int argc, char **argv)
{
	struct watch w = {.cli = cli, .hook = {.fd = -1, .say = say_hook, .ctx = &w}};
	const char *interface = NULL;
	sigset_t before;
	int status;
	const struct kith_option options[] = {
		{"act", 0, NULL, &w.act},
		{"interface", 0, &interface, NULL},
	};

	if (!kith_args(options, sizeof options / sizeof options[0], &argc, argv, &status))
		return status;
	if (argc > 1)
		return kith_cli_usage(argv[0], "watch takes no arguments");
	KITH_AUTO_FD int signals = kith_signals_watch(&before);
	if (w.act)
		kith_hook_look(&w.hook);
	if (begin(&w, interface))
		loop(&w, signals);
	kith_hook_free(&w.hook);
	kith_client_close(w.client);
	kith_store_close(w.store);
	(void)kith_signals_take(signals);
	(void)sigprocmask(SIG_SETMASK, &before, NULL);
	return w.status;
}
