/* SPDX-License-Identifier: MIT */
#include "cli/tally.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/auto.h"
#include "base/text.h"
#include "cli/keywords.h"
#include "cli/person.h"

#define HINTS_MAX 20 /* whom somebody could be joined to */
#define ID_SHOWN  8  /* characters of an id that a person types */

struct kith_tally_line {
	char *file;
	struct kith_intake_result r;
};

void kith_tally_free(struct kith_tally *t)
{
	for (size_t i = 0; i < t->n; i++)
		free(t->at[i].file);
	free(t->at);
	t->at = NULL;
	t->n = t->kept = t->cap = 0;
}

enum kith_err kith_tally_add(
	struct kith_tally *t, const char *file, const struct kith_intake_result *r)
{
	if (t->n == t->cap) {
		size_t cap = t->cap ? t->cap * 2 : 64;
		void *more = reallocarray(t->at, cap, sizeof *t->at);
		if (!more)
			return KITH_ERR_NOMEM;
		t->at = more;
		t->cap = cap;
	}
	char *copy = strdup(file);
	if (!copy)
		return KITH_ERR_NOMEM;
	t->at[t->n++] = (struct kith_tally_line){copy, *r};
	return KITH_OK;
}

size_t kith_tally_drop(struct kith_tally *t)
{
	size_t n = t->n - t->kept;

	for (size_t i = t->kept; i < t->n; i++)
		free(t->at[i].file);
	t->n = t->kept;
	return n;
}

size_t kith_tally_cards(const struct kith_tally *t)
{
	size_t n = 0;

	for (size_t i = 0; i < sizeof t->counts / sizeof t->counts[0]; i++)
		n += t->counts[i];
	return n;
}

/* --- one card --------------------------------------------------------------------------------- */

static const char *what_name(enum kith_intake_what what)
{
	static const char *const names[] = {"new", "updated", "same", "beside", "skipped"};

	return names[what];
}

/* A statement about a key: what it says, and what came of it. */
static enum kith_err print_statement(const struct kith_intake_result *r)
{
	KITH_AUTO_BUF struct kith_buf text = {0};
	enum kith_err err = kith_keywords_came(r, &text);

	if (!err)
		(void)printf("%-8s %s: %.*s\n", what_name(r->what), r->name, (int)text.n,
			(const char *)text.p);
	return err;
}

static void print_line(const struct kith_intake_result *r)
{
	unsigned long long rev = r->rev, had = r->had;

	(void)printf("%-8s %s", what_name(r->what), r->name);
	if (r->is_introduction) {
		(void)putchar('\n');
		return;
	}
	if (r->is_signed && r->what == KITH_INTAKE_UPDATED && had && had < rev)
		(void)printf(", revision %llu to %llu", had, rev);
	else if (r->is_signed && r->what == KITH_INTAKE_UPDATED && had > rev)
		(void)printf(", revision %llu, the whole one for the pocket card", rev);
	else if (r->is_signed)
		(void)printf(", revision %llu", rev);
	if (r->is_signed && r->what == KITH_INTAKE_NEW)
		(void)printf(", from a file, not compared");
	if (r->what == KITH_INTAKE_BESIDE)
		(void)printf(", another card of theirs, kept beside the one you have");
	if (!r->is_signed && r->what == KITH_INTAKE_NEW)
		(void)printf(", nothing is signed");
	if (r->added_to)
		(void)printf(", what is new was added");
	(void)putchar('\n');
}

/* The beginning of the id that a person types. */
static enum kith_err id_of(struct kith_store *store, int64_t row, char out[static ID_SHOWN + 1])
{
	KITH_AUTO(kith_contact_free) struct kith_contact c = {0};
	char id[KITH_ID_CHARS + 1];
	enum kith_err err = kith_store_contact(store, row, &c);

	if (err)
		return err;
	(void)snprintf(out, ID_SHOWN + 1, "%.*s", ID_SHOWN, kith_person_id(&c, id));
	return KITH_OK;
}

/* Somebody new who looks like one with a key. */
static enum kith_err hint(
	struct kith_tally *t, struct kith_store *store, const struct kith_intake_result *r)
{
	char who[ID_SHOWN + 1], other[ID_SHOWN + 1];
	enum kith_err err;

	if (!r->like || t->hints++ >= HINTS_MAX)
		return KITH_OK;
	if ((err = id_of(store, r->like, who)) || (err = id_of(store, r->contact, other)))
		return err == KITH_ERR_NOPERSON ? KITH_OK : err;
	kith_cli_note(t->cli,
		"%s looks like somebody whose key you know; if they are one person: kith join %s %s",
		r->name, who, other);
	return KITH_OK;
}

static enum kith_err print_object(
	struct kith_tally *t, struct kith_store *store, const struct kith_tally_line *l)
{
	json_t *o = json_object();
	int bad = !o;

	if (o) {
		bad |= json_object_set_new(o, "file", kith_json_text(kith_span_str(l->file)));
		bad |= json_object_set_new(o, "result", json_string(what_name(l->r.what)));
		if (l->r.why.text[0])
			bad |= json_object_set_new(
				o, "reason", kith_json_text(kith_span_str(l->r.why.text)));
		if (l->r.is_statement && l->r.statement.kind)
			bad |= json_object_set_new(
				       o, "statement", kith_keywords_json(&l->r.statement)) |
			       json_object_set_new(
				       o, "outcome", json_string(kith_keywords_what(l->r.keys)));
		if (l->r.is_introduction)
			bad |= json_object_set_new(
				o, "introduction", kith_json_text(kith_span_str(l->r.name)));
		if (l->r.contact)
			bad |= json_object_set_new(
				o, "contact", kith_person_json(store, l->r.contact));
	}
	if (!bad) {
		(void)fputs(t->objects++ ? "," : "[", stdout);
		kith_json_line(stdout, o);
	}
	json_decref(o);
	return bad ? KITH_ERR_NOMEM : KITH_OK;
}

