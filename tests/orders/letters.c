/* SPDX-License-Identifier: MIT */
#include "letters.h"

#include <stdio.h>

#define TYPES 11
static const enum kith_type types[TYPES] = {KITH_TYPE_HELLO_I, KITH_TYPE_HELLO_R, KITH_TYPE_TAGS,
	KITH_TYPE_REQUEST, KITH_TYPE_ACCEPT, KITH_TYPE_DECLINE, KITH_TYPE_REVEAL, KITH_TYPE_AUTH,
	KITH_TYPE_CONFIRM, KITH_TYPE_CARD, KITH_TYPE_RECEIPT};

static bool is_sealed(enum kith_type type)
{
	return type >= KITH_TYPE_AUTH;
}

/* --- forms of every type ---------------------------------------------------------------------- */

typedef bool (*form_fn)(struct scene *c, enum kith_type type);

static bool right(struct scene *c, enum kith_type type)
{
	return stranger_offers(&c->s, type);
}

static const struct kith_schema *schema_of(enum kith_type type)
{
	size_t n;
	const struct kith_schema *const *all = kith_schemas(&n);

	if (is_sealed(type))
		return &kith_session_sealed_schema;
	for (size_t i = 0; i < n; i++)
		if (all[i]->type == type && strncmp(all[i]->name, "session_", 8) == 0)
			return all[i];
	return NULL;
}

/* Every field as small as it may be. */
static void empty_of_sense(enum kith_type type, struct kith_buf *out)
{
	static const uint8_t zeros[KITH_TAGS_MAX * KITH_TAG_BYTES];
	union {
		struct kith_session_accept largest;
		uint8_t bytes[256];
	} m = {0};
	const struct kith_schema *schema = schema_of(type);

	expect(schema && schema->size <= sizeof m);
	for (size_t i = 0; i < schema->count; i++) {
		const struct kith_slot *slot = &schema->slots[i];
		void *at = m.bytes + slot->offset;
		if (slot->kind == KITH_SLOT_UINT)
			*(uint64_t *)at = slot->min;
		else if (slot->kind != KITH_SLOT_BOOL)
			*(struct kith_span *)at = kith_span(zeros, slot->min);
	}
	expect(kith_pack_as(schema, type, &m, out) == KITH_OK);
}

/* The partner knows what he has said: it is part of the transcript he reckons with. */
static void note(struct stranger *s, enum kith_type type, struct kith_span bytes)
{
	struct kith_buf *to = NULL;

	if (type == KITH_TYPE_HELLO_I && s->dials && !s->hi.n)
		to = &s->hi;
	else if (type == KITH_TYPE_TAGS && s->hi.n && s->tags_said < s->more)
		to = &s->hi;
	else if (type == KITH_TYPE_HELLO_R && !s->dials && !s->hr.n)
		to = &s->hr;
	else if (type == KITH_TYPE_REQUEST && s->dials && !s->s1.n)
		to = &s->s1;
	else if (type == KITH_TYPE_ACCEPT && !s->dials && !s->s2.n)
		to = &s->s2;
	if (!to)
		return;
	s->tags_said += type == KITH_TYPE_TAGS;
	expect(kith_buf_add(to, bytes.p, bytes.n) == KITH_OK);
}

static bool junk(struct scene *c, enum kith_type type)
{
	struct kith_buf bytes = {0};

	empty_of_sense(type, &bytes);
	note(&c->s, type, kith_buf_span(&bytes));
	stranger_bytes(&c->s, kith_buf_span(&bytes));
	kith_buf_free(&bytes);
	return true;
}

static bool cut_short(struct scene *c, enum kith_type type)
{
	struct kith_buf bytes = {0};

	empty_of_sense(type, &bytes);
	stranger_bytes(&c->s, kith_span(bytes.p, bytes.n - 1));
	kith_buf_free(&bytes);
	return true;
}

static bool again(struct scene *c, enum kith_type type)
{
	if (!c->s.said[type].n)
		return false;
	stranger_bytes(&c->s, kith_buf_span(&c->s.said[type]));
	return true;
}

