/* SPDX-License-Identifier: MIT */
#include "book/cardfile.h"

#include "base/auto.h"
#include "base/diag.h"
#include "picture/picture.h"

enum kith_err kith_cardfile_fail(struct kith_diag *diag, enum kith_err err, const char *name)
{
	switch (err) {
	case KITH_ERR_NOTCARD:
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

enum kith_err kith_cardfile_link(struct kith_span text, const char *name,
	enum kith_uri_kind *ret_kind, struct kith_buf *out, struct kith_diag *diag)
{
	KITH_AUTO_BUF struct kith_buf bytes = {0};
	struct kith_diag why = {0};
	enum kith_uri_kind kind;
	enum kith_err err = kith_uri_read(text, &kind, &bytes, &why);

	if (err)
		return kith_fail(diag, err, "%s: %s", name, kith_diag_text(&why, err));
	*ret_kind = kind;
	if (kind == KITH_URI_CARD || kind == KITH_URI_STATEMENT)
		return kith_buf_add(out, bytes.p, bytes.n);
	if (kind == KITH_URI_IDENTITY)
		return kith_fail(diag, KITH_ERR_NOTCARD,
			"%s is a key, not a card; to compare it with that of somebody: "
			"kith compare WHO KITH:1/I/...",
			name);
	return kith_fail(diag, KITH_ERR_NOTCARD,
		"%s is an invitation to a swap, not a card; to take it: kith swap --to KITH:1/J/...",
		name);
}

enum kith_err kith_cardfile_codes(struct kith_span picture, const char *name,
	kith_cardfile_code_fn fn, void *ctx, struct kith_diag *diag)
{
	KITH_AUTO_BUF struct kith_buf codes = {0};
	struct kith_diag why = {0};
	enum kith_err err = kith_picture_codes(picture, &codes, &why);
	struct kith_span rest = kith_buf_span(&codes);

	if (err)
		return kith_fail(diag, err, "%s: %s", name, kith_diag_text(&why, err));
	if (rest.n == 0)
		return kith_fail(
			diag, KITH_ERR_NOTCARD, "%s: there is no QR code in the picture", name);
	while (rest.n >= 4) {
		size_t n = (size_t)rest.p[0] << 24 | (size_t)rest.p[1] << 16 |
			   (size_t)rest.p[2] << 8 | rest.p[3];
		if (n > rest.n - 4 || !fn(ctx, kith_span(rest.p + 4, n)))
			break;
		rest = kith_span(rest.p + 4 + n, rest.n - 4 - n);
	}
	return KITH_OK;
}
