/* SPDX-License-Identifier: MIT
 *
 * key - the key that makes me who I am: shown, protected, copied, put back, changed, revoked.
 */
#include <jansson.h>
#include <langinfo.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <kith/keys.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/home.h"
#include "base/limits.h"
#include "base/text.h"
#include "book/keys.h"
#include "book/mine.h"
#include "card/uri.h"
#include "cli/args.h"
#include "cli/cli.h"
#include "cli/nodetalk.h"
#include "cli/passphrase.h"
#include "cli/person.h"
#include "cli/putfile.h"
#include "cli/sure.h"
#include "cli/words.h"
#include "crypto/keyfile.h"
#include "crypto/paper.h"
#include "qr/qr.h"
#include "store/settle.h"

#define SCREEN_UNKNOWN 80 /* columns of a terminal that does not tell */

/* A key, and the passphrase of its file, of a command. */
static void identity_end(struct kith_identity **id)
{
	kith_identity_free(*id);
}

static void passphrase_end(struct kith_passphrase **p)
{
	kith_passphrase_free(*p);
}

static int64_t now(void)
{
	const struct kith_env *env = kith_env_default();

	return env->wall(env->ctx);
}

/* The path of a file of the home; NULL when there is none, or no memory. */
static const char *home_file(const struct kith_cli *cli, const char *name, struct kith_buf *out)
{
	struct stat st;
	const char *path = kith_path_join(out, cli->home, name);

	return path && lstat(path, &st) == 0 ? path : NULL;
}

/* --- show ------------------------------------------------------------------------------------- */

/* What is told of a key. */
struct facts {
	uint8_t ik[KITH_KEY_BYTES];
	bool protected;
	bool revoked;
	struct kith_my_key key;
	bool cardless;              /* nothing is signed by it here yet */
	struct kith_buf revocation; /* path; n == 0: none */
};

static void find_revocation(const struct kith_cli *cli, struct facts *f)
{
	if (!home_file(cli, KITH_HOME_REVOCATION, &f->revocation))
		kith_buf_clear(&f->revocation);
}

/* A key that was put back and has no card yet: only the key itself says which it is. */
static enum kith_err gather_cardless(struct kith_cli *cli, struct facts *f, struct kith_diag *diag)
{
	KITH_AUTO(identity_end) struct kith_identity *id = NULL;
	enum kith_err err;

	diag->text[0] = 0;
	if ((err = kith_identity_is_protected(cli->home, &f->protected, diag)) ||
		(err = kith_cli_unlock(cli, &id, diag)))
		return err;
	memcpy(f->ik, kith_identity_ik(id), sizeof f->ik);
	f->cardless = true;
	find_revocation(cli, f);
	return KITH_OK;
}

static enum kith_err gather(
	struct kith_cli *cli, struct kith_store *store, struct facts *f, struct kith_diag *diag)
{
	KITH_AUTO(kith_my_free) struct kith_my my = {0};
	enum kith_err err = store ? kith_my_read(store, &my, diag) : KITH_ERR_MISSING;

	if (err == KITH_ERR_MISSING)
		return gather_cardless(cli, f, diag);
	if (err || (err = kith_identity_is_protected(cli->home, &f->protected, diag)))
		return err;
	memcpy(f->ik, my.card.ik, sizeof f->ik);
	find_revocation(cli, f);
	if (!(err = kith_store_my_key(store, &f->key)))
		err = kith_key_is_revoked(store, f->ik, &f->revoked);
	if (err)
		(void)snprintf(diag->text, sizeof diag->text, "%s", kith_store_why(store));
	return err;
}

