/* SPDX-License-Identifier: MIT */
#include "session/session.h"

#include "base/limits.h"
#include "base/text.h"
#include "crypto/sign.h"
#include "message/message.h"

#define AUTH_I        "kith/1 auth I"
#define AUTH_R        "kith/1 auth R"
#define RECEIPT_LABEL "kith/1 receipt"

/* how in CONFIRM, proto/session.md */
enum { WIRE_COMPARED = 0, WIRE_SCANNED = 1, WIRE_UNATTENDED = 2 };

struct kith_session {
	const struct kith_env *env;
	const struct kith_self *self;
	struct kith_session_host host;
	enum kith_role role;
	enum kith_step step;
	enum kith_err error; /* why it ended */
	struct kith_transcript t;
	struct kith_buf network; /* where, as text */
	uint64_t tags_due;       /* R: TAGS messages still to come */
	uint64_t tags_taken;     /* R: those that came */
	struct kith_pair e;      /* my keys for this attempt; wiped after use */
	uint8_t their_ik[32];
	uint8_t their_xk[32];
	uint8_t scanned_ik[32]; /* whom I expect, when expects */
	bool expects;
	bool scanned;          /* and who it is */
	struct kith_buf label; /* theirs */
	bool they_give;
	bool they_attend;
	bool spent;  /* ACCEPT was sent or came */
	bool sealed; /* keys exist: ABORT goes sealed */
	uint8_t th[32];
	char code[KITH_CODE_DIGITS + 1];
	struct kith_seal out, in; /* my direction, theirs */
	bool kept;                /* the pending row is durable */
	bool conflict;            /* their card was refused for the one held: nothing is pending */
	bool they_confirmed;
	enum kith_how their_how;
	bool card_sent;
	bool card_taken; /* their card is durable, or they give none and said so */
	bool has_card;
	bool receipt_sent;
	bool receipt_taken;
};

enum kith_err kith_session_new(const struct kith_env *env, const struct kith_self *self,
	const struct kith_session_host *host, enum kith_role role,
	const uint8_t listener[static 32], const uint8_t dialler[static 32],
	struct kith_span network, struct kith_session **ret)
{
	struct kith_session *s = env->alloc(env->ctx, sizeof *s);

	if (!s)
		return KITH_ERR_NOMEM;
	s->env = env;
	s->self = self;
	s->host = *host;
	s->role = role;
	kith_transcript_init(&s->t, env, listener, dialler);
	kith_buf_init(&s->network, env);
	kith_buf_init(&s->label, env);
	if (kith_buf_add(&s->network, network.p, network.n)) {
		kith_session_free(s);
		return KITH_ERR_NOMEM;
	}
	*ret = s;
	return KITH_OK;
}

void kith_session_free(struct kith_session *s)
{
	if (!s)
		return;
	kith_transcript_free(&s->t);
	kith_buf_free(&s->network);
	kith_buf_free(&s->label);
	const struct kith_env *env = s->env;
	kith_wipe(s, sizeof *s);
	env->release(env->ctx, s, sizeof *s);
}

/* --- sending ---------------------------------------------------------------------------------- */

/* Packs and sends a plain message; its exact bytes are added to kept, if given. */
static enum kith_err send_plain(struct kith_session *s, const struct kith_schema *schema,
	const void *msg, struct kith_buf *kept)
{
	struct kith_buf bytes;
	enum kith_err err;

	kith_buf_init(&bytes, s->env);
	err = kith_pack(schema, msg, &bytes);
	if (!err && kept)
		err = kith_buf_add(kept, bytes.p, bytes.n);
	if (!err)
		s->host.send(s->host.ctx, kith_buf_span(&bytes));
	kith_buf_free(&bytes);
	return err;
}

/* Additional data of every sealed message: th || type. */
static struct kith_span sealed_ad(
	const struct kith_session *s, uint64_t type, uint8_t ad[static 33])
{
	memcpy(ad, s->th, 32);
	ad[32] = (uint8_t)type;
	return kith_span(ad, 33);
}

