/* SPDX-License-Identifier: MIT */
#include "keep/inside.h"

#include <stdlib.h>

enum kith_err kith_keep_new(const struct kith_env *env, struct kith_store *store,
	const struct kith_identity *id, const struct kith_retired *retired, size_t n,
	struct kith_keep **ret)
{
	struct kith_keep *keep = calloc(1, sizeof *keep);

	if (!keep)
		return KITH_ERR_NOMEM;
	keep->env = env;
	keep->store = store;
	keep->id = id;
	keep->retired = retired;
	keep->n_retired = n;
	*ret = keep;
	return KITH_OK;
}

void kith_keep_free(struct kith_keep *keep)
{
	if (!keep)
		return;
	for (size_t i = 0; i < keep->n_talks; i++)
		free(keep->talks[i]);
	free(keep->talks);
	keep_ties_free(keep);
	kith_buf_free(&keep->out);
	free(keep);
}

/* --- what was sent in which session ----------------------------------------------------------- */

static size_t talk_at(const struct kith_keep *keep, const struct kith_friend *who)
{
	size_t i = 0;

	while (i < keep->n_talks && memcmp(keep->talks[i]->session, who->session, 32) != 0)
		i++;
	return i;
}

struct keep_talk *keep_talk_with(const struct kith_keep *keep, const struct kith_friend *who)
{
	size_t i = who->session ? talk_at(keep, who) : keep->n_talks;

	return i < keep->n_talks ? keep->talks[i] : NULL;
}

static enum kith_err talk_begin(struct kith_keep *keep, const struct kith_friend *who)
{
	struct keep_talk *talk;
	struct keep_talk **more;

	if (keep_talk_with(keep, who))
		return KITH_OK;
	if (!(more = reallocarray(keep->talks, keep->n_talks + 1, sizeof(*more))))
		return KITH_ERR_NOMEM;
	keep->talks = more;
	if (!(talk = calloc(1, sizeof *talk)))
		return KITH_ERR_NOMEM;
	memcpy(talk->session, who->session, sizeof talk->session);
	keep->talks[keep->n_talks++] = talk;
	return KITH_OK;
}

static void talk_end(struct kith_keep *keep, const struct kith_friend *who)
{
	size_t i = talk_at(keep, who);

	if (i == keep->n_talks)
		return;
	free(keep->talks[i]);
	keep->talks[i] = keep->talks[--keep->n_talks];
}

bool keep_is_dud(
	const struct kith_keep *keep, int64_t contact, enum kith_parcel_kind kind, int64_t ref)
{
	size_t n = keep->n_duds < KEEP_DUDS ? keep->n_duds : KEEP_DUDS;

	for (size_t i = 0; i < n; i++)
		if (keep->duds[i].contact == contact && keep->duds[i].kind == kind &&
			keep->duds[i].ref == ref)
			return true;
	return false;
}

void keep_note_dud(struct kith_keep *keep, int64_t contact, const struct kith_parcel *parcel)
{
	if (keep_is_dud(keep, contact, parcel->kind, parcel->ref))
		return;
	keep->duds[keep->n_duds++ % KEEP_DUDS] =
		(struct keep_dud){contact, parcel->kind, parcel->ref};
}

bool keep_sent(const struct kith_keep *keep, const struct kith_friend *who,
	enum kith_parcel_kind kind, int64_t ref)
{
	const struct keep_talk *talk = keep_talk_with(keep, who);

	if (!who->session)
		return keep_is_dud(keep, who->tie->contact, kind, ref);
	for (size_t i = 0; talk && i < talk->n; i++)
		if (talk->sent[i].kind == kind && talk->sent[i].ref == ref)
			return true;
	return !talk || talk->n == KITH_PARCELS_MAX;
}

static void note_sent(struct keep_talk *talk, const struct kith_parcel *parcel)
{
	talk->sent[talk->n].kind = parcel->kind;
	talk->sent[talk->n++].ref = parcel->ref;
}

enum kith_err keep_parcel(struct kith_keep *keep, enum kith_parcel_kind kind, int64_t ref,
	size_t room, struct kith_parcel *ret)
{
	if (keep->out.n > room)
		return KITH_ERR_LIMIT;
	*ret = (struct kith_parcel){.kind = kind, .bytes = kith_buf_span(&keep->out), .ref = ref};
	return KITH_OK;
}

/* --- what is due ------------------------------------------------------------------------------ */

/* Whether anything may go to and fro under this tie: not with a key that one of us has left, nor with
 * somebody who is not to be heard. */
static bool may_talk(const struct kith_friend *who, const struct kith_stance *stance)
{
	return !stance->blocked && !stance->frozen && !who->tie->retired &&
	       memcmp(who->tie->theirs, stance->ik, sizeof stance->ik) == 0;
}

