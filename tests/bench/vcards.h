/* SPDX-License-Identifier: MIT
 *
 * vcards - vCards for a benchmark: 282 bytes each, eleven lines as a phone writes them.
 */
#ifndef KITH_BENCH_VCARDS_H
#define KITH_BENCH_VCARDS_H

#include <stdint.h>
#include <stdio.h>
#include <time.h>

#define VCARD_BYTES 282

/* The i-th, of a million; the same i gives the same bytes.  NUL-terminated. */
static inline void vcard_make(unsigned i, char out[VCARD_BYTES + 1])
{
	i %= 1000000;
	(void)snprintf(out, VCARD_BYTES + 1,
		"BEGIN:VCARD\r\nVERSION:3.0\r\n"
		"UID:3f2a8c1e-77b4-4c0d-9a51-0000%08u\r\n"
		"FN:Ada %06u Lovelace\r\nN:Lovelace;Ada;%06u;;\r\n"
		"EMAIL;TYPE=HOME:ada%06u@example.org\r\n"
		"TEL;TYPE=CELL:+44 7700 %06u\r\n"
		"ORG:Analytic Engines\\, Ltd\r\n"
		"ADR;TYPE=HOME:;;12 St James Square;London;;SW1Y 4JH;UK\r\n"
		"END:VCARD\r\n",
		i, i, i, i, i);
}

static inline double seconds(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

#endif
