/* SPDX-License-Identifier: MIT */
#include "cli/person.h"

#include <unistd.h>

#include <kith/keys.h>
#include <kith/known.h>

#include "base/auto.h"
#include "base/limits.h"
#include "base/text.h"
#include "book/own.h"
#include "cli/holding.h"
#include "cli/introfile.h"
#include "cli/lines.h"
#include "cli/people.h"
#include "cli/words.h"

#define LABEL_WIDTH 20
#define VALUES      (LABEL_WIDTH + 2) /* columns before the value */
#define LINES_MAX   40                /* shown of one value; the whole of it is in --json */

/* Appends "email, work" padded to the column of values. */
static enum kith_err add_label(const char *kind, struct kith_span label, struct kith_buf *out)
{
	char shown[128];
	size_t start = out->n;

	kith_show_in(shown, sizeof shown, label, LABEL_WIDTH);
	enum kith_err err = kith_buf_printf(out, "%s%s%s", kind, *shown ? ", " : "", shown);
	if (err)
		return err;
	size_t width = kith_text_columns(kith_span(out->p + start, out->n - start));
	return kith_buf_printf(
		out, "%*s", (int)(width < LABEL_WIDTH ? VALUES - width : VALUES - LABEL_WIDTH), "");
}

/* The lines of a value behind their label, each inert and each in the column of values; at a terminal not all of a long one.
 * What is no prose, as an address, the terminal itself may break: it is copied as one. */
static enum kith_err print_value(
	const struct kith_buf *label, struct kith_span value, bool prose, FILE *out)
{
	bool tty = isatty(fileno(out));

	for (size_t line = 0;; line++) {
		KITH_AUTO_BUF struct kith_buf text = {0};
		const uint8_t *end = value.n ? memchr(value.p, '\n', value.n) : NULL;
		size_t n = end ? (size_t)(end - value.p) : value.n;
		bool whole = !tty || line < LINES_MAX;
		enum kith_err err = line ? kith_buf_printf(&text, "%*s", VALUES, "")
					 : kith_buf_add(&text, label->p, label->n);
		if (!err && whole) /* a tab or such is no wider than that */
			err = kith_show(
				&text, kith_span(value.p, n), tty ? KITH_SHOWN_LINE : 4 * n);
		else if (!err)
			err = kith_buf_add_str(&text, "\xe2\x80\xa6 (whole with --json)");
		if (!err)
			err = kith_buf_add_str(&text, "\n");
		if (err)
			return err;
		if (prose)
			kith_lines_put(out, VALUES, kith_buf_span(&text));
		else
			(void)fwrite(text.p, 1, text.n, out);
		if (!end || !whole)
			return KITH_OK;
		value = kith_span(end + 1, value.n - n - 1);
	}
}

static enum kith_err print_line(
	const char *kind, struct kith_span label, struct kith_span value, bool prose, FILE *out)
{
	KITH_AUTO_BUF struct kith_buf text = {0};
	enum kith_err err = add_label(kind, label, &text);

	return err ? err : print_value(&text, value, prose, out);
}

enum kith_err kith_person_line(const char *label, struct kith_span value, FILE *out)
{
	return print_line(label, kith_span("", 0), value, true, out);
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
	enum kith_err err;

	if (f->kind == KITH_FIELD_PHOTO)
		err = kith_buf_printf(&text, "a picture of %zu bytes", f->part[0].n);
	else if (f->parts == KITH_FIELD_PARTS)
		err = address_line(f, &text);
	else
		err = kith_buf_add(&text, f->part[0].p, f->part[0].n);
	return err ? err : print_line(info->name, f->label, kith_buf_span(&text), false, out);
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
	bool asked_back;
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

/* What they hold of me. */
static bool print_held(void *ctx, const struct kith_holding *holding)
{
	struct met_print *p = ctx;
	KITH_AUTO_BUF struct kith_buf text = {0};

	p->asked_back = holding->asked_back != KITH_LETGO_NOT_ASKED;
	if (holding->proof == KITH_PROOF_NONE)
		return true;
	if (!(p->err = kith_holding_words(&text, holding)))
		(void)fprintf(p->out, "%-*s  they hold %s%.*s\n", LABEL_WIDTH, "my card",
			holding->rev && holding->card.n && !holding->foreign ? "your card " : "",
			(int)text.n, (const char *)text.p);
	return !p->err;
}

/* Whether both have said that it is they, so that a card would go to them if one were given. */
static enum kith_err would_get(
	struct kith_store *store, const struct kith_contact *c, bool *ret_would)
{
	struct kith_stance stance;
	enum kith_err err = kith_store_stance(store, c->row, &stance);

	*ret_would = !err && stance.agreed && stance.they_agreed && !c->blocked && !c->frozen;
	return err;
}

static enum kith_err print_holding(
	struct kith_store *store, const struct kith_contact *c, FILE *out)
{
	struct met_print p = {.out = out};
	bool would = false;
	enum kith_err err = c->has_key ? kith_store_ledger(store, c->row, print_held, &p) : KITH_OK;

