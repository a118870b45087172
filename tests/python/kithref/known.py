# SPDX-License-Identifier: MIT
"""What two who know each other compute (proto/known.md), without any course."""

import hashlib

from . import agree
from .keys import H
from .strict import pack

K1, K2, K3, PARCEL, ACK, QUIET, CLOSE = 20, 21, 22, 23, 24, 25, 26


def tie(xk_secret, my_ik, ik, xk):
    """K.  Faults: protocol when X25519 gives zero."""
    return H("kith/1 pair", agree.dh(xk_secret, xk), min(my_ik, ik), max(my_ik, ik))


def tag(k, s, c, n_i):
    """The eight bytes of HELLO_I."""
    return hashlib.blake2b(b"kith/1 tag I" + s + c + n_i, key=k, digest_size=32).digest()[:8]


def answer(k, s, c, n_i, n_r):
    """The sixteen bytes of HELLO_R."""
    return hashlib.blake2b(b"kith/1 tag R" + s + c + n_i + n_r, key=k, digest_size=16).digest()


def size_class(ties):
    """How many tags a list of that many ties has."""
    return next(size for size in (64, 256, 1024, 4096, 16384) if ties <= size)


def th(s, c, hello_i, hello_r, e_i, e_r, ik_i, ik_r):
    return H("kith/1 th", "known", s, c, hello_i, hello_r, e_i, e_r, ik_i, ik_r)


def prk(shared, k, th_bytes):
    return hashlib.blake2b(b"kith/1 keys\0" + th_bytes, key=shared + k, digest_size=32).digest()


def proof(identity, role, th_bytes, agreed, card=b"", rev=0, number=0, statements=()):
    """The inside of K2 and K3."""
    sig = identity.sign(agree.AUTH_LABEL[role], th_bytes)
    said = pack(list(statements)) if statements else b""
    return pack({1: sig, 2: agreed, 3: card, 4: rev, 5: number, 6: said})


def parcel(kind, data):
    return pack({1: kind, 2: data})


def ack(outcome, sig=b""):
    return pack({1: outcome, 2: sig})
