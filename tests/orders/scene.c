/* SPDX-License-Identifier: MIT */
#include "scene.h"

#include <sodium.h>

#include "arena.h"

/* --- the session's host, LEVEL_SESSION -------------------------------------------------------- */

static void on_send(void *ctx, struct kith_span message)
{
	struct scene *c = ctx;

	expect(!c->ended); /* an ended session says nothing more */
	if (!c->closed)
		stranger_says(c->ada, message);
}

static enum kith_err wrote(struct scene *c, enum writing what, enum kith_err err)
{
	c->ada->called[what]++;
	c->ada->wrote[what] += !err;
	return err;
}

static enum kith_err on_confirm(void *ctx, const struct kith_meeting *m)
{
	struct scene *c = ctx;

	return wrote(c, WRITING_CONFIRM, keeping_confirm(c->ada->keeping, m));
}

static enum kith_err on_confirmed(void *ctx, const uint8_t id[static 32], enum kith_how theirs)
{
	struct scene *c = ctx;

	return wrote(c, WRITING_CONFIRMED, keeping_confirmed(c->ada->keeping, id, theirs));
}

static enum kith_err on_card(void *ctx, const uint8_t id[static 32], const struct kith_card *card,
	struct kith_span envelope)
{
	struct scene *c = ctx;

	return wrote(c, WRITING_CARD, keeping_card(c->ada->keeping, id, card, envelope));
}

static enum kith_err on_receipt(void *ctx, const struct kith_receipt *r)
{
	struct scene *c = ctx;

	return wrote(c, WRITING_RECEIPT, keeping_receipt(c->ada->keeping, r));
}

static enum kith_err on_mismatch(void *ctx, const uint8_t id[static 32])
{
	struct scene *c = ctx;

	return wrote(c, WRITING_MISMATCH, keeping_mismatch(c->ada->keeping, id));
}

/* --- start ------------------------------------------------------------------------------------ */

static const uint8_t *scanned_key(const struct scene *c)
{
	static const uint8_t other[32] = {1};

	return c->setting.scanned == SCANNED_KEY ? kith_identity_ik(c->s.me->id) : other;
}

static void start_session(struct scene *c)
{
	static const struct kith_session_host functions = {.send = on_send,
		.confirm = on_confirm,
		.confirmed = on_confirmed,
		.card = on_card,
		.receipt = on_receipt,
		.mismatch = on_mismatch};
	struct kith_session_host host = functions;
	bool dials = c->setting.ada_dials;
	const uint8_t *ada = c->ada->key, *other = c->s.me->key;

	host.ctx = c;
	stranger_dials(dials ? c->ada : c->s.me, dials ? c->s.me : c->ada);
	expect(kith_session_new(&c->w->env, &c->ada->self, &host, dials ? KITH_ROLE_I : KITH_ROLE_R,
		       dials ? other : ada, dials ? ada : other, kith_span_str("eth0"),
		       &c->session) == KITH_OK);
	if (c->setting.scanned)
		kith_session_expect(c->session, scanned_key(c));
	if (dials)
		expect(kith_session_greet(c->session) == KITH_OK);
}

static void start_room(struct scene *c)
{
	if (!c->setting.ada_dials) {
		stranger_dials(c->s.me, c->ada);
		return;
	}
	sees(c->ada, c->s.me);
	c->baseline = c->w->live;
	if (c->setting.scanned) {
		c->ada->consents++;
		expect(kith_room_invited(c->ada->room, c->s.me->key, scanned_key(c)) == KITH_OK);
		tends(c->ada);
	} else {
		picks(c->ada, c->s.me);
	}
	settles(c->w);
}

void scene_starts(struct scene *c, const struct setting *setting)
{
	struct manner ada = {
		.receives_only = !setting->ada_gives, .stranger = setting->level == LEVEL_SESSION};
	struct world *w = world_starts(1, KEEPING_LEDGER);

	arena_starts(w);
	*c = (struct scene){.setting = *setting, .w = w};
	w->delay_min = w->delay_max = 0;
	w->settle_ms = 0;
	c->ada = comes_as(w, "Ada", ada);
	c->s = (struct stranger){.victim = c->ada, .dials = !setting->ada_dials, .gives = true};
	c->s.me = comes_as(w, "Mallory", (struct manner){.stranger = true});
	c->baseline = w->live;
	if (setting->level == LEVEL_SESSION)
		start_session(c);
	else
		start_room(c);
	scene_goes_on(c);
}

