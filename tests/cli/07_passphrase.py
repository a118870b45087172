# SPDX-License-Identifier: MIT
"""A key with a passphrase: making one, opening one, and everything that is no passphrase."""

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import subprocess
import termios
import time
import unicodedata

import house
import keys


class Terminal:
	"""A kith at a terminal of its own, which answers Ctrl-C as a real one does."""

	def __init__(self, case, home, *args):
		self.ours, self.theirs = pty.openpty()
		self.run = subprocess.Popen([house.KITH, "--home", case.path(home), *args],
			stdin=self.theirs, stdout=self.theirs, stderr=self.theirs, cwd=case.folder,
			env=case.env(TERM="xterm"), start_new_session=True,
			preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
		self.screen = b""
		self.seen = 0

	def wait(self, pattern):
		"""Until the screen shows that; what was seen before does not count."""
		while not (found := re.search(pattern, self.screen[self.seen:])):
			if not select.select([self.ours], [], [], 10)[0]:
				raise AssertionError(f"{pattern} does not come after {self.screen!r}")
			self.screen += os.read(self.ours, 4096)
		self.seen += found.end()

	def say(self, data):
		os.write(self.ours, data)

	def answer(self, pattern, text):
		self.wait(pattern)
		self.say(text.encode() + b"\n")

	def echoes(self):
		return bool(termios.tcgetattr(self.theirs)[3] & termios.ECHO)

	def end(self):
		"""The status; the screen is complete then."""
		status = self.run.wait(timeout=60)
		os.set_blocking(self.ours, False)
		with contextlib.suppress(BlockingIOError):
			while True:
				self.screen += os.read(self.ours, 4096)
		return status

	def close(self):
		self.run.kill()
		self.run.wait()
		os.close(self.ours)
		os.close(self.theirs)


class Passphrase(keys.Case):
	def terminal_of(self, home, *args):
		t = Terminal(self, home, *args)
		self.addCleanup(t.close)
		return t

	def with_word(self, home, word, *args, status=0):
		word = word.encode() if isinstance(word, str) else word
		return self.kith(home, *args, "--passphrase-fd", "0", stdin=word, status=status)

	def note(self, home):
		fields = self.kith(home, "card", "--json").json["fields"]
		return [f["value"] for f in fields if f["kind"] == "note"]

	# --- making one; what kith writes costs what it costs, so few tests do it

	def test_init_takes_it_from_a_descriptor(self):
		"""T22: what kith wrote is opened by the second implementation, and holds no seed."""
		r = self.with_word("h", keys.WORD + "\n", "init", "name=Ada")
		self.assertIn("A passphrase protects it", r.err)
		self.assertNotIn("no passphrase", r.err)
		data = self.key_bytes("h")
		self.assertEqual(data[:9], b"KITHKEY1\1")
		self.assertEqual((int.from_bytes(data[9:13], "big"), int.from_bytes(data[13:17], "big")),
			(3, 262144))
		seed = self.seed_of("h", keys.WORD)
		self.assertEqual(keys.ref.person_id(keys.ref.Identity(seed).ik),
			self.kith("h", "card", "--json").json["id"])
		for name, content in self.tree("h").items():
			self.assertNotIn(seed, content, name)
			self.assertNotIn(keys.WORD.encode(), content, name)
		self.with_word("h", keys.WORD, "card", "set", "note=opened")
		self.assertEqual(self.note("h"), ["opened"])

	def test_init_asks_twice(self):
		t = self.terminal_of("h", "init", "--passphrase", "name=Ada")
		t.answer(rb"Passphrase for the new key: ", keys.WORD)
		t.answer(rb"once more: ", keys.WORD)
		self.assertEqual(t.end(), 0, t.screen)
		self.assertNotIn(keys.WORD.encode(), t.screen)
		self.assertTrue(t.echoes())
		self.seed_of("h", keys.WORD)

	def test_init_and_two_that_differ(self):
		t = self.terminal_of("h", "init", "--passphrase", "name=Ada")
		t.answer(rb"new key: ", "one")
		t.answer(rb"once more: ", "two")
		self.assertEqual(t.end(), 1)
		self.assertIn(b"the two differ; nothing was made", t.screen)
		self.assertFalse(os.path.exists(self.path("h")))

	def test_init_without_one(self):
		"""An empty line is none, and asked for without a terminal there is none either."""
		t = self.terminal_of("h", "init", "--passphrase", "name=Ada")
		t.answer(rb"new key: ", "")
		self.assertEqual(t.end(), 1)
		for word in (b"", b"\n", b"\r\n"):
			r = self.with_word("h", word, "init", "name=Ada", status=1)
			self.assertIn("no passphrase was given", r.err)
		r = self.kith("h", "init", "--passphrase", "name=Ada", status=1)
		self.assertIn("--passphrase-fd", r.err)
		self.assertFalse(os.path.exists(self.path("h")))
		self.assertIn("It has no passphrase", self.kith("h", "init", "name=Ada").err)

	def test_init_that_was_interrupted_goes_on_with_the_key(self):
		seed = self.protected("h")
		for name in list(self.tree("h")):
			if name.startswith("kith.db"):
				os.unlink(self.path("h", name))
		self.assertIn("--passphrase-fd", self.kith("h", "init", "name=Ada", status=1).err)
		self.with_word("h", "wrong", "init", "name=Ada", status=1)
		self.assertEqual(self.seed_of("h", keys.WORD), seed)
		r = self.with_word("h", keys.WORD, "init", "name=Ada")
		self.assertIn("A passphrase protects it", r.err)
		self.assertEqual(self.seed_of("h", keys.WORD), seed)
		self.with_word("h", keys.WORD, "card", "set", "note=x")

	# --- opening one

	def test_opens_what_the_second_implementation_wrote(self):
		self.protected("h")
		self.with_word("h", keys.WORD, "card", "set", "note=one")
		self.with_word("h", keys.WORD + "\n", "card", "unset", "note")
		self.with_word("h", keys.WORD + "\r\nnot this line\n", "card", "set", "note=two")
		self.assertEqual(self.note("h"), ["two"])
		for command in (["card"], ["list"], ["export", "--me"], ["find", "x"]):
			done = subprocess.run([house.KITH, "--home", self.path("h"), *command],
				stdin=subprocess.DEVNULL, capture_output=True, env=self.env(), timeout=60,
				check=False)
			self.assertIn(done.returncode, (0, 3), done.stderr)  # no key is needed

	def test_two_keyboards_agree(self):
		self.protected("h", word="Größe")
		for form in ("NFC", "NFD"):
			self.with_word("h", unicodedata.normalize(form, "Größe"), "card", "set",
				f"note={form}")
			self.assertEqual(self.note("h"), [form])
		self.with_word("h", "Grösse", "card", "set", "note=x", status=1)

	def test_a_wrong_one_is_one_answer(self):
		"""Case 39: as often as one likes, nothing changes and nothing locks."""
		self.protected("h")
		before = self.tree("h")
		answers = set()
		for word in ("x", "", keys.WORD + " ", keys.WORD[:-1], keys.WORD.upper(), "y" * 1024) * 5:
			answers.add(self.with_word("h", word, "card", "set", "note=x", status=1).err)
		self.assertEqual(answers, {
			f"kith: that passphrase does not open {self.key('h')}\n",
			"kith: no passphrase was given\n"})
		self.assertEqual(self.tree("h"), before)
		self.with_word("h", keys.WORD, "card", "set", "note=still")
		self.assertEqual(self.note("h"), ["still"])

	def test_without_a_terminal_it_says_what_to_do(self):
		self.protected("h")
		for command in (["card", "set", "note=x"], ["card", "edit"], ["swap"], ["nearby"], ["node"],
				["swap", "--json", "--unattended"]):
			r = self.kith("h", *command, env={"EDITOR": "true", "XDG_RUNTIME_DIR":
				self.path("run")}, status=1)
			self.assertRegex(r.err, r"the key in ~/h has a passphrase: .*--passphrase-fd N",
				command)

	def test_a_descriptor_that_holds_no_passphrase(self):
		self.protected("h")
		self.with_word("h", b"\xff\n", "card", "set", "note=x", status=6)
		self.with_word("h", b"a\0b\n", "card", "set", "note=x", status=6)
		self.with_word("h", b"x" * 1025, "card", "set", "note=x", status=6)
		r = self.kith("h", "card", "set", "note=x", "--passphrase-fd", "777", status=1)
		self.assertIn("cannot read a passphrase from descriptor 777", r.err)
		with open("/dev/zero", "rb") as zero:
			done = subprocess.run([house.KITH, "--home", self.path("h"), "card", "set", "note=x",
				"--passphrase-fd", "0"], stdin=zero, capture_output=True, env=self.env(),
				timeout=60, check=False)
		self.assertEqual(done.returncode, 6, done.stderr)

	def test_a_key_without_one_needs_none(self):
		self.kith("h", "init", "name=Ada")
		self.with_word("h", "anything", "card", "set", "note=x")
		self.kith("h", "card", "set", "note=y", "--passphrase-fd", "777")
		self.assertEqual(self.note("h"), ["y"])

	def test_a_hostile_key_file_is_refused_at_once(self):
		"""Case 39: 4 GiB, 2^31 passes, one past each limit.  Had it been computed, it would take
		minutes, or there would not be the memory."""
		self.protected("h")
		sound = self.key_bytes("h")
		for ops, mem_kib in ((1, 4194304), (2**31, 8), (11, 8), (1, 1048577), (0, 8), (1, 7),
				(2**32 - 1, 2**32 - 1)):
			self.put_key("h", sound[:9] + ops.to_bytes(4, "big") + mem_kib.to_bytes(4, "big") +
				sound[17:])
			begun = time.monotonic()
			r = self.with_word("h", keys.WORD, "card", "set", "note=x", status=6)
			self.assertLess(time.monotonic() - begun, 5)
			self.assertIn("is damaged", r.err)
		self.put_key("h", sound)
		self.with_word("h", keys.WORD, "card", "set", "note=x")

	# --- at a terminal

	def test_asks_without_an_echo(self):
		self.protected("h")
		t = self.terminal_of("h", "card", "set", "note=typed")
		t.wait(rb"Passphrase for ~/h: ")
		self.assertFalse(t.echoes())
		t.say(keys.WORD.encode() + b"\n")
		self.assertEqual(t.end(), 0, t.screen)
		self.assertTrue(t.echoes())
		self.assertNotIn(keys.WORD.encode(), t.screen)
		self.assertIn(b"takes a moment", t.screen)
		self.assertEqual(self.note("h"), ["typed"])

	def test_three_tries(self):
		self.protected("h")
		t = self.terminal_of("h", "card", "set", "note=second")
		t.answer(rb"Passphrase for ~/h: ", "wrong")
		t.wait(rb"does not open the key")
		t.answer(rb"Passphrase for ~/h: ", keys.WORD)
		self.assertEqual(t.end(), 0, t.screen)
		self.assertEqual(self.note("h"), ["second"])
		t = self.terminal_of("h", "card", "set", "note=never")
		for _ in range(3):
			t.answer(rb"Passphrase for ~/h: ", "wrong")
		self.assertEqual(t.end(), 1)
		self.assertIn(b"kith: that passphrase does not open", t.screen)
		self.assertEqual(self.note("h"), ["second"])

	def test_giving_up(self):
		"""An empty line, the end of input, Ctrl-C and signals: the terminal is as it was."""
		self.protected("h")
		ends = {"empty": lambda t: t.say(b"\n"), "end": lambda t: t.say(b"\x04"),
			"ctrl-c": lambda t: t.say(b"half a word\x03"),
			"term": lambda t: t.run.send_signal(signal.SIGTERM),
			"hup": lambda t: t.run.send_signal(signal.SIGHUP)}
		for name, give_up in ends.items():
			for command in (["card", "set", "note=x"], ["swap"], ["node"]):
				with self.subTest(how=name, command=command):
					t = self.terminal_of("h", *command)
					t.wait(rb"Passphrase for ~/h: ")
					give_up(t)
					self.assertEqual(t.end(), 1, t.screen)
					self.assertIn(b"kith: no passphrase was given", t.screen)
					self.assertTrue(t.echoes())
		self.assertEqual(self.note("h"), [])

	def test_ctrl_z_does_nothing(self):
		"""It neither leaves the shell without an echo nor becomes a part of the passphrase."""
		self.protected("h")
		t = self.terminal_of("h", "card", "set", "note=z")
		t.wait(rb"Passphrase for ~/h: ")
		word = keys.WORD.encode()
		t.say(word[:2] + b"\x1a" + word[2:] + b"\n")
		self.assertEqual(t.end(), 0, t.screen)
		self.assertTrue(t.echoes())

	def test_init_given_up_makes_nothing(self):
		for how in (b"\x03", b"\x04", b"one\n\x03"):
			t = self.terminal_of("h", "init", "--passphrase", "name=Ada")
			t.wait(rb"new key: ")
			t.say(how[:1] if how[:1] < b" " else how[:-1])
			if len(how) > 1:
				t.wait(rb"once more: ")
				t.say(how[-1:])
			self.assertEqual(t.end(), 1, t.screen)
			self.assertTrue(t.echoes())
			self.assertFalse(os.path.exists(self.path("h")))

	# --- who sees it

	def test_an_editor_gets_no_descriptor(self):
		"""T24: what a shell opened for --passphrase-fd is not what an editor may read."""
		self.protected("h")
		editor = self.path("editor")
		with open(editor, "w", encoding="ascii") as f:
			f.write(f'#!/bin/sh\nls -l /proc/self/fd > {self.path("fds")}\n'
				f'tr "\\0" "\\n" < /proc/self/environ > {self.path("environ")}\n'
				'echo note=edited >> "$1"\n')
		os.chmod(editor, 0o700)
		end, write = os.pipe()
		os.write(write, keys.WORD.encode() + b"\n")
		os.close(write)
		read = os.dup2(end, 57)  # a number that nobody else uses
		os.close(end)
		done = subprocess.run([house.KITH, "--home", self.path("h"), "--passphrase-fd", str(read),
			"card", "edit"], pass_fds=[read], stdin=subprocess.DEVNULL, capture_output=True,
			env=self.env(EDITOR=editor), timeout=60, check=False)
		os.close(read)
		self.assertEqual(done.returncode, 0, done.stderr)
		self.assertEqual(self.note("h"), ["edited"])
		with open(self.path("fds"), encoding="utf-8") as f:
			self.assertNotRegex(f.read(), rf" {read} -> ")
		with open(self.path("environ"), encoding="utf-8") as f:
			self.assertNotIn(keys.WORD, f.read())


if __name__ == "__main__":
	house.main()
