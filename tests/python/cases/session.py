# SPDX-License-Identifier: MIT
"""Whole sessions, messages with one fault each, handshakes that must end, sealed streams."""

import threading

from kithref import agree, card, keys, pipe
from kithref import messages as m
from kithref.session import Initiator, Party, Responder
from kithref.strict import Fault, pack

from . import fixed, seed

TITLE = """
Sessions (proto/session.md).  Messages are in hex as they cross the line.
kind handshake: one whole session.  s, c; seed_i, seed_r (identities); e_i, e_r (X25519 secrets);
  hello_i, tags (each TAGS, in order), hello_r, request, accept, reveal; then commit, th, dh, prk,
  k_ir, k_ri, code (12 digits); sig_i, sig_r (of AUTH); header_i, header_r (of the streams);
  auth_i, auth_r, confirm_i, confirm_r, card_i, card_r, and where they are owed receipt_i, receipt_r
  (messages); envelope_i, envelope_r; receipt_sig_i is I's signature on envelope_r, receipt_sig_r
  the other way.
kind message: one message as it is read before anything is known.  Where ok: type, and the fields
  as `KEY: value`, key by number; text is in hex too, a truth is 0 or 1.
kind plain: what a sealed message of `type` opens to.  Where ok: value.
kind reveal: R, with seed_r and e_r, has sent hello_r and accept and gets reveal.  `commit`,
  `ownkey`, `protocol` (the shared secret is zero) or the fault of the message.
kind accept: I, with seed_i and e_i, gets accept.  `ownkey`, `protocol` or the fault of the message.
kind sealed: one direction with `key` and `th`.  Each `open` line is a type and the box of a
  message of that type; all but the last open, the last gives `plain` and `tag` or is `protocol`.
kind receipt: ik, envelope, th, sig -> ok or sig.  kind auth: ik, role, th, sig -> ok or sig.
"""

ADA, BOB = keys.Identity(seed("ada")), keys.Identity(seed("bob"))
S, C = agree.public(seed("curve s")), agree.public(seed("curve c"))


def cases():
    whole = {}
    for case in _handshakes():
        whole[case[0][1]] = dict(case)
        yield case
    yield from _messages(whole["session"])
    yield from _plains()
    yield from _reveals(whole["session"])
    yield from _accepts(whole["session"])
    yield from _streams(whole["session"])
    yield from _signatures(whole["session"])


# --- whole sessions


class _WithTags(Initiator):
    """Says HELLO with 4096 tags: three TAGS messages behind it."""

    def send_hello(self):
        nonce, tags = self.draw(32, "n I"), self.draw(8192, "tags I")
        self.transcript.hello_i = self.send(m.HELLO_I, m.build(m.HELLO_I, 1, nonce, tags, 3))
        for index in (1, 2, 3):
            more = self.draw(8192, "tags I %d" % index)
            self.transcript.hello_i += self.send(m.TAGS, m.build(m.TAGS, index, more))


def _envelope(identity, name):
    fields = [[1, 0, "", name], [20, 0, "", name.lower() + "@example.org"]]
    return card.seal(identity, pack(card.body(identity, fields)))


def _handshakes():
    ada, bob = _envelope(ADA, "Ada"), _envelope(BOB, "Bob")
    yield _play("session", Initiator, Party(ADA, ada, "Ada"), Party(BOB, bob, "Bob"))
    yield _play(
        "session-attended-utf8",
        Initiator,
        Party(ADA, ada, "Ada 👩‍🔬", "compared"),
        Party(BOB, bob, "Bób", "scanned"),
    )
    yield _play("session-tags", _WithTags, Party(ADA, ada, "Ada"), Party(BOB, bob, "Bob"))
    nothing = Party(ADA, b"", "Ada")
    yield _play("session-i-gives-nothing", Initiator, nothing, Party(BOB, bob, "Bob"))
    yield _play("session-r-gives-nothing", Initiator, Party(ADA, ada, ""), Party(BOB, b"", ""))
    yield _play("session-label-64", Initiator, Party(ADA, ada, "a" * 64), Party(BOB, bob, "b" * 64))


