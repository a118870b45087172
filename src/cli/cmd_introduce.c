/* SPDX-License-Identifier: MIT
 *
 * introduce - two people I know, who may want to know each other.
 */
#include <ctype.h>

#include "base/auto.h"
#include "base/limits.h"
#include "base/text.h"
#include "book/mine.h"
#include "card/introduction.h"
#include "cli/args.h"
#include "cli/introfile.h"
#include "cli/person.h"
#include "cli/sure.h"
#include "cli/soon.h"
#include "cli/words.h"
#include "keep/handover.h"

/* What was asked. */
struct wish {
	struct kith_cli *cli;
	struct kith_store *store;
	const char *why;
	const char *out;
	bool again, yes;
	struct kith_contact who[2];
	char name[2][KITH_QUOTED_BYTES];
};

static void wish_end(struct wish *w)
{
	kith_contact_free(&w->who[0]);
	kith_contact_free(&w->who[1]);
	kith_store_close(w->store);
}

static int64_t now(void)
{
	const struct kith_env *env = kith_env_default();

	return env->wall(env->ctx);
}

/* --- how they stand --------------------------------------------------------------------------- */

static const char *stage_words(const struct kith_introduction *i, int k)
{
	switch (i->side[k].stage) {
	case KITH_SIDE_TO_ASK:
		return i->side[1 - k].stage == KITH_SIDE_ENDED ? "is not asked any more"
		       : kith_introduction_over(i->at, now())
			       ? "was not met in time, and is not asked any more"
			       : "is asked when you next meet";
	case KITH_SIDE_ASKED:
		return kith_introduction_over(i->side[k].at, now())
			       ? "was asked; the days for an answer are over, though a yes of these days "
				 "may still come"
			       : "was asked; no answer yet";
	case KITH_SIDE_GRANTED:
		return kith_introduction_hands(i, k)
			       ? "said yes, and gets the card when you next meet"
			       : "said yes";
	case KITH_SIDE_TOLD:
		return "said yes, and has the card";
	case KITH_SIDE_ENDED:
		return "has a kith that does not take it";
	}
	return "is in a stage that this kith does not know";
}

static const char *side_name(const struct kith_side *side, char out[static KITH_QUOTED_BYTES])
{
	return side->row ? kith_held_quoted(side->name, out) : "somebody you have forgotten";
}

/* Why it rests, and what ends that. */
static const char *rest_words(struct kith_store *store, const struct kith_side *side)
{
	KITH_AUTO(kith_contact_free) struct kith_contact c = {0};

	if (kith_store_contact(store, side->contact, &c))
		return "; it rests";
	if (c.blocked)
		return "; blocked, so it rests until kith unblock";
	if (c.frozen)
		return "; frozen, so it rests until you have compared again in person (kith compare)";
	return "; has another key now, so it rests: --again with --why makes it anew";
}

/* My key, without its secret. */
static enum kith_err my_key(
	struct wish *w, uint8_t ik[static KITH_KEY_BYTES], struct kith_diag *diag)
{
	KITH_AUTO(kith_my_free) struct kith_my my = {0};
	enum kith_err err = kith_my_read(w->store, &my, diag);

	if (!err)
		memcpy(ik, my.card.ik, KITH_KEY_BYTES);
	return err;
}

struct list {
	struct kith_store *store;
	uint8_t ik[KITH_KEY_BYTES]; /* mine */
	json_t *array;
	size_t n;
	bool failed;
};

/* Whether something of it is still to come, but for a key of mine that I have left. */
static bool is_left(const struct list *l, const struct kith_introduction *i)
{
	bool done = i->side[0].stage == KITH_SIDE_TOLD && i->side[1].stage == KITH_SIDE_TOLD;

	return !i->closed && !done && !kith_handover_mine(i, l->ik);
}

static bool print_one(void *ctx, const struct kith_introduction *i)
{
	struct list *l = ctx;
	char a[KITH_QUOTED_BYTES], b[KITH_QUOTED_BYTES], date[KITH_DATE_CHARS];
	char words[4 * KITH_SHOWN_LINE * 2];

	l->n++;
	(void)printf("%s and %s, %s%s\n  %s\n", side_name(&i->side[0], a),
		side_name(&i->side[1], b), kith_words_date(i->at, date),
		i->closed ? " (closed: introduced anew)" : "",
		kith_quote_in(words, sizeof words, i->words, KITH_SHOWN_LINE));
	for (int k = 0; !i->closed && k < 2; k++)
		if (i->side[k].row)
			(void)printf("  %s %s%s\n", side_name(&i->side[k], a), stage_words(i, k),
				i->side[k].able ? "" : rest_words(l->store, &i->side[k]));
	if (is_left(l, i))
		(void)printf(
			"  you have another key now, so it rests: --again with --why makes it anew\n");
	return true;
}

