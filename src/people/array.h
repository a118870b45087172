/* SPDX-License-Identifier: MIT
 *
 * array - room for one more.
 */
#ifndef KITH_PEOPLE_ARRAY_H
#define KITH_PEOPLE_ARRAY_H

#include <stdlib.h>
#include <string.h>

#include <kith/err.h>

/* Makes room for the element at n of an array on the heap (pp: where its pointer is) that has *cap of them.  KITH_ERR_NOMEM: it
 * is unchanged. */
static inline enum kith_err kith_array_room(void *pp, size_t *cap, size_t n, size_t size)
{
	void *p;

	if (n < *cap)
		return KITH_OK;
	memcpy(&p, pp, sizeof p);
	if (!(p = reallocarray(p, *cap ? *cap * 2 : 64, size)))
		return KITH_ERR_NOMEM;
	*cap = *cap ? *cap * 2 : 64;
	memcpy(pp, &p, sizeof p);
	return KITH_OK;
}

#endif