def _play(name, initiator, party_i, party_r):
    """Let two sessions with fixed draws talk, and write down what crossed the line."""
    drawn = {}

    def draw(size, what):
        drawn[what] = fixed(name + " " + what, size)
        return drawn[what]

    end_i, end_r = pipe.pair()
    i = initiator(party_i, S, C, end_i, draw=draw)
    r = Responder(party_r, S, C, end_r, draw=draw)
    other = threading.Thread(target=r.run)
    other.start()
    i.run()
    other.join()
    assert i.done.get("receipt", False) == party_i.gives == ("card" in r.done)
    assert r.done.get("receipt", False) == party_r.gives == ("card" in i.done)

    t, sent_i, sent_r = i.transcript, list(end_i.record), list(end_r.record)
    case = [("name", name), ("kind", "handshake"), ("expect", "ok"), ("s", S), ("c", C)]
    case += [("seed_i", party_i.identity.seed), ("seed_r", party_r.identity.seed)]
    case += [("e_i", drawn["e I"]), ("e_r", drawn["e R"]), ("hello_i", sent_i.pop(0))]
    while m.parse(sent_i[0])[0] == m.TAGS:
        case.append(("tags", sent_i.pop(0)))
    case += [("hello_r", sent_r.pop(0)), ("request", sent_i.pop(0)), ("accept", sent_r.pop(0))]
    case.append(("reveal", sent_i.pop(0)))

    th = t.th()
    shared = agree.dh(drawn["e I"], agree.public(drawn["e R"]))
    k_ir, k_ri = agree.directions(agree.prk(shared, th))
    case += [("commit", t.commit(party_i.label, t.reveal)), ("th", th), ("dh", shared)]
    case += [("prk", agree.prk(shared, th)), ("k_ir", k_ir), ("k_ri", k_ri)]
    case.append(("code", agree.code(th)))
    case.append(("sig_i", party_i.identity.sign("kith/1 auth I", th)))
    case.append(("sig_r", party_r.identity.sign("kith/1 auth R", th)))
    case += [("header_i", drawn["header I"]), ("header_r", drawn["header R"])]
    for step in ("auth", "confirm", "card"):
        case += [(step + "_i", sent_i.pop(0)), (step + "_r", sent_r.pop(0))]
    case += [("receipt_i", data) for data in sent_i] + [("receipt_r", data) for data in sent_r]
    case += [("envelope_i", party_i.envelope), ("envelope_r", party_r.envelope)]
    if party_r.gives:
        case.append(("receipt_sig_i", agree.receipt_sign(party_i.identity, party_r.envelope, th)))
    if party_i.gives:
        case.append(("receipt_sig_r", agree.receipt_sign(party_r.identity, party_i.envelope, th)))
    return case


# --- single messages


def _tail(data, more):
    """A packed map with pairs of raw bytes behind its last, not yet announced, pair."""
    return bytes([data[0] + len(more)]) + data[1:] + b"".join(more)


def _without(kind, key, fields):
    return pack({k: v for k, v in {0: kind, **fields}.items() if k != key})


def _messages(whole):
    sound = {name: whole[name] for name in ("hello_i", "hello_r", "request", "accept", "reveal")}
    sound["auth"] = whole["auth_i"]
    sound["card"] = whole["card_i"]
    sound["receipt"] = whole["receipt_i"]
    sound["decline"] = m.build(m.DECLINE)
    sound["confirm"] = whole["confirm_i"]
    sound["abort-plain"] = m.build(m.ABORT, 3)
    sound["abort-sealed"] = m.build(m.ABORT, fixed("abort", 20))
    for name, data in sound.items():
        kind, fields = m.parse(data)
        yield _message(name, "ok", data)
        yield _message(name + "-cut", "truncated", data[:-1])
        yield _message(name + "-trailing-byte", "shape", data + b"\0")
        if kind == m.ABORT:
            yield _message(name + "-without-reason", "shape", pack({0: kind}))
        yield _message(name + "-key-8-unknown", "version", pack({0: kind, **fields, 8: 0}))
        yield _message(name + "-key-63-unknown", "version", pack({0: kind, **fields, 63: 0}))
        yield _message(name + "-key-64-skipped", "ok", pack({0: kind, **fields, 64: [True, ""]}))
        for key in fields:
            wrong = "x" if isinstance(fields[key], (bytes, int)) else 5
            case = "%s-%d-other-type" % (name, key)
            yield _message(case, "type", pack({0: kind, **fields, key: wrong}))
            if kind != m.ABORT:
                yield _message("%s-without-%d" % (name, key), "shape", _without(kind, key, fields))
            if isinstance(fields[key], bytes) and kind < m.AUTH and len(fields[key]) in (16, 32):
                for off in (-1, 1):
                    value = fixed("x", len(fields[key]) + off)
                    case = "%s-%d-of-%d-bytes" % (name, key, len(value))
                    yield _message(case, "shape", pack({0: kind, **fields, key: value}))
    yield from _message_ranges()


