# SPDX-License-Identifier: MIT
"""Signatures at the edges of Ed25519, in the manner of the Community Cryptography Test Vectors:
keys and points of small, mixed and full order, canonical or not, each with the equation exact.
Where only eight times the equation holds libraries differ, and there is no vector."""

import hashlib

from kithref import edwards as ed

_TORSION = ed.torsion()
_SCALAR = int.from_bytes(hashlib.sha512(b"kith vector edge").digest(), "little") % ed.L
_NONCE = int.from_bytes(hashlib.sha512(b"kith vector edge nonce").digest(), "little") % ed.L


def keys():
    """(name, the 32 bytes, the number behind it, its part of small order): every way to write a
    point of small order, and keys of mixed and of full order."""
    for i, point in enumerate(_TORSION):
        for k, data in enumerate(ed.encodings(point)):
            yield "small-%d%s" % (i, "-otherwise-%d" % k * bool(k)), data, 0, i
    base = ed.mul(_SCALAR, ed.BASE)
    for i in (0, 1, 2, 4):
        data = ed.encode(ed.add(base, _TORSION[i]))
        yield "mixed-%d" % i if i else "full", data, _SCALAR, i


def sign(key, number, small, message_of):
    """A signature under key = number * BASE + small-th torsion point, and what it is over.  The
    equation holds exactly, so that a verifier that asks for no more says yes: message_of(0), (1),
    ... are tried until R's own part of small order is the one that makes it so."""
    for at in range(100):
        for part in range(8):
            r = ed.encode(ed.add(ed.mul(_NONCE if number else 0, ed.BASE), _TORSION[part]))
            message = message_of(at)
            k = ed.challenge(r, key, message)
            if (part + k * small) % 8 == 0:
                s = ((_NONCE if number else 0) + k * number) % ed.L
                sig = r + s.to_bytes(32, "little")
                assert ed.off(key, message, sig) == ed.ZERO
                return message, sig
    raise AssertionError("nothing holds")


def small_r():
    """(name, the 32 bytes of R): every way to write a point of small order."""
    for i, point in enumerate(_TORSION):
        for k, data in enumerate(ed.encodings(point)):
            yield "%d%s" % (i, "-otherwise-%d" % k * bool(k)), data
