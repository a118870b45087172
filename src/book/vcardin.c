/* SPDX-License-Identifier: MIT */
#include "base/auto.h"
#include "base/diag.h"
#include "base/limits.h"
#include "book/held.h"
#include "book/own.h"
#include "book/private.h"
#include "book/sameuid.h"
#include "book/taking.h"
#include "crypto/hash.h"
#include "vcard/map.h"
#include "vcard/seal.h"
#include "vcard/write.h"

/* vCards that come in: who is meant, and what of it is new. */

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

/* An entry that is there already. */
struct held {
	int64_t wanted;       /* its row, or 0: one that was not joined, see rank */
	struct kith_span own; /* with 0: the UID that one made of the same bytes has */
	int rank; /* with 0, of the one held, the greatest wins: of that UID, imported, typed in */
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

	int rank = kith_span_eq(e->uid, h->own) ? 3 : e->imported ? 2 : 1;

	if (h->wanted ? e->row != h->wanted : e->joined || rank <= h->rank)
		return true;
	h->rank = rank;
	h->row = e->row;
	h->imported = e->imported;
	kith_buf_clear(&h->uid);
	kith_buf_clear(&h->text);
	h->err = kith_buf_add(&h->uid, e->uid.p, e->uid.n);
	if (!h->err)
		h->err = kith_buf_add(&h->text, e->vcard.p, e->vcard.n);
	return !h->err && !h->wanted;
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
	bool new = entry->row == 0;
	entry->imported |= new;
	if (!err)
		err = kith_store_entry_put(j->in->store, entry, &content, j->in->now);
	if (err == KITH_ERR_LIMIT) {
		(void)kith_fail(
			&j->result->why, err, "an entry has at most %d bytes", KITH_ENTRY_MAX);
		return kith_taking_skip(j->result, err);
	}
	if (!err)
		j->result->contact = entry->contact;
	if (!err && new && entry->row && !j->in->first)
		j->in->first = entry->row;
	return err;
}

/* The same with bytes that we made. */
static enum kith_err put_made(struct job *j, struct kith_entry *entry)
{
	KITH_AUTO(vcard_end) struct kith_vcard *v = NULL;
	struct kith_fields fields;
	enum kith_err err = kith_vcard_parse(entry->vcard, &v, &j->result->why);

	if (err == KITH_ERR_LIMIT)
		return kith_taking_skip(j->result, err);
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
		.imported = h->imported,
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
	kith_uid_mark(h, 8);
	kith_uid_write(h, out);
}

/* Whether the entry held has everything that the vCard has. */
static enum kith_err has_all(const struct held *h, struct kith_vcard *v, bool *ret_all)
{
	KITH_AUTO(vcard_end) struct kith_vcard *old = NULL;
	KITH_AUTO_BUF struct kith_buf made = {0};
	size_t added = 0;
	enum kith_err err = kith_vcard_parse(kith_buf_span(&h->text), &old, NULL);

