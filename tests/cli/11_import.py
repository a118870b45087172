# SPDX-License-Identifier: MIT
"""import, verify, export and init --from: vCards, links, codes, folders and pipes."""

import base64
import json
import os
import pty
import resource
import select
import shutil
import signal
import subprocess
import time

import house

GRACE = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"


def vcard(*lines, version="3.0"):
	return "\r\n".join(["BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", ""]).encode()


def person(name, *lines, uid=None):
	return vcard(*([f"UID:{uid}"] if uid else []), f"FN:{name}", *lines)


def many(n, first=0):
	return b"".join(person(f"Number {i}", f"EMAIL:n{i}@example.org", uid=f"uid-{i}")
		for i in range(first, first + n))


class Import(house.Case):
	def setUp(self):
		super().setUp()
		self.kith("h", "init", "name=Me Myself", "email=me@example.org")

	def write(self, name, data):
		os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
		with open(self.path(name), "wb") as f:
			f.write(data)
		return self.path(name)

	def take(self, data, *more, status=0, name="x.vcf"):
		return self.kith("h", "import", self.write(name, data), *more, status=status)

	def list(self):
		return self.kith("h", "list", "--json").json

	def names(self):
		return sorted(c["name"] for c in self.list())

	def values(self, who, kind):
		"""All values of a kind: those that are signed, and my own."""
		c = self.kith("h", "show", who, "--json").json
		own = [f for e in c.get("own", []) for f in e.get("fields", [e])]
		return [f["value"] for f in c["fields"] + own if f.get("kind") == kind]

	def mark(self, raw):
		"""What came of each card, in order."""
		return [line.split()[0] for line in raw.splitlines() if line]

	# one vCard

	def test_new_and_same_and_updated(self):
		data = person("Grace Hopper", "EMAIL:grace@example.org", uid=GRACE)
		self.assertIn('new      "Grace Hopper"', self.take(data).out)
		self.assertIn('same     "Grace Hopper"', self.take(data).out)
		self.assertEqual(len(self.list()), 1)
		data = person("Grace Brewster Hopper", "EMAIL:g@example.org", uid=GRACE)
		self.assertIn('updated  "Grace Brewster Hopper"', self.take(data).out)
		self.assertEqual(self.names(), ["Grace Brewster Hopper"])
		self.assertEqual(self.values("grace", "email"), ["g@example.org"])

	def test_every_byte_comes_out_again(self):
		data = person("Grace", "item1.X-ABLabel:_$!<Anniversary>!$_", "X-SHOE-SIZE;UNIT=EU:38",
			"EMAIL;TYPE=INTERNET,WORK:grace@example.org", uid=GRACE)
		self.take(data)
		text = self.kith("h", "export", "grace").raw
		for line in data.split(b"\r\n"):
			self.assertIn(line + b"\r\n" if line else b"", text)

	def test_a_name_and_an_address_are_one_person(self):
		self.take(person("Grace Hopper", "EMAIL:grace@example.org", uid="one"))
		r = self.take(person("grace hopper", "EMAIL:GRACE@example.org", "TEL:+12025550143",
			uid="two"))
		self.assertIn("updated", r.out)
		self.assertEqual(len(self.list()), 1)
		self.assertEqual(self.values("grace", "tel"), ["+12025550143"])
		r = self.take(person("Grace Hopper", "TEL:+12025550143", uid="three"))
		self.assertIn("same", r.out)
		self.assertIn("new", self.take(person("Grace Hopper", "TEL:+9", uid="four")).out)
		self.assertEqual(len(self.list()), 2)

	# the UID of somebody who is there

	def test_an_edit_is_not_written_over(self):
		data = person("Grace Hopper", "EMAIL:grace@example.org", "TEL:+12025550143", uid=GRACE)
		self.take(data)
		self.kith("h", "edit", "grace", "email=mine@example.org", "title=Rear admiral")
		self.assertIn("typed in", self.kith("h", "list").out)
		for _ in range(2):
			self.assertEqual(self.mark(self.take(data).out), ["same"])
			self.assertEqual(self.values("grace", "email"), ["mine@example.org"])
			self.assertEqual(self.values("grace", "title"), ["Rear admiral"])
		r = self.take(person("Grace H.", "TITLE:Clerk", "TEL:+12025550199", uid=GRACE))
		self.assertIn("what is new was added", r.out)
		self.assertEqual(self.names(), ["Grace Hopper"])
		self.assertEqual(self.values("grace", "title"), ["Rear admiral", "Clerk"])
		self.assertEqual(sorted(self.values("grace", "tel")), ["+12025550143", "+12025550199"])
		self.assertEqual(self.list()[0]["from"], "typed")

	def test_who_was_typed_in_is_not_replaced(self):
		self.kith("h", "add", "name=Grace Hopper", "email=grace@example.org", "note=mine")
		data = person("Grace Hopper", "EMAIL:other@example.org", uid=self.list()[0]["id"])
		self.assertIn("added", self.take(data).out)
		self.assertEqual(self.mark(self.take(data).out), ["same"])
		self.assertEqual(sorted(self.values("grace", "email")),
			["grace@example.org", "other@example.org"])
		self.assertEqual(self.values("grace", "note"), ["mine"])

	def test_without_uid_an_edit_stays_too(self):
		data = person("Grace Hopper", "EMAIL:grace@example.org")
		self.take(data)
		self.kith("h", "edit", "grace", "email=mine@example.org")
		self.assertEqual(self.mark(self.take(data).out), ["same"])
		self.assertEqual(self.values("grace", "email"), ["mine@example.org"])

	def test_an_older_file_replaces_nothing(self):
		def of(rev, *lines):
			return person("Grace Hopper", f"REV:{rev}", *lines, uid=GRACE)
		self.take(of("2026-05-03T10:00:00Z", "EMAIL:new@example.org"))
		r = self.take(of("20250503T100000Z", "EMAIL:old@example.org"))
		self.assertIn("what is new was added", r.out)
		self.assertEqual(sorted(self.values("grace", "email")),
			["new@example.org", "old@example.org"])
		self.assertEqual(self.mark(self.take(of("20250503T100000Z",
			"EMAIL:old@example.org")).out), ["same"])
		self.take(of("20260503T100001Z", "EMAIL:newest@example.org"))
		self.assertEqual(self.values("grace", "email"), ["newest@example.org"])

	def test_two_people_with_one_uid(self):
		self.take(person("Grace Hopper", "EMAIL:grace@example.org", uid=GRACE))
		data = person("Ada Lovelace", "EMAIL:ada@example.org", uid=GRACE)
		r = self.take(data)
		self.assertIn('new      "Ada Lovelace"', r.out)
		self.assertIn('has the UID of "Grace Hopper"', r.err)
		self.assertEqual(self.names(), ["Ada Lovelace", "Grace Hopper"])
		r = self.take(data)
		self.assertIn('same     "Ada Lovelace"', r.out)
		self.assertEqual(r.err, "")
		self.assertIn("updated", self.take(person("Grace Murray", uid=GRACE)).out)
		self.assertEqual(self.names(), ["Ada Lovelace", "Grace Murray"])

	def test_without_uid_nobody_comes_twice(self):
		data = person("Nobody Special") + person("With Mail", "EMAIL:w@example.org")
		self.assertEqual(self.mark(self.take(data).out), ["new", "new"])
		self.assertEqual(self.mark(self.take(data).out), ["same", "same"])
		self.assertEqual(len(self.list()), 2)
		for c in self.list():
			self.assertRegex(c["id"], r"^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$")

	def test_what_is_skipped_and_why(self):
		r = self.take(vcard("X-NOTHING:1") + person("Ada"), status=6)
		self.assertIn("x.vcf:1: a vCard has no name", r.err)
		self.assertEqual(self.names(), ["Ada"])

	def test_the_line_of_a_bad_line(self):
		"""case 33"""
		r = self.take(person("Ada", "this is no property", "TEL:+441234567"))
		self.assertIn("x.vcf:4: ", r.err)
		self.assertEqual(self.values("ada", "tel"), ["+441234567"])
		r = self.kith("h", "import", "-", stdin=b"\n\n" + person("Bob", "neither this"))
		self.assertIn("standard input:6: ", r.err)

	def test_my_own_card_is_me(self):
		r = self.take(self.kith("h", "export", "--me").raw, status=1)
		self.assertIn("that is you", r.err)
		self.assertEqual(self.list(), [])

	def test_dry_run(self):
		self.take(person("Ada", uid="a"))
		before = self.tree("h")["kith.db"]
		r = self.take(person("Ada King", uid="a") + person("Bob"), "--dry-run")
		self.assertIn("nothing is written", r.out)
		self.assertEqual(self.mark(r.out)[1:], ["updated", "new"])
		self.assertEqual(self.names(), ["Ada"])
		self.assertEqual(self.tree("h")["kith.db"], before)

	def test_json(self):
		r = self.take(person("Ada") + vcard("X-NO:1") + person("Bob"), "--json", status=6)
		self.assertEqual([x["result"] for x in r.json], ["new", "skipped", "new"])
		self.assertIn("no name", r.json[1]["reason"])
		self.assertEqual(r.json[2]["contact"]["name"], "Bob")
		self.assertEqual(r.json[0]["file"], self.path("x.vcf"))

	def test_many_are_summed_up(self):
		r = self.take(many(30) + vcard("X-NO:1") + many(30), status=6)
		self.assertEqual(r.out, "30 new, 30 same (you had them already), 1 skipped\n")
		self.take(person("Number 5", "EMAIL:other@example.org", uid="uid-5"))
		r = self.take(many(1230))
		self.assertEqual(r.out.splitlines(), ['updated  "Number 5"',
			"1,200 new, 1 updated, 29 same (you had them already)"])
		self.assertEqual(len(self.list()), 1230)

	def test_twenty_have_a_line_each(self):
		self.assertEqual(self.mark(self.take(many(20)).out), ["new"] * 20)
		self.assertEqual(len(self.take(many(21, 100)).out.splitlines()), 1)

	# beside signed cards

	def swapped(self):
		card = self.person("grace", "Grace Hopper", "email=grace@example.org",
			"tel.work=+12025550143")
		self.kith("h", "import", card)

	def test_what_kith_exported_is_the_same(self):
		self.swapped()
		text = self.kith("h", "export", "grace").raw
		self.assertIn("same", self.take(text).out)
		self.assertEqual(len(self.list()), 1)
		self.assertEqual(self.values("grace", "email"), ["grace@example.org"])

	def test_what_stands_beside_a_signed_card_becomes_mine(self):
		self.swapped()
		text = self.kith("h", "export", "grace").raw
		text = text.replace(b"END:VCARD", b"TEL;TYPE=HOME:+12025550199\r\nX-CAT:Tom\r\nEND:VCARD")
		self.assertIn("updated", self.take(text).out)
		self.assertIn("same", self.take(text).out)
		c = self.kith("h", "show", "grace", "--json").json
		self.assertEqual([f["value"] for f in c["fields"] if f["kind"] == "tel"],
			["+12025550143"])
		self.assertIn("+12025550199", self.values("grace", "tel"))
		self.assertNotIn(b"0199", self.kith("h", "export", "grace").raw)
		own = self.kith("h", "export", "grace", "--own").raw
		self.assertIn(b"+12025550199", own)
		self.assertIn(b"X-CAT:Tom\r\n", own)

	def test_what_was_altered_is_told(self):
		self.swapped()
		text = self.kith("h", "export", "grace").raw
		bad = text.replace(b"grace@example.org", b"eve@example.org")
		self.assertNotEqual(bad, text)
		r = self.take(bad)
		self.assertIn('of "Grace Hopper" was altered since it was signed: email\n', r.err)
		self.assertIn("eve@example.org", self.values("grace", "email"))
		out = self.kith("h", "show", "grace").out
		self.assertIn("\nFrom a file, not signed (imported ", out)
		self.assertNotIn("Your own", out)
		self.kith("h", "edit", "grace", "note=mine")
		self.assertIn("\nYour own, not signed (typed in ", self.kith("h", "show", "grace").out)
		self.assertEqual(self.mark(self.take(bad).out), ["same"])
		self.assertEqual(self.take(text).err, "")

	def test_export_of_nobody_signed(self):
		self.take(person("Grace"))
		path = self.path("x.kith")
		r = self.kith("h", "export", "--all", "--format", "kith", "-o", path, status=1)
		self.assertIn("nobody has a signed card", r.err)
		self.assertFalse(os.path.exists(path))

	def test_without_its_signature_the_uid_tells(self):
		"""Servers drop what they do not know; the UID is still that of the key."""
		self.swapped()
		text = self.kith("h", "export", "grace").raw
		lines = text.replace(b"\r\n ", b"").split(b"\r\n")
		text = b"\r\n".join(l for l in lines if not l.startswith(b"X-KITH"))
		self.assertIn("same", self.take(text).out)
		self.assertEqual(len(self.list()), 1)

	def test_a_signed_card_comes_in_a_vcard(self):
		self.person("grace", "Grace Hopper", "email=grace@example.org")
		text = self.kith("grace", "export", "--me").raw
		r = self.take(text)
		self.assertIn('new      "Grace Hopper", revision 1, from a file, not compared', r.out)
		c = self.list()[0]
		self.assertRegex(c["id"], house.ID)
		self.assertEqual(c["state"], "complete")

	def test_a_broken_signature_is_a_remark(self):
		self.person("grace", "Grace Hopper", "email=grace@example.org")
		text = self.kith("grace", "export", "--me").raw.replace(b"\r\n ", b"")
		at = text.index(b"X-KITH-CARD") + 200
		text = text[:at] + (b"A" if text[at:at + 1] != b"A" else b"B") + text[at + 1:]
		r = self.take(text)
		self.assertIn("does not hold", r.err)
		self.assertIn('new      "Grace Hopper", nothing is signed', r.out)
		self.assertEqual(self.list()[0]["state"], "typed")

	def test_somebody_who_looks_like_one_with_a_key(self):
		self.swapped()
		r = self.take(person("Grace HOPPER", "EMAIL:other@example.org", uid="g"))
		self.assertRegex(r.err, r"kith join [A-Z2-7]{8} [0-9a-f]{8}\n")
		r = self.take(person("Amazing Grace", "EMAIL:Grace@Example.org", uid=GRACE))
		self.assertIn(f"kith join ", r.err)
		r = self.take(person("Somebody Else", uid="s"))
		self.assertEqual(r.err, "")
		words = self.take(person("grace hopper", uid="hh")).err.split("kith join ")[1].split()
		self.kith("h", "join", words[0], words[1], "--yes")

	# where it comes from

	def test_folder(self):
		self.write("dir/a.vcf", person("Ada"))
		self.write("dir/b.VCF", person("Bob"))
		self.write("dir/c.vcf.tmp", person("Carol"))
		self.write("dir/.d.vcf", person("Dan"))
		self.write("dir/e.txt", person("Eve"))
		self.kith("h", "import", self.path("dir"))
		self.assertEqual(self.names(), ["Ada", "Bob"])
		os.mkdir(self.path("empty"))
		self.assertIn("no vCard", self.kith("h", "import", self.path("empty"), status=6).err)

	def link(self, home="ada"):
		"""The card of a home as a link, by the vectors' rules: base32 without padding."""
		with open(self.card_of(home), "rb") as f:
			return "KITH:1/C/" + base64.b32encode(f.read()).decode().rstrip("=")

	def test_links(self):
		self.person("ada", "Ada Lovelace")
		link = self.link()
		self.assertIn('new      "Ada Lovelace", revision 1', self.kith("h", "import", link).out)
		for text in (link.lower(), f"  {link}\n", f"Hello,\n> {link}\nBest\n",
				"\n".join(link[i:i + 60] for i in range(0, len(link), 60))):
			r = self.kith("h", "import", "-", stdin=text.encode())
			self.assertEqual(self.mark(r.out), ["same"], text)
			self.assertEqual(self.mark(self.take(text.encode()).out), ["same"], text)
		self.kith("h", "import", link[:-1], status=6)
		self.kith("h", "import", link.replace("KITH:1", "KITH:9"), status=6)

	def test_links_to_something_else(self):
		"""case 38"""
		self.assertIn("kith compare WHO",
			self.kith("h", "import", "KITH:1/I/" + "A" * 52, status=6).err)
		self.assertIn("kith swap --to",
			self.kith("h", "import", "KITH:1/J/" + "A" * 64, status=6).err)
		for text, words in (("https://example.org/x", "a web address"),
				("WIFI:T:WPA;S:net;P:secret;;", "Wi-Fi"),
				("mailto:ada@example.org", "an e-mail address"),
				("KITHX:1/C/AAAA", "KITHX"), ("KITH:1/C/" + "A" * 4296, "")):
			r = self.kith("h", "import", text, status=1 if words == "KITHX" else 6)
			self.assertIn(words, r.err)
			self.assertIn(words if words != "KITHX" else "not a kith card",
				self.take(text.encode(), status=6).err)
		self.assertNotIn("secret", self.take(b"WIFI:P:secret;;", status=6).err)

	def test_mecard(self):
		r = self.kith("h", "import", "MECARD:N:Lovelace,Ada;TEL:+44 20 7946 0000;"
			"EMAIL:ada@example.org;BDAY:18151210;NOTE:a\\;b\\:c;URL:https\\://x.org;"
			"ADR:,,1 High St,London,,N1,UK;;")
		self.assertIn('new      "Ada Lovelace"', r.out)
		self.assertEqual(self.values("ada", "bday"), ["1815-12-10"])
		self.assertEqual(self.values("ada", "note"), ["a;b:c"])
		self.assertEqual(self.values("ada", "url"), ["https://x.org"])
		self.assertEqual(self.values("ada", "adr"), ["1 High St;London;;N1;UK"])
		self.assertEqual(self.values("ada", "family"), ["Lovelace"])
		self.assertIn("without a name",
			self.kith("h", "import", "MECARD:TEL:1;;", status=6).err)

	def test_a_pipe_is_answered_line_by_line(self):
		"""What zbarcam --raw writes: one text a code, and the next one whenever it comes."""
		self.person("ada", "Ada Lovelace")
		run = subprocess.Popen([house.KITH, "--home", self.path("h"), "import", "-"],
			stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
			env=self.env(), bufsize=0)
		self.addCleanup(run.stderr.close)
		self.addCleanup(run.stdout.close)

		def say(text, fd, words):
			run.stdin.write(text)
			got = b""
			while words not in got:
				self.assertTrue(select.select([fd], [], [], 20)[0],
					f"no answer to {text!r}, only {got!r}")
				some = os.read(fd.fileno(), 4096)
				self.assertTrue(some, f"it ended after {got!r}")
				got += some
		try:
			say(self.link().encode() + b"\n", run.stdout, b'new      "Ada Lovelace"')
			say(person("Grace") + b"\n", run.stdout, b'new      "Grace"')
			say(b"MECARD:N:Bob;TEL:5550143;;\n", run.stdout, b'new      "Bob"')
			say(b"KITH:1/I/" + b"A" * 52 + b"\n", run.stderr, b"kith compare")
			self.assertEqual(self.names(), ["Ada Lovelace", "Bob", "Grace"])
			say(b"https://example.org/\n", run.stderr, b"that is a web address")
			say(person("Carol") + self.link().encode() + b"\n", run.stdout, b"same")
			run.stdin.close()
			self.assertEqual(run.wait(timeout=20), 6)
		finally:
			run.kill()
			run.wait()
		self.assertIn("Carol", self.names())

	def test_pictures(self):
		if not shutil.which("qrencode"):
			self.skipTest("qrencode is not here")
		self.person("ada", "Ada Lovelace")
		for name, text in (("link", self.link()), ("card", person("Grace").decode()),
				("mecard", "MECARD:N:Bob;TEL:5550143;;")):
			png = self.path(name + ".png")
			subprocess.run(["qrencode", "-8", "-s", "5", "-o", png],
				input=text.encode(), check=True)
			self.assertIn("new", self.kith("h", "import", png).out)
		self.assertEqual(self.names(), ["Ada Lovelace", "Bob", "Grace"])
		self.assertIn('of "Ada Lovelace"',
			self.kith("h", "verify", self.path("link.png")).out)
		subprocess.run(["qrencode", "-o", self.path("web.png"), "https://example.org"],
			check=True)
		self.assertIn("a web address",
			self.kith("h", "import", self.path("web.png"), status=6).err)
		broken = self.write("broken.png", b"\x89PNG\r\n\x1a\n" + bytes(100))
		self.kith("h", "import", broken, status=6)

	# every line end and encoding

	def test_line_ends_and_encodings(self):
		"""case 33"""
		text = person("Zoë Ñandú", "EMAIL:zoe@example.org", uid="z").decode()
		same = []
		for name, data in (("lf", text.replace("\r\n", "\n").encode()),
				("cr", text.replace("\r\n", "\r").encode()),
				("crcrlf", text.replace("\r\n", "\r\r\n").encode()),
				("bom", b"\xef\xbb\xbf" + text.encode()),
				("utf16", text.encode("utf-16")), ("be", text.encode("utf-16-be")),
				("le", text.encode("utf-16-le")),
				("lower", text.replace("BEGIN:VCARD", "begin:vcard").encode())):
			r = self.take(data, name=name)
			self.assertNotIn("skipped", r.out + r.err, name)
			same += self.mark(r.out)
			r = self.kith("h", "import", "-", stdin=data)
			self.assertEqual(self.mark(r.out), ["same"], name)
		self.assertEqual(same[0], "new")
		self.assertEqual(self.names(), ["Zoë Ñandú"])

	def test_nested_and_without_an_end(self):
		"""case 33"""
		agent = "AGENT:\r\n" + vcard("FN:The Agent", version="2.1").decode().strip()
		r = self.take(vcard("FN:Boss", agent, version="2.1") + person("Ada"))
		self.assertEqual(self.mark(r.out), ["new", "new"])
		r = self.take(b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Cut\r\n" + person("Whole"))
		self.assertIn("Whole", self.names())

	# what is hostile

	def bounded(self, data, status, words, limit=1 << 30, command="import"):
		"""Runs it with a bound on memory that the file alone would break."""
		def bound():
			resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
		done = subprocess.run([house.KITH, "--home", self.path("h"), command, data],
			capture_output=True, env=self.env(), timeout=120,
			preexec_fn=None if house.sanitized() else bound)
		self.assertEqual(done.returncode, status, done.stderr[-500:])
		self.assertIn(words, (done.stdout + done.stderr).decode())

	def test_bombs(self):
		"""case 32"""
		path = self.write("bomb.vcf", vcard("FN:A", "NOTE:" + "x" * 8_000_000) + person("Ada"))
		self.bounded(path, 6, "skipped", limit=1 << 28)
		self.write("bomb.vcf", vcard("FN:A", *["X-A:b"] * 200_000) + person("Bob"))
		self.bounded(path, 6, "skipped")
		self.write("bomb.vcf", vcard("FN:A", "TEL" + ";X=y" * 100_000 + ":5") + person("Carol"))
		self.kith("h", "import", path, status=6)
		self.write("bomb.vcf", vcard("FN:A", "NOTE;ENCODING=QUOTED-PRINTABLE:"
			+ "=\r\n" * 2_000_000, version="2.1") + person("Dan"))
		self.kith("h", "import", path, status=6)
		self.assertEqual(self.names(), ["Ada", "Bob", "Carol", "Dan"])

	def test_only_64_kib_are_read_of_what_is_no_card(self):
		"""T20, case 40: a sparse file, and a pipe without an end."""
		with open(self.path("sparse"), "wb") as f:
			f.truncate(5 << 30)
		for command in ("import", "verify"):
			self.bounded(self.path("sparse"), 6, "larger than 65536", 1 << 28, command)
		yes = subprocess.Popen(["yes"], stdout=subprocess.PIPE)
		done = subprocess.run([house.KITH, "--home", self.path("h"), "import", "-"],
			stdin=yes.stdout, capture_output=True, env=self.env(), timeout=60)
		yes.stdout.close()
		yes.wait()
		self.assertEqual(done.returncode, 6)
		self.assertIn(b"larger than 65536", done.stderr)

	def test_nothing_is_fetched_or_read(self):
		"""case 34"""
		secret = self.write("secret", b"precious")
		self.take(person("Ada", f"PHOTO;VALUE=uri:file://{secret}", "LOGO;VALUE=uri:file:///etc/passwd"))
		self.assertEqual(self.values("ada", "photo"), [])

	def test_a_value_does_not_become_a_property(self):
		"""case 35"""
		self.kith("h", "add", "name=Eve", "note=a;b,c\\d\nEND:VCARD\nBEGIN:VCARD\nFN:Injected")
		text = self.kith("h", "export", "eve").raw
		self.assertEqual(text.count(b"\r\nEND:VCARD"), 1)
		self.kith("h", "forget", "Eve", "--yes")
		self.take(text)
		self.assertEqual(self.names(), ["Eve"])
		self.assertEqual(self.values("eve", "note"),
			["a;b,c\\d\nEND:VCARD\nBEGIN:VCARD\nFN:Injected"])

	def test_controls_reach_no_screen(self):
		"""T17, case 26"""
		name = "A\x1b[2J\u202edn"
		r = self.take(person(name, "bad\x1b]0;line") + vcard("X-N:\x1b[2J"), status=6)
		for text in (r.out, r.err, self.kith("h", "list").out):
			self.assertNotIn("\x1b", text)
			self.assertNotIn("\u202e", text)

	def test_what_was_skipped_names_its_limit(self):
		"""case 32"""
		for name, lines in (("VCARD_MAX", ["NOTE:" + "x" * 5_000_000]),
				("VCARD_PROPERTIES_MAX", ["X-A:b"] * 5000),
				("VCARD_PARAMETERS_MAX", ["TEL" + ";X=y" * 70 + ":5"])):
			path = self.write("over.vcf", vcard("FN:A", *lines))
			for command in (["import"], ["verify"], ["init", "--from"]):
				r = self.kith("o" if len(command) > 1 else "h", *command, path, status=6)
				self.assertRegex(r.err, rf"(?m)^kith: [^\n]*over\.vcf: a vCard is over {name} \(\d+ ")
				self.assertNotIn("its limit", r.err)

	def test_armor_over_its_limit(self):
		"""case 37"""
		self.person("ada", "Ada")
		armor = self.kith("ada", "export", "--me", "--armor").raw
		long = armor.replace(b"CARD-----\n", b"CARD-----\n" + b"A" * 10_000_000, 1)
		self.assertIn("longer than 65536", self.take(long, status=6).err)
		r = self.take(long + armor, status=6)
		self.assertEqual(self.mark(r.out), ["new"])

	def test_armor_of_many(self):
		"""More than one read of FILE_READ_MAX, with other text between."""
		self.person("ada", "Ada")
		armor = self.kith("ada", "export", "--me", "--armor").raw
		self.assertGreater(len(armor) * 600, 2 * 65536)
		r = self.take(b"\nAnd another one:\n".join([armor] * 600))
		self.assertEqual(r.out, "1 new, 599 same (you had them already)\n")

	def test_armor_as_mail_leaves_it(self):
		"""case 37"""
		self.person("ada", "Ada")
		armor = self.kith("ada", "export", "--me", "--armor").raw
		self.take(armor)
		for data in (b"Hi,\n" + armor, armor.replace(b"\n", b"\r\n"), armor.replace(b"\n", b"\r"),
				b"> > " + armor.replace(b"\n", b"\n> > "), armor.replace(b"\n", b" \n\t "),
				armor.replace(b"-----", "\u2014\u2013-".encode()),
				armor.replace(b"\n", "\u00a0\r\n".encode()),
				armor.replace(b"=", b"=3D")):
			self.assertEqual(self.mark(self.take(data).out), ["same"], data)
			self.assertIn("in armor", self.kith("h", "verify", "-", stdin=data).out)

	# long work

	def test_progress_at_a_terminal(self):
		ours, theirs = pty.openpty()
		run = subprocess.Popen([house.KITH, "--home", self.path("h"), "import", "-"],
			stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=theirs,
			env=self.env())
		os.close(theirs)
		seen, begun, i = b"", time.monotonic(), 0
		try:
			while b"cards" not in seen and time.monotonic() - begun < 30:
				run.stdin.write(many(50, 50 * i))
				run.stdin.flush()
				i += 1
				if select.select([ours], [], [], 0.05)[0]:
					seen += os.read(ours, 4096)
			self.assertRegex(seen, rb"\r[0-9]+ cards: standard input")
			self.assertGreaterEqual(time.monotonic() - begun, 1)
			self.assertNotIn(b"\n", seen)
			run.communicate(timeout=60)
			self.assertEqual(run.returncode, 0)
			while select.select([ours], [], [], 0.2)[0]:
				try:
					seen += os.read(ours, 4096)
				except OSError:
					break
			self.assertRegex(seen, rb"\r +\r$")
		finally:
			run.kill()
			run.wait()
			os.close(ours)

	def test_no_room_in_the_midst(self):
		"""Earlier batches are kept, and the sentence does not say that nothing was changed."""
		path = self.write("x.vcf", b"".join(person(f"Number {i}", "NOTE:" + "x" * 500, uid=f"uid-{i}")
			for i in range(8000)))
		done = subprocess.run([house.KITH, "--home", self.path("h"), "import", path], env=self.env(),
			capture_output=True, text=True, restore_signals=False, timeout=60, # SIGXFSZ stays ignored
			preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (6000000, 6000000)))
		self.assertEqual(done.returncode, 7, done)
		kept = len(self.list())
		self.assertGreater(kept, 0)
		self.assertLess(kept, 8000)
		self.assertRegex(done.stderr, r"stopped in \S*x\.vcf: .*; what was told above is kept, the last \d+ ")
		self.assertNotIn("nothing was changed", done.stderr)
		self.assertIn(f"{kept:,} new", done.stdout)
		self.assertIn(f"{8000 - kept:,} new", self.kith("h", "import", path).out)

	def test_ctrl_c_keeps_what_is_told(self):
		"""Half a vCard has come: what was finished before it is in, and told."""
		run = subprocess.Popen([house.KITH, "--home", self.path("h"), "import", "-"],
			stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
			env=self.env(), bufsize=0)
		run.stdin.write(person("Ada") + b"BEGIN:VCARD\r\nFN:Half")
		line = run.stdout.readline()
		self.assertIn(b'"Ada"', line)
		run.send_signal(signal.SIGINT)
		out, err = run.communicate(timeout=20)
		self.assertEqual(self.names(), ["Ada"])
		self.assertNotIn(b"Half", out)
		self.assertEqual(run.returncode, 0, err)

	def stored(self):
		return sum(os.path.getsize(self.path("h", name)) for name in os.listdir(self.path("h"))
			if name.startswith("kith.db"))

	def test_ctrl_c_in_a_long_file(self):
		path = self.write("long.vcf", many(60_000))
		empty = self.stored()
		run = subprocess.Popen([house.KITH, "--home", self.path("h"), "import", path],
			stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=self.env())
		while self.stored() < empty + 400_000:  # some batches are in
			self.assertFalse(select.select([run.stdout], [], [], 0.02)[0])
		run.send_signal(signal.SIGINT)
		out, err = run.communicate(timeout=20)
		kept = len(self.list())
		self.assertEqual(run.returncode, 1)
		self.assertRegex(err, rb"stopped in \S*long\.vcf: of \d+ cards ")
		self.assertIn(f"{kept:,} new", out.decode())
		self.assertLess(kept, 60_000)

	def test_corpus(self):
		folder = house.shared("vcards", "given")
		if not folder:
			self.skipTest("the corpus is not here")
		cards = 0
		for root, _, files in sorted(os.walk(folder)):
			for name in sorted(files):
				if not name.lower().endswith((".vcf", ".vcard")):
					continue
				done = subprocess.run([house.KITH, "--home", self.path("h"), "import",
					"--json", os.path.join(root, name)],
					capture_output=True, env=self.env(), timeout=60)
				self.assertIn(done.returncode, (0, 6), (name, done.stderr))
				results = json.loads(done.stdout)
				cards += sum(x["result"] != "skipped" for x in results)
				again = subprocess.run([house.KITH, "--home", self.path("h"), "import",
					"--json", os.path.join(root, name)],
					capture_output=True, env=self.env(), timeout=60)
				for x in json.loads(again.stdout):
					self.assertIn(x["result"], ("same", "skipped", "updated"), name)
		self.assertGreater(cards, 1100)

	def test_corpus_again(self):
		"""Whoever has come once is the same the next time, whatever came in between."""
		folder = house.shared("vcards", "given")
		if not folder:
			self.skipTest("the corpus is not here")
		files = [os.path.join(root, name) for root, _, names in sorted(os.walk(folder))
			for name in sorted(names) if name.lower().endswith((".vcf", ".vcard"))]
		for turn in range(3):
			done = subprocess.run([house.KITH, "--home", self.path("h"), "import", "--json",
				*files], capture_output=True, env=self.env(), timeout=120)
			self.assertIn(done.returncode, (0, 6), done.stderr)
			results = json.loads(done.stdout)
			self.assertGreater(len(results), 1100)
			for x in results if turn else []:
				self.assertIn(x["result"], ("same", "skipped"), (turn, x))


