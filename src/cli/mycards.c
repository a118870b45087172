/* SPDX-License-Identifier: MIT */
#include "cli/mycards.h"

#include "base/auto.h"
#include "base/limits.h"
#include "base/text.h"
#include "book/mine.h"
#include "cli/person.h"
#include "cli/reach.h"
#include "cli/sure.h"

static void identity_end(struct kith_identity **id)
{
	kith_identity_free(*id);
}

/* What was wrong, as an exit status. */
static int refuse(enum kith_err err, const struct kith_diag *diag)
{
	return err == KITH_ERR_USAGE ? kith_cli_usage("card", "%s", diag->text)
				     : kith_cli_fail(err, diag);
}

/* --- preview: the very bytes that leave --------------------------------------------------------- */

static int print_card(struct kith_cli *cli, struct kith_store *store, const char *name)
{
	KITH_AUTO(kith_my_free) struct kith_my my = {0};
	struct kith_diag diag = {0};
	enum kith_err err = kith_my_read_card(store, name, &my, &diag);

	if (err)
		return kith_cli_fail(err, &diag);
	if (!cli->json) {
		err = kith_card_print(&my.card, stdout);
		return err ? kith_cli_fail(err, NULL) : 0;
	}
	json_t *o = kith_card_json(&my.card);
	if (!o)
		return kith_cli_fail(KITH_ERR_NOMEM, NULL);
	kith_json_line(stdout, o);
	json_decref(o);
	return 0;
}

int kith_mycard_preview(struct kith_cli *cli, int argc, char **argv)
{
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	int status;

	if (argc != 2)
		return kith_cli_usage("card", "say which: kith card preview work");
	if (!kith_cli_store(cli, KITH_STORE_READ, &store, &status))
		return status;
	return print_card(cli, store, argv[1]);
}

/* --- new ---------------------------------------------------------------------------------------- */

/* Says whom it reaches when a card that somebody has shows something else. */
static enum kith_err tell_reach(struct kith_cli *cli, struct kith_store *store, const char *name,
	const struct kith_mycard_wish *wish, struct kith_diag *diag)
{
	KITH_AUTO(kith_my_free) struct kith_my my = {0};
	KITH_AUTO(kith_reach_free) struct kith_reach reach = {0};
	enum kith_err err = kith_my_read(store, &my, diag);

	if (!err)
		err = kith_reach_card(&reach, store, name, &my.profile, wish->shows);
	if (err)
		return err;
	return kith_reach_say(cli, &reach, wish->yes)
		       ? KITH_OK
		       : kith_fail(diag, KITH_ERR_DECLINED, "nothing was changed");
}

int kith_mycard_new(
	struct kith_cli *cli, int argc, char **argv, const struct kith_mycard_wish *wish)
{
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	KITH_AUTO(identity_end) struct kith_identity *id = NULL;
	KITH_AUTO_BUF struct kith_buf missing = {0};
	struct kith_diag diag = {0};
	char shown[128];
	int status;

	if (argc != 2 || !wish->shows)
		return kith_cli_usage("card",
			"say its name and what it shows: kith card new work --show "
			"email.work,org,title");
	if (!kith_cli_identity(cli, &id, &status) ||
		!kith_cli_store(cli, KITH_STORE_USE, &store, &status))
		return status;
	enum kith_err err = KITH_OK;
	if (wish->replace)
		err = tell_reach(cli, store, argv[1], wish, &diag);
	if (!err)
		err = kith_my_put_card(
			store, id, argv[1], wish->shows, wish->replace, &missing, &diag);
	if (err)
		return refuse(err, &diag);
	if (missing.n > 0)
		kith_cli_note(cli,
			"Your profile has no %.*s yet: the card shows that once you set it.",
			(int)missing.n, (const char *)missing.p);
	if (!wish->replace)
		kith_cli_note(cli,
			"Nobody has this card yet: kith swap --card %s gives it, or kith give WHO "
			"%s.",
			kith_show_in(shown, sizeof shown, kith_span_str(argv[1]), 40), shown);
	return cli->quiet && !cli->json ? 0 : print_card(cli, store, argv[1]);
}

