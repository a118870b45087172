/* SPDX-License-Identifier: MIT
 *
 * What a listener takes before REQUEST: HELLO_I with its tags, TAGS in their order.
 */
#include "base_scratch.h"

#include "base/limits.h"
#include "message/message.h"
#include "session/session.h"

static const uint8_t s_key[32] = {0x51}, c_key[32] = {0xc1};
static const uint8_t bytes[(KITH_TAGS_MAX + 2) * KITH_TAG_BYTES];

static struct kith_identity *id;
static struct kith_self self;
static struct kith_session *s;
static struct kith_buf last; /* the message that left last */
static size_t sent;

static void keep(void *ctx, struct kith_span message)
{
	(void)ctx;
	kith_buf_clear(&last);
	assert_int_equal(kith_buf_add(&last, message.p, message.n), KITH_OK);
	sent++;
}

static int begin_as(enum kith_role role)
{
	static const uint8_t seed[32] = {3};
	const struct kith_session_host host = {.send = keep};

	sent = 0;
	if (kith_identity_from_seed(seed, &id))
		return -1;
	self = (struct kith_self){.id = id};
	return kith_session_new(kith_env_default(), &self, &host, role, s_key, c_key,
		       kith_span_str("lo"), &s)
		       ? -1
		       : 0;
}

static int begin(void **state)
{
	(void)state;
	return begin_as(KITH_ROLE_R);
}

static int begin_i(void **state)
{
	(void)state;
	return begin_as(KITH_ROLE_I);
}

static int end(void **state)
{
	(void)state;
	kith_session_free(s);
	kith_identity_free(id);
	kith_buf_free(&last);
	return 0;
}

static enum kith_err take(const struct kith_schema *schema, const void *msg)
{
	struct kith_buf b = {0};

	assert_int_equal(kith_pack(schema, msg, &b), KITH_OK);
	enum kith_err err = kith_session_take(s, kith_buf_span(&b));
	kith_buf_free(&b);
	return err;
}

static enum kith_err hello(size_t tags, uint64_t more)
{
	const struct kith_session_hello_i m = {.version = 1,
		.nonce = kith_span(bytes, 32),
		.tags = kith_span(bytes, tags * KITH_TAG_BYTES),
		.more = more};

	return take(&kith_session_hello_i_schema, &m);
}

static enum kith_err tags(uint64_t index)
{
	const struct kith_session_tags m = {
		.index = index, .tags = kith_span(bytes, KITH_TAGS_MAX * KITH_TAG_BYTES)};

	return take(&kith_session_tags_schema, &m);
}

/* HELLO_R left, and nothing else. */
static void answered(void)
{
	uint64_t type = 0;

	assert_int_equal(sent, 1);
	assert_int_equal(kith_message_type(kith_buf_span(&last), &type), KITH_OK);
	assert_int_equal(type, KITH_TYPE_HELLO_R);
	assert_int_equal(kith_session_step(s), KITH_STEP_GREETED);
}

/* ABORT with that reason left, and the session has ended. */
static void aborted(enum kith_abort_reason reason)
{
	struct kith_session_abort m = {0};
	uint64_t type = 0;

	assert_int_equal(kith_message_type(kith_buf_span(&last), &type), KITH_OK);
	assert_int_equal(type, KITH_TYPE_ABORT);
	assert_int_equal(
		kith_unpack(&kith_session_abort_schema, kith_buf_span(&last), &m), KITH_OK);
	assert_int_equal(m.reason, reason);
	assert_int_equal(kith_session_step(s), KITH_STEP_ENDED);
}

static void a_hello_has_one_of_three_sizes(void **state)
{
	const size_t good[] = {KITH_TAGS_MIN, 256, KITH_TAGS_MAX};
	const size_t bad[] = {65, 128, 255, 257, KITH_TAGS_MAX - 1};

	for (size_t i = 0; i < COUNT(good); i++) {
		assert_int_equal(hello(good[i], 0), KITH_OK);
		answered();
		assert_int_equal(end(state) || begin(state), 0);
	}
	for (size_t i = 0; i < COUNT(bad); i++) {
		assert_int_equal(hello(bad[i], 0), KITH_ERR_SHAPE);
		aborted(KITH_ABORT_PROTOCOL);
		assert_int_equal(end(state) || begin(state), 0);
	}
}

