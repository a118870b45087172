/* SPDX-License-Identifier: MIT */
#include "store/entry.h"

#include "base/limits.h"
#include "base/text.h"
#include "store/contact.h"
#include "store/fields.h"
#include "store/search.h"

enum kith_err kith_entry_of_uuid(struct kith_store *store,
	const uint8_t uuid[static KITH_UID_BYTES], int64_t *ret_row, int64_t *ret_contact)
{
	struct kith_query q = kith_query(store, "SELECT row, contact FROM entry WHERE uuid = ?1");

	kith_bind_blob(&q, uuid, KITH_UID_BYTES);
	*ret_row = 0;
	if (kith_query_row(&q)) {
		*ret_row = kith_column_int(&q, 0);
		*ret_contact = kith_column_int(&q, 1);
	}
	return kith_query_end(&q);
}

enum kith_err kith_contact_keyed(struct kith_store *store, int64_t contact, bool *ret_keyed)
{
	struct kith_query q =
		kith_query(store, "SELECT ik IS NOT NULL FROM contact WHERE row = ?1");

	kith_bind_int(&q, contact);
	bool found = kith_query_row(&q);
	if (found)
		*ret_keyed = kith_column_int(&q, 0);
	enum kith_err err = kith_query_end(&q);
	return err || found ? err : KITH_ERR_NOPERSON;
}

static enum kith_err contact_of_entry(struct kith_store *store, int64_t row, int64_t *ret_contact)
{
	struct kith_query q = kith_query(store, "SELECT contact FROM entry WHERE row = ?1");

	kith_bind_int(&q, row);
	bool found = kith_query_row(&q);
	if (found)
		*ret_contact = kith_column_int(&q, 0);
	enum kith_err err = kith_query_end(&q);
	return err || found ? err : KITH_ERR_MISSING;
}

/* What a put needs to know before it writes. */
struct put {
	struct kith_store *store;
	const struct kith_entry *entry;
	const struct kith_entry_content *content;
	int64_t now;
	int64_t contact; /* 0: a new person */
	uint8_t uuid[KITH_UID_BYTES];
};

static enum kith_err look(struct put *p)
{
	int64_t had, whose;
	bool keyed;
	enum kith_err err = KITH_OK;

	if (p->entry->uid.n == 0)
		return KITH_ERR_VALUE;
	if (p->entry->vcard.n > KITH_ENTRY_MAX)
		return KITH_ERR_LIMIT;
	kith_uuid_of_text(p->entry->uid, p->uuid);
	p->contact = p->entry->contact;
	if (p->entry->row)
		err = contact_of_entry(p->store, p->entry->row, &p->contact);
	else if (p->contact)
		err = kith_contact_keyed(p->store, p->contact, &keyed);
	if (!err)
		err = kith_entry_of_uuid(p->store, p->uuid, &had, &whose);
	if (!err && had && had != p->entry->row)
		err = KITH_ERR_EXISTS;
	return err;
}

static enum kith_err add_entry(const struct put *p, int64_t contact, int64_t *ret_row)
{
	struct kith_query q = kith_query(p->store,
		"INSERT INTO entry (contact, uuid, uid, imported, added, at, words, vcard) "
		"VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6, ?7)");

	kith_bind_int(&q, contact);
	kith_bind_blob(&q, p->uuid, sizeof p->uuid);
	kith_bind_text(&q, p->entry->uid);
	kith_bind_int(&q, p->entry->imported);
	kith_bind_int(&q, p->now);
	kith_bind_text(&q, p->content->words);
	kith_bind_blob(&q, p->entry->vcard.p, p->entry->vcard.n);
	enum kith_err err = kith_query_run(&q);
	if (!err)
		*ret_row = sqlite3_last_insert_rowid(p->store->db);
	return err;
}

static enum kith_err change_entry(const struct put *p)
{
	struct kith_query q = kith_query(p->store, "UPDATE entry SET uuid = ?2, uid = ?3, "
						   "imported = ?4, at = ?5, words = ?6, vcard = ?7 "
						   "WHERE row = ?1");

	kith_bind_int(&q, p->entry->row);
	kith_bind_blob(&q, p->uuid, sizeof p->uuid);
	kith_bind_text(&q, p->entry->uid);
	kith_bind_int(&q, p->entry->imported);
	kith_bind_int(&q, p->now);
	kith_bind_text(&q, p->content->words);
	kith_bind_blob(&q, p->entry->vcard.p, p->entry->vcard.n);
	return kith_query_run(&q);
}

/* --- for somebody who is there ---------------------------------------------------------------- */

static enum kith_err put_beside(const struct put *p, int64_t *ret_row)
{
	int64_t row = p->entry->row;
	enum kith_err err = row ? change_entry(p) : add_entry(p, p->contact, &row);

	if (p->entry->row) /* what it said before */
		p->store->scrub |= KITH_SCRUB_WORDS;
	if (!err && p->entry->row)
		err = kith_fields_remove(p->store, p->contact, row);
	if (!err)
		err = kith_fields_put(p->store, p->contact, row, p->content->fields);
	if (!err)
		err = kith_contact_refresh(p->store, p->contact);
	if (!err)
		*ret_row = row;
	return err;
}

