# SPDX-License-Identifier: MIT
"""Messages of a session as bytes (proto/session.md, "Messages")."""

from . import numbers as n
from .strict import Fault, decode, is_uint, pack

HELLO_I, HELLO_R, TAGS = 1, 2, 3
REQUEST, ACCEPT, DECLINE, REVEAL = 10, 11, 12, 13
AUTH, CONFIRM, CARD, RECEIPT, ABORT = 14, 15, 16, 17, 18
SEALED = (AUTH, CONFIRM, CARD, RECEIPT)

_BIN32 = (bytes, 32, 32)
_BOX = (bytes, n.BOX_MIN, n.BOX_MAX)
_LABEL = (str, 0, n.LABEL_MAX)
_BOOL = (bool, 0, 1)

# type -> {key: (type, least, most)}: a range for a number, sizes for bytes and text
_OUTER = {
    HELLO_I: {
        1: (int, 1, 1),
        2: _BIN32,
        3: (bytes, n.TAG_COUNTS[0] * n.TAG_BYTES, n.TAG_COUNTS[-1] * n.TAG_BYTES),
        4: (int, 0, n.TAGS_MESSAGES_MAX),
    },
    HELLO_R: {1: (int, 1, 1), 2: _BIN32, 3: (bytes, 16, 16)},
    TAGS: {1: (int, 1, n.TAGS_MESSAGES_MAX), 2: (bytes, 8192, 8192)},
    REQUEST: {1: _BIN32, 2: _LABEL, 3: (int, 1, 1), 4: _BOOL, 5: _BOOL},
    ACCEPT: {1: _BIN32, 2: _BIN32, 3: _BIN32, 4: _BIN32, 5: _LABEL, 6: _BOOL, 7: _BOOL},
    DECLINE: {},
    REVEAL: {1: _BIN32, 2: _BIN32, 3: _BIN32, 4: _BIN32},
    AUTH: {1: _BOX},
    CONFIRM: {1: _BOX},
    CARD: {1: _BOX},
    RECEIPT: {1: _BOX},
}
_REASON = (int, 1, 63)
_INNER = {
    AUTH: {1: (bytes, 64, 64)},
    CONFIRM: {1: (int, 0, 2)},
    CARD: {1: (bytes, 0, n.CARD_ENVELOPE_MAX)},
    RECEIPT: {1: (bytes, 64, 64)},
    ABORT: {1: _REASON},
}


def build(kind, *values):
    """The bytes of a message with its fields in the order of their keys."""
    return pack({0: kind, **{key + 1: value for key, value in enumerate(values)}})


def parse(data):
    """Returns (type, {key: value}).  An ABORT's field is an int when it is plain, bytes when it
    is sealed.  Faults: those of the scan; shape (no map, no type, a field is absent, a wrong
    length); type; limit (too long); version (an unknown key below 64); state (an unknown type)."""
    made = decode(data, n.MESSAGE_MAX)
    if not isinstance(made, dict) or 0 not in made:
        raise Fault("shape")
    kind = made.pop(0)
    if not is_uint(kind):
        raise Fault("type")
    if kind == ABORT:
        sealed = isinstance(made.get(1), bytes)
        return kind, known_fields(made, {1: _BOX if sealed else _REASON})
    if kind not in _OUTER:
        raise Fault("state")
    made = known_fields(made, _OUTER[kind])
    if kind == HELLO_I and len(made[3]) not in [count * n.TAG_BYTES for count in n.TAG_COUNTS]:
        raise Fault("shape")
    if kind == HELLO_I and made[4] and (made[4] not in n.TAGS_MORE
                                        or len(made[3]) != n.TAG_COUNTS[-1] * n.TAG_BYTES):
        raise Fault("shape")
    return kind, made


def parse_plain(kind, data):
    """The one field of an opened message."""
    made = decode(data, n.MESSAGE_MAX)
    if not isinstance(made, dict):
        raise Fault("shape")
    return known_fields(made, _INNER[kind])[1]


def known_fields(made, fields):
    """The fields of a map that has these and no other key below 64."""
    if any(key < 64 and key not in fields for key in made):
        raise Fault("version")
    for key, (kind, least, most) in fields.items():
        if key not in made:
            raise Fault("shape")
        value = made[key]
        if type(value) is not kind:
            raise Fault("type")
        if kind is int and not least <= value <= most:
            raise Fault("type")
        if kind in (bytes, str):
            size = len(value if kind is bytes else value.encode())
            if size < least or least == most != size:
                raise Fault("shape")
            if size > most:
                raise Fault("limit")
    return {key: made[key] for key in fields}
