# SPDX-License-Identifier: MIT
"""What the disk, the folders around us and other users can do to a home, and what others on this
machine can see of a key.  In namespaces, so that file systems can be mounted and kith can use a
loopback interface that nobody else has."""

import contextlib
import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
import time

import house
import keys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lan"))
import net  # noqa: E402

SWAP = ["swap", "--interface", "lo", "--json"]
ALONE = SWAP + ["--unattended", "--timeout", "10"]  # one that needs no input
LIMIT = 20  # seconds that an event may take


class Case(keys.Case):
	def setUp(self):
		super().setUp()
		os.mkdir(self.path("run"), 0o700)
		self.started = []
		self.addCleanup(self.end_all)

	def env(self, **more):
		return super().env(**{"XDG_RUNTIME_DIR": self.path("run"), **more})

	def end_all(self):
		for run in self.started:
			family = net.below(run.pid) if run.poll() is None else set()
			run.kill()
			run.wait()
			self.assertEqual(net.gone(family), [])
			for pipe in (run.stdin, run.stdout, run.stderr):
				if pipe:
					pipe.close()

	def start(self, home, *args, word=None, env=None):
		"""kith in the background, with a pipe for decisions; word is its passphrase."""
		extra, end = [], -1
		if word is not None:
			end, write = os.pipe()
			os.write(write, word.encode() + b"\n")
			os.close(write)
			extra = ["--passphrase-fd", str(end)]
		run = subprocess.Popen([house.KITH, "--home", self.path(home), *args, *extra],
			stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
			bufsize=0,  # two events at once: the second must not hide from select
			pass_fds=[end] if end >= 0 else [], env=self.env(**(env or {})), cwd=self.folder)
		if end >= 0:
			os.close(end)
		self.started.append(run)
		return run

	def wait(self, run, event):
		"""That event from a swap."""
		until = time.monotonic() + LIMIT
		while (left := until - time.monotonic()) > 0:
			if not select.select([run.stdout], [], [], left)[0]:
				break
			line = run.stdout.readline()
			if not line:
				raise AssertionError(f"it ended: {run.wait()} {run.stderr.read()!r}")
			if (got := json.loads(line))["event"] == event:
				return got
		raise AssertionError(f"no {event} comes")

	def quit(self, run, status=5):
		run.stdin.write(b"quit\n")
		run.stdin.close()
		self.assertEqual(run.wait(timeout=LIMIT), status, run.stderr.read())

	def mounted(self, name, options):
		"""A tmpfs of its own under that name."""
		os.mkdir(self.path(name), 0o700)
		subprocess.run(["mount", "-t", "tmpfs", "-o", options, "disk", self.path(name)],
			check=True)
		self.addCleanup(subprocess.run, ["umount", "-l", self.path(name)], check=True)


