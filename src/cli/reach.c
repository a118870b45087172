/* SPDX-License-Identifier: MIT */
#include "cli/reach.h"

#include "base/auto.h"
#include "base/limits.h"
#include "base/text.h"
#include "book/keys.h"
#include "card/shown.h"
#include "cli/paste.h"
#include "cli/sure.h"

#define FIELDS_SAID 8   /* of more there is one line */
#define UNDO_MAX    400 /* bytes of commands that a person would copy */

/* The cards that somebody is given. */
struct given {
	struct {
		struct kith_buf name;
		struct kith_buf shows;
		size_t people;
	} at[KITH_CARDS_MAX];
	size_t n;
	enum kith_err err;
};

static void given_end(struct given *g)
{
	for (size_t i = 0; i < g->n; i++) {
		kith_buf_free(&g->at[i].name);
		kith_buf_free(&g->at[i].shows);
	}
}

static bool take(void *ctx, const struct kith_my_card *card)
{
	struct given *g = ctx;

	if (card->gone || card->given == 0)
		return !card->gone;
	if (g->n == KITH_CARDS_MAX)
		return false;
	size_t i = g->n++;
	g->at[i].people = card->given;
	g->err = kith_buf_add(&g->at[i].name, card->name.p, card->name.n);
	if (!g->err)
		g->err = kith_buf_add(&g->at[i].shows, card->shows.p, card->shows.n);
	return !g->err;
}

void kith_reach_free(struct kith_reach *reach)
{
	kith_buf_free(&reach->text);
	kith_buf_free(&reach->undo);
}

/* --- one field -------------------------------------------------------------------------------- */

static bool same_key(const struct kith_field *a, const struct kith_field *b)
{
	return a->kind == b->kind && kith_span_eq(a->label, b->label);
}

static bool same_value(const struct kith_field *a, const struct kith_field *b)
{
	bool same = a->parts == b->parts && a->flags == b->flags;

	for (size_t i = 0; same && i < a->parts; i++)
		same = kith_span_eq(a->part[i], b->part[i]);
	return same;
}

/* The next field of that kind and label from i on; NULL for none. */
static const struct kith_field *next(
	const struct kith_fields *fields, const struct kith_field *key, size_t *i)
{
	while (*i < fields->n)
		if (same_key(&fields->at[(*i)++], key))
			return &fields->at[*i - 1];
	return NULL;
}

static bool has(const struct kith_fields *fields, const struct kith_field *key)
{
	size_t i = 0;

	return next(fields, key, &i) != NULL;
}

/* Whether what has that kind and label is another. */
static bool differs(const struct kith_fields *before, const struct kith_fields *after,
	const struct kith_field *key)
{
	size_t i = 0, j = 0;
	const struct kith_field *b, *a;

	do {
		b = next(before, key, &i);
		a = next(after, key, &j);
		if ((b == NULL) != (a == NULL) || (b && !same_value(b, a)))
			return true;
	} while (b);
	return false;
}

/* "email.work", inert. */
static enum kith_err add_key(struct kith_buf *out, const struct kith_field *f)
{
	const struct kith_field_info *info = kith_field_info(f->kind);
	char label[4 * KITH_FIELD_LABEL_MAX];

	kith_show_in(label, sizeof label, f->label, KITH_FIELD_LABEL_MAX);
	return kith_buf_printf(
		out, "%s%s%s", info ? info->name : "a field", *label ? "." : "", label);
}

/* A sentence: who holds it, by which cards, and what becomes of it. */
static enum kith_err say_field(struct kith_reach *r, const struct kith_field *key, bool had,
	bool has_now, size_t people, struct kith_span cards)
{
	KITH_AUTO_BUF struct kith_buf name = {0};
	enum kith_err err = add_key(&name, key);
	bool one = people == 1;

	r->fields++;
	r->more |= !had;
	if (err || r->fields > FIELDS_SAID)
		return err;
	if (!kith_buf_cstr(&name))
		return KITH_ERR_NOMEM;
	return kith_buf_printf(&r->text, "%zu %s %s %s (%.*s)%s\n", people,
		one ? "person" : "people",
		had   ? one ? "holds" : "hold"
		: one ? "gets"
		      : "get",
		(const char *)name.p, (int)cards.n, (const char *)cards.p,
		!had      ? " when you meet."
		: has_now ? one ? ", and gets the change when you meet."
				: ", and get the change when you meet."
		: one     ? ", and loses it from that card when you meet."
			  : ", and lose it from that card when you meet.");
}

