/* SPDX-License-Identifier: MIT */
#include "world.h"

#include <stdlib.h>

#include "crypto/hash.h"
#include "crypto/seed.h"

#define SETTLE_MS      400 /* more than any chain of messages takes */
#define IDENTITIES_MAX 64
#define SPIN_MAX       1000 /* wakings in one millisecond: the room wants to be woken for nothing */

static struct world *present; /* the world of the running test */

void story_failed(const char *file, int line, const char *what)
{
	struct world *w = present;

	present = NULL;
	if (w) {
		print_error("in the world with seed %llu, after %llu ms and %zu messages:\n",
			(unsigned long long)w->seed, (unsigned long long)w->now, w->delivered);
		for (size_t i = 0; i < w->n; i++)
			keeping_free(w->people[i]->keeping); /* no folder is left behind */
	}
	print_error("not so: %s\n", what);
	_fail(file, line);
}

/* --- what the world is made of ---------------------------------------------------------------- */

/* splitmix64 */
static uint64_t roll(uint64_t *state)
{
	uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

uint64_t world_luck(struct world *w, uint64_t n)
{
	return roll(&w->luck) % n;
}

bool world_wanted(uint64_t seed)
{
	const char *only = getenv("KITH_SCENARIO_SEED");

	return !only || strtoull(only, NULL, 10) == seed;
}

static void world_random(void *ctx, uint8_t *p, size_t n)
{
	struct world *w = ctx;

	for (size_t i = 0; i < n; i++)
		p[i] = (uint8_t)roll(&w->dice);
}

static void *world_alloc(void *ctx, size_t n)
{
	struct world *w = ctx;
	size_t *p;

	if (++w->allocs == w->scarce_at)
		return NULL;
	p = calloc(1, n + 2 * sizeof *p); /* the size in front keeps the rest aligned */
	if (!p)
		return NULL;
	p[0] = n;
	w->live += n;
	w->blocks++;
	return p + 2;
}

static void world_release(void *ctx, void *p, size_t n)
{
	struct world *w = ctx;
	size_t *head = (size_t *)p - 2;

	expect(head[0] == n);
	w->live -= n;
	w->blocks--;
	free(head);
}

static uint64_t world_ticks(void *ctx)
{
	return ((struct world *)ctx)->now;
}

static int64_t world_wall(void *ctx)
{
	return 1760000000 + (int64_t)(((struct world *)ctx)->now / 1000);
}

struct world *world_starts(uint64_t seed, enum keeping_kind keeping)
{
	struct world *w = calloc(1, sizeof *w);

	if (!w || kith_crypto_start())
		fail_msg("no world");
	w->seed = seed;
	w->luck = seed;
	w->dice = ~seed;
	w->now = 1000; /* 0 would hide mistakes with "not set" */
	w->keeping = keeping;
	w->delay_min = 1;
	w->delay_max = 9;
	w->settle_ms = SETTLE_MS;
	w->after = -1;
	w->happens = cut_happens;
	w->loud = getenv("KITH_SCENARIO_LOUD") != NULL;
	w->env = (struct kith_env){.ctx = w,
		.alloc = world_alloc,
		.release = world_release,
		.random = world_random,
		.ticks = world_ticks,
		.wall = world_wall};
	present = w;
	return w;
}

static void person_free(struct person *p)
{
	kith_room_free(p->room);
	kith_buf_free(&p->envelope);
	for (size_t i = 0; i < p->inbox_n; i++)
		kith_buf_free(&p->inbox[i]);
	keeping_free(p->keeping);
	mind_free(p->mind);
	free(p);
}

void world_ends(struct world *w)
{
	for (size_t i = 0; i < w->n; i++) { /* they hang up on each other */
		kith_room_free(w->people[i]->room);
		w->people[i]->room = NULL;
	}
	for (size_t i = 0; i < w->n; i++)
		person_free(w->people[i]);
	network_free(w);
	expect(w->live == 0);
	expect(w->blocks == 0);
	present = NULL;
	free(w);
}

/* --- news ------------------------------------------------------------------------------------- */

static size_t place_of(const struct person *p)
{
	size_t i = 0;

	while (p->w->people[i] != p)
		i++;
	return i;
}

/* Whom a piece of news is about: by handle; a new handle belongs to the one who is being announced,
 * or, when somebody dials who was never announced, to the one of that name. */
static struct person *about(struct person *p, const struct kith_news *news)
{
	struct person *found = NULL;

	if (!news->peer[0])
		return NULL;
	for (size_t i = 0; i < p->w->n; i++)
		if (strcmp(p->handle[i], news->peer) == 0)
			return p->w->people[i];
	for (size_t i = 0; i < p->w->n; i++)
		if (kith_span_eq(kith_span_str(p->w->people[i]->name), news->name))
			found = p->w->people[i];
	if (p->shown)
		found = p->shown;
	if (found && (news->kind == KITH_NEWS_SEEN || news->kind == KITH_NEWS_REQUEST))
		strcpy(p->handle[place_of(found)], news->peer);
	return found;
}

static const char *const news_names[] = {"seen", "gone", "calling", "request", "withdrawn",
	"asking", "unreachable", "code", "swapped", "failed", "cut", "middle", "held", "known",
	"stranger"};

static void hear(void *ctx, const struct kith_news *news)
{
	struct person *p = ctx;
	struct heard *h = &p->heard[p->heard_n];

	expect(p->heard_n < HEARD_MAX);
	p->heard_n++;
	*h = (struct heard){.kind = news->kind,
		.about = about(p, news),
		.gives = news->gives,
		.attended = news->attended,
		.scanned = news->scanned,
		.delivered = news->delivered,
		.pending = news->pending,
		.waiting = news->waiting,
		.error = news->error,
		.contact = news->contact,
		.at = p->w->now};
	if (news->code)
		strcpy(h->code, news->code);
	if (p->w->loud)
		print_message("%8llu %s hears: %s (%s) %s %s\n", (unsigned long long)p->w->now,
			p->name, news_names[news->kind], h->about ? h->about->name : news->peer,
			h->code, news->error ? kith_err_name(news->error) : "");
	if (news->kind == KITH_NEWS_REQUEST &&
		(p->habit == HABIT_AGREES || p->habit == HABIT_DISAGREES))
		decides_later(p, h->about, false, true);
	if (news->kind == KITH_NEWS_CODE && !news->scanned && p->habit != HABIT_NONE)
		decides_later(p, h->about, true, p->habit != HABIT_DISAGREES);
}

/* --- writing ---------------------------------------------------------------------------------- */

static bool breaks(struct person *p, enum writing what)
{
	return ++p->called[what] == p->fails_at[what];
}

static enum kith_err wrote(struct person *p, enum writing what, enum kith_err err)
{
	if (!err)
		p->wrote[what]++;
	return err;
}

static enum kith_err write_confirm(void *ctx, const struct kith_meeting *m)
{
	struct person *p = ctx;

	return breaks(p, WRITING_CONFIRM)
		       ? p->fails_with
		       : wrote(p, WRITING_CONFIRM, keeping_confirm(p->keeping, m));
}

static enum kith_err write_confirmed(
	void *ctx, const uint8_t session[static 32], enum kith_how theirs)
{
	struct person *p = ctx;

	return breaks(p, WRITING_CONFIRMED)
		       ? p->fails_with
		       : wrote(p, WRITING_CONFIRMED,
				 keeping_confirmed(p->keeping, session, theirs));
}

static enum kith_err write_card(void *ctx, const uint8_t session[static 32],
	const struct kith_card *card, struct kith_span envelope)
{
	struct person *p = ctx;

	return breaks(p, WRITING_CARD)
		       ? p->fails_with
		       : wrote(p, WRITING_CARD, keeping_card(p->keeping, session, card, envelope));
}

static enum kith_err write_receipt(void *ctx, const struct kith_receipt *r)
{
	struct person *p = ctx;

	return breaks(p, WRITING_RECEIPT)
		       ? p->fails_with
		       : wrote(p, WRITING_RECEIPT, keeping_receipt(p->keeping, r));
}

static enum kith_err write_mismatch(void *ctx, const uint8_t session[static 32])
{
	struct person *p = ctx;

	return breaks(p, WRITING_MISMATCH)
		       ? p->fails_with
		       : wrote(p, WRITING_MISMATCH, keeping_mismatch(p->keeping, session));
}

/* --- people ----------------------------------------------------------------------------------- */

static bool is_blocked(void *ctx, const uint8_t ik[static 32])
{
	const struct person *p = ctx;

	return p->blocked && memcmp(kith_identity_ik(p->blocked->id), ik, 32) == 0;
}

void new_key(struct world *w, uint8_t key[static 32])
{
	for (size_t i = 0; i < 32; i++)
		key[i] = (uint8_t)roll(&w->luck);
}

void rewrites(struct person *p, uint64_t rev)
{
	struct kith_card card = {.rev = rev, .issued = 1760000000, .pass = 1};
	struct kith_field *name = &card.fields.at[0];

	*name = (struct kith_field){.kind = KITH_FIELD_NAME, .parts = 1};
	name->part[0] = kith_span_str(p->name);
	card.fields.n = 1;
	memcpy(card.card, "the card", sizeof card.card);
	kith_buf_clear(&p->envelope);
	expect(kith_card_sign(p->id, &card, &p->envelope) == KITH_OK);
	p->self.envelope = kith_buf_span(&p->envelope);
	p->self.rev = rev;
	memcpy(p->self.card, card.card, sizeof p->self.card);
}

/* An identity is made once, and lasts as long as the program: it is a tenth of a story's time. */
static struct kith_identity *identity_of(const uint8_t seed[static 32])
{
	static struct kith_identity *made[IDENTITIES_MAX];
	size_t i = 0;

	while (i < IDENTITIES_MAX && made[i] && memcmp(kith_identity_seed(made[i]), seed, 32) != 0)
		i++;
	expect(i < IDENTITIES_MAX);
	if (!made[i])
		expect(kith_identity_from_seed(seed, &made[i]) == KITH_OK);
	return made[i];
}

static void make_identity(struct person *p)
{
	const struct person *twin = p->manner.twin;
	struct kith_span name = kith_span_str(twin ? twin->name : p->name);
	uint8_t seed[32];

	kith_hash(seed, "kith/1 test", &name, 1);
	p->id = identity_of(seed);
}

void becomes(struct person *p, const struct person *other)
{
	p->manner.twin = other;
	make_identity(p);
	p->self.id = p->id;
	rewrites(p, p->self.rev);
}

void returns(struct person *p)
{
	struct kith_room_host host = {.ctx = p,
		.failures = &p->failures,
		.tell = hear,
		.confirm = write_confirm,
		.confirmed = write_confirmed,
		.card = write_card,
		.receipt = write_receipt,
		.mismatch = write_mismatch,
		.blocked = is_blocked};

	new_key(p->w, p->key);
	memset(p->handle, 0, sizeof p->handle);
	if (p->manner.stranger)
		return;
	network_host(&host);
	const struct kith_self *self = p->manner.looks_only ? NULL : &p->self;
	expect(kith_room_new(&p->w->env, self, &host, &p->room) == KITH_OK);
	kith_room_key(p->room, p->key);
	kith_room_recognise(p->room, p->mind != NULL);
	tends(p);
}

void leaves(struct person *p)
{
	struct kith_room *room = p->room;

	kith_room_free(room); /* says goodbye */
	p->room = NULL;
	network_drop(p);
}

void crashes(struct person *p)
{
	network_drop(p);
	p->mute = true;
	leaves(p);
	p->mute = false;
}

struct person *comes_as(struct world *w, const char *name, struct manner manner)
{
	struct person *p = calloc(1, sizeof *p);

	expect(p && w->n < PEOPLE_MAX);
	w->people[w->n++] = p;
	p->w = w;
	p->name = name;
	p->manner = manner;
	p->fails_with = KITH_ERR_STORE_FULL;
	p->keeping = keeping_new(w->keeping);
	make_identity(p);
	p->self = (struct kith_self){.id = p->id,
		.label = kith_span_str(name),
		.event = kith_span_str("the party"),
		.gives = !manner.receives_only,
		.attended = !manner.unattended,
		.long_code = manner.long_code,
		.swaps = !manner.idle};
	if (manner.minds) {
		p->mind = mind_new(&w->env);
		p->self.circle = p->mind->circle;
		p->self.known = &p->mind->host;
	}
	rewrites(p, 1);
	returns(p);
	return p;
}

struct person *comes(struct world *w, const char *name)
{
	return comes_as(w, name, (struct manner){0});
}

void changes_key(struct person *p)
{
	new_key(p->w, p->key);
	kith_room_key(p->room, p->key);
	tends(p);
}

void courier_dies(struct person *p)
{
	network_drop(p);
	p->courierless = true;
	kith_room_lost(p->room);
	tends(p);
}

void courier_returns(struct person *p)
{
	p->courierless = false;
	changes_key(p);
}

void sees(struct person *a, struct person *b)
{
	a->shown = b;
	if (a->room)
		kith_room_seen(a->room, b->key, kith_span_str(b->manner.hidden ? "" : b->name));
	a->shown = NULL;
	tends(a);
}

void loses(struct person *a, struct person *b)
{
	kith_room_gone(a->room, b->key);
	tends(a);
}

void all_see_each_other(struct world *w)
{
	for (size_t i = 0; i < w->n; i++)
		for (size_t j = 0; j < w->n; j++)
			if (i != j)
				sees(w->people[i], w->people[j]);
}

/* --- whom they know --------------------------------------------------------------------------- */

static void ties_changed(struct person *a)
{
	if (a->room)
		kith_room_ties_changed(a->room);
	tends(a);
}

void knows(struct person *a, struct person *b)
{
	struct kith_tie tie = {.contact = (int64_t)place_of(b)};

	memcpy(tie.theirs, kith_identity_ik(b->id), sizeof tie.theirs);
	memcpy(tie.their_xk, kith_identity_xk(b->id), sizeof tie.their_xk);
	expect(kith_circle_add(a->mind->circle, a->id, NULL, NULL, &tie) == KITH_OK);
	ties_changed(a);
}

void forgets(struct person *a, struct person *b)
{
	kith_circle_remove(a->mind->circle, (int64_t)place_of(b));
	ties_changed(a);
}

void all_know_each_other(struct world *w)
{
	for (size_t i = 0; i < w->n; i++)
		for (size_t j = 0; j < w->n; j++)
			if (i != j)
				knows(w->people[i], w->people[j]);
}

void owes(struct person *a, struct person *b, uint64_t kind, struct kith_span bytes)
{
	mind_owes(a->mind, (int64_t)place_of(b), kind, bytes);
	if (a->room)
		kith_room_due(a->room, (int64_t)place_of(b));
	tends(a);
}

size_t met(const struct person *a, const struct person *b)
{
	return a->mind->met[place_of(b)];
}

size_t parted(const struct person *a, const struct person *b)
{
	return a->mind->parted[place_of(b)];
}

size_t broke(const struct person *a, const struct person *b)
{
	return a->mind->broken[place_of(b)];
}

size_t waiting_for(const struct person *a, const struct person *b)
{
	return mind_waiting(b->mind, (int64_t)place_of(a));
}

/* --- time ------------------------------------------------------------------------------------- */

void tends(struct person *p)
{
	if (p->room)
		p->tick_at = p->w->now + kith_room_tick(p->room);
}

static uint64_t next_tick(const struct world *w)
{
	uint64_t at = UINT64_MAX;

	for (size_t i = 0; i < w->n; i++)
		if (w->people[i]->room && w->people[i]->tick_at < at)
			at = w->people[i]->tick_at;
	return at;
}

static void wake(struct world *w)
{
	for (size_t i = 0; i < w->n; i++)
		if (w->people[i]->room && w->people[i]->tick_at <= w->now)
			tends(w->people[i]);
}

void passes(struct world *w, uint64_t ms)
{
	uint64_t until = w->now + ms;
	unsigned spins = 0;

	for (;;) {
		uint64_t tick = next_tick(w);
		uint64_t event = network_next(w);
		uint64_t next = tick < event ? tick : event;
		if (next > until)
			break;
		spins = next > w->now ? 0 : spins + 1;
		expect(spins < SPIN_MAX);
		if (next > w->now)
			w->now = next;
		if (!network_event(w))
			wake(w);
	}
	w->now = until;
}

void settles(struct world *w)
{
	passes(w, w->settle_ms);
}

/* --- what people decide ----------------------------------------------------------------------- */

static struct kith_span handle_of(const struct person *a, const struct person *b)
{
	return kith_span_str(a->handle[place_of(b)]);
}

static enum kith_err after(struct person *a, enum kith_err err)
{
	tends(a);
	return err;
}

enum kith_err pick(struct person *a, struct person *b)
{
	a->consents++; /* before: the room may act on it at once */
	enum kith_err err = kith_room_pick(a->room, handle_of(a, b));
	a->consents -= err != KITH_OK;
	return after(a, err);
}

enum kith_err scan(struct person *a, struct person *b, const struct person *as)
{
	a->consents++;
	a->shown = b;
	enum kith_err err = kith_room_invited(a->room, b->key, kith_identity_ik((as ? as : b)->id));
	a->shown = NULL;
	a->consents -= err != KITH_OK;
	return after(a, err);
}

void scans(struct person *a, struct person *b)
{
	expect(scan(a, b, NULL) == KITH_OK);
}

enum kith_err answer(struct person *a, struct person *b, bool yes)
{
	a->consents += yes;
	enum kith_err err = kith_room_answer(a->room, handle_of(a, b), yes);
	a->consents -= yes && err != KITH_OK;
	return after(a, err);
}

enum kith_err compare(struct person *a, struct person *b, bool same)
{
	return after(a, kith_room_compared(a->room, handle_of(a, b), same));
}

enum kith_err cancel(struct person *a, struct person *b)
{
	return after(a, kith_room_cancel(a->room, handle_of(a, b)));
}

void picks(struct person *a, struct person *b)
{
	expect(pick(a, b) == KITH_OK);
}

void says_yes(struct person *a, struct person *b)
{
	expect(answer(a, b, true) == KITH_OK);
}

void says_no(struct person *a, struct person *b)
{
	expect(answer(a, b, false) == KITH_OK);
}

void says_same(struct person *a, struct person *b)
{
	expect(compare(a, b, true) == KITH_OK);
}

void says_different(struct person *a, struct person *b)
{
	expect(compare(a, b, false) == KITH_OK);
}

void both_say_same(struct person *a, struct person *b)
{
	says_same(a, b);
	says_same(b, a);
}

/* --- what can be expected --------------------------------------------------------------------- */

static bool fits(const struct heard *h, enum kith_news_kind kind, const struct person *b)
{
	return h->kind == kind && (!b || h->about == b);
}

size_t told(const struct person *a, enum kith_news_kind kind, const struct person *b)
{
	size_t n = 0;

	for (size_t i = 0; i < a->heard_n; i++)
		n += fits(&a->heard[i], kind, b);
	return n;
}

const struct heard *last_told(
	const struct person *a, enum kith_news_kind kind, const struct person *b)
{
	for (size_t i = a->heard_n; i > 0; i--)
		if (fits(&a->heard[i - 1], kind, b))
			return &a->heard[i - 1];
	return NULL;
}

bool failed_with(const struct person *a, const struct person *b, enum kith_err err)
{
	const struct heard *h = last_told(a, KITH_NEWS_FAILED, b);

	return h && h->error == err;
}

bool same_code(const struct person *a, const struct person *b)
{
	const struct heard *mine = last_told(a, KITH_NEWS_CODE, b);
	const struct heard *theirs = last_told(b, KITH_NEWS_CODE, a);

	return mine && theirs && strlen(mine->code) >= KITH_CODE_SHORT_DIGITS &&
	       strcmp(mine->code, theirs->code) == 0;
}

struct holding holds(const struct person *a, const struct person *b)
{
	return keeping_holds(a->keeping, kith_identity_ik(b->id));
}

bool has_swapped(const struct person *a, const struct person *b)
{
	struct holding h = holds(a, b);
	bool card = !b->self.gives || (h.state == KITH_CONTACT_COMPLETE && h.rev == b->self.rev);

	return h.known && card && (h.delivered || !a->self.gives);
}

static const struct heard *last_outcome(const struct person *a, const struct person *b)
{
	const struct heard *done = last_told(a, KITH_NEWS_SWAPPED, b);
	const struct heard *failed = last_told(a, KITH_NEWS_FAILED, b);

	return done > failed ? done : failed; /* both point into one array, or are NULL */
}

bool claims_hold(const struct person *a, const struct person *b)
{
	const struct heard *h = last_outcome(a, b);
	struct holding held = holds(a, b);

	if (!h)
		return true;
	if (h->kind == KITH_NEWS_FAILED)
		return h->pending == (held.known && held.state == KITH_CONTACT_PENDING);
	return (held.state == KITH_CONTACT_COMPLETE || !b->self.gives) &&
	       h->delivered == (held.delivered || !a->self.gives);
}

bool knows_nothing(const struct person *a, const struct person *b)
{
	return !holds(a, b).known;
}