	if (!err && !p.err && c->has_key && c->given.n == 0)
		err = would_get(store, c, &would);
	if (would && !p.asked_back)
		(void)fprintf(out, "%-*s  none is given to them; to give one: kith give WHO CARD\n",
			LABEL_WIDTH, "my card");
	return err ? err : p.err;
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
	if ((err = kith_introduced_print(store, c->row, out)))
		return err;
	if (c->frozen)
		(void)fprintf(out, "%-*s  %s\n", LABEL_WIDTH, "frozen",
			kith_frozen_words((enum kith_frozen)c->frozen));
	if (*kith_words_state(c) && (c->blocked || !c->frozen))
		(void)fprintf(out, "%-*s  %s\n", LABEL_WIDTH, "note by kith", kith_words_state(c));
	if (c->given.n > 0 && p.n > 0 && !c->delivered)
		(void)fprintf(out, "%-*s  no receipt for a card of yours has come\n", LABEL_WIDTH,
			"my card");
	return print_holding(store, c, out);
}

/* What is kept of an entry and not shown. */
static enum kith_err print_more(const struct kith_own_entry *e, FILE *out)
{
	size_t n;
	enum kith_err err = kith_own_more(e, &n);

	if (!err && n > 0)
		(void)fprintf(out, "%-*s  %zu more propert%s, kept and exported\n", LABEL_WIDTH, "",
			n, n == 1 ? "y" : "ies");
	return err;
}

/* Whether two fields say the same, whatever their labels. */
static bool same_value(const struct kith_field *a, const struct kith_field *b)
{
	if (a->kind != b->kind || a->parts != b->parts)
		return false;
	for (size_t i = 0; i < a->parts; i++)
		if (!kith_span_eq(a->part[i], b->part[i]))
			return false;
	return true;
}

/* The fields that are not among those shown already: a joined person has the same name, and often
 * the same address. */
static void leave_out(struct kith_fields *fields, const struct kith_fields *shown)
{
	size_t n = 0;

	for (size_t i = 0; i < fields->n; i++) {
		bool there = false;
		for (size_t j = 0; j < shown->n && !there; j++)
			there = same_value(&fields->at[i], &shown->at[j]);
		if (!there)
			fields->at[n++] = fields->at[i];
	}
	fields->n = n;
}

/* An entry beside what is shown, under its heading. */
static enum kith_err print_beside(
	struct kith_own_entry *e, const struct kith_fields *shown, FILE *out)
{
	const struct kith_field *name;
	char date[KITH_DATE_CHARS];
	enum kith_err err;

	leave_out(&e->fields, shown);
	(void)fprintf(out, "\n%s, not signed (%s %s)\n",
		e->joined     ? "Joined by you"
		: e->imported ? "From a file"
			      : "Your own",
		e->imported ? "imported" : "typed in", kith_words_date(e->at, date));
	if ((name = kith_fields_first(&e->fields, KITH_FIELD_NAME)) &&
		(err = print_field(name, out)))
		return err;
	if ((err = print_fields(&e->fields, out)))
		return err;
	return print_more(e, out);
}

/* card is NULL while there is none. */
static enum kith_err print_signed(
	const struct kith_contact *c, const struct kith_card *card, struct kith_own *own, FILE *out)
{
	static const struct kith_fields none;
	enum kith_err err;

	if (card && (err = print_fields(&card->fields, out)))
		return err;
	if (card)
		print_revision(card, out);
	print_keys(c->ik, out);
	for (size_t i = 0; i < own->n; i++)
		if ((err = print_beside(&own->at[i], card ? &card->fields : &none, out)))
			return err;
	return KITH_OK;
}

/* Somebody without a key. */
static enum kith_err print_typed(const struct kith_contact *c, struct kith_own *own, FILE *out)
{
	enum kith_err err;

	if (own->n > 0 && ((err = print_fields(&own->at[0].fields, out)) ||
				  (err = print_more(&own->at[0], out))))
		return err;
	(void)fprintf(out, "%-*s  %s\n", LABEL_WIDTH, "id", c->uid);
	for (size_t i = 1; i < own->n; i++)
		if ((err = print_beside(&own->at[i], &own->at[0].fields, out)))
			return err;
	return KITH_OK;
}

enum kith_err kith_person_print(struct kith_store *store, int64_t row, FILE *out)
{
	KITH_AUTO(kith_contact_free) struct kith_contact c = {0};
	KITH_AUTO(kith_own_free) struct kith_own own = {0};
	struct kith_card card;
	enum kith_err err = kith_store_contact(store, row, &c);
	bool has = !err && c.envelope.n > 0;

	if (err || (has && (err = kith_held_card(&c, &card))) ||
		(err = kith_own_read(store, &c, &own)) ||
		(err = print_line("name", kith_span("", 0), c.name, false, out)))
		return err;
	if ((err = print_known(store, &c, out)))
		return err;
	return c.has_key ? print_signed(&c, has ? &card : NULL, &own, out)
			 : print_typed(&c, &own, out);
}

const char *kith_person_id(const struct kith_contact *contact, char out[static KITH_ID_CHARS + 1])
{
	if (contact->has_key)
		kith_id_text(contact->ik, out);
	else
		(void)strcpy(out, contact->uid);
	return out;
}
