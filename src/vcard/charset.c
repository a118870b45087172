/* SPDX-License-Identifier: MIT */
#include "vcard/charset.h"

#include <ctype.h>
#include <errno.h>

#include "vcard/utf8.h"

#define NAME_MAX_BYTES 24 /* of a name without hyphens; the longest one known has 13 */

/* Names as files have them, in capitals without hyphens, and what iconv calls the one that writers
 * mean by it: the larger of two where one contains the other. */
static const struct {
	const char *name, *iconv;
} known[] = {
	{"UTF8", "UTF-8"},
	{"UNICODE11UTF8", "UTF-8"},
	{"USASCII", "CP1252"},
	{"ASCII", "CP1252"},
	{"ANSI", "CP1252"},
	{"LATIN1", "CP1252"},
	{"ISO88591", "CP1252"},
	{"ISO88592", "ISO-8859-2"},
	{"LATIN2", "ISO-8859-2"},
	{"ISO88593", "ISO-8859-3"},
	{"ISO88594", "ISO-8859-4"},
	{"ISO88595", "ISO-8859-5"},
	{"ISO88596", "ISO-8859-6"},
	{"ISO88597", "ISO-8859-7"},
	{"ISO88598", "ISO-8859-8"},
	{"ISO88599", "CP1254"},
	{"ISO885910", "ISO-8859-10"},
	{"ISO885911", "CP874"},
	{"ISO885913", "ISO-8859-13"},
	{"ISO885914", "ISO-8859-14"},
	{"ISO885915", "ISO-8859-15"},
	{"ISO885916", "ISO-8859-16"},
	{"WINDOWS874", "CP874"},
	{"WINDOWS1250", "CP1250"},
	{"WINDOWS1251", "CP1251"},
	{"WINDOWS1252", "CP1252"},
	{"WINDOWS1253", "CP1253"},
	{"WINDOWS1254", "CP1254"},
	{"WINDOWS1255", "CP1255"},
	{"WINDOWS1256", "CP1256"},
	{"WINDOWS1257", "CP1257"},
	{"WINDOWS1258", "CP1258"},
	{"CP437", "CP437"},
	{"IBM437", "CP437"},
	{"CP850", "CP850"},
	{"IBM850", "CP850"},
	{"CP852", "CP852"},
	{"IBM852", "CP852"},
	{"CP866", "CP866"},
	{"IBM866", "CP866"},
	{"TIS620", "CP874"},
	{"KOI8R", "KOI8-R"},
	{"KOI8U", "KOI8-U"},
	{"MACINTOSH", "MACINTOSH"},
	{"SHIFTJIS", "CP932"},
	{"SJIS", "CP932"},
	{"MSKANJI", "CP932"},
	{"WINDOWS31J", "CP932"},
	{"CP932", "CP932"},
	{"EUCJP", "EUC-JP"},
	{"ISO2022JP", "ISO-2022-JP"},
	{"GB2312", "GB18030"},
	{"GBK", "GB18030"},
	{"CP936", "GB18030"},
	{"GB18030", "GB18030"},
	{"BIG5", "BIG5-HKSCS"},
	{"CP950", "BIG5-HKSCS"},
	{"BIG5HKSCS", "BIG5-HKSCS"},
	{"EUCKR", "CP949"},
	{"KSC56011987", "CP949"},
	{"CP949", "CP949"},
};

/* 0x80 to 0x9f; those that windows-1252 leaves open stay the controls that they are in Latin-1. */
static const uint16_t cp1252[32] = {0x20ac, 0x81, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
	0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8d, 0x017d, 0x8f, 0x90, 0x2018, 0x2019, 0x201c,
	0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x9d, 0x017e,
	0x0178};

void kith_charset_free(struct kith_charset *c)
{
	if (c && c->name)
		(void)iconv_close(c->convert);
	if (c)
		c->name = NULL;
}

