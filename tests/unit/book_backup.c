/* SPDX-License-Identifier: MIT
 *
 * A home that changes its key, is put into a backup, comes back, and is there twice.
 */
#include "store_world.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <kith/cards.h>
#include <kith/keys.h>
#include <kith/people.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/home.h"
#include "base/limits.h"
#include "book/backup.h"
#include "book/backupfile.h"
#include "book/keys.h"
#include "book/mine.h"
#include "crypto/exchange.h"
#include "crypto/keyring.h"
#include "crypto/seed.h"
#include "store/image.h"
#include "store/settle.h"

static const struct kith_keyfile_cost quick = {1, 8};

/* A home with a person in it, and one whom they met. */
struct home {
	char path[400];
	struct kith_identity *id;
	struct kith_store *store;
};

static struct kith_passphrase *word(const char *text)
{
	struct kith_passphrase *p = NULL;

	assert_ok(kith_passphrase_new(kith_span_str(text), &p, NULL));
	return p;
}

static bool nobody(void *ctx, const struct kith_contact *contact)
{
	(void)ctx;
	(void)contact;
	return false;
}

/* One of each, about somebody. */
static void remember(struct kith_store *store, int64_t who)
{
	struct kith_event event = {
		.name = kith_span_str("FOSDEM"), .began = 1700000000, .until = KITH_DAY_NONE};
	struct kith_remark remark = {.contact = who, .text = kith_span_str("a note")};
	struct kith_promise promise = {
		.contact = who, .text = kith_span_str("a book"), .by = 20600};
	struct kith_use use = {.today = 20600};
	int64_t row;

	assert_ok(kith_store_event_start(store, &event));
	assert_ok(kith_store_event_add(store, 2, who, true));
	assert_ok(kith_store_remark_put(store, &remark, 1700000000, &row));
	assert_ok(kith_store_promise_put(store, &promise, &row));
	assert_ok(kith_store_tag(store, who, kith_span_str("lisp"), true, 1));
	assert_ok(kith_store_ring_move(store, who, 2, 1700000000));
	assert_ok(kith_store_snooze(store, who, 20700));
	assert_ok(kith_store_reviewed(store, who, KITH_REVIEW_SOON, 1700000000));
	assert_ok(kith_store_relate(store, who, 1, kith_span_str("colleagues"), 1700000000));
	assert_ok(kith_store_aside(store, who, 1, true, 1700000000));
	assert_ok(kith_store_used(store, &use, nobody, NULL));
}

static void home_make(struct home *h, const char *folder, const char *name)
{
	struct kith_fields fields = {0};
	struct kith_field f;
	struct kith_meeting m = world_meeting(7, 5, "Grace Hopper", 1);
	struct kith_receipt r = world_receipt(7, 1);
	struct world_card card;

	*h = (struct home){0};
	(void)snprintf(h->path, sizeof h->path, "%s/%s", folder, name);
	assert_ok(kith_folder_private(h->path, NULL));
	assert_ok(kith_identity_new(NULL, &h->id));
	assert_ok(kith_identity_save(h->id, h->path, NULL));
	h->store = world_open(h->path, KITH_STORE_WRITE);
	assert_ok(kith_field_parse(kith_span_str("name=Ada Lovelace"), &f, NULL));
	fields.at[fields.n++] = f;
	assert_ok(kith_my_first(h->store, h->id, &fields, false, NULL));
	assert_ok(kith_revocation_make(h->path, h->id, 1700000000, NULL));
	assert_ok(kith_store_confirm(h->store, &m));
	assert_ok(kith_store_confirmed(h->store, m.session, KITH_HOW_COMPARED));
	world_card(&card, 5, 1, 3, "name=Grace Hopper\nemail=g@example.org");
	assert_ok(kith_store_card(
		h->store, m.session, &card.card, kith_buf_span(&card.envelope), 1770000001));
	world_card_free(&card);
	assert_ok(kith_store_receipt(h->store, &r));
	remember(h->store, world_entry(h->store, 0, "urn:typed", "name=Typed In\ntel=+44 1"));
}

