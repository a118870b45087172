/* SPDX-License-Identifier: MIT
 *
 * beside - the other programs of kith.
 */
#ifndef KITH_BASE_BESIDE_H
#define KITH_BASE_BESIDE_H

#include <kith/bytes.h>

/* Puts the path of a program that came with this one into the empty buffer, as a C string: beside it in a
 * build, else in ../libexec/kith where it is installed.  Without links.  A file is passed over that somebody else owns than root, who runs this
 * or who owns this program, or that all may write, or a group that is not the private one of root or who runs this; and so is one in
 * such a folder, or to which a link in such a folder leads.  NULL: there is none, or no memory. */
const char *kith_beside(const char *name, struct kith_buf *out);

#endif
