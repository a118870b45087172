/* SPDX-License-Identifier: MIT
 *
 * vcard_files - files of vCards under test, and what the reader made of them as one text.
 */
#ifndef KITH_TEST_VCARD_FILES_H
#define KITH_TEST_VCARD_FILES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/auto.h"
#include "base/limits.h"
#include "vcard/reader.h"
#include "vcard/value.h"

/* A file of the test: bytes, which come in pieces. */
struct file {
	struct kith_span left;
	size_t piece;
};

static inline ptrdiff_t file_read(void *ctx, void *p, size_t n)
{
	struct file *f = ctx;

	n = n < f->piece ? n : f->piece;
	n = n < f->left.n ? n : f->left.n;
	if (n > 0)
		memcpy(p, f->left.p, n);
	f->left = kith_span(f->left.p + n, f->left.n - n);
	return (ptrdiff_t)n;
}

static inline void file_remark(void *ctx, uint64_t line, const char *sentence)
{
	assert_int_equal(
		kith_buf_printf(ctx, "!%llu %s\n", (unsigned long long)line, sentence), KITH_OK);
}

static inline void put(struct kith_buf *out, const char *before, struct kith_span s)
{
	assert_int_equal(kith_buf_add_str(out, before), KITH_OK);
	assert_int_equal(kith_buf_add(out, s.p, s.n), KITH_OK);
}

/* A property as it stands: its line, a blank, and what would be written. */
static inline void put_property(struct kith_buf *out, const struct kith_vcard_property *p)
{
	assert_int_equal(kith_buf_printf(out, "%u ", p->line), KITH_OK);
	put(out, "", p->group);
	put(out, p->group.n ? "." : "", p->name);
	put(out, "", p->params);
	put(out, ":", p->value);
	put(out, "\n", kith_span("", 0));
}

static inline void put_card(struct kith_buf *out, const struct kith_vcard *v, uint64_t line)
{
	static const char *const versions[] = {"2.1", "3.0", "4.0"};
	size_t n;
	const struct kith_vcard_property *p = kith_vcard_properties(v, &n);

	assert_int_equal(kith_buf_printf(out, "[%llu %s]\n", (unsigned long long)line,
				 versions[kith_vcard_version(v)]),
		KITH_OK);
	for (size_t i = 0; i < n; i++)
		put_property(out, &p[i]);
}

/* Remarks "!LINE SENTENCE", vCards "[LINE VERSION]" with their properties, "[over]", each on a line. */
static inline void read_file(struct kith_span bytes, size_t piece, struct kith_buf *out)
{
	struct file f = {bytes, piece};
	struct kith_vcard_reader *r;
	struct kith_vcard *v;
	uint64_t line;
	enum kith_err err;

	assert_int_equal(kith_vcard_reader_open(file_read, &f, file_remark, out, &r), KITH_OK);
	while (!(err = kith_vcard_next(r, &v, &line)) || err == KITH_ERR_LIMIT) {
		if (err)
			put(out, "[over]\n", kith_span("", 0));
		else
			put_card(out, v, line);
	}
	assert_int_equal(err, KITH_ERR_MISSING);
	kith_vcard_reader_free(r);
}

/* That the file is read so, in one piece and byte by byte. */
static inline void expect_read(struct kith_span bytes, const char *wanted)
{
	for (size_t piece = 1; piece; piece = piece == 1 ? SIZE_MAX : 0) {
		KITH_AUTO_BUF struct kith_buf got = {0};
		read_file(bytes, piece, &got);
		assert_string_equal(kith_buf_cstr(&got), wanted);
	}
}

static inline void expect_text(const char *text, const char *wanted)
{
	expect_read(kith_span_str(text), wanted);
}

#endif
