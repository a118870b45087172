/* SPDX-License-Identifier: MIT */
#include "session/inside.h"

void kith_session_forget_ties(struct kith_session *s)
{
	s->circle = NULL;
}

/* --- the dialler ------------------------------------------------------------------------------ */

/* HELLO_I with the first tags, and TAGS with the others: all are as long. */
static enum kith_err send_tags(struct kith_session *s, struct kith_span tags)
{
	size_t most = (size_t)KITH_TAGS_MAX * KITH_TAG_BYTES;
	size_t first = tags.n < most ? tags.n : most;
	struct kith_session_hello_i m = {.version = 1,
		.nonce = kith_span(s->nonce_i, sizeof s->nonce_i),
		.tags = kith_span(tags.p, first),
		.more = tags.n / most - (tags.n >= most)};
	enum kith_err err = session_send(s, &kith_session_hello_i_schema, &m, &s->t.hi);

	for (size_t i = 1; !err && i <= m.more; i++) {
		struct kith_session_tags t = {
			.index = i, .tags = kith_span(tags.p + i * most, most)};
		err = session_send(s, &kith_session_tags_schema, &t, &s->t.hi);
	}
	return err;
}

enum kith_err kith_session_greet(struct kith_session *s)
{
	struct kith_buf tags;

	if (s->role != KITH_ROLE_I || s->step != KITH_STEP_GREETING || s->t.hi.n)
		return KITH_ERR_STATE;
	s->env->random(s->env->ctx, s->nonce_i, sizeof s->nonce_i);
	kith_buf_init(&tags, s->env);
	enum kith_err err =
		kith_circle_tags(s->circle, s->env, s->t.listener, s->t.dialler, s->nonce_i, &tags);
	if (!err)
		err = send_tags(s, kith_buf_span(&tags));
	kith_buf_free(&tags);
	return err;
}

static void note(struct kith_session *s, const struct kith_tie *tie)
{
	s->known.matched = tie != NULL;
	if (tie)
		s->known.tie = *tie;
}

enum kith_err session_take_hello_r(struct kith_session *s, struct kith_span bytes)
{
	struct kith_session_hello_r m;
	enum kith_err err = kith_unpack(&kith_session_hello_r_schema, bytes, &m);

	if (!err)
		err = kith_buf_add(&s->t.hr, bytes.p, bytes.n);
	if (err)
		return err;
	note(s, kith_circle_answered(
			s->circle, s->t.listener, s->t.dialler, s->nonce_i, m.nonce.p, m.tag.p));
	s->step = KITH_STEP_GREETED;
	return KITH_OK;
}

/* --- the listener ----------------------------------------------------------------------------- */

/* The last of their tags is here.  What leaves is as long and as random, and made with as much work,
 * whether there is a match or not. */
static enum kith_err answer(struct kith_session *s)
{
	uint8_t tag[16], made[16];
	struct kith_session_hello_r m = {.version = 1,
		.nonce = kith_span(s->nonce_r, sizeof s->nonce_r),
		.tag = kith_span(tag, sizeof tag)};
	const struct kith_tie *tie;

	s->env->random(s->env->ctx, s->nonce_r, sizeof s->nonce_r);
	s->env->random(s->env->ctx, tag, sizeof tag);
	enum kith_err err = kith_circle_match(
		s->circle, s->t.listener, s->t.dialler, s->nonce_i, kith_buf_span(&s->tags), &tie);
	if (err)
		return err;
	note(s, tie);
	kith_tie_answer(&s->known.tie, s->t.listener, s->t.dialler, s->nonce_i, s->nonce_r, made);
	if (s->known.matched)
		memcpy(tag, made, sizeof tag);
	kith_buf_free(&s->tags);
	s->step = KITH_STEP_GREETED;
	return session_send(s, &kith_session_hello_r_schema, &m, &s->t.hr);
}

/* Tags that came are looked at once all are here, and not kept where nobody would be found in them. */
static enum kith_err keep_tags(struct kith_session *s, struct kith_span tags)
{
	return kith_circle_size(s->circle) ? kith_buf_add(&s->tags, tags.p, tags.n) : KITH_OK;
}

/* Whether a list has one of the five lengths: others would be a mark of whoever made it. */
static bool is_length(size_t bytes, uint64_t more)
{
	size_t tags = bytes / KITH_TAG_BYTES;

	if (bytes % KITH_TAG_BYTES)
		return false;
	if (more)
		return tags == KITH_TAGS_MAX && (more == 3 || more == KITH_TAGS_MESSAGES_MAX);
	return tags == KITH_TAGS_MIN || tags == 256 || tags == KITH_TAGS_MAX;
}

enum kith_err session_take_hello_i(struct kith_session *s, struct kith_span bytes)
{
	struct kith_session_hello_i m;
	enum kith_err err = kith_unpack(&kith_session_hello_i_schema, bytes, &m);

	if (err)
		return err;
	if (!is_length(m.tags.n, m.more))
		return KITH_ERR_SHAPE;
	if ((err = kith_buf_add(&s->t.hi, bytes.p, bytes.n)) || (err = keep_tags(s, m.tags)))
		return err;
	memcpy(s->nonce_i, m.nonce.p, sizeof s->nonce_i);
	s->tags_due = m.more;
	return s->tags_due ? KITH_OK : answer(s);
}

enum kith_err session_take_tags(struct kith_session *s, struct kith_span bytes)
{
	struct kith_session_tags m;
	enum kith_err err = kith_unpack(&kith_session_tags_schema, bytes, &m);

	if (err)
		return err;
	if (m.index != s->tags_taken + 1)
		return KITH_ERR_STATE;
	if ((err = kith_buf_add(&s->t.hi, bytes.p, bytes.n)) || (err = keep_tags(s, m.tags)))
		return err;
	s->tags_taken++;
	return --s->tags_due ? KITH_OK : answer(s);
}
