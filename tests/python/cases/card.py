# SPDX-License-Identifier: MIT
"""Cards, whole and with one fault each."""

import nacl.bindings as sodium
from kithref import card, keys
from kithref.strict import Fault, pack

from . import edges, fixed, seed

TITLE = """
Cards (proto/card.md): `input` is the envelope.
Where it is ok: `id`, the body's keys (prev only where there is one), and one line a field:
`field: kind flags label part ...`, label and parts in hex, `-` for an empty one.
kind armor: `input` is the file's text, `envelope` what it holds.
kind revise: what a holder of `have` does with `input`, both of one (ik, card): replace, ignore,
conflict, rollback or limit.
Two cases stand for loops: every beginning of `ada` but the whole is `truncated`, and `ada` with
any one bit flipped is refused.
"""

ADA = keys.Identity(seed("ada"))
BOB = keys.Identity(seed("bob"))
NAME = [1, 0, "", "Ada Lovelace"]
RICH = [
    NAME,
    [2, 0, "", "Ada"],
    [3, 0, "", "Lovelace"],
    [4, 0, "", "Augusta"],
    [5, 0, "", "Lady"],
    [6, 0, "", "FRS"],
    [7, 0, "", "ada"],
    [7, 1, "", "Enchantress of Numbers"],
    [8, 0, "", "she/her"],
    [10, 0, "", "Analytical Society"],
    [11, 0, "", "Engines"],
    [12, 0, "", "Countess"],
    [20, 1, "work", "ada@example.org"],
    [20, 0, "home", "a.lovelace@example.net"],
    [21, 0, "mobile", "+44 20 7946 0018"],
    [22, 0, "", "https://example.org/~ada"],
    [23, 0, "home", "", "", "12 St James's Square", "London", "", "SW1Y 4JH", "England"],
    [30, 0, "", "1815-12-10"],
    [31, 0, "", "Grüße, 你好 👋\nsecond line"],
    [32, 0, "", "notes on engines"],
    [33, 0, "", "a Jacquard loom"],
    [40, 0, "", fixed("photo", 200)],
]


def cases():
    for name, want, data in (*_sound(), *_outer(), *_body_keys(), *_fields(), *_signed()):
        yield _case(name, want, data)
    yield from _armored()
    yield from _revised()


def _case(name, want, data):
    made, got = _open(data)
    assert got == want, "%s: %s" % (name, got)
    case = [("name", name), ("kind", "card"), ("expect", want), ("input", data)]
    return case + (_decoded(made) if made else [])


def _open(data):
    try:
        return card.open_envelope(data), "ok"
    except Fault as fault:
        return None, str(fault)


def _decoded(made):
    lines = [("id", keys.person_id(made[2])), ("ik", made[2]), ("xk", made[3])]
    lines += [("rev", made[4]), ("issued", made[5])]
    lines += [("prev", made[7])] if 7 in made else []
    lines += [("pass", made[8]), ("variant", made[9]), ("card", made[10])]
    for kind, flags, *texts in made[6]:
        texts = [text.encode() if isinstance(text, str) else text for text in texts]
        lines.append(("field", " ".join([str(kind), str(flags), *(t.hex() or "-" for t in texts)])))
    return lines


def _ada(fields=(NAME,), **changes):
    """Ada's envelope around a body of these fields with these keys changed."""
    return card.seal(ADA, pack(card.body(ADA, list(fields), **changes)))


def _raw_body(packed, identity=ADA):
    return card.seal(identity, packed)


def _spliced(key, value, again=b""):
    """Ada's body with the packed value of one key replaced by raw bytes."""
    made = card.body(ADA, [NAME])
    out = bytes([0x80 | len(made)])
    for number in made:
        out += pack(number) + (value if number == key else pack(made[number]))
    return _raw_body(out + again)


def _sized(total, **changes):
    """A body of exactly so many bytes: notes and one last note that fills it up."""
    notes = []
    while True:
        room = total - len(pack(card.body(ADA, [NAME, *notes], **changes)))
        if room == 0:
            return card.seal(ADA, pack(card.body(ADA, [NAME, *notes], **changes)))
        for length in range(min(room, 1024), -1, -1):
            note = [31, 0, "", "n" * length]
            size = len(pack(card.body(ADA, [NAME, *notes, note], **changes)))
            left = total - size
            if left == 0 or left > 40:
                notes.append(note)
                break


