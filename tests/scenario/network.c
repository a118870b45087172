/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "world.h"

#define THINK_MIN 300 /* ms until somebody with a habit decides */
#define THINK_MAX 2000

enum event_kind {
	EVENT_OPENED,  /* the connection stands, at that end */
	EVENT_BYTES,   /* a message arrives at that end */
	EVENT_CLOSED,  /* that end learns that it is over */
	EVENT_DECIDES, /* somebody with a habit */
};

struct event {
	struct event *next;
	uint64_t at;
	enum event_kind kind;
	struct wire *wire;
	size_t side;
	struct person *who, *about; /* DECIDES */
	bool code, yes;
	size_t n;
	uint8_t bytes[];
};

/* --- the queue -------------------------------------------------------------------------------- */

static void later(struct world *w, struct event what, struct kith_span bytes)
{
	struct event *e = calloc(1, sizeof *e + bytes.n);
	struct event **p = &w->events;

	expect(e);
	*e = what;
	e->n = bytes.n;
	if (bytes.n)
		memcpy(e->bytes, bytes.p, bytes.n);
	while (*p && (*p)->at <= e->at)
		p = &(*p)->next;
	e->next = *p;
	*p = e;
}

static uint64_t delay(struct world *w)
{
	return w->delay_min + world_luck(w, w->delay_max - w->delay_min + 1);
}

/* After everything that is on its way to that end already. */
static uint64_t arrival(struct world *w, struct wire_end *to)
{
	uint64_t at = w->now + delay(w);

	if (at < to->last_at)
		at = to->last_at;
	to->last_at = at;
	return at;
}

static void later_at(struct wire *wire, size_t side, enum event_kind kind, struct kith_span bytes)
{
	struct world *w = wire->end[side].who->w;
	struct event e = {
		.at = arrival(w, &wire->end[side]), .kind = kind, .wire = wire, .side = side};

	later(w, e, bytes);
}

void decides_later(struct person *p, struct person *about, bool code, bool yes)
{
	struct event e = {.at = p->w->now + THINK_MIN + world_luck(p->w, THINK_MAX - THINK_MIN),
		.kind = EVENT_DECIDES,
		.who = p,
		.about = about,
		.code = code,
		.yes = yes};

	later(p->w, e, kith_span("", 0));
}

uint64_t network_next(const struct world *w)
{
	return w->events ? w->events->at : UINT64_MAX;
}

/* --- rules: what holds in every run ----------------------------------------------------------- */

static size_t type_of(struct kith_span message)
{
	uint64_t type;

	return kith_message_type(message, &type) || type >= TYPES_MAX ? 0 : (size_t)type;
}

/* proto/known.md "Parcels": the same of two who know each other. */
static void known_rules(const struct wire_end *end, size_t type)
{
	bool proven = end->got[KITH_TYPE_K2] || end->got[KITH_TYPE_K3];

	if (type >= KITH_TYPE_K1 && type <= KITH_TYPE_CLOSE)
		expect(end->sent[KITH_TYPE_REQUEST] == 0 && end->got[KITH_TYPE_REQUEST] == 0);
	if (type >= KITH_TYPE_PARCEL && type <= KITH_TYPE_CLOSE)
		expect(proven && end->sent[KITH_TYPE_CLOSE] == 0);
	if (type == KITH_TYPE_PARCEL) {
		expect(end->sent[KITH_TYPE_QUIET] == 0);
		expect(end->sent[type] == end->got[KITH_TYPE_ACK]); /* one is out at a time */
	}
	if (type == KITH_TYPE_ACK)
		expect(end->sent[type] < end->got[KITH_TYPE_PARCEL]);
	if (type == KITH_TYPE_QUIET)
		expect(end->sent[KITH_TYPE_PARCEL] == end->got[KITH_TYPE_ACK]);
	if (type == KITH_TYPE_CLOSE)
		expect(end->sent[KITH_TYPE_QUIET] == 1 && end->got[KITH_TYPE_QUIET] == 1);
}

/* proto/session.md "Course": what must have been written or said before a message leaves. */
static void rules(const struct person *p, const struct wire_end *end, size_t type)
{
	if (type == KITH_TYPE_CONFIRM)
		expect(p->wrote[WRITING_CONFIRM] > p->sent[KITH_TYPE_CONFIRM]);
	if (type == KITH_TYPE_CARD) {
		expect(end->sent[KITH_TYPE_CONFIRM] == 1);
		expect(end->got[KITH_TYPE_CONFIRM] == 1);
		expect(p->wrote[WRITING_CONFIRMED] > p->sent[KITH_TYPE_CARD]);
	}
	if (type == KITH_TYPE_RECEIPT)
		expect(p->wrote[WRITING_CARD] > p->sent[KITH_TYPE_RECEIPT]);
	if (type == KITH_TYPE_REVEAL)
		expect(end->got[KITH_TYPE_ACCEPT] == 1);
	if (type == KITH_TYPE_ACCEPT)
		expect(end->got[KITH_TYPE_REQUEST] == 1);
	if (type == KITH_TYPE_ACCEPT) /* one yes is good for one ACCEPT, sent or received */
		expect(p->sent[type] + p->got[type] < p->consents);
	if (type && type != KITH_TYPE_ABORT && type != KITH_TYPE_TAGS && type != KITH_TYPE_PARCEL &&
		type != KITH_TYPE_ACK)
		expect(end->sent[type] == 0); /* every other message leaves at most once */
	known_rules(end, type);
}

