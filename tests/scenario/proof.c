/* SPDX-License-Identifier: MIT
 *
 * proof - a known session as the page says it, message by message (familiar.h); and what he can reach who
 * breaks its rules, or has a part of the secrets only.
 */
#include "familiar.h"

#define PROBES 1000

/* --- by the page ------------------------------------------------------------------------------ */

static void by_the_page(void **state)
{
	(void)state;
	for (int is_dialler = 0; is_dialler < 2; is_dialler++) {
		struct world *w = world_starts(1, KEEPING_LEDGER);
		struct familiar f = familiar_proven(w, is_dialler);
		struct person *ada = f.s.victim;
		familiar_parcel(&f, 200, kith_span_str("of no known kind"));
		expect(ada->mind->comes == 1 && ada->mind->came[0].kind == 200);
		expect(memcmp(ada->mind->came[0].about, f.s.th, 32) == 0);
		familiar_quiet(&f);
		familiar_closes(&f, true);
		passes(w, KITH_CLOSING_MS + 100);
		expect(parted(ada, f.s.me) == 1 && broke(ada, f.s.me) == 0);
		expect(!f.s.me->wire->end[!f.s.me->side].open);
		expect(ada->sent[KITH_TYPE_ACK] == 1 && ada->sent[KITH_TYPE_CLOSE] == 1);
		familiar_goes(&f);
	}
}

/* What each says that it holds: nothing, as by_the_page; or a card with any number, and the hash. */
static void what_they_hold(void **state)
{
	static const uint64_t revs[] = {0, 1, (UINT64_C(1) << 53) - 1};

	(void)state;
	for (size_t i = 0; i < 2 * sizeof revs / sizeof revs[0]; i++) {
		struct world *w = world_starts(1, KEEPING_LEDGER);
		struct familiar f = familiar_comes(w, i & 1);
		struct person *ada = f.s.victim;
		const struct kith_standing *his = &ada->mind->standing[FAMILIAR_CONTACT];
		knows(ada, f.s.me);
		mind_holds(ada->mind, FAMILIAR_CONTACT, revs[i / 2], kith_span_str("of his"));
		ada->mind->says[FAMILIAR_CONTACT].agreed = true;
		f.card = kith_span_str("his word");
		f.hash = kith_span(f.s.me->key, 32);
		f.rev = revs[i / 2];
		familiar_greets(&f);
		familiar_proves(&f); /* and has read hers */
		expect(met(ada, f.s.me) == 1 && his->has_card && his->rev == f.rev);
		expect(memcmp(his->card, f.card.p, 8) == 0);
		expect(memcmp(his->hash, f.hash.p, 32) == 0);
		familiar_goes(&f);
	}
}

/* A receipt that does not hold, or where there is none to give, ends it. */
static void receipts(void **state)
{
	(void)state;
	for (int what = 0; what < 5; what++) {
		struct world *w = world_starts(1, KEEPING_LEDGER);
		struct familiar f = familiar_comes(w, true);
		struct person *ada = f.s.victim;
		uint8_t text[64], sig[64];
		struct kith_span envelope = kith_buf_span(&ada->envelope);
		knows(ada, f.s.me);
		owes(ada, f.s.me, what == 4 ? KITH_PARCEL_STATEMENT : KITH_PARCEL_CARD, envelope);
		familiar_greets(&f);
		familiar_proves(&f);
		stranger_hash(text, "kith/1 env", &envelope, 1);
		memcpy(text + 32, f.s.th, 32);
		text[63] ^= what == 1;
		stranger_signs(what == 2 ? ada->id : f.s.me->id, "kith/1 receipt",
			kith_span(text, 64), sig);
		familiar_acks(&f, 0, kith_span(sig, what == 3 ? 0 : 64));
		expect(ada->mind->out[0].answered == (what == 0));
		if (what == 0)
			expect(ada->mind->out[0].with.n == 64 && f.s.me->wire->end[0].open);
		else
			familiar_was_refused(&f, 1);
		familiar_goes(&f);
	}
}

