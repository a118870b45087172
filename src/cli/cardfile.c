/* SPDX-License-Identifier: MIT */
#include "cli/cardfile.h"

#include <strings.h>

#include "base/diag.h"
#include "base/text.h"

static const char begin[] = "-----BEGIN KITH CARD-----";
static const char end[] = "-----END KITH CARD-----";

static const uint8_t *find(struct kith_span s, const char *what)
{
	return s.n ? memmem(s.p, s.n, what, strlen(what)) : NULL;
}

/* The bytes up to and with the end of the first block; everything when there is no such end. */
static struct kith_span first_block(struct kith_span s)
{
	const uint8_t *from = find(s, begin);
	const uint8_t *to = from ? find(kith_span(from, (size_t)(s.p + s.n - from)), end) : NULL;

	return to ? kith_span(s.p, (size_t)(to - s.p) + strlen(end)) : s;
}

enum kith_err kith_cardfile_next(struct kith_span *rest, bool first, struct kith_buf *ret_envelope,
	enum kith_cardfile_form *ret_form)
{
	struct kith_span block = first_block(*rest);
	enum kith_err err = first ? kith_card_from_file(*rest, ret_envelope) : KITH_ERR_NOTCARD;
	bool plain = !err && kith_span_eq(kith_buf_span(ret_envelope), *rest);

	if (err == KITH_ERR_NOMEM)
		return err;
	if (plain) {
		*rest = kith_span(rest->p + rest->n, 0);
		*ret_form = KITH_CARDFILE_PLAIN;
		return KITH_OK;
	}
	kith_buf_clear(ret_envelope);
	if (!first && !find(*rest, begin))
		return KITH_ERR_MISSING;
	err = kith_card_from_file(block, ret_envelope);
	*rest = kith_span(block.p + block.n, rest->n - block.n);
	*ret_form = KITH_CARDFILE_ARMOR;
	return err;
}

/* "BEGIN:VCARD" at the start, behind a byte order mark and blank lines. */
static bool is_vcard(struct kith_span s)
{
	if (s.n >= 3 && memcmp(s.p, "\xef\xbb\xbf", 3) == 0)
		s = kith_span(s.p + 3, s.n - 3);
	while (s.n > 0 && strchr(" \t\r\n", s.p[0]))
		s = kith_span(s.p + 1, s.n - 1);
	return s.n >= 11 && strncasecmp((const char *)s.p, "BEGIN:VCARD", 11) == 0;
}

enum kith_err kith_cardfile_fail(
	struct kith_diag *diag, enum kith_err err, const char *path, struct kith_span bytes)
{
	char shown[256];
	const char *name = strcmp(path, "-") == 0
				   ? "standard input"
				   : kith_show_in(shown, sizeof shown, kith_span_str(path), 120);

	switch (err) {
	case KITH_ERR_NOTCARD:
		if (is_vcard(bytes))
			return kith_fail(diag, err,
				"%s is a vCard: nothing in it is signed, and "
				"this kith cannot read it yet",
				name);
		return kith_fail(diag, err, "%s is not a kith card", name);
	case KITH_ERR_SIG:
		return kith_fail(diag, err,
			"%s: the signature does not hold; the card was changed "
			"after it was signed, or is not by the key that it names",
			name);
	case KITH_ERR_VERSION:
		return kith_fail(diag, err, "%s was made by a newer kith; update this one", name);
	case KITH_ERR_NOMEM:
		return kith_fail(diag, err, "%s", kith_err_text(err));
	default:
		return kith_fail(
			diag, err, "%s is damaged, ask for it again: %s", name, kith_err_text(err));
	}
}
