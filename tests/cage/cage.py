# SPDX-License-Identifier: MIT
"""Somebody inside the courier: with its cage, and without.

	cage.py CAGE_INSIDE KITH

Runs a courier that is taken over as soon as its cage is closed (inside.c), as root and as somebody
else, and counts what still works.  Beside a home it plays the node: parent, control socket, signals.
"""

import ctypes
import errno
import fcntl
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

import msgpack

ANYBODY, ROOT, MAYBE, LANDLOCK, SCOPES = 1, 2, 4, 8, 16  # tries.h
CAGE_LANDLOCK, CAGE_SECCOMP = 1, 2  # STARTED
SKIP = 77
NOBODY = 65534
START = msgpack.packb({0: 1, 1: 1, 2: "lo", 3: False})
PR_SET_PTRACER = 0x59616D61
LANDLOCK_VERSION = (444, 0, 0, 1)  # landlock_create_ruleset, its number everywhere
GET_ACTION = (317 if os.uname().machine == "x86_64" else 277, 2, 0)  # seccomp: is there ERRNO?

libc = ctypes.CDLL(None, use_errno=True)


def lacking():
	"""What this kernel has not, as a sentence; empty: it has both."""
	landlock = libc.syscall(*map(ctypes.c_long, LANDLOCK_VERSION))
	action = ctypes.c_uint32(0x00050000)
	seccomp = libc.syscall(*map(ctypes.c_long, GET_ACTION), ctypes.byref(action)) == 0
	missing = [name for name, there in (("Landlock", landlock >= 1), ("seccomp", seccomp))
		if not there]
	return f"this kernel has no {' and no '.join(missing)}" if missing else ""


def landlock_version():
	return libc.syscall(*map(ctypes.c_long, LANDLOCK_VERSION))


class Run:
	"""One courier, from START to its end, and what was tried in it."""

	def __init__(self, program, folder, kernel):
		self.tries = {}  # {where: {name: (kind, 0 or errno)}}
		self.cage = None
		path = os.path.join(folder, "control")
		ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
		control = self._listen(path)
		abstract = self._listen(f"\0kith-cage-{os.getpid()}")
		actions = [(os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDWR, 0)]
		actions += [(os.POSIX_SPAWN_DUP2, 0, 1), (os.POSIX_SPAWN_DUP2, 0, 2),
			(os.POSIX_SPAWN_DUP2, theirs.fileno(), 3)]
		os.set_inheritable(theirs.fileno(), True)
		with ours, control, abstract:
			self.pid = os.posix_spawn(program, [program, folder, kernel], {},
				file_actions=actions)
			theirs.close()
			try:
				ours.send(START)
				self._listen_to(ours)
				self.status = self._status()
				self.folder, self.files = self._files()
			finally:
				ours.close()
				self.exit = self._reap()
				os.unlink(path)

	@staticmethod
	def _listen(name):
		s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
		s.bind(name)
		s.listen(16)
		return s

	def _listen_to(self, ours):
		"""Until STARTED has come and two threads of libzmq have tried everything."""
		until, zmq = time.monotonic() + 30, 0
		while self.cage is None or zmq < 2:
			if not select.select([ours], [], [], max(0, until - time.monotonic()))[0]:
				raise AssertionError(f"silence after {list(self.tries)}")
			datagram = ours.recv(65536)
			if not datagram:
				raise AssertionError(f"it ended after {list(self.tries)}")
			if datagram.startswith(b"try "):
				_, where, name, kind, result = datagram.decode().split()
				self.tries.setdefault(where, {})
				known = self.tries[where].get(name, (0, result))
				# of two threads, the one that got further
				self.tries[where][name] = (int(kind), min(int(known[1]), int(result)))
			elif datagram.startswith(b"end "):
				zmq += datagram == b"end zmq"
			else:
				message = msgpack.unpackb(datagram, strict_map_key=False)
				if message[0] == 16:
					self.cage = message[3]

	def _status(self):
		with open(f"/proc/{self.pid}/status", encoding="ascii") as f:
			lines = {name: value.strip() for name, value in (line.split(":", 1) for line in f)}
		modes = set()
		for task in os.listdir(f"/proc/{self.pid}/task"):
			with open(f"/proc/{self.pid}/task/{task}/status", encoding="ascii") as f:
				modes |= {line.split()[1] for line in f if line.startswith("Seccomp:")}
		return lines, modes

	def _files(self):
		where = f"/proc/{self.pid}/fd"
		try:
			files = {fd: os.readlink(f"{where}/{fd}") for fd in os.listdir(where)}
			return os.readlink(f"/proc/{self.pid}/cwd"), files
		except PermissionError:
			return None, None

	def _reap(self):
		fd = os.pidfd_open(self.pid)
		if not select.select([fd], [], [], 10)[0]:
			os.kill(self.pid, signal.SIGKILL)
		os.close(fd)
		return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

	def worked(self, kinds=~0):
		return {f"{where}: {name}" for where, tries in self.tries.items()
			for name, (kind, result) in tries.items() if result == 0 and kind & kinds}

	def answers(self):
		return {result for tries in self.tries.values() for _, result in tries.values()}

	def failed(self, kinds):
		return {f"{where}: {name}: {os.strerror(result)}" for where, tries in self.tries.items()
			for name, (kind, result) in tries.items() if result != 0 and kind & kinds}


