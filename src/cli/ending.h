/* SPDX-License-Identifier: MIT
 *
 * ending - why an attempt to swap came to nothing: a word for programs, a sentence for people.
 */
#ifndef KITH_CLI_ENDING_H
#define KITH_CLI_ENDING_H

#include <kith/err.h>
#include <stdbool.h>
#include <stddef.h>

/* A word of these seven, which scripts rely on: "declined", "mismatch", "timeout", "unreachable", "busy"; "store": it
 * cannot be written; "protocol": anything else.  Static. */
const char *kith_ending_reason(enum kith_err err);

/*
 * More about "protocol", where there is more, else NULL: "ownkey": they have my own key; "commit": they did not show what
 * they were bound to; "conflict": they have two cards with one number; "stalekey": their key was left, or nothing by it is
 * taken; "version": it needs a newer kith; "failed": something failed on this machine.  Static.
 */
const char *kith_ending_detail(enum kith_err err);

/* The same as a sentence about NAME; out is cut at cap. */
void kith_ending_sentence(const char *name, enum kith_err err, bool pending, char *out, size_t cap);

#endif
