/* SPDX-License-Identifier: MIT
 *
 * fuzz - what every target shares: the entry that a fuzzer or driver.c calls, a way to say what must
 * hold, and reading the input as a script.
 */
#ifndef KITH_FUZZ_FUZZ_H
#define KITH_FUZZ_FUZZ_H

#include <stdio.h>
#include <stdlib.h>

#include <kith/bytes.h>
#include <kith/identity.h>

/* One input, of n bytes.  Returns 0; aborts when something that must hold does not. */
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

/* Names the broken expectation and aborts. */
#define must(cond) ((cond) ? (void)0 : fuzz_broken(__FILE__, __LINE__, #cond))

static inline _Noreturn void fuzz_broken(const char *file, int line, const char *what)
{
	fprintf(stderr, "%s:%d: not so: %s\n", file, line, what);
	abort();
}

/* Starts libsodium, once. */
static inline void fuzz_start(void)
{
	must(kith_crypto_start() == KITH_OK);
}

/* The input while it is read from the front; behind its end are zeros. */
struct fuzz_in {
	const uint8_t *p;
	size_t n;
};

static inline struct kith_span fuzz_take(struct fuzz_in *in, size_t n)
{
	struct kith_span s = kith_span(in->p, n < in->n ? n : in->n);

	in->p += s.n;
	in->n -= s.n;
	return s;
}

static inline uint8_t fuzz_byte(struct fuzz_in *in)
{
	struct kith_span s = fuzz_take(in, 1);

	return s.n ? s.p[0] : 0;
}

/* A number of that many bytes, high one first. */
static inline uint64_t fuzz_number(struct fuzz_in *in, size_t bytes)
{
	uint64_t v = 0;

	for (size_t i = 0; i < bytes; i++)
		v = v << 8 | fuzz_byte(in);
	return v;
}

/* A length (one byte, or three after 255) and so many bytes, or what is left. */
static inline struct kith_span fuzz_string(struct fuzz_in *in)
{
	size_t n = fuzz_byte(in);

	return fuzz_take(in, n < 255 ? n : (size_t)fuzz_number(in, 2));
}

/* Exactly n bytes into out, zeros where the input ends. */
static inline void fuzz_fill(struct fuzz_in *in, uint8_t *out, size_t n)
{
	struct kith_span s = fuzz_take(in, n);

	memset(out, 0, n);
	if (s.n)
		memcpy(out, s.p, s.n);
}

static inline bool fuzz_inside(struct kith_span part, struct kith_span whole)
{
	return part.n == 0 || (part.p >= whole.p && part.n <= whole.n &&
				      (size_t)(part.p - whole.p) <= whole.n - part.n);
}

#endif
