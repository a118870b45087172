# SPDX-License-Identifier: MIT
"""Machines for tests: namespaces that vanish with the test, whatever becomes of it.

enclose() runs a test again inside network, mount and process namespaces of its own; when its first
process ends, the kernel ends all others.  A Machine in there has a network, a host name and a /run
of its own, so that nothing ever touches the real ones, and parallel tests do not meet.
"""

import contextlib
import ctypes
import json
import os
import pwd
import select
import signal
import socket
import subprocess
import sys
import time
import unittest

SKIP = 77  # what ctest takes as "skipped"
INSIDE = "KITH_LAN_INSIDE"
SPACES = ["unshare", "-m", "-n", "-p", "--fork", "--mount-proc", "--kill-child=KILL"]
NEEDS = """mount -t tmpfs run /run; ip link set lo up; nft list ruleset
ip link add a0 type veth peer name b0; echo 0 > /proc/sys/net/ipv6/conf/all/accept_dad"""
BORN = """hostname "$0"; mount -t tmpfs -o mode=755 run /run
mkdir -m 700 /run/home /run/tmp /run/user; ip link set lo up; echo ready; exec cat"""
BUS = """<busconfig><type>system</type><listen>unix:path=/run/dbus/system_bus_socket</listen>
<auth>EXTERNAL</auth><policy context="default"><allow user="*"/><allow own="*"/>
<allow send_type="method_call"/><allow send_destination="*"/><allow receive_sender="*"/>
</policy></busconfig>"""
CLONE_NEWNET = 0x40000000
RTMGRP = 0x1 | 0x10 | 0x100  # links and addresses

libc = ctypes.CDLL(None, use_errno=True)


# --- the test as a whole ----------------------------------------------------------------------


def enclose():
	"""Returns in a process that is alone in namespaces of its own; skips where that cannot be."""
	if os.environ.get(INSIDE):
		return _reap()
	spaces, why = None, ""
	for extra in [[], ["-U", "-r"]] if os.geteuid() == 0 else [["-U", "-r"]]:
		try:
			probe = subprocess.run(SPACES + extra + ["sh", "-ec", NEEDS], capture_output=True,
				text=True)
		except FileNotFoundError as missing:
			skip(str(missing))
		if probe.returncode == 0:
			spaces = SPACES + extra
			break
		why = why or probe.stderr.strip().splitlines()[-1:]
	if not spaces:
		skip(f"no namespaces, veth pairs or nftables here: {' '.join(why)}")
	os.environ[INSIDE] = "1"
	os.execvp(spaces[0], spaces + [sys.executable, "-B"] + sys.argv)


def skip(why):
	"""Ends the test; where KITH_CI says that everything must be there, as a failure."""
	print(f"skipped: {why}", file=sys.stderr)
	sys.exit(1 if os.environ.get("KITH_CI") else SKIP)


def lacking(why):
	"""Leaves out one test; with KITH_CI that is a failure."""
	raise AssertionError(why) if os.environ.get("KITH_CI") else unittest.SkipTest(why)


def _reap():
	"""Process 1 waits for orphans; the test goes on in its child."""
	signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal sends it to the child as well
	child = os.fork()
	if child == 0:
		signal.signal(signal.SIGINT, signal.default_int_handler)
		return
	while True:
		pid, status = os.wait()
		if pid == child:
			os._exit(os.waitstatus_to_exitcode(status) & 0xFF)


def processes():
	"""{pid: (name, parent)} of everything in here but process 1 and the test itself."""
	found = {}
	for pid in map(int, filter(str.isdigit, os.listdir("/proc"))):
		with contextlib.suppress(OSError), open(f"/proc/{pid}/stat", encoding="ascii") as f:
			name, rest = f.read().split("(", 1)[1].rsplit(") ", 1)
			state, parent = rest.split()[:2]
			if state not in "ZX" and pid not in (1, os.getpid()):
				found[pid] = name, int(parent)
	return found


def below(pid):
	"""A process and all that it started."""
	found, parents = {pid}, {p: parent for p, (_, parent) in processes().items()}
	while more := {p for p in parents if parents[p] in found} - found:
		found |= more
	return found


