/* SPDX-License-Identifier: MIT
 *
 * inbox - what people ask of me, and my answers: introductions, and cards to let go of.
 */
#include <stdlib.h>

#include <kith/cards.h>

#include "base/auto.h"
#include "base/limits.h"
#include "base/text.h"
#include "book/mine.h"
#include "cli/args.h"
#include "cli/introfile.h"
#include "cli/person.h"
#include "cli/soon.h"
#include "cli/words.h"
#include "keep/handover.h"

/* One row of numbers for both kinds of question, which stays what it is: proposals have the odd ones. */
#define NUMBER_OF_PROPOSAL(row) ((row)*2 - 1)
#define NUMBER_OF_LETGO(row)    ((row)*2)

/* What was asked. */
struct wish {
	struct kith_cli *cli;
	struct kith_store *store;
	const char *card;
	const char *out;
	bool all;
};

static void wish_end(struct wish *w)
{
	kith_store_close(w->store);
}

static int64_t now(void)
{
	const struct kith_env *env = kith_env_default();

	return env->wall(env->ctx);
}

/* --- what there is ---------------------------------------------------------------------------- */

struct list {
	const struct wish *wish;
	json_t *array;
	size_t n;
	bool failed;
};

/* The name of a card of mine by its id, or NULL; shown is where it goes. */
struct card_name {
	const uint8_t *card;
	char *shown;
	size_t cap;
	bool found;
};

static bool find_name(void *ctx, const struct kith_my_card *card)
{
	struct card_name *c = ctx;

	if (memcmp(card->card, c->card, sizeof card->card) != 0)
		return true;
	kith_show_in(c->shown, c->cap, card->name, KITH_CARD_NAME_MAX);
	c->found = !card->gone;
	return false;
}

static const char *name_of_card(
	struct kith_store *store, const uint8_t card[static 8], char *out, size_t cap)
{
	struct card_name c = {.card = card, .shown = out, .cap = cap};
	enum kith_err err = kith_store_cards(store, find_name, &c);

	return err || !c.found ? NULL : out;
}

static bool is_over(const struct kith_proposal *p)
{
	return p->stage == KITH_PROPOSAL_OPEN && kith_introduction_over(p->at, now());
}

/* Whether something can still be said to it, if only that it is over. */
static bool is_live(const struct kith_proposal *p)
{
	return (p->stage == KITH_PROPOSAL_OPEN && !is_over(p)) || p->stage == KITH_PROPOSAL_YES ||
	       p->stage == KITH_PROPOSAL_GRANTED;
}

static void print_state(const struct wish *w, const struct kith_proposal *p)
{
	char card[4 * KITH_CARD_NAME_MAX + 8];
	const char *name = name_of_card(w->store, p->card, card, sizeof card);

	if (is_live(p) && p->left) {
		(void)printf(
			"  they have another key now than when they asked, so nothing comes of it; let "
			"them introduce you anew\n");
		return;
	}
	switch (p->stage) {
	case KITH_PROPOSAL_OPEN:
		(void)printf("  over: it came more than %d days ago\n", KITH_INTRODUCTION_DAYS);
		break;
	case KITH_PROPOSAL_YES:
		if (name)
			(void)printf(
				"  you said yes with your card %s; they hear it when you next meet\n",
				name);
		else
			(void)printf(
				"  you said yes with a card that you have removed since: choose "
				"another\n");
		break;
	case KITH_PROPOSAL_GRANTED:
		(void)printf(
			"  you said yes with your card %s, and they have it; you get the other "
			"one's if they say yes too\n",
			name ? name : "(removed since)");
		break;
	case KITH_PROPOSAL_NO:
		(void)printf("  you said no; nobody is told\n");
		break;
	case KITH_PROPOSAL_DONE:
		(void)printf("  you both said yes, and you have the other one's card\n");
		break;
	}
}

/* Why nothing goes to whoever asks, and nothing of theirs is taken; NULL: it does, and is. */
static const char *rest_words(const struct wish *w, const struct kith_proposal *p)
{
	KITH_AUTO(kith_contact_free) struct kith_contact c = {0};

	if (kith_store_contact(w->store, p->contact, &c))
		return NULL;
	return c.blocked ? "you have blocked them, so it rests until kith unblock"
	       : c.frozen
		       ? "they are frozen, so it rests until you have compared again in person (kith "
			 "compare)"
		       : NULL;
}

