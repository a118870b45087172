/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/nameser.h>
#include <stdlib.h>

#include "base/auto.h"
#include "courier/records.h"
#include "courier_nets.h"

#define INSTANCE "k-abcdefghij234567"
#define HOST     "kith-zyxwvutsrq765432"

/* --- building packets --- */

static void u16(struct kith_buf *b, unsigned v)
{
	uint8_t bytes[2] = {(uint8_t)(v >> 8), (uint8_t)v};

	assert_int_equal(kith_buf_add(b, bytes, 2), KITH_OK);
}

static void begin(struct kith_buf *b, unsigned id, unsigned flags)
{
	kith_buf_clear(b);
	u16(b, id);
	u16(b, flags);
	for (int i = 0; i < 4; i++)
		u16(b, 0);
}

static void record(
	struct kith_buf *b, const char *name, uint16_t type, uint32_t ttl, struct kith_span rdata)
{
	assert_int_equal(kith_dns_name_write(name, b), KITH_OK);
	u16(b, type);
	u16(b, type == ns_t_ptr ? 1 : 0x8001);
	u16(b, ttl >> 16);
	u16(b, ttl & 0xffff);
	u16(b, (unsigned)rdata.n);
	assert_int_equal(kith_buf_add(b, rdata.p, rdata.n), KITH_OK);
	b->p[7]++; /* answers */
}

/* Everything of one announcement, as a responder answers. */
static void all_records(struct kith_buf *b, const char *instance, const char *host, uint16_t port)
{
	static struct kith_records all;
	struct kith_announcement a = {.port = port, .txt = {.key = {7}, .label = "Ada"}};
	struct kith_nets nets = {.n = 1, .at = {{ETH, false, "eth0"}}};

	sample_address(&nets, ETH, "192.0.2.7", 24);
	sample_address(&nets, ETH, "fe80::7", 64);
	(void)strcpy(a.instance, instance);
	(void)strcpy(a.host, host);
	assert_int_equal(kith_records_make(&a, -1, &nets, &all), KITH_OK);
	for (size_t i = all.n; i-- > 0;) /* addresses first: the order must not matter */
		record(b, all.at[i].name, all.at[i].type, 10, kith_record_rdata(&all, &all.at[i]));
	kith_records_free(&all);
}

/* --- tests --- */

static void labels_are_taken_from_names(void **state)
{
	char label[KITH_LABEL_BYTES];

	(void)state;
	assert_true(kith_dns_label("K-Abc9._KITH._tcp.Local", "." KITH_SERVICE, label));
	assert_string_equal(label, "k-abc9");
	assert_false(kith_dns_label("a.b._kith._tcp.local", "." KITH_SERVICE, label));
	assert_false(kith_dns_label("a\\.b._kith._tcp.local", "." KITH_SERVICE, label));
	assert_false(kith_dns_label("._kith._tcp.local", "." KITH_SERVICE, label));
	assert_false(kith_dns_label("_kith._tcp.local", "." KITH_SERVICE, label));
	assert_false(kith_dns_label("a b._kith._tcp.local", "." KITH_SERVICE, label));
	assert_false(kith_dns_label("a._kith._tcp.local.evil", "." KITH_SERVICE, label));
	assert_false(kith_dns_label("a.example.org", ".local", label));
	assert_false(kith_dns_label("", ".local", label));
	char longest[80];
	memset(longest, 'a', 64);
	(void)strcpy(longest + 63, ".local");
	assert_true(kith_dns_label(longest, ".local", label));
	(void)strcpy(longest + 63, "a.local");
	assert_false(kith_dns_label(longest, ".local", label));
}

static void a_query_asks_for_the_service(void **state)
{
	static const uint8_t want[] =
		"\x12\x34\0\0\0\1\0\0\0\0\0\0\5_kith\4_tcp\5local\0\0\x0c\0\1";
	KITH_AUTO_BUF struct kith_buf query = {0};

	(void)state;
	assert_int_equal(kith_dns_query(0x1234, &query), KITH_OK);
	assert_true(kith_span_eq(kith_buf_span(&query), kith_span(want, sizeof want - 1)));
}

static void a_reply_is_read(void **state)
{
	KITH_AUTO_BUF struct kith_buf b = {0};
	struct kith_reply reply;
	struct kith_txt txt;
	struct kith_ip v4 = ip("192.0.2.7"), v6 = ip("fe80::7");

	(void)state;
	begin(&b, 0x4711, 0x8400);
	all_records(&b, INSTANCE, HOST, 4711);
	all_records(&b, "k-other", "kith-other", 4712);
	assert_int_equal(kith_reply_read(kith_buf_span(&b), &reply), KITH_OK);
	assert_int_equal(reply.id, 0x4711);
	assert_int_equal(reply.n, 2);
	const struct kith_described *d = &reply.at[0];
	assert_string_equal(d->instance, INSTANCE);
	assert_string_equal(d->host, HOST);
	assert_int_equal(d->port, 4711);
	assert_int_equal(d->ips_n, 2);
	assert_true(kith_ip_eq(&d->ips[0], &v6));
	assert_true(kith_ip_eq(&d->ips[1], &v4));
	assert_int_equal(kith_txt_read(d->txt, &txt), KITH_OK);
	assert_string_equal(txt.label, "Ada");
	assert_string_equal(reply.at[1].instance, "k-other");
}

