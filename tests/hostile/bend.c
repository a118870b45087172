/* SPDX-License-Identifier: MIT */
#include "bend.h"

#include <sodium/randombytes.h>
#include <stdio.h>

#include "crypto/seal.h"

_Thread_local const struct bend *bend_now;

static const char *const kind_names[BEND_COUNT] = {[BEND_MISSING] = "missing",
	[BEND_TYPE] = "type",
	[BEND_NIL] = "nil",
	[BEND_TWICE] = "twice",
	[BEND_SHORT] = "short",
	[BEND_OVER] = "over",
	[BEND_EXTRA] = "extra-key",
	[BEND_LATER] = "later-key",
	[BEND_UNSORTED] = "unsorted",
	[BEND_WIDE] = "wide",
	[BEND_NUMBER] = "number",
	[BEND_CUT] = "cut",
	[BEND_TAIL] = "tail",
	[BEND_EMPTY] = "empty",
	[BEND_NOISE] = "noise",
	[BEND_BOMB] = "bomb",
	[BEND_GIANT] = "giant",
	[BEND_KEY] = "seal-key",
	[BEND_AD] = "seal-type",
	[BEND_FINAL] = "seal-final",
	[BEND_REPEAT] = "repeat",
	[BEND_TURN] = "turn"};

const struct kith_schema *bend_schema(uint64_t type)
{
	size_t n;
	const struct kith_schema *const *all = kith_schemas(&n);

	for (size_t i = 0; i < n; i++)
		if (all[i]->ignorable && all[i]->type == type && type != 0)
			return all[i];
	return NULL;
}

static bool sealed(const struct kith_schema *s)
{
	return s->type >= KITH_TYPE_AUTH && s->type <= KITH_TYPE_RECEIPT;
}

/* --- all of them ------------------------------------------------------------------------------ */

static const struct kith_slot *slot_of(const struct bend *b, size_t i)
{
	const struct kith_schema *s =
		sealed(b->schema) && !b->inner ? &kith_session_sealed_schema : b->schema;

	return i < s->count ? &s->slots[i] : NULL;
}

static bool fits(const struct kith_slot *slot, enum bend_kind kind)
{
	bool bytes = slot->kind == KITH_SLOT_BIN || slot->kind == KITH_SLOT_STR;

	if (kind == BEND_SHORT)
		return bytes && slot->min > 0;
	return kind != BEND_OVER || slot->kind != KITH_SLOT_BOOL;
}

/* Takes one of i for this bend; true: it was the one that is looked for. */
static bool count_down(size_t *i)
{
	return (*i)-- == 0;
}

static bool nth_of_fields(struct bend *b, size_t *i)
{
	const struct kith_slot *slot;

	for (size_t k = 0; (slot = slot_of(b, k)); k++)
		for (b->kind = BEND_MISSING; b->kind <= BEND_OVER; b->kind++) {
			b->key = slot->key;
			if (fits(slot, b->kind) && count_down(i))
				return true;
		}
	return false;
}

static bool nth_of_whole(struct bend *b, size_t *i)
{
	enum bend_kind last = b->inner ? BEND_LATER : sealed(b->schema) ? BEND_FINAL : BEND_GIANT;

	b->key = 0;
	for (b->kind = BEND_EXTRA; b->kind <= last; b->kind++)
		if (count_down(i))
			return true;
	b->kind = BEND_REPEAT;
	return !b->inner && count_down(i);
}

static bool nth_of_turns(struct bend *b, size_t *i)
{
	b->kind = BEND_TURN;
	for (b->key = 1; b->key <= KITH_TYPE_RECEIPT; b->key++)
		if (b->key != b->schema->type && bend_schema(b->key) &&
			b->key != KITH_TYPE_DECLINE && count_down(i))
			return true;
	return false;
}

