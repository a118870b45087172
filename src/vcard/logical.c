/* SPDX-License-Identifier: MIT */
#include "vcard/logical.h"

#include "vcard/cut.h"

void kith_logical_init(struct kith_logical_text *t, struct kith_span s,
	enum kith_vcard_version version, bool plain, struct kith_buf *scratch)
{
	*t = (struct kith_logical_text){.s = s,
		.version = version,
		.scratch = scratch,
		.plain = plain,
		.has_lf = s.n > 0 && memchr(s.p, '\n', s.n),
		.line = 1};
}

/* The line behind those that were joined so far. */
struct following {
	struct kith_span s;
	size_t next;
	uint32_t blank; /* empty lines before it */
	size_t from;    /* where it begins */
};

static inline bool look_behind_plain(const struct kith_logical_text *t, struct following *ret)
{
	size_t at = t->at;

	for (ret->blank = 0; at < t->s.n; ret->blank++, at = ret->next) {
		size_t end = kith_cut_plain(t->s, at, &ret->next);
		ret->from = at;
		ret->s = kith_span(t->s.p + at, end - at);
		if (ret->s.n > 0)
			return true;
	}
	return false;
}

/* False: there is none. */
static bool look_behind(struct kith_logical_text *t, struct following *ret)
{
	size_t at = t->at, ahead, *lf = &t->lf;

	if (t->plain)
		return look_behind_plain(t, ret);
	for (ret->blank = 0; at < t->s.n; ret->blank++) {
		size_t end = kith_cut(t->s, at, lf, &ret->next);
		ret->from = at;
		ret->s = kith_span(t->s.p + at, end - at);
		if (ret->s.n > 0)
			return true;
		at = ret->next;
		ahead = *lf; /* t->lf stays behind with t->at */
		lf = &ahead;
	}
	return false;
}

/* Adds a piece to the line that is being put together, n bytes of its end taken off first. */
static enum kith_err join(struct kith_logical_text *t, struct kith_logical *l, size_t n,
	const char *between, struct kith_span piece)
{
	struct kith_buf *b = t->scratch;

	if (!l->joined) {
		kith_buf_clear(b);
		enum kith_err err = kith_buf_add(b, l->s.p, l->s.n);
		if (err)
			return err;
		l->joined = true;
	}
	b->n -= n;
	enum kith_err err = kith_buf_add_str(b, between);
	if (!err)
		err = kith_buf_add(b, piece.p, piece.n);
	l->s = kith_buf_span(b);
	return err;
}

static void use(struct kith_logical_text *t, struct kith_logical *l, const struct following *f)
{
	l->to = t->ended = (size_t)(f->s.p - t->s.p) + f->s.n;
	t->at = f->next;
	t->line += f->blank + 1;
}

/* Whether the value ends in that character. */
static bool ends_in(const struct kith_logical *l, char c)
{
	return l->s.n > l->parts.colon + 1 && l->s.p[l->s.n - 1] == (uint8_t)c;
}

/* Whether an odd number of backslashes ends the value. */
static bool is_open(const struct kith_logical *l)
{
	size_t n = 0;

	while (l->s.n - n > l->parts.colon + 1 && l->s.p[l->s.n - 1 - n] == '\\')
		n++;
	return n % 2 == 1;
}

/* Whether nothing but a CR stands before that line. */
static bool ended_in_cr(const struct kith_logical_text *t, const struct following *f)
{
	return t->ended + 1 == f->from && t->s.p[t->ended] == '\r';
}

static bool is_mark(struct kith_span s)
{
	return kith_is_begin(s) || kith_is_end(s);
}

/* Joins a line that begins with a blank. */
static enum kith_err unfold(
	struct kith_logical_text *t, struct kith_logical *l, const struct following *f)
{
	bool property = l->kind == KITH_LOGICAL_PROPERTY;
	bool soft = property && l->parts.coding == KITH_CODING_QUOTED && ends_in(l, '=');
	/* in 2.1 a line is folded before a blank, which stays */
	bool keep =
		property && t->version == KITH_VCARD_21 && l->parts.coding != KITH_CODING_BASE64;
	size_t off = keep ? 0 : 1;

	return join(t, l, soft, "", kith_span(f->s.p + off, f->s.n - off));
}

