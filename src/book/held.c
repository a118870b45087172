/* SPDX-License-Identifier: MIT */
#include "book/held.h"

#include "base/text.h"

enum kith_err kith_held_card(const struct kith_contact *contact, struct kith_card *ret_card)
{
	enum kith_err err = kith_card_verify(contact->envelope, ret_card);

	return err && err != KITH_ERR_NOMEM ? KITH_ERR_STORE_CORRUPT : err;
}

const char *kith_held_quoted(struct kith_span name, char out[static KITH_QUOTED_BYTES])
{
	kith_show_in(out, KITH_QUOTED_BYTES, name, KITH_SHOWN_NAME);
	if (out[0])
		return kith_quote_in(out, KITH_QUOTED_BYTES, name, KITH_SHOWN_NAME);
	return strcpy(out, KITH_UNSEEN);
}
