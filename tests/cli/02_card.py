# SPDX-License-Identifier: MIT
"""kith card: my own card shown, set, unset, edited."""

import os
import stat
import subprocess

import house


class Card(house.Case):
	def setUp(self):
		super().setUp()
		self.kith("h", "init", "name=Ada Lovelace", "email.work=a@example.org",
			"org=Engines")

	def card(self):
		return self.kith("h", "card", "--json").json

	def fields(self):
		return [(f["kind"], f["label"], f["value"]) for f in self.card()["fields"]]

	def test_shows(self):
		r = self.kith("h", "card")
		for words in ("Ada Lovelace", "email, work", "a@example.org", "revision",
			"fingerprint"):
			self.assertIn(words, r.out)

	def test_set_replaces_or_adds(self):
		r = self.kith("h", "card", "set", "email.work=b@example.org", "tel.mobile=+44 1")
		self.assertIn("b@example.org", r.out)
		self.assertEqual(self.fields(), [("name", None, "Ada Lovelace"),
			("email", "work", "b@example.org"), ("org", None, "Engines"),
			("tel", "mobile", "+44 1")])
		self.assertEqual(self.card()["revision"], 2)
		self.kith("h", "card", "set", "email=1@x.org", "email=2@x.org", "name=Ada")
		self.assertEqual(self.fields()[0], ("name", None, "Ada"))
		self.assertEqual(self.fields()[-2:], [("email", None, "1@x.org"),
			("email", None, "2@x.org")])
		self.kith("h", "card", "set", "email=3@x.org")
		self.assertEqual([f for f in self.fields() if f[0] == "email"],
			[("email", "work", "b@example.org"), ("email", None, "3@x.org")])
		self.kith("h", "card", "set", "pronouns=she/her")
		self.kith("h", "card", "set", "pronouns.en=they/them")
		self.assertEqual([f for f in self.fields() if f[0] == "pronouns"],
			[("pronouns", "en", "they/them")])

	def test_same_content_is_no_revision(self):
		r = self.kith("h", "card", "set", "org=Engines")
		self.assertIn("Nothing was different", r.err)
		self.assertEqual(self.card()["revision"], 1)

	def test_id_stays_and_revisions_count(self):
		before = self.card()["id"]
		for i in range(2, 6):
			answer = self.kith("h", "card", "set", f"note={i}", "--json").json
			self.assertEqual((answer["id"], answer["revision"]), (before, i))

	def test_unset(self):
		self.kith("h", "card", "set", "email=b@example.org", "note.a=1", "note.b=2")
		self.kith("h", "card", "unset", "email.work", "note")
		self.assertEqual(self.fields(), [("name", None, "Ada Lovelace"), ("org", None,
			"Engines"),
			("email", None, "b@example.org")])
		before = self.card()
		self.assertIn("no tel", self.kith("h", "card", "unset", "org", "tel", status=1).err)
		self.assertIn("no email.home",
			self.kith("h", "card", "unset", "email.home", status=1).err)
		self.assertIn("needs a name", self.kith("h", "card", "unset", "name", status=2).err)
		self.kith("h", "card", "unset", "org=Engines", status=2)
		self.kith("h", "card", "unset", "shoe", status=2)
		self.kith("h", "card", "unset", status=2)
		self.assertEqual(self.card(), before)

	def test_wrong_values_change_nothing(self):
		before = self.card()
		for args, status in ((["email=x"], 6), (["note=1", "bday=x"], 6), (["photo=x"], 1),
				(["nonsense"], 2), ([], 2), (["name=a", "name=b"], 2),
				(["note="], 6),
				(["name=\u200b"], 6), ([b"note=\xff"], 6)):
			self.kith("h", "card", "set", *args, status=status)
		r = self.kith("h", "card", "set", *[f"note.{i}=x" for i in range(61)])
		self.assertEqual(len(self.fields()), 64)
		self.assertIn("at most 64", self.kith("h", "card", "set", "url=x", status=6).err)
		self.kith("h", "card", "unset", "note")
		r = self.kith("h", "card", "set", *[f"note.{i}=" + "x" * 1024 for i in range(16)],
			status=6)
		self.assertIn("larger than 16384 bytes", r.err)
		self.assertEqual(self.card()["fields"], before["fields"])

	def test_address(self):
		self.kith("h", "card", "set", "adr.home=1 High St;London;;N1;UK")
		self.assertIn(("adr", "home", "1 High St;London;;N1;UK"), self.fields())
		self.assertIn("1 High St, London, N1, UK", self.kith("h", "card").out)
		self.kith("h", "card", "set", "adr=a;b;c;d;e;f", status=2)

	def test_no_such_word(self):
		self.kith("h", "card", "nonsense", status=2)

	def test_many_at_once(self):
		runs = [subprocess.Popen([house.KITH, "--home", self.path("h"), "card", "set",
			f"note.{i}=x"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
			env=self.env())
			for i in range(8)]
		for run in runs:
			_, err = run.communicate(timeout=60)
			self.assertEqual(run.returncode, 0, err)
		self.assertEqual(self.card()["revision"], 9)
		self.assertEqual({f[1] for f in self.fields() if f[0] == "note"},
			{str(i) for i in range(8)})

	def test_wrong_key(self):
		self.kith("other", "init", "name=Eve")
		os.replace(self.path("other", "identity.key"), self.path("h", "identity.key"))
		self.assertIn("is not the key", self.kith("h", "card", "set", "note=x",
			status=6).err)
		self.assertEqual(self.card()["revision"], 1)

	def test_read_only_home(self):
		"""Case 82: reading works, writing says so: exit 7 (as another user where we are root)."""
		user = None
		for name in os.listdir(self.path("h")):
			os.chmod(self.path("h", name), 0o400)
		if os.geteuid() == 0:
			user = house.NOBODY
			os.chmod(self.folder, 0o755)
			for path in [self.path("h")] + [self.path("h",
				n) for n in os.listdir(self.path("h"))]:
				os.chown(path, user, user)
			try:
				subprocess.run([house.KITH, "--version"], user=user, check=True,
					capture_output=True, cwd="/")
			except (PermissionError, subprocess.CalledProcessError):
				self.skipTest("another user cannot run the program here")
		os.chmod(self.path("h"), 0o500)
		self.assertIn("Ada", self.kith("h", "card", user=user, cwd="/").out)
		self.assertEqual(self.kith("h", "list", user=user, cwd="/").out, "")
		r = self.kith("h", "card", "set", "note=x", status=7, user=user, cwd="/")
		self.assertIn("read-only", r.err)
		os.chmod(self.path("h"), 0o700)


class Edit(house.Case):
	def setUp(self):
		super().setUp()
		self.kith("h", "init", "name=Ada", "email.work=a@example.org", "note=one\ntwo\\n")

	def editor(self, script, name="editor"):
		"""An editor that is a shell script; $1 is the file."""
		path = self.path(name)
		with open(path, "w", encoding="utf-8") as f:
			f.write("#!/bin/sh\n" + script)
		os.chmod(path, 0o700)
		return {"EDITOR": path}

	def edit(self, script, *args, status=0):
		return self.kith("h", "card", "edit", *args, status=status, env=self.editor(script))

	def kept(self):
		return [n for n in os.listdir(self.path("h")) if n.startswith("card-")]

	def test_changes(self):
		r = self.edit('sed -i "s/^email.work=.*/email.work=new@example.org/" "$1"\n'
			'echo "tel.mobile=+44 1" >> "$1"\n')
		self.assertIn("new@example.org", r.out)
		card = self.kith("h", "card", "--json").json
		self.assertEqual(card["revision"], 2)
		self.assertEqual([f["value"] for f in card["fields"]],
			["Ada", "new@example.org", "one\ntwo\\n", "+44 1"])
		self.assertEqual(self.kept(), [])

	def test_what_the_editor_gets(self):
		self.edit(f'cp "$1" {self.path("seen")}; stat -c %a "$1" > {self.path("mode")}')
		with open(self.path("mode"), encoding="ascii") as f:
			self.assertEqual(f.read(), "600\n")
		with open(self.path("seen"), encoding="utf-8") as f:
			lines = f.read().splitlines()
		self.assertEqual([line for line in lines if line and line[0] != "#"],
			["name=Ada", "email.work=a@example.org", "note=one\\ntwo\\\\n"])
		self.assertTrue(all(len(line) < 80 for line in lines))

	def test_unchanged(self):
		r = self.edit("true")
		self.assertIn("Nothing was different", r.err)
		self.assertEqual(self.kith("h", "card", "--json").json["revision"], 1)
		self.assertEqual(self.kept(), [])

	def test_wrong_lines_are_told_and_kept(self):
		r = self.edit(
			'printf "name=Ada\\n\\nemail=nonsense\\nshoe=42\\nname=Eve\\n" > "$1"',
			status=6)
		self.assertIn("line 3: email must look like", r.err)
		self.assertIn('line 4: there is no field "shoe"', r.err)
		self.assertIn("line 5: name is there already", r.err)
		kept = self.kept()
		self.assertEqual(len(kept), 1)
		path = self.path("h", kept[0])
		self.assertIn(path, r.err)
		self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
		self.assertEqual(self.kith("h", "card", "--json").json["revision"], 1)
		self.edit('printf "name=Ada L\\n" > "$1"', path)
		self.assertEqual(self.kith("h", "card", "--json").json["name"], "Ada L")
		self.assertEqual(self.kept(), [])

	def test_no_name(self):
		self.assertIn("needs one", self.edit(': > "$1"', status=6).err)

	def test_own_file_stays(self):
		with open(self.path("mine.txt"), "w", encoding="ascii") as f:
			f.write("name=Ada from a file\n")
		self.edit("true", self.path("mine.txt"))
		self.assertTrue(os.path.exists(self.path("mine.txt")))
		self.assertEqual(self.kith("h", "card", "--json").json["name"], "Ada from a file")

	def test_editor_fails(self):
		r = self.edit('echo "name=half" > "$1"; exit 3', status=1)
		self.assertIn("did not end well", r.err)
		self.assertEqual(len(self.kept()), 1)
		r = self.kith("h", "card", "edit", status=1, env={"VISUAL": "/nonexistent/editor"})
		self.assertIn("/nonexistent/editor", r.err)
		self.assertEqual(len(self.kept()), 1)

	def test_no_such_file(self):
		"""A name that is mistyped opens no editor, and an edit without a terminal none that waits for one."""
		ran = self.path("ran")
		r = self.edit(f': > {ran}', self.path("none.txt"), status=1)
		self.assertIn("none.txt", r.err)
		self.assertFalse(os.path.exists(ran))
		with open(self.path("vi"), "w", encoding="ascii") as f:
			f.write(f"#!/bin/sh\n: > {ran}\n")
		os.chmod(self.path("vi"), 0o700)
		self.kith("h", "add", "name=Grace")
		for command in (("card", "edit"), ("card", "edit", "/dev/null"), ("edit", "Grace")):
			r = self.kith("h", *command, status=2, env={"PATH": self.folder + ":/usr/bin:/bin",
				"VISUAL": "", "EDITOR": ""})
			self.assertIn("without a terminal for an editor", r.err)
			self.assertFalse(os.path.exists(ran))
			self.assertEqual(self.kept(), [])

	def test_one_text_is_kept(self):
		"""Edits that fail, one after the other, go on with one text, and none of it is lost."""
		self.edit('echo "tel=1" >> "$1"; exit 3', status=1)
		r = self.edit('echo "shoe=42" >> "$1"', status=6)
		self.assertIn("goes on with it", r.err)
		self.assertEqual(self.kept(), ["card-edit.txt"])
		r = self.edit('sed -i /^shoe/d "$1"')
		self.assertIn(("tel", "1"), [(f["kind"], f["value"])
			for f in self.kith("h", "card", "--json").json["fields"]])
		self.assertEqual(self.kept(), [])

	def test_a_text_that_nobody_changed_is_not_kept(self):
		for editor in ("/nonexistent/editor", "false"):
			r = self.kith("h", "card", "edit", status=1, env={"VISUAL": editor})
			self.assertNotIn("is kept", r.err)
			self.assertEqual(self.kept(), [])
		with open(self.path("mine.txt"), "w", encoding="ascii") as f:
			f.write("name=Ada\n")
		self.edit("exit 3", self.path("mine.txt"), status=1)
		self.assertTrue(os.path.exists(self.path("mine.txt")))

	def test_editor_with_arguments_and_a_strange_home(self):
		self.kith("h o$me'", "init", "name=Ada")
		self.editor('[ "$1" = --wait ] && echo "note=$1" >> "$2"', "ed")
		self.kith("h o$me'", "card", "edit", env={"VISUAL": self.path("ed") + " --wait",
			"EDITOR": "/nonexistent"})
		self.assertEqual(self.kith("h o$me'", "card", "--json").json["fields"][1]["value"],
			"--wait")

	def test_changed_meanwhile(self):
		r = self.edit(
			f'{house.KITH} --home {self.path("h")} card set note=other >/dev/null\n'
			'echo "tel=1" >> "$1"', status=6)
		self.assertIn("while you were editing", r.err)
		self.assertEqual(len(self.kept()), 1)

	def test_again_at_a_terminal(self):
		env = self.editor('if [ -e once ]; then echo "name=Second" > "$1"\n'
			'else : > once; echo "name=" > "$1"; fi\n')
		status, screen = self.terminal("h", "card", "edit", env=env,
			prompts=[(rb"Edit again\? \[Y/n\] ", b"\n")])
		self.assertEqual(status, 0, screen)
		self.assertEqual(self.kith("h", "card", "--json").json["name"], "Second")
		self.assertEqual(self.kept(), [])


if __name__ == "__main__":
	house.main()
