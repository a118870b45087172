# SPDX-License-Identifier: MIT
"""Invitations: who cannot be found is called by what stands in a QR code or a link."""

import base64
import subprocess
import time

import msgpack

import net
import people

NO_MDNS = ["in udp dport 5353 drop", "in udp sport 5353 drop", "out udp dport 5353 drop"]


def opened(text):
	"""What an invitation holds: {1: S, 2: port, 3: addresses, 4: ik}."""
	head, body = text[:9], text[9:]
	if head != "KITH:1/J/":
		raise AssertionError(f"no invitation: {text}")
	raw = base64.b32decode(body + "=" * (-len(body) % 8))
	return msgpack.unpackb(raw, strict_map_key=False)


def closed(invite):
	body = base64.b32encode(msgpack.packb(invite, use_bin_type=True)).decode().rstrip("=")
	return "KITH:1/J/" + body


def addresses(invite):
	"""The addresses in it, as text."""
	found, rest = [], invite[3]
	while rest:
		n = {4: 4, 6: 16}[rest[0]]
		family = net.socket.AF_INET if n == 4 else net.socket.AF_INET6
		found.append(net.socket.inet_ntop(family, rest[1:1 + n]))
		rest = rest[1 + n:]
	return found


def listed(*texts):
	"""The bytes of a list of addresses."""
	found = b""
	for text in texts:
		v6 = ":" in text
		family = net.socket.AF_INET6 if v6 else net.socket.AF_INET
		found += bytes([6 if v6 else 4]) + net.socket.inet_pton(family, text)
	return found


