/* SPDX-License-Identifier: MIT
 *
 * vCards while memory runs out: each allocation of a piece of work fails once (the linker puts the
 * functions below in front of malloc and its kin).  Every time the caller is told, and with memory
 * again the same vCard gives what it would have given.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "vcard_rounds.h"
#include "vcard/memory.h"
#include "vcard/seal.h"

static size_t calls, fails_at; /* from 1; 0: none fails */
static bool failed;            /* one has */

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t n);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t n);
void *__real_kith_memory_take(struct kith_memory *m, size_t n);
void *__wrap_kith_memory_take(struct kith_memory *m, size_t n);
enum kith_err __real_kith_memory_copy(
	struct kith_memory *m, struct kith_span s, struct kith_span *ret);
enum kith_err __wrap_kith_memory_copy(
	struct kith_memory *m, struct kith_span s, struct kith_span *ret);

static bool fails(void)
{
	bool now = ++calls == fails_at;

	failed |= now;
	return now;
}

void *__wrap_malloc(size_t n)
{
	return fails() ? NULL : __real_malloc(n);
}

void *__wrap_calloc(size_t n, size_t size)
{
	return fails() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *p, size_t n)
{
	return fails() ? NULL : __real_realloc(p, n);
}

/* Pieces of a block fail as well, not only the blocks. */
void *__wrap_kith_memory_take(struct kith_memory *m, size_t n)
{
	return fails() ? NULL : __real_kith_memory_take(m, n);
}

enum kith_err __wrap_kith_memory_copy(
	struct kith_memory *m, struct kith_span s, struct kith_span *ret)
{
	return fails() ? KITH_ERR_NOMEM : __real_kith_memory_copy(m, s, ret);
}

/* --- what is read ----------------------------------------------------------------------------- */

/* Long enough for several blocks of memory, with whatever needs some. */
static void put_body(struct kith_buf *out, const char *head)
{
	char line[128];

	assert_int_equal(kith_buf_add_str(out, head), KITH_OK);
	for (int i = 0; i < 30; i++) {
		(void)snprintf(line, sizeof line,
			"item%d.TEL;TYPE=WORK,FAX,X-odd:+44 20 %d\r\n"
			"item%d.X-ABLabel:my \\, %d. number\r\n",
			i, i, i, i);
		assert_int_equal(kith_buf_add_str(out, line), KITH_OK);
	}
	assert_int_equal(kith_buf_add_str(out, "NOTE:"), KITH_OK);
	for (int i = 0; i < 300; i++)
		assert_int_equal(kith_buf_add_str(out, "a\\, b\\nand so on; "), KITH_OK);
	assert_int_equal(
		kith_buf_add_str(out, "\r\nADR;TYPE=HOME:;;1 High St\\nN;London;;N1;UK\r\n"
				      "ORG:Engines\\, Ltd;Unit\\;1\r\nX-MORE;X-P=1:kept\r\n"
				      "PHOTO;ENCODING=b:iVBORw0KGgoAAAAN\r\nEND:VCARD\r\n"),
		KITH_OK);
}

static const char *const heads[] = {
	"BEGIN:VCARD\r\nVERSION:3.0\r\nUID:u1\r\nFN:Ada Lovelace\r\nN:Lovelace;Ada;;;\r\n",
	"BEGIN:VCARD\r\nVERSION:4.0\r\nUID:urn:uuid:u1\r\nFN:Ada Lovelace\r\nBDAY:--1210\r\n",
	"BEGIN:VCARD\r\nVERSION:2.1\r\nN:L\\;o\\,v;Ada\r\nX-PHONETIC-FIRST-NAME:Eda\r\n"
	"X-PHONETIC-LAST-NAME:Lavles\r\n"
	"TITLE;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:Countess=0D=0Aof=E4=\r\n"
	"b=\r\nc\r\n",
};

static struct kith_vcard *other;   /* somebody with more */
static struct kith_card card;      /* verified */
static struct kith_buf card_bytes; /* which it borrows from */

