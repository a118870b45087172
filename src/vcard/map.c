/* SPDX-License-Identifier: MIT */
#include "vcard/map.h"

#include <strings.h>

#include "vcard/put.h"
#include "vcard/value.h"

#define WORDS_MAX 4096 /* bytes of one property that are looked through for words */

enum kith_err kith_vcard_fields(struct kith_vcard *v, struct kith_fields *ret_fields)
{
	struct kith_items items;
	enum kith_err err = kith_items_read(v, &items);

	if (err)
		return err;
	ret_fields->n = items.n < KITH_CARD_FIELDS ? items.n : KITH_CARD_FIELDS;
	for (size_t i = 0; i < ret_fields->n; i++)
		ret_fields->at[i] = items.at[i].field;
	return KITH_OK;
}

struct kith_span kith_vcard_uid(struct kith_vcard *v)
{
	size_t n;
	const struct kith_vcard_property *p = kith_vcard_properties(v, &n);
	uint32_t kind;

	for (size_t i = 0; i < n; i++) {
		struct kith_span s;
		if (kith_role_of(&p[i], &kind) != KITH_ROLE_UID)
			continue;
		if (kith_item_text(v, &p[i], 0, 0, &s) || s.n == 0)
			continue;
		if (s.n > 9 && strncasecmp((const char *)s.p, "urn:uuid:", 9) == 0)
			s = kith_span(s.p + 9, s.n - 9);
		return s;
	}
	return kith_span("", 0);
}

/* Whether a value is bytes or an address of some: nothing that anybody looks for by a word. */
static bool is_bytes(const struct kith_vcard_property *p)
{
	struct kith_span s;

	if (p->value.n > 5 && strncasecmp((const char *)p->value.p, "data:", 5) == 0)
		return true;
	return kith_vcard_param(p, "ENCODING", 0, &s) && s.n > 0 && ((s.p[0] | 0x20) == 'b');
}

enum kith_err kith_vcard_words(struct kith_vcard *v, struct kith_buf *out)
{
	struct kith_items items;
	uint32_t kind;
	enum kith_err err = kith_items_read(v, &items);

	if (err)
		return err;
	for (size_t i = KITH_CARD_FIELDS; i < items.n; i++) /* not told as a field */
		if (items.at[i].property != KITH_ITEM_DERIVED)
			items.use[items.at[i].property] = KITH_USE_REST;
	for (size_t i = 0; i < items.properties; i++) {
		const struct kith_vcard_property *p = &items.property[i];
		enum kith_role role = kith_role_of(p, &kind);
		struct kith_span s;
		if (items.use[i] != KITH_USE_REST || role == KITH_ROLE_LABEL ||
			role == KITH_ROLE_KEPT || role == KITH_ROLE_PHOTO || is_bytes(p))
			continue;
		err = kith_item_text(v, p, 0, 0, &s);
		if (err == KITH_ERR_NOMEM)
			return err;
		if (err || s.n == 0 || s.n > WORDS_MAX)
			continue;
		if ((err = kith_buf_add(out, s.p, s.n)) || (err = kith_buf_add(out, "\n", 1)))
			return err;
	}
	return KITH_OK;
}

enum kith_err kith_vcard_make(
	const struct kith_fields *fields, struct kith_span uid, struct kith_buf *out)
{
	bool taken[KITH_CARD_FIELDS] = {false};
	struct kith_put w;

	kith_put_begin(&w, out, KITH_VCARD_30, NULL);
	kith_put_name(&w, fields);
	kith_put_rest(&w, fields, taken);
	kith_put_text(&w, "UID", uid);
	kith_put_end(&w);
	return w.line.err;
}
