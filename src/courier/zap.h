/* SPDX-License-Identifier: MIT
 *
 * zap - the authentication handler (ZeroMQ RFC 27): names every peer by the CURVE key it proved.
 */
#ifndef KITH_COURIER_ZAP_H
#define KITH_COURIER_ZAP_H

#include "courier/poller.h"

#define KITH_ZAP_DOMAIN    "kith"
#define KITH_USER_ID_CHARS 40 /* Z85 of 32 bytes */

struct kith_zap;

/* Must stand before the first listener is bound.  NULL: no memory. */
struct kith_zap *kith_zap_new(struct kith_poller *p, void *zmq);
void kith_zap_free(struct kith_zap *z); /* NULL allowed */

#endif
