/* SPDX-License-Identifier: MIT
 *
 * mitm - a man in the middle who grinds (T9).  Ada and Grace are rooms with honest people, who say
 * "same" only when both screens show the same code.  Mallory stands between them with keys and
 * identities of his own on both legs, in every arrangement of who dialled whom.
 *
 * The code has CODES values here (weak.h), so a man who can do nothing but hope gets through once in
 * 1000 tries.  Three strategies must not do better, by more than four standard deviations:
 *	relay   honest sessions on both legs
 *	grind   one leg up to its code; then, on the other, every freedom he has in his last message
 *	cut     both legs up to where he can tell; if the codes would differ he cuts, and tries again
 *		until people are warned
 * And with one mistake in the product (weak.h) the same grinding must win nearly always: so it is a
 * real one.
 *
 *	mitm [RUNS]    so many tries for each strategy
 */
#include "grind.h"
#include "weak.h"

#ifdef KITH_SANITIZED
#define RUNS 400 /* for memory's sake; no statistics */
#else
#define RUNS 6668 /* a strategy: 20,004 in all */
#endif
#define ENOUGH   5000 /* tries, among which one is lucky */
#define CONTROLS 200

/* Who dialled him, of Ada and Grace. */
static const bool arrangements[4][2] = {{true, false}, {false, true}, {true, true}, {false, false}};

/* One try. */
struct attempt {
	struct world *w;
	struct person *ada, *grace;
	struct stranger leg[2]; /* towards Ada, towards Grace */
	size_t last;            /* the leg that is played last: the one that is ground */
};

/* --- a world with a man in the middle --------------------------------------------------------- */

static struct stranger stands_before(struct person *victim, const char *name, bool victim_dials)
{
	struct stranger s = {.victim = victim, .dials = !victim_dials, .gives = true};

	s.me = comes_as(victim->w, name, (struct manner){.stranger = true});
	sees(victim, s.me);
	return s;
}

static void try_starts(struct attempt *t, uint64_t seed)
{
	const bool *dials = arrangements[seed % 4];

	*t = (struct attempt){.w = world_starts(seed, KEEPING_LEDGER), .last = seed / 4 % 2};
	t->w->delay_min = t->w->delay_max = 0;
	t->w->settle_ms = 0;
	t->ada = comes(t->w, "Ada");
	t->grace = comes(t->w, "Grace");
	t->leg[0] = stands_before(t->ada, "Mallory", dials[0]);
	t->leg[1] = stands_before(t->grace, "Mallory too", dials[1]);
}

static void try_ends(struct attempt *t)
{
	stranger_free(&t->leg[0]);
	stranger_free(&t->leg[1]);
	world_ends(t->w);
}

/* Another session on the same leg. */
static void leg_again(struct stranger *s)
{
	struct stranger fresh = {
		.me = s->me, .victim = s->victim, .dials = s->dials, .gives = true};

	stranger_free(s);
	*s = fresh;
	s->read = s->me->inbox_n;
}

/* --- the course of a leg ---------------------------------------------------------------------- */

/* The victim is his partner up to: REQUEST came (she dialled), or ACCEPT came (he did). */
static void up_to_his_choice(struct stranger *s)
{
	struct person *victim = s->victim;

	if (s->dials)
		stranger_dials(s->me, victim);
	else
		picks(victim, s->me);
	settles(victim->w);
	stranger_reads(s);
	expect(stranger_offers(s, s->dials ? KITH_TYPE_HELLO_I : KITH_TYPE_HELLO_R));
	stranger_reads(s);
	if (!s->dials)
		return;
	expect(stranger_offers(s, KITH_TYPE_REQUEST));
	says_yes(victim, s->me);
	settles(victim->w);
	stranger_reads(s);
	expect(s->s2.n);
}

/* His last free value leaves, as the page wants it; then he knows the code of that leg. */
static unsigned plays_it(struct stranger *s)
{
	expect(stranger_offers(s, s->dials ? KITH_TYPE_REVEAL : KITH_TYPE_ACCEPT));
	stranger_reads(s);
	return grind_code(s, kith_buf_span(&s->s3));
}

/* He proves who he is on that leg; her screen shows a code, unless the session is over. */
static const char *proves(struct stranger *s)
{
	size_t before = told(s->victim, KITH_NEWS_CODE, s->me);

	if (s->sealed && s->me->wire->end[!s->me->side].open)
		(void)stranger_offers(s, KITH_TYPE_AUTH);
	if (told(s->victim, KITH_NEWS_CODE, s->me) == before)
		return NULL;
	return last_told(s->victim, KITH_NEWS_CODE, s->me)->code;
}

