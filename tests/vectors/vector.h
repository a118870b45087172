/* SPDX-License-Identifier: MIT
 *
 * vector - one case of a file in proto/vectors: lines of `key: value`, up to a blank line.
 * The format is described in proto/vectors/README.md.
 */
#ifndef KITH_VECTORS_VECTOR_H
#define KITH_VECTORS_VECTOR_H

#include <stdbool.h>

#include <kith/bytes.h>

#define KITH_VECTOR_LINES 160

/* A line of a case. */
struct kith_vector_line {
	const char *key;
	const char *value;
};

/* One case.  Its texts and bytes are valid while its runner runs. */
struct kith_vector {
	struct kith_vector_line line[KITH_VECTOR_LINES];
	size_t n;
	void *kept[4 * KITH_VECTOR_LINES]; /* what kith_vector_hex allocated */
	size_t kept_n;
	bool failed;
};

/* One runner a file: checks one case and calls kith_vector_fail for what differs. */
void kith_vector_strict(struct kith_vector *v);
void kith_vector_keys(struct kith_vector *v);
void kith_vector_keyfile(struct kith_vector *v);
void kith_vector_card(struct kith_vector *v);
void kith_vector_uri(struct kith_vector *v);
void kith_vector_statement(struct kith_vector *v);
void kith_vector_introduction(struct kith_vector *v);
void kith_vector_session(struct kith_vector *v);
void kith_vector_known(struct kith_vector *v);
void kith_vector_backup(struct kith_vector *v);

/* The kinds of session.txt in which an engine takes part. */
void kith_vector_handshake(struct kith_vector *v);
void kith_vector_reveal(struct kith_vector *v);
void kith_vector_accept(struct kith_vector *v);

/* Prints what differs, under the name of the case; the case has failed. */
void kith_vector_fail(struct kith_vector *v, const char *fmt, ...) KITH_PRINTF(2, 3);

/* The value of a key, of its i-th line; NULL when there is none. */
const char *kith_vector_text(const struct kith_vector *v, const char *key);
const char *kith_vector_text_at(const struct kith_vector *v, const char *key, size_t i);

/* Hex ("-" for none) as bytes; fails the case, and p is NULL, when it is not hex. */
struct kith_span kith_vector_hex(struct kith_vector *v, const char *hex);

/* The value of a key as bytes or as a number; its absence fails the case.  p is then NULL. */
struct kith_span kith_vector_bytes(struct kith_vector *v, const char *key);
uint64_t kith_vector_number(struct kith_vector *v, const char *key);

/* The same, and exactly 32 bytes: zeros, with the case failed, when they are not. */
const uint8_t *kith_vector_32(struct kith_vector *v, const char *key);

/* Whether the value of a key is this text. */
bool kith_vector_is(const struct kith_vector *v, const char *key, const char *text);

/* Compares what came out with the value of a key, or with the class in `expect`. */
void kith_vector_same(struct kith_vector *v, const char *key, struct kith_span got);
void kith_vector_same_text(struct kith_vector *v, const char *key, const char *got);
void kith_vector_same_number(struct kith_vector *v, const char *key, uint64_t got);
void kith_vector_same_class(struct kith_vector *v, enum kith_err got);

#endif
