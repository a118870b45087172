# SPDX-License-Identifier: MIT
"""vCards of 282 bytes: read and written by kith and by EVCard of libebook-contacts, and kept."""

import pathlib
import subprocess

from table import Row

CARDS = 100000


def number(program, what):
    out = subprocess.run([program, what, str(CARDS)], check=True, capture_output=True).stdout
    return float(out)


def pairs(s, what, runs):
    """What the two programs say, in turn; the first of each warms up."""
    found = [(number(s.tool("vcard"), what), number(s.tool("evcard"), what))
             for _ in range(runs + 1)]
    return zip(*found[1:])


def quicker(s, what, words, ratio):
    kith, floor = ([1e6 / each for each in rates] for rates in pairs(s, what, s.runs))
    return Row(words, "us", kith, floor, ratio=ratio)


def measure(s):
    if not pathlib.Path(s.tool("evcard")).exists():
        print("libebook-contacts is not installed: vCards are not measured")
        return
    yield quicker(s, "parse", "a vCard read, with its fields", 0.25)
    yield quicker(s, "write", "a vCard 3.0 written as it stands", 1.0)
    yield quicker(s, "convert", "a vCard 4.0 written as 3.0", 1.0)
    kept, floor = ([kib / 1024 for kib in sizes] for sizes in pairs(s, "keep", 2))
    yield Row(f"{CARDS} vCards in memory", "MiB", kept, floor, ratio=1.0)
