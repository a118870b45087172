/* SPDX-License-Identifier: MIT */
#include "vcard/label.h"

#include "vcard/clean.h"
#include "vcard/param.h"
#include "vcard/property.h"
#include "vcard/value.h"

#define TEL (1u << 0)
#define ALL (1u << 1) /* and EMAIL, URL, ADR */

/* Labels that TYPE says so that kith_label_read gives the same word again. */
static const struct type {
	const char *label;
	const char *value;
	unsigned where;
} types[] = {
	{"work", "WORK", ALL},
	{"home", "HOME", ALL},
	{"mobile", "CELL", TEL},
	{"cell", "CELL", TEL},
	{"fax", "FAX", TEL},
	{"work fax", "WORK,FAX", TEL},
	{"home fax", "HOME,FAX", TEL},
	{"work mobile", "WORK,CELL", TEL},
	{"home mobile", "HOME,CELL", TEL},
	{"pager", "PAGER", TEL},
	{"voice", "VOICE", TEL},
	{"video", "VIDEO", TEL},
};

/* Words of TYPE that have a place of their own in a label, in the order of the label. */
enum rank { PLACE, DEVICE, REST, WEAK, SILENT };

static const struct word {
	const char *word;
	size_t n;
	const char *label;
	enum rank rank;
} words[] = {
#define WORD(word, label, rank)                                                                    \
	{                                                                                          \
		word, sizeof(word) - 1, label, rank                                                \
	}
	WORD("HOME", "home", PLACE),
	WORD("WORK", "work", PLACE),
	WORD("CELL", "mobile", DEVICE),
	WORD("FAX", "fax", DEVICE),
	WORD("PAGER", "pager", DEVICE),
	WORD("VIDEO", "video", DEVICE),
	WORD("VOICE", "voice",
		WEAK), /* what a telephone is for: only a label where nothing else is */
	WORD("MSG", "msg", WEAK),
	WORD("TEXT", "text", WEAK),
	WORD("PREF", "", SILENT),
	WORD("INTERNET", "", SILENT),
	WORD("DOM", "", SILENT),
	WORD("INTL", "", SILENT),
	WORD("POSTAL", "", SILENT),
	WORD("PARCEL", "", SILENT),
#undef WORD
};

#define WORDS       (sizeof words / sizeof words[0])
#define LABEL_WORDS 8 /* of one label; more are left in the property */

struct found {
	struct kith_span word[LABEL_WORDS];
	enum rank rank[LABEL_WORDS];
	size_t n;
	bool preferred;
};

static void find_word(struct found *f, struct kith_span s)
{
	struct kith_span label = s;
	enum rank rank = REST;

	if (kith_span_is(s, "PREF"))
		f->preferred = true;
	for (size_t i = 0; i < WORDS; i++) {
		if (s.n == words[i].n && kith_same_letters(s.p, words[i].word, s.n)) {
			label = kith_span_str(words[i].label);
			rank = words[i].rank;
			break;
		}
	}
	if (rank == REST && s.n > 2 && (s.p[0] | 0x20) == 'x' && s.p[1] == '-')
		label = kith_span(s.p + 2, s.n - 2);
	if (rank == SILENT || label.n == 0 || f->n == LABEL_WORDS)
		return;
	for (size_t i = 0; i < f->n; i++)
		if (kith_word_eq(f->word[i], label))
			return;
	f->word[f->n] = label;
	f->rank[f->n++] = rank;
}

static void find_words(struct found *f, struct kith_span params)
{
	struct kith_span name, values, s;

	while (kith_params_next(&params, &name, &values)) {
		if (kith_span_is(name, "PREF") && kith_param_value(&values, &s))
			f->preferred |= kith_span_is(s, "1");
		if (name.n > 0 ? !kith_span_is(name, "TYPE")
			       : strcmp(kith_param_of_word(values), "TYPE") != 0)
			continue;
		while (values.n > 0 && kith_param_value(&values, &s))
			find_word(f, s);
	}
}

/* Apple writes TYPE=IPHONE beside CELL; and a weak word is none beside another. */
static void drop_words(struct found *f)
{
	bool iphone = false, strong = false;
	size_t to = 0;

	for (size_t i = 0; i < f->n; i++) {
		iphone |= kith_word_is(f->word[i], "iphone");
		strong |= f->rank[i] != WEAK;
	}
	for (size_t i = 0; i < f->n; i++) {
		if ((strong && f->rank[i] == WEAK) ||
			(iphone && kith_word_is(f->word[i], "mobile")))
			continue;
		f->word[to] = f->word[i];
		f->rank[to++] = f->rank[i];
	}
	f->n = to;
}

enum kith_err kith_label_read(struct kith_vcard *v, const struct kith_vcard_property *p,
	struct kith_span *ret_label, bool *ret_preferred)
{
	struct found f;
	size_t n = 0;

	f.n = 0;
	f.preferred = false;
	if (p->params.n > 0)
		find_words(&f, p->params);
	if (f.n > 1)
		drop_words(&f);
	*ret_preferred = f.preferred;
	*ret_label = f.n > 0 ? f.word[0] : kith_span("", 0);
	if (f.n == 0 || (f.n == 1 && f.rank[0] != REST)) /* one of ours, as it is to be */
		return KITH_OK;
	for (size_t i = 0; i < f.n; i++)
		n += f.word[i].n + (i > 0);
	uint8_t *text = kith_vcard_alloc(v, n);
	if (!text)
		return KITH_ERR_NOMEM;
	n = 0;
	for (enum rank rank = PLACE; rank <= WEAK; rank++) {
		for (size_t i = 0; i < f.n; i++) {
			if (f.rank[i] != rank)
				continue;
			if (n > 0)
				text[n++] = ' ';
			for (size_t k = 0; k < f.word[i].n; k++) {
				uint8_t c = f.word[i].p[k];
				text[n++] = c >= 'A' && c <= 'Z' ? c | 0x20 : c;
			}
		}
	}
	return kith_clean(v, kith_span(text, n), ret_label);
}

enum kith_err kith_label_text(
	struct kith_vcard *v, struct kith_span text, struct kith_span *ret_label)
{
	if (text.n <= 8 || memcmp(text.p, "_$!<", 4) != 0 ||
		memcmp(text.p + text.n - 4, ">!$_", 4) != 0) {
		*ret_label = text;
		return KITH_OK;
	}
	uint8_t *lower = kith_vcard_alloc(v, text.n - 8);
	if (!lower)
		return KITH_ERR_NOMEM;
	for (size_t i = 0; i < text.n - 8; i++) {
		uint8_t c = text.p[i + 4];
		lower[i] = c >= 'A' && c <= 'Z' ? c | 0x20 : c;
	}
	*ret_label = kith_span(lower, text.n - 8);
	return KITH_OK;
}

const char *kith_label_type(struct kith_span label, uint32_t kind)
{
	unsigned where =
		kind == KITH_FIELD_TEL ? TEL | ALL
		: kind == KITH_FIELD_EMAIL || kind == KITH_FIELD_URL || kind == KITH_FIELD_ADR ? ALL
											       : 0;

	for (size_t i = 0; label.n > 0 && i < sizeof types / sizeof types[0]; i++)
		if (types[i].where & where && kith_word_is(label, types[i].label))
			return types[i].value;
	return NULL;
}

bool kith_label_eq(struct kith_span a, struct kith_span b)
{
	return kith_word_eq(kith_word_is(a, "cell") ? kith_span_str("mobile") : a,
		kith_word_is(b, "cell") ? kith_span_str("mobile") : b);
}
