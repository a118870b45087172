/*
 * SPDX-License-Identifier: MIT
 *
 * statement.h - what a key says about keys and people: signed once, kept as the bytes that were
 * signed. UNSTABLE until 1.0.  Source: proto/statement.md.
 *
 * Functions are pure; any thread.
 */
#ifndef KITH_STATEMENT_H
#define KITH_STATEMENT_H

#include <kith/bytes.h>
#include <kith/identity.h>

enum kith_statement_kind {
	KITH_STATEMENT_ROTATE = 1, /* a key leaves its place to another one */
	KITH_STATEMENT_REVOKE = 2, /* a key is not to be trusted any more */
	KITH_STATEMENT_GRANT = 3,  /* kith/introduction.h */
	KITH_STATEMENT_INTRO = 4,  /* kith/introduction.h */
};

enum kith_revoke_reason {
	KITH_REVOKE_UNSPECIFIED = 0,
	KITH_REVOKE_LOST = 1,
	KITH_REVOKE_STOLEN = 2,
	KITH_REVOKE_RETIRED = 3,
};

/* "lost" and so on; static.  And back, of any case: false when there is none of that name. */
const char *kith_revoke_reason_name(enum kith_revoke_reason reason);
bool kith_revoke_reason_named(struct kith_span name, enum kith_revoke_reason *ret_reason);

/* --- any statement ---------------------------------------------------------------------------- */

/* What is around a body.  Spans borrow from the statement. */
struct kith_statement_frame {
	enum kith_statement_kind kind;
	struct kith_span body; /* the bytes that were signed: one strict map whose fmt is 1 */
	struct kith_span sigs; /* one behind the other: two of a rotation, else one */
};

/*
 * Signs a body and appends the statement: by first, and of a rotation by second too (else NULL).
 * The body is one strict map, which is NOT looked at.  KITH_ERR_LIMIT: over STATEMENT_MAX;
 * KITH_ERR_VALUE: a signer too few or too many; KITH_ERR_NOMEM.
 */
enum kith_err kith_statement_sign(enum kith_statement_kind kind, struct kith_span body,
	const struct kith_identity *first, const struct kith_identity *second,
	struct kith_buf *out) KITH_MUST_CHECK;

/*
 * Reads what is around a body, and of the body that it is strict, a map, and of fmt 1.  Nothing
 * else in it is looked at, and the signatures are NOT verified.  *ret_frame is written on success
 * only. KITH_ERR_LIMIT, _TRUNCATED, _SHAPE, _TYPE, _DUP, _UTF8, _NOTCARD (no statement), _VERSION,
 * and KITH_ERR_NOMEM.
 */
enum kith_err kith_statement_open(
	struct kith_span bytes, struct kith_statement_frame *ret_frame) KITH_MUST_CHECK;

/* Whether signature i of the frame is by that key.  KITH_ERR_SIG, KITH_ERR_NOMEM. */
enum kith_err kith_statement_signed(const struct kith_statement_frame *frame, size_t i,
	const uint8_t ik[static KITH_KEY_BYTES]) KITH_MUST_CHECK;

/* H("kith/1 statement", kind, body): two statements that say the same have the same one. */
void kith_statement_hash(const struct kith_statement_frame *frame, uint8_t out[static 32]);

/* Whether the bytes begin as a statement does. */
bool kith_statement_is(struct kith_span bytes);

/*
 * Finds the statement in the bytes of a file: as it is, or in armor (the first block; text outside
 * is ignored).  Appends it to out, unverified. KITH_ERR_NOTCARD: neither; KITH_ERR_SHAPE: the armor
 * is broken; KITH_ERR_NOMEM.
 */
enum kith_err kith_statement_from_file(
	struct kith_span bytes, struct kith_buf *out) KITH_MUST_CHECK;

/* Appends a statement in armor. */
enum kith_err kith_statement_armor(
	struct kith_span statement, struct kith_buf *out) KITH_MUST_CHECK;

/* --- of keys ---------------------------------------------------------------------------------- */

/* A rotation or a revocation, decoded. */
struct kith_statement {
	enum kith_statement_kind kind;  /* ROTATE or REVOKE */
	uint8_t ik[KITH_KEY_BYTES];     /* the key that is left, or revoked */
	uint8_t new_ik[KITH_KEY_BYTES]; /* rotate: the one that follows */
	uint8_t new_xk[KITH_KEY_BYTES]; /* and what it is recognised by */
	uint64_t seq;                   /* rotate: which of the person's rotations, from 1 */
	enum kith_revoke_reason reason; /* revoke */
	int64_t issued;                 /* Unix seconds by their clock; for showing only */
	uint8_t hash[32];               /* kith_statement_hash */
};

/* Says that `from` goes on as `to`; appends the statement.  KITH_ERR_VALUE: they are one key, seq
 * is 0 or over 2^53 - 1; KITH_ERR_NOMEM. */
enum kith_err kith_statement_rotate(const struct kith_identity *from,
	const struct kith_identity *to, uint64_t seq, int64_t now,
	struct kith_buf *out) KITH_MUST_CHECK;

/* Says that the key of id is not to be trusted any more; appends the statement.  KITH_ERR_VALUE,
 * KITH_ERR_NOMEM. */
enum kith_err kith_statement_revoke(const struct kith_identity *id, enum kith_revoke_reason reason,
	int64_t now, struct kith_buf *out) KITH_MUST_CHECK;

/*
 * Verifies a rotation or a revocation whole, in the order of proto/statement.md, "Reading", and
 * decodes it. Errors as of kith_statement_open, and KITH_ERR_SIG; KITH_ERR_SUBJECT: it is of
 * another kind, which kith/introduction.h reads.
 */
enum kith_err kith_statement_verify(
	struct kith_span bytes, struct kith_statement *ret_statement) KITH_MUST_CHECK;

#endif
