/* SPDX-License-Identifier: MIT
 *
 * proof - a known session whose other side is written down message by message from proto/known.md, by
 * libsodium alone: what it agrees on with a room is what the page says.  And what he can reach who
 * breaks its rules, or has a part of the secrets only.
 */
#include <sodium.h>

#include "crypto/seed.h"
#include "stranger.h"

#define SOON   (KITH_DIAL_WAIT_MS + 2000)
#define PROBES 1000

/* --- the page's values ------------------------------------------------------------------------ */

static void tie_key(const struct person *me, const struct person *they, uint8_t k[static 32])
{
	const uint8_t *a = kith_identity_ik(me->id), *b = kith_identity_ik(they->id);
	uint8_t secret[32], dh[32];
	bool first = memcmp(a, b, 32) < 0;

	(void)crypto_kdf_derive_from_key(secret, 32, 2, "kith-id1", kith_identity_seed(me->id));
	expect(crypto_scalarmult(dh, secret, kith_identity_xk(they->id)) == 0);
	struct kith_span parts[] = {
		kith_span(dh, 32), kith_span(first ? a : b, 32), kith_span(first ? b : a, 32)};
	stranger_hash(k, "kith/1 pair", parts, 3);
}

static const uint8_t *key_of(const struct stranger *s, bool dialler)
{
	return dialler == s->dials ? s->me->key : s->victim->key;
}

/* BLAKE2b(n bytes, key K, label || S || C || nI [|| nR]) */
static void tag_of(const struct stranger *s, const uint8_t k[static 32], const char *label,
	const uint8_t *nonce_i, const uint8_t *nonce_r, uint8_t *out, size_t n)
{
	uint8_t text[12 + 4 * 32];

	memcpy(text, label, 12);
	memcpy(text + 12, key_of(s, false), 32);
	memcpy(text + 44, key_of(s, true), 32);
	memcpy(text + 76, nonce_i, 32);
	if (nonce_r)
		memcpy(text + 108, nonce_r, 32);
	(void)crypto_generichash(out, n, text, nonce_r ? 140 : 108, k, 32);
}

/* --- a partner by the page -------------------------------------------------------------------- */

/* Mallory has Ada's tie; or only the parts of it that a story leaves him. */
struct familiar {
	struct stranger s;
	uint8_t k[32];
	const struct kith_identity *signer;
	const char *label; /* of his proof */
	const uint8_t *e;  /* instead of a key of his own */
	uint64_t number, rev;
	struct kith_span card, statements;
	bool matched; /* HELLO_R held the tag of K (he dials); HELLO_I did (he listens) */
};

static struct familiar comes_along(struct world *w, bool dials)
{
	struct person *ada = comes_as(w, "Ada", (struct manner){.minds = true, .idle = true});
	struct familiar f = {.s = {.victim = ada, .dials = dials}};

	f.s.me = comes_as(w, "Mallory", (struct manner){.stranger = true});
	tie_key(f.s.me, ada, f.k);
	f.signer = f.s.me->id;
	f.label = dials ? "kith/1 auth I" : "kith/1 auth R";
	memcpy(f.s.their_ik, kith_identity_ik(ada->id), 32);
	return f;
}

static void goes(struct familiar *f)
{
	stranger_free(&f->s);
	world_ends(f->s.me->w);
}

static void new_e(struct stranger *s)
{
	new_key(s->me->w, s->e_secret);
	(void)crypto_scalarmult_base(s->e, s->e_secret);
}

static void dials(struct familiar *f)
{
	struct stranger *s = &f->s;
	uint8_t tags[512], nonce[32], want[16];
	struct kith_session_hello_i m = {
		.version = 1, .nonce = kith_span(nonce, 32), .tags = kith_span(tags, sizeof tags)};
	struct kith_session_hello_r r;

	s->read = s->me->inbox_n;
	stranger_dials(s->me, s->victim);
	new_key(s->me->w, nonce);
	for (size_t i = 0; i < sizeof tags; i += 32)
		new_key(s->me->w, tags + i);
	uint8_t tag[32];
	tag_of(s, f->k, "kith/1 tag I", nonce, NULL, tag, 32);
	memcpy(tags + 8 * world_luck(s->me->w, 64), tag, 8);
	kith_buf_clear(&s->hi);
	kith_buf_clear(&s->hr);
	expect(kith_pack(&kith_session_hello_i_schema, &m, &s->hi) == KITH_OK);
	stranger_bytes(s, kith_buf_span(&s->hi));
	struct kith_span hr = stranger_gets(s, KITH_TYPE_HELLO_R);
	expect(kith_buf_add(&s->hr, hr.p, hr.n) == KITH_OK);
	expect(kith_unpack(&kith_session_hello_r_schema, hr, &r) == KITH_OK);
	tag_of(s, f->k, "kith/1 tag R", nonce, r.nonce.p, want, 16);
	f->matched = memcmp(want, r.tag.p, 16) == 0;
}

