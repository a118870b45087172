/* SPDX-License-Identifier: MIT
 *
 * known.txt - ties, tags, and whole sessions of two who know each other, in which the engine is R: what it
 * sends is compared byte by byte.
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

static enum kith_err standing(void *ctx, const struct kith_tie *tie, struct kith_standing *ret)
{
	struct kith_vector *v = ctx;

	(void)tie;
	*ret = (struct kith_standing){.agreed = kith_vector_is(v, "agreed_r", "1"),
		.number = kith_vector_number(v, "number_r")};
	return KITH_OK;
}

static enum kith_err met(void *ctx, const struct kith_friend *who)
{
	struct kith_vector *v = ctx;

	kith_vector_same(v, "th", kith_span(who->session, 32));
	kith_vector_same(v, "k", kith_span(who->tie->k, 32));
	if (!who->standing.agreed || who->standing.rev != 7 || who->standing.number != 9 ||
		memcmp(who->standing.card, "the card", 8) != 0)
		kith_vector_fail(v, "another standing");
	return KITH_OK;
}

static enum kith_err next(
	void *ctx, const struct kith_friend *who, size_t room, struct kith_parcel *ret)
{
	(void)ctx;
	(void)who;
	(void)room;
	(void)ret;
	return KITH_ERR_MISSING;
}

static enum kith_outcome take(
	void *ctx, const struct kith_friend *who, uint64_t kind, struct kith_span bytes)
{
	struct kith_vector *v = ctx;

	(void)who;
	if (kind != KITH_PARCEL_CARD)
		kith_vector_fail(v, "another kind");
	kith_vector_same(v, "envelope", bytes);
	return KITH_OUTCOME_TAKEN;
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

static void check_session(struct kith_vector *v)
{
	static const char *const comes[] = {"hello_i", "k1", "k3", "parcel", "quiet_i", "close_i"};
	static const char *const leaves[] = {"hello_r", "k2", "quiet_r", "ack", "close_r"};
	static const uint8_t chance[16] = "and no matter";
	struct kith_known_host host = {
		.ctx = v, .standing = standing, .met = met, .next = next, .take = take};
	struct kith_circle *circle = circle_of_r(v);
	struct kith_script r = {.self = {.circle = circle, .known = &host}};

	kith_script_draw(&r, kith_vector_bytes(v, "n_r"));
	kith_script_draw(&r, kith_span(chance, sizeof chance));
	kith_script_draw(&r, kith_vector_bytes(v, "e_r"));
	if (!kith_script_start(&r, KITH_ROLE_R, kith_vector_32(v, "seed_r"), kith_vector_32(v, "s"),
		    kith_vector_32(v, "c")))
		kith_vector_fail(v, "no engine");
	kith_script_header(kith_vector_bytes(v, "header_r"));
	for (size_t i = 0; !v->failed && i < sizeof comes / sizeof comes[0]; i++) {
		enum kith_err err = kith_session_take(r.s, kith_vector_bytes(v, comes[i]));
		if (err)
			kith_vector_fail(v, "%s: %s", comes[i], kith_err_name(err));
	}
	for (size_t i = 0; !v->failed && i < sizeof leaves / sizeof leaves[0]; i++)
		kith_vector_same(v, leaves[i], kith_script_sent(&r, i));
	if (!v->failed && (r.ran_dry || kith_session_step(r.s) != KITH_STEP_DONE))
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