class Verify(house.Case):
	def setUp(self):
		super().setUp()
		self.kith("h", "init", "name=Me Myself")
		self.ada = self.person("ada", "Ada Lovelace", "email.work=ada@example.org",
			"tel=+441234567")
		self.vcf = self.kith("ada", "export", "--me").raw

	def verify(self, data, status=0, *more):
		with open(self.path("v.vcf"), "wb") as f:
			f.write(data)
		return self.kith("h", "verify", self.path("v.vcf"), *more, status=status)

	def test_signed_and_not_altered(self):
		r = self.verify(self.vcf)
		self.assertIn('in a vCard, of "Ada Lovelace"', r.out)
		self.assertIn("nobody you know", r.out)
		self.assertIn("not altered", r.out)
		self.seed("h", self.ada, "compared", "FOSDEM", 1777832411, "card")
		self.assertIn("signed by the key you met on 3 May 2026 at FOSDEM (compared)",
			self.verify(self.vcf).out)
		made = self.verify(self.vcf, 0, "--json").json
		self.assertEqual((made["valid"], made["signed"], made["form"], made["altered"],
			made["added"], made["signer"]), (True, True, "vcard", [], [], "contact"))

	def test_altered(self):
		bad = self.vcf.replace(b"ada@example.org", b"eve@example.org")
		r = self.verify(bad, 6)
		self.assertIn("altered since", r.out)
		self.assertIn("email", r.err)
		self.assertNotIn("tel", r.err)
		made = self.verify(bad, 6, "--json").json
		self.assertEqual((made["valid"], made["signed"], made["altered"], made["added"]),
			(False, True, ["email"], ["email"]))

	def test_added(self):
		more = self.vcf.replace(b"END:VCARD", b"NOTE:mine\r\nEND:VCARD")
		r = self.verify(more)
		self.assertIn("not part of what was signed: note", r.out)

	def test_what_others_would_show(self):
		flat = self.vcf.replace(b"\r\n ", b"")

		def told(before, line, status=0):
			self.assertIn(b"\r\n" + before, flat)
			data = flat.replace(b"\r\n" + before, b"\r\n" + line + b"\r\n" + before, 1)
			made = self.verify(data, status, "--json").json
			self.assertEqual(made["valid"], status == 0)
			return made["altered"], made["added"]
		self.assertEqual(told(b"UID", b"FN;PREF=1:Mallory", 6), (["name"], []))
		self.assertEqual(told(b"UID", b"N;ALTID=1:Mallory;Evil;;;", 6), (["name"], []))
		self.assertEqual(told(b"UID", b"PHOTO;VALUE=uri:http://example.org/x.jpg"),
			([], ["photo"]))
		self.assertEqual(told(b"UID", b"IMPP:xmpp:m@example.org\r\nKEY:AAAA\r\nX-SIGNAL:6"),
			([], ["IMPP", "KEY", "X-SIGNAL"]))
		self.assertEqual(told(b"UID", b"\r\n".join([b"NOTE:n"] * 70 + [b"BDAY:soon"])),
			([], ["bday", "note"]))
		self.assertEqual(told(b"UID", b"PRODID:a\r\nREV:b"), ([], []))

	def test_own_values_are_named(self):
		self.kith("ada", "card", "set", "bday=1815-12-10")
		card = self.kith("ada", "export", "--me", "--format", "kith").raw
		with open(self.path("ada.kith"), "wb") as f:
			f.write(card)
		self.kith("h", "import", self.path("ada.kith"))
		self.kith("h", "edit", "Ada Lovelace", "note=mine")
		with open(self.path("own.vcf"), "wb") as f:
			f.write(person("Ada at home", "BDAY:some day", "IMPP:xmpp:ada@example.org"))
		self.kith("h", "import", self.path("own.vcf"))
		self.kith("h", "join", "Ada Lovelace", "Ada at home", "--yes")
		out = self.kith("h", "export", "Ada Lovelace", "--own").raw
		made = self.verify(out, 0, "--json").json
		self.assertEqual((made["valid"], made["altered"], made["added"]),
			(True, [], ["note", "IMPP"]))

	def test_not_signed(self):
		data = person("Ada Lovelace", "EMAIL:ada@example.org")
		self.assertIn('an unsigned vCard of "Ada Lovelace"', self.verify(data, 6).err)
		r = self.verify(data * 40, 6)
		self.assertIn("40 vCards, none is signed", r.err)
		self.assertEqual(r.err.count("\n"), 1)
		r = self.verify(data * 39 + self.vcf, 6)
		self.assertIn("40 vCards, and nobody has signed 39 of them", r.err)
		self.assertIn("not altered", r.out)
		made = self.verify(data, 6, "--json").json
		self.assertEqual((made["valid"], made["signed"]), (False, False))
		made = self.verify(data + self.vcf, 6, "--json").json
		self.assertEqual([x["valid"] for x in made], [False, True])

	def test_a_broken_signature(self):
		flat = self.vcf.replace(b"\r\n ", b"")
		at = flat.index(b"X-KITH-CARD") + 200
		bad = flat[:at] + (b"A" if flat[at:at + 1] != b"A" else b"B") + flat[at + 1:]
		made = self.verify(bad, 6, "--json").json
		self.assertEqual((made["valid"], made["signed"]), (False, True))


