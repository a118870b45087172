/* SPDX-License-Identifier: MIT */
#include "book/mecard.h"

#include <strings.h>

#include "base/text.h"

#define PREFIX "MECARD:"

struct reader {
	struct kith_buf *memory; /* as large as it will be: it must not move */
	struct kith_fields *fields;
};

/* Up to the first separator that no backslash stands before; takes it, too. */
static struct kith_span take(struct kith_span *rest, char separator)
{
	size_t n = 0;

	while (n < rest->n && rest->p[n] != (uint8_t)separator)
		n += rest->p[n] == '\\' && n + 1 < rest->n ? 2 : 1;
	struct kith_span s = kith_span(rest->p, n);
	size_t m = n < rest->n ? n + 1 : n;
	*rest = kith_span(rest->p + m, rest->n - m);
	return s;
}

/* Appends the text without its backslashes and the blanks around it. */
static enum kith_err unescape(struct reader *r, struct kith_span s, struct kith_span *ret)
{
	size_t start = r->memory->n;
	enum kith_err err = KITH_OK;

	while (s.n > 0 && s.p[0] == ' ')
		s = kith_span(s.p + 1, s.n - 1);
	while (s.n > 0 && s.p[s.n - 1] == ' ')
		s.n--;
	for (size_t i = 0; !err && i < s.n; i++) {
		i += s.p[i] == '\\' && i + 1 < s.n;
		err = kith_buf_add(r->memory, &s.p[i], 1);
	}
	if (!err)
		*ret = kith_span(r->memory->p + start, r->memory->n - start);
	return err;
}

static struct kith_field *add(struct reader *r, uint32_t kind, size_t parts)
{
	if (r->fields->n == KITH_CARD_FIELDS)
		return NULL;
	struct kith_field *f = &r->fields->at[r->fields->n++];
	*f = (struct kith_field){.kind = kind, .parts = parts};
	for (size_t i = 0; i < parts; i++)
		f->part[i] = kith_span("", 0);
	return f;
}

static enum kith_err add_text(struct reader *r, uint32_t kind, struct kith_span value)
{
	struct kith_span text;
	enum kith_err err = unescape(r, value, &text);

	if (err || text.n == 0)
		return err;
	if (kith_field_info(kind)->single && kith_fields_first(r->fields, kind))
		return KITH_OK;
	struct kith_field *f = add(r, kind, 1);
	if (!f)
		return KITH_ERR_LIMIT;
	f->part[0] = text;
	return KITH_OK;
}

/* "Lovelace,Ada" is how a MECARD sorts; without a comma it is the name as it is said. */
static enum kith_err add_name(struct reader *r, struct kith_span value)
{
	struct kith_span family, given;
	struct kith_span first = take(&value, ',');
	enum kith_err err = unescape(r, first, &family);

	if (!err)
		err = unescape(r, value, &given);
	if (err || family.n + given.n == 0 || kith_fields_first(r->fields, KITH_FIELD_NAME))
		return err;
	size_t start = r->memory->n;
	err = kith_buf_add(r->memory, given.p, given.n);
	if (!err && given.n && family.n)
		err = kith_buf_add(r->memory, " ", 1);
	if (!err)
		err = kith_buf_add(r->memory, family.p, family.n);
	struct kith_field *name = err ? NULL : add(r, KITH_FIELD_NAME, 1);
	if (!name)
		return err ? err : KITH_ERR_LIMIT;
	name->part[0] = kith_span(r->memory->p + start, r->memory->n - start);
	const struct kith_span parts[] = {given, family};
	for (size_t i = 0; given.n && family.n && i < 2; i++) {
		struct kith_field *f = add(r, i ? KITH_FIELD_FAMILY : KITH_FIELD_GIVEN, 1);
		if (!f)
			return KITH_ERR_LIMIT;
		f->part[0] = parts[i];
	}
	return KITH_OK;
}

/* Seven parts between commas, or the street. */
static enum kith_err add_address(struct reader *r, struct kith_span value)
{
	struct kith_span parts[KITH_FIELD_PARTS];
	struct kith_span rest = value;
	size_t n = 0, bytes = 0;
	enum kith_err err = KITH_OK;

	while (n < KITH_FIELD_PARTS && rest.n > 0)
		parts[n++] = take(&rest, ',');
	bool all = n == KITH_FIELD_PARTS && rest.n == 0;
	struct kith_field *f = add(r, KITH_FIELD_ADR, KITH_FIELD_PARTS);
	if (!f)
		return KITH_ERR_LIMIT;
	for (size_t i = 0; !err && all && i < n; i++)
		err = unescape(r, parts[i], &f->part[i]);
	if (!err && !all)
		err = unescape(r, value, &f->part[2]);
	for (size_t i = 0; i < KITH_FIELD_PARTS; i++)
		bytes += f->part[i].n;
	r->fields->n -= bytes == 0;
	return err;
}

/* 18151210 as 1815-12-10. */
static enum kith_err add_birthday(struct reader *r, struct kith_span value)
{
	char date[11];

	if (value.n != 8)
		return add_text(r, KITH_FIELD_BDAY, value);
	memcpy(date, value.p, 4);
	date[4] = date[7] = '-';
	memcpy(date + 5, value.p + 4, 2);
	memcpy(date + 8, value.p + 6, 2);
	return add_text(r, KITH_FIELD_BDAY, kith_span(date, 10));
}

static bool is(struct kith_span name, const char *text)
{
	return name.n == strlen(text) && strncasecmp((const char *)name.p, text, name.n) == 0;
}

static enum kith_err add_item(struct reader *r, struct kith_span name, struct kith_span value)
{
	static const struct {
		const char *name;
		uint32_t kind;
	} plain[] = {{"NICKNAME", KITH_FIELD_NICKNAME}, {"ORG", KITH_FIELD_ORG},
		{"TITLE", KITH_FIELD_TITLE}, {"TEL", KITH_FIELD_TEL}, {"EMAIL", KITH_FIELD_EMAIL},
		{"URL", KITH_FIELD_URL}, {"NOTE", KITH_FIELD_NOTE}};

	if (is(name, "N"))
		return add_name(r, value);
	if (is(name, "ADR"))
		return add_address(r, value);
	if (is(name, "BDAY"))
		return add_birthday(r, value);
	for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
		if (is(name, plain[i].name))
			return add_text(r, plain[i].kind, value);
	return KITH_OK;
}

enum kith_err kith_mecard_read(
	struct kith_span text, struct kith_buf *memory, struct kith_fields *ret_fields)
{
	struct reader r = {memory, ret_fields};
	uint8_t *room;
	enum kith_err err = kith_buf_more(memory, 3 * text.n + 16, &room);

	if (err)
		return err;
	memory->n = 0;
	ret_fields->n = 0;
	if (!kith_text_valid(text))
		return KITH_ERR_UTF8;
	if (text.n >= strlen(PREFIX))
		text = kith_span(text.p + strlen(PREFIX), text.n - strlen(PREFIX));
	while (!err && text.n > 0) {
		struct kith_span value = take(&text, ';');
		struct kith_span name = take(&value, ':');
		while (name.n > 0 && (name.p[0] == ' ' || name.p[0] == '\n'))
			name = kith_span(name.p + 1, name.n - 1);
		err = add_item(&r, name, value);
	}
	if (!err && !kith_fields_first(ret_fields, KITH_FIELD_NAME)) {
		const struct kith_field *f = kith_fields_first(ret_fields, KITH_FIELD_ORG);
		return f ? add_text(&r, KITH_FIELD_NAME, f->part[0]) : KITH_ERR_VALUE;
	}
	return err;
}
