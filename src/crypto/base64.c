/* SPDX-License-Identifier: MIT */
#include "crypto/base64.h"

#include <sodium.h>

#include "base/auto.h"

enum kith_err kith_base64(struct kith_buf *out, struct kith_span s, size_t columns)
{
	KITH_AUTO_BUF struct kith_buf line = {0};
	size_t n = sodium_base64_encoded_len(s.n, sodium_base64_VARIANT_ORIGINAL);
	uint8_t *text;
	enum kith_err err = kith_buf_more(&line, n, &text); /* with its NUL */

	if (err)
		return err;
	(void)sodium_bin2base64((char *)text, n, s.p, s.n, sodium_base64_VARIANT_ORIGINAL);
	if (columns == 0)
		return kith_buf_add(out, text, n - 1);
	for (size_t at = 0; at < n - 1; at += columns) {
		size_t m = n - 1 - at < columns ? n - 1 - at : columns;
		if ((err = kith_buf_add(out, text + at, m)) || (err = kith_buf_add(out, "\n", 1)))
			return err;
	}
	return KITH_OK;
}

enum kith_err kith_base64_read(struct kith_buf *out, struct kith_span text)
{
	size_t start = out->n;
	size_t got = 0;
	uint8_t *to;
	enum kith_err err;

	/* libsodium 1.0.18 skips NUL like a blank, and takes what is not ASCII for "/". */
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] == 0 || text.p[i] >= 0x80)
			return KITH_ERR_SHAPE;
	if ((err = kith_buf_more(out, text.n / 4 * 3 + 3, &to)))
		return err;
	if (sodium_base642bin(to, text.n / 4 * 3 + 3, (const char *)text.p, text.n, " \t\r\n", &got,
		    NULL, sodium_base64_VARIANT_ORIGINAL) != 0) {
		out->n = start;
		return KITH_ERR_SHAPE;
	}
	out->n = start + got;
	return KITH_OK;
}

enum kith_err kith_base64url(struct kith_buf *out, struct kith_span s)
{
	const int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
	size_t n = sodium_base64_encoded_len(s.n, variant);
	uint8_t *text;
	enum kith_err err = kith_buf_more(out, n, &text); /* with its NUL */

	if (err)
		return err;
	(void)sodium_bin2base64((char *)text, n, s.p, s.n, variant);
	out->n--;
	return KITH_OK;
}

enum kith_err kith_base64url_read(struct kith_buf *out, struct kith_span text)
{
	size_t start = out->n;
	size_t got = 0;
	uint8_t *to;
	enum kith_err err;

	for (size_t i = 0; i < text.n; i++) /* as above */
		if (text.p[i] == 0 || text.p[i] >= 0x80)
			return KITH_ERR_SHAPE;
	if ((err = kith_buf_more(out, text.n / 4 * 3 + 3, &to)))
		return err;
	if (sodium_base642bin(to, text.n / 4 * 3 + 3, (const char *)text.p, text.n, NULL, &got,
		    NULL, sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0) {
		out->n = start;
		return KITH_ERR_SHAPE;
	}
	out->n = start + got;
	return KITH_OK;
}