bool bend_nth(bool dialler, size_t i, struct bend *ret)
{
	static const uint64_t of_i[] = {KITH_TYPE_HELLO_I, KITH_TYPE_REQUEST, KITH_TYPE_REVEAL,
		KITH_TYPE_AUTH, KITH_TYPE_CONFIRM, KITH_TYPE_CARD, KITH_TYPE_RECEIPT};
	static const uint64_t of_r[] = {KITH_TYPE_HELLO_R, KITH_TYPE_ACCEPT, KITH_TYPE_AUTH,
		KITH_TYPE_CONFIRM, KITH_TYPE_CARD, KITH_TYPE_RECEIPT};
	size_t n = dialler ? sizeof of_i / sizeof of_i[0] : sizeof of_r / sizeof of_r[0];

	for (size_t t = 0; t < n; t++) {
		struct bend b = {.schema = bend_schema(dialler ? of_i[t] : of_r[t])};
		bool found = nth_of_fields(&b, &i) || nth_of_whole(&b, &i) || nth_of_turns(&b, &i);
		b.inner = !found && sealed(b.schema);
		found = found || (b.inner && (nth_of_fields(&b, &i) || nth_of_whole(&b, &i)));
		if (found) {
			*ret = b;
			return true;
		}
	}
	return false;
}

static const char *field_name(const struct bend *b)
{
	const struct kith_slot *slot;

	for (size_t k = 0; (slot = slot_of(b, k)); k++)
		if (slot->key == b->key)
			return slot->name;
	return "";
}

void bend_name(const struct bend *b, char out[BEND_NAME_MAX])
{
	const char *message = b->schema->name + strlen("session_");
	const char *in = b->inner ? "inside." : "";

	if (b->kind <= BEND_OVER)
		(void)snprintf(out, BEND_NAME_MAX, "%s.%s%s.%s", message, in, field_name(b),
			kind_names[b->kind]);
	else if (b->kind == BEND_TURN)
		(void)snprintf(out, BEND_NAME_MAX, "%s.after-%s", message,
			bend_schema(b->key)->name + strlen("session_"));
	else
		(void)snprintf(out, BEND_NAME_MAX, "%s.%s%s", message, in, kind_names[b->kind]);
}

/* --- bending ---------------------------------------------------------------------------------- */

/* One pair of a map. */
struct pair {
	uint64_t key;
	struct kith_span value;
};

struct map {
	struct pair at[16];
	size_t n;
};

/* The length of the value at p, for what kith writes. */
static size_t value_size(const uint8_t *p)
{
	if (p[0] <= 0x7f || p[0] == 0xc2 || p[0] == 0xc3)
		return 1;
	if ((p[0] & 0xe0) == 0xa0)
		return 1 + (size_t)(p[0] & 0x1f);
	switch (p[0]) {
	case 0xc4:
	case 0xd9:
		return 2 + (size_t)p[1];
	case 0xc5:
	case 0xda:
		return 3 + ((size_t)p[1] << 8 | p[2]);
	case 0xcc:
		return 2;
	case 0xcd:
		return 3;
	case 0xce:
		return 5;
	default:
		return 9;
	}
}

static struct map read_map(struct kith_span bytes)
{
	const uint8_t *p = bytes.p + 1;
	struct map m = {.n = bytes.p[0] & 15};

	for (size_t i = 0; i < m.n; i++) {
		m.at[i].key = *p++;
		m.at[i].value = kith_span(p, value_size(p));
		p += m.at[i].value.n;
	}
	return m;
}

static void add(struct kith_buf *out, const void *p, size_t n)
{
	(void)!kith_buf_add(out, p, n);
}

static void add_byte(struct kith_buf *out, unsigned byte)
{
	uint8_t b = (uint8_t)byte;

	add(out, &b, 1);
}

static void add_pair(struct kith_buf *out, const struct pair *p)
{
	add_byte(out, (unsigned)p->key);
	add(out, p->value.p, p->value.n);
}

