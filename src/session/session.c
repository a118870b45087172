/* SPDX-License-Identifier: MIT */
#include "session/inside.h"

/* --- life ------------------------------------------------------------------------------------- */

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
	kith_buf_init(&s->tags, env);
	s->circle = self->known ? self->circle : NULL;
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
	if (s->step != KITH_STEP_ENDED && s->step != KITH_STEP_DONE)
		(void)session_end(s, KITH_ERR_BROKEN);
	kith_transcript_free(&s->t);
	kith_buf_free(&s->network);
	kith_buf_free(&s->label);
	kith_buf_free(&s->tags);
	const struct kith_env *env = s->env;
	kith_wipe(s, sizeof *s);
	env->release(env->ctx, s, sizeof *s);
}

void kith_session_expect(struct kith_session *s, const uint8_t ik[static 32])
{
	memcpy(s->scanned_ik, ik, sizeof s->scanned_ik);
	s->expects = true;
}

/* --- dispatch --------------------------------------------------------------------------------- */

static enum kith_err take_open(struct kith_session *s, uint64_t type, struct kith_span bytes)
{
	bool is_i = s->role == KITH_ROLE_I;

	switch (type) {
	case KITH_TYPE_HELLO_I:
		if (!is_i && s->step == KITH_STEP_GREETING && s->t.hi.n == 0)
			return session_take_hello_i(s, bytes);
		break;
	case KITH_TYPE_TAGS:
		if (!is_i && s->step == KITH_STEP_GREETING && s->tags_due > 0)
			return session_take_tags(s, bytes);
		break;
	case KITH_TYPE_HELLO_R:
		if (is_i && s->step == KITH_STEP_GREETING && s->t.hi.n > 0)
			return session_take_hello_r(s, bytes);
		break;
	case KITH_TYPE_REQUEST:
		if (!is_i && s->step == KITH_STEP_GREETED)
			return session_take_request(s, bytes);
		break;
	case KITH_TYPE_ACCEPT:
		if (is_i && s->step == KITH_STEP_ASKED)
			return session_take_accept(s, bytes);
		break;
	case KITH_TYPE_DECLINE:
		if (is_i && s->step == KITH_STEP_ASKED)
			return session_take_decline(s, bytes);
		break;
	case KITH_TYPE_REVEAL:
		if (!is_i && s->step == KITH_STEP_REVEALING)
			return session_take_reveal(s, bytes);
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
		return session_fault(s, err);
	kith_buf_init(&plain, s->env);
	if (type == KITH_TYPE_ABORT)
		err = session_take_abort(s, message, &plain);
	else if (type >= KITH_TYPE_K1 && type <= KITH_TYPE_CLOSE)
		err = session_take_known(s, type, message, &plain);
	else if (type >= KITH_TYPE_AUTH && s->sealed)
		err = session_take_sealed(s, type, message, &plain);
	else
		err = take_open(s, type, message);
	kith_buf_free(&plain);
	return err && s->step != KITH_STEP_ENDED ? session_fault(s, err) : err;
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

const struct kith_tie *kith_session_tie(const struct kith_session *s)
{
	return s->known.matched ? &s->known.tie : NULL;
}

bool kith_session_met(const struct kith_session *s)
{
	return s->known.met;
}

bool kith_session_quiet(const struct kith_session *s)
{
	return s->known.quiet;
}

bool kith_session_more(const struct kith_session *s)
{
	return s->known.more;
}

bool kith_session_used(const struct kith_session *s)
{
	return s->known.used || (s->known.more && !s->known.retired);
}

bool kith_session_retired(const struct kith_session *s)
{
	return s->known.retired;
}

bool kith_session_silent(const struct kith_session *s)
{
	return s->silent;
}