class Invite(people.Story):
	def invited(self, person, *args):
		"""A swap of that person, and the text it invites with."""
		talk = person.swap(*args)
		talk.wait("ready")
		return talk, self.invitation(talk)

	def invitation(self, talk):
		talk.say("invite")
		event = talk.wait("invite")
		while not event["text"]:
			event = talk.wait("invite")
		return event["text"]

	def whole(self, host, guest, text, *args):
		"""The guest comes with the text; the host is asked, and compares; both have swapped."""
		g = guest.swap("--to", text, *args)
		at_host = host.wait("request")["peer"]
		host.say("accept", at_host)
		code = host.wait("code", peer=at_host)
		shown = g.wait("code")
		self.assertEqual((code["scanned"], shown["scanned"]), (False, True))
		self.assertEqual(code["code"], shown["code"])
		host.listen(0.3)
		self.assertEqual(host.told("swapped"), [], "their scan is no yes of mine")
		host.say("same")
		host.wait("swapped")
		g.wait("swapped")
		g.end(0)  # by itself: it was for this one
		self.assertEqual(host.person.known()[guest.name], "complete")
		self.assertEqual(guest.known()[host.person.name], "complete")

	def how(self, person, other):
		return [met["how"] for met in person.show(other.name)["met"]]

	def test_no_mdns(self):
		"""Multicast DNS is blocked on both machines: nobody is seen, and the invitation leads there."""
		ada, grace = self.pair()
		for one in (ada, grace):
			one.machine.filter(*NO_MDNS)
		host, text = self.invited(ada)
		invite = opened(text)
		self.assertIn("10.99.0.1", addresses(invite))
		self.assertIn(invite[4], ada.envelope())
		self.whole(host, grace, text)
		host.quit()
		# the weaker of both: she compared, the other one scanned
		self.assertEqual((self.how(ada, grace), self.how(grace, ada)), (["compared"], ["compared"]))

	def test_hand_made(self):
		"""As people copy it: small letters, blanks, line ends."""
		ada, grace = self.pair(ipv6=False)
		host, text = self.invited(ada)
		small = text.lower()
		self.whole(host, grace, small[:30] + "\n " + small[30:60] + " " + small[60:])
		host.quit()

	def test_two_subnets(self):
		"""A router between them and no multicast across: each in a network of his own."""
		hub, a, b = self.machine("hub"), self.machine("adas-host"), self.machine("graces-host")
		for number, machine in enumerate((a, b)):
			subprocess.run(["ip", "link", "add", "eth0", "netns", str(machine.pid), "type", "veth",
				"peer", "name", f"port{number}", "netns", str(hub.pid)], check=True)
			net.address(hub, f"port{number}", f"10.99.{number}.254/24", False, False)
			net.address(machine, "eth0", f"10.99.{number}.1/24", False, False)
			machine.run(f"ip route add default via 10.99.{number}.254")
		hub.run("echo 1 > /proc/sys/net/ipv4/ip_forward")
		for machine in (a, b):
			machine.await_addresses(1)
		ada, grace = self.ada(a), self.grace(b)
		host, text = self.invited(ada)
		self.whole(host, grace, text)
		host.quit()

	def test_hidden(self):
		"""Who shows no name invites all the same, and so does who comes hidden."""
		ada, grace = self.pair()
		host, text = self.invited(ada, "--hidden")
		self.whole(host, grace, text, "--hidden")
		host.quit()

	def test_wrong_key(self):
		"""The right machine and another person's key: nothing is swapped, and it counts."""
		ada, grace = self.pair()
		host, text = self.invited(ada)
		wrong = opened(text)
		wrong[4] = bytes(32)
		g = grace.swap("--to", closed(wrong))
		host.say("accept", host.wait("request")["peer"])
		self.assertEqual(g.wait("failed")["reason"], "mismatch")
		g.end(4)
		self.assertEqual(host.wait("failed")["reason"], "mismatch")
		self.assertEqual(g.told("code"), [])
		self.assertEqual(host.told("swapped"), [])
		host.quit(4)
		self.assertEqual((ada.known(), grace.known()), ({}, {}))
		self.assertEqual(self.failures(grace), 1)

	def failures(self, person):
		return int(person.machine.run(f"sqlite3 {person.home}/kith.db 'SELECT count(*) FROM failed'"))

	def test_somebody_elses_address(self):
		"""The first address is that of another kith, which is not bothered: the next one is right."""
		hub, a, b, c = (self.machine(n) for n in ("hub", "adas-host", "graces-host", "bobs-host"))
		net.bridge(hub, [a, b, c], ipv6=False)
		ada, grace, bob = self.ada(a), self.grace(b), self.person(c, "Bob Bob")
		other, of_bob = self.invited(bob)
		host, text = self.invited(ada)
		mixed, port = opened(text), opened(of_bob)[2]
		c.run(f"nft 'add table ip nat; add chain ip nat pre {{ type nat hook prerouting priority -100; }}; "
			f"add rule ip nat pre tcp dport {mixed[2]} redirect to :{port}'")
		mixed[3] = listed("10.99.0.3", "10.99.0.1")
		self.whole(host, grace, closed(mixed))
		self.assertEqual(other.told("request"), [])
		host.quit()
		other.quit(5)

	def test_ended(self):
		"""An invitation whose swap has ended, and one to nowhere: one sentence at once, then status 5."""
		ada, grace = self.pair(ipv6=False)
		host, text = self.invited(ada)
		host.quit(5)
		for name, dead in (("ended", text), ("nowhere", closed({**opened(text), 3:
				listed("192.0.2.77")}))):
			with self.part(invitation=name):
				begun = time.monotonic()
				g = grace.swap("--to", dead, "--timeout", "8")
				g.wait("unreachable")
				self.assertLess(time.monotonic() - begun, 7)
				g.end(5)

	def test_my_own(self):
		"""My own invitation, in the window beside it, or out of another home: a sentence."""
		ada, _ = self.pair(ipv6=False)
		host, text = self.invited(ada)
		host.quit(5)
		p = ada.machine.popen(*ada.command("swap", "--to", text), stdin=subprocess.DEVNULL,
			stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
		_, err = p.communicate(timeout=30)
		self.assertEqual((p.returncode, err.count("\n")), (6, 1), err)
		self.assertIn("your own invitation", err)

	def test_other_texts(self):
		"""What is no invitation is told apart before anything is started."""
		ada, _ = self.pair(ipv6=False)
		host, text = self.invited(ada)
		host.quit(5)
		whole = opened(text)
		for status, words in ((6, "https://example.org"), (6, "KITH:1/I/" + "A" * 52), (6, text[:-8]),
				(6, text.replace("KITH:1", "KITH:2")), (6, closed({**whole, 2: 80})),
				(6, closed({**whole, 3: b""})), (6, closed({**whole, 3: b"\x04\xe0\x00\x00\xfb"})),
				(6, closed({**whole, 3: whole[3] + b"\x04\x0a"})), (6, closed({**whole, 5: 1})),
				(6, closed({**whole, 4: b"x" * 31}))):
			with self.subTest(words):
				ada.kith("swap", "--to", words, status=status)
		ada.kith("swap", "grace", "--to", text, status=2)

	def test_the_loopback(self):
		"""An address of the loopback leads nobody to what listens on his own machine."""
		a = self.machine("one-host")
		net.bridge(self.machine("hub"), [a], ipv6=False)
		a.filter(*NO_MDNS)
		ada, grace = self.ada(a), self.grace(a)
		host, text = self.invited(ada)
		forged = closed({**opened(text), 3: listed("127.0.0.1", "127.1.2.3", "::1")})
		g = grace.swap("--to", forged, "--timeout", "8")
		g.wait("unreachable")
		g.end(5)
		self.assertEqual(host.told("request"), [])
		host.quit(5)
		host, text = self.invited(ada, "--interface", "lo")
		self.assertIn("127.0.0.1", addresses(opened(text)))
		self.whole(host, grace, text, "--interface", "lo")
		host.quit()

	def test_changes(self):
		"""Another address, another invitation, told by itself; the loopback is none.  The new address
		never stands beside the old key: whoever scanned that would knock at a door that closes."""
		ada, grace = self.pair(ipv6=False)
		host, text = self.invited(ada)
		self.assertEqual(addresses(opened(text)), ["10.99.0.1"])
		old = opened(text)[1]
		ada.machine.run("ip addr add 10.99.0.77/24 dev eth0; ip addr del 10.99.0.1/24 dev eth0; "
			"ip addr replace 10.99.0.77/24 dev eth0")
		while addresses(opened(text)) != ["10.99.0.77"]:
			text = host.wait("invite")["text"] or text
		self.assertNotEqual(opened(text)[1], old)
		self.whole(host, grace, text)
		host.quit()


if __name__ == "__main__":
	people.main()
