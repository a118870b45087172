/* SPDX-License-Identifier: MIT */
#include <kith/card.h>

#include "base/auto.h"
#include "card/armor.h"
#include "crypto/base64.h"

#define ARMOR_COLUMNS 64
#define ENVELOPE      "lKhLSVRIQ0FSR" /* with what every envelope begins, in base64 */

static const char begin[] = "-----BEGIN KITH CARD-----";
static const char end[] = "-----END KITH CARD-----";
static const uint8_t magic[] = {0x94, 0xa8, 'K', 'I', 'T', 'H', 'C', 'A', 'R', 'D'};

/* --- what mail and chat do to a line --------------------------------------------------------- */

/* Bytes of the first of those texts (an empty one ends them) that s begins with; 0: with none. */
static size_t starts(struct kith_span s, const char *const *texts)
{
	for (; **texts; texts++) {
		size_t n = strlen(*texts);
		if (s.n >= n && memcmp(s.p, *texts, n) == 0)
			return n;
	}
	return 0;
}

/* A blank: as typed, no-break, of no width, ideographic; and a byte order mark. */
static size_t blank(struct kith_span s)
{
	static const char *const blanks[] = {" ", "\t", "\xc2\xa0", "\xe2\x80\x87", "\xe2\x80\x8b",
		"\xe2\x80\xaf", "\xe2\x81\xa0", "\xe3\x80\x80", "\xef\xbb\xbf", ""};

	return starts(s, blanks);
}

/* A dash: as typed, or what a program with taste makes of one, two or three. */
static size_t dash(struct kith_span s)
{
	static const char *const dashes[] = {"-", "\xe2\x80\x90", "\xe2\x80\x91", "\xe2\x80\x92",
		"\xe2\x80\x93", "\xe2\x80\x94", "\xe2\x80\x95", "\xe2\x88\x92", "\xe2\xb8\xba",
		"\xe2\xb8\xbb", ""};

	return starts(s, dashes);
}

static struct kith_span behind(struct kith_span s, size_t n)
{
	return kith_span(s.p + n, s.n - n);
}

/* Without the blank at its end; the same where there is none. */
static struct kith_span before_blank(struct kith_span s)
{
	for (size_t n = 1; n <= 3 && n <= s.n; n++)
		if (blank(kith_span(s.p + s.n - n, n)) == n)
			return kith_span(s.p, s.n - n);
	return s;
}

struct kith_span kith_armor_strip(struct kith_span line)
{
	for (;;) {
		size_t n = blank(line);
		if (!n && line.n > 0 && (line.p[0] == '>' || line.p[0] == '|'))
			n = 1;
		if (!n)
			break;
		line = behind(line, n);
	}
	for (;;) {
		struct kith_span less = before_blank(line);
		if (less.n == line.n)
			return line;
		line = less;
	}
}

/* Behind one dash or more, and the blanks among them; false: there is none. */
static bool take_dashes(struct kith_span *s)
{
	bool any = false;
	size_t n;

	while ((n = dash(*s)) || (any && (n = blank(*s)))) {
		any = true;
		*s = behind(*s, n);
	}
	return any;
}

/* Behind the word, and at least so many blanks behind that. */
static bool take_word(struct kith_span *s, const char *word, size_t blanks)
{
	const char *const words[] = {word, ""};
	size_t n = starts(*s, words);
	size_t some = 0;

	if (!n)
		return false;
	*s = behind(*s, n);
	for (; (n = blank(*s)); some++)
		*s = behind(*s, n);
	return some >= blanks;
}

/* Behind the mark with which s begins. */
static enum kith_armor_mark take_mark(struct kith_span *s)
{
	if (!take_dashes(s))
		return KITH_ARMOR_NONE;
	bool begins = take_word(s, "BEGIN", 1);
	if ((!begins && !take_word(s, "END", 1)) || !take_word(s, "KITH", 1) ||
		!take_word(s, "CARD", 0) || !take_dashes(s))
		return KITH_ARMOR_NONE;
	return begins ? KITH_ARMOR_BEGIN : KITH_ARMOR_END;
}

enum kith_armor_mark kith_armor_mark(struct kith_span line)
{
	struct kith_span s = kith_armor_strip(line);
	enum kith_armor_mark mark = take_mark(&s);

	return s.n > 0 ? KITH_ARMOR_NONE : mark;
}

bool kith_armor_begins(struct kith_span line, struct kith_span *ret_rest)
{
	struct kith_span s = kith_armor_strip(line);
	const char *const envelope[] = {ENVELOPE, ""};

	if (take_mark(&s) != KITH_ARMOR_BEGIN || (s.n > 0 && !starts(s, envelope)))
		return false;
	*ret_rest = s;
	return true;
}

bool kith_armor_ends(struct kith_span line, struct kith_span *ret_before)
{
	struct kith_span s = kith_armor_strip(line);
	size_t n = 0;

	while (n < s.n && !dash(behind(s, n)))
		n++;
	if (kith_armor_mark(behind(s, n)) != KITH_ARMOR_END)
		return false;
	*ret_before = kith_span(s.p, n);
	return true;
}

/* --- a block -------------------------------------------------------------------------------- */

/* Takes the next line off the front, without its end; false: there is none. */
static bool take_line(struct kith_span *rest, struct kith_span *ret_line)
{
	size_t n = 0;

	if (rest->n == 0)
		return false;
	while (n < rest->n && rest->p[n] != '\n' && rest->p[n] != '\r')
		n++;
	*ret_line = kith_span(rest->p, n);
	*rest = behind(*rest, n < rest->n ? n + 1 : n);
	return true;
}

/* Appends a line of base64 as it was before the mail: a "=" may have become "=3D". */
static enum kith_err add_line(struct kith_buf *text, struct kith_span line)
{
	enum kith_err err = KITH_OK;

	for (line = kith_armor_strip(line); !err && line.n > 0;) {
		size_t n = blank(line);
		if (n) {
			line = behind(line, n);
			continue;
		}
		err = kith_buf_add(text, line.p, 1);
		line = behind(line, line.n >= 3 && memcmp(line.p, "=3D", 3) == 0 ? 3 : 1);
	}
	return err;
}

enum kith_err kith_card_from_file(struct kith_span bytes, struct kith_buf *out)
{
	KITH_AUTO_BUF struct kith_buf text = {0};
	struct kith_span line, part;
	enum kith_err err = KITH_OK;
	bool found = false, ends = false;

	if (bytes.n >= sizeof magic && memcmp(bytes.p, magic, sizeof magic) == 0)
		return kith_buf_add(out, bytes.p, bytes.n);
	while (!found && take_line(&bytes, &line))
		found = kith_armor_begins(line, &part);
	if (!found)
		return KITH_ERR_NOTCARD;
	do { /* first with what the first mark's line goes on with */
		line = part;
		ends = kith_armor_ends(line, &part);
		err = add_line(&text, ends ? part : line);
	} while (!err && !ends && take_line(&bytes, &part));
	if (err)
		return err;
	return ends ? kith_base64_read(out, kith_buf_span(&text)) : KITH_ERR_SHAPE;
}

enum kith_err kith_card_armor(struct kith_span envelope, struct kith_buf *out)
{
	enum kith_err err;

	if ((err = kith_buf_add_str(out, begin)) || (err = kith_buf_add(out, "\n", 1)) ||
		(err = kith_base64(out, envelope, ARMOR_COLUMNS)) ||
		(err = kith_buf_add_str(out, end)))
		return err;
	return kith_buf_add(out, "\n", 1);
}