/* --- list --------------------------------------------------------------------------------------- */

struct list {
	struct kith_cli *cli;
	json_t *array; /* NULL: lines */
	bool failed;
};

static json_t *shows_json(struct kith_span shows)
{
	json_t *array = json_array();

	if (shows.n == 0) {
		json_decref(array);
		return json_null();
	}
	while (array && shows.n > 0) {
		const uint8_t *comma = memchr(shows.p, ',', shows.n);
		size_t n = comma ? (size_t)(comma - shows.p) : shows.n;
		if (json_array_append_new(array, kith_json_text(kith_span(shows.p, n)))) {
			json_decref(array);
			return NULL;
		}
		n += comma != NULL;
		shows = kith_span(shows.p + n, shows.n - n);
	}
	return array;
}

static json_t *card_json(const struct kith_my_card *card)
{
	json_t *o = json_object();
	int bad = json_object_set_new(o, "name", kith_json_text(card->name));

	bad |= json_object_set_new(o, "shows", shows_json(card->shows));
	bad |= json_object_set_new(o, "revision", json_integer((json_int_t)card->rev));
	bad |= json_object_set_new(o, "people", json_integer((json_int_t)card->given));
	bad |= json_object_set_new(o, "removed", json_boolean(card->gone));
	if (!bad)
		return o;
	json_decref(o);
	return NULL;
}

static void print_line(const struct kith_my_card *card)
{
	char name[4 * KITH_CARD_NAME_MAX + 8], shows[4 * KITH_SHOWN_LINE];

	kith_show_in(name, sizeof name, card->name, KITH_CARD_NAME_MAX);
	kith_show_in(shows, sizeof shows, card->shows, KITH_SHOWN_LINE);
	int pad = 12 - (int)kith_text_columns(kith_span_str(name));
	(void)printf("%s%*s  %zu %s  %s\n", name, pad > 0 ? pad : 0, "", card->given,
		card->given == 1 ? "person" : "people",
		card->gone      ? "removed; who has it keeps it"
		: card->shows.n ? shows
				: "everything");
}

/* Of those that were removed the ones that somebody still has. */
static bool add_card(void *ctx, const struct kith_my_card *card)
{
	struct list *l = ctx;

	if (card->gone && card->given == 0)
		return true;
	if (!l->array)
		print_line(card);
	else
		l->failed |= json_array_append_new(l->array, card_json(card)) != 0;
	return !l->failed;
}

int kith_mycard_list(struct kith_cli *cli, int argc)
{
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	struct list l = {.cli = cli};
	int status;

	if (argc != 1)
		return kith_cli_usage("card", "list takes no names");
	if (!kith_cli_store(cli, KITH_STORE_READ, &store, &status))
		return status;
	if (cli->json && !(l.array = json_array()))
		return kith_cli_fail(KITH_ERR_NOMEM, NULL);
	enum kith_err err = kith_store_cards(store, add_card, &l);
	status = err        ? kith_cli_fail_store(err, store)
		 : l.failed ? kith_cli_fail(KITH_ERR_NOMEM, NULL)
			    : 0;
	if (!status && l.array)
		kith_json_line(stdout, l.array);
	json_decref(l.array);
	return status;
}

/* --- remove ------------------------------------------------------------------------------------- */

/* Who holds the card that goes. */
struct holders {
	struct kith_span name;
	struct kith_buf text; /* ", " between, inert */
	json_t *array;
	size_t n;
	bool failed;
};

static bool add_holder(void *ctx, const struct kith_holding *holding)
{
	struct holders *h = ctx;
	char person[4 * KITH_SHOWN_NAME + 16];

	if (!kith_span_eq(holding->given, h->name) && !kith_span_eq(holding->card, h->name))
		return true;
	kith_show_in(person, sizeof person, holding->person, KITH_SHOWN_NAME);
	h->failed = kith_buf_printf(&h->text, "%s%s", h->n++ ? ", " : "", person) ||
		    (h->array && json_array_append_new(h->array, kith_json_text(holding->person)));
	return !h->failed;
}

/* The name as it is written, of whatever case it was typed in. */
struct spelling {
	uint8_t card[8];
	struct kith_buf name;
	enum kith_err err;
};

