/* SPDX-License-Identifier: MIT */
#include "base/module.h"

#include <dlfcn.h>

#include "base/auto.h"
#include "base/beside.h"
#include "base/diag.h"
#include "base/text.h"

/* What the loader says, which may name a path. */
static enum kith_err fail(const char *name, struct kith_diag *diag)
{
	char shown[256];
	const char *why = dlerror();

	kith_show_in(shown, sizeof shown, kith_span_str(why ? why : "no reason given"), 120);
	return kith_fail(
		diag, KITH_ERR_HELPER, "%s cannot be loaded: %s; install kith anew", name, shown);
}

enum kith_err kith_module(
	const char *name, const char *symbol, const void **ret_object, struct kith_diag *diag)
{
	KITH_AUTO_BUF struct kith_buf path = {0};
	const char *file = kith_beside(name, &path);
	void *library, *object;

	if (!file)
		return kith_fail(diag, KITH_ERR_HELPER,
			"%s is not where the other programs of kith are, or others can write there; install "
			"kith anew",
			name);
	if (!(library = dlopen(file, RTLD_NOW | RTLD_LOCAL)))
		return fail(name, diag);
	if (!(object = dlsym(library, symbol)))
		return fail(name, diag);
	*ret_object = object;
	return KITH_OK;
}
