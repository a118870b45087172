/* SPDX-License-Identifier: MIT
 *
 * Each try is made for real.  What would change this process for good is made in a child, where one
 * can be had.
 */
#include "cage/tries.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/io_uring.h>
#include <linux/keyctl.h>
#include <linux/netlink.h>
#include <linux/openat2.h>
#include <linux/perf_event.h>
#include <linux/sched.h>
#include <linux/userfaultfd.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

const char *tries_home;
pid_t tries_parent;

/* 0, or the errno of a call that returned less than 0; closes what it may have opened. */
static int opened(long fd)
{
	if (fd < 0)
		return errno;
	(void)close((int)fd);
	return 0;
}

static int done(long result)
{
	return result < 0 ? errno : 0;
}

static const char *path(const char *name)
{
	static _Thread_local char text[4096];

	(void)snprintf(text, sizeof text, "%s/%s", tries_home, name);
	return text;
}

/* A child is there, which is all that was to be shown.  In the cage it cannot even be waited for. */
static int born(long pid)
{
	if (pid < 0)
		return errno;
	(void)waitpid((pid_t)pid, NULL, __WALL);
	return 0;
}

/* In a child, which tells the errno; a program that it became tells nothing.  Here, if there can be
 * none. */
static int apart(int (*f)(void))
{
	int ends[2], told = 0;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return errno;
	pid_t pid = fork();
	if (pid == 0) {
		told = f();
		_exit(write(ends[1], &told, sizeof told) < 0);
	}
	if (pid < 0)
		told = f();
	(void)close(ends[1]);
	if (pid > 0 && read(ends[0], &told, sizeof told) < 0)
		told = errno;
	(void)close(ends[0]);
	if (pid > 0)
		(void)waitpid(pid, NULL, __WALL);
	return told;
}

/* --- files ------------------------------------------------------------------------------------ */

static int read_key(void)
{
	return opened(open(path("identity.key"), O_RDONLY));
}

static int write_store(void)
{
	return opened(open(path("kith.db"), O_RDWR));
}

static int list_home(void)
{
	return opened(open(tries_home, O_RDONLY | O_DIRECTORY));
}

static int read_passwd(void)
{
	return opened(open("/etc/passwd", O_RDONLY));
}

static int old_open(void)
{
#ifdef SYS_open
	return opened(syscall(SYS_open, "/etc/passwd", O_RDONLY, 0));
#else
	return read_passwd();
#endif
}

static int new_open(void)
{
	struct open_how how = {.flags = O_RDONLY};

	return opened(syscall(SYS_openat2, AT_FDCWD, "/etc/passwd", &how, sizeof how));
}

static int path_open(void)
{
	return opened(open(path("identity.key"), O_PATH));
}

static int create_file(void)
{
	int fd = open(path("new"), O_CREAT | O_WRONLY, 0600);

	return fd < 0 ? errno : (unlink(path("new")), opened(fd));
}

static int make_folder(void)
{
	return mkdir(path("folder"), 0700) < 0 ? errno : done(rmdir(path("folder")));
}

static int make_link(void)
{
	return symlink("/etc", path("link")) < 0 ? errno : done(unlink(path("link")));
}

static int rename_file(void)
{
	char other[4096];

	(void)snprintf(other, sizeof other, "%s", path("victim2"));
	return rename(path("victim"), other) < 0 ? errno : done(rename(other, path("victim")));
}

static int truncate_file(void)
{
	return done(truncate(path("victim"), 3));
}

static int change_mode(void)
{
	return done(chmod(path("victim"), 0600));
}

static int look_at_key(void)
{
	struct stat st;

	return done(stat(path("identity.key"), &st));
}

static int watch_home(void)
{
	int fd = inotify_init1(IN_CLOEXEC);

	if (fd < 0)
		return errno;
	int wd = inotify_add_watch(fd, tries_home, IN_CREATE);
	return wd < 0 ? (close(fd), EACCES) : opened(fd);
}

static int who_am_i(void)
{
	char text[64];

	return done(readlink("/proc/self/exe", text, sizeof text));
}

