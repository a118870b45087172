/* SPDX-License-Identifier: MIT
 *
 * mine - my own card: read, first made, and changed by signing the next revision.
 */
#ifndef KITH_BOOK_MINE_H
#define KITH_BOOK_MINE_H

#include <kith/store.h>

/* My card as the store has it.  Spans borrow from mine. */
struct kith_my {
	struct kith_mine mine;
	struct kith_card card;      /* from mine.envelope */
	struct kith_fields profile; /* from mine.profile */
};

/* {0} allowed. */
void kith_my_free(struct kith_my *my);

/* Reads it.  KITH_ERR_MISSING: no card yet; store errors, all with a sentence. */
enum kith_err kith_my_read(
	struct kith_store *store, struct kith_my *ret_my, struct kith_diag *diag) KITH_MUST_CHECK;

/* Whether ik is mine; false also when there is no card. */
bool kith_my_is(const struct kith_my *my, const uint8_t ik[static KITH_KEY_BYTES]);

/*
 * What a person may set: kith_field_check, plus a name that shows something, and no picture, which
 * comes by another way.  KITH_ERR_USAGE and those of kith_field_check, with a sentence.
 */
enum kith_err kith_my_check(const struct kith_field *field, struct kith_diag *diag) KITH_MUST_CHECK;

/* kith_field_parse and kith_my_check of one argument.  *ret_field borrows from text. */
enum kith_err kith_my_parse(
	const char *text, struct kith_field *ret_field, struct kith_diag *diag) KITH_MUST_CHECK;

/*
 * Signs the first revision with a new random card id, and puts it into the store.
 * Errors of kith_card_sign and kith_store_mine_put.
 */
enum kith_err kith_my_first(struct kith_store *store, const struct kith_identity *id,
	const struct kith_fields *fields, struct kith_diag *diag) KITH_MUST_CHECK;

/* Changes fields; may be called again from the start when another process was faster. */
typedef enum kith_err (*kith_my_change_fn)(
	void *ctx, const struct kith_my *my, struct kith_fields *fields, struct kith_diag *diag);

/*
 * Reads, lets fn change a copy of the profile's fields, and when they differ then signs and stores
 * the next revision; *ret_changed says whether.  ctx is handed to fn.  Errors: those of fn,
 * kith_card_sign, the store; KITH_ERR_BUSY when other processes kept winning.
 */
enum kith_err kith_my_change(struct kith_store *store, const struct kith_identity *id,
	kith_my_change_fn fn, void *ctx, bool *ret_changed, struct kith_diag *diag) KITH_MUST_CHECK;

#endif
