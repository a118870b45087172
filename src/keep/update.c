/* SPDX-License-Identifier: MIT */
#include "keep/inside.h"

/* Their own card, when they have lost count. */
static enum kith_err next_return(
	struct kith_keep *keep, const struct kith_friend *who, size_t room, struct kith_parcel *ret)
{
	uint64_t rev;
	enum kith_err err = kith_store_above(
		keep->store, who->tie->contact, who->standing.number, &keep->out, &rev);

	if (err)
		return err;
	if (keep_sent(keep, who, KITH_PARCEL_RETURN, (int64_t)rev))
		return KITH_ERR_MISSING;
	return keep_parcel(keep, KITH_PARCEL_RETURN, (int64_t)rev, room, ret);
}

/* By what they told in this session, or last. */
static bool has_it(const struct kith_friend *who, const uint8_t card[static 8], uint64_t rev)
{
	return who->standing.has_card && who->standing.rev >= rev &&
	       memcmp(who->standing.card, card, sizeof who->standing.card) == 0;
}

static enum kith_err next_card(
	struct kith_keep *keep, const struct kith_friend *who, size_t room, struct kith_parcel *ret)
{
	struct keep_talk *talk = keep_talk_with(keep, who);
	struct kith_stance stance;
	uint8_t card[8];
	uint64_t rev;
	enum kith_err err =
		kith_store_given(keep->store, who->tie->contact, card, &rev, &keep->out);

	if (!err)
		err = kith_store_stance(keep->store, who->tie->contact, &stance);
	if (err)
		return err == KITH_ERR_NOPERSON ? KITH_ERR_MISSING : err;
	if (has_it(who, card, rev) || rev <= stance.refused ||
		keep_sent(keep, who, KITH_PARCEL_CARD, (int64_t)rev))
		return KITH_ERR_MISSING;
	if (talk) {
		kith_card_hash(kith_buf_span(&keep->out), talk->hash);
		memcpy(talk->card, card, sizeof talk->card);
	}
	return keep_parcel(keep, KITH_PARCEL_CARD, (int64_t)rev, room, ret);
}

enum kith_err keep_update_next(
	struct kith_keep *keep, const struct kith_friend *who, size_t room, struct kith_parcel *ret)
{
	enum kith_err err = who->session ? next_return(keep, who, room, ret) : KITH_ERR_MISSING;

	if (err != KITH_ERR_MISSING)
		return err;
	kith_buf_clear(&keep->out);
	return next_card(keep, who, room, ret);
}

static enum kith_outcome outcome_of(enum kith_err err)
{
	switch (err) {
	case KITH_OK:
		return KITH_OUTCOME_TAKEN;
	case KITH_ERR_VERSION:
		return KITH_OUTCOME_UNKNOWN;
	case KITH_ERR_NOMEM:
	case KITH_ERR_STORE:
	case KITH_ERR_STORE_LOCKED:
	case KITH_ERR_STORE_READONLY:
	case KITH_ERR_STORE_FULL:
	case KITH_ERR_STORE_NEWER:
	case KITH_ERR_STORE_CORRUPT:
	case KITH_ERR_BUSY:
	case KITH_ERR_MISSING:
		return KITH_OUTCOME_LATER;
	default:
		return KITH_OUTCOME_REFUSED;
	}
}

/* Their line; the oldest, cleared, for one who has none. */
static struct keep_pace *pace_of(struct kith_keep *keep, int64_t contact)
{
	struct keep_pace *oldest = &keep->paces[0];

	for (size_t i = 0; i < KEEP_PACES; i++) {
		if (keep->paces[i].contact == contact)
			return &keep->paces[i];
		if (keep->paces[i].since < oldest->since)
			oldest = &keep->paces[i];
	}
	*oldest = (struct keep_pace){.contact = contact};
	return oldest;
}

/* Each costs a write that waits for the disk, a line of news and a look at every watcher. */
static struct keep_pace *pace_now(struct kith_keep *keep, int64_t contact)
{
	uint64_t now = keep->env->ticks(keep->env->ctx);
	struct keep_pace *pace = pace_of(keep, contact);

	if (pace->n == 0 || now - pace->since >= KITH_UPDATE_MS)
		*pace = (struct keep_pace){.contact = contact, .since = now};
	return pace;
}

