/* SPDX-License-Identifier: MIT
 *
 * store - every change of entries, with the n-th allocation or change of a file failing, for every n
 * until one comes through without having met its fault (cases 71 and 79, T26, T27).
 *
 *	faults_store FAULT [STRIDE]      FAULT is memory, poor, io, full or death
 *
 * One process a run, forked.  After each: no crash and no leak, an error of the store with a sentence;
 * the store sound, its index of words too, and in the old state or in the new one; and the same change
 * once more, with nothing failing, ends in the new one.
 */
#include "../unit/store_former.h"

#include <kith/cards.h>
#include <kith/introduction.h>
#include <kith/keys.h>
#include <kith/known.h>
#include <kith/people.h>

#include <errno.h>
#include <ftw.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/auto.h"
#include "base/limits.h"
#include "faulty.h"
#include "same.h"
#include "store/schema.h"

#define TEXT_MAX 65536
#define RUNS_MAX 60000
#define CRASH    99
#define PATIENCE 120 /* seconds a run may take */
#define FORMER   2   /* the schema of the old store */

#define FORMER_STRIDES 8 /* what makes a new store of it allocates that much more than the rest */

const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "exitcode=99:allocator_may_return_null=1";
}

const char *__lsan_default_options(void);
const char *__lsan_default_options(void)
{
	return "exitcode=99";
}

/* --- the changes ------------------------------------------------------------------------------ */

/* In the home there are Grace (1), who was met and has a key and an entry (1) of her own; Typed (2) with two
 * entries (2 and 3); Ada (4), to whom Other (3) with entry 4 was joined; Ida (5), who was let go and goes with the next
 * day of use; and Joe (6), met at the event that runs (1) and nowhere else.  Of Typed there is a note (1), of Ada another and a
 * promise (1), and what she is to Grace. */
enum { GRACE = 1, TYPED = 2, ADA = 4, IDA = 5, JOE = 6 };

static enum kith_err put(struct kith_store *store, int64_t row, const char *uid, const char *name)
{
	struct kith_fields fields = {.n = 3};
	struct kith_entry_content content = {&fields, kith_span_str("further words")};
	struct kith_entry entry = {.row = row,
		.uid = kith_span_str(uid),
		.vcard = kith_span_str("BEGIN:VCARD\nEND:VCARD\n")};

	fields.at[0] = (struct kith_field){
		.kind = KITH_FIELD_NAME, .part = {kith_span_str(name)}, .parts = 1};
	fields.at[1] = (struct kith_field){
		.kind = KITH_FIELD_EMAIL, .part = {kith_span_str("a@b.c")}, .parts = 1};
	fields.at[2] = (struct kith_field){
		.kind = KITH_FIELD_TEL, .part = {kith_span_str("+44 20 7946 0000")}, .parts = 1};
	return kith_store_entry_put(store, &entry, &content, 77);
}

static enum kith_err put_new(struct kith_store *store)
{
	return put(store, 0, "new", "New");
}

static enum kith_err put_again(struct kith_store *store)
{
	return put(store, 2, "changed", "Changed");
}

static enum kith_err batch(struct kith_store *store)
{
	enum kith_err err = kith_store_batch(store);
	char uid[8];

	if (err)
		return err;
	for (int i = 0; i < 20 && !err; i++) {
		(void)snprintf(uid, sizeof uid, "b%d", i);
		err = put(store, 0, uid, uid);
	}
	enum kith_err done = kith_store_batch_end(store, !err);
	return err ? err : done;
}

static enum kith_err take_out(struct kith_store *store)
{
	return kith_store_entry_remove(store, 2);
}

static enum kith_err forget(struct kith_store *store)
{
	return kith_store_forget(store, ADA);
}

static enum kith_err join(struct kith_store *store)
{
	return kith_store_join(store, GRACE, TYPED);
}

static enum kith_err unjoin(struct kith_store *store)
{
	return kith_store_unjoin(store, ADA);
}

static enum kith_err compare(struct kith_store *store)
{
	return kith_store_compared(store, GRACE, KITH_HOW_COMPARED, kith_span_str("Bar"), 77);
}

/* --- people who are known --------------------------------------------------------------------- */