class Inside(unittest.TestCase):
	"""Who takes over the courier gets at no key, no store and no other process."""

	def run_with(self, kernel):
		run = Run(PROGRAM, FOLDER, kernel)
		self.assertEqual(run.exit, 0, "the courier's own work suffered")
		self.assertEqual(set(run.tries), {"main", "thread", "zmq"})
		return run

	def test_without_a_cage_every_try_works(self):
		"""Else the other tests would prove nothing."""
		run = self.run_with("neither")
		self.assertEqual(run.cage, 0)
		self.assertEqual(run.failed(ANYBODY | (ROOT if os.geteuid() == 0 else 0)), set())
		maybe = {name for name, (kind, result) in run.tries["main"].items()
			if kind & MAYBE and result}
		print("not to be had here without a cage either:", " ".join(sorted(maybe)) or "-")

	def test_in_the_cage_none_works(self):
		run = self.run_with("whole")
		self.assertEqual(run.cage, CAGE_LANDLOCK | CAGE_SECCOMP)
		self.assertEqual(run.worked(), set())

	def test_in_the_cage_seen_from_outside(self):
		lines, modes = self.run_with("whole").status
		self.assertEqual(lines["NoNewPrivs"], "1")
		self.assertEqual(modes, {"2"}, "a thread without a filter")
		for kind in ("CapEff", "CapPrm", "CapInh", "CapAmb"):
			self.assertEqual(int(lines[kind], 16), 0, kind)
		self.assertEqual(lines["Umask"], "0077")

	def test_nothing_is_inherited(self):
		"""Not the folder it was started in, and no descriptor that somebody left open."""
		with open("/dev/zero", "rb") as left:
			far = fcntl.fcntl(left, fcntl.F_DUPFD, 50)  # and not where its socket will be
		try:
			run = self.run_with("whole")
		finally:
			os.close(far)
		if os.geteuid() == 0:  # others may not look at what is undumpable
			self.assertEqual(run.folder, "/")
			self.assertNotIn("/dev/zero", run.files.values())
			self.assertEqual({run.files[fd] for fd in "012"}, {"/dev/null"})
		else:
			self.assertIsNone(run.folder)

	def test_where_the_kernel_has_no_landlock_none_works(self):
		run = self.run_with("seccomp")
		self.assertEqual(run.cage, CAGE_SECCOMP)
		self.assertEqual(run.worked(), set())
		self.assertEqual(run.answers(), {errno.ENOSYS}, "something else than the filter refused")

	def test_where_the_kernel_has_no_seccomp_files_and_processes_stay_shut(self):
		run = self.run_with("landlock")
		self.assertEqual(run.cage, CAGE_LANDLOCK)
		shut = LANDLOCK | (SCOPES if landlock_version() >= 6 else 0)
		self.assertEqual(run.worked(shut), set())


def home(folder, kith):
	"""A person's home, with what the tries look for."""
	subprocess.run([kith, "--home", folder, "init", "name=Ada"], check=True, capture_output=True)
	with open(os.path.join(folder, "victim"), "w", encoding="ascii") as f:
		f.write("victim")
	os.mkdir(os.path.join(folder, "mnt"))


def act():
	"""The tests themselves, by whoever this process is."""
	libc.prctl(PR_SET_PTRACER, ctypes.c_long(-1), 0, 0, 0)  # where Yama asks, for the control run
	os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))  # for reschedule_node
	result = unittest.main(argv=["cage"], verbosity=2, exit=False).result
	sys.exit(not result.wasSuccessful())


def main():
	global PROGRAM, FOLDER
	if sys.argv[1] == "--act":
		PROGRAM, FOLDER = sys.argv[2:]
		act()
	why = lacking()
	if why:
		print(f"skipped: {why}", file=sys.stderr)
		sys.exit(1 if os.environ.get("KITH_CI") else SKIP)
	users = [os.geteuid()] + ([NOBODY] if os.geteuid() == 0 else [])
	bad = 0
	for user in users:
		print(f"as {'root' if user == 0 else 'somebody who is not root'}:", flush=True)
		folder = tempfile.mkdtemp(prefix="kith-cage-")
		try:
			bad |= act_as(user, folder)
		finally:
			shutil.rmtree(folder)
	sys.exit(bad)


def act_as(user, folder):
	"""In a folder of that user, with copies of what it may not be able to reach."""
	for path in (sys.argv[1], sys.argv[2], __file__):
		shutil.copy(path, folder)
	program, kith, script = (os.path.join(folder, os.path.basename(p))
		for p in (sys.argv[1], sys.argv[2], __file__))
	ours = os.path.join(folder, "home")
	as_user = {"user": user, "group": NOBODY, "extra_groups": []} if user != os.geteuid() else {}
	os.chmod(folder, 0o755)
	os.chown(folder, user, -1)
	subprocess.run([sys.executable, "-B", "-c", f"import os; os.mkdir({ours!r}, 0o700)"],
		check=True, **as_user)
	subprocess.run([sys.executable, "-B", script, "--home", ours, kith], check=True, **as_user)
	return subprocess.run([sys.executable, "-B", script, "--act", program, ours],
		**as_user).returncode


if __name__ == "__main__":
	if sys.argv[1] == "--home":
		home(*sys.argv[2:])
	else:
		main()
