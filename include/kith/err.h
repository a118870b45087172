/* SPDX-License-Identifier: MIT
 *
 * err.h - the one error space of kith.  UNSTABLE until 1.0.
 *
 * Every function that can fail returns an enum kith_err: KITH_OK is 0, every error is negative.
 * A function that can say more than the number takes a struct kith_diag, fills it with one
 * sentence (what went wrong, where, and what to do) on failure and leaves it alone on success.
 */
#ifndef KITH_ERR_H
#define KITH_ERR_H

#if defined(__GNUC__)
#define KITH_MUST_CHECK        __attribute__((warn_unused_result))
#define KITH_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#else
#define KITH_MUST_CHECK
#define KITH_PRINTF(fmt, args)
#endif

/*
 * X(name, number, exit status, what it means)
 * The exit statuses are the contract of the command line:
 * 0 done, 1 failed for another reason, 2 wrong usage, 3 no such person or more than one,
 * 4 a person said no, 5 nobody came or nothing came, 6 bad input, 7 the store cannot be used,
 * 8 the other side broke the protocol.
 */
#define KITH_ERRORS(X)                                                                             \
	X(NOMEM, -1, 1, "memory ran out")                                                          \
	X(IO, -2, 1, "reading or writing failed")                                                  \
	X(USAGE, -3, 2, "that is not how the command is used")                                     \
	X(EXISTS, -4, 1, "it exists already")                                                      \
	X(MISSING, -5, 1, "it does not exist")                                                     \
	X(PERMISSION, -6, 1, "the file is not private enough, or access is denied")                \
	X(INTERNAL, -7, 1, "kith contradicted itself; please report this")                         \
	/* bytes and cards */                                                                      \
	X(TRUNCATED, -20, 6, "the data ends too early")                                            \
	X(SHAPE, -21, 6, "the data is not in the one canonical form")                              \
	X(TYPE, -22, 6, "a value has the wrong type or lies outside its range")                    \
	X(DUP, -23, 6, "a key appears twice")                                                      \
	X(UTF8, -24, 6, "a text is not valid UTF-8")                                               \
	X(LIMIT, -25, 6, "a size or count is over its limit")                                      \
	X(SIG, -26, 6, "the signature does not hold")                                              \
	X(SUBJECT, -27, 6, "the card is about somebody else")                                      \
	X(VERSION, -28, 6, "this needs a newer kith")                                              \
	X(ROLLBACK, -29, 6, "an older revision than the one already held")                         \
	X(CONFLICT, -30, 6, "another card with the same revision number is already held")          \
	X(NOTCARD, -31, 6, "this is not a kith card")                                              \
	X(VALUE, -32, 6, "the value is not allowed for this field")                                \
	X(PICTURE, -33, 6, "this is not a picture that can be read")                               \
	/* keys at rest */                                                                         \
	X(KEYFILE, -40, 6, "the key file is damaged")                                              \
	X(PASSPHRASE, -41, 1, "the passphrase is wrong or missing")                                \
	X(NOIDENTITY, -42, 1, "there is no identity here yet; run kith init")                      \
	X(STALEKEY, -43, 6, "the key was left, or nothing by it is taken any more")                \
	/* store */                                                                                \
	X(STORE, -50, 7, "the store cannot be used")                                               \
	X(STORE_LOCKED, -51, 7, "the store was locked for too long by another process")            \
	X(STORE_READONLY, -52, 7, "the store is read-only")                                        \
	X(STORE_FULL, -53, 7, "the disk is full")                                                  \
	X(STORE_NEWER, -54, 7, "the store was written by a newer kith")                            \
	X(STORE_CORRUPT, -55, 7, "the store is damaged")                                           \
	/* people */                                                                               \
	X(NOPERSON, -60, 3, "no such person")                                                      \
	X(AMBIGUOUS, -61, 3, "more than one person matches")                                       \
	/* sessions */                                                                             \
	X(PROTOCOL, -70, 8, "the other side broke the protocol")                                   \
	X(STATE, -71, 8, "a message came when it was not expected")                                \
	X(COMMIT, -72, 8, "what was revealed is not what was committed to")                        \
	X(OWNKEY, -73, 8, "the other side uses your own key")                                      \
	X(MISMATCH, -74, 4, "the codes differed")                                                  \
	X(DECLINED, -75, 4, "the other person said no")                                            \
	X(TIMEOUT, -76, 5, "nobody answered in time")                                              \
	X(BROKEN, -77, 5, "the connection broke")                                                  \
	X(UNREACHABLE, -78, 5, "seen, but not reached")                                            \
	X(BUSY, -79, 1, "busy with something else")                                                \
	/* node and courier */                                                                     \
	X(NODE, -90, 1, "the node could not be started or stopped answering")                      \
	X(COURIER, -91, 1, "the network helper could not be started")                              \
	X(HELPER, -92, 1, "the picture helper could not be started")

enum kith_err {
	KITH_OK = 0,
#define KITH_ERR_ENUM(name, number, status, text) KITH_ERR_##name = (number),
	KITH_ERRORS(KITH_ERR_ENUM)
#undef KITH_ERR_ENUM
};

#define KITH_DIAG_BYTES 512 /* room for one sentence, NUL included */

/* One sentence about a failure.  A plain value; start it with {0}.  The text may quote input, so
 * it has been made inert for a terminal already (no control or direction characters). */
struct kith_diag {
	char text[KITH_DIAG_BYTES]; /* empty when nothing more is known */
};

/* What an error means, in a few words; never NULL, static.  Any thread. */
const char *kith_err_text(enum kith_err err);

/* The short name of an error ("SIG", "TRUNCATED"; the vectors write it in lower case); never NULL,
 * static.  Any thread. */
const char *kith_err_name(enum kith_err err);

/* The exit status that the command line gives for an error.  Any thread. */
int kith_err_exit(enum kith_err err);

#endif
