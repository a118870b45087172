/* SPDX-License-Identifier: MIT
 *
 * signer - whose signature it is: mine, that of somebody I know, or a stranger's.
 */
#ifndef KITH_CLI_SIGNER_H
#define KITH_CLI_SIGNER_H

#include <jansson.h>

#include "book/mine.h"
#include "cli/cli.h"

/* What a good signature is compared with.  Start with {0}; end with kith_signer_free. */
struct kith_signer {
	struct kith_store *store; /* NULL: there is none */
	bool opened;
	struct kith_my my;
	struct kith_contact contact;
	struct kith_card have; /* the card that is held of the signer */
	bool is_me;
	bool is_contact;
	bool former; /* with a key that they had before */
	bool has;    /* there is such a card */
	bool unsure; /* the store could not be asked, and that was told */
};

void kith_signer_free(struct kith_signer *s);

/* Looks for who has that key, with which something verified was signed; may be called again.  Works
 * before kith init and beside a store that cannot be used: that is told, and whether the signer is
 * known is then left open. */
void kith_signer_find(
	struct kith_signer *s, const struct kith_cli *cli, const uint8_t ik[static KITH_KEY_BYTES]);

/* Prints "signed by ..."; key: say which key it is, not whose card.  KITH_ERR_NOMEM. */
enum kith_err kith_signer_print(const struct kith_signer *s, bool key) KITH_MUST_CHECK;

/* How a card stands to the one that is held: "same", "newer", "older", "conflict"; NULL: none is. */
const char *kith_signer_compare(const struct kith_signer *s, const struct kith_card *card);

/* Adds "signer", "contact", and for a card (else NULL) "compared" to the object.  False without
 * memory. */
bool kith_signer_json(const struct kith_signer *s, const struct kith_card *card, json_t *o);

#endif
