/* SPDX-License-Identifier: MIT */
#include "target.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/time.h>
#include <unistd.h>

#define TEST_NET  0x0a630000u /* 10.99.0.0/16, what tests/lan/net.py gives out */
#define TEST_MASK 0xffff0000u

static bool loopback(const struct sockaddr_storage *a)
{
	struct sockaddr_in6 in6;
	struct sockaddr_in in;

	memcpy(&in, a, sizeof in);
	memcpy(&in6, a, sizeof in6);
	return a->ss_family == AF_INET ? ntohl(in.sin_addr.s_addr) >> 24 == 127
				       : IN6_IS_ADDR_LOOPBACK(&in6.sin6_addr);
}

static bool of_the_tests(const struct sockaddr_storage *a)
{
	struct sockaddr_in6 in6;
	struct sockaddr_in in;

	memcpy(&in, a, sizeof in);
	memcpy(&in6, a, sizeof in6);
	if (loopback(a))
		return true;
	return a->ss_family == AF_INET ? (ntohl(in.sin_addr.s_addr) & TEST_MASK) == TEST_NET
				       : IN6_IS_ADDR_LINKLOCAL(&in6.sin6_addr);
}

bool target_to(struct target *t, const char *address, const char *port)
{
	struct addrinfo hints = {
		.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV, .ai_socktype = SOCK_STREAM};
	struct addrinfo *found = NULL;
	bool good = getaddrinfo(address, port, &hints, &found) == 0;

	if (good) {
		memcpy(&t->to, found->ai_addr, found->ai_addrlen);
		t->to_n = found->ai_addrlen;
		good = of_the_tests(&t->to);
		freeaddrinfo(found);
	}
	return good;
}

bool target_from(struct target *t, const char *range)
{
	char first[INET_ADDRSTRLEN] = "";
	struct in_addr a;
	unsigned last;
	int n = sscanf(range, "%15[0-9.]-%u", first, &last);

	if (n < 1 || inet_pton(AF_INET, first, &a) != 1)
		return false;
	uint32_t at = ntohl(a.s_addr);
	if (n < 2)
		last = at & 0xff;
	for (; (at & 0xff) <= last && last < 255; at++) {
		if (t->froms == SOURCES_MAX)
			return false;
		t->from[t->froms++] =
			(struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(at)};
	}
	return t->froms > 0;
}

/* The driver of an interface is the one of veth pairs. */
static bool is_veth(int fd, const char *name)
{
	struct ethtool_drvinfo info = {.cmd = ETHTOOL_GDRVINFO};
	struct ifreq r = {.ifr_data = (char *)&info};

	(void)snprintf(r.ifr_name, sizeof r.ifr_name, "%s", name);
	return ioctl(fd, SIOCETHTOOL, &r) == 0 && strcmp(info.driver, "veth") == 0;
}

static bool only_veth(void)
{
	struct if_nameindex *all = if_nameindex();
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool good = all && fd >= 0;

	for (struct if_nameindex *i = all; good && i->if_index; i++)
		good = strcmp(i->if_name, "lo") == 0 || is_veth(fd, i->if_name);
	if_freenameindex(all);
	if (fd >= 0)
		(void)close(fd);
	return good;
}

bool target_is_a_test(const struct target *t)
{
	return (t->to_n && loopback(&t->to)) || only_veth();
}

int target_connect(const struct target *t, size_t who, int receive, int ms)
{
	int fd = socket(t->to.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct timeval most = {.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};
	int one = 1;

	if (fd < 0)
		return -1;
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &most, sizeof most);
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &most, sizeof most);
	(void)setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
	if (receive)
		(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &receive, sizeof receive);
	const struct sockaddr_in *from = t->froms ? &t->from[who % t->froms] : NULL;
	if ((from && t->to.ss_family == AF_INET &&
		    bind(fd, (const struct sockaddr *)from, sizeof *from) < 0) ||
		connect(fd, (const struct sockaddr *)&t->to, t->to_n) < 0) {
		int why = errno;
		(void)close(fd);
		errno = why;
		return -1;
	}
	return fd;
}
