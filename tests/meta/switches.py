#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What the programs can be told from outside: nothing that is there for tests alone.

    switches.py KITH KITH_COURIER KITH_PICTURE KITH_RENDER

Tests change what is inside a program by linking the same objects into one of their own, so those
that are installed know no switch, variable or function of a test's.
"""

import re
import subprocess
import sys

import tree

# What may be read from the environment, and where it is said.
VARIABLES = {"KITH_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR", "HOME", "TMPDIR", "EDITOR", "VISUAL",
             "TERM", "NO_COLOR", "XDG_CONFIG_HOME", "DBUS_SESSION_BUS_ADDRESS"}
# Conditions of the preprocessor: how it is built, and on what; no kind of test.
CONDITIONS = {"KITH_SANITIZED", "__x86_64__", "__aarch64__", "__NR_poll",
              "SO_PASSRIGHTS", "KITH_CAGE_KNOWN"}
# Names that tests use for their own.
TESTS = re.compile(rb"KITH_(?:TEST|CRASH|OOM|SAS|FAULT|FAIL_AT|POINT|SCENARIO|LAN_LONG|CI|SEED)\w*"
                   rb"|__wrap_\w+|kith_test\w*|faulty_\w+")


def source():
    for path in [*tree.files(".c", under="src"), *tree.files(".h", under="src")]:
        text = tree.text(path)
        for name in re.findall(r'getenv\("(\w+)"\)', text):
            if name not in VARIABLES:
                yield f"{tree.name(path)}: reads ${name}"
        for line in re.findall(r"^\s*#\s*(?:if|ifdef|ifndef|elif)\b(.*)$", text, re.MULTILINE):
            words = set(re.findall(r"[A-Za-z_]\w*", line.split("/*")[0])) - {"defined"}
            for word in words - CONDITIONS:
                if not word.endswith("_H"):
                    yield f"{tree.name(path)}: is another program with {word}"


def programs(paths):
    for path in paths:
        with open(path, "rb") as f:
            found = set(TESTS.findall(f.read()))
        for word in sorted(found):
            yield f"{path}: knows {word.decode()}"
        names = subprocess.run(["strings", "-a", path], check=True, capture_output=True,
                               text=True).stdout
        options = set(re.findall(r"^--[a-z][a-z-]+$", names, re.MULTILINE))
        helped = tree.text("src/cli/table.c") + tree.text("src/cli/cmd_help.c") + \
            tree.text("proto/control.md") + tree.text("proto/courier.md")
        for option in sorted(options):
            if option not in helped and option != "--no-colour":  # of --no-color
                yield f"{path}: takes {option}, which no page names"


problems = [*source(), *programs(sys.argv[1:])]
tree.end(problems, len(sys.argv) - 1, "programs")