static struct kith_vcard *parse(const char *head)
{
	KITH_AUTO_BUF struct kith_buf text = {0};
	struct kith_vcard *v;

	put_body(&text, head);
	assert_int_equal(kith_vcard_parse(kith_buf_span(&text), &v, NULL), KITH_OK);
	return v;
}

static int begin(void **state)
{
	static const uint8_t seed[KITH_KEY_BYTES] = {1};
	static const char *const fields[] = {"name=Ada Lovelace", "tel.work fax=+44 20 3",
		"note=something else", "email=ada@example.org"};
	struct kith_identity *id;

	(void)state;
	if (kith_crypto_start() || kith_identity_from_seed(seed, &id))
		return -1;
	card = (struct kith_card){.rev = 1, .issued = 1777832411};
	for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
		assert_int_equal(kith_field_parse(kith_span_str(fields[i]),
					 &card.fields.at[card.fields.n++], NULL),
			KITH_OK);
	assert_int_equal(kith_card_sign(id, &card, &card_bytes), KITH_OK);
	assert_int_equal(kith_card_verify(kith_buf_span(&card_bytes), &card), KITH_OK);
	kith_identity_free(id);
	other = parse("BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Ada\r\nEMAIL:x@example.org\r\n"
		      "item1.URL:http\\://example.org/ a\r\nitem1.X-ABLabel:_$!<HomePage>!$_\r\n"
		      "NICKNAME:a,b\\,c,d\r\nX-OTHER:too\r\n");
	return 0;
}

static int end(void **state)
{
	(void)state;
	kith_vcard_free(other);
	kith_buf_free(&card_bytes);
	return 0;
}

/* --- work ------------------------------------------------------------------------------------- */

typedef enum kith_err work_fn(struct kith_vcard *v, struct kith_buf *out);

/* What the fields say, in out; memory is there again. */
static void tell(const struct kith_fields *fields, struct kith_buf *out)
{
	fails_at = 0;
	for (size_t i = 0; i < fields->n; i++) {
		const struct kith_field *f = &fields->at[i];
		const uint32_t head[] = {f->kind, f->flags, (uint32_t)f->parts};
		assert_int_equal(kith_buf_add(out, head, sizeof head), KITH_OK);
		assert_int_equal(kith_buf_add(out, f->label.p, f->label.n), KITH_OK);
		for (size_t k = 0; k < f->parts; k++)
			assert_int_equal(kith_buf_add(out, f->part[k].p, f->part[k].n), KITH_OK);
	}
}

static enum kith_err work_fields(struct kith_vcard *v, struct kith_buf *out)
{
	struct kith_fields fields;
	enum kith_err err = kith_vcard_fields(v, &fields);

	if (!err)
		tell(&fields, out);
	return err;
}

static enum kith_err work_words(struct kith_vcard *v, struct kith_buf *out)
{
	return kith_vcard_words(v, out);
}

static enum kith_err work_make(struct kith_vcard *v, struct kith_buf *out)
{
	struct kith_fields fields;
	enum kith_err err = kith_vcard_fields(v, &fields);

	return err ? err : kith_vcard_make(&fields, kith_span_str("u2"), out);
}

static enum kith_err work_set(struct kith_vcard *v, struct kith_buf *out)
{
	struct kith_fields fields;
	enum kith_err err = kith_vcard_fields(v, &fields);

	if (err)
		return err;
	fields.at[1].part[0] = kith_span_str("changed, and long enough for a line of its own \n");
	fields.at[fields.n - 1] = fields.at[0];
	fields.at[fields.n - 1].kind = KITH_FIELD_NICKNAME;
	return kith_vcard_set(v, &fields, kith_span_str("u2"), out);
}

static enum kith_err work_merge(struct kith_vcard *v, struct kith_buf *out)
{
	size_t added = 0;
	enum kith_err err = kith_vcard_merge(v, other, out, &added);