static json_t *side_json(struct kith_store *store, const struct kith_side *side)
{
	char at[KITH_DATE_CHARS];

	if (!side->row)
		return json_null();
	return json_pack("{s:o,s:s,s:s,s:b}", "contact", kith_person_brief(store, side->contact),
		"stage", kith_side_stage_name(side->stage), "at", kith_words_iso(side->at, at),
		"able", side->able);
}

static json_t *introduction_json(const struct list *l, const struct kith_introduction *i)
{
	char at[KITH_DATE_CHARS];

	return json_pack("{s:s,s:o,s:b,s:b,s:b,s:[o,o]}", "at", kith_words_iso(i->at, at), "why",
		kith_json_text(i->words), "closed", i->closed, "over",
		kith_introduction_over(i->at, now()), "key_left", is_left(l, i), "sides",
		side_json(l->store, &i->side[0]), side_json(l->store, &i->side[1]));
}

static bool list_one(void *ctx, const struct kith_introduction *i)
{
	struct list *l = ctx;

	l->failed |= json_array_append_new(l->array, introduction_json(l, i)) != 0;
	return !l->failed;
}

static int list_all(struct wish *w)
{
	struct list l = {.store = w->store, .array = json_array()};
	struct kith_diag diag = {0};
	enum kith_err err = my_key(w, l.ik, &diag);
	int status = 0;

	if (err) {
		json_decref(l.array);
		return kith_cli_fail(err, &diag);
	}
	err = kith_store_introductions(w->store, w->cli->json ? list_one : print_one, &l);
	if (err || l.failed || !l.array)
		status = kith_cli_fail_store(err ? err : KITH_ERR_NOMEM, w->store);
	else if (w->cli->json)
		kith_json_line(stdout, l.array);
	else if (l.n == 0)
		kith_cli_say(w->cli,
			"You have introduced nobody yet: kith introduce WHO WHO --why \"...\"");
	json_decref(l.array);
	return status;
}

/* --- a new one -------------------------------------------------------------------------------- */

static bool find(struct wish *w, char **argv, int *ret_status)
{
	for (int k = 0; k < 2; k++) {
		int64_t row;
		if (!kith_cli_who(w->cli, w->store, argv[1 + k], &row, ret_status))
			return false;
		enum kith_err err = kith_store_contact(w->store, row, &w->who[k]);
		if (err) {
			*ret_status = kith_cli_fail_store(err, w->store);
			return false;
		}
		kith_held_quoted(w->who[k].name, w->name[k]);
	}
	if (w->who[0].row != w->who[1].row)
		return true;
	*ret_status = kith_cli_usage("introduce",
		"both are the same person, %s; say two (kith list --json has their ids)",
		w->name[0]);
	return false;
}

/* What keeps somebody from being introduced, by what the store said. */
static const char *why_not(const struct kith_contact *c, enum kith_err err)
{
	if (!c->has_key)
		return "you have no key of theirs, only what was typed in or imported; swap first "
		       "(kith swap)";
	if (c->blocked)
		return "you have blocked them (kith unblock)";
	if (c->frozen)
		return "they are frozen until you have compared again in person (kith compare)";
	if (err == KITH_ERR_STATE)
		return "you know them by an introduction alone; meet them first (kith swap)";
	if (!c->envelope.n)
		return "you have no card of theirs";
	return "you have never compared with them (kith swap, kith compare)";
}

/* Whether each can be introduced; says why not. */
static bool may(struct wish *w, int *ret_status)
{
	for (int k = 0; k < 2; k++) {
		enum kith_err err = kith_store_can_introduce(w->store, w->who[k].row);
		if (err == KITH_ERR_MISSING || err == KITH_ERR_STATE)
			*ret_status =
				kith_cli_error(KITH_ERR_MISSING, "you cannot introduce %s: %s",
					w->name[k], why_not(&w->who[k], err));
		else if (err)
			*ret_status = kith_cli_fail_store(err, w->store);
		if (err)
			return false;
	}
	return true;
}

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c & 0x80;
}

/* Whether the text has the word as one of its own; in scripts that may do without blanks, anywhere. */
static bool has_word(const char *text, const char *word, size_t n)
{
	if (word[0] & 0x80)
		return strstr(text, word);
	for (const char *at = text; (at = strstr(at, word)); at++)
		if ((at == text || !is_word(at[-1])) && !is_word(at[n]))
			return true;
	return false;
}

#define NAME_WORD_MIN 3 /* bytes of a part of a name that is looked for however it is written */

/* Whether a part of that name, both written alike, stands in the text.  Writes into name. */
static bool has_part(const char *text, char *name, bool (*counts)(const char *part))
{
	char *rest = NULL;

	for (char *part = strtok_r(name, " ", &rest); part; part = strtok_r(NULL, " ", &rest))
		if (counts(part) && has_word(text, part, strlen(part)))
			return true;
	return false;
}

