/* SPDX-License-Identifier: MIT */
#include "base/limits.h"
#include "card/shown.h"
#include "store/cards.h"

/* My cards as they are before they are signed: those that are not removed. */
struct deck {
	struct {
		uint8_t card[8];
		struct kith_buf shows;
		struct kith_buf envelope;
	} at[KITH_CARDS_MAX];
	size_t n;
	enum kith_err err;
};

static void deck_end(struct deck *d)
{
	for (size_t i = 0; i < d->n; i++) {
		kith_buf_free(&d->at[i].shows);
		kith_buf_free(&d->at[i].envelope);
	}
}

static bool take(void *ctx, const struct kith_my_card *card)
{
	struct deck *d = ctx;

	if (card->gone)
		return false;
	if (d->n == KITH_CARDS_MAX) {
		d->err = KITH_ERR_STORE_CORRUPT;
		return false;
	}
	size_t i = d->n++;
	memcpy(d->at[i].card, card->card, sizeof d->at[i].card);
	d->err = kith_buf_add(&d->at[i].shows, card->shows.p, card->shows.n);
	if (!d->err)
		d->err = kith_buf_add(&d->at[i].envelope, card->envelope.p, card->envelope.n);
	return !d->err;
}

/* The job of one transaction. */
struct job {
	struct kith_store *store;
	const struct kith_cards_signing *s;
	struct kith_fields profile;
	uint64_t rev; /* the counter; 0: nothing was signed yet */
};

static enum kith_err run_text(struct kith_store *store, const char *sql, struct kith_span text,
	const uint8_t card[static 8])
{
	struct kith_query q = kith_query(store, sql);

	kith_bind_blob(&q, card, 8);
	kith_bind_text(&q, text);
	return kith_query_run(&q);
}

/* Signs it with the next number and keeps it. */
static enum kith_err sign(struct job *job, struct kith_card *card)
{
	KITH_AUTO_BUF struct kith_buf envelope = {0};
	struct kith_card made;
	enum kith_err err;

	card->rev = job->rev + 1;
	card->issued = job->s->now;
	card->variant = KITH_CARD_FULL;
	if ((err = kith_card_sign(job->s->id, card, &envelope)) ||
		(err = kith_card_verify(kith_buf_span(&envelope), &made)) ||
		(err = kith_mine_keep(job->store, &made, kith_buf_span(&envelope))))
		return err;
	job->rev = made.rev;
	return KITH_OK;
}

static enum kith_err hold(struct job *job, const uint8_t card[static 8])
{
	struct kith_query q =
		kith_query(job->store, "UPDATE my_card SET held = ?2 WHERE card = ?1");

	kith_bind_blob(&q, card, 8);
	kith_bind_int(&q, (int64_t)job->rev);
	return kith_query_run(&q);
}

static bool same(const struct kith_fields *a, const struct kith_fields *b, enum kith_err *err)
{
	KITH_AUTO_BUF struct kith_buf one = {0};
	KITH_AUTO_BUF struct kith_buf other = {0};

	if (!(*err = kith_fields_pack(a, &one)))
		*err = kith_fields_pack(b, &other);
	return kith_span_eq(kith_buf_span(&one), kith_buf_span(&other));
}

/* The next revision of one card, if it is to have one. */
static enum kith_err renew(struct job *job, struct deck *d, size_t i, bool *ret_signed)
{
	struct kith_span before = kith_buf_span(&d->at[i].envelope);
	struct kith_card card;
	struct kith_fields shown;
	enum kith_err err = kith_card_verify(before, &card);

	*ret_signed = false;
	if (err)
		return err == KITH_ERR_NOMEM ? err : KITH_ERR_STORE_CORRUPT;
	kith_fields_shown(kith_buf_span(&d->at[i].shows), &job->profile, &shown);
	if (!job->s->all && (same(&card.fields, &shown, &err) || err))
		return err;
	card.has_prev = true;
	kith_card_prev(card.body, card.prev);
	card.fields = shown;
	if (!(err = sign(job, &card)))
		err = hold(job, d->at[i].card);
	*ret_signed = !err;
	return err;
}

/* The counter, the fields, and which number "me" has now. */
static enum kith_err put_mine(struct job *job)
{
	KITH_AUTO_BUF struct kith_buf profile = {0};
	enum kith_err err = kith_fields_pack(&job->profile, &profile);

	if (err)
		return err;
	struct kith_query q = kith_query(job->store,
		"UPDATE mine SET rev = ?1, profile = ?2, held = coalesce((SELECT held FROM my_card "
		"WHERE fold = 'me' AND gone = 0), held)");
	kith_bind_int(&q, (int64_t)job->rev);
	kith_bind_blob(&q, profile.p, profile.n);
	return kith_query_run(&q);
}

/* That the key which signs is the one of the cards, under the same lock: a process that has not heard of a
 * rotation would take my cards back to the key that was left. */
static enum kith_err check_key(const struct kith_cards_signing *s, const struct kith_mine *mine)
{
	struct kith_card card;
	enum kith_err err = kith_card_verify(kith_buf_span(&mine->envelope), &card);

