# SPDX-License-Identifier: MIT
"""verify, import, export: cards as files."""

import os
import stat
import subprocess

import house

MAY = 1777832411  # 2026-05-03T18:20:11Z
BEGIN, END = "-----BEGIN KITH CARD-----", "-----END KITH CARD-----"


class Files(house.Case):
	def setUp(self):
		super().setUp()
		self.kith("h", "init", "name=Me Myself", "email=me@example.org")
		self.ada = self.person("ada", "Ada Lovelace", "email.work=ada@example.org",
			"org=Analytical Engines")
		self.bob = self.person("bob", "Bob")

	def write(self, name, data):
		path = self.path(name)
		with open(path, "wb") as f:
			f.write(data)
		return path

	def forged(self, path):
		"""The card with the last bit of its signature changed."""
		data = self.read(path)
		return data[:-1] + bytes([data[-1] ^ 1])

	def read(self, path):
		with open(path, "rb") as f:
			return f.read()

	def armor(self, home):
		return self.kith(home, "export", "--me", "--armor").raw

	# verify

	def test_verify_nobody(self):
		r = self.kith("h", "verify", self.ada)
		self.assertIn('a signed kith card of "Ada Lovelace"', r.out)
		self.assertIn("signed by nobody you know", r.out)
		self.assertRegex(r.out, r"fingerprint  \d{5}( \d{5}){5}\n")
		self.assertIn("revision     1, signed", r.out)
		made = self.kith("h", "verify", "--json", self.ada).json
		self.assertEqual((made["valid"], made["signer"], made["form"], made["revision"]),
			(True, "nobody", "kith", 1))

	def test_verify_without_a_home(self):
		self.assertIn("nobody you know", self.kith("nowhere", "verify", self.ada).out)
		self.assertFalse(os.path.exists(self.path("nowhere")))

	def test_verify_known(self):
		self.seed("h", self.ada, "compared", "FOSDEM", MAY, "card")
		self.kith("h", "import", self.bob)
		self.assertIn(
			'signed by "Ada Lovelace", whom you met on 3 May 2026 at FOSDEM (compared)',
			self.kith("h", "verify", self.ada).out)
		self.assertIn("the same as the one you have",
			self.kith("h", "verify", self.ada).out)
		self.assertIn('signed by "Bob", whose card you have from a file, not compared',
			self.kith("h", "verify", self.bob).out)
		self.kith("ada", "card", "set", "note=new")
		new = self.card_of("ada")
		self.assertIn("newer than the one you have", self.kith("h", "verify", new).out)
		made = self.kith("h", "verify", "--json", new).json
		self.assertEqual((made["signer"], made["compared"], made["contact"]["name"]),
			("contact", "newer", "Ada Lovelace"))
		self.assertIn("signed by you", self.kith("ada", "verify", new).out)

	def test_verify_armor_and_pipe(self):
		armor = self.armor("ada")
		self.assertIn("in armor", self.kith("h", "verify", "-", stdin=armor).out)
		armor = armor.replace(b"\n", b"  \r\n")
		text = b"Dear all,\r\n\r\n" + armor + b"\r\n-- \r\nAda\r\n"
		self.assertIn('of "Ada Lovelace"', self.kith("h", "verify", "-", stdin=text).out)

	def test_verify_every_flipped_byte(self):
		good = self.read(self.ada)
		for i in range(0, len(good), 7):
			bad = bytearray(good)
			bad[i] ^= 1
			r = self.kith("h", "verify", "-", stdin=bytes(bad), status=6)
			self.assertEqual(r.out, "")
		r = self.kith("h", "verify", "-", stdin=self.forged(self.ada), status=6)
		self.assertIn("signature does not hold", r.err)
		r = self.kith("h", "verify", "-", "--json", stdin=self.forged(self.ada), status=6)
		self.assertEqual(r.json["valid"], False)

	def test_verify_other_files(self):
		for data, words in ((b"", "not a kith card"), (b"hello\n", "not a kith card"),
				(b"BEGIN:VCARD\r\nVERSION:3.0\r\n", "an unsigned vCard"),
				(b"\xef\xbb\xbf\nbegin:vcard\n", "an unsigned vCard"),
				(self.read(self.ada)[:-1], "damaged"),
				(self.read(self.ada) + b"x", "damaged"),
				(f"{BEGIN}\nAAA\n".encode(), "damaged"),
				(f"{BEGIN}\n????\n{END}\n".encode(), "damaged"),
				(f"{BEGIN}\n{'eHh4' * 33}\n{END}\n".encode(),
					"damaged")):
			r = self.kith("h", "verify", self.write("file", data), status=6)
			self.assertIn(words, r.err)
			self.assertIn("file", r.err)

	def test_files_that_cannot_be_read(self):
		big = self.write("big", b"x" * 65537)
		fifo = self.path("fifo")
		os.mkfifo(fifo)
		for command in ("verify", "import"):
			self.assertIn("larger than 65536",
				self.kith("h", command, big, status=6).err)
			self.kith("h", command, fifo, status=1)
			self.kith("h", command, "/dev/zero", status=1)
			self.kith("h", command, self.path("none"), status=1)
			self.kith("h", command, status=2)
		self.kith("h", "verify", self.folder, status=1)
		self.kith("h", "verify", big[:-3] + "big", status=6)
		self.write("limit", b"x" * 65536)
		self.assertIn("not a kith card",
			self.kith("h", "verify", self.path("limit"), status=6).err)

	# import

	def test_import(self):
		r = self.kith("h", "import", self.ada, self.bob)
		self.assertIn('new      "Ada Lovelace", revision 1, from a file, not compared', r.out)
		self.assertIn('new      "Bob"', r.out)
		before = self.kith("h", "list", "--json").raw
		self.assertIn('same     "Ada Lovelace", revision 1\n',
			self.kith("h", "import", self.ada).out)
		self.assertEqual(self.kith("h", "list", "--json").raw, before)
		old = self.write("old", self.read(self.ada))
		self.kith("ada", "card", "set", "note=x")
		self.kith("ada", "card", "set", "name=Ada King")
		self.assertIn('updated  "Ada King", revision 1 to 3',
			self.kith("h", "import", self.card_of("ada")).out)
		r = self.kith("h", "import", old, status=6)
		self.assertIn("revision 1, older than revision 3", r.err)
		self.assertEqual(self.kith("h", "show", "ada", "--json").json["revision"], 3)

	def test_import_conflict(self):
		self.kith("ada", "export", "--me", "--armor")
		os.mkdir(self.path("clone"), 0o700)
		for name, data in self.tree("ada").items():
			if not name.endswith(("-shm", "-wal")):
				os.close(os.open(self.path("clone", name), os.O_CREAT, 0o600))
				with open(self.path("clone", name), "wb") as f:
					f.write(data)
		self.kith("ada", "card", "set", "note=here")
		self.kith("clone", "card", "set", "note=there")
		self.kith("h", "import", self.card_of("ada"))
		r = self.kith("h", "import", self.card_of("clone"), status=6)
		self.assertIn("the key may have been copied", r.err)
		ada = self.kith("h", "show", "ada", "--json").json
		self.assertTrue(ada["conflict"])
		self.assertIn("here", [f["value"] for f in ada["fields"]])
		self.assertIn("two different cards", self.kith("h", "show", "ada").out)
		self.assertIn("the key may have been copied",
			self.kith("h", "verify", self.path("clone.kith")).out)

	def test_import_another_card_of_theirs(self):
		"""The same key, another card id: what init makes of a key without a store, with a number
		behind all that the key may have signed before."""
		os.mkdir(self.path("twin"), 0o700)
		key = self.write(os.path.join("twin", "identity.key"),
			self.tree("ada")["identity.key"])
		os.chmod(key, 0o600)
		self.kith("twin", "init", "name=Ada at home")
		self.kith("h", "import", self.ada)
		r = self.kith("h", "import", self.card_of("twin"))
		self.assertIn('beside   "Ada at home", revision 1048577, another card of theirs', r.out)
		self.assertEqual(self.kith("h", "show", "ada", "--json").json["name"],
			"Ada Lovelace")
		r = self.kith("h", "import", "--json", self.path("twin.kith"))
		self.assertEqual(r.json[0]["result"], "same")

	def test_import_own_card(self):
		r = self.kith("h", "import", self.card_of("h"), status=1)
		self.assertIn("your own card", r.err)
		self.assertEqual(self.kith("h", "list").out, "")

	def test_import_worst_status_and_the_rest(self):
		bad = self.write("bad.kith", self.forged(self.ada))
		r = self.kith("h", "import", bad, self.path("none"), self.bob, self.card_of("h"),
			status=6)
		self.assertIn('new      "Bob"', r.out)
		self.assertEqual(r.err.count("skipped"), 3)
		r = self.kith("h", "import", "--json", bad, self.ada, self.bob, status=6)
		self.assertEqual([(x["file"], x["result"]) for x in r.json],
			[(bad, "skipped"), (self.ada, "new"), (self.bob, "same")])
		self.assertIn("signature", r.json[0]["reason"])
		self.assertEqual(r.json[1]["contact"]["name"], "Ada Lovelace")

	def test_import_vcard(self):
		r = self.kith("h", "import", self.write("x.vcf", b"BEGIN:VCARD\r\n"), status=6)
		self.assertIn("no END:VCARD", r.err)
		self.assertIn("has no name", r.err)

	def test_import_armor_of_several(self):
		parts = [b"noise", self.armor("ada"), b"more", self.armor("bob"), b"end\n"]
		both = b"\n".join(parts)
		r = self.kith("h", "import", "-", stdin=both)
		self.assertEqual(r.out.count("new"), 2)
		broken = both + f"{BEGIN}\nAAAA\n".encode()
		r = self.kith("h", "import", "-", stdin=broken, status=6)
		self.assertEqual(r.out.count("same"), 2)

	# export

	def cards(self, text):
		self.assertTrue(text.startswith("BEGIN:VCARD\r\nVERSION:3.0\r\n"))
		return text.split("END:VCARD\r\n")[:-1]

	def test_export_vcard(self):
		self.kith("h", "import", self.ada, self.bob)
		r = self.kith("h", "export", "ada")
		self.assertIn("\r\nEMAIL;TYPE=WORK:ada@example.org\r\n", r.raw.decode())
		self.assertEqual(len(self.cards(r.raw.decode())), 1)
		text = self.kith("h", "export", "ada", "bob", "ADA", "--format",
			"vcard3").raw.decode()
		self.assertEqual(len(self.cards(text)), 2)
		self.assertEqual(self.kith("h", "export", "--all").raw.decode(), text)
		self.assertIn("FN:Me Myself", self.kith("h", "export", "--me").out)
		self.kith("h", "export", "carol", status=3)
		r = self.kith("h", "export", "ada", "carol", status=3)
		self.assertEqual(r.out, "")

	def test_export_kith(self):
		self.kith("h", "import", self.ada, self.bob)
		r = self.kith("h", "export", "ada", "--format", "kith")
		self.assertEqual(r.raw, self.read(self.ada))
		r = self.kith("h", "export", "--all", "--format", "kith")
		self.assertEqual(r.out.count(BEGIN), 2)
		self.kith("other", "init", "name=Other")
		self.kith("other", "import", "-", stdin=r.raw)
		self.assertEqual(len(self.kith("other", "list", "--json").json), 2)
		self.assertEqual(self.kith("h", "export", "ada", "--armor").raw, self.armor("ada"))

	def test_export_to_a_terminal_is_inert(self):
		"""What others wrote does nothing to a terminal; a pipe and a file get the bytes (T17)."""
		note = b"NOTE:\x1b]0;owned\x07\x1b[31m\xc2\x9b5m \xe2\x80\xaegpj.exe" + b" folded" * 20
		vcard = b"\r\n".join((b"BEGIN:VCARD", b"VERSION:3.0", b"UID:acts-1", b"FN:Eve", note,
			b"X-ODD;X-P=\x1b[2J:\x1b[2J", b"END:VCARD", b""))
		with open(self.path("eve.vcf"), "wb") as f:
			f.write(vcard)
		self.kith("h", "import", self.path("eve.vcf"))
		for args in (("eve",), ("--all", "-o", "-"), ("eve", "-o", "/dev/stdout"),
				("eve", "--format", "vcard4")):
			with self.subTest(args):
				status, screen = self.terminal("h", "export", *args)
				self.assertEqual(status, 0, screen)
				for acts in (b"\x1b", b"\x07", b"\xc2\x9b", b"\xe2\x80\xae"):
					self.assertNotIn(acts, screen)
				self.assertIn(b"FN:Eve\r\n", screen)
				self.assertIn("NOTE:\ufffd]0;owned\ufffd".encode(), screen)
				self.assertEqual(screen.count(b"-o FILE or a pipe gives the bytes"), 1)
		raw = self.kith("h", "export", "eve")
		self.assertIn(b"\x1b]0;owned\x07", raw.raw)
		self.assertEqual(raw.err, "")
		self.kith("h", "export", "eve", "-o", self.path("out.vcf"))
		self.assertEqual(self.read(self.path("out.vcf")), raw.raw)

	def test_export_vcard4(self):
		text = self.kith("h", "export", "--me", "--format", "vcard4").raw
		self.assertTrue(text.startswith(b"BEGIN:VCARD\r\nVERSION:4.0\r\n"))
		self.assertIn("not altered", self.kith("h", "verify", "-", stdin=text).out)

	def test_export_typed(self):
		self.kith("h", "import", self.ada)
		self.kith("h", "add", "name=Grace Hopper", "tel.work=+12025550143")
		text = self.kith("h", "export", "--all").raw.decode()
		self.assertEqual(len(self.cards(text)), 2)
		self.assertIn("FN:Grace Hopper\r\n", text)
		r = self.kith("h", "export", "--all", "--format", "kith")
		self.assertEqual(r.out.count(BEGIN), 1)
		self.assertIn("1 person has no signed card and was left out", r.err)
		r = self.kith("h", "export", "grace", "--format", "kith", status=1)
		self.assertIn("no signed card", r.err)
		text = self.kith("h", "export", "grace").raw
		self.assertIn("same", self.kith("h", "import", "-", stdin=text).out)

	def test_export_json(self):
		self.kith("h", "import", self.ada, self.bob)
		everybody = self.kith("h", "list", "--json").json
		self.assertEqual(self.kith("h", "export", "--all", "--format", "json").json,
			everybody)
		self.assertEqual(self.kith("h", "export", "ada", "--json").json, everybody[:1])
		self.assertEqual(self.kith("h", "export", "--me", "--json").json[0]["name"],
			"Me Myself")

	def test_export_file(self):
		path = self.path("out.vcf")
		self.kith("h", "export", "--me", "-o", path, umask=0)
		self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
		self.assertEqual(self.read(path), self.kith("h", "export", "--me").raw)
		target = self.write("target", b"precious")
		os.symlink(target, self.path("link"))
		self.kith("h", "export", "--me", "-o", self.path("link"))
		self.assertEqual(self.read(target), b"precious")
		self.kith("h", "export", "--me", "-o", self.path("no", "such"), status=1)
		os.mkdir(self.path("dir"))
		self.kith("h", "export", "--me", "-o", self.path("dir"), status=1)
		self.assertEqual(self.kith("h", "export", "--me", "-o", "-").raw, self.read(path))
		self.kith("h", "export", "--me", "-o", "/dev/null")
		self.assertTrue(stat.S_ISCHR(os.stat("/dev/null").st_mode))
		self.assertIn("FN:Me", self.kith("h", "export", "--me", "-o", "/dev/stdout").out)
		self.assertEqual([n for n in os.listdir(self.folder) if n.endswith(".tmp")], [])

	def test_export_without_a_card(self):
		self.seed("h", self.ada, "compared", "", MAY, "confirm")
		r = self.kith("h", "export", "ada", status=1)
		self.assertIn("no card to export yet", r.err)
		self.kith("h", "import", self.bob)
		r = self.kith("h", "export", "--all")
		self.assertEqual(len(self.cards(r.raw.decode())), 1)
		self.assertIn("1 person has no card yet", r.err)
		self.assertEqual(len(self.kith("h", "export", "--all", "--json").json), 2)

	def test_export_wrong_usage(self):
		for args in ([], ["--me", "--all"], ["ada", "--all"],
			["--me", "--own", "--format", "kith"],
				["--me", "--format", "csv"],
				["--me", "--armor", "--format", "vcard3"],
				["--me", "--vdir", "x"], ["--me", "-o"], ["--me", "--nonsense"],
				["--me", "--all=x"]):
			r = self.kith("h", "export", *args, status=2)
			self.assertEqual(r.out, "")
			self.assertIn("usage: kith export", r.err)

	def test_export_binary_to_a_terminal(self):
		status, screen = self.terminal("h", "export", "--me", "--format", "kith")
		self.assertEqual(status, 2)
		self.assertIn(b"--armor", screen)
		self.assertNotIn(b"KITHCARD", screen)
		status, screen = self.terminal("h", "export", "--me", "--armor")
		self.assertEqual(status, 0)

	def test_full_disk(self):
		if not os.path.exists("/dev/full"):
			self.skipTest("there is no /dev/full here")
		with open("/dev/full", "wb") as full:
			done = subprocess.run([house.KITH, "--home", self.path("h"), "export",
				"--me"],
				stdout=full, stderr=subprocess.PIPE, env=self.env(), check=False)
		self.assertEqual(done.returncode, 1)
		self.assertIn(b"could not be written", done.stderr)


if __name__ == "__main__":
	house.main()
