# SPDX-License-Identifier: MIT
"""note, tag, ring, touch, snooze, promise, relate, what show says of them, and that no export carries it."""

import contextlib
import os
import re
import sqlite3
import subprocess

import house

MAY = 1777832411  # 2026-05-03T18:20:11Z
NOTE_MAX = 16384
TAG_MAX = 64
TAGS_OF_MAX = 64
RINGS_MAX = 16
RING_ROOM_MAX = 100000
RHYTHM_MAX = 3650
RELATION_MAX = 1024
REMEMBERED = {"tags", "ring", "touched", "touched_by", "snoozed", "notes", "promises", "relations", "review"}


class Base(house.Case):
	def setUp(self):
		super().setUp()
		self.at("2026-05-03")
		self.kith("h", "init", "name=Me Myself", "email=me@example.org")
		for name in ("Ada Lovelace", "Grace Hopper", "Bob"):
			self.kith("h", "add", f"name={name}")

	def run_json(self, *args, **more):
		return self.kith("h", *args, "--json", **more).json

	def out(self, *args, **more):
		return self.kith("h", *args, **more).out

	def refused(self, status, words, *args, **more):
		r = self.kith("h", *args, status=status, **more)
		self.assertIn(words, r.err)
		self.assertEqual(r.out, "")

	def show(self, who):
		return self.run_json("show", who)

	def let_go(self, who):
		"""As kith review does."""
		row = self.sql("UPDATE contact SET review = 3, reviewed_at = 1, letgo_used = 0 "
			f"WHERE name = '{who}' RETURNING row")
		self.assertEqual(len(row), 1)

	def sql(self, statement):
		done = subprocess.run(["sqlite3", self.path("h", "kith.db"), statement], check=True,
			capture_output=True, text=True, timeout=60)
		return done.stdout.splitlines()

	def editor(self, script):
		path = self.path("editor.py")
		with open(path, "w", encoding="utf-8") as f:
			f.write("import sys\nt = open(sys.argv[1]).read()\n" + script +
				"\nopen(sys.argv[1], 'w').write(t)\n")
		return {"EDITOR": f"python3 {path}"}


