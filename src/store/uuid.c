/* SPDX-License-Identifier: MIT */
#include "store/uuid.h"

#include "crypto/hash.h"

static bool is_dash(size_t at)
{
	return at == 8 || at == 13 || at == 18 || at == 23;
}

static int digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Sets the digits that the text has; false when it is not the beginning of a UUID. */
static bool read(struct kith_span text, uint8_t out[static KITH_UID_BYTES])
{
	size_t nibble = 0;

	if (text.n > KITH_UID_CHARS)
		return false;
	for (size_t i = 0; i < text.n; i++) {
		int d = digit(text.p[i]);
		if (is_dash(i) ? text.p[i] != '-' : d < 0)
			return false;
		if (is_dash(i))
			continue;
		uint8_t *byte = &out[nibble / 2];
		*byte = (uint8_t)(nibble % 2 ? (*byte & 0xf0) | d : (*byte & 0x0f) | d << 4);
		nibble++;
	}
	return true;
}

bool kith_uuid_range(
	struct kith_span text, uint8_t lo[static KITH_UID_BYTES], uint8_t hi[static KITH_UID_BYTES])
{
	memset(lo, 0, KITH_UID_BYTES);
	memset(hi, 0xff, KITH_UID_BYTES);
	return read(text, lo) && read(text, hi);
}

void kith_uuid_of_text(struct kith_span uid, uint8_t out[static KITH_UID_BYTES])
{
	uint8_t hash[KITH_HASH_BYTES];

	if (uid.n == KITH_UID_CHARS && read(uid, out))
		return;
	kith_hash(hash, "kith/1 uid", &uid, 1);
	memcpy(out, hash, KITH_UID_BYTES);
	kith_uid_mark(out, 8); /* as kith_uid_text */
}

void kith_uuid_of_key(const uint8_t ik[static KITH_KEY_BYTES], uint8_t out[static KITH_UID_BYTES])
{
	char text[KITH_UID_CHARS + 1];

	kith_uid_text(ik, text);
	kith_uuid_of_text(kith_span(text, KITH_UID_CHARS), out);
}