def _message_ranges():
    nonce, bin32 = fixed("n", 32), fixed("32", 32)

    def hello(version=1, tags=512, more=0):
        return m.build(m.HELLO_I, version, nonce, fixed("tags", tags), more)

    yield _message("hello-i-version-0", "type", hello(version=0))
    yield _message("hello-i-version-2", "type", hello(version=2))
    for size, want in ((8191, "shape"), (8192, "ok"), (8193, "shape")):
        yield _message("tags-of-%d-bytes" % size, want, m.build(m.TAGS, 1, fixed("tags", size)))
    yield _message("tags-without-tags", "shape", pack({0: m.TAGS, 1: 1}))
    yield _message("tags-without-index", "shape", pack({0: m.TAGS, 2: bytes(8192)}))
    yield _message("tags-as-str", "type", pack({0: m.TAGS, 1: 1, 2: ""}))
    for tags, want in ((504, "shape"), (513, "shape"), (1024, "shape"), (2048, "ok"), (8192, "ok")):
        yield _message("hello-i-tags-%d-bytes" % tags, want, hello(tags=tags))
    yield _message("hello-i-tags-8200-bytes", "limit", hello(tags=8200))
    for more, want in ((1, "shape"), (3, "ok"), (4, "shape"), (14, "shape"), (15, "ok"), (16, "type")):
        yield _message("hello-i-more-%d" % more, want, hello(tags=8192, more=more))
    for tags in (512, 2048):
        yield _message("hello-i-tags-%d-bytes-more-3" % tags, "shape", hello(tags=tags, more=3))
    yield _message("hello-r-version-2", "type", m.build(m.HELLO_R, 2, nonce, bytes(16)))
    for index, want in ((0, "type"), (16, "type")):
        yield _message("tags-index-%d" % index, want, m.build(m.TAGS, index, bytes(8192)))

    def request(label="", method=1, gives=True):
        return m.build(m.REQUEST, bin32, label, method, gives, True)

    yield _message("request-label-empty", "ok", request())
    yield _message("request-label-64", "ok", request("l" * 64))
    yield _message("request-label-65", "limit", request("l" * 65))
    yield _message("request-label-65-bytes-33-characters", "limit", request("é" * 32 + "l"))
    yield _message("request-label-not-utf8", "utf8", request("ab").replace(b"ab", b"\xc3\x28"))
    yield _message("request-label-nul", "utf8", request("ab").replace(b"ab", b"a\0"))
    yield _message("request-method-0", "type", request(method=0))
    yield _message("request-method-2", "type", request(method=2))
    yield _message("request-gives-1", "type", request(gives=1))
    label65 = m.build(m.ACCEPT, bin32, bin32, bin32, bin32, "l" * 65, True, True)
    yield _message("accept-label-65", "limit", label65)

    yield _message("box-17", "ok", m.build(m.CONFIRM, bytes(17)))
    yield _message("box-16", "shape", m.build(m.CONFIRM, bytes(16)))
    yield _message("box-20600", "ok", m.build(m.CARD, bytes(20600)))
    yield _message("box-20601", "limit", m.build(m.CARD, bytes(20601)))
    for reason, want in ((0, "type"), (1, "ok"), (63, "ok"), (64, "type")):
        yield _message("abort-reason-%d" % reason, want, m.build(m.ABORT, reason))

    yield _message("message-empty", "truncated", b"")
    yield _message("message-an-array", "shape", pack([1]))
    yield _message("message-empty-map", "shape", pack({}))
    yield _message("message-without-type", "shape", pack({1: 1}))
    yield _message("message-type-as-str", "type", pack({0: "1"}))
    yield _message("message-type-as-bool", "type", pack({0: True}))
    yield _message("message-type-0", "state", pack({0: 0}))
    yield _message("message-type-19", "state", pack({0: 19}))
    yield _message("message-type-not-shortest", "shape", bytes.fromhex("8100cc0c"))
    yield _message("message-type-twice", "dup", bytes.fromhex("82000c000c"))
    yield _message("message-too-deep", "limit", pack({0: m.DECLINE, 64: [[[[0]]]]}))
    skipped = pack({0: m.DECLINE, 64: bytes(32768 - 7)})
    assert len(skipped) == 32768
    yield _message("message-32768", "ok", skipped)
    yield _message("message-32769", "limit", pack({0: m.DECLINE, 64: bytes(32768 - 6)}))


