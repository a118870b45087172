/* SPDX-License-Identifier: MIT
 *
 * commands - every command of kith, with the n-th allocation or change of a file failing, for every
 * n until a run comes through without having met its fault (cases 71 and 79, T26, T27).
 *
 *	faults_commands FAULT [STRIDE]      FAULT is memory, poor, io, full or death
 *
 * The program is kith itself with this main in front: one process a run, forked.  After each run:
 * no crash and no leak, a sentence and an exit status of the page, nothing half-done beside the
 * store, the store sound and in the old state or the new one; and the same command once more, with
 * nothing failing, ends in the new one.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <kith/store.h>

#include "base/auto.h"
#include "base/file.h"
#include "book/backup.h"
#include "faulty.h"
#include "same.h"

#define TEXT_MAX 65536
#define RUNS_MAX 60000
#define CRASH    99  /* exit of a sanitizer's complaint */
#define PATIENCE 120 /* seconds a run may take */
#define WORD_FD  9   /* of every run: a passphrase */

int __real_main(int argc, char **argv);
int __wrap_main(int argc, char **argv);

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

/* What a command starts from. */
enum start { NOTHING, AT_HOME };

struct story {
	const char *name;
	enum start start;
	int again;  /* exit of a run that finds the work done */
	bool fixed; /* the same words every time */
	bool anew;  /* a run that finds the work done does it again: there is none */
	const char *args[8];
	unsigned coarse; /* so many strides at once, where there is so much to fail; 0: one */
};

static const struct story stories[] = {
	{"init", NOTHING, 1, false, false,
		{"init", "name=Ada Lovelace", "email.work=ada@example.org"}, 7},
	{"card set", AT_HOME, 0, true, false, {"card", "set", "note=changed"}, 0},
	{"card", AT_HOME, 0, true, false, {"card", "--json"}, 0},
	{"import", AT_HOME, 0, true, false, {"import", "../alan.kith"}, 0},
	{"import newer", AT_HOME, 0, true, false, {"import", "../grace.kith"}, 0},
	{"forget", AT_HOME, 3, true, false, {"forget", "--yes", "Grace Hopper"}, 0},
	{"list", AT_HOME, 0, true, false, {"list"}, 0},
	{"list json", AT_HOME, 0, true, false, {"list", "--json"}, 0},
	{"show", AT_HOME, 0, true, false, {"show", "grace"}, 0},
	{"show json", AT_HOME, 0, true, false, {"show", "--json", "grace"}, 0},
	{"find", AT_HOME, 0, true, false, {"find", "navy"}, 0},
	{"export", AT_HOME, 0, true, false, {"export", "--all", "-o", "../out.vcf"}, 0},
	{"export me", AT_HOME, 0, true, false, {"export", "--me", "--format", "kith", "--armor"},
		0},
	{"verify", AT_HOME, 0, true, false, {"verify", "../grace.kith"}, 0},
	{"qr", AT_HOME, 0, true, false, {"qr", "--json"}, 0},
	{"qr svg", AT_HOME, 0, true, false, {"qr", "grace", "--svg", "../out.svg"}, 0},
	{"qr pocket", AT_HOME, 0, false, false, {"qr", "--pocket"}, 0},
	{"key rotate", AT_HOME, 0, false, true, {"key", "rotate", "--yes"}, 0},
	{"key passphrase", AT_HOME, 0, true, true, {"key", "passphrase", "--none"}, 0},
	{"key backup", AT_HOME, 1, true, false, {"key", "backup", "-o", "../key"}, 0},
	{"restore", NOTHING, 1, true, false, {"restore", "backup", "--passphrase-fd", "9"}, 0},
};

static char scratch[512];
static int problems;

static void complain(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
static void complain(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)vfprintf(stdout, fmt, ap);
	va_end(ap);
	(void)fputc('\n', stdout);
	problems++;
}

