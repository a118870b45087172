/* SPDX-License-Identifier: MIT
 *
 * picture - pictures, all by kith-picture: a process of its own, in a cage, that gets the bytes and nothing
 * else.  Source: proto/picture.md.
 *
 * Errors of every function: KITH_ERR_PICTURE (no JPEG, PNG or WebP, damaged, over PICTURE_PIXELS_MAX, or the helper
 * gave up: PICTURE_MS, PICTURE_MEMORY_MAX), KITH_ERR_LIMIT (over PICTURE_FILE_MAX), KITH_ERR_HELPER,
 * KITH_ERR_NOMEM; all with a sentence.
 */
#ifndef KITH_PICTURE_PICTURE_H
#define KITH_PICTURE_PICTURE_H

#include <kith/bytes.h>

struct kith_picture_info {
	const char *format; /* "jpeg", "png", "webp"; static */
	uint32_t width;     /* pixels */
	uint32_t height;
};

/* What the first bytes say that it is: "jpeg", "png", "webp", or NULL; static.  Nothing is decoded. */
const char *kith_picture_kind(struct kith_span bytes);

/* Decodes it whole, and says what it is.  What does not pass is handed to no other program. */
enum kith_err kith_picture_check(struct kith_span bytes, struct kith_picture_info *ret,
	struct kith_diag *diag) KITH_MUST_CHECK;

/* Appends the picture for a card: upright, its middle cut to a square, scaled down, without what else the file
 * told (place, camera), as JPEG of at most max bytes. */
enum kith_err kith_picture_take(struct kith_span bytes, size_t max, struct kith_buf *out,
	struct kith_diag *diag) KITH_MUST_CHECK;

/* Appends it as PNG, at most `side` pixels wide and high; or as sixels for a terminal. */
enum kith_err kith_picture_png(struct kith_span bytes, uint32_t side, struct kith_buf *out,
	struct kith_diag *diag) KITH_MUST_CHECK;
enum kith_err kith_picture_sixel(struct kith_span bytes, uint32_t side, struct kith_buf *out,
	struct kith_diag *diag) KITH_MUST_CHECK;

/* Appends the texts of the QR codes in it, each as u32be length and bytes; out stays empty when there is none. */
enum kith_err kith_picture_codes(
	struct kith_span bytes, struct kith_buf *out, struct kith_diag *diag) KITH_MUST_CHECK;

/* Appends a PNG of side * side modules (1 dark), each `scale` pixels, `quiet` light modules around. */
enum kith_err kith_picture_plot(const uint8_t *dark, size_t side, size_t quiet, size_t scale,
	struct kith_buf *out, struct kith_diag *diag) KITH_MUST_CHECK;

#endif
