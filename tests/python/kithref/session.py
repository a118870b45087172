# SPDX-License-Identifier: MIT
"""A whole session as either role over any transport (proto/session.md, "Course").

A transport has send(bytes), recv(milliseconds) -> bytes, close(); recv raises Closed when the
line is gone and TimeoutError when nothing came.  What happens is told by tell(event, **values).
"""

import time

from . import agree, card, numbers as n
from . import messages as m
from .keys import random, verify
from .strict import Fault, pack

REASONS = {
    1: "mismatch",
    2: "state",
    3: "commit",
    4: "protocol",
    5: "ownkey",
    6: "card",
    7: "store",
    8: "cancel",
}
_NUMBERS = {name: number for number, name in REASONS.items()}
HOW = {"compared": 0, "scanned": 1, "unattended": 2}


class Closed(Exception):
    """The line is gone."""


class Aborted(Exception):
    """The other side sent ABORT; str() is its reason."""


class Declined(Exception):
    """The other side's person said no."""


class Refused(Exception):
    """This side ended the session; str() is the reason, fault what was found."""

    def __init__(self, reason, fault=""):
        super().__init__(reason)
        self.fault = fault


class Party:
    """What one side brings: identity, envelope (empty gives nothing), label, how it checks."""

    def __init__(self, identity, envelope, label="", how="unattended"):
        self.identity, self.envelope, self.label, self.how = identity, envelope, label, how
        self.gives = envelope != b""
        self.attended = how != "unattended"


