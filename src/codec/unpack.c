/* SPDX-License-Identifier: MIT */
#include "codec/unpack.h"

#include <msgpack.h>
#include <stdlib.h>

#include "codec/scan.h"

static const msgpack_object *object(struct kith_node n)
{
	return n.o;
}

enum kith_err kith_doc_open(struct kith_doc *doc, struct kith_span s, size_t max_bytes)
{
	*doc = (struct kith_doc){0};
	enum kith_err err = kith_scan(s, max_bytes);
	if (err)
		return err;
	msgpack_unpacked *u = malloc(sizeof *u);
	if (!u)
		return KITH_ERR_NOMEM;
	msgpack_unpacked_init(u);
	doc->zone = u;
	/* Nothing but memory can fail after the scan. */
	if (msgpack_unpack_next(u, (const char *)s.p, s.n, NULL) != MSGPACK_UNPACK_SUCCESS) {
		kith_doc_close(doc);
		return KITH_ERR_NOMEM;
	}
	doc->root = &u->data;
	return KITH_OK;
}

void kith_doc_close(struct kith_doc *doc)
{
	if (!doc || !doc->zone)
		return;
	msgpack_unpacked_destroy(doc->zone);
	free(doc->zone);
	*doc = (struct kith_doc){0};
}

struct kith_node kith_doc_root(const struct kith_doc *doc)
{
	return (struct kith_node){doc->root};
}

enum kith_kind kith_node_kind(struct kith_node n)
{
	if (!n.o)
		return KITH_ABSENT;
	switch (object(n)->type) {
	case MSGPACK_OBJECT_POSITIVE_INTEGER:
		return KITH_UINT;
	case MSGPACK_OBJECT_BOOLEAN:
		return KITH_BOOL;
	case MSGPACK_OBJECT_STR:
		return KITH_STR;
	case MSGPACK_OBJECT_BIN:
		return KITH_BIN;
	case MSGPACK_OBJECT_ARRAY:
		return KITH_ARRAY;
	case MSGPACK_OBJECT_MAP:
		return KITH_MAP;
	default:
		return KITH_ABSENT; /* the scan lets nothing else through */
	}
}

size_t kith_node_count(struct kith_node n)
{
	switch (kith_node_kind(n)) {
	case KITH_ARRAY:
		return object(n)->via.array.size;
	case KITH_MAP:
		return object(n)->via.map.size;
	default:
		return 0;
	}
}

struct kith_node kith_node_at(struct kith_node array, size_t i)
{
	if (kith_node_kind(array) != KITH_ARRAY || i >= object(array)->via.array.size)
		return (struct kith_node){NULL};
	return (struct kith_node){&object(array)->via.array.ptr[i]};
}

struct kith_node kith_node_get(struct kith_node map, uint64_t key)
{
	for (size_t i = 0; kith_node_kind(map) == KITH_MAP && i < object(map)->via.map.size; i++)
		if (kith_node_key(map, i) == key)
			return (struct kith_node){&object(map)->via.map.ptr[i].val};
	return (struct kith_node){NULL};
}

uint64_t kith_node_key(struct kith_node map, size_t i)
{
	return object(map)->via.map.ptr[i].key.via.u64;
}

uint64_t kith_node_uint(struct kith_node n)
{
	return kith_node_kind(n) == KITH_UINT ? object(n)->via.u64 : 0;
}

bool kith_node_bool(struct kith_node n)
{
	return kith_node_kind(n) == KITH_BOOL && object(n)->via.boolean;
}

struct kith_span kith_node_bytes(struct kith_node n)
{
	const msgpack_object *o = object(n);

	switch (kith_node_kind(n)) {
	case KITH_STR:
		return kith_span(o->via.str.size ? o->via.str.ptr : "", o->via.str.size);
	case KITH_BIN:
		return kith_span(o->via.bin.size ? o->via.bin.ptr : "", o->via.bin.size);
	default:
		return (struct kith_span){NULL, 0};
	}
}
