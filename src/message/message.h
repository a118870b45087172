/* SPDX-License-Identifier: MIT
 *
 * message - every message of proto/{session,courier,control}.def as a struct, packed and unpacked.
 *
 * A message is one map in strict form; key 0 holds its type.  The .def lists give every field its
 * key, type and bounds; structs and tables are made from them here, so a number stands once.
 */
#ifndef KITH_MESSAGE_MESSAGE_H
#define KITH_MESSAGE_MESSAGE_H

#include <kith/bytes.h>

#include "base/limits.h"

/* A few texts, such as the endpoints of a row. */
struct kith_texts {
	struct kith_span at[KITH_INVITE_ADDRESSES_MAX]; /* borrowed */
	size_t n;                                       /* in use */
};

/* struct kith_session_request { struct kith_span commit; ... }, and so on: one struct a message.
 * str and bin fields borrow from the bytes that were unpacked, or from what the sender set. */
#define MESSAGE(s, NAME, type)              struct kith_##s {
#define UINT(s, key, field, min, max)       uint64_t field;
#define BOOL(s, key, field)                 bool field;
#define BIN(s, key, field, min, max)        struct kith_span field;
#define STR(s, key, field, min, max)        struct kith_span field;
#define STRS(s, key, field, most, min, max) struct kith_texts field;
#define END(s, NAME, type)                                                                         \
	uint8_t nothing_more; /* a struct without members is not C */                              \
	}                                                                                          \
	;
#include "message/every.inc"

/* KITH_TYPE_REQUEST = 10, and so on. */
enum kith_type {
#define MESSAGE(s, NAME, type) KITH_TYPE_##NAME = (type),
#include "message/every.inc"
};

enum kith_slot_kind {
	KITH_SLOT_UINT,
	KITH_SLOT_BOOL,
	KITH_SLOT_BIN,
	KITH_SLOT_STR,
	KITH_SLOT_STRS
};

/* One field of a message. */
struct kith_slot {
	uint8_t key;              /* 1 to 63 */
	enum kith_slot_kind kind; /* how it is written */
	size_t offset;            /* of the member in the struct */
	uint64_t min, max;        /* of the number, or of the bytes of a str or bin */
	size_t most;              /* of STRS: how many at most */
	const char *name;         /* of the member, for messages and tests */
};

/* One message. */
struct kith_schema {
	const char *name;              /* the struct's, without kith_ */
	uint64_t type;                 /* value of key 0; 0: written without a type */
	size_t size;                   /* of the struct */
	const struct kith_slot *slots; /* ascending keys */
	size_t count;                  /* of slots */
	bool ignorable;                /* unknown keys 64 to 127 are skipped (between two kiths) */
};

/* kith_session_request_schema, and so on. */
#define MESSAGE(s, NAME, type) extern const struct kith_schema kith_##s##_schema;
#include "message/every.inc"

/* All of them, for tests that go through the tables; *ret_n entries, static. */
const struct kith_schema *const *kith_schemas(size_t *ret_n);

/*
 * Appends a message to out.  msg points at the struct that belongs to the schema.
 * KITH_ERR_LIMIT: a str, bin or list is over its limit; KITH_ERR_SHAPE: a str or bin is shorter than
 * its slot allows, or a bin not of its one length; KITH_ERR_TYPE: a number is out of range;
 * KITH_ERR_UTF8: a str is not valid; KITH_ERR_NOMEM.  out is unchanged on error.
 */
enum kith_err kith_pack(
	const struct kith_schema *schema, const void *msg, struct kith_buf *out) KITH_MUST_CHECK;

/* The inside of a sealed message: the same map without key 0. */
enum kith_err kith_pack_inner(
	const struct kith_schema *schema, const void *msg, struct kith_buf *out) KITH_MUST_CHECK;

/* The same for a message whose type is not in the schema (the sealed ones share one shape). */
enum kith_err kith_pack_as(const struct kith_schema *schema, uint64_t type, const void *msg,
	struct kith_buf *out) KITH_MUST_CHECK;

/*
 * The type of a message: scans it whole (codec/scan.h) against KITH_DATAGRAM_MAX and reads key 0.
 * Errors: those of kith_scan; KITH_ERR_SHAPE: not a map, or no key 0; KITH_ERR_TYPE: it is not
 * a number.
 */
enum kith_err kith_message_type(struct kith_span bytes, uint64_t *ret_type) KITH_MUST_CHECK;

/*
 * Unpacks a message.  ret_msg (the schema's struct) borrows from bytes; its content means nothing
 * on failure.  Key 0 is not compared with the schema's type: look at kith_message_type first.
 * Errors: those of kith_scan; KITH_ERR_SHAPE: not a map, a field is missing, or a length is too
 * short or not the only one; KITH_ERR_TYPE: a field has another type or a number lies outside its
 * range; KITH_ERR_LIMIT: a length or count is over its limit; KITH_ERR_VERSION: an unknown key below 64 (or any unknown key, when not ignorable).
 */
enum kith_err kith_unpack(
	const struct kith_schema *schema, struct kith_span bytes, void *ret_msg) KITH_MUST_CHECK;

/* The same for the inside of a sealed message, which has no key 0. */
enum kith_err kith_unpack_inner(
	const struct kith_schema *schema, struct kith_span bytes, void *ret_msg) KITH_MUST_CHECK;

#endif
