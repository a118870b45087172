/* SPDX-License-Identifier: MIT */
#include "keep/handover.h"

#include <kith/cards.h>

#include "base/auto.h"

/* --- making ----------------------------------------------------------------------------------- */

bool kith_handover_mine(
	const struct kith_introduction *introduction, const uint8_t ik[static KITH_KEY_BYTES])
{
	return memcmp(introduction->ik, ik, KITH_KEY_BYTES) == 0;
}

/* The aud that a side got: for the other one. */
static void aud_of(const struct kith_introduction *i, int side, uint8_t out[static 32])
{
	kith_introduction_aud(i->id, i->side[1 - side].ik, i->side[side].salt, out);
}

enum kith_err kith_handover_propose(
	const struct kith_introduction *introduction, int side, struct kith_buf *out)
{
	struct kith_propose propose = {.words = introduction->words};

	memcpy(propose.id, introduction->id, sizeof propose.id);
	aud_of(introduction, side, propose.aud);
	return kith_propose_pack(&propose, out);
}

/* My word to that side about the other one. */
static enum kith_err sign_intro(const struct kith_identity *id, const struct kith_introduction *i,
	int side, struct kith_buf *out)
{
	const struct kith_side *other = &i->side[1 - side];
	struct kith_intro intro = {.how = (enum kith_intro_how)other->how, .issued = i->at};

	memcpy(intro.id, i->id, sizeof intro.id);
	memcpy(intro.subject, other->ik, sizeof intro.subject);
	memcpy(intro.audience, i->side[side].ik, sizeof intro.audience);
	kith_card_hash(other->envelope, intro.card);
	return kith_intro_sign(id, &intro, out);
}

enum kith_err kith_handover_intro(const struct kith_identity *id,
	const struct kith_introduction *introduction, int side, struct kith_buf *out)
{
	KITH_AUTO_BUF struct kith_buf intro = {0};
	const struct kith_side *me = &introduction->side[side];
	const struct kith_side *other = &introduction->side[1 - side];
	enum kith_err err = sign_intro(id, introduction, side, &intro);

	if (err)
		return err;
	struct kith_handover h = {.intro = kith_buf_span(&intro),
		.other = {.grant = other->grant, .envelope = other->envelope}};
	memcpy(h.salt_theirs, other->salt, sizeof h.salt_theirs);
	memcpy(h.salt_mine, me->salt, sizeof h.salt_mine);
	return kith_handover_pack(&h, out);
}

/* A card of mine by its id. */
struct wanted {
	const uint8_t *card;
	struct kith_buf *envelope;
	enum kith_err err;
};

static bool pick(void *ctx, const struct kith_my_card *card)
{
	struct wanted *w = ctx;

	if (card->gone || memcmp(card->card, w->card, sizeof card->card) != 0)
		return true;
	w->err = kith_buf_add(w->envelope, card->envelope.p, card->envelope.n);
	return false;
}

enum kith_err kith_handover_grant(struct kith_store *store, const struct kith_identity *id,
	const struct kith_proposal *proposal, struct kith_buf *out)
{
	KITH_AUTO_BUF struct kith_buf envelope = {0};
	KITH_AUTO_BUF struct kith_buf statement = {0};
	struct wanted w = {.card = proposal->card, .envelope = &envelope, .err = KITH_ERR_MISSING};
	struct kith_grant grant = {.issued = proposal->answered_at};

	if (proposal->stage != KITH_PROPOSAL_YES && proposal->stage != KITH_PROPOSAL_GRANTED)
		return KITH_ERR_MISSING;
	if (proposal->left)
		return KITH_ERR_STALEKEY;
	enum kith_err err = kith_store_cards(store, pick, &w);
	if (err || w.err)
		return err ? err : w.err;
	memcpy(grant.id, proposal->id, sizeof grant.id);
	memcpy(grant.introducer, proposal->ik, sizeof grant.introducer);
	memcpy(grant.aud, proposal->aud, sizeof grant.aud);
	kith_card_hash(kith_buf_span(&envelope), grant.card);
	if ((err = kith_grant_sign(id, &grant, &statement)))
		return err;
	return kith_granted_pack(&(struct kith_granted){.grant = kith_buf_span(&statement),
					 .envelope = kith_buf_span(&envelope)},
		out);
}

