# SPDX-License-Identifier: MIT
"""Ties, tags, and a session of two who know each other."""

from kithref import agree, keys, known
from kithref import messages as m
from kithref import numbers as n
from kithref.strict import Fault, pack

from . import fixed, seed

TITLE = """
People who know each other (proto/known.md).
kind tie: seed (of mine), ik and xk of the other -> k, or `value` (the xk gives zero).
kind tag: k, s, c, n_i, n_r -> tag (of HELLO_I), answer (of HELLO_R).
kind class: ties -> tags, how many a list of so many ties has.
kind session: s, c, seed_i, seed_r, e_i, e_r (X25519 secrets); hello_i, n_r and hello_r; k, th, k_ir, k_ri;
  header_i, header_r (of the streams); agreed_r, card_r, rev_r, hash_r (of R's PROOF, and of I's where it holds
  card_i, rev_i, hash_i); k1, k2, k3; then what I sends, and what R answers: parcel (a CARD, envelope), ack (with
  the receipt); recall (a RECALL of hash_r), ack_recall (with held_r); quiet_i, close_i.  R hands over kind_r and bytes_r
  as parcel_r once it is proven who I is, and says QUIET when that is answered by ack_i (outcome_i, else taken, and
  held_i), at once when there is none; and CLOSE as soon as I's QUIET is there.  `expect` is what R makes of the last
  message of I; messages that do not come are absent.
"""

ADA, BOB = keys.Identity(seed("ada")), keys.Identity(seed("bob"))
S, C = agree.public(seed("curve s")), agree.public(seed("curve c"))


def cases():
    yield from _ties()
    yield from _tags()
    for ties, tags in ((0, 64), (1, 64), (64, 64), (65, 256), (256, 256), (257, 1024), (1024, 1024),
                       (1025, 4096), (4096, 4096), (4097, 16384), (16384, 16384)):
        assert known.size_class(ties) == tags
        yield [("name", "class-%d" % ties), ("kind", "class"), ("expect", "ok"), ("ties", ties),
               ("tags", tags)]
    yield _whole("session-plain", False)
    yield _whole("session-agreed", True, fixed("held by R", 200), 2**53 - 1)
    yield _recalled("session-recalled", fixed("held by I", 300), fixed("held by R", 200))
    yield from _proofs()
    yield from _answers()


def _ties():
    for mine, theirs in (("ada", "bob"), ("bob", "ada"), ("ada", "cleo")):
        me, other = keys.Identity(seed(mine)), keys.Identity(seed(theirs))
        yield [("name", "tie-%s-%s" % (mine, theirs)), ("kind", "tie"), ("expect", "ok"),
               ("seed", me.seed), ("ik", other.ik), ("xk", other.xk),
               ("k", known.tie(me.xk_secret, me.ik, other.ik, other.xk))]
    assert known.tie(ADA.xk_secret, ADA.ik, BOB.ik, BOB.xk) == known.tie(
        BOB.xk_secret, BOB.ik, ADA.ik, ADA.xk)
    for name, xk in (("zero", bytes(32)), ("one", b"\1" + bytes(31))):
        yield [("name", "tie-weak-" + name), ("kind", "tie"), ("expect", "value"),
               ("seed", ADA.seed), ("ik", BOB.ik), ("xk", xk)]


def _tags():
    for i in range(4):
        k, n_i, n_r = fixed("k %d" % i, 32), fixed("n i %d" % i, 32), fixed("n r %d" % i, 32)
        yield [("name", "tag-%d" % i), ("kind", "tag"), ("expect", "ok"), ("k", k), ("s", S),
               ("c", C), ("n_i", n_i), ("n_r", n_r), ("tag", known.tag(k, S, C, n_i)),
               ("answer", known.answer(k, S, C, n_i, n_r))]


