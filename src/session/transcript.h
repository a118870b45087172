/* SPDX-License-Identifier: MIT
 *
 * transcript - the bytes both sides saw, and what is computed from them.
 * proto/session.md "Values", proto/known.md "Proof".  Pure; no allocation beyond the buffers.
 */
#ifndef KITH_SESSION_TRANSCRIPT_H
#define KITH_SESSION_TRANSCRIPT_H

#include <kith/bytes.h>

#define KITH_CODE_DIGITS       12 /* the whole code */
#define KITH_CODE_SHORT_DIGITS 6  /* what is shown by default: its last digits */

/* The exact bytes, in the order of the page. */
struct kith_transcript {
	uint8_t listener[32]; /* S, the listener's CURVE key */
	uint8_t dialler[32];  /* C, the dialler's */
	struct kith_buf hi;   /* HELLO_I and every TAGS */
	struct kith_buf hr;   /* HELLO_R */
	struct kith_buf s1;   /* REQUEST */
	struct kith_buf s2;   /* ACCEPT */
	struct kith_buf s3;   /* REVEAL */
};

/* Buffers that take memory from env. */
void kith_transcript_init(struct kith_transcript *t, const struct kith_env *env,
	const uint8_t listener[static 32], const uint8_t dialler[static 32]);
void kith_transcript_free(struct kith_transcript *t);

/* commit: what I promises in S1 about the bytes of s3. */
void kith_transcript_commit(const struct kith_transcript *t, struct kith_span label,
	struct kith_span s3, uint8_t out[static 32]);

/* th: everything, S1 to S3 included. */
void kith_transcript_hash(const struct kith_transcript *t, uint8_t out[static 32]);

/* th of two who know each other (proto/known.md, "Proof"): the keys of this attempt, and those of the tie. */
void kith_transcript_known(const struct kith_transcript *t, const uint8_t e_i[static 32],
	const uint8_t e_r[static 32], const uint8_t ik_i[static 32], const uint8_t ik_r[static 32],
	uint8_t out[static 32]);

/* The code for people, KITH_CODE_DIGITS digits and a NUL. */
void kith_transcript_code(const uint8_t th[static 32], char out[static KITH_CODE_DIGITS + 1]);

#endif
