# SPDX-License-Identifier: MIT
"""People at machines: a home, kith run in it, and what it says, event by event."""

import contextlib
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import time
import unittest

import net
import packets

KITH = None  # the program under test
LIMIT = 15  # seconds an event may take; it is there in milliseconds, unless the machine is loaded
PASSWD = f"zelda:x:{os.geteuid()}:{os.getegid()}:Zelda Fitzgerald:/run/home:/bin/sh\n"
# What a home holds when nobody is at it (a reader leaves the store's log behind).
KEPT = {"identity.key", "init.lock", "node.lock", "kith.db", "kith.db-wal", "kith.db-shm", "device",
	"retired.key", "revocation.kith", *(f"revocation-{n}.kith" for n in range(1, 5))}


class Story(unittest.TestCase):
	"""A test with machines and people, at whose end nothing may be left but the homes."""

	def setUp(self):
		self.machines, self.people = [], []
		self.addCleanup(self.clear)

	def machine(self, name):
		self.machines.append(net.Machine(name))
		return self.machines[-1]

	def person(self, machine, name, *fields):
		self.people.append(Person(machine, name, *fields))
		return self.people[-1]

	def capture(self, machine):
		capture = packets.Capture(machine)
		self.addCleanup(capture.close)
		return capture

	def pair(self, **options):
		"""Two people at two machines that are joined by a cable."""
		a, b = self.machine("adas-host"), self.machine("graces-host")
		net.cable(a, b, **options)
		return self.ada(a), self.grace(b)

	def ada(self, machine):
		return self.person(machine, "Ada Lovelace", "email.work=ada@example.org", "org=Engines")

	def grace(self, machine):
		return self.person(machine, "Grace Hopper", "email=grace@example.org", "note=Nanoseconds")

	@contextlib.contextmanager
	def part(self, **values):
		"""A subTest whose failure does not spoil the next one."""
		with self.subTest(**values):
			try:
				yield
			finally:
				for person in self.people:
					person.hang_up()

	def clear(self):
		"""After every test, however it went; what is left fails it."""
		keep = {m.pid for m in self.machines} | {s.pid for m in self.machines for s in m.services}
		try:
			for person in self.people:
				person.hang_up()
			late = {pid: name for pid, (name, _) in net.processes().items() if pid not in keep}
			left = {pid: late[pid] for pid in net.gone(late)}
			for pid in left:
				os.kill(pid, signal.SIGKILL)
			self.assertEqual(left, {}, "processes are left")
			for machine in self.machines:
				self.assertEqual(files(machine.path("run/tmp")), [], "left in TMPDIR")
				self.assertEqual(files(machine.path("run/home")), [], "left in HOME")
				self.assertEqual(files(machine.path("run/user")), [], "left in XDG_RUNTIME_DIR")
			for person in self.people:
				self.assertLessEqual(set(files(person.folder())), KEPT, "left in a home")
		finally:
			for machine in self.machines:
				machine.close()


def files(folder):
	"""Every file below a folder, sockets and links included; folders do not count."""
	return [os.path.relpath(os.path.join(where, name), folder)
		for where, _, names in os.walk(folder) for name in names]


class Person:
	"""Somebody with an identity and a card, at a machine."""

	def __init__(self, machine, name, *fields):
		self.machine, self.name = machine, name
		self.home = "/run/" + name.split()[0].lower()
		self.swaps = []
		self.kith("init", f"name={name}", *fields)

	def folder(self):
		return self.machine.path(self.home.lstrip("/"))

	def command(self, *args):
		return [KITH, "--home", self.home, *args]

	def kith(self, *args, status=0):
		"""Runs kith to its end; returns what it printed."""
		p = self.machine.popen(*self.command(*args), stdin=subprocess.DEVNULL,
			stdout=subprocess.PIPE, stderr=subprocess.PIPE)
		out, err = p.communicate(timeout=60)
		if p.returncode != status:
			raise AssertionError(f"kith {args}: exit {p.returncode}, not {status}: {out} {err}")
		return out

	def contacts(self):
		return json.loads(self.kith("list", "--json"))

	def known(self):
		"""{name: state} of everybody in the store."""
		return {c["name"]: c["state"] for c in self.contacts()}

	def show(self, who):
		return json.loads(self.kith("show", who, "--json"))

	def id(self):
		return json.loads(self.kith("card", "--json"))["id"]

	def forgets_failures(self):
		"""As if ten minutes had gone by: whoever failed five times may ask again."""
		self.machine.run(f"sqlite3 {self.home}/kith.db 'DELETE FROM failed'")

	def recognises_nobody(self):
		"""As after `kith node --where never`: for a peer that serves one connection alone."""
		self.machine.run(f"sqlite3 {self.home}/kith.db "
			"\"INSERT OR REPLACE INTO setting VALUES ('where', 2)\"")

	def has_handed(self, nothing=False):
		"""Something went over in a session with somebody; or from now on nothing has."""
		sql = "UPDATE contact SET handed = 0; " if nothing else ""
		return self.machine.run(f"sqlite3 {self.home}/kith.db "
			f"\"{sql}SELECT count(*) FROM contact WHERE handed > 0\"").strip() != "0"

	def envelope(self):
		"""The bytes of the own signed card."""
		return self.kith("export", "--me", "--format", "kith")

	def swap(self, *args):
		"""kith swap --json, under way."""
		self.swaps.append(Talk(self, "swap", "--json", *args))
		return self.swaps[-1]

	def hang_up(self):
		"""Ends what still runs, and waits until its node and courier have followed."""
		for swap in self.swaps:
			family = net.below(swap.process.pid)
			swap.kill()
			net.gone(family)
		self.swaps.clear()


