# SPDX-License-Identifier: MIT
"""What somebody who listens learns: of a swap nothing but that it took place and the names that
were made visible (T1), and of many starts nothing that is the same each time (T2)."""

import base64
import os
import re
import signal
import socket

import net
import packets
import people

STARTS = 50
GRAM = 4  # bytes of a value that could be recognised; fewer are often the same by chance
SHORTEST = 4  # characters of a field that tell something
LONG = os.urandom(400).hex()  # what makes a card too long for one packet
RICH = {
	"given": "Augusta", "family": "Byron-King", "additional": "Noel", "prefix": "Countess",
	"suffix": "Jr-the-3rd", "nickname": "enchantress", "pronouns": "she/hers",
	"org.work": "Engines", "unit": "Number Mill", "title": "Analyst-in-chief",
	"email.work": "augusta@mill.example", "email.home": "aab@ockham.example",
	"tel.mobile": "+44 7700 900123",
	"url.resume": "https://mill.example/~augusta", "adr.home": "1 Horsley Towers;Surrey;;KT24;UK",
	"bday": "--12-10", "note": f"Nanoseconds {LONG}", "offers": "Bernoulli numbers",
	"asks": "Jacquard looms",
}


def spellings(secret):
	"""Every way in which those bytes may be written down: {what: pattern}."""
	found = {"raw": secret, "reversed": secret[::-1], "hex": secret.hex().encode(),
		"hex with colons": secret.hex(":").encode()}
	for before in range(5):  # wherever they stand in what is encoded
		padded = b"\0" * before + secret
		found[f"base64 {before}"] = _inside(base64.b64encode(padded), before, 3, 4)
		found[f"base64url {before}"] = _inside(base64.urlsafe_b64encode(padded), before, 3, 4)
		found[f"base32 {before}"] = _inside(base64.b32encode(padded), before, 5, 8)
	return {k: v.lower() for k, v in found.items() if len(v) >= SHORTEST}