	assert_true(err || added > 0);
	return err;
}

static enum kith_err work_against(struct kith_vcard *v, struct kith_buf *out)
{
	struct kith_fields altered, added;
	enum kith_err err = kith_vcard_against(v, &card, &altered, &added);

	if (err)
		return err;
	assert_true(altered.n > 0 && added.n > 0);
	tell(&altered, out);
	tell(&added, out);
	return KITH_OK;
}

static enum kith_err work_differs(struct kith_vcard *v, struct kith_buf *out)
{
	KITH_AUTO_BUF struct kith_buf added = {0};
	enum kith_err err = kith_vcard_differs(v, &card, out, &added);

	assert_true(err || (out->n > 0 && added.n > 0));
	return err ? err : kith_buf_add(out, added.p, added.n);
}

static enum kith_err work_beyond(struct kith_vcard *v, struct kith_buf *out)
{
	size_t n = 0;
	enum kith_err err = kith_vcard_beyond(v, &card, kith_span_str("u2"), out, &n);

	assert_true(err || n > 0);
	return err;
}

static enum kith_err work_write_30(struct kith_vcard *v, struct kith_buf *out)
{
	return kith_vcard_write(v, KITH_VCARD_30, out);
}

static enum kith_err work_write_40(struct kith_vcard *v, struct kith_buf *out)
{
	return kith_vcard_write(v, KITH_VCARD_40, out);
}

static enum kith_err work_write_card(struct kith_vcard *v, struct kith_buf *out)
{
	return kith_vcard_write_card(&card, kith_buf_span(&card_bytes), v, KITH_VCARD_40, out);
}

static void same(const struct kith_buf *a, const struct kith_buf *b)
{
	assert_int_equal(a->n, b->n);
	assert_memory_equal(a->p, b->p, a->n);
}

/* The n-th allocation fails.  False: there are not so many. */
static bool once(
	const char *head, work_fn *work, size_t n, const struct kith_buf *expected, size_t *told)
{
	KITH_AUTO_BUF struct kith_buf out = {0};
	VCARD v = parse(head);

	calls = 0;
	failed = false;
	fails_at = n;
	enum kith_err err = work(v, &out);
	fails_at = 0;
	if (!failed)
		assert_int_equal(err, KITH_OK);
	if (err) {
		assert_int_equal(err, KITH_ERR_NOMEM);
		++*told;
		kith_buf_clear(&out);
		assert_int_equal(work(v, &out), KITH_OK);
	}
	same(&out, expected);
	return failed;
}

static void every_allocation_fails_once(work_fn *work)
{
	for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
		KITH_AUTO_BUF struct kith_buf expected = {0};
		VCARD v = parse(heads[i]);
		size_t n = 1, told = 0;
		assert_int_equal(work(v, &expected), KITH_OK);
		assert_true(expected.n > 0);
		while (once(heads[i], work, n, &expected, &told))
			n++;
		/* not told: what did not need it, a smaller place for something that is there */
		assert_true(told > 0 && n - 1 - told <= n / 4);
	}
}

#define EVERY(name)                                                                                \
	static void name(void **state)                                                             \
	{                                                                                          \
		(void)state;                                                                       \
		every_allocation_fails_once(work_##name);                                          \
	}

EVERY(fields)
EVERY(words)
EVERY(make)
EVERY(set)
EVERY(merge)
EVERY(against)
EVERY(differs)
EVERY(beyond)
EVERY(write_30)
EVERY(write_40)
EVERY(write_card)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields),
		cmocka_unit_test(words),
		cmocka_unit_test(make),
		cmocka_unit_test(set),
		cmocka_unit_test(merge),
		cmocka_unit_test(against),
		cmocka_unit_test(differs),
		cmocka_unit_test(beyond),
		cmocka_unit_test(write_30),
		cmocka_unit_test(write_40),
		cmocka_unit_test(write_card),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
