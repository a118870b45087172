/* SPDX-License-Identifier: MIT */
#include "cli/eventfile.h"

#include <kith/people.h>
#include <strings.h>

#include "base/auto.h"
#include "base/text.h"
#include "book/own.h"
#include "book/private.h"
#include "cli/people.h"
#include "cli/person.h"
#include "cli/photo.h"
#include "cli/putfile.h"
#include "cli/roster.h"

/* One file in the making. */
struct making {
	struct kith_cli *cli;
	struct kith_store *store;
	const struct kith_gathering *g;
	const struct kith_eventfile_wish *wish;
	struct kith_people people;
	struct kith_buf out;
	json_t *json;
	size_t written, without;
	const char *too_many; /* about whom there are more notes of it than a vCard takes; inert */
};

static void making_end(struct making *m)
{
	kith_people_free(&m->people);
	kith_buf_free(&m->out);
	json_decref(m->json);
}

static bool is_format(const struct kith_eventfile_wish *wish, const char *name)
{
	return strcmp(wish->format, name) == 0;
}

static bool is_vcard(const struct kith_eventfile_wish *wish)
{
	return is_format(wish, "vcard3") || is_format(wish, "vcard4");
}

bool kith_eventfile_may(const struct kith_cli *cli, const char *command,
	struct kith_eventfile_wish *wish, int *ret_status)
{
	char shown[64];

	if (!wish->format)
		wish->format = cli->json ? "json" : "vcard3";
	if (wish->path && strcmp(wish->path, "-") == 0)
		wish->path = NULL;
	if (!is_vcard(wish) && !is_format(wish, "csv") && !is_format(wish, "json"))
		*ret_status = kith_cli_usage(command,
			"there is no format %s; the four are vcard3, vcard4, csv and json",
			kith_show_in(shown, sizeof shown, kith_span_str(wish->format), 40));
	else
		return true;
	return false;
}

/* --- a table ---------------------------------------------------------------------------------- */

/* What makes a formula of a cell where a spreadsheet reads it, the wide forms too. */
static bool is_formula(struct kith_span cell)
{
	static const char *const begins[] = {"=", "+", "-", "@", "\xef\xbc\x9d", "\xef\xbc\x8b",
		"\xef\xbc\x8d", "\xef\xbc\xa0", "\xe2\x88\x92"};

	for (size_t i = 0; i < sizeof begins / sizeof begins[0]; i++)
		if (cell.n >= strlen(begins[i]) &&
			memcmp(cell.p, begins[i], strlen(begins[i])) == 0)
			return true;
	return false;
}

/* Behind which a cell begins where they separate, as in countries with a decimal comma: a reader that separates by another sign
 * than ours does not take our quotation marks for such. */
static bool separates(uint8_t c)
{
	return c == ';' || c == ',' || c == '"' || c == '\t' || c == '\n';
}

/* RFC 4180: every cell between quotation marks, those inside it doubled.  What others wrote is made inert. */
static enum kith_err add_cell(struct kith_buf *out, struct kith_span text, bool last)
{
	KITH_AUTO_BUF struct kith_buf shown = {0};
	enum kith_err err = kith_show(&shown, text, SIZE_MAX);

	bool begins = true;

	if (!err)
		err = kith_buf_add_str(out, "\"");
	for (size_t i = 0; !err && i < shown.n; i++) {
		const uint8_t *c = shown.p + i;
		if (begins && is_formula(kith_span(c, shown.n - i)))
			err = kith_buf_add_str(out, "'");
		if (!err)
			err = kith_buf_add(
				out, *c == '"' ? "\"\"" : (const char *)c, *c == '"' ? 2 : 1);
		begins = separates(*c) || (begins && *c == ' ');
	}
	return err ? err : kith_buf_add_str(out, last ? "\"\r\n" : "\",");
}

static enum kith_err add_text_cell(struct kith_buf *out, const char *text, bool last)
{
	return add_cell(out, kith_span_str(text), last);
}

/* Whether the list, "; " between its values, has that one. */
static bool has_value(struct kith_span list, struct kith_span v)
{
	while (list.n > 0) {
		const uint8_t *end = memmem(list.p, list.n, "; ", 2);
		size_t n = end ? (size_t)(end - list.p) : list.n;
		if (n == v.n && memcmp(list.p, v.p, n) == 0)
			return true;
		n += end ? 2 : 0;
		list = kith_span(list.p + n, list.n - n);
	}
	return false;
}

