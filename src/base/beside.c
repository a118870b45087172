/* SPDX-License-Identifier: MIT */
#include "base/beside.h"

#include <unistd.h>

const char *kith_beside(const char *name, struct kith_buf *out)
{
	static const char *const places[] = {"", "../libexec/kith/"};
	char self[4096];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
	char *slash = n > 0 ? memrchr(self, '/', (size_t)n) : NULL;

	for (size_t i = 0; slash && i < sizeof places / sizeof places[0]; i++) {
		kith_buf_clear(out);
		if (kith_buf_add(out, self, (size_t)(slash + 1 - self)) ||
			kith_buf_printf(out, "%s%s", places[i], name) || !kith_buf_cstr(out))
			return NULL;
		if (access((const char *)out->p, X_OK) == 0)
			return (const char *)out->p;
	}
	return NULL;
}
