/* SPDX-License-Identifier: MIT
 *
 * room - a script of events for three rooms: Ada, Grace, and Mallory, who runs the same program but
 * changes what it says before it is sealed and hashed.  The script delivers, loses, doubles, reorders
 * and damages messages, lets time pass, cuts wires, fails writes, and decides for the people.  They may
 * know each other, and then recognise each other by themselves and hand over what is due.
 *
 * Whatever happens: no card leaves before both confirmed, nobody confirms whose person did not say
 * so, honest people agree on code, session and card, a screen holds one prompt and one code, after
 * SESSION_MS everything has ended, and all memory comes back.  Who is recognised is whoever is on that
 * wire; what comes from an honest person is what that person had for the other one, once a session, and
 * the answer is the one that was given.  Under a key that one of them has left nothing is handed over, and the other
 * one hears of the way to the present one.
 *
 * kith_pack, kith_pack_inner and kith_pack_as are wrapped by the linker (fuzz.cmake).
 */
#include <sodium.h>

#include "crypto/hash.h"
#include "fuzz/fuzz.h"
#include "message/message.h"
#include "scenario/ledger.h"
#include "session/room.h"

#define PEOPLE       3
#define WIRES        256
#define ITEMS        96
#define SESSIONS     96 /* of one person that are remembered */
#define STEPS        600
#define MARK         "this stands on my card and nowhere else"
#define NOTHING_SAID SIZE_MAX
#define ERRANDS      24
#define TALKS        64
#define CARRIED      512
#define WAY          "from there to here." /* ends in an even byte: believed */

enum { ADA, GRACE, MALLORY };

struct met {
	uint8_t session[32];
	bool both;
	size_t with; /* whose wire it came by, by ik; PEOPLE for a stranger */
};

/* A parcel for somebody. */
struct errand {
	size_t to;
	uint64_t kind;
	struct kith_span bytes;
	bool done;
};

/* A session of one side with somebody who has proven to be that. */
struct talk {
	uint8_t session[32];
	size_t with;
	bool over;
	int64_t under_way; /* which errand; -1: none */
	size_t bytes;      /* that left here, in parcels and in answers */
	bool left;         /* it began under a key that one of us has left */
};

struct person {
	struct kith_identity *id;
	struct kith_identity *old; /* whose key I have left */
	struct kith_buf envelope;
	struct kith_self self;
	struct kith_room *room;
	struct ledger ledger;
	uint8_t key[32];
	uint32_t next_conn;
	struct met met[SESSIONS];
	size_t met_n, both_n, cards_n; /* confirmed by me, by both, cards sent */
	bool says_same;                /* this very moment */
	bool fails;                    /* the next write */
	char prompt[KITH_HANDLE_MAX + 1], code_of[KITH_HANDLE_MAX + 1];
	char last[8][KITH_HANDLE_MAX + 1]; /* rows, newest first, for the script to name */
	struct kith_circle *circle;
	struct kith_known_host known;
	struct errand errands[ERRANDS];
	size_t errands_n;
	struct talk talks[TALKS];
	size_t talks_n;
};

/* A parcel that was handed to the session; and taken at the other end. */
struct carried {
	uint8_t session[32];
	size_t from;
	uint64_t kind;
	struct kith_span bytes;
	bool taken;
	enum kith_outcome outcome;
	struct kith_span answer; /* what a RECALL that was taken brought */
};

struct wire {
	size_t who[2];
	uint32_t conn[2];
	uint8_t key[2][32];
	bool open[2];
	unsigned sent[2][32];
	char code[2][KITH_CODE_DIGITS + 1];
};

enum kind { OPENED, BYTES, CLOSED };

struct item {
	enum kind kind;
	size_t wire, side;
	struct kith_buf bytes;
};

/* What Mallory does to the next message that is packed. */
struct change {
	bool armed;
	uint8_t how;
	uint16_t at;
	struct kith_span bytes;
};

static struct {
	struct person p[PEOPLE];
	struct wire wires[WIRES];
	size_t wires_n;
	struct item items[ITEMS];
	size_t items_n;
	struct change change;
	size_t acting; /* whose room is being called */
	size_t on;     /* by which wire; NOTHING_SAID: none */
	uint64_t now, dice;
	struct carried carried[CARRIED];
	size_t carried_n;
	struct carried ack; /* the parcel that was taken last, and what is to be said to it */
	bool acquainted;
	size_t live;
	struct kith_env env;
} w;

/* --- outside ---------------------------------------------------------------------------------- */

