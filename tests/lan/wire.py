# SPDX-License-Identifier: MIT
"""A cable with weather: eth0 of two machines, joined by a thread that carries every frame by hand.

Not netem: many kernels come without that queueing discipline, and where it is there it can neither
tell unicast from multicast nor be repeated from a seed.  A TAP device is everywhere where a veth
pair is, hands over whole frames with their checksums done, and its carrier can be switched like
that of a card whose cable is pulled.
"""

import contextlib
import fcntl
import heapq
import itertools
import os
import random
import select
import struct
import sys
import threading
import time

import net

TUNSETIFF, TUNSETCARRIER = 0x400454CA, 0x400454E2
IFF_TAP, IFF_NO_PI = 0x0002, 0x1000
FRAMES_A_TURN = 64  # of one end, so that what is due is not late


class Weather:
	"""What happens to frames; probabilities from 0 to 1, times in seconds."""

	def __init__(self, loss=0.0, delay=0.0, jitter=0.0, double=0.0, overtake=0.0, multicast=True,
			unicast=True, ways=(True, True)):
		self.loss, self.delay, self.jitter = loss, delay, jitter
		self.double = double  # carried twice
		self.overtake = overtake  # not delayed, so that it comes before earlier ones
		self.multicast, self.unicast = multicast, unicast  # do such frames pass at all?
		self.ways = ways  # does anything pass from the first to the second, and back?

	def __repr__(self):
		fair = vars(Weather())
		return ", ".join(f"{k} {v}" for k, v in vars(self).items() if v != fair[k]) or "fair"


FAIR = Weather()


class Wire:
	"""eth0 of two machines: 10.99.0.1 and .2, and link-local IPv6; ends with close()."""

	def __init__(self, a, b, weather=FAIR, ipv4=True, ipv6=True, seed=None):
		self.machines = a, b
		self.weather = weather
		self.seed = int.from_bytes(os.urandom(4), "big") if seed is None else seed
		self.random = random.Random(self.seed)
		self.due = []  # (when, number, end, frame), a heap
		self.number = itertools.count()
		self.carried = self.lost = 0
		print(f"wire: seed {self.seed}, {weather}", file=sys.stderr)
		self.ends = [None, None]
		self.hear, self.call = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
		self.lock = threading.Lock()  # over ends
		self.thread = threading.Thread(target=self._run, daemon=True)
		for end in range(2):
			self.plug_in(end, ipv4, ipv6)
		self.thread.start()
		for machine in self.machines:
			machine.await_addresses(int(ipv4) + int(ipv6))

	def close(self):
		os.write(self.call, b"q")
		self.thread.join()
		for fd in (*self.ends, self.hear, self.call):
			if fd is not None:
				os.close(fd)

	# --- what the test does to it

	def turn(self, weather):
		"""Other weather from now on; what is on its way arrives at once, before anything later.
		(An announcement that a goodbye overtakes would be somebody who never goes.)"""
		self.weather = weather
		os.write(self.call, b"w")

	def carrier(self, end, on):
		"""A cable is pulled out of that machine, or put back."""
		fcntl.ioctl(self.ends[end], TUNSETCARRIER, struct.pack("i", int(on)))

	def plug_in(self, end, ipv4=True, ipv6=True, address=None):
		"""A new card with the cable in it."""
		machine = self.machines[end]
		with machine.network():
			try:
				fd = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
			except OSError as why:
				net.lacking(f"no TAP devices here: {why}")
		fcntl.ioctl(fd, TUNSETIFF, struct.pack("16sH22x", b"eth0", IFF_TAP | IFF_NO_PI))
		address = address or f"10.99.0.{end + 1}/24"
		with self.lock:
			self.ends[end] = fd
		net.address(machine, "eth0", address if ipv4 else "", ipv6, False)
		for on in (False, True):  # the kernel calls the state unknown until it has changed
			self.carrier(end, on)
		os.write(self.call, b"p")

	def pull_out(self, end):
		"""The card goes, with everything that the kernel knew of it."""
		with self.lock:
			fd, self.ends[end] = self.ends[end], None
			os.close(fd)
		os.write(self.call, b"p")

	# --- what it does

	def _run(self):
		while self._turn():
			pass

	def _turn(self):
		with self.lock:
			ends = {fd: end for end, fd in enumerate(self.ends) if fd is not None}
		poll = select.poll()
		for fd in (self.hear, *ends):
			poll.register(fd, select.POLLIN)
		wait = max(0, self.due[0][0] - time.monotonic()) * 1000 if self.due else None
		ready = dict(poll.poll(wait))
		called = os.read(self.hear, 64) if self.hear in ready else b""
		if b"q" in called:
			return False
		if b"w" in called:
			self.due = [(0, *frame) for _, *frame in self.due]
			heapq.heapify(self.due)
		for fd, end in ends.items():
			if fd in ready:
				self._read(fd, end)
		self._deliver()
		return True

	def _read(self, fd, end):
		for _ in range(FRAMES_A_TURN):
			with self.lock:
				if self.ends[end] != fd:  # pulled out: the number may be somebody else's now
					return
				try:
					frame = os.read(fd, 65536)
				except OSError:  # no more
					return
			self._take(end, frame)

	def _take(self, end, frame):
		weather, chance = self.weather, self.random.random
		passes = weather.multicast if frame[0] & 1 else weather.unicast
		if not passes or not weather.ways[end] or chance() < weather.loss:
			self.lost += 1
			return
		for _ in range(2 if chance() < weather.double else 1):
			late = 0 if chance() < weather.overtake else weather.delay + weather.jitter * chance()
			heapq.heappush(self.due, (time.monotonic() + late, next(self.number), end, frame))

	def _deliver(self):
		while self.due and self.due[0][0] <= time.monotonic():
			_, _, end, frame = heapq.heappop(self.due)
			with self.lock, contextlib.suppress(OSError):  # the other machine has no link
				if self.ends[1 - end] is not None and self.weather.ways[end]:
					os.write(self.ends[1 - end], frame)
					self.carried += 1