/* Ada and Grace compare.  True: both screens showed one code, and both said so. */
static bool they_compare(struct attempt *t)
{
	const char *ada = proves(&t->leg[0]), *grace = proves(&t->leg[1]);
	bool same = ada && grace && strcmp(ada, grace) == 0;

	if (ada)
		expect(compare(t->ada, t->leg[0].me, same) == KITH_OK);
	if (grace)
		expect(compare(t->grace, t->leg[1].me, same) == KITH_OK);
	settles(t->w);
	if (same) /* and he reads what is meant for the other */
		expect(holds(t->ada, t->leg[0].me).known && holds(t->grace, t->leg[1].me).known);
	else
		expect(t->ada->sent[KITH_TYPE_CARD] + t->grace->sent[KITH_TYPE_CARD] == 0);
	return same;
}

/* --- three strategies ------------------------------------------------------------------------- */

static bool relay(struct attempt *t)
{
	up_to_his_choice(&t->leg[0]);
	up_to_his_choice(&t->leg[1]);
	(void)plays_it(&t->leg[t->last]);
	(void)plays_it(&t->leg[!t->last]);
	return they_compare(t);
}

/* As dialler he knows all but his own REVEAL: he looks for one that fits, and sends it although it is
 * not what he committed to. */
static void grinds_reveal(struct stranger *s, unsigned code)
{
	if (grind_reveal(s, code, BUDGET))
		(void)stranger_offers(s, KITH_TYPE_REVEAL);
	else
		(void)plays_it(s);
	stranger_reads(s);
}

/* As listener he has to send ACCEPT first.  He takes one that fits a guess of her REVEAL; every other
 * time he looks for a better one once it is there, and sends that, too. */
static void grinds_accept(struct stranger *s, unsigned code, bool twice)
{
	struct kith_span guess = known_reveal();

	if (!guess.n)
		guess = kith_buf_span(&s->s1);
	(void)grind_accept(s, guess, code, BUDGET);
	stranger_bytes(s, kith_buf_span(&s->s2));
	stranger_reads(s);
	if (!twice || grind_code(s, kith_buf_span(&s->s3)) == code)
		return;
	(void)grind_accept(s, kith_buf_span(&s->s3), code, BUDGET);
	stranger_bytes(s, kith_buf_span(&s->s2));
	stranger_reads(s);
}

static bool grind(struct attempt *t)
{
	struct stranger *first = &t->leg[!t->last], *last = &t->leg[t->last];

	up_to_his_choice(first);
	unsigned code = plays_it(first);
	up_to_his_choice(last);
	if (last->dials)
		grinds_reveal(last, code);
	else
		grinds_accept(last, code, t->w->seed / 8 % 2);
	return they_compare(t);
}

/* What the last leg's code would be: as dialler he can tell before he reveals. */
static unsigned foresees(struct stranger *s)
{
	return s->dials ? grind_code(s, kith_buf_span(&s->s3)) : plays_it(s);
}

static bool cut_once(struct attempt *t)
{
	struct stranger *first = &t->leg[!t->last], *last = &t->leg[t->last];

	up_to_his_choice(first);
	up_to_his_choice(last);
	if (plays_it(first) == foresees(last)) {
		if (last->dials)
			(void)plays_it(last);
		return they_compare(t);
	}
	stranger_hangs_up(first->me);
	stranger_hangs_up(last->me);
	settles(t->w);
	return false;
}

static bool both_warned(const struct attempt *t)
{
	return told(t->ada, KITH_NEWS_MIDDLE, NULL) > 0 &&
	       told(t->grace, KITH_NEWS_MIDDLE, NULL) > 0;
}

/* He dials once more: whoever was warned is not asked. */
static void nobody_is_asked_now(struct attempt *t)
{
	for (size_t i = 0; i < 2; i++) {
		struct stranger *s = &t->leg[i];
		size_t before = told(s->victim, KITH_NEWS_REQUEST, NULL);
		if (!s->dials)
			continue;
		stranger_dials(s->me, s->victim);
		(void)stranger_offers(s, KITH_TYPE_HELLO_I);
		stranger_reads(s);
		(void)stranger_offers(s, KITH_TYPE_REQUEST);
		passes(t->w, KITH_PROMPTS_MS);
		expect(told(s->victim, KITH_NEWS_REQUEST, NULL) == before);
	}
}

