/* SPDX-License-Identifier: MIT */
#include <kith/select.h>

#include "store/db.h"

struct telling {
	struct kith_store *store;
	int64_t contact;
	kith_told_fn fn;
	void *ctx;
	bool more;
};

/* Rows of a text, the moment, and the other one. */
static enum kith_err each(
	struct telling *t, const char *sql, enum kith_place place, const char *what)
{
	struct kith_query q;

	if (!t->more)
		return KITH_OK;
	q = kith_query(t->store, sql);
	kith_bind_int(&q, t->contact);
	while (t->more && kith_query_row(&q)) {
		struct kith_told told = {.place = place,
			.what = what,
			.text = kith_column_span(&q, 0),
			.at = kith_column_int(&q, 1),
			.other = kith_column_int(&q, 2)};
		if (told.text.n)
			t->more = t->fn(t->ctx, &told);
	}
	return kith_query_end(&q);
}

static enum kith_place place_of(uint32_t kind)
{
	switch (kind) {
	case KITH_FIELD_OFFERS:
		return KITH_PLACE_OFFERS;
	case KITH_FIELD_ASKS:
		return KITH_PLACE_ASKS;
	case KITH_FIELD_TITLE:
		return KITH_PLACE_TITLE;
	case KITH_FIELD_ORG:
	case KITH_FIELD_UNIT:
		return KITH_PLACE_ORG;
	default:
		return KITH_PLACE_REST;
	}
}

/* A value of several parts has ";" between them. */
static enum kith_err fields(struct telling *t)
{
	struct kith_query q = kith_query(t->store,
		"SELECT kind, value FROM field WHERE contact = ?1 AND kind <> 1 ORDER BY entry, seq");

	kith_bind_int(&q, t->contact);
	while (t->more && kith_query_row(&q)) {
		uint32_t kind = (uint32_t)kith_column_int(&q, 0);
		const struct kith_field_info *info = kith_field_info(kind);
		struct kith_told told = {.place = place_of(kind),
			.what = info ? info->name : "",
			.text = kith_column_span(&q, 1)};
		if (info && told.text.n)
			t->more = t->fn(t->ctx, &told);
	}
	return kith_query_end(&q);
}

/* The newest first: it says most. */
static enum kith_err remarks(struct telling *t)
{
	static const char *const what[] = {"note", "call", "met", "wrote"};
	struct kith_query q = kith_query(t->store,
		"SELECT text, at, kind, kind = 0 AND fold LIKE 'asks:%' FROM remark WHERE contact = ?1 "
		"ORDER BY at DESC, row DESC");

	kith_bind_int(&q, t->contact);
	while (t->more && kith_query_row(&q)) {
		int64_t kind = kith_column_int(&q, 2);
		struct kith_told told = {
			.place = kith_column_int(&q, 3) ? KITH_PLACE_ASKS : KITH_PLACE_SAID,
			.what = kind >= 0 && kind < 4 ? what[kind] : "",
			.text = kith_column_span(&q, 0),
			.at = kith_column_int(&q, 1)};
		if (told.text.n)
			t->more = t->fn(t->ctx, &told);
	}
	return kith_query_end(&q);
}

_Static_assert(KITH_FIELD_NAME == 1 && KITH_REMARK_NOTE == 0 && KITH_REMARK_CALL == 1 &&
		       KITH_REMARK_MET == 2 && KITH_REMARK_WROTE == 3,
	"stand in this file as numbers");

enum kith_err kith_store_told(struct kith_store *store, int64_t contact, kith_told_fn fn, void *ctx)
{
	static const struct {
		const char *sql;
		enum kith_place place;
		const char *what;
	} others[] = {
		{"SELECT name, 0, 0 FROM tag WHERE contact = ?1 ORDER BY fold", KITH_PLACE_TAG,
			"tag"},
		{"SELECT text, made, 0 FROM promise WHERE contact = ?1 ORDER BY row DESC",
			KITH_PLACE_SAID, "promise"},
		{"SELECT event, at, 0 FROM met WHERE contact = ?1 GROUP BY event ORDER BY max(row) "
		 "DESC",
			KITH_PLACE_REST, "event"},
		{"SELECT name, began, 0 FROM event_guest CROSS JOIN event ON event.row = event "
		 "WHERE contact = ?1 ORDER BY began DESC",
			KITH_PLACE_REST, "event"},
		{"SELECT words, at, iif(a = ?1, b, a) FROM relation WHERE a = ?1 OR b = ?1 ORDER BY "
		 "at DESC",
			KITH_PLACE_REST, "relation"},
		{"SELECT words, 0, 0 FROM entry WHERE contact = ?1 ORDER BY home IS NOT NULL, row",
			KITH_PLACE_REST, "also"},
	};
	struct telling t = {.store = store, .contact = contact, .fn = fn, .ctx = ctx, .more = true};
	enum kith_err err = fields(&t);

	if (!err && t.more)
		err = remarks(&t);
	for (size_t i = 0; !err && i < sizeof others / sizeof others[0]; i++)
		err = each(&t, others[i].sql, others[i].place, others[i].what);
	return err;
}
