# SPDX-License-Identifier: MIT
"""Two nodes that know each other among thousands of contacts each: from the link's coming up to both
new cards durable on both sides, with receipts, as another process reads them from the stores."""

import json
import subprocess
import time

import stage
from table import Row

TIES = 2000, 10000
QUIET_S = 1.5  # Avahi does not repeat an answer within half a second
COMPLETE = ("SELECT (SELECT max(rev) FROM contact WHERE met_at IS NOT NULL) >= %d"
            " AND (SELECT max(rev) FROM receipt) >= %d")


def acquainted(s, a, b, ties):
    """Homes of two who have swapped, with so many others each."""
    homes = s.home("Ada"), s.home("Grace")
    swaps = [m.popen(s.kith, "--home", h, "--quiet", "swap", "--unattended",
                     stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
             for m, h in zip((a, b), homes)]
    if any(p.wait(60) for p in swaps):
        raise AssertionError("the two did not swap")
    for home in homes:
        subprocess.run([s.tool("people"), home, str(ties)], check=True)
    return homes


def status(s, machine, home):
    p = machine.popen(s.kith, "--home", home, "--json", "status", stdin=subprocess.DEVNULL,
                      stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    out, _ = p.communicate(timeout=10)
    return json.loads(out) if p.returncode == 0 else {}


def node(s, machine, home, ties):
    """A node that is ready to recognise all of them."""
    p = machine.popen(s.kith, "--home", home, "--quiet", "node", stdin=subprocess.DEVNULL)
    until = time.monotonic() + 60
    while not (now := status(s, machine, home)).get("recognises") or now["known"] <= ties:
        if time.monotonic() > until:
            raise AssertionError(f"the node is not ready: {now}")
        time.sleep(0.1)
    return p


def sign_again(s, home, number):
    subprocess.run([s.kith, "--home", home, "--quiet", "card", "set", f"note=number {number}"],
                   check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


def link_up(s, machine):
    """Brings the link up; when that was begun (monotonic, ns)."""
    p, begun = s.stamped(machine, "ip", "link", "set", "eth0", "up")
    if p.wait(10):
        raise AssertionError("the link does not come up")
    return begun


def one_update(s, b, homes, number):
    for home in homes:
        sign_again(s, home, number)
    watch = subprocess.Popen([s.tool("watch"), *homes, COMPLETE % (number, number)],
                             stdout=subprocess.PIPE, text=True)
    if watch.stdout.readline() != "ready\n":
        raise AssertionError("the stores cannot be watched")
    begun = link_up(s, b)
    ended, _ = watch.communicate(timeout=30)
    if watch.returncode:
        raise AssertionError("the two did not update")
    return (int(ended) - begun) / 1e6


def one_floor(s, b, ties, port_and_key):
    p = b.popen(s.tool("floor"), "known", "eth0", *port_and_key, str(s.folder / "floor"), str(ties),
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    if p.stdout.readline() != "waiting\n":
        raise AssertionError("the floor program does not wait")
    begun = link_up(s, b)
    ended, _ = p.communicate(timeout=30)
    if p.returncode:
        raise AssertionError("the floor program failed")
    return (int(ended) - begun) / 1e6


def rounds(s, a, b, ties, port_and_key):
    """The two in turn; the first round warms the caches and does not count."""
    kith, floor = [], []
    homes = acquainted(s, a, b, ties)
    with stage.running(node(s, a, homes[0], ties)), stage.running(node(s, b, homes[1], ties)):
        for number in range(s.runs + 1):
            time.sleep(QUIET_S)
            b.run("ip link set eth0 down")
            time.sleep(QUIET_S)
            kith.append(one_update(s, b, homes, number + 2))
            b.run("ip link set eth0 down")
            time.sleep(QUIET_S)
            floor.append(one_floor(s, b, ties, port_and_key))
    return kith[1:], floor[1:]


def compare(s, ties):
    with stage.machines("a", "b") as (a, b):
        serve = a.popen(s.tool("floor"), "serve", stdout=subprocess.PIPE, text=True)
        bare = a.popen(s.tool("bare_avahi"), "answer", stdin=subprocess.DEVNULL)
        with stage.running(serve), stage.running(bare):
            return rounds(s, a, b, ties, serve.stdout.readline().split())


def measure(s):
    for ties in TIES:
        yield Row(f"link up to both updated, {ties} contacts", "ms", *compare(s, ties), ratio=3)
