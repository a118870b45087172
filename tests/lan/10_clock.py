# SPDX-License-Identifier: MIT
"""A wall clock that is wrong, or steps, changes no decision (T28, case 75)."""

import os
import struct
import sys
import time

import people

DECADE = 10 * 365 * 86400
LIST_BACK = 10  # seconds
LIBRARY = None  # clock.c, built


class Clock(people.Story):
	def pair(self):
		"""Ada's programs take the time from a clock that can be set."""
		a, b = self.machine("adas-host"), self.machine("graces-host")
		self.set(a, 0)
		a.run(f"cp -a /etc /run/etc && echo {LIBRARY} > /run/etc/ld.so.preload && "
			"mount --bind /run/etc /etc")
		people.net.cable(a, b)
		return self.ada(a), self.grace(b)

	def set(self, machine, seconds):
		"""That machine's date is so far from the true one from now on."""
		fd = os.open(machine.path("run/clock"), os.O_WRONLY | os.O_CREAT, 0o644)
		os.pwrite(fd, struct.pack("q", seconds), 0)
		os.close(fd)

	def turn(self, person, seconds):
		"""The date is set while programs run; those that start now see it, too."""
		self.set(person.machine, seconds)
		date = int(person.machine.run("date +%s"))
		self.assertAlmostEqual(date - time.time(), seconds, delta=60)

	def known(self, ada, grace):
		"""A change flows from ten years ago to now, and from ten years ahead."""
		for seconds in (-DECADE, DECADE):
			self.turn(ada, seconds)
			ada.kith("card", "set", f"note=known at {seconds}")
			nodes = people.Node(ada), people.Node(grace)
			try:
				nodes[1].until(lambda state: f"known at {seconds}" in
					grace.kith("show", "Ada").decode())
			finally:
				for node in nodes:
					node.end()

	def test_wrong_from_the_start(self):
		"""Ten years early or late: the same events and the same people, only the dates differ."""
		ada, grace = self.pair()
		told = []
		for seconds in (0, -DECADE, DECADE, -1_700_000_000):
			self.turn(ada, seconds)
			a, b = ada.swap(), grace.swap()
			b_at_a, _ = people.meet(a, b)
			met = people.agree(a, b, b_at_a)
			a.quit()
			b.quit()
			for event in met:
				self.assertTrue(event["delivered"])
				self.assertEqual(event["contact"]["state"], "complete")
			# whom one knows is seen once more, when that is proven
			told.append([[k for k in talk.kinds() if k != "seen"] for talk in (a, b)])
			ada.kith("card", "set", f"note=at {seconds}")  # a card that is newer, whatever its date
		self.assertEqual(told, [told[0]] * len(told))
		a, b = ada.swap(), grace.swap()
		people.agree(a, b, people.meet(a, b)[0])
		a.quit()
		b.quit()
		(at_ada,), (at_grace,) = ada.contacts(), grace.contacts()
		self.assertEqual((at_ada["revision"], at_grace["revision"]), (1, 5))
		notes = [f["value"] for f in grace.show("Ada")["fields"] if f["kind"] == "note"]
		self.assertEqual(notes, ["at -1700000000"])
		self.known(ada, grace)

	def test_steps_in_mid_compare(self):
		ada, grace = self.pair()
		for seconds in (-DECADE, DECADE, 0, 3600, -3600):
			with self.part(seconds=seconds):
				a, b = ada.swap(), grace.swap()
				a.say("swap", people.meet(a, b)[0])
				b.say("accept", b.wait("request")["peer"])
				self.assertEqual(a.wait("code")["code"], b.wait("code")["code"])
				self.turn(ada, seconds)
				a.listen(0.5)
				a.say("same")
				b.say("same")
				self.assertTrue(a.wait("swapped")["delivered"])
				self.assertTrue(b.wait("swapped")["delivered"])
				a.quit()
				b.quit()

	def test_steps_while_waiting(self):
		"""Whoever comes after the step is seen and sees, whoever goes is gone."""
		ada, grace = self.pair()
		a, b = ada.swap(), grace.swap()
		people.meet(a, b)
		a.listen(2)
		for seconds in (-DECADE, 0, DECADE, 0):
			with self.subTest(seconds=seconds):
				here = set(people.listed(a))
				self.turn(ada, seconds)
				a.listen(1)
				self.assertEqual(set(people.listed(a)), here, "nobody has moved")
				began = time.monotonic()
				b.quit(5)
				for peer in here:
					a.wait("gone", LIST_BACK, peer=peer)
				b = grace.swap()
				b.wait("ready")
				b.wait("seen", LIST_BACK)
				a.wait("seen", LIST_BACK)
				self.assertLess(time.monotonic() - began, LIST_BACK)
				a.listen(2)  # until both responders have said everything
		b.quit(5)
		a.quit(5)


if __name__ == "__main__":
	LIBRARY = os.path.abspath(sys.argv[2])
	people.main(2)
