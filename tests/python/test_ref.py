#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The second implementation against itself: whole sessions, and every fault it can play."""

import json
import pathlib
import subprocess
import sys
import threading
import unittest

sys.dont_write_bytecode = True

from kithref import announce, card, faulty, keys, numbers, pipe, uri  # noqa: E402
from kithref import messages as m  # noqa: E402
from kithref.session import Aborted, Closed, Initiator, Party, Refused, Responder  # noqa: E402
from kithref.strict import Fault, pack  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
ADA, BOB = keys.Identity(b"a" * 32), keys.Identity(b"b" * 32)
FIELDS = [[1, 0, "", "Ada"], [20, 0, "", "ada@example.org"]]


def swap(fault_i="", fault_r="", give_i=True, give_r=True, ik_r=BOB, same_i=True):
    """Play one session in this process: (how I ended, how R ended), "done" when all went well."""
    end_i, end_r = pipe.pair()
    env_i = faulty.envelope(fault_i, ADA, FIELDS, 2) if give_i else b""
    env_r = faulty.envelope(fault_r, ik_r, FIELDS, 2) if give_r else b""
    person = lambda code: same_i
    s, c = b"s" * 32, b"c" * 32
    i = faulty.session(Initiator, fault_i)(Party(ADA, env_i), s, c, end_i, same=person)
    r = faulty.session(Responder, fault_r)(Party(ik_r, env_r), s, c, end_r)
    outcome = {}
    other = threading.Thread(target=lambda: outcome.update(r=_play(r, give_i, give_r)))
    other.start()
    outcome["i"] = _play(i, give_r, give_i)
    other.join()
    return outcome["i"], outcome["r"]


def _play(session, card_due, receipt_due):
    try:
        session.run()
    except Refused as refused:
        return str(refused)
    except Aborted as aborted:
        return "aborted: " + str(aborted)
    except Closed:
        return "closed"
    except TimeoutError:
        return "nothing came"
    assert ("card" in session.done) == card_due
    assert ("receipt" in session.done) == receipt_due
    return "done"


class Sessions(unittest.TestCase):
    def test_both_give(self):
        self.assertEqual(swap(), ("done", "done"))

    def test_one_gives(self):
        self.assertEqual(swap(give_i=False), ("done", "done"))
        self.assertEqual(swap(give_r=False), ("done", "done"))

    def test_nobody_gives(self):
        self.assertEqual(swap(give_i=False, give_r=False), ("done", "done"))

    def test_own_key(self):
        i, r = swap(ik_r=ADA)
        self.assertEqual((i, r), ("ownkey", "aborted: ownkey (plain)"))

    def test_person_says_different(self):
        self.assertEqual(swap(same_i=False), ("mismatch", "aborted: mismatch"))

    def test_person_says_different_to_one_who_waits(self):
        i, _ = swap(fault_r="plain-mismatch")
        self.assertEqual(i, "aborted: mismatch (plain)")

    def test_faults_of_both_roles(self):
        for fault, reason in (
            ("bad-auth", "protocol"),
            ("reflect-auth", "protocol"),
            ("confirm-before-auth", "state"),
            ("card-before-confirm", "state"),
            ("wrong-subject", "card"),
            ("pocket", "card"),
            ("broken-card", "card"),
            ("no-card", "protocol"),
            ("bad-receipt", "protocol"),
            ("small-order", "protocol"),
            ("garbage-after=auth", "protocol"),
            ("garbage-after=hello", "protocol"),
            ("repeat=hello", "state"),
            ("repeat=confirm", "state"),
        ):
            with self.subTest(fault=fault):
                self.assertEqual(swap(fault_i=fault)[1], reason)
                self.assertEqual(swap(fault_r=fault)[0], reason)

    def test_faults_of_one_role(self):
        self.assertEqual(swap(fault_i="reveal-bytes"), ("aborted: commit (plain)", "commit"))
        self.assertEqual(swap(fault_r="second-accept")[0], "state")
        self.assertEqual(swap(fault_i="repeat=request")[1], "state")

    def test_cuts(self):
        for message in ("hello", "request", "reveal", "auth", "confirm", "card"):
            with self.subTest(message=message):
                self.assertEqual(swap(fault_i="cut-after=" + message), ("closed", "closed"))
        for message in ("hello", "accept", "auth", "confirm", "card"):
            with self.subTest(message=message):
                self.assertEqual(swap(fault_r="cut-after=" + message), ("closed", "closed"))


