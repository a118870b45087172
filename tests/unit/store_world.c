/* SPDX-License-Identifier: MIT */
#include "store_world.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/auto.h"

int world_make(void **state)
{
	const char *tmp = getenv("TMPDIR");
	char *home = NULL;

	if (kith_crypto_start())
		return -1;
	if (asprintf(&home, "%s/kith-store-XXXXXX", tmp ? tmp : "/tmp") < 0 || !mkdtemp(home))
		return -1;
	*state = home;
	return 0;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

int world_remove(void **state)
{
	char *home = *state;
	int failed;

	(void)chmod(home, 0700);
	failed = nftw(home, remove_one, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
	free(home);
	return failed;
}

const char *world_path(const char *home, const char *name)
{
	static char ring[8][512];
	static unsigned next;
	char *path = ring[next++ % 8];

	assert_in_range(snprintf(path, sizeof ring[0], "%s/%s", home, name), 1, sizeof ring[0] - 1);
	return path;
}

struct kith_store *world_open(const char *home, enum kith_store_mode mode)
{
	struct kith_store *store = NULL;
	struct kith_diag diag = {0};

	if (kith_store_open(home, mode, &store, &diag))
		fail_msg("cannot open the store: %s", diag.text);
	return store;
}

static sqlite3 *outside(const char *home)
{
	sqlite3 *db = NULL;

	assert_int_equal(
		sqlite3_open_v2(world_path(home, "kith.db"), &db, SQLITE_OPEN_READWRITE, NULL),
		SQLITE_OK);
	(void)sqlite3_busy_timeout(db, 5000);
	return db;
}

void world_sql(const char *home, const char *sql)
{
	sqlite3 *db = outside(home);
	char *said = NULL;

	if (sqlite3_exec(db, sql, NULL, NULL, &said) != SQLITE_OK)
		fail_msg("%s: %s", sql, said);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

int64_t world_number(const char *home, const char *sql)
{
	sqlite3 *db = outside(home);
	sqlite3_stmt *stmt = NULL;

	if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK ||
		sqlite3_step(stmt) != SQLITE_ROW)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	int64_t n = sqlite3_column_int64(stmt, 0);
	(void)sqlite3_finalize(stmt);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	return n;
}

static struct kith_identity *person(uint8_t seed)
{
	uint8_t bytes[KITH_KEY_BYTES];
	struct kith_identity *id = NULL;

	memset(bytes, seed, sizeof bytes);
	assert_ok(kith_identity_from_seed(bytes, &id));
	return id;
}

void world_keys(uint8_t seed, uint8_t ik[static 32], uint8_t xk[static 32])
{
	struct kith_identity *id = person(seed);

	memcpy(ik, kith_identity_ik(id), 32);
	memcpy(xk, kith_identity_xk(id), 32);
	kith_identity_free(id);
}

static void parse_fields(const char *text, struct kith_fields *fields)
{
	while (*text) {
		size_t n = strcspn(text, "\n");
		assert_ok(kith_field_parse(kith_span(text, n), &fields->at[fields->n++], NULL));
		text += n + (text[n] ? 1 : 0);
	}
}

static void sign(struct world_card *card, uint8_t seed, uint8_t which, uint64_t rev,
	enum kith_card_variant variant, const char *text)
{
	struct kith_identity *id = person(seed);
	struct kith_card draft = {.rev = rev, .issued = 1700000000, .variant = variant};

	*card = (struct world_card){0};
	draft.card[0] = which;
	parse_fields(text, &draft.fields);
	assert_ok(kith_card_sign(id, &draft, &card->envelope));
	assert_ok(kith_card_verify(kith_buf_span(&card->envelope), &card->card));
	kith_identity_free(id);
}

void world_card(
	struct world_card *card, uint8_t seed, uint8_t which, uint64_t rev, const char *text)
{
	sign(card, seed, which, rev, KITH_CARD_FULL, text);
}

void world_pocket(
	struct world_card *card, uint8_t seed, uint8_t which, uint64_t rev, const char *text)
{
	sign(card, seed, which, rev, KITH_CARD_POCKET, text);
}

void world_card_free(struct world_card *card)
{
	kith_buf_free(&card->envelope);
}

enum kith_err world_import(struct kith_store *store, uint8_t seed, uint8_t which, uint64_t rev,
	const char *text, enum kith_import *ret_what)
{
	enum kith_import what;
	struct world_card card;

	world_card(&card, seed, which, rev, text);
	enum kith_err err = kith_store_import(store, &card.card, kith_buf_span(&card.envelope),
		1700000001, ret_what ? ret_what : &what);
	world_card_free(&card);
	return err;
}

enum kith_err world_entry_put(struct kith_store *store, struct kith_entry *entry, const char *uid,
	const char *text, const char *words)
{
	struct kith_fields fields = {0};
	struct kith_entry_content content = {.fields = &fields, .words = kith_span_str(words)};
	char vcard[256];

	parse_fields(text, &fields);
	(void)snprintf(vcard, sizeof vcard, "BEGIN:VCARD\r\nUID:%s\r\nEND:VCARD\r\n", uid);
	entry->uid = kith_span_str(uid);
	entry->vcard = kith_span_str(vcard);
	return kith_store_entry_put(store, entry, &content, 1700000002);
}

int64_t world_entry(struct kith_store *store, int64_t contact, const char *uid, const char *text)
{
	struct kith_entry entry = {.contact = contact};

	assert_ok(world_entry_put(store, &entry, uid, text, NULL));
	assert_true(entry.row > 0);
	return entry.contact;
}

struct kith_meeting world_meeting(uint8_t session, uint8_t seed, const char *label, uint64_t rev)
{
	struct kith_meeting m = {
		.label = kith_span_str(label),
		.event = kith_span_str("Caf\xc3\xa9 meeting"),
		.network = kith_span_str("eth0 192.0.2.0/24"),
		.at = 1700000000 + session,
		.how = KITH_HOW_COMPARED,
		.they_give = true,
		.i_give = true,
		.card = {1},
		.rev = rev,
	};

	memset(m.session, session, sizeof m.session);
	world_keys(seed, m.ik, m.xk);
	return m;
}

struct kith_receipt world_receipt(uint8_t session, uint64_t rev)
{
	struct kith_receipt r = {.card = {1}, .rev = rev, .at = 1700000100};

	memset(r.session, session, sizeof r.session);
	memset(r.envelope_hash, (int)rev, sizeof r.envelope_hash);
	return r;
}

bool world_names(void *text, const struct kith_contact *contact)
{
	size_t n = strlen(text);

	assert_in_range(n + contact->name.n + 2, 1, 512);
	(void)snprintf((char *)text + n, 512 - n, "%s%.*s", n ? "|" : "", (int)contact->name.n,
		(const char *)contact->name.p);
	return true;
}

void world_read(const char *path, struct kith_buf *out)
{
	uint8_t chunk[8192];
	ssize_t n;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	while ((n = read(fd, chunk, sizeof chunk)) > 0)
		assert_ok(kith_buf_add(out, chunk, (size_t)n));
	assert_int_equal(n, 0);
	(void)close(fd);
}

static bool in_file(const char *path, const char *bytes)
{
	KITH_AUTO_BUF struct kith_buf all = {0};

	if (access(path, F_OK) < 0)
		return false;
	world_read(path, &all);
	return all.n > 0 && memmem(all.p, all.n, bytes, strlen(bytes));
}

bool world_at_rest(const char *home, const char *bytes)
{
	return in_file(world_path(home, "kith.db"), bytes) ||
	       in_file(world_path(home, "kith.db-wal"), bytes);
}

int64_t world_person(struct kith_store *store, uint8_t seed, const char *name)
{
	KITH_AUTO(kith_contact_free) struct kith_contact c = {0};
	char text[300];
	uint8_t ik[32];
	uint8_t xk[32];

	(void)snprintf(text, sizeof text, "name=%s", name);
	assert_ok(world_import(store, seed, 1, 1, text, NULL));
	world_keys(seed, ik, xk);
	assert_ok(kith_store_contact_of(store, ik, &c));
	return c.row;
}

enum kith_err world_meet(
	struct kith_store *store, uint8_t session, uint8_t seed, const char *event, int64_t at)
{
	struct kith_meeting m = world_meeting(session, seed, "Somebody", 1);

	m.event = kith_span_str(event);
	m.at = at;
	return kith_store_confirm(store, &m);
}

int world_wait(pid_t child)
{
	int status = 0;

	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

int world_child(int (*fn)(const char *home), const char *home)
{
	(void)fflush(NULL);
	pid_t child = fork();

	if (child == 0) {
		/* cmocka catches these, and would go on with the next test in here */
		const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
		for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++)
			(void)signal(faults[i], SIG_DFL);
		int code = fn(home);
		(void)fflush(NULL);
		_exit(code);
	}
	return child < 0 ? -1 : world_wait(child);
}

static bool write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool done = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	if (fd >= 0)
		(void)close(fd);
	return done;
}

/* Without root: a user namespace in which one's own ids stay what they are. */
static bool own_users(uid_t uid, gid_t gid)
{
	char map[64];

	(void)snprintf(map, sizeof map, "%u %u 1", (unsigned)uid, (unsigned)uid);
	if (!write_file("/proc/self/uid_map", map) || !write_file("/proc/self/setgroups", "deny"))
		return false;
	(void)snprintf(map, sizeof map, "%u %u 1", (unsigned)gid, (unsigned)gid);
	return write_file("/proc/self/gid_map", map);
}

bool world_own_mounts(void)
{
	uid_t uid = geteuid();
	gid_t gid = getegid();

	if (unshare(CLONE_NEWNS | (uid ? CLONE_NEWUSER : 0)) < 0 || (uid && !own_users(uid, gid)) ||
		mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0) {
		printf("no mount namespace here: %s\n", strerror(errno));
		return false;
	}
	return true;
}

void world_sound(const char *home)
{
	assert_int_equal(
		world_number(home, "SELECT integrity_check = 'ok' FROM pragma_integrity_check"), 1);
	assert_int_equal(world_number(home, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
}
