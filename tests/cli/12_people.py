# SPDX-License-Identifier: MIT
"""add, edit, join, compare, and how list, show, find and forget tell of people without a key."""

import base64
import os
import re
import subprocess

import house

MAY = 1777832411  # 2026-05-03T18:20:11Z
UUID = re.compile(r"^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")


class Base(house.Case):
	def setUp(self):
		super().setUp()
		self.kith("h", "init", "name=Me Myself", "email=me@example.org")
		self.ada = self.person("ada", "Ada Lovelace", "email.work=ada@example.org",
			"org=Analytical Engines")

	def meet_ada(self):
		self.seed("h", self.ada, "compared", "FOSDEM", MAY, "receipt")

	def write(self, name, data):
		path = self.path(name)
		with open(path, "wb") as f:
			f.write(data if isinstance(data, bytes) else data.encode())
		return path

	def editor(self, script):
		"""An editor that runs the Python text on the file's text `t`."""
		path = self.write("editor.py", "import sys\nt = open(sys.argv[1]).read()\n" + script +
			"\nopen(sys.argv[1], 'w').write(t)\n")
		return {"EDITOR": f"python3 {path}"}

	def show(self, who):
		return self.kith("h", "show", who, "--json").json

	def known(self, who):
		"""The contact object alone: show adds what is remembered."""
		more = {"tags", "ring", "touched", "touched_by", "notes", "promises", "relations", "review"}
		p = self.show(who)
		self.assertLessEqual(more, set(p))
		return {name: value for name, value in p.items() if name not in more}

	def own(self, who):
		return [(f["kind"], f["label"], f["value"], f["from"]) for f in self.show(who)["own"]]

	def names(self):
		return [p["name"] for p in self.kith("h", "list", "--json").json]


