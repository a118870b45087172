# SPDX-License-Identifier: MIT
"""Death at every named point of a swap, on each side; then the two meet again (case 70, T26).

	points.py KITH KITH-POINTS [--long] [--seed N] [--only SIDE:N]

Each story has two new homes on a machine of its own, and one of the two whose node ends at the n-th
point (points.c).  What each store holds then must be what the table of proto/session.md "Durable"
allows; after an honest second meeting both are complete, without doubles and without debts.
"""

import argparse
import collections
import contextlib
import os
import queue
import random
import select
import shutil
import signal
import sqlite3
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lan"))
import net  # noqa: E402
import people  # noqa: E402

WIDTH = 6  # stories at a time: they mostly wait for mDNS
PATIENCE = 60  # seconds a meeting may take on a loaded machine
BEYOND = 2  # stories past the last point that an undisturbed swap has


class Somebody(people.Person):
	"""A person whose kith may be another program, with an environment of its own."""

	def __init__(self, machine, folder, name, *fields):
		self.machine, self.name, self.swaps = machine, name, []
		self.prefix, self.program = [], people.KITH
		self.home = os.path.join(folder, name.split()[0])
		self.log = self.home + "-points"
		self.kith("init", f"name={name}", *fields)

	def folder(self):
		return self.home

	def command(self, *args):
		return [*self.prefix, self.program, "--home", self.home, *args]

	def save(self):
		shutil.copytree(self.folder(), self.folder() + "-saved")

	def restore(self):
		self.prefix, self.program = [], people.KITH
		shutil.rmtree(self.folder())
		shutil.copytree(self.folder() + "-saved", self.folder())

	def dies_at(self, program, n, role):
		with contextlib.suppress(FileNotFoundError):
			os.unlink(self.log)
		self.program = program
		self.prefix = ["env", f"KITH_POINTS_LOG={self.log}", f"KITH_POINTS_AT={n}",
			f"KITH_POINTS_IN={role}"]

	def points(self):
		with contextlib.suppress(FileNotFoundError):
			with open(self.log, encoding="ascii") as f:
				return f.read().splitlines()
		return []

	def ask(self, sql):
		db = sqlite3.connect(self.folder() + "/kith.db", timeout=10)
		try:
			return db.execute(sql).fetchall()
		finally:
			db.close()

	def number(self, sql):
		return self.ask(sql)[0][0]


# --- a meeting --------------------------------------------------------------------------------


class Side:
	"""One of the two during a meeting: does what an honest person does."""

	def __init__(self, person, asks):
		self.person, self.asks = person, asks
		self.talk = person.swap("--interface", "lo")
		self.picked = self.same = self.swapped = self.ended = False
		self.failed = None
		self.codes = []

	def say(self, *words):
		with contextlib.suppress(BrokenPipeError):
			self.talk.say(*words)

	def react(self, e):
		if e["event"] == "seen" and self.asks and not self.picked:
			self.picked = True
			self.say("swap", e["peer"])
		elif e["event"] == "request":
			self.say("accept", e["peer"])
		elif e["event"] == "code":
			self.codes.append(e["code"])
			self.same = True
			self.say("same")
		elif e["event"] == "swapped":
			self.swapped = True
		elif e["event"] == "failed":
			self.failed = e

	def listen(self):
		"""What has come, once there is something; notices the end."""
		self.ended = not self.talk.take() or self.ended
		while self.talk.read < len(self.talk.seen):
			self.talk.read += 1
			self.react(self.talk.seen[self.talk.read - 1])


def course(sides, until, stop):
	"""Both do their part until stop() is true."""
	while not stop():
		fds = {s.talk.process.stdout: s for s in sides if not s.ended}
		left = until - time.monotonic()
		ready = select.select(list(fds), [], [], max(0, left))[0] if fds else []
		if not ready:
			raise AssertionError(f"nothing more happens\n{sides[0].talk!r}\n{sides[1].talk!r}")
		for fd in ready:
			fds[fd].listen()


def leave(side):
	"""Ends the client; its node and courier follow."""
	side.say("quit")
	until = time.monotonic() + PATIENCE
	while not side.ended and time.monotonic() < until:
		if select.select([side.talk.process.stdout], [], [], 1)[0]:
			side.listen()
	status = side.talk.process.wait(timeout=PATIENCE)
	side.talk._close()
	return status


def meet_again(ada, grace, turn):
	"""Nobody dies: both must have swapped."""
	sides = [Side(ada, turn), Side(grace, not turn)]
	until = time.monotonic() + PATIENCE
	course(sides, until, lambda: all(s.swapped for s in sides) or any(s.ended for s in sides))
	codes = {code for s in sides for code in s.codes}
	assert len(codes) == 1, f"codes {codes}\n{sides[0].talk!r}\n{sides[1].talk!r}"
	for s in sides:
		status = leave(s)
		assert s.swapped and status == 0, f"exit {status}\n{s.talk!r}"


