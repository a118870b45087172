/* SPDX-License-Identifier: MIT
 *
 * card.txt - cards with one fault each, armor, and what a holder does with a later revision.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <kith/card.h>
#include <kith/store.h>

#include "base/auto.h"
#include "vectors/vector.h"

/* A field as the vectors write it: "kind flags label part ...". */
static bool write_field(struct kith_buf *out, const struct kith_field *f)
{
	bool ok = !kith_buf_printf(out, "%u %u", f->kind, f->flags);

	for (size_t i = 0; i < f->parts + 1; i++) {
		struct kith_span s = i ? f->part[i - 1] : f->label;
		ok = ok && !kith_buf_add_str(out, s.n ? " " : " -");
		for (size_t j = 0; j < s.n; j++)
			ok = ok && !kith_buf_printf(out, "%02x", s.p[j]);
	}
	return ok && kith_buf_cstr(out);
}

/* The vectors keep every kind and all bits of flags; a reader here keeps 32 bits of a kind, which
 * is unknown anyway, and the one flag it knows. */
static void as_kept(struct kith_buf *out, const char *want)
{
	char *behind = NULL;
	unsigned long long kind = strtoull(want, &behind, 10);
	unsigned long long flags = strtoull(behind, &behind, 10);

	if (kind > UINT32_MAX)
		kind = UINT32_MAX;
	if (kith_buf_printf(out, "%llu %llu%s", kind, flags & KITH_FIELD_PREFERRED, behind) ||
		!kith_buf_cstr(out))
		abort();
}

static void check_fields(struct kith_vector *v, const struct kith_fields *fields)
{
	for (size_t i = 0; i < fields->n; i++) {
		KITH_AUTO_BUF struct kith_buf got = {0};
		KITH_AUTO_BUF struct kith_buf want = {0};
		const char *line = kith_vector_text_at(v, "field", i);
		if (!line || !write_field(&got, &fields->at[i])) {
			kith_vector_fail(v, "a field too many");
			return;
		}
		as_kept(&want, line);
		if (!kith_span_eq(kith_buf_span(&want), kith_buf_span(&got)))
			kith_vector_fail(v, "field %zu is %s", i, (const char *)got.p);
	}
	if (kith_vector_text_at(v, "field", fields->n))
		kith_vector_fail(v, "a field is missing");
}

static void check_card(struct kith_vector *v)
{
	KITH_AUTO_FREE struct kith_card *c = calloc(1, sizeof *c);
	enum kith_err err = kith_card_verify(kith_vector_bytes(v, "input"), c);
	char id[KITH_ID_CHARS + 1];

	kith_vector_same_class(v, err);
	if (err || v->failed)
		return;
	kith_id_text(c->ik, id);
	kith_vector_same_text(v, "id", id);
	kith_vector_same(v, "ik", kith_span(c->ik, 32));
	kith_vector_same(v, "xk", kith_span(c->xk, 32));
	kith_vector_same_number(v, "rev", c->rev);
	kith_vector_same_number(v, "issued", (uint64_t)c->issued);
	kith_vector_same_number(v, "pass", c->pass);
	kith_vector_same_number(v, "variant", c->variant);
	kith_vector_same(v, "card", kith_span(c->card, sizeof c->card));
	if (c->has_prev != (kith_vector_text(v, "prev") != NULL))
		kith_vector_fail(v, "prev is there on one side only");
	else if (c->has_prev)
		kith_vector_same(v, "prev", kith_span(c->prev, sizeof c->prev));
	check_fields(v, &c->fields);
}

static void check_armor(struct kith_vector *v)
{
	KITH_AUTO_BUF struct kith_buf got = {0};
	enum kith_err err = kith_card_from_file(kith_vector_bytes(v, "input"), &got);

	kith_vector_same_class(v, err);
	if (!err)
		kith_vector_same(v, "envelope", kith_buf_span(&got));
}

/* What a holder did, in the words of the vectors. */
static const char *outcome(enum kith_err err, enum kith_import what)
{
	switch (err) {
	case KITH_OK:
		return what == KITH_IMPORT_NEW || what == KITH_IMPORT_UPDATED ? "replace"
									      : "ignore";
	case KITH_ERR_CONFLICT:
		return "conflict";
	case KITH_ERR_ROLLBACK:
		return "rollback";
	case KITH_ERR_LIMIT:
		return "limit";
	default:
		return kith_err_name(err);
	}
}

/* Hands both cards to a store, as files. */
static void revise_in(struct kith_vector *v, const char *home)
{
	KITH_AUTO_FREE struct kith_card *have = calloc(1, sizeof *have);
	KITH_AUTO_FREE struct kith_card *got = calloc(1, sizeof *got);
	struct kith_span have_bytes = kith_vector_bytes(v, "have");
	struct kith_span got_bytes = kith_vector_bytes(v, "input");
	struct kith_store *store = NULL;
	enum kith_import what = KITH_IMPORT_NEW;
	struct kith_diag diag = {0};
	enum kith_err err = kith_store_open(home, KITH_STORE_WRITE, &store, &diag);

	if (!err)
		err = kith_card_verify(have_bytes, have);
	if (!err)
		err = kith_store_import(store, have, have_bytes, 1, &what);
	if (!err)
		err = kith_card_verify(got_bytes, got);
	if (err)
		kith_vector_fail(
			v, "nothing to compare with: %s %s", kith_err_name(err), diag.text);
	else
		err = kith_store_import(store, got, got_bytes, 2, &what);
	kith_vector_same_text(v, "expect", outcome(err, what));
	kith_store_close(store);
}

static void check_revise(struct kith_vector *v)
{
	const char *tmp = getenv("TMPDIR");
	char home[256], file[300];

	(void)snprintf(home, sizeof home, "%s/kith-vectors-XXXXXX", tmp ? tmp : "/tmp");
	if (!mkdtemp(home)) {
		kith_vector_fail(v, "no folder %s", home);
		return;
	}
	revise_in(v, home);
	for (const char *const *end = (const char *const[]){"", "-wal", "-shm", NULL}; *end;
		end++) {
		(void)snprintf(file, sizeof file, "%s/kith.db%s", home, *end);
		(void)unlink(file);
	}
	if (rmdir(home) != 0)
		kith_vector_fail(v, "%s is not empty", home);
}

void kith_vector_card(struct kith_vector *v)
{
	if (kith_vector_is(v, "kind", "card"))
		check_card(v);
	else if (kith_vector_is(v, "kind", "armor"))
		check_armor(v);
	else if (kith_vector_is(v, "kind", "revise"))
		check_revise(v);
	else
		kith_vector_fail(v, "of an unknown kind");
}