static enum kith_err take_card(
	struct kith_keep *keep, const struct kith_friend *who, struct kith_span bytes)
{
	struct keep_talk *talk = keep_talk_with(keep, who);
	struct keep_pace *pace = pace_now(keep, who->tie->contact);
	struct kith_card card;
	enum kith_err err = kith_card_verify(bytes, &card);

	if (err)
		return err;
	if (!talk || talk->cards > 0 || pace->n == KITH_CARDS_EACH)
		return KITH_ERR_BUSY;
	err = kith_store_known_card(
		keep->store, who->tie->contact, who->tie->their_xk, &card, bytes, keep_now(keep));
	talk->cards += !err;
	pace->n += !err;
	return err;
}

/* One transaction: a counter that has jumped is told of. */
static enum kith_err jump(struct kith_keep *keep, int64_t contact, uint64_t rev)
{
	int64_t now = keep_now(keep);
	struct kith_cards_signing signing = {
		.id = keep->id, .now = now, .above = rev, .jump = KITH_RESTORE_JUMP, .all = true};
	size_t n;
	enum kith_err err = kith_store_batch(keep->store);

	if (err)
		return err;
	if (!(err = kith_store_cards_sign(keep->store, &signing, &n)))
		err = kith_store_returned(keep->store, contact, rev, now);
	enum kith_err done = kith_store_batch_end(keep->store, !err);
	return err ? err : done;
}

/* So far above my counter may a number be that those who hold my cards still take what I sign behind it; and a
 * thief of the key must not use up the numbers with which I could leave it. */
static bool is_beyond(uint64_t rev, uint64_t number)
{
	return number > UINT64_C(1) << KITH_RETURN_BITS ||
	       rev - number > KITH_JUMP_MAX - KITH_RESTORE_JUMP - KITH_CARDS_MAX;
}

static enum kith_err refuse_return(struct kith_keep *keep, int64_t contact, uint64_t rev)
{
	enum kith_err err = kith_store_beyond(keep->store, contact, rev, keep_now(keep));

	return err ? err : KITH_ERR_LIMIT;
}

/* A card of mine that I do not know to have signed: an old backup was put back, or the key is in use
 * elsewhere too. */
static enum kith_err take_return(
	struct kith_keep *keep, const struct kith_friend *who, struct kith_span bytes)
{
	struct kith_stance stance;
	struct kith_card card;
	enum kith_err err = kith_card_verify(bytes, &card);

	if (!err && memcmp(card.ik, kith_identity_ik(keep->id), sizeof card.ik) != 0)
		err = KITH_ERR_SUBJECT;
	if (!err)
		err = kith_store_stance(keep->store, who->tie->contact, &stance);
	if (err || card.rev <= stance.number) /* known already */
		return err;
	if (is_beyond(card.rev, stance.number))
		return refuse_return(keep, who->tie->contact, card.rev);
	return jump(keep, who->tie->contact, card.rev);
}

enum kith_outcome keep_update_take(struct kith_keep *keep, const struct kith_friend *who,
	uint64_t kind, struct kith_span bytes)
{
	return outcome_of(kind == KITH_PARCEL_CARD ? take_card(keep, who, bytes)
						   : take_return(keep, who, bytes));
}

static enum kith_err receipted(struct kith_keep *keep, const struct kith_friend *who,
	const struct kith_parcel *parcel, const uint8_t sig[static KITH_SIG_BYTES])
{
	const struct keep_talk *talk = keep_talk_with(keep, who);
	struct kith_receipt r = {.rev = (uint64_t)parcel->ref, .at = keep_now(keep)};

	if (!talk)
		return KITH_ERR_INTERNAL;
	memcpy(r.session, who->session, sizeof r.session);
	memcpy(r.envelope_hash, talk->hash, sizeof r.envelope_hash);
	memcpy(r.sig, sig, sizeof r.sig);
	memcpy(r.card, talk->card, sizeof r.card);
	return kith_store_known_receipt(keep->store, who->tie->contact, &r, who->network);
}

enum kith_err keep_update_answered(struct kith_keep *keep, const struct kith_friend *who,
	const struct kith_parcel *parcel, uint64_t outcome, const uint8_t *sig)
{
	if (parcel->kind != KITH_PARCEL_CARD)
		return KITH_OK;
	if (outcome == KITH_OUTCOME_TAKEN && sig)
		return receipted(keep, who, parcel, sig);
	if (outcome == KITH_OUTCOME_REFUSED)
		return kith_store_known_refused(
			keep->store, who->tie->contact, (uint64_t)parcel->ref);
	return KITH_OK;
}
