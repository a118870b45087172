/* SPDX-License-Identifier: MIT
 *
 * auto - cleanup at the end of a scope (GCC and Clang; never in an installed header).
 *
 *	KITH_AUTO_BUF struct kith_buf b = {0};
 *	KITH_AUTO_FD int fd = open(...);
 */
#ifndef KITH_BASE_AUTO_H
#define KITH_BASE_AUTO_H

#include <stdlib.h>
#include <unistd.h>

#include <kith/bytes.h>

#define KITH_AUTO(f) __attribute__((cleanup(f)))

static inline void kith_auto_free(void *pp)
{
	free(*(void **)pp);
}

static inline void kith_auto_fd(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
}

#define KITH_AUTO_BUF  KITH_AUTO(kith_buf_free)  /* on a struct kith_buf */
#define KITH_AUTO_FREE KITH_AUTO(kith_auto_free) /* on a pointer from malloc */
#define KITH_AUTO_FD   KITH_AUTO(kith_auto_fd)   /* on a descriptor, -1 for none */

#endif
