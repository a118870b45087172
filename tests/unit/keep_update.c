/* SPDX-License-Identifier: MIT */
#include "pump.h"

#include <kith/people.h>

#include "store/cards.h"

static struct pump_person ada;
static struct pump_person grace;

static int make(void **state)
{
	if (world_make(state))
		return -1;
	pump_person(&ada, *state, "Ada", 1);
	pump_person(&grace, *state, "Grace", 2);
	return 0;
}

static int drop(void **state)
{
	pump_free(&ada);
	pump_free(&grace);
	return world_remove(state);
}

/* Whether somebody whom p knows has that word. */
static bool says(struct pump_person *p, const char *word)
{
	char text[512] = "";

	assert_ok(kith_store_find(p->store, kith_span_str(word), world_names, text));
	return *text;
}

static struct kith_contact contact(struct pump_person *a, struct pump_person *b)
{
	struct kith_contact c = {0};

	assert_ok(kith_store_contact(a->store, pump_contact(a, b), &c));
	struct kith_contact plain = c;
	kith_contact_free(&c);
	plain.name = plain.org = plain.met_event = plain.introducer = plain.envelope =
		kith_span("", 0);
	plain.memory = NULL;
	return plain;
}

static bool due(struct pump_person *a, struct pump_person *b)
{
	bool is;

	assert_ok(kith_keep_due(a->keep, pump_contact(a, b), &is));
	return is;
}

static int64_t count(struct pump_person *p, const char *sql)
{
	return world_number(p->home, sql);
}

/* --- a change --------------------------------------------------------------------------------- */

static void a_change_arrives(void **state)
{
	char text[512];

	(void)state;
	pump_swap(&ada, &grace);
	assert_false(due(&ada, &grace));
	uint64_t rev = pump_profile(&ada, "name=Ada\ntitle=Countess");
	assert_true(due(&ada, &grace));
	struct pump_meeting m = pump_meet(&ada, &grace);
	assert_true(m.met);
	assert_int_equal(m.n, 1);
	assert_int_equal(pump_count(&m, &ada, KITH_PARCEL_CARD, KITH_OUTCOME_TAKEN), 1);
	assert_true(says(&grace, "countess"));
	assert_int_equal(contact(&grace, &ada).rev, rev);
	assert_string_equal(pump_news(&grace, NULL, text), "met|card");
	assert_false(due(&ada, &grace));
	m = pump_meet(&grace, &ada);
	assert_true(m.met);
	assert_int_equal(m.n, 0);
	/* a receipt of the session, from that network, without an event */
	assert_int_equal(count(&ada, "SELECT count(*) FROM receipt WHERE network = 'eth0' AND "
				     "event = '' AND rev = 2"),
		1);
}

static void both_at_once(void **state)
{
	(void)state;
	pump_swap(&ada, &grace);
	pump_profile(&ada, "name=Ada\ntitle=Countess");
	pump_profile(&grace, "name=Grace\ntitle=Admiral");
	struct pump_meeting m = pump_meet(&ada, &grace);
	assert_int_equal(m.n, 2);
	assert_true(says(&grace, "countess") && says(&ada, "admiral"));
}

/* The machines meet while their people swap at an event: that is where the receipt is from. */
static void a_receipt_carries_the_event(void **state)
{
	struct pump_meeting m = {.event = "FOSDEM 2026"};

	(void)state;
	pump_swap(&ada, &grace);
	pump_profile(&ada, "name=Ada\ntitle=Countess");
	assert_true(pump_meet_as(&ada, &grace, &m));
	assert_int_equal(count(&ada, "SELECT count(*) FROM receipt WHERE network = 'eth0' AND "
				     "event = 'FOSDEM 2026' AND rev = 2"),
		1);
}

/* Clocks are shown and decide nothing. */
static void clocks_ten_years_wrong(void **state)
{
	(void)state;
	pump_swap(&ada, &grace);
	ada.clock -= 3650L * 86400;
	pump_profile(&ada, "name=Ada\ntitle=Countess");
	grace.clock += 3650L * 86400;
	assert_int_equal(pump_meet(&ada, &grace).n, 1);
	assert_true(says(&grace, "countess"));
}

/* --- a contact by itself ----------------------------------------------------------------------- */

static int64_t touched(struct pump_person *a, struct pump_person *b)
{
	struct kith_memory memory;

	assert_ok(kith_store_memory(a->store, pump_contact(a, b), a->clock, &memory));
	return memory.touched;
}

static void later(int64_t seconds)
{
	ada.clock += seconds;
	grace.clock += seconds;
}

/* Who hands something over and who takes it were in one place; two machines that only saw each other tell nothing. */
static void something_went_over(void **state)
{
	(void)state;
	pump_swap(&ada, &grace);
	int64_t swapped = ada.clock;
	assert_int_equal(touched(&ada, &grace), swapped);
	later(86400);
	assert_int_equal(pump_meet(&ada, &grace).n, 0);
	assert_int_equal(touched(&ada, &grace), swapped);
	assert_int_equal(touched(&grace, &ada), swapped);
	pump_profile(&ada, "name=Ada\ntitle=Countess");
	pump_profile(&grace, "name=Grace\ntitle=Admiral");
	assert_int_equal(pump_meet(&ada, &grace).n, 2);
	assert_int_equal(touched(&ada, &grace), ada.clock);
	assert_int_equal(touched(&grace, &ada), grace.clock);
	later(86400);
	pump_profile(&grace, "name=Grace\ntitle=Rear Admiral");
	assert_int_equal(pump_meet(&ada, &grace).n, 1);
	assert_int_equal(touched(&ada, &grace), ada.clock);
	assert_int_equal(touched(&grace, &ada), grace.clock);
}

/* The line breaks before the answer: who took it knows of it, and who sent it does not. */
static void it_arrived_and_nobody_heard(void **state)
{
	struct pump_meeting m = {.break_at = 1};

	(void)state;
	pump_swap(&ada, &grace);
	int64_t swapped = ada.clock;
	later(86400);
	pump_profile(&ada, "name=Ada\ntitle=Countess");
	assert_true(pump_meet_as(&ada, &grace, &m));
	assert_int_equal(touched(&grace, &ada), grace.clock);
	assert_int_equal(touched(&ada, &grace), swapped);
}

/* --- what must not come in: cases 19, 21, 22, T15, T16 ------------------------------------------- */

/* Puts other bytes in place of Ada's card. */
struct forgery {
	struct kith_buf bytes;
};

static void replace(void *ctx, struct pump_person *from, uint64_t *kind, struct kith_buf *bytes)
{
	const struct forgery *f = ctx;

	if (from != &ada || *kind != KITH_PARCEL_CARD)
		return;
	kith_buf_clear(bytes);
	assert_ok(kith_buf_add(bytes, f->bytes.p, f->bytes.n));
}

