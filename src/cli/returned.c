/* SPDX-License-Identifier: MIT */
#include "cli/returned.h"

#include "base/auto.h"
#include "base/diag.h"
#include "base/limits.h"
#include "base/text.h"
#include "card/shown.h"
#include "cli/changes.h"
#include "cli/given.h"
#include "cli/person.h"
#include "cli/words.h"

void kith_returned_free(struct kith_returned_one *one)
{
	kith_buf_free(&one->envelope);
	kith_buf_free(&one->shows);
}

/* --- which card that is ----------------------------------------------------------------------- */

struct same_card {
	const uint8_t *card;
	struct kith_returned_one *one;
	enum kith_err err;
};

static bool is_it(void *ctx, const struct kith_my_card *mine)
{
	struct same_card *s = ctx;

	if (mine->gone || memcmp(mine->card, s->card, sizeof mine->card) != 0)
		return true;
	s->one->known = true;
	s->err = kith_buf_add(&s->one->shows, mine->shows.p, mine->shows.n);
	return false;
}

static enum kith_err fill(
	struct kith_store *store, const struct kith_returned *r, struct kith_returned_one *one)
{
	struct same_card s = {.card = r->card, .one = one};

	kith_buf_clear(&one->shows);
	kith_buf_clear(&one->envelope);
	one->known = false;
	memcpy(one->hash, r->hash, sizeof one->hash);
	enum kith_err err = kith_buf_add(&one->envelope, r->envelope.p, r->envelope.n);
	if (!err)
		err = kith_store_cards(store, is_it, &s);
	return err ? err : s.err;
}

struct finding {
	struct kith_store *store;
	uint64_t rev, nth;
	struct kith_returned_one *one;
	size_t of; /* with that number; 0: none */
	enum kith_err err;
};

static bool take(void *ctx, const struct kith_returned *r)
{
	struct finding *f = ctx;

	if (r->rev != f->rev)
		return true;
	f->of = r->of;
	if (f->nth ? r->nth != f->nth : r->of > 1)
		return true;
	f->err = fill(f->store, r, f->one);
	return false;
}

enum kith_err kith_returned_find(struct kith_store *store, uint64_t rev, uint64_t nth,
	struct kith_returned_one *ret_one, struct kith_diag *diag)
{
	struct finding f = {
		.store = store, .rev = rev, .nth = nth, .one = ret_one, .err = KITH_ERR_MISSING};
	enum kith_err err = kith_store_returned(store, take, &f);

	if (!err && f.err == KITH_ERR_MISSING && f.of > 0 && (f.of > 1 || nth > 1))
		return kith_fail(diag, KITH_ERR_USAGE,
			"%zu %s yours with revision %llu came back; say which one, as kith card "
			"returned counts them: kith card returned %llu 1 --take",
			f.of, f.of == 1 ? "card of" : "different cards of", (unsigned long long)rev,
			(unsigned long long)rev);
	if (!err && f.err == KITH_ERR_MISSING)
		return kith_fail(diag, f.err,
			"no card of yours with revision %llu came back, or it is settled; to see "
			"what did: kith card returned",
			(unsigned long long)rev);
	return err ? kith_fail(diag, err, "%s", kith_store_why(store)) : f.err;
}

/* --- what it would make of my fields ------------------------------------------------------------ */

static bool is_shown(const struct kith_returned_one *one, const struct kith_field *f)
{
	struct kith_fields alone = {.n = 1};
	struct kith_fields shown;

	alone.at[0] = *f;
	kith_fields_shown(kith_buf_span(&one->shows), &alone, &shown);
	return shown.n == 1;
}

/* Whether there is one like it, in what stays. */
static bool has(const struct kith_fields *fields, const struct kith_field *f)
{
	const struct kith_field_info *info = kith_field_info(f->kind);

	for (size_t i = 0; i < fields->n; i++)
		if (kith_given_same(&fields->at[i], f) ||
			(info && info->single && fields->at[i].kind == f->kind))
			return true;
	return false;
}

static enum kith_err add(struct kith_fields *fields, const struct kith_field *f)
{
	if (fields->n == KITH_CARD_FIELDS)
		return KITH_ERR_LIMIT;
	fields->at[fields->n++] = *f;
	return KITH_OK;
}

