# SPDX-License-Identifier: MIT
"""Years of people who know each other: networks change, keys are lost, homes are copied.

	17_years.py KITH CROWD CLOCK [CLASS]
"""

import json
import os
import struct
import subprocess
import sys

import net
import packets
import people

PATIENCE = 60  # seconds that a meeting may take
DECADE = 10 * 365 * 86400
JUMP = 1 << 20  # RESTORE_JUMP
PASSPHRASE = "the analytical engine weaves"
CROWD = CLOCK = None  # people.c of the measurements and clock.c, built


class Years(people.Story):
	def setUp(self):
		super().setUp()
		self.nodes = []
		self.addCleanup(self.end_nodes)

	def end_nodes(self):
		while self.nodes:
			self.nodes.pop().end()

	def node(self, person, *args):
		self.nodes.append(people.Node(person, *args))
		return self.nodes[-1]

	def hall(self, *names):
		"""Machines of that many people in one network."""
		hub, *hosts = [self.machine(name) for name in ("hub", *names)]
		net.bridge(hub, hosts)
		return hosts

	def swapped(self, one, other, *args):
		"""They swap; args are of the first.  Rows of an earlier swap may be there still, and go."""
		a, b = one.swap(*args), other.swap()
		b.wait("ready", PATIENCE)
		a.wait("ready", PATIENCE)
		picked = None
		while not b.told("code"):
			e = a.next(PATIENCE)
			if e["event"] == "seen" and e["name"] == other.name and not picked:
				picked = e["peer"]
				a.say("swap", picked)
			elif e["event"] in ("gone", "failed") and e["peer"] == picked:
				picked = next((p for p, n in people.listed(a).items() if n == other.name), None)
				if picked:
					a.say("swap", picked)
			elif e["event"] == "asking":
				b.say("accept", b.wait("request", PATIENCE)["peer"])
				b.wait("code", PATIENCE)
		self.assertEqual(a.wait("code", PATIENCE)["code"], b.told("code")[0]["code"])
		for talk in (a, b):
			talk.say("same")
		for talk in (a, b):
			talk.wait("swapped", PATIENCE)
			talk.quit()
		for person in (one, other):
			person.hang_up()

	def meet(self, *who, until):
		"""Their nodes run until that is so; returns what each was told."""
		nodes = [self.node(person) for person in who]
		nodes[0].until(lambda state: until(), PATIENCE)
		for node in nodes:
			node.watch.listen(0.1)
		self.end_nodes()
		return [node.watch for node in nodes]

	def take(self, person, data, status=0):
		"""kith import of a file with that; returns what it said."""
		path = person.machine.path("run/tmp/file")
		with open(path, "wb") as f:
			f.write(data)
		p = person.machine.popen(*person.command("import", "/run/tmp/file"),
			stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
		out, _ = p.communicate(timeout=PATIENCE)
		os.unlink(path)
		self.assertEqual(p.returncode, status, out)
		return out

	def read(self, person, name):
		"""A file of a home."""
		with open(os.path.join(person.folder(), name), "rb") as f:
			return f.read()

	def follow(self, one, other):
		"""Two who have other keys than when they met: what is signed about keys goes in one
		session, the rest in the next."""
		self.meet(one, other, until=lambda: other.show(one.name)["id"] == one.id() and
			one.show(other.name)["id"] == other.id())
		self.meet(one, other, until=lambda: self.has(one, other) and self.has(other, one))

	def statement(self, person):
		"""The rotation that somebody has signed."""
		return bytes.fromhex(person.machine.run(f"sqlite3 {person.home}/kith.db "
			"'SELECT hex(bytes) FROM statement WHERE kind = 1 AND contact IS NULL'"))

	# --- what is in the stores

	def text(self, person, *args):
		return person.kith(*args).decode()

	def news(self, person):
		return self.text(person, "news").splitlines()

	def kinds(self, person):
		"""What was told of whom, ever."""
		return [(n["kind"], n["name"]) for n in json.loads(person.kith("news", "--all", "--json"))]

	def title(self, person, who):
		return [f["value"] for f in person.show(who)["fields"] if f["kind"] == "title"]

	def history(self, person, who):
		"""[(revision, titles)] in the order in which they came."""
		return [(c["revision"], [f["value"] for f in c["fields"] if f["kind"] == "title"])
			for c in json.loads(person.kith("show", who, "--history", "--json"))]

	def holds(self, person, who):
		"""What somebody holds of that person's: (card, revision, how that is known)."""
		return next(((r["card"], r["revision"], r["proof"])
			for r in json.loads(person.kith("ledger", "--json")) if r["name"] == who), None)

	def current(self, person, card="me"):
		return next(c["revision"] for c in json.loads(person.kith("card", "list", "--json"))
			if c["name"] == card)

	def has(self, giver, taker, card="me"):
		"""Whether it is there, as it is now, with the receipt."""
		return self.holds(giver, taker.name) == (card, self.current(giver, card), "receipt")


class Meetings(Years):
	"""Three people, five meetings, three networks: the nodes run on, the links come and go."""

	def setUp(self):
		super().setUp()
		self.home, self.event, self.wire = (self.machine(n) for n in ("home", "event", "wire"))
		for hub in (self.home, self.event, self.wire):
			hub.run("ip link add sw type bridge mcast_snooping 0; ip link set sw up")
		self.count = 0
		self.ada = self.person(self.machine("a"), "Ada Lovelace", "email.work=ada@example.org",
			"tel.home=+44 7700 900123", "title=Student")
		self.grace = self.person(self.machine("g"), "Grace Hopper", "title=Commander")
		self.mary = self.person(self.machine("m"), "Mary Somerville", "org=Science")

	def plug(self, hub, prefix, *who):
		for host, person in enumerate(who, 1):
			self.count += 1
			port = f"port{self.count}"
			subprocess.run(["ip", "link", "add", "eth0", "netns", str(person.machine.pid), "type",
				"veth", "peer", "name", port, "netns", str(hub.pid)], check=True)
			hub.run(f"ip link set {port} master sw up")
			net.address(person.machine, "eth0", prefix and f"{prefix}.{host}/24", True, False)

	def part_company(self, *who):
		for person in who:
			person.machine.run("ip link del eth0")

	def until(self, wanted):
		self.nodes[0].until(lambda state: wanted(), PATIENCE)

	def test_five_meetings(self):
		ada, grace, mary = self.ada, self.grace, self.mary
		ada.kith("card", "new", "work", "--show", "email.work,title")
		for person in (ada, grace, mary):
			self.node(person)
		# one: at home
		self.plug(self.home, "192.168.1", ada, grace)
		self.swapped(ada, grace, "--card", "work")
		self.part_company(ada, grace)
		ada.kith("card", "set", "title=Engineer", "--yes")
		grace.kith("card", "set", "title=Captain", "--yes")
		# two: all of them at an event, where Mary is new
		self.plug(self.event, "10.7.0", ada, grace, mary)
		self.swapped(ada, mary, "--event", "FOSDEM")
		self.swapped(grace, mary)
		self.until(lambda: self.has(ada, grace, "work") and self.has(grace, ada))
		self.part_company(ada, grace, mary)
		self.assertIn("Ada Lovelace: title Student -> Engineer", self.news(grace))
		self.assertIn("Grace Hopper: title Commander -> Captain", self.news(ada))
		self.assertEqual(mary.show("Ada")["met"][0]["event"], None)
		self.assertEqual(ada.show("Mary")["met"][0]["event"], "FOSDEM")
		self.news(mary)
		# three: a cable, without addresses that anybody gave; Grace is away
		ada.kith("card", "set", "title=CTO", "tel.home=+44 7700 900999", "--yes")
		mary.kith("card", "set", "org=Royal Society", "--yes")
		self.plug(self.wire, "", mary, ada)
		self.until(lambda: self.has(ada, mary) and self.has(mary, ada))
		self.part_company(mary, ada)
		self.assertEqual(self.news(mary), ["Ada Lovelace: tel.home +44 7700 900123 -> "
			"+44 7700 900999", "Ada Lovelace: title Engineer -> CTO"])
		self.assertEqual(self.news(ada), ["Mary Somerville: org Science -> Royal Society"])
		# four: Grace and Mary; nobody tells what is Ada's
		grace.kith("card", "set", "title=Rear Admiral", "--yes")
		self.plug(self.home, "192.168.1", grace, mary)
		self.until(lambda: self.has(grace, mary) and self.has(mary, grace))
		self.part_company(grace, mary)
		self.assertEqual(self.news(grace), ["Mary Somerville: org Science -> Royal Society"])
		self.assertEqual(self.title(grace, "Ada"), ["Engineer"])
		# five: everybody again, and Grace catches up with two years
		ada.kith("card", "set", "title=Countess", "--yes")
		self.plug(self.event, "10.7.0", mary, grace, ada)
		self.until(lambda: self.has(ada, grace, "work") and self.has(ada, mary) and
			self.has(grace, ada))
		self.part_company(mary, grace, ada)
		self.assertEqual(self.news(grace), ["Ada Lovelace: title Engineer -> Countess"])
		self.assertEqual(self.news(ada), ["Grace Hopper: title Captain -> Rear Admiral"])
		self.assertEqual(self.news(mary), ["Grace Hopper: title Captain -> Rear Admiral",
			"Ada Lovelace: title CTO -> Countess"])
		self.assertEqual(self.history(grace, "Ada"),
			[(2, ["Student"]), (4, ["Engineer"]), (8, ["Countess"])])
		self.assertEqual([titles for _, titles in self.history(mary, "Ada")],
			[["Engineer"], ["CTO"], ["Countess"]])
		self.assertNotIn(b"7700 900", self.read(grace, "kith.db"), "it is not on her card of Ada")
		for node in self.nodes:
			self.assertEqual(node.status()["owed"], 0)
			self.assertEqual(node.person.known(), {p.name: "complete"
				for p in (ada, grace, mary) if p is not node.person})


class Revoked(Years):
	def setUp(self):
		super().setUp()
		self.ada, self.grace = self.pair()
		self.swapped(self.ada, self.grace)

	def refused(self, newer):
		"""Nothing by that key is taken: not from a file, not from who comes with it."""
		ada, grace = self.ada, self.grace
		self.assertEqual(ada.known(), {"Grace Hopper": "complete"})
		self.assertEqual(grace.known(), {"Ada Lovelace": "frozen"})
		self.assertIn(("frozen", "Ada Lovelace"), self.kinds(grace))
		self.assertRegex(self.text(grace, "list"), "(?i)frozen|revoked")
		self.assertIn("nothing by it is taken until you meet and compare",
			self.take(grace, newer, 6))
		self.assertEqual(self.title(grace, "Ada"), [])
		self.assertEqual([rev for rev, _ in self.history(grace, "Ada")], [1])

	def test_it_overtakes_an_update(self):
		"""Both are due: the revocation goes first, and the card behind it is refused."""
		ada, grace = self.ada, self.grace
		ada.kith("card", "set", "title=Impostor", "--yes")
		ada.kith("key", "revoke", "--now", "--yes")
		told, = self.meet(grace, ada, until=lambda: grace.known() == {"Ada Lovelace": "frozen"})[:1]
		self.assertNotIn("card", [e["kind"] for e in told.told("news")])
		self.refused(ada.envelope())
		# who is frozen is nobody: Ada is told nothing, and is not recognised
		a, b = self.node(ada), self.node(grace)
		b.watch.listen(3)
		self.assertEqual(b.watch.told("here") + a.watch.told("here"), [])

	def test_it_comes_by_file(self):
		"""T25: from the paper or the stick of the owner, while a thief goes on with the key."""
		ada, grace = self.ada, self.grace
		b = self.node(grace)
		self.take(grace, self.read(ada, "revocation.kith"))
		b.watch.wait("news", PATIENCE, kind="frozen")
		ada.kith("card", "set", "title=Impostor", "--yes")
		a = self.node(ada)
		a.until(lambda state: state["recognises"] and state["discovery"], PATIENCE)
		b.watch.listen(3)
		self.assertEqual((a.watch.told("here"), b.watch.told("here")), ([], []))
		self.refused(ada.envelope())
		self.end_nodes()
		before = ada.id()
		ada.kith("key", "rotate", "--yes")
		self.assertIn("not taken", self.take(grace, self.statement(ada), 6))
		self.assertEqual(grace.show("Ada")["id"], before)

	def test_the_way_out(self):
		"""Ada begins again; they compare, Grace says that it is she, and everything goes on."""
		ada, grace = self.ada, self.grace
		old = ada.id()
		grace.kith("edit", "Ada", "note=the first programmer")
		ada.kith("key", "revoke", "--now", "--yes")
		self.meet(grace, ada, until=lambda: grace.known() == {"Ada Lovelace": "frozen"})
		ada.machine.run(f"rm -r {ada.home}")
		ada.kith("init", "name=Ada Lovelace", "title=Countess")
		self.swapped(ada, grace)
		self.assertEqual(sorted(c["state"] for c in grace.contacts()), ["complete", "frozen"])
		grace.kith("replace", old, ada.id(), "--yes")
		self.assertEqual(grace.known(), {"Ada Lovelace": "complete"})
		self.assertEqual(grace.show(old)["id"], ada.id())
		self.assertEqual(self.history(grace, "Ada"), [(1, []), (1, ["Countess"])])
		self.assertIn("the first programmer", self.text(grace, "show", "Ada"))
		ada.kith("card", "set", "title=Lady", "--yes")
		self.meet(ada, grace, until=lambda: self.title(grace, "Ada") == ["Lady"])


class Copies(Years):
	def setUp(self):
		super().setUp()
		self.hosts = self.hall("a", "g", "c")
		for host in self.hosts:
			self.christen(host)
		self.ada, self.grace = self.ada(self.hosts[0]), self.grace(self.hosts[1])
		self.swapped(self.ada, self.grace)

	christen = staticmethod(people.christen)

	def returned(self, owner, grace):
		"""The owner is handed a card that was not made here, and told; Grace has the new one."""
		before = self.warnings(owner)
		self.meet(owner, grace, until=lambda: self.warnings(owner) == before + 1 and
			self.has(owner, grace))

	def warnings(self, owner):
		return self.kinds(owner).count(("returned", "Grace Hopper"))

	def clone(self):
		self.people.append(people.Copy(self.ada, self.hosts[2]))
		return self.people[-1]


class Cloned(Copies):
	def test_both_edit(self):
		"""The home is on two laptops (case 74): numbers jump, and both are told by Grace."""
		ada, grace, clone = self.ada, self.grace, self.clone()
		ada.kith("card", "set", "title=Left", "--yes")
		p = clone.machine.popen(*clone.command("card", "set", "title=Right", "--yes"),
			stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
		said = p.communicate(timeout=PATIENCE)[1].decode()
		self.assertIn("made on another machine", said)
		self.assertEqual(self.current(ada), 2)
		self.assertGreater(self.current(clone), JUMP)
		self.meet(grace, clone, until=lambda: self.has(clone, grace))
		self.assertEqual(self.title(grace, "Ada"), ["Right"])
		# she returns to the one what the other gave her
		self.returned(ada, grace)
		self.assertIn("another copy of your key is in use", self.text(ada, "news", "--all"))
		self.assertGreater(self.current(ada), self.current(clone) + JUMP)
		self.assertEqual(self.title(grace, "Ada"), ["Left"])
		# and the other way round
		self.returned(clone, grace)
		self.assertEqual([t for _, [*t] in self.history(grace, "Ada")],
			[[], ["Right"], ["Left"], ["Right"]])
		self.assertNotIn("conflict", [kind for kind, _ in self.kinds(grace)])
		self.assertEqual(grace.known(), {"Ada Lovelace": "complete"})

	def test_the_two_meet(self):
		"""Nobody is recognised, and nothing of it is written down; a swap is refused."""
		ada, clone = self.ada, self.clone()
		self.node(ada)
		self.node(clone)
		for node in self.nodes:
			node.until(lambda state: state["recognises"] and state["discovery"], PATIENCE)
		self.nodes[0].watch.listen(3)
		for node in self.nodes:
			self.assertEqual(node.watch.told("here"), [])
		self.end_nodes()
		a, b = ada.swap(), clone.swap()
		a.say("swap", people.meet(a, b)[0])
		b.say("accept", b.wait("request", PATIENCE)["peer"])
		a.wait("failed", PATIENCE)
		b.wait("failed", PATIENCE)
		self.assertEqual(a.told("code") + b.told("code"), [])
		a.quit(8)
		b.quit(5)
		self.assertEqual(ada.known(), {"Grace Hopper": "complete"})


class Alike(Copies):
	"""Two copies that cannot tell: a virtual machine, cloned with its id."""

	christen = staticmethod(lambda host: None)

	def test_one_number_twice(self):
		"""Both sign one number: the first stays, it is told once, and the next number ends it."""
		ada, grace, clone = self.ada, self.grace, self.clone()
		ada.kith("card", "set", "title=Left", "--yes")
		clone.kith("card", "set", "title=Right", "--yes")
		self.assertEqual((self.current(ada), self.current(clone)), (2, 2))
		self.meet(grace, ada, until=lambda: self.has(ada, grace))
		for _ in range(2):
			self.take(grace, clone.envelope(), 6)
		self.assertEqual(self.kinds(grace).count(("conflict", "Ada Lovelace")), 1)
		self.assertEqual(self.title(grace, "Ada"), ["Left"])
		clone.kith("card", "set", "title=Upright", "--yes")
		self.returned(clone, grace)
		self.assertEqual(self.title(grace, "Ada"), ["Upright"])
		self.returned(ada, grace)


class Restored(Copies):
	def setUp(self):
		super().setUp()
		self.mary = self.person(self.hosts[2], "Mary Somerville")
		self.swapped(self.ada, self.mary)

	def by_fd(self, *args):
		return self.ada.machine.run(" ".join(self.ada.command("--passphrase-fd", "0", *args)) +
			" 2>&1", PASSPHRASE + "\n")

	def dies(self):
		"""The disk is gone, and the backup put back."""
		self.ada.machine.run(f"rm -r {self.ada.home}")
		return self.by_fd("restore", "/run/ada.backup")

	def everybody(self):
		return all(self.has(self.ada, who) for who in (self.grace, self.mary))

	def test_an_old_backup(self):
		"""Contacts get the card that is now; what was lost is told, once, and may be taken over."""
		ada, grace, mary = self.ada, self.grace, self.mary
		self.by_fd("backup", "/run/ada.backup")
		ada.kith("card", "set", "title=CTO", "--yes")
		self.meet(ada, grace, mary, until=self.everybody)
		self.assertEqual((self.title(grace, "Ada"), self.title(mary, "Ada")), (["CTO"], ["CTO"]))
		self.assertIn("signed anew", self.dies())
		self.assertGreater(self.current(ada), JUMP)
		self.assertEqual(ada.known(), {p.name: "complete" for p in (grace, mary)})
		self.meet(ada, grace, mary, until=self.everybody)
		self.assertEqual((self.title(grace, "Ada"), self.title(mary, "Ada")), ([], []))
		self.assertEqual([kind for kind, _ in self.kinds(ada)], ["met", "met", "returned"])
		[lost] = json.loads(ada.kith("card", "returned", "--json"))
		self.assertEqual((lost["revision"], [c["now"] for c in lost["changes"]]), (2, ["CTO"]))
		self.assertIn("new title CTO", self.text(ada, "card", "returned"))
		ada.kith("card", "returned", "2", "--take", "--yes")
		self.meet(ada, grace, mary, until=self.everybody)
		self.assertEqual((self.title(grace, "Ada"), self.title(mary, "Ada")), (["CTO"], ["CTO"]))
		# the same backup once more: its numbers are used by now, and Grace returns the last one
		ada.kith("card", "set", "title=Countess", "--yes")
		self.meet(ada, grace, until=lambda: self.has(ada, grace))
		self.dies()
		self.returned(ada, grace)
		self.meet(ada, grace, mary, until=self.everybody)
		self.assertGreater(self.current(ada), 2 * JUMP)
		for who in (grace, mary):
			self.assertEqual(who.show("Ada")["revision"], self.current(ada))
			self.assertEqual(self.title(who, "Ada"), [])
			self.assertNotIn("conflict", [kind for kind, _ in self.kinds(who)])
		self.assertIn("another copy of your key is in use", self.text(ada, "news", "--all"))
		# and from here on all is as ever
		ada.kith("card", "set", "title=Lady", "--yes")
		self.meet(ada, grace, mary, until=self.everybody)
		self.assertEqual((self.title(grace, "Ada"), self.title(mary, "Ada")), (["Lady"], ["Lady"]))
		ada.machine.run("rm /run/ada.backup")


class Stolen(Years):
	"""A thief has Ada's key, as it was before she changed it."""

	def setUp(self):
		super().setUp()
		a, g, m, t = self.hall("a", "g", "m", "t")
		self.ada, self.grace = self.ada(a), self.grace(g)
		self.mary = self.person(m, "Mary Somerville")
		for other in (self.grace, self.mary):
			self.swapped(self.ada, other)
		self.old = self.ada.id()
		self.thief = people.Copy(self.ada, t)
		self.people.append(self.thief)
		self.ada.kith("key", "rotate", "--yes")
		self.follow(self.ada, self.grace)

	def nobody(self, one, other):
		"""Neither is anybody to the other."""
		nodes = [self.node(person) for person in (one, other)]
		for node in nodes:
			node.until(lambda state: state["discovery"], PATIENCE)
		nodes[0].watch.listen(3)
		self.end_nodes()
		for node in nodes:
			self.assertEqual(node.watch.told("here"), [])

	def test_he_moves_nobody_who_has_seen_the_new_one(self):
		"""Case 23: not as he is, not by a rotation of his own, not in person, not with a card."""
		ada, grace, thief = self.ada, self.grace, self.thief
		self.nobody(thief, grace)
		a, b = thief.swap(), grace.swap()
		b_at_a, _ = people.meet(a, b)
		a.say("swap", b_at_a)
		b.say("accept", b.wait("request")["peer"])
		for talk in (a, b):
			talk.wait("code")
			talk.say("same")
		self.assertIn("the key was left by its owner", b.wait("notice", PATIENCE)["text"])
		b.wait("failed", PATIENCE)
		b.quit(8)
		a.wait("failed", PATIENCE)
		a.kill()
		thief.hang_up()
		grace.hang_up()
		thief.kith("card", "set", "title=Thief", "--yes")
		self.take(grace, thief.envelope(), 6)
		thief.kith("key", "rotate", "--yes")
		self.assertNotEqual(thief.id(), self.old)
		self.nobody(thief, grace)
		for _ in range(2):
			self.take(grace, self.statement(thief))
		self.take(grace, thief.envelope())
		self.assertEqual(self.kinds(grace).count(("evidence", "Ada Lovelace")), 1)
		self.assertEqual(grace.show(self.old)["id"], ada.id())
		self.assertEqual(grace.show(ada.id())["state"], "complete")
		ada.kith("card", "set", "title=Countess", "--yes")
		self.meet(ada, grace, until=lambda: self.has(ada, grace))
		self.assertEqual(self.title(grace, ada.id()), ["Countess"])
		# once the new key was compared, not even the old one's revocation does anything
		digits = json.loads(ada.kith("key", "show", "--json"))["fingerprint"]
		grace.kith("compare", ada.id(), digits)
		self.take(grace, self.read(thief, "revocation-1.kith"))
		self.assertEqual(grace.show(ada.id())["state"], "complete")

	def test_he_was_quicker(self):
		"""Mary, who has not met Ada since, follows him, until she hears of a revocation."""
		ada, mary, thief = self.ada, self.mary, self.thief
		thief.kith("key", "rotate", "--yes")
		thief.kith("card", "set", "title=Thief", "--yes")
		self.follow(thief, mary)
		self.assertEqual(mary.show(self.old)["id"], thief.id())
		self.assertEqual(mary.show(self.old)["met"][0]["how"], "compared")
		self.nobody(ada, mary)
		self.take(mary, self.read(ada, "revocation-1.kith"))
		self.assertEqual(mary.known(), {"Ada Lovelace": "frozen"})
		thief.kith("card", "set", "title=Still here", "--yes")
		self.nobody(thief, mary)
		self.swapped(ada, mary)
		mary.kith("replace", self.old, ada.id(), "--yes")
		self.assertEqual(mary.known(), {"Ada Lovelace": "complete"})
		self.assertEqual(mary.show(self.old)["id"], ada.id())


class Rotated(Years):
	def setUp(self):
		super().setUp()
		self.ada, self.grace = self.pair()
		self.swapped(self.ada, self.grace)

	def test_twice_while_the_other_is_away(self):
		"""One person, with all that was known; each id that she had finds her still."""
		ada, grace = self.ada, self.grace
		grace.kith("edit", "Ada", "note=the first programmer")
		ids = [ada.id()]
		for title in ("Second", "Third"):
			ada.kith("key", "rotate", "--yes")
			ada.kith("card", "set", f"title={title}", "--yes")
			ids.append(ada.id())
		self.assertEqual(len(set(ids)), 3)
		self.follow(ada, grace)
		self.assertEqual(grace.known(), {"Ada Lovelace": "complete"})
		for one in ids:
			self.assertEqual(grace.show(one)["id"], ids[-1])
		self.assertEqual([titles for _, titles in self.history(grace, "Ada")], [[], ["Third"]])
		self.assertEqual(self.kinds(grace).count(("rotated", "Ada Lovelace")), 2)
		self.assertIn("the first programmer", self.text(grace, "show", "Ada"))
		self.assertEqual(len(grace.show("Ada")["met"]), 1)
		self.assertEqual(json.loads(ada.kith("key", "show", "--json"))["unheard"], 0)

	def test_both_while_they_are_apart(self):
		"""Each has left the key by which the other knows it."""
		ada, grace = self.ada, self.grace
		for person in (ada, grace, grace):
			person.kith("key", "rotate", "--yes")
			person.kith("card", "set", "title=New", "--yes")
		self.follow(ada, grace)
		for one, other in ((ada, grace), (grace, ada)):
			self.assertEqual(one.known(), {other.name: "complete"})
			self.assertEqual(one.show(other.name)["id"], other.id())
			self.assertEqual(self.title(one, other.name), ["New"])


class Blocked(Years):
	def test_from_both_sides(self):
		"""Ada hears what she would hear of somebody who walks away; Grace is not bothered."""
		ada, grace = self.pair()
		self.swapped(ada, grace)
		grace.kith("block", ada.name, "--yes")
		self.assertIn("blocked", self.text(grace, "list"))
		ada.kith("card", "set", "title=CTO", "--yes")
		a, b = ada.swap(), grace.swap()
		b_at_a, _ = people.meet(a, b)
		a.say("swap", b_at_a)
		b.say("accept", b.wait("request")["peer"])
		b.wait("failed", PATIENCE)
		self.assertEqual(b.seen[-1]["reason"], "declined")
		self.assertEqual(a.wait("failed", PATIENCE)["reason"], "timeout")
		self.assertEqual([k for k in a.kinds() if k != "gone"],
			["ready", "seen", "asking", "failed"])
		self.assertEqual(b.told("code"), [])
		a.quit(5)
		b.quit(4)
		self.assertEqual(self.title(grace, "Ada"), [])
		self.assertEqual(self.holds(ada, grace.name), ("me", 1, "receipt"))
		grace.kith("unblock", ada.name)
		self.meet(ada, grace, until=lambda: self.has(ada, grace))
		self.assertEqual(self.title(grace, "Ada"), ["CTO"])


class Clocks(Years):
	def test_keys_and_cards(self):
		"""T28, case 75: ten years behind, then ahead; what counts is who signed, not when."""
		a, g = self.hall("a", "g")
		self.turn(a, DECADE)
		a.run(f"cp -a /etc /run/etc && echo {CLOCK} > /run/etc/ld.so.preload && "
			"mount --bind /run/etc /etc")
		ada, grace = self.ada(a), self.grace(g)
		self.swapped(ada, grace)
		ids = []
		for seconds in (-DECADE, DECADE, -1_700_000_000):
			self.turn(a, seconds)
			self.assertAlmostEqual(int(a.run("date +%s")) - int(g.run("date +%s")), seconds,
				delta=60)
			ids.append(ada.id())
			ada.kith("key", "rotate", "--yes")
			ada.kith("card", "set", f"title=At {seconds}", "--yes")
			grace.kith("card", "set", f"title=Beside {seconds}", "--yes")
			self.follow(ada, grace)
			self.assertEqual(self.title(grace, "Ada"), [f"At {seconds}"])
			self.assertEqual(self.title(ada, "Grace"), [f"Beside {seconds}"])
		self.assertEqual(grace.known(), {"Ada Lovelace": "complete"})
		for one in ids:
			self.assertEqual(grace.show(one)["id"], ada.id())
		self.assertEqual(len(self.history(grace, "Ada")), 4)
		self.turn(a, DECADE)
		ada.kith("key", "revoke", "--now", "--yes")
		self.meet(grace, ada, until=lambda: grace.known() == {"Ada Lovelace": "frozen"})

	def turn(self, machine, seconds):
		"""That machine's date is so far from the true one."""
		fd = os.open(machine.path("run/clock"), os.O_WRONLY | os.O_CREAT, 0o644)
		os.pwrite(fd, struct.pack("q", seconds), 0)
		os.close(fd)


class Crowd(Years):
	COUNT = 10000

	def test_ten_thousand(self):
		"""Two among ten thousand others each keep up: 16,384 tags, in HELLO and 15 TAGS."""
		ada, grace = self.pair()
		self.swapped(ada, grace)
		crowds = [p.machine.popen(CROWD, p.home, str(self.COUNT)) for p in (ada, grace)]
		self.assertEqual([p.wait(timeout=8 * PATIENCE) for p in crowds], [0, 0])
		ada.kith("card", "set", "title=CTO", "--yes")
		capture = self.capture(ada.machine)
		nodes = self.node(ada), self.node(grace)
		for node in nodes:
			state = node.until(lambda state: state["recognises"], PATIENCE)
			self.assertEqual((state["known"], state["left_out"]), (self.COUNT + 1, 0))
		nodes[1].watch.wait("here", PATIENCE, name=ada.name)
		nodes[0].until(lambda state: self.has(ada, grace), PATIENCE)
		self.end_nodes()
		self.assertEqual(self.title(grace, ada.id()), ["CTO"])
		carried = packets.streams(capture.read()).values()
		self.assertGreater(max(map(len, carried)), 8 * 16384, "tags")


if __name__ == "__main__":
	CROWD, CLOCK = map(os.path.abspath, sys.argv[2:4])
	people.main(3)
