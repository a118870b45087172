/* SPDX-License-Identifier: MIT */
#include "cli/holding.h"

#include "base/auto.h"
#include "base/limits.h"
#include "base/text.h"
#include "cli/person.h"
#include "cli/words.h"

#define NAME_BYTES (4 * KITH_CARD_NAME_MAX + 8)

/* How it is known. */
static enum kith_err add_proof(struct kith_buf *out, const struct kith_holding *h)
{
	char date[KITH_DATE_CHARS], event[4 * KITH_SHOWN_NAME];

	kith_words_date(h->at, date);
	kith_show_in(event, sizeof event, h->event, KITH_SHOWN_NAME);
	switch (h->proof) {
	case KITH_PROOF_RECEIPT:
		return kith_buf_printf(out, "receipt signed by their key, %s%s%s", date,
			*event ? ", " : "", event);
	case KITH_PROOF_TOLD:
		return kith_buf_printf(out, "they said so when you met on %s", date);
	case KITH_PROOF_NONE:
		break;
	}
	return kith_buf_add_str(out, "not confirmed yet");
}

static enum kith_err add_held(struct kith_buf *out, const struct kith_holding *h)
{
	char name[NAME_BYTES];
	struct kith_span card = h->rev ? h->card : h->given;
	uint64_t rev = h->rev ? h->rev : h->given_rev;

	kith_show_in(name, sizeof name, card, KITH_CARD_NAME_MAX);
	if (h->foreign)
		return kith_buf_add_str(out, "a card that was not signed here: ");
	if (h->rev == 0 && h->proof != KITH_PROOF_NONE)
		return kith_buf_add_str(out, "nothing: ");
	if (rev == 0)
		return kith_buf_add_str(out, "nothing that is known: ");
	return kith_buf_printf(out, "%s, revision %llu: ", *name ? name : "a card that is not here",
		(unsigned long long)rev);
}

/* What they get when they are met; n == 0 in given: nothing. */
static enum kith_err add_given(struct kith_buf *out, const struct kith_holding *h)
{
	char name[NAME_BYTES];

	kith_show_in(name, sizeof name, h->given, KITH_CARD_NAME_MAX);
	if (h->given.n == 0)
		return h->asked_back == KITH_LETGO_NOT_ASKED
			       ? kith_buf_add_str(out, "; gets nothing more")
			       : KITH_OK;
	if (h->rev == h->given_rev)
		return KITH_OK;
	if (h->blocked || h->frozen)
		return kith_buf_printf(
			out, "; gets nothing while they are %s", h->blocked ? "blocked" : "frozen");
	if (h->refused)
		return kith_buf_printf(out,
			"; they refused %s, revision %llu: a change of your card is offered again",
			name, (unsigned long long)h->given_rev);
	if (h->rev == 0 && h->proof == KITH_PROOF_NONE)
		return KITH_OK;
	return kith_buf_printf(out, "; gets %s, revision %llu, when you meet", name,
		(unsigned long long)h->given_rev);
}

static enum kith_err add_asked(struct kith_buf *out, const struct kith_holding *h)
{
	char date[KITH_DATE_CHARS];

	kith_words_date(h->asked_at, date);
	switch (h->asked_back) {
	case KITH_LETGO_NOT_ASKED:
		return KITH_OK;
	case KITH_LETGO_OPEN:
		return kith_buf_printf(out, "; asked back on %s, no answer yet", date);
	case KITH_LETGO_GONE:
		return kith_buf_printf(out, "; asked back, they say they let go of it on %s", date);
	case KITH_LETGO_KEPT:
		return kith_buf_printf(out, "; asked back, they keep it, said on %s", date);
	case KITH_LETGO_NONE:
		break;
	}
	return kith_buf_printf(out, "; asked back on %s, their kith has no such card", date);
}

enum kith_err kith_holding_words(struct kith_buf *out, const struct kith_holding *h)
{
	enum kith_err err = add_held(out, h);

	if (!err)
		err = add_proof(out, h);
	if (!err)
		err = add_given(out, h);
	return err ? err : add_asked(out, h);
}

static const char *proof_name(enum kith_proof proof)
{
	return proof == KITH_PROOF_RECEIPT ? "receipt" : proof == KITH_PROOF_TOLD ? "told" : "none";
}

static json_t *asked_json(enum kith_letgo asked)
{
	static const char *const names[] = {"open", "gone", "kept", "none"};

	return asked < KITH_LETGO_OPEN || asked > KITH_LETGO_NONE ? json_null()
								  : json_string(names[asked]);
}

static json_t *name_json(struct kith_span name)
{
	return name.n ? kith_json_text(name) : json_null();
}

static int set_who(json_t *o, struct kith_store *store, int64_t contact)
{
	KITH_AUTO(kith_contact_free) struct kith_contact c = {0};
	char id[KITH_ID_CHARS + 1];

	if (kith_store_contact(store, contact, &c))
		return -1;
	return json_object_set_new(o, "id", json_string(kith_person_id(&c, id)));
}

json_t *kith_holding_json(struct kith_store *store, const struct kith_holding *h)
{
	char date[KITH_DATE_CHARS];
	json_t *o = json_object();
	int bad = set_who(o, store, h->contact);

	bad |= json_object_set_new(o, "name", kith_json_text(h->person));
	bad |= json_object_set_new(o, "given", name_json(h->given));
	bad |= json_object_set_new(o, "given_revision", json_integer((json_int_t)h->given_rev));
	bad |= json_object_set_new(o, "card", name_json(h->card));
	bad |= json_object_set_new(o, "revision", json_integer((json_int_t)h->rev));
	bad |= json_object_set_new(o, "signed_here", json_boolean(!h->foreign));
	bad |= json_object_set_new(o, "proof", json_string(proof_name(h->proof)));
	bad |= json_object_set_new(
		o, "at", h->at ? json_string(kith_words_iso(h->at, date)) : json_null());
	bad |= json_object_set_new(o, "event", name_json(h->event));
	bad |= json_object_set_new(o, "owed", json_boolean(h->owed));
	bad |= json_object_set_new(o, "refused", json_boolean(h->refused));
	bad |= json_object_set_new(o, "asked_back", asked_json(h->asked_back));
	if (!bad)
		return o;
	json_decref(o);
	return NULL;
}
