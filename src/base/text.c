/* SPDX-License-Identifier: MIT */
#include "base/text.h"

#include <stdlib.h>
#include <utf8proc.h>

#include "base/auto.h"
#include "base/limits.h"

static const char REPLACEMENT[] = "\xef\xbf\xbd"; /* U+FFFD */
static const char ELLIPSIS[] = "\xe2\x80\xa6";    /* U+2026 */

/* Most of what is listed is plain ASCII, which needs no tables. */
static bool is_plain(utf8proc_int32_t c)
{
	return c > ' ' && c < 0x7f;
}

/* Reads one code point; on a broken byte returns -1 and steps over that byte alone. */
static utf8proc_int32_t next_point(struct kith_span *s)
{
	utf8proc_int32_t c = -1;
	utf8proc_ssize_t n;

	if (*s->p < 0x80) {
		s->n--;
		return *s->p++;
	}
	n = utf8proc_iterate(s->p, (utf8proc_ssize_t)s->n, &c);

	if (n <= 0) {
		n = 1;
		c = -1;
	}
	s->p += n;
	s->n -= (size_t)n;
	return c;
}

bool kith_text_valid(struct kith_span s)
{
	while (s.n > 0)
		if (next_point(&s) <= 0) /* broken, or NUL */
			return false;
	return true;
}

/* A sign of a word: what it begins with, and what may follow. */
static bool is_of_word(utf8proc_int32_t c, bool first)
{
	switch (utf8proc_category(c)) {
	case UTF8PROC_CATEGORY_LU:
	case UTF8PROC_CATEGORY_LL:
	case UTF8PROC_CATEGORY_LT:
	case UTF8PROC_CATEGORY_LM:
	case UTF8PROC_CATEGORY_LO:
	case UTF8PROC_CATEGORY_ND:
		return true;
	case UTF8PROC_CATEGORY_MN:
	case UTF8PROC_CATEGORY_MC:
		return !first;
	default:
		return !first && (c == '-' || c == '_');
	}
}

bool kith_text_is_word(struct kith_span s)
{
	bool first = true;

	if (s.n == 0)
		return false;
	for (; s.n > 0; first = false) {
		utf8proc_int32_t c = next_point(&s);
		if (c <= 0 || !is_of_word(c, first))
			return false;
	}
	return true;
}

bool kith_text_tells(struct kith_span s)
{
	while (s.n > 0) {
		utf8proc_int32_t c = next_point(&s);
		switch (c > 0 ? utf8proc_category(c) : UTF8PROC_CATEGORY_CN) {
		case UTF8PROC_CATEGORY_LU:
		case UTF8PROC_CATEGORY_LL:
		case UTF8PROC_CATEGORY_LT:
		case UTF8PROC_CATEGORY_LM:
		case UTF8PROC_CATEGORY_LO:
		case UTF8PROC_CATEGORY_ND:
		case UTF8PROC_CATEGORY_NL:
		case UTF8PROC_CATEGORY_NO:
		case UTF8PROC_CATEGORY_SC:
		case UTF8PROC_CATEGORY_SO:
			return true;
		default:
			break;
		}
	}
	return false;
}

struct kith_span kith_text_cut(struct kith_span s, size_t max)
{
	if (s.n <= max)
		return s;
	s.n = max;
	while (s.n > 0 && (s.p[s.n] & 0xc0) == 0x80)
		s.n--;
	return s;
}

enum verdict { KEEP, SPACE, MARK, REPLACE, OMIT };

/* Ticks, seals and shields: kith itself never shows any, so nobody else may either. */
static bool is_badge(utf8proc_int32_t c)
{
	static const utf8proc_int32_t badges[] = {0x2611, 0x2705, 0x2713, 0x2714, 0x1F512, 0x1F510,
		0x1F6E1, 0x1F5F8, 0x1F5F9, 0x221A, 0x237B, 0x2BBD};

	for (size_t i = 0; i < sizeof badges / sizeof badges[0]; i++)
		if (badges[i] == c)
			return true;
	return false;
}