static void home_free(struct home *h)
{
	kith_store_close(h->store);
	kith_identity_free(h->id);
	*h = (struct home){0};
}

static struct kith_my my_of(struct kith_store *store)
{
	struct kith_my my = {0};

	assert_ok(kith_my_read(store, &my, NULL));
	return my;
}

static bool is_there(const char *home, const char *name)
{
	struct stat st;

	return lstat(world_path(home, name), &st) == 0;
}

/* --- another key ------------------------------------------------------------------------------ */

static void rotate(struct home *h, struct kith_passphrase *p, uint64_t want)
{
	const struct kith_rotation r = {
		.home = h->path, .old = h->id, .passphrase = p, .cost = &quick, .now = 1770000000};
	struct kith_identity *new = NULL;
	struct kith_diag diag = {0};
	uint64_t seq = 0;

	assert_ok(kith_key_rotate(h->store, &r, &new, &seq, &diag));
	assert_int_equal(seq, want);
	kith_identity_free(h->id);
	h->id = new;
}

struct said {
	size_t n;
	struct kith_statement at[16];
};

static bool take_said(void *ctx, const struct kith_kept *kept)
{
	struct said *s = ctx;

	assert_true(s->n < 16);
	assert_ok(kith_statement_verify(kept->bytes, &s->at[s->n++]));
	return true;
}

static void a_rotation_takes_everything_along(void **state)
{
	struct home h;
	struct kith_retired_keys retired = {0};
	struct kith_identity *loaded = NULL;
	struct kith_statement revocation;
	struct said said = {0};
	uint8_t old[2][32], old_xk[2][32];
	KITH_AUTO_BUF struct kith_buf bytes = {0};

	home_make(&h, *state, "ada");
	struct kith_my before = my_of(h.store);
	struct kith_passphrase *p = word("horse");
	for (uint8_t i = 0; i < 2; i++) {
		memcpy(old[i], kith_identity_ik(h.id), 32);
		memcpy(old_xk[i], kith_identity_xk_secret(h.id), 32);
		rotate(&h, i ? p : NULL, i + 1);
	}
	/* the key file, under its passphrase, is the new key */
	assert_err(kith_identity_load(h.path, &loaded, NULL), PASSPHRASE);
	assert_ok(kith_identity_load_protected(h.path, p, &loaded, NULL));
	assert_memory_equal(kith_identity_ik(loaded), kith_identity_ik(h.id), 32);
	kith_identity_free(loaded);
	/* the card is the same one, with the next number, signed by it */
	struct kith_my after = my_of(h.store);
	assert_memory_equal(after.card.ik, kith_identity_ik(h.id), 32);
	assert_memory_equal(after.card.card, before.card.card, 8);
	assert_int_equal(after.card.rev, before.mine.rev + 2);
	kith_my_free(&before);
	kith_my_free(&after);
	/* both former xk are kept, with their ik */
	assert_ok(kith_retired_load(h.path, h.id, &retired, NULL));
	assert_int_equal(retired.n, 2);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(retired.at[i].seq, i + 1);
		assert_memory_equal(retired.at[i].ik, old[i], 32);
		assert_memory_equal(retired.at[i].xk_secret, old_xk[i], 32);
	}
	kith_retired_free(&retired);
	/* the rotations lead from the first key to the present one */
	assert_ok(kith_keys_kept(h.store, 0, take_said, &said));
	assert_int_equal(said.n, 2);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(said.at[i].kind, KITH_STATEMENT_ROTATE);
		assert_int_equal(said.at[i].seq, i + 1);
		assert_memory_equal(said.at[i].ik, old[i], 32);
	}
	assert_memory_equal(said.at[1].new_ik, kith_identity_ik(h.id), 32);
	assert_int_equal(world_number(h.path, "SELECT seq FROM mine"), 2);
	/* a revocation for each */
	assert_ok(kith_revocation_read(
		world_path(h.path, "revocation.kith"), &bytes, &revocation, NULL));
	assert_memory_equal(revocation.ik, kith_identity_ik(h.id), 32);
	kith_buf_clear(&bytes);
	assert_ok(kith_revocation_read(
		world_path(h.path, "revocation-1.kith"), &bytes, &revocation, NULL));
	assert_memory_equal(revocation.ik, old[0], 32);
	assert_true(is_there(h.path, "revocation-2.kith"));
	assert_false(is_there(h.path, "next"));
	kith_passphrase_free(p);
	home_free(&h);
}