/* A bin or str of n bytes, as the value it replaces is one. */
static void add_bytes(struct kith_buf *out, struct kith_span like, size_t n)
{
	bool bin = like.p[0] >= 0xc4 && like.p[0] <= 0xc6;

	add_byte(out, bin ? 0xc5 : 0xda);
	if (n < 256) {
		out->p[out->n - 1] = bin ? 0xc4 : 0xd9;
		if (!bin && n < 32)
			out->p[out->n - 1] = (uint8_t)(0xa0 | n);
	} else {
		add_byte(out, (unsigned)(n >> 8));
	}
	if (n >= 32 || bin || n >= 256)
		add_byte(out, n & 255);
	for (size_t i = 0; i < n; i++)
		add_byte(out, 'x');
}

static void add_number(struct kith_buf *out, uint64_t v)
{
	if (v > 127)
		add_byte(out, 0xcc);
	add_byte(out, v & 255);
}

static const struct kith_slot *slot_of_key(const struct bend *b)
{
	const struct kith_slot *slot;

	for (size_t k = 0; (slot = slot_of(b, k)); k++)
		if (slot->key == b->key)
			return slot;
	return NULL;
}

static void add_bent_value(struct kith_buf *out, const struct bend *b, struct kith_span value)
{
	const struct kith_slot *slot = slot_of_key(b);

	switch (b->kind) {
	case BEND_TYPE:
		/* A number for text and bytes, false for a number, nought for a truth. */
		add_byte(out, slot->kind == KITH_SLOT_UINT ? 0xc2 : 0);
		break;
	case BEND_NIL:
		add_byte(out, 0xc0);
		break;
	case BEND_SHORT:
		add_bytes(out, value, slot->min - 1);
		break;
	default:
		if (slot->kind == KITH_SLOT_UINT)
			add_number(out, slot->max + 1);
		else
			add_bytes(out, value, slot->max + 1);
	}
}

static void bend_field(struct kith_buf *out, const struct bend *b, const struct map *m)
{
	size_t n = m->n + (b->kind == BEND_TWICE) - (b->kind == BEND_MISSING);

	add_byte(out, 0x80 | (unsigned)n);
	for (size_t i = 0; i < m->n; i++) {
		bool here = m->at[i].key == b->key;
		if (!here || b->kind == BEND_TWICE)
			add_pair(out, &m->at[i]);
		if (here && b->kind == BEND_TWICE) {
			add_pair(out, &m->at[i]);
		} else if (here && b->kind != BEND_MISSING) {
			add_byte(out, (unsigned)b->key);
			add_bent_value(out, b, m->at[i].value);
		}
	}
}

static void bend_pairs(struct kith_buf *out, const struct bend *b, const struct map *m)
{
	bool more = b->kind == BEND_EXTRA || b->kind == BEND_LATER;
	size_t first = b->kind != BEND_EXTRA && b->kind != BEND_LATER;

	add_byte(out, 0x80 | (unsigned)(m->n + more));
	if (b->kind == BEND_WIDE) {
		add_byte(out, 0);
		add_byte(out, 0xcc);
		add(out, m->at[0].value.p, m->at[0].value.n);
	} else if (b->kind == BEND_NUMBER) {
		add_byte(out, 0);
		add_byte(out, 99);
	}
	for (size_t i = first; i < m->n; i++)
		add_pair(out, &m->at[i]);
	if (b->kind == BEND_UNSORTED)
		add_pair(out, &m->at[0]);
	if (more) {
		add_byte(out, b->kind == BEND_EXTRA ? 63 : 70);
		add_byte(out, 0);
	}
}

static void bend_bytes(struct kith_buf *out, const struct bend *b, struct kith_span whole)
{
	static const uint8_t bomb[] = {0xdd, 0xff, 0xff, 0xff, 0xff};
	uint8_t noise[32];

	switch (b->kind) {
	case BEND_CUT:
		add(out, whole.p, whole.n - 1);
		break;
	case BEND_NOISE:
		randombytes_buf(noise, sizeof noise);
		add(out, noise, sizeof noise);
		break;
	case BEND_BOMB:
		add(out, bomb, sizeof bomb);
		break;
	case BEND_EMPTY:
		break;
	default:
		add(out, whole.p, whole.n);
		while (out->n < (b->kind == BEND_GIANT ? KITH_MESSAGE_MAX + 1 : whole.n + 1))
			add_byte(out, 0);
	}
}

