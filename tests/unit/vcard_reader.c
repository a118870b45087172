/* SPDX-License-Identifier: MIT
 *
 * The reader: line ends, folds, charsets, vCards in vCards, what is broken, and every limit.
 */
#include "vcard_files.h"

#define ADA "[1 3.0]\n2 VERSION:3.0\n3 N:Lovelace;Ada\n"

/* --- lines ------------------------------------------------------------------------------------ */

/* case 33 */
static void test_any_line_ends(void **state)
{
	(void)state;
	expect_text("BEGIN:VCARD\nVERSION:3.0\nN:Lovelace;Ada\nEND:VCARD\n", ADA);
	expect_text("BEGIN:VCARD\r\nVERSION:3.0\r\nN:Lovelace;Ada\r\nEND:VCARD\r\n", ADA);
	expect_text("BEGIN:VCARD\rVERSION:3.0\rN:Lovelace;Ada\rEND:VCARD\r", ADA);
	expect_text("BEGIN:VCARD\r\r\nVERSION:3.0\r\r\nN:Lovelace;Ada\r\r\nEND:VCARD\r\r\n", ADA);
	expect_text("BEGIN:VCARD\nVERSION:3.0\rN:Lovelace;Ada\r\nEND:VCARD", ADA);
}

static void test_blank_lines_and_odd_frames(void **state)
{
	(void)state;
	expect_text("\n\r\n  \nbegin:vcard \n\nVersion:3.0\n\n\nn:a\nEND : vcard\t\n",
		"[4 3.0]\n6 Version:3.0\n9 n:a\n");
	expect_text("BEGIN: VCARD\nN:a\nEnd:VCard\n", "[1 3.0]\n2 N:a\n");
}

static void test_byte_order_marks(void **state)
{
	(void)state;
	expect_text("\xef\xbb\xbf"
		    "BEGIN:VCARD\nN:a\nEND:VCARD\n\xef\xbb\xbf"
		    "BEGIN:VCARD\nN:b\nEND:VCARD\n",
		"[1 3.0]\n2 N:a\n[4 3.0]\n5 N:b\n");
}

static void test_folds_are_undone(void **state)
{
	(void)state;
	expect_text("BEGIN:VCARD\nVERSION:3.0\nNO\n TE;X=\r\n\t1:a\n  b\n c\n\n d\nEND:VCARD\n",
		"[1 3.0]\n2 VERSION:3.0\n3 NOTE;X=1:a bcd\n");
	expect_text("BEGIN:VCARD\nN:x\n \n  \nFN:y\nEND:VCARD\n", "[1 3.0]\n2 N:x \n5 FN:y\n");
}

/* 2.1 folds before a blank, which belongs to the text. */
static void test_folds_of_21_keep_their_blank(void **state)
{
	(void)state;
	expect_text("BEGIN:VCARD\nVERSION:2.1\nNOTE:two\n words\nEND:VCARD\n",
		"[1 2.1]\n2 VERSION:2.1\n3 NOTE:two words\n");
}

static void test_a_fold_may_split_a_character(void **state)
{
	(void)state;
	expect_text("BEGIN:VCARD\nVERSION:4.0\nFN:Gr\xc3\n \xbc\xc3\n \x9f"
		    "e\nTEL:1\nEND:VCARD\n",
		"[1 4.0]\n2 VERSION:4.0\n3 FN:Grüße\n6 TEL:1\n");
}