static bool reflected(struct scene *c, enum kith_type type)
{
	const struct person *me = c->s.me;

	for (size_t i = 0; i < me->inbox_n; i++) {
		uint64_t got;
		if (kith_message_type(kith_buf_span(&me->inbox[i]), &got) || got != type)
			continue;
		stranger_bytes(&c->s, kith_buf_span(&me->inbox[i]));
		return true;
	}
	return false;
}

static const struct {
	const char *name;
	form_fn form;
} forms[] = {{"right", right}, {"junk", junk}, {"cut short", cut_short}, {"again", again},
	{"sent back", reflected}};

#define FORMS (sizeof forms / sizeof forms[0])

static const char *type_name(enum kith_type type)
{
	return is_sealed(type) ? (const char *[]){"auth", "confirm", "card",
					 "receipt"}[type - KITH_TYPE_AUTH]
			       : schema_of(type)->name + strlen("session_");
}

/* --- forms with one wrong value --------------------------------------------------------------- */

static bool hello_with_more(struct scene *c)
{
	if (c->s.hi.n)
		return false;
	c->s.more = 3;
	return right(c, KITH_TYPE_HELLO_I);
}

static bool gives_none(struct scene *c)
{
	c->s.gives = false;
	c->s.me->self.gives = false;
	return right(c, c->s.dials ? KITH_TYPE_REQUEST : KITH_TYPE_ACCEPT);
}

/* What is revealed then is another thing. */
static bool another_reveal(struct scene *c)
{
	if (!c->s.dials || !c->s.s2.n || !c->s.s3.n)
		return false;
	c->s.s3.p[50] ^= 1;
	return right(c, KITH_TYPE_REVEAL);
}

static bool accept_with_her_key(struct scene *c)
{
	struct kith_session_accept m = {.e = kith_span(c->s.e_secret, 32),
		.r = kith_span(c->s.e_secret, 32),
		.ik = kith_span(kith_identity_ik(c->ada->id), 32),
		.xk = kith_span(kith_identity_xk(c->ada->id), 32)};

	if (c->s.dials)
		return false;
	stranger_plain(&c->s, &kith_session_accept_schema, &m);
	return true;
}

static bool auth_of_her_role(struct scene *c)
{
	if (!c->s.sealed)
		return false;
	stranger_auth(&c->s, c->s.dials ? "kith/1 auth R" : "kith/1 auth I", c->s.me->id);
	return true;
}

static bool auth_under_another_seal(struct scene *c)
{
	if (!c->s.sealed || c->s.out.begun)
		return false;
	c->s.out.key[0] ^= 1;
	return right(c, KITH_TYPE_AUTH);
}

static bool confirm_unattended(struct scene *c)
{
	if (!c->s.sealed)
		return false;
	stranger_confirm(&c->s, 2);
	return true;
}

static bool confirm_under_another_seal(struct scene *c)
{
	if (!c->s.sealed)
		return false;
	c->s.out.state.k[0] ^= 1;
	return right(c, KITH_TYPE_CONFIRM);
}

static bool somebody_elses_card(struct scene *c)
{
	if (!c->s.sealed)
		return false;
	stranger_card(&c->s, c->ada->self.envelope);
	return true;
}

static bool no_card(struct scene *c)
{
	if (!c->s.sealed)
		return false;
	stranger_card(&c->s, c->s.gives ? kith_span("", 0) : kith_buf_span(&c->s.me->envelope));
	return true;
}

static bool card_as_the_last(struct scene *c)
{
	struct kith_session_card m = {.envelope = kith_buf_span(&c->s.me->envelope)};

	if (!c->s.sealed)
		return false;
	stranger_seals(&c->s, &kith_session_card_schema, &m, c->ada->self.gives);
	return true;
}

static bool receipt_for_another(struct scene *c)
{
	if (!c->s.sealed)
		return false;
	stranger_receipt(&c->s, kith_buf_span(&c->s.me->envelope), c->s.me->id);
	return true;
}

/* A confirmation, sealed as such, in the place of a receipt. */
static bool sealed_as_another(struct scene *c)
{
	struct kith_session_confirm m = {.how = 0};

	if (!c->s.sealed)
		return false;
	stranger_seals_as(&c->s, &kith_session_confirm_schema, KITH_TYPE_RECEIPT, &m, true);
	return true;
}

