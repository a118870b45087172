/* SPDX-License-Identifier: MIT
 *
 * inside - what a session is made of.  Shared by the files of the session only:
 *
 *	session.c   life, what comes to whom, and what others may know
 *	frames.c    messages out and in, open and sealed; how it ends
 *	hello.c     HELLO and TAGS, and whom they name
 *	stranger.c  REQUEST to RECEIPT
 *	known.c     K1 to CLOSE
 */
#ifndef KITH_SESSION_INSIDE_H
#define KITH_SESSION_INSIDE_H

#include "base/limits.h"
#include "message/message.h"
#include "session/session.h"

#define AUTH_I        "kith/1 auth I"
#define AUTH_R        "kith/1 auth R"
#define RECEIPT_LABEL "kith/1 receipt"

/* Of a session with somebody I know; all zero in any other. */
struct known {
	bool matched;                  /* a tag did */
	struct kith_tie tie;           /* a copy: the circle may change meanwhile */
	uint8_t their_e[32];           /* R: that of K1 */
	struct kith_standing standing; /* theirs, from PROOF */
	uint8_t their_ik
		[KITH_KEY_BYTES];  /* the present one: another than the tie's after a rotation */
	bool retired;              /* one of the two keys is: nothing but QUIET and CLOSE is said */
	bool met;                  /* it is they */
	bool waiting;              /* one of mine is out, unanswered: */
	struct kith_parcel parcel; /* its kind and mark, no bytes */
	uint8_t hash[32];          /* what their receipt for it has to name */
	size_t sent, sent_bytes;   /* mine so far, the bytes with those of envelopes in answers */
	size_t came, came_bytes;   /* theirs */
	bool used;                 /* a parcel of either side that is no RECALL was */
	bool quiet, they_quiet;    /* QUIET was sent; came */
	bool more;                 /* there would have been more */
	bool closed, they_closed;  /* CLOSE was sent; came */
	bool parted;               /* the host was told that it is over */
};

struct kith_session {
	const struct kith_env *env;
	const struct kith_self *self;
	struct kith_session_host host;
	enum kith_role role;
	enum kith_step step;
	enum kith_err error; /* why it ended */
	struct kith_transcript t;
	struct kith_buf network;    /* where, as text */
	struct kith_circle *circle; /* whom I would recognise; NULL: nobody */
	struct kith_buf tags;       /* R: theirs, until the last came */
	uint64_t tags_due;          /* R: TAGS messages still to come */
	uint64_t tags_taken;        /* R: those that came */
	uint8_t nonce_i[32], nonce_r[32];
	struct known known;
	struct kith_pair e; /* my keys for this attempt; wiped after use */
	uint8_t their_ik[32];
	uint8_t their_xk[32];
	uint8_t scanned_ik[32]; /* whom I expect, when expects */
	bool expects;
	bool scanned;          /* and who it is */
	struct kith_buf label; /* theirs */
	bool they_give;
	bool they_attend;
	bool spent;  /* ACCEPT was sent or came */
	bool silent; /* they are blocked */
	bool sealed; /* keys exist: ABORT goes sealed */
	uint8_t th[32];
	char code[KITH_CODE_DIGITS + 1];
	struct kith_seal out, in; /* my direction, theirs */
	bool kept;                /* the pending row is durable */
	bool conflict;            /* their card was refused for the one held: nothing is pending */
	bool they_confirmed;
	enum kith_how their_how;
	bool card_sent;
	bool card_taken; /* their card is durable, or they give none and said so */
	bool has_card;
	bool receipt_sent;
	bool receipt_taken;
};

/* --- frames.c --------------------------------------------------------------------------------- */

/* Packs and sends an open message; its exact bytes are added to kept, if given. */
enum kith_err session_send(struct kith_session *s, const struct kith_schema *schema,
	const void *msg, struct kith_buf *kept) KITH_MUST_CHECK;

/* Packs the map without a type and seals it as what stands in a message of that type; appended to box. */
enum kith_err session_seal(struct kith_session *s, const struct kith_schema *schema, uint64_t type,
	const void *msg, bool final, struct kith_buf *box) KITH_MUST_CHECK;

/* The same, and sends it as the message of the schema. */
enum kith_err session_send_sealed(struct kith_session *s, const struct kith_schema *schema,
	const void *msg, bool final) KITH_MUST_CHECK;

/* Opens what stands sealed in a message of that type into plain, and unpacks it; ret_msg borrows from
 * plain.  final: it must be the last one they send, or must not. */
enum kith_err session_unseal(struct kith_session *s, const struct kith_schema *schema,
	uint64_t type, struct kith_span box, bool final, struct kith_buf *plain,
	void *ret_msg) KITH_MUST_CHECK;

/* The same for a message that is nothing but sealed. */
enum kith_err session_open(struct kith_session *s, const struct kith_schema *schema,
	struct kith_span bytes, bool final, struct kith_buf *plain, void *ret_msg) KITH_MUST_CHECK;

/* th is known: from their e the keys of both streams; mine is wiped.  k: as of kith_exchange. */
enum kith_err session_keys(
	struct kith_session *s, const uint8_t their_e[static 32], const uint8_t *k) KITH_MUST_CHECK;

/* It has ended; returns err. */
enum kith_err session_end(struct kith_session *s, enum kith_err err);

/* A message could not be taken, or something here failed: says why on the line, and ends. */
enum kith_err session_fault(struct kith_session *s, enum kith_err err);
bool session_store_failed(enum kith_err err);

/* What a receipt for that envelope signs, in this session. */
void session_receipt_bytes(
	const struct kith_session *s, struct kith_span envelope, uint8_t out[static 64]);

/* --- what comes ------------------------------------------------------------------------------- */

/* hello.c */
enum kith_err session_take_hello_i(struct kith_session *s, struct kith_span bytes) KITH_MUST_CHECK;
enum kith_err session_take_tags(struct kith_session *s, struct kith_span bytes) KITH_MUST_CHECK;
enum kith_err session_take_hello_r(struct kith_session *s, struct kith_span bytes) KITH_MUST_CHECK;

/* stranger.c; the sealed ones open into plain */
enum kith_err session_take_request(struct kith_session *s, struct kith_span bytes) KITH_MUST_CHECK;
enum kith_err session_take_accept(struct kith_session *s, struct kith_span bytes) KITH_MUST_CHECK;
enum kith_err session_take_decline(struct kith_session *s, struct kith_span bytes) KITH_MUST_CHECK;
enum kith_err session_take_reveal(struct kith_session *s, struct kith_span bytes) KITH_MUST_CHECK;
enum kith_err session_take_sealed(struct kith_session *s, uint64_t type, struct kith_span bytes,
	struct kith_buf *plain) KITH_MUST_CHECK;
enum kith_err session_take_abort(
	struct kith_session *s, struct kith_span bytes, struct kith_buf *plain) KITH_MUST_CHECK;

/* known.c: K1 to CLOSE, KITH_ERR_STATE where it is not their turn */
enum kith_err session_take_known(struct kith_session *s, uint64_t type, struct kith_span bytes,
	struct kith_buf *plain) KITH_MUST_CHECK;
void session_part(struct kith_session *s); /* tells the host, once, how it ended */

#endif
