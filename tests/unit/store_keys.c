/*
 * SPDX-License-Identifier: MIT
 *
 * What the store makes of keys that change: the person goes on, what an old or revoked key says is
 * not heard, and a lost key is replaced by hand alone.  case 23, 24; T25.  Longer orders of
 * statements are in proto/vectors/statement.txt.
 */
#include "store_world.h"

#include <kith/keys.h>
#include <kith/known.h>
#include <kith/people.h>

#include "base/auto.h"
#include "base/limits.h"

/* Grace is person 2, goes on as 3, and 9 has stolen from her; Bob is 4. */
enum { GRACE = 2, NEXT = 3, BOB = 4, THIEF = 9, NOW = 1700000500 };

static struct kith_store *store;

static int make(void **state)
{
	if (world_make(state))
		return -1;
	store = world_open(*state, KITH_STORE_WRITE);
	return 0;
}

static int drop(void **state)
{
	kith_store_close(store);
	store = NULL;
	return world_remove(state);
}

static struct kith_identity *person(uint8_t seed)
{
	uint8_t bytes[KITH_KEY_BYTES];
	struct kith_identity *id = NULL;

	memset(bytes, seed, sizeof bytes);
	assert_ok(kith_identity_from_seed(bytes, &id));
	return id;
}

/* Hands a statement to the store. */
static enum kith_err take(struct kith_span bytes, struct kith_keys_outcome *ret)
{
	struct kith_statement s;

	assert_ok(kith_statement_verify(bytes, &s));
	return kith_keys_take(store, &s, bytes, NOW, ret);
}

static enum kith_err say_rotated(uint8_t from, uint8_t to, struct kith_keys_outcome *ret)
{
	KITH_AUTO_BUF struct kith_buf out = {0};
	struct kith_identity *a = person(from), *b = person(to);

	assert_ok(kith_statement_rotate(a, b, 1, NOW, &out));
	kith_identity_free(a);
	kith_identity_free(b);
	return take(kith_buf_span(&out), ret);
}

static enum kith_err say_revoked(uint8_t who, struct kith_keys_outcome *ret)
{
	KITH_AUTO_BUF struct kith_buf out = {0};
	struct kith_identity *id = person(who);

	assert_ok(kith_statement_revoke(id, KITH_REVOKE_STOLEN, NOW, &out));
	kith_identity_free(id);
	return take(kith_buf_span(&out), ret);
}

static void expect(enum kith_err err, const struct kith_keys_outcome *o, enum kith_keys_what what)
{
	assert_ok(err);
	assert_int_equal(o->what, what);
}

/* The row of the person who has that key, or had it; 0: nobody. */
static int64_t row_of(uint8_t seed)
{
	uint8_t ik[32], xk[32];
	struct kith_contact c = {0};

	world_keys(seed, ik, xk);
	enum kith_err err = kith_store_contact_of(store, ik, &c);
	if (err != KITH_ERR_NOPERSON)
		assert_ok(err);
	int64_t row = c.row;
	kith_contact_free(&c);
	return row;
}

static struct kith_keys_state state_of(int64_t row)
{
	struct kith_keys_state s;

	assert_ok(kith_keys_of(store, row, &s));
	return s;
}

static enum kith_err import(uint8_t seed, uint64_t rev, const char *text, enum kith_import *what)
{
	return world_import(store, seed, 1, rev, text, what);
}

/* Grace by file, with revision 1; her row. */
static int64_t add_grace(void)
{
	assert_ok(import(GRACE, 1, "name=Grace", NULL));
	return row_of(GRACE);
}

static bool note_tie(void *ctx, const struct kith_tied *tied)
{
	*(struct kith_tied *)ctx = *tied;
	return false;
}

/* Who would be recognised first; .contact 0: nobody. */
static struct kith_tied tie(void)
{
	struct kith_tied tied = {0};

	assert_ok(kith_store_ties(store, note_tie, &tied));
	return tied;
}

