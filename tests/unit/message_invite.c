/* SPDX-License-Identifier: MIT */
#include "base_scratch.h"

#include "codec/pack.h"
#include "message/invite.h"

static struct kith_invite some(size_t addresses)
{
	struct kith_invite v = {.port = 4711, .n = addresses};

	memset(v.key, 'S', sizeof v.key);
	memset(v.ik, 'i', sizeof v.ik);
	for (size_t i = 0; i < addresses && i < KITH_INVITE_ADDRESSES_MAX; i++) {
		v.at[i].v6 = i % 2;
		memset(v.at[i].bytes, (int)(10 + i), i % 2 ? 16 : 4);
	}
	return v;
}

static void what_is_written_is_read(void **state)
{
	(void)state;
	for (size_t n = 1; n <= KITH_INVITE_ADDRESSES_MAX; n++) {
		struct kith_invite v = some(n), got;
		struct kith_buf bytes = {0};
		assert_int_equal(kith_invite_write(&v, &bytes), KITH_OK);
		assert_int_equal(kith_invite_read(kith_buf_span(&bytes), &got), KITH_OK);
		assert_int_equal(got.n, n);
		assert_int_equal(got.port, 4711);
		assert_memory_equal(got.key, v.key, 32);
		assert_memory_equal(got.ik, v.ik, 32);
		assert_memory_equal(got.at, v.at, sizeof v.at);
		for (size_t cut = 0; cut < bytes.n; cut++)
			assert_int_not_equal(
				kith_invite_read(kith_span(bytes.p, cut), &got), KITH_OK);
		kith_buf_free(&bytes);
	}
}

static void limits(void **state)
{
	struct kith_invite v = some(0);
	struct kith_buf bytes = {0};

	(void)state;
	assert_int_equal(kith_invite_write(&v, &bytes), KITH_ERR_SHAPE); /* nowhere to go */
	v = some(KITH_INVITE_ADDRESSES_MAX);
	v.n++;
	assert_int_equal(kith_invite_write(&v, &bytes), KITH_ERR_LIMIT);
	v = some(1);
	v.port = KITH_PORT_MIN - 1;
	assert_int_equal(kith_invite_write(&v, &bytes), KITH_ERR_TYPE);
	v.port = KITH_PORT_MIN;
	assert_int_equal(kith_invite_write(&v, &bytes), KITH_OK);
	kith_buf_free(&bytes);
}

/* Reads a list of addresses. */
static enum kith_err list(const char *bytes, size_t n)
{
	struct kith_invite got;

	return kith_invite_addresses_read(kith_span(bytes, n), &got);
}

#define LIST(bytes) list(bytes, sizeof(bytes) - 1)
#define TEN         "\0\0\0\0\0\0\0\0\0\0"

static void addresses(void **state)
{
	uint8_t many[(KITH_INVITE_ADDRESSES_MAX + 1) * 5];

	(void)state;
	assert_int_equal(LIST(""), KITH_OK);
	assert_int_equal(LIST("\x04\x0a\x63\x00\x01"), KITH_OK);
	assert_int_equal(LIST("\x04\x7f\x00\x00\x01"), KITH_OK); /* a swap on the loopback alone */
	assert_int_equal(LIST("\x06\xfe\x80" TEN "\0\0\0\x01"), KITH_OK);
	assert_int_equal(LIST("\x04\x0a\x63\x00"), KITH_ERR_SHAPE);
	assert_int_equal(LIST("\x06\xfe\x80" TEN "\0\0\0"), KITH_ERR_SHAPE);
	assert_int_equal(LIST("\x05\x0a\x63\x00\x01"), KITH_ERR_SHAPE);
	assert_int_equal(LIST("\x04\x00\x00\x00\x01"), KITH_ERR_VALUE);
	assert_int_equal(LIST("\x04\xdf\xff\xff\xff"), KITH_OK);
	assert_int_equal(LIST("\x04\xe0\x00\x00\xfb"), KITH_ERR_VALUE); /* multicast */
	assert_int_equal(LIST("\x04\xff\xff\xff\xff"), KITH_ERR_VALUE);
	assert_int_equal(LIST("\x06\xff\x02" TEN "\0\0\0\xfb"), KITH_ERR_VALUE);
	assert_int_equal(LIST("\x06" TEN "\0\0\0\0\0\0"), KITH_ERR_VALUE);
	assert_int_equal(LIST("\x06" TEN "\xff\xff\x0a\x63\x00\x01"), KITH_ERR_VALUE);
	for (size_t i = 0; i < sizeof many; i++)
		many[i] = i % 5 ? (uint8_t)(i / 5 + 1) : 4;
	assert_int_equal(list((char *)many, sizeof many - 5), KITH_OK);
	assert_int_equal(list((char *)many, sizeof many), KITH_ERR_LIMIT);
}

static void too_long(void **state)
{
	static uint8_t bytes[KITH_INVITE_MAX + 1];
	struct kith_invite got;

	(void)state;
	assert_int_equal(kith_invite_read(kith_span(bytes, sizeof bytes), &got), KITH_ERR_LIMIT);
	assert_int_not_equal(
		kith_invite_read(kith_span(bytes, sizeof bytes - 1), &got), KITH_ERR_LIMIT);
}

/* Of mine it is known whether I am on the loopback alone. */
static void the_loopback_is_for_those_on_it(void **state)
{
	static const struct kith_invite_address one = {.v6 = true, .bytes = {[15] = 1}};
	struct kith_invite v = some(6), mine = some(2), none = {.n = 0};

	(void)state;
	memcpy(v.at[0].bytes, "\x7f\0\0\1", 4);
	v.at[3] = one;
	memcpy(v.at[4].bytes, "\x7f\xff\xff\xfe", 4);
	for (int i = 0; i < 2; i++) {
		struct kith_invite got = v;
		kith_invite_prune(&got, i ? &mine : &none);
		assert_int_equal(got.n, 3);
		assert_memory_equal(&got.at[0], &v.at[1], sizeof v.at[0]);
		assert_memory_equal(&got.at[1], &v.at[2], sizeof v.at[0]);
		assert_memory_equal(&got.at[2], &v.at[5], sizeof v.at[0]);
	}
	mine.at[1] = one;
	struct kith_invite got = v;
	kith_invite_prune(&got, &mine);
	assert_memory_equal(&got, &v, sizeof v);
	v.n = 1; /* and nothing is left */
	kith_invite_prune(&v, &none);
	assert_int_equal(v.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read),
		cmocka_unit_test(limits),
		cmocka_unit_test(addresses),
		cmocka_unit_test(too_long),
		cmocka_unit_test(the_loopback_is_for_those_on_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
