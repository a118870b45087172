/* SPDX-License-Identifier: MIT */
#include <arpa/inet.h>
#include <string.h>

#include "node/inside.h"

/* A machine has a /64 of IPv6 addresses to ask from; a link-local one is not worth more than itself. */
void node_source(struct kith_span address, uint8_t out[static KITH_SOURCE_BYTES])
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
	const char *scope = address.n ? memchr(address.p, '%', address.n) : NULL;
	size_t n = scope ? (size_t)(scope - (const char *)address.p) : address.n;
	char text[INET6_ADDRSTRLEN] = "";
	struct in6_addr v6;

	memset(out, 0, KITH_SOURCE_BYTES);
	if (n == 0 || n >= sizeof text)
		return;
	memcpy(text, address.p, n);
	if (inet_pton(AF_INET, text, out + sizeof mapped) == 1) {
		memcpy(out, mapped, sizeof mapped);
		return;
	}
	if (inet_pton(AF_INET6, text, &v6) != 1)
		return;
	bool whole = IN6_IS_ADDR_LINKLOCAL(&v6) || IN6_IS_ADDR_V4MAPPED(&v6) ||
		     IN6_IS_ADDR_LOOPBACK(&v6);
	memcpy(out, &v6, whole ? KITH_SOURCE_BYTES : KITH_SOURCE_BYTES / 2);
}
