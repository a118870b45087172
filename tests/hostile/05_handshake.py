# SPDX-License-Identifier: MIT
"""Every message of the handshake wrong in every field, by a real connection, in both roles: each
mistake ends the session, none makes the victim's card leave too early, and the victim is well."""

import json
import os
import select
import time

import room
from room import people

REFUSED = {"aborted", "closed"}
PATIENCE = 3  # seconds that a bent session waits for an answer
BEFORE_CARD = ("hello_i", "hello_r", "request", "accept", "reveal", "auth", "confirm")
FAILURES = room.limit("FAILURES_MAX")


class Bends(room.Room):
	def names(self, role):
		out = self.mallory.run(f"{room.HOSTILE} bends --how {role}")
		return out.split()

	def judge(self, said, declined=False):
		"""What the attacker saw of one bend."""
		name, fate = said["bend"], said["fate"]
		message = name.split(".")[0]
		self.seen[message] = self.seen.get(message, 0) + 1
		harmless = name == "honest" or name.endswith("later-key")
		with self.subTest(bend=name):
			if harmless:
				self.assertEqual(fate, "declined" if declined else "done", said)
			elif name == "request.repeat":  # the person may be quicker than the second one
				self.assertIn(fate, REFUSED | {"declined"}, said)
			elif message == "receipt" or name == "card.repeat":
				self.assertIn(fate, REFUSED | {"done"}, said)
			else:
				self.assertIn(fate, REFUSED, said)
			if message in BEFORE_CARD and not harmless and not name.endswith("repeat"):
				self.assertEqual(said["cards"], 0, "a card left too early")

	def decide(self):
		"""The victim's person answers whatever has been shown since she last looked."""
		while self.at < len(self.v.seen):
			event = self.v.seen[self.at]
			self.at += 1
			if event["event"] == "request" and self.accepts:
				self.v.say("accept", event["peer"])
			elif event["event"] == "request":
				self.decline(event)
			elif event["event"] == "code":
				self.v.say("same")

	def answer(self, running, count):
		"""She does so until the attacker has told of that many bends, which are returned."""
		told, out = [], running.process.stdout
		until = time.monotonic() + 5 + count * PATIENCE
		while len(told) < count:
			if time.monotonic() > until:
				raise AssertionError(f"{len(told)} of {count} bends, then nothing\n{self.v!r}")
			ready = select.select([out, self.v.process.stdout], [], [], 1)[0]
			if self.v.process.stdout in ready and not self.v.take():
				raise AssertionError(f"the victim ended\n{self.v!r}")
			if out in ready:
				line = out.readline()
				if not line:
					raise AssertionError(f"the attacker ended after {len(told)}: "
						f"{running.process.stderr.read()}")
				told.append(json.loads(line))
			self.decide()
		return told

	def rest(self):
		"""Nothing is on her screen any more."""
		self.v.listen(0.1)
		while self.at < len(self.v.seen):
			self.decide()
			self.v.listen(0.1)

	def finish(self, case):
		"""Afterwards Ada is picked, and nothing but her and Mallorys the person accepted is held."""
		self.rest()
		self.during()
		self.returned = self.gauge.back(room.BACK_S + 1, self.spare)
		self.later = None
		self.gauge.end()
		self.log = os.fstat(self.v.notes).st_size
		self.bounds()
		self.v.quit()
		self.assertLessEqual(set(self.victim.known()), {"Ada Lovelace", "Mallory"})
		self.assertEqual(self.integrity(), [("ok",)])
		self.assertEqual(self.gauge.deaths, 0)
		self.tell(case, "each refused, no card too early",
			bends=" ".join(f"{m}:{n}" for m, n in self.seen.items()))

	def setUp(self):
		super().setUp()
		self.seen, self.at, self.accepts = {}, 0, True
		self.from_many = self.more_addresses(100, 249)

	def test_before_accept(self):
		"""HELLO_I and REQUEST: all of their bends; the person declines what reaches her."""
		names = [n for n in self.names("I") if n.split(".")[0] in ("hello_i", "request")]
		self.assemble(grace=False)
		self.accepts = False
		running = self.attack("bend", "--from", self.from_many, "--for", PATIENCE, *names)
		for said in self.answer(running, len(names)):
			self.judge(said, declined=True)
		running.end()
		self.finish("bends I before ACCEPT")

	def test_after_accept(self):
		"""REVEAL to RECEIPT as the dialler.  Five that fail make strangers wait, so every four
		there is another victim; the short form takes some of them."""
		names = [n for n in self.names("I") if n.split(".")[0] not in ("hello_i", "request")]
		step = FAILURES - 1
		names = names if room.LONG else names[::7]
		for i in range(0, len(names), step):
			some = names[i:i + step]
			self.assemble(grace=False)
			running = self.attack("bend", "--from", f"10.99.0.{100 + i % 100}-240", "--for",
				PATIENCE, "honest", *some)
			for said in self.answer(running, 1 + len(some)):
				self.judge(said)
			running.end()
			self.rest()
			if i + step < len(names):
				self.gauge.end()
				self.v.listen(0.05)
				for person in self.people:
					person.hang_up()
				self.victim = self.person(self.victim.machine, f"Victoria{i} Victim")
				self.at = 0
		self.finish("bends I after ACCEPT")

	def test_as_listener(self):
		"""HELLO_R to RECEIPT: the person has picked him, again and again."""
		self.notices_max = 1000  # she goes on with him, and is warned every time
		names = self.names("R")
		names = names if room.LONG else names[::3]
		self.victim.recognises_nobody()  # else her node calls too, and takes a bend for itself
		self.assemble(grace=False)
		running = room.Attack(self.mallory, "serve", "--for", 20, "honest", *names)
		self.attacks.append(running)
		here = running.line()
		announcer = room.Attack(self.mallory, "announce", "--from", "10.99.0.4", "--name",
			"Mallory", "--other", here["key"], "--count", here["port"], "--for", 120)
		self.attacks.append(announcer)
		peer = self.handle(self.v, "Mallory")
		for name in ["honest", *names]:
			self.asked = len(self.v.seen)
			self.v.say("swap", peer)
			said, = self.answer(running, 1)
			self.judge(said)
			self.outcome(name, self.await_end(peer))
		running.end()
		announcer.close()
		self.finish("bends R")

	def await_end(self, peer):
		"""The session is over at the victim's, too."""
		over = ("failed", "swapped", "unreachable")
		def ends():
			return [e for e in self.v.seen[self.asked:] if e["event"] in over and
				e["peer"] == peer]
		while not ends():
			if not self.v._more(time.monotonic() + people.LIMIT):
				raise AssertionError(f"it does not end\n{self.v!r}")
			self.decide()
		return ends()[0]

	def outcome(self, name, event):
		"""What the victim was told of it."""
		message, _, bend = name.partition(".")
		with self.subTest(told=name):
			if message == "honest" or bend.endswith("later-key"):
				self.assertTrue(event.get("delivered"), event)
			elif message == "receipt" and bend != "repeat":
				self.assertEqual(event.get("delivered"), False, event)
			elif bend != "repeat":
				self.assertNotEqual(event["event"], "swapped", event)


if __name__ == "__main__":
	room.main()