static void print_answers(const struct kith_proposal *p, const char *from, const char *rests)
{
	long long n = (long long)NUMBER_OF_PROPOSAL(p->row);

	if (p->left)
		(void)printf("  kith inbox decline %lld  clears it away; nobody is told\n", n);
	else if (rests)
		(void)printf("  %s\n  kith inbox decline %lld  nobody is told\n", rests, n);
	else if (p->stage == KITH_PROPOSAL_OPEN)
		(void)printf(
			"  kith inbox accept %lld   %s gets your card (--card NAME: which), and "
			"hands it on if the other one says yes too\n"
			"  kith inbox decline %lld  nobody is told; it looks like no answer\n",
			n, from, n);
	else
		(void)printf(
			"  kith inbox accept %lld --card NAME  gives another card for it\n"
			"  kith inbox decline %lld             takes it back; what they have is theirs\n",
			n, n);
}

static bool print_proposal(void *ctx, const struct kith_proposal *p)
{
	struct list *l = ctx;
	char from[KITH_QUOTED_BYTES], date[KITH_DATE_CHARS], words[4 * KITH_SHOWN_LINE * 2];

	if (!is_live(p) && !l->wish->all)
		return true;
	l->n++;
	(void)printf("%lld  %s would introduce you to somebody, since %s:\n  %s\n",
		(long long)NUMBER_OF_PROPOSAL(p->row), kith_held_quoted(p->name, from),
		kith_words_date(p->at, date),
		kith_quote_in(words, sizeof words, p->words, KITH_SHOWN_LINE));
	if (p->stage != KITH_PROPOSAL_OPEN || is_over(p) || p->left)
		print_state(l->wish, p);
	if (is_live(p))
		print_answers(p, from, rest_words(l->wish, p));
	return true;
}

static bool print_letgo(void *ctx, const struct kith_letgo_item *item)
{
	struct list *l = ctx;
	char from[KITH_QUOTED_BYTES], date[KITH_DATE_CHARS];
	long long n = (long long)NUMBER_OF_LETGO(item->row);

	l->n++;
	(void)printf(
		"%lld  %s asks you to let go of the card that you have of them, since %s\n"
		"  kith inbox let-go %lld   removes every revision of it; the name, the key, and "
		"what you wrote stay\n"
		"  kith inbox keep %lld     they are told that you keep it\n",
		n, kith_held_quoted(item->person, from), kith_words_date(item->at, date), n, n);
	return true;
}

static bool print_answered(void *ctx, const struct kith_letgo_item *item)
{
	struct list *l = ctx;
	char from[KITH_QUOTED_BYTES], date[KITH_DATE_CHARS];

	l->n++;
	(void)printf(
		"%lld  %s asked you to let go of the card that you had of them\n  you %s it, on %s\n",
		(long long)NUMBER_OF_LETGO(item->row), kith_held_quoted(item->person, from),
		item->answer == KITH_LETGO_GONE ? "let go of" : "keep",
		kith_words_date(item->at, date));
	return true;
}

static json_t *proposal_json(const struct wish *w, const struct kith_proposal *p)
{
	char at[KITH_DATE_CHARS], card[4 * KITH_CARD_NAME_MAX + 8];
	const char *name = p->stage == KITH_PROPOSAL_OPEN
				   ? NULL
				   : name_of_card(w->store, p->card, card, sizeof card);

	return json_pack("{s:I,s:s,s:o,s:o,s:s,s:s,s:b,s:b,s:b,s:o}", "number",
		(json_int_t)NUMBER_OF_PROPOSAL(p->row), "kind", "introduction", "from",
		kith_person_brief(w->store, p->contact), "words", kith_json_text(p->words), "at",
		kith_words_iso(p->at, at), "stage", kith_proposal_stage_name(p->stage), "over",
		is_over(p), "key_left", p->left, "able", !rest_words(w, p), "card",
		name ? json_string(name) : json_null());
}

static bool list_proposal(void *ctx, const struct kith_proposal *p)
{
	struct list *l = ctx;

	if (is_live(p) || l->wish->all)
		l->failed |= json_array_append_new(l->array, proposal_json(l->wish, p)) != 0;
	return !l->failed;
}

