# SPDX-License-Identifier: MIT
"""The node in the background, from the command line: one a home, how it is, locked and not, its hook, its
end; and the unit for systemd."""

import contextlib
import importlib
import json
import os
import re
import select
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time

import house
import keys
import msgpack

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lan"))
import net  # noqa: E402

Terminal = importlib.import_module("07_passphrase").Terminal
LIMIT = 30  # seconds that anything may take
SWAP, PICK, STATUS, REFUSED, STATE = 1, 3, 9, 27, 31  # proto/control.def
CLIENTS_MAX = 8  # proto/limits.def


class Case(keys.Case):
	def setUp(self):
		super().setUp()
		os.mkdir(self.path("run"), 0o700)
		self.nodes = []
		self.addCleanup(self.end_all)

	def env(self, **more):
		return super().env(**{"XDG_RUNTIME_DIR": self.path("run"), **more})

	def end_all(self):
		for node in self.nodes:
			if node.poll() is None:
				node.kill()
			node.wait()
			node.stderr.close()

	def start(self, *args, word=None, home="h", interface="lo"):
		"""kith node in the background."""
		extra, end = [], -1
		if word is not None:
			end, write = os.pipe()
			os.write(write, word.encode() + b"\n")
			os.close(write)
			extra = ["--passphrase-fd", str(end)]
		node = subprocess.Popen([house.KITH, "--home", self.path(home), "node", "--interface",
			interface, *args, *extra], stdin=subprocess.DEVNULL,
			stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
			pass_fds=[end] if end >= 0 else [], env=self.env(), cwd=self.folder)
		if end >= 0:
			os.close(end)
		self.nodes.append(node)
		return node

	def state(self):
		"""What kith status tells, or None."""
		p = subprocess.run([house.KITH, "--home", self.path("h"), "status", "--json"],
			capture_output=True, env=self.env(), timeout=LIMIT)
		told = json.loads(p.stdout)
		self.assertEqual(p.returncode, 0 if told["running"] else 1, p.stderr)
		return told if told["running"] else None

	def until(self, wanted=lambda state: True):
		end = time.monotonic() + LIMIT
		while not ((state := self.state()) and wanted(state)):
			self.assertLess(time.monotonic(), end, f"{state}")
			time.sleep(0.02)
		return state

	def actors(self, node):
		"""The hook processes of a node."""
		found = []
		for pid in net.below(node.pid):
			with contextlib.suppress(OSError), open(f"/proc/{pid}/cmdline", "rb") as f:
				if b"--act" in f.read().split(b"\0"):
					found.append(pid)
		return found

	def await_socket(self, pids):
		"""Waits until one of them has a socket, to the node; returns which one."""
		end = time.monotonic() + LIMIT
		while True:
			for pid in pids():
				with contextlib.suppress(OSError):
					fds = [f"/proc/{pid}/fd/{fd}" for fd in os.listdir(f"/proc/{pid}/fd")]
					if any(os.readlink(fd).startswith("socket:") for fd in fds):
						return pid
			self.assertLess(time.monotonic(), end, "nobody comes")
			time.sleep(0.02)

	def stop(self, node, with_signal=signal.SIGTERM):
		"""Returns what the node and its children had to say."""
		family = net.below(node.pid)
		node.send_signal(with_signal)
		status, said = node.wait(timeout=LIMIT), node.stderr.read()
		self.assertEqual(status, 0, said)
		self.assertEqual(net.gone(family), [])
		self.assertEqual(os.listdir(self.path("run", "kith")), [])
		return said

	def unlock(self, word, status=0):
		end, write = os.pipe()
		os.write(write, word.encode() + b"\n")
		os.close(write)
		p = subprocess.run([house.KITH, "--home", self.path("h"), "unlock", "--passphrase-fd",
			str(end)], capture_output=True, env=self.env(), pass_fds=[end], timeout=LIMIT)
		os.close(end)
		self.assertEqual(p.returncode, status, p.stderr)
		return (p.stdout + p.stderr).decode()