static void compressed_names_are_read(void **state)
{
	/* _kith._tcp.local PTR k-x.<pointer>, SRV with a pointer as host */
	static const uint8_t packet[] =
		"\0\1\x84\0\0\0\0\4\0\0\0\0"
		"\5_kith\4_tcp\5local\0\0\x0c\0\1\0\0\0\x0a\0\6\3k-x\xc0\x0c"
		"\xc0\x28\0\x21\x80\1\0\0\0\x0a\0\x0a\0\0\0\0\x12\x67\1h\xc0\x17"
		"\xc0\x28\0\x10\x80\1\0\0\0\x0a\0\4\3v=1"
		"\xc0\x40\0\x01\x80\1\0\0\0\x0a\0\4\xc0\0\2\7";
	struct kith_reply reply;

	(void)state;
	assert_int_equal(kith_reply_read(kith_span(packet, sizeof packet - 1), &reply), KITH_OK);
	assert_int_equal(reply.n, 1);
	assert_string_equal(reply.at[0].instance, "k-x");
	assert_string_equal(reply.at[0].host, "h");
	assert_int_equal(reply.at[0].port, 0x1267);
}

static void half_an_answer_is_none(void **state)
{
	KITH_AUTO_BUF struct kith_buf b = {0};
	struct kith_reply reply;

	(void)state;
	for (int left_out = 0; left_out < 5; left_out++) {
		begin(&b, 1, 0x8400);
		if (left_out != 0)
			record(&b, KITH_SERVICE, ns_t_ptr, 10,
				kith_span("\1x\5_kith\4_tcp\5local\0", 20));
		if (left_out != 1)
			record(&b, "x." KITH_SERVICE, ns_t_srv, 10,
				kith_span("\0\0\0\0\x12\x67\1h\5local\0", 15));
		if (left_out != 2)
			record(&b, "x." KITH_SERVICE, ns_t_txt, 10, kith_span("\3v=1", 4));
		if (left_out != 3)
			record(&b, "h.local", ns_t_a, 10, kith_span("\xc0\0\2\7", 4));
		assert_int_equal(kith_reply_read(kith_buf_span(&b), &reply), KITH_OK);
		assert_int_equal(reply.n, left_out == 4);
	}
}

static void goodbyes_and_questions_are_no_answer(void **state)
{
	KITH_AUTO_BUF struct kith_buf b = {0};
	struct kith_reply reply;

	(void)state;
	begin(&b, 1, 0x8400);
	record(&b, KITH_SERVICE, ns_t_ptr, 0, kith_span("\1x\5_kith\4_tcp\5local\0", 20));
	record(&b, "x." KITH_SERVICE, ns_t_srv, 10, kith_span("\0\0\0\0\x12\x67\1h\5local\0", 15));
	record(&b, "x." KITH_SERVICE, ns_t_txt, 10, kith_span("\3v=1", 4));
	record(&b, "h.local", ns_t_a, 10, kith_span("\xc0\0\2\7", 4));
	assert_int_equal(kith_reply_read(kith_buf_span(&b), &reply), KITH_OK);
	assert_int_equal(reply.n, 0);
	begin(&b, 1, 0);
	assert_int_equal(kith_reply_read(kith_buf_span(&b), &reply), KITH_ERR_SHAPE);
	begin(&b, 1, 0x8403);
	assert_int_equal(kith_reply_read(kith_buf_span(&b), &reply), KITH_ERR_SHAPE);
	assert_int_equal(kith_reply_read(kith_span("", 0), &reply), KITH_ERR_SHAPE);
}

