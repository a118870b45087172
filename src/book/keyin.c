/* SPDX-License-Identifier: MIT */
#include "book/keyin.h"

#include "base/auto.h"
#include "base/diag.h"
#include "book/held.h"
#include "book/taking.h"

enum kith_err kith_keyin_fail(struct kith_diag *diag, enum kith_err err, const char *name)
{
	switch (err) {
	case KITH_ERR_NOTCARD:
		return kith_fail(diag, err, "%s is not a statement of kith's", name);
	case KITH_ERR_SUBJECT:
		return kith_fail(
			diag, err, "%s is part of an introduction, and says nothing of keys", name);
	case KITH_ERR_SIG:
		return kith_fail(diag, err,
			"%s: a signature does not hold; the statement was changed after it was "
			"signed, or is not by the key that it names",
			name);
	case KITH_ERR_VERSION:
		return kith_fail(diag, err, "%s was made by a newer kith; update this one", name);
	case KITH_ERR_NOMEM:
		return kith_fail(diag, err, "%s", kith_err_text(err));
	default:
		return kith_fail(
			diag, err, "%s is damaged, ask for it again: %s", name, kith_err_text(err));
	}
}

/* Why the store did not take it. */
static enum kith_err explain(enum kith_err err, const char *file, struct kith_intake_result *r)
{
	switch (err) {
	case KITH_ERR_STALEKEY:
		(void)kith_fail(&r->why, err,
			"%s: this change of key is not taken: the person is frozen, or it leads back "
			"to a key that was left; meet them and compare",
			file);
		break;
	case KITH_ERR_EXISTS:
		(void)kith_fail(&r->why, err,
			"%s: this change of key leads to the key of somebody else whom you know; if "
			"they are one person: kith replace",
			file);
		break;
	case KITH_ERR_OWNKEY:
		(void)kith_fail(&r->why, err,
			"%s: this change of key leads from or to a key of yours; if you did not make "
			"it, somebody has a copy of that key: kith key rotate",
			file);
		return kith_taking_skip(r, KITH_ERR_EXISTS); /* as what is about my own key */
	case KITH_ERR_LIMIT:
		(void)kith_fail(&r->why, err,
			"%s: this person has changed keys too often since you compared; meet them "
			"and compare",
			file);
		break;
	default:
		return err;
	}
	return kith_taking_skip(r, err);
}

static enum kith_err name_of(struct kith_store *store, struct kith_intake_result *r)
{
	KITH_AUTO(kith_contact_free) struct kith_contact c = {0};
	enum kith_err err = kith_store_contact(store, r->contact, &c);

	if (!err)
		kith_held_quoted(c.name, r->name);
	return err;
}

static enum kith_err take(struct kith_intake *in, const char *file, struct kith_span bytes,
	struct kith_intake_result *r)
{
	struct kith_keys_outcome outcome;
	enum kith_err err;

	if (kith_my_is(&in->my, r->statement.ik)) {
		(void)kith_fail(&r->why, KITH_ERR_EXISTS, "%s is about your own key; %s", file,
			r->statement.kind == KITH_STATEMENT_REVOKE
				? "to revoke that: kith key revoke --now"
				: "it was made here, or with a copy of that");
		return kith_taking_skip(r, KITH_ERR_EXISTS);
	}
	err = kith_keys_take(in->store, &r->statement, bytes, in->now, &outcome);
	if (err)
		return explain(err, file, r);
	r->keys = outcome.what;
	r->frozen = outcome.frozen;
	r->contact = outcome.contact;
	if (outcome.what == KITH_KEYS_NOBODY) {
		(void)kith_fail(&r->why, KITH_ERR_NOPERSON,
			"%s: nobody here has the key that it is about; nothing was stored", file);
		return kith_taking_skip(r, KITH_ERR_NOPERSON);
	}
	r->what = outcome.what == KITH_KEYS_SAME ? KITH_INTAKE_SAME : KITH_INTAKE_UPDATED;
	return name_of(in->store, r);
}

enum kith_err kith_intake_statement(struct kith_intake *in, const char *file,
	struct kith_span bytes, struct kith_intake_result *ret)
{
	struct kith_intake_result r = {.is_statement = true};
	enum kith_err err = kith_intake_join(in);

	if (err)
		return err;
	if (!(err = kith_statement_verify(bytes, &r.statement)))
		err = take(in, file, bytes, &r);
	else if (err != KITH_ERR_NOMEM)
		err = kith_taking_skip(&r, kith_keyin_fail(&r.why, err, file));
	if (!err)
		*ret = r;
	return err;
}