static void is_dialled(struct familiar *f)
{
	struct stranger *s = &f->s;
	struct kith_session_hello_i hi;
	uint8_t nonce[32], answer[16], tag[32];
	struct kith_session_hello_r m = {
		.version = 1, .nonce = kith_span(nonce, 32), .tag = kith_span(answer, 16)};

	sees(s->victim, s->me);
	for (uint64_t ms = 0; !s->me->inbox_n && ms < SOON; ms += 100)
		passes(s->me->w, 100);
	struct kith_span bytes = stranger_gets(s, KITH_TYPE_HELLO_I);
	expect(kith_buf_add(&s->hi, bytes.p, bytes.n) == KITH_OK);
	expect(kith_unpack(&kith_session_hello_i_schema, bytes, &hi) == KITH_OK);
	tag_of(s, f->k, "kith/1 tag I", hi.nonce.p, NULL, tag, 32);
	for (size_t i = 0; i < hi.tags.n; i += 8)
		f->matched = f->matched || memcmp(hi.tags.p + i, tag, 8) == 0;
	new_key(s->me->w, nonce);
	tag_of(s, f->k, "kith/1 tag R", hi.nonce.p, nonce, answer, 16);
	expect(kith_pack(&kith_session_hello_r_schema, &m, &s->hr) == KITH_OK);
	stranger_bytes(s, kith_buf_span(&s->hr));
}

static void greets(struct familiar *f)
{
	if (f->s.dials)
		dials(f);
	else
		is_dialled(f);
}

static void agrees(struct familiar *f)
{
	struct stranger *s = &f->s;
	const uint8_t *mine = f->e ? f->e : s->e;
	const uint8_t *my_ik = kith_identity_ik(s->me->id);
	uint8_t secret[64];
	struct kith_span parts[] = {kith_span_str("known"), kith_span(key_of(s, false), 32),
		kith_span(key_of(s, true), 32), kith_buf_span(&s->hi), kith_buf_span(&s->hr),
		kith_span(s->dials ? mine : s->their_e, 32),
		kith_span(s->dials ? s->their_e : mine, 32),
		kith_span(s->dials ? my_ik : s->their_ik, 32),
		kith_span(s->dials ? s->their_ik : my_ik, 32)};

	stranger_hash(s->th, "kith/1 th", parts, 9);
	if (crypto_scalarmult(secret, s->e_secret, s->their_e) != 0)
		memset(secret, 0, 32);
	memcpy(secret + 32, f->k, 32);
	stranger_keys(s, kith_span(secret, 64));
}

static void k1(struct familiar *f)
{
	struct kith_session_k1 m = {.e = kith_span(f->e ? f->e : f->s.e, 32)};

	new_e(&f->s);
	stranger_plain(&f->s, &kith_session_k1_schema, &m);
}

static struct kith_session_k3 proof_of(struct familiar *f, uint8_t sig[static 64])
{
	stranger_signs(f->signer, f->label, kith_span(f->s.th, 32), sig);
	return (struct kith_session_k3){.sig = kith_span(sig, 64),
		.card = f->card,
		.rev = f->rev,
		.number = f->number,
		.statements = f->statements};
}

/* Reads Ada's proof, which holds. */
static void reads_proof(struct familiar *f, struct kith_span box, uint64_t type)
{
	struct kith_session_k3 m;
	struct kith_buf plain = {0};
	uint8_t text[64];
	const char *label = f->s.dials ? "kith/1 auth R" : "kith/1 auth I";
	size_t n = strlen(label) + 1;

	expect(stranger_unboxes(&f->s, box, type, &plain) && !f->s.in.last);
	expect(kith_unpack_inner(&kith_session_k3_schema, kith_buf_span(&plain), &m) == KITH_OK);
	memcpy(text, label, n);
	memcpy(text + n, f->s.th, 32);
	expect(crypto_sign_verify_detached(m.sig.p, text, n + 32, f->s.their_ik) == 0);
	expect(m.statements.n == 0 && m.card.n == 0 && m.rev == 0);
	kith_buf_free(&plain);
}

