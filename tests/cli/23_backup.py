# SPDX-License-Identifier: MIT
"""kith backup and kith restore: everything there and back, and nothing else touched."""

import importlib
import os
import sqlite3
import stat
import subprocess
import time

import house
import keys
from kithref import backup as ref

Terminal = importlib.import_module("07_passphrase").Terminal
JUMP = 1048576  # RESTORE_JUMP
QUICK = ref.header(1, 8, bytes(range(16)))
ANEW = {"mine", "mine_card", "my_card"}  # what restoring signs anew; looked at apart
WORD = b"horse\n"


class Backup(keys.Case):
	def ada(self, home="ada"):
		"""Somebody with people, receipts, entries, a photo-less card, two keys and three cards."""
		self.kith(home, "init", "name=Ada Lovelace", "email.work=ada@example.org")
		self.kith(home, "card", "set", "note=first")
		grace = self.person("grace", "Grace Hopper", "org=Navy")
		for step in ("confirm", "confirmed", "card", "receipt"):
			self.seed(home, grace, "compared", "FOSDEM", 1770000000, step)
		self.kith(home, "add", "name=Typed In", "tel=+44 1")
		self.kith(home, "key", "rotate", "--yes")

	def tables(self, home):
		"""Every row of every table, the ones that are signed anew apart."""
		db = sqlite3.connect(self.path(home, "kith.db"), timeout=10)
		try:
			names = [n for n, in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
			return {n: sorted(map(repr, db.execute(f'SELECT * FROM "{n}"'))) for n in names}
		finally:
			db.close()

	def file(self, *names):
		with open(self.path(*names), "rb") as f:
			return f.read()

	def put(self, name, data):
		with open(self.path(name), "wb") as f:
			f.write(data)
		return self.path(name)

	def back_up(self, home, *more):
		return self.kith(home, "backup", self.path("backup"), *more, "--passphrase-fd", "0", stdin=WORD)

	def restore(self, home, name="backup", word=WORD, status=0):
		return self.kith(home, "restore", self.path(name), "--passphrase-fd", "0", stdin=word, status=status)

	def parts(self, home):
		return [(n, self.file(home, n)) for n in ("identity.key", "kith.db")]

	def quick(self, name, parts):
		"""A backup by the second implementation, which costs nothing to open."""
		return self.put(name, ref.write(parts, QUICK, b"horse", bytes(24)))

	# --- there and back

	def test_everything_comes_back(self):
		self.ada()
		r = self.back_up("ada")
		self.assertEqual(stat.S_IMODE(os.stat(self.path("backup")).st_mode), 0o600)
		self.assertIn("passphrase", r.err)
		before, listed = self.tables("ada"), self.kith("ada", "list", "--json").out
		r = self.restore("again")
		self.assertIn("signed anew", r.out)
		self.assertRegex(r.out, r"If you changed your key after this backup .*\n.*kith init .* kith replace\.")
		after = self.tables("again")
		self.assertEqual(set(before), set(after))
		for name in set(before) - ANEW:
			self.assertEqual(before[name], after[name], name)
		filled = [n for n in set(before) - ANEW if before[n]]
		self.assertTrue({"contact", "card", "met", "receipt", "entry", "statement", "field"} <= set(filled), filled)
		self.assertLess(set(before["mine_card"]), set(after["mine_card"]))
		self.assertEqual(self.kith("again", "list", "--json").out, listed)
		for name in ("identity.key", "retired.key", "revocation.kith", "revocation-1.kith"):
			self.assertEqual(self.file("ada", name), self.file("again", name), name)
		had, now = (self.kith(h, "card", "--json").json for h in ("ada", "again"))
		self.assertEqual(now["revision"], had["revision"] + JUMP + 1)
		self.assertEqual(dict(now, revision=0), dict(had, revision=0))
		self.kith("again", "card", "set", "note=goes on")
		self.assertEqual(sorted(os.listdir(self.folder)), sorted(
			["ada", "again", "backup", "grace", "grace.kith"]))

	def test_the_second_implementation_reads_it(self):
		self.ada()
		self.back_up("ada")
		parts = dict(ref.read(self.file("backup"), b"horse"))
		self.assertEqual(list(parts)[0], "identity.key")
		self.assertEqual(parts["identity.key"], self.file("ada", "identity.key"))
		self.assertEqual(parts["retired.key"], self.file("ada", "retired.key"))
		self.put("out.db", parts["kith.db"])
		db = sqlite3.connect(self.path("out.db"))
		self.assertEqual(db.execute("SELECT name FROM contact WHERE ik IS NOT NULL").fetchall(),
			[("Grace Hopper",)])
		db.close()

	def test_the_second_implementation_writes_one(self):
		self.kith("ada", "init", "name=Ada")
		db = sqlite3.connect(self.path("ada", "kith.db"))
		db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
		db.close()
		self.quick("backup", self.parts("ada"))
		self.restore("again")
		self.assertEqual(self.kith("again", "card", "--json").json["id"],
			self.kith("ada", "card", "--json").json["id"])

	def test_a_key_with_a_passphrase(self):
		"""It keeps its own, which is the second line; one that opens both is enough."""
		self.kith("ada", "init", "name=Ada")
		self.protect("ada", "cow")
		self.quick("backup", self.parts("ada"))
		r = self.restore("again", status=1)
		self.assertIn("the key in the backup has a passphrase of its own", r.err)
		self.assertIn("second line", r.err)
		self.assertIn("the key in the backup", self.restore("again", word=b"horse\nsheep\n", status=1).err)
		self.assertFalse(os.path.exists(self.path("again")))
		self.restore("again", word=b"horse\ncow\n")
		self.assertEqual(self.file("again", "identity.key"), self.file("ada", "identity.key"))
		self.put_key("ada", keys.ref.keyfile_write(self.seed_of("ada", "cow"),
			keys.ref.keyfile_header(1, 1, 8, bytes(16)), bytes(24), b"horse"))
		self.quick("backup", self.parts("ada"))
		self.restore("third")

	def test_while_others_write(self):
		"""What a backup holds is one moment, whoever writes meanwhile."""
		self.kith("ada", "init", "name=Ada")
		db = sqlite3.connect(self.path("ada", "kith.db"), timeout=30, isolation_level=None)
		run = subprocess.Popen([house.KITH, "--home", self.path("ada"), "backup", self.path("backup"),
			"--passphrase-fd", "0"], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL, env=self.env())
		run.stdin.write(WORD)
		run.stdin.close()
		writes = 0
		while run.poll() is None or writes == 0:
			db.execute("BEGIN IMMEDIATE")
			for n in range(2):
				db.execute("INSERT INTO failed (boot, at) VALUES (?, ?)", (bytes(16), writes))
			db.execute("COMMIT")
			writes += 1
		db.close()
		self.assertEqual(run.returncode, 0)
		self.restore("again")
		db = sqlite3.connect(self.path("again", "kith.db"))
		# two rows a transaction, or none of it
		self.assertEqual(db.execute("SELECT count(*) % 2 FROM failed").fetchone(), (0,))
		db.close()

	# --- what is there stays

	def test_a_home_that_is_there_is_not_touched(self):
		self.kith("ada", "init", "name=Ada")
		self.quick("backup", self.parts("ada"))
		before = self.tree("ada")
		r = self.restore("ada", status=1)
		self.assertIn("not empty", r.err)
		self.assertEqual(self.tree("ada"), before)
		os.mkdir(self.path("empty"), 0o755)
		self.restore("empty")
		self.assertEqual(stat.S_IMODE(os.stat(self.path("empty")).st_mode), 0o700)
		os.symlink(self.path("ada"), self.path("link"))
		self.restore("link", status=1)
		self.put("file", b"x")
		self.restore("file", status=1)
		self.assertEqual(self.tree("ada"), before)

	def test_nothing_but_a_backup_is_replaced(self):
		self.kith("ada", "init", "name=Ada")
		self.put("thesis", b"KITHKEY1 or anything")
		self.kith("ada", "backup", self.path("thesis"), "--passphrase-fd", "0", stdin=WORD, status=1)
		self.assertEqual(self.file("thesis"), b"KITHKEY1 or anything")
		os.mkdir(self.path("folder"))
		self.kith("ada", "backup", self.path("folder"), "--passphrase-fd", "0", stdin=WORD, status=1)
		self.kith("ada", "backup", self.path("none", "x"), "--passphrase-fd", "0", stdin=WORD, status=1)
		self.quick("backup", self.parts("ada"))
		old = self.file("backup")
		r = self.back_up("ada", "--json")
		self.assertNotEqual(self.file("backup"), old)
		self.assertEqual((r.json, r.err), ({"file": self.path("backup"),
			"bytes": os.path.getsize(self.path("backup"))}, ""))

	def test_words(self):
		self.kith("ada", "init", "name=Ada")
		self.kith("ada", "backup", status=2)
		self.kith("ada", "backup", "a", "b", status=2)
		self.kith("ada", "backup", self.path("x"), status=1)  # nobody can be asked
		self.kith("ada", "backup", self.path("x"), "--passphrase-fd", "0", stdin=b"\n", status=1)
		self.assertFalse(os.path.exists(self.path("x")))
		self.kith("nobody", "backup", self.path("x"), status=1)
		self.kith("new", "restore", status=2)
		self.restore("new", "missing", status=1)
		t = Terminal(self, "ada", "backup", self.path("x"))
		self.addCleanup(t.close)
		t.answer(rb"Passphrase for the backup: ", "horse")
		t.answer(rb"once more: ", "cow")
		self.assertEqual(t.end(), 1, t.screen)
		self.assertFalse(os.path.exists(self.path("x")))

	# --- broken ones

	def test_broken_ones_restore_nothing(self):
		self.kith("ada", "init", "name=Ada")
		self.quick("whole", self.parts("ada"))
		whole = self.file("whole")
		parts = self.parts("ada")
		broken = {
			"cut": (whole[:-1], 6), "half": (whole[: len(whole) // 2], 6), "empty": (b"", 6),
			"longer": (whole + b"x", 6), "key": (self.file("ada", "identity.key"), 6),
			"altered": (whole[:200000] + bytes([whole[200000] ^ 1]) + whole[200001:], 6),
			"no-key": (ref.write(parts[1:], QUICK, b"horse", bytes(24)), 6),
			"no-store": (ref.write(parts[:1], QUICK, b"horse", bytes(24)), 6),
			"unknown": (ref.write([*parts, ("more", b"")], QUICK, b"horse", bytes(24)), 6),
			"torn-store": (ref.write([parts[0], ("kith.db", parts[1][1][:100000])], QUICK, b"horse",
				bytes(24)), 7),
			"hostile": (ref.header(11, 8, bytes(16)) + whole[33:], 6),
			"huge": (ref.header(1, 2**20 + 1, bytes(16)) + whole[33:], 6),
		}
		for name, (data, status) in broken.items():
			self.put(name, data)
			with self.subTest(name):
				r = self.restore("again", name, status=status)
				self.assertNotIn("again.restoring/kith.db", r.err)
				self.assertFalse(os.path.exists(self.path("again")), name)
				self.assertFalse(os.path.exists(self.path("again.restoring")), name)
		r = self.restore("again", "whole", word=b"cow\n", status=6)
		self.assertIn("cut off, altered, or that is not its passphrase", r.err)
		self.assertFalse(os.path.exists(self.path("again")))

	def test_what_is_wrong_with_one_is_true(self):
		"""What cannot be told apart is said as that; where header or length tells, that alone."""
		self.kith("ada", "init", "name=Ada")
		self.quick("whole", self.parts("ada"))
		whole = self.file("whole")
		box, first = 65536 + 17, 33 + 24
		three = "cut off, altered, or that is not its passphrase"
		for data, says, not_says in (
				(whole[:20], "cut off: its end is missing", "passphrase"),
				(whole[:first], "cut off: its end is missing", "passphrase"),
				(whole[:first + 100], three, None),
				(whole[:60] + bytes([whole[60] ^ 1]) + whole[61:], three, None),
				(whole[:first + box], "cut off: its end is missing", "passphrase"),
				(whole[:-1], "cut off or altered", "passphrase"),
				(whole[:-1] + bytes([whole[-1] ^ 1]), "cut off or altered", "passphrase"),
				(whole[:first + box + 9] + bytes([whole[first + box + 9] ^ 1]) + whole[first + box + 10:],
					"altered or is damaged", "passphrase"),
				(b"KITHBAK9" + whole[8:], "no backup", "passphrase")):
			self.put("broken", data)
			r = self.restore("again", "broken", status=6)
			self.assertIn(says, r.err)
			if not_says:
				self.assertNotIn(not_says, r.err)

	def test_a_stranger_in_a_backup_has_no_way_out(self):
		"""Names are names: nothing is written outside of the folder."""
		self.kith("ada", "init", "name=Ada")
		for name in ("../evil", "/tmp/evil", "..", "a/b", "revocation/../../x.kith"):
			self.quick("backup", [*self.parts("ada"), (name[:31], b"x")])
			self.restore("again", status=6)
		self.assertEqual(sorted(os.listdir(self.folder)), ["ada", "backup"])

	def test_what_a_killed_restore_left_goes(self):
		self.kith("ada", "init", "name=Ada")
		self.quick("backup", self.parts("ada"))
		os.mkdir(self.path("again.restoring"), 0o700)
		self.put("again.restoring/init.lock", b"")
		self.put("again.restoring/identity.key", b"half")
		self.put("again.restoring/kith.db.0123456789abcdef.tmp", b"half")
		r = self.kith("again", "restore", self.path("backup"), "--passphrase-fd", "0", "--json", stdin=WORD)
		self.assertEqual(r.json, {"home": self.path("again")})
		self.assertFalse(os.path.exists(self.path("again.restoring")))
		self.assertLessEqual(set(os.listdir(self.path("again"))),
			{"identity.key", "kith.db", "kith.db-wal", "kith.db-shm", "init.lock", "device", "revocation.kith"})

	def test_killed_anywhere(self):
		"""kill -9 at some moment of a restore: no home or a whole one.  At every step: tests/faults/commands.c."""
		self.kith("ada", "init", "name=Ada")
		self.quick("backup", self.parts("ada"))
		for n in range(8):
			run = subprocess.Popen([house.KITH, "--home", self.path(f"r{n}"), "restore", self.path("backup"),
				"--passphrase-fd", "0"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
				stderr=subprocess.DEVNULL, env=self.env())
			run.stdin.write(WORD)
			run.stdin.close()
			time.sleep(0.004 * n)  # some moment or other: every one of them must be right
			run.kill()
			run.wait()
			if os.path.exists(self.path(f"r{n}")):
				self.assertEqual(self.kith(f"r{n}", "card", "--json").json["name"], "Ada")
			else:
				self.restore(f"r{n}")
			self.assertFalse(os.path.exists(self.path(f"r{n}.restoring")))


if __name__ == "__main__":
	house.main()
