/* SPDX-License-Identifier: MIT */
#include "store_world.h"

#include <fcntl.h>

#include "base/auto.h"
#include "base/limits.h"

static struct kith_contact whole(struct kith_store *store, int64_t row)
{
	struct kith_contact c = {0};

	assert_ok(kith_store_contact(store, row, &c));
	return c;
}

static bool keep_first(void *ctx, const struct kith_entry *entry)
{
	struct kith_buf *vcard = ctx;

	assert_ok(kith_buf_add(vcard, entry->vcard.p, entry->vcard.n));
	assert_true(entry->imported);
	assert_int_equal(entry->at, 77);
	return false;
}

static void a_new_person(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	static const uint8_t odd[] = "BEGIN:VCARD\nNOTE:\xff\0\r\nEND:VCARD";
	struct kith_field at[] = {
		{.kind = KITH_FIELD_ORG, .part = {kith_span_str("Lab")}, .parts = 1},
		{.kind = KITH_FIELD_NAME,
			.part = {kith_span_str("Z\xc3\xb6"
					       "e")},
			.parts = 1},
		{.kind = KITH_FIELD_ORG,
			.part = {kith_span_str("Home")},
			.parts = 1,
			.flags = KITH_FIELD_PREFERRED},
		{.kind = KITH_FIELD_PHOTO, .part = {kith_span("\xff\xd8", 2)}, .parts = 1},
		{.kind = 4000, .part = {kith_span_str("of a newer kith")}, .parts = 1},
	};
	struct kith_fields fields = {.n = 5};
	struct kith_entry_content content = {&fields, kith_span_str("W\xc3\xb6rter")};
	struct kith_entry e = {.imported = true,
		.uid = kith_span_str("one"),
		.vcard = kith_span(odd, sizeof odd - 1)};
	KITH_AUTO(kith_buf_free) struct kith_buf vcard = {0};

	memcpy(fields.at, at, sizeof at);
	assert_ok(kith_store_entry_put(store, &e, &content, 77));
	assert_int_equal(e.at, 77);
	struct kith_contact c = whole(store, e.contact);
	assert_false(c.has_key);
	assert_true(kith_span_eq(c.name, kith_span_str("Z\xc3\xb6"
						       "e")));
	assert_true(kith_span_eq(c.org, kith_span_str("Home")));
	assert_int_equal(c.state, KITH_CONTACT_TYPED);
	assert_int_equal(c.met_how, KITH_HOW_TYPED);
	assert_false(c.gives || c.delivered || c.conflict);
	assert_int_equal(c.entries * 100 + c.rev, 100);
	assert_int_equal(c.added, 77);
	assert_int_equal(c.uid[14], '8'); /* made from the text */
	kith_contact_free(&c);
	assert_ok(kith_store_entries(store, e.contact, keep_first, &vcard));
	assert_true(kith_span_eq(kith_buf_span(&vcard), e.vcard));
	kith_store_close(store);
	assert_int_equal(world_number(*state, "SELECT count(*) FROM field"), 3);
	world_sound(*state);
}

/* What is written at once for a new person is what is worked out for one who is there. */
static void worked_out_or_written_the_same(void **state)
{
	static const char *const texts[] = {
		"name=Ada Lovelace\nemail.work=Ada@Example.org\ntel=+44 20 7946 0000\n"
		"adr=1 High St;London;;N1;UK\norg=Analytical\norg=Difference\nnote=a  b",
		"email=x@y.z\norg=Only an office",
		"name=Ada",
		"",
	};
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	char uid[2] = "0";

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		struct kith_entry e = {0};
		uid[0] = (char)('0' + i);
		assert_ok(world_entry_put(store, &e, uid, texts[i], "more Words"));
		world_sql(*state, "CREATE TABLE IF NOT EXISTS kept (text);"
				  "INSERT INTO kept SELECT quote(uuid)||quote(name)||quote(fold)||"
				  "quote(org)||quote(state)||quote(entries)||quote(gives)||"
				  "quote(met_how)||quote((SELECT name||'/'||text FROM search WHERE "
				  "contact = row))||quote((SELECT alias FROM entry WHERE contact = "
				  "contact.row)) FROM contact ORDER BY row DESC LIMIT 1");
		assert_ok(world_entry_put(store, &e, uid, texts[i], "more Words"));
		assert_int_equal(
			world_number(*state,
				"SELECT (SELECT text FROM kept ORDER BY rowid DESC LIMIT 1) = "
				"quote(uuid)||quote(name)||quote(fold)||"
				"quote(org)||quote(state)||quote(entries)||quote(gives)||"
				"quote(met_how)||quote((SELECT name||'/'||text FROM search WHERE "
				"contact = row))||quote((SELECT alias FROM entry WHERE contact = "
				"contact.row)) FROM contact ORDER BY row DESC LIMIT 1"),
			1);
	}
	kith_store_close(store);
}