def gone(pids, timeout=5):
	"""Waits until those processes have ended; returns those that have not."""
	until, left = time.monotonic() + timeout, []
	for pid in pids:
		with contextlib.suppress(ProcessLookupError):
			fd = os.pidfd_open(pid)
			if not select.select([fd], [], [], max(0, until - time.monotonic()))[0]:
				left.append(pid)
			os.close(fd)
	return left


# --- one machine ------------------------------------------------------------------------------


class Machine:
	"""A host name, a network and a /run.  The process that holds them ends with close()."""

	def __init__(self, name):
		self.name = name
		self.services = []
		self.hold = subprocess.Popen(["unshare", "-m", "-n", "-u", "sh", "-ec", BORN, name],
			stdin=subprocess.PIPE, stdout=subprocess.PIPE)
		if self.hold.stdout.readline() != b"ready\n":
			raise AssertionError(f"the machine {name} did not come up")
		self.pid = self.hold.pid

	def close(self):
		for service in list(reversed(self.services)):
			self.stop(service)
		self.hold.stdin.close()
		self.hold.stdout.close()
		self.hold.wait(timeout=5)

	def path(self, *names):
		"""A path of this machine as the test sees it."""
		return os.path.join(f"/proc/{self.pid}/root", *names).replace("root//", "root/")

	def env(self, **more):
		env = {"PATH": os.environ["PATH"], "HOME": "/run/home", "TMPDIR": "/run/tmp", "TZ": "UTC",
			"XDG_RUNTIME_DIR": "/run/user", "LANG": "C.UTF-8"}
		for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS"):
			if name in os.environ:
				env[name] = os.environ[name]
		env.update(more)
		return env

	def popen(self, *args, **more):
		command = ["nsenter", "-t", str(self.pid), "-m", "-n", "-u", "--", *args]
		return subprocess.Popen(command, env=self.env(), cwd="/", **more)

	def run(self, command, stdin=""):
		"""A shell command to its end; returns what it printed."""
		p = self.popen("sh", "-ec", command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
			stderr=subprocess.STDOUT, text=True)
		out, _ = p.communicate(stdin, timeout=30)
		if p.returncode:
			raise AssertionError(f"{self.name}: {command}: exit {p.returncode}: {out}")
		return out

	@contextlib.contextmanager
	def network(self):
		"""Sockets that are opened inside belong to this machine's network."""
		def enter(fd):
			if libc.setns(fd, CLONE_NEWNET):
				raise OSError(ctypes.get_errno(), "setns")
		own = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
		other = os.open(f"/proc/{self.pid}/ns/net", os.O_RDONLY)
		try:
			enter(other)
			yield
		finally:
			enter(own)
			os.close(own)
			os.close(other)

	# --- addresses

	def addresses(self, interface="eth0"):
		"""[(address, tentative)] of an interface, [] while it has no carrier."""
		link = json.loads(self.run(f"ip -j addr show dev {interface}"))[0]
		if link["operstate"] != "UP":
			return []
		return [(a["local"], bool(a.get("tentative"))) for a in link["addr_info"]]

	def await_addresses(self, wanted, interface="eth0", timeout=10):
		"""Waits until that many addresses are there, all of them fit for use."""
		def ready():
			found = self.addresses(interface)
			return len(found) >= wanted and not any(tentative for _, tentative in found)
		with self.network():
			news = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
			news.bind((0, RTMGRP))
		until = time.monotonic() + timeout
		with news:
			while not ready():
				left = until - time.monotonic()
				if left <= 0 or not select.select([news], [], [], left)[0]:
					raise AssertionError(f"{self.name}: {self.run('ip addr')}")
				news.recv(65536)

	def filter(self, *rules):
		"""nftables rules of the chains in and out: filter("in tcp dport 80 drop")."""
		text = "flush ruleset\n"
		for chain, hook in (("in", "input"), ("out", "output")):
			text += f"add table inet t\nadd chain inet t {chain} {{ type filter hook {hook} "
			text += "priority 0; }\n"
		self.run("nft -f -", text + "".join(f"add rule inet t {rule}\n" for rule in rules))

	# --- services

	def start(self, wait_for, *args):
		"""A service; returns once it has said that (on standard output or error)."""
		p = self.popen(*args, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
			stderr=subprocess.STDOUT)
		self.services.append(p)
		said = b""
		while wait_for.encode() not in said:
			if not select.select([p.stdout], [], [], 10)[0]:
				raise AssertionError(f"{args[0]} is silent after {said.decode()}")
			more = os.read(p.stdout.fileno(), 4096)
			if not more:
				raise AssertionError(f"{args[0]} did not start: {said.decode()}")
			said += more
		return p

	def stop(self, service):
		self.services.remove(service)
		service.terminate()
		service.stdout.read()  # a full pipe must not keep it from ending
		service.stdout.close()
		service.wait(timeout=10)

	def avahi(self, settings="", bus=BUS):
		"""Avahi's daemon, with a system bus of its own (once a machine)."""
		try:
			user = pwd.getpwnam("avahi")
			self.run("which dbus-daemon avahi-daemon")
			self.run(f"chown {user.pw_uid} /run/tmp && chown 0 /run/tmp")
		except (KeyError, AssertionError) as why:  # not installed, or one user only in here
			lacking(f"Avahi's daemon cannot run here: {why}")
		if not os.path.exists(self.path("run/dbus")):
			self.run("mkdir -p /run/dbus /run/avahi-daemon; cat > /run/dbus/conf", bus)
			self.start("unix:", "dbus-daemon", "--config-file=/run/dbus/conf", "--nofork",
				"--nopidfile", "--print-address")
		conf = f"[server]\nuse-ipv4=yes\nuse-ipv6=yes\n{settings}\n"
		self.run("cat > /run/dbus/avahi.conf", conf)
		return self.start("Server startup complete", "avahi-daemon", "--no-drop-root",
			"--no-rlimits", "--no-chroot", "-f", "/run/dbus/avahi.conf")


