/* SPDX-License-Identifier: MIT */
#include "base_scratch.h"

/* Memory that ends at the n-th request, and that looks at what is given back. */
struct purse {
	struct kith_env env;
	size_t left;  /* requests that still succeed */
	size_t asked; /* requests so far */
	size_t open;  /* bytes that were not given back yet */
	bool dirty;   /* something was given back with content */
};

static void *take(void *ctx, size_t n)
{
	struct purse *p = ctx;

	p->asked++;
	if (p->left == 0)
		return NULL;
	p->left--;
	p->open += n;
	return calloc(1, n);
}

static void give(void *ctx, void *memory, size_t n)
{
	struct purse *p = ctx;
	const uint8_t *bytes = memory;

	for (size_t i = 0; i < n; i++)
		p->dirty = p->dirty || bytes[i] != 0;
	p->open -= n;
	free(memory);
}

static struct purse purse_of(size_t requests)
{
	return (struct purse){.env = {.alloc = take, .release = give}, .left = requests};
}

static void grows_and_keeps_what_it_holds(void **state)
{
	struct kith_buf b = {0};
	uint8_t want[5000];
	uint8_t *more;

	(void)state;
	for (size_t i = 0; i < sizeof want; i++)
		want[i] = (uint8_t)(i * 7);
	for (size_t i = 0; i < sizeof want; i += 2) {
		assert_int_equal(kith_buf_more(&b, 1, &more), KITH_OK);
		*more = want[i];
		assert_int_equal(kith_buf_add(&b, &want[i + 1], 1), KITH_OK);
	}
	assert_int_equal(b.n, sizeof want);
	assert_memory_equal(b.p, want, sizeof want);
	assert_true(b.cap >= b.n);
	kith_buf_free(&b);
	assert_null(b.p);
	assert_int_equal(b.n, 0);
	kith_buf_free(&b);
	kith_buf_free(NULL);
}

static void an_empty_addition_is_fine(void **state)
{
	struct kith_buf b = {0};
	uint8_t *more = NULL;

	(void)state;
	assert_int_equal(kith_buf_add(&b, NULL, 0), KITH_OK);
	assert_int_equal(kith_buf_more(&b, 0, &more), KITH_OK);
	assert_non_null(more);
	assert_int_equal(kith_buf_add_str(&b, ""), KITH_OK);
	assert_int_equal(b.n, 0);
	assert_string_equal(kith_buf_cstr(&b), "");
	kith_buf_free(&b);
}

static void a_size_that_no_memory_has_is_refused(void **state)
{
	struct kith_buf b = {0};
	uint8_t *more = NULL;

	(void)state;
	assert_int_equal(kith_buf_add_str(&b, "kept"), KITH_OK);
	assert_int_equal(kith_buf_more(&b, SIZE_MAX, &more), KITH_ERR_NOMEM);
	assert_int_equal(kith_buf_more(&b, SIZE_MAX - 3, &more), KITH_ERR_NOMEM);
	assert_int_equal(kith_buf_more(&b, SIZE_MAX - 100, &more), KITH_ERR_NOMEM);
	assert_int_equal(kith_buf_more(&b, SIZE_MAX / 4, &more), KITH_ERR_NOMEM);
	assert_null(more);
	assert_string_equal(kith_buf_cstr(&b), "kept");
	kith_buf_free(&b);
}

static void formats_text_of_every_length_around_its_room(void **state)
{
	char want[300];

	(void)state;
	for (int n = 0; n < (int)sizeof want - 1; n++) {
		struct kith_buf b = {0};
		memset(want, 'x', (size_t)n);
		want[n] = 0;
		assert_int_equal(kith_buf_printf(&b, "%s", want), KITH_OK);
		assert_int_equal(kith_buf_printf(&b, "%d", n), KITH_OK);
		assert_int_equal(kith_buf_cstr(&b)[b.n], 0);
		assert_memory_equal(b.p, want, (size_t)n);
		assert_int_equal(atoi((const char *)b.p + n), n);
		kith_buf_free(&b);
	}
}

/* Everything that appends, in one row; stops at the first error. */
static enum kith_err add_all(struct kith_buf *b)
{
	static const uint8_t many[3000] = {1};
	uint8_t *more;
	enum kith_err err;