class Status(Case):
	def test_none_runs(self):
		self.kith("h", "init", "name=Ada")
		for args in ((), ("--json",)):
			r = self.kith("h", "status", *args, status=1)
			self.assertIn("kith node --detach starts it", r.err)
		self.assertEqual(r.json, {"running": False, "event": None})
		for command in ("unlock", "lock"):
			self.assertIn("no node runs", self.kith("h", command, status=1).err)
		self.assertEqual(os.listdir(self.path("run", "kith")), [], "nobody was started")

	def test_one_runs(self):
		self.kith("h", "init", "name=Ada")
		before = int(time.time())
		node = self.start()
		state = self.until(lambda state: state["discovery"])
		self.assertEqual((state["pid"], state["background"], state["locked"], state["swapping"]),
			(node.pid, True, False, False))
		self.assertEqual((state["where"], state["recognises"], state["known"], state["here"]),
			("everywhere", False, 0, []))
		since = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(before))
		self.assertGreaterEqual(state["since"], since)
		out = self.kith("h", "status").out
		self.assertIn(f"in the background since", out)
		self.assertIn(f"(process {node.pid})", out)
		self.assertIn("recognised everywhere; there is nobody yet", out)
		self.stop(node)
		self.assertIsNone(self.state())

	def test_somebody_is_known(self):
		"""A card from a file is a tie; whoever gave it is told of as soon as the store is changed."""
		self.kith("h", "init", "name=Ada")
		grace = self.person("g", "Grace")
		node = self.start()
		self.until()
		self.kith("h", "import", grace)
		state = self.until(lambda state: state["known"] == 1)
		self.assertTrue(self.until(lambda state: state["recognises"])["recognises"])
		self.kith("h", "forget", "Grace", "--yes")
		self.until(lambda state: state["known"] == 0 and not state["recognises"])
		self.stop(node)

	def test_people_are_counted_and_not_their_ties(self):
		"""Who has not heard of two rotations has three ties."""
		self.kith("h", "init", "name=Ada")
		self.kith("h", "import", self.person("g", "Grace"))
		for _ in range(2):
			self.kith("h", "key", "rotate", "--yes")
		self.kith("h", "import", self.person("b", "Bob"))
		node = self.start()
		self.assertEqual(self.until(lambda state: state["known"])["known"], 2)
		self.assertIn("2 people would be recognised.", self.kith("h", "status").out)
		self.stop(node)

	def test_the_last_card(self):
		"""Whichever way it came."""
		self.kith("h", "init", "name=Ada")
		self.kith("h", "import", self.person("g", "Grace"))
		node = self.start()
		self.until()
		for at, kind in enumerate((1, 2, 14, 11), 1777832411):  # MET, CARD, COMPLETED, INTRODUCED
			with sqlite3.connect(self.path("h", "kith.db"), timeout=LIMIT) as db:
				db.execute("INSERT INTO news (at, kind, contact) SELECT ?, ?, row FROM contact", (at, kind))
				db.execute("INSERT INTO news (at, kind, contact) SELECT ?, 5, row FROM contact", (at + 9,))
			db.close()
			self.assertEqual(self.state()["updated"], time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at)))
		self.stop(node)

	def test_one_a_home(self):
		self.kith("h", "init", "name=Ada")
		node = self.start()
		self.until()
		self.assertIn("another kith is at work",
			self.kith("h", "node", "--interface", "lo", status=1).err)
		self.assertEqual(self.state()["pid"], node.pid)
		self.stop(node)

	def test_signals(self):
		"""Each ends it in order, and the next one starts at once."""
		self.kith("h", "init", "name=Ada")
		for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
			node = self.start()
			self.until()
			self.stop(node, number)

	def test_killed(self):
		"""What it leaves does not keep the next from starting; nobody it started stays."""
		self.kith("h", "init", "name=Ada")
		node = self.start()
		self.until()
		family = net.below(node.pid)
		self.assertGreaterEqual(len(family), 3, "courier and hook process")
		node.kill()
		node.wait()
		self.assertEqual(net.gone(family), [])
		self.assertIsNone(self.state())
		node = self.start()
		self.until()
		self.stop(node)

	def test_detached(self):
		"""It comes back once it serves; a second one is not wanted, which is no fault."""
		self.kith("h", "init", "name=Ada")
		out = self.kith("h", "node", "--detach", "--interface", "lo").out
		pid = self.state()["pid"]
		self.assertIn(f"(process {pid})", out)
		try:
			for more in ((), ("--interface", "lo"), ("--where", "everywhere")):
				self.assertIn(f"A node runs already (process {pid}).\n",
					self.kith("h", "node", "--detach", *more).out)
			self.assertEqual(self.kith("h", "node", "--detach", "--json").json, {"pid": pid})
			self.assertEqual(self.kith("h", "node", "--detach", "--json", "--where", "everywhere").json,
				{"where": "everywhere", "here": False, "pid": pid})
			self.assertEqual(self.state()["pid"], pid)
			self.assertEqual(os.getsid(pid), pid, "in a session of its own")
			mode = os.stat(self.path("h", "node.log")).st_mode & 0o777
			self.assertEqual(mode, 0o600)
		finally:
			family = net.below(pid)
			os.kill(pid, signal.SIGTERM)
			self.assertEqual(net.gone(family), [])

	def test_in_json(self):
		"""One object each."""
		self.kith("h", "init", "name=Ada")
		begun = self.kith("h", "node", "--detach", "--interface", "lo", "--where", "never", "--json").json
		try:
			pid = self.state()["pid"]
			self.assertEqual(begun, {"where": "never", "here": False, "pid": pid})
		finally:
			self.assertEqual(self.kith("h", "node", "--stop", "--json").json, {"pid": begun["pid"]})

	def test_stop(self):
		"""It comes back once the process and all that it started are gone."""
		self.kith("h", "init", "name=Ada")
		self.assertIn("no node runs", self.kith("h", "node", "--stop", status=1).err)
		self.kith("h", "node", "--stop", "--detach", status=2)
		self.kith("h", "node", "--detach", "--interface", "lo")
		pid = self.state()["pid"]
		family = net.below(pid)
		try:
			self.assertEqual(self.kith("h", "node", "--stop").out, f"The node has ended (process {pid}).\n")
			self.assertFalse(os.path.exists(f"/proc/{pid}/exe"))
		finally:
			with contextlib.suppress(ProcessLookupError):
				os.kill(pid, signal.SIGKILL)
		self.assertEqual(net.gone(family), [])
		self.assertIsNone(self.state())

	def test_without_an_identity(self):
		for args in ((), ("--detach",), ("--where", "never"), ("--here",), ("--stop",)):
			self.assertIn("there is no identity here yet; run kith init",
				self.kith("h", "node", *args, status=1).err)
		self.assertFalse(os.path.exists(self.path("h")))

	def test_a_swap_with_a_revoked_key_says_so(self):
		self.kith("h", "init", "name=Ada")
		swap = ("swap", "--interface", "lo", "--timeout", "1")
		self.assertNotIn("revoked", self.kith("h", *swap, status=5).err)
		self.kith("h", "key", "revoke", "--now", "--yes")
		self.assertEqual(self.kith("h", *swap, status=5).err.count("This key is revoked"), 1)

	def test_at_a_terminal(self):
		"""One line, and Ctrl-C ends it."""
		self.kith("h", "init", "name=Ada")
		t = Terminal(self, "h", "node", "--interface", "lo")
		self.addCleanup(t.close)
		t.wait(rb"Recognising people; Ctrl-C ends it\.\r\n")
		t.say(b"\x03")
		self.assertEqual((t.end(), t.screen.count(b"Recognising")), (0, 1), t.screen)

	def test_never(self):
		self.kith("h", "init", "name=Ada")
		self.kith("h", "import", self.person("g", "Grace"))
		node = self.start("--where", "never")
		self.until(lambda state: state["known"] == 1)
		out = self.kith("h", "status").out
		self.assertIn("People you know are recognised nowhere.\n", out)
		self.assertNotIn("Here now", out)
		self.assertNotIn("would be recognised", out)
		self.assertRegex(out, r"in the background since \d+ \w+ 20\d\d, \d\d:\d\d \(process")
		self.stop(node)

	def test_a_revoked_key_gives_nothing(self):
		self.kith("h", "init", "name=Ada")
		self.seed("h", self.person("g", "Grace"), "compared", "FOSDEM", 1777832411, "receipt")
		self.kith("h", "card", "set", "title=CTO", "--yes")
		node = self.start()
		self.assertEqual(self.until()["owed"], 1)
		self.assertIn("1 person is to be given your card", self.kith("h", "status").out)
		self.kith("h", "key", "revoke", "--now", "--yes")
		self.assertEqual(self.state()["owed"], 0)
		out = self.kith("h", "status").out
		self.assertIn("Your key is revoked: nobody takes what it signs.\n", out)
		self.assertNotIn("to be given", out)
		self.stop(node)

	def test_let_go_of_is_not_still_to_come(self):
		self.kith("h", "init", "name=Ada")
		grace = self.person("g", "Grace")
		self.seed("h", grace, "compared", "FOSDEM", 1777832411, "receipt")
		self.seed("h", self.person("b", "Bob"), "compared", "FOSDEM", 1777832412, "confirmed")
		with sqlite3.connect(self.path("h", "kith.db")) as db:
			db.execute("INSERT INTO letgo (contact, card, at, upto) SELECT contact, card, 1777832413, rev FROM card")
		db.close()
		(item,) = self.kith("h", "inbox", "--json").json
		self.kith("h", "inbox", "let-go", str(item["number"]))
		node = self.start()
		self.assertEqual(self.until()["pending"], 1)
		due = len(self.kith("h", "due", "--json").json)
		self.assertGreater(due, 0)  # two people met who were not gone through
		self.assertEqual(self.state()["due"], due)
		out = self.kith("h", "status").out
		self.assertIn("The card of 1 person is still to come.", out)
		self.assertRegex(out, rf"(?m)^{due} things? (is|are) due; kith due shows what\.$")
		self.assertEqual({p["name"]: p["state"] for p in self.kith("h", "list", "--json").json},
			{"Grace": "let-go", "Bob": "pending"})
		self.stop(node)

	def refused(self, rev):
		"""Everybody's kith has refused my cards up to that number."""
		db = sqlite3.connect(self.path("h", "kith.db"))
		db.execute("UPDATE contact SET refused = ?", (rev,))
		db.commit()
		db.close()

	def test_what_was_refused_is_not_promised(self):
		"""Until there is another one."""
		self.two_who_compared()
		nodes = [self.start(home=home) for home in ("h", "g")]
		self.until(lambda state: [p["name"] for p in state["here"]] == ["Grace"])
		nodes[1].send_signal(signal.SIGSTOP)
		self.kith("h", "card", "set", "title=CTO", "--yes")
		self.refused(self.kith("h", "card", "--json").json["revision"])
		self.assertEqual(self.state()["owed"], 0)
		out = self.kith("h", "status").out
		self.assertNotIn("within a minute", out)
		self.assertNotIn("to be given your card", out)
		self.assertIn("has refused your card me as it is", self.kith("h", "give", "grace", "me").out)
		r = self.kith("h", "card", "set", "title=CEO", "--yes")
		self.assertIn('"Grace" is here: within a minute.\n', r.err)
		self.assertEqual(self.state()["owed"], 1)
		nodes[1].send_signal(signal.SIGCONT)
		for node in nodes:
			node.terminate()
			self.assertEqual(node.wait(timeout=LIMIT), 0)

	def two_who_compared(self):
		for home, name in (("h", "Ada"), ("g", "Grace")):
			self.kith(home, "init", f"name={name}", "title=Engineer")
		for giver, taker in (("h", "g"), ("g", "h")):
			self.kith(taker, "import", self.card_of(giver))
			card = self.kith(giver, "card", "--json").json
			self.kith(taker, "compare", card["id"][:12], *card["fingerprint"].split())
		self.assertIn("when you meet next", self.kith("h", "give", "grace", "me").out)

	def test_who_is_here_gets_it_within_a_minute(self):
		"""Two homes on one machine, which have compared: status, card set and give name who is here."""
		self.two_who_compared()
		nodes = [self.start(home=home) for home in ("h", "g")]
		self.until(lambda state: [p["name"] for p in state["here"]] == ["Grace"])
		# a node that stands still takes nothing, so what is said does not depend on who is faster
		nodes[1].send_signal(signal.SIGSTOP)
		r = self.kith("h", "card", "set", "title=CTO", "--yes")
		self.assertIn('"Grace" is here: within a minute.\n', r.err)
		self.assertIn('"Grace" is here: within a minute.\n', self.kith("h", "status").out)
		self.assertIn('"Grace" gets your card me within a minute: you are both here.',
			self.kith("h", "give", "grace", "me").out)
		self.assertIn("and is asked to let go of what they have within a minute: you are both here.\n",
			self.kith("h", "give", "grace", "nothing", "--ask-back").out)
		with sqlite3.connect(self.path("h", "kith.db")) as db:
			db.execute("INSERT INTO letgo (contact, card, at, upto) SELECT contact, card, 1777832413, rev FROM card")
		db.close()
		[asked] = self.kith("h", "inbox", "--json").json
		self.assertEqual(self.kith("h", "inbox", "keep", str(asked["number"])).out,
			"Kept; they are told within a minute: you are both here.\n")
		self.kith("h", "import", self.person("b", "Bob"))
		bob = self.kith("b", "card", "--json").json
		self.kith("h", "compare", bob["id"][:12], *bob["fingerprint"].split())
		self.assertIn('"Grace" is asked within a minute: you are both here.  "Bob" is asked when you next meet;',
			self.kith("h", "introduce", "grace", "bob", "--why", "looms").out)
		nodes[1].send_signal(signal.SIGCONT)
		for node in nodes:
			node.terminate()
			self.assertEqual(node.wait(timeout=LIMIT), 0)

	def test_a_locked_node_knows_nobody(self):
		"""Whoever was here a moment ago is neither named nor given anything."""
		self.two_who_compared()
		self.protect("h")
		nodes = [self.start(word=keys.WORD), self.start(home="g")]
		self.until(lambda state: [p["name"] for p in state["here"]] == ["Grace"])
		nodes[1].send_signal(signal.SIGSTOP)
		self.kith("h", "card", "set", "title=CTO", "--yes", "--passphrase-fd", "0",
			stdin=keys.WORD.encode() + b"\n")
		self.assertIn("within a minute", self.kith("h", "status").out)
		self.kith("h", "lock")
		state = self.state()
		self.assertEqual((state["locked"], state["here"]), (True, []))
		out = self.kith("h", "status").out
		self.assertIn("1 person is to be given your card", out)
		for words in ("Here now", "within a minute"):
			self.assertNotIn(words, out)
		nodes[1].send_signal(signal.SIGCONT)
		for node in nodes:
			node.terminate()
			self.assertEqual(node.wait(timeout=LIMIT), 0)

	def test_where(self):
		"""Kept for the home, changed while it runs, and no other word is taken."""
		self.kith("h", "init", "name=Ada")
		node = self.start("--where", "known-networks")
		self.assertEqual(self.until()["where"], "known-networks")
		self.assertIn("everywhere from now on",
			self.kith("h", "node", "--where", "everywhere").out)
		self.assertEqual(self.state()["where"], "everywhere")
		self.kith("h", "node", "--where", "never")
		self.stop(node)
		node = self.start()
		self.assertEqual(self.until()["where"], "never")
		self.kith("h", "node", "--where", "at-home", status=2)
		self.assertEqual(self.state()["where"], "never")
		self.stop(node)


