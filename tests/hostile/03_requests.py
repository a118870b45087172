# SPDX-License-Identifier: MIT
"""Who asks and asks, or holds a place and says nothing."""

import room


class Requests(room.Room):
	def decline_all(self):
		"""The person says no to whatever is shown, until nothing is: how many that were."""
		n = 0
		while True:
			self.v.listen(0.5 if n == 0 else 0.2)
			shown = self.shown()
			if not shown:
				return n
			for peer in shown:
				n += 1
				self.decline({"peer": peer})

	def test_flood(self):
		"""T5: 500 REQUESTs from 50 keys and 50 addresses: one prompt, at most 16 behind it, and
		the one who is picked swaps within 5 s."""
		self.assemble()
		running = self.attack("requests", "--count", 500, "--keys", 50, "--rate", 250, "--for", 6,
			"--from", self.more_addresses(100, 149))
		self.v.wait("request")
		self.during()
		running.line(60)  # everybody has tried
		behind = self.decline_all()
		said = running.end()
		self.afterwards()
		self.tell("T5", "1 prompt, 16 behind it, picked < 5 s", declined=behind,
			attacker=room.brief(said))
		self.assertLessEqual(behind, room.limit("PROMPTS_MAX") + 1)
		self.assertGreater(said[0]["asked"], 0)

	def test_cancelled(self):
		"""REQUESTs that are withdrawn at once, 100 a second."""
		seconds = 60 if room.LONG else 5
		self.siege("T5 cancel", "picked < 5 s", "requests", "--how", "cancel", "--count",
			100 * seconds, "--keys", 50, "--rate", 100, "--from", self.more_addresses(100, 149))

	def test_silent(self):
		"""Handshakes in full and not a word: 64 from one address, and 64 from 64."""
		for how, first in (("one address", None), ("64 addresses", 100)):
			with self.part(how=how):
				self.assemble()
				where = ["--from", self.more_addresses(first, 163)] if first else []
				running = self.attack("silent", "--count", 64, "--for", 4, "--rate", 45, *where)
				self.await_attack(running)
				self.v.listen(1.5)
				self.during()
				said = running.end()
				self.afterwards()
				self.tell(f"silent, {how}", "picked < 5 s", attacker=room.brief(said))
				if not first:
					self.assertLessEqual(said[0]["held"], room.limit("CONNECTIONS_ADDRESS_MAX"))
				self.forget()

	def test_half(self):
		"""T8: half handshakes, 100 a second, each held for two."""
		seconds = 60 if room.LONG else 5
		self.siege("T8 half", "picked < 5 s", "half", "--count", 100 * seconds, "--rate", 100,
			"--for", 2, "--from", self.more_addresses(100, 199), slow=True)

	def test_joins(self):
		"""T8: whole handshakes, 100 a second."""
		seconds = 60 if room.LONG else 5
		self.siege("T8 joins", "picked < 5 s", "joins", "--count", 100 * seconds, "--rate", 100,
			"--from", self.more_addresses(100, 199), slow=True)


if __name__ == "__main__":
	room.main()
