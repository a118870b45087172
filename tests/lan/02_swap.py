# SPDX-License-Identifier: MIT
"""Two people at two machines on one cable: how a swap goes, and how it ends otherwise."""

import json
import shutil
import signal
import subprocess
import time

import net
import packets
import people


class Swap(people.Story):
	def test_by_hand(self):
		"""Every event in its place, and what each store holds afterwards."""
		ada, grace = self.pair()
		a, b = ada.swap("--event", "FOSDEM"), grace.swap()
		self.assertEqual(a.wait("ready"), {"event": "ready", "visible_as": "Ada Lovelace",
			"discovery": "avahi-core", "where": "FOSDEM", "card": "me"})
		self.assertEqual(b.wait("ready")["visible_as"], "Grace Hopper")
		seen = a.wait("seen")
		self.assertEqual(seen["name"], "Grace Hopper")
		self.assertRegex(seen["peer"], "^[A-Z2-7]{4,16}$")
		self.assertEqual(b.wait("seen")["name"], "Ada Lovelace")
		a.say("swap", seen["peer"])
		self.assertEqual(a.wait("asking")["peer"], seen["peer"])
		request = b.wait("request", name="Ada Lovelace")
		self.assertTrue(request["gives"] and request["attended"])
		b.say("accept", request["peer"])
		codes = a.wait("code")["code"], b.wait("code")["code"]
		self.assertRegex(codes[0], "^[0-9]{6}$")
		self.assertEqual(*codes)
		a.say("same")
		b.say("same")
		self.check_ends(ada, grace, a.wait("swapped"), b.wait("swapped"))
		a.quit()
		b.quit()
		self.assertEqual(a.kinds()[:5], ["ready", "seen", "asking", "code", "swapped"])
		self.assertEqual(b.kinds()[:5], ["ready", "seen", "request", "code", "swapped"])
		for more in a.seen[5:] + b.seen[5:]:  # they may have been quick to recognise each other
			self.assertTrue(more["event"] == "seen" and more["known"])

	def test_the_event_that_runs(self):
		"""It is carried by itself, and its card given; --event "" carries none, and gives everything."""
		ada, grace = self.pair()
		ada.kith("card", "new", "work", "--show", "org")
		for person in (ada, grace):
			person.kith("event", "start", "FOSDEM", "--place", "Brussels")
		ada.kith("event", "start", "fosdem", "--card", "work")
		a, b = ada.swap(), grace.swap("--event", "")
		ready = a.wait("ready")
		self.assertEqual((ready["where"], ready["card"]), ("FOSDEM", "work"))
		ready = b.wait("ready")
		self.assertEqual((ready["where"], ready["card"]), (None, "me"))
		b_at_a = a.wait("seen")["peer"]
		b.wait("seen")
		people.agree(a, b, b_at_a)
		a.quit()
		b.quit()
		self.assertEqual([m["event"] for m in ada.show("Grace")["met"]], ["FOSDEM"])
		self.assertEqual([m["event"] for m in grace.show("Ada")["met"]], [None])
		self.assertEqual({f["kind"] for f in grace.show("Ada")["fields"]}, {"name", "org"})
		self.assertIn("email", {f["kind"] for f in ada.show("Grace")["fields"]})
		shown = json.loads(ada.kith("event", "show", "--json"))
		self.assertEqual([one["contact"]["id"] for one in shown["roster"]], [grace.id()])
		(receipt,) = json.loads(ada.kith("ledger", "Grace", "--receipts", "--json"))
		self.assertEqual(receipt["event"], "FOSDEM")
		self.assertEqual(json.loads(grace.kith("event", "show", "--json"))["roster"], [])

	def check_ends(self, ada, grace, at_a, at_b):
		for event, other in ((at_a, grace), (at_b, ada)):
			self.assertTrue(event["delivered"])
			contact = event["contact"]
			self.assertEqual((contact["id"], contact["name"]), (other.id(), other.name))
			self.assertEqual((contact["state"], contact["delivered"], contact["revision"]),
				("complete", True, 1))
			self.assertEqual([m["how"] for m in contact["met"]], ["compared"])
		self.assertEqual(at_a["contact"]["met"][0]["event"], "FOSDEM")
		self.assertIsNone(at_b["contact"]["met"][0]["event"])
		fields = {f["kind"]: f["value"] for f in at_b["contact"]["fields"]}
		self.assertEqual(fields["email"], "ada@example.org")
		self.assertEqual(ada.show("Grace")["id"], grace.id())
		self.assertEqual(grace.show("Ada")["id"], ada.id())

	def test_one_who_has_lost_a_key(self):
		"""In plain lines: after the comparison it says what makes the two of that name one."""
		ada, grace = self.pair()
		a, b = ada.swap(), grace.swap()
		people.agree(a, b, people.meet(a, b)[0])
		for talk in (a, b):
			talk.quit()
		old = grace.id()
		shutil.rmtree(grace.folder())
		grace.kith("init", f"name={grace.name}")
		b = grace.swap()
		run = ada.machine.popen(*ada.command("swap"), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
		self.addCleanup(run.kill)
		b.say("swap", b.wait("seen", name=ada.name)["peer"])

		def until(words):
			return next(line for line in map(bytes.decode, run.stdout) if words in line)

		self.assertIn('who has the name of your "Grace Hopper"', until("asks to swap"))
		run.stdin.write(b"y\n")
		run.stdin.flush()
		b.wait("code")
		until("Code with")
		run.stdin.write(b"same\n")
		run.stdin.flush()
		b.say("same")
		b.wait("swapped")
		self.assertRegex(until("kith replace"), r'\AIf that is the "Grace Hopper" you know: kith replace '
			f"({old[:4]}[A-Z2-7]*) ({grace.id()[:4]}[A-Z2-7]*)\n\\Z")
		run.communicate(b"q\n", timeout=people.LIMIT)
		b.quit()

	def test_after_a_pocket_card(self):
		"""A pocket card spends a number, and the card keeps its own: that is the one a receipt is for."""
		ada, grace = self.pair()
		for person in (ada, grace):
			self.assertIn(b"<svg", person.kith("qr", "--pocket", "--svg", "-"))
		ada.kith("card", "set", "title=Countess")  # number 3; Grace's stays 1
		a, b = ada.swap("--unattended"), grace.swap("--unattended")
		for talk, revision in ((a, 1), (b, 3)):
			event = talk.wait("swapped")
			self.assertTrue(event["delivered"])
			contact = event["contact"]
			self.assertEqual((contact["state"], contact["delivered"], contact["revision"]),
				("complete", True, revision))
			talk.end(0)
		for person, other, revision in ((ada, "Grace", 3), (grace, "Ada", 1)):
			self.assertTrue(person.show(other)["delivered"])
			rows = "SELECT rev, (SELECT count(*) FROM debt) FROM receipt"
			self.assertEqual(person.machine.run(f"sqlite3 {person.home}/kith.db '{rows}'").strip(),
				f"{revision}|0")

	def test_unattended(self):
		ada, grace = self.pair()
		a, b = ada.swap("--unattended"), grace.swap("--unattended")
		for talk in (a, b):
			self.assertEqual(talk.wait("swapped")["contact"]["met"][0]["how"], "unattended")
			talk.end(0)
		self.assertEqual(ada.known(), {"Grace Hopper": "complete"})
		self.assertEqual(grace.known(), {"Ada Lovelace": "complete"})

	def test_weaker_counts(self):
		"""One side compares, the other is a booth: both records say unattended."""
		ada, booth = self.pair()
		a, b = ada.swap("Grace"), booth.swap("--unattended", "--keep")
		self.assertFalse(a.wait("code")["attended"])
		a.say("same")
		a.end(0)
		b.wait("swapped")
		self.assertEqual([m["how"] for m in ada.show("Grace")["met"]], ["unattended"])
		self.assertEqual([m["how"] for m in booth.show("Ada")["met"]], ["unattended"])
		b.process.send_signal(signal.SIGTERM)
		b.end(0)

	def test_declined(self):
		ada, grace = self.pair()
		a, b = ada.swap(), grace.swap()
		b_at_a, a_at_b = people.meet(a, b)
		a.say("swap", b_at_a)
		b.wait("request")
		b.say("decline", a_at_b)
		self.assertEqual(a.wait("failed")["reason"], "declined")
		a.quit(4)
		b.say("quit")
		b.end(5)  # nobody came whom she took
		self.assertEqual((ada.contacts(), grace.contacts()), ([], []))

	def test_different(self):
		"""A code that differs: nothing stays in either store, whoever of the two noticed, and even
		if the other had said "same" already."""
		ada, grace = self.pair()
		for asker_notices in (True, False):
			for too_trusting in (False, True):
				with self.part(asker_notices=asker_notices, too_trusting=too_trusting):
					self.different(ada, grace, asker_notices, too_trusting)
					self.assertEqual((ada.contacts(), grace.contacts()), ([], []))

	def different(self, ada, grace, asker_notices, too_trusting):
		a, b = ada.swap(), grace.swap()
		b_at_a, a_at_b = people.meet(a, b)
		a.say("swap", b_at_a)
		b.wait("request")
		b.say("accept", a_at_b)
		a.wait("code")
		b.wait("code")
		notices, other = (a, b) if asker_notices else (b, a)
		if too_trusting:
			other.say("same")
		notices.say("different")
		for talk, peer in ((a, b_at_a), (b, a_at_b)):
			self.assertEqual(talk.wait("failed"), {"event": "failed", "peer": peer,
				"reason": "mismatch", "pending": False})
		for talk in (a, b):
			talk.quit(4)

	def test_a_copy_of_oneself(self):
		"""The same key at two machines: said by its own word, and nobody is blamed for the line."""
		a, b = self.machine("adas-host"), self.machine("adas-other-host")
		net.cable(a, b)
		ada = self.ada(a)
		other = people.Copy(ada, b)
		self.people.append(other)
		one, two = ada.swap(), other.swap()
		two_at_one, one_at_two = people.meet(one, two)
		one.say("swap", two_at_one)
		two.wait("request")
		two.say("accept", one_at_two)
		self.assertEqual(one.wait("failed"), {"event": "failed", "peer": two_at_one,
			"reason": "protocol", "detail": "ownkey", "pending": False})
		two.wait("failed")
		self.assertEqual((one.told("code"), two.told("code")), ([], []))
		one.quit(8)
		two.quit(5)
		self.assertEqual((ada.contacts(), other.contacts()), ([], []))

	def test_nobody(self):
		machine = self.machine("alone")
		ada = self.ada(machine)
		begun = time.monotonic()
		ada.swap("--timeout", "2").end(5)
		took = time.monotonic() - begun
		self.assertTrue(2 <= took < 5, f"{took} s")
		ada.swap("--timeout", "0", "--unattended").end(5)

	def test_end_of_input(self):
		"""A script that says nothing more gets its answers and the exit."""
		ada, grace = self.pair()
		a, b = ada.swap(), grace.swap("--unattended")
		a.say("accept", a.wait("request")["peer"])
		a.wait("code")
		a.say("same")
		a.process.stdin.close()
		a.end(0)
		b.end(0)

	def test_hidden(self):
		"""--hidden: no name on the network and none in the list; who is asked is told."""
		ada, grace = self.pair()
		capture = self.capture(grace.machine)
		a, b = ada.swap("--hidden"), grace.swap()
		self.assertIsNone(a.wait("ready")["visible_as"])
		b.wait("ready")
		b_at_a = a.wait("seen", name="Grace Hopper")["peer"]
		self.assertIsNone(b.wait("seen")["name"])
		a.say("swap", b_at_a)
		request = b.wait("request")
		self.assertEqual(request["name"], "Ada Lovelace")
		b.say("accept", request["peer"])
		for talk in (a, b):
			talk.wait("code")
		for talk in (a, b):
			talk.say("same")
		for talk in (a, b):
			talk.wait("swapped")
		for talk in (a, b):
			talk.quit()
		seen = capture.read()
		names = [r.value.get("n") for r in packets.records(seen) if r.kind == "TXT"]
		self.assertIn(b"Grace Hopper", names)
		self.assertIn(None, names)
		for p in seen:
			self.assertNotIn(b"Ada", p.raw)

	def test_receive_only(self):
		"""Ada gives nothing: she has Grace's card, and Grace knows whom she gave hers."""
		ada, grace = self.pair()
		a, b = ada.swap("--receive-only"), grace.swap()
		b_at_a, _ = people.meet(a, b)
		a.say("swap", b_at_a)
		request = b.wait("request")
		self.assertFalse(request["gives"])
		b.say("accept", request["peer"])
		self.assertTrue(a.wait("code")["gives"])
		self.assertFalse(b.wait("code")["gives"])
		a.say("same")
		b.say("same")
		self.assertEqual(a.wait("swapped")["contact"]["state"], "complete")
		met = b.wait("swapped")
		self.assertTrue(met["delivered"])
		self.assertEqual(met["contact"]["fields"], [])
		self.assertNotIn("revision", met["contact"])
		a.quit()
		b.quit()
		self.assertEqual(ada.known(), {"Grace Hopper": "complete"})

	def test_long(self):
		"""--long shows all twelve digits on that side; the other's six are the last of them."""
		ada, grace = self.pair()
		a, b = ada.swap("--long", "Grace"), grace.swap()
		b.say("accept", b.wait("request")["peer"])
		long, short = a.wait("code")["code"], b.wait("code")["code"]
		self.assertRegex(long, "^[0-9]{12}$")
		self.assertEqual(long[6:], short)
		a.say("same")
		b.say("same")
		a.end(0)
		b.wait("swapped")
		b.quit()

	def test_a_row_that_is_not_there(self):
		"""Told as failed by what was typed, all of it, and whether or not it could be a handle."""
		ada, _ = self.pair()
		a = ada.swap()
		a.wait("ready")
		for word in ("4F7K", "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"):
			a.say("swap", word)
			self.assertEqual(a.wait("failed"), {"event": "failed", "peer": word,
				"reason": "unreachable", "pending": False})
		a.quit(5)

	def test_no_such_interface(self):
		"""At once, instead of waiting where nothing can come."""
		ada, _ = self.pair()
		for command in ("swap", "nearby"):
			for name in ("nope", "x" * 40, ""):
				began = time.monotonic()
				p = ada.machine.popen(*ada.command(command, "--interface", name),
					stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
				out, err = p.communicate(timeout=60)
				self.assertEqual((p.returncode, out), (1, b""), err)
				self.assertRegex(err, rb"^kith: there is no network interface [^\n]*\n$")
				self.assertLess(time.monotonic() - began, 2.5)

	def test_twice(self):
		"""Met twice: one contact, two lines of when and how."""
		ada, grace = self.pair()
		for event in ("first", "second"):
			a, b = ada.swap("--event", event), grace.swap("--event", event)
			people.agree(a, b, people.meet(a, b)[0])
			a.quit()
			b.quit()
		for person, other in ((ada, "Grace"), (grace, "Ada")):
			self.assertEqual(len(person.contacts()), 1)
			self.assertEqual(sorted(m["event"] for m in person.show(other)["met"]),
				["first", "second"])

	def test_ten(self):
		"""Ten swaps, one after the other, while both stay where they are."""
		ada, grace = self.pair()
		a, b = ada.swap(), grace.swap()
		b_at_a, a_at_b = people.meet(a, b)
		for i in range(10):
			if i % 2:
				people.agree(a, b, b_at_a)
			else:
				people.agree(b, a, a_at_b)
		a.quit()
		b.quit()
		self.assertEqual(len(ada.show("Grace")["met"]), 10)
		self.assertEqual(len(grace.show("Ada")["met"]), 10)

	def test_interrupted(self):
		"""Ctrl-C at any moment: everything ends, nothing is stored, the other is told."""
		ada, grace = self.pair()
		for moment in ("ready", "asking", "code"):
			with self.part(moment=moment):
				capture = self.capture(grace.machine)
				a, b = ada.swap(), grace.swap()
				b_at_a, a_at_b = people.meet(a, b)
				people.announced(capture, ada.machine)
				if moment != "ready":
					a.say("swap", b_at_a)
					b.wait("request")
				if moment == "code":
					b.say("accept", a_at_b)
					a.wait("code")
					b.wait("code")
				a.process.send_signal(signal.SIGINT)
				a.end(5)
				if moment == "asking":
					b.wait("withdrawn")
				if moment == "code":
					self.assertEqual(b.wait("failed")["reason"], "unreachable")
				b.wait("gone", peer=a_at_b)
				b.quit(5)
				self.assertEqual((ada.contacts(), grace.contacts()), ([], []))

	def test_client_killed(self):
		"""kill -9 of what a person sees: node and courier end by themselves, the other is told."""
		ada, grace = self.pair()
		capture = self.capture(grace.machine)
		a, b = ada.swap(), grace.swap()
		b_at_a, a_at_b = people.meet(a, b)
		people.announced(capture, ada.machine)
		a.say("swap", b_at_a)
		b.say("accept", b.wait("request")["peer"])
		b.wait("code")
		family = net.below(a.process.pid)
		self.assertEqual(len(family), 3, "client, node, courier")
		a.process.kill()
		a.process.wait()
		self.assertEqual(net.gone(family), [])
		b.wait("gone", peer=a_at_b)
		b.quit(5)
		people.agree(*self.again(ada, grace))

	def again(self, ada, grace):
		a, b = ada.swap(), grace.swap()
		return a, b, people.meet(a, b)[0]


if __name__ == "__main__":
	people.main()
