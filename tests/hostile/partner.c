/* SPDX-License-Identifier: MIT */
#include "partner.h"

#include "base/limits.h"

const char *const fate_names[] = {
	"stopped", "aborted", "declined", "closed", "silent", "done", "own"};

/* --- the session's outside -------------------------------------------------------------------- */

static void put(struct partner *p, struct kith_span bytes)
{
	if (p->mute)
		return;
	p->sent++;
	p->broken = p->broken || !curve_send(p->line, 0, bytes);
}

/* A message of some other type, as good as can be had without what it needs. */
static void out_of_turn(struct partner *p, uint64_t type)
{
	static const uint8_t some[KITH_TAGS_MAX * KITH_TAG_BYTES] = "some";
	struct kith_span b32 = kith_span(some, 32), label = kith_span_str("turn");
	struct kith_session_hello_i hello_i = {.version = 1,
		.nonce = b32,
		.tags = kith_span(some, KITH_TAGS_MIN * KITH_TAG_BYTES)};
	struct kith_session_hello_r hello_r = {
		.version = 1, .nonce = b32, .tag = kith_span(some, 16)};
	struct kith_session_tags tags = {.index = 1, .tags = kith_span(some, sizeof some)};
	struct kith_session_request request = {.commit = b32, .label = label, .method = 1};
	struct kith_session_accept accept = {
		.e = b32, .r = b32, .ik = b32, .xk = b32, .label = label};
	struct kith_session_reveal reveal = {.e = b32, .r = b32, .ik = b32, .xk = b32};
	struct kith_session_sealed box = {.box = kith_span(some, 120)};
	const void *plain[] = {[KITH_TYPE_HELLO_I] = &hello_i,
		[KITH_TYPE_HELLO_R] = &hello_r,
		[KITH_TYPE_TAGS] = &tags,
		[KITH_TYPE_REQUEST] = &request,
		[KITH_TYPE_ACCEPT] = &accept,
		[KITH_TYPE_REVEAL] = &reveal};
	struct kith_buf out = {0};
	enum kith_err err = type < sizeof plain / sizeof plain[0] && plain[type]
				    ? kith_pack(bend_schema(type), plain[type], &out)
				    : kith_pack_as(&kith_session_sealed_schema, type, &box, &out);

	if (!err)
		put(p, kith_buf_span(&out));
	kith_buf_free(&out);
}

static void on_send(void *ctx, struct kith_span message)
{
	struct partner *p = ctx;
	const struct bend *b = p->bend;
	uint64_t type = 0;
	bool order = b && (b->kind == BEND_TURN || b->kind == BEND_REPEAT) &&
		     kith_message_type(message, &type) == KITH_OK && type == b->schema->type;

	if (order && b->kind == BEND_TURN && !p->turned) {
		p->turned = true;
		out_of_turn(p, b->key);
	}
	put(p, message);
	if (order && b->kind == BEND_REPEAT)
		put(p, message);
}

static enum kith_err on_confirm(void *ctx, const struct kith_meeting *m)
{
	(void)ctx;
	(void)m;
	return KITH_OK;
}

static enum kith_err on_confirmed(void *ctx, const uint8_t session[static 32], enum kith_how theirs)
{
	(void)ctx;
	(void)session;
	(void)theirs;
	return KITH_OK;
}

static enum kith_err on_card(void *ctx, const uint8_t session[static 32],
	const struct kith_card *card, struct kith_span envelope)
{
	struct partner *p = ctx;

	(void)session;
	(void)card;
	(void)envelope;
	p->cards++;
	return KITH_OK;
}

static enum kith_err on_receipt(void *ctx, const struct kith_receipt *r)
{
	(void)ctx;
	(void)r;
	return KITH_OK;
}

static enum kith_err on_mismatch(void *ctx, const uint8_t session[static 32])
{
	(void)ctx;
	(void)session;
	return KITH_OK;
}

/* --- who he is -------------------------------------------------------------------------------- */