static void the_oldest_of_too_many_goes(void **state)
{
	struct home h;
	struct kith_retired_keys retired = {0};

	home_make(&h, *state, "ada");
	for (uint64_t i = 1; i <= KITH_STATEMENTS_MAX + 1; i++)
		rotate(&h, NULL, i);
	assert_ok(kith_retired_load(h.path, h.id, &retired, NULL));
	assert_int_equal(retired.n, KITH_STATEMENTS_MAX);
	assert_int_equal(retired.at[0].seq, 2);
	assert_int_equal(retired.at[retired.n - 1].seq, KITH_STATEMENTS_MAX + 1);
	kith_retired_free(&retired);
	home_free(&h);
}

static void a_key_that_is_not_the_cards_rotates_nothing(void **state)
{
	struct home h;
	struct kith_identity *other = NULL, *new = NULL;
	struct kith_diag diag = {0};
	uint64_t seq;

	home_make(&h, *state, "ada");
	assert_ok(kith_identity_new(NULL, &other));
	const struct kith_rotation r = {.home = h.path, .old = other, .now = 1};
	assert_err(kith_key_rotate(h.store, &r, &new, &seq, &diag), KEYFILE);
	assert_false(is_there(h.path, "next"));
	assert_false(is_there(h.path, "retired.key"));
	assert_int_equal(world_number(h.path, "SELECT seq FROM mine"), 0);
	kith_identity_free(other);
	home_free(&h);
}

static void a_retired_key_goes_when_everybody_has_heard(void **state)
{
	struct home h;
	struct kith_retired_keys retired = {0};
	bool copied;

	home_make(&h, *state, "ada");
	rotate(&h, NULL, 1);
	rotate(&h, NULL, 2);
	assert_ok(kith_home_started(h.path, h.store, h.id, 1, &copied, NULL));
	assert_ok(kith_retired_load(h.path, h.id, &retired, NULL));
	assert_int_equal(retired.n, 2);
	kith_retired_free(&retired);
	world_sql(h.path, "UPDATE contact SET acknowledged = 1 WHERE ik IS NOT NULL");
	assert_ok(kith_home_started(h.path, h.store, h.id, 1, &copied, NULL));
	assert_ok(kith_retired_load(h.path, h.id, &retired, NULL));
	assert_int_equal(retired.n, 1);
	assert_int_equal(retired.at[0].seq, 2);
	kith_retired_free(&retired);
	/* who is blocked has no tie, and keeps none alive */
	world_sql(h.path, "UPDATE contact SET blocked = 1 WHERE ik IS NOT NULL");
	assert_ok(kith_home_started(h.path, h.store, h.id, 1, &copied, NULL));
	assert_false(is_there(h.path, "retired.key"));
	home_free(&h);
}

