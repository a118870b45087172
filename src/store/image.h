/* SPDX-License-Identifier: MIT
 *
 * image - the whole store as the bytes of one file, and whether such a file is sound.
 */
#ifndef KITH_STORE_IMAGE_H
#define KITH_STORE_IMAGE_H

#include <kith/store.h>

/* What the store holds at one moment, whoever writes to it meanwhile. */
struct kith_image {
	uint8_t *p;
	size_t n;
};

/* KITH_ERR_LIMIT: over BACKUP_MAX; store errors; both with a sentence in kith_store_why. */
enum kith_err kith_store_image(
	struct kith_store *store, struct kith_image *ret_image) KITH_MUST_CHECK;

/* {0} allowed. */
void kith_image_free(struct kith_image *image);

/* Reads everything: every page, every index, every reference.  KITH_ERR_STORE_CORRUPT; store errors. */
enum kith_err kith_store_sound(struct kith_store *store) KITH_MUST_CHECK;

#endif