/* Hangul vowels and finals that join the letter before them. */
static bool is_joining_jamo(utf8proc_int32_t c)
{
	return (c >= 0x1161 && c <= 0x11FF) || (c >= 0xD7B0 && c <= 0xD7FB);
}

static enum verdict judge(utf8proc_int32_t c)
{
	if (is_plain(c))
		return KEEP;
	if (c < 0)
		return REPLACE;
	if (c == ' ' || c == '\n' || c == '\t')
		return SPACE;
	/* blank but not a space by category: Hangul fillers, the empty Braille cell */
	if (c == 0x115F || c == 0x1160 || c == 0x3164 || c == 0xFFA0 || c == 0x2800)
		return SPACE;
	if ((c >= 0xFE00 && c <= 0xFE0F) || (c >= 0xE0100 && c <= 0xE01EF) || c == 0x034F ||
		(c >= 0x180B && c <= 0x180F) || c == 0x17B4 || c == 0x17B5)
		return OMIT; /* variation selectors and joiners without a shape */
	if (is_badge(c))
		return OMIT;
	if (is_joining_jamo(c))
		return MARK;
	switch (utf8proc_category(c)) {
	case UTF8PROC_CATEGORY_CF:
		return OMIT;
	case UTF8PROC_CATEGORY_CC:
	case UTF8PROC_CATEGORY_CS:
	case UTF8PROC_CATEGORY_CO:
	case UTF8PROC_CATEGORY_CN:
		return REPLACE;
	case UTF8PROC_CATEGORY_ZL:
	case UTF8PROC_CATEGORY_ZP:
	case UTF8PROC_CATEGORY_ZS:
		return SPACE;
	case UTF8PROC_CATEGORY_MN:
	case UTF8PROC_CATEGORY_ME:
	case UTF8PROC_CATEGORY_MC:
		return MARK;
	default:
		return KEEP;
	}
}

/* Columns of one shown code point, where utf8proc and terminals (POSIX wcwidth) differ those of the
 * terminal: spacing marks take one, joining jamo none, circled numbers and hexagrams two. */
static size_t columns_of(utf8proc_int32_t c)
{
	if (is_plain(c) || c == ' ')
		return 1;
	if (is_joining_jamo(c))
		return 0;
	if ((c >= 0x3248 && c <= 0x324F) || (c >= 0x4DC0 && c <= 0x4DFF))
		return 2;
	int w = utf8proc_category(c) == UTF8PROC_CATEGORY_MC ? 1 : utf8proc_charwidth(c);

	return w < 0 ? 0 : (size_t)w;
}

/* What has been shown so far of one text. */
struct shower {
	char *out;      /* where the next byte goes */
	char *out_end;  /* end of the room, kept free for an ellipsis */
	size_t columns; /* used */
	size_t max;     /* allowed, kept free for an ellipsis */
	size_t marks;   /* on the current letter */
	bool letter;    /* there is a letter for a mark to sit on */
	bool space;     /* a space is due before the next letter */
	bool any;       /* something was shown */
};

/* Puts one code point; false when it does not fit any more. */
static bool put(struct shower *w, utf8proc_int32_t c, const char *bytes, size_t n)
{
	size_t cols = columns_of(c) + (w->space ? 1 : 0);

	if (w->columns + cols > w->max || (size_t)(w->out_end - w->out) < n + 1)
		return false;
	if (w->space)
		*w->out++ = ' ';
	memcpy(w->out, bytes, n);
	w->out += n;
	w->columns += cols;
	w->space = false;
	w->any = true;
	return true;
}