# --- between machines -------------------------------------------------------------------------


def cable(a, b, number=0, ipv4=True, ipv6=True, dad=False):
	"""Joins eth<number> of two machines: 10.99.<number>.1 and .2, and link-local IPv6.  Without
	duplicate address detection an address is there with the carrier, else a second or two later;
	returns once all are fit for use."""
	ends = [(a, f"eth{number}"), (b, f"eth{number}")]
	subprocess.run(["ip", "link", "add", ends[0][1], "netns", str(a.pid), "type", "veth", "peer",
		"name", ends[1][1], "netns", str(b.pid)], check=True)
	for host, (machine, interface) in enumerate(ends, 1):
		address(machine, interface, f"10.99.{number}.{host}/24" if ipv4 else "", ipv6, dad)
	for machine, interface in ends:
		machine.await_addresses(int(ipv4) + int(ipv6), interface)


def bridge(hub, machines, ipv4=True, ipv6=True, dad=False):
	"""Joins eth0 of the machines by a switch that is a machine itself: 10.99.0.1, .2 and so on."""
	hub.run("ip link add sw type bridge mcast_snooping 0; ip link set sw up")
	for host, machine in enumerate(machines, 1):
		subprocess.run(["ip", "link", "add", "eth0", "netns", str(machine.pid), "type", "veth",
			"peer", "name", f"port{host}", "netns", str(hub.pid)], check=True)
		hub.run(f"ip link set port{host} master sw up")
		address(machine, "eth0", f"10.99.0.{host}/24" if ipv4 else "", ipv6, dad)
	for machine in machines:
		machine.await_addresses(int(ipv4) + int(ipv6))


def address(machine, interface, ipv4, ipv6, dad):
	conf = f"/proc/sys/net/ipv6/conf/{interface}"
	machine.run(f"echo {int(dad)} > {conf}/accept_dad; echo {int(not ipv6)} > {conf}/disable_ipv6")
	if ipv4:
		machine.run(f"ip addr add {ipv4} dev {interface}")
	machine.run(f"ip link set {interface} up")
