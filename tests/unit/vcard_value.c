/* SPDX-License-Identifier: MIT
 *
 * Parameters and values: lists, bare words, quoted-printable, charsets, escapes, bytes.
 */
#include "vcard_files.h"

#include "vcard/utf8.h"

/* One property of a vCard of that version. */
struct one {
	struct kith_vcard *v;
	const struct kith_vcard_property *p;
};

static void one_free(struct one *o)
{
	kith_vcard_free(o->v);
}

#define ONE KITH_AUTO(one_free) struct one

static struct one read_one(const char *version, const char *line)
{
	KITH_AUTO_BUF struct kith_buf text = {0};
	struct kith_diag diag = {0};
	struct one o;
	size_t n;

	assert_int_equal(
		kith_buf_printf(&text, "BEGIN:VCARD\nVERSION:%s\n%s\nEND:VCARD\n", version, line),
		KITH_OK);
	if (kith_vcard_parse(kith_buf_span(&text), &o.v, &diag))
		fail_msg("%s: %s", line, diag.text);
	o.p = &kith_vcard_properties(o.v, &n)[1];
	assert_int_equal(n, 2);
	return o;
}

static void expect_span(struct kith_span got, const char *wanted)
{
	char text[256];

	(void)snprintf(text, sizeof text, "%.*s", (int)got.n, (const char *)got.p);
	assert_string_equal(text, wanted);
	assert_int_equal(got.n, strlen(wanted));
}

/* --- parameters ------------------------------------------------------------------------------- */

/* That the values are those, "|" between them. */
static void expect_param(const char *line, const char *name, const char *wanted)
{
	ONE o = read_one("3.0", line);
	KITH_AUTO_BUF struct kith_buf got = {0};
	struct kith_span s;

	for (size_t i = 0; kith_vcard_param(o.p, name, i, &s); i++)
		put(&got, i ? "|" : "", s);
	assert_string_equal(kith_buf_cstr(&got), wanted);
}

static void test_types_are_lists_however_they_are_written(void **state)
{
	(void)state;
	expect_param(
		"TEL;TYPE=work,voice;X=1;type=\"cell,pref\":1", "TYPE", "work|voice|cell|pref");
	expect_param("TEL;WORK;VOICE;;TYPE=:1", "TYPE", "WORK|VOICE");
	expect_param("TEL:1", "TYPE", "");
	expect_param("TEL;TYPE=\"a:b;c\",d:1", "TYPE", "a:b;c|d");
}

static void test_other_quoted_values_are_one(void **state)
{
	(void)state;
	expect_param("ADR;LABEL=\"1 St, Town; UK\":;;x", "LABEL", "1 St, Town; UK");
	expect_param("X;A=\"open,b:1", "A", "open|b");
	expect_param("X;A=b=c;A=d:1", "A", "b=c|d");
	expect_param("X;A=a^nb:1", "A", "a^nb");
}

static void test_bare_words(void **state)
{
	const char *line = "PHOTO;quoted-printable;BASE64;8BIT;7bit;INLINE;URL;CONTENT-ID;JPEG:x";

	(void)state;
	expect_param(line, "ENCODING", "quoted-printable|BASE64|8BIT|7bit");
	expect_param(line, "VALUE", "INLINE|URL|CONTENT-ID");
	expect_param(line, "TYPE", "JPEG");
}

static void test_values_of_a_parameter_are_limited(void **state)
{
	KITH_AUTO_BUF struct kith_buf line = {0};
	struct kith_span s;

	(void)state;
	put(&line, "TEL;TYPE=x", kith_span("", 0));
	for (size_t i = 0; i < KITH_VCARD_PARAMETERS_MAX; i++)
		put(&line, ",x", kith_span("", 0));
	put(&line, ":1", kith_span("", 0));
	ONE o = read_one("3.0", kith_buf_cstr(&line));
	assert_true(kith_vcard_param(o.p, "TYPE", KITH_VCARD_PARAMETERS_MAX - 1, &s));
	assert_false(kith_vcard_param(o.p, "TYPE", KITH_VCARD_PARAMETERS_MAX, &s));
}

