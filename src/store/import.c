/* SPDX-License-Identifier: MIT */
#include "store/accept.h"
#include "store/contact.h"
#include "store/keys.h"

/* A card by a key from which none is taken any more: KITH_OK only when it is kept already. */
static enum kith_err import_stale(
	struct kith_store *store, int64_t contact, const struct kith_card *card)
{
	bool kept;
	uint8_t hash[32];
	struct kith_query q =
		kith_query(store, "SELECT 1 FROM card WHERE contact = ?1 AND hash = ?2");

	kith_card_prev(card->body, hash);
	kith_bind_int(&q, contact);
	kith_bind_blob(&q, hash, sizeof hash);
	kept = kith_query_row(&q);
	enum kith_err err = kith_query_end(&q);
	return err || kept ? err : KITH_ERR_STALEKEY;
}

static enum kith_err import(struct kith_store *store, const struct kith_card *card,
	struct kith_span envelope, int64_t now, enum kith_import *ret_what, bool *ret_known)
{
	int64_t row;
	bool former;
	enum kith_err err = kith_keys_find(store, card->ik, &row, &former);

	if (err)
		return err;
	*ret_known = row != 0;
	if ((err = kith_keys_may(store, card->ik)))
		return err == KITH_ERR_STALEKEY ? import_stale(store, row, card) : err;
	if ((err = kith_contact_take(store, card->ik, now, &row)))
		return err;
	return kith_accept(store, row, card, envelope, KITH_ACCEPT_FILE, now, ret_what);
}

enum kith_err kith_store_import(struct kith_store *store, const struct kith_card *card,
	struct kith_span envelope, int64_t now, enum kith_import *ret_what)
{
	enum kith_import what = KITH_IMPORT_SAME;
	bool known = false;
	enum kith_err err = kith_db_begin(store);

	if (err)
		return err;
	err = import(store, card, envelope, now, &what, &known);
	if ((err = kith_accept_end(store, err)))
		return err;
	*ret_what = known ? what : KITH_IMPORT_NEW;
	return KITH_OK;
}
