# SPDX-License-Identifier: MIT
"""Introductions by meetings: Ada's node meets the others, who are never there together.

	16_introduce.py KITH CLOCK [CLASS]
"""

import json
import os
import re
import struct
import sys

import net
import people

WHY = "You both restore looms."
PATIENCE = 60  # seconds that a meeting may take
DAYS = 31 * 86400
CLOCK = None  # clock.c, built


class Introduce(people.Story):
	"""Ada has swapped with the others, who do not know each other."""

	def known_to_ada(self, *names):
		hub, *hosts = [self.machine(name) for name in ("hub", "a", *"bcdefgh"[:len(names)])]
		for host in hosts:
			self.turn(host, 0)
			host.run(f"cp -a /etc /run/etc && echo {CLOCK} > /run/etc/ld.so.preload && "
				"mount --bind /run/etc /etc")
		net.bridge(hub, hosts)
		self.nodes = []
		self.addCleanup(lambda: [node.end() for node in self.nodes])
		ada, *others = [self.person(*who) for who in zip(hosts, ("Ada Lovelace", *names))]
		self.ada = ada
		for other in others:
			self.swapped(ada, other)
		return others

	def turn(self, machine, seconds):
		"""That machine's date is so far from the true one."""
		fd = os.open(machine.path("run/clock"), os.O_WRONLY | os.O_CREAT, 0o644)
		os.pwrite(fd, struct.pack("q", seconds), 0)
		os.close(fd)

	def swapped(self, one, other):
		a, b = one.swap(), other.swap()
		for talk in (a, b):
			talk.wait("ready", PATIENCE)
		b_at_a = a.wait("seen", PATIENCE, name=other.name)["peer"]
		b.wait("seen", PATIENCE, name=one.name)
		people.agree(a, b, b_at_a)
		a.quit()
		b.quit()
		for person in (one, other):
			person.hang_up()

	def node(self, person):
		self.nodes.append(people.Node(person))
		return self.nodes[-1]

	def meet(self, person, wanted):
		"""That person comes, and goes when something has come of it."""
		self.node(person).until(lambda state: wanted(), PATIENCE)
		self.nodes.pop().end()

	def asked(self, person, *numbers):
		"""Meets Ada, who asks."""
		self.meet(person, lambda: all(self.stage(person, n) == "asked" for n in numbers))

	def made(self):
		return json.loads(self.ada.kith("introduce", "--json"))

	def side(self, who, n=0):
		"""Somebody's side of Ada's introduction of that number."""
		return next(s for s in self.made()[n]["sides"] if s["contact"]["name"] == who.name)

	def stage(self, who, n=0):
		return self.side(who, n)["stage"]

	def inbox(self, person):
		return json.loads(person.kith("inbox", "--all", "--json"))

	def text(self, person, *args):
		return person.kith(*args).decode()


