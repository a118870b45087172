#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What the programs load: kith nothing of the network or of pictures, its helpers nothing of the store.

    links.py KITH KITH_COURIER KITH_PICTURE KITH_CALENDAR KITH_GRAPH KITH_RENDER
"""

import ctypes
import re
import subprocess
import sys

import tree

# What each program loads in no way; what it is linked with; what it opens when it needs it.
NEVER = {
    "kith": ("libzmq", "libavahi", "libstdc++", "libresolv", "libgd", "libexif", "libzbar", "libsixel",
             "libjpeg", "libpng", "libwebp", "libical", "libigraph", "librsvg", "libcairo"),
    "kith-courier": ("libsqlite3", "libjansson", "libncurses", "libtinfo", "libgd", "libexif",
                     "libzbar", "libsixel", "libqrencode"),
    "kith-picture": ("libsqlite3", "libjansson", "libncurses", "libtinfo", "libzmq", "libavahi",
                     "libsodium", "libmsgpack", "libqrencode"),
    "kith-calendar.so": ("libsqlite3", "libjansson", "libsodium", "libzmq", "libavahi"),
    "kith-graph.so": ("libsqlite3", "libjansson", "libsodium", "libzmq", "libavahi"),
    "kith-render": ("libsqlite3", "libjansson", "libncurses", "libtinfo", "libzmq", "libavahi",
                    "libsodium", "libmsgpack", "libqrencode"),
}
LINKED = {
    "kith": ("libsodium", "libmsgpack", "libutf8proc", "libsqlite3", "libjansson", "libncurses",
             "libqrencode"),
    "kith-courier": ("libzmq", "libavahi-common"),
    "kith-picture": ("libgd", "libexif", "libzbar", "libsixel"),
    "kith-calendar.so": ("libical",),
    "kith-graph.so": ("libigraph",),
    "kith-render": ("librsvg", "libcairo"),
}
OPENED = {
    "kith": ("libicui18n",),
    "kith-courier": ("libavahi-core", "libavahi-client"),
    "kith-picture": (),
    "kith-calendar.so": (),
    "kith-graph.so": (),
    "kith-render": (),
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
    for name in LINKED[program]:
        if not any(library.startswith(name) for library in needed):
            yield f"{program} is not linked with {name}, as the README says"
    with open(path, "rb") as f:
        inside = f.read()
    for name in OPENED[program]:
        found = re.search(name.encode() + rb"\.so\.\d+", inside)
        if not found:
            yield f"{program} does not open {name}, as the README says"
            continue
        libraries.add(found[0].decode())
        try:
            ctypes.CDLL(found[0].decode())
        except OSError as e:
            yield f"{program} cannot open {e}"


libraries = set()
problems = [p for program, path in zip(NEVER, sys.argv[1:], strict=True)
            for p in check(program, path)]
tree.end(problems, len(libraries), "libraries")
