/* SPDX-License-Identifier: MIT
 *
 * vcards - any bytes as a file of vCards: however they come in, the same is read; everything handed
 * out is UTF-8 and of the vCard; the text that is kept gives the same properties.
 */
#include "base/limits.h"
#include "base/text.h"
#include "fuzz.h"
#include "vcard/reader.h"
#include "vcard/value.h"

/* A file that comes in pieces. */
struct source {
	struct kith_span left;
	size_t piece;
};

static ptrdiff_t take(void *ctx, void *p, size_t n)
{
	struct source *s = ctx;

	n = n < s->piece ? n : s->piece;
	n = n < s->left.n ? n : s->left.n;
	if (n > 0)
		memcpy(p, s->left.p, n);
	s->left = kith_span(s->left.p + n, s->left.n - n);
	return (ptrdiff_t)n;
}

static void remember(void *ctx, uint64_t line, const char *sentence)
{
	must(kith_text_valid(kith_span_str(sentence)));
	must(kith_buf_printf(ctx, "remark %llu %s\n", (unsigned long long)line, sentence) ==
		KITH_OK);
}

static void add(struct kith_buf *out, const char *what, struct kith_span s)
{
	must(kith_buf_printf(out, " %s %zu:", what, s.n) == KITH_OK);
	must(kith_buf_add(out, s.p, s.n) == KITH_OK);
}

/* What the properties of a vCard are; line numbers from `first` on. */
static void describe(const struct kith_vcard *v, uint64_t first, struct kith_buf *out)
{
	size_t n;
	const struct kith_vcard_property *p = kith_vcard_properties(v, &n);

	must(n <= KITH_VCARD_PROPERTIES_MAX);
	must(kith_buf_printf(out, "card %d\n", (int)kith_vcard_version(v)) == KITH_OK);
	for (size_t i = 0; i < n; i++) {
		must(p[i].line >= first);
		add(out, "group", p[i].group);
		add(out, "name", p[i].name);
		add(out, "params", p[i].params);
		add(out, "value", p[i].value);
	}
}

/* A property can be written as one line; only an AGENT has lines in it. */
static void is_line(const struct kith_vcard_property *p)
{
	const struct kith_span all[] = {p->group, p->name, p->params, p->value};
	bool agent = kith_vcard_is(p, "AGENT");

	must(p->name.n > 0 && (p->params.n == 0 || p->params.p[0] == ';'));
	for (size_t i = 0; i < 4; i++) {
		must(kith_text_valid(all[i]));
		for (size_t k = 0; k < all[i].n && !(agent && i == 3); k++)
			must(all[i].p[k] != '\n' && all[i].p[k] != '\r');
	}
}

static void look_at_value(struct kith_vcard *v, const struct kith_vcard_property *p)
{
	static const char *const params[] = {"TYPE", "ENCODING", "VALUE", "CHARSET", "LABEL"};
	static const char separators[] = {';', ',', '\0'};
	struct kith_span s;

	for (size_t k = 0; k < sizeof params / sizeof params[0]; k++)
		for (size_t i = 0; kith_vcard_param(p, params[k], i, &s); i++)
			must(fuzz_inside(s, p->params) && s.n > 0);
	for (size_t k = 0; k < sizeof separators; k++) {
		size_t n = 0;
		while (kith_vcard_text(v, p, separators[k], n, &s) == KITH_OK) {
			must(kith_text_valid(s));
			n++;
		}
		must(n > 0);
		must(kith_vcard_text(v, p, separators[k], 0, &s) == KITH_OK);
	}
	enum kith_err err = kith_vcard_bytes(v, p, &s);
	must(err == KITH_OK || err == KITH_ERR_MISSING || err == KITH_ERR_SHAPE);
}

/* The text that is kept says the same. */
static void keeps(struct kith_span text, const struct kith_vcard *lent)
{
	struct kith_buf had = {0}, has = {0};
	struct kith_vcard *v;

	must(kith_text_valid(text) && text.n <= KITH_VCARD_MAX);
	must(kith_vcard_parse(text, &v, NULL) == KITH_OK);
	describe(lent, 1, &had);
	describe(v, 1, &has);
	must(kith_span_eq(kith_buf_span(&had), kith_buf_span(&has)));
	kith_vcard_free(v);
	kith_buf_free(&had);
	kith_buf_free(&has);
}

/* Reads the file and appends what came of it; look: into every value as well. */
static void read_all(struct kith_span file, size_t piece, bool look, struct kith_buf *out)
{
	struct source source = {file, piece};
	struct kith_vcard_reader *r;
	struct kith_vcard *v;
	uint64_t line, last = 0;
	enum kith_err err;

	must(kith_vcard_reader_open(take, &source, remember, out, &r) == KITH_OK);
	while (!(err = kith_vcard_next(r, &v, &line)) || err == KITH_ERR_LIMIT) {
		must(kith_buf_printf(out, "%s %llu\n", err ? "over" : "at",
			     err ? 0 : (unsigned long long)line) == KITH_OK);
		if (err)
			continue;
		must(line > last);
		last = line;
		describe(v, line, out);
		size_t n;
		const struct kith_vcard_property *p = kith_vcard_properties(v, &n);
		for (size_t i = 0; look && i < n; i++) {
			is_line(&p[i]);
			look_at_value(v, &p[i]);
		}
		if (look)
			keeps(kith_vcard_reader_text(r), v);
	}
	must(err == KITH_ERR_MISSING);
	must(kith_vcard_reader_bytes(r) == file.n);
	must(kith_buf_printf(out, "%llu remarks\n",
		     (unsigned long long)kith_vcard_reader_remarks(r)) == KITH_OK);
	kith_vcard_reader_free(r);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct fuzz_in in = {p, n};
	size_t piece = 1 + fuzz_byte(&in) % 17;
	struct kith_buf whole = {0}, pieces = {0};

	fuzz_start();
	read_all(kith_span(in.p, in.n), SIZE_MAX, true, &whole);
	read_all(kith_span(in.p, in.n), piece, false, &pieces);
	must(kith_span_eq(kith_buf_span(&whole), kith_buf_span(&pieces)));
	kith_buf_free(&whole);
	kith_buf_free(&pieces);
	return 0;
}
