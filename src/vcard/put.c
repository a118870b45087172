/* SPDX-License-Identifier: MIT */
#include "vcard/put.h"

#include <stdio.h>

#include "base/auto.h"
#include "crypto/base64.h"
#include "vcard/clean.h"
#include "vcard/date.h"
#include "vcard/label.h"
#include "vcard/param.h"
#include "vcard/property.h"

const uint32_t kith_put_order[] = {KITH_FIELD_PHONETIC, KITH_FIELD_NICKNAME, KITH_FIELD_ORG,
	KITH_FIELD_UNIT, KITH_FIELD_TITLE, KITH_FIELD_EMAIL, KITH_FIELD_TEL, KITH_FIELD_URL,
	KITH_FIELD_ADR, KITH_FIELD_BDAY, KITH_FIELD_NOTE, KITH_FIELD_PRONOUNS, KITH_FIELD_OFFERS,
	KITH_FIELD_ASKS, KITH_FIELD_PHOTO};
const size_t kith_put_orders = sizeof kith_put_order / sizeof kith_put_order[0];

static const char *property_of(uint32_t kind, enum kith_vcard_version as)
{
	switch (kind) {
	case KITH_FIELD_NAME:
		return "FN";
	case KITH_FIELD_PHONETIC:
		return "X-PHONETIC-FIRST-NAME";
	case KITH_FIELD_NICKNAME:
		return "NICKNAME";
	case KITH_FIELD_ORG:
	case KITH_FIELD_UNIT:
		return "ORG";
	case KITH_FIELD_TITLE:
		return "TITLE";
	case KITH_FIELD_EMAIL:
		return "EMAIL";
	case KITH_FIELD_TEL:
		return "TEL";
	case KITH_FIELD_URL:
		return "URL";
	case KITH_FIELD_ADR:
		return "ADR";
	case KITH_FIELD_BDAY:
		return "BDAY";
	case KITH_FIELD_NOTE:
		return "NOTE";
	case KITH_FIELD_PRONOUNS:
		return as == KITH_VCARD_40 ? "PRONOUNS" : "X-PRONOUNS";
	case KITH_FIELD_OFFERS:
		return "X-KITH-OFFERS";
	case KITH_FIELD_ASKS:
		return "X-KITH-ASKS";
	default:
		return "PHOTO";
	}
}

/* --- as it stands ----------------------------------------------------------------------------- */

/* The number of a group "item12" in any case, 0 for any other. */
static unsigned item_number(struct kith_span group)
{
	unsigned n = 0;

	if (group.n < 5 || group.n > 12 || !kith_word_is(kith_span(group.p, 4), "item"))
		return 0;
	for (size_t i = 4; i < group.n; i++) {
		if (group.p[i] < '0' || group.p[i] > '9')
			return 0;
		n = n * 10 + (group.p[i] - '0');
	}
	return n;
}

void kith_put_begin(
	struct kith_put *w, struct kith_buf *out, enum kith_vcard_version as, struct kith_vcard *v)
{
	*w = (struct kith_put){.line = {.out = out}, .as = as};
	size_t n = 0;
	const struct kith_vcard_property *p = v ? kith_vcard_properties(v, &n) : NULL;
	for (size_t i = 0; i < n; i++) {
		unsigned group = item_number(p[i].group);
		w->group = group > w->group ? group : w->group;
	}
	kith_put_text(w, "BEGIN", kith_span_str("VCARD"));
	kith_put_text(w, "VERSION", kith_span_str(as == KITH_VCARD_40 ? "4.0" : "3.0"));
}

void kith_put_end(struct kith_put *w)
{
	kith_put_text(w, "END", kith_span_str("VCARD"));
}

void kith_put_group(struct kith_put *w, struct kith_span group)
{
	if (group.n == 0)
		return;
	kith_line_bytes(&w->line, group);
	kith_line_raw(&w->line, ".");
}

/* A value; that of an AGENT with a vCard in it has several lines, which stay as they are. */
static void put_value(struct kith_put *w, struct kith_span s)
{
	for (;;) {
		const uint8_t *end = memchr(s.p ? s.p : (const uint8_t *)"", '\n', s.n);
		size_t n = end ? (size_t)(end - s.p) : s.n;
		size_t bare = n > 0 && end && s.p[n - 1] == '\r' ? n - 1 : n;
		kith_line_bytes(&w->line, kith_span(s.p, bare));
		if (!end)
			return;
		s = kith_span(end + 1, s.n - n - 1);
		kith_line_end(&w->line);
		w->line.whole = true;
	}
}