def _many(parts):
    """A body that declares 509 elements and as many more as its last field has parts."""
    full = [99, 0, "", *["p"] * 7]
    return _ada([NAME, *[full] * 43, [99, 0, "", "p"], [99, 0, "", *["p"] * parts]], k64=0, k65=0)


# --- sound


def _sound():
    yield "ada", "ok", _ada()
    yield "ada-rich", "ok", _ada(RICH)
    yield "bob", "ok", card.seal(BOB, pack(card.body(BOB, [[1, 1, "", "Bob"]], k8=2, k4=7)))
    yield "prev", "ok", _ada(k4=2, k7=card.prev_of(pack(card.body(ADA, [NAME]))))
    yield "prev-in-first-revision", "ok", _ada(k7=bytes(32))
    yield "rev-max", "ok", _ada(k4=2**53 - 1)
    yield "issued-0", "ok", _ada(k5=0)
    yield "issued-max", "ok", _ada(k5=2**53 - 1)
    yield "pass-0", "ok", _ada(k8=0)
    yield "pass-2", "ok", _ada(k8=2)
    yield "pocket", "ok", _ada(k9=1)
    yield "pocket-256", "ok", _sized(256, k9=1)
    yield "body-16384", "ok", _sized(16384)
    yield "key-64-ignorable", "ok", _ada(k64=1)
    yield "key-70-ignorable", "ok", _ada(k70={1: [True, "x", b"y"]})
    yield "key-largest-ignorable", "ok", _ada(**{"k%d" % (2**64 - 1): ""})
    yield "name-not-first", "ok", _ada([[20, 0, "", "ada@example.org"], NAME])
    yield "flags-all", "ok", _ada([[1, 2**64 - 1, "", "Ada"]])
    yield "name-128", "ok", _ada([[1, 0, "", "a" * 128]])
    yield "note-1024", "ok", _ada([NAME, [31, 0, "", "n" * 1024]])
    yield "photo-8192", "ok", _ada([NAME, [40, 0, "", bytes(8192)]])
    yield "label-32", "ok", _ada([NAME, [20, 0, "l" * 32, "a@example.org"]])
    yield "value-empty", "ok", _ada([NAME, [20, 0, "", ""]])
    yield "address-empty", "ok", _ada([NAME, [23, 0, "", *[""] * 7]])
    yield "fields-64", "ok", _ada([NAME, *[[20, 0, "", ""]] * 63])
    yield "two-emails", "ok", _ada([NAME, [20, 0, "", "a"], [20, 0, "", "a"]])
    yield "unknown-kind", "ok", _ada([NAME, [99, 0, "x", "text", b"\x00\xff"]])
    yield "unknown-kind-9", "ok", _ada([NAME, [9, 0, "", "x"]])
    yield "unknown-kind-0", "ok", _ada([NAME, [0, 0, "", "x"]])
    yield "unknown-kind-largest", "ok", _ada([NAME, [2**64 - 1, 0, "", "x"]])
    yield "unknown-kind-7-parts", "ok", _ada([NAME, [99, 0, "", *["p"] * 7]])
    yield "unknown-kind-1024", "ok", _ada([NAME, [99, 0, "", b"b" * 1024]])
    yield "unknown-kind-twice", "ok", _ada([NAME, [99, 0, "", "x"], [99, 0, "", "x"]])
    yield "elements-512", "ok", _many(3)


# --- the envelope


