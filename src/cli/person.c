/* SPDX-License-Identifier: MIT */
#include "cli/person.h"

#include "base/auto.h"
#include "base/limits.h"
#include "base/text.h"
#include "cli/people.h"
#include "cli/words.h"
#include "crypto/base64.h"

#define LABEL_WIDTH 20 /* columns before the value */
#define LINES_MAX   40 /* shown of one value; the whole of it is in --json */

/* --- as JSON --------------------------------------------------------------------------------- */

static json_t *text_or_null(struct kith_span s)
{
	return s.n ? kith_json_text(s) : json_null();
}

static json_t *value_json(const struct kith_field *f)
{
	KITH_AUTO_BUF struct kith_buf value = {0};
	enum kith_err err = f->kind == KITH_FIELD_PHOTO ? kith_base64(&value, f->part[0], 0)
							: kith_field_value(f, &value);

	return err ? NULL : kith_json_text(kith_buf_span(&value));
}

/* Adds the field to the array; false without memory.  A kind of a newer kith is left out. */
static bool add_field(json_t *array, const struct kith_field *f)
{
	const struct kith_field_info *info = kith_field_info(f->kind);
	json_t *o;

	if (!info)
		return true;
	if (!(o = json_object()) || json_array_append_new(array, o))
		return false;
	int bad = json_object_set_new(o, "kind", json_string(info->name));
	bad |= json_object_set_new(o, "label", text_or_null(f->label));
	bad |= json_object_set_new(o, "value", value_json(f));
	if (f->flags & KITH_FIELD_PREFERRED)
		bad |= json_object_set_new(o, "preferred", json_true());
	return !bad;
}

static json_t *fields_json(const struct kith_fields *fields)
{
	json_t *array = json_array();

	for (size_t i = 0; array && fields && i < fields->n; i++) {
		if (add_field(array, &fields->at[i]))
			continue;
		json_decref(array);
		return NULL;
	}
	return array;
}

static json_t *met_json(int64_t at, struct kith_span event, enum kith_how how)
{
	char iso[KITH_DATE_CHARS];
	json_t *o = json_object();

	if (!o)
		return NULL;
	int bad = json_object_set_new(o, "at", json_string(kith_words_iso(at, iso)));
	bad |= json_object_set_new(o, "event", text_or_null(event));
	bad |= json_object_set_new(o, "how", json_string(kith_how_name(how)));
	if (!bad)
		return o;
	json_decref(o);
	return NULL;
}

struct met_list {
	json_t *array;
	bool failed;
};

static bool add_met(void *ctx, const struct kith_met *met)
{
	struct met_list *list = ctx;

	list->failed |= json_array_append_new(list->array, met_json(met->at, met->event, met->how));
	return !list->failed;
}

static json_t *all_met(struct kith_store *store, const struct kith_contact *c)
{
	struct met_list list = {.array = json_array()};

	if (!list.array)
		return NULL;
	if (kith_store_met(store, c->row, add_met, &list))
		list.failed = true;
	if (!list.failed && json_array_size(list.array) == 0 && c->envelope.n > 0)
		list.failed = json_array_append_new(
			list.array, met_json(c->added, kith_span("", 0), KITH_HOW_FILE));
	if (!list.failed)
		return list.array;
	json_decref(list.array);
	return NULL;
}

static json_t *contact_json(
	struct kith_store *store, const struct kith_contact *c, const struct kith_card *card)
{
	char id[KITH_ID_CHARS + 1];
	json_t *o = json_object();

	if (!o)
		return NULL;
	kith_id_text(c->ik, id);
	int bad = json_object_set_new(o, "id", json_string(id));
	bad |= json_object_set_new(o, "name", kith_json_text(c->name));
	if (card)
		bad |= json_object_set_new(o, "revision", json_integer((json_int_t)card->rev));
	bad |= json_object_set_new(o, "state", json_string(kith_contact_state_name(c->state)));
	bad |= json_object_set_new(o, "delivered", json_boolean(c->delivered));
	if (c->conflict)
		bad |= json_object_set_new(o, "conflict", json_true());
	bad |= json_object_set_new(o, "fields", fields_json(card ? &card->fields : NULL));
	bad |= json_object_set_new(o, "met", all_met(store, c));
	if (!bad)
		return o;
	json_decref(o);
	return NULL;
}

enum kith_err kith_person_card(const struct kith_contact *contact, struct kith_card *ret_card)
{
	enum kith_err err = kith_card_verify(contact->envelope, ret_card);