static int memory_file(void)
{
	return opened(syscall(SYS_memfd_create, "x", 0));
}

/* --- sockets ---------------------------------------------------------------------------------- */

static int connect_to(const char *name, size_t n)
{
	struct sockaddr_un addr = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return errno;
	memcpy(addr.sun_path, name, n);
	int bad = done(connect(fd, (struct sockaddr *)&addr,
		(socklen_t)(offsetof(struct sockaddr_un, sun_path) + n)));
	(void)close(fd);
	return bad;
}

static int control_socket(void)
{
	const char *name = path("control");

	return connect_to(name, strlen(name) + 1);
}

/* The driver listens there. */
static int abstract_socket(void)
{
	char name[100];
	int n = snprintf(name + 1, sizeof name - 1, "kith-cage-%d", (int)tries_parent);

	name[0] = 0;
	return connect_to(name, (size_t)n + 1);
}

static int unix_socket(void)
{
	return opened(socket(AF_UNIX, SOCK_STREAM, 0));
}

static int unix_datagram(void)
{
	return opened(socket(AF_UNIX, SOCK_DGRAM, 0));
}

static int unix_pair(void)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0)
		return errno;
	(void)close(pair[0]);
	return opened(pair[1]);
}

static int packet_socket(void)
{
	return opened(socket(AF_PACKET, SOCK_RAW, 0));
}

static int raw_socket(void)
{
	return opened(socket(AF_INET, SOCK_RAW, IPPROTO_TCP));
}

static int generic_netlink(void)
{
	return opened(socket(AF_NETLINK, SOCK_RAW, NETLINK_GENERIC));
}

/* Other protocols than TCP and UDP under the same types. */
static int multipath_tcp(void)
{
	return opened(socket(AF_INET, SOCK_STREAM, 262));
}

static int sctp(void)
{
	return opened(socket(AF_INET, SOCK_STREAM, IPPROTO_SCTP));
}

static int ping(void)
{
	return opened(socket(AF_INET, SOCK_DGRAM, IPPROTO_ICMP));
}

static int udplite(void)
{
	return opened(socket(AF_INET6, SOCK_DGRAM, IPPROTO_UDPLITE));
}

static int set_option(int level, int name, const void *value, socklen_t n)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0)
		return errno;
	int bad = done(setsockopt(fd, level, name, value, n));
	(void)close(fd);
	return bad;
}

/* Its close can be made to wait, and another process can be made to close it. */
static int so_linger(void)
{
	struct linger l = {1, 60};

	return set_option(SOL_SOCKET, SO_LINGER, &l, sizeof l);
}

static int attach_filter(void)
{
	struct sock_filter all = {BPF_RET | BPF_K, 0, 0, ~0u};
	struct sock_fprog f = {1, &all};

	return set_option(SOL_SOCKET, SO_ATTACH_FILTER, &f, sizeof f);
}

static int more_buffer(void)
{
	int n = 1 << 20;

	return set_option(SOL_SOCKET, SO_RCVBUFFORCE, &n, sizeof n);
}

static int own_buffer(void)
{
	int n = 1 << 16;

	return set_option(SOL_SOCKET, SO_RCVBUF, &n, sizeof n);
}

static int tcp_ulp(void)
{
	return set_option(IPPROTO_TCP, TCP_ULP, "tls", 3);
}

static int tcp_congestion(void)
{
	return set_option(IPPROTO_TCP, TCP_CONGESTION, "reno", 4);
}

/* A descriptor that shall send signals to the node. */
static int signal_by_fcntl(void)
{
	int bad = done(fcntl(3, F_SETOWN, tries_parent));

	(void)fcntl(3, F_SETOWN, 0);
	return bad;
}

static int signal_by_ioctl(void)
{
	int owner = tries_parent, nobody = 0;
	int bad = done(ioctl(3, FIOSETOWN, &owner));

	(void)ioctl(3, FIOSETOWN, &nobody);
	return bad;
}

/* --- processes and programs ------------------------------------------------------------------- */

static int fork_(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	return born(pid);
}

