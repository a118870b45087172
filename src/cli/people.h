/* SPDX-License-Identifier: MIT
 *
 * people - several persons: their rows, as aligned lines, and as a JSON array.
 */
#ifndef KITH_CLI_PEOPLE_H
#define KITH_CLI_PEOPLE_H

#include <jansson.h>

#include <kith/select.h>

#include "cli/cli.h"

/* One person as listed; every text is inert. */
struct kith_people_row {
	int64_t row;
	char id[KITH_ID_CHARS + 1]; /* kith_person_id */
	bool twin;                  /* shown with somebody of the same name */
	char *name;
	char *org;
	char *known; /* how and when met */
	char *hit;   /* what of it was looked for, NULL for nothing to tell */
	char *state; /* what is missing, "" for nothing */
};

/* Start with {0}; end with kith_people_free. */
struct kith_people {
	struct kith_people_row *at;
	size_t n;
	size_t cap;
	bool twins;        /* some of them are */
	enum kith_err err; /* KITH_ERR_NOMEM once a person could not be added */
};

void kith_people_free(struct kith_people *people);

/* A kith_contact_fn: ctx is the struct kith_people. */
bool kith_people_add(void *people, const struct kith_contact *contact);

/* Puts into every row what of that person the terms found, kith_hit_find.  Store errors. */
enum kith_err kith_people_hits(struct kith_people *people, struct kith_store *store,
	const struct kith_term *terms, size_t n) KITH_MUST_CHECK;

/*
 * Prints name, organisation, how and when met, what was looked for, and what is missing, in aligned
 * columns; with ids, the beginning of the id, long enough to tell these people apart, comes first;
 * without, it stands behind the name of those who share theirs with another.  A heading, and
 * cutting at the width of the screen, only when out is a terminal; bold when color is set.
 */
void kith_people_print(const struct kith_people *people, bool ids, bool color, FILE *out);

/* An array of contact objects (person.h); NULL as there. */
json_t *kith_people_json(const struct kith_people *people, struct kith_store *store);

/* Prints them as the command's answer, in lines or with --json as the array.  The exit status. */
int kith_people_report(struct kith_cli *cli, struct kith_store *store, struct kith_people *people);

#endif