static bool note_kinds(void *ctx, const struct kith_notice *n)
{
	char *text = ctx;

	(void)snprintf(text + strlen(text), 256 - strlen(text), "%s%s%s%.0llu", *text ? " " : "",
		kith_notice_name(n->kind), n->number ? "-" : "", (unsigned long long)n->number);
	return true;
}

static void expect_news(const char *want)
{
	char text[256] = "";

	assert_ok(kith_store_news_each(store, 0, note_kinds, text));
	assert_string_equal(text, want);
}

/* A swap in which I compared, or did not. */
static enum kith_err confirm(uint8_t session, uint8_t seed, enum kith_how how)
{
	struct kith_meeting m = world_meeting(session, seed, "Grace", 1);

	m.how = how;
	m.i_give = false;
	return kith_store_confirm(store, &m);
}

/* --- the person goes on ----------------------------------------------------------------------- */

static bool count_former(void *ctx, const struct kith_former_key *key)
{
	uint8_t ik[32], xk[32];

	world_keys(GRACE, ik, xk);
	assert_memory_equal(key->ik, ik, 32);
	assert_int_equal(key->left_at, NOW);
	assert_false(key->replaced);
	++*(int *)ctx;
	return true;
}

static void a_rotation_takes_the_person_along(void **state)
{
	struct kith_keys_outcome o;
	uint8_t ik[32], xk[32];
	int64_t row = add_grace();
	int former = 0;

	(void)state;
	expect(say_rotated(GRACE, NEXT, &o), &o, KITH_KEYS_ROTATED);
	assert_int_equal(o.contact, row);
	assert_int_equal(row_of(GRACE), row);
	assert_int_equal(row_of(NEXT), row);
	world_keys(NEXT, ik, xk);
	assert_memory_equal(tie().ik, ik, 32);
	assert_memory_equal(tie().xk, xk, 32);
	assert_false(state_of(row).settled);
	assert_false(state_of(row).anchored);
	assert_ok(kith_keys_former(store, row, count_former, &former));
	assert_int_equal(former, 1);
	expect_news("rotated-1");
}

/* Who was blocked does not come in again by a key that was left. */
static void a_block_holds_for_every_key(void **state)
{
	struct kith_keys_outcome o;
	uint8_t ik[32], xk[32];
	bool is;

	(void)state;
	assert_ok(kith_store_block(store, add_grace(), true, 9));
	expect(say_rotated(GRACE, NEXT, &o), &o, KITH_KEYS_ROTATED);
	for (size_t i = 0; i < 2; i++) {
		world_keys(i == 0 ? GRACE : NEXT, ik, xk);
		assert_ok(kith_store_is_blocked(store, ik, &is));
		assert_true(is);
	}
}

static void earlier_ids_find_the_person(void **state)
{
	struct kith_keys_outcome o;
	char names[512];
	uint8_t ik[32], xk[32];

	(void)state;
	add_grace();
	expect(say_rotated(GRACE, NEXT, &o), &o, KITH_KEYS_ROTATED);
	for (uint8_t seed = GRACE; seed <= NEXT; seed++) {
		char id[KITH_ID_CHARS + 1], uid[KITH_UID_CHARS + 1];
		world_keys(seed, ik, xk);
		kith_id_text(ik, id);
		kith_uid_text(ik, uid);
		names[0] = 0;
		assert_ok(kith_store_who(store, kith_span(id, 8), world_names, names));
		assert_string_equal(names, "Grace");
		names[0] = 0;
		assert_ok(kith_store_who(store, kith_span_str(uid), world_names, names));
		assert_string_equal(names, "Grace");
	}
}

