/* SPDX-License-Identifier: MIT */
#include "book/intake.h"

#include <ctype.h>
#include <stdio.h>
#include <time.h>

#include "base/auto.h"
#include "base/limits.h"
#include "base/text.h"
#include "book/cardfile.h"
#include "book/held.h"
#include "book/own.h"
#include "crypto/hash.h"
#include "vcard/map.h"
#include "vcard/seal.h"
#include "vcard/value.h"
#include "vcard/write.h"
#include "base/diag.h"

#define BATCH_MS  250 /* a batch keeps other programs waiting */
#define OTHERS_MS 15  /* between two batches, for them */

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

/* Another card joins the batch: from before it is looked up until it is put nobody else writes, or
 * two imports at once would both find that somebody is new. */
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
	static const struct timespec turn = {0, OTHERS_MS * 1000000};
	bool was = in->in_batch, full = kith_intake_due(in);

	in->in_batch = false;
	enum kith_err err = was ? kith_store_batch_end(in->store, true) : KITH_OK;
	/* who waits for the store looks every few ms, and would never find it free otherwise */
	if (full && !err)
		(void)nanosleep(&turn, NULL);
	return err;
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
	enum kith_err err = join_batch(in);

	if (err)
		return err;
	if (!(err = kith_card_verify(envelope, &card)))
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
		return skip(j->result, err);
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

/* REV as YYYYMMDDhhmmss, of the basic or the extended form; what is not told is 0.  False: no date. */
static bool read_rev(const struct kith_vcard *v, char out[static 15])
{
	size_t n, used = 0;
	const struct kith_vcard_property *p = kith_vcard_properties(v, &n);
	struct kith_span s = kith_span("", 0);

	for (size_t i = 0; i < n; i++)
		if (kith_vcard_is(&p[i], "REV"))
			s = p[i].value;
	memset(out, '0', 14);
	out[14] = 0;
	for (size_t i = 0; i < s.n && used < 14 && s.p[i] != '.'; i++) {
		if (isdigit(s.p[i]))
			out[used++] = (char)s.p[i];
		else if (used >= 8 &&
			 (s.p[i] == 'Z' || s.p[i] == '+' || (s.p[i] == '-' && used > 8)))
			break;
		else if (!strchr("-:Tt ", s.p[i]))
			return false;
	}
	return used >= 8;
}

/* How the REV of the vCard stands to that of the one held: below 0 older, above 0 newer. */
enum age { OLDER = -1, EQUAL, NEWER, UNKNOWN };

static enum age age_of(const struct kith_vcard *v, const struct kith_vcard *held)
{
	char a[15], b[15];

	if (!read_rev(v, a) || !read_rev(held, b))
		return UNKNOWN;
	int d = strcmp(a, b);
	return d < 0 ? OLDER : d > 0 ? NEWER : EQUAL;
}

/* A word of a folded name: letters, digits and whatever is not ASCII. */
static bool in_word(uint8_t c)
{
	return c >= 0x80 || isalnum(c);
}

/* Whether the text has the word, at the beginning of one of its words or, where it is not all
 * ASCII, anywhere: some scripts know no blanks. */
static bool has_word(struct kith_span text, struct kith_span word)
{
	bool wide = false;

	for (size_t i = 0; i < word.n; i++)
		wide |= word.p[i] >= 0x80;
	for (size_t i = 0; i + word.n <= text.n; i++)
		if ((wide || i == 0 || !in_word(text.p[i - 1])) &&
			memcmp(text.p + i, word.p, word.n) == 0)
			return true;
	return false;
}

static bool share_word(struct kith_span a, struct kith_span b)
{
	for (size_t i = 0, n; i < a.n; i += n + 1) {
		for (n = 0; i + n < a.n && in_word(a.p[i + n]); n++)
			;
		if (n > 0 && has_word(b, kith_span(a.p + i, n)))
			return true;
	}
	return false;
}

/* All that a person is called, folded. */
static enum kith_err names_of(const struct kith_fields *fields, struct kith_buf *out)
{
	enum kith_err err = KITH_OK;

	for (size_t i = 0; !err && i < fields->n; i++) {
		const struct kith_field *f = &fields->at[i];
		if (f->kind != KITH_FIELD_NAME && f->kind != KITH_FIELD_NICKNAME &&
			f->kind != KITH_FIELD_GIVEN && f->kind != KITH_FIELD_FAMILY)
			continue;
		err = kith_buf_add_str(out, " ");
		if (!err)
			err = kith_fold(out, f->part[0]);
	}
	return err;
}

/* The last digits of a number, of which there must be six; else "". */
static void number_of(struct kith_span s, char out[static 7])
{
	size_t n = 6;

	out[6] = 0;
	for (size_t i = s.n; i > 0 && n > 0; i--)
		if (isdigit(s.p[i - 1]))
			out[--n] = (char)s.p[i - 1];
	if (n > 0)
		out[0] = 0;
}

static enum kith_err same_address(
	const struct kith_field *a, const struct kith_field *b, bool *ret_same)
{
	KITH_AUTO_BUF struct kith_buf x = {0};
	KITH_AUTO_BUF struct kith_buf y = {0};
	char m[7], n[7];
	enum kith_err err = KITH_OK;

	if (a->kind != b->kind)
		return KITH_OK;
	if (a->kind == KITH_FIELD_TEL) {
		number_of(a->part[0], m);
		number_of(b->part[0], n);
		*ret_same |= *m && strcmp(m, n) == 0;
	} else if (a->kind == KITH_FIELD_EMAIL) {
		if (!(err = kith_fold(&x, a->part[0])) && !(err = kith_fold(&y, b->part[0])))
			*ret_same |= kith_span_eq(kith_buf_span(&x), kith_buf_span(&y));
	}
	return err;
}

/* Whether two vCards of one UID are evidently of two people: nothing that they are called, and no
 * address, is common to both. */
static enum kith_err is_other(
	const struct kith_fields *a, const struct kith_fields *b, bool *ret_other)
{
	KITH_AUTO_BUF struct kith_buf x = {0};
	KITH_AUTO_BUF struct kith_buf y = {0};
	bool same = false;
	enum kith_err err = names_of(a, &x);

	if (!err)
		err = names_of(b, &y);
	if (err)
		return err;
	same = share_word(kith_buf_span(&x), kith_buf_span(&y)) ||
	       share_word(kith_buf_span(&y), kith_buf_span(&x));
	for (size_t i = 0; !err && !same && i < a->n; i++)
		for (size_t k = 0; !err && !same && k < b->n; k++)
			err = same_address(&a->at[i], &b->at[k], &same);
	*ret_other = !same;
	return err;
}

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
	enum age age = age_of(j->v, old);
	enum kith_err err = is_other(j->fields, fields, &other);

	if (!err && !other)
		err = says_no_more(j, h, fields, &no_more);
	if (other)
		*ret = IS_ANOTHER;
	else if (!h->imported)
		*ret = kith_own_came(old, j->text) ? SAYS_NOTHING : ADDS;
	else if (age == OLDER || age == EQUAL)
		*ret = ADDS;
	else if (age == NEWER)
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
	enum kith_err err = take_card(j->in, file, envelope, card, r);

	if (!err && r->err == KITH_ERR_ROLLBACK)
		err = not_older(j, card);
	if (!err && r->what != KITH_INTAKE_SKIPPED)
		err = remark_altered(j, card);
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

	if (err || (err = join_batch(in)))
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
