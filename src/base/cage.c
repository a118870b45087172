/* SPDX-License-Identifier: MIT */
#include "base/cage.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/auto.h"

/* --- Landlock: no file, and nobody outside ---------------------------------------------------- */

/* Newer than the headers that kith builds with; a kernel takes as much of it as it knows. */
struct ruleset {
	uint64_t files, net, scopes;
};

#define ABSTRACT_UNIX_SOCKET (1 << 0)
#define SIGNAL               (1 << 1)

static long known_version(void)
{
	return syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
}

/* Every right to files that this version of Landlock can take. */
static uint64_t all_files(long version)
{
	static const int rights[] = {13, 14, 15, 15, 16};
	long last = sizeof rights / sizeof rights[0];

	return (UINT64_C(1) << rights[(version < last ? version : last) - 1]) - 1;
}

static bool allow(int rules, const char *path, uint64_t rights)
{
	KITH_AUTO_FD int root = open(path, O_PATH | O_CLOEXEC);
	struct landlock_path_beneath_attr beneath = {.allowed_access = rights, .parent_fd = root};

	return (root < 0 && errno == ENOENT) ||
	       syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0) == 0;
}

#define READING (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)

static bool leave_readable(int rules, const struct kith_cage_list *list)
{
	for (size_t i = 0; i < list->readable_n; i++)
		if (!allow(rules, list->readable[i], READING))
			return false;
	return true;
}

/* The sanitizers read /proc and source files for their reports, and start a symbolizer. */
static bool leave_reading(int rules)
{
#ifdef KITH_SANITIZED
	return allow(rules, "/", READING | LANDLOCK_ACCESS_FS_EXECUTE);
#else
	(void)rules;
	return true;
#endif
}

static bool close_landlock(const struct kith_cage_list *list)
{
	long version = known_version();
	size_t size = version < 4   ? sizeof(uint64_t)
		      : version < 6 ? 2 * sizeof(uint64_t)
				    : 3 * sizeof(uint64_t);

	if (version < 1)
		return false;
	struct ruleset none = {
		.files = all_files(version), .scopes = ABSTRACT_UNIX_SOCKET | SIGNAL};
	KITH_AUTO_FD int rules = (int)syscall(SYS_landlock_create_ruleset, &none, size, 0);
	return rules >= 0 && leave_readable(rules, list) && leave_reading(rules) &&
	       syscall(SYS_landlock_restrict_self, rules, 0) == 0;
}

/* --- seccomp: the calls of the list ----------------------------------------------------------- */

#if defined(__x86_64__)
#define ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCH AUDIT_ARCH_AARCH64
#endif

#ifdef KITH_CAGE_KNOWN

/* What every cage has, beside its list. */
static const uint32_t always[] = {
	__NR_exit_group, /* and so that the list is never empty */
#ifdef KITH_SANITIZED    /* for reports, and for the leak checker's tracer */
	__NR_sigaltstack,
	__NR_openat,
	__NR_readlinkat,
	__NR_newfstatat,
	__NR_faccessat,
	__NR_getdents64,
	__NR_lseek,
	__NR_pread64,
	__NR_mmap,
	__NR_mprotect,
	__NR_clone,
	__NR_ptrace,
	__NR_wait4,
	__NR_execve,
	__NR_kill,
	__NR_tgkill,
	__NR_prctl,
	__NR_getppid,
	__NR_prlimit64,
	__NR_sysinfo,
	__NR_dup3,
	__NR_fcntl,
#ifdef __NR_poll
	__NR_open,
	__NR_readlink,
	__NR_stat,
	__NR_access,
	__NR_fork,
	__NR_dup2,
	__NR_pipe,
	__NR_getrlimit,
	__NR_getdents,
#endif
#endif
};

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

struct program {
	struct sock_filter *code;
	size_t n;
};

static void put(struct program *p, uint16_t code, uint32_t value, size_t if_not)
{
	p->code[p->n++] = (struct sock_filter){code, 0, (uint8_t)if_not, value};
}

static void put_load(struct program *p, size_t offset)
{
	put(p, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0);
}

