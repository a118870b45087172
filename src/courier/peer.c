/* SPDX-License-Identifier: MIT */
#include "courier/peer.h"

#include <linux/tcp.h> /* libc's struct tcp_info is too old for tcpi_bytes_received */

bool kith_peer_of(int fd, struct kith_peer *ret)
{
	struct sockaddr_storage sa = {0};
	struct sockaddr_in6 in6;
	socklen_t n = sizeof sa;
	struct kith_peer p = {.fd = fd};

	if (getpeername(fd, (struct sockaddr *)&sa, &n) < 0 ||
		!kith_ip_from((const struct sockaddr *)&sa, &p.ip, &p.scope))
		return false;
	memcpy(&in6, &sa, sizeof in6);
	p.port = in6.sin6_port; /* in the same place as IPv4's */
	*ret = p;
	return true;
}

static bool still(const struct kith_peer *p)
{
	struct kith_peer now;

	return p->fd >= 0 && kith_peer_of(p->fd, &now) && kith_ip_eq(&now.ip, &p->ip) &&
	       now.scope == p->scope && now.port == p->port;
}

void kith_peer_cut(const struct kith_peer *p)
{
	if (still(p))
		(void)shutdown(p->fd, SHUT_RDWR);
}

uint64_t kith_peer_received(const struct kith_peer *p)
{
	struct tcp_info info = {0};
	socklen_t n = sizeof info;

	if (!still(p) || getsockopt(p->fd, IPPROTO_TCP, TCP_INFO, &info, &n) < 0)
		return 0;
	return info.tcpi_bytes_received;
}
