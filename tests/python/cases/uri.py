# SPDX-License-Identifier: MIT
"""Texts in QR codes and links: of kith's own, whole and with one fault each, and others."""

from kithref import card, keys, statement, uri
from kithref import numbers as n
from kithref.strict import Fault, pack

from . import fixed, seed

TITLE = """
Texts in QR codes and links (proto/uri.md), in hex.
kind uri: what `input` gives: `letter` C, I, J or S and `bytes`; with C also `card`, ok or the class of
the envelope's first fault, and of a sound one `variant` and the name, `called`.
kind write: `letter` and `bytes` give the text `text`, or `limit`.
kind invite: `bytes` of a J give `s`, `port`, `ik`, and `address` once each, in order.
"""

ADA = keys.Identity(seed("ada"))
FULL = card.body(
    ADA,
    [
        [1, 0, "", "Ada Lovelace"],
        [10, 0, "", "Analytical Society"],
        [20, 1, "work", "ada@example.org"],
        [20, 0, "home", "a.lovelace@example.net"],
        [21, 0, "mobile", "+44 20 7946 0018"],
        [31, 0, "", "notes on engines, and much more that no pocket holds"],
    ],
)
POCKET = pack(card.pocket(ADA, FULL, lambda f: f[0] in (1, 10, 21) or f[1] == 1, 2))
V4, V6 = bytes([192, 0, 2, 7]), bytes.fromhex("20010db8000000000000000000000007")
LINK = bytes.fromhex("fe80000000000000021122fffe334455")


def cases():
    for name, want, text in (*_sound(), *_spelled(), *_heads(), *_bodies(), *_limits(), *_others()):
        yield _case(name, want, text)
    yield from _written()
    yield from _invites()


def _case(name, want, text):
    text = text.encode() if isinstance(text, str) else text
    case = [("name", name), ("kind", "uri"), ("expect", want), ("input", text)]
    try:
        (kind, data), got = uri.read(text), "ok"
    except Fault as fault:
        got = str(fault)
    assert got == want, "%s: %s" % (name, got)
    if got != "ok":
        return case
    case += [("letter", kind), ("bytes", data)]
    return case + (_envelope(data) if kind == "C" else [])


def _envelope(data):
    try:
        made = card.open_envelope(data)
    except Fault as fault:
        return [("card", str(fault))]
    [name] = [f[3] for f in made[6] if f[0] == n.NAME]
    return [("card", "ok"), ("variant", made[9]), ("called", name.encode())]


def _pocket_of(size):
    """A pocket card whose body has exactly so many bytes."""
    for length in range(size):
        fields = [[1, 0, "", "Ada"], [31, 0, "", "n" * length]]
        body = pack(card.body(ADA, fields, k9=1))
        if len(body) == size:
            return card.seal(ADA, body)
    raise AssertionError(size)


KEY = uri.write("I", bytes(range(32)))
CARD = card.seal(ADA, POCKET)
TEXT = uri.write("C", CARD)