def _inside(text, before, size, chars):
	"""The characters that depend on nothing but the secret: whole groups behind `before` bytes."""
	end = len(text.rstrip(b"=")) // chars * chars
	return text[-(-before // size) * chars:end] if end >= 2 * chars else b""


def leaks(seen, secrets):
	"""{(what, spelling)} of those that somebody who has all these packets can read."""
	heard = [p.raw.lower() for p in seen] + [s.lower() for s in packets.streams(seen).values()]
	return {(what, how) for what, secret in secrets.items()
		for how, pattern in spellings(secret).items() if any(pattern in h for h in heard)}


def grams(seen):
	"""Whatever could be recognised in that: pieces of every datagram, the addresses in it left out,
	since those are the network's; and what the headers say."""
	found = set()
	for p in seen:
		data = p.data
		for record in packets.records([p] if 5353 in p.ports else []):
			if record.kind in ("A", "AAAA"):
				family = socket.AF_INET if record.kind == "A" else socket.AF_INET6
				data = data.replace(socket.inet_pton(family, record.value), b"")
		found |= {data[i:i + GRAM] for i in range(len(data) - GRAM + 1)}
		found |= {("port", port) for port in p.ports}
	return found


class Listener(people.Story):
	def rich(self, machine, name):
		"""Somebody with a card full of things, and all of them as secrets."""
		mark = name.split()[0].lower()
		person = self.person(machine, name, *[f"{k}={v}" for k, v in RICH.items()])
		secrets = {f"{mark}'s {k}, {part}": part.encode() for k, v in RICH.items()
			for part in re.split("[; ]", v) if len(part) >= SHORTEST}
		envelope = person.envelope()
		ik = base64.b32decode(person.id() + "====")
		xk = envelope[envelope.index(ik) + len(ik) + 3:][:32]
		secrets |= {f"{mark}'s ik": ik, f"{mark}'s xk": xk,
			f"{mark}'s signature": envelope[-64:],
			f"{mark}'s long text": bytes.fromhex(LONG)[100:132],
			f"{mark}'s home": person.home.encode(), f"{mark}'s machine": machine.name.encode()}
		self.assertEqual(len(xk), 32)
		return person, secrets

	def two(self):
		a, b = self.machine("adas-host"), self.machine("graces-host")
		net.cable(a, b)
		words = people.be_somebody(a) + ["/run/home", "/run/user"]
		(ada, at_a), (grace, at_b) = self.rich(a, "Ada Lovelace"), self.rich(b, "Grace Hopper")
		return ada, grace, at_a | at_b | {word: word.encode() for word in words}

	def swap(self, *args):
		"""A whole swap of two full cards: everything that was on the cable, and what is secret."""
		ada, grace, secrets = self.two()
		capture = self.capture(grace.machine)
		a, b = ada.swap(*args), grace.swap(*args)
		people.agree(a, b, people.meet(a, b)[0])
		a.quit()
		b.quit()
		seen = capture.read()
		for person, other in ((ada, grace), (grace, ada)):  # so much for "whole"
			got = person.show(other.name.split()[0])["fields"]
			self.assertEqual(len(got), len(RICH) + 1)
		carried = packets.streams(seen)
		self.assertGreater(sum(map(len, carried.values())), 2 * len(LONG))
		self.assertEqual(set(packets.greetings(seen)), {"CURVE"})
		macs = {f"MAC of {p.machine.name}": bytes.fromhex(p.machine.run(
			"cat /sys/class/net/eth0/address").strip().replace(":", "")) for p in (ada, grace)}
		return seen, secrets, macs, {p.name: p.name.encode() for p in (ada, grace)}

	def check(self, seen, secrets, macs):
		self.assertEqual(leaks(seen, secrets), set())
		self.assertEqual(leaks([p._replace(raw=p.data) for p in seen], macs), set())
		for what, mac in macs.items():  # the link-local address is made of it, by the kernel
			halves = bytes([mac[0] ^ 2]) + mac[1:3] + b"\xff\xfe" + mac[3:]
			for p in seen:
				rest = p.data
				for r in packets.records([p] if 5353 in p.ports else []):
					if r.kind == "AAAA" and r.value.startswith("fe80:"):
						rest = rest.replace(socket.inet_pton(socket.AF_INET6, r.value), b"")
				self.assertNotIn(halves, rest, what)

	def test_visible(self):
		"""T1: of both cards only the name is heard, and only in the record that shows it."""
		seen, secrets, macs, names = self.swap()
		self.check(seen, secrets, macs)
		shown = {r.value["n"] for r in packets.records(seen) if r.kind == "TXT"}
		self.assertEqual(shown, set(names.values()))
		self.assertEqual({what for what, _ in leaks(seen, names)}, set(names))
		for name in names.values():
			seen = [p._replace(raw=p.raw.replace(b"n=" + name, b"")) for p in seen]
		self.assertEqual(leaks(seen, names), set())

	def test_hidden(self):
		"""T1: with --hidden not even that."""
		seen, secrets, macs, names = self.swap("--hidden")
		self.check(seen, secrets | names, macs)
		self.assertEqual({frozenset(r.value) for r in packets.records(seen) if r.kind == "TXT"},
			{frozenset("vk")})

	def test_a_leak_is_heard(self):
		"""The searches above find every secret in every spelling, and across two segments."""
		_, _, secrets = self.two()
		for what, secret in secrets.items():
			for how, pattern in spellings(secret).items():
				heard = b"\x45" + (pattern if how == "raw" else pattern.swapcase()) + b"\0"
				packet = packets.Packet("eth0", "a", "b", packets.UDP, (1, 2), 0, heard, heard)
				self.assertIn((what, how), leaks([packet], {what: secret}))
		cut = [packets.Packet("eth0", "a", "b", packets.TCP, (1, 2), seq, data, b"")
			for seq, data in ((8, b"gusta@"), (4, b"..Au"))]
		self.assertEqual(leaks(cut, {"x": b"Augusta@"}), {("x", "raw")})
		self.assertEqual(leaks(cut[:1], {"x": b"Augusta@"}), set())


	def test_a_greeting_is_read(self):
		"""Another mechanism is seen, in as many pieces as it came; what was cut off in it is none."""
		def stream(port, *pieces):
			at = [sum(map(len, pieces[:i])) for i in range(len(pieces))]
			return [packets.Packet("eth0", "a", "b", packets.TCP, (port, 2), seq, data, b"")
				for seq, data in zip(at, pieces)]
		signature = b"\xff" + bytes(8) + b"\x7f"
		def rest(name):
			return b"\x03\x01" + name.ljust(20, b"\0") + bytes(32)
		seen = stream(5, signature, rest(b"CURVE")) + stream(6, signature, b"\x03")
		self.assertEqual(packets.greetings(seen), ["CURVE"])
		seen += stream(7, signature + rest(b"NULL")) + stream(8, b"GET / HTTP/1.1\r\n")
		self.assertEqual(packets.greetings(seen), ["CURVE", "NULL"])


class Starts(people.Story):
	"""T2: what a listener could know somebody by, from one start to the next."""

	def starts(self, person, capture, count):
		"""What was to be heard of each of them."""
		heard, source = [], {a for a, _ in person.machine.addresses()}
		for _ in range(count):
			talk = person.swap("--hidden")
			talk.wait("ready")
			people.announced(capture, person.machine)
			talk.process.send_signal(signal.SIGTERM)
			talk.end(5)
			heard.append([p for p in capture.taken() if p.source in source and
				p.protocol == packets.UDP])
		return heard

	def test_nothing_stable(self):
		"""Every piece of a packet that is there at each of 50 starts is one that somebody else's
		kith sends as well."""
		ada, grace = self.pair()
		capture = self.capture(grace.machine)
		mine = [grams(seen) for seen in self.starts(ada, capture, STARTS)]
		theirs = set().union(*[grams(seen) for seen in self.starts(grace, capture, 5)])
		self.assertTrue(all(len(found) > 100 for found in mine))
		self.assertEqual(set.intersection(*mine) - theirs, set())
		mark = os.urandom(GRAM)  # and what is there each time is found
		self.assertEqual(set.intersection(*[m | {mark} for m in mine]) - theirs, {mark})

	def test_headers(self):
		"""Numbers of queries and the ports they come from are drawn anew; TTLs are everybody's."""
		ada, grace = self.pair()
		capture = self.capture(grace.machine)
		heard = self.starts(ada, capture, 10)
		ids, ports, ttls = [], [], set()
		for seen in heard:
			asked = [p for p in seen if p.ports[1] == 5353 and p.ports[0] != 5353]
			ids.append({p.data[:2] for p in asked})
			ports.append({p.ports[0] for p in asked})
			ttls.add(frozenset((r.kind, r.ttl) for r in packets.records(seen)))
			self.assertTrue(asked)
			self.assertEqual({p.data[:2] for p in seen if p.ports == (5353, 5353)}, {b"\0\0"})
		for drawn in (ids, ports):
			self.assertEqual(set.intersection(*drawn), set())
			self.assertGreater(len(set.union(*drawn)), len(heard))
		self.assertLessEqual({ttl for kinds in ttls for _, ttl in kinds}, {0, 10, 120})


if __name__ == "__main__":
	people.main()
