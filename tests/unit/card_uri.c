/* SPDX-License-Identifier: MIT
 *
 * What a text in a QR code or a link is: kith's own in every spelling, and everybody else's.  case 38.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/auto.h"
#include "base/base32.h"
#include "base/limits.h"
#include "card/uri.h"

#define KEY "KITH:1/I/AAAQEAYEAUDAOCAJBIFQYDIOB4IBCEQTCQKRMFYYDENBWHA5DYPQ" /* bytes 0 to 31 */

/* What reading a C string gives; what was read goes to *out. */
static enum kith_err read_text(const char *text, enum kith_uri_kind *ret_kind, struct kith_buf *out)
{
	struct kith_diag diag = {0};
	enum kith_err err = kith_uri_read(kith_span_str(text), ret_kind, out, &diag);

	if (err)
		assert_true(diag.text[0] != 0);
	else
		assert_int_equal(diag.text[0], 0);
	return err;
}

static void expect(enum kith_err want, const char *text)
{
	KITH_AUTO_BUF struct kith_buf out = {0};
	enum kith_uri_kind kind;
	enum kith_err err = read_text(text, &kind, &out);

	if (err != want)
		fail_msg("%.60s: %s, not %s", text, kith_err_name(err), kith_err_name(want));
	if (err)
		assert_int_equal(out.n, 0);
}

static void every_kind_comes_back(void **state)
{
	static const enum kith_uri_kind kinds[] = {
		KITH_URI_CARD, KITH_URI_IDENTITY, KITH_URI_INVITE, KITH_URI_STATEMENT};
	uint8_t bytes[100];

	(void)state;
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (uint8_t)i;
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		KITH_AUTO_BUF struct kith_buf text = {0};
		KITH_AUTO_BUF struct kith_buf back = {0};
		enum kith_uri_kind kind;
		size_t n = kinds[i] == KITH_URI_IDENTITY ? 32 : sizeof bytes;
		assert_int_equal(kith_uri_write(kinds[i], kith_span(bytes, n), &text), KITH_OK);
		assert_true(kith_uri_is(kith_buf_span(&text)));
		assert_int_equal(read_text(kith_buf_cstr(&text), &kind, &back), KITH_OK);
		assert_int_equal(kind, kinds[i]);
		assert_int_equal(back.n, n);
		assert_memory_equal(back.p, bytes, n);
	}
}

static void a_key_in_every_spelling(void **state)
{
	static const char *const spelled[] = {KEY,
		"kith:1/i/aaaqeayeaudaocajbifqydiob4ibceqtcqkrmfyydenbwha5dypq",
		"Kith:1/i/AAAQeayeAUDAOCAJBIFQYDIOB4IBCEQTCQKRMFYYDENBWHA5DYPQ",
		" \t\r\n" KEY " \r\n",
		"KITH: 1 / I /\r\nAAAQ EAYE AUDA OCAJ BIFQ\tYDIO B4IB\n CEQT CQKR MFYY DENB WHA5 DYPQ"};
	uint8_t want[32];

	(void)state;
	for (size_t i = 0; i < sizeof want; i++)
		want[i] = (uint8_t)i;
	for (size_t i = 0; i < sizeof spelled / sizeof spelled[0]; i++) {
		KITH_AUTO_BUF struct kith_buf out = {0};
		enum kith_uri_kind kind;
		assert_int_equal(read_text(spelled[i], &kind, &out), KITH_OK);
		assert_int_equal(kind, KITH_URI_IDENTITY);
		assert_int_equal(out.n, 32);
		assert_memory_equal(out.p, want, 32);
	}
}

