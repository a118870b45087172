# SPDX-License-Identifier: MIT
"""The strict form: MessagePack of which every value has exactly one encoding.

scan() walks the bytes once from the left and raises Fault with the first fault it meets.  At every
value it judges, in this order: the head byte (type), whether the head is whole (truncated),
whether it is the shortest (shape), what it declares (limit), whether that much is there
(truncated), the text (utf8).  A map key is compared with the one before it as soon as it is read.
"""

import msgpack

from . import numbers as n


class Fault(Exception):
    """A refusal; str() is its class as the pages name it: limit, truncated, shape, ..."""


def pack(value):
    """Encode ints, bytes, str, bool, list and dict in the strict form."""
    if isinstance(value, dict):
        value = {k: value[k] for k in sorted(value)}
    return msgpack.packb(value, use_bin_type=True)


def decode(data, size_max):
    """Scan, then decode; the decoding is the msgpack library's, not the scanner's."""
    scan(data, size_max)
    return msgpack.unpackb(data, raw=False, strict_map_key=False)


def scan(data, size_max):
    """Raise Fault unless data is one value in the strict form of at most size_max bytes."""
    if len(data) > size_max:
        raise Fault("limit")
    walk = _Walk(data, size_max)
    walk.value(0)
    if walk.at != len(data):
        raise Fault("shape")


def is_uint(value):
    return isinstance(value, int) and not isinstance(value, bool)


# head byte -> (bytes of the number that follows, smallest number that needs this form)
_UINT = {0xCC: (1, 0x80), 0xCD: (2, 0x100), 0xCE: (4, 0x10000), 0xCF: (8, 0x100000000)}
_STR = {0xD9: (1, 0x20), 0xDA: (2, 0x100), 0xDB: (4, 0x10000)}
_BIN = {0xC4: (1, 0), 0xC5: (2, 0x100), 0xC6: (4, 0x10000)}
_ARRAY = {0xDC: (2, 0x10), 0xDD: (4, 0x10000)}
_MAP = {0xDE: (2, 0x10), 0xDF: (4, 0x10000)}


class _Walk:
    def __init__(self, data, size_max):
        self.data, self.size_max = data, size_max
        self.at = 0
        self.elements = 0

    def take(self, count):
        if count > len(self.data) - self.at:
            raise Fault("truncated")
        self.at += count
        return self.data[self.at - count : self.at]

    def number(self, form):
        size, smallest = form
        value = int.from_bytes(self.take(size), "big")
        if value < smallest:
            raise Fault("shape")
        return value

    def value(self, depth):
        head = self.take(1)[0]
        if head <= 0x7F or head in (0xC2, 0xC3):
            return
        if head in _UINT:
            self.number(_UINT[head])
        elif 0xA0 <= head <= 0xBF:
            self.text(head & 0x1F)
        elif head in _STR:
            self.text(self.number(_STR[head]))
        elif head in _BIN:
            self.payload(self.number(_BIN[head]))
        elif 0x90 <= head <= 0x9F:
            self.array(head & 0x0F, depth + 1)
        elif head in _ARRAY:
            self.array(self.number(_ARRAY[head]), depth + 1)
        elif 0x80 <= head <= 0x8F:
            self.map(head & 0x0F, depth + 1)
        elif head in _MAP:
            self.map(self.number(_MAP[head]), depth + 1)
        else:
            raise Fault("type")  # nil, c1, ext, float, signed and negative numbers

    def payload(self, length):
        if length > self.size_max:
            raise Fault("limit")
        return self.take(length)

    def text(self, length):
        raw = self.payload(length)
        try:
            raw.decode("utf-8", "strict")
        except UnicodeDecodeError:
            raise Fault("utf8") from None
        if 0 in raw:
            raise Fault("utf8")

    def enter(self, elements, depth):
        self.elements += elements
        if depth > n.STRICT_DEPTH or self.elements > n.STRICT_ELEMENTS:
            raise Fault("limit")

    def array(self, count, depth):
        self.enter(count, depth)
        for _ in range(count):
            self.value(depth)

    def map(self, pairs, depth):
        self.enter(2 * pairs, depth)
        before = -1
        for _ in range(pairs):
            key = self.key()
            if key == before:
                raise Fault("dup")
            if key < before:
                raise Fault("shape")
            before = key
            self.value(depth)

    def key(self):
        head = self.take(1)[0]
        if head <= 0x7F:
            return head
        if head not in _UINT:
            raise Fault("type")
        return self.number(_UINT[head])
