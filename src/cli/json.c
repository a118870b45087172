/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "base/auto.h"
#include "base/text.h"
#include "cli/person.h"

#define UNREADABLE_COLUMNS 200 /* kept of a text that is not UTF-8 */

json_t *kith_json_text(struct kith_span s)
{
	KITH_AUTO_BUF struct kith_buf shown = {0};

	if (kith_text_valid(s))
		return json_stringn(s.n ? (const char *)s.p : "", s.n);
	if (kith_show(&shown, s, UNREADABLE_COLUMNS))
		return NULL;
	return json_stringn(shown.n ? (const char *)shown.p : "", shown.n);
}

/* The code point at p, which is valid UTF-8, and its length. */
static uint32_t point(const unsigned char *p, size_t *ret_n)
{
	if (p[0] < 0x80) {
		*ret_n = 1;
		return p[0];
	}
	size_t n = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
	uint32_t c = p[0] & (0x7fu >> n);
	for (size_t i = 1; i < n; i++)
		c = c << 6 | (p[i] & 0x3fu);
	*ret_n = n;
	return c;
}

/* Controls that JSON itself does not escape, and characters that steer direction or are unseen
 * (Unicode categories Cf, Zl, Zp). */
static bool acts(uint32_t c)
{
	static const struct {
		uint32_t from, to;
	} ranges[] = {{0x7f, 0x9f}, {0xad, 0xad}, {0x600, 0x605}, {0x61c, 0x61c}, {0x6dd, 0x6dd},
		{0x70f, 0x70f}, {0x890, 0x891}, {0x8e2, 0x8e2}, {0x180e, 0x180e}, {0x200b, 0x200f},
		{0x2028, 0x202e}, {0x2060, 0x206f}, {0xfeff, 0xfeff}, {0xfff9, 0xfffb},
		{0x110bd, 0x110cd}, {0x13430, 0x1343f}, {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a},
		{0xe0000, 0xe007f}};

	for (size_t i = 0; c >= 0x7f && i < sizeof ranges / sizeof ranges[0]; i++)
		if (c >= ranges[i].from && c <= ranges[i].to)
			return true;
	return false;
}

static void put_escaped(FILE *out, uint32_t c)
{
	if (c < 0x10000) {
		(void)fprintf(out, "\\u%04x", (unsigned)c);
		return;
	}
	c -= 0x10000;
	(void)fprintf(out, "\\u%04x\\u%04x", (unsigned)(0xd800 + (c >> 10)),
		(unsigned)(0xdc00 + (c & 0x3ff)));
}

static bool failed; /* a line could not be made */

bool kith_json_failed(void)
{
	return failed;
}

/* The text as it grows.  The first error sticks: jansson forgets the one of an object's key. */
struct dump {
	struct kith_buf text;
	enum kith_err err;
};

static int add(const char *p, size_t n, void *ctx)
{
	struct dump *d = ctx;

	if (!d->err)
		d->err = kith_buf_add(&d->text, p, n);
	return d->err ? -1 : 0;
}

static void dump_end(struct dump *d)
{
	kith_buf_free(&d->text);
}

static void put_text(FILE *out, const unsigned char *text)
{
	const unsigned char *from = text, *p = text;

	while (*p) {
		size_t n;
		uint32_t c = point(p, &n);
		if (acts(c)) {
			(void)fwrite(from, 1, (size_t)(p - from), out);
			put_escaped(out, c);
			from = p + n;
		}
		p += n;
	}
	(void)fwrite(from, 1, (size_t)(p - from), out);
}

/* False, which was told: memory ran out. */
static bool put(FILE *out, json_t *value)
{
	KITH_AUTO(dump_end) struct dump d = {0};

	if (json_dump_callback(value, add, &d, JSON_COMPACT | JSON_ENCODE_ANY) ||
		!kith_buf_cstr(&d.text)) {
		(void)kith_cli_fail(KITH_ERR_NOMEM, NULL);
		failed = true;
		return false;
	}
	put_text(out, d.text.p);
	return true;
}

void kith_json_line(FILE *out, json_t *value)
{
	if (!put(out, value))
		return;
	(void)fputc('\n', out);
	(void)fflush(out);
}

bool kith_json_add(struct kith_json_array *array, json_t *value)
{
	(void)fputc(array->begun ? ',' : '[', array->out);
	array->begun = true;
	bool done = put(array->out, value);
	json_decref(value);
	return done && !ferror(array->out);
}

void kith_json_end(struct kith_json_array *array)
{
	(void)fputs(array->begun ? "]\n" : "[]\n", array->out);
	(void)fflush(array->out);
}

enum kith_err kith_json_buf(json_t *value, struct kith_buf *out)
{
	char *text = NULL;
	size_t n;
	FILE *f = open_memstream(&text, &n);

	if (!f)
		return KITH_ERR_NOMEM;
	kith_json_line(f, value);
	bool bad = fclose(f) != 0;
	enum kith_err err = bad ? KITH_ERR_NOMEM : kith_buf_add(out, text, n);
	free(text);
	return err;
}

void kith_json_tell(const struct kith_cli *cli, json_t *object)
{
	if (cli->json)
		kith_json_line(stdout, object);
	json_decref(object);
}
