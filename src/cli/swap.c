/* SPDX-License-Identifier: MIT */
#include "cli/swap.h"

#include <errno.h>
#include <net/if.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/text.h"
#include "cli/passphrase.h"
#include "cli/signals.h"

/* --- rows ------------------------------------------------------------------------------------- */

struct kith_swap_row *kith_swap_row(struct kith_swap *s, const char *peer)
{
	for (size_t i = 0; i < s->n; i++)
		if (strcmp(s->rows[i].peer, peer) == 0)
			return &s->rows[i];
	return NULL;
}

/* The row for an event; rows that went and left nothing behind make room. */
static struct kith_swap_row *row_for(struct kith_swap *s, const struct kith_client_event *ev)
{
	struct kith_swap_row *row = kith_swap_row(s, ev->peer);

	for (size_t i = 0; !row && s->n == KITH_ROWS_MAX && i < s->n; i++)
		if (!s->rows[i].here && !s->rows[i].swapped)
			row = &s->rows[i];
	if (!row && s->n < KITH_ROWS_MAX)
		row = &s->rows[s->n++];
	if (!row)
		return NULL;
	if (strcmp(row->peer, ev->peer) != 0) {
		*row = (struct kith_swap_row){0};
		memcpy(row->peer, ev->peer, sizeof row->peer);
	}
	if (ev->kind == KITH_EVENT_SEEN) { /* which alone tells it, and tells all of it */
		row->known = ev->known;
		memcpy(row->whom, ev->whom, sizeof row->whom);
		memcpy(row->alike, ev->alike, sizeof row->alike);
	}
	if (ev->name[0]) {
		memcpy(row->name, ev->name, sizeof row->name);
		memcpy(row->alike, ev->alike, sizeof row->alike);
	}
	return row;
}

const char *kith_swap_called(const struct kith_swap_row *row)
{
	return row->known && row->whom[0] ? row->whom : row->name;
}

static bool folded_begins(const char *text, const char *word, bool *ret_whole)
{
	KITH_AUTO_BUF struct kith_buf a = {0};
	KITH_AUTO_BUF struct kith_buf b = {0};

	if (kith_fold(&a, kith_span_str(text)) || kith_fold(&b, kith_span_str(word)) || b.n == 0)
		return false;
	*ret_whole = a.n == b.n;
	return a.n >= b.n && memcmp(a.p, b.p, b.n) == 0;
}

struct kith_swap_row *kith_swap_find(struct kith_swap *s, const char *word)
{
	struct kith_swap_row *whole = NULL, *part = NULL;
	size_t wholes = 0, parts = 0;

	for (size_t i = 0; i < s->n; i++) {
		struct kith_swap_row *row = &s->rows[i];
		bool all = false;
		if (strcasecmp(row->peer, word) == 0)
			return row;
		const char *name = kith_swap_called(row);
		if (!name[0] || !folded_begins(name, word, &all))
			continue;
		parts++;
		part = row;
		if (all) {
			wholes++;
			whole = row;
		}
	}
	if (wholes)
		return wholes == 1 ? whole : NULL;
	return parts == 1 ? part : NULL;
}

bool kith_swap_contact(struct kith_swap *s, const uint8_t ik[static KITH_KEY_BYTES],
	struct kith_contact *ret_contact)
{
	*ret_contact = (struct kith_contact){0};
	if (!s->store && kith_store_open(s->cli->home, KITH_STORE_READ, &s->store, NULL))
		return false;
	if (kith_store_contact_of(s->store, ik, ret_contact))
		return false;
	if (memcmp(ret_contact->ik, ik, KITH_KEY_BYTES) == 0)
		return true;
	kith_contact_free(ret_contact); /* a key that they left is not them */
	return false;
}

/* --- words ------------------------------------------------------------------------------------ */

const char *kith_swap_name(const char *name, char out[static 4 * KITH_SHOWN_NAME + 16])
{
	kith_show_in(out, 4 * KITH_SHOWN_NAME + 16, kith_span_str(name), KITH_SHOWN_NAME);
	if (!out[0])
		strcpy(out, "someone near");
	return out;
}

const char *kith_swap_quoted(const char *name, char out[static 4 * KITH_SHOWN_NAME + 16])
{
	kith_quote_in(out, 4 * KITH_SHOWN_NAME + 16, kith_span_str(name), KITH_SHOWN_NAME);
	return out[1] == '"' ? strcpy(out, "someone near") : out;
}

/* Never "this is your Ada": until the codes were compared, a name is only a claim. */
const char *kith_swap_alike(const char *name, const char *alike, char *out, size_t cap)
{
	char shown[4 * KITH_SHOWN_NAME + 16];
	bool same = false; /* but for case and accents */

	*out = 0;
	same = folded_begins(name, alike, &same) && same;
	if (alike[0])
		(void)snprintf(out, cap,
			same ? "has the name of your %s"
			     : "looks like your %s, but is spelt otherwise",
			kith_swap_quoted(alike, shown));
	return out;
}