/* --- whoever breaks the rules ----------------------------------------------------------------- */

enum breach {
	PARCEL_BEHIND_QUIET,
	SECOND_QUIET,
	ACK_FOR_NOTHING,
	ACK_BEHIND_QUIET_FOR_NOTHING,
	EARLY_CLOSE,
	CLOSE_NOT_FINAL,
	QUIET_THAT_IS_FINAL,
	SECOND_K1,
	SECOND_K3,
	A_REQUEST,
	A_CONFIRM,
	A_HELLO,
	BREACHES,
};

static void breaks_it(struct familiar *f, enum breach how)
{
	struct kith_session_quiet q = {0};
	struct kith_session_confirm c = {0};
	struct kith_session_hello_i hi = {.version = 1,
		.nonce = kith_span(f->s.th, 32),
		.tags = kith_span((uint8_t[512]){0}, 512)};

	if (how == PARCEL_BEHIND_QUIET || how == SECOND_QUIET ||
		how == ACK_BEHIND_QUIET_FOR_NOTHING)
		familiar_quiet(f);
	if (how == PARCEL_BEHIND_QUIET)
		familiar_parcel(f, 2, kith_span_str("late"));
	else if (how == SECOND_QUIET)
		familiar_quiet(f);
	else if (how == ACK_FOR_NOTHING || how == ACK_BEHIND_QUIET_FOR_NOTHING)
		familiar_acks(f, 0, kith_span("", 0));
	else if (how == EARLY_CLOSE)
		familiar_closes(f, true);
	else if (how == QUIET_THAT_IS_FINAL)
		stranger_seals(&f->s, &kith_session_quiet_schema, &q, true);
	else if (how == SECOND_K1)
		familiar_k1(f);
	else if (how == SECOND_K3)
		familiar_k3(f);
	else if (how == A_REQUEST)
		stranger_request(&f->s);
	else if (how == A_CONFIRM)
		stranger_seals(&f->s, &kith_session_confirm_schema, &c, false);
	else if (how == A_HELLO)
		stranger_plain(&f->s, &kith_session_hello_i_schema, &hi);
	else if (how == CLOSE_NOT_FINAL) {
		familiar_quiet(f);
		familiar_closes(f, false);
	}
}

static void out_of_turn(void **state)
{
	(void)state;
	for (int is_dialler = 0; is_dialler < 2; is_dialler++) {
		for (enum breach how = 0; how < BREACHES; how++) {
			struct world *w = world_starts(1, KEEPING_LEDGER);
			struct familiar f = familiar_comes(w, is_dialler);
			knows(f.s.victim, f.s.me);
			/* she waits for an answer of his, and has not said QUIET */
			if (how != ACK_FOR_NOTHING && how != CLOSE_NOT_FINAL)
				owes(f.s.victim, f.s.me, KITH_PARCEL_STATEMENT, kith_span_str("a"));
			familiar_greets(&f);
			familiar_proves(&f);
			expect(met(f.s.victim, f.s.me) == 1);
			if (how == ACK_BEHIND_QUIET_FOR_NOTHING) /* the one for hers is in order */
				familiar_acks(&f, 0, kith_span("", 0));
			breaks_it(&f, how);
			familiar_was_refused(&f, 1);
			expect(f.s.victim->mind->comes == 0);
			familiar_goes(&f);
		}
	}
}

/* Each message before the proof, at each step before it. */
static void before_the_proof(void **state)
{
	(void)state;
	for (size_t step = 0; step < 3; step++) {
		for (uint64_t type = KITH_TYPE_K2; type <= KITH_TYPE_CLOSE; type++) {
			struct world *w = world_starts(1, KEEPING_LEDGER);
			struct familiar f = familiar_comes(w, true);
			struct kith_buf bytes = {0};
			struct kith_session_sealed m = {.box = kith_span((uint8_t[64]){0}, 64)};
			knows(f.s.victim, f.s.me);
			if (step)
				familiar_greets(&f);
			else
				stranger_dials(f.s.me, f.s.victim);
			if (step == 2)
				familiar_k1(&f);
			expect(kith_pack_as(&kith_session_sealed_schema, type, &m, &bytes) ==
				KITH_OK);
			stranger_bytes(&f.s, kith_buf_span(&bytes));
			familiar_was_refused(&f, 0);
			expect(met(f.s.victim, f.s.me) == 0);
			kith_buf_free(&bytes);
			familiar_goes(&f);
		}
	}
}