/* --- taking ----------------------------------------------------------------------------------- */

/* One message that came. */
struct arrival {
	struct kith_store *store;
	const uint8_t *mine;
	int64_t from;
	const uint8_t *ik;
	struct kith_span bytes;
	int64_t now;
	struct kith_taken *taken;
};

static bool same(const uint8_t *a, const uint8_t *b, size_t n)
{
	return memcmp(a, b, n) == 0;
}

/* Whether a card is one that can be handed over: full, of that person, with that hash. */
static enum kith_err check_card(struct kith_span envelope, const uint8_t subject[static 32],
	const uint8_t hash[static 32], struct kith_card *ret_card)
{
	uint8_t h[32];
	enum kith_err err = kith_card_verify(envelope, ret_card);

	if (err)
		return err;
	kith_card_hash(envelope, h);
	return ret_card->variant == KITH_CARD_FULL && same(h, hash, sizeof h) &&
			       same(ret_card->ik, subject, sizeof ret_card->ik)
		       ? KITH_OK
		       : KITH_ERR_SUBJECT;
}

static enum kith_err take_propose(struct arrival *a)
{
	struct kith_propose propose;
	struct kith_proposal p = {.contact = a->from, .at = a->now};
	enum kith_err err = kith_propose_read(a->bytes, &propose);

	if (err)
		return err;
	memcpy(p.id, propose.id, sizeof p.id);
	memcpy(p.aud, propose.aud, sizeof p.aud);
	p.words = propose.words;
	err = kith_store_proposed(a->store, &p, &a->taken->came);
	if (err == KITH_ERR_LIMIT)
		a->taken->outcome = KITH_OUTCOME_LATER; /* a full table */
	return err;
}

/* Whether the grant is of that side of that introduction of mine. */
static enum kith_err check_grant(const struct arrival *a, const struct kith_introduction *i,
	int side, const struct kith_grant *grant)
{
	uint8_t aud[32];

	aud_of(i, side, aud);
	return kith_handover_mine(i, a->mine) && same(grant->introducer, a->mine, 32) &&
			       same(grant->subject, a->ik, 32) &&
			       same(i->side[side].ik, a->ik, 32) && same(grant->aud, aud, 32)
		       ? KITH_OK
		       : KITH_ERR_SUBJECT;
}

static enum kith_err take_grant(struct arrival *a)
{
	KITH_AUTO(kith_introduction_free) struct kith_introduction i = {0};
	KITH_AUTO_FREE struct kith_card *card = calloc(1, sizeof *card);
	struct kith_granted granted;
	struct kith_grant grant;
	enum kith_err err = card ? kith_granted_read(a->bytes, &granted) : KITH_ERR_NOMEM;

	if (err || (err = kith_grant_verify(granted.grant, &grant)) ||
		(err = kith_store_introduction_of_id(a->store, grant.id, &i)))
		return err;
	int side = i.side[1].contact == a->from;
	if (i.side[side].contact != a->from || !i.side[side].able)
		return KITH_ERR_MISSING;
	if ((err = check_grant(a, &i, side, &grant)) ||
		(err = check_card(granted.envelope, grant.subject, grant.card, card)))
		return err;
	return kith_store_side_granted(a->store, i.side[side].row, granted.grant, granted.envelope,
		a->now, &a->taken->came);
}

