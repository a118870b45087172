/* SPDX-License-Identifier: MIT
 *
 * parcel - a script of what Ada, whom Bob knows, says to his keep in known sessions: parcels of every kind, any bytes or
 * signed here so that what is behind a signature is reached; how she stands and which card of his she holds, what she
 * answers to his, her rotations; and what Bob decides meanwhile.  It goes over a real store, in memory.
 *
 * Whatever comes: an outcome of the page; what is not taken changes nothing but for what the page says; the same again is
 * nothing new; Ada stays Ada, and what Bob has of Dora, who says nothing, stays as it was; nobody is there whom no
 * introduction brought; Bob's number never falls, nor jumps too far; he gives back what was asked for or nothing, and
 * asks for what she told of, once and before a card of his goes; a session ends; the store is sound.
 */
#include <sodium.h>
#include <sys/stat.h>

#include <kith/introduction.h>
#include <kith/keys.h>

#include "base/auto.h"
#include "card/introduction.h"
#include "codec/pack.h"
#include "crypto/sign.h"
#include "fuzz/fuzz.h"
#include "store/db.h"
#include "unit/pump.h"

#define STEPS 24
#define WORDS "You both restore looms."
#define NOW   1777840000

/* The people of the vectors, but for Dora.  NEW is Ada under her next key. */
enum who { ADA, NEW, BOB, CAROL, DORA, PEOPLE };

static struct {
	struct kith_identity *id[PEOPLE];
	struct kith_store *home; /* Bob's, as every script finds it */
	int64_t ada, dora;       /* rows of it */
	uint8_t intro[16], salt[2][32];
	struct kith_buf first; /* the card that Ada gave */
	/* of one script */
	struct kith_env env;
	int64_t clock;
	struct kith_store *store;
	struct kith_keep *keep;
	struct kith_known_host host;
	struct kith_tie tie;
	struct kith_friend who;
	uint8_t session[32];
	bool open, asked, gave,
		recalled;      /* of this session: RECALL was sent, a card was; theirs was taken */
	struct kith_buf given; /* the last card of hers that he took */
	struct kith_buf held;  /* what she tells of, and gives back */
	struct kith_stance of_dora;
	uint64_t number;
	int64_t people, introduced;
} w;

/* --- the world -------------------------------------------------------------------------------- */

static void seed_of(const char *name, uint8_t out[static 32])
{
	char text[64];
	int n = snprintf(text, sizeof text, "kith vector %s", name);

	(void)crypto_hash_sha256(out, (const uint8_t *)text, (size_t)n);
}

static void make_people(void)
{
	static const char *const names[PEOPLE] = {"ada", "ada new", "bob", "carol", "fuzz dora"};
	uint8_t seed[32];

	for (size_t i = 0; i < PEOPLE; i++) {
		seed_of(names[i], seed);
		must(kith_identity_from_seed(seed, &w.id[i]) == KITH_OK);
	}
}

static int64_t shown(void *ctx)
{
	(void)ctx;
	return w.clock;
}

static void introduce(struct pump_person *bob)
{
	struct kith_introduction_new n = {
		.who = {w.ada, w.dora}, .words = kith_span_str(WORDS), .at = NOW};
	int64_t row;

	seed_of("fuzz introduction", n.salt[0]);
	memcpy(w.intro, n.salt[0], sizeof w.intro);
	seed_of("fuzz salt a", w.salt[0]);
	seed_of("fuzz salt d", w.salt[1]);
	memcpy(n.id, w.intro, sizeof n.id);
	memcpy(n.salt, w.salt, sizeof n.salt);
	memcpy(n.ik, kith_identity_ik(w.id[BOB]), sizeof n.ik);
	must(kith_store_introduce(bob->store, &n, &row) == KITH_OK);
}

