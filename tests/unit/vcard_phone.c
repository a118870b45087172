/* SPDX-License-Identifier: MIT
 *
 * The vCard in a QR code: what every reader of such codes takes, and what is left out of it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "vcard_rounds.h"

struct phone {
	struct kith_fields fields;
	struct kith_buf out;
	struct kith_buf left_out;
};

static void phone_free(struct phone *p)
{
	kith_buf_free(&p->out);
	kith_buf_free(&p->left_out);
}

#define PHONE KITH_AUTO(phone_free) struct phone

static void add(struct phone *p, const char *text)
{
	struct kith_field *f = &p->fields.at[p->fields.n++];
	bool preferred = text[0] == '!';

	assert_int_equal(kith_field_parse(kith_span_str(text + preferred), f, NULL), KITH_OK);
	f->flags = preferred ? KITH_FIELD_PREFERRED : 0;
}

static void expect(struct phone *p, const char *lines, const char *left_out)
{
	char expected[4096];

	assert_int_equal(kith_vcard_write_phone(&p->fields, &p->out, &p->left_out), KITH_OK);
	(void)snprintf(
		expected, sizeof expected, "BEGIN:VCARD\r\nVERSION:3.0\r\n%sEND:VCARD\r\n", lines);
	assert_string_equal(kith_buf_cstr(&p->out), expected);
	assert_string_equal((const char *)p->left_out.p, left_out);
}

/* The common subset, each field of it and no other. */
static void the_common_subset(void **state)
{
	static const char *const fields[] = {"name=Dr Ada Lovelace", "given=Ada", "family=Lovelace",
		"additional=Augusta", "prefix=Dr", "suffix=FRS", "tel=+44 1",
		"tel.work=+44 7700 900123", "!tel.mobile=+44 2 \t3", "email.work=ada@example.org",
		"!email.boat=a@example.org", "org=Engines; Co", "org=Bank", "unit=Research",
		"title=Programmer", "title=Poet", "url=https://example.org/",
		"!url=https://example.org/a,b", "adr.home=;;1 High St;London;;N1;UK", "adr=;;2;;;;",
		"nickname=ada", "pronouns=she/her", "phonetic=AY-da", "bday=1815-12-10", "note=x",
		"offers=x", "asks=x"};
	PHONE p = {.fields.n = 0};

	(void)state;
	for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
		add(&p, fields[i]);
	p.fields.at[p.fields.n++] = (struct kith_field){.kind = KITH_FIELD_PHOTO,
		.parts = 1,
		.part[0] = kith_span_str("\xff\xd8\xff\xe1picture")};
	expect(&p,
		"FN:Dr Ada Lovelace\r\nN:Lovelace;Ada;Augusta;Dr;FRS\r\nTEL;TYPE=CELL:+4423\r\n"
		"TEL:+441\r\nEMAIL:a@example.org\r\nORG:Engines\\; Co\r\nTITLE:Programmer\r\n"
		"URL:https://example.org/a%2Cb\r\nADR:;;1 High St;London;;N1;UK\r\n",
		"tel.work, email.work, org, unit, title, url, adr, nickname, pronouns, phonetic, bday, "
		"note, offers, asks, photo");
}

static void the_smallest(void **state)
{
	PHONE p = {.fields.n = 0};

	(void)state;
	add(&p, "name=Ada Lovelace");
	expect(&p, "FN:Ada Lovelace\r\nN:Lovelace;Ada;;;\r\n", "");
}

/* Not folded, and in UTF-8: no reader of codes undoes either. */
static void long_lines_stay_whole(void **state)
{
	PHONE p = {.fields.n = 0};

	(void)state;
	add(&p, "name=\u738b\u5c0f\u660e");
	add(&p, "family=\u738b");
	add(&p, "org=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\u00e4");
	expect(&p,
		"FN:\u738b\u5c0f\u660e\r\nN:\u738b;;;;\r\n"
		"ORG:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\u00e4\r\n",
		"");
}

/* Case 35, in a code. */
static void nothing_gets_out(void **state)
{
	PHONE p = {.fields.n = 0};

	(void)state;
	add(&p, "name=A\r\nTEL:666");
	add(&p, "tel=1\nEND:VCARD");
	add(&p, "url=http://x\r\nFN:Eve");
	expect(&p,
		"FN:A\\nTEL:666\r\nN:;A\\nTEL:666;;;\r\nTEL:1\\nEND:VCARD\r\n"
		"URL:http://x%0D%0AFN:Eve\r\n",
		"");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_common_subset),
		cmocka_unit_test(the_smallest),
		cmocka_unit_test(long_lines_stay_whole),
		cmocka_unit_test(nothing_gets_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
