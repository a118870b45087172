# SPDX-License-Identifier: MIT
"""Events at the command line: what begins and ends them, what carries them, who was there, what is forgotten."""

import contextlib
import csv
import io
import json
import os
import shutil
import sqlite3
import stat
import subprocess
import tempfile
import unittest

import house

SUNDAY = "2026-05-03"
MAX = 256  # EVENT_MAX
NOTES = 2048  # PRIVATE_NOTES_MAX
AFTER = 7  # EVENT_AFTER


class Case(house.Case):
	"""Ada, on a Sunday in May."""

	FOLK = None  # the homes of others, each made once

	def setUp(self):
		super().setUp()
		if not Case.FOLK:
			Case.FOLK = tempfile.mkdtemp(prefix="kith-cli-")
			unittest.addModuleCleanup(shutil.rmtree, Case.FOLK)
		self.at(SUNDAY)
		self.kith("ada", "init", "name=Ada Lovelace", "email=ada@example.org", "tel=+44 20 7946 0000")

	def event(self, *args, **how):
		return self.kith("ada", "event", *args, **how)

	def json(self, *args):
		return self.kith("ada", *args, "--json").json

	def one(self, name):
		(found,) = (e for e in self.json("event", "list") if e["name"] == name)
		return found

	def home(self, name, *fields):
		"""Where somebody of that name lives."""
		home = os.path.join(Case.FOLK, "-".join((name,) + fields).encode().hex()[:200])
		if not os.path.exists(home):
			self.kith(home, "init", "name=" + name, *fields)
			self.kith(home, "export", "--me", "--format", "kith", "-o", home + ".kith")
		return home

	def friend(self, name, *fields):
		"""Their card."""
		return self.home(name, *fields) + ".kith"

	def met(self, card, event, how="compared"):
		self.seed("ada", card, how, event, self.moment, "card")

	def roster(self, name):
		return [p["contact"]["name"] for p in self.json("event", "show", name)["roster"]]

	def names_of_events(self):
		return [e["name"] for e in self.json("event", "list")]

	def events_of(self, who):
		return [m["event"] for m in self.json("show", who)["met"]]

	def compare(self, name, *args):
		digits = self.kith(self.home(name), "card", "--json").json["fingerprint"]
		self.kith("ada", "compare", name, digits, *args)

	@contextlib.contextmanager
	def store(self):
		with contextlib.closing(sqlite3.connect(self.path("ada", "kith.db"))) as db, db:
			yield db

	def row(self, db, name):
		((row,),) = db.execute("SELECT row FROM contact WHERE name = ?", (name,))
		return row


class Time(Case):
	def test_from_its_beginning_to_its_end(self):
		r = self.event("start", "FOSDEM", "--place", "Brussels", "--until", "friday")
		self.assertEqual(r.out, '"FOSDEM" runs, until 8 May 2026: whoever you meet stands with it.\n')
		self.assertEqual(self.json("event", "list"), [{"name": "FOSDEM", "place": "Brussels",
			"began": "2026-05-03T12:00:00Z", "started": "2026-05-03T12:00:00Z",
			"until": "2026-05-08", "ended": None, "runs": True, "card": None, "people": 0}])
		self.assertEqual(self.event().out,
			"FOSDEM  Brussels, since 3 May 2026, until 8 May 2026, 0 people; it runs\n")
		self.at("2026-05-04")
		# its name again changes what is said anew, and nothing else
		changed = self.json("event", "start", "fosdem", "--place", "Solbosch")
		self.assertEqual((changed["name"], changed["place"], changed["started"], changed["until"]),
			("FOSDEM", "Solbosch", "2026-05-03T12:00:00Z", "2026-05-08"))
		self.assertEqual(self.event("start", "Pub").out, '"FOSDEM" has ended.\n'
			'"Pub" runs: whoever you meet stands with it.\n')
		self.at("2026-05-04 22:00")
		self.assertEqual(self.event("stop").out, '"Pub" has ended: 0 people.\n')
		self.assertIn("no event runs", self.event("stop", status=1).err)
		self.assertIn("no event runs", self.event("show", status=1).err)
		self.assertEqual([(e["name"], e["ended"]) for e in self.json("event", "list")],
			[("Pub", "2026-05-04T22:00:00Z"), ("FOSDEM", "2026-05-04T12:00:00Z")])
		# and begun again it goes on, without the last day that is past
		self.at("2027-02-01")
		again = self.json("event", "start", "FOSDEM")
		self.assertEqual((again["began"], again["started"], again["until"], again["ended"],
			again["place"], again["runs"]), ("2026-05-03T12:00:00Z", "2027-02-01T12:00:00Z",
			None, None, "Solbosch", True))
		stopped = self.json("event", "stop")
		self.assertEqual((stopped["name"], stopped["ended"]), ("FOSDEM", "2027-02-01T12:00:00Z"))

	def test_every_form_of_until(self):
		for text, day in (("today", "2026-05-03"), ("Tomorrow", "2026-05-04"), ("fri", "2026-05-08"),
				("sunday", "2026-05-10"), ("3d", "2026-05-06"), ("2w", "2026-05-17"),
				("6m", "2026-11-03"), ("1y", "2027-05-03"), ("2026-05-09", "2026-05-09"),
				("9999-12-31", "9999-12-31")):
			self.assertEqual(self.json("event", "start", "E", "--until", text)["until"], day, text)
		for text in ("yesterday", "2026-05-02"):
			self.assertIn("2026-05-02 is past", self.event("start", "E", "--until", text, status=2).err)
		for text in ("", "soon", "2026-02-30", "10000-01-01", "-3d"):
			self.assertIn("is no day", self.event("start", "F", "--until=" + text, status=2).err)
		self.assertEqual(self.names_of_events(), ["E"])

	def test_over_at_the_end_of_the_last_day(self):
		self.event("start", "E", "--until", "2026-05-05")
		self.at("2026-05-05 23:59")
		self.assertTrue(self.one("E")["runs"])
		self.at("2026-06-20")
		over = self.one("E")
		self.assertEqual((over["runs"], over["ended"]), (False, "2026-05-06T00:00:00Z"))
		self.assertIn("no event runs", self.event("stop", status=1).err)

	def test_over_after_a_week(self):
		"""EVENT_DAYS, to the minute, with the moment at which it ended, whoever looks when."""
		self.event("start", "E")
		self.at("2026-05-10 11:59")
		self.assertTrue(self.one("E")["runs"])
		self.at("2026-05-10 12:00")
		self.assertEqual(self.one("E")["ended"], "2026-05-10T12:00:00Z")
		self.event("start", "F")
		self.at("2026-09-01")
		self.event("start", "G")
		self.assertEqual(self.one("F")["ended"], "2026-05-17T12:00:00Z")
		self.at("2026-09-02")
		self.event("stop")
		self.assertEqual(self.one("G")["ended"], "2026-09-02T12:00:00Z")

	def test_who_only_reads_carries_none_that_is_over(self):
		"""What cannot write it takes it for ended, too."""
		self.kith("ada", "card", "new", "work", "--show", "email")
		self.event("start", "E", "--card", "work", "--until", "today")
		self.assertEqual(self.kith("ada", "status", "--json", status=1).json,
			{"running": False, "event": "E"})
		self.assertIn('The event "E" runs', self.kith("ada", "status", status=1).out)
		self.assertNotIn("TEL", self.kith("ada", "qr").out)
		self.at("2026-05-04")
		self.assertIn("TEL", self.kith("ada", "qr").out)
		self.assertIsNone(self.kith("ada", "status", "--json", status=1).json["event"])
		with self.store() as db:
			self.assertEqual(db.execute("SELECT ended FROM event").fetchall(), [(None,)])
		r = self.kith("ada", "import", self.friend("Grace Hopper"))
		self.assertNotIn("roster", r.err)
		self.assertEqual(self.one("E")["ended"], "2026-05-04T00:00:00Z")

	def test_clocks_that_jump(self):
		self.at("2030-01-01")
		self.event("start", "E", "--until", "3d")
		self.at(SUNDAY)  # that clock was wrong
		self.assertTrue(self.one("E")["runs"])
		self.assertEqual(self.kith("ada", "status", "--json", status=1).json["event"], "E")
		self.met(self.friend("Grace Hopper"), "E")
		stopped = self.json("event", "stop")
		self.assertGreaterEqual(stopped["ended"], stopped["started"])
		# ahead for a moment: it is over then, and goes on with whom it had when it is started again
		self.event("start", "E")
		self.at("2031-01-01")
		self.assertFalse(self.one("E")["runs"])
		self.at("2026-05-04")
		self.event("start", "E")
		self.assertTrue(self.one("E")["runs"])
		self.assertEqual(self.roster("E"), ["Grace Hopper"])
		self.at("1971-01-01")
		self.assertTrue(self.one("E")["runs"])
		self.json("event", "stop")

	def test_one_that_came_with_a_meeting(self):
		self.met(self.friend("Grace Hopper"), "Pier")
		self.at("2026-05-06")
		self.met(self.friend("Mary Somerville"), "pier")
		pier = self.one("Pier")
		self.assertEqual((pier["began"], pier["ended"], pier["runs"], pier["people"]),
			("2026-05-03T12:00:00Z", "2026-05-06T12:00:00Z", False, 2))
		self.assertEqual(self.roster("PIER"), ["Grace Hopper", "Mary Somerville"])


