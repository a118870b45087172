/* SPDX-License-Identifier: MIT */
#include "store/accept.h"
#include "store/contact.h"

enum kith_err kith_store_import(struct kith_store *store, const struct kith_card *card,
	struct kith_span envelope, int64_t now, enum kith_import *ret_what)
{
	enum kith_import what = KITH_IMPORT_SAME;
	bool known;
	int64_t row = 0;
	enum kith_err err = kith_db_begin(store);

	if (err)
		return err;
	struct kith_query q = kith_query(store, "SELECT row FROM contact WHERE ik = ?1");
	kith_bind_blob(&q, card->ik, sizeof card->ik);
	known = kith_query_row(&q);
	err = kith_query_end(&q);
	if (!err)
		err = kith_contact_take(store, card->ik, now, &row);
	if (!err)
		err = kith_accept(store, row, card, envelope, KITH_ACCEPT_FILE, now, &what);
	if ((err = kith_accept_end(store, err)))
		return err;
	*ret_what = known ? what : KITH_IMPORT_NEW;
	return KITH_OK;
}