class Note(Base):
	def test_written_listed_changed_removed(self):
		self.assertEqual(self.out("note", "ada", "knows", "LLVM"),
			'Note 1 about "Ada Lovelace" is kept.\n')
		self.out("note", "ada", "--on", "yesterday", "at the pier")
		self.assertEqual(self.out("note", "ada"),
			"note 2                2 May 2026: at the pier\n"
			"note 1                3 May 2026: knows LLVM\n")
		self.assertEqual(self.run_json("note", "ada"), [
			{"number": 2, "kind": "note", "at": "2026-05-02T12:00:00Z", "text": "at the pier"},
			{"number": 1, "kind": "note", "at": "2026-05-03T12:00:00Z", "text": "knows LLVM"}])
		self.at("2026-05-04")
		self.assertEqual(self.out("note", "--change", "1", "knows", "LLVM and GCC"),
			'Note 1 about "Ada Lovelace" is changed.\n')
		self.assertEqual(self.run_json("note", "ada")[1], {"number": 1, "kind": "note",
			"at": "2026-05-03T12:00:00Z", "edited": "2026-05-04T12:00:00Z",
			"text": "knows LLVM and GCC"})
		self.out("note", "--change", "1", "--on", "2026-05-01")
		self.assertEqual([(n["number"], n["at"], n["text"]) for n in self.run_json("note", "ada")],
			[(1, "2026-05-01T12:00:00Z", "knows LLVM and GCC"),
			(2, "2026-05-02T12:00:00Z", "at the pier")])
		self.assertEqual(self.run_json("note", "--remove", "2")["text"], "at the pier")
		self.refused(1, "there is no note 2", "note", "--remove", "2")
		self.refused(1, "there is no note 2", "note", "--change", "2", "x")
		self.assertEqual([n["number"] for n in self.run_json("note", "ada")], [1])
		self.assertEqual(self.out("note", "bob"), 'There is no note about "Bob".\n')
		self.assertEqual(self.run_json("note", "bob"), [])

	def test_removed_is_overwritten(self):
		self.out("note", "ada", "Xyzzyplugh")
		self.out("note", "--remove", "1")
		for name, data in self.tree("h").items():
			self.assertFalse(b"yzzyplugh" in data.lower(), name)

	def test_standard_input(self):
		self.out("note", "ada", "-", stdin="one\n\ttwo: ∑\n\n".encode())
		self.assertEqual(self.run_json("note", "ada")[0]["text"], "one\n\ttwo: ∑")
		self.assertEqual(self.out("note", "ada"),
			"note 1                3 May 2026: one\n                      two: ∑\n")
		self.out("note", "ada", "--", "-5", "degrees", "--json")
		self.assertEqual(self.run_json("note", "ada")[1]["text"], "-5 degrees --json")

	def test_words_that_cannot_be_seen(self):
		for args in (["note", "ada", ""], ["note", "ada", " \u200b "], ["note", "--change", "1", ""]):
			if "--change" in args:
				self.out("note", "ada", "there")
			self.refused(2, "a note needs words that can be seen", *args)
		self.refused(6, "that is no text (UTF-8)", "note", "ada", "-", stdin=b"\xff\xfe")
		self.assertEqual([n["text"] for n in self.run_json("note", "ada")], ["there"])

	def test_size(self):
		"""NOTE_MAX, and one past it, in each way in."""
		most = "x" * NOTE_MAX
		self.out("note", "ada", most)
		self.out("note", "ada", "-", stdin=most.encode() + b"\n")
		self.out("note", "--change", "1", "é" * (NOTE_MAX // 2))
		self.refused(2, "16384 bytes", "note", "ada", most + "x")
		self.refused(2, "16384 bytes", "note", "ada", "-", stdin=most.encode() + b"x")
		self.refused(2, "16384 bytes", "note", "--change", "1", "é" * (NOTE_MAX // 2) + "x")
		self.out("touch", "ada", most)
		self.refused(2, "16384 bytes", "touch", "ada", most + "x")
		self.out("promise", "ada", most)
		self.refused(2, "16384 bytes", "promise", "ada", most + "x")
		self.refused(2, "16384 bytes", "promise", "change", "1", most + "x")
		self.assertEqual([len(n["text"].encode()) for n in self.run_json("note", "ada")],
			[NOTE_MAX] * 3)

	def test_inert(self):
		"""What would act on a terminal does nothing there, and is kept (T17)."""
		text = "a\x1b[31mred \u202eback\nnext\x07"
		self.out("note", "ada", "-", stdin=text.encode())
		out = self.kith("h", "note", "ada").raw
		self.assertNotIn(b"\x1b", out)
		self.assertNotIn("\u202e".encode(), out)
		self.assertNotIn(b"\x07", out)
		self.assertEqual(out.count(b"\n"), 2)
		raw = self.kith("h", "note", "ada", "--json")
		self.assertNotIn("\u202e".encode(), raw.raw)
		self.assertEqual(raw.json[0]["text"], text)

	def test_in_an_editor(self):
		env = self.editor("assert t == ''; t = 'first\\nsecond\\n'")
		self.assertIn("is kept", self.out("note", "ada", "--edit", env=env))
		self.assertEqual(self.run_json("note", "ada")[0]["text"], "first\nsecond")
		env = self.editor("t = t.replace('first', 'FIRST')")
		self.assertIn("is changed", self.out("note", "ada", "--edit", "1", env=env))
		self.assertEqual(self.run_json("note", "ada")[0]["text"], "FIRST\nsecond")
		# nothing written is nothing kept, and no file is left
		r = self.kith("h", "note", "ada", "--edit", env=self.editor("t = '\\n'"))
		self.assertIn("Nothing was written", r.err)
		self.assertEqual([n for n in os.listdir(self.path("h")) if n.startswith("note-")], [])
		self.refused(2, "is about \"Ada Lovelace\"", "note", "bob", "--edit", "1", env=env)
		self.refused(2, "name an editor", "note", "ada", "--edit")
		# what cannot be taken is kept, 0600, and gone on with
		r = self.kith("h", "note", "ada", "--edit", status=2,
			env=self.editor(f"t = 'x' * {NOTE_MAX + 1}"))
		self.assertIn("Your text is kept", r.err)
		kept = [n for n in os.listdir(self.path("h")) if n.startswith("note-")]
		self.assertEqual(len(kept), 1)
		self.assertEqual(os.stat(self.path("h", kept[0])).st_mode & 0o777, 0o600)
		r = self.kith("h", "note", "ada", "--edit", env=self.editor("t = t[1:]"))
		self.assertIn("goes on with it", r.err)
		self.assertEqual(len(self.run_json("note", "ada")[1]["text"]), NOTE_MAX)

	def test_what_an_editor_left_goes_with_the_person(self):
		"""However they are forgotten; and with the note.  Of others it stays."""
		def left():
			return sorted(n for n in os.listdir(self.path("h")) if n.startswith("note-"))

		def leave(*note):
			before = left()
			self.kith("h", "note", *note, "--edit", status=2, env=self.editor(f"t = 'x' * {NOTE_MAX + 1}"))
			(name,) = set(left()) - set(before)
			return name

		self.out("note", "ada", "old")
		of_ada, of_bob = leave("ada"), leave("bob")
		changed = self.editor(f"t = 'x' * {NOTE_MAX + 1}")
		self.kith("h", "note", "ada", "--edit", "1", status=2, env=changed)
		self.assertEqual(left(), sorted([of_ada, of_bob, "note-1.txt"]))
		held = open(self.path("h", of_ada), "rb")
		self.addCleanup(held.close)
		self.out("note", "--remove", "1")
		self.assertEqual(left(), sorted([of_ada, of_bob]))
		self.out("forget", "Ada Lovelace", "--yes")
		self.assertEqual(left(), [of_bob])
		self.assertEqual(set(held.read()), {0})

	def test_changed_by_another_kith_meanwhile(self):
		self.out("note", "ada", "before")
		env = self.editor("import subprocess\nsubprocess.run("
			f"[{house.KITH!r}, '--home', {self.path('h')!r}, 'note', '--quiet', '--change', '1', 'theirs'], "
			"check=True)\nt = 'mine'")
		self.refused(6, "another kith has changed note 1", "note", "ada", "--edit", "1", env=env)
		self.assertEqual(self.run_json("note", "ada")[0]["text"], "theirs")

	def test_wrong_usage(self):
		for args in ([], ["--edit"], ["--change", "1"], ["--remove", "1", "ada"],
				["--remove", "x"], ["--remove", "0"], ["--remove", "-1"], ["ada", "--on", "2026-05-02"],
				["ada", "--edit", "1", "2"], ["--edit", "--remove", "1"], ["ada", "x", "--nonsense"],
				["ada", "x", "--on", "2026-05-04"], ["ada", "x", "--on", "2026-02-30"],
				["--remove", "99999999999999999999"]):
			self.kith("h", "note", *args, status=2)
		self.kith("h", "note", "nobody", "x", status=3)
		self.assertEqual(self.run_json("note", "ada"), [])


class Tag(Base):
	def test_on_and_off(self):
		self.assertEqual(self.out("tag", "ada", "+navy", "compilers", "Zürich"),
			'"Ada Lovelace": compilers, navy, Zürich\n')
		self.assertEqual(self.out("tag", "ada", "-navy", "-nothing", "+c"),
			'"Ada Lovelace": c, compilers, Zürich\n')
		self.assertEqual(self.out("tag", "ada"), '"Ada Lovelace": c, compilers, Zürich\n')
		self.out("tag", "grace", "COMPILERS", "--", "-q", "q")
		self.assertEqual(self.run_json("tag", "grace")["tags"], ["COMPILERS", "q"])
		self.out("tag", "grace", "--", "-q")
		self.assertEqual(self.run_json("tag", "grace")["tags"], ["COMPILERS"])
		self.assertEqual(self.run_json("tag"), [{"tag": "c", "people": 1},
			{"tag": "COMPILERS", "people": 2}, {"tag": "Zürich", "people": 1}])
		self.assertEqual(self.out("tag").splitlines()[1], "COMPILERS             2")
		self.out("tag", "grace", "-zurich", "-compilers")
		self.assertEqual(self.out("tag", "grace"), '"Grace Hopper" has no tag.\n')
		self.assertEqual(self.kith("h", "find", "zurich", "--json").json[0]["name"], "Ada Lovelace")

	def test_all_or_nothing(self):
		self.out("tag", "ada", "kept")
		for wrong in ("two words", "+", "-", "", "a:b", "++a", "--a", "a\u202eb", "x" * (TAG_MAX + 1)):
			r = self.kith("h", "tag", "ada", "+new", "-kept", wrong, status=2)
			self.assertIn("is no tag", r.err)
		self.assertEqual(self.run_json("tag", "ada")["tags"], ["kept"])
		self.out("tag", "ada", "x" * TAG_MAX)

	def test_most(self):
		"""TAGS_OF_MAX and one past it; what goes makes room in the same command."""
		self.out("tag", "ada", *[f"t{i}" for i in range(TAGS_OF_MAX)])
		r = self.kith("h", "tag", "ada", "more", status=1)
		self.assertIn("more than 64 tags; nothing was changed", r.err)
		self.out("tag", "ada", "more", "-t0")
		self.assertEqual(len(self.run_json("tag", "ada")["tags"]), TAGS_OF_MAX)

	def test_usage(self):
		self.kith("h", "tag", "-a", status=2)
		self.kith("h", "tag", "nobody", "+a", status=3)
		self.assertEqual(self.run_json("tag"), [])
		self.assertEqual(self.out("tag"), "There is no tag yet.\n")


class Ring(Base):
	def test_rings_at_first(self):
		self.assertEqual(self.out("ring"), "inner         0 of 15  every 4 weeks\n"
			"middle        0 of 40  every 12 weeks\nouter         0 of 150  every year\n")
		self.assertEqual(self.run_json("ring")[1],
			{"name": "middle", "place": 2, "room": 40, "people": 0, "rhythm": 84})

	def test_moved(self):
		self.assertEqual(self.out("ring", "ada", "INNER"), '"Ada Lovelace" is in inner.\n')
		self.assertEqual(self.show("ada")["ring"],
			{"name": "inner", "since": "2026-05-03T12:00:00Z", "rhythm": 28})
		self.at("2026-05-04")
		self.out("ring", "ada", "inner")  # there already: since then
		self.assertEqual(self.show("ada")["ring"]["since"], "2026-05-03T12:00:00Z")
		self.assertEqual(self.run_json("ring", "ada", "none")["ring"], None)
		self.assertEqual(self.show("ada")["ring"], None)
		self.refused(1, 'there is no ring "far"', "ring", "ada", "far")
		self.kith("h", "ring", "nobody", "inner", status=3)

	def test_full(self):
		"""A ring takes as many as it has room for; one more says who moves out, or moves nobody."""
		self.out("ring", "set", "inner", "--room", "1")
		self.out("ring", "ada", "inner")
		self.refused(1, "inner is full: it has room for 1; say who moves out with --out WHO",
			"ring", "bob", "inner")
		self.refused(2, '"Grace Hopper" is not in inner', "ring", "bob", "inner", "--out", "grace")
		self.refused(2, "in and out at once", "ring", "ada", "inner", "--out", "ada")
		self.assertEqual([m["name"] for m in self.run_json("ring", "show", "inner")["members"]],
			["Ada Lovelace"])
		self.assertEqual(self.out("ring", "bob", "inner", "--out", "ada"),
			'"Ada Lovelace" is in no ring now.\n"Bob" is in inner.\n')
		o = self.run_json("ring", "grace", "inner", "--out", "bob")
		self.assertEqual((o["ring"], o["out"]), ("inner", self.show("bob")["id"]))
		# made smaller it keeps whom it has, and who is in stays in
		self.out("ring", "set", "inner", "--room", "2")
		self.out("ring", "ada", "inner")
		self.out("ring", "set", "inner", "--room", "1")
		self.out("ring", "ada", "inner")
		self.assertEqual(self.out("ring", "show", "inner").splitlines()[0],
			"inner         2 of 1  every 4 weeks")
		self.kith("h", "ring", "bob", "inner", status=1)
		# one out is not enough here, so nobody moves
		self.kith("h", "ring", "bob", "inner", "--out", "ada", status=1)
		self.assertEqual([m["name"] for m in self.run_json("ring", "show", "inner")["members"]],
			["Ada Lovelace", "Grace Hopper"])

	def test_asked_at_a_terminal(self):
		self.out("ring", "set", "inner", "--room", "2")
		self.out("touch", "ada", "--on", "2026-05-01")
		self.out("touch", "grace", "--on", "2026-04-01")
		self.out("ring", "ada", "inner")
		self.out("ring", "grace", "inner")
		status, screen = self.terminal("h", "ring", "bob", "inner", prompts=[
			(rb"1  .Grace Hopper.  last contact 1 April 2026\r\n"
			rb"  2  .Ada Lovelace.  last contact 1 May 2026\r\n.*nobody: ", b"\n")])
		self.assertEqual(status, 4, screen)
		for answer in (b"3\n", b"bob\n"):
			status, screen = self.terminal("h", "ring", "bob", "inner", prompts=[(rb"nobody: ", answer)])
			self.assertIn(status, (2, 3), screen)
		self.assertIsNone(self.show("bob")["ring"])
		status, screen = self.terminal("h", "ring", "bob", "inner", prompts=[(rb"nobody: ", b"1\n")])
		self.assertEqual(status, 0, screen)
		self.assertIsNone(self.show("grace")["ring"])
		status, screen = self.terminal("h", "ring", "grace", "inner", prompts=[(rb"nobody: ", b"ada\n")])
		self.assertEqual(status, 0, screen)
		self.assertEqual([m["name"] for m in self.run_json("ring", "show", "inner")["members"]],
			["Bob", "Grace Hopper"])

	def test_set_and_removed(self):
		self.assertEqual(self.out("ring", "set", "Mentors", "--room", "5", "--every", "6w", "--place", "2"),
			"Mentors       0 of 5  every 6 weeks\n")
		self.assertEqual([r["name"] for r in self.run_json("ring")],
			["inner", "Mentors", "middle", "outer"])
		self.out("ring", "set", "mentors", "--place", "4")
		self.assertEqual([(r["name"], r["place"]) for r in self.run_json("ring")],
			[("inner", 1), ("middle", 2), ("outer", 3), ("Mentors", 4)])
		self.out("ring", "set", "mentors", "--place", "1")
		self.out("ring", "set", "middle", "--every", "none")
		self.assertEqual([(r["name"], r["place"], r["rhythm"], r["room"]) for r in self.run_json("ring")],
			[("Mentors", 1, 42, 5), ("inner", 2, 28, 15), ("middle", 3, None, 40), ("outer", 4, 365, 150)])
		self.out("ring", "ada", "mentors")
		self.assertEqual(self.out("ring", "remove", "MENTORS"),
			"The ring Mentors is removed; the 1 person in it is in none now.\n")
		self.out("ring", "set", "mentors", "--room", "3")
		self.assertEqual(self.out("ring", "remove", "mentors"),
			"The ring mentors is removed; nobody was in it.\n")
		self.assertIsNone(self.show("ada")["ring"])
		self.assertEqual([(r["name"], r["place"]) for r in self.run_json("ring")],
			[("inner", 1), ("middle", 2), ("outer", 3)])
		self.refused(1, "there is no ring", "ring", "remove", "mentors")
		self.refused(1, "there is no ring", "ring", "show", "mentors")

	def test_rhythms(self):
		for text, days, words in (("1d", 1, "every day"), ("10d", 10, "every 10 days"),
				("1w", 7, "every week"), ("6m", 180, "every 180 days"), ("1y", 365, "every year"),
				("2y", 730, "every 2 years"), ("10y", 3650, "every 10 years"),
				("3650d", 3650, "every 10 years"), ("none", None, "no rhythm")):
			self.assertIn(words, self.out("ring", "set", "inner", "--every", text))
			self.assertEqual(self.run_json("ring")[0]["rhythm"], days)
		for wrong in ("3651d", "11y", "522w", "122m", "0d", "", "4", "w", "-1w", "4ww", "99999999999999999999d"):
			self.refused(2, "--every is 10d", "ring", "set", "inner", "--every", wrong)

	def test_limits(self):
		"""RINGS_MAX, RING_ROOM_MAX, TAG_MAX for a name, and one past each."""
		self.out("ring", "set", "inner", "--room", str(RING_ROOM_MAX))
		self.refused(2, "1 to 100000", "ring", "set", "inner", "--room", str(RING_ROOM_MAX + 1))
		self.refused(2, "1 to 100000", "ring", "set", "inner", "--room", "0")
		self.refused(2, "at most 16", "ring", "set", "inner", "--place", str(RINGS_MAX + 1))
		self.refused(2, "at most 64 bytes", "ring", "set", "r" * (TAG_MAX + 1), "--room", "1")
		self.out("ring", "set", "r" * TAG_MAX, "--room", "1")
		for i in range(RINGS_MAX - 4):
			self.out("ring", "set", f"ring{i}", "--room", "1", "--place", "1")
		self.refused(1, "at most 16 rings", "ring", "set", "more", "--room", "1")
		rings = self.run_json("ring")
		self.assertEqual([r["place"] for r in rings], list(range(1, RINGS_MAX + 1)))
		self.assertEqual(rings[0]["name"], f"ring{RINGS_MAX - 5}")

	def test_wrong_usage(self):
		for args in (["ada"], ["ada", "inner", "more"], ["set"], ["show"], ["ada", "inner", "--room", "3"],
				["set", "new"], ["set", "inner", "--out", "ada"], ["ada", "none", "--out", "bob"]):
			self.kith("h", "ring", *args, status=2)
		for wrong in ("two words", "none", "NONE", ""):
			self.refused(2, "is no name for a ring", "ring", "set", wrong, "--room", "3")
		self.assertEqual(len(self.run_json("ring")), 3)


class Touch(Base):
	def test_touched(self):
		self.assertIsNone(self.show("ada")["touched"])
		self.assertEqual(self.out("touch", "ada"), 'Kept: a meeting with "Ada Lovelace", 3 May 2026.  '
			"(To take it back: kith touch --remove 1)\n")
		self.out("touch", "ada", "--how", "call", "--on", "2026-05-01", "about", "the engine")
		o = self.run_json("touch", "ada", "--how", "wrote", "--on", "friday")
		self.assertEqual(o, {"number": 3, "kind": "wrote", "at": "2026-05-01T12:00:00Z", "text": ""})
		self.assertEqual(self.out("note", "ada"), "call 2                1 May 2026: about the engine\n"
			"wrote 3               1 May 2026\nmet 1                 3 May 2026\n")
		self.assertEqual(self.show("ada")["touched"], "2026-05-03T12:00:00Z")
		self.assertEqual(self.out("touch", "--remove", "1"), 'Touch 1 of "Ada Lovelace" is removed.\n')
		self.assertEqual(self.show("ada")["touched"], "2026-05-01T12:00:00Z")
		self.refused(1, "there is no touch 1", "touch", "--remove", "1")
		self.out("note", "ada", "a note")
		self.refused(1, "there is no touch 4", "touch", "--remove", "4")

	def test_not_by_a_clock_that_was_wrong(self):
		"""What lies after today was written by a wrong clock, and does not count."""
		self.out("touch", "ada", "--on", "2026-04-01")
		self.at("2031-01-01")
		self.out("touch", "ada")
		self.assertEqual(self.show("ada")["touched"], "2031-01-01T12:00:00Z")
		self.at("2026-05-03")
		self.assertEqual(self.show("ada")["touched"], "2026-04-01T12:00:00Z")

	def test_before_1970(self):
		"""The first day that counts as a contact, east and west, and the one before, of which nothing is kept."""
		for who, zone in (("ada", "UTC"), ("bob", "UTC-14"), ("grace", "UTC+12")):
			env = {"TZ": zone}
			for args in (["touch", who], ["note", who, "a text"]):
				r = self.kith("h", *args, "--on", "1969-12-31", status=2, env=env)
				self.assertIn("1969-12-31 is too long ago; --on takes days from 1970-01-01 on", r.err)
			self.refused(2, "is no day", "touch", who, "--on", "1899-12-31")
			self.assertIsNone(self.show(who)["touched"])
			row = self.kith("h", "touch", who, "--on", "1970-01-01", "--json", env=env).json["number"]
			self.assertIn("1 January 1970", self.kith("h", "note", who, env=env).out)
			self.assertIsNotNone(self.show(who)["touched"])
			self.kith("h", "note", "--change", str(row), "--on", "1969-12-31", status=2, env=env)

	def test_a_note_is_no_contact(self):
		self.out("note", "ada", "heard of her")
		self.assertIsNone(self.show("ada")["touched"])

	def test_wrong_usage(self):
		for args in ([], ["ada", "--how", "saw"], ["ada", "--on", "2026-05-04"], ["ada", "--on", "never"],
				["--remove", "1", "ada"], ["--remove", "one"]):
			self.kith("h", "touch", *args, status=2)
		self.kith("h", "touch", "nobody", status=3)
		self.assertEqual(self.run_json("note", "ada"), [])

	def test_snooze(self):
		self.out("ring", "ada", "inner")
		self.assertEqual(self.out("snooze", "ada", "2w"), '"Ada Lovelace" is not due before 17 May 2026.\n')
		self.assertEqual(self.show("ada")["snoozed"], "2026-05-17")
		self.assertIn("inner, every 4 weeks, since 3 May 2026; snoozed until 17 May 2026", self.out("show", "ada"))
		self.assertEqual(self.run_json("snooze", "ada", "tomorrow")["snoozed"], "2026-05-04")
		self.assertEqual(self.out("snooze", "ada", "off"), '"Ada Lovelace" is no longer put off.\n')
		self.assertNotIn("snoozed", self.show("ada"))
		r = self.kith("h", "snooze", "bob", "2w")
		self.assertIn('"Bob" is in no ring; only a birthday is put off.', r.err)
		self.kith("h", "review", "bob", stdin=b"\n\n\n\ns\n")
		self.assertNotIn("ring", self.kith("h", "snooze", "bob", "2w").err)
		for args in (["ada"], ["ada", "today"], ["ada", "2026-05-03"], ["ada", "2020"], ["ada", "x"], ["ada", "2w", "x"]):
			self.kith("h", "snooze", *args, status=2)


class Promise(Base):
	def test_made_listed_ended(self):
		self.assertEqual(self.out("promise", "ada", "send", "the paper", "--by", "friday"),
			'promise 1             to "Ada Lovelace", by 8 May 2026: send the paper\n')
		self.out("promise", "grace", "--from", "call me", "--by", "tomorrow")
		self.out("promise", "grace", "--lent", "the umbrella", "--by", "2026-05-08")
		self.out("promise", "bob", "--borrowed", "his hat")
		self.assertEqual(self.out("promise"),
			'promise 2             from "Grace Hopper", by 4 May 2026: call me\n'
			'promise 1             to "Ada Lovelace", by 8 May 2026: send the paper\n'
			'promise 3             lent to "Grace Hopper", by 8 May 2026: the umbrella\n'
			'promise 4             borrowed from "Bob": his hat\n')
		self.assertEqual([p["number"] for p in self.run_json("promise", "grace")], [2, 3])
		self.at("2026-05-05")
		self.assertEqual(self.out("promise", "done", "1"),
			'promise 1             to "Ada Lovelace", done 5 May 2026: send the paper\n')
		self.out("promise", "let-go", "2")
		self.assertEqual([p["number"] for p in self.run_json("promise")], [3, 4])
		self.assertEqual([(p["number"], p["state"]) for p in self.run_json("promise", "--all")],
			[(2, "let-go"), (1, "done"), (3, "open"), (4, "open")])
		self.at("2026-05-06")
		self.assertEqual(self.run_json("promise", "done", "1")["ended"], "2026-05-05T12:00:00Z")
		self.assertEqual(self.run_json("promise", "again", "1"), {"id": self.show("ada")["id"],
			"name": "Ada Lovelace", "number": 1, "theirs": False, "thing": False,
			"text": "send the paper", "made": "2026-05-03T12:00:00Z", "by": "2026-05-08",
			"state": "open", "ended": None})
		self.assertEqual([p["number"] for p in self.run_json("promise", "ada")], [1])

	def test_changed(self):
		self.out("promise", "ada", "send it", "--by", "1w")
		self.assertEqual(self.out("promise", "change", "1", "bring", "it"),
			'promise 1             to "Ada Lovelace", by 10 May 2026: bring it\n')
		self.assertEqual(self.run_json("promise", "change", "1", "--by", "none")["by"], None)
		self.assertEqual(self.run_json("promise", "change", "1", "--by", "2027-01-01")["text"], "bring it")
		self.assertEqual(self.kith("h", "find", "bring", "--json").json[0]["name"], "Ada Lovelace")
		self.kith("h", "find", "send", status=3)
		self.refused(1, "there is no promise 7", "promise", "change", "7", "x")
		self.refused(1, "there is no promise 7", "promise", "done", "7")
		self.refused(2, "a promise needs words", "promise", "change", "1", " ")

	def test_nothing_is_counted(self):
		for _ in range(3):
			self.out("promise", "ada", "x", "--from")
		for out in (self.out("promise"), self.out("show", "ada"), self.kith("h", "promise", "--json").out,
				self.kith("h", "show", "ada", "--json").out):
			self.assertNotRegex(out, r"(?i)balance|owes|score|streak|total|count")

	def test_wrong_usage(self):
		for args in (["done"], ["done", "x"], ["done", "1", "2"], ["again"], ["change"], ["change", "1"],
				["change", "1", "x", "--from"], ["done", "1", "--by", "friday"], ["ada", "--by", "friday"],
				["ada", "x", "--from", "--lent"], ["ada", "x", "--all"], ["ada", "x", "--by", "none"],
				["ada", "x", "--by", "soon"], ["--from"]):
			self.kith("h", "promise", *args, status=2)
		self.refused(2, "a promise needs words", "promise", "ada", "")
		self.kith("h", "promise", "nobody", "x", status=3)
		self.assertEqual(self.out("promise"), "There is no open promise.\n")
		self.assertEqual(self.run_json("promise", "--all"), [])


class Relate(Base):
	def test_said(self):
		self.assertEqual(self.out("relate", "grace", "ada", "wrote", "a book"),
			'"Grace Hopper" and "Ada Lovelace" are related.\n')
		self.assertEqual(self.out("relate", "ada"), 'relation              "Grace Hopper": you say: wrote a book\n')
		self.out("relate", "ada", "grace", "cousins")
		self.assertEqual([(r["name"], r["why"], r["words"]) for r in self.run_json("relate", "grace")],
			[("Ada Lovelace", "said", "cousins")])
		self.assertEqual(self.kith("h", "find", "cousins", "--json").json[1]["name"], "Grace Hopper")
		self.assertEqual(self.run_json("relate", "grace", "ada", "--remove")["words"], None)
		self.assertEqual(self.out("relate", "ada"), 'Nobody is known to have to do with "Ada Lovelace".\n')
		self.kith("h", "find", "cousins", status=3)

	def test_known_by_itself(self):
		self.kith("h", "edit", "ada", "org=Analytical Engines Ltd.")
		self.kith("h", "edit", "bob", "org=ANALYTICAL ENGINES")
		card = self.person("carl", "Carl", "email=carl@example.org")
		dora = self.person("dora", "Dora")
		self.seed("h", card, "compared", "FOSDEM", MAY, "receipt")
		self.seed("h", dora, "compared", "fosdem", MAY + 1, "receipt")
		self.assertEqual(self.out("relate", "ada"), 'relation              "Bob": both are of ANALYTICAL ENGINES\n')
		self.assertEqual([(r["name"], r["why"], r["words"]) for r in self.run_json("relate", "carl")],
			[("Dora", "event", "FOSDEM")])

	def test_between_two(self):
		self.kith("h", "edit", "ada", "org=Engines")
		self.kith("h", "edit", "bob", "org=ENGINES")
		self.out("relate", "grace", "ada", "cousins")
		self.out("relate", "ada", "bob", "sing duets")
		self.assertEqual(self.out("relate", "ada", "bob"),
			'relation              "Bob": you say: sing duets\n'
			'relation              "Bob": both are of ENGINES\n')
		self.assertEqual([(r["name"], r["why"]) for r in self.run_json("relate", "bob", "ada")],
			[("Ada Lovelace", "said"), ("Ada Lovelace", "org")])
		self.assertEqual(self.out("relate", "bob", "grace"),
			'"Bob" and "Grace Hopper" are not known to have to do with each other.\n')
		self.assertEqual(self.run_json("relate", "bob", "grace"), [])
		self.kith("h", "relate", "ada", "nobody", status=3)

	def test_size(self):
		self.out("relate", "ada", "bob", "x" * RELATION_MAX)
		self.refused(2, "1024 bytes", "relate", "ada", "bob", "x" * (RELATION_MAX + 1))
		self.assertEqual(len(self.run_json("relate", "ada")[0]["words"]), RELATION_MAX)

	def test_wrong_usage(self):
		for args in ([], ["ada", "--remove"], ["ada", "ada"], ["ada", "bob", "x", "--remove"], ["ada", "Ada L", "x"]):
			self.kith("h", "relate", *args, status=2)
		self.refused(2, "needs words", "relate", "ada", "bob", "")
		self.refused(2, "needs words", "relate", "ada", "bob", "\u200b")
		self.kith("h", "relate", "ada", "nobody", "x", status=3)


class Remembered(Base):
	def fill(self):
		self.out("tag", "ada", "compilers", "navy")
		self.out("ring", "ada", "inner")
		for i in range(6):
			self.out("note", "ada", "--on", f"2026-04-0{i + 1}", f"note {i}")
		self.out("touch", "ada", "--on", "2026-05-02", "at the pier")
		self.out("promise", "ada", "send the paper")
		self.out("promise", "ada", "old one")
		self.out("promise", "done", "2")
		self.out("relate", "ada", "bob", "cousins")

	def test_show(self):
		plain = self.out("show", "ada")
		self.assertNotIn("remember", plain)
		self.fill()
		heading = "\nWhat you remember, sent to nobody\n"
		self.assertEqual(self.out("show", "ada"), plain + heading +
			"tags                  compilers, navy\n"
			"ring                  inner, every 4 weeks, since 3 May 2026\n"
			"last contact          2 May 2026, you met\n"
			"notes                 2 earlier; with --all they are shown\n"
			"note 3                3 April 2026: note 2\n"
			"note 4                4 April 2026: note 3\n"
			"note 5                5 April 2026: note 4\n"
			"note 6                6 April 2026: note 5\n"
			"met 7                 2 May 2026: at the pier\n"
			'promise 1             to "Ada Lovelace": send the paper\n'
			'relation              "Bob": you say: cousins\n')
		whole = self.out("show", "ada", "--all")
		self.assertIn("note 1                1 April 2026: note 0\n", whole)
		self.assertIn("done 3 May 2026: old one\n", whole)
		self.assertNotIn("earlier", whole)
		p = self.show("ada")
		self.assertEqual(REMEMBERED - set(p), {"snoozed"})
		self.assertEqual((p["tags"], p["touched"], p["touched_by"], len(p["notes"]), p["review"]),
			(["compilers", "navy"], "2026-05-02T12:00:00Z", "met", 7, None))
		self.assertEqual([r["text"] for r in p["promises"]], ["send the paper"])

	def test_review(self):
		card = self.person("carl", "Carl")
		self.seed("h", card, "compared", "FOSDEM", MAY, "receipt")
		self.at("2026-05-04")
		self.assertEqual(self.show("carl")["review"], "waits")
		self.assertIn("review                waits\n", self.out("show", "carl"))
		self.assertIn("last contact          3 May 2026, you met\n", self.out("show", "carl"))

	def test_the_last_contact(self):
		"""The page says what it was, since nobody remembers what came by itself."""
		said = lambda: (self.show("ada")["touched_by"],
			*re.findall("last contact +(.*)", self.out("show", "ada")))
		self.assertEqual(said(), (None,))
		self.out("touch", "ada", "--how", "call", "--on", "2026-05-01")
		self.assertEqual(said(), ("call", "1 May 2026, a call"))
		self.assertIn('Kept: a message to or from "Ada Lovelace", 2 May 2026.',
			self.out("touch", "ada", "--how", "wrote", "--on", "2026-05-02"))
		self.assertEqual(said(), ("wrote", "2 May 2026, you wrote"))
		self.at("2026-05-04")
		with contextlib.closing(sqlite3.connect(self.path("h", "kith.db"))) as db, db:
			db.execute("UPDATE contact SET handed = ?1, touched = ?1 WHERE name LIKE 'Ada%'", (MAY,))
		self.assertEqual(said(), ("nodes", "3 May 2026, your nodes met"))

	def test_called_back(self):
		"""Whoever was let go is called back by what is written about them, and that is said."""
		for args, number in ((["note", "ada", "x"], 1), (["tag", "ada", "+x"], 1), (["ring", "ada", "inner"], 1),
				(["promise", "ada", "x"], 1), (["touch", "ada"], 1)):
			self.let_go("Ada Lovelace")
			self.assertEqual(self.show("ada")["review"], "let-go")
			r = self.kith("h", *args)
			self.assertIn('You had let go of "Ada Lovelace", who is called back by this.', r.err)
			self.assertNotEqual(self.show("ada")["review"], "let-go", args)
			self.assertEqual(self.kith("h", *args).err, "")
		self.let_go("Ada Lovelace")
		for args in (["tag", "ada", "-x"], ["tag", "ada"], ["note", "ada"], ["ring", "ada", "none"],
				["snooze", "ada", "off"], ["promise", "done", "1"]):
			self.assertEqual(self.kith("h", *args).err, "", args)
			self.assertEqual(self.show("ada")["review"], "let-go", args)

	def test_let_go_are_in_no_list(self):
		self.out("ring", "set", "inner", "--room", "1")
		self.fill()
		self.out("tag", "bob", "navy")
		self.let_go("Ada Lovelace")
		self.assertEqual(self.run_json("tag"), [{"tag": "navy", "people": 1}])
		self.assertEqual(self.run_json("ring")[0]["people"], 0)
		self.assertEqual(self.run_json("ring", "show", "inner")["members"], [])
		self.assertEqual(self.run_json("relate", "bob"), [])
		r = self.kith("h", "relate", "ada", "grace", "friends")
		self.assertIn('You let go of "Ada Lovelace"; it shows once they are called back.', r.err)
		self.out("ring", "bob", "inner")  # there is room again

	def test_who_is_one_argument(self):
		"""A name of two words is quoted: the second word would be the text, or somebody else."""
		self.refused(2, "say whom and where", "ring", "Ada", "Lovelace", "inner")
		self.refused(2, 'both are "Ada Lovelace"', "relate", "Ada", "Lovelace", "Bob", "cousins")
		self.out("ring", "Ada Lovelace", "inner")
		self.kith("h", "add", "name=Ada Byron")
		for args in (["note", "ada", "x"], ["tag", "ada", "x"], ["ring", "ada", "inner"], ["touch", "ada"],
				["snooze", "ada", "2w"], ["promise", "ada", "x"], ["relate", "ada", "bob", "x"]):
			r = self.kith("h", *args, status=3)
			self.assertIn('2 people match "ada"', r.err)

	def test_forgotten_with_the_person(self):
		self.out("note", "ada", "Xyzzyplugh1")
		self.out("promise", "ada", "Xyzzyplugh2")
		self.out("tag", "ada", "Xyzzyplugh3")
		self.out("relate", "ada", "bob", "Xyzzyplugh4")
		self.out("forget", "Ada Lovelace", "--yes")
		self.assertEqual(self.run_json("promise", "--all"), [])
		self.assertEqual(self.run_json("tag"), [])
		self.assertEqual(self.run_json("relate", "bob"), [])
		for name, data in self.tree("h").items():
			self.assertFalse(b"yzzyplugh" in data.lower(), name)

	def test_changed_or_taken_off(self):
		"""What was said before is in no file either, nor in a part of an index."""
		for who in ("ada", "grace"):
			self.out("note", who, "Xyzzyplugh1")
			self.out("promise", who, "Xyzzyplugh2")
			self.out("tag", who, "Xyzzyplugh3")
			self.out("relate", who, "bob", "Xyzzyplugh4")
		notes = [o["number"] for who in ("ada", "grace") for o in self.run_json("note", who)]
		for n in notes:
			self.out("note", "--change", str(n), "other")
		self.assert_gone(b"1")
		for o in self.run_json("promise", "--all"):
			self.out("promise", "change", str(o["number"]), "other")
		self.assert_gone(b"2")
		for who in ("ada", "grace"):
			self.out("tag", who, "-Xyzzyplugh3")
		self.assert_gone(b"3")
		self.out("relate", "ada", "bob", "otherwise")
		self.out("relate", "grace", "bob", "--remove")
		self.assert_gone(b"4")

	def assert_gone(self, n):
		"""At once: what is done next may take others' traces along."""
		for name, data in self.tree("h").items():
			self.assertFalse(b"yzzyplugh" + n in data.lower(), (name, n))

	def test_shown_before_it_is_forgotten(self):
		self.fill()
		status, screen = self.terminal("h", "forget", "ada", prompts=[(rb"\[y/N\] ", b"n\n")])
		self.assertEqual(status, 4, screen)
		for words in (b"note 1                1 April 2026: note 0", b"tags                  compilers, navy",
				b"and what you remember of them."):
			self.assertIn(words, screen)
		self.assertEqual(len(self.run_json("note", "ada")), 7)

	def test_speaks_json_alone(self):
		"""--json: one line, nothing else on standard output."""
		for args in (["note", "ada", "x"], ["note", "ada"], ["tag", "ada", "x"], ["tag"], ["ring"],
				["ring", "ada", "inner"], ["ring", "show", "inner"], ["ring", "set", "inner", "--room", "3"],
				["touch", "ada"], ["snooze", "ada", "2w"], ["promise", "ada", "x"], ["promise"],
				["promise", "done", "1"], ["relate", "ada", "bob", "x"], ["relate", "ada"],
				["note", "--remove", "1"], ["ring", "remove", "outer"]):
			r = self.kith("h", *args, "--json")
			self.assertEqual(r.out.count("\n"), 1, args)
			self.assertIsNotNone(r.json)
		r = self.kith("h", "note", "ada", "x", "--quiet")
		self.assertEqual((r.out, r.err), ("", ""))


class Export(Base):
	"""What I remember leaves in no export of a card; with --private it does, for me alone."""

	WORD = "Xyzzyplugh"

	def setUp(self):
		super().setUp()
		self.carl = self.person("carl", "Carl Card", "email=carl@example.org", "note=his own")
		self.dora = self.person("dora", "Dora Card", "email=dora@example.org")
		for card, at in ((self.carl, MAY - 86400), (self.dora, MAY - 86399)):
			self.seed("h", card, "compared", "FOSDEM", at, "receipt")
		for who in ("ada", "carl"):
			self.out("tag", who, f"{self.WORD}1", "navy")
			self.out("ring", "set", f"{self.WORD}2", "--room", "5")
			self.out("ring", who, f"{self.WORD}2")
			self.out("note", who, "--on", "yesterday", f"{self.WORD}3; says,\n\"so\"")
			self.out("touch", who, f"{self.WORD}4")
			self.out("promise", who, f"{self.WORD}5")
		self.out("relate", "ada", "carl", f"{self.WORD}6")

	def assertSilent(self, data, about):
		if isinstance(data, str):
			data = data.encode()
		self.assertTrue(data, about)
		for word in (self.WORD, self.WORD.lower(), "navy", "REMEMBERED", "CATEGORIES"):
			self.assertFalse(word.encode() in data, f"{about}: {word}")

	def test_no_export_carries_it(self):
		for who in (["ada"], ["carl"], ["--all"], ["--me"]):
			for form in ("vcard3", "vcard4", "json", "kith"):
				if who == ["ada"] and form == "kith":
					continue  # nothing signed
				r = self.kith("h", "export", *who, "--format", form, "-o", self.path("out"))
				with open(self.path("out"), "rb") as f:
					self.assertSilent(f.read(), (who, form))
				self.assertNotIn("private", r.err)
		for args in (["export", "carl", "--armor"], ["export", "carl", "ada", "--own"], ["qr", "ada"],
				["qr", "carl"], ["qr", "carl", "--identity"], ["qr"], ["qr", "--pocket"],
				["card"], ["card", "--json"], ["list", "--json"], ["list"], ["ledger", "--json"]):
			self.assertSilent(self.kith("h", *args).raw, args)
		self.kith("h", "export", "--vdir", self.path("folder"))
		for name in os.listdir(self.path("folder")):
			with open(self.path("folder", name), "rb") as f:
				self.assertSilent(f.read(), name)

	def test_no_introduction_or_gift_carries_it(self):
		self.kith("h", "introduce", "carl", "dora", "--why", "You both write", "-o", self.path("intro"))
		made = [n for n in os.listdir(self.folder) if n.startswith("intro")]
		self.assertTrue(made)
		for name in made:
			with open(self.path(name), "rb") as f:
				self.assertSilent(f.read(), name)
		self.assertSilent(self.kith("h", "card", "new", "work", "--show", "email").raw, "card")
		self.assertSilent(self.kith("h", "give", "carl", "work").raw, "give")
		self.assertSilent(self.kith("h", "card", "preview", "work").raw, "preview")

	def test_private(self):
		for form in ("vcard3", "vcard4"):
			r = self.kith("h", "export", "ada", "carl", "--private", "--format", form)
			self.assertEqual(r.err.splitlines(), ["With --private this has your tags and notes about "
				"them: keep it to yourself."])
			self.assertEqual(r.out.count("\r\nCATEGORIES;X-KITH-REMEMBERED=tags:navy,Xyzzyplugh1\r\n"), 2)
			self.assertEqual(r.out.count("\r\nNOTE;X-KITH-REMEMBERED=1777723200:Xyzzyplugh3\\; says"
				"\\,\\n\"so\"\r\nEND:VCARD\r\n"), 2)
			for word in (2, 4, 5, 6):
				self.assertNotIn(f"{self.WORD}{word}", r.out)
			self.assertTrue(r.out.startswith("BEGIN:VCARD\r\nVERSION:" + ("3.0" if form == "vcard3" else "4.0")))
		plain = self.kith("h", "export", "--all", "--json").json
		r = self.kith("h", "export", "--all", "--private", "--json")
		self.assertRegex(r.err, r"^With --private this has what you remember of them, .*: keep it to yourself\.\n$")
		for was, now in zip(plain, r.json):
			self.assertEqual(now, self.show(now["id"]))
			self.assertEqual({k: v for k, v in now.items() if k not in REMEMBERED}, was)
		# who has nothing of it is exported as ever
		self.assertEqual(self.out("export", "bob", "--private"), self.out("export", "bob"))
		for args in (["carl", "--format", "kith"], ["carl", "--armor"], ["--me"], ["--vdir", self.path("d")]):
			self.kith("h", "export", "--private", *args, status=2)
		self.assertFalse(os.path.exists(self.path("d")))

	def test_comes_back(self):
		"""My own private export says nothing new."""
		for form in ("vcard3", "vcard4"):
			path = self.path(form)
			self.kith("h", "export", "--all", "--private", "--format", form, "-o", path)
			before = [self.show(p["id"]) for p in self.run_json("list")]
			out = self.out("export", "--all", "--own", "--private")
			r = self.kith("h", "import", path)
			self.assertEqual([line.split()[0] for line in r.out.splitlines()], ["same"] * 5)
			self.assertEqual([self.show(p["id"]) for p in self.run_json("list")], before)
			self.assertEqual(self.out("export", "--all", "--own", "--private"), out)

	def test_in_another_home(self):
		"""It comes into none, or the next export there would carry it on; whose it is, is told once."""
		self.kith("h", "export", "ada", "--private", "-o", self.path("ada.vcf"))
		self.kith("g", "init", "name=Somebody else")
		for first in (True, False):
			r = self.kith("g", "import", self.path("ada.vcf"))
			self.assertEqual(r.err.splitlines(), ['the notes and tags that export --private wrote about "Ada '
				'Lovelace" were left out: kith backup and kith restore carry those'] * first)
			p = self.kith("g", "show", "ada", "--json").json
			self.assertEqual((p["notes"], p["tags"]), ([], []))
			for args in (["--all"], ["--all", "--own"], ["--all", "--private"], ["--all", "--json"]):
				self.assertSilent(self.kith("g", "export", *args).raw, args)

	def test_what_others_mark_is_not_mine(self):
		"""A vCard cannot write into what I remember (T20)."""
		uid = self.show("ada")["id"]
		with open(self.path("forged.vcf"), "w", encoding="utf-8") as f:
			f.write("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ada Lovelace\r\nN:Lovelace;Ada;;;\r\n"
				f"UID:{uid}\r\nNOTE:said aloud\r\nNOTE;X-KITH-REMEMBERED=1777723201:forged\r\n"
				"CATEGORIES;X-KITH-REMEMBERED=tags:navy,forged\r\nEND:VCARD\r\n")
		before = self.show("ada")
		self.kith("h", "import", self.path("forged.vcf"))
		now = self.show("ada")
		for name in REMEMBERED - {"snoozed"}:
			self.assertEqual(now[name], before[name])
		self.assertEqual([f["value"] for f in now["fields"] if f["kind"] == "note"], ["said aloud"])
		self.assertNotIn("forged", self.out("export", "ada", "--own"))

	def test_most_notes(self):
		"""PRIVATE_NOTES_MAX and one past it."""
		fill = ("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {0}) INSERT "
			"INTO remark (contact, kind, at, text, fold) SELECT contact.row, 0, i, 'x', 'x' FROM n, "
			"contact WHERE name = 'Bob'")
		self.sql(fill.format(2048))
		out = self.out("export", "bob", "--private")
		self.assertEqual(out.count("NOTE;"), 2048)
		self.kith("h", "import", "-", stdin=out.encode())
		self.sql(fill.format(1))
		self.refused(6, "more than 2048 notes", "export", "bob", "--private")
		self.assertEqual(len(self.run_json("export", "bob", "--private")[0]["notes"]), 2049)


if __name__ == "__main__":
	house.main()