typedef enum kith_err (*next_fn)(struct kith_keep *keep, const struct kith_friend *who, size_t room,
	struct kith_parcel *ret);

static enum kith_err next_of(struct kith_keep *keep, const struct kith_friend *who,
	const struct kith_stance *stance, size_t room, struct kith_parcel *ret)
{
	static const next_fn all[] = {
		keep_key_next, keep_update_next, keep_letgo_next, keep_introduce_next};
	bool agreed = stance->agreed && who->standing.agreed;
	enum kith_err err = KITH_ERR_MISSING;
	bool waits = false;

	if (!may_talk(who, stance))
		return KITH_ERR_MISSING;
	/* what does not fit any more must not keep back what does */
	for (size_t i = 0;
		(err == KITH_ERR_MISSING || err == KITH_ERR_LIMIT) && i < (agreed ? 4 : 1); i++) {
		kith_buf_clear(&keep->out);
		err = all[i](keep, who, room, ret);
		waits = waits || err == KITH_ERR_LIMIT;
	}
	/* a file that forgot what it sent must not keep a session going */
	if (!err && keep_sent(keep, who, ret->kind, ret->ref))
		err = KITH_ERR_MISSING;
	return err == KITH_ERR_MISSING && waits ? KITH_ERR_LIMIT : err;
}

static enum kith_err on_next(
	void *ctx, const struct kith_friend *who, size_t room, struct kith_parcel *ret)
{
	struct kith_keep *keep = ctx;
	struct kith_stance stance;
	struct kith_parcel parcel;
	enum kith_err err = kith_store_stance(keep->store, who->tie->contact, &stance);

	if (err == KITH_ERR_NOPERSON) /* forgotten in the meantime */
		return KITH_ERR_MISSING;
	if (!err)
		err = next_of(keep, who, &stance, room, &parcel);
	if (err)
		return err;
	note_sent(keep_talk_with(keep, who), &parcel);
	*ret = parcel;
	return KITH_OK;
}

enum kith_err kith_keep_due(struct kith_keep *keep, int64_t contact, bool *ret_due)
{
	struct kith_stance stance;
	struct kith_parcel parcel;
	struct kith_tie tie = {.contact = contact};
	struct kith_friend who = {.tie = &tie, .ik = tie.theirs};
	enum kith_err err = kith_store_stance(keep->store, contact, &stance);

	*ret_due = false;
	if (err)
		return err == KITH_ERR_NOPERSON ? KITH_OK : err;
	memcpy(tie.theirs, stance.ik, sizeof tie.theirs);
	who.standing = (struct kith_standing){
		.agreed = stance.they_agreed, .has_card = stance.told, .rev = stance.told_rev};
	memcpy(who.standing.card, stance.told_card, sizeof who.standing.card);
	err = next_of(keep, &who, &stance, KITH_PARCEL_MAX, &parcel);
	*ret_due = !err;
	return err == KITH_ERR_MISSING || err == KITH_ERR_LIMIT ? KITH_OK : err;
}

/* --- what was handed over --------------------------------------------------------------------- */

/* The two are in one place now: once a session.  Who only asks for a card of theirs has handed nothing over, and writes
 * nothing here.  That it cannot be written down is no reason to take nothing. */
static void note_handed(
	struct kith_keep *keep, const struct kith_friend *who, uint64_t kind, uint64_t outcome)
{
	struct keep_talk *talk = keep_talk_with(keep, who);
	bool handed = outcome == KITH_OUTCOME_TAKEN && kind != KITH_PARCEL_RECALL;

	if (handed && talk && !talk->handed)
		talk->handed = !kith_store_handed(keep->store, who->tie->contact, keep_now(keep));
}

/* --- what comes ------------------------------------------------------------------------------- */

/* Of what needs that both have agreed. */
static enum kith_outcome take_agreed(struct kith_keep *keep, const struct kith_friend *who,
	uint64_t kind, struct kith_span bytes, size_t room, struct kith_span *ret_answer)
{
	switch (kind) {
	case KITH_PARCEL_CARD:
	case KITH_PARCEL_RECALL:
		return keep_update_take(keep, who, kind, bytes, room, ret_answer);
	case KITH_PARCEL_TAKEBACK:
	case KITH_PARCEL_RESPONSE:
		return keep_letgo_take(keep, who, kind, bytes);
	case KITH_PARCEL_PROPOSE:
	case KITH_PARCEL_GRANT:
	case KITH_PARCEL_INTRO:
		return keep_introduce_take(keep, who, kind, bytes);
	default:
		return KITH_OUTCOME_UNKNOWN;
	}
}

static bool is_known_kind(uint64_t kind)
{
	return kind >= KITH_PARCEL_CARD && kind <= KITH_PARCEL_RESPONSE;
}

static enum kith_outcome take(struct kith_keep *keep, const struct kith_friend *who, uint64_t kind,
	struct kith_span bytes, size_t room, struct kith_span *ret_answer)
{
	struct kith_stance stance;

