/* SPDX-License-Identifier: MIT */
#include "weak.h"

#include <stdlib.h>

#include "message/message.h"
#include "scenario/story.h"
#include "session/transcript.h"

enum weakness weakness;
static struct kith_buf reveal;

void __real_kith_transcript_code(const uint8_t *th, char *out);
void __wrap_kith_transcript_code(const uint8_t *th, char *out);
void __real_kith_transcript_commit(
	const struct kith_transcript *t, struct kith_span label, struct kith_span s3, uint8_t *out);
void __wrap_kith_transcript_commit(
	const struct kith_transcript *t, struct kith_span label, struct kith_span s3, uint8_t *out);

void __wrap_kith_transcript_code(const uint8_t *th, char *out)
{
	__real_kith_transcript_code(th, out);
	unsigned long long code = strtoull(out, NULL, 10) % CODES;
	(void)snprintf(out, KITH_CODE_DIGITS + 1, "%0*llu", KITH_CODE_DIGITS, code);
}

/* Who checks a commitment has REQUEST already; who makes one has not. */
void __wrap_kith_transcript_commit(
	const struct kith_transcript *t, struct kith_span label, struct kith_span s3, uint8_t *out)
{
	struct kith_session_request s1;

	__real_kith_transcript_commit(t, label, s3, out);
	if (weakness == REVEAL_KNOWN && !t->s1.n) {
		kith_buf_clear(&reveal);
		expect(kith_buf_add(&reveal, s3.p, s3.n) == KITH_OK);
	}
	if (weakness == COMMITMENT_UNCHECKED && t->s1.n &&
		!kith_unpack(&kith_session_request_schema, kith_buf_span(&t->s1), &s1))
		memcpy(out, s1.commit.p, 32);
}

struct kith_span known_reveal(void)
{
	return kith_buf_span(&reveal);
}

void forget_reveal(void)
{
	kith_buf_free(&reveal);
}
