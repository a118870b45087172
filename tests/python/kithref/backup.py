# SPDX-License-Identifier: MIT
"""Backups, keys on paper, retired keys and the mark of a machine (proto/backup.md, proto/card.md)."""

import nacl.bindings as sodium
import nacl.exceptions

from . import keys
from . import numbers as n
from . import stream
from .strict import Fault

_MAGIC = b"KITHBAK1"
_OLD = b"KITHOLD1"
_HEAD = 33
_NAME_MAX = 31
_LETTERS = b"abcdefghijklmnopqrstuvwxyz0123456789"


# --- the file ---------------------------------------------------------------------------------


def header(ops, mem_kib, salt, kdf=1):
    return _MAGIC + bytes([kdf]) + ops.to_bytes(4, "big") + mem_kib.to_bytes(4, "big") + salt


def _key(head, passphrase):
    out = sodium.crypto_pwhash_alg(32, passphrase, head[17:33], int.from_bytes(head[9:13], "big"),
                                   int.from_bytes(head[13:17], "big") * 1024,
                                   sodium.crypto_pwhash_ALG_ARGON2ID13)
    return keys.H("kith/1 backup", out, head)


def part(name, data):
    name = name.encode()
    return bytes([len(name)]) + name + len(data).to_bytes(8, "big") + data


def seal(head, passphrase, stream_header, content, final=True):
    """A file around a content, about which nothing is checked."""
    out = head + stream_header
    s = stream.Stream(_key(head, passphrase), stream_header)
    while len(content) >= n.BACKUP_CHUNK:
        out += s.push(content[: n.BACKUP_CHUNK], stream.MESSAGE)
        content = content[n.BACKUP_CHUNK :]
    return out + s.push(content, stream.FINAL if final else stream.MESSAGE)


def write(parts, head, passphrase, stream_header):
    return seal(head, passphrase, stream_header, b"".join(part(*p) for p in parts))


def _check_header(data):
    if data[:8] != _MAGIC:
        raise Fault("notcard")
    if len(data) < _HEAD:
        raise Fault("truncated")
    ops, mem_kib = int.from_bytes(data[9:13], "big"), int.from_bytes(data[13:17], "big")
    if data[8] > 1:
        raise Fault("version")
    if data[8] == 0 or not 1 <= ops <= n.KEYFILE_OPS_MAX or not 8 <= mem_kib <= n.KEYFILE_MEM_KIB_MAX:
        raise Fault("keyfile")


def unseal(data, passphrase):
    """The content of a file.  Faults: those of the page, in its order."""
    _check_header(data)
    head, data = data[:_HEAD], data[_HEAD:]
    key, whole = _key(head, passphrase), n.BACKUP_CHUNK + stream.OVERHEAD
    if len(data) < stream.HEADER + stream.OVERHEAD:
        raise Fault("truncated")
    s = stream.Stream(key, data[: stream.HEADER])
    data, content = data[stream.HEADER :], b""
    while not s.ended:
        if len(data) < stream.OVERHEAD:
            raise Fault("truncated")
        box, data = data[:whole], data[whole:]
        try:
            content += s.pull(box)[0]
        except stream.Closed:
            raise Fault("sig") from None
    if data:
        raise Fault("shape")
    return content


def _check_name(name):
    good = 1 <= len(name) <= _NAME_MAX and name[:1] not in (b".", b"-") and all(
        c in _LETTERS + b".-" for c in name)
    if not good:
        raise Fault("shape")


def parse(content):
    """[(name, bytes)] of a content."""
    parts = []
    while content:
        size = content[0]
        if not 1 <= size <= _NAME_MAX:
            raise Fault("shape")
        name, rest = content[1 : 1 + size], content[1 + size :]
        if len(name) < size or len(rest) < 8:
            raise Fault("truncated")
        _check_name(name)
        length, rest = int.from_bytes(rest[:8], "big"), rest[8:]
        if len(parts) == n.BACKUP_PARTS_MAX or length > n.BACKUP_MAX:
            raise Fault("limit")
        if len(rest) < length:
            raise Fault("truncated")
        parts.append((name.decode(), rest[:length]))
        content = rest[length:]
    return parts


def read(data, passphrase):
    return parse(unseal(data, passphrase))


# --- on paper ---------------------------------------------------------------------------------


def paper_write(seed):
    lines = []
    for i in range(4):
        some = seed[8 * i : 8 * i + 8]
        text = keys.base32(some + keys.H("kith/1 paper", bytes([i]), some)[:2])
        lines.append(" ".join(text[j : j + 4] for j in range(0, 16, 4)) + "\n")
    return "".join(lines)


def paper_read(text):
    import base64

    ignored = str.maketrans("018", "OIB", " \t\r-.")
    lines = text.upper().translate(ignored).split("\n")
    text = ""
    while lines and len(text) < 64:
        text += lines.pop(0)
    if len(text) != 64 or set(text) - set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"):
        raise Fault("keyfile")
    seed = b""
    for i in range(4):
        line = base64.b32decode(text[16 * i : 16 * i + 16])
        if keys.H("kith/1 paper", bytes([i]), line[:8])[:2] != line[8:]:
            raise Fault("keyfile")
        seed += line[:8]
    return seed


# --- retired keys, and the mark of a machine --------------------------------------------------


def retired_write(seed, entries, nonce):
    """entries: (seq, ik, secret of xk)"""
    plain = b"".join(seq.to_bytes(8, "big") + ik + secret for seq, ik, secret in entries)
    return _OLD + nonce + sodium.crypto_secretbox(plain, nonce, keys.kdf(seed, "kith-id1", 3))


def retired_read(seed, data):
    count, left = divmod(len(data) - 8 - 24 - 16, 72)
    if data[:8] != _OLD or left or not 1 <= count <= n.STATEMENTS_MAX:
        raise Fault("keyfile")
    try:
        plain = sodium.crypto_secretbox_open(data[32:], data[8:32], keys.kdf(seed, "kith-id1", 3))
    except nacl.exceptions.CryptoError:
        raise Fault("keyfile") from None
    return [(int.from_bytes(p[:8], "big"), p[8:40], p[40:])
            for p in (plain[i : i + 72] for i in range(0, len(plain), 72))]


def device(machine_id):
    return keys.H("kith/1 device", machine_id.rstrip(b"\r\n"))[:16]
