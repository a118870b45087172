/* SPDX-License-Identifier: MIT
 *
 * known - Ada and Grace have met before: they recognise each other by themselves, hand over what is due,
 * and whatever becomes of the line, what was answered is durable and the rest comes the next time.
 */
#include "pair.h"

#define SEEDS 40
#define SOON  (KITH_DIAL_WAIT_MS + 2000) /* until whoever dials has, and both are through */

static struct kith_span text(const char *s)
{
	return kith_span_str(s);
}

/* Both know each other, and see each other. */
static struct pair friends(struct world *w, struct manner manner)
{
	manner.minds = true;
	struct pair p = {comes_as(w, "Ada", manner), comes_as(w, "Grace", manner)};

	all_know_each_other(w);
	all_see_each_other(w);
	return p;
}

static struct pair idle_friends(struct world *w)
{
	return friends(w, (struct manner){.idle = true});
}

static void have_met(struct pair p, size_t times)
{
	expect(met(p.ada, p.grace) == times && met(p.grace, p.ada) == times);
	expect(parted(p.ada, p.grace) == times && parted(p.grace, p.ada) == times);
	expect(broke(p.ada, p.grace) == 0 && broke(p.grace, p.ada) == 0);
}

/* Nobody was asked or told anything but that they are here and who they are. */
static void went_unnoticed(const struct person *a)
{
	for (size_t i = 0; i < a->heard_n; i++)
		expect(a->heard[i].kind == KITH_NEWS_SEEN || a->heard[i].kind == KITH_NEWS_GONE ||
			a->heard[i].kind == KITH_NEWS_KNOWN);
	expect(a->failures_told == 0 && kith_room_busy(a->room) == 0);
}

/* --- the usual way ---------------------------------------------------------------------------- */

static void recognised_both_ways(void **state)
{
	unsigned dialled[2] = {0};

	(void)state;
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		if (!world_wanted(seed))
			continue;
		struct world *w = world_starts(seed, KEEPING_LEDGER);
		struct pair p = idle_friends(w);
		passes(w, SOON);
		have_met(p, 1);
		expect(connections(w) == 1 && wires_standing(w, p.ada, p.grace) == 0);
		expect(both_told(p, KITH_NEWS_KNOWN) == 2);
		expect(last_told(p.ada, KITH_NEWS_KNOWN, p.grace)->contact == 1);
		went_unnoticed(p.ada);
		went_unnoticed(p.grace);
		expect(p.ada->dials == (memcmp(p.ada->key, p.grace->key, 32) < 0));
		dialled[p.ada->dials]++;
		world_ends(w);
	}
	expect(getenv("KITH_SCENARIO_SEED") || (dialled[0] && dialled[1]));
}

/* Of everything that can be due but for what is answered with bytes, in the order it became so, from both at once. */
static void parcels_go_both_ways(void **state)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct pair p = idle_friends(w);
	static const char *const words[] = {"", "one", "two", "three"};

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		owes(p.ada, p.grace, 4 + i, text(words[i]));
		owes(p.grace, p.ada, 9 - i, text(words[3 - i]));
	}
	passes(w, SOON);
	have_met(p, 1);
	expect(p.ada->mind->comes == 4 && p.grace->mind->comes == 4);
	for (size_t i = 0; i < 4; i++) {
		const struct errand *came = &p.grace->mind->came[i], *out = &p.ada->mind->out[i];
		expect(came->kind == 4 + i && came->contact == 0);
		expect(kith_span_eq(kith_buf_span(&came->bytes), text(words[i])));
		expect(out->answered && out->outcome == KITH_OUTCOME_TAKEN && !out->with.n);
		expect(memcmp(out->about, came->about, 32) == 0); /* in one session, by one name */
	}
	world_ends(w);
}

/* Ada has rotated since Grace got her card: the tie of the key that was left finds Grace still, PROOF brings the way to
 * the new one, and nothing else goes in either direction.  Grace makes no use of it, and so they meet once more at once,
 * whoever dials, and then no more. */
