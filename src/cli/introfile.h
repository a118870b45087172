/* SPDX-License-Identifier: MIT
 *
 * introfile - the messages of an introduction as files, and how an introduction is told: introduce, inbox, import
 * and show share this.
 */
#ifndef KITH_CLI_INTROFILE_H
#define KITH_CLI_INTROFILE_H

#include <jansson.h>

#include <kith/introduction.h>

#include "cli/cli.h"

/* Signs a message for `to` and writes it in armor.  The status; says what was wrong itself. */
int kith_introfile_write(struct kith_cli *cli, const struct kith_identity *id,
	const uint8_t to[static KITH_KEY_BYTES], uint64_t kind, struct kith_span message,
	const char *path);

/*
 * Takes a file that is for me from somebody I know, and appends a sentence about what came of it, inert.
 * *ret_contact: who was introduced, else who sent it; *ret_came: whether that is new.
 * KITH_ERR_SUBJECT: it is for somebody else, or does not fit what was agreed; KITH_ERR_NOPERSON: from somebody
 * who is not here; errors of kith_introfile_verify and of kith_handover_take; all with a sentence in diag.
 */
enum kith_err kith_introfile_take(struct kith_store *store, struct kith_span file, int64_t now,
	struct kith_buf *about, int64_t *ret_contact, enum kith_came *ret_came,
	struct kith_diag *diag) KITH_MUST_CHECK;

/* "proposal", "yes", "introduction", by the kind of the message; static. */
const char *kith_introfile_part(uint64_t kind);

/* Prints the lines that say by whom somebody was introduced, with their words; nothing for anybody else.  Errors of
 * the store, KITH_ERR_NOMEM. */
enum kith_err kith_introduced_print(
	struct kith_store *store, int64_t contact, FILE *out) KITH_MUST_CHECK;

/* The same as an array, [] for anybody else.  NULL when memory ran out or the store failed. */
json_t *kith_introduced_json(struct kith_store *store, int64_t contact);

/* {"id", "name"} of a person; NULL as above. */
json_t *kith_person_brief(struct kith_store *store, int64_t contact);

#endif
