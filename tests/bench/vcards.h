/* SPDX-License-Identifier: MIT
 *
 * vcards - vCards for a benchmark: 282 bytes each, ten lines as a phone writes them.
 */
#ifndef KITH_BENCH_VCARDS_H
#define KITH_BENCH_VCARDS_H

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define VCARD_BYTES 282

/* The i-th, of version '3' or '4'; the same i gives the same bytes.  NUL-terminated. */
static inline void vcard_make(unsigned i, char version, char out[VCARD_BYTES + 1])
{
	static const char form[] = /* every row of # becomes i */
		"BEGIN:VCARD\r\nVERSION:#.0\r\n"
		"UID:3f2a8c1e-77b4-4c0d-9a51-0000########\r\n"
		"FN:Ada ###### Lovelace\r\nN:Lovelace;Ada;######;;\r\n"
		"EMAIL;TYPE=HOME:ada######@example.org\r\n"
		"TEL;TYPE=CELL:+44 7700 ######\r\n"
		"ORG:Analytic Engines\\, Ltd\r\n"
		"ADR;TYPE=HOME:;;12 St James Square;London;;SW1Y 4JH;UK\r\n"
		"END:VCARD\r\n";
	unsigned left = i;

	static_assert(sizeof form == VCARD_BYTES + 1, "all are that long");
	memcpy(out, form, sizeof form);
	*strchr(out, '#') = version;
	for (size_t k = VCARD_BYTES; k-- > 0;) {
		if (form[k] != '#' || out[k] != '#')
			left = i;
		else {
			out[k] = (char)('0' + left % 10);
			left /= 10;
		}
	}
}

static inline double seconds(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

#endif
