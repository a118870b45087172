/* SPDX-License-Identifier: MIT
 *
 * answer - whether what the helper gave is what was asked for: whoever has taken it over chooses every
 * byte of it, so it is looked at before it goes to a terminal or is signed into a card.
 */
#ifndef KITH_PICTURE_ANSWER_H
#define KITH_PICTURE_ANSWER_H

#include <stdbool.h>

#include <kith/bytes.h>

/*
 * One sixel sequence and nothing else, that draws at most side pixels each way in at most 256 colours:
 * ESC P, up to three numbers, q, raster, colours, sixels with their repeats, ESC \.
 */
bool kith_picture_is_sixel(struct kith_span s, uint32_t side);

/*
 * A JPEG such as `take` writes: one frame of at most PICTURE_TAKE_SIDE pixels each way, tables and scans,
 * the plain JFIF header at most, no comment and nothing else beside; its end is the last of the bytes.
 * Nothing is decoded.
 */
bool kith_picture_is_taken(struct kith_span s);

#endif
