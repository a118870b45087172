# SPDX-License-Identifier: MIT
"""The two ways of finding people, one blocked at a time: either is enough."""

import re

import people

# Answers to the port that a one-shot query came from, and what goes to everybody.
NO_ANSWERS = "in udp sport 5353 udp dport != 5353 counter drop"
NO_BROWSING = ["in ip daddr 224.0.0.251 udp sport 5353 counter drop",
	"in ip6 daddr ff02::fb udp sport 5353 counter drop"]


class OneShot(people.Story):
	def swap(self, status, *rules):
		"""Both take whom they find behind those rules; returns how many packets each rule dropped
		at Ada's."""
		ada, grace = self.pair()
		for person in (ada, grace):
			person.machine.filter(*rules)
		both = [p.swap("--unattended", "--timeout", "4") for p in (ada, grace)]
		for talk in both:
			talk.end(status)
		counts = re.findall(r"counter packets (\d+)", ada.machine.run("nft list ruleset"))
		return [int(n) for n in counts]

	def test_answers_blocked(self):
		"""A firewall drops the answers to one-shot queries: the browse finds everybody."""
		self.assertTrue(all(self.swap(0, NO_ANSWERS)))

	def test_announcements_blocked(self):
		"""It drops what goes to everybody instead: the answers are enough."""
		self.swap(0, *NO_BROWSING)

	def test_both_blocked(self):
		"""With neither nobody is found: so the rules above do block."""
		self.assertTrue(all(self.swap(5, NO_ANSWERS, *NO_BROWSING)))


if __name__ == "__main__":
	people.main()