class Wish(Case):
	"""--where and --here: done and said, or refused in a sentence, whatever stands beside them."""

	KNOWN = "People you know are recognised in networks where you met somebody, or that you mark with --here"

	def setUp(self):
		super().setUp()
		self.kith("h", "init", "name=Ada")

	def network(self, *commands):
		"""An interface k0 with an address, and what else is to be there."""
		self.addCleanup(subprocess.run, ["ip", "link", "del", "k0"], check=True)
		for command in ("ip link add k0 type veth peer name k1", "ip link set k1 up",
				"ip addr add 10.97.0.1/24 dev k0", "ip link set k0 up", *commands):
			subprocess.run(command.split(), check=True)

	def node(self, *args, status=0):
		return self.kith("h", "node", *args, status=status)

	def test_none_runs(self):
		"""It is set for later, and nobody is started."""
		self.network()
		self.assertEqual(self.node("--where", "known-networks").out, f"{self.KNOWN}, when a node runs.\n")
		self.assertEqual(self.node("--here").out, "This network is known from now on, when a node runs.\n")
		self.assertEqual(self.node("--json", "--where", "never").json, {"where": "never", "here": False})
		self.assertEqual(self.node("--json", "--here").json, {"where": None, "here": True})
		self.assertIsNone(self.state())
		node = self.start(interface="k0")
		state = self.until()
		self.assertEqual((state["where"], state["known_network"]), ("never", True))
		self.stop(node)

	def test_one_is_started(self):
		"""It is said all the same, once, and before anything else."""
		node = subprocess.Popen([house.KITH, "--home", self.path("h"), "node", "--interface", "lo",
			"--locked", "--where", "known-networks"], stdin=subprocess.DEVNULL,
			stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=self.env())
		self.nodes.append(node)
		self.addCleanup(node.stdout.close)
		self.assertTrue(select.select([node.stdout], [], [], LIMIT)[0], "it says nothing")
		self.assertEqual(self.until()["where"], "known-networks")
		self.stop(node)
		self.assertEqual(node.stdout.read().decode(), f"{self.KNOWN}.\n")
		out = self.node("--detach", "--interface", "lo", "--where", "never").out
		try:
			self.assertRegex(out, r"\APeople you know are recognised nowhere from now on\.\n"
				r"A node runs in the background \(process \d+\)\.\n\Z")
			self.assertEqual(self.state()["where"], "never")
		finally:
			self.node("--stop")

	def test_one_runs(self):
		"""It is told.  What would start another one is refused, and changes nothing."""
		node = self.start()
		self.until()
		self.assertEqual(self.node("--where", "known-networks").out, f"{self.KNOWN}.\n")
		self.assertEqual(self.node("--where", "everywhere", "--json").json,
			{"where": "everywhere", "here": False})
		for more in (("--locked",), ("--interface", "lo"), ("--courier", "/bin/true")):
			self.assertIn("a node runs already for this home, and nothing was changed",
				self.node("--where", "never", *more, status=1).err)
			self.node("--here", *more, status=1)
		self.assertEqual(self.state()["where"], "everywhere")
		self.stop(node)

	def test_no_network(self):
		"""What cannot be marked is said; what goes is done."""
		for node in (None, self.start):
			running = node and node()
			if running:
				self.until()
			r = self.node("--here", "--interface", "lo", status=1) if not running else \
				self.node("--here", status=1)
			self.assertIn("in no network now", r.err)
			self.assertEqual(r.out, "")
			r = self.node("--where", "never", "--here", status=1)
			self.assertIn("recognised nowhere", r.out)
			self.assertIn("in no network now", r.err)
			if running:
				self.node("--where", "known-networks")
				self.assertIn("There is no network", self.state()["trouble"])
				self.stop(running)

	def test_a_router_that_was_not_heard(self):
		"""Nothing is marked, and status says why nobody is recognised."""
		self.network("ip route add default via 10.97.0.2 dev k0")
		silent = "the router of k0 10.97.0.0/24 has not been heard yet"
		self.assertIn(silent, self.node("--here", status=1).err)
		node = self.start("--where", "known-networks", interface="k0")
		self.until()
		self.assertIn(silent, self.node("--here", status=1).err)
		self.assertIn("The router here has not been heard yet", self.state()["trouble"])
		subprocess.run("ip neigh replace 10.97.0.2 lladdr 02:00:5e:10:00:01 dev k0 nud permanent".split(),
			check=True)
		self.assertIn("kith node --here makes it known", self.state()["trouble"])
		self.node("--here")
		state = self.state()
		self.assertEqual((state["known_network"], state["trouble"]), (True, None))
		self.assertIn("It does not look for people now; it is on k0 10.97.0.0/24.\n",
			self.kith("h", "status").out)
		self.stop(node)

	def test_many_addresses(self):
		"""Of one network they change nothing; of more networks than are looked up, it is unknown."""
		self.network(*(f"ip addr add 10.97.0.{i}/24 dev k0" for i in range(2, 20)))
		node = self.start("--where", "known-networks", interface="k0")
		self.until()
		self.node("--here")
		self.assertTrue(self.state()["known_network"])
		for i in range(1, 9):
			subprocess.run(f"ip addr add 10.97.{i}.1/24 dev k0".split(), check=True)
		self.assertIn("more than 8 networks at once", self.node("--here", status=1).err)
		state = self.state()
		self.assertFalse(state["known_network"])
		self.assertIn("in more networks at once than are looked up", state["trouble"])
		subprocess.run("ip addr del 10.97.8.1/24 dev k0".split(), check=True)
		self.assertTrue(self.state()["known_network"])
		self.stop(node)


