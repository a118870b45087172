/* SPDX-License-Identifier: MIT */
#include "store/people.h"

#include "store/contact.h"
#include "store/uuid.h"

void kith_contact_read(const struct kith_query *q, struct kith_contact *ret_contact)
{
	struct kith_span ik = kith_column_span(q, 1);
	struct kith_span uuid = kith_column_span(q, 13);

	*ret_contact = (struct kith_contact){
		.row = kith_column_int(q, 0),
		.name = kith_column_span(q, 2),
		.org = kith_column_span(q, 3),
		.state = (enum kith_contact_state)kith_column_int(q, 4),
		.rev = (uint64_t)kith_column_int(q, 5),
		.gives = kith_column_int(q, 6),
		.delivered = kith_column_int(q, 7),
		.conflict = kith_column_int(q, 8),
		.added = kith_column_int(q, 9),
		.met_at = kith_column_int(q, 10),
		.met_event = kith_column_span(q, 11),
		.met_how = ik.n ? (enum kith_how)kith_column_int(q, 12) : KITH_HOW_TYPED,
		.entries = (size_t)kith_column_int(q, 14),
		.imported = kith_column_int(q, 15),
		.introducer = kith_column_span(q, 16),
		.blocked = kith_column_int(q, 17),
		.frozen = (int)kith_column_int(q, 18),
		.let_go = kith_column_int(q, 19),
		.given = kith_column_span(q, 20),
		.faded = kith_column_int(q, 21),
	};
	if (ik.n == sizeof ret_contact->ik) { /* a damaged page may say anything */
		memcpy(ret_contact->ik, ik.p, ik.n);
		ret_contact->has_key = true;
	}
	if (uuid.n == KITH_UID_BYTES)
		kith_uid_write(uuid.p, ret_contact->uid);
}

enum kith_err kith_contact_all(
	struct kith_query *q, kith_contact_fn fn, void *ctx, size_t *ret_count)
{
	struct kith_contact contact;
	bool more = true;
	size_t count = 0;

	for (; (more || ret_count) && kith_query_row(q); count++)
		if (more) {
			kith_contact_read(q, &contact);
			more = fn(ctx, &contact);
		}
	if (ret_count)
		*ret_count = count;
	return kith_query_end(q);
}

enum kith_err kith_store_each(struct kith_store *store, kith_contact_fn fn, void *ctx)
{
	struct kith_query q = kith_query(
		store, "SELECT " KITH_CONTACT_COLUMNS " FROM contact ORDER BY fold, row");

	return kith_contact_all(&q, fn, ctx, NULL);
}

enum kith_err kith_store_each_keyed(struct kith_store *store, kith_contact_fn fn, void *ctx)
{
	/* by the index of keys: there may be a hundred times as many people without one */
	struct kith_query q = kith_query(store,
		"SELECT " KITH_CONTACT_COLUMNS " FROM contact INDEXED BY contact_ik "
		"WHERE ik IS NOT NULL ORDER BY fold, row");

	return kith_contact_all(&q, fn, ctx, NULL);
}

void kith_contact_free(struct kith_contact *contact)
{
	if (!contact)
		return;
	free(contact->memory);
	*contact = (struct kith_contact){0};
}

/* Moves what s borrows to *at. */
static void move(struct kith_span *s, uint8_t **at)
{
	if (s->n > 0)
		memcpy(*at, s->p, s->n);
	s->p = *at;
	*at += s->n;
}

/* One block holds the bytes of every span. */
static enum kith_err own(struct kith_contact *contact)
{
	uint8_t *at = malloc(contact->name.n + contact->org.n + contact->met_event.n +
			     contact->introducer.n + contact->given.n + contact->envelope.n + 1);

	if (!at)
		return KITH_ERR_NOMEM;
	contact->memory = at;
	move(&contact->name, &at);
	move(&contact->org, &at);
	move(&contact->met_event, &at);
	move(&contact->introducer, &at);
	move(&contact->given, &at);
	move(&contact->envelope, &at);
	return KITH_OK;
}

/* The one row of a query that selects the columns and the envelope. */
static enum kith_err read_one(struct kith_query *q, struct kith_contact *ret_contact)
{
	struct kith_contact contact;
	enum kith_err err = KITH_ERR_NOPERSON;

	if (kith_query_row(q)) {
		kith_contact_read(q, &contact);
		contact.envelope = kith_column_span(q, KITH_CONTACT_COLUMN_COUNT);
		err = own(&contact);
	}
	if (kith_query_end(q))
		err = q->err;
	if (!err)
		*ret_contact = contact;
	return err;
}

#define SELECT_ONE                                                                                 \
	"SELECT " KITH_CONTACT_COLUMNS ", card.envelope FROM contact "                             \
	"LEFT JOIN card ON card.contact = contact.row AND card.held "

enum kith_err kith_store_contact(
	struct kith_store *store, int64_t row, struct kith_contact *ret_contact)
{
	struct kith_query q = kith_query(store, SELECT_ONE "WHERE contact.row = ?1");

	kith_bind_int(&q, row);
	return read_one(&q, ret_contact);
}

enum kith_err kith_store_contact_of(struct kith_store *store,
	const uint8_t ik[static KITH_KEY_BYTES], struct kith_contact *ret_contact)
{
	struct kith_query q = kith_query(store,
		SELECT_ONE "WHERE contact.row = coalesce((SELECT row FROM contact WHERE ik = ?1), "
			   "(SELECT contact FROM former_key WHERE ik = ?1))");

	kith_bind_blob(&q, ik, KITH_KEY_BYTES);
	return read_one(&q, ret_contact);
}

enum kith_err kith_store_forget(struct kith_store *store, int64_t row)
{
	enum kith_err err = kith_db_begin(store);

	return err ? err : kith_db_end(store, kith_contact_remove(store, row));
}