static int show_json(const struct kith_cli *cli, const struct facts *f)
{
	char id[KITH_ID_CHARS + 1], fingerprint[KITH_FINGERPRINT_CHARS + 1], made[KITH_DATE_CHARS];
	json_t *o = json_object();

	kith_id_text(f->ik, id);
	kith_fingerprint_text(f->ik, fingerprint);
	kith_words_iso(f->key.made, made);
	int bad = json_object_set_new(o, "id", json_string(id));
	bad |= json_object_set_new(o, "fingerprint", json_string(fingerprint));
	bad |= json_object_set_new(o, "made", f->cardless ? json_null() : json_string(made));
	bad |= json_object_set_new(o, "passphrase", json_boolean(f->protected));
	bad |= json_object_set_new(o, "home", kith_json_text(kith_span_str(cli->home)));
	bad |= json_object_set_new(o, "rotations", json_integer((json_int_t)f->key.seq));
	bad |= json_object_set_new(o, "unheard", json_integer((json_int_t)f->key.unheard));
	bad |= json_object_set_new(o, "revocation",
		f->revocation.n ? kith_json_text(kith_buf_span(&f->revocation)) : json_null());
	bad |= json_object_set_new(o, "revoked", json_boolean(f->revoked));
	if (!bad)
		kith_json_line(stdout, o);
	json_decref(o);
	return bad ? kith_cli_fail(KITH_ERR_NOMEM, NULL) : 0;
}

static void show_rotations(const struct kith_my_key *key)
{
	unsigned long long seq = key->seq, unheard = key->unheard;

	if (seq > 0 && unheard > 0)
		(void)printf(
			"rotations    %llu; %llu of your people %s not heard of the last one\n",
			seq, unheard, unheard == 1 ? "has" : "have");
	else if (seq > 0)
		(void)printf("rotations    %llu; everybody has heard of the last one\n", seq);
}

static void show_text(const struct kith_cli *cli, const struct facts *f)
{
	char id[KITH_ID_CHARS + 1], fingerprint[KITH_FINGERPRINT_CHARS + 1], made[KITH_DATE_CHARS];

	kith_id_text(f->ik, id);
	kith_fingerprint_text(f->ik, fingerprint);
	(void)printf("id           %s\n", id);
	(void)printf("fingerprint  %s\n", fingerprint);
	(void)printf("made         %s\n",
		f->cardless ? "not known here: there is no card yet (kith init makes one)"
			    : kith_words_date(f->key.made, made));
	(void)printf("file         %s/%s\n", cli->home, KITH_HOME_KEY);
	(void)printf("passphrase   %s\n",
		f->protected ? "yes"
			     : "none: only the mode of the file keeps it from others (kith key "
			       "passphrase)");
	show_rotations(&f->key);
	if (f->revocation.n)
		(void)printf("revocation   %s (kith key revoke shows it)\n",
			(const char *)f->revocation.p);
	else
		(void)printf("revocation   none yet: the next command that signs makes it\n");
	if (f->revoked)
		(void)printf(
			"revoked      yes: everybody you meet is told not to trust this key\n");
}

static int show(struct kith_cli *cli)
{
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	struct facts f = {0};
	struct kith_diag diag = {0};
	int status;
	enum kith_err err = kith_home_settle(cli->home, &diag);

	if (err)
		return kith_cli_fail(err, &diag);
	err = kith_store_open(cli->home, KITH_STORE_READ, &store, NULL);
	if (err != KITH_ERR_MISSING || !kith_cli_has_key(cli)) {
		kith_store_close(store);
		store = NULL;
		if (!kith_cli_store(cli, KITH_STORE_READ, &store, &status))
			return status;
	}
	status = 0;
	if ((err = gather(cli, store, &f, &diag)))
		status = kith_cli_fail(err, &diag);
	else if (cli->json)
		status = show_json(cli, &f);
	else
		show_text(cli, &f);
	kith_buf_free(&f.revocation);
	return status;
}

/* --- passphrase ------------------------------------------------------------------------------- */

