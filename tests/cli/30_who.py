# SPDX-License-Identifier: MIT
"""who: whom to ask, and why."""

import sqlite3

import house


class Who(house.Case):
	def setUp(self):
		super().setUp()
		self.at("2026-05-20")
		self.kith("h", "init", "name=Me")
		self.kith("h", "add", "name=Ada Lovelace", "offers=compilers and databases", "org=CERN")
		self.kith("h", "add", "name=Grace Hopper", "title=Compiler writer", "adr=1 Main St;Zürich;;;CH")
		self.kith("h", "add", "name=Bob", "note=collects stamps")

	def who(self, *words, **more):
		return self.kith("h", "who", *words, **more)

	def sql(self, *statement):
		db = sqlite3.connect(self.path("h", "kith.db"))
		with db:
			db.execute(*statement)
		db.close()

	def test_reasons(self):
		r = self.who("compilers")
		self.assertEqual(r.out, "Ada Lovelace  offers: compilers and databases\n"
			"Grace Hopper  title: Compiler writer\n")
		self.assertEqual(r.err, "")
		self.assertEqual(self.who("who", "knows", "about", "databases?").out,
			"Ada Lovelace  offers: compilers and databases\n")
		self.assertEqual(self.who("who knows about compilers in zurich?").out,
			"Grace Hopper  title: Compiler writer; adr: 1 Main St;Zürich;;;CH\n"
			"Ada Lovelace  offers: compilers and databases\n")
		self.assertEqual(self.who("grace").out, "Grace Hopper  name: Grace Hopper\n")

	def test_who_asks_is_not_asked(self):
		"""Not even the only one, and not before somebody who is farther away and offers it."""
		self.kith("h", "add", "name=Tina", "asks=tango")
		self.kith("h", "ring", "tina", "inner")
		self.who("tango", status=3)
		self.kith("h", "add", "name=Otto", "offers=tango")
		self.assertEqual(self.who("tango").out, "Otto  offers: tango\n")

	def test_who_asks_in_a_note_is_not_asked(self):
		"""The reason is what they know, though what they ask for is newer."""
		self.kith("h", "add", "name=Zed")
		self.kith("h", "note", "zed", "asks: statistics help")
		self.who("statistics", status=3)
		self.kith("h", "note", "zed", "--on", "2026-04-02", "read much about statistics once")
		self.assertEqual(self.who("statistics").out,
			"Zed  you noted in April: read much about statistics once\n")

	def test_typos(self):
		r = self.who("compliers")
		self.assertIn('Nobody has "compliers"; taken for "compilers".', r.err)
		self.assertIn("offers: compilers", r.out)
		r = self.who("ZÜRCH")
		self.assertIn('Nobody has "zurch"; taken for "zurich".', r.err)
		self.assertIn("Grace Hopper", r.out)
		r = self.who("stamps xyzzyx")
		self.assertIn('Nobody has "xyzzyx".', r.err)
		self.assertEqual(r.out, "Bob  note: collects stamps\n")

	def test_json(self):
		r = self.who("compliers stamps", "--json").json
		self.assertEqual(r["words"], [{"word": "compliers", "people": 1, "taken_for": ["compilers"]},
			{"word": "stamps", "people": 1, "taken_for": []}])
		self.assertEqual((r["people"], r["introduced"]), (2, False))
		self.assertEqual([(p["name"], p["introduced_by"], p["reasons"]) for p in r["ask"]], [
			("Ada Lovelace", None,
				[{"where": "offers", "text": "compilers and databases", "at": None}]),
			("Bob", None, [{"where": "note", "text": "collects stamps", "at": None}])])
		self.assertEqual(self.kith("h", "show", r["ask"][0]["id"], "--json").json["name"],
			"Ada Lovelace")

	def test_nobody(self):
		r = self.who("xyzzyx", status=3)
		self.assertIn('nobody here knows of "xyzzyx"', r.err)
		self.assertEqual(r.out, "")
		self.assertEqual(self.who("xyzzyx", "--json", status=3).json["ask"], [])
		self.assertIn("usage: kith who", self.who(status=2).err)
		self.who("?!", status=2)
		self.who("a", "--every", status=2)

	def test_nobody_says_what_was_looked_for(self):
		"""Without the common words around it, which nobody has to know of."""
		refusal = lambda *words: self.who(*words, status=3).err.splitlines()[0]
		self.assertEqual(refusal("who", "knows", "about", "Xyzzyx?"),
			'kith: nobody here knows of "xyzzyx", as far as you noted')
		self.assertEqual(refusal("xyzzyx or plughs in vvvvvv"),
			'kith: nobody here knows of "xyzzyx", "plughs" or "vvvvvv", as far as you noted')

	def test_nobody_but_who_was_let_go(self):
		refusal = lambda *words: self.who(*words, status=3).err.splitlines()[0]
		self.sql("UPDATE contact SET review = 3 WHERE name IN ('Ada Lovelace', 'Bob')")
		self.assertEqual(refusal("who knows about xyzzyx and databases"), 'kith: nobody here knows of '
			'"xyzzyx" or "databases", as far as you noted, but 1 person whom you let go: kith find is:let-go database')
		self.assertIn("Ada Lovelace", self.kith("h", "find", "is:let-go", "database").out)
		self.kith("h", "note", "grace", "stamps are dull")
		self.assertEqual(self.who("stamps databases").out,
			"Grace Hopper  you noted in May: stamps are dull\n")
		self.sql("UPDATE contact SET blocked = 1 WHERE name = 'Ada Lovelace'")
		self.assertTrue(refusal("databases").endswith(", as far as you noted"))

	def test_introduced(self):
		"""Nobody of mine, but somebody knows somebody."""
		for name in ("Tim", "Robert"):
			self.kith("h", "add", f"name={name}", "org=W3C")
			self.sql("UPDATE contact SET state = 2 WHERE name = ?", (name,))
			self.sql("INSERT INTO introduced (contact, introducer, words, how, at, intro, granted) SELECT "
				"row, (SELECT row FROM contact WHERE name = 'Ada Lovelace'), '', 0, 1, ?, x'00' FROM "
				"contact WHERE name = ?", (name.encode(), name))
		self.assertEqual(self.who("w3c").out,
			"Nobody of yours, but Ada Lovelace introduced you to 2 people at W3C.\n"
			"Tim     introduced by Ada Lovelace; org: W3C\n"
			"Robert  introduced by Ada Lovelace; org: W3C\n")
		self.assertEqual(self.who("robert").out,
			"Nobody of yours, but Ada Lovelace introduced you to Robert.\n"
			"Robert  introduced by Ada Lovelace; name: Robert\n")
		self.kith("h", "edit", "Tim", "org=CERN")
		self.assertEqual(self.who("w3c").out, "Nobody of yours, but Ada Lovelace introduced you to "
			"Robert at W3C.\nRobert  introduced by Ada Lovelace; org: W3C\n")
		self.kith("h", "edit", "Bob", "org=W3C")
		self.assertEqual(self.who("w3c").out, "Bob  org: W3C\n")
		r = self.who("w3c", "--json").json
		self.assertFalse(r["introduced"])

	def test_left_out(self):
		self.sql("UPDATE contact SET review = 3 WHERE name = 'Ada Lovelace'")
		self.assertEqual(self.who("compilers").out, "Grace Hopper  title: Compiler writer\n")
		self.sql("UPDATE contact SET blocked = 1 WHERE name = 'Grace Hopper'")
		self.who("compilers", status=3)

	def test_many(self):
		with open(self.path("many.vcf"), "w", encoding="utf-8") as f:
			for i in range(11):
				f.write(f"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:P {i:03}\r\nUID:p{i}\r\nNOTE:lighthouse\r\n"
					"END:VCARD\r\n")
		self.kith("h", "import", self.path("many.vcf"))
		r = self.who("lighthouse")
		self.assertEqual(len(r.out.splitlines()), 10)  # WHO_BEST
		self.assertIn("The first 10 of 11; --all shows everybody.", r.err)
		r = self.who("lighthouse", "--all")
		self.assertEqual((len(r.out.splitlines()), r.err), (11, ""))

	def test_inert(self):
		"""T17."""
		self.kith("h", "add", "name=Eve", "note=loom\x1b[31m\u202etext")
		for bad in ("\x1b", "\u202e"):
			self.assertNotIn(bad, self.who("loom").out)
			self.assertNotIn(bad, self.who(bad + "zzzzzz", status=3).err)


if __name__ == "__main__":
	house.main()
