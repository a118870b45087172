/* SPDX-License-Identifier: MIT */
#include "store/functions.h"

#include "base/text.h"
#include "store/uuid.h"

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

/* has_words(words, text...) */
static void has_words(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	struct kith_span words = value_span(argv[0]);
	bool all = true;

	while (all && words.n > 0) {
		const uint8_t *blank = memchr(words.p, ' ', words.n);
		size_t n = blank ? (size_t)(blank - words.p) : words.n;

		all = n == 0;
		for (int i = 1; i < argc && !all; i++) {
			struct kith_span text = value_span(argv[i]);
			all = text.n > 0 && memmem(text.p, text.n, words.p, n);
		}
		n += blank ? 1 : 0;
		words = kith_span(words.p + n, words.n - n);
	}
	sqlite3_result_int(ctx, all);
}

static void uuid_of_key(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	uint8_t uuid[KITH_UID_BYTES];
	const void *ik = sqlite3_value_blob(argv[0]);

	(void)argc;
	if (!ik || sqlite3_value_bytes(argv[0]) != KITH_KEY_BYTES)
		return; /* NULL */
	kith_uuid_of_key(ik, uuid);
	sqlite3_result_blob(ctx, uuid, sizeof uuid, SQLITE_TRANSIENT);
}

enum kith_err kith_functions_add(struct kith_store *store)
{
	const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;

	if (sqlite3_create_function(store->db, "fold", 1, flags, NULL, fold, NULL, NULL) ||
		sqlite3_create_function(
			store->db, "has_words", -1, flags, NULL, has_words, NULL, NULL) ||
		sqlite3_create_function(
			store->db, "uuid_of_key", 1, flags, NULL, uuid_of_key, NULL, NULL))
		return kith_db_fail(store);
	return KITH_OK;
}
