/* SPDX-License-Identifier: MIT
 *
 * people - several persons: their rows, as aligned lines, and as a JSON array.
 */
#ifndef KITH_CLI_PEOPLE_H
#define KITH_CLI_PEOPLE_H

#include <jansson.h>

#include "cli/cli.h"

#define KITH_PEOPLE_UNSEEN "(no visible name)" /* instead of a name that shows nothing */

/* One person as listed; every text is inert. */
struct kith_people_row {
	int64_t row;
	uint8_t ik[KITH_KEY_BYTES];
	char *name;
	char *org;
	char *known; /* how and when met */
	char *state; /* what is missing, "" for nothing */
};

/* Start with {0}; end with kith_people_free. */
struct kith_people {
	struct kith_people_row *at;
	size_t n;
	size_t cap;
	enum kith_err err; /* KITH_ERR_NOMEM once a person could not be added */
};

void kith_people_free(struct kith_people *people);

/* A kith_contact_fn: ctx is the struct kith_people. */
bool kith_people_add(void *people, const struct kith_contact *contact);

/*
 * Prints name, organisation, how and when met, and what is missing, in aligned columns; with ids,
 * the beginning of the id, long enough to tell these people apart, comes first.  A heading, and
 * cutting at the width of the screen, only when out is a terminal; bold when color is set.
 */
void kith_people_print(const struct kith_people *people, bool ids, bool color, FILE *out);

/* An array of contact objects (person.h); NULL as there. */
json_t *kith_people_json(const struct kith_people *people, struct kith_store *store);

/* Prints them as the command's answer, in lines or with --json as the array.  The exit status. */
int kith_people_report(
	struct kith_cli *cli, struct kith_store *store, const struct kith_people *people);

#endif