void kith_swap_ending(const struct kith_swap *s, const struct kith_client_event *ev,
	const char *name, char *out, size_t cap)
{
	bool invited = s->invited[0] && strcmp(s->invited, ev->peer) == 0;

	if (invited && ev->kind == KITH_EVENT_UNREACHABLE)
		(void)snprintf(out, cap,
			"The invitation leads to nobody yet: its swap may have ended, or this network "
			"does not reach it. Trying for a minute.");
	else if (invited && ev->error == KITH_ERR_UNREACHABLE)
		(void)snprintf(out, cap,
			"The invitation leads to nobody; ask for a new one, or run kith swap on the "
			"same network.");
	else if (s->stranger && ev->error == KITH_ERR_MISMATCH)
		(void)snprintf(out, cap,
			"Who answered is not who invited you: somebody may be in the middle. "
			"Nothing was swapped.");
	else
		kith_ending_sentence(name,
			ev->kind == KITH_EVENT_UNREACHABLE ? KITH_ERR_UNREACHABLE : ev->error,
			ev->pending, out, cap);
}

void kith_swap_group(const char *code, char out[static 20])
{
	size_t n = strlen(code), each = n > 6 ? 4 : 3;

	for (size_t i = 0; i < n; i++) {
		if (i && i % each == 0)
			*out++ = ' ';
		*out++ = code[i];
	}
	*out = 0;
}

/* --- decisions -------------------------------------------------------------------------------- */

/* A node that cannot be told anything has ended; its own event or silence says why. */
static void sent(struct kith_swap *s, enum kith_err err)
{
	if (err == KITH_ERR_NODE) {
		s->last = err;
		s->end = true;
	}
}

void kith_swap_pick(struct kith_swap *s, const char *peer)
{
	if (s->looking || s->code.peer[0])
		return;
	if (strcmp(s->request.peer, peer) == 0) {
		kith_swap_answer(s, true); /* picking who asks is saying yes */
		return;
	}
	(void)snprintf(s->picked, sizeof s->picked, "%s", peer);
	s->asked = false;
	sent(s, kith_client_pick(s->client, peer));
}

void kith_swap_answer(struct kith_swap *s, bool yes)
{
	if (!s->request.peer[0])
		return;
	sent(s, kith_client_answer(s->client, s->request.peer, yes));
	if (yes)
		memcpy(s->picked, s->request.peer, sizeof s->picked);
	s->request.peer[0] = 0;
}

void kith_swap_compared(struct kith_swap *s, bool same)
{
	if (!s->code.peer[0] || s->answered)
		return;
	s->answered = true;
	sent(s, kith_client_compared(s->client, s->code.peer, same));
}

void kith_swap_cancel(struct kith_swap *s)
{
	const char *peer = s->code.peer[0] ? s->code.peer : s->picked;

	if (!peer[0])
		return;
	sent(s, kith_client_cancel(s->client, peer));
	s->code.peer[0] = 0;
	s->picked[0] = 0;
	s->answered = false;
}

void kith_swap_requests(struct kith_swap *s)
{
	if (s->held)
		sent(s, kith_client_requests(s->client));
}

void kith_swap_invite(struct kith_swap *s, bool show)
{
	s->inviting = show;
	s->invite[0] = 0;
	sent(s, kith_client_invite(s->client, show));
}

bool kith_swap_busy(const struct kith_swap *s)
{
	return s->picked[0] || s->request.peer[0] || s->code.peer[0];
}

/* --- events ----------------------------------------------------------------------------------- */

/* What was open with this person is closed. */
static void settle(struct kith_swap *s, const char *peer)
{
	if (strcmp(s->picked, peer) == 0)
		s->picked[0] = 0;
	if (strcmp(s->request.peer, peer) == 0)
		s->request.peer[0] = 0;
	if (strcmp(s->code.peer, peer) == 0) {
		s->code.peer[0] = 0;
		s->answered = false;
	}
}

static void took_swapped(struct kith_swap *s, const struct kith_client_event *ev)
{
	struct kith_swap_row *row = row_for(s, ev);

	s->swapped++;
	if (row) {
		row->swapped = true;
		row->unreachable = false;
		memcpy(row->ik, ev->ik, sizeof row->ik);
	}
	settle(s, ev->peer);
	if (!s->keep && (s->robot || s->who || strcmp(s->invited, ev->peer) == 0))
		s->end = true;
}

