/* SPDX-License-Identifier: MIT
 *
 * known.txt - ties, tags, and sessions of two who know each other, in which the engine is R: what it sends is
 * compared byte by byte.
 */
#include "base/auto.h"
#include "crypto/exchange.h"
#include "session/circle.h"
#include "vectors/script.h"

static void check_tie(struct kith_vector *v)
{
	struct kith_circle *circle = NULL;
	struct kith_identity *id = NULL;
	struct kith_tie tie = {.contact = 1};

	memcpy(tie.theirs, kith_vector_32(v, "ik"), 32);
	memcpy(tie.their_xk, kith_vector_32(v, "xk"), 32);
	if (kith_circle_new(kith_env_default(), &circle) ||
		kith_identity_from_seed(kith_vector_32(v, "seed"), &id))
		kith_vector_fail(v, "no circle");
	else
		kith_vector_same_class(v, kith_circle_add(circle, id, NULL, NULL, &tie));
	if (circle && kith_circle_size(circle))
		kith_vector_same(v, "k", kith_span(kith_circle_at(circle, 0)->k, 32));
	kith_circle_free(circle);
	kith_identity_free(id);
}

/* A circle with one tie, whose K the vector sets. */
static struct kith_circle *circle_of(struct kith_vector *v)
{
	struct kith_circle *circle = NULL;
	struct kith_identity *id = NULL;
	struct kith_tie tie = {.contact = 1, .theirs = {1}, .their_xk = {9}};

	if (kith_circle_new(kith_env_default(), &circle) ||
		kith_identity_from_seed(kith_vector_32(v, "k"), &id) ||
		kith_circle_add(circle, id, NULL, NULL, &tie))
		kith_vector_fail(v, "no circle");
	kith_identity_free(id);
	return circle;
}

static void check_tag(struct kith_vector *v)
{
	KITH_AUTO_BUF struct kith_buf tags = {0};
	struct kith_circle *circle = circle_of(v);
	struct kith_span tag = kith_vector_bytes(v, "tag");
	const struct kith_tie *found = NULL;
	uint8_t answer[16];
	size_t hits = 0;

	if (v->failed || tag.n != KITH_TAG_BYTES) {
		kith_vector_fail(v, "no tag");
		kith_circle_free(circle);
		return;
	}
	memcpy(((struct kith_tie *)(uintptr_t)kith_circle_at(circle, 0))->k, kith_vector_32(v, "k"),
		32);
	const uint8_t *s = kith_vector_32(v, "s"), *c = kith_vector_32(v, "c");
	const uint8_t *n_i = kith_vector_32(v, "n_i"), *n_r = kith_vector_32(v, "n_r");
	if (kith_circle_tags(circle, kith_env_default(), s, c, n_i, &tags))
		kith_vector_fail(v, "no tags");
	for (size_t i = 0; i < tags.n; i += KITH_TAG_BYTES)
		hits += memcmp(tags.p + i, tag.p, KITH_TAG_BYTES) == 0;
	if (hits != 1)
		kith_vector_fail(v, "the tag is there %zu times", hits);
	kith_tie_answer(kith_circle_at(circle, 0), s, c, n_i, n_r, answer);
	kith_vector_same(v, "answer", kith_span(answer, sizeof answer));
	if (kith_circle_match(circle, s, c, n_i, tag, &found) || !found ||
		!kith_circle_answered(circle, s, c, n_i, n_r, answer))
		kith_vector_fail(v, "no match");
	kith_circle_free(circle);
}

static void check_class(struct kith_vector *v)
{
	static const uint8_t zeros[32];
	KITH_AUTO_BUF struct kith_buf tags = {0};
	struct kith_circle *circle = NULL;
	struct kith_identity *id = NULL;
	size_t ties = (size_t)kith_vector_number(v, "ties");

	if (kith_circle_new(kith_env_default(), &circle) || kith_identity_from_seed(zeros, &id))
		kith_vector_fail(v, "no circle");
	for (size_t i = 0; !v->failed && i < ties; i++) {
		struct kith_tie tie = {.contact = (int64_t)i, .theirs = {1}, .their_xk = {9}};
		if (kith_circle_add(circle, id, NULL, NULL, &tie))
			kith_vector_fail(v, "no tie");
	}
	if (kith_circle_tags(circle, kith_env_default(), zeros, zeros, zeros, &tags))
		kith_vector_fail(v, "no tags");
	kith_vector_same_number(v, "tags", tags.n / KITH_TAG_BYTES);
	kith_circle_free(circle);
	kith_identity_free(id);
}

