/* SPDX-License-Identifier: MIT
 *
 * look - mDNS as bare as the library allows: what finding somebody costs at the least.
 */
#ifndef KITH_BENCH_LOOK_H
#define KITH_BENCH_LOOK_H

#include <netinet/in.h>

#define SERVICE "_kith._tcp"

/* Asks once on that interface, from a port of its own, and waits for the first answer that is about
 * kith.  *ret_address is where it came from.  Returns 0, or -1 when nobody answers in a second. */
int look_oneshot(const char *interface, struct in_addr *ret_address);

/* Asks for a bare responder (look_answer_for_ever) every AGAIN_MS until it answers.  Returns 0, or -1
 * when nobody answers in ten seconds. */
int look_again(const char *interface, struct in_addr *ret_address);

/* Starts avahi-core with one service of another type, and answers until the process is killed.  Returns
 * -1 when that fails. */
int look_answer_for_ever(void);

/* Starts avahi-core, browses, and resolves the first service to an IPv4 address.  Returns 0, or -1
 * when avahi-core cannot be started; waits without end. */
int look_browse(struct in_addr *ret_address);

/* Starts avahi-core and browses until the process is killed.  Returns -1 when that fails. */
int look_for_ever(void);

#endif