static bool is_long(const char *part)
{
	return strlen(part) >= NAME_WORD_MIN;
}

/* "Jo", which as "jo" would be part of too many words. */
static bool is_capital(const char *part)
{
	return strlen(part) == NAME_WORD_MIN - 1 && isupper((unsigned char)part[0]);
}

/* Whether a part of that name stands in the words.  Without memory: rather yes than no. */
static bool names(const char *why, struct kith_span name)
{
	KITH_AUTO_BUF struct kith_buf text = {0};
	KITH_AUTO_BUF struct kith_buf folded = {0};
	KITH_AUTO_BUF struct kith_buf plain = {0};

	if (kith_fold(&text, kith_span_str(why)) || kith_fold(&folded, name) ||
		kith_buf_add(&plain, name.p, name.n) || !kith_buf_cstr(&text) ||
		!kith_buf_cstr(&folded) || !kith_buf_cstr(&plain))
		return true;
	return has_part((const char *)text.p, (char *)folded.p, is_long) ||
	       has_part(why, (char *)plain.p, is_capital);
}

/* Names in the words would tell each who the other is, before anybody has said yes. */
static bool check_names(struct wish *w, int *ret_status)
{
	int k = names(w->why, w->who[0].name) ? 0 : names(w->why, w->who[1].name) ? 1 : 2;

	if (k == 2 || w->yes)
		return true;
	if (!w->cli->tty || w->cli->json) {
		*ret_status = kith_cli_usage("introduce",
			"your words name %s, and both read them before either has said yes; with --yes "
			"they go out so",
			w->name[k]);
		return false;
	}
	(void)printf(
		"Your words name %s, and both read them before either has said yes.\n", w->name[k]);
	if (kith_sure("Let them go out so? [y/N] "))
		return true;
	*ret_status = kith_cli_error(KITH_ERR_DECLINED, "nothing was changed");
	return false;
}

static bool check_words(const struct wish *w, int *ret_status)
{
	char shown[16];
	enum kith_err err = kith_introduction_words(kith_span_str(w->why));

	/* blanks and what cannot be seen would ask without a word */
	if (!err && *kith_show_in(shown, sizeof shown, kith_span_str(w->why), 1))
		return true;
	*ret_status =
		err == KITH_ERR_LIMIT
			? kith_cli_usage("introduce", "--why has at most %d characters",
				  KITH_INTRODUCTION_WORDS)
			: kith_cli_usage("introduce", "--why \"...\" says, in UTF-8, why they "
						      "should know each other; both read it");
	return false;
}

/* When each is asked. */
static void say_made(const struct wish *w)
{
	bool soon[2] = {kith_soon(w->cli, &w->who[0]), kith_soon(w->cli, &w->who[1])};

	if (soon[0] == soon[1])
		kith_cli_say(w->cli,
			"%s and %s are each asked %s; neither is told who the other is before both have "
			"said yes.",
			w->name[0], w->name[1],
			soon[0] ? "within a minute, since they are here"
				: "when you next meet them");
	else
		kith_cli_say(w->cli,
			"%s is asked within a minute: you are both here.  %s is asked when you next "
			"meet; neither is told who the other is before both have said yes.",
			w->name[soon[1]], w->name[soon[0]]);
}

static int make(struct wish *w)
{
	const struct kith_env *env = kith_env_default();
	struct kith_introduction_new n = {.who = {w->who[0].row, w->who[1].row},
		.words = kith_span_str(w->why),
		.at = now(),
		.again = w->again};
	struct kith_diag diag = {0};
	int64_t row;
	enum kith_err err = my_key(w, n.ik, &diag);

	if (err)
		return kith_cli_fail(err, &diag);
	env->random(env->ctx, n.id, sizeof n.id);
	env->random(env->ctx, n.salt[0], sizeof n.salt);
	err = kith_store_introduce(w->store, &n, &row);
	if (err == KITH_ERR_EXISTS)
		return kith_cli_error(err,
			"you have introduced %s and %s already (kith introduce says how it stands); "
			"--again begins anew",
			w->name[0], w->name[1]);
	if (err)
		return kith_cli_fail_store(err, w->store);
	if (!w->cli->json)
		say_made(w);
	return 0;
}

/* --- by file ---------------------------------------------------------------------------------- */

/* What a side can be handed by file now; 0: nothing. */
static uint64_t kind_for(const struct kith_introduction *i, int k)
{
	struct kith_introduction again = *i;

	if (kith_introduction_hands(i, k))
		return KITH_PARCEL_INTRO;
	if (i->side[k].stage == KITH_SIDE_ASKED) /* it may have been lost */
		again.side[k].stage = KITH_SIDE_TO_ASK;
	return kith_introduction_proposes(&again, k, now()) ? KITH_PARCEL_PROPOSE : 0;
}

