# SPDX-License-Identifier: MIT
"""Two people who have no network between them: cards as files, keys compared afterwards."""

import os
import re
import subprocess

import house

MAY = 1777832411  # 2026-05-03T18:20:11Z


class ByFile(house.Case):
	"""Ada and Grace, each with a home, and what one of them hands to the other."""

	def setUp(self):
		super().setUp()
		self.kith("ada", "init", "name=Ada Lovelace", "email=ada@example.org", "note=" + "x" * 300)
		self.kith("grace", "init", "name=Grace Hopper", "tel.mobile=+1 202 555 0143")
		self.ada = self.fingerprint("ada")
		self.grace = self.fingerprint("grace")

	def fingerprint(self, home):
		return self.kith(home, "card", "--json").json["fingerprint"]

	def id_of(self, home):
		return self.kith(home, "card", "--json").json["id"]

	def write(self, name, data):
		with open(self.path(name), "wb") as f:
			f.write(data)
		return self.path(name)

	def give(self, giver, taker):
		path = self.path(giver + ".kith")
		self.kith(giver, "export", "--me", "--format", "kith", "-o", path)
		self.kith(taker, "import", path)

	def exchange(self):
		self.give("ada", "grace")
		self.give("grace", "ada")

	def how(self, home, who):
		return [m["how"] for m in self.kith(home, "show", who, "--json").json["met"]]

	def compare(self, home, who, answer, *args):
		return self.terminal(home, "compare", who, *args, prompts=answer)

	def test_the_whole_story(self):
		"""Both give a file, both take one, both compare, both know each other as compared."""
		self.kith("ada", "export", "--me", "-o", self.path("ada.kith"))
		self.exchange()
		for home, other in (("ada", "Grace Hopper"), ("grace", "Ada Lovelace")):
			self.assertRegex(self.kith(home, "list").out, f"^{other}  +from a file, not compared, ")
		for home, who, mine, theirs in (("ada", "grace", self.ada, self.grace),
				("grace", "ada", self.grace, self.ada)):
			status, screen = self.compare(home, who, [(rb"different: ", b"s\n")],
				"--event", "the pier")
			self.assertEqual(status, 0, screen)
			text = screen.decode()
			self.assertRegex(text, f"yours +{mine}\r\n +theirs +{theirs}\r\n")
			self.assertIn("The keys are the same.", text)
			self.assertEqual(self.how(home, who), ["compared"])
			self.assertRegex(self.kith(home, "list").out,
				r"compared face to face, \d+ \w+ 20\d\d, the pier\n$")
		self.assertIn('kith compare "Ada Lovelace"', self.compare("ada", "grace",
			[(rb"different: ", b"d\n")])[1].decode())
		self.assertIn("compared face to face", self.kith("ada", "list").out)

	def test_enter_is_no_answer(self):
		self.exchange()
		for answer in ([(rb"different: ", b"\n"), (rb"different: ", b"yes\n"),
				(rb"different: ", b"\x04")], [(rb"different: ", b"\x04")]):
			status, screen = self.compare("ada", "grace", answer)
			self.assertEqual(status, 4, screen)
			self.assertIn(b"nothing was compared", screen)
			self.assertEqual(self.how("ada", "grace"), ["file"])
		status, screen = self.compare("ada", "grace", [(rb"different: ", b"\n"),
			(rb"different: ", b"SAME\n")])
		self.assertEqual(status, 0, screen)
		self.assertEqual(self.how("ada", "grace"), ["compared"])

	def test_different(self):
		self.exchange()
		for answer in (b"d\n", b"Different\n"):
			status, screen = self.compare("ada", "grace", [(rb"different: ", answer)])
			self.assertEqual(status, 4, screen)
			self.assertIn(b"the keys differ", screen)
		self.assertEqual(self.how("ada", "grace"), ["file"])

	def test_by_digits(self):
		"""The digits of the other screen, in every grouping; one wrong digit is none."""
		self.exchange()
		before = self.tree("ada")
		wrong = self.grace[:-1] + str((int(self.grace[-1]) + 1) % 10)
		r = self.kith("ada", "compare", "grace", wrong, status=4)
		self.assertIn("the keys differ", r.err)
		swapped = self.grace[6:11] + " " + self.grace[:5] + self.grace[11:]
		if swapped != self.grace:
			self.kith("ada", "compare", "grace", swapped, status=4)
		r = self.kith("ada", "compare", "grace", wrong, "--json", status=4)
		self.assertEqual(r.json["result"], "different")
		r = self.kith("ada", "compare", "grace", self.grace[:-1], status=6)
		self.assertIn("30 digits, and these are 29", r.err)
		self.kith("ada", "compare", "grace", self.grace + "0", status=6)
		for typed in (["x" + self.grace[1:]], [self.grace.replace(" ", "-")[:-1] + "o"],
				self.grace[:-1].split() + ["l"], ("x" + self.grace).split()):
			r = self.kith("ada", "compare", "grace", *typed, status=6)
			self.assertIn("these are not 30 digits", r.err)
		r = self.kith("ada", "compare", "grace", self.ada, status=6)
		self.assertIn("your own fingerprint", r.err)
		self.assertEqual(self.tree("ada")["kith.db"], before["kith.db"])
		self.assertEqual(self.how("ada", "grace"), ["file"])
		self.kith("ada", "compare", "grace", self.grace.replace(" ", "-"))
		r = self.kith("ada", "compare", "grace", "hopper", *self.grace.split())
		self.assertIn("The keys are the same.", r.out)
		self.assertEqual(self.how("ada", "grace"), ["compared"])
		r = self.kith("grace", "compare", "Ada Lovelace", self.ada.replace(" ", ""), "--json",
			"--event", "by the window")
		self.assertEqual((r.json["result"], r.json["mine"], r.json["theirs"]),
			("compared", self.grace, self.ada))
		self.assertEqual(r.json["contact"]["met"][0]["event"], "by the window")
		self.assertEqual(self.how("grace", "ada"), ["compared"])

	def test_by_a_scanned_identity(self):
		"""The text of a QR code: given, or coming from a scanner."""
		self.exchange()
		text = "KITH:1/I/" + self.id_of("grace")
		self.kith("ada", "compare", "grace", "KITH:1/I/" + self.id_of("ada"), status=6)
		other = "KITH:1/I/" + ("A" if text[9] != "A" else "B") + text[10:]
		r = self.kith("ada", "compare", "grace", other, status=4)
		self.assertIn("the keys differ: that is the key of somebody whose card you do not have",
			re.sub(r"\s+", " ", r.err))
		self.kith("third", "init", "name=Third Person")
		self.give("third", "ada")
		r = self.kith("ada", "compare", "grace", "KITH:1/I/" + self.id_of("third"), status=4)
		self.assertIn('the key of "Third Person", whose card you have, and not that of "Grace Hopper"',
			re.sub(r"\s+", " ", r.err))
		for wrong in (text[:-1], "KITH:1/I/", "KITH:2/I/" + text[9:], "KITH:1/X/AA"):
			self.kith("ada", "compare", "grace", wrong, status=6)
		self.assertEqual(self.how("ada", "grace"), ["file"])
		r = self.kith("ada", "compare", "grace", text.lower())
		self.assertIn("scanned face to face", r.out)
		self.assertEqual(self.how("ada", "grace"), ["scanned"])
		r = self.kith("grace", "compare", "ada", "-", "--json",
			stdin=("KITH:1/I/" + self.id_of("ada") + "\n").encode())
		self.assertEqual(r.json["result"], "scanned")
		self.assertEqual(self.how("grace", "ada"), ["scanned"])
		self.kith("grace", "compare", "ada", "-", stdin=b"nothing of the kind\n", status=6)

	def test_the_code_that_qr_makes(self):
		self.exchange()
		text = self.kith("grace", "qr", "--identity").out.strip()
		self.assertEqual(text, "KITH:1/I/" + self.id_of("grace"))
		self.kith("ada", "compare", "grace", text)
		self.assertEqual(self.how("ada", "grace"), ["scanned"])

	def test_a_picture_of_the_code(self):
		self.exchange()
		self.kith("grace", "qr", "--identity", "--png", self.path("grace.png"))
		self.kith("ada", "qr", "--identity", "--png", self.path("ada.png"))
		self.kith("ada", "compare", "grace", self.path("ada.png"), status=6)
		self.kith("ada", "compare", "grace", self.path("grace.png"))
		self.assertEqual(self.how("ada", "grace"), ["scanned"])

	def test_a_card_is_no_scanned_key(self):
		"""Anybody can have it: what is scanned face to face is an identity, on their screen (T2)."""
		self.exchange()
		self.kith("grace", "card", "unset", "tel.mobile")
		card = self.kith("grace", "qr", "--pocket").out.strip()
		self.assertTrue(card.startswith("KITH:1/C/"), card)
		self.kith("grace", "qr", "--pocket", "--png", self.path("card.png"))
		armor = self.kith("grace", "export", "--me", "--armor").raw
		for given in (card, card.lower(), self.path("card.png"), self.path("grace.kith"),
				self.write("armor.txt", armor), "-"):
			with self.subTest(given):
				r = self.kith("ada", "compare", "grace", given, status=6, stdin=card.encode() + b"\n")
				self.assertRegex(" ".join(r.err.split()),
					"that is a card, which anybody can have; on their screen: kith qr --identity")
				self.assertEqual(self.how("ada", "grace"), ["file"])
		self.kith("ada", "compare", "grace", "-", "--json", status=6, stdin=armor)
		self.assertEqual(self.how("ada", "grace"), ["file"])

	def test_a_scanner_goes_on(self):
		"""The first code ends it, though the scanner does not."""
		self.exchange()
		ours, theirs = os.pipe()
		run = subprocess.Popen([house.KITH, "--home", self.path("ada"), "compare", "grace", "-"],
			stdin=ours, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=self.env())
		os.close(ours)
		try:
			os.write(theirs, b"https://example.org/menu\nKITH:1/I/" +
				self.id_of("grace").encode() + b"\n")
			out, err = run.communicate(timeout=30)
		finally:
			os.close(theirs)
			run.kill()
			run.wait()
		self.assertEqual(run.returncode, 0, err)
		self.assertIn(b"scanned face to face", out)

	def mangled(self, armor):
		"""What mail programs, chats and a copy from a screen do to a text."""
		lines = armor.decode().splitlines()
		yield "\r\n".join(lines)
		yield "\r".join(lines)
		yield "".join(line + "   \n" for line in lines)
		yield "Hi Grace,\n\nhere is my card\n\n" + "\n".join(lines) + "\n\n-- \nAda\n"
		yield "\ufeff" + "\n".join(lines)
		yield "\n".join("    " + line for line in lines)
		yield "".join(lines)
		yield " ".join(lines)
		yield "Hi Grace,\n" + " ".join(lines) + "\nAda\n"

	def test_armor_through_a_mangled_mail(self):
		armor = self.kith("ada", "export", "--me", "--armor").raw
		for i, text in enumerate(self.mangled(armor)):
			with self.subTest(i):
				self.kith(f"g{i}", "init", "name=Grace")
				self.kith(f"g{i}", "import", "-", stdin=text.encode())
				self.assertEqual(self.how(f"g{i}", "ada"), ["file"])
				self.kith(f"g{i}", "compare", "ada", self.ada)
				self.assertEqual(self.how(f"g{i}", "ada"), ["compared"])
		for text in (armor[:-40], armor.replace(b"\n", b"")[:-40]):
			self.kith("grace", "import", "-", stdin=text, status=6)
		self.assertEqual(self.kith("grace", "list", "--json").json, [])

	def test_nothing_to_compare(self):
		r = self.kith("ada", "compare", "grace", self.grace, status=3)
		self.assertIn('nobody here is called "grace"', r.err)
		self.assertIn("kith import FILE", r.err)
		self.kith("ada", "add", "name=Grace Hopper")
		r = self.kith("ada", "compare", "grace", self.grace, status=1)
		self.assertIn("kith import FILE", re.sub(r"\s+", " ", r.err))
		self.kith("ada", "compare", status=2)
		self.give("grace", "ada")
		self.kith("ada", "compare", "Grace Hopper", status=3)
		self.kith("ada", "forget", self.kith("ada", "list", "--json").json[0]["id"], "--yes")
		self.give("grace", "ada")
		r = self.kith("ada", "compare", "grace hopper", status=2)
		self.assertIn("without a terminal", r.err)
		self.kith("ada", "compare", "grace", "--json", status=2)
		r = self.kith("ada", "compare", "grace", self.grace, "--event", "x" * 257, status=2)
		self.kith("ada", "compare", "grace", self.grace, "--event", "x" * 256)

	def test_compared_again(self):
		"""Another time is another meeting, and stronger than a swap that nobody compared."""
		path = self.card_of("grace")
		self.seed("ada", path, "unattended", "FOSDEM", MAY, "receipt")
		self.assertEqual(self.how("ada", "grace"), ["unattended"])
		self.kith("ada", "compare", "grace", self.grace)
		self.assertEqual(self.how("ada", "grace"), ["unattended", "compared"])
		self.assertIn("compared face to face", self.kith("ada", "list").out)

	def test_a_new_card_keeps_how(self):
		"""What came later by file is the same person still, compared as before."""
		self.exchange()
		self.kith("ada", "compare", "grace", self.grace)
		self.kith("grace", "card", "set", "org=Navy")
		self.give("grace", "ada")
		p = self.kith("ada", "show", "grace", "--json").json
		self.assertEqual((p["revision"], [m["how"] for m in p["met"]]), (2, ["compared"]))


if __name__ == "__main__":
	house.main()
