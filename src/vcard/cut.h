/* SPDX-License-Identifier: MIT
 *
 * cut - lines as they lie in a file: CR LF, LF, CR and CR CR LF end one, in any mixture; and the two
 * lines that a vCard lies between.
 */
#ifndef KITH_VCARD_CUT_H
#define KITH_VCARD_CUT_H

#include <kith/bytes.h>

/*
 * Where the line that begins at byte `at` of s ends, its end not counted: s.n when nothing ends it.
 * *ret_next is where the next one begins.  *lf remembers the next line feed between calls with rising
 * `at`, so that a text without any is searched once: 0 at first, and whenever s has grown.
 */
static inline size_t kith_cut(struct kith_span s, size_t at, size_t *lf, size_t *ret_next)
{
	if (*lf < at || *lf == 0) {
		const uint8_t *p = at < s.n ? memchr(s.p + at, '\n', s.n - at) : NULL;
		*lf = p ? (size_t)(p - s.p) : s.n;
	}
	const uint8_t *cr = *lf > at ? memchr(s.p + at, '\r', *lf - at) : NULL;
	if (!cr) {
		*ret_next = *lf + (*lf < s.n);
		return *lf;
	}
	size_t end = (size_t)(cr - s.p), n = s.n - end;
	*ret_next = end + 1;
	if (n > 1 && cr[1] == '\n')
		*ret_next = end + 2;
	else if (n > 2 && cr[1] == '\r' && cr[2] == '\n')
		*ret_next = end + 3;
	return end;
}

/* The same for a text in which no line ends in a CR alone or in CR CR LF. */
static inline size_t kith_cut_plain(struct kith_span s, size_t at, size_t *ret_next)
{
	const uint8_t *lf = at < s.n ? memchr(s.p + at, '\n', s.n - at) : NULL;

	if (!lf) {
		*ret_next = s.n;
		return s.n;
	}
	size_t end = (size_t)(lf - s.p);
	*ret_next = end + 1;
	return end > at && s.p[end - 1] == '\r' ? end - 1 : end;
}

static inline bool kith_is_blank(uint8_t c)
{
	return c == ' ' || c == '\t';
}

#define KITH_MARK_MAX 256 /* bytes of a line that can be one of those below */

/* Whether the line is BEGIN:VCARD (word "BEGIN") or END:VCARD ("END"), in any case, with blanks
 * around the colon and at the end. */
bool kith_is_mark(struct kith_span line, const char *word);

/* The same for lines of which most are neither. */
static inline bool kith_is_begin(struct kith_span line)
{
	if (line.n < 11 || (line.p[0] | 0x20) != 'b')
		return false;
	return (line.n == 11 && memcmp(line.p, "BEGIN:VCARD", 11) == 0) ||
	       kith_is_mark(line, "BEGIN");
}

static inline bool kith_is_end(struct kith_span line)
{
	if (line.n < 9 || (line.p[0] | 0x20) != 'e' || (line.p[1] | 0x20) != 'n')
		return false;
	return (line.n == 9 && memcmp(line.p, "END:VCARD", 9) == 0) || kith_is_mark(line, "END");
}

/* Whether the line is an AGENT without a value, behind which a whole vCard can stand. */
bool kith_is_open_agent(struct kith_span line);

static inline bool kith_is_agent(struct kith_span line)
{
	return line.n > 5 && (line.p[line.n - 1] == ':' || kith_is_blank(line.p[line.n - 1])) &&
	       kith_is_open_agent(line);
}

#endif
