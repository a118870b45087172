/* SPDX-License-Identifier: MIT */
#include "book/intake.h"

#include <stdio.h>

#include "base/auto.h"
#include "base/limits.h"
#include "base/text.h"
#include "book/cardfile.h"
#include "book/held.h"
#include "crypto/hash.h"
#include "vcard/map.h"
#include "vcard/seal.h"
#include "vcard/write.h"
#include "base/diag.h"

#define BATCH_MS 250 /* a batch keeps other programs waiting */

/* What an import does to one vCard. */
struct job {
	struct kith_intake *in;
	struct kith_vcard *v;
	struct kith_span text; /* its bytes */
	const struct kith_fields *fields;
	struct kith_intake_result *result;
};

static void vcard_end(struct kith_vcard **v)
{
	kith_vcard_free(*v);
}

enum kith_err kith_intake_begin(
	struct kith_intake *in, struct kith_store *store, struct kith_diag *diag)
{
	const struct kith_env *env = kith_env_default();

	in->store = store;
	in->now = env->wall(env->ctx);
	return kith_my_read(store, &in->my, diag);
}

void kith_intake_end(struct kith_intake *in)
{
	kith_intake_drop(in);
	kith_my_free(&in->my);
	kith_familiar_free(&in->familiar);
}

/* --- batches ---------------------------------------------------------------------------------- */

static uint64_t ticks(void)
{
	const struct kith_env *env = kith_env_default();

	return env->ticks(env->ctx);
}

/* Another card joins the batch. */
static enum kith_err join_batch(struct kith_intake *in)
{
	if (!in->in_batch) {
		enum kith_err err = kith_store_batch(in->store);
		if (err)
			return err;
		in->in_batch = true;
		in->batch_n = 0;
		in->batch_at = ticks();
	}
	in->batch_n++;
	return KITH_OK;
}

bool kith_intake_due(const struct kith_intake *in)
{
	return in->in_batch &&
	       (in->batch_n >= KITH_BATCH_MAX || ticks() - in->batch_at >= BATCH_MS);
}

enum kith_err kith_intake_commit(struct kith_intake *in)
{
	bool was = in->in_batch;

	in->in_batch = false;
	return was ? kith_store_batch_end(in->store, true) : KITH_OK;
}

void kith_intake_drop(struct kith_intake *in)
{
	enum kith_err err = in->in_batch ? kith_store_batch_end(in->store, false) : KITH_OK;

	(void)err; /* closing the store would forget it, too */
	in->in_batch = false;
}

/* --- signed cards ----------------------------------------------------------------------------- */

static bool ends_import(enum kith_err err)
{
	return err == KITH_ERR_NOMEM || kith_err_exit(err) == kith_err_exit(KITH_ERR_STORE);
}

static enum kith_err skip(struct kith_intake_result *r, enum kith_err err)
{
	r->what = KITH_INTAKE_SKIPPED;
	r->err = err;
	r->contact = 0;
	return KITH_OK;
}

/* Why the store did not take a card. */
static enum kith_err explain(enum kith_err err, const char *file, struct kith_intake_result *r)
{
	unsigned long long rev = r->rev, had = r->had;

	switch (err) {
	case KITH_ERR_ROLLBACK:
		(void)kith_fail(&r->why, err,
			"%s: the card of %s is revision %llu, older than revision %llu, which you have",
			file, r->name, rev, had);
		break;
	case KITH_ERR_CONFLICT:
		(void)kith_fail(&r->why, err,
			"%s: you have another card of %s with the same revision %llu, and it "
			"stays; the key may have been copied, so ask them",
			file, r->name, rev);
		break;
	case KITH_ERR_LIMIT:
		(void)kith_fail(&r->why, err,
			"%s: the card of %s jumps from revision %llu to %llu, which nobody does",
			file, r->name, had, rev);
		break;
	default:
		return err;
	}
	return skip(r, err);
}

static enum kith_err skip_mine(const char *file, struct kith_intake_result *r)
{
	(void)kith_fail(&r->why, KITH_ERR_EXISTS,
		"%s: that is you: your own card has its place already", file);
	return skip(r, KITH_ERR_EXISTS);
}