/* Bob has swapped with Ada and with Dora, and would introduce them. */
static void make_world(void)
{
	struct pump_person ada, bob, dora;
	uint8_t seed[32];
	void *folder;

	make_people();
	must(world_make(&folder) == 0);
	seed_of("bob", seed);
	pump_person_of(&bob, folder, "Bob", seed);
	seed_of("ada", seed);
	pump_person_of(&ada, folder, "Ada", seed);
	seed_of("fuzz dora", seed);
	pump_person_of(&dora, folder, "Dora", seed);
	pump_envelope(&ada, &w.first);
	pump_swap(&bob, &ada);
	pump_swap(&bob, &dora);
	w.ada = pump_contact(&bob, &ada);
	w.dora = pump_contact(&bob, &dora);
	introduce(&bob);
	must(kith_store_rehearse(bob.store, &w.home) == KITH_OK);
	pump_free(&ada);
	pump_free(&bob);
	pump_free(&dora);
	must(world_remove(&folder) == 0);
}

static int64_t number_of(const char *sql)
{
	sqlite3_stmt *stmt = NULL;

	must(sqlite3_prepare_v2(w.store->db, sql, -1, &stmt, NULL) == SQLITE_OK);
	int64_t n = sqlite3_step(stmt) == SQLITE_ROW ? sqlite3_column_int64(stmt, 0) : -1;
	(void)sqlite3_finalize(stmt);
	return n;
}

static struct kith_stance stance_of(int64_t contact)
{
	struct kith_stance s;

	must(kith_store_stance(w.store, contact, &s) == KITH_OK);
	return s;
}

/* Ada's key of now, as Bob has it. */
static const struct kith_identity *ada_now(void)
{
	struct kith_stance s = stance_of(w.ada);
	bool first = memcmp(s.ik, kith_identity_ik(w.id[ADA]), sizeof s.ik) == 0;

	must(first || memcmp(s.ik, kith_identity_ik(w.id[NEW]), sizeof s.ik) == 0);
	return w.id[first ? ADA : NEW];
}

/* --- what holds ------------------------------------------------------------------------------- */

static void dora_is_untouched(void)
{
	struct kith_stance now = stance_of(w.dora), *was = &w.of_dora;

	must(memcmp(now.ik, was->ik, sizeof now.ik) == 0);
	must(!now.blocked && !now.frozen && now.agreed && now.they_agreed == was->they_agreed);
	must(now.has_card && now.rev == was->rev && !memcmp(now.card, was->card, 8));
	must(now.told == was->told && now.told_rev == was->told_rev && now.refused == was->refused);
}

static void all_is_well(void)
{
	struct kith_stance s = stance_of(w.ada);
	bool due;

	(void)ada_now();
	must(s.agreed && s.number >= w.number && s.number < UINT64_C(1) << 53);
	must(s.number - w.number <=
		UINT64_C(1) << KITH_JUMP_BITS); /* who holds his cards takes the next */
	w.number = s.number;
	must(number_of("SELECT count(*) FROM contact") <= w.people + w.introduced);
	must(kith_keep_due(w.keep, w.ada, &due) == KITH_OK);
	must(!due || (!s.blocked && !s.frozen));
	dora_is_untouched();
}

/* What is refused changes nothing, but that a conflict, a jump and a false introduction are noted. */
static bool may_note(uint64_t kind, enum kith_outcome outcome)
{
	return outcome == KITH_OUTCOME_REFUSED &&
	       (kind == KITH_PARCEL_CARD || kind == KITH_PARCEL_INTRO);
}

/* What he gives back is a card of hers, and the one that has that hash. */
static void is_hers(struct kith_span hash, struct kith_span envelope)
{
	uint8_t own[32];
	struct kith_card card;

	kith_card_hash(envelope, own);
	must(kith_span_eq(hash, kith_span(own, sizeof own)));
	must(kith_card_verify(envelope, &card) == KITH_OK);
	must(memcmp(card.ik, kith_identity_ik(w.id[ADA]), sizeof card.ik) == 0 ||
		memcmp(card.ik, kith_identity_ik(w.id[NEW]), sizeof card.ik) == 0);
}

static enum kith_outcome hand(uint64_t kind, struct kith_span bytes, size_t room)
{
	struct kith_span answer = kith_span("", 0);
	enum kith_outcome outcome = w.host.take(w.host.ctx, &w.who, kind, bytes, room, &answer);

	must(outcome <= KITH_OUTCOME_LATER);
	if (kind != KITH_PARCEL_RECALL || outcome != KITH_OUTCOME_TAKEN) {
		must(answer.n == 0);
		return outcome;
	}
	must(answer.n > 0 && answer.n <= room && !w.recalled && w.who.standing.agreed);
	is_hers(bytes, answer);
	w.recalled = true;
	return outcome;
}

