# SPDX-License-Identifier: MIT
"""Networks as they are: one protocol only, several interfaces, closed ports, changing addresses."""

import select
import socket
import struct
import time

import net
import packets
import people

NO_CALLERS = "in tcp flags syn / syn,ack drop"  # a firewall that lets nobody in


class Networks(people.Story):
	def swap(self, ada, grace):
		"""Both run unattended: the shortest proof that two machines reach each other."""
		a, b = ada.swap("--unattended"), grace.swap("--unattended")
		a.end(0)
		b.end(0)
		self.assertEqual(ada.known(), {"Grace Hopper": "complete"})
		self.assertEqual(grace.known(), {"Ada Lovelace": "complete"})

	def test_ipv4(self):
		ada, grace = self.pair(ipv6=False)
		self.assertNotIn("default", ada.machine.run("ip route"))
		capture = self.capture(ada.machine)
		self.swap(ada, grace)
		self.assertEqual({v for v in self.carried(capture.read())}, {"10.99.0.1", "10.99.0.2"})

	def test_ipv6_link_local(self):
		"""A cable and nothing else: addresses that the machines gave themselves."""
		ada, grace = self.pair(ipv4=False, dad=True)
		capture = self.capture(ada.machine)
		self.swap(ada, grace)
		ends = self.carried(capture.read())
		self.assertEqual(len(ends), 2)
		self.assertTrue(all(end.startswith("fe80::") for end in ends), ends)

	def carried(self, seen):
		"""Between which addresses the cards went."""
		return {end for line in packets.streams(seen) for end in (line[0], line[2])}

	def test_two_interfaces(self):
		"""Two cables between the two: one row each, one swap."""
		ada, grace = self.pair()
		net.cable(ada.machine, grace.machine, number=1)
		a, b = ada.swap(), grace.swap()
		b_at_a, _ = people.meet(a, b)
		people.agree(a, b, b_at_a)
		a.quit()
		b.quit()
		for talk in (a, b):
			self.assertEqual(len({e["peer"] for e in talk.told("seen")}), 1)

	def test_closed_port(self):
		"""Nobody gets in at one of the two: with both picking, the open way is found."""
		ada, grace = self.pair(ipv6=False)
		for closed in (ada, grace):
			with self.part(closed=closed.name):
				ada.machine.filter(*[NO_CALLERS] * (closed is ada))
				grace.machine.filter(*[NO_CALLERS] * (closed is grace))
				self.swap(ada, grace)

	def test_closed_port_by_hand(self):
		"""Who cannot get in is told; when the other picks, no second yes is needed."""
		ada, grace = self.pair(ipv6=False)
		grace.machine.filter(NO_CALLERS)
		a, b = ada.swap(), grace.swap()
		b_at_a, a_at_b = people.meet(a, b)
		a.say("swap", b_at_a)
		self.assertEqual(a.wait("unreachable")["peer"], b_at_a)
		b.say("swap", a_at_b)
		self.assertEqual(a.wait("code")["code"], b.wait("code")["code"])
		a.say("same")
		b.say("same")
		a.wait("swapped")
		b.wait("swapped")
		a.quit()
		b.quit()
		self.assertEqual(a.told("request") + b.told("request"), [])

	def test_new_address(self):
		"""An address changes while both wait: within ten seconds they can swap."""
		ada, grace = self.pair(ipv6=False)
		a, b = ada.swap(), grace.swap()
		_, a_at_b = people.meet(a, b)
		begun = time.monotonic()
		ada.machine.run("ip addr add 10.99.0.77/24 dev eth0; ip addr del 10.99.0.1/24 dev eth0; "
			"ip addr replace 10.99.0.77/24 dev eth0")
		new = b.wait("seen")["peer"]
		self.assertNotEqual(new, a_at_b, "a new address, a new key")
		people.agree(b, a, new)
		self.assertLess(time.monotonic() - begun, 10)
		a.quit()
		b.quit()

	def test_router_that_changes_its_mind(self):
		"""Anybody can say to be a router.  The addresses that he gives, and that end a second later,
		are no other network: Grace sees one Ada, and can pick her all the time."""
		ada, grace = self.pair()
		a, b = ada.swap(), grace.swap()
		b_at_a, a_at_b = people.meet(a, b)
		with grace.machine.network():
			router = Router("eth0")
		with router.socket:
			for number in range(1, 4):
				router.advertise(number)
				gives = f"2001:db8:{number}:"
				await_ipv6(ada.machine, lambda all_, gives=gives: gives in all_)
				await_ipv6(ada.machine, lambda all_, gives=gives: gives not in all_)
		for talk in (a, b):
			talk.listen(0.5)
			self.assertEqual(talk.told("gone"), [])
			self.assertEqual(len(talk.told("seen")), 1)
		people.agree(a, b, b_at_a)
		a.quit()
		b.quit()

	def test_no_cable(self):
		"""Case 76: the loopback is no network, and says so, to who comes later as well."""
		ada = self.ada(self.machine("adas-host"))
		for _ in range(2):
			talk = ada.swap()
			self.assertIn("There is no network", talk.wait("notice")["text"])
			talk.wait("ready")
			talk.quit(5)

	def test_cable_pulled(self):
		"""The network is gone for three seconds, and comes back."""
		ada, grace = self.pair(dad=True)
		a, b = ada.swap(), grace.swap()
		_, a_at_b = people.meet(a, b)
		ada.machine.run("ip link set eth0 down")
		b.wait("gone", peer=a_at_b)
		b.listen(3)
		ada.machine.run("ip link set eth0 up")
		begun = time.monotonic()
		new = b.wait("seen")["peer"]
		people.agree(b, a, new)
		self.assertLess(time.monotonic() - begun, 10)
		a.quit()
		b.quit()


