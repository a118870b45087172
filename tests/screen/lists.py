# SPDX-License-Identifier: MIT
"""Every list of what I remember, at terminals of many widths: no line is wider, nothing is lost, no command is broken.
Names are long, wide, and have marks.  T17; cases 26 27 80.
"""

import os
import pathlib
import re
import shlex
import shutil
import sqlite3
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(HERE.parent / "cli"))

import house  # noqa: E402
from terminal import Run, width  # noqa: E402

NOW = 1777809600  # noon of 3 May 2026
DAY = 86400
CELLS = 43  # of the list of due: from there on each cell shows something,
NARROWEST = 55  # and from there on every command is whole
WIDTHS = (1, 10, 20, 40, 42, 43, 44, 54, 55, 56, 80, 200)
NAMES = ["Grace Brewster Murray Hopper of the Eckert Mauchly Computer Corporation", "山田太郎" * 5,
	"Zo\u0308e\u0323\u0302 A\u030angstro\u0308m Nu\u0301n\u0303ez y Quin\u0303ones de la Vega", "\U0001f98a" * 20,
	"ｗｉｄｅ ｌｅｔｔｅｒｓ", "x" * 64, "Abcdefghijklm Nopqrstuvwxyzabc", "Abcdefghijklm Zopqrstuvwxyzabc", "Bo"]
EVENTS = ["The Third International Congress on Looms and Analytical Engines", "計算機の歴史に関する国際会議" * 2]
TEXT = "a long word about looms, 織機と計算機の歴史について話した and e\u0301te\u0301, then more of it, wide and narrow: looms"


def columns(text):
	return sum(width(c) for c in text)


def letters(text):
	return "".join(text.split())


