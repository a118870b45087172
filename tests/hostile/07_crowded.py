# SPDX-License-Identifier: MIT
"""A list full of nobody: bogus instances by the thousand (case 41), and who is known among them."""

import selectors
import socket
import threading
import time

import room

SETTLES_S = 40  # until node and courier are at rest again
REST = 0.1  # of a processor
PORT = 4711  # of every decoy
DIALS = room.limit("DIALS_MAX")
PATIENCE = 120  # seconds after which nobody will be known any more


class Crowded(room.Room):
	spare = room.DIALLING

	def test_many_addresses(self):
		"""case 41: 10,000 bogus instances in 5 s at 250 addresses: 256 rows, those who are here
		stay, the picked one swaps, and the processor has peace again."""
		self.flooded("41", "")

	def test_one_address(self):
		"""case 41: the same at one address, of which eight rows are taken."""
		self.flooded("41 one address", "one")
		self.assertLessEqual(self.rows(), 3 + room.limit("ROWS_PER_ADDRESS_MAX"))

	def flooded(self, case, how):
		seconds = 60 if room.LONG else 5
		self.assemble()
		running = room.Attack(self.mallory, "flood", "--from", "10.99.0.4", "--count",
			2000 * seconds, "--rate", 2000, "--how", how, "--name", "nobody")
		self.attacks.append(running)
		self.await_attack(running)
		self.v.listen(2)
		self.during()
		said = running.end(seconds + 30)
		newcomer = self.newcomer()
		settled = self.settles()
		self.afterwards()
		self.tell(case, "256 rows, all others stay", settled=settled, newcomer=newcomer,
			attacker=room.brief(said))
		self.assertLessEqual(self.gauge.rss["courier"], 64 * room.MIB)
		self.assertNotIn(self.ada_at_v, [e["peer"] for e in self.v.told("gone")])

	def settles(self):
		"""Seconds until node and courier use less than REST in a second."""
		begun, used = time.monotonic(), self.gauge.cpu()
		while time.monotonic() - begun < SETTLES_S:
			self.v.listen(1)
			used, before = self.gauge.cpu(), used
			if used - before < REST:
				return f"{time.monotonic() - begun:.0f} s"
		raise AssertionError(f"no peace: {used - before:.2f} s of the last second")

	def newcomer(self, timeout=10):
		"""Grace goes and comes again under another key: when is she in the victim's list?"""
		self.g.quit(5)
		begun, seen = time.monotonic(), len(self.v.seen)
		self.g = self.grace.swap(*room.STAYS)
		self.g.wait("ready")
		while time.monotonic() - begun < timeout:
			self.v.listen(0.05)
			if any(e["event"] == "seen" and e["name"] == "Grace Hopper" for e in self.v.seen[seen:]):
				return f"{time.monotonic() - begun:.2f} s"
		return "never"


class Deaf(threading.Thread):
	"""Takes every connection at the decoys' port of a machine and says nothing."""

	def __init__(self, machine):
		super().__init__(daemon=True)
		with machine.network():
			self.listener = socket.create_server(("", PORT), backlog=1024)
		self.since, self.held = {}, []  # when each that is open came; seconds that others were held
		self.over = threading.Event()
		self.start()

	def run(self):
		with selectors.DefaultSelector() as ready:
			ready.register(self.listener, selectors.EVENT_READ)
			while not self.over.is_set():
				for key, _ in ready.select(0.1):
					self.serve(ready, key.fileobj)
		for line in [self.listener, *self.since]:
			line.close()

	def serve(self, ready, line):
		if line is self.listener:
			line = self.listener.accept()[0]
			self.since[line] = time.monotonic()
			ready.register(line, selectors.EVENT_READ)
		elif not self.heard(line):
			ready.unregister(line)
			line.close()
			self.held.append(time.monotonic() - self.since.pop(line))

	@staticmethod
	def heard(line):
		try:
			return line.recv(4096)
		except ConnectionError:
			return b""

	def end(self):
		self.over.set()
		self.join()


class Known(room.Room):
	"""Somebody the victim knows comes to her in the middle of rows that lead nowhere.  Nobody but the victim
	dials; what counts is how many of them she dials before she knows who has come."""

	def setUp(self):
		super().setUp()
		self.befriend()
		self.ada.machine.filter("out tcp flags & (syn | ack) == syn drop")
		self.where = self.more_addresses()
		self.capture = room.packets.Capture(self.mallory)
		self.addCleanup(self.capture.close)
		self.dialled = set()

	def befriend(self):
		v, a = self.victim.swap(), self.ada.swap()
		v.wait("ready")
		a.wait("ready")
		a.wait("seen", name=self.victim.name)
		room.people.agree(v, a, v.wait("seen", name=self.ada.name)["peer"])
		v.quit()
		a.quit()

	def dials(self):
		"""How many decoys have been dialled."""
		self.dialled |= {(p.source, p.ports, p.target) for p in self.capture.taken()
			if p.protocol == room.packets.TCP and p.ports[1] == PORT}
		return len(self.dialled)

	def comes(self, case, standing, count, rate):
		"""So many decoys come, so many a second, the last of which stand; Ada, once they are dialled."""
		node = room.people.Node(self.victim, watched=False)
		self.addCleanup(node.end)
		looks = room.people.Talk(self.victim, "nearby", "--json", "--timeout", "600")
		self.addCleanup(looks.kill)
		self.attacks.append(room.Attack(self.mallory, "decoys", "--from", self.where, "--keys",
			standing, "--count", count, "--rate", rate))
		until = time.monotonic() + PATIENCE
		while len(looks.told("seen")) < standing * 0.9 or self.dials() < 2 * DIALS:
			looks.listen(0.05)
			self.assertLess(time.monotonic(), until, "the decoys do not come")
		adas = room.people.Talk(self.ada, "node")
		self.addCleanup(adas.end, 0)
		self.addCleanup(adas.process.terminate)
		dials, seconds = self.until_known(looks)
		room.Room.table.append((case, f"<= {room.ROWS} others first", f"{dials}, {seconds:.1f} s"))
		self.assertLessEqual(dials, room.ROWS)

	def until_known(self, looks):
		"""How many decoys were dialled between the moment in which Ada was seen, and known; and seconds."""
		first, until = {}, time.monotonic() + PATIENCE
		while time.monotonic() < until:
			e = looks.wait("seen", PATIENCE)
			now = self.dials(), time.monotonic()
			first.setdefault(e["peer"], now)
			if e["known"]:
				self.assertEqual(e["contact"], self.ada.name)
				return [b - a for a, b in zip(first[e["peer"]], now)]
		raise AssertionError(f"nobody is known, {self.dials()} decoys were dialled")

	def test_nobody_answers(self):
		"""case 41: 250 rows that never answer: the way to them is shut without a word."""
		self.mallory.filter(f"in tcp dport {PORT} drop")
		self.comes("known, 250 never answer", 250, 250, 200)

	def test_nobody_speaks(self):
		"""case 41: 250 rows where somebody takes the connection, and says nothing."""
		self.deaf(250, 250, 200)

	def test_new_rows_without_end(self):
		"""case 41: the same, and every 50 ms a new one takes the place of an old one."""
		self.deaf(80, 4000, 20)

	def deaf(self, standing, count, rate):
		deaf = Deaf(self.mallory)
		self.addCleanup(deaf.end)
		self.comes(f"known, {standing} of {count} say nothing", standing, count, rate)
		held = list(deaf.held)
		full = sum(s >= room.limit("HANDSHAKE_MS") / 1000 for s in held)
		self.assertLess(2 * full, len(held), held)


if __name__ == "__main__":
	room.main()
