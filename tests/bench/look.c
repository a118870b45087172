/* SPDX-License-Identifier: MIT */
#include "look.h"

#include <arpa/inet.h>
#include <avahi-common/malloc.h>
#include <avahi-common/simple-watch.h>
#include <avahi-core/core.h>
#include <avahi-core/log.h>
#include <avahi-core/lookup.h>
#include <avahi-core/publish.h>
#include <avahi-core/rr.h>
#include <net/if.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#define MDNS_PORT  5353
#define MDNS_GROUP "224.0.0.251"
#define ONESHOT_MS 1000
#define AGAIN_MS   20
#define AGAIN_MAX  500
#define BARE       "_flor._tcp" /* the bare responder's, as long as kith's */
#define SERVICE_AT 13           /* in the query */

/* --- one-shot --------------------------------------------------------------------------------- */

/* Header with one question; PTR, IN. */
static const uint8_t query[] = "\x12\x34\0\0\0\1\0\0\0\0\0\0"
			       "\5_kith\4_tcp\5local\0"
			       "\0\x0c\0\1";

static int ask(const char *interface, const char *service)
{
	char asked[sizeof query];
	struct ip_mreqn on = {.imr_ifindex = (int)if_nametoindex(interface)};
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(MDNS_PORT)};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	memcpy(asked, query, sizeof query);
	memcpy(asked + SERVICE_AT, service, strlen("_kith"));
	(void)inet_pton(AF_INET, MDNS_GROUP, &to.sin_addr);
	if (fd >= 0 && setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &on, sizeof on) == 0 &&
		sendto(fd, asked, sizeof asked - 1, 0, (struct sockaddr *)&to, sizeof to) > 0)
		return fd;
	if (fd >= 0)
		(void)close(fd);
	return -1;
}

static int look_once(
	const char *interface, const char *service, int ms, struct in_addr *ret_address)
{
	int fd = ask(interface, service);
	struct pollfd p = {.fd = fd, .events = POLLIN};
	int found = -1;

	while (fd >= 0 && found && poll(&p, 1, ms) > 0) {
		char answer[9000];
		struct sockaddr_in from;
		socklen_t from_n = sizeof from;
		ssize_t n =
			recvfrom(fd, answer, sizeof answer, 0, (struct sockaddr *)&from, &from_n);
		if (n > 0 && memmem(answer, (size_t)n, service, strlen("_kith"))) {
			*ret_address = from.sin_addr;
			found = 0;
		}
	}
	if (fd >= 0)
		(void)close(fd);
	return found;
}

int look_oneshot(const char *interface, struct in_addr *ret_address)
{
	return look_once(interface, SERVICE, ONESHOT_MS, ret_address);
}

int look_again(const char *interface, struct in_addr *ret_address)
{
	for (int i = 0; i < AGAIN_MAX; i++)
		if (look_once(interface, BARE, AGAIN_MS, ret_address) == 0)
			return 0;
	return -1;
}

/* --- avahi-core ------------------------------------------------------------------------------- */

struct look {
	AvahiSimplePoll *poll;
	AvahiServer *server;
	AvahiSServiceResolver *resolver; /* of the first service; none when only browsing */
	bool resolve;                    /* and end then */
	bool found;
	struct in_addr address;
};

static void log_nothing(AvahiLogLevel level, const char *text)
{
	(void)level;
	(void)text;
}

static void server_changed(AvahiServer *s, AvahiServerState state, void *ctx)
{
	(void)s;
	(void)state;
	(void)ctx;
}

