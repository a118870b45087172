/* SPDX-License-Identifier: MIT
 *
 * strict.txt - the strict form: what passes the scan must also be what this side's packer writes.
 */
#include "base/auto.h"
#include "codec/pack.h"
#include "codec/scan.h"
#include "codec/unpack.h"
#include "vectors/vector.h"

/* Packs what was unpacked: the same bytes must come out, since there is only one form. */
static void repack(struct kith_packer *p, struct kith_node n)
{
	size_t count = kith_node_count(n);

	switch (kith_node_kind(n)) {
	case KITH_ABSENT:
		break;
	case KITH_UINT:
		kith_pack_uint(p, kith_node_uint(n));
		break;
	case KITH_BOOL:
		kith_pack_bool(p, kith_node_bool(n));
		break;
	case KITH_STR:
		kith_pack_str(p, kith_node_bytes(n));
		break;
	case KITH_BIN:
		kith_pack_bin(p, kith_node_bytes(n));
		break;
	case KITH_ARRAY:
		kith_pack_array(p, count);
		for (size_t i = 0; i < count; i++)
			repack(p, kith_node_at(n, i));
		break;
	case KITH_MAP:
		kith_pack_map(p, count);
		for (size_t i = 0; i < count; i++) {
			kith_pack_uint(p, kith_node_key(n, i));
			repack(p, kith_node_get(n, kith_node_key(n, i)));
		}
		break;
	}
}

void kith_vector_strict(struct kith_vector *v)
{
	KITH_AUTO_BUF struct kith_buf again = {0};
	KITH_DOC struct kith_doc doc = {0};
	struct kith_packer p = {.out = &again};
	struct kith_span input = kith_vector_bytes(v, "input");
	size_t max = kith_vector_number(v, "max");

	kith_vector_same_class(v, kith_scan(input, max));
	kith_vector_same_class(v, kith_doc_open(&doc, input, max));
	if (!kith_vector_is(v, "expect", "ok") || v->failed)
		return;
	repack(&p, kith_doc_root(&doc));
	if (p.err)
		kith_vector_fail(v, "not packed: %s", kith_err_name(p.err));
	kith_vector_same(v, "input", kith_buf_span(&again));
}
