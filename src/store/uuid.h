/* SPDX-License-Identifier: MIT
 *
 * uuid - the ids by which people are known in other programs, as 16 bytes.
 */
#ifndef KITH_STORE_UUID_H
#define KITH_STORE_UUID_H

#include <kith/identity.h>

/* That of a key: kith_uid_text. */
void kith_uuid_of_key(const uint8_t ik[static KITH_KEY_BYTES], uint8_t out[static KITH_UID_BYTES]);

/* That of a vCard's UID: what it says when it is one in its usual spelling (any case), else one made from
 * it, as from a key.  So two UIDs have the same one only if they are the same UUID, or the same text. */
void kith_uuid_of_text(struct kith_span uid, uint8_t out[static KITH_UID_BYTES]);

/* The smallest and the greatest one whose text begins so (lower case); false when none can. */
bool kith_uuid_range(struct kith_span text, uint8_t lo[static KITH_UID_BYTES],
	uint8_t hi[static KITH_UID_BYTES]);

#endif
