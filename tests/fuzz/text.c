/* SPDX-License-Identifier: MIT
 *
 * text - any bytes on the way to a screen or a comparison: no control byte, no direction control, no
 * more columns than allowed, valid UTF-8.  T17; cases 26, 27, 29.
 */
#include <utf8proc.h>

#include "base/limits.h"
#include "base/text.h"
#include "fuzz/fuzz.h"

#define OUT_MAX 65536

/* RFC 3629, written apart from the product: the code point at the front, or -1; *ret_n its bytes. */
static int32_t point(struct kith_span s, size_t *ret_n)
{
	static const int32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	uint8_t first = s.p[0];
	size_t n = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
	int32_t c = n == 1 ? first : first & (0x7f >> n);

	*ret_n = 1;
	if (n == 0 || first > 0xf4 || n > s.n)
		return -1;
	for (size_t i = 1; i < n; i++) {
		if ((s.p[i] & 0xc0) != 0x80)
			return -1;
		c = c << 6 | (s.p[i] & 0x3f);
	}
	if (c < least[n] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return -1;
	*ret_n = n;
	return c;
}

static bool is_valid(struct kith_span s)
{
	while (s.n > 0) {
		size_t n;
		if (point(s, &n) <= 0)
			return false;
		s = kith_span(s.p + n, s.n - n);
	}
	return true;
}

static bool is_direction(int32_t c)
{
	return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0x200e ||
	       c == 0x200f || c == 0x061c;
}

static bool is_invisible(int32_t c)
{
	return (c >= 0x200b && c <= 0x200d) || c == 0x00ad || c == 0xfeff || c == 0x2060 ||
	       (c >= 0xe0000 && c <= 0xe007f) || (c >= 0xfe00 && c <= 0xfe0f) || c == 0x3164 ||
	       c == 0x2800;
}

static bool is_mark(int32_t c)
{
	int category = utf8proc_category(c);

	return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_ME ||
	       category == UTF8PROC_CATEGORY_MC;
}

static void is_inert(struct kith_span s, size_t max)
{
	size_t columns = 0, marks = 0;

	must(is_valid(s));
	must(s.n == 0 || (s.p[0] != ' ' && s.p[s.n - 1] != ' '));
	while (s.n > 0) {
		size_t n;
		int32_t c = point(s, &n);
		must(c >= 0x20 && !(c >= 0x7f && c <= 0x9f) && c != 0x2028 && c != 0x2029);
		must(!is_direction(c) && !is_invisible(c));
		must(c != 0x2713 && c != 0x2714 && c != 0x2705 && c != 0x1f512);
		marks = is_mark(c) ? marks + 1 : 0;
		must(marks <= KITH_SHOWN_MARKS);
		columns += (size_t)(utf8proc_charwidth(c) > 0 ? utf8proc_charwidth(c) : 0);
		s = kith_span(s.p + n, s.n - n);
	}
	must(columns <= max);
}

static void shows(struct kith_span s, size_t max, size_t cap)
{
	static char fixed[OUT_MAX];
	struct kith_buf out = {0}, again = {0};

	must(kith_show(&out, s, max) == KITH_OK);
	is_inert(kith_buf_span(&out), max);
	must(kith_text_columns(kith_buf_span(&out)) <= max);
	must(kith_show(&again, kith_buf_span(&out), max) == KITH_OK);
	must(kith_span_eq(kith_buf_span(&out), kith_buf_span(&again)));
	memset(fixed, 'x', sizeof fixed);
	must(kith_show_in(fixed, cap, s, max) == fixed);
	must(memchr(fixed, 0, cap));
	must(fixed[cap] == 'x');
	is_inert(kith_span_str(fixed), max);
	kith_buf_free(&out);
	kith_buf_free(&again);
}

static void cuts(struct kith_span s, size_t max)
{
	struct kith_span head = kith_text_cut(s, max);
	size_t next;

	must(head.n <= max && head.n <= s.n && (head.n == 0 || head.p == s.p));
	if (!is_valid(s))
		return;
	must(is_valid(head));
	if (head.n == s.n)
		return;
	(void)point(kith_span(s.p + head.n, s.n - head.n), &next);
	must(head.n + next > max); /* no character less than there is room for */
}

static void folds(struct kith_span s)
{
	struct kith_buf out = {0};

	must(kith_fold(&out, s) == KITH_OK);
	must(is_valid(kith_buf_span(&out)));
	must(out.n == 0 || (out.p[0] != ' ' && out.p[out.n - 1] != ' '));
	for (size_t i = 0; i < out.n; i++) {
		must(out.p[i] >= 0x20 && out.p[i] != 0x7f);
		must(!(out.p[i] >= 'A' && out.p[i] <= 'Z'));
		must(i == 0 || out.p[i] != ' ' || out.p[i - 1] != ' ');
	}
	kith_buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct fuzz_in in = {p, n};
	size_t max = fuzz_byte(&in);
	size_t cap = 8 + fuzz_byte(&in) * 4;
	struct kith_span s = fuzz_take(&in, 8192);

	must(kith_text_valid(s) == is_valid(s));
	shows(s, max, cap);
	cuts(s, max);
	folds(s);
	return 0;
}
