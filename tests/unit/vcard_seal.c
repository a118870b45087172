/* SPDX-License-Identifier: MIT
 *
 * The signed card inside a vCard: it comes back, changes beside it are told, and what other programs
 * do to a vCard without changing what it says is none.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/limits.h"
#include "vcard_rounds.h"
#include "vcard/seal.h"

static struct kith_identity *ada;

static int start(void **state)
{
	const uint8_t seed[32] = {1};

	(void)state;
	return kith_crypto_start() || kith_identity_from_seed(seed, &ada) ? -1 : 0;
}

static int stop(void **state)
{
	(void)state;
	kith_identity_free(ada);
	return 0;
}

/* A signed card. */
struct sealed {
	struct kith_buf envelope;
	struct kith_card card;
};

static void sealed_free(struct sealed *s)
{
	kith_buf_free(&s->envelope);
}

#define SEALED KITH_AUTO(sealed_free) struct sealed

static void seal(struct sealed *s, const char *const *fields, size_t n)
{
	static struct kith_card card;

	card = (struct kith_card){.rev = 1, .issued = 1777832411};
	for (size_t i = 0; i < n; i++) {
		struct kith_field *f = &card.fields.at[card.fields.n++];
		bool preferred = fields[i][0] == '!';
		assert_int_equal(
			kith_field_parse(kith_span_str(fields[i] + preferred), f, NULL), KITH_OK);
		f->flags = preferred ? KITH_FIELD_PREFERRED : 0;
	}
	assert_int_equal(kith_card_sign(ada, &card, &s->envelope), KITH_OK);
	assert_int_equal(kith_card_verify(kith_buf_span(&s->envelope), &s->card), KITH_OK);
}

static const char *const everything[] = {"name=Dr Ada Lovelace", "given=Ada", "additional=Augusta",
	"prefix=Dr", "suffix=FRS", "phonetic=AY-da", "nickname=ada", "nickname=the enchantress",
	"pronouns=she/her", "unit=Stray", "org.day=Analytical; Engines", "unit.day=Research",
	"org=Bank", "title=Programmer", "email.work=ada@example.org", "!email.Home=a@example.org",
	"tel.cell=+44 7700 900123", "!tel.Work Fax=+44 1", "tel.boat=+44 2",
	"url=https://example.org/a,b c\\d", "url.resume=https://example.org/cv",
	"adr.home=;;1 High St;London;;N1;UK", "bday=--12-10", "note=first\nsecond; third, fourth\\",
	"note.work= blanks around ", "offers=tables", "asks=a difference engine"};

#define EVERYTHING everything, sizeof everything / sizeof everything[0]

static struct kith_vcard *written(
	const struct sealed *s, struct kith_vcard *own, enum kith_vcard_version as)
{
	KITH_AUTO_BUF struct kith_buf out = {0};
	struct kith_vcard *v;

	assert_int_equal(
		kith_vcard_write_card(&s->card, kith_buf_span(&s->envelope), own, as, &out),
		KITH_OK);
	assert_int_equal(kith_vcard_parse(kith_buf_span(&out), &v, NULL), KITH_OK);
	return v;
}

static struct kith_vcard *parsed(const char *text)
{
	struct kith_vcard *v;

	assert_int_equal(kith_vcard_parse(kith_span_str(text), &v, NULL), KITH_OK);
	return v;
}

/* How many fields of the card the vCard has altered, and how many it has added. */
static void expect(struct kith_vcard *v, const struct kith_card *card, size_t altered, size_t added)
{
	static struct kith_fields a, b;

	assert_int_equal(kith_vcard_against(v, card, &a, &b), KITH_OK);
	if (a.n != altered || b.n != added)
		fail_msg("%zu altered, %zu added; the first: %s %s", a.n, b.n,
			a.n ? kith_field_info(a.at[0].kind)->name : "",
			b.n ? kith_field_info(b.at[0].kind)->name : "");
}

static void comes_back(void **state)
{
	static const enum kith_vcard_version versions[] = {KITH_VCARD_30, KITH_VCARD_40};
	SEALED s = {0};

	(void)state;
	seal(&s, EVERYTHING);
	for (size_t i = 0; i < 2; i++) {
		KITH_AUTO_BUF struct kith_buf envelope = {0}, beyond = {0};
		char uid[KITH_UID_CHARS + 1];
		size_t n = 1;
		VCARD v = written(&s, NULL, versions[i]);
		assert_int_equal(kith_vcard_version(v), versions[i]);
		assert_int_equal(kith_vcard_envelope(v, &envelope), KITH_OK);
		assert_true(kith_span_eq(kith_buf_span(&envelope), kith_buf_span(&s.envelope)));
		kith_uid_text(s.card.ik, uid);
		assert_true(kith_span_eq(kith_vcard_uid(v), kith_span_str(uid)));
		expect(v, &s.card, 0, 0);
		assert_int_equal(
			kith_vcard_beyond(v, &s.card, kith_span_str("u"), &beyond, &n), KITH_OK);
		assert_int_equal(n, 0);
		assert_int_equal(beyond.n, 0);
		rounds_why why = rounds_all(v);
		if (why)
			fail_msg("%s", why);
	}
}

