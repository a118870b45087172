/* SPDX-License-Identifier: MIT
 *
 * pack - writing the strict form.  With unpack.c the only user of msgpack-c.
 *
 * The first error sticks: pack on, and look at err once at the end.  The caller keeps to the rules
 * that only he can know (ascending keys, counts that match, valid UTF-8 in str).
 */
#ifndef KITH_CODEC_PACK_H
#define KITH_CODEC_PACK_H

#include <kith/bytes.h>

/* Start with {.out = &buffer}; bytes are appended. */
struct kith_packer {
	struct kith_buf *out; /* borrowed */
	enum kith_err err;    /* KITH_ERR_NOMEM once memory ran out */
};

void kith_pack_map(struct kith_packer *p, size_t pairs);
void kith_pack_array(struct kith_packer *p, size_t elements);
void kith_pack_uint(struct kith_packer *p, uint64_t v);
void kith_pack_bool(struct kith_packer *p, bool v);
void kith_pack_str(struct kith_packer *p, struct kith_span s);
void kith_pack_bin(struct kith_packer *p, struct kith_span s);

#endif
