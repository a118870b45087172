/* SPDX-License-Identifier: MIT */
#include "base_scratch.h"

#include "base/limits.h"
#include "base/text.h"

#define DOTS     "\xe2\x80\xa6"
#define REPLACED "\xef\xbf\xbd"
#define ACUTE    "\xcc\x81" /* U+0301, a combining mark */

/* --- validity --------------------------------------------------------------------------------- */

static void valid_texts(void **state)
{
	static const char *const good[] = {"", "a", "\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80",
		"\xed\x9f\xbf", "\xee\x80\x80", "\xef\xbf\xbf", "\xf0\x90\x80\x80",
		"\xf4\x8f\xbf\xbf", "\xc3\x9f", "\x1b[31m"};

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++)
		assert_true(kith_text_valid(kith_span_str(good[i])));
	assert_true(kith_text_valid(kith_span(NULL, 0)));
}

static void invalid_texts(void **state)
{
	static const char *const bad[] = {"\x80", "\xbf", "\xc3", "\xc0\x80", "\xc1\xbf",
		"\xe0\x9f\xbf", "\xe2\x82", "\xed\xa0\x80", "\xed\xbf\xbf", "\xf0\x8f\xbf\xbf",
		"\xf0\x9f\x91", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xf8\x88\x80\x80\x80",
		"\xfe", "\xff", "a\xc3(", "ok\xe2\x82", "\xc3\xc3\xbc"};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_false(kith_text_valid(kith_span_str(bad[i])));
	assert_false(kith_text_valid(LITERAL("\0")));
	assert_false(kith_text_valid(LITERAL("a\0b")));
	assert_false(kith_text_valid(kith_span("\xc3\xbc", 1))); /* the rest is not ours to read */
}

/* --- showing ---------------------------------------------------------------------------------- */

/* Shows at that width, both ways, and compares. */
static void shows(struct kith_span in, size_t columns, const char *want)
{
	struct kith_buf out = {0};
	char fixed[1024];

	assert_int_equal(kith_show(&out, in, columns), KITH_OK);
	assert_string_equal(kith_buf_cstr(&out), want);
	assert_string_equal(kith_show_in(fixed, sizeof fixed, in, columns), want);
	assert_true(kith_text_columns(kith_buf_span(&out)) <= columns);
	assert_true(kith_text_valid(kith_buf_span(&out)));
	kith_buf_free(&out);
}

static void plain_text_stays(void **state)
{
	(void)state;
	shows(LITERAL(""), 40, "");
	shows(kith_span(NULL, 0), 40, "");
	shows(LITERAL("Ada Lovelace"), 40, "Ada Lovelace");
	shows(LITERAL("Gr\xc3\xbc\xc3\x9f"
		      "e"),
		40,
		"Gr\xc3\xbc\xc3\x9f"
		"e");
	shows(LITERAL("\xe4\xbd\xa0\xe5\xa5\xbd"), 40, "\xe4\xbd\xa0\xe5\xa5\xbd");
	shows(LITERAL("\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d"), 40, "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d");
}

static void control_characters_are_replaced(void **state)
{
	(void)state;
	for (int c = 1; c < 0x20; c++) {
		char in[4] = {'a', (char)c, 'b', 0};
		shows(LITERAL("a"), 40, "a");
		shows(kith_span(in, 3), 40, c == '\n' || c == '\t' ? "a b" : "a" REPLACED "b");
	}
	shows(LITERAL("a\0b"), 40, "a" REPLACED "b");
	shows(LITERAL("\x1b[31mred"), 40, REPLACED "[31mred");
	shows(LITERAL("a\x7f"), 40, "a" REPLACED);
	for (int c = 0x80; c < 0xa0; c++) { /* C1: CSI, OSC and so on in two bytes */
		char in[4] = {'a', (char)0xc2, (char)c, 'b'};
		shows(kith_span(in, 4), 40, "a" REPLACED "b");
	}
}

