/* SPDX-License-Identifier: MIT
 *
 * swap_json - one JSON object a line as things happen; decisions as words on standard input.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/person.h"
#include "cli/swap.h"

#define LINE_MAX_BYTES 256

/* The line that is being read. */
struct json_view {
	char line[LINE_MAX_BYTES];
	size_t n;
	bool too_long;
};

static bool start(struct kith_swap *s)
{
	s->view_state = calloc(1, sizeof(struct json_view));
	return s->view_state != NULL;
}

static void stop(struct kith_swap *s)
{
	free(s->view_state);
	s->view_state = NULL;
}

static json_t *name_or_null(const char *name)
{
	return name[0] ? kith_json_text(kith_span_str(name)) : json_null();
}

static json_t *contact_of(struct kith_swap *s, const uint8_t ik[static 32])
{
	struct kith_contact c = {0};
	json_t *person = NULL;

	if (kith_swap_contact(s, ik, &c))
		person = kith_person_json(s->store, c.row);
	kith_contact_free(&c);
	return person ? person : json_null();
}

/* Somebody I know has an id, and the name that I know them by. */
static json_t *seen(const struct kith_client_event *ev)
{
	char id[KITH_ID_CHARS + 1];

	kith_id_text(ev->ik, id);
	return json_pack("{s:s,s:s,s:o,s:o,s:b,s:o,s:o}", "event", "seen", "peer", ev->peer, "name",
		name_or_null(ev->name), "alike", name_or_null(ev->alike), "known", ev->known, "id",
		ev->known ? json_string(id) : json_null(), "contact",
		ev->known ? name_or_null(ev->whom) : json_null());
}

static json_t *object_of(struct kith_swap *s, const struct kith_client_event *ev)
{
	const char *discovery = ev->discovery == 2 ? "avahi-daemon" : "avahi-core";

	switch (ev->kind) {
	case KITH_EVENT_READY:
		if (s->looking)
			return json_pack("{s:s,s:n,s:s}", "event", "ready", "visible_as",
				"discovery", discovery);
		return json_pack("{s:s,s:o,s:s,s:o,s:o}", "event", "ready", "visible_as",
			ev->visible ? name_or_null(ev->name) : json_null(), "discovery", discovery,
			"where", name_or_null(s->options.event ? s->options.event : ""), "card",
			s->options.receive_only
				? json_null()
				: name_or_null(s->options.card ? s->options.card : "me"));
	case KITH_EVENT_SEEN:
		return seen(ev);
	case KITH_EVENT_GONE:
		return json_pack("{s:s,s:s}", "event", "gone", "peer", ev->peer);
	case KITH_EVENT_CALLING: /* asking, unreachable or failed follows */
		break;
	case KITH_EVENT_INVITE:
		return json_pack("{s:s,s:o}", "event", "invite", "text", name_or_null(ev->text));
	case KITH_EVENT_REQUEST:
		return json_pack("{s:s,s:s,s:o,s:o,s:b,s:b}", "event", "request", "peer", ev->peer,
			"name", name_or_null(ev->name), "alike", name_or_null(ev->alike), "gives",
			ev->gives, "attended", ev->attended);
	case KITH_EVENT_WITHDRAWN:
		return json_pack("{s:s,s:s}", "event", "withdrawn", "peer", ev->peer);
	case KITH_EVENT_ASKING:
		return json_pack("{s:s,s:s}", "event", "asking", "peer", ev->peer);
	case KITH_EVENT_UNREACHABLE:
		return json_pack("{s:s,s:s}", "event", "unreachable", "peer", ev->peer);
	case KITH_EVENT_CODE:
		return json_pack("{s:s,s:s,s:o,s:o,s:s,s:b,s:b,s:b}", "event", "code", "peer",
			ev->peer, "name", name_or_null(ev->name), "alike", name_or_null(ev->alike),
			"code", ev->code, "gives", ev->gives, "attended", ev->attended, "scanned",
			ev->scanned);
	case KITH_EVENT_SWAPPED:
		return json_pack("{s:s,s:s,s:o,s:b}", "event", "swapped", "peer", ev->peer,
			"contact", contact_of(s, ev->ik), "delivered", ev->delivered);
	case KITH_EVENT_FAILED:
		return json_pack("{s:s,s:s,s:s,s:s*,s:b}", "event", "failed", "peer", ev->peer,
			"reason", kith_ending_reason(ev->error), "detail",
			kith_ending_detail(ev->error), "pending", ev->pending);
	case KITH_EVENT_HELD:
		return json_pack("{s:s,s:b}", "event", "held", "waiting", ev->waiting);
	case KITH_EVENT_NOTICE:
		return json_pack("{s:s,s:o}", "event", "notice", "text",
			kith_json_text(kith_span_str(ev->text)));
	case KITH_EVENT_REFUSED:
	case KITH_EVENT_STATE:
	case KITH_EVENT_HERE:
	case KITH_EVENT_AWAY:
	case KITH_EVENT_CHANGED:
		break;
	}
	return NULL;
}

