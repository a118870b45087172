/* SPDX-License-Identifier: MIT
 *
 * who - whom to ask, and why.
 */
#include <time.h>

#include "base/auto.h"
#include "base/text.h"
#include "cli/args.h"
#include "cli/cli.h"
#include "cli/gone.h"
#include "cli/lines.h"
#include "cli/person.h"
#include "cli/when.h"
#include "cli/words.h"
#include "people/reason.h"

#define REASONS      3  /* that a line has room for */
#define REASON_WIDTH 48 /* columns of one of them */
#define WHEN_CHARS   32

/* One person of the answer. */
struct answer {
	struct kith_contact contact;
	struct kith_reasons reasons;
};

/* The whole of it. */
struct answers {
	struct kith_who who;
	struct answer *at;
	size_t n;
};

static void answers_end(struct answers *a)
{
	for (size_t i = 0; i < a->n; i++) {
		kith_contact_free(&a->at[i].contact);
		kith_reasons_free(&a->at[i].reasons);
	}
	free(a->at);
	kith_who_free(&a->who);
}

static enum kith_err gather(struct kith_store *store, struct answers *a)
{
	enum kith_err err = KITH_OK;

	if (!(a->at = calloc(a->who.n + 1, sizeof *a->at)))
		return KITH_ERR_NOMEM;
	for (size_t i = 0; !err && i < a->who.n; i++) {
		struct answer *one = &a->at[a->n++];
		err = kith_store_contact(store, a->who.at[i].contact, &one->contact);
		if (!err)
			err = kith_reasons_find(store, &a->who, &a->who.at[i], &one->reasons);
	}
	return err;
}

/* --- a line ----------------------------------------------------------------------------------- */

/* "in May", or of another year "in May 2025" */
static const char *month(int64_t at, char out[static WHEN_CHARS])
{
	static const char *const months[] = {"January", "February", "March", "April", "May", "June",
		"July", "August", "September", "October", "November", "December"};
	struct kith_date then = kith_day_date(kith_day_at(at));
	struct kith_date now = kith_day_date(kith_when_today());

	if (then.year == now.year)
		(void)snprintf(out, WHEN_CHARS, "in %s", months[then.month - 1]);
	else
		(void)snprintf(out, WHEN_CHARS, "in %s %d", months[then.month - 1], then.year);
	return out;
}

/* What stands before the text of a reason. */
static enum kith_err add_where(struct kith_buf *line, const struct kith_reason *r)
{
	static const struct {
		const char *what, *words;
	} said[] = {{"note", "you noted"}, {"call", "on a call"}, {"met", "when you met"},
		{"wrote", "in writing"}, {"promise", "promised"}};
	char when[WHEN_CHARS];

	for (size_t i = 0; r->at && i < sizeof said / sizeof said[0]; i++)
		if (strcmp(r->what, said[i].what) == 0)
			return kith_buf_printf(line, "%s %s: ", said[i].words, month(r->at, when));
	return kith_buf_printf(line, "%s: ", r->what);
}

static enum kith_err add_reasons(struct kith_buf *line, const struct answer *one)
{
	enum kith_err err = KITH_OK;

	for (size_t i = 0; !err && i < one->reasons.n && i < REASONS; i++) {
		const struct kith_reason *r = &one->reasons.at[i];
		if (i)
			err = kith_buf_add_str(line, "; ");
		if (!err)
			err = add_where(line, r);
		if (!err)
			err = kith_show(line, kith_buf_span(&r->text), REASON_WIDTH);
	}
	return err;
}

static const char *name_of(const struct kith_contact *c, char *out, size_t cap)
{
	kith_show_in(out, cap, c->name, 40);
	return *out ? out : KITH_UNSEEN;
}

static bool has_twin(const struct answers *a, size_t i)
{
	char one[256], other[256];

	for (size_t j = 0; j < a->n; j++)
		if (j != i && strcmp(name_of(&a->at[i].contact, one, sizeof one),
				      name_of(&a->at[j].contact, other, sizeof other)) == 0)
			return true;
	return false;
}

/* The name, with the beginning of the id where two of them share it. */
static enum kith_err add_name(struct kith_buf *out, const struct answers *a, size_t i)
{
	char name[256], id[KITH_ID_CHARS + 1];
	const struct kith_contact *c = &a->at[i].contact;

	if (!has_twin(a, i))
		return kith_buf_add_str(out, name_of(c, name, sizeof name));
	return kith_buf_printf(
		out, "%s (%.8s)", name_of(c, name, sizeof name), kith_person_id(c, id));
}

static enum kith_err print_line(const struct answers *a, size_t i, size_t width)
{
	KITH_AUTO_BUF struct kith_buf line = {0};
	char by[256];
	const struct kith_contact *c = &a->at[i].contact;
	enum kith_err err = add_name(&line, a, i);
	size_t pad = width + 2 - kith_text_columns(kith_buf_span(&line));

