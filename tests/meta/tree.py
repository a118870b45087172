# SPDX-License-Identifier: MIT
"""The source tree, as the tests of this folder look at it."""

import json
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


def files(*suffixes, under="."):
    """Every file of the project (build folders and what git keeps aside), sorted."""
    found = []
    for folder, inside, names in os.walk(ROOT / under):
        at = pathlib.Path(folder)
        inside[:] = [d for d in inside if not (
            d in (".git", ".cache", "__pycache__") or at == ROOT and d.startswith("build"))]
        found += [at / n for n in names if not suffixes or n.endswith(suffixes)]
    return sorted(found)


def name(path):
    """A path as a person of this project knows it."""
    return str(pathlib.Path(path).relative_to(ROOT))


def text(path):
    return (ROOT / path).read_text(encoding="utf-8", errors="replace")


def commands(ctest, folder):
    """{name of a test of that build folder: the words of its command}."""
    said = subprocess.run([ctest, "--show-only=json-v1"], cwd=folder, capture_output=True,
                          check=True).stdout
    return {t["name"]: t.get("command", []) for t in json.loads(said)["tests"]}


def end(problems, count, what):
    """Says what is wrong, and how much of what was looked at, and ends the program."""
    if not count:
        problems = [*problems, "nothing was looked at"]
    for problem in problems:
        print(problem)
    print(f"{len(problems)} problems in {count} {what}")
    sys.exit(1 if problems else 0)
