/* SPDX-License-Identifier: MIT */
#include "book/keys.h"

#include <kith/cards.h>
#include <kith/keys.h>

#include "base/auto.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/home.h"
#include "base/limits.h"
#include "base/text.h"
#include "crypto/exchange.h"
#include "crypto/keyfile.h"
#include "crypto/keyring.h"
#include "crypto/paper.h"
#include "store/settle.h"

/* One sentence for what went wrong in the store. */
static enum kith_err fail_store(
	struct kith_diag *diag, enum kith_err err, const struct kith_store *store)
{
	const char *why = kith_store_why(store);

	return kith_fail(diag, err, "%s", why && *why ? why : kith_err_text(err));
}

/* The key of my card. */
static enum kith_err present_ik(
	struct kith_store *store, uint8_t ret_ik[static KITH_KEY_BYTES], struct kith_diag *diag)
{
	KITH_AUTO(kith_mine_free) struct kith_mine mine = {0};
	struct kith_card card;
	enum kith_err err = kith_store_mine(store, &mine);

	if (err == KITH_ERR_MISSING)
		return kith_fail(
			diag, err, "there is a key, but no card yet; kith init completes it");
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

/* --- rotating --------------------------------------------------------------------------------- */

/* What is made before anything is touched. */
struct change {
	const struct kith_rotation *r;
	struct kith_store *store;
	struct kith_identity *new;
	uint64_t seq;
	uint8_t keyfile[KITH_KEYFILE_BYTES];
	struct kith_buf statement; /* the rotation */
	struct kith_buf retired;   /* retired.key */
	struct kith_buf revocation;
	struct kith_buf former; /* the revocation of the key that is left; n == 0: none */
};

static void change_end(struct change *c)
{
	kith_identity_free(c->new);
	kith_wipe(c->keyfile, sizeof c->keyfile);
	kith_buf_free(&c->statement);
	kith_buf_free(&c->retired);
	kith_buf_free(&c->revocation);
	kith_buf_free(&c->former);
}

/* Those that are there, and the one that is left now; of too many the oldest goes. */
static enum kith_err make_retired(struct change *c, struct kith_diag *diag)
{
	KITH_AUTO(kith_retired_free) struct kith_retired_keys had = {0};
	struct kith_retired all[KITH_STATEMENTS_MAX];
	enum kith_err err = kith_retired_load(c->r->home, c->r->old, &had, diag);

	if (err)
		return err;
	size_t skip = had.n == KITH_STATEMENTS_MAX;
	size_t n = had.n - skip;
	if (n)
		memcpy(all, had.at + skip, n * sizeof all[0]);
	all[n].seq = c->seq;
	all[n].xk_secret = kith_identity_xk_secret(c->r->old);
	memcpy(all[n].ik, kith_identity_ik(c->r->old), KITH_KEY_BYTES);
	return kith_retired_seal(NULL, c->new, all, n + 1, &c->retired);
}

/* What there is of the key that is left may still be wanted. */
static enum kith_err keep_revocation(struct change *c)
{
	KITH_AUTO_BUF struct kith_buf path = {0};

	if (!kith_path_join(&path, c->r->home, KITH_HOME_REVOCATION))
		return KITH_ERR_NOMEM;
	enum kith_err err =
		kith_file_read_private((const char *)path.p, KITH_STATEMENT_MAX, &c->former, NULL);
	if (!err)
		return KITH_OK;
	kith_buf_clear(&c->former);
	return err == KITH_ERR_NOMEM ? err
				     : kith_statement_revoke(c->r->old, KITH_REVOKE_UNSPECIFIED,
					       c->r->now, &c->former);
}

static enum kith_err make(struct change *c, struct kith_diag *diag)
{
	const struct kith_rotation *r = c->r;
	struct kith_my_key key;
	enum kith_err err = kith_store_my_key(c->store, &key);

	if (err)
		return fail_store(diag, err, c->store);
	c->seq = key.seq + 1;
	if ((err = kith_identity_new(NULL, &c->new)) || (err = make_retired(c, diag)) ||
		(err = keep_revocation(c)) ||
		(err = kith_statement_rotate(r->old, c->new, c->seq, r->now, &c->statement)) ||
		(err = kith_statement_revoke(
			 c->new, KITH_REVOKE_UNSPECIFIED, r->now, &c->revocation)))
		return err;
	return kith_keyfile_make(c->new, r->passphrase, r->cost, c->keyfile, diag);
}

/* The files of the change, beside those that are there. */
static enum kith_err stage(const struct change *c, struct kith_diag *diag)
{
	const char *home = c->r->home;
	KITH_AUTO_BUF struct kith_buf name = {0};
	enum kith_err err = kith_next_begin(home, diag);

