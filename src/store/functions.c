/* SPDX-License-Identifier: MIT */
#include "store/functions.h"

#include "base/text.h"

static struct kith_span value_span(sqlite3_value *v)
{
	const void *p = sqlite3_value_text(v);

	return kith_span(p, p ? (size_t)sqlite3_value_bytes(v) : 0);
}

static void fold(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	KITH_AUTO_BUF struct kith_buf out = {0};

	(void)argc;
	if (kith_fold(&out, value_span(argv[0])))
		sqlite3_result_error_nomem(ctx);
	else
		sqlite3_result_text64(ctx, out.p ? (const char *)out.p : "", out.n,
			SQLITE_TRANSIENT, SQLITE_UTF8);
}

static void has_words(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	struct kith_span text = value_span(argv[0]);
	struct kith_span words = value_span(argv[1]);
	bool all = true;

	(void)argc;
	while (all && words.n > 0) {
		const uint8_t *blank = memchr(words.p, ' ', words.n);
		size_t n = blank ? (size_t)(blank - words.p) : words.n;

		all = n == 0 || memmem(text.p, text.n, words.p, n);
		n += blank ? 1 : 0;
		words = kith_span(words.p + n, words.n - n);
	}
	sqlite3_result_int(ctx, all);
}

enum kith_err kith_functions_add(struct kith_store *store)
{
	const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;

	if (sqlite3_create_function(store->db, "fold", 1, flags, NULL, fold, NULL, NULL) ||
		sqlite3_create_function(
			store->db, "has_words", 2, flags, NULL, has_words, NULL, NULL))
		return kith_db_fail(store);
	return KITH_OK;
}