	if (kith_store_stance(keep->store, who->tie->contact, &stance) || stance.blocked)
		return KITH_OUTCOME_LATER;
	if (!may_talk(who, &stance))
		return KITH_OUTCOME_REFUSED;
	if (kind == KITH_PARCEL_STATEMENT)
		return keep_key_take(keep, who, kind, bytes);
	if (is_known_kind(kind) && !(stance.agreed && who->standing.agreed))
		return KITH_OUTCOME_REFUSED;
	return take_agreed(keep, who, kind, bytes, room, ret_answer);
}

static enum kith_outcome on_take(void *ctx, const struct kith_friend *who, uint64_t kind,
	struct kith_span bytes, size_t room, struct kith_span *ret_answer)
{
	enum kith_outcome outcome = take(ctx, who, kind, bytes, room, ret_answer);

	note_handed(ctx, who, kind, outcome);
	return outcome;
}

static enum kith_err answered(struct kith_keep *keep, const struct kith_friend *who,
	const struct kith_parcel *parcel, uint64_t outcome, struct kith_span answer)
{
	if (outcome == KITH_OUTCOME_UNKNOWN)
		keep_note_dud(keep, who->tie->contact, parcel);
	switch (parcel->kind) {
	case KITH_PARCEL_STATEMENT:
		return keep_key_answered(keep, who, parcel, outcome);
	case KITH_PARCEL_CARD:
	case KITH_PARCEL_RECALL:
		return keep_update_answered(keep, who, parcel, outcome, answer);
	case KITH_PARCEL_TAKEBACK:
	case KITH_PARCEL_RESPONSE:
		return keep_letgo_answered(keep, who, parcel, outcome);
	case KITH_PARCEL_PROPOSE:
	case KITH_PARCEL_GRANT:
	case KITH_PARCEL_INTRO:
		return keep_introduce_answered(keep, who, parcel, outcome);
	}
	return KITH_ERR_INTERNAL;
}

static enum kith_err on_answered(void *ctx, const struct kith_friend *who,
	const struct kith_parcel *parcel, uint64_t outcome, struct kith_span answer)
{
	enum kith_err err = answered(ctx, who, parcel, outcome, answer);

	if (!err)
		note_handed(ctx, who, parcel->kind, outcome);
	return err;
}

/* --- the session ------------------------------------------------------------------------------ */

static enum kith_err on_standing(void *ctx, const struct kith_tie *tie, struct kith_standing *ret)
{
	struct kith_keep *keep = ctx;
	struct kith_stance stance;
	enum kith_err err = kith_store_stance(keep->store, tie->contact, &stance);

	if (err)
		return err;
	/* the circle has not heard of it yet */
	if (stance.blocked || stance.frozen)
		return KITH_ERR_DECLINED;
	*ret = (struct kith_standing){
		.agreed = stance.agreed, .has_card = stance.has_card, .rev = stance.rev};
	memcpy(ret->card, stance.card, sizeof ret->card);
	return stance.has_card ? kith_store_held_hash(keep->store, tie->contact, ret->hash)
			       : KITH_OK;
}

static enum kith_err on_rotations(void *ctx, const struct kith_tie *tie, struct kith_buf *out)
{
	return keep_key_rotations(ctx, tie, out);
}

static enum kith_err on_rotated(void *ctx, const struct kith_tie *tie, struct kith_span statements,
	uint8_t ret_ik[static KITH_KEY_BYTES])
{
	return keep_key_rotated(ctx, tie, statements, ret_ik);
}

static enum kith_err on_met(void *ctx, const struct kith_friend *who)
{
	struct kith_keep *keep = ctx;
	struct kith_recognised r = {.contact = who->tie->contact,
		.current = !who->tie->retired,
		.agreed = who->standing.agreed,
		.has_card = who->standing.has_card,
		.rev = who->standing.rev,
		.at = keep_now(keep)};
	enum kith_err err = talk_begin(keep, who);

	memcpy(r.ik, who->ik, sizeof r.ik);
	memcpy(r.mine, who->tie->mine, sizeof r.mine);
	memcpy(r.card, who->standing.card, sizeof r.card);
	memcpy(r.hash, who->standing.hash, sizeof r.hash);
	return err ? err : kith_store_known_met(keep->store, &r);
}

static void on_parted(void *ctx, const struct kith_friend *who, enum kith_err err)
{
	(void)err;
	talk_end(ctx, who);
}

struct kith_known_host kith_keep_host(struct kith_keep *keep)
{
	return (struct kith_known_host){.ctx = keep,
		.standing = on_standing,
		.rotations = on_rotations,
		.rotated = on_rotated,
		.met = on_met,
		.next = on_next,
		.take = on_take,
		.answered = on_answered,
		.parted = on_parted};
}
