# SPDX-License-Identifier: MIT
"""A terminal that takes offence.

It draws what a program sends to a TERM=xterm, and raises Offence at everything but the movements,
deletions and attributes that kith's drawing uses, at a character that acts or cannot be seen, at a
letter with too many marks, and at a row that wraps where nothing may.
"""

import ctypes
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
import unicodedata

MARKS = 4  # SHOWN_MARKS of proto/limits.def
LIMIT = 30  # seconds that something may take which is there in milliseconds
BADGES = "\u2611\u2705\u2713\u2714\U0001f512\U0001f510\U0001f6e1\U0001f5f8\U0001f5f9\u221a"
BEFORE = {"full": False, "cursor": True, "keypad": False, "keys": False, "title": 0, "charset": "B",
	"wrap": True}
_WORDS = re.compile(rb"\x1b\[([?0-9;]*)([@-~])|\x1b([()][AB0]|[=>78M])")
_LIBC = ctypes.CDLL(None)
_LIBC.setlocale.restype = ctypes.c_char_p
_LIBC.setlocale(0, b"C.UTF-8")  # LC_CTYPE: wcwidth as ncurses asks for it


class Offence(AssertionError):
	pass


def offends(c):
	"""Whether a character may do more than stand in its place and be seen."""
	return (unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") or c in BADGES
		or 0xFE00 <= ord(c) <= 0xFE0F or 0xE0100 <= ord(c) <= 0xE01EF or c in "\u3164\uffa0\u2800")


def width(c):
	return _LIBC.wcwidth(ctypes.c_wchar(c))


