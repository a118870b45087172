#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Cards that this kith would not make, written by the second implementation, and files that are
none: what verify and import say, and what stays in the store."""

import base64
import re
import time
import zlib

import house
import keys  # noqa: F401  (finds the second implementation, or skips)
from kithref import card
from kithref.keys import Identity
from kithref.strict import pack

ADA, BOB = Identity(b"A" * 32), Identity(b"B" * 32)
NAME = [1, 0, "", "Ada Lovelace"]
BEGIN, END = card.BEGIN + b"\n", card.END + b"\n"
MIB = 2**20


def made(fields=(NAME,), by=ADA, **changes):
	return card.seal(by, pack(card.body(ADA, list(fields), **changes)))


class Case(house.Case):
	def setUp(self):
		super().setUp()
		self.kith("h", "init", "name=Me")

	def take(self, data, status=0, command="import"):
		return self.kith("h", command, "-", stdin=data, status=status)

	def nobody(self):
		self.assertEqual(self.kith("h", "list").out, "")

	def refused(self, data, words):
		"""By both commands, with a sentence; nothing of it is kept."""
		for command in ("verify", "import"):
			r = self.take(data, 6, command)
			self.assertIn(words, r.err)
			self.assertNotIn("Ada", r.err + r.out)
		self.nobody()

	def held(self):
		return self.kith("h", "show", "ada", "--json").json


class Newer(Case):
	"""What a newer kith may have put into a card."""

	def test_ignorable_keys_and_unknown_kinds_are_kept(self):
		"""Case 15: key 70 and kinds of tomorrow change nothing, and leave as they came."""
		odd = made([NAME, [99, 0, "x", "text", b"\x00\xff"], [2**64 - 1, 2**64 - 1, "", "y"]],
			k70={1: [True, "x", b"y"]}, **{f"k{2**64 - 1}": "z"})
		self.assertIn('new      "Ada Lovelace"', self.take(odd).out)
		for form in ("kith", "armor"):
			option = ["--format", "kith"] if form == "kith" else ["--armor"]
			out = self.kith("h", "export", "ada", *option).raw
			self.assertEqual(out if form == "kith" else card.unarmor(out), odd)
		self.assertIn("same", self.take(out).out)

	def test_critical_keys_need_a_newer_kith(self):
		"""Case 15"""
		for key in (0, 11, 20, 63):
			self.refused(made(**{f"k{key}": 1}), "made by a newer kith")

	def test_versions(self):
		"""Case 16: of the body, and of the envelope."""
		body = pack(card.body(ADA, [NAME]))
		for data in (made(k1=2), made(k1=0), card.seal(ADA, body, version=2),
				pack(["KITHCARD", 2, "x", "y"])):
			self.refused(data, "made by a newer kith")


class Hands(Case):
	"""Who has signed, and as what."""

	def test_by_somebody_else(self):
		"""Case 19"""
		self.refused(made(by=BOB), "signature does not hold")

	def test_as_something_else(self):
		"""Case 20: Ada's own signature, on a receipt, on a proof of a session."""
		body = pack(card.body(ADA, [NAME]))
		for label in ("kith/1 receipt", "kith/1 auth I", "kith/1 auth R"):
			self.refused(card.seal(ADA, body, label=label), "signature does not hold")
		receipt = bytes(32) + card.H("kith/1 env", body)
		self.refused(card.seal(ADA, receipt, label="kith/1 receipt"), "damaged")

	def test_from_a_file_is_not_compared(self):
		"""T21"""
		self.assertIn("from a file, not compared", self.take(made()).out)
		for command in (["list"], ["show", "ada"]):
			r = self.kith("h", *command)
			self.assertRegex(r.out, "from a file, not compared")
			self.assertNotRegex(r.out, "compared face to face")
		self.assertEqual([met["how"] for met in self.held()["met"]], ["file"])


class Revisions(Case):
	def test_back_and_beside(self):
		"""Case 21, T15: 5, then 4, then another 5, as often as one likes: the first 5 stays."""
		first = made(k4=5)
		self.take(first)
		for _ in range(3):
			self.assertIn("older than revision 5", self.take(made(k4=4), 6).err)
		self.assertNotIn("conflict", self.held())
		other = made([[1, 0, "", "Ada, or so"]], k4=5)
		for _ in range(3):
			r = self.take(other, 6)
			self.assertEqual(r.err.count("the key may have been copied"), 1)
		ada = self.held()
		self.assertEqual((ada["name"], ada["revision"], ada["conflict"]),
			("Ada Lovelace", 5, True))
		self.assertEqual(self.kith("h", "show", "ada").out.count("two different cards"), 1)
		self.assertEqual(self.kith("h", "export", "ada", "--format", "kith").raw, first)
		self.assertEqual(len(self.kith("h", "list", "--json").json), 1)

	def test_jump(self):
		"""Case 22: at 2^32 it is taken, past it and at 2^40 it is not, and is told."""
		self.take(made(k4=5))
		for rev in (6 + 2**32, 5 + 2**40, 2**53 - 1):
			self.assertIn(f"jumps from revision 5 to {rev}", self.take(made(k4=rev), 6).err)
		self.assertEqual(self.held()["revision"], 5)
		self.assertIn(f"5 to {5 + 2**32}", self.take(made(k4=5 + 2**32)).out)


