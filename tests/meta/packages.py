#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The "run" packages of ./setup are those that hold the libraries of the two programs (Debian).

    packages.py KITH KITH_COURIER
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
        opened = re.findall(rb"\0(lib[\w-]+\.so\.\d+)(?=\0)", f.read())
    return {*linked, *(name.decode() for name in opened)}


def package_of(library):
    """The package of this architecture that holds it."""
    native = output("dpkg", "--print-architecture").strip()
    for line in output("dpkg-query", "--search", f"*/{library}").splitlines():
        package, _, architecture = line.split(": ")[0].partition(":")
        if architecture in ("", native):
            return package
    return None


if not shutil.which("dpkg-query"):
    print("skipped: these are the names of Debian's packages")
    sys.exit(SKIP)
listed = re.search(r"^run: (.*)", output(str(tree.ROOT / "setup"), "packages"), re.MULTILINE)[1]
named = {name for need in listed.split() for name in need.split("|")}
loaded = {library for program in sys.argv[1:3] for library in libraries(program)}
problems = [f"{library} is in {package_of(library)}, which ./setup does not name to run"
            for library in sorted(loaded) if package_of(library) not in named | EVERYWHERE]
needed = {package_of(library) for library in loaded}
for need in listed.split():
    if not needed & set(need.split("|")):
        problems.append(f"./setup names {need} to run, and nothing loads it")
tree.end(problems, len(loaded), "libraries")
