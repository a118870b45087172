/* SPDX-License-Identifier: MIT
 *
 * receipt - what somebody signs when a card of another has arrived (proto/session.md, RECEIPT).
 */
#ifndef KITH_CARD_RECEIPT_H
#define KITH_CARD_RECEIPT_H

#include <kith/identity.h>

/*
 * Whether the owner of ik has signed that the envelope with that hash (kith_card_hash) arrived in the session that th
 * names.  KITH_ERR_SIG; KITH_ERR_NOMEM.
 */
enum kith_err kith_receipt_verify(const uint8_t ik[static KITH_KEY_BYTES],
	const uint8_t envelope_hash[static 32], const uint8_t session[static 32],
	const uint8_t sig[static KITH_SIG_BYTES]) KITH_MUST_CHECK;

#endif