/* Signs a card with the key of that seed; variant and card id are of the draft. */
static void forge(struct forgery *f, uint8_t seed, struct kith_card *draft, const char *text)
{
	uint8_t bytes[KITH_KEY_BYTES];
	struct kith_identity *id;

	kith_buf_clear(&f->bytes);
	memset(bytes, seed, sizeof bytes);
	assert_ok(kith_identity_from_seed(bytes, &id));
	assert_ok(kith_field_parse(kith_span_str(text), &draft->fields.at[0], NULL));
	draft->fields.n = 1;
	assert_ok(kith_card_sign(id, draft, &f->bytes));
	kith_identity_free(id);
}

/* Ada has something to send; Grace gets the forgery instead. */
static enum kith_outcome send_forgery(struct forgery *f, uint64_t *ret_rev)
{
	static int n;
	char text[64];
	struct pump_meeting m = {.on_parcel = replace, .ctx = f};

	(void)snprintf(text, sizeof text, "name=Ada\nnote=%d", n++);
	uint64_t rev = pump_profile(&ada, text);
	if (ret_rev)
		*ret_rev = rev;
	/* what it is in place of is told in the receipt, which a test does not check here */
	assert_true(pump_meet_as(&ada, &grace, &m));
	assert_in_range(m.n, 1, PUMP_PARCELS);
	assert_ptr_equal(m.at[0].from, &ada);
	return m.at[0].outcome;
}

static const uint8_t card_of_ada[8] = {1, 0xca};

static void an_older_one_is_ignored(void **state)
{
	struct forgery f = {{0}};
	struct kith_card draft = {.rev = 1};

	(void)state;
	pump_swap(&ada, &grace);
	pump_profile(&ada, "name=Ada\ntitle=Countess");
	(void)pump_meet(&ada, &grace);
	memcpy(draft.card, card_of_ada, sizeof draft.card);
	forge(&f, 1, &draft, "name=Old Ada");
	/* refused, so that nobody sends it again, and no receipt says that it is held; case 21, T15 */
	int64_t before = touched(&grace, &ada);
	later(86400);
	assert_int_equal(send_forgery(&f, NULL), KITH_OUTCOME_REFUSED);
	assert_int_equal(contact(&grace, &ada).rev, 2);
	assert_true(says(&grace, "countess"));
	assert_false(contact(&grace, &ada).conflict);
	assert_int_equal(touched(&grace, &ada), before);
	assert_int_equal(touched(&ada, &grace), before);
	kith_buf_free(&f.bytes);
}

static void another_of_the_same_number(void **state)
{
	struct forgery f = {{0}};
	struct kith_card draft = {.rev = 1};
	char text[512];
	uint64_t rev;

	(void)state;
	pump_swap(&ada, &grace);
	memcpy(draft.card, card_of_ada, sizeof draft.card);
	forge(&f, 1, &draft, "name=Clone of Ada");
	for (int i = 0; i < 3; i++) { /* told once; cases 21 and 74, T15 */
		assert_int_equal(send_forgery(&f, &rev), KITH_OUTCOME_REFUSED);
		assert_true(contact(&grace, &ada).conflict);
		assert_string_equal(pump_news(&grace, NULL, text), "met|conflict");
		assert_false(says(&grace, "clone"));
		/* refused is not sent again; a newer one is */
		assert_false(due(&ada, &grace));
	}
	pump_profile(&ada, "name=Ada\ntitle=Countess");
	assert_true(due(&ada, &grace));
	assert_int_equal(pump_meet(&ada, &grace).at[0].outcome, KITH_OUTCOME_TAKEN);
	kith_buf_free(&f.bytes);
}

/* case 22 */
static void a_jump_too_far(void **state)
{
	char text[512];
	struct forgery f = {{0}};
	struct kith_card draft = {.rev = 1 + (UINT64_C(1) << 32)};
	struct kith_card signed_here;

	(void)state;
	pump_swap(&ada, &grace);
	memcpy(draft.card, card_of_ada, sizeof draft.card);
	forge(&f, 1, &draft, "name=As far as it goes");
	assert_int_equal(send_forgery(&f, NULL), KITH_OUTCOME_TAKEN);
	/* Ada does not take it back (keep_greedy.c); say she had signed it */
	assert_ok(kith_card_verify(kith_buf_span(&f.bytes), &signed_here));
	assert_ok(kith_mine_keep(ada.store, &signed_here, kith_buf_span(&f.bytes)));
	world_sql(ada.home, "UPDATE mine SET rev = 4294967297");
	draft.rev = contact(&grace, &ada).rev + 1 + (UINT64_C(1) << 32);
	forge(&f, 1, &draft, "name=Too far");
	assert_int_equal(send_forgery(&f, NULL), KITH_OUTCOME_REFUSED);
	assert_false(says(&grace, "too"));
	draft.rev++;
	forge(&f, 1, &draft, "name=Too far");
	assert_int_equal(send_forgery(&f, NULL), KITH_OUTCOME_REFUSED);
	assert_non_null(strstr(pump_news(&grace, NULL, text), "|jump"));
	assert_null(strstr(strstr(text, "|jump") + 5, "jump")); /* told once */
	kith_buf_free(&f.bytes);
}

static void of_somebody_else(void **state)
{
	struct forgery f = {{0}};
	struct kith_card draft = {.rev = 9};

	(void)state;
	pump_swap(&ada, &grace);
	memcpy(draft.card, card_of_ada, sizeof draft.card);
	forge(&f, 7, &draft, "name=Mallory"); /* case 19, T16 */
	assert_int_equal(send_forgery(&f, NULL), KITH_OUTCOME_REFUSED);
	forge(&f, 2, &draft, "name=Grace herself");
	assert_int_equal(send_forgery(&f, NULL), KITH_OUTCOME_REFUSED);
	draft.variant = KITH_CARD_POCKET;
	forge(&f, 1, &draft, "name=Pocket");
	assert_int_equal(send_forgery(&f, NULL), KITH_OUTCOME_REFUSED);
	f.bytes.p[f.bytes.n - 1] ^= 1;
	assert_int_equal(send_forgery(&f, NULL), KITH_OUTCOME_REFUSED);
	kith_buf_clear(&f.bytes);
	assert_int_equal(send_forgery(&f, NULL), KITH_OUTCOME_REFUSED);
	assert_int_equal(contact(&grace, &ada).rev, 1);
	assert_int_equal(count(&grace, "SELECT count(*) FROM contact"), 1);
	assert_int_equal(count(&grace, "SELECT count(*) FROM card"), 1);
	kith_buf_free(&f.bytes);
}

