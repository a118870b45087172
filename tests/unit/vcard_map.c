/* SPDX-License-Identifier: MIT
 *
 * Which property is which field, in every spelling; changing fields; merging; what is written back.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <dirent.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/limits.h"
#include "vcard_rounds.h"
#include "vcard/reader.h"

static struct kith_vcard *parsed(const char *version, const char *lines)
{
	KITH_AUTO_BUF struct kith_buf text = {0};
	struct kith_vcard *v;

	assert_int_equal(kith_buf_printf(&text, "BEGIN:VCARD\r\nVERSION:%s\r\n%sEND:VCARD\r\n",
				 version, lines),
		KITH_OK);
	assert_int_equal(kith_vcard_parse(kith_buf_span(&text), &v, NULL), KITH_OK);
	return v;
}

/* The fields as "kind.label!=value", a line each; "!" for the preferred. */
static const char *told(const struct kith_fields *fields, struct kith_buf *out)
{
	for (size_t i = 0; i < fields->n; i++) {
		const struct kith_field *f = &fields->at[i];
		enum kith_err err = kith_buf_add_str(out, kith_field_info(f->kind)->name);
		if (!err && f->label.n > 0)
			err = kith_buf_printf(
				out, ".%.*s", (int)f->label.n, (const char *)f->label.p);
		if (!err && f->flags)
			err = kith_buf_add_str(out, "!");
		for (size_t k = 0; !err && k < f->parts; k++) {
			err = kith_buf_add_str(out, k > 0 ? ";" : "=");
			if (!err)
				err = kith_buf_add(out, f->part[k].p, f->part[k].n);
		}
		assert_int_equal(err, KITH_OK);
		assert_int_equal(kith_buf_add_str(out, "\n"), KITH_OK);
	}
	return kith_buf_cstr(out);
}

static void expect_fields(struct kith_vcard *v, const char *expected)
{
	static struct kith_fields fields;
	KITH_AUTO_BUF struct kith_buf text = {0};

	assert_int_equal(kith_vcard_fields(v, &fields), KITH_OK);
	assert_string_equal(told(&fields, &text), expected);
}

/* That these lines are those fields, behind a name, in 3.0 or another version. */
static void expect_in(const char *version, const char *lines, const char *expected)
{
	char all[8192], fields[8192];

	(void)snprintf(all, sizeof all, "FN:A\r\n%s\r\n", lines);
	(void)snprintf(fields, sizeof fields, "name=A\n%s%s", expected, expected[0] ? "\n" : "");
	VCARD v = parsed(version, all);
	expect_fields(v, fields);
	rounds_why why = rounds_all(v);
	if (why)
		fail_msg("%s: %s", lines, why);
}

struct spelling {
	const char *version, *lines, *fields;
};

static void expect_all(const struct spelling *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		expect_in(s[i].version, s[i].lines, s[i].fields);
}

#define EXPECT_ALL(s) expect_all(s, sizeof(s) / sizeof(s)[0])

static void labels(void **state)
{
	static const struct spelling s[] = {
		{"3.0", "TEL;TYPE=WORK:1", "tel.work=1"},
		{"3.0", "tel;type=work;Type=Fax:1", "tel.work fax=1"},
		{"3.0", "TEL;TYPE=FAX,WORK:1", "tel.work fax=1"},
		{"3.0", "TEL;TYPE=\"work,voice\":1", "tel.work=1"},
		{"3.0", "TEL;TYPE=CELL,VOICE,PREF:1", "tel.mobile!=1"},
		{"3.0", "TEL;type=IPHONE;type=CELL;type=VOICE;type=pref:1", "tel.iphone!=1"},
		{"3.0", "TEL;TYPE=VOICE:1", "tel.voice=1"},
		{"3.0", "TEL;TYPE=MAIN:1", "tel.main=1"},
		{"3.0", "TEL;TYPE=x-Assistant:1", "tel.assistant=1"},
		{"3.0", "EMAIL;TYPE=INTERNET,HOME:a@x.org", "email.home=a@x.org"},
		{"3.0", "EMAIL;TYPE=INTERNET,PREF:a@x.org", "email!=a@x.org"},
		{"3.0", "ADR;TYPE=intl,postal,parcel,work:;;S;;;;", "adr.work=;;S;;;;"},
		{"2.1", "TEL;WORK;VOICE;PREF:1", "tel.work!=1"},
		{"2.1", "TEL;HOME;;:1", "tel.home=1"},
		{"2.1", "TEL;INLINE;CELL;URL;CID;8BIT:1", "tel.mobile=1"},
		{"3.0", "TEL;X-A=\"b;TYPE=HOME\";TYPE=Work:1", "tel.work=1"},
		{"4.0", "TEL;TYPE=cell;PREF=1:1", "tel.mobile!=1"},
		{"4.0", "TEL;TYPE=cell;PREF=2:1", "tel.mobile=1"},
		{"4.0", "TITLE;TYPE=work:Boss", "title.work=Boss"},
		{"3.0", "item1.TEL:1\r\nitem1.X-ABLabel:boat", "tel.boat=1"},
		{"3.0", "ITEM1.URL:http://x\r\nitem1.X-ABLABEL:_$!<HomePage>!$_",
			"url.homepage=http://x"},
		{"3.0", "item1.TEL;TYPE=CELL:1\r\nitem1.X-ABLabel:_$!<Work>!$_", "tel.work=1"},
		{"3.0", "item1.X-ABLabel:a\\, b\\; c\r\nitem1.TEL:1\r\nitem1.EMAIL:a@x.org",
			"tel.a, b; c=1\nemail.a, b; c=a@x.org"},
		{"3.0", "item1.TEL;TYPE=WORK:1\r\nitem1.X-ABLabel:", "tel.work=1"},
		{"3.0", "TEL;TYPE=\"A:B;C\",PREF:1", "tel.a:b;c!=1"},
	};

	(void)state;
	EXPECT_ALL(s);
}

