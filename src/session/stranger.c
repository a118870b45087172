/* SPDX-License-Identifier: MIT */
#include "base/text.h"
#include "crypto/sign.h"
#include "session/inside.h"

/* how in CONFIRM, proto/session.md */
enum { WIRE_COMPARED = 0, WIRE_SCANNED = 1, WIRE_UNATTENDED = 2 };

/* --- REQUEST, ACCEPT, REVEAL ------------------------------------------------------------------ */

/* The name fits what the message allows; cut between characters. */
static struct kith_span my_label(const struct kith_session *s)
{
	struct kith_span l = s->self->label;

	return kith_text_cut(l, KITH_LABEL_MAX);
}

enum kith_err kith_session_ask(struct kith_session *s)
{
	uint8_t r[32], commit[32];
	struct kith_session_reveal s3 = {.e = kith_span(s->e.key, 32),
		.r = kith_span(r, 32),
		.ik = kith_span(kith_identity_ik(s->self->id), 32),
		.xk = kith_span(kith_identity_xk(s->self->id), 32)};
	struct kith_session_request s1 = {.commit = kith_span(commit, 32),
		.label = my_label(s),
		.method = 1,
		.gives = s->self->gives,
		.attended = s->self->attended};

	if (s->role != KITH_ROLE_I || s->step != KITH_STEP_GREETED)
		return KITH_ERR_STATE;
	kith_pair_new(s->env, &s->e);
	s->env->random(s->env->ctx, r, sizeof r);
	enum kith_err err = kith_pack(&kith_session_reveal_schema, &s3, &s->t.s3);
	if (err)
		return err;
	kith_transcript_commit(&s->t, s1.label, kith_buf_span(&s->t.s3), commit);
	s->step = KITH_STEP_ASKED;
	return session_send(s, &kith_session_request_schema, &s1, &s->t.s1);
}

enum kith_err session_take_request(struct kith_session *s, struct kith_span bytes)
{
	struct kith_session_request m;
	enum kith_err err = kith_unpack(&kith_session_request_schema, bytes, &m);

	if (err)
		return err;
	if ((err = kith_buf_add(&s->t.s1, bytes.p, bytes.n)) ||
		(err = kith_buf_add(&s->label, m.label.p, m.label.n)))
		return err;
	s->they_give = m.gives;
	s->they_attend = m.attended;
	s->step = KITH_STEP_ASKING;
	return KITH_OK;
}

enum kith_err kith_session_accept(struct kith_session *s)
{
	uint8_t r[32];
	struct kith_session_accept m = {.e = kith_span(s->e.key, 32),
		.r = kith_span(r, 32),
		.ik = kith_span(kith_identity_ik(s->self->id), 32),
		.xk = kith_span(kith_identity_xk(s->self->id), 32),
		.label = my_label(s),
		.gives = s->self->gives,
		.attended = s->self->attended};

	if (s->step != KITH_STEP_ASKING)
		return KITH_ERR_STATE;
	kith_pair_new(s->env, &s->e); /* fresh for every ACCEPT */
	s->env->random(s->env->ctx, r, sizeof r);
	s->step = KITH_STEP_REVEALING;
	s->spent = true;
	return session_send(s, &kith_session_accept_schema, &m, &s->t.s2);
}

enum kith_err kith_session_decline(struct kith_session *s)
{
	struct kith_session_decline m = {0};

	if (s->step != KITH_STEP_ASKING)
		return KITH_ERR_STATE;
	enum kith_err err = session_send(s, &kith_session_decline_schema, &m, NULL);
	(void)session_end(s, KITH_ERR_DECLINED);
	return err;
}

/* Everything is revealed: transcript hash, the streams' keys, and my AUTH. */
static enum kith_err prove(struct kith_session *s, struct kith_span their_e)
{
	uint8_t sig[KITH_SIG_BYTES];
	struct kith_session_auth m = {.sig = kith_span(sig, sizeof sig)};

	if (memcmp(s->their_ik, kith_identity_ik(s->self->id), 32) == 0)
		return KITH_ERR_OWNKEY;
	kith_transcript_hash(&s->t, s->th);
	enum kith_err err = session_keys(s, their_e.p, NULL);
	if (err)
		return err;
	s->step = KITH_STEP_PROVING;
	err = kith_sign(
		s->self->id, s->role == KITH_ROLE_I ? AUTH_I : AUTH_R, kith_span(s->th, 32), sig);
	return err ? err : session_send_sealed(s, &kith_session_auth_schema, &m, false);
}