static void test_quoted_printable_is_joined(void **state)
{
	(void)state;
	expect_text("BEGIN:VCARD\nVERSION:2.1\n"
		    "NOTE;ENCODING=QUOTED-PRINTABLE:a=\n b:=\n=41\n"
		    "LABEL;QUOTED-PRINTABLE:x=\n\n=C3=\nTEL:1\nX;QUOTED-PRINTABLE:=\nEND:VCARD\n",
		"[1 2.1]\n2 VERSION:2.1\n3 NOTE;ENCODING=QUOTED-PRINTABLE:a b:=41\n"
		"6 LABEL;QUOTED-PRINTABLE:x=C3TEL:1\n10 X;QUOTED-PRINTABLE:=\n");
	/* in 3.0 it is folded too; behind an empty line only what is no property */
	expect_text("BEGIN:VCARD\nVERSION:3.0\nNOTE;ENCODING=quoted-printable:a=\n b\n"
		    "NOTE;ENCODING=QUOTED-PRINTABLE:c=\n\nTEL:1\nEND:VCARD\n",
		"[1 3.0]\n2 VERSION:3.0\n3 NOTE;ENCODING=quoted-printable:ab\n"
		"5 NOTE;ENCODING=QUOTED-PRINTABLE:c=\n7 TEL:1\n");
}

static void test_base64_ends_at_a_property_or_an_empty_line(void **state)
{
	(void)state;
	expect_text("BEGIN:VCARD\nVERSION:2.1\nPHOTO;BASE64;JPEG:/9j/\nAAAA\n BBBB\n\tCC==\nTEL:1\n"
		    "LOGO;ENCODING=BASE64:\n AAAA\n\nBBBB\nEND:VCARD\n",
		"!11 this line is no property and was left out\n"
		"[1 2.1]\n2 VERSION:2.1\n3 PHOTO;BASE64;JPEG:/9j/AAAABBBBCC==\n7 TEL:1\n"
		"8 LOGO;ENCODING=BASE64:AAAA\n");
	expect_text("BEGIN:VCARD\nVERSION:3.0\nPHOTO;ENCODING=b:/9j/\nAAAA\nEND:VCARD\n",
		"[1 3.0]\n2 VERSION:3.0\n3 PHOTO;ENCODING=b:/9j/AAAA\n");
	/* the name of the next property may be folded */
	expect_text("BEGIN:VCARD\nPHOTO;ENCODING=b:/9j/\nNO\n TE\n ;X=1:a\nEND:VCARD\n",
		"[1 3.0]\n2 PHOTO;ENCODING=b:/9j/\n3 NOTE;X=1:a\n");
}

static void test_line_ends_inside_a_value(void **state)
{
	(void)state;
	expect_text(
		"BEGIN:VCARD\nADR:;;a\\\nb\\\nc;;\nEND:VCARD\n", "[1 3.0]\n2 ADR:;;a\\nb\\nc;;\n");
	expect_text(
		"BEGIN:VCARD\r\nX:a\rb\r\nTEL:1\r\nEND:VCARD\r\n", "[1 3.0]\n2 X:a\\nb\n4 TEL:1\n");
	expect_text("BEGIN:VCARD\nX:a\\\\\nb\nEND:VCARD\n",
		"!3 this line is no property and was left out\n[1 3.0]\n2 X:a\\\\\n");
}

static void test_lines_that_are_no_property(void **state)
{
	(void)state;
	expect_text("BEGIN:VCARD\n# one:two\n more\nN:a\njust words\n:x\n;X=1:y\nFN:b\nEND:VCARD\n",
		"!2 this line is no property and was left out\n"
		"!5 this line is no property and was left out\n"
		"!6 this line is no property and was left out\n"
		"!7 this line is no property and was left out\n"
		"[1 3.0]\n4 N:a\n8 FN:b\n");
}

/* Nothing that is kept may look like the end of a vCard when it is written.  case 35 */
static void test_a_frame_is_never_a_property(void **state)
{
	(void)state;
	expect_text(
		"BEGIN:VCARD\nEND:VC\n ARD\nitem1.END:VCARD\nBEGIN;X=1:vcard  \nEND:X\nEND:VCARD\n",
		"!2 this line is no property and was left out\n"
		"!4 this line is no property and was left out\n"
		"!5 this line is no property and was left out\n"
		"[1 3.0]\n6 END:X\n");
}

