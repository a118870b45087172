/* SPDX-License-Identifier: MIT
 *
 * floor - one process, one after the other and nothing else, the work that no swap can do without:
 * find somebody, open one CURVE connection, one round trip on it, two signatures and as many
 * verifications, three syncs of a file.  Prints the monotonic clock (ns) at its end.
 *
 *	floor serve                                       prints "PORT KEY", answers until killed
 *	floor oneshot|browse INTERFACE PORT KEY FILE      finds a kith, goes to PORT beside it
 *	floor known INTERFACE PORT KEY FILE TIES          waits for the link, then does what two cannot do
 *	                                                  without who recognise each other among so many: the
 *	                                                  tags, made three times and sent once; a card each way
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sodium.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <zmq.h>

#include "look.h"

#define CARD      400  /* bytes of a card */
#define KEY_CHARS 41   /* of a CURVE key as Z85, and NUL */
#define PAGE      4096 /* what a small transaction adds to a log */
#define SYNCS     3
#define CARDS     2 /* mine and theirs */
#define TAG       8
#define TIES_MOST 16384
#define LISTS     3 /* the dialler's, the listener's, and the dialler's look at the answer */
#define SAID      (12 + 3 * 32) /* bytes that a tag is made from */

static void must(int ok, const char *what)
{
	if (ok)
		return;
	(void)fprintf(stderr, "floor: %s\n", what);
	exit(1);
}

/* --- the one who waits ------------------------------------------------------------------------ */

_Noreturn static void serve(void)
{
	char key[KEY_CHARS], secret[KEY_CHARS], endpoint[256];
	static char id[256], bytes[TIES_MOST * TAG];
	size_t n = sizeof endpoint;
	int on = 1;
	void *router = zmq_socket(zmq_ctx_new(), ZMQ_ROUTER);

	must(router && zmq_curve_keypair(key, secret) == 0, "ZeroMQ without CURVE");
	must(zmq_setsockopt(router, ZMQ_CURVE_SERVER, &on, sizeof on) == 0, "CURVE_SERVER");
	must(zmq_setsockopt(router, ZMQ_CURVE_SECRETKEY, secret, sizeof secret) == 0, "SECRETKEY");
	must(zmq_bind(router, "tcp://0.0.0.0:*") == 0, "bind");
	must(zmq_getsockopt(router, ZMQ_LAST_ENDPOINT, endpoint, &n) == 0, "LAST_ENDPOINT");
	(void)printf("%s %s\n", strrchr(endpoint, ':') + 1, key);
	(void)fflush(stdout);
	for (;;) {
		int id_n = zmq_recv(router, id, sizeof id, 0);
		int bytes_n = zmq_recv(router, bytes, sizeof bytes, 0);
		must(id_n > 0 && bytes_n >= CARD && bytes_n <= (int)sizeof bytes, "size");
		must(zmq_send(router, id, (size_t)id_n, ZMQ_SNDMORE) >= 0, "send");
		must(zmq_send(router, bytes, CARD, 0) >= 0, "send");
	}
}

/* --- the one who comes ------------------------------------------------------------------------ */

static void round_trip(
	struct in_addr address, const char *port, const char *server_key, size_t first)
{
	static char bytes[TIES_MOST * TAG];
	char key[KEY_CHARS], secret[KEY_CHARS], endpoint[128], ip[INET_ADDRSTRLEN];
	void *dealer = zmq_socket(zmq_ctx_new(), ZMQ_DEALER);

