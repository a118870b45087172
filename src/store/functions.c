/* SPDX-License-Identifier: MIT */
#include "store/functions.h"

#include "base/text.h"
#include "store/fields.h"
#include "store/org.h"
#include "store/uuid.h"
#include "store/words.h"

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

/* where_is(part, text...): a bit for each text that has it, the first one the lowest */
static void where(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	struct kith_span part = value_span(argv[0]);
	int64_t places = 0;

	for (int i = 1; i < argc; i++) {
		struct kith_span text = value_span(argv[i]);
		if (text.n && part.n && memmem(text.p, text.n, part.p, part.n))
			places |= INT64_C(1) << (i - 1);
	}
	sqlite3_result_int64(ctx, places);
}

/* begins(text, word) */
static void begins(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	(void)argc;
	sqlite3_result_int(ctx, kith_words_begin(value_span(argv[0]), value_span(argv[1])) != 0);
}

static void org_key(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	KITH_AUTO_BUF struct kith_buf out = {0};

	(void)argc;
	if (kith_org_key(&out, value_span(argv[0])))
		sqlite3_result_error_nomem(ctx);
	else
		sqlite3_result_text64(ctx, out.p ? (const char *)out.p : "", out.n,
			SQLITE_TRANSIENT, SQLITE_UTF8);
}

/* same(name, kind, value): of an address of an entry of that name; NULL: it says nothing */
static void same(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	KITH_AUTO_BUF struct kith_buf name = {0};
	struct kith_field field = {.kind = (uint32_t)sqlite3_value_int(argv[1]),
		.parts = 1,
		.part = {value_span(argv[2])}};
	int64_t is = 0;

	(void)argc;
	if (kith_fold(&name, value_span(argv[0])) ||
		kith_fields_same(kith_buf_span(&name), &field, &is))
		sqlite3_result_error_nomem(ctx);
	else if (is)
		sqlite3_result_int64(ctx, is);
}

static bool two_digits(const uint8_t *p, int *ret)
{
	*ret = (p[0] - '0') * 10 + (p[1] - '0');
	return p[0] >= '0' && p[0] <= '9' && p[1] >= '0' && p[1] <= '9';
}

/* birthday("1815-12-10"), birthday("--12-10"): 1210; of anything else NULL */
static void birthday(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	struct kith_span s = value_span(argv[0]);
	int month, day;

	(void)argc;
	if (s.n < 7 || s.p[s.n - 3] != '-' || s.p[s.n - 6] != '-')
		return;
	if (two_digits(s.p + s.n - 5, &month) && two_digits(s.p + s.n - 2, &day) && month >= 1 &&
		month <= 12 && day >= 1 && day <= 31)
		sqlite3_result_int(ctx, month * 100 + day);
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
			store->db, "where_is", -1, flags, NULL, where, NULL, NULL) ||
		sqlite3_create_function(store->db, "begins", 2, flags, NULL, begins, NULL, NULL) ||
		sqlite3_create_function(
			store->db, "org_key", 1, flags, NULL, org_key, NULL, NULL) ||
		sqlite3_create_function(store->db, "same", 3, flags, NULL, same, NULL, NULL) ||
		sqlite3_create_function(
			store->db, "birthday", 1, flags, NULL, birthday, NULL, NULL) ||
		sqlite3_create_function(
			store->db, "uuid_of_key", 1, flags, NULL, uuid_of_key, NULL, NULL))
		return kith_db_fail(store);
	return KITH_OK;
}