static void ada_has_another_key(void **state)
{
	unsigned dialled[2] = {0};

	(void)state;
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		if (!world_wanted(seed))
			continue;
		struct world *w = world_starts(seed, KEEPING_LEDGER);
		struct manner minds = {.idle = true, .minds = true};
		struct pair p = {comes_as(w, "Ada", minds), comes_as(w, "Grace", minds)};
		struct person *was = comes_as(w, "Was", (struct manner){.stranger = true});
		struct kith_tie tie = {.contact = 1};
		memcpy(tie.theirs, kith_identity_ik(p.grace->id), sizeof tie.theirs);
		memcpy(tie.their_xk, kith_identity_xk(p.grace->id), sizeof tie.their_xk);
		expect(kith_circle_add(p.ada->mind->circle, p.ada->id,
			       kith_identity_xk_secret(was->id), kith_identity_ik(was->id),
			       &tie) == KITH_OK);
		expect(kith_buf_add(&p.ada->mind->rotations, "way", 3) == KITH_OK);
		memcpy(p.grace->mind->new_ik, kith_identity_ik(p.ada->id), 32);
		knows(p.grace, was);
		owes(p.ada, p.grace, KITH_PARCEL_STATEMENT, text("a"));
		owes(p.grace, was, KITH_PARCEL_STATEMENT, text("b"));
		sees(p.ada, p.grace);
		sees(p.grace, p.ada);
		passes(w, SOON);
		size_t n = met(p.ada, p.grace);
		expect(n == 2 || n == 3);
		expect(met(p.grace, was) == n);
		expect(parted(p.ada, p.grace) == n && parted(p.grace, was) == n);
		expect(p.grace->mind->rotated == n && p.ada->mind->rotated == 0);
		expect(p.ada->mind->comes == 0 && p.grace->mind->comes == 0);
		expect(waiting_for(p.grace, p.ada) == 1 && waiting_for(was, p.grace) == 1);
		dialled[memcmp(p.ada->key, p.grace->key, 32) < 0]++;
		world_ends(w);
	}
	expect(getenv("KITH_SCENARIO_SEED") || (dialled[0] && dialled[1]));
}

/* A receipt for a card that is taken, verified by whoever sent it, and for nothing else. */
static void a_receipt_for_a_card(void **state)
{
	(void)state;
	for (enum kith_outcome takes = KITH_OUTCOME_TAKEN; takes <= KITH_OUTCOME_LATER; takes++) {
		struct world *w = world_starts(1, KEEPING_LEDGER);
		struct pair p = idle_friends(w);
		p.grace->mind->takes = takes;
		owes(p.ada, p.grace, KITH_PARCEL_CARD, kith_buf_span(&p.ada->envelope));
		owes(p.ada, p.grace, KITH_PARCEL_STATEMENT, text("something"));
		passes(w, SOON);
		have_met(p, 1);
		expect(p.ada->mind->out[0].outcome == takes &&
			p.ada->mind->out[1].outcome == takes);
		expect(p.ada->mind->out[0].with.n == (takes == KITH_OUTCOME_TAKEN ? 64 : 0));
		expect(!p.ada->mind->out[1].with.n);
		expect(kith_span_eq(p.ada->mind->event, text("the party"))); /* where it is from */
		world_ends(w);
	}
}

/* What each says of itself is what the other hears. */
static void how_they_stand(void **state)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct pair p = idle_friends(w);

	(void)state;
	p.ada->mind->says[1].agreed = true;
	mind_holds(p.ada->mind, 1, (UINT64_C(1) << 53) - 1, kith_buf_span(&p.grace->envelope));
	passes(w, SOON);
	const struct kith_standing *ada = &p.grace->mind->standing[0];
	const struct kith_standing *grace = &p.ada->mind->standing[1];
	uint8_t hash[32];
	kith_card_hash(kith_buf_span(&p.grace->envelope), hash);
	expect(ada->agreed && ada->has_card && ada->rev == (UINT64_C(1) << 53) - 1);
	expect(memcmp(ada->card, "the card", 8) == 0 && memcmp(ada->hash, hash, 32) == 0);
	expect(!grace->agreed && !grace->has_card && grace->rev == 0);
	world_ends(w);
}

/* --- limits ----------------------------------------------------------------------------------- */

/* n parcels of that size; how many have arrived after the first session. */
static size_t arrive(size_t n, size_t size, size_t *ret_more)
{
	static uint8_t bytes[KITH_PARCEL_MAX];
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct pair p = idle_friends(w);

	for (size_t i = 0; i < n; i++)
		owes(p.ada, p.grace, KITH_PARCEL_STATEMENT, kith_span(bytes, size));
	passes(w, SOON);
	have_met(p, 1);
	size_t came = p.grace->mind->comes;
	passes(w, KITH_UPDATE_MS + SOON);
	*ret_more = met(p.ada, p.grace) - 1;
	expect(p.grace->mind->comes == n); /* the rest came with the next session, if one was due */
	have_met(p, 1 + *ret_more);
	world_ends(w);
	return came;
}