/* Puts `to` in the place of `from`, everywhere it stands (once at least). */
static void replace(struct kith_buf *text, const char *from, const char *to)
{
	KITH_AUTO_BUF struct kith_buf out = {0};
	const char *at = kith_buf_cstr(text), *found;

	assert_non_null(strstr(at, from));
	while ((found = strstr(at, from))) {
		assert_int_equal(kith_buf_add(&out, at, (size_t)(found - at)), KITH_OK);
		assert_int_equal(kith_buf_add_str(&out, to), KITH_OK);
		at = found + strlen(from);
	}
	assert_int_equal(kith_buf_add_str(&out, at), KITH_OK);
	kith_buf_clear(text);
	assert_int_equal(kith_buf_add(text, out.p, out.n), KITH_OK);
}

/* The card as 3.0, not folded, with one text in the place of another. */
static struct kith_vcard *changed(const struct sealed *s, const char *from, const char *to)
{
	KITH_AUTO_BUF struct kith_buf out = {0};

	assert_int_equal(kith_vcard_write_card(
				 &s->card, kith_buf_span(&s->envelope), NULL, KITH_VCARD_30, &out),
		KITH_OK);
	replace(&out, "\r\n ", "");
	replace(&out, from, to);
	return parsed(kith_buf_cstr(&out));
}

static void every_change_is_told(void **state)
{
	static const struct {
		const char *from, *to;
		size_t altered, added;
	} cases[] = {
		{"FN:Dr Ada Lovelace", "FN:Dr Eve Lovelace", 1, 1},
		{"Ada;Augusta;Dr;FRS", "Eve;Augusta;Dr;FRS", 1, 1},
		{"Ada;Augusta;Dr;FRS", "Ada;;Dr;FRS", 1, 0},
		{";Ada;Augusta;Dr;FRS", ";Ada;Augusta;Dr;MP", 1, 1},
		{"X-PHONETIC-FIRST-NAME:AY-da\r\n", "", 1, 0},
		{"NICKNAME:ada", "NICKNAME:adb", 1, 1},
		{"she/her", "he/him", 1, 1},
		{"Stray", "Astray", 1, 1},
		{";Research", "", 1, 0},
		{"ORG:Bank", "ORG:Bench", 1, 1},
		{"TITLE:Programmer", "TITLE:President", 1, 1},
		{"ada@example.org", "eve@example.org", 1, 1},
		{"EMAIL;TYPE=HOME,PREF", "EMAIL;TYPE=HOME", 1, 1},
		{"EMAIL;TYPE=WORK", "EMAIL;TYPE=HOME", 1, 1},
		{"+44 7700 900123", "+44 7700 900124", 1, 1},
		{"X-ABLabel:boat", "X-ABLabel:coat", 1, 1},
		{"https://example.org/cv", "https://example.com/cv", 1, 1},
		{"1 High St", "2 High St", 1, 1},
		{";N1;UK", ";N1;", 1, 1},
		{"1604-12-10", "1604-12-11", 1, 1},
		{"1604:1604-12-10", "1604:1815-12-10", 1, 1},
		{"first\\nsecond", "first second", 1, 1},
		{"X-KITH-OFFERS:tables", "X-KITH-OFFERS:cables", 1, 1},
		{"X-KITH-ASKS:", "X-OTHER:", 1, 0},
		{"TITLE:", "TEL:666\r\nTITLE:", 0, 1},
		{"UID:", "X-A:b\r\nUID:", 0, 0},
	};
	SEALED s = {0};

	(void)state;
	seal(&s, EVERYTHING);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		VCARD v = changed(&s, cases[i].from, cases[i].to);
		static struct kith_fields a, b;
		assert_int_equal(kith_vcard_against(v, &s.card, &a, &b), KITH_OK);
		if (a.n != cases[i].altered || b.n != cases[i].added)
			fail_msg("%s -> %s: %zu altered, %zu added", cases[i].from, cases[i].to,
				a.n, b.n);
	}
}

