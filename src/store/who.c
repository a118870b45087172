/* SPDX-License-Identifier: MIT */
#include "base/base32.h"
#include "base/text.h"
#include "store/people.h"
#include "store/uuid.h"

/* Each of these is one meaning of WHO; *ret_count matches were handed to fn. */

static enum kith_err by_text(struct kith_store *store, const char *sql, struct kith_span who,
	kith_contact_fn fn, void *ctx, size_t *ret_count)
{
	struct kith_query q = kith_query(store, sql);

	kith_bind_text(&q, who);
	return kith_contact_all(&q, fn, ctx, ret_count);
}

#define ID_PREFIX_MIN 4

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
