/* SPDX-License-Identifier: MIT
 *
 * txt - the TXT record of a kith (proto/discovery.md, RFC 6763 section 6).  Pure.
 */
#ifndef KITH_COURIER_TXT_H
#define KITH_COURIER_TXT_H

#include <kith/bytes.h>

#include "base/limits.h"

#define KITH_CURVE_KEY_BYTES 32

struct kith_txt {
	uint8_t key[KITH_CURVE_KEY_BYTES];  /* S, the CURVE public key */
	char label[KITH_TXT_LABEL_MAX + 1]; /* UTF-8, empty when there is none */
};

/*
 * Reads the rdata of a TXT record.  Of a repeated key the first counts, keys are compared without
 * case, what is unknown or has no "=" is skipped; a label that is not UTF-8 is dropped, one that is
 * too long is cut between characters.
 * KITH_ERR_LIMIT: longer than KITH_TXT_MAX; KITH_ERR_TRUNCATED: a string runs past the end;
 * KITH_ERR_VERSION: no v=1; KITH_ERR_VALUE: no key, or not one of 32 bytes, or zero.
 */
enum kith_err kith_txt_read(struct kith_span rdata, struct kith_txt *ret) KITH_MUST_CHECK;

/* Appends the rdata.  KITH_ERR_NOMEM. */
enum kith_err kith_txt_write(const struct kith_txt *txt, struct kith_buf *out) KITH_MUST_CHECK;

#endif