class Locked(Case):
	def test_it_waits(self):
		"""It serves status, refuses to swap, and has no secret until it is told the passphrase."""
		self.protected("h")
		node = self.start("--locked")
		state = self.until()
		self.assertTrue(state["locked"])
		self.assertIn("kith unlock", state["trouble"])
		for command in ("swap", "nearby"):
			r = self.kith("h", command, "--json", "--timeout", "10", status=1)
			self.assertIn("is locked", r.err)
		self.assertIn("does not open", self.unlock("wrong", status=1))
		self.assertTrue(self.state()["locked"])
		self.assertIn("has the key", self.unlock(keys.WORD))
		self.assertFalse(self.state()["locked"])
		self.assertIn("not locked", self.unlock(keys.WORD))
		self.kith("h", "nearby", "--timeout", "0")
		self.assertIn("forgotten", self.kith("h", "lock").out)
		self.assertTrue(self.state()["locked"])
		self.assertEqual(self.kith("h", "lock").out, "The node is locked already.\n")
		self.assertEqual(self.kith("h", "lock", "--json").json, {"locked": True})
		self.assertEqual(self.kith("h", "unlock", "--json", "--passphrase-fd", "0",
			stdin=keys.WORD.encode() + b"\n").json, {"locked": False})
		self.assertEqual(self.kith("h", "lock", "--json").json, {"locked": True})
		out = self.kith("h", "status").out
		self.assertNotIn("looks for people", out)
		self.assertNotIn("recognised", out)
		self.unlock(keys.WORD)
		self.stop(node)

	def test_a_new_key_locks_it(self):
		"""It has no passphrase to open that with; rotate says so."""
		self.protected("h")
		node = self.start(word=keys.WORD)
		self.assertFalse(self.until()["locked"])
		r = self.kith("h", "key", "rotate", "--yes", "--passphrase-fd", "0", stdin=keys.WORD.encode() + b"\n")
		self.assertTrue(r.out.endswith("The node that runs is locked now: kith unlock opens it.\n"), r.out)
		self.until(lambda state: state["locked"])
		self.unlock(keys.WORD)
		self.assertFalse(self.state()["locked"])
		self.stop(node)

	def test_a_new_passphrase_does_not(self):
		self.protected("h")
		node = self.start(word=keys.WORD)
		self.assertFalse(self.until()["locked"])
		r = self.kith("h", "key", "passphrase", "--passphrase-fd", "0",
			stdin=keys.WORD.encode() + b"\ncow\n")
		self.assertNotIn("locked", r.out)
		self.assertIn("forgotten", self.kith("h", "lock").out)
		self.unlock("cow")
		self.assertFalse(self.state()["locked"])
		self.stop(node)

	def test_detached_it_says_that_it_waits(self):
		self.protected("h")
		out = self.kith("h", "node", "--detach", "--locked", "--interface", "lo").out
		try:
			self.assertRegex(out, r"\AA node runs in the background \(process \d+\), and waits for the "
				r"passphrase: kith unlock\.\n\Z")
			self.assertTrue(self.state()["locked"])
		finally:
			self.kith("h", "node", "--stop")

	def test_at_a_terminal(self):
		"""Asked three times, without an echo, and then it is as it was."""
		self.protected("h")
		node = self.start("--locked")
		self.until()
		for words, status in ((["a", "b", "c"], 1), (["wrong", keys.WORD], 0)):
			t = Terminal(self, "h", "unlock")
			self.addCleanup(t.close)
			for i, word in enumerate(words):
				t.wait(rb"Passphrase for [^\r]*: ")
				self.assertFalse(t.echoes())
				t.say(word.encode() + b"\n")
				if i + 1 < len(words):
					t.wait(rb"That passphrase does not open the key\.\r\n")
			self.assertEqual(t.end(), status, t.screen)
			self.assertTrue(t.echoes())
			self.assertEqual(self.state()["locked"], status != 0)
		self.assertIn(b"The node has the key, until it ends or kith lock is run.\r\n", t.screen)
		self.stop(node)

	def test_nothing_of_it_stays_in_memory(self):
		"""Neither the passphrase once it is used, nor after a lock the pages that held the key."""
		seed = self.protected("h")
		node = self.start("--locked")
		self.until()
		without = self.held(node.pid)
		self.assertNotIn(seed, self.memory(node.pid))
		self.unlock(keys.WORD)
		memory = self.memory(node.pid)
		self.assertIn(seed, memory, "so a search of memory does find a secret")
		self.assertNotIn(keys.WORD.encode(), memory)
		if not house.sanitized():  # which locks nothing
			self.assertGreater(self.held(node.pid), without, "the key is in locked memory")
		self.kith("h", "lock")
		memory = self.memory(node.pid)
		self.assertNotIn(seed, memory)
		self.assertNotIn(keys.WORD.encode(), memory)
		self.assertEqual(self.held(node.pid), without)
		self.stop(node)

	def held(self, pid):
		"""KiB of memory that is locked, as keys are."""
		with open(f"/proc/{pid}/status", encoding="ascii") as f:
			return next(int(line.split()[1]) for line in f if line.startswith("VmLck"))

	def memory(self, pid):
		"""All that can be read of a process."""
		found = []
		try:
			with open(f"/proc/{pid}/maps", encoding="ascii") as maps, \
					open(f"/proc/{pid}/mem", "rb", 0) as mem:
				for line in maps:
					begin, end = (int(part, 16) for part in line.split()[0].split("-"))
					if end - begin >= 2**28:  # what a sanitizer maps
						continue
					with contextlib.suppress(OSError, ValueError, OverflowError):
						mem.seek(begin)
						found.append(mem.read(end - begin))
		except PermissionError as why:
			raise net.lacking(f"memory cannot be read here: {why}")
		found = b"".join(found)  # once: added one by one it takes minutes
		self.assertGreater(len(found), 100000)
		return found

	def test_a_passphrase_that_goes_while_it_is_locked(self):
		"""Then nothing needs to be unlocked; one that is changed is the one that opens."""
		seed = self.protected("h")
		node = self.start("--locked")
		self.until(lambda state: state["locked"])
		self.protect_again(seed, "another")
		self.assertIn("has a passphrase and is locked", self.state()["trouble"])
		self.assertIn("does not open", self.unlock(keys.WORD, status=1))
		self.unlock("another")
		self.kith("h", "lock")
		self.assertTrue(self.state()["locked"])
		self.bare(seed)
		state = self.state()
		self.assertEqual((state["locked"], state["trouble"]), (False, None))
		self.assertIn("not locked", self.unlock("another"))
		self.stop(node)

	def test_it_opens_by_itself(self):
		"""The key file alone tells it, and nobody asks."""
		seed = self.protected("h")
		grace = self.person("g", "Grace")
		self.kith("h", "import", grace)
		node = self.start("--locked")
		self.until(lambda state: state["locked"])
		watch = subprocess.Popen([house.KITH, "--home", self.path("h"), "watch", "--json"],
			stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=self.env())
		self.nodes.append(watch)
		self.addCleanup(watch.stdout.close)
		self.assertIn(b"ready", watch.stdout.readline())
		self.bare(seed)
		end = time.monotonic() + LIMIT
		while seed not in self.memory(node.pid):
			self.assertLess(time.monotonic(), end, "the key stays out")
			time.sleep(0.02)
		self.stop(node)

	def protect_again(self, seed, word):
		self.put_key("h", keys.ref.keyfile_write(seed, keys.ref.keyfile_header(1, *keys.QUICK, bytes(16)),
			bytes(24), keys.ref.passphrase_bytes(word)))

	def bare(self, seed):
		"""As kith key passphrase --none leaves it: another file under that name."""
		plain = keys.ref.keyfile_write(seed, keys.ref.keyfile_header(0), bytes(24))
		new = self.path("h", "identity.key.new")
		with open(new, "wb") as f:
			f.write(plain)
		os.chmod(new, 0o600)
		os.rename(new, self.key("h"))

	def test_no_passphrase(self):
		"""--locked starts like any other, and there is nothing to lock."""
		self.kith("h", "init", "name=Ada")
		node = self.start("--locked")
		self.assertFalse(self.until()["locked"])
		self.assertIn("no passphrase", self.kith("h", "lock", status=1).err)
		self.assertFalse(self.state()["locked"])
		self.stop(node)


