/* SPDX-License-Identifier: MIT */
#include "card/uri.h"

#include <stdio.h>
#include <strings.h>

#include "base/auto.h"
#include "base/base32.h"
#include "base/diag.h"
#include "base/limits.h"

#define HEAD_CHARS 9 /* "KITH:1/C/" */

static const char scheme[] = "KITH:";
static const char letters[] = {
	KITH_URI_CARD, KITH_URI_IDENTITY, KITH_URI_INVITE, KITH_URI_STATEMENT, 0};

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static struct kith_span trimmed(struct kith_span s)
{
	while (s.n > 0 && is_blank(s.p[0]))
		s = kith_span(s.p + 1, s.n - 1);
	while (s.n > 0 && is_blank(s.p[s.n - 1]))
		s.n--;
	return s;
}

/* --- what else it is ------------------------------------------------------------------------- */

/* The beginnings of what other programs put into codes and files; the first that fits counts. */
static const struct {
	const char *begins;
	const char *what;
} others[] = {{"%PDF", "a PDF file"}, {"PK\3\4", "a ZIP archive, or an office document"},
	{"\x1f\x8b", "a compressed file"},
	{"\x7f"
	 "ELF",
		"a program"},
	{"GIF8", "a GIF picture, of which kith reads no codes"}, {"SQLite format 3", "a database"},
	{"{", "JSON"}, {"<!DOCTYPE", "a web page"}, {"<html", "a web page"}, {"<?xml", "XML"},
	{"dn:", "an LDIF file; export a vCard instead"},
	{"KITHKEY1", "a secret key of kith, which nobody should see"},
	{"-----BEGIN PGP", "an OpenPGP text"}, {"-----BEGIN", "a key or a certificate"},
	{"BEGIN:VCARD", "a vCard"}, {"MECARD:", "an address (MECARD)"},
	{"BIZCARD:", "an address (BIZCARD)"}, {"WIFI:", "a Wi-Fi code"}, {"DPP:", "a Wi-Fi code"},
	{"otpauth", "the secret of a one-time password (show it to nobody)"},
	{"https://signal.me/", "a Signal link"}, {"https://signal.group/", "a Signal link"},
	{"sgnl:", "a Signal link"}, {"https://matrix.to/", "a Matrix link"},
	{"matrix:", "a Matrix link"}, {"briar:", "a Briar link"}, {"simplex:", "a SimpleX link"},
	{"https://simplex.chat/", "a SimpleX link"}, {"https://i.delta.chat/", "a Delta Chat link"},
	{"OPENPGP4FPR:", "an OpenPGP or Delta Chat key"}, {"DCACCOUNT:", "a Delta Chat link"},
	{"3mid:", "a Threema id"}, {"threema:", "a Threema link"},
	{"https://threema.id/", "a Threema id"}, {"https://wa.me/", "a WhatsApp link"},
	{"https://t.me/", "a Telegram link"}, {"tg:", "a Telegram link"},
	{"xmpp:", "an XMPP (Jabber) address"}, {"jami:", "a Jami address"},
	{"tox:", "a Tox address"}, {"http://", "a web address"}, {"https://", "a web address"},
	{"www.", "a web address"}, {"URLTO:", "a web address"}, {"mailto:", "an e-mail address"},
	{"MATMSG:", "an e-mail"}, {"tel:", "a telephone number"}, {"sms:", "a text message"},
	{"SMSTO:", "a text message"}, {"geo:", "a place on the map"},
	{"BEGIN:VCALENDAR", "a calendar entry"}, {"BEGIN:VEVENT", "a calendar entry"},
	{"BCD\n", "a payment"}, {"BCD\r", "a payment"}, {"bitcoin:", "a payment"},
	{"lightning:", "a payment"}, {"ethereum:", "a payment"}, {"monero:", "a payment"},
	{"upi:", "a payment"}, {"LPA:", "an eSIM code"}, {"FIDO:/", "a sign-in code"},
	{"HC1:", "a health certificate"}, {"MT:", "the set-up code of a device (Matter)"}};

static bool begins(struct kith_span s, const char *with)
{
	size_t n = strlen(with);

	return s.n >= n && strncasecmp((const char *)s.p, with, n) == 0;
}

static bool all_digits(struct kith_span s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return true;
}

const char *kith_uri_other(struct kith_span text)
{
	struct kith_span s = trimmed(text);
	uint8_t key[KITH_KEY_BYTES];

	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
		if (begins(s, others[i].begins))
			return others[i].what;
	if ((s.n == 8 || s.n == 13) && all_digits(s))
		return "the number of a product";
	if (kith_base32_read(key, sizeof key, s))
		return "somebody's id without KITH:1/I/ in front of it";
	return NULL;
}

