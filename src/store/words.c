/* SPDX-License-Identifier: MIT */
#include "store/words.h"

#include "base/text.h"

bool kith_words_run_on(struct kith_span s)
{
	static const struct {
		uint32_t first, last;
	} blocks[] = {{0x0e00, 0x0eff}, {0x1000, 0x109f}, {0x1100, 0x11ff}, {0x1780, 0x17ff},
		{0x2e80, 0x2fdf}, {0x3005, 0x3007}, {0x3040, 0x318f}, {0x31a0, 0x31ff},
		{0x3400, 0x4dbf}, {0x4e00, 0x9fff}, {0xac00, 0xd7ff}, {0xf900, 0xfaff},
		{0x20000, 0x3ffff}};

	for (size_t i = 0; i < s.n; i++) {
		size_t more = s.p[i] >= 0xf0 ? 3 : s.p[i] >= 0xe0 ? 2 : 0; /* no block is below */
		uint32_t c = s.p[i] & (more == 3 ? 0x07 : 0x0f);
		if (!more || more >= s.n - i)
			continue;
		while (more--)
			c = c << 6 | (s.p[++i] & 0x3f);
		for (size_t b = 0; b < sizeof blocks / sizeof blocks[0]; b++)
			if (c >= blocks[b].first && c <= blocks[b].last)
				return true;
	}
	return false;
}

/* Of other scripts every byte counts as a part of a word. */
static bool is_of_word(uint8_t c)
{
	return c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z');
}

int kith_words_begin(struct kith_span text, struct kith_span word)
{
	const uint8_t *end = text.p ? text.p + text.n : NULL;
	int best = 0;

	if (word.n == 0 || text.n < word.n)
		return 0;
	bool anywhere = !is_of_word(word.p[0]) || kith_words_run_on(word);
	for (const uint8_t *at = text.p; best < 2; at++) {
		at = memmem(at, (size_t)(end - at), word.p, word.n);
		if (!at)
			break;
		if (!anywhere && at > text.p && is_of_word(at[-1]))
			continue;
		best = at + word.n == end || !is_of_word(at[word.n]) ? 2 : 1;
	}
	return best;
}

bool kith_words_plain(struct kith_span word)
{
	return kith_text_is_word(word) && !memchr(word.p, '-', word.n) &&
	       !memchr(word.p, '_', word.n);
}

enum kith_err kith_words_query(
	struct kith_buf *out, const char *column, struct kith_span word, bool whole)
{
	enum kith_err err =
		column ? kith_buf_printf(out, "%s : \"", column) : kith_buf_add_str(out, "\"");

	for (size_t i = 0; !err && i < word.n; i++)
		err = word.p[i] == '"' ? kith_buf_add_str(out, "\"\"")
				       : kith_buf_add(out, &word.p[i], 1);
	return err ? err : kith_buf_add_str(out, whole ? "\"" : "\"*");
}