class Decision(Case):
	"""A client of its own, and a courier that finds nobody (tests/node/fake_courier.py)."""

	def message(self, kind, *fields):
		return msgpack.packb({0: kind, **{1 + i: field for i, field in enumerate(fields)}})

	def courier(self):
		"""One that has started, and says nothing more."""
		path, started = self.path("courier.py"), self.message(16, 1, 1, 3)
		shutil.copy(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "node",
			"fake_courier.py"), path)
		os.chmod(path, 0o700)
		with open(self.path("courier.script"), "w", encoding="ascii") as f:
			f.write(f"wait {started.hex()}")
		return path

	def client(self):
		line = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
		self.addCleanup(line.close)
		line.settimeout(LIMIT)
		(name,) = os.listdir(self.path("run", "kith"))
		line.connect(self.path("run", "kith", name))
		return line

	def until_told(self, line, kind):
		while (got := msgpack.unpackb(line.recv(65536), strict_map_key=False))[0] != kind:
			pass
		return got

	def connected(self):
		"""How many programs are connected to the node, or about to be."""
		(name,) = os.listdir(self.path("run", "kith"))
		with open("/proc/net/unix", encoding="ascii") as f:
			lines = [line.split() for line in f if line.rstrip().endswith(name)]
		return sum(line[5] == "03" for line in lines)

	def test_so_many_clients(self):
		"""CLIENTS_MAX are served, the hook's process among them; one more is told why it is not."""
		self.kith("h", "init", "name=Ada")
		node = self.start()
		self.until()
		self.await_socket(lambda: self.actors(node))
		lines = [self.client() for _ in range(CLIENTS_MAX - 1)]
		for line in lines:
			line.send(self.message(STATUS, 1))
			self.until_told(line, STATE)
		end = time.monotonic() + LIMIT
		while self.connected() != CLIENTS_MAX:
			self.assertLess(time.monotonic(), end, f"{self.connected()} are connected")
			time.sleep(0.02)
		for args in (("status",), ("nearby",), ("watch",), ("node", "--where", "never")):
			self.assertEqual(self.kith("h", *args, status=1).err, f"kith: {CLIENTS_MAX} programs speak "
				"with this node already; end one of them (kith watch, kith swap, kith nearby)\n")
		lines.pop().close()
		self.assertEqual(self.state()["where"], "everywhere")
		self.stop(node)

	def test_the_key_goes_in_the_midst_of_it(self):
		"""A decision that is read before the rotation is seen: the swap is over, and the node lives."""
		self.protected("h")
		node = self.start("--courier", self.courier(), word=keys.WORD)
		self.until()
		line = self.client()
		line.send(self.message(SWAP, 1, "", False, True, True, False, b"", ""))
		self.until(lambda state: state["swapping"])
		node.send_signal(signal.SIGSTOP)
		self.rotate()
		line.send(self.message(PICK, "abcd"))
		node.send_signal(signal.SIGCONT)
		self.assertIn("key of this home", self.until_told(line, REFUSED)[2])
		state = self.until(lambda state: state["locked"])
		self.assertEqual((state["pid"], state["swapping"]), (node.pid, False))
		self.unlock(keys.WORD)
		self.stop(node)

	def rotate(self):
		"""Under the same passphrase."""
		end, write = os.pipe()
		os.write(write, keys.WORD.encode() + b"\n")
		os.close(write)
		p = subprocess.run([house.KITH, "--home", self.path("h"), "key", "rotate", "--yes",
			"--passphrase-fd", str(end)], capture_output=True, env=self.env(), pass_fds=[end],
			timeout=LIMIT)
		os.close(end)
		self.assertEqual(p.returncode, 0, p.stderr)


