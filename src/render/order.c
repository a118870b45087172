/* SPDX-License-Identifier: MIT */
#include "render/order.h"

#include "base/limits.h"

/* Decimal digits, no sign, no leading zero. */
static bool read_side(const char *text, uint32_t *ret)
{
	uint32_t v = 0;

	if (*text == '0')
		return false;
	for (; *text; text++) {
		if (*text < '0' || *text > '9')
			return false;
		v = v * 10 + (uint32_t)(*text - '0');
		if (v > KITH_RENDER_SIDE_MAX)
			return false;
	}
	*ret = v;
	return v > 0;
}

bool kith_render_order_read(int argc, char **argv, struct kith_render_order *ret)
{
	struct kith_render_order o;

	if (argc != 3 || !read_side(argv[1], &o.width) || !read_side(argv[2], &o.height))
		return false;
	*ret = o;
	return true;
}
