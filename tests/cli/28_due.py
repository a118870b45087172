# SPDX-License-Identifier: MIT
"""kith due: one list of what is ripe, and a calendar of it that other programs read."""

import contextlib
import datetime
import os
import shlex
import shutil
import sqlite3
import stat
import subprocess

import house
import icalendar
import vobject

DAY = 86400
TODAY = datetime.date(2026, 5, 3)
NOW = 1777809600  # noon of that day, UTC
EPOCH = datetime.date(1970, 1, 1)
TOUCH = ["kith", "touch"]
# sh and bash are everywhere; of the others those that are here
SHELLS = ["sh", "bash"] + [s for s in ("fish", "zsh", "tcsh", "csh") if shutil.which(s)]


class Case(house.Case):
	def setUp(self):
		super().setUp()
		self.at("2026-05-03")
		self.kith("h", "init", "name=Ada")

	@contextlib.contextmanager
	def store(self):
		db = sqlite3.connect(self.path("h", "kith.db"))
		try:
			yield db
			db.commit()
		finally:
			db.close()

	def add(self, name, *fields, **columns):
		"""Somebody typed in, with these columns of contact; returns the id."""
		id = self.kith("h", "add", f"name={name}", *fields, "--json").json["id"]
		self.change(name, **columns)
		return id

	def change(self, whom, **columns):
		with self.store() as db:
			for column, value in columns.items():
				db.execute(f"UPDATE contact SET {column} = ? WHERE name = ?", (value, whom))

	def promise(self, name, text, by=None, theirs=0, thing=0, made=NOW):
		"""Returns its number."""
		by = by if by is None else (by - EPOCH).days
		with self.store() as db:
			return db.execute("INSERT INTO promise (contact, theirs, thing, text, by, made) "
				"SELECT row, ?, ?, ?, ?, ? FROM contact WHERE name = ?",
				(theirs, thing, text, by, made, name)).lastrowid

	def aligned(self, text):
		"""Cells between "|" as columns."""
		rows = [line.split("|") for line in text.splitlines()]
		widths = [max(map(len, column)) for column in zip(*rows)]
		return "".join("  ".join(cell.ljust(w) for cell, w in zip(row[:-1], widths)) + f"  {row[-1]}\n"
			for row in rows)

	def due(self, *args):
		return self.kith("h", "due", "--json", *args).json

	def day(self, off):
		return TODAY + datetime.timedelta(days=off)


