/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <strings.h>

#include "vcard/inside.h"
#include "vcard/property.h"
#include "vcard/value.h"

static struct kith_span behind(struct kith_span s, size_t n)
{
	return kith_span(s.p + n, s.n - n);
}

/* --- base64 ----------------------------------------------------------------------------------- */

/* 0 to 63; 64 for what may stand between them, 65 for what may not. */
static unsigned digit(uint8_t c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26u;
	if (c >= '0' && c <= '9')
		return c - '0' + 52u;
	if (c == '+' || c == '/')
		return c == '+' ? 62 : 63;
	return c == '=' || c == ' ' || c == '\t' ? 64 : 65;
}

/* As many writers pad it, or forget to: blanks and "=" anywhere count for nothing, nor do bits that
 * make no whole byte. */
static enum kith_err decode(struct kith_vcard *v, struct kith_span s, struct kith_span *ret)
{
	uint8_t *out = kith_vcard_alloc(v, s.n / 4 * 3 + 3);
	uint32_t bits = 0;
	size_t n = 0, have = 0;

	if (!out)
		return KITH_ERR_NOMEM;
	for (size_t i = 0; i < s.n; i++) {
		unsigned d = digit(s.p[i]);
		if (d == 65)
			return KITH_ERR_SHAPE;
		if (d == 64)
			continue;
		bits = bits << 6 | d;
		if (++have % 4 != 1)
			out[n++] = (uint8_t)(bits >> (have % 4 == 2 ? 4 : have % 4 == 3 ? 2 : 0));
	}
	if (n == 0)
		return KITH_ERR_SHAPE;
	*ret = kith_span(out, n);
	return KITH_OK;
}

/* --- addresses -------------------------------------------------------------------------------- */

static bool begins(struct kith_span s, const char *word)
{
	size_t n = strlen(word);

	return s.n >= n && strncasecmp((const char *)s.p, word, n) == 0;
}

/* Whether it begins as a URI does, with the name of a scheme and a colon. */
static bool is_uri(struct kith_span s)
{
	size_t i = 0;

	while (i < s.n && s.p[i] < 0x80 && (isalnum(s.p[i]) || strchr("+-.", s.p[i])))
		i++;
	return i > 0 && i < s.n && s.p[i] == ':';
}

static int hex(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* %XX undone. */
static enum kith_err unescape(struct kith_vcard *v, struct kith_span s, struct kith_span *ret)
{
	uint8_t *out = kith_vcard_alloc(v, s.n + 1);
	size_t n = 0;

	if (!out)
		return KITH_ERR_NOMEM;
	for (size_t i = 0; i < s.n; i++) {
		int high = s.p[i] == '%' && s.n - i > 2 ? hex(s.p[i + 1]) : -1;
		int low = high >= 0 ? hex(s.p[i + 2]) : -1;
		out[n++] = (uint8_t)(low >= 0 ? high << 4 | low : s.p[i]);
		i += low >= 0 ? 2 : 0;
	}
	*ret = kith_span(out, n);
	return KITH_OK;
}

/* RFC 2397, what stands behind "data:". */
static enum kith_err read_data(struct kith_vcard *v, struct kith_span s, struct kith_span *ret)
{
	const uint8_t *comma = s.n ? memchr(s.p, ',', s.n) : NULL;
	const char *sign = ";base64";

	if (!comma)
		return KITH_ERR_SHAPE;
	struct kith_span type = kith_span(s.p, (size_t)(comma - s.p));
	bool coded = type.n >= strlen(sign) && begins(behind(type, type.n - strlen(sign)), sign);
	struct kith_span plain;
	enum kith_err err = unescape(v, behind(s, type.n + 1), &plain);
	if (err)
		return err;
	if (coded)
		return decode(v, plain, ret);
	*ret = plain;
	return plain.n ? KITH_OK : KITH_ERR_SHAPE;
}

/* Whether a parameter has that value. */
static bool says(const struct kith_vcard_property *p, const char *param, const char *value)
{
	struct kith_span s;

	for (size_t i = 0; kith_vcard_param(p, param, i, &s); i++)
		if (kith_span_is(s, value))
			return true;
	return false;
}

enum kith_err kith_vcard_bytes(
	struct kith_vcard *v, const struct kith_vcard_property *p, struct kith_span *ret)
{
	struct kith_span s = p->value;
	enum kith_err err = KITH_OK;

	if (begins(s, "data:")) {
		if (memchr(s.p, '\\', s.n))
			err = kith_vcard_text(v, p, '\0', 0, &s); /* some escape ";" and "," */
		return err ? err : read_data(v, behind(s, 5), ret);
	}
	if (says(p, "ENCODING", "B") || says(p, "ENCODING", "BASE64"))
		return decode(v, s, ret);
	if (is_uri(s) || says(p, "VALUE", "URI") || says(p, "VALUE", "URL"))
		return KITH_ERR_MISSING;
	return decode(v, s, ret);
}