class Terminal:
	"""rows of columns; full is whether the program has taken the whole screen."""

	def __init__(self, rows, columns):
		self.resize(rows, columns)
		self.stale = False  # what comes may be for the window as it was before
		self.left = b""  # the beginning of something
		self.attributes = ()
		self.modes = dict(BEFORE)
		self.bells = self.wraps = 0

	def resize(self, rows, columns):
		self.rows, self.columns, self.stale = rows, columns, True
		self.clear()
		self.y = self.x = 0
		self.region = (0, rows - 1)
		self.due = False  # the last column is filled: the next letter wraps

	def clear(self):
		self.cells = [self.blank_row() for _ in range(self.rows)]

	def blank_row(self):
		return [(" ", ())] * self.columns

	def settled(self):
		"""Everything is as it was before the program came."""
		for name, value in BEFORE.items():
			if self.modes[name] != value:
				raise Offence(f"{name} is left {self.modes[name]!r}")
		if self.attributes or self.left or self.region != (0, self.rows - 1):
			raise Offence(f"left behind: {self.attributes} {self.left!r} {self.region}")

	# --- what can be asked

	def row(self, y):
		return "".join(c for c, _ in self.cells[y]).rstrip()

	def text(self):
		"""What a person reads, row by row."""
		return "\n".join(self.row(y) for y in range(self.rows)).rstrip()

	def flowing(self):
		"""The same as one line, for sentences that were broken into rows."""
		return " ".join(self.text().split())

	def column(self, y, begin, end):
		return "".join(c for c, _ in self.cells[y][begin:end])

	def has(self, y, x, attribute):
		return attribute in self.cells[y][x][1]

	# --- what comes

	def feed(self, data):
		data = self.left + data
		at = 0
		while at < len(data):
			n = self.one(data, at)
			if n == 0:
				break
			at += n
		self.left = data[at:]
		if len(self.left) > 16:
			raise Offence(f"what is {self.left!r}?")

	def one(self, data, at):
		"""Takes one thing; returns its length, 0 for too little of it."""
		c = data[at]
		if c == 0x1B:
			return self.escape(data, at)
		if c < 0x20 or c == 0x7F:
			self.control(data, at)
			return 1
		n = 1 if c < 0x80 else 2 if c < 0xE0 else 3 if c < 0xF0 else 4
		if at + n > len(data):
			return 0
		try:
			self.letter(data[at:at + n].decode("utf-8"))
		except UnicodeDecodeError:
			raise Offence(f"not UTF-8: {data[at:at + 20]!r}") from None
		return n

	def control(self, data, at):
		c = data[at:at + 1]
		if c == b"\a":
			self.bells += 1
		elif c == b"\r":
			self.x, self.due = 0, False
		elif c == b"\n":
			self.line_feed()
		elif c == b"\b":
			self.x, self.due = max(0, self.x - 1), False
		elif c == b"\t" and self.modes["full"]:
			self.x = min(self.columns - 1, self.x // 8 * 8 + 8)
		else:
			raise Offence(f"control {c!r} in {data[max(0, at - 40):at + 20]!r}")

	def line_feed(self):
		self.due = False
		if self.y == self.region[1]:
			self.scroll(1)
		elif self.y < self.rows - 1:
			self.y += 1

	def scroll(self, n):
		top, bottom = self.region
		for _ in range(abs(n)):
			self.cells.insert(bottom + 1 if n > 0 else top, self.blank_row())
			self.cells.pop(top if n > 0 else bottom + 1)

	def letter(self, c):
		if offends(c):
			raise Offence(f"U+{ord(c):04X} on the screen: {self.row(self.y)!r}")
		columns = width(c)
		if columns < 0:
			raise Offence(f"U+{ord(c):04X} has no width: {self.row(self.y)!r}")
		if columns == 0:
			self.mark(c)
			return
		if self.due or self.x + columns > self.columns and self.modes["wrap"]:
			self.wraps += 1
			if self.modes["full"] and not self.stale:
				raise Offence(f"row {self.y} wraps: {self.row(self.y)!r}")
			self.x, self.due = 0, False
			self.line_feed()
		if columns > self.columns:
			return
		self.cells[self.y][self.x] = (c, self.attributes)
		for x in range(self.x + 1, min(self.columns, self.x + columns)):
			self.cells[self.y][x] = ("", self.attributes)
		self.x += columns
		if self.x >= self.columns:
			self.x, self.due = self.columns - 1, self.modes["wrap"]

	def mark(self, c):
		x = self.x if self.due else self.x - 1
		while x >= 0 and self.cells[self.y][x][0] == "":
			x -= 1
		if x < 0:
			raise Offence(f"U+{ord(c):04X} on no letter")
		text, attributes = self.cells[self.y][x]
		if not unicodedata.category(c).startswith("M") and not 0x1160 <= ord(c) <= 0x11FF:
			raise Offence(f"U+{ord(c):04X} cannot be seen: {self.row(self.y)!r}")
		if len(text) > MARKS:
			raise Offence(f"{len(text)} marks on one letter: {text!r}")
		self.cells[self.y][x] = (text + c, attributes)

	def escape(self, data, at):
		match = _WORDS.match(data, at)
		if not match:
			if len(data) - at < 16 and re.fullmatch(rb"\x1b(\[[?0-9;]*|[()])?", data[at:]):
				return 0
			raise Offence(f"escape {data[at:at + 20]!r}")
		if match[3]:
			self.short(match[3].decode())
		else:
			self.long(match[1].decode(), match[2].decode(), match[0])
		return match.end() - at

	def short(self, word):
		if word in ("(B", "(0"):
			self.modes["charset"] = word[1]
		elif word in "=>":
			self.modes["keypad"] = word == "="
		elif word == "M":
			self.due = False
			if self.y == self.region[0]:
				self.scroll(-1)
			else:
				self.y = max(0, self.y - 1)
		elif word not in "78":
			raise Offence(f"escape {word!r}")

	def long(self, text, kind, whole):
		if text.startswith("?"):
			for mode in text[1:].split(";"):
				self.mode(mode, kind, whole)
			return
		n = [int(t) if t else 0 for t in text.split(";")]
		first = max(1, n[0])
		self.due = False
		if kind == "m":
			self.attribute(n)
		elif kind == "H":
			self.y = min(self.rows, first) - 1
			self.x = min(self.columns, max(1, n[1] if len(n) > 1 else 1)) - 1
		elif kind == "d":
			self.y = min(self.rows, first) - 1
		elif kind == "G":
			self.x = min(self.columns, first) - 1
		elif kind in "ABCD":
			self.y = min(self.rows - 1, max(0, self.y + {"A": -first, "B": first}.get(kind, 0)))
			self.x = min(self.columns - 1,
				max(0, self.x + {"C": first, "D": -first}.get(kind, 0)))
		elif kind == "K" and n[0] in (0, 1):
			self.blank(self.y, *((self.x, self.columns) if n[0] == 0 else (0, self.x + 1)))
		elif kind == "J" and n[0] in (0, 2):
			self.erase(n[0])
		elif kind == "X":
			self.blank(self.y, self.x, min(self.columns, self.x + first))
		elif kind in "@P":
			self.shift(first if kind == "@" else -first)
		elif kind in "LM":
			self.lines(first, kind == "L")
		elif kind in "ST":
			self.scroll(first if kind == "S" else -first)
		elif kind == "r":
			self.region = (first - 1, (n[1] if len(n) > 1 and n[1] else self.rows) - 1)
			self.y = self.x = 0
		elif kind == "b":
			c = self.cells[self.y][self.x - 1][0]
			for _ in range(first):
				self.letter(c)
		elif kind == "t" and n in ([22, 0, 0], [23, 0, 0]):  # smcup and rmcup keep the title
			self.modes["title"] += 1 if n[0] == 22 else -1
		elif not (kind == "l" and n == [4]):  # insert mode off
			raise Offence(f"escape {whole!r}")

	def mode(self, mode, kind, whole):
		if kind not in "hl":
			raise Offence(f"escape {whole!r}")
		if mode == "1049":
			self.modes["full"] = kind == "h"
			self.clear()
		elif mode == "25":
			self.modes["cursor"] = kind == "h"
		elif mode == "1":
			self.modes["keys"] = kind == "h"
		elif mode == "7":
			self.modes["wrap"] = kind == "h"
		elif (mode, kind) != ("12", "l"):
			raise Offence(f"escape {whole!r}")

	def attribute(self, n):
		for a in n:
			if a == 0:
				self.attributes = ()
			elif a in (1, 2, 4, 7):
				self.attributes = tuple(sorted({*self.attributes, a}))
			elif a in (22, 24, 27):
				gone = {22: (1, 2), 24: (4,), 27: (7,)}[a]
				self.attributes = tuple(x for x in self.attributes if x not in gone)
			elif not (30 <= a <= 37 or 40 <= a <= 47 or a in (39, 49)):
				raise Offence(f"attribute {a}")

	def blank(self, y, begin, end):
		self.cells[y][begin:end] = [(" ", ())] * (end - begin)

	def erase(self, how):
		self.stale = self.stale and how == 0
		if how == 0:
			self.blank(self.y, self.x, self.columns)
		for y in range(self.y + 1 if how == 0 else 0, self.rows):
			self.cells[y] = self.blank_row()

	def shift(self, n):
		row = self.cells[self.y]
		if n > 0:
			row[self.x:self.x] = [(" ", ())] * n
			del row[self.columns:]
		else:
			del row[self.x:self.x - n]
			row += [(" ", ())] * (self.columns - len(row))

	def lines(self, n, insert):
		for _ in range(n):
			self.cells.insert(self.y if insert else self.region[1] + 1, self.blank_row())
			self.cells.pop(self.region[1] + 1 if insert else self.y)


class Run:
	"""A program at such a terminal, whose settings are compared before and after."""

	def __init__(self, command, env, size=(24, 80), cwd=None):
		self.master, self.slave = pty.openpty()
		self.terminal = Terminal(*size)
		self.said = b""
		self.set_size(*size)
		self.before = termios.tcgetattr(self.slave)
		self.process = subprocess.Popen(command, stdin=self.slave, stdout=self.slave,
			stderr=self.slave, env=env, cwd=cwd, start_new_session=True,
			preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
		self.pidfd = os.pidfd_open(self.process.pid)

	def set_size(self, rows, columns):
		fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

	def resize(self, rows, columns):
		"""The program redraws everything, as after every SIGWINCH."""
		self.terminal.resize(rows, columns)
		self.set_size(rows, columns)

	def read(self, seconds):
		"""What has come; False: the program has ended and all of it was read."""
		ready = select.select([self.master, self.pidfd], [], [], seconds)[0]
		if not ready:
			raise AssertionError(f"nothing comes any more; the screen:\n{self.terminal.text()}"
				f"\nbefore: {self.said[-300:]!r}")
		if self.master not in ready:  # it wrote and ended while select looked from one to the other
			ready = select.select([self.master], [], [], 0)[0]
		if not ready:
			return False
		got = os.read(self.master, 65536)
		self.said += got
		self.terminal.feed(got)
		return True

	def until(self, what):
		"""Reads until what(terminal) holds, or a text stands on the screen."""
		end = time.monotonic() + LIMIT
		test = what if callable(what) else lambda t: what in t.flowing()
		while not test(self.terminal):
			if not self.read(max(0.0, end - time.monotonic())):
				raise AssertionError(f"{what} never came; it ended: {self.said[-600:]!r}")
		return self.terminal

	def keys(self, data):
		os.write(self.master, data)

	def end(self):
		"""Reads to the program's end; returns its status."""
		end = time.monotonic() + LIMIT
		while self.read(max(0.0, end - time.monotonic())):
			pass
		status = self.process.wait(LIMIT)
		self.terminal.settled()
		if termios.tcgetattr(self.slave) != self.before:
			raise Offence("the terminal's settings are not what they were")
		self.close()
		return status

	def hang_up(self):
		"""The terminal goes away under the program."""
		os.close(self.slave)
		os.close(self.master)
		self.slave = self.master = -1
		return self.process.wait(LIMIT)

	def close(self):
		for fd in (self.master, self.slave, self.pidfd):
			if fd >= 0:
				os.close(fd)
		self.master = self.slave = self.pidfd = -1
		if self.process.poll() is None:
			self.process.send_signal(signal.SIGKILL)
			self.process.wait()
