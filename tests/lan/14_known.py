# SPDX-License-Identifier: MIT
"""People who know each other: their nodes recognise them, and newer cards flow without a code.

	14_known.py KITH [CLASS]
"""

import json
import os
import select
import signal
import socket

import net
import people

LONG = 90  # seconds: an update waits for UPDATE_MS behind the last session


class Known(people.Story):
	def setUp(self):
		super().setUp()
		self.nodes = []
		self.addCleanup(self.end_nodes)

	def end_nodes(self):
		for node in self.nodes:
			node.end()

	def node(self, person, *args):
		self.nodes.append(people.Node(person, *args))
		return self.nodes[-1]

	def friends(self, **options):
		"""Two who have swapped."""
		ada, grace = self.pair(**options)
		self.swapped(ada, grace)
		return ada, grace

	def swapped(self, ada, grace):
		a, b = ada.swap(), grace.swap()
		for talk in (a, b):
			talk.wait("ready")
		b_at_a = a.wait("seen", name=grace.name)["peer"]
		b.wait("seen", name=ada.name)
		people.agree(a, b, b_at_a)
		a.quit()
		b.quit()

	def both(self, ada, grace):
		"""A node for each; returns them once each knows that the other is here."""
		a, b = self.node(ada), self.node(grace)
		a.watch.wait("here", name=grace.name)
		b.watch.wait("here", name=ada.name)
		return a, b