class Watch(Case):
	def watch(self, *args):
		watch = subprocess.Popen([house.KITH, "--home", self.path("h"), "watch", *args],
			stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
			env=self.env())
		self.nodes.append(watch)
		self.addCleanup(watch.stdout.close)
		return watch

	def line(self, stream):
		self.assertTrue(select.select([stream], [], [], LIMIT)[0], "nothing comes")
		return stream.readline().decode()

	def test_news_as_it_comes(self):
		"""In words and as an object, whoever changed the store; a signal ends it, and not the node."""
		self.kith("h", "init", "name=Ada")
		grace = self.person("g", "Grace")
		node = self.start()
		self.until()
		objects, words = self.watch("--json"), self.watch()
		self.assertEqual(json.loads(self.line(objects.stdout)), {"event": "ready"})
		self.kith("h", "import", grace)
		self.kith("g", "card", "set", "title=CTO", "--yes")
		self.card_of("g")
		self.until(lambda state: state["known"] == 1)
		self.kith("h", "import", grace)
		got = json.loads(self.line(objects.stdout))
		self.assertEqual((got["event"], got["kind"], got["name"]), ("news", "card", "Grace"))
		self.assertEqual([(c["change"], c["kind"], c["now"]) for c in got["changes"]],
			[("new", "title", "CTO")])
		self.assertRegex(self.line(words.stdout), "^Grace: new title CTO\n$")
		for watch in (objects, words):
			watch.send_signal(signal.SIGINT)
			self.assertEqual(watch.wait(timeout=LIMIT), 0, watch.stderr.read())
		self.assertEqual(self.state()["pid"], node.pid)
		self.stop(node)

	def test_what_comes_while_it_comes(self):
		"""A change that the node sees before it has heard of the watcher is told all the same."""
		self.kith("h", "init", "name=Ada")
		grace = self.person("g", "Grace")
		self.kith("h", "import", grace)
		self.kith("g", "card", "set", "title=CTO", "--yes")
		self.card_of("g")
		node = self.start()
		self.until(lambda state: state["recognises"])
		node.send_signal(signal.SIGSTOP)
		watch = self.watch()
		self.await_socket(lambda: [watch.pid])
		self.kith("h", "import", grace)
		node.send_signal(signal.SIGCONT)
		self.assertEqual(self.line(watch.stdout), "Grace: new title CTO\n")
		watch.terminate()
		self.assertEqual(watch.wait(timeout=LIMIT), 0)
		self.stop(node)

	def test_at_a_terminal(self):
		"""What it is for, why nothing may come, and Ctrl-C ends it and the node that it started."""
		self.kith("h", "init", "name=Ada")
		before = set(net.processes())
		for trouble in (b"", rb"There is no network: nobody can be found until one is up\.\r\n"):
			t = Terminal(self, "h", "watch", "--interface", "lo")
			self.addCleanup(t.close)
			t.wait(rb"Who comes and goes, and what is new; Ctrl-C ends it\.\r\n" + trouble)
			t.say(b"\x03")
			self.assertEqual(t.end(), 0, t.screen)
			self.kith("h", "node", "--where", "known-networks")
		self.assertEqual(set(net.processes()) - before, set())

	def test_the_node_ends(self):
		self.kith("h", "init", "name=Ada")
		node = self.start()
		self.until()
		watch = self.watch("--json")
		self.line(watch.stdout)
		self.stop(node)
		self.assertEqual(watch.wait(timeout=LIMIT), 1)
		self.assertEqual(watch.stderr.read(), b"kith: the node has ended, and nothing is told any more\n")


