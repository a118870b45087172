/* SPDX-License-Identifier: MIT */
#include "people_world.h"

#define MOMENT 1767225600 /* 2026-01-01 */

int64_t people_add(struct kith_store *store, const char *name, const char *fields)
{
	char text[512], uid[300];

	(void)snprintf(text, sizeof text, "name=%s%s%s", name, *fields ? "\n" : "", fields);
	(void)snprintf(uid, sizeof uid, "of %s", name);
	return world_entry(store, 0, uid, text);
}

struct finding {
	int64_t row;
	const char *name;
};

static bool event_row(void *ctx, const struct kith_event *event)
{
	*(int64_t *)ctx = event->row;
	return true;
}

void people_event(
	struct kith_store *store, const char *name, const char *place, const int64_t *rows)
{
	struct kith_event event = {.name = kith_span_str(name),
		.place = kith_span_str(place),
		.began = MOMENT,
		.until = KITH_DAY_NONE};
	int64_t row = 0;

	assert_ok(kith_store_event_start(store, &event));
	assert_ok(kith_store_event_named(store, event.name, event_row, &row));
	for (; *rows; rows++)
		assert_ok(kith_store_event_add(store, row, *rows, true));
}

void people_relate(struct kith_store *store, int64_t a, int64_t b)
{
	assert_ok(kith_store_relate(store, a, b, kith_span_str("know each other"), MOMENT));
}

void people_note(struct kith_store *store, int64_t who, const char *text)
{
	struct kith_remark r = {.contact = who,
		.kind = KITH_REMARK_NOTE,
		.at = MOMENT,
		.text = kith_span_str(text)};
	int64_t row;

	assert_ok(kith_store_remark_put(store, &r, MOMENT, &row));
}

static bool ring_row(void *ctx, const struct kith_ring *ring)
{
	struct finding *f = ctx;

	if (kith_span_eq(ring->name, kith_span_str(f->name)))
		f->row = ring->row;
	return true;
}

void people_ring(struct kith_store *store, int64_t who, const char *ring)
{
	struct finding f = {.name = ring};

	assert_ok(kith_store_rings(store, ring_row, &f));
	assert_int_not_equal(f.row, 0);
	assert_ok(kith_store_ring_move(store, who, f.row, MOMENT));
}

uint32_t people_number(const struct kith_ties *ties, const char *name)
{
	for (uint32_t i = 0; i < ties->n; i++)
		if (kith_span_eq(ties->people[i].name, kith_span_str(name)))
			return i;
	fail_msg("nobody is called %s", name);
	return 0;
}
