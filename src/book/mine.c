/* SPDX-License-Identifier: MIT */
#include "book/mine.h"

#include "base/auto.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/diag.h"
#include "book/chosen.h"

#define TRIES 16 /* of a change, before other processes are too busy */

/* One sentence for what went wrong in the store. */
static enum kith_err fail_store(
	struct kith_diag *diag, enum kith_err err, const struct kith_store *store)
{
	const char *why = kith_store_why(store);

	return kith_fail(diag, err, "%s", why && *why ? why : kith_err_text(err));
}

/* What does not fit a card, in words. */
static enum kith_err fail_sign(struct kith_diag *diag, enum kith_err err)
{
	if (err == KITH_ERR_LIMIT)
		return kith_fail(diag, err,
			"the card would be larger than %d bytes; shorten or "
			"remove something",
			KITH_CARD_BODY_MAX);
	if (err == KITH_ERR_VALUE)
		return kith_fail(diag, err, "a card needs one name");
	return kith_fail(diag, err, "the card cannot be signed: %s", kith_err_text(err));
}

void kith_my_free(struct kith_my *my)
{
	if (my)
		kith_mine_free(&my->mine);
}

/* What is wrong where a card is not there. */
static enum kith_err fail_missing(struct kith_diag *diag, const char *name)
{
	char shown[64];

	return name ? kith_fail(diag, KITH_ERR_MISSING,
			      "you have no card %s; kith card list shows those you have",
			      kith_quote_in(shown, sizeof shown, kith_span_str(name), 32))
		    : kith_fail(diag, KITH_ERR_MISSING,
			      "there is a key, but no card yet; kith init completes it");
}

enum kith_err kith_my_read_card(
	struct kith_store *store, const char *name, struct kith_my *ret_my, struct kith_diag *diag)
{
	KITH_AUTO(kith_my_free) struct kith_my my = {0};
	enum kith_err err = name ? kith_store_card_named(store, kith_span_str(name), &my.mine)
				 : kith_store_mine(store, &my.mine);

	if (err)
		return err == KITH_ERR_MISSING ? fail_missing(diag, name)
					       : fail_store(diag, err, store);
	if (kith_card_verify(kith_buf_span(&my.mine.envelope), &my.card) ||
		kith_fields_unpack(kith_buf_span(&my.mine.profile), &my.profile))
		return kith_fail(diag, KITH_ERR_STORE_CORRUPT,
			"your own card in the store is damaged; put back kith.db from your backup");
	*ret_my = my;
	my = (struct kith_my){0};
	return KITH_OK;
}

enum kith_err kith_my_read(struct kith_store *store, struct kith_my *ret_my, struct kith_diag *diag)
{
	return kith_my_read_card(store, NULL, ret_my, diag);
}

bool kith_my_is(const struct kith_my *my, const uint8_t ik[static KITH_KEY_BYTES])
{
	return my->mine.envelope.n > 0 && memcmp(my->card.ik, ik, KITH_KEY_BYTES) == 0;
}

enum kith_err kith_my_check(const struct kith_field *field, struct kith_diag *diag)
{
	char shown[64];
	enum kith_err err;

	if (field->kind == KITH_FIELD_PHOTO)
		return kith_fail(
			diag, KITH_ERR_USAGE, "a picture comes by kith card set photo=FILE");
	if ((err = kith_field_check(field, diag)))
		return err;
	if (field->kind == KITH_FIELD_NAME &&
		!*kith_show_in(shown, sizeof shown, field->part[0], 40))
		return kith_fail(diag, KITH_ERR_VALUE, "that name shows nothing on a screen");
	return KITH_OK;
}

enum kith_err kith_my_parse(const char *text, struct kith_field *ret_field, struct kith_diag *diag)
{
	struct kith_field f;
	enum kith_err err = kith_field_parse(kith_span_str(text), &f, diag);

	if (err || (err = kith_my_check(&f, diag)))
		return err;
	*ret_field = f;
	return KITH_OK;
}

