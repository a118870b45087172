# SPDX-License-Identifier: MIT
"""kith review: the morning after, and who is forgotten."""

import datetime
import json
import os
import signal
import sqlite3
import subprocess

import house

NOON = 1777809600  # of 3 May 2026
NOTE_MAX, REVIEW_LINE, LETGO_DAYS, TAGS_OF_MAX = 16384, 65536, 30, 64  # proto/limits.def


class Review(house.Case):
	def setUp(self):
		super().setUp()
		self.at("2026-05-04")
		self.kith("h", "init", "name=Me")
		self.cards = {}

	def meet(self, name, *fields, event="FOSDEM", at=NOON, how="compared"):
		"""A swap with somebody, once more where they are known."""
		home = name.replace(" ", "")
		if name not in self.cards:
			self.cards[name] = self.person(home, name, *fields)
		self.seed("h", self.cards[name], how, event, at, "receipt")

	def crowd(self, *names):
		for i, name in enumerate(names):
			self.meet(name, at=NOON + i)

	def review(self, *lines, args=(), **more):
		"""What comes out when these lines are typed."""
		text = "".join(line + "\n" for line in lines).encode()
		return self.kith("h", "review", *args, stdin=text, **more).out

	def waiting(self, *args):
		out = self.kith("h", "review", "--json", *args).out.splitlines()
		events = [json.loads(line) for line in out]
		self.assertEqual(events[-1], {"event": "ready", "waiting": len(events) - 1})
		return [e["person"]["name"] for e in events[:-1]]

	def decide(self, *lines, status=0):
		"""The answers to these decisions."""
		text = "".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines)
		done = self.kith("h", "review", "--json", stdin=text.encode(), status=status)
		events = [json.loads(line) for line in done.out.splitlines()]
		return [e for e in events if e["event"] not in ("waits", "ready")]

	def names(self, *args):
		return [p["name"] for p in self.kith("h", *args, "--json").json]

	def rows(self, sql):
		db = sqlite3.connect(self.path("h", "kith.db"))
		try:
			return db.execute(sql).fetchall()
		finally:
			db.close()

	def use(self, days=1):
		"""Uses kith on so many days more; returns what it said on the last."""
		for _ in range(days):
			day = datetime.datetime.fromtimestamp(self.moment + 86400, datetime.timezone.utc)
			self.at(day.strftime("%Y-%m-%d %H:%M"))
			said = self.work().err
		return said

	def work(self, *args):
		"""Something that makes a day of use, and changes nothing that these tests look at."""
		return self.kith("h", "ring", "set", "inner", "--room", "15", *args)


