/* SPDX-License-Identifier: MIT
 *
 * alike - do two names look the same to a reader, whatever they are spelled with?
 * Source: Unicode Technical Standard 39, section 4 (confusables), by ICU, whose tables are loaded when
 * the first name is looked at (some 5 ms; most runs never need them).  Where ICU is not installed,
 * only names that are the same but for case, accents and invisible characters are alike.
 * Not thread-safe.  With latin.h the only file that includes ICU.
 */
#ifndef KITH_BASE_ALIKE_H
#define KITH_BASE_ALIKE_H

#include <kith/bytes.h>

/* What a name looks like, as it stands and with capitals made small: "Ian" and "lan" share the first,
 * the Greek "Αda" and "ada" the second.  All zero is fit for kith_looks_free. */
struct kith_looks {
	struct kith_buf plain, folded;
};

/* The looks of a name as kith_show shows it, of which FIELD_NAME_MAX bytes count.  KITH_ERR_NOMEM. */
enum kith_err kith_looks_of(struct kith_span name, struct kith_looks *ret) KITH_MUST_CHECK;

void kith_looks_free(struct kith_looks *looks);

/* A name that shows nothing is like no other. */
bool kith_looks_alike(const struct kith_looks *a, const struct kith_looks *b);

#endif