/* What the vCard has otherwise, and besides, by names. */
static void names(struct kith_vcard *v, const struct kith_card *card, const char *altered,
	const char *added, const char *what)
{
	KITH_AUTO_BUF struct kith_buf a = {0}, b = {0};

	assert_int_equal(kith_vcard_differs(v, card, &a, &b), KITH_OK);
	if (strcmp(kith_buf_cstr(&a), altered) != 0 || strcmp(kith_buf_cstr(&b), added) != 0)
		fail_msg("%s: altered \"%s\", added \"%s\"", what, kith_buf_cstr(&a),
			kith_buf_cstr(&b));
}

/* What another program would show beside what was signed, or in its place. */
static void what_others_would_show_is_named(void **state)
{
	static const struct {
		const char *from, *to, *altered, *added;
	} cases[] = {
		{"UID:", "FN:Mallory\r\nUID:", "name", ""},
		{"UID:", "x.fn;ALTID=1:Mallory\r\nUID:", "name", ""},
		{"FN:", "FN;PREF=1:Mallory\r\nFN:", "name", "name"},
		{"UID:", "N:Mallory;Evil;;;\r\nUID:", "name", ""},
		{"UID:", "N;ALTID=1;LANGUAGE=en:Mallory;Evil;;;\r\nUID:", "name", ""},
		{"UID:", "PRONOUNS:he\r\nUID:", "pronouns", ""},
		{"UID:", "X-PRONOUNS:he\r\nUID:", "pronouns", ""},
		{"UID:", "BDAY:1815-12-10\r\nUID:", "bday", ""},
		{"BDAY", "BDAY:garbage http://evil\r\nBDAY", "bday", ""},
		{"UID:", "X-PHONETIC-FIRST-NAME:eve\r\nUID:", "phonetic", ""},
		{"UID:", "PHOTO;VALUE=uri:http://evil/x.jpg\r\nUID:", "", "photo"},
		{"UID:", "FN: \r\nN:;;;;\r\nBDAY:\r\nTEL:\r\nUID:", "", ""},
		{"UID:",
			"IMPP:xmpp:a@b\r\nKEY:data:a\r\nX-Signal:+6\r\nRELATED:m\r\n"
			"LOGO:http://evil\r\nkey:b\r\nAGENT:\r\nBEGIN:VCARD\r\n"
			"VERSION:3.0\r\nFN:x\r\nEND:VCARD\r\nNOTE:m\r\nUID:",
			"", "note, IMPP, KEY, X-Signal, RELATED, LOGO, AGENT"},
		{";FRS\r\n", ";FRS;;Mallory\r\n", "", "name"},
		{"N1;UK", "N1;UK;;;Evil", "", "adr"},
		{"ADR;", "ADR;LABEL=\"Evil\";", "", "adr"},
		{"TEL:+44 2", "TEL;TYPE=WORK,FAX:+44 2", "tel", ""},
		{"TEL:+44 2", "TEL;TYPE=X-Boat:+44 2", "", ""},
		{"UID:", "item1.X-ABLabel:FBI\r\nUID:", "", "X-ABLabel"},
		{"UID:", "item99.x-ablabel:FBI\r\nUID:", "", "x-ablabel"},
		{"UID:", "PRODID:a\r\nREV:b\r\nVERSION:3.0\r\nUID:c\r\nUID:", "", ""},
		{"ada@example.org", "eve@example.org", "email", "email"},
	};
	SEALED s = {0};

	(void)state;
	seal(&s, EVERYTHING);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		VCARD v = changed(&s, cases[i].from, cases[i].to);
		names(v, &s.card, cases[i].altered, cases[i].added, cases[i].to);
	}
}

/* Items and components beyond those that are read, and kinds behind as many fields as a card has. */
static void nothing_hides_behind_many(void **state)
{
	static const struct {
		const char *before, *many, *behind, *added;
	} cases[] = {
		{"NICKNAME:ada", ",", "Evil\r\nUID:", "nickname"},
		{";Research", ";", "Evil\r\nUID:", "unit"},
		{"TITLE:Programmer", "\r\nNOTE:n", "\r\nTEL:666\r\nUID:", "tel, note"},
	};
	SEALED s = {0};

	(void)state;
	seal(&s, EVERYTHING);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		KITH_AUTO_BUF struct kith_buf to = {0};
		char from[32];
		(void)snprintf(from, sizeof from, "%s\r\n", cases[i].before);
		assert_int_equal(kith_buf_add_str(&to, cases[i].before), KITH_OK);
		for (size_t k = 0; k < 70; k++)
			assert_int_equal(kith_buf_add_str(&to, cases[i].many), KITH_OK);
		assert_int_equal(kith_buf_add_str(&to, cases[i].behind), KITH_OK);
		assert_int_equal(kith_buf_add_str(&to, "x\r\n"), KITH_OK);
		VCARD v = changed(&s, from, kith_buf_cstr(&to));
		names(v, &s.card, "", cases[i].added, cases[i].added);
	}
}

