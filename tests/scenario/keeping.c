/* SPDX-License-Identifier: MIT */
#include "keeping.h"

#include <ftw.h>
#include <stdlib.h>

#include "base/auto.h"
#include "ledger.h"
#include "story.h"

#define NOW 1760000000 /* any time: it is only ever shown */

struct keeping {
	struct kith_store *store; /* NULL: the ledger counts */
	char home[512];
	struct ledger ledger;
};

struct keeping *keeping_new(enum keeping_kind kind)
{
	struct keeping *k = calloc(1, sizeof *k);
	struct kith_diag diag = {0};

	if (!k)
		fail_msg("no memory for a story");
	if (kind == KEEPING_LEDGER)
		return k;
	const char *tmp = getenv("TMPDIR");
	(void)snprintf(k->home, sizeof k->home, "%.480s/kith-story-XXXXXX", tmp ? tmp : "/tmp");
	if (!mkdtemp(k->home))
		fail_msg("no folder for a story");
	if (kith_store_open(k->home, KITH_STORE_WRITE, &k->store, &diag))
		fail_msg("no store for a story: %s", diag.text);
	return k;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

void keeping_free(struct keeping *k)
{
	if (!k)
		return;
	if (k->store) {
		kith_store_close(k->store);
		(void)nftw(k->home, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	}
	free(k);
}

enum kith_err keeping_confirm(struct keeping *k, const struct kith_meeting *m)
{
	return k->store ? kith_store_confirm(k->store, m) : ledger_confirm(&k->ledger, m);
}

enum kith_err keeping_confirmed(
	struct keeping *k, const uint8_t session[static 32], enum kith_how theirs)
{
	return k->store ? kith_store_confirmed(k->store, session, theirs)
			: ledger_confirmed(&k->ledger, session, theirs);
}

enum kith_err keeping_card(struct keeping *k, const uint8_t session[static 32],
	const struct kith_card *card, struct kith_span envelope)
{
	return k->store ? kith_store_card(k->store, session, card, envelope, NOW)
			: ledger_card(&k->ledger, session, card, envelope);
}

enum kith_err keeping_receipt(struct keeping *k, const struct kith_receipt *r)
{
	return k->store ? kith_store_receipt(k->store, r) : ledger_receipt(&k->ledger, r);
}

enum kith_err keeping_mismatch(struct keeping *k, const uint8_t session[static 32])
{
	return k->store ? kith_store_mismatch(k->store, session)
			: ledger_mismatch(&k->ledger, session);
}

static bool count_met(void *ctx, const struct kith_met *met)
{
	struct holding *h = ctx;

	h->met++;
	h->both += met->both;
	h->how = met->how;
	return true;
}

static void must(enum kith_err err)
{
	if (err)
		fail_msg("the store cannot be read: %s", kith_err_text(err));
}

struct holding keeping_holds(struct keeping *k, const uint8_t ik[static 32])
{
	struct kith_contact c = {0};
	struct holding h = {0};

	if (!k->store)
		return ledger_holds(&k->ledger, ik);
	enum kith_err err = kith_store_contact_of(k->store, ik, &c);
	if (err == KITH_ERR_NOPERSON)
		return h;
	must(err);
	h = (struct holding){
		.known = true, .state = c.state, .rev = c.rev, .delivered = c.delivered};
	must(kith_store_met(k->store, c.row, count_met, &h));
	kith_contact_free(&c);
	return h;
}

static bool count_one(void *ctx, const struct kith_contact *contact)
{
	(void)contact;
	++*(size_t *)ctx;
	return true;
}

size_t keeping_people(struct keeping *k)
{
	size_t n = 0;

	if (!k->store)
		return k->ledger.people;
	must(kith_store_each(k->store, count_one, &n));
	return n;
}
