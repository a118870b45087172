/* SPDX-License-Identifier: MIT */
#include "store/fields.h"

#include "base/text.h"
#include "crypto/hash.h"
#include "store/search.h"

#define NUMBER_MIN 6 /* digits; shorter ones are extensions, which many people share */

struct kith_span kith_fields_name(const struct kith_fields *fields)
{
	const struct kith_field *name = kith_fields_first(fields, KITH_FIELD_NAME);

	return name ? name->part[0] : kith_span("", 0);
}

/* The comparing form of an address; empty for what is none. */
static enum kith_err fold_address(struct kith_buf *out, const struct kith_field *field)
{
	if (field->kind == KITH_FIELD_EMAIL)
		return kith_fold(out, field->part[0]);
	if (field->kind != KITH_FIELD_TEL)
		return KITH_OK;
	enum kith_err err = kith_search_digits(out, field->part[0]);
	if (!err && out->n < NUMBER_MIN)
		kith_buf_clear(out);
	return err;
}

/* A number is enough: two that meet by chance are one in 2^64, and by design both are from one hand. */
static int64_t same_of(struct kith_span name, struct kith_span address, uint32_t kind)
{
	const uint8_t tag = (uint8_t)kind;
	struct kith_span parts[3] = {name, kith_span(&tag, 1), address};
	uint8_t hash[KITH_HASH_BYTES];
	uint64_t same = 0;

	kith_hash(hash, "kith/1 same", parts, 3);
	for (size_t i = 0; i < sizeof same; i++)
		same = same << 8 | hash[i];
	return same ? (int64_t)same : 1;
}

enum kith_err kith_fields_same(
	struct kith_span name, const struct kith_field *field, int64_t *ret_same)
{
	KITH_AUTO_BUF struct kith_buf address = {0};
	enum kith_err err = name.n ? fold_address(&address, field) : KITH_OK;

	if (!err)
		*ret_same = address.n ? same_of(name, kith_buf_span(&address), field->kind) : 0;
	return err;
}

struct put {
	struct kith_store *store;
	int64_t contact, entry;
	struct kith_span name; /* folded, of an entry */
};

static enum kith_err put_one(const struct put *p, size_t seq, const struct kith_field *field,
	struct kith_span value, struct kith_span address)
{
	struct kith_query q = kith_query(p->store,
		"INSERT INTO field (contact, entry, seq, kind, label, preferred, value, fold, "
		"same) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");

	kith_bind_int(&q, p->contact);
	kith_bind_int(&q, p->entry);
	kith_bind_int(&q, (int64_t)seq);
	kith_bind_int(&q, field->kind);
	kith_bind_text(&q, field->label);
	kith_bind_int(&q, field->flags & KITH_FIELD_PREFERRED ? 1 : 0);
	kith_bind_text(&q, value);
	if (field->kind == KITH_FIELD_EMAIL && address.n)
		kith_bind_text(&q, address);
	else
		kith_bind_null(&q);
	if (p->name.n && address.n)
		kith_bind_int(&q, same_of(p->name, address, field->kind));
	else
		kith_bind_null(&q);
	return kith_query_run(&q);
}

static enum kith_err put_text(const struct put *p, size_t seq, const struct kith_field *field)
{
	KITH_AUTO_BUF struct kith_buf value = {0};
	KITH_AUTO_BUF struct kith_buf address = {0};
	const struct kith_field_info *info = kith_field_info(field->kind);
	enum kith_err err = KITH_OK;

	if (!info || field->kind == KITH_FIELD_PHOTO) /* not text; card or entry has it */
		return KITH_OK;
	if (field->parts > 1)
		err = kith_field_value(field, &value);
	if (!err)
		err = fold_address(&address, field);
	if (err)
		return err;
	return put_one(p, seq, field, field->parts > 1 ? kith_buf_span(&value) : field->part[0],
		kith_buf_span(&address));
}

enum kith_err kith_fields_search(
	const struct kith_field *field, struct kith_span name, struct kith_search *s)
{
	KITH_AUTO_BUF struct kith_buf value = {0};
	enum kith_err err = KITH_OK;

	if (!kith_field_info(field->kind) || field->kind == KITH_FIELD_PHOTO)
		return KITH_OK;
	if (field->parts > 1)
		err = kith_field_value(field, &value);
	struct kith_span span = field->parts > 1 ? kith_buf_span(&value) : field->part[0];
	if (err || kith_span_eq(span, name))
		return err;
	return kith_search_field(s, field->kind, span);
}

enum kith_err kith_fields_put(
	struct kith_store *store, int64_t contact, int64_t entry, const struct kith_fields *fields)
{
	KITH_AUTO_BUF struct kith_buf name = {0};
	struct put p = {.store = store, .contact = contact, .entry = entry};
	enum kith_err err = entry ? kith_fold(&name, kith_fields_name(fields)) : KITH_OK;

	p.name = kith_buf_span(&name);
	for (size_t i = 0; !err && i < fields->n; i++)
		err = put_text(&p, i, &fields->at[i]);
	return err;
}

enum kith_err kith_fields_remove(struct kith_store *store, int64_t contact, int64_t entry)
{
	struct kith_query q =
		kith_query(store, "DELETE FROM field WHERE contact = ?1 AND entry = ?2");

	kith_bind_int(&q, contact);
	kith_bind_int(&q, entry);
	return kith_query_run(&q);
}
