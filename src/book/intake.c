/* SPDX-License-Identifier: MIT */
#include "book/intake.h"

#include <time.h>

#include "base/auto.h"
#include "base/diag.h"
#include "base/limits.h"
#include "book/cardfile.h"
#include "book/held.h"
#include "book/taking.h"

#define BATCH_MS  250 /* a batch keeps other programs waiting */
#define OTHERS_MS 15  /* between two batches, for them */

enum kith_err kith_intake_begin(
	struct kith_intake *in, struct kith_store *store, struct kith_diag *diag)
{
	const struct kith_env *env = kith_env_default();

	in->store = store;
	in->now = env->wall(env->ctx);
	return kith_my_read(store, &in->my, diag);
}

void kith_intake_end(struct kith_intake *in)
{
	kith_intake_drop(in);
	kith_my_free(&in->my);
	kith_familiar_free(&in->familiar);
}

/* --- batches ---------------------------------------------------------------------------------- */

static uint64_t ticks(void)
{
	const struct kith_env *env = kith_env_default();

	return env->ticks(env->ctx);
}

/* Else two imports at once would both find that somebody is new. */
enum kith_err kith_intake_join(struct kith_intake *in)
{
	if (!in->in_batch) {
		enum kith_err err = kith_store_batch(in->store);
		if (err)
			return err;
		in->in_batch = true;
		in->batch_n = 0;
		in->batch_at = ticks();
	}
	in->batch_n++;
	return KITH_OK;
}

bool kith_intake_due(const struct kith_intake *in)
{
	return in->in_batch &&
	       (in->batch_n >= KITH_BATCH_MAX || ticks() - in->batch_at >= BATCH_MS);
}

enum kith_err kith_intake_commit(struct kith_intake *in)
{
	static const struct timespec turn = {0, OTHERS_MS * 1000000};
	bool was = in->in_batch, full = kith_intake_due(in);

	in->in_batch = false;
	enum kith_err err = was ? kith_store_batch_end(in->store, true) : KITH_OK;
	/* who waits for the store looks every few ms, and would never find it free otherwise */
	if (full && !err)
		(void)nanosleep(&turn, NULL);
	return err;
}

void kith_intake_drop(struct kith_intake *in)
{
	enum kith_err err = in->in_batch ? kith_store_batch_end(in->store, false) : KITH_OK;

	(void)err; /* closing the store would forget it, too */
	in->in_batch = false;
}

/* --- signed cards ----------------------------------------------------------------------------- */

enum kith_err kith_taking_skip(struct kith_intake_result *r, enum kith_err err)
{
	r->what = KITH_INTAKE_SKIPPED;
	r->err = err;
	r->contact = 0;
	return KITH_OK;
}

/* Why the store did not take a card. */
static enum kith_err explain(enum kith_err err, const char *file, struct kith_intake_result *r)
{
	unsigned long long rev = r->rev, had = r->had;

	switch (err) {
	case KITH_ERR_ROLLBACK:
		(void)kith_fail(&r->why, err,
			"%s: the card of %s is revision %llu, older than revision %llu, which you have",
			file, r->name, rev, had);
		break;
	case KITH_ERR_CONFLICT:
		(void)kith_fail(&r->why, err,
			"%s: you have another card of %s with the same revision %llu, and it "
			"stays; the key may have been copied, so ask them",
			file, r->name, rev);
		break;
	case KITH_ERR_LIMIT:
		(void)kith_fail(&r->why, err,
			"%s: the card of %s jumps from revision %llu to %llu, which nobody does",
			file, r->name, had, rev);
		break;
	case KITH_ERR_STALEKEY:
		(void)kith_fail(&r->why, err,
			"%s: the card of %s is not taken: its key was left, or nothing by it is "
			"taken until you meet and compare (kith show)",
			file, r->name);
		break;
	default:
		return err;
	}
	return kith_taking_skip(r, err);
}

enum kith_err kith_taking_mine(const char *file, struct kith_intake_result *r)
{
	(void)kith_fail(&r->why, KITH_ERR_EXISTS,
		"%s: that is you: your own card has its place already", file);
	return kith_taking_skip(r, KITH_ERR_EXISTS);
}

enum kith_err kith_taking_card(struct kith_intake *in, const char *file, struct kith_span envelope,
	const struct kith_card *card, struct kith_intake_result *r)
{
	KITH_AUTO(kith_contact_free) struct kith_contact before = {0};
	KITH_AUTO(kith_contact_free) struct kith_contact after = {0};
	enum kith_import what;

	kith_held_quoted(kith_fields_first(&card->fields, KITH_FIELD_NAME)->part[0], r->name);
	r->rev = card->rev;
	r->is_signed = true;
	if (kith_my_is(&in->my, card->ik))
		return kith_taking_mine(file, r);
	enum kith_err err = kith_store_contact_of(in->store, card->ik, &before);
	r->had = before.rev;
	if (err && err != KITH_ERR_NOPERSON)
		return err;
	if ((err = kith_store_import(in->store, card, envelope, in->now, &what)))
		return explain(err, file, r);
	if ((err = kith_store_contact_of(in->store, card->ik, &after)))
		return err;
	r->contact = after.row;
	r->what = what == KITH_IMPORT_NEW       ? KITH_INTAKE_NEW
		  : what == KITH_IMPORT_UPDATED ? KITH_INTAKE_UPDATED
		  : what == KITH_IMPORT_SAME    ? KITH_INTAKE_SAME
						: KITH_INTAKE_BESIDE;
	return KITH_OK;
}

enum kith_err kith_intake_card(struct kith_intake *in, const char *file, struct kith_span envelope,
	struct kith_intake_result *ret)
{
	struct kith_intake_result r = {0};
	struct kith_card card;
	enum kith_err err = kith_intake_join(in);

	if (err)
		return err;
	if (!(err = kith_card_verify(envelope, &card)))
		err = kith_taking_card(in, file, envelope, &card, &r);
	else if (err != KITH_ERR_NOMEM)
		err = kith_taking_skip(&r, kith_cardfile_fail(&r.why, err, file));
	if (!err)
		*ret = r;
	return err;
}
