/* SPDX-License-Identifier: MIT
 *
 * keyfile.txt - key files, whole and broken.
 */
#include "crypto/keyfile.h"
#include "vectors/vector.h"

/* The passphrase of the vector as somebody types it; NULL when nobody is asked. */
static struct kith_passphrase *typed(struct kith_vector *v)
{
	const char *text = kith_vector_text(v, "passphrase");
	struct kith_passphrase *p = NULL;
	enum kith_err err = text ? kith_passphrase_new(kith_span_str(text), &p, NULL) : KITH_OK;

	if (err)
		kith_vector_fail(v, "the passphrase is refused: %s", kith_err_name(err));
	return p;
}

void kith_vector_keyfile(struct kith_vector *v)
{
	struct kith_span input = kith_vector_bytes(v, "input");
	struct kith_passphrase *passphrase = typed(v);
	uint8_t seed[KITH_KEY_BYTES] = {0};
	enum kith_err err = kith_keyfile_unlock(input, passphrase, seed);

	kith_passphrase_free(passphrase);
	kith_vector_same_class(v, err);
	if (!err)
		kith_vector_same(v, "seed", kith_span(seed, sizeof seed));
}
