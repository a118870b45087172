/* SPDX-License-Identifier: MIT */
#include "qr/qr.h"

#include <errno.h>
#include <limits.h>
#include <qrencode.h>
#include <stdlib.h>

#define ECI_UTF8 26 /* AIM ITS/04-023 */

static const char alphanumeric[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

static bool is_alphanumeric(struct kith_span s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == 0 || !strchr(alphanumeric, s.p[i]))
			return false;
	return true;
}

static QRecLevel level_of(enum kith_qr_level level)
{
	return level == KITH_QR_L ? QR_ECLEVEL_L : level == KITH_QR_M ? QR_ECLEVEL_M : QR_ECLEVEL_Q;
}

/* What the library said in errno; it says ERANGE for too much. */
static enum kith_err fault(void)
{
	return errno == ENOMEM ? KITH_ERR_NOMEM : KITH_ERR_LIMIT;
}

/* One segment of one mode, so that the whole is either compact or plain bytes. */
static enum kith_err encode(struct kith_span s, enum kith_qr_level level, bool utf8, QRcode **ret)
{
	QRinput *input = QRinput_new2(0, level_of(level));
	QRencodeMode mode = !utf8 && is_alphanumeric(s) ? QR_MODE_AN : QR_MODE_8;

	if (!input)
		return KITH_ERR_NOMEM;
	errno = 0;
	bool good = (!utf8 || QRinput_appendECIheader(input, ECI_UTF8) == 0) &&
		    QRinput_append(input, mode, (int)s.n, s.p) == 0;
	*ret = good ? QRcode_encodeInput(input) : NULL;
	enum kith_err err = *ret ? KITH_OK : fault();
	QRinput_free(input);
	return err;
}

static enum kith_err make(
	struct kith_span bytes, enum kith_qr_level level, bool utf8, struct kith_qr *ret)
{
	QRcode *code = NULL;

	if (bytes.n == 0 || bytes.n > INT_MAX / 8)
		return KITH_ERR_LIMIT;
	enum kith_err err = encode(bytes, level, utf8, &code);
	if (err)
		return err;
	struct kith_qr qr = {.side = (size_t)code->width};
	qr.dark = malloc(qr.side * qr.side);
	for (size_t i = 0; qr.dark && i < qr.side * qr.side; i++)
		qr.dark[i] = code->data[i] & 1;
	QRcode_free(code);
	if (!qr.dark)
		return KITH_ERR_NOMEM;
	*ret = qr;
	return KITH_OK;
}

enum kith_err kith_qr_make(struct kith_span bytes, enum kith_qr_level level, struct kith_qr *ret)
{
	return make(bytes, level, false, ret);
}

enum kith_err kith_qr_make_utf8(
	struct kith_span bytes, enum kith_qr_level level, struct kith_qr *ret)
{
	return make(bytes, level, true, ret);
}

void kith_qr_free(struct kith_qr *qr)
{
	if (!qr)
		return;
	free(qr->dark);
	*qr = (struct kith_qr){0};
}

bool kith_qr_dark(const struct kith_qr *qr, long x, long y)
{
	long side = (long)qr->side;

	return x >= 0 && y >= 0 && x < side && y < side && qr->dark[y * side + x];
}
