/* SPDX-License-Identifier: MIT */
#include <kith/card.h>

#include "card/armor.h"

static const uint8_t magic[] = {0x94, 0xa8, 'K', 'I', 'T', 'H', 'C', 'A', 'R', 'D'};

enum kith_err kith_card_from_file(struct kith_span bytes, struct kith_buf *out)
{
	if (bytes.n >= sizeof magic && memcmp(bytes.p, magic, sizeof magic) == 0)
		return kith_buf_add(out, bytes.p, bytes.n);
	return kith_armor_read(KITH_ARMOR_CARD, bytes, out);
}

enum kith_err kith_card_armor(struct kith_span envelope, struct kith_buf *out)
{
	return kith_armor_write(KITH_ARMOR_CARD, envelope, out);
}
