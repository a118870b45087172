# SPDX-License-Identifier: MIT
"""Cards: envelope, body, fields, revisions, armor (proto/card.md)."""

import base64
import binascii
import re

from . import numbers as n
from .keys import H, verify
from .strict import Fault, decode, is_uint, pack

LABEL = "kith/1 card"
BEGIN, END = b"-----BEGIN KITH CARD-----", b"-----END KITH CARD-----"
BLANK = "[ \t\u00a0\u2007\u200b\u202f\u2060\u3000\ufeff]"
DASHES = "[-\u2010-\u2015\u2212\u2e3a\u2e3b](?:[-\u2010-\u2015\u2212\u2e3a\u2e3b]|%s)*" % BLANK
MARK = "%s(BEGIN|END)%s+KITH%s+WORD%s*%s" % (DASHES, BLANK, BLANK, BLANK, DASHES)
# lines may be joined: behind the first mark the base64 that such a text begins with, before the last mark any
FIRST = "%s(?:BASE64.*)?" % MARK
LAST = "([^-\u2010-\u2015\u2212\u2e3a\u2e3b]*)%s" % MARK.replace("BEGIN|", "")


def body(identity, fields, **changes):
    """A body as a dict that pack() takes; changes: key number as k4=..., None leaves it out."""
    made = {
        1: 1,
        2: identity.ik,
        3: identity.xk,
        4: 1,
        5: 1750000000,
        6: fields,
        8: 1,
        9: 0,
        10: bytes(range(8)),
    }
    for name, value in changes.items():
        made[int(name[1:])] = value
    return {k: v for k, v in made.items() if v is not None}


def pocket(identity, full, chosen, rev):
    """A pocket body from the body of a full card: those of its fields that chosen() takes."""
    made = {k: v for k, v in full.items() if k in (1, 2, 3, 5, 8, 10)}
    return body(identity, [f for f in full[6] if chosen(f)],
                **{"k%d" % k: v for k, v in made.items()}, k4=rev, k9=1)


def seal(identity, packed_body, label=LABEL, version=1):
    """The envelope around the bytes of a body."""
    return pack(["KITHCARD", version, packed_body, identity.sign(label, packed_body)])


def prev_of(packed_body):
    return H("kith/1 prev", packed_body)


def open_envelope(data):
    """Verify in the page's order; returns the body as a dict.  Faults as the page names them."""
    if len(data) > n.CARD_ENVELOPE_MAX:
        raise Fault("limit")
    packed, sig = _envelope(decode(data, n.CARD_ENVELOPE_MAX))
    if len(packed) > n.CARD_BODY_MAX:
        raise Fault("limit")
    made = _identified(decode(packed, n.CARD_BODY_MAX))
    if not verify(made[2], LABEL, packed, sig):
        raise Fault("sig")
    if any(key < 64 and not 1 <= key <= 10 for key in made):
        raise Fault("version")
    _keys(made, len(packed))
    _fields(made[6])
    return made


def _envelope(outer):
    if not isinstance(outer, list) or len(outer) != 4 or outer[0] != "KITHCARD":
        raise Fault("notcard")
    _, version, packed, sig = outer
    if not is_uint(version) or version != 1:
        raise Fault("version")
    if not isinstance(packed, bytes) or not isinstance(sig, bytes):
        raise Fault("type")
    if len(sig) != 64:
        raise Fault("shape")
    return packed, sig


def _identified(made):
    if not isinstance(made, dict):
        raise Fault("shape")
    _uint(made, 1, 0, 2**64)
    if made[1] != 1:
        raise Fault("version")
    _bin(made, 2, 32)
    return made


def _keys(made, size):
    _bin(made, 3, 32)
    _uint(made, 4, 1, n.REV_MAX)
    _uint(made, 5, 0, n.REV_MAX)
    if not isinstance(_there(made, 6), list):
        raise Fault("type")
    if 7 in made:
        _bin(made, 7, 32)
    _uint(made, 8, 0, 2)
    _uint(made, 9, 0, 1)
    if made[9] == 1 and size > n.CARD_POCKET_MAX:
        raise Fault("limit")
    _bin(made, 10, n.CARD_ID_BYTES)


