# SPDX-License-Identifier: MIT
"""Text from strangers on the screens of swap and nearby: the live list, the plain lines, and JSON.

It comes the whole way: from a courier through the node to a terminal.  T17, T30; cases 26 to 30,
80.  And the invitation, which is for the camera or the keyboard of another.
"""

import json
import os
import pathlib
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unicodedata
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(HERE.parent / "cli"))

import house  # noqa: E402
import texts  # noqa: E402
from room import ADDRESSES, LIMIT, Room, keys  # noqa: E402
from terminal import MARKS, Offence, Run, Terminal  # noqa: E402
from kithref import uri  # noqa: E402, room knows where

KITH = house.KITH = sys.argv.pop(1)
NAME = 6  # the column of every name
READ = 1  # seconds, more than a request that takes another's place is not answered in
HANDLE = re.compile(r"^[A-Z2-7]{4,16}$")
SIZES = ((150, 20), (150, 80), (150, 200))
# Names that would like to be words of kith's own, or somebody else's handle.
WORDS = ["you", "verified \u2713", "swapped", "asks to swap", "Code with Ada: 123 456", "y for yes",
	"4F7K", "  4F7K  asks to swap", "Ada (4F7K) asks to swap cards. y", "someone near",
	"Ada\": 123 456. \"", "Ada\u201d: 123 456. \u201c", "> 1  Grace  QX2M", "kith: verified"]
BLANK = ["   ", "\u2003", "\u200b", "\u3164", "\u202e", ""]
GREEK, CYRILLIC = "\u0391da Lovelace", "\u0410d\u0430 Lovelace"
KNOWN = "Ada Lovelace"


def cut(text, most):
	"""Its beginning in that many bytes; what holds a NUL cannot be sent at all."""
	return text.replace("\0", "").encode()[:most].decode("utf-8", "ignore")


def labels(most):
	"""Every hostile string, as far as it fits into a label."""
	found = WORDS + BLANK + texts.HOSTILE + texts.names_of_the_corpus()
	emoji = texts.emoji_of_the_corpus()
	found += ["".join(emoji[i:i + 8]) for i in range(0, len(emoji), 8)]
	return list(dict.fromkeys(cut(t, most) for t in found + texts.strings_of_the_corpus()))


class Stage(unittest.TestCase):
	"""A room and a kith at a terminal in it; a class has a room of its own."""

	@classmethod
	def setUpClass(cls):
		cls.room = Room(KITH, "Grace Hopper", [KNOWN])
		cls.addClassCleanup(cls.room.close)

	def setUp(self):
		self.here = []
		self.last = 0

	def tearDown(self):
		for key in self.here:
			self.room.gone(key)

	def run_kith(self, *args, size=(24, 80), term="xterm"):
		"""kith at a terminal, ready."""
		run = Run([KITH, *args], {**self.room.env, "TERM": term}, size)
		self.addCleanup(run.close)
		run.until("Looking who is here" if term == "dumb" else
			"Who is here" if args[0] == "nearby" else "kith swap: you")
		return run

	def seen(self, label, key=None):
		key = key or keys.random(32)
		self.here.append(key)
		self.room.seen(key, cut(label, 40))
		return key

	def clear(self):
		while self.here:
			self.room.gone(self.here.pop())

	def shown(self, run):
		"""Everything that was said so far is on the screen now."""
		text = self.room.fence()
		return run.until(lambda t: text in t.flowing())

	def end(self, run, status=5, key=b"q"):
		run.keys(key)
		self.assertEqual(run.end(), status)

	def rows(self, t):
		"""(name, handle, remark, warning) of each row, every part in its own column."""
		found, handle = [], self.handle_column(t)
		for y in range(2, t.rows):
			row = t.row(y)
			if re.match(r"^[> ] *\d+  ", row):
				end = row.find("  ", handle)
				end = len(row) if end < 0 else end
				name, rest = t.column(y, NAME, handle - 2), t.column(y, handle, t.columns)
				self.assertEqual(t.column(y, handle - 2, handle), "  ", row)
				word, _, remark = rest.strip().partition("  ")
				self.assertRegex(word, HANDLE, row)
				found.append([name.strip(), word, remark.strip(), "", t.has(y, 0, 7)])
			elif row.startswith(" " * NAME) and found:
				found[-1][3] = (found[-1][3] + " " + row.strip()).strip()
			else:
				break
		return found

	def handle_column(self, t):
		"""The one column at which every row has its handle."""
		every = None
		for y in range(2, t.rows):
			if not re.match(r"^[> ] *\d+  ", t.row(y)):
				continue
			here = {x for x in range(NAME + 2, t.columns)
				if t.column(y, x - 2, x) == "  " and re.match(
					r"[A-Z2-7]{4,16}( |$)", t.column(y, x, t.columns))}
			every = here if every is None else every & here
		self.assertTrue(every, "the handles are in no column:\n" + t.text())
		return max(every)

	def piped(self, *args):
		run = subprocess.Popen([KITH, *args], env=self.room.env, stdin=subprocess.PIPE,
			stdout=subprocess.PIPE, bufsize=0)
		self.addCleanup(self.stop, run)
		self.wait(run, "ready")
		return run

	def stop(self, run):
		if run.poll() is None:
			run.kill()
		run.wait()
		run.stdin.close()
		run.stdout.close()

	def wait_raw(self, run, *kinds):
		while select.select([run.stdout], [], [], LIMIT)[0]:
			raw = run.stdout.readline().decode("utf-8")
			event = json.loads(raw)
			if event["event"] in kinds:
				return event, raw[:-1]
		self.fail(f"no {kinds}")

	def wait(self, run, *kinds):
		return self.wait_raw(run, *kinds)[0]

	def alike(self, label, name):
		if label in (GREEK, CYRILLIC):
			return f'looks like your "{name}", but is spelt otherwise'
		return f'has the name of your "{name}"' if label == name else ""

	def asked(self, run, label, key=b"r"):
		"""A request with that label is on the screen, even where it was held back before; not so soon
		after the last one that it has to be read first."""
		time.sleep(max(0, self.last + READ - time.monotonic()))
		stranger = self.room.asks(label)
		run.until(lambda t: "for no." in t.flowing() or "held back; r" in t.flowing() or
			"held back. Type r" in t.flowing())
		if "for no." not in run.terminal.flowing():
			run.keys(key)
		run.until("for no.")
		self.last = time.monotonic()
		return stranger


