#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Somebody inside kith-picture: with its cage, and without.

	picture.py CAGE_INSIDE_PICTURE KITH

As cage.py does for the courier: the same tries, by whoever takes over the program that reads pictures.
"""

import errno
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import unittest
import zlib

import cage
from cage import ANYBODY, LANDLOCK, MAYBE, ROOT, SCOPES

CAGE = 11  # the status of a kith-picture that got none


def chunk(name, data):
	return len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big")


PNG = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", bytes([0, 0, 0, 2, 0, 0, 0, 3, 8, 0, 0, 0, 0])) + \
	chunk(b"IDAT", zlib.compress(bytes(9))) + chunk(b"IEND", b"")
ANSWER = bytes([2, 0, 0, 0, 2, 0, 0, 0, 3])


class Run:
	"""One picture, and what was tried while it was read."""

	def __init__(self, kernel, words=("check",), given=PNG):
		path = os.path.join(FOLDER, "control")
		ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
		control = cage.Run._listen(path)
		abstract = cage.Run._listen(f"\0kith-cage-{os.getpid()}")
		try:
			with ours, theirs, control, abstract:
				done = subprocess.run([PROGRAM, *words], input=given, capture_output=True,
					env={"CAGE_FOLDER": FOLDER, "CAGE_KERNEL": kernel}, timeout=60,
					pass_fds=(3,), preexec_fn=lambda: os.dup2(
						theirs.fileno(), 3, inheritable=True), check=False)
		finally:
			os.unlink(path)
		self.status = done.returncode
		told, _, self.answer = done.stdout.partition(b"end\n")
		lines = [line.split() for line in told.decode().splitlines()]
		self.tries = {name: (int(kind), int(result)) for _, _, name, kind, result in lines}

	def worked(self, kinds=~0):
		return {name for name, (kind, result) in self.tries.items()
			if result == 0 and kind & kinds}


class Inside(unittest.TestCase):
	def run_with(self, kernel):
		run = Run(kernel)
		self.assertEqual(run.status, 0, "its own work suffered")
		self.assertEqual(run.answer, ANSWER, "its own work suffered")
		self.assertGreater(len(run.tries), 60)
		return run

	def test_without_a_cage_every_try_works(self):
		"""Else the other tests would prove nothing."""
		run = self.run_with("open")
		kinds = ANYBODY | (ROOT if os.geteuid() == 0 else 0)
		self.assertEqual({name for name, (kind, result) in run.tries.items()
			if result and kind & kinds}, set())
		print("not to be had here without a cage either:", " ".join(sorted(name
			for name, (kind, result) in run.tries.items() if kind & MAYBE and result)) or "-")

	def test_in_the_cage_none_works(self):
		self.assertEqual(self.run_with("whole").worked(), set())

	def test_nothing_of_the_network_either(self):
		"""A courier may have sockets of its own; who reads pictures has none."""
		refused = {result for _, result in self.run_with("seccomp").tries.values()}
		self.assertLessEqual(refused, {errno.ENOSYS, errno.EBADF})

	def test_where_the_kernel_has_no_seccomp_files_and_processes_stay_shut(self):
		shut = LANDLOCK | (SCOPES if cage.landlock_version() >= 6 else 0)
		self.assertEqual(self.run_with("landlock").worked(shut), set())

	def test_where_the_kernel_has_neither_no_picture_is_read(self):
		run = Run("neither")
		self.assertEqual((run.status, run.tries, run.answer), (CAGE, {}, b""))


def act_as(user, *more):
	script = sys.argv[0]
	folder = tempfile.mkdtemp(prefix="kith-cage-")
	as_user = {"user": user, "group": cage.NOBODY, "extra_groups": []} if user != os.geteuid() \
		else {}
	try:
		for path in (sys.argv[1], sys.argv[2], script, cage.__file__, *more):
			shutil.copy(path, folder)
		os.chmod(folder, 0o755)
		os.chown(folder, user, -1)
		home = os.path.join(folder, "home")
		program, kith, script, first = (os.path.join(folder, os.path.basename(p))
			for p in (sys.argv[1], sys.argv[2], script, cage.__file__))
		subprocess.run([sys.executable, "-B", "-c", f"import os; os.mkdir({home!r}, 0o700)"],
			check=True, **as_user)
		subprocess.run([sys.executable, "-B", first, "--home", home, kith], check=True, **as_user)
		return subprocess.run([sys.executable, "-B", script, "--act", program, home],
			**as_user).returncode
	finally:
		shutil.rmtree(folder)


def main(*more):
	"""As root and as somebody else; more: files that the script needs beside it."""
	why = cage.lacking()
	if why:
		print(f"skipped: {why}", file=sys.stderr)
		sys.exit(1 if os.environ.get("KITH_CI") else cage.SKIP)
	users = [os.geteuid()] + ([cage.NOBODY] if os.geteuid() == 0 else [])
	sys.exit(max(act_as(user, *more) for user in users))


if __name__ == "__main__":
	if sys.argv[1] == "--act":
		PROGRAM, FOLDER = sys.argv[2:]
		cage.act()
	main()