/* The counter goes on, so the first card of the new key is simply the newer one. */
static void cards_go_on_by_number(void **state)
{
	struct kith_keys_outcome o;
	struct kith_contact c = {0};
	enum kith_import what;
	int64_t row = add_grace();

	expect(say_rotated(GRACE, NEXT, &o), &o, KITH_KEYS_ROTATED);
	assert_int_equal(tie().contact, row); /* with the xk that was signed, before a card comes */
	assert_ok(import(NEXT, 2, "name=Grace Hopper", &what));
	assert_int_equal(what, KITH_IMPORT_UPDATED);
	assert_ok(kith_store_contact(store, row, &c));
	assert_true(kith_span_eq(c.name, kith_span_str("Grace Hopper")));
	kith_contact_free(&c);
	assert_int_equal(world_number(*state, "SELECT count(*) FROM card"), 2);
	assert_err(import(NEXT, 1, "name=Grace the first", NULL), ROLLBACK);
	assert_err(import(NEXT, 2, "name=Grace the second", NULL), CONFLICT);
}

/* T25 */
static void a_key_that_was_left_signs_nothing_any_more(void **state)
{
	struct kith_keys_outcome o;
	enum kith_import what;

	add_grace();
	expect(say_rotated(GRACE, NEXT, &o), &o, KITH_KEYS_ROTATED);
	assert_err(import(GRACE, 7, "name=Grace by a thief", NULL), STALEKEY);
	assert_ok(import(GRACE, 1, "name=Grace", &what)); /* the card that is kept of it */
	assert_int_equal(what, KITH_IMPORT_SAME);
	assert_err(confirm(1, GRACE, KITH_HOW_SCANNED), STALEKEY);
	assert_int_equal(world_number(*state, "SELECT count(*) FROM contact"), 1);
	assert_int_equal(world_number(*state, "SELECT count(*) FROM met"), 0);
	expect_news("rotated-1");
}

static void not_to_somebody_elses_key(void **state)
{
	struct kith_keys_outcome o;
	int64_t row = add_grace();
	uint8_t ik[32], xk[32];

	assert_ok(import(BOB, 1, "name=Bob", NULL));
	assert_err(say_rotated(GRACE, BOB, &o), EXISTS);
	expect(say_rotated(BOB, 5, &o), &o, KITH_KEYS_ROTATED);
	assert_err(say_rotated(GRACE, BOB, &o), EXISTS); /* one that somebody had, either */
	world_keys(GRACE, ik, xk);
	assert_int_equal(row_of(GRACE), row);
	assert_int_equal(world_number(*state, "SELECT count(*) FROM statement"), 1);
}

static void keep_mine(struct kith_span bytes)
{
	struct kith_statement s;

	assert_ok(kith_statement_verify(bytes, &s));
	assert_ok(kith_keys_mine(store, &s, bytes, NOW));
}

/* I am 21 and was 20. */
static void i_am(void)
{
	KITH_AUTO_BUF struct kith_buf rotation = {0};
	struct kith_identity *was = person(20), *am = person(21);
	struct kith_mine mine = {.rev = 1};
	struct world_card card;

	world_card(&card, 21, 1, 1, "name=Me");
	assert_ok(kith_fields_pack(&card.card.fields, &mine.profile));
	mine.envelope = card.envelope;
	assert_ok(kith_store_mine_put(store, 0, &mine, &card.card));
	kith_buf_free(&mine.profile);
	world_card_free(&card);
	assert_ok(kith_statement_rotate(was, am, 1, NOW, &rotation));
	keep_mine(kith_buf_span(&rotation));
	kith_identity_free(was);
	kith_identity_free(am);
}

/* Whoever has a copy of my key could make somebody I know into me, or me into somebody.  T25 */
static void not_from_or_to_a_key_of_mine(void **state)
{
	struct kith_keys_outcome o;
	int64_t row = add_grace();
	uint8_t ik[32], xk[32];

	i_am();
	for (uint8_t mine = 20; mine <= 21; mine++) {
		assert_err(say_rotated(GRACE, mine, &o), OWNKEY);
		assert_err(say_rotated(mine, GRACE, &o), OWNKEY);
		assert_err(say_rotated(mine, THIEF, &o), OWNKEY);
		assert_int_equal(row_of(mine), 0);
	}
	world_keys(GRACE, ik, xk);
	assert_memory_equal(tie().ik, ik, 32);
	assert_int_equal(row_of(GRACE), row);
	assert_int_equal(world_number(*state, "SELECT count(*) FROM statement"), 1);
	expect(say_rotated(GRACE, NEXT, &o), &o, KITH_KEYS_ROTATED);
	assert_err(say_rotated(GRACE, 21, &o), OWNKEY); /* from one that they left, too */
	assert_int_equal(state_of(row).frozen, KITH_FROZEN_NOT);
}

