/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "base/base32.h"
#include "base/text.h"
#include "store/people.h"
#include "store/uuid.h"
#include "store/who.h"

/* Each of these is one meaning of WHO; *ret_count matches were handed to fn. */

static enum kith_err by_text(struct kith_store *store, const char *sql, struct kith_span who,
	kith_contact_fn fn, void *ctx, size_t *ret_count)
{
	struct kith_query q = kith_query(store, sql);

	kith_bind_text(&q, who);
	return kith_contact_all(&q, fn, ctx, ret_count);
}

#define ID_PREFIX_MIN 4
#define NAME_COLUMNS  30 /* of a whole name that stands in a command */
#define WORD_MIN      2  /* letters of a first name that can stand for somebody */

/* The smallest and the greatest key whose id begins with the text; false when none can. */
static bool id_range(
	struct kith_span who, uint8_t lo[static KITH_KEY_BYTES], uint8_t hi[static KITH_KEY_BYTES])
{
	char low[KITH_ID_CHARS];
	char high[KITH_ID_CHARS];

	if (who.n < ID_PREFIX_MIN || who.n > KITH_ID_CHARS)
		return false;
	memset(low, 'A', sizeof low);
	memset(high, '7', sizeof high);
	high[KITH_ID_CHARS - 1] = 'Q'; /* of the last character one bit counts */
	memcpy(low, who.p, who.n);
	memcpy(high, who.p, who.n);
	return kith_base32_read(lo, KITH_KEY_BYTES, kith_span(low, sizeof low)) &&
	       kith_base32_read(hi, KITH_KEY_BYTES, kith_span(high, sizeof high));
}

/* What a text may begin; a range that nothing can be in when it begins no such id. */
struct ranges {
	uint8_t key[2][KITH_KEY_BYTES];
	uint8_t uuid[2][KITH_UID_BYTES];
};

static bool find_ranges(struct kith_span who, struct ranges *ret)
{
	bool key = id_range(who, ret->key[0], ret->key[1]);
	bool uuid = who.n >= ID_PREFIX_MIN && kith_uuid_range(who, ret->uuid[0], ret->uuid[1]);

	if (!key) {
		memset(ret->key[0], 0xff, KITH_KEY_BYTES);
		memset(ret->key[1], 0, KITH_KEY_BYTES);
	}
	if (!uuid) {
		memset(ret->uuid[0], 0xff, KITH_UID_BYTES);
		memset(ret->uuid[1], 0, KITH_UID_BYTES);
	}
	return key || uuid;
}

static enum kith_err by_id(struct kith_store *store, struct kith_span who, kith_contact_fn fn,
	void *ctx, size_t *ret_count)
{
	struct ranges r;

	*ret_count = 0;
	if (!find_ranges(who, &r))
		return KITH_OK;
	struct kith_query q = kith_query(store,
		"SELECT " KITH_CONTACT_COLUMNS " FROM contact WHERE row IN ("
		"SELECT row FROM contact WHERE ik >= ?1 AND ik <= ?2 UNION "
		"SELECT row FROM contact WHERE uuid >= ?3 AND uuid <= ?4 AND ik IS NOT NULL UNION "
		"SELECT contact FROM former_key WHERE ik >= ?1 AND ik <= ?2 UNION "
		"SELECT contact FROM former_key WHERE uuid >= ?3 AND uuid <= ?4 UNION "
		"SELECT contact FROM entry WHERE uuid >= ?3 AND uuid <= ?4) ORDER BY fold, row");
	kith_bind_blob(&q, r.key[0], KITH_KEY_BYTES);
	kith_bind_blob(&q, r.key[1], KITH_KEY_BYTES);
	kith_bind_blob(&q, r.uuid[0], KITH_UID_BYTES);
	kith_bind_blob(&q, r.uuid[1], KITH_UID_BYTES);
	return kith_contact_all(&q, fn, ctx, ret_count);
}

static const char by_name[] = "SELECT " KITH_CONTACT_COLUMNS " FROM contact WHERE row IN ("
			      "SELECT row FROM contact WHERE fold = ?1 UNION "
			      "SELECT contact FROM entry WHERE alias = ?1) ORDER BY fold, row";
static const char by_email[] =
	"SELECT " KITH_CONTACT_COLUMNS
	" FROM contact WHERE row IN (SELECT contact FROM field WHERE fold = ?1) ORDER BY fold, row";
static const char by_beginning[] =
	"SELECT " KITH_CONTACT_COLUMNS " FROM contact WHERE row IN ("
	"SELECT row FROM contact WHERE instr(' ' || fold, ' ' || ?1) UNION "
	"SELECT contact FROM entry WHERE alias IS NOT NULL AND instr(' ' || alias, ' ' || ?1)) "
	"ORDER BY fold, row";

enum kith_err kith_store_who(
	struct kith_store *store, struct kith_span who, kith_contact_fn fn, void *ctx)
{
	KITH_AUTO_BUF struct kith_buf folded = {0};
	size_t count = 0;
	enum kith_err err = kith_fold(&folded, who);

