/* SPDX-License-Identifier: MIT */
#include "base/nfc.h"

#include <utf8proc.h>

bool kith_nfc(struct kith_span s, int32_t *work, size_t work_cap, uint8_t *out, size_t out_cap,
	size_t *ret_n)
{
	const utf8proc_option_t nfc = UTF8PROC_STABLE | UTF8PROC_COMPOSE;
	utf8proc_ssize_t points = utf8proc_decompose(
		s.p, (utf8proc_ssize_t)s.n, work, (utf8proc_ssize_t)work_cap, nfc);
	size_t n = 0;

	if (points < 0 || (size_t)points > work_cap)
		return false;
	points = utf8proc_normalize_utf32(work, points, nfc);
	for (utf8proc_ssize_t i = 0; i < points; i++) {
		if (out_cap - n < KITH_NFC_SPARE)
			return false;
		n += (size_t)utf8proc_encode_char(work[i], out + n);
	}
	*ret_n = n;
	return true;
}