static void each_fault_by_name(void **state)
{
	(void)state;
	expect(KITH_ERR_NOTCARD, "");
	expect(KITH_ERR_NOTCARD, " \r\n\t ");
	expect(KITH_ERR_NOTCARD, "KITH");
	expect(KITH_ERR_NOTCARD, "KITH1/C/AA");
	expect(KITH_ERR_NOTCARD, "K ITH:1/C/AA");
	expect(KITH_ERR_NOTCARD, "xKITH:1/C/AA");
	expect(KITH_ERR_SHAPE, "KITH:");
	expect(KITH_ERR_SHAPE, "KITH:1");
	expect(KITH_ERR_SHAPE, "KITH:/C/AA");
	expect(KITH_ERR_SHAPE, "KITH:01/C/AA");
	expect(KITH_ERR_SHAPE, "KITH:0/C/AA");
	expect(KITH_ERR_SHAPE, "KITH:-1/C/AA");
	expect(KITH_ERR_SHAPE, "KITH:1/");
	expect(KITH_ERR_SHAPE, "KITH:1/C");
	expect(KITH_ERR_SHAPE, "KITH:1/CC/AA");
	expect(KITH_ERR_SHAPE, "KITH:1//AA");
	expect(KITH_ERR_SHAPE, "KITH:1/C/");
	expect(KITH_ERR_SHAPE, "KITH:1/C/A");
	expect(KITH_ERR_SHAPE, "KITH:1/C/AAA");
	expect(KITH_ERR_SHAPE, "KITH:1/C/AB"); /* unused bits */
	expect(KITH_ERR_SHAPE, "KITH:1/C/A1");
	expect(KITH_ERR_SHAPE, "KITH:1/C/AA=");
	expect(KITH_ERR_SHAPE, "KITH:1/C/AA?x=y");
	expect(KITH_ERR_SHAPE, "KITH:1/C/A\xc3\xa4");
	expect(KITH_ERR_SHAPE, "KITH:1/I/AA"); /* a key has 32 bytes */
	expect(KITH_ERR_SHAPE, KEY "AA");
	expect(KITH_ERR_VERSION, "KITH:2/C/AA");
	expect(KITH_ERR_VERSION, "kith:10/?");
	expect(KITH_ERR_VERSION, "KITH:11/C/AA");
	expect(KITH_ERR_VERSION, "KITH:1/X/AA");
	expect(KITH_OK, "KITH:1/C/AA");
	expect(KITH_OK, "KITH:1/J/AE");
}

/* URI_MAX characters, and one more; blanks do not count. */
static void limit_of_the_text(void **state)
{
	static char text[2 * KITH_URI_MAX];
	static uint8_t bytes[(KITH_URI_MAX - 9) * 5 / 8 + 1];
	KITH_AUTO_BUF struct kith_buf out = {0};

	(void)state;
	memset(text, 'A', sizeof text - 1);
	memcpy(text, "KITH:1/C/", 9);
	text[KITH_URI_MAX] = 0;
	expect(KITH_OK, text);
	text[KITH_URI_MAX] = 'A';
	text[KITH_URI_MAX + 1] = 0;
	expect(KITH_ERR_LIMIT, text);
	memset(text + KITH_URI_MAX, '\n', sizeof text - KITH_URI_MAX - 1);
	expect(KITH_OK, text);
	text[sizeof text - 2] = 'A';
	expect(KITH_ERR_LIMIT, text);
	memset(text, 'K', KITH_URI_MAX);
	text[KITH_URI_MAX] = 0;
	expect(KITH_ERR_NOTCARD, text);

	size_t n = sizeof bytes - 1;
	assert_int_equal(kith_uri_write(KITH_URI_CARD, kith_span(bytes, n), &out), KITH_OK);
	assert_int_equal(out.n, KITH_URI_MAX);
	kith_buf_clear(&out);
	assert_int_equal(
		kith_uri_write(KITH_URI_CARD, kith_span(bytes, n + 1), &out), KITH_ERR_LIMIT);
	assert_int_equal(kith_uri_write(KITH_URI_CARD, kith_span(bytes, 0), &out), KITH_ERR_LIMIT);
	assert_int_equal(out.n, 0);
}