/* What the two statements say together: proto/introduction.md "At X", 2 to 6. */
static enum kith_err check_pair(const struct arrival *a, const struct kith_handover *h,
	const struct kith_intro *intro, const struct kith_grant *grant)
{
	uint8_t aud[32];

	if (!same(intro->introducer, a->ik, 32) || !same(grant->introducer, a->ik, 32))
		return KITH_ERR_SUBJECT;
	if (!same(intro->id, grant->id, sizeof intro->id) ||
		!same(intro->subject, grant->subject, 32) || !same(intro->card, grant->card, 32))
		return KITH_ERR_SUBJECT;
	kith_introduction_aud(intro->id, a->mine, h->salt_theirs, aud);
	if (!same(intro->audience, a->mine, 32) || !same(grant->aud, aud, 32))
		return KITH_ERR_SUBJECT;
	if (same(intro->subject, a->mine, 32))
		return KITH_ERR_OWNKEY;
	return intro->how == KITH_INTRO_CHAIN ? KITH_ERR_SUBJECT : KITH_OK;
}

/* Whether a person is one whose introductions are taken: there, not to be silent, and compared with. */
static enum kith_err check_introducer(const struct arrival *a)
{
	return kith_store_may_propose(a->store, a->from);
}

static enum kith_err keep_intro(struct arrival *a, const struct kith_handover *h,
	const struct kith_intro *intro, const struct kith_card *card)
{
	struct kith_introduced_new n = {.introducer = a->from,
		.how = intro->how,
		.card = card,
		.envelope = h->other.envelope,
		.intro = h->intro,
		.grant = h->other.grant,
		.at = a->now};

	memcpy(n.id, intro->id, sizeof n.id);
	kith_introduction_aud(intro->id, intro->subject, h->salt_mine, n.aud);
	return kith_store_introduced(a->store, &n, &a->taken->contact, &a->taken->came);
}

static enum kith_err take_intro(struct arrival *a)
{
	KITH_AUTO_FREE struct kith_card *card = calloc(1, sizeof *card);
	struct kith_handover h;
	struct kith_intro intro;
	struct kith_grant grant;
	enum kith_err err = card ? kith_handover_read(a->bytes, &h) : KITH_ERR_NOMEM;

	if (err || (err = kith_intro_verify(h.intro, &intro)) ||
		(err = kith_grant_verify(h.other.grant, &grant)) ||
		(err = check_pair(a, &h, &intro, &grant)) ||
		(err = check_card(h.other.envelope, intro.subject, intro.card, card)))
		return err;
	return keep_intro(a, &h, &intro, card);
}

/* A fault of this machine, which another time may not have. */
static bool is_mine(enum kith_err err)
{
	return err == KITH_ERR_NOMEM || kith_err_exit(err) == kith_err_exit(KITH_ERR_STORE);
}

struct kith_taken kith_handover_take(struct kith_store *store,
	const uint8_t mine[static KITH_KEY_BYTES], int64_t from,
	const uint8_t ik[static KITH_KEY_BYTES], uint64_t kind, struct kith_span bytes, int64_t now)
{
	struct kith_taken taken = {.outcome = KITH_OUTCOME_REFUSED};
	struct arrival a = {store, mine, from, ik, bytes, now, &taken};
	enum kith_err err = KITH_ERR_VERSION;

	if (kind == KITH_PARCEL_GRANT)
		err = take_grant(&a);
	else if (kind == KITH_PARCEL_PROPOSE || kind == KITH_PARCEL_INTRO) {
		err = check_introducer(&a);
		if (!err)
			err = kind == KITH_PARCEL_PROPOSE ? take_propose(&a) : take_intro(&a);
	}
	taken.err = err;
	if (!err)
		taken.outcome = KITH_OUTCOME_TAKEN;
	else if (is_mine(err))
		taken.outcome = KITH_OUTCOME_LATER;
	else if (
		kind ==
		KITH_PARCEL_INTRO) /* a count that cannot be kept is no reason to say another word */
		(void)!kith_store_intro_refused(store, from, now);
	return taken;
}