static void test_names_in_any_case(void **state)
{
	(void)state;
	ONE o = read_one("3.0", "x-aBLabel:1");
	assert_true(kith_vcard_is(o.p, "X-ABLABEL"));
	assert_false(kith_vcard_is(o.p, "X-ABLABE"));
}

/* --- text ------------------------------------------------------------------------------------- */

/* That kith_vcard_parts gives the same n parts, or as many of them as it may. */
static void expect_at_once(
	struct kith_vcard *v, const struct kith_vcard_property *p, char separator, size_t n)
{
	struct kith_span all[16], one;

	for (size_t max = 0; max <= n + 1; max++) {
		size_t got = SIZE_MAX;
		assert_in_range(max, 0, sizeof all / sizeof all[0]);
		assert_int_equal(kith_vcard_parts(v, p, separator, max, all, &got), KITH_OK);
		assert_int_equal(got, max < n ? max : n);
		for (size_t i = 0; i < got; i++) {
			assert_int_equal(kith_vcard_text(v, p, separator, i, &one), KITH_OK);
			assert_true(kith_span_eq(all[i], one));
		}
	}
}

/* That the parts of the value are those, "|" between them; asked for in both directions. */
static void expect_parts(const char *version, const char *line, char separator, const char *wanted)
{
	ONE o = read_one(version, line);
	KITH_AUTO_BUF struct kith_buf got = {0};
	struct kith_span s, again;
	size_t n = 0;
	enum kith_err err;

	while (!(err = kith_vcard_text(o.v, o.p, separator, n, &s))) {
		assert_int_equal(kith_vcard_text(o.v, o.p, separator, 0, &again), KITH_OK);
		assert_int_equal(kith_vcard_text(o.v, o.p, separator, n, &again), KITH_OK);
		assert_true(kith_span_eq(s, again));
		put(&got, n++ ? "|" : "", s);
	}
	assert_int_equal(err, KITH_ERR_MISSING);
	assert_string_equal(kith_buf_cstr(&got), wanted);
	expect_at_once(o.v, o.p, separator, n);
}

static void test_parts_and_escapes(void **state)
{
	(void)state;
	expect_parts("3.0", "N:a\\;b;;c\\\\;d\\,e;", ';', "a;b||c\\|d,e|");
	expect_parts("3.0", "NICKNAME:a\\,b,,c;d", ',', "a,b||c;d");
	expect_parts("3.0", "NOTE:a\\nb\\Nc\\x\\:\\;,;", '\0', "a\nb\nc\\x:;,;");
	expect_parts("4.0", "URL:http\\://x/\\", '\0', "http://x/\\");
	expect_parts("3.0", "N:", ';', "");
	expect_parts("3.0", "N:;", ';', "|");
	expect_parts("3.0", "N:Lovelace;Ada;; B;Dr;", ';', "Lovelace|Ada|| B|Dr|");
	expect_parts("3.0", "N:Lovelace;Ada", ',', "Lovelace;Ada");
	expect_parts("3.0", "ORG:Engines\\, Ltd", ';', "Engines, Ltd");
}

/* Every byte at every place of texts of all lengths that matter. */
static void test_simple_text(void **state)
{
	uint8_t text[24];

	(void)state;
	for (size_t n = 0; n <= sizeof text; n++) {
		memset(text, ' ', sizeof text);
		assert_true(kith_utf8_simple(kith_span(text, n)));
		for (size_t at = 0; at < n; at++) {
			for (unsigned c = 0; c < 256; c++) {
				bool simple = c >= 0x20 && c < 0x7f && c != 0x5c;
				memset(text, at % 2 ? '~' : ' ', sizeof text);
				text[at] = (uint8_t)c;
				assert_int_equal(kith_utf8_simple(kith_span(text, n)), simple);
			}
		}
	}
}

