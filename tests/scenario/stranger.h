/* SPDX-License-Identifier: MIT
 *
 * stranger - a session partner who is written down message by message, so that a story can have him
 * leave the path at any point.  He computes every value of proto/session.md "Values" with libsodium
 * alone: what he agrees on with a room is what the page says, not what two equal programs make up.
 */
#ifndef KITH_SCENARIO_STRANGER_H
#define KITH_SCENARIO_STRANGER_H

#include <sodium/crypto_secretstream_xchacha20poly1305.h>

#include "world.h"

/* One direction of the sealed stream. */
struct stream {
	uint8_t key[32];
	crypto_secretstream_xchacha20poly1305_state state;
	bool begun;
	bool last; /* the message opened last was the final one */
};

struct stranger {
	struct person *me, *victim;
	bool dials;              /* role I */
	bool gives;              /* what he says about himself */
	const struct person *xk; /* whose xk he claims; NULL: his own */
	const uint8_t *claims;   /* his eI or eR; NULL: one that he has the secret of */
	bool never_ends;         /* his RECEIPT is not the last message of his stream */
	uint64_t more;           /* TAGS messages behind HELLO_I */
	struct kith_buf hi, hr, s1, s2, s3;
	uint8_t e_secret[32], e[32], their_e[32], their_ik[32];
	uint8_t th[32];
	char code[KITH_CODE_DIGITS + 1];
	struct stream out, in;
	bool sealed;
	size_t read; /* messages of the inbox that he has looked at */
	uint64_t tags_said;
	struct kith_buf said[TYPES_MAX]; /* his last message of each type, as it was sent */
};

/* How far a session has gone, for stranger_goes. */
enum stage {
	STAGE_CONNECTED, /* no HELLO of his */
	STAGE_GREETED,   /* HELLOs; no REQUEST (as R: REQUEST came) */
	STAGE_ASKING,    /* as I: REQUEST sent, nobody answered */
	STAGE_ACCEPTED,  /* as I: ACCEPT came; no REVEAL */
	STAGE_REVEALED,  /* keys exist, their AUTH came; no AUTH of his */
	STAGE_PROVEN,    /* the victim sees a code */
	STAGE_COMPARED,  /* and said "same" */
	STAGE_CONFIRMED, /* his CONFIRM was sent; their CARD came */
	STAGE_CARDED,    /* his CARD was sent; their RECEIPT came */
	STAGE_DONE,      /* his RECEIPT, too */
};

/* A stranger by that name meets the victim, in role I or R; nothing is sent. */
struct stranger stranger_meets(
	struct world *w, const char *name, struct person *victim, bool dials);
void stranger_free(struct stranger *s);

/* Everything as the page wants it, up to that stage; the victim's person agrees. */
void stranger_goes(struct stranger *s, enum stage stage);

/* --- single steps: each sends one message and lets it arrive ---------------------------------- */

void stranger_hello(struct stranger *s); /* HELLO of his role, with the TAGS */
void stranger_request(struct stranger *s);
void stranger_accept(struct stranger *s);
void stranger_reveal(struct stranger *s);
void stranger_auth(struct stranger *s, const char *label, const struct kith_identity *signer);
void stranger_confirm(struct stranger *s, uint64_t how);
void stranger_card(struct stranger *s, struct kith_span envelope);
void stranger_receipt(
	struct stranger *s, struct kith_span envelope, const struct kith_identity *signer);
void stranger_abort(struct stranger *s, uint64_t reason);

/* Any struct of message.h, unsealed; and its inside, sealed. */
void stranger_plain(struct stranger *s, const struct kith_schema *schema, const void *msg);
void stranger_seals(
	struct stranger *s, const struct kith_schema *schema, const void *msg, bool final);
/* Sealed as a message of the schema's type, sent as one of another. */
void stranger_seals_as(struct stranger *s, const struct kith_schema *schema, uint64_t type,
	const void *msg, bool final);
void stranger_bytes(struct stranger *s, struct kith_span message);

/*
 * The message of that type that the page lets an honest one in his place write, given what he has
 * said and read so far; sent whether or not it is its turn.  False: there is none, and nothing is
 * sent.
 */
bool stranger_offers(struct stranger *s, enum kith_type type);

/* Takes in everything that came and that he has not looked at; each must be as the page wants it. */
void stranger_reads(struct stranger *s);

/* The label that AUTH of his role signs. */
const char *stranger_role(const struct stranger *s);

/* Makes eI, rI and S3, and the commitment to them that REQUEST carries. */
void stranger_commits(struct stranger *s, struct kith_span label, uint8_t commit[static 32]);

/* --- for familiar.c --------------------------------------------------------------------------- */

/* H(label, parts), Ed25519 over label || 0 || bytes, and both streams' keys from what stands in front of th. */
void stranger_hash(
	uint8_t out[static 32], const char *label, const struct kith_span *parts, size_t n);
void stranger_signs(const struct kith_identity *id, const char *label, struct kith_span bytes,
	uint8_t sig[static 64]);
void stranger_keys(struct stranger *s, struct kith_span secret);

/* What is sealed as the page says in a message of that type; box has room for n + 41 bytes more. */
size_t stranger_box(
	struct stranger *s, uint64_t type, struct kith_span plain, bool final, uint8_t *box);

/* Opens a box of theirs into plain. */
bool stranger_unboxes(
	struct stranger *s, struct kith_span box, uint64_t type, struct kith_buf *plain);

/* --- what came -------------------------------------------------------------------------------- */

/* The next message he has not looked at is of that type: it, else the story fails. */
struct kith_span stranger_gets(struct stranger *s, enum kith_type type);

/* The next one is ACCEPT; he takes it in. */
void stranger_gets_accept(struct stranger *s);

/* The last message is an ABORT with that reason, sealed exactly when keys exist, and the victim has
 * hung up. */
bool stranger_was_aborted(struct stranger *s, uint64_t reason);

#endif
