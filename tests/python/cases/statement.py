# SPDX-License-Identifier: MIT
"""Statements about keys, whole and with one fault each, and what a holder makes of them in turn."""

from kithref import card, keys, statement
from kithref import numbers as n
from kithref.statement import GRANT, INTRO, REVOKE, ROTATE, pack, revoke_body, rotate_body, seal
from kithref.strict import Fault

from . import edges, seed

TITLE = """
Statements about keys (proto/statement.md): `input` is the statement.
Where it is ok: `what` rotate or revoke, the keys of the body (rotate: `ik`, `new_ik`, `new_xk`, `seq`, `issued`;
revoke: `ik`, `reason`, `issued`), and `hash`, by which two that say the same are known.
`subject`: one of an introduction.
kind armor: `input` is the file's text, `bytes` what it holds.
kind holder: somebody holds a person under the key `ik`, and knows `other` keys; then, in order, each `step`: `take`
and a statement in hex, `prove` (a proof under the key held), `compare` (in person, under the key held). `came` is what
came of each: rotated, frozen, evidence, same, nobody, or why it was refused; for the others `-`. At the end the
person has the key `ends`, and is `frozen` for that reason, or `no`.
"""

ADA, NEW, NEXT = (keys.Identity(seed(name)) for name in ("ada", "ada new", "ada next"))
BOB, THIEF = keys.Identity(seed("bob")), keys.Identity(seed("thief"))
ROTATION, REVOCATION = statement.rotate(ADA, NEW), statement.revoke(ADA, 2)


def cases():
    for name, want, data in (*_sound(), *_outer(), *_rotations(), *_revocations(), *_signed()):
        yield _case(name, want, data)
    yield from _armored()
    yield from _holders()


def _case(name, want, data):
    case = [("name", name), ("kind", "statement"), ("expect", want), ("input", data)]
    try:
        (kind, made), got = statement.open_statement(data), "ok"
    except Fault as fault:
        got = str(fault)
    assert got == want, "%s: %s" % (name, got)
    return case + (_decoded(kind, made) if got == "ok" else [])


def _decoded(kind, made):
    lines = [("what", "rotate" if kind == ROTATE else "revoke"), ("ik", made[2])]
    if kind == ROTATE:
        lines += [("new_ik", made[3]), ("new_xk", made[4]), ("seq", made[5]), ("issued", made[6])]
    else:
        lines += [("reason", made[3]), ("issued", made[4])]
    return lines + [("hash", statement.hash_of(kind, pack(made)))]


def _rot(*signers, **changes):
    return seal(ROTATE, pack(rotate_body(ADA, NEW, **changes)), *(signers or (ADA, NEW)))


def _rev(*signers, **changes):
    return seal(REVOKE, pack(revoke_body(ADA, **changes)), *(signers or (ADA,)))


def _sized(total):
    """A revocation of exactly so many bytes."""
    for length in range(total):
        data = _rev(k64=b"x" * length)
        if len(data) == total:
            return data
    raise AssertionError(total)


def _sound():
    yield "rotate", "ok", ROTATION
    yield "revoke", "ok", REVOCATION
    for reason in range(4):
        yield "revoke-reason-%d" % reason, "ok", _rev(k3=reason)
    yield "rotate-seq-max", "ok", _rot(k5=2**53 - 1)
    yield "rotate-issued-0", "ok", _rot(k6=0)
    yield "rotate-issued-max", "ok", _rot(k6=2**53 - 1)
    yield "revoke-issued-max", "ok", _rev(k4=2**53 - 1)
    yield "rotate-key-64-ignorable", "ok", _rot(k64=1)
    yield "revoke-key-70-ignorable", "ok", _rev(k70={1: [True, "x", b"y"]})
    yield "size-%d" % n.STATEMENT_MAX, "ok", _sized(n.STATEMENT_MAX)
    yield "grant", "subject", seal(GRANT, pack({1: 1, 2: ADA.ik}), ADA)
    yield "intro", "subject", seal(INTRO, pack({1: 1, 2: ADA.ik}), ADA)