static void test_parts_of_a_property(void **state)
{
	(void)state;
	expect_text("BEGIN:VCARD\nITEM1.x-a/b_c;A=\"x:y;z\";B:v:w\nTEL ;HOME;PREF;:1\n"
		    "ADR;L=\\\"1 St\\, B\\\":;;x\nX;A=\"open:z\nEND:VCARD\n",
		"[1 3.0]\n2 ITEM1.x-a/b_c;A=\"x:y;z\";B:v:w\n3 TEL;HOME;PREF;:1\n"
		"4 ADR;L=\\\"1 St\\, B\\\":;;x\n5 X;A=\"open:z\n");
}

static void test_versions(void **state)
{
	(void)state;
	expect_text("BEGIN:VCARD\nN:a\nversion: 2.1 \nEND:VCARD\nBEGIN:VCARD\nVERSION;X=1:4.0\n"
		    "VERSION:2.1\nEND:VCARD\nBEGIN:VCARD\nVERSION:5\nEND:VCARD\n",
		"[1 2.1]\n2 N:a\n3 version: 2.1 \n[5 4.0]\n6 VERSION;X=1:4.0\n7 VERSION:2.1\n"
		"[9 3.0]\n10 VERSION:5\n");
}

/* --- characters ------------------------------------------------------------------------------- */

/* ASCII and what U+20AC is for, in UTF-16. */
static void wide(struct kith_buf *out, const char *text, bool big)
{
	for (; *text; text++) {
		uint8_t euro[2] = {0xac, 0x20}, c[2] = {(uint8_t)*text, 0};
		const uint8_t *p = *text == '$' ? euro : c;
		const uint8_t swapped[2] = {p[1], p[0]};
		assert_int_equal(kith_buf_add(out, big ? swapped : p, 2), KITH_OK);
	}
}

/* case 33 */
static void test_utf16_in_both_orders(void **state)
{
	(void)state;
	for (int i = 0; i < 4; i++) {
		KITH_AUTO_BUF struct kith_buf file = {0};
		bool big = i & 1, mark = i & 2;
		if (mark)
			put(&file, big ? "\xfe\xff" : "\xff\xfe", kith_span("", 0));
		wide(&file, "BEGIN:VCARD\r\nN:a$\r\nEND:VCARD\r\n", big);
		expect_read(kith_buf_span(&file), "[1 3.0]\n2 N:a€\n");
	}
}

static void test_broken_utf16(void **state)
{
	static const uint8_t half[] = {0x3d, 0xd8, 'x', 0, '\n', 0};
	static const uint8_t pair[] = {0x3d, 0xd8, 0x00, 0xde, '\n', 0, 'y'};
	KITH_AUTO_BUF struct kith_buf file = {0};

	(void)state;
	wide(&file, "BEGIN:VCARD\nN:", false);
	put(&file, "", kith_span(half, sizeof half));
	wide(&file, "FN:", false);
	put(&file, "", kith_span(pair, sizeof pair));
	expect_read(kith_buf_span(&file),
		"!2 half a character of UTF-16 became U+FFFD; there may be more of them\n"
		"!1 the vCard that begins here breaks off: it has no END:VCARD\n"
		"!4 this line is no property and was left out\n"
		"[1 3.0]\n2 N:\xef\xbf\xbdx\n3 FN:\xf0\x9f\x98\x80\n");
}

static void test_a_named_charset_is_undone_and_taken_out(void **state)
{
	(void)state;
	expect_text("BEGIN:VCARD\nN;CHARSET=Shift_JIS:\x88\xc9\x94\\;\x8c\\\n"
		    "FN;X=1;charset=windows-1251;Y:\xc2\xb3\n"
		    "TITLE;CHARSET=\"cp1253\":\xc1\nORG;CHARSET=ISO-8859-1:\x80 \xfc\nEND:VCARD\n",
		"[1 3.0]\n2 N:伊能;圭\n3 FN;X=1;Y:Ві\n4 TITLE:Α\n5 ORG:€ ü\n");
}