/* PARCELS_MAX, PARCELS_BYTES, PARCEL_MAX: at the limit, and one past it. */
static bool takes(size_t n, size_t size)
{
	static uint8_t bytes[KITH_PARCEL_MAX + 1];
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct familiar f = familiar_proven(w, true);
	struct person *ada = f.s.victim;

	for (size_t i = 0; i < n; i++)
		familiar_parcel(&f, 2, kith_span(bytes, size));
	bool all = ada->mind->comes == n;
	expect(ada->mind->comes >= n - 1);
	if (!all)
		familiar_was_refused(&f, 1);
	familiar_goes(&f);
	return all;
}

static void no_more_than_that(void **state)
{
	(void)state;
	expect(takes(KITH_PARCELS_MAX, 10) && !takes(KITH_PARCELS_MAX + 1, 10));
	expect(takes(6, KITH_PARCELS_BYTES / 6) && !takes(6, KITH_PARCELS_BYTES / 6 + 1));
	expect(takes(1, KITH_PARCEL_MAX));
	struct kith_session_parcel over = {.kind = 2,
		.bytes = kith_span((uint8_t[KITH_PARCEL_MAX + 1]){0}, KITH_PARCEL_MAX + 1)};
	struct kith_buf bytes = {0};
	expect(kith_pack_inner(&kith_session_parcel_schema, &over, &bytes) == KITH_ERR_LIMIT);
	kith_buf_free(&bytes);
}

/* Silent at each step: STEP_MS, and it is over. */
static void patience(void **state)
{
	(void)state;
	for (int step = 0; step < 4; step++) {
		struct world *w = world_starts(1, KEEPING_LEDGER);
		struct familiar f = familiar_comes(w, true);
		struct wire *wire;
		knows(f.s.victim, f.s.me);
		if (step == 0)
			stranger_dials(f.s.me, f.s.victim);
		else
			familiar_greets(&f);
		if (step == 2)
			familiar_k1(&f);
		if (step == 3)
			familiar_proves(&f);
		wire = f.s.me->wire;
		passes(w, KITH_STEP_MS - 2000);
		expect(wire->end[1].open);
		passes(w, 2000);
		expect(!wire->end[1].open);
		familiar_goes(&f);
	}
}

/* A parcel every few seconds, for ever: SESSION_MS in all. */
static void no_longer_than_that(void **state)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct familiar f = familiar_proven(w, true);
	uint64_t began = w->now;
	size_t sent = 0;

	(void)state;
	while (f.s.me->wire->end[1].open && sent < KITH_PARCELS_MAX) {
		familiar_parcel(&f, 2, kith_span("", 0));
		sent++;
		passes(w, KITH_STEP_MS - 600);
		expect(w->now - began <= KITH_SESSION_MS + KITH_STEP_MS);
	}
	expect(sent < KITH_PARCELS_MAX);
	familiar_was_refused(&f, 1);
	familiar_goes(&f);
}

/* He keeps a line, and with it nothing but the key that she is seen under: the card for a swap may be another one. */
static void keeps_no_card_in_use(void **state)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct familiar f = familiar_comes(w, true);
	const struct kith_room *room = f.s.victim->room;

	(void)state;
	knows(f.s.victim, f.s.me);
	familiar_greets(&f);
	expect(kith_room_busy(room) == 0 && kith_room_swaps(room) == 0);
	familiar_proves(&f);
	familiar_parcel(&f, 2, kith_span("", 0));
	expect(kith_room_busy(room) == 1 && kith_room_swaps(room) == 0);
	familiar_goes(&f);
}

/* --- whoever is not who he would be ----------------------------------------------------------- */