/* Fills mine with the signed card and its profile, and writes them. */
static enum kith_err sign_and_put(struct kith_store *store, const struct kith_identity *id,
	const struct kith_card *card, uint64_t had_rev, struct kith_diag *diag)
{
	KITH_AUTO(kith_mine_free) struct kith_mine mine = {.rev = card->rev};
	struct kith_card made;
	enum kith_err err;

	memcpy(mine.card, card->card, sizeof mine.card);
	if ((err = kith_card_sign(id, card, &mine.envelope)))
		return fail_sign(diag, err);
	if ((err = kith_card_verify(kith_buf_span(&mine.envelope), &made)) ||
		(err = kith_fields_pack(&card->fields, &mine.profile)))
		return kith_fail(diag, err, "the card was not made: %s", kith_err_text(err));
	err = kith_store_mine_put(store, had_rev, &mine, &made);
	if (err && err != KITH_ERR_BUSY)
		return fail_store(diag, err, store);
	return err;
}

enum kith_err kith_my_first(struct kith_store *store, const struct kith_identity *id,
	const struct kith_fields *fields, bool again, struct kith_diag *diag)
{
	const struct kith_env *env = kith_env_default();
	struct kith_card card = {.rev = again ? KITH_RESTORE_JUMP + 1 : 1,
		.issued = env->wall(env->ctx),
		.fields = *fields};

	env->random(env->ctx, card.card, sizeof card.card);
	return sign_and_put(store, id, &card, 0, diag);
}

static enum kith_err same_key(
	const struct kith_identity *id, const struct kith_my *my, struct kith_diag *diag)
{
	if (memcmp(kith_identity_ik(id), my->card.ik, KITH_KEY_BYTES) == 0)
		return KITH_OK;
	return kith_fail(diag, KITH_ERR_KEYFILE,
		"identity.key is not the key of the card in the store; put back the one that "
		"belongs to it");
}

/* What came of signing, in words; KITH_ERR_BUSY is for another try. */
static enum kith_err fail_signing(
	struct kith_diag *diag, enum kith_err err, const struct kith_store *store)
{
	if (err == KITH_ERR_LIMIT || err == KITH_ERR_VALUE || err == KITH_ERR_UTF8)
		return fail_sign(diag, err);
	return err && err != KITH_ERR_BUSY ? fail_store(diag, err, store) : err;
}

/* The next revisions of the cards that other fields change. */
static enum kith_err sign_next(struct kith_store *store, const struct kith_identity *id,
	const struct kith_my *my, const struct kith_fields *fields, struct kith_diag *diag)
{
	const struct kith_env *env = kith_env_default();
	const struct kith_cards_signing signing = {
		.id = id, .now = env->wall(env->ctx), .had_rev = my->mine.rev, .profile = fields};
	size_t n;
	enum kith_err err = same_key(id, my, diag);

	return err ? err : fail_signing(diag, kith_store_cards_sign(store, &signing, &n), store);
}

/* One try; KITH_ERR_BUSY: somebody else has signed in between. */
static enum kith_err change_once(struct kith_store *store, const struct kith_identity *id,
	kith_my_change_fn fn, void *ctx, bool *ret_changed, struct kith_diag *diag)
{
	KITH_AUTO(kith_my_free) struct kith_my my = {0};
	KITH_AUTO_BUF struct kith_buf packed = {0};
	struct kith_fields fields;
	enum kith_err err = kith_my_read(store, &my, diag);

	if (err)
		return err;
	fields = my.profile;
	if ((err = fn(ctx, &my, &fields, diag)) || (err = kith_fields_pack(&fields, &packed)))
		return err;
	*ret_changed = !kith_span_eq(kith_buf_span(&packed), kith_buf_span(&my.mine.profile));
	return *ret_changed ? sign_next(store, id, &my, &fields, diag) : KITH_OK;
}

static enum kith_err fail_busy(struct kith_diag *diag, enum kith_err err)
{
	return err == KITH_ERR_BUSY
		       ? kith_fail(diag, err, "another kith keeps changing your card; try again")
		       : err;
}

