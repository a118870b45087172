/* SPDX-License-Identifier: MIT */
#include "card/fields.h"

#include "base/auto.h"
#include "base/limits.h"
#include "base/text.h"

enum { KIND, FLAGS, LABEL, FIRST_PART }; /* places in a field's array */

void kith_fields_write(struct kith_packer *p, const struct kith_fields *fields)
{
	kith_pack_array(p, fields->n);
	for (size_t i = 0; i < fields->n; i++) {
		const struct kith_field *f = &fields->at[i];
		kith_pack_array(p, FIRST_PART + f->parts);
		kith_pack_uint(p, f->kind);
		kith_pack_uint(p, f->flags);
		kith_pack_str(p, f->label);
		for (size_t j = 0; j < f->parts; j++) {
			if (f->kind == KITH_FIELD_PHOTO)
				kith_pack_bin(p, f->part[j]);
			else
				kith_pack_str(p, f->part[j]);
		}
	}
}

/* Whether an earlier field is of the same kind. */
static bool repeated(const struct kith_fields *fields, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (fields->at[j].kind == fields->at[i].kind)
			return true;
	return false;
}

enum kith_err kith_fields_check(const struct kith_fields *fields)
{
	if (fields->n > KITH_CARD_FIELDS)
		return KITH_ERR_LIMIT;
	const struct kith_field *name = kith_fields_first(fields, KITH_FIELD_NAME);
	if (!name || name->part[0].n == 0)
		return KITH_ERR_VALUE;
	for (size_t i = 0; i < fields->n; i++) {
		const struct kith_field *f = &fields->at[i];
		const struct kith_field_info *info = kith_field_info(f->kind);
		if (!info || f->parts != info->parts || (info->single && repeated(fields, i)))
			return KITH_ERR_VALUE;
		if (f->label.n > KITH_FIELD_LABEL_MAX)
			return KITH_ERR_LIMIT;
		if (!kith_text_valid(f->label))
			return KITH_ERR_UTF8;
		for (size_t j = 0; j < f->parts; j++) {
			if (f->part[j].n > info->max)
				return KITH_ERR_LIMIT;
			if (f->kind != KITH_FIELD_PHOTO && !kith_text_valid(f->part[j]))
				return KITH_ERR_UTF8;
		}
	}
	return KITH_OK;
}

static enum kith_err read_part(
	const struct kith_field_info *info, struct kith_node n, struct kith_span *ret)
{
	enum kith_kind kind = kith_node_kind(n);
	size_t max = info ? info->max : KITH_FIELD_VALUE_MAX;

	if (kind != KITH_STR && kind != KITH_BIN)
		return KITH_ERR_TYPE;
	if (info && (kind == KITH_BIN) != (info->kind == KITH_FIELD_PHOTO))
		return KITH_ERR_TYPE;
	if (kith_node_bytes(n).n > max)
		return KITH_ERR_LIMIT;
	*ret = kith_node_bytes(n);
	return KITH_OK;
}

static enum kith_err read_field(struct kith_node n, struct kith_field *f)
{
	size_t count = kith_node_count(n);

	*f = (struct kith_field){0};
	if (kith_node_kind(n) != KITH_ARRAY || count <= FIRST_PART)
		return KITH_ERR_SHAPE;
	if (kith_node_kind(kith_node_at(n, KIND)) != KITH_UINT ||
		kith_node_kind(kith_node_at(n, FLAGS)) != KITH_UINT ||
		kith_node_kind(kith_node_at(n, LABEL)) != KITH_STR)
		return KITH_ERR_TYPE;
	uint64_t number = kith_node_uint(kith_node_at(n, KIND));
	f->kind = number < UINT32_MAX ? (uint32_t)number : UINT32_MAX; /* unknown either way */
	f->flags = (uint32_t)(kith_node_uint(kith_node_at(n, FLAGS)) & KITH_FIELD_PREFERRED);
	f->label = kith_node_bytes(kith_node_at(n, LABEL));
	f->parts = count - FIRST_PART;
	const struct kith_field_info *info = kith_field_info(f->kind);
	if (info && f->parts != info->parts)
		return KITH_ERR_SHAPE;
	if (f->parts > KITH_FIELD_PARTS || f->label.n > KITH_FIELD_LABEL_MAX)
		return KITH_ERR_LIMIT;
	for (size_t i = 0; i < f->parts; i++) {
		enum kith_err err = read_part(info, kith_node_at(n, FIRST_PART + i), &f->part[i]);
		if (err)
			return err;
	}
	return KITH_OK;
}

enum kith_err kith_fields_read(struct kith_node array, struct kith_fields *ret_fields)
{
	struct kith_fields *fields = ret_fields;

	if (kith_node_kind(array) != KITH_ARRAY)
		return KITH_ERR_TYPE;
	if (kith_node_count(array) > KITH_CARD_FIELDS)
		return KITH_ERR_LIMIT;
	fields->n = kith_node_count(array);
	for (size_t i = 0; i < fields->n; i++) {
		enum kith_err err = read_field(kith_node_at(array, i), &fields->at[i]);
		if (err)
			return err;
		const struct kith_field_info *info = kith_field_info(fields->at[i].kind);
		if (info && info->single && repeated(fields, i))
			return KITH_ERR_DUP;
	}
	return KITH_OK;
}

enum kith_err kith_fields_pack(const struct kith_fields *fields, struct kith_buf *out)
{
	struct kith_packer p = {.out = out};
	size_t start = out->n;

	kith_fields_write(&p, fields);
	if (p.err)
		out->n = start;
	return p.err;
}

enum kith_err kith_fields_unpack(struct kith_span bytes, struct kith_fields *ret_fields)
{
	KITH_AUTO_FREE struct kith_fields *fields = calloc(1, sizeof *fields);
	KITH_DOC struct kith_doc doc = {0};
	enum kith_err err =
		fields ? kith_doc_open(&doc, bytes, KITH_CARD_BODY_MAX) : KITH_ERR_NOMEM;

	if (!err && !(err = kith_fields_read(kith_doc_root(&doc), fields)))
		*ret_fields = *fields;
	return err;
}
