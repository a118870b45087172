# SPDX-License-Identifier: MIT
"""Who makes a line, and sends on it what ZeroMQ never would: floods, odd frames and ids."""

import room


class Lines(room.Room):
	def test_multipart(self):
		"""case 52, T6: a message that never ends, of big frames, of empty ones, or many messages."""
		for how, most in (("big", 64), ("empty", 24), ("whole", 64)):
			with self.part(how=how):
				(said,) = self.siege(f"52 {how}", "cut by the byte budget", "multipart", "--how",
					how, "--count", most)
				self.assertEqual(said["open"], 0)
				self.assertLess(said["sent"], most * room.MIB)
				self.forget()

	def test_pings(self):
		"""case 58: heartbeats without end, whose answers are never read."""
		(said,) = self.siege("58 pings", "cut", "pings", "--count", 64)
		self.assertEqual(said["open"], 0)
		self.assertLess(said["sent"], 64 * room.MIB)

	def test_guess(self):
		"""case 53: the routing ids that libzmq would give next, 64 times."""
		for how in ("", "random"):
			with self.part(how=how):
				self.siege(f"53 {how}", "no abort", "guess", "--count", 64, "--how", how,
					"--from", self.more_addresses(100, 199) if not how else "10.99.0.100-199",
					"--rate", 40, "--for", 3)
				self.assertEqual(self.gauge.deaths, 0)
				self.forget()

	def test_frames(self):
		"""case 57: three frames, no payload, ids of 255 and 256 bytes."""
		for frames in self.siege("57", "dropped and shut down", "frames", "--from",
				self.more_addresses(100, 110), "--for", 1):
			served = frames["frames"] in ("an id of 255", "no id")  # what ZeroMQ allows
			self.assertEqual(frames["open"], served, frames)
			if frames["frames"] != "an empty payload":  # which the session answers by ABORT
				self.assertEqual(frames["answered"], served, frames)


if __name__ == "__main__":
	room.main()
