/* SPDX-License-Identifier: MIT */
#include "pump.h"

#include <sys/stat.h>

#include "crypto/sign.h"

#define MORNING 1777832411 /* 2026-05-03 */

static int64_t shown(void *ctx)
{
	return ((struct pump_person *)ctx)->clock;
}

static uint64_t ticked(void *ctx)
{
	return ((struct pump_person *)ctx)->ticks;
}

/* --- people ----------------------------------------------------------------------------------- */

static void parse(const char *text, struct kith_fields *fields)
{
	while (*text) {
		size_t n = strcspn(text, "\n");
		assert_ok(kith_field_parse(kith_span(text, n), &fields->at[fields->n++], NULL));
		text += n + (text[n] ? 1 : 0);
	}
}

static void first_card(struct pump_person *p, const char *name, uint8_t seed)
{
	char text[128];
	struct kith_mine mine = {.rev = 1};
	struct kith_card draft = {.rev = 1, .issued = p->clock, .card = {seed, 0xca}};
	struct kith_card card;

	(void)snprintf(text, sizeof text, "name=%s", name);
	parse(text, &draft.fields);
	assert_ok(kith_fields_pack(&draft.fields, &mine.profile));
	assert_ok(kith_card_sign(p->id, &draft, &mine.envelope));
	assert_ok(kith_card_verify(kith_buf_span(&mine.envelope), &card));
	assert_ok(kith_store_mine_put(p->store, 0, &mine, &card));
	kith_mine_free(&mine);
}

void pump_rekeep(struct pump_person *p)
{
	kith_keep_free(p->keep);
	p->keep = NULL;
	assert_ok(kith_keep_new(&p->env, p->store, p->id, p->retired, p->n_retired, &p->keep));
}

void pump_person_of(struct pump_person *p, const char *folder, const char *name,
	const uint8_t seed[static KITH_KEY_BYTES])
{
	*p = (struct pump_person){.env = *kith_env_default(), .clock = MORNING};
	p->env.ctx = p;
	p->env.wall = shown;
	p->env.ticks = ticked;
	assert_true(asprintf(&p->home, "%s/%s", folder, name) > 0);
	assert_int_equal(mkdir(p->home, 0700), 0);
	assert_ok(kith_identity_from_seed(seed, &p->id));
	p->store = world_open(p->home, KITH_STORE_WRITE);
	first_card(p, name, seed[0]);
	pump_rekeep(p);
}

void pump_person(struct pump_person *p, const char *folder, const char *name, uint8_t seed)
{
	uint8_t bytes[KITH_KEY_BYTES];

	memset(bytes, seed, sizeof bytes);
	pump_person_of(p, folder, name, bytes);
}

void pump_free(struct pump_person *p)
{
	kith_keep_free(p->keep);
	kith_store_close(p->store);
	kith_identity_free(p->id);
	free(p->home);
	*p = (struct pump_person){0};
}

uint64_t pump_profile(struct pump_person *p, const char *text)
{
	struct kith_fields fields = {0};
	struct kith_cards_signing signing = {.id = p->id, .now = p->clock, .profile = &fields};
	struct kith_mine mine = {0};
	size_t n;

	parse(text, &fields);
	assert_ok(kith_store_cards_sign(p->store, &signing, &n));
	assert_ok(kith_store_mine(p->store, &mine));
	uint64_t rev = mine.rev;
	kith_mine_free(&mine);
	return rev;
}

int64_t pump_contact(struct pump_person *a, struct pump_person *b)
{
	struct kith_contact c = {0};
	enum kith_err err = kith_store_contact_of(a->store, kith_identity_ik(b->id), &c);
	int64_t row = err ? 0 : c.row;

	if (err != KITH_ERR_NOPERSON)
		assert_ok(err);
	kith_contact_free(&c);
	return row;
}

void pump_envelope(struct pump_person *b, struct kith_buf *out)
{
	struct kith_mine mine = {0};

	assert_ok(kith_store_mine(b->store, &mine));
	assert_ok(kith_buf_add(out, mine.envelope.p, mine.envelope.n));
	kith_mine_free(&mine);
}

