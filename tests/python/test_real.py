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
SEED = "5e" * 32

# fault -> what the peer is told; "" where the line just ends
SAID = {
    "bad-auth": "protocol",
    "reflect-auth": "protocol",
    "confirm-before-auth": "state",
    "card-before-confirm": "state",
    "wrong-subject": "card",
    "pocket": "card",
    "broken-card": "card",
    "no-card": "card",
    "bad-receipt": "protocol",
    "garbage-after=auth": "protocol",
    "repeat=confirm": "state",
    "small-order": "protocol (plain)",
}
SAID_OF = {
    "I": {"reveal-bytes": "commit (plain)", "repeat=request": "state (plain)"},
    "R": {"second-accept": "state"},
}
# what a cut leaves with kith: behind this message of the peer it has a card
CUTS = {
    "I": ("hello", "request", "reveal", "auth", "confirm", "card", "receipt"),
    "R": ("hello", "accept", "auth", "confirm", "card", "receipt"),
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
        return self.run("--json", "list")

    def swap(self, role, *options):
        """Meet a peer in this role: (kith's status and events, the peer's)."""
        peer = [sys.executable, "-B", str(HERE / "peer.py"), role, "--label", "Pia"]
        peer += ["--announce" if role == "R" else "--find", ADDRESS, "--seed", SEED, *options]
        other = subprocess.Popen(peer, stdout=subprocess.PIPE)
        swap = ["swap", "Pia", "--unattended", "--interface", "k0", "--timeout", "20"]
        mine = subprocess.run(
            [*self.command, "--json", *swap], stdin=subprocess.DEVNULL, capture_output=True, timeout=60
        )
        told, _ = other.communicate(timeout=90)
        return mine.returncode, _events(mine.stdout), other.returncode, _events(told)


def _events(output):
    return [json.loads(line) for line in output.splitlines()]


def inside(program, only):
    for role in "IR":
        said = {**SAID, **SAID_OF[role]}
        cuts = ["cut-after=" + message for message in CUTS[role]]
        for fault in ("", *said, *cuts):
            with tempfile.TemporaryDirectory() as folder:
                kith = Kith(program, folder)
                status, mine, other, told = kith.swap(role, *(["--fault", fault] if fault else []))
                print(role, fault, status, [e.get("event")+":"+str(e.get("text") or e.get("reason") or "") for e in mine][-2:], other, told[-1].get("reason"), told[-1]["result"], len(kith.people()), flush=True)
    return 0


def main(arguments):
    if arguments[:1] != ["--inside"]:
        return outside(arguments)
    return inside(arguments[1], arguments[2:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
