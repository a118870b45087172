/* SPDX-License-Identifier: MIT */
#include "chart/label.h"

#include "base/auto.h"
#include "base/text.h"

#define COLUMNS_MAX 60 /* of a name; no more has room in any picture */

/* Hundredths of the size of letters, from the blank to the tilde, rounded up: DejaVu Sans. */
static const uint8_t ascii[] = {32, 41, 46, 84, 64, 96, 78, 28, 40, 40, 50, 84, 32, 37, 32, 34, 64,
	64, 64, 64, 64, 64, 64, 64, 64, 64, 34, 34, 84, 84, 84, 54, 100, 69, 69, 70, 77, 64, 58, 78,
	76, 30, 30, 66, 56, 87, 75, 79, 61, 79, 70, 64, 62, 74, 69, 99, 69, 62, 69, 40, 34, 40, 84,
	50, 50, 62, 64, 55, 64, 62, 36, 64, 64, 28, 28, 58, 28, 98, 64, 62, 64, 64, 42, 53, 40, 64,
	60, 82, 60, 60, 53, 64, 34, 64, 84};

/* Letters of Latin, Greek and Cyrillic that are wider than SHORT is meant for. */
static const char broad[] =
	"ÆæĦŉŒœŴŵƊƕƜƠƢƯǄǆǇǊǢǣǱǳǶǼǽȡȵȸȹɚɯɰɱɶʍʣʤʥʦʩͲΉΌΎΏΜΩωώϓϖϠϢϣϺЉЊЖМФШЩЪЫЮжфшщюљњ";

/* Of letters that stand in no table: a mean of those of two bytes, what is broad, and others as wide as the wide ones. */
#define SHORT    72
#define BROAD    110
#define OTHER    85
#define ELLIPSIS 100
#define WIDE     105 /* two columns: CJK */
#define PICTURE  140 /* four bytes and two columns: emoji */

_Static_assert(sizeof ascii == '~' - ' ' + 1, "a letter is missing");

static size_t length_at(const uint8_t *p)
{
	return *p < 0x80 ? 1 : *p < 0xe0 ? 2 : *p < 0xf0 ? 3 : 4;
}

static unsigned hundredths(struct kith_span letter)
{
	if (letter.n == 1)
		return letter.p[0] >= ' ' && letter.p[0] <= '~' ? ascii[letter.p[0] - ' '] : 0;
	size_t columns = kith_text_columns(letter);
	if (columns > 1)
		return letter.n == 4 ? PICTURE : WIDE;
	if (letter.n == 3 && memcmp(letter.p, "…", 3) == 0)
		return ELLIPSIS;
	if (!columns)
		return 0;
	return letter.n > 2                                                  ? OTHER
	       : memmem(broad, sizeof broad - 1, letter.p, letter.n) != NULL ? BROAD
									     : SHORT;
}

double kith_label_width(struct kith_span shown, double size)
{
	unsigned sum = 0;

	while (shown.n > 0) {
		size_t n = length_at(shown.p);
		if (n > shown.n)
			n = shown.n;
		sum += hundredths(kith_span(shown.p, n));
		shown = kith_span(shown.p + n, shown.n - n);
	}
	return sum * size / 100;
}

enum kith_err kith_label_cut(struct kith_buf *out, struct kith_span name, double size, double room)
{
	enum kith_err err = KITH_OK;

	for (size_t columns = COLUMNS_MAX; !err && columns > 0; columns--) {
		out->n = 0;
		err = kith_show(out, name, columns);
		if (!err && kith_label_width(kith_buf_span(out), size) <= room)
			break;
	}
	return err || out->n > 0 ? err : kith_buf_add_str(out, "?");
}
