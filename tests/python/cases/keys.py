# SPDX-License-Identifier: MIT
"""What one seed gives."""

from kithref import edwards, keys

from . import edges, fixed, seed

TITLE = """
Keys (proto/card.md, "Keys" and "People") and the hash and signature under them.
kind seed:    seed -> ik, xk (public), xk_secret, id, fingerprint, uid
kind hash:    label, part (once each, in order) -> hash = H(label, part, ...)
kind kdf:     key, context, number -> output = crypto_kdf
kind sign:    seed, label, message -> sig; kind verify: ik, label, message, sig -> ok or sig
kind inst:    s (a CURVE public key) -> instance and host (proto/discovery.md)
A label is text; everything else in hex unless it is plainly a number or a name.
"""

_SEEDS = [
    ("zeros", bytes(32)),
    ("ones", b"\xff" * 32),
    ("counting", bytes(range(32))),
    ("ada", seed("ada")),
    ("bob", seed("bob")),
    ("eve", seed("eve")),
]

# Public keys of small order, as libsodium's list has them: nobody may sign with these.
_SMALL_ORDER = [
    ("zero-y", bytes(32)),
    ("identity", b"\x01" + bytes(31)),
    ("order-8", "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
    ("order-8-other", "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
    ("order-2", "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
]


def cases():
    yield from _seeds()
    yield from _hashes()
    yield from _signatures()
    yield from _edges()
    for name in ("ada", "bob"):
        s = seed("curve " + name)
        text = keys.base32(keys.H("kith/1 inst", s)).lower()
        yield [
            ("name", "inst-" + name),
            ("kind", "inst"),
            ("expect", "ok"),
            ("s", s),
            ("instance", "k-" + text[:16]),
            ("host", "kith-" + text[16:32]),
        ]


def _seeds():
    for name, value in _SEEDS:
        made = keys.Identity(value)
        yield [
            ("name", "seed-" + name),
            ("kind", "seed"),
            ("expect", "ok"),
            ("seed", value),
            ("ik", made.ik),
            ("xk", made.xk),
            ("xk_secret", made.xk_secret),
            ("id", keys.person_id(made.ik)),
            ("fingerprint", keys.fingerprint(made.ik)),
            ("uid", keys.uid(made.ik)),
        ]


def _hashes():
    for name, label, parts in (
        ("no-parts", "kith/1 prev", []),
        ("one-empty-part", "kith/1 prev", [b""]),
        ("one-part", "kith/1 prev", [b"ab"]),
        ("two-parts", "kith/1 prev", [b"a", b"b"]),
        ("long-part", "kith/1 env", [fixed("long", 1000)]),
    ):
        yield [
            ("name", "hash-" + name),
            ("kind", "hash"),
            ("expect", "ok"),
            ("label", label),
            *(("part", part) for part in parts),
            ("hash", keys.H(label, *parts)),
        ]
    for number in (1, 2, 2**40 + 3):
        yield [
            ("name", "kdf-%d" % number),
            ("kind", "kdf"),
            ("expect", "ok"),
            ("key", seed("kdf")),
            ("context", "kith-ses"),
            ("number", number),
            ("output", keys.kdf(seed("kdf"), "kith-ses", number)),
        ]


def _signatures():
    ada, label, message = keys.Identity(seed("ada")), "kith/1 card", b"hello"
    sig = ada.sign(label, message)
    yield [
        ("name", "sign-ada"),
        ("kind", "sign"),
        ("expect", "ok"),
        ("seed", ada.seed),
        ("label", label),
        ("message", message),
        ("sig", sig),
    ]
    order = 2**252 + 27742317777372353535851937790883648493
    high_s = sig[:32] + (int.from_bytes(sig[32:], "little") + order).to_bytes(32, "little")
    rows = [
        ("good", ada.ik, label, message, sig),
        ("other-label", ada.ik, "kith/1 receipt", message, sig),
        ("other-message", ada.ik, label, b"hallo", sig),
        ("other-key", keys.Identity(seed("bob")).ik, label, message, sig),
        ("other-sig", ada.ik, label, message, bytes([sig[0] ^ 1]) + sig[1:]),
        ("s-not-reduced", ada.ik, label, message, high_s),
    ]
    for name, point in _SMALL_ORDER:
        point = bytes.fromhex(point) if isinstance(point, str) else point
        rows.append(("small-order-" + name, point, label, message, b"\x01" + bytes(63)))
    for name, ik, with_label, text, with_sig in rows:
        yield [
            ("name", "verify-" + name),
            ("kind", "verify"),
            ("expect", "ok" if keys.verify(ik, with_label, text, with_sig) else "sig"),
            ("ik", ik),
            ("label", with_label),
            ("message", text),
            ("sig", with_sig),
        ]


def _edges():
    label = "kith/1 card"
    front = label.encode() + b"\0"
    for name, ik, number, small in edges.keys():
        message, sig = edges.sign(ik, number, small, lambda at: front + b"edge %d" % at)
        yield _edge("verify-edge-ik-" + name, ik, label, message[len(front) :], sig)
    ik, number = next((ik, n) for name, ik, n, _ in edges.keys() if name == "full")
    for name, r in edges.small_r():
        s = edwards.challenge(r, ik, front + b"hello") * number % edwards.L
        sig = r + s.to_bytes(32, "little")
        yield _edge("verify-edge-r-small-" + name, ik, label, b"hello", sig)
    message, sig = edges.sign(ik, number, 0, lambda _: front + b"hello")
    r, s = sig[:32], int.from_bytes(sig[32:], "little")
    for times in (1, 2, 14):  # as far as 32 bytes reach
        longer = r + (s + times * edwards.L).to_bytes(32, "little")
        yield _edge("verify-edge-s-and-%d-l" % times, ik, label, b"hello", longer)


def _edge(name, ik, label, message, sig):
    """Both judges are asked: libsodium, and the page's rules on plain integers."""
    want = edwards.verdict(ik, label.encode() + b"\0" + message, sig)
    assert keys.verify(ik, label, message, sig) == want, name
    return [
        ("name", name),
        ("kind", "verify"),
        ("expect", "ok" if want else "sig"),
        ("ik", ik),
        ("label", label),
        ("message", message),
        ("sig", sig),
    ]