static void test_unknown_charsets_lose_nothing(void **state)
{
	(void)state;
	expect_text("BEGIN:VCARD\nN;CHARSET=BLABLA:\xfc\nFN:\xe9 \x80\x81\nTEL:1\nEND:VCARD\n",
		"!2 the charset \"BLABLA\" is not known here\n"
		"!2 bytes that are in no charset named here were taken for windows-1252\n"
		"!3 bytes that are in no charset named here were taken for windows-1252\n"
		"[1 3.0]\n2 N:ü\n3 FN:é €\xc2\x81\n4 TEL:1\n");
	/* what is UTF-8 in a line that is not stays */
	expect_text("BEGIN:VCARD\nN:\xc3\xbc\xfc\xe2\x82\nEND:VCARD\n",
		"!2 bytes that are in no charset named here were taken for windows-1252\n"
		"[1 3.0]\n2 N:üüâ‚\n");
}

static void test_a_line_without_charset_is_taken_for_that_of_others(void **state)
{
	(void)state;
	expect_text("BEGIN:VCARD\nFN:\xc2\xb3\xf2\nX;CHARSET=Windows-1251:\xe0\nEND:VCARD\n",
		"!2 this line is taken for CP1251, which others name\n"
		"[1 3.0]\n2 FN:Віт\n3 X:а\n");
}

/* 8-bit bytes in quoted-printable get its form: the CHARSET stays true. */
static void test_8bit_bytes_in_quoted_printable(void **state)
{
	(void)state;
	expect_text("BEGIN:VCARD\nN;CHARSET=CP1252;QUOTED-PRINTABLE:=\n\xfc=FC\nTEL:1\nEND:VCARD\n",
		"[1 3.0]\n2 N;CHARSET=CP1252;QUOTED-PRINTABLE:=FC=FC\n4 TEL:1\n");
}

static void test_nul_bytes_fall_out(void **state)
{
	static const char file[] = "BEGIN:VCARD\nN:a\0b\nF\0N:c\nEND:VCARD\n";

	(void)state;
	expect_read(kith_span(file, sizeof file - 1),
		"!2 NUL bytes are left out from here on\n[1 3.0]\n2 N:ab\n3 FN:c\n");
}

/* --- several vCards --------------------------------------------------------------------------- */

/* case 33 */
static void test_what_breaks_off_is_kept(void **state)
{
	(void)state;
	expect_text("BEGIN:VCARD\nN:a\nFN:b", "!1 the vCard that begins here breaks off: it has no "
					      "END:VCARD\n[1 3.0]\n2 N:a\n3 FN:b\n");
	expect_text("BEGIN:VCARD\nN:a\n\nBEGIN:VCARD\nVERSION:2.1\nN:b\nEND:VCARD\n",
		"!1 the vCard that begins here breaks off: it has no END:VCARD\n[1 3.0]\n2 N:a\n"
		"[4 2.1]\n5 VERSION:2.1\n6 N:b\n");
	expect_text("BEGIN:VCARD\nBEGIN:VCARD\nEND:VCARD\n",
		"!1 the vCard that begins here breaks off: it has no END:VCARD\n[1 3.0]\n[2 3.0]\n");
}

static void test_text_between_vcards_is_told_once(void **state)
{
	(void)state;
	expect_text("one\ntwo\nBEGIN:VCARD\nN:a\nEND:VCARD\n\nEND:VCARD\nthree\n",
		"!1 what begins here belongs to no vCard and was left out\n[3 3.0]\n4 N:a\n"
		"!7 what begins here belongs to no vCard and was left out\n");
	expect_text("", "");
	expect_text("\n\n", "");
}