	if (!err)
		err = kith_buf_printf(&line, "%*s", (int)pad, "");
	if (!err && a->who.introduced && c->introducer.n)
		err = kith_buf_printf(&line, "introduced by %s; ",
			kith_show_in(by, sizeof by, c->introducer, 40));
	if (!err)
		err = add_reasons(&line, &a->at[i]);
	if (err)
		return err;
	kith_lines_print(width + 2, "%.*s\n", (int)line.n, (const char *)line.p);
	return KITH_OK;
}

static enum kith_err print_people(const struct answers *a)
{
	enum kith_err err = KITH_OK;
	size_t width = 0;

	for (size_t i = 0; !err && i < a->n; i++) {
		KITH_AUTO_BUF struct kith_buf name = {0};
		err = add_name(&name, a, i);
		size_t columns = kith_text_columns(kith_buf_span(&name));
		width = columns > width ? columns : width;
	}
	for (size_t i = 0; !err && i < a->n; i++)
		err = print_line(a, i, width);
	return err;
}

/* --- what has to be said beside --------------------------------------------------------------- */

/* "replicatoin" nobody has; taken for "replication". */
static enum kith_err tell_words(const struct kith_cli *cli, const struct kith_who *who)
{
	enum kith_err err = KITH_OK;
	char shown[128];

	for (size_t i = 0; !err && i < who->words; i++) {
		const struct kith_who_word *w = &who->word[i];
		KITH_AUTO_BUF struct kith_buf near = {0};
		for (size_t j = 0; !err && j < w->near.n; j++) {
			char one[128];
			err = kith_buf_printf(&near, "%s%s", j ? " or " : "",
				kith_quote_in(
					one, sizeof one, kith_buf_span(&w->near.at[j].text), 40));
		}
		if (err || w->people == 0 || near.n == 0)
			continue;
		kith_cli_note(cli, "Nobody has %s; taken for %.*s.",
			kith_quote_in(shown, sizeof shown, w->asked, 40), (int)near.n,
			(const char *)near.p);
	}
	for (size_t i = 0; !err && who->n && i < who->words; i++)
		if (who->word[i].people == 0)
			kith_cli_note(cli, "Nobody has %s.",
				kith_quote_in(shown, sizeof shown, who->word[i].asked, 40));
	if (!err && who->cut)
		kith_cli_note(cli, "Only the first %d words were looked for.", KITH_WHO_WORDS);
	return err;
}

static bool same_text(struct kith_span a, struct kith_span b)
{
	return kith_span_eq(a, b);
}

/* How many of the answer the same person introduced, and whether all of them are of one organisation. */
static size_t of_introducer(const struct answers *a, size_t first, bool *ret_one_org)
{
	size_t count = 0;
	const struct kith_contact *f = &a->at[first].contact;

	*ret_one_org = (a->who.at[first].places & KITH_PLACE_ORG) && f->org.n;
	for (size_t i = 0; i < a->n; i++) {
		const struct kith_contact *c = &a->at[i].contact;
		if (!same_text(c->introducer, f->introducer))
			continue;
		count++;
		*ret_one_org = *ret_one_org && same_text(c->org, f->org);
	}
	return count;
}

static bool told_before(const struct answers *a, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (same_text(a->at[j].contact.introducer, a->at[i].contact.introducer))
			return true;
	return false;
}

/* Nobody of yours, but Ada introduced you to Bob, or to 2 people at CERN. */
static void tell_introduced(const struct kith_cli *cli, const struct answers *a)
{
	for (size_t i = 0; i < a->n; i++) {
		char by[256], org[256], whom[256];
		bool one_org;
		const struct kith_contact *c = &a->at[i].contact;
		if (told_before(a, i))
			continue;
		size_t count = of_introducer(a, i, &one_org);
		(void)kith_show_in(org, sizeof org, c->org, 40);
		if (count > 1)
			(void)snprintf(whom, sizeof whom, "%zu people", count);
		kith_cli_say(cli, "%s %s introduced you to %s%s%s.",
			i ? "And" : "Nobody of yours, but",
			c->introducer.n ? kith_show_in(by, sizeof by, c->introducer, 40)
					: "somebody you have forgotten",
			count > 1 ? whom : name_of(c, whom, sizeof whom), one_org ? " at " : "",
			one_org ? org : "");
	}
}

/* --- JSON ------------------------------------------------------------------------------------- */

static json_t *json_of_words(const struct kith_who *who)
{
	json_t *words = json_array();

	for (size_t i = 0; words && i < who->words; i++) {
		const struct kith_who_word *w = &who->word[i];
		json_t *near = json_array();
		for (size_t j = 0; near && j < w->near.n; j++)
			(void)json_array_append_new(
				near, kith_json_text(kith_buf_span(&w->near.at[j].text)));
		(void)json_array_append_new(
			words, json_pack("{s:o, s:I, s:o}", "word", kith_json_text(w->asked),
				       "people", (json_int_t)w->people, "taken_for", near));
	}
	return words;
}