static json_t *letgo_json(const struct wish *w, const struct kith_letgo_item *item)
{
	char at[KITH_DATE_CHARS];

	return json_pack("{s:I,s:s,s:o,s:s,s:I,s:s}", "number",
		(json_int_t)NUMBER_OF_LETGO(item->row), "kind", "let-go", "from",
		kith_person_brief(w->store, item->contact), "at", kith_words_iso(item->at, at),
		"revision", (json_int_t)item->rev, "stage",
		item->answer == KITH_LETGO_GONE   ? "gone"
		: item->answer == KITH_LETGO_KEPT ? "kept"
						  : "open");
}

static bool list_letgo(void *ctx, const struct kith_letgo_item *item)
{
	struct list *l = ctx;

	l->failed |= json_array_append_new(l->array, letgo_json(l->wish, item)) != 0;
	return !l->failed;
}

/* Whose introductions were not what was agreed. */
static bool print_refused(void *ctx, const struct kith_contact *c)
{
	struct list *l = ctx;
	uint64_t n;
	int64_t at;
	char name[KITH_QUOTED_BYTES], date[KITH_DATE_CHARS];

	if (!kith_store_intros_refused(l->wish->store, c->row, &n, &at) && n > 0)
		(void)printf(
			"%llu introduction%s that %s brought %s not what you had agreed to, the "
			"last on %s; nothing of it was kept\n",
			(unsigned long long)n, n == 1 ? "" : "s", kith_held_quoted(c->name, name),
			n == 1 ? "was" : "were", kith_words_date(at, date));
	return true;
}

static int list_all(const struct wish *w)
{
	struct list l = {.wish = w, .array = json_array()};
	bool json = w->cli->json;
	enum kith_err err =
		kith_store_proposals(w->store, 0, json ? list_proposal : print_proposal, &l);
	int status = 0;

	if (!err)
		err = kith_store_letgo_each(w->store, json ? list_letgo : print_letgo, &l);
	if (!err && w->all)
		err = kith_store_letgo_answered(w->store, json ? list_letgo : print_answered, &l);
	if (!err && !json && w->all)
		err = kith_store_each_keyed(w->store, print_refused, &l);
	if (err || l.failed || !l.array)
		status = kith_cli_fail_store(err ? err : KITH_ERR_NOMEM, w->store);
	else if (json)
		kith_json_line(stdout, l.array);
	else if (l.n == 0)
		kith_cli_say(w->cli, "Nobody waits for an answer of yours.");
	json_decref(l.array);
	return status;
}

/* --- answers ---------------------------------------------------------------------------------- */

static bool read_number(const char *text, int64_t *ret_number)
{
	char *end;
	long long n = strtoll(text, &end, 10);

	*ret_number = n;
	return end != text && !*end && n > 0 && n < INT32_MAX;
}

static int fail_answer(const struct wish *w, enum kith_err err, const char *number)
{
	char shown[32];

	kith_show_in(shown, sizeof shown, kith_span_str(number), 12);
	if (err == KITH_ERR_MISSING)
		return kith_cli_error(err,
			"nothing in the inbox has the number %s; kith inbox shows what there is",
			shown);
	if (err == KITH_ERR_TIMEOUT)
		return kith_cli_error(err,
			"%s is over: it came more than %d days ago; let them introduce you anew",
			shown, KITH_INTRODUCTION_DAYS);
	if (err == KITH_ERR_STALEKEY)
		return kith_cli_error(err,
			"whoever asked %s has another key now than when they did; let them introduce you "
			"anew",
			shown);
	if (err == KITH_ERR_STATE)
		return kith_cli_error(KITH_ERR_EXISTS,
			"%s was answered for good already (kith inbox --all)", shown);
	return kith_cli_fail_store(err, w->store);
}

/* Says which fields of mine go, and where to. */
static enum kith_err say_card(const struct wish *w, const struct kith_my *my, const char *card,
	const char *from, const char *when)
{
	KITH_AUTO_BUF struct kith_buf fields = {0};
	enum kith_err err = KITH_OK;
	char label[4 * KITH_FIELD_LABEL_MAX + 8];

	for (size_t i = 0; !err && i < my->card.fields.n; i++) {
		const struct kith_field *f = &my->card.fields.at[i];
		const struct kith_field_info *info = kith_field_info(f->kind);
		kith_show_in(label, sizeof label, f->label, KITH_FIELD_LABEL_MAX);
		err = kith_buf_printf(&fields, "%s%s%s%s", i ? ", " : "",
			info ? info->name : "other", *label ? "." : "", label);
	}
	if (!err)
		kith_cli_say(w->cli,
			"%s gets your card %s %s, and hands it on if the other one says yes too.\n"
			"It shows: %.*s",
			from, card, when, (int)fields.n, (const char *)fields.p);
	return err;
}