class Updates(Known):
	def test_a_change_reaches_who_comes(self):
		"""Changed while nobody was near.  It flows when they meet, and only to the one it is for."""
		ada, grace = self.friends()
		for person in (ada, grace):
			person.has_handed(nothing=True)
		ada.kith("card", "set", "title=CTO", "--yes")
		a = self.node(ada)
		self.assertEqual(a.state["owed"], 1)
		b = self.node(grace)
		e = b.watch.wait("here")
		self.assertEqual((e["name"], e["id"]), (ada.name, ada.id()))
		b.until(lambda state: "CTO" in grace.kith("show", "Ada").decode())
		self.assertIn("title CTO", grace.kith("news").decode())
		self.assertEqual(a.watch.told("news"), [])
		a.until(lambda state: state["owed"] == 0)
		self.assertEqual(ada.show("Grace")["revision"], 1)
		for node in (a, b):  # they were in one place
			node.until(lambda state, node=node: node.person.has_handed())

	def test_a_receipt_says_where(self):
		"""While no swap runs it is the event that runs that stands in it."""
		ada, grace = self.friends()
		ada.kith("card", "set", "title=CTO", "--yes")
		ada.kith("event", "start", "FOSDEM")
		a, b = self.node(ada), self.node(grace)
		b.until(lambda state: "CTO" in grace.kith("show", "Ada").decode())
		a.until(lambda state: state["owed"] == 0)
		self.assertEqual(a.state["event"], "FOSDEM")
		receipts = json.loads(ada.kith("ledger", "Grace", "--receipts", "--json"))
		self.assertEqual(sorted((r["revision"], r["event"]) for r in receipts),
			[(1, ""), (2, "FOSDEM")])

	def test_nearby_names_them(self):
		"""To me alone: a stranger sees somebody without a name, and is nobody to me."""
		hub, *hosts = [self.machine(name) for name in ("hub", "a", "b", "c")]
		net.bridge(hub, hosts)
		ada, grace = self.ada(hosts[0]), self.grace(hosts[1])
		mary = self.person(hosts[2], "Mary Somerville")
		self.swapped(ada, grace)
		self.node(grace)
		mine, theirs = (people.Talk(p, "nearby", "--json", "--timeout", "30") for p in (ada, mary))
		for talk in (mine, theirs):
			self.addCleanup(talk.kill)
		seen = mine.wait("seen", known=True)
		self.assertEqual((seen["contact"], seen["id"], seen["name"], seen["alike"]),
			(grace.name, grace.id(), None, None))
		theirs.wait("seen")
		for e in theirs.told("seen"):
			self.assertEqual((e["name"], e["known"], e["id"], e["contact"]),
				(None, False, None, None))
		out = ada.kith("nearby").decode()
		self.assertRegex(out, r'Here: "Grace Hopper" \([A-Z2-7]{4,}\); somebody you know')

	def test_a_pending_swap_completes(self):
		"""The line broke under the code and both said "same": the rest comes by itself, without one."""
		ada, grace = self.pair()
		a, b = ada.swap(), grace.swap()
		b_at_a, a_at_b = people.meet(a, b)
		a.say("swap", b_at_a)
		b.wait("request")
		b.say("accept", a_at_b)
		for talk in (a, b):
			talk.wait("code")
		names = net.processes()
		os.kill(next(p for p in net.below(a.process.pid) if names[p][0] == "kith-courier"),
			signal.SIGKILL)
		for talk in (a, b):
			talk.wait("notice")
			talk.say("same")
			self.assertTrue(talk.wait("failed")["pending"])
		for person in (ada, grace):
			person.hang_up()  # with the nodes of the swaps
		n, m = self.node(ada), self.node(grace)
		n.until(lambda state: ada.known() == {grace.name: "complete"})
		m.until(lambda state: grace.known() == {ada.name: "complete"})
		for person, other in ((ada, grace), (grace, ada)):
			met = person.show(other.name)["met"]
			self.assertEqual([e["how"] for e in met], ["unattended"])

	def test_a_courier_dies(self):
		"""They stay here meanwhile, and what is due comes all the same."""
		ada, grace = self.friends()
		a, b = self.both(ada, grace)
		for node in (a, b):
			names = net.processes()
			os.kill(next(p for p in net.below(node.process.pid)
				if names[p][0] == "kith-courier"), signal.SIGKILL)
		ada.kith("card", "set", "title=CTO", "--yes")
		b.watch.wait("news", kind="card", name=ada.name, timeout=LONG)
		for node in (a, b):
			self.assertEqual(node.watch.told("gone"), [])

	def test_a_node_dies(self):
		"""It goes, and is known again when it comes back."""
		ada, grace = self.friends()
		a, b = self.both(ada, grace)
		a.watch.kill()
		a.kill()
		self.nodes.remove(a)
		b.watch.wait("gone", name=ada.name, timeout=LONG * 2)
		ada.kith("card", "set", "title=CTO", "--yes")
		self.node(ada)
		b.watch.wait("here", name=ada.name)
		b.watch.wait("news", kind="card", name=ada.name)

	def test_another_network(self):
		"""Both move, and know each other there under other names (case 77)."""
		ada, grace = self.friends()
		a, b = self.both(ada, grace)
		self.move(ada, grace)
		ada.kith("card", "set", "title=CTO", "--yes")
		b.watch.wait("news", kind="card", name=ada.name, timeout=LONG)

	def move(self, *who):
		for host, person in enumerate(who, 1):
			person.machine.run("ip link set eth0 down; ip addr flush dev eth0; "
				f"ip addr add 10.98.7.{host}/24 dev eth0; ip link set eth0 up")

	def test_three(self):
		"""Everybody knows everybody: each is told of both, and a change of one reaches two."""
		hub, *hosts = [self.machine(name) for name in ("hub", "a", "b", "c")]
		net.bridge(hub, hosts)
		who = [self.ada(hosts[0]), self.grace(hosts[1]),
			self.person(hosts[2], "Mary Somerville")]
		for a, b in ((0, 1), (1, 2), (0, 2)):
			self.swapped(who[a], who[b])
		who[0].kith("card", "set", "title=CTO", "--yes")
		nodes = [self.node(person) for person in who]
		for i, node in enumerate(nodes):
			for other in set(range(3)) - {i}:
				node.until(lambda state, name=who[other].name: name in
					[p["name"] for p in state["here"]])
		for node in nodes[1:]:
			node.until(lambda state, person=node.person: "CTO" in
				person.kith("show", "Ada").decode())


class Keys(Known):
	def test_blocked(self):
		"""Whoever is blocked is nobody here, whatever is due; with unblock it all comes."""
		hub, *hosts = [self.machine(name) for name in ("hub", "a", "b", "c")]
		net.bridge(hub, hosts)
		ada, grace = self.ada(hosts[0]), self.grace(hosts[1])
		mary = self.person(hosts[2], "Mary Somerville")
		self.swapped(ada, grace)
		self.swapped(mary, grace)
		b = self.node(grace)
		grace.kith("block", ada.name, "--yes")
		ada.kith("card", "set", "title=CTO", "--yes")
		a, c = self.node(ada), self.node(mary)
		b.watch.wait("here", name=mary.name)
		c.watch.wait("here", name=grace.name)
		a.until(lambda state: state["recognises"] and state["discovery"])
		b.watch.listen(3)  # the two have seen each other by now, and nothing may come of it
		self.assertEqual([e["name"] for e in b.watch.told("here")], [mary.name])
		self.assertEqual(a.watch.told("here"), [])
		grace.kith("unblock", ada.name)
		b.watch.wait("here", name=ada.name)
		b.watch.wait("news", kind="card", name=ada.name)

	def test_another_key(self):
		"""Rotated while the nodes run: the one in memory goes with the old key, and friends follow."""
		ada, grace = self.friends()
		a, b = self.both(ada, grace)
		before = ada.id()
		ada.kith("key", "rotate", "--yes")
		self.assertNotEqual(ada.id(), before)
		b.watch.wait("news", kind="rotated", name=ada.name, timeout=LONG)
		b.until(lambda state: ada.id() in [p["id"] for p in state["here"]], LONG)
		self.assertEqual(grace.show("Ada")["id"], ada.id())
		a.until(lambda state: [p["name"] for p in state["here"]] == [grace.name])

	def test_a_revision_in_between(self):
		"""What another process signs is what the node gives: also in a swap under way."""
		ada, grace = self.pair()
		self.node(ada)
		a, b = ada.swap(), grace.swap()
		b_at_a, _ = people.meet(a, b)
		ada.kith("card", "set", "title=CTO", "--yes")
		people.agree(a, b, b_at_a)
		a.quit()
		b.quit()
		self.assertIn("CTO", grace.kith("show", "Ada").decode())


