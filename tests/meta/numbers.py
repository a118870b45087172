#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The lists of proto/ against the pages beside them, and against the code that should use them."""

import re

import tree


def limits():
    """Every limit is used by the code, and every limit that a page names exists."""
    names = re.findall(r"^KITH_LIMIT\((\w+),", tree.text("proto/limits.def"), re.MULTILINE)
    lists = [p for p in tree.files(".def", under="proto") if p.name != "limits.def"]
    code = "\n".join(tree.text(p) for p in tree.files(".c", ".h", under="src") + lists)
    used = set(re.findall(r"\bKITH_([A-Z0-9_]+)\b", code))
    for name in names:
        if name not in used:
            yield f"limits.def: nothing uses {name}"
    for page in tree.files(".md", under="proto"):
        for word in re.findall(r"\b([A-Z][A-Z_]*_(?:MS|MAX|MIN))\b", tree.text(page)):
            counted.append(word)
            if word not in names:
                yield f"{tree.name(page)}: {word} is not in limits.def"


def listed(name):
    """{message: type} of a list."""
    found = re.findall(r"^MESSAGE\(\w+, (\w+), (\d+)\)", tree.text(f"proto/{name}.def"),
                       re.MULTILINE)
    return {message.removeprefix(name.upper() + "_"): int(type_) for message, type_ in found}


def written(name):
    """{message: type} of a page, from its block of maps or its table; a session's are on two."""
    page = tree.text(f"proto/{name}.md")
    blocks = page + (tree.text("proto/known.md") if name == "session" else "")
    maps = re.findall(r"^([A-Z_0-9]+) .*?\{ 0:(\d+)", blocks, re.MULTILINE)
    found = {message: int(type_) for message, type_ in maps}
    for types, names in re.findall(r"^\| ([\d, ]+) \| ([A-Z_, ]+) \|", page, re.MULTILINE):
        found |= zip(names.split(", "), map(int, types.split(", ")), strict=True)
    return found


def messages(name):
    """Page and list give each message the same number."""
    page, list_ = written(name), listed(name)
    list_.pop("SEALED", None)  # the shape that five of the messages share; it has no number
    if name == "session":
        list_.pop("INVITE")  # no message: uri.md, J
    counted.extend(list_)
    for message in sorted(page.keys() | list_.keys()):
        if page.get(message) != list_.get(message):
            yield (f"{name}: {message} is {page.get(message)} in the page, "
                   f"{list_.get(message)} in the list")


def fields():
    """No two kinds of field share a number or a name."""
    found = re.findall(r'^KITH_FIELD\(\w+, (\d+), "(\w+)"', tree.text("proto/fields.def"),
                       re.MULTILINE)
    both = [word for field in found for word in field]
    counted.extend(both)
    for word in sorted({w for w in both if both.count(w) > 1}):
        yield f"fields.def: {word} is there twice"


counted = []
problems = [*limits(), *fields()]
for name in ("session", "courier", "control"):
    problems += messages(name)
tree.end(problems, len(counted), "numbers and names")
