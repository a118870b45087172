/* SPDX-License-Identifier: MIT
 *
 * statement.txt - statements about keys with one fault each, their armor, and what a store makes of
 * several in turn.
 */
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <unistd.h>

#include <kith/keys.h>
#include <kith/known.h>

#include "base/auto.h"
#include "vectors/vector.h"

static void check_statement(struct kith_vector *v)
{
	struct kith_statement s;
	enum kith_err err = kith_statement_verify(kith_vector_bytes(v, "input"), &s);

	kith_vector_same_class(v, err);
	if (err || v->failed)
		return;
	bool rotate = s.kind == KITH_STATEMENT_ROTATE;
	kith_vector_same_text(v, "what", rotate ? "rotate" : "revoke");
	kith_vector_same(v, "ik", kith_span(s.ik, sizeof s.ik));
	kith_vector_same_number(v, "issued", (uint64_t)s.issued);
	kith_vector_same(v, "hash", kith_span(s.hash, sizeof s.hash));
	if (!rotate) {
		kith_vector_same_number(v, "reason", s.reason);
		return;
	}
	kith_vector_same(v, "new_ik", kith_span(s.new_ik, sizeof s.new_ik));
	kith_vector_same(v, "new_xk", kith_span(s.new_xk, sizeof s.new_xk));
	kith_vector_same_number(v, "seq", s.seq);
}

static void check_armor(struct kith_vector *v)
{
	KITH_AUTO_BUF struct kith_buf got = {0};
	enum kith_err err = kith_statement_from_file(kith_vector_bytes(v, "input"), &got);

	kith_vector_same_class(v, err);
	if (!err)
		kith_vector_same(v, "bytes", kith_buf_span(&got));
}

/* --- a holder -------------------------------------------------------------------------------- */

/* Somebody whose key that is, from a file: the least that a contact can be. */
static enum kith_err add_person(
	struct kith_store *store, const uint8_t *ik, const char *name, int64_t *ret_row)
{
	struct kith_contact c = {0};
	struct kith_card card = {.rev = 1};
	enum kith_import what;

	memcpy(card.ik, ik, sizeof card.ik);
	card.fields.n = 1;
	card.fields.at[0] = (struct kith_field){.kind = KITH_FIELD_NAME, .parts = 1};
	card.fields.at[0].part[0] = kith_span_str(name);
	card.body = kith_span_str(name);
	enum kith_err err = kith_store_import(store, &card, kith_span_str("envelope"), 1, &what);
	if (!err)
		err = kith_store_contact_of(store, ik, &c);
	*ret_row = c.row;
	kith_contact_free(&c);
	return err;
}

/* What a statement came to, in the words of the vectors. */
static const char *take(
	struct kith_vector *v, struct kith_store *store, const char *hex, int64_t row)
{
	static const char *const names[] = {[KITH_KEYS_NOBODY] = "nobody",
		[KITH_KEYS_SAME] = "same",
		[KITH_KEYS_ROTATED] = "rotated",
		[KITH_KEYS_FROZEN] = "frozen",
		[KITH_KEYS_EVIDENCE] = "evidence"};
	struct kith_span bytes = kith_vector_hex(v, hex);
	struct kith_statement s;
	struct kith_keys_outcome outcome;
	enum kith_err err = kith_statement_verify(bytes, &s);

	if (err) {
		kith_vector_fail(v, "a step is %s", kith_err_name(err));
		return "";
	}
	if ((err = kith_keys_take(store, &s, bytes, 3, &outcome)))
		return err == KITH_ERR_STALEKEY ? "stalekey"
		       : err == KITH_ERR_EXISTS ? "exists"
		       : err == KITH_ERR_LIMIT  ? "limit"
						: kith_err_name(err);
	if (outcome.what != KITH_KEYS_NOBODY && outcome.contact != row)
		kith_vector_fail(v, "it is about row %lld", (long long)outcome.contact);
	return names[outcome.what];
}

