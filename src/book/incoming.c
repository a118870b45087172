/* SPDX-License-Identifier: MIT */
#include "book/incoming.h"

#include <kith/statement.h>
#include <strings.h>

#include "base/auto.h"
#include "base/diag.h"
#include "base/limits.h"
#include "base/text.h"
#include "card/armor.h"
#include "card/introduction.h"
#include "card/uri.h"
#include "picture/picture.h"

#define HEAD_BYTES   512 /* kept of a text that is nothing of ours, to say what it is */
#define PICTURE_HEAD 12  /* bytes that tell the kind of a picture */

static const char magic[] = "\x94\xa8KITHCARD";

void kith_incoming_free(struct kith_incoming *in)
{
	if (!in)
		return;
	kith_input_close(&in->input);
	kith_buf_free(&in->bytes);
	kith_buf_free(&in->head);
}

struct kith_span kith_incoming_bytes(const struct kith_incoming *in)
{
	return kith_buf_span(&in->bytes);
}

/* --- what it is ------------------------------------------------------------------------------ */

/* Whether s begins with that, in any case. */
static bool begins(struct kith_span s, const char *text)
{
	size_t n = strlen(text);

	return s.n >= n && strncasecmp((const char *)s.p, text, n) == 0;
}

/* "BEGIN:VCARD" or "END:VCARD", blanks around the colon allowed, and nothing behind. */
static bool is_vcard_line(struct kith_span s, const char *word)
{
	if (!begins(s, word))
		return false;
	const uint8_t *p = s.p + strlen(word);
	const uint8_t *stop = s.p + s.n;
	while (p < stop && (*p == ' ' || *p == '\t'))
		p++;
	if (p == stop || *p++ != ':')
		return false;
	while (p < stop && (*p == ' ' || *p == '\t'))
		p++;
	return begins(kith_span(p, (size_t)(stop - p)), "VCARD") && stop - p == 5;
}

const char *kith_incoming_other(struct kith_span head)
{
	return kith_uri_other(kith_armor_strip(head));
}

/* The kind of an item that begins with this line; false: none. */
static bool line_kind(struct kith_span line, enum kith_incoming_kind *ret)
{
	struct kith_span s = kith_armor_strip(line), rest;
	enum kith_armor armor;

	if (s.n == 0)
		return false;
	if (kith_armor_begins(s, &armor, &rest))
		*ret = armor == KITH_ARMOR_STATEMENT      ? KITH_INCOMING_STATEMENT_ARMOR
		       : armor == KITH_ARMOR_INTRODUCTION ? KITH_INCOMING_INTRODUCTION_ARMOR
							  : KITH_INCOMING_ARMOR;
	else if (kith_uri_is(s))
		*ret = KITH_INCOMING_URI;
	else if (begins(s, "MECARD:"))
		*ret = KITH_INCOMING_MECARD;
	else if (is_vcard_line(s, "BEGIN"))
		*ret = KITH_INCOMING_VCARDS;
	else
		return false;
	return true;
}

/* Whether these are the first bytes of a vCard, or of a file, in UTF-16. */
static bool is_utf16(struct kith_span s)
{
	return s.n >= 2 && (memcmp(s.p, "\xff\xfe", 2) == 0 || memcmp(s.p, "\xfe\xff", 2) == 0 ||
				   (s.p[0] == 0 && strchr("Bb", s.p[1]) && s.p[1]) ||
				   (s.p[1] == 0 && strchr("Bb", s.p[0]) && s.p[0]));
}

/* --- what is handed over --------------------------------------------------------------------- */

enum kith_err kith_incoming_text(struct kith_incoming *in, const char *name, struct kith_span text)
{
	return kith_input_text(&in->input, name, text);
}

enum kith_err kith_incoming_open(struct kith_incoming *in, const char *what, struct kith_diag *diag)
{
	struct kith_diag why = {0};
	enum kith_incoming_kind kind;
	struct kith_span text = kith_span_str(what);
	const uint8_t *end = text.n ? memchr(text.p, '\n', text.n) : NULL;
	struct kith_span first = kith_span(text.p, end ? (size_t)(end - text.p) : text.n);
	enum kith_err err = kith_input_open(&in->input, what, &why);

