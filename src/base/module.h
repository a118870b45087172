/* SPDX-License-Identifier: MIT
 *
 * module - a part of kith that needs a large library, and is loaded when it is asked for: starting a command costs
 * nothing for what it does not use.  It lies where the other programs of kith do (base/beside.h).
 */
#ifndef KITH_BASE_MODULE_H
#define KITH_BASE_MODULE_H

#include <kith/err.h>

/*
 * Loads the file (name: "kith-graph.so") and gives what it calls `symbol`, an object that stays for as long as the
 * process does: the file is not unloaded, so ask once a process.  KITH_ERR_HELPER with a sentence in diag: it is not
 * there, is of another build, or a library that it needs is missing; KITH_ERR_NOMEM.
 */
enum kith_err kith_module(const char *name, const char *symbol, const void **ret_object,
	struct kith_diag *diag) KITH_MUST_CHECK;

#endif
