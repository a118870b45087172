# SPDX-License-Identifier: MIT
"""What was on the wire: every packet of a machine, mDNS records, and byte streams."""

import collections
import select
import socket
import struct
import time

ETH_P_ALL, ETH_P_IP, ETH_P_IPV6 = 0x0003, 0x0800, 0x86DD
SOL_PACKET, PACKET_STATISTICS, SO_RCVBUFFORCE = 263, 6, 33
TCP, UDP = 6, 17
TYPES = {1: "A", 12: "PTR", 13: "HINFO", 16: "TXT", 28: "AAAA", 33: "SRV", 47: "NSEC"}

Packet = collections.namedtuple("Packet", "interface source target protocol ports seq data raw")
Record = collections.namedtuple("Record", "owner kind ttl value")


class Capture:
	"""Everything that passes any interface of a machine from now on.  The kernel keeps it until
	it is read: there is no second process that could be late."""

	def __init__(self, machine):
		with machine.network():
			kind = socket.htons(ETH_P_ALL)
			self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, kind)
		try:
			self.socket.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 64 << 20)
		except PermissionError:  # not the real root: as much as is allowed to everybody
			self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 << 20)
		self.socket.setblocking(False)
		self.packets = []
		self.given = 0  # how many of them taken() has returned

	def until(self, wanted, timeout=15):
		"""Waits for a packet for which that is true."""
		end = time.monotonic() + timeout
		while not any(wanted(p) for p in self._take()):
			left = end - time.monotonic()
			if left <= 0 or not select.select([self.socket], [], [], left)[0]:
				raise AssertionError(f"no such packet came, only {len(self.packets)} others")

	def skip(self):
		"""What has come already is not what until() waits for."""
		self._take()

	def taken(self):
		"""The packets since its last call; the capture goes on."""
		self._take()
		old, self.given = self.given, len(self.packets)
		return self.packets[old:]

	def read(self):
		"""The packets until now, oldest first; the capture ends."""
		self._take()
		lost = struct.unpack("II", self.socket.getsockopt(SOL_PACKET, PACKET_STATISTICS, 8))[1]
		self.close()
		if lost:
			raise AssertionError(f"{lost} packets were lost")
		return self.packets

	def close(self):
		self.socket.close()

	def _take(self):
		"""The packets that came since the last call."""
		old = len(self.packets)
		while True:
			try:
				raw, address = self.socket.recvfrom(1 << 17)
			except BlockingIOError:
				return self.packets[old:]
			self.packets.append(_packet(raw, address[0], address[1]))


def _packet(raw, interface, kind):
	"""A frame without its link header; of what is neither TCP nor UDP only the bytes."""
	if kind == ETH_P_IP and len(raw) >= 20:
		size, protocol = (raw[0] & 15) * 4, raw[9]
		ends = tuple(socket.inet_ntop(socket.AF_INET, raw[i:i + 4]) for i in (12, 16))
		body = raw[size:struct.unpack(">H", raw[2:4])[0]]
	elif kind == ETH_P_IPV6 and len(raw) >= 40:
		protocol = raw[6]
		ends = tuple(socket.inet_ntop(socket.AF_INET6, raw[i:i + 16]) for i in (8, 24))
		body = raw[40:]
	else:
		return Packet(interface, "", "", 0, (0, 0), 0, b"", raw)
	if protocol == UDP:
		return Packet(interface, *ends, protocol, struct.unpack(">HH", body[:4]), 0, body[8:], raw)
	if protocol == TCP:
		ports, seq = struct.unpack(">HH", body[:4]), struct.unpack(">I", body[4:8])[0]
		return Packet(interface, *ends, protocol, ports, seq, body[(body[12] >> 4) * 4:], raw)
	return Packet(interface, *ends, protocol, (0, 0), 0, b"", raw)


def streams(packets):
	"""{(source, port, target, port): bytes} of every direction of every TCP connection."""
	parts = collections.defaultdict(dict)
	for p in packets:
		if p.protocol == TCP and p.data:
			parts[p.source, p.ports[0], p.target, p.ports[1]][p.seq] = p.data
	whole = {}
	for line, pieces in parts.items():
		start, data = min(pieces), b""
		for seq in sorted(pieces):
			data = data[:seq - start] + pieces[seq]
		whole[line] = data
	return whole


def greetings(packets):
	"""The ZMTP security mechanism of every stream that begins with a greeting.  Of two who dial each
	other at once one hangs up, perhaps before it has said its mechanism (ZMTP 3.1, "Greeting")."""
	return [data[12:32].rstrip(b"\0").decode() for data in streams(packets).values()
		if data[:1] == b"\xff" and data[9:10] == b"\x7f" and len(data) >= 32]


# --- mDNS -------------------------------------------------------------------------------------


def mdns(packets):
	"""Every DNS message to or from port 5353: (packet, is a response, questions, records)."""
	return [(p, *_message(p.data)) for p in packets if p.protocol == UDP and 5353 in p.ports]


def records(packets):
	"""All records of all responses."""
	return [r for _, response, _, found in mdns(packets) if response for r in found]


def _message(data):
	_, flags, *counts = struct.unpack(">HHHHHH", data[:12])
	at, questions, found = 12, [], []
	for _ in range(counts[0]):
		name, at = _name(data, at)
		questions.append((name, TYPES.get(struct.unpack(">H", data[at:at + 2])[0])))
		at += 4
	for _ in range(sum(counts[1:])):
		owner, at = _name(data, at)
		kind, _, ttl, size = struct.unpack(">HHIH", data[at:at + 10])
		found.append(Record(owner, TYPES.get(kind, kind), ttl, _value(data, at + 10, kind, size)))
		at += 10 + size
	return bool(flags & 0x8000), questions, found


def _value(data, at, kind, size):
	raw = data[at:at + size]
	if kind == 1:
		return socket.inet_ntop(socket.AF_INET, raw)
	if kind == 28:
		return socket.inet_ntop(socket.AF_INET6, raw)
	if kind == 12:
		return _name(data, at)[0]
	if kind == 33:
		return struct.unpack(">H", raw[4:6])[0], _name(data, at + 6)[0]
	if kind == 16:
		return _strings(raw)
	return raw


def _strings(raw):
	found = {}
	while raw:
		key, _, value = raw[1:1 + raw[0]].partition(b"=")
		found[key.decode()] = value
		raw = raw[1 + raw[0]:]
	return found


def _name(data, at):
	"""A name and where the bytes behind it begin."""
	labels, behind = [], None
	while data[at]:
		if data[at] >= 0xC0:
			behind = behind or at + 2
			at = struct.unpack(">H", data[at:at + 2])[0] & 0x3FFF
		else:
			labels.append(data[at + 1:at + 1 + data[at]].decode())
			at += 1 + data[at]
	return ".".join(labels), behind or at + 1
