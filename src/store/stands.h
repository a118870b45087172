/* SPDX-License-Identifier: MIT
 *
 * stands - where in what is known of somebody a word stands.
 */
#ifndef KITH_STORE_STANDS_H
#define KITH_STORE_STANDS_H

#include <kith/select.h>

#include "store/db.h"

/* As kith_store_stands; column: in that one of `words` only, NULL in all of them and in what was said. */
enum kith_err kith_stands(struct kith_store *store, const char *column, struct kith_span word,
	bool whole, kith_stands_fn fn, void *ctx) KITH_MUST_CHECK;

/* In notes and touches alone. */
enum kith_err kith_stands_said(struct kith_store *store, struct kith_span word, kith_stands_fn fn,
	void *ctx) KITH_MUST_CHECK;

/* In notes that begin with "asks:" or "offers:", behind that. */
enum kith_err kith_stands_wished(struct kith_store *store, const char *begin, struct kith_span word,
	kith_stands_fn fn, void *ctx) KITH_MUST_CHECK;

/* Anywhere inside, which reads everything from end to end: of notes only where said is set. */
enum kith_err kith_stands_inside(struct kith_store *store, struct kith_span part, bool said,
	kith_stands_fn fn, void *ctx) KITH_MUST_CHECK;

#endif
