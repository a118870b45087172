#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A real kith against the second implementation, found over mDNS on a link of its own: whole swaps as
either role, then every fault that peer.py can play.  usage: test_real.py KITH [FAULT...]

Exit status 77 where network namespaces are not to be had.
"""

import json
import pathlib
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True

HERE = pathlib.Path(__file__).resolve().parent
ADDRESS, SKIP = "192.0.2.1", 77

# fault -> (what the peer is told, "" where the line just ends; what kith says last; what it keeps)
BOTH = {
    "": (None, "swapped", "complete"),
    "bad-auth": ("protocol", "failed", None),
    "reflect-auth": ("protocol", "failed", None),
    "confirm-before-auth": ("state", "failed", None),
    "card-before-confirm": ("state", "failed", "pending"),
    "wrong-subject": ("card", "failed", "pending"),
    "pocket": ("card", "failed", "pending"),
    "broken-card": ("card", "failed", "pending"),
    "no-card": ("protocol", "failed", "pending"),
    "garbage-after=auth": ("protocol", "failed", "pending"),
    "repeat=confirm": ("state", "failed", "pending"),
    "small-order": ("protocol (plain)", "failed", None),
    "cut-after=auth": (None, "failed", "pending"),
    "cut-after=confirm": (None, "failed", "pending"),
    "cut-after=card": (None, "swapped", "complete"),
    "cut-after=receipt": (None, "swapped", "complete"),
}
ONE = {
    "I": {
        "reveal-bytes": ("commit (plain)", "failed", None),
        "repeat=request": ("state (plain)", "failed", None),
        "cut-after=hello": (None, None, None),
        "cut-after=reveal": (None, "failed", None),
    },
    "R": {
        "second-accept": ("state", "failed", None),
        "cut-after=accept": (None, "failed", None),
    },
}


def outside(arguments):
    """Start this file again inside a new namespace."""
    if subprocess.run(["unshare", "-rn", "true"], capture_output=True).returncode:
        print("skipped: no network namespaces here")
        return SKIP
    steps = [
        "ip link set lo up",
        "ip link add k0 type veth peer name k1",
        "ip addr add %s/24 dev k0" % ADDRESS,
        "ip link set k1 up",
        "ip link set k0 up",
        'exec "$0" -B "$@"',
    ]
    shell = ["unshare", "-rn", "sh", "-c", " && ".join(steps), sys.executable, __file__]
    return subprocess.run([*shell, "--inside", *arguments]).returncode


class Kith:
    """One home of the real program."""

    def __init__(self, program, folder):
        self.command = [program, "--home", str(pathlib.Path(folder) / "home")]
        self.run("init", "name=Real Kith", "email=real@example.org")

    def run(self, *arguments):
        done = subprocess.run([*self.command, *arguments], capture_output=True, timeout=60)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode()

    def people(self):
        return json.loads(self.run("--json", "list"))

    def swap(self, role, fault, last):
        """Meet a peer in this role until kith says `last`: (kith's events, the peer's last)."""
        peer = [sys.executable, "-B", str(HERE / "peer.py"), role, "--label", "Pia"]
        peer += ["--announce" if role == "R" else "--find", ADDRESS, "--wait", "20"]
        peer += ["--fault", fault] if fault else []
        other = subprocess.Popen(peer, stdout=subprocess.PIPE)
        swap = ["swap", "Pia", "--unattended", "--interface", "k0", "--timeout", "30"]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        mine = subprocess.Popen([*self.command, "--json", *swap], **pipes)
        told, _ = other.communicate(timeout=60)
        events = []
        while last and last not in events:
            line = mine.stdout.readline()
            if not line:
                break
            events.append(json.loads(line)["event"])
        try:
            mine.communicate(b"quit\n", timeout=60)
        except BrokenPipeError:
            mine.wait()
        return events, json.loads(told.splitlines()[-1])


def inside(program, only):
    wrong = 0
    for role in "IR":
        for fault, want in {**BOTH, **ONE[role]}.items():
            if only and fault not in only:
                continue
            with tempfile.TemporaryDirectory() as folder:
                wrong += not _case(Kith(program, folder), role, fault, want)
    return 1 if wrong else 0


def _case(kith, role, fault, want):
    said, last, state = want
    events, end = kith.swap(role, fault, last)
    states = [row["state"] for row in kith.people()]
    got = (end.get("reason"), last if last in events else events, states[0] if states else None)
    good = got == want and (fault or end["status"] == 0)
    print("%s %s %s" % ("ok  " if good else "NOT ", role, fault or "(nothing wrong)"), flush=True)
    if not good:
        print("     want %s, got %s, the peer said %s" % (want, got, end), flush=True)
    return good


def main(arguments):
    if arguments[:1] == ["--inside"]:
        return inside(arguments[1], arguments[2:])
    if not arguments:
        sys.exit(__doc__)
    return outside(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