/* --- frozen ----------------------------------------------------------------------------------- */

/* T25: after a revocation neither a newer card nor a rotation by whoever has the key. */
static void a_revoked_key_is_not_heard(void **state)
{
	struct kith_keys_outcome o;
	struct kith_contact c = {0};
	int64_t row = add_grace();

	(void)state;
	expect(say_revoked(GRACE, &o), &o, KITH_KEYS_FROZEN);
	assert_int_equal(o.frozen, KITH_FROZEN_REVOKED);
	assert_err(import(GRACE, 2, "name=Grace by a thief", NULL), STALEKEY);
	assert_err(say_rotated(GRACE, THIEF, &o), STALEKEY);
	assert_int_equal(row_of(THIEF), 0);
	assert_int_equal(tie().contact, 0);
	assert_ok(kith_store_contact(store, row, &c));
	assert_int_equal(c.state, KITH_CONTACT_FROZEN);
	kith_contact_free(&c);
	assert_int_equal(state_of(row).frozen_at, NOW);
	expect_news("frozen-1");
}

/* It is not thawed by a meeting under itself, either: that may be the thief. */
static void a_revoked_key_is_not_thawed(void **state)
{
	struct kith_keys_outcome o;
	int64_t row = add_grace();

	expect(say_revoked(GRACE, &o), &o, KITH_KEYS_FROZEN);
	assert_ok(kith_store_compared(store, row, KITH_HOW_SCANNED, kith_span("", 0), NOW));
	assert_int_equal(state_of(row).frozen, KITH_FROZEN_REVOKED);
	assert_err(confirm(1, GRACE, KITH_HOW_SCANNED), STALEKEY);
	assert_int_equal(world_number(*state, "SELECT count(*) FROM met"), 1);
	expect_news("frozen-1");
}

static void freeze_twice(int64_t *ret_row)
{
	struct kith_keys_outcome o;

	*ret_row = add_grace();
	expect(say_rotated(GRACE, NEXT, &o), &o, KITH_KEYS_ROTATED);
	expect(say_rotated(GRACE, THIEF, &o), &o, KITH_KEYS_FROZEN);
	assert_int_equal(o.frozen, KITH_FROZEN_TWICE);
	assert_int_equal(tie().contact, 0);
}

/* case 23: a frozen contact leaves by a compared meeting. */
static void comparing_side_by_side_thaws(void **state)
{
	int64_t row;

	(void)state;
	freeze_twice(&row);
	assert_ok(kith_store_compared(store, row, KITH_HOW_COMPARED, kith_span("", 0), NOW));
	assert_int_equal(state_of(row).frozen, KITH_FROZEN_NOT);
	assert_int_equal(state_of(row).frozen_at, 0);
	assert_true(state_of(row).anchored);
	assert_int_equal(tie().contact, row);
	expect_news("rotated-1 frozen-3 thawed");
}

static void a_compared_swap_thaws_and_no_other(void **state)
{
	int64_t row;

	(void)state;
	freeze_twice(&row);
	assert_err(confirm(1, NEXT, KITH_HOW_UNATTENDED), STALEKEY);
	assert_int_equal(state_of(row).frozen, KITH_FROZEN_TWICE);
	assert_ok(confirm(2, NEXT, KITH_HOW_COMPARED));
	assert_int_equal(state_of(row).frozen, KITH_FROZEN_NOT);
	assert_int_equal(tie().contact, row);
}

