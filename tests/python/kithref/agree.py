# SPDX-License-Identifier: MIT
"""What two sides of a session compute (proto/session.md, "Values"), without any course."""

import hashlib

import nacl.bindings as sodium
import nacl.exceptions

from .keys import H, kdf, verify
from .strict import Fault

AUTH_LABEL = {"I": "kith/1 auth I", "R": "kith/1 auth R"}


class Transcript:
    """The exact bytes of a handshake as far as it has come."""

    def __init__(self, s, c):
        self.s, self.c = s, c
        self.hello_i = b""  # HELLO_I and every TAGS
        self.hello_r = self.request = self.accept = self.reveal = b""

    def commit(self, label_i, reveal):
        return H("kith/1 commit", self.s, self.c, self.hello_i, self.hello_r, label_i, reveal)

    def th(self):
        parts = (self.hello_i, self.hello_r, self.request, self.accept, self.reveal)
        return H("kith/1 th", "stranger", self.s, self.c, *parts)


def public(secret):
    return sodium.crypto_scalarmult_base(secret)


def dh(secret, theirs):
    """X25519.  Faults: protocol when the result is all zero."""
    try:
        shared = sodium.crypto_scalarmult(secret, theirs)
    except nacl.exceptions.CryptoError:
        raise Fault("protocol") from None
    if not any(shared):
        raise Fault("protocol")
    return shared


def prk(shared, th):
    return hashlib.blake2b(b"kith/1 keys\0" + th, key=shared, digest_size=32).digest()


def directions(prk_bytes):
    """(kIR, kRI)"""
    return kdf(prk_bytes, "kith-ses", 1), kdf(prk_bytes, "kith-ses", 2)


def code(th):
    """Twelve digits; the last six are what is usually shown."""
    return "%012d" % (int.from_bytes(H("kith/1 sas", th)[:8], "big") % 10**12)


def receipt_bytes(envelope, th):
    return H("kith/1 env", envelope) + th


def receipt_sign(identity, envelope, th):
    return identity.sign("kith/1 receipt", receipt_bytes(envelope, th))


def receipt_verify(ik, envelope, th, sig):
    return verify(ik, "kith/1 receipt", receipt_bytes(envelope, th), sig)


MESSAGE = sodium.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
FINAL = sodium.crypto_secretstream_xchacha20poly1305_TAG_FINAL
HEADER = sodium.crypto_secretstream_xchacha20poly1305_HEADERBYTES
_OVERHEAD = sodium.crypto_secretstream_xchacha20poly1305_ABYTES


class Stream:
    """One direction of sealed messages, from either end of it."""

    def __init__(self, key, th):
        self.key, self.th = key, th
        self.state = None

    def _start(self, header):
        # A pushing and a pulling state are the same for one header; PyNaCl's init_push would
        # draw a header of its own.
        self.state = sodium.crypto_secretstream_xchacha20poly1305_state()
        sodium.crypto_secretstream_xchacha20poly1305_init_pull(self.state, header, self.key)

    def seal(self, kind, plain, tag, header):
        """The box of the next message; header is used by the first alone."""
        front = b""
        if self.state is None:
            self._start(header)
            front = header
        additional = self.th + bytes([kind])
        return front + sodium.crypto_secretstream_xchacha20poly1305_push(
            self.state, plain, additional, tag
        )

    def open(self, kind, box):
        """Returns (plain, tag).  Faults: protocol."""
        if self.state is None:
            if len(box) < HEADER + _OVERHEAD:
                raise Fault("protocol")
            self._start(box[:HEADER])
            box = box[HEADER:]
        additional = self.th + bytes([kind])
        try:
            return sodium.crypto_secretstream_xchacha20poly1305_pull(self.state, box, additional)
        except (nacl.exceptions.CryptoError, nacl.exceptions.ValueError):
            raise Fault("protocol") from None