/* Takes a card that was verified. */
static enum kith_err take_card(struct kith_intake *in, const char *file, struct kith_span envelope,
	const struct kith_card *card, struct kith_intake_result *r)
{
	KITH_AUTO(kith_contact_free) struct kith_contact before = {0};
	KITH_AUTO(kith_contact_free) struct kith_contact after = {0};
	enum kith_import what;

	kith_held_quoted(kith_fields_first(&card->fields, KITH_FIELD_NAME)->part[0], r->name);
	r->rev = card->rev;
	r->is_signed = true;
	if (kith_my_is(&in->my, card->ik))
		return skip_mine(file, r);
	enum kith_err err = kith_store_contact_of(in->store, card->ik, &before);
	r->had = before.rev;
	if (err && err != KITH_ERR_NOPERSON)
		return err;
	if ((err = join_batch(in)))
		return err;
	if ((err = kith_store_import(in->store, card, envelope, in->now, &what)))
		return explain(err, file, r);
	if ((err = kith_store_contact_of(in->store, card->ik, &after)))
		return err;
	r->contact = after.row;
	r->what = what == KITH_IMPORT_NEW       ? KITH_INTAKE_NEW
		  : what == KITH_IMPORT_UPDATED ? KITH_INTAKE_UPDATED
		  : what == KITH_IMPORT_SAME    ? KITH_INTAKE_SAME
						: KITH_INTAKE_BESIDE;
	return KITH_OK;
}

enum kith_err kith_intake_card(struct kith_intake *in, const char *file, struct kith_span envelope,
	struct kith_intake_result *ret)
{
	struct kith_intake_result r = {0};
	struct kith_card card;
	enum kith_err err = kith_card_verify(envelope, &card);

	if (!err)
		err = take_card(in, file, envelope, &card, &r);
	else if (err != KITH_ERR_NOMEM)
		err = skip(&r, kith_cardfile_fail(&r.why, err, file));
	if (!err)
		*ret = r;
	return err;
}

/* --- entries ---------------------------------------------------------------------------------- */

/* An entry that is there already. */
struct held {
	int64_t wanted; /* its row, or 0: the first that was not joined */
	int64_t row;
	bool imported;
	struct kith_buf uid;
	struct kith_buf text;
	enum kith_err err;
};

static void held_free(struct held *h)
{
	kith_buf_free(&h->uid);
	kith_buf_free(&h->text);
}

static bool hold(void *ctx, const struct kith_entry *e)
{
	struct held *h = ctx;

	if (h->wanted ? e->row != h->wanted : e->joined)
		return true;
	h->row = e->row;
	h->imported = e->imported;
	h->err = kith_buf_add(&h->uid, e->uid.p, e->uid.n);
	if (!h->err)
		h->err = kith_buf_add(&h->text, e->vcard.p, e->vcard.n);
	return false;
}

static enum kith_err find_entry(struct kith_store *store, int64_t contact, struct held *h)
{
	enum kith_err err = kith_store_entries(store, contact, hold, h);

	return err ? err : h->err;
}

/* Puts an entry whose bytes were read already. */
static enum kith_err put(struct job *j, struct kith_vcard *v, const struct kith_fields *fields,
	struct kith_entry *entry)
{
	KITH_AUTO_BUF struct kith_buf words = {0};
	struct kith_entry_content content = {.fields = fields};
	enum kith_err err = kith_vcard_words(v, &words);

	content.words = kith_buf_span(&words);
	entry->imported = true;
	if (!err)
		err = join_batch(j->in);
	if (!err)
		err = kith_store_entry_put(j->in->store, entry, &content, j->in->now);
	if (err == KITH_ERR_LIMIT) {
		(void)kith_fail(
			&j->result->why, err, "an entry has at most %d bytes", KITH_ENTRY_MAX);
		return skip(j->result, err);
	}
	if (!err)
		j->result->contact = entry->contact;
	return err;
}

/* The same with bytes that we made. */
static enum kith_err put_made(struct job *j, struct kith_entry *entry)
{
	KITH_AUTO(vcard_end) struct kith_vcard *v = NULL;
	struct kith_fields fields;
	enum kith_err err = kith_vcard_parse(entry->vcard, &v, &j->result->why);

	if (err == KITH_ERR_LIMIT)
		return skip(j->result, err);
	if (!err)
		err = kith_vcard_fields(v, &fields);
	return err ? err : put(j, v, &fields, entry);
}

/* What more j's vCard (more) has goes into the entry that is held. */
static enum kith_err merge(
	struct job *j, int64_t contact, const struct held *h, struct kith_vcard *more)
{
	KITH_AUTO(vcard_end) struct kith_vcard *old = NULL;
	KITH_AUTO_BUF struct kith_buf made = {0};
	size_t added = 0;
	enum kith_err err = kith_vcard_parse(kith_buf_span(&h->text), &old, NULL);

	if (!err)
		err = kith_vcard_merge(old, more, &made, &added);
	if (err)
		return err == KITH_ERR_NOMEM ? err : KITH_ERR_STORE_CORRUPT;
	j->result->contact = contact;
	if (added == 0)
		return KITH_OK;
	struct kith_entry entry = {.row = h->row,
		.contact = contact,
		.uid = kith_buf_span(&h->uid),
		.vcard = kith_buf_span(&made)};
	if (j->result->what == KITH_INTAKE_SAME)
		j->result->what = KITH_INTAKE_UPDATED;
	j->result->added_to = true;
	return put_made(j, &entry);
}

