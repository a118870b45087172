/* SPDX-License-Identifier: MIT
 *
 * field - "email.work=ada@example.org" as a person types it: what is read can be written and reads
 * the same, and what passes the check fits on a card.
 */
#include <kith/card.h>

#include "base/text.h"
#include "cards.h"

static void writes_and_reads(const struct kith_field *f)
{
	struct kith_buf text = {0};
	struct kith_field back;
	struct kith_diag diag = {0};

	must(kith_buf_printf(&text, "%s", kith_field_info(f->kind)->name) == KITH_OK);
	if (f->label.n > 0)
		must(!kith_buf_add(&text, ".", 1) && !kith_buf_add(&text, f->label.p, f->label.n));
	must(kith_buf_add(&text, "=", 1) == KITH_OK);
	must(kith_field_value(f, &text) == KITH_OK);
	must(kith_field_parse(kith_buf_span(&text), &back, &diag) == KITH_OK);
	must(same_field(f, &back) && diag.text[0] == 0);
	kith_buf_free(&text);
}

/* On a card's list of fields. */
static void packs(const struct kith_field *f)
{
	static struct kith_fields fields, back;
	struct kith_buf out = {0};

	fields = (struct kith_fields){.n = 1};
	fields.at[0] = *f;
	must(kith_fields_pack(&fields, &out) == KITH_OK);
	must(kith_fields_unpack(kith_buf_span(&out), &back) == KITH_OK);
	same_fields(&fields, &back);
	field_is_sound(f);
	kith_buf_free(&out);
}

/* case 26: the sentence about it is inert. */
static void is_sentence(const struct kith_diag *diag)
{
	must(diag->text[0] && memchr(diag->text, 0, sizeof diag->text));
	must(kith_text_valid(kith_span_str(diag->text)));
	for (const char *c = diag->text; *c; c++)
		must((unsigned char)*c >= 0x20 && *c != 0x7f);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct kith_field f;
	struct kith_diag diag = {0};
	enum kith_err err = kith_field_parse(kith_span(p, n), &f, &diag);

	if (err) {
		must(err == KITH_ERR_USAGE || err == KITH_ERR_LIMIT);
		is_sentence(&diag);
		return 0;
	}
	must(diag.text[0] == 0);
	writes_and_reads(&f);
	err = kith_field_check(&f, &diag);
	if (err)
		is_sentence(&diag);
	else
		packs(&f);
	return 0;
}