/* --- a session -------------------------------------------------------------------------------- */

static bool has(const struct kith_vector *v, const char *key)
{
	return kith_vector_text(v, key) != NULL;
}

/* R's. */
struct host {
	struct kith_vector *v;
	bool handed; /* kind_r and bytes_r */
};

static enum kith_err standing(void *ctx, const struct kith_tie *tie, struct kith_standing *ret)
{
	struct kith_vector *v = ((struct host *)ctx)->v;

	(void)tie;
	*ret = (struct kith_standing){.agreed = kith_vector_is(v, "agreed_r", "1"),
		.has_card = !kith_vector_is(v, "card_r", "-"),
		.rev = kith_vector_number(v, "rev_r")};
	if (ret->has_card) {
		memcpy(ret->card, kith_vector_bytes(v, "card_r").p, sizeof ret->card);
		memcpy(ret->hash, kith_vector_32(v, "hash_r"), sizeof ret->hash);
	}
	return KITH_OK;
}

static enum kith_err met(void *ctx, const struct kith_friend *who)
{
	struct kith_vector *v = ((struct host *)ctx)->v;
	const struct kith_standing *s = &who->standing;

	kith_vector_same(v, "th", kith_span(who->session, 32));
	kith_vector_same(v, "k", kith_span(who->tie->k, 32));
	if (!s->agreed)
		kith_vector_fail(v, "another standing");
	kith_vector_same(v, "card_i", kith_span(s->card, s->has_card ? sizeof s->card : 0));
	kith_vector_same_number(v, "rev_i", s->rev);
	kith_vector_same(v, "hash_i", kith_span(s->hash, s->has_card ? sizeof s->hash : 0));
	return KITH_OK;
}

static enum kith_err next(
	void *ctx, const struct kith_friend *who, size_t room, struct kith_parcel *ret)
{
	struct host *h = ctx;

	(void)who;
	(void)room;
	if (h->handed || !has(h->v, "kind_r"))
		return KITH_ERR_MISSING;
	h->handed = true;
	*ret = (struct kith_parcel){
		.kind = (enum kith_parcel_kind)kith_vector_number(h->v, "kind_r"),
		.bytes = kith_vector_bytes(h->v, "bytes_r")};
	return KITH_OK;
}

static enum kith_outcome take(void *ctx, const struct kith_friend *who, uint64_t kind,
	struct kith_span bytes, size_t room, struct kith_span *ret_answer)
{
	struct kith_vector *v = ((struct host *)ctx)->v;

	(void)who;
	(void)room;
	if (kind != KITH_PARCEL_CARD && kind != KITH_PARCEL_RECALL)
		kith_vector_fail(v, "another kind");
	kith_vector_same(v, kind == KITH_PARCEL_CARD ? "envelope" : "hash_r", bytes);
	if (kind == KITH_PARCEL_RECALL)
		*ret_answer = kith_vector_bytes(v, "held_r");
	return KITH_OUTCOME_TAKEN;
}

static enum kith_err answered(void *ctx, const struct kith_friend *who,
	const struct kith_parcel *parcel, uint64_t outcome, struct kith_span answer)
{
	struct kith_vector *v = ((struct host *)ctx)->v;

	(void)who;
	kith_vector_same_number(v, "kind_r", parcel->kind);
	if (outcome != (has(v, "outcome_i") ? kith_vector_number(v, "outcome_i") : 0))
		kith_vector_fail(v, "another outcome");
	kith_vector_same(v, "held_i", answer);
	return KITH_OK;
}

