/* SPDX-License-Identifier: MIT
 *
 * strict - what passes the scan decodes, and packs to the same bytes again; nothing else decodes.
 */
#include "base/limits.h"
#include "codec/pack.h"
#include "codec/scan.h"
#include "codec/unpack.h"
#include "fuzz/fuzz.h"

#define LONG 64 /* bytes up to which every beginning is tried */

static void pack_again(struct kith_packer *p, struct kith_node n)
{
	switch (kith_node_kind(n)) {
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
		kith_pack_array(p, kith_node_count(n));
		for (size_t i = 0; i < kith_node_count(n); i++)
			pack_again(p, kith_node_at(n, i));
		break;
	case KITH_MAP:
		kith_pack_map(p, kith_node_count(n));
		for (size_t i = 0; i < kith_node_count(n); i++) {
			kith_pack_uint(p, kith_node_key(n, i));
			must(i == 0 || kith_node_key(n, i) > kith_node_key(n, i - 1));
			pack_again(p, kith_node_get(n, kith_node_key(n, i)));
		}
		break;
	case KITH_ABSENT:
		fuzz_broken(__FILE__, __LINE__, "absent in an object that was scanned");
	}
}

/* case 3: every beginning of an object ends too early. */
static void beginnings(struct kith_span s)
{
	for (size_t n = s.n > LONG ? s.n - LONG : 0; n < s.n; n++)
		must(kith_scan(kith_span(s.p, n), KITH_DATAGRAM_MAX) == KITH_ERR_TRUNCATED);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	KITH_DOC struct kith_doc doc = {0};
	struct kith_buf out = {0};
	struct kith_packer packer = {.out = &out};
	struct kith_span s = kith_span(p, n);
	enum kith_err err = kith_scan(s, KITH_DATAGRAM_MAX);

	must(kith_doc_open(&doc, s, KITH_DATAGRAM_MAX) == err);
	if (n > 0)
		must(kith_scan(s, n - 1) == KITH_ERR_LIMIT);
	if (err) {
		must(err == KITH_ERR_LIMIT || err == KITH_ERR_TRUNCATED || err == KITH_ERR_SHAPE ||
			err == KITH_ERR_TYPE || err == KITH_ERR_DUP || err == KITH_ERR_UTF8);
		must(!doc.zone && !doc.root);
		return 0;
	}
	pack_again(&packer, kith_doc_root(&doc));
	must(!packer.err && kith_span_eq(kith_buf_span(&out), s));
	beginnings(s);
	kith_buf_free(&out);
	return 0;
}