class Events(Case):
	"""A newer card by file is the event."""

	def hook(self, text, mode=0o700):
		os.makedirs(self.path("config", "kith"), exist_ok=True)
		path = self.path("config", "kith", "on-event")
		with open(path, "w", encoding="utf-8") as f:
			f.write(text)
		os.chmod(path, mode)
		return path

	def env(self, **more):
		return super().env(**{"XDG_CONFIG_HOME": self.path("config"), **more})

	def setUp(self):
		super().setUp()
		self.kith("h", "init", "name=Ada")
		self.grace = self.person("g", "Grace")
		self.kith("h", "import", self.grace)
		os.mkfifo(self.path("fifo"))
		self.fifo = os.open(self.path("fifo"), os.O_RDWR)
		self.addCleanup(os.close, self.fifo)
		self.n = 0

	def event(self):
		self.n += 1
		self.kith("g", "card", "set", f"title=Number {self.n}", "--yes")
		self.card_of("g")
		self.kith("h", "import", self.grace)

	def heard(self):
		self.assertTrue(select.select([self.fifo], [], [], LIMIT)[0], "the hook is silent")
		return os.read(self.fifo, 65536).decode()

	def begin(self):
		"""A node whose hook process watches: three processes, and the first event is heard."""
		node = self.start()
		self.until(lambda state: state["recognises"])
		return node

	def await_act(self, node):
		"""Its watcher, which knows by now what is old."""
		return self.await_socket(lambda: self.actors(node))


class Hook(Events):
	def test_what_it_gets(self):
		"""The object on standard input, the kind in the environment, nothing else open, no passphrase."""
		self.hook(f"""#!/bin/sh
echo "$KITH_EVENT $(cat) $(ls /proc/self/fd | tr '\\n' ' ')" > {self.path('fifo')}
""")
		node = self.begin()
		self.await_act(node)
		self.event()
		kind, rest = self.heard().split(" ", 1)
		text, end = json.JSONDecoder().raw_decode(rest)
		self.assertEqual((kind, text["event"], text["kind"]), ("card", "news", "card"))
		self.assertEqual(text["changes"][0]["now"], "Number 1")
		self.assertLessEqual({int(fd) for fd in rest[end:].split()}, {0, 1, 2, 3})
		self.stop(node)

	def test_one_at_a_time(self):
		"""The next waits for the one before."""
		self.hook(f"#!/bin/sh\nmkdir {self.path('lock')} || echo both > {self.path('fifo')}\n"
			f"read -r line < {self.path('go')}\nrmdir {self.path('lock')}\n"
			f"echo done > {self.path('fifo')}\n")
		os.mkfifo(self.path("go"))
		node = self.begin()
		self.await_act(node)
		for _ in range(3):
			self.event()
		for _ in range(3):
			with open(self.path("go"), "w", encoding="ascii") as go:
				go.write("\n")
			self.assertEqual(self.heard(), "done\n")
		self.stop(node)

	def test_one_that_hangs(self):
		"""HOOK_MS, then it goes with what it has started, and the next one runs."""
		self.hook(f"""#!/bin/sh
if mkdir {self.path('first')}; then sleep 600 & echo $$ $! > {self.path('fifo')}; wait; fi
echo second > {self.path('fifo')}
""")
		node = self.begin()
		self.await_act(node)
		self.event()
		self.event()
		pids = [int(pid) for pid in self.heard().split()]
		self.assertEqual(self.heard(), "second\n")
		self.assertEqual(net.gone(pids), [])
		self.assertEqual(self.stop(node).count(b"kith/on-event was killed: it took longer"), 1)

	def test_one_that_may_not_run(self):
		"""The log of the node says it, with the reason, at the start and not again."""
		self.hook("#!/bin/sh\n", 0o777)
		node = self.begin()
		self.await_act(node)
		self.event()
		self.event()
		self.assertEqual(self.stop(node).count(b"kith/on-event is not run: others may write to it"), 1)

	def test_it_is_started_five_times(self):
		"""And never again: what kills it then is nothing that a sixth one would survive."""
		node = self.begin()
		for _ in range(5):
			pid = self.await_act(node)
			os.kill(pid, signal.SIGKILL)
			self.assertEqual(net.gone([pid]), [])
		for _ in range(2):  # the end is seen before the second answer
			self.assertEqual(self.state()["pid"], node.pid)
		self.assertEqual(self.actors(node), [])
		self.stop(node)

	def test_without_one(self):
		"""Nothing happens, and the process stays."""
		node = self.begin()
		self.await_act(node)
		before = net.below(node.pid)
		self.event()
		self.until()
		self.assertEqual(net.below(node.pid), before)
		self.stop(node)


