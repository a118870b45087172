/* SPDX-License-Identifier: MIT */
#include "courier/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>

static size_t size_of(const struct kith_ip *ip)
{
	return ip->v6 ? 16 : 4;
}

bool kith_ip_eq(const struct kith_ip *a, const struct kith_ip *b)
{
	return a->v6 == b->v6 && memcmp(a->bytes, b->bytes, size_of(a)) == 0;
}

/* Do the first `bits` of both agree? */
static bool same_prefix(const struct kith_ip *a, const uint8_t *b, unsigned bits)
{
	size_t whole = bits / 8;
	unsigned rest = bits % 8;

	if (memcmp(a->bytes, b, whole) != 0)
		return false;
	return rest == 0 || (a->bytes[whole] ^ b[whole]) >> (8 - rest) == 0;
}

static bool is_v6(const struct kith_ip *ip, const uint8_t net[16], unsigned bits)
{
	return ip->v6 && same_prefix(ip, net, bits);
}

bool kith_ip_link_local(const struct kith_ip *ip)
{
	static const uint8_t fe80[16] = {0xfe, 0x80};

	return ip->v6 ? is_v6(ip, fe80, 10) : ip->bytes[0] == 169 && ip->bytes[1] == 254;
}

bool kith_ip_loopback(const struct kith_ip *ip)
{
	static const uint8_t one[16] = {[15] = 1};

	return ip->v6 ? is_v6(ip, one, 128) : ip->bytes[0] == 127;
}

static const uint8_t mapped[16] = {[10] = 0xff, [11] = 0xff}; /* ::ffff:0:0/96, RFC 4291 2.5.5.2 */

bool kith_ip_from(const struct sockaddr *sa, struct kith_ip *ret, int *ret_scope)
{
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;

	*ret = (struct kith_ip){0};
	*ret_scope = 0;
	if (sa->sa_family == AF_INET) {
		memcpy(&v4, sa, sizeof v4);
		memcpy(ret->bytes, &v4.sin_addr, 4);
		return true;
	}
	if (sa->sa_family != AF_INET6)
		return false;
	memcpy(&v6, sa, sizeof v6);
	if (memcmp(&v6.sin6_addr, mapped, 12) == 0) {
		memcpy(ret->bytes, (const uint8_t *)&v6.sin6_addr + 12, 4);
		return true;
	}
	ret->v6 = true;
	memcpy(ret->bytes, &v6.sin6_addr, 16);
	*ret_scope = (int)v6.sin6_scope_id;
	return true;
}

const struct kith_net *kith_nets_find(const struct kith_nets *nets, int index)
{
	for (size_t i = 0; i < nets->n; i++)
		if (nets->at[i].index == index)
			return &nets->at[i];
	return NULL;
}

const struct kith_net_address *kith_nets_holding(
	const struct kith_nets *nets, const struct kith_ip *ip, int index)
{
	const struct kith_net_address *best = NULL;

	for (size_t i = 0; i < nets->addresses_n; i++) {
		const struct kith_net_address *a = &nets->addresses[i];
		if ((index != 0 && a->index != index) || a->ip.v6 != ip->v6 ||
			!same_prefix(ip, a->ip.bytes, a->prefix))
			continue;
		if (!best || a->prefix > best->prefix)
			best = a;
	}
	return best;
}

/* The last address of one of the interface's networks, such as 192.0.2.255 of /24. */
static bool is_broadcast(const struct kith_ip *ip, const struct kith_nets *nets, int index)
{
	const struct kith_net_address *a = kith_nets_holding(nets, ip, index);
	uint32_t v;

	if (ip->v6 || !a || a->prefix > 30)
		return false;
	memcpy(&v, ip->bytes, sizeof v);
	uint32_t host = UINT32_MAX >> a->prefix;
	return (ntohl(v) & host) == host;
}

static bool believable_v6(const struct kith_ip *ip)
{
	static const uint8_t zero[16] = {0}, ff[16] = {0xff};

	/* ::/96 holds the unspecified address and an obsolete way to write IPv4 */
	return !is_v6(ip, ff, 8) && !is_v6(ip, zero, 96) && !is_v6(ip, mapped, 96);
}

bool kith_ip_believable(const struct kith_ip *ip, const struct kith_nets *nets, int index)
{
	const struct kith_net *net = kith_nets_find(nets, index);

	if (kith_ip_loopback(ip))
		return net && net->loopback;
	if (ip->v6)
		return believable_v6(ip);
	/* "this network", multicast, reserved and the limited broadcast (RFC 6890) */
	if (ip->bytes[0] == 0 || ip->bytes[0] >= 224)
		return false;
	return !is_broadcast(ip, nets, index);
}

unsigned kith_place_rank(const struct kith_place *place, const struct kith_nets *nets)
{
	const struct kith_ip *ip = &place->ip;

	if (kith_ip_loopback(ip))
		return ip->v6 ? 1 : 0; /* the same machine, whatever its firewall says */
	if (ip->v6 && kith_ip_link_local(ip))
		return 3;
	if (kith_nets_holding(nets, ip, 0))
		return ip->v6 ? 4 : 2;
	return ip->v6 ? 6 : 5;
}

