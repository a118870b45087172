/* SPDX-License-Identifier: MIT
 *
 * locks - a disk without locks, as some network file systems are, for every program that loads this
 * first.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <sys/file.h>
#include <sys/syscall.h>
#include <unistd.h>

#define SEEN __attribute__((visibility("default")))

static bool locks(int command)
{
	return command == F_SETLK || command == F_SETLKW || command == F_GETLK ||
	       command == F_OFD_SETLK || command == F_OFD_SETLKW || command == F_OFD_GETLK;
}

static int control(int fd, int command, va_list more)
{
	void *argument = va_arg(more, void *);

	if (!locks(command))
		return (int)syscall(SYS_fcntl, fd, command, argument);
	errno = ENOLCK;
	return -1;
}

SEEN int flock(int fd, int operation)
{
	(void)fd;
	(void)operation;
	errno = ENOLCK;
	return -1;
}

SEEN int fcntl(int fd, int command, ...)
{
	va_list more;

	va_start(more, command);
	int result = control(fd, command, more);
	va_end(more);
	return result;
}

SEEN int fcntl64(int fd, int command, ...);

SEEN int fcntl64(int fd, int command, ...)
{
	va_list more;

	va_start(more, command);
	int result = control(fd, command, more);
	va_end(more);
	return result;
}
