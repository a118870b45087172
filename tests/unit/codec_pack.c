/* SPDX-License-Identifier: MIT */
#include "base_scratch.h"

#include "codec/pack.h"
#include "codec/scan.h"

static struct kith_buf out;
static struct kith_packer p;

static int begin(void **state)
{
	(void)state;
	out = (struct kith_buf){0};
	p = (struct kith_packer){.out = &out};
	return 0;
}

static int end(void **state)
{
	(void)state;
	kith_buf_free(&out);
	return 0;
}

/* What was packed since the last call is this, in strict form if it is a whole object. */
static void packed(struct kith_span want, bool whole)
{
	assert_int_equal(p.err, KITH_OK);
	assert_int_equal(out.n, want.n);
	assert_memory_equal(out.p, want.p, want.n);
	if (whole)
		assert_int_equal(kith_scan(kith_buf_span(&out), 1 << 20), KITH_OK);
	kith_buf_clear(&out);
}

#define PACKED(text) packed(LITERAL(text), true)
#define HEAD(text)   packed(LITERAL(text), false)

static void numbers_take_the_shortest_form(void **state)
{
	(void)state;
	kith_pack_uint(&p, 0);
	PACKED("\x00");
	kith_pack_uint(&p, 0x7f);
	PACKED("\x7f");
	kith_pack_uint(&p, 0x80);
	PACKED("\xcc\x80");
	kith_pack_uint(&p, 0xff);
	PACKED("\xcc\xff");
	kith_pack_uint(&p, 0x100);
	PACKED("\xcd\x01\x00");
	kith_pack_uint(&p, 0xffff);
	PACKED("\xcd\xff\xff");
	kith_pack_uint(&p, 0x10000);
	PACKED("\xce\x00\x01\x00\x00");
	kith_pack_uint(&p, UINT32_MAX);
	PACKED("\xce\xff\xff\xff\xff");
	kith_pack_uint(&p, UINT64_C(1) << 32);
	PACKED("\xcf\x00\x00\x00\x01\x00\x00\x00\x00");
	kith_pack_uint(&p, UINT64_MAX);
	PACKED("\xcf\xff\xff\xff\xff\xff\xff\xff\xff");
	kith_pack_bool(&p, false);
	PACKED("\xc2");
	kith_pack_bool(&p, true);
	PACKED("\xc3");
}

static void heads_take_the_shortest_form(void **state)
{
	(void)state;
	kith_pack_map(&p, 0);
	PACKED("\x80");
	kith_pack_map(&p, 15);
	HEAD("\x8f");
	kith_pack_map(&p, 16);
	HEAD("\xde\x00\x10");
	kith_pack_array(&p, 0);
	PACKED("\x90");
	kith_pack_array(&p, 15);
	HEAD("\x9f");
	kith_pack_array(&p, 16);
	HEAD("\xdc\x00\x10");
}

/* The head of n bytes of text or bin, with the bytes behind it. */
static void with_head(bool bin, size_t n, struct kith_span head)
{
	static uint8_t bytes[0x10000];
	uint8_t want[8 + sizeof bytes];

	memset(bytes, 'a', sizeof bytes);
	if (bin)
		kith_pack_bin(&p, kith_span(bytes, n));
	else
		kith_pack_str(&p, kith_span(bytes, n));
	memcpy(want, head.p, head.n);
	memcpy(want + head.n, bytes, n);
	packed(kith_span(want, head.n + n), true);
}

static void texts_and_bins_take_the_shortest_form(void **state)
{
	(void)state;
	with_head(false, 0, LITERAL("\xa0"));
	with_head(false, 31, LITERAL("\xbf"));
	with_head(false, 32, LITERAL("\xd9\x20"));
	with_head(false, 255, LITERAL("\xd9\xff"));
	with_head(false, 256, LITERAL("\xda\x01\x00"));
	with_head(false, 0x10000, LITERAL("\xdb\x00\x01\x00\x00"));
	with_head(true, 0, LITERAL("\xc4\x00"));
	with_head(true, 255, LITERAL("\xc4\xff"));
	with_head(true, 256, LITERAL("\xc5\x01\x00"));
	with_head(true, 0xffff, LITERAL("\xc5\xff\xff"));
	with_head(true, 0x10000, LITERAL("\xc6\x00\x01\x00\x00"));
	kith_pack_str(&p, kith_span(NULL, 0));
	PACKED("\xa0");
	kith_pack_bin(&p, kith_span(NULL, 0));
	PACKED("\xc4\x00");
}

static void packing_appends(void **state)
{
	(void)state;
	kith_pack_map(&p, 1);
	kith_pack_uint(&p, 1);
	kith_pack_array(&p, 2);
	kith_pack_str(&p, LITERAL("a"));
	kith_pack_bool(&p, true);
	PACKED("\x81\x01\x92\xa1"
	       "a\xc3");
}

static void *one_small_piece(void *ctx, size_t n)
{
	int *left = ctx;

	return (*left)-- > 0 ? calloc(1, n) : NULL;
}

static void give_back(void *ctx, void *memory, size_t n)
{
	(void)ctx;
	(void)n;
	free(memory);
}

static void the_first_error_sticks(void **state)
{
	static const uint8_t big[500];
	int left = 1;
	struct kith_env env = {.ctx = &left, .alloc = one_small_piece, .release = give_back};

	(void)state;
	kith_buf_init(&out, &env);
	kith_pack_bin(&p, kith_span(big, sizeof big)); /* its head still fits */
	assert_int_equal(p.err, KITH_ERR_NOMEM);
	size_t n = out.n;
	left = 10;
	kith_pack_uint(&p, 1);
	kith_pack_str(&p, LITERAL("x"));
	kith_pack_map(&p, 0);
	assert_int_equal(p.err, KITH_ERR_NOMEM);
	assert_int_equal(out.n, n);
	kith_buf_free(&out);
	out.env = NULL; /* which ends here */
}

#define PACKING(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		PACKING(numbers_take_the_shortest_form),
		PACKING(heads_take_the_shortest_form),
		PACKING(texts_and_bins_take_the_shortest_form),
		PACKING(packing_appends),
		PACKING(the_first_error_sticks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
