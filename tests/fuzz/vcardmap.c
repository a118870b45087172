/* SPDX-License-Identifier: MIT
 *
 * vcardmap - fields in a vCard.  A first byte that is even: fields, which must come back from the
 * vCard that is made of them.  An odd one: two vCards, of which everything must hold that holds of any
 * (unit/vcard_rounds.h): written they read the same, written again they are the same bytes.
 */
#include "fuzz.h"
#include "unit/vcard_rounds.h"

static void add_field(struct fuzz_in *in, struct kith_fields *fields)
{
	size_t kinds;
	const struct kith_field_info *all = kith_field_all(&kinds);
	const struct kith_field_info *info = &all[fuzz_byte(in) % kinds];
	struct kith_field *f = &fields->at[fields->n];

	*f = (struct kith_field){.kind = info->kind, .parts = info->parts};
	f->flags = fuzz_byte(in) & KITH_FIELD_PREFERRED;
	f->label = fuzz_string(in);
	for (size_t i = 0; i < f->parts; i++)
		f->part[i] = fuzz_string(in);
	fields->n++;
}

static void held(rounds_why why, struct kith_span text)
{
	if (!why)
		return;
	(void)fprintf(stderr, "%s:\n%.*s\n", why, (int)text.n, (const char *)text.p);
	must(!why);
}

/* Whether a field is among others as it comes back. */
static bool is_among(
	struct kith_vcard *v, const struct kith_field *f, const struct kith_fields *all)
{
	for (size_t i = 0; i < all->n; i++) {
		struct kith_field norm;
		bool says;
		must(kith_item_norm(v, &all->at[i], &norm, &says) == KITH_OK);
		if (says && kith_item_same(&norm, f))
			return true;
	}
	return false;
}

static void made(struct fuzz_in *in)
{
	static struct kith_fields fields, card, back;
	struct kith_buf bytes = {0}, out = {0};
	struct kith_vcard *v = NULL;

	fields.n = 0;
	while (in->n > 0 && fields.n < KITH_CARD_FIELDS)
		add_field(in, &fields);
	/* only what a card may hold: it is packed and read as a card's fields are */
	if (!kith_fields_pack(&fields, &bytes) &&
		!kith_fields_unpack(kith_buf_span(&bytes), &card)) {
		must(kith_vcard_make(&card, kith_span_str("u-1"), &out) == KITH_OK);
		must(kith_vcard_parse(kith_buf_span(&out), &v, NULL) == KITH_OK);
		must(kith_vcard_fields(v, &back) == KITH_OK);
		for (size_t i = 0; i < back.n; i++) {
			uint32_t kind = back.at[i].kind;
			must(kind == KITH_FIELD_NAME || kind == KITH_FIELD_GIVEN ||
				kind == KITH_FIELD_FAMILY || is_among(v, &back.at[i], &card));
		}
		held(rounds_all(v), kith_buf_span(&out));
		held(rounds_set(v, &card), kith_buf_span(&out));
	}
	kith_vcard_free(v);
	kith_buf_free(&bytes);
	kith_buf_free(&out);
}

static void read_two(struct kith_span text)
{
	static struct kith_fields fields;
	struct kith_vcard *v = NULL, *w = NULL;
	const uint8_t *second = text.n > 0 ? memchr(text.p, 0, text.n) : NULL;
	size_t n = second ? (size_t)(second - text.p) : text.n;
	struct kith_span one = kith_span(text.p, n);
	struct kith_span two = second ? kith_span(second + 1, text.n - n - 1) : one;

	if (kith_vcard_parse(one, &v, NULL))
		return;
	held(rounds_all(v), one);
	if (!kith_vcard_parse(two, &w, NULL)) {
		held(rounds_merge(v, w), one);
		must(kith_vcard_fields(w, &fields) == KITH_OK);
		held(rounds_set(v, &fields), one);
	}
	kith_vcard_free(v);
	kith_vcard_free(w);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct fuzz_in in = {p, n};

	fuzz_start();
	if (n == 0)
		return 0;
	in = (struct fuzz_in){p + 1, n - 1};
	if (p[0] % 2 == 0)
		made(&in);
	else
		read_two(kith_span(p + 1, n - 1));
	return 0;
}