static int passphrase(struct kith_cli *cli, int argc, char **argv)
{
	KITH_AUTO(identity_end) struct kith_identity *id = NULL;
	KITH_AUTO(passphrase_end) struct kith_passphrase *word = NULL;
	struct kith_diag diag = {0};
	bool none = false, protected = false;
	int status;
	const struct kith_option options[] = {{.name = "none", .flag = &none}};

	if (!kith_args(options, 1, &argc, argv, &status))
		return status;
	if (argc > 1)
		return kith_cli_usage("key", "key passphrase takes no arguments: a passphrase is "
					     "never given on the command line");
	if (!kith_cli_has_key(cli))
		return kith_cli_fail(KITH_ERR_NOIDENTITY, NULL);
	enum kith_err err = kith_home_settle(cli->home, &diag);
	if (!err)
		err = kith_identity_is_protected(cli->home, &protected, &diag);
	cli->passphrase_more = protected && !none;
	if (!err)
		err = kith_cli_unlock(cli, &id, &diag);
	if (!err && !none)
		err = kith_cli_passphrase_for(cli, "New passphrase: ", true, &word, &diag);
	if (!err)
		err = kith_key_protect(cli->home, id, word, NULL, &diag);
	if (err)
		return kith_cli_fail(err, &diag);
	kith_json_tell(cli, json_pack("{s:b}", "passphrase", !none));
	kith_cli_say(cli,
		none        ? "The key has no passphrase now: only the mode of %s/%s keeps it "
			      "from others."
		: protected ? "The key in %s/%s has the new passphrase.  Copies made before open "
			      "with the old one still."
			    : "The key in %s/%s has a passphrase now.  Copies made before open "
			      "without any passphrase still.",
		cli->home, KITH_HOME_KEY);
	return 0;
}

/* --- backup and restore of the key alone ------------------------------------------------------ */

static int print_paper(struct kith_cli *cli)
{
	KITH_AUTO(identity_end) struct kith_identity *id = NULL;
	char text[KITH_PAPER_CHARS + 1], fingerprint[KITH_FINGERPRINT_CHARS + 1];
	int status;

	if (!kith_cli_identity(cli, &id, &status))
		return status;
	kith_paper_write(id, text);
	kith_fingerprint_text(kith_identity_ik(id), fingerprint);
	(void)printf("%s", text);
	explicit_bzero(text, sizeof text);
	kith_cli_note(cli,
		"Whoever reads these four lines is you: there is no passphrase on them.  They are "
		"the key with the\nfingerprint %s, without your people; kith key restore - takes "
		"them back.",
		fingerprint);
	return 0;
}

/* A file of the same bytes, under the same passphrase; nothing that is there is replaced. */
static enum kith_err copy_key(const char *from, const char *to, struct kith_diag *diag)
{
	KITH_AUTO_BUF struct kith_buf bytes = {0};
	enum kith_err err = kith_file_read_private(from, KITH_KEYFILE_BYTES, &bytes, diag);

	if (err)
		return err;
	if (strcmp(to, "-") == 0)
		return kith_putfile(to, kith_buf_span(&bytes), diag);
	return kith_file_write(to, kith_buf_span(&bytes), 0600, KITH_FILE_NEW, diag);
}

static int backup(struct kith_cli *cli, int argc, char **argv)
{
	KITH_AUTO_BUF struct kith_buf path = {0};
	struct kith_diag diag = {0};
	const char *out = NULL;
	bool paper = false, protected = false;
	int status;
	const struct kith_option options[] = {{.name = "output", .letter = 'o', .value = &out},
		{.name = "paper", .flag = &paper}};

	if (!kith_args(options, 2, &argc, argv, &status))
		return status;
	if (argc > 1 || paper == (out != NULL))
		return kith_cli_usage("key", "say where: kith key backup -o FILE, or --paper (of "
					     "everything: kith backup FILE)");
	if (paper)
		return print_paper(cli);
	enum kith_err err = kith_home_settle(cli->home, &diag);
	if (!err)
		err = kith_identity_is_protected(cli->home, &protected, &diag);
	if (!err && !kith_path_join(&path, cli->home, KITH_HOME_KEY))
		err = KITH_ERR_NOMEM;
	if (!err)
		err = copy_key((const char *)path.p, out, &diag);
	if (err)
		return kith_cli_fail(err, &diag);
	kith_cli_note(
		cli, protected ? "The key alone, without your people, under the passphrase it has."
			       : "The key alone, without your people, and without a passphrase: "
				 "who has the file is you.");
	return 0;
}