	return err && err != KITH_ERR_NOMEM ? KITH_ERR_STORE_CORRUPT : err;
}

json_t *kith_person_json(struct kith_store *store, int64_t row)
{
	KITH_AUTO(kith_contact_free) struct kith_contact c = {0};
	struct kith_card card;
	bool has = false;

	if (kith_store_contact(store, row, &c))
		return NULL;
	if (c.envelope.n > 0 && !(has = !kith_person_card(&c, &card)))
		return NULL;
	return contact_json(store, &c, has ? &card : NULL);
}

json_t *kith_card_json(const struct kith_card *card)
{
	const struct kith_field *name = kith_fields_first(&card->fields, KITH_FIELD_NAME);
	char id[KITH_ID_CHARS + 1];
	char fingerprint[KITH_FINGERPRINT_CHARS + 1];
	json_t *o = json_object();

	if (!o)
		return NULL;
	kith_id_text(card->ik, id);
	kith_fingerprint_text(card->ik, fingerprint);
	int bad = json_object_set_new(o, "id", json_string(id));
	bad |= json_object_set_new(o, "name", name ? kith_json_text(name->part[0]) : json_null());
	bad |= json_object_set_new(o, "revision", json_integer((json_int_t)card->rev));
	bad |= json_object_set_new(o, "fingerprint", json_string(fingerprint));
	bad |= json_object_set_new(o, "fields", fields_json(&card->fields));
	if (!bad)
		return o;
	json_decref(o);
	return NULL;
}

/* --- for reading ----------------------------------------------------------------------------- */

/* "email, work" padded to the column of values. */
static enum kith_err print_label(const char *kind, struct kith_span label, FILE *out)
{
	char shown[128];
	KITH_AUTO_BUF struct kith_buf text = {0};

	kith_show_in(shown, sizeof shown, label, LABEL_WIDTH);
	enum kith_err err = kith_buf_printf(&text, "%s%s%s", kind, *shown ? ", " : "", shown);
	if (err)
		return err;
	size_t width = kith_text_columns(kith_buf_span(&text));
	(void)fprintf(out, "%.*s%*s  ", (int)text.n, (const char *)text.p,
		width < LABEL_WIDTH ? (int)(LABEL_WIDTH - width) : 0, "");
	return KITH_OK;
}

/* The lines of a value, each inert and each in the column of values. */
static void print_value(struct kith_span value, FILE *out)
{
	char shown[4 * KITH_SHOWN_LINE * 2];

	for (size_t line = 0;; line++) {
		const uint8_t *end = value.n ? memchr(value.p, '\n', value.n) : NULL;
		size_t n = end ? (size_t)(end - value.p) : value.n;
		if (line == LINES_MAX) {
			(void)fprintf(out, "%*s\xe2\x80\xa6\n", LABEL_WIDTH + 2, "");
			return;
		}
		kith_show_in(shown, sizeof shown, kith_span(value.p, n), KITH_SHOWN_LINE);
		(void)fprintf(out, "%*s%s\n", line ? LABEL_WIDTH + 2 : 0, "", shown);
		if (!end)
			return;
		value = kith_span(end + 1, value.n - n - 1);
	}
}

/* An address on one line, with commas between what is there. */
static enum kith_err address_line(const struct kith_field *f, struct kith_buf *out)
{
	enum kith_err err = KITH_OK;

	for (size_t i = 0; !err && i < f->parts; i++) {
		if (f->part[i].n == 0)
			continue;
		if (out->n && (err = kith_buf_add_str(out, ", ")))
			return err;
		err = kith_buf_add(out, f->part[i].p, f->part[i].n);
	}
	return err;
}

static enum kith_err print_field(const struct kith_field *f, FILE *out)
{
	const struct kith_field_info *info = kith_field_info(f->kind);
	KITH_AUTO_BUF struct kith_buf text = {0};
	enum kith_err err = print_label(info->name, f->label, out);

	if (err)
		return err;
	if (f->kind == KITH_FIELD_PHOTO)
		err = kith_buf_printf(&text, "a picture of %zu bytes", f->part[0].n);
	else if (f->parts == KITH_FIELD_PARTS)
		err = address_line(f, &text);
	else
		err = kith_buf_add(&text, f->part[0].p, f->part[0].n);
	if (!err)
		print_value(kith_buf_span(&text), out);
	return err;
}

static enum kith_err print_fields(const struct kith_fields *fields, FILE *out)
{
	size_t newer = 0;

