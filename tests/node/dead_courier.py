# SPDX-License-Identifier: MIT
"""A courier that is killed, at any time, is back within two seconds, and nothing is lost (T7, case 53);
and a bus that hangs does not keep it from coming up (case 47).

	dead_courier.py KITH
"""

import os
import pathlib
import signal
import socket
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "lan"))

import msgpack  # noqa: E402
import net  # noqa: E402
import people  # noqa: E402

BACK = 2  # seconds
BROKE = "The connection broke."


def courier_of(pid):
	"""The courier below that process; None: there is none at the moment."""
	names = net.processes()
	found = [p for p in net.below(pid) if names.get(p, ("", 0))[0] == "kith-courier"]
	return found[0] if found else None


def kill_courier(talk):
	pid = courier_of(talk.process.pid)
	os.kill(pid, signal.SIGKILL)
	return pid, time.monotonic()


class Dead(people.Story):
	def met(self):
		ada, grace = self.pair()
		a, b = ada.swap(), grace.swap()
		return ada, grace, a, b, *people.meet(a, b)

	def back_in_time(self, killed, what):
		took = time.monotonic() - killed
		print(f"    {what} after {took:.2f} s", file=sys.stderr)
		self.assertLess(took, BACK, what)

	def test_while_a_list_is_watched(self):
		"""Both have each other's row again, and swap."""
		ada, grace, a, b, b_at_a, a_at_b = self.met()
		pid, killed = kill_courier(a)
		b_at_a = a.wait("seen", name=grace.name)["peer"]
		new = b.wait("seen", name=ada.name)["peer"]
		self.back_in_time(killed, "both rows are seen again")
		self.assertNotEqual(new, a_at_b, "a new courier has new keys")
		self.assertNotIn(courier_of(a.process.pid), (None, pid))
		people.agree(a, b, b_at_a)
		for talk in (a, b):
			talk.quit()
			self.assertEqual(talk.told("notice"), [], "nothing to be said about it")
		self.assertEqual((ada.known(), grace.known()),
			({grace.name: "complete"}, {ada.name: "complete"}))

	def test_at_idle(self):
		"""A node in the background, with nobody to watch: who comes then finds it in service."""
		ada, grace = self.pair()
		b = grace.swap()
		b.wait("ready")
		node = ada.machine.popen(*ada.command("node"), stdin=-3, stderr=-3)
		try:
			self.until(lambda: courier_of(node.pid))
			pid = courier_of(node.pid)
			os.kill(pid, signal.SIGKILL)
			killed = time.monotonic()
			a = ada.swap()
			a.wait("ready")
			peer = a.wait("seen", name=grace.name)["peer"]
			self.back_in_time(killed, "a swap is ready and sees somebody")
			self.assertNotIn(courier_of(node.pid), (None, pid))
			people.agree(a, b, peer)
			a.quit()
			b.quit()
		finally:
			family = net.below(node.pid)
			node.terminate()
			node.wait(10)
			self.assertEqual(net.gone(family), [])

	def test_under_a_request(self):
		"""Before the code: the request is over, and can be made again at once."""
		ada, grace, a, b, b_at_a, a_at_b = self.met()
		a.say("swap", b_at_a)
		b.wait("request", peer=a_at_b)
		_, killed = kill_courier(b)
		b_at_a = a.wait("seen", name=grace.name)["peer"]
		b.wait("seen", name=ada.name)
		self.back_in_time(killed, "both rows are seen again")
		people.agree(a, b, b_at_a)
		a.quit()
		b.quit()

	def test_under_a_code(self):
		"""The code stays on both screens and is answered there: pending, as session.md says.  The next
		meeting makes it whole."""
		ada, grace, a, b, b_at_a, a_at_b = self.met()
		a.say("swap", b_at_a)
		b.wait("request", peer=a_at_b)
		b.say("accept", a_at_b)
		self.assertEqual(a.wait("code")["code"], b.wait("code")["code"])
		_, killed = kill_courier(a)
		for talk in (a, b):
			self.assertTrue(talk.wait("notice")["text"].startswith(BROKE))
		self.back_in_time(killed, "both are told")
		for talk in (a, b):
			talk.say("same")
			self.assertTrue(talk.wait("failed")["pending"])
		self.assertEqual((ada.known(), grace.known()),
			({grace.name: "pending"}, {ada.name: "pending"}))
		b_at_a = a.wait("seen", name=grace.name)["peer"]
		b.wait("seen", name=ada.name)
		self.back_in_time(killed, "both rows are seen again")
		people.agree(a, b, b_at_a)
		a.quit()
		b.quit()
		self.assertEqual((ada.known(), grace.known()),
			({grace.name: "complete"}, {ada.name: "complete"}))

	def test_swapped_and_killed(self):
		"""What was swapped stays swapped."""
		ada, grace, a, b, b_at_a, _ = self.met()
		people.agree(a, b, b_at_a)
		kill_courier(a)
		a.wait("seen", name=grace.name)
		a.quit()
		b.quit()
		self.assertEqual((ada.known(), grace.known()),
			({grace.name: "complete"}, {ada.name: "complete"}))

	def until(self, what, seconds=10):
		"""Waits for something outside of this process that tells nobody when it happens."""
		end = time.monotonic() + seconds
		while not what():
			if time.monotonic() > end:
				raise AssertionError(f"it did not happen in {seconds} s")
			time.sleep(0.01)


