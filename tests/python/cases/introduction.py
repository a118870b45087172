# SPDX-License-Identifier: MIT
"""Introductions: statements, messages and files, whole and with one fault each."""

from kithref import card, introduction, keys
from kithref import numbers as n
from kithref.introduction import (
    GRANTED, HANDOVER, PROPOSE, aud, file_body, grant_body, intro_body, message, open_file, open_grant,
    open_intro, open_message, seal_file)
from kithref.statement import GRANT, INTRO, REVOKE, pack, revoke_body, seal
from kithref.strict import Fault

from . import seed

TITLE = """
Introductions (proto/introduction.md): `input` is what stands there as signed or sent.
kind grant, intro: a statement; the keys of its body by name.
kind aud: `id`, `ik`, `salt` -> `aud`.
kind propose, granted, handover: a message, PROPOSE, GRANT or INTRO; its keys by name.
kind file: one of these on its way by file; `from`, `to`, `number` (its kind) and `bytes`.
kind armor: `input` is the file's text, `bytes` what it holds.
"""

ADA, BOB, CAROL = (keys.Identity(seed(name)) for name in ("ada", "bob", "carol"))
ID = seed("introduction")[:16]
SALT_B, SALT_C = seed("salt b"), seed("salt c")
CARD_C = card.seal(CAROL, pack(card.body(CAROL, [[1, 0, "", "Carol"]])))
AUD_B, AUD_C = aud(ID, CAROL.ik, SALT_B), aud(ID, BOB.ik, SALT_C)


def _grant(signer=CAROL, kind=GRANT, **changes):
    return seal(kind, pack(grant_body(CAROL, ADA.ik, ID, AUD_C, CARD_C, **changes)), signer)


def _intro(signer=ADA, **changes):
    return seal(INTRO, pack(intro_body(ADA, CAROL.ik, BOB.ik, ID, CARD_C, **changes)), signer)


def _propose(words="You both restore looms.", **changes):
    return message(PROPOSE, ID, AUD_B, words, **changes)


def _granted(**changes):
    return message(GRANTED, _grant(), CARD_C, **changes)


def _handover(**changes):
    return message(HANDOVER, _intro(), _grant(), CARD_C, SALT_C, SALT_B, **changes)


def _file(sender=ADA, kind=PROPOSE, **changes):
    return seal_file(sender, pack(file_body(ADA, BOB.ik, kind, _propose(), **changes)))


GRANT_KEYS = ("id", "subject", "introducer", "aud", "card", "issued")
INTRO_KEYS = ("id", "introducer", "subject", "audience", "card", "how", "issued")
MESSAGE_KEYS = {
    "propose": ("id", "aud", "words"),
    "granted": ("grant", "envelope"),
    "handover": ("intro", "grant", "envelope", "salt_theirs", "salt_mine"),
}
NUMBER = {"propose": PROPOSE, "granted": GRANTED, "handover": HANDOVER}


def cases():
    for name, want, data in _grants():
        yield _case("grant", name, want, data, open_grant, GRANT_KEYS, 2)
    for name, want, data in _intros():
        yield _case("intro", name, want, data, open_intro, INTRO_KEYS, 2)
    yield [("name", "aud"), ("kind", "aud"), ("expect", "ok"), ("id", ID), ("ik", BOB.ik), ("salt", SALT_C),
           ("aud", AUD_C)]
    for kind, made in (("propose", _proposes()), ("granted", _granteds()), ("handover", _handovers())):
        for name, want, data in made:
            yield _case(kind, name, want, data, lambda d, k=kind: open_message(NUMBER[k], d), MESSAGE_KEYS[kind], 1)
    for name, want, data in _files():
        yield _case("file", name, want, data, open_file, ("from", "to", "number", "bytes"), 2)
    yield from _armored()