static void test_a_vcard_in_an_agent(void **state)
{
	(void)state;
	expect_text("BEGIN:VCARD\nVERSION:2.1\nAGENT:\nBEGIN:VCARD\nVERSION:3.0\nN:i\nEND:VCARD\n"
		    "TEL:1\nEND:VCARD\nBEGIN:VCARD\nN:b\nEND:VCARD\n",
		"[1 2.1]\n2 VERSION:2.1\n"
		"3 AGENT:\nBEGIN:VCARD\nVERSION:3.0\nN:i\nEND:VCARD\n8 TEL:1\n[10 3.0]\n11 N:b\n");
	expect_text("BEGIN:VCARD\nN:o\nBEGIN:VCARD\nN:i\nEND:VCARD\nTEL:1\nEND:VCARD\n",
		"!3 a vCard begins inside another; it is kept as its AGENT\n"
		"[1 3.0]\n2 N:o\n3 AGENT:\nBEGIN:VCARD\nN:i\nEND:VCARD\n6 TEL:1\n");
	/* where its END is missing too it gets one */
	expect_text("BEGIN:VCARD\nx.AGENT;Y:\nBEGIN:VCARD\nN:i",
		"!1 the vCard that begins here breaks off: it has no END:VCARD\n"
		"[1 3.0]\n2 x.AGENT;Y:\nBEGIN:VCARD\nN:i\r\nEND:VCARD\n");
}

/* --- limits ----------------------------------------------------------------------------------- */

static void times(struct kith_buf *out, const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++)
		put(out, text, kith_span("", 0));
}

/* That a vCard of those pieces is read, and that one with a piece more is not, but the next is. */
static void limit(
	const char *head, const char *piece, size_t max, const char *tail, const char *name)
{
	for (size_t over = 0; over < 2; over++) {
		KITH_AUTO_BUF struct kith_buf file = {0}, got = {0};
		char wanted[128];
		times(&file, head, 1);
		times(&file, piece, max + over);
		times(&file, tail, 1);
		times(&file, "\nBEGIN:VCARD\nFN:next\nEND:VCARD\n", 1);
		read_file(kith_buf_span(&file), 4096, &got);
		const char *text = kith_buf_cstr(&got);
		(void)snprintf(wanted, sizeof wanted,
			"!1 the vCard that begins here was left out: it is over %s (", name);
		assert_int_equal(strstr(text, wanted) != NULL, over);
		assert_int_equal(strstr(text, "[over]\n") != NULL, over);
		assert_non_null(strstr(text, " FN:next\n"));
		assert_int_equal(strstr(text, "[1 3.0]\n") != NULL, !over);
	}
}

/* case 32 */
static void test_the_size_of_a_vcard_is_limited(void **state)
{
	const size_t frame = strlen("BEGIN:VCARD\nN:\nEND:VCARD");

	(void)state;
	limit("BEGIN:VCARD\nN:", "x", KITH_VCARD_MAX - frame, "\nEND:VCARD", "VCARD_MAX");
	limit("BEGIN:VCARD\nNN:", "\n x", (KITH_VCARD_MAX - frame - 1) / 3, "\nEND:VCARD",
		"VCARD_MAX");
}

/* What it becomes in UTF-8 counts too. */
static void test_the_size_in_utf8_is_limited(void **state)
{
	const size_t frame = strlen("BEGIN:VCARD\nN:\nEND:VCARD");

	(void)state;
	limit("BEGIN:VCARD\nN:", "\xff", (KITH_VCARD_MAX - frame) / 2, "\nEND:VCARD", "VCARD_MAX");
}

/* case 32 */
static void test_the_number_of_properties_is_limited(void **state)
{
	(void)state;
	limit("BEGIN:VCARD\n", "N:x\n", KITH_VCARD_PROPERTIES_MAX, "END:VCARD",
		"VCARD_PROPERTIES_MAX");
}

/* case 32 */
static void test_the_number_of_parameters_is_limited(void **state)
{
	(void)state;
	limit("BEGIN:VCARD\nTEL", ";A=1", KITH_VCARD_PARAMETERS_MAX, ":1\nEND:VCARD",
		"VCARD_PARAMETERS_MAX");
}

