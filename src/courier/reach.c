/* SPDX-License-Identifier: MIT */
#include "courier/reach.h"

enum kind { V4_ROUTED, V6_ROUTED, V6_LINK, V4_LINK, KINDS };

static enum kind kind_of(const struct kith_ip *ip)
{
	if (kith_ip_link_local(ip))
		return ip->v6 ? V6_LINK : V4_LINK;
	return ip->v6 ? V6_ROUTED : V4_ROUTED;
}

static bool is_in(const struct kith_invite *list, const struct kith_ip *ip)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->at[i].v6 == ip->v6 && memcmp(list->at[i].bytes, ip->bytes, 16) == 0)
			return true;
	return false;
}

/* Which of its kind and interface the address at `at` is, from 0. */
static size_t place_of(const struct kith_nets *nets, size_t at)
{
	const struct kith_net_address *a = &nets->addresses[at];
	size_t n = 0;

	for (size_t i = 0; i < at; i++)
		n += nets->addresses[i].index == a->index &&
		     kind_of(&nets->addresses[i].ip) == kind_of(&a->ip);
	return n;
}

static bool is_useful(const struct kith_nets *nets, size_t at, bool one_interface)
{
	const struct kith_net *net = kith_nets_find(nets, nets->addresses[at].index);

	return net && (net->loopback ? one_interface : !kith_ip_loopback(&nets->addresses[at].ip));
}

static void add(struct kith_invite *list, const struct kith_ip *ip)
{
	if (list->n == KITH_INVITE_ADDRESSES_MAX || is_in(list, ip))
		return;
	list->at[list->n].v6 = ip->v6;
	memcpy(list->at[list->n++].bytes, ip->bytes, 16);
}

void kith_reach(const struct kith_nets *nets, bool one_interface, struct kith_invite *ret)
{
	memset(ret, 0, sizeof *ret);
	for (size_t round = 0; round < 2; round++)
		for (int kind = 0; kind < KINDS; kind++)
			for (size_t i = 0; i < nets->addresses_n; i++)
				if ((int)kind_of(&nets->addresses[i].ip) == kind &&
					(place_of(nets, i) > 0) == (round > 0) &&
					is_useful(nets, i, one_interface))
					add(ret, &nets->addresses[i].ip);
}