void pump_import(struct pump_person *a, struct pump_person *b)
{
	struct kith_buf envelope = {0};
	struct kith_card card;
	enum kith_import what;

	pump_envelope(b, &envelope);
	assert_ok(kith_card_verify(kith_buf_span(&envelope), &card));
	assert_ok(kith_store_import(a->store, &card, kith_buf_span(&envelope), a->clock, &what));
	kith_buf_free(&envelope);
}

/* --- a swap ----------------------------------------------------------------------------------- */

/* a said "same" to b, and owes him the card. */
static void confirm(struct pump_person *a, struct pump_person *b, const uint8_t session[static 32])
{
	struct kith_mine mine = {0};
	struct kith_meeting m = {.label = kith_span_str("somebody"),
		.event = kith_span_str("FOSDEM"),
		.network = kith_span_str("eth0"),
		.at = a->clock,
		.how = KITH_HOW_COMPARED,
		.they_give = true,
		.i_give = true};

	assert_ok(kith_store_mine(a->store, &mine));
	memcpy(m.session, session, sizeof m.session);
	memcpy(m.ik, kith_identity_ik(b->id), sizeof m.ik);
	memcpy(m.xk, kith_identity_xk(b->id), sizeof m.xk);
	memcpy(m.mine, kith_identity_ik(a->id), sizeof m.mine);
	memcpy(m.card, mine.card, sizeof m.card);
	m.rev = mine.held;
	assert_ok(kith_store_confirm(a->store, &m));
	kith_mine_free(&mine);
}

/* What `from` signs for an envelope that came in that session. */
static void sign_receipt(struct pump_person *from, struct kith_span envelope,
	const uint8_t session[static 32], uint8_t sig[static KITH_SIG_BYTES])
{
	uint8_t about[64];

	kith_card_hash(envelope, about);
	memcpy(about + 32, session, 32);
	assert_ok(kith_sign(from->id, "kith/1 receipt", kith_span(about, sizeof about), sig));
}

/* b's card comes to a, and a's receipt for it to b. */
static void hand_over(
	struct pump_person *a, struct pump_person *b, const uint8_t session[static 32])
{
	struct kith_buf envelope = {0};
	struct kith_card card;
	struct kith_receipt r = {.at = b->clock};

	pump_envelope(b, &envelope);
	assert_ok(kith_card_verify(kith_buf_span(&envelope), &card));
	assert_ok(kith_store_confirmed(a->store, session, KITH_HOW_COMPARED));
	assert_ok(kith_store_card(a->store, session, &card, kith_buf_span(&envelope), a->clock));
	memcpy(r.session, session, sizeof r.session);
	kith_card_hash(kith_buf_span(&envelope), r.envelope_hash);
	sign_receipt(a, kith_buf_span(&envelope), session, r.sig);
	memcpy(r.card, card.card, sizeof r.card);
	r.rev = card.rev;
	assert_ok(kith_store_receipt(b->store, &r));
	kith_buf_free(&envelope);
}

void pump_swap(struct pump_person *a, struct pump_person *b)
{
	uint8_t session[32];

	a->env.random(a->env.ctx, session, sizeof session);
	confirm(a, b, session);
	confirm(b, a, session);
	hand_over(a, b, session);
	hand_over(b, a, session);
}

void pump_half(struct pump_person *a, struct pump_person *b, uint8_t session)
{
	uint8_t name[32];

	memset(name, session, sizeof name);
	confirm(a, b, name);
}

/* --- a meeting -------------------------------------------------------------------------------- */

/* A side of it. */
struct side {
	struct pump_person *p;
	struct kith_circle *circle;
	struct kith_known_host host;
	struct kith_tie tie; /* a copy, as the session keeps one */
	struct kith_friend who;
	uint8_t their_ik[KITH_KEY_BYTES];
	size_t sent;
	size_t bytes;
	bool quiet;
};

static void open_side(struct side *s, struct pump_person *p)
{
	bool more = true;

	*s = (struct side){.p = p, .host = kith_keep_host(p->keep)};
	assert_ok(kith_circle_new(&p->env, &s->circle));
	while (more)
		assert_ok(kith_keep_circle(p->keep, s->circle, 64, &more));
}

