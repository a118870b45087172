#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The "run" packages of ./setup are those that hold the libraries of the programs (Debian).

    packages.py KITH KITH_COURIER KITH_PICTURE KITH_CALENDAR KITH_GRAPH
"""

import re
import shutil
import subprocess
import sys

import tree

SKIP = 77
EVERYWHERE = {"libc6"}  # no Debian is without


def output(*command):
    return subprocess.run(command, check=True, text=True, capture_output=True).stdout


def libraries(program):
    """What it is linked with, and what it names to open later."""
    linked = re.findall(r"\(NEEDED\).*\[(.*?)\]", output("readelf", "-dW", program))
    with open(program, "rb") as f:
        opened = re.findall(rb"(?<![\w.-])(lib[\w-]+\.so\.\d+)(?=\0)", f.read())
    return {*linked, *(name.decode() for name in opened)}


def holders(names):
    """{library: the packages that hold a file of that name, for whatever architecture}."""
    found = {name: set() for name in names}
    for line in output("dpkg-query", "--search", *(f"*/{name}" for name in names)).splitlines():
        packages, path = line.split(": ")
        found[path.rsplit("/", 1)[1]] |= {p.split(":")[0] for p in packages.split(", ")}
    return found


if not shutil.which("dpkg-query"):
    print("skipped: these are the names of Debian's packages")
    sys.exit(SKIP)
listed = re.search(r"^run: (.*)", output(str(tree.ROOT / "setup"), "packages"), re.MULTILINE)[1]
named = {name for need in listed.split() for name in need.split("|")}
loaded = {library for program in sys.argv[1:] for library in libraries(program)}
held = holders(loaded)
problems = [f"{library}, of {sorted(packages)}, is in no package that ./setup names to run"
            for library, packages in held.items() if not packages & (named | EVERYWHERE)]
problems += [f"./setup names {need} to run, and nothing loads it" for need in listed.split()
             if not set().union(*held.values()) & set(need.split("|"))]
tree.end(problems, len(loaded), "libraries")