static void took_failed(struct kith_swap *s, const struct kith_client_event *ev)
{
	struct kith_swap_row *row = kith_swap_row(s, ev->peer);

	s->last = ev->error;
	if (row)
		row->refused = ev->error == KITH_ERR_DECLINED || ev->error == KITH_ERR_MISMATCH;
	if (strcmp(s->invited, ev->peer) == 0) {
		/* before any code was there to differ */
		s->stranger = ev->error == KITH_ERR_MISMATCH && strcmp(s->code.peer, ev->peer) != 0;
		s->end = true;
	}
	settle(s, ev->peer);
	/* With WHO, a no is an answer; a broken line is not. */
	if (s->who && !s->robot && row && row == kith_swap_find(s, s->who))
		s->end = true;
	if (s->who && s->robot && row && row->refused)
		s->end = true;
}

static void take(struct kith_swap *s, const struct kith_client_event *ev)
{
	struct kith_swap_row *row = NULL;

	switch (ev->kind) {
	case KITH_EVENT_READY:
		s->ready = true;
		s->visible = ev->visible;
		memcpy(s->me, ev->name, sizeof s->me);
		break;
	case KITH_EVENT_SEEN:
		if ((row = row_for(s, ev)))
			row->here = true;
		break;
	case KITH_EVENT_GONE:
		if ((row = kith_swap_row(s, ev->peer)))
			row->here = row->unreachable = false;
		break;
	case KITH_EVENT_CALLING:
		(void)row_for(s, ev);
		memcpy(s->invited, ev->peer, sizeof s->invited);
		memcpy(s->picked, ev->peer, sizeof s->picked);
		s->asked = false;
		break;
	case KITH_EVENT_INVITE:
		memcpy(s->invite, ev->text, sizeof s->invite);
		break;
	case KITH_EVENT_REQUEST:
		(void)row_for(s, ev);
		s->request = *ev;
		break;
	case KITH_EVENT_WITHDRAWN:
		if (strcmp(s->request.peer, ev->peer) == 0)
			s->request.peer[0] = 0;
		break;
	case KITH_EVENT_ASKING:
		s->asked = true;
		if ((row = kith_swap_row(s, ev->peer)))
			row->unreachable = false;
		break;
	case KITH_EVENT_UNREACHABLE:
		if (!s->last) /* it may still come about; an end that was told says more */
			s->last = KITH_ERR_UNREACHABLE;
		if ((row = kith_swap_row(s, ev->peer)))
			row->unreachable = true;
		break;
	case KITH_EVENT_CODE:
		(void)row_for(s, ev);
		s->code = *ev;
		s->answered = ev->scanned; /* by itself */
		break;
	case KITH_EVENT_SWAPPED:
		took_swapped(s, ev);
		break;
	case KITH_EVENT_FAILED:
		took_failed(s, ev);
		break;
	case KITH_EVENT_HELD:
		s->held = ev->waiting;
		break;
	case KITH_EVENT_NOTICE:
	case KITH_EVENT_STATE:
	case KITH_EVENT_HERE:
	case KITH_EVENT_AWAY:
	case KITH_EVENT_CHANGED:
		break;
	case KITH_EVENT_REFUSED:
		s->last = ev->error;
		s->end = true;
		break;
	}
}

const struct kith_swap_view *kith_swap_view_for(const struct kith_swap *s)
{
	const char *term = getenv("TERM");
	bool dumb = !term || !*term || strcmp(term, "dumb") == 0;

	if (s->cli->json)
		return &kith_swap_json;
	return s->cli->tty && !dumb && !s->robot ? &kith_swap_screen : &kith_swap_lines;
}

/* --- the loop --------------------------------------------------------------------------------- */

/* The one named on the command line comes, or was quicker and asks: to pick them is to say yes. */
static bool is_who(struct kith_swap *s, const struct kith_client_event *ev)
{
	struct kith_swap_row *row = s->who ? kith_swap_row(s, ev->peer) : NULL;
	bool news = ev->kind == KITH_EVENT_REQUEST ||
		    (ev->kind == KITH_EVENT_SEEN && !kith_swap_busy(s));

	return row && news && kith_swap_find(s, s->who) == row;
}

static void end_batch(struct kith_swap *s)
{
	if (s->view->batch)
		s->view->batch(s);
}

/* A batch is what was ready, but not more than a whole list: who floods us must not keep keys and
 * time-outs waiting. */
static void take_events(struct kith_swap *s, char refusal[static KITH_TEXT_BYTES])
{
	struct kith_client_event ev;
	enum kith_err err = KITH_OK;

	for (int i = 0; i < KITH_ROWS_MAX && !s->end; i++) {
		if ((err = kith_client_next(s->client, &ev)))
			break;
		take(s, &ev);
		if (ev.kind == KITH_EVENT_REFUSED)
			memcpy(refusal, ev.text, KITH_TEXT_BYTES);
		else
			s->view->event(s, &ev);
		if (s->robot)
			kith_swap_robot(s, &ev);
		else if (is_who(s, &ev))
			kith_swap_pick(s, ev.peer);
	}
	if (!s->end && err && err != KITH_ERR_MISSING) {
		s->last = KITH_ERR_NODE;
		s->end = true;
	}
	end_batch(s);
}

