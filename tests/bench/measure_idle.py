# SPDX-License-Identifier: MIT
"""A node that knows ten people, with its courier and its actor and nothing to do, beside avahi-core
that browses and nothing else."""

import os
import re
import subprocess
import time

import stage
from measure_known import node
from table import Row

TIES = 10
BEGIN_S = 10
IDLE_S = 60
MIB = 1024  # in kB


def family(pid):
    """A process and its children."""
    found = [pid]
    for task in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{task}/children", encoding="ascii") as children:
            found += [p for child in children.read().split() for p in family(int(child))]
    return found


def pss_mib(pids):
    """Proportional memory: what is shared counts by its share."""
    total = 0
    for pid in pids:
        with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as f:
            total += int(re.search(r"^Pss: +(\d+) kB", f.read(), re.MULTILINE)[1])
    return total / MIB


def cpu_ns(pids):
    """Time on a processor, of all threads."""
    total = 0
    for pid in pids:
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/schedstat", encoding="ascii") as f:
                total += int(f.read().split()[0])
    return total


def watch(s, programs):
    """(memory samples, CPU seconds an hour in each part of the time) of each program."""
    memory = [[] for _ in programs]
    used = [[cpu_ns(pids)] for pids in programs]
    part = IDLE_S / s.runs
    begun = time.monotonic()
    for number in range(s.runs):
        time.sleep(max(0, begun + part * (number + 1) - time.monotonic()))
        for i, pids in enumerate(programs):
            memory[i].append(pss_mib(pids))
            used[i].append(cpu_ns(pids))
    took = time.monotonic() - begun
    return memory, [(u[-1] - u[0]) / 1e9 * 3600 / took for u in used]


def measure(s):
    home = s.home("Ada")
    subprocess.run([s.tool("people"), home, str(TIES)], check=True)
    with stage.machines("a", "b", "c", "d") as (a, _, c, _):
        mine = node(s, a, home, TIES - 1)
        bare = c.popen(s.tool("bare_avahi"), stdin=subprocess.DEVNULL)
        with stage.running(mine), stage.running(bare):
            time.sleep(BEGIN_S)
            programs = [family(mine.pid), family(bare.pid)]
            if len(programs[0]) != 3:
                raise AssertionError(f"not a node, its courier and its actor: {programs[0]}")
            memory, used = watch(s, programs)
    yield Row("idle node, courier and actor, memory", "MiB", memory[0], memory[1], most=14)
    yield Row(f"the same, CPU an hour ({IDLE_S} s)", "s", [used[0]], [used[1]])