class List(Stage):
	def test_every_hostile_label_stays_in_its_column(self):
		"""T17, cases 26 27 29 80: in windows of 20, 80 and 200 columns."""
		every = labels(40)
		self.assertGreater(len(every), 50)
		for size in SIZES:
			with self.subTest(size):
				run = self.run_kith("swap", size=size)
				for i in range(0, len(every), 60):
					some = every[i:i + 60]
					for label in some:
						self.seen(label)
					rows = self.rows(self.shown(run))
					self.assertEqual(len(rows), len(some))
					self.assertEqual(len({r[1] for r in rows}), len(rows))
					for name, _, remark, warning, _ in rows:
						self.assertNotEqual(name, "")
						self.assertEqual((remark, warning), ("", ""), name)
					self.clear()
				self.end(run)

	def test_a_name_is_no_word_of_kith(self):
		"""Case 28: neither in the list, nor when its owner asks or is lost."""
		run = self.run_kith("swap", size=(40, 80))
		for label in WORDS + BLANK:
			self.seen(label)
		t = self.shown(run)
		rows = self.rows(t)
		self.assertEqual([r[2] for r in rows], [""] * len(rows))
		self.assertNotIn("\u2713", t.text())
		nameless = [r for r in rows if r[0] == "someone near"]
		self.assertEqual(len(nameless), 1 + len(set(BLANK)))
		self.assertIn("Arrows or a number choose", t.row(39))
		key = self.seen("asks to swap")
		stranger = self.room.asks("asks to swap", key=key)
		rows = self.rows(run.until("y for yes, n for no."))
		self.assertEqual([r[2] for r in rows if r[2]], ["asks to swap"])
		stranger.leave()
		self.end(run)

	def test_two_of_one_name_are_two_rows(self):
		"""T30, case 30."""
		run = self.run_kith("swap")
		for _ in range(3):
			self.seen("Bob")
		rows = self.rows(self.shown(run))
		self.assertEqual([r[0] for r in rows], ["Bob"] * 3)
		self.assertEqual(len({r[1] for r in rows}), 3)
		self.end(run)

	def test_the_cursor_stays_with_its_person(self):
		"""T30, case 30: whoever comes, goes or changes the name; Enter is for nobody else."""
		run = self.run_kith("swap")
		first, second = self.seen("Bob"), self.seen("Bob")
		self.seen("Carol")
		rows = self.rows(self.shown(run))
		run.keys(b"2")
		t = run.until(lambda t: t.has(3, 0, 7))
		chosen = rows[1][1]
		self.room.gone(first)
		self.seen("Aaron")
		self.seen("Bob the builder", second)
		rows = self.rows(self.shown(run))
		self.assertEqual([r[1] for r in rows if r[4]], [chosen])
		self.assertEqual([r[0] for r in rows if r[4]], ["Bob the builder"])
		self.room.gone(second)
		t = self.shown(run)
		self.assertEqual([r for r in self.rows(t) if r[4]], [])
		run.keys(b"\r")
		run.until("Whom you had chosen has left")
		self.assertTrue(self.room.dials.empty())
		run.keys(b"1\r")
		run.until("seen but not reached")
		self.assertNotIn(self.room.dials.get(timeout=LIMIT), (first, second))
		run.keys(b"c")
		self.end(run)

	def test_names_that_change_without_end(self):
		"""T14: 256 rows, three seconds, nobody reads the screen in between.  It then shows the last
		names, and answers the keys."""
		run = self.run_kith("swap", size=(270, 80))
		everybody = [keys.random(32) for _ in range(256)]
		end, turn = time.monotonic() + 3, 0
		while time.monotonic() < end:
			for i, key in enumerate(everybody):
				self.room.seen(key, f"{turn} {i}")
			turn += 1
		self.here = everybody
		for i, key in enumerate(everybody):
			self.room.seen(key, f"last {i}")
		last = {f"last {i}" for i in range(256)}
		run.until(lambda t: f" last 255 " in t.text() and {r[0] for r in self.rows(t)} == last)
		self.assertEqual(self.room.node.poll(), None)
		self.clear()
		run.until("Nobody yet")
		self.end(run)

	# --- look-alikes

	def test_look_alikes_are_marked_in_the_list(self):
		"""Case 28, and that an unrelated name is not."""
		names = [GREEK, CYRILLIC, KNOWN, "Alan Turing", "Ada Byron", "\u0391lan"]
		for size in ((60, 20), (40, 80), (40, 200)):
			with self.subTest(size):
				run = self.run_kith("swap", size=size)
				for name in names:
					self.seen(name)
				rows = self.rows(self.shown(run))
				self.assertEqual([r[3] for r in rows], [self.alike(n, KNOWN) for n in names])
				self.clear()
				self.end(run)

	# --- requests

	def test_every_hostile_request_is_one_sentence(self):
		"""T17, cases 26 to 29: the words that say what the keys do are there, at any width."""
		every = [t for t in labels(64) if t in WORDS + BLANK or t in texts.HOSTILE] + \
			[cut(t, 64) for t in texts.HOSTILE[-20:]] + ["x" * 64, "w " * 32, "\u738b" * 21]
		name = r'("[^"]+["\u2026]|someone near)'
		sentence = re.compile(name + r" \([A-Z2-7]{4,16}\) asks to swap cards\. They give none in "
			r"return\. Nobody compares there\. y for yes, n for no\.$")
		end = re.compile(name + r" does not ask any more\. Arrows or a number choose, Enter swaps, "
			r"i invites, q leaves\.$")
		asking, gone = lambda t: sentence.search(t.flowing()), lambda t: end.search(t.flowing())
		for size in ((24, 20), (24, 80)):
			with self.subTest(size):
				run = self.run_kith("swap", size=size)
				for label in dict.fromkeys(every):
					stranger = self.room.asks(label, gives=False, attended=False)
					t = run.until(asking)
					self.assertEqual(t.flowing().count("They give none in return"), 1)
					stranger.leave()
					run.until(gone)
				self.assertGreater(run.terminal.bells, len(set(every)) - 1)
				self.end(run)

	# --- sentences

	def test_every_hostile_notice(self):
		"""T17, case 26: what the network helper says."""
		for size in ((24, 20), (24, 80)):
			run = self.run_kith("swap", size=size)
			for text in labels(400):
				if text:
					self.room.say(24, text)
					self.shown(run)
			self.end(run)

	def test_the_name_of_the_event(self):
		for text in texts.HOSTILE[17:30] + [t for t in WORDS if t]:
			run = Run([KITH, "swap", "--event", cut(text, 128)], self.room.env)
			self.addCleanup(run.close)
			run.until("you are visible as Grace Hopper")
			self.assertTrue(run.terminal.row(0).startswith("kith swap: you are visible as"))
			self.end(run)

	# --- the other views

	def test_every_hostile_label_in_plain_lines(self):
		"""T17, cases 26 27 29: on a terminal that can do nothing."""
		for command, mark in (("swap", r"\d+  "), ("nearby", "Here: ")):
			with self.subTest(command):
				run = self.run_kith(command, term="dumb", size=(400, 400))
				every = labels(40)
				for i in range(0, len(every), 60):
					for label in every[i:i + 60]:
						self.seen(label)
					self.shown(run)
					self.clear()
					self.shown(run)
				for line in run.terminal.text().split("\n"):
					if "(" in line and not line.startswith("fence"):
						self.assertRegex(line, f'^({mark}|Gone: )("[^"]+"|someone near)'
							r" \([A-Z2-7]{4,16}\)$")
				self.assertNotIn(b"\x1b", run.said)
				self.end(run, 0 if command == "nearby" else 5,
					b"q\n" if command == "swap" else b"\x03")

	def test_every_hostile_label_at_nearby(self):
		"""T17, cases 26 27 29."""
		run = self.run_kith("nearby", size=(150, 80))
		for label in labels(40)[:100]:
			self.seen(label)
		self.assertEqual(len(self.rows(self.shown(run))), 100)
		self.end(run, 0)

	def test_every_hostile_label_in_json(self):
		"""T17, cases 26 27: a line each, in which nothing acts, and the name is whole."""
		run = self.piped("swap", "--json")
		for label in labels(40):
			self.seen(label)
			event, raw = self.wait_raw(run, "seen")
			self.assertEqual(event["name"] or "", label)
			for c in raw:
				self.assertNotIn(unicodedata.category(c), ("Cc", "Cf", "Zl", "Zp"), f"{raw!a}")
			self.clear()
			self.wait(run, "gone")
		run.stdin.write(b"quit\n")
		run.wait(LIMIT)

	# --- the terminal itself

	def test_windows_of_every_size(self):
		"""Case 80: with people, a request and a notice on it, down to a single cell."""
		run = self.run_kith("swap")
		for label in WORDS[:8] + [GREEK]:
			self.seen(label)
		stranger = self.room.asks("Code with Ada: 123 456 " + "\u738b" * 10)
		run.until("y for yes, n for no.")
		for size in ((24, 20), (6, 20), (24, 10), (3, 40), (2, 5), (1, 1), (10, 30), (60, 200)):
			run.resize(*size)
			self.room.fence()
			run.until(lambda t: not t.stale)
		self.assertEqual(len(self.rows(self.shown(run))), 9)
		stranger.leave()
		self.end(run)

	def test_a_window_too_small_gets_plain_lines(self):
		"""Case 80."""
		run = Run([KITH, "swap"], self.room.env, (5, 19))
		self.addCleanup(run.close)
		run.until(lambda t: b"q to leave" in run.said)
		self.assertFalse(run.terminal.modes["full"])
		self.end(run, 5, b"q\n")

	def test_the_terminal_is_given_back_however_it_ends(self):
		"""Cases 26 80: Ctrl-C, SIGTERM, Ctrl-D and the time-out; end() compares."""
		for how in ("q", "\x03", signal.SIGTERM, signal.SIGHUP, "timeout"):
			with self.subTest(how):
				run = self.run_kith("swap", *(["--timeout", "1"] if how == "timeout" else []))
				self.seen("\x1b]0;t\x07")
				self.shown(run)
				if isinstance(how, signal.Signals):
					run.process.send_signal(how)
				elif how != "timeout":
					run.keys(how.encode())
				self.assertEqual(run.end(), 5)
				self.clear()

	def test_nobody_reads_the_output(self):
		"""Case 80: a closed pipe ends it, in lines and in JSON."""
		for args in (["swap", "--json"], ["swap"], ["nearby", "--json", "--timeout", "60"]):
			with self.subTest(args):
				run = subprocess.Popen([KITH, *args], env=self.room.env, stdin=subprocess.PIPE,
					stdout=subprocess.PIPE)
				self.addCleanup(self.stop, run)
				run.stdout.readline()
				run.stdout.close()
				self.seen("Bob")
				self.seen("Carol")
				self.assertIn(run.wait(LIMIT), (0, 5))
				self.clear()


