/* SPDX-License-Identifier: MIT */
#include "base/text.h"
#include "store/entry.h"
#include "store/fields.h"

static enum kith_err by_key(
	struct kith_store *store, const uint8_t uuid[static KITH_UID_BYTES], int64_t *ret_contact)
{
	struct kith_query q =
		kith_query(store, "SELECT row FROM contact WHERE uuid = ?1 AND ik IS NOT NULL");

	kith_bind_blob(&q, uuid, KITH_UID_BYTES);
	*ret_contact = kith_query_row(&q) ? kith_column_int(&q, 0) : 0;
	return kith_query_end(&q);
}

static enum kith_err by_address(
	struct kith_store *store, int64_t same, int64_t *ret_contact, int64_t *ret_entry)
{
	struct kith_query q = kith_query(
		store, "SELECT contact, entry FROM field WHERE same = ?1 ORDER BY entry LIMIT 1");

	kith_bind_int(&q, same);
	*ret_entry = 0;
	if (kith_query_row(&q)) {
		*ret_contact = kith_column_int(&q, 0);
		*ret_entry = kith_column_int(&q, 1);
	}
	return kith_query_end(&q);
}

/* The first entry that has the name and one of the addresses. */
static enum kith_err by_name(struct kith_store *store, const struct kith_fields *fields,
	int64_t *ret_contact, int64_t *ret_entry)
{
	KITH_AUTO_BUF struct kith_buf name = {0};
	enum kith_err err = kith_fold(&name, kith_fields_name(fields));

	*ret_entry = 0;
	for (size_t i = 0; !err && name.n && i < fields->n; i++) {
		int64_t same, contact, entry = 0;
		err = kith_fields_same(kith_buf_span(&name), &fields->at[i], &same);
		if (!err && same)
			err = by_address(store, same, &contact, &entry);
		if (err || entry == 0 || (*ret_entry && *ret_entry < entry))
			continue;
		*ret_entry = entry;
		*ret_contact = contact;
	}
	return err;
}

static enum kith_err match(struct kith_store *store, struct kith_span uid,
	const struct kith_fields *fields, enum kith_match *ret_match, int64_t *ret_contact,
	int64_t *ret_entry)
{
	uint8_t uuid[KITH_UID_BYTES];
	enum kith_err err = KITH_OK;

	if (uid.n) {
		kith_uuid_of_text(uid, uuid);
		*ret_match = KITH_MATCH_UID;
		err = kith_entry_of_uuid(store, uuid, ret_entry, ret_contact);
		if (err || *ret_entry)
			return err;
		*ret_match = KITH_MATCH_SIGNED;
		err = by_key(store, uuid, ret_contact);
		if (err || *ret_contact)
			return err;
	}
	err = by_name(store, fields, ret_contact, ret_entry);
	*ret_match = *ret_entry ? KITH_MATCH_NAME : KITH_MATCH_NONE;
	return err;
}

enum kith_err kith_store_match(struct kith_store *store, struct kith_span uid,
	const struct kith_fields *fields, enum kith_match *ret_match, int64_t *ret_contact,
	int64_t *ret_entry)
{
	enum kith_match how = KITH_MATCH_NONE;
	int64_t contact = 0, entry = 0;
	enum kith_err err = match(store, uid, fields, &how, &contact, &entry);

	if (err)
		return err;
	*ret_match = how;
	*ret_contact = contact;
	*ret_entry = entry;
	return KITH_OK;
}
