# SPDX-License-Identifier: MIT
"""list, show, find, forget: people who were met in the ways there are."""

import json
import sqlite3

import house

MAY = 1777832411  # 2026-05-03T18:20:11Z


class People(house.Case):
	def setUp(self):
		super().setUp()
		self.kith("h", "init", "name=Me Myself")
		self.ada = self.person("ada", "Ada Lovelace", "email.work=ada@example.org",
			"org=Analytical Engines", "note=likes punched cards")
		self.adam = self.person("adam", "Adam Smith", "org=Glasgow")
		self.zoe = self.person("zoe", "Zoë Ångström")
		self.bob = self.person("bob", "Bob")

	def meet_all(self):
		self.seed("h", self.ada, "compared", "FOSDEM", MAY, "receipt")
		self.seed("h", self.adam, "unattended", "", MAY + 86400, "card")
		self.seed("h", self.zoe, "scanned", "a bar", MAY, "confirm")
		self.kith("h", "import", self.bob)

	def test_empty(self):
		self.assertEqual(self.kith("h", "list").out, "")
		self.assertEqual(self.kith("h", "list", "--json").json, [])

	def test_list(self):
		self.meet_all()
		lines = self.kith("h", "list").out.splitlines()
		self.assertEqual([line.split("  ")[0] for line in lines],
			["Ada Lovelace", "Adam Smith", "Bob", "Zoë Ångström"])
		self.assertRegex(lines[0],
			"^Ada Lovelace  Analytical Engines  compared face to face, "
			"3 May 2026, FOSDEM$")
		self.assertRegex(lines[1],
			"^Adam Smith    Glasgow             swapped without comparing, 4 May 2026$")
		self.assertRegex(lines[2], r"^Bob  .* from a file, not compared, \d+ \w+ 20\d\d$")
		self.assertRegex(lines[3],
			r"^Zoë Ångström  +scanned face to face, 3 May 2026, a bar  +"
			r"their card has not come yet$")

	def test_list_json(self):
		self.meet_all()
		people = {p["name"]: p for p in self.kith("h", "--json", "list").json}
		ada = people["Ada Lovelace"]
		self.assertEqual(set(ada),
			{"id", "name", "revision", "state", "delivered", "given", "fields", "met"})
		self.assertRegex(ada["id"], house.ID)
		self.assertEqual((ada["revision"], ada["state"], ada["delivered"]),
			(1, "complete", True))
		self.assertIn({"kind": "email", "label": "work", "value": "ada@example.org"},
			ada["fields"])
		self.assertEqual(ada["met"], [
			{"at": "2026-05-03T18:20:11Z", "event": "FOSDEM", "how": "compared"}])
		self.assertFalse(people["Adam Smith"]["delivered"])
		self.assertEqual(people["Adam Smith"]["met"][0]["how"], "unattended")
		zoe = people["Zoë Ångström"]
		self.assertEqual((zoe["state"], zoe["fields"]), ("pending", []))
		self.assertNotIn("revision", zoe)
		self.assertEqual([m["how"] for m in people["Bob"]["met"]], ["file"])

	def test_json_of_many_is_cut_short_where_one_is_damaged(self):
		"""One after the other is written: what went out before stays open, so nobody takes it for all."""
		self.meet_all()
		for words in (("list", "--all"), ("find", "a")):
			whole = self.kith("h", *words, "--json")
			self.assertEqual(whole.out, json.dumps(whole.json, ensure_ascii=False, separators=(",", ":")) + "\n")
		db = sqlite3.connect(self.path("h", "kith.db"))
		with db:
			db.execute("UPDATE card SET envelope = x'c0' WHERE contact = (SELECT row FROM contact WHERE name = 'Adam Smith')")
		db.close()
		out = self.kith("h", "list", "--json", status=7).out
		self.assertTrue(out.startswith('[{"id":'), out)
		self.assertNotIn("]}]", out)
		with self.assertRaises(ValueError):
			json.loads(out)

	def test_gives_no_card(self):
		self.seed("h", self.bob, "compared", "", MAY, "silent")
		self.assertIn("gives no card", self.kith("h", "list").out)

	def test_show(self):
		self.meet_all()
		out = self.kith("h", "show", "ada", "love").out
		for words in ("name                  Ada Lovelace",
				"known                 compared face to face, 3 May 2026, FOSDEM",
				"email, work           ada@example.org",
				"org                   Analytical",
				"revision              1, signed", "fingerprint           "):
			self.assertIn(words, out)
		self.assertNotIn("no receipt", out)
		self.assertIn("no receipt for a card of yours", self.kith("h", "show", "adam").out)
		out = self.kith("h", "show", "zoe angstrom").out
		self.assertIn("their card has not come yet", out)
		self.assertIn("their word for it has not come", out)
		self.assertEqual(self.kith("h", "show", "ADA@example.org", "--json").json["name"],
			"Ada Lovelace")
		self.assertNotIn("✓", out)

	def test_every_meeting(self):
		self.seed("h", self.ada, "unattended", "FOSDEM", MAY, "card")
		self.seed("h", self.ada, "compared", "Bletchley", MAY + 10 * 86400, "card")
		out = self.kith("h", "show", "ada").out
		self.assertLess(out.index("swapped without comparing, 3 May 2026, FOSDEM"),
			out.index("compared face to face, 13 May 2026, Bletchley"))
		self.assertEqual(len(self.kith("h", "show", "ada", "--json").json["met"]), 2)

	def test_who(self):
		self.meet_all()
		ids = {p["name"]: p["id"] for p in self.kith("h", "list", "--json").json}
		self.assertIn("Zoë", self.kith("h", "show", ids["Zoë Ångström"][:8].lower()).out)
		r = self.kith("h", "show", "ad", status=3)
		self.assertIn("2 people match", r.err)
		for name in ("Ada Lovelace", "Adam Smith"):
			self.assertIn(name, r.err)
			self.assertRegex(r.err, ids[name][:4])
		self.assertEqual(r.out, "")
		r = self.kith("h", "show", "ad", "--json", status=3)
		self.assertEqual([p["name"] for p in r.json], ["Ada Lovelace", "Adam Smith"])
		r = self.kith("h", "show", "carol", status=3)
		self.assertIn('nobody here is called "carol"', r.err)
		self.kith("h", "show", "", status=3)
		self.kith("h", "show", status=2)
		self.kith("h", "show", "Ada Lovelace")

	def test_find(self):
		self.meet_all()
		self.assertIn("Ada", self.kith("h", "find", "PUNCHED", "fosdem").out)
		self.assertIn("Zoë", self.kith("h", "find", "angstrom").out)
		self.assertEqual([p["name"] for p in self.kith("h", "find", "glasgow",
			"--json").json],
			["Adam Smith"])
		r = self.kith("h", "find", "punched glasgow", status=3)
		self.assertIn("nobody here has", r.err)
		self.assertEqual(self.kith("h", "find", "carol", "--json", status=3).json, [])
		self.kith("h", "find", status=2)
		self.kith("h", "find", "--", "--json", status=3)

	def test_forget_without_a_terminal(self):
		self.meet_all()
		r = self.kith("h", "forget", "bob", status=2)
		self.assertIn("--yes", r.err)
		self.assertIn("Bob", self.kith("h", "list").out)
		self.assertIn("Bob is forgotten", self.kith("h", "forget", "bob", "--yes").out)
		self.assertNotIn("Bob", self.kith("h", "list").out)
		self.kith("h", "forget", "bob", "--yes", status=3)
		self.kith("h", "forget", "ad", "--yes", status=3)
		self.kith("h", "forget", "ada", "love", "--yes", status=2)  # a beginning, unseen
		self.assertEqual(len(self.kith("h", "list", "--json").json), 3)
		self.assertEqual(self.kith("h", "forget", "ada", "lovelace", "-y",
			"--json").json["name"],
			"Ada Lovelace")
		self.kith("h", "forget", "--yes", status=2)

	def test_forget_at_a_terminal(self):
		self.meet_all()
		for answer in (b"\n", b"n\n", b"yesterday\n", b"\x04"):
			status, screen = self.terminal("h", "forget", "ada l",
				prompts=[(rb"\[y/N\] ", answer)])
			self.assertEqual(status, 4, screen)
			self.assertIn(b"compared face to face, 3 May 2026, FOSDEM", screen)
			self.assertIn(b"ada@example.org", screen)
			self.assertIn(b"nothing was forgotten", screen)
		self.assertIn("Ada", self.kith("h", "list").out)
		status, screen = self.terminal("h", "forget", "ada l",
			prompts=[(rb"\[y/N\] ", b"Y\n")])
		self.assertEqual(status, 0, screen)
		self.assertNotIn("Ada L", self.kith("h", "list").out)

	def test_screen(self):
		self.meet_all()
		_, screen = self.terminal("h", "list", size=(24, 100))
		self.assertIn(b"\x1b[1mNAME", screen)
		for off in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
			_, screen = self.terminal("h", "list", env=off)
			self.assertIn(b"NAME", screen)
			self.assertNotIn(b"\x1b", screen)
		_, screen = self.terminal("h", "list", "--no-color")
		self.assertNotIn(b"\x1b", screen)
		_, screen = self.terminal("h", "list", env={"NO_COLOR": ""})
		self.assertIn(b"\x1b[1m", screen)
		self.assertNotIn("\x1b", self.kith("h", "list").out)
		self.assertNotIn("NAME", self.kith("h", "list").out)

	def test_damaged_store(self):
		with open(self.path("h", "kith.db"), "r+b") as f:
			f.write(b"not a database at all")
		for command in (["list"], ["card"], ["show", "x"], ["card", "set", "note=x"]):
			self.kith("h", *command, status=7)


if __name__ == "__main__":
	house.main()
