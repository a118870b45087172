/* SPDX-License-Identifier: MIT */
#include "stranger.h"

#include <sodium.h>

#include "crypto/seed.h"

#define RANDOM_TAGS (KITH_TAGS_MIN * KITH_TAG_BYTES)

/* --- the page's values, by libsodium ---------------------------------------------------------- */

static void put_length(crypto_generichash_state *h, size_t n)
{
	uint8_t be[4] = {(uint8_t)(n >> 24), (uint8_t)(n >> 16), (uint8_t)(n >> 8), (uint8_t)n};

	(void)crypto_generichash_update(h, be, sizeof be);
}

/* H(label, parts) */
void stranger_hash(
	uint8_t out[static 32], const char *label, const struct kith_span *parts, size_t n)
{
	crypto_generichash_state h;

	(void)crypto_generichash_init(&h, NULL, 0, 32);
	put_length(&h, strlen(label));
	(void)crypto_generichash_update(&h, (const uint8_t *)label, strlen(label));
	for (size_t i = 0; i < n; i++) {
		put_length(&h, parts[i].n);
		(void)crypto_generichash_update(&h, parts[i].p, parts[i].n);
	}
	(void)crypto_generichash_final(&h, out, 32);
}

static struct kith_span key_of(const struct stranger *s, bool dialler)
{
	return kith_span((dialler == s->dials ? s->me : s->victim)->key, 32);
}

/* The xk he claims. */
static struct kith_span xk_of(const struct stranger *s)
{
	return kith_span(kith_identity_xk(s->xk ? s->xk->id : s->me->id), 32);
}

void stranger_commits(struct stranger *s, struct kith_span label, uint8_t commit[static 32])
{
	uint8_t r[32];
	struct kith_session_reveal m = {.e = kith_span(s->claims ? s->claims : s->e, 32),
		.r = kith_span(r, 32),
		.ik = kith_span(kith_identity_ik(s->me->id), 32),
		.xk = xk_of(s)};

	new_key(s->me->w, s->e_secret);
	(void)crypto_scalarmult_base(s->e, s->e_secret);
	new_key(s->me->w, r);
	kith_buf_clear(&s->s3);
	expect(kith_pack(&kith_session_reveal_schema, &m, &s->s3) == KITH_OK);
	struct kith_span parts[] = {key_of(s, false), key_of(s, true), kith_buf_span(&s->hi),
		kith_buf_span(&s->hr), label, kith_buf_span(&s->s3)};
	stranger_hash(commit, "kith/1 commit", parts, 6);
}

static void make_code(struct stranger *s)
{
	struct kith_span th = kith_span(s->th, 32);
	uint8_t h[32];
	uint64_t v = 0;

	stranger_hash(h, "kith/1 sas", &th, 1);
	for (size_t i = 0; i < 8; i++)
		v = v * 256 + h[i];
	for (size_t i = KITH_CODE_DIGITS; i > 0; i--) {
		s->code[i - 1] = (char)('0' + v % 10);
		v /= 10;
	}
}

void stranger_keys(struct stranger *s, struct kith_span secret)
{
	uint8_t prk[32], ir[32], ri[32], message[12 + 32] = "kith/1 keys";

	memcpy(message + 12, s->th, 32);
	(void)crypto_generichash(prk, 32, message, sizeof message, secret.p, secret.n);
	(void)crypto_kdf_derive_from_key(ir, 32, 1, "kith-ses", prk);
	(void)crypto_kdf_derive_from_key(ri, 32, 2, "kith-ses", prk);
	memcpy(s->out.key, s->dials ? ir : ri, 32);
	memcpy(s->in.key, s->dials ? ri : ir, 32);
	s->sealed = true;
}

/* All messages up to REVEAL are there: transcript hash, code, keys of both directions. */
static void make_keys(struct stranger *s)
{
	struct kith_span parts[] = {kith_span_str("stranger"), key_of(s, false), key_of(s, true),
		kith_buf_span(&s->hi), kith_buf_span(&s->hr), kith_buf_span(&s->s1),
		kith_buf_span(&s->s2), kith_buf_span(&s->s3)};
	uint8_t dh[32];

	stranger_hash(s->th, "kith/1 th", parts, 8);
	make_code(s);
	expect(crypto_scalarmult(dh, s->e_secret, s->their_e) == 0);
	stranger_keys(s, kith_span(dh, sizeof dh));
}