static void what_is_frozen_takes_no_card_by_file(void **state)
{
	int64_t row;

	(void)state;
	freeze_twice(&row);
	assert_err(import(NEXT, 2, "name=Grace Hopper", NULL), STALEKEY);
	assert_ok(kith_store_compared(store, row, KITH_HOW_COMPARED, kith_span("", 0), NOW));
	assert_ok(import(NEXT, 2, "name=Grace Hopper", NULL));
}

/* case 24 */
static void a_strangers_statement_leaves_no_trace(void **state)
{
	struct kith_keys_outcome o;

	add_grace();
	expect(say_revoked(THIEF, &o), &o, KITH_KEYS_NOBODY);
	assert_int_equal(o.contact, 0);
	expect(say_rotated(THIEF, BOB, &o), &o, KITH_KEYS_NOBODY);
	assert_int_equal(world_number(*state, "SELECT count(*) FROM statement"), 0);
	assert_int_equal(world_number(*state, "SELECT count(*) FROM contact"), 1);
	expect_news("");
}

static void what_is_forgotten_is_nobodys(void **state)
{
	struct kith_keys_outcome o;
	int64_t row = add_grace();

	expect(say_rotated(GRACE, NEXT, &o), &o, KITH_KEYS_ROTATED);
	assert_ok(kith_store_forget(store, row));
	assert_int_equal(world_number(*state, "SELECT count(*) FROM statement"), 0);
	assert_int_equal(world_number(*state, "SELECT count(*) FROM former_key"), 0);
	expect(say_revoked(GRACE, &o), &o, KITH_KEYS_NOBODY);
	world_sound(*state);
}

/* --- mine ------------------------------------------------------------------------------------- */

static void mine_go_to_everybody_once(void **state)
{
	KITH_AUTO_BUF struct kith_buf revocation = {0}, rotation = {0}, got = {0};
	struct kith_identity *a = person(20), *b = person(21);
	int64_t grace = add_grace(), first = 0, row = 0;

	(void)state;
	assert_ok(import(BOB, 1, "name=Bob", NULL));
	assert_err(kith_keys_due(store, grace, 0, &row, &got), MISSING);
	assert_ok(kith_statement_rotate(a, b, 1, NOW, &rotation));
	assert_ok(kith_statement_revoke(a, KITH_REVOKE_LOST, NOW, &revocation));
	keep_mine(kith_buf_span(&rotation));
	keep_mine(kith_buf_span(&revocation));
	keep_mine(kith_buf_span(&revocation));
	kith_identity_free(a);
	kith_identity_free(b);
	assert_ok(kith_keys_due(store, grace, 0, &first, &got));
	assert_true(kith_span_eq(kith_buf_span(&got), kith_buf_span(&revocation)));
	assert_err(kith_keys_due(store, grace, first, &row, &got), MISSING);
	assert_ok(kith_keys_sent(store, grace, first));
	assert_ok(kith_keys_sent(store, grace, first));
	assert_err(kith_keys_due(store, grace, 0, &row, &got), MISSING);
	assert_ok(kith_keys_due(store, row_of(BOB), 0, &row, &got));
	assert_int_equal(row, first);
	assert_err(kith_keys_sent(store, 999, first), NOPERSON);
	assert_err(kith_keys_sent(store, grace, 999), NOPERSON);
}

/* --- a lost key ------------------------------------------------------------------------------- */

