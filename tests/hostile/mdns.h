/* SPDX-License-Identifier: MIT
 *
 * mdns - multicast DNS answers as they must not be: records put together byte by byte, and sent to
 * everybody on the link.
 */
#ifndef KITH_HOSTILE_MDNS_H
#define KITH_HOSTILE_MDNS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MDNS_MAX 8900 /* bytes of a packet */

enum { DNS_A = 1, DNS_CNAME = 5, DNS_PTR = 12, DNS_TXT = 16, DNS_SRV = 33 };

/* A packet under way: a response. */
struct mdns_packet {
	uint8_t bytes[MDNS_MAX];
	size_t n;
};

/* What one kith announces. */
struct mdns_service {
	char instance[64], host[64]; /* one label each */
	uint8_t key[32];
	const char *label; /* NULL: none */
	uint16_t port;
	uint32_t ip; /* host order */
	uint32_t ttl;
};

void mdns_start(struct mdns_packet *p);
void mdns_name(struct mdns_packet *p, const char *name); /* labels with dots between */
void mdns_put(struct mdns_packet *p, const void *bytes, size_t n);
void mdns_put16(struct mdns_packet *p, unsigned v);

/* One record; owner and content as they stand. */
void mdns_record(struct mdns_packet *p, const char *owner, unsigned type, uint32_t ttl,
	const void *content, size_t n);

/* PTR, SRV, TXT and A of a service; the first three only, with content of the caller's; one A. */
void mdns_service(struct mdns_packet *p, const struct mdns_service *s);
void mdns_service_txt(
	struct mdns_packet *p, const struct mdns_service *s, const void *txt, size_t n);
void mdns_address(struct mdns_packet *p, const char *host, uint32_t ip, uint32_t ttl);

/* A service with random names and key at that address. */
struct mdns_service mdns_any(uint32_t ip);

/* A socket at port 5353 of that address that sends to the group; -1. */
int mdns_socket(struct in_addr from);
bool mdns_send(int fd, const struct mdns_packet *p);

#endif
