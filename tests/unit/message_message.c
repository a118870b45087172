/* SPDX-License-Identifier: MIT
 *
 * Goes through the tables: what proto/{session,courier,control}.def says is read and written.
 */
#include "base_scratch.h"

#include "codec/pack.h"
#include "message/message.h"

/* Room for the struct of any message. */
union message {
#define MESSAGE(s, NAME, type) struct kith_##s s;
#include "message/every.inc"
};

/* What a test does to one field of a message that is otherwise as small as it may be. */
enum change {
	SMALLEST,  /* the least value, the shortest text */
	LARGEST,   /* the most */
	TOO_SMALL, /* one below */
	TOO_LARGE, /* one past */
	NOT_UTF8,
	TOO_MANY, /* a list of one past the most */
	ABSENT,
	OTHER_TYPE,
	ITEM_TYPE, /* a number in a list of texts */
};

static uint8_t letters[70000]; /* valid UTF-8, as long as anything here */

/* The number or length that a change stands for; false when there is none such. */
static bool amount(const struct kith_slot *slot, enum change change, uint64_t *ret)
{
	if ((change == TOO_SMALL && slot->min == 0) ||
		(change == TOO_LARGE && slot->max == UINT64_MAX))
		return false;
	*ret = change == LARGEST     ? slot->max
	       : change == TOO_SMALL ? slot->min - 1
	       : change == TOO_LARGE ? slot->max + 1
				     : slot->min;
	return true;
}

/* The class that both directions answer a change with; KITH_OK for what is allowed. */
static enum kith_err verdict(const struct kith_slot *slot, enum change change)
{
	bool one_length = slot->kind == KITH_SLOT_BIN && slot->min == slot->max;

	switch (change) {
	case SMALLEST:
	case LARGEST:
		return KITH_OK;
	case TOO_SMALL:
		return slot->kind == KITH_SLOT_UINT ? KITH_ERR_TYPE : KITH_ERR_SHAPE;
	case TOO_LARGE:
		return slot->kind == KITH_SLOT_UINT ? KITH_ERR_TYPE
		       : one_length                 ? KITH_ERR_SHAPE
						    : KITH_ERR_LIMIT;
	case NOT_UTF8:
		return KITH_ERR_UTF8;
	case TOO_MANY:
		return KITH_ERR_LIMIT;
	case ABSENT:
		return KITH_ERR_SHAPE;
	case OTHER_TYPE:
	case ITEM_TYPE:
		return KITH_ERR_TYPE;
	}
	return KITH_ERR_INTERNAL;
}

/* Whether a change says anything about a field of that kind. */
static bool applies(const struct kith_slot *slot, enum change change)
{
	bool text = slot->kind == KITH_SLOT_STR || slot->kind == KITH_SLOT_STRS;
	uint64_t n;

	if (change == NOT_UTF8)
		return text;
	if (change == TOO_MANY || change == ITEM_TYPE)
		return slot->kind == KITH_SLOT_STRS;
	if (slot->kind == KITH_SLOT_BOOL)
		return change != TOO_SMALL && change != TOO_LARGE;
	return amount(slot, change, &n);
}

/* --- the bytes of a message, written without the packer under test ---------------------------- */

static void write_text(
	struct kith_packer *p, const struct kith_slot *slot, enum change change, uint64_t n)
{
	if (change == NOT_UTF8)
		kith_pack_str(p, LITERAL("\xff\xff\xff\xff\xff\xff"));
	else if (slot->kind == KITH_SLOT_BIN)
		kith_pack_bin(p, kith_span(letters, n));
	else
		kith_pack_str(p, kith_span(letters, n));
}

