# SPDX-License-Identifier: MIT
"""qr: what kith draws is read back by zbar, byte for byte, from pictures and from the terminal."""

import json
import os
import re
import shutil
import stat
import struct
import subprocess
import sys
import unittest
import zlib

import house

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "python"))
from kithref import keys, uri  # noqa: E402

SCALES = (2, 4, 8)  # pixels a module
TALL = (60, 110)  # rows and columns of a terminal that has room
BLACK, WHITE = (0, 0, 0), (255, 255, 255)
QUIET = 4


# --- pictures, made here from scratch


def png(rows):
	"""Rows of 0 and 1 (dark) as a grey PNG."""
	raw = b"".join(b"\0" + bytes(0 if dark else 255 for dark in row) for row in rows)
	head = struct.pack(">IIBBBBB", len(rows[0]), len(rows), 8, 0, 0, 0, 0)

	def chunk(kind, data):
		return (struct.pack(">I", len(data)) + kind + data
			+ struct.pack(">I", zlib.crc32(kind + data)))

	return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(raw))
		+ chunk(b"IEND", b""))


def scaled(rows, n):
	return [[dark for dark in row for _ in range(n)] for row in rows for _ in range(n)]


def svg_rows(text):
	"""The one path of a picture as rows of modules."""
	side = int(re.search(r'viewBox="0 0 (\d+) \1"', text)[1])
	assert f'<rect width="{side}" height="{side}" fill="#fff"/>' in text
	path = re.search(r'<path fill="#000" d="([^"]*)"', text)[1].replace("\n", "")
	rows = [[0] * side for _ in range(side)]
	used = 0
	for run in re.finditer(r"M(\d+) (\d+)h(\d+)v1h-(\d+)z", path):
		x, y, n, back = map(int, run.groups())
		assert n == back
		rows[y][x : x + n] = [1] * n
		used += len(run[0])
	assert used == len(path)
	return rows


def screen_rows(screen):
	"""What a terminal shows of half blocks with explicit colours, as rows of modules: the lines that
	have any.  Knows black and white of the 256 colours, and the reset."""
	rows = []
	for line in screen.decode().replace("\r", "").split("\n"):
		letters = ground = None
		upper, lower = [], []
		for sgr, char in re.findall(r"\x1b\[([0-9;]*)m|(.)", line):
			if char:
				if letters is None or ground is None:
					continue
				top, bottom = {" ": (0, 0), "▀": (1, 0), "▄": (0, 1),
					"█": (1, 1)}[char]
				upper.append((ground, letters)[top])
				lower.append((ground, letters)[bottom])
			elif sgr in ("0", ""):
				letters = ground = None
			elif sgr == "30;47":
				letters, ground = BLACK, (229, 229, 229)
			else:
				colour = {"38;5;16": BLACK, "48;5;231": WHITE}[sgr]
				letters, ground = ((colour, ground) if sgr[0] == "3"
					else (letters, colour))
		if upper:
			rows += [[int(c == BLACK) for c in upper], [int(c == BLACK) for c in lower]]
			assert set(upper) | set(lower) <= {BLACK, WHITE}
	return rows


def words_of(screen):
	"""The lines of a screen that are no drawing, without colours."""
	text = re.sub(r"\x1b\[[0-9;]*m", "", screen.decode().replace("\r", ""))
	return [line for line in text.split("\n") if not re.search("[▀▄█]", line)]