/* The tie is with another xk than the card has.  T16 */
static void of_another_xk(void **state)
{
	struct kith_buf envelope = {0};
	struct kith_card card;
	uint8_t xk[32] = {9};

	(void)state;
	pump_swap(&ada, &grace);
	pump_profile(&ada, "name=Ada\ntitle=Countess");
	pump_envelope(&ada, &envelope);
	assert_ok(kith_card_verify(kith_buf_span(&envelope), &card));
	assert_err(kith_store_known_card(grace.store, pump_contact(&grace, &ada), xk, &card,
			   kith_buf_span(&envelope), 1),
		SUBJECT);
	assert_ok(kith_store_known_card(grace.store, pump_contact(&grace, &ada),
		kith_identity_xk(ada.id), &card, kith_buf_span(&envelope), 1));
	kith_buf_free(&envelope);
}

static void make_unknown(
	void *ctx, struct pump_person *from, uint64_t *kind, struct kith_buf *bytes)
{
	(void)ctx;
	(void)from;
	(void)bytes;
	*kind = 99;
}

/* To one who does not know it: tried again when they meet anyway, and no reason to call on them. */
static void of_a_kind_unknown(void **state)
{
	struct pump_meeting m = {.on_parcel = make_unknown};

	(void)state;
	pump_swap(&ada, &grace);
	pump_profile(&ada, "name=Ada\ntitle=Countess");
	assert_true(pump_meet_as(&ada, &grace, &m));
	assert_int_equal(m.at[0].outcome, KITH_OUTCOME_UNKNOWN);
	assert_int_equal(m.n, 1);
	assert_false(due(&ada, &grace));
	m = pump_meet(&ada, &grace);
	assert_int_equal(pump_count(&m, &ada, KITH_PARCEL_CARD, KITH_OUTCOME_TAKEN), 1);
}

/* --- what was left open ----------------------------------------------------------------------- */

static void a_pending_swap_completes(void **state)
{
	char text[512];

	(void)state;
	pump_half(&ada, &grace, 1);
	pump_half(&grace, &ada, 1);
	assert_true(due(&ada, &grace) || !contact(&ada, &grace).delivered);
	struct pump_meeting m = pump_meet(&ada, &grace);
	assert_true(m.met);
	assert_int_equal(m.n, 2);
	for (int i = 0; i < 2; i++) {
		struct kith_contact c = i ? contact(&grace, &ada) : contact(&ada, &grace);
		assert_int_equal(c.state, KITH_CONTACT_COMPLETE);
		assert_int_equal(c.met_how, KITH_HOW_UNATTENDED); /* their word never came */
		assert_true(c.delivered);
		assert_string_equal(pump_news(i ? &grace : &ada, NULL, text),
			i ? "completed|delivered" : "delivered|completed");
	}
	assert_int_equal(count(&ada, "SELECT count(*) FROM debt"), 0);
	assert_int_equal(pump_meet(&grace, &ada).n, 0);
}

static void the_word_that_came_stays(void **state)
{
	uint8_t session[32];

	(void)state;
	memset(session, 1, sizeof session);
	pump_half(&ada, &grace, 1);
	pump_half(&grace, &ada, 1);
	assert_ok(kith_store_confirmed(ada.store, session, KITH_HOW_COMPARED));
	(void)pump_meet(&ada, &grace);
	assert_int_equal(contact(&ada, &grace).met_how, KITH_HOW_COMPARED);
	assert_int_equal(contact(&grace, &ada).met_how, KITH_HOW_UNATTENDED);
	/* it was on its way: they recognised each other while they swapped */
	assert_ok(kith_store_confirmed(grace.store, session, KITH_HOW_COMPARED));
	assert_int_equal(contact(&grace, &ada).met_how, KITH_HOW_COMPARED);
	assert_ok(kith_store_confirmed(grace.store, session, KITH_HOW_UNATTENDED));
	assert_int_equal(contact(&grace, &ada).met_how, KITH_HOW_COMPARED);
}

/* Ada said "same" and Grace did not: Grace knows her by a file alone. */
static void one_side_agreed(void **state)
{
	(void)state;
	pump_half(&ada, &grace, 1);
	pump_import(&grace, &ada);
	pump_profile(&ada, "name=Ada\ntitle=Countess");
	pump_profile(&grace, "name=Grace\ntitle=Admiral");
	struct pump_meeting m = pump_meet(&ada, &grace);
	assert_true(m.met);
	assert_true(m.told[0].agreed && !m.told[1].agreed);
	assert_int_equal(m.n, 0);
	assert_int_equal(contact(&ada, &grace).state, KITH_CONTACT_PENDING);
	assert_int_equal(count(&ada, "SELECT count(*) FROM debt"), 1);
	assert_int_equal(count(&ada, "SELECT count(*) FROM met WHERE how_theirs IS NULL"), 1);
	assert_false(due(&ada, &grace));
}

/* And it is not enough to send: Grace's keep refuses. */
static void one_side_agreed_and_sends(void **state)
{
	struct kith_known_host host = kith_keep_host(grace.keep);
	struct kith_buf envelope = {0};
	struct kith_tie tie = {0};
	uint8_t session[32] = {1};
	struct kith_friend who = {
		.tie = &tie, .ik = tie.theirs, .session = session, .standing = {.agreed = true}};
	struct kith_span answer = kith_span("", 0);

	(void)state;
	pump_import(&grace, &ada);
	tie.contact = pump_contact(&grace, &ada);
	memcpy(tie.theirs, kith_identity_ik(ada.id), 32);
	memcpy(tie.their_xk, kith_identity_xk(ada.id), 32);
	pump_profile(&ada, "name=Ada\ntitle=Countess");
	pump_envelope(&ada, &envelope);
	assert_ok(host.met(host.ctx, &who));
	assert_int_equal(host.take(host.ctx, &who, KITH_PARCEL_CARD, kith_buf_span(&envelope),
				 KITH_CARD_ENVELOPE_MAX, &answer),
		KITH_OUTCOME_REFUSED);
	host.parted(host.ctx, &who, KITH_OK);
	assert_false(says(&grace, "countess"));
	kith_buf_free(&envelope);
}