class Disk(Case):
	def remount(self, name, options):
		subprocess.run(["mount", "-o", f"remount,{options}", self.path(name)], check=True)

	def test_read_only_disk(self):
		"""Case 82, T27: exit 7 and a sentence, before and after there is a store."""
		self.mounted("disk", "size=4m,mode=0700")
		self.kith("disk/h", "init", "name=Ada")
		self.remount("disk", "ro")
		for home, command in (("disk/new", ["init", "name=Ada"]), ("disk/h", ALONE),
				("disk/h", ["nearby", "--interface", "lo"]), ("disk/h", ["node"]),
				("disk/h", ["card", "set", "note=x"])):
			r = self.kith(home, *command, status=7)
			self.assertRegex(r.err, r"(?i)read-only", command)
		self.remount("disk", "rw")
		self.kith("disk/h", "card", "set", "note=x")
		self.kith("disk/new", "init", "name=Ada")

	def test_full_disk(self):
		"""Case 71, T27: no room for a key, a store or a lock; nothing half is left, and with room
		it works."""
		self.mounted("disk", "size=4m,mode=0700")
		self.kith("disk/h", "init", "name=Ada")
		with open(self.path("disk", "ballast"), "wb", buffering=0) as f, \
				contextlib.suppress(OSError):
			while True:
				f.write(bytes(4096))
		r = self.kith("disk/new", "init", "name=Ada", status=7)
		self.assertRegex(r.err, "(?i)full|space")
		self.assertLessEqual(set(self.tree("disk/new")), {"init.lock"})
		r = self.kith("disk/h", "card", "set", "note=" + "x" * 1000, status=7)
		os.unlink(self.path("disk", "ballast"))
		self.kith("disk/new", "init", "name=Ada")
		self.kith("disk/h", "card", "set", "note=x")

	def test_no_room_for_another_file(self):
		"""The same where the names have run out: swap says so before the store is opened."""
		self.mounted("disk", "size=4m,nr_inodes=40,mode=0700")
		self.kith("disk/h", "init", "name=Ada")
		made = 0
		with contextlib.suppress(OSError):
			while True:
				os.close(os.open(self.path("disk", f"b{made}"), os.O_CREAT | os.O_WRONLY, 0o600))
				made += 1
		for command in (ALONE, ["node"]):
			self.assertRegex(self.kith("disk/h", *command, status=7).err, "(?i)space")
		self.assertRegex(self.kith("disk/new", "init", "name=Ada", status=7).err, "(?i)space")
		os.unlink(self.path("disk", "b0"))
		os.unlink(self.path("disk", "b1"))
		os.unlink(self.path("disk", "b2"))
		os.unlink(self.path("disk", "b3"))
		run = self.start("disk/h", *SWAP)
		self.wait(run, "ready")
		self.quit(run)

	def test_card_files_that_never_end(self):
		"""Case 40, T20: /dev/zero, a FIFO, a folder, 5 GB of holes, 64 MiB: refused at once."""
		self.kith("h", "init", "name=Ada")
		os.mkfifo(self.path("fifo"), 0o600)
		os.mkdir(self.path("folder"))
		for name, size in (("holes", 5 * 10**9), ("big", 64 * 2**20)):
			with open(self.path(name), "wb") as f:
				f.truncate(size)
		for path, status in (("/dev/zero", 1), (self.path("fifo"), 1), (self.path("folder"), 1),
				(self.path("holes"), 6), (self.path("big"), 6)):
			for command in ("import", "verify"):
				empty = command == "import" and path == self.path("folder")
				begun = time.monotonic()
				self.kith("h", command, path, status=6 if empty else status)
				self.assertLess(time.monotonic() - begun, 5, path)
		for path in ("/dev/zero", self.path("big"), self.path("holes")):
			with open(path, "rb", buffering=0) as f:
				done = subprocess.run([house.KITH, "--home", self.path("h"), "verify", "-"],
					stdin=f, capture_output=True, env=self.env(), timeout=30, check=False)
				self.assertEqual(done.returncode, 6, done.stderr)
				if path != "/dev/zero":  # where reading has stopped
					self.assertLessEqual(f.tell(), 65536 + 8192)


