/* SPDX-License-Identifier: MIT
 *
 * keyfile.txt - key files, whole and broken.
 */
#include "crypto/keyfile.h"
#include "vectors/vector.h"

/* A sound file with a passphrase is opened by none yet: right or wrong, the answer is the same. */
static bool wants_passphrase(const struct kith_vector *v)
{
	return kith_vector_text(v, "passphrase") &&
	       (kith_vector_is(v, "expect", "ok") || kith_vector_is(v, "expect", "passphrase"));
}

void kith_vector_keyfile(struct kith_vector *v)
{
	struct kith_span input = kith_vector_bytes(v, "input");
	uint8_t seed[KITH_KEY_BYTES] = {0};
	enum kith_err err = kith_keyfile_open(input, seed);

	if (wants_passphrase(v)) {
		if (err != KITH_ERR_PASSPHRASE)
			kith_vector_fail(v, "expected passphrase, got %s", kith_err_name(err));
		return;
	}
	kith_vector_same_class(v, err);
	if (!err)
		kith_vector_same(v, "seed", kith_span(seed, sizeof seed));
}