static void resolved(AvahiSServiceResolver *r, AvahiIfIndex index, AvahiProtocol protocol,
	AvahiResolverEvent event, const char *name, const char *type, const char *domain,
	const char *host, const AvahiAddress *a, uint16_t port, AvahiStringList *txt,
	AvahiLookupResultFlags flags, void *ctx)
{
	struct look *look = ctx;

	(void)r, (void)index, (void)protocol, (void)name, (void)type, (void)domain, (void)host;
	(void)port, (void)txt, (void)flags;
	if (event != AVAHI_RESOLVER_FOUND || a->proto != AVAHI_PROTO_INET)
		return;
	look->address.s_addr = a->data.ipv4.address;
	look->found = true;
	avahi_simple_poll_quit(look->poll);
}

static void browsed(AvahiSServiceBrowser *b, AvahiIfIndex index, AvahiProtocol protocol,
	AvahiBrowserEvent event, const char *name, const char *type, const char *domain,
	AvahiLookupResultFlags flags, void *ctx)
{
	struct look *look = ctx;

	(void)b, (void)flags;
	if (event == AVAHI_BROWSER_NEW && look->resolve && !look->resolver)
		look->resolver = avahi_s_service_resolver_new(look->server, index, protocol, name,
			type, domain, AVAHI_PROTO_INET, 0, resolved, look);
}

static AvahiServer *serve(struct look *look)
{
	AvahiServerConfig config;
	AvahiServer *server;
	unsigned seed;
	int err;

	if (getrandom(&seed, sizeof seed, 0) != sizeof seed)
		return NULL;
	srand(seed); /* else all draw the same delays */
	avahi_set_log_function(log_nothing);
	avahi_server_config_init(&config);
	config.host_name = avahi_strdup("floor");
	config.publish_addresses = 0;
	config.publish_hinfo = 0;
	config.publish_workstation = 0;
	config.publish_domain = 0;
	config.enable_wide_area = 0;
	server = avahi_server_new(
		avahi_simple_poll_get(look->poll), &config, server_changed, NULL, &err);
	avahi_server_config_free(&config);
	return server;
}

/* Ends without goodbyes: the process is about to end. */
static int look_with_avahi(struct look *look)
{
	look->poll = avahi_simple_poll_new();
	look->server = look->poll ? serve(look) : NULL;
	if (!look->server || !avahi_s_service_browser_new(look->server, AVAHI_IF_UNSPEC,
				     AVAHI_PROTO_UNSPEC, SERVICE, "local", 0, browsed, look))
		return -1;
	return avahi_simple_poll_loop(look->poll);
}

int look_browse(struct in_addr *ret_address)
{
	struct look look = {.resolve = true};

	if (look_with_avahi(&look) < 0 || !look.found)
		return -1;
	*ret_address = look.address;
	return 0;
}

int look_for_ever(void)
{
	struct look look = {.resolve = false};

	return look_with_avahi(&look);
}

static void group_changed(
	AvahiServer *s, AvahiSEntryGroup *group, AvahiEntryGroupState state, void *ctx)
{
	(void)s, (void)group, (void)state, (void)ctx;
}

/* A pointer to some instance: an answer is all that is waited for.  NULL without memory. */
static AvahiRecord *record(void)
{
	AvahiRecord *r = avahi_record_new_full(
		BARE ".local", AVAHI_DNS_CLASS_IN, AVAHI_DNS_TYPE_PTR, AVAHI_DEFAULT_TTL);

	if (r && !(r->data.ptr.name = avahi_strdup("floor." BARE ".local"))) {
		avahi_record_unref(r);
		return NULL;
	}
	return r;
}

int look_answer_for_ever(void)
{
	struct look look = {.resolve = false};
	AvahiSEntryGroup *group;

	look.poll = avahi_simple_poll_new();
	look.server = look.poll ? serve(&look) : NULL;
	group = look.server ? avahi_s_entry_group_new(look.server, group_changed, NULL) : NULL;
	if (!group ||
		avahi_server_add(
			look.server, group, AVAHI_IF_UNSPEC, AVAHI_PROTO_UNSPEC, 0, record()) ||
		avahi_s_entry_group_commit(group))
		return -1;
	return avahi_simple_poll_loop(look.poll);
}
