/* SPDX-License-Identifier: MIT
 *
 * crowd - who is in, and who goes for a newcomer when there is no place left.
 */
#ifndef KITH_COURIER_CROWD_H
#define KITH_COURIER_CROWD_H

#include <kith/env.h>

#include "courier/origin.h"

#define KITH_CROWD_NOBODY SIZE_MAX

/* One connection that came in. */
struct kith_guest {
	struct kith_origin from;
	bool spoke; /* its first message has come */
	bool kept;  /* KEEP */
};

/* How many of the n guests are of that origin. */
size_t kith_crowd_from(const struct kith_guest *g, size_t n, const struct kith_origin *from);

/* The number of the guest who goes: a random one of those who have not spoken, else of those who
 * have; never one who is kept.  KITH_CROWD_NOBODY: there is no other.  Only env->random is used. */
size_t kith_crowd_leaves(const struct kith_guest *g, size_t n, const struct kith_env *env);

#endif
