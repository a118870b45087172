# SPDX-License-Identifier: MIT
"""What the network can remember of somebody: nothing that is the same the next time, and nothing
that names the machine or its user."""

import json
import os
import signal

import packets
import people

STARTS = 50
USER = "zelda-the-user"
PASSWD = f"{USER}:x:{os.geteuid()}:{os.getegid()}:Zelda Fitzgerald:/run/home:/bin/sh\n"


class Traces(people.Story):
	def test_fifty_starts(self):
		"""Instance, host, key and port are new at every start."""
		ada, grace = self.pair()
		machine = ada.machine
		passwords = self.be_somebody(machine)
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
		self.assertGreater(len({port for port, _ in shown.values()}), STARTS * 9 // 10, "ports")
		secrets = [passwords, machine.name, USER, "Zelda", "adas", self.machine_id(), ada.id()]
		for p in seen:
			for secret in filter(None, secrets):
				self.assertNotIn(secret.lower().encode(), p.raw.lower())

	def test_fifty_starts_hidden(self):
		pass


if __name__ == "__main__":
	people.main()
