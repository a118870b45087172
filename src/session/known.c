/* SPDX-License-Identifier: MIT */
#include "crypto/sign.h"
#include "session/inside.h"

static const struct kith_known_host *host_of(const struct kith_session *s)
{
	return s->self->known;
}

/* --- who it is -------------------------------------------------------------------------------- */

static struct kith_friend friend_of(const struct kith_session *s)
{
	return (struct kith_friend){.tie = &s->known.tie,
		.ik = s->known.their_ik,
		.session = s->th,
		.event = s->self->event,
		.network = kith_buf_span(&s->network),
		.standing = s->known.standing};
}

void session_part(struct kith_session *s)
{
	struct kith_friend who = friend_of(s);

	if (!s->known.met || s->known.parted)
		return;
	s->known.parted = true;
	if (host_of(s)->parted)
		host_of(s)->parted(host_of(s)->ctx, &who, s->error);
}

/* Both e are known: th, and the keys of both streams. */
static enum kith_err agree(struct kith_session *s, const uint8_t their_e[static 32])
{
	const struct kith_tie *tie = &s->known.tie;
	bool is_i = s->role == KITH_ROLE_I;

	kith_transcript_known(&s->t, is_i ? s->e.key : their_e, is_i ? their_e : s->e.key,
		is_i ? tie->mine : tie->theirs, is_i ? tie->theirs : tie->mine, s->th);
	return session_keys(s, their_e, tie->k);
}

/* --- proof ------------------------------------------------------------------------------------ */

/* What I say of myself, sealed as what stands in a message of that type. */
static enum kith_err seal_proof(struct kith_session *s, uint64_t type, struct kith_buf *box)
{
	const struct kith_known_host *host = host_of(s);
	struct kith_standing mine = {0};
	uint8_t sig[KITH_SIG_BYTES];
	struct kith_buf statements;

	kith_buf_init(&statements, s->env);
	enum kith_err err = host->standing(host->ctx, &s->known.tie, &mine);
	if (!err && s->known.tie.retired)
		err = host->rotations(host->ctx, &s->known.tie, &statements);
	if (!err)
		err = kith_sign(s->self->id, s->role == KITH_ROLE_I ? AUTH_I : AUTH_R,
			kith_span(s->th, 32), sig);
	if (!err) {
		struct kith_session_k3 m = {.sig = kith_span(sig, sizeof sig),
			.agreed = mine.agreed,
			.card = kith_span(mine.card, mine.has_card ? sizeof mine.card : 0),
			.rev = mine.has_card ? mine.rev : 0,
			.hash = kith_span(mine.hash, mine.has_card ? sizeof mine.hash : 0),
			.statements = kith_buf_span(&statements)};
		err = session_seal(s, &kith_session_k3_schema, type, &m, false, box);
	}
	kith_buf_free(&statements);
	return err;
}

static enum kith_err read_standing(const struct kith_session_k3 *m, struct kith_standing *ret)
{
	*ret = (struct kith_standing){
		.agreed = m->agreed, .has_card = m->card.n > 0, .rev = m->rev};
	if (m->card.n != 0 && m->card.n != sizeof ret->card)
		return KITH_ERR_SHAPE;
	if (m->hash.n != 0 && m->hash.n != sizeof ret->hash)
		return KITH_ERR_SHAPE;
	if (ret->has_card != (m->hash.n > 0) || (!ret->has_card && m->rev != 0))
		return KITH_ERR_TYPE;
	if (ret->has_card) {
		memcpy(ret->card, m->card.p, sizeof ret->card);
		memcpy(ret->hash, m->hash.p, sizeof ret->hash);
	}
	return KITH_OK;
}

/* Their PROOF is here: whether it is they. */
static enum kith_err check_proof(struct kith_session *s, const struct kith_session_k3 *m)
{
	const struct kith_known_host *host = host_of(s);
	struct known *known = &s->known;
	enum kith_err err = read_standing(m, &known->standing);

	if (err)
		return err;
	memcpy(known->their_ik, known->tie.theirs, sizeof known->their_ik);
	if (m->statements.n)
		err = host->rotated(host->ctx, &known->tie, m->statements, known->their_ik);
	if (err)
		return err;
	known->retired = known->tie.retired || m->statements.n > 0;
	return kith_sign_verify(known->their_ik, s->role == KITH_ROLE_I ? AUTH_R : AUTH_I,
		kith_span(s->th, 32), m->sig.p);
}

