# SPDX-License-Identifier: MIT
"""Backups, whole and broken; keys on paper; retired keys."""

from kithref import backup, keys
from kithref.strict import Fault

from . import fixed, seed

TITLE = """
Backups (proto/backup.md), and retired keys (proto/card.md).
kind file: `input` is the file, `passphrase` what is typed, `part` a name and its bytes, in order.
kind paper: `text` is what is typed (its lines joined by blanks), `seed` what comes out.
kind retired: `input` is retired.key, `seed` that of the identity, `key` number, ik and secret of xk, in order.
What is asked of the parts beyond their form is no matter of these cases.
"""

_SALT = fixed("backup salt", 16)
_STREAM = fixed("backup stream", 24)
_NONCE = fixed("retired nonce", 24)
_WORD = "correct horse"
_PARTS = [("identity.key", fixed("key", 109)), ("revocation.kith", b"R"), ("kith.db", b"store")]


def _head(ops=1, mem_kib=8, kdf=1):
    return backup.header(ops, mem_kib, _SALT, kdf)


def _file(parts, head=None, word=_WORD):
    return backup.write(parts, head or _head(), word.encode(), _STREAM)


def _content(content, final=True):
    return backup.seal(_head(), _WORD.encode(), _STREAM, content, final)


def _flip(data, at):
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def _files():
    whole = _file(_PARTS)
    yield "whole", "ok", whole
    yield "no-parts", "ok", _file([])
    yield "empty-part", "ok", _file([("kith.db", b""), ("x", b"")])
    yield "longest-name", "ok", _file([("a" * 31, b"1")])
    yield "most-parts", "ok", _file([("p%d" % i, b"") for i in range(32)])
    yield "one-part-more", "limit", _file([("p%d" % i, b"") for i in range(33)])
    yield "more-ops", "ok", _file(_PARTS, _head(10, 16))
    yield "name-too-long", "shape", _content(bytes([32]) + b"a" * 32 + bytes(8))
    yield "name-empty", "shape", _content(bytes(9))
    for what, name in (("upper", "Key"), ("slash", "a/b"), ("up", ".."), ("hidden", ".key"),
                       ("option", "-o"), ("blank", "a b")):
        yield "name-" + what, "shape", _file([(name, b"1")])
    yield "size-at-most", "truncated", _content(b"\x01a" + (2**30).to_bytes(8, "big"))
    yield "size-one-past", "limit", _content(b"\x01a" + (2**30 + 1).to_bytes(8, "big"))
    yield "size-huge", "limit", _content(b"\x01a" + b"\xff" * 8)
    yield "cut-in-name", "truncated", _content(b"\x05kit")
    yield "cut-in-size", "truncated", _content(b"\x01a\0\0\0")
    yield "cut-in-bytes", "truncated", _content(backup.part("a", b"12345")[:-1])
    yield "no-final", "truncated", _content(backup.part("a", b"1"), final=False)
    yield "cut-by-one", "sig", whole[:-1]
    yield "no-box", "truncated", whole[:33]
    yield "half-a-stream-header", "truncated", whole[:50]
    yield "cut-in-header", "truncated", whole[:32]
    yield "magic-alone", "truncated", whole[:8]
    yield "empty", "notcard", b""
    yield "wrong-magic", "notcard", b"KITHBAK2" + whole[8:]
    yield "a-key-file", "notcard", keys.keyfile_write(seed("ada"), keys.keyfile_header(0), fixed("nonce", 24))
    yield "byte-behind", "sig", whole + b"\0"
    yield "kdf-0", "keyfile", _head(0, 0, 0)[:17] + bytes(16) + whole[33:]
    yield "kdf-2", "version", _head(kdf=2) + whole[33:]
    yield "ops-0", "keyfile", _head(ops=0) + whole[33:]
    yield "ops-11", "keyfile", _head(ops=11) + whole[33:]
    yield "mem-7", "keyfile", _head(mem_kib=7) + whole[33:]
    yield "mem-one-past", "keyfile", _head(mem_kib=1048577) + whole[33:]
    for what, at in (("salt", 20), ("ops", 12), ("stream-header", 40), ("tag", 57), ("text", 70),
                     ("mac", len(whole) - 1)):
        bad = whole[:12] + b"\x02" + whole[13:] if what == "ops" else _flip(whole, at)
        yield "altered-" + what, "sig", bad
    yield "other-passphrase", "sig", _file(_PARTS, word="correct hors")


