/* SPDX-License-Identifier: MIT */
#include <kith/introduction.h>

#include "keep/handover.h"
#include "keep/inside.h"

/* Introductions as parcels: grants, then proposals, then introductions. */

/* What is looked for, and the first that is due. */
struct search {
	struct kith_keep *keep;
	const struct kith_friend *who;
	enum kith_parcel_kind kind;
	int64_t now;
	int64_t after; /* those up to this one are not looked at */
	int64_t ref;   /* 0: nothing yet */
};

/* One that was put off is no reason to call on somebody; who is here anyway is asked again. */
static bool may_send(const struct search *s, int64_t ref, bool later)
{
	return !(later && !s->who->session) && !keep_sent(s->keep, s->who, s->kind, ref);
}

static bool find_yes(void *ctx, const struct kith_proposal *p)
{
	struct search *s = ctx;

	if (p->stage == KITH_PROPOSAL_YES && p->row > s->after && may_send(s, p->row, p->later))
		s->ref = p->row;
	return !s->ref;
}

static bool find_side(void *ctx, const struct kith_introduction *i)
{
	struct search *s = ctx;

	for (int k = 0; k < 2 && !s->ref; k++) {
		const struct kith_side *side = &i->side[k];
		bool due = s->kind == KITH_PARCEL_PROPOSE ? kith_introduction_proposes(i, k, s->now)
							  : kith_introduction_hands(i, k);
		if (due && side->contact == s->who->tie->contact &&
			kith_handover_mine(i, kith_identity_ik(s->keep->id)) &&
			may_send(s, side->row, side->later))
			s->ref = side->row;
	}
	return !s->ref;
}

static enum kith_err write_grant(struct kith_keep *keep, int64_t row)
{
	KITH_AUTO(kith_proposal_free) struct kith_proposal p = {0};
	enum kith_err err = kith_store_proposal(keep->store, row, &p);

	kith_buf_clear(&keep->out);
	return err ? err : kith_handover_grant(keep->store, keep->id, &p, &keep->out);
}

/* A yes whose card was removed since waits until another one is chosen; one that was said to another key is never sent:
 * whoever moved them to the key of now may be a thief. */
static enum kith_err next_grant(
	struct kith_keep *keep, const struct kith_friend *who, size_t room, struct kith_parcel *ret)
{
	struct search s = {.keep = keep, .who = who, .kind = KITH_PARCEL_GRANT};
	enum kith_err err;

	do {
		s.after = s.ref;
		s.ref = 0;
		err = kith_store_proposals(keep->store, who->tie->contact, find_yes, &s);
		if (!err && !s.ref)
			return KITH_ERR_MISSING;
		if (!err)
			err = write_grant(keep, s.ref);
	} while (err == KITH_ERR_MISSING || err == KITH_ERR_STALEKEY);
	return err ? err : keep_parcel(keep, KITH_PARCEL_GRANT, s.ref, room, ret);
}

static enum kith_err next_side(struct kith_keep *keep, const struct kith_friend *who,
	enum kith_parcel_kind kind, size_t room, struct kith_parcel *ret)
{
	KITH_AUTO(kith_introduction_free) struct kith_introduction i = {0};
	struct search s = {.keep = keep, .who = who, .kind = kind, .now = keep_now(keep)};
	enum kith_err err =
		kith_store_introductions_with(keep->store, who->tie->contact, find_side, &s);

	if (!err && !s.ref)
		err = KITH_ERR_MISSING;
	if (!err)
		err = kith_store_introduction_of_side(keep->store, s.ref, &i);
	if (err)
		return err;
	kith_buf_clear(&keep->out);
	err = kind == KITH_PARCEL_PROPOSE ? kith_handover_propose(&i, 0, &keep->out)
					  : kith_handover_intro(keep->id, &i, 0, &keep->out);
	return err ? err : keep_parcel(keep, kind, s.ref, room, ret);
}

enum kith_err keep_introduce_next(
	struct kith_keep *keep, const struct kith_friend *who, size_t room, struct kith_parcel *ret)
{
	enum kith_err err = next_grant(keep, who, room, ret);

	if (err == KITH_ERR_MISSING)
		err = next_side(keep, who, KITH_PARCEL_PROPOSE, room, ret);
	if (err == KITH_ERR_MISSING)
		err = next_side(keep, who, KITH_PARCEL_INTRO, room, ret);
	return err;
}

enum kith_outcome keep_introduce_take(struct kith_keep *keep, const struct kith_friend *who,
	uint64_t kind, struct kith_span bytes)
{
	return kith_handover_take(keep->store, kith_identity_ik(keep->id), who->tie->contact,
		who->tie->theirs, kind, bytes, keep_now(keep))
		.outcome;
}

/* My yes was heard.  One that they will not have is not said again, and stays a yes of mine. */
static enum kith_err answered_grant(struct kith_keep *keep, int64_t row, uint64_t outcome)
{
	return outcome == KITH_OUTCOME_TAKEN || outcome == KITH_OUTCOME_REFUSED
		       ? kith_store_proposal_told(keep->store, row)
		       : kith_store_proposal_later(keep->store, row);
}

static enum kith_err answered_side(
	struct kith_keep *keep, enum kith_side_stage stage, int64_t row, uint64_t outcome)
{
	if (outcome == KITH_OUTCOME_TAKEN)
		return kith_store_side_stage(keep->store, row, stage, keep_now(keep));
	if (outcome == KITH_OUTCOME_REFUSED)
		return kith_store_side_stage(keep->store, row, KITH_SIDE_ENDED, keep_now(keep));
	return kith_store_side_later(keep->store, row);
}

enum kith_err keep_introduce_answered(struct kith_keep *keep, const struct kith_friend *who,
	const struct kith_parcel *parcel, uint64_t outcome)
{
	enum kith_err err = KITH_OK;

	(void)who;
	if (parcel->kind == KITH_PARCEL_GRANT)
		err = answered_grant(keep, parcel->ref, outcome);
	else if (parcel->kind == KITH_PARCEL_PROPOSE)
		err = answered_side(keep, KITH_SIDE_ASKED, parcel->ref, outcome);
	else
		err = answered_side(keep, KITH_SIDE_TOLD, parcel->ref, outcome);
	return err == KITH_ERR_MISSING ? KITH_OK : err; /* somebody was forgotten meanwhile */
}
