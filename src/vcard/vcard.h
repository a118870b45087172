/* SPDX-License-Identifier: MIT
 *
 * vcard - a card as vCard 3.0 (RFC 2426), for phones, address books and CardDAV servers.
 *
 * 3.0 and not 4.0, because servers and phones in use lose data from 4.0.  One field becomes:
 *
 *	name                  FN
 *	given family          N; what is not given is derived from name: one of given and family
 *	  additional          from the rest of the name behind or before the other; without both,
 *	  prefix suffix       the last word is the family name, except in a name of one word, with a
 *	                      comma, or in Chinese, Japanese or Korean, which stays whole as given
 *	nickname              NICKNAME, a line each, since readers lose all but the first of a list
 *	org unit              ORG:org;unit;unit - the units with the label of that org, and with the
 *	                      first org those that have the label of none
 *	title email tel url   TITLE EMAIL TEL URL, a line each
 *	adr                   ADR, a line each
 *	bday                  BDAY:1815-12-10; without a year
 *	                      BDAY;X-APPLE-OMIT-YEAR=1604:1604-12-10, because 3.0 has no such date;
 *	                      what is no date is left out
 *	note                  NOTE, a line each
 *	pronouns              X-PRONOUNS
 *	offers asks           X-KITH-OFFERS, X-KITH-ASKS, a line each
 *	photo                 PHOTO;ENCODING=b;TYPE=JPEG, PNG or WEBP, by its first bytes; any other
 *	                      picture is left out
 *
 * and besides UID (the UUID of the key, kith_uid_text), REV (when the card was signed; left out
 * beyond the year 9999) and X-KITH-ID (base32 of the key; a claim, since the vCard is not signed).
 * Empty values and fields of a newer kith are left out.
 *
 * The labels work, home, cell, mobile, fax, "work fax", "home fax", pager, voice and video (any
 * case) become TYPE where that property has such a type, and a preferred EMAIL, TEL, URL or ADR
 * gets TYPE=PREF.  Any other label becomes a group: item1.URL and item1.X-ABLabel.
 *
 * Lines end in CRLF and are folded at 75 octets, never inside a character.  A text is escaped as
 * \\ \; \, \n; every kind of line break (CR, LF, VT, FF, FS, GS, RS, NEL, U+2028, U+2029) becomes
 * \n, other control characters but the tab are left out.  In a URL, which is not escaped, controls,
 * blanks, backslashes and commas (where readers cut it) become %XX.  So no value can end its line
 * or begin a property.
 */
#ifndef KITH_VCARD_VCARD_H
#define KITH_VCARD_VCARD_H

#include <kith/card.h>

/*
 * Appends the vCard of a card that came out of kith_card_verify, BEGIN to END.  Only ik, issued and
 * fields are read, and the same card always gives the same bytes.
 * KITH_ERR_NOMEM: out may hold a part.
 */
enum kith_err kith_vcard3_write(const struct kith_card *card, struct kith_buf *out) KITH_MUST_CHECK;

#endif
