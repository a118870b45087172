#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A courier that says what the test says, and tells the test what the node says: datagrams go both
ways between descriptor 3 and the socket beside this file.  A courier gets no arguments and an empty
environment, hence the place."""
import pathlib
import select
import socket

node = socket.socket(fileno=3)
test = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
test.connect(str(pathlib.Path(__file__).with_suffix(".sock")))
node.setblocking(True)
while True:
    for end in select.select([node, test], [], [])[0]:
        data = end.recv(65536)
        if not data:
            raise SystemExit
        (test if end is node else node).send(data)
