/* SPDX-License-Identifier: MIT
 *
 * bytes.h - byte strings: one type that borrows, one that owns.  UNSTABLE until 1.0.
 *
 * Any thread may use any object, but each object from one thread at a time.
 */
#ifndef KITH_BYTES_H
#define KITH_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <kith/env.h>
#include <kith/err.h>

/* Borrowed bytes: valid as long as what they point into.  p may be NULL when n is 0.
 * In structs that were unpacked, p == NULL means "absent". */
struct kith_span {
	const uint8_t *p; /* first byte */
	size_t n;         /* bytes */
};

static inline struct kith_span kith_span(const void *p, size_t n)
{
	return (struct kith_span){(const uint8_t *)p, n};
}

/* The bytes of a C string, without its NUL; s may be NULL (absent). */
static inline struct kith_span kith_span_str(const char *s)
{
	return s ? kith_span(s, strlen(s)) : (struct kith_span){NULL, 0};
}

/* Equal length and bytes.  Not constant-time: never for secrets. */
static inline bool kith_span_eq(struct kith_span a, struct kith_span b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

/* Owned, growable bytes.  Start with kith_buf_init or {0}; end with kith_buf_free.  The memory is
 * wiped whenever it is given back, so a buffer may hold secrets. */
struct kith_buf {
	uint8_t *p;                 /* bytes, NULL while nothing was added */
	size_t n;                   /* bytes in use */
	size_t cap;                 /* bytes allocated */
	const struct kith_env *env; /* where memory comes from; NULL: the process's own */
};

static inline struct kith_span kith_buf_span(const struct kith_buf *b)
{
	return (struct kith_span){b->p, b->n};
}

/* An empty buffer that takes its memory from env (borrowed for the buffer's life; NULL allowed). */
void kith_buf_init(struct kith_buf *b, const struct kith_env *env);

/* Wipes and gives back the memory; b is empty and usable afterwards.  NULL and {0} allowed. */
void kith_buf_free(struct kith_buf *b);

/* Forgets the content (wiped), keeps the memory. */
void kith_buf_clear(struct kith_buf *b);

/* Appends n bytes.  KITH_ERR_NOMEM: b is unchanged. */
enum kith_err kith_buf_add(struct kith_buf *b, const void *p, size_t n) KITH_MUST_CHECK;

/* Appends n bytes for the caller to fill in: *ret_p points at them until b grows.
 * KITH_ERR_NOMEM: b is unchanged. */
enum kith_err kith_buf_more(struct kith_buf *b, size_t n, uint8_t **ret_p) KITH_MUST_CHECK;

/* Appends a C string without its NUL.  KITH_ERR_NOMEM: b is unchanged. */
enum kith_err kith_buf_add_str(struct kith_buf *b, const char *s) KITH_MUST_CHECK;

/* Appends formatted text.  KITH_ERR_NOMEM: b is unchanged. */
enum kith_err kith_buf_printf(struct kith_buf *b, const char *fmt, ...)
	KITH_PRINTF(2, 3) KITH_MUST_CHECK;

/* Makes b->p a C string: a NUL stands behind the content but does not count in n.
 * Returns it, or NULL when memory ran out. */
const char *kith_buf_cstr(struct kith_buf *b);

#endif
