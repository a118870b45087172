/* SPDX-License-Identifier: MIT
 *
 * introduction - what is said and signed when one who knows both hands over the cards of two who do not
 * know each other: two statements, three messages, and a file for each of these.
 * Source: proto/introduction.md.
 *
 * Functions are pure; any thread.  What is read borrows from the bytes.
 */
#ifndef KITH_CARD_INTRODUCTION_H
#define KITH_CARD_INTRODUCTION_H

#include <kith/statement.h>

#define KITH_INTRODUCTION_ID_BYTES 16
#define KITH_INTRODUCTION_SALT     32 /* bytes */

/* H("kith/1 aud", id, ik, salt): who the other one is, for whoever has the salt. */
void kith_introduction_aud(const uint8_t id[static KITH_INTRODUCTION_ID_BYTES],
	const uint8_t ik[static KITH_KEY_BYTES], const uint8_t salt[static KITH_INTRODUCTION_SALT],
	uint8_t out[static 32]);

/* Whether a person may say this of an introduction: not empty, short enough, UTF-8.
 * KITH_ERR_VALUE, KITH_ERR_LIMIT, KITH_ERR_UTF8. */
enum kith_err kith_introduction_words(struct kith_span words) KITH_MUST_CHECK;

/* --- statements ------------------------------------------------------------------------------- */

/* The yes of one who is introduced. */
struct kith_grant {
	uint8_t id[KITH_INTRODUCTION_ID_BYTES];
	uint8_t subject[KITH_KEY_BYTES];    /* whose yes; has signed it */
	uint8_t introducer[KITH_KEY_BYTES]; /* to whom it was said */
	uint8_t aud[32];                    /* for whom the card is */
	uint8_t card[32];                   /* kith_card_hash of the envelope */
	int64_t issued;                     /* Unix seconds by their clock; for showing only */
};

/* How an introducer knows whom they introduce. */
enum kith_intro_how {
	KITH_INTRO_COMPARED = 0,
	KITH_INTRO_SCANNED = 1,
	KITH_INTRO_OTHERWISE = 2,
	KITH_INTRO_CHAIN = 3, /* by an introduction; nobody takes that */
};

/* The word of the introducer. */
struct kith_intro {
	uint8_t id[KITH_INTRODUCTION_ID_BYTES];
	uint8_t introducer[KITH_KEY_BYTES]; /* has signed it */
	uint8_t subject[KITH_KEY_BYTES];    /* who is introduced */
	uint8_t audience[KITH_KEY_BYTES];   /* to whom */
	uint8_t card[32];                   /* kith_card_hash of the envelope */
	enum kith_intro_how how;
	int64_t issued;
};

/* Sign; appends the statement.  subject, and introducer of an intro, are id's key whatever stands there.
 * KITH_ERR_VALUE, KITH_ERR_NOMEM. */
enum kith_err kith_grant_sign(const struct kith_identity *id, const struct kith_grant *grant,
	struct kith_buf *out) KITH_MUST_CHECK;
enum kith_err kith_intro_sign(const struct kith_identity *id, const struct kith_intro *intro,
	struct kith_buf *out) KITH_MUST_CHECK;

/* Verify, in the order of proto/statement.md.  Errors as of kith_statement_open, KITH_ERR_SIG, and
 * KITH_ERR_SUBJECT for a statement of another kind. */
enum kith_err kith_grant_verify(
	struct kith_span bytes, struct kith_grant *ret_grant) KITH_MUST_CHECK;
enum kith_err kith_intro_verify(
	struct kith_span bytes, struct kith_intro *ret_intro) KITH_MUST_CHECK;

/* --- messages --------------------------------------------------------------------------------- */

/* PROPOSE */
struct kith_propose {
	uint8_t id[KITH_INTRODUCTION_ID_BYTES];
	uint8_t aud[32];
	struct kith_span words;
};

/* GRANT: the statement, and the card that it is about. */
struct kith_granted {
	struct kith_span grant;
	struct kith_span envelope;
};

/* INTRO: both statements, the card, and what opens the two auds. */
struct kith_handover {
	struct kith_span intro;
	struct kith_granted other;
	uint8_t salt_theirs[KITH_INTRODUCTION_SALT]; /* of the aud in the other one's grant */
	uint8_t salt_mine[KITH_INTRODUCTION_SALT];   /* of the aud in the reader's */
};

/* Append the bytes.  KITH_ERR_NOMEM. */
enum kith_err kith_propose_pack(
	const struct kith_propose *propose, struct kith_buf *out) KITH_MUST_CHECK;
enum kith_err kith_granted_pack(
	const struct kith_granted *granted, struct kith_buf *out) KITH_MUST_CHECK;
enum kith_err kith_handover_pack(
	const struct kith_handover *handover, struct kith_buf *out) KITH_MUST_CHECK;

/*
 * Read them; statements and envelope are NOT verified.  KITH_ERR_LIMIT, _TRUNCATED, _SHAPE, _TYPE, _DUP,
 * _UTF8, _VERSION (a critical key that is not known), KITH_ERR_NOMEM.
 */
enum kith_err kith_propose_read(
	struct kith_span bytes, struct kith_propose *ret_propose) KITH_MUST_CHECK;
enum kith_err kith_granted_read(
	struct kith_span bytes, struct kith_granted *ret_granted) KITH_MUST_CHECK;
enum kith_err kith_handover_read(
	struct kith_span bytes, struct kith_handover *ret_handover) KITH_MUST_CHECK;

/* --- files ------------------------------------------------------------------------------------ */

/* One message on its way by file. */
struct kith_introfile {
	uint8_t from[KITH_KEY_BYTES]; /* has signed it */
	uint8_t to[KITH_KEY_BYTES];   /* for whom alone it is */
	uint64_t kind;                /* 4 PROPOSE, 5 GRANT, 6 INTRO: enum kith_parcel_kind */
	struct kith_span bytes;       /* the message */
};

#define KITH_INTROFILE_FIRST 4
#define KITH_INTROFILE_LAST  6

/* Signs it; appends the file.  from is id's key.  KITH_ERR_VALUE (another kind), KITH_ERR_LIMIT,
 * KITH_ERR_NOMEM. */
enum kith_err kith_introfile_sign(const struct kith_identity *id, const struct kith_introfile *file,
	struct kith_buf *out) KITH_MUST_CHECK;

/* Verifies its signature and reads it; the message in it is NOT looked at.  Errors as of
 * kith_grant_verify. */
enum kith_err kith_introfile_verify(
	struct kith_span bytes, struct kith_introfile *ret_file) KITH_MUST_CHECK;

/* Whether the bytes begin as such a file does. */
bool kith_introfile_is(struct kith_span bytes);

/* Appends what is in a file, which is the bytes themselves or the first block of armor.  KITH_ERR_NOTCARD: neither;
 * KITH_ERR_SHAPE; KITH_ERR_NOMEM. */
enum kith_err kith_introfile_from_file(
	struct kith_span bytes, struct kith_buf *out) KITH_MUST_CHECK;

/* Appends it in armor. */
enum kith_err kith_introfile_armor(struct kith_span file, struct kith_buf *out) KITH_MUST_CHECK;

#endif