static void test_escapes_of_21(void **state)
{
	(void)state;
	expect_parts(
		"2.1", "N:;A\\;B\\\\;C\\\\\\;;D;\\:E;\\\\\\\\;", ';', "|A;B\\|C\\;|D|:E|\\\\|");
	expect_parts("2.1", "LABEL:a\\nb", '\0', "a\nb");
	expect_parts("2.1", "NOTE;QUOTED-PRINTABLE:C:\\new=0D=0A", '\0', "C:\\new\r\n");
	expect_parts("3.0", "NOTE;ENCODING=QUOTED-PRINTABLE:a\\nb", '\0', "a\nb");
}

static void test_quoted_printable_and_its_charset(void **state)
{
	(void)state;
	expect_parts("2.1", "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Gr=C3=BC=c3=9fe;=3B", ';',
		"Grüße||");
	expect_parts("2.1", "N;CHARSET=Windows-1251;QUOTED-PRINTABLE:=CA=E8=BF=E2", '\0', "Київ");
	expect_parts("2.1", "N;CHARSET=SHIFT_JIS;QUOTED-PRINTABLE:=88=C9=94=5C", '\0', "伊能");
	expect_parts("2.1", "N;QUOTED-PRINTABLE:=FC=80", '\0', "ü€");
	expect_parts("2.1", "N;CHARSET=NO;QUOTED-PRINTABLE:=C3=BC=FC", '\0', "üü");
	expect_parts("2.1", "N;CHARSET=EUC-JP;QUOTED-PRINTABLE:=B0=CB=B0", '\0', "伊°");
	expect_parts("2.1", "N;QUOTED-PRINTABLE:a=ZZ=4=00=41=", '\0', "a=ZZ=4A");
}

static void test_seven_bit_charsets(void **state)
{
	(void)state;
	expect_parts("2.1", "N;CHARSET=ISO-2022-JP:\x1b$B0KG=\x1b(B;x", ';', "伊能|x");
	expect_parts("3.0", "N;CHARSET=UTF-8:ü", '\0', "ü");
	expect_parts("3.0", "N;CHARSET=UTF-7:+-", '\0', "+-");
}

/* As many parts as a vCard can have, one after the other, in no time. */
static void test_long_lists_are_read_once(void **state)
{
	const size_t many = 1000000;
	KITH_AUTO_BUF struct kith_buf line = {0};
	struct kith_span s;
	size_t n = 0;

	(void)state;
	put(&line, "CATEGORIES:", kith_span("", 0));
	for (size_t i = 0; i + 1 < many; i++)
		put(&line, "a,", kith_span("", 0));
	ONE o = read_one("3.0", kith_buf_cstr(&line));
	while (kith_vcard_text(o.v, o.p, ',', n, &s) == KITH_OK)
		n++;
	assert_int_equal(n, many);
}

/* Asked in turns, each property gives its own. */
static void test_values_do_not_mix(void **state)
{
	static const char card[] = "BEGIN:VCARD\nN:a;b;c\nADR:d;\\e;f\nX:\nY:\nEND:VCARD\n";
	static const char *const wanted[] = {"b", "\\e"};
	struct kith_vcard *v;
	struct kith_span s;
	size_t n;

	(void)state;
	assert_int_equal(kith_vcard_parse(kith_span_str(card), &v, NULL), KITH_OK);
	const struct kith_vcard_property *p = kith_vcard_properties(v, &n);
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(kith_vcard_text(v, &p[i % 2], ';', 1, &s), KITH_OK);
		expect_span(s, wanted[i % 2]);
		assert_int_equal(kith_vcard_text(v, &p[2 + i % 2], ';', 0, &s), KITH_OK);
		assert_int_equal(s.n, 0);
		assert_int_equal(kith_vcard_text(v, &p[2], ';', 1, &s), KITH_ERR_MISSING);
	}
	assert_int_equal(kith_vcard_text(v, &p[0], ';', 1, &s), KITH_OK);
	assert_int_equal(kith_vcard_text(v, &p[1], ';', 1, &s), KITH_OK);
	expect_span(s, wanted[1]);
	kith_vcard_free(v);
}

