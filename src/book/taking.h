/*
 * SPDX-License-Identifier: MIT
 *
 * taking - what the files of an import share: intake.c takes signed cards, vcardin.c vCards,
 * keyin.c statements.
 */
#ifndef KITH_BOOK_TAKING_H
#define KITH_BOOK_TAKING_H

#include "book/intake.h"

/* It is skipped, for that reason, about which r->why has the sentence.  KITH_OK. */
enum kith_err kith_taking_skip(struct kith_intake_result *r, enum kith_err err) KITH_MUST_CHECK;

/* The same for my own card. */
enum kith_err kith_taking_mine(const char *file, struct kith_intake_result *r) KITH_MUST_CHECK;

/* Takes a card that was verified, or skips it.  KITH_ERR_NOMEM, store errors. */
enum kith_err kith_taking_card(struct kith_intake *in, const char *file, struct kith_span envelope,
	const struct kith_card *card, struct kith_intake_result *r) KITH_MUST_CHECK;

#endif
