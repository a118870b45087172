/* SPDX-License-Identifier: MIT
 *
 * swap_lines - plain lines, for pipes, dumb terminals, screen readers, and --unattended.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/swap.h"

#define LINE_BYTES 128

/* The line that a person is typing. */
struct lines_view {
	char line[LINE_BYTES];
	size_t n;
};

static bool start(struct kith_swap *s)
{
	s->view_state = calloc(1, sizeof(struct lines_view));
	return s->view_state != NULL;
}

static void say(struct kith_swap *s, const char *fmt, ...) KITH_PRINTF(2, 3);
static void say(struct kith_swap *s, const char *fmt, ...)
{
	va_list ap;

	if (s->cli->quiet)
		return;
	va_start(ap, fmt);
	(void)vprintf(fmt, ap);
	va_end(ap);
	(void)putchar('\n');
	if (fflush(stdout) != 0)
		s->end = true; /* nobody reads any more */
}

static size_t number_of(const struct kith_swap *s, const char *peer)
{
	for (size_t i = 0; i < s->n; i++)
		if (strcmp(s->rows[i].peer, peer) == 0)
			return i + 1;
	return 0;
}

static const char *row_name(struct kith_swap *s, const char *peer, char *out)
{
	struct kith_swap_row *row = kith_swap_row(s, peer);

	return kith_swap_quoted(row ? kith_swap_called(row) : "", out);
}

static const char *terms(const struct kith_client_event *ev)
{
	if (!ev->gives)
		return ev->attended ? " They give no card in return."
				    : " They give no card in return, and nobody compares there.";
	return ev->attended ? "" : " Nobody compares codes there.";
}

static void say_ready(struct kith_swap *s)
{
	char me[4 * KITH_SHOWN_NAME + 16], card[4 * KITH_SHOWN_NAME], event[4 * KITH_SHOWN_NAME];

	if (s->looking)
		say(s, "Looking who is here.");
	else if (s->visible)
		say(s, "You are visible as %s. Looking who is here.", kith_swap_name(s->me, me));
	else
		say(s, "Your name is hidden. Looking who is here.");
	if (s->options.event)
		say(s, "You are at %s, which whoever you meet stands with.",
			kith_show_in(event, sizeof event, kith_span_str(s->options.event),
				KITH_SHOWN_NAME));
	if (s->options.card)
		say(s, "You give your card %s.",
			kith_show_in(card, sizeof card, kith_span_str(s->options.card),
				KITH_SHOWN_NAME));
	if (!s->looking && !s->robot)
		say(s, s->to ? "Calling whoever invited you; q leaves."
			     : "Type a number to swap with that person, i for an invitation, q to leave.");
}

static void say_code(struct kith_swap *s, const struct kith_client_event *ev, const char *name,
	const char *alike)
{
	char code[20];

	kith_swap_group(ev->code, code);
	if (s->robot) {
		say(s, "Swapping with %s without comparing.", name);
		return;
	}
	say(s, "Code with %s%s%s: %s.%s", name, alike[0] ? ", who " : "", alike, code, terms(ev));
	if (strlen(ev->code) > 6)
		say(s, "If theirs has six digits, compare the last six: %.3s %.3s", ev->code + 6,
			ev->code + 9);
	if (ev->scanned)
		say(s, "You have scanned their invitation, so nothing is left to do here: their screen "
		       "asks for this code. Waiting for them.");
	else
		say(s, "Do both screens show this code? Type same or different.");
}

static void say_invite(struct kith_swap *s)
{
	if (s->invite[0])
		say(s, "Your invitation, for kith swap --to on the other machine:\n%s", s->invite);
	else
		say(s, "There is no network that anybody could come by: no invitation yet.");
}

static void say_swapped(struct kith_swap *s, const struct kith_client_event *ev)
{
	struct kith_contact c;
	char name[4 * KITH_SHOWN_NAME + 16], sentence[KITH_TEXT_BYTES];

	(void)row_name(s, ev->peer, name);
	if (kith_swap_contact(s, ev->ik, &c) && c.name.n)
		kith_quote_in(name, sizeof name, c.name, KITH_SHOWN_NAME);
	if (c.row && c.state != KITH_CONTACT_COMPLETE)
		say(s, "%s has your card and gave none.", name);
	else if (s->options.receive_only)
		say(s, "You have %s's card.", name);
	else if (ev->delivered)
		say(s, "Swapped: you have %s's card, and they have yours.", name);
	else
		say(s, "You have %s's card; whether yours arrived is not known yet.", name);
	if (kith_swap_namesake(s, &c, sentence, sizeof sentence))
		say(s, "%s", sentence);
	kith_contact_free(&c);
}

