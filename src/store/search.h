/* SPDX-License-Identifier: MIT
 *
 * search - the text by which somebody is found: folded, in lines.
 */
#ifndef KITH_STORE_SEARCH_H
#define KITH_STORE_SEARCH_H

#include "store/db.h"

/* What is known of somebody, each part folded, one thing a line.  {0} at first; end with kith_search_free. */
struct kith_search {
	struct kith_buf name;
	struct kith_buf offers;
	struct kith_buf asks;
	struct kith_buf title;
	struct kith_buf org; /* and units of it */
	struct kith_buf tags;
	struct kith_buf promised;
	struct kith_buf text; /* everything else, but what was said (remark.c) */
};

static inline void kith_search_free(struct kith_search *s)
{
	kith_buf_free(&s->name);
	kith_buf_free(&s->offers);
	kith_buf_free(&s->asks);
	kith_buf_free(&s->title);
	kith_buf_free(&s->org);
	kith_buf_free(&s->tags);
	kith_buf_free(&s->promised);
	kith_buf_free(&s->text);
}

/* Adds what a field says, to the part where it belongs.  Of a telephone number the digits alone too.  KITH_ERR_NOMEM. */
enum kith_err kith_search_field(
	struct kith_search *s, uint32_t kind, struct kith_span value) KITH_MUST_CHECK;

/* Adds any text.  KITH_ERR_NOMEM. */
enum kith_err kith_search_text(struct kith_buf *text, struct kith_span more) KITH_MUST_CHECK;

/* Appends the digits of a telephone number.  KITH_ERR_NOMEM. */
enum kith_err kith_search_digits(struct kith_buf *out, struct kith_span value) KITH_MUST_CHECK;

/*
 * Keeps that as what is known of the person: _add when there is nothing yet.  It
 * stands in search, and the full-text index (words) follows it only here: a trigger may not write to
 * it in a schema that is not trusted.  Store errors.
 */
enum kith_err kith_search_add(
	struct kith_store *store, int64_t contact, const struct kith_search *s) KITH_MUST_CHECK;
enum kith_err kith_search_put(
	struct kith_store *store, int64_t contact, const struct kith_search *s) KITH_MUST_CHECK;
enum kith_err kith_search_remove(struct kith_store *store, int64_t contact) KITH_MUST_CHECK;

/* Works it out of fields, entries, meetings, tags, promises and relations, and keeps it.  Store errors. */
enum kith_err kith_search_refresh(struct kith_store *store, int64_t contact) KITH_MUST_CHECK;

#endif
