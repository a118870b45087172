/* SPDX-License-Identifier: MIT */
#include <kith/keys.h>

#include "base/limits.h"
#include "codec/pack.h"
#include "codec/unpack.h"
#include "keep/inside.h"

#define STATEMENTS_BYTES (1 + KITH_STATEMENTS_MAX * (3 + KITH_STATEMENT_MAX))

/* --- revocations ----------------------------------------------------------------------------- */

/* Mine, of whatever key, to everybody, once each. */
enum kith_err keep_key_next(
	struct kith_keep *keep, const struct kith_friend *who, size_t room, struct kith_parcel *ret)
{
	int64_t row = 0;
	enum kith_err err = KITH_OK;

	do {
		kith_buf_clear(&keep->out);
		err = kith_keys_due(keep->store, who->tie->contact, row, &row, &keep->out);
	} while (!err && keep_sent(keep, who, KITH_PARCEL_STATEMENT, row));
	return err ? err : keep_parcel(keep, KITH_PARCEL_STATEMENT, row, room, ret);
}

/* A revocation says whose it is, so it may come from anybody.  A rotation comes in a PROOF, or by
 * file. */
enum kith_outcome keep_key_take(struct kith_keep *keep, const struct kith_friend *who,
	uint64_t kind, struct kith_span bytes)
{
	struct kith_statement s;
	struct kith_keys_outcome outcome;
	enum kith_err err = kith_statement_verify(bytes, &s);

	(void)who;
	(void)kind;
	if (err == KITH_ERR_NOMEM)
		return KITH_OUTCOME_LATER;
	if (err == KITH_ERR_VERSION)
		return KITH_OUTCOME_UNKNOWN;
	if (err || s.kind != KITH_STATEMENT_REVOKE)
		return KITH_OUTCOME_REFUSED;
	if ((err = kith_keys_take(keep->store, &s, bytes, keep_now(keep), &outcome)))
		return KITH_OUTCOME_LATER;
	return outcome.what == KITH_KEYS_NOBODY ? KITH_OUTCOME_REFUSED : KITH_OUTCOME_TAKEN;
}

enum kith_err keep_key_answered(struct kith_keep *keep, const struct kith_friend *who,
	const struct kith_parcel *parcel, uint64_t outcome)
{
	if (outcome != KITH_OUTCOME_TAKEN && outcome != KITH_OUTCOME_REFUSED)
		return KITH_OK; /* another day */
	enum kith_err err = kith_keys_sent(keep->store, who->tie->contact, parcel->ref);
	return err == KITH_ERR_NOPERSON ? KITH_OK : err; /* forgotten meanwhile */
}

/* --- rotations: mine ------------------------------------------------------------------------- */

/* The way from one key of mine to the present one. */
struct way {
	uint8_t at[KITH_KEY_BYTES]; /* how far it has come */
	struct kith_buf steps;      /* the statements, each as bin */
	size_t n;
	bool stepped;
	enum kith_err err;
};

static void way_free(struct way *w)
{
	kith_buf_free(&w->steps);
}

/* A kith_kept_fn: the statement that leads on from there. */
static bool step(void *ctx, const struct kith_kept *kept)
{
	struct way *w = ctx;
	struct kith_packer p = {.out = &w->steps};
	struct kith_statement s;

	if (kept->kind != KITH_STATEMENT_ROTATE || memcmp(kept->ik, w->at, sizeof w->at) != 0)
		return true;
	if ((w->err = kith_statement_verify(kept->bytes, &s)))
		return false;
	kith_pack_bin(&p, kept->bytes);
	w->err = p.err;
	memcpy(w->at, s.new_ik, sizeof w->at);
	w->n++;
	w->stepped = true;
	return false;
}

static enum kith_err walk(struct kith_keep *keep, struct way *w)
{
	enum kith_err err = KITH_OK;

	while (!err && memcmp(w->at, kith_identity_ik(keep->id), sizeof w->at) != 0) {
		w->stepped = false;
		if (w->n == KITH_STATEMENTS_MAX)
			return KITH_ERR_LIMIT;
		err = kith_keys_kept(keep->store, 0, step, w);
		if (!err)
			err = w->err;
		if (!err && !w->stepped)
			err = KITH_ERR_MISSING;
	}
	return err;
}

