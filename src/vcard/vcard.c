/* SPDX-License-Identifier: MIT */
#include "vcard/vcard.h"

#include <stdio.h>
#include <strings.h>
#include <time.h>

#include "base/auto.h"
#include "crypto/base64.h"
#include "vcard/line.h"
#include "vcard/name.h"

#define LAST_SECOND INT64_C(253402300799) /* of the year 9999; later ones are no ISO date */
#define LEAP_YEAR   "1604"                /* Apple's stand-in for a year that is not told */

/* Labels that a property can say with TYPE. */
struct type {
	const char *label;
	const char *value;
	const char *where; /* properties, each between blanks */
};

static const struct type types[] = {
	{"work", "WORK", " EMAIL TEL ADR URL "},
	{"home", "HOME", " EMAIL TEL ADR URL "},
	{"cell", "CELL", " TEL "},
	{"mobile", "CELL", " TEL "},
	{"fax", "FAX", " TEL "},
	{"work fax", "WORK,FAX", " TEL "},
	{"home fax", "HOME,FAX", " TEL "},
	{"pager", "PAGER", " TEL "},
	{"voice", "VOICE", " TEL "},
	{"video", "VIDEO", " TEL "},
};

struct writer {
	struct kith_line line;
	const struct kith_fields *fields;
	unsigned groups; /* made so far */
};

static bool has_type(const struct type *t, const char *property)
{
	const char *at = strstr(t->where, property);

	return at && at[-1] == ' ' && at[strlen(property)] == ' ';
}

/* The TYPE of the label for that property, NULL for none. */
static const char *type_of(struct kith_span label, const char *property)
{
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
		if (strlen(types[i].label) == label.n &&
			strncasecmp(types[i].label, (const char *)label.p, label.n) == 0 &&
			has_type(&types[i], property))
			return types[i].value;
	return NULL;
}

static bool is_empty(const struct kith_field *f)
{
	for (size_t i = 0; i < f->parts; i++)
		if (f->part[i].n > 0)
			return false;
	return true;
}

/* The line up to its colon.  A label without a type opens a group, which close_item ends. */
static void open_item(
	struct writer *w, const char *property, const struct kith_field *f, bool *ret_group)
{
	const char *type = type_of(f->label, property);
	char group[32];

	*ret_group = f->label.n > 0 && !type;
	if (*ret_group) {
		(void)snprintf(group, sizeof group, "item%u.", ++w->groups);
		kith_line_raw(&w->line, group);
	}
	kith_line_raw(&w->line, property);
	if (type) {
		kith_line_raw(&w->line, ";TYPE=");
		kith_line_raw(&w->line, type);
	}
	if (f->flags & KITH_FIELD_PREFERRED && has_type(&types[0], property))
		kith_line_raw(&w->line, type ? ",PREF" : ";TYPE=PREF");
	kith_line_raw(&w->line, ":");
}

static void close_item(struct writer *w, const struct kith_field *f, bool group)
{
	char name[64];

	kith_line_end(&w->line);
	if (!group)
		return;
	(void)snprintf(name, sizeof name, "item%u.X-ABLabel:", w->groups);
	kith_line_raw(&w->line, name);
	kith_line_text(&w->line, f->label);
	kith_line_end(&w->line);
}

/* Every field of a kind as a line of that property. */
static void write_items(struct writer *w, uint32_t kind, const char *property)
{
	for (size_t i = 0; i < w->fields->n; i++) {
		const struct kith_field *f = &w->fields->at[i];
		bool group;
		if (f->kind != kind || is_empty(f))
			continue;
		open_item(w, property, f, &group);
		for (size_t j = 0; j < f->parts; j++) {
			if (j > 0)
				kith_line_raw(&w->line, ";");
			if (kind == KITH_FIELD_URL)
				kith_line_uri(&w->line, f->part[j]);
			else
				kith_line_text(&w->line, f->part[j]);
		}
		close_item(w, f, group);
	}
}

static void write_text(struct writer *w, const char *property, struct kith_span value)
{
	kith_line_raw(&w->line, property);
	kith_line_raw(&w->line, ":");
	kith_line_text(&w->line, value);
	kith_line_end(&w->line);
}

static void write_name(struct writer *w)
{
	const struct kith_field *name = kith_fields_first(w->fields, KITH_FIELD_NAME);
	struct kith_name n = kith_name_parts(w->fields);
	const struct kith_span parts[] = {n.family, n.given, n.additional, n.prefix, n.suffix};

	if (name)
		write_text(w, "FN", name->part[0]);
	kith_line_raw(&w->line, "N:");
	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
		if (i > 0)
			kith_line_raw(&w->line, ";");
		kith_line_text(&w->line, parts[i]);
	}
	kith_line_end(&w->line);
}

/* Whether some organisation has the label of this unit. */
static bool has_org(const struct kith_fields *fields, const struct kith_field *unit)
{
	for (size_t i = 0; i < fields->n; i++)
		if (fields->at[i].kind == KITH_FIELD_ORG && !is_empty(&fields->at[i]) &&
			kith_span_eq(fields->at[i].label, unit->label))
			return true;
	return false;
}

