/* SPDX-License-Identifier: MIT
 *
 * seed - the one secret that everything derives from; only key files need to see it.
 */
#ifndef KITH_CRYPTO_SEED_H
#define KITH_CRYPTO_SEED_H

#include <kith/identity.h>

/* KITH_KEY_BYTES, valid as long as the identity. */
const uint8_t *kith_identity_seed(const struct kith_identity *id);

#endif