/* The yes as a file for whoever proposed. */
static int write_yes(const struct wish *w, const struct kith_identity *id, int64_t row)
{
	KITH_AUTO(kith_proposal_free) struct kith_proposal p = {0};
	KITH_AUTO_BUF struct kith_buf message = {0};
	char shown[256], from[KITH_QUOTED_BYTES];
	enum kith_err err = kith_store_proposal(w->store, row, &p);

	if (err)
		return kith_cli_fail_store(err, w->store);
	err = kith_handover_grant(w->store, id, &p, &message);
	int status = err ? kith_cli_fail_store(err, w->store)
			 : kith_introfile_write(w->cli, id, p.ik, KITH_PARCEL_GRANT,
				   kith_buf_span(&message), w->out);
	if (!status)
		kith_cli_note(w->cli, "%s is for %s alone",
			kith_show_in(shown, sizeof shown, kith_span_str(w->out), 60),
			kith_held_quoted(p.name, from));
	return status;
}

static int tell_proposal(const struct wish *w, int64_t row)
{
	KITH_AUTO(kith_proposal_free) struct kith_proposal p = {0};
	enum kith_err err = kith_store_proposal(w->store, row, &p);
	json_t *o = err ? NULL : proposal_json(w, &p);

	if (!o)
		return kith_cli_fail_store(err ? err : KITH_ERR_NOMEM, w->store);
	kith_json_line(stdout, o);
	json_decref(o);
	return 0;
}

static int tell_yes(const struct wish *w, const struct kith_my *my, const struct kith_proposal *p)
{
	char from[KITH_QUOTED_BYTES], card[4 * KITH_CARD_NAME_MAX + 8];

	if (w->cli->json)
		return tell_proposal(w, p->row);
	if (!name_of_card(w->store, my->mine.card, card, sizeof card))
		card[0] = 0;
	const char *when = kith_soon_of(w->cli, w->store, p->contact)
				   ? "within a minute, since you are both here"
				   : "when you next meet";
	enum kith_err err = say_card(w, my, card, kith_held_quoted(p->name, from), when);
	return err ? kith_cli_fail(err, NULL) : 0;
}

static void identity_end(struct kith_identity **id)
{
	kith_identity_free(*id);
}

static int accept(const struct wish *w, int64_t row, const char *number)
{
	KITH_AUTO(identity_end) struct kith_identity *id = NULL;
	KITH_AUTO(kith_my_free) struct kith_my my = {0};
	KITH_AUTO(kith_proposal_free) struct kith_proposal p = {0};
	struct kith_diag diag = {0};
	enum kith_err err = kith_store_proposal(w->store, row, &p);

	if (err)
		return fail_answer(w, err, number);
	const char *rests = is_live(&p) && !p.left ? rest_words(w, &p) : NULL;
	if (rests)
		return kith_cli_error(
			KITH_ERR_MISSING, "nothing can be said to that now: %s", rests);
	if ((err = kith_my_read_card(w->store, w->card, &my, &diag)))
		return kith_cli_fail(err, &diag);
	int status = 0;
	if (w->out && !kith_cli_identity(w->cli, &id, &status))
		return status;
	if ((err = kith_store_proposal_answer(w->store, row, my.mine.card, now())))
		return fail_answer(w, err, number);
	/* the yes stands, whatever becomes of the file */
	status = tell_yes(w, &my, &p);
	return status || !w->out ? status : write_yes(w, id, row);
}

static int decline(const struct wish *w, int64_t row, const char *number)
{
	KITH_AUTO(kith_proposal_free) struct kith_proposal p = {0};
	enum kith_err err = kith_store_proposal(w->store, row, &p);
	char from[KITH_QUOTED_BYTES];

	if (!err)
		err = kith_store_proposal_answer(w->store, row, NULL, now());
	if (err)
		return fail_answer(w, err, number);
	if (w->cli->json)
		return tell_proposal(w, row);
	if (p.stage == KITH_PROPOSAL_GRANTED && !p.left)
		kith_cli_say(w->cli,
			"Taken back here: nothing that comes of it is taken. %s has your card already, "
			"and may hand it on; nobody is told.",
			kith_held_quoted(p.name, from));
	else
		kith_cli_say(w->cli, p.stage == KITH_PROPOSAL_YES ? "Taken back; nobody is told."
								  : "Declined; nobody is told.");
	return 0;
}