/* --- wires ------------------------------------------------------------------------------------ */

static struct wire_end *end_of(
	struct person *p, uint32_t conn, struct wire **ret_wire, size_t *ret_side)
{
	for (struct wire *wire = p->w->wires; wire; wire = wire->next) {
		for (size_t side = 0; side < 2; side++) {
			if (wire->end[side].who == p && wire->end[side].conn == conn) {
				*ret_wire = wire;
				*ret_side = side;
				return &wire->end[side];
			}
		}
	}
	return NULL;
}

static struct wire *new_wire(
	struct person *from, uint32_t conn, struct person *to, const uint8_t key[static 32])
{
	struct wire *wire = calloc(1, sizeof *wire);

	expect(wire);
	wire->end[0] = (struct wire_end){.who = from, .conn = conn};
	wire->end[1] = (struct wire_end){.who = to, .conn = to ? to->next_conn += 2 : 0};
	memcpy(wire->key[0], from->key, 32);
	memcpy(wire->key[1], key, 32);
	wire->next = from->w->wires;
	from->w->wires = wire;
	return wire;
}

static size_t place(const struct person *p)
{
	size_t i = 0;

	while (p->w->people[i] != p)
		i++;
	return i;
}

static struct person *listener(struct world *w, const uint8_t key[static 32])
{
	for (size_t i = 0; i < w->n; i++)
		if (memcmp(w->people[i]->key, key, 32) == 0 && !w->people[i]->courierless &&
			(w->people[i]->room || w->people[i]->manner.stranger))
			return w->people[i];
	return NULL;
}

static void connects(struct person *from, uint32_t conn, const uint8_t key[static 32])
{
	struct person *to = from->courierless ? NULL : listener(from->w, key);
	enum way way = to ? from->w->way[place(from)][place(to)] : WAY_REFUSED;
	struct wire *wire = new_wire(from, conn, to, key);

	wire->end[0].open = true; /* may be closed from now on */
	if (way == WAY_SILENT)
		return;
	if (way == WAY_REFUSED) {
		wire->cut = true;
		later_at(wire, 0, EVENT_CLOSED, kith_span("", 0));
		return;
	}
	wire->end[1].open = true;
	later_at(wire, 1, EVENT_OPENED, kith_span("", 0));
	wire->end[0].last_at = wire->end[1].last_at;
	later_at(wire, 0, EVENT_OPENED, kith_span("", 0));
}

static void cut(struct wire *wire)
{
	if (wire->cut)
		return;
	wire->cut = true;
	for (size_t side = 0; side < 2; side++)
		if (wire->end[side].open)
			later_at(wire, side, EVENT_CLOSED, kith_span("", 0));
}

/* --- the room's host -------------------------------------------------------------------------- */

static void host_dial(void *ctx, uint32_t conn, const uint8_t key[static 32])
{
	struct person *p = ctx;

	p->dials++;
	if (p->w->loud)
		print_message("%8llu %s dials\n", (unsigned long long)p->w->now, p->name);
	connects(p, conn, key);
}

static void says(struct person *p, struct wire *wire, size_t side, struct kith_span message)
{
	size_t type = type_of(message);

	if (p->w->loud)
		print_message("%8llu %s sends type %zu, %zu bytes%s\n",
			(unsigned long long)p->w->now, p->name, type, message.n,
			wire->cut ? ", into the void" : "");
	if (!p->manner.stranger)
		rules(p, &wire->end[side], type);
	p->sent[type]++;
	wire->end[side].sent[type]++;
	if (!wire->cut && wire->end[!side].open)
		later_at(wire, !side, EVENT_BYTES, message);
}

static void host_send(void *ctx, uint32_t conn, struct kith_span message)
{
	struct person *p = ctx;
	struct wire *wire = NULL;
	size_t side = 0;
	struct wire_end *end = end_of(p, conn, &wire, &side);

	if (p->mute)
		return;
	expect(end && end->open); /* nothing is sent on what was closed */
	says(p, wire, side, message);
}

