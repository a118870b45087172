# SPDX-License-Identifier: MIT
"""The network misbehaves: every story ends in a swap or in one clear sentence on either side, with
what that sentence says in both stores; and when the weather is fair again, the two swap."""

import concurrent.futures
import os
import signal
import sys
import time

import net
import packets
import people
import wire
from wire import FAIR, Weather

LONG = os.environ.get("KITH_LAN_LONG") == "1"
HALF_OPEN = 20  # seconds until somebody who is gone without a word is known to be
LIST_BACK = 10  # seconds from the link to the list


class Storm(people.Story):
	"""What the stories below have in common."""

	def wired(self, weather=FAIR, **options):
		"""Two people at two machines, with a cable between them."""
		a, b = self.machine("adas-host"), self.machine("graces-host")
		cable = wire.Wire(a, b, weather, **options)
		self.addCleanup(cable.close)
		return cable, self.ada(a), self.grace(b)

	def at_once(self, *stories):
		"""Stories as (function, argument), each in a world of its own: they wait more than they
		work."""
		with concurrent.futures.ThreadPoolExecutor(len(stories)) as pool:
			told = {pool.submit(*story): story for story in stories}
			for done in concurrent.futures.as_completed(told):
				with self.subTest(story=told[done][0].__name__, case=told[done][1]):
					done.result()

	def both(self, ada, grace):
		"""They take their time."""
		return ada.swap("--timeout", "200"), grace.swap("--timeout", "200")

	def meet(self, a, b, timeout=people.LIMIT):
		"""Both see each other; returns b's handle at a."""
		for talk in (a, b):
			talk.wait("ready")
		b.wait("seen", timeout)
		return a.wait("seen", timeout)["peer"]

	def to(self, stage, a, b, answer="same"):
		"""An encounter that has come as far as that."""
		peer = self.meet(a, b)
		met = people.Encounter(a, b, answer)
		if stage != "seen":
			met.pick(peer).run(until="request" if stage == "request" else "code")
		if stage == "confirmed":
			a.say("same")
		return met

	def go_on(self, met, stage):
		"""The people do what is left to do."""
		a, b = met.sides
		met.start_clock()
		if stage == "seen":
			met.pick(self.row(a, b.person.name))
		if stage == "request":
			b.say("accept", met.said[b][-1]["peer"])
		if stage in ("code", "confirmed"):
			b.say("same")
		if stage == "code":
			a.say("same")
		return met.run()

	def row(self, talk, name, timeout=people.LIMIT):
		"""The handle of the newest row of that name, which may still have to come."""
		until = time.monotonic() + timeout
		while not (rows := [p for p, n in people.listed(talk).items() if n == name]):
			if time.monotonic() > until:
				raise AssertionError(f"nobody is seen\n{talk!r}")
			talk.listen(0.1)
		return rows[-1]

	def at_last(self, ada, grace):
		"""A new swap under a fair sky, and what must hold when all is over."""
		for person in (ada, grace):
			person.hang_up()
		a, b = self.both(ada, grace)
		people.agree(a, b, self.meet(a, b))
		a.quit()
		b.quit()
		for person, other in ((ada, grace), (grace, ada)):
			self.assertEqual([(c["name"], c["id"], c["state"], c["delivered"])
				for c in person.contacts()], [(other.name, other.id(), "complete", True)])
			check = f"sqlite3 {person.home}/kith.db 'pragma integrity_check'"
			self.assertEqual(person.machine.run(check), "ok\n")


