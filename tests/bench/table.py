# SPDX-License-Identifier: MIT
"""What was measured, against which floor, and whether that is what was aimed at."""

import statistics


class Row:
    """One line.  The aim is one of: most (kith alone), ratio (to the floor), over (the floor)."""

    def __init__(self, what, unit, kith, floor=(), most=None, ratio=None, over=None):
        self.what, self.unit, self.kith, self.floor = what, unit, kith, floor
        ours = statistics.median(kith)
        theirs = statistics.median(floor) if floor else 0
        if not floor and most is None:
            value, shape, self.aim = ours, "", None
        elif most is not None:
            value, shape, self.aim = ours, "{:.2f} " + unit, most
        elif over is not None:
            value, shape, self.aim = ours - theirs, "{:+.2f} " + unit, over
        else:
            value, shape, self.aim = ours / theirs, "{:.2f} x", ratio
        self.found = shape.format(value)
        self.allowed = "" if self.aim is None else shape.format(self.aim)
        self.met = self.aim is None or value <= self.aim

    def words(self):
        verdict = "" if self.aim is None else "met" if self.met else "MISSED"
        return [self.what, _spread(self.kith, self.unit), _spread(self.floor, self.unit),
                self.found, self.allowed, verdict]


def _spread(values, unit):
    if not values:
        return "-"
    return f"{statistics.median(values):.2f} ({min(values):.2f} - {max(values):.2f}) {unit}"


def show(rows):
    lines = [["", "kith", "floor", "found", "at most", ""]] + [row.words() for row in rows]
    widths = [max(map(len, column)) for column in zip(*lines)]
    for line in lines:
        print("  ".join(word.ljust(width) for word, width in zip(line, widths)).rstrip())