/* The lines that are typed, up to an empty one or the end. */
static enum kith_err read_typed(struct kith_buf *out)
{
	(void)printf("The four lines of the key on paper:\n");
	for (int i = 0; i < KITH_PAPER_LINES; i++) {
		KITH_AUTO_BUF struct kith_buf line = {0};
		if (!kith_cli_ask("> ", &line) || line.n == 0)
			break;
		if (kith_buf_add(out, line.p, line.n) || kith_buf_add_str(out, "\n"))
			return KITH_ERR_NOMEM;
	}
	return KITH_OK;
}

static enum kith_err read_given(
	const struct kith_cli *cli, const char *from, struct kith_buf *out, struct kith_diag *diag)
{
	if (strcmp(from, "-") == 0 && cli->tty)
		return read_typed(out);
	return kith_file_read(from, KITH_FILE_READ_MAX, out, diag);
}

/* A store that is there holds the card of that key, or the key is of somebody else. */
static enum kith_err check_store(
	const struct kith_cli *cli, const struct kith_identity *id, struct kith_diag *diag)
{
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	KITH_AUTO(kith_my_free) struct kith_my my = {0};
	enum kith_err err = kith_store_open(cli->home, KITH_STORE_READ, &store, diag);

	if (err == KITH_ERR_MISSING) {
		diag->text[0] = 0;
		return KITH_OK;
	}
	if (!err)
		err = kith_my_read(store, &my, diag);
	if (err == KITH_ERR_MISSING) {
		diag->text[0] = 0;
		return KITH_OK;
	}
	if (!err && !kith_my_is(&my, kith_identity_ik(id)))
		return kith_fail(diag, KITH_ERR_SUBJECT,
			"that is not the key of the cards in %s; nothing was changed", cli->home);
	return err;
}

/* Opens it; a key file takes its passphrase. */
static enum kith_err open_given(struct kith_cli *cli, struct kith_span text, bool *ret_file,
	struct kith_passphrase **ret_word, struct kith_identity **ret, struct kith_diag *diag)
{
	bool protected;
	enum kith_err err = KITH_OK;

	*ret_file = kith_key_is_file(text, &protected);
	if (protected)
		err = kith_cli_passphrase_for(
			cli, "Passphrase of that key: ", false, ret_word, diag);
	return err ? err : kith_key_from(text, *ret_word, ret, diag);
}

/* An init that was cut short before it had a key has not made this one: what it left to say so goes first. */
static enum kith_err put_back(const struct kith_cli *cli, const struct kith_identity *id,
	const struct kith_passphrase *word, struct kith_diag *diag)
{
	KITH_AUTO_FD int lock = -1;
	enum kith_err err = kith_file_lock(cli->home, KITH_HOME_INIT_LOCK, 0, &lock, diag);

	if (err == KITH_ERR_BUSY)
		return kith_fail(diag, err, "another kith is at work in %s", cli->home);
	if (!err && (ftruncate(lock, 0) < 0 || fsync(lock) < 0))
		err = kith_file_fail(diag, "write", KITH_HOME_INIT_LOCK);
	return err ? err : kith_identity_save_protected(id, cli->home, word, NULL, diag);
}

