/* SPDX-License-Identifier: MIT
 *
 * cage - a process gives up, for good, what it does not need: files, and every call of the kernel that is
 * not on its list.
 */
#ifndef KITH_BASE_CAGE_H
#define KITH_BASE_CAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a cage is made of. */
enum kith_cage { KITH_CAGE_LANDLOCK = 1, KITH_CAGE_SECCOMP = 2 };

#define KITH_CAGE_ALL   ~UINT32_C(0) /* mask of a test: the whole lower half */
#define KITH_CAGE_TESTS 3

/* The lower half of an argument, masked, must be that; mask 0: nothing is asked. */
struct kith_cage_test {
	uint32_t arg, mask, value;
};

/* A call that is allowed with some arguments.  There may be several for one. */
struct kith_cage_rule {
	uint32_t call;
	struct kith_cage_test tests[KITH_CAGE_TESTS];
};

/* What stays allowed.  Everything is borrowed. */
struct kith_cage_list {
	const uint32_t *calls; /* with any arguments; first what is called most */
	size_t calls_n;
	const struct kith_cage_rule *rules;
	size_t rules_n;
	const uint32_t *pretended; /* answered with success, and not done */
	size_t pretended_n;
	const char *const *
		readable; /* folders (if they are there) that Landlock leaves to be read, with all in them; */
	size_t readable_n; /* opening is a call of the list as any other */
};

/* Whether the list could be closed on this machine: its architecture is known. */
#if defined(__x86_64__) || defined(__aarch64__)
#define KITH_CAGE_KNOWN 1
#endif

/*
 * Closes the cage around this process: no new privileges, no capability, no right to any file but to read those of the list (Landlock), no call but
 * those of the list, and abort() (seccomp); any other fails as unknown to the kernel.  What is open stays open.
 * Returns what it is made of, enum kith_cage or-ed: less than both where the kernel lacks one.
 *
 * Call it while there is one thread: Landlock holds that one and those it starts.
 */
unsigned kith_cage_close(const struct kith_cage_list *list);

#endif
