/* SPDX-License-Identifier: MIT
 *
 * records - what an announcement puts into mDNS (proto/discovery.md, "Records").  Pure.
 */
#ifndef KITH_COURIER_RECORDS_H
#define KITH_COURIER_RECORDS_H

#include "courier/dns.h"
#include "courier/txt.h"

#define KITH_RECORDS_ADDRESSES 8 /* of one interface that are published */

/* One record. */
struct kith_record {
	int index;   /* interface, -1: all */
	bool unique; /* else shared by everybody who has one of that name */
	uint16_t type;
	const char *name; /* "_kith._tcp.local" and so on; borrowed from the list */
	size_t at, n;     /* rdata, in the list's bytes */
};

/* All of them, those of one interface next to each other. */
struct kith_records {
	char instance[KITH_LABEL_BYTES + sizeof "." KITH_SERVICE];
	char host[KITH_LABEL_BYTES + sizeof ".local"];
	struct kith_record at[3 + KITH_INTERFACES_MAX * KITH_RECORDS_ADDRESSES];
	size_t n;
	struct kith_buf bytes;
};

struct kith_announcement {
	char instance[KITH_LABEL_BYTES];
	char host[KITH_LABEL_BYTES];
	struct kith_txt txt;
	uint16_t port;
};

/*
 * PTR, SRV and TXT for the interface `index` (-1: for all), A and AAAA for each one of nets.  Not
 * PTR and so on once for each interface: Avahi says no goodbye for a record that it holds twice.
 * ret is large, not for the stack; end it with kith_records_free.
 * KITH_ERR_VALUE: instance or host is not a plain label; KITH_ERR_NOMEM.
 */
enum kith_err kith_records_make(const struct kith_announcement *a, int index,
	const struct kith_nets *nets, struct kith_records *ret) KITH_MUST_CHECK;
void kith_records_free(struct kith_records *r);

static inline struct kith_span kith_record_rdata(
	const struct kith_records *all, const struct kith_record *r)
{
	return kith_span(all->bytes.p + r->at, r->n);
}

#endif