class Due(Case):
	def test_nothing(self):
		self.add("Grace")
		self.assertEqual(self.kith("h", "due").out, "Nothing is due.\n")
		self.assertEqual(self.kith("h", "due", "--days", "3").out, "Nothing is due within 3 days.\n")
		self.assertEqual(self.kith("h", "due", "--all").out, "Nothing is due within 365 days.\n")
		self.assertEqual(self.due(), [])
		self.assertEqual(self.kith("h", "due", "--quiet").out, "")

	def everything(self):
		self.seed("h", self.person("pam", "Pam Pending"), "compared", "", NOW - 40 * DAY, "confirmed")
		self.change("Pam Pending", review=1)
		self.seed("h", self.person("ivy", "Ivy Introducer"), "compared", "", NOW - 2 * DAY, "receipt")
		with self.store() as db:
			db.execute("INSERT INTO proposal (contact, ik, id, aud, words, at) SELECT row, ik, zeroblob(16),"
				" zeroblob(32), 'both like looms', ? FROM contact WHERE name LIKE 'Ivy%'", (NOW - DAY,))
			db.execute("INSERT INTO letgo (contact, card, at, upto) SELECT contact, card, ?, rev FROM card",
				(NOW - 3 * DAY,))
		self.add("Grace Hopper", "bday=1906-05-05", ring=1, ring_at=NOW - 99 * DAY, touched=NOW - 50 * DAY)
		self.add("Zoë Quinn", review=2, reviewed_at=NOW - DAY)
		self.add("Ole Old", ring=3, ring_at=NOW - 400 * DAY)
		self.promise("Grace Hopper", "the paper", by=self.day(-3))
		self.promise("Zoë Quinn", "a book", by=self.day(5), thing=1)
		self.promise("Zoë Quinn", "the tent", by=self.day(-20), theirs=1, thing=1)
		self.promise("Ole Old", "lunch", made=NOW - 60 * DAY)
		self.promise("Ole Old", "the slides", theirs=1, made=NOW - 50 * DAY)

	def test_everything(self):
		self.everything()
		self.assertEqual(self.kith("h", "due").out, self.aligned("""\
3 days ago|Grace Hopper|you said: the paper|kith promise done 1
in 5 days|Zoë Quinn|to give back: a book|kith promise done 2
yesterday|Ivy Introducer|would introduce you to somebody: "both like looms"|kith inbox
3 days ago|Ivy Introducer|asks for their card back|kith inbox
in 2 days|Grace Hopper|birthday|kith snooze grace 2026-05-05
yesterday|Zoë Quinn|you wanted to be in touch soon|kith touch zoe
on 14 March 2026|Grace Hopper|last contact: inner, every 4 weeks|kith touch grace
not yet|Ole Old|first contact: outer, every year|kith touch ole
on 13 April 2026|Zoë Quinn|to come back: the tent|kith promise done 3
2 days ago||1 person met, to go through|kith review
on 24 March 2026|Pam Pending|the swap lacks their card|kith swap pam
on 4 March 2026|Ole Old|you said: lunch|kith promise done 4
on 14 March 2026|Ole Old|they said: the slides|kith promise done 5
"""))

	def test_json(self):
		self.everything()
		found = self.due()
		self.assertEqual([d["kind"] for d in found], ["overdue", "promise", "proposed", "asked-back",
			"birthday", "soon", "drifting", "drifting", "theirs", "review", "pending", "open", "open"])
		grace = self.kith("h", "show", "grace", "--json").json["id"]
		self.assertEqual(found[0], {"kind": "overdue", "name": "Grace Hopper", "id": grace,
			"when": "2026-04-30", "since": "2026-05-03T12:00:00Z", "text": "the paper",
			"settle": ["kith", "promise", "done", "1"], "number": 1})
		self.assertEqual(found[4], {"kind": "birthday", "name": "Grace Hopper", "id": grace,
			"when": "2026-05-05", "since": "2026-03-14T12:00:00Z", "text": "",
			"settle": ["kith", "snooze", "grace", "2026-05-05"]})
		self.assertEqual(found[6], {"kind": "drifting", "name": "Grace Hopper", "id": grace,
			"when": "2026-04-12", "since": "2026-03-14T12:00:00Z", "text": "inner", "rhythm": 28,
			"settle": [*TOUCH, "grace"]})
		self.assertEqual(found[7]["since"], None)
		self.assertEqual(found[9], {"kind": "review", "name": None, "id": None, "when": "2026-05-02",
			"since": "2026-05-01T12:00:00Z", "text": "", "settle": ["kith", "review"], "people": 1})
		self.assertEqual(found[10]["settle"], ["kith", "swap", "pam"])

	def test_ahead(self):
		"""What comes is told with the day on which it comes."""
		self.add("Grace", ring=1, ring_at=NOW, touched=NOW)
		self.promise("Grace", "tea", by=self.day(100))
		self.promise("Grace", "lunch", made=NOW)
		self.assertEqual(self.due("--days", "28"), [])
		self.assertEqual(self.kith("h", "due", "--days", "100").out, self.aligned("""\
on 11 August 2026|Grace|you said: tea|kith promise done 1
on 1 June 2026|Grace|next contact: inner, every 4 weeks|kith touch grace
on 3 June 2026|Grace|you said: lunch|kith promise done 2
"""))
		self.assertEqual([d["kind"] for d in self.due("--all")], ["promise", "drifting", "open"])
		# what is ripe stands above, in the text, for a program and in a calendar
		self.add("Bob", "bday=--05-04")
		self.add("Cyd", "bday=--05-14")
		self.promise("Bob", "the slides", made=NOW - 60 * DAY)
		ripe = self.kith("h", "due").out
		self.assertEqual(ripe, self.aligned("""\
tomorrow|Bob|birthday|kith snooze bob 2026-05-04
on 4 March 2026|Bob|you said: the slides|kith promise done 3
"""))
		self.assertEqual([(d["kind"], d["name"]) for d in self.due("--days", "100")], [
			("birthday", "Bob"), ("open", "Bob"), ("promise", "Grace"), ("birthday", "Cyd"),
			("drifting", "Grace"), ("open", "Grace")])
		lines = self.kith("h", "due", "--days", "100").out.splitlines()
		self.assertEqual([line.split("  ")[0] for line in lines[:3]],
			["tomorrow", "on 4 March 2026", "on 11 August 2026"])
		found = icalendar.Calendar.from_ical(self.kith("h", "due", "--ics", "-", "--days", "100").out)
		self.assertEqual([str(e["SUMMARY"]) for e in found.walk("VEVENT")],
			[f"{d['name']}: " + ("birthday" if d["kind"] == "birthday" else "next contact: inner, every 4 weeks"
				if d["kind"] == "drifting" else f"you said: {d['text']}")
				for d in self.due("--days", "100")])
		self.at("2026-06-01")
		self.assertEqual([d["kind"] for d in self.due()], ["drifting", "open"])

	def test_usage(self):
		self.due("--days", "365")
		for days in ("366", "-1", "1.5", "x", "", "4294967297"):
			self.assertIn("from 0 to 365", self.kith("h", "due", f"--days={days}", status=2).err)
		self.kith("h", "due", "--all", "--days", "3", status=2)
		self.kith("h", "due", "grace", status=2)
		self.kith("h", "due", "--ics", "-", "--json", status=2)
		self.assertIn("kith init", self.kith("nobody", "due", status=1).err)

	def test_a_terminal(self):
		"""Every line is as wide as the screen at most, and every command is whole as long as there is room."""
		self.everything()
		settle = [shlex.join(d["settle"]) for d in self.due()]
		for columns in (200, 90, 80):
			status, screen = self.terminal("h", "due", size=(40, columns))
			lines = screen.decode().replace("\x1b[1m", "").replace("\x1b[0m", "").splitlines()
			self.assertEqual(status, 0)
			self.assertRegex(lines[0], "^WHEN +WHO +WHAT +TO SETTLE IT$")
			self.assertEqual(len(lines), 1 + len(settle))
			for line, command in zip(lines[1:], settle):
				self.assertTrue(line.endswith("  " + command), (line, command))
				self.assertLessEqual(len(line), columns)
			self.assertEqual("…" in screen.decode(), columns < 200)

	def test_a_narrow_terminal(self):
		"""A command for which there is no room stands below, whole."""
		self.everything()
		settle = [shlex.join(d["settle"]) for d in self.due()]
		for columns in (70, 60, 44):
			_, screen = self.terminal("h", "due", size=(40, columns))
			lines = screen.decode().replace("\x1b[1m", "").replace("\x1b[0m", "").splitlines()
			self.assertEqual(lines[3::2], [f"  {command}" for command in settle])
			self.assertLessEqual(max(map(len, lines)), columns)

	def test_a_heading_wider_than_what_stands_below(self):
		"""It makes its column wider before there is room for the rest, and not after."""
		self.add("Bo")
		self.promise("Bo", "x" * 60, by=TODAY)
		for columns in range(20, 60):
			_, screen = self.terminal("h", "due", size=(40, columns))
			lines = screen.decode().replace("\x1b[1m", "").replace("\x1b[0m", "").splitlines()
			self.assertRegex(lines[0], "^WHEN   WHO  WHAT")
			self.assertLessEqual(max(map(len, lines)), columns)


