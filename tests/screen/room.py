# SPDX-License-Identifier: MIT
"""A home whose node has a courier of the test's own, and strangers who come through it."""

import contextlib
import os
import pathlib
import queue
import shutil
import socket
import subprocess
import sys
import tempfile
import threading

import msgpack

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "python"))

from kithref import agree, card, keys  # noqa: E402
from kithref.session import (  # noqa: E402
	Aborted, Closed, Declined, Initiator, Party, Refused, Responder)
from kithref.strict import pack  # noqa: E402

START, ANNOUNCE, LOOK, DIAL, SEND, CLOSE = range(1, 7)
(STARTED, ANNOUNCED, SEEN, GONE, OPENED, BYTES, CLOSED, NETWORK, TROUBLE,
	ADDRESSES) = range(16, 26)
LIMIT = 30  # seconds


def card_of(name, identity=None, **parts):
	"""A signed card with that name, and fields as kind_number="value"."""
	identity = identity or keys.Identity(keys.random(32))
	fields = [[1, 0, "", name]] + [[int(k[1:]), 0, "", v] for k, v in parts.items()]
	return card.seal(identity, pack(card.body(identity, fields)))


class Room:
	"""Someone called name, whose store holds the people in known."""

	def __init__(self, kith, name, known=()):
		self.kith = kith
		self.folder = pathlib.Path(tempfile.mkdtemp(prefix="kith-screen-"))
		self.env = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "TZ": "UTC",
			"LANG": "C.UTF-8", "TERM": "xterm", "XDG_RUNTIME_DIR": str(self.folder),
			"KITH_HOME": str(self.folder / "h")}
		self.env.update({k: v for k, v in os.environ.items() if k.endswith("SAN_OPTIONS")})
		self.dials = queue.Queue()
		self.key, self.wires, self.listeners, self.conns = None, {}, {}, 0
		self.lock, self.fences = threading.Lock(), 0
		self.run("init", "name=" + name)
		for who in known:
			self.run("import", "-", stdin=card_of(who))
		self.serve()

	def run(self, *args, stdin=b"", status=0):
		done = subprocess.run([self.kith, *args], env=self.env, input=stdin,
			capture_output=True, timeout=60)
		assert done.returncode == status, (args, done)
		return done.stdout

	def serve(self):
		courier = self.folder / "courier.py"
		shutil.copy(HERE / "courier.py", courier)
		courier.chmod(0o755)
		door = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
		door.bind(str(courier.with_suffix(".sock")))
		door.listen(1)
		door.settimeout(LIMIT)
		# what is dialled here is what a person picked
		self.node = subprocess.Popen([self.kith, "--quiet", "node", "--where", "never",
			"--courier", str(courier)], env=self.env)
		self.line, _ = door.accept()
		door.close()
		self.reader = threading.Thread(target=self.listen)
		self.reader.start()

	def close(self):
		for wire in list(self.wires.values()):
			wire.inbox.put(None)
		self.node.terminate()
		status = self.node.wait(LIMIT)
		self.reader.join(LIMIT)
		self.line.close()
		shutil.rmtree(self.folder)
		assert status == 0, f"the node ended with {status}"

	# --- the courier's side

	def say(self, kind, *values):
		with self.lock, contextlib.suppress(BrokenPipeError):  # the node has ended
			self.line.send(pack({0: kind, **{i + 1: v for i, v in enumerate(values)}}))

	def heard(self):
		try:
			return self.line.recv(65536)
		except ConnectionResetError:  # the node has ended, and not read all of it
			return b""

	def listen(self):
		while data := self.heard():
			order = msgpack.unpackb(data, strict_map_key=False)
			if order[0] == START:
				self.say(STARTED, 1, 1, 3)
				self.say(NETWORK, 1)
			elif order[0] == ANNOUNCE:
				self.key = order[1]
				self.say(ANNOUNCED, self.key, 4711)
			elif order[0] == DIAL:
				self.dials.put(order[2])
				self.dialled(order[1], order[2])
			elif order[0] == SEND and order[1] in self.wires:
				self.wires[order[1]].inbox.put(order[2])
			elif order[0] == CLOSE and order[1] in self.wires:
				self.wires.pop(order[1]).inbox.put(None)

	def dialled(self, conn, key):
		listener = self.listeners.get(key)
		if listener is None:
			self.say(CLOSED, conn)
			return
		wire = Wire(self, conn)
		self.say(OPENED, conn, key, self.key, "192.0.2.1", "")
		listener.start(Responder, wire, key, self.key)

	# --- strangers

	def seen(self, key, label):
		self.say(SEEN, key, label, ["192.0.2.1:4711"], "eth0")

	def gone(self, key):
		self.say(GONE, key)

	def fence(self):
		"""A notice that no other is like: when it shows, everything before it was shown."""
		self.fences += 1
		text = f"fence {self.fences} ."
		self.say(TROUBLE, text)
		return text

	def asks(self, label, gives=True, attended=True, key=None):
		"""A stranger who dials and asks with that label."""
		with self.lock:
			self.conns += 2
			conn = self.conns
		key = key or keys.random(32)
		stranger = Stranger(label, gives, attended)
		wire = Wire(self, conn)
		self.say(OPENED, conn, key, self.key, f"2001:db8:{conn:x}::1", "")
		stranger.start(Initiator, wire, self.key, key)
		return stranger

	def accepts(self, label, gives=True, attended=True):
		"""A stranger who is here, and says yes with that label when dialled."""
		stranger = Stranger(label, gives, attended)
		stranger.key = keys.random(32)
		self.listeners[stranger.key] = stranger
		return stranger


class Wire:
	"""What a session of the second implementation speaks through."""

	def __init__(self, room, conn):
		self.room, self.conn, self.inbox = room, conn, queue.Queue()
		room.wires[conn] = self

	def send(self, data):
		self.room.say(BYTES, self.conn, data)

	def recv(self, wait_ms):
		try:
			data = self.inbox.get(timeout=wait_ms / 1000)
		except queue.Empty:
			raise TimeoutError from None
		if data is None:
			raise Closed()
		return data

	def close(self):
		if self.room.wires.pop(self.conn, None):
			self.room.say(CLOSED, self.conn)


class Stranger:
	"""A whole partner up to the code, which nobody there ever confirms."""

	def __init__(self, label, gives, attended):
		identity = keys.Identity(keys.random(32))
		envelope = card_of(label or "nobody", identity) if gives else b""
		self.party = Party(identity, envelope, label, "compared" if attended else "unattended")
		self.codes, self.wire, self.thread = queue.Queue(), None, None

	def start(self, role, wire, s, c):
		self.wire = wire
		session = role(self.party, s, c, wire, tell=self.told, same=lambda code: self.wait())
		self.thread = threading.Thread(target=self.play, args=(session,))
		self.thread.start()

	def told(self, event, **values):
		if event == "code":
			self.codes.put((values["code"], values["long"]))

	def wait(self):
		"""At the code, until the line ends."""
		while self.wire.inbox.get(timeout=LIMIT) is not None:
			pass
		raise Closed()

	@staticmethod
	def play(session):
		try:
			session.run()
		except (Aborted, Closed, Declined, Refused, TimeoutError):
			pass

	def leave(self):
		self.wire.inbox.put(None)
		self.thread.join(LIMIT)
