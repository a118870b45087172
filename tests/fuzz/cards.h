/* SPDX-License-Identifier: MIT
 *
 * cards - what must hold of every card that verified; for the targets that meet some.
 */
#ifndef KITH_FUZZ_CARDS_H
#define KITH_FUZZ_CARDS_H

#include <kith/card.h>

#include "base/limits.h"
#include "base/text.h"
#include "fuzz/fuzz.h"

/* What a reader takes must keep to fields.def. */
static inline void field_is_sound(const struct kith_field *f)
{
	const struct kith_field_info *info = kith_field_info(f->kind);

	must(f->label.n <= KITH_FIELD_LABEL_MAX && kith_text_valid(f->label));
	must(f->parts >= 1 && f->parts <= KITH_FIELD_PARTS);
	must((f->flags & ~KITH_FIELD_PREFERRED) == 0);
	must(!info || f->parts == info->parts);
	for (size_t i = 0; i < f->parts; i++) {
		must(f->part[i].n <= (info ? info->max : KITH_CARD_BODY_MAX));
		if (info && f->kind != KITH_FIELD_PHOTO)
			must(kith_text_valid(f->part[i]));
	}
}

static inline bool same_field(const struct kith_field *a, const struct kith_field *b)
{
	bool same = a->kind == b->kind && a->flags == b->flags && a->parts == b->parts &&
		    kith_span_eq(a->label, b->label);

	for (size_t i = 0; same && i < a->parts; i++)
		same = kith_span_eq(a->part[i], b->part[i]);
	return same;
}

static inline void same_fields(const struct kith_fields *a, const struct kith_fields *b)
{
	must(a->n == b->n);
	for (size_t i = 0; i < a->n; i++)
		must(same_field(&a->at[i], &b->at[i]));
}

static inline void card_is_sound(const struct kith_card *c, struct kith_span envelope)
{
	const struct kith_field *name = kith_fields_first(&c->fields, KITH_FIELD_NAME);

	must(fuzz_inside(c->body, envelope) && c->body.n <= KITH_CARD_BODY_MAX);
	must(c->rev >= 1 && c->rev < UINT64_C(1) << 53);
	must(c->issued >= 0 && c->issued < INT64_C(1) << 53);
	must(c->pass <= 2 && (c->variant == KITH_CARD_FULL || c->variant == KITH_CARD_POCKET));
	must(c->variant == KITH_CARD_FULL || c->body.n <= KITH_CARD_POCKET_MAX);
	must(c->fields.n <= KITH_CARD_FIELDS && name && name->part[0].n > 0);
	for (size_t i = 0; i < c->fields.n; i++) {
		field_is_sound(&c->fields.at[i]);
		must(fuzz_inside(c->fields.at[i].part[0], c->body));
	}
	must(kith_card_newer(c, c) == KITH_ERR_EXISTS);
}

/* case 15: handed on as a file, the card is the same bytes, with whatever keys it has. */
static inline void card_is_kept(struct kith_span envelope)
{
	struct kith_buf file = {0}, back = {0};

	must(kith_card_armor(envelope, &file) == KITH_OK);
	must(kith_card_from_file(kith_buf_span(&file), &back) == KITH_OK);
	must(kith_span_eq(kith_buf_span(&back), envelope));
	kith_buf_clear(&back);
	must(kith_card_from_file(envelope, &back) == KITH_OK);
	must(kith_span_eq(kith_buf_span(&back), envelope));
	kith_buf_free(&file);
	kith_buf_free(&back);
}

#endif
