/* SPDX-License-Identifier: MIT
 *
 * person - a contact as JSON and as text, the same everywhere.
 */
#ifndef KITH_CLI_PERSON_H
#define KITH_CLI_PERSON_H

#include <jansson.h>

#include "cli/cli.h"

/*
 * The contact object of the command line's contract, with fields and met lines read from the
 * store: {"id", "name", "revision", "state", "delivered", "fields": [...], "met": [...]}.
 * NULL when memory ran out or the store failed.  The caller owns the reference (json_decref).
 */
json_t *kith_person_json(struct kith_store *store, int64_t row);

/* Prints the person for reading: name, how known, fields, meetings.  Peer text is made inert. */
enum kith_err kith_person_print(struct kith_store *store, int64_t row, FILE *out);

/* Prints one JSON value on a line of its own and flushes. */
void kith_json_line(FILE *out, json_t *value);

#endif
