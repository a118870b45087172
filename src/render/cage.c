/* SPDX-License-Identifier: MIT */
#include "render/cage.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/limits.h"

#ifdef KITH_CAGE_KNOWN

#define ALL KITH_CAGE_ALL

static const uint32_t calls[] = {
	__NR_read,
	__NR_write,
	__NR_close,

	/* fonts are looked for when a letter needs them */
	__NR_newfstatat,
	__NR_fstat,
	__NR_fstatfs,
	__NR_statfs,
	__NR_faccessat,
	__NR_getdents64,
	__NR_lseek,
	__NR_pread64,
	__NR_fadvise64,

	/* memory */
	__NR_brk,
	__NR_munmap,
	__NR_mremap,
	__NR_madvise,

	/* threads: the library that looks for fonts has some */
	__NR_futex,
	__NR_set_robust_list,
	__NR_rseq,
	__NR_gettid,
	__NR_exit,
	__NR_sched_yield,
	__NR_sched_getaffinity,

	__NR_getpid,
	__NR_rt_sigaction,
	__NR_rt_sigprocmask,
	__NR_rt_sigreturn,
	__NR_restart_syscall,
	__NR_clock_gettime,
	__NR_gettimeofday,
	__NR_getrandom,

#ifdef __NR_poll /* what newer machines have under another name only */
	__NR_access,
	__NR_stat,
	__NR_lstat,
#endif
};

#define NAMESPACES                                                                                 \
	(CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER |             \
		CLONE_NEWPID | CLONE_NEWNET)

static const struct kith_cage_rule rules[] = {
	{__NR_openat, {{2, O_ACCMODE | O_CREAT | O_TRUNC | O_APPEND | O_PATH, O_RDONLY}}},
	{__NR_fcntl, {{1, ALL, F_GETFD}}},
	{__NR_fcntl, {{1, ALL, F_SETFD}}},
	{__NR_fcntl, {{1, ALL, F_GETFL}}},
	{__NR_prctl, {{0, ALL, PR_SET_NAME}}},
	{__NR_mmap, {{2, PROT_EXEC, 0}}},
	{__NR_mprotect, {{2, PROT_EXEC, 0}}},
	{__NR_clone, {{0, CLONE_THREAD | NAMESPACES, CLONE_THREAD}}},
};

/* Where Debian, Fedora and Arch have fonts, what says which is which, and what was found out about them. */
static const char *const fonts[] = {
	"/etc/fonts",
	"/usr/share/fontconfig",
	"/usr/share/fonts",
	"/usr/local/share/fonts",
	"/var/cache/fontconfig",
};

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

static const struct kith_cage_list list = {.calls = calls,
	.calls_n = COUNT(calls),
	.rules = rules,
	.rules_n = COUNT(rules),
	.readable = fonts,
	.readable_n = COUNT(fonts)};

#else

static const struct kith_cage_list list;

#endif

#define FILES 32 /* descriptors; each thread may have a font open */

static bool limit(int what, rlim_t most)
{
	struct rlimit r = {most, most};

	return setrlimit(what, &r) == 0;
}

/* Each part keeps out what the other lets in: the filter knows no paths, Landlock no sockets. */
bool kith_render_cage_close(void)
{
	bool ok = limit(RLIMIT_CORE, 0) && limit(RLIMIT_FSIZE, 0) &&
		  limit(RLIMIT_CPU, KITH_RENDER_MS / 1000);

#ifndef KITH_SANITIZED
	ok = ok && limit(RLIMIT_AS, KITH_RENDER_MEMORY_MAX) && limit(RLIMIT_NOFILE, FILES);
#endif
	(void)umask(077);
	return ok && close_range(STDERR_FILENO + 1, ~0u, 0) == 0 && chdir("/") == 0 &&
	       prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 &&
	       prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0 &&
	       kith_cage_close(&list) == (KITH_CAGE_LANDLOCK | KITH_CAGE_SECCOMP);
}
