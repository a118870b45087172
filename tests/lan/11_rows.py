# SPDX-License-Identifier: MIT
"""A list that tells the truth: who is there stays, who has left without a word goes."""

import os
import signal
import time

import net
import people

NO_BROWSING = ["in ip daddr 224.0.0.251 udp sport 5353 drop",
	"in ip6 daddr ff02::fb udp sport 5353 drop"]
SERIES = 4  # seconds after which who did not answer the first queries is gone
ANSWER = 31  # seconds that an answer to a one-shot query stands
SOON = 10  # seconds in which somebody who is back is listed once


class Answers(people.Story):
	def test_answers_alone(self):
		"""Where only answers to one-shot queries get in, who answers stays as long as one looks,
		and who no longer does is gone soon."""
		names = ("adas-host", "graces-host", "marys-host", "ediths-host")
		machines, switch = [self.machine(name) for name in names], self.machine("switch")
		net.bridge(switch, machines)
		machines[0].filter(*NO_BROWSING)
		ada, grace = self.ada(machines[0]), self.grace(machines[1])
		mary = self.person(machines[2], "Mary Somerville")
		edith = self.person(machines[3], "Edith Clarke")
		g, *others = [p.swap("--timeout", "100") for p in (grace, mary, edith)]
		for talk in (g, *others):
			talk.wait("ready")
		a = ada.swap("--timeout", "100")
		a.wait("ready")
		rows = {e["name"]: e["peer"] for e in (a.wait("seen"), a.wait("seen"), a.wait("seen"))}
		switch.run("ip link set port3 down")
		a.wait("gone", SERIES + 2, peer=rows[mary.name])
		a.listen(2)
		switch.run("ip link set port4 down")
		began = time.monotonic()
		a.wait("gone", ANSWER + 2, peer=rows[edith.name])
		a.listen(max(0, ANSWER + 2 - (time.monotonic() - began)))
		self.assertEqual(people.listed(a), {rows[grace.name]: grace.name})
		self.assertEqual(len(a.told("seen")), 3)
		people.agree(a, g, rows[grace.name])
		a.quit()
		g.quit()


class Once(people.Story):
	def test_courier_dies(self):
		"""Grace's courier dies without a goodbye and another takes its place: listed once."""
		ada, grace = self.pair()
		a, b = ada.swap(), grace.swap()
		old, _ = people.meet(a, b)
		a.listen(3)  # until Grace has answered a query
		courier = [pid for pid in net.below(b.process.pid)
			if not any(parent == pid for _, parent in net.processes().values())]
		self.assertEqual(len(courier), 1)
		os.kill(courier[0], signal.SIGKILL)
		began = time.monotonic()
		new = a.wait("seen", SOON, name=grace.name)["peer"]
		a.wait("gone", SOON - (time.monotonic() - began), peer=old)
		self.assertEqual(people.listed(a), {new: grace.name})
		people.agree(a, b, new)
		a.quit()
		b.quit()

	def test_two_at_one_machine(self):
		"""Who shares an address with somebody new is under suspicion, answers, and stays."""
		ada, grace = self.pair()
		mary = self.person(grace.machine, "Mary Somerville")
		a, g = ada.swap(), grace.swap()
		people.meet(a, g)
		a.listen(3)  # until Grace has answered a query
		m = mary.swap()
		a.wait("seen", name=mary.name)
		a.listen(SOON)
		self.assertEqual(sorted(people.listed(a).values()), [grace.name, mary.name])
		self.assertEqual(a.told("gone"), [])
		for talk in (a, g, m):
			talk.process.send_signal(signal.SIGTERM)
			talk.end(5)


if __name__ == "__main__":
	people.main()