/* --- the course ------------------------------------------------------------------------------- */

void scene_hangs_up(struct scene *c)
{
	c->closed = true;
	stranger_hangs_up(c->ada);
	settles(c->w);
}

static void note_step(struct scene *c, enum kith_step before)
{
	enum kith_step step = kith_session_step(c->session);

	c->prompts += step == KITH_STEP_ASKING && before != step;
	c->codes += step == KITH_STEP_COMPARING && before != step;
}

static void take_all(struct scene *c)
{
	struct person *ada = c->ada;

	while (!c->closed && c->taken < ada->inbox_n) {
		enum kith_step before = kith_session_step(c->session);
		enum kith_err err =
			kith_session_take(c->session, kith_buf_span(&ada->inbox[c->taken++]));
		bool ended = kith_session_step(c->session) == KITH_STEP_ENDED;
		expect((err != KITH_OK) == ended || before == KITH_STEP_DONE);
		note_step(c, before);
		settles(c->w);
		if (err)
			scene_hangs_up(c);
	}
	enum kith_step step = kith_session_step(c->session);
	bool over = step == KITH_STEP_ENDED || (step == KITH_STEP_DONE && c->setting.ada_dials);
	if (!c->closed && (over || !ada->wire->end[ada->side].open))
		scene_hangs_up(c);
	c->ended = step >= KITH_STEP_DONE;
}

static bool holds_bytes(struct kith_span in, struct kith_span what)
{
	return memmem(in.p, in.n, what.p, what.n) != NULL;
}

/* T4, and proto/session.md "CARD": what has left by now was allowed to. */
static void no_card_early(struct scene *c)
{
	struct kith_span card = c->ada->self.envelope;
	struct kith_span signature = kith_span(card.p + card.n - 64, 64);

	/* In the room the right key is confirmed by itself, once it is proven; another one never. */
	bool by_itself = c->setting.level == LEVEL_ROOM && c->setting.scanned == SCANNED_KEY;
	bool confirmed = c->ada->sent[KITH_TYPE_CONFIRM] > 0;

	if (confirmed && c->setting.scanned)
		expect(c->setting.scanned == SCANNED_KEY && c->s.me->sent[KITH_TYPE_AUTH] > 0);
	if (c->ada->sent[KITH_TYPE_CARD] > 0)
		expect((c->said_same || by_itself) && c->s.me->sent[KITH_TYPE_CONFIRM] > 0 &&
			c->ada->wrote[WRITING_CONFIRMED] == 1);
	if (confirmed)
		expect((c->said_same || by_itself) && c->ada->wrote[WRITING_CONFIRM] == 1);
	for (; c->looked < c->s.me->inbox_n; c->looked++)
		expect(!holds_bytes(kith_buf_span(&c->s.me->inbox[c->looked]), signature));
}

void scene_goes_on(struct scene *c)
{
	settles(c->w);
	if (c->session)
		take_all(c);
	stranger_reads(&c->s);
	no_card_early(c);
	for (size_t type = 1; type < TYPES_MAX; type++)
		expect(c->ada->sent[type] <= 1);
	expect(c->prompts <= 1 && told(c->ada, KITH_NEWS_REQUEST, NULL) <= 1);
	expect(c->codes <= 1 && told(c->ada, KITH_NEWS_CODE, NULL) <= 1);
}

bool scene_hears(const struct scene *c)
{
	return c->w->wires->end[!c->s.me->side].open;
}

bool scene_is_over(const struct scene *c)
{
	if (c->setting.level == LEVEL_SESSION)
		return c->closed && kith_session_step(c->session) != KITH_STEP_COMPARING;
	return !scene_hears(c) && kith_room_busy(c->ada->room) == 0;
}

int scene_step(const struct scene *c)
{
	return c->session ? (int)kith_session_step(c->session) : -1;
}

size_t scene_sent(const struct scene *c)
{
	size_t n = 0;

	for (size_t type = 0; type < TYPES_MAX; type++)
		n += c->ada->sent[type];
	return n;
}

/* --- digest ----------------------------------------------------------------------------------- */

#define ADD(h, what) add(h, &(what), sizeof(what))

static void add(crypto_generichash_state *h, const void *p, size_t n)
{
	(void)crypto_generichash_update(h, p, n);
}

static void add_buf(crypto_generichash_state *h, const struct kith_buf *b)
{
	ADD(h, b->n);
	if (b->n)
		add(h, b->p, b->n);
}