static void event(struct kith_swap *s, const struct kith_client_event *ev)
{
	char name[4 * KITH_SHOWN_NAME + 16];
	char sentence[KITH_TEXT_BYTES], alike[KITH_TEXT_BYTES];
	const char *more;

	if (!ev)
		return;
	kith_swap_alike(ev->name, ev->alike, alike, sizeof alike);
	(void)row_name(s, ev->peer, name);
	switch (ev->kind) {
	case KITH_EVENT_READY:
		say_ready(s);
		break;
	case KITH_EVENT_SEEN:
		more = ev->known ? "; somebody you know" : alike[0] ? "; " : "";
		if (s->looking)
			say(s, "Here: %s (%s)%s%s", name, ev->peer, more, alike);
		else
			say(s, "%zu  %s (%s)%s%s", number_of(s, ev->peer), name, ev->peer, more,
				alike);
		break;
	case KITH_EVENT_GONE:
		say(s, "Gone: %s (%s)", name, ev->peer);
		break;
	case KITH_EVENT_REQUEST:
		if (!s->robot)
			say(s, "\a%s (%s)%s%s%s asks to swap cards.%s Type y for yes, n for no.",
				name, ev->peer, alike[0] ? ", who " : "", alike,
				alike[0] ? "," : "", terms(ev));
		break;
	case KITH_EVENT_WITHDRAWN:
		say(s, "%s does not ask any more.", name);
		break;
	case KITH_EVENT_ASKING:
		say(s, "Asking %s.", name);
		break;
	case KITH_EVENT_CALLING:
		break;
	case KITH_EVENT_INVITE:
		say_invite(s);
		break;
	case KITH_EVENT_CODE:
		say_code(s, ev, name, alike);
		break;
	case KITH_EVENT_SWAPPED:
		say_swapped(s, ev);
		break;
	case KITH_EVENT_UNREACHABLE:
	case KITH_EVENT_FAILED:
		kith_swap_ending(s, ev, name, sentence, sizeof sentence);
		say(s, "%s", sentence);
		break;
	case KITH_EVENT_HELD:
		if (ev->waiting && !s->robot)
			say(s, "\aSomebody asks to swap cards and is held back. Type r to see requests.");
		break;
	case KITH_EVENT_NOTICE:
		/* it may name a path */
		say(s, "%s",
			kith_show_in(sentence, sizeof sentence, kith_span_str(ev->text),
				KITH_TEXT_BYTES));
		break;
	case KITH_EVENT_REFUSED:
	case KITH_EVENT_STATE:
	case KITH_EVENT_HERE:
	case KITH_EVENT_AWAY:
	case KITH_EVENT_CHANGED:
		break;
	}
}

static bool is_one_of(const char *word, const char *a, const char *b)
{
	return strcasecmp(word, a) == 0 || strcasecmp(word, b) == 0;
}

/* The answer to what is open; an empty line never is one, and a "yes" that was typed ahead is none
 * to a code that nobody has seen. */
static bool answer(struct kith_swap *s, const char *word)
{
	bool code = s->code.peer[0] && !s->answered;
	bool yes = code ? is_one_of(word, "same", "s") : is_one_of(word, "yes", "y");
	bool no = code ? is_one_of(word, "different", "d") : is_one_of(word, "no", "n");

	if (!code && !s->request.peer[0]) {
		bool late = is_one_of(word, "yes", "y") || is_one_of(word, "no", "n") ||
			    is_one_of(word, "same", "different");
		if (late)
			say(s, "There is nothing to answer at the moment.");
		return late;
	}
	if (!yes && !no) {
		say(s, "%s",
			code ? "Compare the codes; then type same or different."
			     : "Type y for yes or n for no.");
		return true;
	}
	if (code) {
		kith_swap_compared(s, yes);
		if (yes && s->code.peer[0])
			say(s, "Waiting for them to say the same.");
	} else {
		kith_swap_answer(s, yes);
	}
	return true;
}

static void take_line(struct kith_swap *s, char *line)
{
	char *word = strtok(line, " \t\r");
	char *end = NULL;

	if (word && (strcasecmp(word, "q") == 0 || strcasecmp(word, "quit") == 0)) {
		s->end = true;
		return;
	}
	if (word && is_one_of(word, "invite", "i") && !s->looking) {
		kith_swap_invite(s, true);
		return;
	}
	if (word && s->held && is_one_of(word, "requests", "r")) {
		kith_swap_requests(s);
		return;
	}
	if (answer(s, word ? word : "") || !word || s->looking)
		return;
	unsigned long number = strtoul(word, &end, 10);
	struct kith_swap_row *row = *end == 0 && number >= 1 && number <= s->n
					    ? &s->rows[number - 1]
					    : kith_swap_find(s, word);
	if (row)
		kith_swap_pick(s, row->peer);
	else
		say(s, "There is no such row; type a number from the list, or q to leave.");
}

static void input(struct kith_swap *s)
{
	struct lines_view *v = s->view_state;
	char c[LINE_BYTES];
	ssize_t n = read(STDIN_FILENO, c, sizeof c);

	if (n <= 0) {
		s->input_ended = n == 0 || errno != EINTR;
		return;
	}
	for (ssize_t i = 0; i < n && !s->end; i++) {
		if (c[i] != '\n') {
			if (v->n < sizeof v->line - 1)
				v->line[v->n++] = c[i];
			continue;
		}
		v->line[v->n] = 0;
		v->n = 0;
		take_line(s, v->line);
	}
}

static void stop(struct kith_swap *s)
{
	free(s->view_state);
	s->view_state = NULL;
}

const struct kith_swap_view kith_swap_lines = {start, event, input, stop, NULL};
