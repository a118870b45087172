/* SPDX-License-Identifier: MIT
 *
 * status - whether a node runs in the background, how it is, and what is owed.
 */
#include <kith/cards.h>
#include <kith/known.h>
#include <string.h>

#include "base/auto.h"
#include "base/text.h"
#include "book/keys.h"
#include "cli/args.h"
#include "cli/due.h"
#include "cli/gathering.h"
#include "cli/near.h"
#include "cli/nodetalk.h"
#include "cli/person.h"
#include "cli/words.h"

#define START "kith node --detach starts it (at every login: systemctl --user enable --now kith)"

/* What is asked of node and store. */
struct status {
	struct kith_cli *cli;
	struct kith_store *store;
	const struct kith_node_state *node;
	struct kith_gathering event; /* that runs */
	json_t *here;                /* array of {id, name} */
	struct kith_near near;
	bool revoked;    /* my key: nobody takes a card of mine */
	size_t owed;     /* people who wait for a card of mine */
	size_t owing;    /* and I for theirs */
	size_t due;      /* things that kith due lists */
	int64_t updated; /* the last card that came, Unix seconds; 0: none */
};

static void take_here(void *ctx, const struct kith_client_event *ev)
{
	struct status *s = ctx;
	char id[KITH_ID_CHARS + 1];

	if (ev->kind != KITH_EVENT_HERE)
		return;
	kith_near_take(&s->near, ev);
	kith_id_text(ev->ik, id);
	(void)json_array_append_new(s->here,
		json_pack("{s:s,s:o}", "id", id, "name", kith_json_text(kith_span_str(ev->whom))));
}

/* --- the store -------------------------------------------------------------------------------- */

static bool count(void *ctx, const struct kith_contact *contact)
{
	struct status *s = ctx;

	s->owed += !s->revoked && kith_near_owed(s->store, contact->row);
	s->owing += contact->state == KITH_CONTACT_PENDING && contact->gives && !contact->let_go;
	return true;
}

/* By a swap or after it, as a change, or by an introduction. */
static bool brings_card(enum kith_notice_kind kind)
{
	return kind == KITH_NOTICE_MET || kind == KITH_NOTICE_CARD ||
	       kind == KITH_NOTICE_COMPLETED || kind == KITH_NOTICE_INTRODUCED;
}

static bool latest(void *ctx, const struct kith_notice *notice)
{
	struct status *s = ctx;

	if (brings_card(notice->kind))
		s->updated = notice->at;
	return true;
}

static enum kith_err read_store(struct status *s, struct kith_store *store)
{
	s->store = store;
	enum kith_err err = kith_key_mine_is_revoked(store, &s->revoked);

	if (!err)
		err = kith_store_each_keyed(store, count, s);
	if (!err)
		err = kith_due_count(store, &s->due);
	return err ? err : kith_store_news_each(store, 0, latest, s);
}

/* --- telling ---------------------------------------------------------------------------------- */

static const char *discovery(const struct kith_node_state *n)
{
	return n->discovery == 2 ? "avahi-daemon" : n->discovery == 1 ? "avahi-core" : NULL;
}

static json_t *iso_or_null(int64_t at)
{
	char text[KITH_DATE_CHARS];

	return at ? json_string(kith_words_iso(at, text)) : json_null();
}

static json_t *text_or_null(const char *text)
{
	return text && *text ? kith_json_text(kith_span_str(text)) : json_null();
}

static void print_json(struct status *s)
{
	const struct kith_node_state *n = s->node;
	json_t *o = json_pack(
		"{s:b,s:I,s:o,s:b,s:b,s:b,s:o,s:o,s:s,s:b,s:b,s:I,s:I,s:O,s:I,s:I,s:I,s:o,"
		"s:o,s:o}",
		"running", true, "pid", (json_int_t)n->pid, "since", iso_or_null(n->since),
		"background", n->background, "locked", n->locked, "swapping", n->swaps, "discovery",
		text_or_null(discovery(n)), "network", text_or_null(n->network), "where",
		kith_where_name(n->where), "known_network", n->familiar, "recognises",
		n->recognises, "known", (json_int_t)n->ties, "left_out", (json_int_t)n->left_out,
		"here", s->here, "owed", (json_int_t)s->owed, "pending", (json_int_t)s->owing,
		"due", (json_int_t)s->due, "updated", iso_or_null(s->updated), "trouble",
		text_or_null(n->trouble), "event", text_or_null(s->event.name));

	kith_json_line(stdout, o);
	json_decref(o);
}

static void say_where(struct status *s)
{
	static const char *const words[] = {
		"everywhere", "in networks where you met somebody, or that you marked", "nowhere"};
	const struct kith_node_state *n = s->node;

	kith_cli_say(s->cli, "People you know are recognised %s%s.", words[n->where],
		n->where == KITH_WHERE_NEVER   ? ""
		: n->recognises                ? "; here, too"
		: n->ties == 0                 ? "; there is nobody yet"
		: n->where == KITH_WHERE_KNOWN ? "; not here"
					       : "; in a moment here, too");
	if (n->where == KITH_WHERE_NEVER)
		return;
	if (n->ties)
		kith_cli_say(s->cli, "%zu %s would be recognised%s.", n->ties,
			n->ties == 1 ? "person" : "people", n->left_out ? ", those met last" : "");
	if (n->left_out)
		kith_cli_say(s->cli, "%zu more are left out: there are too many.", n->left_out);
}

