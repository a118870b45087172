/* SPDX-License-Identifier: MIT
 *
 * meddled - somebody on the wire between Ada and Grace who has no keys: he changes each byte of each
 * message, loses, repeats, delays it, or sends it back.  Whatever he does, no two screens show one
 * code over a handshake that he changed, nobody keeps what was not sent, and both are told the truth.
 */
#include "pair.h"

#define PATIENCE_MS 3000 /* before a pick that failed is tried again */

/* Which message he is after, and what he does to it. */
struct meddler {
	size_t type;
	size_t side;  /* the one that receives it; 2: either */
	size_t at;    /* the byte that he changes; SIZE_MAX: none */
	uint8_t mask; /* bits */
	enum fate fate;
	size_t seen;   /* such messages */
	size_t length; /* of the last of them */
};

static enum fate meddle(struct world *w, struct wire *wire, size_t side, uint8_t *bytes, size_t n)
{
	struct meddler *m = w->meddler;
	uint64_t type;

	(void)wire;
	if (kith_message_type(kith_span(bytes, n), &type) || type != m->type ||
		(m->side != 2 && m->side != side))
		return FATE_ARRIVES;
	m->seen++;
	m->length = n;
	if (m->at < n)
		bytes[m->at] ^= m->mask;
	return m->fate;
}

/* Honest people with a meddler between them; they say "same" when it is. */
static void they_try(struct pair p)
{
	struct world *w = p.ada->w;

	picks(p.ada, p.grace);
	passes(w, PATIENCE_MS / 3);
	if (told(p.grace, KITH_NEWS_REQUEST, p.ada))
		says_yes(p.grace, p.ada);
	passes(w, PATIENCE_MS / 3);
	bool same = same_code(p.ada, p.grace);
	if (told(p.ada, KITH_NEWS_CODE, p.grace) && !told(p.ada, KITH_NEWS_FAILED, NULL))
		says_same(p.ada, p.grace);
	if (told(p.grace, KITH_NEWS_CODE, p.ada) && !told(p.grace, KITH_NEWS_FAILED, NULL) && same)
		says_same(p.grace, p.ada);
	passes(w, PATIENCE_MS / 3);
}

static struct pair meddled_pair(struct world *w, struct meddler *m)
{
	struct pair p = two_people(
		w, (struct manner){.long_code = true}, (struct manner){.long_code = true});

	w->meddles = meddle;
	w->meddler = m;
	return p;
}

/* What each of them holds of the other is what was sent, and what each was told of it. */
static void all_is_true(struct pair p)
{
	struct holding a = holds(p.ada, p.grace), g = holds(p.grace, p.ada);

	expect(claims_hold(p.ada, p.grace) && claims_hold(p.grace, p.ada));
	expect(a.rev == 0 || a.rev == p.grace->self.rev);
	expect(g.rev == 0 || g.rev == p.ada->self.rev);
	expect(keeping_people(p.ada->keeping) <= 1 && keeping_people(p.grace->keeping) <= 1);
}

/* Returns how long that message is. */
static size_t one_byte(size_t type, size_t side, size_t at, uint8_t mask)
{
	struct meddler m = {.type = type, .side = side, .at = at, .mask = mask};
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct pair p = meddled_pair(w, &m);

	they_try(p);
	expect(m.seen == 1);
	if (at == SIZE_MAX) {
		expect(both_have_swapped(p)); /* else there was nothing to disturb */
	} else if (type <= KITH_TYPE_AUTH) {
		expect(!same_code(p.ada, p.grace));
		expect(p.ada->sent[KITH_TYPE_CARD] + p.grace->sent[KITH_TYPE_CARD] == 0);
		expect(both_told(p, KITH_NEWS_SWAPPED) == 0);
		expect(told(p.ada, KITH_NEWS_FAILED, NULL) +
				told(p.ada, KITH_NEWS_UNREACHABLE, NULL) >
			0);
	} else {
		expect(!both_have_swapped(p));
	}
	all_is_true(p);
	world_ends(w);
	return m.length;
}

static void every_byte(size_t type, size_t side)
{
	size_t n = one_byte(type, side, SIZE_MAX, 0);

	expect(n > 3);
	for (size_t at = 0; at < n; at++)
		(void)one_byte(type, side, at, (uint8_t)(1 << at % 8));
}

/* T11 */
static void every_byte_of_the_handshake(void **state)
{
	(void)state;
	every_byte(KITH_TYPE_HELLO_I, 1);
	every_byte(KITH_TYPE_HELLO_R, 0);
	every_byte(KITH_TYPE_REQUEST, 1);
	every_byte(KITH_TYPE_ACCEPT, 0);
	every_byte(KITH_TYPE_REVEAL, 1);
	every_byte(KITH_TYPE_AUTH, 0);
	every_byte(KITH_TYPE_AUTH, 1);
}

/* T13 */
static void every_byte_of_what_is_sealed(void **state)
{
	(void)state;
	for (size_t side = 0; side < 2; side++) {
		every_byte(KITH_TYPE_CONFIRM, side);
		every_byte(KITH_TYPE_CARD, side);
		every_byte(KITH_TYPE_RECEIPT, side);
	}
}

/* The last message of a swap may come again: nobody listens any more. */
static bool is_harmless(size_t type, enum fate fate)
{
	return type == KITH_TYPE_RECEIPT && fate != FATE_LOST;
}

static void one_fate(size_t type, size_t side, enum fate fate)
{
	struct meddler m = {.type = type, .side = side, .at = SIZE_MAX, .fate = fate};
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct pair p = meddled_pair(w, &m);

	they_try(p);
	expect(m.seen == 1);
	expect(type > KITH_TYPE_AUTH || !(fate == FATE_LOST || fate == FATE_LATER) ||
		both_told(p, KITH_NEWS_CODE) < 2);
	passes(w, KITH_SESSION_MS);
	expect(!both_have_swapped(p) || is_harmless(type, fate));
	for (size_t i = 0; i < 2; i++) {
		struct person *one = i ? p.grace : p.ada;
		if (told(one, KITH_NEWS_CODE, NULL))
			expect(told(one, KITH_NEWS_SWAPPED, NULL) +
					told(one, KITH_NEWS_FAILED, NULL) ==
				1);
	}
	expect(wires_standing(w, p.ada, p.grace) == 0);
	all_is_true(p);
	world_ends(w);
}

/* T13, case 63 */
static void lost_repeated_swapped_sent_back(void **state)
{
	static const struct {
		size_t type, side;
	} messages[] = {{KITH_TYPE_ACCEPT, 0}, {KITH_TYPE_REVEAL, 1}, {KITH_TYPE_AUTH, 0},
		{KITH_TYPE_AUTH, 1}, {KITH_TYPE_CONFIRM, 0}, {KITH_TYPE_CONFIRM, 1},
		{KITH_TYPE_CARD, 0}, {KITH_TYPE_CARD, 1}, {KITH_TYPE_RECEIPT, 0},
		{KITH_TYPE_RECEIPT, 1}};

	(void)state;
	for (size_t i = 0; i < sizeof messages / sizeof messages[0]; i++)
		for (enum fate fate = FATE_LOST; fate <= FATE_BACK; fate++)
			one_fate(messages[i].type, messages[i].side, fate);
}

int main(void)
{
	const struct CMUnitTest stories[] = {
		cmocka_unit_test(every_byte_of_the_handshake),
		cmocka_unit_test(every_byte_of_what_is_sealed),
		cmocka_unit_test(lost_repeated_swapped_sent_back),
	};

	return stories_run("meddled", stories);
}