def _outer():
    """The frame."""
    body = pack(revoke_body(ADA))
    sig = ADA.sign("kith/1 revoke", body)
    yield "empty", "truncated", b""
    yield "size-%d" % (n.STATEMENT_MAX + 1), "limit", _sized(n.STATEMENT_MAX) + b"\x00"
    yield "signed-%d" % (n.STATEMENT_MAX + 1), "limit", _sized_over()
    yield "cut-in-the-middle", "truncated", ROTATION[: len(ROTATION) // 2]
    yield "byte-behind", "shape", ROTATION + b"\x00"
    yield "not-shortest", "shape", b"\xdc\x00\x05" + REVOCATION[1:]
    yield "a-card", "notcard", card.seal(ADA, pack(card.body(ADA, [[1, 0, "", "Ada"]])))
    yield "a-map", "notcard", pack({1: 1})
    yield "four-elements", "notcard", pack(["KITHSTMT", 1, 2, body])
    yield "six-elements", "notcard", pack(["KITHSTMT", 1, 2, body, sig, 1])
    yield "other-magic", "notcard", pack(["KITHSTMX", 1, 2, body, sig])
    yield "magic-as-bin", "notcard", pack([b"KITHSTMT", 1, 2, body, sig])
    yield "version-0", "version", pack(["KITHSTMT", 0, 2, body, sig])
    yield "version-2", "version", pack(["KITHSTMT", 2, 2, body, sig])
    yield "version-as-text", "version", pack(["KITHSTMT", "1", 2, body, sig])
    yield "kind-0", "version", pack(["KITHSTMT", 1, 0, body, sig])
    yield "kind-5", "version", pack(["KITHSTMT", 1, 5, body, sig])
    yield "kind-as-bool", "version", pack(["KITHSTMT", 1, True, body, sig])
    yield "kind-2-to-32", "version", pack(["KITHSTMT", 1, 2**32 + 2, body, sig])
    yield "body-as-text", "type", pack(["KITHSTMT", 1, 2, "body", sig])
    yield "body-as-map", "type", pack(["KITHSTMT", 1, 2, {1: 1}, sig])
    yield "sigs-as-text", "type", pack(["KITHSTMT", 1, 2, body, "s" * 64])
    yield "sig-of-63", "shape", pack(["KITHSTMT", 1, 2, body, sig[:-1]])
    yield "sig-of-65", "shape", pack(["KITHSTMT", 1, 2, body, sig + b"\x00"])
    yield "revoke-with-two-sigs", "shape", _rev(ADA, ADA)
    yield "rotate-with-one-sig", "shape", _rot(ADA)
    yield "rotate-with-three-sigs", "shape", _rot(ADA, NEW, NEXT)
    yield "no-sig", "shape", pack(["KITHSTMT", 1, 2, body, b""])


def _sized_over():
    body = pack(revoke_body(ADA, k64=b"x" * 900))
    data = seal(REVOKE, body, ADA)
    assert len(data) > n.STATEMENT_MAX
    return data


def _raw(kind, packed):
    return seal(kind, packed, *((ADA, NEW) if kind == ROTATE else (ADA,)))


def _rotations():
    yield "rotate-body-empty", "truncated", _raw(ROTATE, b"")
    yield "rotate-body-an-array", "shape", _raw(ROTATE, pack([1]))
    yield "rotate-body-byte-behind", "shape", _raw(ROTATE, pack(rotate_body(ADA, NEW)) + b"\x00")
    yield "rotate-body-key-twice", "dup", _raw(ROTATE, b"\x82\x01\x01\x01\x01")
    yield "rotate-body-keys-out-of-order", "shape", _raw(ROTATE, b"\x82\x02\x01\x01\x01")
    yield "rotate-body-nil", "type", _raw(ROTATE, b"\x81\x01\xc0")
    yield "rotate-no-fmt", "shape", _rot(k1=None)
    yield "rotate-fmt-0", "version", _rot(k1=0)
    yield "rotate-fmt-2", "version", _rot(k1=2)
    yield "rotate-fmt-as-text", "type", _rot(k1="1")
    for key, name in ((2, "old"), (3, "new"), (4, "xk")):
        changes = {"k%d" % key: None}
        yield "rotate-no-" + name, "shape", _rot(**changes)
        yield "rotate-%s-as-text" % name, "type", _rot(**{"k%d" % key: "x" * 32})
        yield "rotate-%s-of-31" % name, "shape", _rot(**{"k%d" % key: bytes(31)})
        yield "rotate-%s-of-33" % name, "shape", _rot(**{"k%d" % key: bytes(33)})
    yield "rotate-to-itself", "type", seal(ROTATE, pack(rotate_body(ADA, ADA)), ADA, ADA)
    yield "rotate-no-seq", "shape", _rot(k5=None)
    yield "rotate-seq-0", "type", _rot(k5=0)
    yield "rotate-seq-2-to-53", "type", _rot(k5=2**53)
    yield "rotate-seq-as-bin", "type", _rot(k5=b"1")
    yield "rotate-no-issued", "shape", _rot(k6=None)
    yield "rotate-issued-2-to-53", "type", _rot(k6=2**53)
    yield "rotate-issued-as-text", "type", _rot(k6="now")
    yield "rotate-key-0", "version", _rot(k0=1, **{})
    yield "rotate-key-7", "version", _rot(k7=1)
    yield "rotate-key-63", "version", _rot(k63=1)
    yield "rotate-bad-field-before-signatures", "type", _rot(THIEF, THIEF, k5=0)


def _revocations():
    yield "revoke-body-an-array", "shape", _raw(REVOKE, pack([1]))
    yield "revoke-no-fmt", "shape", _rev(k1=None)
    yield "revoke-fmt-2", "version", _rev(k1=2)
    yield "revoke-no-ik", "shape", _rev(k2=None)
    yield "revoke-ik-as-text", "type", _rev(k2="x" * 32)
    yield "revoke-ik-of-31", "shape", _rev(k2=bytes(31))
    yield "revoke-ik-of-33", "shape", _rev(k2=bytes(33))
    yield "revoke-no-reason", "shape", _rev(k3=None)
    yield "revoke-reason-4", "type", _rev(k3=4)
    yield "revoke-reason-as-text", "type", _rev(k3="lost")
    yield "revoke-no-issued", "shape", _rev(k4=None)
    yield "revoke-issued-2-to-53", "type", _rev(k4=2**53)
    yield "revoke-key-0", "version", _rev(k0=1)
    yield "revoke-key-5", "version", _rev(k5=1)
    yield "revoke-key-63", "version", _rev(k63=1)


def _flipped(data, at):
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def _edge(ik, number, part):
    """A revocation of a key at the edge of Ed25519, whose equation holds."""
    front = b"kith/1 revoke\x00"
    over = lambda at: front + pack(revoke_body(ADA, issued=at, k2=ik))
    message, sig = edges.sign(ik, number, part, over)
    return pack(["KITHSTMT", 1, REVOKE, message[len(front) :], sig])


def _signed():
    rotation, revocation = pack(rotate_body(ADA, NEW)), pack(revoke_body(ADA))
    yield "rotate-by-old-alone", "sig", _rot(ADA, ADA)
    yield "rotate-by-new-alone", "sig", _rot(NEW, NEW)
    yield "rotate-signed-the-other-way-round", "sig", _rot(NEW, ADA)
    yield "rotate-first-bit-flipped", "sig", _flipped(ROTATION, len(ROTATION) - 128)
    yield "rotate-last-bit-flipped", "sig", _flipped(ROTATION, len(ROTATION) - 1)
    yield "rotate-binding-a-strangers-key", "sig", seal(
        ROTATE, pack(rotate_body(ADA, BOB)), ADA, ADA)
    yield "rotate-label-of-a-revocation", "sig", seal(
        ROTATE, rotation, ADA, NEW, label="kith/1 revoke")
    yield "revoke-by-another", "sig", _rev(THIEF)
    yield "revoke-bit-flipped", "sig", _flipped(REVOCATION, len(REVOCATION) - 1)
    yield "revoke-label-of-a-card", "sig", seal(REVOKE, revocation, ADA, label="kith/1 card")
    yield "revoke-label-of-a-rotation", "sig", seal(REVOKE, revocation, ADA, label="kith/1 rotate")
    for name, ik, number, part in edges.keys():
        if name.startswith("small"):
            yield "revoke-by-" + name, "sig", _edge(ik, number, part)
    yield "bad-signature-before-critical-key", "sig", _rev(THIEF, k5=1)


# --- armor


def _armored():
    text = statement.armor(ROTATION)
    envelope = card.seal(ADA, pack(card.body(ADA, [[1, 0, "", "Ada"]])))
    for name, want, data, holds in (
        ("armor", "ok", text, ROTATION),
        ("armor-as-it-is", "ok", ROTATION, ROTATION),
        ("armor-crlf", "ok", text.replace(b"\n", b"\r\n"), ROTATION),
        ("armor-quoted", "ok", b"> " + text.replace(b"\n", b"\n> "), ROTATION),
        ("armor-text-around", "ok", b"hello\n" + text + b"bye\n", ROTATION),
        ("armor-joined", "ok", text.replace(b"\n", b" "), ROTATION),
        ("armor-long-dashes", "ok", text.replace(b"-----", "\u2014".encode() * 2), ROTATION),
        ("armor-behind-a-card", "ok", card.armor(envelope) + text, ROTATION),
        ("armor-of-two-the-first", "ok", text + statement.armor(REVOCATION), ROTATION),
        ("armor-of-a-card", "notcard", card.armor(envelope), None),
        ("armor-joined-holds-a-card", "notcard",
         text.replace(b"\n", b" ").replace(b"lahL", b"lKhL"), None),
        ("armor-ends-as-a-card", "shape", text.replace(b"END KITH STATEMENT", b"END KITH CARD"), None),
        ("armor-no-end", "shape", text[: text.index(b"-----END")], None),
        ("armor-no-base64", "shape", text.replace(b"lahL", b"la#L"), None),
        ("armor-plural", "notcard", text.replace(b"STATEMENT", b"STATEMENTS"), None),
        ("armor-nothing", "notcard", b"", None),
    ):
        try:
            found, got = statement.from_file(data), "ok"
        except Fault as fault:
            found, got = None, str(fault)
        assert (got, found) == (want, holds), "%s: %s" % (name, got)
        case = [("name", name), ("kind", "armor"), ("expect", want), ("input", data)]
        yield case + ([("bytes", holds)] if want == "ok" else [])


# --- a holder


def _holder(name, steps, ends, frozen="no", came=None, others=()):
    held = statement.Holder(ADA.ik, [o.ik for o in others])
    case = [("name", "holder-" + name), ("kind", "holder"), ("expect", "ok"), ("ik", ADA.ik)]
    case += [("other", o.ik) for o in others]
    got = []
    for step in steps:
        if isinstance(step, bytes):
            case.append(("step", "take " + step.hex()))
            got.append(held.take(step))
        else:
            case.append(("step", step))
            getattr(held, step)()
            got.append("-")
    assert came is None or got == came.split(), "%s: %s" % (name, got)
    assert (held.ik, held.frozen or "no") == (ends.ik, frozen), "%s: %s" % (name, held.frozen)
    return case + [("came", " ".join(got)), ("ends", ends.ik), ("frozen", frozen)]


def _chain(length):
    """So many rotations in a row, and whom they lead to."""
    at, steps = ADA, []
    for i in range(length):
        to = keys.Identity(seed("ada chain %d" % i))
        steps.append(statement.rotate(at, to, i + 1))
        at = to
    return steps, at


def _holders():
    rotation, theft = statement.rotate(ADA, NEW), statement.rotate(ADA, THIEF)
    revocation = statement.revoke(ADA, 2)
    yield _holder("rotates", [rotation], NEW, came="rotated")
    yield _holder("the-same-again", [rotation, rotation], NEW, came="rotated same")
    yield _holder("says-it-anew", [rotation, statement.rotate(ADA, NEW, 2, 1)], NEW, came="rotated same")
    yield _holder("second-unsettled", [rotation, theft], NEW, "twice", "rotated frozen")
    yield _holder("second-settled", [rotation, "prove", theft], NEW, came="rotated - evidence")
    yield _holder("second-anchored", [rotation, "compare", theft], NEW, came="rotated - evidence")
    yield _holder("second-again", [rotation, "prove", theft, theft], NEW, came="rotated - evidence same")
    yield _holder("thaws", [rotation, theft, "compare"], NEW, came="rotated frozen -")
    yield _holder("thaws-and-holds", [rotation, theft, "compare", revocation], NEW,
                  came="rotated frozen - evidence")
    yield _holder("revoked", [revocation], ADA, "revoked", "frozen")
    yield _holder("revoked-is-not-thawed", [revocation, "compare"], ADA, "revoked", "frozen -")
    yield _holder("revoked-then-rotated", [revocation, theft], ADA, "revoked", "frozen stalekey")
    yield _holder("revoked-twice", [revocation, statement.revoke(ADA, 1)], ADA, "revoked", "frozen same")
    yield _holder("left-revoked", [rotation, revocation], NEW, "left", "rotated frozen")
    yield _holder("left-revoked-settled", [rotation, "prove", revocation], NEW, "left", "rotated - frozen")
    yield _holder("left-revoked-anchored", [rotation, "compare", revocation], NEW, came="rotated - evidence")
    yield _holder("left-revoked-thaws", [rotation, revocation, "compare"], NEW, came="rotated frozen -")
    yield _holder("frozen-then-revoked", [rotation, theft, statement.revoke(NEW), "compare"], NEW, "revoked",
                  "rotated frozen frozen -")
    yield _holder("frozen-rotates-no-more", [rotation, theft, statement.rotate(NEW, NEXT)], NEW, "twice",
                  "rotated frozen stalekey")
    yield _holder("thief-first", [theft, "prove", rotation, revocation], THIEF, "left",
                  "rotated - evidence frozen")
    yield _holder("back-to-a-key-that-was-left", [rotation, statement.rotate(NEW, ADA, 2)], NEW,
                  came="rotated stalekey")
    yield _holder("to-somebody-elses", [statement.rotate(ADA, BOB)], ADA, came="exists", others=[BOB])
    yield _holder("of-a-stranger", [statement.rotate(BOB, NEW), statement.revoke(BOB)], ADA,
                  came="nobody nobody")
    steps, end = _chain(8)
    yield _holder("chain-of-8", steps, end)
    steps, end = _chain(9)
    yield _holder("chain-of-9", steps, _chain(8)[1], came=" ".join(["rotated"] * 8 + ["limit"]))
    yield _holder("chain-of-9-compared-between", [*steps[:8], "compare", steps[8]], end)
    thefts = [statement.rotate(ADA, THIEF, i + 1) for i in range(n.EVIDENCE_MAX + 2)]
    came = ["rotated", "-", *["evidence"] * len(thefts), *["same"] * n.EVIDENCE_MAX, "evidence"]
    yield _holder("evidence-has-a-limit", [rotation, "prove", *thefts, *thefts[: n.EVIDENCE_MAX + 1]], NEW,
                  came=" ".join(came))
