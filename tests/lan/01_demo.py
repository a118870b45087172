# SPDX-License-Identifier: MIT
"""kith demo on a machine without any network: two people, for real, and nothing of it left."""

import base64
import contextlib
import fcntl
import json
import os
import re
import select
import signal
import sqlite3
import subprocess
import time

import net
import packets
import people

F_SETPIPE_SZ = 1031
FOLDER = "run/tmp"


class Play:
	"""A demo that cannot run ahead: each of its lines waits in the pipe until it is read."""

	def __init__(self, machine, *args):
		ours, theirs = os.pipe2(os.O_DIRECT | os.O_CLOEXEC)  # every write is a packet of its own
		fcntl.fcntl(theirs, F_SETPIPE_SZ, 4096)  # room for one
		self.begun = time.monotonic()
		self.process = machine.popen(people.KITH, "demo", *args, stdin=subprocess.DEVNULL,
			stdout=theirs, stderr=subprocess.PIPE)
		os.close(theirs)
		self.pipe, self.text = ours, ""

	def line(self):
		if not select.select([self.pipe], [], [], 40)[0]:
			raise AssertionError(f"the demo is silent after\n{self.text}")
		line = os.read(self.pipe, 1 << 16).decode()
		self.text += line
		return line

	def until(self, pattern):
		while line := self.line():
			if re.search(pattern, line):
				return
		raise AssertionError(f"never said {pattern}:\n{self.text}{self.process.stderr.read()}")

	def end(self, status=0):
		while self.line():
			pass
		_, err = self.process.communicate(timeout=20)
		self.seconds = time.monotonic() - self.begun
		if self.process.returncode != status:
			raise AssertionError(f"exit {self.process.returncode}:\n{self.text}{err.decode()}")

	def kill(self):
		family = net.below(self.process.pid)
		self.process.kill()
		self.process.communicate()
		net.gone(family)
		os.close(self.pipe)


def envelope(home):
	"""The signed card of a home."""
	with open(f"{home}/kith.db", "rb") as f, contextlib.closing(sqlite3.connect(":memory:")) as db:
		whole = bytearray(f.read())
		whole[18:20] = b"\1\1"  # a copy in memory has no write-ahead log
		db.deserialize(bytes(whole))
		(blob,) = db.execute("SELECT envelope FROM mine_card").fetchone()
	return blob


def keys(envelope):
	"""ik and xk: in the strict form a body begins {1: 1, 2: bin 32, 3: bin 32."""
	ik = re.search(rb"\x01\x01\x02\xc4\x20(.{32})\x03\xc4\x20(.{32})\x04", envelope, re.DOTALL)
	return ik.group(1), ik.group(2)


def secrets(envelopes, contacts):
	"""Every byte string of the cards that no network may carry, and what it is."""
	found = {}
	for whole in envelopes:
		for key in keys(whole):
			text = base64.b32encode(key).rstrip(b"=")
			found.update({key: "a key", text: "a key", text.lower(): "a key",
				key.hex().encode(): "a key", base64.urlsafe_b64encode(key)[:43]: "a key",
				base64.b64encode(key)[:43]: "a key"})
		found[whole[:16]] = "the beginning of a card"
		found[whole[-64:]] = "a signature"
	for contact in contacts:
		for field in contact["fields"]:
			found[field["value"].encode()] = field["kind"]
	return found


class Demo(people.Story):
	@contextlib.contextmanager
	def play(self, machine):
		play = Play(machine)
		try:
			yield play
		finally:
			play.kill()

	def told(self, machine):
		"""What a demo says at the end, as JSON."""
		p = machine.popen(people.KITH, "demo", "--json", stdout=subprocess.PIPE)
		out = p.communicate(timeout=30)[0]
		self.assertEqual(p.returncode, 0)
		answer = json.loads(out)
		self.assertEqual([c["state"] for c in answer["contacts"]], ["complete"] * 2)
		self.assertTrue(all(c["delivered"] for c in answer["contacts"]))
		return answer["contacts"]

	def watch(self, machine, how):
		"""A demo from its first packet to the last; its keys are read while it is held up."""
		contacts = self.told(machine)
		capture = self.capture(machine)
		with self.play(machine) as play:
			play.until("runs kith swap")  # the next line waits: both homes are made
			(demo,) = os.listdir(machine.path(FOLDER))
			homes = [machine.path(FOLDER, demo, name) for name in ("Ada", "Grace")]
			envelopes = [envelope(home) for home in homes]
			play.end()
		self.assertLess(play.seconds, 5)
		self.assertEqual(play.text.count(how), 2, play.text)
		self.assertEqual(os.listdir(machine.path(FOLDER)), [], "a folder is left")
		for whole in envelopes:
			self.assertIn(base64.b32encode(keys(whole)[0]).decode().rstrip("="), play.text)
		self.check_wire(capture.read(), secrets(envelopes, contacts))

	def check_wire(self, seen, known):
		"""mDNS and CURVE it was, on the loopback interface, and no byte of a card."""
		self.assertEqual({p.interface for p in seen}, {"lo"})
		self.check_records([r for r in packets.records(seen) if r.ttl])
		said = packets.greetings(seen)
		self.assertGreaterEqual(len(said), 2)
		# the two go on to recognise each other, and may be cut off before a line has said what it is
		self.assertEqual(set(said) - {""}, {"CURVE"})
		lines = packets.streams(seen).values()
		self.assertGreater(sum(map(len, lines)), 1500, "two cards have passed")
		for secret, what in known.items():
			for line in lines:
				self.assertNotIn(secret, line, f"{what} on a connection")
			for p in seen:
				if what != "name":  # that is what others see
					self.assertNotIn(secret, p.raw, f"{what} in a packet")

	def check_records(self, found):
		ours = {r.value for r in found if r.kind == "PTR" and r.owner == "_kith._tcp.local"}
		self.assertEqual(len(ours), 2, "two people, two instances")
		self.assertTrue(all(re.fullmatch("k-[a-z2-7]{16}._kith._tcp.local", i) for i in ours))
		for kind in ("SRV", "TXT"):
			owners = {r.owner for r in found if r.kind == kind}
			self.assertEqual({owner for owner in owners if "_kith" in owner}, ours)
		txt = [r.value for r in found if r.kind == "TXT" and r.owner in ours]
		self.assertEqual({len(t["k"]) for t in txt}, {43})
		self.assertEqual({t["n"] for t in txt}, {b"Ada Lovelace", b"Grace Hopper"})

	def test_alone(self):
		"""No network but the loopback interface, no Avahi daemon."""
		self.watch(self.machine("lonely"), "by avahi-core")

	def test_beside_a_daemon(self):
		machine = self.machine("busy")
		machine.avahi()
		self.watch(machine, "through the Avahi daemon")

	def test_courier_killed(self):
		"""Whenever a courier is killed, and whosever it is: the two swap in the end."""
		machine = self.machine("unlucky")
		moments = ["is visible", "sees", "picks her", "is asked by", "reads", "both screens"]
		for i, moment in enumerate(moments):
			with self.part(moment=moment), self.play(machine) as play:
				play.until(moment)
				couriers = [p for p, (name, _) in net.processes().items() if name == "kith-courier"]
				os.kill(sorted(couriers)[i % len(couriers)], signal.SIGKILL)
				play.end()
				self.assertIn("Both cards verify.", play.text)


if __name__ == "__main__":
	people.main()