/* PARCELS_MAX, PARCELS_BYTES and PARCEL_MAX: the sender keeps to them, and goes on the next time. */
static void as_much_as_a_session_takes(void **state)
{
	size_t big = KITH_PARCEL_MAX, fit = KITH_PARCELS_BYTES / big, more;

	(void)state;
	expect(arrive(KITH_PARCELS_MAX - 1, 10, &more) == KITH_PARCELS_MAX - 1 && more == 0);
	expect(arrive(KITH_PARCELS_MAX, 10, &more) == KITH_PARCELS_MAX);
	expect(arrive(KITH_PARCELS_MAX + 1, 10, &more) == KITH_PARCELS_MAX && more == 1);
	expect(arrive(fit, big, &more) == fit && more == 0);
	expect(arrive(fit + 1, big, &more) == fit && more == 1);
	expect(KITH_PARCELS_BYTES % (KITH_PARCELS_BYTES / 6) == 0);
	expect(arrive(6, KITH_PARCELS_BYTES / 6, &more) == 6 && more == 0); /* to the byte */
	expect(arrive(7, KITH_PARCELS_BYTES / 6, &more) == 6 && more == 1);
}

/* Somebody with that many others in the circle, none of whom is here. */
static void knows_many(struct person *a, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct kith_tie tie = {.contact = 1000 + (int64_t)i};
		new_key(a->w, tie.theirs);
		new_key(a->w, tie.their_xk);
		expect(kith_circle_add(a->mind->circle, a->id, NULL, NULL, &tie) == KITH_OK);
	}
}

/* Each size class at its end and one past it, up to TIES_MAX on both sides; the one tie they share is the
 * last of both. */
static void many_ties(void **state)
{
	static const size_t sizes[] = {64, 65, 256, 257, 1024, 1025, 4097, KITH_TIES_MAX};
	static const size_t messages[] = {0, 0, 0, 0, 0, 3, 15, 15};

	(void)state;
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		struct world *w = world_starts(1, KEEPING_LEDGER);
		struct manner idle = {.idle = true, .minds = true};
		struct pair p = {comes_as(w, "Ada", idle), comes_as(w, "Grace", idle)};
		knows_many(p.ada, sizes[i] - 1);
		knows_many(p.grace, sizes[i] - 1);
		all_know_each_other(w);
		all_see_each_other(w);
		passes(w, SOON);
		have_met(p, 1);
		expect(p.ada->sent[KITH_TYPE_TAGS] + p.grace->sent[KITH_TYPE_TAGS] == messages[i]);
		world_ends(w);
	}
}

/* --- lines that break ------------------------------------------------------------------------- */

/* The line is cut after n messages have arrived; the next time everything goes well.  False: there were
 * fewer messages. */
static bool cut_after(size_t n, uint64_t seed)
{
	struct world *w = world_starts(seed, KEEPING_LEDGER);
	struct pair p = idle_friends(w);

	owes(p.ada, p.grace, KITH_PARCEL_CARD, kith_buf_span(&p.ada->envelope));
	owes(p.ada, p.grace, KITH_PARCEL_STATEMENT, text("a"));
	owes(p.grace, p.ada, KITH_PARCEL_CARD, kith_buf_span(&p.grace->envelope));
	w->after = (long)n;
	passes(w, SOON);
	bool happened = w->after < 0;
	went_unnoticed(p.ada);
	expect(wires_standing(w, p.ada, p.grace) == 0);
	passes(w, KITH_REDIAL_KNOWN_MS + KITH_DIAL_WAIT_MS + SOON);
	expect(waiting_for(p.grace, p.ada) == 0 && waiting_for(p.ada, p.grace) == 0);
	expect(parted(p.ada, p.grace) >= 1 && parted(p.grace, p.ada) >= 1);
	expect(broke(p.ada, p.grace) + parted(p.ada, p.grace) == met(p.ada, p.grace));
	expect(broke(p.grace, p.ada) + parted(p.grace, p.ada) == met(p.grace, p.ada));
	went_unnoticed(p.ada);
	went_unnoticed(p.grace);
	world_ends(w);
	return happened;
}

