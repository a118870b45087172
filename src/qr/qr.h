/* SPDX-License-Identifier: MIT
 *
 * qr - QR codes: made, and drawn as text and as SVG.  ISO/IEC 18004; libqrencode.
 */
#ifndef KITH_QR_QR_H
#define KITH_QR_QR_H

#include <kith/bytes.h>

#define KITH_QR_QUIET 4 /* light modules around a code, each side */

/* How much of a code may be hidden: 7 %, 15 %, 25 %. */
enum kith_qr_level { KITH_QR_L, KITH_QR_M, KITH_QR_Q };

struct kith_qr {
	uint8_t *dark; /* side * side, row by row, 1 for a dark module; owned */
	size_t side;   /* modules, the quiet zone not counted: 17 + 4 * version */
};

/*
 * The smallest code that holds the bytes: in the alphanumeric alphabet when it has them all, else in
 * byte mode (UTF-8, which is not said in the code: many readers do not know how that is said).
 * KITH_ERR_LIMIT: more than a code holds, or nothing; KITH_ERR_NOMEM.
 */
enum kith_err kith_qr_make(
	struct kith_span bytes, enum kith_qr_level level, struct kith_qr *ret) KITH_MUST_CHECK;

/*
 * The same, always in byte mode, and the code says that it is UTF-8 (ECI 26): readers that guess the
 * alphabet wrongly then read it rightly, and readers that know nothing of it not at all.
 */
enum kith_err kith_qr_make_utf8(
	struct kith_span bytes, enum kith_qr_level level, struct kith_qr *ret) KITH_MUST_CHECK;

/* {0} and NULL allowed. */
void kith_qr_free(struct kith_qr *qr);

/* Whether the module is dark; the quiet zone has coordinates below 0 and from side on. */
bool kith_qr_dark(const struct kith_qr *qr, long x, long y);

/* Columns, and rows of half blocks, that it takes on a terminal with its quiet zone. */
size_t kith_qr_columns(const struct kith_qr *qr);
size_t kith_qr_rows(const struct kith_qr *qr);

/* Appends it as lines of half blocks, black on white said explicitly, for any terminal of UTF-8.
 * KITH_ERR_NOMEM. */
enum kith_err kith_qr_text(const struct kith_qr *qr, struct kith_buf *out) KITH_MUST_CHECK;

/* The same without colours: what is light is printed, so it is a code where letters are lighter than
 * what is behind them, and its negative elsewhere.  KITH_ERR_NOMEM. */
enum kith_err kith_qr_text_plain(const struct kith_qr *qr, struct kith_buf *out) KITH_MUST_CHECK;

/* Appends it as an SVG picture, four pixels a module unless it is scaled.  KITH_ERR_NOMEM. */
enum kith_err kith_qr_svg(const struct kith_qr *qr, struct kith_buf *out) KITH_MUST_CHECK;

#endif