/* A UUID of a vCard that has none: of its bytes and of me, so that the same one coming again is known. */
static void uid_of(const struct job *j, char out[static KITH_UID_CHARS + 1])
{
	const struct kith_span parts[] = {kith_span(j->in->my.card.ik, KITH_KEY_BYTES), j->text};
	uint8_t h[KITH_HASH_BYTES];

	kith_hash(h, "kith/1 entry", parts, 2);
	h[6] = (uint8_t)(0x80 | (h[6] & 0x0f));
	h[8] = (uint8_t)(0x80 | (h[8] & 0x3f));
	(void)snprintf(out, KITH_UID_CHARS + 1,
		"%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", h[0], h[1],
		h[2], h[3], h[4], h[5], h[6], h[7], h[8], h[9], h[10], h[11], h[12], h[13], h[14],
		h[15]);
}

/* What the vCard has beyond a signed card, beside it. */
static enum kith_err beside(struct job *j, int64_t contact, const struct kith_card *card)
{
	KITH_AUTO(held_free) struct held h = {0};
	KITH_AUTO(vcard_end) struct kith_vcard *v = NULL;
	KITH_AUTO_BUF struct kith_buf more = {0};
	char uid[KITH_UID_CHARS + 1];
	size_t n = 0;
	enum kith_err err;

	uid_of(j, uid);
	err = kith_vcard_beyond(j->v, card, kith_span_str(uid), &more, &n);
	j->result->contact = contact;
	if (err || n == 0)
		return err;
	if ((err = find_entry(j->in->store, contact, &h)))
		return err;
	if (h.row) {
		err = kith_vcard_parse(kith_buf_span(&more), &v, NULL);
		return err ? err : merge(j, contact, &h, v);
	}
	struct kith_entry entry = {
		.contact = contact, .uid = kith_span_str(uid), .vcard = kith_buf_span(&more)};
	if (j->result->what == KITH_INTAKE_SAME)
		j->result->what = KITH_INTAKE_UPDATED;
	j->result->added_to = true;
	return put_made(j, &entry);
}

/* kith made this vCard of the signed card of that person, who is here. */
static enum kith_err beside_signed(struct job *j, int64_t contact)
{
	KITH_AUTO(kith_contact_free) struct kith_contact c = {0};
	struct kith_card card = {0};
	enum kith_err err = kith_store_contact(j->in->store, contact, &c);

	if (!err && c.envelope.n > 0)
		err = kith_held_card(&c, &card);
	if (err)
		return err;
	kith_held_quoted(c.name, j->result->name);
	j->result->what = KITH_INTAKE_SAME;
	return beside(j, contact, &card);
}

/* Whether kith would write the same of both: then nothing but form has changed on the way. */
static enum kith_err same_written(struct job *j, struct kith_span held, bool *ret_same)
{
	KITH_AUTO(vcard_end) struct kith_vcard *old = NULL;
	KITH_AUTO_BUF struct kith_buf a = {0};
	KITH_AUTO_BUF struct kith_buf b = {0};
	enum kith_err err = kith_vcard_parse(held, &old, NULL);

	if (!err)
		err = kith_vcard_write(old, KITH_VCARD_30, &a);
	if (!err)
		err = kith_vcard_write(j->v, KITH_VCARD_30, &b);
	*ret_same = !err && kith_span_eq(kith_buf_span(&a), kith_buf_span(&b));
	return err == KITH_ERR_NOMEM ? err : KITH_OK;
}

/* The vCard comes again, or another of that UID: it takes the place. */
static enum kith_err again(struct job *j, int64_t contact, int64_t row, struct kith_span uid)
{
	KITH_AUTO(held_free) struct held h = {.wanted = row};
	enum kith_err err = find_entry(j->in->store, contact, &h);
	bool same = kith_span_eq(kith_buf_span(&h.text), j->text);

	j->result->contact = contact;
	j->result->what = KITH_INTAKE_SAME;
	if (!err && !same)
		err = same_written(j, kith_buf_span(&h.text), &same);
	if (err || same)
		return err;
	struct kith_entry entry = {.row = row, .contact = contact, .uid = uid, .vcard = j->text};
	j->result->what = KITH_INTAKE_UPDATED;
	return put(j, j->v, j->fields, &entry);
}

/* Somebody with an entry has that name and address. */
static enum kith_err more_of(struct job *j, int64_t contact, int64_t row)
{
	KITH_AUTO(held_free) struct held h = {.wanted = row};
	enum kith_err err = find_entry(j->in->store, contact, &h);