static void a_line_lost_at_every_message(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 4; seed++) {
		size_t n = 0;
		while (cut_after(n, seed))
			n++;
		expect(n >= 14); /* HELLOs, K1 to K3, three parcels, their answers, QUIET, CLOSE */
	}
}

/* What was answered before is durable, and is not sent again. */
static void what_was_answered_stays(void **state)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct pair p = idle_friends(w);

	(void)state;
	for (size_t i = 0; i < 10; i++)
		owes(p.ada, p.grace, KITH_PARCEL_STATEMENT, text("a"));
	for (uint64_t ms = 0; waiting_for(p.grace, p.ada) > 4 && ms < SOON; ms++)
		passes(w, 1);
	cuts(p.ada, p.grace);
	passes(w, KITH_REDIAL_KNOWN_MS + KITH_DIAL_WAIT_MS + SOON);
	expect(waiting_for(p.grace, p.ada) == 0);
	expect(p.grace->mind->comes <= 11); /* the one that was out may come twice */
	world_ends(w);
}

/* The store fails when it is proven who it is: nothing is handed over; later it is. */
static void nothing_can_be_written(void **state)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct pair p = idle_friends(w);

	(void)state;
	owes(p.ada, p.grace, KITH_PARCEL_STATEMENT, text("a"));
	p.ada->mind->fails_with = KITH_ERR_STORE_FULL;
	passes(w, SOON);
	expect(waiting_for(p.grace, p.ada) == 1 && parted(p.ada, p.grace) == 0);
	expect(broke(p.ada, p.grace) == 1);
	p.ada->mind->fails_with = KITH_OK;
	passes(w, KITH_REDIAL_KNOWN_MS + KITH_DIAL_WAIT_MS + SOON);
	expect(waiting_for(p.grace, p.ada) == 0 && parted(p.ada, p.grace) == 1);
	world_ends(w);
}

/* The n-th allocation fails.  False: there were fewer. */
static bool without_the(size_t n)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct pair p = idle_friends(w);

	owes(p.ada, p.grace, KITH_PARCEL_CARD, kith_buf_span(&p.ada->envelope));
	owes(p.grace, p.ada, KITH_PARCEL_STATEMENT, text("a"));
	w->scarce_at = w->allocs + n;
	passes(w, SOON);
	bool failed = w->allocs >= w->scarce_at;
	went_unnoticed(p.ada);
	passes(w, KITH_REDIAL_KNOWN_MS + KITH_DIAL_WAIT_MS + SOON);
	expect(waiting_for(p.grace, p.ada) == 0 && waiting_for(p.ada, p.grace) == 0);
	world_ends(w);
	return failed;
}

static void memory_runs_out_once(void **state)
{
	size_t n = 1;

	(void)state;
	while (without_the(n))
		n++;
	expect(n > 50);
}

/* --- somebody on the wire --------------------------------------------------------------------- */

struct meddler {
	size_t type, side, at; /* which byte of which message to whom */
	enum fate fate;
	size_t seen, length;
};

static enum fate meddle(struct world *w, struct wire *wire, size_t side, uint8_t *bytes, size_t n)
{
	struct meddler *m = w->meddler;
	uint64_t type;

	(void)wire;
	if (kith_message_type(kith_span(bytes, n), &type) || type != m->type || side != m->side ||
		m->seen)
		return FATE_ARRIVES;
	m->seen = 1;
	m->length = n;
	if (m->at < n)
		bytes[m->at] ^= (uint8_t)(1 << m->at % 8);
	return m->fate;
}

/* One changed byte: the one to whom it came does not take the other for proven in that session, nothing
 * that was due is lost, and the next session, undisturbed, goes well.  Returns the message's length. */
static size_t one_byte(size_t type, size_t side, size_t at)
{
	struct meddler m = {.type = type, .side = side, .at = at};
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct pair p = idle_friends(w);
	struct person *reader;

	owes(p.ada, p.grace, KITH_PARCEL_STATEMENT, text("a"));
	owes(p.grace, p.ada, KITH_PARCEL_STATEMENT, text("b"));
	w->meddles = meddle;
	w->meddler = &m;
	passes(w, KITH_DIAL_WAIT_MS - 1000); /* before anybody tries again */
	expect(m.seen == 1);
	reader = w->wires->end[side].who;
	struct person *other = reader == p.ada ? p.grace : p.ada;
	if (at != SIZE_MAX && type >= KITH_TYPE_K1)
		expect(type > KITH_TYPE_K3 ? parted(reader, other) == 0 : met(reader, other) == 0);
	if (at != SIZE_MAX && type <= KITH_TYPE_K2)
		expect(met(p.ada, p.grace) + met(p.grace, p.ada) == 0);
	if (at == SIZE_MAX)
		have_met(p, 1);
	went_unnoticed(p.ada);
	went_unnoticed(p.grace);
	kith_room_ties_changed(p.ada->room); /* who was a stranger then is tried again */
	kith_room_ties_changed(p.grace->room);
	passes(w, KITH_REDIAL_KNOWN_MS + KITH_DIAL_WAIT_MS + SOON);
	expect(parted(p.ada, p.grace) >= 1 && parted(p.grace, p.ada) >= 1);
	expect(waiting_for(p.grace, p.ada) == 0 && waiting_for(p.ada, p.grace) == 0);
	world_ends(w);
	return m.length;
}