	if (!err)
		return KITH_OK;
	kith_input_close(&in->input);
	if (err == KITH_ERR_MISSING || (err == KITH_ERR_IO && in->input.size == 0)) {
		/* a long text is no file name for the system, either */
		if (line_kind(kith_span(first.p, first.n - (end && first.n && end[-1] == '\r')),
			    &kind))
			return kith_incoming_text(in, "the text", text);
		if (kith_incoming_other(text))
			return kith_fail(diag, KITH_ERR_NOTCARD, "that is %s, and no card",
				kith_incoming_other(text));
	}
	return kith_fail(diag, err, "%s", kith_diag_text(&why, err));
}

/* --- items ----------------------------------------------------------------------------------- */

/* Why what was read is nothing of ours. */
static enum kith_err fail_other(struct kith_incoming *in, struct kith_diag *diag)
{
	const char *what = kith_incoming_other(kith_buf_span(&in->head));

	in->ended = true;
	if (what)
		return kith_fail(diag, KITH_ERR_NOTCARD, "%s is %s, and not a kith card or a vCard",
			in->input.name, what);
	if (in->noise > KITH_FILE_READ_MAX)
		return kith_fail(diag, KITH_ERR_LIMIT,
			"%s is larger than %d bytes, which no card is, and none of those begins a "
			"vCard",
			in->input.name, KITH_FILE_READ_MAX);
	return kith_fail(
		diag, KITH_ERR_NOTCARD, "%s is not a kith card or a vCard", in->input.name);
}

/* The whole input as one item. */
static enum kith_err take_all(struct kith_incoming *in, size_t max, struct kith_diag *diag)
{
	enum kith_err err = kith_input_rest(&in->input, max, &in->bytes);

	in->ended = true;
	if (err == KITH_ERR_LIMIT)
		return kith_fail(diag, err, "%s is larger than %zu bytes, which no %s is",
			in->input.name, max, max == KITH_FILE_READ_MAX ? "card" : "picture");
	if (err)
		return kith_fail(diag, err, "%s", kith_diag_text(&in->input.diag, err));
	return KITH_OK;
}

/* A card, a statement, a part of an introduction, a picture, or UTF-16, which fill a file from its first byte; false: none of these. */
static bool take_file(struct kith_incoming *in, enum kith_incoming_kind *ret_kind,
	enum kith_err *ret_err, struct kith_diag *diag)
{
	struct kith_span head = kith_input_peek(&in->input, 1);

	if (head.n > 0 && strchr("\x94\x95\xff\xfe\x89RBb", head.p[0]) &&
		!memchr(head.p, '\n', head.n))
		head = kith_input_peek(&in->input, PICTURE_HEAD);
	if (head.n >= sizeof magic - 1 && memcmp(head.p, magic, sizeof magic - 1) == 0) {
		*ret_kind = KITH_INCOMING_ENVELOPE;
		*ret_err = take_all(in, KITH_FILE_READ_MAX, diag);
		return true;
	}
	if (kith_statement_is(head) || kith_introfile_is(head)) {
		*ret_kind = kith_statement_is(head) ? KITH_INCOMING_STATEMENT
						    : KITH_INCOMING_INTRODUCTION;
		*ret_err = take_all(in, KITH_FILE_READ_MAX, diag);
		return true;
	}
	if (kith_picture_kind(head)) {
		*ret_kind = KITH_INCOMING_PICTURE;
		*ret_err = take_all(in, KITH_PICTURE_FILE_MAX, diag);
		return true;
	}
	in->whole = is_utf16(head);
	*ret_kind = KITH_INCOMING_VCARDS;
	*ret_err = KITH_OK;
	return in->whole;
}

/* Appends the line to the item; false: it is over FILE_READ_MAX. */
static bool add_line(struct kith_incoming *in, size_t n, enum kith_err *err)
{
	if (in->bytes.n + n > KITH_FILE_READ_MAX)
		return false;
	*err = kith_buf_add(&in->bytes, in->input.p + in->input.start, n);
	kith_input_take(&in->input, n);
	return true;
}

/* From the first mark to the last. */
static enum kith_err take_armor(
	struct kith_incoming *in, enum kith_armor armor, struct kith_diag *diag)
{
	KITH_AUTO(kith_buf_free) struct kith_buf bytes = {0};
	struct kith_span line, before;
	enum kith_err err = KITH_OK;
	bool ends = false;
	size_t n,
		start = 0; /* start: of the line in bytes, which comes in pieces where it is long */