def _outer():
    body = pack(card.body(ADA, [NAME]))
    good = _ada()
    sig = ADA.sign(card.LABEL, body)
    yield "empty", "truncated", b""
    for at in (1, 9, 10, 11, 13, 100, len(good) - 66, len(good) - 64, len(good) - 1):
        yield "cut-at-%d" % at, "truncated", good[:at]
    yield "trailing-byte", "shape", good + b"\0"
    yield "envelope-16465", "limit", good + bytes(16465 - len(good))
    yield "declared-body-4-gib", "limit", good[:11] + bytes.fromhex("c6ffffffff") + good[13:]
    yield "not-an-array", "notcard", pack({1: 1})
    yield "array-of-three", "notcard", pack(["KITHCARD", 1, body])
    yield "array-of-five", "notcard", pack(["KITHCARD", 1, body, sig, 0])
    yield "wrong-magic", "notcard", pack(["KITHCARE", 1, body, sig])
    yield "magic-as-bin", "notcard", pack([b"KITHCARD", 1, body, sig])
    yield "lower-case-magic", "notcard", pack(["kithcard", 1, body, sig])
    yield "a-number", "notcard", pack(1)
    yield "version-0", "version", pack(["KITHCARD", 0, body, sig])
    yield "version-2", "version", pack(["KITHCARD", 2, body, sig])
    yield "version-2-and-other-types-behind", "version", pack(["KITHCARD", 2, "x", "y"])
    yield "body-as-str", "type", pack(["KITHCARD", 1, "body", sig])
    yield "body-as-map", "type", pack(["KITHCARD", 1, {1: 1}, sig])
    yield "sig-as-str", "type", pack(["KITHCARD", 1, body, "s" * 64])
    yield "sig-63", "shape", pack(["KITHCARD", 1, body, sig[:63]])
    yield "sig-65", "shape", pack(["KITHCARD", 1, body, sig + b"\0"])
    yield "sig-empty", "shape", pack(["KITHCARD", 1, body, b""])
    yield "outer-not-shortest-body", "shape", good[:11] + b"\xc5\x00" + good[12:]
    yield "outer-not-shortest-version", "shape", good[:10] + b"\xcc\x01" + good[11:]


# --- the body's keys


def _body_keys():
    for name, want, packed in (
        ("body-empty", "truncated", b""),
        ("body-cut", "truncated", pack(card.body(ADA, [NAME]))[:-1]),
        ("body-trailing-byte", "shape", pack(card.body(ADA, [NAME])) + b"\0"),
        ("body-an-array", "shape", pack([1])),
        ("body-a-number", "shape", pack(1)),
        ("body-empty-map", "shape", pack({})),
        ("body-nil-inside", "type", b"\x81\x01\xc0"),
    ):
        yield name, want, _raw_body(packed)
    yield "body-16385", "limit", _sized(16385)
    yield "pocket-257", "limit", _sized(257, k9=1)

    yield "fmt-missing", "shape", _ada(k1=None)
    yield "fmt-as-str", "type", _ada(k1="1")
    yield "fmt-as-bool", "type", _ada(k1=True)
    yield "fmt-0", "version", _ada(k1=0)
    yield "fmt-2", "version", _ada(k1=2)
    yield "fmt-2-before-ik", "version", _ada(k1=2, k2=None)
    yield "ik-missing", "shape", _ada(k2=None)
    yield "ik-as-str", "type", _ada(k2="k" * 32)
    yield "ik-31", "shape", _ada(k2=bytes(31))
    yield "ik-33", "shape", _ada(k2=bytes(33))

    yield "xk-missing", "shape", _ada(k3=None)
    yield "xk-as-str", "type", _ada(k3="k" * 32)
    yield "xk-31", "shape", _ada(k3=bytes(31))
    yield "xk-33", "shape", _ada(k3=bytes(33))
    for key, name in ((4, "rev"), (5, "issued"), (8, "pass"), (9, "variant")):
        yield name + "-missing", "shape", _ada(**{"k%d" % key: None})
        yield name + "-as-str", "type", _ada(**{"k%d" % key: "1"})
        yield name + "-as-bin", "type", _ada(**{"k%d" % key: b"1"})
        yield name + "-as-bool", "type", _ada(**{"k%d" % key: True})
        yield name + "-negative", "type", _spliced(key, b"\xff")
        yield name + "-as-float", "type", _spliced(key, bytes.fromhex("cb3ff0000000000000"))
        yield name + "-not-shortest", "shape", _spliced(key, b"\xcc\x01")
    yield "rev-0", "type", _ada(k4=0)
    yield "rev-past-max", "type", _ada(k4=2**53)
    yield "rev-largest-uint", "type", _ada(k4=2**64 - 1)
    yield "issued-past-max", "type", _ada(k5=2**53)
    yield "pass-3", "type", _ada(k8=3)
    yield "variant-2", "type", _ada(k9=2)
    yield "fields-missing", "shape", _ada(k6=None)
    yield "fields-as-map", "type", _ada(k6={1: "Ada"})
    yield "fields-as-str", "type", _ada(k6="Ada")
    yield "prev-31", "shape", _ada(k7=bytes(31))
    yield "prev-33", "shape", _ada(k7=bytes(33))
    yield "prev-as-str", "type", _ada(k7="p" * 32)
    yield "card-missing", "shape", _ada(k10=None)
    yield "card-7", "shape", _ada(k10=bytes(7))
    yield "card-9", "shape", _ada(k10=bytes(9))
    yield "card-as-str", "type", _ada(k10="c" * 8)

    yield "key-0-unknown", "version", _ada(k0=1)
    yield "key-11-critical", "version", _ada(k11=1)
    yield "key-20-critical", "version", _ada(k20="x")
    yield "key-63-critical", "version", _ada(k63=b"")
    yield "key-70-nil", "type", _spliced_more(70, b"\xc0")
    yield "key-70-too-deep", "limit", _ada(k70=[[[[0]]]])
    yield "rev-twice", "dup", _twice()
    yield "keys-out-of-order", "shape", _swapped()


