# SPDX-License-Identifier: MIT
"""Text from others: inert on a screen, whole in JSON, and unable to leave its place in a vCard."""

import os
import re
import unicodedata

import house
from texts import BADGES, HOSTILE, names_of_the_corpus, strings_of_the_corpus

KNOWN = {"BEGIN", "VERSION", "FN", "N", "NICKNAME", "ORG", "TITLE", "EMAIL", "TEL", "URL", "ADR",
	"BDAY", "NOTE", "X-PRONOUNS", "X-KITH-OFFERS", "X-KITH-ASKS", "UID", "REV",
	"X-KITH-CARD", "END", "X-ABLabel"}
BREAKS = re.compile("\r\n|[\n\x0b\x0c\r\x1c\x1d\x1e\x85\u2028\u2029]")
CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")


def as_vcard_text(text):
	"""What a reader of the vCard gets: every line break one \\n, no other control."""
	return CONTROLS.sub("", BREAKS.sub("\n", text))


def unescape(value):
	return re.sub(r"\\(.)", lambda m: "\n" if m[1] == "n" else m[1], value)


class Text(house.Case):
	def setUp(self):
		super().setUp()
		self.kith("h", "init", "name=Me")
		self.kith("other", "init", "name=Other")

	def assert_inert(self, raw, what):
		"""Nothing but line ends and characters that stay where they are."""
		for c in raw.decode("utf-8"):
			bad = c not in "\r\n" and (c in BADGES
				or unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
				or 0xFE00 <= ord(c) <= 0xFE0F)
			self.assertFalse(bad, f"U+{ord(c):04X} on the screen for {what!a}: {raw!r}")

	def assert_inert_json(self, raw, what):
		"""One line, in which nothing acts; what is merely odd is there as it is."""
		self.assertEqual(raw.count(b"\n"), 1)
		for c in raw.decode("utf-8")[:-1]:
			bad = unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp")
			self.assertFalse(bad, f"U+{ord(c):04X} on the screen for {what!a}: {raw!r}")

	def visible(self, text):
		"""Whether kith takes it as a name."""
		return len(text.encode()) <= 128 and any(
			unicodedata.category(c)[0] not in "ZM" and unicodedata.category(c) != "Cf"
			and c not in "\n\t" + BADGES and c not in "\u3164\uffa0\u115f\u1160\u2800"
			for c in text)

	def lines(self, raw):
		"""The unfolded lines of a vCard, after a look at the folding."""
		self.assertTrue(raw.endswith(b"\r\n"))
		for line in raw.split(b"\r\n"):
			self.assertLessEqual(len(line), 75)
			line.decode("utf-8")  # a fold never splits a character
		self.assertNotIn(b"\n", raw.replace(b"\r\n", b""))
		return raw.decode("utf-8").replace("\r\n ", "").split("\r\n")[:-1]

	def check_vcard(self, text, fields):
		lines = self.lines(self.kith("other", "export", "--me").raw)
		found = {}
		for line in lines:
			self.assertEqual(line.splitlines(), [line],
				f"a reader could break {line!a}")
			name, value = line.split(":", 1)
			name = re.sub(r"^item\d+\.", "", name).split(";")[0]
			self.assertIn(name, KNOWN, f"{text!a} got out of its line")
			found.setdefault(name, []).append(value)
		for name in ("BEGIN", "END", "FN", "N", "VERSION", "UID", "X-KITH-CARD"):
			self.assertEqual(len(found[name]), 1, f"{name} for {text!a}")
		for name, value in fields.items():
			self.assertEqual([unescape(v) for v in found[name]],
				[as_vcard_text(v) for v in value])

	def check_screens(self, text):
		self.kith("h", "import", self.card_of("other"))
		person = self.kith("h", "list", "--json").json[0]
		for command in (["list"], ["show", person["id"]],
			["verify", self.path("other.kith")]):
			self.assert_inert(self.kith("h", *command).raw, text)
		self.assert_inert_json(self.kith("h", "list", "--json").raw, text)
		return person

	def test_names(self):
		for text in HOSTILE + names_of_the_corpus():
			if not self.visible(text):
				continue
			self.kith("other", "card", "set", "name=" + text, "note=" + text,
				"url=http://x/" + text)
			self.check_vcard(text, {"FN": [text], "NOTE": [text]})
			person = self.check_screens(text)
			self.assertEqual(person["name"], text)
			self.assertEqual([f["value"] for f in person["fields"]],
				[text, text, "http://x/" + text])

	def test_names_that_show_nothing(self):
		for text in ("\u200b", "\u2003\u2003", "\u3164", "\u202e", "\u2705", " ", "\u0301"):
			self.kith("other", "card", "set", "name=" + text, status=6)

	def test_notes(self):
		texts = strings_of_the_corpus() or HOSTILE
		for i in range(0, len(texts), 30):
			some = texts[i:i + 30]
			if sum(len(s.encode()) for s in some) > 14000:
				some = some[:10]
			self.kith("other", "card", "unset", "note", status=0 if i else 1)
			self.kith("other", "card", "set",
				*[f"note.{n}={text}" for n, text in enumerate(some)])
			self.check_vcard(some, {"NOTE": some})
			person = self.check_screens(some)
			notes = [f["value"] for f in person["fields"] if f["kind"] == "note"]
			self.assertEqual(notes, some)

	def test_labels(self):
		for text in HOSTILE:
			label = text.replace("=", "")[:8]
			if not label:
				continue
			self.kith("other", "card", "unset", "tel", status=1)
			self.kith("other", "card", "set", f"tel.{label}=1")
			lines = self.lines(self.kith("other", "export", "--me").raw)
			self.assertEqual(len(lines), 10, lines)
			self.check_screens(text)
			self.kith("other", "card", "unset", "tel")

	def test_on_a_terminal(self):
		for text in HOSTILE[12:30]:
			if not self.visible(text):
				continue
			self.kith("other", "card", "set", "name=" + text, "org=" + text)
			self.kith("h", "import", self.card_of("other"))
			identity = self.kith("h", "list", "--json").json[0]["id"]
			for command in (["list", "--no-color"], ["show", identity]):
				_, screen = self.terminal("h", *command, size=(24, 60))
				self.assert_inert(screen, text)

	def test_narrow_screens(self):
		self.kith("other", "card", "set", "name=" + "王小明" * 10, "org=" + "Ω" * 60)
		self.kith("h", "import", self.card_of("other"))
		for columns in (1, 2, 3, 10, 20, 40, 79):
			_, screen = self.terminal("h", "list", "--no-color", size=(24, columns))
			for line in screen.decode().split("\r\n"):
				wide = [c for c in line if unicodedata.east_asian_width(c) in "WF"]
				width = len(line) + len(wide)
				self.assertLessEqual(width, columns, line)

	def test_a_note_cannot_pass_for_a_line_of_kith(self):
		self.kith("other", "card", "set",
			"note=x\nknown                 compared face to face")
		self.kith("h", "import", self.card_of("other"))
		out = self.kith("h", "show", "other").out
		self.assertEqual(len(re.findall(r"(?m)^known", out)), 1)

	def test_events(self):
		card = self.card_of("other")
		for i, text in enumerate(HOSTILE):
			self.seed("h", card, "compared", text[:40], 1777832411 + 86400 * i, "card")
		self.check_screens("events")
		met = self.kith("h", "show", "other", "--json").json["met"]
		self.assertEqual([m["event"] for m in met], [text[:40] for text in HOSTILE])

	def test_errors_are_inert_and_one_line(self):
		for i, text in enumerate(HOSTILE):
			if text.startswith("-") or os.path.exists(self.path(text)):
				continue
			commands = [(["show", text], 3), (["verify", text], 1), ([text], 2),
				(["card", "set", text.replace("=", "")], 2), (["help", text], 2),
				(["export", "--me", "--format", text], 2), (["card", text], 2),
				(["import", text], 1), (["list", "--" + text], 2)]
			for command, status in commands[i % 3::3]:
				r = self.kith("h", *command, status=status)
				self.assert_inert(r.err.encode(), text)
				self.assertLessEqual(len(r.err.splitlines()), 5, r.err)  # four of usage


if __name__ == "__main__":
	house.main()