static void others_are_named(void **state)
{
	static const struct {
		const char *text;
		const char *word;
	} codes[] = {{"https://example.org/?KITH:1/C/AA", "a web address"},
		{"HTTP://EXAMPLE.ORG", "a web address"},
		{"WIFI:T:WPA;S:guests;P:secret;;", "a Wi-Fi code"},
		{"BEGIN:VCARD\r\nVERSION:3.0\r\nEND:VCARD\r\n", "a vCard"},
		{"mecard:N:Lovelace,Ada;;", "MECARD"}, {"otpauth://totp/x?secret=JBSW", "one-time"},
		{"otpauth-migration://offline?data=x", "one-time"}, {"geo:51.5,-0.1", "map"},
		{"tel:+442079460018", "telephone"}, {"mailto:ada@example.org", "e-mail"},
		{"https://signal.me/#eu/x", "Signal"}, {"sgnl://linkdevice?uuid=x", "Signal"},
		{"https://matrix.to/#/@ada:example.org", "Matrix"}, {"briar://acuq2zxh", "Briar"},
		{"simplex:/contact#/?v=2", "SimpleX"}, {"OPENPGP4FPR:0123#a=b", "OpenPGP"},
		{"BCD\n002\n1\nSCT\n", "payment"}, {"bitcoin:bc1q", "payment"},
		{"LPA:1$rsp.example$x", "eSIM"}, {"%PDF-1.7", "PDF"}, {"{\"a\":1}", "JSON"},
		{"dn: cn=x", "LDIF"}, {"KITHKEY1...", "secret key"},
		{"-----BEGIN PGP MESSAGE-----", "OpenPGP"},
		{"-----BEGIN CERTIFICATE-----", "certificate"}, {"www.example.org", "web address"},
		{"BEGIN:VEVENT\nSUMMARY:x\nEND:VEVENT", "calendar"}, {"4006381333931", "product"},
		{"40063812", "product"},
		{"AAAQEAYEAUDAOCAJBIFQYDIOB4IBCEQTCQKRMFYYDENBWHA5DYPQ", "somebody's id"}};

	(void)state;
	for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
		KITH_AUTO_BUF struct kith_buf out = {0};
		struct kith_diag diag = {0};
		enum kith_uri_kind kind;
		assert_false(kith_uri_is(kith_span_str(codes[i].text)));
		assert_int_equal(kith_uri_read(kith_span_str(codes[i].text), &kind, &out, &diag),
			KITH_ERR_NOTCARD);
		if (!strstr(diag.text, codes[i].word))
			fail_msg("%s: %s", codes[i].text, diag.text);
		assert_non_null(strstr(diag.text, "not a code of kith's"));
	}
	assert_null(kith_uri_other(kith_span_str("hello")));
	assert_null(kith_uri_other(kith_span_str("400638133393")));
	assert_null(kith_uri_other(kith_span_str("")));
	assert_string_equal(kith_uri_other(kith_span_str(" \n WIFI:S:x;;")), "a Wi-Fi code");
}

/* A text without an end: nothing is read behind its last byte. */
static void bytes_are_no_strings(void **state)
{
	static const char text[] = KEY;

	(void)state;
	for (size_t n = 0; n < sizeof text - 1; n++) {
		KITH_AUTO_BUF struct kith_buf out = {0};
		KITH_AUTO_FREE uint8_t *exact = malloc(n ? n : 1);
		struct kith_diag diag = {0};
		enum kith_uri_kind kind;
		memcpy(exact, text, n);
		enum kith_err err = kith_uri_read(kith_span(exact, n), &kind, &out, &diag);
		assert_int_equal(err, n < 5 ? KITH_ERR_NOTCARD : KITH_ERR_SHAPE);
		assert_int_equal(out.n, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_comes_back),
		cmocka_unit_test(a_key_in_every_spelling),
		cmocka_unit_test(each_fault_by_name),
		cmocka_unit_test(limit_of_the_text),
		cmocka_unit_test(others_are_named),
		cmocka_unit_test(bytes_are_no_strings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
