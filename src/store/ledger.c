/* SPDX-License-Identifier: MIT */
#include "store/cards.h"

/* The columns of one person, before it is known what they hold. */
struct line {
	struct kith_holding holding;
	uint64_t told_rev;
	int64_t told_at;
	bool told_foreign;
	uint64_t receipt_rev; /* of the newest one; 0: none */
	int64_t receipt_at;
};

static void read_line(const struct kith_query *q, struct line *ret)
{
	*ret = (struct line){
		.holding = {.contact = kith_column_int(q, 0),
			.person = kith_column_span(q, 1),
			.given = kith_column_span(q, 2),
			.given_rev = (uint64_t)kith_column_int(q, 3),
			.owed = kith_column_int(q, 4),
			.refused = kith_column_int(q, 12),
			.blocked = kith_column_int(q, 13),
			.frozen = kith_column_int(q, 14),
			.asked_back = (enum kith_letgo)kith_column_int(q, 9),
			.asked_at = kith_column_int(q, 10)},
		.told_rev = (uint64_t)kith_column_int(q, 5),
		.told_at = kith_column_int(q, 6),
		.receipt_rev = (uint64_t)kith_column_int(q, 7),
		.receipt_at = kith_column_int(q, 8),
		.told_foreign = kith_column_int(q, 11),
	};
}

/* The number they hold: by their last word, or by a receipt that came after it. */
static void decide(struct line *l)
{
	struct kith_holding *h = &l->holding;
	bool receipt = l->receipt_rev > 0 &&
		       (l->told_at == 0 || l->receipt_at > l->told_at ||
			       (l->receipt_at == l->told_at && l->receipt_rev >= l->told_rev));

	h->rev = receipt ? l->receipt_rev : l->told_rev;
	h->at = receipt ? l->receipt_at : l->told_at;
	h->foreign = !receipt && l->told_foreign;
	h->refused = h->refused && h->rev != h->given_rev; /* it may have come by file since */
	h->owed = h->owed && !h->refused;
	h->proof = receipt           ? KITH_PROOF_RECEIPT
		   : l->told_at != 0 ? KITH_PROOF_TOLD
				     : KITH_PROOF_NONE;
}

/* Which card that number is, its bytes, and the receipt for it if there is one.  Spans live until the end of q. */
static void describe(struct kith_query *q, struct kith_holding *h)
{
	kith_bind_int(q, (int64_t)h->rev);
	kith_bind_int(q, h->contact);
	if (!kith_query_row(q))
		return;
	h->card = kith_column_span(q, 0);
	h->envelope = kith_column_span(q, 1);
	if (kith_column_int(q, 2) == 0)
		return;
	h->proof = KITH_PROOF_RECEIPT;
	h->at = kith_column_int(q, 3);
	h->event = kith_column_span(q, 4);
}

enum kith_err kith_store_ledger(
	struct kith_store *store, int64_t contact, kith_holding_fn fn, void *ctx)
{
	bool more = true;
	enum kith_err err = KITH_OK;
	struct line line;
	KITH_QUERY struct kith_query q = kith_query(store,
		"SELECT c.row, c.name, my_card.name, my_card.held, "
		"EXISTS (SELECT 1 FROM debt WHERE contact = c.row), told_rev, told_at, "
		"(SELECT max(rev) FROM receipt WHERE contact = c.row), "
		"(SELECT at FROM receipt WHERE contact = c.row ORDER BY rev DESC LIMIT 1), "
		"coalesce((SELECT answer FROM takeback WHERE contact = c.row "
		"ORDER BY at DESC, answer LIMIT 1), -1), "
		"(SELECT coalesce(answered_at, sent_at, at) FROM takeback WHERE contact = c.row "
		"ORDER BY at DESC, answer LIMIT 1), told_foreign, "
		"coalesce(my_card.held <= refused, 0), blocked, frozen "
		"FROM contact AS c LEFT JOIN my_card ON my_card.card = c.given AND gone = 0 "
		"WHERE (?1 = 0 OR c.row = ?1) AND c.ik IS NOT NULL AND (length(c.given) = 8 "
		"OR told_rev > 0 OR EXISTS (SELECT 1 FROM receipt WHERE contact = c.row) "
		"OR EXISTS (SELECT 1 FROM takeback WHERE contact = c.row)) ORDER BY c.fold, c.row");

