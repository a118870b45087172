/* SPDX-License-Identifier: MIT
 *
 * steps - every step of a session in both roles: how long it may last, and what it takes from the
 * line.  Any message in any step that the page does not name there: ABORT(state), close, no card.
 */
#include "codec/pack.h"
#include "stranger.h"

/* A step of the victim, and how a stranger leads there. */
struct step {
	const char *name;
	bool dials; /* the stranger */
	enum stage stage;
	uint32_t takes;     /* bits of the message types that the page names here */
	uint32_t pending;   /* the victim has confirmed */
	uint64_t lasts;     /* ms */
	enum kith_err late; /* what the person is told then; KITH_OK: nothing */
};

#define BIT(NAME) (UINT32_C(1) << KITH_TYPE_##NAME)

static const struct step all[] = {
	{"R waits for HELLO", true, STAGE_CONNECTED, BIT(HELLO_I), 0, KITH_STEP_MS, KITH_OK},
	{"R waits for REQUEST", true, STAGE_GREETED, BIT(REQUEST), 0, KITH_STEP_MS, KITH_OK},
	{"R asks", true, STAGE_ASKING, 0, 0, KITH_HUMAN_MS, KITH_OK},
	{"R waits for REVEAL", true, STAGE_ACCEPTED, BIT(REVEAL), 0, KITH_STEP_MS,
		KITH_ERR_TIMEOUT},
	{"R waits for AUTH", true, STAGE_REVEALED, BIT(AUTH), 0, KITH_STEP_MS, KITH_ERR_TIMEOUT},
	{"R compares", true, STAGE_PROVEN, BIT(CONFIRM), 0, KITH_HUMAN_MS, KITH_ERR_TIMEOUT},
	{"R waits for CONFIRM", true, STAGE_COMPARED, BIT(CONFIRM), 1, KITH_HUMAN_MS,
		KITH_ERR_TIMEOUT},
	{"R waits for CARD", true, STAGE_CONFIRMED, BIT(CARD) | BIT(RECEIPT), 1, KITH_STEP_MS,
		KITH_ERR_TIMEOUT},
	{"I waits for HELLO", false, STAGE_CONNECTED, BIT(HELLO_R), 0, KITH_STEP_MS, KITH_OK},
	{"I waits for ACCEPT", false, STAGE_GREETED, BIT(ACCEPT) | BIT(DECLINE), 0, KITH_HUMAN_MS,
		KITH_ERR_TIMEOUT},
	{"I waits for AUTH", false, STAGE_REVEALED, BIT(AUTH), 0, KITH_STEP_MS, KITH_ERR_TIMEOUT},
	{"I compares", false, STAGE_PROVEN, BIT(CONFIRM), 0, KITH_HUMAN_MS, KITH_ERR_TIMEOUT},
	{"I waits for CONFIRM", false, STAGE_COMPARED, BIT(CONFIRM), 1, KITH_HUMAN_MS,
		KITH_ERR_TIMEOUT},
	{"I waits for CARD", false, STAGE_CONFIRMED, BIT(CARD) | BIT(RECEIPT), 1, KITH_STEP_MS,
		KITH_ERR_TIMEOUT},
};

#define STEPS (sizeof all / sizeof all[0])

struct scene {
	struct world *w;
	struct person *ada;
	struct stranger s;
};

static struct scene up_to(const struct step *step)
{
	struct scene c = {.w = world_starts(1, KEEPING_LEDGER)};

	if (c.w->loud)
		print_message("%s\n", step->name);
	c.ada = comes(c.w, "Ada");
	c.s = stranger_meets(c.w, "Mallory", c.ada, step->dials);
	stranger_goes(&c.s, step->stage);
	if (!step->dials && step->stage == STAGE_CONNECTED)
		(void)stranger_gets(&c.s, KITH_TYPE_HELLO_I);
	return c;
}

static void scene_ends(struct scene *c)
{
	expect(claims_hold(c->ada, c->s.me));
	stranger_free(&c->s);
	world_ends(c->w);
}

static bool wire_is_open(const struct scene *c)
{
	return c->s.me->wire->end[!c->s.me->side].open;
}

/* --- time-outs -------------------------------------------------------------------------------- */

