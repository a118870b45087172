# SPDX-License-Identifier: MIT
"""Cards by name, who is given which, the ledger, and receipts that others can check."""

import json
import os
import sqlite3
import sys
import unittest

import house
import keys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "python"))
from kithref import agree, card as refcard  # noqa: E402

MARKED = ("name=Ada Lovelace", "email.work=ada@work.example", "email.home=SECRET1@home.example",
	"tel.home=+44 5550100", "org=Engines", "note=SECRET3", "adr.home=SECRET4 Street;London;;N1;UK")
SECRETS = (b"SECRET1", b"5550100", b"SECRET3", b"SECRET4", b"RUNSRVQ", b"U0VDUkVU")
DAY = 1777832411  # 3 May 2026


class Cards(house.Case):
	def setUp(self):
		super().setUp()
		self.kith("h", "init", *MARKED)

	def fields(self, *args):
		return [(f["kind"], f["label"], f["value"])
			for f in self.kith("h", *args, "--json").json["fields"]]

	def friend(self, home, name, when=DAY, step="receipt"):
		"""Somebody who was swapped with: they hold my card "me"."""
		self.seed("h", self.person(home, name), "compared", "FOSDEM", when, step)

	def test_new_list_preview_remove(self):
		r = self.kith("h", "card", "new", "work", "--show", "email.work,org")
		self.assertIn("Nobody has this card yet", r.err)
		shown = [("name", None, "Ada Lovelace"), ("email", "work", "ada@work.example"),
			("org", None, "Engines")]
		self.assertEqual(self.fields("card", "preview", "work"), shown)
		self.assertEqual(self.fields("card", "preview", "WORK"), shown)
		r = self.kith("h", "card", "preview", "work")
		self.assertIn("ada@work.example", r.out)
		self.assertNotIn("SECRET", r.out)
		self.kith("h", "card", "new", "Büro", "--show", "email")
		self.assertEqual([(c["name"], c["shows"], c["people"])
			for c in self.kith("h", "card", "list", "--json").json],
			[("me", None, 0), ("Büro", ["email"], 0), ("work", ["email.work", "org"], 0)])
		self.assertRegex(self.kith("h", "card", "list").out,
			r"(?m)^me +0 people  everything\nBüro +0 people  email\nwork +0 people  email.work,org$")
		self.kith("h", "card", "new", "work", "--show", "tel", status=1)
		self.kith("h", "card", "new", "work", "--show", "tel", "--replace")
		self.assertEqual(self.fields("card", "preview", "work")[1:],
			[("tel", "home", "+44 5550100")])
		self.assertIn("removed", self.kith("h", "card", "remove", "buro").out)
		self.kith("h", "card", "preview", "Büro", status=1)
		self.assertEqual([c["name"] for c in self.kith("h", "card", "list", "--json").json],
			["me", "work"])

	def test_a_field_to_come(self):
		r = self.kith("h", "card", "new", "work", "--show", "title,email.work,bday")
		self.assertIn("Your profile has no title, bday yet: the card shows that once you set it.", r.err)
		self.assertEqual([f[0] for f in self.fields("card", "preview", "work")], ["name", "email"])
		self.kith("h", "card", "set", "title=Countess")
		self.assertIn(("title", None, "Countess"), self.fields("card", "preview", "work"))
		r = self.kith("h", "card", "new", "work", "--show", "title,email", "--replace")
		self.assertNotIn("yet", r.err)

	def test_wrong_usage(self):
		for args in (("new",), ("new", "work"), ("new", "two words", "--show", "email"),
				("new", "me", "--show", "email"), ("new", "nothing", "--show", "email"),
				("new", "x" * 33, "--show", "email"), ("new", "work", "--show", "emial"),
				("new", "work", "--show", ""), ("preview",), ("preview", "a", "b"),
				("list", "x"), ("remove",), ("remove", "me"), ("set", "org=X", "--show", "org"),
				("list", "--yes")):
			self.kith("h", "card", *args, status=2)
		r = self.kith("h", "card", "new", "work", "--show", "bday", status=1)
		self.assertIn("you have none of these fields: bday", r.err)
		self.kith("h", "card", "remove", "work", status=1)
		self.kith("h", "card", "new", "x" * 32, "--show", "email")
		self.assertEqual(self.kith("h", "card", "--json").json["revision"], 1)

	def came_back(self, rev):
		"""A card of that number, as if it had been signed elsewhere and somebody had brought it."""
		with sqlite3.connect(self.path("h", "kith.db")) as db:
			db.execute("DELETE FROM mine_returned WHERE rev = ?", (rev,))
			db.execute("INSERT INTO mine_returned (hash, rev, card, envelope, contact, at) SELECT "
				"CAST(printf('%032d', rev) AS BLOB), rev, card, envelope, NULL, ? FROM mine_card "
				"WHERE rev = ?", (DAY, rev))
		db.close()

	def test_returned(self):
		"""case 74: what was lost is shown as what it would change, and taken over by one command."""
		self.assertEqual(self.kith("h", "card", "returned", "--json").json, [])
		self.kith("h", "card", "set", "title=Engineer")
		self.kith("h", "card", "new", "work", "--show", "email.work,title")
		self.kith("h", "card", "set", "email.work=cto@work.example", "title=CTO")
		both = [row["revision"] for row in self.kith("h", "card", "list", "--json").json]
		for rev in both:
			self.came_back(rev)
		self.kith("h", "card", "set", "email.work=ada@work.example", "org=Looms")
		self.kith("h", "card", "unset", "title")
		me, work = self.kith("h", "card", "returned", "--json").json[::-1]
		self.assertEqual([me["revision"], work["revision"]], sorted(both))
		self.assertEqual(sorted((c["change"], c["kind"], c["now"]) for c in work["changes"]),
			[("new", "title", "CTO"), ("other", "email", "cto@work.example")])
		self.assertIn("other", [c["change"] for c in me["changes"] if c["kind"] == "org"])
		self.assertIn("new title CTO", self.kith("h", "card", "returned").out)
		self.kith("h", "card", "returned", str(work["revision"]), "--take")
		values = [value for _, _, value in self.fields("card")]
		for value in ("CTO", "cto@work.example", "Looms", "Ada Lovelace"):
			self.assertIn(value, values)
		# of a card that is not known here, what is missing is added
		self.kith("h", "card", "unset", "title")
		self.kith("h", "card", "set", "email.work=new@work.example")
		self.kith("h", "card", "remove", "work", "--yes")
		self.kith("h", "card", "returned", str(work["revision"]), "--take", status=1)  # it was, just now
		self.came_back(work["revision"])
		self.kith("h", "card", "returned", str(work["revision"]), "--take")
		values = [value for _, _, value in self.fields("card")]
		self.assertIn("CTO", values)
		self.assertNotIn("cto@work.example", values)
		self.assertEqual([row["revision"] for row in
			self.kith("h", "card", "returned", "--json").json], [me["revision"]])
		for args, status in ((["7777", "--take"], 1), ([str(work["revision"]), "--take"], 1),
				(["x", "--take"], 2), (["2"], 2), (["2", "3", "4", "--take"], 2),
				([str(me["revision"]), "2", "--take"], 2), ([str(me["revision"]), "0", "--take"], 2)):
			self.kith("h", "card", "returned", *args, status=status)

	def test_two_of_one_number(self):
		"""A card that was cloned counts as mine does: which of the two is meant is not guessed."""
		self.kith("h", "card", "set", "title=Engineer")
		self.came_back(2)
		self.kith("h", "card", "set", "title=CTO")
		with sqlite3.connect(self.path("h", "kith.db")) as db:
			db.execute("INSERT INTO mine_returned (hash, rev, card, envelope, contact, at) SELECT "
				"zeroblob(32), 2, card, envelope, NULL, ? FROM mine_card WHERE rev = 3", (DAY + 1,))
		db.close()
		self.kith("h", "card", "set", "title=Both are gone")
		first, second = self.kith("h", "card", "returned", "--json").json
		self.assertEqual([(c["nth"], c["of"]) for c in (first, second)], [(1, 2), (2, 2)])
		out = self.kith("h", "card", "returned").out
		self.assertIn("revision 2, 1 of 2, signed on", out)
		r = self.kith("h", "card", "returned", "2", "--take", status=2)
		self.assertIn("2 different cards of yours with revision 2 came back; say which", r.err)
		self.kith("h", "card", "returned", "2", "3", "--take", status=2)
		self.kith("h", "card", "returned", "2", "2", "--take")
		self.assertIn(("title", None, "CTO"), self.fields("card"))
		[left] = self.kith("h", "card", "returned", "--json").json
		self.assertEqual((left["nth"], left["of"]), (1, 1))
		self.kith("h", "card", "returned", "2", "--take")
		self.assertIn(("title", None, "Engineer"), self.fields("card"))
		self.assertEqual(self.kith("h", "card", "returned", "--json").json, [])

	def test_as_many_as_there_can_be(self):
		for i in range(15):
			self.kith("h", "card", "new", f"card{i}", "--show", "email", "--quiet")
		r = self.kith("h", "card", "new", "more", "--show", "email", status=6)
		self.assertIn("16 cards", r.err)
		self.kith("h", "card", "remove", "card3")
		self.kith("h", "card", "new", "more", "--show", "email")

	def test_only_what_changes_is_signed(self):
		self.kith("h", "card", "new", "work", "--show", "email.work,org")  # 2
		self.kith("h", "card", "new", "home", "--show", "email.home")  # 3
		self.kith("h", "card", "set", "email.home=new@home.example")
		revisions = {c["name"]: c["revision"]
			for c in self.kith("h", "card", "list", "--json").json}
		self.assertEqual(revisions["work"], 2)
		self.assertEqual({revisions["me"], revisions["home"]}, {4, 5})

	# --- roads out

	def test_every_road_gives_what_the_preview_shows(self):
		"""D5: fields that a card does not show leave by no road, in no form."""
		self.kith("h", "card", "new", "work", "--show", "email.work,org")
		wanted = self.fields("card", "preview", "work")
		out = self.path("work.kith")
		roads = {}
		for form in ("kith", "vcard3", "vcard4", "json"):
			self.kith("h", "export", "--me", "--card", "work", "--format", form, "-o", out)
			with open(out, "rb") as f:
				roads[form] = f.read()
		roads["armor"] = self.kith("h", "export", "--me", "--card", "work", "--armor").raw
		roads["qr"] = self.kith("h", "qr", "--card", "work").raw
		roads["pocket"] = self.kith("h", "qr", "--pocket", "--card", "work").raw
		for road, data in roads.items():
			for secret in SECRETS:
				self.assertNotIn(secret, data, road)
			if road != "kith" and road != "armor" and road != "pocket":
				self.assertIn(b"ada@work.example", data, road)
		signed = refcard.open_envelope(roads["kith"])
		self.assertIn("ada@work.example", repr(signed))
		self.assertNotIn("SECRET", repr(signed))
		[exported] = json.loads(roads["json"])
		self.assertEqual([(f["kind"], f["label"], f["value"]) for f in exported["fields"]], wanted)
		# another kith reads each signed road, and finds the fields of the preview
		self.kith("g", "init", "name=Grace")
		for road in ("kith", "vcard3", "vcard4", "armor"):
			with open(out, "wb") as f:
				f.write(roads[road])
			self.kith("g", "import", out)
			found = self.kith("g", "show", "ada", "--json").json["fields"]
			self.assertEqual([(f["kind"], f["label"], f["value"]) for f in found], wanted, road)
			self.kith("g", "forget", "ada lovelace", "--yes")
		self.kith("g", "import", "-", stdin=roads["pocket"])
		found = self.kith("g", "show", "ada", "--json").json["fields"]
		self.assertLessEqual({(f["kind"], f["label"], f["value"]) for f in found}, set(wanted))
		# and the whole card has the markers, so that the test can fail
		self.assertIn(b"SECRET1", self.kith("h", "export", "--me").raw)
		for args in (("export", "--all", "--card", "work"), ("qr", "--identity", "--card", "work"),
				("swap", "--card", "work", "--receive-only")):
			self.kith("h", *args, status=2)
		for args in (("export", "--me", "--card", "nope"), ("qr", "--card", "nope"),
				("qr", "--pocket", "--card", "nope"), ("swap", "--card", "nope")):
			self.assertIn("you have no card", self.kith("h", *args, status=1).err)

	def test_pocket_cards_of_two_cards(self):
		self.kith("h", "card", "new", "work", "--show", "email.work")
		one = self.kith("h", "qr", "--pocket", "--card", "work").out
		two = self.kith("h", "qr", "--pocket", "--show", "email.work").out
		self.assertNotEqual(one, two)
		self.assertEqual(one, self.kith("h", "qr", "--pocket", "--card", "work").out)
		self.assertEqual(two, self.kith("h", "qr", "--pocket", "--show", "email.work").out)

	# --- whom a change reaches

	def test_who_holds_what_changes_is_said_first(self):
		self.friend("g", "Grace Hopper")
		self.friend("b", "Bob", DAY + 60)
		self.kith("h", "card", "new", "work", "--show", "email.work")
		self.kith("h", "give", "bob", "work")
		r = self.kith("h", "card", "set", "email.work=new@work.example")
		self.assertIn("2 people hold email.work (me 1, work 1), and get the change", r.err)
		self.assertIn("To undo it: kith card set 'email.work=ada@work.example'", r.err)
		r = self.kith("h", "card", "set", "tel.work=1")
		self.assertIn("1 person gets tel.work (me 1) when you meet", r.err)
		self.assertIn("To undo it: kith card unset tel.work", r.err)
		r = self.kith("h", "card", "unset", "tel.work", "email.work")
		self.assertIn("1 person holds tel.work (me 1), and loses it", r.err)
		self.assertIn("2 people hold email.work (me 1, work 1), and lose it", r.err)
		self.assertIn("kith card set 'email.work=new@work.example' 'tel.work=1'", r.err)
		r = self.kith("h", "card", "set", "org=Engines")
		self.assertNotIn("hold", r.err)
		self.assertNotIn("undo", r.err)
		self.assertEqual(self.kith("h", "card", "set", "org=It's", "--quiet").err, "")
		r = self.kith("h", "card", "set", "org=X")
		self.assertNotIn("undo", r.err)  # no quoting of it is the same in every shell
		self.kith("h", "card", "set", "org=Ünal & Co!")
		self.assertNotIn("undo", self.kith("h", "card", "set", "org=Ünal Co").err)
		self.assertIn("To undo it: kith card set 'org=Ünal Co'\n", self.kith("h", "card", "set", "org=X").err)
		r = self.kith("h", "card", "new", "work", "--show", "org,email", "--replace")
		self.assertIn("1 person gets org (work 1)", r.err)
		r = self.kith("h", "card", "set", *[f"note.{i}=x" for i in range(10)])
		self.assertIn("The same of 2 more fields", r.err)
		# nobody takes what a revoked key signs
		self.kith("h", "key", "revoke", "--now", "--yes")
		for args in (("set", "email.work=last@work.example"), ("new", "work", "--show", "org", "--replace")):
			r = self.kith("h", "card", *args)
			self.assertIn("This key is revoked", r.err)
			self.assertNotIn("when you meet", r.err)

	def test_what_they_hold_is_mine_or_nothing(self):
		self.friend("g", "Grace Hopper")
		self.assertIn("they hold your card me, revision ", self.kith("h", "show", "grace").out)
		with sqlite3.connect(self.path("h", "kith.db")) as db:
			db.execute("DELETE FROM receipt")
			db.execute("UPDATE contact SET told_at = 1777832411, told_rev = 0")
		db.close()
		self.assertIn("they hold nothing: they said so when you met on", self.kith("h", "show", "grace").out)

	def test_at_a_terminal_it_asks_before_more_is_given(self):
		self.friend("g", "Grace Hopper")
		status, screen = self.terminal("h", "card", "set", "tel.work=1",
			prompts=[(rb"gets tel.work.*\n*Do it\? \[y/N\] ", b"n\n")])
		self.assertEqual(status, 4, screen)
		self.assertIn(b"nothing was changed", screen)
		self.assertEqual(self.kith("h", "card", "--json").json["revision"], 1)
		status, screen = self.terminal("h", "card", "set", "tel.work=1",
			prompts=[(rb"Do it\? \[y/N\] ", b"y\n")])
		self.assertEqual(status, 0, screen)
		status, screen = self.terminal("h", "card", "set", "tel.fax=1", "--yes")
		self.assertEqual(status, 0, screen)
		status, screen = self.terminal("h", "card", "set", "tel.work=2")  # they have it
		self.assertEqual(status, 0, screen)
		self.assertEqual(self.kith("h", "card", "--json").json["revision"], 4)

	# --- the ledger

	def test_ledger(self):
		self.assertIn("Nobody holds", self.kith("h", "ledger").out)
		self.friend("g", "Grace Hopper")
		self.friend("b", "Bob", DAY + 60, "card")
		self.kith("h", "add", "name=Typed In")
		out = self.kith("h", "ledger").out
		self.assertRegex(out,
			r"(?m)^Bob +me, revision 1: not confirmed yet$")
		self.assertRegex(out,
			r"(?m)^Grace Hopper +me, revision 1: receipt signed by their key, 3 May 2026, FOSDEM$")
		self.assertEqual(len(out.splitlines()), 2)
		self.kith("h", "card", "set", "email.work=new@work.example")
		[line] = self.kith("h", "ledger", "grace").out.splitlines()
		self.assertIn("gets me, revision 2, when you meet", line)
		[row] = self.kith("h", "ledger", "grace", "--json").json
		self.assertEqual((row["name"], row["card"], row["revision"], row["given"],
			row["given_revision"], row["proof"], row["event"], row["at"], row["asked_back"]),
			("Grace Hopper", "me", 1, "me", 2, "receipt", "FOSDEM", "2026-05-03T18:20:11Z", None))
		self.assertRegex(row["id"], house.ID)
		self.assertEqual([(r["name"], r["proof"], r["owed"])
			for r in self.kith("h", "ledger", "--json").json],
			[("Bob", "none", True), ("Grace Hopper", "receipt", False)])
		self.assertIn('no such person or field: "nobody"', self.kith("h", "ledger", "nobody", status=3).err)
		self.assertIn("They hold nothing", self.kith("h", "ledger", "typed").out)

	def refused(self, rev):
		"""Everybody's kith has refused my cards up to that number."""
		db = sqlite3.connect(self.path("h", "kith.db"))
		db.execute("UPDATE contact SET refused = ?", (rev,))
		db.commit()
		db.close()

	def test_what_they_refused_is_not_promised(self):
		self.friend("g", "Grace Hopper")
		self.kith("h", "card", "set", "email.work=new@work.example")
		self.refused(1)
		self.assertIn("gets me, revision 2, when you meet", self.kith("h", "ledger").out)
		self.refused(2)
		words = "they refused me, revision 2: a change of your card is offered again"
		for command in (("ledger",), ("show", "grace")):
			out = self.kith("h", *command).out
			self.assertIn(words, out)
			self.assertNotIn("when you meet", out)
		[row] = self.kith("h", "ledger", "--json").json
		self.assertEqual((row["refused"], row["owed"]), (True, False))
		self.assertIn("has refused your card me as it is", self.kith("h", "give", "grace", "me").out)
		self.kith("h", "card", "set", "email.work=newer@work.example")
		self.assertIn("gets me, revision 3, when you meet", self.kith("h", "ledger").out)
		[row] = self.kith("h", "ledger", "--json").json
		self.assertFalse(row["refused"])

	def test_blocked_gets_nothing(self):
		self.friend("g", "Grace Hopper")
		self.kith("h", "card", "set", "email.work=new@work.example")
		self.kith("h", "block", "Grace Hopper", "--yes")
		for command in (("ledger",), ("show", "grace")):
			out = self.kith("h", *command).out
			self.assertIn("gets nothing while they are blocked", out)
			self.assertNotIn("when you meet", out)
		self.assertNotIn("gets the change", self.kith("h", "card", "set", "email.work=yet@work.example").err)

	def test_ledger_of_a_field(self):
		self.friend("g", "Grace Hopper")
		self.friend("b", "Bob", DAY + 60, "card")
		self.kith("h", "card", "new", "work", "--show", "email.work")
		self.kith("h", "give", "bob", "work")
		rows = self.kith("h", "ledger", "tel.home", "--json").json
		self.assertEqual([r["name"] for r in rows], ["Grace Hopper"])
		self.kith("h", "card", "set", "email.work=new@work.example")
		rows = self.kith("h", "ledger", "email.work", "--json").json
		self.assertEqual([(r["name"], r["values"], r["current"]) for r in rows],
			[("Bob", ["new@work.example"], True), ("Grace Hopper", ["ada@work.example"], False)])
		self.assertIn("they have another one: ada@work.example",
			self.kith("h", "ledger", "email").out)
		self.assertIn("Nobody holds that", self.kith("h", "ledger", "bday").out)
		self.assertEqual(len(self.kith("h", "ledger", "name", "--json").json), 2)

	def test_give(self):
		self.friend("g", "Grace Hopper")
		self.kith("h", "card", "new", "work", "--show", "email.work")
		r = self.kith("h", "give", "grace", "work")
		self.assertIn("gets your card work when you meet next", r.out)
		self.assertIn("What they have already (me, revision 1) stays", r.out)
		self.assertEqual(self.kith("h", "card", "list", "--json").json[1]["people"], 1)
		r = self.kith("h", "give", "grace", "hopper", "nothing")
		self.assertIn("gets no card of yours any more", r.out)
		self.assertIn("gets nothing more", self.kith("h", "ledger").out)
		self.assertEqual(self.kith("h", "give", "grace", "me", "--json").json["given"], "me")
		self.kith("h", "block", "Grace Hopper", "--yes")
		self.assertIn("gets your card work once you unblock them", self.kith("h", "give", "grace", "work").out)
		self.kith("h", "unblock", "grace")
		self.kith("h", "add", "name=Typed In")
		self.assertIn("no key here", self.kith("h", "give", "typed", "work", status=3).err)
		self.kith("h", "give", "grace", "nope", status=1)
		self.kith("h", "give", "grace", status=2)
		self.kith("h", "give", "grace", "work", "--ask-back", status=2)
		self.kith("h", "import", self.person("f", "From File"))
		self.assertIn("You have not met", self.kith("h", "give", "from", "work").out)

	def test_nothing_is_given(self):
		"""Both have compared, and no card goes: that is said where one looks."""
		self.seed("h", self.person("g", "Grace Hopper"), "compared", "FOSDEM", DAY, "receipt")
		hint = "none is given to them; to give one: kith give WHO CARD"
		self.assertNotIn(hint, self.kith("h", "show", "grace").out)
		self.assertEqual(self.kith("h", "show", "grace", "--json").json["given"], "me")
		self.kith("h", "give", "grace", "nothing")
		self.assertIn(hint, self.kith("h", "show", "grace").out)
		self.assertIsNone(self.kith("h", "show", "grace", "--json").json["given"])
		self.kith("h", "block", "Grace Hopper", "--yes")
		self.assertNotIn(hint, self.kith("h", "show", "grace").out)
		# by file, and compared side by side: their word is still to come
		self.kith("h", "import", self.person("f", "From File"))
		digits = self.kith("f", "card", "--json").json["fingerprint"]
		said = "Nothing of yours is given to them; to give: kith give WHO CARD."
		self.assertIn(said, self.kith("h", "compare", "from", digits).out)
		self.assertNotIn(hint, self.kith("h", "show", "from").out)
		self.kith("h", "give", "from", "me")
		self.assertNotIn(said, self.kith("h", "compare", "from", digits).out)
		self.kith("h", "add", "name=Typed In")
		self.assertNotIn("given", self.kith("h", "show", "typed", "--json").json)

	def test_ask_back(self):
		self.friend("g", "Grace Hopper")
		r = self.kith("h", "give", "grace", "nothing", "--ask-back")
		self.assertIn("That is a request", r.out)
		r = self.kith("h", "give", "grace", "nothing", "--ask-back")
		self.assertIn("your request to let go of what they have stands", r.out)
		self.assertIn("asked back on", self.kith("h", "ledger", "grace").out)
		self.assertEqual(self.kith("h", "ledger", "grace", "--json").json[0]["asked_back"], "open")
		with sqlite3.connect(self.path("h", "kith.db")) as db:
			db.execute("UPDATE takeback SET sent_at = at, answered_at = at, answer = 2")
		db.close()
		r = self.kith("h", "give", "grace", "nothing", "--ask-back")
		self.assertIn("they have said that they keep what they have, and are not asked again", r.out)
		self.assertNotIn("stands", r.out)
		self.assertNotIn("That is a request", r.out)
		r = self.kith("h", "give", "grace", "me")
		self.assertEqual(r.out, '"Grace Hopper" holds your card me already, and gets what comes after it.\n')
		self.assertIsNone(self.kith("h", "ledger", "grace", "--json").json[0]["asked_back"])
		self.kith("h", "import", self.person("f", "From File"))
		self.kith("h", "give", "from", "nothing", "--ask-back", status=1)

	def test_asked_to_let_go(self):
		"""The person's side of a question that came in a meeting (tests/unit/keep_letgo.c)."""
		self.friend("g", "Grace Hopper")
		self.friend("b", "Bob", DAY + 60)
		self.kith("h", "edit", "grace", "note=mine own")
		with sqlite3.connect(self.path("h", "kith.db")) as db:
			db.execute("INSERT INTO letgo (contact, card, at, upto) SELECT contact, card, ?, rev "
				"FROM card ORDER BY contact", (DAY,))
			db.execute("INSERT INTO news (at, kind, contact, number, text) SELECT ?, 12, contact, rev, '' "
				"FROM card", (DAY,))
		db.close()
		self.assertEqual(self.kith("h", "news", "--all").out.count("let go of a card; see kith inbox."), 2)
		items = self.kith("h", "inbox", "--json").json
		self.assertEqual([(i["kind"], i["from"]["name"]) for i in items],
			[("let-go", "Grace Hopper"), ("let-go", "Bob")])
		grace, bob = [str(i["number"]) for i in items]
		self.assertIn("asks you to let go", self.kith("h", "inbox").out)
		for number in ("4711", "4712"):
			self.assertIn(f"nothing in the inbox has the number {number}",
				self.kith("h", "inbox", "let-go", number, status=1).err)
		self.assertIn("that is a card to let go of", self.kith("h", "inbox", "accept", grace, status=2).err)
		self.kith("h", "inbox", "let-go", grace)
		told = self.kith("h", "inbox", "keep", bob, "--json").json
		self.assertEqual((str(told["number"]), told["stage"], told["from"]["name"]), (bob, "kept", "Bob"))
		self.assertIn("answered", self.kith("h", "inbox", "keep", bob, status=1).err)
		self.assertEqual(self.kith("h", "inbox", "--json").json, [])
		self.assertEqual(self.kith("h", "news", "--all").out.count("asked you to let go of a card."), 2)
		found = self.kith("h", "show", "grace", "--json").json
		self.assertEqual((found["name"], found["state"], found["fields"]),
			("Grace Hopper", "let-go", []))
		answered = self.kith("h", "inbox", "--all", "--json").json
		self.assertEqual([(str(i["number"]), i["kind"], i["stage"]) for i in answered],
			[(grace, "let-go", "gone"), (bob, "let-go", "kept")])
		out = self.kith("h", "inbox", "--all").out
		self.assertIn(f'{grace}  "Grace Hopper" asked you to let go', out)
		self.assertRegex(out, r"(?m)^  you let go of it, on ")
		self.assertRegex(out, r"(?m)^  you keep it, on ")
		self.assertIn("mine own", self.kith("h", "show", "grace").out)
		self.assertRegex(self.kith("h", "list").out, r"(?m)^Grace.*you let go of their card$")
		self.assertEqual(self.kith("h", "show", "bob", "--json").json["state"], "complete")

	def test_remove_says_who_keeps_it(self):
		self.friend("g", "Grace Hopper")
		self.kith("h", "card", "new", "work", "--show", "email.work")
		self.kith("h", "give", "grace", "work")
		for args in ((), ("--json",)):
			r = self.kith("h", "card", "remove", "WORK", *args, status=2)
			self.assertIn("1 person is given that card (Grace Hopper)", r.err)
		status, screen = self.terminal("h", "card", "remove", "work",
			prompts=[(rb"Grace Hopper.*\n*Remove it\? \[y/N\] ", b"n\n")])
		self.assertEqual(status, 4, screen)
		self.kith("h", "card", "preview", "work")
		r = self.kith("h", "card", "remove", "WORK", "--yes")
		self.assertIn("The card work is removed.", r.out)
		self.assertIn("1 person was given it, and gets none in its place: Grace Hopper.", r.out)
		self.assertIn("removed", self.kith("h", "card", "list").out)
		self.assertIn("gets nothing more", self.kith("h", "ledger", "grace").out)
		self.kith("h", "card", "new", "work", "--show", "tel")
		self.assertEqual([(c["name"], c["people"], c["removed"])
			for c in self.kith("h", "card", "list", "--json").json],
			[("me", 0, False), ("work", 0, False), ("work", 1, True)])


