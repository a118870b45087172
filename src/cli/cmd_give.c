/* SPDX-License-Identifier: MIT
 *
 * give - which of my cards somebody gets from now on; and asking for what they have.
 */
#include <strings.h>

#include <kith/known.h>

#include "base/auto.h"
#include "base/limits.h"
#include "base/text.h"
#include "book/mine.h"
#include "cli/args.h"
#include "cli/cli.h"
#include "cli/holding.h"
#include "cli/person.h"
#include "cli/soon.h"

/* What they hold, for what is said about it. */
struct held {
	struct kith_buf card;
	uint64_t rev;
	bool given; /* a card is chosen for them */
	enum kith_letgo asked_back;
	json_t *json;
	struct kith_store *store;
	enum kith_err err;
};

static void held_end(struct held *h)
{
	kith_buf_free(&h->card);
	json_decref(h->json);
}

static bool take(void *ctx, const struct kith_holding *holding)
{
	struct held *h = ctx;

	h->rev = holding->rev;
	h->given = holding->given.n > 0;
	h->asked_back = holding->asked_back;
	h->err = kith_buf_add(&h->card, holding->card.p, holding->card.n);
	if (!h->err && h->store && !(h->json = kith_holding_json(h->store, holding)))
		h->err = KITH_ERR_NOMEM;
	return false;
}

static int fail(struct kith_store *store, enum kith_err err, struct kith_span name)
{
	char shown[4 * KITH_SHOWN_NAME];

	kith_quote_in(shown, sizeof shown, name, KITH_SHOWN_NAME);
	if (err == KITH_ERR_NOPERSON)
		return kith_cli_error(err,
			"%s has no key here: typed in or imported, so there is nobody to give a "
			"card to",
			shown);
	if (err == KITH_ERR_MISSING)
		return kith_cli_error(
			err, "%s holds no card of yours, as far as is known here", shown);
	return kith_cli_fail_store(err, store);
}

/* The ledger's line about them, as JSON. */
static int put_json(struct kith_store *store, int64_t contact)
{
	KITH_AUTO(held_end) struct held h = {.store = store};
	enum kith_err err = kith_store_ledger(store, contact, take, &h);

	if (err || h.err)
		return err ? kith_cli_fail_store(err, store) : kith_cli_fail(h.err, NULL);
	json_t *none = h.json ? NULL : json_object();
	kith_json_line(stdout, h.json ? h.json : none);
	json_decref(none);
	return 0;
}

/* What stays with them when they get another card, or none. */
static void say_kept(const struct kith_cli *cli, const struct held *h, const char *card)
{
	char shown[4 * KITH_CARD_NAME_MAX + 8];

	kith_show_in(shown, sizeof shown, kith_buf_span(&h->card), KITH_CARD_NAME_MAX);
	if (h->rev == 0 || (card && strcasecmp(card, shown) == 0))
		return;
	kith_cli_say(cli, "What they have already (%s, revision %llu) stays in their hands%s",
		*shown ? shown : "a card", (unsigned long long)h->rev,
		card ? ", as bytes that they can keep." : "; --ask-back asks for it.");
}

static const char *when(struct kith_cli *cli, const struct kith_contact *who)
{
	return kith_soon(cli, who) ? "within a minute: you are both here" : "when you meet next";
}

/* That very revision is with them. */
static bool holds(const struct held *h, const char *card, uint64_t rev)
{
	return h->rev > 0 && h->rev == rev && h->card.n == strlen(card) &&
	       strncasecmp((const char *)h->card.p, card, h->card.n) == 0;
}

/* They have refused it as it is, and do not hold it either. */
static bool is_refused(struct kith_store *store, const struct kith_contact *who,
	const struct kith_my *my, const struct held *h)
{
	struct kith_stance stance;

	return my->card.rev != h->rev && !kith_store_stance(store, who->row, &stance) &&
	       my->card.rev <= stance.refused;
}

static int give_card(struct kith_cli *cli, struct kith_store *store, const struct kith_contact *who,
	const char *card)
{
	KITH_AUTO(kith_my_free) struct kith_my my = {0};
	KITH_AUTO(held_end) struct held h = {0};
	struct kith_diag diag = {0};
	char person[4 * KITH_SHOWN_NAME];
	enum kith_err err = kith_my_read_card(store, card, &my, &diag);

	if (err)
		return kith_cli_fail(err, &diag);
	if ((err = kith_store_ledger(store, who->row, take, &h)) || (err = h.err) ||
		(err = kith_store_give(store, who->row, my.mine.card)))
		return fail(store, err, who->name);
	if (cli->json)
		return put_json(store, who->row);
	kith_quote_in(person, sizeof person, who->name, KITH_SHOWN_NAME);
	if (holds(&h, card, my.card.rev)) {
		kith_cli_say(cli, "%s holds your card %s already, and gets what comes after it.",
			person, card);
		return 0;
	}
	if (is_refused(store, who, &my, &h))
		kith_cli_say(cli,
			"%s has refused your card %s as it is; a change of your card is offered "
			"again.",
			person, card);
	else
		kith_cli_say(cli, "%s gets your card %s %s.", person, card,
			who->blocked  ? "once you unblock them"
			: who->frozen ? "once you have compared again"
				      : when(cli, who));
	if (who->met_at == 0)
		kith_cli_say(cli, "You have not met: it goes once both of you have compared (kith "
				  "compare, kith swap).");
	say_kept(cli, &h, card);
	return 0;
}

