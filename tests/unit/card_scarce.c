/* SPDX-License-Identifier: MIT
 *
 * Cards while memory runs out: each allocation of a card's whole life fails once (the linker puts
 * the functions below in front of malloc and calloc), and every time that is what the caller is told.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <kith/card.h>

static size_t calls, fails_at; /* from 1; 0: none fails */

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);

void *__wrap_malloc(size_t n)
{
	return ++calls == fails_at ? NULL : __real_malloc(n);
}

void *__wrap_calloc(size_t n, size_t size)
{
	return ++calls == fails_at ? NULL : __real_calloc(n, size);
}

static struct kith_identity *id;

static int begin(void **state)
{
	static const uint8_t seed[KITH_KEY_BYTES] = {1};

	(void)state;
	return kith_crypto_start() || kith_identity_from_seed(seed, &id) ? -1 : 0;
}

static int end(void **state)
{
	(void)state;
	kith_identity_free(id);
	return 0;
}

struct life {
	struct kith_buf envelope, armor, found, fields, value;
};

static enum kith_err lives(struct life *l, struct kith_card *card, struct kith_fields *fields)
{
	enum kith_err err;

	if ((err = kith_card_sign(id, card, &l->envelope)) ||
		(err = kith_card_armor(kith_buf_span(&l->envelope), &l->armor)) ||
		(err = kith_card_from_file(kith_buf_span(&l->armor), &l->found)) ||
		(err = kith_card_verify(kith_buf_span(&l->found), card)) ||
		(err = kith_fields_pack(&card->fields, &l->fields)) ||
		(err = kith_fields_unpack(kith_buf_span(&l->fields), fields)))
		return err;
	for (size_t i = 0; !err && i < fields->n; i++)
		err = kith_field_value(&fields->at[i], &l->value);
	return err;
}

/* Parts that are long enough for a buffer to grow at each. */
static struct kith_card a_card(void)
{
	static char part[KITH_FIELD_PARTS][100];
	struct kith_card card = {.rev = 1};
	struct kith_field *f = card.fields.at;

	f[0] = (struct kith_field){.kind = KITH_FIELD_NAME, .parts = 1};
	f[0].part[0] = kith_span_str("Ada");
	f[1] = (struct kith_field){.kind = KITH_FIELD_ADR, .parts = KITH_FIELD_PARTS};
	for (size_t i = 0; i < KITH_FIELD_PARTS; i++) {
		memset(part[i], 'a' + (int)i, sizeof part[i]);
		f[1].part[i] = kith_span(part[i], sizeof part[i]);
	}
	card.fields.n = 2;
	return card;
}

/* A card's life in which allocation n fails; false when there were not as many. */
static bool life_without_the(size_t n)
{
	struct kith_card card = a_card();
	struct kith_fields *fields = calloc(1, sizeof *fields);
	struct life l = {0};

	assert_non_null(fields);
	calls = 0;
	fails_at = n;
	enum kith_err err = lives(&l, &card, fields);
	bool reached = calls >= n;
	fails_at = 0;
	assert_int_equal(err, reached ? KITH_ERR_NOMEM : KITH_OK);
	kith_buf_free(&l.envelope);
	kith_buf_free(&l.armor);
	kith_buf_free(&l.found);
	kith_buf_free(&l.fields);
	kith_buf_free(&l.value);
	free(fields);
	return reached;
}

static void memory_runs_out_everywhere(void **state)
{
	size_t n = 1;

	(void)state;
	while (life_without_the(n))
		n++;
	assert_true(n > 15);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_runs_out_everywhere),
	};

	return cmocka_run_group_tests_name("card_scarce", tests, begin, end);
}