/* Packs the inner map without a type, seals and sends it. */
static enum kith_err send_sealed(
	struct kith_session *s, const struct kith_schema *schema, const void *msg, bool final)
{
	struct kith_buf plain, box, bytes;
	uint8_t ad[33];
	enum kith_err err;

	kith_buf_init(&plain, s->env);
	kith_buf_init(&box, s->env);
	kith_buf_init(&bytes, s->env);
	err = kith_pack_inner(schema, msg, &plain);
	if (!err)
		err = kith_seal_push(&s->out, sealed_ad(s, schema->type, ad), kith_buf_span(&plain),
			final, &box);
	if (!err) {
		struct kith_session_sealed outer = {.box = kith_buf_span(&box)};
		err = kith_pack_as(&kith_session_sealed_schema, schema->type, &outer, &bytes);
	}
	if (!err)
		s->host.send(s->host.ctx, kith_buf_span(&bytes));
	kith_buf_free(&plain);
	kith_buf_free(&box);
	kith_buf_free(&bytes);
	return err;
}

static enum kith_err end(struct kith_session *s, enum kith_err err)
{
	s->step = KITH_STEP_ENDED;
	s->error = err;
	kith_wipe(&s->e, sizeof s->e);
	return err;
}

void kith_session_abort(struct kith_session *s, enum kith_abort_reason reason, enum kith_err err)
{
	struct kith_session_abort m = {.reason = (uint64_t)reason};
	enum kith_err sent;

	if (s->step == KITH_STEP_ENDED || s->step == KITH_STEP_DONE)
		return;
	if (s->sealed)
		sent = send_sealed(s, &kith_session_abort_schema, &m, true);
	else
		sent = send_plain(s, &kith_session_abort_schema, &m, NULL);
	(void)sent; /* it ends either way */
	(void)end(s, err);
}

static bool is_of_the_store(enum kith_err err)
{
	return err <= KITH_ERR_STORE && err >= KITH_ERR_STORE_CORRUPT;
}

/* A message could not be taken: says why on the line and ends. */
static enum kith_err fault(struct kith_session *s, enum kith_err err)
{
	enum kith_abort_reason reason = KITH_ABORT_PROTOCOL;

	if (err == KITH_ERR_STATE)
		reason = KITH_ABORT_STATE;
	else if (err == KITH_ERR_COMMIT)
		reason = KITH_ABORT_COMMIT;
	else if (err == KITH_ERR_OWNKEY)
		reason = KITH_ABORT_OWNKEY;
	else if (err == KITH_ERR_MISMATCH)
		reason = KITH_ABORT_MISMATCH;
	else if (is_of_the_store(err))
		reason = KITH_ABORT_STORE;
	kith_session_abort(s, reason, err);
	return err;
}

/* --- HELLO ------------------------------------------------------------------------------------ */

void kith_session_expect(struct kith_session *s, const uint8_t ik[static 32])
{
	memcpy(s->scanned_ik, ik, sizeof s->scanned_ik);
	s->expects = true;
}

enum kith_err kith_session_greet(struct kith_session *s)
{
	uint8_t nonce[32];
	uint8_t tags[KITH_TAGS_MIN * KITH_TAG_BYTES];
	struct kith_session_hello_i m = {.version = 1,
		.nonce = kith_span(nonce, sizeof nonce),
		.tags = kith_span(tags, sizeof tags)};

	if (s->role != KITH_ROLE_I || s->step != KITH_STEP_GREETING || s->t.hi.n)
		return KITH_ERR_STATE;
	s->env->random(s->env->ctx, nonce, sizeof nonce);
	s->env->random(s->env->ctx, tags, sizeof tags);
	return send_plain(s, &kith_session_hello_i_schema, &m, &s->t.hi);
}

static enum kith_err answer_hello(struct kith_session *s)
{
	uint8_t nonce[32], tag[16];
	struct kith_session_hello_r m = {.version = 1,
		.nonce = kith_span(nonce, sizeof nonce),
		.tag = kith_span(tag, sizeof tag)};