class Armor(Case):
	"""Case 37"""

	def test_two_cards(self):
		bob = card.seal(BOB, pack(card.body(BOB, [[1, 0, "", "Bob"]])))
		both = card.armor(made()) + b"some words\n" + card.armor(bob)
		self.assertEqual(self.take(both, command="verify").out.count("a signed kith card"), 1)
		r = self.take(both)
		self.assertEqual(re.findall(r'^new +"(\w+)', r.out, re.MULTILINE), ["Ada", "Bob"])

	def test_words_around_are_not_shown(self):
		text = b"Comment: \x1b[2J buy\nVersion: 9\n\n" + card.armor(made()) + b"\x9b31m more\n"
		r = self.take(text)
		self.assertNotRegex(r.out + r.err, "buy|more|Version")
		self.assertIn('new      "Ada', r.out)

	def test_words_and_sums_inside(self):
		"""There is no checksum in kith's armor: the signature is it.  A line of another armor's is
		no base64, whether it is right or wrong, and so is a comment."""
		data = made()
		lines = base64.encodebytes(data)
		crc = base64.b64encode(zlib.crc32(data).to_bytes(4, "big")[:3])
		for inside in (lines + b"=" + crc + b"\n", lines + b"=AAAA\n",
				b"Version: 1\n\n" + lines, b"Comment: x\n" + lines, lines[:-9] + b"\n"):
			self.refused(BEGIN + inside + END, "damaged")
		self.refused(card.armor(data[:-1] + bytes([data[-1] ^ 1])), "signature does not hold")

	def test_a_line_of_ten_megabytes(self):
		"""Case 37, T20: in front of a card, in it, or instead of one: 64 KiB are enough.  Behind
		armor another block may come, however far."""
		line = b"A" * (10 * MIB)
		for data in (line + b"\n" + card.armor(made()), BEGIN + line + b"\n" + END,
				made() + line, line):
			begun = time.monotonic()
			self.refused(data, "er than 65536 bytes, which no card is")
			self.assertLess(time.monotonic() - begun, 10)
		r = self.take(card.armor(made()) + line + b"\n" + card.armor(made()))
		self.assertEqual(r.out.count("Ada Lovelace"), 2)

	def test_at_64_KiB(self):
		text = card.armor(made())
		self.refused(b"\n" * 65537 + text, "larger than 65536")
		self.refused(BEGIN + b"\n" * 65536 + text[len(BEGIN):], "longer than 65536")
		self.take(b"\n" * 65536 + text)
		self.take(BEGIN + b"\n" * (65536 - len(text)) + text[len(BEGIN):])


class Others(Case):
	def test_what_is_no_card(self):
		"""Case 38, as far as text in a file goes: a sentence, and nothing of it on the screen."""
		text = base64.urlsafe_b64encode(made())
		for data in (b"", b"\n", text,
				b"https://example.org/ada.kith\n", b"WIFI:S:net;P:secret;;\n",
				b"<!DOCTYPE html>\n<p>Ada", b'{"name": "Ada"}', b"%PDF-1.7\n",
				b"PK\x03\x04" + bytes(26), b"\x7fELF", b"MECARDS:N:Lovelace,Ada;;",
				b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nAAAA\n",
				card.armor(made()).lower()):
			self.refused(data, "not a kith card")
		for data, words in ((b"KITH:" + text, "damaged or not whole"),
				(b"kith:card?" + text, "damaged or not whole"),
				(b"\x89PNG\r\n\x1a\n" + bytes(100), "standard input: "),
				(b"\xff\xfeB\x00E\x00G\x00I\x00N\x00", "standard input")):
			self.refused(data, words)


def read_vcard(raw):
	"""RFC 2426 and 2425, as a careful reader has it: {property: [values]}, lines unfolded."""
	text = raw.decode()
	if re.search(r"(?<!\r)\n|\r(?!\n)", text):
		raise ValueError("a line end that is none")
	found = {}
	for line in text.replace("\r\n ", "").split("\r\n")[:-1]:
		head, value = line.split(":", 1)
		parts = [""]
		for piece in re.findall(r"\\.|.", value):
			if piece == ";":
				parts.append("")
			else:
				parts[-1] += {"\\n": "\n", "\\N": "\n"}.get(piece, piece[-1])
		found.setdefault(head.split(";")[0].upper(), []).append(parts)
	return found


class VCards(Case):
	def test_fields_are_no_properties(self):
		"""Case 35: what tries to end its line, its value or the card comes back as it was."""
		nasty = ("a\nEND:VCARD\nBEGIN:VCARD\nTEL:666", "x\r\nEND:VCARD\r\nTEL:666", "a;b,c\\d:e",
			"\\n is no line end", "\\", ";;;", ",", "a" * 70 + "\n" + "ü" * 60, "tab\there",
			"^n =0A=0D %0A", '"quoted":TEL;TYPE=x:1', " blanks ")
		fields = [[1, 0, "", "Ada;\\,\nTEL:666"], *([31, 0, "", text] for text in nasty),
			*([12, 0, "", text] for text in nasty[:2]),
			[23, 0, "", *(f"part {i};,\n\\" for i in range(7))]]
		self.take(made(fields))
		raw = self.kith("h", "export", "ada").raw
		got = read_vcard(raw)
		back = [value.replace("\r\n", "\n") for value in nasty]
		self.assertEqual([";".join(value) for value in got["NOTE"]], back)
		self.assertEqual(got["FN"], [["Ada;\\,\nTEL:666"]])
		self.assertEqual([";".join(value) for value in got["TITLE"]], back[:2])
		self.assertEqual(got["ADR"], [[f"part {i};,\n\\" for i in range(7)]])
		self.assertEqual((got["BEGIN"], got["END"]), ([["VCARD"]], [["VCARD"]]))
		self.assertNotIn("TEL", got)
		self.assertLessEqual(max(map(len, raw.split(b"\r\n"))), 75)


if __name__ == "__main__":
	house.main()
