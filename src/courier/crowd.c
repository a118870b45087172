/* SPDX-License-Identifier: MIT */
#include "courier/crowd.h"

size_t kith_crowd_from(const struct kith_guest *g, size_t n, const struct kith_origin *from)
{
	size_t found = 0;

	for (size_t i = 0; i < n; i++)
		found += kith_origin_eq(&g[i].from, from);
	return found;
}

/* How many may go of those who spoke, or of those who did not. */
static size_t loose(const struct kith_guest *g, size_t n, bool spoke)
{
	size_t found = 0;

	for (size_t i = 0; i < n; i++)
		found += !g[i].kept && g[i].spoke == spoke;
	return found;
}

size_t kith_crowd_leaves(const struct kith_guest *g, size_t n, const struct kith_env *env)
{
	size_t mute = loose(g, n, false);
	size_t of = mute ? mute : loose(g, n, true);
	uint32_t random;

	if (of == 0)
		return KITH_CROWD_NOBODY;
	env->random(env->ctx, (uint8_t *)&random, sizeof random);
	size_t skip = random % of; /* of so few that none is preferred by more than 1 in 2^26 */
	for (size_t i = 0;; i++)
		if (!g[i].kept && g[i].spoke == (mute == 0) && skip-- == 0)
			return i;
}