	kith_bind_int(&q, contact);
	while (!err && more && kith_query_row(&q)) {
		KITH_QUERY struct kith_query held = kith_query(store,
			"SELECT my_card.name, envelope, receipt.rev, receipt.at, event FROM mine_card "
			"LEFT JOIN my_card ON my_card.card = mine_card.card "
			"LEFT JOIN receipt ON receipt.contact = ?2 AND receipt.rev = mine_card.rev "
			"AND receipt.card = mine_card.card WHERE mine_card.rev = ?1 "
			"ORDER BY receipt.at LIMIT 1");
		read_line(&q, &line);
		decide(&line);
		if (line.holding.rev > 0 && !line.holding.foreign)
			describe(&held, &line.holding);
		if (!(err = held.err))
			more = fn(ctx, &line.holding);
	}
	enum kith_err done = kith_query_end(&q);
	return done ? done : err;
}

/* --- receipts ----------------------------------------------------------------------------------- */

/* A blob of that size; what a damaged page says otherwise stays zero, and does not verify. */
static void read_blob(const struct kith_query *q, int i, uint8_t *out, size_t n)
{
	struct kith_span s = kith_column_span(q, i);

	if (s.n == n)
		memcpy(out, s.p, n);
}

/* Their key, and the keys they had before. */
static enum kith_err read_keys(struct kith_store *store, int64_t contact, struct kith_buf *keys)
{
	enum kith_err err = KITH_OK;
	KITH_QUERY struct kith_query q = kith_query(store,
		"SELECT ik, 1 AS now FROM contact WHERE row = ?1 AND ik IS NOT NULL UNION ALL "
		"SELECT ik, 0 FROM former_key WHERE contact = ?1 ORDER BY now DESC");

	kith_bind_int(&q, contact);
	while (!err && kith_query_row(&q)) {
		struct kith_span ik = kith_column_span(&q, 0);
		if (ik.n == KITH_KEY_BYTES)
			err = kith_buf_add(keys, ik.p, ik.n);
	}
	enum kith_err done = kith_query_end(&q);
	return done ? done : err;
}

enum kith_err kith_store_receipts(
	struct kith_store *store, int64_t contact, kith_receipt_fn fn, void *ctx)
{
	KITH_AUTO_BUF struct kith_buf keys = {0};
	bool more = true;
	enum kith_err err = read_keys(store, contact, &keys);

	if (err)
		return err;
	struct kith_query q = kith_query(store,
		"SELECT session, envelope_hash, sig, receipt.card, receipt.rev, at, event, network, "
		"envelope, name FROM receipt JOIN contact ON contact.row = receipt.contact "
		"LEFT JOIN mine_card ON mine_card.rev = receipt.rev "
		"WHERE receipt.contact = ?1 ORDER BY receipt.rev, at, session");
	kith_bind_int(&q, contact);
	while (more && kith_query_row(&q)) {
		struct kith_receipt_kept kept = {.contact = contact,
			.person = kith_column_span(&q, 9),
			.receipt = {.rev = (uint64_t)kith_column_int(&q, 4),
				.at = kith_column_int(&q, 5)},
			.event = kith_column_span(&q, 6),
			.network = kith_column_span(&q, 7),
			.envelope = kith_column_span(&q, 8),
			.keys = kith_buf_span(&keys)};
		struct kith_receipt *r = &kept.receipt;
		read_blob(&q, 0, r->session, sizeof r->session);
		read_blob(&q, 1, r->envelope_hash, sizeof r->envelope_hash);
		read_blob(&q, 2, r->sig, sizeof r->sig);
		read_blob(&q, 3, r->card, sizeof r->card);
		more = fn(ctx, &kept);
	}
	return kith_query_end(&q);
}