def _file_outcome(data):
    try:
        return "ok", backup.read(data, keys.passphrase_bytes(_WORD))
    except Fault as fault:
        return str(fault), []


def _papers():
    good = backup.paper_write(seed("ada")).split("\n")[:4]
    yield "paper", "ok", " ".join(good)
    yield "paper-as-typed", "ok", "-".join(good).lower().replace("o", "0").replace("i", "1")
    yield "paper-8-for-b", "ok", " ".join(good).replace("B", "8")
    yield "paper-no-blanks", "ok", "".join(good).replace(" ", "")
    wrong = "A" if good[1][3] != "A" else "B"
    yield "paper-mistyped", "keyfile", " ".join([good[0], good[1][:3] + wrong + good[1][4:], *good[2:]])
    yield "paper-lines-swapped", "keyfile", " ".join([good[1], good[0], *good[2:]])
    yield "paper-a-line-missing", "keyfile", " ".join(good[:3])
    yield "paper-one-more", "keyfile", " ".join(good) + "A"
    yield "paper-9", "keyfile", "9" + " ".join(good)[1:]
    yield "paper-nothing", "keyfile", "-"


def _paper_outcome(text):
    try:
        return "ok" if backup.paper_read(text) == seed("ada") else "another seed"
    except Fault as fault:
        return str(fault)


_KEYS = [(i + 1, fixed("retired ik %d" % i, 32), fixed("retired xk %d" % i, 32)) for i in range(9)]


def _retireds():
    def of(entries, who="ada"):
        return backup.retired_write(seed(who), entries, _NONCE)

    yield "retired-one", "ok", of(_KEYS[:1])
    yield "retired-most", "ok", of(_KEYS[:8])
    yield "retired-one-more", "keyfile", of(_KEYS)
    yield "retired-none", "keyfile", of([])
    yield "retired-of-another", "keyfile", of(_KEYS[:1], "bob")
    yield "retired-cut", "keyfile", of(_KEYS[:2])[:-1]
    yield "retired-trailing", "keyfile", of(_KEYS[:1]) + b"\0"
    yield "retired-altered", "keyfile", _flip(of(_KEYS[:1]), 50)
    yield "retired-magic", "keyfile", b"KITHOLD2" + of(_KEYS[:1])[8:]
    yield "retired-empty", "keyfile", b""


def _retired_outcome(data):
    try:
        return "ok", backup.retired_read(seed("ada"), data)
    except Fault as fault:
        return str(fault), []


def cases():
    for name, want, data in _files():
        got, parts = _file_outcome(data)
        assert got == want, "%s: %s" % (name, got)
        yield [("name", name), ("kind", "file"), ("expect", want), ("input", data),
               ("passphrase", _WORD)] + [("part", "%s %s" % (n, b.hex() or "-")) for n, b in parts]
    for name, want, text in _papers():
        assert _paper_outcome(text) == want, "%s: %s" % (name, _paper_outcome(text))
        case = [("name", name), ("kind", "paper"), ("expect", want), ("text", text)]
        yield case + ([("seed", seed("ada"))] if want == "ok" else [])
    for name, want, data in _retireds():
        got, entries = _retired_outcome(data)
        assert got == want, "%s: %s" % (name, got)
        yield [("name", name), ("kind", "retired"), ("expect", want), ("input", data),
               ("seed", seed("ada"))] + [("key", "%d %s %s" % (s, i.hex(), x.hex()))
                                         for s, i, x in entries]
