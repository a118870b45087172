# SPDX-License-Identifier: MIT
"""Statements about keys: rotation and revocation, their armor (proto/statement.md)."""

import base64

from . import card
from . import numbers as n
from .keys import H, verify
from .strict import Fault, decode, is_uint, pack

ROTATE, REVOKE, GRANT, INTRO = 1, 2, 3, 4
LABELS = {ROTATE: "kith/1 rotate", REVOKE: "kith/1 revoke", GRANT: "kith/1 grant", INTRO: "kith/1 intro"}
SIGNERS = {ROTATE: 2, REVOKE: 1, GRANT: 1, INTRO: 1}
LAST_KEY = {ROTATE: 6, REVOKE: 4}
REASONS = ("unspecified", "lost", "stolen", "retired")


def seal(kind, packed_body, *signers, label=None, version=1):
    """The statement around the bytes of a body, signed by each of these identities in turn."""
    label = label or LABELS.get(kind, "kith/1 rotate")
    sigs = b"".join(signer.sign(label, packed_body) for signer in signers)
    return pack(["KITHSTMT", version, kind, packed_body, sigs])


def rotate_body(old, new, seq=1, issued=1750000000, **changes):
    return _changed({1: 1, 2: old.ik, 3: new.ik, 4: new.xk, 5: seq, 6: issued}, changes)


def revoke_body(identity, reason=0, issued=1750000000, **changes):
    return _changed({1: 1, 2: identity.ik, 3: reason, 4: issued}, changes)


def rotate(old, new, seq=1, issued=1750000000):
    return seal(ROTATE, pack(rotate_body(old, new, seq, issued)), old, new)


def revoke(identity, reason=0, issued=1750000000):
    return seal(REVOKE, pack(revoke_body(identity, reason, issued)), identity)


def _changed(made, changes):
    """changes: key number as k4=..., None leaves it out."""
    for name, value in changes.items():
        made[int(name[1:])] = value
    return {k: v for k, v in made.items() if v is not None}


def open_statement(data):
    """Verify in the page's order; returns (kind, body as a dict).  Faults as the page names them;
    `subject` for a kind that is none of keys."""
    if len(data) > n.STATEMENT_MAX:
        raise Fault("limit")
    kind, packed, sigs = _frame(decode(data, n.STATEMENT_MAX))
    made = decode(packed, n.STATEMENT_MAX)
    if not isinstance(made, dict):
        raise Fault("shape")
    _uint(made, 1, 0, 2**64)
    if made[1] != 1:
        raise Fault("version")
    if kind not in (ROTATE, REVOKE):
        raise Fault("subject")
    keys = _rotation(made) if kind == ROTATE else _revocation(made)
    for i, key in enumerate(keys):
        if not verify(key, LABELS[kind], packed, sigs[64 * i : 64 * i + 64]):
            raise Fault("sig")
    if any(key < 64 and not 1 <= key <= LAST_KEY[kind] for key in made):
        raise Fault("version")
    return kind, made


def hash_of(kind, packed_body):
    """By which two statements are known to say the same."""
    return H("kith/1 statement", bytes([kind]), packed_body)


def _frame(outer):
    if not isinstance(outer, list) or len(outer) != 5 or outer[0] != "KITHSTMT":
        raise Fault("notcard")
    _, version, kind, packed, sigs = outer
    if not is_uint(version) or version != 1 or not is_uint(kind) or kind not in LABELS:
        raise Fault("version")
    if not isinstance(packed, bytes) or not isinstance(sigs, bytes):
        raise Fault("type")
    if len(sigs) != 64 * SIGNERS[kind]:
        raise Fault("shape")
    return kind, packed, sigs


def _rotation(made):
    _key(made, 2)
    _key(made, 3)
    if made[2] == made[3]:
        raise Fault("type")
    _key(made, 4)
    _uint(made, 5, 1, n.REV_MAX)
    _uint(made, 6, 0, n.REV_MAX)
    return made[2], made[3]


def _revocation(made):
    _key(made, 2)
    _uint(made, 3, 0, len(REASONS) - 1)
    _uint(made, 4, 0, n.REV_MAX)
    return (made[2],)


def _uint(made, key, low, high):
    if key not in made:
        raise Fault("shape")
    if not is_uint(made[key]) or not low <= made[key] <= high:
        raise Fault("type")


def _key(made, key):
    if key not in made:
        raise Fault("shape")
    if not isinstance(made[key], bytes):
        raise Fault("type")
    if len(made[key]) != 32:
        raise Fault("shape")


# --- files


def armor(statement):
    text = base64.b64encode(statement)
    lines = [text[i : i + 64] for i in range(0, len(text), 64)]
    return b"\n".join([b"-----BEGIN KITH STATEMENT-----", *lines, b"-----END KITH STATEMENT-----"]) + b"\n"


def from_file(data):
    """The bytes of a file that is one, or of the first block of armor in it."""
    if data.startswith(b"\x95\xa8KITHSTMT"):
        return data
    return card.unarmor(data, "STATEMENT", "lahLSVRIU1RNV")


# --- what a holder does (proto/statement.md, "Rotation")


class Holder:
    """One person as somebody else holds them: which key, how firmly, and what becomes of statements."""

    def __init__(self, ik, others=()):
        self.ik = ik
        self.former = []
        self.others = set(others)
        self.frozen = None
        self.settled, self.anchored = True, False
        self.chain = 0
        self.kept = set()
        self.evidence = 0
        self.revoked = set()

    def prove(self):
        self.settled = True

    def compare(self):
        """A meeting in person under the key that is held."""
        if self.frozen != "revoked":
            self.settled, self.anchored, self.chain, self.frozen = True, True, 0, None

    def take(self, data):
        """rotated, frozen, evidence, same, nobody; or the reason of a refusal: stalekey, exists, limit."""
        kind, made = open_statement(data)
        if made[2] != self.ik and made[2] not in self.former:
            return "nobody"
        mark = hash_of(kind, pack(made))
        if mark in self.kept or (kind == REVOKE and made[2] in self.revoked):
            return "same"
        if kind == ROTATE:
            return self._rotate(made, mark, made[2] in self.former)
        return self._revoke(made, mark, made[2] in self.former)

    def _rotate(self, made, mark, left):
        own = made[3] == self.ik or made[3] in self.former
        if own and left:
            return "same"
        if self.frozen or own:
            return "stalekey"
        if left:
            return self._keep(mark) if self.settled else self._freeze("twice", mark)
        if made[3] in self.others:
            return "exists"
        if self.chain >= n.STATEMENTS_MAX:
            return "limit"
        self.kept.add(mark)
        self.former.append(self.ik)
        self.ik, self.settled, self.anchored = made[3], False, False
        self.chain += 1
        return "rotated"

    def _revoke(self, made, mark, left):
        if not left:
            self.revoked.add(made[2])
            return self._freeze("revoked", mark)
        if self.anchored or self.frozen:
            if self.evidence < n.EVIDENCE_MAX:
                self.revoked.add(made[2])
            return self._keep(mark)
        self.revoked.add(made[2])
        return self._freeze("left", mark)

    def _freeze(self, why, mark):
        self.kept.add(mark)
        self.frozen = why
        self.evidence += 1
        return "frozen"

    def _keep(self, mark):
        if self.evidence < n.EVIDENCE_MAX:
            self.kept.add(mark)
            self.evidence += 1
        return "evidence"
