# SPDX-License-Identifier: MIT
"""Who is accepted, or would like to be taken for another; and the courier's death."""

import os
import signal
import time

import room


class Partners(room.Room):
	def test_cut(self):
		"""case 67: the person accepts five times, and five times the line is cut: she is told, and
		strangers wait; whom she picks is still served."""
		self.assemble()
		running = self.attack("cut", "--count", 5, "--for", 10, "--rate", 2, "--from",
			self.more_addresses(100, 109))
		for _ in range(5):
			self.v.say("accept", self.v.wait("request", name="Mallory")["peer"])
			self.v.wait("failed")
		told = self.v.next()
		said = running.end()
		self.swift = self.pick(self.v, self.a, self.victim.name, self.ada_at_v)
		self.afterwards(grace=False)
		self.tell("67", "told of a middle, picked < 5 s", told=told["event"],
			attacker=room.brief(said))
		self.assertEqual([line["fate"] for line in said], ["stopped"] * 5)
		self.assertIn("in the middle", told.get("text", ""), told)

	def test_metadata(self):
		"""case 55: ZMTP metadata that claims Ada's key: the row that asks is not Ada's."""
		self.assemble()
		running = self.attack("metadata", "--other", self.adas_place["key"], "--for", 2)
		shown = self.v.wait("request")
		self.during()
		said = running.end()
		self.afterwards()
		self.tell("55", "ignored", attacker=room.brief(said))
		self.assertEqual(shown["name"], "Mallory")
		self.assertNotEqual(shown["peer"], self.ada_at_v)

	def test_deaf(self):
		"""case 58: a partner who never reads: the session ends at its step, and meanwhile the
		loop goes on."""
		self.assemble()
		running = self.attack("deaf", "--for", 12)
		asker = self.v.wait("request")["peer"]
		self.v.say("accept", asker)
		begun = time.monotonic()
		self.v.wait("failed", peer=asker)
		took = time.monotonic() - begun
		self.during()
		said = running.end()
		self.afterwards()
		self.tell("58", "ends at STEP_MS", ended=f"{took:.1f} s", attacker=room.brief(said))
		self.assertLess(took, room.limit("STEP_MS") / 1000 + 1)

	def test_takeover(self):
		"""case 54, T12: between CONFIRM and CARD somebody else comes under the routing id."""
		self.assemble()
		running = self.attack("takeover", "--count", 4, "--for", 5, "--from",
			self.more_addresses(100, 109))
		asker = self.v.wait("request")["peer"]
		self.v.say("accept", asker)
		self.v.wait("code", peer=asker)
		self.v.say("same")
		ended = self.v.wait("failed", peer=asker)
		said = running.end()
		self.during()
		self.extra = {"Mallory": "pending"}
		self.afterwards()
		self.tell("54", "nothing legible; owed", pending=ended["pending"],
			attacker=room.brief(said))
		self.assertTrue(ended["pending"])
		self.assertEqual(said[-1]["clear"], 0)
		self.assertGreater(said[-1]["tries"], 10)

	def test_death(self):
		"""T7, case 53: the courier is made to abort: another serves within 2 s."""
		self.assemble()
		begun = time.monotonic()
		known = len(self.g.told("seen"))
		os.kill(self.gauge.courier, signal.SIGABRT)
		at = len(self.v.seen)
		while "Ada Lovelace" not in [e["name"] for e in self.v.seen[at:] if e["event"] == "seen"]:
			self.assertTrue(self.v._more(begun + room.people.LIMIT), self.v)
		took = time.monotonic() - begun
		while len(self.g.told("seen")) == known:  # the victim has another key now
			self.g.wait("seen", name=self.victim.name)
		self.during()
		self.afterwards()
		self.tell("T7", "service again within 2 s", serves=f"{took:.2f} s")
		self.assertEqual(self.gauge.deaths, 1)
		self.assertLess(took, room.DEAD_S)


if __name__ == "__main__":
	room.main()