class Talk:
	"""A kith that speaks in events and takes decisions."""

	def __init__(self, person, *args):
		self.person = person
		self.seen = []  # every event that has been read
		self.read = 0  # how many of them wait() has gone past
		self.rest = b""
		self.notes = os.memfd_create("stderr")
		self.process = person.machine.popen(*person.command(*args), stdin=subprocess.PIPE,
			stdout=subprocess.PIPE, stderr=self.notes)

	def __repr__(self):
		with open(self.notes, "rb", closefd=False) as f:
			f.seek(0)
			notes = f.read().decode("utf-8", "replace")
		lines = [f"{self.person.name} was told:"] + [json.dumps(e)[:200] for e in self.seen]
		return "\n  ".join(lines) + (f"\n  stderr: {notes}" if notes else "")

	def wait(self, event, timeout=LIMIT, **values):
		"""The next event of that kind with those values; others before it are passed over."""
		until = time.monotonic() + timeout
		while e := self._next(until):
			if e["event"] == event and all(e[k] == v for k, v in values.items()):
				return e
		raise AssertionError(f"no {event} {values or ''} came\n{self!r}")

	def next(self, timeout=LIMIT):
		"""The next event, whatever it is."""
		e = self._next(time.monotonic() + timeout)
		if not e:
			raise AssertionError(f"nothing came\n{self!r}")
		return e

	def _next(self, until):
		while self.read == len(self.seen):
			if not self._more(until):
				return None
		self.read += 1
		return self.seen[self.read - 1]

	def listen(self, seconds):
		"""Reads what comes in that time, for wait() to find."""
		until = time.monotonic() + seconds
		while self._more(until):
			pass

	def _more(self, until):
		"""Reads what has come; false at the end, or when the time is over."""
		left = until - time.monotonic()
		if left <= 0 or not select.select([self.process.stdout], [], [], left)[0]:
			return False
		return self.take()

	def take(self):
		"""Reads what has come, or waits for it; false at the end."""
		data = os.read(self.process.stdout.fileno(), 65536)
		*lines, self.rest = (self.rest + data).split(b"\n")
		self.seen += [json.loads(line) for line in lines]
		return bool(data)

	def told(self, event):
		"""All events of that kind that have been read."""
		return [e for e in self.seen if e["event"] == event]

	def kinds(self):
		return [e["event"] for e in self.seen]

	def say(self, *words):
		self.process.stdin.write((" ".join(words) + "\n").encode())
		self.process.stdin.flush()

	def end(self, status, timeout=LIMIT):
		"""Reads everything to the end and checks the exit status."""
		until = time.monotonic() + timeout
		while self._more(until):
			pass
		try:
			got = self.process.wait(timeout=max(0.1, until - time.monotonic()))
		except subprocess.TimeoutExpired:
			raise AssertionError(f"kith does not end\n{self!r}") from None
		if got != status:
			raise AssertionError(f"exit {got}, not {status}\n{self!r}")
		self._close()
		return self.seen

	def quit(self, status=0):
		self.say("quit")
		return self.end(status)

	def kill(self):
		if self.process.poll() is None:
			self.process.kill()
			self.process.wait()
		self._close()

	def _close(self):
		self.process.stdout.close()
		try:
			self.process.stdin.close()
		except BrokenPipeError:
			pass


