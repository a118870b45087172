/* SPDX-License-Identifier: MIT
 *
 * library - the two Avahi libraries, loaded when they are needed instead of linked.
 *
 * Both define avahi_entry_group_free, each for itself: in a program that is linked with both, one
 * of them calls the other's and dies.  Loaded with RTLD_LOCAL they do not see each other.  Besides,
 * the client library needs ten more, which nobody without a daemon should wait for.
 */
#ifndef KITH_COURIER_LIBRARY_H
#define KITH_COURIER_LIBRARY_H

#include <stdbool.h>
#include <stddef.h>

/* A function of a library, and the pointer that shall point at it. */
struct kith_symbol {
	const char *name;
	void *to; /* of a pointer to function */
};

/* For a list LIST(X) of functions, X(f) standing for avahi_f: the members of a struct of pointers
 * to them, and the symbols that fill it. */
#define KITH_LIBRARY_POINTER(f)       __typeof__(&avahi_##f) f;
#define KITH_LIBRARY_SYMBOL(table, f) {"avahi_" #f, &(table).f},

/* Loads the library for good and fills in the pointers.  False when it is not installed, or lacks
 * a function. */
bool kith_library_load(const char *soname, const struct kith_symbol *symbols, size_t n);

#endif
