/* SPDX-License-Identifier: MIT
 *
 * What a card is as vCard 3.0: every field, names, labels, folding, escaping.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/auto.h"
#include "vcard/line.h"
#include "vcard/name.h"
#include "vcard/write.h"

/* The fields of one card under test, put together from "kind[.label]=value". */
struct sheet {
	struct kith_card card;
	struct kith_buf out;
};

static void sheet_free(struct sheet *s)
{
	kith_buf_free(&s->out);
}

#define SHEET KITH_AUTO(sheet_free) struct sheet

static void add(struct sheet *s, const char *text)
{
	struct kith_diag diag = {0};

	if (kith_field_parse(kith_span_str(text), &s->card.fields.at[s->card.fields.n++], &diag))
		fail_msg("%s: %s", text, diag.text);
}

/* The vCard with its folds undone, as a C string. */
static const char *text_of(struct sheet *s)
{
	kith_buf_clear(&s->out);
	assert_int_equal(
		kith_vcard_write_card(&s->card, kith_span("", 0), NULL, KITH_VCARD_30, &s->out),
		KITH_OK);
	size_t to = 0;
	for (size_t i = 0; i < s->out.n; i++) {
		if (i + 2 < s->out.n && memcmp(s->out.p + i, "\r\n ", 3) == 0)
			i += 2;
		else
			s->out.p[to++] = s->out.p[i];
	}
	s->out.n = to;
	return kith_buf_cstr(&s->out);
}

/* That the line stands in the vCard, once. */
static void expect(struct sheet *s, const char *line)
{
	char wanted[4096];
	const char *text = text_of(s);

	(void)snprintf(wanted, sizeof wanted, "\r\n%s\r\n", line);
	const char *at = strstr(text, wanted);
	if (!at || strstr(at + 2, wanted))
		fail_msg("\"%s\" is not there once in:\n%s", line, text);
}

static void expect_absent(struct sheet *s, const char *property)
{
	if (strstr(text_of(s), property))
		fail_msg("%s is in:\n%s", property, (const char *)s->out.p);
}

static void whole_card(void **state)
{
	static const char expected[] = "BEGIN:VCARD\r\n"
				       "VERSION:3.0\r\n"
				       "FN:Dr Ada Lovelace\r\n"
				       "N:Lovelace;Ada;Augusta;Dr;FRS\r\n"
				       "NICKNAME:ada\r\n"
				       "NICKNAME:enchantress\r\n"
				       "ORG:Analytical Engines;Research\r\n"
				       "TITLE:Programmer\r\n"
				       "EMAIL;TYPE=WORK:ada@example.org\r\n"
				       "TEL;TYPE=CELL:+44 7700 900123\r\n"
				       "TEL;TYPE=WORK,FAX:+44 1\r\n"
				       "URL:https://example.org/\r\n"
				       "item1.URL:https://example.org/cv\r\n"
				       "item1.X-ABLabel:resume\r\n"
				       "ADR;TYPE=HOME:;;1 High St;London;;N1;UK\r\n"
				       "BDAY:1815-12-10\r\n"
				       "NOTE:first\\nsecond\r\n"
				       "X-PRONOUNS:she/her\r\n"
				       "X-KITH-OFFERS:tables\r\n"
				       "X-KITH-ASKS:a difference engine\r\n"
				       "UID:";
	SHEET s = {.card.issued = 1777832411};
	const char *const fields[] = {"name=Dr Ada Lovelace", "given=Ada", "family=Lovelace",
		"additional=Augusta", "prefix=Dr", "suffix=FRS", "nickname=ada",
		"nickname=enchantress", "pronouns=she/her", "org=Analytical Engines",
		"unit=Research", "title=Programmer", "email.work=ada@example.org",
		"tel.mobile=+44 7700 900123", "tel.Work Fax=+44 1", "url=https://example.org/",
		"url.resume=https://example.org/cv", "adr.home=1 High St;London;;N1;UK",
		"bday=1815-12-10", "note=first\nsecond", "offers=tables",
		"asks=a difference engine"};

	(void)state;
	for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
		add(&s, fields[i]);
	const char *text = text_of(&s);
	assert_int_equal(strncmp(text, expected, sizeof expected - 1), 0);
	const char *rest = text + sizeof expected - 1;
	assert_non_null(strstr(rest, "\r\nREV:2026-05-03T18:20:11Z\r\nX-KITH-CARD:"));
	assert_string_equal(rest + strlen(rest) - 13, "\r\nEND:VCARD\r\n");
}

