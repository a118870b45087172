/* SPDX-License-Identifier: MIT */
#include "store/settle.h"

#include <kith/cards.h>
#include <kith/statement.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/diag.h"
#include "base/file.h"
#include "base/home.h"
#include "base/limits.h"
#include "crypto/keyring.h"
#include "store/db.h"

const char kith_home_copied_words[] =
	"This home was made on another machine.  If you go on using it there too, people will see two of you: keep "
	"one, or make an identity of its own for the other.  Your cards were signed anew, with higher "
	"numbers, so that they do not contradict those of the other machine.";

/* One sentence for what went wrong in the store. */
static enum kith_err fail_store(
	struct kith_diag *diag, enum kith_err err, const struct kith_store *store)
{
	const char *why = kith_store_why(store);

	return kith_fail(diag, err, "%s",
		err == KITH_ERR_MISSING ? "there is a key, but no card yet; kith init completes it"
		: why && *why           ? why
					: kith_err_text(err));
}

/* --- before ----------------------------------------------------------------------------------- */

/* The key of my card. */
static enum kith_err my_ik(
	struct kith_store *store, uint8_t ret_ik[static KITH_KEY_BYTES], struct kith_diag *diag)
{
	KITH_AUTO(kith_mine_free) struct kith_mine mine = {0};
	struct kith_card card;
	enum kith_err err = kith_store_mine(store, &mine);

	if (err)
		return fail_store(diag, err, store);
	if ((err = kith_card_verify(kith_buf_span(&mine.envelope), &card)) == KITH_ERR_NOMEM)
		return err;
	if (err)
		return kith_fail(diag, KITH_ERR_STORE_CORRUPT,
			"your own card in the store is damaged; put back kith.db from your backup");
	memcpy(ret_ik, card.ik, KITH_KEY_BYTES);
	return KITH_OK;
}

/* Under the lock. */
static enum kith_err settle(const char *home, struct kith_diag *diag)
{
	struct kith_store *store = NULL;
	uint8_t ik[KITH_KEY_BYTES];
	enum kith_err err = kith_next_mend(home, diag);

	if (err || !kith_next_is_begun(home))
		return err;
	/* which key is mine only the store can say: without it both stay */
	err = kith_store_open(home, KITH_STORE_USE, &store, diag);
	if (!err)
		err = my_ik(store, ik, diag);
	kith_store_close(store);
	return err ? err : kith_next_settle(home, ik, diag);
}

enum kith_err kith_home_settle(const char *home, struct kith_diag *diag)
{
	KITH_AUTO_FD int lock = -1;
	bool begun = kith_next_is_begun(home);
	enum kith_err err;

	if (!begun && !kith_next_is_torn(home))
		return KITH_OK;
	/* who writes a key file at this moment is not waited for, and cleans up himself */
	err = kith_file_lock(
		home, KITH_HOME_INIT_LOCK, begun ? KITH_STORE_BUSY_MS : 0, &lock, diag);
	if (err == KITH_ERR_BUSY && !begun)
		return KITH_OK;
	if (err == KITH_ERR_BUSY)
		return kith_fail(diag, err,
			"another kith is changing the key in %s; try again when it has ended",
			home);
	return err ? err : settle(home, diag);
}

/* --- after ------------------------------------------------------------------------------------ */

static bool is_there(const char *home, const char *name)
{
	KITH_AUTO_BUF struct kith_buf path = {0};
	struct stat st;

	return kith_path_join(&path, home, name) && lstat((const char *)path.p, &st) == 0;
}

enum kith_err kith_revocation_make(
	const char *folder, const struct kith_identity *id, int64_t now, struct kith_diag *diag)
{
	KITH_AUTO_BUF struct kith_buf path = {0};
	KITH_AUTO_BUF struct kith_buf bytes = {0};
	enum kith_err err;

	if (!kith_path_join(&path, folder, KITH_HOME_REVOCATION))
		return KITH_ERR_NOMEM;
	if (is_there(folder, KITH_HOME_REVOCATION))
		return KITH_OK;
	if ((err = kith_statement_revoke(id, KITH_REVOKE_UNSPECIFIED, now, &bytes)))
		return err;
	err = kith_file_write(
		(const char *)path.p, kith_buf_span(&bytes), 0600, KITH_FILE_NEW, diag);
	return err == KITH_ERR_EXISTS ? KITH_OK : err;
}

/* The mark of this machine; false: it has no name. */
static bool this_machine(uint8_t out[static KITH_DEVICE_BYTES])
{
	return kith_device_mark("/etc/machine-id", out) ||
	       kith_device_mark("/var/lib/dbus/machine-id", out);
}

enum kith_err kith_device_put(const char *folder, struct kith_diag *diag)
{
	KITH_AUTO_BUF struct kith_buf path = {0};
	uint8_t mark[KITH_DEVICE_BYTES];

	if (!this_machine(mark))
		return KITH_OK;
	if (!kith_path_join(&path, folder, KITH_HOME_DEVICE))
		return KITH_ERR_NOMEM;
	return kith_file_write(
		(const char *)path.p, kith_span(mark, sizeof mark), 0600, KITH_FILE_REPLACE, diag);
}