static void say_event(struct status *s)
{
	char name[KITH_GATHERING_SHOWN], when[KITH_GATHERING_WHEN];

	if (s->event.row)
		kith_cli_say(s->cli, "The event %s runs, %s.",
			kith_gathering_quoted(&s->event, name),
			kith_gathering_when(&s->event, when));
}

static void say_here(struct status *s)
{
	char shown[4 * KITH_SHOWN_NAME + 16];
	size_t i;
	json_t *person;

	if (s->cli->quiet || s->node->where == KITH_WHERE_NEVER || json_array_size(s->here) == 0)
		return;
	(void)printf("Here now: ");
	json_array_foreach(s->here, i, person)
	{
		const char *name = json_string_value(json_object_get(person, "name"));
		(void)printf("%s%s", i ? ", " : "",
			kith_quote_in(shown, sizeof shown, kith_span_str(name), KITH_SHOWN_NAME));
	}
	(void)printf(".\n");
}

/* What they are owed, and who of them gets it now. */
static enum kith_err say_owed(struct status *s)
{
	if (s->owed)
		kith_cli_say(s->cli, "%zu %s to be given your card as it is now.", s->owed,
			s->owed == 1 ? "person is" : "people are");
	return s->owed && !s->node->locked && s->node->where != KITH_WHERE_NEVER
		       ? kith_near_say(s->cli, s->store, &s->near, false)
		       : KITH_OK;
}

static enum kith_err say(struct status *s)
{
	enum kith_err err;
	const struct kith_node_state *n = s->node;
	char date[KITH_DATE_CHARS], shown[4 * KITH_SHOWN_LINE];

	kith_cli_say(s->cli, "A node runs %s since %s (process %lld).",
		n->background ? "in the background" : "for another window",
		kith_words_time(n->since, date), (long long)n->pid);
	kith_show_in(shown, sizeof shown, kith_span_str(n->network), KITH_SHOWN_LINE);
	if (shown[0] && discovery(n) && (n->recognises || n->swaps))
		kith_cli_say(s->cli, "It looks for people by %s, on %s.", discovery(n), shown);
	else if (shown[0])
		kith_cli_say(s->cli, "It does not look for people now; it is on %s.", shown);
	say_event(s);
	if (s->revoked)
		kith_cli_say(s->cli, "Your key is revoked: nobody takes what it signs.");
	if (!n->locked) {
		say_where(s);
		say_here(s);
	}
	if ((err = say_owed(s)))
		return err;
	if (s->owing)
		kith_cli_say(s->cli, "The card of %zu %s is still to come.", s->owing,
			s->owing == 1 ? "person" : "people");
	if (s->due)
		kith_cli_say(s->cli, "%zu %s due; kith due shows what.", s->due,
			s->due == 1 ? "thing is" : "things are");
	if (s->updated)
		kith_cli_say(
			s->cli, "The last card came on %s.", kith_words_time(s->updated, date));
	if (n->trouble[0])
		kith_cli_say(s->cli, "%s",
			kith_show_in(shown, sizeof shown, kith_span_str(n->trouble),
				4 * KITH_SHOWN_LINE));
	return KITH_OK;
}

/* Of a home whose store cannot be read that is all there is to say. */
static int none_runs(struct status *s)
{
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	int status;

	if (kith_store_open(s->cli->home, KITH_STORE_READ, &store, NULL) == KITH_OK &&
		!kith_gathering_running(store, &s->event, &status))
		return status;
	if (s->cli->json)
		kith_json_tell(s->cli, json_pack("{s:b,s:o}", "running", false, "event",
					       text_or_null(s->event.name)));
	else
		say_event(s);
	return kith_cli_error(KITH_ERR_MISSING, "no node runs for this home; " START);
}

static int report(struct status *s, struct kith_client *client)
{
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	struct kith_diag diag = {0};
	int status;
	enum kith_err err = kith_client_watch(client);

	if (!err)
		err = kith_node_answer(client, take_here, s, &diag);
	if (err)
		return kith_cli_fail(err, &diag);
	s->node = kith_client_state(client);
	if (!kith_cli_store(s->cli, KITH_STORE_READ, &store, &status))
		return status;
	if (!kith_gathering_running(store, &s->event, &status))
		return status;
	if ((err = read_store(s, store)))
		return kith_cli_fail_store(err, store);
	if (s->cli->json)
		print_json(s);
	else if ((err = say(s)))
		return kith_cli_fail_store(err, store);
	return 0;
}

int kith_cmd_status(struct kith_cli *cli, int argc, char **argv)
{
	KITH_AUTO(kith_node_hang_up) struct kith_client *client = NULL;
	struct kith_diag diag = {0};
	struct status s = {.cli = cli};
	int status;

	if (!kith_args(NULL, 0, &argc, argv, &status))
		return status;
	if (argc > 1)
		return kith_cli_usage(argv[0], "status takes no arguments");
	enum kith_err err = kith_node_running(cli, &client, &diag);
	if (err == KITH_ERR_MISSING)
		return none_runs(&s);
	if (err)
		return kith_cli_fail(err, &diag);
	if (!(s.here = json_array()))
		return kith_cli_fail(KITH_ERR_NOMEM, NULL);
	status = report(&s, client);
	json_decref(s.here);
	kith_near_free(&s.near);
	return status;
}