/* The units behind an organisation; org is NULL for units that stand alone. */
static void write_units(struct writer *w, const struct kith_field *org, bool first)
{
	for (size_t i = 0; i < w->fields->n; i++) {
		const struct kith_field *f = &w->fields->at[i];
		if (f->kind != KITH_FIELD_UNIT || is_empty(f))
			continue;
		if (has_org(w->fields, f) ? !org || !kith_span_eq(f->label, org->label) : !first)
			continue;
		kith_line_raw(&w->line, ";");
		kith_line_text(&w->line, f->part[0]);
	}
}

static bool has_units(const struct kith_fields *fields)
{
	for (size_t i = 0; i < fields->n; i++)
		if (fields->at[i].kind == KITH_FIELD_UNIT && !is_empty(&fields->at[i]))
			return true;
	return false;
}

static void write_orgs(struct writer *w)
{
	bool first = true;

	for (size_t i = 0; i < w->fields->n; i++) {
		const struct kith_field *f = &w->fields->at[i];
		bool group;
		if (f->kind != KITH_FIELD_ORG || is_empty(f))
			continue;
		open_item(w, "ORG", f, &group);
		kith_line_text(&w->line, f->part[0]);
		write_units(w, f, first);
		close_item(w, f, group);
		first = false;
	}
	if (first && has_units(w->fields)) {
		kith_line_raw(&w->line, "ORG:");
		write_units(w, NULL, true);
		kith_line_end(&w->line);
	}
}

static void write_bday(struct writer *w)
{
	const struct kith_field *f = kith_fields_first(w->fields, KITH_FIELD_BDAY);

	if (!f || kith_field_check(f, NULL))
		return;
	struct kith_span date = f->part[0];
	kith_line_raw(&w->line, "BDAY");
	if (date.p[0] == '-') {
		kith_line_raw(&w->line, ";X-APPLE-OMIT-YEAR=" LEAP_YEAR ":" LEAP_YEAR);
		date = kith_span(date.p + 1, date.n - 1);
	} else {
		kith_line_raw(&w->line, ":");
	}
	kith_line_text(&w->line, date);
	kith_line_end(&w->line);
}

/* What the first bytes say that the picture is; NULL for anything else. */
static const char *picture_type(struct kith_span s)
{
	if (s.n > 3 && memcmp(s.p, "\xff\xd8\xff", 3) == 0)
		return "JPEG";
	if (s.n > 8 && memcmp(s.p, "\x89PNG\r\n\x1a\n", 8) == 0)
		return "PNG";
	if (s.n > 12 && memcmp(s.p, "RIFF", 4) == 0 && memcmp(s.p + 8, "WEBP", 4) == 0)
		return "WEBP";
	return NULL;
}

static void write_photo(struct writer *w)
{
	const struct kith_field *f = kith_fields_first(w->fields, KITH_FIELD_PHOTO);
	const char *type = f ? picture_type(f->part[0]) : NULL;
	KITH_AUTO_BUF struct kith_buf text = {0};

	if (!type)
		return;
	if (kith_base64(&text, f->part[0], 0) || !kith_buf_cstr(&text)) {
		w->line.err = KITH_ERR_NOMEM;
		return;
	}
	kith_line_raw(&w->line, "PHOTO;ENCODING=b;TYPE=");
	kith_line_raw(&w->line, type);
	kith_line_raw(&w->line, ":");
	kith_line_raw(&w->line, (const char *)text.p);
	kith_line_end(&w->line);
}

static void write_keys(struct writer *w, const struct kith_card *card)
{
	char uid[KITH_UID_CHARS + 1];
	char id[KITH_ID_CHARS + 1];
	char rev[32];
	time_t t = (time_t)card->issued;
	struct tm tm;

	kith_uid_text(card->ik, uid);
	kith_id_text(card->ik, id);
	write_text(w, "UID", kith_span_str(uid));
	if (card->issued >= 0 && card->issued <= LAST_SECOND && gmtime_r(&t, &tm)) {
		(void)strftime(rev, sizeof rev, "%Y-%m-%dT%H:%M:%SZ", &tm);
		write_text(w, "REV", kith_span_str(rev));
	}
	write_text(w, "X-KITH-ID", kith_span_str(id));
}

enum kith_err kith_vcard3_write(const struct kith_card *card, struct kith_buf *out)
{
	struct writer w = {.line = {.out = out}, .fields = &card->fields};

	write_text(&w, "BEGIN", kith_span_str("VCARD"));
	write_text(&w, "VERSION", kith_span_str("3.0"));
	write_name(&w);
	write_items(&w, KITH_FIELD_NICKNAME, "NICKNAME");
	write_orgs(&w);
	write_items(&w, KITH_FIELD_TITLE, "TITLE");
	write_items(&w, KITH_FIELD_EMAIL, "EMAIL");
	write_items(&w, KITH_FIELD_TEL, "TEL");
	write_items(&w, KITH_FIELD_URL, "URL");
	write_items(&w, KITH_FIELD_ADR, "ADR");
	write_bday(&w);
	write_items(&w, KITH_FIELD_NOTE, "NOTE");
	write_items(&w, KITH_FIELD_PRONOUNS, "X-PRONOUNS");
	write_items(&w, KITH_FIELD_OFFERS, "X-KITH-OFFERS");
	write_items(&w, KITH_FIELD_ASKS, "X-KITH-ASKS");
	write_photo(&w);
	write_keys(&w, card);
	write_text(&w, "END", kith_span_str("VCARD"));
	return w.line.err;
}