/* Everything that can be remembered of somebody; of two other people one has a smaller number, one a greater. */
static void remember(int64_t who, int64_t before, int64_t after)
{
	struct kith_remark note = {.contact = who, .at = NOW, .text = kith_span_str("zebra")};
	struct kith_promise promise = {.contact = who, .text = kith_span_str("giraffe"), .by = 9};
	int64_t row;

	assert_ok(kith_store_remark_put(store, &note, NOW, &row));
	assert_ok(kith_store_promise_put(store, &promise, &row));
	assert_ok(kith_store_tag(store, who, kith_span_str("lisp"), true, 1));
	assert_ok(kith_store_event_add(store, 1, who, true));
	assert_ok(kith_store_relate(store, who, before, kith_span_str("cousins"), NOW));
	assert_ok(kith_store_relate(store, who, after, kith_span_str("rivals"), NOW));
	assert_ok(kith_store_aside(store, who, before, true, NOW));
	assert_ok(kith_store_aside(store, who, after, true, NOW));
	assert_ok(kith_store_ring_move(store, who, 2, NOW));
	assert_ok(kith_store_snooze(store, who, 20000));
	assert_ok(kith_store_handed(store, who, NOW + 9));
	assert_ok(kith_store_reviewed(store, who, KITH_REVIEW_SOON, NOW + 1));
}

/* Everything a person can have, at Grace; and next to her the same one anew. */
static void add_both(const char *home, int64_t *ret_old, int64_t *ret_new)
{
	struct kith_keys_outcome o;
	struct kith_receipt r = world_receipt(1, 1);
	char sql[2048];

	int64_t before = world_entry(store, 0, "uid-before", "name=Before");
	assert_ok(import(THIEF, 1, "name=Grace", NULL));
	expect(say_rotated(THIEF, GRACE, &o), &o,
		KITH_KEYS_ROTATED); /* an earlier key, and its statement */
	*ret_old = row_of(GRACE);
	long long row = *ret_old;
	struct kith_meeting m = world_meeting(1, GRACE, "Grace", 1);
	assert_ok(kith_store_confirm(store, &m));
	assert_ok(kith_store_receipt(store, &r));
	m = world_meeting(2, GRACE, "Grace", 2);
	assert_ok(kith_store_confirm(store, &m)); /* with a debt */
	world_entry(store, *ret_old, "uid-1", "name=Gracie");
	assert_ok(world_import(store, NEXT, 7, 1, "name=Grace Hopper", NULL));
	*ret_new = row_of(NEXT);
	(void)snprintf(sql, sizeof sql,
		"INSERT INTO takeback (contact, card, at) VALUES (%lld, x'0102030405060708', 1);"
		"INSERT INTO letgo (contact, card, at, upto) VALUES (%lld, x'0102030405060708', 1, 1);"
		"INSERT INTO news (at, kind, contact) VALUES (1, 2, %lld);"
		"INSERT INTO introduction (row, id, ik, words, at) VALUES (1, zeroblob(16), "
		"zeroblob(32), '', 1);"
		"INSERT INTO introduction_side (introduction, contact, ik, salt, at) "
		"VALUES (1, %lld, zeroblob(32), zeroblob(32), 1);"
		"INSERT INTO proposal (contact, ik, id, aud, words, at) VALUES (%lld, zeroblob(32), zeroblob(16), "
		"zeroblob(32), '', 1);"
		"INSERT INTO introduced (contact, introducer, words, how, at, intro, granted) "
		"VALUES (%lld, %lld, '', 0, 1, x'00', x'00');"
		"INSERT INTO intro_refused (contact, n, at) VALUES (%lld, 1, 1);"
		"INSERT INTO mine_returned (hash, rev, card, envelope, contact, at) "
		"VALUES (zeroblob(32), 9, zeroblob(8), x'00', %lld, 1);",
		row, row, row, row, row, row, row, row, row);
	world_sql(home, sql);
	remember(*ret_old, before, world_entry(store, 0, "uid-after", "name=After"));
}

/* Rows of a table that are of that person. */
static int64_t rows_at(sqlite3 *db, const char *table, const char *column, int64_t contact)
{
	char sql[256];
	sqlite3_stmt *s;

	(void)snprintf(sql, sizeof sql, "SELECT count(*) FROM %s WHERE %s = %lld", table, column,
		(long long)contact);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &s, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(s), SQLITE_ROW);
	int64_t n = sqlite3_column_int64(s, 0);
	(void)sqlite3_finalize(s);
	return n;
}