static void time_out(const struct step *step)
{
	struct scene c = up_to(step);

	passes(c.w, step->lasts - 5000); /* messages took a while */
	expect(wire_is_open(&c));
	expect(told(c.ada, KITH_NEWS_FAILED, c.s.me) == 0);
	passes(c.w, 6000);
	expect(!wire_is_open(&c));
	if (step->late)
		expect(failed_with(c.ada, c.s.me, step->late));
	expect(kith_room_busy(c.ada->room) == 0 || !step->late);
	expect(holds(c.ada, c.s.me).known == (step->pending != 0));
	scene_ends(&c);
}

static void every_step_has_an_end(void **state)
{
	(void)state;
	for (size_t i = 0; i < STEPS; i++)
		time_out(&all[i]);
}

/* The victim has his card and said so; that hers arrived he never says. */
static void no_receipt_comes(void **state)
{
	(void)state;
	for (int dials = 0; dials < 2; dials++) {
		struct step step = {.dials = dials, .stage = STAGE_CARDED};
		struct scene c = up_to(&step);
		passes(c.w, KITH_STEP_MS);
		expect(!wire_is_open(&c));
		expect(!last_told(c.ada, KITH_NEWS_SWAPPED, c.s.me)->delivered);
		expect(holds(c.ada, c.s.me).state == KITH_CONTACT_COMPLETE);
		expect(told(c.ada, KITH_NEWS_MIDDLE, NULL) == 0);
		scene_ends(&c);
	}
}

/* I hangs up at once; R gives the dialler CLOSING_MS to do so. */
static void who_hangs_up(void **state)
{
	struct step as_r = {.dials = true, .stage = STAGE_DONE};
	struct step as_i = {.dials = false, .stage = STAGE_DONE};
	struct scene c = up_to(&as_i);

	(void)state;
	expect(!wire_is_open(&c));
	scene_ends(&c);
	c = up_to(&as_r);
	expect(wire_is_open(&c));
	expect(kith_room_busy(c.ada->room) == 0);
	passes(c.w, KITH_CLOSING_MS);
	expect(!wire_is_open(&c));
	scene_ends(&c);
}

/* Every step in its time, but all of them take too long. */
static void a_session_has_an_end(void **state)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct person *ada = comes(w, "Ada");
	struct stranger s = stranger_meets(w, "Mallory", ada, true);

	(void)state;
	stranger_goes(&s, STAGE_ASKING);
	uint64_t began = w->now;
	passes(w, KITH_HUMAN_MS - 5000);
	says_yes(ada, s.me);
	settles(w);
	stranger_gets_accept(&s);
	stranger_reveal(&s);
	stranger_auth(&s, stranger_role(&s), s.me->id);
	passes(w, KITH_HUMAN_MS - 5000);
	says_same(ada, s.me);
	passes(w, began + KITH_SESSION_MS - 3000 - w->now);
	expect(s.me->wire->end[1].open);
	passes(w, 4000);
	expect(!s.me->wire->end[1].open);
	expect(failed_with(ada, s.me, KITH_ERR_TIMEOUT));
	stranger_free(&s);
	world_ends(w);
}

/* --- out of turn ------------------------------------------------------------------------------ */

/* A message of that type as somebody without keys can write it. */
static void says_junk(struct scene *c, uint64_t type)
{
	uint8_t junk[KITH_TAGS_MAX * KITH_TAG_BYTES] = "junk";
	struct kith_span b16 = kith_span(junk, 16), b32 = kith_span(junk, 32);
	struct kith_session_hello_i hello_i = {
		.version = 1, .nonce = b32, .tags = kith_span(junk, 512)};
	struct kith_session_hello_r hello_r = {.version = 1, .nonce = b32, .tag = b16};
	struct kith_session_tags tags = {.index = 1, .tags = kith_span(junk, sizeof junk)};
	struct kith_session_request request = {.commit = b32, .method = 1};
	struct kith_session_accept accept = {.e = b32, .r = b32, .ik = b32, .xk = b32};
	struct kith_session_reveal reveal = {.e = b32, .r = b32, .ik = b32, .xk = b32};
	struct kith_session_sealed sealed = {.box = kith_span(junk, 100)};
	struct kith_session_decline decline = {0};
	struct kith_buf bytes = {0};

	if (type == KITH_TYPE_HELLO_I)
		stranger_plain(&c->s, &kith_session_hello_i_schema, &hello_i);
	else if (type == KITH_TYPE_HELLO_R)
		stranger_plain(&c->s, &kith_session_hello_r_schema, &hello_r);
	else if (type == KITH_TYPE_TAGS)
		stranger_plain(&c->s, &kith_session_tags_schema, &tags);
	else if (type == KITH_TYPE_REQUEST)
		stranger_plain(&c->s, &kith_session_request_schema, &request);
	else if (type == KITH_TYPE_ACCEPT)
		stranger_plain(&c->s, &kith_session_accept_schema, &accept);
	else if (type == KITH_TYPE_DECLINE)
		stranger_plain(&c->s, &kith_session_decline_schema, &decline);
	else if (type == KITH_TYPE_REVEAL)
		stranger_plain(&c->s, &kith_session_reveal_schema, &reveal);
	else
		expect(kith_pack_as(&kith_session_sealed_schema, type, &sealed, &bytes) == KITH_OK);
	if (bytes.n)
		stranger_bytes(&c->s, kith_buf_span(&bytes));
	kith_buf_free(&bytes);
}

