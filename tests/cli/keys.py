# SPDX-License-Identifier: MIT
"""Key files as the second implementation reads and writes them, with a passphrase that costs little:
what kith itself writes takes a second and 256 MiB, by design."""

import os
import sys

import house

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "python"))
try:
	from kithref import keys as ref
	from kithref.strict import Fault  # noqa: F401  (for the tests)
except ImportError as missing:
	print(f"skipped: {missing} (python3-nacl, python3-msgpack)", file=sys.stderr)
	sys.exit(1 if os.environ.get("KITH_CI") else 77)

WORD = "correct horse battery"
QUICK = (1, 8)  # passes, KiB


class Case(house.Case):
	"""A test with homes whose keys have passphrases."""

	def key(self, home):
		return self.path(home, "identity.key")

	def key_bytes(self, home):
		with open(self.key(home), "rb") as f:
			return f.read()

	def put_key(self, home, data, mode=0o600):
		"""The key file with those bytes, in place of the one that is there."""
		os.unlink(self.key(home))
		fd = os.open(self.key(home), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
		os.write(fd, data)
		os.fchmod(fd, mode)
		os.close(fd)

	def seed_of(self, home, word=""):
		return ref.keyfile_read(self.key_bytes(home), ref.passphrase_bytes(word))

	def protect(self, home, word=WORD, cost=QUICK):
		"""Puts a passphrase on a key that has none; returns the seed."""
		seed = self.seed_of(home)
		header = ref.keyfile_header(1, *cost, os.urandom(16))
		self.put_key(home, ref.keyfile_write(seed, header, os.urandom(24),
			ref.passphrase_bytes(word)))
		return seed

	def protected(self, home, name="Ada", word=WORD):
		self.kith(home, "init", f"name={name}")
		return self.protect(home, word)
