#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A folder of vCards, one a person, kept in step: kith export --vdir, kith import --vdir.
16_vdir.py KITH SEED"""

import os
import stat

import house

CRLF = "\r\n"
GRACE = CRLF.join(("BEGIN:VCARD", "VERSION:3.0", "FN:Grace Hopper", "N:Hopper;Grace;;;",
	"UID:5f4d3c2b-0000-4000-8000-000000000001", "EMAIL;TYPE=WORK:grace@example.org",
	"item1.TEL:+1 202 555 0143", "item1.X-ABLabel:boat", "X-FOO;X-P=a:b\\,c", "END:VCARD", ""))


class Folder(house.Case):
	def setUp(self):
		super().setUp()
		self.kith("ada", "init", "name=Ada Lovelace")
		self.dir = self.path("people")

	def export(self, *args, status=0):
		return self.kith("ada", "export", "--vdir", self.dir, *args, status=status)

	def take(self, *args, status=0):
		return self.kith("ada", "import", "--vdir", self.dir, *args, status=status)

	def files(self):
		return {name: self.read(name) for name in sorted(os.listdir(self.dir))
			if name.endswith(".vcf")}

	def read(self, name):
		with open(os.path.join(self.dir, name), encoding="utf-8", newline="") as f:
			return f.read()

	def write(self, name, text):
		with open(os.path.join(self.dir, name), "w", encoding="utf-8", newline="") as f:
			f.write(text)

	def grace(self):
		"""Grace from a vCard, and her one file in the folder."""
		path = self.path("grace.vcf")
		with open(path, "w", encoding="utf-8", newline="") as f:
			f.write(GRACE)
		self.kith("ada", "import", path)
		self.export()
		(name,) = self.files()
		return name

	def test_a_file_a_person(self):
		name = self.grace()
		self.assertEqual(name, "5f4d3c2b-0000-4000-8000-000000000001.vcf")
		text = self.read(name)
		for line in ("item1.TEL:+1 202 555 0143", "item1.X-ABLabel:boat", "X-FOO;X-P=a:b\\,c"):
			self.assertIn(line + CRLF, text)
		mode = os.stat(os.path.join(self.dir, name)).st_mode
		self.assertEqual(stat.S_IMODE(mode), 0o600)
		self.assertEqual([n for n in os.listdir(self.dir) if n.endswith(".tmp")], [])

	def test_nothing_new_touches_nothing(self):
		name = self.grace()
		before = os.stat(os.path.join(self.dir, name))
		for _ in range(2):
			self.export()
			self.take()
		after = os.stat(os.path.join(self.dir, name))
		self.assertEqual((after.st_ino, after.st_mtime_ns), (before.st_ino, before.st_mtime_ns))

	def test_a_file_keeps_its_name(self):
		name = self.grace()
		os.rename(os.path.join(self.dir, name), os.path.join(self.dir, "hopper.vcf"))
		self.kith("ada", "edit", "grace", "title=Rear admiral")
		self.take()
		self.export()
		self.assertEqual(list(self.files()), ["hopper.vcf"])
		self.assertIn("TITLE:Rear admiral", self.read("hopper.vcf"))

	def test_a_change_comes_back(self):
		name = self.grace()
		self.write(name, self.read(name).replace("grace@example.org", "hopper@example.org"))
		told = self.take()
		self.assertIn("updated", told.out)
		fields = self.kith("ada", "show", "grace", "--json").json["fields"]
		self.assertIn("hopper@example.org", [f["value"] for f in fields])
		self.assertNotIn("grace@example.org", [f["value"] for f in fields])
		before = self.files()
		self.export()
		self.assertEqual(self.files(), before)

	def test_a_change_that_was_not_read_is_not_written_over(self):
		name = self.grace()
		changed = self.read(name).replace("Grace Hopper", "Grace B. Hopper")
		self.write(name, changed)
		self.kith("ada", "edit", "grace", "title=Rear admiral")
		told = self.export()
		self.assertEqual(self.read(name), changed)
		self.assertRegex(told.err + told.out, "import --vdir")

	def test_a_dry_run_changes_nothing(self):
		name = self.grace()
		self.write(name, self.read(name).replace("grace@", "hopper@"))
		self.take("--dry-run")
		value = self.kith("ada", "show", "grace", "--json").json["fields"]
		self.assertIn("grace@example.org", [f["value"] for f in value])
		self.assertIn("updated", self.take().out)

	def test_somebody_new_comes_back(self):
		self.grace()
		self.write("new.vcf", GRACE.replace("Grace", "Jo").replace("grace@", "jo@")
			.replace("000000000001", "000000000002").replace("0143", "0199"))
		self.assertIn("new", self.take().out)
		self.assertEqual(len(self.kith("ada", "list", "--json").json), 2)
		self.assertEqual(self.take().out.count("new"), 0)

	def test_who_is_forgotten_goes(self):
		self.grace()
		self.write("other.vcf", "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Nobody's\r\nUID:x\r\nEND:VCARD\r\n")
		self.kith("ada", "forget", "Grace Hopper", "--yes")
		self.export()
		self.assertEqual(list(self.files()), ["other.vcf"])

	def test_a_file_that_was_removed_is_not_made_again(self):
		name = self.grace()
		os.remove(os.path.join(self.dir, name))
		self.export()
		self.assertEqual(self.files(), {})
		told = self.take()
		self.assertIn("Grace Hopper", told.out + told.err)
		self.assertEqual(len(self.kith("ada", "list", "--json").json), 1)
		self.export("--again")
		self.assertEqual(list(self.files()), [name])

	def test_somebody_swapped_and_what_is_mine_beside(self):
		"""What was signed cannot be changed from outside; values beside it come back."""
		card = self.person("jo", "Jo March", "email=jo@example.org")
		self.kith("ada", "import", card)
		self.export()
		(name,) = self.files()
		self.assertIn("X-KITH-CARD:", self.read(name))
		text = self.read(name).replace("jo@example.org", "evil@example.org")
		self.write(name, text.replace("END:VCARD", "NOTE:met at the library\r\nEND:VCARD"))
		self.take()
		jo = self.kith("ada", "show", "jo", "--json").json
		self.assertIn("jo@example.org", [f["value"] for f in jo["fields"]])
		self.assertNotIn("evil@example.org", [f["value"] for f in jo["fields"]])
		own = [(f["kind"], f["value"]) for f in jo["own"]]
		self.assertIn(("note", "met at the library"), own)
		self.export()
		self.assertIn("NOTE:met at the library", self.read(name))
		self.assertIn("jo@example.org", self.read(name))

	def test_names_that_are_no_uid(self):
		"""Nothing is read from a name, and no name is made of what a UID says (case 31)."""
		for i, uid in enumerate(("../../etc/passwd", "a/b", "urn:uuid:5F4D3C2B-0000-4000-8000-00000000000a",
				"x" * 3000, ".hidden", "caf\u00e9")):
			path = self.path(f"{i}.vcf")
			with open(path, "w", encoding="utf-8", newline="") as f:
				f.write(GRACE.replace("5f4d3c2b-0000-4000-8000-000000000001", uid)
					.replace("Grace", f"P{i}").replace("grace@", f"p{i}@").replace("0143", f"01{i}0"))
			self.kith("ada", "import", path)
		self.export()
		self.assertEqual(len(self.files()), 6)
		for name in self.files():
			self.assertRegex(name, r"^[A-Za-z0-9_@+-][A-Za-z0-9._@+-]*\.vcf$")
		self.assertFalse(os.path.exists(self.path("etc")))
		before = self.files()
		self.export()
		self.assertEqual(self.files(), before)

	def test_a_file_is_given_a_uid_only_when_one_vcard_is_all_it_holds(self):
		self.grace()
		one = CRLF.join(("BEGIN:VCARD", "VERSION:3.0", "FN:Jo March", "N:March;Jo;;;", "END:VCARD", ""))
		two = one.replace("Jo", "Amy")
		left = {"two.vcf": one + two, "named.vcf": one.replace("Jo", "Meg") + GRACE, "text.vcf": two + "and more\r\n",
			"before.vcf": "more\r\n" + one, "half.vcf": one + "BEGIN:VCARD\r\nFN:Beth March\r\n",
			"odd.vcf": one.replace("END", "no property at all\r\nEND")}
		for name, text in left.items():
			self.write(name, text)
		self.write("alone.vcf", "\r\n" + one.replace("Jo", "Hannah") + "\r\n\r\n")
		told = self.take()
		for name, text in left.items():
			self.assertEqual(self.read(name), text)
			self.assertRegex(told.err, rf"{name}\S*: the vCard has no UID and is given none")
		self.assertNotIn("alone.vcf: the vCard", told.err)
		self.assertRegex(self.read("alone.vcf"), r"UID:(urn:uuid:)?[0-9a-f]{8}-")
		names = {p["name"] for p in self.kith("ada", "list", "--json").json}
		self.assertLessEqual({f"{n} March" for n in ("Jo", "Amy", "Meg", "Beth", "Hannah")}, names)

	def test_what_is_not_a_vcard_is_left_alone(self):
		self.grace()
		others = {"notes.txt": "hello", ".kept.vcf": "x", "half.vcf.tmp": "y", "color": "#fff"}
		for name, text in others.items():
			self.write(name, text)
		os.symlink(self.path("grace.vcf"), os.path.join(self.dir, "link.vcf"))
		self.take()
		self.export()
		for name, text in others.items():
			self.assertEqual(self.read(name), text)
		self.assertTrue(os.path.islink(os.path.join(self.dir, "link.vcf")))

	def test_a_list_that_somebody_spoilt(self):
		name = self.grace()
		before = self.files()
		for text in ("", "x y z\n", "\0" * 100, "0" * 32 + " " + "0" * 32 + " ../../x.vcf u\n",
				"0" * 32 + " " + "0" * 32 + f" {name} u\n"):
			self.write(".kith", text)
			self.export()
			self.assertEqual(self.files(), before)

	def emails(self):
		return [f["value"] for f in self.kith("ada", "show", "grace", "--json").json["fields"]
			if f["kind"] == "email"]

	def test_what_was_changed_there_alone_replaces_what_was_typed_in(self):
		self.kith("ada", "add", "name=Grace Hopper", "email=grace@example.org", "note=mine")
		self.export()
		(name,) = self.files()
		text = self.read(name).replace("grace@example.org", "hopper@example.org")
		self.write(name, CRLF.join(line for line in text.split(CRLF) if line != "NOTE:mine"))
		self.assertIn("updated", self.take().out)
		self.assertEqual(self.emails(), ["hopper@example.org"])
		fields = self.kith("ada", "show", "grace", "--json").json["fields"]
		self.assertEqual([f for f in fields if f["kind"] == "note"], [])
		self.assertEqual(self.kith("ada", "list", "--json").json[0]["from"], "typed")
		before = self.files()
		self.export()
		self.assertEqual(self.files(), before)

	def test_what_was_changed_here_and_there(self):
		name = self.grace()
		self.write(name, self.read(name).replace("grace@", "there@"))
		self.kith("ada", "edit", "grace", "email.work=here@example.org")
		told = self.take()
		self.assertEqual((told.out + told.err).count("changed here and there: both values are kept"), 1)
		self.assertEqual(sorted(self.emails()), ["here@example.org", "there@example.org"])
		self.export()
		for value in ("here@example.org", "there@example.org"):
			self.assertIn(value, self.read(name))
		self.write(name, self.read(name).replace("there@", "once@"))
		self.take()
		self.assertEqual(sorted(self.emails()), ["here@example.org", "once@example.org"])

	def test_no_such_folder(self):
		self.kith("ada", "import", "--vdir", self.path("none"), status=1)
		self.kith("ada", "export", "--vdir", self.path("none", "deeper"), status=1)


if __name__ == "__main__":
	house.main()
