# SPDX-License-Identifier: MIT
"""kith key: shown, under a passphrase, copied, on paper, changed, revoked; and a home that is there twice (case 74)."""

import importlib
import os
import sqlite3
import stat

import house
import keys
from kithref import backup as ref_backup

Terminal = importlib.import_module("07_passphrase").Terminal
JUMP = 1048576  # RESTORE_JUMP


class Keys(keys.Case):
	def ada(self, home="ada"):
		self.kith(home, "init", "name=Ada Lovelace", "email.work=ada@example.org")
		return self.show(home)

	def show(self, home):
		return self.kith(home, "key", "show", "--json").json

	def ask(self, home, sql):
		db = sqlite3.connect(self.path(home, "kith.db"), timeout=10)
		try:
			return db.execute(sql).fetchall()
		finally:
			db.close()

	def files(self, home):
		"""What matters of it; the store has files beside it that come and go."""
		tree = self.tree(home)
		return {n: b for n, b in tree.items() if n.endswith((".key", ".kith"))}, self.ask(home,
			"SELECT rev, seq FROM mine"), self.ask(home, "SELECT count(*) FROM statement")

	# --- show

	def test_show(self):
		shown = self.ada()
		card = self.kith("ada", "card", "--json").json
		self.assertEqual((shown["id"], shown["fingerprint"]), (card["id"], card["fingerprint"]))
		self.assertRegex(shown["id"], house.ID)
		self.assertRegex(shown["made"], r"^\d{4}-\d\d-\d\dT[\d:]{8}Z$")
		self.assertEqual((shown["passphrase"], shown["rotations"], shown["revoked"]), (False, 0, False))
		self.assertEqual(shown["revocation"], self.path("ada", "revocation.kith"))
		text = self.kith("ada", "key").out
		self.assertIn(shown["fingerprint"], text)
		self.assertIn("passphrase   none", text)
		self.assertEqual(self.kith("ada", "key", "show").out, text)

	def test_wrong_words(self):
		self.ada()
		before = self.files("ada")
		for args in (["shwo"], ["show", "me"], ["passphrase", "secret"], ["backup"], ["restore"],
				["backup", "-o", "x", "--paper"], ["rotate", "now"], ["rotate"], ["revoke", "--now"],
				["revoke", "--reason", "bored"], ["revoke", "--now", "-o", "x"]):
			self.kith("ada", "key", *args, status=2)
		self.assertEqual(self.files("ada"), before)
		self.kith("nobody", "key", "show", status=1)
		self.kith("nobody", "key", "rotate", "--yes", status=1)
		self.assertFalse(os.path.exists(self.path("nobody")))

	# --- passphrase: kith's own costs a second and 256 MiB, so it is made once

	def test_passphrase_set_changed_removed(self):
		shown = self.ada()
		seed = self.seed_of("ada")
		r = self.kith("ada", "key", "passphrase", "--passphrase-fd", "0", stdin=b"one horse\n")
		self.assertIn("Copies made before open without any passphrase still", r.out)
		self.assertEqual(self.seed_of("ada", "one horse"), seed)
		self.assertTrue(self.show("ada")["passphrase"])
		self.kith("ada", "card", "set", "note=x", status=1)
		# the old one is asked for first, and a wrong one changes nothing
		before = self.key_bytes("ada")
		self.kith("ada", "key", "passphrase", "--passphrase-fd", "0", stdin=b"no horse\ntwo\n", status=1)
		self.kith("ada", "key", "passphrase", "--passphrase-fd", "0", stdin=b"one horse\n\n", status=1)
		self.kith("ada", "key", "passphrase", "--none", status=1)
		self.assertEqual(self.key_bytes("ada"), before)
		r = self.kith("ada", "key", "passphrase", "--passphrase-fd", "0", stdin=b"one horse\ntwo horses\n")
		self.assertIn("open with the old one still", r.out)
		self.assertEqual(self.seed_of("ada", "two horses"), seed)
		with self.assertRaises(keys.Fault):
			self.seed_of("ada", "one horse")
		r = self.kith("ada", "key", "passphrase", "--none", "--passphrase-fd", "0", "--json", stdin=b"two horses\n")
		self.assertEqual(r.json, {"passphrase": False})
		self.assertEqual(self.seed_of("ada"), seed)
		self.assertEqual(self.show("ada"), shown)
		self.assertEqual(stat.S_IMODE(os.stat(self.key("ada")).st_mode), 0o600)
		self.assertEqual([n for n in os.listdir(self.path("ada")) if "tmp" in n], [])

	def test_passphrase_at_a_terminal(self):
		self.ada()
		seed = self.seed_of("ada")
		t = Terminal(self, "ada", "key", "passphrase")
		self.addCleanup(t.close)
		t.answer(rb"New passphrase: ", "horse")
		t.answer(rb"once more: ", "cow")
		self.assertEqual(t.end(), 1, t.screen)
		self.assertEqual(self.seed_of("ada"), seed)
		self.protect("ada", "horse")
		t = Terminal(self, "ada", "key", "passphrase", "--none")
		self.addCleanup(t.close)
		t.answer(rb"Passphrase for [^:]*: ", "horse")
		self.assertEqual(t.end(), 0, t.screen)
		self.assertNotIn(b"horse", t.screen)
		self.assertEqual(self.seed_of("ada"), seed)

	# --- the key alone

	def test_backup_and_restore_of_a_file(self):
		self.ada()
		self.kith("ada", "key", "backup", "-o", self.path("copy"))
		with open(self.path("copy"), "rb") as f:
			self.assertEqual(f.read(), self.key_bytes("ada"))
		self.assertEqual(stat.S_IMODE(os.stat(self.path("copy")).st_mode), 0o600)
		self.kith("ada", "key", "backup", "-o", self.path("copy"), status=1)  # replaces nothing
		r = self.kith("new", "key", "restore", self.path("copy"))
		self.assertIn("nobody takes that before you have swapped with them again", r.out)
		self.assertEqual(self.seed_of("new"), self.seed_of("ada"))
		# before there is a card it can be shown
		shown, had = self.show("new"), self.show("ada")
		self.assertEqual((shown["id"], shown["fingerprint"], shown["made"]),
			(had["id"], had["fingerprint"], None))
		self.assertIn("there is no card yet", self.kith("new", "key", "show").out)
		r = self.kith("new", "init", "name=Ada", "--json")
		self.assertNotIn("interrupted", r.err)
		self.assertEqual((r.json["id"], r.json["revision"]), (had["id"], JUMP + 1))
		self.kith("new", "key", "restore", self.path("copy"), status=1)

	def test_restore_where_an_init_was_cut_short(self):
		"""It had not come to a key, so the one that is put back is not its own."""
		self.ada()
		self.kith("ada", "key", "backup", "-o", self.path("copy"))
		os.mkdir(self.path("new"), 0o700)
		with open(self.path("new", "init.lock"), "w", encoding="ascii") as f:
			f.write("kith init has not ended\n")
		self.kith("new", "key", "restore", self.path("copy"))
		self.assertEqual(self.kith("new", "init", "name=Ada", "--json").json["revision"], JUMP + 1)

	def test_restore_of_a_protected_file_asks_for_its_passphrase(self):
		seed = self.protected("ada")
		self.kith("ada", "key", "backup", "-o", self.path("copy"))
		self.kith("new", "key", "restore", self.path("copy"), status=1)
		self.kith("new", "key", "restore", self.path("copy"), "--passphrase-fd", "0", stdin=b"cow\n", status=1)
		self.assertFalse(os.path.exists(self.path("new", "identity.key")))
		self.kith("new", "key", "restore", self.path("copy"), "--passphrase-fd", "0",
			stdin=keys.WORD.encode() + b"\n")
		self.assertEqual(self.seed_of("new", keys.WORD), seed)

	def test_paper(self):
		self.ada()
		seed = self.seed_of("ada")
		text = self.kith("ada", "key", "backup", "--paper").out
		self.assertEqual(text, ref_backup.paper_write(seed))
		typed = text.lower().replace("o", "0").replace("i", "1").replace("\n", "  ").encode()
		self.kith("new", "key", "restore", "-", stdin=typed)
		self.assertEqual(self.seed_of("new"), seed)
		# the whole of what was said, with the note below; and what was typed twice is named
		said = self.kith("ada", "key", "backup", "--paper")
		self.kith("whole", "key", "restore", "-", stdin=(said.out + said.err).encode())
		self.assertEqual(self.seed_of("whole"), seed)
		twice = "\n".join(text.split("\n")[i] for i in (0, 1, 1, 2, 3)).encode()
		self.assertIn("line 3", self.kith("other", "key", "restore", "-", stdin=twice, status=6).err)
		wrong = text.split("\n")
		wrong[2] = ("A" if wrong[2][0] != "A" else "B") + wrong[2][1:]
		r = self.kith("other", "key", "restore", "-", stdin="\n".join(wrong).encode(), status=6)
		self.assertIn("line 3", r.err)
		self.assertFalse(os.path.exists(self.path("other", "identity.key")))
		status, screen = self.terminal("third", "key", "restore", "-", prompts=[
			(rb"> ", line.encode() + b"\n") for line in text.split("\n")[:4]])
		self.assertEqual(status, 0, screen)
		self.assertEqual(self.seed_of("third"), seed)

	def test_a_key_of_somebody_else_is_refused(self):
		self.ada()
		self.ada("eve")
		self.kith("eve", "key", "backup", "-o", self.path("eves"))
		os.unlink(self.key("ada"))
		r = self.kith("ada", "key", "restore", self.path("eves"), status=6)
		self.assertIn("not the key of the cards", r.err)
		self.assertFalse(os.path.exists(self.key("ada")))

	# --- rotate

	def test_rotate(self):
		before = self.ada()
		self.kith("ada", "card", "set", "note=x")
		seed = self.seed_of("ada")
		r = self.kith("ada", "key", "rotate", "--yes", "--json")
		after = r.json
		self.assertNotEqual(after["id"], before["id"])
		self.assertEqual(after["rotations"], 1)
		self.assertIn("rotations    1; everybody has heard of the last one\n", self.kith("ada", "key").out)
		card = self.kith("ada", "card", "--json").json
		self.assertEqual((card["id"], card["revision"]), (after["id"], 3))
		self.assertNotEqual(self.seed_of("ada"), seed)
		self.assertEqual(self.ask("ada", "SELECT seq FROM mine"), [(1,)])
		retired = ref_backup.retired_read(self.seed_of("ada"), self.read("ada", "retired.key"))
		old = keys.ref.Identity(seed)
		self.assertEqual(retired, [(1, old.ik, old.xk_secret)])
		self.assertEqual(set(os.listdir(self.path("ada"))) - {"kith.db-wal", "kith.db-shm"},
			{"identity.key", "kith.db", "init.lock", "device", "retired.key", "revocation.kith",
				"revocation-1.kith"})
		# everything else goes on
		self.kith("ada", "card", "set", "note=y")
		self.kith("ada", "qr", "--pocket")
		self.kith("ada", "export", "--me", "--format", "kith", "-o", self.path("new.kith"))
		self.assertIn("signed by you", self.kith("ada", "verify", self.path("new.kith")).out)

	def read(self, home, name):
		with open(self.path(home, name), "rb") as f:
			return f.read()

	def test_rotate_keeps_the_passphrase(self):
		seed = self.protected("ada")
		word = keys.WORD.encode() + b"\n"
		self.kith("ada", "key", "rotate", "--yes", status=1)
		self.assertEqual(self.seed_of("ada", keys.WORD), seed)
		r = self.kith("ada", "key", "rotate", "--yes", "--passphrase-fd", "0", stdin=word)
		self.assertNotEqual(self.seed_of("ada", keys.WORD), seed)
		self.assertIn("Older backups\nhold the key that was left", r.out)
		self.assertIn("make a new one now (kith backup FILE)", r.out)
		self.assertNotIn("locked", r.out)

	def test_rotate_asks_at_a_terminal(self):
		before = self.ada()
		status, screen = self.terminal("ada", "key", "rotate", prompts=[(rb"\[y/n\] ", b"n\n")])
		self.assertEqual(status, 4, screen)
		self.assertEqual(self.show("ada"), before)
		status, screen = self.terminal("ada", "key", "rotate", prompts=[(rb"\[y/n\] ", b"y\n")])
		self.assertEqual(status, 0, screen)
		self.assertNotEqual(self.show("ada")["id"], before["id"])

	def test_who_knows_me_takes_the_new_key_by_file(self):
		"""The rotation goes to others as a statement; here by hand, out of the store."""
		self.ada()
		self.person("grace", "Grace Hopper")
		self.kith("grace", "import", self.card_of("ada"))
		before = self.show("ada")
		self.kith("ada", "key", "rotate", "--yes")
		said = self.ask("ada", "SELECT bytes FROM statement WHERE contact IS NULL AND kind = 1")
		with open(self.path("rotate.kith"), "wb") as f:
			f.write(said[0][0])
		self.kith("grace", "import", self.path("rotate.kith"))
		found = self.kith("grace", "show", "ada", "--json").json
		self.assertEqual(found["id"], self.show("ada")["id"])
		self.assertEqual(self.kith("grace", "show", before["id"][:12], "--json").json["name"], "Ada Lovelace")

	def test_forget_old(self):
		self.ada()
		self.kith("ada", "import", self.person("grace", "Grace Hopper"))
		self.kith("ada", "key", "rotate", "--yes")
		self.kith("ada", "card", "set", "note=x")  # a start: Grace has not heard, so it stays
		self.assertTrue(os.path.exists(self.path("ada", "retired.key")))
		self.assertEqual(self.show("ada")["unheard"], 1)
		self.assertIn("rotations    1; 1 of your people has not heard of the last one\n", self.kith("ada", "key").out)
		r = self.kith("ada", "key", "rotate", "--forget-old")
		self.assertIn("1 former key ", r.out)
		self.assertFalse(os.path.exists(self.path("ada", "retired.key")))
		self.assertIn("Nothing is kept", self.kith("ada", "key", "rotate", "--forget-old").out)

	# --- revoke

	def test_the_revocation_is_made_at_init_and_offered(self):
		r = self.kith("ada", "init", "name=Ada")
		self.assertIn("revocation.kith", r.err)
		shown = self.kith("ada", "key", "revoke", "--json").json
		self.assertEqual(shown["id"], self.show("ada")["id"])
		self.assertTrue(shown["text"].startswith("KITH:1/S/"))
		text = self.kith("ada", "key", "revoke").out
		self.assertEqual(text, shown["armor"])
		self.assertTrue(text.startswith("-----BEGIN KITH STATEMENT-----"))
		self.kith("ada", "key", "revoke", "-o", self.path("stick"))
		self.assertEqual(self.raw("stick"), self.read("ada", "revocation.kith"))
		self.assertIn("revoked", self.kith("ada", "verify", self.path("stick")).out)
		self.assertFalse(self.show("ada")["revoked"])

	def raw(self, name):
		with open(self.path(name), "rb") as f:
			return f.read()

	def test_an_older_home_gets_one_when_it_signs(self):
		self.ada()
		os.unlink(self.path("ada", "revocation.kith"))
		self.assertIsNone(self.show("ada")["revocation"])
		self.kith("ada", "card", "set", "note=x")
		self.assertEqual(self.kith("ada", "key", "revoke", "--json").json["id"], self.show("ada")["id"])

	def test_a_code_at_a_terminal(self):
		self.ada()
		status, screen = self.terminal("ada", "key", "revoke", size=(60, 120))
		self.assertEqual(status, 0, screen)
		self.assertIn("▀".encode(), screen)

	def test_revoke_now(self):
		"""T25, the owner's side: it is kept as mine, so that everybody who is met is handed it."""
		self.ada()
		self.kith("ada", "key", "revoke", "--now", "--yes", "--reason", "stolen")
		self.assertTrue(self.show("ada")["revoked"])
		self.assertEqual(self.ask("ada", "SELECT count(*) FROM statement WHERE contact IS NULL AND kind = 2"),
			[(1,)])
		self.assertIn("revoked      yes", self.kith("ada", "key", "show").out)

	def test_a_revoked_key_says_so_and_leads_nowhere(self):
		self.ada()
		self.assertNotIn("revoked", self.kith("ada", "card", "set", "note=x").err)
		self.kith("ada", "key", "revoke", "-o", self.path("stick"))
		self.kith("ada", "key", "revoke", "--now", "--yes")
		for args in (("card", "set", "note=y"), ("card", "new", "work", "--show", "email"), ("qr", "--pocket")):
			r = self.kith("ada", *args)
			self.assertEqual(r.err.count("This key is revoked: nobody takes what it signs."), 1, args)
		before = self.files("ada")
		r = self.kith("ada", "key", "rotate", "--yes", status=6)
		self.assertIn("new identity in another home", r.err)
		self.assertIn("kith key revoke --now --key FILE", r.err)
		self.assertIn("kith replace", r.err)
		self.assertEqual(self.files("ada"), before)
		self.ada("other")  # and that way is open
		self.kith("other", "key", "revoke", "--now", "--yes", "--key", self.path("stick"))
		self.assertFalse(self.show("other")["revoked"])

	def test_an_earlier_key_is_revoked_from_a_stick(self):
		self.ada()
		self.kith("ada", "key", "revoke", "-o", self.path("stick"))
		first = self.show("ada")["id"]
		self.kith("ada", "key", "rotate", "--yes")
		r = self.kith("ada", "key", "revoke", "--now", "--yes", "--key", self.path("stick"))
		self.assertIn("earlier key", r.out)
		self.assertFalse(self.show("ada")["revoked"])
		kept = self.ask("ada", "SELECT ik FROM statement WHERE contact IS NULL AND kind = 2")
		self.assertEqual([keys.ref.person_id(ik) for ik, in kept], [first])
		with open(self.path("junk"), "wb") as f:
			f.write(b"junk")
		self.kith("ada", "key", "revoke", "--now", "--yes", "--key", self.path("junk"), status=6)

	def test_revoke_now_asks(self):
		self.ada()
		status, screen = self.terminal("ada", "key", "revoke", "--now", prompts=[(rb"\[y/n\] ", b"\n")])
		self.assertEqual(status, 4, screen)
		self.assertFalse(self.show("ada")["revoked"])

	# --- a copied home

	def test_a_cloned_laptop(self):
		"""Case 74: two machines with one home sign numbers that do not meet."""
		self.ada()
		if not os.path.exists(self.path("ada", "device")):
			self.skipTest("this machine has no machine-id")
		with open("/etc/machine-id", "rb") as f:
			self.assertEqual(self.read("ada", "device"), ref_backup.device(f.read()))
		with open(self.path("ada", "device"), "wb") as f:  # as if it came from elsewhere
			f.write(bytes(16))
		r = self.kith("ada", "card", "set", "note=x")
		self.assertIn("made on another machine", r.err)
		self.assertEqual(self.kith("ada", "card", "--json").json["revision"], 1 + JUMP + 2)
		r = self.kith("ada", "card", "set", "note=y")
		self.assertNotIn("another machine", r.err)
		self.assertEqual(self.kith("ada", "card", "--json").json["revision"], 1 + JUMP + 3)
		# reading alone says and does nothing
		with open(self.path("ada", "device"), "wb") as f:
			f.write(bytes(16))
		self.assertEqual(self.kith("ada", "list").err, "")


if __name__ == "__main__":
	house.main()