void stranger_signs(const struct kith_identity *id, const char *label, struct kith_span bytes,
	uint8_t sig[static 64])
{
	uint8_t text[256];
	uint8_t seed[32], pk[32], sk[64];
	size_t n = strlen(label) + 1;

	(void)crypto_kdf_derive_from_key(seed, 32, 1, "kith-id1", kith_identity_seed(id));
	(void)crypto_sign_seed_keypair(pk, sk, seed);
	memcpy(text, label, n);
	memcpy(text + n, bytes.p, bytes.n);
	(void)crypto_sign_detached(sig, NULL, text, n + bytes.n, sk);
}

/* --- sending ---------------------------------------------------------------------------------- */

static void remember(struct stranger *s, struct kith_span message)
{
	uint64_t type;

	if (kith_message_type(message, &type) || type >= TYPES_MAX)
		return;
	if (s->said[type].p == message.p)
		return; /* said again */
	kith_buf_clear(&s->said[type]);
	expect(kith_buf_add(&s->said[type], message.p, message.n) == KITH_OK);
}

void stranger_bytes(struct stranger *s, struct kith_span message)
{
	remember(s, message);
	stranger_says(s->me, message);
	settles(s->me->w);
}

/* Packs, sends, and keeps the exact bytes. */
static void say(struct stranger *s, const struct kith_schema *schema, const void *msg,
	struct kith_buf *kept)
{
	struct kith_buf bytes = {0};

	expect(kith_pack(schema, msg, &bytes) == KITH_OK);
	if (kept)
		expect(kith_buf_add(kept, bytes.p, bytes.n) == KITH_OK);
	stranger_bytes(s, kith_buf_span(&bytes));
	kith_buf_free(&bytes);
}

void stranger_plain(struct stranger *s, const struct kith_schema *schema, const void *msg)
{
	say(s, schema, msg, NULL);
}

static void make_ad(const struct stranger *s, uint64_t type, uint8_t ad[static 33])
{
	memcpy(ad, s->th, 32);
	ad[32] = (uint8_t)type;
}

void stranger_seals(
	struct stranger *s, const struct kith_schema *schema, const void *msg, bool final)
{
	stranger_seals_as(s, schema, schema->type, msg, final);
}

size_t stranger_box(
	struct stranger *s, uint64_t type, struct kith_span plain, bool final, uint8_t *box)
{
	uint8_t ad[33];
	size_t n = s->out.begun ? 0 : 24;

	make_ad(s, type, ad);
	if (n)
		(void)crypto_secretstream_xchacha20poly1305_init_push(
			&s->out.state, box, s->out.key);
	s->out.begun = true;
	(void)crypto_secretstream_xchacha20poly1305_push(&s->out.state, box + n, NULL, plain.p,
		plain.n, ad, sizeof ad,
		final ? crypto_secretstream_xchacha20poly1305_TAG_FINAL : 0);
	return n + plain.n + crypto_secretstream_xchacha20poly1305_ABYTES;
}

void stranger_seals_as(struct stranger *s, const struct kith_schema *schema, uint64_t type,
	const void *msg, bool final)
{
	static uint8_t box[24 + KITH_PARCEL_MAX + 100];
	struct kith_buf plain = {0};

	expect(kith_pack_inner(schema, msg, &plain) == KITH_OK);
	size_t n = stranger_box(s, schema->type, kith_buf_span(&plain), final, box);
	kith_buf_clear(&plain);
	struct kith_session_sealed outer = {.box = kith_span(box, n)};
	expect(kith_pack_as(&kith_session_sealed_schema, type, &outer, &plain) == KITH_OK);
	stranger_bytes(s, kith_buf_span(&plain));
	kith_buf_free(&plain);
}

/* --- reading ---------------------------------------------------------------------------------- */

struct kith_span stranger_gets(struct stranger *s, enum kith_type type)
{
	uint64_t got = 0;

	expect(s->read < s->me->inbox_n);
	struct kith_span message = kith_buf_span(&s->me->inbox[s->read++]);
	expect(kith_message_type(message, &got) == KITH_OK && got == type);
	return message;
}

bool stranger_unboxes(
	struct stranger *s, struct kith_span box, uint64_t type, struct kith_buf *plain)
{
	uint8_t ad[33], *to = NULL;
	size_t n = s->in.begun ? 0 : 24;