class Frames(Storm):
	"""Frames are lost, late, doubled and out of order."""

	def test_weather(self):
		self.at_once(*[(self.one, weather) for weather in (
			Weather(loss=0.01), Weather(loss=0.05), Weather(loss=0.15), Weather(loss=0.3),
			Weather(loss=0.3, delay=0.1, jitter=0.1, double=0.2, overtake=0.3))])

	def one(self, weather):
		cable, ada, grace = self.wired(weather)
		a, b = self.both(ada, grace)
		met = people.Encounter(a, b).pick(self.meet(a, b, 60)).run()
		met.check()
		print(f"{weather}: {[met.end(t)['event'] if met.end(t) else None for t in met.sides]} "
			f"after {max(met.took.values()):.1f} s; {cable.carried} frames, {cable.lost} lost",
			file=sys.stderr)
		cable.turn(FAIR)
		self.at_last(ada, grace)

	def test_nothing_lost(self):
		"""What is only late, doubled or out of order costs nobody a swap."""
		self.at_once(*[(self.sure, weather) for weather in (
			Weather(delay=0.3), Weather(double=0.2), Weather(delay=0.05, overtake=0.3),
			Weather(delay=0.2, jitter=0.2, double=0.2, overtake=0.2))])

	def sure(self, weather):
		_, ada, grace = self.wired(weather)
		a, b = self.both(ada, grace)
		met = people.Encounter(a, b).pick(self.meet(a, b)).run()
		met.check()
		self.assertTrue(met.swapped(), met.said)
		a.quit()
		b.quit()


class Links(Storm):
	"""Links come and go (T29, case 77)."""

	def test_carrier(self):
		"""A cable is pulled out and put back, at every stage."""
		self.at_once(*[(self.pulled, stage) for stage in ("seen", "request", "code", "confirmed")])

	def pulled(self, stage):
		cable, ada, grace = self.wired()
		a, b = self.both(ada, grace)
		met = self.to(stage, a, b)
		old = self.row(b, ada.name)
		cable.carrier(0, False)
		a.wait("gone")
		cable.carrier(0, True)
		began = time.monotonic()
		ada.machine.await_addresses(2)
		# Until a session is over it keeps its key, and the row is the same.
		while len(people.listed(b)) != 1 or not people.listed(a) or (
				stage == "seen" and old in people.listed(b)):
			self.assertLess(time.monotonic() - began, LIST_BACK, f"{a!r}\n{b!r}")
			a.listen(0.05)
			b.listen(0.05)
		self.go_on(met, stage).check()
		self.at_last(ada, grace)

	def test_before_anybody_is_seen(self):
		"""No link at all at first: the list is there once it is."""
		cable, ada, grace = self.wired()
		cable.carrier(0, False)
		a, b = self.both(ada, grace)
		a.wait("ready")
		b.wait("ready")
		began = time.monotonic()
		cable.carrier(0, True)
		peer = self.row(a, grace.name, LIST_BACK)
		self.row(b, ada.name, LIST_BACK - (time.monotonic() - began))
		people.agree(a, b, peer)
		a.quit()
		b.quit()


class Broken(Storm):
	"""The line breaks without a word: both are told within 20 s, and find each other again."""

	SECONDS = 60 if LONG else HALF_OPEN + 1  # that a process stands still

	def test_all_ways(self):
		self.at_once(*[(self.unplugged, stage) for stage in ("request", "code", "confirmed")],
			*[(self.moved, how) for how in ("lease", "card")],
			*[(self.stopped, who) for who in ("kith", "node", "courier", "all")])

	def unplugged(self, stage):
		"""The other machine is gone (case 59)."""
		cable, ada, grace = self.wired()
		a, b = self.both(ada, grace)
		met = self.to(stage, a, b, "different" if stage == "code" else "same")
		cable.turn(Weather(ways=(False, False)))
		met.start_clock().run(HALF_OPEN + 5)
		met.check()
		print(f"unplugged at {stage}: {[round(t, 1) for t in met.took.values()]} s",
			file=sys.stderr)
		self.assertLess(max(met.took.values()), HALF_OPEN + 2)
		self.assertEqual([(met.end(talk)["event"], met.end(talk).get("pending"))
			for talk in met.sides], {"request": [("unreachable", None), ("withdrawn", None)],
			"code": [("failed", False)] * 2, "confirmed": [("failed", True)] * 2}[stage])
		cable.turn(FAIR)
		self.at_last(ada, grace)

	def moved(self, how):
		"""A lease that ends, a card that is pulled out, while a code is shown (T29, case 77)."""
		cable, ada, grace = self.wired(ipv6=False)
		a, b = self.both(ada, grace)
		met = self.to("code", a, b)
		old = self.row(b, ada.name)
		if how == "lease":
			ada.machine.run("ip addr del 10.99.0.1/24 dev eth0")
			a.wait("gone")
			ada.machine.run("ip addr add 10.99.0.77/24 dev eth0")
		else:
			cable.pull_out(0)
			a.wait("gone")
			cable.plug_in(0, ipv6=False, address="10.99.0.77/24")
		ada.machine.await_addresses(1)
		met.start_clock().run(HALF_OPEN + 2)
		met.check()
		for talk in met.sides:
			self.assertEqual(met.end(talk)["reason"], "unreachable")
		began = time.monotonic()
		while list(people.listed(b)) == [old]:
			self.assertLess(time.monotonic() - began, LIST_BACK, repr(b))
			b.listen(0.05)
		people.agree(b, a, self.row(b, ada.name))
		self.at_last(ada, grace)

	def stopped(self, who):
		"""A process, or all of them, stands still while a code is shown (case 78)."""
		_, ada, grace = self.wired()
		a, b = self.both(ada, grace)
		met = self.to("code", a, b)
		line = [a.process.pid]  # each is the child of the one before
		while below := [p for p, (_, parent) in net.processes().items() if parent == line[-1]]:
			line += below
		self.assertEqual(len(line), 3)
		pids = dict(zip(("kith", "node", "courier"), ([p] for p in line)), all=line)[who]
		for pid in pids:
			os.kill(pid, signal.SIGSTOP)
		met.start_clock()
		b.listen(self.SECONDS)
		for pid in reversed(pids):
			os.kill(pid, signal.SIGCONT)
		broke = any(e["text"].startswith(met.BROKE) for e in b.told("notice"))
		self.assertEqual(broke, who not in ("kith", "node"), repr(b))
		self.go_on(met, "code").check()
		if who in ("kith", "node"):
			self.assertTrue(met.swapped(), met.said)
		self.at_last(ada, grace)