/* Whether the line is no property, not even one whose name or parameters are folded. */
static bool has_no_colon(const struct kith_logical_text *t, const struct following *f)
{
	struct kith_span s = f->s;
	size_t next = f->next, lf = t->lf;

	while (!memchr(s.p, ':', s.n)) {
		if (next == t->s.n || !kith_is_blank(t->s.p[next]))
			return true;
		size_t at = next, end = kith_cut(t->s, at, &lf, &next);
		s = kith_span(t->s.p + at, end - at);
	}
	return false;
}

/* Joins a line that begins with something else, if it belongs to the value.  KITH_ERR_MISSING: no. */
static enum kith_err join_value(
	struct kith_logical_text *t, struct kith_logical *l, const struct following *f)
{
	struct kith_parts ignored;

	if (l->kind != KITH_LOGICAL_PROPERTY || is_mark(f->s))
		return KITH_ERR_MISSING;
	switch (l->parts.coding) {
	case KITH_CODING_QUOTED:
		/* behind an empty line only what is nothing else: some writers double line ends */
		if (ends_in(l, '=') && (!f->blank || !kith_parts_of(f->s, &ignored)))
			return join(t, l, 1, "", f->s);
		break;
	case KITH_CODING_BASE64:
		if (!f->blank && has_no_colon(t, f))
			return join(t, l, 0, "", f->s);
		break;
	case KITH_CODING_PLAIN:
		if (f->blank)
			break;
		if (is_open(l) && has_no_colon(t, f)) /* an escaped line end, as some write */
			return join(t, l, 0, "n", f->s);
		if (t->has_lf && ended_in_cr(t, f) && has_no_colon(t, f))
			return join(t, l, 0, "\\n", f->s);
		break;
	}
	return KITH_ERR_MISSING;
}

static void classify(struct kith_logical *l)
{
	if (kith_is_begin(l->s))
		l->kind = KITH_LOGICAL_BEGIN;
	else if (kith_is_end(l->s))
		l->kind = KITH_LOGICAL_END;
	else if (!kith_is_blank(l->s.p[0]) && kith_parts_of(l->s, &l->parts))
		l->kind = KITH_LOGICAL_PROPERTY;
	else
		l->kind = KITH_LOGICAL_OTHER;
}

/* Whether the line is whole, seen from the next byte and its own last one. */
static bool is_whole(const struct kith_logical_text *t, const struct kith_logical *l)
{
	if (t->at == t->s.n || l->kind == KITH_LOGICAL_BEGIN || l->kind == KITH_LOGICAL_END)
		return true;
	uint8_t next = t->s.p[t->at];
	if (kith_is_blank(next) || next == '\r' || next == '\n')
		return false;
	if (!t->plain && t->has_lf && t->s.p[t->at - 1] == '\r')
		return false;
	return l->kind == KITH_LOGICAL_OTHER ||
	       (l->parts.coding == KITH_CODING_PLAIN && l->s.p[l->s.n - 1] != '\\') ||
	       (l->parts.coding == KITH_CODING_QUOTED && l->s.p[l->s.n - 1] != '=');
}

static bool folds_on(struct kith_logical_text *t)
{
	struct following f;

	return look_behind(t, &f) && kith_is_blank(f.s.p[0]);
}

enum kith_err kith_logical_next(struct kith_logical_text *t, struct kith_logical *ret)
{
	struct following f;

	if (!(t->plain ? look_behind_plain(t, &f) : look_behind(t, &f)))
		return KITH_ERR_MISSING;
	ret->s = f.s;
	ret->joined = false;
	ret->from = f.from;
	ret->line = t->line + f.blank;
	use(t, ret, &f);
	classify(ret);
	while (!is_whole(t, ret) && look_behind(t, &f)) {
		bool fold = kith_is_blank(f.s.p[0]);
		enum kith_err err = fold ? unfold(t, ret, &f) : join_value(t, ret, &f);
		if (err == KITH_ERR_MISSING)
			break;
		if (err)
			return err;
		use(t, ret, &f);
		/* once, at its end, for a head that is folded: it may be long */
		if (ret->kind == KITH_LOGICAL_OTHER && !folds_on(t))
			classify(ret);
	}
	if (ret->joined && is_mark(ret->s))
		ret->kind = KITH_LOGICAL_OTHER;
	/* a parameter that was folded between its quotation marks */
	if (ret->joined && ret->kind == KITH_LOGICAL_PROPERTY &&
		memchr(ret->s.p, '"', ret->parts.colon))
		(void)kith_parts_of(ret->s, &ret->parts);
	return KITH_OK;
}