static void write_value(struct kith_packer *p, const struct kith_slot *slot, enum change change)
{
	uint64_t n = 0;

	(void)amount(slot, change, &n);
	if (change == OTHER_TYPE) {
		if (slot->kind == KITH_SLOT_UINT || slot->kind == KITH_SLOT_BIN)
			kith_pack_str(p, kith_span(letters, slot->kind == KITH_SLOT_BIN ? n : 1));
		else if (slot->kind == KITH_SLOT_STR)
			kith_pack_bin(p, kith_span(letters, n));
		else
			kith_pack_uint(p, 1); /* a truth, a list */
		return;
	}
	switch (slot->kind) {
	case KITH_SLOT_UINT:
		kith_pack_uint(p, n);
		break;
	case KITH_SLOT_BOOL:
		kith_pack_bool(p, change == LARGEST);
		break;
	case KITH_SLOT_BIN:
	case KITH_SLOT_STR:
		write_text(p, slot, change, n);
		break;
	case KITH_SLOT_STRS: {
		size_t items = change == TOO_MANY ? slot->most + 1 : slot->most;
		kith_pack_array(p, items);
		for (size_t i = 0; i < items; i++)
			if (change == ITEM_TYPE && i + 1 == items)
				kith_pack_uint(p, 1);
			else
				write_text(p, slot, change, n);
		break;
	}
	}
}

/* The bytes of a message in which slot `at` is changed; `more` pairs of other keys stand behind. */
static void write_message(struct kith_buf *out, const struct kith_schema *schema, bool inner,
	size_t at, enum change change, const uint64_t *more, size_t more_n)
{
	struct kith_packer p = {.out = out};
	size_t absent = change == ABSENT ? 1 : 0;

	kith_pack_map(&p, schema->count + (inner ? 0 : 1) - absent + more_n);
	if (!inner) {
		kith_pack_uint(&p, 0);
		kith_pack_uint(&p, schema->type);
	}
	for (size_t i = 0; i < schema->count; i++) {
		if (i == at && change == ABSENT)
			continue;
		kith_pack_uint(&p, schema->slots[i].key);
		write_value(&p, &schema->slots[i], i == at ? change : SMALLEST);
	}
	for (size_t i = 0; i < more_n; i++) {
		kith_pack_uint(&p, more[i]);
		kith_pack_array(&p, 1);
		kith_pack_bool(&p, true);
	}
	assert_int_equal(p.err, KITH_OK);
}

/* --- by the struct ---------------------------------------------------------------------------- */

static void set_slot(union message *m, const struct kith_slot *slot, enum change change)
{
	void *at = (char *)m + slot->offset;
	struct kith_texts *texts = at;
	struct kith_span text;
	uint64_t n = 0;

	(void)amount(slot, change, &n);
	text = change == NOT_UTF8 ? LITERAL("\xff\xff\xff\xff\xff\xff") : kith_span(letters, n);
	switch (slot->kind) {
	case KITH_SLOT_UINT:
		*(uint64_t *)at = n;
		break;
	case KITH_SLOT_BOOL:
		*(bool *)at = change == LARGEST;
		break;
	case KITH_SLOT_BIN:
	case KITH_SLOT_STR:
		*(struct kith_span *)at = text;
		break;
	case KITH_SLOT_STRS:
		texts->n = slot->most;
		for (size_t i = 0; i < slot->most; i++)
			texts->at[i] = text;
		if (change == TOO_MANY)
			texts->n++;
		break;
	}
}

static bool same_slot(const struct kith_slot *slot, const union message *a, const union message *b)
{
	const void *x = (const char *)a + slot->offset;
	const void *y = (const char *)b + slot->offset;
	const struct kith_texts *many[2] = {x, y};

	switch (slot->kind) {
	case KITH_SLOT_UINT:
		return *(const uint64_t *)x == *(const uint64_t *)y;
	case KITH_SLOT_BOOL:
		return *(const bool *)x == *(const bool *)y;
	case KITH_SLOT_BIN:
	case KITH_SLOT_STR:
		return kith_span_eq(*(const struct kith_span *)x, *(const struct kith_span *)y);
	case KITH_SLOT_STRS:
		for (size_t i = 0; many[0]->n == many[1]->n && i < many[0]->n; i++)
			if (!kith_span_eq(many[0]->at[i], many[1]->at[i]))
				return false;
		return many[0]->n == many[1]->n;
	}
	return false;
}