static void k2(struct familiar *f)
{
	static uint8_t box[20000];
	struct stranger *s = &f->s;
	struct kith_buf plain = {0};
	uint8_t sig[64];

	new_e(s);
	agrees(f);
	struct kith_session_k3 proof = proof_of(f, sig);
	expect(kith_pack_inner(&kith_session_k3_schema, &proof, &plain) == KITH_OK);
	size_t n = stranger_box(s, KITH_TYPE_K2, kith_buf_span(&plain), false, box);
	struct kith_session_k2 m = {
		.e = kith_span(f->e ? f->e : s->e, 32), .box = kith_span(box, n)};
	stranger_plain(s, &kith_session_k2_schema, &m);
	kith_buf_free(&plain);
}

static void k3(struct familiar *f)
{
	uint8_t sig[64];
	struct kith_session_k3 m = proof_of(f, sig);

	stranger_seals(&f->s, &kith_session_k3_schema, &m, false);
}

/* All of it: he is proven, and so is she. */
static void proves(struct familiar *f)
{
	struct stranger *s = &f->s;

	if (s->dials) {
		struct kith_session_k2 m;
		k1(f);
		struct kith_span bytes = stranger_gets(s, KITH_TYPE_K2);
		expect(kith_unpack(&kith_session_k2_schema, bytes, &m) == KITH_OK);
		memcpy(s->their_e, m.e.p, 32);
		agrees(f);
		reads_proof(f, m.box, KITH_TYPE_K2);
		k3(f);
	} else {
		struct kith_session_k1 m;
		struct kith_session_sealed outer;
		expect(kith_unpack(&kith_session_k1_schema, stranger_gets(s, KITH_TYPE_K1), &m) ==
			KITH_OK);
		memcpy(s->their_e, m.e.p, 32);
		k2(f);
		if (met(s->victim, s->me)) {
			struct kith_span k3_bytes = stranger_gets(s, KITH_TYPE_K3);
			expect(kith_unpack(&kith_session_sealed_schema, k3_bytes, &outer) ==
				KITH_OK);
			reads_proof(f, outer.box, KITH_TYPE_K3);
		}
	}
}

static struct familiar a_friend(struct world *w, bool is_dialler)
{
	struct familiar f = comes_along(w, is_dialler);

	knows(f.s.victim, f.s.me);
	greets(&f);
	expect(f.matched);
	return f;
}

static struct familiar proven(struct world *w, bool is_dialler)
{
	struct familiar f = a_friend(w, is_dialler);

	proves(&f);
	expect(met(f.s.victim, f.s.me) == 1);
	return f;
}

static void parcel(struct familiar *f, uint64_t kind, struct kith_span bytes)
{
	struct kith_session_parcel m = {.kind = kind, .bytes = bytes};

	stranger_seals(&f->s, &kith_session_parcel_schema, &m, false);
}

static void quiet(struct familiar *f)
{
	struct kith_session_quiet m = {0};

	stranger_seals(&f->s, &kith_session_quiet_schema, &m, false);
}

static void closes(struct familiar *f, bool final)
{
	struct kith_session_close m = {0};

	stranger_seals(&f->s, &kith_session_close_schema, &m, final);
}

static void acks(struct familiar *f, uint64_t outcome, struct kith_span sig)
{
	struct kith_session_ack m = {.outcome = outcome, .sig = sig};

	stranger_seals(&f->s, &kith_session_ack_schema, &m, false);
}

/* Ada has hung up on him with that. */
static void was_refused(struct familiar *f, size_t errors)
{
	struct person *ada = f->s.victim;

	expect(!f->s.me->wire->end[!f->s.me->side].open);
	expect(parted(ada, f->s.me) == 0 && broke(ada, f->s.me) == errors);
	expect(told(ada, KITH_NEWS_FAILED, NULL) == 0 && ada->failures_told == 0);
}

/* --- by the page ------------------------------------------------------------------------------ */