class Qr(house.Case):
	CARD = ("email.work=ada@example.org", "tel.mobile=+44 20 7946 0018", "tel=+44 7700 900123",
		"tel.fax=+44 20 7946 0019", "org=Analytical Engines", "title=Countess",
		"url=https://example.org/~ada", "email.home=ada@example.net", "note=punched cards",
		"adr.home=12 St James's Square;London;;SW1Y 4JH;England")

	def setUp(self):
		super().setUp()
		self.kith("h", "init", "name=Ada Lovelace", *self.CARD)

	def read(self, *names):
		with open(self.path(*names), "rb") as f:
			return f.read()

	def zbar(self, data, binary=True):
		"""The one text that zbar finds in a PNG, byte for byte."""
		path = self.path("zbar.png")
		with open(path, "wb") as f:
			f.write(data)
		done = subprocess.run(["zbarimg", "-q", "--raw", "--nodbus", "-Sdisable",
			"-Sqrcode.enable", *(["-Sbinary"] if binary else []), path],
			capture_output=True, timeout=60)
		self.assertEqual(done.returncode, 0, f"zbar finds nothing: {done.stderr}")
		return done.stdout

	def drawn(self, home, *args, size=TALL, env=None):
		status, screen = self.terminal(home, "qr", *args, size=size, env=env)
		self.assertEqual(status, 0, screen)
		return screen

	def reads_back(self, home, *args):
		"""All that is drawn of one code holds the text that goes through a pipe."""
		text = self.kith(home, "qr", *args).raw
		piped = text if text.endswith(b"END:VCARD\r\n") else text[:-1]
		for scale in SCALES:
			self.kith(home, "qr", *args, "--png", self.path("x.png"), "--scale", str(scale))
			self.assertEqual(self.zbar(self.read("x.png")), piped, f"png {scale}")
		self.kith(home, "qr", *args, "--svg", self.path("x.svg"))
		rows = svg_rows(self.read("x.svg").decode())
		shown = screen_rows(self.drawn(home, *args))
		for scale in SCALES:
			self.assertEqual(self.zbar(png(scaled(rows, scale))), piped, f"svg {scale}")
			self.assertEqual(self.zbar(png(scaled(shown, scale))), piped,
				f"terminal {scale}")
		return piped

	# what is drawn

	def test_phone_is_read_back(self):
		text = self.reads_back("h")
		self.assertTrue(text.startswith(b"BEGIN:VCARD\r\nVERSION:3.0\r\n"))

	def test_pocket_is_read_back(self):
		text = self.reads_back("h", "--pocket")
		self.assertRegex(text, rb"^KITH:1/C/[A-Z2-7]+$")
		self.assertLessEqual(len(text), 547)

	def test_identity_is_read_back(self):
		text = self.reads_back("h", "--identity").decode()
		mine = self.kith("h", "card", "--json").json
		self.assertEqual(text, "KITH:1/I/" + mine["id"])

	def test_card_of_somebody_is_read_back(self):
		self.kith("h", "import", self.person("bob", "Bob", "email=bob@example.org"))
		text = self.reads_back("h", "bob", "--pocket").decode()
		self.kith("g", "init", "name=Grace")
		self.kith("g", "import", "-", stdin=text.encode())
		self.assertEqual(self.kith("g", "export", "bob", "--format", "kith").raw,
			self.read("bob.kith"))

	def test_names_of_every_script_are_read_back(self):
		for i, name in enumerate(("José Ñandú", "Grüße", "Ада Лавлейс", "王小明",
				"ʼAli ʿUmar \u0639\u0644\u064a", "김철수", "Zoë 👋🏽")):
			with self.subTest(name=name):
				self.kith(f"n{i}", "init", f"name={name}", "tel=+441")
				text = self.reads_back(f"n{i}")
				self.assertIn(f"FN:{name}\r\n", text.decode())

	def test_a_reader_that_guesses_letters_can_be_told(self):
		"""What zbar 0.23 makes of these bytes by itself is half-width katakana."""
		self.kith("n", "init", "name=Grüße Ñandú")
		wanted = self.kith("n", "qr").raw
		self.kith("n", "qr", "--eci", "--png", self.path("x.png"))
		self.assertEqual(self.zbar(self.read("x.png")), wanted)
		self.assertEqual(self.zbar(self.read("x.png"), binary=False).strip(), wanted.strip())

	def test_letters_of_ascii(self):
		self.kith("n", "init", "name=Grüße Ñandú", "org=王；N:x", "tel=+441")
		text = self.reads_back("n", "--ascii")
		self.assertIn(b"FN:Grusse Nandu\r\nN:Nandu;Grusse;;;\r\n", text)
		self.assertRegex(text, rb"ORG:wang\\; ?N:x\r\n")
		self.kith("n", "qr", "--ascii", "--png", self.path("x.png"))
		self.assertEqual(self.zbar(self.read("x.png"), binary=False).strip(), text.strip())
		self.kith("n", "qr", "--ascii", "--pocket", status=2)
		self.kith("m", "init", "name=👋")
		self.assertIn("letters of ASCII", self.kith("m", "qr", "--ascii", status=6).err)

	def test_levels_are_read_back(self):
		sides = []
		for level in "LMQ":
			self.reads_back("h", "--identity", "--level", level)
			self.kith("h", "qr", "--identity", "--level", level, "--svg",
				self.path("x.svg"))
			sides.append(len(svg_rows(self.read("x.svg").decode())))
		self.assertEqual(sides, [29 + 8, 29 + 8, 33 + 8])
		self.assertEqual(len(screen_rows(self.drawn("h", "--identity"))[0]), 29 + 8)

	# a phone's subset, field by field

	def test_phone_subset(self):
		r = self.kith("h", "qr")
		lines = r.raw.decode().split("\r\n")
		self.assertEqual(lines[:2] + lines[-2:],
			["BEGIN:VCARD", "VERSION:3.0", "END:VCARD", ""])
		found = {}
		for line in lines[2:-2]:
			name, value = line.split(":", 1)
			self.assertNotIn(".", name)  # ZXing does not see a property in a group
			found.setdefault(name.split(";")[0], []).append(value)
		self.assertEqual(found, {"FN": ["Ada Lovelace"], "N": ["Lovelace;Ada;;;"],
			"TEL": ["+442079460018", "+447700900123"], "EMAIL": ["ada@example.org"],
			"ORG": ["Analytical Engines"], "TITLE": ["Countess"],
			"URL": ["https://example.org/~ada"],
			"ADR": [";;12 St James's Square;London;;SW1Y 4JH;England"]})
		self.assertIn("Left out:", r.err)
		for name in ("note", "email.home", "tel.fax"):
			self.assertIn(name, r.err)
		self.assertNotIn("adr", r.err)

	def test_chosen_fields(self):
		r = self.kith("h", "qr", "--show", "email.home,tel.fax")
		self.assertEqual(re.findall(r"(?m)^(?:EMAIL|TEL|ORG|TITLE|URL|ADR).*:(.*)\r$",
			r.raw.decode()), ["+442079460019", "ada@example.net"])
		self.assertIn("FN:Ada Lovelace", r.out)
		self.assertIn("email.work", r.err)
		for wrong, status in (("nope", 2), ("name,", 2), ("", 2), ("email=x", 2),
				("bday", 1), ("tel.car", 1)):
			self.kith("h", "qr", "--show", wrong, status=status)
			self.kith("h", "qr", "--pocket", "--show", wrong, status=status)

	def test_somebody_typed(self):
		self.kith("h", "add", "name=Carol Shaw", "tel.mobile=+1 202 555 0143", "note=x")
		r = self.kith("h", "qr", "carol", "shaw")
		self.assertIn("FN:Carol Shaw\r\n", r.raw.decode())
		self.assertIn("+12025550143", r.out)
		self.assertIn("note", r.err)
		self.assertIn("no signed card of",
			self.kith("h", "qr", "carol", "--pocket", status=1).err)
		self.assertIn("has no key", self.kith("h", "qr", "carol", "--identity", status=1).err)
		self.kith("h", "qr", "nobody", status=3)

	def test_somebody_pending(self):
		self.seed("h", self.person("bob", "Bob"), "compared", "FOSDEM", 1777832411, "confirm")
		self.assertIn("no card of", self.kith("h", "qr", "bob", status=1).err)
		self.assertIn("no signed card", self.kith("h", "qr", "bob", "--pocket", status=1).err)
		self.assertRegex(self.kith("h", "qr", "bob", "--identity").out, r"^KITH:1/I/\w{52}\n$")

	# the terminal

	def test_words_and_text_on_the_terminal(self):
		screen = self.drawn("h", "--pocket")
		words = words_of(screen)
		piped = self.kith("h", "qr", "--pocket").out.strip()
		self.assertIn("Your pocket card, signed", words[0] + words[1])
		copied = "".join(w for w in words if re.fullmatch("[A-Z0-9:/]+", w))
		self.assertEqual(copied, piped)
		self.assertLess(max(map(len, words)), 110)
		self.assertTrue(any("Left out: " in w and "note" in w for w in words))
		self.assertIn("FN:Ada Lovelace", words_of(self.drawn("h")))

	def test_text_of_others_is_inert(self):
		evil = self.person("evil", "Eve", "org=\x1b[2J\u202eab\u009b31m")
		self.kith("h", "import", evil)
		screen = self.drawn("h", "eve")
		self.assertEqual(set(re.findall(rb"\x1b[^m]*m", screen)),
			{b"\x1b[30;47m", b"\x1b[38;5;16m", b"\x1b[48;5;231m", b"\x1b[0m"})
		self.assertNotIn("\u202e", screen.decode())
		self.assertNotIn("\u009b", screen.decode())

	def test_fits_or_says_why_not(self):
		side = len(screen_rows(self.drawn("h"))[0])
		self.assertEqual(len(screen_rows(self.drawn("h", size=(60, side)))[0]), side)
		status, screen = self.terminal("h", "qr", size=(60, side - 1))
		self.assertEqual(status, 1)
		self.assertEqual(screen_rows(screen), [])
		text = " ".join(words_of(screen))
		for word in (f"{side} columns wide", f"has {side - 1}", "--show", "--svg"):
			self.assertIn(word, text)
		self.assertIn("FN:Ada Lovelace", text)

	def test_says_when_it_is_too_high(self):
		rows = len(screen_rows(self.drawn("h", "--identity"))) // 2
		text = " ".join(words_of(self.drawn("h", "--identity", size=(rows, 110))))
		self.assertIn(f"{rows} lines high and this screen has {rows}", text)
		text = " ".join(words_of(self.drawn("h", "--identity", size=(rows + 1, 110))))
		self.assertNotIn("lines high", text)

	def test_without_colours(self):
		for env, args in (({"NO_COLOR": "1"}, ()), ({"TERM": "dumb"}, ()), ({}, ("--no-color",))):
			screen = self.drawn("h", "--identity", *args, env=env)
			self.assertNotIn(b"\x1b", screen)
			self.assertIn("Colours are off", " ".join(words_of(screen)))
			lines = [line for line in screen.decode().replace("\r", "").split("\n")
				if re.search("[▀▄█]", line)]
			rows = [[{" ": (1, 1), "▀": (0, 1), "▄": (1, 0), "█": (0, 0)}[c][half]
				for c in line] for line in lines for half in (0, 1)]
			self.assertEqual(self.zbar(png(scaled(rows, 4))),
				self.kith("h", "qr", "--identity").raw[:-1])

	def test_no_utf8(self):
		status, screen = self.terminal("h", "qr", "--identity", size=TALL,
			env={"LANG": "C", "LC_ALL": "C"})
		self.assertEqual(status, 1)
		self.assertIn(b"no UTF-8", screen)
		self.assertIn(b"KITH:1/I/", screen)

	# pipes, programs, files

	def test_json(self):
		for args, form in (((), "phone"), (("--pocket",), "pocket"),
				(("--identity",), "identity")):
			made = self.kith("h", "qr", "--json", *args).json
			self.assertEqual(set(made), {"form", "text", "left_out"})
			self.assertEqual(made["form"], form)
			text = made["text"] + ("" if made["text"].endswith("\n") else "\n")
			self.assertEqual(text.encode(), self.kith("h", "qr", *args).raw)
		left = self.kith("h", "qr", "--json").json["left_out"]
		self.assertEqual(sorted(left), ["email.home", "note", "tel.fax"])
		self.assertEqual(self.kith("h", "qr", "--json", "--identity").json["left_out"], [])

	def test_files(self):
		path = self.path("x.svg")
		with open(path, "w") as f:
			f.write("older")
		self.kith("h", "qr", "--svg", path, "--png", self.path("x.png"), umask=0)
		for name in ("x.svg", "x.png"):
			self.assertEqual(stat.S_IMODE(os.stat(self.path(name)).st_mode), 0o600)
		self.assertTrue(self.read("x.svg").startswith(b"<?xml"))
		self.assertTrue(self.read("x.png").startswith(b"\x89PNG"))
		self.assertEqual(self.kith("h", "qr", "--svg", "-").raw, self.read("x.svg"))
		self.assertEqual(self.kith("h", "qr", "--svg", "/dev/stdout").raw,
			self.read("x.svg"))
		self.assertEqual(self.kith("h", "qr", "--png", "-").raw, self.read("x.png"))
		r = self.kith("h", "qr", "--svg", self.path("none", "x.svg"), status=1)
		self.assertIn("x.svg", r.err)
		self.assertEqual(os.listdir(self.path()).count("x.svg"), 1)

	def test_scale(self):
		for scale in (1, 64):
			self.kith("h", "qr", "--identity", "--png", self.path("x.png"), "--scale",
				str(scale))
			width, height = struct.unpack(">II", self.read("x.png")[16:24])
			self.assertEqual((width, height), ((29 + 8) * scale,) * 2)
		for wrong in ("0", "65", "x", "-1", ""):
			self.kith("h", "qr", "--scale", wrong, status=2)

	def test_too_large_for_a_phone(self):
		"""Version 20 at level L holds 858 bytes; the code of one byte more is refused."""
		size = len(self.kith("h", "qr", "--show", "org").raw)
		filled = "o" * (858 - size + len("Analytical Engines"))
		self.kith("h", "card", "set", "org=" + filled)
		self.kith("h", "qr", "--show", "org", "--level", "L", "--svg", self.path("x.svg"))
		self.assertEqual(len(svg_rows(self.read("x.svg").decode())), 97 + 8)
		r = self.kith("h", "qr", "--show", "org", "--svg", self.path("y.svg"), status=6)
		self.assertIn("--level L", r.err)
		self.kith("h", "card", "set", "org=" + filled + "o")
		r = self.kith("h", "qr", "--show", "org", "--level", "L", "--svg",
			self.path("y.svg"), status=6)
		self.assertIn("--show", r.err)
		self.assertFalse(os.path.exists(self.path("y.svg")))
		self.assertEqual(len(self.kith("h", "qr", "--show", "org").raw), 859)

	def test_card_too_large_for_a_code(self):
		many = [f"url.l{i}=https://example.org/{i}/{'x' * 900}" for i in range(3)]
		self.kith("h", "import", self.person("big", "Big", *many))
		r = self.kith("h", "qr", "big", "--pocket", status=6)
		self.assertIn("kith export", r.err)

	def test_wrong_usage(self):
		for args in (("--pocket", "--identity"), ("--identity", "--show", "tel"),
				("--level", "H"), ("--level", ""), ("--level", "LM"), ("--nope",),
				("ada", "--pocket", "--show", "tel")):
			self.assertIn("usage: kith qr", self.kith("h", "qr", *args, status=2).err)
		self.kith("nowhere", "qr", status=1)

	# the pocket card

	def test_pocket_into_another_kith(self):
		pocket = self.kith("h", "qr", "--pocket").raw
		self.kith("g", "init", "name=Grace")
		r = self.kith("g", "import", "-", stdin=pocket)
		self.assertIn('new      "Ada Lovelace"', r.out)
		ada = self.kith("g", "show", "ada", "--json").json
		self.assertEqual(ada["met"][0]["how"], "file")
		self.assertEqual(sorted(f["kind"] for f in ada["fields"]),
			["email", "name", "org", "tel", "title", "url"])
		self.assertIn("same", self.kith("g", "import", "-", stdin=pocket.lower()).out)

	def test_pocket_never_replaces_a_full_card(self):
		full = self.card_of("h")
		pocket = self.kith("h", "qr", "--pocket").raw
		self.kith("g", "init", "name=Grace")
		self.kith("g", "import", full)
		before = self.kith("g", "export", "ada", "--format", "kith").raw
		self.kith("g", "import", "-", stdin=pocket)
		self.assertEqual(self.kith("g", "export", "ada", "--format", "kith").raw, before)
		self.kith("f", "init", "name=Fran")
		self.kith("f", "import", "-", stdin=pocket)
		# the full card has a lower number, and more on it
		self.assertRegex(self.kith("f", "import", full).out, 
			"updated .*, revision 1, the whole one for the pocket card")
		self.assertEqual(self.kith("f", "export", "ada", "--format", "kith").raw, before)
		self.assertIn("same", self.kith("f", "import", "-", stdin=pocket).out)
		self.assertEqual(self.kith("f", "export", "ada", "--format", "kith").raw, before)
		self.kith("h", "card", "set", "note=new")
		self.kith("f", "import", self.card_of("h"))
		self.assertEqual(self.kith("f", "export", "ada", "--format", "kith").raw,
			self.read("h.kith"))

	def test_pocket_is_signed_when_something_changed(self):
		first = self.kith("h", "qr", "--pocket").raw
		self.assertEqual(self.kith("h", "qr", "--pocket").raw, first)
		self.kith("h", "card", "set", "note=not on it")
		self.assertEqual(self.kith("h", "qr", "--pocket").raw, first)
		self.kith("h", "card", "set", "title=Analyst")
		second = self.kith("h", "qr", "--pocket").raw
		self.assertNotEqual(second, first)
		revs = [json.loads(self.kith("h", "verify", "-", "--json", stdin=x).raw)["revision"]
			for x in (first, second)]
		self.assertEqual(revs, [2, 5])  # 1 full, 2 pocket, 3 and 4 full, 5 pocket
		self.kith("h", "card", "set", "title=Countess")
		self.assertEqual(self.kith("h", "card", "--json").json["revision"], 6)

	def test_pocket_takes_what_fits(self):
		self.kith("h", "card", "set", "org=" + "o" * 200)
		r = self.kith("h", "qr", "--pocket")
		self.assertIn("org", r.err)
		made = json.loads(self.kith("h", "verify", "-", "--json", stdin=r.raw).raw)
		self.assertEqual(sorted(f["kind"] for f in made["fields"]),
			["email", "name", "tel", "title", "url"])

	def test_pocket_of_chosen_fields(self):
		r = self.kith("h", "qr", "--pocket", "--show", "note,tel.fax")
		made = json.loads(self.kith("h", "verify", "-", "--json", stdin=r.raw).raw)
		self.assertEqual([(f["kind"], f["value"]) for f in made["fields"]],
			[("name", "Ada Lovelace"), ("tel", "+44 20 7946 0019"),
				("note", "punched cards")])

	def test_pocket_limit(self):
		"""A body of CARD_POCKET_MAX bytes, 547 characters, and one more."""
		longest = 0
		for n in range(100, 140):
			self.kith("h", "card", "set", "note=" + "n" * n)
			run = subprocess.run([house.KITH, "--home", self.path("h"), "qr", "--pocket",
				"--show", "note"], env=self.env(), capture_output=True, timeout=60)
			if run.returncode:
				self.assertEqual(run.returncode, 6)
				self.assertIn(b"--show", run.stderr)
				break
			longest = len(run.stdout.strip())
		self.assertEqual(longest, len("KITH:1/C/") + (336 * 8 + 4) // 5)
		self.kith("h", "card", "set", "note=" + "n" * (n - 1))
		self.assertLessEqual(len(screen_rows(self.drawn("h", "--pocket", "--show", "note",
			size=(45, 80)))[0]), 80)

	def test_pocket_of_a_long_name(self):
		self.kith("h", "card", "set", "name=" + "é" * 64)
		r = self.kith("h", "qr", "--pocket")
		self.assertIn("Left out: tel.mobile, tel, tel.fax, org, title, url, ", r.err)

	def test_pocket_needs_the_key_only_to_sign(self):
		secret = self.path("secret")
		with open(secret, "w") as f:
			f.write("open sesame\n")
		with open(secret) as f:
			done = subprocess.run([house.KITH, "--home", self.path("p"), "init",
				"--passphrase", "--passphrase-fd", str(f.fileno()), "name=Pam"],
				pass_fds=[f.fileno()], env=self.env(), timeout=60,
				capture_output=True)
		self.assertEqual(done.returncode, 0)
		self.kith("p", "qr", "--identity")
		self.kith("p", "qr")
		self.kith("p", "qr", "--pocket", status=1)
		with open(secret) as f:
			done = subprocess.run([house.KITH, "--home", self.path("p"), "qr", "--pocket",
				"--passphrase-fd", str(f.fileno())], pass_fds=[f.fileno()],
				env=self.env(), capture_output=True, timeout=60)
		self.assertEqual(done.returncode, 0)
		self.assertEqual(self.kith("p", "qr", "--pocket").raw, done.stdout)

	def test_pockets_signed_at_once(self):
		"""Several processes, each with other fields: no number is given twice."""
		runs = [subprocess.Popen([house.KITH, "--home", self.path("h"), "qr", "--pocket",
			"--show", show], env=self.env(), stdout=subprocess.PIPE,
			stderr=subprocess.DEVNULL) for show in
			("tel", "email", "org", "title", "url")]
		made = [json.loads(self.kith("h", "verify", "-", "--json",
			stdin=run.communicate(timeout=60)[0]).raw) for run in runs]
		self.assertEqual([run.returncode for run in runs], [0] * 5)
		self.assertEqual(sorted(m["revision"] for m in made), [2, 3, 4, 5, 6])

	# an invitation

	def test_invite_without_a_swap(self):
		r = self.kith("h", "qr", "--invite", status=1)
		self.assertIn("kith swap", r.err)
		secret = self.path("secret")
		with open(secret, "w") as f:
			f.write("open sesame\n")
		with open(secret) as f:
			subprocess.run([house.KITH, "--home", self.path("p"), "init", "--passphrase",
				"--passphrase-fd", str(f.fileno()), "name=Pam"], check=True,
				pass_fds=[f.fileno()], env=self.env(), timeout=60,
				stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
		r = self.kith("p", "qr", "--invite", status=1)  # and asks for no passphrase
		self.assertIn("kith swap", r.err)

	def test_invite_to_a_running_swap(self):
		swap = subprocess.Popen([house.KITH, "--home", self.path("h"), "swap", "--json",
			"--hidden", "--interface", "lo"], env=self.env(), stdin=subprocess.PIPE,
			stdout=subprocess.PIPE)
		try:
			self.assertEqual(json.loads(swap.stdout.readline())["event"], "ready")
			text = self.reads_back("h", "--invite")
			_, data = uri.read(text)
			_, port, addresses, ik = uri.open_invite(data)
			self.assertEqual(keys.person_id(ik), self.kith("h", "card", "--json").json["id"])
			self.assertGreaterEqual(port, 1024)
			self.assertIn(bytes([127, 0, 0, 1]), addresses)
			made = self.kith("h", "qr", "--invite", "--json").json
			self.assertEqual((made["form"], made["text"].encode()), ("invite", text))
			self.assertIn("swap --to", self.kith("h", "import", "-", stdin=text,
				status=6).err)
		finally:
			swap.communicate(b"quit\n", timeout=60)
		self.kith("h", "qr", "--invite", status=1)

	# what comes in; case 38

	def test_codes_in_every_spelling(self):
		pocket = self.kith("h", "qr", "--pocket").out.strip()
		folded = "\n".join(pocket[i : i + 40] for i in range(0, len(pocket), 40))
		self.kith("g", "init", "name=Grace")
		self.assertIn("new", self.kith("g", "import", "-", stdin=pocket.encode()).out)
		for spelled in (pocket.lower(), pocket.title(), folded, folded.replace("\n", "\r\n"),
				f"  {pocket}\r\n\r\n", folded.replace("\n", "\n   ")):
			r = self.kith("g", "import", "-", stdin=spelled.encode())
			self.assertIn("same", r.out, spelled)

	def test_codes_that_are_none(self):
		pocket = self.kith("h", "qr", "--pocket").out.strip()
		for text, word in ((pocket[:-3], "damaged"), ("KITH:1/C/", "damaged"),
				(pocket.replace(":1/", ":2/"), "newer kith"),
				("KITH:1/C/" + "A" * 4288, "4296"),
				("WIFI:T:WPA;S:x;P:y;;", "Wi-Fi"),
				("https://example.org/", "web address"),
				("otpauth://totp/x?secret=y", "secret"),
				("https://signal.me/#p/+44", "Signal"),
				("geo:51.5,-0.1", "place"), ("tel:+441", "telephone"),
				("4006381333931", "product")):
			r = self.kith("h", "import", "-", stdin=text.encode(), status=6)
			self.assertIn(word, r.err)
		self.assertEqual(self.kith("h", "list").out, "")

	def test_pictures_of_codes(self):
		self.kith("g", "init", "name=Grace")
		self.kith("h", "qr", "--pocket", "--png", self.path("ada.png"))
		r = self.kith("g", "import", self.path("ada.png"))
		self.assertIn('"Ada Lovelace"', r.out)
		self.kith("h", "card", "set", "name=Ada Žižková 王")
		self.kith("h", "qr", "--png", self.path("phone.png"))
		self.kith("f", "init", "name=Fran")
		self.kith("f", "import", self.path("phone.png"))
		[ada] = self.kith("f", "list", "--json").json
		self.assertEqual((ada["name"], ada["state"]), ("Ada Žižková 王", "typed"))


if not shutil.which("zbarimg"):
	print("zbarimg is not installed (Debian: zbar-tools)", file=sys.stderr)
	sys.exit(1 if "KITH_CI" in os.environ else 77)
house.main()