static void put_answer(struct program *p, uint32_t answer)
{
	put(p, BPF_RET | BPF_K, answer, 0);
}

/* Goes on behind the next `else_skip` instructions when the accumulator is another. */
static void put_equal(struct program *p, uint32_t value, size_t else_skip)
{
	put(p, BPF_JMP | BPF_JEQ | BPF_K, value, else_skip);
}

/* Finds the number of the call in the accumulator, and leaves it there for the next rule. */
static void put_rule(struct program *p, const struct kith_cage_rule *r)
{
	size_t tests = 0;

	while (tests < KITH_CAGE_TESTS && r->tests[tests].mask)
		tests++;
	size_t left = 3 * tests + 1;

	put_equal(p, r->call, left);
	for (size_t i = 0; i < tests; i++) {
		const struct kith_cage_test *t = &r->tests[i];
		left -= 3;
		put_load(p, offsetof(struct seccomp_data, args) + t->arg * sizeof(uint64_t));
		put(p, BPF_ALU | BPF_AND | BPF_K, t->mask, 0);
		put_equal(p, t->value, left);
	}
	put_answer(p, SECCOMP_RET_ALLOW);
	if (tests)
		put_load(p, offsetof(struct seccomp_data, nr));
}

static void put_call(struct program *p, uint32_t call)
{
	put_rule(p, &(struct kith_cage_rule){call, {{0, 0, 0}}});
}

/* Two instructions for a call, twelve for the longest rule, eight around them. */
static size_t room(const struct kith_cage_list *list)
{
	return 2 * (list->calls_n + COUNT(always) + list->pretended_n) +
	       (list->rules_n + 1) * (3 + 3 * KITH_CAGE_TESTS) + 8;
}

static void put_program(struct program *p, const struct kith_cage_list *list)
{
	/* As from a kernel that has no such call: C libraries know how to live with that, and try an
	 * older one, whose arguments a filter can read (clone for clone3). */
	uint32_t refused = SECCOMP_RET_ERRNO | ENOSYS;
	struct kith_cage_rule self = {
		__NR_tgkill, {{0, KITH_CAGE_ALL, (uint32_t)getpid()}}}; /* abort() */

	put_load(p, offsetof(struct seccomp_data, arch));
	put_equal(p, ARCH, 1);
	put(p, BPF_JMP | BPF_JA, 1, 0);
	put_answer(p, refused);
	put_load(p, offsetof(struct seccomp_data, nr)); /* x32 has numbers of its own: unknown */
	for (size_t i = 0; i < list->calls_n; i++)
		put_call(p, list->calls[i]);
	for (size_t i = 0; i < COUNT(always); i++)
		put_call(p, always[i]);
	for (size_t i = 0; i < list->rules_n; i++)
		put_rule(p, &list->rules[i]);
	put_rule(p, &self);
	for (size_t i = 0; i < list->pretended_n; i++) {
		put_equal(p, list->pretended[i], 1);
		put_answer(p, SECCOMP_RET_ERRNO | 0);
	}
	put_answer(p, refused);
}

static bool close_seccomp(const struct kith_cage_list *list)
{
	KITH_AUTO_FREE struct sock_filter *code = calloc(room(list), sizeof *code);
	struct program p = {.code = code};

	if (!code)
		return false;
	put_program(&p, list);
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC,
		       &(struct sock_fprog){(unsigned short)p.n, p.code}) == 0;
}

#else

static bool close_seccomp(const struct kith_cage_list *list)
{
	(void)list;
	return false;
}

#endif

/* --- both ------------------------------------------------------------------------------------- */

/* Of root, for whom much of the above is no hindrance where the kernel lacks a part of it. */
static void drop_capabilities(void)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {{0}};

	(void)syscall(SYS_capset, &head, none);
}

unsigned kith_cage_close(const struct kith_cage_list *list)
{
	unsigned cage = 0;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return 0;
	drop_capabilities();
	if (close_landlock(list))
		cage |= KITH_CAGE_LANDLOCK;
	if (close_seccomp(list))
		cage |= KITH_CAGE_SECCOMP;
	return cage;
}