static bool put_point(struct shower *w, utf8proc_int32_t c, enum verdict v)
{
	utf8proc_uint8_t bytes[4];

	switch (v) {
	case OMIT:
		return true;
	case SPACE:
		w->space = w->any;
		w->letter = false;
		return true;
	case MARK:
		if (!w->letter || w->space || w->marks >= KITH_SHOWN_MARKS)
			return true;
		w->marks++;
		break;
	case REPLACE:
		w->letter = false;
		return put(w, 0xFFFD, REPLACEMENT, sizeof REPLACEMENT - 1);
	case KEEP:
		w->marks = 0;
		w->letter = true;
		break;
	}
	if (is_plain(c)) {
		bytes[0] = (utf8proc_uint8_t)c;
		return put(w, c, (const char *)bytes, 1);
	}
	return put(w, c, (const char *)bytes, (size_t)utf8proc_encode_char(c, bytes));
}

/* Whether it begins what a reader takes for one letter (a grapheme cluster, UAX 29), by what is shown before; `last` is -1
 * at first, and state 0. */
static bool begins(
	utf8proc_int32_t *last, utf8proc_int32_t *state, utf8proc_int32_t c, enum verdict v)
{
	utf8proc_int32_t shown = v == SPACE ? ' ' : v == REPLACE ? 0xFFFD : c;

	if (v == OMIT)
		return false;
	bool new = *last < 0 || utf8proc_grapheme_break_stateful(*last, shown, state);
	*last = shown;
	return new;
}

/* Printable ASCII, a column a byte, without a blank at either end: shown as it is. */
static bool all_plain(struct kith_span s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < ' ' || s.p[i] > '~')
			return false;
	return s.n > 0 && s.p[0] != ' ' && s.p[s.n - 1] != ' ';
}

const char *kith_show_in(char *out, size_t cap, struct kith_span s, size_t max_columns)
{
	if (s.n <= max_columns && s.n + sizeof ELLIPSIS <= cap && all_plain(s)) {
		memcpy(out, s.p, s.n);
		out[s.n] = 0;
		return out;
	}
	struct shower w = {.out = out, .out_end = out + cap - sizeof ELLIPSIS, .max = max_columns};
	struct shower fits = w, whole = w; /* the last places from which an ellipsis still fits */
	utf8proc_int32_t last = -1, state = 0;
	bool cut = false;

	while (s.n > 0 && !cut) {
		utf8proc_int32_t c = next_point(&s);
		enum verdict v = judge(c);

		if (begins(&last, &state, c, v) && w.columns + 1 <= max_columns)
			whole = w;
		cut = !put_point(&w, c, v);
		if (!cut && w.columns + 1 <= max_columns)
			fits = w;
	}
	if (cut && max_columns > 0) {
		w.out = whole.any ? whole.out : fits.out;
		memcpy(w.out, ELLIPSIS, sizeof ELLIPSIS - 1);
		w.out += sizeof ELLIPSIS - 1;
	}
	*w.out = 0;
	return out;
}

static bool is_quotation_mark(utf8proc_int32_t c)
{
	return c == '"' || (c >= 0x201C && c <= 0x201F) || c == 0x2033 || c == 0x2036 ||
	       c == 0x02BA || c == 0x02DD || c == 0x02EE || (c >= 0x275D && c <= 0x275E) ||
	       (c >= 0x301D && c <= 0x301F) || c == 0x3003 || c == 0x05F4 || c == 0xFF02;
}

const char *kith_quote_in(char *out, size_t cap, struct kith_span s, size_t max_columns)
{
	char *to = out;

	*to++ = '"';
	kith_show_in(to, cap - 2, s, max_columns);
	s = kith_span_str(to);
	while (s.n > 0) {
		const uint8_t *from = s.p;
		bool mark = is_quotation_mark(next_point(&s));
		size_t n = mark ? 1 : (size_t)(s.p - from);
		memmove(to, mark ? (const uint8_t *)"'" : from, n);
		to += n;
	}
	*to++ = '"';
	*to = 0;
	return out;
}

