/* SPDX-License-Identifier: MIT */
#include "keep/inside.h"

#define ASK_BYTES    8 /* a card id */
#define ANSWER_BYTES 9 /* and what became of it */

/* A card id as the mark of a parcel. */
static int64_t mark_of(const uint8_t card[static 8])
{
	int64_t mark;

	memcpy(&mark, card, sizeof mark);
	return mark;
}

/* Puts the bytes of an answer, or with 0 of a question, into keep->out. */
static enum kith_err fill(struct kith_keep *keep, const uint8_t card[static 8], uint8_t answer)
{
	enum kith_err err;

	keep->out.n = 0;
	err = kith_buf_add(&keep->out, card, ASK_BYTES);
	return err || !answer ? err : kith_buf_add(&keep->out, &answer, 1);
}

/* Both go on behind what went out in this session already: they were told to come later. */
static enum kith_err next_ask(
	struct kith_keep *keep, const struct kith_friend *who, size_t room, struct kith_parcel *ret)
{
	uint8_t card[8];
	size_t skip = 0;
	enum kith_err err;

	do
		err = kith_store_takeback_due(keep->store, who->tie->contact, skip++, card);
	while (!err && keep_sent(keep, who, KITH_PARCEL_TAKEBACK, mark_of(card)));
	if (!err)
		err = fill(keep, card, 0);
	return err ? err : keep_parcel(keep, KITH_PARCEL_TAKEBACK, mark_of(card), room, ret);
}

static enum kith_err next_answer(
	struct kith_keep *keep, const struct kith_friend *who, size_t room, struct kith_parcel *ret)
{
	uint8_t card[8];
	enum kith_letgo answer;
	size_t skip = 0;
	enum kith_err err;

	do
		err = kith_store_letgo_due(keep->store, who->tie->contact, skip++, card, &answer);
	while (!err && keep_sent(keep, who, KITH_PARCEL_RESPONSE, mark_of(card)));
	if (!err)
		err = fill(keep, card, (uint8_t)answer);
	return err ? err : keep_parcel(keep, KITH_PARCEL_RESPONSE, mark_of(card), room, ret);
}

enum kith_err keep_letgo_next(
	struct kith_keep *keep, const struct kith_friend *who, size_t room, struct kith_parcel *ret)
{
	enum kith_err err = next_ask(keep, who, room, ret);

	return err == KITH_ERR_MISSING ? next_answer(keep, who, room, ret) : err;
}

/* What the store made of it.  Of a card that is not there nothing can be let go, or was asked. */
static enum kith_outcome outcome_of(enum kith_err err)
{
	return err == KITH_OK            ? KITH_OUTCOME_TAKEN
	       : err == KITH_ERR_MISSING ? KITH_OUTCOME_REFUSED
					 : KITH_OUTCOME_LATER;
}

static enum kith_outcome take_ask(
	struct kith_keep *keep, const struct kith_friend *who, struct kith_span bytes)
{
	struct keep_talk *talk = keep_talk_with(keep, who);

	if (bytes.n != ASK_BYTES)
		return KITH_OUTCOME_REFUSED;
	if (!talk || talk->asks == KITH_TAKEBACKS_EACH)
		return KITH_OUTCOME_LATER;
	talk->asks++;
	return outcome_of(
		kith_store_letgo_asked(keep->store, who->tie->contact, bytes.p, keep_now(keep)));
}

enum kith_outcome keep_letgo_take(struct kith_keep *keep, const struct kith_friend *who,
	uint64_t kind, struct kith_span bytes)
{
	if (kind == KITH_PARCEL_TAKEBACK)
		return take_ask(keep, who, bytes);
	if (bytes.n != ANSWER_BYTES ||
		(bytes.p[ASK_BYTES] != KITH_LETGO_GONE && bytes.p[ASK_BYTES] != KITH_LETGO_KEPT))
		return KITH_OUTCOME_REFUSED;
	return outcome_of(kith_store_takeback_told(keep->store, who->tie->contact, bytes.p,
		(enum kith_letgo)bytes.p[ASK_BYTES], keep_now(keep)));
}

/* Mine was answered. */
static enum kith_err asked(struct kith_keep *keep, const struct kith_friend *who,
	const uint8_t card[static 8], uint64_t outcome)
{
	enum kith_letgo answer;

	if (outcome != KITH_OUTCOME_TAKEN && outcome != KITH_OUTCOME_REFUSED)
		return KITH_OK; /* not now, or they cannot: another time */
	answer = outcome == KITH_OUTCOME_TAKEN ? KITH_LETGO_OPEN : KITH_LETGO_NONE;
	enum kith_err err = kith_store_takeback_told(
		keep->store, who->tie->contact, card, answer, keep_now(keep));
	return err == KITH_ERR_MISSING ? KITH_OK : err; /* I have withdrawn it meanwhile */
}

enum kith_err keep_letgo_answered(struct kith_keep *keep, const struct kith_friend *who,
	const struct kith_parcel *parcel, uint64_t outcome)
{
	uint8_t card[8];

	memcpy(card, &parcel->ref, sizeof card);
	if (parcel->kind == KITH_PARCEL_TAKEBACK)
		return asked(keep, who, card, outcome);
	/* an answer that is refused is to nobody's question */
	return outcome == KITH_OUTCOME_TAKEN || outcome == KITH_OUTCOME_REFUSED
		       ? kith_store_letgo_sent(keep->store, who->tie->contact, card)
		       : KITH_OK;
}