class Hostile(Case):
	def test_names_and_texts_are_inert(self):
		"""Nothing that others, or a pasted text, said acts on the screen or on a shell.  T17, case 26."""
		name = "\x1b[31mEve\u202e; $(reboot) 'x"
		self.add("Plain", review=2, reviewed_at=NOW - DAY)
		self.change("Plain", fold="eve; $(reboot) 'x", name=name)
		self.promise(name, "a\x1b]0;b\x07\nc\td\u202e", by=TODAY)
		out = self.kith("h", "due").out
		self.assertNotRegex(out, "[\x00-\x09\x0b-\x1f\x7f\u202e]")
		self.assertEqual(out.count("\n"), 2)
		(promise, soon) = self.due()
		self.assertEqual(promise["text"], "a\x1b]0;b\x07\nc\td\u202e")
		self.assertRegex(soon["settle"][2], "^[0-9a-f-]{4,}$")
		for args in (["due"], ["due", "--json"], ["due", "--ics", "-"]):
			self.assertNotRegex(self.kith("h", *args).out, "[\x1b\x07\u202e]")

	def test_commands_can_be_pasted(self):
		"""Each is read back by a shell as the words that it has, and has nothing that any shell acts on: in fish a backslash
		escapes between single quotes too, in csh ! does.  T17, case 23."""
		print("pasted into", *SHELLS)
		names = ["O'Neil; rm -rf ~", "$HOME `id`", "two  blanks\\n", "a\"b*?[x]", "-rf", " x", "Zed \\'; touch pwned; '\\",
			"Bang !! it", "Ünal 'x'", "山田", "'quoted'"]
		for i, name in enumerate(names):
			path = self.person(f"p{i}", f"Person {i}")
			self.seed("h", path, "compared", "", NOW - (40 + i) * DAY, "confirmed")
			self.change(f"Person {i}", review=1, fold=name.strip().lower().replace("ü", "u"),
				name=name)
			self.promise(name, f"a thing {name}", by=TODAY)
		found = self.due()
		self.assertEqual(sorted(d["settle"][2:] for d in found if d["kind"] == "pending"),
			sorted([["two"], ["zed"], ["bang"], ["unal"], ["x"]] + [[]] * 6))
		lines = self.kith("h", "due").out.splitlines()
		self.assertEqual(len(lines), len(found))
		for line, words in zip(lines, (d["settle"] for d in found)):
			self.assert_pasted(line[line.rindex("  kith ") + 2:], words)
		events = icalendar.Calendar.from_ical(self.kith("h", "due", "--ics", "-").out).walk("VEVENT")
		commands = [str(e["DESCRIPTION"]).splitlines()[-1] for e in events]
		self.assertEqual(len(commands), len(found))
		for command in commands:
			self.assert_pasted(command)

	def assert_pasted(self, command, words=None):
		self.assertRegex(command, r"^kith [a-z0-9 -]+$")
		for shell in SHELLS:
			done = subprocess.run([shell, "-c", f"printf '%s\\n' {command}"], check=True,
				capture_output=True, text=True, env=self.env())
			self.assertEqual(done.stdout.splitlines(), words or command.split(), shell)

	def test_the_shortest_who(self):
		"""By it each command finds the one person."""
		names = ["Ada Lovelace", "Ada Byron", "Bob", "Bob", "Zoë Quinn", "山田", "Eve"]
		ids = [self.kith("h", "add", f"name={name}", f"note={i}", "--anyway", "--json").json["id"]
			for i, name in enumerate(names)]
		with self.store() as db:
			db.execute("UPDATE contact SET review = 2, reviewed_at = ?", (NOW - DAY,))
		found = {d["id"]: d["settle"][2] for d in self.due()}
		self.assertEqual(set(found), set(ids))
		for id, who in found.items():
			self.assertEqual(self.kith("h", "show", who, "--json").json["id"], id)
		self.assertEqual([found[ids[i]] for i in (0, 1, 4, 6)], ["ada lovelace", "ada byron", "zoe", "eve"])
		self.assertEqual([found[ids[i]] for i in (2, 3, 5)], [ids[i][:len(found[ids[i]])] for i in (2, 3, 5)])