class Router:
	"""What takes a machine for one is no more than this packet."""

	def __init__(self, interface):
		self.socket = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6)
		self.to = "ff02::1", 0, 0, socket.if_nametoindex(interface)
		for option in (socket.IPV6_MULTICAST_HOPS, socket.IPV6_UNICAST_HOPS):
			self.socket.setsockopt(socket.IPPROTO_IPV6, option, 255)

	def advertise(self, number):
		"""A prefix of which everybody may take an address, for one second."""
		head = struct.pack(">BBHBBHII", 134, 0, 0, 64, 0, 0, 0, 0)
		prefix = struct.pack(">BBBBIII", 3, 4, 64, 0xC0, 1, 1, 0)
		self.socket.sendto(head + prefix +
			socket.inet_pton(socket.AF_INET6, f"2001:db8:{number}::"), self.to)


def await_ipv6(machine, ready):
	"""Waits for the addresses of eth0, as one text, to be so."""
	with machine.network():
		news = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
		news.bind((0, net.RTMGRP))
	with news:
		until = time.monotonic() + 10
		while not ready(now := " ".join(address for address, _ in machine.addresses())):
			left = until - time.monotonic()
			if left <= 0 or not select.select([news], [], [], left)[0]:
				raise AssertionError(f"{machine.name}: {now}")
			news.recv(65536)


class Three(people.Story):
	def three(self):
		machines = [self.machine(name) for name in ("adas-host", "graces-host", "marys-host")]
		net.bridge(self.machine("switch"), machines)
		return (self.ada(machines[0]), self.grace(machines[1]),
			self.person(machines[2], "Mary Somerville", "email=mary@example.org"))

	def test_ring(self):
		"""Ada picks Grace, Grace picks Mary, Mary picks Ada, all before anybody answers."""
		a, g, m = talks = [person.swap() for person in self.three()]
		rows = {talk: self.rows(talk) for talk in talks}
		for talk, name in ((a, "Grace Hopper"), (g, "Mary Somerville"), (m, "Ada Lovelace")):
			talk.say("swap", rows[talk][name])
		asked = {talk: talk.wait("request")["name"] for talk in talks}
		self.assertEqual([asked[t].split()[0] for t in talks], ["Mary", "Ada", "Grace"])
		self.answer(g, a, rows)  # which takes back Grace's own request
		self.assertEqual(m.wait("withdrawn")["peer"], rows[m]["Grace Hopper"])
		self.answer(a, m, rows)
		people.agree(g, m, rows[g]["Mary Somerville"])
		for talk in talks:
			talk.quit()
			self.assertEqual(len(talk.person.known()), 2)

	def rows(self, talk):
		"""{name: handle} of the two others."""
		talk.wait("ready")
		return {e["name"]: e["peer"] for e in (talk.wait("seen"), talk.wait("seen"))}

	def answer(self, talk, asker, rows):
		talk.say("accept", rows[talk][asker.person.name])
		for t in (talk, asker):
			t.wait("code")
			t.say("same")
		for t in (talk, asker):
			t.wait("swapped")

	def test_booths(self):
		"""Three that take whoever comes: each has the cards of both others."""
		everybody = self.three()
		talks = [person.swap("--unattended", "--keep") for person in everybody]
		for talk in talks:
			while len({e["contact"]["id"] for e in talk.told("swapped")}) < 2:
				talk.wait("swapped", timeout=40)
		for talk in talks:
			talk.process.terminate()
			talk.end(0)
		for person in everybody:
			others = {p.name: "complete" for p in everybody if p is not person}
			self.assertEqual(person.known(), others)


if __name__ == "__main__":
	people.main()