static void beside_a_signed_card(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);

	assert_ok(world_import(store, 2, 1, 1, "name=Grace Hopper\norg=Navy", NULL));
	assert_int_equal(world_entry(store, 1, "own", "name=G\norg=Home\ntel=555 0143 77"), 1);
	struct kith_contact c = whole(store, 1);
	assert_true(c.has_key);
	assert_true(kith_span_eq(c.name, kith_span_str("Grace Hopper")));
	assert_true(kith_span_eq(c.org, kith_span_str("Navy")));
	assert_int_equal(c.state, KITH_CONTACT_COMPLETE);
	assert_int_equal(c.entries, 1);
	kith_contact_free(&c);
	/* a newer card does not touch it, nor it the card */
	assert_ok(world_import(store, 2, 1, 2, "name=Grace B Hopper", NULL));
	c = whole(store, 1);
	assert_true(kith_span_eq(c.name, kith_span_str("Grace B Hopper")));
	assert_true(kith_span_eq(c.org, kith_span_str("Home")));
	assert_int_equal(c.rev, 2);
	kith_contact_free(&c);
	kith_store_close(store);
	world_sound(*state);
}

static void changed_in_place(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	struct kith_entry e = {0};
	char text[512] = "";

	assert_ok(world_entry_put(store, &e, "one", "name=Ada\nnote=wombat", "numbat"));
	int64_t row = e.row;
	int64_t contact = e.contact;
	e.contact = 99; /* whose it is, the store knows */
	assert_ok(world_entry_put(store, &e, "two", "name=Ada King", NULL));
	assert_int_equal(e.row, row);
	assert_int_equal(e.contact, contact);
	assert_ok(kith_store_find(store, kith_span_str("wombat"), world_names, text));
	assert_ok(kith_store_find(store, kith_span_str("numbat"), world_names, text));
	assert_string_equal(text, "");
	assert_ok(kith_store_find(store, kith_span_str("king"), world_names, text));
	assert_string_equal(text, "Ada King");
	assert_int_equal(world_number(*state, "SELECT count(*) FROM entry"), 1);
	kith_store_close(store);
	world_sound(*state);
}

static void refused(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	struct kith_fields none = {0};
	struct kith_entry_content content = {.fields = &none};
	uint8_t *much = calloc(1, KITH_ENTRY_MAX + 1);
	struct kith_entry e = {
		.uid = kith_span_str("big"), .vcard = kith_span(much, KITH_ENTRY_MAX)};
	struct kith_entry other = {0};

	assert_ok(kith_store_entry_put(store, &e, &content, 1)); /* at the limit */
	e.row = 0;
	e.contact = 0;
	e.uid = kith_span_str("bigger");
	e.vcard.n++;
	assert_err(kith_store_entry_put(store, &e, &content, 1), LIMIT);
	free(much);
	assert_err(world_entry_put(store, &other, "", "name=A", NULL), VALUE);
	assert_err(world_entry_put(store, &other, "big", "name=A", NULL), EXISTS);
	other.contact = 99;
	assert_err(world_entry_put(store, &other, "new", "name=A", NULL), NOPERSON);
	other.row = 99;
	assert_err(world_entry_put(store, &other, "new", "name=A", NULL), MISSING);
	assert_err(kith_store_entry_remove(store, 99), MISSING);
	other = (struct kith_entry){0};
	assert_ok(world_entry_put(store, &other, "new", "name=A", NULL));
	assert_err(world_entry_put(store, &other, "big", "name=A", NULL), EXISTS);
	assert_int_equal(world_number(*state, "SELECT count(*) FROM contact"), 2);
	assert_int_equal(world_number(*state, "SELECT count(*) FROM entry"), 2);
	kith_store_close(store);
}

