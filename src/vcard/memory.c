/* SPDX-License-Identifier: MIT */
#include "vcard/memory.h"

#include <stdalign.h>
#include <stdlib.h>

#define USUAL 4096 /* bytes; most vCards need less, a photo gets a block of its own */

struct kith_block {
	struct kith_block *next;
	size_t n;
	alignas(max_align_t) uint8_t bytes[];
};

static bool add_block(struct kith_memory *m, size_t n)
{
	size_t size = n > USUAL ? n : USUAL;
	struct kith_block *b = malloc(sizeof *b + size);

	if (!b)
		return false;
	b->n = size;
	b->next = m->full;
	m->full = b;
	m->left = size;
	return true;
}

void *kith_memory_take(struct kith_memory *m, size_t n)
{
	const size_t a = alignof(max_align_t);

	if (n > SIZE_MAX / 2)
		return NULL;
	n = (n + a - 1) / a * a;
	if (m->left < n && !add_block(m, n))
		return NULL;
	void *p = m->full->bytes + (m->full->n - m->left);
	m->left -= n;
	return p;
}

enum kith_err kith_memory_copy(struct kith_memory *m, struct kith_span s, struct kith_span *ret)
{
	uint8_t *p = kith_memory_take(m, s.n ? s.n : 1);

	if (!p)
		return KITH_ERR_NOMEM;
	if (s.n)
		memcpy(p, s.p, s.n);
	*ret = kith_span(p, s.n);
	return KITH_OK;
}

void kith_memory_reset(struct kith_memory *m)
{
	struct kith_block *keep = NULL;

	while (m->full) {
		struct kith_block *next = m->full->next;
		if (!keep && m->full->n == USUAL)
			keep = m->full;
		else
			free(m->full);
		m->full = next;
	}
	if (keep)
		keep->next = NULL;
	m->full = keep;
	m->left = keep ? keep->n : 0;
}

void kith_memory_free(struct kith_memory *m)
{
	while (m && m->full) {
		struct kith_block *next = m->full->next;
		free(m->full);
		m->full = next;
	}
	if (m)
		m->left = 0;
}
