/* SPDX-License-Identifier: MIT
 *
 * vcard - a card of any fields as vCard 3.0, and a reader of a few lines that was written from RFC
 * 2426 alone: no line is too long, nothing injected becomes a line, the values are those of the
 * card.  case 35.
 */
#include "vcard/write.h"

#include <sodium.h>

#include "base/text.h"
#include "cards.h"

#define LINES_MAX 1024

/* A content line, unfolded, into its parts; all borrow. */
struct content {
	struct kith_span group, name, parameters, value;
};

struct reader {
	struct kith_buf text; /* all lines unfolded, one behind another */
	struct content at[LINES_MAX];
	size_t n, next;
};

/* --- lines ------------------------------------------------------------------------------------ */

/* One line as it stands in the file: short, whole characters, nothing that is no text. */
static void is_line(struct kith_span s)
{
	must(s.n <= 75 && kith_text_valid(s));
	for (size_t i = 0; i < s.n; i++) {
		must(s.p[i] == '\t' || s.p[i] >= 0x20);
		must(s.p[i] != 0x7f);
		must(s.p[i] != 0xc2 || s.p[i + 1] >= 0xa0); /* C1, NEL among it */
		if (i + 2 < s.n && s.p[i] == 0xe2 && s.p[i + 1] == 0x80)
			must(s.p[i + 2] != 0xa8 && s.p[i + 2] != 0xa9); /* U+2028, U+2029 */
	}
}

/* Cuts the next line off; every line ends in CR LF. */
static struct kith_span line_of(struct kith_span *file)
{
	const uint8_t *end = memmem(file->p, file->n, "\r\n", 2);

	must(end);
	struct kith_span line = kith_span(file->p, (size_t)(end - file->p));
	*file = kith_span(end + 2, file->n - line.n - 2);
	is_line(line);
	return line;
}

static struct kith_span cut_at(struct kith_span *s, char c)
{
	const uint8_t *at = s->n ? memchr(s->p, c, s->n) : NULL;
	struct kith_span head = kith_span(s->p, at ? (size_t)(at - s->p) : s->n);

	*s = at ? kith_span(at + 1, s->n - head.n - 1) : kith_span("", 0);
	return head;
}

static struct content parts_of(struct kith_span line)
{
	struct content c = {.value = line};
	struct kith_span head;

	must(line.n > 0 && memchr(line.p, ':', line.n));
	head = cut_at(&c.value, ':');
	c.name = cut_at(&head, ';');
	c.parameters = head;
	if (c.name.n > 0 && memchr(c.name.p, '.', c.name.n))
		c.group = cut_at(&c.name, '.');
	must(c.name.n > 0);
	for (size_t i = 0; i < c.name.n; i++)
		must((c.name.p[i] >= 'A' && c.name.p[i] <= 'Z') || c.name.p[i] == '-' ||
			(c.name.p[i] >= 'a' && c.name.p[i] <= 'z'));
	return c;
}

static void unfold(struct reader *r, struct kith_span file)
{
	size_t starts[LINES_MAX + 1];

	must(kith_buf_more(&r->text, file.n, &(uint8_t *){NULL}) == KITH_OK);
	r->text.n = 0; /* the spans must not move */
	r->n = 0;
	while (file.n > 0) {
		struct kith_span line = line_of(&file);
		bool more = line.n > 0 && (line.p[0] == ' ' || line.p[0] == '\t');
		if (more)
			line = kith_span(line.p + 1, line.n - 1);
		else
			starts[r->n++] = r->text.n;
		must(r->n >= 1 && r->n < LINES_MAX);
		must(kith_buf_add(&r->text, line.p, line.n) == KITH_OK);
	}
	starts[r->n] = r->text.n;
	for (size_t i = 0; i < r->n; i++)
		r->at[i] = parts_of(kith_span(r->text.p + starts[i], starts[i + 1] - starts[i]));
}

static bool is(struct kith_span s, const char *text)
{
	return kith_span_eq(s, kith_span_str(text));
}

/* --- values ----------------------------------------------------------------------------------- */

/* The escaped text of a component, up to an unescaped ";" or the end, read into out. */
static void read_text(struct kith_span *s, struct kith_buf *out)
{
	while (s->n > 0 && s->p[0] != ';') {
		uint8_t c = s->p[0];
		size_t n = c == '\\' ? 2 : 1;
		must(c != ',' && s->n >= n);
		if (n == 2)
			c = s->p[1] == 'n' ? '\n' : s->p[1];
		if (n == 2)
			must(c == '\n' || c == '\\' || c == ';' || c == ',');
		must(kith_buf_add(out, &c, 1) == KITH_OK);
		*s = kith_span(s->p + n, s->n - n);
	}
	if (s->n > 0)
		*s = kith_span(s->p + 1, s->n - 1);
}

