/* SPDX-License-Identifier: MIT */
#include "mdns.h"

#include <arpa/inet.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define GROUP   "224.0.0.251"
#define PORT    5353
#define SERVICE "_kith._tcp.local"
#define UNIQUE  0x8001 /* class IN, cache flush */
#define SHARED  1      /* class IN */
#define KEY_TXT 64

void mdns_put(struct mdns_packet *p, const void *bytes, size_t n)
{
	if (n == 0 || n > sizeof p->bytes - p->n)
		return;
	memcpy(p->bytes + p->n, bytes, n);
	p->n += n;
}

void mdns_put16(struct mdns_packet *p, unsigned v)
{
	mdns_put(p, (uint8_t[]){(uint8_t)(v >> 8), (uint8_t)v}, 2);
}

static void put32(struct mdns_packet *p, uint32_t v)
{
	mdns_put16(p, v >> 16);
	mdns_put16(p, v & 0xffff);
}

void mdns_start(struct mdns_packet *p)
{
	static const uint8_t head[12] = {0, 0, 0x84, 0};

	p->n = 0;
	mdns_put(p, head, sizeof head);
}

void mdns_name(struct mdns_packet *p, const char *name)
{
	while (*name) {
		size_t n = strcspn(name, ".");
		uint8_t size = (uint8_t)n;
		mdns_put(p, &size, 1);
		mdns_put(p, name, n);
		name += n + (name[n] == '.');
	}
	mdns_put(p, "", 1);
}

void mdns_record(struct mdns_packet *p, const char *owner, unsigned type, uint32_t ttl,
	const void *content, size_t n)
{
	unsigned answers = (unsigned)p->bytes[6] << 8 | p->bytes[7];

	mdns_name(p, owner);
	mdns_put16(p, type);
	mdns_put16(p, type == DNS_PTR ? SHARED : UNIQUE);
	put32(p, ttl);
	mdns_put16(p, (unsigned)n);
	mdns_put(p, content, n);
	p->bytes[6] = (uint8_t)((answers + 1) >> 8);
	p->bytes[7] = (uint8_t)(answers + 1);
}

static void add_string(uint8_t *txt, size_t *n, const char *head, const char *value)
{
	int size = snprintf((char *)txt + *n + 1, 128, "%s%s", head, value);

	txt[*n] = (uint8_t)size;
	*n += 1 + (size_t)size;
}

void mdns_service_txt(
	struct mdns_packet *p, const struct mdns_service *s, const void *txt, size_t n)
{
	static struct mdns_packet part;
	char owner[160], host[96];

	(void)snprintf(owner, sizeof owner, "%s." SERVICE, s->instance);
	(void)snprintf(host, sizeof host, "%s.local", s->host);
	part.n = 0;
	mdns_name(&part, owner);
	mdns_record(p, SERVICE, DNS_PTR, s->ttl, part.bytes, part.n);
	part.n = 0;
	put32(&part, 0); /* priority, weight */
	mdns_put16(&part, s->port);
	mdns_name(&part, host);
	mdns_record(p, owner, DNS_SRV, s->ttl, part.bytes, part.n);
	mdns_record(p, owner, DNS_TXT, s->ttl, txt, n);
}

void mdns_address(struct mdns_packet *p, const char *host, uint32_t ip, uint32_t ttl)
{
	char owner[96];
	uint32_t be = htonl(ip);

	(void)snprintf(owner, sizeof owner, "%s.local", host);
	mdns_record(p, owner, DNS_A, ttl, &be, sizeof be);
}

void mdns_service(struct mdns_packet *p, const struct mdns_service *s)
{
	char key[KEY_TXT];
	uint8_t txt[300];
	size_t n = 0;

	(void)sodium_bin2base64(
		key, sizeof key, s->key, 32, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	add_string(txt, &n, "v=", "1");
	add_string(txt, &n, "k=", key);
	if (s->label)
		add_string(txt, &n, "n=", s->label);
	mdns_service_txt(p, s, txt, n);
	mdns_address(p, s->host, s->ip, s->ttl);
}

struct mdns_service mdns_any(uint32_t ip)
{
	struct mdns_service s = {.port = 4711, .ip = ip, .ttl = 120};
	uint8_t names[16];
	char hex[33];

	randombytes_buf(names, sizeof names);
	randombytes_buf(s.key, sizeof s.key);
	(void)sodium_bin2hex(hex, sizeof hex, names, sizeof names);
	(void)snprintf(s.instance, sizeof s.instance, "k-%.16s", hex);
	(void)snprintf(s.host, sizeof s.host, "kith-%.16s", hex + 16);
	return s;
}

int mdns_socket(struct in_addr from)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(PORT), .sin_addr = from};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int one = 1, ttl = 255, space = 4 << 20;

	if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) == 0 &&
		setsockopt(fd, IPPROTO_IP, IP_MULTICAST_TTL, &ttl, sizeof ttl) == 0 &&
		setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &from, sizeof from) == 0 &&
		setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &space, sizeof space) == 0 &&
		bind(fd, (const struct sockaddr *)&at, sizeof at) == 0)
		return fd;
	if (fd >= 0)
		(void)close(fd);
	return -1;
}

bool mdns_send(int fd, const struct mdns_packet *p)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(PORT)};

	(void)inet_pton(AF_INET, GROUP, &to.sin_addr);
	return sendto(fd, p->bytes, p->n, 0, (const struct sockaddr *)&to, sizeof to) ==
	       (ssize_t)p->n;
}