static void by_file_until_given(void **state)
{
	(void)state;
	pump_import(&ada, &grace);
	pump_import(&grace, &ada);
	pump_profile(&ada, "name=Ada\ntitle=Countess");
	struct pump_meeting m = pump_meet(&ada, &grace);
	assert_true(m.met);
	assert_int_equal(m.n, 0);
	assert_ok(kith_store_compared(ada.store, pump_contact(&ada, &grace), KITH_HOW_COMPARED,
		kith_span("", 0), ada.clock));
	assert_int_equal(pump_meet(&ada, &grace).n, 0); /* one of them is not enough */
	assert_ok(kith_store_compared(grace.store, pump_contact(&grace, &ada), KITH_HOW_COMPARED,
		kith_span("", 0), grace.clock));
	/* nor both: nobody has given a card to anybody */
	assert_int_equal(pump_meet(&ada, &grace).n, 0);
	assert_int_equal(pump_meet(&ada, &grace).n, 0);
	assert_int_equal(count(&ada, "SELECT count(*) FROM contact WHERE given IS NOT NULL"), 0);
	assert_ok(kith_store_give(ada.store, pump_contact(&ada, &grace), card_of_ada));
	m = pump_meet(&ada, &grace);
	assert_int_equal(pump_count(&m, &ada, KITH_PARCEL_CARD, KITH_OUTCOME_TAKEN), 1);
	assert_int_equal(m.n, 1);
	assert_true(says(&grace, "countess"));
}

static void nothing_was_chosen(void **state)
{
	(void)state;
	pump_swap(&ada, &grace);
	assert_ok(kith_store_give(ada.store, pump_contact(&ada, &grace), NULL));
	pump_profile(&ada, "name=Ada\ntitle=Countess");
	assert_false(due(&ada, &grace));
	assert_int_equal(pump_meet(&ada, &grace).n, 0);
	assert_int_equal(pump_meet(&ada, &grace).n, 0);
	assert_false(says(&grace, "countess"));
}

/* My word alone had thawed somebody and chosen a card; theirs was that the codes differ. */
static void a_difference_puts_it_back(void **state)
{
	uint8_t session[32];
	char text[512];
	int64_t last = 0;

	(void)state;
	pump_swap(&ada, &grace);
	assert_ok(kith_store_give(ada.store, pump_contact(&ada, &grace), NULL));
	world_sql(
		ada.home, "UPDATE contact SET frozen = 3, frozen_at = 7, anchored = 0, state = 3");
	(void)pump_news(&ada, &last, text);
	memset(session, 9, sizeof session);
	pump_half(&ada, &grace, 9);
	assert_int_equal(contact(&ada, &grace).frozen, 0);
	assert_ok(kith_store_mismatch(ada.store, session));
	assert_int_equal(contact(&ada, &grace).frozen, 3);
	assert_int_equal(contact(&ada, &grace).state, KITH_CONTACT_FROZEN);
	assert_int_equal(
		count(&ada, "SELECT length(given) * 100 + frozen_at + anchored FROM contact"), 7);
	assert_string_equal(pump_news(&ada, &last, text), "thawed|frozen");
	/* but not what a later meeting settled */
	pump_half(&ada, &grace, 9);
	pump_half(&ada, &grace, 10);
	assert_ok(kith_store_mismatch(ada.store, session));
	assert_int_equal(contact(&ada, &grace).frozen, 0);
	assert_int_equal(count(&ada, "SELECT length(given) FROM contact"), 8);
}

/* A rotation that was taken is settled by a signature of the new key, not by one of the key that was left. */
static void settled_by_the_key_of_now(void **state)
{
	struct kith_recognised r = {.current = true, .agreed = true, .at = 5};

	(void)state;
	pump_swap(&ada, &grace);
	world_sql(ada.home, "UPDATE contact SET settled = 0");
	r.contact = pump_contact(&ada, &grace);
	memset(r.ik, 7, sizeof r.ik);
	assert_ok(kith_store_known_met(ada.store, &r));
	assert_int_equal(count(&ada, "SELECT settled FROM contact"), 0);
	memcpy(r.ik, kith_identity_ik(grace.id), sizeof r.ik);
	assert_ok(kith_store_known_met(ada.store, &r));
	assert_int_equal(count(&ada, "SELECT settled FROM contact"), 1);
	r.contact = 77;
	assert_err(kith_store_known_met(ada.store, &r), NOPERSON);
}

/* Who was met under my key of now has heard of my rotations. */
static void acknowledged(void **state)
{
	struct kith_recognised r = {.agreed = true, .at = 5};

	(void)state;
	pump_swap(&ada, &grace);
	world_sql(ada.home, "UPDATE mine SET seq = 2");
	r.contact = pump_contact(&ada, &grace);
	memcpy(r.ik, kith_identity_ik(grace.id), sizeof r.ik);
	assert_ok(kith_store_known_met(ada.store, &r));
	assert_int_equal(count(&ada, "SELECT acknowledged FROM contact"), 0);
	r.current =
		true; /* by a view that is not the one of the store any more: the cards have another key */
	memset(r.mine, 7, sizeof r.mine);
	assert_ok(kith_store_known_met(ada.store, &r));
	assert_int_equal(count(&ada, "SELECT acknowledged FROM contact"), 0);
	memcpy(r.mine, kith_identity_ik(ada.id), sizeof r.mine);
	assert_ok(kith_store_known_met(ada.store, &r));
	assert_int_equal(count(&ada, "SELECT acknowledged FROM contact"), 2);
}

/* --- receipts --------------------------------------------------------------------------------- */

static void a_receipt_is_lost(void **state)
{
	struct pump_meeting m = {.break_at = 1};
	char text[512];

	(void)state;
	pump_half(&ada, &grace, 1);
	pump_half(&grace, &ada, 1);
	/* Ada's card arrives and the line breaks before her receipt */
	assert_true(pump_meet_as(&ada, &grace, &m));
	assert_int_equal(m.n, 1);
	assert_int_equal(contact(&grace, &ada).state, KITH_CONTACT_COMPLETE);
	assert_false(contact(&ada, &grace).delivered);
	m = pump_meet(&ada, &grace);
	/* what Grace says she holds is enough: it is not sent again, and nothing is owed */
	assert_int_equal(pump_count(&m, &ada, KITH_PARCEL_CARD, KITH_OUTCOME_TAKEN), 0);
	assert_int_equal(pump_count(&m, &grace, KITH_PARCEL_CARD, KITH_OUTCOME_TAKEN), 1);
	assert_true(contact(&ada, &grace).delivered);
	assert_int_equal(count(&ada, "SELECT count(*) FROM debt"), 0);
	assert_int_equal(count(&ada, "SELECT count(*) FROM receipt"), 0);
	assert_string_equal(pump_news(&ada, NULL, text), "delivered|completed");
}

/* They hold another of my cards than the one that I give: the present one is due. */
static void they_hold_another(void **state)
{
	struct kith_stance stance;

	(void)state;
	pump_swap(&ada, &grace);
	world_sql(grace.home, "UPDATE card SET card = x'0909090909090909'");
	struct pump_meeting m = pump_meet(&ada, &grace);
	assert_int_equal(pump_count(&m, &ada, KITH_PARCEL_CARD, KITH_OUTCOME_TAKEN), 1);
	/* and one that is not mine is not taken down as mine */
	world_sql(grace.home, "UPDATE card SET card = x'0808080808080808' WHERE held");
	m = (struct pump_meeting){.break_at = 1};
	assert_true(pump_meet_as(&ada, &grace, &m));
	assert_ok(kith_store_stance(ada.store, pump_contact(&ada, &grace), &stance));
	assert_false(stance.told);
}

