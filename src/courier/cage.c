/* SPDX-License-Identifier: MIT */
#include "courier/cage.h"

#include <fcntl.h>
#include <linux/netlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#ifdef KITH_CAGE_KNOWN

#define ALL KITH_CAGE_ALL

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
};

#define NAMESPACES                                                                                 \
	(CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER |             \
		CLONE_NEWPID | CLONE_NEWNET)

#define OPTION(level, name)                                                                        \
	{                                                                                          \
		__NR_setsockopt,                                                                   \
		{                                                                                  \
			{1, ALL, level},                                                           \
			{                                                                          \
				2, ALL, name                                                       \
			}                                                                          \
		}                                                                                  \
	}

static const struct kith_cage_rule rules[] = {
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

	/* What libzmq, Avahi and kith set of a socket; not SO_LINGER, with which a close can be made to
	 * wait, here or where the descriptor was sent to. */
	OPTION(SOL_SOCKET, SO_REUSEADDR),
	OPTION(SOL_SOCKET, SO_REUSEPORT),
	OPTION(SOL_SOCKET, SO_PASSCRED),
	OPTION(IPPROTO_TCP, TCP_NODELAY),
	OPTION(IPPROTO_IP, IP_TTL),
	OPTION(IPPROTO_IP, IP_RECVTTL),
	OPTION(IPPROTO_IP, IP_PKTINFO),
	OPTION(IPPROTO_IP, IP_ADD_MEMBERSHIP),
	OPTION(IPPROTO_IP, IP_DROP_MEMBERSHIP),
	OPTION(IPPROTO_IP, IP_MULTICAST_IF),
	OPTION(IPPROTO_IP, IP_MULTICAST_TTL),
	OPTION(IPPROTO_IP, IP_MULTICAST_LOOP),
	OPTION(IPPROTO_IPV6, IPV6_V6ONLY),
	OPTION(IPPROTO_IPV6, IPV6_UNICAST_HOPS),
	OPTION(IPPROTO_IPV6, IPV6_RECVHOPLIMIT),
	OPTION(IPPROTO_IPV6, IPV6_RECVPKTINFO),
	OPTION(IPPROTO_IPV6, IPV6_ADD_MEMBERSHIP),
	OPTION(IPPROTO_IPV6, IPV6_DROP_MEMBERSHIP),
	OPTION(IPPROTO_IPV6, IPV6_MULTICAST_IF),
	OPTION(IPPROTO_IPV6, IPV6_MULTICAST_HOPS),
	OPTION(IPPROTO_IPV6, IPV6_MULTICAST_LOOP),
};

/* libzmq gives each of its threads what it has, by the number that a thread is known by outside,
 * too, and aborts on an error: it is told yes, and nothing is done. */
static const uint32_t pretended[] = {__NR_sched_setscheduler};

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

static const struct kith_cage_list list = {.calls = calls,
	.calls_n = COUNT(calls),
	.rules = rules,
	.rules_n = COUNT(rules),
	.pretended = pretended,
	.pretended_n = COUNT(pretended)};

#else

static const struct kith_cage_list list;

#endif

unsigned kith_courier_cage_close(void)
{
	return kith_cage_close(&list);
}