/* My person wants nothing of them: from here on they hear nothing. */
static bool blocked(struct kith_session *s)
{
	s->silent = s->host.blocked && s->host.blocked(s->host.ctx, s->their_ik);
	return s->silent;
}

enum kith_err session_take_accept(struct kith_session *s, struct kith_span bytes)
{
	struct kith_session_accept m;
	enum kith_err err = kith_unpack(&kith_session_accept_schema, bytes, &m);

	if (err)
		return err;
	s->spent = true;
	if ((err = kith_buf_add(&s->t.s2, bytes.p, bytes.n)) ||
		(err = kith_buf_add(&s->label, m.label.p, m.label.n)))
		return err;
	memcpy(s->their_ik, m.ik.p, 32);
	memcpy(s->their_xk, m.xk.p, 32);
	s->they_give = m.gives;
	s->they_attend = m.attended;
	if (memcmp(s->their_ik, kith_identity_ik(s->self->id), 32) == 0)
		return KITH_ERR_OWNKEY;
	if (blocked(s))
		return session_end(s, KITH_ERR_DECLINED);
	s->host.send(s->host.ctx, kith_buf_span(&s->t.s3));
	return prove(s, m.e);
}

enum kith_err session_take_decline(struct kith_session *s, struct kith_span bytes)
{
	struct kith_session_decline m;
	enum kith_err err = kith_unpack(&kith_session_decline_schema, bytes, &m);

	return err ? err : session_end(s, KITH_ERR_DECLINED);
}

enum kith_err session_take_reveal(struct kith_session *s, struct kith_span bytes)
{
	struct kith_session_request s1;
	struct kith_session_reveal m;
	uint8_t commit[32];
	enum kith_err err = kith_unpack(&kith_session_reveal_schema, bytes, &m);

	if (err)
		return err;
	if ((err = kith_unpack(&kith_session_request_schema, kith_buf_span(&s->t.s1), &s1)))
		return err;
	kith_transcript_commit(&s->t, s1.label, bytes, commit);
	if (memcmp(commit, s1.commit.p, sizeof commit) != 0)
		return KITH_ERR_COMMIT;
	if ((err = kith_buf_add(&s->t.s3, bytes.p, bytes.n)))
		return err;
	memcpy(s->their_ik, m.ik.p, 32);
	memcpy(s->their_xk, m.xk.p, 32);
	return blocked(s) ? session_end(s, KITH_ERR_DECLINED) : prove(s, m.e);
}

/* --- sealed messages -------------------------------------------------------------------------- */

static enum kith_err take_auth(
	struct kith_session *s, struct kith_span bytes, struct kith_buf *plain)
{
	struct kith_session_auth m;
	enum kith_err err = session_open(s, &kith_session_auth_schema, bytes, false, plain, &m);

	if (err)
		return err;
	err = kith_sign_verify(s->their_ik, s->role == KITH_ROLE_I ? AUTH_R : AUTH_I,
		kith_span(s->th, 32), m.sig.p);
	if (err)
		return err;
	if (s->expects && memcmp(s->scanned_ik, s->their_ik, 32) != 0)
		return KITH_ERR_MISMATCH;
	s->scanned = s->expects;
	kith_transcript_code(s->th, s->code);
	s->step = KITH_STEP_COMPARING;
	return KITH_OK;
}

static enum kith_how how_from_wire(uint64_t how)
{
	return how == WIRE_COMPARED  ? KITH_HOW_COMPARED
	       : how == WIRE_SCANNED ? KITH_HOW_SCANNED
				     : KITH_HOW_UNATTENDED;
}

static uint64_t how_to_wire(enum kith_how how)
{
	return how == KITH_HOW_COMPARED  ? WIRE_COMPARED
	       : how == KITH_HOW_SCANNED ? WIRE_SCANNED
					 : WIRE_UNATTENDED;
}

static void finish_if_even(struct kith_session *s)
{
	if (s->step == KITH_STEP_SWAPPING && s->card_sent && s->card_taken &&
		(s->receipt_sent || !s->they_give) && (s->receipt_taken || !s->self->gives))
		s->step = KITH_STEP_DONE;
}

/* Both have confirmed: durable first, then my card. */
static enum kith_err swap(struct kith_session *s)
{
	struct kith_session_card m = {
		.envelope = s->self->gives ? s->self->envelope : kith_span("", 0)};
	enum kith_err err = s->host.confirmed(s->host.ctx, s->th, s->their_how);

