#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""tests/mutations/list.txt: every mistake still fits the source, and the tests that it names are there.

What is not made any more is noticed by nobody; tests/mutations/run takes too long to say it every day.
"""

import importlib.machinery
import importlib.util
import sys

import tree

FOLDER = tree.ROOT / "tests/mutations"


def runner():
    """tests/mutations/run, whose list this is; it has no ending to import it by."""
    loader = importlib.machinery.SourceFileLoader("run", str(FOLDER / "run"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("run", loader))
    loader.exec_module(module)
    return module


def faults(run, m, known):
    """What is wrong with one mistake."""
    if not m.path or not m.old:
        yield f"{m.name}: there is no file, or nothing goes"
        return
    if not (tree.ROOT / m.path).is_file():
        yield f"{m.name}: there is no {m.path}"
        return
    if "".join("".join(m.old).split()) == "".join("".join(m.new).split()):
        yield f"{m.name}: what comes is what goes"
    try:
        run.mutate(tree.text(m.path), m)
    except ValueError as wrong:
        yield str(wrong)
    for name in m.tries:
        if name not in known:
            yield f"{m.name}: there is no test {name}"


def look(known):
    run = runner()
    mistakes = run.read_list(FOLDER / "list.txt")
    names = [m.name for m in mistakes]
    yield len(names)
    for name in sorted({n for n in names if names.count(n) > 1}):
        yield f"{name}: is there {names.count(name)} times"
    for m in mistakes:
        yield from faults(run, m, known)


count, *problems = look(tree.commands(*sys.argv[1:3]))
tree.end(problems, count, "mistakes")
