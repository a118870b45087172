# SPDX-License-Identifier: MIT
"""Two laptops, one cable, and nothing else: no router, no DHCP, no address that anybody gave."""

import subprocess

import packets
import people


class Cable(people.Story):
	def plugged(self, ipv6):
		"""Two people whose cable is not in yet: the ends are there, without carrier."""
		a, b = self.machine("adas-host"), self.machine("graces-host")
		subprocess.run(["ip", "link", "add", "eth0", "netns", str(a.pid), "type", "veth", "peer",
			"name", "eth0", "netns", str(b.pid)], check=True)
		for machine in (a, b):
			machine.run(f"echo {int(not ipv6)} > /proc/sys/net/ipv6/conf/eth0/disable_ipv6; "
				"echo 1 > /proc/sys/net/ipv6/conf/eth0/accept_dad")
		return self.ada(a), self.grace(b)

	def plug(self, *people_):
		for one in people_:
			one.machine.run("ip link set eth0 up")

	def whole(self, ada, grace):
		"""Both started in vain; then the cable comes, they find each other, and swap."""
		a, b = ada.swap(), grace.swap()
		for talk in (a, b):
			talk.wait("ready")
			self.assertEqual(talk.told("seen"), [])
		capture = self.capture(ada.machine)
		self.plug(ada, grace)
		b_at_a = a.wait("seen", name="Grace Hopper", timeout=30)["peer"]
		b.wait("seen", name="Ada Lovelace", timeout=30)
		people.agree(a, b, b_at_a)
		a.quit()
		b.quit()
		for one, other in ((ada, grace), (grace, ada)):
			self.assertEqual(one.known(), {other.name: "complete"})
			self.assertEqual(one.show(other.name)["met"][0]["how"], "compared")
		return {end for line in packets.streams(capture.read()) for end in (line[0], line[2])}

	def test_ipv6_link_local(self):
		"""Only what the kernel makes by itself, fe80::/10."""
		ada, grace = self.plugged(ipv6=True)
		ends = self.whole(ada, grace)
		self.assertEqual(len(ends), 2, ends)
		self.assertTrue(all(end.startswith("fe80::") for end in ends), ends)

	def test_ipv4_link_local(self):
		"""IPv6 switched off, and 169.254/16 as a machine without DHCP takes it."""
		ada, grace = self.plugged(ipv6=False)
		for host, one in enumerate((ada, grace), 1):
			one.machine.run(f"ip addr add 169.254.7.{host}/16 dev eth0 scope link")
		self.assertEqual(self.whole(ada, grace), {"169.254.7.1", "169.254.7.2"})

	def test_invitation(self):
		"""The same by an invitation, whose link-local address has no zone, and another interface
		beside the cable."""
		ada, grace = self.plugged(ipv6=True)
		grace.machine.run("ip link add other type veth peer name rehto; ip link set other up; "
			"ip link set rehto up")
		for one in (ada, grace):
			one.machine.filter("in udp dport 5353 drop", "out udp dport 5353 drop")
		self.plug(ada, grace)
		for one in (ada, grace):
			one.machine.await_addresses(1)
		host = ada.swap()
		host.wait("ready")
		host.say("invite")
		text = host.wait("invite")["text"]
		while not text:
			text = host.wait("invite")["text"]
		guest = grace.swap("--to", text)
		host.say("accept", host.wait("request")["peer"])
		code = host.wait("code")["code"]
		self.assertEqual(guest.wait("code")["code"], code)
		host.say("same")
		host.wait("swapped")
		guest.end(0)
		host.quit()


if __name__ == "__main__":
	people.main()