	make_ad(s, type, ad);
	if (box.n < n + crypto_secretstream_xchacha20poly1305_ABYTES)
		return false;
	if (n && crypto_secretstream_xchacha20poly1305_init_pull(&s->in.state, box.p, s->in.key))
		return false;
	s->in.begun = true;
	size_t inside = box.n - n - crypto_secretstream_xchacha20poly1305_ABYTES;
	expect(kith_buf_more(plain, inside, &to) == KITH_OK);
	uint8_t tag = 0;
	bool opened = crypto_secretstream_xchacha20poly1305_pull(&s->in.state, to, NULL, &tag,
			      box.p + n, box.n - n, ad, sizeof ad) == 0;
	s->in.last = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
	expect(!opened || tag == crypto_secretstream_xchacha20poly1305_TAG_MESSAGE || s->in.last);
	return opened;
}

/* Opens a sealed message into plain; false when it does not open. */
static bool open_box(
	struct stranger *s, struct kith_span message, uint64_t type, struct kith_buf *plain)
{
	struct kith_session_sealed outer;

	return !kith_unpack(&kith_session_sealed_schema, message, &outer) &&
	       stranger_unboxes(s, outer.box, type, plain);
}

/* The inside of the next message, which is of that type and opens. */
static void gets_sealed(
	struct stranger *s, const struct kith_schema *schema, struct kith_buf *plain, void *ret_msg)
{
	struct kith_span message = stranger_gets(s, (enum kith_type)schema->type);

	expect(open_box(s, message, schema->type, plain));
	expect(kith_unpack_inner(schema, kith_buf_span(plain), ret_msg) == KITH_OK);
}

static bool holds_sig(
	const struct stranger *s, const char *label, struct kith_span bytes, struct kith_span sig)
{
	uint8_t text[256];
	size_t n = strlen(label) + 1;

	memcpy(text, label, n);
	memcpy(text + n, bytes.p, bytes.n);
	return crypto_sign_verify_detached(sig.p, text, n + bytes.n, s->their_ik) == 0;
}

static void gets_auth(struct stranger *s)
{
	struct kith_session_auth m;
	struct kith_buf plain = {0};

	gets_sealed(s, &kith_session_auth_schema, &plain, &m);
	expect(!s->in.last);
	expect(holds_sig(
		s, s->dials ? "kith/1 auth R" : "kith/1 auth I", kith_span(s->th, 32), m.sig));
	kith_buf_free(&plain);
}

static void gets_confirm(struct stranger *s)
{
	struct kith_session_confirm confirm;
	struct kith_buf plain = {0};

	gets_sealed(s, &kith_session_confirm_schema, &plain, &confirm);
	expect(confirm.how <= 1 && !s->in.last); /* compared, or scanned */
	kith_buf_free(&plain);
}

static void gets_card(struct stranger *s)
{
	struct kith_session_card card;
	struct kith_buf plain = {0};

	gets_sealed(s, &kith_session_card_schema, &plain, &card);
	expect(s->in.last == !s->gives); /* a receipt is owed to one who gives */
	expect(kith_span_eq(card.envelope,
		s->victim->self.gives ? s->victim->self.envelope : kith_span("", 0)));
	kith_buf_free(&plain);
}

/* What a receipt signs. */
static void receipt_text(
	const struct stranger *s, struct kith_span envelope, uint8_t text[static 64])
{
	stranger_hash(text, "kith/1 env", &envelope, 1);
	memcpy(text + 32, s->th, 32);
}

static void gets_receipt(struct stranger *s)
{
	struct kith_session_receipt m;
	struct kith_buf plain = {0};
	uint8_t text[64];

	gets_sealed(s, &kith_session_receipt_schema, &plain, &m);
	expect(s->in.last);
	receipt_text(s, kith_buf_span(&s->me->envelope), text);
	expect(holds_sig(s, "kith/1 receipt", kith_span(text, sizeof text), m.sig));
	kith_buf_free(&plain);
}

static uint64_t abort_reason(struct stranger *s, struct kith_span message)
{
	struct kith_session_abort m = {0};
	struct kith_buf plain = {0};

	if (!s->sealed)
		expect(kith_unpack(&kith_session_abort_schema, message, &m) == KITH_OK);
	else if (open_box(s, message, KITH_TYPE_ABORT, &plain))
		expect(s->in.last && kith_unpack_inner(&kith_session_abort_schema,
					     kith_buf_span(&plain), &m) == KITH_OK);
	kith_buf_free(&plain);
	return m.reason;
}

