/* SPDX-License-Identifier: MIT
 *
 * passphrase - what Argon2id gets to see of one.
 */
#ifndef KITH_CRYPTO_PASSPHRASE_H
#define KITH_CRYPTO_PASSPHRASE_H

#include <kith/identity.h>

/* Its bytes in NFC, borrowed.  They must not be copied anywhere. */
struct kith_span kith_passphrase_span(const struct kith_passphrase *p);

#endif
