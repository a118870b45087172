/* SPDX-License-Identifier: MIT */
#include "courier/mdns.h"

#include <avahi-common/error.h>
#include <avahi-common/malloc.h>
#include <avahi-core/core.h>
#include <avahi-core/log.h>
#include <avahi-core/lookup.h>
#include <avahi-core/publish.h>
#include <stdlib.h>

#include "courier/library.h"

#define LIBRARY   "libavahi-core.so.7"
#define RDATA_MAX 4096 /* longer ones are nothing that kith reads */

#define FUNCTIONS(X)                                                                               \
	X(server_new)                                                                              \
	X(server_free)                                                                             \
	X(server_config_init)                                                                      \
	X(server_config_free)                                                                      \
	X(server_add)                                                                              \
	X(s_entry_group_new)                                                                       \
	X(s_entry_group_free)                                                                      \
	X(s_entry_group_commit)                                                                    \
	X(s_record_browser_new)                                                                    \
	X(s_record_browser_free)                                                                   \
	X(record_new_full)                                                                         \
	X(record_unref)                                                                            \
	X(key_new)                                                                                 \
	X(key_unref)                                                                               \
	X(rdata_parse)                                                                             \
	X(rdata_serialize)                                                                         \
	X(set_log_function)

static struct {
	FUNCTIONS(KITH_LIBRARY_POINTER)
} avahi;

static bool loaded;

void kith_mdns_load(void)
{
#define SYMBOL(f) KITH_LIBRARY_SYMBOL(avahi, f)
	static const struct kith_symbol symbols[] = {FUNCTIONS(SYMBOL)};

	loaded = kith_library_load(LIBRARY, symbols, sizeof symbols / sizeof symbols[0]);
}

struct embedded {
	struct kith_mdns mdns; /* first, so that the two are one pointer */
	AvahiServer *server;
	AvahiSEntryGroup *group;
	struct kith_timer *report; /* events are told from here, never out of Avahi */
	enum kith_mdns_event event;
	kith_on_mdns *f;
	void *ctx;
};

struct kith_browse {
	AvahiSRecordBrowser *browser;
	kith_on_record *f;
	void *ctx;
};

static void log_nothing(AvahiLogLevel level, const char *text)
{
	(void)level;
	(void)text;
}

static void report(void *ctx)
{
	struct embedded *m = ctx;

	m->f(m->ctx, m->event, "somebody else on the network claims kith's own records");
}

/* Called before avahi_server_new has returned, too. */
static void server_changed(AvahiServer *s, AvahiServerState state, void *ctx)
{
	(void)s;
	(void)state; /* without a host record of its own the server runs from the start */
	(void)ctx;
}

static void group_changed(
	AvahiServer *s, AvahiSEntryGroup *g, AvahiEntryGroupState state, void *ctx)
{
	struct embedded *m = ctx;

	(void)s;
	(void)g;
	if (state != AVAHI_ENTRY_GROUP_COLLISION && state != AVAHI_ENTRY_GROUP_FAILURE)
		return;
	m->event = KITH_MDNS_CLASH;
	kith_timer_in(m->report, 0);
}

static enum kith_err add(
	struct embedded *m, const struct kith_records *all, const struct kith_record *r)
{
	/* Without probing: the names are random, and nobody should wait for a second. */
	AvahiPublishFlags flags = r->unique ? AVAHI_PUBLISH_UNIQUE | AVAHI_PUBLISH_NO_PROBE |
						      AVAHI_PUBLISH_ALLOW_MULTIPLE
					    : 0;
	struct kith_span rdata = kith_record_rdata(all, r);
	AvahiRecord *record =
		avahi.record_new_full(r->name, AVAHI_DNS_CLASS_IN, r->type, KITH_RECORD_TTL);

	if (!record)
		return KITH_ERR_NOMEM;
	bool ok = avahi.rdata_parse(record, rdata.p, rdata.n) >= 0 &&
		  avahi.server_add(
			  m->server, m->group, r->index, AVAHI_PROTO_UNSPEC, flags, record) >= 0;
	avahi.record_unref(record);
	return ok ? KITH_OK : KITH_ERR_IO;
}

static void withdraw(struct kith_mdns *mdns)
{
	struct embedded *m = (struct embedded *)mdns;

	if (m->group)
		avahi.s_entry_group_free(m->group);
	m->group = NULL;
}