static bool find_name(void *ctx, const struct kith_my_card *card)
{
	struct spelling *s = ctx;

	if (memcmp(card->card, s->card, sizeof s->card) != 0)
		return true;
	s->err = kith_buf_add(&s->name, card->name.p, card->name.n);
	return false;
}

static enum kith_err find_holders(struct kith_store *store, const char *name, struct holders *h,
	struct spelling *spelling, struct kith_diag *diag)
{
	KITH_AUTO(kith_my_free) struct kith_my my = {0};
	enum kith_err err = kith_my_read_card(store, name, &my, diag);

	if (err)
		return err;
	memcpy(spelling->card, my.mine.card, sizeof spelling->card);
	if ((err = kith_store_cards(store, find_name, spelling)) || (err = spelling->err))
		return kith_fail(diag, err, "%s", kith_store_why(store));
	h->name = kith_buf_span(&spelling->name);
	err = kith_store_ledger(store, 0, add_holder, h);
	return err         ? kith_fail(diag, err, "%s", kith_store_why(store))
	       : h->failed ? KITH_ERR_NOMEM
			   : KITH_OK;
}

static int removed(const struct kith_cli *cli, const struct holders *h)
{
	char name[4 * KITH_CARD_NAME_MAX + 8];

	if (!h->array) {
		kith_cli_say(cli, "The card %s is removed.",
			kith_show_in(name, sizeof name, h->name, KITH_CARD_NAME_MAX));
		if (h->n > 0)
			kith_cli_say(cli,
				"%zu %s given it, and %s none in its place: %.*s.  What of it is in "
				"their hands stays there.",
				h->n, h->n == 1 ? "person was" : "people were",
				h->n == 1 ? "gets" : "get", (int)h->text.n,
				(const char *)h->text.p);
		return 0;
	}
	json_t *o = json_object();
	int bad = json_object_set_new(o, "removed", kith_json_text(h->name));
	bad |= json_object_set(o, "people", h->array);
	if (!bad)
		kith_json_line(stdout, o);
	json_decref(o);
	return bad ? kith_cli_fail(KITH_ERR_NOMEM, NULL) : 0;
}

/* Who has it keeps it, and gets no other in its place: that is asked about.  False with the status set. */
static bool may_remove(
	const struct kith_cli *cli, const struct holders *h, bool yes, int *ret_status)
{
	if (yes || h->n == 0)
		return true;
	if (!cli->tty || cli->json) {
		*ret_status = kith_cli_usage("card",
			"%zu %s given that card (%.*s) and will get none in its place; without a terminal to "
			"ask at, remove needs --yes",
			h->n, h->n == 1 ? "person is" : "people are", (int)h->text.n,
			(const char *)h->text.p);
		return false;
	}
	(void)printf("%zu %s given that card, and will get none in its place: %.*s.\n", h->n,
		h->n == 1 ? "person is" : "people are", (int)h->text.n, (const char *)h->text.p);
	if (kith_sure("Remove it? [y/N] "))
		return true;
	*ret_status = kith_cli_error(KITH_ERR_DECLINED, "nothing was changed");
	return false;
}

int kith_mycard_remove(
	struct kith_cli *cli, int argc, char **argv, const struct kith_mycard_wish *wish)
{
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	struct holders h = {0};
	struct spelling spelling = {0};
	struct kith_diag diag = {0};
	int status;

	if (argc != 2)
		return kith_cli_usage("card", "say which: kith card remove work");
	if (!kith_cli_store(cli, KITH_STORE_USE, &store, &status))
		return status;
	if (cli->json && !(h.array = json_array()))
		return kith_cli_fail(KITH_ERR_NOMEM, NULL);
	enum kith_err err = find_holders(store, argv[1], &h, &spelling, &diag);
	if (err || may_remove(cli, &h, wish->yes, &status)) {
		if (!err)
			err = kith_my_remove_card(store, argv[1], &diag);
		status = err ? refuse(err, &diag) : removed(cli, &h);
	}
	json_decref(h.array);
	kith_buf_free(&h.text);
	kith_buf_free(&spelling.name);
	return status;
}
