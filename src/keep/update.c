/* SPDX-License-Identifier: MIT */
#include "keep/inside.h"

/* A card of mine that they hold, and that is not in my store: what is it?  Asked once in a session, and not again where
 * that brought nothing that counts. */
static enum kith_err next_recall(
	struct kith_keep *keep, const struct kith_friend *who, size_t room, struct kith_parcel *ret)
{
	const struct kith_standing *told = &who->standing;
	struct keep_talk *talk;
	int64_t ref;
	bool known;

	memcpy(&ref, told->hash, sizeof ref);
	if (!who->session || !told->has_card || keep_sent(keep, who, KITH_PARCEL_RECALL, ref) ||
		keep_is_dud(keep, who->tie->contact, KITH_PARCEL_RECALL, ref))
		return KITH_ERR_MISSING;
	enum kith_err err = kith_store_mine_known(keep->store, told->rev, told->hash, &known);
	if (!err && !known)
		err = kith_buf_add(&keep->out, told->hash, sizeof told->hash);
	if (err || known)
		return err ? err : KITH_ERR_MISSING;
	if ((talk = keep_talk_with(keep, who)))
		talk->unsure = true;
	return keep_parcel(keep, KITH_PARCEL_RECALL, ref, room, ret);
}

/* By what they told last; in a session by the hash: a number tells nothing of a card that was not signed here. */
static bool has_it(const struct kith_keep *keep, const struct kith_friend *who,
	const uint8_t card[static 8], uint64_t rev)
{
	const struct kith_standing *told = &who->standing;
	uint8_t hash[32];

	if (!told->has_card || memcmp(told->card, card, sizeof told->card) != 0)
		return false;
	if (!who->session)
		return told->rev >= rev;
	kith_card_hash(kith_buf_span(&keep->out), hash);
	return memcmp(told->hash, hash, sizeof hash) == 0;
}

static enum kith_err next_card(
	struct kith_keep *keep, const struct kith_friend *who, size_t room, struct kith_parcel *ret)
{
	struct keep_talk *talk = keep_talk_with(keep, who);
	struct kith_stance stance;
	uint8_t card[8];
	uint64_t rev;