static void removed_with_the_last_one(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	struct kith_entry a = {0};
	struct kith_entry b = {0};
	struct kith_contact c = {0};

	assert_ok(world_entry_put(store, &a, "a", "name=A", NULL));
	b.contact = a.contact;
	assert_ok(world_entry_put(store, &b, "b", "name=B", NULL));
	assert_ok(kith_store_entry_remove(store, a.row));
	c = whole(store, a.contact);
	assert_true(kith_span_eq(c.name, kith_span_str("B")));
	kith_contact_free(&c);
	assert_ok(kith_store_entry_remove(store, b.row));
	assert_err(kith_store_contact(store, a.contact, &c), NOPERSON);
	assert_ok(world_import(store, 2, 1, 1, "name=Grace", NULL));
	b = (struct kith_entry){.contact = 2};
	assert_ok(world_entry_put(store, &b, "b", "name=B", NULL));
	assert_ok(kith_store_entry_remove(store, b.row));
	c = whole(store, 2);
	assert_int_equal(c.entries, 0);
	kith_contact_free(&c);
	kith_store_close(store);
	world_sound(*state);
}

/* --- batches ---------------------------------------------------------------------------------- */

static int64_t people(const char *home)
{
	return world_number(home, "SELECT count(*) FROM contact");
}

static void a_batch_is_one_change(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	enum kith_import what;

	assert_ok(kith_store_batch(store));
	assert_err(kith_store_batch(store), INTERNAL);
	(void)world_entry(store, 0, "a", "name=A");
	(void)world_entry(store, 0, "b", "name=B");
	assert_ok(world_import(store, 2, 1, 2, "name=Grace", NULL)); /* any change takes part */
	assert_int_equal(people(*state), 0);
	assert_ok(kith_store_batch_end(store, true));
	assert_int_equal(people(*state), 3);
	assert_ok(kith_store_batch(store));
	(void)world_entry(store, 0, "c", "name=C");
	assert_ok(kith_store_forget(store, 1));
	assert_ok(kith_store_batch_end(store, false));
	assert_int_equal(people(*state), 3);
	assert_err(kith_store_batch_end(store, true), INTERNAL);
	/* what is refused in between does no harm, and leaves nothing half-done */
	assert_ok(kith_store_batch(store));
	(void)world_entry(store, 0, "c", "name=C");
	struct kith_entry e = {0};
	assert_err(world_entry_put(store, &e, "a", "name=Z", NULL), EXISTS);
	assert_err(world_import(store, 2, 1, 1, "name=Older", &what), ROLLBACK);
	assert_err(world_import(store, 2, 1, UINT64_C(3) << 32, "name=Far", &what), LIMIT);
	(void)world_entry(store, 0, "d", "name=D");
	assert_ok(kith_store_batch_end(store, true));
	assert_int_equal(people(*state), 5);
	kith_store_close(store);
	world_sound(*state);
}

static void a_batch_that_was_left(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);

	assert_ok(kith_store_batch(store));
	(void)world_entry(store, 0, "a", "name=A");
	kith_store_close(store);
	assert_int_equal(people(*state), 0);
	world_sound(*state);
}

/* A store error in the midst of it takes all of it back, and says so to the end. */
static void a_batch_that_was_lost(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	struct kith_entry e = {0};

	world_sql(*state, "CREATE TRIGGER no BEFORE INSERT ON field WHEN new.value = 'B' "
			  "BEGIN SELECT RAISE(FAIL, 'not this one'); END");
	assert_ok(kith_store_batch(store));
	(void)world_entry(store, 0, "a", "name=A");
	assert_err(world_entry_put(store, &e, "b", "name=B", NULL), STORE);
	assert_err(world_entry_put(store, &e, "c", "name=C", NULL), STORE);
	assert_err(world_import(store, 2, 1, 2, "name=Grace", NULL), STORE);
	assert_err(kith_store_batch_end(store, true), STORE);
	assert_int_equal(people(*state), 0);
	(void)world_entry(store, 0, "a", "name=A");
	assert_int_equal(people(*state), 1);
	kith_store_close(store);
	world_sound(*state);
}

