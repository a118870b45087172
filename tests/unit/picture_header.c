/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/auto.h"
#include "picture/header.h"

static struct kith_picture_header h;

#define READ(text) kith_picture_header_read(kith_span(text, sizeof(text) - 1), &h)

/* Sizes as the three kinds write them. */
#define SOI       "\xff\xd8"
#define SOF(size) "\xff\xc0\0\x0b\x08" size "\x01\x01\x11\0"
#define SCAN      "\xff\xda\0\x08\x01\x01\0\0\x3f\0\x2a"
#define END       "\xff\xd9"
#define EXIF                                                                                       \
	"\xff\xe1\0\x10"                                                                           \
	"Exif\0\0"                                                                                 \
	"II*\0\x08\0\0\0"

#define PNG        "\x89PNG\r\n\x1a\n"
#define IHDR(size) "\0\0\0\x0dIHDR" size "\x08\0\0\0\0CRC!"
#define IEND       "\0\0\0\0IENDCRC!"

static void a_jpeg_is_read(void **state)
{
	(void)state;
	assert_int_equal(READ(SOI SOF("\x01\x02\x03\x04") SCAN END), KITH_OK);
	assert_int_equal(h.kind, KITH_PICTURE_JPEG);
	assert_int_equal(h.height, 0x102);
	assert_int_equal(h.width, 0x304);
	assert_int_equal(h.exif.n, 0);
	assert_int_equal(READ(SOI EXIF "\xff\xff" SOF("\0\x01\0\x02") SCAN END), KITH_OK);
	assert_int_equal(h.exif.n, 8);
	assert_memory_equal(h.exif.p, "II*\0", 4);
}

static void a_jpeg_has_its_parts(void **state)
{
	(void)state;
	assert_int_equal(READ(SOI SCAN END), KITH_ERR_SHAPE);
	assert_int_equal(READ(SOI SOF("\0\x01\0\x02") SCAN), KITH_ERR_SHAPE);
	assert_int_equal(READ(SOI SOF("\0\x01\0\x02") END), KITH_ERR_SHAPE);
	assert_int_equal(
		READ(SOI SOF("\0\x01\0\x02") SOF("\0\x01\0\x02") SCAN END), KITH_ERR_SHAPE);
	assert_int_equal(READ(SOI SOF("\0\0\0\x02") SCAN END), KITH_ERR_SHAPE);
	assert_int_equal(READ(SOI SOF("\0\x02\0\0") SCAN END), KITH_ERR_SHAPE);
	assert_int_equal(READ(SOI "\xff\xe0\0\x01" SOF("\0\x01\0\x02") SCAN END), KITH_ERR_SHAPE);
	assert_int_equal(READ(SOI "\xff\xe0\xff\xff" SOF("\0\x01\0\x02") SCAN END), KITH_ERR_SHAPE);
	assert_int_equal(READ(SOI "\xff"), KITH_ERR_SHAPE);
	/* the end of a thumbnail is not the end of the picture */
	assert_int_equal(
		READ(SOI "\xff\xe1\0\x04\xff\xd9" SOF("\0\x01\0\x02") SCAN), KITH_ERR_SHAPE);
}

static void a_png_is_read(void **state)
{
	(void)state;
	assert_int_equal(READ(PNG IHDR("\0\0\x01\x02\0\0\0\x03") IEND), KITH_OK);
	assert_int_equal(h.kind, KITH_PICTURE_PNGFILE);
	assert_int_equal(h.width, 0x102);
	assert_int_equal(h.height, 3);
	assert_int_equal(READ(PNG IHDR("\0\0\0\x01\0\0\0\x01") "\0\0\0\x08"
							       "eXIfMM\0*\0\0\0\x08"
							       "CRC!" IEND "behind it"),
		KITH_OK);
	assert_int_equal(h.exif.n, 8);
	assert_memory_equal(h.exif.p, "MM", 2);
}

static void a_png_has_its_parts(void **state)
{
	(void)state;
	assert_int_equal(READ(PNG), KITH_ERR_SHAPE);
	assert_int_equal(READ(PNG IEND), KITH_ERR_SHAPE);
	assert_int_equal(READ(PNG IHDR("\0\0\0\x01\0\0\0\x01")), KITH_ERR_SHAPE);
	assert_int_equal(READ(PNG IHDR("\0\0\0\0\0\0\0\x01") IEND), KITH_ERR_SHAPE);
	assert_int_equal(READ(PNG IHDR("\0\0\0\x01\0\0\0\x01") IHDR("\0\0\0\x01\0\0\0\x01") IEND),
		KITH_ERR_SHAPE);
	assert_int_equal(READ(PNG IHDR("\0\0\0\x01\0\0\0\x01") "\xff\xff\xff\xffIDATCRC!" IEND),
		KITH_ERR_SHAPE);
	assert_int_equal(
		READ(PNG "\0\0\0\x0cIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0CRC!" IEND), KITH_ERR_SHAPE);
}

