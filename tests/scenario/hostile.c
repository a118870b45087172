/* SPDX-License-Identifier: MIT
 *
 * hostile - a partner who keeps to proto/session.md, and then does not: whatever he sends, no card
 * leaves before both confirmed, nothing is believed that was not proven, and the session ends.
 */
#include "stranger.h"

/* One victim, one stranger, in both roles. */
typedef void (*with_fn)(struct world *w, struct stranger *s);

static void with(bool dials, enum stage stage, with_fn story)
{
	struct world *w = world_starts(1, KEEPING_STORE);
	struct person *ada = comes_as(w, "Ada", (struct manner){.long_code = true});
	struct stranger s = stranger_meets(w, "Mallory", ada, dials);

	stranger_goes(&s, stage);
	story(w, &s);
	expect(claims_hold(ada, s.me));
	stranger_free(&s);
	world_ends(w);
}

static void in_both_roles(enum stage stage, with_fn story)
{
	with(true, stage, story);
	with(false, stage, story);
}

/* It ended without a trace in the store and without a card. */
static bool left_nothing(const struct stranger *s, enum kith_err err)
{
	return failed_with(s->victim, s->me, err) && knows_nothing(s->victim, s->me) &&
	       s->victim->sent[KITH_TYPE_CARD] == 0;
}

/* --- the page, kept --------------------------------------------------------------------------- */

static void all_is_well(struct world *w, struct stranger *s)
{
	const struct heard *code = last_told(s->victim, KITH_NEWS_CODE, s->me);

	(void)w;
	expect(code && strcmp(code->code, s->code) == 0);
	expect(last_told(s->victim, KITH_NEWS_SWAPPED, s->me)->delivered);
	expect(has_swapped(s->victim, s->me));
	expect(holds(s->victim, s->me).how == KITH_HOW_COMPARED);
}

static void he_keeps_to_the_page(void **state)
{
	(void)state;
	in_both_roles(STAGE_DONE, all_is_well);
}

static void he_has_many_friends(void **state)
{
	(void)state;
	for (uint64_t more = 3; more <= KITH_TAGS_MESSAGES_MAX; more += 12) {
		struct world *w = world_starts(1, KEEPING_LEDGER);
		struct person *ada = comes_as(w, "Ada", (struct manner){.long_code = true});
		struct stranger s = stranger_meets(w, "Mallory", ada, true);
		s.more = more;
		stranger_goes(&s, STAGE_DONE);
		all_is_well(w, &s);
		stranger_free(&s);
		world_ends(w);
	}
}

/* The card that he is to get stays as it is until the end. */
static void her_card_is_in_use(struct world *w, struct stranger *s)
{
	(void)w;
	expect(kith_room_swaps(s->victim->room) == 1);
}

static void her_card_is_free(struct world *w, struct stranger *s)
{
	(void)w;
	expect(kith_room_swaps(s->victim->room) == 0);
}

static void one_card_from_begin_to_end(void **state)
{
	(void)state;
	for (enum stage stage = STAGE_ACCEPTED; stage < STAGE_DONE; stage++)
		in_both_roles(stage, her_card_is_in_use);
	with(true, STAGE_ASKING, her_card_is_free);
	in_both_roles(STAGE_CONNECTED, her_card_is_free);
}

static void he_gives_nothing(void **state)
{
	(void)state;
	for (int dials = 0; dials < 2; dials++) {
		struct world *w = world_starts(1, KEEPING_STORE);
		struct person *ada = comes(w, "Ada");
		struct stranger s = stranger_meets(w, "Mallory", ada, dials);
		s.gives = false;
		stranger_goes(&s, STAGE_DONE);
		expect(last_told(ada, KITH_NEWS_SWAPPED, s.me)->delivered);
		expect(holds(ada, s.me).delivered);
		stranger_free(&s);
		world_ends(w);
	}
}

/* What two sessions of one room may not have in common, in the order they are drawn. */
struct drawn {
	uint8_t nonce[32], tags[16], e[32], r[32], commit[32];
};

static void copy(uint8_t *to, size_t n, struct kith_span from)
{
	expect(from.n >= n);
	memcpy(to, from.p, n);
}