class Lists(house.Case):
	MADE = None  # my home, made once; nobody writes to it

	def setUp(self):
		super().setUp()
		self.at("2026-05-03")
		if not Lists.MADE:
			made = tempfile.mkdtemp(prefix="kith-screen-")
			self.addClassCleanup(shutil.rmtree, made)
			self.kith("h", "init", "name=Me", "asks=looms")
			self.everything(self.people())
			os.rename(self.path("h"), os.path.join(made, "h"))
			Lists.MADE = made
		os.symlink(os.path.join(Lists.MADE, "h"), self.path("h"))

	def people(self):
		ids = []
		for i, name in enumerate(NAMES):
			fields = ["org=Engines and Looms of the North"] if i % 2 else ["offers=weaving, looms"]
			ids.append(self.kith("h", "add", f"name={name}", f"bday=--05-{4 + i:02}", *fields,
				"--anyway", "--json").json["id"])
		for home, name, field in (("one", NAMES[0] + " II", "offers=silk"), ("two", "山田花子" * 4, "asks=silk")):
			self.person(home, name, field)
			self.kith("h", "import", self.card_of(home))
			card = self.kith(home, "card", "--json").json
			self.kith("h", "compare", card["id"][:12], *card["fingerprint"].split())
		return ids

	def everything(self, ids):
		for i, id in enumerate(ids):
			self.kith("h", "note", id, f"{i} {TEXT}")
			self.kith("h", "touch", id, "--how", "call", "--on", "2025-09-30", TEXT)
			self.kith("h", "promise", id, TEXT, *(["--by", "2026-09-30"] if i % 2 else []))
			self.kith("h", "tag", id, "+weaver", "+" + "織" * 10)
			self.kith("h", "ring", id, "inner")
		for i, event in enumerate(EVENTS):
			self.kith("h", "event", "start", event, "--place", event)
			for id in ids[i * 3:i * 3 + 6]:
				self.kith("h", "event", "add", event, id)
			self.kith("h", "event", "stop")
		for a, b in zip(ids, ids[1:]):
			self.kith("h", "relate", a, b, TEXT[:60])
		db = sqlite3.connect(self.path("h", "kith.db"))
		with db:
			db.execute("UPDATE contact SET added = ?", (NOW - DAY,))
			db.execute("UPDATE promise SET made = ?", (NOW - 60 * DAY,))
			db.execute("UPDATE contact SET review = 2, reviewed_at = ? WHERE name LIKE 'Abc%'", (NOW - DAY,))
			db.execute("UPDATE event SET place = place || 'x'")
		db.close()

	def shown(self, *args, wide):
		"""What stands on a terminal of so many columns; what is said beside goes elsewhere."""
		run = Run(["sh", "-c", 'exec "$@" 2>/dev/null', "sh", house.KITH, "--home", self.path("h"), *args],
			self.env(TERM="xterm", NO_COLOR="1"), (800, wide), self.folder)
		self.addCleanup(run.close)
		self.assertEqual(run.end(), 0, args)
		return run.terminal

	LISTS = [["who", "looms"], ["bridges", "--figures"], ["match"], ["event", "list"], ["event", "show", EVENTS[0]],
		["event", "show", EVENTS[1]], ["promise"], ["promise", "--all"], ["ring"], ["ring", "show", "inner"],
		["note", "bo"], ["tag"]]

	def test_sentences(self):
		"""Broken at blanks, where they have to be, and all of them is there."""
		for args in self.LISTS:
			plain = self.kith("h", *args).out
			rows = plain.splitlines()
			self.assertGreater(max(map(columns, rows)), 20, args)
			pasted = [row for row in rows if re.match("  (Ask them: |Offer it: )?kith ", row)]
			self.assertEqual(bool(pasted), args == ["match"])
			for wide in WIDTHS[2:]:
				with self.subTest(args=args, wide=wide):
					t = self.shown(*args, wide=wide)
					# a command is left to the terminal, which copies it as one
					self.assertEqual(t.wraps, sum((columns(row) - 1) // wide for row in pasted))
					self.assertEqual(letters(t.text()), letters(plain))
					seen = t.text().split("\n")
					for row in rows:
						if columns(row) <= wide:
							self.assertIn(row.rstrip(), seen)

	def test_tables(self):
		"""Cut at the edge, on a terminal of one column, too."""
		for args in (["due"], ["due", "--all"], ["list"], ["find", "looms"]):
			rows = len(self.kith("h", *args).out.splitlines())
			for wide in WIDTHS:
				t = self.shown(*args, wide=wide)
				self.assertEqual(t.wraps, 0, (args, wide))
				self.assertIn(len(t.text().split("\n")), (rows + 1, 2 * rows + 2) if args[0] == "due" else (rows + 1,))

	def test_commands_of_due(self):
		"""Whole on their line or on one of their own; on the narrowest screen, too, where each cell shows something."""
		due = self.kith("h", "due", "--all", "--json").json
		settle = [shlex.join(d["settle"]) for d in due]
		self.assertEqual(max(map(len, settle)), NARROWEST)
		self.assertEqual({d["kind"] for d in due}, {"birthday", "soon", "drifting", "promise", "review", "open"})
		for wide in WIDTHS[2:]:
			rows = self.shown("due", "--all", wide=wide).text().split("\n")
			below = len(rows) > len(settle) + 1
			self.assertEqual(below, wide <= 80)
			commands = rows[3::2] if below else [row[row.rindex("  kith ") + 2:] for row in rows[1:]]
			for row, command in zip(commands, settle, strict=True):
				if wide >= NARROWEST or len(command) <= wide:
					self.assertEqual(row.strip(), command)
				else:
					self.assertEqual(row.strip(), command[:wide - 1] + "…")
			for row, d in zip(rows[2::2] if below else rows[1:], due, strict=True):
				start = d["name"].replace("\u0308", "")[:2] if d["name"] else ""
				self.assertIn(start, row.replace("\u0308", ""), wide)  # who it is, on the narrowest one, too
			if wide >= CELLS:
				self.assertRegex(rows[0], "^WHEN +WHO +WHAT")
				for row, d in zip(rows[2::2] if below else rows[1:], due, strict=True):
					who, _, what = row[row.index("  "):].strip().partition("  ")
					self.assertTrue(d["kind"] == "review" or what.strip(), row)

	def test_review(self):
		"""On plain lines, and on a screen of its own."""
		for term in ("dumb", "xterm"):
			for wide in (20, 40, 80, 200):
				run = Run([house.KITH, "--home", self.path("h"), "review"], self.env(TERM=term), (60, wide),
					self.folder)
				self.addCleanup(run.close)
				run.until(lambda t: "talk about?" in t.flowing())
				self.assertEqual(run.terminal.wraps, 0, (term, wide))
				run.keys(b"/quit\n" if term == "dumb" else b"\x1b")
				self.assertEqual(run.end(), 0)


if __name__ == "__main__":
	house.main()