def _case(kind, name, want, data, read, names, first):
    case = [("name", "%s-%s" % (kind, name)), ("kind", kind), ("expect", want), ("input", data)]
    try:
        made, got = read(data), "ok"
    except Fault as fault:
        got = str(fault)
    assert got == want, "%s-%s: %s" % (kind, name, got)
    if got != "ok":
        return case
    values = [made[key] for key in range(first, first + len(names))]
    return case + [(k, v.encode() if isinstance(v, str) else v) for k, v in zip(names, values)]


def _faults(make, bins, numbers, label):
    """The faults that every map has: each field away, of another type, too long, too short."""
    for key, name, size in bins:
        k = "k%d" % key
        yield "no-" + name, "shape", make(**{k: None})
        yield name + "-as-text", "type", make(**{k: "x" * (size or 8)})
        if size:
            yield name + "-short", "shape", make(**{k: bytes(size - 1)})
            yield name + "-long", "shape", make(**{k: bytes(size + 1)})
    for key, name, most in numbers:
        k = "k%d" % key
        yield "no-" + name, "shape", make(**{k: None})
        yield name + "-as-bin", "type", make(**{k: b"1"})
        yield name + "-too-great", "type", make(**{k: most + 1})
    yield "key-11", "version", make(k11=1)
    yield "key-63", "version", make(k63=1)
    yield "key-64", "ok", make(k64=1)
    yield "key-0", "version", make(k0=1)


def _statements(make, kind, signer):
    yield "no-fmt", "shape", make(k1=None)
    yield "fmt-2", "version", make(k1=2)
    yield "fmt-as-text", "type", make(k1="1")
    yield "size-over", "limit", make(k64=b"x" * 900)
    yield "byte-behind", "shape", make() + b"\x00"
    yield "empty", "truncated", b""
    yield "a-card", "notcard", CARD_C
    yield "a-revocation", "subject", seal(REVOKE, pack(revoke_body(signer)), signer)
    yield "body-an-array", "shape", seal(kind, pack([1]), signer)
    yield "signed-by-another", "sig", make(signer=BOB)
    yield "under-another-label", "sig", seal(kind, pack(_body(kind)), signer, label="kith/1 revoke")
    yield "two-signatures", "shape", seal(kind, pack(_body(kind)), signer, signer)


def _body(kind):
    if kind == GRANT:
        return grant_body(CAROL, ADA.ik, ID, AUD_C, CARD_C)
    return intro_body(ADA, CAROL.ik, BOB.ik, ID, CARD_C)


def _grants():
    yield "whole", "ok", _grant()
    yield "issued-max", "ok", _grant(k7=2**53 - 1)
    bins = ((2, "id", 16), (3, "subject", 32), (4, "introducer", 32), (5, "aud", 32), (6, "card", 32))
    yield from _faults(_grant, bins, ((7, "issued", 2**53 - 1),), "grant")
    yield from _statements(_grant, GRANT, CAROL)
    yield "an-intro", "subject", _intro()
    yield "small-order-key", "sig", _grant(k3=bytes(32))
    yield "bit", "sig", _bit(_grant())


def _intros():
    for how in range(4):
        yield "how-%d" % how, "ok", _intro(k7=how)
    bins = ((2, "id", 16), (3, "introducer", 32), (4, "subject", 32), (5, "audience", 32), (6, "card", 32))
    yield from _faults(_intro, bins, ((7, "how", 3), (8, "issued", 2**53 - 1)), "intro")
    yield from _statements(_intro, INTRO, ADA)
    yield "a-grant", "subject", _grant()
    yield "bit", "sig", _bit(_intro())


