/* SPDX-License-Identifier: MIT
 *
 * sightings - a script of records that come, go, grow old, and of interfaces that come and go: what
 * is told keeps to proto/discovery.md.  cases 41, 43, 45.
 */
#include <string.h>

#include "courier/rows.h"
#include "fuzz/fuzz.h"
#include "unit/courier_nets.h"

#define KEYS 512 /* who can be told of: a key is a number */

struct table {
	struct kith_sightings *s;
	struct kith_nets nets;
	uint64_t now;
	bool told[KEYS], own[KEYS];
	size_t told_n;
};

static void key_of(unsigned who, uint8_t key[KITH_CURVE_KEY_BYTES])
{
	memset(key, 0, KITH_CURVE_KEY_BYTES);
	key[0] = 7;
	key[1] = (uint8_t)who;
	key[2] = (uint8_t)(who >> 8);
}

static void name_of(unsigned n, char out[KITH_LABEL_BYTES])
{
	(void)snprintf(out, KITH_LABEL_BYTES, "k-%u", n);
}

static void comes(struct fuzz_in *in, struct table *t)
{
	struct kith_candidate c = {
		.heard = fuzz_byte(in) & 1 ? KITH_HEARD_BROWSE : KITH_HEARD_ONESHOT};
	unsigned who = (unsigned)fuzz_number(in, 2) % KEYS;
	uint8_t flags = fuzz_byte(in);

	key_of(who, c.txt.key);
	name_of(flags & 0x80 ? flags & 3 : who, c.instance);
	c.index = flags & 7;
	c.v6 = (flags & 8) != 0;
	c.port = (uint16_t)(flags & 0x10 ? fuzz_number(in, 2) : 4711);
	if (flags & 0x20)
		(void)snprintf(c.txt.label, sizeof c.txt.label, "n%u", fuzz_byte(in));
	c.ips_n = fuzz_byte(in) % (sizeof c.ips / sizeof c.ips[0] + 1);
	for (size_t i = 0; i < c.ips_n; i++) {
		uint8_t kind = fuzz_byte(in);
		c.ips[i] = kind & 1 ? ip("192.0.2.7") : ip("fe80::7");
		if (kind & 2)
			fuzz_fill(in, c.ips[i].bytes, c.ips[i].v6 ? 16 : 4);
		else
			c.ips[i].bytes[c.ips[i].v6 ? 15 : 3] = kind >> 2;
	}
	kith_sightings_put(t->s, &c, t->now);
}

static void goes(struct fuzz_in *in, struct table *t)
{
	unsigned who = (unsigned)fuzz_number(in, 2) % KEYS;
	uint8_t flags = fuzz_byte(in);
	char name[KITH_LABEL_BYTES];

	name_of(flags & 0x80 ? flags & 3 : who, name);
	kith_sightings_withdraw(t->s, name, flags & 7, (flags & 8) != 0);
}

/* An interface disappears, or all are there again. */
static void machine_changes(struct fuzz_in *in, struct table *t)
{
	uint8_t how = fuzz_byte(in);

	t->nets = sample_nets();
	if (how & 1) {
		t->nets.n--;
		t->nets.addresses_n--;
	}
	if (how & 2)
		t->nets.addresses_n -= how >> 2 & 3;
	kith_sightings_nets(t->s);
}

static void becomes_own(struct fuzz_in *in, struct table *t)
{
	uint8_t key[KITH_CURVE_KEY_BYTES];
	unsigned who = (unsigned)fuzz_number(in, 2) % KEYS;
	size_t owns = 0;

	for (size_t i = 0; i < KEYS; i++)
		owns += t->own[i];
	if (owns >= 60) /* only the last 64 are remembered */
		return;
	key_of(who, key);
	if (!t->own[who])
		kith_sightings_own(t->s, key);
	t->own[who] = true;
	must(kith_sightings_is_own(t->s, key));
}

static void is_endpoint(const struct table *t, const char *text, const struct kith_sighting *s)
{
	struct kith_place place;

	must(kith_endpoint_read(kith_span_str(text), &t->nets, &place));
	must(place.port >= KITH_PORT_MIN);
	must(place.ip.v6 || (place.ip.bytes[0] != 0 && place.ip.bytes[0] < 224));
	for (size_t i = 0; i < s->endpoints_n && s->endpoints[i] != text; i++)
		must(strcmp(s->endpoints[i], text) != 0);
}

static void is_told(struct table *t, const struct kith_sighting *s)
{
	unsigned who = s->key[1] | (unsigned)s->key[2] << 8;

	must(s->key[0] == 7 && who < KEYS);
	if (s->gone) {
		must(t->told[who]);
		t->told[who] = false;
		t->told_n--;
		return;
	}
	must(!t->own[who]);
	must(s->endpoints_n >= 1 && s->endpoints_n <= KITH_ADDRESSES_MAX);
	must(memchr(s->label, 0, sizeof s->label) && memchr(s->network, 0, sizeof s->network));
	for (size_t i = 0; i < s->endpoints_n; i++)
		is_endpoint(t, s->endpoints[i], s);
	t->told_n += !t->told[who];
	t->told[who] = true;
}

static void tells(struct table *t)
{
	struct kith_sighting s;
	size_t turns = 0;

	while (kith_sightings_next(t->s, &s)) {
		is_told(t, &s);
		must(++turns <= KITH_ROWS_MAX * 4);
	}
	must(!kith_sightings_next(t->s, &s));
	must(t->told_n <= KITH_ROWS_MAX);
	for (size_t i = 0; i < KEYS; i++)
		must(!t->own[i] || !t->told[i]);
}

static void ages(struct fuzz_in *in, struct table *t)
{
	t->now += fuzz_number(in, 2) * 100;
	uint64_t next = kith_sightings_expire(t->s, t->now);
	must(next > t->now);
}

static void step(struct fuzz_in *in, struct table *t)
{
	uint8_t what = fuzz_byte(in);

	if (what < 160)
		comes(in, t);
	else if (what < 190)
		goes(in, t);
	else if (what < 210)
		ages(in, t);
	else if (what < 220)
		machine_changes(in, t);
	else if (what < 230)
		becomes_own(in, t);
	else if (what < 235)
		kith_sightings_unwatched(t->s, t->now);
	else
		tells(t);
}

/* Nobody refreshes anything any more: in the end nobody is there. */
static void ends(struct table *t)
{
	tells(t);
	kith_sightings_unwatched(t->s, t->now);
	t->now += KITH_RECORD_TTL * UINT64_C(1000);
	must(kith_sightings_expire(t->s, t->now) == UINT64_MAX);
	tells(t);
	must(t->told_n == 0);
	kith_sightings_free(t->s);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct table t;
	struct fuzz_in in = {p, n};

	t = (struct table){.nets = sample_nets(), .now = 1000};
	must((t.s = kith_sightings_new(&t.nets)));
	for (size_t i = 0; in.n > 0 && i < 4000; i++)
		step(&in, &t);
	ends(&t);
	return 0;
}