/* --- what is due ------------------------------------------------------------------------------ */

/* Both have nothing more: CLOSE, once; and the end, once both did. */
static enum kith_err close_if_quiet(struct kith_session *s)
{
	struct kith_session_close m = {0};
	enum kith_err err = KITH_OK;

	if (s->known.quiet && s->known.they_quiet && !s->known.closed) {
		s->known.closed = true;
		err = session_send_sealed(s, &kith_session_close_schema, &m, true);
	}
	if (!err && s->known.closed && s->known.they_closed) {
		s->step = KITH_STEP_DONE;
		session_part(s);
	}
	return err;
}

static enum kith_err fall_quiet(struct kith_session *s, bool more)
{
	struct kith_session_quiet m = {0};

	s->known.quiet = true;
	s->known.more = more;
	enum kith_err err = session_send_sealed(s, &kith_session_quiet_schema, &m, false);
	return err ? err : close_if_quiet(s);
}

static enum kith_err send_parcel(struct kith_session *s, const struct kith_parcel *parcel)
{
	struct kith_session_parcel m = {.kind = parcel->kind, .bytes = parcel->bytes};
	struct known *known = &s->known;

	known->waiting = true;
	known->parcel = *parcel;
	known->parcel.bytes = kith_span("", 0);
	known->sent++;
	known->used |= parcel->kind != KITH_PARCEL_RECALL;
	known->sent_bytes += parcel->bytes.n;
	if (parcel->kind == KITH_PARCEL_CARD)
		kith_card_hash(parcel->bytes, known->hash);
	return session_send_sealed(s, &kith_session_parcel_schema, &m, false);
}

/* How many bytes of mine the session has left, for something of at most `most`. */
static size_t room_for(const struct kith_session *s, size_t most)
{
	size_t left = KITH_PARCELS_BYTES - s->known.sent_bytes;

	return left < most ? left : most;
}

/* The next of mine, or QUIET. */
static enum kith_err go_on(struct kith_session *s)
{
	const struct kith_known_host *host = host_of(s);
	struct kith_friend who = friend_of(s);
	size_t room = room_for(s, KITH_PARCEL_MAX);
	struct kith_parcel parcel = {0};

	if (s->known.retired || s->known.sent == KITH_PARCELS_MAX)
		return fall_quiet(s, true);
	enum kith_err err = host->next(host->ctx, &who, room, &parcel);
	if (err == KITH_ERR_MISSING)
		return fall_quiet(s, false);
	if (err == KITH_ERR_LIMIT || (!err && parcel.bytes.n > room))
		return fall_quiet(s, true);
	return err ? err : send_parcel(s, &parcel);
}

/* It is they. */
static enum kith_err meet(struct kith_session *s)
{
	struct kith_friend who = friend_of(s);

	s->step = KITH_STEP_MET;
	s->known.met = true;
	enum kith_err err = host_of(s)->met(host_of(s)->ctx, &who);
	return err ? err : go_on(s);
}

/* --- K1, K2, K3 ------------------------------------------------------------------------------- */

enum kith_err kith_session_know(struct kith_session *s)
{
	struct kith_session_k1 m = {.e = kith_span(s->e.key, 32)};

	if (s->role != KITH_ROLE_I || s->step != KITH_STEP_GREETED)
		return KITH_ERR_STATE;
	if (!s->known.matched)
		return KITH_ERR_MISSING;
	kith_pair_new(s->env, &s->e);
	s->step = KITH_STEP_KNOWING;
	return session_send(s, &kith_session_k1_schema, &m, NULL);
}

static enum kith_err take_k1(struct kith_session *s, struct kith_span bytes)
{
	struct kith_session_k1 m;
	struct kith_buf box;
	uint8_t e[32];
	enum kith_err err = kith_unpack(&kith_session_k1_schema, bytes, &m);

	if (err)
		return err;
	kith_pair_new(s->env, &s->e);
	memcpy(e, s->e.key, sizeof e);
	if ((err = agree(s, m.e.p)))
		return err;
	kith_buf_init(&box, s->env);
	err = seal_proof(s, KITH_TYPE_K2, &box);
	if (!err) {
		struct kith_session_k2 k2 = {
			.e = kith_span(e, sizeof e), .box = kith_buf_span(&box)};
		s->step = KITH_STEP_KNOWING;
		err = session_send(s, &kith_session_k2_schema, &k2, NULL);
	}
	kith_buf_free(&box);
	return err;
}