static void birthdays(void **state)
{
	static const struct spelling s[] = {
		{"3.0", "BDAY:1815-12-10", "bday=1815-12-10"},
		{"3.0", "BDAY:18151210", "bday=1815-12-10"},
		{"3.0", "BDAY;VALUE=date:1815-12-10", "bday=1815-12-10"},
		{"3.0", "BDAY:1815-12-10T00:00:00Z", "bday=1815-12-10"},
		{"3.0", "BDAY;VALUE=DATE-TIME:1815-12-10 10:00", "bday=1815-12-10"},
		{"4.0", "BDAY:18151210T101112", "bday=1815-12-10"},
		{"4.0", "BDAY:--1210", "bday=--12-10"},
		{"4.0", "BDAY:--0229", "bday=--02-29"},
		{"3.0", "BDAY:--12-10", "bday=--12-10"},
		{"3.0", "BDAY;X-APPLE-OMIT-YEAR=1604:1604-12-10", "bday=--12-10"},
		{"3.0", "BDAY;VALUE=date;X-APPLE-OMIT-YEAR=1604:16041210", "bday=--12-10"},
		{"3.0", "BDAY;X-APPLE-OMIT-YEAR=1604:1815-12-10", "bday=1815-12-10"},
		{"3.0", "BDAY:1604-12-10", "bday=1604-12-10"},
		{"2.1", "BDAY;ENCODING=QUOTED-PRINTABLE:1815=2D12-10", "bday=1815-12-10"},
		{"4.0", "BDAY;VALUE=text:circa 1800", ""},
		{"4.0", "BDAY:1985", ""},
		{"4.0", "BDAY:1985-04", ""},
		{"4.0", "BDAY:---10", ""},
		{"3.0", "BDAY:1815-02-29", ""},
		{"3.0", "BDAY:1815-12-10x", ""},
		{"3.0", "BDAY:", ""},
		{"3.0", "BDAY:soon\r\nBDAY:1815-12-10\r\nBDAY:1815-12-11", "bday=1815-12-10"},
	};

	(void)state;
	EXPECT_ALL(s);
}

static void texts(void **state)
{
	static const struct spelling s[] = {
		{"3.0", "URL:http\\://x.org/a;b\\,c", "url=http://x.org/a;b,c"},
		{"3.0", "URL:http://x.org/a%2Cb?c=%20d e", "url=http://x.org/a,b?c=%20d%20e"},
		{"4.0", "TEL;VALUE=uri:tel:+1-555;ext=5", "tel=+1-555;ext=5"},
		{"3.0", "TEL:TEL: +1 555", "tel=+1 555"},
		{"3.0", "EMAIL:mailto:a@x.org", "email=a@x.org"},
		{"3.0", "NICKNAME:a,b\\,c,,d", "nickname=a\nnickname=b,c\nnickname=d"},
		{"3.0", "ORG:A\\;B;C;;D", "org=A;B\nunit=C\nunit=D"},
		{"3.0", "ORG;TYPE=WORK:;C", "unit.work=C"},
		{"3.0", "ADR:b;e;s;p;r;c;l;room;apartment;floor;1;2;3;4;5;6;7;8",
			"adr=b;e;s;p;r;c;l"},
		{"3.0", "ADR:;;S", "adr=;;S;;;;"},
		{"3.0", "ADR:;;;;;;", ""},
		{"3.0", "NOTE:a\\nb\\Nc\\\\n", "note=a\nb\nc\\n"},
		{"3.0", "NOTE: \t ", ""},
		{"3.0",
			"NOTE:a\001b\xc2\x85"
			"c\xe2\x80\xa8"
			"d\x7f",
			"note=ab\nc\nd"},
		{"3.0", "X-PRONOUNS:she/her", "pronouns=she/her"},
		{"4.0", "PRONOUNS;LANGUAGE=en:xe/xir\r\nPRONOUNS:they", "pronouns=xe/xir"},
		{"3.0", "X-KITH-OFFERS:x\r\nX-KITH-ASKS:y", "offers=x\nasks=y"},
		{"2.1", "NOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=ISO-8859-1:=E4=0D=0A=F6",
			"note=\xc3\xa4\n\xc3\xb6"},
		{"3.0", "ROLE:r\r\nGEO:1,2\r\nTITLE:t", "title=t"},
		{"3.0", "FN:B\r\nFN:C", ""},
	};

	(void)state;
	EXPECT_ALL(s);
}

static void sounds(void **state)
{
	static const struct spelling s[] = {
		{"3.0", "X-PHONETIC-FIRST-NAME:AY-da", "phonetic=AY-da"},
		{"3.0", "X-PHONETIC-LAST-NAME:LUV-lace\r\nX-PHONETIC-FIRST-NAME:AY-da",
			"phonetic=AY-da LUV-lace"},
		{"3.0",
			"X-PHONETIC-LAST-NAME:\u3084\u307e\u3060\r\n"
			"X-PHONETIC-FIRST-NAME:\u305f\u308d\u3046",
			"phonetic=\u3084\u307e\u3060 \u305f\u308d\u3046"},
		{"3.0",
			"N:\u738b;\u5c0f\u660e;;;\r\nX-PHONETIC-FIRST-NAME:Xiaoming\r\n"
			"X-PHONETIC-MIDDLE-NAME:B\r\nX-PHONETIC-LAST-NAME:Wang",
			"family=\u738b\ngiven=\u5c0f\u660e\nphonetic=Wang Xiaoming B"},
		{"3.0", "X-PHONETIC-FIRST-NAME:a\r\nX-PHONETIC-FIRST-NAME:b", "phonetic=a"},
	};

	(void)state;
	EXPECT_ALL(s);
}

