# SPDX-License-Identifier: MIT
"""kith init: what it makes, what it refuses, and what is left after each."""

import fcntl
import os
import stat
import subprocess
import time

import house


JUMP = 1048576  # RESTORE_JUMP

class Init(house.Case):
	def test_makes_identity_and_card(self):
		r = self.kith("a/b/home", "init", "name=Ada Lovelace", "email.work=ada@example.org")
		lines = dict(line.split(None,
			1) for line in r.out.splitlines() if ", " not in line[:12])
		self.assertEqual(lines["name"], "Ada Lovelace")
		self.assertRegex(lines["id"], house.ID)
		self.assertRegex(lines["fingerprint"], house.FINGERPRINT)
		self.assertIn("no passphrase", r.err)
		self.assertIn("identity.key", r.err)
		card = self.kith("a/b/home", "card", "--json").json
		self.assertEqual(card["revision"], 1)
		self.assertEqual(card["id"], lines["id"])
		self.assertEqual(card["fields"], [
			{"kind": "name", "label": None, "value": "Ada Lovelace"},
			{"kind": "email", "label": "work", "value": "ada@example.org"}])

	def test_json_and_quiet(self):
		r = self.kith("h", "init", "name=Ada", "--json", "--quiet")
		self.assertEqual(set(r.json), {"id", "name", "revision", "fingerprint", "fields"})
		self.assertEqual(r.err, "")

	def test_modes_whatever_the_umask(self):
		"""Case 82: umask 000, and 0600 anyway."""
		self.kith("h", "init", "name=Ada", umask=0)
		self.assertEqual(stat.S_IMODE(os.stat(self.path("h")).st_mode), 0o700)
		for name in os.listdir(self.path("h")):
			mode = stat.S_IMODE(os.stat(self.path("h", name)).st_mode)
			self.assertEqual(mode, 0o600, name)
		self.assertEqual(os.path.getsize(self.path("h", "identity.key")), 109)

	def test_twice_touches_nothing(self):
		self.kith("h", "init", "name=Ada")
		before = self.tree("h")
		r = self.kith("h", "init", "name=Eve", status=1)
		self.assertIn("identity already", r.err)
		self.assertIn("nothing was changed", r.err)
		self.kith("h", "init", status=1)
		self.assertEqual(self.tree("h"), before)

	def test_without_name(self):
		r = self.kith("h", "init", "email=ada@example.org", status=2)
		self.assertIn("needs a name", r.err)
		self.assertFalse(os.path.exists(self.path("h")))

	def test_asks_at_a_terminal(self):
		status, screen = self.terminal("h", "init", prompts=[
			(rb"Your name[^:]*: ", b"\n"), (rb"Your name[^:]*: ", "Zoë\n".encode())])
		self.assertEqual(status, 0, screen)
		self.assertEqual(self.kith("h", "card", "--json").json["name"], "Zoë")

	def test_end_of_input_at_a_terminal(self):
		status, screen = self.terminal("h", "init",
			prompts=[(rb"Your name[^:]*: ", b"\x04")])
		self.assertEqual(status, 2, screen)
		self.assertIn(b"nothing was made", screen)
		self.assertFalse(os.path.exists(self.path("h")))

	def test_first_run_at_a_terminal_by_another_command(self):
		status, screen = self.terminal("h", "list",
			prompts=[(rb"Your name[^:]*: ", b"Ada\n")])
		self.assertEqual(status, 0, screen)
		self.assertEqual(self.kith("h", "card", "--json").json["name"], "Ada")

	def test_no_identity_without_a_terminal(self):
		for command in (["list"], ["card"], ["show", "x"], ["find", "x"], ["forget", "x"],
				["card", "set", "name=x"], ["card", "edit"], ["export", "--all"],
				["import", "x"]):
			r = self.kith("h", *command, status=1)
			self.assertIn("run kith init", r.err)
		self.assertFalse(os.path.exists(self.path("h")))

	def test_wrong_fields(self):
		for field, status, words in (
				("nonsense", 2, "FIELD=VALUE"), ("shoe=42", 2, 'no field "shoe"'),
				("photo=x", 2, "photo"), ("email=ada", 6, "email must look like"),
				("bday=1815-02-30", 6, "bday must be"),
				("nickname=", 6, "is empty"),
				("nickname=" + "x" * 129, 6, "129 bytes"),
				("name=two", 2, "given once"),
				("url." + "x" * 33 + "=y", 6, "longer than 32")):
			r = self.kith("h", "init", "name=Ada", field, status=status)
			self.assertIn(words, r.err)
			self.assertFalse(os.path.exists(self.path("h")), field)
		self.kith("h", "init", "name=\u200b\u2003\u202e", status=6)
		self.kith("h", "init", b"name=Ad\xff", status=6)
		r = self.kith("h", "init", "name=Ada", "--from", "x.vcf", status=1)
		self.assertIn("cannot open x.vcf", r.err)
		self.assertFalse(os.path.exists(self.path("h")))

	def test_limits(self):
		notes = [f"note.{i}=x" for i in range(63)]
		self.kith("h", "init", "name=" + "x" * 128, *notes)
		self.kith("h2", "init", "name=Ada", *notes, "note.y=x", status=6)
		r = self.kith("h3", "init", "name=Ada",
			*[f"note.{i}=" + "x" * 1024 for i in range(17)],
			status=6)
		self.assertIn("larger than 16384 bytes", r.err)
		self.assertEqual(sorted(self.tree("h3")), ["init.lock"], "half an identity stayed")
		self.kith("h3", "init", "name=Ada")

	def test_home_open_to_others(self):
		os.mkdir(self.path("h"), 0o755)
		r = self.kith("h", "init", "name=Ada", status=1)
		self.assertIn("chmod 700", r.err)
		self.assertEqual(os.listdir(self.path("h")), [])

	def test_home_is_a_file(self):
		with open(self.path("h"), "w", encoding="ascii"):
			pass
		self.kith("h", "init", "name=Ada", status=1)

	def test_symlinked_key(self):
		"""T23, as the next two."""
		self.kith("h", "init", "name=Ada")
		os.rename(self.path("h", "identity.key"), self.path("real.key"))
		os.symlink(self.path("real.key"), self.path("h", "identity.key"))
		r = self.kith("h", "card", "set", "note=x", status=1)
		self.assertIn("symbolic link", r.err)
		self.kith("h", "init", "name=Ada", status=1)
		os.unlink(self.path("real.key"))
		self.kith("h", "init", "name=Ada", status=1)
		self.assertFalse(os.path.exists(self.path("real.key")))
		os.mkdir(self.path("fresh"), 0o700)
		os.symlink(self.path("elsewhere"), self.path("fresh", "identity.key"))
		self.kith("fresh", "init", "name=Ada", status=1)
		self.assertFalse(os.path.exists(self.path("elsewhere")))

	def test_key_open_to_others_or_damaged(self):
		self.kith("h", "init", "name=Ada")
		key = self.path("h", "identity.key")
		os.chmod(key, 0o644)
		r = self.kith("h", "card", "set", "note=x", status=1)
		self.assertIn("chmod 600", r.err)
		os.chmod(key, 0o600)
		with open(key, "r+b") as f:
			f.seek(80)
			f.write(b"\0\0\0\0")
		r = self.kith("h", "card", "set", "note=x", status=6)
		self.assertIn("backup", r.err)
		self.kith("h", "list")

	def test_interrupted_between_key_and_card(self):
		identity = self.kith("h", "init", "name=Ada", "--json").json["id"]
		with open(self.path("h", "identity.key"), "rb") as f:
			key = f.read()
		for name in list(self.tree("h")):
			if name.startswith("kith.db"):
				os.unlink(self.path("h", name))
		r = self.kith("h", "list", status=1)
		self.assertIn("kith init completes it", r.err)
		with open(self.path("h", "init.lock"), "w", encoding="ascii") as f:
			f.write("kith init has not ended\n")
		r = self.kith("h", "init", "name=Ada L")
		self.assertIn("interrupted", r.err)
		card = self.kith("h", "card", "--json").json
		self.assertEqual((card["id"], card["name"], card["revision"]),
			(identity, "Ada L", 1))
		with open(self.path("h", "identity.key"), "rb") as f:
			self.assertEqual(f.read(), key)

	def test_a_key_that_was_there_signs_no_number_twice(self):
		"""The store is lost, or the key was put back: numbers that it may have used are left out, also when that
		init is cut short in turn."""
		self.kith("h", "init", "name=Ada")
		for mark in ("", "kith init has not ended; its key was there before\n", "something else"):
			for name in list(self.tree("h")):
				if name.startswith("kith.db"):
					os.unlink(self.path("h", name))
			with open(self.path("h", "init.lock"), "w", encoding="ascii") as f:
				f.write(mark)
			r = self.kith("h", "init", "name=Ada L")
			self.assertNotIn("interrupted", r.err)
			self.assertIn("The key was here already", r.err)
			self.assertEqual(self.kith("h", "card", "--json").json["revision"], JUMP + 1)
			self.kith("h", "card", "set", "note=x")
			self.assertEqual(self.kith("h", "card", "--json").json["revision"], JUMP + 2)

	def test_interrupted_after_the_last_step(self):
		identity = self.kith("h", "init", "name=Ada", "--json").json["id"]
		with open(self.path("h", "init.lock"), "w", encoding="ascii") as f:
			f.write("kith init has not ended\n")
		r = self.kith("h", "init", "name=Ada", status=1)
		self.assertIn("identity already", r.err)
		self.assertEqual(self.kith("h", "card", "--json").json["id"], identity)
		self.assertEqual(os.path.getsize(self.path("h", "init.lock")), 0)

	def test_killed_at_any_moment(self):
		start = time.monotonic()
		self.kith("measure", "init", "name=Ada")
		took = time.monotonic() - start
		for i in range(40):
			home = f"h{i}"
			run = subprocess.Popen([house.KITH, "--home", self.path(home), "init",
				"name=Ada"],
				stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
				env=self.env())
			try:
				run.wait(took * i / 30)
			except subprocess.TimeoutExpired:
				run.kill()
				run.wait()
			complete = os.path.exists(self.path(home, "kith.db")) and subprocess.run(
				[house.KITH, "--home", self.path(home), "card"], env=self.env(),
				capture_output=True, check=False).returncode == 0
			self.kith(home, "init", "name=Ada", status=1 if complete else 0)
			card = self.kith(home, "card", "--json").json
			self.assertEqual((card["name"], card["revision"]), ("Ada", 1))
			self.kith(home, "card", "set", "note=works")

	def test_people_without_their_key(self):
		self.kith("h", "init", "name=Ada")
		os.unlink(self.path("h", "identity.key"))
		before = self.tree("h")["kith.db"]
		r = self.kith("h", "init", "name=Ada", status=1)
		self.assertIn("put back identity.key", r.err)
		self.assertEqual(self.tree("h")["kith.db"], before)
		self.assertNotIn("identity.key", self.tree("h"))

	def test_many_at_once(self):
		"""Case 73: first runs at the same time make one identity."""
		runs = [subprocess.Popen([house.KITH, "--home", self.path("h"), "init",
			f"name=Ada {i}"],
			stdout=subprocess.PIPE, stderr=subprocess.PIPE,
			env=self.env()) for i in range(8)]
		ends = [(run.communicate(timeout=60), run.returncode) for run in runs]
		self.assertEqual(sorted(status for _, status in ends), [0] + [1] * 7, ends)
		winner = [i for i, (_, status) in enumerate(ends) if status == 0][0]
		self.assertEqual(self.kith("h", "card", "--json").json["name"], f"Ada {winner}")

	def test_lock_held(self):
		os.mkdir(self.path("h"), 0o700)
		with open(self.path("h", "init.lock"), "w", encoding="ascii") as lock:
			fcntl.flock(lock, fcntl.LOCK_EX)
			r = self.kith("h", "init", "name=Ada", status=1)
			self.assertIn("another kith init", r.err)
		self.kith("h", "init", "name=Ada")

	def test_folder_that_cannot_be_written(self):
		if os.geteuid() != 0:
			os.mkdir(self.path("h"), 0o500)
			self.kith("h/sub", "init", "name=Ada", status=1)
			return
		os.chmod(self.folder, 0o755)
		if not self.reachable():
			return
		r = self.kith("h", "init", "name=Ada", status=1, user=house.NOBODY, cwd="/")
		self.assertIn("cannot", r.err)

	def reachable(self):
		"""Whether another user can run the program where it lies."""
		done = subprocess.run([house.KITH, "--version"], user=house.NOBODY,
			capture_output=True,
			check=False) if os.access(house.KITH, os.X_OK) else None
		if done and done.returncode == 0:
			return True
		self.skipTest("another user cannot run the program here")
		return False

	def test_where_the_home_is(self):
		"""Case 82: also without HOME."""
		kith = self.path("one")
		self.kith(None, "init", "name=Ada", env={"KITH_HOME": kith})
		self.assertTrue(os.path.exists(os.path.join(kith, "kith.db")))
		self.kith(None, "init", "name=Ada", env={"XDG_DATA_HOME": self.path("two")})
		self.assertTrue(os.path.exists(self.path("two", "kith", "kith.db")))
		self.kith(None, "init", "name=Ada")
		self.assertTrue(os.path.exists(self.path(".local", "share", "kith", "kith.db")))
		self.kith(None, "--home", "three", "init", "name=Ada")
		self.assertTrue(os.path.exists(self.path("three", "kith.db")))
		self.kith(None, "--home=" + self.path("three"), "list")
		self.kith(None, "list", "--home", self.path("three"))
		r = self.kith(None, "list", env={"HOME": None}, status=2)
		self.assertIn("--home", r.err)


if __name__ == "__main__":
	house.main()
