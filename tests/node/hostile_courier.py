#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The node holds its courier for hostile: whatever that says, the node lives, keeps its store, and
starts another."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import unittest

import msgpack

KITH = sys.argv.pop(1)
HERE = pathlib.Path(__file__).resolve().parent
KEY = bytes(range(1, 33))


def message(kind, **fields):
    return msgpack.packb({0: kind, **{int(k[1:]): v for k, v in fields.items()}}).hex()


STARTED = message(16, k1=1, k2=1, k3=3)
NETWORK = message(23, k1=1)
SEEN = message(18, k1=KEY, k2="Mallory", k3=["192.0.2.1:4711"], k4="eth0")


class Node:
    """A home with a node whose courier follows a script."""

    def __init__(self, script):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="kith-node-"))
        self.env = {**os.environ, "XDG_RUNTIME_DIR": str(self.dir), "KITH_HOME": str(self.dir / "h")}
        courier = self.dir / "courier.py"
        shutil.copy(HERE / "fake_courier.py", courier)
        courier.chmod(0o755)
        self.courier = courier
        self.says(script)
        self.starts = courier.with_suffix(".starts")
        subprocess.run([KITH, "init", "name=Ada"], env=self.env, check=True,
                       capture_output=True)
        self.node = subprocess.Popen([KITH, "--quiet", "node", "--courier", str(courier)],
                                     env=self.env, stderr=subprocess.DEVNULL)

    def says(self, script):
        """What the next courier says."""
        new = self.courier.with_suffix(".new")
        new.write_text(" ".join(script))
        new.rename(self.courier.with_suffix(".script"))

    def __enter__(self):
        self.until(lambda: self.socket())
        return self

    def __exit__(self, *_):
        self.node.terminate()
        self.node.wait(10)
        shutil.rmtree(self.dir)

    def socket(self):
        folder = self.dir / "kith"
        return folder.is_dir() and any(folder.iterdir())

    def until(self, what, seconds=10):
        """Waits for something outside of this process that tells nobody when it happens."""
        end = time.monotonic() + seconds
        while not what():
            if time.monotonic() > end:
                raise AssertionError("it did not happen in %d s" % seconds)
            time.sleep(0.01)

    def starts_seen(self):
        return len(self.starts.read_text()) if self.starts.exists() else 0

    def swap(self, *args):
        p = subprocess.run([KITH, "swap", "--json", "--unattended", *args], env=self.env,
                           capture_output=True, text=True, timeout=30, stdin=subprocess.DEVNULL)
        return p.returncode, [json.loads(line) for line in p.stdout.splitlines()]


LIES = {
    "no message": "c1",
    "an empty map": "80",
    "an unknown type": message(99),
    "a type of the other direction": message(3, k1=True),
    "an unknown key": message(23, k1=1, k9=1),
    "a missing field": message(18, k1=KEY),
    "a short key": message(19, k1=b"x"),
    "started twice": STARTED + " " + STARTED,
    "another version": message(16, k1=2, k2=1, k3=3),
    "a number out of range": message(16, k1=1, k2=7, k3=3),
    "a cage of five parts": message(16, k1=1, k2=1, k3=5),
    "five endpoints": message(18, k1=KEY, k2="M", k3=["192.0.2.1:4711"] * 5, k4=""),
    "a huge array": "ddffffffff",
}


