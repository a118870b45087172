# SPDX-License-Identifier: MIT
"""What stands in a QR code or a link (proto/uri.md)."""

import base64
import binascii
import ipaddress
import re

from . import numbers as n
from .keys import base32
from .strict import Fault, decode, is_uint, pack

BLANKS = b" \t\r\n"


def write(kind, data):
    """The text of C, I, J or S around these bytes."""
    text = "KITH:1/%s/%s" % (kind, base32(data))
    if not data or len(text) > n.URI_MAX:
        raise Fault("limit")
    return text


def read(text):
    """(kind, bytes) of a text (bytes, of whatever program); what was read is looked at no further.
    Faults as the page names them."""
    text = text.strip(BLANKS).upper()
    if not text.startswith(b"KITH:"):
        raise Fault("notcard")
    text = text.translate(None, BLANKS)
    if len(text) > n.URI_MAX:
        raise Fault("limit")
    number = re.fullmatch(rb"KITH:([1-9][0-9]*)/(.*)", text, re.DOTALL)
    if not number:
        raise Fault("shape")
    if number[1] != b"1":
        raise Fault("version")
    letter = re.fullmatch(rb"([A-Z])/(.*)", number[2], re.DOTALL)
    if not letter:
        raise Fault("shape")
    kind = letter[1].decode()
    if kind not in "CIJS":
        raise Fault("version")
    data = _bytes(letter[2])
    if kind == "I" and len(data) != 32:
        raise Fault("shape")
    return kind, data


def _bytes(text):
    try:
        data = base64.b32decode(text + b"=" * (-len(text) % 8))
    except (binascii.Error, ValueError):
        raise Fault("shape") from None
    if not data or base32(data).encode() != text:  # padding of its own, or bits that say nothing
        raise Fault("shape")
    return data


def invite(s, port, addresses, ik, **changes):
    """The bytes of J; addresses: packed ones of 4 or 16 bytes.  changes: key number as k4=..."""
    joined = b"".join(bytes([4 if len(a) == 4 else 6]) + a for a in addresses)
    made = {1: s, 2: port, 3: joined, 4: ik}
    for name, value in changes.items():
        made[int(name[1:])] = value
    return pack({k: v for k, v in made.items() if v is not None})


def open_invite(data):
    """(S, port, [address ...], ik).  Faults in the order of the keys."""
    made = decode(data, n.INVITE_MAX)
    if not isinstance(made, dict):
        raise Fault("shape")
    if any(key < 64 and not 1 <= key <= 4 for key in made):
        raise Fault("version")
    _bin(made, 1, 32)
    _there(made, 2, is_uint)
    if not n.PORT_MIN <= made[2] <= 65535:
        raise Fault("type")
    _there(made, 3, lambda v: isinstance(v, bytes))
    addresses = _addresses(made[3])
    _bin(made, 4, 32)
    return made[1], made[2], addresses, made[4]


def _there(made, key, right):
    if key not in made:
        raise Fault("shape")
    if not right(made[key]):
        raise Fault("type")


def _bin(made, key, length):
    _there(made, key, lambda v: isinstance(v, bytes))
    if len(made[key]) != length:
        raise Fault("shape")


def _addresses(joined):
    found = []
    while joined:
        size = {4: 4, 6: 16}.get(joined[0])
        if size is None or len(joined) < 1 + size:
            raise Fault("shape")
        found.append(joined[1 : 1 + size])
        joined = joined[1 + size :]
    if not found:
        raise Fault("shape")
    if len(found) > n.INVITE_ADDRESSES_MAX:
        raise Fault("limit")
    if not all(map(_machine, found)):
        raise Fault("value")
    return found


def _machine(address):
    """Whether it can be the address of a machine."""
    ip = ipaddress.ip_address(address)
    if ip.version == 4:
        return 0 < address[0] < 224
    return not ip.is_multicast and not ip.is_unspecified and ip.ipv4_mapped is None
