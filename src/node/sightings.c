/* SPDX-License-Identifier: MIT */
#include "node/inside.h"

struct sighting *sighting_find(struct kith_node *node, const uint8_t key[static 32])
{
	for (size_t i = 0; i < KITH_ROWS_MAX; i++)
		if (node->sightings[i].used && memcmp(node->sightings[i].key, key, 32) == 0)
			return &node->sightings[i];
	return NULL;
}

static struct sighting *free_place(struct kith_node *node)
{
	for (size_t i = 0; i < KITH_ROWS_MAX; i++)
		if (!node->sightings[i].used)
			return &node->sightings[i];
	return NULL;
}

static void copy(char *to, size_t cap, struct kith_span s)
{
	size_t n = s.n < cap - 1 ? s.n : cap - 1;

	if (n)
		memcpy(to, s.p, n);
	to[n] = 0;
}

bool sighting_keep(struct kith_node *node, const struct kith_courier_seen *m)
{
	struct sighting *s = sighting_find(node, m->key.p);

	if (!s)
		s = free_place(node);
	if (!s)
		return false;
	*s = (struct sighting){.used = true, .n = m->endpoints.n};
	memcpy(s->key, m->key.p, 32);
	copy(s->label, sizeof s->label, m->label);
	copy(s->network, sizeof s->network, m->network);
	for (size_t i = 0; i < s->n; i++)
		copy(s->endpoints[i], sizeof s->endpoints[i], m->endpoints.at[i]);
	return true;
}

void sighting_drop(struct kith_node *node, const uint8_t key[static 32])
{
	struct sighting *s = sighting_find(node, key);

	if (s)
		s->used = false;
}

void sightings_forget(struct kith_node *node)
{
	for (size_t i = 0; i < KITH_ROWS_MAX; i++)
		node->sightings[i].used = false;
}