static struct kith_circle *circle_of_r(struct kith_vector *v)
{
	struct kith_circle *circle = NULL;
	struct kith_identity *id = NULL;
	struct kith_tie tie = {.contact = 1};

	memcpy(tie.theirs, kith_vector_32(v, "ik_i"), 32);
	memcpy(tie.their_xk, kith_vector_32(v, "xk_i"), 32);
	if (kith_identity_from_seed(kith_vector_32(v, "seed_r"), &id) ||
		kith_circle_new(kith_env_default(), &circle) ||
		kith_circle_add(circle, id, NULL, NULL, &tie))
		kith_vector_fail(v, "no circle");
	kith_identity_free(id);
	return circle;
}

/* What I says, in order; *ret_err is what R makes of the last one, all others are taken. */
static void hears(struct kith_vector *v, struct kith_script *r, enum kith_err *ret_err)
{
	static const char *const comes[] = {
		"hello_i", "k1", "k3", "parcel", "recall", "ack_i", "quiet_i", "close_i"};
	const char *last = NULL;

	*ret_err = KITH_OK;
	for (size_t i = 0; !v->failed && i < sizeof comes / sizeof comes[0]; i++) {
		if (!has(v, comes[i]))
			continue;
		if (*ret_err)
			kith_vector_fail(v, "%s: %s", last, kith_err_name(*ret_err));
		last = comes[i];
		*ret_err = kith_session_take(r->s, kith_vector_bytes(v, last));
	}
}

/* What R has said, in order: its QUIET at once, or when its parcel was answered. */
static void has_said(struct kith_vector *v, struct kith_script *r)
{
	static const char *const quiet_first[] = {"hello_r", "k2", "quiet_r", "ack", "close_r"};
	static const char *const quiet_late[] = {
		"hello_r", "k2", "parcel_r", "ack", "ack_recall", "quiet_r", "close_r"};
	bool late = has(v, "parcel_r");
	const char *const *leaves = late ? quiet_late : quiet_first;
	size_t n = late ? 7 : 5, sent = 0;

	for (size_t i = 0; !v->failed && i < n; i++)
		if (has(v, leaves[i]))
			kith_vector_same(v, leaves[i], kith_script_sent(r, sent++));
}

static void check_session(struct kith_vector *v)
{
	static const uint8_t chance[16] = "and no matter";
	struct host h = {.v = v};
	struct kith_known_host host = {.ctx = &h,
		.standing = standing,
		.met = met,
		.next = next,
		.take = take,
		.answered = answered};
	struct kith_circle *circle = circle_of_r(v);
	struct kith_script r = {.self = {.circle = circle, .known = &host}};
	enum kith_err err;

	kith_script_draw(&r, kith_vector_bytes(v, "n_r"));
	kith_script_draw(&r, kith_span(chance, sizeof chance));
	kith_script_draw(&r, kith_vector_bytes(v, "e_r"));
	if (!kith_script_start(&r, KITH_ROLE_R, kith_vector_32(v, "seed_r"), kith_vector_32(v, "s"),
		    kith_vector_32(v, "c")))
		kith_vector_fail(v, "no engine");
	kith_script_header(kith_vector_bytes(v, "header_r"));
	hears(v, &r, &err);
	if (!v->failed)
		kith_vector_same_class(v, err);
	has_said(v, &r);
	if (r.ran_dry || (has(v, "close_i") && kith_session_step(r.s) != KITH_STEP_DONE))
		kith_vector_fail(v, "it did not come to its end");
	kith_script_free(&r);
	kith_circle_free(circle);
}

void kith_vector_known(struct kith_vector *v)
{
	if (kith_vector_is(v, "kind", "tie"))
		check_tie(v);
	else if (kith_vector_is(v, "kind", "tag"))
		check_tag(v);
	else if (kith_vector_is(v, "kind", "class"))
		check_class(v);
	else if (kith_vector_is(v, "kind", "session"))
		check_session(v);
	else
		kith_vector_fail(v, "of an unknown kind");
}