/* What was made before anything fails.  Grace asked for her card back; she introduces Carol. */
static struct {
	struct kith_identity *id[3]; /* mine, Grace's, and the one she goes on as */
	struct world_card newer, carol;
	struct kith_buf rotation, revocation;
	struct kith_statement rotates, revokes;
	struct kith_meeting meeting; /* with somebody new, at another event */
	int64_t letgo, proposal;
} known;

#define INTRODUCTION "an introduction."

/* All of these in one transaction. */
static enum kith_err together(struct kith_store *store, enum kith_err (*act)(struct kith_store *))
{
	enum kith_err err = kith_store_batch(store);

	if (err)
		return err;
	err = act(store);
	enum kith_err done = kith_store_batch_end(store, !err);
	return err ? err : done;
}

/* A session with Grace: it is she, her newer card, her receipt for mine. */
static enum kith_err hear(struct kith_store *store)
{
	struct kith_recognised r = {.contact = GRACE,
		.current = true,
		.agreed = true,
		.has_card = true,
		.card = {1},
		.rev = 1,
		.at = 88};
	struct kith_receipt receipt = world_receipt(1, 1);
	struct kith_stance stance;

	memcpy(r.ik, kith_identity_ik(known.id[1]), sizeof r.ik);
	memcpy(r.mine, kith_identity_ik(known.id[0]), sizeof r.mine);
	enum kith_err err = kith_store_stance(store, GRACE, &stance);
	if (!err && !stance.they_agreed) /* each meeting counts, so once */
		err = kith_store_known_met(store, &r);
	if (!err)
		err = kith_store_known_card(store, GRACE, kith_identity_xk(known.id[1]),
			&known.newer.card, kith_buf_span(&known.newer.envelope), 88);
	return err ? err
		   : kith_store_known_receipt(store, GRACE, &receipt, kith_span_str("FOSDEM"),
			     kith_span_str("eth0"));
}

static enum kith_err recognise(struct kith_store *store)
{
	return together(store, hear);
}

/* She goes on under another key, which she then revokes. */
static enum kith_err state(struct kith_store *store)
{
	struct kith_keys_outcome outcome;
	enum kith_err err =
		kith_keys_take(store, &known.rotates, kith_buf_span(&known.rotation), 88, &outcome);

	if (!err)
		err = kith_keys_take(
			store, &known.revokes, kith_buf_span(&known.revocation), 88, &outcome);
	return err;
}

static enum kith_err keys(struct kith_store *store)
{
	return together(store, state);
}

static enum kith_err sign(struct kith_store *store)
{
	struct kith_fields fields = {.n = 1};
	struct kith_cards_signing signing = {.id = known.id[0], .now = 88, .profile = &fields};
	size_t n;

	fields.at[0] = (struct kith_field){
		.kind = KITH_FIELD_NAME, .part = {kith_span_str("Me anew")}, .parts = 1};
	return kith_store_cards_sign(store, &signing, &n);
}

static enum kith_err let_go(struct kith_store *store)
{
	return kith_store_letgo_answer(store, known.letgo, true, 88);
}

/* Carol, by Grace's word, after my yes. */
static enum kith_err agree(struct kith_store *store)
{
	uint8_t mine[8] = {1};
	enum kith_came came;
	struct kith_introduced_new n = {.introducer = GRACE,
		.card = &known.carol.card,
		.envelope = kith_buf_span(&known.carol.envelope),
		.intro = kith_span_str("her word"),
		.grant = kith_span_str("Carol's word"),
		.at = 88};
	int64_t contact;

	memcpy(n.id, INTRODUCTION, sizeof n.id);
	enum kith_err err = kith_store_proposal_answer(store, known.proposal, mine, 88);
	if (!err)
		err = kith_store_proposal_told(store, known.proposal);
	return err && err != KITH_ERR_STATE ? err
					    : kith_store_introduced(store, &n, &contact, &came);
}

static enum kith_err introduced(struct kith_store *store)
{
	return together(store, agree);
}

static enum kith_err look_for(struct kith_store *store)
{
	enum kith_match match;
	struct kith_fields none = {0};
	struct kith_store *copy = NULL;
	char text[512] = "";
	int64_t contact, entry;
	enum kith_err err =
		kith_store_match(store, kith_span_str("one"), &none, &match, &contact, &entry);

	if (!err)
		err = kith_store_find(store, kith_span_str("typed"), world_names, text);
	if (!err)
		err = kith_store_rehearse(store, &copy);
	if (!err && !strstr(text, "Typed"))
		err = KITH_ERR_INTERNAL;
	kith_store_close(copy);
	return err;
}