/* Takes the object; NULL allowed. */
static void print(struct kith_swap *s, json_t *object)
{
	if (object)
		kith_json_line(stdout, object);
	json_decref(object);
	if (ferror(stdout))
		s->end = true; /* nobody reads any more */
}

static void event(struct kith_swap *s, const struct kith_client_event *ev)
{
	print(s, ev ? object_of(s, ev) : NULL);
}

static void pick(struct kith_swap *s, const char *peer)
{
	struct kith_swap_row *row = kith_swap_find(s, peer);

	if (row)
		kith_swap_pick(s, row->peer);
	else
		print(s, json_pack("{s:s,s:o,s:s,s:b}", "event", "failed", "peer",
				 kith_json_text(kith_span_str(peer)), "reason",
				 kith_ending_reason(KITH_ERR_NOPERSON), "pending", false));
}

/* "swap PEER" and so on.  A word for somebody who is not asked, or has gone, is told as failed. */
static void decide(struct kith_swap *s, char *line)
{
	char *word = strtok(line, " \t\r");
	char *peer = word ? strtok(NULL, " \t\r") : NULL;
	char shown[64];

	if (!word)
		return;
	if (strcmp(word, "quit") == 0) {
		s->end = true;
	} else if (strcmp(word, "requests") == 0) {
		kith_swap_requests(s);
	} else if (strcmp(word, "invite") == 0) {
		kith_swap_invite(s, true);
	} else if (strcmp(word, "same") == 0 || strcmp(word, "different") == 0) {
		if (!peer || strcmp(peer, s->code.peer) == 0)
			kith_swap_compared(s, word[0] == 's');
	} else if (peer && strcmp(word, "swap") == 0) {
		pick(s, peer);
	} else if (peer && (strcmp(word, "accept") == 0 || strcmp(word, "decline") == 0)) {
		if (strcmp(peer, s->request.peer) == 0)
			kith_swap_answer(s, word[0] == 'a');
	} else {
		kith_cli_note(s->cli,
			"\"%s\" is no decision; say: swap PEER, accept PEER, decline PEER, same, "
			"different, invite, requests, quit",
			kith_show_in(shown, sizeof shown, kith_span_str(word), 20));
	}
}

static void input(struct kith_swap *s)
{
	struct json_view *v = s->view_state;
	char c[512];
	ssize_t n = read(STDIN_FILENO, c, sizeof c);

	if (n <= 0) {
		s->input_ended = n == 0 || errno != EINTR;
		return;
	}
	for (ssize_t i = 0; i < n && !s->end; i++) {
		if (c[i] != '\n') {
			v->too_long = v->too_long || v->n == sizeof v->line - 1;
			if (!v->too_long)
				v->line[v->n++] = c[i];
			continue;
		}
		v->line[v->n] = 0;
		if (!v->too_long)
			decide(s, v->line);
		v->n = 0;
		v->too_long = false;
	}
}

const struct kith_swap_view kith_swap_json = {start, event, input, stop, NULL};