/* --- a counter that went back: case 74 ---------------------------------------------------------- */

static void go_back(struct pump_person *p)
{
	world_sql(p->home, "UPDATE my_card SET held = 1; UPDATE mine SET rev = 1, held = 1;"
			   "DELETE FROM mine_card WHERE rev > 1; DELETE FROM receipt;"
			   "UPDATE contact SET told_rev = 1;");
}

static uint64_t number(struct pump_person *p)
{
	return (uint64_t)count(p, "SELECT rev FROM mine");
}

/* Without a jump, as a copy of the home by hand is. */
static void an_old_copy_is_put_back(void **state)
{
	char text[512];
	int64_t last = 0;

	(void)state;
	pump_swap(&ada, &grace);
	pump_profile(&ada, "name=Ada\ntitle=Countess");
	pump_profile(&ada, "name=Ada\ntitle=Programmer");
	(void)pump_meet(&ada, &grace);
	go_back(&ada);
	(void)pump_news(&ada, &last, text);
	pump_profile(&ada, "name=Ada\ntitle=Restored");
	assert_int_equal(number(&ada), 2);
	struct pump_meeting m = pump_meet(&ada, &grace);
	assert_int_equal(pump_count(&m, &ada, KITH_PARCEL_RECALL, KITH_OUTCOME_TAKEN), 1);
	assert_int_equal(number(&ada), 3 + KITH_RESTORE_JUMP + 1);
	/* and the answer to it goes in the same session */
	assert_int_equal(pump_count(&m, &ada, KITH_PARCEL_CARD, KITH_OUTCOME_TAKEN), 1);
	assert_true(says(&grace, "restored"));
	assert_int_equal(contact(&grace, &ada).rev, number(&ada));
	assert_false(contact(&grace, &ada).conflict);
	assert_string_equal(pump_news(&ada, &last, text), "returned");
	assert_int_equal(pump_meet(&ada, &grace).n, 0);
}

/* With one, as kith restore has it: the number is used up by nobody, and what was lost is known for lost. */
static void an_old_backup_is_put_back(void **state)
{
	struct kith_cards_signing signing = {
		.id = ada.id, .now = 1, .jump = KITH_RESTORE_JUMP, .all = true};
	char text[512];
	int64_t last = 0;
	size_t n;

	(void)state;
	pump_swap(&ada, &grace);
	pump_profile(&ada, "name=Ada\ntitle=Countess");
	(void)pump_meet(&ada, &grace);
	go_back(&ada);
	assert_ok(kith_store_cards_sign(ada.store, &signing, &n));
	uint64_t high = number(&ada);
	(void)pump_news(&ada, &last, text);
	struct pump_meeting m = pump_meet(&ada, &grace);
	assert_int_equal(pump_count(&m, &ada, KITH_PARCEL_RECALL, KITH_OUTCOME_TAKEN), 1);
	assert_int_equal(pump_count(&m, &ada, KITH_PARCEL_CARD, KITH_OUTCOME_TAKEN), 1);
	assert_int_equal(number(&ada), high);
	assert_string_equal(pump_news(&ada, &last, text), "returned");
	assert_int_equal(count(&ada, "SELECT rev FROM mine_returned"), 2);
	/* told once: the same from somebody else is no news */
	assert_int_equal(pump_meet(&ada, &grace).n, 0);
}

/* Two copies of the key that count alike: one number, two cards. */
static void one_number_twice(void **state)
{
	char text[512];
	int64_t last = 0;

	(void)state;
	pump_swap(&ada, &grace);
	pump_profile(&ada, "name=Ada\ntitle=Left");
	(void)pump_meet(&ada, &grace);
	go_back(&ada);
	pump_profile(&ada, "name=Ada\ntitle=Right");
	assert_int_equal(number(&ada), 2);
	(void)pump_news(&ada, &last, text);
	struct pump_meeting m = pump_meet(&ada, &grace);
	assert_int_equal(pump_count(&m, &ada, KITH_PARCEL_RECALL, KITH_OUTCOME_TAKEN), 1);
	assert_int_equal(number(&ada), 3);
	assert_true(says(&grace, "right"));
	assert_false(contact(&grace, &ada).conflict);
	assert_string_equal(pump_news(&ada, &last, text), "returned");
}

/* Another envelope of mine than the one they told of, and one of somebody else. */
static void garble_answer(void *ctx, struct pump_person *from, uint64_t kind,
	enum kith_outcome *outcome, struct kith_buf *bytes)
{
	(void)from;
	(void)outcome;
	if (kind != KITH_PARCEL_RECALL)
		return;
	if (ctx) {
		kith_buf_clear(bytes);
		pump_envelope(ctx, bytes);
	} else {
		bytes->p[bytes->n - 1] ^= 1;
	}
}

/* Without an envelope of mine, and that one, a hash and a high number do nothing. */
static void a_hash_alone(void **state)
{
	struct pump_person *whose[] = {NULL, &grace, &ada};
	char text[512];
	int64_t last = 0;

	(void)state;
	pump_swap(&ada, &grace);
	pump_profile(&ada, "name=Ada\ntitle=Countess");
	(void)pump_meet(&ada, &grace);
	go_back(&ada);
	(void)pump_news(&ada, &last, text);
	for (size_t i = 0; i < 3; i++) {
		struct pump_meeting m = {.on_answer = garble_answer, .ctx = whose[i]};
		assert_true(pump_meet_as(&ada, &grace, &m));
		assert_int_equal(pump_count(&m, &ada, KITH_PARCEL_RECALL, KITH_OUTCOME_TAKEN), 1);
		assert_int_equal(number(&ada), 1);
		assert_int_equal(count(&ada, "SELECT count(*) FROM mine_returned"), 0);
		/* not asked for again, but by a node that begins anew */
		assert_int_equal(pump_meet(&ada, &grace).n, 0);
		pump_rekeep(&ada);
	}
	assert_string_equal(pump_news(&ada, &last, text), "");
}

static void say_no(void *ctx, struct pump_person *from, uint64_t kind, enum kith_outcome *outcome,
	struct kith_buf *bytes)
{
	(void)from;
	if (kind != KITH_PARCEL_RECALL)
		return;
	*outcome = *(const enum kith_outcome *)ctx;
	kith_buf_clear(bytes);
}

