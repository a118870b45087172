# SPDX-License-Identifier: MIT
"""news, show --history, block and unblock: what changed, field by field, and who is not to be heard."""

import base64
import os
import subprocess

import house

MAY = 1777832411  # 2026-05-03T18:20:11Z

# one pixel
PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQ"
	"DwAEhQGAhKmMIQAAAABJRU5ErkJggg==")


class Base(house.Case):
	def setUp(self):
		super().setUp()
		self.kith("h", "init", "name=Me")
		self.jo = self.person("jo", "Jo", "title=Engineer", "tel.home=+1 202 555 0143")

	def meet_jo(self):
		self.seed("h", self.jo, "compared", "FOSDEM", MAY, "receipt")

	def change(self, *args):
		"""Jo changes her card, and it comes by file."""
		self.kith("jo", "card", *args)
		os.unlink(self.jo)
		self.kith("h", "import", self.card_of("jo"))

	def news(self, *args):
		return self.kith("h", "news", *args).out


class News(Base):
	def test_field_by_field(self):
		self.meet_jo()
		self.assertEqual(self.news(), '"Jo" is known to you now.\n')
		self.assertEqual(self.news(), "Nothing new.\n")
		self.change("set", "title=CTO", "email.work=jo@example.org")
		self.change("unset", "tel.home")
		self.assertEqual(self.news(), "Jo: title Engineer -> CTO\n"
			"Jo: new email.work jo@example.org\n"
			"Jo: tel.home is gone\n")
		self.assertEqual(self.news(), "Nothing new.\n")

	def test_person_by_person(self):
		self.meet_jo()
		bo = self.person("bo", "Bo", "org=One")
		self.kith("h", "import", bo)
		self.news()
		self.change("set", "title=CTO")
		self.kith("bo", "card", "set", "org=Two")
		os.unlink(bo)
		self.kith("h", "import", self.card_of("bo"))
		self.change("set", "title=CEO")
		self.assertEqual(self.news(), "Jo: title Engineer -> CTO\nJo: title CTO -> CEO\n"
			"Bo: org One -> Two\n")

	def test_several_of_a_kind(self):
		self.meet_jo()
		self.change("set", "email=a@example.org")
		self.change("set", "email.work=b@example.org")
		self.news()
		self.change("unset", "email")
		self.assertEqual(self.news(), "Jo: email is gone\nJo: email.work is gone\n")

	def test_a_picture(self):
		path = self.path("p.png")
		with open(path, "wb") as f:
			f.write(PNG)
		self.meet_jo()
		self.news()
		self.kith("jo", "card", "set", f"photo={path}")
		os.unlink(self.jo)
		self.kith("h", "import", self.card_of("jo"))
		self.change("unset", "photo")
		self.assertEqual(self.news(), "Jo: has a picture now\nJo: the picture is gone\n")

	def test_since_and_all(self):
		self.meet_jo()
		self.change("set", "title=CTO")
		self.news()
		self.assertEqual(self.news("--all"), '"Jo" is known to you now.  (3 May 2026)\n'
			+ self.news("--since", "2026-05-04"))
		self.assertRegex(self.news("--since", "2026-05-04"),
			r"^Jo: title Engineer -> CTO  \(\d+ \w+ 20\d\d\)\n$")
		self.assertEqual(self.news("--since", "2026-05-03").count("\n"), 2)
		self.assertEqual(self.news("--since", "9000-01-01"), "Nothing new.\n")
		for bad in ("yesterday", "2026-13-01", "2026-05-03x", ""):
			self.kith("h", "news", "--since", bad, status=2)
		self.kith("h", "news", "--since", "2026-05-03", "--all", status=2)
		self.kith("h", "news", "jo", status=2)

	def test_since_does_not_count_as_looking(self):
		self.meet_jo()
		self.news("--since", "2026-05-04")
		self.assertEqual(self.news(), '"Jo" is known to you now.\n')

	def test_json(self):
		self.meet_jo()
		self.change("set", "title=CTO")
		met, card = self.kith("h", "news", "--json").json
		self.assertEqual((met["kind"], met["name"], met["how"]), ("met", "Jo", "live"))
		self.assertEqual((card["kind"], card["how"], card["revision_before"], card["revision"]),
			("card", "file", 1, 2))
		self.assertEqual(card["changes"], [{"change": "other", "kind": "title", "label": None,
			"before": "Engineer", "now": "CTO"}])
		self.assertRegex(card["id"], house.ID)
		self.assertEqual(self.kith("h", "news", "--json").json, [])

	def test_text_of_others_is_inert(self):
		self.meet_jo()
		self.news()
		self.change("set", "title=a\x1b[31mb‮c")
		out = self.news()
		self.assertNotIn("\x1b", out)
		self.assertNotIn("‮", out)
		self.assertIn("Jo: title Engineer -> a", out)

	def test_a_closed_pipe_loses_nothing(self):
		self.meet_jo()
		with open("/dev/full", "wb") as full:
			run = subprocess.run([house.KITH, "--home", self.path("h"), "news"], stdout=full,
				stderr=subprocess.PIPE, env=self.env(), timeout=60)
		self.assertNotEqual(run.returncode, 0)
		self.assertEqual(self.news(), '"Jo" is known to you now.\n')

	def test_conflict_and_forgotten(self):
		self.meet_jo()
		self.news()
		self.kith("h", "forget", "--yes", "Jo")
		self.assertEqual(self.news("--all"), "Nothing new.\n")