/* --- tests ------------------------------------------------------------------------------------ */

static void expect(const struct kith_schema *schema, size_t at, enum change change,
	const char *what, enum kith_err want, enum kith_err got)
{
	if (want != got)
		fail_msg("%s.%s, change %d, %s: expected %s, got %s", schema->name,
			at < schema->count ? schema->slots[at].name : "-", change, what,
			kith_err_name(want), kith_err_name(got));
}

static void check_unpack(const struct kith_schema *schema, size_t at, enum change change)
{
	for (int inner = 0; inner < 2; inner++) {
		struct kith_buf bytes = {0};
		union message m, want;
		memset(&want, 0, sizeof want);
		write_message(&bytes, schema, inner, at, change, NULL, 0);
		enum kith_err err = inner ? kith_unpack_inner(schema, kith_buf_span(&bytes), &m)
					  : kith_unpack(schema, kith_buf_span(&bytes), &m);
		expect(schema, at, change, inner ? "unpack inner" : "unpack",
			verdict(&schema->slots[at], change), err);
		for (size_t i = 0; !err && i < schema->count; i++) {
			set_slot(&want, &schema->slots[i], i == at ? change : SMALLEST);
			assert_true(same_slot(&schema->slots[i], &m, &want));
		}
		kith_buf_free(&bytes);
	}
}

static void check_pack(const struct kith_schema *schema, size_t at, enum change change)
{
	for (int inner = 0; inner < 2; inner++) {
		struct kith_buf bytes = {0}, want = {0};
		union message m;
		memset(&m, 0, sizeof m);
		for (size_t i = 0; i < schema->count; i++)
			set_slot(&m, &schema->slots[i], i == at ? change : SMALLEST);
		assert_int_equal(kith_buf_add_str(&bytes, "kept"), KITH_OK);
		enum kith_err err =
			inner ? kith_pack_inner(schema, &m, &bytes) : kith_pack(schema, &m, &bytes);
		expect(schema, at, change, inner ? "pack inner" : "pack",
			verdict(&schema->slots[at], change), err);
		if (err) {
			assert_int_equal(bytes.n, 4);
		} else {
			write_message(&want, schema, inner, at, change, NULL, 0);
			assert_int_equal(bytes.n, 4 + want.n);
			assert_memory_equal(bytes.p + 4, want.p, want.n);
		}
		kith_buf_free(&bytes);
		kith_buf_free(&want);
	}
}

static void every_field_at_its_limit_and_past_it(void **state)
{
	const enum change changes[] = {SMALLEST, LARGEST, TOO_SMALL, TOO_LARGE, NOT_UTF8, TOO_MANY};
	size_t n, checked = 0;
	const struct kith_schema *const *all = kith_schemas(&n);

	(void)state;
	for (size_t s = 0; s < n; s++)
		for (size_t at = 0; at < all[s]->count; at++)
			for (size_t c = 0; c < COUNT(changes); c++) {
				if (!applies(&all[s]->slots[at], changes[c]))
					continue;
				check_pack(all[s], at, changes[c]);
				check_unpack(all[s], at, changes[c]);
				checked++;
			}
	assert_true(checked > 200);
}

static void a_missing_field_and_another_type_are_refused(void **state)
{
	const enum change changes[] = {ABSENT, OTHER_TYPE, ITEM_TYPE};
	size_t n;
	const struct kith_schema *const *all = kith_schemas(&n);

	(void)state;
	for (size_t s = 0; s < n; s++)
		for (size_t at = 0; at < all[s]->count; at++)
			for (size_t c = 0; c < COUNT(changes); c++)
				if (applies(&all[s]->slots[at], changes[c]))
					check_unpack(all[s], at, changes[c]);
}