/* A message of a sealed type by somebody who has the keys. */
static void says_sealed(struct scene *c, uint64_t type)
{
	if (type == KITH_TYPE_AUTH)
		stranger_auth(&c->s, stranger_role(&c->s), c->s.me->id);
	else if (type == KITH_TYPE_CONFIRM)
		stranger_confirm(&c->s, 0);
	else if (type == KITH_TYPE_CARD)
		stranger_card(&c->s, kith_buf_span(&c->s.me->envelope));
	else
		stranger_receipt(&c->s, c->ada->self.envelope, c->s.me->id);
}

static void aborted(struct scene *c, const struct step *step, uint64_t reason)
{
	unsigned cards = step->stage >= STAGE_CONFIRMED;

	expect(stranger_was_aborted(&c->s, reason));
	expect(!wire_is_open(c));
	expect(c->ada->sent[KITH_TYPE_CARD] == cards);
	expect(holds(c->ada, c->s.me).known == (step->pending != 0));
	expect(!holds(c->ada, c->s.me).rev && !holds(c->ada, c->s.me).delivered);
	expect(told(c->ada, KITH_NEWS_SWAPPED, NULL) == 0);
}

static bool named(const struct step *step, uint64_t type)
{
	return type < 32 && (step->takes >> type & 1);
}

static void every_message_in_every_step(void **state)
{
	static const uint64_t types[] = {
		1, 2, 3, 10, 11, 12, 13, 14, 15, 16, 17, 0, 4, 19, 31, 32, 63, 99, 4294967295};

	(void)state;
	for (size_t i = 0; i < STEPS; i++) {
		for (size_t t = 0; t < sizeof types / sizeof types[0]; t++) {
			bool box = types[t] >= KITH_TYPE_AUTH && types[t] <= KITH_TYPE_RECEIPT;
			if (named(&all[i], types[t]) && !box)
				continue; /* would go on */
			struct scene c = up_to(&all[i]);
			says_junk(&c, types[t]);
			aborted(&c, &all[i],
				named(&all[i], types[t]) ? KITH_ABORT_PROTOCOL : KITH_ABORT_STATE);
			scene_ends(&c);
		}
	}
}

static void every_sealed_message_in_every_step(void **state)
{
	(void)state;
	for (size_t i = 0; i < STEPS; i++) {
		for (uint64_t type = KITH_TYPE_AUTH; type <= KITH_TYPE_RECEIPT; type++) {
			if (all[i].stage < STAGE_REVEALED || named(&all[i], type))
				continue;
			struct scene c = up_to(&all[i]);
			says_sealed(&c, type);
			aborted(&c, &all[i], KITH_ABORT_STATE);
			scene_ends(&c);
		}
	}
}

/* Bytes that are no message at all. */
static void garbage_in_every_step(void **state)
{
	static const struct {
		size_t n;
		uint8_t p[16];
	} junk[] = {{0, {0}}, {1, {0xc1}}, {1, {0x80}}, {1, {0x00}}, {5, {0xdd, 0xff, 0, 0, 0}},
		{5, {0xdf, 0x7f, 0xff, 0xff, 0xff}}, {3, {0x81, 0x00, 0xc0}},
		{4, {0x81, 0x00, 0xcc, 0x01}}, {3, {0x91, 0x00, 0x01}},
		{5, {0x82, 0x00, 0x0d, 0x00, 0x0d}}, {3, {0x81, 0x01, 0x0d}}};

	(void)state;
	for (size_t i = 0; i < STEPS; i++) {
		for (size_t j = 0; j < sizeof junk / sizeof junk[0]; j++) {
			struct scene c = up_to(&all[i]);
			stranger_bytes(&c.s, kith_span(junk[j].p, junk[j].n));
			aborted(&c, &all[i], KITH_ABORT_PROTOCOL);
			scene_ends(&c);
		}
	}
}