class Names(Case):
	def test_that_fold_alike(self):
		self.event("start", "Café Zürich")
		for name in ("CAFE ZURICH", "cafe\u0301 zu\u0308rich", "Cafe   Zürich"):
			self.assertEqual(self.json("event", "start", name)["name"], "Café Zürich")
			self.assertEqual(self.json("event", "show", name)["name"], "Café Zürich")
		self.assertEqual(len(self.json("event", "list")), 1)
		self.assertEqual(self.json("event", "start", "Cafe Zurich 2")["name"], "Cafe Zurich 2")
		self.assertIn('"Cafe Zurich 2", "Café Zürich"', self.event("show", "Cafe", status=1).err)

	def test_as_they_come_along(self):
		"""In the spelling of the event."""
		card = self.friend("Grace Hopper")
		self.kith("ada", "import", card)
		self.event("start", "FOSDEM")
		self.event("stop")
		self.compare("Grace Hopper", "--event", "fosdem")
		self.assertEqual(self.events_of("grace"), ["FOSDEM"])

	def test_limits(self):
		"""EVENT_MAX, at it and one past, wherever a name or a place is said."""
		card = self.friend("Grace Hopper")
		fits, past = "é" * (MAX // 2), "é" * (MAX // 2) + "x"
		self.assertEqual(self.json("event", "start", fits, "--place", fits)["place"], fits)
		self.kith("ada", "import", card, "--event", fits)
		self.compare("Grace Hopper", "--event", fits)
		self.assertEqual(self.events_of("grace"), [fits])
		for args in (("event", "start", past), ("event", "start", "E", "--place", past),
				("import", card, "--event", past), ("swap", "--event", past),
				("compare", "grace", "12345 67890", "--event", past)):
			self.assertIn("of an event has at most 256 bytes", self.kith("ada", *args, status=2).err)
		self.assertEqual(len(self.json("event", "list")), 1)

	def test_that_are_none(self):
		for name in ("", " ", "\u200b"):
			self.assertIn("shows nothing", self.event("start", name, status=2).err)
			self.assertIn("shows nothing", self.event("start", "E", "--place", name, status=2).err)
		self.assertIn("not valid UTF-8", self.event("start", b"\xff", status=6).err)
		self.assertEqual(self.json("event", "list"), [])

	def test_what_they_do_to_a_screen(self):
		name = "a\x1b[31m\u202eb\"c"
		for args in (("start", name, "--place", name), ("list",), ("show",), ("stop",),
				("forget", name, "--yes")):
			r = self.event(*args)
			self.assertNotRegex(r.out + r.err, "[\x1b\u202e]", args)
		self.event("start", name)
		self.assertEqual(self.json("event", "list")[0]["name"], name)
		self.assertNotIn(b"\x1b", self.event("list", "--json").raw)

	def test_usage(self):
		for args in (("start",), ("stop", "now"), ("list", "all"), ("add", "E"), ("remove",), ("forget",),
				("begin", "E"), ("export", "--format", "xls"), ("show", "--yes")):
			self.assertIn("usage: kith event", self.event(*args, status=2).err)
		for args in (("show", "E"), ("add", "E", "ada"), ("forget", "E", "--yes"), ("export", "E")):
			self.assertIn('there is no event "E"', self.event(*args, status=1).err)
		self.assertIn("no card of yours called", self.event("start", "E", "--card", "x", status=1).err)
		self.event("start", "E")
		self.assertIn("nobody", self.event("add", "E", "nobody", status=3).err.lower())


class Carried(Case):
	def test_by_compare(self):
		self.kith("ada", "import", self.friend("Grace Hopper"), self.friend("Mary Somerville"),
			self.friend("Emmy Noether"))
		self.event("start", "E")
		self.compare("Grace Hopper")
		self.compare("Mary Somerville", "--event", "")
		self.compare("Emmy Noether", "--event", "Elsewhere")
		self.assertEqual([self.events_of(who) for who in ("grace", "mary", "emmy")],
			[["E"], [None], ["Elsewhere"]])
		self.assertEqual(self.roster("E"), ["Grace Hopper"])
		self.assertEqual(self.roster("Elsewhere"), ["Emmy Noether"])
		self.event("stop")
		self.at("2026-05-04")
		self.compare("Grace Hopper")
		self.assertEqual(self.events_of("grace"), ["E", None])

	def test_by_a_card_that_is_imported(self):
		"""A signed one alone, by itself: a file, a link, a code.  Nobody was met by it."""
		link = self.kith(self.home("Grace Hopper"), "qr", "--pocket").out.strip()
		mary, emmy, ida = map(self.friend, ("Mary Somerville", "Emmy Noether", "Ida Rhodes"))
		self.event("start", "E")
		self.assertIn('1 person is on the roster of "E"', self.kith("ada", "import", mary).err)
		self.kith("ada", "import", "-", stdin=link.encode())
		self.kith("ada", "import", emmy, "--event", "")
		self.kith("ada", "import", ida, "--event", "Pier")
		self.assertIn("or would be", self.kith("ada", "import", emmy, "--dry-run").err)
		self.assertEqual(self.roster("E"), ["Grace Hopper", "Mary Somerville"])
		self.assertEqual(self.roster("pier"), ["Ida Rhodes"])
		shown = self.json("event", "show", "E")["roster"][0]
		self.assertEqual((shown["added"], shown["met"], shown["contact"]["met"][0]["how"]),
			(True, [], "file"))
		self.kith("ada", "import", emmy)  # whom I had: they are here all the same
		self.assertIn("Emmy Noether", self.roster("E"))
		self.kith("ada", "import", self.card_of("ada"), status=1)
		self.assertEqual(len(self.roster("E")), 3)

	def test_by_vcards_only_when_said(self):
		path = self.path("some.vcf")
		with open(path, "w") as f:
			for name in ("Bob", "Carol"):
				f.write(f"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:{name}\r\nEND:VCARD\r\n")
		self.event("start", "E")
		self.assertNotIn("roster", self.kith("ada", "import", path).err)
		self.kith("ada", "import", "MECARD:N:Dan;;")
		self.assertEqual(self.roster("E"), [])
		self.assertIn("2 people are on", self.kith("ada", "import", path, "--event", "e").err)
		self.kith("ada", "import", "MECARD:N:Dan;;", "--event", "E")
		self.assertEqual(self.roster("E"), ["Bob", "Carol", "Dan"])
		self.assertIn("in step", self.kith("ada", "import", "--vdir", ".", "--event", "E", status=2).err)

	def test_its_card_is_given(self):
		self.kith("ada", "card", "new", "work", "--show", "email")
		self.assertEqual(self.json("event", "start", "E", "--card", "WORK")["card"], "work")
		for args in ((), ("--pocket",)):
			self.assertIn('your card work, which is given at "E"', self.kith("ada", "qr", *args).err)
		self.assertNotIn("TEL", self.kith("ada", "qr").out)
		self.assertIn("TEL", self.kith("ada", "qr", "--card", "me").out)
		self.assertIn("TEL", self.kith("ada", "qr", "--show", "tel").out)
		self.assertTrue(self.kith("ada", "qr", "--identity").out.startswith("KITH:1/I/"))
		for args, carried in (((), ("E", "work")), (("--card", "me"), ("E", "me")),
				(("--event", ""), (None, "me")), (("--event", "Elsewhere"), ("Elsewhere", "me")),
				(("--event", "e"), ("E", "work")), (("--receive-only",), ("E", None))):
			self.assertEqual(self.ready(*args), carried, args)
		out = self.swap()
		self.assertIn("You are at E, which whoever you meet stands with.\n", out)
		self.assertIn("You give your card work.\n", out)
		self.event("stop")
		self.assertNotIn("You are at", self.swap())
		self.assertEqual(self.names_of_events(), ["E"])

	def swap(self, *args):
		"""What it says until it was ready, and its input has ended: nobody is here."""
		done = subprocess.run([house.KITH, "--home", self.path("ada"), "swap", "--interface", "lo",
			*args], stdin=subprocess.DEVNULL, capture_output=True, env=self.env(), timeout=60)
		self.assertEqual(done.returncode, 5, done)
		return done.stdout.decode()

	def ready(self, *args):
		ready = json.loads(self.swap("--json", *args).splitlines()[0])
		return ready["where"], ready["card"]

	def test_its_card_that_was_removed(self):
		"""A fuller one does not go out in its place."""
		self.kith("ada", "card", "new", "work", "--show", "email")
		self.event("start", "E", "--card", "work")
		self.kith("ada", "card", "remove", "work", "--yes")
		for args in (("qr",), ("swap", "--interface", "lo")):
			self.assertIn('your card "work", which is given at "E", was removed',
				self.kith("ada", *args, status=1).err)
		self.assertIn("which was removed", self.event("show").out)
		self.assertIn("TEL", self.kith("ada", "qr", "--card", "me").out)
		self.event("start", "E", "--card", "me")
		self.assertIn("TEL", self.kith("ada", "qr").out)

	def test_by_hand(self):
		self.kith("ada", "add", "name=Bob Weaver")
		self.met(self.friend("Grace Hopper"), "E")
		self.assertEqual(self.event("add", "e", "bob", "weaver").out,
			'"Bob Weaver" is on the roster of "E".\n')
		self.assertEqual(self.json("event", "add", "E", "bob")["name"], "Bob Weaver")
		self.assertEqual(self.roster("E"), ["Grace Hopper", "Bob Weaver"])
		self.assertIn("Bob", self.kith("ada", "find", "E").out)
		self.assertEqual(self.event("remove", "E", "bob").out,
			'"Bob Weaver" is off the roster of "E".\n')
		self.assertIn("they were not there", self.event("remove", "E", "bob", status=1).err)
		# whom a swap put there, too: its name goes from what is known of them, receipts and all
		self.at("2026-05-04")
		self.seed("ada", self.friend("Grace Hopper"), "compared", "E", self.moment, "receipt")
		self.at("2026-05-05")
		self.seed("ada", self.friend("Grace Hopper"), "compared", "F", self.moment, "receipt")
		self.assertEqual([m["event"] for m in self.json("event", "remove", "E", "grace")["met"]],
			[None, None, "F"])
		self.assertEqual(self.roster("F"), ["Grace Hopper"])
		with self.store() as db:
			self.assertEqual(db.execute("SELECT event FROM receipt ORDER BY at").fetchall(),
				[("",), ("F",)])
		self.assertEqual(self.names_of_events(), ["F"])  # with nobody in it, it came by a meeting


class Roster(Case):
	"""Two people at an event, and what is remembered of them."""

	def setUp(self):
		super().setUp()
		self.met(self.friend("Grace Hopper", "org=Navy", "email=grace@example.org",
			"tel.mobile=+1 202 555 0143"), "FOSDEM")
		self.at("2026-05-04 18:20")
		self.met(self.friend("=cmd|'/c calc'!A1", 'org=@SUM("1")', "email=-x@example.org"), "FOSDEM",
			"unattended")
		self.at("2026-06-20")
		with self.store() as db:
			grace = self.row(db, "Grace Hopper")
			said = lambda day, text, kind=0: db.execute("INSERT INTO remark (contact, kind, at, text, "
				"fold) VALUES (?, ?, unixepoch(?), ?, ?)", (grace, kind, day, text, text.lower()))
			said("2026-05-03 20:00", "knows COBOL\nand ships")
			said("2026-05-04 09:00", "", 1)
			said("2026-05-20 09:00", "lost her badge at fosdem")
			said("2026-05-21 09:00", "on holiday")
			db.execute("INSERT INTO tag (contact, fold, name) VALUES (?, 'navy', 'Navy')", (grace,))
			for text, theirs, by, state in (("the compiler", 1, None, 0), ("a paper", 0, 20600, 0),
					("done already", 0, None, 1)):
				db.execute("INSERT INTO promise (contact, theirs, thing, text, made, by, state) "
					"VALUES (?, ?, 0, ?, 1777800000, ?, ?)", (grace, theirs, text, by, state))
			db.execute("UPDATE contact SET ring = 1 WHERE row = ?", (grace,))

	def test_shown(self):
		self.assertEqual(self.event("show", "fosdem").out, """FOSDEM
3 May 2026 to 4 May 2026, 2 people

Grace Hopper, Navy
    compared face to face, 3 May 2026, 12:00
    tags: Navy
    3 May 2026: knows COBOL and ships
    4 May 2026 call
    20 May 2026: lost her badge at fosdem
    promise 2, by 27 May 2026: a paper
    their promise 1: the compiler

=cmd|'/c calc'!A1, @SUM("1")
    swapped without comparing, 4 May 2026, 18:20
""")
		shown = self.json("event", "show", "fosdem")
		self.assertEqual((shown["name"], shown["people"], len(shown["roster"])), ("FOSDEM", 2, 2))
		grace = shown["roster"][0]
		self.assertEqual(grace["met"], [{"at": "2026-05-03T12:00:00Z", "how": "compared"}])
		self.assertEqual((grace["added"], grace["tags"], grace["ring"]), (False, ["Navy"], "inner"))
		self.assertEqual([(n["kind"], n["at"], n["text"]) for n in grace["notes"]], [
			("note", "2026-05-03T20:00:00Z", "knows COBOL\nand ships"),
			("call", "2026-05-04T09:00:00Z", ""),
			("note", "2026-05-20T09:00:00Z", "lost her badge at fosdem")])
		self.assertEqual([(p["number"], p["theirs"], p["by"], p["text"]) for p in grace["promises"]],
			[(2, False, "2026-05-27", "a paper"), (1, True, None, "the compiler")])
		self.assertEqual(grace["contact"]["name"], "Grace Hopper")

	def test_who_was_let_go(self):
		"""They were there: they stay on the roster, and are marked as in list --all."""
		self.kith("ada", "review", "--json", stdin=b'{"who": "grace", "decide": "let-go"}\n')
		self.assertRegex(self.kith("ada", "list", "--all").out, r"(?m)^Grace Hopper .* let go$")
		self.assertIn("\nGrace Hopper, Navy\n    let go\n    compared face to face",
			self.event("show", "fosdem").out)
		self.assertTrue(self.json("event", "show", "fosdem")["roster"][0]["contact"]["faded"])

	def test_as_vcards(self):
		"""The same bytes as kith export writes."""
		for form in ("vcard3", "vcard4"):
			mine = self.event("export", "FOSDEM", "--format", form).raw
			theirs = self.kith("ada", "export", "grace", "=cmd", "--format", form).raw
			self.assertEqual(mine, theirs)
		self.assertNotIn(b"COBOL", mine)
		r = self.event("export", "FOSDEM", "-o", self.path("f.vcf"))
		self.assertEqual((r.out, r.err), ("", "2 people written.\n"))
		self.assertEqual(stat.S_IMODE(os.stat(self.path("f.vcf")).st_mode), 0o600)
		# with --private the notes of the event alone, as in a table
		r = self.event("export", "FOSDEM", "--private")
		self.assertEqual(r.err,
			"With --private this has your tags and notes about them: keep it to yourself.\n")
		private = self.kith("ada", "export", "grace", "=cmd", "--private").raw.splitlines(True)
		without = [line for line in private if b"on holiday" not in line]
		self.assertEqual((len(without), r.raw.splitlines(True)), (len(private) - 1, without))

	def test_more_notes_than_a_vcard_takes(self):
		"""PRIVATE_NOTES_MAX about one person, and one more."""
		for more, status in ((NOTES - 2, 0), (1, 6)):
			with self.store() as db:
				grace = self.row(db, "Grace Hopper")
				db.executemany("INSERT INTO remark (contact, kind, at, text, fold) VALUES (?, 0, "
					"1777800000, ?, ?)", [(grace, f"n{n}", f"n{n}") for n in range(more)])
			r = self.event("export", "FOSDEM", "--private", status=status)
		self.assertIn(f'more than {NOTES} notes of the event about "Grace Hopper"', r.err)
		self.assertEqual(r.out, "")
		self.assertEqual(len(self.json("event", "export", "FOSDEM", "--private")[0]["notes"]), NOTES + 2)

	def table(self, *args):
		r = self.event("export", "FOSDEM", "--format", "csv", *args)
		self.assertTrue(all(line.endswith("\r\n") for line in r.raw.decode().splitlines(True)))
		return list(csv.reader(io.StringIO(r.raw.decode(), newline=""), strict=True)), r.err

	def test_as_a_table(self):
		"""RFC 4180; what a spreadsheet would take for a formula is none (text of others)."""
		rows, err = self.table()
		self.assertEqual(rows, [["name", "org", "email", "tel", "met"],
			["Grace Hopper", "Navy", "grace@example.org", "'+1 202 555 0143", "2026-05-03T12:00:00Z"],
			["'=cmd|'/c calc'!A1", "'@SUM(\"1\")", "'-x@example.org", "", "2026-05-04T18:20:00Z"]])
		self.assertEqual(err, "")

	def test_a_table_of_what_they_say(self):
		"""What is written beside a signed card is mine, as in a vCard: it goes with --private alone."""
		self.kith("ada", "edit", "grace", "email.private=mine@example.org")
		for args, mine in (([], False), (["--private"], True)):
			rows, _ = self.table(*args)
			self.assertEqual(rows[1][2].split("; "), ["grace@example.org"] + ["mine@example.org"] * mine)

	def test_as_a_table_with_what_is_private(self):
		rows, err = self.table("--private")
		self.assertEqual(rows[0][5:], ["tags", "ring", "notes"])
		self.assertEqual(rows[1][5:], ["Navy", "inner", "2026-05-03: knows COBOL and ships; 2026-05-04 call; "
			"2026-05-20: lost her badge at fosdem"])
		self.assertEqual(rows[2][5:], ["", "", ""])
		self.assertEqual(err, "With --private this has your tags, rings and notes about them: keep it "
			"to yourself.\n")

	def test_formulas_of_every_kind(self):
		for n, begin in enumerate(("=", "+", "-", "@", "＝", "＋", "－", "＠", "−", "\t=", "\u200b=", " =")):
			self.kith("ada", "add", f"name=N{n}", f"org={begin}1+1" if begin != "\t=" else "org=\u00a0=1+1")
			self.event("add", "FOSDEM", f"N{n}")
		rows, _ = self.table()
		cells = [row[1] for row in rows if row[0].startswith("N")]
		self.assertEqual(len(cells), 12)
		for cell in cells:
			self.assertRegex(cell, "^'", cells)

	def test_formulas_behind_another_separator(self):
		"""Who reads it with ; or a tab between cells finds none either, in no cell and behind no quotation mark."""
		names = ["x;=cmd|calc", "x; \u200b+1+1", "x,@SUM(1)", 'x"=1+1', "a;b,c=d", "x\u00a0;＝1"]
		for name in names:
			self.kith("ada", "add", f"name={name}", f"org={name}")
			self.event("add", "FOSDEM", name)
		rows, _ = self.table()
		added = ["a;b,c=d", 'x"\'=1+1', "x,'@SUM(1)", "x; '+1+1", "x;'=cmd|calc", "x ;'＝1"]
		self.assertEqual(sorted(row[0] for row in rows if ";" in row[0] or row[0][:1] == "x"), sorted(added))
		self.assertEqual([row[0] for row in rows[1:]], [row[1] if row[0] in added else row[0] for row in rows[1:]])
		raw = self.event("export", "FOSDEM", "--format", "csv").raw.decode()
		for separator in ";,\t":
			for row in csv.reader(io.StringIO(raw, newline=""), delimiter=separator):
				for cell in row:
					self.assertNotRegex(cell, r'(^|")\s*[=+@＝-]')

	def test_as_json(self):
		people = self.json("event", "export", "FOSDEM")
		self.assertEqual([p["contact"]["name"] for p in people], ["Grace Hopper", "=cmd|'/c calc'!A1"])
		self.assertEqual(sorted(people[0]), ["added", "contact", "met"])
		r = self.event("export", "FOSDEM", "--format", "json", "--private", "-o", self.path("f.json"))
		self.assertIn("With --private this has your tags, rings and notes", r.err)
		with open(self.path("f.json")) as f:
			people = json.load(f)
		self.assertEqual((people[0]["tags"], people[0]["ring"], len(people[0]["notes"])),
			(["Navy"], "inner", 3))
		self.assertNotIn("promises", people[0])

	def test_who_has_no_card_yet(self):
		mary = self.friend("Mary Somerville")
		self.seed("ada", mary, "compared", "FOSDEM", self.moment, "confirmed")
		r = self.event("export", "FOSDEM")
		self.assertIn("1 person has no card yet and was left out", r.err)
		self.assertEqual(r.out.count("BEGIN:VCARD"), 2)
		self.assertEqual(len(self.table()[0]), 4)

	def test_at_a_terminal(self):
		"""What others have written does nothing to it."""
		self.met(self.friend("Eve\u202e\u0085Adam"), "FOSDEM")
		for form in ("vcard3", "vcard4", "csv", "json"):
			status, screen = self.terminal("ada", "event", "export", "FOSDEM", "--format", form)
			self.assertEqual(status, 0)
			self.assertNotRegex(screen.decode(), "[\u202e\u0085]")
			self.assertEqual(b"made for reading" in screen, form != "json")


class After(Case):
	"""What is written down once it is over."""

	def texts(self, event, n=0):
		"""Of the first on its roster: as it is shown, and as each file has it."""
		shown = [note["text"] for note in self.json("event", "show", event)["roster"][n]["notes"]]
		(table,) = list(csv.reader(io.StringIO(self.event("export", event, "--private", "--format",
			"csv").raw.decode(), newline="")))[1 + n:2 + n]
		self.assertEqual([note.split(": ", 1)[1] for note in table[-1].split("; ") if note], shown)
		cards = self.event("export", event, "--private", "--format", "vcard4").out.split("END:VCARD")
		self.assertEqual([line.split(":", 1)[1] for line in cards[n].splitlines()
			if line.startswith("NOTE;")], shown)
		printed = self.event("show", event).out
		for text in shown:
			self.assertIn(f": {text}\n", printed)
		return shown

	def note(self, who, text, moment):
		self.at(moment)
		self.kith("ada", "note", who, text)

	def review(self, *lines, args=()):
		return self.kith("ada", "review", *args, stdin="".join(line + "\n" for line in lines).encode()).out

	def test_the_morning_after(self):
		"""Until Sunday, then a review on Monday: the roster has what was said in it, and each file."""
		self.at("2026-05-01")
		self.event("start", "FOSDEM", "--until", "sunday")
		self.at("2026-05-02")
		self.met(self.friend("Grace Hopper"), "FOSDEM")
		self.at("2026-05-04 09:00")
		self.review("knows COBOL", "navy", "", "the paper", "friday", "k")
		self.assertEqual(self.texts("FOSDEM"), ["knows COBOL"])
		self.assertEqual(self.event("show", "FOSDEM").out, """FOSDEM
1 May 2026 to 3 May 2026, 1 person

Grace Hopper
    compared face to face, 2 May 2026, 12:00
    tags: navy
    4 May 2026: knows COBOL
    promise 1, by 8 May 2026: the paper
""")

	def test_a_review_long_after(self):
		"""Of the event that is asked for, else the one where they were met last, whenever it is written down."""
		self.met(self.friend("Grace Hopper"), "FOSDEM")
		self.met(self.friend("Mary Somerville"), "FOSDEM")
		self.met(self.friend("Emmy Noether"), "FOSDEM")
		self.at("2026-06-20")
		self.met(self.friend("Emmy Noether"), "Pub")
		self.at("2026-06-21")
		self.met(self.friend("Emmy Noether"), "")
		self.at("2026-09-20")
		self.event("start", "Congress")
		self.review("of COBOL", "", "", "", "k", "of tides", "", "", "", "k", "of rings", "", "", "", "k")
		self.assertEqual([self.texts("FOSDEM", n) for n in range(3)], [["of COBOL"], ["of tides"], []])
		self.assertEqual(self.texts("Pub"), ["of rings"])

	def test_whose_event_a_review_is_of(self):
		self.met(self.friend("Grace Hopper"), "FOSDEM")
		self.at("2026-06-20")
		self.met(self.friend("Grace Hopper"), "Pub")
		self.at("2026-09-20")
		self.review("of ships", args=("--event", "FOSDEM"))
		self.kith("ada", "review", "--json", stdin=b'{"who": "grace", "note": "of beer"}\n')
		self.assertEqual((self.texts("FOSDEM"), self.texts("Pub")), (["of ships"], ["of beer"]))
		# changed it stays there, and what names another event is of both
		self.kith("ada", "note", "--change", "2", "of beer as at fosdem")
		self.assertEqual(len(self.json("event", "show", "FOSDEM")["roster"][0]["notes"]), 2)
		self.assertEqual(len(self.json("event", "show", "Pub")["roster"][0]["notes"]), 1)
		self.kith("ada", "review", "grace", "--json", stdin=b'{"who": "grace", "decide": "keep"}\n')
		self.kith("ada", "review", "grace", "--json", stdin=b'{"who": "grace", "note": "again"}\n')
		self.assertEqual(self.texts("Pub"), ["of beer as at fosdem"])

	def test_a_note_of_the_days_after(self):
		"""EVENT_AFTER days after it, and one more; a touch is of its days alone."""
		self.event("start", "FOSDEM", "--until", "tomorrow")
		self.met(self.friend("Grace Hopper"), "FOSDEM")
		self.note("grace", "last", f"2026-05-{4 + AFTER:02} 23:59")
		self.kith("ada", "touch", "grace", "a call")
		self.note("grace", "too late", f"2026-05-{5 + AFTER:02} 00:00")
		self.assertEqual(self.texts("FOSDEM"), ["last"])

	def test_a_note_after_another_event(self):
		"""It is of the one where they were met last; where that was none it goes on."""
		grace, mary = self.friend("Grace Hopper"), self.friend("Mary Somerville")
		for card in (grace, mary):
			self.met(card, "FOSDEM")
		self.note("grace", "monday", "2026-05-04")
		self.at("2026-05-05")
		self.met(grace, "Pub")
		self.met(mary, "")
		self.note("grace", "wednesday", "2026-05-06")
		self.note("mary", "wednesday too", "2026-05-06")
		self.assertEqual((self.texts("FOSDEM"), self.texts("FOSDEM", 1)), (["monday"], ["wednesday too"]))
		self.assertEqual(self.texts("Pub"), ["wednesday"])

	def test_off_the_roster(self):
		"""What was said there is of no event once the person is off its roster, or it is forgotten."""
		for name in ("Grace Hopper", "Mary Somerville"):
			self.met(self.friend(name), "FOSDEM")
		self.at("2026-09-20")
		self.review("of COBOL", "", "", "", "k", "of tides", "", "", "", "k")
		self.event("remove", "FOSDEM", "grace")
		self.event("add", "FOSDEM", "grace")
		self.assertEqual((self.texts("FOSDEM"), self.texts("FOSDEM", 1)), (["of tides"], []))
		self.event("forget", "FOSDEM", "--yes")
		with self.store() as db:
			self.assertEqual(db.execute("SELECT text, event FROM remark ORDER BY row").fetchall(),
				[("of COBOL", None), ("of tides", None)])

	def test_an_import_makes_none_longer(self):
		"""A place on the roster is no meeting."""
		grace = self.friend("Grace Hopper")
		self.event("start", "Pub")
		self.met(self.friend("Mary Somerville"), "Pub")
		self.at("2026-05-03 23:00")
		self.event("stop")
		before = self.one("Pub")
		self.at("2026-09-20")
		for come in ("new", "same"):
			self.assertIn(come, self.kith("ada", "import", grace, "--event", "pub").out)
			after = self.one("Pub")
			self.assertEqual((after["ended"], after["people"]), (before["ended"], 2))
		self.assertIn("Pub  3 May 2026, 2 people", self.event("list").out)


class Named(Case):
	"""Which event a name means."""

	def setUp(self):
		super().setUp()
		for name in ("Opera Night", "Café Meeting", "Café Late", "Café", "Pier"):
			self.event("start", name)

	def test_by_a_beginning(self):
		"""Where one alone begins so, to look at it and to change who is on it; case and accents ignored."""
		self.kith("ada", "add", "name=Bob Weaver")
		self.assertEqual(self.json("event", "show", "opera")["name"], "Opera Night")
		self.assertEqual(self.json("event", "show", "CAFE M")["name"], "Café Meeting")
		self.assertEqual(self.event("add", "op", "bob").out, '"Bob Weaver" is on the roster of "Opera Night".\n')
		self.assertIn("Bob Weaver", self.event("export", "opera", "n").out)
		self.assertEqual(self.kith("ada", "review", "--event", "oper", "--json").out.count('"waits"'), 1)
		self.event("remove", "opera", "bob")
		self.assertEqual(self.json("event", "show", "opera night")["roster"], [])
		self.assertTrue(self.json("event", "show", "pie")["runs"])
		self.assertFalse(self.json("event", "show", "op")["runs"])

	def test_the_whole_name_goes_before(self):
		self.assertEqual(self.json("event", "show", "cafe")["name"], "Café")

	def test_several_begin_so(self):
		for args in (("event", "show", "caf"), ("review", "--event", "caf")):
			self.assertEqual(self.kith("ada", *args, status=1).err.split(": ", 1)[1],
				'3 events begin with "caf": "Café", "Café Late", "Café Meeting"; say more of the name\n')
		for name in ("Café 4", "Café 5"):
			self.event("start", name)
		self.assertIn('5 events begin with "ca": "Café 5", "Café 4", "Café", "Café Late" and 1 more; say more',
			self.event("show", "ca", status=1).err)

	def test_none_begins_so(self):
		"""Those that are like it are named: a word of it begins so, or two letters are other."""
		for name, words in (("night", 'there is no event "night"; there is "Opera Night"\n'),
				("peir", 'there is no event "peir"; there is "Pier"\n'),
				("opera nihgt", 'there is no event "opera nihgt"; there is "Opera Night"\n'),
				("x", 'there is no event "x"; kith event list shows all there are\n'),
				("", 'there is no event ""; kith event list shows all there are\n'),
				("\u202e", "; kith event list shows all there are\n")):
			err = self.event("show", name, status=1).err
			self.assertTrue(err.endswith(words), err)
			self.assertNotIn("\u202e", err)

	def test_to_forget_it_the_whole_name(self):
		"""And where --event may make one."""
		for args in ((), ("--people",)):
			self.assertIn('there is no event "opera"; there is "Opera Night", and here the whole name is to be said',
				self.event("forget", "opera", "--yes", *args, status=1).err)
		self.assertIn('there is no event "caf"; there is "Café", "Café Late", "Café Meeting", and here',
			self.event("forget", "caf", "--yes", status=1).err)
		self.kith("ada", "import", self.friend("Grace Hopper"), "--event", "Opera")
		self.assertEqual(self.roster("Opera"), ["Grace Hopper"])
		self.event("forget", "opera night", "--yes")
		self.assertEqual(self.names_of_events()[-1], "Café Meeting")


class Forget(Case):
	"""Twelve people at Zzyzx, who are held by this or that."""

	STAY = ("Ring", "Promise", "Elsewhere", "Roster", "Joined", "Let go", "Blocked", "Before",
		"Promise kept", "Typed")
	GO = ("Alone", "Twice")
	MADE = None  # the home, made once

	def setUp(self):
		super().setUp()
		if not Forget.MADE:
			self.make()
			Forget.MADE = os.path.join(Case.FOLK, "zzyzx")
			shutil.copytree(self.path("ada"), Forget.MADE)
		shutil.rmtree(self.path("ada"))
		shutil.copytree(Forget.MADE, self.path("ada"))
		self.at("2026-05-04")

	def make(self):
		self.kith("ada", "import", self.friend("Before"))
		self.at("2026-05-03 13:00")
		for name in self.STAY[:-1] + self.GO:
			self.met(self.friend(name), "Zzyzx")
		self.at("2026-05-04")
		self.met(self.friend("Elsewhere"), "Other")
		self.met(self.friend("Twice"), "zzyzx")
		self.kith("ada", "add", "name=Typed", "email=t@example.org")
		self.kith("ada", "add", "name=By hand")
		self.kith("ada", "join", "joined", "By hand", "--yes")
		self.kith("ada", "block", "blocked", "--yes")
		self.event("add", "Zzyzx", "typed")
		self.event("add", "Other", "roster")
		with self.store() as db:
			db.execute("UPDATE contact SET ring = 2 WHERE row = ?", (self.row(db, "Ring"),))
			db.execute("UPDATE contact SET review = 3, letgo_used = 0 WHERE row = ?",
				(self.row(db, "Let go"),))
			for name, state in (("Promise", 0), ("Promise kept", 1)):
				db.execute("INSERT INTO promise (contact, theirs, thing, text, made, state) "
					"VALUES (?, 0, 0, 'x', 1777800000, ?)", (self.row(db, name), state))

	def names(self):
		with self.store() as db:
			return sorted(name for (name,) in db.execute("SELECT name FROM contact"))

	def test_alone(self):
		"""Its name goes from the meetings, and from the file; nobody goes with it."""
		before = self.names()
		self.assertIn("forget needs --yes", self.event("forget", "Zzyzx", status=2).err)
		self.assertIn("forget needs --yes", self.event("forget", "Zzyzx", "--json", status=2).err)
		self.assertEqual(self.roster("Zzyzx")[-1], "Typed")
		self.event("start", "zzyzx")  # one that runs, too
		self.assertEqual(self.event("forget", "zzyzx", "--yes").out, '"Zzyzx" is forgotten.\n')
		self.assertEqual(self.names(), before)
		self.assertEqual(self.names_of_events(), ["Other"])
		self.assertEqual(self.events_of("Alone"), [None])
		self.assertEqual(self.events_of("Elsewhere"), [None, "Other"])
		self.kith("ada", "find", "Zzyzx", status=3)
		for name, data in self.tree("ada").items():
			self.assertNotIn(b"zzyzx", data.lower(), name)

	def test_with_whom_nothing_else_holds(self):
		gone = self.json("event", "forget", "Zzyzx", "--people", "--yes")
		self.assertEqual(gone["name"], "Zzyzx")
		self.assertEqual(sorted(p["name"] for p in gone["forgotten"]), sorted(self.GO))
		self.assertEqual(self.names(), sorted(self.STAY))

	def test_whom_i_introduced_stays(self):
		"""About whom I decided something, on whatever way, and who was set aside in a match."""
		for name in self.GO:
			self.compare(name, "--event", "Zzyzx")
		self.kith("ada", "introduce", "alone", "elsewhere", "--why", "you both sail")
		gone = self.json("event", "forget", "Zzyzx", "--people", "--yes")
		self.assertEqual([p["name"] for p in gone["forgotten"]], ["Twice"])
		self.assertIn("Alone", self.names())
		self.assertEqual(len(self.json("introduce")), 1)

	def test_whom_i_set_aside_stays(self):
		self.kith("ada", "match", "--aside", "twice", "ring")
		gone = self.json("event", "forget", "Zzyzx", "--people", "--yes")
		self.assertEqual([p["name"] for p in gone["forgotten"]], ["Alone"])

	def test_it_is_shown_and_asked(self):
		before = self.names()
		question = rb'Forget "Zzyzx", and 2 people\? \[y/N\] '
		status, screen = self.terminal("ada", "event", "forget", "Zzyzx", "--people",
			prompts=[(question, b"n\n")])
		self.assertEqual(status, 4)
		self.assertIn(b"nothing was forgotten", screen)
		self.assertEqual(self.names(), before)
		status, screen = self.terminal("ada", "event", "forget", "Zzyzx", "--people",
			prompts=[(question, b"y\n")])
		self.assertEqual(status, 0, screen)
		for name in self.GO:
			self.assertIn(f"{name}  ".encode(), screen)
		self.assertIn(b'"Zzyzx" is forgotten, with ', screen)
		for name in self.GO:
			self.assertIn(f'"{name}"', screen.decode().split("is forgotten")[1])
		self.assertEqual(self.names(), sorted(self.STAY))
		status, _ = self.terminal("ada", "event", "forget", "Other",
			prompts=[(rb'Forget "Other"\? \[y/N\] ', b"yes\n")])
		self.assertEqual((status, self.json("event", "list")), (0, []))

	def test_who_went_is_named(self):
		"""Four at most; of more three, and how many more."""
		for n, words in ((1, '"P0"'), (2, '"P0" and "P1"'), (4, '"P0", "P1", "P2" and "P3"'),
				(5, '"P0", "P1", "P2" and 2 more')):
			for i in range(n):
				self.met(self.friend(f"P{i}"), "Small")
			self.assertEqual(self.event("forget", "Small", "--people", "--yes").out,
				f'"Small" is forgotten, with {words}.\n')

	def test_who_stays_is_said(self):
		"""Whom the roster alone has, and about whom something was written: before and after."""
		self.kith("ada", "add", "name=Quentin")
		self.met(self.friend("P0"), "Small")
		self.met(self.friend("P1"), "Small")
		self.event("add", "Small", "quentin")
		self.kith("ada", "note", "p1", "plays the horn")
		_, screen = self.terminal("ada", "event", "forget", "Small", "--people", prompts=[(rb"\[y/N\] ", b"n\n")])
		self.assertIn(b"2 of its roster stay: not met only there, or you wrote about them.", screen)
		self.assertEqual(self.event("forget", "Small", "--people", "--yes").out, '"Small" is forgotten, with '
			'"P0".\n2 of its roster stay: not met only there, or you wrote about them.\n')

	def test_whoever_comes_meanwhile_was_not_shown(self):
		case, late = self, self.friend("Late")

		class Answer(tuple):
			def __getitem__(self, i):
				if i == 1:
					case.met(late, "Zzyzx")
				return super().__getitem__(i)

		status, screen = self.terminal("ada", "event", "forget", "Zzyzx", "--people",
			prompts=[Answer((rb"\[y/N\] ", b"y\n"))])
		self.assertEqual(status, 1)
		self.assertIn(b"those who would go with it are others meanwhile", screen)
		self.assertIn("Late", self.names())
		self.assertIn("Alone", self.names())


if __name__ == "__main__":
	house.main()