	if (err)
		return err;
	if (kith_buf_printf(&name, "revocation-%llu.kith", (unsigned long long)c->seq) ||
		!kith_buf_cstr(&name))
		return KITH_ERR_NOMEM;
	if ((err = kith_next_put(
		     home, KITH_HOME_KEY, kith_span(c->keyfile, sizeof c->keyfile), diag)) ||
		(err = kith_next_put(home, KITH_HOME_RETIRED, kith_buf_span(&c->retired), diag)) ||
		(err = kith_next_put(
			 home, KITH_HOME_REVOCATION, kith_buf_span(&c->revocation), diag)) ||
		(err = kith_next_put(home, (const char *)name.p, kith_buf_span(&c->former), diag)))
		return err;
	return kith_next_ready(home, kith_identity_ik(c->new), diag);
}

/* The store's part: the rotation, its number and the cards, in one transaction. */
static enum kith_err put_in_store(const struct change *c)
{
	const struct kith_cards_signing signing = {
		.id = c->new, .rekey = true, .now = c->r->now, .all = true};
	struct kith_statement statement;
	size_t n;
	enum kith_err err = kith_statement_verify(kith_buf_span(&c->statement), &statement);

	if (!err)
		err = kith_keys_mine(c->store, &statement, kith_buf_span(&c->statement), c->r->now);
	if (!err)
		err = kith_store_my_seq_put(c->store, c->seq);
	return err ? err : kith_store_cards_sign(c->store, &signing, &n);
}

static enum kith_err commit(const struct change *c, struct kith_diag *diag)
{
	enum kith_err err = kith_store_batch(c->store);

	if (err)
		return fail_store(diag, err, c->store);
	err = put_in_store(c);
	enum kith_err ended = kith_store_batch_end(c->store, !err);
	if (!err)
		err = ended;
	return err ? fail_store(diag, err, c->store) : KITH_OK;
}

/* Under the lock: the old key is still the one of the card. */
static enum kith_err change_keys(struct change *c, struct kith_diag *diag)
{
	uint8_t ik[KITH_KEY_BYTES];
	enum kith_err err = present_ik(c->store, ik, diag);

	if (err)
		return err;
	if (memcmp(ik, kith_identity_ik(c->r->old), sizeof ik) != 0)
		return kith_fail(diag, KITH_ERR_KEYFILE,
			"identity.key is not the key of the card in the store; put back the one "
			"that belongs to it");
	if (!(err = stage(c, diag)))
		err = commit(c, diag);
	/* whatever was said: what the store holds now decides */
	enum kith_err looked = present_ik(c->store, ik, err ? NULL : diag);
	enum kith_err settled =
		looked ? looked : kith_next_settle(c->r->home, ik, err ? NULL : diag);
	return err ? err : settled;
}

static enum kith_err lock_keys(const char *home, int *ret_fd, struct kith_diag *diag)
{
	enum kith_err err =
		kith_file_lock(home, KITH_HOME_INIT_LOCK, KITH_STORE_BUSY_MS, ret_fd, diag);

	if (err == KITH_ERR_BUSY)
		return kith_fail(diag, err,
			"another kith is changing the key in %s; try again when it has ended",
			home);
	return err;
}

enum kith_err kith_key_rotate(struct kith_store *store, const struct kith_rotation *r,
	struct kith_identity **ret_new, uint64_t *ret_seq, struct kith_diag *diag)
{
	KITH_AUTO(change_end) struct change c = {.r = r, .store = store};
	KITH_AUTO_FD int lock = -1;
	enum kith_err err =
		make(&c, diag); /* a passphrase takes a second, for which nobody waits */

	if (!err)
		err = lock_keys(r->home, &lock, diag);
	if (!err)
		err = change_keys(&c, diag);
	if (err)
		return err;
	*ret_new = c.new;
	*ret_seq = c.seq;
	c.new = NULL;
	return KITH_OK;
}

enum kith_err kith_key_protect(const char *home, const struct kith_identity *id,
	const struct kith_passphrase *passphrase, const struct kith_keyfile_cost *cost,
	struct kith_diag *diag)
{
	KITH_AUTO_FD int lock = -1;
	enum kith_err err = lock_keys(home, &lock, diag);