/* Refused is not to be sent again; later is. */
static void they_will_not_give_it(void **state)
{
	enum kith_outcome outcomes[] = {KITH_OUTCOME_LATER, KITH_OUTCOME_REFUSED};

	(void)state;
	pump_swap(&ada, &grace);
	pump_profile(&ada, "name=Ada\ntitle=Countess");
	(void)pump_meet(&ada, &grace);
	go_back(&ada);
	for (size_t i = 0; i < 2; i++) {
		struct pump_meeting m = {.on_answer = say_no, .ctx = &outcomes[i]};
		assert_true(pump_meet_as(&ada, &grace, &m));
		assert_int_equal(pump_count(&m, &ada, KITH_PARCEL_RECALL, outcomes[i]), 1);
		/* after that mine goes, and is older than what she has */
		assert_int_equal(pump_count(&m, &ada, KITH_PARCEL_CARD, KITH_OUTCOME_REFUSED), i);
	}
	assert_int_equal(pump_meet(&ada, &grace).n, 0);
}

static bool is_foreign(void *ctx, const struct kith_holding *h)
{
	*(bool *)ctx = h->foreign;
	return true;
}

static bool foreign(struct pump_person *p)
{
	bool is = false;

	assert_ok(kith_store_ledger(p->store, 0, is_foreign, &is));
	return is;
}

/* Another copy of the key has used my number, and Grace has that one: mine is still owed to her. */
static void a_card_with_my_number(void **state)
{
	enum kith_outcome later = KITH_OUTCOME_LATER;
	struct pump_meeting m = {.on_answer = say_no, .ctx = &later};

	(void)state;
	pump_swap(&ada, &grace);
	pump_profile(&ada, "name=Ada\ntitle=Left");
	(void)pump_meet(&ada, &grace);
	go_back(&ada);
	pump_profile(&ada, "name=Ada\ntitle=Right");
	assert_true(pump_meet_as(&ada, &grace, &m));
	assert_false(contact(&ada, &grace).delivered); /* though nothing was promised */
	pump_half(&ada, &grace, 9);
	m = (struct pump_meeting){.on_answer = say_no, .ctx = &later};
	assert_true(pump_meet_as(&ada, &grace, &m));
	assert_int_equal(count(&ada, "SELECT rev FROM debt"), 2);
	assert_true(foreign(&ada));
	assert_true(pump_meet(&ada, &grace).met);
	assert_int_equal(count(&ada, "SELECT count(*) FROM debt"), 0);
	assert_true(contact(&ada, &grace).delivered);
	assert_false(foreign(&ada));
	assert_true(says(&grace, "right"));
}

/* RETURNED_MAX are kept; then nothing is asked for any more. */
static void so_many_came_back(void **state)
{
	(void)state;
	pump_swap(&ada, &grace);
	pump_profile(&ada, "name=Ada\ntitle=Countess");
	(void)pump_meet(&ada, &grace);
	go_back(&ada);
	world_sql(ada.home,
		"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 64) "
		"INSERT INTO mine_returned (hash, rev, card, envelope, contact, at) SELECT printf('%.32d', i), i, x'0102030405060708', "
		"x'00', NULL, 1 FROM n");
	world_sql(ada.home, "UPDATE mine_returned SET hash = CAST(hash AS BLOB)");
	assert_int_equal(KITH_RETURNED_MAX, 64); /* stands in the statement */
	struct pump_meeting m = pump_meet(&ada, &grace);
	assert_int_equal(pump_count(&m, &ada, KITH_PARCEL_RECALL, KITH_OUTCOME_TAKEN), 0);
	world_sql(ada.home, "DELETE FROM mine_returned WHERE rev = 1");
	m = pump_meet(&ada, &grace);
	assert_int_equal(pump_count(&m, &ada, KITH_PARCEL_RECALL, KITH_OUTCOME_TAKEN), 1);
	assert_int_equal(count(&ada, "SELECT count(*) FROM mine_returned"), KITH_RETURNED_MAX);
}

/* One came back: of card id `card`, with that number, the `which`th of all. */
static void bring(uint8_t card, uint64_t rev, uint8_t which)
{
	struct kith_returned r = {.rev = rev,
		.hash = {which},
		.card = {card},
		.envelope = kith_span_str("an envelope"),
		.contact = pump_contact(&ada, &grace),
		.at = 1000 + which};

	assert_ok(kith_store_returned_put(ada.store, &r));
}

static bool list_one(void *ctx, const struct kith_returned *r)
{
	char *text = ctx;
	size_t n = strlen(text);

	(void)snprintf(text + n, 512 - n, "%s%d:%llu", n ? " " : "", r->hash[0],
		(unsigned long long)r->rev);
	if (r->of > 1)
		(void)snprintf(text + strlen(text), 512 - strlen(text), "(%zu/%zu)", r->nth, r->of);
	return true;
}

static const char *open_ones(void)
{
	static char text[512];

	text[0] = 0;
	assert_ok(kith_store_returned(ada.store, list_one, text));
	return text;
}

/* What nobody has to decide about any more is listed no more, and not asked for again. */
static void what_is_settled(void **state)
{
	struct kith_cards_signing signing = {.id = ada.id, .rekey = true, .now = 1, .all = true};
	char text[512];
	int64_t last = 0;
	bool known;
	size_t n;

	(void)state;
	pump_swap(&ada, &grace);
	(void)pump_news(&ada, &last, text);
	bring(1, 5, 1);
	bring(1, 7, 2); /* the later one of that card */
	bring(1, 6, 3); /* no news, behind it */
	bring(1, 7, 4); /* but another with its number is */
	bring(2, 3, 5);
	assert_string_equal(open_ones(), "2:7(1/2) 4:7(2/2) 5:3");
	assert_string_equal(pump_news(&ada, &last, text), "returned|returned|returned|returned");
	assert_ok(kith_store_returned_settle(ada.store, (uint8_t[32]){4}));
	assert_string_equal(open_ones(), "2:7 5:3");
	for (uint8_t i = 1; i <= 5; i++) {
		assert_ok(kith_store_mine_known(ada.store, 9, (uint8_t[32]){i}, &known));
		assert_true(known);
	}
	assert_int_equal(
		count(&ada, "SELECT count(*) FROM mine_returned WHERE length(envelope) > 0"), 2);
	assert_ok(kith_store_cards_sign(ada.store, &signing, &n));
	assert_string_equal(open_ones(), "");
	bring(1, 6, 6); /* what was by the key before says nothing about it */
	assert_string_equal(open_ones(), "6:6");
	assert_string_equal(pump_news(&ada, &last, text), "returned");
}

