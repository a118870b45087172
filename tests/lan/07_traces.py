# SPDX-License-Identifier: MIT
"""What the network can remember of somebody: nothing that is the same the next time, and nothing
that names the machine or its user."""

import signal

import packets
import people

STARTS = 50


class Traces(people.Story):
	def test_fifty_starts(self):
		"""Instance, host, key and port are new at every start."""
		ada, grace = self.pair()
		words = people.be_somebody(ada.machine) + [ada.machine.name, ada.id()]
		capture = self.capture(grace.machine)
		for _ in range(STARTS):
			talk = ada.swap()
			talk.wait("ready")
			talk.process.send_signal(signal.SIGTERM)
			talk.end(5)
		seen = capture.read()
		found = [r for r in packets.records(seen) if r.kind in ("SRV", "TXT")]
		shown = {r.owner: r.value for r in found if r.kind == "SRV"}
		self.assertEqual(len(shown), STARTS, "instances")
		self.assertEqual(len({host for _, host in shown.values()}), STARTS, "host names")
		self.assertEqual(len({r.value["k"] for r in found if r.kind == "TXT"}), STARTS, "keys")
		ports = {port for port, _ in shown.values()}  # drawn by the kernel: two may be the same
		self.assertGreater(len(ports), STARTS * 9 // 10, "ports")
		for p in seen:
			for word in words:
				self.assertNotIn(word.lower().encode(), p.raw.lower())


if __name__ == "__main__":
	people.main()