/* She says it again. */
static void is_nothing_new(uint64_t kind, struct kith_span bytes)
{
	int64_t before, after, read;
	struct kith_stance s = stance_of(w.ada);

	must(kith_store_news_upto(w.store, &before, &read) == KITH_OK);
	enum kith_outcome outcome = hand(kind, bytes, KITH_CARD_ENVELOPE_MAX);
	must(kith_store_news_upto(w.store, &after, &read) == KITH_OK);
	must(after == before);
	must(outcome == KITH_OUTCOME_TAKEN || s.frozen ||
		(outcome == KITH_OUTCOME_LATER &&
			(kind == KITH_PARCEL_CARD || kind == KITH_PARCEL_TAKEBACK ||
				kind == KITH_PARCEL_RECALL))); /* of these so many */
}

static void takes_within(uint64_t kind, struct kith_span bytes, size_t room)
{
	int before = sqlite3_total_changes(w.store->db);

	if (!w.open || bytes.n > KITH_PARCEL_MAX)
		return;
	enum kith_outcome outcome = hand(kind, bytes, room);
	must(outcome != KITH_OUTCOME_TAKEN || (kind >= 1 && kind <= 8));
	if (kind == KITH_PARCEL_RECALL ||
		(outcome != KITH_OUTCOME_TAKEN && !may_note(kind, outcome)))
		must(sqlite3_total_changes(w.store->db) == before);
	if (outcome != KITH_OUTCOME_TAKEN)
		return;
	w.introduced += kind == KITH_PARCEL_INTRO;
	if (kind == KITH_PARCEL_CARD) {
		kith_buf_clear(&w.given);
		must(kith_buf_add(&w.given, bytes.p, bytes.n) == KITH_OK);
	}
	is_nothing_new(kind, bytes);
}

static void takes(uint64_t kind, struct kith_span bytes)
{
	takes_within(kind, bytes, KITH_CARD_ENVELOPE_MAX);
}

/* --- what Ada brings -------------------------------------------------------------------------- */

static void any_bytes(struct fuzz_in *in)
{
	uint8_t kind = fuzz_byte(in);
	struct kith_span bytes = fuzz_string(in);

	takes(kind < 200 ? 1 + kind % 8 : kind, bytes);
}

static void seal_card(const struct kith_identity *id, struct kith_span body, struct kith_buf *out)
{
	struct kith_packer p = {.out = out};
	uint8_t sig[KITH_SIG_BYTES];

	must(kith_sign(id, "kith/1 card", body, sig) == KITH_OK);
	kith_pack_array(&p, 4);
	kith_pack_str(&p, kith_span_str("KITHCARD"));
	kith_pack_uint(&p, 1);
	kith_pack_bin(&p, body);
	kith_pack_bin(&p, kith_span(sig, sizeof sig));
	must(!p.err);
}

/* A sound card with the number and the id that the script says. */
static void make_card(struct fuzz_in *in, const struct kith_identity *id, struct kith_buf *out)
{
	static struct kith_card card;
	uint8_t how = fuzz_byte(in);

	card = (struct kith_card){.issued = NOW, .fields = {.n = 1}};
	card.rev = 1 + fuzz_number(in, 1 + how % 7) % ((UINT64_C(1) << 53) - 1);
	card.card[0] = how >> 6;
	card.fields.at[0] = (struct kith_field){
		.kind = KITH_FIELD_NAME, .parts = 1, .part = {kith_span_str("Somebody")}};
	if (how & 8)
		card.variant = KITH_CARD_POCKET;
	if (how & 16) /* the one that she gave first */
		memcpy(card.card, stance_of(w.ada).card, sizeof card.card);
	must(kith_card_sign(id, &card, out) == KITH_OK);
}

static void a_card(struct fuzz_in *in)
{
	KITH_AUTO_BUF struct kith_buf out = {0};

	make_card(in, ada_now(), &out);
	takes(KITH_PARCEL_CARD, kith_buf_span(&out));
}