class Add(Base):
	def test_add(self):
		out = self.kith("h", "add", "name=Grace Hopper", "tel.mobile=+1 202 555 0143",
			"org=Navy").out
		self.assertEqual(out, '"Grace Hopper" is added, typed in.\n')
		self.assertRegex(self.kith("h", "list").out,
			r"^Grace Hopper  Navy  typed in, \d+ \w+ 20\d\d\n$")
		p = self.show("grace")
		self.assertRegex(p["id"], UUID)
		self.assertEqual((p["name"], p["state"], p["from"], p["delivered"]),
			("Grace Hopper", "typed", "typed", False))
		self.assertNotIn("revision", p)
		self.assertNotIn("own", p)
		self.assertEqual([m["how"] for m in p["met"]], ["typed"])
		self.assertRegex(p["met"][0]["at"], r"^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
		self.assertIn({"kind": "tel", "label": "mobile", "value": "+1 202 555 0143"}, p["fields"])
		out = self.kith("h", "show", p["id"][:8]).out
		self.assertRegex(out, r"(?m)^known                 typed in, ")
		self.assertIn("tel, mobile           +1 202 555 0143\n", out)
		self.assertIn(f"id                    {p['id']}\n", out)
		self.assertNotIn("fingerprint", out)
		self.assertNotIn("more propert", out)

	def test_json_is_the_person(self):
		p = self.kith("h", "add", "--json", "name=Grace", "note=a\nb").json
		self.assertEqual(p, self.known("grace"))
		self.assertIn({"kind": "note", "label": None, "value": "a\nb"}, p["fields"])

	def test_in_any_script(self):
		for name in ("王小明", "שרה דוגמה", "Zoë Ångström-Núñez", "О'Нил; Пётр, \\ мл."):
			self.kith("h", "add", f"name={name}")
			self.assertEqual(self.show(name)["name"], name)
		self.assertIn("Zoë", self.kith("h", "find", "angstrom").out)

	def test_needs_a_name(self):
		r = self.kith("h", "add", "tel=1", status=2)
		self.assertIn("needs a name", r.err)
		self.kith("h", "add", status=2)
		self.kith("h", "add", "given=Grace", "family=Hopper")
		self.assertEqual(self.names(), ["Grace Hopper"])
		status, screen = self.terminal("h", "add", "tel=1", prompts=[
			(rb"Their name: ", b"\n"), (rb"needs a name", b"Bob\n")])
		self.assertEqual(status, 0, screen)
		self.assertEqual(self.show("bob")["fields"][-1]["value"], "1")
		status, screen = self.terminal("h", "add", prompts=[(rb"Their name: ", b"\x04")])
		self.assertEqual(status, 2, screen)
		self.assertEqual(self.names(), ["Bob", "Grace Hopper"])

	def test_photo(self):
		"""A picture is made as small as on a card; what is none is refused."""
		self.kith("h", "qr", "--identity", "--png", self.path("some.png"))
		self.kith("h", "add", "name=Grace", "photo=" + self.path("some.png"))
		photo = [f for f in self.show("grace")["fields"] if f["kind"] == "photo"][0]
		data = base64.b64decode(photo["value"])
		self.assertEqual(data[:3], b"\xff\xd8\xff")
		self.assertLessEqual(len(data), 8192)
		self.kith("h", "edit", "grace", "photo=")
		self.assertEqual([f["kind"] for f in self.show("grace")["fields"] if f["kind"] == "photo"], [])
		self.kith("h", "add", "name=Bob", "photo=" + self.ada, status=6)
		self.kith("h", "add", "name=Bob", "photo=" + self.path("nothing"), status=1)
		self.assertEqual(self.names(), ["Grace"])

	def test_wrong_fields(self):
		for wrong, status in (("name", 2), ("name=", 2), ("nonsense=1", 2), ("email=x", 6),
				("note=" + "x" * 1025, 6), ("bday=yesterday", 6), ("name=\u200b", 6)):
			self.kith("h", "add", "name=Grace" if not wrong.startswith("name") else "org=x",
				wrong, status=status)
		self.kith("h", "add", "name=Grace", "name=Hopper", status=2)
		self.kith("h", "add", "name=G", *[f"tel.{i}={i}" for i in range(64)], status=6)
		self.assertEqual(self.names(), [])
		self.kith("h", "add", "name=G", *[f"tel.{i}={i}" for i in range(63)])
		self.assertEqual(len(self.show("g")["fields"]), 64)

	def test_not_twice(self):
		"""Somebody of the same name and an address, typed in or signed, whatever the case."""
		self.kith("h", "add", "name=Grace Hopper", "tel=+1 202 555-0143", "email=g@example.org")
		for same in ("tel.work=12025550143", "email=G@EXAMPLE.org"):
			r = self.kith("h", "add", "name=GRACE  hopper", same, status=1)
			self.assertIn('you have "Grace Hopper" already (typed in, ', r.err)
			self.assertIn("--anyway", r.err)
		self.kith("h", "add", "name=Grace Hopper", "email=other@example.org")
		self.kith("h", "add", "name=Grace Murray", "tel=12025550143")
		self.assertEqual(len(self.names()), 3)
		self.kith("h", "add", "name=Grace Hopper", "email=g@example.org", "--anyway")
		self.assertEqual(len(self.names()), 4)
		self.meet_ada()
		r = self.kith("h", "add", "name=ada lovelace", "email=ADA@example.org", status=1)
		self.assertIn("compared face to face, 3 May 2026, FOSDEM", r.err)
		self.kith("h", "add", "name=Ada Lovelace", "email=not-ada@example.org")

	def test_twice_at_once(self):
		runs = [subprocess.Popen([house.KITH, "--home", self.path("h"), "add", "name=Grace",
			"email=g@example.org"], env=self.env(), stdout=subprocess.DEVNULL,
			stderr=subprocess.DEVNULL) for _ in range(8)]
		self.assertEqual(sorted(run.wait(timeout=60) for run in runs), [0] + [1] * 7)
		self.assertEqual(self.names(), ["Grace"])

	def test_twins_show_their_ids(self):
		"""Two rows that would look the same can be told apart, and the id is one that WHO takes."""
		for i in "12":
			self.kith("h", "add", "name=Grace", f"email={i}@example.org")
		self.kith("h", "add", "name=Bob")
		lines = self.kith("h", "list").out.splitlines()
		self.assertRegex(lines[0], r"^Bob {3,}typed in")
		ids = [re.match(r"Grace  (\S{4,})  typed in", line).group(1) for line in lines[1:]]
		found = [self.kith("h", "show", i).out for i in ids]
		self.assertIn("1@example.org", found[0])
		self.assertIn("2@example.org", found[1])
		self.assertNotRegex(self.kith("h", "find", "bob").out, r"Bob  \S{4}  ")
		r = self.kith("h", "show", "grace", status=3)
		for i in ids:
			self.assertRegex(r.err, f"(?m)^{i}\\S*  Grace")

	def test_find(self):
		"""Full text, best first, and what was found when it was not the name."""
		self.kith("h", "add", "name=Grace Hopper", "note=wrote the first compiler for a machine "
			"that filled a room, and found a moth in it", "org=Navy")
		self.kith("h", "add", "name=Moth Keeper")
		lines = self.kith("h", "find", "MOTH").out.splitlines()
		self.assertEqual([line.split("  ")[0] for line in lines], ["Moth Keeper", "Grace Hopper"])
		self.assertIn("  note: …", lines[1])
		self.assertIn("moth in it", lines[1])
		self.assertNotIn(": ", lines[0])
		self.assertIn("org: Navy", self.kith("h", "find", "navy").out)
		out = self.kith("h", "find", "hopper", "navy", "compiler").out
		self.assertIn("compiler", out)
		self.assertIn("org: Navy", out)
		self.assertEqual(self.kith("h", "find", "moth", "--json").json[0]["name"], "Moth Keeper")
		self.meet_ada()
		self.assertIn("event: FOSDEM", self.kith("h", "find", "fosdem").out)
		self.assertIn("email: ada@example.org", self.kith("h", "find", "ada@example").out)

	def test_forget(self):
		self.kith("h", "add", "name=Grace Hopper", "email=g@example.org")
		who = self.show("grace")["id"]
		status, screen = self.terminal("h", "forget", "grace", prompts=[(rb"\[y/N\] ", b"n\n")])
		self.assertEqual(status, 4)
		self.assertIn(b"All of this goes: what you typed in or imported; and what you remember of them.", screen)
		self.kith("h", "forget", "gra", "--yes", status=2)
		self.kith("h", "forget", who[:8], "--yes")
		self.assertEqual(self.names(), [])
		self.kith("h", "show", who, status=3)
		self.kith("h", "add", "name=Grace Hopper", "email=g@example.org")


VCARD = ("BEGIN:VCARD\r\nVERSION:3.0\r\nUID:2c6bd7a6-0d3c-4d0f-9f6c-0e1f2a3b4c5d\r\nFN:Bob Brown\r\n"
	"N:Brown;Bob;;;\r\nitem1.TEL:+44 7700 900123\r\nitem1.X-ABLabel:boat phone\r\n"
	"EMAIL;TYPE=WORK:bob@example.org\r\nX-SHOE-SIZE;X-WIDE=yes:44\r\nGEO:51.5;-0.1\r\n"
	"NOTE:{note}\r\nEND:VCARD\r\n")


class Imported(Base):
	def take(self, note="long ago", name="bob.vcf"):
		self.kith("h", "import", self.write(name, VCARD.format(note=note)))

	def test_show(self):
		self.take("x" * 3000)
		self.assertRegex(self.kith("h", "list").out, r"^Bob Brown  imported, \d+ \w+ 20\d\d\n$")
		p = self.show("bob")
		self.assertEqual((p["id"], p["from"], p["state"], p["met"][0]["how"]),
			("2c6bd7a6-0d3c-4d0f-9f6c-0e1f2a3b4c5d", "imported", "typed", "typed"))
		self.assertIn({"kind": "note", "label": None, "value": "x" * 3000}, p["fields"])
		self.assertIn({"kind": "tel", "label": "boat phone", "value": "+44 7700 900123"},
			p["fields"])
		out = self.kith("h", "show", "2C6BD7A6").out
		self.assertIn("2 more properties, kept and exported", out)
		self.assertIn("x" * 201, out)  # a pipe gets all of it
		status, screen = self.terminal("h", "show", "2C6BD7A6")
		self.assertNotIn(b"x" * 201, screen)
		self.assertEqual((status, b"x" * 100 in screen), (0, True))
		self.assertIn("boat phone", out)

	def test_edit_leaves_the_rest(self):
		"""A changed entry keeps what kith does not know, byte for byte and in its place."""
		self.take()
		self.kith("h", "edit", "bob", "email.work=bob@example.net", "title=Captain", "note=")
		out = self.kith("h", "export", "bob").raw.decode()
		for line in ("item1.TEL:+44 7700 900123\r\n", "item1.X-ABLabel:boat phone\r\n",
				"X-SHOE-SIZE;X-WIDE=yes:44\r\n", "GEO:51.5;-0.1\r\n",
				"UID:2c6bd7a6-0d3c-4d0f-9f6c-0e1f2a3b4c5d\r\n", "TITLE:Captain\r\n"):
			self.assertIn(line, out)
		self.assertIn("bob@example.net", out)
		self.assertNotIn("bob@example.org", out)
		self.assertNotIn("NOTE", out)
		self.kith("h", "edit", "bob", "--unset", "tel.boat phone")
		self.assertNotIn("X-ABLabel", self.kith("h", "export", "bob").out)

	def test_without_a_name(self):
		"""Somebody whose card says no name goes by what it does say."""
		self.kith("h", "import", self.write("e.vcf", "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:e\r\n"
			"EMAIL:eve@example.org\r\nEND:VCARD\r\n"))
		self.assertEqual(self.names(), ["eve@example.org"])
		self.assertIn("name", [f["kind"] for f in self.show("eve@")["fields"]])
		self.kith("h", "edit", "eve", "name=Eve")
		self.assertEqual(self.names(), ["Eve"])
		self.assertIn({"kind": "email", "label": None, "value": "eve@example.org"},
			self.show("eve")["fields"])

	def test_find_in_what_is_no_field(self):
		self.kith("h", "import", self.write("c.vcf", "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Carol\r\n"
			"UID:c\r\nX-HOBBY:paragliding\r\nEND:VCARD\r\n"))
		self.assertIn("also: paragliding", self.kith("h", "find", "paraglid").out)

	def test_large_photo(self):
		"""PHOTO_JSON_MAX: at the limit it is printed, one byte more is told by its size."""
		for n, size in (("a", 262144), ("b", 262145)):
			photo = b"\xff\xd8\xff\xe0" + bytes(size - 4)
			self.kith("h", "import", self.write(n + ".vcf", "BEGIN:VCARD\r\nVERSION:3.0\r\n"
				f"FN:{n}\r\nUID:{n}\r\nPHOTO;ENCODING=b;TYPE=JPEG:"
				f"{base64.b64encode(photo).decode()}\r\nEND:VCARD\r\n"))
		field = [f for f in self.show("a")["fields"] if f["kind"] == "photo"][0]
		self.assertEqual(len(base64.b64decode(field["value"])), 262144)
		field = [f for f in self.show("b")["fields"] if f["kind"] == "photo"][0]
		self.assertEqual((field["value"], field["bytes"]), (None, 262145))
		self.assertIn("a picture of 262145 bytes", self.kith("h", "show", "b").out)


class Edit(Base):
	def test_typed(self):
		self.kith("h", "add", "name=Grace", "tel.work=1", "tel.home=2", "tel=3", "note=x")
		self.kith("h", "edit", "grace", "tel.work=4", "name=Grace Hopper", "tel.home=")
		p = self.show("grace hopper")
		self.assertEqual([(f["label"], f["value"]) for f in p["fields"] if f["kind"] == "tel"],
			[("work", "4"), (None, "3")])
		self.kith("h", "edit", "grace", "--unset", "tel", "--unset=note", "url=https://example.org")
		self.assertEqual({f["kind"] for f in self.show("grace")["fields"]} &
			{"tel", "note", "url"}, {"url"})
		r = self.kith("h", "edit", "grace", "url=https://example.org")
		self.assertIn("Nothing was different", r.err)
		for wrong, status in (("name=", 2), ("email=", 1), ("bday=x", 6), ("x=1", 2)):
			self.kith("h", "edit", "grace", wrong, status=status)
		self.kith("h", "edit", "grace", status=2)
		self.kith("h", "edit", "x=1", status=2)
		self.kith("h", "edit", "--unset", status=2)
		self.kith("h", "edit", "nobody", "note=x", status=3)
		self.kith("h", "edit", "grace", "hopper", "note=two words are one name")
		self.assertEqual(self.kith("h", "edit", "grace", "note=y", "--json").json, self.known("grace"))

	def test_many_at_once(self):
		"""Edits at the same time all count, and none half."""
		self.meet_ada()
		runs = [subprocess.Popen([house.KITH, "--home", self.path("h"), "edit", "ada",
			f"tel.n{i}={i}", "--quiet"], env=self.env()) for i in range(8)]
		self.assertEqual([run.wait(timeout=60) for run in runs], [0] * 8)
		self.assertEqual(sorted(value for _, _, value, _ in self.own("ada")),
			[str(i) for i in range(8)])
		self.assertEqual(self.names(), ["Ada Lovelace"])

	def test_beside_a_signed_card(self):
		"""My own value stands beside the signed one, never inside it, and is taken away alone."""
		self.meet_ada()
		signed = self.show("ada")
		card = self.kith("h", "export", "ada", "--format", "kith").raw
		r = self.kith("h", "edit", "ada", "email.work=ada@home.example", "note=likes cards")
		self.assertIn('What "Ada Lovelace" signed stays as it is', r.err)
		after = self.show("ada")
		self.assertEqual(after["fields"], signed["fields"])
		self.assertEqual((after["name"], after["id"], after["met"]),
			(signed["name"], signed["id"], signed["met"]))
		self.assertEqual(self.own("ada"), [("email", "work", "ada@home.example", "typed"),
			("note", None, "likes cards", "typed")])
		self.assertEqual(self.kith("h", "export", "ada", "--format", "kith").raw, card)
		out = self.kith("h", "show", "ada").out
		head = out.index("\nYour own, not signed (typed in ")
		self.assertLess(out.index("email, work           ada@example.org"), head)
		self.assertLess(out.index("fingerprint"), head)
		self.assertGreater(out.index("ada@home.example"), head)
		self.assertIn("Ada", self.kith("h", "find", "likes").out)
		self.assertIn("Ada", self.kith("h", "show", "ada@home.example").out)
		self.assertRegex(self.kith("h", "list").out, "^Ada Lovelace  Analytical Engines  compared")
		self.kith("h", "edit", "ada", "email=")
		self.assertEqual(self.own("ada"), [("note", None, "likes cards", "typed")])
		r = self.kith("h", "edit", "ada", "email=", status=1)
		self.assertIn("is on the card they signed", r.err)
		self.kith("h", "edit", "ada", "--unset", "note")
		self.assertEqual(self.show("ada"), signed)
		self.kith("h", "edit", "ada", "tel=", status=1)
		self.assertEqual(self.names(), ["Ada Lovelace"])

	def test_own_name(self):
		self.meet_ada()
		self.kith("h", "edit", "ada", "name=Countess")
		self.assertEqual((self.names(), self.own("ada")),
			(["Ada Lovelace"], [("name", None, "Countess", "typed")]))
		self.assertRegex(self.kith("h", "show", "ada").out, "(?m)^name                  Countess$")
		self.kith("h", "edit", "ada", "name=")
		self.assertNotIn("own", self.show("ada"))

	def test_forget_takes_own_values_too(self):
		self.meet_ada()
		self.kith("h", "edit", "ada", "note=likes cards")
		status, screen = self.terminal("h", "forget", "ada", prompts=[(rb"\[y/N\] ", b"y\n")])
		self.assertEqual(status, 0)
		self.assertIn(b"and what you typed in, imported", re.sub(rb"\s+", b" ", screen))
		self.assertEqual(self.names(), [])
		with open(self.path("h", "kith.db"), "rb") as f:
			self.assertNotIn(b"likes cards", f.read())

	def test_in_an_editor(self):
		self.kith("h", "add", "name=Grace", "tel.work=1", "note=a\nb")
		env = self.editor("assert 'note=a\\\\nb' in t\nt = t.replace('tel.work=1', 'tel.work=2')")
		status, screen = self.terminal("h", "edit", "grace", env=env)
		self.assertEqual(status, 0, screen)
		self.assertIn({"kind": "tel", "label": "work", "value": "2"}, self.show("grace")["fields"])
		self.assertIn({"kind": "note", "label": None, "value": "a\nb"}, self.show("grace")["fields"])
		status, screen = self.terminal("h", "edit", "grace", env={"EDITOR": "true"})
		self.assertIn(b"Nothing was different", screen)
		self.assertEqual([n for n in os.listdir(self.path("h")) if n.startswith("edit")], [])
		env = self.editor("t = 'name=Grace\\nnonsense\\n'")
		status, screen = self.terminal("h", "edit", "grace", env=env,
			prompts=[(rb"again\? \[Y/n\] ", b"n\n")])
		self.assertEqual(status, 6, screen)
		self.assertIn(b"line 2: ", screen)
		self.assertIn({"kind": "tel", "label": "work", "value": "2"}, self.show("grace")["fields"])
		kept = [n for n in os.listdir(self.path("h")) if n.startswith("edit")]
		self.assertEqual(len(kept), 1)
		env = self.editor("assert 'nonsense' in t\nt = t.replace('nonsense', 'note=c')")
		status, screen = self.terminal("h", "edit", "grace", env=env)
		self.assertEqual(status, 0, screen)
		self.assertEqual(len(self.show("grace")["fields"]), 2)
		self.kith("h", "edit", "grace", status=2)  # nowhere to edit

	def test_in_an_editor_beside_a_signed_card(self):
		self.meet_ada()
		env = self.editor("assert 'ada@example.org' not in t.split('# Fields')[1]\nt += 'tel=7\\n'")
		status, screen = self.terminal("h", "edit", "ada", env=env)
		self.assertEqual(status, 0, screen)
		self.assertEqual(self.own("ada"), [("tel", None, "7", "typed")])
		status, screen = self.terminal("h", "edit", "ada", env=self.editor("t = ''"))
		self.assertEqual(status, 0, screen)
		self.assertNotIn("own", self.show("ada"))

	def test_in_an_editor_while_another_edits(self):
		self.kith("h", "add", "name=Grace", "tel=1")
		env = self.editor("import subprocess\nsubprocess.run(["
			f"{house.KITH!r}, '--home', {self.path('h')!r}, 'edit', 'grace', 'tel=2'], check=True)\n"
			"t += 'note=mine\\n'")
		status, screen = self.terminal("h", "edit", "grace", env=env,
			prompts=[(rb"again\? \[Y/n\] ", b"n\n")])
		self.assertEqual(status, 6, screen)
		self.assertIn(b"another kith has changed", re.sub(rb"\s+", b" ", screen))
		self.assertEqual([f["value"] for f in self.show("grace")["fields"] if f["kind"] == "tel"],
			["2"])

	def test_what_has_no_line_stays(self):
		"""A label that the editor's form cannot say, a picture, a value over a card's size."""
		long = "y" * 3000
		photo = base64.b64encode(b"\xff\xd8\xff\xe0" + bytes(60)).decode()
		self.kith("h", "import", self.write("d.vcf", "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Dora\r\n"
			f"UID:d\r\nitem1.TEL:1\r\nitem1.X-ABLabel:a=b\r\nNOTE:{long}\r\n"
			f"PHOTO;ENCODING=b;TYPE=JPEG:{photo}\r\nEND:VCARD\r\n"))
		before = self.show("dora")["fields"]
		env = self.editor("t = t.replace('name=Dora', 'name=Dora D')")
		status, screen = self.terminal("h", "edit", "dora", env=env)
		self.assertEqual(status, 0, screen)
		after = self.show("dora")["fields"]
		self.assertEqual([f for f in after if f["kind"] != "name"],
			[f for f in before if f["kind"] != "name"])
		self.assertEqual(self.show("dora")["name"], "Dora D")


class Join(Base):
	def setUp(self):
		super().setUp()
		self.meet_ada()
		self.kith("h", "add", "name=Ada (work)", "tel.desk=123", "email.work=ada@example.org")
		self.typed = self.show("Ada (work)")

	def test_join_and_back(self):
		signed = self.show("Ada Lovelace")
		r = self.kith("h", "join", "Ada Lovelace", "Ada (work)", "--yes")
		self.assertIn('"Ada (work)" is joined to "Ada Lovelace".', r.out)
		self.assertEqual(self.names(), ["Ada Lovelace"])
		joined = self.show("ada")
		self.assertEqual(joined["fields"], signed["fields"])
		self.assertIn(("tel", "desk", "123", "joined"), self.own("ada"))
		for who in ("Ada (work)", self.typed["id"], self.typed["id"][:6]):
			if who != "Ada (work)":
				self.assertEqual(self.show(who)["id"], signed["id"], who)
		out = self.kith("h", "show", "ada").out
		self.assertIn("\nJoined by you, not signed (typed in ", out)
		self.assertIn("tel, desk             123", out)
		self.assertEqual(out.count("ada@example.org"), 1, "what is signed is not shown twice")
		self.kith("h", "edit", "ada", "note=own")
		out = self.kith("h", "show", "ada").out
		self.assertLess(out.index("Your own"), out.index("Joined by you"))
		r = self.kith("h", "join", "--undo", "ada")
		self.assertIn("stands on its own again", r.out)
		self.assertEqual(self.show(self.typed["id"]), self.typed)
		self.assertEqual(self.own("Ada Lovelace"), [("note", None, "own", "typed")])
		self.kith("h", "join", "--undo", "Ada Lovelace", status=1)
		self.assertEqual(self.names(), ["Ada (work)", "Ada Lovelace"])

	def test_two_without_a_key(self):
		self.kith("h", "add", "name=Ada at home", "tel.home=7")
		self.kith("h", "join", "Ada (work)", "Ada at home", "--yes")
		p = self.show("Ada (work)")
		self.assertEqual((p["id"], p["fields"]), (self.typed["id"], self.typed["fields"]))
		self.assertIn(("tel", "home", "7", "joined"), self.own("Ada (work)"))
		self.kith("h", "join", "Ada Lovelace", "Ada (work)", "--yes")
		self.assertEqual(self.names(), ["Ada Lovelace"])
		self.kith("h", "join", "--undo", "ada")
		self.assertEqual(self.names(), ["Ada (work)", "Ada at home", "Ada Lovelace"])
		self.assertEqual(self.show("Ada (work)"), self.typed)

	def test_a_joined_value_can_be_edited(self):
		self.kith("h", "join", "Ada Lovelace", "Ada (work)", "-y")
		self.kith("h", "edit", "ada", "tel.desk=456")
		self.assertIn(("tel", "desk", "456", "joined"), self.own("ada"))
		self.kith("h", "join", "--undo", "ada")
		self.assertIn({"kind": "tel", "label": "desk", "value": "456"},
			self.show(self.typed["id"])["fields"])

	def test_refused(self):
		grace = self.person("grace", "Grace Hopper")
		self.kith("h", "import", grace)
		r = self.kith("h", "join", "Ada Lovelace", "Grace Hopper", "--yes", status=6)
		self.assertIn("both have a key", r.err)
		r = self.kith("h", "join", "Ada (work)", "Ada Lovelace", "--yes", status=6)
		self.assertIn("the other way round", r.err)
		self.kith("h", "join", "Ada (work)", "Ada (work)", "--yes", status=6)
		self.kith("h", "join", "Ada Lovelace", "Ada (work)", status=2)  # nobody to ask
		self.kith("h", "join", "Ada L", "Ada (work)", "--yes", status=2)  # a beginning, unseen
		self.kith("h", "join", "Ada Lovelace", "Ada (w", "--yes", status=2)
		self.kith("h", "join", "Ada Lovelace", "nobody", "--yes", status=3)
		self.kith("h", "join", "Ada", "Lovelace", "Ada", status=2)
		self.kith("h", "join", "Ada Lovelace", status=2)
		self.kith("h", "join", "--undo", status=2)
		self.assertEqual(self.names(), ["Ada (work)", "Ada Lovelace", "Grace Hopper"])

	def test_at_a_terminal(self):
		for answer in (b"\n", b"n\n", b"\x04"):
			status, screen = self.terminal("h", "join", "Ada Lovelace", "Ada (work)",
				prompts=[(rb"\[y/N\] ", answer)])
			self.assertEqual(status, 4, screen)
			for text in (b"FOSDEM", b"123", b"not signed", b"--undo", b"nothing was joined"):
				self.assertIn(text, re.sub(rb"\s+", b" ", screen))
			self.assertEqual(len(self.names()), 2)
		status, screen = self.terminal("h", "join", "Ada Lovelace", "Ada (work)",
			prompts=[(rb"\[y/N\] ", b"y\n")])
		self.assertEqual(status, 0, screen)
		self.assertEqual(self.names(), ["Ada Lovelace"])
		self.assertEqual(self.kith("h", "join", "--undo", "ada", "--json").json["name"],
			"Ada Lovelace")

	def test_forget_takes_the_joined_too(self):
		self.kith("h", "join", "Ada Lovelace", "Ada (work)", "--yes")
		self.kith("h", "forget", "Ada Lovelace", "--yes")
		self.assertEqual(self.names(), [])
		self.kith("h", "show", self.typed["id"], status=3)


if __name__ == "__main__":
	house.main()