/* Of what is settled RETURNED_MAX hashes stay, and take no place of what is not. */
static void so_many_are_settled(void **state)
{
	(void)state;
	pump_swap(&ada, &grace);
	for (uint8_t i = 1; i <= KITH_RETURNED_MAX + 2; i++) {
		bring(1, i, i);
		if (i < KITH_RETURNED_MAX + 2)
			assert_int_equal(count(&ada, "SELECT count(*) FROM mine_returned"), i);
	}
	assert_int_equal(count(&ada, "SELECT count(*) FROM mine_returned"), KITH_RETURNED_MAX + 1);
	assert_int_equal(count(&ada, "SELECT min(rev) FROM mine_returned"), 2);
	assert_int_equal(count(&ada, "SELECT count(*) FROM mine_returned WHERE settled = 0"), 1);
}

static void ask_for_it(void *ctx, struct pump_person *from, uint64_t *kind, struct kith_buf *bytes)
{
	uint8_t hash[32];

	if (from != &grace)
		return;
	*kind = KITH_PARCEL_RECALL;
	kith_buf_clear(bytes);
	pump_envelope(ctx ? ctx : &grace, bytes);
	kith_card_hash(kith_buf_span(bytes), hash);
	kith_buf_clear(bytes);
	assert_ok(kith_buf_add(bytes, hash, sizeof hash));
}

/* What I hold of them goes back to them, and nothing else. */
static void what_is_given_back(void **state)
{
	struct pump_meeting m = {.on_parcel = ask_for_it};

	(void)state;
	pump_swap(&ada, &grace);
	(void)pump_meet(&ada, &grace);
	pump_profile(&grace, "name=Grace\ntitle=Admiral");
	assert_true(pump_meet_as(&ada, &grace, &m));
	assert_int_equal(
		m.at[0].outcome, KITH_OUTCOME_REFUSED); /* ada does not hold the new one yet */
	pump_profile(&grace, "name=Grace\ntitle=Rear Admiral");
	m = (struct pump_meeting){.on_parcel = ask_for_it, .ctx = &ada};
	assert_true(pump_meet_as(&ada, &grace, &m));
	assert_int_equal(m.at[0].outcome, KITH_OUTCOME_REFUSED); /* nor her own */
}

/* --- who is not to be heard ------------------------------------------------------------------- */

static void blocked(void **state)
{
	bool is;

	(void)state;
	pump_swap(&ada, &grace);
	pump_profile(&ada, "name=Ada\ntitle=Countess");
	assert_ok(kith_store_block(grace.store, pump_contact(&grace, &ada), true, 9));
	assert_ok(kith_store_is_blocked(grace.store, kith_identity_ik(ada.id), &is));
	assert_true(is);
	assert_true(contact(&grace, &ada).blocked);
	assert_false(pump_meet(&ada, &grace).met);
	assert_false(due(&grace, &ada));
	assert_ok(kith_store_block(grace.store, pump_contact(&grace, &ada), false, 9));
	assert_ok(kith_store_is_blocked(grace.store, kith_identity_ik(ada.id), &is));
	assert_false(is);
	assert_int_equal(pump_meet(&ada, &grace).n, 1);
	assert_err(kith_store_block(grace.store, 77, true, 9), NOPERSON);
	int64_t typed = world_entry(grace.store, 0, "a-uid", "name=Typed");
	assert_err(kith_store_block(grace.store, typed, true, 9), NOPERSON);
}

static const char *freeze_or_block;

static void change_grace(
	void *ctx, struct pump_person *from, uint64_t *kind, struct kith_buf *bytes)
{
	(void)ctx;
	(void)from;
	(void)kind;
	(void)bytes;
	world_sql(grace.home, freeze_or_block);
}

/* In the midst of a session: what is under way is not taken, and nothing more is given.  T25. */
static void in_the_midst(void **state)
{
	static const struct {
		const char *sql;
		enum kith_outcome outcome;
	} ways[] = {{"UPDATE contact SET frozen = 1", KITH_OUTCOME_REFUSED},
		{"UPDATE contact SET blocked = 1", KITH_OUTCOME_LATER}};

	for (size_t i = 0; i < 2; i++) {
		struct pump_meeting m = {.on_parcel = change_grace};
		freeze_or_block = ways[i].sql;
		pump_swap(&ada, &grace);
		pump_profile(&ada, "name=Ada\ntitle=Countess");
		pump_profile(&grace, "name=Grace\ntitle=Admiral");
		assert_true(pump_meet_as(&ada, &grace, &m));
		assert_int_equal(m.n, 1);
		assert_int_equal(m.at[0].outcome, ways[i].outcome);
		assert_false(says(&grace, "countess"));
		assert_false(pump_meet(&ada, &grace).met);
		assert_false(due(&grace, &ada));
		drop(state);
		make(state);
	}
}

/* --- sizes ------------------------------------------------------------------------------------ */

static void no_more_than_there_is_room_for(void **state)
{
	struct kith_known_host host = kith_keep_host(ada.keep);
	struct kith_buf envelope = {0};
	struct kith_tie tie = {0};
	uint8_t session[32] = {1};
	struct kith_friend who = {
		.tie = &tie, .ik = tie.theirs, .session = session, .standing = {.agreed = true}};
	struct kith_parcel parcel;

	(void)state;
	pump_swap(&ada, &grace);
	tie.contact = pump_contact(&ada, &grace);
	memcpy(tie.theirs, kith_identity_ik(grace.id), 32);
	pump_envelope(&ada, &envelope);
	assert_ok(host.met(host.ctx, &who));
	assert_err(host.next(host.ctx, &who, envelope.n - 1, &parcel), LIMIT);
	assert_ok(host.next(host.ctx, &who, envelope.n, &parcel));
	assert_true(kith_span_eq(parcel.bytes, kith_buf_span(&envelope)));
	assert_err(host.next(host.ctx, &who, KITH_PARCEL_MAX, &parcel), MISSING); /* once */
	host.parted(host.ctx, &who, KITH_ERR_BROKEN);
	kith_buf_free(&envelope);
}

/* --- the circle ------------------------------------------------------------------------------- */

static size_t build(struct pump_person *p, struct kith_circle *circle, size_t most)
{
	size_t calls = 0;
	bool more = true;

	for (; more; calls++)
		assert_ok(kith_keep_circle(p->keep, circle, most, &more));
	return calls;
}

/* So many people with keys, of which nobody has the secret. */
static void crowd(struct pump_person *p, int n)
{
	char sql[512];

	(void)snprintf(sql, sizeof sql,
		"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) "
		"INSERT INTO contact (ik, uuid, added, xk, seen, fold, name, state) "
		"SELECT randomblob(32), randomblob(16), 1, randomblob(32), i, 'p' || i, 'p' || i, 1 "
		"FROM n",
		n);
	world_sql(p->home, sql);
}