/* Appends the values of that kind, each once. */
static enum kith_err add_values(
	struct kith_buf *out, const struct kith_fields *fields, uint32_t kind)
{
	enum kith_err err = KITH_OK;

	for (size_t i = 0; !err && i < fields->n; i++) {
		struct kith_span v = fields->at[i].part[0];
		if (fields->at[i].kind != kind || v.n == 0 || has_value(kith_buf_span(out), v))
			continue;
		if (out->n)
			err = kith_buf_add_str(out, "; ");
		if (!err)
			err = kith_buf_add(out, v.p, v.n);
	}
	return err;
}

/* Name, organisation, addresses: of the card that is held; with --private what I wrote beside it, too, as in a vCard. */
static enum kith_err add_known(struct making *m, int64_t row)
{
	static const uint32_t kinds[] = {KITH_FIELD_EMAIL, KITH_FIELD_TEL};
	KITH_AUTO(kith_contact_free) struct kith_contact c = {0};
	KITH_AUTO(kith_own_free) struct kith_own own = {0};
	struct kith_card card = {0};
	enum kith_err err = kith_store_contact(m->store, row, &c);

	if (!err && c.envelope.n)
		err = kith_held_card(&c, &card);
	if (!err)
		err = kith_own_read(m->store, &c, &own);
	if (!err)
		err = add_cell(&m->out, c.name, false);
	if (!err)
		err = add_cell(&m->out, c.org, false);
	for (size_t k = 0; !err && k < 2; k++) {
		KITH_AUTO_BUF struct kith_buf values = {0};
		if (c.envelope.n)
			err = add_values(&values, &card.fields, kinds[k]);
		for (size_t i = 0; !err && i < own.n && (!c.envelope.n || m->wish->private); i++)
			err = add_values(&values, &own.at[i].fields, kinds[k]);
		if (!err)
			err = add_cell(&m->out, kith_buf_span(&values), false);
	}
	return err;
}

/* Tags in one cell. */
static enum kith_err add_tags(struct kith_buf *out, const json_t *tags)
{
	KITH_AUTO_BUF struct kith_buf text = {0};
	enum kith_err err = KITH_OK;
	size_t i;
	json_t *tag;

	json_array_foreach(tags, i, tag)
	{
		if (!err)
			err = kith_buf_printf(&text, "%s%s", i ? "; " : "", json_string_value(tag));
	}
	return err ? err : add_cell(out, kith_buf_span(&text), false);
}

/* "2026-05-03: knows COBOL; 2026-05-04 call" in the last one. */
static enum kith_err add_notes(struct kith_buf *out, const json_t *notes)
{
	KITH_AUTO_BUF struct kith_buf text = {0};
	enum kith_err err = KITH_OK;
	size_t i;
	json_t *note;

	json_array_foreach(notes, i, note)
	{
		const char *at = json_string_value(json_object_get(note, "at"));
		const char *kind = json_string_value(json_object_get(note, "kind"));
		const char *said = json_string_value(json_object_get(note, "text"));
		bool plain = strcmp(kind, "note") == 0;
		if (!err)
			err = kith_buf_printf(&text, "%s%.10s%s%s%s%s", i ? "; " : "", at,
				plain ? "" : " ", plain ? "" : kind, *said ? ": " : "", said);
	}
	return err ? err : add_cell(out, kith_buf_span(&text), true);
}

static enum kith_err add_private(struct making *m, const json_t *here)
{
	const char *ring = json_string_value(json_object_get(here, "ring"));
	enum kith_err err = add_tags(&m->out, json_object_get(here, "tags"));

	if (!err)
		err = add_text_cell(&m->out, ring ? ring : "", false);
	return err ? err : add_notes(&m->out, json_object_get(here, "notes"));
}

static enum kith_err add_row(struct making *m, int64_t row, const json_t *here)
{
	const json_t *met = json_array_get(json_object_get(here, "met"), 0);
	const char *at = json_string_value(json_object_get(met, "at"));
	enum kith_err err = add_known(m, row);

	if (!err)
		err = add_text_cell(&m->out, at ? at : "", !m->wish->private);
	return err || !m->wish->private ? err : add_private(m, here);
}

static enum kith_err add_heading(struct making *m)
{
	return kith_buf_add_str(&m->out, m->wish->private
						 ? "name,org,email,tel,met,tags,ring,notes\r\n"
						 : "name,org,email,tel,met\r\n");
}

/* --- vCards, JSON ----------------------------------------------------------------------------- */

