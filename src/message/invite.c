/* SPDX-License-Identifier: MIT */
#include "message/invite.h"

#include "base/auto.h"
#include "message/message.h"

#define V4 4
#define V6 6

static size_t size_of(const struct kith_invite_address *a)
{
	return a->v6 ? 16 : 4;
}

/* Could this be the address of a machine? */
static bool is_possible(const struct kith_invite_address *a)
{
	static const uint8_t nothing[16];
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

	if (!a->v6)
		return a->bytes[0] != 0 && a->bytes[0] < 224;
	return a->bytes[0] != 0xff && memcmp(a->bytes, nothing, 16) != 0 &&
	       memcmp(a->bytes, mapped, sizeof mapped) != 0;
}

enum kith_err kith_invite_addresses_read(struct kith_span list, struct kith_invite *ret)
{
	struct kith_invite got = {.n = 0};

	while (list.n > 0) {
		if (got.n == KITH_INVITE_ADDRESSES_MAX)
			return KITH_ERR_LIMIT;
		struct kith_invite_address *a = &got.at[got.n++];
		a->v6 = list.p[0] == V6;
		if ((!a->v6 && list.p[0] != V4) || list.n < 1 + size_of(a))
			return KITH_ERR_SHAPE;
		memcpy(a->bytes, list.p + 1, size_of(a));
		if (!is_possible(a))
			return KITH_ERR_VALUE;
		list = kith_span(list.p + 1 + size_of(a), list.n - 1 - size_of(a));
	}
	memcpy(ret->at, got.at, sizeof ret->at);
	ret->n = got.n;
	return KITH_OK;
}

enum kith_err kith_invite_addresses_write(const struct kith_invite *invite, struct kith_buf *out)
{
	enum kith_err err = invite->n > KITH_INVITE_ADDRESSES_MAX ? KITH_ERR_LIMIT : KITH_OK;

	for (size_t i = 0; !err && i < invite->n; i++) {
		const struct kith_invite_address *a = &invite->at[i];
		uint8_t kind = a->v6 ? V6 : V4;
		err = kith_buf_add(out, &kind, 1);
		if (!err)
			err = kith_buf_add(out, a->bytes, size_of(a));
	}
	return err;
}

enum kith_err kith_invite_read(struct kith_span bytes, struct kith_invite *ret)
{
	struct kith_session_invite m;
	struct kith_invite got = {.n = 0};
	enum kith_err err = bytes.n > KITH_INVITE_MAX ? KITH_ERR_LIMIT : KITH_OK;

	if (!err)
		err = kith_unpack_inner(&kith_session_invite_schema, bytes, &m);
	if (!err)
		err = kith_invite_addresses_read(m.addresses, &got);
	if (err)
		return err;
	memcpy(got.key, m.key.p, sizeof got.key);
	memcpy(got.ik, m.ik.p, sizeof got.ik);
	got.port = (uint16_t)m.port;
	*ret = got;
	return KITH_OK;
}

enum kith_err kith_invite_write(const struct kith_invite *invite, struct kith_buf *out)
{
	KITH_AUTO_BUF struct kith_buf list = {0};
	struct kith_session_invite m = {.key = kith_span(invite->key, 32),
		.ik = kith_span(invite->ik, 32),
		.port = invite->port};
	enum kith_err err = kith_invite_addresses_write(invite, &list);

	if (err)
		return err;
	m.addresses = kith_buf_span(&list);
	return kith_pack_inner(&kith_session_invite_schema, &m, out);
}

static bool is_loopback(const struct kith_invite_address *a)
{
	static const uint8_t one[16] = {[15] = 1};

	return a->v6 ? memcmp(a->bytes, one, 16) == 0 : a->bytes[0] == 127;
}

void kith_invite_prune(struct kith_invite *invite, const struct kith_invite *mine)
{
	size_t kept = 0;

	for (size_t i = 0; i < mine->n; i++)
		if (is_loopback(&mine->at[i]))
			return;
	for (size_t i = 0; i < invite->n; i++)
		if (!is_loopback(&invite->at[i]))
			invite->at[kept++] = invite->at[i];
	invite->n = kept;
}
