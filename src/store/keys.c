/* SPDX-License-Identifier: MIT */
#include "store/keys.h"

#include <kith/cards.h>

#include "base/limits.h"
#include "store/contact.h"
#include "store/known.h"
#include "store/news.h"
#include "store/uuid.h"

/* The table of proto/statement.md, "Rotation".  One statement is taken in one transaction. */

/* A statement that is being taken, and the person whom it is about. */
struct taking {
	struct kith_store *store;
	const struct kith_statement *s;
	struct kith_span bytes;
	int64_t now;
	int64_t contact;
	bool former;             /* it is about a key that the person left */
	enum kith_frozen frozen; /* before */
	bool settled, anchored;
	int64_t chain; /* rotations since the person was compared last */
	uint8_t ik[KITH_KEY_BYTES];
};

static enum kith_err read_person(struct taking *t)
{
	KITH_QUERY struct kith_query q = kith_query(
		t->store, "SELECT frozen, settled, anchored, seq, ik FROM contact WHERE row = ?1");

	kith_bind_int(&q, t->contact);
	if (kith_query_row(&q)) {
		struct kith_span ik = kith_column_span(&q, 4);
		t->frozen = (enum kith_frozen)kith_column_int(&q, 0);
		t->settled = kith_column_int(&q, 1);
		t->anchored = kith_column_int(&q, 2);
		t->chain = kith_column_int(&q, 3);
		if (ik.n == sizeof t->ik)
			memcpy(t->ik, ik.p, ik.n);
	}
	return kith_query_end(&q);
}

/* Whether a statement that says the same is kept; of revocations, one of that key. */
static enum kith_err is_kept(struct taking *t, bool *ret_kept)
{
	KITH_QUERY struct kith_query q = kith_query(t->store,
		"SELECT 1 FROM statement WHERE contact = ?1 AND (hash = ?2 OR (kind = ?3 AND "
		"?3 = 2 AND ik = ?4))");

	kith_bind_int(&q, t->contact);
	kith_bind_blob(&q, t->s->hash, sizeof t->s->hash);
	kith_bind_int(&q, t->s->kind);
	kith_bind_blob(&q, t->s->ik, sizeof t->s->ik);
	*ret_kept = kith_query_row(&q);
	return kith_query_end(&q);
}

_Static_assert(KITH_STATEMENT_REVOKE == 2, "stands in the statement above");

static enum kith_err keep(struct kith_store *store, const struct kith_statement *s, int64_t contact,
	struct kith_span bytes, int64_t now)
{
	struct kith_query q = kith_query(store,
		"INSERT INTO statement (hash, kind, contact, ik, seq, at, bytes) "
		"VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (hash) DO NOTHING");

	kith_bind_blob(&q, s->hash, sizeof s->hash);
	kith_bind_int(&q, s->kind);
	if (contact)
		kith_bind_int(&q, contact);
	else
		kith_bind_null(&q);
	kith_bind_blob(&q, s->ik, sizeof s->ik);
	kith_bind_int(&q, (int64_t)s->seq);
	kith_bind_int(&q, now);
	kith_bind_blob(&q, bytes.p, bytes.n);
	return kith_query_run(&q);
}

static enum kith_err tell(
	struct taking *t, enum kith_notice_kind kind, uint64_t number, const char *text)
{
	const struct kith_news_line line = {
		.kind = kind,
		.contact = t->contact,
		.number = number,
		.text = kith_span_str(text),
		.at = t->now,
	};

	return kith_store_news_add(t->store, &line);
}

/* --- freezing, and keeping without a change -------------------------------------------------- */

static const char *reason(const struct kith_statement *s)
{
	return s->kind == KITH_STATEMENT_REVOKE ? kith_revoke_reason_name(s->reason) : "";
}

static enum kith_err freeze(struct taking *t, enum kith_frozen why, struct kith_keys_outcome *ret)
{
	enum kith_err err = keep(t->store, t->s, t->contact, t->bytes, t->now);
	struct kith_query q;

	ret->what = KITH_KEYS_FROZEN;
	ret->frozen = why;
	if (err)
		return err;
	q = kith_query(t->store, "UPDATE contact SET frozen = ?2, "
				 "frozen_at = coalesce(frozen_at, ?3) WHERE row = ?1");
	kith_bind_int(&q, t->contact);
	kith_bind_int(&q, why);
	kith_bind_int(&q, t->now);
	if ((err = kith_query_run(&q)))
		return err;
	if ((err = kith_contact_refresh(t->store, t->contact)))
		return err;
	return tell(t, KITH_NOTICE_FROZEN, why, reason(t->s));
}

/* How many are kept of that person which are neither a step from key to key nor the revocation of
 * the key they have. */
static enum kith_err count_evidence(struct taking *t, int64_t *ret_n)
{
	KITH_QUERY struct kith_query q = kith_query(t->store,
		"SELECT count(*) - (SELECT count(*) FROM former_key WHERE contact = ?1 AND NOT "
		"replaced) FROM statement WHERE contact = ?1 AND kind <= 2");

