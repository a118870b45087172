/* SPDX-License-Identifier: MIT */
#include "vcard/write.h"

#include <time.h>

#include "base/auto.h"
#include "crypto/base64.h"
#include "crypto/hash.h"
#include "vcard/date.h"
#include "vcard/map.h"
#include "vcard/param.h"
#include "vcard/put.h"
#include "vcard/value.h"

#define LAST_SECOND INT64_C(253402300799) /* of the year 9999; later ones are no ISO date */

/* --- a vCard as it stands, or in another version ---------------------------------------------- */

/* Whether a text reads the same in 3.0 and 4.0: nothing about its coding is told. */
static bool is_plain(const struct kith_vcard *v, const struct kith_vcard_property *p)
{
	struct kith_span rest = p->params;
	struct kith_param param;

	while (kith_param_next(&rest, &param))
		if (kith_param_codes(&param))
			return false;
	return kith_vcard_version(v) != KITH_VCARD_21;
}

/* The value with its colon: every component, however many. */
static enum kith_err put_components(struct kith_put *w, struct kith_vcard *v,
	const struct kith_vcard_property *p, char separator)
{
	enum kith_err err = KITH_OK;

	kith_line_raw(&w->line, ":");
	for (size_t i = 0; !err && (i == 0 || separator); i++) {
		struct kith_span s;
		err = kith_vcard_text(v, p, separator, i, &s);
		if (err)
			break;
		if (i > 0)
			kith_line_raw(&w->line, separator == ',' ? "," : ";");
		kith_line_text(&w->line, s);
	}
	return err == KITH_ERR_MISSING ? KITH_OK : err;
}

static char separator_of(enum kith_role role)
{
	return role == KITH_ROLE_LIST                                                  ? ','
	       : role == KITH_ROLE_N || role == KITH_ROLE_ORG || role == KITH_ROLE_ADR ? ';'
										       : 0;
}

static void put_named(struct kith_put *w, const struct kith_vcard_property *p, uint32_t kind)
{
	kith_put_group(w, p->group);
	if (kind == KITH_FIELD_PRONOUNS)
		kith_line_raw(&w->line, w->as == KITH_VCARD_40 ? "PRONOUNS" : "X-PRONOUNS");
	else
		kith_line_bytes(&w->line, p->name);
}

/* A property that is the given field, or fields of which it is the first, in the other version. */
static enum kith_err convert(struct kith_put *w, struct kith_vcard *v,
	const struct kith_vcard_property *p, const struct kith_field *f)
{
	uint32_t kind;
	enum kith_role role = kith_role_of(p, &kind);
	enum kith_err err = KITH_OK;
	struct kith_span date;
	bool more;

	if (role == KITH_ROLE_BDAY &&
		((err = kith_date_read(v, p, &date, &more)) || (more && is_plain(v, p)))) {
		kith_put_property(w, p);
		return err == KITH_ERR_NOMEM ? err : KITH_OK;
	}
	if (!is_plain(v, p) && separator_of(role) &&
		kith_vcard_text(v, p, separator_of(role), KITH_ITEM_LIST_MAX, &date) == KITH_OK) {
		kith_put_property(w, p); /* no list that anybody wrote */
		return KITH_OK;
	}
	put_named(w, p, kind);
	if (role == KITH_ROLE_PHOTO) {
		kith_put_params(w, p, KITH_PARAMS_CODED | KITH_PARAMS_TYPE);
		kith_put_picture(w, f->part[0]);
	} else if (role == KITH_ROLE_BDAY) {
		kith_put_params(w, p, KITH_PARAMS_CODED);
		kith_put_date(w, date);
	} else if (role == KITH_ROLE_URL) {
		kith_put_params(w, p, KITH_PARAMS_CODED | KITH_PARAMS_PREF);
		kith_line_raw(&w->line, ":");
		kith_line_uri(&w->line, f->part[0]);
	} else if (role == KITH_ROLE_TEL || role == KITH_ROLE_EMAIL) {
		kith_put_params(w, p, KITH_PARAMS_CODED | KITH_PARAMS_PREF);
		kith_line_raw(&w->line, ":");
		kith_line_text(&w->line, f->part[0]);
	} else if (is_plain(v, p)) {
		kith_put_params(w, p, KITH_PARAMS_PREF);
		kith_line_raw(&w->line, ":");
		kith_line_bytes(&w->line, p->value);
	} else {
		kith_put_params(w, p, KITH_PARAMS_CODED | KITH_PARAMS_PREF);
		err = put_components(w, v, p, separator_of(role));
	}
	kith_line_end(&w->line);
	return err;
}

/* A UID for a vCard that has none: the same whenever it is written. */
static enum kith_err put_uid(struct kith_put *w, const struct kith_items *items)
{
	struct kith_span *parts =
		kith_vcard_alloc(items->v, (3 * items->properties + 1) * sizeof *parts);
	uint8_t hash[KITH_HASH_BYTES];
	char uid[KITH_UID_CHARS + 1];
	uint32_t kind;
	size_t n = 0;

	if (!parts)
		return KITH_ERR_NOMEM;
	for (size_t i = 0; i < items->properties; i++) {
		enum kith_role role = kith_role_of(&items->property[i], &kind);
		if (role == KITH_ROLE_VERSION || role == KITH_ROLE_UID)
			continue;
		parts[n++] = items->property[i].name;
		parts[n++] = items->property[i].params;
		parts[n++] = items->property[i].value;
	}
	kith_hash(hash, "kith/1 vcard", parts, n);
	kith_uid_text(hash, uid);
	kith_put_text(w, "UID", kith_span_str(uid));
	return KITH_OK;
}