/* A picture of mine beside one that is signed is not written, not even as an address. */
static void a_second_picture(void **state)
{
	static const char own_text[] = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:x\r\n"
				       "PHOTO;VALUE=uri:http://example.org/x.jpg\r\n"
				       "BDAY:some day\r\nEND:VCARD\r\n";
	static const char *const name[] = {"name=Ada Lovelace"};
	SEALED plain = {0}, shown = {0};

	(void)state;
	seal(&plain, name, 1);
	VCARD own = parsed(own_text);
	VCARD v = written(&plain, own, KITH_VCARD_30);
	names(v, &plain.card, "", "bday, photo", "without a picture");

	static struct kith_card card;
	card = plain.card;
	struct kith_field *f = &card.fields.at[card.fields.n++];
	*f = (struct kith_field){.kind = KITH_FIELD_PHOTO, .parts = 1};
	f->part[0] = kith_span("\xff\xd8\xff\xe0picture", 11);
	assert_int_equal(kith_card_sign(ada, &card, &shown.envelope), KITH_OK);
	assert_int_equal(kith_card_verify(kith_buf_span(&shown.envelope), &shown.card), KITH_OK);
	VCARD w = written(&shown, own, KITH_VCARD_30);
	names(w, &shown.card, "", "bday", "with a picture");
	VCARD x = changed(&shown, "PHOTO", "PHOTO;VALUE=uri:http://evil/x.jpg\r\nPHOTO");
	names(x, &shown.card, "photo", "", "with two");
}

/* What servers and address books do without meaning anything by it. */
static void what_says_the_same_is_no_change(void **state)
{
	static const char *const same[][2] = {
		{"EMAIL;TYPE=HOME,PREF", "EMAIL;TYPE=pref;TYPE=home"},
		{"EMAIL;TYPE=WORK", "email;type=INTERNET,work"},
		{"TEL;TYPE=WORK,FAX,PREF", "TEL;TYPE=\"pref,fax,work\""},
		{"BEGIN:VCARD\r\n", "BEGIN:VCARD\r\nPRODID:-//x//y\r\n"},
		{"REV:", "REV:2030-01-01T00:00:00Z\r\nX-REV:"},
		{"\r\n", "\n"},
		{"VERSION:3.0\r\n", ""},
		{"BDAY;X-APPLE-OMIT-YEAR=1604:1604-12-10", "BDAY:--1210"},
		{"URL:https://", "URL:https\\://"},
		{"item1.", "ITEM9."},
		{"NICKNAME:ada\r\nNICKNAME:the enchantress", "NICKNAME:the enchantress,ada"},
	};
	SEALED s = {0};

	(void)state;
	seal(&s, EVERYTHING);
	for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
		VCARD v = changed(&s, same[i][0], same[i][1]);
		expect(v, &s.card, 0, 0);
		bool named = strstr(same[i][1], "X-REV:") != NULL;
		names(v, &s.card, "", named ? "X-REV" : "", same[i][1]);
	}
}

/* A name that kith took apart, because 3.0 asks for it, is no field that somebody added. */
static void a_name_taken_apart_is_no_change(void **state)
{
	static const char *const names[] = {"name=Ada Lovelace"};
	SEALED s = {0};

	(void)state;
	seal(&s, names, 1);
	VCARD v = changed(&s, "N;X-KITH-DERIVED=both:", "N:");
	expect(v, &s.card, 0, 0);
	VCARD w = changed(&s, "N;X-KITH-DERIVED=both:Lovelace;Ada", "N:Lovelace;Eve");
	expect(w, &s.card, 0, 1);
}

