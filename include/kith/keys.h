/*
 * SPDX-License-Identifier: MIT
 *
 * keys.h - what becomes of people whose keys change: rotations, revocations, and keys that were
 * lost. UNSTABLE until 1.0.  Source: proto/statement.md.
 *
 * Threads, transactions and store errors as in kith/store.h.
 */
#ifndef KITH_KEYS_H
#define KITH_KEYS_H

#include <kith/statement.h>
#include <kith/store.h>

/* Why a person is frozen.  Kept in the store by number: never change one. */
enum kith_frozen {
	KITH_FROZEN_NOT = 0,
	KITH_FROZEN_REVOKED = 1, /* the key they have was revoked */
	KITH_FROZEN_LEFT = 2, /* one that they left was, and the one they have was never compared */
	KITH_FROZEN_TWICE = 3, /* one key went to two others, and neither had proven to be theirs */
};

/* "revoked", "left", "twice", "" for NOT; static. */
const char *kith_frozen_name(enum kith_frozen frozen);

/* A sentence without its name in front: "this key was revoked by its owner; nothing is exchanged
 * until ..."; static. */
const char *kith_frozen_words(enum kith_frozen frozen);

/* What came of a statement. */
enum kith_keys_what {
	KITH_KEYS_NOBODY,   /* nobody here has, or had, that key; nothing is stored */
	KITH_KEYS_SAME,     /* it was taken before */
	KITH_KEYS_ROTATED,  /* the person goes on under the new key */
	KITH_KEYS_FROZEN,   /* the person is frozen by it */
	KITH_KEYS_EVIDENCE, /* it was kept, and changes nothing */
};

/* One that was looked at.  A plain value. */
struct kith_keys_outcome {
	enum kith_keys_what what;
	int64_t contact;         /* whom it is about; 0 for nobody */
	enum kith_frozen frozen; /* how that person stands now */
};

/*
 * Takes a verified rotation or revocation (the bytes of it too), by the table of
 * proto/statement.md. KITH_ERR_STALEKEY: a rotation of somebody who is frozen, or back to a key
 * that was left; KITH_ERR_EXISTS: one to a key that another contact has, or had; KITH_ERR_OWNKEY:
 * one from or to a key that I have, or had; KITH_ERR_LIMIT: the STATEMENTS_MAX + 1st since they
 * were compared last; nothing is changed then.  Store errors.
 */
enum kith_err kith_keys_take(struct kith_store *store, const struct kith_statement *statement,
	struct kith_span bytes, int64_t now, struct kith_keys_outcome *ret) KITH_MUST_CHECK;

/* How a person stands. */
struct kith_keys_state {
	enum kith_frozen frozen;
	int64_t frozen_at; /* Unix seconds; 0: not */
	bool settled;      /* has proven to have the key of now */
	bool anchored;     /* it was compared since it is theirs, or never another */
	size_t former;     /* keys that they had before */
};

/* KITH_ERR_NOPERSON; store errors. */
enum kith_err kith_keys_of(
	struct kith_store *store, int64_t contact, struct kith_keys_state *ret) KITH_MUST_CHECK;

/* A key that a person had. */
struct kith_former_key {
	uint8_t ik[KITH_KEY_BYTES];
	int64_t left_at; /* when I learned of it, Unix seconds */
	bool replaced;   /* by me (kith_keys_replace), else signed away */
	bool revoked;    /* by its owner */
};

typedef bool (*kith_former_key_fn)(void *ctx, const struct kith_former_key *key);

/* Those of a person, the first one first.  Store errors. */
enum kith_err kith_keys_former(struct kith_store *store, int64_t contact, kith_former_key_fn fn,
	void *ctx) KITH_MUST_CHECK;

/* A statement that is kept.  bytes are valid until fn returns. */
struct kith_kept {
	int64_t row;
	enum kith_statement_kind kind;
	uint8_t ik[KITH_KEY_BYTES]; /* that is left, or revoked */
	int64_t at;                 /* when it came, Unix seconds */
	struct kith_span bytes;
};

typedef bool (*kith_kept_fn)(void *ctx, const struct kith_kept *kept);

/* Rotations and revocations that are kept, in the order in which they came: of a person, or my own
 * (contact 0). Store errors. */
enum kith_err kith_keys_kept(
	struct kith_store *store, int64_t contact, kith_kept_fn fn, void *ctx) KITH_MUST_CHECK;

/* Keeps a rotation or revocation of my own: a revocation is then handed to everybody I meet.  What
 * is kept already stays as it is.  Store errors. */
enum kith_err kith_keys_mine(struct kith_store *store, const struct kith_statement *statement,
	struct kith_span bytes, int64_t now) KITH_MUST_CHECK;

/*
 * The next revocation of mine that this person was not handed yet, with a row above `after`:
 * appends its bytes. KITH_ERR_MISSING: none; store errors.  And that they were handed it.
 * KITH_ERR_NOPERSON: nobody with that number, or no such statement; store errors.
 */
enum kith_err kith_keys_due(struct kith_store *store, int64_t contact, int64_t after,
	int64_t *ret_row, struct kith_buf *out) KITH_MUST_CHECK;
enum kith_err kith_keys_sent(
	struct kith_store *store, int64_t contact, int64_t row) KITH_MUST_CHECK;

/* The same person has lost the key `old` has and is there as `new` too, whose key was compared or
 * scanned: everything known of old moves to new, and old's key is remembered as one that I
 * replaced. KITH_ERR_NOPERSON: one is not there, or has no key; KITH_ERR_VALUE: they are one row,
 * new was not compared, or new is frozen; store errors. */
enum kith_err kith_keys_replace(
	struct kith_store *store, int64_t old, int64_t new, int64_t now) KITH_MUST_CHECK;

#endif