/* For the card that she gave first, or last, or for something else; and there is room for it, or not quite. */
static void a_recall(struct fuzz_in *in)
{
	uint8_t hash[32], what = fuzz_byte(in);
	const struct kith_buf *of = what & 1 && w.given.n ? &w.given : &w.first;

	kith_card_hash(kith_buf_span(of), hash);
	if (what >= 192)
		hash[what & 31] ^= 1;
	takes_within(KITH_PARCEL_RECALL, kith_span(hash, what & 2 ? what % 33u : sizeof hash),
		what & 4 ? of->n - (what >> 7) : KITH_CARD_ENVELOPE_MAX);
}

static void a_body(struct fuzz_in *in)
{
	KITH_AUTO_BUF struct kith_buf out = {0};

	seal_card(ada_now(), fuzz_string(in), &out);
	takes(KITH_PARCEL_CARD, kith_buf_span(&out));
}

/* Of any of the four kinds, the body as it comes. */
static void a_statement(struct fuzz_in *in)
{
	KITH_AUTO_BUF struct kith_buf out = {0};
	enum kith_statement_kind kind = (enum kith_statement_kind)(1 + fuzz_byte(in) % 4);
	bool rotate = kind == KITH_STATEMENT_ROTATE;

	if (kith_statement_sign(
		    kind, fuzz_string(in), w.id[ADA], rotate ? w.id[NEW] : NULL, &out) == KITH_OK)
		takes(KITH_PARCEL_STATEMENT, kith_buf_span(&out));
}

/* By Ada's first key, or her second. */
static void a_revocation(struct fuzz_in *in)
{
	KITH_AUTO_BUF struct kith_buf out = {0};
	uint8_t what = fuzz_byte(in);

	must(kith_statement_revoke(w.id[what & 1], (enum kith_revoke_reason)(what / 2 % 4), NOW,
		     &out) == KITH_OK);
	takes(KITH_PARCEL_STATEMENT, kith_buf_span(&out));
}

/* One bit of what is sound otherwise, or none. */
static void bend(struct fuzz_in *in, struct kith_buf *out)
{
	size_t bit = (size_t)fuzz_number(in, 2);

	if (bit)
		out->p[bit / 8 % out->n] ^= (uint8_t)(1u << bit % 8);
}

static void a_proposal(struct fuzz_in *in)
{
	KITH_AUTO_BUF struct kith_buf out = {0};
	struct kith_propose p = {.words = kith_span_str(WORDS)};
	uint8_t salt[32] = {0};

	p.id[0] = fuzz_byte(in) % 40;
	kith_introduction_aud(p.id, kith_identity_ik(w.id[CAROL]), salt, p.aud);
	must(kith_propose_pack(&p, &out) == KITH_OK);
	bend(in, &out);
	takes(KITH_PARCEL_PROPOSE, kith_buf_span(&out));
}

/* Ada's yes to be introduced to Dora. */
static void a_grant(struct fuzz_in *in)
{
	KITH_AUTO_BUF struct kith_buf envelope = {0}, statement = {0}, out = {0};
	struct kith_grant g = {.issued = NOW};

	make_card(in, ada_now(), &envelope);
	memcpy(g.id, w.intro, sizeof g.id);
	memcpy(g.introducer, kith_identity_ik(w.id[BOB]), sizeof g.introducer);
	kith_introduction_aud(w.intro, w.of_dora.ik, w.salt[0], g.aud);
	kith_card_hash(kith_buf_span(&envelope), g.card);
	must(kith_grant_sign(ada_now(), &g, &statement) == KITH_OK);
	must(kith_granted_pack(&(struct kith_granted){.grant = kith_buf_span(&statement),
				       .envelope = kith_buf_span(&envelope)},
		     &out) == KITH_OK);
	bend(in, &out);
	takes(KITH_PARCEL_GRANT, kith_buf_span(&out));
}