class HostileCourier(unittest.TestCase):
    def test_every_lie_costs_the_courier_its_place(self):
        for name, lie in LIES.items():
            with self.subTest(name), Node([lie]) as n:
                n.until(lambda: n.starts_seen() >= 2)
                self.assertIsNone(n.node.poll())

    def test_a_loop_of_deaths_pauses_with_a_sentence(self):
        """T7: and it comes back after the pause, tests/unit/node_helper.c."""
        with Node(["die"]) as n:
            code, events = n.swap("--timeout", "14")  # the fifth death is after 11.2 s
            self.assertEqual(code, 5)
            self.assertEqual([e["text"] for e in events if e["event"] == "notice"],
                             ["Something nearby keeps crashing the network helper; looking for "
                              "people pauses for a minute."])
            self.assertEqual(n.starts_seen(), 5)

    def test_a_courier_of_another_version_is_refused_with_a_sentence(self):
        """Case 81: it is tried again, but not in a loop, and is not taken for a crash."""
        with Node(["wait", "wait", message(16, k1=2, k2=1, k3=3)]) as n:
            # only once a swap is there to be told does the courier say which one it is
            code, events = n.swap("--timeout", "14")
            self.assertEqual(code, 5)
            told = [e["text"] for e in events if e["event"] == "notice"]
            self.assertEqual(told, 2 * ["The network helper is of another version than kith: "
                                        "nobody can be found. End kith, and start it again."],
                             "once at first, once for the pause")
            self.assertEqual(n.starts_seen(), 5)
            self.assertIsNone(n.node.poll())

    def test_an_old_courier_is_replaced_by_the_new_one(self):
        """Case 81: the upgrade was in its midst: the next start finds the right one."""
        with Node(["wait", "wait", message(16, k1=2, k2=1, k3=3)]) as n:
            n.until(lambda: n.starts_seen() >= 1)
            n.says([STARTED, NETWORK, "wait", "wait"])
            code, events = n.swap("--timeout", "3")
            told = [e["text"] for e in events if e["event"] == "notice"]
            self.assertEqual(len(told), 1, told)
            self.assertIn("another version", told[0])
            self.assertEqual(n.starts_seen(), 2)

    def test_a_kernel_without_the_cage_is_said_once(self):
        sentences = {3: [], 2: ["Landlock"], 1: ["seccomp"], 0: ["neither Landlock nor seccomp"]}
        for cage, words in sentences.items():
            started = message(16, k1=1, k2=1, k3=cage)
            with self.subTest(cage), Node([started, NETWORK, "announce", "wait", "die"]) as n:
                code, events = n.swap("--timeout", "2")
                told = [e["text"] for e in events if e["event"] == "notice"]
                self.assertIn("ready", [e["event"] for e in events])
                self.assertGreaterEqual(n.starts_seen(), 2)
                self.assertEqual(len(told), len(words), told)
                for text, word in zip(told, words):
                    self.assertIn(word, text)

    def test_a_courier_that_the_kernel_refuses_is_said(self):
        """At the first start, and when it is gone or spoiled later."""
        for spoil, reason in ((lambda p: p.unlink(), "No such file or directory"),
                              (lambda p: p.chmod(0o600), "Permission denied"),
                              (lambda p: p.write_bytes(b"\0"), "Exec format error")):
            with self.subTest(reason), Node(["wait", "wait", "die"]) as n:
                n.until(lambda: n.starts_seen() >= 1)
                spoil(n.courier)
                code, events = n.swap("--timeout", "2")
                told = [e["text"] for e in events if e["event"] == "notice"]
                self.assertEqual(told, [f"cannot start {n.courier}: {reason}"])
                self.assertEqual(code, 5)
                p = subprocess.run([KITH, "--home", n.env["KITH_HOME"] + "2", "init", "name=Bob"],
                                   env=n.env, capture_output=True)
                self.assertEqual(p.returncode, 0, p.stderr)
                p = subprocess.run([KITH, "--home", n.env["KITH_HOME"] + "2", "node", "--courier",
                                    str(n.courier)], env=n.env, capture_output=True, timeout=10)
                self.assertEqual(p.returncode, 1)
                self.assertIn(f"cannot start {n.courier}: {reason}", p.stderr.decode())

    def test_lines_that_nobody_opened_do_nothing(self):
        own = bytes(32)
        with Node([STARTED, NETWORK, SEEN, "wait", "wait",
                   message(20, k1=2, k2=KEY, k3=own, k4="192.0.2.1", k5=""),   # not my key
                   message(21, k1=2, k2=b"\x80"), message(21, k1=77, k2=b"junk"),
                   message(22, k1=99)]) as n:
            code, events = n.swap("--timeout", "1")
            self.assertEqual(code, 5)
            self.assertIsNone(n.node.poll())
            self.assertEqual(n.starts_seen(), 1)

    def test_names_from_the_courier_are_inert(self):
        bad = message(24, k1="\x1b]0;gotcha\x07\u202egnp")
        with Node([STARTED, NETWORK, "wait", "wait", "wait", bad]) as n:
            p = subprocess.run([KITH, "nearby", "--timeout", "1"], env=n.env,
                               capture_output=True, timeout=30)
            self.assertNotIn(b"\x1b", p.stdout)
            self.assertNotIn("\u202e".encode(), p.stdout)


