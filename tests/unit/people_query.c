/* SPDX-License-Identifier: MIT */
#include "people/query.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/day.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

/* 2026-05-03, a Sunday */
static int32_t today(void)
{
	return kith_day_of((struct kith_date){2026, 5, 3});
}

static void write_days(const struct kith_term *t, struct kith_buf *out)
{
	char day[KITH_DAY_CHARS + 1];

	if (t->never)
		assert_int_equal(kith_buf_add_str(out, "never"), 0);
	if (t->first != KITH_DAY_NONE) {
		kith_day_write(t->first, day);
		assert_int_equal(kith_buf_add_str(out, day), 0);
	}
	if (!t->never)
		assert_int_equal(kith_buf_add_str(out, ".."), 0);
	if (t->last != KITH_DAY_NONE) {
		kith_day_write(t->last, day);
		assert_int_equal(kith_buf_add_str(out, day), 0);
	}
}

/* Terms as "-key[text]"; a quoted one as key<text>. */
static void expect(const char *query, const char *terms)
{
	KITH_AUTO(kith_find_free) struct kith_find find = {0};
	KITH_AUTO_BUF struct kith_buf out = {0};
	struct kith_diag diag = {0};

	enum kith_err err = kith_find_read(kith_span_str(query), today(), &find, &diag);
	assert_string_equal(diag.text, "");
	assert_int_equal(err, KITH_OK);
	for (size_t i = 0; i < find.n; i++) {
		const struct kith_term *t = &find.at[i];
		assert_int_equal(kith_buf_printf(&out, "%s%s%s%s", i ? " " : "", t->not ? "-" : "",
					 kith_term_name(t->key), t->whole ? "<" : "["),
			0);
		if (t->key == KITH_TERM_MET || t->key == KITH_TERM_TOUCHED)
			write_days(t, &out);
		else
			assert_int_equal(kith_buf_add(&out, t->text.p, t->text.n), 0);
		assert_int_equal(kith_buf_add_str(&out, t->whole ? ">" : "]"), 0);
	}
	assert_string_equal(kith_buf_cstr(&out), terms);
}

static void refuse(const char *query, const char *error, const char *sentence)
{
	struct kith_find find = {0};
	struct kith_diag diag = {0};
	enum kith_err err = kith_find_read(kith_span_str(query), today(), &find, &diag);

	assert_string_equal(kith_err_name(err), error);
	if (!strstr(diag.text, sentence))
		fail_msg("\"%s\" is not in \"%s\"", sentence, diag.text);
	assert_int_equal(find.n, 0);
	assert_null(find.text.p);
}

static void words(void **state)
{
	(void)state;
	expect("navy", "[navy]");
	expect("  Navy\t COMPILERS\n", "[navy] [compilers]");
	expect("Z\xc3\xbcrich", "[zurich]");
	expect("-navy ada", "-[navy] [ada]");
	expect("--navy", "[--navy]"); /* as an option is written, and no term with a sign */
	expect("a-b", "[a-b]");
	expect("ada@example.org", "[ada@example.org]");
	expect("it\"s", "[it\"s]");          /* a quotation mark inside is one of the word */
	expect("ada \xe2\x80\x8b", "[ada]"); /* what folds to nothing asks for nothing */
}

/* What has neither letter nor digit is in every date and address: it is no word, wherever it stands. */
static void signs(void **state)
{
	static const char *const all[] = {"-", "--", "---", ".", "...", "\"-\"", "\"- .\"",
		"-\"-\"", "tag:-", "-tag:--", "note:\"...\"", "ring:-", "org:&", "event:*", "by:.",
		"promise:-", "- navy", "navy & ada", "<", "+", "\xe2\x80\x94", "\xe3\x80\x82",
		"\xef\xbc\x8d"};

	(void)state;
	for (size_t i = 0; i < COUNT(all); i++)
		refuse(all[i], "USAGE", "a word has a letter or a digit");
	refuse("navy \"...\"", "USAGE", "nothing to look for in \"...\"");
	refuse("\xe2\x80\xae-\x1b", "USAGE", "a word has"); /* inert: case 23 */
	refuse("is:-", "USAGE", "is: is followed by one of");
	refuse("met:-", "USAGE", "met: is followed by a day");
	expect("-5 c++ .net a- -a-", "-[5] [c++] [.net] [a-] -[a-]");
	expect("\xf0\x9f\x8e\xb7 5\xe2\x82\xac \xe2\x82\xac \xe5\xb1\xb1",
		"[\xf0\x9f\x8e\xb7] [5\xe2\x82\xac] [\xe2\x82\xac] [\xe5\xb1\xb1]");
}

static void quotes(void **state)
{
	(void)state;
	expect("\"Analytical  Engine\"", "<analytical engine>");
	expect("-\"a b\" c", "-<a b> [c]");
	expect("\"a \\\" b\"", "<a \" b>");
	expect("\"a \\\\ b\"", "<a \\ b>");
	expect("\"a \\n b\"", "<a \\n b>");
	expect("\"http://x\"", "<http://x>");
	expect("\"tag:x\"", "<tag:x>");
	expect("org:\"Analytical Engines\"", "org<analytical engines>");
	expect("\"a\"\"b\"", "<a> <b>");
	expect("\"\" a", "[a]");
	refuse("\"a b", "USAGE", "no other one behind it");
	refuse("org:\"a b", "USAGE", "no other one behind it");
	refuse("\"a \\\"", "USAGE", "no other one behind it");
}