static void broken_bytes_are_replaced_one_by_one(void **state)
{
	(void)state;
	shows(LITERAL("a\xff\xfe"
		      "b"),
		40, "a" REPLACED REPLACED "b");
	shows(LITERAL("\xc3"), 40, REPLACED);
	shows(LITERAL("\xe2\x82(x"), 40, REPLACED REPLACED "(x");
	shows(LITERAL("\x9b"
		      "2J"),
		40, REPLACED "2J"); /* a C1 byte of eight-bit terminals */
	shows(LITERAL("\xed\xa0\x80"), 40, REPLACED REPLACED REPLACED);
	shows(LITERAL("\xc0\x80"), 40, REPLACED REPLACED);
}

static void private_and_unassigned_are_replaced(void **state)
{
	(void)state;
	shows(LITERAL("a\xee\x80\x80"), 40, "a" REPLACED);     /* U+E000 */
	shows(LITERAL("a\xef\xbf\xbf"), 40, "a" REPLACED);     /* U+FFFF */
	shows(LITERAL("a\xcd\xb8"), 40, "a" REPLACED);         /* U+0378 */
	shows(LITERAL("a\xf3\xb0\x80\x80"), 40, "a" REPLACED); /* U+F0000 */
}

static void invisible_characters_are_left_out(void **state)
{
	static const char *const invisible[] = {
		"\xe2\x80\xae", /* U+202E right-to-left override */
		"\xe2\x80\xaa",
		"\xe2\x80\xab",
		"\xe2\x80\xac",
		"\xe2\x80\xad", /* and the others */
		"\xe2\x81\xa6",
		"\xe2\x81\xa7",
		"\xe2\x81\xa8",
		"\xe2\x81\xa9", /* isolates */
		"\xe2\x80\x8e",
		"\xe2\x80\x8f",
		"\xd8\x9c", /* LRM, RLM, ALM */
		"\xe2\x80\x8b",
		"\xe2\x80\x8c",
		"\xe2\x80\x8d", /* zero width space, non-joiner, joiner */
		"\xef\xbb\xbf",
		"\xe2\x81\xa0",
		"\xc2\xad", /* BOM, word joiner, soft hyphen */
		"\xf3\xa0\x80\x81",
		"\xf3\xa0\x81\x81", /* tags */
		"\xef\xb8\x8f",
		"\xef\xb8\x80",
		"\xf3\xa0\x84\x80", /* variation selectors */
		"\xcd\x8f",
		"\xe1\xa0\x8b",
		"\xe1\xa0\x8e",
		"\xe1\x9e\xb4",
	};
	char in[16];

	(void)state;
	for (size_t i = 0; i < COUNT(invisible); i++) {
		(void)snprintf(in, sizeof in, "a%sb", invisible[i]);
		shows(kith_span_str(in), 40, "ab");
		shows(kith_span_str(invisible[i]), 40, "");
	}
}

static void badges_are_left_out(void **state)
{
	static const char *const badges[] = {"\xe2\x9c\x93", "\xe2\x9c\x94", "\xe2\x9c\x85",
		"\xe2\x98\x91", "\xf0\x9f\x94\x92", "\xf0\x9f\x94\x90", "\xf0\x9f\x9b\xa1",
		"\xe2\x88\x9a"};
	char in[16];

	(void)state;
	for (size_t i = 0; i < COUNT(badges); i++) {
		(void)snprintf(in, sizeof in, "Ada %s", badges[i]);
		shows(kith_span_str(in), 40, "Ada");
	}
	shows(LITERAL("Ada \xe2\x9c\x94\xef\xb8\x8f!"), 40, "Ada !");
	shows(LITERAL("\xf0\x9f\x91\x8b"), 40, "\xf0\x9f\x91\x8b"); /* a waving hand is welcome */
}

static void blanks_become_one_space_and_none_at_the_ends(void **state)
{
	static const char *const blanks[] = {" ", "\t", "\n", "\xc2\xa0", "\xe3\x80\x80",
		"\xe2\x80\xa8", "\xe2\x80\xa9", "\xe1\x85\x9f", "\xe3\x85\xa4", "\xef\xbe\xa0",
		"\xe2\xa0\x80"};
	char in[32];

	(void)state;
	for (size_t i = 0; i < COUNT(blanks); i++) {
		(void)snprintf(in, sizeof in, "%s%sa%s %sb%s", blanks[i], blanks[i], blanks[i],
			blanks[i], blanks[i]);
		shows(kith_span_str(in), 40, "a b");
		shows(kith_span_str(blanks[i]), 40, "");
	}
}