/* As the victim drew them: HELLO_R and ACCEPT, or HELLO_I, REQUEST and REVEAL. */
static struct drawn drawn_by(const struct stranger *s)
{
	struct drawn d = {0};
	struct kith_session_hello_i hi;
	struct kith_session_hello_r hr;
	struct kith_session_request s1;
	struct kith_session_accept s2;
	struct kith_session_reveal s3;

	expect(!kith_unpack(&kith_session_hello_i_schema, kith_buf_span(&s->hi), &hi) &&
		!kith_unpack(&kith_session_hello_r_schema, kith_buf_span(&s->hr), &hr) &&
		!kith_unpack(&kith_session_request_schema, kith_buf_span(&s->s1), &s1) &&
		!kith_unpack(&kith_session_accept_schema, kith_buf_span(&s->s2), &s2) &&
		!kith_unpack(&kith_session_reveal_schema, kith_buf_span(&s->s3), &s3));
	copy(d.nonce, 32, s->dials ? hr.nonce : hi.nonce);
	copy(d.tags, 16, s->dials ? hr.tag : hi.tags);
	copy(d.e, 32, s->dials ? s2.e : s3.e);
	copy(d.r, 32, s->dials ? s2.r : s3.r);
	copy(d.commit, 32, s1.commit);
	return d;
}

static void nothing_is_used_twice(void **state)
{
	(void)state;
	for (int dials = 0; dials < 2; dials++) {
		struct world *w = world_starts(1, KEEPING_LEDGER);
		struct person *ada = comes(w, "Ada");
		struct stranger a = stranger_meets(w, "Mallory", ada, dials);
		struct stranger b = {.me = a.me, .victim = ada, .dials = dials, .gives = true};
		stranger_goes(&a, STAGE_DONE);
		passes(w, KITH_CLOSING_MS);
		stranger_goes(&b, STAGE_DONE);
		struct drawn x = drawn_by(&a), y = drawn_by(&b);
		expect(memcmp(x.nonce, y.nonce, 32) != 0 && memcmp(x.tags, y.tags, 16) != 0);
		expect(memcmp(x.e, y.e, 32) != 0 && memcmp(x.r, y.r, 32) != 0);
		expect(memcmp(x.commit, y.commit, 32) != 0);
		stranger_free(&a);
		stranger_free(&b);
		world_ends(w);
	}
}

/* --- commitment ------------------------------------------------------------------------------- */

/* One byte of REVEAL is not what was committed to, in each of its fields. */
static void another_reveal(struct world *w, struct stranger *s)
{
	static const size_t places[] = {7, 42, 77, 112, 142}; /* e, r, ik, xk, the last byte */

	(void)w;
	s->s3.p[places[w->seed % 5]] ^= 1;
	stranger_bytes(s, kith_buf_span(&s->s3));
	expect(stranger_was_aborted(s, KITH_ABORT_COMMIT));
	expect(left_nothing(s, KITH_ERR_COMMIT));
	expect(told(s->victim, KITH_NEWS_CODE, NULL) == 0);
}

static void reveal_is_not_what_was_committed_to(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < 5; seed++) {
		struct world *w = world_starts(seed, KEEPING_LEDGER);
		struct person *ada = comes(w, "Ada");
		struct stranger s = stranger_meets(w, "Mallory", ada, true);
		stranger_goes(&s, STAGE_ACCEPTED);
		another_reveal(w, &s);
		stranger_free(&s);
		world_ends(w);
	}
}

/* REQUEST and REVEAL of an earlier session, again: this session's HELLO_R is another. */
static void an_old_request_again(void **state)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct person *ada = comes(w, "Ada");
	struct stranger s = stranger_meets(w, "Mallory", ada, true);

	(void)state;
	stranger_goes(&s, STAGE_PROVEN);
	says_different(ada, s.me);
	settles(w);
	s.read = s.me->inbox_n;
	stranger_dials(s.me, ada);
	stranger_bytes(&s, kith_buf_span(&s.hi));
	(void)stranger_gets(&s, KITH_TYPE_HELLO_R);
	stranger_bytes(&s, kith_buf_span(&s.s1));
	says_yes(ada, s.me);
	settles(w);
	(void)stranger_gets(&s, KITH_TYPE_ACCEPT);
	s.sealed = false;
	stranger_bytes(&s, kith_buf_span(&s.s3));
	expect(stranger_was_aborted(&s, KITH_ABORT_COMMIT));
	expect(failed_with(ada, s.me, KITH_ERR_COMMIT));
	stranger_free(&s);
	world_ends(w);
}