	if (talk && talk->unsure)
		return KITH_ERR_MISSING;
	enum kith_err err =
		kith_store_given(keep->store, who->tie->contact, card, &rev, &keep->out);
	if (!err)
		err = kith_store_stance(keep->store, who->tie->contact, &stance);
	if (err)
		return err == KITH_ERR_NOPERSON ? KITH_ERR_MISSING : err;
	if (has_it(keep, who, card, rev) || rev <= stance.refused ||
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
	enum kith_err err = next_recall(keep, who, room, ret);

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

/* So far above my counter may a number be that those who hold my cards still take what I sign behind it; and a
 * thief of the key must not use up the numbers with which I could leave it. */
static bool is_beyond(uint64_t rev, uint64_t number)
{
	return number > UINT64_C(1) << KITH_RETURN_BITS ||
	       rev - number > KITH_JUMP_MAX - KITH_RESTORE_JUMP - KITH_CARDS_MAX;
}

/* Whether a card of mine stands below that number, with whomever. */
struct rank {
	uint64_t rev;
	bool outranks;
};

static bool rank(void *ctx, const struct kith_my_card *card)
{
	struct rank *r = ctx;

	r->outranks = r->outranks || (!card->gone && r->rev >= card->rev);
	return !r->outranks;
}

/* One transaction: what is kept is told of, and answered by what I say now. */
static enum kith_err put_returned(
	struct kith_keep *keep, const struct kith_returned *r, bool above, bool anew)
{
	struct kith_cards_signing signing = {.id = keep->id,
		.now = r->at,
		.above = above ? r->rev : 0,
		.jump = above ? KITH_RESTORE_JUMP : 0,
		.all = true};
	size_t n;
	bool known;
	enum kith_err err = kith_store_batch(keep->store);

	if (err)
		return err;
	/* they may have told another number than it has: nobody makes me sign with what I signed */
	err = kith_store_mine_known(keep->store, r->rev, r->hash, &known);
	if (!err && !known && (above || anew))
		err = kith_store_cards_sign(keep->store, &signing, &n);
	if (!err && !known)
		err = kith_store_returned_put(keep->store, r);
	enum kith_err done = kith_store_batch_end(keep->store, !err);
	return err ? err : done;
}

/* Whether that is the card that I asked for, by my present key: one by a key that I left stands above nothing. */
static bool is_mine(const struct kith_keep *keep, const struct kith_friend *who,
	const struct kith_returned *r, const struct kith_card *card)
{
	return memcmp(r->hash, who->standing.hash, sizeof r->hash) == 0 &&
	       memcmp(card->ik, kith_identity_ik(keep->id), sizeof card->ik) == 0;
}

/* It is mine: what follows from its number, and what my person is told.  *ret_counts: false where it is too far ahead. */
static enum kith_err count_returned(
	struct kith_keep *keep, const struct kith_returned *r, bool *ret_counts)
{
	struct rank anew = {.rev = r->rev};
	struct kith_stance stance;
	enum kith_err err = kith_store_stance(keep->store, r->contact, &stance);

	if (!err)
		err = kith_store_cards(keep->store, rank, &anew);
	if (err)
		return err;
	*ret_counts = r->rev <= stance.number || !is_beyond(r->rev, stance.number);
	if (!*ret_counts)
		return kith_store_beyond(keep->store, r->contact, r->rev, r->at);
	err = put_returned(keep, r, r->rev > stance.number, anew.outranks);
	return err == KITH_ERR_STALEKEY ? KITH_OK : err; /* of a key that was left just now */
}

/* The answer to what I asked for.  I may have made it before a backup that was put back, or somebody else has my key. */
static enum kith_err take_returned(struct kith_keep *keep, const struct kith_friend *who,
	struct kith_span bytes, bool *ret_counts)
{
	struct kith_returned r = {.contact = who->tie->contact, .envelope = bytes};
	struct kith_card card;
	enum kith_err err = kith_card_verify(bytes, &card);

	*ret_counts = false;
	if (err)
		return err == KITH_ERR_NOMEM ? err : KITH_OK;
	kith_card_hash(bytes, r.hash);
	if (!is_mine(keep, who, &r, &card))
		return KITH_OK;
	r.rev = card.rev;
	r.at = keep_now(keep);
	memcpy(r.card, card.card, sizeof r.card);
	return count_returned(keep, &r, ret_counts);
}

/* One that they will not give, or that is nothing, is not asked for a second time. */
static enum kith_err recalled(struct kith_keep *keep, const struct kith_friend *who,
	const struct kith_parcel *parcel, uint64_t outcome, struct kith_span answer)
{
	struct keep_talk *talk = keep_talk_with(keep, who);
	bool counts = outcome != KITH_OUTCOME_REFUSED;
	enum kith_err err =
		outcome == KITH_OUTCOME_TAKEN ? take_returned(keep, who, answer, &counts) : KITH_OK;

	if (!err && !counts)
		keep_note_dud(keep, who->tie->contact, parcel);
	if (talk && !err && outcome != KITH_OUTCOME_LATER)
		talk->unsure = false;
	return err;
}

/* What they ask for of theirs, from what I hold.  Once a session: it is read from the disk. */
static enum kith_err give_back(struct kith_keep *keep, const struct kith_friend *who,
	struct kith_span hash, size_t room, struct kith_span *ret_answer)
{
	struct keep_talk *talk = keep_talk_with(keep, who);
	enum kith_err err;

	if (hash.n != 32)
		return KITH_ERR_SHAPE;
	if (!talk || talk->recalled)
		return KITH_ERR_BUSY;
	talk->recalled = true;
	kith_buf_clear(&keep->out);
	err = kith_store_held_hashed(keep->store, who->tie->contact, hash.p, &keep->out);
	if (err == KITH_ERR_MISSING)
		return KITH_ERR_VALUE;
	if (!err && keep->out.n > room)
		return KITH_ERR_BUSY;
	if (!err)
		*ret_answer = kith_buf_span(&keep->out);
	return err;
}

enum kith_outcome keep_update_take(struct kith_keep *keep, const struct kith_friend *who,
	uint64_t kind, struct kith_span bytes, size_t room, struct kith_span *ret_answer)
{
	return outcome_of(kind == KITH_PARCEL_CARD ? take_card(keep, who, bytes)
						   : give_back(keep, who, bytes, room, ret_answer));
}

static enum kith_err receipted(struct kith_keep *keep, const struct kith_friend *who,
	const struct kith_parcel *parcel, struct kith_span sig)
{
	const struct keep_talk *talk = keep_talk_with(keep, who);
	struct kith_receipt r = {.rev = (uint64_t)parcel->ref, .at = keep_now(keep)};

	if (!talk)
		return KITH_ERR_INTERNAL;
	memcpy(r.session, who->session, sizeof r.session);
	memcpy(r.envelope_hash, talk->hash, sizeof r.envelope_hash);
	memcpy(r.sig, sig.p, sizeof r.sig);
	memcpy(r.card, talk->card, sizeof r.card);
	return kith_store_known_receipt(
		keep->store, who->tie->contact, &r, who->event, who->network);
}

enum kith_err keep_update_answered(struct kith_keep *keep, const struct kith_friend *who,
	const struct kith_parcel *parcel, uint64_t outcome, struct kith_span answer)
{
	bool taken = outcome == KITH_OUTCOME_TAKEN;

	if (parcel->kind == KITH_PARCEL_RECALL)
		return recalled(keep, who, parcel, outcome, answer);
	if (taken && answer.n == KITH_SIG_BYTES)
		return receipted(keep, who, parcel, answer);
	if (outcome == KITH_OUTCOME_REFUSED)
		return kith_store_known_refused(
			keep->store, who->tie->contact, (uint64_t)parcel->ref);
	return KITH_OK;
}
