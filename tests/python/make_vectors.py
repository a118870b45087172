#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Write proto/vectors/*.txt, or with --check compare them with what would be written."""

import importlib
import pathlib
import sys

FILES = ("strict", "keys", "keyfile", "card", "uri", "statement", "introduction", "session", "known", "backup")


def main():
    here = pathlib.Path(__file__).resolve().parent
    folder = here.parent.parent / "proto" / "vectors"
    from cases import render

    check = sys.argv[1:] == ["--check"]
    if sys.argv[1:] and not check:
        sys.exit("usage: make_vectors.py [--check]")
    differing = []
    for name in FILES:
        text = render(importlib.import_module("cases." + name)).encode()
        path = folder / (name + ".txt")
        if not check:
            path.write_bytes(text)
        elif not path.is_file() or path.read_bytes() != text:
            differing.append(path.name)
    if differing:
        sys.exit("these differ from what make_vectors.py writes: " + " ".join(differing))


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    main()
