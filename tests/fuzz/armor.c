/* SPDX-License-Identifier: MIT
 *
 * armor - any bytes as a file: a card as it is, in armor between other text, or neither.
 */
#include <kith/card.h>

#include "fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static const char begin[] = "BEGIN";
	struct kith_buf got = {0}, file = {0}, back = {0};
	enum kith_err err = kith_card_from_file(kith_span(p, n), &got);
	bool raw = n >= 10 && memcmp(p, "\x94\xa8KITHCARD", 10) == 0;
	bool named = n > 0 && memmem(p, n, begin, sizeof begin - 1);

	fuzz_start();
	must(err == KITH_OK || err == KITH_ERR_NOTCARD || err == KITH_ERR_SHAPE);
	if (raw)
		must(!err && kith_span_eq(kith_buf_span(&got), kith_span(p, n)));
	if (!raw && !named)
		must(err == KITH_ERR_NOTCARD);
	if (err)
		must(got.n == 0);
	must(got.n <= n);
	if (!err && got.n > 0) {
		must(kith_buf_add_str(&file, "Look:\r\n") == KITH_OK);
		must(kith_card_armor(kith_buf_span(&got), &file) == KITH_OK);
		must(kith_buf_add_str(&file, "That was it.") == KITH_OK);
		must(kith_card_from_file(kith_buf_span(&file), &back) == KITH_OK);
		must(kith_span_eq(kith_buf_span(&got), kith_buf_span(&back)));
	}
	kith_buf_free(&got);
	kith_buf_free(&file);
	kith_buf_free(&back);
	return 0;
}