/* --- keys ------------------------------------------------------------------------------------- */

/* A key with which any secret makes zero. */
static void a_weak_key_in_accept(struct world *w, struct stranger *s)
{
	static const uint8_t weak[32] = {1};
	struct kith_session_accept m = {.e = kith_span(weak, 32),
		.r = kith_span(s->th, 32),
		.ik = kith_span(kith_identity_ik(s->me->id), 32),
		.xk = kith_span(kith_identity_xk(s->me->id), 32),
		.label = kith_span_str(s->me->name),
		.gives = true,
		.attended = true};

	(void)w;
	stranger_plain(s, &kith_session_accept_schema, &m);
	(void)stranger_gets(s, KITH_TYPE_REVEAL);
	expect(stranger_was_aborted(s, KITH_ABORT_PROTOCOL));
	expect(left_nothing(s, KITH_ERR_PROTOCOL));
	expect(told(s->victim, KITH_NEWS_CODE, NULL) == 0);
}

static void the_secret_would_be_zero(void **state)
{
	(void)state;
	with(false, STAGE_GREETED, a_weak_key_in_accept);
}

/* Somebody who has Ada's own key, in both roles: refused, and no REVEAL goes to him. */
static void he_has_adas_key(void **state)
{
	(void)state;
	for (int dials = 0; dials < 2; dials++) {
		struct world *w = world_starts(1, KEEPING_LEDGER);
		struct person *ada = comes(w, "Ada");
		struct stranger s = stranger_meets(w, "Mallory", ada, dials);
		becomes(s.me, ada);
		stranger_goes(&s, STAGE_ACCEPTED);
		if (dials)
			stranger_bytes(&s, kith_buf_span(&s.s3));
		expect(stranger_was_aborted(&s, KITH_ABORT_OWNKEY));
		expect(left_nothing(&s, KITH_ERR_OWNKEY));
		expect(ada->sent[KITH_TYPE_REVEAL] == 0 && ada->sent[KITH_TYPE_AUTH] == 0);
		stranger_free(&s);
		world_ends(w);
	}
}

/* A connection whose far CURVE key is one's own, or weak, or to a key that was never mine. */
static void connections_that_are_closed_at_once(void **state)
{
	static const uint8_t weak[32] = {0};
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct person *ada = comes(w, "Ada");
	struct stranger s = stranger_meets(w, "Mallory", ada, true);

	(void)state;
	memcpy(s.me->key, ada->key, 32);
	dials_as(s.me, ada, ada->key, ada->key);
	expect(!s.me->wire->end[1].open);
	dials_as(s.me, ada, weak, ada->key);
	expect(!s.me->wire->end[1].open);
	new_key(w, s.me->key);
	dials_as(s.me, ada, s.me->key, weak);
	expect(!s.me->wire->end[1].open);
	stranger_dials(s.me, ada);
	expect(s.me->wire->end[1].open);
	expect(s.me->inbox_n == 0);
	stranger_free(&s);
	world_ends(w);
}

/* --- AUTH ------------------------------------------------------------------------------------- */

static void refused_auth(struct stranger *s)
{
	expect(stranger_was_aborted(s, KITH_ABORT_PROTOCOL));
	expect(told(s->victim, KITH_NEWS_CODE, NULL) == 0);
	expect(told(s->victim, KITH_NEWS_FAILED, s->me) == 1);
	expect(knows_nothing(s->victim, s->me));
}

static void auth_of_the_other_role(struct world *w, struct stranger *s)
{
	(void)w;
	stranger_auth(s, s->dials ? "kith/1 auth R" : "kith/1 auth I", s->me->id);
	refused_auth(s);
}