static enum kith_err send_k3(struct kith_session *s)
{
	struct kith_buf box, bytes;

	kith_buf_init(&box, s->env);
	kith_buf_init(&bytes, s->env);
	enum kith_err err = seal_proof(s, KITH_TYPE_K3, &box);
	if (!err) {
		struct kith_session_sealed outer = {.box = kith_buf_span(&box)};
		err = kith_pack_as(&kith_session_sealed_schema, KITH_TYPE_K3, &outer, &bytes);
	}
	if (!err)
		s->host.send(s->host.ctx, kith_buf_span(&bytes));
	kith_buf_free(&box);
	kith_buf_free(&bytes);
	return err;
}

static enum kith_err take_k2(struct kith_session *s, struct kith_span bytes, struct kith_buf *plain)
{
	struct kith_session_k2 k2;
	struct kith_session_k3 m;
	enum kith_err err = kith_unpack(&kith_session_k2_schema, bytes, &k2);

	if (!err)
		err = agree(s, k2.e.p);
	if (!err)
		err = session_unseal(
			s, &kith_session_k3_schema, KITH_TYPE_K2, k2.box, false, plain, &m);
	if (!err)
		err = check_proof(s, &m);
	if (!err)
		err = send_k3(s);
	return err ? err : meet(s);
}

static enum kith_err take_k3(struct kith_session *s, struct kith_span bytes, struct kith_buf *plain)
{
	struct kith_session_k3 m;
	enum kith_err err = session_open(s, &kith_session_k3_schema, bytes, false, plain, &m);

	if (!err)
		err = check_proof(s, &m);
	return err ? err : meet(s);
}

/* --- parcels ---------------------------------------------------------------------------------- */

/* Answers theirs; `envelope` goes with a RECALL that was taken. */
static enum kith_err answer(struct kith_session *s, const struct kith_session_parcel *parcel,
	enum kith_outcome outcome, struct kith_span envelope)
{
	uint8_t about[64], sig[KITH_SIG_BYTES];
	struct kith_session_ack m = {.outcome = (uint64_t)outcome, .bytes = kith_span("", 0)};
	bool taken = outcome == KITH_OUTCOME_TAKEN;
	enum kith_err err = KITH_OK;

	if (taken && parcel->kind == KITH_PARCEL_CARD) {
		session_receipt_bytes(s, parcel->bytes, about);
		err = kith_sign(s->self->id, RECEIPT_LABEL, kith_span(about, sizeof about), sig);
		m.bytes = kith_span(sig, sizeof sig);
	} else if (taken && parcel->kind == KITH_PARCEL_RECALL) {
		m.bytes = envelope;
		s->known.sent_bytes += envelope.n;
	}
	return err ? err : session_send_sealed(s, &kith_session_ack_schema, &m, false);
}

/* The host takes it, or not. */
static enum kith_err take_with(struct kith_session *s, const struct kith_session_parcel *parcel)
{
	const struct kith_known_host *host = host_of(s);
	struct kith_friend who = friend_of(s);
	struct kith_span envelope = kith_span("", 0);
	size_t room = room_for(s, KITH_CARD_ENVELOPE_MAX);
	enum kith_outcome outcome =
		host->take(host->ctx, &who, parcel->kind, parcel->bytes, room, &envelope);

	if (parcel->kind == KITH_PARCEL_RECALL && outcome == KITH_OUTCOME_TAKEN &&
		(envelope.n == 0 || envelope.n > room))
		outcome = KITH_OUTCOME_LATER;
	return answer(s, parcel, outcome, envelope);
}

static enum kith_err take_parcel(
	struct kith_session *s, struct kith_span bytes, struct kith_buf *plain)
{
	struct kith_session_parcel m;
	struct known *known = &s->known;
	enum kith_err err = session_open(s, &kith_session_parcel_schema, bytes, false, plain, &m);

	if (err)
		return err;
	if (known->they_quiet || known->retired)
		return KITH_ERR_STATE;
	known->came++;
	known->used |= m.kind != KITH_PARCEL_RECALL;
	known->came_bytes += m.bytes.n;
	if (known->came > KITH_PARCELS_MAX || known->came_bytes > KITH_PARCELS_BYTES)
		return KITH_ERR_LIMIT;
	return take_with(s, &m);
}

static enum kith_err check_receipt(const struct kith_session *s, struct kith_span sig)
{
	uint8_t about[64];