static void a_letter_keeps_its_marks_up_to_the_limit(void **state)
{
	char in[64], want[64];

	(void)state;
	for (int marks = 0; marks <= KITH_SHOWN_MARKS + 2; marks++) {
		int kept = marks > KITH_SHOWN_MARKS ? KITH_SHOWN_MARKS : marks;
		strcpy(in, "x");
		strcpy(want, "x");
		for (int i = 0; i < marks; i++)
			strcat(in, ACUTE);
		for (int i = 0; i < kept; i++)
			strcat(want, ACUTE);
		strcat(in, "y" ACUTE);
		strcat(want, "y" ACUTE);
		shows(kith_span_str(in), 40, want);
	}
	/* what is left out between them does not start the count again */
	strcpy(in, "x");
	strcpy(want, "x");
	for (int i = 0; i < 2 * KITH_SHOWN_MARKS; i++)
		strcat(in, ACUTE "\xe2\x80\x8b");
	for (int i = 0; i < KITH_SHOWN_MARKS; i++)
		strcat(want, ACUTE);
	in[60] = 0;
	shows(kith_span(in, 1 + 5 * 8), 40, want);
}

/* Hangul vowels join the letter before them like marks, and could be as many. */
static void joining_jamo_are_marks(void **state)
{
	char in[64] = "\xe1\x84\x80", want[64] = "\xe1\x84\x80"; /* U+1100 */

	(void)state;
	for (int i = 0; i < KITH_SHOWN_MARKS + 3; i++) {
		strcat(in, "\xe1\x85\xa1"); /* U+1161 */
		if (i < KITH_SHOWN_MARKS)
			strcat(want, "\xe1\x85\xa1");
	}
	shows(kith_span_str(in), 40, want);
	assert_int_equal(kith_text_columns(kith_span_str(in)), 2);
	shows(LITERAL("\xe1\x85\xa1"), 40, "");
}

static void a_mark_without_a_letter_is_left_out(void **state)
{
	(void)state;
	shows(LITERAL(ACUTE "a"), 40, "a");
	shows(LITERAL("a " ACUTE "b"), 40, "a b");
	shows(LITERAL("\x01" ACUTE "b"), 40, REPLACED "b");
	shows(LITERAL(ACUTE), 40, "");
}

static void what_does_not_fit_ends_in_dots(void **state)
{
	(void)state;
	shows(LITERAL("abcde"), 5, "abcde");
	shows(LITERAL("abcdef"), 5, "abcd" DOTS);
	shows(LITERAL("abcde  "), 5, "abcde"); /* blanks behind are not missed */
	shows(LITERAL("abcde\xe2\x80\x8b"), 5, "abcde");
	shows(LITERAL("abcde" ACUTE), 5, "abcde" ACUTE);
	shows(LITERAL("ab cd"), 5, "ab cd"); /* a space takes its column */
	shows(LITERAL("ab cd"), 4, "ab" DOTS);
	shows(LITERAL("ab cde"), 5, "ab c" DOTS);
	shows(LITERAL("abcd efg"), 5, "abcd" DOTS); /* no space in front of the dots */
	shows(LITERAL("ab"), 1, DOTS);
	shows(LITERAL("a"), 1, "a");
	shows(LITERAL("a"), 0, "");
	shows(LITERAL(""), 0, "");
}

/* A letter of two columns never stands half in. */
static void wide_letters_take_two_columns(void **state)
{
	(void)state;
	shows(LITERAL("\xe4\xbd\xa0\xe5\xa5\xbd"), 4, "\xe4\xbd\xa0\xe5\xa5\xbd");
	shows(LITERAL("\xe4\xbd\xa0\xe5\xa5\xbd"), 3, "\xe4\xbd\xa0" DOTS);
	shows(LITERAL("\xe4\xbd\xa0\xe5\xa5\xbd"), 2, DOTS);
	shows(LITERAL("\xe4\xbd\xa0"), 2, "\xe4\xbd\xa0");
	shows(LITERAL("\xe4\xbd\xa0"), 1, DOTS);
	shows(LITERAL("a\xe4\xbd\xa0\xe5\xa5\xbd"), 4, "a\xe4\xbd\xa0" DOTS);
}

