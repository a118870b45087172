/* SPDX-License-Identifier: MIT */
#include "vcard/extent.h"

#include "base/limits.h"
#include "vcard/cut.h"
#include "vcard/property.h"

/* A line in the window: its content from `at` to `end`, the next one from `next`. */
struct line {
	size_t at, end, next;
};

void kith_extent_init(struct kith_extent *e, struct kith_input *in, struct kith_remarks *remarks)
{
	*e = (struct kith_extent){.in = in, .remarks = remarks, .ends = 1};
}

/* --- lines ------------------------------------------------------------------------------------ */

static void pass(struct kith_extent *e, size_t n)
{
	kith_input_pass(e->in, n);
	e->lf = e->lf > n ? e->lf - n : 0;
}

static enum kith_err more(struct kith_extent *e)
{
	e->lf = 0;
	return kith_input_more(e->in);
}

/* Whether more bytes cannot change where the line ends and the next one begins. */
static bool is_final(struct kith_span s, size_t end)
{
	if (end >= s.n)
		return false;
	return s.p[end] == '\n' || (end + 1 < s.n && (s.p[end + 1] != '\r' || end + 2 < s.n));
}

/* line_at of a line that does not end in a line feed, as far as the window goes. */
static enum kith_err line_beyond(struct kith_extent *e, size_t at, size_t max, struct line *ret)
{
	for (;;) {
		struct kith_span s = kith_input_window(e->in);
		ret->at = at;
		ret->end = kith_cut(s, at, &e->lf, &ret->next);
		if (e->in->ended ? at < s.n : is_final(s, ret->end))
			return KITH_OK;
		if (e->in->ended)
			return KITH_ERR_MISSING;
		if (ret->end - at > max)
			return KITH_ERR_LIMIT;
		enum kith_err err = more(e);
		if (err)
			return err;
	}
}

/* The line that begins at `at` of the window.  KITH_ERR_MISSING: none; KITH_ERR_LIMIT: it does not end
 * within max bytes. */
static inline enum kith_err line_at(struct kith_extent *e, size_t at, size_t max, struct line *ret)
{
	struct kith_span s = kith_input_window(e->in);

	ret->at = at;
	ret->end = kith_cut(s, at, &e->lf, &ret->next);
	return ret->next > ret->end && s.p[ret->next - 1] == '\n' ? KITH_OK
								  : line_beyond(e, at, max, ret);
}

static struct kith_span text_of(const struct kith_extent *e, const struct line *l)
{
	return kith_span(kith_input_window(e->in).p + l->at, l->end - l->at);
}

static void tell_flaws_upto(struct kith_extent *e, uint64_t upto, uint64_t line)
{
	static const char *const sentences[] = {
		"NUL bytes are left out from here on",
		"half a character of UTF-16 became U+FFFD; there may be more of them",
	};
	uint64_t *flaws[] = {&e->in->nul, &e->in->lone};
	size_t first = *flaws[1] < *flaws[0];
	for (size_t i = 0; i < 2; i++) {
		size_t k = i ^ first;
		if (*flaws[k] > upto)
			continue;
		kith_remark(e->remarks, line, "%s", sentences[k]);
		*flaws[k] = KITH_INPUT_TOLD;
	}
}

/* Tells what fell out of the input up to that byte of the window, in the order of the file. */
static inline void tell_flaws(struct kith_extent *e, size_t end, uint64_t line)
{
	uint64_t upto = e->in->passed + end;

	if (e->in->nul <= upto || e->in->lone <= upto)
		tell_flaws_upto(e, upto, line);
}

/* Passes the rest of the line at the front of the window, however long it is. */
static enum kith_err pass_line(struct kith_extent *e)
{
	for (;;) {
		struct kith_span s = kith_input_window(e->in);
		size_t next, end = kith_cut(s, 0, &e->lf, &next);
		tell_flaws(e, end, e->line);
		if (e->in->ended || is_final(s, end)) {
			pass(e, next);
			e->line++;
			return KITH_OK;
		}
		pass(e, end); /* a CR whose meaning is open stays */
		enum kith_err err = more(e);
		if (err)
			return err;
	}
}

/* The line at the front of the window, as much of it as a mark needs; stays there. */
static enum kith_err head_line(struct kith_extent *e, struct line *ret)
{
	enum kith_err err = line_at(e, 0, KITH_MARK_MAX, ret);

