#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""tests/cases.md: every case is there once, and the tests that it names are there, too."""

import fnmatch
import pathlib
import re
import sys

import tree

IDS = [f"T{n}" for n in range(1, 31)] + [str(n) for n in range(1, 83)]
LATER = {"attachments", "CSV and HTML export"}


def rows():
    """(id, the other cells) of each line of the tables."""
    for line in tree.text("tests/cases.md").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and cells[0] not in ("id", "---"):
            yield cells[0], cells[1:]


def class_of(text, command):
    """The part of a script that a test runs: one class, if its command ends in the name of one."""
    parts = re.split(r"^(?=class |def |if )", text, flags=re.MULTILINE)
    mine = [part for part in parts if part.startswith(f"class {command[-1]}(")]
    return mine[0] if mine else text


def has(command, function):
    """Whether a test has that function, and a runner that is told of it, or that vector."""
    scripts = [word for word in command if word.endswith(".py")]
    if scripts:
        text = class_of(pathlib.Path(scripts[0]).read_text(encoding="utf-8"), command)
        return bool(re.search(rf"^\s+def {re.escape(function)}\(self", text, re.MULTILINE))
    program = pathlib.Path(command[0]).name
    if program == "vectors":
        names = re.findall(r"^name: (.*)$", tree.text(f"proto/vectors/{command[1]}.txt"),
                           re.MULTILINE)
        return bool(fnmatch.filter(names, function))
    folder, _, name = program.partition("_")
    path = f"tests/{folder}/{name or folder}.c"
    text = tree.text(path) if (tree.ROOT / path).is_file() else ""
    made = re.search(rf"^static void {re.escape(function)}\(void \*\*\w+\)$", text, re.MULTILINE)
    return bool(made and re.search(rf"\(\s*{re.escape(function)}\b\s*[,)]", text))


def entry(part, known):
    """One part of the last cell: a test with its functions, or why there is none."""
    word, _, rest = part.partition(":")
    rest = rest.strip()
    if word == "missing":
        yield f"missing {rest}"
        return
    counted.append(word)
    if word == "later":
        if rest not in LATER:
            yield f"{rest} is no feature that is still to come"
        return
    if word not in known:
        yield f"there is no test {word}"
        return
    for function in rest.replace("`", "").split():
        counted.append(function)
        if not has(known[word], function):
            yield f"{word} has no {function}"


def table(known):
    found = [number for number, _ in rows()]
    for number in IDS:
        if found.count(number) != 1:
            yield f"{number} is there {found.count(number)} times"
    for number, cells in rows():
        if number not in IDS:
            yield f"{number} is no case"
        if len(cells) != 3 or not all(cells):
            yield f"{number}: what happens, what must come of it, and tests"
            continue
        for part in cells[2].split(";"):
            yield from (f"{number}: {fault}" for fault in entry(part.strip(), known))


counted = []
tree.end(list(table(tree.commands(*sys.argv[1:3]))), len(counted), "tests and functions")