struct column {
	char table[64], column[64];
	int64_t n; /* rows of both people before */
};

/* Every column of the store that names a person, but for what is worked out and what was handed
 * out. */
static size_t count_all(const char *home, int64_t old, int64_t new, struct column at[static 40])
{
	sqlite3 *db;
	sqlite3_stmt *s;
	size_t n = 0;

	assert_int_equal(
		sqlite3_open_v2(world_path(home, "kith.db"), &db, SQLITE_OPEN_READWRITE, NULL),
		SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db,
				 "SELECT m.name, f.\"from\" FROM sqlite_master m, "
				 "pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND "
				 "f.\"table\" = 'contact' AND m.name NOT IN ('search', 'field', "
				 "'sent') ORDER BY 1, 2",
				 -1, &s, NULL),
		SQLITE_OK);
	for (; sqlite3_step(s) == SQLITE_ROW && n < 40; n++) {
		(void)snprintf(at[n].table, 64, "%s", (const char *)sqlite3_column_text(s, 0));
		(void)snprintf(at[n].column, 64, "%s", (const char *)sqlite3_column_text(s, 1));
		at[n].n = rows_at(db, at[n].table, at[n].column, old) +
			  rows_at(db, at[n].table, at[n].column, new);
	}
	(void)sqlite3_finalize(s);
	(void)sqlite3_close(db);
	return n;
}

/* How I stand to her is as it was; by what was noted, promised and said she is found. */
static void expect_remembered(int64_t row)
{
	static const char *const words[] = {"giraffe", "lisp", "cousins", "rivals"};
	struct kith_memory memory;

	assert_ok(kith_store_memory(store, row, NOW + 100, &memory));
	assert_int_equal(memory.ring, 2);
	assert_int_equal(memory.ring_at, NOW);
	assert_int_equal(memory.snoozed, 20000);
	assert_int_equal(memory.touched, NOW + 9);
	assert_int_equal(memory.review, KITH_REVIEW_SOON);
	assert_int_equal(memory.reviewed_at, NOW + 1);
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		char names[512] = "";
		assert_ok(kith_store_find(store, kith_span_str(words[i]), world_names, names));
		assert_non_null(strstr(names, "Grace Hopper"));
	}
}

static void everything_moves_to_the_new_key(void **state)
{
	struct column before[40], after[40];
	struct kith_contact c = {0};
	int64_t old, new, former = 0;

	add_both(*state, &old, &new);
	assert_ok(kith_store_compared(store, new, KITH_HOW_COMPARED, kith_span("", 0), NOW));
	size_t n = count_all(*state, old, new, before);
	assert_true(n >= 20);
	if (kith_keys_replace(store, old, new, NOW))
		fail_msg("%s", kith_store_why(store));
	assert_int_equal(count_all(*state, old, new, after), n);
	for (size_t i = 0; i < n; i++) {
		bool key = strcmp(before[i].table, "former_key") == 0;
		if (before[i].n == 0)
			fail_msg(
				"%s.%s: a test that moves none", before[i].table, before[i].column);
		former += key;
		if (after[i].n != before[i].n + key)
			fail_msg("%s.%s: %lld rows of %lld", before[i].table, before[i].column,
				(long long)after[i].n, (long long)before[i].n);
	}
	assert_int_equal(former, 1);
	assert_int_equal(row_of(GRACE), new);
	assert_int_equal(row_of(THIEF), new); /* the key before that */
	assert_int_equal(row_of(NEXT), new);
	assert_ok(kith_store_contact(store, new, &c));
	assert_true(kith_span_eq(c.name, kith_span_str("Grace Hopper")));
	assert_int_equal(c.entries, 1);
	kith_contact_free(&c);
	expect_remembered(new);
	assert_err(kith_store_contact(store, old, &c), NOPERSON);
	assert_err(import(GRACE, 9, "name=Grace by a thief", NULL), STALEKEY);
	world_sound(*state);
}