	must(dealer && zmq_curve_keypair(key, secret) == 0, "ZeroMQ without CURVE");
	must(zmq_setsockopt(dealer, ZMQ_CURVE_SERVERKEY, server_key, KEY_CHARS) == 0, "SERVERKEY");
	must(zmq_setsockopt(dealer, ZMQ_CURVE_PUBLICKEY, key, sizeof key) == 0, "PUBLICKEY");
	must(zmq_setsockopt(dealer, ZMQ_CURVE_SECRETKEY, secret, sizeof secret) == 0, "SECRETKEY");
	(void)inet_ntop(AF_INET, &address, ip, sizeof ip);
	(void)snprintf(endpoint, sizeof endpoint, "tcp://%s:%s", ip, port);
	must(zmq_connect(dealer, endpoint) == 0, "connect");
	must(zmq_send(dealer, bytes, first, 0) == (int)first, "send");
	must(zmq_recv(dealer, bytes, sizeof bytes, 0) == CARD, "no answer");
	if (first == CARD)
		return;
	must(zmq_send(dealer, bytes, CARD, 0) == CARD, "send"); /* the proofs, with a card each */
	must(zmq_recv(dealer, bytes, sizeof bytes, 0) == CARD, "no answer");
}

static void make_tags(size_t ties)
{
	static unsigned char tags[TIES_MOST][TAG];
	unsigned char key[32] = {0}, said[SAID] = {0}, tag[crypto_generichash_BYTES_MIN];

	for (size_t i = 0; i < ties * LISTS; i++) {
		memcpy(key, &i, sizeof i);
		(void)crypto_generichash(tag, sizeof tag, said, sizeof said, key, sizeof key);
		memcpy(tags[i % ties], tag, TAG);
	}
}

/* Until the interface has an IPv4 address and a carrier. */
static void await_link(const char *interface)
{
	struct sockaddr_nl to = {.nl_family = AF_NETLINK,
		.nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV4_ROUTE};
	char news[8192];
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

	must(fd >= 0 && bind(fd, (struct sockaddr *)&to, sizeof to) == 0, "netlink");
	(void)printf("waiting\n");
	(void)fflush(stdout);
	for (;;) {
		struct ifreq r = {0};
		(void)snprintf(r.ifr_name, sizeof r.ifr_name, "%s", interface);
		int s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
		bool up = s >= 0 && ioctl(s, SIOCGIFFLAGS, &r) == 0 && r.ifr_flags & IFF_RUNNING;
		(void)close(s);
		if (up)
			break;
		must(recv(fd, news, sizeof news, 0) > 0, "netlink");
	}
	(void)close(fd);
}

static void sign_and_verify(void)
{
	unsigned char key[crypto_sign_PUBLICKEYBYTES], secret[crypto_sign_SECRETKEYBYTES];
	unsigned char sig[crypto_sign_BYTES], card[CARD] = {0};

	(void)crypto_sign_keypair(key, secret);
	for (int i = 0; i < CARDS; i++) {
		card[0] = (unsigned char)i;
		(void)crypto_sign_detached(sig, NULL, card, sizeof card, secret);
		must(crypto_sign_verify_detached(sig, card, sizeof card, key) == 0, "a signature");
	}
}

static void keep(const char *file)
{
	static const char page[PAGE];
	int fd = open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

	for (int i = 0; i < SYNCS; i++)
		must(fd >= 0 && write(fd, page, sizeof page) == PAGE && fsync(fd) == 0, file);
}

int main(int argc, char **argv)
{
	struct in_addr address;
	struct timespec t;
	size_t ties = 0;
	int found;

	if (argc == 2 && strcmp(argv[1], "serve") == 0)
		serve();
	if (argc == 7 && strcmp(argv[1], "known") == 0)
		ties = strtoul(argv[6], NULL, 10);
	if (ties ? ties > TIES_MOST || ties * TAG <= CARD : argc != 6)
		return 2;
	must(sodium_init() >= 0, "libsodium");
	if (ties)
		await_link(argv[2]);
	if (ties)
		found = look_again(argv[2], &address);
	else if (strcmp(argv[1], "browse") == 0)
		found = look_browse(&address);
	else
		found = look_oneshot(argv[2], &address);
	must(found == 0, "nobody was found");
	make_tags(ties);
	round_trip(address, argv[3], argv[4], ties ? ties * TAG : CARD);
	sign_and_verify();
	keep(argv[5]);
	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	(void)printf("%" PRId64 "\n", (int64_t)t.tv_sec * 1000000000 + t.tv_nsec);
	(void)fflush(stdout);
	_exit(0); /* without the context's farewell, which is not counted either */
}