static void a_message_may_be_so_long(void **state)
{
	static uint8_t big[KITH_MESSAGE_MAX + 1];

	(void)state;
	for (size_t i = 0; i < STEPS; i++) {
		struct scene c = up_to(&all[i]);
		stranger_bytes(&c.s, kith_span(big, sizeof big));
		aborted(&c, &all[i], KITH_ABORT_PROTOCOL);
		scene_ends(&c);
	}
}

/* An ABORT ends every step, and is not answered. */
static void abort_in_every_step(void **state)
{
	struct kith_session_abort m = {.reason = KITH_ABORT_CANCEL};

	(void)state;
	for (size_t i = 0; i < STEPS; i++) {
		struct scene c = up_to(&all[i]);
		size_t had = c.s.me->inbox_n;
		stranger_plain(&c.s, &kith_session_abort_schema, &m);
		expect(!wire_is_open(&c));
		expect(c.s.me->inbox_n == had);
		expect(holds(c.ada, c.s.me).known == (all[i].pending != 0));
		scene_ends(&c);
	}
}

/* TAGS in their order, as many as were announced. */
static void tags_in_their_order(void **state)
{
	uint8_t junk[KITH_TAGS_MAX * KITH_TAG_BYTES] = "junk";
	struct kith_session_hello_i hello = {.version = 1,
		.nonce = kith_span(junk, 32),
		.tags = kith_span(junk, sizeof junk),
		.more = 3};

	(void)state;
	for (uint64_t index = 1; index <= 3; index += 2) {
		struct step step = {.dials = true, .stage = STAGE_CONNECTED};
		struct scene c = up_to(&step);
		struct kith_session_tags tags = {.index = 2, .tags = kith_span(junk, sizeof junk)};
		stranger_plain(&c.s, &kith_session_hello_i_schema, &hello);
		if (index == 3) {
			tags.index = 1;
			stranger_plain(&c.s, &kith_session_tags_schema, &tags);
			tags.index = 3;
		}
		expect(c.s.me->inbox_n == 0);
		stranger_plain(&c.s, &kith_session_tags_schema, &tags);
		aborted(&c, &step, KITH_ABORT_STATE);
		scene_ends(&c);
	}
}

/* HELLO_I as it is, over its limits or not: kith_pack would not write that. */
static void says_hello(struct scene *c, const struct kith_session_hello_i *m)
{
	struct kith_buf bytes = {0};
	struct kith_packer p = {.out = &bytes};

	kith_pack_map(&p, 5);
	kith_pack_uint(&p, 0);
	kith_pack_uint(&p, KITH_TYPE_HELLO_I);
	kith_pack_uint(&p, 1);
	kith_pack_uint(&p, m->version);
	kith_pack_uint(&p, 2);
	kith_pack_bin(&p, m->nonce);
	kith_pack_uint(&p, 3);
	kith_pack_bin(&p, m->tags);
	kith_pack_uint(&p, 4);
	kith_pack_uint(&p, m->more);
	expect(!p.err);
	stranger_bytes(&c->s, kith_buf_span(&bytes));
	kith_buf_free(&bytes);
}

/* 64, 256 or 1024 tags, and as many more messages as were announced. */
static void how_many_tags(void **state)
{
	static const struct {
		size_t tags;
		uint64_t more;
		bool taken;
	} cases[] = {{64, 0, true}, {256, 0, true}, {1024, 0, true}, {65, 0, false},
		{128, 0, false}, {63, 0, false}, {64, 3, false}, {256, 15, false}, {1024, 1, false},
		{1024, 4, false}, {1024, 14, false}, {1024, 3, true}, {1024, 15, true},
		{1024, KITH_TAGS_MESSAGES_MAX + 1, false}};
	uint8_t junk[KITH_TAGS_MAX * KITH_TAG_BYTES] = "junk";

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct step step = {.dials = true, .stage = STAGE_CONNECTED};
		struct scene c = up_to(&step);
		struct kith_session_hello_i hello = {.version = 1,
			.nonce = kith_span(junk, 32),
			.tags = kith_span(junk, cases[i].tags * KITH_TAG_BYTES),
			.more = cases[i].more};
		struct kith_session_tags tags = {.tags = kith_span(junk, sizeof junk)};
		says_hello(&c, &hello);
		while (cases[i].taken && tags.index < cases[i].more) {
			expect(c.s.me->inbox_n == 0);
			tags.index++;
			stranger_plain(&c.s, &kith_session_tags_schema, &tags);
		}
		if (cases[i].taken)
			(void)stranger_gets(&c.s, KITH_TYPE_HELLO_R);
		else
			aborted(&c, &step, KITH_ABORT_PROTOCOL);
		scene_ends(&c);
	}
}

