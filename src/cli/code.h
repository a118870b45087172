/* SPDX-License-Identifier: MIT
 *
 * code - the text that goes into a QR code: of me or of somebody, in which form, and what it lacks.
 * Source: proto/uri.md; proto/vcard.md for phones.
 */
#ifndef KITH_CLI_CODE_H
#define KITH_CLI_CODE_H

#include "cli/cli.h"

enum kith_code_form {
	KITH_CODE_PHONE,    /* a vCard that a phone takes */
	KITH_CODE_POCKET,   /* a signed card: my pocket card, or the one of somebody as I hold it */
	KITH_CODE_IDENTITY, /* a key */
	KITH_CODE_INVITE,   /* an invitation to my running swap */
};

/* Start with {0}; end with kith_code_free. */
struct kith_code {
	const char *form;      /* "phone", "pocket", "card", "identity", "invite"; static */
	struct kith_buf about; /* what it is, in words; inert, a C string */
	struct kith_buf text;  /* as it goes into the code */
	struct kith_buf
		left_out; /* names of fields that did not come along, ", " between; may not be inert */
};

void kith_code_free(struct kith_code *code);

/* What is asked for. */
struct kith_code_wish {
	enum kith_code_form form;
	const char *who;  /* whom WHO means; NULL: me */
	const char *card; /* which card of mine; NULL: "me" */
	const char *show; /* which fields, kith_chosen; NULL: as many as come along */
	bool ascii;       /* for a phone: in letters of ASCII */
};

/* Makes it.  False with *ret_status set, and told, when it cannot be made. */
bool kith_code_make(struct kith_cli *cli, const struct kith_code_wish *wish,
	struct kith_code *ret_code, int *ret_status);

#endif