static int restore_from(struct kith_cli *cli, const char *from, bool protect)
{
	KITH_AUTO(identity_end) struct kith_identity *id = NULL;
	KITH_AUTO(passphrase_end) struct kith_passphrase *word = NULL;
	KITH_AUTO_BUF struct kith_buf text = {0};
	struct kith_diag diag = {0};
	bool file = false;
	enum kith_err err = read_given(cli, from, &text, &diag);

	if (!err)
		err = open_given(cli, kith_buf_span(&text), &file, &word, &id, &diag);
	if (!err && !file && protect)
		err = kith_cli_passphrase_for(cli, "Passphrase for the key: ", true, &word, &diag);
	if (!err)
		err = kith_folder_private(cli->home, &diag);
	if (!err)
		err = check_store(cli, id, &diag);
	if (!err)
		err = put_back(cli, id, word, &diag);
	if (err)
		return kith_cli_fail(err, &diag);
	char fingerprint[KITH_FINGERPRINT_CHARS + 1];
	kith_fingerprint_text(kith_identity_ik(id), fingerprint);
	kith_cli_say(cli,
		"The key with the fingerprint %s is back in %s.\nWithout a backup of your people "
		"kith init makes a new card for it, and nobody takes that before you have swapped "
		"with them again.",
		fingerprint, cli->home);
	return 0;
}

static int restore(struct kith_cli *cli, int argc, char **argv)
{
	bool protect = cli->passphrase_fd >= 0;
	int status;
	const struct kith_option options[] = {{.name = "passphrase", .flag = &protect}};

	if (!kith_args(options, 1, &argc, argv, &status))
		return status;
	if (argc != 2)
		return kith_cli_usage("key", "say from where: kith key restore FILE, or - for what "
					     "stands on paper");
	if (kith_cli_has_key(cli))
		return kith_cli_error(KITH_ERR_EXISTS,
			"%s has a key already; nothing was changed (another home: --home DIR)",
			cli->home);
	return restore_from(cli, argv[1], protect);
}

/* --- rotate ----------------------------------------------------------------------------------- */

static int forget_old(struct kith_cli *cli)
{
	KITH_AUTO(identity_end) struct kith_identity *id = NULL;
	struct kith_diag diag = {0};
	size_t n = 0;
	int status;

	if (!kith_cli_identity(cli, &id, &status))
		return status;
	enum kith_err err = kith_key_forget_old(cli->home, id, &n, &diag);
	if (err)
		return kith_cli_fail(err, &diag);
	kith_cli_say(cli,
		n ? "What was kept of %zu former key%s is gone.  People who have not heard of your "
		    "new key do not recognise you any more."
		  : "Nothing is kept of former keys.",
		n, n == 1 ? "" : "s");
	return 0;
}

/* What a revoked key says of another one, nobody takes. */
static enum kith_err refuse_revoked(
	struct kith_store *store, const struct kith_identity *id, struct kith_diag *diag)
{
	bool revoked;
	enum kith_err err = kith_key_is_revoked(store, kith_identity_ik(id), &revoked);

	if (err)
		return kith_fail(diag, err, "%s", kith_store_why(store));
	return revoked ? kith_fail(diag, KITH_ERR_STALEKEY,
				 "this key is revoked, so nobody would follow it to another one; make a new identity "
				 "in another home (kith --home DIR init), publish the revocation there (kith key "
				 "revoke --now --key FILE, which kith key revoke -o FILE writes here), and meet: "
				 "people then say kith replace")
		       : KITH_OK;
}

/* A node keeps no passphrase, so a key that is changed under it has to be opened for it anew. */
static void say_locked(struct kith_cli *cli)
{
	KITH_AUTO(kith_node_hang_up) struct kith_client *client = NULL;

	if (!kith_node_running(cli, &client, NULL))
		kith_cli_say(cli, "The node that runs is locked now: kith unlock opens it.");
}