static void only_a_key_that_was_compared_replaces(void **state)
{
	int64_t old, new;
	int64_t typed = world_entry(store, 0, "uid-2", "name=Grace");
	struct kith_keys_outcome o;

	add_both(*state, &old, &new);
	assert_err(kith_keys_replace(store, old, new, NOW), VALUE);
	assert_ok(confirm(5, NEXT, KITH_HOW_UNATTENDED));
	assert_err(kith_keys_replace(store, old, new, NOW), VALUE);
	assert_ok(kith_store_compared(store, new, KITH_HOW_SCANNED, kith_span("", 0), NOW));
	assert_err(kith_keys_replace(store, new, new, NOW), VALUE);
	assert_err(kith_keys_replace(store, typed, new, NOW), NOPERSON);
	assert_err(kith_keys_replace(store, old, typed, NOW), NOPERSON);
	assert_err(kith_keys_replace(store, 999, new, NOW), NOPERSON);
	expect(say_revoked(NEXT, &o), &o, KITH_KEYS_FROZEN);
	assert_err(kith_keys_replace(store, old, new, NOW), VALUE);
	assert_true(row_of(GRACE) == old);
}

/* One who changed keys since the comparison has to be compared again. */
static void a_comparison_of_an_earlier_key_is_none(void **state)
{
	struct kith_keys_outcome o;
	int64_t old, new;

	add_both(*state, &old, &new);
	assert_ok(kith_store_compared(store, new, KITH_HOW_SCANNED, kith_span("", 0), NOW));
	expect(say_rotated(NEXT, 6, &o), &o, KITH_KEYS_ROTATED);
	assert_err(kith_keys_replace(store, old, new, NOW), VALUE);
	assert_ok(kith_store_compared(store, new, KITH_HOW_SCANNED, kith_span("", 0), NOW + 1));
	assert_ok(kith_keys_replace(store, old, new, NOW));
}

/* T25: a revoked person is the same one again by a new key and a meeting. */
static void a_revoked_person_comes_back_by_replacing(void **state)
{
	struct kith_keys_outcome o;
	int64_t old, new;

	add_both(*state, &old, &new);
	expect(say_revoked(GRACE, &o), &o, KITH_KEYS_FROZEN);
	assert_ok(kith_store_compared(store, new, KITH_HOW_COMPARED, kith_span("", 0), NOW));
	assert_ok(kith_keys_replace(store, old, new, NOW));
	assert_int_equal(state_of(new).frozen, KITH_FROZEN_NOT);
	assert_int_equal(tie().contact, new);
	assert_int_equal(row_of(GRACE), new);
	expect(say_rotated(GRACE, 8, &o), &o, KITH_KEYS_EVIDENCE); /* and the thief moves nobody */
	assert_int_equal(row_of(8), 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make, drop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_rotation_takes_the_person_along),
		TEST(a_block_holds_for_every_key),
		TEST(earlier_ids_find_the_person),
		TEST(cards_go_on_by_number),
		TEST(a_key_that_was_left_signs_nothing_any_more),
		TEST(not_to_somebody_elses_key),
		TEST(not_from_or_to_a_key_of_mine),
		TEST(a_revoked_key_is_not_heard),
		TEST(a_revoked_key_is_not_thawed),
		TEST(comparing_side_by_side_thaws),
		TEST(a_compared_swap_thaws_and_no_other),
		TEST(what_is_frozen_takes_no_card_by_file),
		TEST(a_strangers_statement_leaves_no_trace),
		TEST(what_is_forgotten_is_nobodys),
		TEST(mine_go_to_everybody_once),
		TEST(everything_moves_to_the_new_key),
		TEST(only_a_key_that_was_compared_replaces),
		TEST(a_comparison_of_an_earlier_key_is_none),
		TEST(a_revoked_person_comes_back_by_replacing),
	};

	return cmocka_run_group_tests_name("store_keys", tests, NULL, NULL);
}