class History(Base):
	def test_history(self):
		self.meet_jo()
		self.change("set", "title=CTO")
		out = self.kith("h", "show", "jo", "--history").out
		self.assertRegex(out, r"^revision 1, 3 May 2026, from their kith\n"
			r"    new name Jo\n    new title Engineer\n    new tel.home \+1 202 555 0143\n"
			r"\nrevision 2, \d+ \w+ 20\d\d, by file; this one counts\n"
			r"    title Engineer -> CTO\n$")
		first, second = self.kith("h", "show", "jo", "--history", "--json").json
		self.assertEqual((first["revision"], first["how"], first["held"], first["at"]),
			(1, "live", False, "2026-05-03T18:20:11Z"))
		self.assertNotIn("changes", first)
		self.assertEqual((second["revision"], second["how"], second["held"]), (2, "file", True))
		self.assertEqual([c["now"] for c in second["changes"]], ["CTO"])
		self.assertIn({"kind": "title", "label": None, "value": "CTO"}, second["fields"])

	def test_of_somebody_typed_in(self):
		self.kith("h", "add", "name=Grace")
		self.assertEqual(self.kith("h", "show", "grace", "--history").out,
			"No signed card of theirs is kept.\n")
		self.assertEqual(self.kith("h", "show", "grace", "--history", "--json").json, [])
		self.kith("h", "show", "grace", "--history", "--photo", status=2)


class Block(Base):
	def test_block(self):
		self.meet_jo()
		self.assertNotIn("blocked", self.kith("h", "list").out)
		self.kith("h", "block", "jo", status=2)
		self.kith("h", "block", "--yes", "j", status=2)
		self.assertEqual(self.kith("h", "block", "--yes", "Jo").out,
			'"Jo" is blocked; kith unblock takes it back.\n')
		self.assertIn("blocked", self.kith("h", "list").out)
		self.assertRegex(self.kith("h", "show", "jo").out, r"(?m)^note by kith +blocked$")
		self.assertIs(self.kith("h", "show", "jo", "--json").json["blocked"], True)
		self.assertEqual(self.kith("h", "unblock", "jo").out, '"Jo" is not blocked any more.\n')
		self.assertEqual(self.kith("h", "unblock", "jo").out, '"Jo" was not blocked.\n')
		self.assertNotIn("blocked", self.kith("h", "list").out)
		self.assertNotIn("blocked", self.kith("h", "show", "jo", "--json").json)
		self.assertIs(self.kith("h", "block", "--yes", "--json", "Jo").json["blocked"], True)

	def test_at_a_terminal(self):
		self.meet_jo()
		status, screen = self.terminal("h", "block", "jo", prompts=[(rb"\[y/N\] ", b"n\n")])
		self.assertEqual(status, 4)
		self.assertIn(b"ends like a time-out", screen)
		self.assertIn(b"they keep", screen)
		status, _ = self.terminal("h", "block", "jo", prompts=[(rb"\[y/N\] ", b"y\n")])
		self.assertEqual(status, 0)
		self.assertIn("blocked", self.kith("h", "list").out)

	def test_without_a_key(self):
		self.kith("h", "add", "name=Grace")
		self.assertIn("no key", self.kith("h", "block", "--yes", "Grace", status=3).err)
		self.kith("h", "unblock", "Grace", status=3)
		self.kith("h", "block", "--yes", "nobody", status=3)
		self.kith("h", "block", status=2)


class Holding(Base):
	def test_what_they_hold(self):
		self.meet_jo()
		self.assertRegex(self.kith("h", "show", "jo").out,
			r"(?m)^my card +they hold .*me, revision 1")


if __name__ == "__main__":
	house.main()