enum lack {
	WRONG_K,
	WRONG_IK,
	WRONG_LABEL,
	WEAK_E,
	A_STATEMENT,
	HALF_A_CARD,
	HALF_A_HASH,
	REV_OF_NONE,
	HASH_OF_NONE,
	CARD_WITHOUT_HASH,
	LACKS,
};

/* What he says that he holds of hers: too little, or too much. */
static void says_he_holds(struct familiar *f, enum lack what)
{
	struct kith_span card = kith_span_str("the card"), hash = kith_span(f->s.me->key, 32);

	if (what == HALF_A_CARD)
		f->card = kith_span_str("half"), f->hash = hash;
	else if (what == HALF_A_HASH)
		f->card = card, f->hash = kith_span(hash.p, 31);
	else if (what == REV_OF_NONE)
		f->rev = 1;
	else if (what == HASH_OF_NONE)
		f->hash = hash;
	else if (what == CARD_WITHOUT_HASH)
		f->card = card;
}

static void lacks_something(void **state)
{
	static const uint8_t weak[32] = {1};

	(void)state;
	for (int is_dialler = 0; is_dialler < 2; is_dialler++) {
		for (enum lack what = 0; what < LACKS; what++) {
			struct world *w = world_starts(1, KEEPING_LEDGER);
			struct familiar f = familiar_comes(w, is_dialler);
			struct person *ada = f.s.victim;
			struct person *eve = comes_as(w, "Eve", (struct manner){.stranger = true});
			knows(ada, f.s.me);
			ada->mind->rotation_is = KITH_ERR_SIG;
			familiar_greets(&f);
			expect(f.matched);
			f.k[0] ^= what == WRONG_K; /* a tag that matched by chance */
			if (what == WRONG_IK)      /* he stole xk, and not ik */
				f.signer = eve->id;
			if (what == WRONG_LABEL) /* hers, sent back */
				f.label = is_dialler ? "kith/1 auth R" : "kith/1 auth I";
			if (what == WEAK_E)
				f.e = weak;
			if (what == A_STATEMENT)
				f.statements = kith_span_str("not one");
			says_he_holds(&f, what);
			if (is_dialler && (what == WEAK_E || what == WRONG_K)) {
				familiar_k1(
					&f); /* she answers a weak key with nothing, a wrong K with hers */
				if (what == WRONG_K) {
					struct kith_session_k2 m;
					struct kith_buf plain = {0};
					expect(!kith_unpack(&kith_session_k2_schema,
						stranger_gets(&f.s, KITH_TYPE_K2), &m));
					memcpy(f.s.their_e, m.e.p, 32);
					familiar_agrees(&f);
					expect(!stranger_unboxes(
						&f.s, m.box, KITH_TYPE_K2, &plain));
					kith_buf_free(&plain);
					familiar_k3(&f);
				}
			} else {
				familiar_proves(&f);
			}
			expect(met(ada, f.s.me) == 0);
			familiar_was_refused(&f, 0);
			expect(told(ada, KITH_NEWS_KNOWN, NULL) == 0);
			familiar_goes(&f);
		}
	}
}

/* A rotation that is taken: proven by the new key, and nothing but QUIET and CLOSE is said. */
static void a_rotated_friend(void **state)
{
	(void)state;
	for (int talks = 0; talks < 2; talks++) {
		struct world *w = world_starts(1, KEEPING_LEDGER);
		struct familiar f = familiar_comes(w, true);
		struct person *ada = f.s.victim;
		struct person *later = comes_as(w, "Later", (struct manner){.stranger = true});
		knows(ada, f.s.me);
		owes(ada, f.s.me, KITH_PARCEL_STATEMENT, kith_span_str("a"));
		memcpy(ada->mind->new_ik, kith_identity_ik(later->id), 32);
		f.signer = later->id;
		f.statements = kith_span_str("rotations");
		familiar_greets(&f);
		familiar_proves(&f);
		expect(ada->mind->rotated == 1 && met(ada, f.s.me) == 1);
		expect(ada->sent[KITH_TYPE_PARCEL] == 0 && ada->sent[KITH_TYPE_QUIET] == 1);
		if (talks) {
			familiar_parcel(&f, 2, kith_span_str("a"));
			familiar_was_refused(&f, 1);
			expect(ada->mind->comes == 0);
		} else {
			familiar_quiet(&f);
			familiar_closes(&f, true);
			passes(w, KITH_CLOSING_MS + 100);
			expect(parted(ada, f.s.me) == 1);
		}
		familiar_goes(&f);
	}
}