# --- what must hold ---------------------------------------------------------------------------


def sound(person):
	assert person.ask("PRAGMA integrity_check") == [("ok",)], person.ask("PRAGMA integrity_check")
	assert person.ask("PRAGMA foreign_key_check") == [], "foreign keys"


def left_over(person):
	names = set(os.listdir(person.folder())) - people.KEPT
	assert not names, f"left in the home of {person.name}: {names}"


def facts(person):
	"""What one side remembers, as far as the table speaks of it."""
	return {
		"contacts": person.number("SELECT count(*) FROM contact"),
		"confirmed": person.number("SELECT count(*) FROM met"),
		"heard": person.number("SELECT count(*) FROM met WHERE how_theirs IS NOT NULL"),
		"card": person.number("SELECT count(*) FROM card WHERE held"),
		"state": person.number("SELECT coalesce(max(state), 0) FROM contact"),
		"owes": person.number("SELECT count(*) FROM debt"),
		"receipt": person.number("SELECT count(*) FROM receipt"),
	}


def between(mine, other, said_same):
	"""One side after the death of either: the table of proto/session.md "Durable"."""
	f, g = facts(mine), facts(other)
	where = f"{mine.name}: {f}, the other: {g}"
	assert f["contacts"] == f["confirmed"] <= 1, where  # a row is there because I confirmed
	assert f["confirmed"] <= said_same, where  # and I only confirm what I was asked
	assert f["heard"] <= min(f["confirmed"], g["confirmed"]), where  # theirs was durable before
	assert f["card"] <= f["heard"], where  # no card without my confirm and theirs
	assert f["state"] == f["card"], where  # pending until the card is there
	assert f["card"] <= g["heard"], where  # they sent it with my confirm durable
	assert f["receipt"] <= g["card"], where  # nobody receipts what is not durable
	# owed until receipted, or until they say that they have it when the two recognise each other
	assert f["owes"] == max(0, f["confirmed"] - f["receipt"]) or g["card"] and not f["owes"], where


def complete(mine, other):
	"""After an honest meeting."""
	f = facts(mine)
	rev = other.number("SELECT rev FROM mine")
	where = f"{mine.name}: {f}"
	assert (f["contacts"], f["card"], f["state"], f["owes"]) == (1, 1, 1, 0), where
	assert f["confirmed"] in (1, 2), where
	assert mine.number("SELECT rev FROM card WHERE held") == rev, f"not revision {rev}"
	assert mine.number("SELECT count(*) - count(DISTINCT rev) FROM card") == 0, "a card twice"
	row = mine.ask("SELECT name, delivered, conflict, met_how, rev FROM contact")
	assert row == [(other.name, 1, 0, 2, rev)], row  # compared, by both
	shown = mine.show(other.name)
	assert (shown["state"], shown["revision"]) == ("complete", rev), shown


def checked(ada, grace, sides):
	for person in (ada, grace):
		sound(person)
		left_over(person)
	for mine, other in ((0, 1), (1, 0)):
		between(sides[mine].person, sides[other].person, sides[mine].same)


# --- one story --------------------------------------------------------------------------------


class Stage:
	"""A machine and two people, used for one story after the other."""

	def __init__(self, number):
		self.machine = net.Machine(f"stage{number}")
		self.folder = tempfile.mkdtemp(prefix="kith-points-")
		self.ada = Somebody(self.machine, self.folder, "Ada Lovelace", "email=ada@example.org")
		self.grace = Somebody(self.machine, self.folder, "Grace Hopper", "org=Navy")
		for person in (self.ada, self.grace):
			person.save()

	def again(self):
		for person in (self.ada, self.grace):
			person.restore()

	def close(self):
		self.machine.close()
		shutil.rmtree(self.folder)

	def clear(self):
		for person in (self.ada, self.grace):
			person.hang_up()

	def second(self, sides, n):
		"""Checks what is there, changes a card now and then, and lets them meet again."""
		checked(self.ada, self.grace, sides)
		for person in (self.ada, self.grace):
			person.prefix, person.program = [], people.KITH
		if n % 3 == 0:
			self.ada.kith("card", "set", f"note=changed {n}")
		meet_again(self.ada, self.grace, n % 2 == 0)
		for mine, other in ((self.ada, self.grace), (self.grace, self.ada)):
			sound(mine)
			complete(mine, other)

	def dies(self, who, program, n, role):
		"""The point at which that one died; None when there were not as many."""
		self.again()
		victim = self.ada if who == "I" else self.grace
		victim.dies_at(program, n, role)
		sides = [Side(self.ada, True), Side(self.grace, False)]
		mine = sides[0 if who == "I" else 1]
		course(sides, time.monotonic() + PATIENCE, lambda: mine.ended or
			all(s.swapped for s in sides))
		statuses = [leave(s) for s in sides]
		points = victim.points()
		died = n > 0 and len(points) >= n
		if not died:
			assert statuses == [0, 0], statuses
		self.second(sides, n)
		return points[n - 1] if died else None

	def count(self, who, program, role):
		assert self.dies(who, program, 0, role) is None
		return len((self.ada if who == "I" else self.grace).points())

	def killed(self, who, after, n):
		"""Everything of one side is killed, at some moment."""
		self.again()
		sides = [Side(self.ada, True), Side(self.grace, False)]
		mine = sides[0 if who == "I" else 1]
		until = time.monotonic() + after
		course_until(sides, until)
		for pid in sorted(net.below(mine.talk.process.pid)):
			with contextlib.suppress(ProcessLookupError):
				os.kill(pid, signal.SIGKILL)
		mine.talk.process.wait()
		mine.talk._close()
		mine.ended = True
		leave(sides[0 if who == "R" else 1])
		self.second(sides, n)


