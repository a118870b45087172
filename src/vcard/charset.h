/* SPDX-License-Identifier: MIT
 *
 * charset - text in the charsets that address books wrote, into UTF-8.
 *
 * Only those of a list: the others that iconv has are for mainframes and of no use here, and a file
 * should not choose which code of the C library reads it.
 */
#ifndef KITH_VCARD_CHARSET_H
#define KITH_VCARD_CHARSET_H

#include <iconv.h>

#include <kith/bytes.h>

/* Keeps the converter that was used last.  Starts with {0}. */
struct kith_charset {
	const char *name; /* NULL: none is open */
	iconv_t convert;
};

/* NULL allowed. */
void kith_charset_free(struct kith_charset *c);

/* The name that kith_charset_text takes for one that a file has, whatever its case, hyphens and
 * blanks: "UTF-8", for which nothing has to be done, or another; NULL: not known.  Static. */
const char *kith_charset_known(struct kith_span name);

/* Whether text in it is ASCII to the eye. */
bool kith_charset_is_7bit(const char *name);

/*
 * Appends the bytes as UTF-8 without NUL.  What is not in that charset (NULL: UTF-8) is taken for
 * windows-1252, byte by byte, and *ret_guessed set.  KITH_ERR_NOMEM.
 */
enum kith_err kith_charset_text(struct kith_charset *c, const char *name, struct kith_span bytes,
	struct kith_buf *out, bool *ret_guessed) KITH_MUST_CHECK;

#endif
