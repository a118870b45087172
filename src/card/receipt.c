/* SPDX-License-Identifier: MIT */
#include "card/receipt.h"

#include <string.h>

#include "crypto/sign.h"

enum kith_err kith_receipt_verify(const uint8_t ik[static KITH_KEY_BYTES],
	const uint8_t envelope_hash[static 32], const uint8_t session[static 32],
	const uint8_t sig[static KITH_SIG_BYTES])
{
	uint8_t about[64];

	memcpy(about, envelope_hash, 32);
	memcpy(about + 32, session, 32);
	return kith_sign_verify(ik, "kith/1 receipt", kith_span(about, sizeof about), sig);
}
