/* SPDX-License-Identifier: MIT
 *
 * Files of up to a gigabyte that nobody stored: the reader gets to their end, keeps what it can and takes
 * no more memory than a few vCards of the largest size.  case 32
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "base/limits.h"
#include "vcard/reader.h"

#define GIGABYTE   (UINT64_C(1) << 30)
#define MEMORY_MAX (4 * (size_t)KITH_VCARD_MAX) /* bytes more than before the first file */

#if defined(__SANITIZE_ADDRESS__)
#define SHADOW true
#elif defined(__has_feature)
#define SHADOW __has_feature(address_sanitizer)
#else
#define SHADOW false
#endif

/* A head, a pattern over and over up to a size, a tail. */
struct endless {
	const char *head, *pattern, *tail;
	uint64_t size, at;
};

/* Up to n bytes of the pattern, tiled: copying is quicker than counting. */
static size_t pour_pattern(struct endless *e, uint8_t *p, size_t n)
{
	size_t size = strlen(e->pattern), head = strlen(e->head);
	uint64_t left = e->size - e->at;
	size_t phase = (e->at - head) % size;

	n = n < left ? n : (size_t)left;
	for (size_t i = 0; i < n && i < size; i++)
		p[i] = (uint8_t)e->pattern[(phase + i) % size];
	for (size_t have = size; have < n; have *= 2)
		memcpy(p + have, p, have < n - have ? have : n - have);
	return n;
}

static ptrdiff_t pour(void *ctx, void *p, size_t n)
{
	struct endless *e = ctx;
	size_t head = strlen(e->head), tail = strlen(e->tail), i = 0;
	uint8_t *out = p;

	for (; i < n && e->at < head; e->at++)
		out[i++] = (uint8_t)e->head[e->at];
	if (i < n && e->at < e->size) {
		size_t many = pour_pattern(e, out + i, n - i);
		i += many;
		e->at += many;
	}
	for (; i < n && e->at >= e->size && e->at < e->size + tail; e->at++)
		out[i++] = (uint8_t)e->tail[e->at - e->size];
	return (ptrdiff_t)i;
}

static long peak_kib(void)
{
	struct rusage u;

	assert_int_equal(getrusage(RUSAGE_SELF, &u), 0);
	return u.ru_maxrss;
}

/* What came of a file. */
struct result {
	uint64_t cards, over, remarks;
	char first[256]; /* remark */
};

static void remember(void *ctx, uint64_t line, const char *sentence)
{
	struct result *r = ctx;

	(void)line;
	if (r->remarks++ == 0)
		(void)snprintf(r->first, sizeof r->first, "%s", sentence);
}

static struct result drink(struct endless e)
{
	struct result result = {0};
	struct kith_vcard_reader *r;
	struct kith_vcard *v;
	uint64_t line;
	enum kith_err err;
	long before = peak_kib();

	/* the pattern ends whole */
	e.size -= (e.size - strlen(e.head)) % strlen(e.pattern);
	assert_int_equal(kith_vcard_reader_open(pour, &e, remember, &result, &r), KITH_OK);
	while (!(err = kith_vcard_next(r, &v, &line)) || err == KITH_ERR_LIMIT) {
		result.cards += !err;
		result.over += err == KITH_ERR_LIMIT;
	}
	assert_int_equal(err, KITH_ERR_MISSING);
	assert_int_equal(kith_vcard_reader_bytes(r), e.size + strlen(e.tail));
	assert_true(result.remarks <= KITH_VCARD_REMARKS_MAX);
	kith_vcard_reader_free(r);
	printf("%ld KiB more\n", peak_kib() - before);
	assert_true(SHADOW || (size_t)(peak_kib() - before) * 1024 <= MEMORY_MAX);
	return result;
}

#define NEXT "\nEND:VCARD\nBEGIN:VCARD\nFN:next\nEND:VCARD\n"

static void test_many_vcards(void **state)
{
	static const char card[] =
		"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ada Lovelace\r\nNOTE:The quick brown fox jumps "
		"over the lazy dog and goes on until the\r\n  line is folded\r\nEND:VCARD\r\n";
	struct result r = drink((struct endless){"", card, "", GIGABYTE / 16, 0});

	(void)state;
	assert_int_equal(r.cards, (GIGABYTE / 16) / strlen(card));
	assert_int_equal(r.remarks, 0);
}

/* That the first one is left out for that limit, and the one behind it is read. */
static void is_over(struct endless e, const char *name)
{
	struct result r = drink(e);
	char wanted[128];

	(void)snprintf(wanted, sizeof wanted,
		"the vCard that begins here was left out: it is over %s", name);
	assert_int_equal(strncmp(r.first, wanted, strlen(wanted)), 0);
	assert_int_equal(r.over, 1);
	assert_int_equal(r.cards, 1);
}

static void test_one_line(void **state)
{
	(void)state;
	is_over((struct endless){"BEGIN:VCARD\nNOTE:", "x", NEXT, GIGABYTE, 0}, "VCARD_MAX");
	is_over((struct endless){"BEGIN:VCARD\nNOTE:", "\n xxxxxxxx", NEXT, GIGABYTE / 16, 0},
		"VCARD_MAX");
	is_over((struct endless){"BEGIN:VCARD\nPHOTO;ENCODING=b:", "AAAAAAAA\n", NEXT,
			GIGABYTE / 16, 0},
		"VCARD_MAX");
	is_over((struct endless){"BEGIN:VCARD\nNOTE;QUOTED-PRINTABLE:", "=\n", NEXT, GIGABYTE / 32,
			0},
		"VCARD_MAX");
	is_over((struct endless){"BEGIN:VCARD\nTEL", ";A=1", NEXT, GIGABYTE / 32, 0}, "VCARD_MAX");
}

static void test_many_lines(void **state)
{
	(void)state;
	is_over((struct endless){"BEGIN:VCARD\n", "N:x\n", NEXT, GIGABYTE / 32, 0}, "VCARD_MAX");
	is_over((struct endless){"BEGIN:VCARD\n", "\r", NEXT, GIGABYTE / 32, 0}, "VCARD_MAX");
	is_over((struct endless){"BEGIN:VCARD\nX", "\n", NEXT, GIGABYTE / 32, 0}, "VCARD_MAX");
}

static void test_agents_in_agents(void **state)
{
	struct result r = drink(
		(struct endless){"BEGIN:VCARD\n", "AGENT:\nBEGIN:VCARD\n", "", GIGABYTE / 32, 0});

	(void)state;
	assert_int_equal(r.over, 1);
	assert_int_equal(r.cards, 0);
	r = drink((struct endless){"", "BEGIN:VCARD\n", "END:VCARD\n", GIGABYTE / 64, 0});
	assert_true(r.cards > 1000000);
	assert_int_equal(r.over, 0);
}

static void test_no_vcard_at_all(void **state)
{
	struct result r = drink((struct endless){"", "x", "", GIGABYTE, 0});

	(void)state;
	assert_int_equal(r.cards, 0);
	assert_int_equal(r.remarks, 1);
	r = drink((struct endless){"", "\r", "\nBEGIN:VCARD\nEND:VCARD\n", GIGABYTE / 32, 0});
	assert_int_equal(r.cards, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_many_vcards),
		cmocka_unit_test(test_one_line),
		cmocka_unit_test(test_many_lines),
		cmocka_unit_test(test_agents_in_agents),
		cmocka_unit_test(test_no_vcard_at_all),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