	if (err)
		return err == KITH_ERR_NOMEM ? err : KITH_ERR_STORE_CORRUPT;
	return s->rekey || memcmp(card.ik, kith_identity_ik(s->id), sizeof card.ik) == 0
		       ? KITH_OK
		       : KITH_ERR_STALEKEY;
}

/* What there is, and the number behind which signing goes on. */
static enum kith_err begin(struct job *job, struct kith_mine *mine)
{
	const struct kith_cards_signing *s = job->s;
	enum kith_err err = kith_store_mine(job->store, mine);

	if (err)
		return err;
	if (s->had_rev && s->had_rev != mine->rev)
		return KITH_ERR_BUSY;
	if ((err = check_key(s, mine)))
		return err;
	job->rev = (mine->rev > s->above ? mine->rev : s->above) + s->jump;
	if (s->profile)
		job->profile = *s->profile;
	else if (kith_fields_unpack(kith_buf_span(&mine->profile), &job->profile))
		return KITH_ERR_STORE_CORRUPT;
	return KITH_OK;
}

static enum kith_err sign_all(struct job *job, size_t *ret_signed)
{
	KITH_AUTO(deck_end) struct deck d = {0};
	size_t n = 0;
	enum kith_err err = kith_store_cards(job->store, take, &d);

	if (!err)
		err = d.err;
	for (size_t i = 0; !err && i < d.n; i++) {
		bool done;
		err = renew(job, &d, i, &done);
		n += !err && done;
	}
	if (!err && n > 0)
		err = put_mine(job);
	if (!err && job->s->rekey)
		err = kith_returned_left(job->store);
	*ret_signed = n;
	return err;
}

enum kith_err kith_store_cards_sign(
	struct kith_store *store, const struct kith_cards_signing *s, size_t *ret_signed)
{
	KITH_AUTO(kith_mine_free) struct kith_mine mine = {0};
	struct job job = {.store = store, .s = s};
	size_t n = 0;
	enum kith_err err = kith_db_begin(store);

	if (err)
		return err;
	if (!(err = begin(&job, &mine)))
		err = sign_all(&job, &n);
	if (!(err = kith_db_end(store, err)))
		*ret_signed = n;
	return err;
}

/* --- one card by name --------------------------------------------------------------------------- */

static enum kith_err count(struct kith_store *store, int64_t *ret)
{
	struct kith_query q = kith_query(store, "SELECT count(*) FROM my_card WHERE gone = 0");

	*ret = kith_query_row(&q) ? kith_column_int(&q, 0) : 0;
	return kith_query_end(&q);
}

static enum kith_err add(struct job *job, const struct kith_mine *mine, struct kith_span name,
	struct kith_span shows, const uint8_t id[static 8])
{
	struct kith_card me, card = {0};
	int64_t n;
	enum kith_err err = count(job->store, &n);

	if (!err && n >= KITH_CARDS_MAX)
		err = KITH_ERR_LIMIT;
	if (!err && kith_card_verify(kith_buf_span(&mine->envelope), &me))
		err = KITH_ERR_STORE_CORRUPT;
	if (err)
		return err;
	memcpy(card.card, id, sizeof card.card);
	card.pass = me.pass;
	kith_fields_shown(shows, &job->profile, &card.fields);
	if ((err = sign(job, &card)))
		return err;
	struct kith_query q = kith_query(job->store,
		"INSERT INTO my_card (card, name, fold, shows, held) VALUES (?1, ?2, fold(?2), ?3, ?4)");
	kith_bind_blob(&q, id, 8);
	kith_bind_text(&q, name);
	kith_bind_text(&q, shows);
	kith_bind_int(&q, (int64_t)job->rev);
	err = kith_query_run(&q);
	return err ? err : put_mine(job);
}

static enum kith_err change(struct job *job, const struct kith_mine *named, struct kith_span shows)
{
	size_t n;
	enum kith_err err = run_text(
		job->store, "UPDATE my_card SET shows = ?2 WHERE card = ?1", shows, named->card);

	return err ? err : sign_all(job, &n);
}

static enum kith_err put_card(struct job *job, struct kith_span name, struct kith_span shows,
	const uint8_t card[static 8], bool replace)
{
	KITH_AUTO(kith_mine_free) struct kith_mine mine = {0};
	KITH_AUTO(kith_mine_free) struct kith_mine named = {0};
	enum kith_err err = begin(job, &mine);

	if (err)
		return err;
	err = kith_store_card_named(job->store, name, &named);
	if (err && err != KITH_ERR_MISSING)
		return err;
	if (replace)
		return err ? err : change(job, &named, shows);
	return err ? add(job, &mine, name, shows, card) : KITH_ERR_EXISTS;
}

enum kith_err kith_store_card_put(struct kith_store *store, const struct kith_cards_signing *s,
	struct kith_span name, struct kith_span shows, const uint8_t card[static 8], bool replace)
{
	struct job job = {.store = store, .s = s};
	enum kith_err err = kith_db_begin(store);

	return err ? err : kith_db_end(store, put_card(&job, name, shows, card, replace));
}
