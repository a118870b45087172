# SPDX-License-Identifier: MIT
"""Who alone connects whom, at the command line; figures against published ones."""

import contextlib
import os
import shutil
import sqlite3

import house

# D. Krackhardt, "Assessing the political landscape", Administrative Science Quarterly 35 (2), 1990
KITE = [("Andre", "Beverly"), ("Andre", "Carol"), ("Andre", "Diane"), ("Andre", "Fernando"),
	("Beverly", "Diane"), ("Beverly", "Ed"), ("Beverly", "Garth"), ("Carol", "Diane"),
	("Carol", "Fernando"), ("Diane", "Ed"), ("Diane", "Fernando"), ("Diane", "Garth"), ("Ed", "Garth"),
	("Fernando", "Garth"), ("Fernando", "Heather"), ("Garth", "Heather"), ("Heather", "Ike"),
	("Ike", "Jane")]


class Bridges(house.Case):
	def setUp(self):
		super().setUp()
		self.kith("me", "init", "name=Me")
		self.rows = {}

	def add(self, *names, **fields):
		for name in names:
			person = self.kith("me", "add", "--json", f"name={name}",
				*(f"{k}={v}" for k, v in fields.items())).json
			with self.store() as db:
				(self.rows[name],) = db.execute("SELECT max(row) FROM contact").fetchone()
			self.assertEqual(person["name"], name)

	@contextlib.contextmanager
	def store(self):
		db = sqlite3.connect(self.path("me", "kith.db"))
		with contextlib.closing(db), db:
			db.execute("PRAGMA foreign_keys = ON")
			yield db

	def relate(self, *pairs):
		with self.store() as db:
			db.executemany("INSERT INTO relation VALUES (?, ?, 'friends', 0)",
				[sorted((self.rows[a], self.rows[b])) for a, b in pairs])

	def event(self, name, *people):
		with self.store() as db:
			row = db.execute("INSERT INTO event (name, fold, began, started, ended) VALUES (?, ?, 1, 1, 2)",
				(name, name.lower())).lastrowid
			db.executemany("INSERT INTO event_guest (event, contact) VALUES (?, ?)",
				[(row, self.rows[p]) for p in people])

	def introduced(self, person, by):
		"""Known by an introduction alone."""
		with self.store() as db:
			db.execute("UPDATE contact SET state = 2 WHERE row = ?", (self.rows[person],))
			db.execute("INSERT INTO introduced (contact, introducer, words, how, at, intro, granted) "
				"VALUES (?, ?, 'you both', 2, 0, ?, x'')",
				(self.rows[person], self.rows[by], person.encode()))

	def close(self, person):
		with self.store() as db:
			db.execute("UPDATE contact SET ring = 1, ring_at = 0 WHERE row = ?", (self.rows[person],))

	def bridges(self, *args, **more):
		return self.kith("me", "bridges", *args, **more)

	def test_nobody(self):
		self.assertEqual(self.bridges().out, "Nobody here is tied to anybody yet: events, "
			"organisations, introductions and kith relate do that.\n")
		self.assertEqual(self.bridges("--json").json,
			{"bridges": [], "all": 0, "out_of_reach": [], "no_close_tie": []})
		self.bridges("--quiet")
		self.bridges("somebody", status=2)
		self.bridges("--nothing", status=2)

	def test_krackhardts_kite(self):
		self.add(*sorted({name for pair in KITE for name in pair}, reverse=True))
		self.relate(*KITE)
		self.assertEqual(self.bridges().out,
			'"Heather" alone connects "Ike" and "Jane" with the people around "Diane".\n'
			'"Ike" alone connects "Jane" with the people around "Diane".\n'
			'You have no close tie among the people around "Diane" (10 people).\n')
		self.assertEqual(self.bridges("--figures").out,
			'"Heather" alone connects "Ike" and "Jane" with the people around "Diane".\n'
			"  2 of 9 people behind them; betweenness 0.3889\n"
			'"Ike" alone connects "Jane" with the people around "Diane".\n'
			"  1 of 9 people behind them; betweenness 0.2222\n"
			'You have no close tie among the people around "Diane" (10 people).\n'
			"\n"
			"10 people, 0 events and organisations, 18 ties; 1 connected part, 1 group.\n"
			'  10 people around "Diane"; close: 0\n'
			"Who alone connects is an articulation point (Hopcroft and Tarjan 1973).  Groups are connected\n"
			"parts, cut where one person alone joins events or organisations, and in those of more than\n"
			"12 people communities of the greatest modularity (Blondel et al. 2008, Traag et al. 2019).\n"
			"Betweenness (Freeman 1977) is the share of shortest ways between two others that lead\n"
			"through somebody, over all 36 pairs of people, events and organisations: between 0 and 1.\n")
		found = self.bridges("--json", "--figures").json
		self.assertEqual([(b["person"]["name"], b["hangs"], round(b["betweenness"], 4))
			for b in found["bridges"]], [("Heather", 2, 0.3889), ("Ike", 1, 0.2222)])
		self.assertEqual({k: v for k, v in found["figures"].items() if k != "groups"},
			{"people": 10, "places": 0, "ties": 18, "parts": 1, "pairs": 36, "pivots": 0})

	def fosdem_and_choir(self):
		fosdem = [f"Ann {i}" for i in range(9)]
		choir = [f"Bob {i}" for i in range(6)]
		self.add(*fosdem, *choir, "Zoe")
		self.event("FOSDEM", *fosdem, "Zoe")
		self.event("Choir", *choir, "Zoe")

	def test_two_groups(self):
		self.fosdem_and_choir()
		self.close("Ann 3")
		self.assertEqual(self.bridges().out,
			'"Zoe" alone connects 6 people of "Choir" with the people of "FOSDEM".\n'
			'You have no close tie among the people of "Choir" (7 people).\n')
		(bridge,) = self.bridges("--json").json["bridges"]
		self.assertEqual(bridge["connects"], [{"people": 6, "names": ["Bob 0", "Bob 1", "Bob 2"],
			"called": {"name": "Choir", "by": "event", "sharing": 6}}])
		self.assertEqual((bridge["with"]["people"], bridge["with"]["called"]),
			(9, {"name": "FOSDEM", "by": "event", "sharing": 9}))
		# one who knows somebody on both sides, and nobody is alone in between any more
		self.relate(("Ann 1", "Bob 1"))
		self.assertEqual(self.bridges().out, 'Nobody alone connects two of your groups.\n'
			'You have no close tie among the people of "Choir" (7 people).\n')

	def test_two_small_groups(self):
		"""Of two events that one person joins each is a group, however few came."""
		self.add("Hub", "Ann", "Ben", "Cat", "Dan", "Ed", "Flo")
		self.event("Chess", "Hub", "Ann", "Ben", "Cat")
		self.event("Sailing", "Hub", "Dan", "Ed", "Flo")
		self.assertEqual(self.bridges("--figures").out.split("\nWho alone")[0],
			'"Hub" alone connects "Dan", "Ed" and "Flo" of "Sailing" with the people of "Chess".\n'
			"  3 of 6 people behind them; betweenness 0.5714\n"
			'You have no close tie among the people of "Chess" (4 people).\n'
			'You have no close tie among the people of "Sailing" (4 people).\n'
			"\n7 people, 2 events and organisations, 8 ties; 1 connected part, 2 groups.\n"
			'  4 people of "Chess"; close: 0\n'
			'  3 people of "Sailing"; close: 0')
		# whoever joins them was at both
		self.close("Hub")
		self.assertNotIn("no close tie", self.bridges().out)
		self.assertEqual(self.bridges("--json").json["no_close_tie"], [])

	def test_called_by_what_they_share_themselves(self):
		"""No side by an event where the others were."""
		opera = [f"Opera {i}" for i in range(4)]
		camp = [f"Camp {i}" for i in range(3)]
		self.add(*opera, *camp, "Chloe", "Pia", "Quin", "Rosa")
		self.event("Opera Night", "Chloe", *opera)
		self.event("Spring Camp", "Chloe", *camp)
		self.relate(("Chloe", "Pia"), ("Camp 0", "Quin"), ("Camp 1", "Rosa"))
		self.assertIn('"Chloe" alone connects 4 people of "Opera Night", and "Pia" '
			'with the people of "Spring Camp".\n', self.bridges().out)
		bridge = self.bridges("--json").json["bridges"][0]
		self.assertEqual(bridge["with"], {"people": 5, "names": ["Camp 0", "Camp 1", "Camp 2"],
			"called": {"name": "Spring Camp", "by": "event", "sharing": 3}})
		self.assertEqual(bridge["connects"][0]["called"],
			{"name": "Opera Night", "by": "event", "sharing": 4})

	def test_called_by_the_smaller(self):
		"""Three of a company among fifteen at a fair are a group of their own, and called by the company."""
		firm = [f"Cloud {c}" for c in "abc"]
		self.add(*firm, org="Cloud AG")
		guests = [f"Guest {c}" for c in "abcdefghijkl"]
		self.add(*guests)
		self.event("Fair", *firm, *guests)
		self.close("Guest a")
		out = self.kith("me", "bridges").out
		self.assertNotIn('3 people of "Fair"', out)
		self.assertIn('no close tie among the people of "Cloud AG" (3 people)', out)

	def test_most_of_a_side(self):
		"""Where not all of them share it, how many do."""
		self.fosdem_and_choir()
		self.add("Pia")
		self.relate(("Bob 0", "Pia"))
		self.assertIn('"Zoe" alone connects 7 people (6 of them of "Choir") with the people of "FOSDEM".\n',
			self.bridges().out)

	def test_not_called_by_the_bridge(self):
		self.add("Al", "Ben", "Cat", "Dee", "Eve", "Flo", "Gus")
		self.relate(("Al", "Cat"), ("Ben", "Cat"), ("Cat", "Dee"), ("Dee", "Eve"), ("Dee", "Flo"),
			("Eve", "Flo"), ("Flo", "Gus"))
		self.assertIn('"Cat" alone connects "Al" and "Ben" with the people around "Dee".\n',
			self.bridges().out)

	def test_an_event_of_two(self):
		"""Who is left of it is no people of it."""
		self.add("Hub", "Ann", "Ben", "Cid", "Dan", "Eve")
		self.event("Lunch", "Hub", "Ann")
		self.relate(("Ann", "Ben"), ("Ben", "Cid"), ("Cid", "Dan"), ("Hub", "Eve"), ("Ben", "Dan"))
		self.assertIn('"Hub" alone connects "Eve" with the people around "Ben".\n', self.bridges().out)

	def test_an_organisation(self):
		"""Known by itself, whatever its legal form; who was let go is no bridge."""
		self.add("Ada", "Bea", org="Initech Ltd")
		self.add("Cid", "Dan", org="initech, inc.")
		self.add("Eve", "Fay")
		self.relate(("Dan", "Eve"), ("Eve", "Fay"))
		self.assertEqual(self.bridges().out,
			'"Dan" alone connects "Eve" and "Fay" with the people of "Initech Ltd".\n'
			'"Eve" alone connects "Fay" with the people of "Initech Ltd".\n'
			'You have no close tie among the people of "Initech Ltd" (4 people).\n')
		with self.store() as db:
			db.execute("UPDATE contact SET review = 3 WHERE name = 'Dan'")
		self.assertEqual(self.bridges().out, "Nobody alone connects two of your groups.\n"
			'You have no close tie among the people of "Initech Ltd" (3 people).\n')

	def test_a_tag_and_a_place(self):
		"""Each is said as what it is."""
		self.add("Ada", "Bea", "Cid", "Dan", "Eve")
		self.relate(("Ada", "Bea"), ("Bea", "Cid"), ("Cid", "Dan"), ("Dan", "Eve"))
		for who in ("ada", "bea", "cid"):
			self.kith("me", "tag", who, "rust")
		self.assertIn('You have no close tie among 5 people (3 of them tagged "rust").\n', self.bridges().out)
		self.kith("me", "tag", "cid", "-rust")
		for who in ("ada", "bea", "cid"):
			self.kith("me", "edit", who, "adr=;;;Zurich;;;")
		self.assertIn('You have no close tie among 5 people (3 of them in "Zurich").\n', self.bridges().out)

	def test_one_is_no_plural(self):
		self.add("Ada", "Bob", "Cid")
		self.relate(("Ada", "Bob"))
		self.assertIn("\n3 people, 0 events and organisations, 1 tie; 1 connected part, 0 groups.\n",
			self.bridges("--figures").out)
		self.assertIn("over all 1 pair of people,", self.bridges("--figures").out)
		self.event("Fair", "Ada", "Cid")
		self.assertIn("\n3 people, 1 event or organisation, 3 ties; ", self.bridges("--figures").out)

	def test_out_of_reach(self):
		self.add("Ada", "Grace", "Joan", "Kay", "Lin", "Max")
		for name in ("Joan", "Kay", "Lin", "Max"):
			self.introduced(name, "Ada")
		self.introduced("Grace", "Ada")
		self.relate(("Max", "Lin"))
		self.add("Nell")
		self.relate(("Nell", "Grace"))  # another way to her
		self.assertIn('If your tie to "Ada" lapsed, "Joan", "Kay", "Lin" and 1 other would be out of reach.\n',
			self.bridges().out)
		self.assertEqual(self.bridges("--json").json["out_of_reach"][0]["people"], 4)
		self.assertEqual(self.bridges("--json").json["out_of_reach"][0]["via"]["name"], "Ada")

	def test_names_do_nothing_to_the_screen(self):
		"""T17: names of others are inert in every sentence."""
		self.add("A\u202eda", "B\u0301" + "\u0301" * 20 + "ob", 'C" alone')
		self.relate(("A\u202eda", "B\u0301" + "\u0301" * 20 + "ob"), ('C" alone', "A\u202eda"))
		out = self.bridges("--figures").out
		self.assertNotIn("\u202e", out)
		self.assertIn('"C\' alone"', out)
		self.assertLess(out.count("\u0301"), 20)

	def test_the_same_whatever_the_rows(self):
		outs = []
		for home, backwards in (("one", False), ("two", True)):
			self.kith(home, "init", "name=Me")
			shutil.rmtree(self.path("me"))
			os.rename(self.path(home), self.path("me"))
			self.rows = {}
			names = [f"P{i:02}" for i in range(30)]
			self.add(*(reversed(names) if backwards else names))
			self.relate(*{tuple(sorted((names[i], names[(i * i + 3 * i + 1) % 30])))
				for i in range(30) if i != (i * i + 3 * i + 1) % 30})
			outs.append(self.bridges("--figures").out)
		self.assertEqual(outs[0], outs[1])
		self.assertIn("alone connects", outs[0])

	def test_without_its_module(self):
		"""What is missing beside the program is said, and what to do."""
		os.mkdir(self.path("bin"))
		shutil.copy(house.KITH, self.path("bin", "kith"))
		was, house.KITH = house.KITH, self.path("bin", "kith")
		self.addCleanup(setattr, house, "KITH", was)
		self.refused()
		# nor is one loaded that others could have put there
		module = shutil.copy(os.path.join(os.path.dirname(was), "kith-graph.so"), self.path("bin"))
		self.bridges()
		for path, mode in ((module, 0o755), (self.path("bin"), 0o755)):
			os.chmod(path, mode | 0o002)
			self.refused()
			os.chmod(path, mode)
			self.bridges()
		self.open_to_a_group(module, self.path("bin"))
		# nor one to which a link leads, in a folder where others could put another
		os.mkdir(self.path("far"), 0o755)
		os.rename(module, self.path("far", "kith-graph.so"))
		os.symlink("../far/kith-graph.so", module)
		self.bridges()
		os.chmod(self.path("far"), 0o757)
		self.refused()
		os.chmod(self.path("far"), 0o755)
		os.chmod(self.path("bin"), 0o757)
		self.refused()
		os.chmod(self.path("bin"), 0o755)
		if os.geteuid() == 0:
			os.chown(module, 12345, -1)
			self.refused()

	def open_to_a_group(self, *paths):
		"""A group is others, but for the one that has the number of its user; only root can give a file to any."""
		for path in paths:
			mode = os.stat(path).st_mode & 0o777
			for group in (os.geteuid(), 12345) if os.geteuid() == 0 else (os.getegid(),):
				os.chown(path, -1, group)
				self.bridges()
				os.chmod(path, mode | 0o020)
				self.bridges() if group == os.geteuid() else self.refused()
				os.chmod(path, mode)
			os.chown(path, -1, os.getegid())

	def refused(self):
		r = self.bridges(status=1)
		self.assertEqual(r.err, "kith: kith-graph.so is not where the other programs of kith are, "
			"or others can write there; install kith anew\n")


if __name__ == "__main__":
	house.main()