enum kith_err kith_my_change(struct kith_store *store, const struct kith_identity *id,
	kith_my_change_fn fn, void *ctx, bool *ret_changed, struct kith_diag *diag)
{
	enum kith_err err = KITH_ERR_BUSY;
	bool changed = false;

	for (int i = 0; err == KITH_ERR_BUSY && i < TRIES; i++)
		err = change_once(store, id, fn, ctx, &changed, diag);
	if (!err)
		*ret_changed = changed;
	return fail_busy(diag, err);
}

/* --- cards by name ------------------------------------------------------------------------------ */

static bool is_named(struct kith_span name, const char *what)
{
	KITH_AUTO_BUF struct kith_buf folded = {0};

	return !kith_fold(&folded, name) &&
	       kith_span_eq(kith_buf_span(&folded), kith_span_str(what));
}

static enum kith_err check_name(struct kith_span name, struct kith_diag *diag)
{
	char shown[128];

	if (name.n > KITH_CARD_NAME_MAX)
		return kith_fail(diag, KITH_ERR_USAGE, "the name of a card has at most %d bytes",
			KITH_CARD_NAME_MAX);
	if (!kith_text_is_word(name))
		return kith_fail(diag, KITH_ERR_USAGE,
			"%s cannot be the name of a card: one word of letters, digits, - and _",
			kith_quote_in(shown, sizeof shown, name, 32));
	if (is_named(name, "me"))
		return kith_fail(diag, KITH_ERR_USAGE,
			"the card \"me\" shows everything; give another one a name of its own");
	if (is_named(name, "nothing"))
		return kith_fail(diag, KITH_ERR_USAGE,
			"\"nothing\" cannot be a card: kith give WHO nothing means none");
	return KITH_OK;
}

static enum kith_err fail_put(
	struct kith_diag *diag, enum kith_err err, const struct kith_store *store, const char *name)
{
	if (err == KITH_ERR_EXISTS)
		return kith_fail(
			diag, err, "you have a card %s; --replace changes what it shows", name);
	if (err == KITH_ERR_MISSING)
		return fail_missing(diag, name);
	if (err == KITH_ERR_LIMIT)
		return kith_fail(diag, err,
			"you have %d cards, which is as many as there can be; kith card remove "
			"takes one away",
			KITH_CARDS_MAX);
	return fail_signing(diag, err, store);
}

/* One try. */
static enum kith_err put_once(struct kith_store *store, const struct kith_identity *id,
	const char *name, const char *shows, bool replace, struct kith_buf *missing,
	struct kith_diag *diag)
{
	const struct kith_env *env = kith_env_default();
	KITH_AUTO(kith_my_free) struct kith_my my = {0};
	struct kith_cards_signing signing = {.id = id, .now = env->wall(env->ctx)};
	uint8_t card[8];
	enum kith_err err = kith_my_read(store, &my, diag);

	kith_buf_clear(missing); /* of another try */
	if (err || (err = same_key(id, &my, diag)) ||
		(err = kith_chosen_kept(shows, &my.profile, missing, diag)))
		return err;
	signing.had_rev = my.mine.rev;
	env->random(env->ctx, card, sizeof card);
	err = kith_store_card_put(
		store, &signing, kith_span_str(name), kith_span_str(shows), card, replace);
	return fail_put(diag, err, store, name);
}

enum kith_err kith_my_put_card(struct kith_store *store, const struct kith_identity *id,
	const char *name, const char *shows, bool replace, struct kith_buf *missing,
	struct kith_diag *diag)
{
	enum kith_err err = check_name(kith_span_str(name), diag);

	if (err)
		return err;
	err = KITH_ERR_BUSY;
	for (int i = 0; err == KITH_ERR_BUSY && i < TRIES; i++)
		err = put_once(store, id, name, shows, replace, missing, diag);
	return fail_busy(diag, err);
}

enum kith_err kith_my_remove_card(
	struct kith_store *store, const char *name, struct kith_diag *diag)
{
	enum kith_err err = kith_store_card_remove(store, kith_span_str(name));

	if (err == KITH_ERR_VALUE)
		return kith_fail(diag, KITH_ERR_USAGE, "the card \"me\" stays");
	if (err == KITH_ERR_MISSING)
		return fail_missing(diag, name);
	return err ? fail_store(diag, err, store) : KITH_OK;
}
