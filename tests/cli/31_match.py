# SPDX-License-Identifier: MIT
"""Whom I can bring together, at the command line."""

import os
import shlex
import shutil
import sqlite3
import subprocess
import tempfile

import house


class Match(house.Case):
	"""Ada has compared with Bob, who offers, and with Carol, who asks; they do not know each other."""

	MADE = None  # her home, made once

	def setUp(self):
		super().setUp()
		if not Match.MADE:
			self.make()
		shutil.copytree(os.path.join(Match.MADE, "ada"), self.path("ada"))

	def make(self):
		made = tempfile.mkdtemp(prefix="kith-cli-")
		self.addClassCleanup(shutil.rmtree, made)
		self.kith("ada", "init", "name=Ada Lovelace")
		for home, name, field in (("bob", "Bob Weaver", "offers=old looms, and compilers"),
				("carol", "Carol Dyer", "asks=somebody who restores a loom")):
			self.befriend(home, name, field)
		os.rename(self.path("ada"), os.path.join(made, "ada"))
		for home in ("bob", "carol"):
			shutil.rmtree(self.path(home))
		Match.MADE = made

	def befriend(self, home, name, field):
		self.kith(home, "init", f"name={name}", field)
		self.kith("ada", "import", self.card_of(home))
		card = self.kith(home, "card", "--json").json
		self.kith("ada", "compare", card["id"][:12], *card["fingerprint"].split())

	def match(self, *args, **more):
		return self.kith("ada", "match", *args, **more)

	def note(self, who, text):
		"""As kith note does."""
		db = sqlite3.connect(self.path("ada", "kith.db"))
		with db:
			row = db.execute("INSERT INTO remark (contact, kind, at, text, fold) SELECT row, 0, 1, ?, ? "
				"FROM contact WHERE name = ?", (text, text.lower(), who)).lastrowid
			db.execute("INSERT INTO said (rowid, fold) VALUES (?, ?)", (row, text.lower()))
		db.close()

	PAIR = '"Carol Dyer" asks for "somebody who restores a loom", "Bob Weaver" offers "old looms, and compilers": looms\n'
	LINE = "kith introduce carol bob --why 'One of you is looking for this, the other offers it: looms'"

	def test_a_pair(self):
		self.assertEqual(self.match().out, f"{self.PAIR}  {self.LINE}\n")
		self.assertEqual(self.match("bob").out, f"{self.PAIR}  {self.LINE}\n")
		(pair,) = self.match("--json").json
		self.assertEqual((pair["asks"]["person"]["name"], pair["asks"]["text"], pair["asks"]["noted"]),
			("Carol Dyer", "somebody who restores a loom", False))
		self.assertEqual((pair["offers"]["person"]["name"], pair["offers"]["text"], pair["offers"]["noted"]),
			("Bob Weaver", "old looms, and compilers", False))
		self.assertEqual(pair["words"], ["looms"])
		self.assertEqual(pair["settle"], shlex.split(self.LINE))

	def test_the_line_does_it_and_the_pair_does_not_come_again(self):
		line = self.match().out.splitlines()[1].strip()
		run = subprocess.run(["sh", "-c", line.replace("kith", '"$KITH" --home "$HOME_OF_ADA"', 1)],
			env=self.env(KITH=house.KITH, HOME_OF_ADA=self.path("ada")), capture_output=True, timeout=60)
		self.assertEqual(run.returncode, 0, run.stderr)
		(made,) = self.kith("ada", "introduce", "--json").json
		self.assertEqual(made["why"], "One of you is looking for this, the other offers it: looms")
		self.assertEqual(self.match("--json").json, [])
		self.assertEqual(self.match().out,
			"No match now: nobody asks for a thing that somebody they do not know yet offers.\n")

	def test_what_i_noted_is_sent_to_nobody(self):
		"""T20: words of mine, in a note or beside a card, are in no line that is to be pasted."""
		self.note("Carol Dyer", "asks: a wombat, a quoll")
		self.kith("ada", "edit", "bob", "offers=wombat and quoll keeping")
		pairs = self.match("--json").json
		self.assertEqual([p["words"] for p in pairs], [["looms", "quoll", "wombat"]])
		self.assertEqual(pairs[0]["settle"], shlex.split(self.LINE))
		self.assertIn(self.LINE + "\n", self.match().out)
		self.befriend("eve", "Eve", "asks=a numbat")
		self.kith("ada", "edit", "bob", "offers=numbats")
		self.assertIn('"Eve" asks for "a numbat", "Bob Weaver" offers "numbats" (as you noted): numbats\n'
			"  kith introduce bob eve --why 'One of you is looking for what the other offers'\n",
			self.match("eve").out.replace("introduce eve bob", "introduce bob eve"))

	def test_me(self):
		self.kith("ada", "card", "set", "asks=compilers", "offers=restored paintings")
		out = self.match("bob").out
		self.assertIn('You ask for "compilers", "Bob Weaver" offers "old looms, and compilers": compilers\n'
			"  Ask them: kith show bob\n", out)
		self.note("Carol Dyer", "asks: paintings for a wall")
		self.assertIn('"Carol Dyer" asks for "paintings for a wall" (as you noted), you offer "restored paintings": '
			"paintings\n  Offer it: kith show carol\n", self.match("carol").out)
		mine = [p for p in self.match("--json").json if p["offers"]["person"] is None]
		self.assertEqual([(p["settle"], p["asks"]["noted"]) for p in mine], [(["kith", "show", "carol"], True)])
		self.assertEqual(self.match("--aside", "carol").out,
			'"Carol Dyer" and you do not come as a match any more.\n')
		self.assertNotIn("you offer", self.match().out)
		self.assertEqual(self.match("--again", "carol").out,
			'"Carol Dyer" and you may come as a match again.\n')
		self.assertIn("you offer", self.match().out)

	def test_the_morning_after(self):
		"""Who were at the same event come, and it is named; whoever I say know each other do not."""
		(pair,) = self.match("--json").json
		self.assertIsNone(pair["event"])
		self.kith("ada", "event", "start", "Fair")
		for who in ("bob", "carol"):
			self.kith("ada", "event", "add", "Fair", who)
		self.assertEqual(self.match().out, f'{self.PAIR[:-1]}; both were at "Fair"\n  {self.LINE}\n')
		(pair,) = self.match("--json").json
		self.assertEqual(pair["event"], "Fair")
		self.kith("ada", "relate", "bob", "carol", "met at the Fair")
		self.assertEqual(self.match("--json").json, [])

	def test_set_aside(self):
		self.assertEqual(self.match("--aside", "bob", "carol").out,
			'"Bob Weaver" and "Carol Dyer" do not come as a match any more.\n')
		self.match("--aside", "carol", "bob")
		self.assertEqual(self.match("--json").json, [])
		self.assertEqual(self.match("--again", "carol", "bob").out,
			'"Carol Dyer" and "Bob Weaver" may come as a match again.\n')
		self.assertEqual(len(self.match("--json").json), 1)

	def test_again_says_what_is_so(self):
		self.assertEqual(self.match("--again", "bob", "carol").out,
			'"Bob Weaver" and "Carol Dyer" were not set aside.\n')
		self.assertEqual(self.match("--again", "bob").out, '"Bob Weaver" and you were not set aside.\n')
		self.kith("ada", "relate", "carol", "bob", "sisters")
		still = "but do not come as a match: they know each other already, as kith relate shows.\n"
		self.assertEqual(self.match("--again", "bob", "carol").out,
			f'"Bob Weaver" and "Carol Dyer" are not set aside, {still}')
		self.match("--aside", "carol", "bob")
		self.assertEqual(self.match("--again", "bob", "carol").out,
			f'"Bob Weaver" and "Carol Dyer" are not set aside any more, {still}')
		self.kith("ada", "relate", "carol", "bob", "--remove")
		self.kith("ada", "introduce", "carol", "bob", "--why", "looms")
		self.assertIn("you have introduced them already", self.match("--again", "bob", "carol").out)
		self.kith("ada", "block", "Bob Weaver", "--yes")
		self.assertIn("one of them is blocked", self.match("--again", "carol", "bob").out)
		self.assertIn("one of them is blocked", self.match("--again", "bob").out)
		self.kith("ada", "review", "--json", stdin=b'{"who": "carol", "decide": "let-go"}\n')
		self.assertIn("you have let go of one of them", self.match("--again", "carol").out)

	def test_the_same_as_json(self):
		bob, carol = (self.kith("ada", "show", who, "--json").json["id"] for who in ("bob", "carol"))
		self.assertEqual(self.match("--aside", "bob", "carol", "--json").json,
			{"a": bob, "b": carol, "aside": True})
		self.assertEqual(self.match("--aside", "bob", "--json").json, {"a": bob, "b": None, "aside": True})
		again = {"a": bob, "b": carol, "aside": False, "was_aside": True, "why_not": None}
		self.assertEqual(self.match("--again", "bob", "carol", "--json").json, again)
		self.kith("ada", "relate", "carol", "bob", "sisters")
		self.assertEqual(self.match("--again", "bob", "carol", "--json").json,
			{**again, "was_aside": False, "why_not": "related"})

	def test_how_to_set_aside_is_told_once(self):
		told = "kith match --aside WHO WHO sets a pair aside: it does not come again.\n"
		self.kith("ada", "add", "name=Dan", "asks=compilers")
		self.assertEqual(self.match().err, told)
		for more in (("--quiet",), ("--json",)):
			self.assertEqual(self.match(*more).err, "")
		self.match("--aside", "bob", "carol")
		self.match("--aside", "bob", "dan")
		self.assertEqual(self.match().err, "")

	def test_one_card_does_not_fill_the_list(self):
		"""Of one person three pairs are told, and the others where I ask for them."""
		told = "Of one person at most 3 are told here; kith match WHO tells those of WHO.\n"
		self.match("--aside", "bob", "carol")
		for i in range(3):
			self.kith("ada", "add", f"name=Dan{i}", f"asks=thing{i}")
		self.kith("ada", "add", "name=Eager", "offers=thing0 thing1 thing2 thing3")
		self.assertEqual(len(self.match("--json").json), 3)
		self.assertNotIn(told, self.match().err)
		self.kith("ada", "add", "name=Dan3", "asks=thing3")
		self.assertEqual([p["offers"]["person"]["name"] for p in self.match("--json").json], ["Eager"] * 3)
		self.assertIn(told, self.match().err)
		self.assertEqual(len(self.match("eager", "--json").json), 4)
		self.assertNotIn(told, self.match("eager").err)
		self.assertEqual(len(self.match("dan3", "--json").json), 1)

	def test_whom_kith_cannot_introduce(self):
		"""The words are told, but no line that would be refused."""
		self.kith("ada", "add", "name=Dan", "asks=compilers")
		self.assertIn('"Dan" asks for "compilers" (as you noted), "Bob Weaver" offers "old looms, and compilers": compilers\n'
			"  Tell them yourself: an introduction by kith needs that you have compared with both "
			"(kith swap, kith compare)\n", self.match("dan").out)
		self.assertEqual(self.match("dan", "--json").json[0]["settle"], [])

	def test_wrong_usage(self):
		self.match("nobody", status=3)
		self.match("bob", "carol", status=2)
		self.match("--aside", status=2)
		self.match("--aside", "bob", "bob", status=2)
		self.match("--aside", "--again", "bob", "carol", status=2)
		self.match("--again", "bob", "nobody", status=3)
		self.match("--aside", "bob", "carol", "carol", status=2)

	def test_texts_of_others_do_nothing(self):
		"""T17: neither to the screen nor to the shell into which the line is pasted."""
		self.befriend("eve", "Eve", "asks=$(touch x) 'quoted' \u202e`id` silk")
		self.befriend("fox", "Fox", "offers=quoted\u202e touch id silk; rm -rf x")
		out = self.match("fox").out
		self.assertNotIn("\u202e", out)
		lines = [line for line in out.splitlines() if line.startswith("  kith introduce")]
		self.assertEqual(len(lines), 1)
		words = shlex.split(lines[0])
		self.assertEqual(words[:5], ["kith", "introduce", "eve", "fox", "--why"])
		self.assertEqual(len(words), 6)
		self.assertNotRegex(lines[0].replace(" 'One of you", " ").removesuffix("'"), r"['\"\\!`$]")
		self.assertRegex(words[5], r"^One of you is looking for this, the other offers it: [a-z]+(, [a-z]+)*$")


if __name__ == "__main__":
	house.main()
