#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A courier that lies.  The node starts it; what it says is told by a file beside it, whose lines are
datagrams in hex, sent one after another once START has come; "wait" waits for the next datagram of
the node, "announce" for that which announces and answers it, "flood" sends 256 rows whose names change
for three seconds, as fast as it can, and then what they are called at last, every second one gone;
"die" ends it.  A courier gets no arguments and an empty environment, hence the file."""
import pathlib
import signal
import socket
import time

ROWS = 256


def row(i, label):
    label = label.encode()
    return b"\x85\x00\x12\x01\xc4\x20" + bytes([i]) * 31 + b"\x01\x02" + bytes([0xa0 + len(label)]) \
        + label + b"\x03\x91\xae192.0.2.1:4711\x04\xa4eth0"


def flood():
    end, turn = time.monotonic() + 3, 0
    while time.monotonic() < end:
        for i in range(ROWS):
            s.send(row(i, f"{turn} {i}"))
        turn += 1
    for i in range(ROWS):
        s.send(row(i, f"last {i}"))
    for i in range(1, ROWS, 2):
        s.send(b"\x82\x00\x13\x01\xc4\x20" + bytes([i]) * 31 + b"\x01")
    pathlib.Path(__file__).with_suffix(".turns").write_text(str(turn))


script = pathlib.Path(__file__).with_suffix(".script").read_text().split()
s = socket.socket(fileno=3)
s.recv(65536)
with open(pathlib.Path(__file__).with_suffix(".starts"), "a") as f:
    f.write("x")
for word in script:
    if word == "wait":
        s.recv(65536)
    elif word == "announce":
        while (order := s.recv(65536))[2] != 2:
            pass
        key = order.partition(b"\x01\xc4\x20")[2][:32]
        s.send(b"\x83\x00\x11\x01\xc4\x20" + key + b"\x02\xcd\x12\x67")
    elif word == "flood":
        flood()
    elif word == "die":
        raise SystemExit(1)
    else:
        try:
            s.send(bytes.fromhex(word))
        except OSError:
            break
while s.recv(65536):
    pass