enum kith_err keep_key_rotations(
	struct kith_keep *keep, const struct kith_tie *tie, struct kith_buf *out)
{
	KITH_AUTO(way_free) struct way w = {0};
	struct kith_packer p = {.out = out};

	memcpy(w.at, tie->mine, sizeof w.at);
	enum kith_err err = walk(keep, &w);
	if (err || w.n == 0)
		return err ? err : KITH_ERR_MISSING;
	kith_pack_array(&p, w.n);
	return p.err ? p.err : kith_buf_add(out, w.steps.p, w.steps.n);
}

/* --- rotations: theirs ----------------------------------------------------------------------- */

/* The steps, verified: each leads on from the one before. */
static enum kith_err read_steps(struct kith_node array, const uint8_t *from,
	struct kith_statement steps[static KITH_STATEMENTS_MAX], size_t *ret_n)
{
	size_t n = kith_node_count(array);

	if (kith_node_kind(array) != KITH_ARRAY || n == 0)
		return KITH_ERR_SHAPE;
	if (n > KITH_STATEMENTS_MAX)
		return KITH_ERR_LIMIT;
	for (size_t i = 0; i < n; i++) {
		struct kith_node bin = kith_node_at(array, i);
		if (kith_node_kind(bin) != KITH_BIN)
			return KITH_ERR_TYPE;
		enum kith_err err = kith_statement_verify(kith_node_bytes(bin), &steps[i]);
		if (err)
			return err;
		if (steps[i].kind != KITH_STATEMENT_ROTATE ||
			memcmp(steps[i].ik, from, KITH_KEY_BYTES) != 0)
			return KITH_ERR_SUBJECT;
		from = steps[i].new_ik;
	}
	*ret_n = n;
	return KITH_OK;
}

/* One step of that person. */
static enum kith_err take_step(struct kith_keep *keep, const struct kith_tie *tie,
	const struct kith_statement *s, struct kith_span bytes)
{
	struct kith_keys_outcome outcome;
	enum kith_err err = kith_keys_take(keep->store, s, bytes, keep_now(keep), &outcome);

	if (err) /* that a key is mine is nothing to tell them */
		return err == KITH_ERR_OWNKEY ? KITH_ERR_SUBJECT : err;
	if (outcome.contact != tie->contact)
		return KITH_ERR_SUBJECT;
	return outcome.what == KITH_KEYS_ROTATED || outcome.what == KITH_KEYS_SAME
		       ? KITH_OK
		       : KITH_ERR_STALEKEY;
}

/* Where the steps led must be the key that the person has now, and no longer one that was left
 * since. */
static enum kith_err check_end(struct kith_keep *keep, int64_t contact, const uint8_t *ik)
{
	KITH_AUTO(kith_contact_free) struct kith_contact c = {0};
	enum kith_err err = kith_store_contact(keep->store, contact, &c);

	if (!err && memcmp(c.ik, ik, sizeof c.ik) != 0)
		err = KITH_ERR_STALEKEY;
	return err;
}

enum kith_err keep_key_rotated(struct kith_keep *keep, const struct kith_tie *tie,
	struct kith_span statements, uint8_t ret_ik[static KITH_KEY_BYTES])
{
	KITH_DOC struct kith_doc doc = {0};
	struct kith_statement steps[KITH_STATEMENTS_MAX];
	size_t n = 0;
	enum kith_err err = kith_doc_open(&doc, statements, STATEMENTS_BYTES);

	if (err)
		return err;
	if ((err = read_steps(kith_doc_root(&doc), tie->theirs, steps, &n)))
		return err;
	for (size_t i = 0; !err && i < n; i++)
		err = take_step(keep, tie, &steps[i],
			kith_node_bytes(kith_node_at(kith_doc_root(&doc), i)));
	if (!err)
		err = check_end(keep, tie->contact, steps[n - 1].new_ik);
	if (err)
		return err;
	memcpy(ret_ik, steps[n - 1].new_ik, KITH_KEY_BYTES);
	return KITH_OK;
}