static uint64_t now_ms(void)
{
	return kith_env_default()->ticks(NULL);
}

static int poll_ms(uint64_t ends)
{
	uint64_t now = now_ms();

	if (!ends)
		return -1;
	return ends <= now ? 0 : ends - now > 60000 ? 60000 : (int)(ends - now);
}

static void loop(
	struct kith_swap *s, int signals, uint64_t ends, char refusal[static KITH_TEXT_BYTES])
{
	while (!s->end) {
		struct pollfd p[] = {{kith_client_fd(s->client), POLLIN, 0}, {signals, POLLIN, 0},
			{s->view->input && !s->input_ended ? STDIN_FILENO : -1, POLLIN, 0}};
		int n = poll(p, 3, poll_ms(ends));
		if (n < 0 && errno != EINTR)
			return;
		if (n < 0) { /* a resized window */
			s->view->event(s, NULL);
			end_batch(s);
			continue;
		}
		if (p[1].revents && kith_signals_take(signals))
			return;
		if (p[2].revents)
			s->view->input(s);
		if (p[0].revents)
			take_events(s, refusal);
		/* before it is ready, what may be wrong with the node has not been told yet */
		if (s->ready && s->input_ended && !s->looking && !s->robot && !s->who && !s->to &&
			!kith_swap_busy(s))
			return; /* nobody is left who could decide */
		if (ends && now_ms() >= ends) {
			s->late = true;
			return;
		}
	}
}

static int status_of(const struct kith_swap *s, const char *refusal)
{
	struct kith_diag diag = {0};

	(void)snprintf(diag.text, sizeof diag.text, "%s", refusal);
	if (s->last == KITH_ERR_NODE || refusal[0])
		return kith_cli_fail(s->last, &diag);
	if (s->looking && s->n == 0 && s->view == &kith_swap_lines)
		kith_cli_say(s->cli, "Nobody was seen.");
	if (s->looking || s->swapped)
		return 0;
	if (s->late && !s->last)
		return kith_cli_error(KITH_ERR_TIMEOUT,
			"nobody came in time; the other person runs kith swap on the same network");
	if (s->input_ended && !s->last && !s->robot && !s->who && !s->to && !s->cli->json)
		return kith_cli_error(KITH_ERR_TIMEOUT,
			"the input has ended, so nobody is here to decide; "
			"scripts use --unattended or --json");
	int status = kith_err_exit(s->last ? s->last : KITH_ERR_TIMEOUT);
	/* bad input, but not from a file of mine */
	return status == kith_err_exit(KITH_ERR_SHAPE) ? kith_err_exit(KITH_ERR_PROTOCOL) : status;
}

static enum kith_err begin(struct kith_swap *s, const char *interface, struct kith_diag *diag)
{
	struct kith_client_options o = {.home = s->cli->home,
		.interface = interface,
		.passphrase = kith_cli_passphrase,
		.ctx = s->cli};
	enum kith_err err = kith_client_open(&o, &s->client, diag);

	kith_cli_passphrase_forget(s->cli);
	if (err)
		return err;
	return s->looking ? kith_client_nearby(s->client)
			  : kith_client_swap(s->client, &s->options);
}

/* One that is there without an address may get one. */
static int fail_interface(const char *name)
{
	char shown[64];

	return kith_cli_error(KITH_ERR_MISSING, "there is no network interface %s on this machine",
		kith_quote_in(shown, sizeof shown, kith_span_str(name), IF_NAMESIZE));
}

int kith_swap_run(struct kith_swap *s, const char *interface, long timeout)
{
	if (interface && if_nametoindex(interface) == 0)
		return fail_interface(interface);
	struct kith_diag diag = {0};
	char refusal[KITH_TEXT_BYTES] = "";
	sigset_t before;
	KITH_AUTO_FD int signals = kith_signals_watch(&before);
	enum kith_err err = begin(s, interface, &diag);
	uint64_t ends = timeout >= 0 ? now_ms() + (uint64_t)timeout * 1000 : 0; /* once asked */

	if (!err && !s->view->start(s)) {
		s->view = &kith_swap_lines;
		(void)s->view->start(s);
	}
	if (!err) {
		loop(s, signals, ends ? ends : timeout >= 0, refusal);
		s->view->stop(s);
	}
	kith_client_close(s->client);
	kith_store_close(s->store);
	(void)kith_signals_take(
		signals); /* a closed terminal is told twice: by its end, by SIGHUP */
	(void)sigprocmask(SIG_SETMASK, &before, NULL);
	return err ? kith_cli_fail(err, &diag) : status_of(s, refusal);
}
