/* SPDX-License-Identifier: MIT
 *
 * org - names of organisations that mean the same.  proto/people.md, "Relations".
 */
#ifndef KITH_STORE_ORG_H
#define KITH_STORE_ORG_H

#include <kith/bytes.h>

/* Appends the comparing form of an organisation: folded, its words with one blank between, dots and commas gone, without legal
 * forms (Ltd, GmbH, Inc) behind its first word.  KITH_ERR_NOMEM: out is unchanged. */
enum kith_err kith_org_key(struct kith_buf *out, struct kith_span org) KITH_MUST_CHECK;

#endif