class _Talk:
    """A session, message by message, and what it reads as."""

    def __init__(self, name, expect="ok", agreed=True, held_r=b"", rev_r=0):
        card_r, hash_r = (b"his card", known.envelope_hash(held_r)) if held_r else (b"", b"")
        k = known.tie(ADA.xk_secret, ADA.ik, BOB.ik, BOB.xk)
        n_i, n_r, e_i, e_r = fixed("n I", 32), fixed("n R", 32), fixed("e I", 32), fixed("e R", 32)
        tags = bytearray(fixed("tags", 512))
        tags[8 * 17 : 8 * 18] = known.tag(k, S, C, n_i)
        hello_i = m.build(m.HELLO_I, 1, n_i, bytes(tags), 0)
        hello_r = m.build(m.HELLO_R, 1, n_r, known.answer(k, S, C, n_i, n_r))
        pub_i, pub_r = agree.public(e_i), agree.public(e_r)
        self.th = known.th(S, C, hello_i, hello_r, pub_i, pub_r, ADA.ik, BOB.ik)
        k_ir, k_ri = agree.directions(known.prk(agree.dh(e_i, pub_r), k, self.th))
        self.streams = {"i": agree.Stream(k_ir, self.th), "r": agree.Stream(k_ri, self.th)}
        self.heads = {"i": fixed("header I", agree.HEADER), "r": fixed("header R", agree.HEADER)}
        self.expect = expect
        self.lines = [
            ("name", name), ("kind", "session"), ("expect", expect), ("s", S), ("c", C),
            ("seed_i", ADA.seed), ("seed_r", BOB.seed), ("ik_i", ADA.ik), ("xk_i", ADA.xk),
            ("e_i", e_i), ("e_r", e_r),
            ("hello_i", hello_i), ("n_r", n_r), ("hello_r", hello_r), ("k", k), ("th", self.th),
            ("k_ir", k_ir), ("k_ri", k_ri), ("header_i", self.heads["i"]), ("header_r", self.heads["r"]),
            ("agreed_r", int(agreed)), ("card_r", card_r), ("rev_r", rev_r), ("hash_r", hash_r),
            ("k1", m.build(known.K1, pub_i))]
        mine = known.proof(BOB, "R", self.th, agreed, card_r, rev_r, hash_r)
        known.read_proof(mine)
        self.lines.append(("k2", m.build(known.K2, pub_r, self._box("r", known.K2, mine))))

    def _box(self, who, kind, plain, tag=agree.MESSAGE):
        return self.streams[who].seal(kind, plain, tag, self.heads[who])

    def add(self, *lines):
        self.lines += lines

    def says(self, who, name, kind, plain, tag=agree.MESSAGE):
        self.add((name, m.build(kind, self._box(who, kind, plain, tag))))

    def proves(self, plain):
        """K3, the last message where that is at fault."""
        self.says("i", "k3", known.K3, plain)
        self._reads(known.read_proof, plain)

    def answers(self, kind, plain):
        """I's ACK to R's parcel, the last message where that is at fault."""
        self.says("i", "ack_i", known.ACK, plain)
        self._reads(self._read_ack, kind, plain)

    def _read_ack(self, kind, plain):
        outcome, data = known.read_ack(kind, plain)
        if kind == known.CARD and outcome == known.TAKEN:
            if not agree.receipt_verify(ADA.ik, self.handed, self.th, data):
                raise Fault("sig")

    def _reads(self, how, *what):
        got = "ok"
        try:
            how(*what)
        except Fault as fault:
            got = str(fault)
        assert got == self.expect, "%s: %s" % (self.lines[0], got)

    def hands_over(self, kind, data):
        self.handed = data
        self.add(("kind_r", kind), ("bytes_r", data))
        self.says("r", "parcel_r", known.PARCEL, known.parcel(kind, data))

    def ends(self):
        """Both QUIET and both CLOSE; R's QUIET may have left before."""
        if "quiet_r" not in dict(self.lines):
            self.says("r", "quiet_r", known.QUIET, pack({}))
        self.says("i", "quiet_i", known.QUIET, pack({}))
        self.says("r", "close_r", known.CLOSE, pack({}), agree.FINAL)
        self.says("i", "close_i", known.CLOSE, pack({}), agree.FINAL)
        return self.lines


def _standing(talk, held_i=b"held by I"):
    """I's PROOF of a card of R's."""
    card, held = b"the card", known.envelope_hash(held_i)
    talk.add(("card_i", card), ("rev_i", 7), ("hash_i", held))
    return known.proof(ADA, "I", talk.th, True, card, 7, held)


def _gives_a_card(talk):
    envelope = fixed("envelope", 300)
    talk.add(("envelope", envelope))
    talk.says("i", "parcel", known.PARCEL, known.parcel(known.CARD, envelope))
    talk.says("r", "ack", known.ACK, known.ack(0, agree.receipt_sign(BOB, envelope, talk.th)))


def _whole(name, agreed, held_r=b"", rev_r=0):
    """Nothing is due to I: R says QUIET at once."""
    talk = _Talk(name, agreed=agreed, held_r=held_r, rev_r=rev_r)
    talk.proves(_standing(talk))
    talk.says("r", "quiet_r", known.QUIET, pack({}))
    _gives_a_card(talk)
    return talk.ends()


