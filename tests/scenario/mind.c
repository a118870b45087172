/* SPDX-License-Identifier: MIT */
#include "mind.h"

#include <stdlib.h>

#include <kith/card.h>

static size_t place(const struct kith_tie *tie)
{
	expect(tie->contact >= 0 && tie->contact < ACQUAINTED_MAX);
	return (size_t)tie->contact;
}

static enum kith_err standing(void *ctx, const struct kith_tie *tie, struct kith_standing *ret)
{
	const struct mind *m = ctx;

	*ret = m->says[place(tie)];
	return KITH_OK;
}

static enum kith_err rotations(void *ctx, const struct kith_tie *tie, struct kith_buf *out)
{
	const struct mind *m = ctx;

	expect(tie->retired);
	return kith_buf_add(out, m->rotations.p, m->rotations.n);
}

static enum kith_err rotated(void *ctx, const struct kith_tie *tie, struct kith_span statements,
	uint8_t ret_ik[static KITH_KEY_BYTES])
{
	struct mind *m = ctx;

	(void)tie;
	expect(statements.n > 0);
	m->rotated++;
	if (m->rotation_is)
		return m->rotation_is;
	memcpy(ret_ik, m->new_ik, KITH_KEY_BYTES);
	return KITH_OK;
}

static enum kith_err met(void *ctx, const struct kith_friend *who)
{
	struct mind *m = ctx;

	m->met[place(who->tie)]++;
	m->event = who->event;
	m->standing[place(who->tie)] = who->standing;
	return m->fails_with;
}

static enum kith_err next(
	void *ctx, const struct kith_friend *who, size_t room, struct kith_parcel *ret)
{
	struct mind *m = ctx;

	for (size_t i = 0; i < m->outs; i++) {
		struct errand *e = &m->out[i];
		if (e->answered || e->contact != who->tie->contact)
			continue;
		if (e->bytes.n > room)
			return KITH_ERR_LIMIT;
		*ret = (struct kith_parcel){.kind = (enum kith_parcel_kind)e->kind,
			.bytes = kith_buf_span(&e->bytes),
			.ref = (int64_t)i};
		return KITH_OK;
	}
	return KITH_ERR_MISSING;
}

static struct errand *note(
	struct errand *to, const struct kith_friend *who, uint64_t kind, struct kith_span bytes)
{
	to->contact = who->tie->contact;
	to->kind = kind;
	memcpy(to->about, who->session, 32);
	kith_buf_init(&to->bytes, NULL);
	expect(kith_buf_add(&to->bytes, bytes.p, bytes.n) == KITH_OK);
	return to;
}

static bool was_given(const struct mind *m, const struct kith_friend *who)
{
	for (size_t i = 0; i < m->comes; i++)
		if (m->came[i].kind == KITH_PARCEL_RECALL && m->came[i].with.n &&
			memcmp(m->came[i].about, who->session, 32) == 0)
			return true;
	return false;
}

static enum kith_outcome give_back(const struct mind *m, const struct kith_friend *who,
	struct kith_span hash, size_t room, struct kith_span *ret)
{
	const struct kith_buf *held = &m->held[place(who->tie)];

	if (!held->n || !kith_span_eq(hash, kith_span(m->says[place(who->tie)].hash, 32)))
		return KITH_OUTCOME_REFUSED;
	if (held->n > room || was_given(m, who))
		return KITH_OUTCOME_LATER;
	*ret = kith_buf_span(held);
	return KITH_OUTCOME_TAKEN;
}

static enum kith_outcome take(void *ctx, const struct kith_friend *who, uint64_t kind,
	struct kith_span bytes, size_t room, struct kith_span *ret_answer)
{
	struct mind *m = ctx;
	enum kith_outcome outcome = m->takes;

	expect(m->comes < ERRANDS_MAX && ret_answer->n == 0);
	if (m->blunders)
		*ret_answer = kith_buf_span(&m->slip);
	else if (kind == KITH_PARCEL_RECALL && outcome == KITH_OUTCOME_TAKEN)
		outcome = give_back(m, who, bytes, room, ret_answer);
	struct errand *e = note(&m->came[m->comes++], who, kind, bytes);
	e->outcome = outcome;
	e->room = room;
	expect(kith_buf_add(&e->with, ret_answer->p, ret_answer->n) == KITH_OK);
	return outcome;
}

static enum kith_err answered(void *ctx, const struct kith_friend *who,
	const struct kith_parcel *parcel, uint64_t outcome, struct kith_span answer)
{
	struct mind *m = ctx;
	struct errand *e = &m->out[parcel->ref];

	expect(e->contact == who->tie->contact && e->kind == (uint64_t)parcel->kind);
	e->answered = true;
	e->outcome = outcome;
	expect(kith_buf_add(&e->with, answer.p, answer.n) == KITH_OK);
	memcpy(e->about, who->session, 32);
	return KITH_OK;
}

static void parted(void *ctx, const struct kith_friend *who, enum kith_err err)
{
	struct mind *m = ctx;

	m->parted[place(who->tie)] += !err;
	m->broken[place(who->tie)] += err != KITH_OK;
}

struct mind *mind_new(const struct kith_env *env)
{
	struct mind *m = calloc(1, sizeof *m);

	expect(m && kith_circle_new(env, &m->circle) == KITH_OK);
	m->env = env;
	m->host = (struct kith_known_host){.ctx = m,
		.standing = standing,
		.rotations = rotations,
		.rotated = rotated,
		.met = met,
		.next = next,
		.take = take,
		.answered = answered,
		.parted = parted};
	return m;
}

static void errand_free(struct errand *e)
{
	kith_buf_free(&e->bytes);
	kith_buf_free(&e->with);
}

void mind_free(struct mind *m)
{
	if (!m)
		return;
	kith_circle_free(m->circle);
	for (size_t i = 0; i < m->outs; i++)
		errand_free(&m->out[i]);
	for (size_t i = 0; i < m->comes; i++)
		errand_free(&m->came[i]);
	for (size_t i = 0; i < ACQUAINTED_MAX; i++)
		kith_buf_free(&m->held[i]);
	kith_buf_free(&m->rotations);
	kith_buf_free(&m->slip);
	free(m);
}

void mind_owes(struct mind *m, int64_t contact, uint64_t kind, struct kith_span bytes)
{
	expect(m->outs < ERRANDS_MAX);
	struct errand *e = &m->out[m->outs++];

	*e = (struct errand){.contact = contact, .kind = kind};
	expect(kith_buf_add(&e->bytes, bytes.p, bytes.n) == KITH_OK);
}

void mind_holds(struct mind *m, int64_t contact, uint64_t rev, struct kith_span envelope)
{
	struct kith_standing *says = &m->says[contact];

	expect(contact >= 0 && contact < ACQUAINTED_MAX);
	says->has_card = true;
	memcpy(says->card, "the card", sizeof says->card);
	says->rev = rev;
	kith_card_hash(envelope, says->hash);
	kith_buf_clear(&m->held[contact]);
	expect(kith_buf_add(&m->held[contact], envelope.p, envelope.n) == KITH_OK);
}

size_t mind_waiting(const struct mind *m, int64_t contact)
{
	size_t n = 0;

	for (size_t i = 0; i < m->outs; i++)
		n += m->out[i].contact == contact && !m->out[i].answered;
	return n;
}
