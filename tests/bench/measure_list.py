# SPDX-License-Identifier: MIT
"""kith list with many people, against SQLite's own shell with the same query: whole processes."""

import os
import shutil
import subprocess

from table import Row

PEOPLE = 1000
A_RUN = 20  # processes in a row, averaged: one takes some milliseconds
QUERY = ("SELECT row, ik, name, org, state, rev, gives, delivered, conflict, added, met_at,"
         " met_event, met_how FROM contact ORDER BY fold, row")


def cpu_ms(command):
    """User and system time of some processes, each from its exec to its end."""
    quiet = [(os.POSIX_SPAWN_OPEN, fd, "/dev/null", os.O_RDWR, 0) for fd in (0, 1, 2)]
    used = 0.0
    for _ in range(A_RUN):
        pid = os.posix_spawn(command[0], command, os.environ, file_actions=quiet)
        _, status, usage = os.wait4(pid, 0)
        if status:
            raise AssertionError(f"{' '.join(command)} ended with {status}")
        used += usage.ru_utime + usage.ru_stime
    return used * 1000 / A_RUN


def measure(s):
    home = s.home("Ada")
    subprocess.run([s.tool("people"), home, str(PEOPLE)], check=True)
    shell = [shutil.which("sqlite3"), "-batch", "-readonly", f"{home}/kith.db", QUERY]
    ours = [s.kith, "--home", home, "list"]
    for command in (ours, shell):
        lines = subprocess.run(command, check=True, capture_output=True).stdout.count(b"\n")
        if lines < PEOPLE:
            raise AssertionError(f"{command[0]} lists only {lines} people")
    kith, floor = [], []
    for _ in range(s.runs + 1):
        kith.append(cpu_ms(ours))
        floor.append(cpu_ms(shell))
    yield Row(f"kith list, {PEOPLE} people, CPU", "ms", kith[1:], floor[1:], ratio=1.5)
