# SPDX-License-Identifier: MIT
"""A made-up year of a made-up network: year.txt, played from top to bottom.

A paragraph of it is one of

	== 2026-01-12 18:00             from now on it is then (UTC; at noon unless it says)
	person HOME NAME FIELD=VALUE    a person of a home of their own, and their card
	meet HOME HOW [EVENT]           I meet them, and we swap, as it says (compared, unattended ...)
	introduce HOME OTHER WORDS      somebody I have compared with brings me together with OTHER
	$ kith ...                      what I type, "< WORDS" behind it what I answer, and below it all
	                                that comes, word for word, and a line "."; "[3]": with that status
	same {FILE} year.FILE           that file is, byte for byte, the one beside this (CARD: my card's id)

and lines that begin with # are for the reader.  `34_year.py ... --write` writes what comes into it instead: look at
every line of the difference then, since the file is what is promised.
"""

import os
import re
import shlex
import sys

import house

HERE = os.path.dirname(os.path.abspath(__file__))
SCRIPT = os.path.join(HERE, "year.txt")
ME = "me"
END = "."  # a line behind what comes, which may have empty lines in it


class Year(house.Case):
	"""Mine is the home "me"; {FILE} in a line is a file of the test's own."""

	maxDiff = None

	def setUp(self):
		super().setUp()
		self.cards = {}

	def play(self, lines):
		"""Every line as it should be."""
		at, out = 0, []
		while at < len(lines):
			line = lines[at]
			at += 1
			out.append(line)
			if line.startswith("$ "):
				answers = []
				while at < len(lines) and lines[at].startswith("<"):
					answers.append(lines[at][2:])
					out.append(lines[at])
					at += 1
				while at < len(lines) and lines[at] != END:
					at += 1  # what is promised, to be compared as a whole
				out += self.typed(line[2:], answers)
			elif line.startswith("== "):
				self.at(line[3:])
			elif line.strip() and line != END and not line.startswith("#"):
				words = shlex.split(line)
				getattr(self, "do_" + words[0])(*words[1:])
		return out

	def typed(self, line, answers):
		words = [self.path(w[1:-1]) if w[:1] == "{" else w for w in shlex.split(line)]
		self.assertEqual(words[0], "kith", line)
		run = house.subprocess.run([house.KITH, "--home", self.path(ME), *words[1:]],
			input="".join(a + "\n" for a in answers).encode(), capture_output=True, env=self.env(),
			cwd=self.folder, timeout=60)
		said = (run.stdout + run.stderr).decode("utf-8").replace(self.folder + "/", "")
		said = said.rstrip("\n").split("\n") if said else []
		return [line.rstrip() for line in said] + [f"[{run.returncode}]"] * bool(run.returncode)

	def do_same(self, made, promised):
		with open(self.path(made[1:-1]), "rb") as f:
			made = re.sub(rb"-[0-9a-f]{16}\r\n", b"-CARD\r\n", f.read())  # the id of my card, a random one
		path = os.path.join(HERE, promised)
		if WRITE:
			with open(path, "wb") as f:
				f.write(made)
		with open(path, "rb") as f:
			self.assertEqual(f.read(), made)

	def do_person(self, home, name, *fields):
		self.cards[home] = self.person(home, name, *fields)

	def do_meet(self, home, how, event=""):
		self.seed(ME, self.cards[home], how, event, self.moment, "receipt")

	def do_introduce(self, home, other, words):
		"""By files from end to end."""
		for one, two in ((home, ME), (home, other)):
			for giver, taker in ((one, two), (two, one)):
				self.kith(taker, "import", self.card_of(giver))
				card = self.kith(giver, "card", "--json").json
				self.kith(taker, "compare", card["id"][:12], *card["fingerprint"].split())
		sides = [self.kith(h, "card", "--json").json["id"][:12] for h in (ME, other)]
		self.kith(home, "introduce", *sides, "--why", words, "-o", self.path("ask"))
		for n, asked in ((1, ME), (2, other)):
			self.kith(asked, "import", self.path(f"ask-{n}.kith"))
			self.kith(asked, "inbox", "accept", "1", "-o", self.path("yes"))
			self.kith(home, "import", self.path("yes"))
		self.kith(home, "introduce", *sides, "-o", self.path("done"))
		self.kith(ME, "import", self.path("done-1.kith"))

	def test_the_year(self):
		with open(SCRIPT, encoding="utf-8") as f:
			lines = f.read().split("\n")
		played = self.play(lines)
		if WRITE:
			with open(SCRIPT, "w", encoding="utf-8") as f:
				f.write("\n".join(played))
		self.assertEqual(lines, played)


if __name__ == "__main__":
	WRITE = "--write" in sys.argv
	sys.argv = [a for a in sys.argv if a != "--write"]
	house.main()
