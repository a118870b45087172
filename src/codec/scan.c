/* SPDX-License-Identifier: MIT */
#include "codec/scan.h"

#include "base/limits.h"
#include "base/text.h"

/* One open array or map. */
struct level {
	uint64_t left;     /* elements still to come; a map counts key and value */
	bool map;          /* elements alternate key, value */
	bool key;          /* the next element is a key */
	bool has_last;     /* a key was seen */
	uint64_t last_key; /* the one seen last */
};

struct scanner {
	struct kith_span s; /* what is left */
	size_t max;         /* longest str or bin that makes sense here */
	size_t elements;    /* declared so far */
	size_t depth;       /* open levels */
	struct level level[KITH_STRICT_DEPTH];
};

enum kind { UINT, BOOL, STR, BIN, ARRAY, MAP };

struct head {
	enum kind kind;
	uint64_t n; /* the number, the truth value, the length or the count */
};

/* Reads a big-endian number of `size` bytes, which must need them: at least `least`. */
static enum kith_err number(struct kith_span *s, size_t size, uint64_t least, uint64_t *ret)
{
	uint64_t v = 0;

	if (s->n < size)
		return KITH_ERR_TRUNCATED;
	for (size_t i = 0; i < size; i++)
		v = v << 8 | s->p[i];
	s->p += size;
	s->n -= size;
	if (v < least)
		return KITH_ERR_SHAPE;
	*ret = v;
	return KITH_OK;
}

/* MessagePack specification, "Formats". */
static enum kith_err read_head(struct kith_span *s, struct head *h)
{
	if (s->n == 0)
		return KITH_ERR_TRUNCATED;
	uint8_t b = *s->p++;
	s->n--;

	if (b <= 0x7f)
		return *h = (struct head){UINT, b}, KITH_OK;
	if (b <= 0x8f)
		return *h = (struct head){MAP, b & 15}, KITH_OK;
	if (b <= 0x9f)
		return *h = (struct head){ARRAY, b & 15}, KITH_OK;
	if (b <= 0xbf)
		return *h = (struct head){STR, b & 31}, KITH_OK;
	switch (b) {
	case 0xc2:
	case 0xc3:
		return *h = (struct head){BOOL, b & 1}, KITH_OK;
	case 0xc4:
		return h->kind = BIN, number(s, 1, 0, &h->n);
	case 0xc5:
		return h->kind = BIN, number(s, 2, 0x100, &h->n);
	case 0xc6:
		return h->kind = BIN, number(s, 4, 0x10000, &h->n);
	case 0xcc:
		return h->kind = UINT, number(s, 1, 0x80, &h->n);
	case 0xcd:
		return h->kind = UINT, number(s, 2, 0x100, &h->n);
	case 0xce:
		return h->kind = UINT, number(s, 4, 0x10000, &h->n);
	case 0xcf:
		return h->kind = UINT, number(s, 8, 0x100000000, &h->n);
	case 0xd9:
		return h->kind = STR, number(s, 1, 32, &h->n);
	case 0xda:
		return h->kind = STR, number(s, 2, 0x100, &h->n);
	case 0xdb:
		return h->kind = STR, number(s, 4, 0x10000, &h->n);
	case 0xdc:
		return h->kind = ARRAY, number(s, 2, 16, &h->n);
	case 0xdd:
		return h->kind = ARRAY, number(s, 4, 0x10000, &h->n);
	case 0xde:
		return h->kind = MAP, number(s, 2, 16, &h->n);
	case 0xdf:
		return h->kind = MAP, number(s, 4, 0x10000, &h->n);
	default: /* nil, 0xc1, float, int, ext */
		return KITH_ERR_TYPE;
	}
}

static enum kith_err check_key(struct level *l, const struct head *h)
{
	if (h->kind != UINT)
		return KITH_ERR_TYPE;
	if (l->has_last && h->n == l->last_key)
		return KITH_ERR_DUP;
	if (l->has_last && h->n < l->last_key)
		return KITH_ERR_SHAPE;
	l->has_last = true;
	l->last_key = h->n;
	return KITH_OK;
}

static enum kith_err step_over(struct scanner *sc, const struct head *h)
{
	if (h->n > sc->max)
		return KITH_ERR_LIMIT;
	if (h->n > sc->s.n)
		return KITH_ERR_TRUNCATED;
	if (h->kind == STR && !kith_text_valid(kith_span(sc->s.p, (size_t)h->n)))
		return KITH_ERR_UTF8;
	sc->s.p += h->n;
	sc->s.n -= (size_t)h->n;
	return KITH_OK;
}

static enum kith_err open_level(struct scanner *sc, const struct head *h)
{
	if (h->n > KITH_STRICT_ELEMENTS)
		return KITH_ERR_LIMIT;
	uint64_t count = h->kind == MAP ? 2 * h->n : h->n;
	if (sc->elements + count > KITH_STRICT_ELEMENTS || sc->depth == KITH_STRICT_DEPTH)
		return KITH_ERR_LIMIT;
	sc->elements += (size_t)count;
	sc->level[sc->depth++] =
		(struct level){.left = count, .map = h->kind == MAP, .key = h->kind == MAP};
	return KITH_OK;
}

static enum kith_err element(struct scanner *sc)
{
	struct level *in = sc->depth ? &sc->level[sc->depth - 1] : NULL;
	struct head h = {0};
	enum kith_err err = read_head(&sc->s, &h);

	if (err)
		return err;
	if (in) {
		in->left--;
		if (in->map && in->key && (err = check_key(in, &h)))
			return err;
		in->key = in->map && !in->key;
	}
	if (h.kind == STR || h.kind == BIN)
		return step_over(sc, &h);
	if (h.kind == ARRAY || h.kind == MAP)
		return open_level(sc, &h);
	return KITH_OK;
}

enum kith_err kith_scan(struct kith_span s, size_t max_bytes)
{
	struct scanner sc = {.s = s, .max = max_bytes};
	enum kith_err err;

	if (s.n > max_bytes)
		return KITH_ERR_LIMIT;
	do {
		if ((err = element(&sc)))
			return err;
		while (sc.depth > 0 && sc.level[sc.depth - 1].left == 0)
			sc.depth--;
	} while (sc.depth > 0);
	return sc.s.n > 0 ? KITH_ERR_SHAPE : KITH_OK;
}
