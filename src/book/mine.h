/* SPDX-License-Identifier: MIT
 *
 * mine - my own cards: read, first made, and changed by signing the next revision.  Whatever leaves by a swap, a
 * file, a code or a session are bytes that were signed here or by kith/cards.h, and that kith card preview shows.
 */
#ifndef KITH_BOOK_MINE_H
#define KITH_BOOK_MINE_H

#include <kith/cards.h>

/* One of my cards as the store has it.  Spans borrow from mine. */
struct kith_my {
	struct kith_mine mine;
	struct kith_card card;      /* from mine.envelope */
	struct kith_fields profile; /* from mine.profile */
};

/* {0} allowed. */
void kith_my_free(struct kith_my *my);

/* Reads "me".  KITH_ERR_MISSING: no card yet; store errors, all with a sentence. */
enum kith_err kith_my_read(
	struct kith_store *store, struct kith_my *ret_my, struct kith_diag *diag) KITH_MUST_CHECK;

/* The same of the card of that name; NULL: "me".  KITH_ERR_MISSING: there is none. */
enum kith_err kith_my_read_card(struct kith_store *store, const char *name, struct kith_my *ret_my,
	struct kith_diag *diag) KITH_MUST_CHECK;

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
 * Signs the first revision with a new random card id, and puts it into the store.  again: the key may have signed
 * cards before, which are not here; its number is then behind RESTORE_JUMP, that none is signed a second time.
 * Errors of kith_card_sign and kith_store_mine_put.
 */
enum kith_err kith_my_first(struct kith_store *store, const struct kith_identity *id,
	const struct kith_fields *fields, bool again, struct kith_diag *diag) KITH_MUST_CHECK;

/* Changes fields; may be called again from the start when another process was faster. */
typedef enum kith_err (*kith_my_change_fn)(
	void *ctx, const struct kith_my *my, struct kith_fields *fields, struct kith_diag *diag);

/*
 * Reads, lets fn change a copy of the profile's fields, and signs and stores the next revision of every
 * card whose fields that changes; *ret_changed says whether there was one.  ctx is handed to fn.  Errors: those of fn,
 * kith_card_sign, the store; KITH_ERR_BUSY when other processes kept winning.
 */
enum kith_err kith_my_change(struct kith_store *store, const struct kith_identity *id,
	kith_my_change_fn fn, void *ctx, bool *ret_changed, struct kith_diag *diag) KITH_MUST_CHECK;

/*
 * Makes a card of that name which shows the fields of the list, and the name; with replace changes what the card of
 * that name shows.  What I have not yet is appended to missing, "title, bday": it shows once I have.
 * KITH_ERR_USAGE: that is no name, or no list; KITH_ERR_MISSING: I have none of those fields, or with replace no such card; KITH_ERR_EXISTS, KITH_ERR_LIMIT, and those of kith_my_change.
 */
enum kith_err kith_my_put_card(struct kith_store *store, const struct kith_identity *id,
	const char *name, const char *shows, bool replace, struct kith_buf *missing,
	struct kith_diag *diag) KITH_MUST_CHECK;

/* Removes it: nobody new gets it.  KITH_ERR_MISSING; KITH_ERR_USAGE: "me" stays; store errors. */
enum kith_err kith_my_remove_card(
	struct kith_store *store, const char *name, struct kith_diag *diag) KITH_MUST_CHECK;

#endif