/* What of somebody's notes and touches is of the event, as the roster has it, in the same order. */
struct of_event {
	const json_t *notes;
	size_t next;
};

static bool is_of_event(void *ctx, const struct kith_remark *r)
{
	struct of_event *of = ctx;
	const json_t *note = json_array_get(of->notes, of->next);

	if (!note || json_integer_value(json_object_get(note, "number")) != r->row)
		return false;
	of->next++;
	return true;
}

static enum kith_err add_remembered(struct making *m, int64_t row)
{
	json_t *here = NULL;
	enum kith_err err = kith_roster_person(m->store, m->g, row, &here);
	struct of_event of = {json_object_get(here, "notes"), 0};

	if (!err)
		err = kith_private_add(m->store, row, is_of_event, &of, &m->out);
	json_decref(here);
	return err;
}

static enum kith_err add_vcard(struct making *m, const struct kith_people_row *row)
{
	struct kith_outgoing_photo photo;
	enum kith_err err = kith_outgoing_checked(m->store, row->row, false,
		is_format(m->wish, "vcard4") ? KITH_VCARD_40 : KITH_VCARD_30, &photo, &m->out);

	if (!err && m->wish->private)
		err = add_remembered(m, row->row);
	if (!err && photo.err)
		kith_photo_left_out(m->cli, row->name, &photo);
	m->too_many = err == KITH_ERR_LIMIT ? row->name : NULL;
	m->written += !err;
	m->without += err == KITH_ERR_MISSING;
	return err == KITH_ERR_MISSING ? KITH_OK : err;
}

static enum kith_err add_object(struct making *m, int64_t row, json_t *here)
{
	json_t *person = kith_person_json(m->store, row);

	if (!person)
		return KITH_ERR_STORE;
	(void)json_object_del(here, "promises");
	if (!m->wish->private) {
		(void)json_object_del(here, "tags");
		(void)json_object_del(here, "ring");
		(void)json_object_del(here, "notes");
	}
	if (json_object_set_new(here, "contact", person) || json_array_append(m->json, here))
		return KITH_ERR_NOMEM;
	return KITH_OK;
}

/* --- all of it -------------------------------------------------------------------------------- */

static enum kith_err add(struct making *m, const struct kith_people_row *row)
{
	json_t *here = NULL;

	if (is_vcard(m->wish))
		return add_vcard(m, row);
	enum kith_err err = kith_roster_person(m->store, m->g, row->row, &here);
	if (!err)
		err = is_format(m->wish, "csv") ? add_row(m, row->row, here)
						: add_object(m, row->row, here);
	m->written += !err;
	json_decref(here);
	return err;
}

static enum kith_err make(struct making *m)
{
	enum kith_err err =
		kith_store_event_roster(m->store, m->g->row, kith_people_add, &m->people);

	if (!err)
		err = m->people.err;
	if (!err && is_format(m->wish, "csv"))
		err = add_heading(m);
	if (!err && is_format(m->wish, "json") && !(m->json = json_array()))
		err = KITH_ERR_NOMEM;
	for (size_t i = 0; !err && i < m->people.n; i++)
		err = add(m, &m->people.at[i]);
	return err || !m->json ? err : kith_json_buf(m->json, &m->out);
}

int kith_eventfile_write(struct kith_cli *cli, struct kith_store *store,
	const struct kith_gathering *g, const struct kith_eventfile_wish *wish)
{
	KITH_AUTO(making_end)
	struct making m = {.cli = cli, .store = store, .g = g, .wish = wish};
	struct kith_diag diag = {0};
	enum kith_err err = make(&m);

	if (err && m.too_many)
		return kith_cli_error(err,
			"there are more than %d notes of the event about \"%s\", too many for a vCard; "
			"--format json has them all",
			KITH_PRIVATE_NOTES_MAX, m.too_many);
	if (err)
		return kith_cli_fail_store(err, store);
	if ((err = kith_putout(cli, wish->path, kith_buf_span(&m.out), m.json != NULL, &diag)))
		return kith_cli_fail(err, &diag);
	if (m.without)
		kith_cli_note(cli, "%zu %s no card yet and %s left out.", m.without,
			m.without == 1 ? "person has" : "people have",
			m.without == 1 ? "was" : "were");
	if (wish->private)
		kith_cli_note(cli,
			"With --private this has your tags%s and notes about them: keep it to yourself.",
			is_vcard(wish) ? "" : ", rings");
	if (wish->path)
		kith_cli_note(
			cli, "%zu %s written.", m.written, m.written == 1 ? "person" : "people");
	return 0;
}