/* --- what I remember of people ---------------------------------------------------------------- */

static enum kith_err begin_event(struct kith_store *store)
{
	struct kith_event event = {.name = kith_span_str("Pub"),
		.place = kith_span_str("Ulm"),
		.began = 190,
		.until = KITH_DAY_NONE};

	return kith_store_event_start(store, &event);
}

static enum kith_err meet_there(struct kith_store *store)
{
	return kith_store_confirm(store, &known.meeting);
}

static enum kith_err forget_event(struct kith_store *store)
{
	size_t gone;

	return kith_store_event_forget(store, 1, true, &gone);
}

static bool no_remark(void *ctx, const struct kith_remark *remark)
{
	(void)ctx;
	(void)remark;
	return false;
}

static enum kith_err put_remark(struct kith_store *store, int64_t row, const char *text)
{
	struct kith_remark remark = {.row = row,
		.contact = TYPED,
		.kind = KITH_REMARK_CALL,
		.at = 190,
		.text = kith_span_str(text)};
	int64_t ret;

	return kith_store_remark_put(store, &remark, 195, &ret);
}

/* Each call keeps another, so once. */
static enum kith_err touch(struct kith_store *store)
{
	enum kith_err err = kith_store_remark(store, 4, no_remark, NULL);

	if (err == KITH_ERR_MISSING)
		return put_remark(store, 0, "words that are new");
	return err ? err : KITH_ERR_EXISTS;
}

static enum kith_err change_note(struct kith_store *store)
{
	return put_remark(store, 1, "words that are changed");
}

static enum kith_err remove_note(struct kith_store *store)
{
	return kith_store_remark_remove(store, 1);
}

static enum kith_err put_tag(struct kith_store *store)
{
	return kith_store_tag(store, TYPED, kith_span_str("lisp"), true, 1);
}

static enum kith_err put_ring(struct kith_store *store)
{
	struct kith_ring ring = {
		.name = kith_span_str("outer"), .place = 1, .room = 9, .rhythm = 9};

	return kith_store_ring_put(store, &ring);
}

static enum kith_err remove_ring(struct kith_store *store)
{
	return kith_store_ring_remove(store, kith_span_str("inner"));
}

static bool hear_gone(void *ctx, const struct kith_contact *contact)
{
	(void)ctx;
	(void)contact;
	return true;
}

/* Each in a start of the machine of its own. */
static enum kith_err use_on(struct kith_store *store, int32_t day)
{
	struct kith_use use = {.today = day, .boot = {1, (uint8_t)day}};

	return kith_store_used(store, &use, hear_gone, NULL);
}

static enum kith_err use_today(struct kith_store *store)
{
	return use_on(store, 999);
}

static bool count_promise(void *n, const struct kith_promise *promise)
{
	(void)promise;
	++*(int *)n;
	return true;
}

static enum kith_err promise(struct kith_store *store)
{
	struct kith_promise p = {
		.contact = TYPED, .text = kith_span_str("a lamp"), .made = 190, .by = 7};
	int64_t row;
	int n = 0;
	enum kith_err err = kith_store_promises(store, TYPED, true, count_promise, &n);

	if (!err && n)
		err = KITH_ERR_EXISTS;
	return err ? err : kith_store_promise_put(store, &p, &row);
}

static enum kith_err relate(struct kith_store *store)
{
	return kith_store_relate(store, ADA, GRACE, kith_span_str("rivals"), 190);
}

/* What is one statement or two each. */
static enum kith_err decide(struct kith_store *store)
{
	enum kith_err err = kith_store_event_stop(store, 190);

	if (!err)
		err = kith_store_event_add(store, 1, TYPED, true);
	if (!err)
		err = kith_store_ring_move(store, GRACE, 2, 190);
	if (!err)
		err = kith_store_snooze(store, GRACE, 77);
	if (!err)
		err = kith_store_reviewed(store, JOE, KITH_REVIEW_SOON, 190);
	if (!err)
		err = kith_store_promise_end(store, 1, KITH_PROMISE_DONE, 190);
	if (!err)
		err = kith_store_aside(store, ADA, TYPED, true, 190);
	return err ? err : kith_store_handed(store, GRACE, 190);
}

static enum kith_err decisions(struct kith_store *store)
{
	return together(store, decide);
}