@unittest.skipUnless(shutil.which("zbarimg") or os.environ.get("KITH_CI"), "zbar-tools is not here")
class Invitation(Stage):
	ASK = "Your invitation: the other person"

	def reach(self, *addresses):
		"""This machine has these addresses (IPv4) from now on."""
		self.room.say(ADDRESSES, b"".join(b"\x04" + bytes(a) for a in addresses))

	def decoded(self, t):
		"""What a camera reads from the screen."""
		grid = []
		for y in range(t.rows):
			cells = [c for c, _ in t.cells[y]]
			grid.append([c in "\u2588\u2580" for c in cells])
			grid.append([c in "\u2588\u2584" for c in cells])
		scale = 4
		lines = b"".join(b"".join((b"\0" if d else b"\xff") * scale for d in row) * scale
			for row in grid)
		pgm = b"P5 %d %d 255\n" % (t.columns * scale, len(grid) * scale) + lines
		with tempfile.NamedTemporaryFile(suffix=".pgm") as f:
			f.write(pgm)
			f.flush()
			done = subprocess.run(["zbarimg", "-q", "--raw", "--nodbus", "-Sdisable",
				"-Sqrcode.enable", f.name], capture_output=True, timeout=60)
		return done.stdout.decode().strip()

	def text_of(self, t):
		"""The invitation as letters, put together again from its rows; "" for none."""
		found = ""
		for y in range(t.rows):
			row = t.row(y)
			if row.startswith("KITH:1/J/") or (found and re.fullmatch("[A-Z2-7]+", row)):
				found += row
			elif found:
				break
		return found

	def check(self, text, address):
		key, port, addresses, _ = uri.open_invite(uri.read(text.encode())[1])
		self.assertEqual((key, port, addresses), (self.room.key, 4711, [bytes(address)]))

	def test_as_text_and_code_and_back_with_any_key(self):
		self.reach((192, 0, 2, 7))
		run = self.run_kith("swap", size=(60, 90))
		self.seen("Ada")
		for key in (b"x", b" ", b"\r", b"q", b"i", b"1", b"\x1b[B"):
			with self.subTest(key):
				run.keys(b"i")
				run.until(lambda t: self.ASK in t.flowing() and self.text_of(t))
				t = self.shown(run)
				self.assertNotIn("Ada", t.text())
				text = self.text_of(t)
				self.check(text, (192, 0, 2, 7))
				self.assertEqual(self.decoded(t), text)
				self.assertNotIn("QR code", t.text())
				run.keys(key)
				run.until("i invites, q leaves.")
				self.assertEqual(self.text_of(run.terminal), "")
				self.assertEqual([row[0] for row in self.rows(self.shown(run))], ["Ada"])
		self.end(run)

	def test_as_many_lines_as_there_are(self):
		"""Both, the code alone, or the text and what the code would take."""
		self.reach((192, 0, 2, 7))
		for size, shown in (((60, 90), "both"), ((28, 80), "code"), ((24, 80), "text"),
				((60, 40), "text"), ((18, 30), "text")):
			with self.subTest(size):
				run = self.run_kith("swap", size=size)
				run.keys(b"i")
				run.until(lambda t: self.text_of(t) or "\u2588" in t.text())
				t = self.shown(run)
				text, code = self.text_of(t), self.decoded(t)
				self.assertEqual((text != "", code != ""), (shown != "code", shown != "text"))
				self.check(text or code, (192, 0, 2, 7))
				self.assertEqual(code or text, text or code)
				self.assertEqual("(A QR code of it takes a window of" in t.flowing(),
					shown == "text")
				run.keys(b"x")
				run.until("q leaves.")
				self.end(run)

	def test_it_follows_the_addresses(self):
		self.reach()
		run = self.run_kith("swap", size=(60, 90))
		run.keys(b"i")
		run.until("no invitation yet")
		before = ""
		for last in (8, 9):
			self.reach((192, 0, 2, last))
			run.until(lambda t: self.text_of(t) not in ("", before))
			t = self.shown(run)
			before = self.text_of(t)
			self.check(self.text_of(t), (192, 0, 2, last))
			self.assertEqual(self.decoded(t), self.text_of(t))
		self.reach()
		run.until("no invitation yet")
		run.keys(b"x")
		self.end(run)

	def test_a_request_goes_before_it(self):
		"""Its keys are the request's, and the invitation is still there afterwards."""
		self.reach((192, 0, 2, 7))
		run = self.run_kith("swap", size=(60, 90))
		run.keys(b"i")
		run.until(self.text_of)
		text = self.text_of(self.shown(run))
		self.asked(run, "Ada")
		run.keys(b"n")
		run.until(self.ASK)
		self.assertEqual(self.text_of(self.shown(run)), text)
		run.keys(b"x")
		run.until("i invites, q leaves.")
		self.end(run)

	def test_nearby_invites_nobody(self):
		run = self.run_kith("nearby")
		run.keys(b"i")
		self.seen("Ada")
		run.until("Ada")
		self.assertNotIn("nvit", run.terminal.text())
		self.end(run, 0)


