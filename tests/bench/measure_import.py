# SPDX-License-Identifier: MIT
"""An import of 100,000 new people, against bare inserts of the same rows: the store alone, and the
whole program with a file of vCards."""

import os
import pathlib
import shutil
import subprocess
import time

from table import Row

PEOPLE = 100_000
RUNS = 5  # at most: one takes ten seconds
RATE = 0.7  # of the floor's, at least
MEMORY = 128  # MiB


def seconds(*command):
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def used(command):
    """Runs it; the seconds it took, and the MiB that it had at most."""
    quiet = [(os.POSIX_SPAWN_OPEN, fd, "/dev/null", os.O_RDWR, 0) for fd in (0, 1, 2)]
    start = time.monotonic()
    pid = os.posix_spawn(command[0], command, os.environ, file_actions=quiet)
    _, status, usage = os.wait4(pid, 0)
    if status:
        raise AssertionError(f"{command[0]} ended with {status}")
    return time.monotonic() - start, usage.ru_maxrss / 1024


def floor_of(s, home):
    """The seconds that bare inserts take for what that home has."""
    plain = pathlib.Path(s.folder, "plain")
    shutil.rmtree(plain, ignore_errors=True)
    plain.mkdir(mode=0o700)
    return seconds(s.tool("entries"), "plain", home, plain)


def store(s):
    kith, floor = [], []
    home = pathlib.Path(s.folder, "store")
    for _ in range(min(s.runs, RUNS)):
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(mode=0o700)
        kith.append(seconds(s.tool("entries"), "kith", home, str(PEOPLE)))
        floor.append(floor_of(s, home))
    yield Row(f"import of {PEOPLE} entries, store alone", "s", kith, floor, ratio=1 / RATE)


def program(s):
    kith, floor, memory = [], [], []
    file = pathlib.Path(s.folder, "people.vcf")
    with open(file, "wb") as out:
        subprocess.run([s.tool("vcard"), "file", str(PEOPLE)], check=True, stdout=out)
    for _ in range(min(s.runs, RUNS)):
        home = s.home("Ada")
        took, mib = used([s.kith, "--home", home, "import", str(file)])
        kith.append(took)
        memory.append(mib)
        floor.append(floor_of(s, home))
        shutil.rmtree(home)
    yield Row(f"kith import, {PEOPLE} vCards, to the bare inserts", "s", kith, floor)
    yield Row("its memory at most", "MiB", memory, most=MEMORY)


def measure(s):
    yield from store(s)
    yield from program(s)
