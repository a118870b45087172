/* SPDX-License-Identifier: MIT
 *
 * What must hold of every vCard that was read, whatever stands in it: for tests and for the fuzzer.
 */
#ifndef TEST_VCARD_ROUNDS_H
#define TEST_VCARD_ROUNDS_H

#include <stdio.h>
#include <stdlib.h>

#include "base/auto.h"
#include "vcard/item.h"
#include "vcard/map.h"
#include "vcard/value.h"
#include "vcard/write.h"

static inline void rounds_free(struct kith_vcard **v)
{
	kith_vcard_free(*v);
	*v = NULL;
}

#define VCARD KITH_AUTO(rounds_free) struct kith_vcard *

/* Why a check failed; NULL when it held. */
typedef const char *rounds_why;

#define ROUNDS_CHECK(cond, why)                                                                    \
	do {                                                                                       \
		if (!(cond))                                                                       \
			return why;                                                                \
	} while (0)

static inline bool rounds_same_field(const struct kith_field *a, const struct kith_field *b)
{
	if (a->kind != b->kind || a->flags != b->flags || a->parts != b->parts ||
		!kith_span_eq(a->label, b->label))
		return false;
	for (size_t i = 0; i < a->parts; i++)
		if (!kith_span_eq(a->part[i], b->part[i]))
			return false;
	return true;
}

static inline bool rounds_same_fields(const struct kith_fields *a, const struct kith_fields *b)
{
	for (size_t i = 0; i < a->n && i < b->n; i++)
		if (!rounds_same_field(&a->at[i], &b->at[i]))
			return false;
	return a->n == b->n;
}

/* The same value; that of an AGENT has line ends, which become CRLF. */
static inline bool rounds_same_value(struct kith_span a, struct kith_span b)
{
	size_t i = 0, j = 0;

	if (kith_span_eq(a, b))
		return true;
	for (;;) {
		while (i < a.n && a.p[i] == '\r')
			i++;
		while (j < b.n && b.p[j] == '\r')
			j++;
		if (i == a.n || j == b.n)
			return i == a.n && j == b.n && memchr(b.p, '\n', b.n);
		if (a.p[i++] != b.p[j++])
			return false;
	}
}

static inline bool rounds_same_property(
	const struct kith_vcard_property *a, const struct kith_vcard_property *b)
{
	return kith_span_eq(a->group, b->group) && kith_span_eq(a->name, b->name) &&
	       kith_span_eq(a->params, b->params) && rounds_same_value(a->value, b->value);
}

/* The next property from *at on that is no field, and of no version; NULL at the end. */
static inline const struct kith_vcard_property *rounds_rest(
	const struct kith_items *items, size_t *at, bool stamps)
{
	uint32_t kind;

	while (*at < items->properties) {
		size_t i = (*at)++;
		enum kith_role role = kith_role_of(&items->property[i], &kind);
		if (role == KITH_ROLE_VERSION || items->use[i] == KITH_USE_FIELD ||
			items->use[i] == KITH_USE_LABEL)
			continue;
		if (stamps || items->use[i] != KITH_USE_SYSTEM)
			return &items->property[i];
	}
	return NULL;
}

/* Whether all that is no field is the same, in the same order; b may end with a UID that a lacks, and
 * begin with an FN and N that say nothing. */
static inline rounds_why rounds_same_rest(struct kith_vcard *a, struct kith_vcard *b)
{
	const struct kith_vcard_property *p, *q;
	struct kith_items x, y;
	size_t i = 0, j = 0;
	uint32_t kind;

	ROUNDS_CHECK(!kith_items_read(a, &x) && !kith_items_read(b, &y), "memory");
	q = rounds_rest(&y, &j, true);
	while ((p = rounds_rest(&x, &i, true))) {
		while (q && !rounds_same_property(p, q) &&
			(kith_role_of(q, &kind) == KITH_ROLE_FN ||
				kith_role_of(q, &kind) == KITH_ROLE_N))
			q = rounds_rest(&y, &j, true);
		ROUNDS_CHECK(q, "a property is lost");
		ROUNDS_CHECK(rounds_same_property(p, q), "a property that is no field changed");
		q = rounds_rest(&y, &j, true);
	}
	while (q && (kith_role_of(q, &kind) == KITH_ROLE_UID ||
			    kith_role_of(q, &kind) == KITH_ROLE_FN ||
			    kith_role_of(q, &kind) == KITH_ROLE_N))
		q = rounds_rest(&y, &j, true);
	ROUNDS_CHECK(!q, "a property came from nowhere");
	return NULL;
}