class Asleep(Known):
	def test_a_lid_is_closed(self):
		"""Every process of one stands still, over what the other changes; it comes with the lid (case 78)."""
		ada, grace = self.friends()
		a, b = self.both(ada, grace)
		family = sorted(net.below(b.process.pid) - net.below(b.watch.process.pid))
		for pid in family:
			os.kill(pid, signal.SIGSTOP)
		try:
			ada.kith("card", "set", "title=CTO", "--yes")
			a.watch.listen(20)  # longer than HEARTBEAT_TIMEOUT_MS: no line stands any more
		finally:
			for pid in reversed(family):
				os.kill(pid, signal.SIGCONT)
		b.watch.wait("news", kind="card", name=ada.name, timeout=LONG * 2)


class Here(Known):
	def test_a_change_reaches_who_is_here(self):
		"""The change itself is what sets it going, after UPDATE_MS behind the last session."""
		ada, grace = self.friends()
		_, b = self.both(ada, grace)
		ada.kith("card", "set", "title=CTO", "--yes")
		b.watch.wait("news", kind="card", name=ada.name, timeout=LONG)
		self.assertIn("CTO", grace.kith("show", "Ada").decode())


class Where(Known):
	def test_never(self):
		"""Neither found nor finding; then it is said otherwise to the node that runs."""
		ada, grace = self.friends()
		grace.kith("node", "--where", "never")
		a, b = self.node(ada), self.node(grace)
		state = b.until(lambda state: state["discovery"])
		self.assertEqual((state["where"], state["recognises"]), ("never", False))
		seen = people.Talk(ada, "nearby", "--json", "--timeout", "3").end(0)
		self.assertEqual([e for e in seen if e["event"] == "seen"], [])
		capture = self.capture(ada.machine)
		grace.kith("node", "--where", "everywhere")
		a.watch.wait("here", name=grace.name)
		b.watch.wait("here", name=ada.name)
		people.announced(capture, grace.machine)
		grace.kith("node", "--where", "never")
		b.until(lambda state: not state["recognises"])
		a.watch.wait("gone", name=grace.name, timeout=LONG)
		b.end()
		state = self.node(grace).until(lambda state: True)
		self.assertEqual(state["where"], "never", "it is kept")

	def test_where_we_met(self):
		"""Without a router a network is its subnet, however many addresses there are: known by the swap,
		another one not, until I say so."""
		ada, grace = self.friends()
		ada.kith("node", "--where", "known-networks")
		a = self.node(ada)
		state = a.until(lambda state: state["recognises"])
		self.assertEqual((state["known_network"], state["trouble"]), (True, None))
		ada.machine.run("for i in $(seq 20 40); do ip addr add 10.99.0.$i/24 dev eth0; done")
		self.assertTrue(a.status()["known_network"])
		grace.machine.run("ip link set eth0 down")  # what it keeps without a carrier is no network
		state = a.until(lambda state: not state["known_network"])
		self.assertIn("There is no network", state["trouble"])
		grace.machine.run("ip link set eth0 up")
		a.until(lambda state: state["recognises"] and state["known_network"])
		ada.machine.run("ip addr flush dev eth0; ip addr add 10.98.7.1/24 dev eth0")
		state = a.until(lambda state: not state["recognises"])
		self.assertFalse(state["known_network"])
		self.assertIn("10.98.7.0/24", state["network"])
		self.assertIn("--here", state["trouble"])
		ada.kith("node", "--here")
		a.until(lambda state: state["recognises"] and state["known_network"])

	def test_a_router(self):
		"""A network with a router is told by the router's hardware: unknown until it was heard, and
		another router is another network, whatever its address."""
		ada, grace = self.friends()
		ada.kith("node", "--where", "known-networks")
		a = self.node(ada)
		a.until(lambda state: state["recognises"])
		ada.machine.run("ip neigh flush dev eth0; ip route add default via 10.99.0.2")
		a.until(lambda state: not state["recognises"])
		self.hear(ada)
		self.assertFalse(a.status()["known_network"])
		ada.kith("node", "--here")
		a.until(lambda state: state["recognises"])
		grace.machine.run("ip link set eth0 down; ip link set eth0 address 02:00:00:00:00:77; "
			"ip link set eth0 up")
		grace.machine.await_addresses(1)
		ada.machine.await_addresses(1)
		ada.machine.run("ip route replace default via 10.99.0.2; ip neigh flush dev eth0")
		self.hear(ada)
		a.until(lambda state: not state["recognises"])

	def hear(self, person):
		"""One packet to the router, as any program would send one: so the kernel asks who it is."""
		with person.machine.network():
			with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
				s.sendto(b"", ("10.99.0.2", 9))
		person.machine.run("for i in $(seq 200); do ip neigh show 10.99.0.2 | grep -q lladdr && "
			"exit 0; sleep 0.05; done; exit 1")


