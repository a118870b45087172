# SPDX-License-Identifier: MIT
"""A room with a victim, two honest people, and somebody with kith-hostile and many addresses.

A siege is one case: the victim's person picks an honest one while the attack runs and swaps with
another when it is over; meanwhile everything that an attack may use up is measured from outside,
by /proc.  Every case is a line of the table that is printed at the end.
"""

import base64
import contextlib
import json
import os
import re
import select
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "lan"))

import net  # noqa: E402
import packets  # noqa: E402
import people  # noqa: E402

HOSTILE = None  # the program that attacks
LONG = False  # with --long: floods of minutes
TICK = os.sysconf("SC_CLK_TCK")
NAMES = "Victoria Victim", "Ada Lovelace", "Grace Hopper"
STAYS = "--timeout", "600"
PICKED_S = 5  # what the person picks succeeds within (T5)
MIB = 1 << 20


def limit(name):
	"""A number of proto/limits.def."""
	with open(os.path.join(HERE, "..", "..", "proto", "limits.def"), encoding="utf-8") as f:
		return int(re.search(rf"^KITH_LIMIT\({name}, (\d+),", f.read(), re.M)[1])


COURIER_BYTES = limit("COURIER_MEMORY_MAX")  # T6
NODE_BYTES = 64 * MIB  # T6
FILES = limit("COURIER_FILES_MAX")
# descriptors: who knows somebody dials every row, a few at once, to see whether it is they
DIALLING = 2 + 5 * limit("DIALS_MAX")
ROWS = limit("ROWS_MAX")
BACK_S = limit("HANDSHAKE_MS") / 1000 + 1  # half-open connections are gone (T8)
SHARE = 0.20  # of one processor, with slow peers (T8)
DEAD_S = 2  # a courier that died serves again (T7)


class Gauge(threading.Thread):
	"""Looks at a node and its courier every 20 ms, from outside, until end()."""

	def __init__(self, client):
		super().__init__(daemon=True)
		self.client, self.over = client, threading.Event()
		self.node, self.courier = self.find()
		self.base = self.files(self.courier)
		self.now = self.most_files = self.base
		self.rss = {"node": 0, "courier": 0}
		self.couriers, self.dead, self.absent = {self.courier}, 0.0, 0.0
		self.begun, self.used = time.monotonic(), self.cpu()
		self.start()

	def find(self):
		"""(node, courier) of that client; None for what is not there."""
		found = net.processes()
		mine = net.below(self.client) & found.keys()
		courier = [p for p in mine if found[p][0] == "kith-courier"]
		node = [p for p in mine if found[p][1] == self.client]
		return node[0] if node else None, courier[0] if courier else None

	@staticmethod
	def files(pid):
		try:
			return len(os.listdir(f"/proc/{pid}/fd"))
		except PermissionError as why:  # not the real root: the courier is undumpable
			raise net.lacking(f"the courier cannot be measured from outside: {why}") from None

	def cpu(self):
		"""Seconds of processor that node and courier have used."""
		total = 0
		for pid in (self.node, self.courier):
			with contextlib.suppress(OSError, TypeError), \
					open(f"/proc/{pid}/stat", encoding="ascii") as f:
				total += sum(map(int, f.read().rsplit(")", 1)[1].split()[11:13]))
		return total / TICK

	def run(self):
		while not self.over.wait(0.02):
			try:
				self.look()
			except (OSError, TypeError):
				self.lost()

	def look(self):
		for name, pid in (("node", self.node), ("courier", self.courier)):
			with open(f"/proc/{pid}/status", encoding="ascii") as f:
				peak = re.search(r"VmHWM:\s+(\d+)", f.read())
			if not peak:
				raise OSError("it is ending")
			self.rss[name] = max(self.rss[name], int(peak[1]) * 1024)
		self.now = self.files(self.courier)
		self.most_files = max(self.most_files, self.now)

	def lost(self):
		"""One of the two has ended: how long is there none?"""
		self.dead = self.dead or time.monotonic()
		node, courier = self.find()
		if node and courier and courier not in self.couriers:
			self.couriers.add(courier)
			self.absent = max(self.absent, time.monotonic() - self.dead)
			self.node, self.courier, self.dead = node, courier, 0.0

	def back(self, timeout, spare):
		"""Seconds until the courier holds no more descriptors than at the beginning, and `spare`."""
		begun = time.monotonic()
		while self.now > self.base + spare and time.monotonic() - begun < timeout:
			self.over.wait(0.02)
		return time.monotonic() - begun if self.now <= self.base + spare else None

	def end(self):
		self.over.set()
		self.join()
		self.took = time.monotonic() - self.begun
		self.share = (self.cpu() - self.used) / self.took
		self.deaths = len(self.couriers) - 1 + bool(self.dead)