static void auth_by_somebody_else(struct world *w, struct stranger *s)
{
	struct person *eve = comes_as(w, "Eve", (struct manner){.stranger = true});

	stranger_auth(s, stranger_role(s), eve->id);
	refused_auth(s);
}

static void their_auth_back(struct world *w, struct stranger *s)
{
	(void)w;
	stranger_bytes(s, kith_buf_span(&s->me->inbox[s->read - 1]));
	refused_auth(s);
}

static void auth_must_be_his_own(void **state)
{
	(void)state;
	in_both_roles(STAGE_REVEALED, auth_of_the_other_role);
	in_both_roles(STAGE_REVEALED, auth_by_somebody_else);
	in_both_roles(STAGE_REVEALED, their_auth_back);
}

/* --- CONFIRM and CARD ------------------------------------------------------------------------- */

static void card_instead_of_confirm(struct world *w, struct stranger *s)
{
	(void)w;
	stranger_card(s, kith_buf_span(&s->me->envelope));
	expect(stranger_was_aborted(s, KITH_ABORT_STATE));
	expect(left_nothing(s, KITH_ERR_STATE));
}

/* Ada has not said anything: her card waits for her, and his is not taken. */
static void card_before_she_compared(struct world *w, struct stranger *s)
{
	stranger_confirm(s, 0);
	expect(s->victim->sent[KITH_TYPE_CARD] == 0);
	card_instead_of_confirm(w, s);
}

static void no_card_before_both_confirmed(void **state)
{
	(void)state;
	in_both_roles(STAGE_PROVEN, card_instead_of_confirm);
	in_both_roles(STAGE_PROVEN, card_before_she_compared);
}

static void card_without_his_confirm(struct world *w, struct stranger *s)
{
	(void)w;
	stranger_card(s, kith_buf_span(&s->me->envelope));
	expect(stranger_was_aborted(s, KITH_ABORT_STATE));
	expect(s->victim->sent[KITH_TYPE_CARD] == 0);
	expect(failed_with(s->victim, s->me, KITH_ERR_STATE));
	expect(holds(s->victim, s->me).state == KITH_CONTACT_PENDING);
}

static void no_card_without_his_confirm(void **state)
{
	(void)state;
	in_both_roles(STAGE_COMPARED, card_without_his_confirm);
}

static void he_confirms_twice(struct world *w, struct stranger *s)
{
	(void)w;
	stranger_confirm(s, 0);
	stranger_confirm(s, 0);
	expect(stranger_was_aborted(s, KITH_ABORT_STATE));
	expect(left_nothing(s, KITH_ERR_STATE));
}

static void one_confirm_only(void **state)
{
	(void)state;
	in_both_roles(STAGE_PROVEN, he_confirms_twice);
}

/* He did not compare: that is how the meeting is remembered. */
static void the_weaker_way_counts(void **state)
{
	(void)state;
	for (uint64_t how = 0; how < 3; how++) {
		struct world *w = world_starts(1, KEEPING_STORE);
		struct person *ada = comes(w, "Ada");
		struct stranger s = stranger_meets(w, "Mallory", ada, true);
		stranger_goes(&s, STAGE_COMPARED);
		stranger_confirm(&s, how);
		expect(holds(ada, s.me).how ==
			(how == 2 ? KITH_HOW_UNATTENDED : KITH_HOW_COMPARED));
		stranger_free(&s);
		world_ends(w);
	}
}

/* A card that Ada must not keep; she has confirmed, so the pending row stays. */
static void refused_card(struct stranger *s, struct kith_span envelope)
{
	stranger_card(s, envelope);
	expect(stranger_was_aborted(s, KITH_ABORT_CARD));
	expect(holds(s->victim, s->me).state == KITH_CONTACT_PENDING);
	expect(s->victim->called[WRITING_CARD] == 0); /* the store is not even asked */
	expect(s->victim->sent[KITH_TYPE_RECEIPT] == 0);
	expect(last_told(s->victim, KITH_NEWS_FAILED, s->me)->pending);
}

static void card_of_somebody_else(struct world *w, struct stranger *s)
{
	struct person *eve = comes_as(w, "Eve", (struct manner){.stranger = true});

	refused_card(s, kith_buf_span(&eve->envelope));
	expect(failed_with(s->victim, s->me, KITH_ERR_SUBJECT));
	expect(knows_nothing(s->victim, eve));
}