	if (err && err != KITH_ERR_LIMIT)
		return err;
	if (ret->end > KITH_MARK_MAX)
		ret->end = KITH_MARK_MAX + 1; /* no mark, wherever it ends */
	return KITH_OK;
}

static struct kith_span without_bom(struct kith_span s)
{
	return s.n >= 3 && memcmp(s.p, "\xef\xbb\xbf", 3) == 0 ? kith_span(s.p + 3, s.n - 3) : s;
}

/* --- between vCards --------------------------------------------------------------------------- */

static bool is_space(struct kith_span s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!kith_is_blank(s.p[i]))
			return false;
	return true;
}

/* Goes on to a line that begins a vCard; its BOM is passed. */
static enum kith_err find_begin(struct kith_extent *e)
{
	bool told = false;

	for (;;) {
		struct line l;
		enum kith_err err = head_line(e, &l);
		if (err) {
			tell_flaws(e, kith_input_window(e->in).n, e->line);
			return err;
		}
		struct kith_span whole = text_of(e, &l), s = without_bom(whole);
		if (kith_is_begin(s)) {
			pass(e, whole.n - s.n);
			return KITH_OK;
		}
		if (!told && !is_space(s)) {
			kith_remark(e->remarks, e->line,
				"what begins here belongs to no vCard and was left out");
			told = true;
		}
		err = pass_line(e);
		if (err)
			return err;
	}
}

/* Goes on behind the END of a vCard of which `depth` are open, or to the BEGIN of the next. */
static enum kith_err skip(struct kith_extent *e, uint64_t depth, bool agent)
{
	while (depth > 0) {
		struct line l;
		enum kith_err err = head_line(e, &l);
		if (err)
			return err == KITH_ERR_MISSING ? KITH_OK : err;
		struct kith_span s = text_of(e, &l);
		if (kith_is_end(s))
			depth--;
		else if (kith_is_begin(s) && !agent)
			return KITH_OK;
		else if (kith_is_begin(s))
			depth++;
		if (s.n > 0)
			agent = kith_is_agent(s);
		err = pass_line(e);
		if (err)
			return err;
	}
	return KITH_OK;
}

/* --- inside one ------------------------------------------------------------------------------- */

/* What is known while the lines of a vCard go by. */
struct inside {
	struct line l;
	uint64_t line;  /* of the file */
	uint32_t depth; /* vCards that are open */
	bool agent;     /* the line before is an AGENT without a value */
	bool has_version;
	size_t last;  /* where the content of the last line ended */
	size_t inner; /* of a BEGIN without AGENT: where it stands, 0 for none */
	size_t inner_last;
	uint64_t inner_line;
};

static enum kith_vcard_version version_of(struct kith_span value)
{
	while (value.n > 0 && kith_is_blank(value.p[0]))
		value = kith_span(value.p + 1, value.n - 1);
	while (value.n > 0 && kith_is_blank(value.p[value.n - 1]))
		value.n--;
	if (kith_span_eq(value, kith_span_str("2.1")))
		return KITH_VCARD_21;
	return kith_span_eq(value, kith_span_str("4.0")) ? KITH_VCARD_40 : KITH_VCARD_30;
}

static void look_for_version(struct inside *i, struct kith_span s, enum kith_vcard_version *version)
{
	const uint8_t *colon;

	if (i->has_version || i->depth > 1 || i->inner || s.n < 8 ||
		!kith_same_letters(s.p, "VERSION", 7) || (s.p[7] != ':' && s.p[7] != ';') ||
		!(colon = memchr(s.p, ':', s.n)))
		return;
	i->has_version = true;
	*version = version_of(kith_span(colon + 1, (size_t)(s.p + s.n - colon - 1)));
}

/* A line that is no BEGIN and no END. */
static void look_at(struct inside *i, struct kith_span s, enum kith_vcard_version *version)
{
	if (s.n == 0)
		return;
	i->agent = kith_is_agent(s);
	if ((s.p[0] | 0x20) == 'v')
		look_for_version(i, s, version);
}

enum kith_vcard_version kith_extent_version(struct kith_span text)
{
	enum kith_vcard_version version = KITH_VCARD_30;
	struct inside i = {.depth = 0};