/* What stands in a column of its own at a terminal is counted, whatever utf8proc says. */
static void spacing_marks_take_a_column(void **state)
{
	(void)state;
	shows(LITERAL("\xe0\xa4\x95\xe0\xa4\xbe"), 2, "\xe0\xa4\x95\xe0\xa4\xbe");
	shows(LITERAL("\xe0\xa4\x95\xe0\xa4\xbe"), 1, DOTS);
	assert_int_equal(kith_text_columns(LITERAL("\xe4\xb7\x80")), 2); /* U+4DC0 */
	assert_int_equal(kith_text_columns(LITERAL("\xe3\x89\x88")), 2); /* U+3248 */
}

/* --- quoting ---------------------------------------------------------------------------------- */

static void quotes(struct kith_span in, size_t columns, const char *want)
{
	char out[256];

	assert_ptr_equal(kith_quote_in(out, sizeof out, in, columns), out);
	assert_string_equal(out, want);
	for (size_t cap = 16; cap < 64; cap++) {
		char *tight = malloc(cap); /* exactly: a sanitizer sees the byte behind */
		assert_non_null(tight);
		size_t n = strlen(kith_quote_in(tight, cap, in, columns));
		assert_true(n >= 2 && n < cap);
		assert_true(tight[0] == '"' && tight[n - 1] == '"');
		free(tight);
	}
}

#define FLAG   "\xf0\x9f\x87\xa9\xf0\x9f\x87\xaa" /* of two letters, a column each */
#define WAVES  "\xf0\x9f\x91\x8b\xf0\x9f\x8f\xbd" /* a hand, and its colour: two columns each */
#define KI     "\xe0\xa4\x95\xe0\xa4\xbf" /* Devanagari KA and a vowel sign, a column each */
#define KIYEOK "\xe1\x84\x80"             /* which joins the next one, two columns */

/* The dots stand behind a letter with all that belongs to it.  T17. */
static void nothing_is_cut_in_two(void **state)
{
	(void)state;
	shows(LITERAL("a" FLAG FLAG), 5, "a" FLAG FLAG);
	shows(LITERAL("a" FLAG FLAG "b"), 5, "a" FLAG "\xe2\x80\xa6");
	shows(LITERAL("a" FLAG FLAG), 4, "a" FLAG "\xe2\x80\xa6");
	shows(LITERAL("a" FLAG FLAG), 3, "a\xe2\x80\xa6");
	shows(LITERAL("a" WAVES "b"), 6, "a" WAVES "b");
	shows(LITERAL("a" WAVES "bc"), 6, "a" WAVES "\xe2\x80\xa6");
	shows(LITERAL("a" WAVES "bc"), 5, "a\xe2\x80\xa6");
	shows(LITERAL(KI KI), 4, KI KI);
	shows(LITERAL(KI KI KI), 5, KI KI "\xe2\x80\xa6");
	shows(LITERAL(KI KI KI), 4, KI "\xe2\x80\xa6");
	/* the first one alone is too wide, and a name that is one letter without end is seen */
	shows(LITERAL(KI), 1, "\xe2\x80\xa6");
	shows(LITERAL(KIYEOK KIYEOK KIYEOK KIYEOK), 6, KIYEOK KIYEOK "\xe2\x80\xa6");
}

static void a_name_cannot_close_its_quotation(void **state)
{
	(void)state;
	quotes(LITERAL("Ada"), 40, "\"Ada\"");
	quotes(LITERAL("Ada\": 123 456. \""), 40, "\"Ada': 123 456. '\"");
	quotes(LITERAL("a\xe2\x80\x9c"
		       "b\xe2\x80\x9d"
		       "c\xef\xbc\x82"
		       "d\xd7\xb4"
		       "e\xe2\x80\xb3"),
		40, "\"a'b'c'd'e'\"");
	quotes(LITERAL("O'Brien \xc3\xa9\xe4\xbd\xa0"), 40, "\"O'Brien \xc3\xa9\xe4\xbd\xa0\"");
	quotes(LITERAL("abcdef"), 4, "\"abc" DOTS "\"");
	quotes(LITERAL("\x1b[2J"), 40, "\"" REPLACED "[2J\"");
	quotes(LITERAL(""), 40, "\"\"");
	quotes(LITERAL(" \xe2\x80\x8b"), 40, "\"\"");
}