	if (err)
		return err;
	s->step = KITH_STEP_SWAPPING;
	err = session_send_sealed(s, &kith_session_card_schema, &m, !s->they_give);
	if (!err)
		s->card_sent = true;
	return err;
}

static enum kith_err take_confirm(
	struct kith_session *s, struct kith_span bytes, struct kith_buf *plain)
{
	struct kith_session_confirm m;
	enum kith_err err = session_open(s, &kith_session_confirm_schema, bytes, false, plain, &m);

	if (err)
		return err;
	if (s->they_confirmed)
		return KITH_ERR_STATE;
	s->they_confirmed = true;
	s->their_how = how_from_wire(m.how);
	return s->step == KITH_STEP_CONFIRMED ? swap(s) : KITH_OK;
}

enum kith_err kith_session_same(struct kith_session *s, enum kith_how how, bool broken)
{
	struct kith_meeting m = {.label = kith_buf_span(&s->label),
		.event = s->self->event,
		.network = kith_buf_span(&s->network),
		.at = s->env->wall(s->env->ctx),
		.how = how,
		.they_give = s->they_give,
		.i_give = s->self->gives,
		.rev = s->self->rev};
	struct kith_session_confirm confirm = {.how = how_to_wire(how)};

	if (s->step != KITH_STEP_COMPARING)
		return KITH_ERR_STATE;
	memcpy(m.session, s->th, sizeof m.session);
	memcpy(m.ik, s->their_ik, sizeof m.ik);
	memcpy(m.xk, s->their_xk, sizeof m.xk);
	memcpy(m.mine, kith_identity_ik(s->self->id), sizeof m.mine);
	memcpy(m.card, s->self->card, sizeof m.card);
	enum kith_err err = s->host.confirm(s->host.ctx, &m);
	if (err) {
		kith_session_abort(s, KITH_ABORT_STORE, err);
		return err;
	}
	s->kept = true;
	if (broken) { /* their CONFIRM may have come before that */
		err = s->they_confirmed ? s->host.confirmed(s->host.ctx, s->th, s->their_how)
					: KITH_OK;
		(void)session_end(s, err ? err : KITH_ERR_BROKEN);
		return err;
	}
	s->step = KITH_STEP_CONFIRMED;
	err = session_send_sealed(s, &kith_session_confirm_schema, &confirm, false);
	if (!err && s->they_confirmed)
		err = swap(s);
	if (err)
		kith_session_abort(s, KITH_ABORT_STORE, err);
	return err;
}

enum kith_err kith_session_different(struct kith_session *s)
{
	if (s->step != KITH_STEP_COMPARING)
		return KITH_ERR_STATE;
	kith_session_abort(s, KITH_ABORT_MISMATCH, KITH_ERR_MISMATCH);
	return KITH_OK;
}

/* Whether an envelope is a full card of the very keys that were proven. */
static enum kith_err check_card(
	const struct kith_session *s, struct kith_span envelope, struct kith_card *card)
{
	enum kith_err err = kith_card_verify(envelope, card);

	if (err)
		return err;
	if (card->variant != KITH_CARD_FULL || memcmp(card->ik, s->their_ik, 32) != 0 ||
		memcmp(card->xk, s->their_xk, 32) != 0)
		return KITH_ERR_SUBJECT;
	return KITH_OK;
}

void session_receipt_bytes(
	const struct kith_session *s, struct kith_span envelope, uint8_t out[static 64])
{
	kith_card_hash(envelope, out);
	memcpy(out + 32, s->th, 32);
}

static enum kith_err send_receipt(struct kith_session *s, struct kith_span envelope)
{
	uint8_t about[64], sig[KITH_SIG_BYTES];
	struct kith_session_receipt m = {.sig = kith_span(sig, sizeof sig)};

	session_receipt_bytes(s, envelope, about);
	enum kith_err err =
		kith_sign(s->self->id, RECEIPT_LABEL, kith_span(about, sizeof about), sig);
	if (!err)
		err = session_send_sealed(s, &kith_session_receipt_schema, &m, true);
	if (!err)
		s->receipt_sent = true;
	return err;
}

static enum kith_err keep_card(struct kith_session *s, struct kith_span envelope)
{
	struct kith_card *card = s->env->alloc(s->env->ctx, sizeof *card);
	enum kith_err err;

	if (!card)
		return KITH_ERR_NOMEM;
	err = check_card(s, envelope, card);
	if (!err)
		err = s->host.card(s->host.ctx, s->th, card, envelope);
	s->env->release(s->env->ctx, card, sizeof *card);
	if (err)
		return err;
	s->has_card = true;
	return send_receipt(s, envelope);
}