	for (size_t at = 0, next, lf = 0; at < text.n; at = next) {
		size_t end = kith_cut(text, at, &lf, &next);
		struct kith_span s = kith_span(text.p + at, end - at);
		bool begins = kith_is_begin(s);
		if (begins && i.depth > 0 && !i.agent)
			i.inner = at;
		i.depth += begins;
		i.depth -= kith_is_end(s);
		look_at(&i, s, &version);
	}
	return version;
}

/* The vCard has no END: it ends where the last line that is its own ended. */
static enum kith_err broken_off(struct kith_extent *e, const struct inside *i)
{
	kith_remark(e->remarks, e->begins,
		"the vCard that begins here breaks off: it has no END:VCARD");
	e->n = i->inner ? i->inner_last : i->last;
	e->ends = (i->inner ? i->inner_line : i->line) - 1;
	return KITH_OK;
}

static enum kith_err too_much(struct kith_extent *e, const struct inside *i, const char *name,
	unsigned max, const char *unit)
{
	if (i->inner)
		return broken_off(e, i);
	kith_remark_limit(e->remarks, e->begins, name, max, unit);
	pass(e, i->l.at);
	e->line = i->line;
	enum kith_err err = skip(e, i->depth, i->agent);
	e->ends = e->line;
	return err ? err : KITH_ERR_LIMIT;
}

static enum kith_err begins_inside(struct kith_extent *e, struct inside *i)
{
	if (!i->agent && !i->inner) {
		i->inner = i->l.at;
		i->inner_last = i->last;
		i->inner_line = i->line;
	}
	if (i->depth > KITH_VCARD_DEPTH_MAX)
		return too_much(e, i, "VCARD_DEPTH_MAX", KITH_VCARD_DEPTH_MAX, "levels");
	i->depth++;
	return KITH_ERR_MISSING;
}

static bool ends_plainly(const struct kith_extent *e, const struct line *l)
{
	const uint8_t *p = kith_input_window(e->in).p;

	return l->next == l->end || (l->next - l->end < 3 && p[l->next - 1] == '\n');
}

/* Looks at the next line.  KITH_ERR_MISSING: the vCard goes on. */
static enum kith_err step(struct kith_extent *e, struct inside *i)
{
	size_t at = i->l.next;
	enum kith_err err = line_at(e, at, at < KITH_VCARD_MAX ? KITH_VCARD_MAX - at : 0, &i->l);

	if (err == KITH_ERR_MISSING)
		return broken_off(e, i);
	if (err && err != KITH_ERR_LIMIT)
		return err;
	if (err || i->l.end > KITH_VCARD_MAX)
		return too_much(e, i, "VCARD_MAX", KITH_VCARD_MAX, "bytes");
	struct kith_span s = text_of(e, &i->l);
	tell_flaws(e, i->l.end, i->line);
	e->plain &= ends_plainly(e, &i->l);
	if (kith_is_end(s) && --i->depth == 0) {
		e->n = i->l.end;
		e->ends = i->line;
		return KITH_OK;
	}
	err = kith_is_begin(s) ? begins_inside(e, i) : KITH_ERR_MISSING;
	if (err != KITH_ERR_MISSING)
		return err;
	look_at(i, s, &e->version);
	i->last = i->l.end;
	i->line++;
	return KITH_ERR_MISSING;
}

/* The vCard whose BEGIN stands at the front of the window. */
static enum kith_err find_end(struct kith_extent *e)
{
	struct inside i = {.line = e->line + 1, .depth = 1};
	enum kith_err err = line_at(e, 0, SIZE_MAX, &i.l);

	if (err)
		return err;
	tell_flaws(e, i.l.end, e->line);
	e->begins = e->line;
	e->version = KITH_VCARD_30;
	e->plain = ends_plainly(e, &i.l);
	i.last = i.l.end;
	do
		err = step(e, &i);
	while (err == KITH_ERR_MISSING);
	return err;
}

enum kith_err kith_extent_next(struct kith_extent *e)
{
	pass(e, e->n);
	e->n = 0;
	e->lf = 0; /* lines further on were looked at */
	e->line = e->ends;
	enum kith_err err = find_begin(e);
	return err ? err : find_end(e);
}
