/* SPDX-License-Identifier: MIT */
#include "picture/cage.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/limits.h"

#ifdef KITH_CAGE_KNOWN

static const uint32_t calls[] = {
	__NR_read,
	__NR_write,
	__NR_close,
	__NR_brk,
	__NR_munmap,
	__NR_mremap,
	__NR_madvise,
	__NR_futex,
	__NR_exit,
	__NR_gettid,
	__NR_getpid,
	__NR_rt_sigaction,
	__NR_rt_sigprocmask,
	__NR_rt_sigreturn,
	__NR_restart_syscall,
	__NR_clock_gettime,
	__NR_gettimeofday,
	__NR_getrandom,
};

static const struct kith_cage_rule rules[] = {
	{__NR_mmap, {{2, PROT_EXEC, 0}}},
	{__NR_mprotect, {{2, PROT_EXEC, 0}}},
};

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

static const struct kith_cage_list list = {
	.calls = calls, .calls_n = COUNT(calls), .rules = rules, .rules_n = COUNT(rules)};

#else

static const struct kith_cage_list list;

#endif

#define FILES 3 /* standard input, output and error */

static bool limit(int what, rlim_t most)
{
	struct rlimit r = {most, most};

	return setrlimit(what, &r) == 0;
}

bool kith_picture_cage_close(void)
{
	bool ok = limit(RLIMIT_CORE, 0) && limit(RLIMIT_FSIZE, 0) &&
		  limit(RLIMIT_CPU, KITH_PICTURE_MS / 1000);

#ifndef KITH_SANITIZED
	ok = ok && limit(RLIMIT_AS, KITH_PICTURE_MEMORY_MAX) && limit(RLIMIT_NOFILE, FILES);
#endif
	(void)umask(077);
	return ok && close_range(FILES, ~0u, 0) == 0 && chdir("/") == 0 &&
	       prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 &&
	       prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0 && kith_cage_close(&list) != 0;
}
