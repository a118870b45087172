/* SPDX-License-Identifier: MIT */
#include "vcard/input.h"

#include <stdlib.h>

#include "vcard/utf16.h"

#define ROOM  65536 /* bytes of a window at first */
#define LEAST 16384 /* bytes asked for at a time */

void kith_input_init(struct kith_input *in, kith_vcard_source_fn source, void *ctx)
{
	*in = (struct kith_input){
		.source = source,
		.ctx = ctx,
		.room = ROOM,
		.least = LEAST,
		.nul = KITH_INPUT_NONE,
		.lone = KITH_INPUT_NONE,
	};
}

void kith_input_free(struct kith_input *in)
{
	if (!in)
		return;
	free(in->p);
	free(in->raw);
	in->p = in->raw = NULL;
}

/* Room for n more bytes behind the window. */
static bool make_room(struct kith_input *in, size_t n)
{
	if (in->cap - in->n >= n)
		return true;
	if (in->at > 0) {
		memmove(in->p, in->p + in->at, in->n - in->at);
		in->n -= in->at;
		in->at = 0;
	}
	if (in->cap - in->n >= n)
		return true;
	size_t least = in->n + (n > in->room ? n : in->room);
	size_t cap = in->cap * 2 > least ? in->cap * 2 : least;
	uint8_t *p = realloc(in->p, cap);
	if (!p)
		return false;
	in->p = p;
	in->cap = cap;
	return true;
}

/* Up to n bytes of the source into p. */
static enum kith_err take(struct kith_input *in, uint8_t *p, size_t n, size_t *ret_n)
{
	ptrdiff_t got = in->source(in->ctx, p, n);

	if (got < 0 || (size_t)got > n)
		return KITH_ERR_IO;
	in->ended = got == 0;
	in->taken += (size_t)got;
	*ret_n = (size_t)got;
	return KITH_OK;
}

/* Keeps where the first of its kind is, `at` bytes behind the window. */
static void note(const struct kith_input *in, uint64_t *first, bool there, size_t at)
{
	if (there && *first == KITH_INPUT_NONE)
		*first = in->passed + (in->n - in->at) + at;
}

/* Takes the NUL bytes out of n new bytes behind the window; how many are left. */
static size_t without_nul(struct kith_input *in, size_t n)
{
	uint8_t *p = in->p + in->n, *nul = n ? memchr(p, 0, n) : NULL;

	if (!nul)
		return n;
	size_t to = (size_t)(nul - p);
	note(in, &in->nul, true, to);
	for (size_t i = to; i < n; i++)
		if (p[i] != 0)
			p[to++] = p[i];
	return to;
}

/* The raw bytes become UTF-8 behind the window, but for a character whose end is not there. */
static enum kith_err turn(struct kith_input *in)
{
	struct kith_utf16 t = {.big = in->form == KITH_INPUT_BE, .last = in->ended};

	if (!make_room(in, KITH_UTF16_ROOM(in->raw_n)))
		return KITH_ERR_NOMEM;
	size_t used = kith_utf16_read(&t, kith_span(in->raw, in->raw_n), in->p + in->n);
	note(in, &in->lone, t.lone, t.lone_at);
	note(in, &in->nul, t.nul, t.nul_at);
	in->raw_n -= used;
	memmove(in->raw, in->raw + used, in->raw_n);
	in->n += t.n;
	return KITH_OK;
}

static enum kith_err more_utf16(struct kith_input *in)
{
	size_t n = 0;
	enum kith_err err = take(in, in->raw + in->raw_n, KITH_INPUT_RAW - in->raw_n, &n);

	in->raw_n += err ? 0 : n;
	return err ? err : turn(in);
}

static enum kith_err more_bytes(struct kith_input *in)
{
	size_t n = 0;

	if (!make_room(in, in->least))
		return KITH_ERR_NOMEM;
	enum kith_err err = take(in, in->p + in->n, in->cap - in->n, &n);
	if (err)
		return err;
	in->n += without_nul(in, n);
	return KITH_OK;
}

/* What the first bytes are: a mark, or two letters with a NUL each. */
static enum kith_input_form form_of(const uint8_t *p, size_t n)
{
	if (n >= 2 && p[0] == 0xff && p[1] == 0xfe)
		return KITH_INPUT_LE;
	if (n >= 2 && p[0] == 0xfe && p[1] == 0xff)
		return KITH_INPUT_BE;
	if (n >= 4 && p[0] && !p[1] && p[2] && !p[3])
		return KITH_INPUT_LE;
	if (n >= 4 && !p[0] && p[1] && !p[2] && p[3])
		return KITH_INPUT_BE;
	return KITH_INPUT_BYTES;
}

/* The first bytes of the source, as many as tell its form. */
static enum kith_err start(struct kith_input *in)
{
	uint8_t first[4];
	size_t have = 0;

	while (have < sizeof first && !in->ended) {
		size_t n = 0;
		enum kith_err err = take(in, first + have, sizeof first - have, &n);
		if (err)
			return err;
		have += n;
	}
	in->form = form_of(first, have);
	if (in->form == KITH_INPUT_BYTES) {
		if (!make_room(in, sizeof first))
			return KITH_ERR_NOMEM;
		memcpy(in->p + in->n, first, have);
		in->n += without_nul(in, have);
		return KITH_OK;
	}
	in->raw = malloc(KITH_INPUT_RAW);
	if (!in->raw)
		return KITH_ERR_NOMEM;
	memcpy(in->raw, first, have);
	in->raw_n = have;
	return turn(in);
}

enum kith_err kith_input_more(struct kith_input *in)
{
	size_t had = in->n - in->at;
	enum kith_err err = KITH_OK;

	while (!err && !in->ended && in->n - in->at == had) {
		if (in->form == KITH_INPUT_UNKNOWN)
			err = start(in);
		else if (in->form == KITH_INPUT_BYTES)
			err = more_bytes(in);
		else
			err = more_utf16(in);
	}
	return err;
}