static void hangs_up(struct wire *wire, size_t side)
{
	wire->end[side].open = false;
	if (!wire->cut && wire->end[!side].open)
		later_at(wire, !side, EVENT_CLOSED, kith_span("", 0));
}

static void host_close(void *ctx, uint32_t conn)
{
	struct person *p = ctx;
	struct wire *wire = NULL;
	size_t side = 0;
	struct wire_end *end = end_of(p, conn, &wire, &side);

	if (p->mute)
		return;
	expect(end && end->open); /* closed once */
	if (p->w->loud)
		print_message("%8llu %s hangs up\n", (unsigned long long)p->w->now, p->name);
	hangs_up(wire, side);
}

/* Only a connection that stands can be worth keeping. */
static void host_keep(void *ctx, uint32_t conn)
{
	struct wire *wire = NULL;
	size_t side = 0;
	struct wire_end *end = end_of(ctx, conn, &wire, &side);

	expect(end && end->open);
}

static void host_failed(void *ctx, uint64_t at)
{
	struct person *p = ctx;

	expect(at == p->w->now);
	p->failures_told++;
}

void network_host(struct kith_room_host *host)
{
	host->keep = host_keep;
	host->failed = host_failed;
	host->dial = host_dial;
	host->send = host_send;
	host->close = host_close;
}

/* --- events ----------------------------------------------------------------------------------- */

static void to_stranger(struct person *p, const struct event *e)
{
	if (e->kind == EVENT_OPENED) {
		p->wire = e->wire;
		p->side = e->side;
	}
	if (e->kind != EVENT_BYTES)
		return;
	expect(p->inbox_n < INBOX_MAX);
	kith_buf_init(&p->inbox[p->inbox_n], NULL);
	expect(kith_buf_add(&p->inbox[p->inbox_n], e->bytes, e->n) == KITH_OK);
	p->inbox_n++;
}

static void happens(struct world *w, struct wire *wire)
{
	w->after = -1;
	w->happens(w, wire);
}

/* Everybody has an address of his own, or shares a neighbour's. */
static void source_of(const struct person *p, uint8_t source[static KITH_SOURCE_BYTES])
{
	memset(source, 0, KITH_SOURCE_BYTES);
	source[KITH_SOURCE_BYTES - 1] = (uint8_t)(place(p->neighbour ? p->neighbour : p) + 1);
}

static void opened(struct person *p, const struct event *e)
{
	const uint8_t *far = e->wire->key[!e->side];
	const uint8_t *own = e->wire->key[e->side];

	if (p->w->after == 0 && e->side == 0)
		happens(p->w, e->wire);
	if (!e->wire->end[e->side].open)
		return;
	uint8_t source[KITH_SOURCE_BYTES];
	source_of(e->wire->end[!e->side].who, source);
	expect(kith_room_opened(p->room, e->wire->end[e->side].conn, far, own, e->side == 1,
		       kith_span_str("eth0 192.0.2.0/24"), source) == KITH_OK);
}

static void noted(struct person *p, struct wire *wire, size_t side, size_t type)
{
	wire->end[side].got[type]++;
	p->got[type]++;
	bool rooms =
		!p->manner.stranger && !wire->end[!side].who->manner.stranger && !p->w->meddles;
	if (rooms && type == KITH_TYPE_ACCEPT)
		expect(p->sent[type] + p->got[type] <= p->consents);
}

static void hands_over(const struct event *e, size_t side)
{
	struct wire_end *end = &e->wire->end[side];
	struct kith_span message = kith_span(e->bytes, e->n);

	if (!end->open)
		return;
	noted(end->who, e->wire, side, type_of(message));
	if (end->who->manner.stranger)
		to_stranger(end->who, e);
	else
		kith_room_bytes(end->who->room, end->conn, message);
	tends(end->who);
}

static void holds_back(struct world *w, const struct event *e)
{
	expect(!w->held);
	w->held = calloc(1, sizeof *e + e->n);
	expect(w->held);
	memcpy(w->held, e, sizeof *e + e->n);
}

static void lets_go(struct world *w)
{
	struct event *e = w->held;

	w->held = NULL;
	hands_over(e, e->side);
	free(e);
}

static void meets_its_fate(struct event *e)
{
	struct world *w = e->wire->end[e->side].who->w;
	enum fate fate = FATE_ARRIVES;

	if (w->meddles)
		fate = w->meddles(w, e->wire, e->side, e->bytes, e->n);
	if (fate == FATE_LATER) {
		holds_back(w, e);
		return;
	}
	if (fate != FATE_LOST)
		hands_over(e, e->side);
	if (fate == FATE_TWICE)
		hands_over(e, e->side);
	if (fate == FATE_BACK)
		hands_over(e, !e->side);
	if (w->held && w->held->wire == e->wire && w->held->side == e->side)
		lets_go(w);
}