	if (sig.n != KITH_SIG_BYTES)
		return KITH_ERR_SHAPE;
	memcpy(about, s->known.hash, 32);
	memcpy(about + 32, s->th, 32);
	return kith_sign_verify(
		s->known.their_ik, RECEIPT_LABEL, kith_span(about, sizeof about), sig.p);
}

/* An envelope is one of their bytes; what it says is the host's matter. */
static enum kith_err check_envelope(struct kith_session *s, struct kith_span envelope)
{
	if (envelope.n == 0 || envelope.n > KITH_CARD_ENVELOPE_MAX)
		return KITH_ERR_SHAPE;
	s->known.came_bytes += envelope.n;
	return s->known.came_bytes > KITH_PARCELS_BYTES ? KITH_ERR_LIMIT : KITH_OK;
}

/* Whether the answer to mine is one: a receipt where a card was taken, an envelope where a RECALL was, and nothing
 * anywhere else. */
static enum kith_err check_ack(struct kith_session *s, const struct kith_session_ack *m)
{
	bool taken = m->outcome == KITH_OUTCOME_TAKEN;

	if (taken && s->known.parcel.kind == KITH_PARCEL_CARD)
		return check_receipt(s, m->bytes);
	if (taken && s->known.parcel.kind == KITH_PARCEL_RECALL)
		return check_envelope(s, m->bytes);
	return m->bytes.n ? KITH_ERR_SHAPE : KITH_OK;
}

static enum kith_err take_ack(
	struct kith_session *s, struct kith_span bytes, struct kith_buf *plain)
{
	const struct kith_known_host *host = host_of(s);
	struct kith_friend who = friend_of(s);
	struct kith_session_ack m;
	enum kith_err err = session_open(s, &kith_session_ack_schema, bytes, false, plain, &m);

	if (!err && !s->known.waiting)
		err = KITH_ERR_STATE;
	if (!err)
		err = check_ack(s, &m);
	if (!err)
		err = host->answered(host->ctx, &who, &s->known.parcel, m.outcome, m.bytes);
	if (m.outcome == KITH_OUTCOME_LATER) /* else somebody could have me call again and again */
		s->known.used = true;
	s->known.waiting = false;
	return err ? err : go_on(s);
}

static enum kith_err take_quiet(
	struct kith_session *s, struct kith_span bytes, struct kith_buf *plain)
{
	struct kith_session_quiet m;
	enum kith_err err = session_open(s, &kith_session_quiet_schema, bytes, false, plain, &m);

	if (!err && s->known.they_quiet)
		err = KITH_ERR_STATE;
	s->known.they_quiet = true;
	return err ? err : close_if_quiet(s);
}

/* Theirs comes when my QUIET has reached them, so mine has left. */
static enum kith_err take_close(
	struct kith_session *s, struct kith_span bytes, struct kith_buf *plain)
{
	struct kith_session_close m;
	enum kith_err err = session_open(s, &kith_session_close_schema, bytes, true, plain, &m);

	if (!err && !s->known.closed)
		err = KITH_ERR_STATE;
	s->known.they_closed = true;
	return err ? err : close_if_quiet(s);
}

/* --- dispatch --------------------------------------------------------------------------------- */

static enum kith_err take_met(
	struct kith_session *s, uint64_t type, struct kith_span bytes, struct kith_buf *plain)
{
	switch (type) {
	case KITH_TYPE_PARCEL:
		return take_parcel(s, bytes, plain);
	case KITH_TYPE_ACK:
		return take_ack(s, bytes, plain);
	case KITH_TYPE_QUIET:
		return take_quiet(s, bytes, plain);
	case KITH_TYPE_CLOSE:
		return take_close(s, bytes, plain);
	default:
		return KITH_ERR_STATE;
	}
}

enum kith_err session_take_known(
	struct kith_session *s, uint64_t type, struct kith_span bytes, struct kith_buf *plain)
{
	bool is_i = s->role == KITH_ROLE_I;

	if (s->step == KITH_STEP_MET)
		return take_met(s, type, bytes, plain);
	if (type == KITH_TYPE_K1 && !is_i && s->step == KITH_STEP_GREETED && s->known.matched)
		return take_k1(s, bytes);
	if (type == KITH_TYPE_K2 && is_i && s->step == KITH_STEP_KNOWING)
		return take_k2(s, bytes, plain);
	if (type == KITH_TYPE_K3 && !is_i && s->step == KITH_STEP_KNOWING)
		return take_k3(s, bytes, plain);
	return KITH_ERR_STATE;
}
