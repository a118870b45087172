/* SPDX-License-Identifier: MIT
 *
 * edit - a card as the text that a person's editor gives back: what is read is written so that it
 * reads the same, and every complaint is one inert line.
 */
#include "cli/edit.h"

#include "base/text.h"
#include "cards.h"

/* What the program says when it cannot start an editor, which nobody does here. */
int kith_cli_fail(enum kith_err err, const struct kith_diag *diag)
{
	(void)err;
	(void)diag;
	abort();
}

int kith_cli_error(enum kith_err err, const char *fmt, ...)
{
	(void)err;
	(void)fmt;
	abort();
}

static void complaints_are_inert(const char *p, size_t n)
{
	must(kith_text_valid(kith_span(p, n)));
	for (size_t i = 0; i < n; i++)
		must(p[i] == '\n' || ((unsigned char)p[i] >= 0x20 && p[i] != 0x7f));
}

/* What stands in the text, without what has no line. */
static void writes_and_reads(const struct kith_fields *fields)
{
	static struct kith_fields back;
	struct kith_buf text = {0};

	must(kith_edit_write(fields, &text) == KITH_OK);
	must(kith_edit_read(&text, fields, NULL, &back) == KITH_OK);
	same_fields(fields, &back);
	kith_buf_free(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static const struct kith_fields none;
	static struct kith_fields fields;
	struct kith_buf text = {0};
	char *said = NULL;
	size_t said_n = 0;
	FILE *errors = open_memstream(&said, &said_n);

	must(errors && kith_buf_add(&text, p, n) == KITH_OK);
	enum kith_err err = kith_edit_read(&text, &none, errors, &fields);
	(void)fclose(errors);
	must(err == KITH_OK || err == KITH_ERR_VALUE);
	must((err == KITH_OK) == (said_n == 0));
	complaints_are_inert(said, said_n);
	if (!err) {
		must(fields.n >= 1 && fields.n <= KITH_CARD_FIELDS);
		for (size_t i = 0; i < fields.n; i++)
			field_is_sound(&fields.at[i]);
		writes_and_reads(&fields);
	}
	free(said);
	kith_buf_free(&text);
	return 0;
}