def _message(name, want, data):
    try:
        got, (kind, fields) = "ok", m.parse(data)
    except Fault as fault:
        got = str(fault)
    assert got == want, "%s: %s" % (name, got)
    case = [("name", "message-" + name), ("kind", "message"), ("expect", want), ("input", data)]
    if want != "ok":
        return case
    case.append(("type", kind))
    return case + [(str(key), _text(value)) for key, value in fields.items()]


def _text(value):
    if isinstance(value, str):
        return value.encode()
    return str(int(value)) if isinstance(value, (bool, int)) else value


def _plains():
    sig = fixed("sig", 64)
    rows = [
        ("auth", m.AUTH, "ok", pack({1: sig})),
        ("auth-63", m.AUTH, "shape", pack({1: sig[:63]})),
        ("auth-65", m.AUTH, "shape", pack({1: sig + b"\0"})),
        ("auth-str", m.AUTH, "type", pack({1: "s" * 64})),
        ("auth-key-0", m.AUTH, "version", pack({0: m.AUTH, 1: sig})),
        ("auth-key-2", m.AUTH, "version", pack({1: sig, 2: 0})),
        ("auth-key-64", m.AUTH, "ok", pack({1: sig, 64: 0})),
        ("auth-absent", m.AUTH, "shape", pack({})),
        ("auth-trailing", m.AUTH, "shape", pack({1: sig}) + b"\0"),
        ("auth-an-array", m.AUTH, "shape", pack([sig])),
        ("auth-empty", m.AUTH, "truncated", b""),
        ("confirm-0", m.CONFIRM, "ok", pack({1: 0})),
        ("confirm-2", m.CONFIRM, "ok", pack({1: 2})),
        ("confirm-3", m.CONFIRM, "type", pack({1: 3})),
        ("confirm-bool", m.CONFIRM, "type", pack({1: True})),
        ("confirm-not-shortest", m.CONFIRM, "shape", bytes.fromhex("8101cc01")),
        ("card-empty", m.CARD, "ok", pack({1: b""})),
        ("card-16464", m.CARD, "ok", pack({1: bytes(16464)})),
        ("card-16465", m.CARD, "limit", pack({1: bytes(16465)})),
        ("card-str", m.CARD, "type", pack({1: ""})),
        ("receipt", m.RECEIPT, "ok", pack({1: sig})),
        ("receipt-63", m.RECEIPT, "shape", pack({1: sig[:63]})),
        ("abort-1", m.ABORT, "ok", pack({1: 1})),
        ("abort-0", m.ABORT, "type", pack({1: 0})),
        ("abort-64", m.ABORT, "type", pack({1: 64})),
    ]
    for name, kind, want, data in rows:
        try:
            got, value = "ok", m.parse_plain(kind, data)
        except Fault as fault:
            got = str(fault)
        assert got == want, "%s: %s" % (name, got)
        case = [("name", "plain-" + name), ("kind", "plain"), ("expect", want), ("type", kind)]
        case.append(("input", data))
        yield case + ([("value", _text(value))] if want == "ok" else [])


# --- a handshake that must not go on