/* They have proven to have the key that they have now. */
static enum kith_err prove(struct kith_store *store, int64_t row)
{
	struct kith_contact c = {0};
	struct kith_recognised r = {.contact = row, .at = 2};
	enum kith_err err = kith_store_contact(store, row, &c);

	memcpy(r.ik, c.ik, sizeof r.ik);
	kith_contact_free(&c);
	return err ? err : kith_store_known_met(store, &r);
}

/* One step; `-` when it is none that takes something. */
static const char *step(struct kith_vector *v, struct kith_store *store, const char *what,
	int64_t row, int64_t *now)
{
	if (strncmp(what, "take ", 5) == 0)
		return take(v, store, what + 5, row);
	enum kith_err err = strcmp(what, "prove") == 0
				    ? prove(store, row)
				    : kith_store_compared(store, row, KITH_HOW_COMPARED,
					      kith_span("", 0), (*now)++);
	if (err)
		kith_vector_fail(v, "%s: %s", what, kith_err_name(err));
	return "-";
}

static void check_end(struct kith_vector *v, struct kith_store *store, int64_t row)
{
	struct kith_contact c = {0};
	struct kith_keys_state state = {0};
	enum kith_err err = kith_store_contact(store, row, &c);

	if (!err)
		err = kith_keys_of(store, row, &state);
	if (err)
		kith_vector_fail(v, "the person: %s", kith_err_name(err));
	kith_vector_same(v, "ends", kith_span(c.ik, sizeof c.ik));
	kith_vector_same_text(v, "frozen", state.frozen ? kith_frozen_name(state.frozen) : "no");
	kith_contact_free(&c);
}

static void hold(struct kith_vector *v, struct kith_store *store)
{
	KITH_AUTO_BUF struct kith_buf came = {0};
	const char *what;
	int64_t row, other, now = 4;
	enum kith_err err = add_person(store, kith_vector_32(v, "ik"), "Ada", &row);

	for (size_t i = 0; !err && (what = kith_vector_text_at(v, "other", i)); i++)
		err = add_person(store, kith_vector_hex(v, what).p, "Bob", &other);
	for (size_t i = 0; !err && (what = kith_vector_text_at(v, "step", i)); i++)
		err = kith_buf_printf(&came, "%s%s", i ? " " : "", step(v, store, what, row, &now));
	if (err || !kith_buf_cstr(&came)) {
		kith_vector_fail(v, "%s: %s", kith_err_name(err), kith_store_why(store));
		return;
	}
	kith_vector_same_text(v, "came", (const char *)came.p);
	check_end(v, store, row);
}

static void check_holder(struct kith_vector *v)
{
	const char *tmp = getenv("TMPDIR");
	char home[256], file[300];
	struct kith_store *store = NULL;
	struct kith_diag diag = {0};

	(void)snprintf(home, sizeof home, "%s/kith-vectors-XXXXXX", tmp ? tmp : "/tmp");
	if (!mkdtemp(home)) {
		kith_vector_fail(v, "no folder %s", home);
		return;
	}
	if (kith_store_open(home, KITH_STORE_WRITE, &store, &diag))
		kith_vector_fail(v, "no store: %s", diag.text);
	else
		hold(v, store);
	kith_store_close(store);
	for (const char *const *end = (const char *const[]){"", "-wal", "-shm", NULL}; *end;
		end++) {
		(void)snprintf(file, sizeof file, "%s/kith.db%s", home, *end);
		(void)unlink(file);
	}
	(void)rmdir(home);
}

void kith_vector_statement(struct kith_vector *v)
{
	if (kith_vector_is(v, "kind", "statement"))
		check_statement(v);
	else if (kith_vector_is(v, "kind", "armor"))
		check_armor(v);
	else if (kith_vector_is(v, "kind", "holder"))
		check_holder(v);
	else
		kith_vector_fail(v, "of an unknown kind");
}