class Session:
    """Subclasses that misbehave override the small steps; see faulty.py."""

    role = other = ""

    def __init__(self, party, s, c, transport, tell=None, draw=None, same=None):
        """draw(size, name) gives random bytes; same(code) is the person: True, False."""
        self.party, self.line = party, transport
        self.transcript = agree.Transcript(s, c)
        self.tell = tell or (lambda event, **values: None)
        self.draw = draw or (lambda size, name: random(size))
        self.same = same or (lambda code: True)
        self.out = self.into = self.th = None
        self.said_all = False  # a message with FINAL has left
        self.done = {}  # card: their body, receipt: True
        self.until = 0.0

    def run(self):
        """Play the session to its end.  Raises Closed, TimeoutError, Aborted, Declined, Refused."""
        self.until = time.monotonic() + n.SESSION_MS / 1000
        try:
            self.handshake()
            self.exchange()
            self.finish()
        except Refused as refused:
            self.abort(str(refused))
            self.drain()
            raise
        finally:
            self.line.close()

    # --- messages

    def send(self, kind, data):
        self.line.send(data)
        return data

    def expect(self, kinds, wait_ms):
        """The next message, which must be of one of these types: (type, fields, bytes)."""
        left = int((self.until - time.monotonic()) * 1000)
        data = self.line.recv(max(0, min(wait_ms, left)))
        try:
            kind, fields = m.parse(data)
        except Fault as fault:
            reason = "state" if str(fault) == "state" else "protocol"
            raise Refused(reason, str(fault)) from None
        if kind == m.ABORT:
            raise Aborted(self._abort_reason(fields[1]))
        if kind == m.DECLINE and m.ACCEPT in kinds:
            raise Declined()
        if kind not in kinds:
            raise Refused("state", "type %d" % kind)
        return kind, fields, data

    def _abort_reason(self, field):
        if isinstance(field, int):
            return REASONS.get(field, str(field)) + " (plain)"
        if self.into is None:
            raise Refused("protocol", "a sealed ABORT before there are keys")
        number = self.open(m.ABORT, field, agree.FINAL)
        return REASONS.get(number, str(number))

    def abort(self, reason):
        """Plain before this side's AUTH, sealed from then on; nothing behind its last message."""
        if self.said_all:
            return
        number = _NUMBERS[reason]
        try:
            if self.out is None or self.out.state is None:
                self.send(m.ABORT, m.build(m.ABORT, number))
            else:
                self.send_sealed(m.ABORT, number, agree.FINAL)
        except Closed:
            pass

    def drain(self):
        """Let the other side hang up first: TCP answers a close over unread bytes with a reset,
        and a reset takes the ABORT with it."""
        until = time.monotonic() + n.LINGER_MS / 1000
        try:
            while True:
                self.line.recv(max(0, int((until - time.monotonic()) * 1000)))
        except (Closed, TimeoutError):
            pass

    def send_sealed(self, kind, value, tag=agree.MESSAGE):
        header = b"" if self.out.state else self.draw(agree.HEADER, "header " + self.role)
        self.said_all = tag == agree.FINAL
        box = self.out.seal(kind, pack({1: value}), tag, header)
        return self.send(kind, m.build(kind, box))

    def open(self, kind, box, tag):
        try:
            plain, got = self.into.open(kind, box)
            value = m.parse_plain(kind, plain)
        except Fault as fault:
            raise Refused("protocol", str(fault)) from None
        if got != tag:
            raise Refused("protocol", "tag %d where %d is due" % (got, tag))
        return value

    def expect_sealed(self, kind, wait_ms, tag=agree.MESSAGE):
        _, fields, _ = self.expect((kind,), wait_ms)
        return self.open(kind, fields[1], tag)

    # --- from keys to receipts, the same for both

    def derive(self, e_secret, e_theirs):
        self.th = self.transcript.th()
        try:
            shared = agree.dh(e_secret, e_theirs)
        except Fault as fault:
            raise Refused("protocol", "the shared secret is zero") from fault
        to_r, to_i = agree.directions(agree.prk(shared, self.th))
        mine, theirs = (to_r, to_i) if self.role == "I" else (to_i, to_r)
        self.out, self.into = agree.Stream(mine, self.th), agree.Stream(theirs, self.th)

    def send_auth(self):
        self.send_sealed(m.AUTH, self.party.identity.sign(agree.AUTH_LABEL[self.role], self.th))

    def read_auth(self):
        sig = self.expect_sealed(m.AUTH, n.STEP_MS)
        if not verify(self.their_ik, agree.AUTH_LABEL[self.other], self.th, sig):
            raise Refused("protocol", "the AUTH signature does not hold")

    def exchange(self):
        code = agree.code(self.th)
        self.tell("code", code=code[6:], long=code)
        if not self.same(code[6:]):
            raise Refused("mismatch")
        self.send_sealed(m.CONFIRM, HOW[self.party.how])
        self.tell("confirm", how=self.party.how)
        how = self.expect_sealed(m.CONFIRM, n.HUMAN_MS)
        self.tell("confirmed", how=[name for name in HOW if HOW[name] == how][0])
        self.send_card()
        theirs = self.read_card()
        if theirs:
            self.send_receipt(theirs)
        if self.party.gives:
            self.read_receipt()

    def send_card(self):
        self.send_sealed(m.CARD, self.party.envelope, self._tag_of(self.they_give))

    def read_card(self):
        """Their envelope, verified."""
        envelope = self.expect_sealed(m.CARD, n.STEP_MS, self._tag_of(self.party.gives))
        if not self.they_give:
            if envelope:
                raise Refused("protocol", "a card from one who gives nothing")
            return b""
        if not envelope:
            raise Refused("protocol", "no card from one who gives")
        try:
            made = card.open_envelope(envelope)
            if made[9] != 0 or made[2] != self.their_ik or made[3] != self.their_xk:
                raise Fault("subject")
        except Fault as fault:
            raise Refused("card", str(fault)) from None
        self.done["card"] = made
        self.tell("card", **described(made))
        return envelope

    @staticmethod
    def _tag_of(owes_receipt):
        return agree.MESSAGE if owes_receipt else agree.FINAL

    def send_receipt(self, envelope):
        sig = agree.receipt_sign(self.party.identity, envelope, self.th)
        self.send_sealed(m.RECEIPT, sig, agree.FINAL)

    def read_receipt(self):
        sig = self.expect_sealed(m.RECEIPT, n.STEP_MS, agree.FINAL)
        if not agree.receipt_verify(self.their_ik, self.party.envelope, self.th, sig):
            raise Refused("protocol", "the receipt does not hold")
        self.done["receipt"] = True
        self.tell("receipt", verified=True)

    def refuse_own(self):
        if self.their_ik == self.party.identity.ik:
            raise Refused("ownkey")


