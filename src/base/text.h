/* SPDX-License-Identifier: MIT
 *
 * text - Unicode: validity, comparison, and making foreign text inert for a screen.
 * The only folder that includes utf8proc.
 */
#ifndef KITH_BASE_TEXT_H
#define KITH_BASE_TEXT_H

#include <stdbool.h>

#include <kith/bytes.h>

/* Valid UTF-8 by RFC 3629 (shortest forms, no surrogates, at most U+10FFFF) and free of NUL. */
bool kith_text_valid(struct kith_span s);

/* One word such as a person may call a thing by: letters and digits of any script, "-" and "_"; it begins with a
 * letter or a digit. */
bool kith_text_is_word(struct kith_span s);

/* Whether it says anything beyond punctuation and blanks: it has a letter, a digit, or a sign that stands for something, such
 * as an emoji or a currency. */
bool kith_text_tells(struct kith_span s);

/*
 * Appends s in a form that cannot do anything to a terminal or to the reading order, at most
 * max_columns wide, and never fails on content:
 *   - what is not valid UTF-8, control characters (C0, DEL, C1), and characters that are unassigned
 *     or private become U+FFFD; a line feed or tab becomes a space;
 *   - direction controls, zero-width, tag and other invisible format characters, and variation
 *     selectors are left out; of combining marks at most KITH_SHOWN_MARKS stay on one letter;
 *   - tick and seal characters that could pass for a mark of kith's own are left out;
 *   - spaces at both ends are dropped, and what does not fit is cut and ends in "…": between what readers take
 *     for letters (a flag, a vowel sign), unless the first one alone is too wide.
 * The result has no line break; it can be empty.  Width is a terminal's (wcwidth).
 * KITH_ERR_NOMEM: out is unchanged.
 */
enum kith_err kith_show(
	struct kith_buf *out, struct kith_span s, size_t max_columns) KITH_MUST_CHECK;

/* The same into a fixed buffer of cap bytes (cap >= 8), NUL-terminated; returns out. */
const char *kith_show_in(char *out, size_t cap, struct kith_span s, size_t max_columns);

/*
 * The same between quotation marks, for a name inside a sentence: what could pass for the closing
 * one becomes an apostrophe, so that nobody's name goes on as words of ours.  cap >= 16; the marks
 * take two columns more.  What shows nothing is "" between them.
 */
const char *kith_quote_in(char *out, size_t cap, struct kith_span s, size_t max_columns);

/* The beginning of a valid text that fits into max bytes, cut between characters.  Borrows. */
struct kith_span kith_text_cut(struct kith_span s, size_t max);

/* Columns that text which came out of kith_show takes on a screen. */
size_t kith_text_columns(struct kith_span s);

/*
 * Appends the form in which texts are compared: compatibility decomposition, accents and other
 * marks removed, case folded (Unicode NFKD + casefold, marks stripped), runs of spaces one space.
 * Bytes that are not UTF-8 are skipped.  KITH_ERR_NOMEM: out is unchanged.
 */
enum kith_err kith_fold(struct kith_buf *out, struct kith_span s) KITH_MUST_CHECK;

#endif