	return err ? err : kith_identity_replace(id, home, passphrase, cost, diag);
}

enum kith_err kith_key_forget_old(
	const char *home, const struct kith_identity *id, size_t *ret_n, struct kith_diag *diag)
{
	KITH_AUTO(kith_retired_free) struct kith_retired_keys had = {0};
	enum kith_err err = kith_retired_load(home, id, &had, diag);

	if (!err && had.n)
		err = kith_retired_save(home, id, NULL, 0, diag);
	if (!err)
		*ret_n = had.n;
	return err;
}

/* --- revoking --------------------------------------------------------------------------------- */

enum kith_err kith_revocation_read(const char *path, struct kith_buf *bytes,
	struct kith_statement *ret, struct kith_diag *diag)
{
	KITH_AUTO_BUF struct kith_buf file = {0};
	char shown[256];
	enum kith_err err = kith_file_read(path, KITH_FILE_READ_MAX, &file, diag);

	if (err)
		return err;
	if (!(err = kith_statement_from_file(kith_buf_span(&file), bytes)))
		err = kith_statement_verify(kith_buf_span(bytes), ret);
	if (!err && ret->kind != KITH_STATEMENT_REVOKE)
		err = KITH_ERR_SUBJECT;
	if (err && err != KITH_ERR_NOMEM)
		return kith_fail(diag, err, "%s is no revocation that holds: %s",
			kith_show_in(shown, sizeof shown, kith_span_str(path), 60),
			err == KITH_ERR_SUBJECT ? "it is another kind of statement"
						: kith_err_text(err));
	return err;
}

struct looked_for {
	const uint8_t *ik;
	enum kith_statement_kind kind;
	bool found;
};

static bool look(void *ctx, const struct kith_kept *kept)
{
	struct looked_for *l = ctx;

	l->found =
		l->found || (kept->kind == l->kind && memcmp(kept->ik, l->ik, KITH_KEY_BYTES) == 0);
	return !l->found;
}

/* Whether a statement of mine of that kind is about that key. */
static enum kith_err has_said(
	struct kith_store *store, enum kith_statement_kind kind, const uint8_t *ik, bool *ret)
{
	struct looked_for l = {.ik = ik, .kind = kind};
	enum kith_err err = kith_keys_kept(store, 0, look, &l);

	if (!err)
		*ret = l.found;
	return err;
}

enum kith_err kith_key_was_mine(struct kith_store *store, const uint8_t ik[static KITH_KEY_BYTES],
	bool *ret_present, bool *ret_former, struct kith_diag *diag)
{
	uint8_t present[KITH_KEY_BYTES];
	enum kith_err err = present_ik(store, present, diag);

	if (err)
		return err;
	*ret_present = memcmp(present, ik, sizeof present) == 0;
	err = has_said(store, KITH_STATEMENT_ROTATE, ik, ret_former);
	return err ? fail_store(diag, err, store) : KITH_OK;
}

enum kith_err kith_key_is_revoked(
	struct kith_store *store, const uint8_t ik[static KITH_KEY_BYTES], bool *ret)
{
	return has_said(store, KITH_STATEMENT_REVOKE, ik, ret);
}

enum kith_err kith_key_mine_is_revoked(struct kith_store *store, bool *ret)
{
	uint8_t present[KITH_KEY_BYTES];
	enum kith_err err = present_ik(store, present, NULL);

	if (err == KITH_ERR_MISSING) {
		*ret = false;
		return KITH_OK;
	}
	return err ? err : kith_key_is_revoked(store, present, ret);
}

/* --- a key that comes back -------------------------------------------------------------------- */

bool kith_key_is_file(struct kith_span text, bool *ret_protected)
{
	static const char magic[8] = {'K', 'I', 'T', 'H', 'K', 'E', 'Y', '1'};

	*ret_protected = !kith_stretch_check(text, magic) && kith_stretch_protected(text.p);
	return text.n >= sizeof magic && memcmp(text.p, magic, sizeof magic) == 0;
}

enum kith_err kith_key_from(struct kith_span text, const struct kith_passphrase *passphrase,
	struct kith_identity **ret, struct kith_diag *diag)
{
	uint8_t seed[KITH_KEY_BYTES];
	bool protected;

	if (!kith_key_is_file(text, &protected))
		return kith_paper_read(text, ret, diag);
	enum kith_err err = kith_keyfile_unlock(text, passphrase, seed);
	if (!err)
		err = kith_identity_from_seed(seed, ret);
	kith_wipe(seed, sizeof seed);
	switch (err) {
	case KITH_ERR_KEYFILE:
		return kith_fail(diag, err, "that key file is damaged");
	case KITH_ERR_PASSPHRASE:
		return kith_fail(diag, err, "that passphrase does not open the key file");
	default:
		return err;
	}
}