static int rotate_now(struct kith_cli *cli)
{
	KITH_AUTO(identity_end) struct kith_identity *old = NULL;
	KITH_AUTO(identity_end) struct kith_identity *new = NULL;
	KITH_AUTO(passphrase_end) struct kith_passphrase *word = NULL;
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	struct kith_diag diag = {0};
	uint64_t seq;
	int status;
	enum kith_err err = kith_cli_unlock_kept(cli, &old, &diag);

	if (err)
		return kith_cli_fail(err, &diag);
	word = kith_cli_passphrase_take(cli);
	if (!kith_cli_store(cli, KITH_STORE_USE, &store, &status))
		return status;
	if ((err = kith_cli_started(cli, store, old, &diag)))
		return kith_cli_fail(err, &diag);
	const struct kith_rotation r = {
		.home = cli->home, .old = old, .passphrase = word, .now = now()};
	if ((err = refuse_revoked(store, old, &diag)))
		return kith_cli_fail(err, &diag);
	if ((err = kith_key_rotate(store, &r, &new, &seq, &diag)))
		return kith_cli_fail(err, &diag);
	kith_store_close(store);
	store = NULL;
	if (cli->json)
		return show(cli);
	char fingerprint[KITH_FINGERPRINT_CHARS + 1];
	kith_fingerprint_text(kith_identity_ik(new), fingerprint);
	kith_cli_say(cli,
		"Your key is another one now: %s.\nWho has met you is told when you next meet, signed "
		"with the old key and the new one.  Older backups\nhold the key that was left, and nobody "
		"takes that any more: make a new one now (kith backup FILE), and a copy\nof the revocation "
		"(kith key revoke -o FILE).",
		fingerprint);
	if (word)
		say_locked(cli);
	return 0;
}

static int rotate(struct kith_cli *cli, int argc, char **argv)
{
	bool forget = false, yes = false;
	int status;
	const struct kith_option options[] = {{.name = "forget-old", .flag = &forget},
		{.name = "yes", .letter = 'y', .flag = &yes}};

	if (!kith_args(options, 2, &argc, argv, &status))
		return status;
	if (argc > 1)
		return kith_cli_usage("key", "key rotate takes no arguments");
	if (!kith_cli_has_key(cli))
		return kith_cli_fail(KITH_ERR_NOIDENTITY, NULL);
	if (forget)
		return forget_old(cli);
	if (!yes && (!cli->tty || cli->json))
		return kith_cli_usage("key", "nobody can be asked here: say --yes");
	if (!yes &&
		!kith_sure("A new key takes the place of yours, and the old one is deleted.  Go "
			   "on? [y/n] "))
		return kith_cli_error(KITH_ERR_DECLINED, "nothing was changed");
	return rotate_now(cli);
}

/* --- revoke ----------------------------------------------------------------------------------- */

/* What was asked for. */
struct revoking {
	const char *out;
	const char *file;   /* --key: a revocation that was kept elsewhere */
	const char *reason; /* --reason */
	bool now;
	bool yes;
	struct kith_buf bytes;
	struct kith_statement statement;
};

/* The revocation: of a file, of the home, or one that is made now because another reason is given. */
static bool get_revocation(struct kith_cli *cli, struct revoking *v, int *ret_status)
{
	KITH_AUTO(identity_end) struct kith_identity *id = NULL;
	KITH_AUTO_BUF struct kith_buf path = {0};
	struct kith_diag diag = {0};
	enum kith_revoke_reason reason = KITH_REVOKE_UNSPECIFIED;
	enum kith_err err = KITH_OK;

	if (v->reason && !kith_revoke_reason_named(kith_span_str(v->reason), &reason)) {
		*ret_status =
			kith_cli_usage("key", "--reason is lost, stolen, retired or unspecified");
		return false;
	}
	if (v->file) {
		err = kith_revocation_read(v->file, &v->bytes, &v->statement, &diag);
	} else if (!v->reason && home_file(cli, KITH_HOME_REVOCATION, &path)) {
		err = kith_revocation_read((const char *)path.p, &v->bytes, &v->statement, &diag);
	} else {
		if (!kith_cli_identity(cli, &id, ret_status))
			return false;
		if (!(err = kith_statement_revoke(id, reason, now(), &v->bytes)))
			err = kith_statement_verify(kith_buf_span(&v->bytes), &v->statement);
	}
	if (err)
		*ret_status = kith_cli_fail(err, &diag);
	return !err;
}