/* --- how much of it --------------------------------------------------------------------------- */

/* One key, two connections that ask: the later one counts. */
static void one_request_for_a_key(void **state)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct person *ada = comes(w, "Ada");
	struct stranger s = stranger_meets(w, "Mallory", ada, true);
	struct stranger again = {.me = s.me, .victim = ada, .dials = true, .gives = true};

	(void)state;
	stranger_goes(&s, STAGE_ASKING);
	struct wire *first = s.me->wire;
	expect(told(ada, KITH_NEWS_REQUEST, s.me) == 1);
	stranger_goes(&again, STAGE_ASKING);
	expect(told(ada, KITH_NEWS_WITHDRAWN, s.me) == 1);
	expect(told(ada, KITH_NEWS_REQUEST, s.me) == 2);
	expect(!first->end[1].open && again.me->wire->end[1].open);
	says_yes(ada, s.me);
	settles(w);
	(void)stranger_gets(&again, KITH_TYPE_ACCEPT);
	stranger_free(&again);
	stranger_free(&s);
	world_ends(w);
}

/* A second connection that asks while a session with that key runs is closed. */
static void no_request_beside_a_session(void **state)
{
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct person *ada = comes(w, "Ada");
	struct stranger s = stranger_meets(w, "Mallory", ada, true);
	struct stranger again = {.me = s.me, .victim = ada, .dials = true, .gives = true};

	(void)state;
	stranger_goes(&s, STAGE_PROVEN);
	struct wire *first = s.me->wire;
	stranger_goes(&again, STAGE_ASKING);
	expect(!again.me->wire->end[1].open);
	expect(first->end[1].open);
	expect(told(ada, KITH_NEWS_REQUEST, s.me) == 1);
	stranger_free(&again);
	stranger_free(&s);
	world_ends(w);
}

/* As many connections as strangers may have, and one more: my own pick finds its place beside. */
static void so_many_connections(void **state)
{
	enum { THEIRS = KITH_SESSIONS_MAX - KITH_CONNECTIONS_RESERVED };
	struct world *w = world_starts(1, KEEPING_LEDGER);
	struct person *ada = comes(w, "Ada");
	struct person *mallory = comes_as(w, "Mallory", (struct manner){.stranger = true});
	uint8_t key[32];

	(void)state;
	w->delay_max = 1;
	struct person *grace = comes(w, "Grace");
	sees(ada, grace);
	for (size_t i = 0; i <= THEIRS; i++) {
		new_key(w, key);
		dials_as(mallory, ada, key, ada->key);
	}
	settles(w);
	expect(wires_standing(w, mallory, ada) == THEIRS);
	picks(ada, grace);
	settles(w);
	expect(told(grace, KITH_NEWS_REQUEST, ada) == 1);
	passes(w, KITH_STEP_MS); /* nobody asked: they end */
	expect(wires_standing(w, mallory, ada) == 0);
	world_ends(w);
}

int main(void)
{
	const struct CMUnitTest stories[] = {
		cmocka_unit_test(every_step_has_an_end),
		cmocka_unit_test(no_receipt_comes),
		cmocka_unit_test(who_hangs_up),
		cmocka_unit_test(a_session_has_an_end),
		cmocka_unit_test(every_message_in_every_step),
		cmocka_unit_test(every_sealed_message_in_every_step),
		cmocka_unit_test(garbage_in_every_step),
		cmocka_unit_test(a_message_may_be_so_long),
		cmocka_unit_test(abort_in_every_step),
		cmocka_unit_test(tags_in_their_order),
		cmocka_unit_test(how_many_tags),
		cmocka_unit_test(one_request_for_a_key),
		cmocka_unit_test(no_request_beside_a_session),
		cmocka_unit_test(so_many_connections),
	};

	return stories_run("steps", stories);
}
