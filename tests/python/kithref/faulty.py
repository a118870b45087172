# SPDX-License-Identifier: MIT
"""Sessions that do exactly one thing wrong, to see what the other side makes of it."""

from . import agree, card
from . import messages as m
from .keys import Identity, random
from .session import Closed
from .strict import pack

# what it takes as its argument: a message's name, or nothing
PLAIN = {
    "reveal-bytes": "I: REVEAL carries an ignorable key that was not committed to (commit)",
    "small-order": "eI or eR is a point of small order (protocol)",
    "bad-auth": "one bit of the AUTH signature is wrong (protocol)",
    "reflect-auth": "AUTH is signed under the other role's label (protocol)",
    "second-accept": "R: ACCEPT is sent twice, with fresh values (state)",
    "confirm-before-auth": "CONFIRM takes the place of AUTH (state)",
    "card-before-confirm": "CARD is sent before CONFIRM (state)",
    "wrong-subject": "the card is somebody else's (card)",
    "pocket": "the card is a pocket card (card)",
    "broken-card": "one bit of the card is wrong (card)",
    "no-card": "an empty CARD although `gives` was said (protocol)",
    "rollback": "the card's revision is one less than --rev",
    "conflict": "the card has the revision of --rev but other bytes",
    "bad-receipt": "one bit of the RECEIPT signature is wrong (protocol)",
    "plain-mismatch": "ABORT(mismatch) is sent unsealed in place of CONFIRM",
}
AFTER = {
    "cut-after": "the line is cut when MESSAGE has left",
    "silent-after": "nothing is sent any more when MESSAGE has left",
    "garbage-after": "32 random bytes are sent behind MESSAGE (protocol)",
    "repeat": "MESSAGE is sent twice, the same bytes (state or protocol)",
}
KINDS = {
    "hello": (m.HELLO_I, m.HELLO_R),
    "request": (m.REQUEST,),
    "accept": (m.ACCEPT,),
    "reveal": (m.REVEAL,),
    "auth": (m.AUTH,),
    "confirm": (m.CONFIRM,),
    "card": (m.CARD,),
    "receipt": (m.RECEIPT,),
}


def known(fault):
    name, _, message = fault.partition("=")
    return name in PLAIN and not message or name in AFTER and message in KINDS


def envelope(fault, identity, fields, rev):
    """The envelope that goes with a fault."""
    own = lambda **changes: card.seal(identity, pack(card.body(identity, fields, **changes)))
    if fault == "wrong-subject":
        other = Identity(random(32))
        return card.seal(other, pack(card.body(other, fields, k4=rev)))
    if fault == "pocket":
        return own(k4=rev, k9=1, k6=[[1, 0, "", "Pocket"]])
    if fault == "broken-card":
        return _flipped(own(k4=rev))
    if fault == "rollback":
        return own(k4=rev - 1)
    if fault == "conflict":
        return own(k4=rev, k5=1)
    return own(k4=rev)


def session(base, fault):
    """Initiator or Responder, made to misbehave."""
    if not fault:
        return base
    name, _, message = fault.partition("=")
    wrong = _WRONG.get(name, _Straight) if not message else _After
    return type(base.__name__ + "With" + wrong.__name__, (wrong, base), {"fault": (name, message)})


def _flipped(data):
    return data[:-1] + bytes([data[-1] ^ 1])


class _Straight:
    """The fault lies in the envelope."""


class _RevealBytes:
    def shown_reveal(self, reveal):
        return bytes([reveal[0] + 1]) + reveal[1:] + pack(70) + pack(0)


class _SmallOrder:
    def make_reveal(self):
        e_secret, reveal = super().make_reveal()
        _, fields = m.parse(reveal)
        return e_secret, m.build(m.REVEAL, bytes(32), *list(fields.values())[1:])

    def make_accept(self, e_secret):
        _, fields = m.parse(super().make_accept(e_secret))
        return m.build(m.ACCEPT, bytes(32), *list(fields.values())[1:])


class _BadAuth:
    def send_auth(self):
        sig = self.party.identity.sign(agree.AUTH_LABEL[self.role], self.th)
        self.send_sealed(m.AUTH, _flipped(sig))


class _ReflectAuth:
    def send_auth(self):
        self.send_sealed(m.AUTH, self.party.identity.sign(agree.AUTH_LABEL[self.other], self.th))


class _SecondAccept:
    def send(self, kind, data):
        super().send(kind, data)
        if kind == m.ACCEPT:
            super().send(kind, self.make_accept(random(32)))
        return data


class _ConfirmBeforeAuth:
    def send_auth(self):
        self.send_sealed(m.CONFIRM, 2)
        super().send_auth()


class _CardBeforeConfirm:
    def exchange(self):
        self.send_card()
        super().exchange()


class _NoCard:
    def send_card(self):
        self.send_sealed(m.CARD, b"", agree.MESSAGE if self.they_give else agree.FINAL)


class _BadReceipt:
    def send_receipt(self, envelope):
        sig = agree.receipt_sign(self.party.identity, envelope, self.th)
        self.send_sealed(m.RECEIPT, _flipped(sig), agree.FINAL)


class _PlainMismatch:
    def exchange(self):
        self.send(m.ABORT, m.build(m.ABORT, 1))
        self.line.close()
        raise Closed()


class _After:
    quiet = False

    def send(self, kind, data):
        if self.quiet:
            return data
        super().send(kind, data)
        name, message = self.fault
        if kind in KINDS[message]:
            if name == "cut-after":
                self.line.close()
                raise Closed()
            if name == "garbage-after":
                self.line.send(random(32))
            elif name == "repeat":
                self.line.send(data)
            else:
                self.quiet = True
        return data


_WRONG = {
    "reveal-bytes": _RevealBytes,
    "small-order": _SmallOrder,
    "bad-auth": _BadAuth,
    "reflect-auth": _ReflectAuth,
    "second-accept": _SecondAccept,
    "confirm-before-auth": _ConfirmBeforeAuth,
    "card-before-confirm": _CardBeforeConfirm,
    "no-card": _NoCard,
    "bad-receipt": _BadReceipt,
    "plain-mismatch": _PlainMismatch,
}
