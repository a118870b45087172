# SPDX-License-Identifier: MIT
"""find: one language for all that is known of people."""

import re
import sqlite3

import house


class Find(house.Case):
	def setUp(self):
		super().setUp()
		self.at("2026-05-03")
		self.kith("h", "init", "name=Me")
		ada = self.person("ada", "Ada Lovelace", "org=Analytical Engines", "offers=compilers, Rust")
		self.seed("h", ada, "compared", "FOSDEM 2026", 1777832411, "receipt")
		self.kith("h", "add", "name=Bob Barker", "org=CERN", "note=likes compilers")
		self.kith("h", "add", "name=Carol", "asks=gardens", "url=http://carol.example")

	def find(self, *query, **more):
		return self.kith("h", "find", *query, **more)

	def names(self, *query):
		return [p["name"] for p in self.find(*query, "--json").json]

	def sql(self, *statement):
		"""What no command of this test writes."""
		db = sqlite3.connect(self.path("h", "kith.db"))
		with db:
			db.execute(*statement)
		db.close()

	def test_terms(self):
		for query, names in (("compilers", ["Ada Lovelace", "Bob Barker"]),
				("COMPIL -cern", ["Ada Lovelace"]),
				("offers:rust", ["Ada Lovelace"]),
				("org:cern compilers", ["Bob Barker"]),
				("asks:garden", ["Carol"]),
				("event:fosdem", ["Ada Lovelace"]),
				("met:2026-05", ["Ada Lovelace"]),
				("met:<2026-05 is:met", []),
				("met:never", ["Bob Barker", "Carol"]),
				("is:typed -compilers", ["Carol"]),
				("is:unreviewed", ["Ada Lovelace"]),
				("ring:none", ["Ada Lovelace", "Bob Barker", "Carol"]),
				('"analytical engines"', ["Ada Lovelace"]),
				('"engines analytical"', []),
				('"http://carol"', ["Carol"])):
			if names:
				self.assertEqual(self.names(query), names, query)
			else:
				self.assertEqual(self.find(query, "--json", status=3).json, [], query)
		# as arguments of their own, and one that begins with a dash
		self.assertEqual(self.names("compilers", "-cern"), ["Ada Lovelace"])
		self.assertEqual(self.names("-compilers"), ["Carol"])

	def test_where(self):
		"""The line says where it was found, in what nobody signed, too."""
		self.assertIn("offers: compilers, Rust", self.find("rust").out)
		self.assertIn("event: FOSDEM 2026", self.find("fosdem").out)
		self.assertIn("event: FOSDEM 2026", self.find("event:fosdem").out)
		self.assertIn("org: CERN", self.find("org:cern").out)
		self.assertNotIn(": ", self.find("is:typed").out)

	def test_where_the_key_means(self):
		"""Not at another place that has the word too."""
		self.kith("h", "add", "name=Dora", "offers=flats in Bern", "org=Bern Housing", "title=Bern clerk",
			"asks=a Bern guide", "note=flats of old")
		self.kith("h", "note", "dora", "has 3 flats")
		self.kith("h", "note", "dora", "offers: a guide to flats")
		self.kith("h", "promise", "dora", "a list of flats")
		for query, place in (("note:flats", "note: \u2026a guide to flats"),
				("offers:bern", "offers: flats in Bern"),
				("offers:guide", "note: offers: a guide to flats"),
				("org:bern", "org: Bern Housing"),
				("title:bern", "title: Bern clerk"),
				("asks:bern", "asks: a Bern guide"),
				("promise:flats", "promise: a list of flats"),
				("-note:zzz org:bern", "org: Bern Housing"),
				("note:flats org:bern", "org: Bern Housing, note: \u2026a guide to flats")):
			self.assertEqual(self.shown(query), place, query)
		self.assertNotIn(": ", self.find("promise:open").out)

	def test_where_the_event_is(self):
		opera = self.person("opera", "Chlo\u00e9", "org=Op\u00e9ra de Lyon")
		self.seed("h", opera, "compared", "Opera Night", 1777832411, "receipt")
		self.kith("h", "note", "chloe", "about opera, at length")
		self.assertEqual(self.shown("event:opera"), "event: Opera Night")
		self.assertEqual(self.shown("note:opera"), "note: about opera, at length")

	def test_where_a_word_begins(self):
		"""A word inside of another is told where nothing begins so, only."""
		self.kith("h", "add", "name=Finn", "org=Canadair", "url=http://glider.example")
		self.kith("h", "note", "finn", "an Ada programmer")
		self.assertEqual(self.shown("ada org:canad"), "org: Canadair, note: an Ada programmer")
		self.assertEqual(self.shown("lider"), "url: http://glider.example")
		self.assertEqual(self.shown('"ada prog"'), "note: an Ada programmer")

	def shown(self, query):
		"""What stands behind how the only one found is known."""
		(line,) = self.find(query).out.splitlines()
		return re.search(r"  (\w+: .*?)(  |$)", line)[1]

	def test_refused(self):
		for query, sentence in (("tags:x", 'there is no "tags:" here; the keys are tag: event: ring:'),
				("http://x", "a word with a colon stands in quotation marks"),
				("is:happy", "is: is followed by one of unreviewed kept soon"),
				("met:sometimes", "met: is followed by a day"),
				("tag:", "tag: has nothing behind it"),
				('"a b', "a quotation mark has no other one behind it"),
				("x" * 4097, "a query has at most 4096 bytes"),
				("x " * 33, "a query has at most 32 terms"),
				(" ", "there is nothing to look for"),
				("-", 'there is nothing to look for in "-": a word has a letter or a digit'),
				(".", "a word has a letter or a digit"),
				('"-"', "a word has a letter or a digit"),
				("tag:-", "a word has a letter or a digit"),
				("compilers -", "a word has a letter or a digit"),
				("--every", "unknown option --every")):
			r = self.find(query, status=2)
			self.assertIn(sentence, r.err)
			self.assertIn("usage: kith find", r.err)
			self.assertEqual(r.out, "")
		self.find(status=2)
		self.find("--", status=2)
		self.assertIn("a word has a letter or a digit", self.find("--", "--", status=2).err)
		r = self.find("tag:nothing", status=3)
		self.assertIn('nobody here has "tag:nothing"', r.err)

	def test_nobody_but_who_was_let_go(self):
		"""The command that is named finds them; words that a shell might act on are not in it."""
		refusal = lambda *query: self.find(*query, status=3).err.splitlines()[0]
		self.assertEqual(refusal("gus"), 'kith: nobody here has "gus"')
		self.kith("h", "add", "name=Gus Gone", "note=it's $HOME")
		self.sql("UPDATE contact SET review = 3 WHERE name LIKE 'Gus%'")
		self.assertEqual(refusal("gus", "-cern"),
			'kith: nobody here has "gus -cern", but 1 person whom you let go: kith find is:let-go gus -cern')
		self.assertEqual(self.names("is:let-go", "gus", "-cern"), ["Gus Gone"])
		self.assertEqual(refusal('"it\'s $HOME"'),
			'kith: nobody here has ""it\'s $HOME"", but 1 person whom you let go: kith find is:let-go')
		self.kith("h", "add", "name=Gus Other")
		self.sql("UPDATE contact SET review = 3 WHERE name LIKE 'Gus%'")
		self.assertIn('but 2 people whom you let go: kith find is:let-go gus', refusal("gus"))
		self.assertEqual(refusal("gus", "is:soon"), 'kith: nobody here has "gus is:soon"')
		self.assertEqual(refusal("is:let-go", "zoe"), 'kith: nobody here has "is:let-go zoe"')
		self.assertEqual(self.find("gus", "--json", status=3).json, [])

	def test_inert(self):
		"""Case 23: nothing of a query or of what was found acts on a terminal."""
		self.kith("h", "add", "name=Eve", "note=loom\x1b[31m\u202etext")
		r = self.find("loom")
		self.assertIn("note: loom", r.out)
		for bad in ("\x1b", "\u202e"):
			self.assertNotIn(bad, r.out)
			self.assertNotIn(bad, self.find(bad + "zzz", status=3).err)
			self.assertNotIn(bad, self.find(bad + "zzz:y", status=2).err)

	def test_first_of_many(self):
		with open(self.path("many.vcf"), "w", encoding="utf-8") as f:
			for i in range(101):
				f.write(f"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:P {i:03}\r\nUID:p{i}\r\nNOTE:lighthouse\r\n"
					"END:VCARD\r\n")
		self.kith("h", "import", self.path("many.vcf"))
		r = self.find("lighthouse")
		self.assertEqual(len(r.out.splitlines()), 100)  # FIND_BEST
		self.assertIn("The first 100 of 101; --all shows everybody.", r.err)
		r = self.find("lighthouse", "--all")
		self.assertEqual((len(r.out.splitlines()), r.err), (101, ""))
		r = self.find("lighthouse -\"p 007\"")  # at the limit
		self.assertEqual((len(r.out.splitlines()), r.err), (100, ""))
		self.assertEqual(self.find("lighthouse", "--quiet").err, "")

	def test_let_go(self):
		self.sql("UPDATE contact SET review = 3 WHERE name = 'Bob Barker'")
		self.assertEqual(self.names("compilers"), ["Ada Lovelace"])
		self.assertEqual(self.names("is:let-go"), ["Bob Barker"])
		self.assertEqual(self.names("compilers is:let-go"), ["Bob Barker"])

	def test_help(self):
		out = self.kith("h", "help", "find").out
		for key in ("tag:", "event:", "ring:", "org:", "title:", "offers:", "asks:", "note:", "by:",
				"met:", "touched:", "is:", "promise:", "Examples:"):
			self.assertIn(key, out)
		self.assertEqual(self.kith("h", "find", "--help").out, out)


if __name__ == "__main__":
	house.main()