	j->result->what = KITH_INTAKE_SAME;
	return err ? err : merge(j, contact, &h, j->v);
}

/* Nobody like that is here. */
static enum kith_err new_person(struct job *j, struct kith_span uid, bool has_uid)
{
	KITH_AUTO_BUF struct kith_buf made = {0};
	struct kith_entry entry = {.uid = uid, .vcard = j->text};
	enum kith_err err =
		kith_familiar_who(&j->in->familiar, j->in->store, j->fields, &j->result->like);

	j->result->what = KITH_INTAKE_NEW;
	if (err || has_uid)
		return err ? err : put(j, j->v, j->fields, &entry);
	if ((err = kith_vcard_set(j->v, j->fields, uid, &made)))
		return err;
	entry.vcard = kith_buf_span(&made);
	return put_made(j, &entry);
}

/* A vCard that carries no card, or none that holds. */
static enum kith_err take_entry(struct job *j, const char *file)
{
	char made[KITH_UID_CHARS + 1], mine[KITH_UID_CHARS + 1];
	struct kith_span uid = kith_vcard_uid(j->v);
	bool has_uid = uid.n > 0;
	enum kith_match match;
	int64_t contact = 0, row = 0;

	kith_uid_text(j->in->my.card.ik, mine);
	if (kith_span_eq(uid, kith_span_str(mine)))
		return skip_mine(file, j->result);
	if (!has_uid) {
		uid_of(j, made);
		uid = kith_span_str(made);
	}
	enum kith_err err = kith_store_match(j->in->store, uid, j->fields, &match, &contact, &row);
	if (err)
		return err;
	switch (match) {
	case KITH_MATCH_SIGNED:
		return beside_signed(j, contact);
	case KITH_MATCH_UID:
		return has_uid ? again(j, contact, row, uid) : more_of(j, contact, row);
	case KITH_MATCH_NAME:
		return more_of(j, contact, row);
	default:
		return new_person(j, uid, has_uid);
	}
}

/* An older card than the one that is held is no news, but what stands beside it may be. */
static enum kith_err not_older(struct job *j, const struct kith_card *card)
{
	KITH_AUTO(kith_contact_free) struct kith_contact c = {0};
	enum kith_err err = kith_store_contact_of(j->in->store, card->ik, &c);

	if (err)
		return err;
	j->result->what = KITH_INTAKE_SAME;
	j->result->err = KITH_OK;
	j->result->why.text[0] = 0;
	j->result->contact = c.row;
	return KITH_OK;
}

/* A vCard that carries a signed card: that is taken as from a file, and what is beyond it as mine. */
static enum kith_err take_sealed(
	struct job *j, const char *file, struct kith_span envelope, const struct kith_card *card)
{
	struct kith_intake_result *r = j->result;
	enum kith_err err = take_card(j->in, file, envelope, card, r);

	if (!err && r->err == KITH_ERR_ROLLBACK)
		err = not_older(j, card);
	if (err || r->what == KITH_INTAKE_SKIPPED)
		return err;
	return beside(j, r->contact, card);
}

enum kith_err kith_intake_vcard(struct kith_intake *in, const char *file, struct kith_vcard *v,
	struct kith_span text, struct kith_intake_result *ret)
{
	KITH_AUTO_BUF struct kith_buf envelope = {0};
	struct kith_intake_result r = {0};
	struct kith_fields fields;
	struct kith_card card;
	struct job j = {in, v, text, &fields, &r};
	enum kith_err err = kith_vcard_fields(v, &fields);

	if (err)
		return err;
	const struct kith_field *name = kith_fields_first(&fields, KITH_FIELD_NAME);
	kith_held_quoted(name ? name->part[0] : kith_span("", 0), r.name);
	enum kith_err seal = kith_vcard_envelope(v, &envelope);
	if (!seal)
		seal = kith_card_verify(kith_buf_span(&envelope), &card);
	if (seal == KITH_ERR_NOMEM)
		return seal;
	if (!seal) {
		err = take_sealed(&j, file, kith_buf_span(&envelope), &card);
	} else if (!name) {
		(void)kith_fail(&r.why, KITH_ERR_VALUE,
			"%s: a vCard has no name, and nothing that could be one", file);
		err = skip(&r, KITH_ERR_VALUE);
	} else {
		if (seal != KITH_ERR_MISSING)
			(void)kith_fail(&r.why, seal,
				"the signed card in the vCard of %s does not hold (%s); "
				"the rest is taken, unsigned",
				r.name, kith_err_text(seal));
		err = take_entry(&j, file);
	}
	if (err && !ends_import(err) && err != KITH_ERR_INTERNAL)
		err = KITH_ERR_INTERNAL;
	if (!err)
		*ret = r;
	return err;
}