static void by_the_page(void **state)
{
	(void)state;
	for (int is_dialler = 0; is_dialler < 2; is_dialler++) {
		struct world *w = world_starts(1, KEEPING_LEDGER);
		struct familiar f = proven(w, is_dialler);
		struct person *ada = f.s.victim;
		parcel(&f, 200, kith_span_str("of no known kind"));
		expect(ada->mind->comes == 1 && ada->mind->came[0].kind == 200);
		expect(memcmp(ada->mind->came[0].about, f.s.th, 32) == 0);
		quiet(&f);
		closes(&f, true);
		passes(w, KITH_CLOSING_MS + 100);
		expect(parted(ada, f.s.me) == 1 && broke(ada, f.s.me) == 0);
		expect(!f.s.me->wire->end[!f.s.me->side].open);
		expect(ada->sent[KITH_TYPE_ACK] == 1 && ada->sent[KITH_TYPE_CLOSE] == 1);
		goes(&f);
	}
}

/* A receipt that does not hold, or where there is none to give, ends it. */
static void receipts(void **state)
{
	(void)state;
	for (int what = 0; what < 5; what++) {
		struct world *w = world_starts(1, KEEPING_LEDGER);
		struct familiar f = comes_along(w, true);
		struct person *ada = f.s.victim;
		uint8_t text[64], sig[64];
		struct kith_span envelope = kith_buf_span(&ada->envelope);
		knows(ada, f.s.me);
		owes(ada, f.s.me, what == 4 ? KITH_PARCEL_STATEMENT : KITH_PARCEL_CARD, envelope);
		greets(&f);
		proves(&f);
		stranger_hash(text, "kith/1 env", &envelope, 1);
		memcpy(text + 32, f.s.th, 32);
		text[63] ^= what == 1;
		stranger_signs(what == 2 ? ada->id : f.s.me->id, "kith/1 receipt",
			kith_span(text, 64), sig);
		acks(&f, 0, kith_span(sig, what == 3 ? 0 : 64));
		expect(ada->mind->out[0].answered == (what == 0));
		if (what == 0)
			expect(ada->mind->out[0].receipt && f.s.me->wire->end[0].open);
		else
			was_refused(&f, 1);
		goes(&f);
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
		quiet(f);
	if (how == PARCEL_BEHIND_QUIET)
		parcel(f, 2, kith_span_str("late"));
	else if (how == SECOND_QUIET)
		quiet(f);
	else if (how == ACK_FOR_NOTHING || how == ACK_BEHIND_QUIET_FOR_NOTHING)
		acks(f, 0, kith_span("", 0));
	else if (how == EARLY_CLOSE)
		closes(f, true);
	else if (how == QUIET_THAT_IS_FINAL)
		stranger_seals(&f->s, &kith_session_quiet_schema, &q, true);
	else if (how == SECOND_K1)
		k1(f);
	else if (how == SECOND_K3)
		k3(f);
	else if (how == A_REQUEST)
		stranger_request(&f->s);
	else if (how == A_CONFIRM)
		stranger_seals(&f->s, &kith_session_confirm_schema, &c, false);
	else if (how == A_HELLO)
		stranger_plain(&f->s, &kith_session_hello_i_schema, &hi);
	else if (how == CLOSE_NOT_FINAL) {
		quiet(f);
		closes(f, false);
	}
}

static void out_of_turn(void **state)
{
	(void)state;
	for (int is_dialler = 0; is_dialler < 2; is_dialler++) {
		for (enum breach how = 0; how < BREACHES; how++) {
			struct world *w = world_starts(1, KEEPING_LEDGER);
			struct familiar f = comes_along(w, is_dialler);
			knows(f.s.victim, f.s.me);
			/* she waits for an answer of his, and has not said QUIET */
			if (how != ACK_FOR_NOTHING && how != CLOSE_NOT_FINAL)
				owes(f.s.victim, f.s.me, KITH_PARCEL_STATEMENT, kith_span_str("a"));
			greets(&f);
			proves(&f);
			expect(met(f.s.victim, f.s.me) == 1);
			if (how == ACK_BEHIND_QUIET_FOR_NOTHING) /* the one for hers is in order */
				acks(&f, 0, kith_span("", 0));
			breaks_it(&f, how);
			was_refused(&f, 1);
			expect(f.s.victim->mind->comes == 0);
			goes(&f);
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
			struct familiar f = comes_along(w, true);
			struct kith_buf bytes = {0};
			struct kith_session_sealed m = {.box = kith_span((uint8_t[64]){0}, 64)};
			knows(f.s.victim, f.s.me);
			if (step)
				greets(&f);
			else
				stranger_dials(f.s.me, f.s.victim);
			if (step == 2)
				k1(&f);
			expect(kith_pack_as(&kith_session_sealed_schema, type, &m, &bytes) ==
				KITH_OK);
			stranger_bytes(&f.s, kith_buf_span(&bytes));
			was_refused(&f, 0);
			expect(met(f.s.victim, f.s.me) == 0);
			kith_buf_free(&bytes);
			goes(&f);
		}
	}
}

/* PARCELS_MAX, PARCELS_BYTES, PARCEL_MAX: at the limit, and one past it. */
static bool takes(size_t n, size_t size)
{
	static uint8_t bytes[KITH_PARCEL_MAX + 1];
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct familiar f = proven(w, true);
	struct person *ada = f.s.victim;

	for (size_t i = 0; i < n; i++)
		parcel(&f, 2, kith_span(bytes, size));
	bool all = ada->mind->comes == n;
	expect(ada->mind->comes >= n - 1);
	if (!all)
		was_refused(&f, 1);
	goes(&f);
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
		struct familiar f = comes_along(w, true);
		struct wire *wire;
		knows(f.s.victim, f.s.me);
		if (step == 0)
			stranger_dials(f.s.me, f.s.victim);
		else
			greets(&f);
		if (step == 2)
			k1(&f);
		if (step == 3)
			proves(&f);
		wire = f.s.me->wire;
		passes(w, KITH_STEP_MS - 2000);
		expect(wire->end[1].open);
		passes(w, 2000);
		expect(!wire->end[1].open);
		goes(&f);
	}
}

