#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The mDNS responder, asked over a link of its own: it makes a network namespace with one pair of
virtual interfaces and asks there.  Exit status 77 where namespaces are not to be had."""

import os
import select
import socket
import struct
import subprocess
import sys
import threading

sys.dont_write_bytecode = True

from kithref import announce  # noqa: E402

ADDRESS = "192.0.2.1"
SKIP = 1 if os.environ.get("KITH_CI") else 77  # where every test must run, a skip is a failure


def outside():
    """Start this file again inside a new namespace."""
    probe = subprocess.run(["unshare", "-rn", "true"], capture_output=True)
    if probe.returncode:
        print("skipped: no network namespaces here")
        return SKIP
    steps = [
        "ip link set lo up",
        "ip link add k0 type veth peer name k1",
        "ip addr add %s/24 dev k0" % ADDRESS,
        "ip link set k1 up",
        "ip link set k0 up",
        'exec "$0" -B "$1" inside',
    ]
    shell = ["unshare", "-rn", "sh", "-c", " && ".join(steps), sys.executable, __file__]
    return subprocess.run(shell).returncode


def query(labels, kind, known=b"", count=0, number=7):
    question = announce._name(labels) + struct.pack(">HH", kind, 1)
    return struct.pack(">6H", number, 0, 1, count, 0, 0) + question + known


def inside():
    s = bytes(range(32))
    responder = announce.Responder(ADDRESS, s, 4711, "Ada")
    listener = announce._multicast_socket(ADDRESS)
    thread = threading.Thread(target=responder.run)
    thread.start()

    first = until(listener, lambda data: b"_kith" in data)
    assert struct.unpack_from(">6H", first) == (0, 0x8400, 0, 4, 0, 0), "the announcement"
    for part in (struct.pack(">H", 4711), b"n=Ada", socket.inet_aton(ADDRESS)):
        assert part in first, part
    assert first.count(struct.pack(">I", 120)) >= 4

    asker = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    asker.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(ADDRESS))
    to = (announce.GROUP, announce.PORT)
    asker.sendto(query(announce.SERVICE, announce.PTR), to)
    reply = until(asker)
    number, _, questions, answers, _, more = struct.unpack_from(">6H", reply)
    assert (number, questions, answers, more) == (7, 1, 1, 3), "the one-shot reply"
    assert struct.pack(">HH", announce.SRV, 0x8001) not in reply, "a legacy reply flushes nothing"

    known = announce._name(announce.SERVICE) + struct.pack(">HHIH", announce.PTR, 1, 120, 0)
    target = announce._name((responder.instance, *announce.SERVICE))
    known = known[:-2] + struct.pack(">H", len(target)) + target
    asker.sendto(query(announce.SERVICE, announce.PTR, known, 1), to)
    for broken in (b"", b"\0" * 11, query(announce.SERVICE, announce.PTR)[:-3], _loop()):
        asker.sendto(broken, to)
    asker.sendto(query((responder.instance, *announce.SERVICE), announce.TXT, number=8), to)
    reply = until(asker)
    assert reply[:2] == b"\0\x08", "a known answer, and broken questions, are not answered"
    assert b"n=Ada" in reply

    responder.stop()
    thread.join()
    goodbye = announce._name(announce.SERVICE) + struct.pack(">HHI", announce.PTR, 1, 0)
    until(listener, lambda data: goodbye in data)
    print("ok")
    return 0


def _loop():
    """A question whose name points at itself."""
    return struct.pack(">6H", 9, 0, 1, 0, 0, 0) + b"\xc0\x0c" + struct.pack(">HH", announce.PTR, 1)


def until(sock, wanted=lambda data: True):
    while True:
        ready, _, _ = select.select([sock], [], [], 10)
        assert ready, "nothing came"
        data = sock.recv(9000)
        if wanted(data):
            return data


if __name__ == "__main__":
    sys.exit(inside() if sys.argv[1:] == ["inside"] else outside())
