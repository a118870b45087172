/* SPDX-License-Identifier: MIT */
#include "cli/history.h"

#include <kith/known.h>

#include "base/auto.h"
#include "cli/changes.h"
#include "cli/person.h"
#include "cli/words.h"

struct past {
	struct kith_buf before; /* the envelope of the one before; n == 0 for the first */
	json_t *array;          /* with --json */
	size_t n;
	enum kith_err err;
};

/* Of the first one everything is new. */
static enum kith_err print_changes(const struct past *past, const struct kith_card *now)
{
	struct kith_card before = *now;

	before.fields.n = 0;
	if (past->n > 0 && kith_card_verify(kith_buf_span(&past->before), &before))
		return KITH_ERR_STORE_CORRUPT;
	return kith_changes_print(&before, now);
}

static enum kith_err print_one(
	const struct past *past, const struct kith_revision *r, const struct kith_card *card)
{
	char date[KITH_DATE_CHARS];

	(void)printf("%srevision %llu, %s, %s%s%s\n", past->n ? "\n" : "",
		(unsigned long long)r->rev, kith_words_date(r->at, date),
		r->live ? "from their kith" : "by file",
		r->variant == KITH_CARD_POCKET ? ", a pocket card" : "",
		r->held ? "; this one counts" : "");
	return print_changes(past, card);
}

static enum kith_err add_one(
	struct past *past, const struct kith_revision *r, const struct kith_card *card)
{
	char iso[KITH_DATE_CHARS];
	struct kith_card before;
	json_t *o = kith_card_json(card);

	if (!o || json_array_append_new(past->array, o))
		return KITH_ERR_NOMEM;
	int bad = json_object_set_new(o, "at", json_string(kith_words_iso(r->at, iso)));
	bad |= json_object_set_new(o, "how", json_string(r->live ? "live" : "file"));
	bad |= json_object_set_new(o, "held", json_boolean(r->held));
	bad |= json_object_set_new(o, "pocket", json_boolean(r->variant == KITH_CARD_POCKET));
	if (past->n > 0) {
		if (kith_card_verify(kith_buf_span(&past->before), &before))
			return KITH_ERR_STORE_CORRUPT;
		bad |= json_object_set_new(o, "changes", kith_changes_json(&before, card));
	}
	return bad ? KITH_ERR_NOMEM : KITH_OK;
}

static bool take(void *ctx, const struct kith_revision *r)
{
	struct past *past = ctx;
	struct kith_card card;

	past->err = kith_card_verify(r->envelope, &card) ? KITH_ERR_STORE_CORRUPT : KITH_OK;
	if (!past->err)
		past->err = past->array ? add_one(past, r, &card) : print_one(past, r, &card);
	kith_buf_clear(&past->before);
	if (!past->err)
		past->err = kith_buf_add(&past->before, r->envelope.p, r->envelope.n);
	past->n++;
	return !past->err;
}

int kith_history_print(struct kith_cli *cli, struct kith_store *store, int64_t row)
{
	struct past past = {0};
	enum kith_err err = KITH_OK;

	if (cli->json && !(past.array = json_array()))
		err = KITH_ERR_NOMEM;
	if (!err)
		err = kith_store_history(store, row, take, &past);
	if (!err)
		err = past.err;
	kith_buf_free(&past.before);
	if (!err && past.array)
		kith_json_line(stdout, past.array);
	json_decref(past.array);
	if (err)
		return past.err ? kith_cli_fail(err, NULL) : kith_cli_fail_store(err, store);
	if (past.n == 0)
		kith_cli_say(cli, "No signed card of theirs is kept.");
	return 0;
}
