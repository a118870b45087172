# SPDX-License-Identifier: MIT
"""Lies by multicast: a list full of nobody, other people's keys and names, and broken packets."""

import time

import room


class Discovery(room.Room):
	spare = room.DIALLING  # mangled packets are rows, too

	def lie(self, case, *args):
		"""kith-hostile by multicast; no connection is made."""
		self.attacks.append(room.Attack(self.mallory, case, "--from", "10.99.0.4", *map(str, args)))
		return self.attacks[-1]

	def besieged(self, case, expected, attack, *args, **more):
		self.assemble()
		running = self.lie(attack, *args)
		self.await_attack(running, 1)
		self.during()
		said = running.end()
		self.afterwards()
		self.tell(case, expected, **more, attacker=room.brief(said))
		return said

	def test_txt(self):
		"""case 42: fourteen kinds of TXT garbage make not one row."""
		self.besieged("42", "no row", "txt")
		self.assertEqual(self.rows(), 2)

	def test_claim(self):
		"""case 43: Ada's key at the attacker's address, too: she is reached all the same."""
		self.assemble()
		running = self.lie("claim", "--other", self.adas_place["key"], "--name", "Mallory", "--for",
			4)
		self.v.listen(1)
		self.during()
		said = running.end()
		self.afterwards()
		self.tell("43", "the other address is tried", attacker=room.brief(said))
		named = [e["name"] for e in self.v.told("seen") if e["peer"] == self.ada_at_v]
		self.assertEqual(set(named), {"Ada Lovelace"}, "the row was renamed")

	def test_own_key(self):
		"""case 43: the victim's own key is in no row of hers."""
		self.assemble()
		running = self.lie("claim", "--other", self.place["key"], "--name", "Mallory", "--for", 2)
		self.during()
		said = running.end()
		self.afterwards()
		self.tell("43 own", "dropped", attacker=room.brief(said))
		self.assertNotIn("Mallory", [e["name"] for e in self.v.told("seen")])

	def test_goodbye(self):
		"""case 44: goodbye in Ada's name while the code is on both screens: the session goes on."""
		self.assemble()
		self.v.say("swap", self.ada_at_v)
		asker = self.request_of(self.a, self.victim.name)
		self.a.say("accept", asker)
		self.v.wait("code")
		self.a.wait("code")
		running = self.lie("goodbye", "--other", self.adas_place["key"], "--instance",
			self.adas_place["instance"], "--host", self.adas_place["host"], "--for", 3)
		self.v.listen(1.5)
		begun = time.monotonic()
		self.v.say("same")
		self.a.say("same")
		self.v.wait("swapped")
		self.a.wait("swapped")
		self.swift = time.monotonic() - begun
		said = running.end()
		gone = [e for e in self.v.told("gone") if e["peer"] == self.ada_at_v]
		self.afterwards()
		self.tell("44", "open session unaffected", gone=len(gone), attacker=room.brief(said))

	def test_name(self):
		"""cases 44 and 30: somebody with Ada's name is another row with another handle."""
		self.assemble()
		running = self.lie("announce", "--other", "11" * 32, "--name", "Ada Lovelace", "--count",
			4711, "--for", 2)
		self.v.listen(1.5)
		self.during()
		said = running.end()
		self.afterwards()
		self.tell("44 name", "two rows, two handles", attacker=room.brief(said))
		handles = {e["peer"] for e in self.v.told("seen") if e["name"] == "Ada Lovelace"}
		self.assertEqual(len(handles), 2)

	def test_places(self):
		"""case 45: system ports, multicast, broadcast, nowhere, loopback from outside: no row; of
		a hundred addresses a few are taken."""
		self.assemble()
		self.lie("places", "--name", "nobody").end()
		self.v.wait("seen", name="hundred")
		self.during()
		self.afterwards()
		self.tell("45", "skipped; one row for the hundred")
		self.assertNotIn("nobody", [e["name"] for e in self.v.told("seen")])

	def test_broken(self):
		"""case 46: pointers in rings, names of 64 and more labels, mangled packets: nobody notices."""
		seconds = 60 if room.LONG else 2
		for how in ("pointers", "labels", "mangled"):
			with self.part(how=how):
				self.besieged(f"46 {how}", "alive", "broken", "--how", how, "--count",
					1000 * seconds, "--rate", 1000)
				self.assertEqual(self.gauge.deaths, 0)
				self.forget()

	def test_aliases(self):
		"""case 46: aliases in rings may end everybody's courier; the nodes live, and everybody is in
		every list again by himself."""
		self.assemble()
		talks = {self.victim.name: self.v, "Ada Lovelace": self.a, "Grace Hopper": self.g}
		gauges = {name: room.Gauge(talk.process.pid) for name, talk in talks.items()}
		before = {(at, of): self.handle(talks[at], of) for at in talks for of in talks if at != of}
		self.lie("broken", "--how", "aliases", "--count", 8, "--rate", 100).end()
		begun = time.monotonic()
		self.v.listen(2.5)  # records that are flushed live on for a second
		for gauge in gauges.values():
			gauge.end()
		died = [name for name, gauge in gauges.items() if gauge.deaths]
		for (at, of), old in before.items():
			while of in died and self.handle(talks[at], of) == old:
				talks[at].wait("seen", name=of)
		took = time.monotonic() - begun
		self.ada_at_v = self.handle(self.v, "Ada Lovelace")
		self.during()
		self.afterwards()
		self.tell("46 aliases", "<= 5 deaths, back by itself", died=len(died),
			back_in=f"{took:.2f} s")
		self.assertLessEqual(self.gauge.deaths, room.limit("COURIER_DEATHS_MAX"))

	def test_aliases_without_end(self):
		"""case 46: the same all the time: after two deaths everybody looks for people by himself
		alone, finds them, and what is picked goes through while it goes on."""
		seconds = 60 if room.LONG else 16
		self.assemble()
		running = self.lie("broken", "--how", "aliases", "--count", 10 * seconds, "--rate", 10)
		self.v.listen(9)  # two deaths, starts after 0.2 and 1 s, and queries every 4 s
		self.ada_at_v = self.handle(self.v, "Ada Lovelace")
		self.during()
		running.end()
		self.g.listen(0.1)  # where the victim is now
		self.afterwards()
		self.tell("46 aliases without end", "picked < 5 s, no pause")
		self.assertLessEqual(self.gauge.deaths, 2)

	def test_collision(self):
		"""case 48: the victim's instance name is claimed 100 times; a newcomer still finds her."""
		self.assemble()
		running = self.lie("name", "--instance", self.place["instance"], "--host",
			self.place["host"], "--name", "Mallory", "--count", 100, "--rate", 50)
		self.during()
		said = running.end()
		self.afterwards()
		self.tell("48", "no loop", attacker=room.brief(said))


if __name__ == "__main__":
	room.main()