static void smallest_card(void **state)
{
	SHEET s = {.card.issued = 0};
	char uid[KITH_UID_CHARS + 1];
	char expected[512];

	(void)state;
	add(&s, "name=Ada");
	kith_uid_text(s.card.ik, uid);
	(void)snprintf(expected, sizeof expected,
		"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ada\r\nN;X-KITH-DERIVED=given:;Ada;;;\r\n"
		"UID:%s\r\nREV:1970-01-01T00:00:00Z\r\nX-KITH-CARD:\r\nEND:VCARD\r\n",
		uid);
	assert_string_equal(text_of(&s), expected);
}

static void names(void **state)
{
	static const struct {
		const char *name, *given, *family, *n;
	} cases[] = {
		{"Ada Lovelace", NULL, NULL, "N;X-KITH-DERIVED=both:Lovelace;Ada;;;"},
		{"Sukarno", NULL, NULL, "N;X-KITH-DERIVED=given:;Sukarno;;;"},
		{"Ludwig van der Beispiel", NULL, NULL,
			"N;X-KITH-DERIVED=both:Beispiel;Ludwig van der;;;"},
		{"Ludwig van der Beispiel", "Ludwig", NULL,
			"N;X-KITH-DERIVED=family:van der Beispiel;Ludwig;;;"},
		{"Ludwig van der Beispiel", NULL, "van der Beispiel",
			"N;X-KITH-DERIVED=given:van der Beispiel;Ludwig;;;"},
		{"John Q. Public, Esq.", NULL, NULL,
			"N;X-KITH-DERIVED=given:;John Q. Public\\, Esq.;;;"},
		{"\u738b\u5c0f\u660e", NULL, NULL, "N;X-KITH-DERIVED=given:;\u738b\u5c0f\u660e;;;"},
		{"\u738b \u5c0f\u660e", NULL, NULL,
			"N;X-KITH-DERIVED=given:;\u738b \u5c0f\u660e;;;"},
		{"\ud64d \uae38\ub3d9", NULL, NULL,
			"N;X-KITH-DERIVED=given:;\ud64d \uae38\ub3d9;;;"},
		{"\U00020bb7 \u7530", NULL, NULL, "N;X-KITH-DERIVED=given:;\U00020bb7 \u7530;;;"},
		{"\u05e9\u05e8\u05d4 \u05d3\u05d5", NULL, NULL,
			"N;X-KITH-DERIVED=both:\u05d3\u05d5;\u05e9\u05e8\u05d4;;;"},
		{"Ada", "Ada", NULL, "N:;Ada;;;"},
		{"Adam", "Ada", NULL, "N:;Ada;;;"},
		{"The Countess", "Ada", NULL, "N:;Ada;;;"},
		{"The Countess", NULL, "Lovelace", "N:Lovelace;;;;"},
		{"Example; Sample", NULL, NULL, "N;X-KITH-DERIVED=both:Sample;Example\\;;;;"},
		{"  Ada   Lovelace ", NULL, NULL, "N;X-KITH-DERIVED=both:Lovelace;Ada;;;"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		SHEET s = {0};
		char field[256];
		(void)snprintf(field, sizeof field, "name=%s", cases[i].name);
		add(&s, field);
		char given[128], family[128];
		(void)snprintf(
			given, sizeof given, "given=%s", cases[i].given ? cases[i].given : "");
		(void)snprintf(
			family, sizeof family, "family=%s", cases[i].family ? cases[i].family : "");
		if (cases[i].given)
			add(&s, given);
		if (cases[i].family)
			add(&s, family);
		expect(&s, cases[i].n);
	}
}

static void labels(void **state)
{
	SHEET s = {0};

	(void)state;
	add(&s, "name=A B");
	add(&s, "email.HOME=h@x.org");
	add(&s, "email.mobile=m@x.org"); /* an e-mail is never CELL */
	add(&s, "tel.cell=1");
	add(&s, "tel.Mobile=2");
	add(&s, "tel.fax=3");
	add(&s, "tel.home fax=4");
	add(&s, "tel.satellite; it, really=5");
	add(&s, "url.work=http://x");
	add(&s, "note.work=n");
	s.card.fields.at[3].flags = KITH_FIELD_PREFERRED;
	s.card.fields.at[4].flags = KITH_FIELD_PREFERRED;
	expect(&s, "EMAIL;TYPE=HOME:h@x.org");
	expect(&s, "item1.EMAIL:m@x.org\r\nitem1.X-ABLabel:mobile");
	expect(&s, "TEL;TYPE=CELL,PREF:1");
	expect(&s, "TEL;TYPE=CELL,PREF:2");
	expect(&s, "TEL;TYPE=FAX:3");
	expect(&s, "TEL;TYPE=HOME,FAX:4");
	expect(&s, "item2.TEL:5\r\nitem2.X-ABLabel:satellite\\; it\\, really");
	expect(&s, "URL;TYPE=WORK:http://x");
	expect(&s, "item3.NOTE:n\r\nitem3.X-ABLabel:work");
	s.card.fields.at[1].label = kith_span("", 0);
	s.card.fields.at[1].flags = KITH_FIELD_PREFERRED;
	expect(&s, "EMAIL;TYPE=PREF:h@x.org");
}

static void organisations(void **state)
{
	SHEET s = {0};
	SHEET alone = {0};

	(void)state;
	add(&s, "name=A");
	add(&s, "unit=stray");
	add(&s, "org.day=Bank; Co");
	add(&s, "org.night=Band");
	add(&s, "unit.night=Drums");
	add(&s, "unit.night=Backing, vocals");
	add(&s, "unit.other=lost");
	expect(&s, "item1.ORG:Bank\\; Co;stray;lost");
	expect(&s, "item2.ORG:Band;Drums;Backing\\, vocals");
	add(&alone, "name=A");
	add(&alone, "unit=Research");
	expect(&alone, "ORG:;Research");
}

static void birthdays(void **state)
{
	SHEET s = {0};

	(void)state;
	add(&s, "name=A");
	add(&s, "bday=--02-29");
	expect(&s, "BDAY;X-APPLE-OMIT-YEAR=1604:1604-02-29");
	s.card.fields.at[1].part[0] = kith_span_str("some day\r\nTEL:1");
	expect_absent(&s, "BDAY");
	expect_absent(&s, "TEL");
}

static void revisions(void **state)
{
	SHEET s = {.card.issued = INT64_C(253402300799)};

	(void)state;
	add(&s, "name=A");
	expect(&s, "REV:9999-12-31T23:59:59Z");
	s.card.issued++;
	expect_absent(&s, "REV:");
	s.card.issued = (INT64_C(1) << 53) - 1;
	expect_absent(&s, "REV:");
}

static void escapes(void **state)
{
	static const struct {
		const char *from, *to;
	} cases[] = {
		{"a;b,c\\d:e\"f", "a\\;b\\,c\\\\d:e\"f"},
		{"a\nb\rc\r\nd\n\re", "a\\nb\\nc\\nd\\n\\ne"},
		{"a\tb", "a\tb"},
		{"a\x01\x1b[31m\x7f"
		 "b",
			"a[31mb"},
		{"a\xc2\x80\xc2\x9b"
		 "b",
			"ab"},
		{"a\vb\fc\x1c"
		 "d\xc2\x85"
		 "e\u2028f\u2029g",
			"a\\nb\\nc\\nd\\ne\\nf\\ng"},
		{"\nEND:VCARD\n", "\\nEND:VCARD\\n"},
		{"^n ^^ =3D %0A", "^n ^^ =3D %0A"},
		{"Zo\u00eb \U0001f98a \u200d \u202e", "Zo\u00eb \U0001f98a \u200d \u202e"},
		{"", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		KITH_AUTO_BUF struct kith_buf out = {0};
		struct kith_line l = {.out = &out};
		kith_line_text(&l, kith_span_str(cases[i].from));
		assert_int_equal(l.err, KITH_OK);
		assert_string_equal(kith_buf_cstr(&out), cases[i].to);
	}
}

static void uris(void **state)
{
	SHEET s = {0};

	(void)state;
	add(&s, "name=A");
	add(&s, "url=https://x.org/a;b,c?d=e#f");
	expect(&s, "URL:https://x.org/a;b%2Cc?d=e#f");
	s.card.fields.at[1].part[0] =
		kith_span_str("http://x/\r\nEND:VCARD\\ \t\x7f\xc2\x85\u2028\u00eb");
	expect(&s, "URL:http://x/%0D%0AEND:VCARD%5C%20%09%7F%C2%85%E2%80%A8\u00eb");
}

/* Whether the bytes are a whole number of characters. */
static bool whole_characters(const uint8_t *p, size_t n)
{
	size_t more = 0;

	for (size_t i = 0; i < n; i++) {
		if ((p[i] & 0xc0) == 0x80 ? more-- == 0 : more != 0)
			return false;
		if (p[i] >= 0xc0)
			more = p[i] >= 0xf0 ? 3 : p[i] >= 0xe0 ? 2 : 1;
	}
	return more == 0;
}

static void folds(void **state)
{
	static const char *const units[] = {
		"x", "\u00eb", "\u3042", "\U0001f98a", ";", "\n", "x\u00eb"};

	(void)state;
	for (size_t u = 0; u < sizeof units / sizeof units[0]; u++) {
		for (size_t length = 0; length < 320; length++) {
			KITH_AUTO_BUF struct kith_buf text = {0};
			KITH_AUTO_BUF struct kith_buf out = {0};
			struct kith_line l = {.out = &out};
			for (size_t i = 0; i < length; i++)
				assert_int_equal(kith_buf_add_str(&text, units[u]), KITH_OK);
			kith_line_raw(&l, "NOTE:");
			kith_line_text(&l, kith_buf_span(&text));
			kith_line_end(&l);
			size_t start = 0, total = 0;
			for (size_t i = 0; i + 1 < out.n; i++) {
				if (memcmp(out.p + i, "\r\n", 2) != 0)
					continue;
				assert_true(i - start <= KITH_VCARD_LINE_OCTETS);
				assert_true(whole_characters(out.p + start, i - start));
				assert_true(start == 0 || out.p[start] == ' ');
				total += i - start - (start != 0);
				start = i + 2;
			}
			assert_int_equal(start, out.n);
			assert_int_equal(total,
				5 + length * (strchr(";\n", units[u][0]) ? 2 : strlen(units[u])));
		}
	}
}

/* A fold that is not needed is not made: exactly 75 octets stand on one line. */
static void fold_at_the_limit(void **state)
{
	SHEET s = {0};
	char note[128];

	(void)state;
	add(&s, "name=A");
	(void)snprintf(note, sizeof note, "note=%070d", 0);
	add(&s, note);
	assert_int_equal(
		kith_vcard_write_card(&s.card, kith_span("", 0), NULL, KITH_VCARD_30, &s.out),
		KITH_OK);
	assert_null(strstr(kith_buf_cstr(&s.out), "\r\n "));
	(void)snprintf(note, sizeof note, "note=%071d", 0);
	kith_buf_clear(&s.out);
	s.card.fields.n--;
	add(&s, note);
	assert_int_equal(
		kith_vcard_write_card(&s.card, kith_span("", 0), NULL, KITH_VCARD_30, &s.out),
		KITH_OK);
	assert_non_null(strstr(kith_buf_cstr(&s.out), "\r\n 0\r\nUID:"));
}

static void photos(void **state)
{
	static const struct {
		const char *bytes;
		size_t n;
		const char *line;
	} cases[] = {
		{"\xff\xd8\xff\xe0", 4, "PHOTO;ENCODING=b;TYPE=JPEG:/9j/4A=="},
		{"\x89PNG\r\n\x1a\n!", 9, "PHOTO;ENCODING=b;TYPE=PNG:iVBORw0KGgoh"},
		{"RIFFxxxxWEBP!", 13, "PHOTO;ENCODING=b;TYPE=WEBP:UklGRnh4eHhXRUJQIQ=="},
		{"GIF89a", 6, NULL},
		{"<svg onload=x>", 14, NULL},
		{"", 0, NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		SHEET s = {0};
		add(&s, "name=A");
		s.card.fields.at[1] = (struct kith_field){.kind = KITH_FIELD_PHOTO,
			.parts = 1,
			.part[0] = kith_span(cases[i].bytes, cases[i].n)};
		s.card.fields.n = 2;
		if (cases[i].line)
			expect(&s, cases[i].line);
		else
			expect_absent(&s, "PHOTO");
	}
}

static void left_out(void **state)
{
	SHEET s = {0};

	(void)state;
	add(&s, "name=A");
	add(&s, "note=");
	add(&s, "adr=");
	add(&s, "nickname=");
	s.card.fields.at[4] = (struct kith_field){
		.kind = 63, .parts = 2, .part = {kith_span_str("newer"), kith_span_str("kith")}};
	s.card.fields.n = 5;
	expect_absent(&s, "NOTE");
	expect_absent(&s, "ADR");
	expect_absent(&s, "NICKNAME");
	expect_absent(&s, "newer");
}

/* Memory that ends after so many allocations. */
static size_t left;

static void *some_alloc(void *ctx, size_t n)
{
	(void)ctx;
	return left-- > 0 ? calloc(1, n) : NULL;
}

static void some_release(void *ctx, void *p, size_t n)
{
	(void)ctx;
	(void)n;
	free(p);
}

static void memory_runs_out(void **state)
{
	struct kith_env env = *kith_env_default();
	enum kith_err err = KITH_ERR_NOMEM;
	SHEET s = {0};

	(void)state;
	env.alloc = some_alloc;
	env.release = some_release;
	add(&s, "name=A");
	add(&s, "note=a long enough text to need more than one allocation of the buffer");
	for (size_t n = 0; err && n < 100; n++) {
		KITH_AUTO_BUF struct kith_buf out;
		kith_buf_init(&out, &env);
		left = n;
		err = kith_vcard_write_card(&s.card, kith_span("", 0), NULL, KITH_VCARD_30, &out);
		assert_true(err == KITH_OK || err == KITH_ERR_NOMEM);
		assert_true(n > 0 || err == KITH_ERR_NOMEM);
	}
	assert_int_equal(err, KITH_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_card),
		cmocka_unit_test(smallest_card),
		cmocka_unit_test(names),
		cmocka_unit_test(labels),
		cmocka_unit_test(organisations),
		cmocka_unit_test(birthdays),
		cmocka_unit_test(revisions),
		cmocka_unit_test(escapes),
		cmocka_unit_test(uris),
		cmocka_unit_test(folds),
		cmocka_unit_test(fold_at_the_limit),
		cmocka_unit_test(photos),
		cmocka_unit_test(left_out),
		cmocka_unit_test(memory_runs_out),
	};

	if (kith_crypto_start())
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