	while (!err && !ends && kith_input_line(&in->input, &line, &n)) {
		start = in->input.middle ? start : in->bytes.n;
		size_t length = in->bytes.n - start + line.n;
		if (!add_line(in, n, &err))
			return kith_fail(diag, KITH_ERR_LIMIT,
				"%s: what stands in armor is longer than %d bytes, which no card is",
				in->input.name, KITH_FILE_READ_MAX);
		if (!err)
			ends = kith_armor_ends(
				kith_span(in->bytes.p + start, length), armor, &before);
	}
	if (!err)
		err = kith_armor_read(armor, kith_buf_span(&in->bytes), &bytes);
	if (err)
		return kith_fail(diag, err, "%s is damaged, ask for it again: %s", in->input.name,
			ends ? "the armor holds what is no base64"
			     : "the armor has a beginning and no end");
	struct kith_buf text = in->bytes;
	in->bytes = bytes;
	bytes = text;
	return KITH_OK;
}

/* Whether the line could be more of a link that mail has broken. */
static bool goes_on(struct kith_span line)
{
	struct kith_span s = kith_armor_strip(line);

	for (size_t i = 0; i < s.n; i++)
		if (!(s.p[i] >= 'A' && s.p[i] <= 'Z') && !(s.p[i] >= '2' && s.p[i] <= '7'))
			return false;
	return s.n > 0;
}

static enum kith_err fail_long(
	const struct kith_incoming *in, const char *what, size_t max, struct kith_diag *diag)
{
	return kith_fail(diag, KITH_ERR_LIMIT, "%s: %s is longer than %zu characters",
		in->input.name, what, max);
}

static enum kith_err add_stripped(struct kith_incoming *in, struct kith_span line, size_t n)
{
	struct kith_span s = kith_armor_strip(line);
	enum kith_err err = kith_buf_add(&in->bytes, s.p, s.n);

	kith_input_take(&in->input, n);
	return err;
}

/* A link, on one line or on several of a text that is there already. */
static enum kith_err take_uri(struct kith_incoming *in, struct kith_diag *diag)
{
	struct kith_span line;
	size_t n;
	enum kith_err err = KITH_OK;

	while (!err && (in->bytes.n == 0 || kith_input_ready(&in->input)) &&
		kith_input_line(&in->input, &line, &n) &&
		(in->bytes.n == 0 || in->input.middle || goes_on(line))) {
		err = add_stripped(in, line, n);
		if (!err && in->bytes.n > KITH_URI_MAX + KITH_INPUT_LINE)
			return fail_long(in, "a link", KITH_URI_MAX, diag);
	}
	return err;
}

/* Up to ";;" at the end of a line. */
static enum kith_err take_mecard(struct kith_incoming *in, struct kith_diag *diag)
{
	struct kith_span line;
	size_t n;
	enum kith_err err = KITH_OK;
	bool ends = false;

	while (!err && !ends && kith_input_line(&in->input, &line, &n)) {
		if (in->bytes.n > 0)
			err = kith_buf_add(&in->bytes, "\n", 1);
		if (!err)
			err = add_stripped(in, line, n);
		if (in->bytes.n > KITH_URI_MAX)
			return fail_long(in, "a MECARD", KITH_URI_MAX, diag);
		ends = in->bytes.n >= 2 && memcmp(in->bytes.p + in->bytes.n - 2, ";;", 2) == 0;
	}
	return err;
}

static enum kith_err take_item(
	struct kith_incoming *in, enum kith_incoming_kind kind, struct kith_diag *diag)
{
	in->any = true;
	switch (kind) {
	case KITH_INCOMING_ARMOR:
		return take_armor(in, KITH_ARMOR_CARD, diag);
	case KITH_INCOMING_STATEMENT_ARMOR:
		return take_armor(in, KITH_ARMOR_STATEMENT, diag);
	case KITH_INCOMING_INTRODUCTION_ARMOR:
		return take_armor(in, KITH_ARMOR_INTRODUCTION, diag);
	case KITH_INCOMING_URI:
		return take_uri(in, diag);
	case KITH_INCOMING_MECARD:
		return take_mecard(in, diag);
	default:
		in->run_over = in->begun = in->agent = false;
		in->depth = 0;
		in->run_line = in->input.line;
		return KITH_OK;
	}
}

