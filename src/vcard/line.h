/* SPDX-License-Identifier: MIT
 *
 * line - content lines of a vCard: escaping, folding, line ends.
 */
#ifndef KITH_VCARD_LINE_H
#define KITH_VCARD_LINE_H

#include <kith/bytes.h>

#define KITH_VCARD_LINE_OCTETS 75 /* of one line, its end not counted (RFC 2426 section 2.6) */

/* Writes lines into out.  The first error sticks in err. */
struct kith_line {
	struct kith_buf *out; /* borrowed */
	size_t octets;        /* of the line so far */
	enum kith_err err;    /* KITH_ERR_NOMEM once memory ran out */
	bool whole;           /* lines are not folded */
};

/* ASCII that needs no escaping: a property name, a parameter, a separator. */
void kith_line_raw(struct kith_line *l, const char *s);

/* UTF-8 without line ends that stands as it is: what was read from a line. */
void kith_line_bytes(struct kith_line *l, struct kith_span s);

/* UTF-8, escaped as a text value; a component between the caller's separators. */
void kith_line_text(struct kith_line *l, struct kith_span s);

/* UTF-8, as a URI: what cannot stand in one becomes %XX. */
void kith_line_uri(struct kith_line *l, struct kith_span s);

/* Ends the line. */
void kith_line_end(struct kith_line *l);

#endif
