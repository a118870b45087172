/* SPDX-License-Identifier: MIT
 *
 * familiar - who of those with a key has that name or address: a hint, whom an entry could be joined to.
 */
#ifndef KITH_BOOK_FAMILIAR_H
#define KITH_BOOK_FAMILIAR_H

#include <kith/store.h>

/* One folded text of a person. */
struct kith_familiar_text {
	char *text;
	int64_t row;
};

/* Start with {0}; read at the first question, so what comes later is not in it. */
struct kith_familiar {
	struct kith_familiar_text *at; /* sorted by text */
	size_t n;
	size_t cap;
	bool read;
	enum kith_err err;
};

void kith_familiar_free(struct kith_familiar *f);

/* The row of somebody with a key who has the name or an e-mail address of these fields; 0: nobody.
 * KITH_ERR_NOMEM, store errors. */
enum kith_err kith_familiar_who(struct kith_familiar *f, struct kith_store *store,
	const struct kith_fields *fields, int64_t *ret_row) KITH_MUST_CHECK;

#endif