/* What a process that died behind the transaction has left: the store has the new key, the home the old one. */
static void a_start_ends_what_was_begun(void **state)
{
	struct home h;
	struct kith_identity *loaded = NULL;
	char old[500];

	home_make(&h, *state, "ada");
	(void)snprintf(old, sizeof old, "%s/old.key", h.path);
	assert_int_equal(link(world_path(h.path, "identity.key"), old), 0);
	rotate(&h, NULL, 1);
	assert_int_equal(mkdir(world_path(h.path, "next"), 0700), 0);
	assert_int_equal(
		rename(world_path(h.path, "identity.key"), world_path(h.path, "next/identity.key")),
		0);
	assert_int_equal(rename(old, world_path(h.path, "identity.key")), 0);
	assert_ok(kith_file_write(world_path(h.path, "next/ik"),
		kith_span(kith_identity_ik(h.id), 32), 0600, KITH_FILE_NEW, NULL));
	assert_ok(kith_home_settle(h.path, NULL));
	assert_ok(kith_identity_load(h.path, &loaded, NULL));
	assert_memory_equal(kith_identity_ik(loaded), kith_identity_ik(h.id), 32);
	assert_false(is_there(h.path, "next"));
	kith_identity_free(loaded);
	home_free(&h);
}

/* Without the store nobody can say which key is mine: both stay. */
static void without_a_store_no_key_goes(void **state)
{
	struct home h;

	home_make(&h, *state, "ada");
	kith_store_close(h.store);
	h.store = NULL;
	assert_ok(kith_next_begin(h.path, NULL));
	assert_ok(kith_next_put(h.path, "identity.key", kith_span("new", 3), NULL));
	assert_ok(kith_next_ready(h.path, kith_identity_ik(h.id), NULL));
	assert_int_equal(unlink(world_path(h.path, "kith.db")), 0);
	assert_err(kith_home_settle(h.path, NULL), MISSING);
	assert_true(is_there(h.path, "next/identity.key"));
	assert_true(is_there(h.path, "identity.key"));
	home_free(&h);
}

/* --- a copied home ------------------------------------------------------------------------------ */

/* Case 74: the numbers of the two machines do not meet. */
static void a_copied_home_leaves_numbers_out(void **state)
{
	static const uint8_t elsewhere[KITH_DEVICE_BYTES] = {1, 2, 3};
	struct home h;
	bool copied = true;
	uint8_t mark[KITH_DEVICE_BYTES];

	home_make(&h, *state, "ada");
	bool named = kith_device_mark("/etc/machine-id", mark) ||
		     kith_device_mark("/var/lib/dbus/machine-id", mark);
	assert_ok(kith_home_started(h.path, h.store, h.id, 1, &copied, NULL));
	assert_false(copied);
	assert_int_equal(is_there(h.path, "device"), named);
	assert_int_equal(world_number(h.path, "SELECT rev FROM mine"), 1);
	if (named) {
		assert_ok(kith_file_write(world_path(h.path, "device"),
			kith_span(elsewhere, sizeof elsewhere), 0600, KITH_FILE_REPLACE, NULL));
		assert_ok(kith_home_started(h.path, h.store, h.id, 1, &copied, NULL));
		assert_true(copied);
		assert_int_equal(
			world_number(h.path, "SELECT rev FROM mine"), 1 + KITH_RESTORE_JUMP + 1);
		/* once */
		assert_ok(kith_home_started(h.path, h.store, h.id, 1, &copied, NULL));
		assert_false(copied);
		assert_int_equal(
			world_number(h.path, "SELECT rev FROM mine"), 1 + KITH_RESTORE_JUMP + 1);
	}
	home_free(&h);
}

/* --- backups ------------------------------------------------------------------------------------ */

static void back_up(struct home *h, const char *path, const char *text)
{
	struct kith_passphrase *p = word(text);
	struct kith_diag diag = {0};

	assert_ok(kith_backup_make(h->path, h->store, path, p, &quick, &diag));
	kith_passphrase_free(p);
}