/* Why there is nothing for a side: as far as it is, or who keeps it back. */
static void say_nothing(const struct wish *w, const struct kith_introduction *i, int k)
{
	int of = i->side[1 - k].able ? k : 1 - k;

	kith_cli_note(w->cli, "there is nothing to hand to %s now: %s %s%s", w->name[k],
		w->name[of], stage_words(i, of),
		i->side[of].able ? "" : rest_words(w->store, &i->side[of]));
}

static int write_side(
	struct wish *w, const struct kith_identity *id, const struct kith_introduction *i, int k)
{
	KITH_AUTO_BUF struct kith_buf message = {0};
	KITH_AUTO_BUF struct kith_buf path = {0};
	uint64_t kind = kind_for(i, k);
	char shown[256];

	if (!kind) {
		say_nothing(w, i, k);
		return 0;
	}
	enum kith_err err = kind == KITH_PARCEL_PROPOSE ? kith_handover_propose(i, k, &message)
							: kith_handover_intro(id, i, k, &message);
	if (!err)
		err = kith_buf_printf(&path, "%s-%d.kith", w->out, k + 1);
	if (err || !kith_buf_cstr(&path))
		return kith_cli_fail(err ? err : KITH_ERR_NOMEM, NULL);
	int status = kith_introfile_write(
		w->cli, id, i->side[k].ik, kind, kith_buf_span(&message), (const char *)path.p);
	if (!status)
		kith_cli_note(w->cli, "%s is for %s alone",
			kith_show_in(shown, sizeof shown, kith_buf_span(&path), 60), w->name[k]);
	return status;
}

static int write_files(struct wish *w)
{
	KITH_AUTO(kith_introduction_free) struct kith_introduction i = {0};
	struct kith_identity *id = NULL;
	int status = 0;
	enum kith_err err =
		kith_store_introduction_of_pair(w->store, w->who[0].row, w->who[1].row, &i);

	if (err == KITH_ERR_MISSING)
		return kith_cli_usage(
			"introduce", "say with --why why they should know each other");
	if (err)
		return kith_cli_fail_store(err, w->store);
	if (!kith_cli_identity(w->cli, &id, &status))
		return status;
	if (!kith_handover_mine(&i, kith_identity_ik(id)))
		status = kith_cli_error(KITH_ERR_STALEKEY,
			"that introduction was made under a key that you have left; --again with --why "
			"makes it anew");
	for (int k = 0; !status && k < 2; k++)
		status = write_side(w, id, &i, k);
	kith_identity_free(id);
	return status;
}

static int show_pair(struct wish *w)
{
	KITH_AUTO(kith_introduction_free) struct kith_introduction i = {0};
	struct list l = {.store = w->store};
	struct kith_diag diag = {0};
	enum kith_err err =
		kith_store_introduction_of_pair(w->store, w->who[0].row, w->who[1].row, &i);

	if (!err)
		err = my_key(w, l.ik, &diag);
	json_t *o = err ? NULL : introduction_json(&l, &i);
	if (!o)
		return kith_cli_fail_store(err ? err : KITH_ERR_NOMEM, w->store);
	kith_json_line(stdout, o);
	json_decref(o);
	return 0;
}

static int introduce(struct wish *w, char **argv)
{
	int status = 0;

	if (!find(w, argv, &status))
		return status;
	if (w->why && (!check_words(w, &status) || !may(w, &status) || !check_names(w, &status)))
		return status;
	if (w->why)
		status = make(w);
	if (!status && w->out)
		status = write_files(w);
	return status || !w->cli->json ? status : show_pair(w);
}

int kith_cmd_introduce(struct kith_cli *cli, int argc, char **argv)
{
	KITH_AUTO(wish_end) struct wish w = {.cli = cli};
	const struct kith_option options[] = {{.name = "why", .value = &w.why},
		{.name = "output", .letter = 'o', .value = &w.out},
		{.name = "again", .flag = &w.again},
		{.name = "yes", .letter = 'y', .flag = &w.yes}};
	int status;

	if (!kith_args(options, 4, &argc, argv, &status))
		return status;
	if (argc != 1 && argc != 3)
		return kith_cli_usage(argv[0],
			"say two people and why: kith introduce grace jo --why \"You both restore looms\"");
	if (argc == 3 && !w.why && !w.out)
		return kith_cli_usage(argv[0], "say with --why why they should know each other");
	if (!kith_cli_store(cli, argc == 1 ? KITH_STORE_READ : KITH_STORE_USE, &w.store, &status))
		return status;
	return argc == 1 ? list_all(&w) : introduce(&w, argv);
}
