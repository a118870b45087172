# SPDX-License-Identifier: MIT
"""An introduction by meetings: Ada's node meets Bob's and Carol's, which are never there together.

	16_introduce.py KITH
"""

import json

import net
import people

WHY = "You both restore looms."


class Introduce(people.Story):
	def setUp(self):
		super().setUp()
		self.nodes = []
		self.addCleanup(lambda: [node.end() for node in self.nodes])
		hub, *hosts = [self.machine(name) for name in ("hub", "a", "b", "c")]
		net.bridge(hub, hosts)
		names = ("Ada Lovelace", "Bob Weaver", "Carol Dyer")
		self.ada, self.bob, self.carol = (self.person(h, n) for h, n in zip(hosts, names))
		for other in (self.bob, self.carol):
			self.swapped(self.ada, other)

	def swapped(self, one, other):
		a, b = one.swap(), other.swap()
		for talk in (a, b):
			talk.wait("ready")
		b_at_a = a.wait("seen", name=other.name)["peer"]
		b.wait("seen", name=one.name)
		people.agree(a, b, b_at_a)
		a.quit()
		b.quit()
		for person in (one, other):
			person.hang_up()

	def meet(self, person, wanted):
		"""That person comes, and goes when something has come of it."""
		self.nodes.append(people.Node(person))
		self.nodes[-1].until(lambda state: wanted())
		self.nodes.pop().end()

	def stage(self, who):
		[one] = json.loads(self.ada.kith("introduce", "--json"))
		return next(s["stage"] for s in one["sides"] if s["contact"]["name"] == who.name)

	def inbox(self, person):
		return json.loads(person.kith("inbox", "--all", "--json"))

	def test_five_meetings(self):
		self.nodes.append(people.Node(self.ada))
		self.ada.kith("introduce", "Bob", "Carol", "--why", WHY)
		for person in (self.bob, self.carol):
			self.meet(person, lambda: self.stage(person) == "asked")
			[item] = self.inbox(person)
			self.assertEqual((item["words"], item["from"]["name"]), (WHY, "Ada Lovelace"))
			person.kith("inbox", "accept", str(item["number"]))
		self.meet(self.bob, lambda: self.stage(self.bob) == "granted")
		self.assertEqual(self.carol.known(), {"Ada Lovelace": "complete"})
		self.meet(self.carol, lambda: self.stage(self.carol) in ("granted", "told"))
		self.meet(self.bob, lambda: self.stage(self.bob) == "told")
		self.assertEqual(self.bob.known(), {"Ada Lovelace": "complete", "Carol Dyer": "introduced"})
		if self.stage(self.carol) != "told":
			self.meet(self.carol, lambda: self.stage(self.carol) == "told")
		self.assertEqual(self.carol.known(), {"Ada Lovelace": "complete", "Bob Weaver": "introduced"})
		[by] = self.bob.show("Carol")["introduced"]
		self.assertEqual((by["by"]["id"], by["words"], by["how"]), (self.ada.id(), WHY, "compared"))
		# and the two, whom nobody has shown a code, recognise each other and keep up
		self.bob.kith("card", "set", "title=Master", "--yes")
		self.nodes.append(people.Node(self.bob))
		self.meet(self.carol, lambda: b"Master" in self.carol.kith("show", "Bob"))
		self.assertEqual(self.carol.show("Bob")["state"], "introduced")


if __name__ == "__main__":
	people.main()