/* Carol, or somebody else, by Ada's word; the proposal with that id was of Carol. */
static void an_intro(struct fuzz_in *in)
{
	KITH_AUTO_BUF struct kith_buf envelope = {0}, grant = {0}, intro = {0}, out = {0};
	uint8_t id = fuzz_byte(in) % 40, who = fuzz_byte(in);
	const struct kith_identity *subject = who < 200 ? w.id[CAROL] : w.id[who % PEOPLE];
	struct kith_grant g = {.id = {id}, .issued = NOW};
	struct kith_intro i = {.id = {id}, .how = (enum kith_intro_how)(who % 4), .issued = NOW};
	struct kith_handover h = {0};

	make_card(in, subject, &envelope);
	kith_card_hash(kith_buf_span(&envelope), g.card);
	memcpy(g.introducer, kith_identity_ik(ada_now()), sizeof g.introducer);
	kith_introduction_aud(g.id, kith_identity_ik(w.id[BOB]), h.salt_theirs, g.aud);
	must(kith_grant_sign(subject, &g, &grant) == KITH_OK);
	memcpy(i.subject, kith_identity_ik(subject), sizeof i.subject);
	memcpy(i.audience, kith_identity_ik(w.id[BOB]), sizeof i.audience);
	memcpy(i.card, g.card, sizeof i.card);
	must(kith_intro_sign(ada_now(), &i, &intro) == KITH_OK);
	h.intro = kith_buf_span(&intro);
	h.other = (struct kith_granted){kith_buf_span(&grant), kith_buf_span(&envelope)};
	must(kith_handover_pack(&h, &out) == KITH_OK);
	bend(in, &out);
	takes(KITH_PARCEL_INTRO, kith_buf_span(&out));
}

/* About a card: the one that Bob holds of hers, the one that she holds of his, or another one. */
static void about_a_card(struct fuzz_in *in, uint64_t kind)
{
	uint8_t what = fuzz_byte(in);
	uint8_t bytes[9] = {what, [8] = (what >> 2) % 4};
	struct kith_stance s = stance_of(w.ada);

	if (what & 1)
		memcpy(bytes, what & 2 ? s.told_card : s.card, 8);
	takes(kind, kith_span(bytes, kind == KITH_PARCEL_TAKEBACK ? 8 : 9));
}

/* Her rotations, as a PROOF brings them: any bytes, or the sound one. */
static void rotates(struct fuzz_in *in)
{
	KITH_AUTO_BUF struct kith_buf statement = {0}, out = {0};
	struct kith_packer p = {.out = &out};
	uint8_t ik[KITH_KEY_BYTES], how = fuzz_byte(in);
	struct kith_span any = fuzz_string(in);

	must(kith_statement_rotate(w.id[ADA], w.id[NEW], 1 + how / 4, NOW, &statement) == KITH_OK);
	kith_pack_array(&p, 1 + how % 3);
	for (size_t i = 0; i < 1 + how % 3u; i++)
		kith_pack_bin(&p, i ? any : kith_buf_span(&statement));
	must(!p.err);
	enum kith_err err =
		w.host.rotated(w.host.ctx, &w.tie, how % 3 == 2 ? any : kith_buf_span(&out), ik);
	must(err || memcmp(ik, kith_identity_ik(ada_now()), sizeof ik) == 0);
}

/* --- sessions --------------------------------------------------------------------------------- */

static void parts(struct fuzz_in *in)
{
	if (w.open)
		w.host.parted(w.host.ctx, &w.who, fuzz_byte(in) & 1 ? KITH_ERR_BROKEN : KITH_OK);
	w.open = w.asked = w.gave = w.recalled = false;
}

/* What she holds of his: what he signed, what he or somebody else might have, or any bytes. */
static void holds(struct fuzz_in *in)
{
	uint8_t what = fuzz_byte(in);
	struct kith_mine mine = {0};

	kith_buf_clear(&w.held);
	must(kith_store_mine(w.store, &mine) == KITH_OK);
	if (what < 32)
		must(kith_buf_add(&w.held, mine.envelope.p, mine.envelope.n) == KITH_OK);
	else if (what < 224)
		make_card(in, w.id[what < 192 ? BOB : ADA], &w.held);
	else
		must(kith_buf_add(&w.held, &what, 1) == KITH_OK);
	kith_mine_free(&mine);
	kith_card_hash(kith_buf_span(&w.held), w.who.standing.hash);
}