	s->env->random(s->env->ctx, nonce, sizeof nonce);
	s->env->random(s->env->ctx, tag, sizeof tag);
	s->step = KITH_STEP_GREETED;
	return send_plain(s, &kith_session_hello_r_schema, &m, &s->t.hr);
}

static enum kith_err take_hello_i(struct kith_session *s, struct kith_span bytes)
{
	struct kith_session_hello_i m;
	enum kith_err err = kith_unpack(&kith_session_hello_i_schema, bytes, &m);

	if (err)
		return err;
	size_t tags = m.tags.n / KITH_TAG_BYTES;
	if (m.tags.n % KITH_TAG_BYTES || (tags != 64 && tags != 256 && tags != KITH_TAGS_MAX))
		return KITH_ERR_SHAPE;
	if ((err = kith_buf_add(&s->t.hi, bytes.p, bytes.n)))
		return err;
	s->tags_due = m.more;
	return s->tags_due ? KITH_OK : answer_hello(s);
}

static enum kith_err take_tags(struct kith_session *s, struct kith_span bytes)
{
	struct kith_session_tags m;
	enum kith_err err = kith_unpack(&kith_session_tags_schema, bytes, &m);

	if (err)
		return err;
	if (m.index != s->tags_taken + 1)
		return KITH_ERR_STATE;
	if ((err = kith_buf_add(&s->t.hi, bytes.p, bytes.n)))
		return err;
	s->tags_taken++;
	return --s->tags_due ? KITH_OK : answer_hello(s);
}

static enum kith_err take_hello_r(struct kith_session *s, struct kith_span bytes)
{
	struct kith_session_hello_r m;
	enum kith_err err = kith_unpack(&kith_session_hello_r_schema, bytes, &m);

	if (!err)
		err = kith_buf_add(&s->t.hr, bytes.p, bytes.n);
	if (!err)
		s->step = KITH_STEP_GREETED;
	return err;
}

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
	return send_plain(s, &kith_session_request_schema, &s1, &s->t.s1);
}

static enum kith_err take_request(struct kith_session *s, struct kith_span bytes)
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
	return send_plain(s, &kith_session_accept_schema, &m, &s->t.s2);
}

enum kith_err kith_session_decline(struct kith_session *s)
{
	struct kith_session_decline m = {0};

	if (s->step != KITH_STEP_ASKING)
		return KITH_ERR_STATE;
	enum kith_err err = send_plain(s, &kith_session_decline_schema, &m, NULL);
	(void)end(s, KITH_ERR_DECLINED);
	return err;
}

/* Everything is revealed: transcript hash, the streams' keys, and my AUTH. */
static enum kith_err prove(struct kith_session *s, struct kith_span their_e)
{
	uint8_t ir[32], ri[32], sig[KITH_SIG_BYTES];
	bool is_i = s->role == KITH_ROLE_I;
	struct kith_session_auth m = {.sig = kith_span(sig, sizeof sig)};

	if (memcmp(s->their_ik, kith_identity_ik(s->self->id), 32) == 0)
		return KITH_ERR_OWNKEY;
	kith_transcript_hash(&s->t, s->th);
	enum kith_err err = kith_exchange(&s->e, their_e.p, s->th, ir, ri);
	kith_wipe(&s->e, sizeof s->e);
	if (err)
		return err;
	kith_seal_start(&s->out, is_i ? ir : ri);
	kith_seal_start(&s->in, is_i ? ri : ir);
	kith_wipe(ir, sizeof ir);
	kith_wipe(ri, sizeof ri);
	s->sealed = true;
	s->step = KITH_STEP_PROVING;
	err = kith_sign(s->self->id, is_i ? AUTH_I : AUTH_R, kith_span(s->th, 32), sig);
	return err ? err : send_sealed(s, &kith_session_auth_schema, &m, false);
}

static enum kith_err take_accept(struct kith_session *s, struct kith_span bytes)
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
	s->host.send(s->host.ctx, kith_buf_span(&s->t.s3));
	return prove(s, m.e);
}