/* --- a new person, whose repeated columns are known without asking ---------------------------- */

static enum kith_err add_contact(const struct put *p, struct kith_span fold, int64_t *ret_contact)
{
	const struct kith_field *org = kith_fields_first(p->content->fields, KITH_FIELD_ORG);
	const struct kith_field *bday = kith_fields_first(p->content->fields, KITH_FIELD_BDAY);
	struct kith_query q = kith_query(p->store,
		"INSERT INTO contact (uuid, added, state, name, fold, org, entries, org_key, birthday) "
		"VALUES (?1, ?2, ?3, ?4, ?5, ?6, 1, nullif(org_key(?6), ''), birthday(?7))");

	kith_bind_blob(&q, p->uuid, sizeof p->uuid);
	kith_bind_int(&q, p->now);
	kith_bind_int(&q, KITH_CONTACT_TYPED);
	kith_bind_text(&q, kith_fields_name(p->content->fields));
	kith_bind_text(&q, fold);
	kith_bind_text(&q, org ? org->part[0] : kith_span("", 0));
	kith_bind_text(&q, bday ? bday->part[0] : kith_span("", 0));
	enum kith_err err = kith_query_run(&q);
	if (!err)
		*ret_contact = sqlite3_last_insert_rowid(p->store->db);
	return err;
}

static enum kith_err search_text(const struct put *p, struct kith_search *s)
{
	const struct kith_fields *fields = p->content->fields;
	struct kith_span name = kith_fields_name(fields);
	enum kith_err err = KITH_OK;

	for (size_t i = 0; !err && i < fields->n; i++)
		err = kith_fields_search(&fields->at[i], name, s);
	return err ? err : kith_search_text(&s->text, p->content->words);
}

static enum kith_err put_new(const struct put *p, int64_t *ret_contact, int64_t *ret_row)
{
	KITH_AUTO(kith_search_free) struct kith_search s = {0};
	int64_t contact, row;
	enum kith_err err = kith_fold(&s.name, kith_fields_name(p->content->fields));

	if (!err)
		err = search_text(p, &s);
	if (!err)
		err = add_contact(p, kith_buf_span(&s.name), &contact);
	if (!err)
		err = add_entry(p, contact, &row);
	if (!err)
		err = kith_fields_put(p->store, contact, row, p->content->fields);
	if (!err)
		err = kith_search_add(p->store, contact, &s);
	if (err)
		return err;
	*ret_contact = contact;
	*ret_row = row;
	return KITH_OK;
}

enum kith_err kith_store_entry_put(struct kith_store *store, struct kith_entry *entry,
	const struct kith_entry_content *content, int64_t now)
{
	struct put p = {.store = store, .entry = entry, .content = content, .now = now};
	int64_t row = 0;
	enum kith_err err = kith_db_begin_sure(store);

	if (err)
		return err;
	if (!(err = look(&p)))
		err = p.contact ? put_beside(&p, &row) : put_new(&p, &p.contact, &row);
	if ((err = kith_db_end_sure(store, err)))
		return err;
	entry->row = row;
	entry->contact = p.contact;
	entry->at = now;
	return KITH_OK;
}

/* --- taking away and looking ------------------------------------------------------------------ */

static enum kith_err remove_entry(struct kith_store *store, int64_t row)
{
	int64_t contact;
	bool keyed, more;
	enum kith_err err = contact_of_entry(store, row, &contact);

	if (!err)
		err = kith_contact_keyed(store, contact, &keyed);
	if (err)
		return err;
	store->scrub |= KITH_SCRUB_WORDS;
	struct kith_query q = kith_query(store, "DELETE FROM entry WHERE row = ?1");
	kith_bind_int(&q, row);
	if ((err = kith_query_run(&q)) || (err = kith_fields_remove(store, contact, row)))
		return err;
	q = kith_query(store, "SELECT 1 FROM entry WHERE contact = ?1 LIMIT 1");
	kith_bind_int(&q, contact);
	more = kith_query_row(&q);
	if ((err = kith_query_end(&q)))
		return err;
	if (keyed || more)
		return kith_contact_refresh(store, contact);
	return kith_contact_remove(store, contact);
}

enum kith_err kith_store_entry_remove(struct kith_store *store, int64_t row)
{
	enum kith_err err = kith_db_begin(store);

	return err ? err : kith_db_end(store, remove_entry(store, row));
}

enum kith_err kith_store_entries(
	struct kith_store *store, int64_t contact, kith_entry_fn fn, void *ctx)
{
	bool more = true;
	struct kith_query q = kith_query(store,
		"SELECT row, home IS NOT NULL, imported, at, uid, vcard FROM entry "
		"WHERE contact = ?1 ORDER BY home IS NOT NULL, row");

	kith_bind_int(&q, contact);
	while (more && kith_query_row(&q)) {
		struct kith_entry entry = {
			.row = kith_column_int(&q, 0),
			.contact = contact,
			.joined = kith_column_int(&q, 1),
			.imported = kith_column_int(&q, 2),
			.at = kith_column_int(&q, 3),
			.uid = kith_column_span(&q, 4),
			.vcard = kith_column_span(&q, 5),
		};
		more = fn(ctx, &entry);
	}
	return kith_query_end(&q);
}
