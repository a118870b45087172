/* SPDX-License-Identifier: MIT */
#include "people/query.h"

#include <strings.h>

#include "base/day.h"
#include "base/text.h"

static const char *const names[KITH_TERM_KEYS] = {"", "tag", "event", "ring", "org", "title",
	"offers", "asks", "note", "by", "met", "touched", "is", "promise"};

static const char *const states[] = {"unreviewed", "kept", "soon", "let-go", "met", "introduced",
	"typed", "pending", "drifting", "blocked"};

#define KEYS   "tag: event: ring: org: title: offers: asks: note: by: met: touched: is: promise:"
#define STATES "unreviewed kept soon let-go met introduced typed pending drifting blocked"

const char *kith_term_name(enum kith_term_key key)
{
	return (unsigned)key < KITH_TERM_KEYS ? names[key] : "";
}

void kith_find_free(struct kith_find *find)
{
	kith_buf_free(&find->text);
	*find = (struct kith_find){0};
}

/* --- words and quotes ------------------------------------------------------------------------- */

/* What is left to be read, and what was read of it last. */
struct reading {
	struct kith_span rest;
	struct kith_find *find;
	struct kith_diag *diag;
	int32_t today;
	struct kith_buf raw; /* the present value, without quotation marks */
	bool quoted;
};

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void skip(struct reading *r, size_t n)
{
	r->rest = kith_span(r->rest.p + n, r->rest.n - n);
}

static void skip_blanks(struct reading *r)
{
	while (r->rest.n && is_blank(r->rest.p[0]))
		skip(r, 1);
}

/* "..." with \" and \\ inside. */
static enum kith_err read_quoted(struct reading *r)
{
	enum kith_err err = KITH_OK;

	for (skip(r, 1); !err && r->rest.n && r->rest.p[0] != '"'; skip(r, 1)) {
		if (r->rest.p[0] == '\\' && r->rest.n > 1 &&
			(r->rest.p[1] == '"' || r->rest.p[1] == '\\'))
			skip(r, 1);
		err = kith_buf_add(&r->raw, r->rest.p, 1);
	}
	if (err)
		return err;
	if (r->rest.n == 0)
		return kith_fail(
			r->diag, KITH_ERR_USAGE, "a quotation mark has no other one behind it");
	skip(r, 1);
	r->quoted = true;
	return KITH_OK;
}

static enum kith_err read_value(struct reading *r)
{
	size_t n = 0;

	kith_buf_clear(&r->raw);
	r->quoted = false;
	if (r->rest.n && r->rest.p[0] == '"')
		return read_quoted(r);
	while (n < r->rest.n && !is_blank(r->rest.p[n]))
		n++;
	enum kith_err err = kith_buf_add(&r->raw, r->rest.p, n);
	skip(r, n);
	return err;
}

/* --- one term --------------------------------------------------------------------------------- */

static enum kith_err refuse_key(struct reading *r, struct kith_span key)
{
	char shown[64];

	return kith_fail(r->diag, KITH_ERR_USAGE,
		"there is no %s here; the keys are " KEYS ", and a word with a colon stands in "
		"quotation marks",
		kith_quote_in(shown, sizeof shown, key, 20));
}

/* Takes "key:" off the front.  What begins with a quotation mark, or has no colon in it, is a word. */
static enum kith_err read_key(struct reading *r, enum kith_term_key *ret)
{
	size_t n = 0;

	*ret = KITH_TERM_WORD;
	while (n < r->rest.n && !is_blank(r->rest.p[n]) && r->rest.p[n] != ':' &&
		r->rest.p[n] != '"')
		n++;
	if (n == 0 || n == r->rest.n || r->rest.p[n] != ':')
		return KITH_OK;
	for (int i = KITH_TERM_WORD + 1; i < KITH_TERM_KEYS; i++)
		if (strlen(names[i]) == n &&
			strncasecmp(names[i], (const char *)r->rest.p, n) == 0) {
			*ret = (enum kith_term_key)i;
			skip(r, n + 1);
			return KITH_OK;
		}
	return refuse_key(r, kith_span(r->rest.p, n + 1));
}

static bool is_word_of(struct kith_span s, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strlen(words[i]) == s.n && strncasecmp(words[i], (const char *)s.p, s.n) == 0)
			return true;
	return false;
}

/* 2026-05, <2026-05-03, >3w, never */
static enum kith_err read_days(struct reading *r, struct kith_term *term)
{
	struct kith_span s = kith_buf_span(&r->raw);
	char shown[64];
	uint8_t sign = s.n && (s.p[0] == '<' || s.p[0] == '>') ? s.p[0] : 0;