void kith_put_grouped(
	struct kith_put *w, const struct kith_vcard_property *p, struct kith_span group)
{
	kith_put_group(w, group);
	kith_line_bytes(&w->line, p->name);
	kith_line_bytes(&w->line, p->params);
	kith_line_raw(&w->line, ":");
	put_value(w, p->value);
	kith_line_end(&w->line);
	w->line.whole = false;
}

void kith_put_property(struct kith_put *w, const struct kith_vcard_property *p)
{
	kith_put_grouped(w, p, p->group);
}

/* --- anew ------------------------------------------------------------------------------------- */

void kith_put_text(struct kith_put *w, const char *name, struct kith_span value)
{
	kith_line_raw(&w->line, name);
	kith_line_raw(&w->line, ":");
	kith_line_text(&w->line, value);
	kith_line_end(&w->line);
}

static bool has(const struct kith_fields *fields, uint32_t kind)
{
	const struct kith_field *f = kith_fields_first(fields, kind);

	return f && f->part[0].n > 0;
}

void kith_put_n(struct kith_put *w, const struct kith_fields *fields, enum kith_derived derived)
{
	static const uint32_t kinds[] = {KITH_FIELD_FAMILY, KITH_FIELD_GIVEN, KITH_FIELD_ADDITIONAL,
		KITH_FIELD_PREFIX, KITH_FIELD_SUFFIX};
	struct kith_name n = kith_name_parts(fields);
	const struct kith_span parts[] = {n.family, n.given, n.additional, n.prefix, n.suffix};
	bool family = n.family.n > 0 && !has(fields, KITH_FIELD_FAMILY);
	bool given = n.given.n > 0 && !has(fields, KITH_FIELD_GIVEN);

	kith_line_raw(&w->line, "N");
	if (derived == KITH_DERIVED_MARKED && (family || given)) {
		kith_line_raw(&w->line, ";X-KITH-DERIVED=");
		kith_line_raw(&w->line, family && given ? "both" : family ? "family" : "given");
	}
	kith_line_raw(&w->line, ":");
	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
		if (i > 0)
			kith_line_raw(&w->line, ";");
		if (derived != KITH_DERIVED_NOT || has(fields, kinds[i]))
			kith_line_text(&w->line, parts[i]);
	}
	kith_line_end(&w->line);
}

void kith_put_name(struct kith_put *w, const struct kith_fields *fields)
{
	const struct kith_field *name = kith_fields_first(fields, KITH_FIELD_NAME);

	kith_put_text(w, "FN", name ? name->part[0] : kith_span("", 0));
	kith_put_n(w, fields, KITH_DERIVED_MARKED);
}

void kith_put_date(struct kith_put *w, struct kith_span date)
{
	char text[16];
	const char *d = (const char *)date.p;

	if (w->as == KITH_VCARD_40)
		(void)snprintf(text, sizeof text, ":%.*s%.2s%.2s", d[0] == '-' ? 2 : 4, d,
			d + date.n - 5, d + date.n - 2);
	else
		(void)snprintf(text, sizeof text, ":%.*s", (int)date.n, d);
	if (w->as != KITH_VCARD_40 && d[0] == '-') {
		(void)snprintf(text, sizeof text, ":" KITH_DATE_LEAP_YEAR "%.6s", d + 1);
		kith_line_raw(&w->line, ";X-APPLE-OMIT-YEAR=" KITH_DATE_LEAP_YEAR);
	}
	kith_line_raw(&w->line, text);
}

void kith_put_picture(struct kith_put *w, struct kith_span picture)
{
	const char *type = kith_picture_type(picture);
	KITH_AUTO_BUF struct kith_buf text = {0};
	char head[64];

	if (kith_base64(&text, picture, 0)) {
		w->line.err = KITH_ERR_NOMEM;
		return;
	}
	if (w->as == KITH_VCARD_40)
		(void)snprintf(head, sizeof head, ":data:image/%s;base64,", type);
	else
		(void)snprintf(head, sizeof head, ";ENCODING=b;TYPE=%s:",
			type[0] == 'j'   ? "JPEG"
			: type[0] == 'p' ? "PNG"
					 : "WEBP");
	kith_line_raw(&w->line, head);
	kith_line_bytes(&w->line, kith_buf_span(&text));
}

