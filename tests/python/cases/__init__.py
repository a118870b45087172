# SPDX-License-Identifier: MIT
"""The test vectors, one module a file of proto/vectors.

Every module has TITLE, the comment on top of its file, and cases(), which yields one case as a
list of (key, value) lines.  A value is an int, bytes (written in hex, `-` when empty) or a str.
"""

import hashlib


def seed(name):
    """32 bytes fixed by a name: vectors hold no randomness."""
    return hashlib.sha256(b"kith vector " + name.encode()).digest()


def fixed(name, size):
    """Any number of bytes fixed by a name."""
    return hashlib.shake_256(b"kith vector " + name.encode()).digest(size)


def line(key, value):
    if isinstance(value, bytes):
        value = value.hex() or "-"
    return "%s: %s\n" % (key, value)


def render(module):
    """The text of one file."""
    top = "".join("# %s\n" % row if row else "#\n" for row in module.TITLE.strip().split("\n"))
    names = set()
    blocks = []
    for case in module.cases():
        name = dict(case)["name"]
        assert name not in names, "two cases named " + name
        names.add(name)
        blocks.append("".join(line(key, value) for key, value in case))
    return "# SPDX-License-Identifier: MIT\n" + top + "\n" + "\n".join(blocks)