def _spliced_more(key, value):
    packed = pack(card.body(ADA, [NAME]))
    return _raw_body(bytes([packed[0] + 1]) + packed[1:] + pack(key) + value)


def _twice():
    made = card.body(ADA, [NAME])
    out = bytes([0x80 | len(made) + 1])
    for number in made:
        out += (pack(number) + pack(made[number])) * (2 if number == 4 else 1)
    return _raw_body(out)


def _swapped():
    made = card.body(ADA, [NAME])
    order = [1, 2, 3, 5, 4, 6, 8, 9, 10]
    return _raw_body(bytes([0x80 | len(made)]) + b"".join(pack(k) + pack(made[k]) for k in order))


# --- fields


def _fields():
    def with_field(field, *more):
        return _ada([NAME, field, *more])

    yield "no-fields", "shape", _ada([])
    yield "no-name", "shape", _ada([[2, 0, "", "Ada"]])
    yield "name-empty", "shape", _ada([[1, 0, "", ""]])
    yield "name-129", "limit", _ada([[1, 0, "", "a" * 129]])
    yield "name-129-bytes-65-characters", "limit", _ada([[1, 0, "", "é" * 64 + "e"]])
    yield "name-as-bin", "type", _ada([[1, 0, "", b"Ada"]])
    yield "name-two-parts", "shape", _ada([[1, 0, "", "Ada", "Lovelace"]])
    yield "name-twice", "dup", _ada([NAME, NAME])
    yield "name-invalid-utf8", "utf8", _utf8_name(b"\xc3\x28")
    yield "name-surrogate", "utf8", _utf8_name(b"\xed\xa0\x80")
    yield "name-overlong", "utf8", _utf8_name(b"\xc0\xaf")
    yield "name-nul", "utf8", _utf8_name(b"A\0a")

    yield "field-a-number", "shape", with_field(5)
    yield "field-a-map", "shape", with_field({1: 0})
    yield "field-empty", "shape", with_field([])
    yield "field-without-label", "shape", with_field([20, 0])
    yield "field-without-part", "shape", with_field([20, 0, ""])
    yield "unknown-kind-without-part", "shape", with_field([99, 0, ""])
    yield "kind-as-str", "type", with_field(["20", 0, "", "x"])
    yield "flags-as-str", "type", with_field([20, "", "", "x"])
    yield "flags-as-bool", "type", with_field([20, False, "", "x"])
    yield "label-as-bin", "type", with_field([20, 0, b"", "x"])
    yield "label-as-uint", "type", with_field([20, 0, 0, "x"])
    yield "label-33", "limit", with_field([20, 0, "l" * 33, "x"])
    yield "email-two-parts", "shape", with_field([20, 0, "", "x", "y"])
    yield "email-as-uint", "type", with_field([20, 0, "", 5])
    yield "email-as-array", "type", with_field([20, 0, "", []])
    yield "note-1025", "limit", with_field([31, 0, "", "n" * 1025])
    yield "nickname-129", "limit", with_field([7, 0, "", "n" * 129])
    yield "photo-8193", "limit", with_field([40, 0, "", bytes(8193)])
    yield "photo-as-str", "type", with_field([40, 0, "", "jpeg"])
    yield "photo-twice", "dup", with_field([40, 0, "", b"a"], [40, 0, "", b"b"])
    yield "address-6-parts", "shape", with_field([23, 0, "", *["p"] * 6])
    yield "address-8-parts", "shape", with_field([23, 0, "", *["p"] * 8])
    yield "address-part-1025", "limit", with_field([23, 0, "", *[""] * 6, "c" * 1025])
    yield "address-part-as-bin", "type", with_field([23, 0, "", *[""] * 6, b"c"])
    for kind in (2, 3, 4, 5, 6, 8, 30):
        field = [kind, 0, "", "x"]
        yield "single-%d-twice" % kind, "dup", with_field(field, [31, 0, "", "between"], field)
    yield "unknown-kind-8-parts", "limit", with_field([99, 0, "", *["p"] * 8])
    yield "unknown-kind-1025", "limit", with_field([99, 0, "", "p" * 1025])
    yield "unknown-kind-part-uint", "type", with_field([99, 0, "", "p", 1])
    yield "unknown-kind-part-bool", "type", with_field([99, 0, "", True])
    yield "unknown-kind-part-array", "type", with_field([99, 0, "", []])
    yield "unknown-kind-part-array-too-deep", "limit", with_field([99, 0, "", [[]]])
    yield "fields-65", "limit", _ada([NAME, *[[20, 0, "", ""]] * 64])
    yield "elements-513", "limit", _many(4)