bool stranger_was_aborted(struct stranger *s, uint64_t reason)
{
	struct wire *wire = s->me->wire;
	uint64_t got = 0;

	if (s->read + 1 != s->me->inbox_n || wire->end[!s->me->side].open)
		return false;
	struct kith_span message = kith_buf_span(&s->me->inbox[s->read++]);
	if (kith_message_type(message, &got) || got != KITH_TYPE_ABORT)
		return false;
	return abort_reason(s, message) == reason;
}

/* --- single steps ----------------------------------------------------------------------------- */

static void tags(struct stranger *s, struct kith_span some)
{
	while (s->tags_said < s->more) {
		struct kith_session_tags m = {.index = ++s->tags_said, .tags = some};
		say(s, &kith_session_tags_schema, &m, &s->hi);
	}
}

static uint8_t some[KITH_TAGS_MAX * KITH_TAG_BYTES] = "tags";

static void say_hello_i(struct stranger *s)
{
	uint8_t nonce[32];
	struct kith_session_hello_i m = {.version = 1,
		.nonce = kith_span(nonce, 32),
		.tags = kith_span(some, s->more ? sizeof some : RANDOM_TAGS),
		.more = s->more};

	new_key(s->me->w, nonce);
	say(s, &kith_session_hello_i_schema, &m, &s->hi);
}

static void hello_i(struct stranger *s)
{
	say_hello_i(s);
	tags(s, kith_span(some, sizeof some));
	struct kith_span hr = stranger_gets(s, KITH_TYPE_HELLO_R);
	expect(kith_buf_add(&s->hr, hr.p, hr.n) == KITH_OK);
}

static void say_hello_r(struct stranger *s)
{
	uint8_t nonce[32];
	struct kith_session_hello_r m = {
		.version = 1, .nonce = kith_span(nonce, 32), .tag = kith_span(nonce, 16)};

	new_key(s->me->w, nonce);
	say(s, &kith_session_hello_r_schema, &m, &s->hr);
}

static void hello_r(struct stranger *s)
{
	struct kith_span hi = stranger_gets(s, KITH_TYPE_HELLO_I);

	expect(kith_buf_add(&s->hi, hi.p, hi.n) == KITH_OK);
	say_hello_r(s);
	struct kith_span s1 = stranger_gets(s, KITH_TYPE_REQUEST);
	expect(kith_buf_add(&s->s1, s1.p, s1.n) == KITH_OK);
}

void stranger_hello(struct stranger *s)
{
	if (s->dials)
		hello_i(s);
	else
		hello_r(s);
}

void stranger_request(struct stranger *s)
{
	uint8_t commit[32];
	struct kith_session_request m = {.commit = kith_span(commit, 32),
		.label = kith_span_str(s->me->name),
		.method = 1,
		.gives = s->gives,
		.attended = true};

	stranger_commits(s, m.label, commit);
	say(s, &kith_session_request_schema, &m, &s->s1);
}

void stranger_gets_accept(struct stranger *s)
{
	struct kith_session_accept m;
	struct kith_span s2 = stranger_gets(s, KITH_TYPE_ACCEPT);

	expect(kith_unpack(&kith_session_accept_schema, s2, &m) == KITH_OK);
	expect(kith_buf_add(&s->s2, s2.p, s2.n) == KITH_OK);
	memcpy(s->their_e, m.e.p, 32);
	memcpy(s->their_ik, m.ik.p, 32);
}

void stranger_reveal(struct stranger *s)
{
	stranger_bytes(s, kith_buf_span(&s->s3));
	make_keys(s);
}

void stranger_accept(struct stranger *s)
{
	uint8_t r[32];
	struct kith_session_accept m = {.e = kith_span(s->claims ? s->claims : s->e, 32),
		.r = kith_span(r, 32),
		.ik = kith_span(kith_identity_ik(s->me->id), 32),
		.xk = xk_of(s),
		.label = kith_span_str(s->me->name),
		.gives = s->gives,
		.attended = true};

	new_key(s->me->w, s->e_secret);
	(void)crypto_scalarmult_base(s->e, s->e_secret);
	new_key(s->me->w, r);
	say(s, &kith_session_accept_schema, &m, &s->s2);
}

