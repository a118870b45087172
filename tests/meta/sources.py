#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Every source file says its licence, and no file names a place on one person's machine."""

import re

import tree

SPDX = "SPDX-License-Identifier: MIT"
# Where checkouts and builds of developers lie.  Written so that this line is not one of them.
PLACE = re.compile(r"(?<![\w.~-])/(?:work/|tmp[/]build|home/|root/)\w+")


def is_source(path, text):
    return path.suffix in (".c", ".h", ".py") or text.startswith("#!")


def check(path):
    text = tree.text(path)
    name = tree.name(path)
    head = "".join(text.splitlines(True)[:2])
    if is_source(path, text) and SPDX not in head:
        yield f"{name}:1: has no line with {SPDX}"
    for found in PLACE.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        yield f"{name}:{line}: names {found[0]}"


files = tree.files()
tree.end([p for path in files for p in check(path)], len(files), "files")