static void every_byte_of(size_t type, size_t side)
{
	size_t n = one_byte(type, side, SIZE_MAX);

	for (size_t at = 0; at < n; at++)
		(void)one_byte(type, side, at);
}

/* T11 */
static void every_byte_on_the_way(void **state)
{
	(void)state;
	every_byte_of(KITH_TYPE_HELLO_I, 1);
	every_byte_of(KITH_TYPE_HELLO_R, 0);
	every_byte_of(KITH_TYPE_K1, 1);
	every_byte_of(KITH_TYPE_K2, 0);
	every_byte_of(KITH_TYPE_K3, 1);
	for (size_t side = 0; side < 2; side++)
		for (size_t type = KITH_TYPE_PARCEL; type <= KITH_TYPE_CLOSE; type++)
			every_byte_of(type, side);
}

/* Lost, twice, late, sent back: either it went well all the same, or it broke and nothing is lost. */
static void one_fate(size_t type, size_t side, enum fate fate)
{
	struct meddler m = {.type = type, .side = side, .at = SIZE_MAX, .fate = fate};
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct pair p = idle_friends(w);

	owes(p.ada, p.grace, KITH_PARCEL_STATEMENT, text("a"));
	owes(p.grace, p.ada, KITH_PARCEL_STATEMENT, text("b"));
	w->meddles = meddle;
	w->meddler = &m;
	passes(w, SOON + KITH_SESSION_MS);
	expect(m.seen == 1);
	expect(waiting_for(p.grace, p.ada) == 0 && waiting_for(p.ada, p.grace) == 0);
	expect(parted(p.ada, p.grace) >= 1 && parted(p.grace, p.ada) >= 1);
	expect(wires_standing(w, p.ada, p.grace) == 0);
	went_unnoticed(p.ada);
	went_unnoticed(p.grace);
	world_ends(w);
}

static void lost_repeated_late_sent_back(void **state)
{
	static const struct {
		size_t type, side;
	} messages[] = {{KITH_TYPE_K1, 1}, {KITH_TYPE_K2, 0}, {KITH_TYPE_K3, 1},
		{KITH_TYPE_PARCEL, 0}, {KITH_TYPE_PARCEL, 1}, {KITH_TYPE_ACK, 0},
		{KITH_TYPE_ACK, 1}, {KITH_TYPE_QUIET, 0}, {KITH_TYPE_QUIET, 1},
		{KITH_TYPE_CLOSE, 0}, {KITH_TYPE_CLOSE, 1}};

	(void)state;
	for (size_t i = 0; i < sizeof messages / sizeof messages[0]; i++)
		for (enum fate fate = FATE_LOST; fate <= FATE_BACK; fate++)
			one_fate(messages[i].type, messages[i].side, fate);
}

int main(void)
{
	const struct CMUnitTest stories[] = {
		cmocka_unit_test(recognised_both_ways),
		cmocka_unit_test(parcels_go_both_ways),
		cmocka_unit_test(ada_has_another_key),
		cmocka_unit_test(a_receipt_for_a_card),
		cmocka_unit_test(how_they_stand),
		cmocka_unit_test(as_much_as_a_session_takes),
		cmocka_unit_test(many_ties),
		cmocka_unit_test(a_line_lost_at_every_message),
		cmocka_unit_test(what_was_answered_stays),
		cmocka_unit_test(nothing_can_be_written),
		cmocka_unit_test(memory_runs_out_once),
		cmocka_unit_test(every_byte_on_the_way),
		cmocka_unit_test(lost_repeated_late_sent_back),
	};

	return stories_run("known", stories);
}