/* How many bytes at the front are a line break, by vcard.h. */
static size_t break_at(struct kith_span s)
{
	const uint8_t *p = s.p;

	if (s.n >= 2 && p[0] == '\r' && p[1] == '\n')
		return 2;
	if ((p[0] >= '\n' && p[0] <= '\r') || (p[0] >= 0x1c && p[0] <= 0x1e))
		return 1;
	if (s.n >= 2 && p[0] == 0xc2 && p[1] == 0x85)
		return 2;
	return s.n >= 3 && p[0] == 0xe2 && p[1] == 0x80 && (p[2] == 0xa8 || p[2] == 0xa9) ? 3 : 0;
}

static size_t control_at(struct kith_span s)
{
	if ((s.p[0] < 0x20 && s.p[0] != '\t') || s.p[0] == 0x7f)
		return 1;
	return s.n >= 2 && s.p[0] == 0xc2 && s.p[1] < 0xa0 ? 2 : 0;
}

/* A card's text as a reader of the vCard has it. */
static void as_read(struct kith_span s, struct kith_buf *out)
{
	while (s.n > 0) {
		size_t line = break_at(s), n = line ? line : control_at(s);
		if (line)
			must(kith_buf_add(out, "\n", 1) == KITH_OK);
		else if (n == 0)
			must(kith_buf_add(out, s.p, n = 1) == KITH_OK);
		s = kith_span(s.p + n, s.n - n);
	}
}

/* The next component is that text. */
static void reads_as(struct kith_span *value, struct kith_span want)
{
	struct kith_buf got = {0}, expected = {0};

	read_text(value, &got);
	as_read(want, &expected);
	must(kith_span_eq(kith_buf_span(&got), kith_buf_span(&expected)));
	kith_buf_free(&got);
	kith_buf_free(&expected);
}

static uint8_t hex(uint8_t c)
{
	must((c >= '0' && c <= '9') || (c >= 'A' && c <= 'F'));
	return (uint8_t)(c <= '9' ? c - '0' : c - 'A' + 10);
}

/* Without blanks and line ends around it: so URLs and labels are written. */
static struct kith_span trimmed(struct kith_span s)
{
	while (s.n > 0 && memchr(" \t\r\n", s.p[0], 4))
		s = kith_span(s.p + 1, s.n - 1);
	while (s.n > 0 && memchr(" \t\r\n", s.p[s.n - 1], 4))
		s.n--;
	return s;
}

/* A URL is the card's, byte for byte or as %XX. */
static void reads_as_url(struct kith_span got, struct kith_span want)
{
	want = trimmed(want);
	while (want.n > 0) {
		size_t n = got.n > 0 && got.p[0] == want.p[0] ? 1 : 3;
		must(got.n >= n);
		if (n == 3)
			must(got.p[0] == '%' && (hex(got.p[1]) << 4 | hex(got.p[2])) == want.p[0]);
		else
			must(got.p[0] > ' ' && got.p[0] != ',' && got.p[0] != '\\');
		got = kith_span(got.p + n, got.n - n);
		want = kith_span(want.p + 1, want.n - 1);
	}
	must(got.n == 0);
}

/* --- a card and its lines --------------------------------------------------------------------- */

static const struct content *next_of(struct reader *r, const char *name)
{
	must(r->next < r->n && is(r->at[r->next].name, name));
	return &r->at[r->next++];
}

static bool is_empty(const struct kith_field *f)
{
	for (size_t i = 0; i < f->parts; i++)
		if (f->part[i].n > 0)
			return false;
	return true;
}

/* A label that is no TYPE stands in the line behind, in the same group. */
static void label_of(struct reader *r, const struct content *line, const struct kith_field *f)
{
	if (line->group.n == 0)
		return;
	must(f->label.n > 0);
	const struct content *label = next_of(r, "X-ABLabel");
	struct kith_span value = label->value;
	must(kith_span_eq(label->group, line->group));
	reads_as(&value, trimmed(f->label));
	must(value.n == 0);
}

static void lines_of(
	struct reader *r, const struct kith_fields *fields, uint32_t kind, const char *name)
{
	for (size_t i = 0; i < fields->n; i++) {
		const struct kith_field *f = &fields->at[i];
		if (f->kind != kind || is_empty(f))
			continue;
		const struct content *line = next_of(r, name);
		struct kith_span value = line->value;
		if (kind == KITH_FIELD_URL)
			reads_as_url(value, f->part[0]);
		else
			for (size_t k = 0; k < f->parts; k++)
				reads_as(&value, f->part[k]);
		must(kind == KITH_FIELD_URL || value.n == 0);
		label_of(r, line, f);
	}
}

static void organisations(struct reader *r, const struct kith_fields *fields)
{
	size_t lines = 0;

	for (size_t i = 0; i < fields->n; i++) {
		const struct kith_field *f = &fields->at[i];
		if (f->kind != KITH_FIELD_ORG || is_empty(f))
			continue;
		const struct content *line = next_of(r, "ORG");
		struct kith_span value = line->value;
		reads_as(&value, f->part[0]);
		label_of(r, line, f);
		lines++;
	}
	if (lines == 0 && r->next < r->n && is(r->at[r->next].name, "ORG"))
		r->next++; /* units without an organisation */
}

