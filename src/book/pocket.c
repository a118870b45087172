/* SPDX-License-Identifier: MIT */
#include "book/pocket.h"

#include "base/auto.h"
#include "book/chosen.h"
#include "base/diag.h"

static void identity_end(struct kith_identity **id)
{
	kith_identity_free(*id);
}

static struct kith_card next_of(const struct kith_my *my, const struct kith_fields *fields)
{
	const struct kith_env *env = kith_env_default();
	struct kith_card card = my->card;

	card.rev = my->mine.rev + 1;
	card.issued = env->wall(env->ctx);
	card.has_prev = false;
	card.variant = KITH_CARD_POCKET;
	card.fields = *fields;
	return card;
}

/* Whether they fit, by signing them: any key makes a card of that size, mine may be locked away. */
static enum kith_err try_fields(
	const struct kith_identity *any, const struct kith_my *my, const struct kith_fields *fields)
{
	KITH_AUTO_BUF struct kith_buf envelope = {0};
	struct kith_card card = next_of(my, fields);

	return kith_card_sign(any, &card, &envelope);
}

/* The fields of my card that are marked, in their order. */
static void gather(const struct kith_my *my, const bool *marked, struct kith_fields *ret_fields)
{
	ret_fields->n = 0;
	for (size_t i = 0; i < my->card.fields.n; i++)
		if (marked[i])
			ret_fields->at[ret_fields->n++] = my->card.fields.at[i];
}

/* Adds the first field of each kind, in the order of what is missed most, as long as it fits. */
static enum kith_err fit(
	const struct kith_identity *any, const struct kith_my *my, struct kith_fields *ret_fields)
{
	static const uint32_t kinds[] = {KITH_FIELD_NAME, KITH_FIELD_EMAIL, KITH_FIELD_TEL,
		KITH_FIELD_ORG, KITH_FIELD_TITLE, KITH_FIELD_URL};
	bool marked[KITH_CARD_FIELDS] = {false};
	enum kith_err err = KITH_OK;

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		const struct kith_field *f = kith_fields_first(&my->card.fields, kinds[i]);
		if (!f)
			continue;
		bool *mark = &marked[f - my->card.fields.at];
		*mark = true;
		gather(my, marked, ret_fields);
		err = try_fields(any, my, ret_fields);
		if (err && (err != KITH_ERR_LIMIT || kinds[i] == KITH_FIELD_NAME))
			return err;
		*mark = !err;
	}
	gather(my, marked, ret_fields);
	return KITH_OK;
}

enum kith_err kith_pocket_fields(const struct kith_my *my, const char *show,
	struct kith_fields *ret_fields, struct kith_diag *diag)
{
	KITH_AUTO(identity_end) struct kith_identity *any = NULL;
	enum kith_err err = kith_identity_new(NULL, &any);

	if (!err && show)
		err = kith_chosen(show, &my->card.fields, ret_fields, diag);
	if (err)
		return err;
	err = show ? try_fields(any, my, ret_fields) : fit(any, my, ret_fields);
	if (err == KITH_ERR_LIMIT && ret_fields->n == 1)
		return kith_fail(diag, err, "a name this long does not fit a pocket card");
	if (err == KITH_ERR_LIMIT)
		return kith_fail(diag, err,
			"a pocket card has room for some 130 bytes of text, and this is more; choose "
			"fewer fields with --show");
	return err;
}

static bool same_fields(const struct kith_fields *a, const struct kith_fields *b)
{
	KITH_AUTO_BUF struct kith_buf one = {0};
	KITH_AUTO_BUF struct kith_buf other = {0};

	return !kith_fields_pack(a, &one) && !kith_fields_pack(b, &other) &&
	       kith_span_eq(kith_buf_span(&one), kith_buf_span(&other));
}

enum kith_err kith_pocket_last(struct kith_store *store, const struct kith_my *my,
	const struct kith_fields *fields, struct kith_buf *out, struct kith_diag *diag)
{
	KITH_AUTO_BUF struct kith_buf envelope = {0};
	struct kith_card last;
	enum kith_err err = kith_store_pocket(store, my->card.card, &envelope);

	if (err && err != KITH_ERR_MISSING)
		return kith_fail(diag, err, "%s", kith_store_why(store));
	if (err || kith_card_verify(kith_buf_span(&envelope), &last) ||
		memcmp(last.ik, my->card.ik, sizeof last.ik) != 0 ||
		memcmp(last.card, my->card.card, sizeof last.card) != 0 ||
		last.pass != my->card.pass || !same_fields(&last.fields, fields))
		return KITH_ERR_MISSING;
	return kith_buf_add(out, envelope.p, envelope.n);
}

enum kith_err kith_pocket_sign(struct kith_store *store, const struct kith_identity *id,
	const struct kith_my *my, const struct kith_fields *fields, struct kith_buf *out,
	struct kith_diag *diag)
{
	KITH_AUTO_BUF struct kith_buf envelope = {0};
	struct kith_card card = next_of(my, fields), made;

	if (memcmp(kith_identity_ik(id), my->card.ik, KITH_KEY_BYTES) != 0)
		return kith_fail(diag, KITH_ERR_KEYFILE,
			"identity.key is not the key of the card in the store; put back the one "
			"that belongs to it");
	enum kith_err err = kith_card_sign(id, &card, &envelope);
	if (!err)
		err = kith_card_verify(kith_buf_span(&envelope), &made);
	if (err)
		return kith_fail(diag, err, "the pocket card was not made: %s", kith_err_text(err));
	err = kith_store_pocket_put(store, my->mine.rev, &made, kith_buf_span(&envelope));
	if (err && err != KITH_ERR_BUSY)
		return kith_fail(diag, err, "%s", kith_store_why(store));
	return err ? err : kith_buf_add(out, envelope.p, envelope.n);
}