class Cards(unittest.TestCase):
    def setUp(self):
        self.whole = card.seal(ADA, pack(card.body(ADA, FIELDS)))

    def outcome(self, data):
        try:
            card.open_envelope(data)
        except Fault as fault:
            return str(fault)
        return "ok"

    def test_every_beginning_is_truncated(self):
        for size in range(len(self.whole)):
            self.assertEqual(self.outcome(self.whole[:size]), "truncated", size)
        self.assertEqual(self.outcome(self.whole), "ok")

    def test_every_flipped_bit_is_refused(self):
        for bit in range(8 * len(self.whole)):
            data = bytearray(self.whole)
            data[bit // 8] ^= 1 << bit % 8
            self.assertNotEqual(self.outcome(bytes(data)), "ok", bit)

    def test_armor(self):
        self.assertEqual(card.unarmor(card.armor(self.whole)), self.whole)
        with self.assertRaises(Fault):
            card.unarmor(card.armor(self.whole) + bytes(numbers.FILE_READ_MAX))


class Uris(unittest.TestCase):
    def test_every_beginning_is_refused(self):
        text = uri.write("I", ADA.ik).encode()
        for size in range(len(text)):
            with self.assertRaises(Fault):
                uri.read(text[:size])
        self.assertEqual(uri.read(text), ("I", ADA.ik))

    def test_pocket_of_a_card(self):
        full = card.body(ADA, FIELDS)
        made = card.pocket(ADA, full, lambda f: f[0] == numbers.NAME, 7)
        kind, data = uri.read(uri.write("C", card.seal(ADA, pack(made))).lower().encode())
        got = card.open_envelope(data)
        self.assertEqual((kind, got[4], got[6], got[9]), ("C", 7, FIELDS[:1], 1))
        self.assertEqual(card.revise(card.seal(ADA, pack(full)), data), "ignore")


class Peers(unittest.TestCase):
    """peer.py against peer.py: processes, ZeroMQ, CURVE, loopback."""

    def swap(self, *options_i, options_r=()):
        program = [sys.executable, str(HERE / "peer.py")]
        r = subprocess.Popen([*program, "R", *options_r], stdout=subprocess.PIPE)
        told = {}
        while told.get("event") != "listening":
            told = json.loads(r.stdout.readline())
        dial = ["--endpoint", told["endpoint"], "--key", told["key"]]
        i = subprocess.run([*program, "I", *dial, *options_i], capture_output=True, timeout=60)
        out_r, _ = r.communicate(timeout=60)
        told_i, told_r = (map(json.loads, out.splitlines()) for out in (i.stdout, out_r))
        return i.returncode, r.returncode, list(told_i), list(told_r)

    def test_done(self):
        i, r, told_i, told_r = self.swap("--name", "Ann", "--seed", "11" * 32)
        self.assertEqual((i, r), (0, 0))
        [code_i] = [row["long"] for row in told_i if row["event"] == "code"]
        [code_r] = [row["long"] for row in told_r if row["event"] == "code"]
        self.assertEqual(code_i, code_r)
        [got] = [row for row in told_r if row["event"] == "card"]
        self.assertEqual((got["name"], got["id"]), ("Ann", told_i[0]["id"]))

    def test_aborted(self):
        i, r, told_i, _ = self.swap("--fault", "reveal-bytes")
        self.assertEqual((i, r), (3, 4))
        self.assertEqual(told_i[-1]["reason"], "commit (plain)")

    def test_cut(self):
        i, r, _, _ = self.swap(options_r=("--fault", "cut-after=confirm"))
        self.assertEqual((i, r), (5, 5))

    def test_different(self):
        i, r, _, told_r = self.swap("--answer", "different")
        self.assertEqual((i, r), (4, 3))
        self.assertEqual(told_r[-1]["reason"], "mismatch")


class Announcements(unittest.TestCase):
    def test_label_is_cut_between_characters(self):
        self.assertEqual(announce.txt_label("é" * 20 + "x"), "é" * 20)
        self.assertEqual(announce.txt_label("x" + "é" * 20), "x" + "é" * 19)


class Messages(unittest.TestCase):
    def test_round_trip(self):
        kind, fields = m.parse(m.build(m.REQUEST, bytes(32), "label", 1, True, False))
        self.assertEqual(kind, m.REQUEST)
        self.assertEqual(list(fields.values()), [bytes(32), "label", 1, True, False])


if __name__ == "__main__":
    unittest.main()