/* What stands in out from `at` on becomes what the bend makes of it. */
static void apply(const struct bend *b, struct kith_buf *out, size_t at)
{
	struct kith_span whole = kith_span(out->p + at, out->n - at);
	struct kith_buf bent = {0};
	struct map m = read_map(whole);

	if (b->kind <= BEND_OVER)
		bend_field(&bent, b, &m);
	else if (b->kind <= BEND_NUMBER)
		bend_pairs(&bent, b, &m);
	else
		bend_bytes(&bent, b, whole);
	out->n = at;
	add(out, bent.p, bent.n);
	kith_buf_free(&bent);
}

static bool applies(uint64_t type, bool inner)
{
	const struct bend *b = bend_now;

	return b && b->kind >= BEND_MISSING && b->kind <= BEND_GIANT && b->schema->type == type &&
	       b->inner == inner;
}

/* --- in the library's place ------------------------------------------------------------------- */

enum kith_err __real_kith_pack(
	const struct kith_schema *schema, const void *msg, struct kith_buf *out);
enum kith_err __wrap_kith_pack(
	const struct kith_schema *schema, const void *msg, struct kith_buf *out);
enum kith_err __real_kith_pack_inner(
	const struct kith_schema *schema, const void *msg, struct kith_buf *out);
enum kith_err __wrap_kith_pack_inner(
	const struct kith_schema *schema, const void *msg, struct kith_buf *out);
enum kith_err __real_kith_pack_as(
	const struct kith_schema *schema, uint64_t type, const void *msg, struct kith_buf *out);
enum kith_err __wrap_kith_pack_as(
	const struct kith_schema *schema, uint64_t type, const void *msg, struct kith_buf *out);
enum kith_err __real_kith_seal_push(struct kith_seal *s, struct kith_span ad,
	struct kith_span plain, bool final, struct kith_buf *out);
enum kith_err __wrap_kith_seal_push(struct kith_seal *s, struct kith_span ad,
	struct kith_span plain, bool final, struct kith_buf *out);

enum kith_err __wrap_kith_pack(
	const struct kith_schema *schema, const void *msg, struct kith_buf *out)
{
	size_t at = out->n;
	enum kith_err err = __real_kith_pack(schema, msg, out);

	if (!err && applies(schema->type, false))
		apply(bend_now, out, at);
	return err;
}

enum kith_err __wrap_kith_pack_inner(
	const struct kith_schema *schema, const void *msg, struct kith_buf *out)
{
	size_t at = out->n;
	enum kith_err err = __real_kith_pack_inner(schema, msg, out);

	if (!err && applies(schema->type, true))
		apply(bend_now, out, at);
	return err;
}

enum kith_err __wrap_kith_pack_as(
	const struct kith_schema *schema, uint64_t type, const void *msg, struct kith_buf *out)
{
	size_t at = out->n;
	enum kith_err err = __real_kith_pack_as(schema, type, msg, out);

	if (!err && applies(type, false))
		apply(bend_now, out, at);
	return err;
}

enum kith_err __wrap_kith_seal_push(struct kith_seal *s, struct kith_span ad,
	struct kith_span plain, bool final, struct kith_buf *out)
{
	const struct bend *b = bend_now;
	uint8_t other[33];

	if (!b || ad.n != sizeof other || ad.p[32] != b->schema->type)
		return __real_kith_seal_push(s, ad, plain, final, out);
	memcpy(other, ad.p, sizeof other);
	if (b->kind == BEND_AD)
		other[32] ^= 1;
	if (b->kind == BEND_FINAL)
		final = !final;
	if (b->kind == BEND_KEY) {
		s->key[0] ^= 1;
		s->state.k[0] ^= 1;
	}
	enum kith_err err =
		__real_kith_seal_push(s, kith_span(other, sizeof other), plain, final, out);
	if (b->kind == BEND_FINAL)
		s->ended = false; /* the liar goes on */
	return err;
}
