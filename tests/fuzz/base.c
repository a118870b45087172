/* SPDX-License-Identifier: MIT
 *
 * base - base32 and base64: what is read is written the same, whatever is written is read.
 */
#include <ctype.h>

#include "base/base32.h"
#include "crypto/base64.h"
#include "fuzz/fuzz.h"

#define MOST 4096

static void write_32(struct kith_span s)
{
	static char text[KITH_BASE32_CHARS(MOST) + 1];
	static uint8_t back[MOST];

	kith_base32(text, s);
	must(strlen(text) == KITH_BASE32_CHARS(s.n));
	must(strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") == strlen(text));
	must(kith_base32_read(back, s.n, kith_span_str(text)));
	must(kith_span_eq(kith_span(back, s.n), s));
	if (s.n > 0)
		must(!kith_base32_read(back, s.n, kith_span(text, strlen(text) - 1)));
}

static void read_32(struct kith_span s)
{
	static char text[KITH_BASE32_CHARS(MOST) + 1];
	static uint8_t bytes[MOST];
	size_t n = s.n * 5 / 8;

	if (!kith_base32_read(bytes, n, s))
		return;
	kith_base32(text, kith_span(bytes, n));
	for (size_t i = 0; i < s.n; i++)
		must(text[i] == toupper(s.p[i]));
}

static void write_64(struct kith_span s, size_t columns)
{
	struct kith_buf text = {0}, back = {0};
	size_t column = 0;

	must(kith_base64(&text, s, columns) == KITH_OK);
	for (size_t i = 0; i < text.n; i++) {
		column = text.p[i] == '\n' ? 0 : column + 1;
		must(columns == 0 || column <= columns);
	}
	must(kith_base64_read(&back, kith_buf_span(&text)) == KITH_OK);
	must(kith_span_eq(kith_buf_span(&back), s));
	kith_buf_free(&text);
	kith_buf_free(&back);
}

/* Without its blanks, what was read is what is written. */
static void read_64(struct kith_span s)
{
	struct kith_buf bytes = {0}, text = {0};
	enum kith_err err = kith_base64_read(&bytes, s);
	size_t at = 0;

	must(err == KITH_OK || (err == KITH_ERR_SHAPE && bytes.n == 0));
	must(kith_base64(&text, kith_buf_span(&bytes), 0) == KITH_OK);
	for (size_t i = 0; !err && i < s.n; i++) {
		if (s.p[i] == ' ' || s.p[i] == '\t' || s.p[i] == '\r' || s.p[i] == '\n')
			continue;
		must(at < text.n && text.p[at] == s.p[i]);
		at++;
	}
	must(err || at == text.n);
	kith_buf_free(&bytes);
	kith_buf_free(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct fuzz_in in = {p, n};
	size_t columns = fuzz_byte(&in);
	struct kith_span s = fuzz_take(&in, MOST);

	fuzz_start();
	write_32(s);
	read_32(s);
	write_64(s, columns);
	read_64(s);
	return 0;
}
