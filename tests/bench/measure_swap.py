# SPDX-License-Identifier: MIT
"""A swap with somebody who waits already: from the exec of the one who comes, to both cards and
receipts durable on both sides as another process reads them from the stores."""

import subprocess
import time

import stage
from table import Row

SETTLE_S = 3  # the one who waits sends queries of its own for 2.5 s
QUIET_S = 1.5  # Avahi does not repeat an answer within half a second
DROP_ONE_SHOT = ("in udp sport 5353 udp dport != 5353 drop",)


def waiting(s, machine, home):
    p = machine.popen(s.kith, "--home", home, "--json", "swap", "--unattended",
                      stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    if b'"ready"' not in p.stdout.readline():
        raise AssertionError("the one who waits is not ready")
    return p


def one_swap(s, b, first, ada):
    """Milliseconds of a swap of Ada, who waits, with somebody new."""
    grace = s.home("Grace")
    watch = subprocess.Popen([s.tool("watch"), ada, grace], stdout=subprocess.PIPE, text=True)
    if watch.stdout.readline() != "ready\n":
        raise AssertionError("the stores cannot be watched")
    second, begun = s.stamped(b, s.kith, "--home", grace, "swap", "--unattended")
    ended, _ = watch.communicate(timeout=30)
    if watch.returncode or second.wait(30) or first.wait(30):
        raise AssertionError("the two did not swap")
    return (int(ended) - begun) / 1e6


def one_floor(s, b, how, port_and_key, stderr=None):
    """Milliseconds of the floor program, or None when it finds nobody."""
    p, begun = s.stamped(b, s.tool("floor"), how, "eth0", *port_and_key, str(s.folder / "floor"),
                         stdout=subprocess.PIPE, stderr=stderr)
    ended, _ = p.communicate(timeout=30)
    return None if p.returncode else (int(ended) - begun) / 1e6


def rounds(s, a, b, how, port_and_key):
    """The two in turn; the first round warms the caches and does not count."""
    kith, floor = [], []
    for _ in range(s.runs + 1):
        ada = s.home("Ada")
        with stage.running(waiting(s, a, ada)) as first:
            time.sleep(SETTLE_S)
            floor.append(one_floor(s, b, how, port_and_key))
            if floor[-1] is None:
                raise AssertionError(f"the floor program found nobody by {how}")
            if how == "browse" and one_floor(s, b, "oneshot", port_and_key, subprocess.DEVNULL):
                raise AssertionError("one-shot answers come in spite of the filter")
            time.sleep(QUIET_S)
            kith.append(one_swap(s, b, first, ada))
    return kith[1:], floor[1:]


def compare(s, how):
    with stage.machines("a", "b") as (a, b):
        if how == "browse":
            b.filter(*DROP_ONE_SHOT)
        serve = a.popen(s.tool("floor"), "serve", stdout=subprocess.PIPE, text=True)
        with stage.running(serve):
            return rounds(s, a, b, how, serve.stdout.readline().split())


def measure(s):
    yield Row("swap, exec to both durable", "ms", *compare(s, "oneshot"), ratio=3)
    yield Row("swap, one-shot answers blocked", "ms", *compare(s, "browse"), over=60)
