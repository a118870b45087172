#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What the two programs load: kith nothing of the network, its courier nothing of the store.

    links.py KITH KITH_COURIER
"""

import re
import subprocess
import sys

import tree

# Loaded by each program, in any way, never / by its own word, in any case.
NEVER = {
    "kith": ("libzmq", "libavahi", "libstdc++", "libresolv"),
    "kith-courier": ("libsqlite3", "libjansson", "libncurses", "libtinfo"),
}
NEEDED = {
    "kith": ("libsodium", "libmsgpack", "libutf8proc", "libsqlite3", "libjansson", "libncurses"),
    "kith-courier": ("libzmq", "libavahi-core", "libavahi-common"),
}


def run(*command):
    return subprocess.run(command, check=True, text=True, capture_output=True).stdout


def check(program, path):
    needed = re.findall(r"\(NEEDED\).*\[(.*?)\]", run("readelf", "-dW", path))
    loaded = re.findall(r"^\s*(\S+) (?:=>|\()", run("ldd", path), re.MULTILINE)
    libraries.update(needed + loaded)
    if not set(needed) <= set(loaded):
        yield f"{program}: {set(needed) - set(loaded)} cannot be loaded"
    for name in NEVER[program]:
        for library in loaded:
            if library.startswith(name):
                yield f"{program} loads {library}"
    for name in NEEDED[program]:
        if not any(library.startswith(name) for library in needed):
            yield f"{program} does not load {name}, as the README says"


libraries = set()
problems = [p for program, path in zip(NEVER, sys.argv[1:3], strict=True)
            for p in check(program, path)]
tree.end(problems, len(libraries), "libraries")