static void a_name_and_a_line_keep_to_their_limits(void **state)
{
	const size_t limits[] = {KITH_SHOWN_NAME, KITH_SHOWN_LINE};
	char in[300], want[300];

	(void)state;
	for (size_t i = 0; i < COUNT(limits); i++) {
		memset(in, 'n', sizeof in);
		memset(want, 'n', sizeof want);
		want[limits[i]] = 0;
		shows(kith_span(in, limits[i]), limits[i], want);
		strcpy(want + limits[i] - 1, DOTS);
		shows(kith_span(in, limits[i] + 1), limits[i], want);
	}
}

static void a_fixed_buffer_is_never_overrun(void **state)
{
	static const char in[] =
		"Z\xcc\x81\xcc\x81 \xe4\xbd\xa0\xe5\xa5\xbd \xf0\x9f\x91\x8b\xff abcdefgh";

	(void)state;
	for (size_t cap = 8; cap < 80; cap++) {
		char *out = malloc(cap); /* exactly: a sanitizer sees the byte behind */
		assert_non_null(out);
		assert_ptr_equal(kith_show_in(out, cap, LITERAL(in), 100), out);
		assert_true(strlen(out) < cap);
		assert_true(kith_text_valid(kith_span_str(out)));
		if (cap < sizeof in)
			assert_non_null(strstr(out, DOTS));
		free(out);
	}
}

static void a_huge_text_is_cut(void **state)
{
	const size_t n = 1 << 20;
	char *in = malloc(n);
	struct kith_buf out = {0};

	(void)state;
	assert_non_null(in);
	memset(in, 'a', n);
	for (size_t i = 1; i + 1 < n; i += 2)
		memcpy(in + i, ACUTE, 2);
	assert_int_equal(kith_show(&out, kith_span(in, n), 40), KITH_OK);
	assert_int_equal(out.n, 2 + 2 * KITH_SHOWN_MARKS); /* two letters, one with marks */
	kith_buf_free(&out);
	free(in);
}

static void showing_appends(void **state)
{
	struct kith_buf out = {0};

	(void)state;
	assert_int_equal(kith_buf_add_str(&out, "by "), KITH_OK);
	assert_int_equal(kith_show(&out, LITERAL(" Ada "), 10), KITH_OK);
	assert_string_equal(kith_buf_cstr(&out), "by Ada");
	kith_buf_free(&out);
}

static void columns_are_counted(void **state)
{
	(void)state;
	assert_int_equal(kith_text_columns(LITERAL("")), 0);
	assert_int_equal(kith_text_columns(LITERAL("abc")), 3);
	assert_int_equal(kith_text_columns(LITERAL("a" ACUTE "b")), 2);
	assert_int_equal(kith_text_columns(LITERAL("\xe4\xbd\xa0"
						   "a")),
		3);
	assert_int_equal(kith_text_columns(LITERAL(DOTS)), 1);
	assert_int_equal(kith_text_columns(LITERAL(REPLACED)), 1);
}

/* --- folding ---------------------------------------------------------------------------------- */

static void folds(struct kith_span in, const char *want)
{
	struct kith_buf out = {0};

	assert_int_equal(kith_fold(&out, in), KITH_OK);
	assert_string_equal(kith_buf_cstr(&out), want);
	kith_buf_free(&out);
}