static void a_pocket_card(struct world *w, struct stranger *s)
{
	struct kith_card card = {.rev = 2, .variant = KITH_CARD_POCKET};
	struct kith_buf envelope = {0};

	(void)w;
	card.fields.at[0] = (struct kith_field){.kind = KITH_FIELD_NAME, .parts = 1};
	card.fields.at[0].part[0] = kith_span_str(s->me->name);
	card.fields.n = 1;
	expect(kith_card_sign(s->me->id, &card, &envelope) == KITH_OK);
	refused_card(s, kith_buf_span(&envelope));
	expect(failed_with(s->victim, s->me, KITH_ERR_SUBJECT));
	kith_buf_free(&envelope);
}

static void a_card_with_a_broken_signature(struct world *w, struct stranger *s)
{
	struct kith_buf *e = &s->me->envelope;

	(void)w;
	e->p[e->n - 1] ^= 1;
	refused_card(s, kith_buf_span(e));
	expect(failed_with(s->victim, s->me, KITH_ERR_SIG));
	e->p[e->n - 1] ^= 1;
}

static void only_his_own_full_card(void **state)
{
	(void)state;
	in_both_roles(STAGE_CONFIRMED, card_of_somebody_else);
	in_both_roles(STAGE_CONFIRMED, a_pocket_card);
	in_both_roles(STAGE_CONFIRMED, a_card_with_a_broken_signature);
}

/* The same ik, but another xk than the session's. */
static void a_card_with_another_xk(void **state)
{
	(void)state;
	for (int dials = 0; dials < 2; dials++) {
		struct world *w = world_starts(1, KEEPING_LEDGER);
		struct person *ada = comes(w, "Ada");
		struct stranger s = stranger_meets(w, "Mallory", ada, dials);
		s.xk = ada;
		stranger_goes(&s, STAGE_CONFIRMED);
		refused_card(&s, kith_buf_span(&s.me->envelope));
		expect(failed_with(ada, s.me, KITH_ERR_SUBJECT));
		stranger_free(&s);
		world_ends(w);
	}
}

/* Somebody else's card, and in the session that one's xk. */
static void a_card_with_another_ik(void **state)
{
	(void)state;
	for (int dials = 0; dials < 2; dials++) {
		struct world *w = world_starts(1, KEEPING_LEDGER);
		struct person *ada = comes(w, "Ada");
		struct person *eve = comes_as(w, "Eve", (struct manner){.stranger = true});
		struct stranger s = stranger_meets(w, "Mallory", ada, dials);
		s.xk = eve;
		stranger_goes(&s, STAGE_CONFIRMED);
		refused_card(&s, kith_buf_span(&eve->envelope));
		expect(failed_with(ada, s.me, KITH_ERR_SUBJECT));
		stranger_free(&s);
		world_ends(w);
	}
}

static void gives_what_he_said(void **state)
{
	(void)state;
	for (int n = 0; n < 4; n++) {
		struct world *w = world_starts(1, KEEPING_LEDGER);
		struct person *ada = comes(w, "Ada");
		struct stranger s = stranger_meets(w, "Mallory", ada, n % 2);
		s.gives = n / 2;
		stranger_goes(&s, STAGE_CONFIRMED);
		stranger_card(&s, s.gives ? kith_span("", 0) : kith_buf_span(&s.me->envelope));
		expect(!s.me->wire->end[!s.me->side].open);
		/* To one who gives nothing her CARD was the last word: no ABORT can follow. */
		expect(!s.gives || stranger_was_aborted(&s, KITH_ABORT_PROTOCOL));
		expect(failed_with(ada, s.me, KITH_ERR_PROTOCOL));
		expect(holds(ada, s.me).state == KITH_CONTACT_PENDING);
		stranger_free(&s);
		world_ends(w);
	}
}

static void a_second_card(struct world *w, struct stranger *s)
{
	(void)w;
	stranger_card(s, kith_buf_span(&s->me->envelope));
	expect(s->victim->wrote[WRITING_CARD] == 1);
	expect(s->victim->sent[KITH_TYPE_RECEIPT] == 1);
	expect(!s->me->wire->end[!s->me->side].open);
	expect(!last_told(s->victim, KITH_NEWS_SWAPPED, s->me)->delivered);
}