def _utf8_name(raw):
    field = b"\x94\x01\x00\xa0" + bytes([0xA0 | len(raw)]) + raw
    return _spliced(6, b"\x91" + field)


# --- signatures


def _signed():
    body = pack(card.body(ADA, [NAME]))
    good = _ada()
    for label in ("kith/1 receipt", "kith/1 auth I", "kith/1 prev", "", "kith/1 cards"):
        yield "signed-as-" + (label.replace("kith/1 ", "").replace(" ", "-") or "nothing"), "sig", (
            card.seal(ADA, body, label=label)
        )
    yield "signed-without-label", "sig", pack(["KITHCARD", 1, body, _bare_signature(body)])
    yield "signed-by-bob", "sig", pack(["KITHCARD", 1, body, BOB.sign(card.LABEL, body)])
    yield "sig-flipped", "sig", good[:-1] + bytes([good[-1] ^ 1])
    yield "sig-flipped-first", "sig", good[:-64] + bytes([good[-64] ^ 1]) + good[-63:]
    at = good.index(b"Lovelace")
    yield "body-flipped", "sig", good[:at] + b"l" + good[at + 1 :]
    yield "ik-flipped", "sig", good.replace(ADA.ik, bytes([ADA.ik[0] ^ 1]) + ADA.ik[1:])
    yield "sig-before-unknown-key", "sig", _unsigned(k11=1)
    yield "sig-before-rev-0", "sig", _unsigned(k4=0)
    yield "sig-before-no-name", "sig", _unsigned(k6=[])
    yield "version-before-sig", "version", _unsigned(k1=2)
    yield "unknown-key-before-rev-0", "version", _ada(k4=0, k11=1)
    small = bytes([1]) + bytes(31)
    made = pack(card.body(ADA, [NAME], k2=small))
    yield "ik-of-small-order", "sig", pack(["KITHCARD", 1, made, small + bytes(32)])
    for name, ik, number, part in edges.keys():
        want = "sig" if name.startswith("small") else "ok"
        yield "edge-ik-" + name, want, _edge(ik, number, part)


def _edge(ik, number, part):
    """A card under such a key whose signature exactly holds; `issued` is what is tried."""
    front = card.LABEL.encode() + b"\0"

    def signed(at):
        return front + pack(card.body(ADA, [NAME], k2=ik, k5=1750000000 + at))

    message, sig = edges.sign(ik, number, part, signed)
    return pack(["KITHCARD", 1, message[len(front) :], sig])


def _unsigned(**changes):
    return pack(["KITHCARD", 1, pack(card.body(ADA, [NAME], **changes)), bytes(64)])


def _bare_signature(data):
    return sodium.crypto_sign(data, ADA.secret)[:64]


# --- armor


