# SPDX-License-Identifier: MIT
"""Other people's keys that change: statements as files, links and codes, and a lost key.  case 23, 24; T25."""

import json
import os
import shutil
import subprocess

import house
import keys  # noqa: F401  (finds the second implementation, or skips)
from kithref import card, statement, uri
from kithref.keys import Identity, fingerprint, person_id
from kithref.strict import pack

ADA, NEW, THIEF = Identity(b"A" * 32), Identity(b"N" * 32), Identity(b"T" * 32)
MAY = 1777832411  # 2026-05-03T18:20:11Z
UNTIL = "nothing is exchanged until you meet and compare"


def envelope(identity, rev=1, name="Ada Lovelace", which=b"ada card"):
	fields = [[1, 0, "", name], [20, 0, "work", "ada%d@example.org" % rev]]
	return card.seal(identity, pack(card.body(identity, fields, k4=rev, k10=which)))


class Keys(house.Case):
	"""Grace, who has Ada's card from a file."""

	def setUp(self):
		super().setUp()
		self.kith("grace", "init", "name=Grace Hopper")
		self.take(envelope(ADA))

	def write(self, name, data):
		with open(self.path(name), "wb") as f:
			f.write(data)
		return self.path(name)

	def take(self, data, **more):
		return self.kith("grace", "import", self.write("in.kith", data), **more)

	def show(self, who="ada"):
		return self.kith("grace", "show", who, "--json").json

	def meet(self, data, how="compared", event="the pier", at=MAY, step="receipt"):
		self.seed("grace", self.write("met.kith", data), how, event, at, step)

	# --- a rotation

	def test_a_rotation_by_file(self):
		rotation = statement.rotate(ADA, NEW, 1, MAY)
		r = self.take(rotation)
		self.assertEqual(r.out, 'updated  "Ada Lovelace": the key changed on 3 May 2026, which is signed '
			"with the old one and the new one; the same person goes on under the new key\n")
		self.assertEqual(self.show()["id"], person_id(NEW.ik))
		for old in (person_id(ADA.ik)[:10], person_id(NEW.ik)[:10]):
			self.assertEqual(self.show(old)["id"], person_id(NEW.ik))
		self.assertEqual(len(self.kith("grace", "list", "--json").json), 1)
		self.assertIn("you knew that", self.take(rotation).out)
		r = self.take(envelope(NEW, 2))
		self.assertIn("revision 1 to 2", r.out)
		self.assertIn("ada2@example.org", json.dumps(self.show()))

	def test_every_way_it_can_come(self):
		rotation = statement.rotate(ADA, NEW, 1, MAY)
		link = uri.write("S", rotation)
		armor = statement.armor(rotation)
		quoted = b"Ada wrote:\n> " + armor.replace(b"\n", b"\n> ") + b"\nand so on\n"
		ways = [("armor", self.write("a.txt", armor), b""), ("quoted", self.write("q.txt", quoted), b""),
			("pipe", "-", rotation), ("link", link, b""), ("small letters", link.lower(), b""),
			("link in a file", self.write("l.txt", b"see\n" + link.encode() + b"\n"), b"")]
		if shutil.which("qrencode"):
			subprocess.run(["qrencode", "-o", self.path("code.png"), link], check=True)
			ways.append(("picture", self.path("code.png"), b""))
		elif os.environ.get("KITH_CI"):
			self.fail("qrencode is not here")
		for name, what, stdin in ways:
			with self.subTest(name):
				shutil.rmtree(self.path("grace"))
				self.kith("grace", "init", "name=Grace Hopper")
				self.take(envelope(ADA))
				self.kith("grace", "import", what, stdin=stdin)
				self.assertEqual(self.show()["id"], person_id(NEW.ik))

	def test_trying_it_out_changes_nothing(self):
		path = self.write("r.kith", statement.rotate(ADA, NEW))
		self.assertIn("updated", self.kith("grace", "import", "--dry-run", path).out)
		self.assertEqual(self.show()["id"], person_id(ADA.ik))

	def test_with_json(self):
		[o] = self.kith("grace", "import", "--json",
			self.write("r.kith", statement.rotate(ADA, NEW, 1, MAY))).json
		self.assertEqual((o["result"], o["outcome"]), ("updated", "rotated"))
		self.assertEqual(o["statement"], {"kind": "rotate", "id": person_id(ADA.ik),
			"new_id": person_id(NEW.ik), "seq": 1, "issued": "2026-05-03T18:20:11Z"})
		self.assertEqual(o["contact"]["id"], person_id(NEW.ik))

	def test_the_old_key_says_nothing_any_more(self):
		"""T25"""
		self.take(statement.rotate(ADA, NEW))
		r = self.take(envelope(ADA, 9, "Ada by a thief"), status=6)
		self.assertIn("not taken: its key was left", r.err)
		self.assertIn("same", self.take(envelope(ADA)).out)
		self.assertEqual(self.show()["name"], "Ada Lovelace")

	def test_to_the_key_of_somebody_else(self):
		self.take(envelope(NEW, 1, "Eve", b"eve card"))
		r = self.take(statement.rotate(ADA, NEW), status=1)
		self.assertIn("kith replace", r.err)
		self.assertEqual(self.show()["id"], person_id(ADA.ik))

	# --- frozen

	def test_two_keys_after_one(self):
		self.take(statement.rotate(ADA, NEW))
		r = self.take(statement.rotate(ADA, THIEF))
		self.assertIn("frozen: one key was followed by two others, so somebody else has had it; " + UNTIL,
			r.out)
		self.assertEqual(self.show()["state"], "frozen")
		self.assertIn('"Ada Lovelace" is frozen: one key was followed by two others, so somebody else has had '
			"it; %s.\n" % UNTIL, self.kith("grace", "news").out)
		self.assertIn(UNTIL, self.kith("grace", "show", "ada").out)
		self.assertIn("frozen", self.kith("grace", "list").out)
		self.assertIn("until you meet and compare", self.take(envelope(NEW, 2), status=6).err)
		self.kith("grace", "compare", "ada", fingerprint(NEW.ik))
		self.assertNotEqual(self.show()["state"], "frozen")
		self.take(envelope(NEW, 2))
		self.assertIn("changes nothing", self.take(statement.revoke(ADA, 2)).out)
		self.assertNotEqual(self.show()["state"], "frozen")

	def test_a_revocation(self):
		"""T25: revoke, then a newer card and a rotation by whoever has the key."""
		r = self.take(statement.revoke(ADA, 2, MAY))
		self.assertIn("the key was revoked by its owner on 3 May 2026 (stolen); frozen: ", r.out)
		self.assertRegex(self.kith("grace", "news").out, r'"Ada Lovelace" is frozen: this key was revoked by '
			r"its owner; .*kith replace OLD NEW\.  The reason they gave: stolen\.\n")
		self.assertIn("its key was left, or nothing by it is taken",
			self.take(envelope(ADA, 2, "Ada by a thief"), status=6).err)
		self.assertIn("not taken: the person is frozen",
			self.take(statement.rotate(ADA, THIEF), status=6).err)
		self.assertEqual((self.show()["state"], self.show()["name"]), ("frozen", "Ada Lovelace"))
		self.kith("grace", "compare", "ada", fingerprint(ADA.ik))
		self.assertEqual(self.show()["state"], "frozen")  # that may have been the thief
		self.assertIn("revoked by its owner", self.kith("grace", "show", "ada").out)

	def test_of_nobody(self):
		"""case 24"""
		before = self.kith("grace", "list", "--json").raw
		for data in (statement.revoke(THIEF), statement.rotate(THIEF, NEW)):
			self.assertIn("nobody here has the key", self.take(data, status=3).err)
		self.assertEqual(self.kith("grace", "list", "--json").raw, before)

	def test_what_is_broken(self):
		good = statement.rotate(ADA, NEW)
		by_old = statement.seal(1, pack(statement.rotate_body(ADA, NEW)), ADA, ADA)
		for name, data, words in (("cut", good[:-1], "damaged"),
				("one by old alone", by_old, "a signature does not hold"),
				("flipped", good[:-1] + bytes([good[-1] ^ 1]), "a signature does not hold"),
				("newer", pack(["KITHSTMT", 2, 1, b"", b""]), "newer kith"),
				("armor", statement.armor(good).replace(b"-----END", b"-----"), "no end"),
				("long", good + bytes(70000), "larger than")):
			with self.subTest(name):
				self.assertIn(words, self.take(data, status=6).err)
				self.kith("grace", "verify", self.write("v.kith", data), status=6)
		self.assertEqual(self.show()["id"], person_id(ADA.ik))

	def test_of_my_own_key(self):
		mine = Identity(keys.ref.keyfile_read(self.read_key("grace"), b""))
		r = self.take(statement.revoke(mine, 1), status=1)
		self.assertIn("about your own key", r.err)
		self.assertIn("kith key revoke", r.err)

	def test_to_my_own_key(self):
		"""T25: whoever has a copy of my key cannot make somebody into me, by any key that I had."""
		mine = Identity(keys.ref.keyfile_read(self.read_key("grace"), b""))
		self.kith("grace", "key", "rotate", "--yes")
		now = Identity(keys.ref.keyfile_read(self.read_key("grace"), b""))
		self.assertNotEqual(mine.ik, now.ik)
		for which in (mine, now):
			for ways in ((ADA, which), (which, THIEF)):
				if ways[0] is now:
					continue  # about my own key: above
				r = self.take(statement.rotate(*ways), status=1)
				self.assertIn("a key of yours", r.err)
				self.assertIn("kith key rotate", r.err)
		self.assertEqual(self.show()["id"], person_id(ADA.ik))
		self.kith("grace", "show", person_id(now.ik), status=3)

	def read_key(self, home):
		with open(self.path(home, "identity.key"), "rb") as f:
			return f.read()

	# --- verify

	def test_verify_says_what_it_is_and_whose(self):
		rotation = self.write("r.kith", statement.rotate(ADA, NEW, 1, MAY))
		r = self.kith("grace", "verify", rotation)
		self.assertIn("a signed statement about a key\n", r.out)
		self.assertIn('"Ada Lovelace"', r.out)
		self.assertIn("the key changed on 3 May 2026", r.out)
		for key in (ADA, NEW):
			self.assertIn(person_id(key.ik), r.out)
			self.assertIn(fingerprint(key.ik), r.out)
		r = self.kith("grace", "verify", uri.write("S", statement.revoke(THIEF, 1)))
		self.assertIn("signed by nobody you know", r.out)
		self.assertIn("(lost)", r.out)
		o = self.kith("grace", "verify", "--json", rotation).json
		self.assertEqual((o["valid"], o["form"], o["signer"], o["statement"]["kind"]),
			(True, "kith", "contact", "rotate"))
		self.assertEqual(self.show()["id"], person_id(ADA.ik))  # looking changes nothing
		self.take(statement.rotate(ADA, NEW, 1, MAY))
		self.assertEqual(self.kith("grace", "verify", "--json", rotation).json["signer"], "former")
		self.assertIn("left since", self.kith("grace", "verify", self.write("c.kith",
			envelope(ADA, 5))).out)

	# --- a lost key

	def lost(self):
		"""Grace has met Ada, and meets her anew under another key."""
		self.meet(envelope(ADA), event="FOSDEM")
		self.meet(envelope(NEW, 1, "Ada Lovelace", b"new card"), event="the pier", at=MAY + 1)
		return person_id(ADA.ik)[:10], person_id(NEW.ik)[:10]

	def test_replace(self):
		old, new = self.lost()
		self.assertEqual(len(self.kith("grace", "list", "--json").json), 2)
		self.kith("grace", "replace", old, new, status=2)  # nobody to ask
		self.kith("grace", "replace", old, new, "--yes")
		[only] = self.kith("grace", "list", "--json").json
		self.assertEqual(only["id"], person_id(NEW.ik))
		self.assertEqual({m["event"] for m in self.show(new)["met"]}, {"FOSDEM", "the pier"})
		self.assertEqual(self.show(old)["id"], person_id(NEW.ik))
		self.assertIn("is replaced already", self.kith("grace", "replace", old, new, "--yes", status=1).err)
		self.kith("grace", "replace", new, new, "--yes", status=2)
		self.take(envelope(ADA, 3, "Ada by a thief"), status=6)

	def test_a_lost_key_is_revoked_later(self):
		"""What the owner says of the key that was replaced is no alarm; two keys after it are."""
		old, new = self.lost()
		self.kith("grace", "replace", old, new, "--yes")
		self.kith("grace", "news")
		self.take(statement.revoke(ADA, 1))
		[line] = self.kith("grace", "news", "--json").json
		self.assertEqual((line["kind"], line["text"]), ("revoked",
			'"Ada Lovelace" revoked a key that they had left already; nothing is to be done.'))
		self.assertNotEqual(self.show(new)["state"], "frozen")
		self.take(statement.rotate(ADA, THIEF))
		[line] = self.kith("grace", "news", "--json").json
		self.assertEqual(line["kind"], "evidence")
		self.assertIn("kith compare", line["text"])

	def test_replace_shows_both_and_asks(self):
		old, new = self.lost()
		status, screen = self.terminal("grace", "replace", old, new,
			prompts=[(rb"same person\? \[y/N\] ", b"\n")])
		self.assertEqual(status, 4, screen)
		for key in (ADA, NEW):
			self.assertIn(fingerprint(key.ik).encode(), screen)
		self.assertEqual(len(self.kith("grace", "list", "--json").json), 2)
		status, screen = self.terminal("grace", "replace", old, new,
			prompts=[(rb"same person\? \[y/N\] ", b"y\n")])
		self.assertEqual(status, 0, screen)
		self.assertEqual(len(self.kith("grace", "list", "--json").json), 1)

	def test_replace_refuses(self):
		self.take(envelope(NEW, 1, "Ada Lovelace", b"new card"))
		old, new = person_id(ADA.ik)[:10], person_id(NEW.ik)[:10]
		self.assertIn("was not compared", self.kith("grace", "replace", old, new, "--yes", status=6).err)
		self.meet(envelope(NEW, 1, "Ada Lovelace", b"new card"), how="unattended")
		self.kith("grace", "replace", old, new, "--yes", status=6)
		self.kith("grace", "replace", old, status=2)
		self.kith("grace", "replace", old, "nobody at all", "--yes", status=3)
		self.kith("grace", "replace", "Ada Lovelace", new, "--yes", status=3)  # which of the two?
		self.kith("grace", "replace", old, old, "--yes", status=2)
		self.kith("grace", "add", "name=Somebody Typed", "--anyway")
		self.assertIn("kith join", self.kith("grace", "replace", "Somebody Typed", new, "--yes",
			status=6).err)
		self.assertEqual(len(self.kith("grace", "list", "--json").json), 3)


if __name__ == "__main__":
	house.main()
