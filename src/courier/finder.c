/* SPDX-License-Identifier: MIT */
#include "courier/finder.h"

#include <arpa/nameser.h>
#include <avahi-common/address.h>
#include <stdio.h>
#include <stdlib.h>

#define INSTANCES_MAX (KITH_ROWS_MAX * 4) /* a row is seen on some interfaces and two protocols */
#define GATHER_MS     100                 /* for more addresses, once there is one */
#define TRIES         3

/* How long a try may take: answers come within 0.3 s, unless packets get lost. */
static const uint64_t patience[TRIES] = {1000, 2000, 5000}; /* ms */

enum state { WAITING, RUNNING, FOUND, FAILED };

struct lookup;

/* An instance that a PTR record names, on one interface and protocol. */
struct instance {
	bool used;
	enum state state;
	unsigned tries;
	uint64_t since; /* number of instances that came before it */
	char label[KITH_LABEL_BYTES];
	int index;
	bool v6;
	struct lookup *lookup; /* while RUNNING */
};

/* The questions about one instance. */
struct lookup {
	struct kith_finder *finder;
	struct instance *instance;
	struct kith_browse *srv, *txt, *a, *aaaa;
	struct kith_timer *timer;
	bool has_txt, complete;
	struct kith_candidate found;
};

struct kith_finder {
	struct kith_poller *poller;
	struct kith_mdns *mdns;
	struct kith_sightings *sightings;
	struct kith_browse *ptr;
	size_t running;
	uint64_t came, started; /* instances and lookups so far */
	struct instance instances[INSTANCES_MAX];
};

static struct kith_browse *ask(struct lookup *l, const char *name, uint16_t type, kith_on_record *f)
{
	const struct instance *it = l->instance;

	return kith_mdns_browse(l->finder->mdns, it->index,
		it->v6 ? AVAHI_PROTO_INET6 : AVAHI_PROTO_INET, name, type, f, l);
}

static void stop(struct instance *it)
{
	struct lookup *l = it->lookup;

	if (!l)
		return;
	kith_mdns_browse_end(l->finder->mdns, l->srv);
	kith_mdns_browse_end(l->finder->mdns, l->txt);
	kith_mdns_browse_end(l->finder->mdns, l->a);
	kith_mdns_browse_end(l->finder->mdns, l->aaaa);
	kith_timer_remove(l->timer);
	l->finder->running--;
	it->lookup = NULL;
	free(l);
}

static void look(struct lookup *l)
{
	if (!l->has_txt || l->found.port == 0)
		return;
	/* With no address left this does nothing; the row goes with its PTR record. */
	kith_sightings_put(l->finder->sightings, &l->found, kith_poller_now());
	if (l->complete || l->found.ips_n == 0)
		return;
	l->complete = true;
	kith_timer_in(l->timer, GATHER_MS);
}

static void on_address(struct lookup *l, bool here, const struct kith_ip *ip)
{
	struct kith_candidate *c = &l->found;
	size_t i = 0;

	while (i < c->ips_n && !kith_ip_eq(&c->ips[i], ip))
		i++;
	if (here && i == c->ips_n && i < sizeof c->ips / sizeof c->ips[0])
		c->ips[c->ips_n++] = *ip;
	else if (!here && i < c->ips_n)
		c->ips[i] = c->ips[--c->ips_n];
	look(l);
}

static void on_a(void *ctx, int index, bool v6, bool here, const char *name, struct kith_span rdata)
{
	struct kith_ip ip = {.v6 = false};

	(void)index;
	(void)v6;
	(void)name;
	if (rdata.n != 4)
		return;
	memcpy(ip.bytes, rdata.p, 4);
	on_address(ctx, here, &ip);
}

static void on_aaaa(
	void *ctx, int index, bool v6, bool here, const char *name, struct kith_span rdata)
{
	struct kith_ip ip = {.v6 = true};

	(void)index;
	(void)v6;
	(void)name;
	if (rdata.n != 16)
		return;
	memcpy(ip.bytes, rdata.p, 16);
	on_address(ctx, here, &ip);
}

static void on_srv(
	void *ctx, int index, bool v6, bool here, const char *name, struct kith_span rdata)
{
	struct lookup *l = ctx;
	char host[KITH_LABEL_BYTES], fqdn[KITH_LABEL_BYTES + sizeof ".local"];

	(void)index;
	(void)v6;
	(void)name;
	if (!here || l->a || !kith_dns_srv(rdata, &l->found.port, host))
		return;
	(void)snprintf(fqdn, sizeof fqdn, "%s.local", host);
	l->a = ask(l, fqdn, ns_t_a, on_a);
	l->aaaa = ask(l, fqdn, ns_t_aaaa, on_aaaa);
}

static void on_txt(
	void *ctx, int index, bool v6, bool here, const char *name, struct kith_span rdata)
{
	struct lookup *l = ctx;

	(void)index;
	(void)v6;
	(void)name;
	if (!here || l->has_txt || kith_txt_read(rdata, &l->found.txt))
		return;
	l->has_txt = true;
	look(l);
}

static void pump(struct kith_finder *f);

static void expired(void *ctx)
{
	struct lookup *l = ctx;
	struct kith_finder *f = l->finder;
	struct instance *it = l->instance;

	it->state = l->complete ? FOUND : ++it->tries < TRIES ? WAITING : FAILED;
	stop(it);
	pump(f);
}