static enum kith_err take_decline(struct kith_session *s, struct kith_span bytes)
{
	struct kith_session_decline m;
	enum kith_err err = kith_unpack(&kith_session_decline_schema, bytes, &m);

	return err ? err : end(s, KITH_ERR_DECLINED);
}

static enum kith_err take_reveal(struct kith_session *s, struct kith_span bytes)
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
	return prove(s, m.e);
}

/* --- sealed messages -------------------------------------------------------------------------- */

/* Opens a sealed message into plain and unpacks its inside, which borrows from plain.  final: it must
 * be the last one they send, or must not. */
static enum kith_err open_sealed(struct kith_session *s, const struct kith_schema *schema,
	struct kith_span bytes, bool final, struct kith_buf *plain, void *ret_msg)
{
	struct kith_session_sealed outer;
	uint8_t ad[33];
	enum kith_err err = kith_unpack(&kith_session_sealed_schema, bytes, &outer);

	if (!err)
		err = kith_seal_pull(&s->in, sealed_ad(s, schema->type, ad), outer.box, plain);
	if (!err && s->in.ended != final)
		err = KITH_ERR_PROTOCOL;
	return err ? err : kith_unpack_inner(schema, kith_buf_span(plain), ret_msg);
}

static enum kith_err take_auth(
	struct kith_session *s, struct kith_span bytes, struct kith_buf *plain)
{
	struct kith_session_auth m;
	enum kith_err err = open_sealed(s, &kith_session_auth_schema, bytes, false, plain, &m);

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
	err = send_sealed(s, &kith_session_card_schema, &m, !s->they_give);
	if (!err)
		s->card_sent = true;
	return err;
}

static enum kith_err take_confirm(
	struct kith_session *s, struct kith_span bytes, struct kith_buf *plain)
{
	struct kith_session_confirm m;
	enum kith_err err = open_sealed(s, &kith_session_confirm_schema, bytes, false, plain, &m);

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
		(void)end(s, err ? err : KITH_ERR_BROKEN);
		return err;
	}
	s->step = KITH_STEP_CONFIRMED;
	err = send_sealed(s, &kith_session_confirm_schema, &confirm, false);
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

static enum kith_err send_receipt(struct kith_session *s, struct kith_span envelope)
{
	uint8_t about[64], sig[KITH_SIG_BYTES];
	struct kith_session_receipt m = {.sig = kith_span(sig, sizeof sig)};

	kith_card_hash(envelope, about);
	memcpy(about + 32, s->th, 32);
	enum kith_err err =
		kith_sign(s->self->id, RECEIPT_LABEL, kith_span(about, sizeof about), sig);
	if (!err)
		err = send_sealed(s, &kith_session_receipt_schema, &m, true);
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
		open_sealed(s, &kith_session_card_schema, bytes, !s->self->gives, plain, &m);

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
			s, is_of_the_store(err) ? KITH_ABORT_STORE : KITH_ABORT_CARD, err);
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
	enum kith_err err = open_sealed(s, &kith_session_receipt_schema, bytes, true, plain, &m);

	if (err)
		return err;
	if (s->receipt_taken || !s->self->gives)
		return KITH_ERR_STATE;
	kith_card_hash(s->self->envelope, about);
	memcpy(about + 32, s->th, 32);
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

/* A sealed mismatch undoes what this session alone had written; anything else is a broken line. */
static enum kith_err take_abort(
	struct kith_session *s, struct kith_span bytes, struct kith_buf *plain)
{
	struct kith_session_abort m = {0};
	enum kith_err err;

	if (!s->sealed) {
		err = kith_unpack(&kith_session_abort_schema, bytes, &m);
		return end(s, err                             ? KITH_ERR_BROKEN
			      : m.reason == KITH_ABORT_COMMIT ? KITH_ERR_COMMIT
							      : KITH_ERR_BROKEN);
	}
	if (open_sealed(s, &kith_session_abort_schema, bytes, true, plain, &m))
		return end(s, KITH_ERR_BROKEN);
	if (m.reason == KITH_ABORT_MISMATCH) {
		if (s->kept && !s->they_confirmed) {
			err = s->host.mismatch(s->host.ctx, s->th);
			if (err)
				return end(s, err);
			s->kept = false;
		}
		return end(s, KITH_ERR_MISMATCH);
	}
	return end(s, m.reason == KITH_ABORT_OWNKEY ? KITH_ERR_OWNKEY : KITH_ERR_BROKEN);
}