/* 4096 and 16,384 in all are the other two: any other number would be a mark of whoever made the list. */
static void more_tags_come_in_two_sizes(void **state)
{
	const size_t sizes[] = {KITH_TAGS_MIN, 256, KITH_TAGS_MAX};

	for (size_t i = 0; i < COUNT(sizes); i++)
		for (uint64_t more = 1; more <= KITH_TAGS_MESSAGES_MAX; more++) {
			bool good = sizes[i] == KITH_TAGS_MAX &&
				    (more == 3 || more == KITH_TAGS_MESSAGES_MAX);
			assert_int_equal(hello(sizes[i], more), good ? KITH_OK : KITH_ERR_SHAPE);
			if (!good)
				aborted(KITH_ABORT_PROTOCOL);
			assert_int_equal(end(state) || begin(state), 0);
		}
}

static void as_many_tags_follow_as_were_said(void **state)
{
	(void)state;
	assert_int_equal(hello(KITH_TAGS_MAX, KITH_TAGS_MESSAGES_MAX), KITH_OK);
	for (uint64_t i = 1; i <= KITH_TAGS_MESSAGES_MAX; i++) {
		assert_int_equal(sent, 0);
		assert_int_equal(tags(i), KITH_OK);
	}
	answered();
	assert_int_equal(tags(KITH_TAGS_MESSAGES_MAX), KITH_ERR_STATE);
	aborted(KITH_ABORT_STATE);
}

static void tags_come_in_their_order(void **state)
{
	const uint64_t wrong[][2] = {{2, 0}, {1, 1}, {1, 3}};

	for (size_t i = 0; i < COUNT(wrong); i++) {
		assert_int_equal(hello(KITH_TAGS_MAX, 3), KITH_OK);
		if (wrong[i][1])
			assert_int_equal(tags(wrong[i][0]), KITH_OK);
		assert_int_equal(tags(wrong[i][wrong[i][1] ? 1 : 0]), KITH_ERR_STATE);
		aborted(KITH_ABORT_STATE);
		assert_int_equal(end(state) || begin(state), 0);
	}
}

static void nothing_but_tags_comes_between(void **state)
{
	assert_int_equal(tags(1), KITH_ERR_STATE); /* none were announced */
	assert_int_equal(end(state) || begin(state), 0);
	assert_int_equal(hello(KITH_TAGS_MAX, 3), KITH_OK);
	assert_int_equal(hello(KITH_TAGS_MIN, 0), KITH_ERR_STATE);
	assert_int_equal(end(state) || begin(state), 0);
	assert_int_equal(hello(KITH_TAGS_MIN, 0), KITH_OK);
	assert_int_equal(hello(KITH_TAGS_MIN, 0), KITH_ERR_STATE); /* only one HELLO */
	aborted(KITH_ABORT_STATE);
}

/* A longer name of mine is cut where a character ends. */
static void my_name_fits_the_request(void **state)
{
	struct kith_session_request m;
	char name[KITH_LABEL_MAX + 3];
	const struct kith_session_hello_r hello_r = {
		.version = 1, .nonce = kith_span(bytes, 32), .tag = kith_span(bytes, 16)};

	for (size_t n = KITH_LABEL_MAX - 1; n <= KITH_LABEL_MAX + 1; n++) {
		memset(name, 'n', sizeof name);
		memcpy(name + n - 1, "\xc3\xa9", 2); /* its last character has two bytes */
		self.label = kith_span(name, n + 1);
		assert_int_equal(kith_session_greet(s), KITH_OK);
		assert_int_equal(take(&kith_session_hello_r_schema, &hello_r), KITH_OK);
		assert_int_equal(kith_session_ask(s), KITH_OK);
		assert_int_equal(
			kith_unpack(&kith_session_request_schema, kith_buf_span(&last), &m),
			KITH_OK);
		assert_int_equal(m.label.n, n < KITH_LABEL_MAX ? n + 1 : n - 1);
		assert_int_equal(end(state) || begin_i(state), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_hello_has_one_of_three_sizes, begin, end),
		cmocka_unit_test_setup_teardown(more_tags_come_in_two_sizes, begin, end),
		cmocka_unit_test_setup_teardown(as_many_tags_follow_as_were_said, begin, end),
		cmocka_unit_test_setup_teardown(tags_come_in_their_order, begin, end),
		cmocka_unit_test_setup_teardown(nothing_but_tags_comes_between, begin, end),
		cmocka_unit_test_setup_teardown(my_name_fits_the_request, begin_i, end),
	};

	return kith_crypto_start() ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
