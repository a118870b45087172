/* SPDX-License-Identifier: MIT */
#include "cli/rings.h"

#include "base/auto.h"
#include "base/text.h"
#include "cli/person.h"

struct search {
	struct kith_span fold; /* n == 0: by row */
	int64_t row;
	struct kith_ring_copy *to;
	bool found;
	enum kith_err err;
};

static bool is_it(struct search *s, const struct kith_ring *ring)
{
	KITH_AUTO_BUF struct kith_buf fold = {0};

	if (s->fold.n == 0)
		return ring->row == s->row;
	s->err = kith_fold(&fold, ring->name);
	return !s->err && kith_span_eq(kith_buf_span(&fold), s->fold);
}

static bool look(void *ctx, const struct kith_ring *ring)
{
	struct search *s = ctx;

	if (!is_it(s, ring))
		return !s->err;
	size_t n = ring->name.n < KITH_TAG_MAX ? ring->name.n : KITH_TAG_MAX;
	memcpy(s->to->name, ring->name.p, n);
	s->to->name[n] = 0;
	s->to->ring = *ring;
	s->to->ring.name = kith_span(s->to->name, n);
	s->found = true;
	return false;
}

static enum kith_err find(struct kith_store *store, struct search *s)
{
	enum kith_err err = kith_store_rings(store, look, s);

	if (!err)
		err = s->err;
	return err || s->found ? err : KITH_ERR_MISSING;
}

enum kith_err kith_ring_named(
	struct kith_store *store, const char *name, struct kith_ring_copy *ret)
{
	KITH_AUTO_BUF struct kith_buf fold = {0};
	enum kith_err err = kith_fold(&fold, kith_span_str(name));
	struct search s = {.fold = kith_buf_span(&fold), .to = ret};

	if (!err && fold.n == 0)
		err = KITH_ERR_MISSING;
	return err ? err : find(store, &s);
}

enum kith_err kith_ring_of_row(struct kith_store *store, int64_t row, struct kith_ring_copy *ret)
{
	struct search s = {.row = row, .to = ret};

	return find(store, &s);
}

json_t *kith_ring_json(const struct kith_ring *ring)
{
	return json_pack("{s:o,s:I,s:I,s:I,s:o}", "name", kith_json_text(ring->name), "place",
		(json_int_t)ring->place, "room", (json_int_t)ring->room, "people",
		(json_int_t)ring->people, "rhythm",
		ring->rhythm ? json_integer(ring->rhythm) : json_null());
}
