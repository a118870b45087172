/* SPDX-License-Identifier: MIT */
#include "picture/exif.h"

#include <libexif/exif-data.h>

#include "base/auto.h"

#define EXIF_BYTES_MAX 65536 /* a JPEG's segment holds no more; of others the beginning is read */

static int orientation_in(ExifData *data)
{
	ExifEntry *e = exif_content_get_entry(data->ifd[EXIF_IFD_0], EXIF_TAG_ORIENTATION);
	int n = e && e->format == EXIF_FORMAT_SHORT && e->components >= 1 && e->size >= 2
			? exif_get_short(e->data, exif_data_get_byte_order(data))
			: 1;

	return n >= 1 && n <= 8 ? n : 1;
}

int kith_picture_exif_orientation(struct kith_span data)
{
	KITH_AUTO_BUF struct kith_buf bytes = {0};
	int n = 1;

	if (data.n > EXIF_BYTES_MAX)
		data.n = EXIF_BYTES_MAX;
	if (data.n == 0 || kith_buf_add(&bytes, "Exif\0\0", 6) ||
		kith_buf_add(&bytes, data.p, data.n))
		return n;
	ExifData *exif = exif_data_new();
	if (!exif)
		return n;
	exif_data_load_data(exif, bytes.p, (unsigned)bytes.n);
	n = orientation_in(exif);
	exif_data_unref(exif);
	return n;
}