/* read - write - read is the identity on the fields and on the rest, and writing again on the bytes. */
static inline rounds_why rounds_write(struct kith_vcard *v, enum kith_vcard_version as)
{
	static struct kith_fields before, after;
	KITH_AUTO_BUF struct kith_buf once = {0}, twice = {0};
	VCARD back = NULL;
	rounds_why why;

	ROUNDS_CHECK(!kith_vcard_fields(v, &before), "fields");
	ROUNDS_CHECK(!kith_vcard_write(v, as, &once), "write");
	ROUNDS_CHECK(
		!kith_vcard_parse(kith_buf_span(&once), &back, NULL), "parse what was written");
	ROUNDS_CHECK(kith_vcard_version(back) == as, "version");
	ROUNDS_CHECK(!kith_vcard_fields(back, &after), "fields");
	ROUNDS_CHECK(rounds_same_fields(&before, &after), "the fields differ");
	ROUNDS_CHECK(kith_vcard_uid(back).n > 0, "no UID");
	if ((why = rounds_same_rest(v, back)))
		return why;
	ROUNDS_CHECK(!kith_vcard_write(back, as, &twice), "write again");
	ROUNDS_CHECK(kith_span_eq(kith_buf_span(&once), kith_buf_span(&twice)),
		"written again it has other bytes");
	return NULL;
}

/* Setting what is there changes nothing. */
static inline rounds_why rounds_set_same(struct kith_vcard *v)
{
	static struct kith_fields fields, after;
	KITH_AUTO_BUF struct kith_buf once = {0}, twice = {0};
	VCARD back = NULL;
	size_t n, m, at = 0;

	ROUNDS_CHECK(!kith_vcard_fields(v, &fields), "fields");
	ROUNDS_CHECK(!kith_vcard_set(v, &fields, kith_span("", 0), &once), "set");
	ROUNDS_CHECK(!kith_vcard_parse(kith_buf_span(&once), &back, NULL), "parse what was set");
	ROUNDS_CHECK(!kith_vcard_fields(back, &after), "fields");
	ROUNDS_CHECK(rounds_same_fields(&fields, &after), "set with the same fields changed them");
	ROUNDS_CHECK(!kith_vcard_set(back, &after, kith_vcard_uid(back), &twice), "set again");
	ROUNDS_CHECK(kith_span_eq(kith_buf_span(&once), kith_buf_span(&twice)),
		"set with the same fields changed bytes");
	if (kith_vcard_version(v) == KITH_VCARD_21)
		return NULL;
	const struct kith_vcard_property *p = kith_vcard_properties(v, &n);
	const struct kith_vcard_property *q = kith_vcard_properties(back, &m);
	for (size_t i = 0; i < n; i++) {
		if (kith_vcard_is(&p[i], "VERSION"))
			continue;
		while (at < m && kith_vcard_is(&q[at], "VERSION"))
			at++;
		ROUNDS_CHECK(at < m && rounds_same_property(&p[i], &q[at]),
			"set with the same fields changed a property");
		at++;
	}
	return NULL;
}

/* Setting some fields gives those fields, and leaves everything that is none alone. */
static inline rounds_why rounds_set(struct kith_vcard *v, const struct kith_fields *fields)
{
	static struct kith_fields after;
	KITH_AUTO_BUF struct kith_buf once = {0}, twice = {0};
	VCARD back = NULL;
	rounds_why why;

	ROUNDS_CHECK(!kith_vcard_set(v, fields, kith_span_str("u-1"), &once), "set");
	ROUNDS_CHECK(!kith_vcard_parse(kith_buf_span(&once), &back, NULL), "parse what was set");
	ROUNDS_CHECK(!kith_vcard_fields(back, &after), "fields");
	ROUNDS_CHECK(kith_span_eq(kith_vcard_uid(back), kith_span_str("u-1")), "another UID");
	ROUNDS_CHECK(!kith_vcard_set(back, &after, kith_span_str("u-1"), &twice), "set again");
	ROUNDS_CHECK(kith_span_eq(kith_buf_span(&once), kith_buf_span(&twice)),
		"set again with what came out changed bytes");
	why = rounds_write(back, KITH_VCARD_30);
	return why ? why : rounds_write(back, KITH_VCARD_40);
}

/* Merging with itself adds nothing; merging twice no more than once. */
static inline rounds_why rounds_merge(struct kith_vcard *v, struct kith_vcard *other)
{
	KITH_AUTO_BUF struct kith_buf once = {0}, twice = {0}, self = {0};
	VCARD back = NULL;
	size_t n = 1;

	ROUNDS_CHECK(!kith_vcard_merge(v, v, &self, &n), "merge with itself");
	ROUNDS_CHECK(n == 0, "merging with itself added something");
	ROUNDS_CHECK(!kith_vcard_merge(v, other, &once, &n), "merge");
	ROUNDS_CHECK(!kith_vcard_parse(kith_buf_span(&once), &back, NULL), "parse what was merged");
	ROUNDS_CHECK(!kith_vcard_merge(back, other, &twice, &n), "merge again");
	ROUNDS_CHECK(n == 0, "merging again added something");
	ROUNDS_CHECK(kith_span_eq(kith_buf_span(&once), kith_buf_span(&twice)),
		"merging again changed bytes");
	return NULL;
}

static inline rounds_why rounds_all(struct kith_vcard *v)
{
	KITH_AUTO_BUF struct kith_buf words = {0};
	rounds_why why;

	if ((why = rounds_write(v, KITH_VCARD_30)) || (why = rounds_write(v, KITH_VCARD_40)) ||
		(why = rounds_set_same(v)))
		return why;
	ROUNDS_CHECK(!kith_vcard_words(v, &words), "words");
	return rounds_merge(v, v);
}

#endif
