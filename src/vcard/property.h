/* SPDX-License-Identifier: MIT
 *
 * property - the parts of a line that is a property: group.NAME;parameters:value.
 */
#ifndef KITH_VCARD_PROPERTY_H
#define KITH_VCARD_PROPERTY_H

#include <kith/bytes.h>

/* How the value is written in characters. */
enum kith_coding { KITH_CODING_PLAIN, KITH_CODING_QUOTED, KITH_CODING_BASE64 };

/* Where the parts of a line are, so that they hold when the line moves. */
struct kith_parts {
	size_t group;  /* bytes of it; 0: none, and no dot either */
	size_t name;   /* where it begins */
	size_t name_n; /* its bytes */
	size_t params; /* where they begin, at the ";"; colon when there are none */
	size_t colon;
	enum kith_coding coding;
};

/* False: the line is no property. */
bool kith_parts_of(struct kith_span line, struct kith_parts *ret);

/*
 * Takes the next parameter off the front of *params, which begins with a ";": its name, empty for a
 * bare word of 2.1, and what stands behind the "=", quotes and all.  False at the end.
 */
bool kith_params_next(
	struct kith_span *params, struct kith_span *ret_name, struct kith_span *ret_values);

/* Whether one of them begins as CHARSET, ENCODING and the words of 2.1 for it do.  Most begin with TYPE,
 * and nobody needs to look at them more closely to know how the value is written. */
bool kith_params_may_code(struct kith_span params);

/* Takes the next value off the front of what kith_params_next gave, without quotes; inside too:
 * commas between quotes part values as well.  False at the end. */
bool kith_values_next(struct kith_span *values, bool inside, struct kith_span *ret);

/* Which parameter a bare word of 2.1 stands for: "TYPE", "ENCODING" or "VALUE". */
const char *kith_param_of_word(struct kith_span word);

/* n bytes of p and word, alike but for the case of ASCII letters; word in capitals. */
static inline bool kith_same_letters(const uint8_t *p, const char *word, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint8_t c = p[i] ^ (uint8_t)word[i];
		if (c != 0 && (c != 0x20 || word[i] < 'A' || word[i] > 'Z'))
			return false;
	}
	return true;
}

/* Equal but for the case of ASCII letters; word in capitals. */
static inline bool kith_span_is(struct kith_span s, const char *word)
{
	size_t n = strlen(word);

	return s.n == n && kith_same_letters(s.p, word, n);
}

#endif