/* A line of its own, and what belongs on standard error. */
static enum kith_err print_one(
	struct kith_tally *t, struct kith_store *store, const struct kith_tally_line *l)
{
	kith_progress_clear(t->progress);
	if (t->cli->json)
		return print_object(t, store, l);
	if (l->r.is_statement && l->r.what != KITH_INTAKE_SKIPPED)
		return print_statement(&l->r);
	if (l->r.what != KITH_INTAKE_SKIPPED)
		print_line(&l->r);
	return hint(t, store, &l->r);
}

/* --- all of them ------------------------------------------------------------------------------ */

static bool worth_a_line(const struct kith_intake_result *r)
{
	return r->what != KITH_INTAKE_NEW && r->what != KITH_INTAKE_SAME;
}

/* A card that was skipped is told at once, and what was wrong with one that was not. */
static void complain(struct kith_tally *t, const struct kith_intake_result *r)
{
	int status = kith_err_exit(r->err);

	if (r->what == KITH_INTAKE_SKIPPED) {
		kith_progress_clear(t->progress);
		(void)kith_cli_error(r->err, "skipped: %s", kith_diag_text(&r->why, r->err));
		t->worst = status > t->worst ? status : t->worst;
	} else if (r->why.text[0]) {
		kith_progress_clear(t->progress);
		kith_cli_note(t->cli, "%s", r->why.text);
	}
}

/* Prints those that are kept, but for what many cards do not have room for, and forgets them. */
static enum kith_err print_kept(struct kith_tally *t, struct kith_store *store, bool all)
{
	enum kith_err err = KITH_OK;

	for (size_t i = 0; i < t->kept; i++) {
		if (!err && (all || worth_a_line(&t->at[i].r)))
			err = print_one(t, store, &t->at[i]);
		free(t->at[i].file);
	}
	if (t->live)
		(void)fflush(stdout);
	memmove(t->at, t->at + t->kept, (t->n - t->kept) * sizeof *t->at);
	t->n -= t->kept;
	t->kept = 0;
	return err;
}

enum kith_err kith_tally_keep(struct kith_tally *t, struct kith_store *store)
{
	for (; t->kept < t->n; t->kept++) {
		t->counts[t->at[t->kept].r.what]++;
		complain(t, &t->at[t->kept].r);
	}
	if (t->n == 0)
		return KITH_OK;
	if (t->cli->json || (t->live && t->n <= KITH_TALLY_FEW))
		return print_kept(t, store, true);
	return kith_tally_cards(t) > KITH_TALLY_FEW ? print_kept(t, store, false) : KITH_OK;
}

void kith_tally_remark(struct kith_tally *t, const char *file, uint64_t line, const char *sentence)
{
	kith_progress_clear(t->progress);
	t->remarks++;
	if (line)
		kith_cli_note(t->cli, "%s:%llu: %s", file, (unsigned long long)line, sentence);
	else
		kith_cli_note(t->cli, "%s: %s", file, sentence);
}

/* Appends ", 1,203 new" when there are some. */
static void add_count(char *out, size_t cap, size_t n, const char *words)
{
	char digits[32], grouped[48] = "";
	size_t used = strlen(out);
	int m = snprintf(digits, sizeof digits, "%zu", n);

	if (n == 0)
		return;
	for (int i = 0, at = 0; i < m; i++) {
		if (i > 0 && (m - i) % 3 == 0)
			grouped[at++] = ',';
		grouped[at++] = digits[i];
		grouped[at] = 0;
	}
	(void)snprintf(out + used, cap - used, "%s%s %s", used ? ", " : "", grouped, words);
}

static void print_sum(const struct kith_tally *t)
{
	char text[256] = "";

	add_count(text, sizeof text, t->counts[KITH_INTAKE_NEW], "new");
	add_count(text, sizeof text, t->counts[KITH_INTAKE_UPDATED], "updated");
	add_count(text, sizeof text, t->counts[KITH_INTAKE_SAME], "same (you had them already)");
	add_count(text, sizeof text, t->counts[KITH_INTAKE_BESIDE], "beside the one you have");
	add_count(text, sizeof text, t->counts[KITH_INTAKE_SKIPPED], "skipped");
	(void)printf("%s\n", text);
}

int kith_tally_end(struct kith_tally *t, struct kith_store *store)
{
	bool many = kith_tally_cards(t) > KITH_TALLY_FEW;
	enum kith_err err = kith_tally_keep(t, store);

	if (!err && t->kept)
		err = print_kept(t, store, !many);
	kith_progress_clear(t->progress);
	if (t->cli->json)
		(void)puts(t->objects ? "]" : "[]");
	else if (many)
		print_sum(t);
	if (t->hints > HINTS_MAX)
		kith_cli_note(t->cli, "%zu more look like somebody whose key you know.",
			t->hints - HINTS_MAX);
	if (err)
		t->worst = kith_cli_fail_store(err, store);
	return t->worst;
}
