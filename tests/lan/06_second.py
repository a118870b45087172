# SPDX-License-Identifier: MIT
"""The second implementation (tests/python) on the other machine: as it should be, and with every
fault it can play.  What kith says of it and what it keeps is what proto/session.md demands."""

import importlib.util
import json
import os
import subprocess
import sys

import net
import packets
import people

PEER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "python", "peer.py")
NOTHING, PENDING = None, ("pending", False)  # what is held, and whether mine was delivered
OWING, COMPLETE = ("complete", False), ("complete", True)

# fault: by role, what kith tells last (an event, or why it failed) and holds then
BEFORE_CODE = {
	"reveal-bytes": ("I", "protocol"),
	"second-accept": ("R", "protocol"),
	"small-order": ("IR", "protocol"),
	"bad-auth": ("IR", "protocol"),
	"reflect-auth": ("IR", "protocol"),
	"confirm-before-auth": ("IR", "protocol"),
	"repeat=reveal": ("I", "protocol"),
	"repeat=hello": ("R", "protocol"),
	"repeat=accept": ("R", "protocol"),
	"garbage-after=hello": ("R", "protocol"),
	"garbage-after=accept": ("R", "protocol"),
	"garbage-after=reveal": ("I", "protocol"),
	"cut-after=hello": ("R", "unreachable"),
	"cut-after=accept": ("R", "unreachable"),
	"cut-after=reveal": ("I", "unreachable"),
}
AT_REQUEST = {
	"cut-after=request": ("I", "withdrawn"),
	"garbage-after=request": ("I", "withdrawn"),
	"repeat=request": ("I", "withdrawn"),
}
AT_CODE = {  # while the person compares, and has said nothing yet
	"card-before-confirm": ("IR", "protocol"),
	"repeat=auth": ("IR", "protocol"),
	"repeat=confirm": ("IR", "protocol"),
	"garbage-after=auth": ("IR", "protocol"),
	"garbage-after=confirm": ("IR", "protocol"),
}
CONFIRMED = {  # the person has said "same"
	"cut-after=auth": ("IR", "unreachable", PENDING),
	"cut-after=confirm": ("IR", "unreachable", PENDING),
	"wrong-subject": ("IR", "protocol", PENDING),
	"pocket": ("IR", "protocol", PENDING),
	"broken-card": ("IR", "protocol", PENDING),
	"no-card": ("IR", "protocol", PENDING),
	"bad-receipt": ("IR", "swapped", OWING),
	"cut-after=card": ("IR", "swapped", OWING),
	"garbage-after=card": ("IR", "swapped", OWING),
	"repeat=card": ("IR", "swapped", OWING),
	"cut-after=receipt": ("IR", "swapped", COMPLETE),
	"garbage-after=receipt": ("IR", "swapped", COMPLETE),
	"repeat=receipt": ("IR", "swapped", COMPLETE),
}
GREETERS = ("cut-after=hello", "garbage-after=hello", "repeat=hello")  # as I: nobody is told
EXITS = {"protocol": 8, "unreachable": 5, "withdrawn": 5, "swapped": 0}


class Peer:
	"""The second implementation at a machine, for one session."""

	def __init__(self, machine, *args):
		self.process = machine.popen(sys.executable, "-B", PEER, *args, text=True,
			stdout=subprocess.PIPE, stderr=subprocess.PIPE)
		line = self.process.stdout.readline()
		if not line:
			raise AssertionError(self.process.communicate()[1])
		self.id = json.loads(line)["id"]

	def end(self):
		"""Its exit status, and what it said."""
		out, err = self.process.communicate(timeout=30)
		if err:
			raise AssertionError(err)
		return self.process.returncode, {e["event"]: e for e in map(json.loads, out.splitlines())}


