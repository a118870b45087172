/* SPDX-License-Identifier: MIT
 *
 * news - a line about what changed, written with the change.
 * Everything here runs inside a transaction of the caller.
 */
#ifndef KITH_STORE_NEWS_H
#define KITH_STORE_NEWS_H

#include <kith/known.h>

#include "store/db.h"

/* A line that is to come. */
struct kith_news_line {
	enum kith_notice_kind kind;
	int64_t contact; /* whom it is about; 0: nobody */
	int64_t before;  /* rows of card; 0: none */
	int64_t now;
	uint64_t number;       /* see the kinds */
	struct kith_span text; /* n == 0 for none; at most NEWS_TEXT_MAX bytes are kept */
	int64_t at;            /* Unix seconds */
};

/* Adds it; of more than NEWS_MAX the oldest go.  Store errors. */
enum kith_err kith_store_news_add(
	struct kith_store *store, const struct kith_news_line *line) KITH_MUST_CHECK;

/* Before a row of card is deleted: the lines about it stay without it.  Store errors. */
enum kith_err kith_store_news_uncard(struct kith_store *store, int64_t card_row) KITH_MUST_CHECK;

#endif