	if (err)
		return err;
	who = kith_buf_span(&folded);
	if (who.n == 0)
		return KITH_ERR_NOPERSON;
	err = by_text(store, by_name, who, fn, ctx, &count);
	if (!err && count == 0)
		err = by_text(store, by_email, who, fn, ctx, &count);
	if (!err && count == 0)
		err = by_id(store, who, fn, ctx, &count);
	if (!err && count == 0)
		err = by_text(store, by_beginning, who, fn, ctx, &count);
	if (err)
		return err;
	return count == 0 ? KITH_ERR_NOPERSON : count == 1 ? KITH_OK : KITH_ERR_AMBIGUOUS;
}

/* --- the other way round ---------------------------------------------------------------------- */

#define OTHER_NAME                                                                                 \
	"EXISTS (SELECT 1 FROM contact WHERE fold = ?2 AND row <> ?1) OR EXISTS (SELECT 1 FROM "   \
	"field WHERE fold = ?2 AND contact <> ?1) OR EXISTS (SELECT 1 FROM entry WHERE alias = "   \
	"?2 AND contact <> ?1)"
#define OTHER_KEY                                                                                  \
	"EXISTS (SELECT 1 FROM contact WHERE ik >= ?3 AND ik <= ?4 AND row <> ?1) OR EXISTS "      \
	"(SELECT 1 FROM former_key WHERE ik >= ?3 AND ik <= ?4 AND contact <> ?1)"
#define OTHER_UUID                                                                                 \
	"EXISTS (SELECT 1 FROM contact WHERE uuid >= ?5 AND uuid <= ?6 AND ik IS NOT NULL AND "    \
	"row <> ?1) OR EXISTS (SELECT 1 FROM former_key WHERE uuid >= ?5 AND uuid <= ?6 AND "      \
	"contact <> ?1) OR EXISTS (SELECT 1 FROM entry WHERE uuid >= ?5 AND uuid <= ?6 AND "       \
	"contact <> ?1)"

/* Whether a range ends before it begins. */
static bool is_nothing(const uint8_t upto[static KITH_UID_BYTES])
{
	static const uint8_t none[KITH_UID_BYTES] = {0};

	return memcmp(upto, none, sizeof none) == 0;
}

/* Whether the whole name, an address, or the beginning of an id of somebody else is that; few beginnings of keys are
 * such of UUIDs. */
static enum kith_err is_other(
	struct kith_store *store, int64_t row, struct kith_span who, bool *ret_other)
{
	struct ranges r;
	struct kith_query q;

	(void)find_ranges(who, &r);
	if (is_nothing(r.uuid[1]))
		q = kith_query(store, "SELECT " OTHER_KEY " OR " OTHER_NAME);
	else
		q = kith_query(store, "SELECT " OTHER_KEY " OR " OTHER_NAME " OR " OTHER_UUID);
	kith_bind_int(&q, row);
	kith_bind_text(&q, who);
	kith_bind_blob(&q, r.key[0], KITH_KEY_BYTES);
	kith_bind_blob(&q, r.key[1], KITH_KEY_BYTES);
	if (!is_nothing(r.uuid[1])) {
		kith_bind_blob(&q, r.uuid[0], KITH_UID_BYTES);
		kith_bind_blob(&q, r.uuid[1], KITH_UID_BYTES);
	}
	*ret_other = kith_query_row(&q) && kith_column_int(&q, 0);
	return kith_query_end(&q);
}

/* Whether a word of a name of somebody else begins so.  The index of words finds at least those that by_beginning does. */
static enum kith_err is_beginning(
	struct kith_store *store, int64_t row, struct kith_span word, bool *ret_other)
{
	char match[KITH_ID_CHARS + 16];
	struct kith_query q = kith_query(store,
		"SELECT CASE WHEN EXISTS (SELECT 1 FROM words WHERE words MATCH ?3 AND rowid <> ?1) THEN 1 ELSE "
		"EXISTS (SELECT 1 FROM entry WHERE alias IS NOT NULL AND contact <> ?1 AND instr(' ' || alias, "
		"' ' || ?2)) END");

	(void)snprintf(match, sizeof match, "name:\"%.*s\"*", (int)word.n, (const char *)word.p);
	kith_bind_int(&q, row);
	kith_bind_text(&q, word);
	kith_bind_text(&q, kith_span_str(match));
	*ret_other = kith_query_row(&q) && kith_column_int(&q, 0);
	return kith_query_end(&q);
}

/* The first word of a folded name, if a shell and anybody can read it; n == 0: it is none. */
static struct kith_span first_word(struct kith_span fold)
{
	size_t n = 0;

	while (n < fold.n && ((fold.p[n] >= 'a' && fold.p[n] <= 'z') ||
				     (n > 0 && fold.p[n] >= '0' && fold.p[n] <= '9')))
		n++;
	bool whole = n == fold.n || fold.p[n] == ' ';
	return kith_span(fold.p, whole && n >= WORD_MIN && n <= KITH_ID_CHARS ? n : 0);
}