class Second(people.Story):
	def setUp(self):
		super().setUp()
		self.home, self.grace = self.machine("peers-host"), self.machine("graces-host")
		net.cable(self.home, self.grace, ipv6=False)
		self.grace = self.person(self.grace, "Grace Hopper", "email=grace@example.org")
		self.grace.recognises_nobody()

	def meet(self, role, *options):
		"""kith and the peer on their way to a session: (kith, its handle of the peer, the peer)."""
		capture = self.capture(self.home)
		kith = self.grace.swap()
		kith.wait("ready")
		if role == "R":
			peer = Peer(self.home, "R", "--announce", "10.99.0.1", *options)
			kith.say("swap", kith.wait("seen")["peer"])
			return kith, peer
		port, key = self.find(capture)
		where = ["--endpoint", f"10.99.0.2:{port}", "--key=" + key]
		return kith, Peer(self.home, "I", *where, *options)

	def find(self, capture):
		"""Port and key of kith as it announces them."""
		capture.until(lambda p: {"SRV", "TXT"} <= {r.kind for r in packets.records([p]) if r.ttl})
		found = {r.kind: r.value for r in packets.records(capture.packets)}
		return found["SRV"][0], found["TXT"]["k"].decode()

	def held(self, peer):
		"""What the store says about the peer."""
		found = [(c["state"], c["delivered"]) for c in self.grace.contacts() if c["id"] == peer.id]
		return found[0] if found else NOTHING

	def play(self, role, fault, *options, accepts=True, confirms=True):
		"""One session with that fault, in which the person says yes or nothing: (what kith told
		last, what it holds, whether the code was shown)."""
		kith, peer = self.meet(role, *(["--fault", fault] if fault else []), *options)
		while True:
			event = kith.next()
			if event["event"] == "request" and accepts:
				kith.say("accept", event["peer"])
			elif event["event"] == "code" and confirms:
				kith.say("same")
			elif event["event"] in ("swapped", "withdrawn", "unreachable"):
				told = event["event"]
				break
			elif event["event"] == "failed":
				told = event["reason"]
				self.pending = event["pending"]
				break
		peer.end()
		kith.quit(EXITS[told])
		return told, self.held(peer), bool(kith.told("code"))

	def test_in_order(self):
		"""Without a fault, in both roles: card and receipt are verified on both sides."""
		for role in "IR":
			with self.part(role=role):
				kith, peer = self.meet(role, "--name", "Second", "--how", "compared")
				if role == "I":
					kith.say("accept", kith.wait("request")["peer"])
				code = kith.wait("code")["code"]
				kith.say("same")
				contact = kith.wait("swapped", delivered=True)["contact"]
				self.assertEqual((contact["name"], contact["id"]), ("Second", peer.id))
				self.assertEqual(contact["met"][0]["how"], "compared")
				kith.quit()
				status, said = peer.end()
				self.assertEqual(status, 0, said)
				self.assertEqual(said["code"]["code"], code)
				self.assertEqual(said["card"]["id"], self.grace.id())
				self.assertEqual(self.held(peer), COMPLETE)

	def check(self, table, **person):
		for fault, (roles, told, *holds) in table.items():
			for role in roles:
				with self.part(fault=fault, role=role):
					self.grace.forgets_failures()
					self.pending = False
					outcome = self.play(role, fault, **person)
					self.assertEqual(self.pending, outcome[1] == PENDING)
					self.assertEqual(outcome[:2], (told, holds[0] if holds else NOTHING))
					self.assertEqual(outcome[2], table in (AT_CODE, CONFIRMED))

	def test_before_the_code(self):
		"""No code is shown, nothing is kept."""
		self.check(BEFORE_CODE)

	def test_at_the_request(self):
		self.check(AT_REQUEST, accepts=False)

	def test_at_the_code(self):
		self.check(AT_CODE, confirms=False)

	def test_confirmed(self):
		"""Whoever said yes holds at least a pending row, and a card that came whole is kept."""
		self.check(CONFIRMED)

	def test_unsealed_mismatch(self):
		"""An ABORT that anybody could have sent is a broken line, not a warning."""
		for role in "IR":
			with self.part(role=role):
				self.assertEqual(self.play(role, "plain-mismatch")[0], "unreachable")

	def test_greeters(self):
		"""Who fails before asking for anything does not disturb: not a word, and the next is
		served."""
		for fault in GREETERS:
			with self.part(fault=fault):
				kith, peer = self.meet("I", "--fault", fault)
				self.assertIn(peer.end()[0], (3, 5))
				follower = Peer(self.home, "R", "--announce", "10.99.0.1")
				kith.say("swap", kith.wait("seen")["peer"])
				kith.wait("code")
				kith.say("same")
				kith.wait("swapped")
				kith.quit()
				self.assertEqual(follower.end()[0], 0)
				self.assertEqual(kith.kinds(), ["ready", "seen", "asking", "code", "swapped"])
				self.assertEqual(self.held(peer), NOTHING)

	def test_mismatch(self):
		"""The peer's person says that the codes differ: kith keeps nothing."""
		for role in "IR":
			with self.part(role=role):
				kith, peer = self.meet(role, "--answer", "different")
				if role == "I":
					kith.say("accept", kith.wait("request")["peer"])
				self.assertEqual(kith.wait("failed")["reason"], "mismatch")
				self.assertEqual(peer.end()[0], 4)
				kith.quit(4)
				self.assertEqual(self.held(peer), NOTHING)

	def test_second_meeting(self):
		"""An older card, and other bytes under the same revision, do not replace what is held."""
		seed = os.urandom(32).hex()
		for fault, told in ((None, "swapped"), ("rollback", "swapped"), ("conflict", "protocol")):
			with self.part(fault=fault):
				outcome = self.play("R", fault, "--seed", seed, "--rev", "5")
				self.assertEqual(outcome[0], told)
				(contact,) = self.grace.contacts()
				contact = self.grace.show(contact["id"])
				self.assertEqual((contact["revision"], contact["state"]), (5, "complete"))
				self.assertEqual(contact.get("conflict", False), fault == "conflict")

	def test_silence(self):
		"""A machine that says nothing more has ten seconds."""
		kith, peer = self.meet("R", "--fault", "silent-after=accept")
		self.assertEqual(kith.wait("failed")["reason"], "timeout")
		kith.quit(5)
		peer.process.kill()
		peer.process.communicate()
		self.assertEqual(self.held(peer), NOTHING)


def needs():
	"""The modules of the second implementation."""
	for name in ("msgpack", "nacl", "zmq"):
		if not importlib.util.find_spec(name):
			net.skip(f"there is no Python module {name}")


if __name__ == "__main__":
	needs()
	people.main()
