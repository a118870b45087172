/* SPDX-License-Identifier: MIT
 *
 * same - whether a file is, byte for byte, what another one is.  What a fault has not touched need not be
 * looked at again: the same bytes say the same.
 */
#ifndef KITH_FAULTS_SAME_H
#define KITH_FAULTS_SAME_H

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"

/* Their modes count too.  False where one of them is not there, or cannot be read. */
static inline bool same_file(const char *a, const char *b)
{
	char x[16384], y[16384];
	struct stat s, t;
	ssize_t n, m;
	KITH_AUTO_FD int one = open(a, O_RDONLY | O_CLOEXEC);
	KITH_AUTO_FD int other = open(b, O_RDONLY | O_CLOEXEC);

	if (one < 0 || other < 0 || fstat(one, &s) < 0 || fstat(other, &t) < 0 ||
		s.st_mode != t.st_mode || s.st_size != t.st_size)
		return false;
	do {
		n = read(one, x, sizeof x);
		m = read(other, y, sizeof y);
	} while (n > 0 && n == m && memcmp(x, y, (size_t)n) == 0);
	return n == 0 && m == 0;
}

#endif
