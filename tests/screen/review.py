# SPDX-License-Identifier: MIT
"""kith review on a screen of its own: keys, small windows, names that cannot be read, and what is kept when one leaves.
T17; cases 26 to 29, 80.
"""

import pathlib
import signal
import sqlite3
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(HERE.parent / "cli"))

import house  # noqa: E402
import texts  # noqa: E402
from room import card_of  # noqa: E402
from terminal import Run  # noqa: E402

UP, RIGHT, DOWN, UNDO, ESC = b"\x1bOA", b"\x1bOC", b"\x1b[6~", b"\x15", b"\x1b"
LEFT, HOME, END, DELETE, BACK = b"\x1bOD", b"\x1bOH", b"\x1bOF", b"\x1b[3~", b"\x7f"
NOON = 1777809600  # of 3 May 2026


class Screen(house.Case):
	def setUp(self):
		super().setUp()
		self.at("2026-05-04")
		self.kith("h", "init", "name=Me")
		self.met = 0

	def meet(self, name, **parts):
		path = self.path(f"{self.met}.kith")
		with open(path, "wb") as f:
			f.write(card_of(name, **parts))
		self.met += 1
		self.seed("h", path, "compared", "FOSDEM", NOON + self.met, "receipt")

	def open(self, *args, size=(24, 80), term="xterm", **env):
		run = Run([house.KITH, "--home", self.path("h"), "review", *args],
			self.env(TERM=term, **env), size, self.folder)
		self.addCleanup(run.close)
		return run

	def rows(self, sql):
		db = sqlite3.connect(self.path("h", "kith.db"))
		try:
			return db.execute(sql).fetchall()
		finally:
			db.close()

	def say(self, run, keys, text):
		"""Types, and waits until that stands on the screen."""
		run.keys(keys)
		return run.until(text)

	def leave(self, run, keys=ESC):
		run.keys(keys)
		self.assertEqual(run.end(), 0)

	def test_every_question(self):
		"""The card above, the question and what is typed below, which keys work at the bottom."""
		self.meet("Grace Hopper", k10="Navy", k12="Admiral", k32="compilers")
		for size in ((24, 80), (12, 40)):
			run = self.open(size=size)
			t = run.until("Esc ends.")
			self.assertEqual(t.row(0), "1 left: Grace Hopper")
			for text in ("compared face to face, 3 May 2026, FOSDEM", "title: Admiral",
					"What did you talk about?", "Enter goes on, Up goes back,"):
				self.assertIn(text, t.flowing())
			self.assertTrue(t.has(0, 0, 1))
			self.leave(run)
		run = self.open(size=(12, 40))
		run.until("What did you talk about?")
		self.say(run, "of Zürich, 東京 and שלום".encode(), "> of Zürich, 東京 and שלום")
		self.say(run, b"\r", "Which tags?")
		self.say(run, b"navy cobol\x7f\x7f\x7f\x7f\x7fmath\r", "Which ring? 1 inner (0 of 15)")
		self.say(run, b"1\r", "What did you promise?")
		self.say(run, b"the talk\r", "By when?")
		self.say(run, b"2w\r", "Keep, soon, or let go?")
		self.say(run, b"\rx", "k keep, s soon, l let go.")
		self.say(run, b"k", "That was everybody.")
		self.leave(run, b"\r")
		self.assertEqual(self.rows("SELECT text FROM remark"), [("of Zürich, 東京 and שלום",)])
		self.assertEqual(self.rows("SELECT name FROM tag ORDER BY fold"), [("math",), ("navy",)])
		self.assertEqual(self.rows("SELECT text, by FROM promise"),
			[("the talk", self.moment // 86400 + 14)])
		self.assertEqual(self.rows("SELECT review, ring FROM contact"), [(1, 1)])

	def test_back_skip_and_undo(self):
		self.meet("Ada")
		self.meet("Bob")
		run = self.open()
		run.until("2 left: Ada")
		self.say(run, RIGHT, "Ada waits on.")
		self.say(run, UP, "2 left: Ada")
		run.keys(b"\r\r\r\r")
		run.until("Keep, soon, or let go?")
		self.say(run, b"l", "Ada: let go. Going back undoes that.")
		self.assertEqual(self.rows("SELECT review FROM contact WHERE name = 'Ada'"), [(3,)])
		self.say(run, UP, "Ada: taken back.")
		self.assertEqual(self.rows("SELECT review FROM contact WHERE name = 'Ada'"), [(0,)])
		self.say(run, b"S", "Ada: soon.")
		self.say(run, RIGHT, "That was everybody.")
		self.say(run, UP, "1 left: Bob")
		self.say(run, UP, "Ada: taken back.")
		self.leave(run, b"q")
		self.assertEqual(self.rows("SELECT review FROM contact"), [(0,), (0,)])

	def test_a_line_is_not_lost_by_a_key(self):
		"""Esc, Up and Right leave a line that was begun; a second Esc gives it up."""
		self.meet("Ada")
		run = self.open()
		run.until("What did you talk about?")
		for key in (UP, RIGHT):
			self.say(run, b"of", "> of")
			self.say(run, key, "Enter keeps the line that you typed, Ctrl-U drops it.")
			self.say(run, UNDO, lambda t: "> of" not in t.flowing())
		self.say(run, b"of looms", "> of looms")
		self.say(run, ESC, "Esc again gives up the line that you typed; Enter keeps it.")
		self.say(run, b"!", "> of looms!")
		self.say(run, b"\x03", "Esc again gives up")
		self.leave(run, b"\x03")
		self.assertEqual(self.rows("SELECT * FROM remark"), [])

	def test_within_a_line(self):
		"""Left and Right, Home and End, Delete; a letter with its marks is one, at the end Right is as before."""
		self.meet("Ada")
		run = self.open()
		run.until("What did you talk about?")
		self.say(run, b"of loms", "> of loms")
		self.say(run, LEFT * 2 + b"o", "> of looms")
		self.say(run, RIGHT * 2 + "東e\u0301".encode(), "> of looms東e\u0301")
		self.say(run, LEFT + DELETE + b"!", lambda t: "> of looms東!" in t.flowing())
		self.say(run, LEFT * 2 + BACK + b"es ", "> of loomes 東!")
		for to, back in ((HOME, END), (b"\x01", b"\x05")):
			self.say(run, to + BACK + b"x", "> xof loomes 東!")
			self.say(run, LEFT * 2 + DELETE + back + DELETE + b"y", "> of loomes 東!y")
			self.say(run, BACK, lambda t: "!y" not in t.flowing())
		self.say(run, RIGHT, "Enter keeps the line that you typed, Ctrl-U drops it.")
		self.say(run, HOME + UNDO + b"of l" + LEFT + b"oo" + b"\r", "Which tags?")
		self.leave(run)
		self.assertEqual(self.rows("SELECT text FROM remark"), [("of ool",)])

	def test_around_the_cursor(self):
		"""Of a line that is longer than the window the part around it is seen, blanks and all."""
		self.meet("Ada")
		run = self.open(size=(24, 40))
		run.until("What did you talk about?")
		self.say(run, b"BEGIN " + b"a" * 30 + b" MIDDLE " + "東".encode() * 15 + b" END", "東 END")
		row = lambda t: t.text().split("\n> ")[1].split("\n")[0]
		self.say(run, HOME, lambda t: row(t) == "BEGIN " + "a" * 30)
		self.say(run, END + LEFT * 20 + b"x", lambda t: "MIDDLEx 東東東" in row(t) and "END" not in row(t))
		self.say(run, LEFT * 2 + b"  ", lambda t: "MIDDL  Ex" in row(t))
		self.leave(run, UNDO + ESC)

	def test_what_is_held_or_pasted_decides_nothing(self):
		"""What came before the three stood on the screen is no decision."""
		self.meet("Ada")
		run = self.open()
		run.until("What did you talk about?")
		run.keys(b"one\rtwo\r\r\rllllllllllll")
		run.until("Keep, soon, or let go?")
		self.leave(run)
		self.assertEqual(self.rows("SELECT review FROM contact"), [(0,)])

	def test_taken_up(self):
		"""Killed at a question, it goes on there; the line that was being typed is all that is lost."""
		self.meet("Ada")
		run = self.open()
		run.until("What did you talk about?")
		self.say(run, b"of looms\r", "Which tags?")
		self.say(run, b"not fin", "> not fin")
		run.process.send_signal(signal.SIGKILL)
		run.process.wait()
		run = self.open()
		t = run.until("Which tags?")
		self.assertIn("noted 4 May 2026: of looms", t.flowing())
		self.assertNotIn("not fin", t.flowing())
		self.leave(run)

	def test_taken_up_blind(self):
		"""Left at the three, it goes on one question earlier: a note that is typed blind lets nobody go."""
		self.meet("Ada")
		run = self.open()
		run.until("What did you talk about?")
		run.keys(b"\r\r\r\r")
		run.until("Keep, soon, or let go?")
		self.leave(run)
		run = self.open()
		run.until("Esc ends.")
		self.say(run, b"looms", "> looms")
		self.leave(run, ESC + ESC)
		self.assertEqual(self.rows("SELECT review FROM contact"), [(0,)])

	def test_a_day_is_taken_off(self):
		self.meet("Ada")
		run = self.open()
		run.until("What did you talk about?")
		self.say(run, b"\r\r\rthe book\r", "By when?")
		self.say(run, b"2w\r", "Keep, soon, or let go?")
		self.say(run, UP, "By when?")
		self.say(run, b"\r", "Keep, soon, or let go?")
		self.leave(run)
		self.assertEqual(self.rows("SELECT text, by FROM promise"), [("the book", None)])

	def test_ended_from_outside(self):
		"""A kill leaves the terminal as it was; one that goes away ends it."""
		self.meet("Ada")
		run = self.open()
		run.until("What did you talk about?")
		run.process.send_signal(signal.SIGTERM)
		self.assertNotEqual(run.end(), 0)
		run = self.open()
		run.until("What did you talk about?")
		run.hang_up()

	def test_a_window_that_changes(self):
		"""What is typed stays, the question and the keys are seen; nothing wraps."""
		self.meet("Grace Brewster Murray Hopper", k10="Navy", k32="compilers " * 20, k31="long " * 60)
		run = self.open()
		self.say(run, b"a line", "> a line")
		for size in ((12, 40), (8, 20), (40, 200), (4, 12), (24, 80)):
			run.resize(*size)
			run.until("a line" if size[0] > 4 else lambda t: not t.stale)
			if size[0] >= 12:
				run.until("What did you talk about?")
				run.until("Esc ends.")
		self.leave(run, ESC + ESC)

	def test_a_long_card(self):
		"""What does not fit is shown by PgDn."""
		self.meet("Ada", k32="looms " * 30, k33="cards " * 30, k31="last words " + "x " * 80 + "END")
		run = self.open(size=(12, 40))
		self.assertNotIn("END", run.until("(PgDn shows more)").flowing())
		for _ in range(8):
			run.keys(DOWN)
		run.until("END")
		self.leave(run)

	def test_words_without_blanks(self):
		"""They are broken where the room ends; of a long line the end is seen."""
		url = "https://example.org/" + "a" * 60 + "z"
		self.meet("Ada", k22=url)
		run = self.open(size=(24, 40))
		t = run.until("Esc ends.")
		self.assertIn(("url: \n" + url[:39] + "\n" + url[39:78] + "\n" + url[78:]).replace(" \n", "\n"), t.text())
		for end in ("ONE", "TWO", "END"):  # less at once than a terminal's queue holds: Linux may forget to go on behind it
			self.say(run, "東".encode() * 1000 + end.encode(), end)
		self.assertEqual(len(t.text().split("> ")[1].split("\n")[0]), 19)
		self.leave(run, UNDO + ESC)

	def test_a_letter_in_two_parts(self):
		"""Its bytes come as the terminal has them; what is no letter is passed over, and costs no other one."""
		self.meet("Ada")
		run = self.open()
		run.until("What did you talk about?")
		run.keys(b"a\xe6\x9d")
		self.say(run, b"", lambda t: "> a" in t.flowing())
		self.say(run, b"\xb1b", "> a東b")
		run.keys(b"\x9d\xb1\xc3")
		self.say(run, b"c\xff\xf0\x9fd\xc3", "> a東bcd")
		self.say(run, b"\xbc\r", "Which tags?")
		self.leave(run)
		self.assertEqual(self.rows("SELECT text FROM remark"), [("a東bcdü",)])

	def test_a_full_ring(self):
		"""Those in it take the place of the card, and are more than the window has rows for."""
		for i in range(20):
			self.meet(f"P{i:02}")
		db = sqlite3.connect(self.path("h", "kith.db"))
		db.execute("UPDATE ring SET room = 19 WHERE row = 1")
		db.execute("UPDATE contact SET ring = 1, review = 1 WHERE name <> 'P00'")
		db.commit()
		db.close()
		run = self.open(size=(12, 40))
		run.until("1 left: P00")
		run.keys(b"\r\r")
		self.say(run, b"1\r", "inner has room for 19, and is full.")
		for _ in range(8):
			run.keys(DOWN)
		run.until("19: P19")
		self.say(run, b"19\r", "What did you promise?")
		self.leave(run)
		self.assertEqual(self.rows("SELECT name FROM contact WHERE ring IS NULL"), [("P19",)])

	def test_names_that_cannot_be_read(self):
		"""T17, cases 26 to 29, 80: names and fields of strangers, in windows of 20, 40 and 200 columns."""
		names = [n for n in texts.HOSTILE + texts.emoji_of_the_corpus()[:20] if 0 < len(n.encode()) <= 128
			and "\0" not in n]
		for name in names:
			self.meet(name, k10=name, k12=name, k32=name, k31=name)
		n = len(self.rows("SELECT row FROM contact"))
		self.assertGreater(n, 20)
		for columns in (20, 40, 200):
			run = self.open(size=(24, columns))
			for left in range(n, 0, -1):
				run.until(lambda t, left=left: t.row(0).startswith(f"{left} left:"[:columns - 1]))
				run.keys(RIGHT)
			run.until("That was everybody.")
			self.leave(run)

	def test_hostile_words_that_are_typed(self):
		"""What a person pastes does not act either."""
		self.meet("Ada")
		run = self.open(size=(24, 60))
		run.until("What did you talk about?")
		for text in ("e" + "\u0301" * 30, "\u202eabc\u202c", "\u200b\u2060x", "\U000e0041y", "\u05e9\u05dc x"):
			self.say(run, text.encode() + b"|", "|")
			self.say(run, UNDO, lambda t: "|" not in t.flowing())
		self.leave(run)

	def test_no_color(self):
		"""No colour is sent, with NO_COLOR or without; all is said in words."""
		self.meet("Ada")
		for env in ({}, {"NO_COLOR": "1"}):
			run = self.open(**env)
			run.until("What did you talk about?")
			self.leave(run)
			self.assertNotRegex(run.said, rb"\x1b\[[0-9;]*(3[0-7]|4[0-7])m")

	def test_another_locale(self):
		"""Names are UTF-8 whatever the locale is."""
		self.meet("Zoë 東京")
		run = self.open(LANG="C", LC_ALL="C")
		self.assertEqual(run.until("What did you talk about?").row(0), "1 left: Zoë 東京")
		self.leave(run)


if __name__ == "__main__":
	house.main()
