#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A real kith against the second implementation, found over mDNS on a link of its own: whole swaps
as either role, then the faults that peer.py can play.  usage: test_real.py KITH [FAULT...]

Exit status 77 where network namespaces are not to be had.
"""

import contextlib
import json
import os
import pathlib
import signal
import sqlite3
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True

HERE = pathlib.Path(__file__).resolve().parent
ADDRESS = "192.0.2.1"
SKIP = 1 if os.environ.get("KITH_CI") else 77  # where every test must run, a skip is a failure

# fault -> (the reason that the peer is told, None where the line just ends; what kith says last;
# what it keeps: "card", "nothing", or "no card", which may be a pending row).  A CONFIRM sent twice
# does not open, or is out of turn, as the person was slower or faster.  A line that is cut behind
# a message may take the message with it (TCP answers unread bytes with a reset): then kith must
# say "failed" and keep no card, else "swapped" and keep it.
EITHER = "either"
BOTH = {
    "": (None, "swapped", "card"),
    "bad-auth": ("protocol", "failed", "nothing"),
    "reflect-auth": ("protocol", "failed", "nothing"),
    "confirm-before-auth": ("state", "failed", "nothing"),
    "card-before-confirm": ("state", "failed", "no card"),
    "wrong-subject": ("card", "failed", "no card"),
    "pocket": ("card", "failed", "no card"),
    "broken-card": ("card", "failed", "no card"),
    "no-card": ("protocol", "failed", "no card"),
    "garbage-after=auth": ("protocol", "failed", "no card"),
    "repeat=confirm": ("state or protocol", "failed", "no card"),
    "small-order": ("protocol (plain)", "failed", "nothing"),
    "cut-after=auth": (None, "failed", "no card"),
    "cut-after=confirm": (None, "failed", "no card"),
    "cut-after=card": (None, EITHER, EITHER),
    "cut-after=receipt": (None, EITHER, EITHER),
}
ONE = {
    "I": {
        "reveal-bytes": ("commit (plain)", "failed", "nothing"),
        "repeat=request": ("state (plain)", "failed", "nothing"),
        "cut-after=hello": (None, None, "nothing"),
        "cut-after=reveal": (None, "failed", "nothing"),
    },
    "R": {
        "second-accept": ("state", "failed", "nothing"),
        "cut-after=accept": (None, "failed", "nothing"),
    },
}
# the second time, with revision 5 held: fault, what the peer is told, what kith says
REVISED = (("", None, "swapped"), ("rollback", None, "swapped"), ("conflict", "card", "failed"))


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
        # the peer takes one connection: kith must not call it to see whether it knows it
        with contextlib.closing(sqlite3.connect(pathlib.Path(folder) / "home/kith.db")) as db, db:
            db.execute("INSERT OR REPLACE INTO setting (name, value) VALUES ('where', 2)")

    def run(self, *arguments):
        done = subprocess.run([*self.command, *arguments], capture_output=True, timeout=60)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode()

    def people(self):
        return json.loads(self.run("--json", "list"))

    def swap(self, role, fault, last, *more):
        """Meet a peer in this role until kith says `last`: (kith's events, the peer's last)."""
        peer = [sys.executable, "-B", str(HERE / "peer.py"), role, "--label", "Pia"]
        peer += ["--announce" if role == "R" else "--find", ADDRESS, "--wait", "20"]
        peer += ["--fault", fault, *more] if fault else more
        other = subprocess.Popen(peer, stdout=subprocess.PIPE)
        swap = ["swap", "Pia", "--unattended", "--interface", "k0", "--timeout", "30"]
        command = [*self.command, "--json", *swap]
        mine = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        told, _ = other.communicate(timeout=60)
        events = []
        until = {"swapped", "failed"} if last == EITHER else {last} - {None}
        while until and not until & set(events):
            line = mine.stdout.readline()
            if not line:
                break
            events.append(json.loads(line)["event"])
        mine.send_signal(signal.SIGINT)
        mine.communicate(timeout=60)
        return events, json.loads(told.splitlines()[-1])


def inside(program, only):
    wrong = 0
    for role in "IR":
        for fault, want in {**BOTH, **ONE[role]}.items():
            if only and fault not in only:
                continue
            with tempfile.TemporaryDirectory() as folder:
                wrong += not _case(Kith(program, folder), role, fault, want)
        for fault, reason, last in REVISED:
            if not only or fault in only:
                with tempfile.TemporaryDirectory() as folder:
                    wrong += not _revised(Kith(program, folder), role, fault, reason, last)
    return 1 if wrong else 0


def _revised(kith, role, fault, reason, last):
    """Revision 5 is held, and the same person comes again."""
    same = ("--seed", "5e" * 32, "--rev", "5")
    kith.swap(role, "", "swapped", *same)
    events, end = kith.swap(role, fault, last, *same)
    [person] = kith.people()
    good = last in events and end.get("reason") == reason and person["revision"] == 5
    good = good and (reason is not None or end["status"] == 0)
    print("%s %s %s" % ("ok  " if good else "NOT ", role, fault or "(the same again)"), flush=True)
    if not good:
        print("     events %s, peer %s, kept %s" % (events, end, person), flush=True)
    return good


def _case(kith, role, fault, want):
    said, last, state = want
    events, end = kith.swap(role, fault, last)
    people = kith.people()
    if people and people[0]["state"] == "complete":
        kept = "card"
    else:
        kept = "nothing" if not people and state == "nothing" else "no card"
    reason = end.get("reason")
    if reason in (said or "").split(" or "):
        reason = said
    says = [event for event in events if event in ("swapped", "failed")][-1:]
    got = (reason, says[0] if says else None, kept)
    if last == EITHER:
        want = (said, *(("swapped", "card") if "swapped" in events else ("failed", "no card")))
    good = got == want and (fault != "" or end["status"] == 0)
    print("%s %s %s" % ("ok  " if good else "NOT ", role, fault or "(nothing wrong)"), flush=True)
    if not good:
        print("     want %s, got %s, events %s, peer %s" % (want, got, events, end), flush=True)
    return good


def main(arguments):
    if arguments[:1] == ["--inside"]:
        return inside(arguments[1], arguments[2:])
    if not arguments:
        sys.exit(__doc__)
    return outside(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
