/* SPDX-License-Identifier: MIT
 *
 * dns - the few names and records that kith puts into mDNS and reads from it (RFC 1035, 6762,
 * 6763).  Pure.  Reading goes through the resolver library's ns_ functions.
 */
#ifndef KITH_COURIER_DNS_H
#define KITH_COURIER_DNS_H

#include "courier/address.h"

#define KITH_SERVICE     "_kith._tcp.local"
#define KITH_LABEL_BYTES 64   /* one label of a name, with its NUL */
#define KITH_NAME_BYTES  1025 /* a whole name as text, escapes included, with its NUL */

/* Letters, digits and "-", 1 to 63 of them: all that kith puts into a label of its own, and all
 * that it takes from others. */
bool kith_dns_plain(struct kith_span label);

/* Takes the label from "label" + tail, written in lower case: tail "." KITH_SERVICE for instances,
 * ".local" for hosts.  False: another tail, or not a plain label. */
bool kith_dns_label(const char *name, const char *tail, char out[KITH_LABEL_BYTES]);

/* The name at `at` bytes into rdata, as text; rdata is all that may be read.  False: malformed. */
bool kith_dns_name(struct kith_span rdata, size_t at, char out[KITH_NAME_BYTES]);

/* What an SRV record says.  False: malformed, or the host is not a plain label in local. */
bool kith_dns_srv(struct kith_span rdata, uint16_t *ret_port, char host[KITH_LABEL_BYTES]);

/* Appends a name in wire form, without compression.  KITH_ERR_VALUE, KITH_ERR_NOMEM. */
enum kith_err kith_dns_name_write(const char *name, struct kith_buf *out) KITH_MUST_CHECK;

/* Appends the query for KITH_SERVICE, type PTR, that is answered by unicast because it does not
 * come from port 5353 (RFC 6762 section 6.7).  KITH_ERR_NOMEM. */
enum kith_err kith_dns_query(uint16_t id, struct kith_buf *out) KITH_MUST_CHECK;

#define KITH_REPLY_INSTANCES KITH_ROWS_PER_ADDRESS_MAX

/* One instance that a reply describes. */
struct kith_described {
	char instance[KITH_LABEL_BYTES];
	char host[KITH_LABEL_BYTES];
	uint16_t port;        /* 0: no SRV record came */
	struct kith_span txt; /* points into the packet; p NULL: none came */
	struct kith_ip ips[KITH_ADDRESSES_MAX * 2];
	size_t ips_n;
};

struct kith_reply {
	uint16_t id;
	struct kith_described at[KITH_REPLY_INSTANCES];
	size_t n;
};

/*
 * Reads a one-shot reply: the instances for which it holds a PTR, an SRV and a TXT record and at
 * least one address.  ret borrows from packet.  Hostile input.
 * KITH_ERR_LIMIT: longer than KITH_REPLY_MAX; KITH_ERR_SHAPE: not a DNS message, or no answer.
 */
enum kith_err kith_reply_read(struct kith_span packet, struct kith_reply *ret) KITH_MUST_CHECK;

#endif