/* In capitals, without what is no letter or digit, and "CP125" as WINDOWS125. */
static bool plain_name(struct kith_span s, char out[NAME_MAX_BYTES + 1])
{
	size_t n = 0;

	if (s.n > 1 && (s.p[0] | 0x20) == 'x' && s.p[1] == '-')
		s = kith_span(s.p + 2, s.n - 2);
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] >= 0x80 || !isalnum(s.p[i]))
			continue;
		if (n == NAME_MAX_BYTES)
			return false;
		out[n++] = (char)(s.p[i] >= 'a' && s.p[i] <= 'z' ? s.p[i] - 32 : s.p[i]);
	}
	out[n] = '\0';
	if (n == 6 && memcmp(out, "CP125", 5) == 0) {
		memmove(out + 7, out + 2, 5);
		memcpy(out, "WINDOWS", 7);
	}
	return true;
}

const char *kith_charset_known(struct kith_span name)
{
	char plain[NAME_MAX_BYTES + 1];

	if (!plain_name(name, plain))
		return NULL;
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (strcmp(known[i].name, plain) == 0)
			return known[i].iconv;
	return NULL;
}

bool kith_charset_is_7bit(const char *name)
{
	return strcmp(name, "ISO-2022-JP") == 0;
}

static enum kith_err add_1252(struct kith_buf *out, uint8_t byte)
{
	uint8_t text[4];
	uint32_t c = byte >= 0x80 && byte < 0xa0 ? cp1252[byte - 0x80] : byte;

	return c == 0 ? KITH_OK : kith_buf_add(out, text, kith_utf8_put(c, text));
}

/* UTF-8, but for what is not. */
static enum kith_err add_utf8(struct kith_buf *out, struct kith_span s, bool *ret_guessed)
{
	enum kith_err err = KITH_OK;

	while (!err && s.n > 0) {
		size_t n = kith_utf8_ascii(s);
		const uint8_t *nul = n ? memchr(s.p, 0, n) : NULL;
		if (nul)
			n = (size_t)(nul - s.p);
		if (n == 0)
			n = kith_utf8_character(s);
		if (n > 0)
			err = kith_buf_add(out, s.p, n);
		else
			err = add_1252(out, s.p[0]);
		*ret_guessed |= n == 0 && s.p[0] != 0;
		n = n ? n : 1;
		s = kith_span(s.p + n, s.n - n);
	}
	return err;
}

/* As far as the converter comes. */
static enum kith_err convert(struct kith_charset *c, struct kith_span *s, struct kith_buf *out)
{
	char text[1024], *to = text, *from = (char *)(uintptr_t)s->p;
	size_t room = sizeof text, n = s->n;
	size_t done = iconv(c->convert, n ? &from : NULL, &n, &to, &room);
	bool full = done == (size_t)-1 && errno == E2BIG;

	*s = kith_span(s->p + (s->n - n), n);
	for (char *p = text; p < to; p++) {
		char *nul = memchr(p, 0, (size_t)(to - p)), *end = nul ? nul : to;
		enum kith_err err = kith_buf_add(out, p, (size_t)(end - p));
		if (err)
			return err;
		p = end;
	}
	return full || done != (size_t)-1 ? KITH_OK : KITH_ERR_UTF8;
}

static bool open_as(struct kith_charset *c, const char *name)
{
	if (c->name && strcmp(c->name, name) == 0) {
		(void)iconv(c->convert, NULL, NULL, NULL, NULL);
		return true;
	}
	kith_charset_free(c);
	c->convert = iconv_open("UTF-8", name);
	if (c->convert == (iconv_t)-1) /* NOLINT(performance-no-int-to-ptr) */
		return false;
	c->name = name;
	return true;
}

enum kith_err kith_charset_text(struct kith_charset *c, const char *name, struct kith_span bytes,
	struct kith_buf *out, bool *ret_guessed)
{
	if (!name || strcmp(name, "UTF-8") == 0 || !open_as(c, name))
		return add_utf8(out, bytes, ret_guessed);
	while (bytes.n > 0) {
		enum kith_err err = convert(c, &bytes, out);
		if (err == KITH_ERR_UTF8 && bytes.n > 0) {
			err = add_1252(out, bytes.p[0]);
			*ret_guessed = true;
			bytes = kith_span(bytes.p + 1, bytes.n - 1);
		}
		if (err)
			return err;
	}
	return convert(c, &bytes, out); /* what the converter holds back */
}
