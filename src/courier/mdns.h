/* SPDX-License-Identifier: MIT
 *
 * mdns - multicast DNS as kith uses it: publish records, browse for records.  Two ways to get it,
 * one interface: a responder of our own (embedded.c, avahi-core), or the system's (daemon.c).
 */
#ifndef KITH_COURIER_MDNS_H
#define KITH_COURIER_MDNS_H

#include "courier/poller.h"
#include "courier/records.h"

/* A record came or went.  name is as Avahi writes it; rdata in wire form without compression. */
typedef void kith_on_record(
	void *ctx, int index, bool v6, bool here, const char *name, struct kith_span rdata);

enum kith_mdns_event {
	KITH_MDNS_LOST,    /* the daemon went away; only kith_mdns_free may be called */
	KITH_MDNS_REFUSED, /* the daemon does not let us publish */
	KITH_MDNS_CLASH,   /* somebody else claims our names: they were taken back */
};

/* text says more, for the person. */
typedef void kith_on_mdns(void *ctx, enum kith_mdns_event event, const char *text);

struct kith_browse; /* one question that is kept asked; private to the way */

struct kith_mdns {
	const struct kith_mdns_ops *ops;
};

struct kith_mdns_ops {
	/* KITH_ERR_PERMISSION: publishing is switched off; KITH_ERR_IO otherwise. */
	enum kith_err (*publish)(struct kith_mdns *m, const struct kith_records *records);
	void (*withdraw)(struct kith_mdns *m);
	struct kith_browse *(*browse)(struct kith_mdns *m, int index, int protocol,
		const char *name, uint16_t type, kith_on_record *f, void *ctx);
	void (*browse_end)(struct kith_browse *b);
	void (*free)(struct kith_mdns *m);
};

/*
 * A responder of our own on every interface, or on the one named `only`.  f is never called from
 * inside.  NULL: it could not start, *ret_text says why (static).
 */
struct kith_mdns *kith_mdns_embedded(
	struct kith_poller *p, const char *only, kith_on_mdns *f, void *ctx, const char **ret_text);

/* Loads what kith_mdns_embedded needs, which later is shut out (cage.h).  Without it that finds
 * nothing installed. */
void kith_mdns_load(void);

/* The Avahi daemon of this machine.  NULL: there is none that runs, or it does not answer in a
 * second and a half. */
struct kith_mdns *kith_mdns_daemon(struct kith_poller *p, kith_on_mdns *f, void *ctx);

/* Publishes exactly these records, in place of those before. */
static inline enum kith_err kith_mdns_publish(
	struct kith_mdns *m, const struct kith_records *records)
{
	return m->ops->publish(m, records);
}

static inline void kith_mdns_withdraw(struct kith_mdns *m)
{
	m->ops->withdraw(m);
}

/* f is called for every record of that name and type as it comes and goes, until
 * kith_mdns_browse_end.  index and protocol are Avahi's, -1 for all.  NULL: refused. */
static inline struct kith_browse *kith_mdns_browse(struct kith_mdns *m, int index, int protocol,
	const char *name, uint16_t type, kith_on_record *f, void *ctx)
{
	return m->ops->browse(m, index, protocol, name, type, f, ctx);
}

static inline void kith_mdns_browse_end(struct kith_mdns *m, struct kith_browse *b)
{
	if (b)
		m->ops->browse_end(b);
}

/* Says goodbye on the network.  Every browse must have ended.  NULL allowed. */
static inline void kith_mdns_free(struct kith_mdns *m)
{
	if (m)
		m->ops->free(m);
}

#endif