	kith_bind_int(&q, t->contact);
	*ret_n = kith_query_row(&q) ? kith_column_int(&q, 0) : 0;
	return kith_query_end(&q);
}

/* Kept, and told once, without a change: that one key went to two others contradicts, the revocation of one that
 * was left does not.  Of more than EVIDENCE_MAX nothing is kept, for an old key can sign without end. */
static enum kith_err evidence(struct taking *t, struct kith_keys_outcome *ret)
{
	int64_t n = 0;
	enum kith_err err = count_evidence(t, &n);

	ret->what = KITH_KEYS_EVIDENCE;
	if (err || n >= KITH_EVIDENCE_MAX)
		return err;
	if ((err = keep(t->store, t->s, t->contact, t->bytes, t->now)))
		return err;
	return t->s->kind == KITH_STATEMENT_ROTATE ? tell(t, KITH_NOTICE_EVIDENCE, 0, "")
						   : tell(t, KITH_NOTICE_REVOKED, 0, reason(t->s));
}

/* --- rotations ------------------------------------------------------------------------------- */

static enum kith_err remember_key(struct taking *t)
{
	struct kith_query q = kith_query(t->store,
		"INSERT INTO former_key (ik, contact, uuid, left_at, replaced) "
		"VALUES (?1, ?2, ?3, ?4, 0)");
	uint8_t uuid[KITH_UID_BYTES];

	kith_uuid_of_key(t->s->ik, uuid);
	kith_bind_blob(&q, t->s->ik, KITH_KEY_BYTES);
	kith_bind_int(&q, t->contact);
	kith_bind_blob(&q, uuid, sizeof uuid);
	kith_bind_int(&q, t->now);
	return kith_query_run(&q);
}

static enum kith_err change_key(struct taking *t)
{
	struct kith_query q = kith_query(t->store,
		"UPDATE contact SET ik = ?2, uuid = ?3, rotated_xk = ?4, settled = 0, anchored = 0, "
		"seq = seq + 1 WHERE row = ?1");
	uint8_t uuid[KITH_UID_BYTES];

	kith_uuid_of_key(t->s->new_ik, uuid);
	kith_bind_int(&q, t->contact);
	kith_bind_blob(&q, t->s->new_ik, KITH_KEY_BYTES);
	kith_bind_blob(&q, uuid, sizeof uuid);
	kith_bind_blob(&q, t->s->new_xk, KITH_KEY_BYTES);
	return kith_query_run(&q);
}

/* The first one that is seen from the key held. */
static enum kith_err follow(struct taking *t, struct kith_keys_outcome *ret)
{
	enum kith_err err;

	if (t->chain >= KITH_STATEMENTS_MAX)
		return KITH_ERR_LIMIT;
	ret->what = KITH_KEYS_ROTATED;
	if ((err = keep(t->store, t->s, t->contact, t->bytes, t->now)) || (err = remember_key(t)) ||
		(err = change_key(t)))
		return err;
	if ((err = kith_contact_refresh(t->store, t->contact)))
		return err;
	return tell(t, KITH_NOTICE_ROTATED, t->s->seq, "");
}

/* Two signed for that key are one person: a step that was taken, or one within the chain. */
static enum kith_err is_own_step(struct taking *t, bool *ret_own, bool *ret_taken)
{
	int64_t whose = 0;
	bool former;
	enum kith_err err = kith_keys_find(t->store, t->s->new_ik, &whose, &former);

	*ret_own = whose == t->contact;
	*ret_taken = whose != 0 && whose != t->contact;
	return err;
}

static enum kith_err take_rotation(struct taking *t, struct kith_keys_outcome *ret)
{
	bool own, taken;
	enum kith_err err = is_own_step(t, &own, &taken);

	if (err)
		return err;
	if (own && t->former) {
		ret->what = KITH_KEYS_SAME;
		return KITH_OK;
	}
	if (t->frozen != KITH_FROZEN_NOT)
		return KITH_ERR_STALEKEY;
	if (own) /* back to a key that was left */
		return KITH_ERR_STALEKEY;
	if (taken && !t->former)
		return KITH_ERR_EXISTS;
	if (!t->former)
		return follow(t, ret);
	return t->settled ? evidence(t, ret) : freeze(t, KITH_FROZEN_TWICE, ret);
}

/* --- revocations ----------------------------------------------------------------------------- */

static enum kith_err take_revocation(struct taking *t, struct kith_keys_outcome *ret)
{
	if (!t->former)
		return freeze(t, KITH_FROZEN_REVOKED, ret);
	if (t->anchored || t->frozen != KITH_FROZEN_NOT)
		return evidence(t, ret);
	return freeze(t, KITH_FROZEN_LEFT, ret);
}

/* --- taking ---------------------------------------------------------------------------------- */

