/* SPDX-License-Identifier: MIT
 *
 * person - a contact as JSON and as text, the same everywhere.
 */
#ifndef KITH_CLI_PERSON_H
#define KITH_CLI_PERSON_H

#include <jansson.h>

#include "base/limits.h"
#include "cli/cli.h"

#define KITH_QUOTED_BYTES (4 * KITH_SHOWN_NAME + 32)

/*
 * The contact object of the command line's contract, with fields and met lines read from the
 * store: {"id", "name", "revision", "state", "delivered", "fields": [...], "met": [...]}.
 * A person known from a file alone has one met line, "how": "file", with the day it was imported.
 * NULL when memory ran out or the store failed.  The caller owns the reference (json_decref).
 */
json_t *kith_person_json(struct kith_store *store, int64_t row);

/*
 * A verified card by itself: {"id", "name", "revision", "fingerprint", "fields": [...]}.
 * NULL when memory ran out.  The caller owns the reference.
 */
json_t *kith_card_json(const struct kith_card *card);

/*
 * The card of a contact that has one, as it was kept.  Borrows from the contact.
 * KITH_ERR_STORE_CORRUPT: what is kept is no card any more; KITH_ERR_NOMEM.
 */
enum kith_err kith_person_card(
	const struct kith_contact *contact, struct kith_card *ret_card) KITH_MUST_CHECK;

/* A name inside a sentence: between quotation marks, or KITH_PEOPLE_UNSEEN.  Returns out. */
const char *kith_person_quoted(struct kith_span name, char out[static KITH_QUOTED_BYTES]);

/* Prints the person for reading: name, how known, fields, meetings.  Peer text is made inert. */
enum kith_err kith_person_print(struct kith_store *store, int64_t row, FILE *out);

/* Prints the fields, revision, id and fingerprint of a verified card for reading. */
enum kith_err kith_card_print(const struct kith_card *card, FILE *out);

/* A JSON string of text that may come from others; what is not UTF-8 becomes U+FFFD.
 * NULL when memory ran out. */
json_t *kith_json_text(struct kith_span s);

/*
 * Prints one JSON value on a line of its own and flushes.  Characters that could act on a terminal
 * or on the reading order are written as \u escapes, so a reader gets them back unchanged.
 */
void kith_json_line(FILE *out, json_t *value);

/* Whether a line was left out, which was told: then the command has not done what it should. */
bool kith_json_failed(void);

#endif
