/* SPDX-License-Identifier: MIT
 *
 * zap - the authentication handler (ZeroMQ RFC 27): names every peer by the CURVE key it proved, and
 * lets no more of them in than the rates allow.
 */
#ifndef KITH_COURIER_ZAP_H
#define KITH_COURIER_ZAP_H

#include "courier/conn.h"

#define KITH_ZAP_DOMAIN    "kith"
#define KITH_USER_ID_CHARS 40 /* Z85 of 32 bytes */

struct kith_zap;

/* Must stand before the first listener is bound.  lines is borrowed for life.  NULL: no memory. */
struct kith_zap *kith_zap_new(struct kith_lines *lines);
void kith_zap_free(struct kith_zap *z); /* NULL allowed */

#endif
