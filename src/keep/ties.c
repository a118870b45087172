/* SPDX-License-Identifier: MIT */
#include "keep/inside.h"

#include <stdlib.h>

/* A person in the circle, or who should be. */
struct keep_tied {
	struct kith_tied tied;
	size_t retired; /* ties under keys that I have left */
};

void keep_ties_free(struct kith_keep *keep)
{
	free(keep->there);
	free(keep->wanted);
	keep->there = keep->wanted = NULL;
	keep->n_there = keep->n_wanted = keep->cap_there = keep->cap_wanted = 0;
}

static enum kith_err grow(struct keep_tied **at, size_t n, size_t *cap)
{
	size_t more = *cap ? *cap * 2 : 64;
	void *p;

	if (n < *cap)
		return KITH_OK;
	if (!(p = reallocarray(*at, more, sizeof **at)))
		return KITH_ERR_NOMEM;
	*at = p;
	*cap = more;
	return KITH_OK;
}

/* My former keys that this person may still know me by. */
static size_t retired_for(const struct kith_keep *keep, uint64_t acknowledged)
{
	size_t n = 0;

	for (size_t i = 0; i < keep->n_retired; i++)
		n += keep->retired[i].seq > acknowledged;
	return n;
}

struct wish {
	struct kith_keep *keep;
	size_t ties;
	enum kith_err err;
};

/* Once one does not fit, nobody behind does: who is in it must not depend on how many keys I have left. */
static bool want(void *ctx, const struct kith_tied *tied)
{
	struct wish *wish = ctx;
	struct kith_keep *keep = wish->keep;
	size_t retired = retired_for(keep, tied->acknowledged);

	if (keep->left_out > 0 || wish->ties + 1 + retired > KITH_TIES_MAX) {
		keep->left_out++;
		return true;
	}
	if ((wish->err = grow(&keep->wanted, keep->n_wanted, &keep->cap_wanted)))
		return false;
	keep->wanted[keep->n_wanted++] = (struct keep_tied){.tied = *tied, .retired = retired};
	wish->ties += 1 + retired;
	return true;
}

static int by_contact(const void *a, const void *b)
{
	int64_t x = ((const struct keep_tied *)a)->tied.contact;
	int64_t y = ((const struct keep_tied *)b)->tied.contact;

	return (x > y) - (x < y);
}

static bool same(const struct keep_tied *a, const struct keep_tied *b)
{
	return a->retired == b->retired && memcmp(a->tied.ik, b->tied.ik, sizeof a->tied.ik) == 0 &&
	       memcmp(a->tied.xk, b->tied.xk, sizeof a->tied.xk) == 0;
}

/* Those that should not be in it, or not as they are, go; who should be added stays in wanted. */
static enum kith_err sift(struct kith_keep *keep, struct kith_circle *circle)
{
	size_t n = keep->n_wanted;
	size_t kept = 0;
	struct keep_tied *sorted = n ? reallocarray(NULL, n, sizeof *sorted) : NULL;

	if (n && !sorted)
		return KITH_ERR_NOMEM;
	if (n) {
		memcpy(sorted, keep->wanted, n * sizeof *sorted);
		qsort(sorted, n, sizeof *sorted, by_contact);
	}
	for (size_t i = 0; i < keep->n_there; i++) {
		const struct keep_tied *is = &keep->there[i];
		const struct keep_tied *should =
			n ? bsearch(is, sorted, n, sizeof *sorted, by_contact) : NULL;
		if (should && same(is, should))
			keep->there[kept++] = *is;
		else
			kith_circle_remove(circle, is->tied.contact);
	}
	keep->n_there = kept;
	free(sorted);
	if (kept)
		qsort(keep->there, kept, sizeof *keep->there, by_contact);
	n = 0;
	for (size_t i = 0; i < keep->n_wanted; i++)
		if (!kept || !bsearch(&keep->wanted[i], keep->there, kept, sizeof *keep->there,
				     by_contact))
			keep->wanted[n++] = keep->wanted[i];
	keep->n_wanted = n;
	return KITH_OK;
}

static enum kith_err begin(struct kith_keep *keep, struct kith_circle *circle)
{
	struct wish wish = {.keep = keep};

	if (keep->circle != circle || kith_circle_size(circle) == 0)
		keep->n_there = 0;
	keep->circle = circle;
	keep->n_wanted = keep->at = keep->left_out = 0;
	enum kith_err err = kith_store_ties(keep->store, want, &wish);
	if (!err)
		err = wish.err;
	return err ? err : sift(keep, circle);
}

/* KITH_ERR_VALUE, a key with which there is no tie, is no reason to stop. */
static enum kith_err add_tie(struct kith_keep *keep, struct kith_circle *circle,
	const struct kith_tied *tied, const struct kith_retired *retired)
{
	struct kith_tie tie = {.contact = tied->contact};

	memcpy(tie.theirs, tied->ik, sizeof tie.theirs);
	memcpy(tie.their_xk, tied->xk, sizeof tie.their_xk);
	enum kith_err err = kith_circle_add(circle, keep->id, retired ? retired->xk_secret : NULL,
		retired ? retired->ik : NULL, &tie);
	return err == KITH_ERR_VALUE ? KITH_OK : err;
}

static enum kith_err add(struct kith_keep *keep, struct kith_circle *circle,
	const struct keep_tied *who, size_t *ties)
{
	enum kith_err err = grow(&keep->there, keep->n_there, &keep->cap_there);

	if (!err)
		err = add_tie(keep, circle, &who->tied, NULL);
	*ties += 1;
	for (size_t i = 0; !err && i < keep->n_retired; i++)
		if (keep->retired[i].seq > who->tied.acknowledged) {
			err = add_tie(keep, circle, &who->tied, &keep->retired[i]);
			*ties += 1;
		}
	if (err)
		kith_circle_remove(circle, who->tied.contact);
	else
		keep->there[keep->n_there++] = *who;
	return err;
}

enum kith_err kith_keep_circle(
	struct kith_keep *keep, struct kith_circle *circle, size_t most, bool *ret_more)
{
	enum kith_err err = KITH_OK;
	size_t ties = 0;

	if (!keep->building || keep->circle != circle)
		err = begin(keep, circle);
	keep->building = !err;
	while (!err && keep->at < keep->n_wanted && ties < most)
		err = add(keep, circle, &keep->wanted[keep->at++], &ties);
	if (err || keep->at == keep->n_wanted)
		keep->building = false;
	if (!err)
		*ret_more = keep->building;
	return err;
}

size_t kith_keep_left_out(const struct kith_keep *keep)
{
	return keep->left_out;
}
