/* SPDX-License-Identifier: MIT
 *
 * param - the parameters of a property one after the other, as they stand.
 */
#ifndef KITH_VCARD_PARAM_H
#define KITH_VCARD_PARAM_H

#include <kith/bytes.h>

/* One parameter.  Spans borrow from the property. */
struct kith_param {
	struct kith_span name;  /* n == 0: a bare word of 2.1, which is the value */
	struct kith_span value; /* with its quotes and commas */
	struct kith_span whole; /* both, without the ";" before */
};

/* Takes the first parameter off rest, which begins with a ";" (property->params); false when there is
 * none. */
bool kith_param_next(struct kith_span *rest, struct kith_param *ret);

/* Takes the first value off a list with commas, without its quotes; false when there is none. */
bool kith_param_value(struct kith_span *list, struct kith_span *ret);

/* Whether the text is that word, whatever the case of ASCII letters. */
bool kith_word_is(struct kith_span s, const char *word);

/* The same for two texts. */
bool kith_word_eq(struct kith_span a, struct kith_span b);

/* Whether the parameter tells how the value is coded: ENCODING, CHARSET, or such a bare word. */
bool kith_param_codes(const struct kith_param *p);

#endif