	for (size_t i = 0; i < fields->n; i++) {
		enum kith_err err;
		if (fields->at[i].kind == KITH_FIELD_NAME)
			continue;
		if (!kith_field_info(fields->at[i].kind))
			newer++;
		else if ((err = print_field(&fields->at[i], out)))
			return err;
	}
	if (newer)
		(void)fprintf(out, "%-*s  %zu of a newer kith, kept but not shown\n", LABEL_WIDTH,
			"fields", newer);
	return KITH_OK;
}

static void print_keys(const uint8_t *ik, FILE *out)
{
	char id[KITH_ID_CHARS + 1];
	char fingerprint[KITH_FINGERPRINT_CHARS + 1];

	kith_id_text(ik, id);
	kith_fingerprint_text(ik, fingerprint);
	(void)fprintf(out, "%-*s  %s\n", LABEL_WIDTH, "id", id);
	(void)fprintf(out, "%-*s  %s\n", LABEL_WIDTH, "fingerprint", fingerprint);
}

static void print_revision(const struct kith_card *card, FILE *out)
{
	char date[KITH_DATE_CHARS];

	(void)fprintf(out, "%-*s  %llu, signed %s\n", LABEL_WIDTH, "revision",
		(unsigned long long)card->rev, kith_words_date(card->issued, date));
}

enum kith_err kith_card_print(const struct kith_card *card, FILE *out)
{
	const struct kith_field *name = kith_fields_first(&card->fields, KITH_FIELD_NAME);
	enum kith_err err;

	if (name && (err = print_field(name, out)))
		return err;
	if ((err = print_fields(&card->fields, out)))
		return err;
	print_revision(card, out);
	print_keys(card->ik, out);
	return KITH_OK;
}

struct met_print {
	FILE *out;
	size_t n;
	enum kith_err err;
};

static bool print_met(void *ctx, const struct kith_met *met)
{
	struct met_print *p = ctx;
	KITH_AUTO_BUF struct kith_buf text = {0};

	if ((p->err = kith_words_met(&text, met->how, met->at, met->event)))
		return false;
	if (!met->both && met->how != KITH_HOW_FILE &&
		(p->err = kith_buf_add_str(&text, "; their word for it has not come")))
		return false;
	(void)fprintf(p->out, "%-*s  %.*s\n", LABEL_WIDTH, p->n++ ? "" : "known", (int)text.n,
		(const char *)text.p);
	return true;
}

/* How the person is known: every meeting, or where the card comes from. */
static enum kith_err print_known(struct kith_store *store, const struct kith_contact *c, FILE *out)
{
	struct met_print p = {.out = out};
	KITH_AUTO_BUF struct kith_buf text = {0};
	enum kith_err err = kith_store_met(store, c->row, print_met, &p);

	if (err || p.err)
		return err ? err : p.err;
	if (p.n == 0) {
		if ((err = kith_words_known(&text, c)))
			return err;
		(void)fprintf(out, "%-*s  %.*s\n", LABEL_WIDTH, "known", (int)text.n,
			(const char *)text.p);
	}
	if (*kith_words_state(c))
		(void)fprintf(out, "%-*s  %s\n", LABEL_WIDTH, "note by kith", kith_words_state(c));
	if (p.n > 0 && !c->delivered)
		(void)fprintf(out, "%-*s  no receipt for a card of yours has come\n", LABEL_WIDTH,
			"my card");
	return KITH_OK;
}

enum kith_err kith_person_print(struct kith_store *store, int64_t row, FILE *out)
{
	KITH_AUTO(kith_contact_free) struct kith_contact c = {0};
	struct kith_card card;
	enum kith_err err = kith_store_contact(store, row, &c);

	if (err || (c.envelope.n > 0 && (err = kith_person_card(&c, &card))))
		return err;
	if ((err = print_label("name", kith_span("", 0), out)))
		return err;
	print_value(c.name, out);
	if ((err = print_known(store, &c, out)))
		return err;
	if (c.envelope.n > 0) {
		if ((err = print_fields(&card.fields, out)))
			return err;
		print_revision(&card, out);
	}
	print_keys(c.ik, out);
	return KITH_OK;
}

const char *kith_person_quoted(struct kith_span name, char out[static KITH_QUOTED_BYTES])
{
	kith_show_in(out, KITH_QUOTED_BYTES, name, KITH_SHOWN_NAME);
	if (out[0])
		return kith_quote_in(out, KITH_QUOTED_BYTES, name, KITH_SHOWN_NAME);
	return strcpy(out, KITH_PEOPLE_UNSEEN);
}