static int vfork_(void)
{
#ifdef SYS_vfork
	pid_t pid = vfork();

	if (pid == 0)
		_exit(0);
	return born(pid);
#else
	return fork_();
#endif
}

static int clone_(void)
{
	long pid = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);

	if (pid == 0)
		_exit(0);
	return born(pid);
}

static int clone3_(void)
{
	struct clone_args args = {.exit_signal = SIGCHLD};
	long pid = syscall(SYS_clone3, &args, sizeof args);

	if (pid == 0)
		_exit(0);
	return born(pid);
}

static int exec_now(void)
{
	char name[] = "true";
	char *const argv[] = {name, NULL};

	(void)execve("/bin/true", argv, NULL);
	return errno;
}

static int execve_(void)
{
	return apart(exec_now);
}

static int exec_at_now(void)
{
	char name[] = "true";
	char *const argv[] = {name, NULL};
	char *const envp[] = {NULL};

	(void)syscall(SYS_execveat, AT_FDCWD, "/bin/true", argv, envp, 0);
	return errno;
}

static int execveat_(void)
{
	return apart(exec_at_now);
}

static int code_in_memory(void)
{
	void *p = mmap(
		NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? errno : done(munmap(p, 4096));
}

static int code_from_data(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int bad = done(mprotect(p, 4096, PROT_READ | PROT_EXEC));

	(void)munmap(p, 4096);
	return bad;
}

/* --- the node --------------------------------------------------------------------------------- */

static int ptrace_(void)
{
	if (ptrace(PTRACE_SEIZE, tries_parent, NULL, NULL) < 0)
		return errno;
	/* It has to stop before it can be let go. */
	(void)ptrace(PTRACE_INTERRUPT, tries_parent, NULL, NULL);
	while (waitpid(tries_parent, NULL, __WALL) < 0 && errno == EINTR)
		;
	return done(ptrace(PTRACE_DETACH, tries_parent, NULL, NULL));
}

/* That something lies there is all that is asked: the driver is no copy of this program. */
static int read_memory(void)
{
	char byte;
	struct iovec here = {&byte, 1}, there = {(void *)4096, 1};

	if (process_vm_readv(tries_parent, &here, 1, &there, 1, 0) >= 0)
		return 0;
	return errno == EFAULT ? 0 : errno;
}

static int open_memory(void)
{
	char name[64];

	(void)snprintf(name, sizeof name, "/proc/%d/mem", (int)tries_parent);
	return opened(open(name, O_RDWR));
}

static int read_environment(void)
{
	char name[64];

	(void)snprintf(name, sizeof name, "/proc/%d/environ", (int)tries_parent);
	return opened(open(name, O_RDONLY));
}

static int kill_node(void)
{
	return done(kill(tries_parent, SIGURG)); /* which it ignores */
}

static int queue_signal(void)
{
	siginfo_t info = {.si_code = SI_QUEUE};

	return done(syscall(SYS_rt_sigqueueinfo, tries_parent, SIGURG, &info));
}

static int tgkill_(void)
{
	return done(syscall(SYS_tgkill, tries_parent, tries_parent, SIGURG));
}

static int kill_init(void)
{
	return done(kill(1, 0));
}

static int get_descriptor(void)
{
	int pid_fd = (int)syscall(SYS_pidfd_open, tries_parent, 0);

	if (pid_fd < 0)
		return errno;
	int bad = opened(syscall(SYS_pidfd_getfd, pid_fd, 0, 0));
	(void)close(pid_fd);
	return bad;
}

static int pidfd_signal(void)
{
	int pid_fd = (int)syscall(SYS_pidfd_open, tries_parent, 0);

	if (pid_fd < 0)
		return errno;
	int bad = done(syscall(SYS_pidfd_send_signal, pid_fd, SIGURG, NULL, 0));
	(void)close(pid_fd);
	return bad;
}

static int limit_node(void)
{
	struct rlimit r;

	if (prlimit(tries_parent, RLIMIT_CORE, NULL, &r) < 0)
		return errno;
	return done(prlimit(tries_parent, RLIMIT_CORE, &r, NULL));
}

/* The driver is SCHED_BATCH; libzmq is told that this call works, so what counts is what it did. */
static int reschedule_node(void)
{
	struct sched_param none = {0};

	if (sched_setscheduler(tries_parent, SCHED_OTHER, &none) < 0)
		return errno;
	if (sched_getscheduler(tries_parent) != SCHED_OTHER)
		return ENOSYS;
	return done(sched_setscheduler(tries_parent, SCHED_BATCH, &none));
}

static int slow_node(void)
{
	return done(setpriority(PRIO_PROCESS, (id_t)tries_parent, 19));
}

/* --- more rights, and the rest of the kernel -------------------------------------------------- */

static int setuid_now(void)
{
	return done(syscall(SYS_setuid, 12345));
}

static int setuid_(void)
{
	return apart(setuid_now);
}

static int mount_(void)
{
	if (mount("none", path("mnt"), "tmpfs", 0, NULL) < 0)
		return errno;
	return done(umount2(path("mnt"), MNT_DETACH));
}

static int chroot_now(void)
{
	return done(chroot(tries_home));
}

static int chroot_(void)
{
	return apart(chroot_now);
}

static int unshare_now(void)
{
	return done(unshare(CLONE_NEWNS));
}

static int unshare_(void)
{
	return apart(unshare_now);
}

static int unshare_user_now(void)
{
	return done(unshare(CLONE_NEWUSER));
}

static int unshare_user(void)
{
	return apart(unshare_user_now);
}

static int name_host(void)
{
	char name[65];

	return gethostname(name, sizeof name) < 0 ? errno : done(sethostname(name, strlen(name)));
}

static int bpf_(void)
{
	union bpf_attr attr = {
		.map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 4, .max_entries = 1};

	return opened(syscall(SYS_bpf, BPF_MAP_CREATE, &attr, sizeof attr));
}

static int io_uring(void)
{
	struct io_uring_params params = {.flags = 0};

	return opened(syscall(SYS_io_uring_setup, 1, &params));
}

static int userfaultfd_(void)
{
	return opened(syscall(SYS_userfaultfd, UFFD_USER_MODE_ONLY));
}

static int keyring(void)
{
	return done(syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING, 1));
}

