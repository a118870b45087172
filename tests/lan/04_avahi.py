# SPDX-License-Identifier: MIT
"""With and without Avahi's daemon, on one machine or on both, and when it comes or goes
(case 47)."""

import net
import people

# A bus that lets nobody speak with Avahi.
CLOSED = net.BUS.replace("</policy>", '<deny send_destination="org.freedesktop.Avahi"/></policy>')


class Avahi(people.Story):
	def swap(self, ada, grace, at_ada, at_grace, known=False):
		"""A swap by hand; how each side says that it looks for people.  known: once more.  Then the one is
		picked who is recognised: of who has just left a daemon tells for a second more (RFC 6762, 10.1)."""
		a, b = ada.swap(), grace.swap()
		self.assertEqual(a.wait("ready")["discovery"], at_ada)
		self.assertEqual(b.wait("ready")["discovery"], at_grace)
		people.agree(a, b, a.wait("seen", name=grace.name, known=known)["peer"])
		a.quit()
		b.quit()
		for talk in (a, b):
			self.assertEqual(talk.told("notice"), [])

	def test_none(self):
		self.swap(*self.pair(), "avahi-core", "avahi-core")

	def test_here(self):
		ada, grace = self.pair()
		ada.machine.avahi()
		self.swap(ada, grace, "avahi-daemon", "avahi-core")

	def test_there(self):
		ada, grace = self.pair()
		grace.machine.avahi()
		self.swap(ada, grace, "avahi-core", "avahi-daemon")

	def test_both(self):
		ada, grace = self.pair()
		ada.machine.avahi()
		grace.machine.avahi()
		self.swap(ada, grace, "avahi-daemon", "avahi-daemon")

	def test_alone_at_the_port(self):
		"""A daemon that shares the mDNS port with nobody."""
		ada, grace = self.pair()
		ada.machine.avahi("disallow-other-stacks=yes")
		self.swap(ada, grace, "avahi-daemon", "avahi-core")

	def test_started_midway(self):
		"""The daemon comes up while Ada waits: she is seen again, through it, and swaps."""
		ada, grace = self.pair()
		a, b, before = self.wait_for_each_other(ada, grace)
		ada.machine.avahi()
		self.meet_again(a, b, before)
		self.swap(ada, grace, "avahi-daemon", "avahi-core", known=True)

	def test_stopped_midway(self):
		"""The daemon ends while Ada waits: kith does it itself from then on."""
		ada, grace = self.pair()
		daemon = ada.machine.avahi()
		a, b, before = self.wait_for_each_other(ada, grace)
		ada.machine.stop(daemon)
		self.meet_again(a, b, before)
		self.swap(ada, grace, "avahi-core", "avahi-core", known=True)

	def test_killed_midway(self):
		"""The daemon dies, without a word on the network."""
		ada, grace = self.pair()
		daemon = ada.machine.avahi()
		a, b, _ = self.wait_for_each_other(ada, grace)
		daemon.kill()
		ada.machine.stop(daemon)
		self.assertIn("kith looks for people by itself", a.wait("notice")["text"])
		b.quit(5)
		b = grace.swap()
		b.wait("ready")
		people.agree(a, b, a.wait("seen")["peer"])
		a.quit()
		b.quit()

	def test_bus_refuses(self):
		"""The daemon runs, and the bus does not let anybody ask it."""
		ada, grace = self.pair()
		ada.machine.avahi(bus=CLOSED)
		self.swap(ada, grace, "avahi-core", "avahi-core")

	def test_publishing_switched_off(self):
		"""The daemon finds, but lets nobody be found: kith does that by itself, and says so."""
		ada, grace = self.pair()
		ada.machine.avahi("[publish]\ndisable-user-service-publishing=yes")
		a, b = ada.swap(), grace.swap()
		self.assertEqual(a.wait("ready")["discovery"], "avahi-daemon")
		self.assertIn("kith publishes by itself", a.wait("notice")["text"])
		people.agree(b, a, b.wait("seen", name=ada.name)["peer"])
		a.quit()
		b.quit()

	def wait_for_each_other(self, ada, grace):
		a, b = ada.swap(), grace.swap()
		return a, b, people.meet(a, b)[1]

	def meet_again(self, a, b, before):
		"""Ada's courier has become another one: a new row, and a swap with it."""
		new = b.wait("seen")["peer"]
		self.assertNotEqual(new, before)
		people.agree(b, a, new)
		a.quit()
		b.quit()


if __name__ == "__main__":
	people.main()
