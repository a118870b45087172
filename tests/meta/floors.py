#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Includes go down only, and each foreign library is included from one place: tests/meta/floors."""

import fnmatch
import re

import tree

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)


class House:
    """The table, read."""

    def __init__(self, lines):
        self.problems = []
        self.below = {}    # floor: the floors it may include
        self.owner = {}    # "kith/card.h", "proto/fields.def": floor
        self.foreign = {}  # pattern: folders, or files, below src/
        self.system = []   # patterns
        for line in lines:
            words = line.split()
            if not words or words[0].startswith("#"):
                continue
            if words[0] == "system":
                self.system += [w if "*" in w else w + ".h" for w in words[1:]]
            elif words[0].startswith("<"):
                self.foreign[words[0][1:]] = words[1:]
            else:
                self._floor(words)
        self._check_order()

    def _floor(self, words):
        owns = [w for w in words[1:] if "." in w]
        self.below[words[0]] = [w for w in words[1:] if "." not in w and w != "-"]
        for w in owns:
            self.owner[("proto/" if w.endswith(".def") else "kith/") + w] = words[0]

    def _check_order(self):
        order = list(self.below)
        for at, floor in enumerate(order):
            for other in self.below[floor]:
                if other not in order[at + 1:]:
                    self.problems.append(f"floors: {floor} names {other}, which is not below it")

    def place(self, include):
        """The floor that an included file of ours belongs to, or None."""
        if include in self.owner:
            return self.owner[include]
        folder = include.split("/")[0]
        return folder if folder in self.below and "/" in include else None

    def fault(self, where, floor, bracket, include):
        """What is wrong with one include of a file (its path below src/) on a floor, or None."""
        if bracket == '"' or include.startswith("kith/"):
            place = self.place(include)
            if place is None:
                return f'"{include}" is on no floor'
            if place != floor and place not in self.below[floor]:
                return f'"{include}" ({place}) is not below {floor}'
            return None
        for pattern, homes in self.foreign.items():
            if fnmatch.fnmatch(include, pattern):
                inside = any(where == h or where.startswith(h + "/") for h in homes)
                return None if inside else f"<{include}> belongs to {' and '.join(homes)} alone"
        if any(fnmatch.fnmatch(include, p) for p in self.system):
            return None
        return f"<{include}> is not in the table"


def check(house):
    problems, seen = list(house.problems), 0
    for path in tree.files(".c", ".h", under="src") + tree.files(".h", under="include"):
        name = tree.name(path)
        where = name.split("/", 1)[1]
        floor = house.place(where)
        if floor is None:
            problems.append(f"{name}: is on no floor")
            continue
        for found in INCLUDE.finditer(tree.text(path)):
            seen += 1
            fault = house.fault(where, floor, found[1], found[2])
            if fault:
                line = tree.text(path).count("\n", 0, found.start(1)) + 1
                problems.append(f"{name}:{line}: {fault}")
    folders = {p.name for p in (tree.ROOT / "src").iterdir() if (p / "CMakeLists.txt").exists()}
    for folder in sorted(folders ^ set(house.below)):
        problems.append(f"src/{folder}: is in only one of the tree and the table")
    for owned in house.owner:
        if not (tree.ROOT / ("include" if owned.startswith("kith/") else "") / owned).exists():
            problems.append(f"floors: {owned} does not exist")
    return problems, seen


house = House(tree.text("tests/meta/floors").splitlines())
problems, seen = check(house)
tree.end(problems, seen, "includes")
