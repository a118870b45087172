/* SPDX-License-Identifier: MIT */
#include "base/boot.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"

void kith_boot_id(uint8_t out[static KITH_BOOT_BYTES])
{
	char text[37] = "";
	KITH_AUTO_FD int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	size_t n = 0;

	memset(out, 0, KITH_BOOT_BYTES);
	if (fd < 0 || read(fd, text, sizeof text - 1) < 0)
		return;
	for (const char *p = text; *p && n < 2 * KITH_BOOT_BYTES; p++) {
		unsigned digit = *p >= 'a' ? (unsigned)(*p - 'a' + 10) : (unsigned)(*p - '0');
		if (*p == '-' || digit > 15)
			continue;
		out[n / 2] = (uint8_t)(out[n / 2] << 4 | digit);
		n++;
	}
}