/* Another session with her, under the key that Bob has of hers; how she stands is hers to say. */
static void meets(struct fuzz_in *in)
{
	const struct kith_identity *ada = ada_now();
	struct kith_standing mine;
	uint8_t how = fuzz_byte(in);

	parts(in);
	w.session[0]++;
	memcpy(w.tie.theirs, kith_identity_ik(ada), sizeof w.tie.theirs);
	memcpy(w.tie.their_xk, kith_identity_xk(ada), sizeof w.tie.their_xk);
	w.who = (struct kith_friend){.tie = &w.tie,
		.ik = w.tie.theirs,
		.session = w.session,
		.network = kith_span_str("eth0"),
		.standing = {.agreed = !(how & 1), .has_card = (how & 2) != 0}};
	if (how & 2) {
		memcpy(w.who.standing.card, stance_of(w.ada).told_card, 8);
		w.who.standing.card[0] ^= how >> 6;
		w.who.standing.rev = fuzz_number(in, 1 + (how & 4));
		holds(in);
	}
	enum kith_err err = w.host.standing(w.host.ctx, &w.tie, &mine);
	must(!err || err == KITH_ERR_DECLINED);
	if (!err)
		w.open = w.host.met(w.host.ctx, &w.who) == KITH_OK;
	must(err || w.open);
}

/* He asks for what she told of, once, and before a card of his goes. */
static void may_ask(const struct kith_parcel *parcel)
{
	const struct kith_standing *s = &w.who.standing;

	w.gave = w.gave || parcel->kind == KITH_PARCEL_CARD;
	if (parcel->kind != KITH_PARCEL_RECALL)
		return;
	must(s->agreed && s->has_card && !w.asked && !w.gave);
	must(kith_span_eq(parcel->bytes, kith_span(s->hash, sizeof s->hash)));
	w.asked = true;
}

/* What goes with her answer: a receipt, what she told of, or to a RECALL any bytes that there may be. */
static struct kith_span answer_to(
	struct fuzz_in *in, const struct kith_parcel *parcel, uint8_t outcome)
{
	static const uint8_t sig[KITH_SIG_BYTES];
	bool taken = outcome == KITH_OUTCOME_TAKEN;

	if (taken && parcel->kind == KITH_PARCEL_CARD)
		return kith_span(sig, sizeof sig);
	if (!taken || parcel->kind != KITH_PARCEL_RECALL)
		return kith_span("", 0);
	uint8_t how = fuzz_byte(in);
	struct kith_span any = how < 192 ? kith_span("", 0) : fuzz_string(in);
	if (any.n > 0 && any.n <= KITH_CARD_ENVELOPE_MAX)
		return any;
	if (how >= 128)
		bend(in, &w.held);
	return kith_buf_span(&w.held);
}

static bool is_signed_here(struct kith_span envelope)
{
	sqlite3_stmt *stmt = NULL;

	must(sqlite3_prepare_v2(w.store->db, "SELECT 1 FROM mine_card WHERE envelope = ?1", -1,
		     &stmt, NULL) == SQLITE_OK);
	must(sqlite3_bind_blob64(stmt, 1, envelope.p, envelope.n, SQLITE_STATIC) == SQLITE_OK);
	bool found = sqlite3_step(stmt) == SQLITE_ROW;
	(void)sqlite3_finalize(stmt);
	return found;
}

/* What he signed here, brought back under whatever number, makes him sign nothing. */
static void is_answered(struct fuzz_in *in, const struct kith_parcel *parcel, uint8_t outcome)
{
	struct kith_span answer = answer_to(in, parcel, outcome);
	bool his = answer.n > 0 && is_signed_here(answer);

	must(w.host.answered(w.host.ctx, &w.who, parcel, outcome, answer) == KITH_OK);
	must(!his || stance_of(w.ada).number == w.number);
}

/* What is due to her, each answered as she likes, until there is nothing more. */
static void hears(struct fuzz_in *in)
{
	struct kith_parcel parcel;
	enum kith_err err = KITH_OK;
	size_t n = 0, most = 1 + fuzz_byte(in) % 40;

	for (; w.open && n < most; n++) {
		err = w.host.next(w.host.ctx, &w.who, KITH_PARCEL_MAX, &parcel);
		if (err)
			break;
		uint8_t outcome = fuzz_byte(in);
		outcome = outcome < 200 ? outcome % 4 : outcome;
		must(parcel.bytes.n <= KITH_PARCEL_MAX);
		may_ask(&parcel);
		is_answered(in, &parcel, outcome);
	}
	must(!err || err == KITH_ERR_MISSING || err == KITH_ERR_LIMIT);
	must(n <= KITH_PARCELS_MAX);
}

