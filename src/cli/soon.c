/* SPDX-License-Identifier: MIT */
#include "cli/soon.h"

#include "base/auto.h"
#include "cli/near.h"

bool kith_soon(struct kith_cli *cli, const struct kith_contact *who)
{
	struct kith_near near;

	if (who->met_at == 0)
		return false;
	kith_near_ask(cli, &near);
	bool here = kith_near_has(&near, who);
	kith_near_free(&near);
	return here;
}

bool kith_soon_of(struct kith_cli *cli, struct kith_store *store, int64_t contact)
{
	KITH_AUTO(kith_contact_free) struct kith_contact who = {0};

	return !kith_store_contact(store, contact, &who) && kith_soon(cli, &who);
}
