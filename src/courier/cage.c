/* SPDX-License-Identifier: MIT */
#include "courier/cage.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/netlink.h>
#include <linux/seccomp.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
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

/* The sanitizers read /proc and source files for their reports, and start a symbolizer. */
static bool leave_reading(int rules)
{
#ifdef KITH_SANITIZED
	KITH_AUTO_FD int root = open("/", O_PATH | O_CLOEXEC);
	struct landlock_path_beneath_attr all = {
		.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR |
				  LANDLOCK_ACCESS_FS_EXECUTE,
		.parent_fd = root,
	};

	return syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &all, 0) == 0;
#else
	(void)rules;
	return true;
#endif
}

static bool close_landlock(void)
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
	return rules >= 0 && leave_reading(rules) &&
	       syscall(SYS_landlock_restrict_self, rules, 0) == 0;
}

/* --- seccomp: the calls that a courier makes -------------------------------------------------- */

#if defined(__x86_64__)
#define ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCH AUDIT_ARCH_AARCH64
#endif

#ifdef ARCH

#define ALL ~UINT32_C(0)

static const uint32_t calls[] = {
	/* descriptors, first what is called most */
	__NR_read,
	__NR_write,
	__NR_ppoll,
	__NR_epoll_pwait,
	__NR_epoll_ctl,
	__NR_close,
	__NR_readv,
	__NR_writev,
	__NR_epoll_create1,
	__NR_eventfd2,
	__NR_pipe2,
	__NR_fstat,

	/* sockets that are there */
	__NR_recvfrom,
	__NR_recvmsg,
	__NR_sendto,
	__NR_sendmsg,
	__NR_bind,
	__NR_connect,
	__NR_listen,
	__NR_accept,
	__NR_accept4,
	__NR_shutdown,
	__NR_getsockname,
	__NR_getpeername,
	__NR_getsockopt,

	/* memory */
	__NR_munmap,
	__NR_mremap,
	__NR_madvise,
	__NR_brk,
	__NR_mlock,
	__NR_munlock,

	/* threads */
	__NR_futex,
	__NR_set_robust_list,
	__NR_rseq,
	__NR_gettid,
	__NR_exit,
	__NR_exit_group,
	__NR_sched_yield,
	__NR_sched_getaffinity,
	__NR_sched_getparam,
	__NR_sched_getscheduler,

	/* time, and signals to itself */
	__NR_clock_gettime,
	__NR_clock_getres,
	__NR_clock_nanosleep,
	__NR_nanosleep,
	__NR_gettimeofday,
	__NR_setitimer,
	__NR_rt_sigaction,
	__NR_rt_sigprocmask,
	__NR_rt_sigreturn,
	__NR_sigaltstack,
	__NR_restart_syscall,

	/* who and where it is, and chance */
	__NR_getpid,
	__NR_getuid,
	__NR_geteuid,
	__NR_getgid,
	__NR_getegid,
	__NR_uname,
	__NR_getrandom,

#ifdef __NR_poll /* what newer machines have under another name only */
	__NR_poll,
	__NR_epoll_wait,
	__NR_time,
	__NR_alarm,
#endif

#ifdef KITH_SANITIZED /* for reports, and for the leak checker's tracer */
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

/* The lower half of an argument, masked, must be that; mask 0: nothing is asked. */
struct test {
	uint32_t arg, mask, value;
};

#define TESTS_MAX 3

/* A call that is allowed with some arguments.  There may be several for one. */
struct rule {
	uint32_t call;
	struct test tests[TESTS_MAX];
};

#define NAMESPACES                                                                                 \
	(CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER |             \
		CLONE_NEWPID | CLONE_NEWNET)

/* What libzmq, Avahi and kith set of a socket; not SO_LINGER, with which a close can be made to
 * wait, here or where the descriptor was sent to. */
static const struct option {
	uint32_t level, name;
} options[] = {
	{SOL_SOCKET, SO_REUSEADDR},
	{SOL_SOCKET, SO_REUSEPORT},
	{SOL_SOCKET, SO_PASSCRED},
	{IPPROTO_TCP, TCP_NODELAY},
	{IPPROTO_IP, IP_TTL},
	{IPPROTO_IP, IP_RECVTTL},
	{IPPROTO_IP, IP_PKTINFO},
	{IPPROTO_IP, IP_ADD_MEMBERSHIP},
	{IPPROTO_IP, IP_DROP_MEMBERSHIP},
	{IPPROTO_IP, IP_MULTICAST_IF},
	{IPPROTO_IP, IP_MULTICAST_TTL},
	{IPPROTO_IP, IP_MULTICAST_LOOP},
	{IPPROTO_IPV6, IPV6_V6ONLY},
	{IPPROTO_IPV6, IPV6_UNICAST_HOPS},
	{IPPROTO_IPV6, IPV6_RECVHOPLIMIT},
	{IPPROTO_IPV6, IPV6_RECVPKTINFO},
	{IPPROTO_IPV6, IPV6_ADD_MEMBERSHIP},
	{IPPROTO_IPV6, IPV6_DROP_MEMBERSHIP},
	{IPPROTO_IPV6, IPV6_MULTICAST_IF},
	{IPPROTO_IPV6, IPV6_MULTICAST_HOPS},
	{IPPROTO_IPV6, IPV6_MULTICAST_LOOP},
};

static const struct rule rules[] = {
	/* the network, and the kernel's list of interfaces */
	{__NR_socket, {{0, ALL, AF_INET}, {1, 0xf, SOCK_STREAM}, {2, ALL, 0}}},
	{__NR_socket, {{0, ALL, AF_INET}, {1, 0xf, SOCK_STREAM}, {2, ALL, IPPROTO_TCP}}},
	{__NR_socket, {{0, ALL, AF_INET}, {1, 0xf, SOCK_DGRAM}, {2, ALL, 0}}},
	{__NR_socket, {{0, ALL, AF_INET}, {1, 0xf, SOCK_DGRAM}, {2, ALL, IPPROTO_UDP}}},
	{__NR_socket, {{0, ALL, AF_INET6}, {1, 0xf, SOCK_STREAM}, {2, ALL, 0}}},
	{__NR_socket, {{0, ALL, AF_INET6}, {1, 0xf, SOCK_STREAM}, {2, ALL, IPPROTO_TCP}}},
	{__NR_socket, {{0, ALL, AF_INET6}, {1, 0xf, SOCK_DGRAM}, {2, ALL, 0}}},
	{__NR_socket, {{0, ALL, AF_INET6}, {1, 0xf, SOCK_DGRAM}, {2, ALL, IPPROTO_UDP}}},
	{__NR_socket, {{0, ALL, AF_NETLINK}, {2, ALL, NETLINK_ROUTE}}},

	/* not F_SETOWN or FIOSETOWN, which let a descriptor send signals */
	{__NR_fcntl, {{1, ALL, F_GETFL}}},
	{__NR_fcntl, {{1, ALL, F_SETFL}}},
	{__NR_fcntl, {{1, ALL, F_GETFD}}},
	{__NR_fcntl, {{1, ALL, F_SETFD}}},
	{__NR_fcntl, {{1, ALL, F_DUPFD_CLOEXEC}}},
	{__NR_ioctl, {{1, ALL, FIONREAD}}},
	{__NR_ioctl, {{1, ALL, FIONBIO}}},
	{__NR_ioctl, {{1, ALL, SIOCGIFNAME}}},
	{__NR_ioctl, {{1, ALL, SIOCGIFINDEX}}},

	/* memory that is never executable, threads that are no processes */
	{__NR_mmap, {{2, PROT_EXEC, 0}}},
	{__NR_mprotect, {{2, PROT_EXEC, 0}}},
	{__NR_clone, {{0, CLONE_THREAD | NAMESPACES, CLONE_THREAD}}},
	{__NR_prctl, {{0, ALL, PR_SET_NAME}}},
};

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

/* Two instructions for a call, twelve for the longest rule, eight around them. */
struct program {
	struct sock_filter code[COUNT(calls) * 2 +
				(COUNT(rules) + COUNT(options) + 1) * (3 + 3 * TESTS_MAX) + 8];
	unsigned short n;
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
static void put_rule(struct program *p, const struct rule *r)
{
	size_t tests = 0;

	while (tests < TESTS_MAX && r->tests[tests].mask)
		tests++;
	size_t left = 3 * tests + 1;

	put_equal(p, r->call, left);
	for (size_t i = 0; i < tests; i++) {
		const struct test *t = &r->tests[i];
		left -= 3;
		put_load(p, offsetof(struct seccomp_data, args) + t->arg * sizeof(uint64_t));
		put(p, BPF_ALU | BPF_AND | BPF_K, t->mask, 0);
		put_equal(p, t->value, left);
	}
	put_answer(p, SECCOMP_RET_ALLOW);
	if (tests)
		put_load(p, offsetof(struct seccomp_data, nr));
}

static bool close_seccomp(void)
{
	/* As from a kernel that has no such call: C libraries know how to live with that, and try an
	 * older one, whose arguments a filter can read (clone for clone3). */
	uint32_t refused = SECCOMP_RET_ERRNO | ENOSYS;
	struct rule self = {__NR_tgkill, {{0, ALL, (uint32_t)getpid()}}}; /* abort() */
	struct program p = {.n = 0};

	put_load(&p, offsetof(struct seccomp_data, arch));
	put_equal(&p, ARCH, 1);
	put(&p, BPF_JMP | BPF_JA, 1, 0);
	put_answer(&p, refused);
	put_load(&p, offsetof(struct seccomp_data, nr)); /* x32 has numbers of its own: unknown */
	for (size_t i = 0; i < COUNT(calls); i++)
		put_rule(&p, &(struct rule){calls[i], {{0, 0, 0}}});
	for (size_t i = 0; i < COUNT(rules); i++)
		put_rule(&p, &rules[i]);
	for (size_t i = 0; i < COUNT(options); i++)
		put_rule(&p, &(struct rule){__NR_setsockopt,
				     {{1, ALL, options[i].level}, {2, ALL, options[i].name}}});
	put_rule(&p, &self);
	/* libzmq gives each of its threads what it has, by the number that a thread is known by outside,
	 * too, and aborts on an error: it is told yes, and nothing is done. */
	put_equal(&p, __NR_sched_setscheduler, 1);
	put_answer(&p, SECCOMP_RET_ERRNO | 0);
	put_answer(&p, refused);
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC,
		       &(struct sock_fprog){p.n, p.code}) == 0;
}

#else

static bool close_seccomp(void)
{
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

unsigned kith_cage_close(void)
{
	unsigned cage = 0;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return 0;
	drop_capabilities();
	if (close_landlock())
		cage |= KITH_CAGE_LANDLOCK;
	if (close_seccomp())
		cage |= KITH_CAGE_SECCOMP;
	return cage;
}
