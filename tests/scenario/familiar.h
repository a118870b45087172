/* SPDX-License-Identifier: MIT
 *
 * familiar - a known session whose other side is written down message by message from proto/known.md, by
 * libsodium alone: Mallory, whom Ada has met before, or who has a part of what that takes.
 */
#ifndef KITH_SCENARIO_FAMILIAR_H
#define KITH_SCENARIO_FAMILIAR_H

#include "stranger.h"

#define SOON             (KITH_DIAL_WAIT_MS + 2000) /* until whoever dials has */
#define FAMILIAR_CONTACT 1                          /* of Mallory in Ada's mind */

/* Mallory has Ada's tie; or only the parts of it that a story leaves him. */
struct familiar {
	struct stranger s;
	uint8_t k[32];
	const struct kith_identity *signer;
	const char *label; /* of his proof */
	const uint8_t *e;  /* instead of a key of his own */
	uint64_t rev;
	struct kith_span card, hash, statements;
	bool matched; /* HELLO_R held the tag of K (he dials); HELLO_I did (he listens) */
};

/* Ada, who is idle, and Mallory, whom she does not know yet, come to an empty world. */
struct familiar familiar_comes(struct world *w, bool dials);
void familiar_goes(struct familiar *f); /* and the world ends */

/* Both HELLO; the second always as who dials. */
void familiar_greets(struct familiar *f);
void familiar_dials(struct familiar *f);

/* K1 to K3, each as the page says, but for what the fields above say; Ada's proof holds, and is what she has in mind. */
void familiar_proves(struct familiar *f);
void familiar_k1(struct familiar *f);
void familiar_k3(struct familiar *f);
void familiar_agrees(
	struct familiar *f); /* th and both streams, with the e that came as s.their_e */

/* All of it, with an Ada who knows him: each is proven to the other. */
struct familiar familiar_proven(struct world *w, bool dials);

/* One message each, which arrives. */
void familiar_parcel(struct familiar *f, uint64_t kind, struct kith_span bytes);
void familiar_acks(struct familiar *f, uint64_t outcome, struct kith_span bytes);
void familiar_quiet(struct familiar *f);
void familiar_closes(struct familiar *f, bool final);

/* The next of hers is of that type: *plain is what it opens to.  She says QUIET as soon as nothing is due. */
void familiar_hears(struct familiar *f, enum kith_type type, struct kith_buf *plain);

/* Ada has hung up on him; so many sessions with him have broken for her. */
void familiar_was_refused(struct familiar *f, size_t errors);

#endif