static void the_circle_follows(void **state)
{
	struct kith_circle *circle;
	struct kith_tie first;

	(void)state;
	assert_ok(kith_circle_new(&ada.env, &circle));
	build(&ada, circle, 64);
	assert_int_equal(kith_circle_size(circle), 0);
	pump_swap(&ada, &grace);
	crowd(&ada, 9); /* met before Grace or after, as it comes: by `seen` */
	assert_int_equal(build(&ada, circle, 4), 3);
	assert_int_equal(kith_circle_size(circle), 10);
	first = *kith_circle_at(circle, 0);
	assert_int_equal(build(&ada, circle, 4), 1); /* nothing to do */
	world_sql(ada.home, "UPDATE contact SET blocked = 1 WHERE row = 3;"
			    "UPDATE contact SET frozen = 1 WHERE row = 4;"
			    "DELETE FROM contact WHERE row = 5;"
			    "UPDATE contact SET xk = randomblob(32) WHERE row = 6;");
	build(&ada, circle, 64);
	assert_int_equal(kith_circle_size(circle), 7);
	assert_memory_equal(kith_circle_at(circle, 0), &first, sizeof first);
	for (size_t i = 0; i < 7; i++)
		assert_true(kith_circle_at(circle, i)->contact < 3 ||
			    kith_circle_at(circle, i)->contact > 5);
	kith_circle_free(circle);
}

/* The one who was met last comes first, and a meeting makes somebody the last. */
static void met_last_comes_first(void **state)
{
	struct kith_circle *circle;

	(void)state;
	pump_swap(&ada, &grace);
	crowd(&ada, 5);
	assert_true(pump_meet(&ada, &grace).met);
	assert_ok(kith_circle_new(&ada.env, &circle));
	build(&ada, circle, 64);
	assert_int_equal(kith_circle_at(circle, 0)->contact, pump_contact(&ada, &grace));
	kith_circle_free(circle);
}

static void no_more_than_ties_max(void **state)
{
	struct kith_circle *circle;

	(void)state;
	crowd(&ada, KITH_TIES_MAX);
	assert_ok(kith_circle_new(&ada.env, &circle));
	build(&ada, circle, 4096);
	assert_int_equal(kith_circle_size(circle), KITH_TIES_MAX);
	assert_int_equal(kith_keep_left_out(ada.keep), 0);
	pump_swap(&ada, &grace);
	build(&ada, circle, 4096);
	assert_int_equal(kith_circle_size(circle), KITH_TIES_MAX);
	assert_int_equal(kith_keep_left_out(ada.keep), 1);
	bool there = false;
	for (size_t i = 0; i < kith_circle_size(circle); i++)
		there |= kith_circle_at(circle, i)->contact == pump_contact(&ada, &grace);
	assert_true(there); /* who is left out is who was met longest ago */
	kith_circle_free(circle);
}

/* A former key of mine is tried with those alone who have not heard of the new one. */
static void retired_keys(void **state)
{
	static uint8_t secret[32] = {5};
	struct kith_circle *circle;
	size_t old = 0;

	(void)state;
	crowd(&ada, 3);
	world_sql(ada.home, "UPDATE contact SET acknowledged = 2 WHERE row = 1;"
			    "UPDATE contact SET acknowledged = 1 WHERE row = 2;");
	for (uint64_t i = 0; i < 2; i++) {
		ada.retired[i] = (struct kith_retired){.xk_secret = secret, .seq = i + 1};
		memset(ada.retired[i].ik, (int)i + 40, 32);
	}
	ada.n_retired = 2;
	pump_rekeep(&ada);
	assert_ok(kith_circle_new(&ada.env, &circle));
	build(&ada, circle, 64);
	assert_int_equal(kith_circle_size(circle), 3 + 1 + 2);
	for (size_t i = 0; i < kith_circle_size(circle); i++) {
		const struct kith_tie *tie = kith_circle_at(circle, i);
		old += tie->retired;
		assert_false(tie->retired && tie->contact == 1);
		assert_false(tie->retired && tie->contact == 2 && tie->mine[0] == 40);
	}
	assert_int_equal(old, 3);
	kith_circle_free(circle);
}

static uint64_t ms(void)
{
	return kith_env_default()->ticks(NULL);
}

/* The times are printed; what is held to is far above them, for a slow machine. */
static void ten_thousand(void **state)
{
	struct kith_circle *circle;
	bool is;

	(void)state;
	pump_swap(&ada, &grace);
	crowd(&ada, 10000);
	assert_ok(kith_circle_new(&ada.env, &circle));
	uint64_t t = ms();
	build(&ada, circle, 64);
	printf("10,000 ties: %llu ms\n", (unsigned long long)(ms() - t));
	assert_in_range(ms() - t, 0, 20000);
	t = ms();
	build(&ada, circle, 64);
	printf("again, nothing changed: %llu ms\n", (unsigned long long)(ms() - t));
	assert_in_range(ms() - t, 0, 5000);
	t = ms();
	for (int64_t row = 1; row <= 1000; row++)
		assert_ok(kith_keep_due(ada.keep, row, &is));
	printf("due for 1,000 people: %llu ms\n", (unsigned long long)(ms() - t));
	assert_in_range(ms() - t, 0, 20000);
	kith_circle_free(circle);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make, drop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_change_arrives),
		TEST(both_at_once),
		TEST(a_receipt_carries_the_event),
		TEST(clocks_ten_years_wrong),
		TEST(something_went_over),
		TEST(it_arrived_and_nobody_heard),
		TEST(an_older_one_is_ignored),
		TEST(another_of_the_same_number),
		TEST(a_jump_too_far),
		TEST(of_somebody_else),
		TEST(of_another_xk),
		TEST(of_a_kind_unknown),
		TEST(a_pending_swap_completes),
		TEST(the_word_that_came_stays),
		TEST(one_side_agreed),
		TEST(one_side_agreed_and_sends),
		TEST(by_file_until_given),
		TEST(nothing_was_chosen),
		TEST(a_difference_puts_it_back),
		TEST(settled_by_the_key_of_now),
		TEST(acknowledged),
		TEST(a_receipt_is_lost),
		TEST(they_hold_another),
		TEST(an_old_copy_is_put_back),
		TEST(an_old_backup_is_put_back),
		TEST(one_number_twice),
		TEST(a_hash_alone),
		TEST(they_will_not_give_it),
		TEST(a_card_with_my_number),
		TEST(so_many_came_back),
		TEST(what_is_settled),
		TEST(so_many_are_settled),
		TEST(what_is_given_back),
		TEST(blocked),
		TEST(in_the_midst),
		TEST(no_more_than_there_is_room_for),
		TEST(the_circle_follows),
		TEST(met_last_comes_first),
		TEST(no_more_than_ties_max),
		TEST(retired_keys),
		TEST(ten_thousand),
	};
	return cmocka_run_group_tests_name("keep_update", tests, NULL, NULL);
}
