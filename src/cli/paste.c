/* SPDX-License-Identifier: MIT */
#include "cli/paste.h"

#include "base/auto.h"
#include "base/text.h"

#define BARE  "-_./:,+@" /* signs that mean nothing even without quotes */
#define SIGNS " =%"      /* and those that mean nothing between single ones */

/* How many bytes at the front are one of the signs, or are not. */
static size_t span_of(struct kith_span s, const char *signs, bool are)
{
	size_t n = 0;

	while (n < s.n && (s.p[n] && strchr(signs, s.p[n])) == are)
		n++;
	return n;
}

/* sh, bash, zsh, fish and csh read it alike between single quotes.  What does not pass is more than what one of them is known to
 * act on (the quote; backslash in fish; "!" and a line's end in csh): there are other shells, and ways to get there. */
static bool is_neutral(struct kith_span word)
{
	if (word.n == 0)
		return false;
	while (word.n > 0) {
		size_t n = span_of(word, BARE SIGNS, true);
		size_t end = n + span_of(kith_span(word.p + n, word.n - n), BARE SIGNS, false);
		if (end > n && !kith_text_is_word(kith_span(word.p + n, end - n)))
			return false;
		word = kith_span(word.p + end, word.n - end);
	}
	return true;
}

static bool is_bare(struct kith_span word)
{
	size_t n = 0;

	while (n < word.n && word.p[n] < 0x80 && !strchr(SIGNS, word.p[n]))
		n++;
	return n == word.n;
}

enum kith_err kith_paste_word(struct kith_buf *out, struct kith_span word)
{
	const char *quote = is_bare(word) ? "" : "'";
	enum kith_err err = is_neutral(word) ? KITH_OK : KITH_ERR_VALUE;

	if (!err && out->n)
		err = kith_buf_add_str(out, " ");
	if (!err)
		err = kith_buf_add_str(out, quote);
	if (!err)
		err = kith_buf_add(out, word.p, word.n);
	return err ? err : kith_buf_add_str(out, quote);
}

enum kith_err kith_paste(struct kith_buf *out, const char *const *words, size_t n)
{
	KITH_AUTO_BUF struct kith_buf line = {0};
	enum kith_err err = KITH_OK;

	for (size_t i = 0; !err && i < n; i++)
		err = kith_paste_word(&line, kith_span_str(words[i]));
	if (!err)
		err = kith_buf_add(out, line.p, line.n);
	return err || kith_buf_cstr(out) ? err : KITH_ERR_NOMEM;
}

bool kith_paste_safe(struct kith_span word)
{
	return is_neutral(word) && word.p[0] != '-';
}