	if ((err = kith_buf_add(b, "secret", 6)) || (err = kith_buf_add_str(b, "text")) ||
		(err = kith_buf_more(b, 100, &more)))
		return err;
	memset(more, 9, 100);
	if ((err = kith_buf_printf(b, "%0500d", 7)) || (err = kith_buf_add(b, many, sizeof many)))
		return err;
	return kith_buf_cstr(b) ? KITH_OK : KITH_ERR_NOMEM;
}

static void memory_may_run_out_anywhere(void **state)
{
	size_t needed = 0;

	(void)state;
	for (size_t requests = 0;; requests++) {
		struct purse purse = purse_of(requests);
		struct kith_buf b;
		kith_buf_init(&b, &purse.env);
		purse.env.ctx = &purse;
		enum kith_err err = add_all(&b);
		size_t n = b.n;
		if (err) {
			assert_int_equal(err, KITH_ERR_NOMEM);
			assert_int_equal(purse.left, 0);
			/* what was there is still there */
			assert_true(n <= b.cap);
			if (n >= 6)
				assert_memory_equal(b.p, "secret", 6);
		}
		kith_buf_free(&b);
		assert_int_equal(purse.open, 0);
		assert_false(purse.dirty);
		needed = purse.asked;
		if (!err)
			break;
		assert_true(requests < 100);
	}
	assert_true(needed >= 4);
}

static void nothing_is_added_when_memory_runs_out(void **state)
{
	struct purse purse = purse_of(1);
	struct kith_buf b;
	uint8_t big[4096] = {0};
	uint8_t *more = NULL;

	(void)state;
	purse.env.ctx = &purse;
	kith_buf_init(&b, &purse.env);
	assert_int_equal(kith_buf_add_str(&b, "abc"), KITH_OK);
	assert_int_equal(kith_buf_add(&b, big, sizeof big), KITH_ERR_NOMEM);
	assert_int_equal(kith_buf_more(&b, sizeof big, &more), KITH_ERR_NOMEM);
	assert_int_equal(kith_buf_printf(&b, "%4000d", 1), KITH_ERR_NOMEM);
	assert_null(more);
	assert_int_equal(b.n, 3);
	assert_memory_equal(b.p, "abc", 3);
	kith_buf_free(&b);
	assert_int_equal(purse.open, 0);
}

static void what_is_given_back_is_wiped(void **state)
{
	struct purse purse = purse_of(10);
	struct kith_buf b;

	(void)state;
	purse.env.ctx = &purse;
	kith_buf_init(&b, &purse.env);
	for (int i = 0; i < 40; i++)
		assert_int_equal(kith_buf_add_str(&b, "a secret that grows; "), KITH_OK);
	assert_true(purse.asked > 2);
	kith_buf_free(&b);
	assert_false(purse.dirty);
	/* also what lies behind the end, where a longer content once was */
	assert_int_equal(kith_buf_add_str(&b, "another secret"), KITH_OK);
	b.n = 2;
	kith_buf_free(&b);
	assert_false(purse.dirty);
	assert_ptr_equal(b.env, &purse.env);
}

static void clearing_wipes_and_keeps_the_memory(void **state)
{
	static const uint8_t zeros[6];
	struct kith_buf b = {0};

	(void)state;
	assert_int_equal(kith_buf_add_str(&b, "secret"), KITH_OK);
	uint8_t *p = b.p;
	kith_buf_clear(&b);
	assert_ptr_equal(b.p, p);
	assert_int_equal(b.n, 0);
	assert_memory_equal(p, zeros, sizeof zeros);
	kith_buf_free(&b);
	kith_buf_clear(&b);
}

static void spans_compare_by_content(void **state)
{
	(void)state;
	assert_true(kith_span_eq(LITERAL("ab"), kith_span_str("ab")));
	assert_false(kith_span_eq(LITERAL("ab"), LITERAL("aB")));
	assert_false(kith_span_eq(LITERAL("ab"), LITERAL("abc")));
	assert_true(kith_span_eq(kith_span(NULL, 0), LITERAL("")));
	assert_null(kith_span_str(NULL).p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(grows_and_keeps_what_it_holds),
		cmocka_unit_test(an_empty_addition_is_fine),
		cmocka_unit_test(a_size_that_no_memory_has_is_refused),
		cmocka_unit_test(formats_text_of_every_length_around_its_room),
		cmocka_unit_test(memory_may_run_out_anywhere),
		cmocka_unit_test(nothing_is_added_when_memory_runs_out),
		cmocka_unit_test(what_is_given_back_is_wiped),
		cmocka_unit_test(clearing_wipes_and_keeps_the_memory),
		cmocka_unit_test(spans_compare_by_content),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
