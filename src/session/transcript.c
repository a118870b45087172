/* SPDX-License-Identifier: MIT */
#include "session/transcript.h"

#include <inttypes.h>
#include <stdio.h>

#include "crypto/hash.h"

#define CODE_SPACE UINT64_C(1000000000000) /* 10^12 */

void kith_transcript_init(struct kith_transcript *t, const struct kith_env *env,
	const uint8_t listener[static 32], const uint8_t dialler[static 32])
{
	*t = (struct kith_transcript){0};
	memcpy(t->listener, listener, 32);
	memcpy(t->dialler, dialler, 32);
	kith_buf_init(&t->hi, env);
	kith_buf_init(&t->hr, env);
	kith_buf_init(&t->s1, env);
	kith_buf_init(&t->s2, env);
	kith_buf_init(&t->s3, env);
}

void kith_transcript_free(struct kith_transcript *t)
{
	kith_buf_free(&t->hi);
	kith_buf_free(&t->hr);
	kith_buf_free(&t->s1);
	kith_buf_free(&t->s2);
	kith_buf_free(&t->s3);
}

void kith_transcript_commit(const struct kith_transcript *t, struct kith_span label,
	struct kith_span s3, uint8_t out[static 32])
{
	struct kith_span parts[] = {kith_span(t->listener, 32), kith_span(t->dialler, 32),
		kith_buf_span(&t->hi), kith_buf_span(&t->hr), label, s3};

	kith_hash(out, "kith/1 commit", parts, sizeof parts / sizeof parts[0]);
}

void kith_transcript_hash(const struct kith_transcript *t, uint8_t out[static 32])
{
	struct kith_span parts[] = {kith_span_str("stranger"), kith_span(t->listener, 32),
		kith_span(t->dialler, 32), kith_buf_span(&t->hi), kith_buf_span(&t->hr),
		kith_buf_span(&t->s1), kith_buf_span(&t->s2), kith_buf_span(&t->s3)};

	kith_hash(out, "kith/1 th", parts, sizeof parts / sizeof parts[0]);
}

void kith_transcript_known(const struct kith_transcript *t, const uint8_t e_i[static 32],
	const uint8_t e_r[static 32], const uint8_t ik_i[static 32], const uint8_t ik_r[static 32],
	uint8_t out[static 32])
{
	struct kith_span parts[] = {kith_span_str("known"), kith_span(t->listener, 32),
		kith_span(t->dialler, 32), kith_buf_span(&t->hi), kith_buf_span(&t->hr),
		kith_span(e_i, 32), kith_span(e_r, 32), kith_span(ik_i, 32), kith_span(ik_r, 32)};

	kith_hash(out, "kith/1 th", parts, sizeof parts / sizeof parts[0]);
}

void kith_transcript_code(const uint8_t th[static 32], char out[static KITH_CODE_DIGITS + 1])
{
	struct kith_span part = kith_span(th, 32);
	uint8_t h[KITH_HASH_BYTES];
	uint64_t v = 0;

	kith_hash(h, "kith/1 sas", &part, 1);
	for (size_t i = 0; i < 8; i++)
		v = v << 8 | h[i];
	(void)snprintf(out, KITH_CODE_DIGITS + 1, "%012" PRIu64, v % CODE_SPACE);
}