/* --- what Bob does ---------------------------------------------------------------------------- */

static void signs(void)
{
	struct kith_cards_signing signing = {.id = w.id[BOB], .now = w.clock, .all = true};
	size_t n;
	enum kith_err err = kith_store_cards_sign(w.store, &signing, &n);

	must(!err || err == KITH_ERR_LIMIT);
}

static void decides(struct fuzz_in *in)
{
	uint8_t what = fuzz_byte(in);
	int64_t row = fuzz_byte(in) % 40;
	struct kith_mine mine = {0};
	size_t n;

	must(kith_store_mine(w.store, &mine) == KITH_OK);
	switch (what % 8) {
	case 0: /* each of these may find nothing to decide */
		(void)!kith_store_proposal_answer(w.store, row, mine.card, w.clock);
		break;
	case 1:
		(void)!kith_store_proposal_answer(w.store, row, NULL, w.clock);
		break;
	case 2:
		(void)!kith_store_letgo_answer(w.store, row % 4, row & 4, w.clock);
		break;
	case 3:
		(void)!kith_store_takeback(w.store, w.ada, w.clock, &n);
		break;
	case 4:
		must(kith_store_give(w.store, w.ada, mine.card) == KITH_OK);
		break;
	case 5:
		must(kith_store_block(w.store, w.ada, row & 1, 1) == KITH_OK);
		break;
	case 6:
		signs();
		break;
	default:
		w.clock += row * 86400;
	}
	kith_mine_free(&mine);
}

/* --- a script --------------------------------------------------------------------------------- */

static void step(struct fuzz_in *in)
{
	switch (fuzz_byte(in) % 16) {
	case 0:
		any_bytes(in);
		break;
	case 1:
		a_body(in);
		break;
	case 2:
		a_card(in);
		break;
	case 3:
		a_recall(in);
		break;
	case 4:
		a_statement(in);
		break;
	case 5:
		a_revocation(in);
		break;
	case 6:
		a_proposal(in);
		break;
	case 7:
		a_grant(in);
		break;
	case 8:
		an_intro(in);
		break;
	case 9:
		about_a_card(in, KITH_PARCEL_TAKEBACK);
		break;
	case 10:
		about_a_card(in, KITH_PARCEL_RESPONSE);
		break;
	case 11:
		rotates(in);
		break;
	case 12:
		meets(in);
		break;
	case 13:
		hears(in);
		break;
	default:
		decides(in);
	}
}

static void begins(void)
{
	w.env = *kith_env_default();
	w.env.wall = shown;
	w.clock = NOW;
	w.introduced = 0;
	w.open = w.asked = w.gave = w.recalled = false;
	kith_buf_clear(&w.given);
	kith_buf_clear(&w.held);
	memset(w.session, 0, sizeof w.session);
	must(kith_store_rehearse(w.home, &w.store) == KITH_OK);
	must(kith_keep_new(&w.env, w.store, w.id[BOB], NULL, 0, &w.keep) == KITH_OK);
	w.host = kith_keep_host(w.keep);
	w.tie = (struct kith_tie){.contact = w.ada};
	memcpy(w.tie.mine, kith_identity_ik(w.id[BOB]), sizeof w.tie.mine);
	w.of_dora = stance_of(w.dora);
	w.number = w.of_dora.number;
	w.people = number_of("SELECT count(*) FROM contact");
}

static void ends(void)
{
	must(number_of("SELECT count(*) FROM pragma_foreign_key_check") == 0);
	must(number_of("SELECT integrity_check = 'ok' FROM pragma_integrity_check") == 1);
	kith_keep_free(w.keep); /* of a session that was never parted, too */
	kith_store_close(w.store);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct fuzz_in in = {p, n};

	fuzz_start();
	if (!w.id[ADA])
		make_world();
	begins();
	meets(&in);
	for (size_t i = 0; in.n > 0 && i < STEPS; i++) {
		step(&in);
		all_is_well();
	}
	ends();
	return 0;
}