class Calendar(Case):
	FILE = "due.ics"

	def write(self, *args):
		self.kith("h", "due", "--ics", self.path(self.FILE), *args)
		with open(self.path(self.FILE), "rb") as f:
			return f.read()

	def read(self, *args):
		"""{SUMMARY: event}, read by two libraries that say the same."""
		raw = self.write(*args)
		events = list(icalendar.Calendar.from_ical(raw).walk("VEVENT"))
		other = vobject.readOne(raw.decode()).contents.get("vevent", [])
		self.assertEqual([(str(e["UID"]), str(e["SUMMARY"]), str(e["DESCRIPTION"]), e["DTSTART"].dt)
			for e in events], [(e.uid.value, e.summary.value, e.description.value, e.dtstart.value)
			for e in other])
		self.assertEqual(len({str(e["UID"]) for e in events}), len(events))
		return {str(e["SUMMARY"]): e for e in events}

	def uids(self):
		return {str(e["UID"]): e["DTSTART"].dt for e in self.read().values()}

	def test_a_calendar(self):
		self.add("Grace Hopper", "bday=1906-05-12", ring=1, ring_at=NOW, touched=NOW)
		self.promise("Grace Hopper", "the paper", by=self.day(-3))
		self.promise("Grace Hopper", "the talk", by=self.day(300))
		found = self.read()
		self.assertEqual({name: e["DTSTART"].dt for name, e in found.items()}, {
			"Grace Hopper: you said: the paper": TODAY,
			"Grace Hopper: you said: the talk": self.day(300),
			"Grace Hopper: birthday": datetime.date(2026, 5, 12),
			"Grace Hopper: next contact: inner, every 4 weeks": self.day(29)})
		for e in found.values():
			self.assertEqual(e["DTSTART"].params["VALUE"], "DATE")
			self.assertEqual(e["DTSTAMP"].dt, datetime.datetime(2026, 5, 3, 12, tzinfo=datetime.timezone.utc))
			self.assertEqual((str(e["TRANSP"]), str(e["CLASS"])), ("TRANSPARENT", "PRIVATE"))
			self.assertRegex(str(e["UID"]), r"^kith-(promise|birthday|drifting)-\d+-[0-9a-f]{16}$")
			self.assertEqual("RRULE" in e, "birthday" in str(e["SUMMARY"]))
		self.assertEqual(str(found["Grace Hopper: you said: the paper"]["DESCRIPTION"]),
			"the paper\nkith promise done 1")
		self.assertEqual(str(found["Grace Hopper: birthday"]["DESCRIPTION"]), "kith touch grace")
		head = icalendar.Calendar.from_ical(self.write())
		self.assertEqual((str(head["VERSION"]), str(head["PRODID"]), str(head["METHOD"])),
			("2.0", "-//kith//due//EN", "PUBLISH"))

	def test_nothing_is_a_calendar_too(self):
		self.assertEqual(self.read(), {})

	def test_the_same_again(self):
		"""A feed that is read again changes and does not double."""
		Due.everything(self)
		first = self.write()
		self.assertEqual(self.write(), first)
		uids = self.uids()
		self.assertEqual(len(uids), 13)
		self.at("2026-05-04")
		later = self.uids()
		self.assertEqual(set(later), set(uids))
		promise = next(uid for uid in uids if uid.startswith("kith-promise-1-"))
		self.assertEqual((uids[promise], later[promise]), (TODAY, self.day(1)))
		# from ahead to overdue it stays the same entry, and ended it is gone
		self.at("2026-05-20")
		self.assertLessEqual({uid for uid in uids if "promise" in uid}, set(self.uids()))
		with self.store() as db:
			db.execute("UPDATE promise SET state = 1 WHERE row = 1")
		self.assertNotIn(promise, self.uids())

	def test_birthdays(self):
		"""On 29 February: the last day of the month, in every year."""
		self.add("Leap", "bday=2000-02-29")
		self.add("Ada", "bday=1815-05-02")  # yesterday
		found = self.read()
		leap, ada = found["Leap: birthday"], found["Ada: birthday"]
		self.assertEqual(leap["DTSTART"].dt, datetime.date(2027, 2, 28))
		self.assertEqual(leap["RRULE"].to_ical(), b"FREQ=YEARLY;BYMONTHDAY=-1;BYMONTH=2")
		self.assertEqual(ada["DTSTART"].dt, datetime.date(2027, 5, 2))
		self.assertEqual(ada["RRULE"].to_ical(), b"FREQ=YEARLY")
		self.assertEqual(len(self.due("--all")), 2)
		rule = vobject.readOne(self.write().decode()).contents["vevent"]
		days = next(list(e.rruleset[:3]) for e in rule if e.summary.value == "Leap: birthday")
		self.assertEqual([d.date() for d in days], [datetime.date(2027, 2, 28),
			datetime.date(2028, 2, 29), datetime.date(2029, 2, 28)])

	def test_before_a_birthday(self):
		"""The command that stands with it puts it off to the day; there it is a contact, and each settles the line."""
		self.add("Bob", "bday=1980-05-09")
		self.kith("h", *self.due()[0]["settle"][1:])
		self.assertEqual(self.due(), [])
		self.at("2026-05-09")
		self.assertEqual(self.due()[0]["settle"], [*TOUCH, "bob"])
		self.kith("h", "touch", "bob")
		self.assertEqual(self.due(), [])

	def test_a_contact_takes_no_birthday_out(self):
		"""Not one of the week before it, nor on the day, nor a snooze: the entry begins with the next one that is told."""
		entry = lambda: self.read()["Bob: birthday"]
		self.add("Bob", "bday=1980-05-09")
		uid = str(entry()["UID"])
		self.kith("h", "touch", "bob", "--how", "wrote", "about the umbrella")
		self.assertEqual([d["when"] for d in self.due()], ["2026-05-09"])
		self.assertEqual(entry()["DTSTART"].dt, datetime.date(2026, 5, 9))
		self.kith("h", "snooze", "bob", "2026-05-20")
		self.assertEqual(self.due("--all"), [])
		self.assertEqual(entry()["DTSTART"].dt, datetime.date(2027, 5, 9))
		self.kith("h", "snooze", "bob", "off")
		self.at("2026-05-09")
		self.assertEqual([d["when"] for d in self.due()], ["2026-05-09"])
		self.kith("h", "touch", "bob", "--how", "call")
		self.assertEqual(self.due(), [])
		self.assertEqual(entry()["DTSTART"].dt, datetime.date(2027, 5, 9))
		self.assertEqual((str(entry()["UID"]), entry()["RRULE"].to_ical()), (uid, b"FREQ=YEARLY"))

	def test_texts(self):
		"""Commas, semicolons, backslashes, lines, emoji; folded at 75 octets, no character cut.  Case 35."""
		long = "ä🙂,;\\x" * 60  # not \\n, which python3-icalendar 4.0 reads as a line
		self.add("Grace, the; \\first", "bday=--05-03")
		self.promise("Grace, the; \\first", f"one\ntwo\n\n{long}\x07\x1b", by=TODAY)
		raw = self.write()
		for line in raw.split(b"\r\n"):
			self.assertLessEqual(len(line), 75)
			self.assertNotRegex(line, b"[\x00-\x08\x0a-\x1f\x7f]")
			line.decode()  # whole characters in each
		self.assertTrue(raw.endswith(b"END:VCALENDAR\r\n"))
		found = self.read()
		promise = next(e for e in found.values() if "promise" in str(e["UID"]))
		text = str(promise["DESCRIPTION"])
		self.assertTrue(text.startswith(f"one\ntwo\n\n{long}"), text)
		self.assertTrue(text.endswith("\nkith promise done 1"))
		self.assertIn("Grace, the; \\first: birthday", found)

	def test_whole_or_not_at_all(self):
		self.add("Grace", "bday=--05-03")
		self.write()
		mode = os.stat(self.path(self.FILE)).st_mode
		self.assertEqual(stat.S_IMODE(mode), 0o600)
		with open(self.path(self.FILE), "rb") as f:
			before, inode = f.read(), os.fstat(f.fileno()).st_ino
		self.write()
		self.assertNotEqual(os.stat(self.path(self.FILE)).st_ino, inode)  # put in place, not written over
		self.assertEqual(os.listdir(self.folder).count(self.FILE), 1)
		self.kith("h", "due", "--ics", self.path("nowhere", self.FILE), status=1)
		with open(self.path(self.FILE), "rb") as f:
			self.assertEqual(f.read(), before)
		self.assertEqual(self.kith("h", "due", "--ics", "-").raw, before)

	def test_what_it_says(self):
		self.add("Grace", "bday=--05-03")
		r = self.kith("h", "due", "--ics", self.path(self.FILE))
		self.assertEqual((r.out, r.err), ("", f"{self.path(self.FILE)} has 1 entry; it names people, and "
			"what was said among you\n"))
		self.assertEqual(self.kith("h", "due", "--json", "--quiet", "--ics", self.path(self.FILE)).json,
			{"file": self.path(self.FILE), "entries": 1})
		self.assertEqual(self.kith("h", "due", "--ics", self.path(self.FILE), "--days", "0").err,
			r.err)


if __name__ == "__main__":
	house.main()
