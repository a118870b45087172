/* SPDX-License-Identifier: MIT
 *
 * The event that a name means: the whole of it, or what it alone begins with.
 */
#include <stdlib.h>

#include "base/auto.h"
#include "base/text.h"
#include "cli/gathering.h"
#include "people/near.h"

#define NAMED_MAX 4 /* in a sentence */
#define FAR       2 /* letters in which a name may differ to be told */

/* What is asked for, and what there is. */
struct looking {
	struct kith_span fold;
	struct kith_gathering *all;
	size_t n;
	size_t begin, at; /* so many begin so; the last of them */
	struct kith_buf like;
	size_t liked, named;
};

static void looking_end(struct looking *l)
{
	free(l->all);
	kith_buf_free(&l->like);
}

static bool begins(struct kith_span text, struct kith_span with)
{
	return with.n > 0 && text.n >= with.n && memcmp(text.p, with.p, with.n) == 0;
}

/* Whether somebody may have meant it: a word of it begins so, or a few letters are other. */
static bool is_like(struct kith_span name, struct kith_span asked)
{
	bool word = true;

	for (size_t i = 0; i < name.n; i++) {
		if (word && begins(kith_span(name.p + i, name.n - i), asked))
			return true;
		word = name.p[i] == ' ';
	}
	return asked.n > FAR && kith_distance(name, asked, FAR) <= FAR;
}

/* ""Opera Night", "Opera Gala" and 2 more" */
static enum kith_err add_like(struct looking *l, const struct kith_gathering *g)
{
	char name[KITH_GATHERING_SHOWN];

	if (l->liked++ >= NAMED_MAX)
		return KITH_OK;
	return kith_buf_printf(
		&l->like, "%s%s", l->named++ ? ", " : "", kith_gathering_quoted(g, name));
}

/* The names of those that begin so, else of those that are like it. */
static enum kith_err name_like(struct looking *l)
{
	enum kith_err err = KITH_OK;

	for (size_t i = 0; !err && i < l->n; i++) {
		KITH_AUTO_BUF struct kith_buf fold = {0};
		if ((err = kith_fold(&fold, kith_span_str(l->all[i].name))))
			break;
		struct kith_span name = kith_buf_span(&fold);
		if (l->begin ? begins(name, l->fold) : is_like(name, l->fold))
			err = add_like(l, &l->all[i]);
	}
	if (!err && l->liked > l->named)
		err = kith_buf_printf(&l->like, " and %zu more", l->liked - l->named);
	return err;
}

static enum kith_err count_those_that_begin(struct looking *l)
{
	enum kith_err err = KITH_OK;

	for (size_t i = 0; !err && i < l->n; i++) {
		KITH_AUTO_BUF struct kith_buf fold = {0};
		err = kith_fold(&fold, kith_span_str(l->all[i].name));
		if (err || !begins(kith_buf_span(&fold), l->fold))
			continue;
		l->begin++;
		l->at = i;
	}
	return err;
}

static int say_none(struct looking *l, const char *asked, bool whole)
{
	char shown[KITH_GATHERING_SHOWN];

	kith_quote_in(shown, sizeof shown, kith_span_str(asked), KITH_SHOWN_NAME);
	if (l->begin > 1 && !whole)
		return kith_cli_error(KITH_ERR_MISSING,
			"%zu events begin with %s: %.*s; say more of the name", l->begin, shown,
			(int)l->like.n, (const char *)l->like.p);
	if (l->liked == 0)
		return kith_cli_error(KITH_ERR_MISSING,
			"there is no event %s; kith event list shows all there are", shown);
	return kith_cli_error(KITH_ERR_MISSING, "there is no event %s; there is %.*s%s", shown,
		(int)l->like.n, (const char *)l->like.p,
		whole ? ", and here the whole name is to be said" : "");
}

/* None has that name: the one that alone begins so, where a beginning will do. */
static bool find_begun(struct kith_store *store, const char *asked, bool whole,
	struct kith_gathering *ret, int *ret_status)
{
	KITH_AUTO(looking_end) struct looking l = {0};
	KITH_AUTO_BUF struct kith_buf fold = {0};

	if (!kith_gathering_all(store, &l.all, &l.n, ret_status))
		return false;
	enum kith_err err = kith_fold(&fold, kith_span_str(asked));
	l.fold = kith_buf_span(&fold);
	if (!err)
		err = count_those_that_begin(&l);
	if (!err && !whole && l.begin == 1) {
		*ret = l.all[l.at];
		return true;
	}
	if (!err)
		err = name_like(&l);
	*ret_status = err ? kith_cli_fail_store(err, store) : say_none(&l, asked, whole);
	return false;
}

bool kith_gathering_named(struct kith_store *store, const char *name, bool whole,
	struct kith_gathering *ret, int *ret_status)
{
	struct kith_gathering running;

	if (!kith_gathering_running(store, &running, ret_status) ||
		!kith_gathering_known(store, name, ret, ret_status))
		return false;
	if (!ret->row)
		return find_begun(store, name, whole, ret, ret_status);
	ret->runs = running.row == ret->row;
	return true;
}