static void stop(const char *what)
{
	(void)printf("the test itself failed: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* --- files ------------------------------------------------------------------------------------ */

static const char *in_scratch(const char *name)
{
	static char ring[8][1024];
	static unsigned next;
	char *path = ring[next++ % 8];

	(void)snprintf(path, sizeof ring[0], "%s/%s", scratch, name);
	return path;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static void remove_tree(const char *path)
{
	(void)nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* The whole of a small file as a string. */
static void read_text(const char *path, char out[static TEXT_MAX])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n, all = 0;

	while (fd >= 0 && (n = read(fd, out + all, (size_t)(TEXT_MAX - 1 - all))) > 0)
		all += n;
	out[all] = 0;
	if (fd >= 0)
		(void)close(fd);
}

static void copy_file(const char *from, const char *to)
{
	uint8_t chunk[16384];
	ssize_t n;
	KITH_AUTO_FD int in = open(from, O_RDONLY | O_CLOEXEC);
	KITH_AUTO_FD int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	while ((n = read(in, chunk, sizeof chunk)) > 0)
		if (write(out, chunk, (size_t)n) != n)
			stop(to);
	if (n < 0)
		stop(from);
}

/* Names in a folder, sorted; *ret_n of them, to be freed. */
static struct dirent **names_in(const char *folder, int *ret_n)
{
	struct dirent **found = NULL;
	int n = scandir(folder, &found, NULL, alphasort);

	*ret_n = n < 0 ? 0 : n;
	return found;
}

static void free_names(struct dirent **found, int n)
{
	for (int i = 0; i < n; i++)
		free(found[i]);
	free(found);
}

/* Whether the home is as set_home made it, byte for byte. */
static bool is_untouched(const char *from)
{
	struct dirent **mine, **theirs;
	int n, m;

	if (access(in_scratch("home.restoring"), F_OK) == 0)
		return false;
	if (!from)
		return access(in_scratch("home"), F_OK) < 0;
	mine = names_in(in_scratch("home"), &n);
	theirs = names_in(from, &m);
	bool same = n == m;
	for (int i = 0; i < n && same; i++) {
		char a[1200], b[1200];
		(void)snprintf(a, sizeof a, "%s/home/%s", scratch, mine[i]->d_name);
		(void)snprintf(b, sizeof b, "%s/%s", from, mine[i]->d_name);
		same = mine[i]->d_name[0] == '.' || same_file(a, b);
	}
	free_names(mine, n);
	free_names(theirs, m);
	return same;
}

static void set_home(const char *from)
{
	struct dirent **found;
	int n;

	(void)unlink(in_scratch("out.vcf"));
	(void)unlink(in_scratch("key"));
	if (is_untouched(from))
		return;
	remove_tree(in_scratch("home"));
	remove_tree(in_scratch("home.restoring"));
	if (!from)
		return;
	if (mkdir(in_scratch("home"), 0700) < 0)
		stop("mkdir");
	found = names_in(from, &n);
	for (int i = 0; i < n; i++) {
		char path[1200], to[1200];
		(void)snprintf(path, sizeof path, "%s/%s", from, found[i]->d_name);
		(void)snprintf(to, sizeof to, "%s/home/%s", scratch, found[i]->d_name);
		if (found[i]->d_name[0] != '.')
			copy_file(path, to);
	}
	free_names(found, n);
}

/* --- processes -------------------------------------------------------------------------------- */

static void send_to(int fd, const char *name)
{
	int to = open(in_scratch(name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (to < 0 || dup2(to, fd) < 0)
		_exit(98);
	(void)close(to);
}

/* Waits; the exit status, or 128 + the signal. */
static int ended(pid_t child)
{
	int status = 0;

	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* kith in that home, with that fault; output in the files out and err. */
static int run(const char *const *args, enum faulty_kind kind, unsigned long at)
{
	static char text[16][600]; /* main may write into it */
	char *argv[17] = {0};
	int argc = 3;

	(void)snprintf(text[0], sizeof text[0], "kith");
	(void)snprintf(text[1], sizeof text[1], "--home");
	(void)snprintf(text[2], sizeof text[2], "%s", in_scratch("home"));
	for (; *args; args++)
		(void)snprintf(text[argc++], sizeof text[0], "%s", *args);
	for (int i = 0; i < argc; i++)
		argv[i] = text[i];
	(void)fflush(NULL);
	pid_t child = fork();
	if (child == 0) {
		(void)alarm(PATIENCE);
		send_to(STDOUT_FILENO, "out");
		send_to(STDERR_FILENO, "err");
		(void)dup2(open(in_scratch("word"), O_RDONLY | O_CLOEXEC), WORD_FD);
		if (chdir(in_scratch("home")) < 0 && chdir(scratch) < 0)
			_exit(98);
		faulty_hooks();
		faulty_is(kind, at);
		exit(__real_main(argc, argv)); /* the leak checker looks */
	}
	int status = ended(child);
	faulty_off(); /* here it is the test's turn */
	return status;
}

/* --- what a home holds ------------------------------------------------------------------------ */

static const char *const questions[] = {
	"SELECT 'integrity ' || integrity_check FROM pragma_integrity_check",
	"SELECT 'foreign key ' || \"table\" FROM pragma_foreign_key_check",
	"SELECT 'me ' || rev || ' ' || held || ' ' || hex(profile) FROM mine",
	"SELECT 'mine ' || rev || ' ' || length(envelope) FROM mine_card ORDER BY rev",
	"SELECT 'contact ' || name || ' state ' || state || ' rev ' || rev || ' gives ' || gives || "
	"' delivered ' || delivered || ' conflict ' || conflict || ' how ' || coalesce(met_how, '-') "
	"FROM contact ORDER BY fold",
	"SELECT 'card of ' || contact || ' rev ' || rev || ' held ' || held || ' live ' || live "
	"FROM card ORDER BY contact, rev",
	"SELECT 'field ' || contact || ' ' || kind || ' ' || value FROM field ORDER BY contact, "
	"entry, seq",
	"SELECT 'entry ' || contact || ' ' || uid || ' ' || hex(vcard) FROM entry ORDER BY row",
	"SELECT 'search ' || contact || ' ' || hex(name) || ' ' || hex(text) FROM search "
	"ORDER BY contact",
	"INSERT INTO words (words, rank) VALUES ('integrity-check', 1)",
	"SELECT 'met ' || contact || ' ' || label || ' ' || coalesce(how_theirs, '-') FROM met",
	"SELECT 'debt ' || contact || ' ' || rev FROM debt",
	"SELECT 'receipt ' || contact || ' ' || rev FROM receipt",
};

static int print_row(void *unused, int n, char **values, char **names)
{
	(void)unused;
	(void)n;
	(void)names;
	(void)printf("%s\n", values[0] ? values[0] : "NULL");
	return 0;
}

static void print_store(const char *path)
{
	sqlite3 *db = NULL;
	char *why = NULL;

	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
		(void)printf("no store: %s\n", sqlite3_errmsg(db));
	for (size_t i = 0; i < sizeof questions / sizeof questions[0]; i++)
		if (sqlite3_exec(db, questions[i], print_row, NULL, &why) != SQLITE_OK)
			(void)printf("no answer: %s\n", why);
	(void)sqlite3_close(db);
}

/* Whose signature my card has. */
static bool is_mine(const char *home, const struct kith_identity *id)
{
	struct kith_store *store = NULL;
	struct kith_mine mine = {0};
	struct kith_card card;
	bool same = !kith_store_open(home, KITH_STORE_USE, &store, NULL) &&
		    !kith_store_mine(store, &mine) &&
		    !kith_card_verify(kith_buf_span(&mine.envelope), &card) &&
		    memcmp(card.ik, kith_identity_ik(id), KITH_KEY_BYTES) == 0;

	kith_store_close(store);
	kith_mine_free(&mine);
	return same;
}

/* The key can be read, and is the one of the card. */
static void print_key(const char *home)
{
	struct kith_identity *id = NULL;
	struct kith_diag diag = {0};
	enum kith_err err = kith_crypto_start();

	if (!err)
		err = kith_identity_load(home, &id, &diag);
	(void)printf("key %s\n", err ? diag.text : "good");
	if (!err && access(in_scratch("home/kith.db"), F_OK) == 0)
		(void)printf("%s\n", is_mine(home, id) ? "of the card" : "of another card");
	kith_identity_free(id);
}

static const char *const usual[] = {".", "..", "init.lock", "node.lock", "identity.key", "kith.db",
	"kith.db-wal", "kith.db-shm", "revocation.kith", "revocation-1.kith", "retired.key",
	"device"};

static void print_names(const char *home)
{
	int n;
	struct dirent **found = names_in(home, &n);
	struct stat st;

	for (int i = 0; i < n; i++) {
		bool known = false;
		char path[1200];
		for (size_t j = 0; j < sizeof usual / sizeof usual[0]; j++)
			known = known || strcmp(found[i]->d_name, usual[j]) == 0;
		(void)snprintf(path, sizeof path, "%s/%s", home, found[i]->d_name);
		if (!known)
			(void)printf("left: %.12s...\n", found[i]->d_name);
		if (lstat(path, &st) == 0 && (st.st_mode & 077))
			(void)printf("open to others: %s\n", found[i]->d_name);
	}
	free_names(found, n);
}

/* All that matters of the home, a line each. */
static void look(char out[static TEXT_MAX])
{
	(void)fflush(NULL);
	pid_t child = fork();
	if (child == 0) {
		const char *home = in_scratch("home");
		send_to(STDOUT_FILENO, "look");
		print_names(home);
		if (access(in_scratch("home.restoring"), F_OK) == 0)
			(void)printf("left: home.restoring\n");
		if (access(in_scratch("home/identity.key"), F_OK) == 0)
			print_key(home);
		if (access(in_scratch("home/kith.db"), F_OK) == 0)
			print_store(in_scratch("home/kith.db"));
		(void)fflush(NULL);
		_exit(0);
	}
	if (ended(child) != 0)
		stop("looking at the home");
	read_text(in_scratch("look"), out);
}

/* --- the homes they start from ---------------------------------------------------------------- */

static void must(const char *const *args)
{
	if (run(args, FAULTY_NONE, 0) != 0)
		stop(args[0]);
}

/* A meeting with the person whose card is in the file, as a swap writes it, up to the receipt. */
static void meet(const char *file)
{
	KITH_AUTO_BUF struct kith_buf envelope = {0};
	struct kith_store *store = NULL;
	struct kith_mine mine = {0};
	struct kith_card card;

	if (kith_crypto_start() || kith_file_read(file, 65536, &envelope, NULL) ||
		kith_card_verify(kith_buf_span(&envelope), &card) ||
		kith_store_open(in_scratch("home"), KITH_STORE_WRITE, &store, NULL) ||
		kith_store_mine(store, &mine))
		_exit(1);
	struct kith_meeting m = {.label = kith_span_str("Grace Hopper"),
		.event = kith_span_str("FOSDEM"),
		.network = kith_span_str("eth0 192.0.2.0/24"),
		.at = 1770000000,
		.how = KITH_HOW_COMPARED,
		.they_give = true,
		.i_give = true,
		.rev = 1,
		.session = {1}};
	struct kith_receipt r = {.session = {1}, .rev = 1, .at = 1770000001};
	memcpy(m.ik, card.ik, sizeof m.ik);
	memcpy(m.xk, card.xk, sizeof m.xk);
	memcpy(m.card, mine.card, sizeof m.card);
	memcpy(r.card, mine.card, sizeof r.card);
	bool bad = kith_store_confirm(store, &m) ||
		   kith_store_confirmed(store, m.session, KITH_HOW_COMPARED) ||
		   kith_store_card(store, m.session, &card, kith_buf_span(&envelope), 1770000001) ||
		   kith_store_receipt(store, &r);
	kith_store_close(store);
	kith_mine_free(&mine);
	_exit(bad);
}

/* A backup of the home, under a passphrase that costs little. */
static void back_up(void)
{
	static const struct kith_keyfile_cost quick = {1, 8};
	struct kith_passphrase *word = NULL;
	struct kith_store *store = NULL;
	int fd = open(in_scratch("word"), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0 || write(fd, "horse\n", 6) != 6 || kith_crypto_start() ||
		kith_passphrase_new(kith_span_str("horse"), &word, NULL) ||
		kith_store_open(in_scratch("home"), KITH_STORE_USE, &store, NULL) ||
		kith_backup_make(
			in_scratch("home"), store, in_scratch("backup"), word, &quick, NULL))
		_exit(1);
	kith_store_close(store);
	kith_passphrase_free(word);
	_exit(0);
}

static void keep_as(const char *name)
{
	if (rename(in_scratch("home"), in_scratch(name)) < 0)
		stop(name);
}

static void prepare(void)
{
	const char *tmp = getenv("TMPDIR");

	(void)snprintf(scratch, sizeof scratch, "%.400s/kith-faults-XXXXXX", tmp ? tmp : "/tmp");
	if (!mkdtemp(scratch))
		stop("no folder");
	(void)setenv("HOME", scratch, 1);
	(void)setenv("TZ", "UTC", 1);
	must((const char *[]){"init", "name=Alan Turing", "org=Bletchley", NULL});
	must((const char *[]){"export", "--me", "--format", "kith", "-o", "../alan.kith", NULL});
	remove_tree(in_scratch("home"));
	must((const char *[]){
		"init", "name=Grace Hopper", "org=Navy", "email=g@example.org", NULL});
	must((const char *[]){"export", "--me", "--format", "kith", "-o", "../first.kith", NULL});
	must((const char *[]){"card", "set", "tel.mobile=+1 202 555 0143", NULL});
	must((const char *[]){"export", "--me", "--format", "kith", "-o", "../grace.kith", NULL});
	remove_tree(in_scratch("home"));
	must((const char *[]){"init", "name=Ada Lovelace", "email.work=ada@example.org", NULL});
	(void)fflush(NULL);
	pid_t child = fork();
	if (child == 0)
		meet(in_scratch("first.kith"));
	if (ended(child) != 0)
		stop("meeting Grace");
	child = fork();
	if (child == 0)
		back_up();
	if (ended(child) != 0)
		stop("a backup");
	keep_as("at-home");
}

/* --- one command ------------------------------------------------------------------------------ */

struct tally {
	unsigned long runs, unnoticed, said, done; /* done: said failed, though the work was done */
	unsigned status[256];
};

/* What a home and the words of a command should be. */
struct expected {
	char before[TEXT_MAX], after[TEXT_MAX], words[TEXT_MAX];
};

static char seen[TEXT_MAX], words[TEXT_MAX], errors[TEXT_MAX];

static const char *home_of(const struct story *s)
{
	return s->start == AT_HOME ? in_scratch("at-home") : NULL;
}

/* Looks, but at what is as it was before. */
static void see(const struct story *s, const struct expected *e)
{
	if (is_untouched(home_of(s)))
		memcpy(seen, e->before, sizeof seen);
	else
		look(seen);
}

static bool has_sentence(const char *text)
{
	const char *line = strstr(text, "kith: ");

	return line && (line == text || line[-1] == '\n') && line[6] && line[6] != '\n';
}

/* What a removal that failed leaves behind is no fault of the order of things. */
static bool is_excused(void)
{
	return strncmp(faulty_what(), "unlink ", 7) == 0 && strstr(seen, "left: ");
}

static void judge_end(const struct story *s, const struct expected *e, int status, unsigned long n)
{
	const char *what = faulty_what();

	if (status >= 64 && status != FAULTY_DIED)
		complain("%s, fault %lu (%s): ended with %d: %s", s->name, n, what, status, errors);
	else if (status == 0 && s->fixed && strcmp(words, e->words) != 0 &&
		 !(strcmp(s->args[0], "verify") == 0 && has_sentence(errors)))
		complain("%s, fault %lu (%s): done, but said: %s", s->name, n, what, words);
	else if (status != 0 && status != 1 && status != 7 && status != FAULTY_DIED)
		complain("%s, fault %lu (%s): exit %d: %s", s->name, n, what, status, errors);
	else if (status != 0 && status != FAULTY_DIED && !has_sentence(errors))
		complain("%s, fault %lu (%s): exit %d without a word", s->name, n, what, status);
}

static void judge_home(const struct story *s, const struct expected *e, int status, unsigned long n,
	struct tally *t)
{
	bool is_new = strcmp(seen, e->after) == 0;
	bool is_old = strcmp(seen, e->before) == 0;
	/* a first run that was killed, or had no memory left to clean up with, may leave what it made:
	 * init.lock says so, and the next one takes it up */
	bool begun = s->start == NOTHING && (status == FAULTY_DIED || faulty_now() == FAULTY_POOR);

	if (status == 0 && !is_new && !is_excused())
		complain("%s, fault %lu (%s): said done, but the home holds:\n%s", s->name, n,
			faulty_what(), seen);
	else if (!is_new && !is_old && !begun && !is_excused())
		complain("%s, fault %lu (%s): exit %d, neither old nor new:\n%s", s->name, n,
			faulty_what(), status, seen);
	t->done += status != 0 && is_new && !is_old;
}

static void judge_next(const struct story *s, const struct expected *e, unsigned long n)
{
	if (s->anew && strcmp(seen, e->after) == 0)
		return;
	const char *what = strdup(faulty_what());
	int status = run(s->args, FAULTY_NONE, 0);

	read_text(in_scratch("err"), errors);
	see(s, e);
	if (status != 0 && status != s->again)
		complain("%s, after fault %lu (%s): exit %d: %s", s->name, n, what, status, errors);
	else if (strcmp(seen, e->after) != 0 && !strstr(seen, "left: "))
		complain("%s, after fault %lu (%s): the home holds:\n%s", s->name, n, what, seen);
	free((void *)what);
}

static bool one_fault(const struct story *s, const struct expected *e, enum faulty_kind kind,
	unsigned long n, struct tally *t)
{
	set_home(home_of(s));
	int status = run(s->args, kind, n);
	bool fired = faulty_fired();

	read_text(in_scratch("out"), words);
	read_text(in_scratch("err"), errors);
	if (s->anew) /* what was begun is ended by the next one who needs the key */
		(void)run((const char *[]){"key", "show", NULL}, FAULTY_NONE, 0);
	see(s, e);
	t->runs++;
	t->unnoticed += fired && !has_sentence(errors);
	t->said += fired && has_sentence(errors);
	t->status[status & 0xff]++;
	if (getenv("KITH_FAULTS_LOUD"))
		(void)printf("%s %lu: %s: exit %d %s", s->name, n, faulty_what(), status,
			errors[0] ? errors : "\n");
	if (!fired && status != 0)
		complain("%s: without a fault it ends with %d: %s", s->name, status, errors);
	judge_end(s, e, status, n);
	judge_home(s, e, status, n, t);
	/* without memory nothing was changed or everything, as was just seen, and it would be the same again */
	bool whole = strcmp(seen, e->before) == 0 || strcmp(seen, e->after) == 0;
	if (fired && (kind > FAULTY_POOR || !whole || t->runs % 31 == 0))
		judge_next(s, e, n);
	return fired;
}

static void learn(const struct story *s, struct expected *e)
{
	set_home(home_of(s));
	look(e->before);
	if (run(s->args, FAULTY_NONE, 0) != 0)
		stop(s->name);
	read_text(in_scratch("out"), e->words);
	look(e->after);
}

static void tell(const struct story *s, const struct tally *t)
{
	(void)printf("%-12s %5lu runs: %lu faults said, %lu of them after the work was done, %lu "
		     "without consequence; exits",
		s->name, t->runs, t->said, t->done, t->unnoticed);
	for (int i = 0; i < 256; i++)
		if (t->status[i])
			(void)printf(" %d:%u", i, t->status[i]);
	(void)printf("\n");
	(void)fflush(stdout);
}

static void go_through(const struct story *s, enum faulty_kind kind, unsigned long stride)
{
	static struct expected e;
	struct tally t = {0};
	unsigned long n = 1, step = stride > 1 && s->coarse ? stride * s->coarse : stride;

	learn(s, &e);
	while (n < RUNS_MAX && problems < 20 && one_fault(s, &e, kind, n, &t))
		n += n < 64 ? 1 : step; /* the first ones come one by one */
	if (t.said == 0 && t.status[FAULTY_DIED] == 0)
		complain("%s: no fault was ever noticed: nothing was tested", s->name);
	tell(s, &t);
}

int __wrap_main(int argc, char **argv)
{
	static const char *const kinds[] = {"", "memory", "poor", "io", "full", "death"};
	enum faulty_kind kind = FAULTY_NONE;
	unsigned long stride = argc > 2 ? strtoul(argv[2], NULL, 10) : 1;
	const char *only = argc > 3 ? argv[3] : NULL;

	for (size_t i = 1; argc > 1 && i < sizeof kinds / sizeof kinds[0]; i++)
		if (strcmp(argv[1], kinds[i]) == 0)
			kind = (enum faulty_kind)i;
	if (kind == FAULTY_NONE || stride == 0) {
		(void)fprintf(
			stderr, "usage: faults_commands memory|poor|io|full|death [STRIDE]\n");
		return 2;
	}
	(void)signal(SIGPIPE, SIG_IGN);
	faulty_share();
	prepare();
	for (size_t i = 0; i < sizeof stories / sizeof stories[0]; i++) {
		/* who only reads changes nothing that could fail, but for what SQLite keeps beside */
		if (!only || strcmp(only, stories[i].name) == 0)
			go_through(&stories[i], kind, stride);
	}
	remove_tree(scratch);
	(void)printf("%d problems\n", problems);
	return problems > 0;
}