LAST = {f"last {i}" for i in range(0, 256, 2)}


class List:
    """What somebody knows who reads the events of a swap."""

    def __init__(self, swap):
        self.swap, self.names, self.most, self.told, self.notices = swap, {}, 0, 0, []

    def read(self, whole=lambda names: set(names.values()) == LAST):
        """Until it is whole."""
        while not whole(self.names):
            line = self.swap.stdout.readline()
            if not line:
                raise AssertionError("the swap ended")
            self.take(json.loads(line))

    def take(self, event):
        if event["event"] == "seen":
            self.names[event["peer"]] = event["name"]
            self.told += 1
        elif event["event"] == "gone":
            del self.names[event["peer"]]  # nobody hears of the end of what he was not told of
        elif event["event"] == "notice":
            self.notices.append(event["text"])
        self.most = max(self.most, len(self.names))


class Flood(unittest.TestCase):
    """T14: 256 rows that change their names as fast as they can, for three seconds."""

    def watch(self, node, *command):
        p = subprocess.Popen([KITH, *command, "--json"], env=node.env, stdin=subprocess.PIPE,
                             stdout=subprocess.PIPE)
        self.addCleanup(self.end, p)
        return List(p)

    @staticmethod
    def end(p):
        p.kill()
        p.wait()
        p.stdin.close()
        p.stdout.close()

    @staticmethod
    def memory(node):
        status = pathlib.Path(f"/proc/{node.node.pid}/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0])  # KiB

    def run_flood(self, *readers):
        with Node([STARTED, NETWORK, "announce", "flood"]) as node:
            before = self.memory(node)
            lists = [self.watch(node, "swap")]
            turns = node.courier.with_suffix(".turns")
            if "fast" in readers:
                reader = threading.Thread(target=lists[0].read)
                reader.start()
            if "late" in readers:
                lists.append(self.watch(node, "nearby", "--timeout", "60"))
            node.until(turns.exists, 30)
            if "fast" in readers:
                reader.join(30)
                self.assertFalse(reader.is_alive(), "the last names did not come")
            for each in lists:
                each.read()
                self.assertLessEqual(each.most, 256)
                self.assertIsNone(each.swap.poll())
            self.assertIsNone(node.node.poll())
            self.assertEqual(node.starts_seen(), 1)
            if b"__asan_init" not in pathlib.Path(KITH).read_bytes():  # which keeps what was freed
                self.assertLess(self.memory(node) - before, 4096)
            sent = int(turns.read_text()) * 256
            print(f"    {sent} changes sent, {[each.told for each in lists]} told", file=sys.stderr)
            self.assertGreater(sent, 2560)
            self.quit(lists[0])

    def quit(self, swap):
        swap.swap.stdin.write(b"quit\n")
        swap.swap.stdin.flush()
        while line := swap.swap.stdout.readline():
            swap.take(json.loads(line))
        self.assertEqual(set(swap.names.values()), LAST)
        self.assertEqual(swap.swap.wait(10), 5)

    def test_who_reads_at_once_knows_the_last_names(self):
        self.run_flood("fast")

    def test_who_does_not_read_is_not_hung_up_on(self):
        """Nothing is read until the flood is over; then a word a row is enough."""
        self.run_flood("slow")

    def test_each_who_watches_knows_the_last_names(self):
        self.run_flood("slow", "late")

    def test_the_courier_does_not_fill_the_queue_with_words(self):
        """It speaks in its own name, and of more than is read the rest is left out."""
        words = [message(24, k1=f"{i} " + "x" * 390) for i in range(3000)]
        rows = [message(18, k1=bytes([i + 1] * 32), k2=f"last {i}", k3=["192.0.2.1:4711"], k4="")
                for i in range(0, 256, 2)]
        with Node([STARTED, NETWORK, "announce", *words, *rows]) as node:
            swap = self.watch(node, "swap")
            swap.read(lambda names: names)
            swap.read()
            self.quit(swap)
            self.assertGreater(len(swap.notices), 10)
            for text in swap.notices:
                self.assertTrue(text.startswith("The network helper says: "), text)


if __name__ == "__main__":
    unittest.main(argv=sys.argv, verbosity=2)