bool kith_put_skips(const struct kith_field *f)
{
	const struct kith_field_info *info = kith_field_info(f->kind);
	size_t n = 0;

	if (!info || info->parts != f->parts)
		return true;
	for (size_t i = 0; i < f->parts; i++)
		n += f->part[i].n;
	return n == 0 || (f->kind == KITH_FIELD_BDAY && !kith_date_valid(f->part[0])) ||
	       (f->kind == KITH_FIELD_PHOTO && !kith_picture_type(f->part[0]));
}

static void put_values(struct kith_put *w, const struct kith_field *const *f, size_t n)
{
	switch (f[0]->kind) {
	case KITH_FIELD_BDAY:
		kith_put_date(w, f[0]->part[0]);
		return;
	case KITH_FIELD_PHOTO:
		kith_put_picture(w, f[0]->part[0]);
		return;
	case KITH_FIELD_URL:
		kith_line_raw(&w->line, ":");
		kith_line_uri(&w->line, kith_clean_trim(f[0]->part[0]));
		return;
	default:
		break;
	}
	kith_line_raw(&w->line, f[0]->kind == KITH_FIELD_UNIT ? ":;" : ":");
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			kith_line_raw(&w->line, f[0]->kind == KITH_FIELD_NICKNAME ? "," : ";");
		for (size_t k = 0; k < f[i]->parts; k++) {
			if (k > 0)
				kith_line_raw(&w->line, ";");
			kith_line_text(&w->line, f[i]->part[k]);
		}
	}
}

static void put_preferred(struct kith_put *w, const char *type)
{
	if (w->as == KITH_VCARD_40)
		kith_line_raw(&w->line, ";PREF=1");
	else
		kith_line_raw(&w->line, type ? ",PREF" : ";TYPE=PREF");
}

void kith_put_instead(struct kith_put *w, const struct kith_vcard_property *old, bool same_label,
	const struct kith_field *const *f, size_t n)
{
	bool labelled = kith_item_has_label(f[0]->kind);
	struct kith_span label =
		labelled && !same_label ? kith_clean_trim(f[0]->label) : kith_span("", 0);
	const char *type = kith_label_type(label, f[0]->kind);
	char group[32] = "";

	if (label.n > 0 && !type)
		(void)snprintf(group, sizeof group, "item%u", ++w->group);
	kith_put_group(w, group[0] ? kith_span_str(group) : old ? old->group : kith_span("", 0));
	if (old)
		kith_line_bytes(&w->line, old->name);
	else
		kith_line_raw(&w->line, property_of(f[0]->kind, w->as));
	if (type) {
		kith_line_raw(&w->line, ";TYPE=");
		kith_line_raw(&w->line, type);
	}
	if (labelled && !same_label && f[0]->flags & KITH_FIELD_PREFERRED)
		put_preferred(w, type);
	if (old)
		kith_put_params(w, old,
			KITH_PARAMS_CODED | (labelled && same_label ? 0 : KITH_PARAMS_TYPE));
	put_values(w, f, n);
	kith_line_end(&w->line);
	if (group[0]) {
		kith_put_group(w, kith_span_str(group));
		kith_put_text(w, "X-ABLabel", label);
	}
}

void kith_put_fields(struct kith_put *w, const struct kith_field *const *f, size_t n)
{
	kith_put_instead(w, NULL, false, f, n);
}

/* --- parameters ------------------------------------------------------------------------------- */

/* TYPE without PREF; nothing when that was all. */
static void put_types(struct kith_put *w, struct kith_span list)
{
	struct kith_span s;
	bool first = true;

	while (kith_param_value(&list, &s)) {
		if (s.n == 0 || kith_word_is(s, "PREF"))
			continue;
		bool quoted = memchr(s.p, ':', s.n) || memchr(s.p, ';', s.n);
		kith_line_raw(&w->line, first ? ";TYPE=" : ",");
		kith_line_raw(&w->line, quoted ? "\"" : "");
		kith_line_bytes(&w->line, s);
		kith_line_raw(&w->line, quoted ? "\"" : "");
		first = false;
	}
}

static bool has_pref(struct kith_span list)
{
	struct kith_span s;

	while (kith_param_value(&list, &s))
		if (kith_word_is(s, "PREF"))
			return true;
	return false;
}

/* Whether a mark stands where none belongs: such a list is better left alone. */
static bool is_odd(struct kith_span list)
{
	struct kith_span s;

	while (kith_param_value(&list, &s))
		if (s.n > 0 && memchr(s.p, '"', s.n))
			return true;
	return false;
}