class Meetings(Introduce):
	def test_five_meetings(self):
		bob, carol = self.known_to_ada("Bob Weaver", "Carol Dyer")
		a = self.node(self.ada)
		self.ada.kith("introduce", "Bob", "Carol", "--why", WHY)
		for person in (bob, carol):
			self.asked(person, 0)
			[item] = self.inbox(person)
			self.assertEqual((item["words"], item["from"]["name"]), (WHY, "Ada Lovelace"))
			person.kith("inbox", "accept", str(item["number"]))
		self.meet(bob, lambda: self.stage(bob) == "granted")
		self.assertEqual(carol.known(), {"Ada Lovelace": "complete"})
		self.meet(carol, lambda: self.stage(carol) in ("granted", "told"))
		self.meet(bob, lambda: self.stage(bob) == "told")
		self.assertEqual(bob.known(), {"Ada Lovelace": "complete", "Carol Dyer": "introduced"})
		if self.stage(carol) != "told":
			self.assertEqual(a.watch.told("news"), [])
			self.meet(carol, lambda: self.stage(carol) == "told")
		self.assertEqual(carol.known(), {"Ada Lovelace": "complete", "Bob Weaver": "introduced"})
		# Ada hears that it is complete, once, and of nothing else
		told = a.watch.wait("news", PATIENCE)
		self.assertEqual((told["kind"], {told["name"], told["other"]["name"]}),
			("acquainted", {"Bob Weaver", "Carol Dyer"}))
		self.assertRegex(self.text(self.ada, "news"), r'(?m)^"(Bob Weaver|Carol Dyer)" and '
			r'"(Bob Weaver|Carol Dyer)" have each other\'s cards: you introduced them\.$')
		self.never_twice(bob, carol)
		[by] = bob.show("Carol")["introduced"]
		self.assertEqual((by["by"]["id"], by["words"], by["how"]), (self.ada.id(), WHY, "compared"))
		self.assertRegex(self.text(bob, "show", "Carol"), r'(?m)^introduced +by "Ada Lovelace", .*\n'
			rf' +"{WHY}"$')
		self.nodes.pop().end()
		self.they_keep_up(bob, carol)
		self.they_meet(bob, carol)

	def never_twice(self, bob, carol):
		"""Each was asked once, however often they met, and these two are not asked again."""
		for person in (bob, carol):
			[item] = self.inbox(person)
			self.assertEqual(item["stage"], "done")
			kinds = [n["kind"] for n in json.loads(person.kith("news", "--all", "--json"))]
			self.assertEqual((kinds.count("proposed"), kinds.count("introduced")), (1, 1))
		self.ada.kith("introduce", "Carol", "Bob", "--why", WHY, status=1)
		self.assertEqual(len(self.made()), 1)

	def they_keep_up(self, bob, carol):
		"""The two, whom nobody has shown a code, recognise each other."""
		bob.kith("card", "set", "title=Master", "--yes")
		self.node(bob)
		self.meet(carol, lambda: "Master" in self.text(carol, "show", "Bob"))
		self.nodes.pop().end()
		self.assertEqual(carol.show("Bob")["state"], "introduced")

	def they_meet(self, bob, carol):
		"""And compare, as with any stranger: known by a meeting now; who introduced them stays."""
		self.swapped(bob, carol)
		for person, other in ((bob, carol), (carol, bob)):
			shown = person.show(other.name)
			self.assertEqual((shown["state"], [m["how"] for m in shown["met"]]),
				("complete", ["compared"]))
			self.assertEqual([i["words"] for i in shown["introduced"]], [WHY])
			self.assertRegex(self.text(person, "show", other.name), r'(?m)^introduced +by "Ada')


class Cards(Introduce):
	def test_a_named_card(self):
		"""Asked by file, answered by a meeting, with a card for it: that one goes, and keeps up."""
		bob, carol = self.known_to_ada("Bob Weaver", "Carol Dyer")
		bob.kith("card", "set", "email=bob@example.org", "tel=+44 7700 900123", "--yes")
		bob.kith("card", "new", "looms", "--show", "email")
		self.ada.kith("introduce", "Bob", "Carol", "--why", WHY, "-o", "/run/tmp/ask")
		self.hand(self.ada, "ask-1.kith", bob)
		self.hand(self.ada, "ask-2.kith", carol)
		bob.kith("inbox", "accept", "1", "--card", "looms")
		carol.kith("inbox", "accept", "1", "-o", "/run/tmp/yes")
		self.hand(carol, "yes", self.ada)
		self.node(self.ada)
		self.meet(bob, lambda: self.stage(bob) in ("granted", "told"))
		self.meet(carol, lambda: self.stage(carol) == "told")
		self.nodes.pop().end()
		fields = lambda: {f["kind"]: f["value"] for f in carol.show("Bob")["fields"]}  # noqa: E731
		self.assertEqual(fields(), {"name": "Bob Weaver", "email": "bob@example.org"})
		bob.kith("card", "set", "email=looms@example.org", "tel=+44 7700 900456", "--yes")
		if self.stage(bob) != "told":  # Carol's card comes by file then
			self.ada.kith("introduce", "Bob", "Carol", "-o", "/run/tmp/done")
			self.hand(self.ada, "done-1.kith", bob)
		self.node(bob)
		self.meet(carol, lambda: fields()["email"] == "looms@example.org")
		self.assertEqual(set(fields()), {"name", "email"})

	def hand(self, giver, name, taker):
		"""A file from one to the other, on a stick."""
		with open(giver.machine.path("run/tmp", name), "rb") as f:
			data = f.read()
		os.unlink(giver.machine.path("run/tmp", name))
		path = taker.machine.path("run/tmp/file")
		with open(path, "wb") as f:
			f.write(data)
		taker.kith("import", "/run/tmp/file")
		os.unlink(path)


