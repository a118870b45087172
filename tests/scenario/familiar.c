/* SPDX-License-Identifier: MIT */
#include "familiar.h"

#include <sodium.h>

#include "crypto/seed.h"

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

/* --- how it begins ---------------------------------------------------------------------------- */

struct familiar familiar_comes(struct world *w, bool dials)
{
	struct person *ada = comes_as(w, "Ada", (struct manner){.minds = true, .idle = true});
	struct familiar f = {.s = {.victim = ada, .dials = dials}};

	f.s.me = comes_as(w, "Mallory", (struct manner){.stranger = true});
	expect(w->people[FAMILIAR_CONTACT] == f.s.me);
	tie_key(f.s.me, ada, f.k);
	f.signer = f.s.me->id;
	f.label = dials ? "kith/1 auth I" : "kith/1 auth R";
	memcpy(f.s.their_ik, kith_identity_ik(ada->id), 32);
	return f;
}

void familiar_goes(struct familiar *f)
{
	stranger_free(&f->s);
	world_ends(f->s.me->w);
}

static void new_e(struct stranger *s)
{
	new_key(s->me->w, s->e_secret);
	(void)crypto_scalarmult_base(s->e, s->e_secret);
}

void familiar_dials(struct familiar *f)
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

void familiar_greets(struct familiar *f)
{
	if (f->s.dials)
		familiar_dials(f);
	else
		is_dialled(f);
}

void familiar_agrees(struct familiar *f)
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

void familiar_k1(struct familiar *f)
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
		.hash = f->hash,
		.statements = f->statements};
}

/* Reads Ada's proof, which holds, and says what she has in mind. */
static void reads_proof(struct familiar *f, struct kith_span box, uint64_t type)
{
	const struct kith_standing *says = &f->s.victim->mind->says[FAMILIAR_CONTACT];
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
	expect(m.statements.n == 0 && m.agreed == says->agreed && m.rev == says->rev);
	expect(kith_span_eq(m.card, kith_span(says->card, says->has_card ? 8 : 0)));
	expect(kith_span_eq(m.hash, kith_span(says->hash, says->has_card ? 32 : 0)));
	kith_buf_free(&plain);
}

static void k2(struct familiar *f)
{
	static uint8_t box[20000];
	struct stranger *s = &f->s;
	struct kith_buf plain = {0};
	uint8_t sig[64];

	new_e(s);
	familiar_agrees(f);
	struct kith_session_k3 proof = proof_of(f, sig);
	expect(kith_pack_inner(&kith_session_k3_schema, &proof, &plain) == KITH_OK);
	size_t n = stranger_box(s, KITH_TYPE_K2, kith_buf_span(&plain), false, box);
	struct kith_session_k2 m = {
		.e = kith_span(f->e ? f->e : s->e, 32), .box = kith_span(box, n)};
	stranger_plain(s, &kith_session_k2_schema, &m);
	kith_buf_free(&plain);
}

void familiar_k3(struct familiar *f)
{
	uint8_t sig[64];
	struct kith_session_k3 m = proof_of(f, sig);

	stranger_seals(&f->s, &kith_session_k3_schema, &m, false);
}

/* All of it: he is proven, and so is she. */
void familiar_proves(struct familiar *f)
{
	struct stranger *s = &f->s;

	if (s->dials) {
		struct kith_session_k2 m;
		familiar_k1(f);
		struct kith_span bytes = stranger_gets(s, KITH_TYPE_K2);
		expect(kith_unpack(&kith_session_k2_schema, bytes, &m) == KITH_OK);
		memcpy(s->their_e, m.e.p, 32);
		familiar_agrees(f);
		reads_proof(f, m.box, KITH_TYPE_K2);
		familiar_k3(f);
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

/* --- what he says then ------------------------------------------------------------------------ */

static struct familiar a_friend(struct world *w, bool is_dialler)
{
	struct familiar f = familiar_comes(w, is_dialler);

	knows(f.s.victim, f.s.me);
	familiar_greets(&f);
	expect(f.matched);
	return f;
}

struct familiar familiar_proven(struct world *w, bool is_dialler)
{
	struct familiar f = a_friend(w, is_dialler);

	familiar_proves(&f);
	expect(met(f.s.victim, f.s.me) == 1);
	return f;
}

void familiar_parcel(struct familiar *f, uint64_t kind, struct kith_span bytes)
{
	struct kith_session_parcel m = {.kind = kind, .bytes = bytes};

	stranger_seals(&f->s, &kith_session_parcel_schema, &m, false);
}

void familiar_quiet(struct familiar *f)
{
	struct kith_session_quiet m = {0};

	stranger_seals(&f->s, &kith_session_quiet_schema, &m, false);
}

void familiar_closes(struct familiar *f, bool final)
{
	struct kith_session_close m = {0};

	stranger_seals(&f->s, &kith_session_close_schema, &m, final);
}

void familiar_acks(struct familiar *f, uint64_t outcome, struct kith_span bytes)
{
	struct kith_session_ack m = {.outcome = outcome, .bytes = bytes};

	stranger_seals(&f->s, &kith_session_ack_schema, &m, false);
}

/* --- what he hears ---------------------------------------------------------------------------- */

void familiar_hears(struct familiar *f, enum kith_type type, struct kith_buf *plain)
{
	struct kith_session_sealed outer;

	kith_buf_clear(plain);
	expect(kith_unpack(&kith_session_sealed_schema, stranger_gets(&f->s, type), &outer) ==
		KITH_OK);
	expect(stranger_unboxes(&f->s, outer.box, type, plain));
}

void familiar_was_refused(struct familiar *f, size_t errors)
{
	struct person *ada = f->s.victim;

	expect(!f->s.me->wire->end[!f->s.me->side].open);
	expect(parted(ada, f->s.me) == 0 && broke(ada, f->s.me) == errors);
	expect(told(ada, KITH_NEWS_FAILED, NULL) == 0 && ada->failures_told == 0);
}