/* Draws the code where that can be done; what is said before is enough without. */
static enum kith_err draw(const struct kith_cli *cli, struct kith_span text)
{
	KITH_AUTO(kith_qr_free) struct kith_qr qr = {0};
	KITH_AUTO_BUF struct kith_buf drawn = {0};
	struct winsize size = {0};
	size_t columns = SCREEN_UNKNOWN;
	enum kith_err err = kith_qr_make(text, KITH_QR_L, &qr);

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		columns = size.ws_col;
	if (err || kith_qr_columns(&qr) > columns || strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
		return err == KITH_ERR_LIMIT ? KITH_OK : err;
	err = cli->color ? kith_qr_text(&qr, &drawn) : kith_qr_text_plain(&qr, &drawn);
	if (!err)
		(void)fwrite(drawn.p, 1, drawn.n, stdout);
	return err;
}

static int print_json(const struct revoking *v, struct kith_span armor, struct kith_span uri)
{
	char id[KITH_ID_CHARS + 1], issued[KITH_DATE_CHARS];
	json_t *o = json_object();

	kith_id_text(v->statement.ik, id);
	kith_words_iso(v->statement.issued, issued);
	int bad = json_object_set_new(o, "id", json_string(id));
	bad |= json_object_set_new(
		o, "reason", json_string(kith_revoke_reason_name(v->statement.reason)));
	bad |= json_object_set_new(o, "issued", json_string(issued));
	bad |= json_object_set_new(o, "armor", kith_json_text(armor));
	bad |= json_object_set_new(o, "text", kith_json_text(uri));
	if (!bad)
		kith_json_line(stdout, o);
	json_decref(o);
	return bad ? kith_cli_fail(KITH_ERR_NOMEM, NULL) : 0;
}

/* On the screen or on paper: text that can be typed in or scanned. */
static int print_revocation(const struct kith_cli *cli, const struct revoking *v)
{
	KITH_AUTO_BUF struct kith_buf armor = {0};
	KITH_AUTO_BUF struct kith_buf uri = {0};
	enum kith_err err = kith_statement_armor(kith_buf_span(&v->bytes), &armor);

	if (!err)
		err = kith_uri_write(KITH_URI_STATEMENT, kith_buf_span(&v->bytes), &uri);
	if (err)
		return kith_cli_fail(err, NULL);
	if (cli->json)
		return print_json(v, kith_buf_span(&armor), kith_buf_span(&uri));
	(void)fwrite(armor.p, 1, armor.n, stdout);
	if (isatty(STDOUT_FILENO) && (err = draw(cli, kith_buf_span(&uri))))
		return kith_cli_fail(err, NULL);
	kith_cli_note(cli,
		"It is no secret, but whoever publishes it makes people stop trusting this key: keep it "
		"on paper or on a stick,\napart from the key.  kith key revoke --now publishes it.");
	return 0;
}

static int write_revocation(const struct kith_cli *cli, const struct revoking *v)
{
	struct kith_diag diag = {0};
	enum kith_err err = kith_putfile(v->out, kith_buf_span(&v->bytes), &diag);

	if (err)
		return kith_cli_fail(err, &diag);
	kith_cli_note(cli, "The revocation is written.  Keep it apart from the key.");
	return 0;
}

/* It must be a key of mine: others revoke their own. */
static int publish(struct kith_cli *cli, const struct revoking *v)
{
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	struct kith_diag diag = {0};
	bool present = false, former = false;
	int status;

	if (!kith_cli_store(cli, KITH_STORE_USE, &store, &status))
		return status;
	enum kith_err err = kith_key_was_mine(store, v->statement.ik, &present, &former, &diag);
	if (!err && !present && !former && !v->file)
		err = kith_fail(&diag, KITH_ERR_SUBJECT, "that is no key of yours");
	if (err)
		return kith_cli_fail(err, &diag);
	if (!v->yes && (!cli->tty || cli->json))
		return kith_cli_usage("key", "nobody can be asked here: say --yes");
	if (!v->yes &&
		!kith_sure(present ? "Everybody you meet will stop trusting your key, for good.  "
				     "Go on? [y/n] "
				   : "Everybody you meet will be told not to trust that earlier "
				     "key of yours.  Go on? [y/n] "))
		return kith_cli_error(KITH_ERR_DECLINED, "nothing was changed");
	err = kith_keys_mine(store, &v->statement, kith_buf_span(&v->bytes), now());
	if (err)
		return kith_cli_fail_store(err, store);
	kith_cli_say(cli, "%s",
		present ? "The key is revoked: everybody you meet is told, and freezes what they know of "
			  "you until you have compared a new key\nin person.  Make that with kith init "
			  "in another home, once those who matter have been met or sent the revocation\n"
			  "(kith key revoke -o FILE)."
			: "That earlier key is revoked: everybody you meet is told.  Who knows your present "
			  "key by comparing it keeps it;\nwho does not freezes what they know of you until "
			  "you have compared in person.");
	return 0;
}

static int do_revoke(struct kith_cli *cli, int argc, char **argv)
{
	struct revoking v = {0};
	bool print = false;
	int status;
	const struct kith_option options[] = {{.name = "now", .flag = &v.now},
		{.name = "yes", .letter = 'y', .flag = &v.yes}, {.name = "print", .flag = &print},
		{.name = "output", .letter = 'o', .value = &v.out},
		{.name = "key", .value = &v.file}, {.name = "reason", .value = &v.reason}};

	if (!kith_args(options, sizeof options / sizeof options[0], &argc, argv, &status))
		return status;
	if (argc > 1)
		return kith_cli_usage("key", "key revoke takes no arguments");
	if (v.now && (v.out || print))
		return kith_cli_usage("key", "--now publishes it; -o and --print only copy it");
	if (v.file && v.reason)
		return kith_cli_usage("key", "the revocation in that file has its reason in it");
	if (!kith_cli_has_key(cli))
		return kith_cli_fail(KITH_ERR_NOIDENTITY, NULL);
	if (get_revocation(cli, &v, &status))
		status = v.now   ? publish(cli, &v)
			 : v.out ? write_revocation(cli, &v)
				 : print_revocation(cli, &v);
	kith_buf_free(&v.bytes);
	return status;
}

/* --- which ------------------------------------------------------------------------------------ */

int kith_cmd_key(struct kith_cli *cli, int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*run)(struct kith_cli *cli, int argc, char **argv);
	} acts[] = {{"passphrase", passphrase}, {"backup", backup}, {"restore", restore},
		{"rotate", rotate}, {"revoke", do_revoke}};
	char shown[64];

	if (argc < 2 || strcmp(argv[1], "show") == 0) {
		int status;
		if (!kith_args(NULL, 0, &argc, argv, &status))
			return status;
		return argc > 2 ? kith_cli_usage("key", "key show takes no arguments") : show(cli);
	}
	for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++)
		if (strcmp(argv[1], acts[i].name) == 0) {
			argv[1] = argv[0]; /* whose usage is shown */
			return acts[i].run(cli, argc - 1, argv + 1);
		}
	return kith_cli_usage("key",
		"\"%s\" is none of show, passphrase, backup, restore, rotate, revoke",
		kith_show_in(shown, sizeof shown, kith_span_str(argv[1]), 20));
}
