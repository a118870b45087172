# SPDX-License-Identifier: MIT
"""What every command has in common: options, help, output, exits."""

import os
import re
import subprocess

import house

COMMANDS = ["init", "card", "swap", "nearby", "list", "show", "find", "forget", "import", "export",
	"verify", "node", "demo", "help"]


class Usage(house.Case):
	def test_overview(self):
		for args in ([], ["help"], ["--help"], ["-h"], ["--help", "--json"]):
			r = self.kith(None, *args)
			for command in COMMANDS:
				self.assertRegex(r.out, rf"(?m)^  {command}  ")
			self.assertEqual(r.err, "")
		self.assertTrue(all(len(line) <= 90 for line in r.out.splitlines()))

	def test_pages(self):
		for command in COMMANDS:
			page = self.kith(None, "help", command).out
			self.assertTrue(page.startswith(f"kith {command} - "))
			self.assertIn(f"usage: kith {command}", page)
			self.assertRegex(page, rf"(?m)^Examples?:\n  kith {command}")
			for line in page.splitlines():
				self.assertLessEqual(len(line), 95, line)
			self.assertEqual(self.kith(None, command, "--help").out, page)
			self.assertEqual(self.kith(None, "--help", command).out, page)
			self.assertEqual(self.kith(None, command, "x", "--help").out, page)

	def test_fields_in_help(self):
		page = self.kith(None, "help", "card").out
		here = os.path.dirname(os.path.abspath(__file__))
		with open(os.path.join(here, "..", "..", "proto", "fields.def"),
			encoding="utf-8") as f:
			fields = re.findall(r'KITH_FIELD\(\w+, \d+, "(\w+)"', f.read())
		self.assertGreater(len(fields), 10)
		for name in fields:
			self.assertRegex(page, rf"(?m)^  {name} +\*? +\w")

	def test_version(self):
		for args in (["--version"], ["list", "--version"], ["--version", "nonsense"]):
			self.assertRegex(self.kith(None, *args).out, r"^kith \d+\.\d+\.\d+\n$")

	def test_wrong_usage(self):
		for args in (["nonsense"], ["--nonsense"], ["list", "--nonsense"], ["list", "x"],
				["-x", "list"], ["--home"], ["list", "--home"],
				["help", "nonsense"],
				["help", "a", "b"], ["--passphrase-fd"],
				["list", "--passphrase-fd", "x"],
				["list", "--passphrase-fd", "-1"],
				["list", "--passphrase-fd=99999999999"]):
			r = self.kith(None, *args, status=2)
			self.assertEqual(r.out, "")

	def test_global_options_before_and_after(self):
		self.kith("h", "init", "name=Ada")
		home = self.path("h")
		for args in (["--home", home, "--json", "card"], ["card", "--json", "--home", home],
				["--json", "card", "--home=" + home],
				["card", "--json", "--quiet", "--no-color",
				"--passphrase-fd", "3", "--home", home]):
			self.assertEqual(self.kith(None, *args).json["name"], "Ada")
		self.kith(None, "--home", home, "show", "--", "--json", status=3)

	def test_quiet(self):
		r = self.kith("h", "init", "name=Ada", "--quiet")
		self.assertEqual(r.err, "")
		r = self.kith("h", "card", "set", "name=Ada", "--quiet")
		self.assertEqual((r.out, r.err), ("", ""))
		r = self.kith("h", "export", "--me", "-o", self.path("x"), "--quiet")
		self.assertEqual((r.out, r.err), ("", ""))
		self.kith("h", "show", "nobody", "--quiet", status=3)

	def test_reader_goes_away(self):
		self.kith("h", "init", "name=Ada", *[f"note.{i}=" + "x" * 1000 for i in range(15)])
		for args in (["card"], ["card", "--json"], ["help"], ["export", "--me"]):
			read, write = os.pipe()
			os.close(read)
			done = subprocess.run([house.KITH, "--home", self.path("h"), *args],
				stdout=write,
				stderr=subprocess.PIPE, env=self.env(), check=False, timeout=60)
			os.close(write)
			self.assertEqual((done.returncode, done.stderr), (0, b""), args)

	def test_output_closed(self):
		self.kith("h", "init", "name=Ada")
		done = subprocess.run(["sh", "-c", '"$0" --home "$1" card >&-', house.KITH,
			self.path("h")],
			stderr=subprocess.PIPE, env=self.env(), check=False, timeout=60)
		self.assertEqual(done.returncode, 1)
		self.assertIn(b"could not be written", done.stderr)

	def test_output_is_utf8_in_any_locale(self):
		self.kith("h", "init", "name=Zoë")
		for lang in ("C", "POSIX", "en_US.ISO-8859-1", "nonsense"):
			self.assertIn("Zoë", self.kith("h", "card", env={"LANG": lang,
				"LC_ALL": lang}).out)

	def test_dates_are_local(self):
		self.kith("h", "init", "name=Me")
		card = self.person("ada", "Ada")
		self.seed("h", card, "compared", "", 1777832411, "card")  # 2026-05-03T18:20:11Z
		self.assertIn("3 May 2026", self.kith("h", "list", env={"TZ": "UTC"}).out)
		self.assertIn("4 May 2026", self.kith("h", "list", env={"TZ": "UTC-9"}).out)
		r = self.kith("h", "list", "--json", env={"TZ": "UTC-9"})
		self.assertEqual(r.json[0]["met"][0]["at"], "2026-05-03T18:20:11Z")


if __name__ == "__main__":
	house.main()