static int give_nothing(
	struct kith_cli *cli, struct kith_store *store, const struct kith_contact *who)
{
	KITH_AUTO(held_end) struct held h = {0};
	char person[4 * KITH_SHOWN_NAME];
	enum kith_err err = kith_store_ledger(store, who->row, take, &h);

	if (err || (err = h.err) || (err = kith_store_give(store, who->row, NULL)))
		return fail(store, err, who->name);
	if (cli->json)
		return put_json(store, who->row);
	kith_quote_in(person, sizeof person, who->name, KITH_SHOWN_NAME);
	kith_cli_say(cli, "%s gets no card of yours any more.", person);
	say_kept(cli, &h, NULL);
	return 0;
}

/* Nothing is asked anew: what became of it when it was. */
static const char *asked_before(enum kith_letgo answer)
{
	switch (answer) {
	case KITH_LETGO_KEPT:
		return "they have said that they keep what they have, and are not asked again";
	case KITH_LETGO_GONE:
		return "they have said that they have let go of what they had";
	case KITH_LETGO_NONE:
		return "their kith has answered that it holds no such card, and is not asked again";
	case KITH_LETGO_NOT_ASKED:
	case KITH_LETGO_OPEN:
		break;
	}
	return "your request to let go of what they have stands";
}

static int ask_back(struct kith_cli *cli, struct kith_store *store, const struct kith_contact *who)
{
	const struct kith_env *env = kith_env_default();
	char person[4 * KITH_SHOWN_NAME];
	KITH_AUTO(held_end) struct held h = {.asked_back = KITH_LETGO_NOT_ASKED};
	size_t n;
	enum kith_err err = kith_store_takeback(store, who->row, env->wall(env->ctx), &n);

	if (err || (err = kith_store_ledger(store, who->row, take, &h)) || (err = h.err))
		return fail(store, err, who->name);
	if (cli->json)
		return put_json(store, who->row);
	kith_quote_in(person, sizeof person, who->name, KITH_SHOWN_NAME);
	if (n > 0)
		kith_cli_say(cli,
			"%s gets no card of yours any more, and is asked to let go of what they have %s.",
			person, when(cli, who));
	else
		kith_cli_say(cli, "%s gets no card of yours any more; %s.", person,
			asked_before(h.asked_back));
	if (n > 0 || h.asked_back == KITH_LETGO_OPEN)
		kith_cli_say(cli,
			"That is a request: they may keep it, and nobody can make them forget.  "
			"kith ledger shows what they answer.");
	return 0;
}

int kith_cmd_give(struct kith_cli *cli, int argc, char **argv)
{
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	KITH_AUTO(kith_contact_free) struct kith_contact contact = {0};
	KITH_AUTO_BUF struct kith_buf who = {0};
	bool back = false;
	const struct kith_option options[] = {{.name = "ask-back", .flag = &back}};
	int64_t row;
	int status;

	if (!kith_args(options, 1, &argc, argv, &status))
		return status;
	if (argc < 3)
		return kith_cli_usage(argv[0], "say whom and what: kith give grace work");
	const char *card = argv[argc - 1];
	bool nothing = strcasecmp(card, "nothing") == 0;
	if (back && !nothing)
		return kith_cli_usage(argv[0],
			"--ask-back goes with nothing: kith give grace nothing --ask-back");
	if (!kith_cli_join(argc - 1, argv, &who))
		return kith_cli_fail(KITH_ERR_NOMEM, NULL);
	if (!kith_cli_store(cli, KITH_STORE_USE, &store, &status) ||
		!kith_cli_who(cli, store, kith_buf_cstr(&who), &row, &status))
		return status;
	enum kith_err err = kith_store_contact(store, row, &contact);
	if (err)
		return kith_cli_fail_store(err, store);
	return back      ? ask_back(cli, store, &contact)
	       : nothing ? give_nothing(cli, store, &contact)
			 : give_card(cli, store, &contact, card);
}