static void start(struct kith_finder *f, struct instance *it)
{
	char fqdn[KITH_LABEL_BYTES + sizeof "." KITH_SERVICE];
	struct lookup *l = calloc(1, sizeof *l);

	it->state = FAILED;
	if (!l)
		return;
	l->finder = f;
	l->instance = it;
	l->timer = kith_poller_timer(f->poller, expired, l);
	if (!l->timer) {
		free(l);
		return;
	}
	l->found.heard = KITH_HEARD_BROWSE;
	l->found.index = it->index;
	l->found.v6 = it->v6;
	memcpy(l->found.instance, it->label, sizeof l->found.instance);
	it->state = RUNNING;
	it->lookup = l;
	f->running++;
	kith_timer_in(l->timer, patience[it->tries]);
	(void)snprintf(fqdn, sizeof fqdn, "%s." KITH_SERVICE, it->label);
	l->srv = ask(l, fqdn, ns_t_srv, on_srv);
	l->txt = ask(l, fqdn, ns_t_txt, on_txt);
}

/* Of the instances that wait the newest of those tried least, or one by chance; NULL: none. */
static struct instance *waiting(struct kith_finder *f, bool newest)
{
	size_t from = (size_t)rand() % INSTANCES_MAX;
	struct instance *best = NULL;

	for (size_t i = 0; i < INSTANCES_MAX && (newest || !best); i++) {
		struct instance *it = &f->instances[(from + i) % INSTANCES_MAX];
		if (!it->used || it->state != WAITING)
			continue;
		if (!best || it->tries < best->tries ||
			(it->tries == best->tries && it->since > best->since))
			best = it;
	}
	return best;
}

static size_t unanswered(const struct kith_finder *f)
{
	size_t n = 0;

	for (size_t i = 0; i < INSTANCES_MAX; i++)
		n += f->instances[i].used && f->instances[i].state != FOUND;
	return n;
}

/* Starts lookups while there is room, new instances and old ones in turn: a flood of false ones
 * may delay a true one, whenever it comes, but not shut it out. */
static void pump(struct kith_finder *f)
{
	struct instance *it;

	while (f->running < KITH_RESOLVERS_MAX && (it = waiting(f, f->started++ % 2 == 0)))
		start(f, it);
	kith_sightings_behind(f->sightings, unanswered(f) > 2 * KITH_RESOLVERS_MAX);
}

/* Room for one more: an empty place, or that of one that was not found (yet), by chance. */
static struct instance *new_place(struct kith_finder *f)
{
	size_t from = (size_t)rand() % INSTANCES_MAX;
	struct instance *poor = NULL;

	for (size_t i = 0; i < INSTANCES_MAX; i++) {
		struct instance *it = &f->instances[(from + i) % INSTANCES_MAX];
		if (!it->used)
			return it;
		if (!poor && (it->state == WAITING || it->state == FAILED))
			poor = it;
	}
	return poor;
}

static struct instance *find(struct kith_finder *f, const char *label, int index, bool v6)
{
	for (size_t i = 0; i < INSTANCES_MAX; i++) {
		struct instance *it = &f->instances[i];
		if (it->used && it->index == index && it->v6 == v6 && strcmp(it->label, label) == 0)
			return it;
	}
	return NULL;
}

static void came(struct kith_finder *f, const char *label, int index, bool v6)
{
	struct instance *it = find(f, label, index, v6) ? NULL : new_place(f);

	if (!it)
		return;
	*it = (struct instance){.used = true, .index = index, .v6 = v6, .since = f->came++};
	memcpy(it->label, label, sizeof it->label);
}

static void went(struct kith_finder *f, const char *label, int index, bool v6)
{
	struct instance *it = find(f, label, index, v6);

	if (it) {
		stop(it);
		it->used = false;
	}
	kith_sightings_withdraw(f->sightings, label, index, v6);
}

static void on_ptr(
	void *ctx, int index, bool v6, bool here, const char *name, struct kith_span rdata)
{
	struct kith_finder *f = ctx;
	char fqdn[KITH_NAME_BYTES], label[KITH_LABEL_BYTES];

	(void)name;
	if (!kith_dns_name(rdata, 0, fqdn) || !kith_dns_label(fqdn, "." KITH_SERVICE, label))
		return;
	if (here)
		came(f, label, index, v6);
	else
		went(f, label, index, v6);
	pump(f);
}

struct kith_finder *kith_finder_new(
	struct kith_poller *p, struct kith_mdns *mdns, int index, struct kith_sightings *sightings)
{
	struct kith_finder *f = calloc(1, sizeof *f);

	if (!f)
		return NULL;
	f->poller = p;
	f->mdns = mdns;
	f->sightings = sightings;
	f->ptr = kith_mdns_browse(
		mdns, index, AVAHI_PROTO_UNSPEC, KITH_SERVICE, ns_t_ptr, on_ptr, f);
	if (!f->ptr) {
		free(f);
		return NULL;
	}
	return f;
}

void kith_finder_free(struct kith_finder *f)
{
	if (!f)
		return;
	for (size_t i = 0; i < INSTANCES_MAX; i++)
		stop(&f->instances[i]);
	kith_mdns_browse_end(f->mdns, f->ptr);
	free(f);
}
