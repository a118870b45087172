# SPDX-License-Identifier: MIT
"""Disks, stores and limits that are in trouble: cases 71, 72, 73 and 79, from outside.

	trouble.py KITH SEED

A store that cannot be used is exit 7 with a sentence, whatever the command; the file stays as it is;
and once the trouble is over everything works again.
"""

import os
import random
import resource
import shutil
import sqlite3
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "cli"), os.path.join(HERE, "..", "lan")]
import house  # noqa: E402
import net  # noqa: E402
import people  # noqa: E402

PAGE = 4096
READERS = (["list"], ["list", "--json"], ["show", "grace"], ["show", "--json", "grace"],
	["find", "navy"], ["export", "--all"], ["card"])
WRITERS = (["card", "set", "note=x"], ["import", "alan.kith"], ["forget", "--yes", "Grace Hopper"])
SWAP = ["swap", "--json", "--unattended", "--timeout", "20", "--interface", "lo"]
SANITIZED = "ASAN_OPTIONS" in os.environ


class Case(house.Case):
	"""A home, "ada", with two people in it, and a third one's card in a file."""

	MADE = None  # where the homes that every test starts from are kept

	@classmethod
	def setUpClass(cls):
		maker = Case("make")
		house.Case.setUp(maker)
		maker.make()
		cls.MADE = maker.folder
		cls.addClassCleanup(maker.doCleanups)

	def make(self):
		grace = self.person("grace", "Grace Hopper", "org=Navy", "note=" + "n" * 1000)
		self.kith("ada", "init", "name=Ada Lovelace", "email=ada@example.org")
		self.seed("ada", grace, "compared", "FOSDEM", 1770000000, "receipt")
		for i in range(20):
			self.person(f"p{i}", f"Person {i}", "note=" + "p" * 900)
			self.kith("ada", "import", self.path(f"p{i}.kith"))
		self.person("alan", "Alan Turing", "org=Bletchley")

	def setUp(self):
		super().setUp()
		for name in ("grace.kith", "alan.kith"):
			shutil.copy(os.path.join(self.MADE, name), self.folder)
		shutil.copytree(os.path.join(self.MADE, "ada"), self.path("ada"))

	def store(self, home="ada"):
		with open(self.path(home, "kith.db"), "rb") as f:
			return f.read()

	def put(self, data, home="ada"):
		for name in ("kith.db-wal", "kith.db-shm"):
			if os.path.exists(self.path(home, name)):
				os.unlink(self.path(home, name))
		with open(self.path(home, "kith.db"), "wb") as f:
			f.write(data)

	def any(self, *args, home="ada"):
		"""Runs kith, whatever its exit; a signal or a sanitizer is never one."""
		done = subprocess.run([house.KITH, "--home", self.path(home), *args], env=self.env(),
			cwd=self.folder, capture_output=True, timeout=60, check=False)
		result = house.Result(done.returncode, done.stdout, done.stderr)
		self.assertIn(result.status, range(9), f"{args}: {result}")
		if result.status:
			self.assertRegex(result.err, r"(?m)^kith: .", f"{args}: {result}")
		return result

	def refused(self, words, commands, home="ada"):
		"""Every command says that the store cannot be used, and touches nothing."""
		before = self.store(home)
		for command in commands:
			r = self.any(*command, home=home)
			self.assertEqual(r.status, 7, f"{command}: {r}")
			self.assertRegex(r.err, words)
			self.assertEqual(self.store(home), before, f"{command} changed the file")

	def sound(self, home="ada"):
		db = sqlite3.connect(self.path(home, "kith.db"))
		self.assertEqual(db.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
		db.close()


class Store(Case):
	"""Case 72: what lies there is no store, or not ours, or damaged."""

	def test_empty_file(self):
		self.put(b"")
		self.refused("empty.*backup", (*READERS, *WRITERS, SWAP))

	def test_newer_schema(self):
		db = sqlite3.connect(self.path("ada", "kith.db"))
		db.execute("PRAGMA user_version = 9")
		db.close()
		self.put(self.store())
		self.refused("newer kith", (*READERS, *WRITERS, SWAP))

	def test_foreign_database(self):
		db = sqlite3.connect(self.path("ada", "kith.db"))
		db.execute("PRAGMA application_id = 1")
		db.close()
		self.put(self.store())
		self.refused("another program", (*READERS, *WRITERS))

	def test_no_database(self):
		self.put(b"this is a letter\n" * 1000)
		self.refused("damaged", (*READERS, *WRITERS, SWAP))

	def test_random_page(self):
		"""Noise in one page, at 40 seeds: readers and writers say so or go on, and crash nowhere."""
		good, told = self.store(), 0
		for seed in range(40):
			luck = random.Random(seed)
			at = luck.randrange(len(good) // PAGE) * PAGE
			bad = good[:at] + luck.randbytes(PAGE) + good[at + PAGE:]
			for command in READERS:
				self.put(bad)
				r = self.any(*command)
				self.assertIn(r.status, (0, 3, 7), f"seed {seed}, {command}: {r}")
				self.assertEqual(self.store(), bad, f"seed {seed}: {command} wrote")
				told += r.status == 7
			for command in WRITERS:
				self.put(bad)
				r = self.any(*command)
				self.assertIn(r.status, (0, 3, 7), f"seed {seed}, {command}: {r}")
		self.assertGreater(told, 20)
		self.put(good)
		self.sound()

	def test_damaged_card(self):
		"""The bytes of one card are no card any more: the store is at fault, not the input."""
		db = sqlite3.connect(self.path("ada", "kith.db"))
		envelope = bytearray(db.execute("SELECT envelope FROM card WHERE contact = 1").fetchone()[0])
		envelope[150] ^= 1
		db.execute("UPDATE card SET envelope = ? WHERE contact = 1", (bytes(envelope),))
		db.commit()
		db.close()
		for command in (["show", "grace"], ["show", "--json", "grace"], ["export", "grace"],
				["export", "grace", "--format", "kith"], ["export", "--all", "--format", "json"]):
			self.assertEqual(self.any(*command).status, 7, command)
		self.assertIn("could not be looked up", self.any("verify", "grace.kith").out +
			"could not be looked up" * self.any("verify", "grace.kith").err.startswith("kith: "))
		self.kith("ada", "show", "Person 0")

	def test_lost_store(self):
		"""The key is there and the store is not: nothing begins anew unless it is asked for."""
		for name in list(self.tree("ada")):
			if name.startswith("kith.db"):
				os.unlink(self.path("ada", name))
		for command in (*READERS, *WRITERS):
			r = self.kith("ada", *command, status=1)
			self.assertIn("backup", r.err)
			self.assertNotIn("kith.db", self.tree("ada"), command)
		self.kith("ada", "init", "name=Ada Lovelace")
		self.assertEqual(self.kith("ada", "list").out, "")


class Processes(Case):
	"""Case 73, and 79 without a network."""

	def test_locked_for_too_long(self):
		other = sqlite3.connect(self.path("ada", "kith.db"), isolation_level=None)
		other.execute("BEGIN IMMEDIATE")
		begun = time.monotonic()
		r = self.any("card", "set", "note=x")
		took = time.monotonic() - begun
		self.assertEqual(r.status, 7, r)
		self.assertIn("locked", r.err)
		self.assertTrue(4.5 < took < 15, f"{took} s")
		self.kith("ada", "list")
		other.execute("ROLLBACK")
		other.close()
		self.kith("ada", "card", "set", "note=x")

	def test_many_writers(self):
		runs = [subprocess.Popen([house.KITH, "--quiet", "--home", self.path("ada"), "card", "set",
			f"note={i}"], env=self.env(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
			for i in range(8)]
		for run in runs:
			self.assertEqual((run.communicate(timeout=60)[1], run.returncode), (b"", 0))
		self.assertEqual(self.kith("ada", "card", "--json").json["revision"], 9)
		self.sound()

	def limited(self, *args, **limits):
		command = ["prlimit", *[f"--{name}={value}" for name, value in limits.items()], house.KITH,
			"--home", self.path("ada"), *args]
		done = subprocess.run(command, env=self.env(), cwd=self.folder, capture_output=True,
			timeout=60, check=False)
		return house.Result(done.returncode, done.stdout, done.stderr)

	def test_few_descriptors_and_little_memory(self):
		limits = {"nofile": 64} if SANITIZED else {"nofile": 64, "as": 64 << 20}
		for command in (*READERS, *WRITERS):
			r = self.limited(*command, **limits)
			self.assertEqual(r.status, 0, f"{command}: {r}")

	def test_no_descriptors(self):
		"""Down to none at all: a sentence, never a crash, and the store as it was."""
		for most in range(3, 12):
			for command in (READERS[0], WRITERS[0]):
				r = self.limited(*command, nofile=most)
				self.assertIn(r.status, (0, 1, 7, 127), f"{most}: {command}: {r}")
		self.sound()


class Disk(Case):
	"""Case 71: the home is on a small disk of its own."""

	def mount(self, name, options):
		os.makedirs(self.path(name), mode=0o700, exist_ok=True)
		subprocess.run(["mount", "-t", "tmpfs", "-o", f"mode=0700,{options}", "none",
			self.path(name)], check=True)
		self.addCleanup(subprocess.run, ["umount", self.path(name)], check=True)

	def fill(self, folder, leave=0):
		"""Leaves so many bytes of the disk."""
		room = os.statvfs(folder).f_bavail * os.statvfs(folder).f_frsize
		with open(os.path.join(folder, "filler"), "wb") as f:
			f.write(b"\0" * (room - leave))

	def test_full_disk(self):
		self.mount("disk", "size=1m")
		shutil.copytree(self.path("ada"), self.path("disk", "ada"))
		self.fill(self.path("disk"))
		before = self.store("disk/ada")
		for command in WRITERS:
			r = self.any(*command, home="disk/ada")
			self.assertEqual(r.status, 7, f"{command}: {r}")
			self.assertIn("full", r.err, command)
		self.assertEqual(self.store("disk/ada"), before)
		os.unlink(self.path("disk", "filler"))
		self.sound("disk/ada")
		for command in (*READERS, *WRITERS):
			self.kith("disk/ada", *command)

	def test_first_run_on_a_disk_that_fills_up(self):
		"""With every amount of room: an identity that works, or nothing but the lock."""
		made = 0
		for pages in (*range(0, 60, 2), *range(60, 240, 10)):
			with self.subTest(pages=pages):
				self.mount(f"disk{pages}", "size=2m")
				self.fill(self.path(f"disk{pages}"), pages * PAGE)
				home = f"disk{pages}/ada"
				r = self.any("init", "name=Ada", home=home)
				made += r.status == 0
				if r.status:
					self.assertEqual(r.status, 7, r)
					left = os.listdir(self.path(home)) if os.path.exists(self.path(home)) else []
					self.assertIn(left, ([], ["init.lock"]))
				os.unlink(self.path(f"disk{pages}", "filler"))
				if r.status:
					self.kith(home, "init", "name=Ada")
				self.assertEqual(self.kith(home, "card", "--json").json["revision"], 1)
		self.assertGreater(made, 3)

	def test_read_only_disk(self):
		self.mount("disk", "size=4m")
		shutil.copytree(self.path("ada"), self.path("disk", "ada"))
		subprocess.run(["mount", "-o", "remount,ro", self.path("disk")], check=True)
		before = self.tree("disk/ada")
		for command in READERS:
			self.kith("disk/ada", *command)
		for command in WRITERS:
			r = self.any(*command, home="disk/ada")
			self.assertEqual(r.status, 7, f"{command}: {r}")
			self.assertIn("read-only", r.err)
		r = self.any("init", "name=Ada", home="disk/new")
		self.assertEqual(r.status, 7, r)
		r = self.any(*SWAP, home="disk/ada")
		self.assertEqual(r.status, 7, r)
		self.assertEqual(self.tree("disk/ada"), before)
		subprocess.run(["mount", "-o", "remount,rw", self.path("disk")], check=True)
		for command in WRITERS:
			self.kith("disk/ada", *command)


class Swap(people.Story):
	"""Cases 71 and 79 while a swap runs."""

	def pair_here(self):
		machine = self.machine("one")
		return self.ada(machine), self.grace(machine)

	def to_the_code(self, a, b, peer):
		a.say("swap", peer)
		asking = b.wait("request")["peer"]
		b.say("accept", asking)
		a.wait("code")
		b.wait("code")
		return asking

	def node_of(self, talk):
		found = [pid for pid, (_, parent) in net.processes().items()
			if parent == talk.process.pid]
		self.assertEqual(len(found), 1)
		return found[0]

	def test_home_deleted_and_put_back(self):
		ada, grace = self.pair_here()
		a, b = ada.swap("--interface", "lo"), grace.swap("--interface", "lo")
		b_at_a, _ = people.meet(a, b)
		self.to_the_code(a, b, b_at_a)
		os.rename(ada.folder(), ada.folder() + "-away")
		b.say("same")
		a.say("same")
		self.assertIn("moved or deleted", a.wait("notice")["text"])
		failed = a.wait("failed")
		self.assertEqual((failed["reason"], failed["pending"]), ("store", False))
		b.wait("failed")
		os.rename(ada.folder() + "-away", ada.folder())
		self.assertEqual(ada.contacts(), [])
		self.to_the_code(a, b, b_at_a)
		a.say("same")
		b.say("same")
		a.wait("swapped")
		b.wait("swapped")
		a.quit()
		b.quit()
		self.assertEqual(ada.known(), {"Grace Hopper": "complete"})
		self.assertEqual(grace.known(), {"Ada Lovelace": "complete"})

	def test_home_replaced_by_a_backup(self):
		"""Another file under the same name: the node that runs goes on with that one."""
		ada, grace = self.pair_here()
		shutil.copytree(ada.folder(), ada.folder() + "-backup")
		a, b = ada.swap("--interface", "lo"), grace.swap("--interface", "lo")
		b_at_a, _ = people.meet(a, b)
		shutil.rmtree(ada.folder())
		shutil.copytree(ada.folder() + "-backup", ada.folder())
		self.to_the_code(a, b, b_at_a)
		a.say("same")
		b.say("same")
		a.wait("swapped")
		b.wait("swapped")
		a.quit()
		b.quit()
		self.assertEqual(ada.known(), {"Grace Hopper": "complete"})

	def test_little_memory_and_few_descriptors(self):
		"""The core with 64 MiB of address space and 64 descriptors swaps as ever."""
		ada, grace = self.pair_here()
		a, b = ada.swap("--interface", "lo"), grace.swap("--interface", "lo")
		b_at_a, _ = people.meet(a, b)
		for talk in (a, b):
			node = self.node_of(talk)
			resource.prlimit(node, resource.RLIMIT_NOFILE, (64, 64))
			if not SANITIZED:
				resource.prlimit(node, resource.RLIMIT_AS, (64 << 20, 64 << 20))
		self.to_the_code(a, b, b_at_a)
		a.say("same")
		b.say("same")
		a.wait("swapped")
		b.wait("swapped")
		a.quit()
		b.quit()

	def test_full_disk_at_the_code(self):
		"""Ada's disk is full when she confirms: nothing is claimed, and later it works."""
		ada, grace = self.pair_here()
		ada.machine.run("mkdir /run/small; mount -t tmpfs -o mode=0700,size=1m none /run/small; "
			f"cp -a {ada.home} /run/small/ada")
		ada.home = "/run/small/ada"
		a, b = ada.swap("--interface", "lo"), grace.swap("--interface", "lo")
		b_at_a, _ = people.meet(a, b)
		self.to_the_code(a, b, b_at_a)
		ada.machine.run("dd if=/dev/zero of=/run/small/filler bs=4096 2>/dev/null || :")
		a.say("same")
		b.say("same")
		self.assertIn("full", a.wait("notice")["text"])
		failed = a.wait("failed")
		self.assertEqual((failed["reason"], failed["pending"]), ("store", False))
		b.wait("failed")
		ada.machine.run("rm /run/small/filler")
		self.to_the_code(a, b, b_at_a)
		a.say("same")
		b.say("same")
		a.wait("swapped")
		b.wait("swapped")
		a.quit()
		b.quit()
		self.assertEqual(ada.known(), {"Grace Hopper": "complete"})


if __name__ == "__main__":
	net.enclose()
	sys.argv[1:3] = map(os.path.abspath, sys.argv[1:3])
	people.KITH = sys.argv[1]
	house.main()
