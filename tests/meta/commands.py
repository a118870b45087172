#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Every command has a help page with an example, and stands in the README.

    commands.py KITH
"""

import re
import subprocess
import sys

import tree


def kith(*args):
    return subprocess.run([sys.argv[1], *args], check=True, text=True, capture_output=True).stdout


def check(command):
    page = kith("help", command)
    if f"usage: kith {command}" not in page:
        yield f"kith help {command}: has no line of usage"
    if "Example" not in page or f"  kith {command}" not in page:
        yield f"kith help {command}: gives no example"
    if len(page.split("Example")[0].splitlines()) < 5:
        yield f"kith help {command}: says nothing"
    if page != kith(command, "--help"):
        yield f"kith {command} --help is not kith help {command}"
    if readme and not re.search(rf"kith {command}\b|`{command}\b", readme):
        yield f"README.md: does not name kith {command}"


def check_tree():
    """The README draws the stack: every folder of src/ is a word in it."""
    for folder in sorted(p.name for p in (tree.ROOT / "src").iterdir() if p.is_dir()):
        if not re.search(rf"\bsrc/{folder}\b", readme):
            yield f"README.md: does not say what src/{folder} is"


readme = tree.text("README.md") if (tree.ROOT / "README.md").exists() else ""
commands = re.findall(r"^  ([a-z]+)  +\S", kith("help").split("\nOptions")[0], re.MULTILINE)
problems = [p for command in commands for p in check(command)]
if readme:
    problems += check_tree()
tree.end(problems, len(commands), "commands")