static void folding_forgets_case_accents_and_forms(void **state)
{
	(void)state;
	folds(LITERAL(""), "");
	folds(LITERAL("ADA Lovelace"), "ada lovelace");
	folds(LITERAL("B\xc3\xb6hm"), "bohm");
	folds(LITERAL("Bo\xcc\x88hm"), "bohm"); /* the same in two code points */
	folds(LITERAL("\xc3\x89"
		      "COLE"),
		"ecole");
	folds(LITERAL("Stra\xc3\x9f"
		      "e"),
		"strasse");
	folds(LITERAL("\xef\xac\x81ne"), "fine");         /* a ligature */
	folds(LITERAL("\xef\xbc\xa1\xef\xbc\xa2"), "ab"); /* full width */
	folds(LITERAL("\xce\xa3\xcf\x82"), "\xcf\x83\xcf\x83");
	folds(LITERAL("a\xc2\xad"
		      "b"),
		"ab"); /* a soft hyphen is not looked at */
	folds(kith_span_str("ŁUKASZ Łódź"), "lukasz lodz");
	folds(kith_span_str("Søren Ǿre"), "soren ore");
	folds(kith_span_str("Þórr Đorđe Guðrún"), "thorr dorde gudrun");
	folds(kith_span_str("Æsop Œuvre"), "aesop oeuvre");
	folds(kith_span_str("Ħaŧ IŞIKLI ışıklı"), "hat isikli isikli");
	folds(kith_span_str("ø"), "o");
	folds(kith_span_str("ŋʒ"), "ŋʒ"); /* what nobody would type otherwise stays */
}

static void folding_joins_blanks(void **state)
{
	(void)state;
	folds(LITERAL("  Ada   Lovelace "), "ada lovelace");
	folds(LITERAL("Ada\xc2\xa0Lovelace"), "ada lovelace");
	folds(LITERAL("   "), "");
}

static void folding_skips_what_is_broken(void **state)
{
	(void)state;
	folds(LITERAL("A\xff"
		      "da\xc3"),
		"ada");
	folds(LITERAL("\xff"), "");
	folds(LITERAL("a\0b"), "ab");
}

static void folding_appends(void **state)
{
	struct kith_buf out = {0};

	(void)state;
	assert_int_equal(kith_buf_add_str(&out, "x"), KITH_OK);
	assert_int_equal(kith_fold(&out, LITERAL(" Ada")), KITH_OK);
	assert_string_equal(kith_buf_cstr(&out), "xada");
	kith_buf_free(&out);
}

static void *no_memory(void *ctx, size_t n)
{
	(void)ctx;
	(void)n;
	return NULL;
}

static void without_memory_the_buffer_stays(void **state)
{
	const struct kith_env env = {.alloc = no_memory};
	struct kith_buf out;

	(void)state;
	kith_buf_init(&out, &env);
	assert_int_equal(kith_fold(&out, LITERAL("ada")), KITH_ERR_NOMEM);
	assert_int_equal(kith_show(&out, LITERAL("ada"), 9), KITH_ERR_NOMEM);
	assert_int_equal(out.n, 0);
	assert_null(out.p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(valid_texts),
		cmocka_unit_test(invalid_texts),
		cmocka_unit_test(plain_text_stays),
		cmocka_unit_test(control_characters_are_replaced),
		cmocka_unit_test(broken_bytes_are_replaced_one_by_one),
		cmocka_unit_test(private_and_unassigned_are_replaced),
		cmocka_unit_test(invisible_characters_are_left_out),
		cmocka_unit_test(badges_are_left_out),
		cmocka_unit_test(blanks_become_one_space_and_none_at_the_ends),
		cmocka_unit_test(a_letter_keeps_its_marks_up_to_the_limit),
		cmocka_unit_test(joining_jamo_are_marks),
		cmocka_unit_test(a_mark_without_a_letter_is_left_out),
		cmocka_unit_test(what_does_not_fit_ends_in_dots),
		cmocka_unit_test(wide_letters_take_two_columns),
		cmocka_unit_test(spacing_marks_take_a_column),
		cmocka_unit_test(nothing_is_cut_in_two),
		cmocka_unit_test(a_name_cannot_close_its_quotation),
		cmocka_unit_test(a_name_and_a_line_keep_to_their_limits),
		cmocka_unit_test(a_fixed_buffer_is_never_overrun),
		cmocka_unit_test(a_huge_text_is_cut),
		cmocka_unit_test(showing_appends),
		cmocka_unit_test(columns_are_counted),
		cmocka_unit_test(folding_forgets_case_accents_and_forms),
		cmocka_unit_test(folding_joins_blanks),
		cmocka_unit_test(folding_skips_what_is_broken),
		cmocka_unit_test(folding_appends),
		cmocka_unit_test(without_memory_the_buffer_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
