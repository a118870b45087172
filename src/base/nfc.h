/* SPDX-License-Identifier: MIT
 *
 * nfc - Unicode's composed form, so that what two keyboards send for one text is one text.
 */
#ifndef KITH_BASE_NFC_H
#define KITH_BASE_NFC_H

#include <kith/bytes.h>

#define KITH_NFC_SPARE 4 /* bytes that must be free for every character */

/*
 * Writes s, which must be valid (kith_text_valid), in NFC to out: *ret_n bytes, KITH_NFC_SPARE - 1
 * less than out_cap always fit.  work holds work_cap code points meanwhile; 4 for each byte of s are enough.  Both belong to the
 * caller, so that a secret stays where he put it; nothing else keeps a part of it.  work and out
 * must not overlap.  False: it does not fit.
 */
bool kith_nfc(struct kith_span s, int32_t *work, size_t work_cap, uint8_t *out, size_t out_cap,
	size_t *ret_n);

#endif
