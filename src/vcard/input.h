/* SPDX-License-Identifier: MIT
 *
 * input - the bytes of a file in a window that moves on: UTF-16 in either order, with or without its
 * mark, becomes UTF-8 on the way in, and NUL bytes fall out.
 */
#ifndef KITH_VCARD_INPUT_H
#define KITH_VCARD_INPUT_H

#include "vcard/reader.h"

#define KITH_INPUT_RAW 16384 /* bytes of UTF-16 that are turned at a time */

#define KITH_INPUT_NONE UINT64_MAX       /* of nul and lone: there is none so far */
#define KITH_INPUT_TOLD (UINT64_MAX - 1) /* it has been told, and is not looked for again */

enum kith_input_form { KITH_INPUT_UNKNOWN, KITH_INPUT_BYTES, KITH_INPUT_LE, KITH_INPUT_BE };

struct kith_input {
	kith_vcard_source_fn source;
	void *ctx;
	uint8_t *p; /* the window is its bytes from at to n */
	size_t at, n, cap;
	size_t room, least; /* by how much it grows at first, when less than that is free */
	uint64_t passed;    /* bytes that went through before the window, as they lay in it */
	uint64_t taken;     /* bytes that the source gave */
	uint64_t nul, lone; /* what has passed at the first NUL, and at the first half of a pair */
	bool ended;         /* the source has no more */
	enum kith_input_form form;
	uint8_t *raw; /* of UTF-16: KITH_INPUT_RAW bytes */
	size_t raw_n;
};

/* A file, or something else whose size is not known. */
void kith_input_init(struct kith_input *in, kith_vcard_source_fn source, void *ctx);

/* What will come are n bytes. */
static inline void kith_input_expect(struct kith_input *in, size_t n)
{
	in->room = n + 1;
	in->least = 1;
}

/* NULL allowed. */
void kith_input_free(struct kith_input *in);

/* What is there; moves whenever more is added. */
static inline struct kith_span kith_input_window(const struct kith_input *in)
{
	return kith_span(in->p ? in->p + in->at : NULL, in->n - in->at);
}

/* Adds at least a byte to the window, or sets `ended`.  KITH_ERR_IO; KITH_ERR_NOMEM. */
enum kith_err kith_input_more(struct kith_input *in) KITH_MUST_CHECK;

/* Takes n bytes off the front of the window, which has them. */
static inline void kith_input_pass(struct kith_input *in, size_t n)
{
	in->at += n;
	in->passed += n;
}

#endif