static json_t *json_of_reasons(const struct answer *one)
{
	json_t *reasons = json_array();

	for (size_t i = 0; reasons && i < one->reasons.n; i++) {
		const struct kith_reason *r = &one->reasons.at[i];
		char at[KITH_DATE_CHARS];
		(void)json_array_append_new(reasons,
			json_pack("{s:s, s:o, s:o}", "where", r->what, "text",
				kith_json_text(kith_buf_span(&r->text)), "at",
				r->at ? json_string(kith_words_iso(r->at, at)) : json_null()));
	}
	return reasons;
}

static json_t *json_of_people(const struct answers *a)
{
	json_t *people = json_array();

	for (size_t i = 0; people && i < a->n; i++) {
		char id[KITH_ID_CHARS + 1];
		const struct kith_contact *c = &a->at[i].contact;
		json_t *one = json_pack("{s:s, s:o, s:o, s:o}", "id", kith_person_id(c, id), "name",
			kith_json_text(c->name), "introduced_by",
			c->introducer.n ? kith_json_text(c->introducer) : json_null(), "reasons",
			json_of_reasons(&a->at[i]));
		(void)json_array_append_new(people, one);
	}
	return people;
}

static int print_json(const struct answers *a)
{
	json_t *object = json_pack("{s:o, s:I, s:b, s:o}", "words", json_of_words(&a->who),
		"people", (json_int_t)a->who.people, "introduced", a->who.introduced, "ask",
		json_of_people(a));

	if (!object)
		return kith_cli_fail(KITH_ERR_NOMEM, NULL);
	kith_json_line(stdout, object);
	json_decref(object);
	return 0;
}

/* What was looked for, without the common words around it: "a", "b" or "c". */
static enum kith_err add_asked(struct kith_buf *out, const struct kith_who *who)
{
	enum kith_err err = KITH_OK;
	char shown[128];

	for (size_t i = 0; !err && i < who->words; i++)
		err = kith_buf_printf(out, "%s%s",
			i == 0                ? ""
			: i + 1 == who->words ? " or "
					      : ", ",
			kith_quote_in(shown, sizeof shown, who->word[i].asked, 40));
	return err || kith_buf_cstr(out) ? err : KITH_ERR_NOMEM;
}

/* Somebody who was let go is not forgotten: the first word that one of them has. */
static int found_nobody(const struct kith_who *who)
{
	KITH_AUTO_BUF struct kith_buf asked = {0}, but = {0};
	size_t i = 0;

	while (i + 1 < who->words && who->word[i].let_go == 0)
		i++;
	if (add_asked(&asked, who) || kith_gone_tell(&but, who->word[i].let_go, who->word[i].text))
		return kith_cli_fail(KITH_ERR_NOMEM, NULL);
	return kith_cli_error(KITH_ERR_NOPERSON, "nobody here knows of %s, as far as you noted%s",
		(const char *)asked.p, (const char *)but.p);
}

/* --- the command ------------------------------------------------------------------------------ */

static int answer(struct kith_cli *cli, const struct answers *a)
{
	enum kith_err err = KITH_OK;
	int status = cli->json ? print_json(a) : 0;

	if (!cli->json)
		err = tell_words(cli, &a->who);
	if (!err && !status && a->who.introduced)
		tell_introduced(cli, a);
	if (!err && !status && !cli->json)
		err = print_people(a);
	if (err)
		return kith_cli_fail(err, NULL);
	if (!status && a->who.people > a->n)
		kith_cli_note(
			cli, "The first %zu of %zu; --all shows everybody.", a->n, a->who.people);
	return status;
}

int kith_cmd_who(struct kith_cli *cli, int argc, char **argv)
{
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	KITH_AUTO(answers_end) struct answers a = {0};
	KITH_AUTO_BUF struct kith_buf words = {0};
	bool everybody = false;
	const struct kith_option options[] = {{"all", 0, NULL, &everybody}};
	int status;

	if (!kith_args(options, 1, &argc, argv, &status))
		return status;
	if (argc < 2)
		return kith_cli_usage(
			argv[0], "say what you want to know: kith who database Zurich");
	if (!kith_cli_join(argc, argv, &words))
		return kith_cli_fail(KITH_ERR_NOMEM, NULL);
	if (!kith_cli_store(cli, KITH_STORE_READ, &store, &status))
		return status;
	enum kith_err err = kith_store_look(store);
	if (!err)
		err = kith_who_ask(
			store, kith_buf_span(&words), everybody ? 0 : KITH_WHO_BEST, &a.who);
	if (err == KITH_ERR_MISSING || err == KITH_ERR_UTF8)
		return kith_cli_usage(argv[0], "there is no word in what you ask");
	if (err == KITH_ERR_LIMIT)
		return kith_cli_usage(argv[0], "%s", KITH_WORDS_TOO_MUCH);
	if (!err)
		err = gather(store, &a);
	kith_store_look_end(store);
	if (err)
		return kith_cli_fail_store(err, store);
	status = answer(cli, &a);
	if (status || a.n)
		return status;
	return found_nobody(&a.who);
}