/* A parcel every few seconds, for ever: SESSION_MS in all. */
static void no_longer_than_that(void **state)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct familiar f = proven(w, true);
	uint64_t began = w->now;
	size_t sent = 0;

	(void)state;
	while (f.s.me->wire->end[1].open && sent < KITH_PARCELS_MAX) {
		parcel(&f, 2, kith_span("", 0));
		sent++;
		passes(w, KITH_STEP_MS - 600);
		expect(w->now - began <= KITH_SESSION_MS + KITH_STEP_MS);
	}
	expect(sent < KITH_PARCELS_MAX);
	was_refused(&f, 1);
	goes(&f);
}

/* --- whoever is not who he would be ----------------------------------------------------------- */

enum lack { WRONG_K, WRONG_IK, WRONG_LABEL, WEAK_E, A_STATEMENT, HALF_A_CARD, REV_OF_NONE, LACKS };

static void lacks_something(void **state)
{
	static const uint8_t weak[32] = {1};

	(void)state;
	for (int is_dialler = 0; is_dialler < 2; is_dialler++) {
		for (enum lack what = 0; what < LACKS; what++) {
			struct world *w = world_starts(1, KEEPING_LEDGER);
			struct familiar f = comes_along(w, is_dialler);
			struct person *ada = f.s.victim;
			struct person *eve = comes_as(w, "Eve", (struct manner){.stranger = true});
			knows(ada, f.s.me);
			ada->mind->rotation_is = KITH_ERR_SIG;
			greets(&f);
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
			if (what == HALF_A_CARD)
				f.card = kith_span_str("half");
			if (what == REV_OF_NONE)
				f.rev = 1;
			if (is_dialler && (what == WEAK_E || what == WRONG_K)) {
				k1(&f); /* she answers a weak key with nothing, a wrong K with hers */
				if (what == WRONG_K) {
					struct kith_session_k2 m;
					struct kith_buf plain = {0};
					expect(!kith_unpack(&kith_session_k2_schema,
						stranger_gets(&f.s, KITH_TYPE_K2), &m));
					memcpy(f.s.their_e, m.e.p, 32);
					agrees(&f);
					expect(!stranger_unboxes(
						&f.s, m.box, KITH_TYPE_K2, &plain));
					kith_buf_free(&plain);
					k3(&f);
				}
			} else {
				proves(&f);
			}
			expect(met(ada, f.s.me) == 0);
			was_refused(&f, 0);
			expect(told(ada, KITH_NEWS_KNOWN, NULL) == 0);
			goes(&f);
		}
	}
}