class Folders(Case):
	def test_home_by_a_link(self):
		"""Case 82: my own link to my own folder is mine; the same store and node either way."""
		self.kith("real", "init", "name=Ada")
		os.symlink("real", self.path("link"))
		self.kith("link", "card", "set", "note=x")
		run = self.start("link", *SWAP)
		self.wait(run, "ready")
		looking = self.start("real", "nearby", "--interface", "lo", "--json", "--timeout", "1")
		self.assertEqual(looking.wait(timeout=LIMIT), 0)
		self.assertEqual(len([p for p in net.processes().values() if p[0] == "kith-courier"]), 1)
		self.quit(run)

	def test_home_open_to_the_group(self):
		self.kith("h", "init", "name=Ada")
		for mode in (0o770, 0o720, 0o710, 0o701):
			os.chmod(self.path("h"), mode)
			for command in (["card", "set", "note=x"], ALONE, ["node"], ["init", "name=Eve"]):
				if command[0] != "init":
					r = self.kith("h", *command, status=1)
					self.assertIn("chmod 700", r.err)
			os.chmod(self.path("h"), 0o700)
		self.kith("h", "card", "set", "note=x")

	def test_home_of_another(self):
		self.kith("h", "init", "name=Ada")
		self.give_away("h")
		for command in (["card", "set", "note=x"], ALONE, ["node"], ["list"]):
			r = self.kith("h", *command, status=1)
			self.assertIn("belongs to another user", r.err)

	def give_away(self, *names):
		try:
			os.chown(self.path(*names), house.NOBODY, house.NOBODY)
		except OSError as why:
			net.lacking(f"no other user in here: {why}")

	def test_key_that_is_no_private_file(self):
		"""T23: 0644, a link, a FIFO, a folder, another owner: refused by whatever opens the key,
		and nothing is changed."""
		self.kith("h", "init", "name=Ada")
		sound = self.key_bytes("h")
		key = self.key("h")

		def link():
			os.rename(key, self.path("elsewhere"))
			os.symlink(self.path("elsewhere"), key)

		def fifo():
			os.unlink(key)
			os.mkfifo(key, 0o600)

		def folder():
			os.unlink(key)
			os.mkdir(key, 0o700)

		for spoil, words in ((lambda: os.chmod(key, 0o644), "chmod 600"),
				(lambda: os.chmod(key, 0o660), "chmod 600"), (link, "symbolic link"),
				(fifo, "not a regular file"), (folder, "not a regular file"),
				(lambda: self.give_away("h", "identity.key"), "belongs to another")):
			spoil()
			for command in (["card", "set", "note=x"], ALONE, ["node"]):
				self.assertIn(words, self.kith("h", *command, status=1).err)
			self.kith("h", "init", "name=Eve", status=1)
			os.rmdir(key) if os.path.isdir(key) else os.unlink(key)
			with open(os.open(key, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as f:
				f.write(sound)
		self.assertEqual(self.kith("h", "card", "--json").json["revision"], 1)

	def test_runtime_folder_that_is_not_ours(self):
		"""T23: in a TMPDIR where others write, a link, another's folder or an open one is refused."""
		self.kith("h", "init", "name=Ada")
		os.mkdir(self.path("tmp"), 0o700)
		there = self.path("tmp", f"kith-{os.geteuid()}")
		os.mkdir(self.path("private"), 0o700)
		for make in (lambda: os.symlink(self.path("private"), there),
				lambda: os.symlink("nowhere", there), lambda: os.mkdir(there, 0o755)):
			make()
			r = self.kith("h", *ALONE, env={"XDG_RUNTIME_DIR": None, "TMPDIR": self.path("tmp")},
				status=1)
			self.assertIn(there, r.err)
			self.assertEqual(os.listdir(self.path("private")), [])
			os.rmdir(there) if os.path.isdir(there) and not os.path.islink(there) \
				else os.unlink(there)

	def test_runtime_folder_too_long(self):
		"""A socket's path holds 107 bytes: with a longer XDG_RUNTIME_DIR the other place is used,
		by both sides of it."""
		self.kith("h", "init", "name=Ada")
		os.mkdir(self.path("tmp"), 0o700)
		env = {"XDG_RUNTIME_DIR": self.path("r" * 90), "TMPDIR": self.path("tmp")}
		run = self.start("h", *SWAP, env=env)
		self.wait(run, "ready")
		self.assertEqual(len(os.listdir(self.path("tmp", f"kith-{os.geteuid()}"))), 1)
		busy = self.kith("h", *ALONE, env=env, status=1)
		self.assertIn("in another window", busy.err)
		self.quit(run)

	def test_without_a_home(self):
		r = self.kith(None, *ALONE, env={"HOME": None}, status=2)
		self.assertIn("--home", r.err)


class Nodes(Case):
	def test_killed_and_at_once_again(self):
		"""kill -9 of a swap, and another one in the same moment: it waits for the node of the first
		to be gone, as long as that takes."""
		self.kith("h", "init", "name=Ada")
		for _ in range(8):
			run = self.start("h", *SWAP)
			self.wait(run, "ready")
			run.kill()
			run.wait()  # not of its node, which goes now
			again = self.start("h", *SWAP)
			self.wait(again, "ready")
			again.kill()
			again.wait()

	def test_a_node_that_hangs_up_before_a_word_is_replaced(self):
		"""Found in its last moment: the first thing heard of it is its end."""
		self.kith("h", "init", "name=Ada")
		run = self.start("h", *SWAP)
		self.wait(run, "ready")
		(path,) = [self.path("run", "kith", n) for n in os.listdir(self.path("run", "kith"))]
		self.quit(run)
		for read_first in (False, True):
			for command in (SWAP, ["nearby", "--interface", "lo", "--json", "--timeout", "1"]):
				with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as ending:
					ending.bind(path)
					ending.listen()
					run = self.start("h", *command)
					connection, _ = ending.accept()
					if read_first:
						connection.recv(65536)
					connection.close()
				self.wait(run, "ready")
				if command == SWAP:
					self.quit(run)
				else:
					self.assertEqual(run.wait(timeout=LIMIT), 0)
				self.assertFalse(os.path.exists(path))

	def test_another_node_is_told(self):
		"""One that stays is not waited for without end."""
		self.kith("h", "init", "name=Ada")
		self.wait(self.start("h", *SWAP), "ready")
		env = {"XDG_RUNTIME_DIR": self.path("run", "other")}  # where the first is not found
		begun = time.monotonic()
		r = self.kith("h", *ALONE, env=env, status=1)
		self.assertIn("another kith is at work", r.err)
		self.assertLess(time.monotonic() - begun, 10)

	def test_no_network_is_told(self):
		"""Case 76: also to one who comes when the node runs already."""
		self.kith("h", "init", "name=Ada")
		lone = ["unshare", "-n"]
		node = subprocess.Popen(lone + [house.KITH, "--home", self.path("h"), "node"],
			env=self.env(), stderr=subprocess.PIPE)
		self.started.append(node)
		self.await_socket()
		for _ in range(2):
			run = self.start("h", "swap", "--json")
			self.assertIn("There is no network", self.wait(run, "notice")["text"])
			self.wait(run, "ready")
			self.quit(run)

	def test_a_node_in_the_background_is_asked_for_nothing(self):
		self.protected("h")
		node = self.start("h", "node", "--interface", "lo", word=keys.WORD)
		self.await_socket()
		run = self.start("h", *SWAP)
		self.wait(run, "ready")
		self.quit(run)
		node.send_signal(signal.SIGTERM)
		self.assertEqual(node.wait(timeout=LIMIT), 0)

	def await_socket(self):
		until = time.monotonic() + LIMIT
		while not os.path.isdir(self.path("run", "kith")) or not os.listdir(
				self.path("run", "kith")):
			self.assertLess(time.monotonic(), until, "the node does not come up")
			time.sleep(0.01)  # nothing tells of a socket in a folder that is not there yet

	def test_node_with_a_wrong_passphrase(self):
		self.protected("h")
		node = self.start("h", "node", "--interface", "lo", word="wrong")
		self.assertEqual(node.wait(timeout=LIMIT), 1)
		self.assertIn(b"that passphrase does not open", node.stderr.read())
		self.assertEqual(os.listdir(self.path("run")), [])


class Secrets(Case):
	def listener(self):
		"""Every packet on the loopback interface of these namespaces."""
		s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
		s.bind(("lo", 0))
		s.setblocking(False)
		self.addCleanup(s.close)
		return s

	def heard(self, s):
		packets = []
		with contextlib.suppress(BlockingIOError):
			while True:
				packets.append(s.recv(65536))
		return packets

	def test_wrong_passphrase_is_told_before_anything_is_visible(self):
		self.kith("h", "init", "name=Ada")
		self.protect("h", cost=(10, 65536))  # long enough for a courier that wants to speak
		ears = self.listener()
		run = self.start("h", *SWAP, word="wrong")
		self.assertEqual(run.wait(timeout=LIMIT), 1)
		self.assertIn(b"that passphrase does not open", run.stderr.read())
		self.assertEqual(run.stdout.read(), b"")
		mdns = (5353).to_bytes(2, "big")
		said = [p for p in self.heard(ears) if b"_kith" in p or mdns in (p[36:38], p[56:58])]
		self.assertEqual(said, [])
		run = self.start("h", *SWAP, word=keys.WORD)
		self.wait(run, "ready")
		self.assertTrue(select.select([ears], [], [], LIMIT)[0], "and a right one is heard")
		self.quit(run)

	def family(self, run):
		"""{name: pid} of a swap: client, node, courier."""
		client, (node,) = run.pid, net.below(run.pid) - {run.pid} - self.couriers()
		(courier,) = self.couriers()
		return {"client": client, "node": node, "courier": courier}

	def couriers(self):
		return {pid for pid, (name, _) in net.processes().items() if name == "kith-courier"}

	def proc(self, pid, name):
		with open(f"/proc/{pid}/{name}", "rb") as f:
			return f.read()

	def memory(self, pid):
		"""Everything that is mapped and can be read, but for the gigabytes that a sanitizer maps."""
		found = []
		with open(f"/proc/{pid}/mem", "rb", buffering=0) as f:
			for line in self.proc(pid, "maps").decode().splitlines():
				start, end, mode, name = re.match(r"(\w+)-(\w+) (\S+)(.*)", line).groups()
				start, end = int(start, 16), int(end, 16)
				if mode[0] != "r" or "[v" in name or end - start > 2**28:
					continue
				with contextlib.suppress(OSError, ValueError):
					f.seek(start)
					found.append(f.read(end - start))
		return b"\n".join(found)

	def test_nothing_shows_a_secret(self):
		"""T24: of three processes no argument, no environment, and of the courier no page of memory
		holds passphrase or seed; the passphrase is nowhere any more; no core, no debugger, and
		what holds the key is locked."""
		seed = self.protected("h")
		identity = keys.ref.Identity(seed)
		secrets = {"passphrase": keys.WORD.encode(), "seed": seed,
			"signing key": identity.secret[:32], "other key": identity.xk_secret}
		run = self.start("h", *SWAP, word=keys.WORD)
		self.wait(run, "ready")
		family = self.family(run)
		for name, pid in family.items():
			with self.subTest(process=name):
				self.look_at(name, pid, secrets)
		memory = self.memory(family["node"])
		self.assertIn(seed, memory, "so a search of memory does find a secret")
		locked = [int(kb) for kb in re.findall(rb"(?m)^Locked: +(\d+) kB",
			self.proc(family["node"], "smaps"))]
		if not house.sanitized():  # where mlock does nothing
			self.assertGreater(sum(locked), 0, "the node's key is in locked memory")
		self.quit(run)

	def look_at(self, name, pid, secrets):
		for secret in secrets.values():
			for form in (secret, secret.hex().encode()):
				self.assertNotIn(form, self.proc(pid, "cmdline"))
				self.assertNotIn(form, self.proc(pid, "environ"))
		self.assertRegex(self.proc(pid, "limits"), rb"(?m)^Max core file size +0 ")
		memory = self.memory(pid)
		self.assertGreater(len(memory), 100000)
		self.assertNotIn(secrets["passphrase"], memory)
		if name != "node":
			for what, secret in secrets.items():
				self.assertNotIn(secret, memory, what)

	def test_undumpable(self):
		"""T24: dumpable 0 gives the files of /proc to root, whoever runs the process."""
		if os.geteuid() != 0:
			net.lacking("as another user only")
		if house.sanitized():
			self.skipTest("the leak checker has to attach to what it checks")
		os.chmod(self.folder, 0o755)
		self.protected("h")
		for path in [self.path("h"), self.path("run")] + [
				self.path("h", n) for n in os.listdir(self.path("h"))]:
			try:
				os.chown(path, house.NOBODY, house.NOBODY)
			except OSError as why:
				net.lacking(f"no other user in here: {why}")
		try:
			subprocess.run([house.KITH, "--version"], user=house.NOBODY, check=True,
				capture_output=True, cwd="/")
		except (PermissionError, subprocess.CalledProcessError):
			self.skipTest("another user cannot run the program here")
		end, write = os.pipe()
		os.write(write, keys.WORD.encode() + b"\n")
		os.close(write)
		run = subprocess.Popen([house.KITH, "--home", self.path("h"), *SWAP, "--passphrase-fd",
			str(end)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
			pass_fds=[end], env=self.env(), cwd="/", user=house.NOBODY, group=house.NOBODY,
			extra_groups=[])
		os.close(end)
		self.started.append(run)
		self.wait(run, "ready")
		for name, pid in self.family(run).items():
			self.assertEqual(os.stat(f"/proc/{pid}").st_uid, house.NOBODY, name)
			self.assertEqual(os.stat(f"/proc/{pid}/environ").st_uid, 0, name)
		self.quit(run)

	def test_a_cloned_home_is_the_same_person(self):
		"""Case 74, the disk's side: a copy of a home works, as the same person."""
		self.protected("h")
		subprocess.run(["cp", "-a", self.path("h"), self.path("copy")], check=True)
		run = self.start("h", *SWAP, word=keys.WORD)
		self.wait(run, "ready")
		other = self.start("copy", *SWAP, word=keys.WORD)
		self.wait(other, "ready")
		self.assertEqual(self.kith("copy", "card", "--json").json["id"],
			self.kith("h", "card", "--json").json["id"])
		self.quit(run)
		self.quit(other)


if __name__ == "__main__":
	net.enclose()
	subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
	house.main()
