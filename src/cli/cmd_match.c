/* SPDX-License-Identifier: MIT
 *
 * match - whom I can bring together.
 */
#include <kith/introduction.h>

#include "base/auto.h"
#include "base/text.h"
#include "book/held.h"
#include "book/mine.h"
#include "cli/args.h"
#include "cli/introfile.h"
#include "cli/lines.h"
#include "cli/paste.h"
#include "cli/person.h"
#include "cli/when.h"
#include "people/match.h"

#define HANG         4 /* columns before what does not fit on a line; before a command there are 2 */
#define WISH_COLUMNS 60 /* of an ask or an offer in a sentence */
#define WORD_COLUMNS 24 /* of a word that both have */
#define WHY_BYTES    512

struct matching {
	struct kith_cli *cli;
	struct kith_store *store;
	bool aside, again;
	struct kith_my my;
	struct kith_ties ties;
	struct kith_matches matches;
};

static void matching_end(struct matching *m)
{
	kith_matches_free(&m->matches);
	kith_ties_free(&m->ties);
	kith_my_free(&m->my);
	kith_store_close(m->store);
}

/* --- words ------------------------------------------------------------------------------------ */

static int64_t row_of(const struct matching *m, uint32_t person)
{
	return person == KITH_MATCH_ME ? 0 : m->ties.people[person].row;
}

/* "compilers, looms" */
static const char *words_of(const struct kith_match_pair *p, char *out, size_t size)
{
	size_t n = 0;

	*out = 0;
	for (size_t i = 0; i < p->words && n < size; i++) {
		char word[4 * WORD_COLUMNS + 8];
		n += (size_t)snprintf(out + n, size - n, "%s%s", i ? ", " : "",
			kith_show_in(word, sizeof word, p->word[i], WORD_COLUMNS));
	}
	return out;
}

/* What both are told, who do not learn whom it is about.  What I noted of somebody is sent to nobody. */
static const char *why_of(const struct kith_match_pair *p, char out[static WHY_BYTES])
{
	char words[WHY_BYTES / 2];
	struct kith_match_pair few = {0};

	for (size_t i = 0; i < p->words && few.words < 3; i++) /* within INTRODUCTION_WORDS */
		if (!p->noted[i])
			few.word[few.words++] = p->word[i];
	if (few.words == 0)
		return strcpy(out, "One of you is looking for what the other offers");
	(void)snprintf(out, WHY_BYTES, "One of you is looking for this, the other offers it: %s",
		words_of(&few, words, sizeof words));
	return out;
}

/* The command that settles a pair: the introduction of two others, with why where that can be pasted, or for me the one that
 * shows the other.  0 words: kith
 * cannot introduce them. */
struct line {
	char who[2][KITH_ID_CHARS + 1];
	char why[WHY_BYTES];
	const char *word[6];
	size_t n;
};

static bool is_mine(const struct kith_match_pair *p)
{
	return p->asker == KITH_MATCH_ME || p->offerer == KITH_MATCH_ME;
}

static enum kith_err make_line_of_mine(
	const struct matching *m, const struct kith_match_pair *p, struct line *ret)
{
	uint32_t other = p->asker == KITH_MATCH_ME ? p->offerer : p->asker;

	memcpy(ret->word, (const char *const[]){"kith", "show", ret->who[0]}, 3 * sizeof(char *));
	ret->n = 3;
	return kith_store_who_of(m->store, row_of(m, other), ret->who[0]);
}

static enum kith_err make_line(
	const struct matching *m, const struct kith_match_pair *p, struct line *ret)
{
	const int64_t rows[2] = {row_of(m, p->asker), row_of(m, p->offerer)};
	enum kith_err err = KITH_OK;

	if (is_mine(p))
		return make_line_of_mine(m, p, ret);
	ret->n = 0;
	for (int i = 0; !err && i < 2; i++) {
		err = kith_store_can_introduce(m->store, rows[i]);
		if (!err)
			err = kith_store_who_of(m->store, rows[i], ret->who[i]);
	}
	if (err)
		return err == KITH_ERR_STATE || err == KITH_ERR_MISSING ? KITH_OK : err;
	const char *const words[6] = {
		"kith", "introduce", ret->who[0], ret->who[1], "--why", why_of(p, ret->why)};
	memcpy(ret->word, words, sizeof words);
	ret->n = kith_paste_safe(kith_span_str(ret->why)) ? 6 : 4;
	return KITH_OK;
}