enum kith_err kith_show(struct kith_buf *out, struct kith_span s, size_t max_columns)
{
	/* A column holds one letter of up to 4 bytes and its marks. */
	size_t cap = (s.n < max_columns * 4 * (KITH_SHOWN_MARKS + 1)
				     ? s.n * 3
				     : max_columns * 4 * (KITH_SHOWN_MARKS + 1)) +
		     sizeof ELLIPSIS + 8;
	KITH_AUTO_FREE char *text = malloc(cap);

	if (!text)
		return KITH_ERR_NOMEM;
	return kith_buf_add_str(out, kith_show_in(text, cap, s, max_columns));
}

size_t kith_text_columns(struct kith_span s)
{
	size_t columns = 0;

	if (all_plain(s))
		return s.n;
	while (s.n > 0) {
		utf8proc_int32_t c = next_point(&s);
		columns += c < 0 ? 1 : columns_of(c);
	}
	return columns;
}

/* The same of printable ASCII, where nothing has to be looked up. */
static enum kith_err fold_plain(struct kith_buf *out, struct kith_span s)
{
	uint8_t *to;
	enum kith_err err = kith_buf_more(out, s.n, &to);
	uint8_t *start = to;

	if (err)
		return err;
	for (size_t i = 0; i < s.n; i++) {
		bool again = s.p[i] == ' ' && s.p[i - 1] == ' '; /* a blank is never the first */
		if (!again)
			*to++ = s.p[i] >= 'A' && s.p[i] <= 'Z' ? s.p[i] | 0x20 : s.p[i];
	}
	out->n -= s.n - (size_t)(to - start);
	return KITH_OK;
}

/* Letters that Unicode takes apart into nothing (their strokes are no marks), and what people type who have no key for them.  As they
 * stand once case is folded: two bytes each. */
static const struct {
	char letter[3], typed[3];
} letters[] = {{"æ", "ae"}, {"ð", "d"}, {"ø", "o"}, {"þ", "th"}, {"đ", "d"}, {"ħ", "h"}, {"ı", "i"},
	{"ł", "l"}, {"œ", "oe"}, {"ŧ", "t"}};

/* What is typed for the letter at p; NULL: it is none of them.  p ends with NUL. */
static const char *typed_for(const utf8proc_uint8_t *p)
{
	for (size_t i = 0; (*p & 0xe0) == 0xc0 && i < sizeof letters / sizeof letters[0]; i++)
		if (memcmp(p, letters[i].letter, 2) == 0)
			return letters[i].typed;
	return NULL;
}

enum kith_err kith_fold(struct kith_buf *out, struct kith_span s)
{
	KITH_AUTO_BUF struct kith_buf clean = {0};
	KITH_AUTO_FREE utf8proc_uint8_t *mapped = NULL;
	bool space = false;
	enum kith_err err;

	if (all_plain(s))
		return fold_plain(out, s);
	while (s.n > 0) { /* utf8proc_map refuses a whole text for one broken byte */
		const uint8_t *from = s.p;
		if (next_point(&s) > 0 && (err = kith_buf_add(&clean, from, (size_t)(s.p - from))))
			return err;
	}
	utf8proc_ssize_t n = utf8proc_map(clean.p ? clean.p : (const utf8proc_uint8_t *)"",
		(utf8proc_ssize_t)clean.n, &mapped,
		UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD |
			UTF8PROC_STRIPMARK | UTF8PROC_IGNORE | UTF8PROC_STRIPCC);
	if (n < 0)
		return n == UTF8PROC_ERROR_NOMEM ? KITH_ERR_NOMEM : KITH_OK;
	size_t start = out->n;
	for (utf8proc_ssize_t i = 0; i < n; i++) {
		if (mapped[i] == ' ') {
			space = out->n > start;
			continue;
		}
		if (space && (err = kith_buf_add(out, " ", 1)))
			goto undo;
		space = false;
		const char *typed = typed_for(&mapped[i]);
		if ((err = typed ? kith_buf_add_str(out, typed) : kith_buf_add(out, &mapped[i], 1)))
			goto undo;
		i += typed != NULL;
	}
	return KITH_OK;
undo:
	out->n = start;
	return err;
}
