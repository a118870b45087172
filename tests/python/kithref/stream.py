# SPDX-License-Identifier: MIT
"""libsodium's crypto_secretstream_xchacha20poly1305, written from its description.

The real one takes its header from the system's randomness, and vectors hold none; so here it is by hand: ChaCha20
(RFC 8439), HChaCha20 (draft-irtf-cfrg-xchacha-03 section 2.2), Poly1305 (RFC 8439), and the stream around them
(libsodium's documentation, "Encrypted streams").
"""

import struct

MESSAGE, FINAL = 0, 3
HEADER, OVERHEAD = 24, 17
_MASK = 0xFFFFFFFF


class Closed(Exception):
    """A box does not open, or something comes behind the last one."""


def _rounds(state):
    x = list(state)

    def quarter(a, b, c, d):
        x[a] = (x[a] + x[b]) & _MASK
        x[d] ^= x[a]
        x[d] = (x[d] << 16 | x[d] >> 16) & _MASK
        x[c] = (x[c] + x[d]) & _MASK
        x[b] ^= x[c]
        x[b] = (x[b] << 12 | x[b] >> 20) & _MASK
        x[a] = (x[a] + x[b]) & _MASK
        x[d] ^= x[a]
        x[d] = (x[d] << 8 | x[d] >> 24) & _MASK
        x[c] = (x[c] + x[d]) & _MASK
        x[b] ^= x[c]
        x[b] = (x[b] << 7 | x[b] >> 25) & _MASK

    for _ in range(10):
        quarter(0, 4, 8, 12)
        quarter(1, 5, 9, 13)
        quarter(2, 6, 10, 14)
        quarter(3, 7, 11, 15)
        quarter(0, 5, 10, 15)
        quarter(1, 6, 11, 12)
        quarter(2, 7, 8, 13)
        quarter(3, 4, 9, 14)
    return x


_CONSTANT = struct.unpack("<4I", b"expand 32-byte k")


def _keystream(key, nonce, counter, size):
    begin = _CONSTANT + struct.unpack("<8I", key)
    out = b""
    while len(out) < size:
        state = (*begin, counter, *struct.unpack("<3I", nonce))
        words = [(a + b) & _MASK for a, b in zip(_rounds(state), state, strict=True)]
        out += struct.pack("<16I", *words)
        counter += 1
    return out[:size]


def _xor(a, b):
    return (int.from_bytes(a, "little") ^ int.from_bytes(b, "little")).to_bytes(len(a), "little")


def _hchacha(key, nonce):
    x = _rounds(_CONSTANT + struct.unpack("<8I", key) + struct.unpack("<4I", nonce))
    return struct.pack("<8I", *x[:4], *x[12:])


def _poly1305(key, data):
    r = int.from_bytes(key[:16], "little") & 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF
    total = 0
    for i in range(0, len(data), 16):
        total = (total + int.from_bytes(data[i : i + 16] + b"\1", "little")) * r % (2**130 - 5)
    return ((total + int.from_bytes(key[16:], "little")) % 2**128).to_bytes(16, "little")


class Stream:
    """One direction; the header is given, being random."""

    def __init__(self, key, header):
        self.key = _hchacha(key, header[:16])
        self.nonce = struct.pack("<I", 1) + header[16:]
        self.ended = False

    def _mac(self, block, sealed):
        """Over the first block and the text, padded as libsodium does it: by the size of the text alone."""
        data = block + sealed + bytes((16 - 64 + len(sealed)) % 16)
        data += struct.pack("<QQ", 0, 64 + len(sealed))
        return _poly1305(_keystream(self.key, self.nonce, 0, 32), data)

    def _on(self, mac, tag):
        counter = struct.unpack("<I", self.nonce[:4])[0] + 1
        self.nonce = struct.pack("<I", counter) + _xor(self.nonce[4:], mac[:8])
        self.ended = tag == FINAL

    def push(self, plain, tag):
        block = _xor(bytes([tag]) + bytes(63), _keystream(self.key, self.nonce, 1, 64))
        sealed = _xor(plain, _keystream(self.key, self.nonce, 2, len(plain)))
        mac = self._mac(block, sealed)
        self._on(mac, tag)
        return block[:1] + sealed + mac

    def pull(self, box):
        """The text and its tag."""
        if self.ended or len(box) < OVERHEAD:
            raise Closed
        stream = _keystream(self.key, self.nonce, 1, 64)
        tag = box[0] ^ stream[0]
        block = bytes([box[0]]) + stream[1:]
        sealed, mac = box[1:-16], box[-16:]
        if mac != self._mac(block, sealed):
            raise Closed
        plain = _xor(sealed, _keystream(self.key, self.nonce, 2, len(sealed)))
        self._on(mac, tag)
        return plain, tag