static void arrived(struct person *p, struct event *e)
{
	struct world *w = p->w;

	w->delivered++;
	if (w->after > 0 && w->delivered == (size_t)w->after)
		happens(w, e->wire); /* after a cut, what it answers is lost */
	if (e->wire->end[e->side].open)
		meets_its_fate(e);
}

static void at_end(struct event *e)
{
	struct wire_end *end = &e->wire->end[e->side];
	struct person *p = end->who;

	if (!end->open || (e->wire->cut && e->kind != EVENT_CLOSED))
		return;
	if (e->kind == EVENT_BYTES) {
		arrived(p, e);
	} else if (p->manner.stranger) {
		to_stranger(p, e);
		end->open = e->kind == EVENT_OPENED;
	} else if (e->kind == EVENT_OPENED) {
		opened(p, e);
	} else {
		end->open = false;
		kith_room_closed(p->room, end->conn);
	}
	tends(p);
}

static void decides(const struct event *e)
{
	enum kith_err err = KITH_OK;

	/* It may have become void in the meantime; what comes of it is what the story looks at. */
	if (e->who->room && e->about)
		err = e->code ? compare(e->who, e->about, e->yes)
			      : answer(e->who, e->about, e->yes);
	if (err == KITH_ERR_BUSY)
		decides_later(e->who, e->about, e->code, e->yes);
}

bool network_event(struct world *w)
{
	struct event *e = w->events;

	if (!e || e->at > w->now)
		return false;
	w->events = e->next;
	if (e->kind == EVENT_DECIDES)
		decides(e);
	else
		at_end(e);
	free(e);
	return true;
}

/* --- what stories do to the network ----------------------------------------------------------- */

void way_is(struct person *a, struct person *b, enum way way)
{
	a->w->way[place(a)][place(b)] = way;
}

void cut_happens(struct world *w, struct wire *wire)
{
	(void)w;
	cut(wire);
}

static bool between(const struct wire *wire, const struct person *a, const struct person *b)
{
	return (wire->end[0].who == a && wire->end[1].who == b) ||
	       (wire->end[0].who == b && wire->end[1].who == a);
}

void cuts(struct person *a, struct person *b)
{
	for (struct wire *wire = a->w->wires; wire; wire = wire->next)
		if (between(wire, a, b))
			cut(wire);
}

struct wire *wire_of(struct world *w, const struct person *a, const struct person *b)
{
	for (struct wire *wire = w->wires; wire; wire = wire->next)
		if (between(wire, a, b))
			return wire;
	return NULL;
}

size_t wires_standing(struct world *w, const struct person *a, const struct person *b)
{
	size_t n = 0;

	for (struct wire *wire = w->wires; wire; wire = wire->next)
		n += between(wire, a, b) && !wire->cut && (wire->end[0].open || wire->end[1].open);
	return n;
}

size_t connections(const struct world *w)
{
	size_t n = 0;

	for (const struct wire *wire = w->wires; wire; wire = wire->next)
		n++;
	return n;
}

size_t connections_of(const struct world *w, const struct person *a, const struct person *b)
{
	size_t n = 0;

	for (const struct wire *wire = w->wires; wire; wire = wire->next)
		n += between(wire, a, b);
	return n;
}

void network_drop(struct person *p)
{
	for (struct wire *wire = p->w->wires; wire; wire = wire->next) {
		for (size_t side = 0; side < 2; side++) {
			if (wire->end[side].who != p || !wire->end[side].open)
				continue;
			hangs_up(wire, side);
		}
	}
}

void network_free(struct world *w)
{
	free(w->held);
	while (w->events) {
		struct event *e = w->events;
		w->events = e->next;
		free(e);
	}
	while (w->wires) {
		struct wire *wire = w->wires;
		w->wires = wire->next;
		free(wire);
	}
}

void stranger_dials(struct person *stranger, struct person *to)
{
	stranger->next_conn += 2;
	connects(stranger, stranger->next_conn - 1, to->key);
	settles(stranger->w);
}

void dials_as(struct person *stranger, struct person *to, const uint8_t key[static 32],
	const uint8_t own[static 32])
{
	stranger->next_conn += 2;
	struct wire *wire = new_wire(stranger, stranger->next_conn - 1, to, own);

	memcpy(wire->key[0], key, 32);
	for (size_t side = 0; side < 2; side++) {
		wire->end[side].open = true;
		later_at(wire, side, EVENT_OPENED, kith_span("", 0));
	}
	passes(stranger->w, stranger->w->delay_max);
}

void stranger_says(struct person *stranger, struct kith_span message)
{
	says(stranger, stranger->wire, stranger->side, message);
}

void stranger_hangs_up(struct person *stranger)
{
	if (stranger->wire->end[stranger->side].open)
		hangs_up(stranger->wire, stranger->side);
}
