/* SPDX-License-Identifier: MIT
 *
 * input - the bytes of a file, of standard input, or of a text, line by line in bounded memory.
 */
#ifndef KITH_BOOK_INPUT_H
#define KITH_BOOK_INPUT_H

#include <kith/card.h>

#define KITH_INPUT_LINE 8192 /* bytes of a line that are looked at together */

struct kith_input {
	const char *name; /* for sentences, inert; borrows from shown */
	char shown[256];  /* the path */
	int fd;           /* -1: a text */
	bool regular;     /* all of it is there already: a file, or a text */
	int stop; /* a descriptor that ends waiting when it becomes readable; -1 (as opened): none */
	void (*idle)(void *ctx); /* called before waiting for bytes; NULL allowed */
	void *idle_ctx;
	uint8_t *p; /* what was read and not taken yet: from start to end */
	size_t start;
	size_t end;
	size_t cap;
	bool over;      /* nothing more will come */
	bool stopped;   /* because of stop */
	bool middle;    /* what comes next goes on a line of which a piece was taken */
	uint64_t taken; /* bytes */
	uint64_t line;  /* the number of the one that comes next, from 1 */
	uint64_t size;  /* of the file when it was opened; 0: unknown */
	enum kith_err err;
	struct kith_diag diag; /* about err */
};

/*
 * Opens the file, or "-".  As kith_file_read: a FIFO, device or folder by name is refused.
 * KITH_ERR_MISSING, KITH_ERR_PERMISSION, KITH_ERR_IO, KITH_ERR_NOMEM.
 */
enum kith_err kith_input_open(
	struct kith_input *in, const char *path, struct kith_diag *diag) KITH_MUST_CHECK;

/* A text (copied) instead of a file; name is borrowed.  KITH_ERR_NOMEM. */
enum kith_err kith_input_text(
	struct kith_input *in, const char *name, struct kith_span text) KITH_MUST_CHECK;

/* {0} allowed, if fd was made -1. */
void kith_input_close(struct kith_input *in);

/* What is there, at least n bytes of it unless the input ends before; valid until the next call. */
struct kith_span kith_input_peek(struct kith_input *in, size_t n);

/* Whether kith_input_line has an answer without waiting for a person or a program to send more. */
bool kith_input_ready(struct kith_input *in);

/*
 * The next line without its end, or of a longer one the next KITH_INPUT_LINE bytes.  *ret_n: bytes
 * to take, with the line end.  False: there is none.
 */
bool kith_input_line(struct kith_input *in, struct kith_span *ret_line, size_t *ret_n);

/* Takes n bytes of what was peeked, up to the end of a line, or a piece of one. */
void kith_input_take(struct kith_input *in, size_t n);

/* Takes everything up to the end, at most max bytes, appended to out.
 * KITH_ERR_LIMIT: there is more, which is not read; KITH_ERR_NOMEM; KITH_ERR_IO. */
enum kith_err kith_input_rest(
	struct kith_input *in, size_t max, struct kith_buf *out) KITH_MUST_CHECK;

#endif
