/* SPDX-License-Identifier: MIT
 *
 * uri - any text as a code of kith's: it is read or refused with a sentence, and what was read is
 * written and read again as the same, in another spelling too.
 */
#include "card/uri.h"

#include "base/limits.h"
#include "base/text.h"
#include "fuzz/fuzz.h"

/* In small letters, a line end behind every fourth character but the first five. */
static void respell(struct kith_span s, struct kith_buf *out)
{
	for (size_t i = 0; i < s.n; i++) {
		uint8_t c = s.p[i] >= 'A' && s.p[i] <= 'Z' ? s.p[i] + 32 : s.p[i];
		must(kith_buf_add(out, &c, 1) == KITH_OK);
		if (i > 5 && i % 4 == 0)
			must(kith_buf_add(out, "\r\n", 2) == KITH_OK);
	}
}

static void comes_back(enum kith_uri_kind kind, struct kith_span bytes)
{
	struct kith_buf text = {0}, other = {0}, back = {0};
	struct kith_diag diag = {0};
	enum kith_uri_kind again;

	must(kith_uri_write(kind, bytes, &text) == KITH_OK);
	must(text.n <= KITH_URI_MAX);
	respell(kith_buf_span(&text), &other);
	must(kith_uri_read(kith_buf_span(&other), &again, &back, &diag) == KITH_OK);
	must(again == kind && kith_span_eq(kith_buf_span(&back), bytes));
	kith_buf_free(&text);
	kith_buf_free(&other);
	kith_buf_free(&back);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct kith_span text = kith_span(p, n);
	struct kith_buf out = {0};
	struct kith_diag diag = {0};
	enum kith_uri_kind kind;

	fuzz_start();
	enum kith_err err = kith_uri_read(text, &kind, &out, &diag);
	must(err == KITH_OK || err == KITH_ERR_NOTCARD || err == KITH_ERR_VERSION ||
		err == KITH_ERR_SHAPE || err == KITH_ERR_LIMIT);
	must((err == KITH_ERR_NOTCARD) != kith_uri_is(text));
	must((err == KITH_OK) == (diag.text[0] == 0));
	must(kith_text_valid(kith_span_str(diag.text)));
	if (err) {
		must(out.n == 0);
		return 0;
	}
	must(kind == KITH_URI_CARD || kind == KITH_URI_INVITE || kind == KITH_URI_STATEMENT ||
		(kind == KITH_URI_IDENTITY && out.n == KITH_KEY_BYTES));
	comes_back(kind, kith_buf_span(&out));
	kith_buf_free(&out);
	return 0;
}
