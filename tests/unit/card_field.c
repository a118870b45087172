/* SPDX-License-Identifier: MIT */
#include "base_scratch.h"

#include <kith/card.h>

#include "base/limits.h"

/* --- reading what a person typed -------------------------------------------------------------- */

static enum kith_err parse(const char *text, struct kith_field *f)
{
	struct kith_diag diag = {0};
	enum kith_err err = kith_field_parse(kith_span_str(text), f, &diag);

	assert_true(err ? diag.text[0] != 0 : diag.text[0] == 0);
	return err;
}

static struct kith_field parsed(const char *text)
{
	struct kith_field f;

	assert_int_equal(parse(text, &f), KITH_OK);
	return f;
}

static void is(struct kith_span s, const char *want)
{
	assert_int_equal(s.n, strlen(want));
	assert_memory_equal(s.n ? s.p : (const uint8_t *)"", want, s.n);
}

static void a_field_is_read(void **state)
{
	(void)state;
	struct kith_field f = parsed("email=ada@example.org");
	assert_int_equal(f.kind, KITH_FIELD_EMAIL);
	assert_int_equal(f.parts, 1);
	assert_int_equal(f.flags, 0);
	is(f.label, "");
	is(f.part[0], "ada@example.org");
	f = parsed("TEL.work=+44 20");
	assert_int_equal(f.kind, KITH_FIELD_TEL);
	is(f.label, "work");
	is(f.part[0], "+44 20");
	f = parsed("note=a=b.c");
	is(f.label, "");
	is(f.part[0], "a=b.c");
	f = parsed("url.my.site=x");
	is(f.label, "my.site");
	f = parsed("name=");
	assert_int_equal(f.kind, KITH_FIELD_NAME);
	is(f.part[0], "");
}

static void what_is_no_field_is_told(void **state)
{
	static const char *const wrong[] = {"", "=", "name", "=Ada", "names=Ada", "nam=Ada",
		".work=x", "e mail=x", "photos=1", "work.email"};
	struct kith_field f;

	(void)state;
	for (size_t i = 0; i < COUNT(wrong); i++)
		assert_int_equal(parse(wrong[i], &f), KITH_ERR_USAGE);
	assert_int_equal(kith_field_parse(kith_span(NULL, 0), &f, NULL), KITH_ERR_USAGE);
}

/* What is quoted cannot do anything to a terminal. */
static void a_quoted_field_is_inert(void **state)
{
	struct kith_diag diag = {0};
	struct kith_field f;

	(void)state;
	assert_int_equal(kith_field_parse(LITERAL("\x1b[2Jx=1"), &f, &diag), KITH_ERR_USAGE);
	assert_null(strchr(diag.text, 0x1b));
	assert_int_equal(kith_field_parse(LITERAL("\xe2\x80\xae\x1b"), &f, &diag), KITH_ERR_USAGE);
	assert_null(strchr(diag.text, 0x1b));
}

static void a_label_is_at_its_limit_or_past_it(void **state)
{
	char text[100];
	struct kith_field f;

	(void)state;
	(void)snprintf(text, sizeof text, "tel.%0*d=1", KITH_FIELD_LABEL_MAX, 0);
	assert_int_equal(parse(text, &f), KITH_OK);
	assert_int_equal(f.label.n, KITH_FIELD_LABEL_MAX);
	(void)snprintf(text, sizeof text, "tel.%0*d=1", KITH_FIELD_LABEL_MAX + 1, 0);
	assert_int_equal(parse(text, &f), KITH_ERR_LIMIT);
}

static void address_is(const char *text, const char *const *want)
{
	struct kith_field f = parsed(text);

	assert_int_equal(f.kind, KITH_FIELD_ADR);
	assert_int_equal(f.parts, 7);
	for (size_t i = 0; i < 7; i++)
		is(f.part[i], want[i]);
}

static void an_address_has_its_places(void **state)
{
	(void)state;
	address_is("adr=1 High St", (const char *[]){"", "", "1 High St", "", "", "", ""});
	address_is("adr.home=1 High St;London;;N1;UK",
		(const char *[]){"", "", "1 High St", "London", "", "N1", "UK"});
	address_is("adr=a;b", (const char *[]){"", "", "a", "b", "", "", ""});
	address_is("adr=1;2;3;4;5;6;7", (const char *[]){"1", "2", "3", "4", "5", "6", "7"});
	address_is("adr=", (const char *[]){"", "", "", "", "", "", ""});
	address_is("adr=;;;;", (const char *[]){"", "", "", "", "", "", ""});
	address_is("adr=;;;;;;", (const char *[]){"", "", "", "", "", "", ""});
}

