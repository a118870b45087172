/* SPDX-License-Identifier: MIT */
#include "courier/mdns.h"

#include <avahi-client/client.h>
#include <avahi-client/lookup.h>
#include <avahi-client/publish.h>
#include <avahi-common/error.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/limits.h"
#include "courier/library.h"

#define BUS         "/run/dbus/system_bus_socket" /* without it there is no need to ask the library */
#define LIBRARY     "libavahi-client.so.3"
#define PATIENCE_MS 1500 /* with the daemon and its bus, until both have answered */
#define AGAIN_MS    100  /* should it be at another line by then */

#define FUNCTIONS(X)                                                                               \
	X(client_new)                                                                              \
	X(client_free)                                                                             \
	X(client_errno)                                                                            \
	X(entry_group_new)                                                                         \
	X(entry_group_free)                                                                        \
	X(entry_group_add_record)                                                                  \
	X(entry_group_commit)                                                                      \
	X(record_browser_new)                                                                      \
	X(record_browser_free)

static struct {
	FUNCTIONS(KITH_LIBRARY_POINTER)
} avahi;

static bool load(void)
{
#define SYMBOL(f) KITH_LIBRARY_SYMBOL(avahi, f)
	static const struct kith_symbol symbols[] = {FUNCTIONS(SYMBOL)};

	return kith_library_load(LIBRARY, symbols, sizeof symbols / sizeof symbols[0]);
}

struct daemon {
	struct kith_mdns mdns; /* first, so that the two are one pointer */
	AvahiClient *client;
	AvahiEntryGroup *groups[KITH_INTERFACES_MAX + 1]; /* the daemon allows 32 records in one */
	size_t groups_n;
	bool lost;
	struct kith_timer *report; /* events are told from here, never out of Avahi */
	enum kith_mdns_event event;
	kith_on_mdns *f;
	void *ctx;
};

struct kith_browse {
	AvahiRecordBrowser *browser;
	kith_on_record *f;
	void *ctx;
};

static const char *text_of(enum kith_mdns_event event)
{
	switch (event) {
	case KITH_MDNS_LOST:
		return "the Avahi service of this machine stopped";
	case KITH_MDNS_REFUSED:
		return "the Avahi service of this machine does not let programs publish";
	case KITH_MDNS_CLASH:
		return "somebody else on the network claims kith's own records";
	}
	return "";
}

static void report(void *ctx)
{
	struct daemon *m = ctx;

	m->f(m->ctx, m->event, text_of(m->event));
}

static void happened(struct daemon *m, enum kith_mdns_event event)
{
	if (m->lost)
		return;
	m->lost = event == KITH_MDNS_LOST;
	m->event = event;
	kith_timer_in(m->report, 0);
}

/* Called before avahi_client_new has returned, too. */
static void client_changed(AvahiClient *client, AvahiClientState state, void *ctx)
{
	(void)client;
	if (state == AVAHI_CLIENT_FAILURE)
		happened(ctx, KITH_MDNS_LOST);
}

static void group_changed(AvahiEntryGroup *g, AvahiEntryGroupState state, void *ctx)
{
	(void)g;
	if (state == AVAHI_ENTRY_GROUP_COLLISION || state == AVAHI_ENTRY_GROUP_FAILURE)
		happened(ctx, KITH_MDNS_CLASH);
}

static void withdraw(struct kith_mdns *mdns)
{
	struct daemon *m = (struct daemon *)mdns;

	while (m->groups_n > 0)
		(void)avahi.entry_group_free(m->groups[--m->groups_n]);
}

static enum kith_err to_err(int result)
{
	if (result >= 0)
		return KITH_OK;
	return result == AVAHI_ERR_NOT_PERMITTED || result == AVAHI_ERR_ACCESS_DENIED
		       ? KITH_ERR_PERMISSION
		       : KITH_ERR_IO;
}

static enum kith_err add(
	AvahiEntryGroup *g, const struct kith_records *all, const struct kith_record *r)
{
	/* Without probing: the names are random, and nobody should wait for a second. */
	AvahiPublishFlags flags = r->unique ? AVAHI_PUBLISH_UNIQUE | AVAHI_PUBLISH_NO_PROBE |
						      AVAHI_PUBLISH_ALLOW_MULTIPLE
					    : 0;
	struct kith_span rdata = kith_record_rdata(all, r);

	return to_err(avahi.entry_group_add_record(g, r->index, AVAHI_PROTO_UNSPEC, flags, r->name,
		AVAHI_DNS_CLASS_IN, r->type, KITH_RECORD_TTL, rdata.p, rdata.n));
}

/* The records that share an interface, from number *i on; *i is moved past them. */
static enum kith_err publish_one(struct daemon *m, const struct kith_records *all, size_t *i)
{
	int index = all->at[*i].index;
	AvahiEntryGroup *g = avahi.entry_group_new(m->client, group_changed, m);
	enum kith_err err = KITH_OK;

