/* SPDX-License-Identifier: MIT
 *
 * name - the parts of a name that vCard asks for, derived where they were not given.
 */
#ifndef KITH_VCARD_NAME_H
#define KITH_VCARD_NAME_H

#include <kith/card.h>

/* Spans borrow from the fields; n == 0 for what there is not. */
struct kith_name {
	struct kith_span family;
	struct kith_span given;
	struct kith_span additional;
	struct kith_span prefix;
	struct kith_span suffix;
};

/* As vcard.h says under N. */
struct kith_name kith_name_parts(const struct kith_fields *fields);

#endif