/* --- for reading ------------------------------------------------------------------------------ */

static const char *shown(struct kith_span wish, char *out, size_t size)
{
	return kith_quote_in(out, size, wish, WISH_COLUMNS);
}

static const char *noted(bool is)
{
	return is ? " (as you noted)" : "";
}

static void tell_pair(const struct matching *m, const struct kith_match_pair *p)
{
	char asker[KITH_QUOTED_BYTES], offerer[KITH_QUOTED_BYTES], words[WHY_BYTES];
	char ask[4 * WISH_COLUMNS + 32], offer[4 * WISH_COLUMNS + 32], event[KITH_QUOTED_BYTES];
	bool i_ask = p->asker == KITH_MATCH_ME, i_offer = p->offerer == KITH_MATCH_ME;

	if (!i_ask)
		kith_held_quoted(m->ties.people[p->asker].name, asker);
	if (!i_offer)
		kith_held_quoted(m->ties.people[p->offerer].name, offerer);
	if (p->event.n)
		kith_held_quoted(p->event, event);
	kith_lines_print(HANG, "%s %s for %s%s, %s %s %s%s: %s%s%s\n", i_ask ? "You" : asker,
		i_ask ? "ask" : "asks", shown(p->ask, ask, sizeof ask), noted(p->ask_noted),
		i_offer ? "you" : offerer, i_offer ? "offer" : "offers",
		shown(p->offer, offer, sizeof offer), noted(p->offer_noted),
		words_of(p, words, sizeof words), p->event.n ? "; both were at " : "",
		p->event.n ? event : "");
}

/* What can be done about it. */
static enum kith_err tell_line(const struct matching *m, const struct kith_match_pair *p)
{
	KITH_AUTO_BUF struct kith_buf text = {0};
	struct line line;
	enum kith_err err = make_line(m, p, &line);

	if (err)
		return err;
	if (!line.n) {
		kith_lines_print(HANG,
			"  Tell them yourself: an introduction by kith needs that you "
			"have compared with both (kith swap, kith compare)\n");
		return KITH_OK;
	}
	if (!(err = kith_paste(&text, line.word, line.n)))
		(void)printf("  %s%s\n",
			p->asker == KITH_MATCH_ME     ? "Ask them: "
			: p->offerer == KITH_MATCH_ME ? "Offer it: "
						      : "",
			(const char *)text.p);
	return err;
}

static enum kith_err tell(const struct matching *m)
{
	enum kith_err err = KITH_OK;

	for (size_t i = 0; !err && i < m->matches.n; i++) {
		tell_pair(m, &m->matches.at[i]);
		err = tell_line(m, &m->matches.at[i]);
	}
	if (m->matches.n == 0)
		kith_cli_say(m->cli,
			"No match now: nobody asks for a thing that somebody they do not know yet offers.");
	else
		kith_cli_note(m->cli,
			"kith match --aside WHO WHO sets a pair aside: it does not come again.");
	if (m->matches.passed_over)
		kith_cli_note(m->cli,
			"Of one person at most %d are told here; kith match WHO tells those of WHO.",
			KITH_MATCHES_OF_MAX);
	return err;
}

/* --- the same as JSON ------------------------------------------------------------------------- */

static json_t *side_json(
	const struct matching *m, uint32_t person, struct kith_span text, bool note)
{
	return json_pack("{s:o,s:o,s:b}", "person",
		person == KITH_MATCH_ME ? json_null()
					: kith_person_brief(m->store, row_of(m, person)),
		"text", kith_json_text(text), "noted", note);
}