class Desktop(Events):
	"""A session bus of its own, on which nobody shows anything: what was sent is what counts."""

	NAME = '<b>Jo</b>&"x"\u202e\x1b[31m\u200b\n'
	SHOWN = "&lt;b&gt;Jo&lt;/b&gt;&amp;\"x\"\ufffd[31m"

	def setUp(self):
		super().setUp()
		self.bob = self.person("b", "Bob")
		self.kith("h", "import", self.bob)
		self.kith("g", "card", "set", f"name={self.NAME}", "--yes")
		self.card_of("g")
		self.kith("h", "import", self.grace)
		address = f"unix:path={self.path('run', 'bus')}"
		self.service("unix:", "dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address",
			f"--address={address}")
		self.monitor = self.service("NameAcquired", "dbus-monitor", "--address", address,
			"interface=org.freedesktop.Notifications")

	def service(self, wait_for, *args):
		try:
			p = subprocess.Popen(args, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
				stderr=subprocess.DEVNULL, env=self.env())
		except FileNotFoundError as why:
			raise net.lacking(f"no session bus here: {why}")
		self.addCleanup(p.stdout.close)
		self.addCleanup(p.wait)
		self.addCleanup(p.terminate)
		self.read(p, lambda said: wait_for in said)
		return p

	def read(self, p, enough):
		"""What a service says, until it is enough."""
		said = b""
		while not enough(said.decode("utf-8", "replace")):
			self.assertTrue(select.select([p.stdout], [], [], LIMIT)[0], f"no more after {said}")
			more = os.read(p.stdout.fileno(), 65536)
			self.assertTrue(more, f"it has ended: {said}")
			said += more
		return said.decode()

	def bodies(self, said):
		"""Of each notification that is complete."""
		calls = said.split("member=Notify\n")[1:]
		return [re.findall(r'^   string "(.*)"$', call, re.MULTILINE)[3] for call in calls
			if "int32 10000" in call]

	def changed(self, home, n):
		"""A newer card of theirs."""
		self.kith(home, "card", "set", f"title=<i>Number {n}</i>", "--yes")
		self.card_of(home)
		self.kith("h", "import", self.path(f"{home}.kith"))

	def test_inert_and_one_a_person(self):
		"""Many events in a moment are one notification about each; what a name holds is shown, and does nothing (T17)."""
		node = self.begin()
		actor = self.await_act(node)
		os.kill(actor, signal.SIGSTOP)  # so that all of it is one moment
		for i in range(5):
			self.changed("g", i)
		self.changed("b", 0)
		os.kill(actor, signal.SIGCONT)
		bodies = self.bodies(self.read(self.monitor, lambda said: "Bob" in str(self.bodies(said))))
		self.assertEqual(bodies, [f"{self.SHOWN}: new title &lt;i&gt;Number 0&lt;/i&gt;",
			"Bob: new title &lt;i&gt;Number 0&lt;/i&gt;"])
		self.stop(node)


class Disk(Case):
	"""A home on a disk of its own: full, or not to be written (T27)."""

	def setUp(self):
		super().setUp()
		self.disk = self.path("disk")
		os.mkdir(self.disk)
		self.mount("-t", "tmpfs", "-o", "size=2m,mode=700", "disk")
		self.addCleanup(subprocess.run, ["umount", "-l", self.disk], check=True)
		self.kith("disk/h", "init", "name=Ada")

	def mount(self, *args):
		subprocess.run(["mount", *args, self.disk], check=True)

	def fill(self):
		"""Every byte that is left; returns the file that holds them."""
		path = os.path.join(self.disk, "filler")
		with open(path, "wb", 0) as f, contextlib.suppress(OSError):
			while True:
				f.write(bytes(4096))
		return path

	def node(self, *args, status=0):
		return self.kith("disk/h", "node", *args, status=status)

	def state(self):
		r = self.kith("disk/h", "status", "--json")
		return r.json

	def test_full_while_it_runs(self):
		"""What cannot be kept is refused, and the node lives; once there is room it goes."""
		self.node("--detach", "--interface", "lo")
		try:
			pid = self.state()["pid"]
			filler = self.fill()
			self.assertIn("full", self.node("--where", "never", status=7).err)
			self.assertEqual((self.state()["pid"], self.state()["where"]), (pid, "everywhere"))
			os.unlink(filler)
			self.node("--where", "never")
			self.assertEqual((self.state()["pid"], self.state()["where"]), (pid, "never"))
		finally:
			self.node("--stop")

	def test_not_to_be_written(self):
		"""It does not start, says why, and leaves nobody."""
		before = set(net.processes())
		self.mount("-o", "remount,ro")
		for args in ((), ("--detach",)):
			self.assertIn("Read-only file system", self.node(*args, "--interface", "lo", status=7).err)
		self.assertEqual(set(net.processes()) - before, set())
		self.mount("-o", "remount,rw")
		self.node("--detach", "--interface", "lo")
		self.node("--stop")


class Unit(Case):
	# what the manager of a user can grant without rights of its own
	PLAIN = {"Description", "After", "StartLimitIntervalSec", "StartLimitBurst", "ExecStart", "Restart",
		"RestartSec", "UMask", "NoNewPrivileges", "LockPersonality", "RestrictRealtime",
		"RestrictSUIDSGID", "RestrictAddressFamilies", "SystemCallArchitectures", "LimitCORE", "WantedBy"}

	def test_the_unit(self):
		"""Installed, and what systemd would refuse to a user's manager is not in it."""
		build = os.path.dirname(house.KITH)
		with open(os.path.join(build, "kith.service"), encoding="utf-8") as f:
			unit = f.read()
		program = next(line for line in unit.splitlines() if line.startswith("ExecStart="))
		self.assertRegex(program, "^ExecStart=/.*/kith node --locked$")
		lines = [line for line in unit.splitlines() if line and line[0] not in "#["]
		self.assertLessEqual({line.split("=", 1)[0] for line in lines}, self.PLAIN)
		if not shutil.which("systemd-analyze"):
			raise net.lacking("no systemd-analyze here")
		path = self.path("kith.service")
		with open(path, "w", encoding="utf-8") as f:
			f.write(unit.replace(program.split("=", 1)[1].split()[0], house.KITH))
		done = subprocess.run(["systemd-analyze", "verify", "--user", path], env=self.env(),
			capture_output=True, text=True, timeout=LIMIT)
		self.assertEqual((done.returncode, done.stdout + done.stderr), (0, ""))


if __name__ == "__main__":
	net.enclose()
	subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
	house.main()