static bool abort_open(struct scene *c, uint64_t reason)
{
	struct kith_session_abort m = {.reason = reason};

	stranger_plain(&c->s, &kith_session_abort_schema, &m);
	return true;
}

static bool abort_sealed(struct scene *c, uint64_t reason)
{
	if (c->s.sealed)
		stranger_abort(&c->s, reason);
	return c->s.sealed;
}

static bool open_mismatch(struct scene *c)
{
	return abort_open(c, KITH_ABORT_MISMATCH);
}

static bool open_commit(struct scene *c)
{
	return abort_open(c, KITH_ABORT_COMMIT);
}

static bool open_cancel(struct scene *c)
{
	return abort_open(c, KITH_ABORT_CANCEL);
}

static bool sealed_mismatch(struct scene *c)
{
	return abort_sealed(c, KITH_ABORT_MISMATCH);
}

static bool sealed_own_key(struct scene *c)
{
	return abort_sealed(c, KITH_ABORT_OWNKEY);
}

static bool sealed_cancel(struct scene *c)
{
	return abort_sealed(c, KITH_ABORT_CANCEL);
}

static bool garbage(struct scene *c)
{
	stranger_bytes(&c->s, kith_span("\xc1", 1));
	return true;
}

static bool nothing(struct scene *c)
{
	stranger_bytes(&c->s, kith_span("", 0));
	return true;
}

static bool too_long(struct scene *c)
{
	static const uint8_t big[KITH_MESSAGE_MAX + 1];

	stranger_bytes(&c->s, kith_span(big, sizeof big));
	return true;
}

static bool line_closed(struct scene *c)
{
	if (!c->s.me->wire->end[c->s.me->side].open)
		return false;
	stranger_hangs_up(c->s.me);
	return true;
}

/* --- the clock -------------------------------------------------------------------------------- */

static bool late(struct scene *c)
{
	if (c->session && kith_session_step(c->session) == KITH_STEP_DONE)
		scene_hangs_up(c);
	if (c->session)
		kith_session_abort(c->session, KITH_ABORT_CANCEL, KITH_ERR_TIMEOUT);
	for (int i = 0; i < 10 && !c->session && !scene_is_over(c); i++)
		passes(c->w, c->ada->tick_at - c->w->now);
	return true;
}

/* --- what Ada says ---------------------------------------------------------------------------- */

/* A word that was not asked for is refused, and changes nothing. */
static bool said(enum kith_err err)
{
	expect(err == KITH_OK || err == KITH_ERR_STATE || err == KITH_ERR_NOPERSON ||
		err == KITH_ERR_BUSY);
	return true;
}

static bool she_picks(struct scene *c)
{
	return said(c->session ? kith_session_ask(c->session) : pick(c->ada, c->s.me));
}

static bool she_says_yes(struct scene *c)
{
	return said(c->session ? kith_session_accept(c->session) : answer(c->ada, c->s.me, true));
}

static bool she_says_no(struct scene *c)
{
	return said(c->session ? kith_session_decline(c->session) : answer(c->ada, c->s.me, false));
}

static bool she_says_same(struct scene *c)
{
	bool before = c->said_same;
	enum kith_err err;

	c->said_same = true; /* before: what leaves at once is checked */
	if (!c->session)
		err = compare(c->ada, c->s.me, true);
	else
		err = kith_session_same(c->session, KITH_HOW_COMPARED, c->closed);
	c->said_same = before || c->ada->wrote[WRITING_CONFIRM];
	return said(err);
}

static bool she_says_different(struct scene *c)
{
	return said(
		c->session ? kith_session_different(c->session) : compare(c->ada, c->s.me, false));
}

static bool she_cancels(struct scene *c)
{
	if (!c->session)
		return said(cancel(c->ada, c->s.me));
	kith_session_abort(c->session, KITH_ABORT_CANCEL, KITH_ERR_BROKEN);
	return true;
}

/* --- all -------------------------------------------------------------------------------------- */

