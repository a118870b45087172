/* SPDX-License-Identifier: MIT
 *
 * words - a word of a query against folded texts, and as the full-text indices take it.
 */
#ifndef KITH_STORE_WORDS_H
#define KITH_STORE_WORDS_H

#include <kith/bytes.h>

/* Whether a text has letters of a script that has no blanks between words, as far as Thai, Lao, Khmer,
 * Myanmar, kana, Han and Hangul go: there a word begins anywhere. */
bool kith_words_run_on(struct kith_span s);

/* Whether a word of the text begins with it, 2: is it.  Both folded. */
int kith_words_begin(struct kith_span text, struct kith_span word);

/* Whether what an index finds for it has it literally, too: it is letters and digits only. */
bool kith_words_plain(struct kith_span word);

/* Appends the word, or words side by side, as a query: the last one may go on unless it is whole.  In that column
 * only, or (NULL) in any.  KITH_ERR_NOMEM. */
enum kith_err kith_words_query(struct kith_buf *out, const char *column, struct kith_span word,
	bool whole) KITH_MUST_CHECK;

#endif
