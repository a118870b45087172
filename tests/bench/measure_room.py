# SPDX-License-Identifier: MIT
"""A node in a room of 50: what being there costs among strangers, and how long a change of a card
takes to reach 50 people one knows, with the bytes for each."""

import contextlib
import sqlite3
import subprocess
import time

import stage
from measure_idle import cpu_ns, family
from measure_known import node, sign_again
from table import Row

ROOM = 50
SETTLE_S = 60  # everybody has dialled everybody, and discovery asks rarely
IDLE_S = 60
LIMIT_S = 120


@contextlib.contextmanager
def room(n):
    """Machines on one bridge."""
    all_ = [stage.net.Machine("hub")]
    try:
        all_ += [stage.net.Machine(f"m{i}") for i in range(n)]
        stage.net.bridge(all_[0], all_[1:])
        yield all_[1:]
    finally:
        for machine in all_:
            machine.close()


def carried(machine):
    """Bytes that went in and out of its one interface."""
    words = machine.run("cat /proc/net/dev | grep eth0").replace(":", " ").split()
    return int(words[1]) + int(words[9])


def among_strangers(s):
    with room(ROOM + 1) as machines, contextlib.ExitStack() as nodes:
        homes = [s.home(f"P{i}") for i in range(len(machines))]
        for home in homes:
            subprocess.run([s.tool("people"), home, "10"], check=True)
        mine = [nodes.enter_context(stage.running(node(s, machine, home, 9)))
                for machine, home in zip(machines, homes)][0]
        time.sleep(SETTLE_S)
        pids, begun = family(mine.pid), time.monotonic()
        cpu, sent = cpu_ns(pids), carried(machines[0])
        time.sleep(IDLE_S)
        took = time.monotonic() - begun
        return ((cpu_ns(pids) - cpu) / 1e9 * 3600 / took,
                (carried(machines[0]) - sent) / took * 60 / 1024)


def meet(s, machines, homes):
    """Everybody has swapped with the first."""
    first = machines[0].popen(s.kith, "--home", homes[0], "--quiet", "swap", "--unattended", "--keep",
                              stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    with stage.running(first):
        for machine, home in list(zip(machines, homes))[1:]:
            p = machine.popen(s.kith, "--home", home, "--quiet", "swap", "--unattended",
                              stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
            if p.wait(60):
                raise AssertionError("two did not swap")


def holding(homes, number):
    """How many of them hold that revision."""
    n = 0
    for home in homes:
        with contextlib.closing(sqlite3.connect(f"file:{home}/kith.db?mode=ro", uri=True)) as db:
            n += db.execute("SELECT max(rev) FROM contact").fetchone()[0] >= number
    return n


def reaches(s):
    """(seconds, KiB a contact) of each change."""
    seconds, size = [], []
    with room(ROOM + 1) as machines, contextlib.ExitStack() as nodes:
        homes = [s.home(f"P{i}") for i in range(len(machines))]
        meet(s, machines, homes)
        for machine, home in zip(machines, homes):
            nodes.enter_context(stage.running(node(s, machine, home, 0)))
        time.sleep(SETTLE_S)
        for number in range(2, 5):
            before, begun = carried(machines[0]), time.monotonic()
            sign_again(s, homes[0], number)
            while holding(homes[1:], number) < ROOM:
                if time.monotonic() - begun > LIMIT_S:
                    raise AssertionError(f"only {holding(homes[1:], number)} have it")
                time.sleep(0.02)
            seconds.append(time.monotonic() - begun)
            size.append((carried(machines[0]) - before) / ROOM / 1024)
            time.sleep(SETTLE_S)
    return seconds, size


def measure(s):
    cpu, sent = among_strangers(s)
    yield Row(f"in a room of {ROOM} strangers, CPU an hour", "s", [cpu])
    yield Row("the same, in and out a minute", "KiB", [sent])
    seconds, size = reaches(s)
    yield Row(f"a change reaches {ROOM} contacts", "s", seconds)
    yield Row("the same, a contact", "KiB", size)