#define LOSSLESS "VP8L\x05\0\0\0\x2f\x02\x40\0\0\0"                 /* 3 x 2 */
#define LOSSY    "VP8 \x0a\0\0\0\0\0\0\x9d\x01\x2a\x05\x00\x07\x00" /* 5 x 7 */
#define FRAME    "\0\0\0\0\0\0\x02\0\0\x01\0\0\x64\0\0\0"           /* 3 x 2 */

static void a_webp_is_read(void **state)
{
	(void)state;
	assert_int_equal(READ("RIFF\x12\0\0\0WEBP" LOSSLESS), KITH_OK);
	assert_int_equal(h.kind, KITH_PICTURE_WEBP);
	assert_int_equal(h.width, 3);
	assert_int_equal(h.height, 2);
	assert_int_equal(h.frame.n, 0);
	assert_int_equal(READ("RIFF\x16\0\0\0WEBP" LOSSY), KITH_OK);
	assert_int_equal(h.width, 5);
	assert_int_equal(h.height, 7);
	assert_int_equal(READ("RIFF\x26\0\0\0WEBP" LOSSY "EXIF\x08\0\0\0II*\0\x08\0\0\0"), KITH_OK);
	assert_int_equal(h.exif.n, 8);
}

static void a_webp_that_moves_becomes_its_first_frame(void **state)
{
	static const char moving[] = "RIFF\x2a\0\0\0WEBP"
				     "ANMF\x1e\0\0\0" FRAME LOSSLESS;
	KITH_AUTO_BUF struct kith_buf still = {0};

	(void)state;
	assert_int_equal(READ(moving), KITH_OK);
	assert_int_equal(h.width, 3);
	assert_int_equal(h.height, 2);
	assert_int_equal(h.frame.n, sizeof LOSSLESS - 1);
	assert_int_equal(kith_picture_header_still(&h, &still), KITH_OK);
	assert_int_equal(still.n, 12 + sizeof LOSSLESS - 1);
	assert_memory_equal(still.p, "RIFF\x12\0\0\0WEBP" LOSSLESS, still.n);
}

static void a_webp_has_its_parts(void **state)
{
	(void)state;
	assert_int_equal(READ("RIFF\x04\0\0\0WEBP"), KITH_ERR_SHAPE);
	assert_int_equal(READ("RIFF\x13\0\0\0WEBP" LOSSLESS), KITH_ERR_SHAPE);
	assert_int_equal(
		READ("RIFF\x12\0\0\0WEBPVP8L\x05\0\0\0\x2e\x02\x40\0\0\0"), KITH_ERR_SHAPE);
	assert_int_equal(
		READ("RIFF\x12\0\0\0WEBPVP8L\xff\xff\xff\xff\x2f\x02\x40\0\0\0"), KITH_ERR_SHAPE);
	/* a frame of another size than what is coded in it, and one without any */
	assert_int_equal(READ("RIFF\x2a\0\0\0WEBP"
			      "ANMF\x1e\0\0\0"
			      "\0\0\0\0\0\0\x03\0\0\x01\0\0\x64\0\0\0" LOSSLESS),
		KITH_ERR_SHAPE);
	assert_int_equal(READ("RIFF\x14\0\0\0WEBP"
			      "ANMF\x08\0\0\0"
			      "12345678"),
		KITH_ERR_SHAPE);
}

static void other_kinds_are_none(void **state)
{
	(void)state;
	assert_int_equal(READ(""), KITH_ERR_PICTURE);
	assert_int_equal(READ("\xff\xd8"), KITH_ERR_PICTURE);
	assert_int_equal(READ("\x89PNG\r\n\x1a"), KITH_ERR_PICTURE);
	assert_int_equal(READ("RIFF\x04\0\0\0WAVE"), KITH_ERR_PICTURE);
	assert_int_equal(READ("RIFF\x04\0\0\0WEB"), KITH_ERR_PICTURE);
	assert_int_equal(READ("GIF89a\x01\0\x01\0"), KITH_ERR_PICTURE);
}

/* 8192 * 8192 is PICTURE_PIXELS_MAX. */
static void as_many_pixels_as_may_be_and_more(void **state)
{
	(void)state;
	assert_int_equal(READ(PNG IHDR("\0\0\x20\0\0\0\x20\0") IEND), KITH_OK);
	assert_int_equal(READ(PNG IHDR("\0\0\x20\x01\0\0\x20\0") IEND), KITH_ERR_LIMIT);
	assert_int_equal(READ(PNG IHDR("\xff\xff\xff\xff\xff\xff\xff\xff") IEND), KITH_ERR_LIMIT);
	assert_int_equal(READ(SOI SOF("\x20\0\x20\0") SCAN END), KITH_OK);
	assert_int_equal(READ(SOI SOF("\x20\x01\x20\0") SCAN END), KITH_ERR_LIMIT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_jpeg_is_read),
		cmocka_unit_test(a_jpeg_has_its_parts),
		cmocka_unit_test(a_png_is_read),
		cmocka_unit_test(a_png_has_its_parts),
		cmocka_unit_test(a_webp_is_read),
		cmocka_unit_test(a_webp_that_moves_becomes_its_first_frame),
		cmocka_unit_test(a_webp_has_its_parts),
		cmocka_unit_test(other_kinds_are_none),
		cmocka_unit_test(as_many_pixels_as_may_be_and_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