/* The one that was answered, as an object. */
struct told {
	const struct wish *wish;
	int64_t row;
	int64_t contact; /* who asked */
	json_t *object;
};

static bool find_letgo(void *ctx, const struct kith_letgo_item *item)
{
	struct told *t = ctx;

	if (item->row != t->row)
		return true;
	t->contact = item->contact;
	if (t->wish->cli->json)
		t->object = letgo_json(t->wish, item);
	return false;
}

static int tell_letgo(const struct wish *w, int64_t row, bool let_go)
{
	struct told t = {.wish = w, .row = row};
	enum kith_err err = kith_store_letgo_answered(w->store, find_letgo, &t);

	if (err)
		return kith_cli_fail_store(err, w->store);
	kith_json_tell(w->cli, t.object);
	kith_cli_say(w->cli, "%s; they are told %s.", let_go ? "Let go of" : "Kept",
		kith_soon_of(w->cli, w->store, t.contact) ? "within a minute: you are both here"
							  : "when you next meet");
	return 0;
}

static int answer_letgo(const struct wish *w, int64_t row, const char *number, bool let_go)
{
	enum kith_err err = kith_store_letgo_answer(w->store, row, let_go, now());

	if (err)
		return fail_answer(w, err, number);
	return tell_letgo(w, row, let_go);
}

/* A question about a card that is looked for. */
struct sought {
	int64_t row;
	bool waits, answered;
};

static bool seek(void *ctx, const struct kith_letgo_item *item)
{
	struct sought *s = ctx;

	s->waits |= item->row == s->row && item->answer == KITH_LETGO_OPEN;
	s->answered |= item->row == s->row && item->answer != KITH_LETGO_OPEN;
	return !s->waits && !s->answered;
}

/* Whether the number is that of something; KITH_ERR_STATE: of a question about a card that was answered. */
static enum kith_err look(const struct wish *w, int64_t n)
{
	KITH_AUTO(kith_proposal_free) struct kith_proposal p = {0};
	struct sought s = {.row = n / 2};

	if (n % 2 == 1)
		return kith_store_proposal(w->store, (n + 1) / 2, &p);
	enum kith_err err = kith_store_letgo_each(w->store, seek, &s);
	if (!err)
		err = kith_store_letgo_answered(w->store, seek, &s);
	return err ? err : s.waits ? KITH_OK : s.answered ? KITH_ERR_STATE : KITH_ERR_MISSING;
}

static int answer(const struct wish *w, const char *word, const char *number)
{
	bool yes = strcmp(word, "accept") == 0, no = strcmp(word, "decline") == 0;
	bool let_go = strcmp(word, "let-go") == 0;
	int64_t n;

	if (!yes && !no && !let_go && strcmp(word, "keep") != 0)
		return kith_cli_usage("inbox", "say accept, decline, let-go or keep, and a number");
	if (!read_number(number, &n))
		return kith_cli_usage("inbox", "say the number that kith inbox shows");
	enum kith_err err = look(w, n);
	if (err && (err != KITH_ERR_STATE || (!yes && !no)))
		return fail_answer(w, err, number);
	if ((yes || no) != (n % 2 == 1))
		return kith_cli_usage("inbox", "%s",
			n % 2 == 1 ? "that is an introduction: kith inbox accept or decline"
				   : "that is a card to let go of: kith inbox let-go or keep");
	if ((w->card || w->out) && !yes)
		return kith_cli_usage("inbox", "--card and --output go with accept");
	if (yes)
		return accept(w, (n + 1) / 2, number);
	return no ? decline(w, (n + 1) / 2, number) : answer_letgo(w, n / 2, number, let_go);
}

int kith_cmd_inbox(struct kith_cli *cli, int argc, char **argv)
{
	KITH_AUTO(wish_end) struct wish w = {.cli = cli};
	const struct kith_option options[] = {{.name = "card", .value = &w.card},
		{.name = "output", .letter = 'o', .value = &w.out},
		{.name = "all", .flag = &w.all}};
	int status;

	if (!kith_args(options, 3, &argc, argv, &status))
		return status;
	if (argc != 1 && argc != 3)
		return kith_cli_usage(argv[0], "kith inbox, or: kith inbox accept 1");
	if (!kith_cli_store(cli, argc == 1 ? KITH_STORE_READ : KITH_STORE_USE, &w.store, &status))
		return status;
	return argc == 1 ? list_all(&w) : answer(&w, argv[1], argv[2]);
}