def _there(made, key):
    if key not in made:
        raise Fault("shape")
    return made[key]


def _uint(made, key, low, high):
    value = _there(made, key)
    if not is_uint(value) or not low <= value <= high:
        raise Fault("type")


def _bin(made, key, length):
    value = _there(made, key)
    if not isinstance(value, bytes):
        raise Fault("type")
    if len(value) != length:
        raise Fault("shape")


def _fields(fields):
    if len(fields) > n.CARD_FIELDS_MAX:
        raise Fault("limit")
    seen = set()
    named = False
    for field in fields:
        kind = _field(field)
        if kind in seen and n.FIELDS[kind][3]:
            raise Fault("dup")
        if kind in n.FIELDS:
            seen.add(kind)
        if kind == n.NAME:
            named = field[3] != ""
    if not named:
        raise Fault("shape")


def _field(field):
    """Check one field by itself; returns its kind."""
    if not isinstance(field, list) or len(field) < 4:
        raise Fault("shape")
    kind, flags, label, *parts = field
    if not is_uint(kind) or not is_uint(flags) or not isinstance(label, str):
        raise Fault("type")
    if len(label.encode()) > n.FIELD_LABEL_MAX:
        raise Fault("limit")
    types, size_max = (str, bytes), n.FIELD_VALUE_MAX
    if kind in n.FIELDS:
        _, count, size_max, _ = n.FIELDS[kind]
        types = (bytes,) if kind == n.PHOTO else (str,)
        if len(parts) != count:
            raise Fault("shape")
    elif len(parts) > n.FIELD_PARTS_MAX:
        raise Fault("limit")
    for part in parts:
        if not isinstance(part, types):
            raise Fault("type")
        if len(part.encode() if isinstance(part, str) else part) > size_max:
            raise Fault("limit")
    return kind


def revise(have, new):
    """What a holder of the envelope `have` does with `new`, both sound and of one (ik, card):
    replace, ignore, conflict, rollback or limit."""
    held, come = open_envelope(have), open_envelope(new)
    if held[9] == 0 and come[9] == 1:
        return "ignore"
    if held[9] == 1 and come[9] == 0:
        return "replace"
    if come[4] < held[4]:
        return "rollback"
    if come[4] == held[4]:
        return "ignore" if have == new else "conflict"
    return "limit" if come[4] - held[4] > n.REV_JUMP_MAX else "replace"


def armor(envelope):
    text = base64.b64encode(envelope)
    lines = [text[i : i + 64] for i in range(0, len(text), 64)]
    return b"\n".join([BEGIN, *lines, END]) + b"\n"


def unarmor(data, word="CARD", begins="lKhLSVRIQ0FSR"):
    """The bytes of the first block, as mail and chat may have left it; word and begins: of what is in
    it.  Faults: limit, notcard (no block), shape (no end, or not base64)."""
    mark, first_line, last_line = (
        re.compile(p.replace("WORD", word).replace("BASE64", begins)) for p in (MARK, FIRST, LAST))
    if len(data) > n.FILE_READ_MAX:
        raise Fault("limit")
    lines = re.split("[\r\n]", data.decode("utf-8", "surrogateescape"))
    lines = [re.sub("^(?:[>|]|%s)+|%s+$" % (BLANK, BLANK), "", line) for line in lines]
    marks = [m.group(1) if (m := first_line.fullmatch(line)) else None for line in lines]
    if "BEGIN" not in marks:
        raise Fault("notcard")
    first = marks.index("BEGIN")
    lines[first] = mark.sub("", lines[first], count=1)
    ends = [last_line.fullmatch(line) for line in lines[first:]]
    last = next((i for i, end in enumerate(ends) if end), None)
    if last is None:
        raise Fault("shape")
    text = re.sub(BLANK, "", "".join([*lines[first : first + last], ends[last].group(1)]))
    try:
        return base64.b64decode(text.replace("=3D", "=").encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise Fault("shape") from None