/* Values of mine stand behind the signed ones, and are told apart again. */
static void own_values(void **state)
{
	static const char own_text[] =
		"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Somebody\r\nTEL;TYPE=HOME:+44 9\r\n"
		"TEL:+44 1\r\nitem1.EMAIL:x@example.org\r\nitem1.X-ABLabel:secret\r\n"
		"X-ODD;A=\"b;c\":d\r\nBDAY:1815-12-10\r\nNOTE:mine\r\nUID:own\r\nEND:VCARD\r\n";
	static const enum kith_vcard_version versions[] = {KITH_VCARD_30, KITH_VCARD_40};
	SEALED s = {0};

	(void)state;
	seal(&s, EVERYTHING);
	for (size_t i = 0; i < 2; i++) {
		KITH_AUTO_BUF struct kith_buf envelope = {0}, beyond = {0}, again = {0};
		VCARD own = parsed(own_text);
		VCARD v = written(&s, own, versions[i]);
		VCARD back = NULL;
		static struct kith_fields fields;
		size_t n = 0;
		assert_int_equal(kith_vcard_envelope(v, &envelope), KITH_OK);
		expect(v, &s.card, 0, 3);
		names(v, &s.card, "", "email, tel, note, X-ODD", "own values");
		assert_int_equal(
			kith_vcard_beyond(v, &s.card, kith_span_str("own"), &beyond, &n), KITH_OK);
		assert_int_equal(n, 4);
		assert_int_equal(kith_vcard_parse(kith_buf_span(&beyond), &back, NULL), KITH_OK);
		assert_true(kith_span_eq(kith_vcard_uid(back), kith_span_str("own")));
		assert_int_equal(kith_vcard_fields(back, &fields), KITH_OK);
		assert_int_equal(fields.n, 4); /* with the name */
		assert_true(kith_span_eq(fields.at[2].label, kith_span_str("secret")));
		assert_non_null(strstr(kith_buf_cstr(&beyond), "\r\nX-ODD;A=\"b;c\":d\r\n"));
		assert_null(strstr(kith_buf_cstr(&beyond), "Somebody"));
		VCARD w = written(&s, back, versions[i]);
		assert_int_equal(
			kith_vcard_beyond(w, &s.card, kith_span_str("own"), &again, &n), KITH_OK);
		assert_string_equal(strstr(kith_buf_cstr(&again), "TEL;"),
			strstr(kith_buf_cstr(&beyond), "TEL;"));
	}
}

static void envelopes(void **state)
{
	static const struct {
		const char *lines;
		enum kith_err err;
	} cases[] = {
		{"", KITH_ERR_MISSING},
		{"X-KITH-CARD:\n", KITH_ERR_SHAPE},
		{"X-KITH-CARD:AAAA\nX-KITH-CARD:AAAA\n", KITH_ERR_SHAPE},
		{"X-KITH-CARD:AA+A\n", KITH_ERR_SHAPE},
		{"X-KITH-CARD:AAA=\n", KITH_ERR_SHAPE},
		{"X-KITH-CARD:A A\n", KITH_ERR_SHAPE},
		{"X-KITH-CARD:A\n", KITH_ERR_SHAPE},
		{"x-kith-card;X-A=b:AA\n AA\n", KITH_OK},
		{"X-KITH-CARD: AA-_ \n", KITH_OK},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		KITH_AUTO_BUF struct kith_buf out = {0};
		char text[256];
		(void)snprintf(text, sizeof text, "BEGIN:VCARD\nVERSION:3.0\n%sEND:VCARD\n",
			cases[i].lines);
		VCARD v = parsed(text);
		assert_int_equal(kith_vcard_envelope(v, &out), cases[i].err);
		assert_int_equal(out.n, cases[i].err ? 0 : 3);
	}
}

/* As many bytes as an envelope may have, and one more. */
static void envelope_at_the_limit(void **state)
{
	(void)state;
	for (size_t more = 0; more < 2; more++) {
		KITH_AUTO_BUF struct kith_buf text = {0}, out = {0};
		size_t n = ((KITH_CARD_ENVELOPE_MAX + more) * 4 + 2) / 3;
		assert_int_equal(kith_buf_add_str(&text, "BEGIN:VCARD\nX-KITH-CARD:"), KITH_OK);
		for (size_t i = 0; i < n; i++)
			assert_int_equal(kith_buf_add_str(&text, "A"), KITH_OK);
		assert_int_equal(kith_buf_add_str(&text, "\nEND:VCARD\n"), KITH_OK);
		VCARD v = parsed(kith_buf_cstr(&text));
		assert_int_equal(kith_vcard_envelope(v, &out), more ? KITH_ERR_LIMIT : KITH_OK);
		assert_int_equal(out.n, more ? 0 : KITH_CARD_ENVELOPE_MAX);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comes_back),
		cmocka_unit_test(every_change_is_told),
		cmocka_unit_test(what_others_would_show_is_named),
		cmocka_unit_test(nothing_hides_behind_many),
		cmocka_unit_test(a_second_picture),
		cmocka_unit_test(what_says_the_same_is_no_change),
		cmocka_unit_test(a_name_taken_apart_is_no_change),
		cmocka_unit_test(own_values),
		cmocka_unit_test(envelopes),
		cmocka_unit_test(envelope_at_the_limit),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