class Walk(Review):
	def test_every_question(self):
		"""All of them once; what was said stands in the store, and nobody waits."""
		self.meet("Ada Lovelace", "title=Countess", "offers=looms", "org=Engines")
		out = self.review("we spoke of looms", "Math +poetry -none", "inner", "send the paper",
			"friday", "s")
		for line in ("Ada Lovelace, 1 left", "compared face to face, 3 May 2026, FOSDEM",
				"title: Countess", "org: Engines", "offers: looms", "> Noted.", "> Tagged.",
				"> Moved to inner.", "> Promised.", "> Due in 4 days.",
				"> Ada Lovelace: soon. Going back undoes that.", "That was everybody."):
			self.assertIn(line + "\n", out)
		self.assertEqual(self.rows("SELECT text, at FROM remark"),
			[("we spoke of looms", self.moment)])
		self.assertEqual(self.rows("SELECT name FROM tag ORDER BY fold"), [("Math",), ("poetry",)])
		self.assertEqual(self.rows("SELECT text, by, theirs FROM promise"),
			[("send the paper", self.moment // 86400 + 4, 0)])
		self.assertEqual(self.rows("SELECT review, reviewed_at, ring.name, review_step FROM contact "
			"JOIN ring ON ring.row = ring"), [(2, self.moment, "inner", 0)])
		self.assertEqual(self.waiting(), [])
		self.assertIn("Nobody waits for a review.", self.review())

	def test_things(self):
		"""What was lent and borrowed is none of them a promise."""
		self.meet("Ada")
		self.kith("h", "promise", "ada", "the drill", "--lent", "--by", "2026-05-06")
		self.kith("h", "promise", "ada", "a novel", "--borrowed")
		self.kith("h", "promise", "ada", "to call", "--from")
		out = self.review("/quit")
		for line in ("you lent, by 6 May 2026: the drill", "you borrowed: a novel", "they promised: to call"):
			self.assertIn(line + "\n", out)
		out = self.kith("h", "event", "show", "FOSDEM").out
		for line in ("lent, promise 1, by 6 May 2026: the drill", "borrowed, promise 2: a novel",
				"their promise 3: to call"):
			self.assertIn(line + "\n", out)

	def test_order_and_choice(self):
		"""In the order of meeting; of an event or since a day; who was never met is not asked about."""
		self.meet("Zoe", at=NOON)
		self.meet("Ada", at=NOON - 40 * 86400, event="Congress")
		self.meet("Bob", at=NOON + 60, event="")
		self.kith("h", "add", "name=Typed")
		with open(self.path("book.vcf"), "w") as f:
			f.write("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Imported\r\nEND:VCARD\r\n")
		self.kith("h", "import", self.path("book.vcf"))
		self.kith("h", "import", self.person("f", "From a File"))
		self.assertEqual(self.waiting(), ["Zoe", "Ada", "Bob"])
		self.assertEqual(self.waiting("--event", "congress"), ["Ada"])
		self.assertEqual(self.waiting("--since", "yesterday"), ["Zoe", "Bob"])
		self.assertEqual(self.waiting("--since", "2026-05-04"), [])
		# who stands on the roster of an event that runs is there until now, and no longer
		self.kith("h", "event", "start", "Fair")
		self.kith("h", "event", "add", "Fair", "typed")
		self.assertEqual(self.waiting("--since", "2026-05-04"), ["Typed"])
		self.assertEqual(self.waiting("--since", "2026-05-05"), [])
		self.kith("h", "event", "forget", "Fair", "--yes")
		self.kith("h", "review", "--event", "Nowhere", status=1)
		self.assertEqual(self.kith("h", "review", "--since", "soon", status=2).out, "")
		self.kith("h", "review", "--since", "2026", "--event", "Congress", status=2)
		self.kith("h", "review", "--back", status=2)
		self.kith("h", "review", "nobody", status=3)

	def test_a_contact_without_a_text(self):
		self.crowd("Ada")
		self.kith("h", "touch", "ada", "--how", "wrote")
		self.assertIn("\nwrote 4 May 2026\nWhat did", self.review())

	def test_added_to_an_event(self):
		"""Who was added by hand to where I was is asked about behind those who were met there."""
		self.meet("Zoe")
		self.kith("h", "add", "name=Typed")
		self.kith("h", "event", "add", "FOSDEM", "Typed")
		self.assertEqual(self.waiting("--event", "FOSDEM"), ["Zoe", "Typed"])
		self.assertIn("Typed, 1 left", self.review("", "", "", "", "k", ""))

	def test_left_and_taken_up(self):
		"""At any question, by /quit or the end of what is typed; it goes on there."""
		self.crowd("Ada", "Bob")
		self.review("a note", "/quit")
		out = self.review()
		self.assertNotIn("talk about", out)
		self.assertRegex(out, r"(?s)Ada, 2 left\n.*noted 4 May 2026: a note\nWhich tags\?")
		self.review("tag", "outer", "the book")
		out = self.review("2w")
		self.assertRegex(out, r"(?s)you promised: the book\nBy when\?.*> Due on 18 May 2026\.\nKeep, soon")
		out = self.review("", "k")
		self.assertRegex(out, r"(?s)you promised, by 18 May 2026: the book\nWhat did you promise\?.*Keep, soon")
		self.assertEqual(self.waiting(), ["Bob"])

	def test_taken_up_blind(self):
		"""Left at the decision, what is typed as if it were another question decides nothing."""
		self.crowd("Ada")
		self.review("", "", "", "")
		self.assertEqual(self.rows("SELECT review_step FROM contact"), [(5,)])
		self.review("l")
		self.assertEqual(self.rows("SELECT review FROM contact"), [(0,)])
		self.assertEqual(self.rows("SELECT text FROM promise"), [("l",)])

	def test_a_day_is_taken_off(self):
		"""Nothing is no day, when it is asked about once more, too."""
		self.crowd("Ada")
		out = self.review("", "", "", "the book", "2w", "/back", "")
		self.assertIn("> No day.\nKeep, soon", out)
		self.assertEqual(self.rows("SELECT text, by FROM promise"), [("the book", None)])

	def test_a_promise_without_a_day(self):
		"""Where there was none, none is told of."""
		self.crowd("Ada")
		out = self.review("", "", "", "the book", "")
		self.assertIn("> Promised.\nBy when? 2026-05-03, friday, 2w; nothing: no day.\n> Keep, soon", out)

	def test_skipped_in_the_middle(self):
		"""Who was left in the middle comes first, before those who were met earlier."""
		self.crowd("Ada", "Bob", "Eve")
		self.review("/skip", "spoke with Bob", "/q")
		self.assertRegex(self.review(), r"Bob, 3 left")
		self.assertEqual(self.waiting(), ["Bob", "Ada", "Eve"])

	def test_back(self):
		"""To the question before, and over the first one to the person before, whose decision is undone."""
		self.crowd("Ada", "Bob")
		out = self.review("first", "/back", "second", "", "", "", "l", "/back", "k", "/skip", "/undo",
			"/undo", "s")
		self.assertIn("A new line takes the place of what you wrote.", out)
		self.assertEqual(self.rows("SELECT text FROM remark"), [("second",)])
		self.assertEqual(out.count("Ada: taken back."), 2)
		self.assertEqual(self.rows("SELECT name, review FROM contact ORDER BY name"),
			[("Ada", 2), ("Bob", 0)])

	def test_undo_of_the_last(self):
		"""Behind the last person, too; one who was reviewed before stands as before."""
		self.crowd("Ada")
		self.review("", "", "", "", "s", "")
		self.at("2026-05-05")
		self.review("", "", "", "", "l", "/undo", args=("ada",))
		self.assertEqual(self.rows("SELECT review, reviewed_at FROM contact"), [(2, NOON + 86400)])
		self.assertIn("This is where it began.", self.review("/back", "/back", "/back", "/back", "/back",
			args=("ada",)))

	def test_what_is_no_answer(self):
		"""It is said what is wrong, and the question stays."""
		self.crowd("Ada")
		out = self.review("/slash", "//slash", "good b@d", "good", "nowhere", "0", "/back", "none",
			"x", "never", "", "perhaps", "", "keep")
		self.assertIn("That is none of /back", out)
		self.assertIn('"b@d" is no tag', out)
		self.assertIn('There is no ring "nowhere".', out)
		self.assertIn("That is no day", out)
		self.assertEqual(out.count("That is none of the three"), 2)
		self.assertEqual(self.rows("SELECT text FROM remark"), [("/slash",)])
		self.assertEqual(self.rows("SELECT name FROM tag"), [("good",)])
		self.assertEqual(self.rows("SELECT review FROM contact"), [(1,)])

	def test_a_text_at_the_limit(self):
		"""NOTE_MAX bytes, and one more."""
		self.crowd("Ada")
		out = self.review("x" * (NOTE_MAX + 1), "x" * NOTE_MAX, "", "", "y" * (NOTE_MAX + 1),
			"y" * NOTE_MAX)
		self.assertEqual(out.count(f"That is too long: a text has at most {NOTE_MAX} bytes."), 2)
		self.assertEqual(self.rows("SELECT length(text) FROM remark"), [(NOTE_MAX,)])
		self.assertEqual(self.rows("SELECT length(text) FROM promise"), [(NOTE_MAX,)])

	def test_a_full_ring(self):
		"""It asks who moves out, the one longest without contact first; nobody moves by itself."""
		self.crowd("Ada", "Bob", "Eve Adams", "Eve Baker")
		self.kith("h", "review", "--json", stdin=b'{"who": "ada", "ring": "inner"}\n'
			b'{"who": "bob", "ring": "inner"}\n')
		self.kith("h", "ring", "set", "inner", "--room", "2")
		out = self.review("", "", "1", "eve", "zoe", "7", "eve adams", "", "inner", "2", "/q",
			args=("eve adams",))
		self.assertIn("inner has room for 2, and is full.\n1: Ada (last contact 3 May 2026)\n"
			"2: Bob (last contact 3 May 2026)\nWho moves out", out)
		for line in ("More than one person is called that", "Nobody here is called that.",
				"That person is not in this ring.", 'Moved in; "Bob" has moved out.'):
			self.assertIn(line, out)
		self.assertEqual(self.rows("SELECT contact.name FROM contact JOIN ring ON ring.row = ring "
			"ORDER BY 1"), [("Ada",), ("Eve Adams",)])

	def test_an_overfull_ring(self):
		"""One who moves out would not be enough: nobody is asked for, and it is said what helps."""
		self.crowd("Ada", "Bob", "Eve")
		self.kith("h", "ring", "set", "inner", "--room", "1")
		self.kith("h", "ring", "ada", "inner")
		self.kith("h", "review", "--json", stdin=b'{"who": "ada", "decide": "let-go"}\n')
		self.kith("h", "ring", "bob", "inner")
		self.kith("h", "review", "--back", "ada")
		out = self.review("", "", "inner", "none", "", "keep", args=("eve",))
		self.assertIn("> inner has room for 1 and holds 2: one who moves out is not enough.  "
			"kith ring set inner --room 3 makes room.\nWhich ring?", out)
		self.assertIn("> In no ring.\nWhat did you promise?", out)
		for args in ((), ("--out", "bob")):
			said = self.kith("h", "ring", "eve", "inner", *args, status=1).err
			self.assertIn("inner has room for 1 and holds 2: one who moves out is not enough", said)
		self.assertEqual(self.names("find", "ring:inner"), ["Ada", "Bob"])

	def test_killed(self):
		"""kill -9 at a question: at most the line that is being typed is lost."""
		self.crowd("Ada")
		run = subprocess.Popen([house.KITH, "--home", self.path("h"), "review"], stdin=subprocess.PIPE,
			stdout=subprocess.PIPE, env=self.env(), cwd=self.folder)
		try:
			run.stdin.write(b"of looms\nmath\nnot fin")
			run.stdin.flush()
			said = b""
			while b"Which ring?" not in said:
				got = os.read(run.stdout.fileno(), 4096)
				self.assertTrue(got, said)
				said += got
		finally:
			run.send_signal(signal.SIGKILL)
			run.wait()
			run.stdin.close()
			run.stdout.close()
		self.assertEqual(self.rows("SELECT text FROM remark"), [("of looms",)])
		self.assertEqual(self.rows("SELECT name FROM tag"), [("math",)])
		out = self.review()
		self.assertRegex(out, r"(?s)tags: math\nnoted 4 May 2026: of looms\nWhich ring\?")
		self.assertEqual(self.kith("h", "list").out.count("Ada"), 1)

	def test_plain_where_a_screen_is_of_no_use(self):
		"""--plain, a dumb terminal, a screen reader, a window that is too small."""
		self.crowd("Ada")
		for args, env, size in ((("--plain",), {}, (24, 80)), ((), {"TERM": "dumb"}, (24, 80)),
				((), {"ACCESSIBILITY_ENABLED": "1"}, (24, 80)), ((), {"INSIDE_EMACS": "29"}, (24, 80)),
				((), {}, (7, 80)), ((), {}, (24, 19))):
			status, screen = self.terminal("h", "review", *args, env=env, size=size,
				prompts=[(rb"What did you talk\s+about\?", b"/quit\n")])
			self.assertEqual(status, 0)
			self.assertIn("/skip leaves somebody for", " ".join(screen.decode().split()), (args, env, size))

	def test_plain_lines_break_at_blanks(self):
		self.crowd("Ada")
		self.kith("h", "note", "ada", "of looms " * 15)
		for columns in (80, 40):
			_, screen = self.terminal("h", "review", "--plain", size=(24, columns),
				prompts=[(rb"> ", b"\n")] * 4 + [(rb"> ", b"/quit\n")])
			lines = screen.decode().splitlines()
			self.assertLessEqual(max(map(len, lines)), columns)
			self.assertIn("forgotten later.", " ".join(" ".join(lines).split()))
			self.assertIn("of looms " * 15, " ".join(line.strip() for line in lines) + " ")


class Json(Review):
	def test_decisions(self):
		self.crowd("Ada", "Bob")
		ada = self.kith("h", "show", "ada", "--json").json["id"]
		got = self.decide({"who": "ada", "note": "looms", "tags": ["math", "x", "-x"], "ring": "inner",
			"promise": "the book", "by": "2026-06-01", "decide": "keep"}, "",
			{"who": "Bob", "decide": "let-go"}, {"undo": True}, {"who": ada[:8], "note": "more"})
		self.assertEqual([(e["event"], e["name"], e["review"]) for e in got],
			[("written", "Ada", "keep"), ("written", "Bob", "let-go"), ("undone", "Bob", "waits"),
			("written", "Ada", "keep")])
		self.assertEqual(got[0]["id"], ada)
		self.assertEqual(self.rows("SELECT text FROM remark ORDER BY row"), [("looms",), ("more",)])
		self.assertEqual(self.rows("SELECT name FROM tag"), [("math",)])
		self.assertEqual(self.rows("SELECT text, by FROM promise"), [("the book", 20605)])
		self.assertEqual(self.waiting(), ["Bob"])

	def test_undo_of_several(self):
		"""Decision by decision, to the first one; what was refused is none."""
		self.crowd("Ada", "Bob")
		got = self.decide({"who": "ada", "decide": "keep"}, {"who": "bob", "decide": "let-go"},
			{"who": "ada", "decide": "soon"}, {"who": "bob", "decide": "keep", "ring": "nowhere"},
			{"who": "bob", "note": "n"}, {"undo": True}, {"undo": True}, {"undo": True}, {"undo": True},
			status=1)
		self.assertEqual([(e["event"], e.get("name"), e.get("review")) for e in got[-4:]],
			[("undone", "Ada", "keep"), ("undone", "Bob", "waits"), ("undone", "Ada", "waits"),
			("refused", None, None)])
		self.assertEqual(self.waiting(), ["Ada", "Bob"])

	def test_a_promise_without_a_day(self):
		self.crowd("Ada")
		self.decide({"who": "ada", "promise": "the book", "by": ""})
		self.assertEqual(self.rows("SELECT text, by FROM promise"), [("the book", None)])
		self.assertEqual(self.decide({"who": "ada", "by": ""}, status=2)[0]["event"], "refused")

	def test_refused(self):
		"""A line is taken whole or not at all; the first refusal is the status: 6 of what is no decision, 2 of words that
		cannot be kept, 1 of what there is not, as everywhere."""
		self.crowd("Ada", "Ann")
		self.assertEqual(len(self.decide({"undo": True}, status=1)), 1)
		for line, status in (("x", 6), ("[]", 6), ("{}", 6), ({"who": "a"}, 3), ({"who": "zz"}, 3),
				({"who": "ada", "note": 1}, 6), ({"who": "ada", "other": "x"}, 6),
				({"who": "ada", "undo": True}, 6), ({"who": "ada", "tags": "x"}, 6),
				({"who": "ada", "tags": [1]}, 6), ('{"who": "ada", "note": "a", "note": "b"}', 6),
				({"who": "ada", "by": "2w"}, 2), ({"who": "ada", "note": "n", "decide": "maybe"}, 2),
				({"who": "ada", "note": "n", "tags": ["a!"]}, 2),
				({"who": "ada", "note": "n", "promise": "p", "by": "never"}, 2),
				({"who": "ada", "tags": ["t"], "note": "x" * (NOTE_MAX + 1)}, 2),
				({"who": "ada", "note": "n", "promise": "x" * (NOTE_MAX + 1)}, 2),
				({"who": "ada", "tags": ["t"], "note": " \u200b"}, 2), ({"who": "ada", "promise": " "}, 2),
				({"who": "ada", "note": "n", "tags": [f"t{i}" for i in range(TAGS_OF_MAX + 1)]}, 1),
				({"who": "ada", "note": "n", "ring": "nowhere"}, 1)):
			got = self.decide(line, status=status)
			self.assertEqual([e["event"] for e in got], ["refused"], line)
			self.assertTrue(got[0]["why"])
		for table in ("remark", "tag", "promise"):
			self.assertEqual(self.rows(f"SELECT * FROM {table}"), [])
		self.assertEqual(self.waiting(), ["Ada", "Ann"])

	def test_a_line_at_the_limit(self):
		"""REVIEW_LINE bytes, and one more."""
		self.crowd("Ada")
		line = json.dumps({"who": "ada", "note": "n"})
		self.assertEqual(self.decide(line.ljust(REVIEW_LINE))[0]["event"], "written")
		self.assertEqual(self.decide(line.ljust(REVIEW_LINE + 1), status=6)[0]["event"], "refused")

	def test_a_full_ring(self):
		self.crowd("Ada", "Bob")
		self.kith("h", "ring", "set", "inner", "--room", "1")
		got = self.decide({"who": "ada", "ring": "inner"}, {"who": "bob", "ring": "inner", "note": "n"},
			{"who": "bob", "ring": "inner", "out": "bob"},
			{"who": "bob", "ring": "inner", "out": "ada"}, status=1)
		self.assertEqual([e["event"] for e in got], ["written", "refused", "refused", "written"])
		self.assertEqual(self.rows("SELECT contact.name FROM contact WHERE ring IS NOT NULL"), [("Bob",)])
		self.assertEqual(self.rows("SELECT text FROM remark"), [])


class LetGo(Review):
	def let_go(self, *names):
		self.crowd(*names)
		for name in names:
			self.decide({"who": name, "decide": "let-go"})

	def test_fades(self):
		"""Gone from list and find at once; --all shows them marked; WHO still finds them."""
		self.crowd("Bob")
		self.let_go("Ada")
		self.assertEqual(self.names("list"), ["Bob"])
		self.assertEqual(self.names("list", "--all"), ["Ada", "Bob"])
		self.assertRegex(self.kith("h", "list", "--all").out, r"(?m)^Ada .*let go$")
		self.assertNotRegex(self.kith("h", "list", "--all").out, r"(?m)^Bob .*let go$")
		self.assertTrue(self.kith("h", "list", "--all", "--json").json[0]["faded"])
		self.kith("h", "find", "ada", status=3)
		self.assertRegex(self.kith("h", "show", "ada").out, "let go")
		self.assertNotIn("Nobody yet", self.terminal("h", "list")[1].decode())

	def test_called_back(self):
		"""By review --back, a note, a tag, a ring, a promise: kept.  By another swap: asked again."""
		self.let_go("Ada")
		out = self.kith("h", "review", "--back", "ada").out
		self.assertEqual(out, '"Ada" is back, and kept.\n')
		self.assertEqual(self.kith("h", "review", "--back", "ada").out, '"Ada" was not let go.\n')
		self.assertEqual(self.names("list"), ["Ada"])
		for answer in ({"note": "n"}, {"tags": ["t"]}, {"ring": "outer"}, {"promise": "p"}):
			self.decide({"who": "ada", "decide": "let-go"})
			self.assertEqual(self.names("list"), [])
			got = self.decide({"who": "ada", **answer})
			self.assertEqual(got[0]["review"], "keep", answer)
		for command in (["note", "ada", "n"], ["tag", "ada", "t2"], ["ring", "ada", "inner"],
				["promise", "ada", "p"], ["touch", "ada", "t"]):
			self.decide({"who": "ada", "decide": "let-go"})
			self.assertEqual(self.names("list"), [])
			self.kith("h", *command)
			self.assertEqual(self.names("list"), ["Ada"], command)
		self.decide({"who": "ada", "decide": "let-go"})
		self.meet("Ada", at=NOON + 86400)
		self.assertEqual(self.waiting(), ["Ada"])
		self.assertEqual(self.names("list"), ["Ada"])

	def test_kept_since_they_were_called_back(self):
		"""The day is that of the note and the like, not the one on which they were let go."""
		self.let_go("Ada")
		for n, command in enumerate((["review", "--back", "ada"], ["note", "ada", "n"], ["tag", "ada", "t"],
				["ring", "ada", "inner"], ["promise", "ada", "p"], ["touch", "ada", "t"])):
			self.at(f"2026-06-{10 + 2 * n}")
			self.decide({"who": "ada", "decide": "let-go"})
			self.assertRegex(self.kith("h", "show", "ada").out, rf"review +let go, {10 + 2 * n} June 2026\n")
			self.at(f"2026-06-{11 + 2 * n}")
			self.kith("h", *command)
			self.assertRegex(self.kith("h", "show", "ada").out, rf"review +kept, {11 + 2 * n} June 2026\n", command)
		# who was kept before is so since then
		self.at("2026-07-01")
		self.kith("h", "note", "ada", "n")
		self.assertRegex(self.kith("h", "show", "ada").out, r"review +kept, 21 June 2026\n")

	def test_no_new_question_for_who_was_kept(self):
		"""Which is said where of an event, or of some days, nobody waits."""
		said = "Nobody waits for a review.\n"
		self.assertEqual(self.review(), said)
		self.crowd("Ada")
		self.decide({"who": "ada", "decide": "keep"})
		self.meet("Ada", at=NOON + 86400, event="Pub")
		self.assertEqual(self.waiting(), [])
		self.assertEqual(self.review(), said)
		for args in (("--event", "pub"), ("--since", "yesterday")):
			self.assertEqual(self.review(args=args), said + "Who was reviewed before is not asked about again: "
				"kith review WHO asks all the same, kith note WHO TEXT writes down what you talked about.\n")

	def test_leaves_room_in_the_ring(self):
		self.crowd("Ada", "Bob")
		self.decide({"who": "ada", "ring": "inner", "decide": "keep"}, {"who": "ada", "decide": "let-go"})
		self.assertIn("1 inner (0 of 15)", self.review("", "", "", "/q", args=("bob",)))

	def test_forgotten(self):
		"""After thirty days of use, not on the twenty-ninth; told by name, and days before."""
		self.let_go("Ada Lovelace", "Bob")
		self.work()  # the day itself
		said = self.use(LETGO_DAYS - 4)
		self.assertEqual(said, "")
		said = self.use()
		self.assertEqual(said, 'You let go of "Ada Lovelace": forgotten once you wrote something with kith on 3 '
			'more days; kith review --back keeps them.\n'
			'You let go of "Bob": forgotten once you wrote something with kith on 3 more days; '
			'kith review --back keeps them.\n')
		self.use()
		said = self.use()
		self.assertIn('You let go of "Bob": forgotten on the next day on which you write something with kith; '
			'kith review --back keeps them.', said)
		self.assertIn('You let go of "Bob": forgotten on the next', self.kith("h", "review").err)
		self.assertEqual(self.names("list", "--all"), ["Ada Lovelace", "Bob"])
		self.assertEqual(self.use(), 'Forgotten, as you let go of them and wrote something with kith on '
			'30 days since: '
			'"Ada Lovelace", "Bob".\n')
		self.assertEqual(self.names("list", "--all"), [])
		self.assertEqual(self.use(), "")

	def test_called_back_on_the_last_day(self):
		"""The very command that would be the last calls back; a slip in it forgets nobody."""
		self.let_go("Ada", "Bob")
		self.use(LETGO_DAYS - 1)
		self.at("2026-07-01")
		self.kith("h", "review", "--back", "adda", status=3)
		self.kith("h", "list")
		self.kith("h", "show", "bob")
		self.assertEqual(self.names("list", "--all"), ["Ada", "Bob"])
		done = self.kith("h", "review", "--back", "ada")
		self.assertEqual((done.out, done.err), ('"Ada" is back, and kept.\n',
			'Forgotten, as you let go of them and wrote something with kith on 30 days since: "Bob".\n'))
		self.assertEqual(self.names("list", "--all"), ["Ada"])

	def test_a_promise_keeps(self):
		self.crowd("Ada")
		self.decide({"who": "ada", "promise": "the book"}, {"who": "ada", "decide": "let-go"})
		self.use(LETGO_DAYS + 2)
		self.assertEqual(self.names("list", "--all"), ["Ada"])
		self.kith("h", "promise", "done", "1")
		self.assertEqual(self.use(LETGO_DAYS - 4), "")  # from then on
		self.assertIn('You let go of "Ada": forgotten once you wrote something with kith on 3 more days', self.use())
		self.use(2)
		self.assertIn('Forgotten, as you let go of them and wrote something with kith on 30 days since: "Ada".', self.use())

	def test_unblocked(self):
		"""Whoever was blocked for years is not gone by the command that ends it."""
		self.let_go("Ada")
		self.kith("h", "block", "ada", "--yes")
		self.assertEqual(self.use(LETGO_DAYS + 5), "")
		self.at("2026-07-01")
		self.assertEqual(self.kith("h", "unblock", "ada").err, "")
		self.assertEqual(self.names("list", "--all"), ["Ada"])
		self.assertEqual(self.use(LETGO_DAYS - 4), "")  # the day of it is none
		self.assertIn('You let go of "Ada": forgotten once you wrote something with kith on 3 more days', self.use())

	def test_who_only_looks_loses_nobody(self):
		self.let_go("Ada")
		before = self.rows("SELECT day FROM used")
		for day in range(5, 29):
			self.at(f"2026-05-{day:02}")
			for command in (["list"], ["show", "ada"], ["find", "x"], ["ledger"]):
				self.kith("h", *command, status=3 if command[0] == "find" else 0)
		self.assertEqual(self.rows("SELECT day FROM used"), before)

	def test_what_changes_nothing(self):
		"""Said a second time it is as it was: no day of use."""
		self.crowd("Ada")
		self.kith("h", "tag", "ada", "+x")
		before = self.rows("SELECT day FROM used")
		for day, command in enumerate((["tag", "ada", "+x", "-y"], ["unblock", "ada"]), 5):
			self.at(f"2026-08-{day:02}")
			self.kith("h", *command)
			self.assertEqual(self.rows("SELECT day FROM used"), before)
		self.kith("h", "tag", "ada", "-x")
		self.assertEqual(len(self.rows("SELECT day FROM used")), len(before) + 1)

	def test_wrong_clocks(self):
		"""A clock that jumps to sixty days within an hour, ahead and back, makes one day, at most."""
		self.let_go("Ada")
		self.work()
		for i in range(1, 60):
			self.at(f"20{60 - i if i % 2 else i:02}-05-04", passed=60)
			self.work()
		self.assertEqual(self.names("list", "--all"), ["Ada"])
		self.assertEqual(len(self.rows("SELECT * FROM used")), 1)
		self.at("2026-05-05", passed=23 * 3600)  # and the right one is as good as before
		self.work()
		self.assertEqual(len(self.rows("SELECT * FROM used")), 2)

	def test_what_runs_without_me(self):
		"""A sync, the news, what changed nothing and what must say nothing make no day."""
		self.let_go("Ada")
		before = self.rows("SELECT day FROM used")
		self.kith("h", "export", "--vdir", "folk")
		with open(self.path("folk", "new.vcf"), "w") as card:
			card.write("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:New\r\nN:;New;;;\r\nEND:VCARD\r\n")
		for day in range(5, 11):
			self.at(f"2026-05-{day:02}")
			for command in (["import", "--vdir", "folk"], ["export", "--vdir", "folk"], ["news"],
					["review"], ["card", "set", f"note={day}"]):
				self.kith("h", *command)
			self.work("--quiet")
		self.assertEqual(self.names("list"), ["New"])
		self.assertEqual(self.rows("SELECT day FROM used"), before)
		self.use()
		self.assertEqual(len(self.rows("SELECT day FROM used")), len(before) + 1)

	def test_nobody_goes_untold(self):
		"""With --json it is said too; where standard error is closed nobody was told."""
		self.let_go("Ada")
		self.use(LETGO_DAYS - 4)
		for day in range(1, 9):
			self.at(f"2026-07-{day:02}")
			with open("/dev/full", "w") as full:
				self.assertEqual(subprocess.run([house.KITH, "--home", self.path("h"), "ring", "set",
					"inner", "--room", "15"], env=self.env(), stdout=subprocess.DEVNULL, stderr=full,
					timeout=60).returncode, 0)
		self.assertEqual(self.names("list", "--all"), ["Ada"])
		self.at("2026-07-09")
		self.assertIn('You let go of "Ada": forgotten on the next day', self.work("--json").err)
		self.work()
		self.assertEqual(self.names("list", "--all"), ["Ada"])
		self.at("2026-07-10")
		self.assertIn('Forgotten, as you let go of them', self.work("--json").err)
		self.assertEqual(self.names("list", "--all"), [])

	def test_a_node_is_no_use(self):
		"""What it sets for itself counts no day."""
		self.let_go("Ada")
		before = self.rows("SELECT day FROM used")
		self.at("2026-05-20")
		run = {"XDG_RUNTIME_DIR": self.folder}
		self.kith("h", "node", "--detach", "--interface", "lo", "--where", "never", env=run)
		self.kith("h", "node", "--stop", env=run)
		self.assertEqual(self.rows("SELECT day FROM used"), before)


if __name__ == "__main__":
	house.main()
