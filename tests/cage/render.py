#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Somebody inside kith-render: with its cage, and without.

	render.py CAGE_INSIDE_RENDER KITH

The same tries as in the courier, by whoever takes over the program that draws names; and it still finds its fonts.
"""

import os
import sys
import unittest

import cage
import picture
from cage import ANYBODY, ROOT

CAGE = 11  # the status of a kith-render that got none
SVG = b"""<svg xmlns="http://www.w3.org/2000/svg" width="200" height="40" viewBox="0 0 200 40">
<rect width="200" height="40" fill="#fff"/><text x="4" y="25" font-size="20">Ada %s</text></svg>"""


def run(kernel, name=b"Lovelace"):
	return picture.Run(kernel, ["200", "40"], SVG % name)


class Inside(unittest.TestCase):
	def run_with(self, kernel):
		done = run(kernel)
		self.assertEqual(done.status, 0, "its own work suffered")
		self.assertGreater(len(done.tries), 60)
		return done

	def test_without_a_cage_every_try_works(self):
		"""Else the other tests would prove nothing."""
		done = self.run_with("open")
		kinds = ANYBODY | (ROOT if os.geteuid() == 0 else 0)
		self.assertEqual({name for name, (kind, result) in done.tries.items()
			if result and kind & kinds}, set())

	def test_in_the_cage_none_works(self):
		"""But to ask whether a path is there, and how large: who looks for fonts has to."""
		self.assertEqual(self.run_with("whole").worked(), {"look_at_key"})

	def test_the_filter_alone_lets_nothing_be_changed(self):
		"""It knows no paths, so that files can be read, and nothing else: one part holds without the other."""
		self.assertLessEqual(self.run_with("filter").worked(),
			{"look_at_key", "read_key", "read_passwd", "read_environment", "list_home"})

	def test_fonts_are_found_in_the_cage(self):
		"""Letters, and not the same ones for another name: pixel by pixel what is drawn without a cage."""
		drawn = self.run_with("whole").answer
		self.assertEqual(drawn[:8], b"\x89PNG\r\n\x1a\n")
		self.assertEqual(drawn, self.run_with("open").answer)
		self.assertNotEqual(drawn, run("whole", b"Yon").answer)
		self.assertNotEqual(drawn, run("whole", b"").answer)

	def test_where_the_kernel_lacks_a_part_nothing_is_drawn(self):
		"""The filter knows no paths, and Landlock no sockets."""
		for kernel in ("seccomp", "landlock"):
			done = run(kernel)
			self.assertEqual((done.status, done.tries, done.answer), (CAGE, {}, b""), kernel)


if __name__ == "__main__":
	if sys.argv[1] == "--act":
		picture.PROGRAM, picture.FOLDER = sys.argv[2:]
		cage.act()
	picture.main(picture.__file__)