/* --- kith's own ------------------------------------------------------------------------------ */

bool kith_uri_is(struct kith_span text)
{
	return begins(trimmed(text), scheme);
}

/* Appends the text in capitals without blanks and line ends. */
static enum kith_err squeeze(struct kith_span text, struct kith_buf *out)
{
	enum kith_err err = KITH_OK;

	for (size_t i = 0; !err && i < text.n && out->n <= KITH_URI_MAX; i++) {
		uint8_t c = text.p[i];
		if (c >= 'a' && c <= 'z')
			c = (uint8_t)(c - 'a' + 'A');
		if (!is_blank(c))
			err = kith_buf_add(out, &c, 1);
	}
	return err;
}

static enum kith_err fail_other(struct kith_span text, struct kith_diag *diag)
{
	const char *what = kith_uri_other(text);

	if (trimmed(text).n == 0)
		return kith_fail(diag, KITH_ERR_NOTCARD, "there is nothing in it");
	if (what)
		return kith_fail(diag, KITH_ERR_NOTCARD, "this is %s, not a code of kith's", what);
	return kith_fail(diag, KITH_ERR_NOTCARD,
		"this is not a code of kith's, which would begin with KITH:1/");
}

static enum kith_err fail_newer(struct kith_diag *diag)
{
	return kith_fail(diag, KITH_ERR_VERSION,
		"this code was made by a newer kith; update this one to read it");
}

static enum kith_err fail_shape(struct kith_diag *diag)
{
	return kith_fail(diag, KITH_ERR_SHAPE,
		"this code of kith's is damaged or not whole; scan or copy it again");
}

/* Reads "1/C/" off the front of *s. */
static enum kith_err read_head(
	struct kith_span *s, enum kith_uri_kind *ret_kind, struct kith_diag *diag)
{
	size_t digits = 0;

	while (digits < s->n && s->p[digits] >= '0' && s->p[digits] <= '9')
		digits++;
	if (digits == 0 || digits == s->n || s->p[digits] != '/' || s->p[0] == '0')
		return fail_shape(diag);
	if (digits != 1 || s->p[0] != '1')
		return fail_newer(diag);
	if (s->n < 4 || s->p[2] < 'A' || s->p[2] > 'Z' || s->p[3] != '/')
		return fail_shape(diag);
	if (!strchr(letters, s->p[2]))
		return fail_newer(diag);
	*ret_kind = (enum kith_uri_kind)s->p[2];
	*s = kith_span(s->p + 4, s->n - 4);
	return KITH_OK;
}

/* Appends what the base32 characters say. */
static enum kith_err read_bytes(struct kith_span chars, enum kith_uri_kind kind,
	struct kith_buf *out, struct kith_diag *diag)
{
	size_t n = chars.n * 5 / 8;
	uint8_t bytes[KITH_URI_MAX];

	if (n == 0 || !kith_base32_read(bytes, n, chars) ||
		(kind == KITH_URI_IDENTITY && n != KITH_KEY_BYTES))
		return fail_shape(diag);
	return kith_buf_add(out, bytes, n);
}

enum kith_err kith_uri_read(struct kith_span text, enum kith_uri_kind *ret_kind,
	struct kith_buf *out, struct kith_diag *diag)
{
	KITH_AUTO_BUF struct kith_buf squeezed = {0};
	enum kith_uri_kind kind = KITH_URI_CARD;
	enum kith_err err;

	if (!kith_uri_is(text))
		return fail_other(text, diag);
	if ((err = squeeze(text, &squeezed)))
		return err;
	if (squeezed.n > KITH_URI_MAX)
		return kith_fail(diag, KITH_ERR_LIMIT,
			"this is longer than a code of kith's can be, which is %d characters",
			KITH_URI_MAX);
	struct kith_span s = kith_span(squeezed.p + strlen(scheme), squeezed.n - strlen(scheme));
	if ((err = read_head(&s, &kind, diag)) || (err = read_bytes(s, kind, out, diag)))
		return err;
	*ret_kind = kind;
	return KITH_OK;
}

enum kith_err kith_uri_write(enum kith_uri_kind kind, struct kith_span bytes, struct kith_buf *out)
{
	char text[KITH_URI_MAX + 1];

	if (bytes.n == 0 || HEAD_CHARS + KITH_BASE32_CHARS(bytes.n) > KITH_URI_MAX)
		return KITH_ERR_LIMIT;
	(void)snprintf(text, sizeof text, "%s1/%c/", scheme, kind);
	kith_base32(text + HEAD_CHARS, bytes);
	return kith_buf_add_str(out, text);
}