/* case 32 */
static void test_the_depth_of_agents_is_limited(void **state)
{
	(void)state;
	for (size_t depth = KITH_VCARD_DEPTH_MAX; depth <= KITH_VCARD_DEPTH_MAX + 1; depth++) {
		KITH_AUTO_BUF struct kith_buf file = {0}, got = {0};
		bool over = depth > KITH_VCARD_DEPTH_MAX;
		times(&file, "BEGIN:VCARD\n", 1);
		times(&file, "AGENT:\nBEGIN:VCARD\n", depth);
		times(&file, "END:VCARD\n", depth + 1);
		times(&file, "BEGIN:VCARD\nFN:next\nEND:VCARD\n", 1);
		read_file(kith_buf_span(&file), 64, &got);
		assert_int_equal(strstr(kith_buf_cstr(&got), "over VCARD_DEPTH_MAX") != NULL, over);
		assert_non_null(strstr(kith_buf_cstr(&got), " FN:next\n"));
		assert_null(strstr(kith_buf_cstr(&got), "belongs to no vCard"));
	}
}

static void test_remarks_are_limited_and_counted(void **state)
{
	KITH_AUTO_BUF struct kith_buf file = {0}, got = {0};
	struct kith_vcard_reader *r;
	struct kith_vcard *v;
	uint64_t line;

	(void)state;
	times(&file, "BEGIN:VCARD\n", 1);
	times(&file, "junk\n", KITH_VCARD_REMARKS_MAX + 7);
	times(&file, "END:VCARD\n", 1);
	struct file f = {kith_buf_span(&file), 100};
	assert_int_equal(kith_vcard_reader_open(file_read, &f, file_remark, &got, &r), KITH_OK);
	assert_int_equal(kith_vcard_next(r, &v, &line), KITH_OK);
	assert_int_equal(kith_vcard_reader_remarks(r), KITH_VCARD_REMARKS_MAX + 7);
	assert_int_equal(kith_vcard_reader_bytes(r), file.n);
	size_t told = 0;
	for (size_t i = 0; i < got.n; i++)
		told += got.p[i] == '\n';
	assert_int_equal(told, KITH_VCARD_REMARKS_MAX);
	kith_vcard_reader_free(r);
}

/* --- one vCard, and what is kept of it -------------------------------------------------------- */

static void test_parse_takes_the_first(void **state)
{
	struct kith_diag diag = {0};
	struct kith_vcard *v;
	size_t n;

	(void)state;
	assert_int_equal(kith_vcard_parse(kith_span_str("x\nBEGIN:VCARD\nN:a\nEND:VCARD\nBEGIN:"
							"VCARD\nEND:VCARD\n"),
				 &v, &diag),
		KITH_OK);
	const struct kith_vcard_property *p = kith_vcard_properties(v, &n);
	assert_int_equal(n, 1);
	assert_true(kith_span_eq(p->value, kith_span_str("a")));
	kith_vcard_free(v);
	assert_int_equal(kith_vcard_parse(kith_span_str("N:a\n"), &v, &diag), KITH_ERR_NOTCARD);
	assert_string_equal(diag.text, "there is no vCard in it");
	kith_vcard_free(NULL);
}

static void test_parse_names_the_limit(void **state)
{
	KITH_AUTO_BUF struct kith_buf file = {0};
	struct kith_diag diag = {0};
	struct kith_vcard *v;

	(void)state;
	times(&file, "BEGIN:VCARD\n", 1);
	times(&file, "N:a\n", KITH_VCARD_PROPERTIES_MAX + 1);
	times(&file, "END:VCARD\n", 1);
	assert_int_equal(kith_vcard_parse(kith_buf_span(&file), &v, &diag), KITH_ERR_LIMIT);
	assert_non_null(strstr(diag.text, "VCARD_PROPERTIES_MAX"));
}