static int perf(void)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE, .size = sizeof attr, .exclude_kernel = 1};

	return opened(syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0));
}

static int dumpable_now(void)
{
	return done(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0));
}

static int dumpable(void)
{
	return apart(dumpable_now);
}

static int descriptors_now(void)
{
	struct rlimit r;

	if (getrlimit(RLIMIT_NOFILE, &r) < 0)
		return errno;
	r.rlim_cur = ++r.rlim_max;
	return done(setrlimit(RLIMIT_NOFILE, &r));
}

static int more_descriptors(void)
{
	return apart(descriptors_now);
}

static int memory_now(void)
{
	struct rlimit r = {RLIM_INFINITY, RLIM_INFINITY};

	return done(setrlimit(RLIMIT_AS, &r));
}

static int more_memory(void)
{
	return apart(memory_now);
}

/* The same calls by their other numbers. */
static int as_i386(void)
{
#ifdef __x86_64__
	long result = 20; /* getpid */

	__asm__ volatile("int $0x80" : "+a"(result) : : "memory", "r8", "r9", "r10", "r11");
	return result < 0 ? (int)-result : 0;
#else
	return ENOSYS;
#endif
}

static int as_x32(void)
{
#ifdef __x86_64__
	return done(syscall(0x40000000 + SYS_getpid));
#else
	return ENOSYS;
#endif
}

