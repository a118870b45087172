/*
 * SPDX-License-Identifier: MIT
 *
 * incoming - what somebody hands us: cards, links, vCards and pictures, told apart by how they
 * begin, several in one file or one after the other through a pipe, with other text between them.
 */
#ifndef KITH_BOOK_INCOMING_H
#define KITH_BOOK_INCOMING_H

#include "book/input.h"

enum kith_incoming_kind {
	KITH_INCOMING_ENVELOPE,  /* a signed card as it is: kith_incoming_bytes */
	KITH_INCOMING_ARMOR,     /* a signed card from armor; the bytes are the envelope */
	KITH_INCOMING_STATEMENT, /* a statement as it is (kith/statement.h): kith_incoming_bytes */
	KITH_INCOMING_STATEMENT_ARMOR, /* one from armor; the bytes are the statement */
	KITH_INCOMING_INTRODUCTION, /* a part of an introduction (card/introduction.h), as it is */
	KITH_INCOMING_INTRODUCTION_ARMOR, /* one from armor; the bytes are what is in it */
	KITH_INCOMING_URI,                /* KITH:1/...; the bytes are the text (card/uri.h) */
	KITH_INCOMING_MECARD,             /* the bytes are the text (mecard.h) */
	KITH_INCOMING_VCARDS,             /* vCards: kith_incoming_source hands them to a reader */
	KITH_INCOMING_PICTURE,            /* a JPEG, PNG or WebP file, not decoded */
};

/* Start with {0} and open input; end with kith_incoming_free. */
struct kith_incoming {
	struct kith_input input;
	struct kith_buf bytes; /* of the item */
	/* called for a line of a pipe that is something else which can be named; NULL allowed */
	void (*other)(void *ctx, uint64_t line, const char *what);
	void *other_ctx;
	bool any;             /* there was one */
	bool ended;           /* nothing will come any more */
	bool whole;           /* all that is left is vCards in some other encoding */
	unsigned depth;       /* of the vCard that is being handed over; 0: between two */
	bool agent;           /* the line before began a vCard inside this one */
	bool begun;           /* the run has a vCard */
	bool run_over;        /* the run of vCards has ended */
	uint64_t run_line;    /* where it began */
	uint64_t noise;       /* bytes of other text */
	struct kith_buf head; /* the first of them, to say what they are */
};

/* NULL and {0} (with the input's fd -1) allowed. */
void kith_incoming_free(struct kith_incoming *in);

/*
 * What is asked of the command line: a file, "-", or where there is no such file a text of ours
 * (KITH:1/..., MECARD:..., BEGIN:VCARD...).  Errors of kith_input_open, and KITH_ERR_NOTCARD for
 * some other text that can be named.
 */
enum kith_err kith_incoming_open(
	struct kith_incoming *in, const char *what, struct kith_diag *diag) KITH_MUST_CHECK;

/* The text of a QR code instead; name is borrowed.  KITH_ERR_NOMEM. */
enum kith_err kith_incoming_text(
	struct kith_incoming *in, const char *name, struct kith_span text) KITH_MUST_CHECK;

/*
 * The next item, and the line where it begins. KITH_ERR_MISSING: no further one.  KITH_ERR_SHAPE,
 * KITH_ERR_LIMIT: this one is broken, or too long to be one; go on.  KITH_ERR_NOTCARD, or
 * KITH_ERR_LIMIT with FILE_READ_MAX bytes read: there is none.  KITH_ERR_IO, KITH_ERR_NOMEM.  All
 * but the first with a sentence.
 */
enum kith_err kith_incoming_next(struct kith_incoming *in, enum kith_incoming_kind *ret_kind,
	uint64_t *ret_line, struct kith_diag *diag) KITH_MUST_CHECK;

/* The bytes of the item; valid until the next call. */
struct kith_span kith_incoming_bytes(const struct kith_incoming *in);

/* A kith_vcard_source_fn: ctx is the struct kith_incoming.  Its end is that of this run of vCards:
 * of the file, of what a pipe has brought up to now, or where something else begins. */
ptrdiff_t kith_incoming_source(void *ctx, void *p, size_t n);

/* "a PDF file", "a web address": what a text or file is that is none of ours; NULL: no idea.
 * Static. */
const char *kith_incoming_other(struct kith_span head);

#endif