class Code(Stage):
	"""Up to the code, which the person here never confirms: so others are held back in between."""

	def test_look_alikes_are_marked_in_request_and_code(self):
		"""Case 28: at the screen and in plain lines."""
		for name in (GREEK, CYRILLIC, KNOWN, "Alan Turing"):
			for term, end in (("xterm", b"q"), ("dumb", b"q\n")):
				with self.subTest(name=name, term=term):
					mark = self.alike(name, KNOWN)
					run = self.run_kith("swap", term=term, size=(24, 200))
					stranger = self.asked(run, name, b"r" if term == "xterm" else b"r\n")
					t = run.terminal
					self.assertEqual("looks like your" in t.flowing() or "has the name" in
						t.flowing(), mark != "")
					who = f", who {mark}" if mark else ""
					self.assertRegex(t.flowing(), r'"[^"]+" \([A-Z2-7]+\)' + re.escape(who)
						+ ",?" * bool(mark) + " asks to swap cards")
					run.keys(b"y" if term == "xterm" else b"y\n")
					code, _ = stranger.codes.get(timeout=LIMIT)
					code = f"{code[:3]} {code[3:]}"
					t = run.until(code)
					self.assertRegex(t.flowing(), f'Code with "[^"]+"{re.escape(who)}: {code}')
					if term == "xterm":
						run.keys(b"c")
						run.until("q leaves.")
					self.end(run, 5, end)
					stranger.thread.join(LIMIT)

	def test_look_alikes_are_marked_in_json(self):
		"""Case 28."""
		for name in (GREEK, CYRILLIC, KNOWN, "Alan Turing"):
			run = self.piped("swap", "--json")
			want = None if name == "Alan Turing" else KNOWN
			self.seen(name)
			self.assertEqual(self.wait(run, "seen")["alike"], want)
			stranger = self.room.asks(name)
			asked = self.wait(run, "request", "held")
			if asked["event"] == "held":
				run.stdin.write(b"requests\n")
				asked = self.wait(run, "request")
			self.assertEqual((asked["name"], asked["alike"]), (name, want))
			run.stdin.write(f"accept {asked['peer']}\n".encode())
			self.assertEqual(self.wait(run, "code")["alike"], want)
			run.stdin.write(b"quit\n")
			run.wait(LIMIT)
			stranger.thread.join(LIMIT)
			self.clear()

	def test_a_name_cannot_pass_for_a_code(self):
		"""Case 28: the digits stand in one place, and no name can put others outside its marks."""
		digits = re.compile(r"\d{3} \d{3}")
		for size in ((7, 20), (24, 20), (24, 80), (50, 200)):
			with self.subTest(size):
				run = self.run_kith("swap", size=size)
				for label in WORDS[4:] + ["x" * 64, "\u738b" * 21, "w " * 32, GREEK]:
					stranger = self.asked(run, label)
					run.keys(b"y")
					code = stranger.codes.get(timeout=LIMIT)[0]
					code = f"{code[:3]} {code[3:]}"
					t = run.until(lambda t: code in t.text() and "c cancels." in t.flowing())
					self.check_digits(t, code)
					self.room.say(24, "A long word from the helper. " * 8 + "So it ends.")
					self.check_digits(run.until("So it ends."), code)
					if size[0] > 20:
						bare = re.sub(r'"[^"]*"', "", t.flowing())
						self.assertEqual(digits.findall(bare), [code])
						self.assertIn("Code with", t.row(2))
					run.keys(b"c")
					stranger.thread.join(LIMIT)
					run.until(lambda t: "q leaves." in t.flowing())
				self.end(run)

	def check_digits(self, t, code):
		alone = [y for y in range(t.rows) if t.row(y).strip() == code]
		self.assertEqual(len(alone), 1, t.text())
		self.assertTrue(t.has(alone[0], t.row(alone[0]).index(code), 1), "the code is not bold")

	def test_who_is_picked_names_himself_no_better(self):
		"""Cases 26 28: the label of an ACCEPT."""
		run = self.run_kith("swap")
		for label in ("\x1b]0;t\x07Bob", 'Bob": 123 456. "', "\u202egnp", "Z" + "\u0301" * 20):
			stranger = self.room.accepts(label)
			self.seen("Bob", stranger.key)
			self.shown(run)
			run.keys(b"\r")
			code = stranger.codes.get(timeout=LIMIT)[0]
			t = run.until(f"{code[:3]} {code[3:]}")
			self.assertEqual(re.findall(r"\d{3} \d{3}", re.sub('"[^"]*"', "", t.flowing())),
				[f"{code[:3]} {code[3:]}"])
			run.keys(b"c")
			stranger.thread.join(LIMIT)
			self.clear()
			run.until("Nobody yet")
		self.end(run)

	def replaced(self, run, how):
		"""A request on the screen of a run, in the place of another that just ended."""
		first = self.asked(run, "Alice")
		how(first)
		second = self.room.asks("Bob")
		run.until(lambda t: '"Bob"' in t.flowing() and "for no." in t.flowing())
		self.addCleanup(second.leave)
		return second

	def test_a_key_meant_for_another_request_answers_nothing(self):
		"""T15: the one that was read is withdrawn, or answered; at once there is another."""
		def withdrawn(stranger):
			stranger.leave()

		def answered(stranger):
			run.keys(b"n")
			stranger.thread.join(LIMIT)
		for how in (withdrawn, answered):
			with self.subTest(how.__name__):
				run = self.run_kith("swap")
				second = self.replaced(run, how)
				for _ in range(20):  # as a key that is held down
					run.keys(b"y")
					run.until("Another request: read it first.")
					time.sleep(0.05)  # the time itself is what is tested
				self.assertIn('"Bob"', run.terminal.flowing())
				self.assertIn("y for yes", run.terminal.flowing())
				self.assertTrue(second.codes.empty())
				time.sleep(READ)
				run.keys(b"y")
				code = second.codes.get(timeout=LIMIT)[0]
				run.until(f"{code[:3]} {code[3:]}")
				run.keys(b"c")
				run.until(lambda t: "q leaves." in t.flowing())
				self.end(run)

	def test_the_terminal_goes_away(self):
		"""Case 80: in the list and at a code; kith ends, the node serves on, nothing was kept."""
		for term in ("xterm", "dumb"):
			with self.subTest(term):
				run = self.run_kith("swap", term=term)
				stranger = self.asked(run, "Bob", b"r\n" if term == "dumb" else b"r")
				run.keys(b"y\n" if term == "dumb" else b"y")
				stranger.codes.get(timeout=LIMIT)
				run.until("Code with")
				self.assertEqual(run.hang_up(), 5)
				stranger.thread.join(LIMIT)
				self.assertFalse(stranger.thread.is_alive())
				self.end(self.run_kith("swap"))
		people = json.loads(self.room.run("list", "--json"))
		self.assertEqual([p["name"] for p in people], [KNOWN])


class Strict(unittest.TestCase):
	"""The terminal of these tests does take offence."""

	def test_what_acts(self):
		for bad in (b"\x1b]0;t\x07", b"\x1b]52;c;aGk=\x07", b"\x1bPq\x1b\\", b"\x1b[6n", b"\x1b[?1006h",
			b"\x1bc", b"\x1b[21t", b"\x1b[4h", "\x9b31m".encode(), b"\x9b31m", b"\x0e", b"\x7f",
			"a\u202eb".encode(), "a\u200bb".encode(), "\U000e0041".encode(), "\u2713".encode(),
			("Z" + "\u0301" * (MARKS + 1)).encode(), b"\x1b[?1049h" + b"x" * 81):
			with self.subTest(bad), self.assertRaises(Offence):
				Terminal(24, 80).feed(bad + b" " * 20)

	def test_what_is_left(self):
		for bad in (b"\x1b[?1049h", b"\x1b[1m", b"\x1b[?25l", b"\x1b[?1h", b"\x1b[22;0;0t"):
			t = Terminal(24, 80)
			t.feed(bad)
			with self.subTest(bad), self.assertRaises(Offence):
				t.settled()


if __name__ == "__main__":
	unittest.main(argv=sys.argv, verbosity=2)
