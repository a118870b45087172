# SPDX-License-Identifier: MIT
"""The store under an import of 100,000 new people, against bare inserts of the same rows."""

import pathlib
import shutil
import subprocess
import tempfile

from table import Row

PEOPLE = 100_000
RUNS = 5  # at most: one takes ten seconds
RATE = 0.7  # of the floor's, at least


def seconds(*command):
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def measure(s):
    kith, floor = [], []
    with tempfile.TemporaryDirectory() as folder:
        homes = [pathlib.Path(folder, name) for name in ("kith", "plain")]
        for _ in range(min(s.runs, RUNS)):
            for home in homes:
                shutil.rmtree(home, ignore_errors=True)
                home.mkdir(mode=0o700)
            kith.append(seconds(s.tool("entries"), "kith", homes[0], str(PEOPLE)))
            floor.append(seconds(s.tool("entries"), "plain", homes[0], homes[1]))
    yield Row(f"import of {PEOPLE} entries, store alone", "s", kith, floor, ratio=1 / RATE)
