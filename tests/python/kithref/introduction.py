# SPDX-License-Identifier: MIT
"""Introductions: two statements, three messages, a file (proto/introduction.md)."""

import base64

from . import card, statement
from . import numbers as n
from .keys import H, verify
from .statement import GRANT, INTRO, LABELS, seal
from .strict import Fault, decode, is_uint, pack

PROPOSE, GRANTED, HANDOVER = 4, 5, 6
COMPARED, SCANNED, OTHERWISE, CHAIN = range(4)

# key -> (kind, bytes or greatest number), in ascending order
_GRANT = {2: (bytes, 16), 3: (bytes, 32), 4: (bytes, 32), 5: (bytes, 32), 6: (bytes, 32), 7: (int, n.REV_MAX)}
_INTRO = {2: (bytes, 16), 3: (bytes, 32), 4: (bytes, 32), 5: (bytes, 32), 6: (bytes, 32), 7: (int, 3),
          8: (int, n.REV_MAX)}
_MESSAGES = {
    PROPOSE: {1: (bytes, 16), 2: (bytes, 32), 3: (str, None)},
    GRANTED: {1: (bytes, None), 2: (bytes, None)},
    HANDOVER: {1: (bytes, None), 2: (bytes, None), 3: (bytes, None), 4: (bytes, 32), 5: (bytes, 32)},
}
_FILE = {2: (bytes, 32), 3: (bytes, 32), 4: (int, 6), 5: (bytes, None)}


def aud(ident, ik, salt):
    """Who the other one is, for whoever has the salt."""
    return H("kith/1 aud", ident, ik, salt)


def card_hash(envelope):
    return H("kith/1 env", envelope)


def grant_body(subject, introducer, ident, aud_, envelope, issued=1750000000, **changes):
    made = {1: 1, 2: ident, 3: subject.ik, 4: introducer, 5: aud_, 6: card_hash(envelope), 7: issued}
    return statement._changed(made, changes)


def intro_body(introducer, subject, audience, ident, envelope, how=COMPARED, issued=1750000000, **changes):
    made = {1: 1, 2: ident, 3: introducer.ik, 4: subject, 5: audience, 6: card_hash(envelope), 7: how, 8: issued}
    return statement._changed(made, changes)


def open_grant(data):
    """Verify in the page's order; the body as a dict."""
    return _open(data, GRANT, _GRANT, 3)


def open_intro(data):
    return _open(data, INTRO, _INTRO, 3)


def _open(data, kind, fields, signer):
    if len(data) > n.STATEMENT_MAX:
        raise Fault("limit")
    got, packed, sigs = statement._frame(decode(data, n.STATEMENT_MAX))
    made = decode(packed, n.STATEMENT_MAX)
    if not isinstance(made, dict):
        raise Fault("shape")
    _fmt(made)
    if got != kind:
        raise Fault("subject")
    _fields(made, fields)
    if not verify(made[signer], LABELS[kind], packed, sigs):
        raise Fault("sig")
    _critical(made, max(fields))
    return made


def message(kind, *values, **changes):
    """A message of that kind from the values of its keys, from 1 on."""
    return pack(statement._changed(dict(enumerate(values, 1)), changes))


def open_message(kind, data):
    made = decode(data, n.PARCEL_MAX)
    if not isinstance(made, dict):
        raise Fault("shape")
    _fields(made, _MESSAGES[kind])
    if kind == PROPOSE:
        _words(made[3])
    _critical(made, max(_MESSAGES[kind]))
    return made


def _words(text):
    if not text:
        raise Fault("value")
    if len(text) > n.INTRODUCTION_WORDS or len(text.encode()) > n.INTRODUCTION_WORDS_MAX:
        raise Fault("limit")


def _fmt(made):
    if 1 not in made:
        raise Fault("shape")
    if not is_uint(made[1]):
        raise Fault("type")
    if made[1] != 1:
        raise Fault("version")


def _fields(made, fields):
    for key, (kind, bound) in fields.items():
        if key not in made:
            raise Fault("shape")
        value = made[key]
        if kind is int:
            if not is_uint(value) or value > bound:
                raise Fault("type")
        elif not isinstance(value, kind):
            raise Fault("type")
        elif kind is bytes and bound is not None and len(value) != bound:
            raise Fault("shape")


def _critical(made, last):
    if any(key < 64 and not 1 <= key <= last for key in made):
        raise Fault("version")


# --- files


def file_body(sender, to, kind, data, **changes):
    return statement._changed({1: 1, 2: sender.ik, 3: to, 4: kind, 5: data}, changes)


def seal_file(sender, packed, label="kith/1 introduction", version=1):
    return pack(["KITHINTR", version, packed, sender.sign(label, packed)])


def open_file(data):
    outer = decode(data, n.INTRODUCTION_FILE_MAX)
    if not isinstance(outer, list) or len(outer) != 4 or outer[0] != "KITHINTR":
        raise Fault("notcard")
    _, version, packed, sig = outer
    if not is_uint(version) or version != 1:
        raise Fault("version")
    if not isinstance(packed, bytes) or not isinstance(sig, bytes):
        raise Fault("type")
    if len(sig) != 64:
        raise Fault("shape")
    made = decode(packed, n.INTRODUCTION_FILE_MAX)
    if not isinstance(made, dict):
        raise Fault("shape")
    _fmt(made)
    _fields(made, {k: v for k, v in _FILE.items() if k < 5})
    if made[4] < PROPOSE:
        raise Fault("type")
    _fields(made, {5: _FILE[5]})
    if not verify(made[2], "kith/1 introduction", packed, sig):
        raise Fault("sig")
    _critical(made, 5)
    return made


def armor(data):
    text = base64.b64encode(data)
    lines = [text[i : i + 64] for i in range(0, len(text), 64)]
    return b"\n".join([b"-----BEGIN KITH INTRODUCTION-----", *lines, b"-----END KITH INTRODUCTION-----"]) + b"\n"


def from_file(data):
    """The bytes of a file that is one, or of the first block of armor in it."""
    if data.startswith(b"\x94\xa8KITHINTR"):
        return data
    return card.unarmor(data, "INTRODUCTION", "lKhLSVRISU5UU")
