/* SPDX-License-Identifier: MIT
 *
 * unpack - reading an object that passed the strict scan.
 */
#ifndef KITH_CODEC_UNPACK_H
#define KITH_CODEC_UNPACK_H

#include <kith/bytes.h>

/* A decoded object.  Start with {0}; end with kith_doc_close. */
struct kith_doc {
	void *zone;       /* what msgpack-c allocated */
	const void *root; /* its outermost object */
};

/* A value inside a document; plain, borrowed: valid while the document is open and the bytes it
 * was read from stand.  The zero value means "absent", and every getter takes it. */
struct kith_node {
	const void *o;
};

enum kith_kind {
	KITH_ABSENT,
	KITH_UINT,
	KITH_BOOL,
	KITH_STR,
	KITH_BIN,
	KITH_ARRAY,
	KITH_MAP,
};

/*
 * Scans s (at most max_bytes, codec/scan.h) and decodes it.  str and bin values point into s.
 * Errors: those of kith_scan, and KITH_ERR_NOMEM; doc is then closed.
 */
enum kith_err kith_doc_open(
	struct kith_doc *doc, struct kith_span s, size_t max_bytes) KITH_MUST_CHECK;

/* NULL and {0} allowed. */
void kith_doc_close(struct kith_doc *doc);

#define KITH_DOC __attribute__((cleanup(kith_doc_close))) /* closes it at the end of the scope */

struct kith_node kith_doc_root(const struct kith_doc *doc);
enum kith_kind kith_node_kind(struct kith_node n);
size_t kith_node_count(struct kith_node n);                         /* elements or pairs, else 0 */
struct kith_node kith_node_at(struct kith_node array, size_t i);    /* absent when out of range */
struct kith_node kith_node_get(struct kith_node map, uint64_t key); /* absent when not there */
uint64_t kith_node_key(struct kith_node map, size_t i);             /* key of pair i < count */
uint64_t kith_node_uint(struct kith_node n);                        /* 0 when not a number */
bool kith_node_bool(struct kith_node n); /* false when not a truth value */
struct kith_span kith_node_bytes(
	struct kith_node n); /* of a str or bin, p never NULL; else absent */

#endif