static void gets_reveal(struct stranger *s)
{
	struct kith_session_reveal m;
	struct kith_session_request s1;
	struct kith_span s3 = stranger_gets(s, KITH_TYPE_REVEAL);
	uint8_t commit[32];

	expect(kith_unpack(&kith_session_reveal_schema, s3, &m) == KITH_OK);
	expect(kith_buf_add(&s->s3, s3.p, s3.n) == KITH_OK);
	memcpy(s->their_e, m.e.p, 32);
	memcpy(s->their_ik, m.ik.p, 32);
	expect(kith_unpack(&kith_session_request_schema, kith_buf_span(&s->s1), &s1) == KITH_OK);
	struct kith_span parts[] = {key_of(s, false), key_of(s, true), kith_buf_span(&s->hi),
		kith_buf_span(&s->hr), s1.label, s3};
	stranger_hash(commit, "kith/1 commit", parts, 6);
	expect(kith_span_eq(kith_span(commit, 32), s1.commit));
	make_keys(s);
}

const char *stranger_role(const struct stranger *s)
{
	return s->dials ? "kith/1 auth I" : "kith/1 auth R";
}

void stranger_auth(struct stranger *s, const char *label, const struct kith_identity *signer)
{
	uint8_t sig[64];
	struct kith_session_auth m = {.sig = kith_span(sig, 64)};

	stranger_signs(signer, label, kith_span(s->th, 32), sig);
	stranger_seals(s, &kith_session_auth_schema, &m, false);
}

void stranger_confirm(struct stranger *s, uint64_t how)
{
	struct kith_session_confirm m = {.how = how};

	stranger_seals(s, &kith_session_confirm_schema, &m, false);
}

void stranger_card(struct stranger *s, struct kith_span envelope)
{
	struct kith_session_card m = {.envelope = envelope};

	stranger_seals(s, &kith_session_card_schema, &m, !s->victim->self.gives);
}

void stranger_receipt(
	struct stranger *s, struct kith_span envelope, const struct kith_identity *signer)
{
	uint8_t text[64], sig[64];
	struct kith_session_receipt m = {.sig = kith_span(sig, 64)};

	receipt_text(s, envelope, text);
	stranger_signs(signer, "kith/1 receipt", kith_span(text, sizeof text), sig);
	stranger_seals(s, &kith_session_receipt_schema, &m, !s->never_ends);
}

void stranger_abort(struct stranger *s, uint64_t reason)
{
	struct kith_session_abort m = {.reason = reason};

	stranger_seals(s, &kith_session_abort_schema, &m, true);
}

/* --- in any order ----------------------------------------------------------------------------- */

static bool offers_open(struct stranger *s, enum kith_type type)
{
	struct kith_session_decline decline = {0};

	if (type == KITH_TYPE_HELLO_I && s->dials && !s->hi.n) {
		say_hello_i(s);
	} else if (type == KITH_TYPE_TAGS && s->dials && s->hi.n && s->tags_said < s->more) {
		struct kith_session_tags m = {
			.index = ++s->tags_said, .tags = kith_span(some, sizeof some)};
		say(s, &kith_session_tags_schema, &m, &s->hi);
	} else if (type == KITH_TYPE_HELLO_R && !s->dials && s->hi.n && !s->hr.n) {
		say_hello_r(s);
	} else if (type == KITH_TYPE_REQUEST && s->dials && s->hr.n && !s->s1.n) {
		stranger_request(s);
	} else if (type == KITH_TYPE_ACCEPT && !s->dials && s->s1.n && !s->s2.n) {
		stranger_accept(s);
	} else if (type == KITH_TYPE_DECLINE && !s->dials && s->s1.n) {
		stranger_plain(s, &kith_session_decline_schema, &decline);
	} else if (type == KITH_TYPE_REVEAL && s->s2.n && s->s3.n && s->dials && !s->sealed) {
		stranger_reveal(s);
	} else {
		return false;
	}
	return true;
}

bool stranger_offers(struct stranger *s, enum kith_type type)
{
	if (type < KITH_TYPE_AUTH || !s->sealed)
		return offers_open(s, type);
	if (type == KITH_TYPE_AUTH)
		stranger_auth(s, stranger_role(s), s->me->id);
	else if (type == KITH_TYPE_CONFIRM)
		stranger_confirm(s, 0);
	else if (type == KITH_TYPE_CARD)
		stranger_card(s, s->gives ? kith_buf_span(&s->me->envelope) : kith_span("", 0));
	else if (type == KITH_TYPE_RECEIPT)
		stranger_receipt(s, s->victim->self.envelope, s->me->id);
	else
		return false;
	return true;
}

