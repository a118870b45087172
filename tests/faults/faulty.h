/* SPDX-License-Identifier: MIT
 *
 * faulty - a process in which the n-th allocation, or the n-th change of a file, fails.
 *
 * A program that is linked with faulty.c has these in the place of the C library's functions, for
 * its own objects and for every shared library (an executable's symbols come first).  With the
 * address sanitizer, which has an allocator of its own, allocations are reached by the linker's
 * --wrap in our objects, and by the hooks of SQLite and jansson: see faults.cmake.
 */
#ifndef KITH_FAULTS_FAULTY_H
#define KITH_FAULTS_FAULTY_H

#include <stdbool.h>
#include <stddef.h>

enum faulty_kind {
	FAULTY_NONE,   /* nothing fails; everything is counted */
	FAULTY_MEMORY, /* that allocation fails, and no other */
	FAULTY_POOR,   /* that allocation fails, and all that follow */
	FAULTY_IO,     /* that change of a file fails with EIO, and no other */
	FAULTY_FULL,   /* from that one on, whatever needs room fails with ENOSPC; a write that came
			* in time for half of its bytes has put those */
	FAULTY_DEATH,  /* the process ends before that change of a file (exit FAULTY_DIED) */
};

#define FAULTY_DIED 137 /* as a shell calls SIGKILL */

/* What happens, from now on in this process; at counts from 1. */
void faulty_is(enum faulty_kind kind, unsigned long at);

/* "memory 17", "io 3"; false when it is no such text. */
bool faulty_reads(const char *text);

/* What it is now. */
enum faulty_kind faulty_now(void);

/* Whether it came to that; what it was ("fsync kith.db"), "" while it did not. */
bool faulty_fired(void);
const char *faulty_what(void);

/* Counts again from 0 and forgets what fired. */
void faulty_reset(void);

/* While off, nothing counts and nothing fails; nests.  For what belongs to the test itself. */
void faulty_off(void);
void faulty_on(void);

/* What was counted since faulty_is. */
unsigned long faulty_count(void);

/* From now on a process and its children count in one place; once, before the first fork. */
void faulty_share(void);

/* In a sanitized program: gives SQLite and jansson our functions; before either is used. */
void faulty_hooks(void);

#endif