# X25519 points of small order (RFC 7748, section 6.1: the result is all zero)
_POINTS = {
    "zero": bytes(32),
    "one": b"\x01" + bytes(31),
    "order-8": bytes.fromhex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"),
    "p": bytes.fromhex("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
    "p-plus-one": bytes.fromhex("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
}


def _transcript(case):
    t = agree.Transcript(case["s"], case["c"])
    t.hello_i, t.hello_r = case["hello_i"], case["hello_r"]
    t.request, t.accept, t.reveal = case["request"], case["accept"], case["reveal"]
    return t


_ROWS = ("s", "c", "hello_i", "hello_r", "request", "accept", "reveal")


def _reveals(whole):
    e_i, r_i = agree.public(whole["e_i"]), fixed("session r I", 32)
    good = m.build(m.REVEAL, e_i, r_i, ADA.ik, ADA.xk)
    assert good == whole["reveal"]

    def bob_asks(reveal):
        """The commitment is to this very REVEAL: nothing but its content is wrong."""
        t = _transcript(whole)
        made = m.parse(whole["request"])[1]
        made[1] = t.commit(made[2], reveal)
        return m.build(m.REQUEST, *made.values())

    flip = bytes([1]) + bytes(31)
    rows = [("reveal-good", "ok", whole["request"], good)]
    for key, value in ((1, e_i), (2, r_i), (3, ADA.ik), (4, ADA.xk)):
        fields = {0: m.REVEAL, 1: e_i, 2: r_i, 3: ADA.ik, 4: ADA.xk}
        fields[key] = bytes(a ^ b for a, b in zip(value, flip))
        rows.append(("reveal-other-%d" % key, "commit", whole["request"], pack(fields)))
    committed = _tail(good, [pack(70) + pack(0)])
    rows.append(("reveal-extra-key-70", "commit", whole["request"], committed))
    rows.append(("reveal-extra-key-70-committed", "ok", bob_asks(committed), committed))
    rows.append(("reveal-extra-key-8", "version", whole["request"], _tail(good, [b"\x08\0"])))
    rows.append(("reveal-longer-type", "shape", whole["request"], good[:2] + b"\xcc" + good[2:]))
    longer = good.replace(b"\x01\xc4\x20", b"\x01\xc5\x00\x20", 1)
    rows.append(("reveal-longer-bin", "shape", whole["request"], longer))
    own = m.build(m.REVEAL, e_i, r_i, BOB.ik, BOB.xk)
    rows.append(("reveal-own-ik", "ownkey", bob_asks(own), own))
    for name, point in _POINTS.items():
        small = m.build(m.REVEAL, point, r_i, ADA.ik, ADA.xk)
        rows.append(("reveal-small-order-" + name, "protocol", bob_asks(small), small))
    other_label = m.parse(whole["request"])[1]
    other_label[2] = "Adb"
    rows.append(("reveal-label-changed", "commit", m.build(m.REQUEST, *other_label.values()), good))
    for name, want, request, reveal in rows:
        made = dict(whole, request=request, reveal=reveal)
        got = _reveal_outcome(made)
        assert got == want, "%s: %s" % (name, got)
        case = [("name", name), ("kind", "reveal"), ("expect", want)]
        case += [("seed_r", BOB.seed), ("e_r", whole["e_r"])]
        yield case + [(row, made[row]) for row in _ROWS]
    for row in ("s", "c", "hello_i", "hello_r"):
        changed = bytearray(whole[row])
        changed[-1 if row in "sc" else 40] ^= 1
        made = dict(whole, **{row: bytes(changed)})
        assert _reveal_outcome(made) == "commit"
        case = [("name", "reveal-another-" + row.replace("_", "-")), ("kind", "reveal")]
        case += [("expect", "commit"), ("seed_r", BOB.seed), ("e_r", whole["e_r"])]
        yield case + [(key, made[key]) for key in _ROWS]


def _reveal_outcome(case):
    try:
        _, shown = m.parse(case["reveal"])
        _, asked = m.parse(case["request"])
        if _transcript(case).commit(asked[2], case["reveal"]) != asked[1]:
            return "commit"
        if shown[3] == BOB.ik:
            return "ownkey"
        agree.dh(case["e_r"], shown[1])
    except Fault as fault:
        return str(fault)
    return "ok"


def _accepts(whole):
    _, good = m.parse(whole["accept"])
    rows = [("accept-good", "ok", good), ("accept-own-ik", "ownkey", {**good, 3: ADA.ik})]
    for name, point in _POINTS.items():
        rows.append(("accept-small-order-" + name, "protocol", {**good, 1: point}))
    for name, want, fields in rows:
        try:
            got = "ownkey" if fields[3] == ADA.ik else "ok"
            agree.dh(whole["e_i"], fields[1])
        except Fault as fault:
            got = str(fault)
        assert got == want, "%s: %s" % (name, got)
        made = dict(whole, accept=pack({0: m.ACCEPT, **fields}))
        case = [("name", name), ("kind", "accept"), ("expect", want)]
        case += [("seed_i", ADA.seed), ("e_i", whole["e_i"])]
        yield case + [(row, made[row]) for row in _ROWS]


# --- sealed streams


def _streams(whole):
    th, key = whole["th"], whole["k_ir"]
    header = fixed("header", 24)

    def boxes(*steps, with_key=key, with_th=th):
        stream = agree.Stream(with_key, with_th)
        plain = [(kind, pack({1: value}), tag) for kind, value, tag in steps]
        return [(kind, stream.seal(kind, data, tag, header)) for kind, data, tag in plain]

    auth, confirm = (m.AUTH, fixed("sig", 64), agree.MESSAGE), (m.CONFIRM, 2, agree.MESSAGE)
    receipt = (m.RECEIPT, fixed("sig", 64), agree.FINAL)
    a, c, r = boxes(auth, confirm, receipt)
    flipped = (a[0], a[1][:-1] + bytes([a[1][-1] ^ 1]))
    rows = [
        ("first", "ok", [a]),
        ("second", "ok", [a, c]),
        ("final", "ok", [a, c, r]),
        ("abort", "ok", boxes(auth, (m.ABORT, 1, agree.FINAL))),
        ("card-of-most", "ok", boxes((m.CARD, bytes(16464), agree.MESSAGE))),
        ("flipped", "protocol", [flipped]),
        ("flipped-header", "protocol", [(a[0], bytes([a[1][0] ^ 1]) + a[1][1:])]),
        ("repeated", "protocol", [a, c, c]),
        ("skipped", "protocol", [a, r]),
        ("first-missing", "protocol", [c]),
        ("cut", "protocol", [(a[0], a[1][:-1])]),
        ("cut-to-40", "protocol", [(a[0], a[1][:40])]),
        ("cut-to-header", "protocol", [(a[0], a[1][:24])]),
        ("longer", "protocol", [(a[0], a[1] + b"\0")]),
        ("as-another-type", "protocol", [(m.RECEIPT, a[1])]),
        ("second-as-another-type", "protocol", [a, (m.ABORT, c[1])]),
        ("other-direction", "protocol", boxes(auth, with_key=whole["k_ri"])),
        ("other-th", "protocol", boxes(auth, with_th=bytes(32))),
        ("header-again", "protocol", [a, (c[0], header + c[1])]),
    ]
    for name, want, opened in rows:
        stream = agree.Stream(key, th)
        got, result = "ok", None
        for at, (kind, box) in enumerate(opened):
            try:
                result = stream.open(kind, box)
            except Fault as fault:
                assert at == len(opened) - 1
                got = str(fault)
        assert got == want, "%s: %s" % (name, got)
        case = [("name", "sealed-" + name), ("kind", "sealed"), ("expect", want)]
        case += [("key", key), ("th", th)]
        case += [("open", "%d %s" % (kind, box.hex())) for kind, box in opened]
        if want == "ok":
            case += [("plain", result[0]), ("tag", result[1])]
        yield case


def _signatures(whole):
    th, envelope = whole["th"], whole["envelope_i"]
    sig = whole["receipt_sig_r"]
    for name, ik, about, with_th in (
        ("good", BOB.ik, envelope, th),
        ("other-envelope", BOB.ik, whole["envelope_r"], th),
        ("other-session", BOB.ik, envelope, bytes(32)),
        ("other-person", ADA.ik, envelope, th),
    ):
        want = "ok" if agree.receipt_verify(ik, about, with_th, sig) else "sig"
        assert (want == "ok") == (name == "good")
        case = [("name", "receipt-" + name), ("kind", "receipt"), ("expect", want), ("ik", ik)]
        yield case + [("envelope", about), ("th", with_th), ("sig", sig)]
    for name, ik, role, with_th, with_sig in (
        ("good-i", ADA.ik, "I", th, whole["sig_i"]),
        ("good-r", BOB.ik, "R", th, whole["sig_r"]),
        ("reflected", ADA.ik, "R", th, whole["sig_i"]),
        ("other-session", ADA.ik, "I", bytes(32), whole["sig_i"]),
        ("other-person", BOB.ik, "I", th, whole["sig_i"]),
    ):
        want = "ok" if keys.verify(ik, agree.AUTH_LABEL[role], with_th, with_sig) else "sig"
        assert (want == "ok") == name.startswith("good")
        case = [("name", "auth-" + name), ("kind", "auth"), ("expect", want), ("ik", ik)]
        yield case + [("role", role), ("th", with_th), ("sig", with_sig)]