/* A pointer into something whose own place changes from run to run becomes its offset there. */
static uint64_t settled_word(const struct scene *c, uint64_t word)
{
	uint64_t w = (uint64_t)(uintptr_t)c->w, ada = (uint64_t)(uintptr_t)c->ada;

	if (word >= w && word < w + sizeof *c->w)
		return word - w + (UINT64_C(1) << 62);
	if (word >= ada && word < ada + sizeof *c->ada)
		return word - ada + (UINT64_C(1) << 61);
	return word;
}

static void add_block(
	const struct scene *c, crypto_generichash_state *h, const struct arena_block *b)
{
	size_t whole = b->n / 8 * 8;

	ADD(h, b->at);
	ADD(h, b->n);
	for (size_t i = 0; i < whole; i += 8) {
		uint64_t word;
		memcpy(&word, b->p + i, 8);
		word = settled_word(c, word);
		ADD(h, word);
	}
	add(h, b->p + whole, b->n - whole);
}

static void add_stream(crypto_generichash_state *h, const struct stream *s)
{
	ADD(h, s->key);
	ADD(h, s->state.k);
	ADD(h, s->state.nonce);
	ADD(h, s->begun);
	ADD(h, s->last);
}

static void add_stranger(crypto_generichash_state *h, const struct stranger *s)
{
	const struct kith_buf *bufs[] = {&s->hi, &s->hr, &s->s1, &s->s2, &s->s3};

	for (size_t i = 0; i < 5; i++)
		add_buf(h, bufs[i]);
	for (size_t i = 0; i < TYPES_MAX; i++)
		add_buf(h, &s->said[i]);
	for (size_t i = 0; i < s->me->inbox_n; i++)
		add_buf(h, &s->me->inbox[i]);
	ADD(h, s->gives);
	ADD(h, s->more);
	ADD(h, s->tags_said);
	ADD(h, s->e_secret);
	ADD(h, s->their_e);
	ADD(h, s->th);
	ADD(h, s->sealed);
	add_stream(h, &s->out);
	add_stream(h, &s->in);
}

static void add_kept(crypto_generichash_state *h, const struct scene *c)
{
	struct holding held = holds(c->ada, c->s.me);

	ADD(h, held.known);
	ADD(h, held.state);
	ADD(h, held.rev);
	ADD(h, held.delivered);
	ADD(h, held.met);
	ADD(h, held.both);
	ADD(h, held.how);
}

/* What the checks look at. */
static void add_counts(crypto_generichash_state *h, const struct scene *c)
{
	const struct wire *wire = c->w->wires;

	ADD(h, c->ada->sent);
	ADD(h, c->ada->got);
	ADD(h, c->ada->called);
	ADD(h, c->ada->wrote);
	ADD(h, c->ada->consents);
	ADD(h, c->s.me->sent);
	ADD(h, c->said_same);
	ADD(h, c->closed);
	ADD(h, c->codes);
	ADD(h, c->prompts);
	for (int kind = 0; kind <= KITH_NEWS_HELD; kind++) {
		size_t n = told(c->ada, (enum kith_news_kind)kind, NULL);
		ADD(h, n);
	}
	for (size_t side = 0; side < 2; side++) {
		ADD(h, wire->end[side].open);
		ADD(h, wire->end[side].sent);
		ADD(h, wire->end[side].got);
	}
}

void scene_digest(const struct scene *c, uint8_t digest[static 32])
{
	crypto_generichash_state h;
	const struct arena_block *blocks;
	size_t n = arena_blocks(&blocks);
	uint64_t drawn = arena_drawn();

	expect(network_next(c->w) == UINT64_MAX); /* nothing is under way */
	(void)crypto_generichash_init(&h, NULL, 0, 32);
	for (size_t i = 0; i < n; i++)
		add_block(c, &h, &blocks[i]);
	ADD(&h, c->w->now);
	ADD(&h, c->w->dice);
	ADD(&h, c->w->luck);
	ADD(&h, drawn);
	add_stranger(&h, &c->s);
	add_kept(&h, c);
	add_counts(&h, c);
	(void)crypto_generichash_final(&h, digest, 32);
}

/* --- the end ---------------------------------------------------------------------------------- */

void scene_ends(struct scene *c)
{
	bool over = scene_is_over(c);

	kith_session_free(c->session);
	if (over)
		expect(c->w->live == c->baseline);
	if (over && c->ada->room)
		expect(claims_hold(c->ada, c->s.me));
	stranger_free(&c->s);
	world_ends(c->w);
}
