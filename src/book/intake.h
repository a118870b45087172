/* SPDX-License-Identifier: MIT
 *
 * intake - one card after the other into the store: who is it, and is there anything new?
 */
#ifndef KITH_BOOK_INTAKE_H
#define KITH_BOOK_INTAKE_H

#include <kith/keys.h>
#include "book/familiar.h"
#include "book/mine.h"
#include "vcard/vcard.h"

enum kith_intake_what {
	KITH_INTAKE_NEW,
	KITH_INTAKE_UPDATED,
	KITH_INTAKE_SAME,
	KITH_INTAKE_BESIDE, /* a signed card kept beside the one that is held */
	KITH_INTAKE_SKIPPED,
};

/* What came of a card.  A plain value. */
struct kith_intake_result {
	enum kith_intake_what what;
	bool is_signed;  /* a signed card came, too */
	bool added_to;   /* unsigned values went to what was there */
	int64_t contact; /* whose it is; 0 when skipped */
	uint64_t rev;    /* of the signed card */
	uint64_t had;    /* of the one before, when updated */
	int64_t like;    /* new, unsigned, and looks like this person with a key; 0: like nobody */
	bool is_introduction; /* no card, but a part of an introduction; name is the sentence */
	bool is_statement;    /* no card, but what a key says of itself: */
	struct kith_statement statement; /* when it verifies */
	enum kith_keys_what keys;        /* what came of it */
	enum kith_frozen frozen;         /* and how that person stands now */
	enum kith_err err;               /* why it was skipped */
	char name[512];                  /* inert, between quotation marks */
	struct kith_diag why; /* the sentence about err, or a remark about what else is wrong */
};

/* Where a vCard comes from, which says whether it takes the place of the entry with its UID. */
enum kith_intake_way {
	KITH_INTAKE_FILE,   /* a file: of what came by import, unless it is older; else it adds */
	KITH_INTAKE_THEIRS, /* a folder, and changed there alone: always */
	KITH_INTAKE_BOTH,   /* a folder, and changed there and here: it adds, and that is told */
};

/* An import.  Start with {0}, end with kith_intake_end. */
struct kith_intake {
	struct kith_store *store; /* borrowed */
	struct kith_my my;        /* to know my own card when I see it */
	struct kith_familiar familiar;
	int64_t now;              /* Unix seconds */
	enum kith_intake_way way; /* of what comes next */
	int64_t first;            /* entry made of this file; 0: none yet, as at its beginning */
	bool in_batch;
	size_t batch_n;    /* cards since it began */
	uint64_t batch_at; /* ms, when it began */
};

/* KITH_ERR_MISSING (no card of mine), KITH_ERR_NOMEM, store errors. */
enum kith_err kith_intake_begin(
	struct kith_intake *in, struct kith_store *store, struct kith_diag *diag) KITH_MUST_CHECK;

/* Forgets a batch that has not ended. */
void kith_intake_end(struct kith_intake *in);

/*
 * Takes a signed card; it joins a batch, which is begun if need be.  name stands before the
 * sentence of a card that is skipped: its file. KITH_OK also when it was skipped; KITH_ERR_NOMEM
 * and store errors end an import.
 */
enum kith_err kith_intake_card(struct kith_intake *in, const char *name, struct kith_span envelope,
	struct kith_intake_result *ret) KITH_MUST_CHECK;

/* The same for a vCard, of which text holds the bytes. */
enum kith_err kith_intake_vcard(struct kith_intake *in, const char *name, struct kith_vcard *v,
	struct kith_span text, struct kith_intake_result *ret) KITH_MUST_CHECK;

/* One more joins a batch, which is begun if need be: from before it is looked up until it is put
 * nobody else writes. Store errors. */
enum kith_err kith_intake_join(struct kith_intake *in) KITH_MUST_CHECK;

/* Whether the batch is so large or old that it has to end. */
bool kith_intake_due(const struct kith_intake *in);

/* Ends the batch, if there is one: durable, or forgotten.  Store errors. */
enum kith_err kith_intake_commit(struct kith_intake *in) KITH_MUST_CHECK;
void kith_intake_drop(struct kith_intake *in);

#endif