	if (!g)
		return to_err(avahi.client_errno(m->client));
	m->groups[m->groups_n++] = g;
	for (; !err && *i < all->n && all->at[*i].index == index; ++*i)
		err = add(g, all, &all->at[*i]);
	return err ? err : to_err(avahi.entry_group_commit(g));
}

static enum kith_err publish(struct kith_mdns *mdns, const struct kith_records *records)
{
	struct daemon *m = (struct daemon *)mdns;
	enum kith_err err = KITH_OK;
	size_t i = 0;

	withdraw(mdns);
	while (!err && !m->lost && i < records->n && m->groups_n <= KITH_INTERFACES_MAX)
		err = publish_one(m, records, &i);
	if (!err)
		return KITH_OK;
	withdraw(mdns);
	if (err == KITH_ERR_PERMISSION)
		happened(m, KITH_MDNS_REFUSED);
	return err;
}

static void browsed(AvahiRecordBrowser *browser, AvahiIfIndex index, AvahiProtocol protocol,
	AvahiBrowserEvent event, const char *name, uint16_t clazz, uint16_t type, const void *rdata,
	size_t size, AvahiLookupResultFlags flags, void *ctx)
{
	struct kith_browse *b = ctx;

	(void)browser;
	(void)clazz;
	(void)type;
	(void)flags;
	if (!name || !rdata || (event != AVAHI_BROWSER_NEW && event != AVAHI_BROWSER_REMOVE))
		return;
	b->f(b->ctx, index, protocol == AVAHI_PROTO_INET6, event == AVAHI_BROWSER_NEW, name,
		kith_span(rdata, size));
}

static struct kith_browse *browse(struct kith_mdns *mdns, int index, int protocol, const char *name,
	uint16_t type, kith_on_record *f, void *ctx)
{
	struct daemon *m = (struct daemon *)mdns;
	struct kith_browse *b = m->lost ? NULL : calloc(1, sizeof *b);

	if (!b)
		return NULL;
	b->f = f;
	b->ctx = ctx;
	b->browser = avahi.record_browser_new(m->client, index, protocol, name, AVAHI_DNS_CLASS_IN,
		type, AVAHI_LOOKUP_USE_MULTICAST, browsed, b);
	if (!b->browser) {
		free(b);
		return NULL;
	}
	return b;
}

static void browse_end(struct kith_browse *b)
{
	(void)avahi.record_browser_free(b->browser);
	free(b);
}

static void daemon_free(struct kith_mdns *mdns)
{
	struct daemon *m = (struct daemon *)mdns;

	withdraw(mdns);
	if (m->client)
		avahi.client_free(m->client);
	kith_timer_remove(m->report);
	free(m);
}

static const struct kith_mdns_ops ops = {
	.publish = publish,
	.withdraw = withdraw,
	.browse = browse,
	.browse_end = browse_end,
	.free = daemon_free,
};

/* --- a bus that hangs ------------------------------------------------------------------------- */

/* The client library waits 25 s for each answer, in calls that cannot be told otherwise.  Its line
 * is the only stream of Unix here; once that is shut down, the wait is over. */
static void hang_up(int number)
{
	int kept = errno;

	(void)number;
	for (int fd = 0; fd < KITH_COURIER_FILES_MAX; fd++) {
		int domain = 0, type = 0;
		socklen_t n = sizeof domain, m = sizeof type;
		if (getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &n) == 0 && domain == AF_UNIX &&
			getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &m) == 0 && type == SOCK_STREAM)
			(void)shutdown(fd, SHUT_RDWR);
	}
	errno = kept;
}

static void set_alarm(unsigned after_ms, unsigned again_ms)
{
	struct itimerval t = {{again_ms / 1000, again_ms % 1000 * 1000},
		{after_ms / 1000, after_ms % 1000 * 1000}};

	(void)setitimer(ITIMER_REAL, &t, NULL);
}

static AvahiClient *connect_in_time(struct daemon *m, struct kith_poller *p)
{
	struct sigaction alarmed = {.sa_handler = hang_up}, before;
	AvahiClient *client;

	(void)sigaction(SIGALRM, &alarmed, &before);
	set_alarm(PATIENCE_MS, AGAIN_MS);
	client = avahi.client_new(
		&p->avahi, AVAHI_CLIENT_IGNORE_USER_CONFIG, client_changed, m, NULL);
	set_alarm(0, 0);
	(void)sigaction(SIGALRM, &before, NULL);
	return client;
}

struct kith_mdns *kith_mdns_daemon(struct kith_poller *p, kith_on_mdns *f, void *ctx)
{
	struct daemon *m = calloc(1, sizeof *m);

	if (!m)
		return NULL;
	m->mdns.ops = &ops;
	m->f = f;
	m->ctx = ctx;
	m->report = kith_poller_timer(p, report, m);
	if (m->report && access(BUS, F_OK) == 0 && load())
		m->client = connect_in_time(m, p);
	if (!m->client || m->lost) {
		daemon_free(&m->mdns);
		return NULL;
	}
	return &m->mdns;
}