/* The first of mine that the other has too. */
static bool same_tie(struct side *s, struct side *other)
{
	for (size_t i = 0; i < kith_circle_size(s->circle); i++)
		for (size_t j = 0; j < kith_circle_size(other->circle); j++) {
			s->tie = *kith_circle_at(s->circle, i);
			other->tie = *kith_circle_at(other->circle, j);
			if (memcmp(s->tie.k, other->tie.k, sizeof s->tie.k) == 0)
				return true;
		}
	return false;
}

/* PROOF of s, read by the other one: the statements, then whose signature it would be. */
static enum kith_err prove(struct side *s, struct side *other)
{
	struct kith_buf statements = {0};
	enum kith_err err = KITH_OK;

	memcpy(other->their_ik, other->tie.theirs, sizeof other->their_ik);
	if (s->tie.retired) {
		err = s->host.rotations(s->host.ctx, &s->tie, &statements);
		if (!err)
			err = other->host.rotated(other->host.ctx, &other->tie,
				kith_buf_span(&statements), other->their_ik);
	}
	kith_buf_free(&statements);
	if (!err && memcmp(other->their_ik, kith_identity_ik(s->p->id), 32) != 0)
		err = KITH_ERR_SIG;
	return err;
}

static size_t room_of(const struct side *s, size_t most)
{
	size_t left = KITH_PARCELS_BYTES - s->bytes;

	return left < most ? left : most;
}

/* A parcel as it arrives at `to`: what he says to it, and with what. */
static enum kith_outcome hand(
	struct side *to, uint64_t kind, struct kith_span bytes, struct kith_buf *ret_answer)
{
	struct kith_span envelope = kith_span("", 0);
	size_t room = room_of(to, KITH_CARD_ENVELOPE_MAX);
	enum kith_outcome outcome =
		to->host.take(to->host.ctx, &to->who, kind, bytes, room, &envelope);
	bool recalled = kind == KITH_PARCEL_RECALL && outcome == KITH_OUTCOME_TAKEN;

	assert_in_range(envelope.n, recalled ? 1 : 0, recalled ? room : 0);
	assert_ok(kith_buf_add(ret_answer, envelope.p, envelope.n));
	to->bytes += envelope.n;
	return outcome;
}

static void answer(struct side *from, struct side *to, const struct kith_parcel *parcel,
	struct kith_span sent, enum kith_outcome outcome, struct kith_span said)
{
	uint8_t sig[KITH_SIG_BYTES];

	if (parcel->kind == KITH_PARCEL_CARD && outcome == KITH_OUTCOME_TAKEN) {
		sign_receipt(to->p, sent, from->who.session, sig);
		said = kith_span(sig, sizeof sig);
	}
	assert_ok(from->host.answered(from->host.ctx, &from->who, parcel, outcome, said));
}

/* One parcel of that side, and its answer.  False: the line broke. */
static bool carry(struct side *from, struct side *to, struct pump_meeting *m)
{
	struct kith_parcel parcel;
	struct kith_buf bytes = {0}, said = {0};
	size_t room = room_of(from, KITH_PARCEL_MAX);
	enum kith_err err = from->sent == KITH_PARCELS_MAX
				    ? KITH_ERR_MISSING
				    : from->host.next(from->host.ctx, &from->who, room, &parcel);

	if (err == KITH_ERR_MISSING || err == KITH_ERR_LIMIT) {
		from->quiet = true;
		return true;
	}
	assert_ok(err);
	assert_in_range(parcel.bytes.n, 0, room);
	assert_in_range(m->n, 0, PUMP_PARCELS - 1);
	assert_ok(kith_buf_add(&bytes, parcel.bytes.p, parcel.bytes.n));
	uint64_t kind = parcel.kind;
	from->sent++;
	from->bytes += bytes.n;
	if (m->on_parcel)
		m->on_parcel(m->ctx, from->p, &kind, &bytes);
	m->at[m->n].from = from->p;
	m->at[m->n].kind = parcel.kind;
	m->at[m->n].bytes = bytes.n;
	m->at[m->n].outcome = hand(to, kind, kith_buf_span(&bytes), &said);
	if (m->on_answer)
		m->on_answer(m->ctx, to->p, kind, &m->at[m->n].outcome, &said);
	m->at[m->n++].answer = said.n;
	bool breaks = m->break_at == m->n;
	if (!breaks)
		answer(from, to, &parcel, kith_buf_span(&bytes), m->at[m->n - 1].outcome,
			kith_buf_span(&said));
	kith_buf_free(&bytes);
	kith_buf_free(&said);
	return !breaks;
}