/* Whether the mark in the home is that of another machine.  *ret_unmarked: there is none that could be. */
static bool is_elsewhere(const char *home, bool *ret_unmarked)
{
	KITH_AUTO_BUF struct kith_buf path = {0};
	KITH_AUTO_BUF struct kith_buf had = {0};
	uint8_t mark[KITH_DEVICE_BYTES];

	*ret_unmarked = false;
	if (!this_machine(mark) || !kith_path_join(&path, home, KITH_HOME_DEVICE))
		return false;
	enum kith_err err =
		kith_file_read_private((const char *)path.p, KITH_DEVICE_BYTES, &had, NULL);
	*ret_unmarked = err == KITH_ERR_MISSING;
	return !err && had.n == KITH_DEVICE_BYTES && memcmp(had.p, mark, sizeof mark) != 0;
}

enum kith_err kith_cards_jump(struct kith_store *store, const struct kith_identity *id, int64_t now,
	struct kith_diag *diag)
{
	const struct kith_cards_signing signing = {
		.id = id, .now = now, .jump = KITH_RESTORE_JUMP, .all = true};
	uint8_t ik[KITH_KEY_BYTES];
	size_t n;
	enum kith_err err = my_ik(store, ik, diag);

	if (err)
		return err;
	if (memcmp(kith_identity_ik(id), ik, sizeof ik) != 0)
		return kith_fail(diag, KITH_ERR_KEYFILE,
			"identity.key is not the key of the card in the store; put back the one "
			"that belongs to it");
	err = kith_store_cards_sign(store, &signing, &n);
	return err ? fail_store(diag, err, store) : KITH_OK;
}

/* Forgets former keys that nobody needs any more. */
static enum kith_err forget_heard(
	const char *home, struct kith_store *store, const struct kith_identity *id)
{
	KITH_AUTO(kith_retired_free) struct kith_retired_keys keys = {0};
	struct kith_my_key key;
	size_t gone = 0;

	if (!is_there(home, KITH_HOME_RETIRED))
		return KITH_OK;
	enum kith_err err = kith_retired_load(home, id, &keys, NULL);
	if (!err)
		err = kith_store_my_key(store, &key);
	if (err)
		return err;
	while (gone < keys.n && keys.at[gone].seq <= key.heard)
		gone++;
	return gone ? kith_retired_save(home, id, keys.at + gone, keys.n - gone, NULL) : KITH_OK;
}

enum kith_err kith_home_started(const char *home, struct kith_store *store,
	const struct kith_identity *id, int64_t now, bool *ret_copied, struct kith_diag *diag)
{
	bool unmarked;
	bool copied = is_elsewhere(home, &unmarked);
	enum kith_err err = copied ? kith_cards_jump(store, id, now, diag) : KITH_OK;

	if (err)
		return err;
	/* the mark after the cards: rather a second jump than none */
	if (copied || unmarked)
		(void)!kith_device_put(home, NULL);
	(void)!kith_revocation_make(home, id, now, NULL);
	(void)!forget_heard(home, store, id);
	*ret_copied = copied;
	return KITH_OK;
}

/* --- what the store knows --------------------------------------------------------------------- */

/* When the first card of the present key was signed: no older one has its ik. */
static enum kith_err made_at(struct kith_store *store, int64_t *ret_at)
{
	uint8_t ik[KITH_KEY_BYTES];
	struct kith_card card;
	enum kith_err err = my_ik(store, ik, NULL);

	if (err)
		return err;
	*ret_at = 0;
	KITH_QUERY struct kith_query q =
		kith_query(store, "SELECT envelope FROM mine_card ORDER BY rev DESC");
	while (kith_query_row(&q)) {
		if (kith_card_verify(kith_column_span(&q, 0), &card) ||
			memcmp(card.ik, ik, sizeof ik) != 0)
			break;
		*ret_at = card.issued;
	}
	return kith_query_end(&q);
}

enum kith_err kith_store_my_key(struct kith_store *store, struct kith_my_key *ret_key)
{
	struct kith_my_key key = {0};
	enum kith_err err = made_at(store, &key.made);

	if (err)
		return err;
	/* who is blocked or frozen has no tie, and would hold a former key for ever */
	struct kith_query q = kith_query(store,
		"SELECT seq, (SELECT count(*) FROM contact WHERE ik IS NOT NULL AND blocked = 0 "
		"AND frozen = 0 AND acknowledged < mine.seq), min(seq, coalesce((SELECT "
		"min(acknowledged) FROM contact WHERE ik IS NOT NULL AND blocked = 0 AND "
		"frozen = 0), seq)) FROM mine");
	if (kith_query_row(&q)) {
		key.seq = (uint64_t)kith_column_int(&q, 0);
		key.unheard = (uint64_t)kith_column_int(&q, 1);
		key.heard = (uint64_t)kith_column_int(&q, 2);
	}
	if ((err = kith_query_end(&q)))
		return err;
	*ret_key = key;
	return KITH_OK;
}

static enum kith_err put_seq(struct kith_store *store, uint64_t seq)
{
	struct kith_query q = kith_query(store, "UPDATE mine SET seq = ?1");

	kith_bind_int(&q, (int64_t)seq);
	return kith_query_run(&q);
}

enum kith_err kith_store_my_seq_put(struct kith_store *store, uint64_t seq)
{
	enum kith_err err = kith_db_begin(store);

	return err ? err : kith_db_end(store, put_seq(store, seq));
}