static void one_card_only(void **state)
{
	(void)state;
	in_both_roles(STAGE_CARDED, a_second_card);
}

/* --- RECEIPT ---------------------------------------------------------------------------------- */

static void refused_receipt(struct stranger *s)
{
	expect(s->victim->wrote[WRITING_RECEIPT] == 0);
	expect(!holds(s->victim, s->me).delivered);
	expect(!last_told(s->victim, KITH_NEWS_SWAPPED, s->me)->delivered);
	expect(!s->me->wire->end[!s->me->side].open);
}

static void a_receipt_for_another_card(struct world *w, struct stranger *s)
{
	(void)w;
	stranger_receipt(s, kith_buf_span(&s->me->envelope), s->me->id);
	refused_receipt(s);
}

static void a_receipt_by_somebody_else(struct world *w, struct stranger *s)
{
	struct person *eve = comes_as(w, "Eve", (struct manner){.stranger = true});

	stranger_receipt(s, s->victim->self.envelope, eve->id);
	refused_receipt(s);
}

static void receipts_are_verified(void **state)
{
	(void)state;
	in_both_roles(STAGE_CARDED, a_receipt_for_another_card);
	in_both_roles(STAGE_CARDED, a_receipt_by_somebody_else);
}

/* --- ABORT and the seal ----------------------------------------------------------------------- */

/* Not sealed: anybody on the way can write that, so it deletes nothing. */
static void an_open_mismatch(struct world *w, struct stranger *s)
{
	struct kith_session_abort m = {.reason = KITH_ABORT_MISMATCH};

	(void)w;
	stranger_plain(s, &kith_session_abort_schema, &m);
	expect(told(s->victim, KITH_NEWS_FAILED, s->me) == 1);
	expect(holds(s->victim, s->me).state == KITH_CONTACT_PENDING);
	expect(s->victim->called[WRITING_MISMATCH] == 0);
}

static void a_sealed_mismatch(struct world *w, struct stranger *s)
{
	(void)w;
	stranger_abort(s, KITH_ABORT_MISMATCH);
	expect(left_nothing(s, KITH_ERR_MISMATCH));
	expect(s->victim->wrote[WRITING_MISMATCH] == 1);
}

static void another_sealed_abort(struct world *w, struct stranger *s)
{
	(void)w;
	stranger_abort(s, KITH_ABORT_CANCEL);
	expect(failed_with(s->victim, s->me, KITH_ERR_BROKEN));
	expect(holds(s->victim, s->me).state == KITH_CONTACT_PENDING);
}

static void only_a_sealed_mismatch_deletes(void **state)
{
	(void)state;
	in_both_roles(STAGE_COMPARED, an_open_mismatch);
	in_both_roles(STAGE_COMPARED, a_sealed_mismatch);
	in_both_roles(STAGE_COMPARED, another_sealed_abort);
}

/* A sealed message with one bit changed, and one sent twice. */
static void a_changed_bit(struct world *w, struct stranger *s)
{
	(void)w;
	s->out.state.k[0] ^= 1;
	stranger_confirm(s, 0);
	expect(s->victim->got[KITH_TYPE_CONFIRM] == 1 && s->victim->sent[KITH_TYPE_CARD] == 0);
	expect(failed_with(s->victim, s->me, KITH_ERR_PROTOCOL));
}

static void the_seal_must_hold(void **state)
{
	(void)state;
	in_both_roles(STAGE_COMPARED, a_changed_bit);
}

/* A stream that ends with CARD although a receipt is owed, and one that goes on after it. */
static void an_early_end(struct world *w, struct stranger *s)
{
	struct kith_session_card m = {.envelope = kith_buf_span(&s->me->envelope)};

	(void)w;
	stranger_seals(s, &kith_session_card_schema, &m, true);
	expect(stranger_was_aborted(s, KITH_ABORT_PROTOCOL));
	expect(s->victim->called[WRITING_CARD] == 0);
}