class Interfaces(Storm):
	def test_access_point_isolates(self):
		"""Multicast passes, unicast does not (case 76): seen, and told that nobody is reached."""
		cable, ada, grace = self.wired(Weather(unicast=False))
		a, b = self.both(ada, grace)
		met = people.Encounter(a, b).pick(self.meet(a, b)).run(20)
		met.check()
		self.assertEqual(met.end(a)["event"], "unreachable")
		self.assertIsNone(met.end(b))
		self.assertEqual(people.listed(a), {self.row(a, grace.name): grace.name})
		cable.turn(FAIR)
		self.at_last(ada, grace)

	def test_bridges_of_virtual_machines(self):
		"""Both machines have a docker0 with the same address (case 76): nobody hears of it on the
		cable, and nobody calls it."""
		ada, grace = self.pair()
		capture = self.capture(grace.machine)
		for person in (ada, grace):
			person.machine.run("ip link add docker0 type bridge; ip link set docker0 up;"
				" ip link add v0 type veth peer name v1; ip link set v0 master docker0 up;"
				" ip link set v1 up; ip addr add 172.17.0.1/16 dev docker0")
			person.machine.await_addresses(2, "docker0")
		a, b = self.both(ada, grace)
		people.agree(a, b, people.meet(a, b)[0])
		a.quit()
		b.quit()
		seen = [p for p in capture.read() if p.interface == "eth0"]
		self.assertEqual({r.value for r in packets.records(seen) if r.kind == "A"},
			{"10.99.0.1", "10.99.0.2"})
		self.assertEqual({end for line in packets.streams(seen) for end in line[0:3:2]
			if "." in end} - {"10.99.0.1", "10.99.0.2"}, set())

	def test_no_address(self):
		"""No network at all (case 76): nobody comes; with the first address the list is there."""
		ada = self.ada(self.machine("adas-host"))
		talk = ada.swap("--timeout", "1")
		talk.wait("ready")
		talk.end(5)
		grace = self.grace(self.machine("graces-host"))
		a, b = self.both(ada, grace)
		a.wait("ready")
		b.wait("ready")
		cable = wire.Wire(ada.machine, grace.machine)
		self.addCleanup(cable.close)
		peer = self.row(a, grace.name, LIST_BACK)
		self.row(b, ada.name, LIST_BACK)
		people.agree(a, b, peer)
		a.quit()
		b.quit()


if __name__ == "__main__":
	people.main()
