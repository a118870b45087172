# SPDX-License-Identifier: MIT
"""Cards by name over a network: what a card does not show does not arrive, by a swap or by an update.

	15_cards.py KITH
"""

import json
import os

import people

SECRET = b"SECRET"


class Cards(people.Story):
	def ada(self, machine):
		return self.person(machine, "Ada Lovelace", "email.work=ada@work.example",
			"email.home=SECRET1@home.example", "note=SECRET2")

	def fields(self, person, *args):
		return [(f["kind"], f["label"], f["value"])
			for f in json.loads(person.kith(*args, "--json"))["fields"]]

	def stored(self, person):
		"""Every byte of a home."""
		data = b""
		for name in people.files(person.folder()):
			with open(os.path.join(person.folder(), name), "rb") as f:
				data += f.read()
		return data

	def swap(self, ada, grace, card):
		a, b = ada.swap(*(["--card", card] if card else [])), grace.swap()
		for talk in (a, b):
			talk.wait("ready")
		b_at_a = a.wait("seen", name=grace.name)["peer"]
		b.wait("seen", name=ada.name)
		swapped = people.agree(a, b, b_at_a)
		a.quit()
		b.quit()
		return swapped

	def test_a_swap_gives_the_card_and_nothing_else(self):
		"""D5: byte for byte what the preview shows; then the same of an update, and of another card."""
		ada, grace = self.pair()
		ada.kith("card", "new", "work", "--show", "email.work")
		self.swap(ada, grace, "work")
		self.assertEqual(self.fields(grace, "show", "Ada"), self.fields(ada, "card", "preview",
			"work"))
		self.assertEqual(grace.kith("export", "Ada", "--format", "kith"),
			ada.kith("export", "--me", "--card", "work", "--format", "kith"))
		self.assertNotIn(SECRET, self.stored(grace))
		[row] = json.loads(ada.kith("ledger", "--json"))
		self.assertEqual((row["name"], row["card"], row["revision"], row["proof"]),
			("Grace Hopper", "work", 2, "receipt"))
		[receipt] = json.loads(ada.kith("ledger", "Grace", "--receipts", "--json"))
		self.assertTrue(receipt["holds"])
		# the next swap gives the whole card, on purpose
		self.swap(ada, grace, None)
		self.assertIn(SECRET, self.stored(grace))
		# a session of two who know each other may bring it beside the swap: then with two receipts
		receipts = json.loads(ada.kith("ledger", "Grace", "--receipts", "--json"))
		self.assertEqual({receipt["card"] for receipt in receipts}, {"work", "me"})
		self.assertEqual(json.loads(ada.kith("ledger", "--json"))[0]["given"], "me")

	def test_updates_of_a_card(self):
		"""Two nodes: another card is given, then changed; what it does not show never comes."""
		ada, grace = self.pair()
		ada.kith("card", "new", "work", "--show", "email.work")
		self.swap(ada, grace, "work")
		ada.kith("card", "set", "email.work=new@work.example", "email.home=SECRET3@home.example")
		a, b = people.Node(ada), people.Node(grace)
		try:
			b.until(lambda state: b"new@work.example" in grace.kith("show", "Ada"))
			a.until(lambda state: state["owed"] == 0)
			self.assertNotIn(SECRET, self.stored(grace))
			self.assertEqual(self.fields(grace, "show", "Ada"), self.fields(ada, "card",
				"preview", "work"))
		finally:
			a.end()
			b.end()
		self.assertEqual(json.loads(ada.kith("ledger", "--json"))[0]["proof"], "receipt")


if __name__ == "__main__":
	people.main()
