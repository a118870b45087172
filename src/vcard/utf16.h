/* SPDX-License-Identifier: MIT
 *
 * utf16 - UTF-16 into UTF-8, without NULs.
 */
#ifndef KITH_VCARD_UTF16_H
#define KITH_VCARD_UTF16_H

#include <kith/bytes.h>

#define KITH_UTF16_ROOM(n) ((n) / 2 * 3 + 3) /* bytes that n bytes of UTF-16 become at most */

struct kith_utf16 {
	bool big;       /* the high byte comes first */
	bool last;      /* nothing follows: what is incomplete is taken for a lone half */
	size_t n;       /* bytes written */
	bool nul;       /* a NUL was left out */
	size_t nul_at;  /* where the first of them would stand */
	bool lone;      /* half a pair, or half a unit at the end, became U+FFFD */
	size_t lone_at; /* where the first of them was written */
};

/* Turns s into out, which has room; how many bytes of s were used. */
size_t kith_utf16_read(struct kith_utf16 *t, struct kith_span s, uint8_t *out);

#endif