/* A rotation that is taken: proven by the new key, and nothing but QUIET and CLOSE is said. */
static void a_rotated_friend(void **state)
{
	(void)state;
	for (int talks = 0; talks < 2; talks++) {
		struct world *w = world_starts(1, KEEPING_LEDGER);
		struct familiar f = comes_along(w, true);
		struct person *ada = f.s.victim;
		struct person *later = comes_as(w, "Later", (struct manner){.stranger = true});
		knows(ada, f.s.me);
		owes(ada, f.s.me, KITH_PARCEL_STATEMENT, kith_span_str("a"));
		memcpy(ada->mind->new_ik, kith_identity_ik(later->id), 32);
		f.signer = later->id;
		f.statements = kith_span_str("rotations");
		greets(&f);
		proves(&f);
		expect(ada->mind->rotated == 1 && met(ada, f.s.me) == 1);
		expect(ada->sent[KITH_TYPE_PARCEL] == 0 && ada->sent[KITH_TYPE_QUIET] == 1);
		if (talks) {
			parcel(&f, 2, kith_span_str("a"));
			was_refused(&f, 1);
			expect(ada->mind->comes == 0);
		} else {
			quiet(&f);
			closes(&f, true);
			passes(w, KITH_CLOSING_MS + 100);
			expect(parted(ada, f.s.me) == 1);
		}
		goes(&f);
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
	struct familiar f = comes_along(w, true);
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
	greets(&f);
	expect(!f.matched);
	if (probe == 1)
		k1(&f);
	else if (probe == 2)
		stranger_request(&f.s);
	else if (probe == 3)
		stranger_bytes(&f.s, kith_span_str("nothing that can be read"));
	else if (probe == 4)
		passes(w, KITH_STEP_MS + 1000);
	struct seen seen = what_he_sees(&f, 0);
	expect(told(ada, KITH_NEWS_KNOWN, NULL) == 0 && ada->mind->comes == 0);
	goes(&f);
	return seen;
}

/* Case 18, T3: nothing tells one who knows others, or did know him, from one who knows nobody. */
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
	struct familiar f = comes_along(w, true);
	struct person *cleo = comes_as(w, "Cleo", (struct manner){.stranger = true});
	size_t length = 0;

	(void)state;
	knows(f.s.victim, cleo);
	for (size_t i = 0; i < PROBES; i++) {
		struct kith_session_hello_r m;
		f.s.me->inbox_n = 0;
		dials(&f);
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
	goes(&f);
}

/* Case 68: a session that was recorded, said again under the same CURVE key.  The tag matches, since all that
 * it is made of is the same; the proof does not. */
static void said_again(void **state)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct familiar f = proven(w, true);
	struct person *ada = f.s.victim;
	static const size_t types[] = {KITH_TYPE_HELLO_I, KITH_TYPE_K1, KITH_TYPE_K3,
		KITH_TYPE_PARCEL, KITH_TYPE_QUIET, KITH_TYPE_CLOSE};

	(void)state;
	parcel(&f, 2, kith_span_str("once"));
	quiet(&f);
	closes(&f, true);
	passes(w, KITH_CLOSING_MS + 100);
	expect(parted(ada, f.s.me) == 1 && ada->mind->comes == 1);
	stranger_dials(f.s.me, ada);
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
		if (f.s.me->wire->end[1].open)
			stranger_bytes(&f.s, kith_buf_span(&f.s.said[types[i]]));
	expect(met(ada, f.s.me) == 1 && ada->mind->comes == 1 && broke(ada, f.s.me) == 0);
	expect(!f.s.me->wire->end[1].open);
	goes(&f);
}

int main(void)
{
	const struct CMUnitTest stories[] = {
		cmocka_unit_test(by_the_page),
		cmocka_unit_test(receipts),
		cmocka_unit_test(out_of_turn),
		cmocka_unit_test(before_the_proof),
		cmocka_unit_test(no_more_than_that),
		cmocka_unit_test(patience),
		cmocka_unit_test(no_longer_than_that),
		cmocka_unit_test(lacks_something),
		cmocka_unit_test(a_rotated_friend),
		cmocka_unit_test(nothing_differs),
		cmocka_unit_test(a_thousand_probes),
		cmocka_unit_test(said_again),
	};

	return stories_run("proof", stories);
}