/* --- bytes ------------------------------------------------------------------------------------ */

static void expect_bytes(const char *line, const char *wanted)
{
	ONE o = read_one("4.0", line);
	struct kith_span s;

	assert_int_equal(kith_vcard_bytes(o.v, o.p, &s), KITH_OK);
	expect_span(s, wanted);
}

static void expect_no_bytes(const char *line, enum kith_err wanted)
{
	ONE o = read_one("3.0", line);
	struct kith_span s;

	assert_int_equal(kith_vcard_bytes(o.v, o.p, &s), wanted);
}

static void test_bytes_in_every_spelling(void **state)
{
	(void)state;
	expect_bytes("PHOTO;ENCODING=b;TYPE=JPEG:aGVsbG8=", "hello");
	expect_bytes("PHOTO;BASE64:aGVs bG8", "hello");
	expect_bytes("PHOTO;ENCODING=BASE64:aGVsbG8==", "hello");
	expect_bytes("PHOTO;ENCODING=b:aGVsbG8h\n YWdhaW4=", "hello!again");
	expect_bytes("PHOTO:data:image/png;base64,aGVsbG8=", "hello");
	expect_bytes("PHOTO:DATA:image/png;BASE64,aGVsb%478=", "hello");
	expect_bytes("PHOTO;ENCODING=b;VALUE=uri:data:image/png\\;base64\\,aGVsbG8=", "hello");
	expect_bytes("PHOTO:data:,a%20b%zz", "a b%zz");
	expect_bytes("PHOTO:aGVsbG8", "hello");
}

/* case 34 */
static void test_an_address_is_left_alone(void **state)
{
	(void)state;
	expect_no_bytes("PHOTO;VALUE=uri:http://127.0.0.1:9/x", KITH_ERR_MISSING);
	expect_no_bytes("PHOTO:file:///etc/passwd", KITH_ERR_MISSING);
	expect_no_bytes("PHOTO;VALUE=URL:/etc/passwd", KITH_ERR_MISSING);
	expect_no_bytes("PHOTO;URL:passwd", KITH_ERR_MISSING);
	expect_no_bytes("PHOTO:CID:x@y", KITH_ERR_MISSING);
	expect_no_bytes("PHOTO:C:\\photo.jpg", KITH_ERR_MISSING);
}

static void test_neither_bytes_nor_an_address(void **state)
{
	(void)state;
	expect_no_bytes("PHOTO:../etc/passwd", KITH_ERR_SHAPE);
	expect_no_bytes("PHOTO;ENCODING=b:a*b", KITH_ERR_SHAPE);
	expect_no_bytes("PHOTO:", KITH_ERR_SHAPE);
	expect_no_bytes("PHOTO;ENCODING=b:====", KITH_ERR_SHAPE);
	expect_no_bytes("PHOTO:data:image/png;base64", KITH_ERR_SHAPE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_types_are_lists_however_they_are_written),
		cmocka_unit_test(test_other_quoted_values_are_one),
		cmocka_unit_test(test_bare_words),
		cmocka_unit_test(test_values_of_a_parameter_are_limited),
		cmocka_unit_test(test_names_in_any_case),
		cmocka_unit_test(test_parts_and_escapes),
		cmocka_unit_test(test_simple_text),
		cmocka_unit_test(test_escapes_of_21),
		cmocka_unit_test(test_quoted_printable_and_its_charset),
		cmocka_unit_test(test_seven_bit_charsets),
		cmocka_unit_test(test_long_lists_are_read_once),
		cmocka_unit_test(test_values_do_not_mix),
		cmocka_unit_test(test_bytes_in_every_spelling),
		cmocka_unit_test(test_an_address_is_left_alone),
		cmocka_unit_test(test_neither_bytes_nor_an_address),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
