/* SPDX-License-Identifier: MIT */
#include "store/org.h"

#include "base/auto.h"
#include "base/text.h"

/* Folded, without dots.  What is a word of its own in a language (SE, AS, CO) is left out only at the end. */
static const char *const forms[] = {"ab", "ag", "aps", "as", "asa", "bv", "co", "company", "corp",
	"corporation", "ev", "gbr", "gmbh", "inc", "incorporated", "kft", "kg", "limited", "llc",
	"llp", "ltd", "mbh", "nv", "ohg", "oy", "oyj", "plc", "pty", "sa", "sarl", "sas", "se",
	"sl", "spa", "srl", "sro", "ug"};

static bool is_form(struct kith_span word)
{
	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
		if (kith_span_eq(word, kith_span_str(forms[i])))
			return true;
	return false;
}

/* The text without dots; commas and "&" part words as blanks do. */
static enum kith_err plain(struct kith_span folded, struct kith_buf *out)
{
	enum kith_err err = KITH_OK;

	for (size_t i = 0; !err && i < folded.n; i++) {
		const uint8_t c = folded.p[i];
		bool parts = c == ' ' || c == ',' || c == '&';
		if (c == '.' || (parts && (out->n == 0 || out->p[out->n - 1] == ' ')))
			continue;
		err = kith_buf_add(out, parts ? (const uint8_t *)" " : &folded.p[i], 1);
	}
	while (out->n && out->p[out->n - 1] == ' ')
		out->n--;
	return err;
}

/* How much is left without the legal forms at the end. */
static size_t without_forms(struct kith_span s)
{
	size_t n = s.n;

	for (;;) {
		size_t start = n;
		while (start > 0 && s.p[start - 1] != ' ')
			start--;
		if (start == 0 || !is_form(kith_span(s.p + start, n - start)))
			return n;
		n = start - 1;
	}
}

enum kith_err kith_org_key(struct kith_buf *out, struct kith_span org)
{
	KITH_AUTO_BUF struct kith_buf folded = {0};
	KITH_AUTO_BUF struct kith_buf words = {0};
	enum kith_err err = kith_fold(&folded, org);

	if (!err)
		err = plain(kith_buf_span(&folded), &words);
	if (err || words.n == 0)
		return err;
	return kith_buf_add(out, words.p, without_forms(kith_buf_span(&words)));
}
