/* SPDX-License-Identifier: MIT
 *
 * message - the messages of one .def list: what is read can be written and reads the same, and what
 * can be written reads the same.  The first byte of the input picks the message and the way.
 */
#ifndef KITH_FUZZ_MESSAGE_H
#define KITH_FUZZ_MESSAGE_H

#include "base/text.h"
#include "fuzz/fuzz.h"
#include "message/message.h"

#define STRUCT_MAX 512

union any_message {
	uint8_t bytes[STRUCT_MAX];
	uint64_t align;
	void *pointer;
};

static inline bool same_slot(const struct kith_slot *slot, const void *a, const void *b)
{
	const void *x = (const char *)a + slot->offset;
	const void *y = (const char *)b + slot->offset;
	const struct kith_texts *m = x, *n = y;

	switch (slot->kind) {
	case KITH_SLOT_UINT:
		return *(const uint64_t *)x == *(const uint64_t *)y;
	case KITH_SLOT_BOOL:
		return *(const bool *)x == *(const bool *)y;
	case KITH_SLOT_BIN:
	case KITH_SLOT_STR:
		return kith_span_eq(*(const struct kith_span *)x, *(const struct kith_span *)y);
	case KITH_SLOT_STRS:
		for (size_t i = 0; m->n == n->n && i < m->n; i++)
			if (!kith_span_eq(m->at[i], n->at[i]))
				return false;
		return m->n == n->n;
	}
	return false;
}

static inline void span_is_sound(const struct kith_slot *slot, struct kith_span s)
{
	must(s.p && s.n >= slot->min && s.n <= slot->max);
	must(slot->kind == KITH_SLOT_BIN || kith_text_valid(s));
}

/* What was read lies within the bounds of the list. */
static inline void message_is_sound(const struct kith_schema *schema, const void *msg)
{
	for (size_t i = 0; i < schema->count; i++) {
		const struct kith_slot *slot = &schema->slots[i];
		const void *at = (const char *)msg + slot->offset;
		const struct kith_texts *texts = at;
		if (slot->kind == KITH_SLOT_UINT)
			must(*(const uint64_t *)at >= slot->min &&
				*(const uint64_t *)at <= slot->max);
		if (slot->kind == KITH_SLOT_BIN || slot->kind == KITH_SLOT_STR)
			span_is_sound(slot, *(const struct kith_span *)at);
		if (slot->kind == KITH_SLOT_STRS)
			must(texts->n <= slot->most);
		for (size_t k = 0; slot->kind == KITH_SLOT_STRS && k < texts->n; k++)
			span_is_sound(slot, texts->at[k]);
	}
}

static inline enum kith_err unpack(
	const struct kith_schema *schema, bool inner, struct kith_span bytes, void *msg)
{
	return inner ? kith_unpack_inner(schema, bytes, msg) : kith_unpack(schema, bytes, msg);
}

/* Packs msg, and expects it back; then nothing but the unknown keys of bytes may be missing. */
static inline void packs_to_itself(const struct kith_schema *schema, bool inner, uint64_t type,
	const void *msg, struct kith_span bytes)
{
	union any_message back;
	struct kith_buf out = {0};

	must(!(inner ? kith_pack_inner(schema, msg, &out) : kith_pack_as(schema, type, msg, &out)));
	must(!unpack(schema, inner, kith_buf_span(&out), &back));
	for (size_t i = 0; i < schema->count; i++)
		must(same_slot(&schema->slots[i], msg, &back));
	if (bytes.p)
		must(out.n < bytes.n || kith_span_eq(kith_buf_span(&out), bytes));
	if (bytes.p && !schema->ignorable)
		must(out.n == bytes.n);
	kith_buf_free(&out);
}

/* The rest of the input is a message as it arrives. */
static inline void arrives(const struct kith_schema *schema, bool inner, struct kith_span bytes)
{
	union any_message msg;
	uint64_t type = 0;
	enum kith_err typed = kith_message_type(bytes, &type);

	if (unpack(schema, inner, bytes, &msg))
		return;
	if (!inner && typed)
		return; /* no key 0: nobody unpacks it */
	if (inner && !typed)
		return; /* key 0 inside: unknown, or ignored */
	message_is_sound(schema, &msg);
	packs_to_itself(schema, inner, type, &msg, bytes);
}

/* The rest of the input says what is in the fields. */
static inline void fill(struct fuzz_in *in, const struct kith_slot *slot, void *at)
{
	struct kith_texts *texts = at;

	switch (slot->kind) {
	case KITH_SLOT_UINT:
		*(uint64_t *)at = fuzz_number(in, 1 + fuzz_byte(in) % 8);
		break;
	case KITH_SLOT_BOOL:
		*(bool *)at = fuzz_byte(in) & 1;
		break;
	case KITH_SLOT_BIN:
	case KITH_SLOT_STR:
		*(struct kith_span *)at = fuzz_string(in);
		break;
	case KITH_SLOT_STRS:
		texts->n = fuzz_byte(in) % (KITH_INVITE_ADDRESSES_MAX + 1);
		for (size_t i = 0; i < texts->n; i++)
			texts->at[i] = fuzz_string(in);
		break;
	}
}

static inline void leaves(const struct kith_schema *schema, bool inner, struct fuzz_in *in)
{
	union any_message msg = {0};
	struct kith_buf out = {0};
	enum kith_err err;

	for (size_t i = 0; i < schema->count; i++)
		fill(in, &schema->slots[i], (char *)&msg + schema->slots[i].offset);
	err = inner ? kith_pack_inner(schema, &msg, &out) : kith_pack(schema, &msg, &out);
	must(!err || out.n == 0);
	if (!err)
		packs_to_itself(schema, inner, schema->type, &msg, kith_buf_span(&out));
	kith_buf_free(&out);
}

/* Of the list whose names start so. */
static inline int message_input(const char *list, const uint8_t *p, size_t n)
{
	size_t all, count = 0, pick;
	const struct kith_schema *const *schemas = kith_schemas(&all);
	const struct kith_schema *of[64];
	struct fuzz_in in = {p, n};

	for (size_t i = 0; i < all && count < 64; i++)
		if (strncmp(schemas[i]->name, list, strlen(list)) == 0)
			of[count++] = schemas[i];
	uint8_t first = fuzz_byte(&in);
	bool inner = (first & 0x40) != 0;
	pick = (first & 0x3f) % count;
	must(of[pick]->size <= STRUCT_MAX);
	if (first & 0x80)
		leaves(of[pick], inner, &in);
	else
		arrives(of[pick], inner, fuzz_take(&in, in.n));
	return 0;
}

#endif
