/* SPDX-License-Identifier: MIT */
#include <kith/network.h>

#include "base/text.h"
#include "store/db.h"

_Static_assert(KITH_REVIEW_LETGO == 3 && KITH_CONTACT_INTRODUCED == 2 && KITH_FIELD_ADR == 23 &&
		       KITH_FIELD_OFFERS == 32 && KITH_FIELD_ASKS == 33 && KITH_REMARK_NOTE == 0,
	"stand in the statements below");

enum kith_err kith_store_network_people(
	struct kith_store *store, kith_network_person_fn fn, void *ctx)
{
	bool more = true;
	struct kith_query q = kith_query(store,
		"SELECT contact.row, contact.name, org, ring.place, ring.rhythm > 0, state = 2, blocked "
		"FROM contact LEFT JOIN ring ON ring.row = contact.ring WHERE review <> 3 "
		"ORDER BY +contact.fold, uuid"); /* one pass and a sort beat the index for all */

	while (more && kith_query_row(&q)) {
		struct kith_network_person p = {.row = kith_column_int(&q, 0),
			.name = kith_column_span(&q, 1),
			.org = kith_column_span(&q, 2),
			.ring = (uint32_t)kith_column_int(&q, 3),
			.close = kith_column_int(&q, 4),
			.introduced = kith_column_int(&q, 5),
			.blocked = kith_column_int(&q, 6)};
		more = fn(ctx, &p);
	}
	return kith_query_end(&q);
}

static enum kith_err each_member(
	struct kith_query *q, bool org, kith_network_member_fn fn, void *ctx, bool *more)
{
	while (*more && kith_query_row(q)) {
		struct kith_network_member m = {.org = org,
			.key = kith_column_span(q, 0),
			.name = kith_column_span(q, 1),
			.place = kith_column_span(q, 2),
			.contact = kith_column_int(q, 3)};
		*more = fn(ctx, &m);
	}
	return kith_query_end(q);
}

enum kith_err kith_store_network_members(
	struct kith_store *store, kith_network_member_fn fn, void *ctx)
{
	bool more = true;
	struct kith_query q = kith_query(store,
		"SELECT event.fold, event.name, event.place, there.contact FROM event CROSS JOIN (SELECT "
		"happening, contact FROM met WHERE happening IS NOT NULL UNION SELECT event, contact "
		"FROM event_guest) AS there ON there.happening = event.row ORDER BY event.fold");
	enum kith_err err = each_member(&q, false, fn, ctx, &more);

	if (err || !more)
		return err;
	q = kith_query(store,
		"SELECT org_key, '', '', row FROM contact WHERE org_key IS NOT NULL ORDER BY org_key");
	return each_member(&q, true, fn, ctx, &more);
}

static enum kith_err each_mark(
	struct kith_query *q, bool home, kith_network_mark_fn fn, void *ctx, bool *more)
{
	while (*more && kith_query_row(q)) {
		struct kith_network_mark m = {.contact = kith_column_int(q, 0),
			.home = home,
			.text = kith_column_span(q, 1)};
		*more = fn(ctx, &m);
	}
	return kith_query_end(q);
}

enum kith_err kith_store_network_marks(struct kith_store *store, kith_network_mark_fn fn, void *ctx)
{
	bool more = true;
	struct kith_query q = kith_query(store, "SELECT contact, fold FROM tag ORDER BY fold");
	enum kith_err err = each_mark(&q, false, fn, ctx, &more);

	if (err || !more)
		return err;
	q = kith_query(store, "SELECT contact, value FROM field WHERE kind = 23");
	return each_mark(&q, true, fn, ctx, &more);
}

/* --- asks and offers -------------------------------------------------------------------------- */

static enum kith_err each_field(struct kith_store *store, kith_wish_fn fn, void *ctx, bool *more)
{
	struct kith_query q = kith_query(store,
		"SELECT contact, kind = 32, value, entry <> 0 FROM field JOIN contact ON contact.row = contact WHERE "
		"kind IN (32, 33) AND review <> 3 AND NOT blocked");

	while (*more && kith_query_row(&q)) {
		struct kith_wish w = {.contact = kith_column_int(&q, 0),
			.offers = kith_column_int(&q, 1),
			.text = kith_column_span(&q, 2),
			.noted = kith_column_int(&q, 3)};
		*more = fn(ctx, &w);
	}
	return kith_query_end(&q);
}

/* The first word of a note is in the index of what was said; the colon is looked for here. */
static enum kith_err each_note(struct kith_store *store, kith_wish_fn fn, void *ctx, bool *more)
{
	struct kith_query q = kith_query(store,
		"SELECT remark.contact, remark.fold LIKE 'offers%', remark.text FROM said JOIN remark ON "
		"remark.row = said.rowid JOIN contact ON contact.row = remark.contact WHERE said MATCH "
		"'^asks OR ^offers' AND kind = 0 AND (remark.fold LIKE 'asks:%' OR remark.fold LIKE "
		"'offers:%') AND review <> 3 AND NOT blocked ORDER BY remark.at, remark.row");

	while (*more && kith_query_row(&q)) {
		struct kith_span text = kith_column_span(&q, 2);
		const uint8_t *colon = memchr(text.p, ':', text.n);
		size_t skip =
			colon ? (size_t)(colon + 1 - text.p) : 0; /* in another script: none */
		struct kith_wish w = {.contact = kith_column_int(&q, 0),
			.offers = kith_column_int(&q, 1),
			.noted = true,
			.text = kith_span(text.p + skip, text.n - skip)};
		*more = fn(ctx, &w);
	}
	return kith_query_end(&q);
}

enum kith_err kith_store_wishes(struct kith_store *store, kith_wish_fn fn, void *ctx)
{
	bool more = true;
	enum kith_err err = each_field(store, fn, ctx, &more);

	return err || !more ? err : each_note(store, fn, ctx, &more);
}

enum kith_err kith_store_aparts(struct kith_store *store, kith_apart_fn fn, void *ctx)
{
	bool more = true;
	struct kith_query q = kith_query(store,
		"SELECT a, b FROM aside UNION SELECT min(contact), max(contact) FROM introduction_side "
		"GROUP BY introduction HAVING count(contact) = 2");

	while (more && kith_query_row(&q))
		more = fn(ctx, kith_column_int(&q, 0), kith_column_int(&q, 1));
	return kith_query_end(&q);
}
