/* SPDX-License-Identifier: MIT */
#include "card/armor.h"

#include "base/auto.h"
#include "crypto/base64.h"

#define ARMOR_COLUMNS 64

/* What stands in each kind of block: its word, and with what its bytes begin in base64. */
static const struct {
	const char *word;
	const char *text;
} kinds[] = {
	[KITH_ARMOR_CARD] = {"CARD", "lKhLSVRIQ0FSR"},
	[KITH_ARMOR_STATEMENT] = {"STATEMENT", "lahLSVRIU1RNV"},
	[KITH_ARMOR_INTRODUCTION] = {"INTRODUCTION", "lKhLSVRISU5UU"},
};

#define KINDS (sizeof kinds / sizeof kinds[0])

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

/* Behind the word of a kind. */
static bool take_kind(struct kith_span *s, enum kith_armor *ret_kind)
{
	for (size_t i = 0; i < KINDS; i++)
		if (take_word(s, kinds[i].word, 0)) {
			*ret_kind = (enum kith_armor)i;
			return true;
		}
	return false;
}

/* Behind the mark with which s begins, whose first word that is. */
static bool take_mark(struct kith_span *s, const char *first, enum kith_armor *ret_kind)
{
	return take_dashes(s) && take_word(s, first, 1) && take_word(s, "KITH", 1) &&
	       take_kind(s, ret_kind) && take_dashes(s);
}

bool kith_armor_begins(struct kith_span line, enum kith_armor *ret_kind, struct kith_span *ret_rest)
{
	struct kith_span s = kith_armor_strip(line);
	enum kith_armor kind;

	if (!take_mark(&s, "BEGIN", &kind))
		return false;
	const char *const text[] = {kinds[kind].text, ""};
	if (s.n > 0 && !starts(s, text))
		return false;
	*ret_kind = kind;
	*ret_rest = s;
	return true;
}

bool kith_armor_ends(struct kith_span line, enum kith_armor kind, struct kith_span *ret_before)
{
	struct kith_span s = kith_armor_strip(line);
	enum kith_armor ended;
	size_t n = 0;

	while (n < s.n && !dash(behind(s, n)))
		n++;
	struct kith_span mark = behind(s, n);
	if (!take_mark(&mark, "END", &ended) || mark.n > 0 || ended != kind)
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

/* Behind the first mark of that kind; *ret_rest is what its line goes on with. */
static bool find_block(struct kith_span *bytes, enum kith_armor kind, struct kith_span *ret_rest)
{
	struct kith_span line;
	enum kith_armor found;

	while (take_line(bytes, &line))
		if (kith_armor_begins(line, &found, ret_rest) && found == kind)
			return true;
	return false;
}

enum kith_err kith_armor_read(enum kith_armor kind, struct kith_span bytes, struct kith_buf *out)
{
	KITH_AUTO_BUF struct kith_buf text = {0};
	struct kith_span part;
	enum kith_err err = KITH_OK;
	bool ends = false;

	if (!find_block(&bytes, kind, &part))
		return KITH_ERR_NOTCARD;
	do { /* first with what the first mark's line goes on with */
		struct kith_span line = part;
		ends = kith_armor_ends(line, kind, &part);
		err = add_line(&text, ends ? part : line);
	} while (!err && !ends && take_line(&bytes, &part));
	if (err)
		return err;
	return ends ? kith_base64_read(out, kith_buf_span(&text)) : KITH_ERR_SHAPE;
}

enum kith_err kith_armor_write(enum kith_armor kind, struct kith_span bytes, struct kith_buf *out)
{
	enum kith_err err = kith_buf_printf(out, "-----BEGIN KITH %s-----\n", kinds[kind].word);

	if (!err)
		err = kith_base64(out, bytes, ARMOR_COLUMNS);
	return err ? err : kith_buf_printf(out, "-----END KITH %s-----\n", kinds[kind].word);
}