class Node:
	"""kith node in the background of somebody, and a kith watch --json beside it."""

	def __init__(self, person, *args, watched=True):
		self.person = person
		self.notes = os.memfd_create("node")
		self.process = person.machine.popen(*person.command("node", *args),
			stdin=subprocess.DEVNULL, stdout=self.notes, stderr=self.notes)
		try:
			self.state = self.until(lambda state: True)
			self.watch = Talk(person, "watch", "--json") if watched else None
			if self.watch:
				self.watch.wait("ready")
				self.watch.read = 0  # who was here already has been told before
		except BaseException:
			self.kill()
			raise

	def status(self):
		"""What kith status tells; None: no node serves."""
		p = self.person.machine.popen(*self.person.command("status", "--json"),
			stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
		out, err = p.communicate(timeout=60)
		state = json.loads(out) if out else {"running": False}
		if p.returncode != (0 if state["running"] else 1):
			raise AssertionError(f"status: exit {p.returncode}: {out} {err}")
		return state if state["running"] else None

	def until(self, wanted, timeout=LIMIT):
		"""Asks until the state is as wanted; returns it."""
		end = time.monotonic() + timeout
		while not ((state := self.status()) and wanted(state)):
			if self.process.poll() is not None or time.monotonic() > end:
				raise AssertionError(f"{self.person.name}: {state}; {self.said()}")
			time.sleep(0.05)
		return state

	def said(self):
		with open(self.notes, "rb", closefd=False) as f:
			f.seek(0)
			return f.read().decode("utf-8", "replace")

	def end(self, status=0):
		"""SIGTERM, in order; its watcher ends with it."""
		if self.process.poll() is not None:
			return
		family = net.below(self.process.pid)
		if self.watch:
			self.watch.kill()
		self.process.terminate()
		got = self.process.wait(timeout=LIMIT)
		if got != status or net.gone(family):
			raise AssertionError(f"exit {got}, left {net.gone(family)}: {self.said()}")

	def kill(self):
		"""SIGKILL."""
		family = net.below(self.process.pid)
		self.process.kill()
		self.process.wait()
		if left := net.gone(family):
			raise AssertionError(f"{left} outlive the node")


class Copy(Person):
	"""The home of somebody as it is now, at another machine: a laptop that was cloned, or a thief's."""

	def __init__(self, person, machine):
		self.machine, self.name, self.home, self.swaps = machine, person.name, person.home, []
		shutil.copytree(person.folder(), self.folder())
		os.chmod(self.folder(), 0o700)


# --- what most stories do ---------------------------------------------------------------------


def christen(machine):
	"""A machine-id of its own, as an installation gives one."""
	if not os.path.exists("/etc/machine-id"):
		machine.run("cp -a /etc /run/etc && mount --bind /run/etc /etc && touch /etc/machine-id")
	machine.run("cat > /run/machine-id && mount --bind /run/machine-id /etc/machine-id",
		os.urandom(16).hex() + "\n")


def be_somebody(machine):
	"""A user with a name on a machine with an id; returns all words that tell of them."""
	number = os.urandom(16).hex()
	for path, text in (("/etc/passwd", PASSWD), ("/etc/machine-id", number + "\n")):
		if os.path.exists(path):
			machine.run(f"cat > /run/tmp/file && mount --bind /run/tmp/file {path} && "
				"rm /run/tmp/file", text)
	if machine.run("id -un").strip() != "zelda":
		raise AssertionError("that machine does not take its users from a file")
	return ["zelda", "fitzgerald", number]


def meet(a, b):
	"""Both are ready and see each other; returns (b's handle at a, a's handle at b)."""
	for talk in (a, b):
		talk.wait("ready")
	return a.wait("seen")["peer"], b.wait("seen")["peer"]


def announced(capture, machine, interface="eth0"):
	"""Waits until the records of somebody at that machine come by multicast (once more), too: only
	then does the other side's mDNS cache know what a goodbye means."""
	source = machine.addresses(interface)[0][0]
	capture.skip()  # nobody may have listened before
	capture.until(lambda packet: packet.source == source and packet.ports == (5353, 5353) and
		any(r.kind == "SRV" and r.ttl for r in packets.records([packet])))


def agree(a, b, b_at_a):
	"""a picks b, who says yes, both compare: swapped on both sides; returns both events."""
	a.say("swap", b_at_a)
	try:
		a_at_b = b.wait("request")["peer"]
	except AssertionError as why:
		a.listen(0.1)
		raise AssertionError(f"{why}\n{a!r}") from None
	b.say("accept", a_at_b)
	codes = a.wait("code", peer=b_at_a)["code"], b.wait("code", peer=a_at_b)["code"]
	if codes[0] != codes[1]:
		raise AssertionError(f"the codes differ: {codes}")
	a.say("same")
	b.say("same")
	return a.wait("swapped", peer=b_at_a), b.wait("swapped", peer=a_at_b)


def listed(talk):
	"""{handle: name} of everybody who is in the list now."""
	rows = {}
	for e in talk.seen:
		if e["event"] == "seen":
			rows[e["peer"]] = e["name"]
		elif e["event"] == "gone":
			rows.pop(e["peer"], None)
	return rows


class Encounter:
	"""a picks b, and both say yes to all that they are asked, for as long as it takes until both
	know how it ended."""

	ENDS = {"swapped", "failed", "unreachable", "withdrawn"}
	BROKE = "The connection broke."  # as a notice to those who still look at a code

	def __init__(self, a, b, answer="same"):
		self.sides = a, b
		self.answer = answer  # to a code
		self.said = {a: [], b: []}  # what each was told and asked about this
		self.began = time.monotonic()
		self.took = {}  # seconds until each knew

	def pick(self, b_at_a):
		self.sides[0].say("swap", b_at_a)
		return self

	def run(self, patience=45, until="end"):
		"""Goes on until that was told to both.  Silence on one side is what must never be."""
		limit = self.began + patience
		while not self._reached(until):
			left = limit - time.monotonic()
			pipes = [talk.process.stdout for talk in self.sides]
			if left <= 0 or not select.select(pipes, [], [], left)[0]:
				raise AssertionError(f"silence\n{self.sides[0]!r}\n{self.sides[1]!r}")
			for talk in self.sides:
				talk.listen(0.01)
				while talk.read < len(talk.seen):
					self._hear(talk, talk.next(), until)
		return self

	def _hear(self, talk, e, until):
		kind = e["event"]
		if kind in ("asking", "request", "code") or kind in self.ENDS:
			self.said[talk].append(e)
		if kind == "request" and until != "request":
			talk.say("accept", e["peer"])
		if kind == "code" and until == "end":
			talk.say(self.answer)
		broke = kind == "notice" and e["text"].startswith(self.BROKE)
		if broke and until == "end" and self.codes():
			talk.say(self.answer)  # who has said so before is not asked again
		if broke or kind in self.ENDS:
			self.took.setdefault(talk, time.monotonic() - self.began)

	def _reached(self, until):
		if until != "end":
			return any(e["event"] == until for e in self.said[self.sides[1]]) and (
				until != "code" or any(e["event"] == until for e in self.said[self.sides[0]]))
		a, b = self.sides
		return self.end(a) and (self.end(b) or not self.said[b])

	def end(self, talk):
		"""The event that ended it for that side, or None."""
		return next((e for e in self.said[talk] if e["event"] in self.ENDS), None)

	def start_clock(self):
		"""What comes now is timed from now."""
		self.began, self.took = time.monotonic(), {}
		return self

	def codes(self):
		return [e["code"] for talk in self.sides for e in self.said[talk] if e["event"] == "code"]

	def check(self):
		"""Whatever happened: one code, and each store holds what its owner was told."""
		codes = self.codes()
		if len(set(codes)) > 1:
			raise AssertionError(f"the codes differ: {codes}")
		for talk, other in (self.sides, self.sides[::-1]):
			end, told = self.end(talk), [{}]
			if end and end["event"] == "swapped":
				told = [{other.person.name: end["contact"]["state"]}]
			elif end and end.get("pending"):  # the two may have recognised each other since
				told = [{other.person.name: state} for state in ("pending", "complete")]
			if talk.person.known() not in told:
				raise AssertionError(f"{talk.person.known()}, but {talk!r}")

	def swapped(self):
		return all((self.end(talk) or {}).get("delivered") for talk in self.sides)


def main(own=1):
	"""Runs the test; so many arguments are its own, the others unittest's."""
	global KITH
	net.enclose()
	KITH = os.path.abspath(sys.argv[1])
	unittest.main(argv=[sys.argv[0]] + sys.argv[own + 1:])