/* Between two kiths keys from 64 on are skipped; courier and control know no others at all. */
static void unknown_keys(void **state)
{
	const uint64_t keys[] = {30, 63, 64, 127, UINT64_MAX};
	size_t n;
	const struct kith_schema *const *all = kith_schemas(&n);

	(void)state;
	for (size_t s = 0; s < n; s++) {
		bool between_kiths = strncmp(all[s]->name, "session_", 8) == 0;
		for (size_t k = 0; k < COUNT(keys); k++) {
			struct kith_buf bytes = {0};
			union message m;
			write_message(&bytes, all[s], false, SIZE_MAX, SMALLEST, &keys[k], 1);
			expect(all[s], SIZE_MAX, SMALLEST, "an unknown key",
				between_kiths && keys[k] >= 64 ? KITH_OK : KITH_ERR_VERSION,
				kith_unpack(all[s], kith_buf_span(&bytes), &m));
			kith_buf_free(&bytes);
		}
	}
}

static void the_inside_of_a_sealed_message_has_no_type(void **state)
{
	struct kith_session_confirm m;

	(void)state;
	assert_int_equal(
		kith_unpack_inner(&kith_session_confirm_schema, LITERAL("\x81\x01\x02"), &m),
		KITH_OK);
	assert_int_equal(m.how, 2);
	assert_int_equal(kith_unpack_inner(
				 &kith_session_confirm_schema, LITERAL("\x82\x00\x0f\x01\x02"), &m),
		KITH_ERR_VERSION);
}

static void what_is_not_strict_is_refused(void **state)
{
	static const struct {
		enum kith_err want;
		struct kith_span bytes;
	} rows[] = {
		{KITH_OK, {(const uint8_t *)"\x82\x00\x0f\x01\x02", 5}},
		{KITH_ERR_SHAPE,
			{(const uint8_t *)"\x82\x01\x02\x00\x0f", 5}}, /* keys out of order */
		{KITH_ERR_DUP, {(const uint8_t *)"\x83\x00\x0f\x01\x02\x01\x02", 7}},
		{KITH_ERR_SHAPE, {(const uint8_t *)"\x82\x00\x0f\x01\xcc\x02", 6}},
		{KITH_ERR_SHAPE, {(const uint8_t *)"\x82\x00\x0f\x01\x02\x00", 6}},
		{KITH_ERR_TRUNCATED, {(const uint8_t *)"\x82\x00\x0f\x01", 4}},
		{KITH_ERR_TYPE, {(const uint8_t *)"\x82\x00\x0f\x01\xc0", 5}},
		{KITH_ERR_SHAPE, {(const uint8_t *)"\x92\x0f\x02", 3}}, /* no map */
		{KITH_ERR_SHAPE, {(const uint8_t *)"\x05", 1}},
		{KITH_ERR_TRUNCATED, {NULL, 0}},
	};
	struct kith_session_confirm m;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(
			kith_unpack(&kith_session_confirm_schema, rows[i].bytes, &m), rows[i].want);
}

static void a_type_is_read_first(void **state)
{
	uint64_t type = 99;

	(void)state;
	assert_int_equal(kith_message_type(LITERAL("\x81\x00\x0c"), &type), KITH_OK);
	assert_int_equal(type, KITH_TYPE_DECLINE);
	assert_int_equal(kith_message_type(LITERAL("\x81\x00\xcd\x03\xe8"), &type), KITH_OK);
	assert_int_equal(type, 1000); /* unknown, but a number */
	assert_int_equal(kith_message_type(LITERAL("\x81\x00\xa1x"), &type), KITH_ERR_TYPE);
	assert_int_equal(kith_message_type(LITERAL("\x81\x00\xc3"), &type), KITH_ERR_TYPE);
	assert_int_equal(kith_message_type(LITERAL("\x81\x01\x01"), &type), KITH_ERR_SHAPE);
	assert_int_equal(kith_message_type(LITERAL("\x80"), &type), KITH_ERR_SHAPE);
	assert_int_equal(kith_message_type(LITERAL("\x91\x0c"), &type), KITH_ERR_SHAPE);
	assert_int_equal(kith_message_type(LITERAL("\x82\x00\x0c\x01"), &type), KITH_ERR_TRUNCATED);
	assert_int_equal(type, 1000);
}

