/* SPDX-License-Identifier: MIT */
#include "pump.h"

#include "book/mine.h"

static enum kith_err put(struct pump_person *p, const char *name, const char *shows, bool replace,
	struct kith_diag *diag)
{
	struct kith_buf missing = {0};

	*diag = (struct kith_diag){0};
	enum kith_err err = kith_my_put_card(p->store, p->id, name, shows, replace, &missing, diag);
	kith_buf_free(&missing);
	return err;
}

static void open_ada(struct pump_person *p, void **state)
{
	pump_person(p, *state, "Ada", 1);
	(void)pump_profile(p, "name=Ada\nemail.work=a@work.example\nemail.home=a@home.example");
}

/* What a card may be called: a word of any script, of at most CARD_NAME_MAX bytes. */
static void names(void **state)
{
	static const char *const good[] = {"work", "W", "2026", "re-search", "under_score", "Büro",
		"работа", "仕事", "क्षेत्र", "abcdefghijklmnopqrstuvwxyz012345"};
	static const char *const bad[] = {"", "two words", "-work", "_work", "a.b", "a,b", "a/b",
		"é\xff",
		"\xcc\x81"
		"a",
		"a\tb",
		"a\u202e"
		"b",
		"😀", "abcdefghijklmnopqrstuvwxyz0123456", "me", "ME", "ｍｅ", "nothing", "Nothing"};
	struct pump_person p;
	struct kith_diag diag;

	open_ada(&p, state);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		assert_err(put(&p, bad[i], "email", false, &diag), USAGE);
		assert_true(strlen(diag.text) > 20);
	}
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
		assert_ok(put(&p, good[i], "email", false, &diag));
	assert_int_equal(strlen(good[9]), KITH_CARD_NAME_MAX);
	pump_free(&p);
}

/* Of what a list names one field at least is there when it is made; others may come and go. */
static void lists(void **state)
{
	struct pump_person p;
	struct kith_diag diag;
	struct kith_my my = {0};

	open_ada(&p, state);
	assert_err(put(&p, "work", "tel", false, &diag), MISSING);
	assert_err(put(&p, "work", "emial", false, &diag), USAGE);
	assert_err(put(&p, "work", "email,", false, &diag), USAGE);
	assert_err(put(&p, "work", "", false, &diag), USAGE);
	assert_err(put(&p, "work", "email=x", false, &diag), USAGE);
	assert_err(put(&p, "work", "email.office", false, &diag), MISSING);
	assert_ok(put(&p, "work", "email.work", false, &diag));
	assert_err(put(&p, "work", "email", false, &diag), EXISTS);
	assert_non_null(strstr(diag.text, "--replace"));
	assert_err(put(&p, "home", "email", true, &diag), MISSING);
	(void)pump_profile(&p, "name=Ada");
	assert_ok(kith_my_read_card(p.store, "work", &my, &diag));
	assert_int_equal(my.card.fields.n, 1);
	kith_my_free(&my);
	(void)pump_profile(&p, "name=Ada\nemail.work=b@work.example\nemail.home=b@home.example");
	my = (struct kith_my){0};
	assert_ok(kith_my_read_card(p.store, "work", &my, &diag));
	assert_int_equal(my.card.fields.n, 2);
	assert_true(kith_span_eq(my.card.fields.at[1].part[0], kith_span_str("b@work.example")));
	kith_my_free(&my);
	assert_err(kith_my_read_card(p.store, "nobody", &my, &diag), MISSING);
	assert_non_null(strstr(diag.text, "kith card list"));
	pump_free(&p);
}

/* What is not there yet is said, and shows once it is. */
static void a_field_to_come(void **state)
{
	struct pump_person p;
	struct kith_diag diag = {0};
	struct kith_buf missing = {0};
	struct kith_my my = {0};

	open_ada(&p, state);
	assert_ok(kith_my_put_card(
		p.store, p.id, "work", "title,email.work,bday,email.x\tz", false, &missing, &diag));
	assert_true(kith_span_eq(kith_buf_span(&missing), kith_span_str("title, bday, email.x z")));
	kith_buf_clear(&missing);
	assert_err(kith_my_put_card(p.store, p.id, "none", "title,bday", false, &missing, &diag),
		MISSING);
	assert_non_null(strstr(diag.text, "title, bday"));
	(void)pump_profile(&p, "name=Ada\nemail.work=a@work.example\ntitle=Countess");
	assert_ok(kith_my_read_card(p.store, "work", &my, &diag));
	assert_int_equal(my.card.fields.n, 3);
	kith_my_free(&my);
	kith_buf_free(&missing);
	pump_free(&p);
}

struct rename {
	int runs;
	struct pump_person *other; /* signs in between, the first time */
};

static enum kith_err rename_me(
	void *ctx, const struct kith_my *my, struct kith_fields *fields, struct kith_diag *diag)
{
	struct rename *r = ctx;

	(void)my;
	(void)diag;
	if (r->runs++ == 0 && r->other)
		(void)pump_profile(r->other, "name=Ada\nnote=meanwhile");
	fields->at[0].part[0] = kith_span_str("Ada L");
	return KITH_OK;
}

/* Another process signs in between: the change is made anew on what it left, and loses nothing. */
static void somebody_was_faster(void **state)
{
	struct pump_person p;
	struct kith_diag diag = {0};
	struct kith_my my = {0};
	bool changed;

	open_ada(&p, state);
	struct rename r = {.other = &p};
	assert_ok(kith_my_change(p.store, p.id, rename_me, &r, &changed, &diag));
	assert_true(changed);
	assert_int_equal(r.runs, 2);
	assert_ok(kith_my_read(p.store, &my, &diag));
	assert_int_equal(my.card.fields.n, 2);
	assert_true(kith_span_eq(my.card.fields.at[0].part[0], kith_span_str("Ada L")));
	kith_my_free(&my);
	r = (struct rename){0};
	assert_ok(kith_my_change(p.store, p.id, rename_me, &r, &changed, &diag));
	assert_false(changed);
	pump_free(&p);
}

/* The key in the home is not that of the cards: nothing is signed. */
static void another_key(void **state)
{
	struct pump_person p;
	struct kith_identity *other = NULL;
	struct kith_diag diag = {0};
	struct rename r = {0};
	bool changed;

	open_ada(&p, state);
	assert_ok(kith_identity_from_seed((uint8_t[32]){9}, &other));
	assert_err(kith_my_change(p.store, other, rename_me, &r, &changed, &diag), KEYFILE);
	struct kith_buf missing = {0};
	assert_err(
		kith_my_put_card(p.store, other, "work", "email", false, &missing, &diag), KEYFILE);
	kith_buf_free(&missing);
	assert_int_equal(world_number(p.home, "SELECT rev FROM mine"), 2);
	kith_identity_free(other);
	pump_free(&p);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, world_make, world_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(names),
		TEST(lists),
		TEST(a_field_to_come),
		TEST(somebody_was_faster),
		TEST(another_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