/* What has a way back of its own takes only itself back. */
static void a_part_that_failed(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	char text[512] = "";

	world_sql(*state, "CREATE TRIGGER no BEFORE INSERT ON card WHEN new.rev = 7 "
			  "BEGIN SELECT RAISE(FAIL, 'not this one'); END");
	assert_ok(kith_store_batch(store));
	(void)world_entry(store, 0, "a", "name=A");
	assert_err(world_import(store, 2, 1, 7, "name=Grace", NULL), STORE);
	(void)world_entry(store, 0, "b", "name=B");
	assert_ok(kith_store_batch_end(store, true));
	assert_ok(kith_store_each(store, world_names, text));
	assert_string_equal(text, "A|B");
	assert_int_equal(people(*state), 2);
	kith_store_close(store);
	world_sound(*state);
}

static void tried_out(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	struct kith_store *copy = NULL;
	char text[512] = "";

	(void)world_entry(store, 0, "a", "name=A");
	kith_store_close(store);
	store = world_open(*state, KITH_STORE_READ); /* trying out wants no right to write */
	assert_ok(kith_store_rehearse(store, &copy));
	assert_ok(kith_store_batch(copy));
	(void)world_entry(copy, 0, "b", "name=B");
	assert_ok(kith_store_batch_end(copy, true));
	assert_ok(world_import(copy, 2, 1, 1, "name=Grace", NULL));
	assert_ok(kith_store_forget(copy, 1));
	assert_ok(kith_store_each(copy, world_names, text));
	assert_string_equal(text, "B|Grace");
	assert_false(kith_store_changed(copy));
	kith_store_close(copy);
	text[0] = 0;
	assert_ok(kith_store_each(store, world_names, text));
	assert_string_equal(text, "A");
	kith_store_close(store);
	assert_int_equal(people(*state), 1);
}

/* --- comparing, and who has a key ------------------------------------------------------------- */

static bool last_met(void *ctx, const struct kith_met *met)
{
	*(int *)ctx += 1;
	assert_true(met->both);
	assert_int_equal(met->how, KITH_HOW_COMPARED);
	assert_true(kith_span_eq(met->event, kith_span_str("FOSDEM")));
	return true;
}

static void compared_later(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	struct kith_span event = kith_span_str("FOSDEM");
	char text[512] = "";
	int meetings = 0;

	assert_ok(world_import(store, 2, 1, 1, "name=Grace", NULL));
	int64_t typed = world_entry(store, 0, "a", "name=A");
	assert_ok(kith_store_compared(store, 1, KITH_HOW_COMPARED, event, 90));
	assert_ok(kith_store_compared(store, 1, KITH_HOW_COMPARED, event, 90));
	assert_ok(kith_store_met(store, 1, last_met, &meetings));
	assert_int_equal(meetings, 1);
	struct kith_contact c = whole(store, 1);
	assert_int_equal(c.met_how, KITH_HOW_COMPARED);
	assert_int_equal(c.met_at, 90);
	assert_true(kith_span_eq(c.name, kith_span_str("Grace")));
	kith_contact_free(&c);
	assert_ok(kith_store_find(store, kith_span_str("fosdem"), world_names, text));
	assert_string_equal(text, "Grace");
	assert_ok(kith_store_compared(store, 1, KITH_HOW_SCANNED, event, 90));
	c = whole(store, 1);
	assert_int_equal(c.met_how, KITH_HOW_SCANNED);
	kith_contact_free(&c);
	assert_err(kith_store_compared(store, typed, KITH_HOW_COMPARED, event, 90), NOPERSON);
	assert_err(kith_store_compared(store, 99, KITH_HOW_COMPARED, event, 90), NOPERSON);
	assert_err(kith_store_compared(store, 1, KITH_HOW_FILE, event, 90), VALUE);
	assert_err(kith_store_compared(store, 1, KITH_HOW_UNATTENDED, event, 90), VALUE);
	kith_store_close(store);
	world_sound(*state);
}