/* DECLINE with n bytes in all, most of them under a key that is skipped. */
static enum kith_err decline_of(size_t n)
{
	struct kith_buf bytes = {0};
	struct kith_packer p = {.out = &bytes};
	struct kith_session_decline m;
	uint64_t type;

	kith_pack_map(&p, 2);
	kith_pack_uint(&p, 0);
	kith_pack_uint(&p, KITH_TYPE_DECLINE);
	kith_pack_uint(&p, 64);
	kith_pack_bin(&p, kith_span(letters, n - 7)); /* a head of three */
	assert_int_equal(bytes.n, n);
	enum kith_err err = kith_message_type(kith_buf_span(&bytes), &type);
	assert_int_equal(kith_unpack(&kith_session_decline_schema, kith_buf_span(&bytes), &m), err);
	kith_buf_free(&bytes);
	return err;
}

static void a_datagram_is_at_its_limit_or_past_it(void **state)
{
	(void)state;
	assert_int_equal(decline_of(KITH_MESSAGE_MAX), KITH_OK);
	assert_int_equal(decline_of(KITH_DATAGRAM_MAX), KITH_OK);
	assert_int_equal(decline_of(KITH_DATAGRAM_MAX + 1), KITH_ERR_LIMIT);
}

static void a_type_can_be_given(void **state)
{
	struct kith_buf out = {0};
	struct kith_session_sealed m = {.box = kith_span(letters, 17)};
	uint64_t type = 0;

	(void)state;
	assert_int_equal(
		kith_pack_as(&kith_session_sealed_schema, KITH_TYPE_CARD, &m, &out), KITH_OK);
	assert_int_equal(kith_message_type(kith_buf_span(&out), &type), KITH_OK);
	assert_int_equal(type, KITH_TYPE_CARD);
	kith_buf_free(&out);
}

/* One channel has one meaning for a type, and a message its keys from one up. */
static void the_tables_are_sound(void **state)
{
	size_t n;
	const struct kith_schema *const *all = kith_schemas(&n);

	(void)state;
	assert_true(n > 30);
	for (size_t i = 0; i < n; i++) {
		size_t channel = strcspn(all[i]->name, "_");
		assert_true(all[i]->size <= sizeof(union message));
		for (size_t k = 0; k < all[i]->count; k++) {
			assert_int_equal(all[i]->slots[k].key, k + 1);
			assert_true(all[i]->slots[k].min <= all[i]->slots[k].max);
		}
		for (size_t j = 0; j < i; j++)
			if (all[i]->type && strncmp(all[i]->name, all[j]->name, channel + 1) == 0)
				assert_int_not_equal(all[i]->type, all[j]->type);
	}
}

static void *no_memory(void *ctx, size_t n)
{
	(void)ctx;
	(void)n;
	return NULL;
}

static void without_memory_nothing_is_packed(void **state)
{
	const struct kith_env env = {.alloc = no_memory};
	struct kith_session_confirm m = {.how = 1};
	struct kith_buf out;

	(void)state;
	kith_buf_init(&out, &env);
	assert_int_equal(kith_pack(&kith_session_confirm_schema, &m, &out), KITH_ERR_NOMEM);
	assert_int_equal(out.n, 0);
}

static int fill(void **state)
{
	(void)state;
	memset(letters, 'k', sizeof letters);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_field_at_its_limit_and_past_it),
		cmocka_unit_test(a_missing_field_and_another_type_are_refused),
		cmocka_unit_test(unknown_keys),
		cmocka_unit_test(the_inside_of_a_sealed_message_has_no_type),
		cmocka_unit_test(what_is_not_strict_is_refused),
		cmocka_unit_test(a_type_is_read_first),
		cmocka_unit_test(a_datagram_is_at_its_limit_or_past_it),
		cmocka_unit_test(a_type_can_be_given),
		cmocka_unit_test(the_tables_are_sound),
		cmocka_unit_test(without_memory_nothing_is_packed),
	};

	return cmocka_run_group_tests(tests, fill, NULL);
}