static void keys(void **state)
{
	(void)state;
	expect("tag:Rust -ring:none event:fosdem", "tag[rust] -ring[none] event[fosdem]");
	expect("ORG:cern Title:cto offers:x asks:y note:z by:ada",
		"org[cern] title[cto] offers[x] asks[y] note[z] by[ada]");
	expect("promise:open promise:books", "promise[open] promise[books]");
	expect("org:a:b", "org[a:b]");
	for (int i = KITH_TERM_WORD + 1; i < KITH_TERM_KEYS; i++) {
		char query[64];
		(void)snprintf(query, sizeof query, "%s:", kith_term_name((enum kith_term_key)i));
		refuse(query, "USAGE", query);
	}
	assert_string_equal(kith_term_name(KITH_TERM_WORD), "");
	assert_string_equal(kith_term_name(KITH_TERM_KEYS), "");
}

static void wrong_keys(void **state)
{
	(void)state;
	refuse("tags:x", "USAGE",
		"there is no \"tags:\" here; the keys are tag: event: ring: org:");
	refuse("http://x", "USAGE", "a word with a colon stands in quotation marks");
	refuse("-x:y", "USAGE", "\"x:\"");
	refuse("a \x1b[31m:b", "USAGE", "there is no"); /* inert: case 23 */
	refuse("", "USAGE", "nothing to look for");
	refuse(" \t ", "USAGE", "nothing to look for");
	refuse("\xe2\x80\x8b", "USAGE", "nothing to look for");
	refuse("ada \xff", "UTF8", "not valid UTF-8");
}

static void states(void **state)
{
	static const char *const all[] = {"unreviewed", "kept", "soon", "let-go", "met",
		"introduced", "typed", "pending", "drifting", "blocked"};

	(void)state;
	for (size_t i = 0; i < COUNT(all); i++) {
		char query[64], terms[64];
		(void)snprintf(query, sizeof query, "is:%s", all[i]);
		(void)snprintf(terms, sizeof terms, "is[%s]", all[i]);
		expect(query, terms);
	}
	expect("IS:Kept", "is[kept]");
	refuse("is:happy", "USAGE", "unreviewed kept soon let-go met introduced typed pending");
	refuse("is:happy", "USAGE", "not by \"happy\"");
}

static void days(void **state)
{
	(void)state;
	expect("met:2026-05", "met[2026-05-01..2026-05-31]");
	expect("met:2026", "met[2026-01-01..2026-12-31]");
	expect("met:2026-05-02", "met[2026-05-02..2026-05-02]");
	expect("met:<2026-05", "met[..2026-04-30]");
	expect("met:>2026-05", "met[2026-06-01..]");
	expect("touched:never", "touched[never]");
	expect("touched:NEVER", "touched[never]");
	expect("touched:<3w", "touched[..2026-04-11]");
	expect("touched:yesterday", "touched[2026-05-02..2026-05-02]");
	expect("-met:\"2026\"", "-met<2026-01-01..2026-12-31>");
	refuse("met:sometimes", "USAGE", "a month, a year, or never, not by \"sometimes\"");
	refuse("met:", "USAGE", "met: is followed by a day");
	refuse("met:<", "USAGE", "met: is followed by a day");
	refuse("met:<never", "USAGE", "met: is followed by a day");
	refuse("met:2026-02-30", "USAGE", "2026-02-30");
}

/* QUERY_TERMS and QUERY_MAX: at the limit, and one past it. */
static void limits(void **state)
{
	KITH_AUTO_BUF struct kith_buf query = {0};
	struct kith_find find = {0};
	struct kith_diag diag = {0};

	(void)state;
	for (int i = 0; i < KITH_QUERY_TERMS; i++)
		assert_int_equal(kith_buf_printf(&query, "w%d ", i), 0);
	assert_int_equal(kith_find_read(kith_buf_span(&query), today(), &find, &diag), KITH_OK);
	assert_int_equal(find.n, KITH_QUERY_TERMS);
	kith_find_free(&find);
	assert_int_equal(kith_buf_add_str(&query, "more"), 0);
	refuse(kith_buf_cstr(&query), "LIMIT", "at most 32 terms");
	kith_buf_clear(&query);
	while (query.n < KITH_QUERY_MAX)
		assert_int_equal(kith_buf_add_str(&query, "x"), 0);
	assert_int_equal(kith_find_read(kith_buf_span(&query), today(), &find, &diag), KITH_OK);
	assert_int_equal(find.at[0].text.n, KITH_QUERY_MAX);
	kith_find_free(&find);
	assert_int_equal(kith_buf_add_str(&query, "x"), 0);
	refuse(kith_buf_cstr(&query), "LIMIT", "at most 4096 bytes");
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(words), cmocka_unit_test(signs),
		cmocka_unit_test(quotes), cmocka_unit_test(keys), cmocka_unit_test(wrong_keys),
		cmocka_unit_test(states), cmocka_unit_test(days), cmocka_unit_test(limits)};

	return cmocka_run_group_tests_name("people_query", tests, NULL, NULL);
}
