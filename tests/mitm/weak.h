/* SPDX-License-Identifier: MIT
 *
 * weak - the product's transcript functions as this test links them (--wrap): a code of three digits,
 * so that luck can be measured, and two mistakes that can be switched on, so that the simulator can
 * show what it does to a session that has them.
 */
#ifndef KITH_MITM_WEAK_H
#define KITH_MITM_WEAK_H

#include <kith/bytes.h>

#define CODES 1000 /* there are so many different ones here */

enum weakness {
	AS_IT_IS,
	COMMITMENT_UNCHECKED, /* a listener takes any REVEAL */
	REVEAL_KNOWN,         /* a dialler's REVEAL is known with its REQUEST */
};

extern enum weakness weakness;

/* REVEAL_KNOWN: the one that was committed to last.  Borrowed until the next. */
struct kith_span known_reveal(void);

/* Gives its memory back. */
void forget_reveal(void);

#endif