class From(house.Case):
	def first(self, data, *more, status=0):
		with open(self.path("me.vcf"), "wb") as f:
			f.write(data)
		return self.kith("h", "init", "--from", self.path("me.vcf"), *more, status=status)

	def fields(self):
		return [(f["kind"], f["value"]) for f in self.kith("h", "card", "--json").json["fields"]]

	def test_several_are_nobodys(self):
		r = self.first(person("Ada Lovelace") + person("Somebody Else"), status=6)
		self.assertIn("has 2 vCards; put yours alone into a file", r.err)
		self.first(person("Ada Lovelace"))

	def test_first_card_becomes_mine(self):
		self.first(person("Ada Lovelace", "N:Lovelace;Ada;;;", "EMAIL;TYPE=WORK:ada@example.org",
			"ORG:Analytical Engines"))
		self.assertIn(("name", "Ada Lovelace"), self.fields())
		self.assertIn(("email", "ada@example.org"), self.fields())
		self.assertIn(("org", "Analytical Engines"), self.fields())

	def test_what_does_not_fit_is_told(self):
		r = self.first(person("Ada", "NOTE:" + "x" * 2000, "EMAIL:no address at all",
			"X-SHOE-SIZE:38", "TEL:+441234567"))
		self.assertIn("left out: note", r.err)
		self.assertIn("left out: email", r.err)
		self.assertIn("says more", r.err)
		self.assertEqual([k for k, _ in self.fields()], ["name", "tel"])

	def test_given_fields_take_the_place(self):
		self.first(person("Ada", "TEL:+441234567"), "name=Ada King", "email=ada@example.org")
		self.assertEqual(sorted(self.fields()), [("email", "ada@example.org"),
			("name", "Ada King"), ("tel", "+441234567")])

	def test_a_photo_is_made_to_fit(self):
		try:
			from PIL import Image
		except ImportError:
			self.skipTest("python3-pil is not here")
		Image.effect_noise((900, 700), 80).convert("RGB").save(self.path("p.jpg"))
		with open(self.path("p.jpg"), "rb") as f:
			data = f.read()
		self.assertGreater(len(data), 100_000)
		text = base64.b64encode(data).decode()
		r = self.first(person("Ada", f"PHOTO;ENCODING=b;TYPE=JPEG:{text}"))
		photo = [v for k, v in self.fields() if k == "photo"]
		self.assertEqual(len(photo), 1, r.err)
		self.assertLessEqual(len(base64.b64decode(photo[0])), 8192)

	def test_nothing_is_made_of_no_vcard(self):
		for data in (b"", b"hello", vcard("X-A:b")):
			self.assertFalse(os.path.exists(self.path("h", "identity.key")))
			r = self.first(data, status=2 if b"X-A" in data else 6)
		self.kith("h", "init", "--from", self.path("none.vcf"), status=1)
		self.assertFalse(os.path.exists(self.path("h", "identity.key")))
		self.first(person("Ada"))
		self.first(person("Bob"), status=1)


if __name__ == "__main__":
	house.main()