class Act(Known):
	HOOK = "/run/home/.config/kith/on-event"

	def hook(self, person, text, mode="700"):
		person.machine.run(f"mkdir -p /run/home/.config/kith; cat > {self.HOOK}; "
			f"chmod {mode} {self.HOOK}; mkfifo /run/fifo 2>/dev/null || true", text)
		self.addCleanup(person.machine.run, "rm -r /run/home/.config")

	def test_the_hook_is_told(self):
		"""Each event in turn, as JSON and as a word; with the key nowhere in what it gets."""
		ada, grace = self.friends()
		self.hook(ada, '#!/bin/sh\necho "$KITH_EVENT $(cat)" > /run/fifo\n')
		grace.kith("card", "set", "title=Admiral", "--yes")
		a = self.node(ada)
		self.node(grace)
		said = {}
		while set(said) != {"here", "card"}:
			with open(ada.machine.path("run/fifo"), encoding="utf-8",
					opener=lambda path, flags: os.open(path, flags | os.O_NONBLOCK)) as fifo:
				self.assertTrue(select.select([fifo], [], [], people.LIMIT)[0], "it is silent")
				os.set_blocking(fifo.fileno(), True)
				for line in fifo:  # two may have come until it is read
					kind, text = line.split(" ", 1)
					said[kind] = json.loads(text)
		self.assertEqual((said["here"]["name"], said["here"]["id"]), (grace.name, grace.id()))
		self.assertEqual((said["card"]["event"], said["card"]["name"]), ("news", grace.name))
		self.assertIn(said["here"], a.watch.told("here") or [a.watch.wait("here")])

	def test_the_desktop_is_told(self):
		"""News, over the session bus, as org.freedesktop.Notifications wants it."""
		ada, grace = self.friends()
		try:
			bus = ada.machine.start("unix:", "dbus-daemon", "--session", "--nofork", "--nopidfile",
				"--print-address", "--address=unix:path=/run/user/bus")
			monitor = ada.machine.start("NameAcquired", "dbus-monitor", "--address",
				"unix:path=/run/user/bus", "interface=org.freedesktop.Notifications")
		except (AssertionError, FileNotFoundError) as why:
			raise net.lacking(f"no session bus here: {why}")
		self.addCleanup(ada.machine.run, "rm -f /run/user/bus")
		grace.kith("card", "set", "title=<b>Admiral</b>", "--yes")
		a = self.node(ada)
		self.node(grace)
		a.watch.wait("news", kind="card")
		said = b""
		while b"int32 10000" not in said:
			ready = select.select([monitor.stdout], [], [], people.LIMIT)[0]
			self.assertTrue(ready, f"no notification comes: {said}")
			more = os.read(monitor.stdout.fileno(), 4096)
			self.assertTrue(more, "the monitor has ended")
			said += more
		self.assertIn(b"member=Notify", said)
		self.assertIn(b"Grace Hopper: new title &lt;b&gt;Admiral&lt;/b&gt;", said)
		ada.machine.stop(monitor)
		ada.machine.stop(bus)


if __name__ == "__main__":
	people.main()