class Receipts(keys.Case):
	"""Receipts as the second implementation signs them."""

	def setUp(self):
		super().setUp()
		self.kith("h", "init", *MARKED)
		self.seed("h", self.person("g", "Grace Hopper"), "compared", "FOSDEM", DAY, "card")
		self.sign(1)

	def sign(self, rev, session=None):
		"""What Grace signs for that revision, put where a swap puts it."""
		grace = keys.ref.Identity(self.seed_of("g"))
		with sqlite3.connect(self.path("h", "kith.db")) as db:
			(envelope, card) = db.execute(
				"SELECT envelope, card FROM mine_card WHERE rev = ?", (rev,)).fetchone()
			(contact, th) = db.execute("SELECT contact, session FROM met").fetchone()
			th = session or th
			db.execute("INSERT INTO receipt (session, envelope_hash, contact, sig, card, rev, at, "
				"event) VALUES (?, ?, ?, ?, ?, ?, ?, 'FOSDEM')", (th, keys.ref.H("kith/1 env",
				envelope), contact, agree.receipt_sign(grace, envelope, th), card, rev, DAY))
		db.close()

	def alter(self, sql):
		with sqlite3.connect(self.path("h", "kith.db")) as db:
			db.execute(sql)
		db.close()

	def test_they_hold(self):
		self.assertEqual("me, revision 1, 3 May 2026, FOSDEM: signed by their key, holds\n",
			self.kith("h", "ledger", "grace", "--receipts").out)
		[one] = self.kith("h", "ledger", "grace", "--receipts", "--json").json
		self.assertTrue(one["holds"])
		self.assertEqual((one["card"], one["event"], one["at"]), ("me", "FOSDEM", "2026-05-03T18:20:11Z"))
		self.assertFalse(one["former_key"])
		self.assertEqual(one["key"], self.kith("g", "card", "--json").json["id"])
		self.kith("h", "ledger", "--receipts", status=2)

	def test_one_that_does_not_hold_is_told(self):
		self.kith("h", "card", "set", "org=X")
		self.sign(2, os.urandom(32))
		for sql in ("UPDATE receipt SET envelope_hash = zeroblob(32) WHERE rev = 2",
				"UPDATE receipt SET sig = zeroblob(64) WHERE rev = 2"):
			self.alter(sql)
			r = self.kith("h", "ledger", "grace", "--receipts", status=6)
			self.assertIn("1 of 2 does not hold", r.err)
			self.assertIn("revision 2, 3 May 2026, FOSDEM: does NOT hold", r.out)
			self.assertIn("revision 1, 3 May 2026, FOSDEM: signed by their key, holds", r.out)

	def test_for_somebody_else(self):
		"""Another kith, which knows neither of the two, verifies the file; whatever is changed in it is found."""
		out = self.path("receipt.json")
		r = self.kith("h", "ledger", "grace", "--export", out)
		self.assertIn("their receipt for your card me, revision 1.  The whole card is in it", r.err)
		self.assertEqual(os.stat(out).st_mode & 0o777, 0o600)
		self.kith("other", "init", "name=Other")
		r = self.kith("other", "verify", out)
		self.assertIn('a receipt for a card of "Ada Lovelace", revision 1', r.out)
		self.assertIn("signed by nobody you know", r.out)
		r = self.kith("other", "verify", out, "--json").json
		self.assertTrue(r["valid"])
		self.assertEqual(r["key"], self.kith("g", "card", "--json").json["id"])
		self.assertEqual(r["card"]["revision"], 1)
		self.assertIn("Grace Hopper", self.kith("h", "verify", out).out)
		with open(out, "rb") as f:
			text = f.read()
		self.assertEqual(self.kith("other", "verify", "-", stdin=text).out,
			self.kith("other", "verify", out).out)
		r = self.kith("other", "verify", "-", stdin=text.replace(b'"session": "', b'"session": "0'),
			status=6)
		self.assertIn("standard input: this receipt does not hold", r.err)
		# FILE_READ_MAX, and one past it, which is no receipt any more
		for size, said in ((65536, ""), (65537, "standard input is")):
			r = self.kith("other", "verify", "-", stdin=text.ljust(size), status=6 if said else 0)
			self.assertIn(said, r.err)
		self.assertIn("not a kith card", self.kith("other", "verify", "-", stdin=b'{"a": 1}',
			status=6).err)
		with open(out, encoding="ascii") as f:
			good = json.load(f)
		other = self.kith("other", "card", "--json").json["id"]
		for change in ({"key": other}, {"session": "00" * 32}, {"signature": "00" * 64},
				{"envelope": good["envelope"][:-8] + "AAAAAAAA"}, {"key": 7}, {"session": "0"},
				{"session": good["session"].upper()}, {"envelope": "!"}, {"kith_receipt": 2},
				{"kith_receipt": 0}, {"signature": None}):
			with open(out, "w", encoding="ascii") as f:
				json.dump({**good, **change}, f)
			self.assertIn("does not hold", self.kith("other", "verify", out, status=6).err)
		with open(out, "w", encoding="ascii") as f:
			f.write('{"kith_receipt": 1, "kith_receipt": 1}')
		self.kith("other", "verify", out, status=6)

	def test_which_one_is_written(self):
		self.kith("h", "card", "set", "org=X")
		self.sign(2, os.urandom(32))
		for args, rev in (((), 2), (("--revision", "1"), 1), (("--revision", "2"), 2)):
			out = self.path(f"r{rev}.json")
			self.kith("h", "ledger", "grace", "--export", out, *args)
			self.assertEqual(self.kith("h", "verify", out, "--json").json["card"]["revision"], rev)
		self.kith("h", "ledger", "grace", "--export", self.path("no"), "--revision", "3", status=1)
		self.kith("h", "ledger", "grace", "--export", self.path("no"), "--revision", "x", status=2)
		self.kith("h", "ledger", "grace", "--revision", "1", status=2)
		self.alter("UPDATE receipt SET sig = zeroblob(64)")
		self.kith("h", "ledger", "grace", "--export", self.path("no"), status=6)
		self.assertFalse(os.path.exists(self.path("no")))


if __name__ == "__main__":
	house.main()