enum kith_err kith_returned_apply(
	void *ctx, const struct kith_my *my, struct kith_fields *fields, struct kith_diag *diag)
{
	const struct kith_returned_one *one = ctx;
	struct kith_fields had = *fields;
	struct kith_card card;
	enum kith_err err = kith_card_verify(kith_buf_span(&one->envelope), &card);

	(void)my;
	if (err)
		return err == KITH_ERR_NOMEM ? err : KITH_ERR_STORE_CORRUPT;
	fields->n = 0;
	for (size_t i = 0; one->known && !err && i < card.fields.n; i++)
		err = add(fields, &card.fields.at[i]);
	for (size_t i = 0; !err && i < had.n; i++)
		if (!one->known || !is_shown(one, &had.at[i]))
			err = add(fields, &had.at[i]);
	for (size_t i = 0; !one->known && !err && i < card.fields.n; i++)
		if (!has(&had, &card.fields.at[i]))
			err = add(fields, &card.fields.at[i]);
	return err ? kith_fail(diag, err, "with that card you would have more than %d fields",
			     KITH_CARD_FIELDS)
		   : KITH_OK;
}

/* --- the list ----------------------------------------------------------------------------------- */

struct listing {
	struct kith_store *store;
	const struct kith_my *my;
	json_t *array; /* with --json */
	size_t n;
	enum kith_err err;
};

static enum kith_err print_one(const struct listing *l, const struct kith_returned *r,
	const struct kith_card *now, const struct kith_card *then)
{
	char name[4 * KITH_SHOWN_NAME + 16];
	char date[KITH_DATE_CHARS];

	kith_quote_in(name, sizeof name, r->person, KITH_SHOWN_NAME);
	(void)printf("%srevision %llu", l->n ? "\n" : "", (unsigned long long)r->rev);
	if (r->of > 1)
		(void)printf(", %zu of %zu", r->nth, r->of);
	(void)printf(", signed on %s, ", kith_words_date(then->issued, date));
	(void)printf("held by %s\n", r->contact ? name : "somebody you forgot");
	return kith_changes_print(now, then);
}

static enum kith_err add_one(struct listing *l, const struct kith_returned *r,
	const struct kith_card *now, const struct kith_card *then)
{
	char iso[KITH_DATE_CHARS];
	json_t *o = kith_card_json(then);

	if (!o || json_array_append_new(l->array, o))
		return KITH_ERR_NOMEM;
	int bad = json_object_set_new(o, "nth", json_integer((json_int_t)r->nth));
	bad |= json_object_set_new(o, "of", json_integer((json_int_t)r->of));
	bad |= json_object_set_new(o, "at", json_string(kith_words_iso(r->at, iso)));
	bad |= json_object_set_new(o, "by", r->contact ? kith_json_text(r->person) : json_null());
	bad |= json_object_set_new(o, "changes", kith_changes_json(now, then));
	return bad ? KITH_ERR_NOMEM : KITH_OK;
}

/* Told as what taking it over would change. */
static enum kith_err list_one(struct listing *l, const struct kith_returned *r)
{
	KITH_AUTO(kith_returned_free) struct kith_returned_one one = {0};
	struct kith_card then, now, would;
	enum kith_err err = kith_card_verify(r->envelope, &then);

	if (err)
		return KITH_ERR_STORE_CORRUPT;
	now = would = then;
	now.fields = would.fields = l->my->profile;
	if (!(err = fill(l->store, r, &one)))
		err = kith_returned_apply(&one, l->my, &would.fields, NULL);
	if (err)
		return err;
	return l->array ? add_one(l, r, &now, &would) : print_one(l, r, &now, &would);
}

static bool list(void *ctx, const struct kith_returned *r)
{
	struct listing *l = ctx;

	l->err = list_one(l, r);
	l->n++;
	return !l->err;
}

int kith_returned_list(struct kith_cli *cli)
{
	KITH_AUTO(kith_cli_store_end) struct kith_store *store = NULL;
	KITH_AUTO(kith_my_free) struct kith_my my = {0};
	struct kith_diag diag = {0};
	struct listing l = {.my = &my};
	int status;

	if (!kith_cli_store(cli, KITH_STORE_READ, &store, &status))
		return status;
	enum kith_err err = kith_my_read(store, &my, &diag);
	if (err)
		return kith_cli_fail(err, &diag);
	l.store = store;
	if (cli->json && !(l.array = json_array()))
		return kith_cli_fail(KITH_ERR_NOMEM, NULL);
	err = kith_store_returned(store, list, &l);
	if (!err && !l.err && l.array)
		kith_json_line(stdout, l.array);
	json_decref(l.array);
	if (err || l.err)
		return err ? kith_cli_fail_store(err, store) : kith_cli_fail(l.err, NULL);
	if (l.n == 0)
		kith_cli_say(
			cli, "Nobody has brought back a card of yours that was not made here.");
	else
		kith_cli_note(cli,
			"To take over what one of them says: kith card returned REVISION --take (of several "
			"with one revision: REVISION N)\n"
			"If none of your backups was put back, somebody else uses your key: kith key "
			"rotate");
	return 0;
}
