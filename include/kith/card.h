/* SPDX-License-Identifier: MIT
 *
 * card.h - a contact card: its fields, its signed envelope, and which of two is newer.
 * UNSTABLE until 1.0.  Source: proto/card.md, proto/fields.def.
 *
 * Functions are pure; any thread.
 */
#ifndef KITH_CARD_H
#define KITH_CARD_H

#include <kith/bytes.h>
#include <kith/identity.h>

/* Sizes; the same numbers as CARD_FIELDS_MAX and FIELD_PARTS_MAX of proto/limits.def. */
#define KITH_CARD_FIELDS 64
#define KITH_FIELD_PARTS 7

/* KITH_FIELD_EMAIL = 20, and so on: proto/fields.def. */
enum kith_field_kind {
#define KITH_FIELD(NAME, kind, name, parts, max, single, what) KITH_FIELD_##NAME = (kind),
#include "proto/fields.def"
#undef KITH_FIELD
};

#define KITH_FIELD_PREFERRED 1u /* bit of kith_field.flags: the first choice among its kind */

/* One field.  Its spans borrow from the bytes that were decoded, or from what the caller set. */
struct kith_field {
	uint32_t kind;                           /* enum kith_field_kind, or one of a newer kith */
	uint32_t flags;                          /* KITH_FIELD_PREFERRED */
	struct kith_span label;                  /* "work"; n == 0 for none */
	struct kith_span part[KITH_FIELD_PARTS]; /* the value; an address has seven parts */
	size_t parts;                            /* in use, at least 1 */
};

/* The fields of a card, in their order.  A plain value. */
struct kith_fields {
	struct kith_field at[KITH_CARD_FIELDS];
	size_t n;
};

/* What a kind of field is; static. */
struct kith_field_info {
	uint32_t kind;
	const char *name; /* on the command line */
	size_t parts;     /* how many a value has */
	size_t max;       /* bytes of one part */
	bool single;      /* at most one in a card */
	const char *what; /* in words */
};

/* By number, or by name (any case); NULL when there is none. */
const struct kith_field_info *kith_field_info(uint32_t kind);
const struct kith_field_info *kith_field_named(struct kith_span name);

/* All kinds in their order; *ret_n entries. */
const struct kith_field_info *kith_field_all(size_t *ret_n);

/* First field of a kind, the preferred one if any is; NULL when there is none. */
const struct kith_field *kith_fields_first(const struct kith_fields *fields, uint32_t kind);

/*
 * Checks a field as a person would set it: known kind, part count, size, UTF-8, and for `bday` the
 * date (1815-12-10 or --12-10), for `email` one "@" between two texts without blanks.
 * KITH_ERR_VALUE, KITH_ERR_LIMIT, KITH_ERR_UTF8, with a sentence.
 */
enum kith_err kith_field_check(
	const struct kith_field *field, struct kith_diag *diag) KITH_MUST_CHECK;

/*
 * Reads "kind[.label]=value" as the command line takes it ("email.work=ada@example.org").  An
 * address is written with ";" between its parts, fewer than seven meaning street; place; region;
 * code; country from the left ("adr.home=1 High St;London;;N1;UK"), a single one the street.
 * *ret_field borrows from text.  An empty value is allowed here (for unset).
 * KITH_ERR_USAGE: no "=" or no such field; KITH_ERR_LIMIT: the label is too long.
 */
enum kith_err kith_field_parse(struct kith_span text, struct kith_field *ret_field,
	struct kith_diag *diag) KITH_MUST_CHECK;

/* Appends the value on one line as kith_field_parse takes it (address parts with ";"). */
enum kith_err kith_field_value(
	const struct kith_field *field, struct kith_buf *out) KITH_MUST_CHECK;

/*
 * Packs fields on their own (the profile in the store), and reads them back.  Unpacked spans borrow
 * from bytes.  Errors of reading as in kith_card_verify steps 8 and 9, but a name may be missing.
 */
enum kith_err kith_fields_pack(
	const struct kith_fields *fields, struct kith_buf *out) KITH_MUST_CHECK;
enum kith_err kith_fields_unpack(
	struct kith_span bytes, struct kith_fields *ret_fields) KITH_MUST_CHECK;

enum kith_card_variant { KITH_CARD_FULL = 0, KITH_CARD_POCKET = 1 };

/* A card as decoded.  Spans borrow from the envelope. */
struct kith_card {
	uint8_t ik[KITH_KEY_BYTES]; /* whose it is; has signed it */
	uint8_t xk[KITH_KEY_BYTES]; /* his key for being recognised */
	uint64_t rev;               /* counts up with every signature of ik, from 1 */
	int64_t issued;             /* Unix seconds by his clock; for showing only */
	uint8_t card[8];            /* which of his cards */
	bool has_prev;              /* prev is set */
	uint8_t prev[32];           /* hash of the body before; informative */
	uint32_t pass;              /* 0 never, 1 ask me, 2 freely: may it be handed on */
	enum kith_card_variant variant;
	struct kith_fields fields;
	struct kith_span body; /* the bytes that were signed */
};

/*
 * Signs a card: appends the envelope to out.  ik, xk and body are taken from id, not from card.
 * Errors: KITH_ERR_LIMIT (too large), KITH_ERR_VALUE (no name, a field twice), KITH_ERR_UTF8,
 * KITH_ERR_NOMEM.
 */
enum kith_err kith_card_sign(const struct kith_identity *id, const struct kith_card *card,
	struct kith_buf *out) KITH_MUST_CHECK;

/*
 * Verifies an envelope in the order of proto/card.md, "Verifying", and decodes it.  *ret_card is
 * written on success only.  That ik belongs to whoever handed the card over is NOT checked.
 * Errors: KITH_ERR_LIMIT, _TRUNCATED, _SHAPE, _TYPE, _DUP, _UTF8, _NOTCARD, _VERSION, _SIG, and
 * KITH_ERR_NOMEM.
 */
enum kith_err kith_card_verify(
	struct kith_span envelope, struct kith_card *ret_card) KITH_MUST_CHECK;

/* H("kith/1 prev", body), for the next card's prev. */
void kith_card_prev(struct kith_span body, uint8_t out[static 32]);

/* H("kith/1 env", envelope), what a receipt is about. */
void kith_card_hash(struct kith_span envelope, uint8_t out[static 32]);

/*
 * Whether a verified card may take the place of the one held of the same (ik, card):
 * KITH_OK it is newer; KITH_ERR_EXISTS it is the same bytes; KITH_ERR_CONFLICT same revision, other
 * bytes; KITH_ERR_ROLLBACK older; KITH_ERR_LIMIT a jump of more than 2^32.
 */
enum kith_err kith_card_newer(
	const struct kith_card *have, const struct kith_card *got) KITH_MUST_CHECK;

/*
 * Finds the envelope in the bytes of a file: as it is, or in armor (the first block; text outside is
 * ignored).  Appends it to out, unverified.
 * KITH_ERR_NOTCARD: neither; KITH_ERR_SHAPE: the armor is broken; KITH_ERR_NOMEM.
 */
enum kith_err kith_card_from_file(struct kith_span bytes, struct kith_buf *out) KITH_MUST_CHECK;

/* Appends an envelope in armor. */
enum kith_err kith_card_armor(struct kith_span envelope, struct kith_buf *out) KITH_MUST_CHECK;

#endif
