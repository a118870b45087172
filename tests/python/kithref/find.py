# SPDX-License-Identifier: MIT
"""One-shot discovery (proto/discovery.md, "Finding") over IPv4, as far as a test needs it."""

import base64
import select
import socket
import struct
import time

from . import announce, numbers as n

_TIMES = (0, 0.1, 0.4, 1, 2.5)


def find(address, wait_ms, label=None):
    """(endpoint, s, label) of the first kith seen from the interface with this address, or the
    first with this label.  TimeoutError when nobody is there."""
    asker = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    asker.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(address))
    question = announce.question(announce.SERVICE, announce.PTR)
    start = time.monotonic()
    due = [start + after for after in _TIMES]
    records = {}
    with asker:
        while time.monotonic() < start + wait_ms / 1000:
            ready, _, _ = select.select([asker], [], [], max(0, due[0] - time.monotonic()))
            if not ready:
                asker.sendto(question, (announce.GROUP, announce.PORT))
                due = due[1:] or [time.monotonic() + 2.5]
                continue
            try:
                _, _, _, answers = announce.parse(asker.recv(n.MESSAGE_MAX))
            except (IndexError, struct.error, ValueError):
                continue
            for labels, kind, _, content in answers:
                records[labels, kind] = content
            for found in _whole(records):
                if label in (None, found[2]):
                    return found
    raise TimeoutError()


def _whole(records):
    """Every instance of which all four records have come."""
    for (labels, kind), srv in records.items():
        txt = records.get((labels, announce.TXT))
        if kind != announce.SRV or labels[1:] != announce.SERVICE or txt is None:
            continue
        host, _ = announce.read_name(srv, 6)
        address = records.get((host, announce.A))
        pairs = dict(_pairs(txt))
        if address is None or pairs.get(b"v") != b"1" or len(pairs.get(b"k", b"")) != 43:
            continue
        s = base64.urlsafe_b64decode(pairs[b"k"] + b"=")
        (port,) = struct.unpack_from(">H", srv, 4)
        endpoint = "%s:%d" % (socket.inet_ntoa(address), port)
        yield endpoint, s, pairs.get(b"n", b"").decode()


def _pairs(txt):
    while txt:
        size, rest = txt[0], txt[1:]
        key, equals, value = rest[:size].partition(b"=")
        if equals:
            yield key, value
        txt = rest[size:]