static enum kith_err introduce(
	struct side s[2], const uint8_t session[static 32], struct pump_meeting *m)
{
	enum kith_err err = KITH_OK;

	for (int i = 0; !err && i < 2; i++)
		err = s[i].host.standing(s[i].host.ctx, &s[i].tie, &m->told[i]);
	/* the listener speaks first */
	if (!err)
		err = prove(&s[1], &s[0]);
	if (!err)
		err = prove(&s[0], &s[1]);
	for (int i = 0; !err && i < 2; i++) {
		s[i].who = (struct kith_friend){.tie = &s[i].tie,
			.ik = s[i].their_ik,
			.session = session,
			.event = kith_span_str(m->event ? m->event : ""),
			.network = kith_span_str("eth0"),
			.standing = m->told[1 - i]};
		err = s[i].host.met(s[i].host.ctx, &s[i].who);
	}
	return err;
}

static void talk(struct side s[2], struct pump_meeting *m)
{
	bool whole = true;

	while (whole && (!s[0].quiet || !s[1].quiet))
		for (int i = 0; whole && i < 2; i++)
			if (!s[i].quiet)
				whole = carry(&s[i], &s[1 - i], m);
	for (int i = 0; i < 2; i++) {
		s[i].host.parted(s[i].host.ctx, &s[i].who, whole ? KITH_OK : KITH_ERR_BROKEN);
		m->bytes[i] = s[i].bytes;
	}
}

bool pump_meet_as(struct pump_person *a, struct pump_person *b, struct pump_meeting *m)
{
	struct side s[2];
	uint8_t session[32];

	a->env.random(a->env.ctx, session, sizeof session);
	a->ticks += KITH_UPDATE_MS;
	b->ticks += KITH_UPDATE_MS;
	open_side(&s[0], a);
	open_side(&s[1], b);
	if (same_tie(&s[0], &s[1])) {
		m->failed = introduce(s, session, m);
		m->met = !m->failed;
		/* nothing is said under a key that one of them has left */
		s[0].quiet = s[1].quiet = s[0].tie.retired || s[1].tie.retired;
		if (m->met)
			talk(s, m);
	}
	kith_circle_free(s[0].circle);
	kith_circle_free(s[1].circle);
	return m->met;
}

struct pump_meeting pump_meet(struct pump_person *a, struct pump_person *b)
{
	struct pump_meeting m = {0};

	(void)pump_meet_as(a, b, &m);
	return m;
}

size_t pump_count(const struct pump_meeting *m, const struct pump_person *from,
	enum kith_parcel_kind kind, enum kith_outcome outcome)
{
	size_t n = 0;

	for (size_t i = 0; i < m->n; i++)
		n += m->at[i].from == from && m->at[i].kind == kind && m->at[i].outcome == outcome;
	return n;
}

struct list {
	char *text;
	int64_t last;
};

static bool add_news(void *ctx, const struct kith_notice *notice)
{
	struct list *list = ctx;
	size_t n = strlen(list->text);

	(void)snprintf(
		list->text + n, 512 - n, "%s%s", n ? "|" : "", kith_notice_name(notice->kind));
	list->last = notice->row;
	return true;
}

const char *pump_news(struct pump_person *p, int64_t *after, char text[static 512])
{
	struct list list = {.text = text, .last = after ? *after : 0};

	text[0] = 0;
	assert_ok(kith_store_news_each(p->store, list.last, add_news, &list));
	if (after)
		*after = list.last;
	return text;
}