/* --- dispatch --------------------------------------------------------------------------------- */

static enum kith_err take_sealed(
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

static enum kith_err take_open(struct kith_session *s, uint64_t type, struct kith_span bytes)
{
	bool is_i = s->role == KITH_ROLE_I;

	switch (type) {
	case KITH_TYPE_HELLO_I:
		if (!is_i && s->step == KITH_STEP_GREETING && s->t.hi.n == 0)
			return take_hello_i(s, bytes);
		break;
	case KITH_TYPE_TAGS:
		if (!is_i && s->step == KITH_STEP_GREETING && s->tags_due > 0)
			return take_tags(s, bytes);
		break;
	case KITH_TYPE_HELLO_R:
		if (is_i && s->step == KITH_STEP_GREETING && s->t.hi.n > 0)
			return take_hello_r(s, bytes);
		break;
	case KITH_TYPE_REQUEST:
		if (!is_i && s->step == KITH_STEP_GREETED)
			return take_request(s, bytes);
		break;
	case KITH_TYPE_ACCEPT:
		if (is_i && s->step == KITH_STEP_ASKED)
			return take_accept(s, bytes);
		break;
	case KITH_TYPE_DECLINE:
		if (is_i && s->step == KITH_STEP_ASKED)
			return take_decline(s, bytes);
		break;
	case KITH_TYPE_REVEAL:
		if (!is_i && s->step == KITH_STEP_REVEALING)
			return take_reveal(s, bytes);
		break;
	default:
		break;
	}
	return KITH_ERR_STATE;
}

enum kith_err kith_session_take(struct kith_session *s, struct kith_span message)
{
	struct kith_buf plain;
	uint64_t type;
	enum kith_err err;

	if (s->step == KITH_STEP_ENDED || s->step == KITH_STEP_DONE)
		return KITH_ERR_STATE;
	err = message.n > KITH_MESSAGE_MAX ? KITH_ERR_LIMIT : kith_message_type(message, &type);
	if (err)
		return fault(s, err);
	kith_buf_init(&plain, s->env);
	if (type == KITH_TYPE_ABORT)
		err = take_abort(s, message, &plain);
	else if (type >= KITH_TYPE_AUTH && s->sealed)
		err = take_sealed(s, type, message, &plain);
	else
		err = take_open(s, type, message);
	kith_buf_free(&plain);
	return err && s->step != KITH_STEP_ENDED ? fault(s, err) : err;
}

/* --- what others may know --------------------------------------------------------------------- */

enum kith_step kith_session_step(const struct kith_session *s)
{
	return s->step;
}

enum kith_err kith_session_error(const struct kith_session *s)
{
	return s->error;
}

bool kith_session_spent(const struct kith_session *s)
{
	return s->spent;
}

bool kith_session_agreed(const struct kith_session *s)
{
	return s->kept && s->they_confirmed;
}

bool kith_session_kept(const struct kith_session *s)
{
	return s->kept && !s->conflict;
}

bool kith_session_has_card(const struct kith_session *s)
{
	return s->has_card;
}

bool kith_session_delivered(const struct kith_session *s)
{
	return s->receipt_taken || (!s->self->gives && s->card_taken);
}

struct kith_span kith_session_label(const struct kith_session *s)
{
	return kith_buf_span(&s->label);
}

bool kith_session_they_give(const struct kith_session *s)
{
	return s->they_give;
}

bool kith_session_they_attend(const struct kith_session *s)
{
	return s->they_attend;
}

const uint8_t *kith_session_ik(const struct kith_session *s)
{
	return s->their_ik;
}

bool kith_session_scanned(const struct kith_session *s)
{
	return s->scanned;
}

const char *kith_session_code(const struct kith_session *s)
{
	return s->code;
}
