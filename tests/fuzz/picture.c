/* SPDX-License-Identifier: MIT
 *
 * picture - a file as kith-picture walks through it before it decodes anything, and the command line it takes.  What is
 * told lies inside the file, and a first frame that was cut out of a WebP is a WebP of the same size.
 */
#include "picture/header.h"

#include "base/limits.h"
#include "fuzz/fuzz.h"
#include "picture/order.h"

static void cut_out(const struct kith_picture_header *h)
{
	struct kith_buf still = {0};
	struct kith_picture_header again;

	must(kith_picture_header_still(h, &still) == KITH_OK);
	must(still.n % 2 == 0 && still.n >= 12 + h->frame.n);
	enum kith_err err = kith_picture_header_read(kith_buf_span(&still), &again);
	must(err == KITH_OK);
	must(again.kind == KITH_PICTURE_WEBP && again.frame.n == 0);
	must(again.width == h->width && again.height == h->height);
	kith_buf_free(&still);
}

static void walked(struct kith_span file)
{
	struct kith_picture_header h;
	enum kith_err err = kith_picture_header_read(file, &h);

	if (err) {
		must(err == KITH_ERR_PICTURE || err == KITH_ERR_SHAPE || err == KITH_ERR_LIMIT);
		return;
	}
	must(h.kind >= KITH_PICTURE_JPEG && h.kind <= KITH_PICTURE_WEBP);
	must(h.width > 0 && h.height > 0);
	must((uint64_t)h.width * h.height <= KITH_PICTURE_PIXELS_MAX);
	must(fuzz_inside(h.exif, file) && fuzz_inside(h.frame, file));
	must(h.exif.n == 0 || h.exif.n >= 8);
	must(h.frame.n == 0 || h.kind == KITH_PICTURE_WEBP);
	if (h.frame.n > 0)
		cut_out(&h);
}

#define WORDS_MAX 6

static void ordered(struct fuzz_in *in)
{
	char words[WORDS_MAX][32] = {{0}};
	char *argv[WORDS_MAX + 1] = {NULL};
	struct kith_picture_order o;
	int argc = fuzz_byte(in) % (WORDS_MAX + 1);

	for (int i = 0; i < argc; i++) {
		struct kith_span s = fuzz_string(in);
		if (s.n > 0)
			memcpy(words[i], s.p, s.n < 31 ? s.n : 31);
		argv[i] = words[i];
	}
	if (!kith_picture_order_read(argc, argv, &o))
		return;
	must(o.what == KITH_PICTURE_CHECK || o.what == KITH_PICTURE_CODES || o.arg[0] > 0);
	must(o.arg[0] <= KITH_PICTURE_TAKE_MAX);
	must(o.what != KITH_PICTURE_PLOT ||
		(o.arg[0] + 2 * o.arg[1]) * o.arg[2] <= KITH_PICTURE_SIDE_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct fuzz_in in = {p, n};

	if (fuzz_byte(&in) & 1)
		ordered(&in);
	else
		walked(fuzz_take(&in, in.n));
	return 0;
}