class Silence(Introduce):
	def test_a_no_is_silent(self):
		"""Bob says no to the first, nothing to the second, and yes to the third.  Nobody can tell
		the first two apart: not Ada, not Carol of the first, not Dora of the second."""
		bob, carol, dora, _ = self.known_to_ada("Bob Weaver", "Carol Dyer", "Dora Spinner",
			"Eve Felter")
		self.node(self.ada)
		for name in ("Carol", "Dora", "Eve"):
			self.ada.kith("introduce", "Bob", name, "--why", WHY)
		for n, person in enumerate((carol, dora)):
			self.asked(person, n)
			person.kith("inbox", "accept", "1")
			self.meet(person, lambda: self.stage(person, n) == "granted")
		self.asked(bob, 0, 1, 2)
		first, _, third = self.inbox(bob)
		bob.kith("inbox", "decline", str(first["number"]))
		bob.kith("inbox", "accept", str(third["number"]))
		# a yes to the first or the second would go before the one to the third
		self.meet(bob, lambda: self.stage(bob, 2) == "granted")
		self.same_to_ada()
		self.same_to_the_others(carol, dora)

	def same_to_ada(self):
		no, silent, _ = [re.sub("Carol Dyer|Dora Spinner", "X", text) for text in
			re.split('(?m)^(?=")', self.text(self.ada, "introduce"))[1:]]
		self.assertEqual(no, silent)
		self.assertIn('"Bob Weaver" was asked; no answer yet\n', no)
		self.assertEqual(*[[(s["stage"], s["able"]) for s in made["sides"]]
			for made in self.made()[:2]])
		rows = self.ada.machine.run(f"sqlite3 {self.ada.home}/kith.db 'SELECT stage, later, "
			"granted IS NULL, envelope IS NULL FROM introduction_side ORDER BY introduction, contact'")
		one, other = rows.split()[:2], rows.split()[2:4]
		self.assertEqual(one, other)
		self.assertEqual(one[0], "1|0|1|1")

	def same_to_the_others(self, carol, dora):
		for person in (carol, dora):
			self.node(person).watch.wait("here", PATIENCE, name="Ada Lovelace")
			self.nodes.pop().end()
			self.assertEqual(person.known(), {"Ada Lovelace": "complete"})
		items = [self.inbox(person) for person in (carol, dora)]
		for [item] in items:
			self.assertEqual((item.pop("at")[:4].isdigit(), item["stage"]), (True, "granted"))
		self.assertEqual(*items)
		self.assertEqual(*[[n["kind"] for n in json.loads(person.kith("news", "--all", "--json"))]
			for person in (carol, dora)])


class Days(Introduce):
	def test_over(self):
		"""After the days nobody can say yes and nobody is asked; a clock that is right again
		finds all as it was."""
		bob, carol, _ = self.known_to_ada("Bob Weaver", "Carol Dyer", "Dora Spinner")
		everybody = (self.ada, bob, carol)
		self.node(self.ada)
		self.ada.kith("introduce", "Bob", "Carol", "--why", WHY)
		self.asked(bob, 0)
		for person in everybody:
			self.turn(person.machine, DAYS)
		self.assertTrue(self.inbox(bob)[0]["over"])
		self.assertEqual(json.loads(bob.kith("inbox", "--json")), [])
		bob.kith("inbox", "accept", "1", status=5)
		self.assertTrue(self.made()[0]["over"])
		says = self.text(self.ada, "introduce")
		self.assertIn('"Bob Weaver" was asked; the days for an answer are over', says)
		self.assertIn('"Carol Dyer" was not met in time, and is not asked any more', says)
		# what was made before would go before this
		self.ada.kith("introduce", "Carol", "Dora", "--why", "You both dye.")
		self.asked(carol, 1)
		self.assertEqual([item["words"] for item in self.inbox(carol)], ["You both dye."])
		self.assertEqual(self.stage(carol), "to-ask")
		for person in everybody:
			self.turn(person.machine, 0)
		bob.kith("inbox", "accept", "1")
		self.meet(bob, lambda: self.stage(bob) == "granted")
		self.asked(carol, 0)


if __name__ == "__main__":
	CLOCK = os.path.abspath(sys.argv[2])
	people.main(2)