void kith_ip_write(char out[KITH_ENDPOINT_BYTES], const struct kith_ip *ip, int scope,
	const struct kith_nets *nets)
{
	char text[INET6_ADDRSTRLEN] = "";
	const struct kith_net *net = scope ? kith_nets_find(nets, scope) : NULL;

	(void)inet_ntop(ip->v6 ? AF_INET6 : AF_INET, ip->bytes, text, sizeof text);
	(void)snprintf(
		out, KITH_ENDPOINT_BYTES, "%s%s%s", text, net ? "%" : "", net ? net->name : "");
}

bool kith_endpoint_write(
	char out[KITH_ENDPOINT_BYTES], const struct kith_place *place, const struct kith_nets *nets)
{
	char ip[KITH_ENDPOINT_BYTES];
	bool zone = place->ip.v6 && kith_ip_link_local(&place->ip);

	if (zone && !kith_nets_find(nets, place->scope))
		return false;
	kith_ip_write(ip, &place->ip, zone ? place->scope : 0, nets);
	int n = snprintf(out, KITH_ENDPOINT_BYTES, place->ip.v6 ? "[%s]:%u" : "%s:%u", ip,
		(unsigned)place->port);
	return n > 0 && n < KITH_ENDPOINT_BYTES;
}

static bool read_port(const char *text, uint16_t *ret)
{
	char *end;

	if (*text < '1' || *text > '9')
		return false;
	unsigned long v = strtoul(text, &end, 10);
	if (*end || v > UINT16_MAX)
		return false;
	*ret = (uint16_t)v;
	return true;
}

/* "fe80::1%eth0"; a zone belongs to link-local addresses alone. */
static bool read_v6(char *text, const struct kith_nets *nets, struct kith_place *ret)
{
	char *zone = strchr(text, '%');

	if (zone)
		*zone++ = 0;
	ret->ip.v6 = true;
	if (inet_pton(AF_INET6, text, ret->ip.bytes) != 1 ||
		(zone && !kith_ip_link_local(&ret->ip)))
		return false;
	for (size_t i = 0; zone && i < nets->n; i++)
		if (strcmp(nets->at[i].name, zone) == 0)
			ret->scope = nets->at[i].index;
	return !zone || ret->scope != 0;
}

/* The same with a link-local address that may lack its zone: scope is 0 then. */
static bool read_endpoint(
	struct kith_span text, const struct kith_nets *nets, struct kith_place *ret)
{
	char copy[KITH_ENDPOINT_BYTES] = "";
	struct kith_place place = {0};

	if (text.n == 0 || text.n >= sizeof copy || memchr(text.p, 0, text.n))
		return false;
	memcpy(copy, text.p, text.n);
	char *colon = strrchr(copy, ':');
	if (!colon || !read_port(colon + 1, &place.port))
		return false;
	*colon = 0;
	if (copy[0] == '[') {
		if (colon - copy < 3 || colon[-1] != ']')
			return false;
		colon[-1] = 0;
		if (!read_v6(copy + 1, nets, &place))
			return false;
	} else if (inet_pton(AF_INET, copy, place.ip.bytes) != 1) {
		return false;
	}
	*ret = place;
	return true;
}

static bool lacks_zone(const struct kith_place *place)
{
	return place->ip.v6 && kith_ip_link_local(&place->ip) && place->scope == 0;
}

bool kith_endpoint_read(struct kith_span text, const struct kith_nets *nets, struct kith_place *ret)
{
	struct kith_place place;

	if (!read_endpoint(text, nets, &place) || lacks_zone(&place))
		return false;
	*ret = place;
	return true;
}

static bool has_link_local(const struct kith_nets *nets, int index)
{
	for (size_t i = 0; i < nets->addresses_n; i++)
		if (nets->addresses[i].index == index && nets->addresses[i].ip.v6 &&
			kith_ip_link_local(&nets->addresses[i].ip))
			return true;
	return false;
}

size_t kith_endpoint_places(
	struct kith_span text, const struct kith_nets *nets, struct kith_place *ret, size_t max)
{
	struct kith_place place;
	size_t n = 0;

	if (max == 0 || !read_endpoint(text, nets, &place))
		return 0;
	if (!lacks_zone(&place)) {
		*ret = place;
		return 1;
	}
	for (size_t i = 0; i < nets->n && n < max; i++) {
		if (!has_link_local(nets, nets->at[i].index))
			continue;
		place.scope = nets->at[i].index;
		ret[n++] = place;
	}
	return n;
}

void kith_network_write(char out[KITH_NETWORK_BYTES], const struct kith_ip *ip, int scope,
	const struct kith_nets *nets)
{
	const struct kith_net_address *a = kith_nets_holding(nets, ip, scope);
	const struct kith_net *net = a ? kith_nets_find(nets, a->index) : NULL;
	char text[INET6_ADDRSTRLEN] = "";
	struct kith_ip base = {0};

	*out = 0;
	if (!net)
		return;
	base.v6 = a->ip.v6;
	for (size_t i = 0; i < size_of(&base); i++) {
		unsigned bits = a->prefix >= 8 * (i + 1) ? 8
				: a->prefix > 8 * i      ? a->prefix % 8
							 : 0;
		base.bytes[i] = (uint8_t)(a->ip.bytes[i] & (0xff00u >> bits));
	}
	(void)inet_ntop(base.v6 ? AF_INET6 : AF_INET, base.bytes, text, sizeof text);
	(void)snprintf(out, KITH_NETWORK_BYTES, "%s %s/%u", net->name, text, a->prefix);
}
