# SPDX-License-Identifier: MIT
"""Ties, tags, and a session of two who know each other."""

from kithref import agree, keys, known
from kithref import messages as m
from kithref.strict import pack

from . import fixed, seed

TITLE = """
People who know each other (proto/known.md).
kind tie: seed (of mine), ik and xk of the other -> k, or `value` (the xk gives zero).
kind tag: k, s, c, n_i, n_r -> tag (of HELLO_I), answer (of HELLO_R).
kind class: ties -> tags, how many a list of so many ties has.
kind session: s, c, seed_i, seed_r, e_i, e_r (X25519 secrets); hello_i, n_r and hello_r; k, th, k_ir, k_ri;
  header_i, header_r (of the streams); agreed_r, number_r (of R's PROOF); k1, k2, k3; then what I sends, and what R
  answers to each: parcel (a CARD), ack (with the receipt); quiet_i; quiet_r, close_i, close_r.  R says QUIET as
  soon as it is proven who I is, and CLOSE as soon as I's QUIET is there.
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
    for agreed, number in ((False, 0), (True, 2**53 - 1)):
        yield _session("session-%s" % ("agreed" if agreed else "plain"), agreed, number)


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


def _session(name, agreed, number):
    k = known.tie(ADA.xk_secret, ADA.ik, BOB.ik, BOB.xk)
    n_i, n_r, e_i, e_r = fixed("n I", 32), fixed("n R", 32), fixed("e I", 32), fixed("e R", 32)
    tags = bytearray(fixed("tags", 512))
    tags[8 * 17 : 8 * 18] = known.tag(k, S, C, n_i)
    hello_i = m.build(m.HELLO_I, 1, n_i, bytes(tags), 0)
    hello_r = m.build(m.HELLO_R, 1, n_r, known.answer(k, S, C, n_i, n_r))
    pub_i, pub_r = agree.public(e_i), agree.public(e_r)
    th = known.th(S, C, hello_i, hello_r, pub_i, pub_r, ADA.ik, BOB.ik)
    k_ir, k_ri = agree.directions(known.prk(agree.dh(e_i, pub_r), k, th))
    ours, theirs = agree.Stream(k_ir, th), agree.Stream(k_ri, th)
    heads = {"i": fixed("header I", agree.HEADER), "r": fixed("header R", agree.HEADER)}

    def said(stream, kind, plain, tag=agree.MESSAGE, who="i"):
        return stream.seal(kind, plain, tag, heads[who])

    envelope = fixed("envelope", 300)
    k2 = m.build(known.K2, pub_r, said(theirs, known.K2, known.proof(
        BOB, "R", th, agreed, number=number), who="r"))
    k3 = m.build(known.K3, said(ours, known.K3, known.proof(ADA, "I", th, True, b"the card", 7, 9)))
    parcel = m.build(known.PARCEL, said(ours, known.PARCEL, known.parcel(1, envelope)))
    quiet_r = m.build(known.QUIET, said(theirs, known.QUIET, pack({}), who="r"))
    ack = m.build(known.ACK, said(theirs, known.ACK, known.ack(
        0, agree.receipt_sign(BOB, envelope, th)), who="r"))
    quiet_i = m.build(known.QUIET, said(ours, known.QUIET, pack({})))
    close_r = m.build(known.CLOSE, said(theirs, known.CLOSE, pack({}), agree.FINAL, "r"))
    close_i = m.build(known.CLOSE, said(ours, known.CLOSE, pack({}), agree.FINAL))
    return [("name", name), ("kind", "session"), ("expect", "ok"), ("s", S), ("c", C),
            ("seed_i", ADA.seed), ("seed_r", BOB.seed), ("ik_i", ADA.ik), ("xk_i", ADA.xk),
            ("e_i", e_i), ("e_r", e_r),
            ("hello_i", hello_i), ("n_r", n_r), ("hello_r", hello_r), ("k", k), ("th", th),
            ("k_ir", k_ir), ("k_ri", k_ri), ("header_i", heads["i"]), ("header_r", heads["r"]),
            ("agreed_r", int(agreed)), ("number_r", number),
            ("k1", m.build(known.K1, pub_i)), ("k2", k2), ("k3", k3), ("envelope", envelope),
            ("parcel", parcel), ("ack", ack), ("quiet_i", quiet_i), ("quiet_r", quiet_r),
            ("close_i", close_i), ("close_r", close_r)]
