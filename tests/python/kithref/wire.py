# SPDX-License-Identifier: MIT
"""The transport of a session: ZeroMQ with CURVE, as proto/courier.md "Transport" sets it.

Dial and Listen each carry one session and have the shape that session.py asks for.
"""

import time

import zmq
from zmq.utils import z85
from zmq.utils.monitor import recv_monitor_message

from . import numbers as n
from .session import Closed

_LOST = zmq.EVENT_DISCONNECTED | zmq.EVENT_CLOSED
_FAILED = (
    zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL
    | zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL
    | zmq.EVENT_HANDSHAKE_FAILED_AUTH
)


def new_pair():
    """(public, secret) of CURVE, 32 bytes each."""
    return tuple(z85.decode(key) for key in zmq.curve_keypair())


def _common(socket, pair):
    socket.curve_publickey, socket.curve_secretkey = (z85.encode(key) for key in pair)
    for option, value in (
        (zmq.MAXMSGSIZE, n.MESSAGE_MAX),
        (zmq.RCVHWM, n.HWM),
        (zmq.SNDHWM, n.HWM),
        (zmq.HANDSHAKE_IVL, n.HANDSHAKE_MS),
        (zmq.CONNECT_TIMEOUT, n.CONNECT_MS),
        (zmq.HEARTBEAT_IVL, n.HEARTBEAT_MS),
        (zmq.HEARTBEAT_TIMEOUT, n.HEARTBEAT_TIMEOUT_MS),
        (zmq.HEARTBEAT_TTL, n.HEARTBEAT_TIMEOUT_MS),
        (zmq.BACKLOG, n.BACKLOG),
        (zmq.LINGER, n.LINGER_MS),
        (zmq.RECONNECT_IVL, 3600000),  # -1 and IMMEDIATE lose what was not read before the end
        (zmq.IMMEDIATE, 0),
        (zmq.IPV6, 1),
    ):
        socket.setsockopt(option, value)


class _Line:
    """What both ends share: messages in order, then the news that the line is gone."""

    def __init__(self, kind, pair):
        self.context = zmq.Context()
        self.socket = self.context.socket(kind)
        _common(self.socket, pair)
        self.monitor = self.socket.get_monitor_socket()
        self.poller = zmq.Poller()
        self.poller.register(self.socket, zmq.POLLIN)
        self.poller.register(self.monitor, zmq.POLLIN)
        self.lost = self.closed = False

    def recv(self, wait_ms):
        until = time.monotonic() + wait_ms / 1000
        while True:
            data = self.take()
            if data is not None:
                return data
            if self.lost or self.closed:
                raise Closed()
            left = max(0, int((until - time.monotonic()) * 1000) + 1)
            ready = dict(self.poller.poll(left))
            if not ready:
                raise TimeoutError()
            self.serve(ready)

    def serve(self, ready):
        if self.monitor in ready:
            event = recv_monitor_message(self.monitor)
            self.noticed(event["event"], event["value"])

    def send(self, data):
        """A line that is gone is noticed by recv, behind everything that had come before."""
        if self.closed:
            raise Closed()
        if self.lost:
            return
        try:
            self.socket.send_multipart(self.framed(data))
        except zmq.Again:
            self.lost = True
        except zmq.ZMQError as error:
            if error.errno != zmq.EHOSTUNREACH:
                raise
            self.lost = True

    def close(self):
        if self.closed:
            return
        self.closed = True
        self.socket.disable_monitor()
        self.monitor.close(0)
        self.more_to_close()
        self.socket.close(n.LINGER_MS)
        self.context.term()

    def more_to_close(self):
        pass


class Dial(_Line):
    """One connection to ENDPOINT ("192.0.2.1:4711") whose listener has the public key s."""

    def __init__(self, endpoint, s, pair):
        super().__init__(zmq.DEALER, pair)
        self.s, self.c = s, pair[0]
        self.socket.curve_serverkey = z85.encode(s)
        self.socket.sndtimeo = n.CONNECT_MS + n.HANDSHAKE_MS
        self.socket.connect("tcp://" + endpoint)

    def noticed(self, event, _):
        if event & (_LOST | _FAILED):
            self.lost = True

    def framed(self, data):
        return [data]

    def take(self):
        try:
            frames = self.socket.recv_multipart(zmq.NOBLOCK)
        except zmq.Again:
            return None
        self.socket.sndtimeo = n.LINGER_MS  # it is connected: a full pipe is a lost one
        if len(frames) != 1:
            self.lost = True
            return None
        return frames[0]


class Listen(_Line):
    """A listener on ADDRESS, with a port of the kernel's choice, for the first who speaks."""

    def __init__(self, address, pair):
        super().__init__(zmq.ROUTER, pair)
        self.s, self.c = pair[0], None
        self.peer = self.fd = None
        self.zap = self.context.socket(zmq.REP)
        self.zap.bind("inproc://zeromq.zap.01")
        self.poller.register(self.zap, zmq.POLLIN)
        self.socket.curve_server = True
        self.socket.setsockopt(zmq.ZAP_DOMAIN, b"kith")
        self.socket.setsockopt(zmq.ROUTER_MANDATORY, 1)
        self.socket.sndtimeo = n.CONNECT_MS
        host = "[%s]" % address if ":" in address else address
        self.port = self.socket.bind_to_random_port("tcp://" + host)
        self.endpoint = "%s:%d" % (host, self.port)

    def wait(self, wait_ms=None):
        """Until somebody's first message is here; it stays for recv.  Sets c."""
        self.first = None
        while self.first is None:
            ready = dict(self.poller.poll(wait_ms))
            if not ready:
                raise TimeoutError()
            self.serve(ready)
            self.first = self.take()

    def noticed(self, event, value):
        if event == zmq.EVENT_DISCONNECTED and value == self.fd:
            self.lost = True

    def serve(self, ready):
        super().serve(ready)
        if self.zap in ready:
            version, request, domain, _, _, mechanism, *key = self.zap.recv_multipart()
            good = domain == b"kith" and mechanism == b"CURVE" and len(key) == 1
            user = z85.encode(key[0]) if good else b""
            status = (b"200", b"OK") if good else (b"400", b"no")
            self.zap.send_multipart([version, request, *status, user, b""])

    def framed(self, data):
        return [self.peer, data]

    def take(self):
        if self.peer is not None and self.first is not None:
            data, self.first = self.first, None
            return data
        try:
            frames = self.socket.recv_multipart(zmq.NOBLOCK, copy=False)
        except zmq.Again:
            return None
        if len(frames) != 2:
            return None
        sender, payload = frames
        if self.peer is None:
            self.peer, self.fd = sender.bytes, payload.get(zmq.SRCFD)
            self.c = z85.decode(payload.get("User-Id").encode())
        if sender.bytes != self.peer:
            return None
        return payload.bytes

    def more_to_close(self):
        self.zap.close(0)
