# SPDX-License-Identifier: MIT
"""Who never gets as far as a handshake: half-open connections, giants, and everything but kith."""

import room


class Open(room.Room):
	def test_guard(self):
		"""It attacks nobody but what a test has made."""
		to = f"--port 4711 --key {'11' * 32} --count 1"
		told = "--test-namespace"
		for machine, line, status in ((self.mallory, f"--to 10.99.0.1 {to}", 3),
				(self.mallory, f"{told} --to 192.0.2.1 {to}", 2),
				(self.mallory, f"{told} --to 10.98.0.1 {to}", 2),
				(self.mallory, f"{told} --to 2001:db8::1 {to}", 2),
				(self.machines[0], f"{told} --to 10.99.0.1 {to}", 3)):  # it has a bridge
			with self.subTest(line=line):
				out = machine.run(f"{room.HOSTILE} scan {line} 2>/dev/null || echo $?")
				self.assertEqual(out.split()[-1], str(status))

	def held(self, case, attack, *args):
		"""Connections that are held as long as the victim lets them: while they are, one swap; the
		descriptors come back before the attacker gives up."""
		self.assemble()
		running = self.attack(attack, *args)
		self.await_attack(running)
		self.during()
		begun = running.line()
		released = self.gauge.back(room.BACK_S + 2, self.spare)
		self.assertIsNotNone(released, "they are never cut")
		self.assertIsNone(running.process.poll(), "the attacker held out longer")
		said = running.end()
		self.afterwards()
		self.tell(case, "cut in 6 s, the picked one served", released=f"{released:.2f} s",
			attacker=room.brief([begun] + said))
		self.assertLessEqual(released, room.BACK_S)
		self.assertGreater(self.gauge.most_files, self.gauge.base + 3, "nobody was let in")
		self.assertLess(self.gauge.share, room.SHARE)

	def test_half_open(self):
		"""case 49, T8: 400 half-open connections, half of them with four bytes of a greeting."""
		self.held("49", "half-open", "--count", 400, "--from", self.more_addresses(100, 149),
			"--for", 10)

	def test_drip(self):
		"""case 50: CURVE's HELLO, a byte a second."""
		self.held("50", "drip", "--count", 20, "--from", self.more_addresses(100, 119), "--for", 12)

	def test_giant(self):
		"""case 51: 8 GiB are announced before the handshake."""
		for form in self.siege("51", "reset at once", "giant", "--for", 3):
			self.assertEqual(form["open"], 0)
			self.assertLess(form["taken"], 8 * room.MIB)

	def test_strange(self):
		"""case 56: ZMTP 1 and 2, NULL, PLAIN, HTTP, TLS, SSH, silence."""
		for greeting in self.siege("56", "closed in 6 s, no log", "strange", "--for", 6):
			self.assertEqual(greeting["open"], 0, greeting)

	def test_scan(self):
		"""case 56: a port scan."""
		self.siege("56 scan", "nothing", "scan", "--count", 400, "--rate", 100, slow=True)


if __name__ == "__main__":
	room.main()