static void photo(struct reader *r, const struct kith_fields *fields)
{
	const struct kith_field *f = kith_fields_first(fields, KITH_FIELD_PHOTO);
	static uint8_t bytes[KITH_FIELD_PHOTO_MAX + 4];
	size_t n = 0;

	if (r->next == r->n || !is(r->at[r->next].name, "PHOTO"))
		return;
	const struct content *line = &r->at[r->next++];
	must(f && memmem(line->parameters.p, line->parameters.n, "ENCODING=b;TYPE=", 16));
	must(sodium_base642bin(bytes, sizeof bytes, (const char *)line->value.p, line->value.n,
		     NULL, &n, NULL, sodium_base64_VARIANT_ORIGINAL) == 0);
	must(kith_span_eq(kith_span(bytes, n), f->part[0]));
}

static void names(struct reader *r, const struct kith_fields *fields)
{
	const struct content *fn = next_of(r, "FN"), *n = next_of(r, "N");
	struct kith_span value = fn->value;
	size_t parts = 1;

	reads_as(&value, kith_fields_first(fields, KITH_FIELD_NAME)->part[0]);
	must(value.n == 0);
	for (size_t i = 0; i < n->value.n; i++) {
		i += n->value.p[i] == '\\';
		parts += i < n->value.n && n->value.p[i] == ';' && n->value.p[i - (i > 0)] != '\\';
	}
	must(n->group.n == 0 && parts <= 5);
}

static void keys(struct reader *r, const struct kith_card *card)
{
	char uid[KITH_UID_CHARS + 1];

	kith_uid_text(card->ik, uid);
	must(is(next_of(r, "UID")->value, uid));
	if (is(r->at[r->next].name, "REV"))
		must(r->at[r->next++].value.n == strlen("2026-05-03T18:20:11Z"));
	must(next_of(r, "X-KITH-CARD")->value.n == 0);
}

static void reads(struct reader *r, const struct kith_card *card)
{
	const struct kith_fields *f = &card->fields;

	must(is(next_of(r, "BEGIN")->value, "VCARD"));
	must(is(next_of(r, "VERSION")->value, "3.0"));
	names(r, f);
	lines_of(r, f, KITH_FIELD_PHONETIC, "X-PHONETIC-FIRST-NAME");
	lines_of(r, f, KITH_FIELD_NICKNAME, "NICKNAME");
	organisations(r, f);
	lines_of(r, f, KITH_FIELD_TITLE, "TITLE");
	lines_of(r, f, KITH_FIELD_EMAIL, "EMAIL");
	lines_of(r, f, KITH_FIELD_TEL, "TEL");
	lines_of(r, f, KITH_FIELD_URL, "URL");
	lines_of(r, f, KITH_FIELD_ADR, "ADR");
	if (is(r->at[r->next].name, "BDAY"))
		must(r->at[r->next++].value.n == strlen("1815-12-10"));
	lines_of(r, f, KITH_FIELD_NOTE, "NOTE");
	lines_of(r, f, KITH_FIELD_PRONOUNS, "X-PRONOUNS");
	lines_of(r, f, KITH_FIELD_OFFERS, "X-KITH-OFFERS");
	lines_of(r, f, KITH_FIELD_ASKS, "X-KITH-ASKS");
	photo(r, f);
	keys(r, card);
	must(is(next_of(r, "END")->value, "VCARD"));
	must(r->next == r->n);
}

/* --- a card from the input -------------------------------------------------------------------- */

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

/* Only what a card may hold: it is packed and read as a card's fields are. */
static bool may_be_on_a_card(
	const struct kith_fields *fields, struct kith_buf *bytes, struct kith_fields *ret)
{
	if (kith_fields_pack(fields, bytes) || kith_fields_unpack(kith_buf_span(bytes), ret))
		return false;
	const struct kith_field *name = kith_fields_first(ret, KITH_FIELD_NAME);
	return name && name->part[0].n > 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct kith_fields fields;
	static struct kith_card card;
	static struct reader reader;
	struct fuzz_in in = {p, n};
	struct kith_buf bytes = {0}, out = {0};

	fuzz_start();
	card.issued = (int64_t)fuzz_number(&in, 5);
	fuzz_fill(&in, card.ik, sizeof card.ik);
	fields.n = 0;
	while (in.n > 0 && fields.n < KITH_CARD_FIELDS)
		add_field(&in, &fields);
	if (may_be_on_a_card(&fields, &bytes, &card.fields)) {
		must(kith_vcard_write_card(&card, kith_span("", 0), NULL, KITH_VCARD_30, &out) ==
			KITH_OK);
		unfold(&reader, kith_buf_span(&out));
		reader.next = 0;
		reads(&reader, &card);
		kith_buf_free(&reader.text);
	}
	kith_buf_free(&bytes);
	kith_buf_free(&out);
	return 0;
}