const struct try tries[] = {
	{"read_key", read_key, ANYBODY | LANDLOCK},
	{"write_store", write_store, ANYBODY | LANDLOCK},
	{"list_home", list_home, ANYBODY | LANDLOCK},
	{"read_passwd", read_passwd, ANYBODY | LANDLOCK},
	{"old_open", old_open, ANYBODY | LANDLOCK},
	{"new_open", new_open, ANYBODY | LANDLOCK},
	{"path_open", path_open, ANYBODY},
	{"create_file", create_file, ANYBODY | LANDLOCK},
	{"make_folder", make_folder, ANYBODY | LANDLOCK},
	{"make_link", make_link, ANYBODY | LANDLOCK},
	{"rename_file", rename_file, ANYBODY | LANDLOCK},
	{"truncate_file", truncate_file, ANYBODY},
	{"change_mode", change_mode, ANYBODY},
	{"look_at_key", look_at_key, ANYBODY},
	{"watch_home", watch_home, ANYBODY},
	{"who_am_i", who_am_i, ANYBODY},
	{"memory_file", memory_file, ANYBODY},
	{"control_socket", control_socket, ANYBODY},
	{"abstract_socket", abstract_socket, ANYBODY | SCOPES},
	{"unix_socket", unix_socket, ANYBODY},
	{"unix_datagram", unix_datagram, ANYBODY},
	{"unix_pair", unix_pair, ANYBODY},
	{"packet_socket", packet_socket, ROOT},
	{"raw_socket", raw_socket, ROOT},
	{"generic_netlink", generic_netlink, ANYBODY},
	{"multipath_tcp", multipath_tcp, MAYBE},
	{"sctp", sctp, MAYBE},
	{"ping", ping, MAYBE},
	{"udplite", udplite, MAYBE},
	{"so_linger", so_linger, ANYBODY},
	{"attach_filter", attach_filter, ROOT},
	{"more_buffer", more_buffer, ROOT},
	{"own_buffer", own_buffer, ANYBODY},
	{"tcp_ulp", tcp_ulp, MAYBE},
	{"tcp_congestion", tcp_congestion, ANYBODY},
	{"signal_by_fcntl", signal_by_fcntl, ANYBODY},
	{"signal_by_ioctl", signal_by_ioctl, ANYBODY},
	{"fork", fork_, ANYBODY},
	{"vfork", vfork_, ANYBODY},
	{"clone", clone_, ANYBODY},
	{"clone3", clone3_, ANYBODY},
	{"execve", execve_, ANYBODY | LANDLOCK},
	{"execveat", execveat_, ANYBODY | LANDLOCK},
	{"code_in_memory", code_in_memory, ANYBODY},
	{"code_from_data", code_from_data, ANYBODY},
	{"ptrace", ptrace_, ANYBODY | LANDLOCK},
	{"read_memory", read_memory, ANYBODY | LANDLOCK},
	{"open_memory", open_memory, ANYBODY | LANDLOCK},
	{"read_environment", read_environment, ANYBODY | LANDLOCK},
	{"kill_node", kill_node, ANYBODY | SCOPES},
	{"queue_signal", queue_signal, ANYBODY | SCOPES},
	{"tgkill", tgkill_, ANYBODY | SCOPES},
	{"kill_init", kill_init, ROOT | SCOPES},
	{"get_descriptor", get_descriptor, ANYBODY | LANDLOCK},
	{"pidfd_signal", pidfd_signal, ANYBODY | SCOPES},
	{"limit_node", limit_node, ANYBODY},
	{"reschedule_node", reschedule_node, ANYBODY},
	{"slow_node", slow_node, ANYBODY},
	{"setuid", setuid_, ROOT},
	{"mount", mount_, ROOT | LANDLOCK},
	{"chroot", chroot_, ROOT},
	{"unshare", unshare_, ROOT},
	{"unshare_user", unshare_user, MAYBE},
	{"name_host", name_host, ROOT},
	{"bpf", bpf_, ROOT},
	{"io_uring", io_uring, MAYBE},
	{"userfaultfd", userfaultfd_, MAYBE},
	{"keyring", keyring, MAYBE},
	{"perf", perf, MAYBE},
	{"dumpable", dumpable, ANYBODY},
	{"more_descriptors", more_descriptors, MAYBE},
	{"more_memory", more_memory, MAYBE},
	{"as_i386", as_i386, MAYBE},
	{"as_x32", as_x32, MAYBE},
};

const size_t tries_n = sizeof tries / sizeof tries[0];
