#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A home on a disk where nothing can be locked (case 82): every command says that it cannot go on, and
changes nothing.  10_no_locks.py KITH SEED LIBRARY: locks.c, built."""

import os
import sys

import house

LIBRARY = None


class NoLocks(house.Case):
	def refused(self, home, *args, status):
		r = self.kith(home, *args, env={"LD_PRELOAD": LIBRARY}, status=status)
		self.assertRegex(r.err, "lock")
		self.assertLessEqual(len(r.err.splitlines()), 2)

	def test_a_first_run(self):
		"""Two first runs at once could not be told apart: no key is made."""
		self.refused("h", "init", "name=Ada", status=1)
		self.assertEqual(self.tree("h"), {"init.lock": b""})
		self.kith("h", "init", "name=Ada")

	def test_a_home_that_was_moved_there(self):
		self.kith("h", "init", "name=Ada")
		before = self.tree("h")
		self.refused("h", "swap", "--timeout", "1", "--interface", "lo", status=1)
		for command in (["list"], ["card", "set", "note=x"]):
			self.refused("h", *command, status=7)
		after = self.tree("h")
		self.assertEqual({name: after[name] for name in before}, before)
		self.assertEqual(self.kith("h", "card", "--json").json["revision"], 1)
		self.kith("h", "card", "set", "note=x")


if __name__ == "__main__":
	LIBRARY = os.path.abspath(sys.argv.pop(4))
	house.main()