/* The folded name, if it is short, and means nothing but itself to any shell (cli/paste.h); n == 0: it is none. */
static struct kith_span whole_name(struct kith_span fold)
{
	KITH_AUTO_BUF struct kith_buf shown = {0};
	bool fits = fold.n > 0 && fold.n <= KITH_ID_CHARS && fold.p[0] != '-' &&
		    kith_text_columns(fold) <= NAME_COLUMNS &&
		    !kith_show(&shown, fold, NAME_COLUMNS + 1) &&
		    kith_span_eq(kith_buf_span(&shown), fold);

	for (size_t i = 0; fits && i < fold.n; i++)
		fits = fold.p[i] == ' ' || fold.p[i] == '.' || fold.p[i] == '-' ||
		       (fold.p[i] >= 'a' && fold.p[i] <= 'z') ||
		       (fold.p[i] >= '0' && fold.p[i] <= '9');
	return kith_span(fold.p, fits ? fold.n : 0);
}

/* Whether a name of somebody else begins with the word, and whether somebody else has the whole name: in one statement,
 * since a long list asks it of many. */
static enum kith_err ask_both(struct kith_store *store, int64_t row, struct kith_span word,
	struct kith_span name, bool *ret_word, bool *ret_name)
{
	char past[KITH_ID_CHARS + 1];
	struct kith_query q = kith_query(store,
		"SELECT EXISTS (SELECT 1 FROM contact WHERE fold >= ?3 AND fold < ?4 AND row <> "
		"?1), EXISTS (SELECT 1 FROM contact WHERE fold = ?2 AND row <> ?1) OR EXISTS (SELECT 1 "
		"FROM entry WHERE alias = ?2 AND contact <> ?1)");

	if (word.n) {
		memcpy(past, word.p, word.n);
		past[word.n - 1]++;
	}
	kith_bind_int(&q, row);
	kith_bind_text(&q, name);
	kith_bind_text(&q, word);
	kith_bind_text(&q, kith_span(past, word.n));
	*ret_word = *ret_name = true;
	if (kith_query_row(&q)) {
		*ret_word = kith_column_int(&q, 0);
		*ret_name = kith_column_int(&q, 1);
	}
	return kith_query_end(&q);
}

static void write_id(struct kith_span ik, struct kith_span uuid, char id[KITH_ID_CHARS + 1],
	char low[KITH_ID_CHARS + 1])
{
	size_t n = 0;

	*id = 0;
	if (ik.n == KITH_KEY_BYTES)
		kith_id_text(ik.p, id);
	else if (uuid.n == KITH_UID_BYTES)
		kith_uid_write(uuid.p, id);
	for (; id[n]; n++)
		low[n] = (char)(id[n] >= 'A' && id[n] <= 'Z' ? id[n] + 32 : id[n]);
	low[n] = 0;
}

static void write_who(struct kith_span who, char out[static KITH_ID_CHARS + 1])
{
	memcpy(out, who.p, who.n);
	out[who.n] = 0;
}

/* As much of an id as means nobody else. */
static enum kith_err shortest_id(struct kith_store *store, const struct kith_called *called,
	char out[static KITH_ID_CHARS + 1])
{
	char id[KITH_ID_CHARS + 1], low[KITH_ID_CHARS + 1];
	bool other = true;
	enum kith_err err = KITH_OK;

	write_id(called->ik, called->uuid, id, low);
	size_t all = strlen(low), n = all < ID_PREFIX_MIN ? all : ID_PREFIX_MIN;
	for (size_t more = ID_PREFIX_MIN; !err && other && more <= all; more++)
		err = is_other(store, called->row, kith_span(low, n = more), &other);
	if (!err)
		(void)snprintf(out, KITH_ID_CHARS + 1, "%.*s", (int)n, id);
	return err;
}

enum kith_err kith_who_short(struct kith_store *store, const struct kith_called *called,
	char out[static KITH_ID_CHARS + 1])
{
	struct kith_span word = first_word(called->fold), name = whole_name(called->fold);
	bool other_word, other_name;
	enum kith_err err = ask_both(store, called->row, word, name, &other_word, &other_name);

	if (!err && word.n && !other_word)
		err = is_beginning(store, called->row, word, &other_word);
	if (!err && word.n && !other_word)
		err = is_other(store, called->row, word, &other_word);
	if (err)
		return err;
	if (word.n && !other_word)
		write_who(word, out);
	else if (name.n && !other_name)
		write_who(name, out);
	else
		err = shortest_id(store, called, out);
	return err;
}

enum kith_err kith_store_who_of(
	struct kith_store *store, int64_t row, char out[static KITH_ID_CHARS + 1])
{
	enum kith_err err = KITH_ERR_NOPERSON;
	struct kith_query q =
		kith_query(store, "SELECT fold, ik, uuid FROM contact WHERE row = ?1");

	kith_bind_int(&q, row);
	if (kith_query_row(&q)) {
		struct kith_called called = {.row = row,
			.fold = kith_column_span(&q, 0),
			.ik = kith_column_span(&q, 1),
			.uuid = kith_column_span(&q, 2)};
		err = kith_who_short(store, &called, out);
	}
	enum kith_err done = kith_query_end(&q);
	return done ? done : err;
}