static enum kith_err restore(
	const char *path, const char *home, const char *text, struct kith_diag *diag)
{
	KITH_AUTO(kith_restore_free) struct kith_restore r = {.lock = -1};
	struct kith_passphrase *p = word(text);
	enum kith_err err = kith_restore_begin(&r, path, home, p, diag);

	if (!err)
		err = kith_restore_unlock(&r, p, diag);
	if (!err)
		err = kith_restore_end(&r, 1780000000, diag);
	kith_passphrase_free(p);
	return err;
}

static int by_table(void *ctx, int n, char **values, char **names)
{
	struct kith_buf *list = ctx;

	(void)n;
	(void)names;
	return kith_buf_add_str(list, values[0]) || kith_buf_add(list, "", 1);
}

static int by_row(void *ctx, int n, char **values, char **names)
{
	struct kith_buf *text = ctx;
	int bad = 0;

	for (int i = 0; i < n; i++)
		bad |= kith_buf_printf(text, "%s=%s|", names[i], values[i] ? values[i] : "NULL");
	return bad | kith_buf_add(text, "\n", 1);
}

static void run_sql(sqlite3 *db, const char *sql,
	int (*fn)(void *ctx, int n, char **values, char **names), struct kith_buf *out)
{
	char *why = NULL;

	if (sqlite3_exec(db, sql, fn, out, &why) != SQLITE_OK)
		fail_msg("%s: %s", sql, why);
}

/* Every column of every row of a table as text, blobs as quote() writes them. */
static void table_text(sqlite3 *db, const char *table, struct kith_buf *out)
{
	KITH_AUTO_BUF struct kith_buf columns = {0};
	KITH_AUTO_BUF struct kith_buf sql = {0};
	char ask[200];

	(void)snprintf(ask, sizeof ask, "SELECT name FROM pragma_table_info('%s')", table);
	run_sql(db, ask, by_table, &columns);
	assert_ok(kith_buf_add_str(&sql, "SELECT "));
	for (size_t i = 0; i < columns.n; i += strlen((char *)columns.p + i) + 1)
		assert_ok(kith_buf_printf(
			&sql, "%squote(\"%s\")", i ? ", " : "", (char *)columns.p + i));
	assert_ok(kith_buf_printf(
		&sql, " FROM \"%s\" ORDER BY 1%s", table, memchr(sql.p, ',', sql.n) ? ", 2" : ""));
	run_sql(db, kith_buf_cstr(&sql), by_row, out);
}

static sqlite3 *open_db(const char *home)
{
	sqlite3 *db = NULL;

	assert_int_equal(
		sqlite3_open_v2(world_path(home, "kith.db"), &db, SQLITE_OPEN_READONLY, NULL),
		SQLITE_OK);
	return db;
}

/* What signing anew changes by intent; looked at apart. */
static bool is_signed_anew(const char *table)
{
	return strcmp(table, "mine") == 0 || strcmp(table, "mine_card") == 0 ||
	       strcmp(table, "my_card") == 0;
}

static void same_tables(const char *a, const char *b)
{
	KITH_AUTO_BUF struct kith_buf tables = {0};
	sqlite3 *one = open_db(a), *other = open_db(b);
	size_t compared = 0, rows = 0;

	run_sql(one, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name", by_table,
		&tables);
	for (size_t i = 0; i < tables.n; i += strlen((char *)tables.p + i) + 1) {
		const char *table = (char *)tables.p + i;
		KITH_AUTO_BUF struct kith_buf x = {0};
		KITH_AUTO_BUF struct kith_buf y = {0};
		if (is_signed_anew(table))
			continue;
		table_text(one, table, &x);
		table_text(other, table, &y);
		if (!kith_span_eq(kith_buf_span(&x), kith_buf_span(&y)))
			fail_msg("%s differs", table);
		compared++;
		rows += x.n > 0;
	}
	assert_true(compared > 30 && rows > 20);
	assert_int_equal(sqlite3_close(one), SQLITE_OK);
	assert_int_equal(sqlite3_close(other), SQLITE_OK);
}

