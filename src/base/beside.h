/* SPDX-License-Identifier: MIT
 *
 * beside - the other programs of kith.
 */
#ifndef KITH_BASE_BESIDE_H
#define KITH_BASE_BESIDE_H

#include <kith/bytes.h>

/* Puts the path of a program that came with this one into the empty buffer, as a C string: beside it in a
 * build, else in ../libexec/kith where it is installed.  NULL: there is none, or no memory. */
const char *kith_beside(const char *name, struct kith_buf *out);

#endif