static void only_who_has_a_key(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	char text[512] = "";

	(void)world_entry(store, 0, "a", "name=Aaron");
	assert_ok(world_import(store, 2, 1, 1, "name=Grace", NULL));
	assert_ok(world_import(store, 3, 1, 1, "name=Ada", NULL));
	assert_ok(kith_store_each_keyed(store, world_names, text));
	assert_string_equal(text, "Ada|Grace");
	text[0] = 0;
	assert_ok(kith_store_each(store, world_names, text));
	assert_string_equal(text, "Aaron|Ada|Grace");
	kith_store_close(store);
}

/* --- forgetting ------------------------------------------------------------------------------- */

static bool in_file(const char *home, const char *name, const char *bytes)
{
	KITH_AUTO(kith_buf_free) struct kith_buf all = {0};

	if (access(world_path(home, name), F_OK) < 0)
		return false;
	world_read(world_path(home, name), &all);
	return all.n && memmem(all.p, all.n, bytes, strlen(bytes));
}

static bool at_rest(const char *home, const char *bytes)
{
	return in_file(home, "kith.db", bytes) || in_file(home, "kith.db-wal", bytes);
}

/* Beside many others, of whom nothing may go; and words that an entry had once go too. */
static void forgotten_words_leave_the_index(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	struct kith_entry e = {0};
	char uid[16], text[128];

	for (int i = 0; i < 300; i++) {
		(void)snprintf(uid, sizeof uid, "u%d", i);
		(void)snprintf(text, sizeof text, "name=Person%d\nnote=wombat%d", i, i * 7);
		(void)world_entry(store, 0, uid, text);
	}
	assert_ok(world_entry_put(store, &e, "gone", "name=Ada\nnote=quokkaquokka", "dingodingo"));
	assert_ok(world_entry_put(store, &e, "gone", "name=Ada\nnote=potoroo", "bilbybilby"));
	for (int i = 300; i < 400; i++) {
		(void)snprintf(uid, sizeof uid, "u%d", i);
		(void)world_entry(store, 0, uid, "name=Later");
	}
	assert_true(at_rest(*state, "potoroo") && at_rest(*state, "bilbybilby"));
	assert_ok(kith_store_forget(store, e.contact));
	assert_false(at_rest(*state, "potoroo"));
	assert_false(at_rest(*state, "bilbybilby"));
	assert_false(at_rest(*state, "quokkaquokka"));
	assert_false(at_rest(*state, "dingodingo"));
	text[0] = 0;
	assert_ok(kith_store_find(store, kith_span_str("wombat2093"), world_names, text));
	assert_string_equal(text, "Person299");
	kith_store_close(store);
	world_sql(*state, "INSERT INTO words (words, rank) VALUES ('integrity-check', 1)");
	world_sound(*state);
}

static void removed_entries_leave_the_index(void **state)
{
	struct kith_store *store = world_open(*state, KITH_STORE_WRITE);
	struct kith_entry e = {0};

	assert_ok(world_import(store, 2, 1, 1, "name=Grace", NULL));
	e.contact = 1;
	assert_ok(world_entry_put(store, &e, "gone", "note=quokkaquokka", NULL));
	assert_ok(kith_store_batch(store));
	assert_ok(kith_store_entry_remove(store, e.row));
	(void)world_entry(store, 0, "a", "name=A");
	assert_ok(kith_store_batch_end(store, true));
	kith_store_close(store); /* which is when a batch is paid for */
	assert_false(at_rest(*state, "quokkaquokka"));
	world_sql(*state, "INSERT INTO words (words, rank) VALUES ('integrity-check', 1)");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, world_make, world_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_new_person),
		TEST(worked_out_or_written_the_same),
		TEST(beside_a_signed_card),
		TEST(changed_in_place),
		TEST(refused),
		TEST(removed_with_the_last_one),
		TEST(a_batch_is_one_change),
		TEST(a_batch_that_was_left),
		TEST(a_batch_that_was_lost),
		TEST(a_part_that_failed),
		TEST(tried_out),
		TEST(compared_later),
		TEST(only_who_has_a_key),
		TEST(forgotten_words_leave_the_index),
		TEST(removed_entries_leave_the_index),
	};
	return cmocka_run_group_tests_name("store_entries", tests, NULL, NULL);
}
