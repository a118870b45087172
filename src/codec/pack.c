/* SPDX-License-Identifier: MIT */
#include "codec/pack.h"

#include <msgpack.h>

static int append(void *ctx, const char *p, size_t n)
{
	struct kith_packer *packer = ctx;

	if (!packer->err)
		packer->err = kith_buf_add(packer->out, p, n);
	return packer->err ? -1 : 0;
}

/* msgpack-c always chooses the shortest encoding, which is what the strict form asks for. */
static msgpack_packer writer(struct kith_packer *p)
{
	msgpack_packer pk;

	msgpack_packer_init(&pk, p, append);
	return pk;
}

void kith_pack_map(struct kith_packer *p, size_t pairs)
{
	msgpack_packer pk = writer(p);

	(void)msgpack_pack_map(&pk, pairs);
}

void kith_pack_array(struct kith_packer *p, size_t elements)
{
	msgpack_packer pk = writer(p);

	(void)msgpack_pack_array(&pk, elements);
}

void kith_pack_uint(struct kith_packer *p, uint64_t v)
{
	msgpack_packer pk = writer(p);

	(void)msgpack_pack_uint64(&pk, v);
}

void kith_pack_bool(struct kith_packer *p, bool v)
{
	msgpack_packer pk = writer(p);

	(void)(v ? msgpack_pack_true(&pk) : msgpack_pack_false(&pk));
}

void kith_pack_str(struct kith_packer *p, struct kith_span s)
{
	msgpack_packer pk = writer(p);

	(void)msgpack_pack_str(&pk, s.n);
	if (s.n)
		(void)msgpack_pack_str_body(&pk, s.p, s.n);
}

void kith_pack_bin(struct kith_packer *p, struct kith_span s)
{
	msgpack_packer pk = writer(p);

	(void)msgpack_pack_bin(&pk, s.n);
	if (s.n)
		(void)msgpack_pack_bin_body(&pk, s.p, s.n);
}
