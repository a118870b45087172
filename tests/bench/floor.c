/* SPDX-License-Identifier: MIT
 *
 * floor - one process, one after the other and nothing else, the work that no swap can do without:
 * find somebody, open one CURVE connection, one round trip on it, two signatures and as many
 * verifications, three syncs of a file.  Prints the monotonic clock (ns) at its end.
 *
 *	floor serve                                       prints "PORT KEY", answers until killed
 *	floor oneshot|browse INTERFACE PORT KEY FILE      finds a kith, goes to PORT beside it
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <zmq.h>

#include "look.h"

#define CARD      400  /* bytes of a card */
#define KEY_CHARS 41   /* of a CURVE key as Z85, and NUL */
#define PAGE      4096 /* what a small transaction adds to a log */
#define SYNCS     3
#define CARDS     2 /* mine and theirs */

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
	char id[256], bytes[CARD];
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
		must(id_n > 0 && bytes_n == CARD, "a message of another size");
		must(zmq_send(router, id, (size_t)id_n, ZMQ_SNDMORE) >= 0, "send");
		must(zmq_send(router, bytes, (size_t)bytes_n, 0) >= 0, "send");
	}
}

/* --- the one who comes ------------------------------------------------------------------------ */

static void round_trip(struct in_addr address, const char *port, const char *server_key)
{
	char key[KEY_CHARS], secret[KEY_CHARS], endpoint[128], ip[INET_ADDRSTRLEN];
	char bytes[CARD] = {0};
	void *dealer = zmq_socket(zmq_ctx_new(), ZMQ_DEALER);

	must(dealer && zmq_curve_keypair(key, secret) == 0, "ZeroMQ without CURVE");
	must(zmq_setsockopt(dealer, ZMQ_CURVE_SERVERKEY, server_key, KEY_CHARS) == 0, "SERVERKEY");
	must(zmq_setsockopt(dealer, ZMQ_CURVE_PUBLICKEY, key, sizeof key) == 0, "PUBLICKEY");
	must(zmq_setsockopt(dealer, ZMQ_CURVE_SECRETKEY, secret, sizeof secret) == 0, "SECRETKEY");
	(void)inet_ntop(AF_INET, &address, ip, sizeof ip);
	(void)snprintf(endpoint, sizeof endpoint, "tcp://%s:%s", ip, port);
	must(zmq_connect(dealer, endpoint) == 0, "connect");
	must(zmq_send(dealer, bytes, sizeof bytes, 0) == CARD, "send");
	must(zmq_recv(dealer, bytes, sizeof bytes, 0) == CARD, "no answer");
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
	int found;

	if (argc == 2 && strcmp(argv[1], "serve") == 0)
		serve();
	if (argc != 6)
		return 2;
	must(sodium_init() >= 0, "libsodium");
	if (strcmp(argv[1], "browse") == 0)
		found = look_browse(&address);
	else
		found = look_oneshot(argv[2], &address);
	must(found == 0, "nobody was found");
	round_trip(address, argv[3], argv[4]);
	sign_and_verify();
	keep(argv[5]);
	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	(void)printf("%" PRId64 "\n", (int64_t)t.tv_sec * 1000000000 + t.tv_nsec);
	(void)fflush(stdout);
	_exit(0); /* without the context's farewell, which is not counted either */
}