	if (!err)
		err = kith_vcard_merge(old, v, &made, &added);
	if (err)
		return err == KITH_ERR_NOMEM ? err : KITH_ERR_STORE_CORRUPT;
	*ret_all = added == 0;
	return KITH_OK;
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
	h.own = kith_span_str(uid);
	err = kith_vcard_beyond(j->v, card, kith_span_str(uid), &more, &n);
	j->result->contact = contact;
	if (err || n == 0)
		return err;
	if ((err = find_entry(j->in->store, contact, &h)))
		return err;
	if (h.row) {
		bool all = false;
		if ((err = kith_vcard_parse(kith_buf_span(&more), &v, NULL)))
			return err;
		/* what came by import is not put among what I typed in, unless I have it so */
		if (h.rank == 1 && (err = has_all(&h, v, &all)))
			return err;
		if (all || h.rank > 1)
			return all ? KITH_OK : merge(j, contact, &h, v);
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

/* --- another vCard of a UID ------------------------------------------------------------------- */

static bool has_field(const struct kith_fields *fields, const struct kith_field *f)
{
	for (size_t i = 0; i < fields->n; i++) {
		const struct kith_field *g = &fields->at[i];
		bool same = g->kind == f->kind && g->parts == f->parts;
		for (size_t k = 0; same && k < f->parts; k++)
			same = kith_span_eq(g->part[k], f->part[k]);
		if (same)
			return true;
	}
	return false;
}

/* Whether the vCard says nothing that the entry held does not say, single values too. */
static enum kith_err says_no_more(
	struct job *j, const struct held *h, const struct kith_fields *fields, bool *ret_no_more)
{
	bool no_more = true;
	enum kith_err err = KITH_OK;

	for (size_t i = 0; no_more && i < j->fields->n; i++)
		no_more = has_field(fields, &j->fields->at[i]);
	if (no_more)
		err = has_all(h, j->v, &no_more);
	*ret_no_more = !err && no_more;
	return err;
}

static enum kith_err another(struct job *j, const struct kith_fields *held);

/* Both sides have changed since they were in step. */
static enum kith_err merge_both(struct job *j, int64_t contact, const struct held *h)
{
	enum kith_err err = merge(j, contact, h, j->v);

	if (!err && j->result->what != KITH_INTAKE_SKIPPED)
		(void)kith_fail(&j->result->why, KITH_ERR_CONFLICT,
			j->result->added_to ? "%s was changed here and there: both values are kept"
					    : "%s was changed here and there: what you have stays",
			j->result->name);
	return err;
}

/* What a file does to the entry held whose UID it has. */
enum turn { REPLACES, ADDS, SAYS_NOTHING, IS_ANOTHER };

static enum kith_err decide(struct job *j, const struct held *h, struct kith_vcard *old,
	const struct kith_fields *fields, enum turn *ret)
{
	bool other = false, no_more = false;
	enum kith_age age = kith_sameuid_age(j->v, old);
	enum kith_err err = kith_sameuid_other(j->fields, fields, &other);

	if (!err && !other)
		err = says_no_more(j, h, fields, &no_more);
	if (other)
		*ret = IS_ANOTHER;
	else if (!h->imported)
		*ret = kith_own_came(old, j->text) ? SAYS_NOTHING : ADDS;
	else if (age == KITH_AGE_OLDER || age == KITH_AGE_EQUAL)
		*ret = ADDS;
	else if (age == KITH_AGE_NEWER)
		*ret = REPLACES;
	else if (no_more)
		*ret = SAYS_NOTHING;
	else /* of two in one file none is the newer one */
		*ret = j->in->first && h->row >= j->in->first ? ADDS : REPLACES;
	return err;
}

/* The vCard comes again, or another of that UID. */
static enum kith_err again(struct job *j, int64_t contact, int64_t row, struct kith_span uid)
{
	KITH_AUTO(held_free) struct held h = {.wanted = row};
	KITH_AUTO(vcard_end) struct kith_vcard *old = NULL;
	struct kith_fields fields;
	enum turn turn = REPLACES;
	enum kith_err err = find_entry(j->in->store, contact, &h);
	bool same = kith_span_eq(kith_buf_span(&h.text), j->text);

	j->result->contact = contact;
	j->result->what = KITH_INTAKE_SAME;
	if (!err && !same)
		err = same_written(j, kith_buf_span(&h.text), &same);
	if (err || same)
		return err;
	if (j->in->way == KITH_INTAKE_BOTH)
		return merge_both(j, contact, &h);
	if (j->in->way == KITH_INTAKE_FILE) {
		if (kith_vcard_parse(kith_buf_span(&h.text), &old, NULL))
			return KITH_ERR_STORE_CORRUPT;
		if ((err = kith_vcard_fields(old, &fields)) ||
			(err = decide(j, &h, old, &fields, &turn)))
			return err;
	}
	switch (turn) {
	case SAYS_NOTHING:
		return KITH_OK;
	case ADDS:
		return merge(j, contact, &h, j->v);
	case IS_ANOTHER:
		return another(j, &fields);
	case REPLACES:
		break;
	}
	struct kith_entry entry = {.row = row,
		.contact = contact,
		.imported = h.imported,
		.uid = uid,
		.vcard = j->text};
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

/* Somebody else has the UID: the vCard is taken as one that has none. */
static enum kith_err another(struct job *j, const struct kith_fields *held)
{
	char made[KITH_UID_CHARS + 1], name[KITH_QUOTED_BYTES];
	const struct kith_field *theirs = kith_fields_first(held, KITH_FIELD_NAME);
	enum kith_match match;
	int64_t contact = 0, row = 0;

	uid_of(j, made);
	enum kith_err err = kith_store_match(
		j->in->store, kith_span_str(made), j->fields, &match, &contact, &row);
	if (err)
		return err;
	j->result->contact = contact;
	if (match == KITH_MATCH_UID)
		return KITH_OK;
	if (match == KITH_MATCH_NAME)
		return more_of(j, contact, row);
	(void)kith_fail(&j->result->why, KITH_ERR_EXISTS,
		"%s has the UID of %s, and nothing else in common: taken as another person",
		j->result->name,
		kith_held_quoted(theirs ? theirs->part[0] : kith_span("", 0), name));
	return new_person(j, kith_span_str(made), false);
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
		return kith_taking_mine(file, j->result);
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
		if (has_uid)
			return again(j, contact, row, uid);
		j->result->contact = contact; /* made of the same bytes */
		j->result->what = KITH_INTAKE_SAME;
		return KITH_OK;
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

/* Says which fields of the signed card the vCard says otherwise. */
static enum kith_err remark_altered(struct job *j, const struct kith_card *card)
{
	KITH_AUTO_BUF struct kith_buf altered = {0}, added = {0};
	enum kith_err err = kith_vcard_differs(j->v, card, &altered, &added);

	if (!err && altered.n)
		(void)kith_fail(&j->result->why, KITH_ERR_CONFLICT,
			"the vCard of %s was altered since it was signed: %.*s", j->result->name,
			(int)altered.n, (const char *)altered.p);
	return err;
}

/* A vCard that carries a signed card: that is taken as from a file, and what is beyond it as mine. */
static enum kith_err take_sealed(
	struct job *j, const char *file, struct kith_span envelope, const struct kith_card *card)
{
	struct kith_intake_result *r = j->result;
	enum kith_err err = kith_taking_card(j->in, file, envelope, card, r);

	if (!err && r->err == KITH_ERR_ROLLBACK)
		err = not_older(j, card);
	if (!err && r->what != KITH_INTAKE_SKIPPED)
		err = remark_altered(j, card);
	if (err || r->what == KITH_INTAKE_SKIPPED)
		return err;
	return beside(j, r->contact, card);
}

static bool ends_import(enum kith_err err)
{
	return err == KITH_ERR_NOMEM || kith_err_exit(err) == kith_err_exit(KITH_ERR_STORE);
}

static enum kith_err take(struct kith_intake *in, const char *file, struct kith_vcard *v,
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
		err = kith_taking_skip(&r, KITH_ERR_VALUE);
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

static void remark_private(struct kith_intake_result *r)
{
	if (r->what == KITH_INTAKE_NEW || r->what == KITH_INTAKE_UPDATED)
		(void)kith_fail(&r->why, KITH_ERR_EXISTS,
			"the notes and tags that export --private wrote about %s were left out: kith "
			"backup and kith restore carry those",
			r->name);
}

/* What somebody remembers, and wrote into a vCard for themselves, is no part of it: it would leave with the next export. */
enum kith_err kith_intake_vcard(struct kith_intake *in, const char *file, struct kith_vcard *v,
	struct kith_span text, struct kith_intake_result *ret)
{
	KITH_AUTO(vcard_end) struct kith_vcard *plain = NULL;
	KITH_AUTO_BUF struct kith_buf left = {0};
	bool some = false;
	enum kith_err err = kith_intake_join(in);

	if (!err)
		err = kith_private_strip(v, &left, &some);
	if (!err && some)
		err = kith_vcard_parse(kith_buf_span(&left), &plain, NULL);
	if (err)
		return err == KITH_ERR_NOMEM || ends_import(err) ? err : KITH_ERR_INTERNAL;
	err = some ? take(in, file, plain, kith_buf_span(&left), ret)
		   : take(in, file, v, text, ret);
	if (!err && some && !ret->why.text[0])
		remark_private(ret);
	return err;
}