static void keep(struct stranger *s, enum kith_type type, struct kith_buf *to)
{
	struct kith_span message = stranger_gets(s, type);

	expect(kith_buf_add(to, message.p, message.n) == KITH_OK);
}

static void read_next(struct stranger *s)
{
	uint64_t type = 0;

	expect(kith_message_type(kith_buf_span(&s->me->inbox[s->read]), &type) == KITH_OK);
	if (type == KITH_TYPE_HELLO_I)
		keep(s, KITH_TYPE_HELLO_I, &s->hi);
	else if (type == KITH_TYPE_HELLO_R)
		keep(s, KITH_TYPE_HELLO_R, &s->hr);
	else if (type == KITH_TYPE_REQUEST)
		keep(s, KITH_TYPE_REQUEST, &s->s1);
	else if (type == KITH_TYPE_ACCEPT)
		stranger_gets_accept(s);
	else if (type == KITH_TYPE_REVEAL)
		gets_reveal(s);
	else if (type == KITH_TYPE_AUTH)
		gets_auth(s);
	else if (type == KITH_TYPE_CONFIRM)
		gets_confirm(s);
	else if (type == KITH_TYPE_CARD)
		gets_card(s);
	else if (type == KITH_TYPE_RECEIPT)
		gets_receipt(s);
	else
		s->read++; /* DECLINE, ABORT: the end */
}

void stranger_reads(struct stranger *s)
{
	while (s->read < s->me->inbox_n)
		read_next(s);
}

/* --- the path --------------------------------------------------------------------------------- */

struct stranger stranger_meets(struct world *w, const char *name, struct person *victim, bool dials)
{
	struct stranger s = {.victim = victim, .dials = dials, .gives = true};

	s.me = comes_as(w, name, (struct manner){.stranger = true});
	sees(victim, s.me);
	return s;
}

void stranger_free(struct stranger *s)
{
	kith_buf_free(&s->hi);
	kith_buf_free(&s->hr);
	kith_buf_free(&s->s1);
	kith_buf_free(&s->s2);
	kith_buf_free(&s->s3);
	for (size_t i = 0; i < TYPES_MAX; i++)
		kith_buf_free(&s->said[i]);
}

static void connect(struct stranger *s)
{
	s->read = s->me->inbox_n;
	if (s->dials)
		stranger_dials(s->me, s->victim);
	else
		picks(s->victim, s->me);
	settles(s->me->w);
}

static void ask(struct stranger *s)
{
	if (s->dials)
		stranger_request(s);
}

static void agree(struct stranger *s)
{
	if (!s->dials) {
		stranger_accept(s);
		return;
	}
	says_yes(s->victim, s->me);
	settles(s->me->w);
	stranger_gets_accept(s);
}

static void reveal(struct stranger *s)
{
	if (s->dials)
		stranger_reveal(s);
	else
		gets_reveal(s);
	gets_auth(s);
}

void stranger_goes(struct stranger *s, enum stage stage)
{
	connect(s);
	if (stage >= STAGE_GREETED)
		stranger_hello(s);
	if (stage >= STAGE_ASKING)
		ask(s);
	if (stage >= STAGE_ACCEPTED)
		agree(s);
	if (stage >= STAGE_REVEALED)
		reveal(s);
	if (stage >= STAGE_PROVEN)
		stranger_auth(s, stranger_role(s), s->me->id);
	if (stage >= STAGE_COMPARED) {
		says_same(s->victim, s->me);
		settles(s->me->w);
		gets_confirm(s);
	}
	if (stage >= STAGE_CONFIRMED) {
		stranger_confirm(s, 0);
		gets_card(s);
	}
	if (stage >= STAGE_CARDED) {
		stranger_card(s, s->gives ? kith_buf_span(&s->me->envelope) : kith_span("", 0));
		if (s->gives)
			gets_receipt(s);
	}
	if (stage >= STAGE_DONE)
		stranger_receipt(s, s->victim->self.envelope, s->me->id);
	settles(s->me->w);
}