def _armored():
    one, two = _ada(), _ada(k4=2)
    equals = next(e for e in (_ada(k4=10**i) for i in range(9)) if len(e) % 3)
    text = card.armor(one)
    assert b"=" in card.armor(equals)
    rows = [
        ("armor", "ok", text, one),
        ("armor-rich", "ok", card.armor(_ada(RICH)), _ada(RICH)),
        ("armor-crlf", "ok", text.replace(b"\n", b"\r\n"), one),
        ("armor-cr", "ok", text.replace(b"\n", b"\r"), one),
        ("armor-spaces-at-line-ends", "ok", text.replace(b"\n", b"  \n"), one),
        ("armor-no-last-line-end", "ok", text[:-1], one),
        ("armor-text-around", "ok", b"Hello,\n\n" + text + b"\nBest\n", one),
        ("armor-first-of-two", "ok", text + card.armor(two), one),
        ("armor-control-outside", "ok", b"\x1b[2J\xff\n" + text, one),
        ("armor-without-begin", "notcard", text.split(b"\n", 1)[1], None),
        ("armor-quoted", "ok", b"> > " + text.replace(b"\n", b"\r\n> > "), one),
        ("armor-indented", "ok", b"\t " + text.replace(b"\n", b"\n\t "), one),
        ("armor-other-blanks", "ok", text.replace(b"\n", b"\xc2\xa0\n\xe2\x80\x8b"), one),
        ("armor-other-dashes", "ok", text.replace(b"-----", b"\xe2\x80\x94\xe2\x80\x93-"), one),
        ("armor-one-dash", "ok", text.replace(b"-----", b"\xe2\x80\x94"), one),
        ("armor-dash-escaped", "ok", text.replace(b"-----B", b"- -----B"), one),
        ("armor-quoted-printable", "ok", card.armor(equals).replace(b"=", b"=3D"), equals),
        ("armor-folded-again", "ok", text[:26] + text[26:-25].replace(b"A", b"A\n ") + text[-25:], one),
        ("armor-joined", "ok", text.replace(b"\n", b""), one),
        ("armor-joined-blanks", "ok", b"> " + text.replace(b"\n", b" "), one),
        ("armor-joined-first-line", "ok", text.replace(b"\n", b"", 1), one),
        ("armor-joined-last-line", "ok", text.replace(b"\n-----E", b"-----E"), one),
        ("armor-joined-rich", "ok", card.armor(_ada(RICH)).replace(b"\n", b""), _ada(RICH)),
        ("armor-joined-without-end", "shape", text[: text.rindex(b"-----E")].replace(b"\n", b""), None),
        ("armor-joined-text-behind", "shape", text.replace(b"\n", b"") + b" Best", None),
        ("armor-joined-something-else", "notcard", text.replace(b"\nl", b"m"), None),
        ("armor-begin-within-a-line", "notcard", b"Look: " + text, None),
        ("armor-no-dashes", "notcard", text.replace(b"-----", b""), None),
        ("armor-lower-case", "notcard", text.lower(), None),
        ("armor-without-end", "shape", text[: text.rindex(b"-----END")], None),
        ("armor-end-within-a-line", "shape", text.replace(b"-----END", b"x-----END"), None),
        ("armor-text-inside", "shape", text.replace(b"CARD-----\n", b"CARD-----\nVersion: 1\n"), None),
        ("armor-of-something-else", "notcard", text.replace(b"KITH CARD", b"PGP MESSAGE"), None),
    ]
    for name, want, data, envelope in rows:
        try:
            got, made = "ok", card.unarmor(data)
        except Fault as fault:
            got, made = str(fault), None
        assert (got, made) == (want, envelope), "%s: %s" % (name, got)
        case = [("name", name), ("kind", "armor"), ("expect", want), ("input", data)]
        yield case + ([("envelope", envelope)] if envelope else [])


# --- revisions


def _revised():
    have = _ada(k4=5)
    pocket = _ada(k4=5, k9=1)
    rows = [
        ("revise-next", "replace", have, _ada(k4=6)),
        ("revise-same", "ignore", have, have),
        ("revise-other-bytes", "conflict", have, _ada([[1, 0, "", "Eve"]], k4=5)),
        ("revise-older", "rollback", have, _ada(k4=4)),
        ("revise-jump", "replace", have, _ada(k4=5 + 2**32)),
        ("revise-jump-past", "limit", have, _ada(k4=6 + 2**32)),
        ("revise-jump-far", "limit", have, _ada(k4=5 + 2**40)),
        ("revise-full-by-pocket", "ignore", have, _ada(k4=6, k9=1)),
        ("revise-pocket-by-full", "replace", pocket, _ada(k4=6)),
        ("revise-pocket-by-full-older", "replace", pocket, _ada(k4=1)),
        ("revise-pocket-by-full-far", "replace", pocket, _ada(k4=6 + 2**32)),
        ("revise-pocket-by-pocket", "replace", pocket, _ada(k4=6, k9=1)),
    ]
    for name, want, held, come in rows:
        assert card.revise(held, come) == want, name
        case = [("name", name), ("kind", "revise"), ("expect", want)]
        yield case + [("have", held), ("input", come)]
