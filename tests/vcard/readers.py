# SPDX-License-Identifier: MIT
"""What kith and other readers make of files of vCards: how many, with how many properties."""

import re
import subprocess


class Found:
    """cards and properties in all; remarks: (line, sentence) of kith's."""

    def __init__(self):
        self.cards, self.properties, self.over, self.remarks = 0, 0, 0, []

    def counts(self):
        return self.cards, self.properties


def kith(program, paths, timeout=60):
    """One Found a path."""
    out = subprocess.run([program, *paths], check=True, capture_output=True, timeout=timeout).stdout
    found = []
    for line in out.decode("utf-8").splitlines():
        kind, *rest = line.split("\t")
        if kind == "file":
            found.append(Found())
        elif kind == "card":
            found[-1].cards += 1
            found[-1].properties += int(rest[2])
        elif kind == "over":
            found[-1].over += 1
        else:
            found[-1].remarks.append((int(rest[0]), rest[1]))
    return found


def text_of(data):
    """The file as UTF-8 text, None when it is something else."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


def cut(text):
    """The vCards of a text; one inside another belongs to it."""
    cards, depth = [], 0
    for line in re.split("\r\r\n|\r\n|\n|\r", text):
        mark = line.rstrip().replace(": ", ":").lower()
        if mark == "begin:vcard":
            if depth == 0:
                cards.append([])
            depth += 1
        if depth > 0:
            cards[-1].append(line)
        if mark == "end:vcard":
            depth = max(0, depth - 1)
    return ["\r\n".join(card) + "\r\n" for card in cards]


def evcard(program, texts):
    """(cards, attributes) of EVCard for every text of a list; it has no word on where one ends."""
    cards = [cut(text) for text in texts]
    given = b"".join(b"%d\n%b" % (len(c.encode()), c.encode()) for some in cards for c in some)
    out = subprocess.run([program], input=given, check=True, capture_output=True,
                         timeout=60).stdout.split()
    numbers = iter(int(n) for n in out)
    found = []
    for some in cards:
        each = [next(numbers) for _ in some]
        found.append((len(each), sum(each)) if -1 not in each else None)
    return found


def vobject(text):
    """(cards, properties) of python3-vobject, None when it gives up."""
    import vobject as library  # pylint: disable=import-outside-toplevel
    import logging             # pylint: disable=import-outside-toplevel
    logging.disable(logging.CRITICAL)
    try:
        cards = list(library.readComponents(text, allowQP=True))
        return len(cards), sum(len(list(card.getChildren())) for card in cards)
    except Exception:  # whatever it throws  # pylint: disable=broad-except
        return None
