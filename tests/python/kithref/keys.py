# SPDX-License-Identifier: MIT
"""Hashes, signatures, keys, the names people read, and the key file (proto/card.md)."""

import base64
import hashlib
import unicodedata
import uuid

import nacl.bindings as sodium
import nacl.exceptions
from nacl.utils import random  # noqa: F401  (the one source of random bytes of this package)

from . import numbers as n
from .strict import Fault


def H(label, *parts):
    """BLAKE2b-256 over length-prefixed parts; a part may be bytes or str."""
    hasher = hashlib.blake2b(digest_size=32)
    for part in (label, *parts):
        part = part.encode() if isinstance(part, str) else part
        hasher.update(len(part).to_bytes(4, "big") + part)
    return hasher.digest()


def kdf(key, context, number):
    """libsodium's crypto_kdf with 32 bytes of output."""
    return hashlib.blake2b(
        digest_size=32,
        key=key,
        salt=number.to_bytes(8, "little") + bytes(8),
        person=context.encode() + bytes(8),
    ).digest()


def base32(data):
    return base64.b32encode(data).decode().rstrip("=")


class Identity:
    """What one seed gives."""

    def __init__(self, seed):
        self.seed = seed
        self.ik, self.secret = sodium.crypto_sign_seed_keypair(kdf(seed, "kith-id1", 1))
        self.xk_secret = kdf(seed, "kith-id1", 2)
        self.xk = sodium.crypto_scalarmult_base(self.xk_secret)

    def sign(self, label, data):
        return sodium.crypto_sign(label.encode() + b"\0" + data, self.secret)[:64]


def verify(ik, label, data, sig):
    """Whether sig holds; libsodium refuses a small-order ik by itself."""
    if len(sig) != 64 or len(ik) != 32:
        return False
    try:
        sodium.crypto_sign_open(sig + label.encode() + b"\0" + data, ik)
    except nacl.exceptions.BadSignatureError:
        return False
    return True


def person_id(ik):
    return base32(ik)


def fingerprint(ik):
    """Thirty digits in six groups of five."""
    groups = []
    for i in range(6):
        head = H("kith/1 fingerprint", ik, bytes([i]))[:8]
        groups.append("%05d" % (int.from_bytes(head, "big") % 100000))
    return " ".join(groups)


def uid(ik):
    raw = bytearray(H("kith/1 uid", ik)[:16])
    raw[6] = raw[6] & 0x0F | 0x80
    raw[8] = raw[8] & 0x3F | 0x80
    return str(uuid.UUID(bytes=bytes(raw)))


def passphrase_bytes(text):
    """What Argon2id gets to see of a line that somebody typed: NFC, UTF-8, not too long."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Fault("utf8") from None
    made = unicodedata.normalize("NFC", text).encode()
    if "\0" in text:
        raise Fault("utf8")
    if max(len(text.encode()), len(made)) > n.PASSPHRASE_MAX:
        raise Fault("limit")
    return made


# Key file: every way in which it can be broken is one fault, "keyfile"; "version" is for one of a
# newer kith; "passphrase" is for a sound file that the given passphrase does not open.

_MAGIC = b"KITHKEY1"
_HEADER, _NONCE, _CT = 33, 24, 52


def keyfile_header(kdf_number, ops=0, mem_kib=0, salt=bytes(16)):
    return _MAGIC + bytes([kdf_number]) + ops.to_bytes(4, "big") + mem_kib.to_bytes(4, "big") + salt


def keyfile_write(seed, header, nonce, passphrase=b"", flags=0):
    """Seal a seed under a header; nothing about the header is checked."""
    key = _keyfile_key(header, passphrase)
    return header + nonce + sodium.crypto_secretbox(seed + flags.to_bytes(4, "big"), nonce, key)


def keyfile_read(data, passphrase=b""):
    """Returns the seed.  Faults: keyfile, passphrase, version."""
    if len(data) != _HEADER + _NONCE + _CT or data[:8] != _MAGIC:
        raise Fault("keyfile")
    header, nonce, ct = data[:33], data[33:57], data[57:]
    kdf_number, ops, mem_kib = data[8], data[9:13], data[13:17]
    ops, mem_kib = int.from_bytes(ops, "big"), int.from_bytes(mem_kib, "big")
    if kdf_number == 0:
        if any(data[9:33]):
            raise Fault("keyfile")
    elif kdf_number == 1:
        if not 1 <= ops <= n.KEYFILE_OPS_MAX or not 8 <= mem_kib <= n.KEYFILE_MEM_KIB_MAX:
            raise Fault("keyfile")
    else:
        raise Fault("version")
    try:
        plain = sodium.crypto_secretbox_open(ct, nonce, _keyfile_key(header, passphrase))
    except nacl.exceptions.CryptoError:
        raise Fault("passphrase" if kdf_number else "keyfile") from None
    if plain[32:] != bytes(4):
        raise Fault("version")
    return plain[:32]


def _keyfile_key(header, passphrase):
    out = b""
    if header[8] == 1:
        out = sodium.crypto_pwhash_alg(
            32,
            passphrase,
            header[17:33],
            int.from_bytes(header[9:13], "big"),
            int.from_bytes(header[13:17], "big") * 1024,
            sodium.crypto_pwhash_ALG_ARGON2ID13,
        )
    return H("kith/1 keyfile", out, header)