static void the_limits_hold(void **state)
{
	KITH_AUTO_BUF struct kith_buf b = {0};
	struct kith_reply reply;
	uint8_t *rest;

	(void)state;
	begin(&b, 1, 0x8400);
	for (char c = 'a'; c < 'a' + KITH_REPLY_INSTANCES + 3; c++)
		all_records(&b, (char[]){c, 0}, (char[]){c, 'h', 0}, 4711);
	for (int i = 0; i < 20; i++)
		record(&b, "ah.local", ns_t_a, 10, kith_span((uint8_t[]){10, 0, 0, (uint8_t)i}, 4));
	assert_int_equal(kith_reply_read(kith_buf_span(&b), &reply), KITH_OK);
	assert_int_equal(reply.n, KITH_REPLY_INSTANCES);
	assert_int_equal(reply.at[0].ips_n, KITH_ADDRESSES_MAX * 2);
	/* one record that fills the packet to the brim, and one byte more */
	for (size_t over = 0; over < 2; over++) {
		begin(&b, 1, 0x8400);
		all_records(&b, INSTANCE, HOST, 4711);
		size_t n = KITH_REPLY_MAX + over - b.n - 1 - 10;
		KITH_AUTO_FREE uint8_t *fill = calloc(1, n);
		assert_int_equal(kith_buf_more(&b, 1, &rest), KITH_OK);
		*rest = 0; /* the root */
		u16(&b, 99);
		u16(&b, 1);
		u16(&b, 0);
		u16(&b, 10);
		u16(&b, (unsigned)n);
		assert_int_equal(kith_buf_add(&b, fill, n), KITH_OK);
		b.p[7]++;
		assert_int_equal(kith_reply_read(kith_buf_span(&b), &reply),
			over ? KITH_ERR_LIMIT : KITH_OK);
		if (!over)
			assert_int_equal(reply.n, 1);
	}
}

/* Copied to memory of exactly its size, so that a sanitizer sees a read past the end. */
static void read_exactly(const uint8_t *p, size_t n)
{
	KITH_AUTO_FREE uint8_t *copy = malloc(n ? n : 1);
	struct kith_reply reply;
	struct kith_txt txt;

	memcpy(copy, p, n);
	if (kith_reply_read(kith_span(copy, n), &reply))
		return;
	assert_true(reply.n <= KITH_REPLY_INSTANCES);
	for (size_t i = 0; i < reply.n; i++) {
		assert_true(reply.at[i].ips_n >= 1);
		assert_true(reply.at[i].ips_n <= KITH_ADDRESSES_MAX * 2);
		assert_true(reply.at[i].txt.p >= copy);
		assert_true(reply.at[i].txt.p + reply.at[i].txt.n <= copy + n);
		if (!kith_txt_read(reply.at[i].txt, &txt))
			assert_true(strlen(txt.label) <= KITH_TXT_LABEL_MAX);
	}
}

static void hostile_packets_do_no_harm(void **state)
{
	static const uint8_t loops[] = "\0\1\x84\0\0\0\0\2\0\0\0\0"
				       "\xc0\x0c\0\x0c\0\1\0\0\0\x0a\0\2\xc0\x0c"
				       "\5_kith\4_tcp\5local\0\0\x0c\0\1\0\0\0\x0a\0\2\xc0\x2b";
	KITH_AUTO_BUF struct kith_buf b = {0};
	uint32_t seed = 1;

	(void)state;
	read_exactly(loops, sizeof loops - 1);
	begin(&b, 1, 0x8400);
	all_records(&b, INSTANCE, HOST, 4711);
	for (size_t n = 0; n <= b.n; n++)
		read_exactly(b.p, n);
	for (int round = 0; round < 200000; round++) { /* a few bytes turned, the same each run */
		KITH_AUTO_BUF struct kith_buf c = {0};
		assert_int_equal(kith_buf_add(&c, b.p, b.n), KITH_OK);
		for (int i = 0; i < 1 + round % 4; i++) {
			seed = seed * 1664525 + 1013904223;
			c.p[(seed >> 8) % c.n] = (uint8_t)((seed >> 24) ^ (round & 1 ? 0xc0 : 0));
		}
		read_exactly(c.p, c.n);
	}
}

static void srv_records_are_read_to_their_end(void **state)
{
	static const uint8_t srv[] = "\0\0\0\0\x12\x67\1h\5local";
	char host[KITH_LABEL_BYTES];
	uint16_t port;

	(void)state;
	assert_true(kith_dns_srv(kith_span(srv, sizeof srv), &port, host));
	assert_int_equal(port, 0x1267);
	assert_string_equal(host, "h");
	for (size_t n = 0; n < sizeof srv; n++)
		assert_false(kith_dns_srv(kith_span(srv, n), &port, host));
	assert_false(kith_dns_srv(kith_span("\0\0\0\0\1\1\xc0\6", 8), &port, host));
	assert_false(kith_dns_srv(kith_span("\0\0\0\0\1\1\1h\3org\0", 13), &port, host));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(labels_are_taken_from_names),
		cmocka_unit_test(a_query_asks_for_the_service),
		cmocka_unit_test(a_reply_is_read),
		cmocka_unit_test(compressed_names_are_read),
		cmocka_unit_test(half_an_answer_is_none),
		cmocka_unit_test(goodbyes_and_questions_are_no_answer),
		cmocka_unit_test(the_limits_hold),
		cmocka_unit_test(hostile_packets_do_no_harm),
		cmocka_unit_test(srv_records_are_read_to_their_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
