/* SPDX-License-Identifier: MIT
 *
 * person - a contact as JSON and as text, the same everywhere.
 */
#ifndef KITH_CLI_PERSON_H
#define KITH_CLI_PERSON_H

#include <jansson.h>

#include "book/held.h"
#include "cli/cli.h"

/*
 * The contact object of the command line's contract, with fields and met lines read from the
 * store: {"id", "name", "revision", "state", "delivered", "fields": [...], "met": [...]}.
 * "conflict", "blocked", "faded" (let go in a review) are there when they are true, "frozen" with the reason (kith/keys.h).
 * A person known from a file alone has one met line, "how": "file", with the day it was imported; one known by an
 * introduction alone "how": "introduced".  "introduced" says by whom, with their words, and stays after a meeting.
 * Beside a signed card "own" holds what I typed in, imported or joined, each with "from".  Somebody
 * without a key has the UUID as id, the state "typed", "from" (typed or imported), one met line,
 * "how": "typed", and the fields of the entry; "own" then is what was joined to it.  A picture over
 * PHOTO_JSON_MAX has the value null and its size as "bytes".
 * NULL when memory ran out or the store failed.  The caller owns the reference (json_decref).
 */
json_t *kith_person_json(struct kith_store *store, int64_t row);

/* Prints it on a line of its own.  Returns the exit status; says what was wrong itself. */
int kith_person_tell(struct kith_store *store, int64_t row);

/*
 * A verified card by itself: {"id", "name", "revision", "fingerprint", "fields": [...]}.
 * NULL when memory ran out.  The caller owns the reference.
 */
json_t *kith_card_json(const struct kith_card *card);

/* The id that WHO takes: base32 of the key, or the UUID of somebody without one.  Returns out. */
const char *kith_person_id(const struct kith_contact *contact, char out[static KITH_ID_CHARS + 1]);

/* Prints the person for reading: name, how known, fields, meetings; what is signed first, then under
 * headings of their own what I typed in, imported or joined.  Text from others is made inert. */
enum kith_err kith_person_print(struct kith_store *store, int64_t row, FILE *out);

/* Prints a line of such a page: a label, and in the column of values a text of one or more lines, made inert. */
enum kith_err kith_person_line(const char *label, struct kith_span value, FILE *out);

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

/* The same for an array of any length: one value is in memory at a time.  Start with {.out = file}.  Without an end it is cut
 * short, and nobody takes it for the whole. */
struct kith_json_array {
	FILE *out;
	bool begun;
};

/* Takes the value.  False: memory ran out, or nobody takes what is written; the command ends then, with status 0, to which the
 * program says what was wrong. */
bool kith_json_add(struct kith_json_array *array, json_t *value);
void kith_json_end(struct kith_json_array *array);

/* Appends the same line to out.  KITH_ERR_NOMEM. */
enum kith_err kith_json_buf(json_t *value, struct kith_buf *out) KITH_MUST_CHECK;

/* With --json prints the object; takes it in any case.  NULL: memory ran out. */
void kith_json_tell(const struct kith_cli *cli, json_t *object);

/* Whether a line was left out, which was told: then the command has not done what it should. */
bool kith_json_failed(void);

#endif