static uint64_t roll(void)
{
	uint64_t z = (w.dice += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

static void on_random(void *ctx, uint8_t *p, size_t n)
{
	(void)ctx;
	for (size_t i = 0; i < n; i++)
		p[i] = (uint8_t)roll();
}

static void *on_alloc(void *ctx, size_t n)
{
	(void)ctx;
	w.live += n;
	return calloc(1, n);
}

static void on_release(void *ctx, void *p, size_t n)
{
	(void)ctx;
	must(w.live >= n);
	w.live -= n;
	free(p);
}

static uint64_t on_ticks(void *ctx)
{
	(void)ctx;
	return w.now;
}

static int64_t on_wall(void *ctx)
{
	(void)ctx;
	return 1760000000;
}

/* --- Mallory's changes ------------------------------------------------------------------------ */

static void change(struct kith_buf *out, size_t start)
{
	size_t n = out->n - start;

	if (w.acting != MALLORY || !w.change.armed || n == 0)
		return;
	w.change.armed = false;
	size_t at = start + w.change.at % n;
	switch (w.change.how % 5) {
	case 0:
		out->p[at] ^= (uint8_t)(1u << (w.change.how >> 5));
		break;
	case 1: /* something else altogether */
		out->n = start;
		must(!kith_buf_add(out, w.change.bytes.p, w.change.bytes.n));
		break;
	case 2: /* overwritten from there on */
		for (size_t i = 0; i < w.change.bytes.n && at + i < out->n; i++)
			out->p[at + i] = w.change.bytes.p[i];
		break;
	case 3:
		out->n = at;
		break;
	default: /* something behind it */
		must(!kith_buf_add(out, w.change.bytes.p, w.change.bytes.n));
	}
}

enum kith_err __real_kith_pack(
	const struct kith_schema *schema, const void *msg, struct kith_buf *out);
enum kith_err __real_kith_pack_inner(
	const struct kith_schema *schema, const void *msg, struct kith_buf *out);
enum kith_err __real_kith_pack_as(
	const struct kith_schema *schema, uint64_t type, const void *msg, struct kith_buf *out);
enum kith_err __wrap_kith_pack(
	const struct kith_schema *schema, const void *msg, struct kith_buf *out);
enum kith_err __wrap_kith_pack_inner(
	const struct kith_schema *schema, const void *msg, struct kith_buf *out);
enum kith_err __wrap_kith_pack_as(
	const struct kith_schema *schema, uint64_t type, const void *msg, struct kith_buf *out);

enum kith_err __wrap_kith_pack(
	const struct kith_schema *schema, const void *msg, struct kith_buf *out)
{
	size_t start = out->n;
	enum kith_err err = __real_kith_pack(schema, msg, out);

	change(out, start);
	return err;
}

/* The answer that was given, with a receipt, an envelope or nothing. */
static void is_the_answer(const struct kith_session_ack *m)
{
	bool taken = w.ack.outcome == KITH_OUTCOME_TAKEN;

	must(m->outcome == (uint64_t)w.ack.outcome);
	if (taken && w.ack.kind == KITH_PARCEL_CARD)
		must(m->bytes.n == 64);
	else
		must(kith_span_eq(m->bytes, w.ack.answer));
}

enum kith_err __wrap_kith_pack_inner(
	const struct kith_schema *schema, const void *msg, struct kith_buf *out)
{
	size_t start = out->n;

	if (schema == &kith_session_ack_schema)
		is_the_answer(msg);
	enum kith_err err = __real_kith_pack_inner(schema, msg, out);

	change(out, start);
	return err;
}

/* The type of a sealed message, which its additional data names too. */
enum kith_err __wrap_kith_pack_as(
	const struct kith_schema *schema, uint64_t type, const void *msg, struct kith_buf *out)
{
	if (w.acting == MALLORY && w.change.armed && w.change.how >= 250) {
		w.change.armed = false;
		type = w.change.at % 32;
	}
	return __real_kith_pack_as(schema, type, msg, out);
}

/* --- the network ------------------------------------------------------------------------------ */

static void later(enum kind kind, size_t wire, size_t side, struct kith_span bytes)
{
	struct item *item = &w.items[w.items_n];

	if (w.items_n == ITEMS)
		return; /* lost */
	*item = (struct item){.kind = kind, .wire = wire, .side = side};
	must(!kith_buf_add(&item->bytes, bytes.p, bytes.n));
	w.items_n++;
}

static struct item taken(size_t i)
{
	struct item item = w.items[i];

	memmove(&w.items[i], &w.items[i + 1], (w.items_n - i - 1) * sizeof item);
	w.items_n--;
	return item;
}

static struct wire *wire_of(size_t who, uint32_t conn, size_t *ret_side)
{
	for (size_t i = w.wires_n; i > 0; i--) {
		for (size_t side = 0; side < 2; side++) {
			struct wire *wire = &w.wires[i - 1];
			if (wire->who[side] == who && wire->conn[side] == conn) {
				*ret_side = side;
				return wire;
			}
		}
	}
	return NULL;
}

static size_t person_at(const uint8_t key[static 32])
{
	size_t i = 0;

	while (i < PEOPLE && memcmp(w.p[i].key, key, 32) != 0)
		i++;
	return i;
}

static void connects(size_t from, uint32_t conn, const uint8_t key[static 32])
{
	size_t to = person_at(key);
	struct wire *wire = &w.wires[w.wires_n];

	must(w.wires_n < WIRES); /* the script stops before */
	*wire = (struct wire){.who = {from, to}, .conn = {conn, 0}, .open = {true, false}};
	memcpy(wire->key[0], w.p[from].key, 32);
	memcpy(wire->key[1], key, 32);
	w.wires_n++;
	if (to == PEOPLE || to == from) {
		later(CLOSED, w.wires_n - 1, 0, kith_span("", 0));
		return;
	}
	wire->conn[1] = w.p[to].next_conn += 2;
	later(OPENED, w.wires_n - 1, 1, kith_span("", 0));
	later(OPENED, w.wires_n - 1, 0, kith_span("", 0));
}

static void hangs_up(size_t i, size_t side)
{
	w.wires[i].open[side] = false;
	later(CLOSED, i, !side, kith_span("", 0));
}

/* --- the room's host -------------------------------------------------------------------------- */

static size_t index_of(const struct person *p)
{
	return (size_t)(p - w.p);
}

static bool is_honest(const struct person *p)
{
	return index_of(p) != MALLORY;
}

static void host_dial(void *ctx, uint32_t conn, const uint8_t key[static 32])
{
	connects(index_of(ctx), conn, key);
}

/* What may leave an honest person. */
static void may_leave(struct person *p, struct wire *wire, size_t side, struct kith_span message)
{
	uint64_t type = 0;

	must(!memmem(message.p, message.n, MARK, sizeof MARK - 1));
	must(kith_message_type(message, &type) == KITH_OK && type < 32);
	if (type == KITH_TYPE_PARCEL || type == KITH_TYPE_ACK)
		must(wire->sent[side][type] < KITH_PARCELS_MAX);
	else
		must(type == KITH_TYPE_ABORT || type == KITH_TYPE_TAGS ||
			wire->sent[side][type] == 0);
	wire->sent[side][type]++;
	if (type == KITH_TYPE_CONFIRM)
		must(p->says_same);
	if (type != KITH_TYPE_CARD)
		return;
	must(wire->sent[side][KITH_TYPE_CONFIRM] == 1);
	must(++p->cards_n <= p->both_n);
}

static void host_send(void *ctx, uint32_t conn, struct kith_span message)
{
	struct person *p = ctx;
	size_t side = 0;
	struct wire *wire = wire_of(index_of(p), conn, &side);

	must(wire && wire->open[side]);
	if (is_honest(p))
		may_leave(p, wire, side, message);
	later(BYTES, (size_t)(wire - w.wires), !side, message);
}

static void host_close(void *ctx, uint32_t conn)
{
	size_t side = 0;
	struct wire *wire = wire_of(index_of(ctx), conn, &side);

	must(wire && wire->open[side]);
	hangs_up((size_t)(wire - w.wires), side);
}

static void saw(struct person *p, const char *peer)
{
	memmove(p->last[1], p->last[0], sizeof p->last - sizeof p->last[0]);
	(void)snprintf(p->last[0], sizeof p->last[0], "%s", peer);
}

/* Whose code it is cannot be told from the news: it is the wire that is being worked on. */
static void code_shown(struct person *p, const struct kith_news *news)
{
	must(!p->code_of[0]);
	(void)snprintf(p->code_of, sizeof p->code_of, "%s", news->peer);
	must(strlen(news->code) == KITH_CODE_SHORT_DIGITS);
	must(w.on != NOTHING_SAID);
	struct wire *wire = &w.wires[w.on];
	size_t side = wire->who[0] == index_of(p) ? 0 : 1;
	(void)snprintf(wire->code[side], sizeof wire->code[side], "%s", news->code);
	if (wire->code[!side][0])
		must(strcmp(wire->code[0], wire->code[1]) == 0);
}

static void host_tell(void *ctx, const struct kith_news *news)
{
	struct person *p = ctx;
	bool mine = strcmp(p->prompt, news->peer) == 0;

	size_t handle = strlen(news->peer);
	if (news->kind == KITH_NEWS_HELD)
		must(handle == 0); /* about nobody in particular */
	else
		must(handle >= KITH_HANDLE_MIN && handle <= KITH_HANDLE_MAX);
	if (news->kind == KITH_NEWS_SEEN)
		saw(p, news->peer);
	if (news->kind == KITH_NEWS_REQUEST) {
		must(!p->prompt[0]);
		saw(p, news->peer);
		(void)snprintf(p->prompt, sizeof p->prompt, "%s", news->peer);
	}
	if (news->kind == KITH_NEWS_WITHDRAWN) {
		must(mine);
		p->prompt[0] = 0;
	}
	if (news->kind == KITH_NEWS_CODE)
		code_shown(p, news);
	if ((news->kind == KITH_NEWS_SWAPPED || news->kind == KITH_NEWS_FAILED) &&
		strcmp(p->code_of, news->peer) == 0)
		p->code_of[0] = 0;
}

static bool breaks(struct person *p)
{
	bool fails = p->fails;

	p->fails = false;
	return fails;
}

static struct met *met_in(struct person *p, const uint8_t session[static 32])
{
	for (size_t i = 0; i < p->met_n; i++)
		if (memcmp(p->met[i].session, session, 32) == 0)
			return &p->met[i];
	return NULL;
}

static size_t person_of(const uint8_t ik[static 32])
{
	size_t i = 0;

	while (i < PEOPLE && memcmp(kith_identity_ik(w.p[i].id), ik, 32) != 0)
		i++;
	return i;
}

static enum kith_err host_confirm(void *ctx, const struct kith_meeting *m)
{
	struct person *p = ctx;
	size_t with = person_of(m->ik);

	if (breaks(p))
		return KITH_ERR_STORE_FULL;
	if (is_honest(p)) {
		must(p->says_same && with != index_of(p) && !met_in(p, m->session));
		must(p->met_n < SESSIONS);
		p->met[p->met_n] = (struct met){.with = with};
		memcpy(p->met[p->met_n++].session, m->session, 32);
	}
	return ledger_confirm(&p->ledger, m);
}

/* The other one has said so, in the same session. */
static enum kith_err host_confirmed(
	void *ctx, const uint8_t session[static 32], enum kith_how theirs)
{
	struct person *p = ctx;
	struct met *met = met_in(p, session);

	if (breaks(p))
		return KITH_ERR_STORE_FULL;
	if (is_honest(p)) {
		must(met && !met->both);
		met->both = true;
		p->both_n++;
		if (met->with < MALLORY)
			must(met_in(&w.p[met->with], session));
	}
	return ledger_confirmed(&p->ledger, session, theirs);
}

static enum kith_err host_card(void *ctx, const uint8_t session[static 32],
	const struct kith_card *card, struct kith_span envelope)
{
	struct person *p = ctx;
	struct met *met = met_in(p, session);

	if (breaks(p))
		return KITH_ERR_STORE_FULL;
	if (is_honest(p)) {
		must(met && met->both && person_of(card->ik) == met->with);
		if (met->with < MALLORY)
			must(kith_span_eq(envelope, kith_buf_span(&w.p[met->with].envelope)));
	}
	return ledger_card(&p->ledger, session, card, envelope);
}

static enum kith_err host_receipt(void *ctx, const struct kith_receipt *r)
{
	struct person *p = ctx;

	return breaks(p) ? KITH_ERR_STORE_FULL : ledger_receipt(&p->ledger, r);
}

static enum kith_err host_mismatch(void *ctx, const uint8_t session[static 32])
{
	struct person *p = ctx;

	return breaks(p) ? KITH_ERR_STORE_FULL : ledger_mismatch(&p->ledger, session);
}

/* --- people who know each other --------------------------------------------------------------- */

static struct talk *talk_in(struct person *p, const uint8_t session[static 32])
{
	for (size_t i = 0; i < p->talks_n; i++)
		if (memcmp(p->talks[i].session, session, 32) == 0)
			return &p->talks[i];
	return NULL;
}

static enum kith_err known_standing(
	void *ctx, const struct kith_tie *tie, struct kith_standing *ret)
{
	struct person *p = ctx;

	*ret = (struct kith_standing){.agreed = (p->self.rev + (uint64_t)tie->contact) & 1,
		.has_card = tie->contact != ADA,
		.rev = tie->contact != ADA};
	memset(ret->hash, (int)tie->contact, sizeof ret->hash);
	return breaks(p) ? KITH_ERR_STORE_FULL : KITH_OK;
}

/* Statements are for another target: here a few bytes stand for them. */
static enum kith_err known_rotations(void *ctx, const struct kith_tie *tie, struct kith_buf *out)
{
	struct person *p = ctx;

	must(tie->retired && memcmp(tie->mine, kith_identity_ik(p->old), KITH_KEY_BYTES) == 0);
	return breaks(p) ? KITH_ERR_STORE_FULL : kith_buf_add(out, WAY, sizeof WAY - 1);
}

/* Whether that is the key which they have left. */
static bool is_left(const struct kith_tie *tie)
{
	const struct kith_identity *old = w.p[tie->contact].old;

	return memcmp(tie->theirs, kith_identity_ik(old), KITH_KEY_BYTES) == 0;
}

/* Mallory's are believed, or not; where they lead him, whoever hears them says. */
static enum kith_err known_rotated(void *ctx, const struct kith_tie *tie,
	struct kith_span statements, uint8_t ret_ik[static KITH_KEY_BYTES])
{
	struct person *p = ctx;

	must(statements.n > 0);
	if (is_honest(p) && tie->contact != MALLORY)
		must(is_left(tie) && kith_span_eq(statements, kith_span_str(WAY)));
	if (breaks(p) || statements.p[statements.n - 1] & 1)
		return KITH_ERR_SIG;
	memcpy(ret_ik, kith_identity_ik(w.p[tie->contact].id), KITH_KEY_BYTES);
	return KITH_OK;
}

/* It is who is at the other end of that wire. */
static enum kith_err known_met(void *ctx, const struct kith_friend *who)
{
	struct person *p = ctx;
	size_t with = (size_t)who->tie->contact;

	must(w.on != NOTHING_SAID && !talk_in(p, who->session) && p->talks_n < TALKS);
	const struct wire *wire = &w.wires[w.on];
	if (is_honest(p)) {
		must(wire->who[wire->who[0] == index_of(p)] == with);
		must(person_of(who->ik) == with && with != index_of(p));
	}
	/* who says nothing of a way signs with the key of the tie */
	must(!is_honest(p) || !is_left(who->tie) ||
		memcmp(who->ik, who->tie->theirs, KITH_KEY_BYTES) != 0);
	p->talks[p->talks_n] = (struct talk){
		.with = with, .under_way = -1, .left = who->tie->retired || is_left(who->tie)};
	memcpy(p->talks[p->talks_n++].session, who->session, 32);
	return breaks(p) ? KITH_ERR_STORE_FULL : KITH_OK;
}

static enum kith_err known_next(
	void *ctx, const struct kith_friend *who, size_t room, struct kith_parcel *ret)
{
	struct person *p = ctx;
	struct talk *talk = talk_in(p, who->session);
	size_t i = 0;

	must(talk && !talk->over && talk->under_way < 0 && !talk->left);
	must(room <= KITH_PARCEL_MAX && talk->bytes + room <= KITH_PARCELS_BYTES);
	while (i < p->errands_n && (p->errands[i].done || p->errands[i].to != talk->with))
		i++;
	if (i == p->errands_n || w.carried_n == CARRIED)
		return KITH_ERR_MISSING;
	if (p->errands[i].bytes.n > room)
		return KITH_ERR_LIMIT;
	talk->under_way = (int64_t)i;
	talk->bytes += p->errands[i].bytes.n;
	struct carried *c = &w.carried[w.carried_n++];
	*c = (struct carried){
		.from = index_of(p), .kind = p->errands[i].kind, .bytes = p->errands[i].bytes};
	memcpy(c->session, who->session, 32);
	*ret = (struct kith_parcel){
		.kind = (enum kith_parcel_kind)c->kind, .bytes = c->bytes, .ref = (int64_t)i};
	return KITH_OK;
}

/* What that person handed to that session last. */
static struct carried *carried_by(size_t from, const uint8_t session[static 32])
{
	for (size_t i = w.carried_n; i > 0; i--)
		if (w.carried[i - 1].from == from &&
			memcmp(w.carried[i - 1].session, session, 32) == 0)
			return &w.carried[i - 1];
	return NULL;
}

/* What is given back: a card, the largest there may be, or by mistake nothing; to anything else than a RECALL, too. */
static struct kith_span given_back(struct person *p)
{
	static const uint8_t largest[KITH_CARD_ENVELOPE_MAX] = {1};

	switch (roll() % 4) {
	case 0:
		return kith_span("", 0);
	case 1:
		return kith_buf_span(&p->envelope);
	default:
		return kith_span(largest, sizeof largest);
	}
}

/* What is to be said to that: the envelope goes with a RECALL alone, and where it does not fit it is `later`. */
static struct carried said_to(
	uint64_t kind, enum kith_outcome outcome, struct kith_span back, size_t room)
{
	struct carried c = {.kind = kind, .outcome = outcome, .answer = kith_span("", 0)};

	if (kind != KITH_PARCEL_RECALL || outcome != KITH_OUTCOME_TAKEN)
		return c;
	if (back.n && back.n <= room)
		c.answer = back;
	else
		c.outcome = KITH_OUTCOME_LATER;
	return c;
}

static enum kith_outcome known_take(void *ctx, const struct kith_friend *who, uint64_t kind,
	struct kith_span bytes, size_t room, struct kith_span *ret_answer)
{
	struct person *p = ctx;
	struct talk *talk = talk_in(p, who->session);
	enum kith_outcome outcome = (enum kith_outcome)(roll() % 4);

	if (kind == KITH_PARCEL_RECALL && roll() % 2)
		outcome = KITH_OUTCOME_TAKEN;
	must(talk && !talk->over && !talk->left);
	must(bytes.n <= KITH_PARCEL_MAX && ret_answer->n == 0);
	must(room <= KITH_CARD_ENVELOPE_MAX && talk->bytes + room <= KITH_PARCELS_BYTES);
	*ret_answer = given_back(p);
	w.ack = said_to(kind, outcome, *ret_answer, room);
	talk->bytes += w.ack.answer.n;
	struct carried *c = carried_by(talk->with, who->session);
	if (is_honest(p) && talk->with != MALLORY)
		must(c && !c->taken && c->kind == kind && kith_span_eq(c->bytes, bytes));
	if (c) {
		c->taken = true;
		c->outcome = w.ack.outcome;
		c->answer = w.ack.answer;
	}
	return outcome;
}

static enum kith_err known_answered(void *ctx, const struct kith_friend *who,
	const struct kith_parcel *parcel, uint64_t outcome, struct kith_span answer)
{
	struct person *p = ctx;
	struct talk *talk = talk_in(p, who->session);

	must(talk && !talk->over && talk->under_way == parcel->ref);
	struct carried *c = carried_by(index_of(p), who->session);
	must(c && c->kind == (uint64_t)parcel->kind);
	bool taken = outcome == KITH_OUTCOME_TAKEN;
	if (taken && parcel->kind == KITH_PARCEL_RECALL)
		must(answer.n > 0 && answer.n <= KITH_CARD_ENVELOPE_MAX);
	else
		must(answer.n == (taken && parcel->kind == KITH_PARCEL_CARD ? 64 : 0));
	if (is_honest(p) && talk->with != MALLORY)
		must(c->taken && c->outcome == outcome &&
			(parcel->kind != KITH_PARCEL_RECALL || kith_span_eq(answer, c->answer)));
	talk->under_way = -1;
	p->errands[parcel->ref].done = true;
	return breaks(p) ? KITH_ERR_STORE_FULL : KITH_OK;
}

static void known_parted(void *ctx, const struct kith_friend *who, enum kith_err err)
{
	struct talk *talk = talk_in(ctx, who->session);

	must(talk && !talk->over && (err || talk->under_way < 0));
	talk->over = true;
}

/* With their key of now or the one that they have left, and mine. */
static void adds_tie(struct person *p, size_t whom, bool theirs_left, bool mine_left)
{
	const struct kith_identity *them = theirs_left ? w.p[whom].old : w.p[whom].id;
	struct kith_tie tie = {.contact = (int64_t)whom};

	memcpy(tie.theirs, kith_identity_ik(them), sizeof tie.theirs);
	memcpy(tie.their_xk, kith_identity_xk(them), sizeof tie.their_xk);
	must(kith_circle_add(p->circle, p->id, mine_left ? kith_identity_xk_secret(p->old) : NULL,
		     mine_left ? kith_identity_ik(p->old) : NULL, &tie) == KITH_OK);
}

static void knows(struct person *p, size_t whom)
{
	kith_circle_remove(p->circle, (int64_t)whom);
	adds_tie(p, whom, false, false);
}

/* p has not heard of the other one's new key, or of the other one nothing since both had one. */
static void knows_of_old(struct person *p, size_t whom, bool both)
{
	struct person *other = &w.p[whom];

	kith_circle_remove(p->circle, (int64_t)whom);
	kith_circle_remove(other->circle, (int64_t)index_of(p));
	adds_tie(p, whom, true, both);
	adds_tie(other, index_of(p), false, false);
	adds_tie(other, index_of(p), both, true);
	kith_room_ties_changed(other->room);
}

static void owes(struct person *p, size_t whom, uint64_t kind, struct kith_span bytes)
{
	if (p->errands_n == ERRANDS || whom == index_of(p))
		return;
	p->errands[p->errands_n++] = (struct errand){.to = whom, .kind = kind, .bytes = bytes};
	kith_room_due(p->room, (int64_t)whom);
}

static const struct kith_known_host known_host = {.standing = known_standing,
	.rotations = known_rotations,
	.rotated = known_rotated,
	.met = known_met,
	.next = known_next,
	.take = known_take,
	.answered = known_answered,
	.parted = known_parted};

/* --- people ----------------------------------------------------------------------------------- */

static const char *const names[PEOPLE] = {"Ada", "Grace", "Mallory"};

static void new_key(struct person *p)
{
	on_random(NULL, p->key, sizeof p->key);
	if (p->room)
		kith_room_key(p->room, p->key);
}

static void make_card(struct person *p, const char *name)
{
	struct kith_card card = {.rev = 1, .issued = 1760000000, .fields = {.n = 2}};

	card.fields.at[0] = (struct kith_field){
		.kind = KITH_FIELD_NAME, .parts = 1, .part = {kith_span_str(name)}};
	card.fields.at[1] = (struct kith_field){
		.kind = KITH_FIELD_NOTE, .parts = 1, .part = {kith_span_str(MARK)}};
	memcpy(card.card, "the card", sizeof card.card);
	must(kith_card_sign(p->id, &card, &p->envelope) == KITH_OK);
}

/* Keys and cards are the same in every run, and made once. */
static void make_people(void)
{
	for (size_t i = 0; i < PEOPLE; i++) {
		struct kith_span name = kith_span_str(names[i]);
		uint8_t seed[32];
		kith_hash(seed, "kith/1 fuzz", &name, 1);
		must(kith_identity_from_seed(seed, &w.p[i].id) == KITH_OK);
		seed[0] ^= 1;
		must(kith_identity_from_seed(seed, &w.p[i].old) == KITH_OK);
		make_card(&w.p[i], names[i]);
	}
}

static void comes(size_t i, uint8_t manner)
{
	struct person *p = &w.p[i];
	struct kith_identity *id = p->id, *old = p->old;
	struct kith_buf envelope = p->envelope;
	struct kith_room_host host = {.ctx = p,
		.dial = host_dial,
		.send = host_send,
		.close = host_close,
		.tell = host_tell,
		.confirm = host_confirm,
		.confirmed = host_confirmed,
		.card = host_card,
		.receipt = host_receipt,
		.mismatch = host_mismatch};

	*p = (struct person){.id = id, .old = old, .envelope = envelope};
	p->self = (struct kith_self){.id = id,
		.label = kith_span_str(names[i]),
		.event = kith_span_str("the party"),
		.envelope = kith_buf_span(&p->envelope),
		.rev = 1,
		.gives = !(manner & 1),
		.attended = true,
		.swaps = true};
	memcpy(p->self.card, "the card", sizeof p->self.card);
	must(kith_circle_new(&w.env, &p->circle) == KITH_OK);
	if (w.acquainted) {
		p->self.swaps = !(manner & 16);
		p->known = known_host;
		p->known.ctx = p;
		p->self.known = &p->known;
		p->self.circle = p->circle;
	}
	must(kith_room_new(&w.env, &p->self, &host, &p->room) == KITH_OK);
	new_key(p);
}

/* --- the script ------------------------------------------------------------------------------- */

static void source_of(size_t who, uint8_t source[static KITH_SOURCE_BYTES])
{
	memset(source, 0, KITH_SOURCE_BYTES);
	source[0] = (uint8_t)(who + 1);
}

static void ticks(void)
{
	for (size_t i = 0; i < PEOPLE; i++) {
		w.acting = i;
		w.on = NOTHING_SAID;
		must(kith_room_tick(w.p[i].room) <= 60000);
	}
}

static void opens(struct wire *wire, size_t side)
{
	uint8_t source[KITH_SOURCE_BYTES];

	source_of(wire->who[!side], source);
	wire->open[side] = true;
	must(kith_room_opened(w.p[wire->who[side]].room, wire->conn[side], wire->key[!side],
		     wire->key[side], side == 1, kith_span_str("eth0 192.0.2.0/24"),
		     source) == KITH_OK);
}

static void delivers(size_t i)
{
	struct item item = taken(i);
	struct wire *wire = &w.wires[item.wire];
	size_t side = item.side;

	w.acting = wire->who[side];
	w.on = item.wire;
	if (item.kind == OPENED && wire->who[side] < PEOPLE && (side == 1 || wire->open[0])) {
		opens(wire, side);
	} else if (item.kind == BYTES && wire->open[side]) {
		kith_room_bytes(w.p[w.acting].room, wire->conn[side], kith_buf_span(&item.bytes));
	} else if (item.kind == CLOSED && wire->who[side] < PEOPLE && wire->open[side]) {
		wire->open[side] = false;
		kith_room_closed(w.p[w.acting].room, wire->conn[side]);
	}
	kith_buf_free(&item.bytes);
}

static void answers(struct person *p, bool yes)
{
	char peer[KITH_HANDLE_MAX + 1];

	memcpy(peer, p->prompt, sizeof peer);
	p->prompt[0] = 0; /* before: the next one may be shown at once */
	enum kith_err err = kith_room_answer(p->room, kith_span_str(peer), yes);
	if (err == KITH_ERR_BUSY)
		memcpy(p->prompt, peer, sizeof peer);
	else
		must(!err || err != KITH_ERR_NOPERSON);
}

static void compares(struct person *p, bool same)
{
	char peer[KITH_HANDLE_MAX + 1];

	memcpy(peer, p->code_of, sizeof peer);
	p->says_same = same;
	must(kith_room_compared(p->room, kith_span_str(peer), same) != KITH_ERR_NOPERSON);
	p->says_same = false;
}

static void picks(struct person *p, const char *peer)
{
	bool asks = p->prompt[0] && strcmp(p->prompt, peer) == 0;
	char before[KITH_HANDLE_MAX + 1];

	memcpy(before, p->prompt, sizeof before);
	if (asks)
		p->prompt[0] = 0; /* a pick of who asks is a yes */
	enum kith_err err = kith_room_pick(p->room, kith_span_str(peer));
	if (err && asks)
		memcpy(p->prompt, before, sizeof before);
}

static void decides(struct fuzz_in *in)
{
	uint8_t what = fuzz_byte(in);
	struct person *p = &w.p[what % PEOPLE];
	const char *peer = p->last[fuzz_byte(in) % 4];

	w.acting = index_of(p);
	w.on = NOTHING_SAID;
	switch (what / PEOPLE % 8) {
	case 0:
	case 1:
		picks(p, peer);
		break;
	case 2:
		if (p->prompt[0])
			answers(p, true);
		break;
	case 3:
		if (p->prompt[0])
			answers(p, false);
		break;
	case 4:
		if (p->code_of[0])
			compares(p, true);
		break;
	case 5:
		if (p->code_of[0])
			compares(p, false);
		break;
	case 6:
		(void)!kith_room_cancel(p->room, kith_span_str(peer));
		break;
	default:
		kith_room_show(p->room);
	}
}

/* Everybody says yes to whatever is on his screen. */
static void all_agree(void)
{
	for (size_t i = 0; i < PEOPLE; i++) {
		w.acting = i;
		w.on = NOTHING_SAID;
		if (w.p[i].prompt[0])
			answers(&w.p[i], true);
		else if (w.p[i].code_of[0])
			compares(&w.p[i], true);
	}
}

static void sees(size_t a, size_t b)
{
	w.acting = a;
	w.on = NOTHING_SAID;
	kith_room_seen(w.p[a].room, w.p[b].key, kith_span_str(names[b]));
}

static void surroundings(struct fuzz_in *in)
{
	uint8_t what = fuzz_byte(in);
	size_t a = what % PEOPLE, b = what / PEOPLE % PEOPLE;

	w.acting = a;
	w.on = NOTHING_SAID;
	switch (what / 9 % 5) {
	case 0:
		sees(a, b);
		break;
	case 1:
		kith_room_gone(w.p[a].room, w.p[b].key);
		break;
	case 2:
		new_key(&w.p[a]);
		break;
	case 3: /* his courier dies, and another comes */
		for (size_t i = 0; i < w.wires_n; i++)
			for (size_t side = 0; side < 2; side++)
				if (w.wires[i].who[side] == a && w.wires[i].open[side])
					hangs_up(i, side);
		kith_room_lost(w.p[a].room);
		new_key(&w.p[a]);
		break;
	default:
		w.p[a].fails = true;
	}
}

static void loses(size_t i)
{
	struct item item = taken(i);

	kith_buf_free(&item.bytes);
}

static void damages(struct fuzz_in *in)
{
	uint8_t how = fuzz_byte(in);
	size_t at = fuzz_byte(in);
	size_t bit = (size_t)fuzz_number(in, 2);

	if (w.items_n == 0)
		return;
	struct item *item = &w.items[at % w.items_n];
	if (how % 4 == 0 && item->kind == BYTES)
		later(item->kind, item->wire, item->side, kith_buf_span(&item->bytes));
	else if (how % 4 == 1)
		loses(at % w.items_n);
	else if (how % 4 == 2 && item->bytes.n > 0)
		item->bytes.p[bit / 8 % item->bytes.n] ^= (uint8_t)(1u << bit % 8);
	else
		delivers(at % w.items_n);
}

/* Mallory writes on a wire, his own or not, or hangs up. */
static void injects(struct fuzz_in *in)
{
	uint8_t where = fuzz_byte(in);
	struct kith_span bytes = fuzz_string(in);

	if (w.wires_n == 0)
		return;
	size_t i = (where >> 1) % w.wires_n;
	later(bytes.n ? BYTES : CLOSED, i, where & 1, bytes);
}

static void arms(struct fuzz_in *in)
{
	w.change = (struct change){.armed = true, .how = fuzz_byte(in)};
	w.change.at = (uint16_t)fuzz_number(in, 2);
	w.change.bytes = fuzz_string(in);
}

/* Somebody has something for somebody, or knows somebody no more, or again, or by a key of old. */
static void ties(struct fuzz_in *in, uint8_t how)
{
	uint8_t what = fuzz_byte(in);
	struct person *p = &w.p[what % PEOPLE];
	size_t whom = what / PEOPLE % PEOPLE;

	w.acting = index_of(p);
	w.on = NOTHING_SAID;
	if (how < 253) {
		uint64_t kind = 1 + what / 9 % 8u;
		struct kith_span bytes = fuzz_string(in);
		owes(p, whom, kind, kind == KITH_PARCEL_CARD ? kith_buf_span(&p->envelope) : bytes);
		return;
	}
	if (how == 253)
		kith_circle_remove(p->circle, (int64_t)whom);
	else if (whom != index_of(p) && what / 9 % 4 < 2)
		knows(p, whom);
	else if (whom != index_of(p))
		knows_of_old(p, whom, what / 9 % 4 == 3);
	kith_room_ties_changed(p->room);
}

static void step(struct fuzz_in *in)
{
	uint8_t what = fuzz_byte(in);

	if (w.acquainted && what >= 250) {
		ties(in, what);
		return;
	}

	switch (what % 10) {
	case 0:
	case 1:
		for (size_t n = 1 + what / 10; n > 0 && w.items_n > 0; n--)
			delivers(0);
		break;
	case 2:
		all_agree();
		break;
	case 3:
	case 4:
		decides(in);
		break;
	case 5:
		w.now += (uint64_t)(what / 10) * (what / 10) * 200;
		ticks();
		break;
	case 6:
		surroundings(in);
		break;
	case 7:
		damages(in);
		break;
	case 8:
		arms(in);
		break;
	default:
		injects(in);
	}
}

/* --- the end ---------------------------------------------------------------------------------- */

static void everybody_knows(void)
{
	for (size_t i = 0; i < PEOPLE * PEOPLE; i++)
		if (i / PEOPLE != i % PEOPLE)
			knows(&w.p[i / PEOPLE], i % PEOPLE);
	for (size_t i = 0; i < PEOPLE; i++) {
		w.acting = i;
		w.on = NOTHING_SAID;
		kith_room_recognise(w.p[i].room, true);
		kith_room_ties_changed(w.p[i].room);
	}
}

/* Nobody does anything any more, and nothing arrives. */
static void silence(void)
{
	for (size_t i = 0; i < PEOPLE; i++)
		kith_room_recognise(w.p[i].room, false);
	for (uint64_t ms = 0; ms <= KITH_SESSION_MS + KITH_WANTED_MS; ms += 5000) {
		w.now += 5000;
		ticks();
	}
	for (size_t i = 0; i < PEOPLE; i++) {
		must(kith_room_busy(w.p[i].room) == 0);
		must(!w.p[i].prompt[0] && !w.p[i].code_of[0]);
	}
	for (size_t i = 0; i < w.wires_n; i++)
		for (size_t side = 0; side < 2; side++)
			must(!w.wires[i].open[side]);
}

static void ends(void)
{
	silence();
	for (size_t i = 0; i < PEOPLE; i++) {
		w.acting = i;
		kith_room_free(w.p[i].room);
		kith_circle_free(w.p[i].circle);
		for (size_t k = 0; k < w.p[i].talks_n; k++)
			must(w.p[i].talks[k].over);
	}
	must(w.live == 0);
	while (w.items_n > 0)
		kith_buf_free(&w.items[--w.items_n].bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct fuzz_in in = {p, n};

	fuzz_start();
	if (!w.p[0].id)
		make_people();
	w.wires_n = 0;
	w.carried_n = 0;
	w.change.armed = false;
	w.now = 1000;
	w.env = (struct kith_env){.alloc = on_alloc,
		.release = on_release,
		.random = on_random,
		.ticks = on_ticks,
		.wall = on_wall};
	uint8_t manners = fuzz_byte(&in);
	w.dice = manners;
	w.acquainted = (manners & 8) != 0;
	for (size_t i = 0; i < PEOPLE; i++)
		comes(i, (uint8_t)(manners >> i));
	for (size_t i = 0; i < PEOPLE * PEOPLE; i++)
		if (i / PEOPLE != i % PEOPLE)
			sees(i / PEOPLE, i % PEOPLE);
	if (w.acquainted)
		everybody_knows();
	for (size_t i = 0; in.n > 0 && i < STEPS && w.wires_n < WIRES / 2; i++)
		step(&in);
	ends();
	return 0;
}
