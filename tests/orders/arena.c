/* SPDX-License-Identifier: MIT */
#include "arena.h"

#include <sodium.h>

#define ARENA_BYTES  (1 << 20)
#define ARENA_BLOCKS 512
#define ALIGNMENT    16

static _Alignas(ALIGNMENT) uint8_t arena[ARENA_BYTES];
static struct arena_block blocks[ARENA_BLOCKS]; /* by place */
static size_t used;
static uint64_t drawn; /* by libsodium */

/* --- memory ----------------------------------------------------------------------------------- */

/* The lowest place where n bytes fit, and between which blocks. */
static size_t place_for(size_t n, size_t *ret_at)
{
	size_t at = 0, i = 0;

	while (i < used && blocks[i].at - at < n) {
		at = (blocks[i].at + blocks[i].n + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
		i++;
	}
	*ret_at = at;
	return i;
}

static void *arena_alloc(void *ctx, size_t n)
{
	struct world *w = ctx;
	size_t at, i = place_for(n, &at);

	w->allocs++;
	expect(used < ARENA_BLOCKS && at + n <= ARENA_BYTES);
	memmove(&blocks[i + 1], &blocks[i], (used - i) * sizeof blocks[0]);
	blocks[i] = (struct arena_block){.at = at, .n = n, .p = arena + at};
	used++;
	memset(arena + at, 0, n);
	w->live += n;
	w->blocks++;
	return arena + at;
}

static void arena_release(void *ctx, void *p, size_t n)
{
	struct world *w = ctx;
	size_t i = 0;

	while (i < used && blocks[i].p != p)
		i++;
	expect(i < used && blocks[i].n == n);
	used--;
	memmove(&blocks[i], &blocks[i + 1], (used - i) * sizeof blocks[0]);
	w->live -= n;
	w->blocks--;
}

void arena_starts(struct world *w)
{
	used = 0;
	drawn = 0;
	w->env.alloc = arena_alloc;
	w->env.release = arena_release;
}

size_t arena_blocks(const struct arena_block **ret_blocks)
{
	*ret_blocks = blocks;
	return used;
}

/* --- libsodium's randomness ------------------------------------------------------------------- */

uint64_t arena_drawn(void)
{
	return drawn;
}

static const char *counter_name(void)
{
	return "counter";
}

static uint32_t counter_random(void)
{
	return (uint32_t)++drawn;
}

static void counter_buf(void *buf, size_t n)
{
	uint8_t *p = buf;

	drawn++;
	for (size_t i = 0; i < n; i++)
		p[i] = (uint8_t)(drawn >> i % 8 * 8) ^ (uint8_t)i;
}

static struct randombytes_implementation counter = {
	.implementation_name = counter_name, .random = counter_random, .buf = counter_buf};

void arena_takes_randomness(void)
{
	expect(randombytes_set_implementation(&counter) == 0);
}
