# SPDX-License-Identifier: MIT
"""Somebody's power is cut: no packet comes any more, and none says so."""

import time

import room

# Heartbeats end it (case 59); a second for the scheduler and the person's screen.
GONE_S = (room.limit("HEARTBEAT_MS") + room.limit("HEARTBEAT_TIMEOUT_MS")) / 1000 + 1


class Power(room.Room):
	def test_cut(self):
		"""case 59: at the code (with --long at the request, too) all packets of Ada's machine are
		dropped: the person is told, and the next one is served."""
		for moment in ("asking", "code") if room.LONG else ("code",):
			with self.part(moment=moment):
				self.case(moment)
				self.forget()

	def case(self, moment):
		self.assemble()
		self.v.say("swap", self.ada_at_v)
		asker = self.request_of(self.a, self.victim.name)
		if moment == "code":
			self.a.say("accept", asker)
			self.v.wait("code")
		begun = time.monotonic()
		self.ada.machine.filter("in drop", "out drop")
		while True:
			event = self.v.next(GONE_S + 5)
			if event["event"] in ("failed", "unreachable", "notice", "cut"):
				break
		told = time.monotonic() - begun
		if event["event"] in ("notice", "cut"):
			self.v.say("different")
			self.v.wait("failed")
		self.ada.machine.run("nft flush ruleset")
		self.swift = self.pick(self.v, self.g, self.victim.name,
			self.handle(self.v, "Grace Hopper"))
		self.returned, self.later = self.gauge.back(room.BACK_S + 1, self.spare), None
		self.gauge.end()
		self.tell(f"59 {moment}", "told in 20 s", told=f"{told:.1f} s", by=event["event"])
		self.v.quit()
		self.assertLess(told, GONE_S)
		self.assertEqual(self.victim.known(), {"Grace Hopper": "complete"})


if __name__ == "__main__":
	room.main()
