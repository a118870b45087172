# SPDX-License-Identifier: MIT
"""vCards of 282 bytes: read by kith and by EVCard of libebook-contacts, and kept in memory."""

import pathlib
import subprocess

from table import Row

CARDS = 100000


def number(program, what):
    out = subprocess.run([program, what, str(CARDS)], check=True, capture_output=True).stdout
    return float(out)


def measure(s):
    ours, theirs = s.tool("vcard"), s.tool("evcard")
    if not pathlib.Path(theirs).exists():
        print("libebook-contacts is not installed: vCards are not measured")
        return
    kith, floor, kept, floor_kept = [], [], [], []
    for _ in range(s.runs + 1):
        kith.append(1e6 / number(ours, "parse"))
        floor.append(1e6 / number(theirs, "parse"))
    for _ in range(3):
        kept.append(number(ours, "keep") / 1024)
        floor_kept.append(number(theirs, "keep") / 1024)
    yield Row("a vCard read, with its fields", "us", kith[1:], floor[1:], ratio=0.25)
    yield Row(f"{CARDS} vCards in memory", "MiB", kept, floor_kept, ratio=1.0)