static json_t *pair_json(const struct matching *m, const struct kith_match_pair *p)
{
	json_t *words = json_array(), *settle = json_array();
	struct line line;

	if (make_line(m, p, &line))
		line.n = 0;
	for (size_t i = 0; i < p->words; i++)
		(void)json_array_append_new(words, kith_json_text(p->word[i]));
	for (size_t i = 0; i < line.n; i++)
		(void)json_array_append_new(settle, json_string(line.word[i]));
	return json_pack("{s:o,s:o,s:o,s:o,s:o}", "asks",
		side_json(m, p->asker, p->ask, p->ask_noted), "offers",
		side_json(m, p->offerer, p->offer, p->offer_noted), "words", words, "event",
		p->event.n ? kith_json_text(p->event) : json_null(), "settle", settle);
}

static int tell_json(const struct matching *m)
{
	json_t *array = json_array();

	for (size_t i = 0; i < m->matches.n; i++)
		if (json_array_append_new(array, pair_json(m, &m->matches.at[i]))) {
			json_decref(array);
			return kith_cli_fail(KITH_ERR_NOMEM, NULL);
		}
	kith_json_line(stdout, array);
	json_decref(array);
	return 0;
}

/* --- pairs that are none ---------------------------------------------------------------------- */

/* Two people, or one and me, whom --aside or --again is about. */
struct couple {
	int64_t row[2]; /* with me: two times the same */
	struct kith_contact who[2];
	bool related, introduced;
};

static void couple_end(struct couple *c)
{
	kith_contact_free(&c->who[0]);
	kith_contact_free(&c->who[1]);
}

static bool with_me(const struct couple *c)
{
	return c->row[0] == c->row[1];
}

static bool is_related(void *ctx, const struct kith_relation *r)
{
	struct couple *c = ctx;

	/* one of both is the first, whose relations these are */
	c->related = r->kind != KITH_RELATION_EVENT && r->a + r->b == c->row[0] + c->row[1];
	return !c->related;
}

static bool is_introduced(void *ctx, int64_t a, int64_t b)
{
	struct couple *c = ctx;

	c->introduced = a + b == c->row[0] + c->row[1] && (a == c->row[0] || a == c->row[1]);
	return !c->introduced;
}

/* What keeps them apart besides, now that they are not set aside. */
static enum kith_err look_between(struct kith_store *store, struct couple *c)
{
	enum kith_err err = KITH_OK;

	if (!with_me(c) && !(err = kith_store_relations(store, c->row[0], is_related, c)))
		err = kith_store_aparts(store, is_introduced, c);
	return err;
}

static bool any(const struct couple *c, bool (*is)(const struct kith_contact *))
{
	return is(&c->who[0]) || is(&c->who[1]);
}

static bool is_let_go(const struct kith_contact *c)
{
	return c->faded;
}

static bool is_blocked(const struct kith_contact *c)
{
	return c->blocked;
}

/* Why they do not come as a match: a word for JSON, and what stands behind "but".  NULL: they may. */
static const char *why_not(const struct couple *c, const char **ret_words)
{
	static const char *const why[][2] = {{"let-go", "you have let go of one of them"},
		{"blocked", "one of them is blocked"},
		{"related", "they know each other already, as kith relate shows"},
		{"introduced", "you have introduced them already"}};
	size_t i = any(c, is_let_go)    ? 0
		   : any(c, is_blocked) ? 1
		   : c->related         ? 2
		   : c->introduced      ? 3
					: 4;

	*ret_words = i < 4 ? why[i][1] : NULL;
	return i < 4 ? why[i][0] : NULL;
}

static int tell_aside(const struct matching *m, const struct couple *c, bool was)
{
	char one[KITH_QUOTED_BYTES], other[KITH_QUOTED_BYTES] = "you", id[2][KITH_ID_CHARS + 1];
	const char *words, *why = why_not(c, &words);

	kith_held_quoted(c->who[0].name, one);
	if (!with_me(c))
		kith_held_quoted(c->who[1].name, other);
	if (m->aside)
		kith_cli_say(m->cli, "%s and %s do not come as a match any more.", one, other);
	else if (why)
		kith_cli_say(m->cli,
			"%s and %s are not set aside%s, but do not come as a match: %s.", one,
			other, was ? " any more" : "", words);
	else if (was)
		kith_cli_say(m->cli, "%s and %s may come as a match again.", one, other);
	else
		kith_cli_say(m->cli, "%s and %s were not set aside.", one, other);
	if (!m->cli->json)
		return 0;
	json_t *o = json_pack("{s:s,s:s?,s:b}", "a", kith_person_id(&c->who[0], id[0]), "b",
		with_me(c) ? NULL : kith_person_id(&c->who[1], id[1]), "aside", m->aside);
	if (o && !m->aside)
		(void)json_object_update_new(
			o, json_pack("{s:b,s:s?}", "was_aside", was, "why_not", why));
	kith_json_tell(m->cli, o);
	return 0;
}