	term->first = term->last = KITH_DAY_NONE;
	if (s.n == 5 && strncasecmp((const char *)s.p, "never", 5) == 0) {
		term->never = true;
		return KITH_OK;
	}
	if (sign)
		s = kith_span(s.p + 1, s.n - 1);
	if (kith_day_read(s, r->today, KITH_DAY_BACK, &term->first, &term->last))
		return kith_fail(r->diag, KITH_ERR_USAGE,
			"%s: is followed by a day (2026-05-03, yesterday, 3w), a month, a year, or never, "
			"not by %s",
			names[term->key], kith_quote_in(shown, sizeof shown, s, 20));
	if (sign == '<') {
		term->last = term->first - 1;
		term->first = KITH_DAY_NONE;
	} else if (sign == '>') {
		term->first = term->last + 1;
		term->last = KITH_DAY_NONE;
	}
	return KITH_OK;
}

/* The folded value, at the end of the text; its span is set once all of the text stands. */
static enum kith_err read_text(struct reading *r, struct kith_term *term)
{
	char shown[64];
	size_t start = r->find->text.n;
	enum kith_err err = kith_fold(&r->find->text, kith_buf_span(&r->raw));

	if (err)
		return err;
	term->text = kith_span(NULL, r->find->text.n - start);
	if (term->text.n == 0 && term->key != KITH_TERM_WORD)
		return kith_fail(
			r->diag, KITH_ERR_USAGE, "%s: has nothing behind it", names[term->key]);
	struct kith_span folded = kith_span(r->find->text.p + start, term->text.n);
	if (term->key != KITH_TERM_IS && term->text.n && !kith_text_tells(folded))
		return kith_fail(r->diag, KITH_ERR_USAGE,
			"there is nothing to look for in %s: a word has a letter or a digit",
			kith_quote_in(shown, sizeof shown, kith_buf_span(&r->raw), 20));
	if (term->key == KITH_TERM_IS &&
		!is_word_of(kith_buf_span(&r->raw), states, sizeof states / sizeof states[0]))
		return kith_fail(r->diag, KITH_ERR_USAGE,
			"is: is followed by one of " STATES ", not by %s",
			kith_quote_in(shown, sizeof shown, kith_buf_span(&r->raw), 20));
	return KITH_OK;
}

static enum kith_err read_term(struct reading *r)
{
	struct kith_term term = {0};
	enum kith_err err;

	if (r->rest.p[0] == '-' && r->rest.n > 1 && r->rest.p[1] != '-' &&
		!is_blank(r->rest.p[1])) {
		term.not = true;
		skip(r, 1);
	}
	if ((err = read_key(r, &term.key)) || (err = read_value(r)))
		return err;
	term.whole = r->quoted;
	bool days = term.key == KITH_TERM_MET || term.key == KITH_TERM_TOUCHED;
	if ((err = days ? read_days(r, &term) : read_text(r, &term)))
		return err;
	if (!days && term.text.n == 0) /* what folds to nothing asks for nothing */
		return KITH_OK;
	if (r->find->n == KITH_QUERY_TERMS)
		return kith_fail(
			r->diag, KITH_ERR_LIMIT, "a query has at most %d terms", KITH_QUERY_TERMS);
	r->find->at[r->find->n++] = term;
	return KITH_OK;
}

/* --- the whole -------------------------------------------------------------------------------- */

static enum kith_err read_all(struct reading *r)
{
	enum kith_err err = KITH_OK;

	for (skip_blanks(r); !err && r->rest.n; skip_blanks(r))
		err = read_term(r);
	if (!err && r->find->n == 0)
		err = kith_fail(r->diag, KITH_ERR_USAGE, "there is nothing to look for");
	return err;
}

/* The text does not move any more. */
static void place_texts(struct kith_find *find)
{
	size_t at = 0;

	for (size_t i = 0; i < find->n; i++) {
		find->at[i].text.p = find->text.p + at;
		at += find->at[i].text.n;
	}
}

enum kith_err kith_find_read(
	struct kith_span query, int32_t today, struct kith_find *ret_find, struct kith_diag *diag)
{
	struct reading r = {.rest = query, .find = ret_find, .diag = diag, .today = today};
	enum kith_err err;

	*ret_find = (struct kith_find){0};
	if (query.n > KITH_QUERY_MAX)
		return kith_fail(
			diag, KITH_ERR_LIMIT, "a query has at most %d bytes", KITH_QUERY_MAX);
	if (!kith_text_valid(query))
		return kith_fail(diag, KITH_ERR_UTF8, "the query is not valid UTF-8");
	err = read_all(&r);
	kith_buf_free(&r.raw);
	if (err)
		kith_find_free(ret_find);
	else
		place_texts(ret_find);
	return err;
}