static enum kith_err nothing(struct kith_store *store)
{
	(void)store;
	return KITH_OK;
}

static const struct story {
	const char *name;
	enum kith_err (*change)(struct kith_store *store);
	enum kith_err again; /* what one who finds it done is told */
	bool former;         /* from a store of version 2 */
} stories[] = {
	{"put", put_new, KITH_ERR_EXISTS, false},
	{"put again", put_again, KITH_OK, false},
	{"batch", batch, KITH_ERR_EXISTS, false},
	{"remove", take_out, KITH_ERR_MISSING, false},
	{"forget", forget, KITH_ERR_NOPERSON, false},
	{"join", join, KITH_ERR_NOPERSON, false},
	{"unjoin", unjoin, KITH_ERR_VALUE, false},
	{"compared", compare, KITH_OK, false},
	{"look", look_for, KITH_OK, false},
	{"recognised", recognise, KITH_OK, false},
	{"keys", keys, KITH_OK, false},
	{"sign", sign, KITH_OK, false},
	{"let go", let_go, KITH_ERR_MISSING, false},
	{"introduced", introduced, KITH_OK, false},
	{"event", begin_event, KITH_OK, false},
	{"met", meet_there, KITH_OK, false},
	{"event gone", forget_event, KITH_ERR_MISSING, false},
	{"touch", touch, KITH_ERR_EXISTS, false},
	{"note", change_note, KITH_OK, false},
	{"note gone", remove_note, KITH_ERR_MISSING, false},
	{"tag", put_tag, KITH_OK, false},
	{"ring", put_ring, KITH_OK, false},
	{"ring gone", remove_ring, KITH_ERR_MISSING, false},
	{"used", use_today, KITH_OK, false},
	{"promise", promise, KITH_ERR_EXISTS, false},
	{"related", relate, KITH_OK, false},
	{"decisions", decisions, KITH_ERR_MISSING, false},
	{"older", nothing, KITH_OK, true},
};

static char scratch[512];
static int problems;

static const char *in_scratch(const char *name)
{
	static char ring[8][1024];
	static unsigned turn;
	char *path = ring[turn++ % 8];

	(void)snprintf(path, sizeof ring[0], "%s/%s", scratch, name);
	return path;
}

