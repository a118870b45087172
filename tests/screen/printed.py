# SPDX-License-Identifier: MIT
"""Text from others in what the commands print at a real terminal: list, show, find, forget, import,
add, edit, join, compare, verify, export, card, inbox, news, introduce, ledger, help and every error.  T17; cases 26 to
29, 80.
"""

import os
import pathlib
import re
import sqlite3
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(HERE.parent / "cli"))

import house  # noqa: E402
import texts  # noqa: E402
from room import card_of  # noqa: E402
from terminal import Run  # noqa: E402

SIZES = ((3000, 20), (3000, 80), (3000, 200))


def names():
	"""Whatever a card takes as a name; see proto/card.md."""
	emoji = texts.emoji_of_the_corpus()
	found = texts.HOSTILE + texts.names_of_the_corpus() + ["".join(emoji[i:i + 5])
		for i in range(0, len(emoji), 5)] + ["Bob, compared face to face", "you", "verified \u2713",
		"nobody here", "x (you)", "    4F7K", "Ada  compared face to face, 3 May 2026", "w " * 64]
	return [t for t in dict.fromkeys(found) if len(t.encode()) <= 128]


def paths():
	"""What can stand in a path or an argument."""
	found = [t.encode() for t in texts.HOSTILE] + texts.broken_bytes()
	return [b"x" + p.replace(b"/", b"_")[:200] for p in found if b"\0" not in p]


def vcard(number, text):
	"""An address book's card that has the text wherever a person could have put it."""
	value = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
	value = value.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")
	return "\r\n".join(["BEGIN:VCARD", "VERSION:3.0", f"UID:entry-{number}", f"FN:{value}",
		f"ORG:{value}", f"NOTE:a {value}", f"item1.TEL:{value}", f"item1.X-ABLabel:{value}",
		f"X-ODD;X-P=1:{value}", "END:VCARD", ""]).encode()


def is_text(data):
	try:
		return bool(data.decode("utf-8"))
	except UnicodeDecodeError:
		return False