static void no_end(struct world *w, struct stranger *s)
{
	(void)w;
	s->never_ends = true;
	stranger_receipt(s, s->victim->self.envelope, s->me->id);
	refused_receipt(s);
	expect(s->victim->called[WRITING_RECEIPT] == 0);
}

static void the_stream_ends_where_it_should(void **state)
{
	(void)state;
	in_both_roles(STAGE_CONFIRMED, an_early_end);
	in_both_roles(STAGE_CARDED, no_end);
}

/* The additional data names this session and this type of message. */
static void a_seal_of_another_type(struct world *w, struct stranger *s)
{
	struct kith_session_confirm m = {.how = 0};
	struct kith_schema as_receipt = kith_session_confirm_schema;

	(void)w;
	as_receipt.type = KITH_TYPE_RECEIPT;
	stranger_seals_as(s, &as_receipt, KITH_TYPE_CONFIRM, &m, false);
	expect(failed_with(s->victim, s->me, KITH_ERR_PROTOCOL));
	expect(s->victim->sent[KITH_TYPE_CARD] == 0);
}

static void the_type_is_sealed_too(void **state)
{
	(void)state;
	in_both_roles(STAGE_COMPARED, a_seal_of_another_type);
}

/* --- what he is told -------------------------------------------------------------------------- */

/* Ada's disk is full at some point: that is what ABORT says. */
static void nothing_can_be_written(void **state)
{
	static const struct {
		enum writing what;
		enum stage stage;
	} cases[] = {{WRITING_CONFIRM, STAGE_PROVEN}, {WRITING_CONFIRMED, STAGE_COMPARED},
		{WRITING_CARD, STAGE_CONFIRMED}};

	(void)state;
	for (size_t i = 0; i < 6; i++) {
		struct world *w = world_starts(1, KEEPING_LEDGER);
		struct person *ada = comes(w, "Ada");
		struct stranger s = stranger_meets(w, "Mallory", ada, i % 2);
		ada->fails_at[cases[i / 2].what] = 1;
		stranger_goes(&s, cases[i / 2].stage);
		if (cases[i / 2].what == WRITING_CONFIRM)
			says_same(ada, s.me);
		else if (cases[i / 2].what == WRITING_CONFIRMED)
			stranger_confirm(&s, 0);
		else
			stranger_card(&s, kith_buf_span(&s.me->envelope));
		settles(w);
		expect(stranger_was_aborted(&s, KITH_ABORT_STORE));
		expect(failed_with(ada, s.me, KITH_ERR_STORE_FULL));
		stranger_free(&s);
		world_ends(w);
	}
}

int main(void)
{
	const struct CMUnitTest stories[] = {
		cmocka_unit_test(he_keeps_to_the_page),
		cmocka_unit_test(he_has_many_friends),
		cmocka_unit_test(one_card_from_begin_to_end),
		cmocka_unit_test(he_gives_nothing),
		cmocka_unit_test(nothing_is_used_twice),
		cmocka_unit_test(reveal_is_not_what_was_committed_to),
		cmocka_unit_test(an_old_request_again),
		cmocka_unit_test(the_secret_would_be_zero),
		cmocka_unit_test(he_has_adas_key),
		cmocka_unit_test(connections_that_are_closed_at_once),
		cmocka_unit_test(auth_must_be_his_own),
		cmocka_unit_test(no_card_before_both_confirmed),
		cmocka_unit_test(no_card_without_his_confirm),
		cmocka_unit_test(one_confirm_only),
		cmocka_unit_test(the_weaker_way_counts),
		cmocka_unit_test(only_his_own_full_card),
		cmocka_unit_test(a_card_with_another_xk),
		cmocka_unit_test(a_card_with_another_ik),
		cmocka_unit_test(gives_what_he_said),
		cmocka_unit_test(one_card_only),
		cmocka_unit_test(receipts_are_verified),
		cmocka_unit_test(only_a_sealed_mismatch_deletes),
		cmocka_unit_test(the_seal_must_hold),
		cmocka_unit_test(the_stream_ends_where_it_should),
		cmocka_unit_test(the_type_is_sealed_too),
		cmocka_unit_test(nothing_can_be_written),
	};

	return stories_run("hostile", stories);
}