class Bus(people.Story):
	"""A system bus that hangs, at each of its steps."""

	def swap_beside(self, hang):
		ada, grace = self.pair()
		hang(ada.machine)
		b = grace.swap()
		began = time.monotonic()
		a = ada.swap()
		self.assertEqual(a.wait("ready", timeout=5)["discovery"], "avahi-core")
		self.assertLess(time.monotonic() - began, 3)
		people.agree(a, b, a.wait("seen", name=grace.name)["peer"])
		a.quit()
		b.quit()
		return ada

	def listen(self, machine, backlog):
		machine.run("mkdir -p /run/dbus")
		path = machine.path("run/dbus/system_bus_socket")
		s = socket.socket(socket.AF_UNIX)
		s.bind(path)
		s.listen(backlog)
		self.addCleanup(os.unlink, path)
		self.addCleanup(s.close)
		return s, path

	def test_it_accepts_and_says_nothing(self):
		self.swap_beside(lambda machine: self.listen(machine, 100))

	def test_it_accepts_nobody(self):
		def full(machine):
			s, path = self.listen(machine, 0)
			waiting = socket.socket(socket.AF_UNIX)
			waiting.connect(path)
			self.addCleanup(waiting.close)
		self.swap_beside(full)

	def test_the_bus_stops(self):
		"""dbus-daemon, suspended: the kernel still takes the connection."""
		def stop(machine):
			machine.avahi()
			os.kill(self.pid_of(machine, "dbus-daemon"), signal.SIGSTOP)
		self.stopped(stop, "dbus-daemon")

	def test_the_daemon_stops(self):
		"""avahi-daemon, suspended: the bus answers, and it does not."""
		def stop(machine):
			machine.avahi()
			os.kill(self.pid_of(machine, "avahi-daemon"), signal.SIGSTOP)
		self.stopped(stop, "avahi-daemon")

	def stopped(self, stop, name):
		try:
			self.swap_beside(stop)
		finally:
			os.kill(self.pid_of(self.machines[0], name), signal.SIGCONT)

	def pid_of(self, machine, name):
		services = set().union(*(net.below(s.pid) for s in machine.services))
		return next(p for p, (n, _) in net.processes().items() if n == name and p in services)


class Version(people.Story):
	def test_a_node_of_another_version_is_told_which_one_this_is(self):
		"""Case 81, the courier's side: by its number, or by what it says more or less."""
		for start in ({0: 1, 1: 2, 2: "", 3: False}, {0: 1, 1: 2, 2: ""},
			{0: 1, 1: 1, 2: "", 3: False, 4: 7}):
			with self.subTest(start=start):
				self.is_told(start)

	def is_told(self, start):
		ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
		os.set_inheritable(theirs.fileno(), True)
		program = os.path.join(os.path.dirname(people.KITH), "kith-courier")
		pid = os.posix_spawn(program, [program], {}, file_actions=[
			(os.POSIX_SPAWN_DUP2, theirs.fileno(), 3)])
		theirs.close()
		with ours:
			ours.send(msgpack.packb(start))
			started = msgpack.unpackb(ours.recv(65536), strict_map_key=False)
			self.assertEqual((started[0], started[1]), (16, 1))
			self.assertEqual(ours.recv(65536), b"")
		self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), 1)


if __name__ == "__main__":
	people.main()
