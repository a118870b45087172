/* SPDX-License-Identifier: MIT
 *
 * stamp - the time of an exec: writes the monotonic clock (ns, decimal) to a descriptor, and
 * becomes another program.
 *
 *	stamp FD PROGRAM [ARGUMENT...]
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct timespec t;

	if (argc < 3)
		return 2;
	int fd = atoi(argv[1]);
	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	if (dprintf(fd, "%" PRId64 "\n", (int64_t)t.tv_sec * 1000000000 + t.tv_nsec) < 0)
		return 1;
	(void)close(fd);
	(void)execvp(argv[2], argv + 2);
	perror(argv[2]);
	return 127;
}