static void stop(const char *what)
{
	(void)printf("the test itself failed: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void copy_store(const char *from, const char *to)
{
	KITH_AUTO_BUF struct kith_buf bytes = {0};
	char path[1200];

	(void)snprintf(path, sizeof path, "%s/kith.db-wal", to);
	(void)unlink(path);
	(void)snprintf(path, sizeof path, "%s/kith.db-shm", to);
	(void)unlink(path);
	(void)snprintf(path, sizeof path, "%s/kith.db", from);
	world_read(path, &bytes);
	(void)snprintf(path, sizeof path, "%s/kith.db", to);
	FILE *file = fopen(path, "w");
	if (!file || fwrite(bytes.p, 1, bytes.n, file) != bytes.n || fclose(file) ||
		chmod(path, 0600))
		stop(path);
}

/* --- what a store holds ----------------------------------------------------------------------- */

static int add_row(void *text, int n, char **values, char **names)
{
	(void)names;
	for (int i = 0; i < n; i++) {
		size_t have = strlen(text);
		(void)snprintf((char *)text + have, TEXT_MAX - have, "%s%s",
			values[i] ? values[i] : "-", i + 1 < n ? "|" : "\n");
	}
	return 0;
}

static void ask(sqlite3 *db, const char *sql, char *out)
{
	char *why = NULL;

	if (sqlite3_exec(db, sql, add_row, out, &why) != SQLITE_OK) {
		size_t have = strlen(out);
		(void)snprintf(out + have, TEXT_MAX - have, "%s: %s\n", sql, why);
		sqlite3_free(why);
	}
}

/* Every row of every table, and what is wrong with it; in this process, which nothing fails.  But for `owed`: a change that is
 * done stands, though its old words could not be taken out of every place yet. */
static void look(char out[static TEXT_MAX])
{
	static char tables[TEXT_MAX];
	sqlite3 *db = NULL;
	char sql[256];

	faulty_off();
	out[0] = tables[0] = 0;
	if (sqlite3_open(in_scratch("home/kith.db"), &db) != SQLITE_OK)
		stop("opening the store");
	ask(db,
		"SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'words%' "
		"AND name NOT LIKE 'said%' AND name NOT LIKE 'sqlite%' ORDER BY name",
		tables);
	for (char *name = strtok(tables, "\n"); name; name = strtok(NULL, "\n")) {
		(void)snprintf(sql, sizeof sql, "SELECT '%s', *, 0 FROM %s%s ORDER BY 2, 3, 4",
			name, name, strcmp(name, "setting") == 0 ? " WHERE name != 'owed'" : "");
		ask(db, sql, out);
	}
	if (strstr(out, "entry|"))
		ask(db, "INSERT INTO words (words, rank) VALUES ('integrity-check', 1)", out);
	if (strstr(out, "remark|"))
		ask(db, "INSERT INTO said (said, rank) VALUES ('integrity-check', 1)", out);
	ask(db, "SELECT integrity_check FROM pragma_integrity_check WHERE integrity_check != 'ok'",
		out);
	ask(db, "SELECT 'nobody', * FROM pragma_foreign_key_check", out);
	(void)sqlite3_close(db);
	faulty_on();
}

static bool is_memory(enum faulty_kind kind)
{
	return kind == FAULTY_MEMORY || kind == FAULTY_POOR;
}

/* --- one run ---------------------------------------------------------------------------------- */

/* Ends with 0, or with 1 after an error that had its sentence. */
static int change(const struct story *s, enum kith_err *err)
{
	struct kith_store *store = NULL;
	struct kith_diag diag = {0};
	bool worded;

	*err = kith_store_open(in_scratch("home"), KITH_STORE_USE, &store, &diag);
	worded = diag.text[0] != 0;
	if (!*err) {
		*err = s->change(store);
		worded = *kith_store_why(store) != 0;
	}
	kith_store_close(store);
	if (*err && !worded && *err != KITH_ERR_NOMEM)
		return 2;
	return *err ? 1 : 0;
}

static int run(const struct story *s, enum faulty_kind kind, unsigned long at, bool again)
{
	int status = 0;

	(void)fflush(NULL);
	pid_t child = fork();
	if (child == 0) {
		enum kith_err err;
		(void)alarm(PATIENCE);
		faulty_hooks();
		faulty_is(kind, at);
		int code = change(s, &err);
		faulty_off();
		if (again && err == s->again)
			code = 0;
		exit(code);
	}
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static void complain(const struct story *s, unsigned long n, const char *what, const char *seen)
{
	(void)printf("%s, fault %lu (%s): %s\n%s", s->name, n, faulty_what(), what, seen);
	problems++;
}

static const char *start_of(const struct story *s)
{
	return in_scratch(s->former ? "former" : "ready");
}

static void set_home(const struct story *s)
{
	copy_store(start_of(s), in_scratch("home"));
}

/* Whether the store is as set_home made it, byte for byte, with nothing beside. */
static bool is_untouched(const struct story *s)
{
	char from[1200];

	(void)snprintf(from, sizeof from, "%s/kith.db", start_of(s));
	return access(in_scratch("home/kith.db-wal"), F_OK) < 0 &&
	       access(in_scratch("home/kith.db-shm"), F_OK) < 0 &&
	       same_file(from, in_scratch("home/kith.db"));
}

static char before[TEXT_MAX], after[TEXT_MAX], seen[TEXT_MAX];

/* An old store that has made some of the steps, each of which is a transaction.  What it then holds is
 * looked at when the rest was made. */
static bool half_way(const struct story *s)
{
	char version[64] = "";
	sqlite3 *db = NULL;

	if (!s->former)
		return false;
	faulty_off();
	if (sqlite3_open(in_scratch("home/kith.db"), &db) != SQLITE_OK)
		stop("opening the store");
	ask(db, "SELECT user_version FROM pragma_user_version", version);
	(void)sqlite3_close(db);
	faulty_on();
	return atoi(version) > FORMER && atoi(version) < KITH_SCHEMA_VERSION;
}

static bool one_fault(const struct story *s, enum faulty_kind kind, unsigned long n, int *said)
{
	set_home(s);
	int status = run(s, kind, n, false);
	bool fired = faulty_fired();
	bool untouched = is_untouched(s);

	if (untouched)
		memcpy(seen, before, sizeof seen);
	else
		look(seen);
	if (status > 1 && status != FAULTY_DIED)
		complain(s, n, status == 2 ? "an error without a sentence" : "crashed", "");
	else if (status == 0 && strcmp(seen, after) != 0)
		complain(s, n, "said done, but it holds", seen);
	else if (strcmp(seen, before) != 0 && strcmp(seen, after) != 0 && !half_way(s))
		complain(s, n, "neither old nor new", seen);
	else if (!fired && status)
		complain(s, n, "failed without a fault", "");
	*said += status != 0;
	if (!fired)
		return false;
	if (untouched) /* from the same bytes the same change was made when `after` was learned */
		return true;
	if (run(s, FAULTY_NONE, 0, true) != 0)
		complain(s, n, "failed afterwards", "");
	look(seen);
	if (strcmp(seen, after) != 0)
		complain(s, n, "afterwards it holds", seen);
	return true;
}

/* With a stride one story has these faults of a file and the next one others: they all open the store alike. */
static unsigned long first_of(const struct story *s, enum faulty_kind kind, unsigned long stride)
{
	return is_memory(kind) ? 1 : 1 + (unsigned long)(s - stories) % stride;
}

static unsigned long after_that(enum faulty_kind kind, unsigned long n, unsigned long stride)
{
	return n + (is_memory(kind) && n < 64 ? 1 : stride); /* the first ones come one by one */
}

static void go_through(const struct story *s, enum faulty_kind kind, unsigned long stride)
{
	unsigned long n = first_of(s, kind, stride), runs = 0;
	int said = 0;

	if (s->former && stride > 1)
		stride *= FORMER_STRIDES;
	set_home(s);
	look(before);
	if (run(s, FAULTY_NONE, 0, false) != 0)
		stop(s->name);
	look(after);
	for (; n < RUNS_MAX && problems < 20 && one_fault(s, kind, n, &said); runs++)
		n = after_that(kind, n, stride);
	(void)printf("%-10s %5lu faults, %d made it fail\n", s->name, runs, said);
	if (said == 0 && is_memory(kind))
		complain(s, n, "no fault was ever noticed: nothing was tested", "");
}

static bool first_letgo(void *row, const struct kith_letgo_item *item)
{
	*(int64_t *)row = item->row;
	return false;
}

static bool first_proposal(void *row, const struct kith_proposal *proposal)
{
	*(int64_t *)row = proposal->row;
	return false;
}

static void must(enum kith_err err, const char *what)
{
	if (err)
		stop(what);
}

static void make_people(void)
{
	static const uint8_t seeds[] = {1, 2, 9};
	uint8_t bytes[32];

	for (size_t i = 0; i < 3; i++) {
		memset(bytes, seeds[i], sizeof bytes);
		must(kith_identity_from_seed(bytes, &known.id[i]), "a key");
	}
	known.meeting = world_meeting(9, 9, "Somebody", 1);
	known.meeting.event = kith_span_str("Another event");
	known.meeting.at = 190;
	world_card(&known.newer, 2, 1, 2, "name=Grace Hopper\nnote=newer");
	world_card(&known.carol, 5, 1, 1, "name=Carol");
	must(kith_statement_rotate(known.id[1], known.id[2], 1, 80, &known.rotation), "a rotation");
	must(kith_statement_revoke(known.id[2], KITH_REVOKE_LOST, 80, &known.revocation),
		"a revocation");
	must(kith_statement_verify(kith_buf_span(&known.rotation), &known.rotates), "a rotation");
	must(kith_statement_verify(kith_buf_span(&known.revocation), &known.revokes),
		"a revocation");
}

/* My card, which Grace was given, and what waits for me. */
static void meet_grace(struct kith_store *store)
{
	struct world_card me;
	struct kith_mine mine = {.rev = 1};
	struct kith_meeting m = world_meeting(1, 2, "Grace", 1);
	struct kith_proposal p = {
		.contact = GRACE, .words = kith_span_str("Meet Carol."), .at = 80};
	uint8_t card[8] = {1};
	enum kith_came came;

	world_card(&me, 1, 1, 1, "name=Me");
	must(kith_fields_pack(&me.card.fields, &mine.profile), "fields");
	must(kith_buf_add(&mine.envelope, me.envelope.p, me.envelope.n), "a card");
	must(kith_store_mine_put(store, 0, &mine, &me.card), "my card");
	must(kith_store_confirm(store, &m), "a meeting");
	must(kith_store_letgo_asked(store, GRACE, card, 80), "her question");
	must(kith_store_letgo_each(store, first_letgo, &known.letgo), "her question");
	memcpy(p.id, INTRODUCTION, sizeof p.id);
	must(kith_store_proposed(store, &p, &came), "a proposal");
	must(kith_store_proposals(store, 0, first_proposal, &known.proposal), "a proposal");
	kith_mine_free(&mine);
	world_card_free(&me);
}

/* What is remembered of the people in the store. */
static void remember(struct kith_store *store)
{
	struct kith_event event = {.name = kith_span_str("FOSDEM"), .began = 100, .until = 99};
	struct kith_remark note = {.at = 100, .text = kith_span_str("likes tea")};
	struct kith_promise book = {
		.contact = ADA, .text = kith_span_str("a book"), .made = 100, .by = KITH_DAY_NONE};
	int64_t row;

	must(kith_store_event_start(store, &event), "an event");
	must(world_meet(store, 7, 7, "", 110), "Ida");
	must(world_meet(store, 8, 8, "fosdem", 120), "Joe");
	for (size_t i = 0; i < 3; i++) {
		note.contact = (int64_t[]){TYPED, ADA, IDA}[i];
		must(kith_store_remark_put(store, &note, 100, &row), "a note");
	}
	must(kith_store_promise_put(store, &book, &row), "a promise");
	must(kith_store_tag(store, ADA, kith_span_str("sails"), true, 1), "a tag");
	must(kith_store_ring_move(store, TYPED, 1, 100), "a ring");
	must(kith_store_relate(store, GRACE, ADA, kith_span_str("cousins"), 100), "a relation");
	must(kith_store_relate(store, GRACE, IDA, kith_span_str("twins"), 100), "a relation");
	must(kith_store_event_add(store, 1, IDA, true), "a guest");
	must(kith_store_reviewed(store, IDA, KITH_REVIEW_LETGO, 130), "letting go");
	for (int32_t day = 1; day < KITH_LETGO_DAYS; day++)
		must(use_on(store, day), "a day");
	must(kith_store_fading_told(store, KITH_LETGO_DAYS - 1), "telling it");
}

static void prepare(void)
{
	const char *tmp = getenv("TMPDIR");

	(void)snprintf(scratch, sizeof scratch, "%.400s/kith-faults-XXXXXX", tmp ? tmp : "/tmp");
	if (kith_crypto_start() || !mkdtemp(scratch) || mkdir(in_scratch("home"), 0700) ||
		mkdir(in_scratch("ready"), 0700) || mkdir(in_scratch("former"), 0700))
		stop("no folder");
	former_make(in_scratch("former"), FORMER);
	struct kith_store *store = world_open(in_scratch("ready"), KITH_STORE_WRITE);
	(void)world_import(store, 2, 1, 1, "name=Grace Hopper\nemail=g@example.org", NULL);
	(void)world_entry(store, GRACE, "own", "name=G");
	(void)world_entry(store, 0, "one", "name=Typed\ntel=555 0143 77");
	(void)world_entry(store, TYPED, "two", "name=Typed too");
	int64_t other = world_entry(store, 0, "three", "name=Other");
	(void)world_import(store, 3, 1, 1, "name=Ada", NULL);
	if (kith_store_join(store, ADA, other))
		stop("joining");
	remember(store);
	make_people();
	meet_grace(store);
	kith_store_close(store);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

int main(int argc, char **argv)
{
	static const char *const kinds[] = {"", "memory", "poor", "io", "full", "death"};
	enum faulty_kind kind = FAULTY_NONE;
	unsigned long stride = argc > 2 ? strtoul(argv[2], NULL, 10) : 1;

	for (size_t i = 1; argc > 1 && i < sizeof kinds / sizeof kinds[0]; i++)
		if (strcmp(argv[1], kinds[i]) == 0)
			kind = (enum faulty_kind)i;
	if (kind == FAULTY_NONE || stride == 0) {
		(void)fprintf(stderr, "usage: faults_store memory|poor|io|full|death [STRIDE]\n");
		return 2;
	}
	faulty_share();
	prepare();
	for (size_t i = 0; i < sizeof stories / sizeof stories[0]; i++)
		go_through(&stories[i], kind, stride);
	(void)nftw(scratch, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	(void)printf("%d problems\n", problems);
	return problems > 0;
}