static void an_address_of_six_or_eight_is_refused(void **state)
{
	struct kith_field f;

	(void)state;
	assert_int_equal(parse("adr=1;2;3;4;5;6", &f), KITH_ERR_USAGE);
	assert_int_equal(parse("adr=1;2;3;4;5;6;7;8", &f), KITH_ERR_USAGE);
	assert_int_equal(parse("adr=;;;;;;;", &f), KITH_ERR_USAGE);
}

static void a_value_is_written_as_it_is_read(void **state)
{
	static const char *const texts[] = {"name=Ada", "email.work=ada@example.org",
		"note=", "adr=1 High St;London;;N1;UK", "adr=1;2;3;4;5;6;7", "adr=;2;3;4;5;6;7",
		"adr=;;;;"};

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct kith_buf out = {0};
		struct kith_field f = parsed(texts[i]);
		assert_int_equal(kith_field_value(&f, &out), KITH_OK);
		assert_string_equal(kith_buf_cstr(&out), strchr(texts[i], '=') + 1);
		kith_buf_free(&out);
	}
}

/* --- what a value may be ---------------------------------------------------------------------- */

static enum kith_err check(const struct kith_field *f)
{
	struct kith_diag diag = {0};
	enum kith_err err = kith_field_check(f, &diag);

	assert_true(err ? diag.text[0] != 0 : diag.text[0] == 0);
	return err;
}

static enum kith_err check_text(const char *text)
{
	struct kith_field f = parsed(text);

	return check(&f);
}

static void every_kind_is_at_its_limit_or_past_it(void **state)
{
	static char value[KITH_FIELD_PHOTO_MAX + 1];
	size_t n;
	const struct kith_field_info *all = kith_field_all(&n);

	(void)state;
	memset(value, 'v', sizeof value);
	for (size_t i = 0; i < n; i++) {
		struct kith_field f = {.kind = all[i].kind, .parts = all[i].parts};
		for (size_t part = 0; part < all[i].parts; part++) {
			if (f.kind == KITH_FIELD_BDAY)
				break; /* a date is shorter anyway */
			value[1] = f.kind == KITH_FIELD_EMAIL ? '@' : 'v';
			f.part[part] = kith_span(value, all[i].max);
			assert_int_equal(check(&f), KITH_OK);
			f.part[part].n++;
			assert_int_equal(check(&f), KITH_ERR_LIMIT);
			f.part[part].n = 0;
		}
		f.part[0] = kith_span("1815-12-10@x", f.kind == KITH_FIELD_BDAY ? 10 : 12);
		f.label = kith_span(value, KITH_FIELD_LABEL_MAX);
		assert_int_equal(check(&f), KITH_OK);
		f.label.n++;
		assert_int_equal(check(&f), KITH_ERR_LIMIT);
	}
}

static void an_empty_value_is_refused(void **state)
{
	(void)state;
	assert_int_equal(check_text("name="), KITH_ERR_VALUE);
	assert_int_equal(check_text("adr=;;;;"), KITH_ERR_VALUE);
	assert_int_equal(check_text("adr=;;;;UK"), KITH_OK);
}

static void a_value_is_utf8(void **state)
{
	size_t n;
	const struct kith_field_info *all = kith_field_all(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		struct kith_field f = {.kind = all[i].kind, .parts = all[i].parts};
		f.part[f.parts - 1] = LITERAL("\xff\xd8\xff"); /* as a JPEG begins */
		assert_int_equal(check(&f), f.kind == KITH_FIELD_PHOTO ? KITH_OK : KITH_ERR_UTF8);
		f.part[f.parts - 1] = LITERAL("1815-12-10");
		f.label = LITERAL("\xff");
		assert_int_equal(check(&f), KITH_ERR_UTF8);
	}
	assert_int_equal(check_text("name=\xc3"), KITH_ERR_UTF8);
}

static void an_unknown_kind_or_count_is_refused(void **state)
{
	struct kith_field f = {.kind = 99, .parts = 1, .part = {LITERAL("x")}};

	(void)state;
	assert_int_equal(check(&f), KITH_ERR_VALUE);
	f.kind = 0;
	assert_int_equal(check(&f), KITH_ERR_VALUE);
	f.kind = KITH_FIELD_NAME;
	assert_int_equal(check(&f), KITH_OK);
	f.parts = 2;
	assert_int_equal(check(&f), KITH_ERR_VALUE);
	f.parts = 0;
	assert_int_equal(check(&f), KITH_ERR_VALUE);
}