static enum kith_err take_card(
	struct kith_session *s, struct kith_span bytes, struct kith_buf *plain)
{
	struct kith_session_card m;
	enum kith_err err =
		session_open(s, &kith_session_card_schema, bytes, !s->self->gives, plain, &m);

	if (err)
		return err;
	if (s->card_taken)
		return KITH_ERR_STATE;
	if ((m.envelope.n > 0) != s->they_give)
		return KITH_ERR_PROTOCOL;
	s->card_taken = true;
	if (s->they_give && (err = keep_card(s, m.envelope))) {
		if (err == KITH_ERR_CONFLICT)
			s->conflict = true;
		kith_session_abort(
			s, session_store_failed(err) ? KITH_ABORT_STORE : KITH_ABORT_CARD, err);
		return err;
	}
	finish_if_even(s);
	return KITH_OK;
}

static enum kith_err take_receipt(
	struct kith_session *s, struct kith_span bytes, struct kith_buf *plain)
{
	struct kith_receipt r = {.rev = s->self->rev, .at = s->env->wall(s->env->ctx)};
	struct kith_session_receipt m;
	uint8_t about[64];
	enum kith_err err = session_open(s, &kith_session_receipt_schema, bytes, true, plain, &m);

	if (err)
		return err;
	if (s->receipt_taken || !s->self->gives)
		return KITH_ERR_STATE;
	session_receipt_bytes(s, s->self->envelope, about);
	err = kith_sign_verify(s->their_ik, RECEIPT_LABEL, kith_span(about, sizeof about), m.sig.p);
	if (err)
		return err;
	memcpy(r.session, s->th, 32);
	memcpy(r.envelope_hash, about, 32);
	memcpy(r.sig, m.sig.p, sizeof r.sig);
	memcpy(r.card, s->self->card, sizeof r.card);
	if ((err = s->host.receipt(s->host.ctx, &r))) {
		kith_session_abort(s, KITH_ABORT_STORE, err);
		return err;
	}
	s->receipt_taken = true;
	finish_if_even(s);
	return KITH_OK;
}

static bool knows(const struct kith_session *s)
{
	return s->step == KITH_STEP_KNOWING || s->step == KITH_STEP_MET;
}

/* A sealed mismatch undoes what this session alone had written; anything else is a broken line. */
enum kith_err session_take_abort(
	struct kith_session *s, struct kith_span bytes, struct kith_buf *plain)
{
	struct kith_session_abort m = {0};
	enum kith_err err;

	if (knows(s))
		return session_end(s, KITH_ERR_BROKEN);
	if (!s->sealed) {
		err = kith_unpack(&kith_session_abort_schema, bytes, &m);
		return session_end(s, err                             ? KITH_ERR_BROKEN
				      : m.reason == KITH_ABORT_COMMIT ? KITH_ERR_COMMIT
								      : KITH_ERR_BROKEN);
	}
	if (session_open(s, &kith_session_abort_schema, bytes, true, plain, &m))
		return session_end(s, KITH_ERR_BROKEN);
	if (m.reason == KITH_ABORT_MISMATCH) {
		if (s->kept && !s->they_confirmed) {
			err = s->host.mismatch(s->host.ctx, s->th);
			if (err)
				return session_end(s, err);
			s->kept = false;
		}
		return session_end(s, KITH_ERR_MISMATCH);
	}
	return session_end(s, m.reason == KITH_ABORT_OWNKEY ? KITH_ERR_OWNKEY : KITH_ERR_BROKEN);
}

enum kith_err session_take_sealed(
	struct kith_session *s, uint64_t type, struct kith_span bytes, struct kith_buf *plain)
{
	bool compared = s->step == KITH_STEP_COMPARING || s->step == KITH_STEP_CONFIRMED;

	if (type == KITH_TYPE_AUTH && s->step == KITH_STEP_PROVING)
		return take_auth(s, bytes, plain);
	if (type == KITH_TYPE_CONFIRM && compared)
		return take_confirm(s, bytes, plain);
	if (type == KITH_TYPE_CARD && s->step == KITH_STEP_SWAPPING)
		return take_card(s, bytes, plain);
	if (type == KITH_TYPE_RECEIPT && s->step == KITH_STEP_SWAPPING)
		return take_receipt(s, bytes, plain);
	return KITH_ERR_STATE;
}
