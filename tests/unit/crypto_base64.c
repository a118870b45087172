/* SPDX-License-Identifier: MIT */
#include "base_scratch.h"

#include <kith/identity.h>

#include "crypto/base64.h"

/* RFC 4648 section 10. */
static const struct {
	const char *bytes;
	const char *text;
} rfc[] = {{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foob", "Zm9vYg=="},
	{"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"}};

static void writes_and_reads_the_vectors_of_the_rfc(void **state)
{
	struct kith_buf out = {0};

	(void)state;
	for (size_t i = 0; i < COUNT(rfc); i++) {
		assert_int_equal(kith_base64(&out, kith_span_str(rfc[i].bytes), 0), KITH_OK);
		assert_string_equal(kith_buf_cstr(&out), rfc[i].text);
		kith_buf_clear(&out);
		assert_int_equal(kith_base64_read(&out, kith_span_str(rfc[i].text)), KITH_OK);
		assert_string_equal(kith_buf_cstr(&out), rfc[i].bytes);
		kith_buf_clear(&out);
	}
	kith_buf_free(&out);
}

static void lines_have_that_many_characters(void **state)
{
	struct kith_buf out = {0};

	(void)state;
	assert_int_equal(kith_base64(&out, LITERAL("foobar"), 4), KITH_OK);
	assert_string_equal(kith_buf_cstr(&out), "Zm9v\nYmFy\n");
	kith_buf_clear(&out);
	assert_int_equal(kith_base64(&out, LITERAL("foobar"), 5), KITH_OK);
	assert_string_equal(kith_buf_cstr(&out), "Zm9vY\nmFy\n");
	kith_buf_clear(&out);
	assert_int_equal(kith_base64(&out, LITERAL(""), 64), KITH_OK);
	assert_int_equal(out.n, 0);
	kith_buf_free(&out);
}

static void all_lengths_come_back(void **state)
{
	uint8_t in[300];
	struct kith_buf text = {0}, out = {0};

	(void)state;
	for (size_t i = 0; i < sizeof in; i++)
		in[i] = (uint8_t)(i * 59);
	for (size_t n = 0; n <= sizeof in; n++) {
		assert_int_equal(kith_base64(&text, kith_span(in, n), 64), KITH_OK);
		assert_int_equal(kith_base64_read(&out, kith_buf_span(&text)), KITH_OK);
		assert_int_equal(out.n, n);
		if (n)
			assert_memory_equal(out.p, in, n);
		kith_buf_clear(&text);
		kith_buf_clear(&out);
	}
	kith_buf_free(&text);
	kith_buf_free(&out);
}

static void blanks_and_line_ends_are_skipped(void **state)
{
	struct kith_buf out = {0};

	(void)state;
	assert_int_equal(kith_base64_read(&out, LITERAL(" Zm\r\n9v\tYm\rFy \n")), KITH_OK);
	assert_string_equal(kith_buf_cstr(&out), "foobar");
	kith_buf_free(&out);
}

static void what_is_not_base64_is_refused(void **state)
{
	static const char *const wrong[] = {"Z", "Zg", "Zg=", "Zm9vY", "Zm9v=", "=",
		"Zg==Zg==", "Zm-_", "Zm9\x01", "Zh==", "Zm9=", "Zm9v!", "Zg==x"};
	struct kith_buf out = {0};

	(void)state;
	assert_int_equal(kith_buf_add_str(&out, "kept"), KITH_OK);
	for (size_t i = 0; i < COUNT(wrong); i++) {
		assert_int_equal(kith_base64_read(&out, kith_span_str(wrong[i])), KITH_ERR_SHAPE);
		assert_string_equal(kith_buf_cstr(&out), "kept");
	}
	kith_buf_free(&out);
}

/* --- base64url -------------------------------------------------------------------------------- */

/* RFC 4648 section 10 without the padding, and the two letters that section 5 changes. */
static const struct {
	const char *bytes;
	const char *text;
} url[] = {{"", ""}, {"f", "Zg"}, {"fo", "Zm8"}, {"foo", "Zm9v"}, {"foob", "Zm9vYg"},
	{"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}, {"\xfb\xff", "-_8"},
	{"\xfb\xef\xbe\xff", "----_w"}};

static void url_writes_and_reads_the_vectors_of_the_rfc(void **state)
{
	struct kith_buf out = {0};

	(void)state;
	for (size_t i = 0; i < COUNT(url); i++) {
		assert_int_equal(kith_base64url(&out, kith_span_str(url[i].bytes)), KITH_OK);
		assert_string_equal(kith_buf_cstr(&out), url[i].text);
		kith_buf_clear(&out);
		assert_int_equal(kith_base64url_read(&out, kith_span_str(url[i].text)), KITH_OK);
		assert_string_equal(kith_buf_cstr(&out), url[i].bytes);
		kith_buf_clear(&out);
	}
	kith_buf_free(&out);
}

static void url_appends(void **state)
{
	struct kith_buf out = {0};

	(void)state;
	assert_int_equal(kith_buf_add_str(&out, "KITH:"), KITH_OK);
	assert_int_equal(kith_base64url(&out, LITERAL("foob")), KITH_OK);
	assert_string_equal(kith_buf_cstr(&out), "KITH:Zm9vYg");
	assert_int_equal(kith_base64url_read(&out, LITERAL("Zm9vYg")), KITH_OK);
	assert_string_equal(kith_buf_cstr(&out), "KITH:Zm9vYgfoob");
	kith_buf_free(&out);
}

static void url_takes_nothing_else(void **state)
{
	static const char *const wrong[] = {"Zg==", "Zm8=", "Zm9v=", "=", /* padding */
		"+_8", "-/8", "Zm9v!", "Zm9\x01", "Zm9\xc3\xa9",          /* another alphabet */
		" Zm9v", "Zm9v ", "Zm 9v", "Zm9v\n", "\tZm9v",            /* blanks */
		"Z", "Zm9vY",                                             /* half a byte */
		"Zh", "Zm9"}; /* bits that are no byte */
	struct kith_buf out = {0};

	(void)state;
	assert_int_equal(kith_buf_add_str(&out, "kept"), KITH_OK);
	for (size_t i = 0; i < COUNT(wrong); i++) {
		assert_int_equal(
			kith_base64url_read(&out, kith_span_str(wrong[i])), KITH_ERR_SHAPE);
		assert_string_equal(kith_buf_cstr(&out), "kept");
	}
	assert_int_equal(kith_base64url_read(&out, LITERAL("Zm9v\0Zm9v")), KITH_ERR_SHAPE);
	kith_buf_free(&out);
}

static void url_of_all_lengths_comes_back(void **state)
{
	uint8_t in[300];
	struct kith_buf text = {0}, out = {0};

	(void)state;
	for (size_t i = 0; i < sizeof in; i++)
		in[i] = (uint8_t)(i * 59);
	for (size_t n = 0; n <= sizeof in; n++) {
		assert_int_equal(kith_base64url(&text, kith_span(in, n)), KITH_OK);
		assert_int_equal(text.n, (n * 4 + 2) / 3); /* RFC 4648 section 3.2 */
		assert_int_equal(kith_base64url_read(&out, kith_buf_span(&text)), KITH_OK);
		assert_int_equal(out.n, n);
		if (n)
			assert_memory_equal(out.p, in, n);
		kith_buf_clear(&text);
		kith_buf_clear(&out);
	}
	kith_buf_free(&text);
	kith_buf_free(&out);
}

/* --- memory ----------------------------------------------------------------------------------- */

static void *no_alloc(void *ctx, size_t n)
{
	(void)ctx;
	(void)n;
	return NULL;
}

static void without_memory_nothing_is_added(void **state)
{
	struct kith_env env = *kith_env_default();
	struct kith_buf out;

	(void)state;
	env.alloc = no_alloc;
	kith_buf_init(&out, &env);
	assert_int_equal(kith_base64(&out, LITERAL("foobar"), 0), KITH_ERR_NOMEM);
	assert_int_equal(kith_base64_read(&out, LITERAL("Zm9v")), KITH_ERR_NOMEM);
	assert_int_equal(kith_base64url(&out, LITERAL("foobar")), KITH_ERR_NOMEM);
	assert_int_equal(kith_base64url_read(&out, LITERAL("Zm9v")), KITH_ERR_NOMEM);
	assert_int_equal(out.n, 0);
	kith_buf_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_and_reads_the_vectors_of_the_rfc),
		cmocka_unit_test(lines_have_that_many_characters),
		cmocka_unit_test(all_lengths_come_back),
		cmocka_unit_test(blanks_and_line_ends_are_skipped),
		cmocka_unit_test(what_is_not_base64_is_refused),
		cmocka_unit_test(url_writes_and_reads_the_vectors_of_the_rfc),
		cmocka_unit_test(url_appends),
		cmocka_unit_test(url_takes_nothing_else),
		cmocka_unit_test(url_of_all_lengths_comes_back),
		cmocka_unit_test(without_memory_nothing_is_added),
	};

	return kith_crypto_start() ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
