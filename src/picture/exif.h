/* SPDX-License-Identifier: MIT
 *
 * exif - which way up a camera was held; by libexif.
 */
#ifndef KITH_PICTURE_EXIF_H
#define KITH_PICTURE_EXIF_H

#include <kith/bytes.h>

/* 1 (as it is) to 8; data from "II" or "MM" on.  1 also where it says nothing that can be read. */
int kith_picture_exif_orientation(struct kith_span data);

#endif
