/* SPDX-License-Identifier: MIT */
#include "courier/origin.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#define SUBNET_BYTES 8 /* of an IPv6 address: what one machine cannot choose */

struct kith_origin kith_origin_of(const struct kith_ip *ip, int scope)
{
	struct kith_origin o = {.ip = *ip};

	if (ip->v6 && kith_ip_link_local(ip))
		o.scope = scope;
	else if (ip->v6)
		memset(o.ip.bytes + SUBNET_BYTES, 0, sizeof o.ip.bytes - SUBNET_BYTES);
	return o;
}

bool kith_origin_eq(const struct kith_origin *a, const struct kith_origin *b)
{
	return kith_ip_eq(&a->ip, &b->ip) && a->scope == b->scope;
}

static int scope_named(const char *name, const struct kith_nets *nets)
{
	for (size_t i = 0; i < nets->n; i++)
		if (strcmp(nets->at[i].name, name) == 0)
			return nets->at[i].index;
	return -1;
}

bool kith_origin_read(
	const char *text, const struct kith_nets *nets, struct kith_ip *ret, int *ret_scope)
{
	char address[INET6_ADDRSTRLEN];
	const char *zone = text ? strchr(text, '%') : NULL;
	size_t n = zone ? (size_t)(zone - text) : text ? strlen(text) : 0;
	struct sockaddr_in v4 = {.sin_family = AF_INET};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
	int scope;

	if (n == 0 || n >= sizeof address)
		return false;
	memcpy(address, text, n);
	address[n] = '\0';
	if (!zone && inet_pton(AF_INET, address, &v4.sin_addr) == 1)
		return kith_ip_from((const struct sockaddr *)&v4, ret, ret_scope);
	if (inet_pton(AF_INET6, address, &v6.sin6_addr) != 1 ||
		!kith_ip_from((const struct sockaddr *)&v6, ret, &scope))
		return false;
	*ret_scope = zone ? scope_named(zone + 1, nets) : scope;
	return true;
}
