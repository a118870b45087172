/* SPDX-License-Identifier: MIT */
#include "message/message.h"

#include "base/text.h"
#include "codec/pack.h"
#include "codec/unpack.h"

#define FIRST_IGNORABLE_KEY 64

/* The tables.  The last, empty slot keeps an array legal where a message has no fields. */
#define MESSAGE(s, NAME, type) static const struct kith_slot s##_slots[] = {
#define UINT(s, key, field, min, max)                                                              \
	{key, KITH_SLOT_UINT, offsetof(struct kith_##s, field), min, max, 0, #field},
#define BOOL(s, key, field)                                                                        \
	{key, KITH_SLOT_BOOL, offsetof(struct kith_##s, field), 0, 1, 0, #field},
#define BIN(s, key, field, min, max)                                                               \
	{key, KITH_SLOT_BIN, offsetof(struct kith_##s, field), min, max, 0, #field},
#define STR(s, key, field, min, max)                                                               \
	{key, KITH_SLOT_STR, offsetof(struct kith_##s, field), min, max, 0, #field},
#define STRS(s, key, field, most, min, max)                                                        \
	{key, KITH_SLOT_STRS, offsetof(struct kith_##s, field), min, max, most, #field},
#define END(s, NAME, type)                                                                         \
	{                                                                                          \
		0, KITH_SLOT_UINT, 0, 0, 0, 0, NULL                                                \
	}                                                                                          \
	}                                                                                          \
	;                                                                                          \
	const struct kith_schema kith_##s##_schema = {#s, type, sizeof(struct kith_##s),           \
		s##_slots, sizeof s##_slots / sizeof s##_slots[0] - 1, IGNORABLE};
#include "message/every.inc"

static const struct kith_schema *const all[] = {
#define MESSAGE(s, NAME, type) &kith_##s##_schema,
#include "message/every.inc"
};

const struct kith_schema *const *kith_schemas(size_t *ret_n)
{
	*ret_n = sizeof all / sizeof all[0];
	return all;
}

/* Too short, or another length than the only one, is a wrong shape (card.md, "Verifying"). */
static enum kith_err check_length(const struct kith_slot *slot, size_t n)
{
	if (n < slot->min || (n > slot->max && slot->min == slot->max))
		return KITH_ERR_SHAPE;
	return n > slot->max ? KITH_ERR_LIMIT : KITH_OK;
}

static enum kith_err check_bytes(const struct kith_slot *slot, struct kith_span s)
{
	enum kith_err err = check_length(slot, s.n);

	if (err)
		return err;
	if (slot->kind != KITH_SLOT_BIN && !kith_text_valid(s))
		return KITH_ERR_UTF8;
	return KITH_OK;
}

static enum kith_err pack_texts(
	struct kith_packer *p, const struct kith_slot *slot, const struct kith_texts *texts)
{
	enum kith_err err = texts->n > slot->most ? KITH_ERR_LIMIT : KITH_OK;

	if (!err)
		kith_pack_array(p, texts->n);
	for (size_t i = 0; !err && i < texts->n; i++) {
		err = check_bytes(slot, texts->at[i]);
		if (!err)
			kith_pack_str(p, texts->at[i]);
	}
	return err;
}

static enum kith_err pack_slot(struct kith_packer *p, const struct kith_slot *slot, const void *msg)
{
	const void *at = (const char *)msg + slot->offset;
	const struct kith_span *s = at;
	const uint64_t *v = at;
	enum kith_err err = KITH_OK;

	kith_pack_uint(p, slot->key);
	switch (slot->kind) {
	case KITH_SLOT_UINT:
		if (*v < slot->min || *v > slot->max)
			return KITH_ERR_TYPE;
		kith_pack_uint(p, *v);
		break;
	case KITH_SLOT_BOOL:
		kith_pack_bool(p, *(const bool *)at);
		break;
	case KITH_SLOT_BIN:
		if (!(err = check_bytes(slot, *s)))
			kith_pack_bin(p, *s);
		break;
	case KITH_SLOT_STR:
		if (!(err = check_bytes(slot, *s)))
			kith_pack_str(p, *s);
		break;
	case KITH_SLOT_STRS:
		err = pack_texts(p, slot, at);
		break;
	}
	return err;
}

static enum kith_err pack_slots(const struct kith_schema *schema, const uint64_t *type,
	const void *msg, struct kith_buf *out)
{
	struct kith_packer p = {.out = out};
	size_t start = out->n;
	enum kith_err err = KITH_OK;

	kith_pack_map(&p, schema->count + (type ? 1 : 0));
	if (type) {
		kith_pack_uint(&p, 0);
		kith_pack_uint(&p, *type);
	}
	for (size_t i = 0; !err && i < schema->count; i++)
		err = pack_slot(&p, &schema->slots[i], msg);
	if (!err)
		err = p.err;
	if (err)
		out->n = start;
	return err;
}

enum kith_err kith_pack_as(
	const struct kith_schema *schema, uint64_t type, const void *msg, struct kith_buf *out)
{
	return pack_slots(schema, &type, msg, out);
}

enum kith_err kith_pack(const struct kith_schema *schema, const void *msg, struct kith_buf *out)
{
	return pack_slots(schema, &schema->type, msg, out);
}

enum kith_err kith_pack_inner(
	const struct kith_schema *schema, const void *msg, struct kith_buf *out)
{
	return pack_slots(schema, NULL, msg, out);
}

/* Opens bytes as a map in strict form. */
static enum kith_err open_map(struct kith_doc *doc, struct kith_span bytes)
{
	enum kith_err err = kith_doc_open(doc, bytes, KITH_DATAGRAM_MAX);

	if (!err && kith_node_kind(kith_doc_root(doc)) != KITH_MAP)
		err = KITH_ERR_SHAPE;
	return err;
}

enum kith_err kith_message_type(struct kith_span bytes, uint64_t *ret_type)
{
	KITH_DOC struct kith_doc doc;
	enum kith_err err = open_map(&doc, bytes);

	if (err)
		return err;
	struct kith_node type = kith_node_get(kith_doc_root(&doc), 0);
	if (kith_node_kind(type) == KITH_ABSENT)
		return KITH_ERR_SHAPE;
	if (kith_node_kind(type) != KITH_UINT)
		return KITH_ERR_TYPE;
	*ret_type = kith_node_uint(type);
	return KITH_OK;
}

static enum kith_err read_bytes(
	const struct kith_slot *slot, struct kith_node value, struct kith_span *ret)
{
	enum kith_kind want = slot->kind == KITH_SLOT_BIN ? KITH_BIN : KITH_STR;
	struct kith_span s = kith_node_bytes(value);

	if (kith_node_kind(value) != want)
		return KITH_ERR_TYPE;
	enum kith_err err = check_length(slot, s.n);
	if (!err)
		*ret = s;
	return err;
}

static enum kith_err read_slot(const struct kith_slot *slot, struct kith_node value, void *msg)
{
	void *at = (char *)msg + slot->offset;
	struct kith_texts *texts = at;
	enum kith_err err = KITH_OK;

	switch (slot->kind) {
	case KITH_SLOT_UINT:
		if (kith_node_kind(value) != KITH_UINT)
			return KITH_ERR_TYPE;
		*(uint64_t *)at = kith_node_uint(value);
		return *(uint64_t *)at < slot->min || *(uint64_t *)at > slot->max ? KITH_ERR_TYPE
										  : KITH_OK;
	case KITH_SLOT_BOOL:
		if (kith_node_kind(value) != KITH_BOOL)
			return KITH_ERR_TYPE;
		*(bool *)at = kith_node_bool(value);
		return KITH_OK;
	case KITH_SLOT_BIN:
	case KITH_SLOT_STR:
		return read_bytes(slot, value, at);
	case KITH_SLOT_STRS:
		if (kith_node_kind(value) != KITH_ARRAY)
			return KITH_ERR_TYPE;
		if (kith_node_count(value) > slot->most)
			return KITH_ERR_LIMIT;
		texts->n = kith_node_count(value);
		for (size_t i = 0; !err && i < texts->n; i++)
			err = read_bytes(slot, kith_node_at(value, i), &texts->at[i]);
		return err;
	}
	return KITH_ERR_INTERNAL;
}

static bool known(const struct kith_schema *schema, uint64_t key, bool inner)
{
	if ((key == 0 && !inner) || (schema->ignorable && key >= FIRST_IGNORABLE_KEY))
		return true;
	for (size_t i = 0; i < schema->count; i++)
		if (schema->slots[i].key == key)
			return true;
	return false;
}

static enum kith_err unpack_slots(
	const struct kith_schema *schema, bool inner, struct kith_span bytes, void *ret_msg)
{
	KITH_DOC struct kith_doc doc;
	enum kith_err err = open_map(&doc, bytes);

	if (err)
		return err;
	memset(ret_msg, 0, schema->size);
	struct kith_node map = kith_doc_root(&doc);
	for (size_t i = 0; i < kith_node_count(map); i++)
		if (!known(schema, kith_node_key(map, i), inner))
			return KITH_ERR_VERSION;
	for (size_t i = 0; i < schema->count; i++) {
		struct kith_node value = kith_node_get(map, schema->slots[i].key);
		if (kith_node_kind(value) == KITH_ABSENT)
			return KITH_ERR_SHAPE;
		if ((err = read_slot(&schema->slots[i], value, ret_msg)))
			return err;
	}
	return KITH_OK;
}

enum kith_err kith_unpack(const struct kith_schema *schema, struct kith_span bytes, void *ret_msg)
{
	return unpack_slots(schema, false, bytes, ret_msg);
}

enum kith_err kith_unpack_inner(
	const struct kith_schema *schema, struct kith_span bytes, void *ret_msg)
{
	return unpack_slots(schema, true, bytes, ret_msg);
}