def _bit(data):
    """The last bit of the body of a statement, in front of two bytes of head and the signature."""
    at = len(data) - 64 - 3
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def _proposes():
    yield "whole", "ok", _propose()
    yield "one-character", "ok", _propose("x")
    yield "most-characters", "ok", _propose("x" * n.INTRODUCTION_WORDS)
    yield "most-bytes", "ok", _propose("\U0001f600" * n.INTRODUCTION_WORDS)
    yield "a-character-too-many", "limit", _propose("x" * (n.INTRODUCTION_WORDS + 1))
    yield "no-words-at-all", "value", _propose("")
    yield "no-words", "shape", _propose(k3=None)
    yield "words-as-bin", "type", _propose(k3=b"words")
    yield "words-not-utf8", "utf8", _propose("xx").replace(b"xx", b"\xff\xfe")
    yield "words-with-nul", "utf8", _propose("x\0x")
    yield "an-array", "shape", pack([1])
    yield "empty", "truncated", b""
    yield from _faults(_propose, ((1, "id", 16), (2, "aud", 32)), (), "propose")


def _granteds():
    yield "whole", "ok", _granted()
    yield "size-max", "ok", _sized(_granted, n.PARCEL_MAX)
    yield "size-over", "limit", _sized(_granted, n.PARCEL_MAX) + b"\x00"
    yield "an-array", "shape", pack([1, 2])
    yield from _faults(_granted, ((1, "grant", 0), (2, "envelope", 0)), (), "granted")


def _handovers():
    yield "whole", "ok", _handover()
    yield "an-array", "shape", pack([1, 2])
    bins = ((1, "intro", 0), (2, "grant", 0), (3, "envelope", 0), (4, "salt-theirs", 32), (5, "salt-mine", 32))
    yield from _faults(_handover, bins, (), "handover")


def _sized(make, total):
    """With an ignorable key that makes it so many bytes."""
    length = total - len(make(k64=b"x" * 300)) + 300
    data = make(k64=b"x" * length)
    assert len(data) == total
    return data


def _files():
    for kind in (PROPOSE, GRANTED, HANDOVER):
        yield "kind-%d" % kind, "ok", _file(kind=kind)
    bins = ((2, "from", 32), (3, "to", 32), (5, "bytes", 0))
    yield from _faults(_file, bins, ((4, "number", 6),), "file")
    yield "kind-3", "type", _file(kind=3)
    yield "kind-0", "type", _file(kind=0)
    yield "no-fmt", "shape", _file(k1=None)
    yield "fmt-2", "version", _file(k1=2)
    yield "signed-by-another", "sig", _file(sender=BOB)
    body = pack(file_body(ADA, BOB.ik, PROPOSE, _propose()))
    sig = ADA.sign("kith/1 introduction", body)
    yield "under-another-label", "sig", seal_file(ADA, body, label="kith/1 grant")
    yield "version-2", "version", seal_file(ADA, body, version=2)
    yield "size-max", "ok", _sized(_file, n.INTRODUCTION_FILE_MAX)
    yield "size-over", "limit", _sized(_file, n.INTRODUCTION_FILE_MAX) + b"\x00"
    yield "byte-behind", "shape", _file() + b"\x00"
    yield "a-card", "notcard", CARD_C
    yield "three-elements", "notcard", pack(["KITHINTR", 1, body])
    yield "body-as-text", "type", pack(["KITHINTR", 1, "body", sig])
    yield "sig-of-63", "shape", pack(["KITHINTR", 1, body, sig[:-1]])
    yield "body-an-array", "shape", seal_file(ADA, pack([1]))


def _armored():
    whole = introduction.armor(_file())
    texts = (
        ("whole", "ok", whole),
        ("bytes", "ok", _file()),
        ("quoted", "ok", b"Hello\n" + b"".join(b"> " + line + b"\r\n" for line in whole.splitlines())),
        ("no-end", "shape", whole[: whole.index(b"-----END")]),
        ("a-card", "notcard", whole.replace(b"INTRODUCTION", b"CARD")),
        ("none", "notcard", b"Hello\n"),
    )
    for name, want, text in texts:
        case = [("name", "armor-" + name), ("kind", "armor"), ("expect", want), ("input", text)]
        try:
            data, got = introduction.from_file(text), "ok"
        except Fault as fault:
            got = str(fault)
        assert got == want, "%s: %s" % (name, got)
        yield case + ([("bytes", data)] if got == "ok" else [])