static bool has_role(const struct kith_items *items, enum kith_role wanted)
{
	uint32_t kind;

	for (size_t i = 0; i < items->properties; i++)
		if (kith_role_of(&items->property[i], &kind) == wanted)
			return true;
	return false;
}

/* FN and N where the version demands them and they are missing. */
static void put_missing(struct kith_put *w, const struct kith_items *items)
{
	struct kith_fields name = {.n = 0};

	for (size_t i = 0; i < items->n && name.n < KITH_CARD_FIELDS; i++)
		if (items->at[i].field.kind == KITH_FIELD_NAME)
			name.at[name.n++] = items->at[i].field;
	if (!has_role(items, KITH_ROLE_FN))
		kith_put_text(w, "FN", name.n > 0 ? name.at[0].part[0] : kith_span("", 0));
	if (w->as == KITH_VCARD_30 && !has_role(items, KITH_ROLE_N))
		kith_put_n(w, &name, KITH_DERIVED_MARKED);
}

enum kith_err kith_vcard_write(
	struct kith_vcard *v, enum kith_vcard_version as, struct kith_buf *out)
{
	struct kith_items items;
	struct kith_put w;
	size_t item = 0;
	uint32_t kind;
	enum kith_err err = kith_items_read(v, &items);

	if (err)
		return err;
	bool same = kith_vcard_version(v) == as;
	kith_put_begin(&w, out, as, v);
	put_missing(&w, &items);
	for (size_t i = 0; !err && i < items.properties; i++) {
		const struct kith_vcard_property *p = &items.property[i];
		while (item < items.n && (items.at[item].property == KITH_ITEM_DERIVED ||
						 items.at[item].property < i))
			item++;
		if (kith_role_of(p, &kind) == KITH_ROLE_VERSION)
			continue;
		if (same || items.use[i] != KITH_USE_FIELD)
			kith_put_property(&w, p);
		else
			err = convert(&w, v, p, item < items.n ? &items.at[item].field : NULL);
	}
	if (!err && kith_vcard_uid(v).n == 0)
		err = put_uid(&w, &items);
	kith_put_end(&w);
	return err ? err : w.line.err;
}

enum kith_err kith_vcard_write_without(
	struct kith_vcard *v, kith_vcard_drop_fn drop, void *ctx, struct kith_buf *out)
{
	struct kith_put w;
	uint32_t kind;
	size_t n;
	const struct kith_vcard_property *p = kith_vcard_properties(v, &n);

	kith_put_begin(&w, out, kith_vcard_version(v), v);
	for (size_t i = 0; i < n; i++)
		if (kith_role_of(&p[i], &kind) != KITH_ROLE_VERSION && !drop(ctx, &p[i]))
			kith_put_property(&w, &p[i]);
	kith_put_end(&w);
	return w.line.err;
}

/* --- a signed card ---------------------------------------------------------------------------- */

static void put_keys(struct kith_put *w, const struct kith_card *card, struct kith_span envelope)
{
	KITH_AUTO_BUF struct kith_buf text = {0};
	char uid[KITH_UID_CHARS + 1];
	char rev[32];
	time_t t = (time_t)card->issued;
	struct tm tm;

	kith_uid_text(card->ik, uid);
	kith_put_text(w, "UID", kith_span_str(uid));
	if (card->issued >= 0 && card->issued <= LAST_SECOND && gmtime_r(&t, &tm)) {
		(void)strftime(rev, sizeof rev,
			w->as == KITH_VCARD_40 ? "%Y%m%dT%H%M%SZ" : "%Y-%m-%dT%H:%M:%SZ", &tm);
		kith_put_text(w, "REV", kith_span_str(rev));
	}
	if (kith_base64url(&text, envelope))
		w->line.err = KITH_ERR_NOMEM;
	kith_put_text(w, "X-KITH-CARD", kith_buf_span(&text));
}

static enum kith_err write_signed(const struct kith_card *card, struct kith_span envelope,
	enum kith_vcard_version as, struct kith_buf *out)
{
	bool taken[KITH_CARD_FIELDS] = {false};
	struct kith_put w;

	kith_put_begin(&w, out, as, NULL);
	kith_put_name(&w, &card->fields);
	kith_put_rest(&w, &card->fields, taken);
	put_keys(&w, card, envelope);
	kith_put_end(&w);
	return w.line.err;
}

static void free_vcard(struct kith_vcard **v)
{
	kith_vcard_free(*v);
}

enum kith_err kith_vcard_write_card(const struct kith_card *card, struct kith_span envelope,
	struct kith_vcard *own, enum kith_vcard_version as, struct kith_buf *out)
{
	KITH_AUTO(free_vcard) struct kith_vcard *v = NULL;
	KITH_AUTO_BUF struct kith_buf text = {0};
	enum kith_err err;

	if (!own)
		return write_signed(card, envelope, as, out);
	if ((err = write_signed(card, envelope, as, &text)) ||
		(err = kith_vcard_parse(kith_buf_span(&text), &v, NULL)))
		return err;
	return kith_vcard_beside(v, own, out);
}