/* A name is there whenever anything can serve as one. */
static void names(void **state)
{
	static const struct {
		const char *lines, *fields;
	} s[] = {
		{"N:Lovelace;Ada;Augusta;Dr;FRS\r\n",
			"name=Dr Ada Augusta Lovelace FRS\nfamily=Lovelace\ngiven=Ada\n"
			"additional=Augusta\nprefix=Dr\nsuffix=FRS\n"},
		{"N:\u738b;\u5c0f\u660e\r\n",
			"name=\u738b\u5c0f\u660e\nfamily=\u738b\ngiven=\u5c0f\u660e\n"},
		{"N:\u738b;Ming\r\n", "name=Ming \u738b\nfamily=\u738b\ngiven=Ming\n"},
		{"FN:\r\nN:;Ada;;;\r\n", "name=Ada\ngiven=Ada\n"},
		{"N:;;;;\r\nNICKNAME:ada\r\n", "name=ada\nnickname=ada\n"},
		{"TEL:1\r\nORG:X;Y\r\n", "name=X\ntel=1\norg=X\nunit=Y\n"},
		{"TEL:1\r\nEMAIL:a@x.org\r\n", "name=a@x.org\ntel=1\nemail=a@x.org\n"},
		{"TEL:1\r\n", "name=1\ntel=1\n"},
		{"NOTE:x\r\n", "note=x\n"},
		{"", ""},
		/* what kith derived because 3.0 asks for it is no field, unless it is something else */
		{"FN:Ada Lovelace\r\nN;X-KITH-DERIVED=both:Lovelace;Ada;;;\r\n",
			"name=Ada Lovelace\n"},
		{"FN:Ada Lovelace\r\nN;X-KITH-DERIVED=family:Lovelace;Ada;;;\r\n",
			"name=Ada Lovelace\ngiven=Ada\n"},
		{"FN:Ada King\r\nN;X-KITH-DERIVED=both:Lovelace;Ada;;;\r\n",
			"name=Ada King\nfamily=Lovelace\n"},
		{"N;X-KITH-DERIVED=both:Lovelace;Ada\r\n", "name=Ada Lovelace\n"},
		{"N;X-KITH-DERIVED=given:Lovelace;Ada\r\n", "name=Ada Lovelace\nfamily=Lovelace\n"},
		{"FN:Ada Lovelace\r\nN:Lovelace;Ada;;;\r\n",
			"name=Ada Lovelace\nfamily=Lovelace\ngiven=Ada\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof s / sizeof s[0]; i++) {
		VCARD v = parsed("3.0", s[i].lines);
		expect_fields(v, s[i].fields);
		rounds_why why = rounds_all(v);
		if (why)
			fail_msg("%s: %s", s[i].lines, why);
	}
}

static void photos(void **state)
{
	static const char *const pictures[] = {
		"PHOTO;ENCODING=b;TYPE=JPEG:/9j/4UFC",
		"PHOTO;TYPE=JPEG;ENCODING=BASE64:/9j/4U FC",
		"PHOTO:data:image/jpeg;base64,/9j/4UFC",
		"PHOTO;VALUE=uri:data:image/jpeg;base64\\,/9j/4UFC",
		"PHOTO:/9j/4UFC",
		"PHOTO;JPEG;BASE64:/9j/4UFC",
		"PHOTO;X-ABCROP-RECTANGLE=ABClipRect_1&1&2&3&4&x==;ENCODING=b;TYPE=JPEG:/9j/4UFC",
		"PHOTO:http://x.org/a.jpg\r\nPHOTO;ENCODING=b:/9j/4UFC",
	};
	static const char *const none[] = {
		"PHOTO;VALUE=uri:http://x.org/a.jpg",
		"PHOTO:file:///etc/passwd", /* case 34: never read */
		"PHOTO;ENCODING=b;TYPE=GIF:R0lGODlh",
		"PHOTO;ENCODING=b:????",
		"PHOTO:",
	};

	(void)state;
	for (size_t i = 0; i < sizeof pictures / sizeof pictures[0]; i++)
		expect_in("3.0", pictures[i],
			"photo=\xff\xd8\xff\xe1"
			"AB");
	for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
		expect_in("3.0", none[i], "");
}

static void converted(
	const char *from, enum kith_vcard_version as, const char *lines, const char *to)
{
	KITH_AUTO_BUF struct kith_buf out = {0};
	char all[4096];

	(void)snprintf(all, sizeof all, "FN:A\r\nN:A;;;;\r\n%s\r\nUID:u\r\n", lines);
	VCARD v = parsed(from, all);
	assert_int_equal(kith_vcard_write(v, as, &out), KITH_OK);
	(void)snprintf(all, sizeof all,
		"BEGIN:VCARD\r\nVERSION:%s\r\nFN:A\r\nN:A;;;;\r\n%s\r\nUID:u\r\nEND:VCARD\r\n",
		as == KITH_VCARD_40 ? "4.0" : "3.0", to);
	assert_string_equal(kith_buf_cstr(&out), all);
}

static void versions(void **state)
{
	(void)state;
	converted("4.0", KITH_VCARD_30, "TEL;VALUE=uri;TYPE=cell;PREF=1;X-A=b:tel:+1;ext=2",
		"TEL;TYPE=cell;X-A=b;TYPE=PREF:+1\\;ext=2");
	converted("4.0", KITH_VCARD_30, "EMAIL;PREF=2:a@x.org", "EMAIL;PREF=2:a@x.org");
	converted("3.0", KITH_VCARD_40, "TEL;TYPE=CELL,PREF,VOICE:+1",
		"TEL;TYPE=CELL,VOICE;PREF=1:+1");
	converted("3.0", KITH_VCARD_40, "TEL;TYPE=\"work,pref\":+1", "TEL;TYPE=work;PREF=1:+1");
	converted("2.1", KITH_VCARD_30, "TEL;WORK;PREF:+1", "TEL;TYPE=WORK;TYPE=PREF:+1");
	converted("2.1", KITH_VCARD_30, "NOTE;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:a=0D=0Ab;c,d",
		"NOTE:a\\nb\\;c\\,d");
	converted("4.0", KITH_VCARD_30, "BDAY:--1210", "BDAY;X-APPLE-OMIT-YEAR=1604:1604-12-10");
	converted("3.0", KITH_VCARD_40, "BDAY;X-APPLE-OMIT-YEAR=1604:1604-12-10", "BDAY:--1210");
	converted("3.0", KITH_VCARD_40, "BDAY:1815-12-10", "BDAY:18151210");
	converted("3.0", KITH_VCARD_40, "BDAY:1815-12-10T01:02:03Z", "BDAY:1815-12-10T01:02:03Z");
	converted("3.0", KITH_VCARD_40, "PHOTO;ENCODING=b;TYPE=JPEG;X-C=1:/9j/4AAQ",
		"PHOTO;X-C=1:data:image/jpeg;base64,/9j/4AAQ");
	converted("4.0", KITH_VCARD_30, "PHOTO:data:image/jpeg;base64,/9j/4AAQ",
		"PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQ");
	converted("3.0", KITH_VCARD_40, "URL:http\\://x.org/a\\,b", "URL:http://x.org/a%2Cb");
	converted("4.0", KITH_VCARD_30, "PRONOUNS;LANGUAGE=en:she", "X-PRONOUNS;LANGUAGE=en:she");
	converted("4.0", KITH_VCARD_30, "N;ALTID=1:x;y;z,w;;", "N;ALTID=1:x;y;z,w;;");
	converted("2.1", KITH_VCARD_40,
		"X-A;B=c:\\,;\r\nAGENT:\r\nBEGIN:VCARD\r\nVERSION:2.1\r\nN:b\r\nEND:VCARD",
		"X-A;B=c:\\,;\r\nAGENT:\r\nBEGIN:VCARD\r\nVERSION:2.1\r\nN:b\r\nEND:VCARD");
	converted("3.0", KITH_VCARD_40, "a.X-B;c=\"d:;\":e\r\nGEO:1;2",
		"a.X-B;c=\"d:;\":e\r\nGEO:1;2");
}

/* Without a UID it gets one: the same every time, and another for another vCard. */
static void uids(void **state)
{
	KITH_AUTO_BUF struct kith_buf a = {0}, b = {0}, c = {0};
	VCARD v = parsed("3.0", "FN:A\r\nN:A;;;;\r\n");
	VCARD w = parsed("3.0", "FN:B\r\nN:A;;;;\r\nUID: \r\n");
	VCARD u = parsed("4.0", "FN:B\r\nUID:URN:uuid:1-2 \r\n");

	(void)state;
	assert_int_equal(kith_vcard_uid(v).n, 0);
	assert_int_equal(kith_vcard_uid(w).n, 0);
	assert_true(kith_span_eq(kith_vcard_uid(u), kith_span_str("1-2")));
	assert_int_equal(kith_vcard_write(v, KITH_VCARD_30, &a), KITH_OK);
	assert_int_equal(kith_vcard_write(v, KITH_VCARD_30, &b), KITH_OK);
	assert_int_equal(kith_vcard_write(w, KITH_VCARD_30, &c), KITH_OK);
	assert_string_equal(kith_buf_cstr(&a), kith_buf_cstr(&b));
	const char *uid = strstr(kith_buf_cstr(&a), "\r\nUID:");
	assert_non_null(uid);
	assert_int_equal(strspn(uid + 6, "0123456789abcdef-"), KITH_UID_CHARS);
	assert_null(strstr(kith_buf_cstr(&c), uid));
}

static void words(void **state)
{
	KITH_AUTO_BUF struct kith_buf out = {0};
	VCARD v =
		parsed("3.0", "FN:A\r\nTEL:1\r\nROLE:Chief\\, of all\r\nCATEGORIES:x,y\r\n"
			      "X-FOO;ENCODING=b:AAAA\r\nKEY:data:x;base64,AAAA\r\nLOGO:http://l\r\n"
			      "PHOTO:http://p\r\nUID:u\r\nREV:r\r\nPRODID:p\r\nX-KITH-CARD:AA\r\n"
			      "a.X-ABDATE:2001-01-01\r\na.X-ABLabel:_$!<Anniversary>!$_\r\n"
			      "X-SOCIALPROFILE;TYPE=x:http://social/ada\r\n");

	(void)state;
	assert_int_equal(kith_vcard_words(v, &out), KITH_OK);
	assert_string_equal(
		kith_buf_cstr(&out), "Chief, of all\nx,y\n2001-01-01\nhttp://social/ada\n");
}

/* What is more than a card's fields is kept, found by words, and not told. */
static void too_many(void **state)
{
	static struct kith_fields fields;
	KITH_AUTO_BUF struct kith_buf lines = {0}, out = {0};

	(void)state;
	assert_int_equal(kith_buf_add_str(&lines, "FN:A\r\n"), KITH_OK);
	for (int i = 1; i < KITH_CARD_FIELDS + 6; i++)
		assert_int_equal(kith_buf_printf(&lines, "TEL:n%03d\r\n", i), KITH_OK);
	VCARD v = parsed("3.0", kith_buf_cstr(&lines));
	assert_int_equal(kith_vcard_fields(v, &fields), KITH_OK);
	assert_int_equal(fields.n, KITH_CARD_FIELDS);
	assert_null(rounds_all(v));
	assert_int_equal(kith_vcard_words(v, &out), KITH_OK);
	assert_string_equal(kith_buf_cstr(&out), "n064\nn065\nn066\nn067\nn068\nn069\n");
	fields.n = 1;
	kith_buf_clear(&out);
	assert_int_equal(kith_vcard_set(v, &fields, kith_span("", 0), &out), KITH_OK);
	assert_null(strstr(kith_buf_cstr(&out), "n063"));
	assert_non_null(strstr(kith_buf_cstr(&out), "TEL:n064\r\nTEL:n065\r\n"));
}

/* One less than the limit in lists, then this: what is over stays as it stands, and what a card has
 * once is told all the same. */
static void items_at_the_limit(void **state)
{
	static const struct {
		const char *tail;
		size_t told, rest;
	} cases[] = {
		{"TEL:1\r\nFN:x\r\n", KITH_VCARD_ITEMS_MAX, 0},
		{"TEL:1\r\nTEL:2\r\nADR:;;3\r\nORG:e;f\r\nNOTE:n\r\nNICKNAME:c\r\nFN:x\r\n",
			KITH_VCARD_ITEMS_MAX, 5},
		{"NICKNAME:c,d\r\nORG:e;f\r\nFN:x\r\n", KITH_VCARD_ITEMS_MAX - 1, 2},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		KITH_AUTO_BUF struct kith_buf lines = {0}, out = {0};
		struct kith_items items;
		size_t told = 0, rest = 0;
		bool name = false;
		for (size_t k = 1; k < KITH_VCARD_ITEMS_MAX; k++)
			assert_int_equal(
				kith_buf_printf(&lines, "%s%zu%s",
					k % KITH_ITEM_LIST_MAX == 1 ? "NICKNAME:" : ",", k,
					k % KITH_ITEM_LIST_MAX == 0 || k + 1 == KITH_VCARD_ITEMS_MAX
						? "\r\n"
						: ""),
				KITH_OK);
		assert_int_equal(kith_buf_add_str(&lines, cases[i].tail), KITH_OK);
		VCARD v = parsed("3.0", kith_buf_cstr(&lines));
		assert_int_equal(kith_items_read(v, &items), KITH_OK);
		for (size_t k = 0; k < items.n; k++) {
			told += !kith_field_info(items.at[k].field.kind)->single;
			name |= items.at[k].field.kind == KITH_FIELD_NAME &&
				items.at[k].property != KITH_ITEM_DERIVED;
		}
		for (size_t k = 0; k < items.properties; k++)
			rest += items.use[k] == KITH_USE_REST;
		assert_int_equal(told, cases[i].told);
		assert_int_equal(rest, cases[i].rest);
		assert_true(name);
		assert_int_equal(kith_vcard_write(v, KITH_VCARD_30, &out), KITH_OK);
		assert_non_null(strstr(kith_buf_cstr(&out), cases[i].tail));
		rounds_why why = rounds_all(v);
		if (why)
			fail_msg("%s: %s", cases[i].tail, why);
	}
}

/* --- changes ---------------------------------------------------------------------------------- */

static const char base[] =
	"PRODID:x\r\nN;LANGUAGE=en:Lovelace;Ada;;;\r\nFN:Ada Lovelace\r\n"
	"item1.TEL;X-A=b:1\r\nitem1.X-ABLabel:boat\r\nTEL;TYPE=CELL,VOICE:2\r\n"
	"X-ODD;a=\"b;c\":d\\,e\r\nNICKNAME;X-N=1:a,b\r\nORG:X;Y;Z\r\n"
	"item2.X-ABDATE:2001-01-01\r\nitem2.X-ABLabel:_$!<Anniversary>!$_\r\nUID:u\r\n";

/* Where field i of base is among its fields. */
enum { FAMILY, GIVEN, NAME, BOAT, CELL, NICK_A, NICK_B, ORG, UNIT_Y, UNIT_Z };

/* Puts `to` in the place of `from` in a text. */
static void swap_text(char *text, size_t size, const char *from, const char *to)
{
	char *at = strstr(text, from);
	char rest[4096];

	assert_non_null(at);
	(void)snprintf(rest, sizeof rest, "%s", at + strlen(from));
	(void)snprintf(at, size - (size_t)(at - text), "%s%s", to, rest);
}

/* That base, set to these fields, has only this in the place of that. */
static void expect_set(const struct kith_fields *fields, const char *from, const char *to)
{
	KITH_AUTO_BUF struct kith_buf out = {0};
	VCARD v = parsed("3.0", base);
	VCARD back = NULL;
	char expected[4096];

	(void)snprintf(
		expected, sizeof expected, "BEGIN:VCARD\r\nVERSION:3.0\r\n%sEND:VCARD\r\n", base);
	if (from)
		swap_text(expected, sizeof expected, from, to);
	assert_int_equal(kith_vcard_set(v, fields, kith_span("", 0), &out), KITH_OK);
	assert_string_equal(kith_buf_cstr(&out), expected);
	rounds_why why = rounds_set(v, fields);
	if (why)
		fail_msg("%s -> %s: %s", from, to, why);
	assert_int_equal(kith_vcard_parse(kith_buf_span(&out), &back, NULL), KITH_OK);
}

static struct kith_fields fields_of(struct kith_vcard *v)
{
	struct kith_fields f;

	assert_int_equal(kith_vcard_fields(v, &f), KITH_OK);
	return f;
}

static void drop(struct kith_fields *f, size_t i)
{
	f->n--;
	memmove(&f->at[i], &f->at[i + 1], (f->n - i) * sizeof f->at[0]);
}

static void add(struct kith_fields *f, uint32_t kind, const char *label, const char *value)
{
	f->at[f->n++] = (struct kith_field){.kind = kind,
		.parts = 1,
		.label = kith_span_str(label),
		.part[0] = kith_span_str(value)};
}

static void changes_that_property_alone(void **state)
{
	VCARD v = parsed("3.0", base);
	const struct kith_fields old = fields_of(v);
	struct kith_fields f = old;

	(void)state;
	expect_set(&f, NULL, NULL);
	f.at[CELL].part[0] = kith_span_str("3");
	expect_set(&f, "TEL;TYPE=CELL,VOICE:2", "TEL;TYPE=CELL,VOICE:3");
	f = old, f.at[CELL].label = kith_span_str("work");
	expect_set(&f, "TEL;TYPE=CELL,VOICE:2", "TEL;TYPE=WORK:2");
	f = old, f.at[CELL].label = kith_span_str("Cell");
	expect_set(&f, NULL, NULL);
	f = old, f.at[CELL].flags = KITH_FIELD_PREFERRED;
	expect_set(&f, "TEL;TYPE=CELL,VOICE:2", "TEL;TYPE=CELL,PREF:2");
	f = old, f.at[BOAT].part[0] = kith_span_str("9\nX:y");
	expect_set(&f, "item1.TEL;X-A=b:1", "item1.TEL;X-A=b:9\\nX:y");
	f = old, f.at[BOAT].label = kith_span_str("plane");
	expect_set(&f, "item1.TEL;X-A=b:1\r\nitem1.X-ABLabel:boat",
		"item3.TEL;X-A=b:1\r\nitem3.X-ABLabel:plane");
	f = old, drop(&f, BOAT);
	expect_set(&f, "item1.TEL;X-A=b:1\r\nitem1.X-ABLabel:boat\r\n", "");
	f = old, drop(&f, NICK_B);
	expect_set(&f, "NICKNAME;X-N=1:a,b", "NICKNAME;X-N=1:a");
	f = old, drop(&f, NICK_B), drop(&f, NICK_A);
	expect_set(&f, "NICKNAME;X-N=1:a,b\r\n", "");
	f = old, drop(&f, UNIT_Y);
	expect_set(&f, "ORG:X;Y;Z", "ORG:X;Z");
	f = old, add(&f, KITH_FIELD_UNIT, "", "W");
	expect_set(&f, "ORG:X;Y;Z", "ORG:X;Y;Z;W");
	f = old, f.at[ORG].part[0] = kith_span_str("V");
	expect_set(&f, "ORG:X;Y;Z", "ORG:V;Y;Z");
	f = old, f.at[GIVEN].part[0] = kith_span_str("Augusta");
	expect_set(&f, "N;LANGUAGE=en:Lovelace;Ada;;;", "N:Lovelace;Augusta;;;");
	f = old, f.at[NAME].part[0] = kith_span_str("The Countess");
	expect_set(&f, "FN:Ada Lovelace", "FN:The Countess");
	f = old, add(&f, KITH_FIELD_TEL, "home", "4");
	expect_set(&f, "VOICE:2\r\n", "VOICE:2\r\nTEL;TYPE=HOME:4\r\n");
	f = old, add(&f, KITH_FIELD_TEL, "buoy", "5");
	expect_set(&f, "VOICE:2\r\n", "VOICE:2\r\nitem3.TEL:5\r\nitem3.X-ABLabel:buoy\r\n");
	f = old, add(&f, KITH_FIELD_NOTE, "", "n");
	expect_set(&f, "UID:u\r\n", "UID:u\r\nNOTE:n\r\n");
}

/* A name that was derived is told when it is to stay. */
static void names_that_were_derived(void **state)
{
	KITH_AUTO_BUF struct kith_buf out = {0};
	VCARD v = parsed("3.0", "N:Lovelace;Ada;;;\r\nUID:u\r\n");
	struct kith_fields f = fields_of(v);

	(void)state;
	f.at[1].part[0] = kith_span_str("King"); /* the family */
	assert_int_equal(kith_vcard_set(v, &f, kith_span_str("w"), &out), KITH_OK);
	assert_string_equal(kith_buf_cstr(&out),
		"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ada Lovelace\r\nN:King;Ada;;;\r\nUID:w\r\n"
		"END:VCARD\r\n");
	VCARD made = parsed(
		"3.0", "FN:Ada Lovelace\r\nN;X-KITH-DERIVED=both:Lovelace;Ada;;;\r\nUID:u\r\n");
	f = fields_of(made);
	f.at[0].part[0] = kith_span_str("Ada King");
	kith_buf_clear(&out);
	assert_int_equal(kith_vcard_set(made, &f, kith_span("", 0), &out), KITH_OK);
	assert_string_equal(kith_buf_cstr(&out),
		"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ada King\r\n"
		"N;X-KITH-DERIVED=both:King;Ada;;;\r\nUID:u\r\nEND:VCARD\r\n");
}

static void merges(void **state)
{
	KITH_AUTO_BUF struct kith_buf out = {0};
	VCARD v = parsed("3.0", "FN:Ada\r\nN:;Ada;;;\r\nitem1.TEL:1\r\nitem1.X-ABLabel:boat\r\n"
				"X-A:1\r\nBDAY:1815-12-10\r\nUID:u\r\n");
	VCARD other = parsed("2.1",
		"FN:Ada L\r\nN:L;Ada\r\nTEL;CELL:1\r\nitem1.TEL:2\r\nitem1.X-ABLabel:b\r\nX-A:1\r\n"
		"X-A:2\r\nitem7.X-ABDATE:d\r\nitem7.X-ABLabel:e\r\nBDAY:1815-12-11\r\nREV:r\r\n"
		"NICKNAME:n\r\nX-KITH-CARD:AA\r\nUID:w\r\n");
	size_t n;

	(void)state;
	assert_int_equal(kith_vcard_merge(v, other, &out, &n), KITH_OK);
	assert_string_equal(kith_buf_cstr(&out),
		"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ada\r\nN:;Ada;;;\r\nitem1.TEL:1\r\n"
		"item1.X-ABLabel:boat\r\nX-A:1\r\nBDAY:1815-12-10\r\nUID:u\r\nitem2.TEL:2\r\n"
		"item2.X-ABLabel:b\r\nX-A:2\r\nitem3.X-ABDATE:d\r\nitem3.X-ABLabel:e\r\n"
		"NICKNAME:n\r\nEND:VCARD\r\n");
	assert_int_equal(n, 4);
	rounds_why why = rounds_merge(v, other);
	if (why)
		fail_msg("%s", why);
	why = rounds_merge(other, v);
	if (why)
		fail_msg("%s", why);
}

/* --- texts that try to get out ---------------------------------------------------------------- */

static const char *const hostile[] = {
	"a\nEND:VCARD\nBEGIN:VCARD\nFN:Eve",
	"a\r\nTEL:666",
	"a\rTEL:666",
	"a;b,c\\d:e\"f",
	";;;;",
	",,",
	"\\",
	"\\n",
	"\\;",
	"\\\\;",
	"a\\",
	"=0D=0ATEL:666",
	"%0D%0ATEL:666",
	"a\xc2\x85TEL:666",
	"a\xe2\x80\xa8TEL:666",
	"a\x0bTEL:666",
	"a\x0cTEL:666",
	"a\x1cTEL:666",
	"\xe2\x80\xae"
	"drow",
	"^n^'^^",
	"data:image/jpeg;base64,/9j/4AAQ",
	"tel:1",
	"mailto:a@b",
	"urn:uuid:1",
	"_$!<Home>!$_",
	"_$!<>!$_",
	"BEGIN:VCARD",
	" lead",
	"trail ",
	"\ttab\t",
	"a\n b",
	"a\n\nb",
	"work",
	"PREF",
	"x-y",
	"item1.TEL",
	"  ",
	"\xf0\x9f\xa6\x8a\xe2\x80\x8d",
	"=",
	"a=",
	"a:",
	":",
	"\"",
	"\"a;b\"",
	"--12-10",
	"1604-02-29",
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa=\xc3\xa4\xc3\xb6;;;,,,==",
};

#define HOSTILE (sizeof hostile / sizeof hostile[0])

/* A small generator: the same every time. */
static uint32_t next(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 16;
}

static struct kith_span any(uint32_t *seed)
{
	return kith_span_str(hostile[next(seed) % HOSTILE]);
}

static void any_field(uint32_t *seed, struct kith_field *f)
{
	size_t kinds;
	const struct kith_field_info *all = kith_field_all(&kinds);
	const struct kith_field_info *info = &all[next(seed) % kinds];

	*f = (struct kith_field){.kind = info->kind, .parts = info->parts};
	if (next(seed) % 2)
		f->label = any(seed);
	if (next(seed) % 4 == 0)
		f->flags = KITH_FIELD_PREFERRED;
	for (size_t i = 0; i < f->parts; i++)
		f->part[i] = any(seed);
	if (f->kind == KITH_FIELD_BDAY)
		f->part[0] = kith_span_str(next(seed) % 2 ? "1815-12-10" : "--02-29");
	if (f->kind == KITH_FIELD_PHOTO)
		f->part[0] = kith_span_str("\xff\xd8\xff\xe1picture");
}

/* Case 35: whatever stands in the fields, they come back as they were, and nothing beside them. */
static void property_injection(void **state)
{
	static struct kith_fields fields, after;
	uint32_t seed = 35;

	(void)state;
	for (int round = 0; round < 3000; round++) {
		KITH_AUTO_BUF struct kith_buf out = {0};
		VCARD v = NULL;
		fields.n = 0;
		add(&fields, KITH_FIELD_NAME, "", hostile[next(&seed) % HOSTILE]);
		for (size_t n = next(&seed) % 12; n > 0; n--)
			any_field(&seed, &fields.at[fields.n++]);
		assert_int_equal(kith_vcard_make(&fields, kith_span_str("u-1"), &out), KITH_OK);
		assert_int_equal(kith_vcard_parse(kith_buf_span(&out), &v, NULL), KITH_OK);
		assert_int_equal(kith_vcard_fields(v, &after), KITH_OK);
		assert_true(kith_span_eq(kith_vcard_uid(v), kith_span_str("u-1")));
		for (size_t i = 0; i < after.n; i++) { /* each was one of those given */
			bool found = after.at[i].kind == KITH_FIELD_NAME ||
				     after.at[i].kind == KITH_FIELD_GIVEN ||
				     after.at[i].kind == KITH_FIELD_FAMILY;
			for (size_t k = 0; k < fields.n && !found; k++) {
				struct kith_field norm;
				bool says;
				assert_int_equal(
					kith_item_norm(v, &fields.at[k], &norm, &says), KITH_OK);
				found = says && kith_item_same(&norm, &after.at[i]);
			}
			if (!found)
				fail_msg("%s from nowhere (%.*s) in:\n%s",
					kith_field_info(after.at[i].kind)->name,
					(int)after.at[i].part[0].n,
					(const char *)after.at[i].part[0].p, kith_buf_cstr(&out));
		}
		bool seen[64] = {false};
		for (size_t k = 0; k < fields.n; k++) { /* and each given came back */
			struct kith_field norm;
			bool says, found = false;
			const struct kith_field_info *info = kith_field_info(fields.at[k].kind);
			assert_int_equal(kith_item_norm(v, &fields.at[k], &norm, &says), KITH_OK);
			if (!says || (info->single && seen[info->kind]))
				continue;
			seen[info->kind] = true;
			for (size_t i = 0; i < after.n && !found; i++)
				found = kith_item_same(&norm, &after.at[i]);
			if (!found && !(info->single))
				fail_msg("%s (%.*s) is lost in:\n%s", info->name,
					(int)norm.part[0].n, (const char *)norm.part[0].p,
					kith_buf_cstr(&out));
		}
		size_t n;
		const struct kith_vcard_property *p = kith_vcard_properties(v, &n);
		size_t named[3] = {0};
		for (size_t i = 0; i < n; i++) {
			named[0] += kith_vcard_is(&p[i], "FN");
			named[1] += kith_vcard_is(&p[i], "N");
			named[2] += kith_vcard_is(&p[i], "UID");
		}
		assert_true(named[0] == 1 && named[1] == 1 && named[2] == 1);
		rounds_why why = rounds_all(v);
		if (!why)
			why = rounds_set(v, &after);
		if (why)
			fail_msg("%s in:\n%s", why, kith_buf_cstr(&out));
	}
}

/* --- real ones -------------------------------------------------------------------------------- */

static ptrdiff_t from_file(void *ctx, void *p, size_t n)
{
	return (ptrdiff_t)fread(p, 1, n, ctx);
}

static size_t read_file(const char *path)
{
	struct kith_vcard_reader *r;
	struct kith_vcard *v;
	size_t cards = 0;
	uint64_t line;
	enum kith_err err;
	FILE *f = fopen(path, "rb");

	assert_non_null(f);
	assert_int_equal(kith_vcard_reader_open(from_file, f, NULL, NULL, &r), KITH_OK);
	while ((err = kith_vcard_next(r, &v, &line)) != KITH_ERR_MISSING) {
		if (err == KITH_ERR_LIMIT)
			continue;
		assert_int_equal(err, KITH_OK);
		cards++;
		rounds_why why = rounds_all(v);
		if (why)
			fail_msg("%s, line %lu: %s", path, (unsigned long)line, why);
	}
	kith_vcard_reader_free(r);
	(void)fclose(f);
	return cards;
}

static size_t read_folder(const char *path)
{
	DIR *d = opendir(path);
	struct dirent *e;
	size_t cards = 0;

	if (!d)
		return 0;
	while ((e = readdir(d))) {
		char name[4096];
		const char *dot = strrchr(e->d_name, '.');
		struct stat st;
		(void)snprintf(name, sizeof name, "%s/%s", path, e->d_name);
		if (e->d_name[0] == '.' || stat(name, &st))
			continue;
		if (S_ISDIR(st.st_mode))
			cards += read_folder(name);
		else if (dot && (strcmp(dot, ".vcf") == 0 || strcmp(dot, ".vcard") == 0))
			cards += read_file(name);
	}
	(void)closedir(d);
	return cards;
}

/* read - write - read is the identity on fields and rest, for every card of the corpus. */
static void real_exports(void **state)
{
	size_t cards = read_folder(KITH_SOURCE_DIR "/../shared/vcards/given");

	(void)state;
	if (cards == 0) {
		if (getenv("KITH_CI"))
			fail_msg("the corpus of real vCards is not there");
		print_message("no ../shared/vcards here: real exports are left out\n");
		skip();
	}
	assert_true(cards > 1000);
}

/* A line is folded in the same places whether its text is escaped or stands escaped already. */
static void folds(void **state)
{
	static const char *const texts[] = {";", "\\", "=", "=;", "\\;=", "=\u00e9", ";\u00e9\n",
		"===============================", "===============;"};
	char name[512];

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		for (size_t n = 1; n < 160; n++) {
			size_t at = n;
			memset(name, 'a', sizeof name);
			for (size_t k = 0; k < 5; k++, at += strlen(texts[i]))
				memcpy(name + at, texts[i], strlen(texts[i]));
			struct kith_fields fields = {.n = 1};
			fields.at[0] = (struct kith_field){.kind = KITH_FIELD_NAME,
				.parts = 1,
				.part[0] = {(uint8_t *)name, at}};
			VCARD v = parsed("3.0", "FN:a\r\n");
			rounds_why why = rounds_set(v, &fields);
			if (why)
				fail_msg("%zu of %s: %s", n, texts[i], why);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(folds),
		cmocka_unit_test(labels),
		cmocka_unit_test(birthdays),
		cmocka_unit_test(texts),
		cmocka_unit_test(sounds),
		cmocka_unit_test(names),
		cmocka_unit_test(photos),
		cmocka_unit_test(versions),
		cmocka_unit_test(uids),
		cmocka_unit_test(words),
		cmocka_unit_test(too_many),
		cmocka_unit_test(items_at_the_limit),
		cmocka_unit_test(changes_that_property_alone),
		cmocka_unit_test(names_that_were_derived),
		cmocka_unit_test(merges),
		cmocka_unit_test(property_injection),
		cmocka_unit_test(real_exports),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