class Printed(house.Case):
	def setUp(self):
		super().setUp()
		self.kith("h", "init", "name=Me")

	def at_terminal(self, *args, size=(100, 80), status=0, env=None, answer=None, home="h"):
		"""What stands on the screen then; nothing of it acts, and the terminal is as before."""
		where = ["--home", self.path(home)] if home else []
		run = Run([house.KITH, *where, *args],
			self.env(**{"TERM": "xterm", "NO_COLOR": "1", **(env or {})}), size, self.folder)
		self.addCleanup(run.close)
		if answer:
			run.until(answer[0])
			run.keys(answer[1])
		got = run.end()
		self.assertEqual(got, status, f"{args!a}: {run.terminal.text()!a}")
		return run.terminal

	def import_all(self, size=(3000, 80), **fields):
		"""A card a name, each with the name in the fields too; returns the screen."""
		files = []
		for i, name in enumerate(names()):
			files.append(f"{i}.kith")
			with open(self.path(files[-1]), "wb") as f:
				f.write(card_of(name, **{k: v or name for k, v in fields.items()}))
		return self.at_terminal("import", *files, size=size)

	def test_import_list_find_and_export(self):
		"""T17, cases 26 27 29 80: in windows of 20, 80 and 200 columns; no row of the list wraps."""
		said = self.import_all(k10="", k31="", k22="").text()
		taken = int(re.search("(?m)^([0-9]+) new", said).group(1))
		found = len(self.kith("h", "find", "a", "--json").json)
		self.assertGreater(taken, 50)
		self.assertGreater(found, 8)  # a third of the names with sanitizers
		for size in SIZES:
			for command in (["list"], ["find", "a", "--all"]):
				t = self.at_terminal(*command, size=size)
				self.assertEqual(t.wraps, 0, command)
			self.assertGreater(len(t.text().split("\n")), found)
		t = self.at_terminal("list", size=(3000, 200))
		rows = [y for y in range(t.rows) if "not compared" in t.row(y)]
		self.assertEqual(len(rows), taken)
		places = {max(x for x in range(200) if t.column(y, x, x + 11) == "from a file") for y in rows}
		self.assertEqual(len(places), 1, "how they are known is not in its column")
		self.at_terminal("export", "--all", "-o", self.path("all.vcf"))
		for text in ("\x1b]0;t\x07", "\x9b31m", "\u202e", "\u2713"):
			self.at_terminal("find", "nothing" + text, status=3)

	def test_show_and_forget(self):
		"""T17, cases 26 27."""
		self.import_all(k10="", k31="", k20="")
		people = self.kith("h", "list", "--json").json
		for person in people:
			t = self.at_terminal("show", person["id"], size=(100, 60))
			self.assertEqual(len(re.findall("(?m)^known ", t.text())), 1, t.text())
			t = self.at_terminal("forget", person["id"], status=4,
				answer=("Forget this person?", b"n\n"))
			self.assertIn("nothing was forgotten", t.text())
		for person in people[::9]:
			self.at_terminal("forget", person["id"], "--yes")

	def take_entries(self):
		"""An entry a text, in one file with broken bytes too; returns them as list tells of them."""
		broken = [b"BEGIN:VCARD\r\nVERSION:3.0\r\nUID:b%d\r\nFN:x %s\r\nEND:VCARD\r\n" % (i, b)
			for i, b in enumerate(texts.broken_bytes()) if b"\n" not in b]
		with open(self.path("book.vcf"), "wb") as f:
			f.write(b"".join([vcard(i, t) for i, t in enumerate(names())] + broken))
		self.at_terminal("import", self.path("book.vcf"), size=(9000, 80))
		people = self.kith("h", "list", "--json").json
		self.assertGreater(len(people), 60)
		return people

	def test_entries(self):
		"""T17, cases 26 27 29: what an address book holds is text from others."""
		people = self.take_entries()
		for size in SIZES:
			for command in (["list"], ["find", "a", "--all"]):
				self.assertEqual(self.at_terminal(*command, size=size).wraps, 0, command)
		t = self.at_terminal("list", size=(3000, 200))
		rows = [y for y in range(t.rows) if "imported, " in t.row(y)]
		self.assertGreaterEqual(len(rows), len(people))
		for person in people[::2]:
			t = self.at_terminal("show", person["id"], size=(100, 60))
			self.assertEqual(len(re.findall("(?m)^known                 imported, ", t.text())), 1,
				t.text())
			self.assertNotRegex(t.text(), "(?m)^fingerprint|^Your own")

	def test_entries_that_change(self):
		"""T17, cases 26 27: edit, join and forget say whom they are about."""
		people = self.take_entries()
		with open(self.path("bob.kith"), "wb") as f:
			f.write(card_of("Bob"))
		self.at_terminal("import", self.path("bob.kith"))
		bob = [p["id"] for p in self.kith("h", "list", "--json").json if p["state"] == "complete"][0]
		for person in people[::11]:
			who = person["id"]
			self.at_terminal("edit", who, env={"EDITOR": "true"}, size=(200, 60))
			self.at_terminal("edit", who, "org=x", size=(200, 60))
			self.at_terminal("compare", who, status=1)
			self.at_terminal("join", bob, who, size=(200, 60), status=4,
				answer=("same person", b"n\n"))
			self.at_terminal("join", bob, who, "--yes")
			t = self.at_terminal("show", bob, size=(400, 60))
			self.assertEqual(len(re.findall("(?m)^Joined by you, not signed", t.text())), 1)
			self.at_terminal("forget", bob, size=(200, 60), status=4,
				answer=("Forget this person?", b"n\n"))
			self.at_terminal("join", "--undo", bob)
			self.at_terminal("forget", who, size=(200, 60), status=4,
				answer=("Forget this person?", b"n\n"))

	def people_ask(self):
		"""Everybody asks for everything, in words that are their name: proposals in every stage, cards to let go of, and
		introductions of mine and by each other, with a line of news of each kind; returns how many of them are still open."""
		db = sqlite3.connect(os.path.join(self.path("h"), "kith.db"))
		self.addCleanup(db.close)
		people = db.execute("SELECT contact.row, contact.ik, contact.name, card.card, card.rev FROM contact "
			"JOIN card ON card.contact = contact.row").fetchall()
		mine, ik = db.execute("SELECT card, randomblob(32) FROM my_card").fetchone()
		now = 1777832411
		for i, (row, key, name, card, rev) in enumerate(people):
			other, others = people[i - 1][:2]
			stage = i % 5
			db.execute("INSERT INTO proposal (contact, ik, id, aud, words, at, stage, card, answered_at) VALUES "
				"(?, ?, randomblob(16), randomblob(32), ?, ?, ?, ?, ?)", (row, key, name, 1 << 40, stage,
				mine if stage in (1, 2, 4) else None, now if stage else None))
			made = db.execute("INSERT INTO introduction (id, ik, words, at) VALUES (randomblob(16), ?, ?, ?)",
				(ik, name, now)).lastrowid
			for who, k in ((row, key), (other, others)):
				db.execute("INSERT INTO introduction_side (introduction, contact, ik, salt, stage, at) VALUES "
					"(?, ?, ?, randomblob(32), ?, ?)", (made, who, k, stage, now))
			db.execute("INSERT INTO introduced (contact, introducer, words, how, at, intro, granted, alike) VALUES "
				"(?, ?, ?, ?, ?, randomblob(64), randomblob(64), ?)", (row, other, name, i % 3, now, other))
			db.execute("INSERT INTO letgo (contact, card, at, upto) VALUES (?, ?, ?, ?)", (row, card, now, rev))
			for kind in range(3, 18):
				db.execute("INSERT INTO news (at, kind, contact, number, text) VALUES (?, ?, ?, ?, ?)",
					(now, kind, row, other if kind == 11 else 1, name))
			db.execute("UPDATE contact SET given = ?, told_card = ?, told_rev = 1, told_at = ?, told_agreed = 1 "
				"WHERE row = ?", (mine, mine, now, row))
		db.commit()
		return len(people) + sum(i % 5 < 3 for i in range(len(people)))

	def test_what_people_ask_for(self):
		"""T17, cases 26 27: the words of an introduction, names in what they ask, in news and in the ledger; no line of
		theirs passes for one of kith's."""
		self.import_all(k10="", k31="")
		still = self.people_ask()
		people = self.kith("h", "list", "--json").json
		self.assertGreater(len(people), 50)
		for size in SIZES:
			t = self.at_terminal("inbox", size=(9000, size[1]))
			if size[1] > 20:
				self.assertEqual(len(re.findall("(?m)^[0-9]+  ", t.text())), still)
			for command in (["inbox", "--all"], ["news", "--all"], ["introduce"], ["ledger"],
					["ledger", "name"]):
				self.at_terminal(*command, size=(9000, size[1]))
		for person in people[::7]:
			t = self.at_terminal("show", person["id"], size=(100, 120))
			self.assertEqual(len(re.findall("(?m)^introduced ", t.text())), 1, t.text())
			self.at_terminal("ledger", person["id"], size=(100, 120))
			self.at_terminal("show", person["id"], "--history", size=(100, 120))

	def test_add_edit_and_compare(self):
		"""T17, cases 26 27: what I type myself, and names beside the keys that are compared."""
		for i, name in enumerate(texts.HOSTILE[::2]):
			run = subprocess.run([house.KITH, "--home", self.path("h"), "add", "name=" + name,
				"note=" + name, "--json"], env=self.env(), capture_output=True)
			with open(self.path(f"{i}.kith"), "wb") as f:
				f.write(card_of(name))
			self.at_terminal("import", self.path(f"{i}.kith"))
			if run.returncode == 0:
				self.at_terminal("add", "name=" + name, "--anyway")
		for person in self.kith("h", "list", "--json").json:
			if person["state"] == "complete":
				t = self.at_terminal("compare", person["id"], size=(100, 60), status=4,
					answer=("different:", b"d\n"))
				self.assertEqual(len(re.findall(r"(?m)^  (?:yours|theirs) +\d{5}( \d{5}){5}$",
					t.text())), 2, t.text())
				self.at_terminal("edit", person["id"], "note=x", size=(100, 60))

	def test_verify(self):
		"""T17, cases 26 27: whose card it is, and the names of files."""
		for i, name in enumerate(names()):
			path = self.path(f"{i}.kith")
			with open(path, "wb") as f:
				f.write(card_of(name))
			said = self.at_terminal("verify", path).text()
			self.assertEqual(re.findall("(?m)^signed by.*", said), ["signed by nobody you know"])

	def test_card(self):
		"""T17, cases 26 27: my own listing, and the complaints of an edit."""
		for name in texts.HOSTILE:
			done = subprocess.run([house.KITH, "--home", self.path("h"), "card", "set",
				"name=" + name, "note=" + name], env=self.env(), capture_output=True)
			if done.returncode == 0:
				self.at_terminal("card")
		bad = self.path("bad.txt")
		with open(bad, "wb") as f:
			f.write(b"\n".join(paths() + [b"name=" + p for p in texts.broken_bytes()]))
		self.at_terminal("card", "edit", bad, status=6, env={"EDITOR": "true"},
			answer=("again", b"n\n"))

	def test_errors_with_hostile_arguments(self):
		"""T17, case 26: file names, words and options, valid UTF-8 or not."""
		for i, text in enumerate(paths()):
			quoted = b'"' + text.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'
			commands = [(["import", text], 1), (["verify", text], 1), (["show", text], 3),
				([text], 2), (["help", text], 2), (["card", text], 2),
				(["card", "set", text.replace(b"=", b"")], 2), (["list", b"--" + text], 2),
				(["list", text], 2), (["export", "--me", "--format", text], 2),
				(["export", "--me", "-o", b"no/" + text], 1), (["swap", "--card", text], 1),
				(["nearby", "--timeout", text], 2), (["find", quoted], 3 if is_text(text) else 2), (["demo", text], 2),
				(["--passphrase-fd", text, "card"], 2), (["compare", text], 3),
				(["join", text, text], 3), (["compare", "x", "--event", text[:99]], 3 if is_text(text[:99]) else 6),
				(["edit", text + b"=" + text], 2), (["add", text.replace(b"=", b"")], 2)]
			for command, status in commands[i % 3::3]:
				if text.split(b"=")[0] == text or command[0] != "card":
					t = self.at_terminal(*command, status=status, env={"EDITOR": "true"})
					self.assertIn("kith: ", t.text())
			self.at_terminal("card", "edit", b"no/" + text, status=1, env={"EDITOR": "true"})

	def test_files_with_hostile_names(self):
		"""T17, case 26: files that are there, good, bad and of no kind."""
		folder = os.fsencode(self.folder)
		for text in paths():
			path = os.path.join(folder, text)
			with open(path, "wb") as f:
				f.write(card_of("Bob") if len(text) % 2 else b"no card")
			status = 0 if len(text) % 2 else 6
			for command in ("verify", "import"):
				self.at_terminal(command, path, status=status)
			os.unlink(path)

	def test_homes_with_hostile_names(self):
		"""T17, case 26: in HOME, KITH_HOME and --home."""
		no = os.path.join(os.fsencode(self.folder), b"no folder")
		with open(no, "wb"):
			pass
		for i, text in enumerate(paths()):
			path = os.path.join(no, text)
			env = {("HOME", "KITH_HOME", "XDG_DATA_HOME")[i % 3]: path}
			t = self.at_terminal("init", "name=A", env=env, home=None, status=self.told)
			self.assertIn("no folder", t.text().replace("\n", ""))
			self.at_terminal("--home", path, "init", "name=A", home=None, status=self.told)

	told = 1  # a folder that cannot be made is a failure of input and output

	def test_help(self):
		"""Case 80: every page, and none of it is wider than 80 columns."""
		pages = re.findall(r"(?m)^  ([a-z]+)  ", self.at_terminal("help").text())
		self.assertGreater(len(pages), 10)
		for page in pages:
			self.assertEqual(self.at_terminal("help", page, size=(100, 100)).wraps, 0)


if __name__ == "__main__":
	house.main()
