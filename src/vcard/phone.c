/* SPDX-License-Identifier: MIT
 *
 * phone - the vCard that a phone reads from a QR code: what every reader of such codes takes.
 */
#include "vcard/clean.h"
#include "vcard/label.h"
#include "vcard/put.h"
#include "vcard/write.h"

/* How many of a kind come along; 0 for kinds that are no property of their own. */
static size_t wanted(uint32_t kind)
{
	switch (kind) {
	case KITH_FIELD_TEL:
		return 2;
	case KITH_FIELD_EMAIL:
	case KITH_FIELD_ORG:
	case KITH_FIELD_TITLE:
	case KITH_FIELD_URL:
	case KITH_FIELD_ADR:
		return 1;
	default:
		return 0;
	}
}

static bool is_name(uint32_t kind)
{
	return kind == KITH_FIELD_NAME || kith_item_in_n(kind);
}

/* The i-th of a kind, those that are preferred first; NULL when there are fewer. */
static const struct kith_field *nth(const struct kith_fields *fields, uint32_t kind, size_t i)
{
	for (int preferred = 1; preferred >= 0; preferred--) {
		for (size_t k = 0; k < fields->n; k++) {
			const struct kith_field *f = &fields->at[k];
			if (f->kind != kind || kith_put_skips(f) ||
				((f->flags & KITH_FIELD_PREFERRED) != 0) != preferred)
				continue;
			if (i-- == 0)
				return f;
		}
	}
	return NULL;
}

/* Without blanks: readers dial what they see. */
static void put_number(struct kith_put *w, struct kith_span s)
{
	for (size_t i = 0; i < s.n;) {
		size_t n = 0;
		while (i + n < s.n && s.p[i + n] != ' ' && s.p[i + n] != '\t')
			n++;
		kith_line_text(&w->line, kith_span(s.p + i, n));
		i += n + 1;
	}
}

static void put_field(struct kith_put *w, const char *name, const struct kith_field *f)
{
	const char *type = f->kind == KITH_FIELD_TEL ? kith_label_type(f->label, f->kind) : NULL;

	kith_line_raw(&w->line, name);
	if (type) {
		kith_line_raw(&w->line, ";TYPE=");
		kith_line_raw(&w->line, type);
	}
	kith_line_raw(&w->line, ":");
	for (size_t i = 0; i < f->parts; i++) {
		if (i > 0)
			kith_line_raw(&w->line, ";");
		if (f->kind == KITH_FIELD_TEL)
			put_number(w, f->part[i]);
		else if (f->kind == KITH_FIELD_URL)
			kith_line_uri(&w->line, kith_clean_trim(f->part[i]));
		else
			kith_line_text(&w->line, f->part[i]);
	}
	kith_line_end(&w->line);
}

static bool comes_along(const struct kith_fields *fields, const struct kith_field *f)
{
	for (size_t i = 0; i < wanted(f->kind); i++)
		if (nth(fields, f->kind, i) == f)
			return true;
	return is_name(f->kind) || kith_put_skips(f);
}

/* As they are called on the command line: "note, email.home". */
static enum kith_err tell_left_out(const struct kith_fields *fields, struct kith_buf *ret)
{
	enum kith_err err = KITH_OK;

	for (size_t i = 0; !err && i < fields->n; i++) {
		const struct kith_field *f = &fields->at[i];
		const struct kith_field_info *info = kith_field_info(f->kind);
		if (!info || comes_along(fields, f))
			continue;
		err = kith_buf_printf(ret, "%s%s%s", ret->n > 0 ? ", " : "", info->name,
			f->label.n > 0 ? "." : "");
		if (!err)
			err = kith_buf_add(ret, f->label.p, f->label.n);
	}
	return err ? err : kith_buf_cstr(ret) ? KITH_OK : KITH_ERR_NOMEM;
}

enum kith_err kith_vcard_write_phone(
	const struct kith_fields *fields, struct kith_buf *out, struct kith_buf *ret_left_out)
{
	static const struct {
		const char *name;
		uint32_t kind;
	} lines[] = {{"TEL", KITH_FIELD_TEL}, {"EMAIL", KITH_FIELD_EMAIL}, {"ORG", KITH_FIELD_ORG},
		{"TITLE", KITH_FIELD_TITLE}, {"URL", KITH_FIELD_URL}, {"ADR", KITH_FIELD_ADR}};
	const struct kith_field *name = kith_fields_first(fields, KITH_FIELD_NAME);
	struct kith_put w;

	kith_put_begin(&w, out, KITH_VCARD_30, NULL);
	w.line.whole = true;
	kith_put_text(&w, "FN", name ? name->part[0] : kith_span("", 0));
	kith_put_n(&w, fields, KITH_DERIVED_PLAIN);
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
		const struct kith_field *f;
		for (size_t k = 0; k < wanted(lines[i].kind); k++)
			if ((f = nth(fields, lines[i].kind, k)))
				put_field(&w, lines[i].name, f);
	}
	kith_put_end(&w);
	return w.line.err ? w.line.err : tell_left_out(fields, ret_left_out);
}