/* One kind and label over all the cards. */
static enum kith_err add_field(struct kith_reach *r, const struct given *g,
	const struct kith_field *key, const struct kith_fields *before,
	const struct kith_fields *after)
{
	KITH_AUTO_BUF struct kith_buf cards = {0};
	struct kith_fields was, is;
	size_t people = 0;
	enum kith_err err = KITH_OK;

	for (size_t i = 0; !err && i < g->n; i++) {
		kith_fields_shown(kith_buf_span(&g->at[i].shows), before, &was);
		kith_fields_shown(kith_buf_span(&g->at[i].shows), after, &is);
		if (!differs(&was, &is, key))
			continue;
		people += g->at[i].people;
		err = kith_buf_printf(&cards, "%s%.*s %zu", cards.n ? ", " : "",
			(int)g->at[i].name.n, (const char *)g->at[i].name.p, g->at[i].people);
	}
	if (err || people == 0)
		return err;
	return say_field(r, key, has(before, key), has(after, key), people, kith_buf_span(&cards));
}

/* --- the way back ------------------------------------------------------------------------------- */

static enum kith_err add_old(struct kith_buf *out, const struct kith_field *f)
{
	KITH_AUTO_BUF struct kith_buf text = {0};
	enum kith_err err = add_key(&text, f);

	if (!err)
		err = kith_buf_add_str(&text, "=");
	if (!err)
		err = kith_field_value(f, &text);
	return err ? err : kith_paste_word(out, kith_buf_span(&text));
}

/* The commands for one kind and label: what there was is set, what there was not is unset. */
static enum kith_err undo_field(struct kith_buf *set, struct kith_buf *unset,
	const struct kith_field *key, const struct kith_fields *before)
{
	const struct kith_field *f;
	size_t i = 0;
	enum kith_err err = KITH_OK;

	if (!has(before, key)) {
		KITH_AUTO_BUF struct kith_buf name = {0};
		err = add_key(&name, key);
		return err ? err : kith_paste_word(unset, kith_buf_span(&name));
	}
	while (!err && (f = next(before, key, &i)))
		err = add_old(set, f);
	return err;
}

static enum kith_err join_undo(struct kith_reach *r, struct kith_span set, struct kith_span unset)
{
	enum kith_err err = KITH_OK;

	if (set.n)
		err = kith_buf_printf(
			&r->undo, "kith card set %.*s", (int)set.n, (const char *)set.p);
	if (!err && unset.n)
		err = kith_buf_printf(&r->undo, "%skith card unset %.*s", set.n ? " && " : "",
			(int)unset.n, (const char *)unset.p);
	if (!err && r->undo.n > UNDO_MAX)
		kith_buf_clear(&r->undo);
	return err;
}

/* --- a change ----------------------------------------------------------------------------------- */

/* The kinds and labels of both, each once: those of before, then those that are new. */
static size_t keys_of(const struct kith_fields *before, const struct kith_fields *after,
	const struct kith_field *keys[static 2 * KITH_CARD_FIELDS])
{
	const struct kith_fields *both[] = {before, after};
	size_t n = 0;

	for (int k = 0; k < 2; k++) {
		for (size_t i = 0; i < both[k]->n; i++) {
			size_t j = 0;
			while (j < n && !same_key(keys[j], &both[k]->at[i]))
				j++;
			if (j == n)
				keys[n++] = &both[k]->at[i];
		}
	}
	return n;
}

