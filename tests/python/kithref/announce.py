# SPDX-License-Identifier: MIT
"""A small mDNS responder over IPv4 (RFC 6762) with the records of proto/discovery.md.

It announces itself, answers multicast and one-shot queries, leaves out what the asker knows, and
says goodbye.  It does not probe (the names are random) and does not browse.
"""

import base64
import select
import socket
import struct
import time

from . import numbers as n
from .keys import H, base32

GROUP, PORT = "224.0.0.251", 5353
A, PTR, TXT, SRV, _ANY = 1, 12, 16, 33, 255
_IN, _FLUSH = 1, 0x8001
SERVICE = ("_kith", "_tcp", "local")


class Responder:
    """Be found as the listener with public key s on address:port; label "" stays hidden."""

    def __init__(self, address, s, port, label=""):
        text = base32(H("kith/1 inst", s)).lower()
        self.address = address
        self.instance = "k-" + text[:16]
        name, host = (self.instance, *SERVICE), ("kith-" + text[16:32], "local")
        srv = struct.pack(">HHH", 0, 0, port) + _name(host)
        self.records = [
            (SERVICE, PTR, False, _name(name)),
            (name, SRV, True, srv),
            (name, TXT, True, _txt(s, label)),
            (host, A, True, socket.inet_aton(address)),
        ]
        self.socket = _multicast_socket(address)
        self.wake, self.waker = socket.socketpair()

    def run(self):
        """Until stop(); announces at once and one second later (RFC 6762 section 8.3)."""
        due = [time.monotonic(), time.monotonic() + 1]
        while True:
            left = max(0.0, due[0] - time.monotonic()) if due else None
            ready, _, _ = select.select([self.socket, self.wake], [], [], left)
            if self.wake in ready:
                self._send(_message(self.records, 0), (GROUP, PORT))
                self.wake.close()
                self.socket.close()
                return
            if self.socket in ready:
                self._answer(*self.socket.recvfrom(n.MESSAGE_MAX))
            elif due:
                due.pop(0)
                self._send(_message(self.records, n.RECORD_TTL), (GROUP, PORT))

    def stop(self):
        self.waker.send(b"x")
        try:
            self.waker.recv(1)  # ends when run() has said goodbye
        except OSError:
            pass
        self.waker.close()

    def _send(self, data, where):
        try:
            self.socket.sendto(data, where)
        except OSError:
            pass  # the interface may have gone; the next query shows

    def _answer(self, data, source):
        try:
            number, flags, questions, known = parse(data)
        except (IndexError, struct.error, ValueError):
            return
        if flags & 0xF800:
            return
        hit = [row for row in self.records if any(_asks(question, row) for question in questions)]
        hit = [row for row in hit if not any(_holds(answer, row) for answer in known)]
        if not hit:
            return
        rest = [row for row in self.records if row not in hit]
        if source[1] != PORT:  # one-shot: answer like a plain DNS server (section 6.7)
            asked = [question for question in questions if any(_asks(question, row) for row in hit)]
            self._send(_message(hit, 10, rest, number, asked), source)
        else:
            self._send(_message(hit, n.RECORD_TTL, rest), (GROUP, PORT))


def _multicast_socket(address):
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    made.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 255)
    made.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_LOOP, 1)
    made.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(address))
    member = socket.inet_aton(GROUP) + socket.inet_aton(address)
    made.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, member)
    made.bind(("", PORT))
    return made


def txt_label(label):
    """A label cut to fit, between characters."""
    return label.encode()[: n.TXT_LABEL_MAX].decode("utf-8", "ignore")


def _txt(s, label):
    pairs = [b"v=1", b"k=" + base64.urlsafe_b64encode(s).rstrip(b"=")]
    if label:
        pairs.append(b"n=" + txt_label(label).encode())
    data = b"".join(bytes([len(pair)]) + pair for pair in pairs)
    assert len(data) <= n.TXT_RECORD_MAX
    return data


def _name(labels):
    return b"".join(bytes([len(label)]) + label.encode() for label in labels) + b"\0"


def _message(answers, ttl, additional=(), number=0, questions=()):
    """A response; with questions it is the legacy form, without the cache-flush bit."""
    legacy = bool(questions)
    data = struct.pack(">6H", number, 0x8400, len(questions), len(answers), 0, len(additional))
    for labels, kind, _ in questions:
        data += _name(labels) + struct.pack(">HH", kind, _IN)
    for labels, kind, unique, content in (*answers, *additional):
        group = _FLUSH if unique and not legacy else _IN
        data += _name(labels) + struct.pack(">HHIH", kind, group, ttl, len(content)) + content
    return data


def question(labels, kind, number=0):
    """A query for one name."""
    return struct.pack(">6H", number, 0, 1, 0, 0, 0) + _name(labels) + struct.pack(">HH", kind, _IN)


def parse(data):
    """(id, flags, questions, records) of a message; names inside PTR and SRV come out whole.
    Raises on anything broken."""
    number, flags, question_count, *counts = struct.unpack_from(">6H", data)
    at, questions, records = 12, [], []
    for _ in range(question_count):
        labels, at = read_name(data, at)
        kind, group = struct.unpack_from(">HH", data, at)
        questions.append((labels, kind, group))
        at += 4
    for _ in range(sum(counts)):
        labels, at = read_name(data, at)
        kind, _, ttl, size = struct.unpack_from(">HHIH", data, at)
        at += 10
        content = data[at : at + size]
        if len(content) != size:
            raise ValueError
        front = {PTR: 0, SRV: 6}.get(kind)
        if front is not None:
            content = content[:front] + _name(read_name(data, at + front)[0])
        records.append((labels, kind, ttl, content))
        at += size
    return number, flags, questions, records


def read_name(data, at):
    """Labels in lower case, and where the name ends; every pointer goes back."""
    labels, end = [], None
    before = len(data)
    while data[at]:
        size = data[at]
        if size >= 0xC0:
            end = at + 2 if end is None else end
            at = (size & 0x3F) << 8 | data[at + 1]
            if at >= before:
                raise ValueError
            before = at
            continue
        if size > 63 or len(labels) == 32:
            raise ValueError
        labels.append(data[at + 1 : at + 1 + size].decode("utf-8", "replace").lower())
        at += 1 + size
    return tuple(labels), (at + 1 if end is None else end)


def _asks(question, row):
    labels, kind, _ = question
    return labels == row[0] and kind in (row[1], _ANY)


def _holds(answer, row):
    labels, kind, ttl, content = answer
    return (labels, kind, content) == (row[0], row[1], row[3]) and ttl >= n.RECORD_TTL / 2