/* Takes a line that is nothing of ours; who has sent it through a pipe may wait for an answer. */
static enum kith_err skip_line(struct kith_incoming *in, struct kith_span line, size_t n)
{
	enum kith_err err = KITH_OK;
	size_t keep = HEAD_BYTES - in->head.n;
	const char *what = in->input.regular || in->input.middle ? NULL : kith_incoming_other(line);

	if (what && in->other)
		in->other(in->other_ctx, in->input.line, what);
	if (keep > 0)
		err = kith_buf_add(&in->head, in->input.p + in->input.start, n < keep ? n : keep);
	kith_input_take(&in->input, n);
	in->noise += n;
	return err;
}

/* A run of vCards that its reader has not taken to the end. */
static void drain(struct kith_incoming *in)
{
	uint8_t waste[4096];

	while (in->run_line && kith_incoming_source(in, waste, sizeof waste) > 0)
		continue;
	in->run_line = 0;
}

enum kith_err kith_incoming_next(struct kith_incoming *in, enum kith_incoming_kind *ret_kind,
	uint64_t *ret_line, struct kith_diag *diag)
{
	struct kith_span line;
	enum kith_err err = KITH_OK;
	size_t n;

	drain(in);
	kith_buf_clear(&in->bytes);
	if (in->ended)
		return KITH_ERR_MISSING;
	*ret_line = in->input.line;
	if (!in->any && in->input.taken == 0 && take_file(in, ret_kind, &err, diag)) {
		in->any = true;
		in->run_line = in->whole;
		return err;
	}
	while (!err && !in->ended && kith_input_line(&in->input, &line, &n)) {
		*ret_line = in->input.line;
		if (!in->input.middle && line_kind(line, ret_kind))
			return take_item(in, *ret_kind, diag);
		err = skip_line(in, line, n);
		if (!in->any && in->noise > KITH_FILE_READ_MAX)
			return fail_other(in, diag);
	}
	if (!err)
		err = in->input.err;
	if (err) {
		in->ended = true;
		return kith_fail(diag, err, "%s", kith_diag_text(&in->input.diag, err));
	}
	if (in->any || in->ended || in->input.stopped)
		return KITH_ERR_MISSING;
	return fail_other(in, diag);
}

/* --- vCards ---------------------------------------------------------------------------------- */

/* Goes by a line that is about to be handed over; false: it belongs to something else. */
static bool pass_line(struct kith_incoming *in, struct kith_span line)
{
	struct kith_span s = kith_armor_strip(line);
	enum kith_incoming_kind kind;

	if (in->depth == 0 && line_kind(line, &kind)) {
		if (kind != KITH_INCOMING_VCARDS)
			return false;
		in->depth = 1;
		in->begun = true;
	} else if (in->depth > 0 && is_vcard_line(s, "BEGIN")) {
		/* without an AGENT: the one before has no end */
		in->depth += in->agent && in->depth < KITH_VCARD_DEPTH_MAX;
	} else if (in->depth > 0 && is_vcard_line(s, "END")) {
		in->depth--;
	}
	in->agent = begins(s, "AGENT") && s.p[s.n - 1] == ':';
	return true;
}

ptrdiff_t kith_incoming_source(void *ctx, void *p, size_t n)
{
	struct kith_incoming *in = ctx;
	size_t done = 0;
	struct kith_span line;
	size_t m;

	if (in->whole) {
		struct kith_span have = kith_input_peek(&in->input, 1);
		m = have.n < n ? have.n : n;
		if (m)
			memcpy(p, have.p, m);
		in->input.start += m;
		in->input.taken += m;
		in->ended = m == 0 && !in->input.err;
		return in->input.err ? -1 : (ptrdiff_t)m;
	}
	while (!in->run_over && done < n) {
		bool waits = !kith_input_ready(&in->input);
		if (waits && done > 0)
			break;
		if ((waits && in->begun && in->depth == 0) ||
			!kith_input_line(&in->input, &line, &m) ||
			(!in->input.middle && !pass_line(in, line))) {
			in->run_over = true;
			break;
		}
		m = m < n - done ? m : n - done;
		memcpy((uint8_t *)p + done, in->input.p + in->input.start, m);
		kith_input_take(&in->input, m);
		done += m;
	}
	return in->input.err ? -1 : (ptrdiff_t)done;
}