static enum kith_err publish(struct kith_mdns *mdns, const struct kith_records *records)
{
	struct embedded *m = (struct embedded *)mdns;
	enum kith_err err = KITH_OK;

	withdraw(mdns);
	if (records->n == 0)
		return KITH_OK;
	m->group = avahi.s_entry_group_new(m->server, group_changed, m);
	if (!m->group)
		return KITH_ERR_NOMEM;
	for (size_t i = 0; !err && i < records->n; i++)
		err = add(m, records, &records->at[i]);
	if (!err && avahi.s_entry_group_commit(m->group) < 0)
		err = KITH_ERR_IO;
	if (err)
		withdraw(mdns);
	return err;
}

static void browsed(AvahiSRecordBrowser *browser, AvahiIfIndex index, AvahiProtocol protocol,
	AvahiBrowserEvent event, AvahiRecord *record, AvahiLookupResultFlags flags, void *ctx)
{
	struct kith_browse *b = ctx;
	uint8_t rdata[RDATA_MAX];

	(void)browser;
	(void)flags;
	if (!record || (event != AVAHI_BROWSER_NEW && event != AVAHI_BROWSER_REMOVE))
		return;
	size_t n = avahi.rdata_serialize(record, rdata, sizeof rdata);
	if (n == 0 || n > sizeof rdata)
		return;
	b->f(b->ctx, index, protocol == AVAHI_PROTO_INET6, event == AVAHI_BROWSER_NEW,
		record->key->name, kith_span(rdata, n));
}

static struct kith_browse *browse(struct kith_mdns *mdns, int index, int protocol, const char *name,
	uint16_t type, kith_on_record *f, void *ctx)
{
	struct embedded *m = (struct embedded *)mdns;
	struct kith_browse *b = calloc(1, sizeof *b);
	AvahiKey *key = avahi.key_new(name, AVAHI_DNS_CLASS_IN, type);

	if (b && key) {
		b->f = f;
		b->ctx = ctx;
		b->browser = avahi.s_record_browser_new(
			m->server, index, protocol, key, AVAHI_LOOKUP_USE_MULTICAST, browsed, b);
	}
	if (key)
		avahi.key_unref(key);
	if (!b || !b->browser) {
		free(b);
		return NULL;
	}
	return b;
}

static void browse_end(struct kith_browse *b)
{
	avahi.s_record_browser_free(b->browser);
	free(b);
}

static void embedded_free(struct kith_mdns *mdns)
{
	struct embedded *m = (struct embedded *)mdns;

	withdraw(mdns);
	if (m->server)
		avahi.server_free(m->server);
	kith_timer_remove(m->report);
	free(m);
}

static const struct kith_mdns_ops ops = {
	.publish = publish,
	.withdraw = withdraw,
	.browse = browse,
	.browse_end = browse_end,
	.free = embedded_free,
};

static AvahiServer *start(struct embedded *m, struct kith_poller *p, const char *only, int *err)
{
	AvahiServerConfig config;
	AvahiServer *server;

	avahi.server_config_init(&config);
	config.host_name = avahi_strdup("kith"); /* never published */
	config.publish_addresses = 0;
	config.publish_hinfo = 0;
	config.publish_workstation = 0;
	config.publish_domain = 0;
	config.enable_wide_area = 0;
	config.use_ipv4 = 1;
	config.use_ipv6 = 1;
	if (*only)
		config.allow_interfaces = avahi_string_list_new(only, NULL);
	server = avahi.server_new(&p->avahi, &config, server_changed, m, err);
	avahi.server_config_free(&config);
	return server;
}

struct kith_mdns *kith_mdns_embedded(
	struct kith_poller *p, const char *only, kith_on_mdns *f, void *ctx, const char **ret_text)
{
	struct embedded *m;
	int err = AVAHI_ERR_NO_MEMORY;

	if (!loaded) {
		*ret_text = LIBRARY " is not installed";
		return NULL;
	}
	avahi.set_log_function(log_nothing);
	if ((m = calloc(1, sizeof *m))) {
		m->mdns.ops = &ops;
		m->f = f;
		m->ctx = ctx;
		m->report = kith_poller_timer(p, report, m);
		m->server = m->report ? start(m, p, only, &err) : NULL;
		if (m->server)
			return &m->mdns;
		embedded_free(&m->mdns);
	}
	*ret_text = avahi_strerror(err);
	return NULL;
}