/* One person: with me. */
static bool read_couple(
	struct matching *m, int argc, char **argv, struct couple *c, int *ret_status)
{
	enum kith_err err = KITH_OK;

	if (argc != 2 && argc != 3) {
		*ret_status = kith_cli_usage(argv[0], "--%s takes two people, or one and means you",
			m->aside ? "aside" : "again");
		return false;
	}
	if (!kith_cli_store(m->cli, KITH_STORE_USE, &m->store, ret_status))
		return false;
	for (int i = 0; i < 2; i++)
		if (!kith_cli_who(m->cli, m->store, argv[i + 1 < argc ? i + 1 : 1], &c->row[i],
			    ret_status))
			return false;
	if (argc == 3 && with_me(c)) {
		*ret_status = kith_cli_usage(argv[0], "both are the same person");
		return false;
	}
	for (int i = 0; !err && i < 2; i++)
		err = kith_store_contact(m->store, c->row[i], &c->who[i]);
	if (err)
		*ret_status = kith_cli_fail_store(err, m->store);
	return !err;
}

static int set_aside(struct matching *m, int argc, char **argv)
{
	KITH_AUTO(couple_end) struct couple c = {.related = false};
	int status;

	if (!read_couple(m, argc, argv, &c, &status))
		return status;
	enum kith_err err =
		kith_store_aside(m->store, c.row[0], c.row[1], m->aside, kith_when_now());
	bool was = !m->aside && err != KITH_ERR_MISSING;
	if (err == KITH_ERR_MISSING)
		err = KITH_OK;
	if (!err && !m->aside)
		err = look_between(m->store, &c);
	return err ? kith_cli_fail_store(err, m->store) : tell_aside(m, &c, was);
}

/* --- all -------------------------------------------------------------------------------------- */

static int look(struct matching *m, int argc, char **argv)
{
	uint32_t who = KITH_TIES_NOBODY;
	struct kith_diag diag = {0};
	int64_t row;
	int status;

	if (argc > 2)
		return kith_cli_usage(argv[0], "it takes one WHO; --aside takes two");
	if (!kith_cli_store(m->cli, KITH_STORE_READ, &m->store, &status))
		return status;
	if (argc == 2 && !kith_cli_who(m->cli, m->store, argv[1], &row, &status))
		return status;
	enum kith_err err = kith_my_read(m->store, &m->my, &diag);
	if (err && err != KITH_ERR_MISSING)
		return kith_cli_fail(err, &diag);
	if ((err = kith_ties_read(m->store, &m->ties)))
		return kith_cli_fail_store(err, m->store);
	if (argc == 2 && (who = kith_ties_find(&m->ties, row)) == KITH_TIES_NOBODY)
		return kith_cli_error(KITH_ERR_NOPERSON,
			"you have let go of them; kith review --back calls back");
	if ((err = kith_matches_make(&m->ties, m->store, &m->my.profile, who, &m->matches)))
		return kith_cli_fail_store(err, m->store);
	if (m->cli->json)
		return tell_json(m);
	err = tell(m);
	return err ? kith_cli_fail_store(err, m->store) : 0;
}

int kith_cmd_match(struct kith_cli *cli, int argc, char **argv)
{
	KITH_AUTO(matching_end) struct matching m = {.cli = cli};
	const struct kith_option options[] = {
		{.name = "aside", .flag = &m.aside}, {.name = "again", .flag = &m.again}};
	int status;

	if (!kith_args(options, 2, &argc, argv, &status))
		return status;
	if (m.aside && m.again)
		return kith_cli_usage(argv[0], "--aside and --again contradict each other");
	return m.aside || m.again ? set_aside(&m, argc, argv) : look(&m, argc, argv);
}