/* --- counting --------------------------------------------------------------------------------- */

struct tally {
	size_t tries, won;
};

/* What he is on the leg that he plays last. */
enum last_as { AS_EITHER, AS_DIALLER, AS_LISTENER };

/* Chooses that leg.  False: he is not that on either. */
static bool choose_last(struct attempt *t, enum last_as as)
{
	for (size_t i = 0; as != AS_EITHER && i < 2; i++) {
		t->last = i;
		if (t->leg[i].dials == (as == AS_DIALLER))
			return true;
	}
	return as == AS_EITHER;
}

/* n tries, each in a world of its own. */
static struct tally tries(bool (*strategy)(struct attempt *t), enum last_as as, size_t n)
{
	struct tally tally = {0};

	for (uint64_t seed = 1; tally.tries < n; seed++) {
		struct attempt t;
		try_starts(&t, seed);
		if (choose_last(&t, as)) {
			tally.won += strategy(&t);
			tally.tries++;
		}
		forget_reveal();
		try_ends(&t);
	}
	return tally;
}

/* n tries, in as few worlds as people let him. */
static struct tally cuts_until_warned(size_t n)
{
	struct tally tally = {0};

	for (uint64_t seed = 1; tally.tries < n; seed++) {
		struct attempt t;
		size_t here = 0;
		bool won = false;
		try_starts(&t, seed);
		while (!won && !both_warned(&t)) {
			won = cut_once(&t);
			expect(++here <= KITH_FAILURES_MAX);
			passes(t.w, KITH_PROMPTS_MS / 2);
			leg_again(&t.leg[0]);
			leg_again(&t.leg[1]);
		}
		expect(won || here == KITH_FAILURES_MAX);
		if (!won)
			nobody_is_asked_now(&t);
		tally.tries += here;
		tally.won += won;
		try_ends(&t);
	}
	return tally;
}

static size_t runs = RUNS;

/* At most 1/CODES + 4 sigma, in whole wins: without floating point, w <= n/C + 4 sqrt(n/C). */
static void no_better_than_luck(const char *name, struct tally t)
{
	size_t above = t.won * CODES > t.tries ? t.won * CODES - t.tries : 0;

	print_message("%s: %zu of %zu\n", name, t.won, t.tries);
	expect(above * above <= 16 * t.tries * CODES);
}

static void he_relays(void **state)
{
	struct tally t = tries(relay, AS_EITHER, runs);

	(void)state;
	no_better_than_luck("relay", t);
	expect(t.won > 0 || t.tries < ENOUGH); /* luck there is: the people are real, too */
}

static void he_grinds(void **state)
{
	(void)state;
	no_better_than_luck("grind", tries(grind, AS_EITHER, runs));
}

static void he_cuts_and_tries_again(void **state)
{
	(void)state;
	no_better_than_luck("cut", cuts_until_warned(runs));
}

/* --- controls --------------------------------------------------------------------------------- */

static bool wins_nearly_always(struct tally t)
{
	return t.won * 100 >= t.tries * 95;
}

/* As dialler, when nobody looks whether his REVEAL is what he promised. */
static void without_the_commitment_he_wins(void **state)
{
	(void)state;
	weakness = COMMITMENT_UNCHECKED;
	struct tally t = tries(grind, AS_DIALLER, CONTROLS);
	weakness = AS_IT_IS;
	print_message("grind, commitment unchecked: %zu of %zu\n", t.won, t.tries);
	expect(wins_nearly_always(t));
}

/* As listener, when he knows what her REVEAL will be before he has to send ACCEPT. */
static void with_an_early_reveal_he_wins(void **state)
{
	(void)state;
	weakness = REVEAL_KNOWN;
	struct tally t = tries(grind, AS_LISTENER, CONTROLS);
	weakness = AS_IT_IS;
	print_message("grind, REVEAL known early: %zu of %zu\n", t.won, t.tries);
	expect(wins_nearly_always(t));
}

int main(int argc, char **argv)
{
	const struct CMUnitTest stories[] = {
		cmocka_unit_test(he_relays),               /* T9 */
		cmocka_unit_test(he_grinds),               /* T9, T10 */
		cmocka_unit_test(he_cuts_and_tries_again), /* T9, case 67 */
		cmocka_unit_test(without_the_commitment_he_wins),
		cmocka_unit_test(with_an_early_reveal_he_wins),
	};

	if (argc > 1)
		runs = strtoul(argv[1], NULL, 10);
	return stories_run("mitm", stories);
}