class Attack:
	"""One run of kith-hostile."""

	def __init__(self, machine, case, *args):
		self.case = case
		self.process = machine.popen(HOSTILE, case, "--test-namespace", *map(str, args),
			stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

	def line(self, timeout=20):
		"""Its next line."""
		if not select.select([self.process.stdout], [], [], timeout)[0]:
			raise AssertionError(f"{self.case} says nothing")
		return json.loads(self.process.stdout.readline())

	def end(self, timeout=180):
		"""All it says, merged when every object has other keys, else the list."""
		try:
			out, err = self.process.communicate(timeout=timeout)
		except subprocess.TimeoutExpired:
			self.process.kill()
			self.process.communicate()
			raise AssertionError(f"{self.case} does not end") from None
		if self.process.returncode:
			raise AssertionError(f"{self.case}: exit {self.process.returncode}: {err}{out}")
		return [json.loads(line) for line in out.splitlines()]

	def close(self):
		if self.process.poll() is None:
			self.process.kill()
		self.process.communicate()


class Room(people.Story):
	"""The stage; every test in it is one case."""

	notices_max = 5
	spare = 2  # descriptors: of an honest connection that has just ended
	table = []  # of the class: (case, expected, seen)

	def setUp(self):
		super().setUp()
		self.attacks = []
		self.extra = {}  # whom else the victim's person said yes to: {name: state}
		hub = self.machine("hub")
		hosts = [self.machine(name) for name in ("room", "adas", "graces", "mallorys")]
		net.bridge(hub, hosts)
		self.mallory = hosts[3]
		self.victim, self.ada, self.grace = [
			self.person(host, name, "email=somebody@example.org")
			for host, name in zip(hosts, NAMES)]

	def clear(self):
		for attack in self.attacks:
			attack.close()
		super().clear()

	def more_addresses(self, first=100, last=199):
		"""Addresses of the attacker; returns what --from takes."""
		batch = "".join(f"addr add 10.99.0.{i}/24 dev eth0\n" for i in range(first, last + 1))
		self.mallory.run("ip -batch -", batch)
		return f"10.99.0.{first}-{last}"

	def find(self, capture, name):
		"""Port, key, instance and host of somebody as he announces them, and who saw it."""
		def of(found):
			owners = [r.owner for r in found if r.kind == "TXT" and
				r.value.get("n") == name.encode()]
			return [r for r in found if r.ttl and r.owner in owners[-1:]]
		wanted = {"SRV", "TXT"}
		capture.until(lambda _: wanted <= {r.kind for r in of(packets.records(capture.packets))})
		found = {r.kind: r for r in of(packets.records(capture.packets))}
		port, host = found["SRV"].value
		key = found["TXT"].value["k"].decode()
		return {"port": port, "key": hex_key(key), "host": host.split(".")[0],
			"instance": found["SRV"].owner.split(".")[0]}

	def assemble(self, grace=True):
		"""Everybody is here and seen, and the gauge runs."""
		capture = packets.Capture(self.mallory)
		try:
			self.v, self.a = self.victim.swap(*STAYS), self.ada.swap(*STAYS)
			self.g = self.grace.swap(*STAYS) if grace else None
			self.v.wait("ready")
			self.a.wait("ready")
			self.ada_at_v = self.handle(self.v, "Ada Lovelace")
			self.handle(self.a, self.victim.name)
			if grace:
				self.g.wait("ready")
				self.handle(self.g, self.victim.name)
			self.place = self.find(capture, self.victim.name)
			self.adas_place = self.find(capture, "Ada Lovelace")
		finally:
			capture.close()
		self.gauge = Gauge(self.v.process.pid)
		self.addCleanup(self.gauge.over.set)

	@staticmethod
	def handle(talk, name):
		"""The handle of somebody who is seen, by the latest that was heard of that name."""
		while True:
			here = {}
			for event in talk.seen:
				if event["event"] == "seen":
					here[event["peer"]] = event["name"]
				elif event["event"] == "gone":
					here.pop(event["peer"], None)
			found = [peer for peer, its in here.items() if its == name]
			if found:
				return found[-1]
			talk.wait("seen", name=name)

	def decline(self, event):
		self.v.say("decline", event["peer"])
		self.v.seen.append({"event": "declined", "peer": event["peer"]})

	def attack(self, case, *args):
		"""kith-hostile against the victim; with an address of its own unless --from is given."""
		where = ["--to", "10.99.0.1", "--port", self.place["port"], "--key", self.place["key"]]
		if "--from" not in args:
			where += ["--from", "10.99.0.4"]
		self.attacks.append(Attack(self.mallory, case, *where, *args))
		return self.attacks[-1]

	# --- what a case looks at

	def pick(self, talk, other, name, who):
		"""That person picks the other by his handle, and both answer at once: seconds until both
		have swapped."""
		begun = time.monotonic()
		talk.say("swap", who)
		try:
			asker = self.request_of(other, name)
		except AssertionError as nothing:
			talk.listen(0.1)
			raise AssertionError(f"{nothing}\n{talk!r}") from None
		other.say("accept", asker)
		codes = talk.wait("code", peer=who), other.wait("code", peer=asker)
		self.assertEqual(codes[0]["code"], codes[1]["code"])
		talk.say("same")
		other.say("same")
		talk.wait("swapped", peer=who)
		other.wait("swapped", peer=asker)
		return time.monotonic() - begun

	def request_of(self, talk, name):
		"""The request of somebody by that name; any other is declined at once."""
		while True:
			event = talk.wait("request")
			if event["name"] == name:
				return event["peer"]
			if talk is self.v:
				self.decline(event)

	def screens(self):
		"""The requests on the victim's screen, event by event."""
		shown = set()
		for event in self.v.seen:
			if event["event"] == "request":
				shown.add(event["peer"])
			elif event["event"] in ("withdrawn", "declined", "code", "failed", "swapped"):
				shown.discard(event["peer"])
			yield frozenset(shown)

	def shown(self):
		"""The requests that are on the victim's screen now."""
		return list(self.screens())[-1]

	def prompts(self):
		"""The most requests that were on the victim's screen at one time, and all."""
		return max(map(len, self.screens()), default=0), len(self.v.told("request"))

	def rows(self):
		here, most = set(), 0
		for event in self.v.seen:
			if event["event"] == "seen":
				here.add(event["peer"])
			elif event["event"] == "gone":
				here.discard(event["peer"])
			most = max(most, len(here))
		return most

	def during(self):
		"""While the attack runs: the person picks Ada."""
		self.swift = self.pick(self.v, self.a, self.victim.name, self.ada_at_v)

	def afterwards(self, grace=True):
		"""The attack is over: descriptors come back, somebody else comes, the store is sound."""
		self.returned = self.gauge.back(BACK_S + 1, self.spare)
		self.later = None
		if grace:
			self.later = self.pick(self.g, self.v, "Grace Hopper",
				self.handle(self.g, self.victim.name))
		self.gauge.end()
		self.v.listen(0.05)
		self.log = os.fstat(self.v.notes).st_size
		self.bounds()
		self.v.quit()
		known = {"Ada Lovelace": "complete", **self.extra}
		if grace:
			known["Grace Hopper"] = "complete"
		self.assertEqual(self.victim.known(), known, "what the victim's store holds")
		self.assertEqual(self.integrity(), [("ok",)])

	def integrity(self):
		"""What SQLite finds in a copy of the victim's store."""
		with tempfile.TemporaryDirectory() as copy:
			for name in os.listdir(self.victim.folder()):
				if name.startswith("kith.db") and not name.endswith("-shm"):
					shutil.copy(os.path.join(self.victim.folder(), name), copy)
			with contextlib.closing(sqlite3.connect(os.path.join(copy, "kith.db"))) as db:
				return db.execute("PRAGMA integrity_check").fetchall()

	def forget(self):
		"""For another case in the same room."""
		for name in self.victim.known():
			self.victim.kith("forget", name, "--yes")

	def bounds(self):
		"""What holds under every attack."""
		g = self.gauge
		at_once, _ = self.prompts()
		with self.subTest(bound="the picked one swapped in time"):
			self.assertLess(self.swift, PICKED_S)
		with self.subTest(bound="memory of the courier"):
			self.assertLessEqual(g.rss["courier"], COURIER_BYTES)
		with self.subTest(bound="memory of the node"):
			self.assertLessEqual(g.rss["node"], NODE_BYTES)
		with self.subTest(bound="descriptors"):
			self.assertLessEqual(g.most_files, FILES)
		with self.subTest(bound="descriptors come back"):
			self.assertIsNotNone(self.returned, f"{g.now} are open, {g.base} at the beginning")
			self.assertLessEqual(self.returned, BACK_S)
		with self.subTest(bound="one prompt"):
			self.assertLessEqual(at_once, 1)
		with self.subTest(bound="rows"):
			self.assertLessEqual(self.rows(), ROWS)
		with self.subTest(bound="a dead courier is back"):
			self.assertFalse(g.dead, "there is no courier")
			self.assertLessEqual(g.absent, DEAD_S)
		with self.subTest(bound="no log flood"):
			self.assertLess(self.log, 2000, self.v)
			self.assertLessEqual(len(self.v.told("notice")), self.notices_max, self.v)

	def tell(self, case, expected, **seen):
		"""A line of the table, with the figures that every case has."""
		g = self.gauge
		figures = {"picked": f"{self.swift:.2f} s", **seen,
			"courier": f"{g.rss['courier'] / MIB:.1f} MiB", "node": f"{g.rss['node'] / MIB:.1f} MiB",
			"files": f"{g.base}..{g.most_files}",
			"back": "never" if self.returned is None else f"{self.returned:.2f} s",
			"cpu": f"{g.share * 100:.0f} %", "prompts": "%d/%d" % self.prompts(),
			"rows": self.rows(), "deaths": g.deaths, "notices": len(self.v.told("notice"))}
		if self.later is not None:
			figures["after"] = f"{self.later:.2f} s"
		Room.table.append((case, expected, ", ".join(f"{k} {v}" for k, v in figures.items())))

	def siege(self, case, expected, attack, *args, slow=False, **more):
		"""A whole case with nothing special about it; returns what the attacker saw."""
		self.assemble()
		running = self.attack(attack, *args)
		self.await_attack(running)
		self.during()
		said = running.end()
		self.afterwards()
		self.tell(case, expected, **more, attacker=brief(said))
		if slow:
			with self.subTest(bound="processor"):
				self.assertLess(self.gauge.share, SHARE)
		return said

	def await_attack(self, running, timeout=5):
		"""Until the attack has been felt, or is over: descriptors are held, or some CPU used."""
		until = time.monotonic() + timeout
		used = self.gauge.cpu()
		while time.monotonic() < until and running.process.poll() is None and \
				self.gauge.most_files <= self.gauge.base and self.gauge.cpu() - used < 0.05:
			self.gauge.over.wait(0.01)


def hex_key(text):
	"""base64url to hex."""
	return base64.urlsafe_b64decode(text + "=").hex()


def brief(said):
	"""What an attacker saw, in few words."""
	merged = {}
	for line in said:
		for name, value in line.items():
			merged.setdefault(name, []).append(value)
	return " ".join(f"{name}={v[0] if len(v) == 1 else ','.join(map(str, v[:12]))}"
		for name, v in merged.items())


def main():
	global HOSTILE, LONG
	net.enclose()
	if "--long" in sys.argv:
		sys.argv.remove("--long")
		LONG = True
	people.KITH = os.path.abspath(sys.argv[1])
	HOSTILE = os.path.abspath(sys.argv[2])
	program = unittest.main(argv=[sys.argv[0]] + sys.argv[3:], exit=False)
	for row in Room.table:
		print(" | ".join(row))
	sys.exit(not program.result.wasSuccessful())