/* Bare words of 2.1 that say how a value is to be taken. */
static bool is_value_word(struct kith_span s)
{
	return strcmp(kith_param_of_word(s), "VALUE") == 0;
}

static bool gone(const struct kith_param *p, unsigned flags)
{
	bool value = p->name.n > 0 ? kith_word_is(p->name, "VALUE") : is_value_word(p->value);
	bool type = p->name.n > 0 ? kith_word_is(p->name, "TYPE") || kith_word_is(p->name, "PREF")
				  : !value && !kith_param_codes(p);

	if (kith_word_is(p->name, "X-APPLE-OMIT-YEAR"))
		return flags & KITH_PARAMS_CODED;
	return (flags & KITH_PARAMS_CODED && (value || kith_param_codes(p))) ||
	       (flags & KITH_PARAMS_TYPE && type);
}

void kith_put_params(struct kith_put *w, const struct kith_vcard_property *p, unsigned flags)
{
	struct kith_span rest = p->params, first;
	struct kith_param param;
	bool preferred = false;

	while (kith_param_next(&rest, &param)) {
		bool type = param.name.n > 0
				    ? kith_word_is(param.name, "TYPE")
				    : !kith_param_codes(&param) && !is_value_word(param.value);
		struct kith_span value = param.value;
		if (gone(&param, flags) || param.whole.n == 0)
			continue;
		if (flags & KITH_PARAMS_PREF && type && !is_odd(value) &&
			(param.name.n == 0 || has_pref(value))) {
			preferred |= has_pref(value);
			put_types(w, value);
		} else if (flags & KITH_PARAMS_PREF && kith_word_is(param.name, "PREF") &&
			   w->as == KITH_VCARD_30 && kith_param_value(&value, &first) &&
			   kith_word_is(first, "1")) {
			preferred = true;
		} else {
			kith_line_raw(&w->line, ";");
			kith_line_bytes(&w->line, param.whole);
		}
	}
	if (preferred)
		put_preferred(w, NULL);
}

/* --- which fields go together ----------------------------------------------------------------- */

/* The organisation whose property a unit goes into: the last one before it with the same label, else the
 * first one behind it, else the first of all; SIZE_MAX when there is none. */
static size_t org_of(const struct kith_fields *fields, size_t unit)
{
	size_t any = SIZE_MAX, before = SIZE_MAX, after = SIZE_MAX;

	for (size_t i = 0; i < fields->n; i++) {
		const struct kith_field *f = &fields->at[i];
		if (f->kind != KITH_FIELD_ORG || kith_put_skips(f))
			continue;
		if (any == SIZE_MAX)
			any = i;
		if (!kith_label_eq(
			    kith_clean_trim(f->label), kith_clean_trim(fields->at[unit].label)))
			continue;
		if (i < unit)
			before = i;
		else if (after == SIZE_MAX)
			after = i;
	}
	return before != SIZE_MAX ? before : after != SIZE_MAX ? after : any;
}

size_t kith_put_bundle(
	const struct kith_fields *fields, size_t i, bool *taken, const struct kith_field **member)
{
	uint32_t kind = fields->at[i].kind;
	size_t org = kind == KITH_FIELD_UNIT ? org_of(fields, i) : i;
	size_t n = 0;

	taken[i] = true;
	member[n++] = &fields->at[i];
	if (kind != KITH_FIELD_ORG && kind != KITH_FIELD_UNIT)
		return n;
	for (size_t k = 0; k < fields->n; k++) {
		if (taken[k] || fields->at[k].kind != KITH_FIELD_UNIT ||
			kith_put_skips(&fields->at[k]) || org_of(fields, k) != org)
			continue;
		taken[k] = true;
		member[n++] = &fields->at[k];
	}
	return n;
}

void kith_put_rest(struct kith_put *w, const struct kith_fields *fields, bool *taken)
{
	const struct kith_field *member[KITH_CARD_FIELDS];

	for (size_t k = 0; k < kith_put_orders; k++) {
		for (size_t i = 0; i < fields->n; i++) {
			if (taken[i] || fields->at[i].kind != kith_put_order[k] ||
				kith_put_skips(&fields->at[i]))
				continue;
			size_t n = kith_put_bundle(fields, i, taken, member);
			kith_put_fields(w, member, n);
		}
	}
}
