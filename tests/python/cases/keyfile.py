# SPDX-License-Identifier: MIT
"""Key files, whole and broken."""

from kithref import keys
from kithref.strict import Fault

from . import fixed, seed

TITLE = """
The key file (proto/card.md, "Key file"): `input` is the file, `passphrase` what is typed (text, not
in NFC yet; the line is missing when nobody is asked), `seed` what comes out.
A damaged file is `keyfile`, a sound one that the passphrase does not open is `passphrase`; a file
with kdf 0 that does not open is damaged.
"""

_SEED = seed("ada")
_NONCE = fixed("nonce", 24)
_SALT = fixed("salt", 16)


def _plain(**changes):
    return keys.keyfile_write(_SEED, keys.keyfile_header(0, **changes), _NONCE)


def _locked(ops=1, mem_kib=8, word=b"correct horse"):
    return keys.keyfile_write(_SEED, keys.keyfile_header(1, ops, mem_kib, _SALT), _NONCE, word)


def _hostile(ops, mem_kib):
    """A header that asks for ops and mem_kib; nothing was computed for it."""
    return keys.keyfile_header(1, ops, mem_kib, _SALT) + _NONCE + bytes(52)


def _flip(data, at):
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def _rows():
    plain, locked = _plain(), _locked()
    yield "kdf-0", "ok", plain, None
    yield "kdf-1", "ok", locked, "correct horse"
    yield "kdf-1-more", "ok", _locked(3, 64), "correct horse"
    yield "kdf-1-at-most-ops", "ok", _locked(10, 8), "correct horse"
    yield "kdf-1-empty-passphrase", "ok", _locked(word=b""), ""
    yield "kdf-1-utf8", "ok", _locked(word="größe".encode()), "größe"
    yield "kdf-1-nfd", "ok", _locked(word="größe".encode()), "gro\u0308ße"
    yield "kdf-1-nfc-grows", "ok", _locked(word="\u0308\u0301".encode()), "\u0344"
    yield "kdf-1-no-nfkc", "passphrase", _locked(word=b"1"), "\u00b9"
    yield "kdf-1-case-counts", "passphrase", locked, "Correct horse"
    yield "kdf-1-blanks-count", "passphrase", locked, "correct horse "
    yield "kdf-1-longest", "ok", _locked(word=b"x" * 1024), "x" * 1024
    yield "kdf-1-wrong-passphrase", "passphrase", locked, "correct hors"
    yield "kdf-1-flipped-salt", "passphrase", _flip(locked, 20), "correct horse"
    yield "kdf-1-flipped-nonce", "passphrase", _flip(locked, 40), "correct horse"
    yield "kdf-1-flipped-ct", "passphrase", _flip(locked, 108), "correct horse"
    yield "kdf-1-other-ops", "passphrase", locked[:12] + b"\x02" + locked[13:], "correct horse"
    yield "kdf-1-ops-0", "keyfile", _hostile(0, 8), "x"
    yield "kdf-1-ops-11", "keyfile", _hostile(11, 8), "x"
    yield "kdf-1-ops-huge", "keyfile", _hostile(2**31, 8), "x"
    yield "kdf-1-mem-7", "keyfile", _hostile(1, 7), "x"
    yield "kdf-1-mem-one-past", "keyfile", _hostile(1, 1048577), "x"
    yield "kdf-1-mem-4-gib", "keyfile", _hostile(1, 4194304), "x"
    yield "kdf-1-mem-huge", "keyfile", _hostile(10, 2**32 - 1), "x"
    yield "kdf-2", "version", plain[:8] + b"\x02" + plain[9:], None
    for name, at in (("magic", 7), ("salt", 17), ("nonce", 33), ("ct", 57), ("last-byte", 108)):
        yield "kdf-0-flipped-" + name, "keyfile", _flip(plain, at), None
    yield "kdf-0-ops-not-zero", "keyfile", _plain(ops=1), None
    yield "kdf-0-mem-not-zero", "keyfile", _plain(mem_kib=8), None
    yield "kdf-0-salt-not-zero", "keyfile", _plain(salt=_SALT), None
    yield "kdf-0-taken-for-kdf-1", "keyfile", plain[:8] + b"\x01" + plain[9:], ""
    flags = keys.keyfile_write(_SEED, keys.keyfile_header(0), _NONCE, flags=1)
    yield "flags-not-zero", "version", flags, None
    yield "wrong-magic", "keyfile", b"KITHKEY2" + plain[8:], None
    yield "empty", "keyfile", b"", None
    yield "cut-in-header", "keyfile", plain[:32], None
    yield "cut", "keyfile", plain[:-1], None
    yield "trailing-byte", "keyfile", plain + b"\0", None


def cases():
    for name, want, data, word in _rows():
        assert _outcome(data, word) == want, "%s: %s" % (name, _outcome(data, word))
        case = [("name", name), ("expect", want), ("input", data)]
        if word is not None:
            case.append(("passphrase", word))
        if want == "ok":
            case.append(("seed", _SEED))
        yield case


def _outcome(data, word):
    try:
        made = keys.keyfile_read(data, keys.passphrase_bytes(word or ""))
    except Fault as fault:
        return str(fault)
    return "ok" if made == _SEED else "another seed"