/* Whether I left that key by a rotation. */
static enum kith_err was_mine(
	struct kith_store *store, const uint8_t ik[static KITH_KEY_BYTES], bool *ret_was)
{
	struct kith_query q = kith_query(
		store, "SELECT 1 FROM statement WHERE contact IS NULL AND kind = 1 AND ik = ?1");

	kith_bind_blob(&q, ik, KITH_KEY_BYTES);
	*ret_was = kith_query_row(&q);
	return kith_query_end(&q);
}

_Static_assert(KITH_STATEMENT_ROTATE == 1, "stands in the statement above");

/* My key, or one that I left. */
static enum kith_err is_mine(
	struct kith_store *store, const uint8_t ik[static KITH_KEY_BYTES], bool *ret_is)
{
	enum kith_err err = kith_known_is_mine(store, ik, ret_is);

	return err || *ret_is ? err : was_mine(store, ik, ret_is);
}

/* A step from or to a key of mine makes me and somebody else one person: only who has that key can sign it. */
static enum kith_err not_mine(struct taking *t)
{
	bool old = false, new = false;
	enum kith_err err = is_mine(t->store, t->s->ik, &old);

	if (!err)
		err = is_mine(t->store, t->s->new_ik, &new);
	return err || !(old || new) ? err : KITH_ERR_OWNKEY;
}

static enum kith_err take(struct taking *t, struct kith_keys_outcome *ret)
{
	bool kept;
	enum kith_err err = t->s->kind == KITH_STATEMENT_ROTATE ? not_mine(t) : KITH_OK;

	if (!err)
		err = kith_keys_find(t->store, t->s->ik, &t->contact, &t->former);
	ret->what = KITH_KEYS_NOBODY;
	if (err || !t->contact)
		return err;
	if ((err = read_person(t)) || (err = is_kept(t, &kept)))
		return err;
	ret->contact = t->contact;
	ret->frozen = t->frozen;
	ret->what = KITH_KEYS_SAME;
	if (kept)
		return KITH_OK;
	return t->s->kind == KITH_STATEMENT_ROTATE ? take_rotation(t, ret)
						   : take_revocation(t, ret);
}

enum kith_err kith_keys_take(struct kith_store *store, const struct kith_statement *statement,
	struct kith_span bytes, int64_t now, struct kith_keys_outcome *ret)
{
	struct taking t = {.store = store, .s = statement, .bytes = bytes, .now = now};
	struct kith_keys_outcome outcome = {0};
	enum kith_err err = kith_db_begin(store);

	if (err)
		return err;
	if ((err = kith_db_end(store, take(&t, &outcome))))
		return err;
	*ret = outcome;
	return KITH_OK;
}

enum kith_err kith_keys_mine(struct kith_store *store, const struct kith_statement *statement,
	struct kith_span bytes, int64_t now)
{
	enum kith_err err = kith_db_begin(store);

	return err ? err : kith_db_end(store, keep(store, statement, 0, bytes, now));
}

/* --- comparing ------------------------------------------------------------------------------- */

static enum kith_err thawed(struct kith_store *store, int64_t contact, int64_t now)
{
	const struct kith_news_line line = {
		.kind = KITH_NOTICE_THAWED, .contact = contact, .at = now};
	enum kith_err err = kith_contact_refresh(store, contact);

	return err ? err : kith_store_news_add(store, &line);
}

/* Whether the key that the person has was revoked, and whether they are frozen. */
static enum kith_err look(
	struct kith_store *store, int64_t contact, bool *ret_revoked, bool *ret_frozen)
{
	KITH_QUERY struct kith_query q =
		kith_query(store, "SELECT frozen = 1, frozen FROM contact WHERE row = ?1");

	kith_bind_int(&q, contact);
	*ret_revoked = *ret_frozen = false;
	if (kith_query_row(&q)) {
		*ret_revoked = kith_column_int(&q, 0);
		*ret_frozen = kith_column_int(&q, 1) != 0;
	}
	return kith_query_end(&q);
}

_Static_assert(KITH_FROZEN_REVOKED == 1, "stands in the statement above");

enum kith_err kith_keys_compared(struct kith_store *store, int64_t contact, int64_t now)
{
	bool revoked, frozen;
	enum kith_err err = look(store, contact, &revoked, &frozen);

	if (err || revoked)
		return err;
	struct kith_query q = kith_query(store,
		"UPDATE contact SET settled = 1, anchored = 1, seq = 0, frozen = 0, "
		"frozen_at = NULL WHERE row = ?1");
	kith_bind_int(&q, contact);
	if ((err = kith_query_run(&q)))
		return err;
	return frozen ? thawed(store, contact, now) : KITH_OK;
}

enum kith_err kith_keys_settled(struct kith_store *store, int64_t contact)
{
	struct kith_query q =
		kith_query(store, "UPDATE contact SET settled = 1 WHERE row = ?1 AND NOT settled");

	kith_bind_int(&q, contact);
	return kith_query_run(&q);
}
