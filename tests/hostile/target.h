/* SPDX-License-Identifier: MIT
 *
 * target - who is attacked and from where, and the guard that keeps all of this inside a test.
 */
#ifndef KITH_HOSTILE_TARGET_H
#define KITH_HOSTILE_TARGET_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SOURCES_MAX 256 /* addresses that an attack comes from */

struct target {
	struct sockaddr_storage to; /* listener of the victim */
	socklen_t to_n;
	uint8_t key[32];                      /* its CURVE key */
	struct sockaddr_in from[SOURCES_MAX]; /* own addresses; connections take them in turn */
	size_t froms;                         /* 0: what the kernel chooses */
};

/* Reads "10.99.0.1", "127.0.0.1", "::1" or "fe80::1%eth0", and a port.  False: nothing of that
 * kind, or an address that no test has. */
bool target_to(struct target *t, const char *address, const char *port);

/* Adds own addresses: "10.99.0.9", or a range within the last number, "10.99.0.9-40". */
bool target_from(struct target *t, const char *range);

/* True when nothing but the tests can be reached from here: the target is this machine itself, or
 * every interface of this network namespace is the loopback or one end of a veth pair. */
bool target_is_a_test(const struct target *t);

/* A TCP connection from the who-th own address; -1 and errno.  receive: SO_RCVBUF, 0 for the
 * kernel's own.  Blocks at most `ms`, as every later send and read on it. */
int target_connect(const struct target *t, size_t who, int receive, int ms);

#endif
