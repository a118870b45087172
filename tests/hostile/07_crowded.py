# SPDX-License-Identifier: MIT
"""A list full of nobody: bogus instances by the thousand (case 41)."""

import time

import room

SETTLES_S = 40  # until node and courier are at rest again
REST = 0.1  # of a processor


class Crowded(room.Room):
	spare = room.DIALLING

	def test_many_addresses(self):
		"""case 41: 10,000 bogus instances in 5 s at 250 addresses: 256 rows, those who are here
		stay, the picked one swaps, and the processor has peace again."""
		self.flooded("41", "")

	def test_one_address(self):
		"""case 41: the same at one address, of which eight rows are taken."""
		self.flooded("41 one address", "one")
		self.assertLessEqual(self.rows(), 3 + room.limit("ROWS_PER_ADDRESS_MAX"))

	def flooded(self, case, how):
		seconds = 60 if room.LONG else 5
		self.assemble()
		running = room.Attack(self.mallory, "flood", "--from", "10.99.0.4", "--count",
			2000 * seconds, "--rate", 2000, "--how", how, "--name", "nobody")
		self.attacks.append(running)
		self.await_attack(running)
		self.v.listen(2)
		self.during()
		said = running.end(seconds + 30)
		newcomer = self.newcomer()
		settled = self.settles()
		self.afterwards()
		self.tell(case, "256 rows, all others stay", settled=settled, newcomer=newcomer,
			attacker=room.brief(said))
		self.assertLessEqual(self.gauge.rss["courier"], 64 * room.MIB)
		self.assertNotIn(self.ada_at_v, [e["peer"] for e in self.v.told("gone")])

	def settles(self):
		"""Seconds until node and courier use less than REST in a second."""
		begun, used = time.monotonic(), self.gauge.cpu()
		while time.monotonic() - begun < SETTLES_S:
			self.v.listen(1)
			used, before = self.gauge.cpu(), used
			if used - before < REST:
				return f"{time.monotonic() - begun:.0f} s"
		raise AssertionError(f"no peace: {used - before:.2f} s of the last second")

	def newcomer(self, timeout=10):
		"""Grace goes and comes again under another key: when is she in the victim's list?"""
		self.g.quit(5)
		begun, seen = time.monotonic(), len(self.v.seen)
		self.g = self.grace.swap(*room.STAYS)
		self.g.wait("ready")
		while time.monotonic() - begun < timeout:
			self.v.listen(0.05)
			if any(e["event"] == "seen" and e["name"] == "Grace Hopper" for e in self.v.seen[seen:]):
				return f"{time.monotonic() - begun:.2f} s"
		return "never"


if __name__ == "__main__":
	room.main()