/* --- what a stranger learns ------------------------------------------------------------------- */

/* What comes back: types, sizes, whether the line stands. */
struct seen {
	uint64_t types[8];
	size_t sizes[8], n;
	bool open;
};

static struct seen what_he_sees(const struct familiar *f, size_t from)
{
	struct seen s = {.open = f->s.me->wire->end[!f->s.me->side].open};

	for (size_t i = from; i < f->s.me->inbox_n && s.n < 8; i++, s.n++) {
		struct kith_span m = kith_buf_span(&f->s.me->inbox[i]);
		expect(kith_message_type(m, &s.types[s.n]) == KITH_OK);
		s.sizes[s.n] = m.n;
	}
	return s;
}

enum manners { NO_TIES, OTHER_TIES, FORMER, SWITCHED_OFF, MANNERS };

/* One who was never known, or is no longer, does this and that to an Ada of each kind. */
static struct seen probed(enum manners ada_is, int probe)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct familiar f = familiar_comes(w, true);
	struct person *ada = f.s.victim;
	struct person *cleo = comes_as(w, "Cleo", (struct manner){.stranger = true});

	if (ada_is == OTHER_TIES || ada_is == FORMER)
		knows(ada, cleo);
	if (ada_is == FORMER || ada_is == SWITCHED_OFF)
		knows(ada, f.s.me);
	if (ada_is == FORMER)
		forgets(ada, f.s.me);
	if (ada_is == SWITCHED_OFF)
		kith_room_recognise(ada->room, false);
	familiar_greets(&f);
	expect(!f.matched);
	if (probe == 1)
		familiar_k1(&f);
	else if (probe == 2)
		stranger_request(&f.s);
	else if (probe == 3)
		stranger_bytes(&f.s, kith_span_str("nothing that can be read"));
	else if (probe == 4)
		passes(w, KITH_STEP_MS + 1000);
	struct seen seen = what_he_sees(&f, 0);
	expect(told(ada, KITH_NEWS_KNOWN, NULL) == 0 && ada->mind->comes == 0);
	familiar_goes(&f);
	return seen;
}

/* T3: nothing tells one who knows others, or did know him, from one who knows nobody. */
static void nothing_differs(void **state)
{
	(void)state;
	for (int probe = 0; probe < 5; probe++) {
		struct seen first = probed(NO_TIES, probe);
		for (enum manners ada_is = OTHER_TIES; ada_is < MANNERS; ada_is++) {
			struct seen seen = probed(ada_is, probe);
			expect(memcmp(&seen, &first, sizeof seen) == 0);
		}
	}
}

/* T3: the answers to a thousand probes are of one size, and their tags as random as they should be: of 128
 * bits each is set about half the time, and no two answers are the same. */
static void a_thousand_probes(void **state)
{
	static uint8_t tags[PROBES][16];
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct familiar f = familiar_comes(w, true);
	struct person *cleo = comes_as(w, "Cleo", (struct manner){.stranger = true});
	size_t length = 0;

	(void)state;
	knows(f.s.victim, cleo);
	for (size_t i = 0; i < PROBES; i++) {
		struct kith_session_hello_r m;
		f.s.me->inbox_n = 0;
		familiar_dials(&f);
		expect(!f.matched && f.s.me->inbox_n == 1);
		struct kith_span hr = kith_buf_span(&f.s.me->inbox[0]);
		expect(!length || hr.n == length);
		length = hr.n;
		expect(kith_unpack(&kith_session_hello_r_schema, hr, &m) == KITH_OK);
		memcpy(tags[i], m.tag.p, 16);
		stranger_hangs_up(f.s.me);
		settles(w);
		kith_buf_free(&f.s.me->inbox[0]);
	}
	f.s.me->inbox_n = 0;
	for (size_t bit = 0; bit < 128; bit++) {
		size_t set = 0;
		for (size_t i = 0; i < PROBES; i++)
			set += tags[i][bit / 8] >> bit % 8 & 1;
		expect(set > PROBES / 2 - 95 && set < PROBES / 2 + 95); /* six deviations */
	}
	for (size_t i = 0; i < PROBES; i++)
		for (size_t j = 0; j < i; j++)
			expect(memcmp(tags[i], tags[j], 16) != 0);
	familiar_goes(&f);
}