def _recalled(name, held_i, held_r):
    """Each asks for the envelope that the other told of, and I gives a card in between."""
    talk = _Talk(name, held_r=held_r, rev_r=2**53 - 1)
    talk.proves(_standing(talk, held_i))
    talk.hands_over(known.RECALL, known.envelope_hash(held_i))
    _gives_a_card(talk)
    talk.add(("held_r", held_r))
    talk.says("i", "recall", known.PARCEL, known.parcel(known.RECALL, known.envelope_hash(held_r)))
    talk.says("r", "ack_recall", known.ACK, known.ack(0, held_r))
    talk.add(("held_i", held_i))
    talk.answers(known.RECALL, known.ack(0, held_i))
    return talk.ends()


def _proofs():
    """I's PROOF with one fault; the session ends with it."""
    card, held = b"the card", fixed("held", 32)
    for name, expect, changed in (
        ("card-rev-0", "ok", {4: 0}),
        ("nothing-held", "ok", {3: b"", 4: 0, 5: b""}),
        ("key-64", "ok", {64: 0}),
        ("card-7-bytes", "shape", {3: card[:7]}),
        ("card-9-bytes", "limit", {3: card + b"s"}),
        ("hash-1-byte", "shape", {5: held[:1]}),
        ("hash-31-bytes", "shape", {5: held[:31]}),
        ("hash-33-bytes", "limit", {5: held + b"\0"}),
        ("hash-a-number", "type", {5: 9}),
        ("hash-absent", "shape", {5: None}),
        ("hash-without-card", "type", {3: b"", 4: 0}),
        ("card-without-hash", "type", {5: b""}),
        ("rev-without-card", "type", {3: b"", 5: b""}),
        ("rev-2-to-53", "type", {4: 2**53}),
        ("key-7", "version", {7: 0}),
    ):
        talk = _Talk("proof-" + name, expect)
        sig = ADA.sign(agree.AUTH_LABEL["I"], talk.th)
        said = {1: sig, 2: True, 3: card, 4: 7, 5: held, 6: b"", **changed}
        said = {key: value for key, value in said.items() if value is not None}
        if expect == "ok":
            talk.add(("card_i", said[3]), ("rev_i", said[4]), ("hash_i", said[5]))
        talk.proves(pack(said))
        yield talk.lines


def _answers():
    """I's ACK to a parcel of R's, right or with one fault; the session ends with it."""
    envelope, asked = fixed("envelope of R", 300), fixed("held", 32)
    for name, expect, kind, outcome, data in (
        ("recall-refused", "ok", known.RECALL, 1, b""),
        ("recall-unknown", "ok", known.RECALL, 2, b""),
        ("recall-outcome-255", "ok", known.RECALL, 255, b""),
        ("recall-outcome-256", "type", known.RECALL, 256, b""),
        ("recall-of-one-byte", "ok", known.RECALL, 0, b"x"),
        ("recall-of-the-largest", "ok", known.RECALL, 0, fixed("largest", n.CARD_ENVELOPE_MAX)),
        ("recall-one-more", "shape", known.RECALL, 0, fixed("largest", n.CARD_ENVELOPE_MAX + 1)),
        ("recall-over-a-parcel", "limit", known.RECALL, 0, fixed("largest", n.PARCEL_MAX + 1)),
        ("recall-empty", "shape", known.RECALL, 0, b""),
        ("recall-refused-with-a-byte", "shape", known.RECALL, 1, b"x"),
        ("recall-later-with-64", "shape", known.RECALL, 3, bytes(64)),
        ("card-without-receipt", "shape", known.CARD, 0, b""),
        ("card-receipt-63", "shape", known.CARD, 0, bytes(63)),
        ("card-with-an-envelope", "shape", known.CARD, 0, envelope),
        ("card-another-receipt", "sig", known.CARD, 0, None),
        ("card-refused-with-64", "shape", known.CARD, 1, bytes(64)),
        ("statement-with-64", "shape", known.STATEMENT, 0, bytes(64)),
        ("statement-with-an-envelope", "shape", known.STATEMENT, 0, envelope),
        ("of-nothing", "state", None, 0, b""),
    ):
        talk = _Talk("answer-" + name, expect)
        k3 = _standing(talk)
        known.read_proof(k3)
        talk.says("i", "k3", known.K3, k3)
        if kind is not None:
            talk.hands_over(kind, envelope if kind == known.CARD else asked)
        if data is None:
            data = agree.receipt_sign(ADA, b"another", talk.th)
        if expect == "ok":
            talk.add(("outcome_i", outcome), ("held_i", data))
        talk.answers(kind, known.ack(outcome, data))
        yield talk.lines
