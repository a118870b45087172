/* SPDX-License-Identifier: MIT
 *
 * swap - be seen, see, agree, compare, swap.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/auto.h"
#include "base/limits.h"
#include "book/mine.h"
#include "card/uri.h"
#include "cli/args.h"
#include "cli/gathering.h"
#include "cli/swap.h"
#include "message/invite.h"

#define TIMEOUT_PIPED 60 /* seconds */

/* The bytes of an invitation from its text; false: that was said, with *ret_status set. */
static bool read_invite(const char *text, struct kith_buf *bytes, int *ret_status)
{
	struct kith_diag diag = {0};
	struct kith_invite invite;
	enum kith_uri_kind kind;
	enum kith_err err = kith_uri_read(kith_span_str(text), &kind, bytes, &diag);

	if (err)
		*ret_status = kith_cli_fail(err, &diag);
	else if (kind != KITH_URI_INVITE)
		*ret_status = kith_cli_error(KITH_ERR_VALUE,
			"this is a %s, and no invitation (KITH:1/J/...); kith import takes it",
			kind == KITH_URI_CARD        ? "card"
			: kind == KITH_URI_STATEMENT ? "statement about a key"
						     : "key");
	else if ((err = kith_invite_read(kith_buf_span(bytes), &invite)))
		*ret_status = kith_cli_error(
			err, err == KITH_ERR_VERSION
				     ? "this invitation needs a newer kith"
				     : "this invitation is damaged; ask for it once more");
	else
		return true;
	return false;
}

/* Whether I have that card; else that was said, with *ret_status set. */
static bool has_card(struct kith_cli *cli, const char *name, int *ret_status)
{
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	KITH_AUTO(kith_my_free) struct kith_my my = {0};
	struct kith_diag diag = {0};

	if (!kith_cli_store(cli, KITH_STORE_READ, &store, ret_status))
		return false;
	enum kith_err err = kith_my_read_card(store, name, &my, &diag);
	if (err)
		*ret_status = kith_cli_fail(err, &diag);
	return !err;
}

/* Where we are.  Of a store that cannot be read the node says why, and what to do. */
static bool read_event(
	struct kith_cli *cli, const char *asked, struct kith_gathering *event, int *ret_status)
{
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;

	if (kith_store_open(cli->home, KITH_STORE_READ, &store, NULL) == KITH_OK)
		return kith_gathering_carried(store, "swap", asked, event, ret_status);
	if (!asked || !*asked)
		return true;
	(void)snprintf(event->name, sizeof event->name, "%s", asked);
	return kith_gathering_may("swap", "name", asked, ret_status);
}

/* It, and the card that is given there; card is what --card says.  What is asked of the node borrows from both. */
static bool take_event(struct kith_cli *cli, struct kith_swap *s, const char *asked,
	const char *card, struct kith_gathering *event, int *ret_status)
{
	*event = (struct kith_gathering){0};
	if (!read_event(cli, asked, event, ret_status))
		return false;
	if (!s->options.receive_only && !kith_gathering_card(event, card, &card, ret_status))
		return false;
	if (card && !has_card(cli, card, ret_status))
		return false;
	s->options.event = *event->name ? event->name : NULL;
	s->options.card = card && strcasecmp(card, "me") != 0 ? card : NULL;
	return true;
}

/* The node signs, and has nobody to tell. */
static void warn_revoked(struct kith_cli *cli)
{
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	KITH_AUTO(kith_my_free) struct kith_my my = {0};

	if (!kith_store_open(cli->home, KITH_STORE_READ, &store, NULL) &&
		!kith_my_read(store, &my, NULL))
		kith_cli_revoked_note(cli, store, my.card.ik);
}

int kith_cmd_swap(struct kith_cli *cli, int argc, char **argv)
{
	KITH_AUTO_BUF struct kith_buf invite = {0};
	KITH_AUTO_FREE struct kith_swap *s = calloc(1, sizeof *s);
	struct kith_gathering where;
	const char *card = NULL, *event = NULL, *timeout = NULL, *to = NULL, *interface = NULL;
	long limit = cli->tty && !cli->json ? -1 : TIMEOUT_PIPED;
	int status;

	if (!s)
		return kith_cli_fail(KITH_ERR_NOMEM, NULL);
	const struct kith_option options[] = {
		{"card", 0, &card, NULL},
		{"event", 0, &event, NULL},
		{"hidden", 0, NULL, &s->options.hidden},
		{"receive-only", 0, NULL, &s->options.receive_only},
		{"long", 0, NULL, &s->options.long_code},
		{"timeout", 0, &timeout, NULL},
		{"unattended", 0, NULL, &s->options.unattended},
		{"keep", 0, NULL, &s->keep},
		{"to", 0, &to, NULL},
		{"interface", 0, &interface, NULL},
	};
	if (!kith_args(options, sizeof options / sizeof options[0], &argc, argv, &status))
		return status;
	if (argc > 2)
		return kith_cli_usage(argv[0], "one person at a time, please");
	if (to && argc == 2)
		return kith_cli_usage(argv[0], "an invitation (--to) says already whom");
	if (to && s->keep)
		return kith_cli_usage(
			argv[0], "an invitation (--to) is for one swap; --keep goes on");
	if (card && s->options.receive_only)
		return kith_cli_usage(argv[0], "--receive-only gives no card");
	if (timeout && !kith_args_seconds(timeout, &limit))
		return kith_cli_usage(argv[0], "--timeout takes whole seconds");
	if (s->keep && !s->options.unattended)
		return kith_cli_usage(argv[0], "--keep goes with --unattended");
	if (to && !read_invite(to, &invite, &status))
		return status;
	/* Only the first run needs more than the node does, and the node starts while we look. */
	if (!kith_cli_has_key(cli)) {
		KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
		if (!kith_cli_store(cli, KITH_STORE_USE, &store, &status))
			return status;
	}
	if (!take_event(cli, s, event, card, &where, &status))
		return status;
	warn_revoked(cli);
	s->cli = cli;
	s->robot = s->options.unattended;
	s->options.invite = kith_buf_span(&invite);
	s->to = to != NULL;
	s->who = argc == 2 ? argv[1] : NULL;
	s->view = kith_swap_view_for(s);
	s->input_ended = s->robot;
	return kith_swap_run(s, interface, limit);
}