/* T3: he stands between two who know each other, and passes on what they say over two lines of his own.  Neither finds
 * the other, and he does not learn that there was anybody to be found. */
static void passed_on(void **state)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct familiar f = familiar_comes(w, false);
	struct person *ada = f.s.victim;
	struct person *grace = comes_as(w, "Grace", (struct manner){.minds = true, .idle = true});
	struct stranger other = {.victim = grace, .dials = true};

	(void)state;
	other.me = comes_as(w, "Mallory's other line", (struct manner){.stranger = true});
	knows(ada, grace);
	knows(grace, ada);
	sees(ada, f.s.me);
	for (uint64_t ms = 0; !f.s.me->inbox_n && ms < SOON; ms += 100)
		passes(w, 100);
	stranger_dials(other.me, grace);
	stranger_bytes(&other, stranger_gets(&f.s, KITH_TYPE_HELLO_I));
	stranger_bytes(&f.s, stranger_gets(&other, KITH_TYPE_HELLO_R));
	expect(ada->sent[KITH_TYPE_K1] == 0 && !f.s.me->wire->end[!f.s.me->side].open);
	expect(told(ada, KITH_NEWS_KNOWN, NULL) == 0 && told(grace, KITH_NEWS_KNOWN, NULL) == 0);
	stranger_free(&other);
	familiar_goes(&f);
}

/* Case 68: a session that was recorded, said again under the same CURVE key.  The tag matches, since all that
 * it is made of is the same; the proof does not. */
static void said_again(void **state)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct familiar f = familiar_proven(w, true);
	struct person *ada = f.s.victim;
	static const size_t types[] = {KITH_TYPE_HELLO_I, KITH_TYPE_K1, KITH_TYPE_K3,
		KITH_TYPE_PARCEL, KITH_TYPE_QUIET, KITH_TYPE_CLOSE};

	(void)state;
	familiar_parcel(&f, 2, kith_span_str("once"));
	familiar_quiet(&f);
	familiar_closes(&f, true);
	passes(w, KITH_CLOSING_MS + 100);
	expect(parted(ada, f.s.me) == 1 && ada->mind->comes == 1);
	stranger_dials(f.s.me, ada);
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
		if (f.s.me->wire->end[1].open)
			stranger_bytes(&f.s, kith_buf_span(&f.s.said[types[i]]));
	expect(met(ada, f.s.me) == 1 && ada->mind->comes == 1 && broke(ada, f.s.me) == 0);
	expect(!f.s.me->wire->end[1].open);
	familiar_goes(&f);
}

int main(void)
{
	const struct CMUnitTest stories[] = {
		cmocka_unit_test(by_the_page),
		cmocka_unit_test(what_they_hold),
		cmocka_unit_test(receipts),
		cmocka_unit_test(out_of_turn),
		cmocka_unit_test(before_the_proof),
		cmocka_unit_test(no_more_than_that),
		cmocka_unit_test(patience),
		cmocka_unit_test(no_longer_than_that),
		cmocka_unit_test(keeps_no_card_in_use),
		cmocka_unit_test(lacks_something),
		cmocka_unit_test(a_rotated_friend),
		cmocka_unit_test(nothing_differs),
		cmocka_unit_test(a_thousand_probes),
		cmocka_unit_test(passed_on),
		cmocka_unit_test(said_again),
	};

	return stories_run("proof", stories);
}
