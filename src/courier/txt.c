/* SPDX-License-Identifier: MIT */
#include "courier/txt.h"

#include <strings.h>

#include "base/text.h"

#define KEY_CHARS 43 /* base64url of 32 bytes without padding */

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/* RFC 4648 section 5; the two bits that are left over must be zero. */
static bool read_key(struct kith_span text, uint8_t out[KITH_CURVE_KEY_BYTES])
{
	uint32_t bits = 0;
	unsigned have = 0;

	if (text.n != KEY_CHARS || memchr(text.p, 0, text.n))
		return false;
	for (size_t i = 0; i < text.n; i++) {
		const char *c = strchr(alphabet, text.p[i]);
		if (!c)
			return false;
		bits = (bits << 6 | (uint32_t)(c - alphabet)) & 0xffff;
		have += 6;
		if (have >= 8) {
			have -= 8;
			*out++ = (uint8_t)(bits >> have);
		}
	}
	return (bits & ((1u << have) - 1)) == 0;
}

static void write_key(const uint8_t key[KITH_CURVE_KEY_BYTES], char out[KEY_CHARS + 1])
{
	uint32_t bits = 0;
	unsigned have = 0;

	for (size_t i = 0; i < KITH_CURVE_KEY_BYTES; i++) {
		bits = (bits << 8 | key[i]) & 0xffff;
		for (have += 8; have >= 6; have -= 6)
			*out++ = alphabet[bits >> (have - 6) & 63];
	}
	*out++ = alphabet[bits << (6 - have) & 63];
	*out = 0;
}

/* The first `max` bytes at most, without half a character at the end. */
static struct kith_span cut(struct kith_span s, size_t max)
{
	if (s.n <= max)
		return s;
	s.n = max;
	while (s.n > 0 && (s.p[s.n] & 0xc0) == 0x80)
		s.n--;
	return s;
}

/* The value of the first string "key=..."; p is NULL when there is none. */
static struct kith_span value_of(struct kith_span rdata, char key)
{
	while (rdata.n > 0) {
		size_t n = rdata.p[0];
		const uint8_t *p = rdata.p + 1;
		if (n >= 2 && p[1] == '=' && (p[0] | 0x20) == key)
			return kith_span(p + 2, n - 2);
		rdata = kith_span(p + n, rdata.n - n - 1);
	}
	return (struct kith_span){NULL, 0};
}

static bool whole(struct kith_span rdata)
{
	while (rdata.n > 0) {
		size_t n = (size_t)rdata.p[0] + 1;
		if (n > rdata.n)
			return false;
		rdata = kith_span(rdata.p + n, rdata.n - n);
	}
	return true;
}

enum kith_err kith_txt_read(struct kith_span rdata, struct kith_txt *ret)
{
	static const uint8_t zero[KITH_CURVE_KEY_BYTES];
	struct kith_txt txt = {0};

	if (rdata.n > KITH_TXT_MAX)
		return KITH_ERR_LIMIT;
	if (!whole(rdata))
		return KITH_ERR_TRUNCATED;
	if (!kith_span_eq(value_of(rdata, 'v'), kith_span_str("1")))
		return KITH_ERR_VERSION;
	if (!read_key(value_of(rdata, 'k'), txt.key) || memcmp(txt.key, zero, sizeof zero) == 0)
		return KITH_ERR_VALUE;
	struct kith_span label = value_of(rdata, 'n');
	if (label.n > 0 && kith_text_valid(label)) {
		label = cut(label, KITH_TXT_LABEL_MAX);
		memcpy(txt.label, label.p, label.n);
	}
	*ret = txt;
	return KITH_OK;
}

static enum kith_err write_string(struct kith_buf *out, const char *head, const char *value)
{
	uint8_t n = (uint8_t)(strlen(head) + strlen(value));
	enum kith_err err = kith_buf_add(out, &n, 1);

	if (!err)
		err = kith_buf_add_str(out, head);
	return err ? err : kith_buf_add_str(out, value);
}

enum kith_err kith_txt_write(const struct kith_txt *txt, struct kith_buf *out)
{
	char key[KEY_CHARS + 1];
	enum kith_err err;

	write_key(txt->key, key);
	if ((err = write_string(out, "v=", "1")) || (err = write_string(out, "k=", key)))
		return err;
	return txt->label[0] ? write_string(out, "n=", txt->label) : KITH_OK;
}