static void same_file(const char *a, const char *b, const char *name)
{
	KITH_AUTO_BUF struct kith_buf x = {0};
	KITH_AUTO_BUF struct kith_buf y = {0};

	assert_ok(kith_file_read(world_path(a, name), 65536, &x, NULL));
	assert_ok(kith_file_read(world_path(b, name), 65536, &y, NULL));
	assert_true(kith_span_eq(kith_buf_span(&x), kith_buf_span(&y)));
}

static void everything_comes_back(void **state)
{
	struct home h;
	struct kith_diag diag = {0};
	char file[400], home[400];
	struct stat st;

	home_make(&h, *state, "ada");
	rotate(&h, NULL, 1);
	(void)snprintf(file, sizeof file, "%s/backup", (char *)*state);
	(void)snprintf(home, sizeof home, "%s/again", (char *)*state);
	back_up(&h, file, "horse");
	assert_int_equal(stat(file, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_ok(restore(file, home, "horse", &diag));
	assert_false(is_there(*state, "again.restoring"));
	same_tables(h.path, home);
	same_file(h.path, home, "identity.key");
	same_file(h.path, home, "retired.key");
	same_file(h.path, home, "revocation.kith");
	same_file(h.path, home, "revocation-1.kith");
	/* my card: the same fields and id, behind the jump; every one that I signed is there */
	struct kith_store *store = world_open(home, KITH_STORE_USE);
	struct kith_my had = my_of(h.store), now = my_of(store);
	assert_memory_equal(had.card.card, now.card.card, 8);
	assert_int_equal(now.card.rev, had.mine.rev + KITH_RESTORE_JUMP + 1);
	assert_true(
		kith_span_eq(kith_buf_span(&had.mine.profile), kith_buf_span(&now.mine.profile)));
	assert_int_equal(world_number(home, "SELECT count(*) FROM mine_card"),
		world_number(h.path, "SELECT count(*) FROM mine_card") + 1);
	assert_ok(kith_store_sound(store));
	kith_my_free(&had);
	kith_my_free(&now);
	kith_store_close(store);
	home_free(&h);
}

static void what_is_there_is_never_touched(void **state)
{
	struct home h;
	struct kith_diag diag = {0};
	char file[400], home[400];

	home_make(&h, *state, "ada");
	(void)snprintf(file, sizeof file, "%s/backup", (char *)*state);
	(void)snprintf(home, sizeof home, "%s/there", (char *)*state);
	back_up(&h, file, "horse");
	assert_int_equal(mkdir(home, 0700), 0);
	assert_ok(kith_file_write(
		world_path(home, "mine"), kith_span("x", 1), 0600, KITH_FILE_NEW, NULL));
	assert_err(restore(file, home, "horse", &diag), EXISTS);
	assert_err(restore(file, h.path, "horse", &diag), EXISTS);
	assert_true(is_there(home, "mine"));
	assert_false(is_there(*state, "there.restoring"));
	/* somebody else's folder of the name that is used meanwhile */
	(void)snprintf(home, sizeof home, "%s/new", (char *)*state);
	assert_int_equal(mkdir(world_path(*state, "new.restoring"), 0700), 0);
	assert_ok(kith_file_write(world_path(*state, "new.restoring/thesis"), kith_span("x", 1),
		0600, KITH_FILE_NEW, NULL));
	assert_err(restore(file, home, "horse", &diag), EXISTS);
	assert_true(is_there(*state, "new.restoring/thesis"));
	assert_false(is_there(*state, "new"));
	/* a backup takes the place of a backup, and of nothing else */
	back_up(&h, file, "other horse");
	struct kith_passphrase *p = word("horse");
	assert_err(kith_backup_make(h.path, h.store, world_path(*state, "new.restoring/thesis"), p,
			   &quick, &diag),
		EXISTS);
	kith_passphrase_free(p);
	home_free(&h);
}

/* Reads the backup, changes it, and puts it back. */
static void altered(const char *file, struct kith_buf *whole, size_t cut, size_t flip)
{
	KITH_AUTO_BUF struct kith_buf bytes = {0};

	assert_ok(kith_buf_add(&bytes, whole->p, whole->n - cut));
	if (flip != SIZE_MAX)
		bytes.p[flip] ^= 1;
	assert_ok(kith_file_write(file, kith_buf_span(&bytes), 0600, KITH_FILE_REPLACE, NULL));
}

static void a_broken_backup_restores_nothing(void **state)
{
	struct home h;
	KITH_AUTO_BUF struct kith_buf whole = {0};
	struct kith_diag diag = {0};
	char file[400], home[400];

	home_make(&h, *state, "ada");
	(void)snprintf(file, sizeof file, "%s/backup", (char *)*state);
	(void)snprintf(home, sizeof home, "%s/again", (char *)*state);
	back_up(&h, file, "horse");
	assert_err(restore(file, home, "cow", &diag), SIG);
	assert_ok(kith_file_read(file, 1 << 24, &whole, NULL));
	size_t box = KITH_BACKUP_CHUNK + 17, first = 33 + 24 + box;
	assert_true(whole.n > first + box);
	altered(file, &whole, 1, SIZE_MAX);
	assert_err(restore(file, home, "horse", &diag), SIG);
	altered(file, &whole, whole.n - first, SIZE_MAX); /* at the edge of a box */
	assert_err(restore(file, home, "horse", &diag), TRUNCATED);
	altered(file, &whole, whole.n - first - box + 9, SIZE_MAX);
	assert_err(restore(file, home, "horse", &diag), SIG);
	altered(file, &whole, 0, first + 100); /* in the second box */
	assert_err(restore(file, home, "horse", &diag), SIG);
	altered(file, &whole, 0, 100);
	assert_err(restore(file, home, "horse", &diag), SIG);
	assert_ok(kith_buf_add(&whole, "x", 1));
	altered(file, &whole, 0, SIZE_MAX);
	assert_int_not_equal(restore(file, home, "horse", &diag), KITH_OK);
	assert_false(is_there(*state, "again"));
	assert_false(is_there(*state, "again.restoring"));
	home_free(&h);
}

/* A file of those parts. */
static void write_parts(
	const char *file, const char *const *names, const struct kith_span *bytes, size_t n)
{
	KITH_AUTO(kith_backup_writer_free) struct kith_backup_writer w = {.file = {.fd = -1}};
	struct kith_passphrase *p = word("horse");

	assert_ok(kith_backup_begin(&w, file, p, &quick, NULL));
	for (size_t i = 0; i < n; i++)
		assert_ok(kith_backup_part(&w, names[i], bytes[i], NULL));
	assert_ok(kith_backup_end(&w, NULL));
	kith_passphrase_free(p);
}

static void the_parts_must_fit_each_other(void **state)
{
	struct home h, other;
	KITH_AUTO_BUF struct kith_buf key = {0};
	KITH_AUTO_BUF struct kith_buf foreign = {0};
	KITH_AUTO_BUF struct kith_buf large = {0};
	struct kith_image image = {0};
	struct kith_diag diag = {0};
	char file[400], home[400];
	uint8_t *p;

	home_make(&h, *state, "ada");
	home_make(&other, *state, "eve");
	(void)snprintf(file, sizeof file, "%s/backup", (char *)*state);
	(void)snprintf(home, sizeof home, "%s/again", (char *)*state);
	assert_ok(kith_file_read(world_path(h.path, "identity.key"), 200, &key, NULL));
	assert_ok(kith_file_read(world_path(other.path, "identity.key"), 200, &foreign, NULL));
	assert_ok(kith_store_image(h.store, &image));
	assert_ok(kith_buf_more(&large, KITH_FILE_READ_MAX + 1, &p));
	memset(p, 'r', large.n);
	struct kith_span store = kith_span(image.p, image.n);
	struct kith_span at_limit = kith_span(large.p, KITH_FILE_READ_MAX);
	const struct {
		const char *names[4];
		struct kith_span bytes[4];
		enum kith_err want;
	} cases[] = {
		{{"identity.key", "kith.db"}, {kith_buf_span(&foreign), store}, KITH_ERR_KEYFILE},
		{{"kith.db"}, {store}, KITH_ERR_SHAPE},
		{{"identity.key"}, {kith_buf_span(&key)}, KITH_ERR_SHAPE},
		{{"identity.key", "kith.db", "kith.db"}, {kith_buf_span(&key), store, store},
			KITH_ERR_SHAPE},
		{{"identity.key", "next"}, {kith_buf_span(&key), store}, KITH_ERR_VERSION},
		{{"revocation.kith", "identity.key"}, {kith_buf_span(&large), kith_buf_span(&key)},
			KITH_ERR_LIMIT},
		{{"identity.key", "kith.db"}, {kith_buf_span(&key), kith_span("not one", 7)},
			KITH_ERR_STORE_CORRUPT},
		{{"identity.key", "retired.key", "kith.db"},
			{kith_buf_span(&key), kith_span("x", 1), store}, KITH_ERR_KEYFILE},
		{{"revocation.kith", "identity.key", "kith.db"},
			{at_limit, kith_buf_span(&key), store}, KITH_OK},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		size_t n = 0;
		while (n < 4 && cases[i].names[n])
			n++;
		write_parts(file, cases[i].names, cases[i].bytes, n);
		diag.text[0] = 0;
		enum kith_err err = restore(file, home, "horse", &diag);
		if (err != cases[i].want)
			fail_msg("case %zu: %s: %s", i, kith_err_name(err), diag.text);
		assert_int_equal(is_there(*state, "again"), err == KITH_OK);
		assert_false(is_there(*state, "again.restoring"));
	}
	kith_image_free(&image);
	home_free(&h);
	home_free(&other);
}

/* What was written while the backup was made is in it whole or not at all: here a transaction that is open. */
static void a_backup_is_one_moment(void **state)
{
	struct home h;
	struct kith_diag diag = {0};
	char file[400], home[400];
	sqlite3 *writer = NULL;

	home_make(&h, *state, "ada");
	(void)snprintf(file, sizeof file, "%s/backup", (char *)*state);
	(void)snprintf(home, sizeof home, "%s/again", (char *)*state);
	assert_int_equal(sqlite3_open(world_path(h.path, "kith.db"), &writer), SQLITE_OK);
	assert_int_equal(sqlite3_exec(writer, "BEGIN IMMEDIATE; UPDATE contact SET added = 77",
				 NULL, NULL, NULL),
		SQLITE_OK);
	back_up(&h, file, "horse");
	assert_int_equal(sqlite3_exec(writer, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_close(writer), SQLITE_OK);
	assert_ok(restore(file, home, "horse", &diag));
	assert_int_equal(world_number(home, "SELECT count(*) FROM contact WHERE added = 77"), 0);
	assert_true(world_number(h.path, "SELECT count(*) FROM contact WHERE added = 77") > 0);
	home_free(&h);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_make, world_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_rotation_takes_everything_along),
		TEST(the_oldest_of_too_many_goes),
		TEST(a_key_that_is_not_the_cards_rotates_nothing),
		TEST(a_retired_key_goes_when_everybody_has_heard),
		TEST(a_start_ends_what_was_begun),
		TEST(without_a_store_no_key_goes),
		TEST(a_copied_home_leaves_numbers_out),
		TEST(everything_comes_back),
		TEST(what_is_there_is_never_touched),
		TEST(a_broken_backup_restores_nothing),
		TEST(the_parts_must_fit_each_other),
		TEST(a_backup_is_one_moment),
	};

	if (kith_crypto_start())
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
