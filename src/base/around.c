/* SPDX-License-Identifier: MIT */
#include "base/around.h"

#include "base/auto.h"
#include "base/text.h"

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static enum kith_err has(struct kith_span piece, struct kith_span word, bool *ret)
{
	KITH_AUTO_BUF struct kith_buf folded = {0};
	enum kith_err err = kith_fold(&folded, piece);

	*ret = folded.n >= word.n && folded.n && memmem(folded.p, folded.n, word.p, word.n);
	return err;
}

enum kith_err kith_text_around(
	struct kith_span text, struct kith_span word, size_t before, struct kith_span *ret)
{
	size_t from = 0, begin = 0;

	*ret = text;
	for (size_t i = 0; i <= text.n; i++) {
		bool found;
		enum kith_err err;
		if (i < text.n && !is_blank(text.p[i]))
			continue;
		if ((err = has(kith_span(text.p + from, i - from), word, &found)))
			return err;
		if (found) {
			*ret = kith_span(text.p + begin, text.n - begin);
			return KITH_OK;
		}
		from = i + 1;
		while (begin < text.n && from - begin > before) {
			while (begin < from && !is_blank(text.p[begin]))
				begin++;
			begin++;
		}
	}
	return KITH_OK;
}
