# SPDX-License-Identifier: MIT
"""What is asked of many people and all that is remembered of them, against SQLite's own shell with the bare
query on the same store: whole processes, from 1,000 to 100,000 people with ten notes and touches each."""

import datetime
import os
import shutil
import subprocess

from measure_list import cpu_ms
from table import Row

SIZES = 1000, 10_000, 100_000
MOST = 50  # ms, of the largest
RHYTHM = "rhythm * 86400"
MIDNIGHT = "strftime('%s', 'now', 'start of day')"


def due_query():
    """What kith due asks, as a person would write it in one piece."""
    today = datetime.date.today()
    days = [today + datetime.timedelta(days=n) for n in range(8)]
    number = (today - datetime.date(1970, 1, 1)).days
    birthdays = ", ".join(str(d.month * 100 + d.day) for d in days)
    person = "contact.row, contact.name, ik, uuid"
    return (
        f"SELECT {person}, promise.row, by, made, theirs, thing, text FROM promise JOIN contact ON"
        f" contact.row = promise.contact WHERE promise.state = 0 AND by <= {number + 7};"
        f"SELECT {person}, promise.row, made, theirs, thing, text FROM promise JOIN contact ON contact.row ="
        f" promise.contact WHERE promise.state = 0 AND by IS NULL AND made < {MIDNIGHT} - 30 * 86400"
        " ORDER BY made;"
        f"SELECT {person}, birthday, touched FROM contact WHERE birthday IN ({birthdays}) AND review <> 3"
        " AND NOT blocked ORDER BY birthday, fold;"
        f"SELECT {person}, reviewed_at FROM contact WHERE review = 2 AND reviewed_at < {MIDNIGHT} AND"
        " touched <= reviewed_at ORDER BY reviewed_at;"
        f"SELECT {person}, touched, rhythm, ring.name FROM ring JOIN contact ON contact.ring = ring.row"
        f" WHERE rhythm > 0 AND touched < {MIDNIGHT} - {RHYTHM} ORDER BY"
        f" ({MIDNIGHT} - touched) * 1.0 / rhythm DESC;"
        f"SELECT count(*), min(met_at) FROM contact WHERE review = 0 AND review <> 1 AND met_at < {MIDNIGHT};"
        f"SELECT {person}, met_at FROM contact WHERE state = 0 AND met_at < {MIDNIGHT} - 30 * 86400")


def words_query(word):
    """Who has the word, in what is known of them or in what was said, as find and who show them."""
    return lambda: (
        "SELECT contact.row, name, org, met_at, met_event, met_how, state, ik, uuid FROM contact WHERE row IN"
        f" (SELECT rowid FROM words WHERE words MATCH '\"{word}\"*' UNION SELECT contact FROM said JOIN remark ON"
        f" remark.row = said.rowid WHERE said MATCH '\"{word}\"*') AND review <> 3 ORDER BY fold LIMIT 100")


# What is measured: its words, and the bare query.  "babe" stands in a note in a hundred, "days" with nearly everybody.
ASKED = {
    "due": (["due"], due_query),
    "find babe": (["find", "babe"], words_query("babe")),
    "find days": (["find", "days"], words_query("days")),
    "who babe": (["who", "babe"], words_query("babe")),
    "who days": (["who", "days"], words_query("days")),
}
# What goes through everybody: no query says the same.
WHOLE = {"match": ["match"], "bridges": ["bridges"]}
WHOLE_MOST = 2000  # ms, of the largest
MEMORY_MOST = 60  # MB, of a list that is written person by person


def peak_mb(command):
    """The memory of a process at its most."""
    quiet = [(os.POSIX_SPAWN_OPEN, fd, "/dev/null", os.O_RDWR, 0) for fd in (0, 1, 2)]
    pid = os.posix_spawn(command[0], command, os.environ, file_actions=quiet)
    _, status, usage = os.wait4(pid, 0)
    if status:
        raise AssertionError(f"{' '.join(command)} ended with {status}")
    return usage.ru_maxrss / 1024


def compare(s, what, home, size):
    """CPU of both, in turn; the first of each warms the caches and does not count."""
    words, query = ASKED[what]
    ours = [s.kith, "--home", home, *words]
    shell = [shutil.which("sqlite3"), "-batch", "-readonly", f"{home}/kith.db", query()]
    for command in (ours, shell):
        if not subprocess.run(command, check=True, capture_output=True).stdout:
            raise AssertionError(f"{command[0]} finds nothing among {size} people")
    pairs = [(cpu_ms(ours), cpu_ms(shell)) for _ in range(s.runs + 1)]
    return zip(*pairs[1:])


def measure(s):
    homes = {size: s.home("Ada") for size in SIZES}
    for size, home in homes.items():
        subprocess.run([s.tool("memories"), home, str(size)], check=True)
    for what in ASKED:
        for size, home in homes.items():
            kith, floor = compare(s, what, home, size)
            yield Row(f"kith {what}, {size} people, CPU", "ms", kith, floor, ratio=2)
            if size == SIZES[-1]:
                yield Row("  and at most", "ms", kith, most=MOST)
    for what, words in WHOLE.items():
        for size, home in homes.items():
            times = [cpu_ms([s.kith, "--home", home, *words]) for _ in range(s.runs + 1)][1:]
            yield Row(f"kith {what}, {size} people, CPU", "ms", times,
                      most=WHOLE_MOST if size == SIZES[-1] else None)
    for size, home in homes.items():
        yield Row(f"kith list --json, {size} people, memory", "MB",
                  [peak_mb([s.kith, "--home", home, "list", "--json"])], most=MEMORY_MOST)
