/* SPDX-License-Identifier: MIT */
#include "picture/order.h"

#include <stddef.h>
#include <string.h>

/* The words, and the greatest value of each of their numbers; 0 ends them. */
static const struct word {
	const char *text;
	enum kith_picture_what what;
	uint32_t max[KITH_PICTURE_ARGS];
} words[] = {
	{"check", KITH_PICTURE_CHECK, {0, 0, 0}},
	{"take", KITH_PICTURE_TAKE, {KITH_PICTURE_TAKE_MAX, 0, 0}},
	{"png", KITH_PICTURE_PNG, {KITH_PICTURE_SIDE_MAX, 0, 0}},
	{"sixel", KITH_PICTURE_SIXEL, {KITH_PICTURE_SIDE_MAX, 0, 0}},
	{"codes", KITH_PICTURE_CODES, {0, 0, 0}},
	{"plot", KITH_PICTURE_PLOT,
		{KITH_PICTURE_SIDE_MAX, KITH_PICTURE_QUIET_MAX, KITH_PICTURE_SIDE_MAX}},
};

/* Decimal digits, no sign, no leading zero but of "0" itself. */
static bool read_number(const char *text, uint32_t max, uint32_t *ret)
{
	uint32_t v = 0;

	if (!*text || (text[0] == '0' && text[1]))
		return false;
	for (; *text; text++) {
		if (*text < '0' || *text > '9')
			return false;
		uint32_t digit = (uint32_t)(*text - '0');
		if (v > (max - digit) / 10 || digit > max)
			return false;
		v = v * 10 + digit;
	}
	*ret = v;
	return true;
}

/* What one number by itself does not tell. */
static bool makes_sense(const struct kith_picture_order *o)
{
	if (o->what == KITH_PICTURE_CHECK || o->what == KITH_PICTURE_CODES)
		return true;
	if (o->arg[0] == 0)
		return false;
	return o->what != KITH_PICTURE_PLOT ||
	       (o->arg[2] > 0 &&
		       (uint64_t)(o->arg[0] + 2 * o->arg[1]) * o->arg[2] <= KITH_PICTURE_SIDE_MAX);
}

static bool read_word(const struct word *w, int argc, char **argv, struct kith_picture_order *ret)
{
	struct kith_picture_order o = {.what = w->what};
	int n = 0;

	while (n < KITH_PICTURE_ARGS && w->max[n])
		n++;
	if (argc != 2 + n)
		return false;
	for (int i = 0; i < n; i++)
		if (!read_number(argv[2 + i], w->max[i], &o.arg[i]))
			return false;
	if (!makes_sense(&o))
		return false;
	*ret = o;
	return true;
}

bool kith_picture_order_read(int argc, char **argv, struct kith_picture_order *ret)
{
	for (size_t i = 0; argc > 1 && i < sizeof words / sizeof words[0]; i++)
		if (strcmp(argv[1], words[i].text) == 0)
			return read_word(&words[i], argc, argv, ret);
	return false;
}
