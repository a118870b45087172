/* SPDX-License-Identifier: MIT
 *
 * tries - what somebody who has taken over a courier would try next.
 */
#ifndef KITH_TEST_TRIES_H
#define KITH_TEST_TRIES_H

#include <sys/types.h>

enum {
	ANYBODY = 1,  /* works without a cage */
	ROOT = 2,     /* works without a cage, for root */
	MAYBE = 4,    /* works without a cage where the kernel has it and allows it */
	LANDLOCK = 8, /* already Landlock alone refuses it */
	SCOPES = 16,  /* already Landlock alone refuses it, from its version 6 on */
};

struct
try {
	const char *name;
	int (*f)(void); /* 0: it worked, else an errno */
	unsigned kind;  /* of the above, or-ed */
};

extern const struct try tries[];
extern const size_t tries_n;

extern const char *tries_home; /* the folder with identity.key, kith.db, control, victim, mnt */
extern pid_t tries_parent;     /* the node's place */

#endif