static enum kith_err add_fields(struct kith_reach *r, const struct given *g,
	const struct kith_fields *before, const struct kith_fields *after)
{
	KITH_AUTO_BUF struct kith_buf set = {0};
	KITH_AUTO_BUF struct kith_buf unset = {0};
	const struct kith_field *keys[2 * KITH_CARD_FIELDS];
	size_t n = keys_of(before, after, keys);
	bool picture = false, said = true;
	enum kith_err err = KITH_OK;

	for (size_t i = 0; !err && i < n; i++) {
		if (!differs(before, after, keys[i]))
			continue;
		picture |= keys[i]->kind == KITH_FIELD_PHOTO && has(before, keys[i]);
		if (!(err = add_field(r, g, keys[i], before, after)) && said)
			err = undo_field(&set, &unset, keys[i], before);
		if (err == KITH_ERR_VALUE) { /* it has what some shell would act on */
			said = false;
			err = KITH_OK;
		}
	}
	if (!err && r->fields > FIELDS_SAID)
		err = kith_buf_printf(
			&r->text, "The same of %zu more fields.\n", r->fields - FIELDS_SAID);
	if (err || picture || !said) /* a picture is no argument */
		return err;
	return join_undo(r, kith_buf_span(&set), kith_buf_span(&unset));
}

/* What a revoked key signs nobody takes, so it reaches nobody. */
static enum kith_err given_to(
	struct kith_store *store, bool (*fn)(void *ctx, const struct kith_my_card *card), void *ctx)
{
	bool revoked = false;
	enum kith_err err = kith_key_mine_is_revoked(store, &revoked);

	return err || revoked ? err : kith_store_cards(store, fn, ctx);
}

enum kith_err kith_reach_profile(struct kith_reach *reach, struct kith_store *store,
	const struct kith_fields *before, const struct kith_fields *after)
{
	KITH_AUTO(given_end) struct given g = {0};
	enum kith_err err = given_to(store, take, &g);

	if (!err)
		err = g.err;
	return err || g.n == 0 ? err : add_fields(reach, &g, before, after);
}

/* The one card that shows something else, among those that are given. */
struct named {
	struct given all;
	struct kith_span card;
};

static bool take_named(void *ctx, const struct kith_my_card *card)
{
	struct named *n = ctx;

	return !kith_span_eq(n->card, kith_span(card->card, sizeof card->card)) ||
	       (take(&n->all, card) && false);
}

enum kith_err kith_reach_card(struct kith_reach *reach, struct kith_store *store, const char *name,
	const struct kith_fields *profile, const char *shows)
{
	KITH_AUTO(kith_mine_free) struct kith_mine mine = {0};
	struct named n = {.card = kith_span(mine.card, sizeof mine.card)};
	struct kith_fields was, is;
	enum kith_err err = kith_store_card_named(store, kith_span_str(name), &mine);

	if (err)
		return err == KITH_ERR_MISSING ? KITH_OK : err;
	if (!(err = given_to(store, take_named, &n)) && !(err = n.all.err) && n.all.n == 1) {
		kith_fields_shown(kith_buf_span(&n.all.at[0].shows), profile, &was);
		kith_fields_shown(kith_span_str(shows), profile, &is);
		kith_buf_clear(&n.all.at[0].shows); /* both are what it shows already */
		err = add_fields(reach, &n.all, &was, &is);
		kith_buf_clear(&reach->undo);
	}
	given_end(&n.all);
	return err;
}

bool kith_reach_say(const struct kith_cli *cli, const struct kith_reach *reach, bool yes)
{
	bool ask = reach->more && !yes && cli->tty && !cli->json;

	if (reach->fields > 0 && (ask || !cli->quiet)) /* a question needs to say about what */
		(void)fprintf(stderr, "%.*s", (int)reach->text.n, (const char *)reach->text.p);
	return !ask || kith_sure("Do it? [y/N] ");
}

void kith_reach_undo(const struct kith_cli *cli, const struct kith_reach *reach)
{
	if (reach->fields > 0 && reach->undo.n > 0)
		kith_cli_note(
			cli, "To undo it: %.*s", (int)reach->undo.n, (const char *)reach->undo.p);
}
