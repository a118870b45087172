# SPDX-License-Identifier: MIT
"""What every test of the command line needs: a temporary home, and kith run in it."""

import datetime
import fcntl
import json
import os
import pty
import re
import select
import shutil
import struct
import subprocess
import sys
import tempfile
import termios
import unittest

KITH = None  # the program under test
SEED = None  # tests/cli/seed.c
CLOCK = None  # tests/cli/clock.c, built
ID = re.compile(r"^[A-Z2-7]{52}$")
FINGERPRINT = re.compile(r"^\d{5}( \d{5}){5}$")
NOBODY = 65534  # a user without rights, where the tests run as root


def sanitized():
	"""Whether the program is built with AddressSanitizer, which changes what memory is."""
	with open(KITH, "rb") as f:
		return b"__asan_init" in f.read()


class Result:
	"""How one run ended."""

	def __init__(self, status, out, err):
		self.status = status
		self.raw = out
		self.out = out.decode("utf-8", "replace")
		self.err = err.decode("utf-8", "replace")

	@property
	def json(self):
		return json.loads(self.raw)

	def __repr__(self):
		return f"exit {self.status}\n--- out\n{self.out}\n--- err\n{self.err}"


class Case(unittest.TestCase):
	"""A test with a folder of its own, in which homes are made by name."""

	def setUp(self):
		self.moment = None  # what the clock of every run says, Unix seconds; None: the real one
		self.up = 0  # and for how many seconds the machine has run longer than it has
		self.folder = tempfile.mkdtemp(prefix="kith-cli-")
		os.chmod(self.folder, 0o700)
		self.addCleanup(shutil.rmtree, self.folder)

	def path(self, *names):
		return os.path.join(self.folder, *names)

	def at(self, text, passed=None):
		"""From now on it is then: "2026-05-03" (at noon) or "2026-05-03 18:20", UTC.  So many seconds have really
		passed meanwhile; as many as the clock says, unless told."""
		text += "" if " " in text else " 12:00"
		moment = datetime.datetime.strptime(text, "%Y-%m-%d %H:%M")
		moment = int(moment.replace(tzinfo=datetime.timezone.utc).timestamp())
		if passed is None:
			passed = max(0, moment - (self.moment or moment))
		self.up += passed
		self.moment = moment

	def env(self, **more):
		env = {"PATH": os.environ["PATH"], "HOME": self.folder, "TZ": "UTC",
			"LANG": "C.UTF-8"}
		for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS"):
			if name in os.environ:
				env[name] = os.environ[name]
		if self.moment is not None:
			env.update(LD_PRELOAD=CLOCK, CLOCK_AT=str(self.moment), CLOCK_UP=str(self.up))
			if sanitized():  # the clock needs none of what has to be loaded first
				env["ASAN_OPTIONS"] = env.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"
		env.update(more)
		return {name: value for name, value in env.items() if value is not None}

	def kith(self, home, *args, status=0, stdin=b"", env=None, umask=-1, user=None, cwd=None):
		"""Run kith with that home (a name in the folder, or None) and check its exit."""
		command = [KITH] + (["--home", self.path(home)] if home else []) + list(args)
		extra = {"user": user, "group": user, "extra_groups": []} if user else {}
		done = subprocess.run(command, input=stdin, capture_output=True, umask=umask,
			env=self.env(**(env or {})), cwd=cwd or self.folder, timeout=60, **extra)
		result = Result(done.returncode, done.stdout, done.stderr)
		self.assertEqual(result.status, status, f"kith {args}: {result}")
		if status:
			self.assertRegex(result.err, r"(?m)^kith: .", f"kith {args} says nothing")
		return result

	def person(self, home, name, *fields):
		"""A home with an identity; returns the path of its signed card."""
		self.kith(home, "init", f"name={name}", *fields)
		return self.card_of(home)

	def card_of(self, home):
		path = self.path(f"{home}.kith")
		self.kith(home, "export", "--me", "--format", "kith", "-o", path)
		return path

	def seed(self, home, card, how, event, at, step):
		subprocess.run([SEED, self.path(home), card, how, event, str(at), step], check=True,
			timeout=60)

	def tree(self, home):
		"""Every file of a home with its bytes."""
		found = {}
		for name in sorted(os.listdir(self.path(home))):
			with open(self.path(home, name), "rb") as f:
				found[name] = f.read()
		return found

	def terminal(self, home, *args, prompts=(), env=None, size=(24, 80)):
		"""Run kith at a terminal of that many rows and columns; each prompt (a regular
		expression) is answered in turn.  Returns the status and what came to the screen."""
		ours, theirs = pty.openpty()
		fcntl.ioctl(ours, termios.TIOCSWINSZ, struct.pack("HHHH", *size, 0, 0))
		run = subprocess.Popen([KITH, "--home", self.path(home), *args], stdin=theirs,
			stdout=theirs, stderr=theirs, start_new_session=True, cwd=self.folder,
			env=self.env(**{"TERM": "xterm", **(env or {})}))
		os.close(theirs)
		try:
			screen = self._talk(ours, list(prompts))
			return run.wait(timeout=60), screen
		finally:
			os.close(ours)
			run.kill()
			run.wait()

	def _talk(self, fd, waiting):
		screen, seen = b"", 0
		while select.select([fd], [], [], 30)[0]:
			try:
				got = os.read(fd, 4096)
			except OSError:  # the other end is closed: the program has ended
				break
			screen += got
			match = waiting and re.search(waiting[0][0], screen[seen:])
			if match:
				seen += match.end()
				os.write(fd, waiting.pop(0)[1])
		else:
			self.fail(f"nothing comes any more after {screen!r}")
		self.assertEqual(waiting, [], f"never asked; the screen: {screen!r}")
		return screen


def shared(*names):
	"""A file of the shared corpus, or None: it is not part of the project."""
	here = os.path.dirname(os.path.abspath(__file__))
	root = os.environ.get("KITH_SHARED") or os.path.join(here, "..", "..", "..", "shared")
	path = os.path.join(root, *names)
	if os.path.exists(path):
		return path
	print(f"# {os.path.join(*names)} is not here (KITH_SHARED); that part is left out",
		file=sys.stderr)
	return None


def main():
	global KITH, SEED, CLOCK
	KITH, SEED, CLOCK = sys.argv[1:4]
	unittest.main(argv=[sys.argv[0]] + sys.argv[4:])