static void a_birthday_is_a_date(void **state)
{
	static const char *const good[] = {"1815-12-10", "--12-10", "2000-02-29", "1996-02-29",
		"--02-29", "1900-01-31", "0001-01-01", "9999-12-31", "--04-30"};
	static const char *const bad[] = {"1815", "1815-12", "1815-13-01", "1815-00-01",
		"1815-12-00", "1815-12-32", "1815-02-30", "--02-30", "--04-31", "1900-02-29",
		"2001-02-29", "1815/12/10", "15-12-10", "1815-12-1", "1815-12-100", "-12-10",
		"---12-10", "10.12.1815", "1815-1a-10", "181a-12-10", "--1a-10", "1815--12-1",
		"--12-1x", "x815-12-10", " 1815-12-10"};
	char text[40];

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		(void)snprintf(text, sizeof text, "bday=%s", good[i]);
		assert_int_equal(check_text(text), KITH_OK);
	}
	for (size_t i = 0; i < COUNT(bad); i++) {
		(void)snprintf(text, sizeof text, "bday=%s", bad[i]);
		if (check_text(text) != KITH_ERR_VALUE)
			fail_msg("%s is taken for a date", bad[i]);
	}
}

static void an_email_has_one_at(void **state)
{
	static const char *const good[] = {"a@b", "ada@example.org", "a+b@x.y", "\xc3\xa4@b"};
	static const char *const bad[] = {
		"a", "@", "a@", "@b", "a@b@c", "a b@c", "a@b c", "a@@b", "a@b@"};
	char text[40];

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		(void)snprintf(text, sizeof text, "email=%s", good[i]);
		assert_int_equal(check_text(text), KITH_OK);
	}
	for (size_t i = 0; i < COUNT(bad); i++) {
		(void)snprintf(text, sizeof text, "email=%s", bad[i]);
		assert_int_equal(check_text(text), KITH_ERR_VALUE);
	}
}

/* --- the list --------------------------------------------------------------------------------- */

static void the_list_is_found_by_number_and_by_name(void **state)
{
	size_t n;
	const struct kith_field_info *all = kith_field_all(&n);

	(void)state;
	assert_int_equal(n, 21);
	for (size_t i = 0; i < n; i++) {
		char upper[20] = {0};
		for (size_t j = 0; all[i].name[j]; j++)
			upper[j] = (char)(all[i].name[j] - 32);
		assert_ptr_equal(kith_field_info(all[i].kind), &all[i]);
		assert_ptr_equal(kith_field_named(kith_span_str(all[i].name)), &all[i]);
		assert_ptr_equal(kith_field_named(kith_span_str(upper)), &all[i]);
		assert_true(all[i].parts >= 1 && all[i].parts <= KITH_FIELD_PARTS_MAX);
		for (size_t j = 0; j < i; j++)
			assert_int_not_equal(all[i].kind, all[j].kind);
	}
	assert_null(kith_field_info(13));
	assert_null(kith_field_info(UINT32_MAX));
	assert_null(kith_field_named(LITERAL("")));
	assert_null(kith_field_named(LITERAL("nam")));
	assert_null(kith_field_named(LITERAL("name ")));
	assert_null(kith_field_named(kith_span(NULL, 0)));
}

static void the_preferred_one_is_first(void **state)
{
	static struct kith_fields f;

	(void)state;
	assert_null(kith_fields_first(&f, KITH_FIELD_TEL));
	f.n = 3;
	f.at[0] = (struct kith_field){.kind = KITH_FIELD_NAME};
	f.at[1] = (struct kith_field){.kind = KITH_FIELD_TEL};
	f.at[2] = (struct kith_field){.kind = KITH_FIELD_TEL};
	assert_ptr_equal(kith_fields_first(&f, KITH_FIELD_TEL), &f.at[1]);
	f.at[2].flags = KITH_FIELD_PREFERRED;
	assert_ptr_equal(kith_fields_first(&f, KITH_FIELD_TEL), &f.at[2]);
	f.at[2].flags = 2; /* a bit that is not known */
	assert_ptr_equal(kith_fields_first(&f, KITH_FIELD_TEL), &f.at[1]);
	assert_null(kith_fields_first(&f, KITH_FIELD_EMAIL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_field_is_read),
		cmocka_unit_test(what_is_no_field_is_told),
		cmocka_unit_test(a_quoted_field_is_inert),
		cmocka_unit_test(a_label_is_at_its_limit_or_past_it),
		cmocka_unit_test(an_address_has_its_places),
		cmocka_unit_test(an_address_of_six_or_eight_is_refused),
		cmocka_unit_test(a_value_is_written_as_it_is_read),
		cmocka_unit_test(every_kind_is_at_its_limit_or_past_it),
		cmocka_unit_test(an_empty_value_is_refused),
		cmocka_unit_test(a_value_is_utf8),
		cmocka_unit_test(an_unknown_kind_or_count_is_refused),
		cmocka_unit_test(a_birthday_is_a_date),
		cmocka_unit_test(an_email_has_one_at),
		cmocka_unit_test(the_list_is_found_by_number_and_by_name),
		cmocka_unit_test(the_preferred_one_is_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