static void test_the_text_is_kept_as_it_lay(void **state)
{
	static const char *const files[][2] = {
		{"x\nBEGIN:VCARD\r\nN:a\r\n b\nEND:VCARD \r\n",
			"BEGIN:VCARD\r\nN:a\r\n b\nEND:VCARD "},
		{"BEGIN:VCARD\nFN:\xc3\n \xbc\nX:a\n b\nEND:VCARD\n",
			"BEGIN:VCARD\nFN:ü\nX:a\n b\nEND:VCARD"},
		{"BEGIN:VCARD\nN:a\n\n", "BEGIN:VCARD\nN:a\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		struct file f = {kith_span_str(files[i][0]), 3};
		struct kith_vcard_reader *r;
		struct kith_vcard *v;
		uint64_t line;
		assert_int_equal(kith_vcard_reader_open(file_read, &f, NULL, NULL, &r), KITH_OK);
		assert_int_equal(kith_vcard_next(r, &v, &line), KITH_OK);
		struct kith_span text = kith_vcard_reader_text(r);
		assert_int_equal(text.n, strlen(files[i][1]));
		assert_memory_equal(text.p, files[i][1], text.n);
		kith_vcard_reader_free(r);
	}
}

static ptrdiff_t fails(void *ctx, void *p, size_t n)
{
	(void)p;
	(void)n;
	(void)ctx;
	return -1;
}

static void test_a_source_that_fails(void **state)
{
	struct kith_vcard_reader *r;
	struct kith_vcard *v;
	uint64_t line;

	(void)state;
	assert_int_equal(kith_vcard_reader_open(fails, NULL, NULL, NULL, &r), KITH_OK);
	assert_int_equal(kith_vcard_next(r, &v, &line), KITH_ERR_IO);
	assert_int_equal(kith_vcard_next(r, &v, &line), KITH_ERR_IO);
	kith_vcard_reader_free(r);
	kith_vcard_reader_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_any_line_ends),
		cmocka_unit_test(test_blank_lines_and_odd_frames),
		cmocka_unit_test(test_byte_order_marks),
		cmocka_unit_test(test_folds_are_undone),
		cmocka_unit_test(test_folds_of_21_keep_their_blank),
		cmocka_unit_test(test_a_fold_may_split_a_character),
		cmocka_unit_test(test_quoted_printable_is_joined),
		cmocka_unit_test(test_base64_ends_at_a_property_or_an_empty_line),
		cmocka_unit_test(test_line_ends_inside_a_value),
		cmocka_unit_test(test_lines_that_are_no_property),
		cmocka_unit_test(test_a_frame_is_never_a_property),
		cmocka_unit_test(test_parts_of_a_property),
		cmocka_unit_test(test_versions),
		cmocka_unit_test(test_utf16_in_both_orders),
		cmocka_unit_test(test_broken_utf16),
		cmocka_unit_test(test_a_named_charset_is_undone_and_taken_out),
		cmocka_unit_test(test_unknown_charsets_lose_nothing),
		cmocka_unit_test(test_a_line_without_charset_is_taken_for_that_of_others),
		cmocka_unit_test(test_8bit_bytes_in_quoted_printable),
		cmocka_unit_test(test_nul_bytes_fall_out),
		cmocka_unit_test(test_what_breaks_off_is_kept),
		cmocka_unit_test(test_text_between_vcards_is_told_once),
		cmocka_unit_test(test_a_vcard_in_an_agent),
		cmocka_unit_test(test_the_size_of_a_vcard_is_limited),
		cmocka_unit_test(test_the_size_in_utf8_is_limited),
		cmocka_unit_test(test_the_number_of_properties_is_limited),
		cmocka_unit_test(test_the_number_of_parameters_is_limited),
		cmocka_unit_test(test_the_depth_of_agents_is_limited),
		cmocka_unit_test(test_remarks_are_limited_and_counted),
		cmocka_unit_test(test_parse_takes_the_first),
		cmocka_unit_test(test_parse_names_the_limit),
		cmocka_unit_test(test_the_text_is_kept_as_it_lay),
		cmocka_unit_test(test_a_source_that_fails),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
