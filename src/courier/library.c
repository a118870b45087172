/* SPDX-License-Identifier: MIT */
#include "courier/library.h"

#include <dlfcn.h>
#include <string.h>

bool kith_library_load(const char *soname, const struct kith_symbol *symbols, size_t n)
{
	void *library = dlopen(soname, RTLD_NOW | RTLD_LOCAL);

	for (size_t i = 0; library && i < n; i++) {
		void *f = dlsym(library, symbols[i].name);
		if (!f)
			return false;
		memcpy(symbols[i].to, &f, sizeof f);
	}
	return library != NULL;
}