def course_until(sides, until):
	"""Both do their part until that time."""
	while (left := until - time.monotonic()) > 0:
		fds = {s.talk.process.stdout: s for s in sides if not s.ended}
		for fd in select.select(list(fds), [], [], left)[0]:
			fds[fd].listen()


# --- all of them ------------------------------------------------------------------------------


class Crowd:
	"""Stories from a queue, WIDTH at a time."""

	def __init__(self):
		self.stories, self.failed, self.lock = queue.Queue(), [], threading.Lock()
		self.seen = collections.Counter()
		self.stages = [Stage(i) for i in range(WIDTH)]

	def work(self, stage):
		while True:
			try:
				name, story = self.stories.get_nowait()
			except queue.Empty:
				return
			try:
				told = story(stage)
				with self.lock:
					self.seen[told] += 1
					print(f"{name}: {'not reached' if told is None else f'died {told}'}")
			except Exception as wrong:  # of any kind: the others go on
				with self.lock:
					self.failed.append(name)
					print(f"{name}: FAILED at {stage.ada.points()[-1:]} {stage.grace.points()[-1:]}: "
						f"{type(wrong).__name__}: {wrong}")
			finally:
				stage.clear()
				sys.stdout.flush()

	def run(self):
		threads = [threading.Thread(target=self.work, args=(s,)) for s in self.stages]
		for thread in threads:
			thread.start()
		for thread in threads:
			thread.join()

	def close(self):
		for stage in self.stages:
			stage.close()


def add_points(crowd, program, role, stride, only):
	for who in "IR":
		total = crowd.stages[0].count(who, program, role)
		crowd.stages[0].clear()
		print(f"{who}, {role}: {total} points in an undisturbed swap")
		assert total > 10, "there is nothing to die at"
		for n in range(1, total + BEYOND, stride):
			name = f"{who}:{n}" if role == "node" else f"{who}:{n} {role}"
			if not only or only == name:
				crowd.stories.put((name,
					lambda stage, who=who, n=n: stage.dies(who, program, n, role)))


def add_kills(crowd, times, seed):
	luck = random.Random(seed)
	print(f"killed {times} times, seed {seed}")
	for n in range(times):
		who, after = luck.choice("IR"), luck.uniform(0, 3)
		crowd.stories.put((f"kill {n}: {who} after {after:.3f} s",
			lambda stage, who=who, after=after, n=n: stage.killed(who, after, n) or "anywhere"))


def main():
	options = argparse.ArgumentParser()
	options.add_argument("kith")
	options.add_argument("points")
	options.add_argument("--long", action="store_true")
	options.add_argument("--stride", type=int, default=1)
	options.add_argument("--seed", type=int, default=int(time.time()))
	options.add_argument("--only")
	options.add_argument("--kills", type=int, default=0)
	o = options.parse_args()
	net.enclose()
	people.KITH = os.path.abspath(o.kith)
	crowd = Crowd()
	try:
		add_points(crowd, os.path.abspath(o.points), "node", o.stride, o.only)
		if o.long:
			add_points(crowd, os.path.abspath(o.points), "client", 1, o.only)
		add_kills(crowd, o.kills or (50 if o.long else 0), o.seed)
		crowd.run()
	finally:
		crowd.close()
	print(f"{sum(crowd.seen.values())} stories, {len(crowd.seen)} different points; "
		f"failed: {crowd.failed or 'none'}")
	died = [point for point in crowd.seen if point and point != "anywhere"]
	sys.exit(bool(crowd.failed) or not (o.only or died))


main()
