# SPDX-License-Identifier: MIT
"""Introductions at the command line, by file from end to end: the three are never in one place."""

import contextlib
import json
import os
import shutil
import sqlite3
import tempfile

import house

WHY = "You both restore looms."


class Introduce(house.Case):
	"""Ada has compared with Bob and with Carol, who do not know each other."""

	MADE = None  # the three homes, made once

	def setUp(self):
		super().setUp()
		if not Introduce.MADE:
			self.make()
		for home in ("ada", "bob", "carol"):
			shutil.copytree(os.path.join(Introduce.MADE, home), self.path(home))

	def make(self):
		made = tempfile.mkdtemp(prefix="kith-cli-")
		self.addClassCleanup(shutil.rmtree, made)
		for home, name in (("ada", "Ada Lovelace"), ("bob", "Bob Weaver"), ("carol", "Carol Dyer")):
			self.kith(home, "init", f"name={name}", f"email={home}@example.org")
		self.befriend("ada", "bob")
		self.befriend("ada", "carol")
		for home in ("ada", "bob", "carol"):
			os.rename(self.path(home), os.path.join(made, home))
			os.unlink(self.path(home + ".kith"))
		Introduce.MADE = made

	def fingerprint(self, home):
		return self.kith(home, "card", "--json").json["fingerprint"]

	def befriend(self, one, other):
		"""Cards by file, and keys compared."""
		for giver, taker in ((one, other), (other, one)):
			self.kith(taker, "import", self.card_of(giver))
			card = self.kith(giver, "card", "--json").json
			self.kith(taker, "compare", card["id"][:12], *card["fingerprint"].split())

	def show(self, home, who):
		return self.kith(home, "show", who, "--json").json

	def inbox(self, home, *args):
		return self.kith(home, "inbox", "--json", *args).json

	def stages(self):
		(one,) = self.kith("ada", "introduce", "--json").json
		return [side["stage"] for side in one["sides"]]

	def ask(self, *args):
		"""Ada's proposals as files, taken by both."""
		self.kith("ada", "introduce", "bob", "carol", "--why", WHY, "-o", self.path("ask"), *args)
		self.kith("bob", "import", self.path("ask-1.kith"))
		self.kith("carol", "import", self.path("ask-2.kith"))

	def answer(self, home, *args):
		path = self.path(home + ".yes")
		self.kith(home, "inbox", "accept", "1", "-o", path, *args)
		return path

	def whole(self):
		self.ask()
		for home in ("bob", "carol"):
			self.kith("ada", "import", self.answer(home))
		self.kith("ada", "introduce", "bob", "carol", "-o", self.path("done"))
		self.kith("bob", "import", self.path("done-1.kith"))
		self.kith("carol", "import", self.path("done-2.kith"))

	def test_the_whole_story(self):
		r = self.kith("ada", "introduce", "bob", "carol", "--why", WHY, "-o", self.path("ask"))
		self.assertIn("neither is told who the other is", r.out)
		self.assertIn('ask-1.kith is for "Bob Weaver" alone', r.err)
		with open(self.path("ask-1.kith")) as f:
			self.assertTrue(f.read().startswith("-----BEGIN KITH INTRODUCTION-----\n"))
		r = self.kith("bob", "import", self.path("ask-1.kith"))
		self.assertEqual(r.out, 'new      "Ada Lovelace" would introduce you to somebody; answer with '
			"kith inbox\n")
		r = self.kith("bob", "inbox")
		self.assertRegex(r.out, r'^1  "Ada Lovelace" would introduce you to somebody, since .*:\n'
			r'  "You both restore looms."\n  kith inbox accept 1 .*\n  kith inbox decline 1 .*\n$')
		self.assertNotIn("Carol", r.out)
		(item,) = self.inbox("bob")
		self.assertEqual((item["number"], item["kind"], item["words"], item["stage"], item["over"],
			item["from"]["name"], item["card"]), (1, "introduction", WHY, "open", False,
			"Ada Lovelace", None))
		r = self.kith("bob", "inbox", "accept", "1", "-o", self.path("bob.yes"))
		self.assertIn('bob.yes is for "Ada Lovelace" alone\n', r.err)
		self.assertIn('"Ada Lovelace" gets your card me when you next meet', r.out)
		self.assertIn("It shows: name, email", r.out)
		self.assertEqual(self.inbox("bob")[0]["card"], "me")
		self.assertIn("said yes to your introduction", self.kith("ada", "import",
			self.path("bob.yes")).out)
		self.assertEqual(self.stages(), ["granted", "to-ask"])
		self.assertIn('"Bob Weaver" said yes\n', self.kith("ada", "introduce").out)
		# nothing of Carol goes to Bob before she has said yes
		r = self.kith("ada", "introduce", "bob", "carol", "-o", self.path("ask"))
		self.assertIn('there is nothing to hand to "Bob Weaver" now', r.err)
		self.kith("carol", "import", self.path("ask-2.kith"))
		self.kith("ada", "import", self.answer("carol"))
		self.kith("ada", "introduce", "bob", "carol", "-o", self.path("done"))
		r = self.kith("bob", "import", self.path("done-1.kith"))
		self.assertEqual(r.out,
			'new      "Carol Dyer" is here now, introduced by "Ada Lovelace"\n')
		self.kith("carol", "import", self.path("done-2.kith"))
		carol = self.show("bob", "carol")
		self.assertEqual(carol["state"], "introduced")
		self.assertEqual([m["how"] for m in carol["met"]], ["introduced"])
		(by,) = carol["introduced"]
		self.assertEqual((by["by"]["name"], by["words"], by["how"]), ("Ada Lovelace", WHY, "compared"))
		self.assertNotIn("alike", by)
		self.assertRegex(self.kith("bob", "show", "carol").out, r'introduced +by "Ada Lovelace", .*; '
			r'they say they have compared\n +"You both restore looms."\n')
		self.assertRegex(self.kith("bob", "list").out,
			r'Carol Dyer +introduced by "Ada Lovelace", not met, ')
		ada = self.kith("ada", "card", "--json").json["id"]
		news = next(n for n in self.kith("bob", "news", "--json").json if n["kind"] == "introduced")
		self.assertEqual((news["name"], news["text"], news["other"]), ("Carol Dyer",
			'"Carol Dyer" was introduced to you by "Ada Lovelace".', {"id": ada, "name": "Ada Lovelace"}))
		self.assertEqual(self.kith("bob", "inbox").out, "Nobody waits for an answer of yours.\n")
		self.assertIn("you both said yes", self.kith("bob", "inbox", "--all").out)

	def test_the_same_file_again(self):
		"""Each of the three is nothing new, and it is said so."""
		def takes(home, name, line):
			r = self.kith(home, "import", self.path(name))
			self.assertEqual(r.out, line + "\n")
			return self.kith(home, "import", self.path(name), "--json").json[0]["result"]
		self.ask()
		self.assertEqual(takes("bob", "ask-1.kith", 'same     "Ada Lovelace" would introduce you to '
			"somebody; you were asked before (kith inbox --all)"), "same")
		self.assertEqual(len(self.inbox("bob")), 1)
		yes = self.answer("bob")
		self.assertEqual(self.kith("ada", "import", yes, "--json").json[0]["result"], "new")
		self.assertEqual(takes("ada", "bob.yes", 'same     "Bob Weaver" has said yes to your '
			"introduction, as you know; kith introduce says how it stands"), "same")
		self.kith("ada", "import", self.answer("carol"))
		self.kith("ada", "introduce", "bob", "carol", "-o", self.path("done"))
		self.assertEqual(self.kith("bob", "import", self.path("done-1.kith"), "--json").json[0]["result"],
			"new")
		self.assertEqual(takes("bob", "done-1.kith", 'same     "Carol Dyer" is here already, '
			'introduced by "Ada Lovelace"'), "same")
		self.assertEqual(len(self.show("bob", "carol")["introduced"]), 1)
		# whoever is forgotten does not come back by it, and Ada has done nothing wrong
		self.kith("bob", "forget", "Carol Dyer", "--yes")
		self.assertEqual(takes("bob", "done-1.kith", 'same     "Ada Lovelace" introduced somebody whom '
			"you have forgotten since"), "same")
		self.assertNotIn("Carol", self.kith("bob", "list").out)
		self.assertNotIn("not what you had agreed", self.kith("bob", "inbox", "--all").out)

	def test_somebody_who_was_here(self):
		"""Bob had Carol's card by file meanwhile: the same person, who is now also introduced."""
		self.ask()
		for home in ("bob", "carol"):
			self.kith("ada", "import", self.answer(home))
		self.kith("ada", "introduce", "bob", "carol", "-o", self.path("done"))
		self.kith("bob", "import", self.card_of("carol"))
		self.assertEqual(self.kith("bob", "import", self.path("done-1.kith")).out,
			'updated  "Carol Dyer" was here already, and is now also introduced by "Ada Lovelace"\n')
		self.assertEqual(self.show("bob", "carol")["state"], "introduced")

	def test_compared_later(self):
		self.whole()
		self.kith("bob", "compare", "carol", *self.fingerprint("carol").split())
		carol = self.show("bob", "carol")
		self.assertEqual(carol["state"], "complete")
		self.assertEqual([m["how"] for m in carol["met"]], ["compared"])
		self.assertEqual(len(carol["introduced"]), 1)
		self.assertIn("introduced ", self.kith("bob", "show", "carol").out)

	def test_who_asked_has_another_key(self):
		"""T25: whoever moved Ada to another key gets no yes that was for the first one; it is said."""
		self.ask()
		self.kith("ada", "key", "rotate", "--yes")
		with contextlib.closing(sqlite3.connect(self.path("ada", "kith.db"))) as db:
			((rotation,),) = db.execute("SELECT bytes FROM statement WHERE contact IS NULL AND kind = 1")
		with open(self.path("rotation"), "wb") as f:
			f.write(rotation)
		self.kith("carol", "inbox", "accept", "1")
		for home in ("bob", "carol"):
			self.assertFalse(self.inbox(home)[0]["key_left"])
			self.kith(home, "import", self.path("rotation"))
			self.assertTrue(self.inbox(home)[0]["key_left"])
		for args in ((), ("-o", self.path("yes"))):
			self.assertIn("has another key now",
				self.kith("bob", "inbox", "accept", "1", *args, status=6).err)
		self.assertFalse(os.path.exists(self.path("yes")))
		for home in ("bob", "carol"):
			out = self.kith(home, "inbox").out
			self.assertIn("they have another key now than when they asked", out)
			self.assertNotIn("inbox accept", out)
			self.kith(home, "inbox", "decline", "1")
			self.assertEqual(self.inbox(home), [])

	def test_another_of_that_name(self):
		"""T18: a Carol under another key is another person, and it is said that there are two."""
		self.kith("fake", "init", "name=Carol Dyer")
		self.befriend("bob", "carol")
		self.befriend("ada", "fake")
		bob_knows = self.show("bob", "carol")["id"]
		fake = self.kith("fake", "card", "--json").json["id"]
		self.kith("ada", "introduce", "bob", fake[:12], "--why", WHY, "-o", self.path("ask"))
		self.kith("bob", "import", self.path("ask-1.kith"))
		self.kith("fake", "import", self.path("ask-2.kith"))
		for home in ("bob", "fake"):
			self.kith("ada", "import", self.answer(home))
		self.kith("ada", "introduce", "bob", fake[:12], "-o", self.path("done"))
		self.kith("bob", "import", self.path("done-1.kith"))
		self.assertEqual(self.kith("bob", "show", "carol", status=3).err.count("people match"), 1)
		shown = self.kith("bob", "show", fake[:12])
		self.assertIn("you knew somebody of that name already, " + bob_knows[:8], shown.out)
		by = self.show("bob", fake[:12])["introduced"][0]
		self.assertEqual(by["alike"]["id"], bob_knows)
		self.assertEqual(self.show("bob", bob_knows[:12])["state"], "complete")
		self.assertNotIn("introduced", self.show("bob", bob_knows[:12]))

	def test_decline(self):
		"""What was answered is news still, and asks for nothing."""
		self.ask()
		self.assertIn("proposes an introduction; see kith inbox.", self.kith("bob", "news", "--all").out)
		self.assertEqual(self.kith("bob", "inbox", "decline", "1").out, "Declined; nobody is told.\n")
		out = self.kith("bob", "news", "--all").out
		self.assertIn('"Ada Lovelace" proposed an introduction.  (', out)
		self.assertNotIn("kith inbox", out)
		self.assertEqual(self.inbox("bob"), [])
		self.assertEqual(self.inbox("bob", "--all")[0]["stage"], "no")
		self.kith("bob", "inbox", "accept", "1", status=1)
		self.kith("bob", "inbox", "decline", "1")  # nothing new
		self.assertEqual(self.stages(), ["to-ask", "to-ask"])  # a file tells Ada nothing

	def test_a_card_for_it(self):
		"""The card that is chosen is the one that goes, and nothing else of the profile."""
		self.kith("bob", "card", "set", "tel=+44 7700 900123")
		self.kith("bob", "card", "new", "looms", "--show", "email")
		self.ask()
		r = self.kith("bob", "inbox", "accept", "1", "--card", "looms", "-o", self.path("bob.yes"))
		self.assertIn("your card looms", r.out)
		self.assertIn("It shows: name, email\n", r.out)
		self.kith("bob", "inbox", "accept", "1", "--card", "nosuch", status=1)
		self.kith("ada", "import", self.path("bob.yes"))
		self.kith("ada", "import", self.answer("carol"))
		self.kith("ada", "introduce", "bob", "carol", "-o", self.path("done"))
		self.kith("carol", "import", self.path("done-2.kith"))
		self.assertEqual([f["kind"] for f in self.show("carol", "bob")["fields"]], ["name", "email"])

	def test_files_for_others(self):
		self.ask()
		r = self.kith("carol", "import", self.path("ask-1.kith"), status=6)
		self.assertIn("is for somebody else", r.err)
		self.kith("dora", "init", "name=Dora")
		self.kith("dora", "import", self.path("ask-1.kith"), status=6)
		# from one who is here, but was never compared with
		self.kith("eve", "init", "name=Eve")
		self.befriend("bob", "eve")
		self.kith("frank", "init", "name=Frank")
		self.befriend("eve", "frank")
		self.kith("frank", "import", self.card_of("bob"))
		self.kith("eve", "introduce", "frank", "bob", "--why", WHY, "-o", self.path("eve"))
		self.kith("bob", "import", self.path("eve-2.kith"))
		self.kith("bob", "forget", "Eve", "--yes")
		self.assertIn("somebody who is not here",
			self.kith("bob", "import", self.path("eve-2.kith"), status=3).err)
		self.kith("bob", "import", self.card_of("eve"))
		self.assertIn("you have not compared with them",
			self.kith("bob", "import", self.path("eve-2.kith"), status=6).err)

	def test_broken_files(self):
		self.ask()
		with open(self.path("ask-1.kith")) as f:
			text = f.read()
		lines = text.splitlines()
		lines[3] = lines[3][:10] + ("A" if lines[3][10] != "A" else "B") + lines[3][11:]
		with open(self.path("bad.kith"), "w") as f:
			f.write("\n".join(lines) + "\n")
		self.assertIn("signature does not hold", self.kith("bob", "import", self.path("bad.kith"),
			status=6).err)
		with open(self.path("quoted.kith"), "w") as f:
			f.write("Hello Bob,\n" + "".join("> " + line + "\n" for line in text.splitlines()))
		self.kith("bob", "import", self.path("quoted.kith"))
		self.assertEqual(len(self.inbox("bob")), 1)

	def test_verify(self):
		self.ask()
		r = self.kith("bob", "verify", self.path("ask-1.kith"))
		self.assertTrue(r.out.startswith(
			"a proposal to introduce somebody to another, signed, in armor\n"), r.out)
		self.assertIn("Ada Lovelace", r.out)
		o = self.kith("bob", "verify", self.path("ask-1.kith"), "--json").json
		self.assertEqual((o["introduction"], o["valid"], o["form"]), ("proposal", True, "armor"))
		r = self.kith("ada", "verify", self.answer("bob"))
		self.assertTrue(r.out.startswith("a yes to an introduction, signed, in armor\n"), r.out)

	def test_never_twice(self):
		self.ask()
		r = self.kith("ada", "introduce", "carol", "bob", "--why", WHY, status=1)
		self.assertIn("--again", r.err)
		self.kith("ada", "introduce", "carol", "bob", "--why", "Dyes, too.", "--again")
		made = self.kith("ada", "introduce", "--json").json
		self.assertEqual([m["closed"] for m in made], [True, False])
		self.assertIn("(closed: introduced anew)", self.kith("ada", "introduce").out)
		self.assertIn("that introduction of yours is over",
			self.kith("ada", "import", self.answer("bob"), status=6).err)

	def test_words(self):
		"""A name in the words would tell before anybody has said yes."""
		r = self.kith("ada", "introduce", "bob", "carol", "--why", "Carol, she dyes.", status=2)
		self.assertIn('Your words name "Carol Dyer"'.lower(), r.err.lower())
		self.kith("ada", "introduce", "bob", "carol", "--why", "BOB weaves.", status=2)
		self.assertEqual(self.kith("ada", "introduce", "--json").json, [])
		status, screen = self.terminal("ada", "introduce", "bob", "carol", "--why", "Bob weaves.",
			prompts=[(rb"go out so\? \[y/N\] ", b"n\n")])
		self.assertEqual(status, 4, screen)
		# part of another word is no name
		self.kith("ada", "introduce", "bob", "carol", "--why", "Bobbins and carols.")
		self.kith("ada", "introduce", "bob", "carol", "--why", "Bob weaves.", "--again", "--yes")
		for why in ("", "  \t", "\u200b\u202e"):
			self.assertIn("why they should know each other", self.kith("ada", "introduce", "bob",
				"carol", "--why", why, "--again", status=2).err)
		self.kith("ada", "introduce", "bob", "carol", "--why", "é" * 200, "--again")
		self.kith("ada", "introduce", "bob", "carol", "--why", "é" * 201, "--again", status=2)
		self.kith("ada", "introduce", "bob", "carol", "--why", b"\xff\xfe".decode("utf-8",
			"surrogateescape"), "--again", status=2)

	def test_short_names(self):
		"""Two letters as they are written; a script without blanks wherever it stands."""
		self.kith("jo", "init", "name=Jo 王伟")
		self.befriend("ada", "jo")
		ask = lambda why, status: self.kith("ada", "introduce", "bob", "jo", "--why", why,  # noqa: E731
			status=status)
		for why in ("Jo restores looms.", "Looms (by Jo)", "王伟会织布", "认识王伟吗"):
			self.assertIn("your words name", ask(why, 2).err)
		ask("A joint loom, jo-ho, John.", 0)

	def test_who(self):
		r = self.kith("ada", "introduce", "bob", "bob", "--why", WHY, status=2)
		self.assertIn("both are the same person", r.err)
		self.assertIn("usage: kith introduce", r.err)
		self.kith("ada", "introduce", "bob", "nobody", "--why", WHY, status=3)
		self.kith("ada", "introduce", "bob", "--why", WHY, status=2)
		self.kith("ada", "introduce", "bob", "carol", status=2)
		self.kith("ada", "introduce", "bob", "carol", "-o", self.path("x"), status=2)
		self.kith("gus", "init", "name=Gus")
		self.kith("ada", "import", self.card_of("gus"))
		self.assertIn("never compared", self.kith("ada", "introduce", "bob", "gus", "--why", WHY,
			status=1).err)
		self.kith("ada", "add", "name=Typed In")
		self.assertIn('you cannot introduce "Typed In": you have no key of theirs', self.kith("ada",
			"introduce", "bob", "typed", "--why", WHY, status=1).err)
		self.kith("ada", "block", "carol dyer", "--yes")
		self.assertIn('you cannot introduce "Carol Dyer": you have blocked them (kith unblock)',
			self.kith("ada", "introduce", "bob", "carol", "--why", WHY, status=1).err)
		self.kith("ada", "unblock", "carol")
		self.kith("bob", "key", "revoke", "-o", self.path("stick"))
		self.kith("ada", "import", self.path("stick"))
		self.assertIn('you cannot introduce "Bob Weaver": they are frozen until', self.kith("ada",
			"introduce", "bob", "carol", "--why", WHY, status=1).err)
		self.kith("ada", "introduce", "Ada", "carol", "--why", WHY, status=3)
		self.assertEqual(self.kith("ada", "introduce", "--json").json, [])
		self.assertFalse(os.path.exists(self.path("x-1.kith")))

	def test_why_it_rests(self):
		self.ask()
		says = lambda: self.kith("ada", "introduce").out  # noqa: E731
		self.assertNotIn("rests", says())
		self.kith("ada", "block", "bob weaver", "--yes")
		self.assertIn("; blocked, so it rests until kith unblock\n", says())
		self.assertIn('nothing to hand to "Carol Dyer" now: "Bob Weaver" is asked when you next meet; '
			"blocked", self.kith("ada", "introduce", "bob", "carol", "-o", self.path("x")).err)
		self.kith("ada", "unblock", "bob")
		self.assertNotIn("rests", says())
		self.kith("bob", "key", "revoke", "-o", self.path("stick"))
		self.kith("ada", "import", self.path("stick"))
		self.assertIn("; frozen, so it rests until you have compared again", says())
		self.kith("carol", "key", "rotate", "--yes")
		with sqlite3.connect(self.path("carol", "kith.db")) as db:
			(said,) = db.execute("SELECT bytes FROM statement WHERE contact IS NULL").fetchone()
		db.close()
		with open(self.path("rotate.kith"), "wb") as f:
			f.write(said)
		self.kith("ada", "import", self.path("rotate.kith"))
		self.assertIn("; has another key now, so it rests: --again with --why makes it anew\n", says())

	def test_my_own_key(self):
		"""What was made under a key that was left rests, and it is said."""
		self.ask()
		self.assertFalse(self.kith("ada", "introduce", "--json").json[0]["key_left"])
		self.kith("ada", "key", "rotate", "--yes")
		self.assertTrue(self.kith("ada", "introduce", "--json").json[0]["key_left"])
		self.assertIn("\n  you have another key now, so it rests: --again with --why makes it anew\n",
			self.kith("ada", "introduce").out)
		self.assertIn("under a key that you have left", self.kith("ada", "introduce", "bob", "carol",
			"-o", self.path("x"), status=6).err)
		self.kith("ada", "introduce", "bob", "carol", "--why", WHY, "--again")
		self.assertEqual([(m["closed"], m["key_left"]) for m in
			self.kith("ada", "introduce", "--json").json], [(True, False), (False, False)])

	def test_who_asks_is_not_heard(self):
		"""Nothing is said to one who is blocked or frozen, and the inbox does not offer it."""
		self.ask()
		self.kith("bob", "block", "ada lovelace", "--yes")
		self.assertFalse(self.inbox("bob")[0]["able"])
		out = self.kith("bob", "inbox").out
		self.assertIn("  you have blocked them, so it rests until kith unblock\n", out)
		self.assertNotIn("inbox accept", out)
		self.assertIn("nothing can be said to that now: you have blocked them",
			self.kith("bob", "inbox", "accept", "1", status=1).err)
		self.kith("bob", "unblock", "ada")
		self.assertTrue(self.inbox("bob")[0]["able"])
		self.kith("bob", "inbox", "accept", "1")
		self.kith("ada", "key", "revoke", "-o", self.path("stick"))
		for home in ("bob", "carol"):
			self.kith(home, "import", self.path("stick"))
			self.assertIn("  they are frozen, so it rests until you have compared again",
				self.kith(home, "inbox").out)
			self.kith(home, "inbox", "accept", "1", status=1)
			self.kith(home, "inbox", "decline", "1")

	def test_taken_back(self):
		"""What is said of it is true: once they have the card, it is theirs."""
		self.ask()
		self.kith("bob", "card", "new", "looms", "--show", "email")
		self.kith("bob", "inbox", "accept", "1", "--card", "looms")
		out = self.kith("bob", "inbox").out
		self.assertIn("you said yes with your card looms; they hear it when you next meet\n", out)
		self.assertIn("kith inbox accept 1 --card NAME  gives another card for it\n", out)
		self.kith("bob", "inbox", "accept", "1", "--card", "me")
		self.assertEqual(self.inbox("bob")[0]["card"], "me")
		self.assertEqual(self.kith("bob", "inbox", "decline", "1").out, "Taken back; nobody is told.\n")
		self.kith("carol", "inbox", "accept", "1")
		with contextlib.closing(sqlite3.connect(self.path("carol", "kith.db"))) as db, db:
			db.execute("UPDATE proposal SET stage = 2")  # as once they have met
		self.assertIn('"Ada Lovelace" has your card already, and may hand it on',
			self.kith("carol", "inbox", "decline", "1").out)

	def test_a_yes_without_its_file(self):
		"""The yes stands and is told, whatever becomes of the file."""
		self.ask()
		r = self.kith("bob", "inbox", "accept", "1", "-o", self.path("nowhere", "yes"), status=1)
		self.assertIn('"Ada Lovelace" gets your card me when you next meet', r.out)
		self.assertEqual(self.inbox("bob")[0]["stage"], "yes")
		self.assertIn("said yes to your introduction", self.kith("ada", "import",
			self.answer("bob")).out)

	def test_a_yes_without_the_passphrase(self):
		"""Without the key there is no file, and no yes either."""
		self.ask()
		self.kith("bob", "key", "passphrase", "--passphrase-fd", "0", stdin=b"battery staple\n")
		self.kith("bob", "inbox", "accept", "1", "-o", self.path("yes"), status=1)
		self.assertFalse(os.path.exists(self.path("yes")))
		self.assertEqual(self.inbox("bob")[0]["stage"], "open")

	def test_no_chain(self):
		self.whole()
		self.kith("dora", "init", "name=Dora")
		self.befriend("bob", "dora")
		r = self.kith("bob", "introduce", "carol", "dora", "--why", WHY, status=1)
		self.assertIn("by an introduction alone", r.err)

	def test_numbers(self):
		self.ask()
		for args in (("accept", "0"), ("accept", "x"), ("accept",), ("maybe", "1"), ("let-go", "1"),
				("keep", "1"), ("decline", "1", "--card", "me")):
			self.kith("bob", "inbox", *args, status=2)
		for word in ("accept", "decline", "let-go", "keep"):
			for number in ("2", "3"):
				self.assertIn(f"nothing in the inbox has the number {number}",
					self.kith("bob", "inbox", word, number, status=1).err)
		self.assertEqual(self.inbox("bob")[0]["stage"], "open")

	def test_forgotten(self):
		self.whole()
		self.kith("bob", "forget", "Ada Lovelace", "--yes")
		self.assertIn("introduced by somebody forgotten since", self.kith("bob", "list").out)
		self.assertIn("by somebody you have forgotten", self.kith("bob", "show", "carol").out)
		self.assertIsNone(self.show("bob", "carol")["introduced"][0]["by"])
		(news,) = self.kith("bob", "news", "--all", "--json").json
		self.assertEqual((news["text"], news["other"]), ('"Carol Dyer" was introduced to you.', None))
		self.kith("ada", "forget", "Carol Dyer", "--yes")
		self.assertEqual(self.kith("ada", "introduce", "--json").json, [])

	def test_forgotten_before_it_is_over(self):
		"""It ends with either: that is said before, and once it was done."""
		self.kith("ada", "introduce", "bob", "carol", "--why", WHY)
		status, screen = self.terminal("ada", "forget", "bob", prompts=[(rb"\[y/N\] ", b"n\n")])
		self.assertEqual(status, 4, screen)
		self.assertRegex(screen.decode(), r'your introduction +to "Carol Dyer", .*: it ends with this\r?\n')
		status, screen = self.terminal("ada", "forget", "carol", prompts=[(rb"\[y/N\] ", b"y\n")])
		self.assertRegex(screen.decode(), r'your introduction +to "Bob Weaver", .*: it ends with this\r?\n')
		self.assertIn(b'Your introduction to "Bob Weaver" has ended with that.', screen)
		self.assertEqual(self.kith("ada", "introduce", "--json").json, [])
		self.assertEqual(self.kith("ada", "forget", "Bob Weaver", "--yes").out, "Bob Weaver is forgotten.\n")

	def test_forgotten_once_it_is_over(self):
		self.whole()
		with contextlib.closing(sqlite3.connect(self.path("ada", "kith.db"))) as db, db:
			db.execute("UPDATE introduction_side SET stage = 3")  # both have said that they have it
		_, screen = self.terminal("ada", "forget", "bob", prompts=[(rb"\[y/N\] ", b"n\n")])
		self.assertRegex(screen.decode(), r'your introduction +to "Carol Dyer", .*: it is over\r?\n')
		self.assertEqual(self.kith("ada", "forget", "Bob Weaver", "--yes").out, "Bob Weaver is forgotten.\n")

	def test_inert(self):
		"""What others write cannot act on a terminal."""
		words = "\x1b[2J\u202eYou\x07 \u200bboth"
		self.kith("ada", "introduce", "bob", "carol", "--why", words, "-o", self.path("ask"))
		self.kith("bob", "import", self.path("ask-1.kith"))
		for out in (self.kith("bob", "inbox").out, self.kith("ada", "introduce").out):
			for c in "\x1b\x07\u202e\u200b":
				self.assertNotIn(c, out)
		raw = self.kith("bob", "inbox", "--json").raw
		self.assertNotIn(b"\x1b", raw)
		self.assertEqual(json.loads(raw)[0]["words"], words)


if __name__ == "__main__":
	house.main()
