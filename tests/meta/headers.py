#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Public headers: each compiles alone as C17, and says of each function that can fail how.

    headers.py COMPILER
"""

import re
import subprocess
import sys

import tree

OPTIONS = ["-std=c17", "-Wall", "-Wextra", "-Wpedantic", "-Wstrict-prototypes", "-Werror",
           "-fsyntax-only", "-x", "c"]


def compiles(compiler, path):
    """Twice, so that a missing include guard shows too."""
    line = f"#include <kith/{path.name}>\n"
    done = subprocess.run([compiler, *OPTIONS, f"-I{tree.ROOT}/include", f"-I{tree.ROOT}", "-"],
                          input=line * 2 + "int main(void) { return 0; }\n", text=True,
                          capture_output=True)
    if done.returncode:
        yield f"{tree.name(path)}: does not compile alone\n{done.stderr}"


def declarations(text):
    """(line, name, described) of every KITH_MUST_CHECK; a comment covers the block under it."""
    described = False
    depth = 0
    statement = ""
    for number, line in enumerate(text.splitlines(), 1):
        bare = line.strip()
        if not statement and (bare == "" or bare.startswith("#")):
            described = False
            continue
        if bare.startswith(("/*", "*")) or bare.endswith("*/") and not statement:
            described = True
            continue
        statement += " " + re.sub(r"/\*.*?\*/", "", bare)
        depth += line.count("{") - line.count("}")
        if depth == 0 and bare.endswith((";", "}")):
            found = re.search(r"\b(kith_\w+)\(.*KITH_MUST_CHECK", statement)
            if found:
                yield number, found[1], described
            statement = ""


def undescribed(path):
    for line, name, described in declarations(tree.text(path)):
        functions.append(name)
        if not described:
            yield f"{tree.name(path)}:{line}: nothing is said about {name}"


compiler = sys.argv[1]
functions = []
problems = []
for path in tree.files(".h", under="include"):
    problems += [*compiles(compiler, path), *undescribed(path)]
tree.end(problems, len(functions), "functions")
