# SPDX-License-Identifier: MIT
"""What two who know each other compute (proto/known.md), without any course."""

import hashlib

from . import agree
from . import numbers as n
from .keys import H
from .messages import known_fields
from .strict import Fault, decode, pack

K1, K2, K3, PARCEL, ACK, QUIET, CLOSE = 20, 21, 22, 23, 24, 25, 26
CARD, STATEMENT, RECALL = 1, 2, 3  # kinds of parcels, of those that the session itself tells apart
TAKEN = 0
RECEIPT = 64

_PROOF = {1: (bytes, 64, 64), 2: (bool, 0, 1), 3: (bytes, 0, n.CARD_ID_BYTES), 4: (int, 0, n.REV_MAX),
          5: (bytes, 0, 32), 6: (bytes, 0, 9000)}
_ACK = {1: (int, 0, 255), 2: (bytes, 0, n.PARCEL_MAX)}


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


def proof(identity, role, th_bytes, agreed, card=b"", rev=0, held=b"", statements=()):
    """The inside of K2 and K3; held is the hash of the envelope whose card and rev these are."""
    sig = identity.sign(agree.AUTH_LABEL[role], th_bytes)
    said = pack(list(statements)) if statements else b""
    return pack({1: sig, 2: agreed, 3: card, 4: rev, 5: held, 6: said})


def envelope_hash(envelope):
    return H("kith/1 env", envelope)


def parcel(kind, data):
    return pack({1: kind, 2: data})


def ack(outcome, data=b""):
    return pack({1: outcome, 2: data})


def _inside(data, fields):
    made = decode(data, n.MESSAGE_MAX)
    if not isinstance(made, dict):
        raise Fault("shape")
    return known_fields(made, fields)


def read_proof(data):
    """What a PROOF says.  Faults: those of the scan and of fields; shape (half a card or a hash); type (something
    that is said of no card, a card without its hash)."""
    made = _inside(data, _PROOF)
    if len(made[3]) not in (0, n.CARD_ID_BYTES) or len(made[5]) not in (0, 32):
        raise Fault("shape")
    if bool(made[3]) != bool(made[5]) or (made[4] and not made[3]):
        raise Fault("type")
    return made


def read_ack(kind, data):
    """(outcome, bytes) of the answer to a parcel of that kind, None when none is out.  Faults: those of the scan
    and of fields; state (there is none); shape (bytes that do not go with that)."""
    made = _inside(data, _ACK)
    if kind is None:
        raise Fault("state")
    least, most = 0, 0
    if made[1] == TAKEN:
        least, most = {CARD: (RECEIPT, RECEIPT), RECALL: (1, n.CARD_ENVELOPE_MAX)}.get(kind, (0, 0))
    if not least <= len(made[2]) <= most:
        raise Fault("shape")
    return made[1], made[2]
