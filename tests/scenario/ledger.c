/* SPDX-License-Identifier: MIT */
#include "ledger.h"

static struct ledger_meeting *meeting_of(struct ledger *l, const uint8_t session[static 32])
{
	for (size_t i = 0; i < LEDGER_MEETINGS; i++)
		if (l->meetings[i].used && memcmp(l->meetings[i].session, session, 32) == 0)
			return &l->meetings[i];
	return NULL;
}

static size_t contact_of(const struct ledger *l, const uint8_t ik[static 32])
{
	size_t i = 0;

	while (i < l->people && memcmp(l->contacts[i].ik, ik, 32) != 0)
		i++;
	return i;
}

static struct ledger_meeting *empty_place(struct ledger *l)
{
	size_t i = LEDGER_MEETINGS;

	while (i > 0 && !l->meetings[i - 1].used)
		i--;
	return i < LEDGER_MEETINGS ? &l->meetings[i] : NULL;
}

enum kith_err ledger_confirm(struct ledger *l, const struct kith_meeting *m)
{
	size_t contact = contact_of(l, m->ik);
	struct ledger_meeting *met = empty_place(l);

	if (meeting_of(l, m->session))
		return KITH_OK;
	if (!met || contact == LEDGER_PEOPLE)
		return KITH_ERR_STORE_FULL;
	if (contact == l->people) {
		l->contacts[contact] = (struct ledger_contact){0};
		memcpy(l->contacts[contact].ik, m->ik, 32);
		l->people++;
	}
	*met = (struct ledger_meeting){
		.used = true, .contact = contact, .mine = m->how, .owed = m->i_give, .rev = m->rev};
	memcpy(met->session, m->session, 32);
	memcpy(met->xk, m->xk, 32);
	memcpy(met->card, m->card, sizeof met->card);
	return KITH_OK;
}

enum kith_err ledger_confirmed(
	struct ledger *l, const uint8_t session[static 32], enum kith_how theirs)
{
	struct ledger_meeting *met = meeting_of(l, session);

	if (!met)
		return KITH_ERR_NOPERSON;
	if (!met->both)
		met->theirs = theirs;
	met->both = true;
	return KITH_OK;
}

enum kith_err ledger_card(struct ledger *l, const uint8_t session[static 32],
	const struct kith_card *card, struct kith_span envelope)
{
	struct ledger_meeting *met = meeting_of(l, session);
	struct ledger_contact *c = met ? &l->contacts[met->contact] : NULL;
	uint8_t hash[32];

	if (!met)
		return KITH_ERR_NOPERSON;
	if (memcmp(c->ik, card->ik, 32) != 0 || memcmp(met->xk, card->xk, 32) != 0)
		return KITH_ERR_SUBJECT;
	kith_card_hash(envelope, hash);
	if (c->has_card && memcmp(c->card, card->card, 8) == 0) {
		if (card->rev == c->rev && memcmp(hash, c->hash, 32) != 0)
			return KITH_ERR_CONFLICT;
		if (card->rev <= c->rev)
			return KITH_OK;
	}
	c->has_card = true;
	c->rev = card->rev;
	memcpy(c->card, card->card, 8);
	memcpy(c->hash, hash, 32);
	return KITH_OK;
}

enum kith_err ledger_receipt(struct ledger *l, const struct kith_receipt *r)
{
	struct ledger_meeting *met = meeting_of(l, r->session);

	if (!met)
		return KITH_ERR_NOPERSON;
	l->contacts[met->contact].receipted = true;
	for (size_t i = 0; i < LEDGER_MEETINGS; i++) {
		struct ledger_meeting *debt = &l->meetings[i];
		if (debt->used && debt->contact == met->contact && debt->rev <= r->rev &&
			memcmp(debt->card, r->card, 8) == 0)
			debt->owed = false;
	}
	return KITH_OK;
}

static bool any_meeting(const struct ledger *l, size_t contact)
{
	for (size_t i = 0; i < LEDGER_MEETINGS; i++)
		if (l->meetings[i].used && l->meetings[i].contact == contact)
			return true;
	return false;
}

/* Closes the gap, so that a place in contacts stays a place. */
static void drop_contact(struct ledger *l, size_t contact)
{
	for (size_t i = contact + 1; i < l->people; i++)
		l->contacts[i - 1] = l->contacts[i];
	l->people--;
	for (size_t i = 0; i < LEDGER_MEETINGS; i++)
		if (l->meetings[i].used && l->meetings[i].contact > contact)
			l->meetings[i].contact--;
}

enum kith_err ledger_mismatch(struct ledger *l, const uint8_t session[static 32])
{
	struct ledger_meeting *met = meeting_of(l, session);

	if (!met)
		return KITH_OK;
	met->used = false;
	if (!l->contacts[met->contact].has_card && !any_meeting(l, met->contact))
		drop_contact(l, met->contact);
	return KITH_OK;
}

static enum kith_how weaker(const struct ledger_meeting *m)
{
	return m->both && m->theirs < m->mine ? m->theirs : m->mine;
}

struct holding ledger_holds(const struct ledger *l, const uint8_t ik[static 32])
{
	struct holding h = {0};
	size_t contact = contact_of(l, ik);
	bool owed = false;

	if (contact == l->people)
		return h;
	h.known = true;
	h.rev = l->contacts[contact].rev;
	h.state = l->contacts[contact].has_card ? KITH_CONTACT_COMPLETE : KITH_CONTACT_PENDING;
	for (size_t i = 0; i < LEDGER_MEETINGS; i++) {
		const struct ledger_meeting *m = &l->meetings[i];
		if (!m->used || m->contact != contact)
			continue;
		h.met++;
		h.both += m->both;
		h.how = weaker(m);
		owed = owed || m->owed;
	}
	h.delivered = l->contacts[contact].receipted && !owed;
	return h;
}