static bool make_card(struct partner *p, const char *name)
{
	struct kith_card card = {.rev = 1, .issued = 1, .card = {1}};

	memcpy(card.ik, kith_identity_ik(p->id), 32);
	memcpy(card.xk, kith_identity_xk(p->id), 32);
	card.fields.n = 1;
	card.fields.at[0] = (struct kith_field){
		.kind = KITH_FIELD_NAME, .part = {kith_span_str(name)}, .parts = 1};
	return kith_card_sign(p->id, &card, &p->envelope) == KITH_OK;
}

bool partner_start(struct partner *p, struct curve *line, const char *name, bool dials)
{
	const struct kith_session_host host = {.ctx = p,
		.send = on_send,
		.confirm = on_confirm,
		.confirmed = on_confirmed,
		.card = on_card,
		.receipt = on_receipt,
		.mismatch = on_mismatch};
	const uint8_t *mine = line->keys->key;

	*p = (struct partner){.line = line, .dials = dials};
	if (kith_identity_new(NULL, &p->id) || !make_card(p, name)) {
		partner_end(p);
		return false;
	}
	p->self = (struct kith_self){.id = p->id,
		.label = kith_span_str(name),
		.envelope = kith_buf_span(&p->envelope),
		.card = {1},
		.rev = 1,
		.gives = true,
		.attended = true};
	if (kith_session_new(kith_env_default(), &p->self, &host, dials ? KITH_ROLE_I : KITH_ROLE_R,
		    dials ? line->far : mine, dials ? mine : line->far, kith_span_str("hostile"),
		    &p->session)) {
		partner_end(p);
		return false;
	}
	return true;
}

void partner_end(struct partner *p)
{
	kith_session_free(p->session);
	kith_identity_free(p->id);
	kith_buf_free(&p->envelope);
	p->session = NULL;
	p->id = NULL;
}

/* --- his course ------------------------------------------------------------------------------- */

/* Whatever a person is asked, the answer is yes.  False: the session ended over it. */
static bool decide(struct partner *p)
{
	switch (kith_session_step(p->session)) {
	case KITH_STEP_GREETING:
		return !p->dials || p->sent > 0 || kith_session_greet(p->session) == KITH_OK;
	case KITH_STEP_GREETED:
		return !p->dials || kith_session_ask(p->session) == KITH_OK;
	case KITH_STEP_ASKING:
		return kith_session_accept(p->session) == KITH_OK;
	case KITH_STEP_COMPARING:
		return kith_session_same(p->session, KITH_HOW_COMPARED, false) == KITH_OK;
	default:
		return true;
	}
}

/* What a message means that the session did not take. */
static enum fate refused(struct kith_span message)
{
	uint64_t type = 0;

	if (kith_message_type(message, &type) != KITH_OK)
		return FATE_OWN;
	return type == KITH_TYPE_ABORT     ? FATE_ABORTED
	       : type == KITH_TYPE_DECLINE ? FATE_DECLINED
					   : FATE_OWN;
}

/* Nothing came: was the line closed, or is it silent? */
static enum fate ended(const struct partner *p)
{
	return wire_fate(p->line->fd, 0) ? FATE_SILENT : FATE_CLOSED;
}

static enum fate go(struct partner *p, enum kith_step until, struct kith_buf *in)
{
	for (;;) {
		enum kith_step step = kith_session_step(p->session);
		if (step >= until && step != KITH_STEP_ENDED)
			return step == KITH_STEP_DONE ? FATE_DONE : FATE_STOPPED;
		if (!decide(p))
			return FATE_OWN;
		if (kith_session_step(p->session) != step)
			continue;
		if (!curve_receive(p->line, in))
			return ended(p);
		p->got++;
		if (kith_session_take(p->session, kith_buf_span(in)))
			return refused(kith_buf_span(in));
	}
}

enum fate partner_goes(struct partner *p, enum kith_step until)
{
	struct kith_buf in = {0};

	bend_now = p->bend;
	enum fate fate = go(p, until, &in);
	bend_now = NULL;
	kith_buf_free(&in);
	return fate;
}