def _sound():
    yield "identity", "ok", uri.write("I", ADA.ik)
    yield "identity-counting", "ok", KEY
    yield "pocket", "ok", TEXT
    yield "pocket-256", "ok", uri.write("C", _pocket_of(256))
    yield "pocket-257", "ok", uri.write("C", _pocket_of(257))
    yield "full", "ok", uri.write("C", card.seal(ADA, pack(FULL)))
    yield "card-with-a-bad-signature", "ok", uri.write("C", CARD[:-1] + bytes([CARD[-1] ^ 1]))
    yield "card-cut-to-whole-bytes", "ok", TEXT[: len(TEXT) // 8 * 8 + 1 - 8]
    yield "card-of-one-byte", "ok", "KITH:1/C/AA"
    yield "statement", "ok", uri.write("S", statement.rotate(ADA, keys.Identity(seed("ada new"))))
    yield "invite", "ok", uri.write("J", uri.invite(fixed("s", 32), 4711, [V4, V6], ADA.ik))


def _spelled():
    yield "lower-case", "ok", KEY.lower()
    yield "mixed-case", "ok", KEY.title()
    yield "blanks-around", "ok", " \t\r\n" + KEY + "\r\n\n"
    yield "folded", "ok", "\r\n".join(TEXT[i : i + 60] for i in range(0, len(TEXT), 60))
    yield "blanks-between-all", "ok", KEY[:5] + " ".join(KEY[5:])
    yield "tabs-between-all", "ok", KEY[:5] + "\t\r\n" + "\t".join(KEY[5:])
    yield "blank-within-the-scheme", "notcard", "KI TH" + KEY[4:]
    yield "blank-before-the-colon", "notcard", "KITH " + KEY[4:]
    yield "no-break-space", "shape", KEY[:20] + "\u00a0" + KEY[20:]
    yield "vertical-tab", "shape", KEY[:20] + "\v" + KEY[20:]
    yield "dotless-i", "notcard", "K\u0131TH" + KEY[4:]
    yield "kelvin-sign", "notcard", "\u212aITH" + KEY[4:]
    yield "capital-from-two", "shape", KEY[:-2] + "\u00df"


def _heads():
    for name, want, text in (
        ("nothing", "notcard", ""),
        ("blanks", "notcard", " \r\n\t"),
        ("scheme-without-colon", "notcard", "KITH"),
        ("other-scheme", "notcard", "KITHE" + KEY[4:]),
        ("something-in-front", "notcard", "x" + KEY),
        ("slash-for-colon", "notcard", "KITH/" + KEY[5:]),
        ("scheme-alone", "shape", "KITH:"),
        ("no-number", "shape", "KITH:/I" + KEY[8:]),
        ("number-alone", "shape", "KITH:1"),
        ("number-and-slash", "shape", "KITH:1/"),
        ("number-0", "shape", "KITH:0" + KEY[6:]),
        ("number-01", "shape", "KITH:01" + KEY[6:]),
        ("number-negative", "shape", "KITH:-1" + KEY[6:]),
        ("number-full-width", "shape", "KITH:\uff11" + KEY[6:]),
        ("number-2", "version", "KITH:2" + KEY[6:]),
        ("number-2-and-nothing", "version", "KITH:2/"),
        ("number-10", "version", "KITH:10" + KEY[6:]),
        ("number-huge", "version", "KITH:" + "9" * 30 + KEY[6:]),
        ("no-letter", "shape", "KITH:1/" + KEY[8:]),
        ("letter-alone", "shape", "KITH:1/I"),
        ("two-letters", "shape", "KITH:1/II" + KEY[8:]),
        ("digit-for-letter", "shape", "KITH:1/1" + KEY[8:]),
        ("letter-a", "version", "KITH:1/A" + KEY[8:]),
        ("letter-x-and-nothing", "version", "KITH:1/X/"),
        ("letter-small-x", "version", "kith:1/x" + KEY[8:]),
    ):
        yield name, want, text


def _bodies():
    yield "empty-c", "shape", "KITH:1/C/"
    yield "empty-i", "shape", "KITH:1/I/"
    for length in (1, 3, 6):  # of base32, these say no whole byte
        yield "length-%d" % length, "shape", "KITH:1/C/" + "A" * length
    for length in (2, 4, 5, 7, 8):
        yield "length-%d" % length, "ok", "KITH:1/C/" + "A" * length
    yield "unused-bits-set", "shape", "KITH:1/C/AB"
    yield "padded", "shape", "KITH:1/C/AA======"
    yield "padding-char", "shape", "KITH:1/C/AA="
    for name, char in (("0", "0"), ("1", "1"), ("8", "8"), ("9", "9"), ("slash", "/"),
                       ("dash", "-"), ("nul", "\0"), ("colon", ":")):
        yield "character-" + name, "shape", "KITH:1/C/AAAAA" + char + "AA"
    yield "bytes-that-are-no-text", "shape", b"KITH:1/C/AA\xff\xfe"
    yield "fragment-behind", "shape", KEY + "#x"
    yield "another-one-behind", "shape", TEXT + "\n" + KEY
    yield "identity-31", "shape", "KITH:1/I/" + keys.base32(bytes(31))
    yield "identity-33", "shape", "KITH:1/I/" + keys.base32(bytes(33))
    yield "identity-cut", "shape", KEY[:-1]


def _limits():
    most = "KITH:1/C/" + "A" * (n.URI_MAX - 9)
    yield "characters-4296", "ok", most
    yield "characters-4297", "limit", most + "A"
    yield "characters-4297-with-faults", "limit", "KITH:9/" + "?" * n.URI_MAX
    yield "characters-4296-and-blanks", "ok", most + " " * 100
    yield "characters-4296-of-another", "notcard", "A" * n.URI_MAX


def _others():
    for name, text in (
        ("web-address", "https://example.org/KITH:1/C/AA"),
        ("wi-fi", "WIFI:T:WPA;S:guests;P:KITH:1;;"),
        ("vcard", "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ada\r\nEND:VCARD\r\n"),
        ("mecard", "MECARD:N:Lovelace,Ada;;"),
        ("otpauth", "otpauth://totp/ada?secret=JBSWY3DPEHPK3PXP"),
        ("geo", "geo:51.5,-0.1"),
        ("tel", "tel:+442079460018"),
        ("product", "4006381333931"),
        ("id-alone", keys.base32(ADA.ik)),
        ("armor", card.armor(CARD).decode()),
        ("envelope", CARD),
    ):
        yield "other-" + name, "notcard", text


def _written():
    for letter, name, data in (
        ("C", "pocket", CARD),
        ("I", "identity", ADA.ik),
        ("J", "invite", uri.invite(fixed("s", 32), 65535, [LINK], ADA.ik)),
        ("C", "2679", bytes(2679)),
        ("C", "2680", bytes(2680)),
        ("C", "nothing", b""),
    ):
        case = [("name", "write-" + name), ("kind", "write")]
        try:
            text, want = uri.write(letter, data), "ok"
        except Fault as fault:
            text, want = None, str(fault)
        case += [("expect", want), ("letter", letter), ("bytes", data)]
        yield case + ([("text", text)] if text else [])


# --- invitations


def _invites():
    s, ik = fixed("s", 32), ADA.ik
    many = [bytes([192, 0, 2, i]) for i in range(9)]

    def made(addresses=(V4,), port=4711, **changes):
        return uri.invite(s, port, addresses, ik, **changes)

    joined = b"\x04" + V4
    rows = [
        ("one", "ok", made()),
        ("of-each-kind", "ok", made([V4, V6, LINK])),
        ("eight", "ok", made(many[:8])),
        ("port-1024", "ok", made(port=1024)),
        ("port-65535", "ok", made(port=65535)),
        ("key-64-ignorable", "ok", made(k64="later")),
        ("nine", "limit", made(many)),
        ("no-address", "shape", made([])),
        ("address-cut", "shape", made(k3=joined[:-1])),
        ("address-head-alone", "shape", made(k3=joined + b"\x06")),
        ("address-of-kind-5", "shape", made(k3=b"\x05" + V4)),
        ("address-of-kind-0", "shape", made(k3=joined + b"\x00")),
        ("address-unspecified", "value", made([bytes(4)])),
        ("address-of-network-0", "value", made([bytes([0, 0, 0, 1])])),
        ("address-multicast", "value", made([V4, bytes([224, 0, 0, 251])])),
        ("address-broadcast", "value", made([b"\xff" * 4])),
        ("address-loopback", "ok", made([bytes([127, 0, 0, 1])])),
        ("address-v6-unspecified", "value", made([bytes(16)])),
        ("address-v6-multicast", "value", made([b"\xff\x02" + bytes(13) + b"\xfb"])),
        ("address-v6-mapped", "value", made([bytes(10) + b"\xff\xff" + V4])),
        ("address-v6-loopback", "ok", made([bytes(15) + b"\1"])),
        ("bytes-1024", "ok", made(k64=b"x" * (1024 - len(made(k64=b"x" * 900)) + 900))),
        ("bytes-1025", "limit", made(k64=b"x" * (1025 - len(made(k64=b"x" * 900)) + 900))),
        ("port-1023", "type", made(port=1023)),
        ("port-0", "type", made(port=0)),
        ("port-65536", "type", made(port=65536)),
        ("port-as-str", "type", made(port="4711")),
        ("s-31", "shape", made(k1=bytes(31))),
        ("s-33", "shape", made(k1=bytes(33))),
        ("s-as-str", "type", made(k1="s" * 32)),
        ("ik-31", "shape", made(k4=bytes(31))),
        ("addresses-as-array", "type", made(k3=[V4])),
        ("no-s", "shape", made(k1=None)),
        ("no-port", "shape", made(k2=None)),
        ("no-addresses", "shape", made(k3=None)),
        ("no-ik", "shape", made(k4=None)),
        ("key-5-critical", "version", made(k5=1)),
        ("key-63-critical", "version", made(k63=b"")),
        ("an-array", "shape", pack([s, 4711, joined, ik])),
        ("empty-map", "shape", pack({})),
        ("cut", "truncated", made()[:-1]),
        ("byte-behind", "shape", made() + b"\0"),
        ("twice", "dup", bytes([0x85]) + made()[1:36] + made()[1:]),
    ]
    for name, want, data in rows:
        case = [("name", "invite-" + name), ("kind", "invite"), ("expect", want), ("bytes", data)]
        try:
            (key, port, addresses, who), got = uri.open_invite(data), "ok"
        except Fault as fault:
            got = str(fault)
        assert got == want, "%s: %s" % (name, got)
        if got == "ok":
            case += [("s", key), ("port", port), ("ik", who)]
            case += [("address", address) for address in addresses]
        yield case