class Initiator(Session):
    role, other = "I", "R"

    def handshake(self):
        t = self.transcript
        self.send_hello()
        _, _, t.hello_r = self.expect((m.HELLO_R,), n.STEP_MS)

        e_secret, reveal = self.make_reveal()
        label = self.party.label
        commit = t.commit(label, reveal)
        gives, attended = self.party.gives, self.party.attended
        t.request = self.send(m.REQUEST, m.build(m.REQUEST, commit, label, 1, gives, attended))
        _, accepted, t.accept = self.expect((m.ACCEPT,), n.HUMAN_MS)
        self.their_ik, self.their_xk, self.they_give = accepted[3], accepted[4], accepted[6]
        self.tell("accept", label=accepted[5], gives=accepted[6], attended=accepted[7])
        self.refuse_own()

        t.reveal = self.send(m.REVEAL, self.shown_reveal(reveal))
        self.derive(e_secret, accepted[1])
        self.send_auth()
        self.read_auth()

    def send_hello(self):
        tags = self.draw(n.TAG_COUNTS[0] * n.TAG_BYTES, "tags I")
        hello = m.build(m.HELLO_I, 1, self.draw(32, "n I"), tags, 0)
        self.transcript.hello_i = self.send(m.HELLO_I, hello)

    def make_reveal(self):
        """(secret of eI, the exact bytes of REVEAL), fixed before REQUEST leaves."""
        e_secret, own = self.draw(32, "e I"), self.party.identity
        fields = (agree.public(e_secret), self.draw(32, "r I"), own.ik, own.xk)
        return e_secret, m.build(m.REVEAL, *fields)

    def shown_reveal(self, reveal):
        return reveal

    def finish(self):
        """Nothing is owed any more: the dialler hangs up (run() closes)."""


class Responder(Session):
    role, other = "R", "I"

    def handshake(self):
        t = self.transcript
        _, hello, t.hello_i = self.expect((m.HELLO_I,), n.STEP_MS)
        for index in range(1, hello[4] + 1):
            _, tags, data = self.expect((m.TAGS,), n.STEP_MS)
            if tags[1] != index:
                raise Refused("state", "TAGS out of order")
            t.hello_i += data
        hello_r = m.build(m.HELLO_R, 1, self.draw(32, "n R"), self.draw(16, "tag R"))
        t.hello_r = self.send(m.HELLO_R, hello_r)

        _, asked, t.request = self.expect((m.REQUEST,), n.STEP_MS)
        self.they_give = asked[4]
        self.tell("request", label=asked[2], gives=asked[4], attended=asked[5])
        e_secret = self.draw(32, "e R")
        t.accept = self.send(m.ACCEPT, self.make_accept(e_secret))
        _, shown, t.reveal = self.expect((m.REVEAL,), n.STEP_MS)
        if t.commit(asked[2], t.reveal) != asked[1]:
            raise Refused("commit")
        self.their_ik, self.their_xk = shown[3], shown[4]
        self.refuse_own()
        self.derive(e_secret, shown[1])
        self.send_auth()
        self.read_auth()

    def make_accept(self, e_secret):
        own, party = self.party.identity, self.party
        fields = (agree.public(e_secret), self.draw(32, "r R"), own.ik, own.xk, party.label)
        return m.build(m.ACCEPT, *fields, party.gives, party.attended)

    def finish(self):
        """The listener gives the dialler time to hang up."""
        try:
            self.line.recv(n.CLOSING_MS)
        except (Closed, TimeoutError):
            return
        raise Refused("state", "a message behind the end")


def described(made):
    """A verified body for people and tests: JSON-able."""
    fields = []
    for kind, flags, label, *parts in made[6]:
        name = n.FIELDS[kind][0] if kind in n.FIELDS else str(kind)
        texts = [part if isinstance(part, str) else part.hex() for part in parts]
        fields.append({"field": name, "flags": flags, "label": label, "parts": texts})
    from .keys import fingerprint, person_id

    return {
        "id": person_id(made[2]),
        "fingerprint": fingerprint(made[2]),
        "rev": made[4],
        "card": made[10].hex(),
        "name": [row["parts"][0] for row in fields if row["field"] == "name"][0],
        "fields": fields,
    }