static const struct {
	const char *name;
	bool (*happens)(struct scene *c);
} singles[] = {
	{"HELLO_I with TAGS to come", hello_with_more},
	{"REQUEST or ACCEPT that gives none", gives_none},
	{"another REVEAL", another_reveal},
	{"ACCEPT with her own key", accept_with_her_key},
	{"AUTH of her role", auth_of_her_role},
	{"AUTH under another seal", auth_under_another_seal},
	{"CONFIRM unattended", confirm_unattended},
	{"CONFIRM under another seal", confirm_under_another_seal},
	{"somebody else's CARD", somebody_elses_card},
	{"CARD against what he said", no_card},
	{"CARD as the last or not", card_as_the_last},
	{"RECEIPT for another card", receipt_for_another},
	{"RECEIPT sealed as CONFIRM", sealed_as_another},
	{"open ABORT mismatch", open_mismatch},
	{"open ABORT commit", open_commit},
	{"open ABORT cancel", open_cancel},
	{"sealed ABORT mismatch", sealed_mismatch},
	{"sealed ABORT ownkey", sealed_own_key},
	{"sealed ABORT cancel", sealed_cancel},
	{"garbage", garbage},
	{"nothing", nothing},
	{"too long", too_long},
	{"line closed", line_closed},
	{"late", late},
	{"she picks", she_picks},
	{"yes", she_says_yes},
	{"no", she_says_no},
	{"same", she_says_same},
	{"different", she_says_different},
	{"cancel", she_cancels},
};

#define SINGLES (sizeof singles / sizeof singles[0])

size_t letters(void)
{
	return FORMS * TYPES + SINGLES;
}

const char *letter_name(size_t letter)
{
	static char name[64];

	if (letter >= FORMS * TYPES)
		return singles[letter - FORMS * TYPES].name;
	(void)snprintf(name, sizeof name, "%s %s", type_name(types[letter % TYPES]),
		forms[letter / TYPES].name);
	return name;
}

bool letter_is_replay(size_t letter)
{
	return letter < FORMS * TYPES &&
	       (forms[letter / TYPES].form == again || forms[letter / TYPES].form == reflected);
}

bool letter_is_late(size_t letter)
{
	return letter >= FORMS * TYPES && singles[letter - FORMS * TYPES].happens == late;
}

/* Whether the letter is Ada's or the clock's. */
static bool is_hers(size_t letter)
{
	for (size_t i = 0; i < SINGLES; i++)
		if (singles[i].happens == late)
			return letter >= FORMS * TYPES + i;
	return false;
}

bool letter_happens(struct scene *c, size_t letter)
{
	if (!is_hers(letter) && !scene_hears(c))
		return false; /* whatever he says reaches nobody */
	bool exists = letter < FORMS * TYPES ? forms[letter / TYPES].form(c, types[letter % TYPES])
					     : singles[letter - FORMS * TYPES].happens(c);

	if (c->ada->consents > 1)
		c->ada->consents = 1; /* saying it twice is one yes */
	if (exists)
		scene_goes_on(c);
	return exists;
}

void letters_run_out(struct scene *c)
{
	(void)late(c);
	scene_goes_on(c);
}

/* --- after the end ---------------------------------------------------------------------------- */

/* The courier may still hand on what was under way. */
static void comes_late(struct scene *c, struct kith_span message)
{
	struct wire *wire = c->w->wires;

	if (c->session)
		expect(kith_session_take(c->session, message) == KITH_ERR_STATE);
	else
		kith_room_bytes(c->ada->room, wire->end[!c->s.me->side].conn, message);
}

void letters_after_the_end(struct scene *c)
{
	size_t had = scene_sent(c), codes = told(c->ada, KITH_NEWS_CODE, NULL);
	struct kith_buf bytes = {0};

	if (c->session && kith_session_step(c->session) < KITH_STEP_DONE)
		return; /* only the line ended; who has a session frees it then */
	for (size_t i = 0; i < TYPES; i++) {
		kith_buf_clear(&bytes);
		empty_of_sense(types[i], &bytes);
		comes_late(c, kith_buf_span(&bytes));
		if (c->s.said[types[i]].n)
			comes_late(c, kith_buf_span(&c->s.said[types[i]]));
	}
	kith_buf_free(&bytes);
	(void)(she_says_yes(c) && she_says_no(c) && she_says_same(c) && she_says_different(c) &&
		she_cancels(c));
	settles(c->w);
	expect(scene_sent(c) == had && told(c->ada, KITH_NEWS_CODE, NULL) == codes);
}
